"""Exact median and quantile regression by linear programming, with a proof of optimality.

The sum of pinball losses of a linear model is piecewise linear in the weights, so its minimum is
a linear program.  Its dual gives each observation a number a_i between 0 and 1, and

    Σ ρ(y_i − x_i·w)  ≥  Σ (a_i − 1 + κ) y_i   for every w,  as soon as  Xᵀ(a − 1 + κ) = 0.

The fit reports both sides.  When they agree, the weights are a global minimum, whatever solver
found them: nobody has to trust it.

Source: chapter "Why absolute error?"; Koenker 2005, *Quantile Regression*, sections 2.2 and 6.2.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from mlebook import checks

from .arguments import check_design, vector
from .result import FitResult

#: How far from 0 and 1 a dual variable must be to count as strictly between them, and how close
#: two minimisers must be to count as one; both relative.
_SLACK = 1e-9
#: From how many times the usual residual on a target is far off, where it is moved to in the
#: same unit, and how often at most.
_FAR, _NEAR, _ROUNDS = 1e6, 1e3, 9
_OPTIONS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10,
            "presolve": False}  # it costs more than it saves where all columns are dense


@dataclass(frozen=True, eq=False, kw_only=True)
class QuantileFit(FitResult):
    """A :class:`FitResult` of :func:`fit_quantile`, with the certificate of its optimality.

    ``gradient_norm`` is the bound that it gives on the nll's excess over the minimum, in nats.

    Attributes:
        quantile: κ, the share of targets that should lie below the fit.
        loss: sum of the pinball losses, the minimum.
        bound: a number below which no weights can bring that sum (the dual objective).
        unique: whether these weights are the only minimiser.
        lowest: the smallest value of each weight among all minimisers.
        highest: the largest; ``params`` lies between, in the middle for a constant model.
    """

    quantile: float
    loss: float
    bound: float
    unique: bool
    lowest: torch.Tensor
    highest: torch.Tensor

    def __repr__(self) -> str:
        others = "" if self.unique else (
            f"\nlowest      {_numbers(self.lowest)}\nhighest     {_numbers(self.highest)}")
        return (f"{super().__repr__()}\nquantile    {self.quantile:g}: loss {self.loss:.6f}, "
                f"bound {self.bound:.6f}\nunique      {'yes' if self.unique else 'NO'}{others}")


def fit_quantile(X, y, *, quantile: float = 0.5) -> QuantileFit:
    """Fit prediction = X w to a quantile of the target: minimise Σ ρ(y − X w) exactly.

    ρ is the pinball loss of :mod:`mlebook.losses.absolute_error`; at quantile ½ this is least
    absolute error.  ``noise`` holds the maximum likelihood ``scale`` of the asymmetric Laplace
    law, the mean pinball loss, and ``nll`` its negative log-likelihood.  Converged means that
    loss and bound agree to 1e-9 of the loss.

    Several weights may be equally good (the median of an even number of targets).  Then
    ``unique`` is False, ``lowest`` and ``highest`` say how far each weight may go, and
    ``params`` is the average of the minimisers at those ends, itself a minimiser.

    Args:
        X: (n, d) table of inputs; :func:`~mlebook.estimators.design_matrix` makes one.
        y: (n,) targets.
        quantile: κ, a number between 0 and 1, not closer to either than 1e-9.

    >>> fit = fit_quantile(torch.ones(4, 1), [1.0, 2.0, 6.0, 4.0])
    >>> fit.params, fit.unique, fit.lowest, fit.highest
    (tensor([3.], dtype=torch.float64), False, tensor([2.], dtype=torch.float64),
     tensor([4.], dtype=torch.float64))

    Raises:
        TypeError, ValueError: shapes disagree, values are not finite, the columns of X are
            linearly dependent, or quantile lies outside (0, 1) or too close to its ends.
    """
    X, y = vector(X, "X"), vector(y, "y")
    check_design(X, y)
    checks.open_unit(quantile, "quantile")
    if min(quantile, 1 - quantile) < _SLACK:
        raise ValueError(f"quantile: expected a number at least {_SLACK:.0e} away from 0 and 1, "
                         f"got {quantile}")
    found = _minimise(X.numpy(), y.numpy(), quantile)
    weights, lowest, highest = (torch.tensor(w) for w in (found.weights, found.low, found.high))
    n, gap = len(y), found.loss - found.bound
    scale, excess = found.loss / n, math.nan
    if found.exact:
        nll, converged = -math.inf, False
        message = ("no finite estimate: y: every residual is 0 to rounding; the likelihood grows "
                   "without bound as scale goes to 0")
    else:
        nll = n * (math.log(scale) - math.log(quantile) - math.log1p(-quantile) + 1)
        excess = n * math.log(found.loss / found.bound) if found.bound > 0 else math.inf
        converged = abs(gap) <= _SLACK * found.loss and found.subgradient <= _SLACK
        message = (f"loss above its bound by {'at most' if converged else 'more than'} "
                   f"{_SLACK:.0e} of itself{found.trouble}")
    return QuantileFit(
        weights, nll, found.iterations, converged, message, abs(excess),
        noise={"scale": scale}, quantile=quantile, loss=found.loss, bound=found.bound,
        unique=found.unique, lowest=lowest, highest=highest)


class _Minimum(NamedTuple):
    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    unique: bool
    loss: float
    bound: float
    subgradient: float
    iterations: int
    exact: bool = False
    trouble: str = ""


def _minimise(X: np.ndarray, y: np.ndarray, quantile: float) -> _Minimum:
    """Solve, and solve again as long as targets far off make the others look like rounding.

    A target may move as it likes on its own side of the fit: the minimisers stay.  So subtract
    the fit found so far, move far targets near, and fit what is left.
    """
    found = _solve(X, y, quantile)
    for _ in range(_ROUNDS):
        left = y - X @ found.weights
        rounding = 64 * np.finfo(float).eps * (np.abs(y) + np.abs(X) @ np.abs(found.weights))
        clear = np.sort(np.abs(left)[np.abs(left) > rounding])
        usual = clear[(len(clear) - 1) // 2] if len(clear) else math.inf  # their lower median
        if found.exact or np.abs(left).max() <= _FAR * usual:
            break
        near = np.clip(left, -_NEAR * usual, _NEAR * usual)
        rest = _solve(X, near, quantile)
        change = X @ rest.weights
        if rest.exact or ((near - change) * left <= 0)[near != left].any():
            break  # a far target has changed sides
        weights = found.weights + rest.weights
        loss = _total(y - X @ weights, quantile)
        found = rest._replace(
            weights=weights, low=found.weights + rest.low, high=found.weights + rest.high,
            loss=loss, bound=loss - (rest.loss - rest.bound),
            iterations=found.iterations + rest.iterations)
        if np.abs(change).max() <= _SLACK * usual:
            break
    return found


def _total(error: np.ndarray, quantile: float) -> float:
    """The sum of the pinball losses."""
    return float(np.maximum(quantile * error, (quantile - 1) * error).sum())


def _solve(X: np.ndarray, y: np.ndarray, quantile: float) -> _Minimum:
    """Solve in orthonormal columns and in units of the least-squares residuals."""
    n, root = len(y), math.sqrt(len(y))
    Q, R = np.linalg.qr(X)
    Q, R = Q * root, R / root
    start = Q.T @ y / n
    residual = y - Q @ start
    unit = np.abs(residual).max()
    if unit <= 8 * np.finfo(float).eps * np.abs(y).max():
        weights = np.linalg.solve(R, start)
        return _Minimum(weights, weights, weights, True, 0.0, 0.0, 0.0, 0, exact=True)
    target = residual / unit
    dual = _program(-target, A_eq=Q.T, b_eq=(1 - quantile) * Q.sum(axis=0), bounds=(0, 1))
    if dual.x is None:
        raise RuntimeError(f"linear programming: {dual.message}")
    share = np.clip(dual.x, 0, 1)
    inside = (share > _SLACK) & (share < 1 - _SLACK)
    if _fixed(Q, inside):
        corners, steps = _through(Q, target, inside)[None, :], dual.nit
        weights = _through(X, y, inside)[None, :]
    else:  # the certificate leaves more than one minimiser possible
        corners, steps = _ends(Q, R, target, share, inside)
        weights, steps = np.linalg.solve(R, (start + unit * corners).T).T, steps + dual.nit
    slopes = share - (1 - quantile)
    loss = _total(target - Q @ corners.mean(axis=0), quantile)
    width = (corners.max(axis=0) - corners.min(axis=0)).max()
    return _Minimum(
        weights.mean(axis=0), weights.min(axis=0), weights.max(axis=0), bool(width <= _SLACK),
        float(unit * loss), float(unit * (slopes @ target)),
        float(np.abs(Q.T @ slopes).max() / n), steps,
        trouble="" if dual.status == 0 else f"; linear programming: {dual.message}")


def _program(objective, **conditions):
    """One linear program, solved by the dual simplex method of HiGHS."""
    from scipy.optimize import linprog  # imported late: it is slow to import

    return linprog(objective, method="highs-ds", options=_OPTIONS, **conditions)


def _fixed(Q, rows) -> bool:
    """Whether the targets of these rows fix the weights that reproduce them."""
    return bool(np.linalg.matrix_rank(Q[rows], tol=_SLACK) == Q.shape[1])


def _through(Q, target, rows) -> np.ndarray:
    """The weights that reproduce the targets of these rows."""
    if rows.sum() == Q.shape[1]:
        return np.linalg.solve(Q[rows], target[rows])
    return np.linalg.lstsq(Q[rows], target[rows], rcond=None)[0]


def _ends(Q, R, target, share, inside) -> tuple[np.ndarray, int]:
    """The minimisers at which a weight is smallest or largest, for each weight in turn.

    By complementary slackness the minimisers are exactly the weights with residual 0 where the
    dual variable lies strictly between 0 and 1, not negative where it is 1, not positive where
    it is 0.
    """
    above, below = ~inside & (share > 0.5), ~inside & (share <= 0.5)
    conditions = {"A_ub": np.concatenate([Q[above], -Q[below]]),
                  "b_ub": np.concatenate([target[above], -target[below]]),
                  "A_eq": Q[inside], "b_eq": target[inside], "bounds": (None, None)}
    corners, steps = [], 0
    for direction in np.linalg.inv(R):  # weight j is direction · v
        for sign in (1, -1):
            end = _program(sign * direction, **conditions)
            if end.x is None:
                raise RuntimeError(f"linear programming: {end.message}")
            touched = np.abs(target - Q @ end.x) <= 100 * _SLACK
            corners.append(_through(Q, target, touched) if _fixed(Q, touched) else end.x)
            steps += end.nit
    return np.array(corners), steps


def _numbers(values: torch.Tensor) -> str:
    return ", ".join(f"{value:.6g}" for value in values.tolist())
