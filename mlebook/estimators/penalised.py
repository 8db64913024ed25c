"""Least squares with a penalty: ridge and lasso, the posterior modes of Gaussian noise.

Both minimise half the sum of squares plus ``penalty`` times an L2 or L1 term:

    ridge   ½ Σ (y − c − Xw)² + penalty · Σ w²/2      penalty = σ²/τ² = scikit-learn's alpha
    lasso   ½ Σ (y − c − Xw)² + penalty · Σ abs(w)       penalty = σ²/b  = n · scikit-learn's alpha

σ is the scale of the noise, τ and b that of the prior.  The intercept c is not penalised.  A
penalty treats all weights alike, so bring the columns of X to one scale first
(:func:`standardised`).

Source: chapter "Where does regularisation come from?"; Hastie, Tibshirani and Friedman 2009,
*The Elements of Statistical Learning*, section 3.4.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from mlebook import checks

from . import l1
from .arguments import vector

#: violation of the optimality conditions that is allowed, relative to the slope at w = 0
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class PenalisedPath:
    """Penalised fits for m penalties.

    Attributes:
        penalties: (m,), as given, or from the smallest that makes all lasso weights 0 downwards.
        weights: (m, d), float64; lasso weights that are 0 are exactly 0.
        intercepts: (m,).
        violations: (m,), by how much the optimality conditions are missed, relative to the
            largest slope at w = 0.
        iterations: proximal steps in all (0 for ridge, which has a closed form).
    """

    penalties: torch.Tensor
    weights: torch.Tensor
    intercepts: torch.Tensor
    violations: torch.Tensor
    iterations: int

    @property
    def converged(self) -> bool:
        """Whether every fit meets its optimality conditions."""
        return bool((self.violations <= TOLERANCE).all())


@dataclass(frozen=True, eq=False)
class PenalisedFit:
    """One penalised fit.

    Attributes:
        weights: (d,), float64.
        intercept: c, not penalised.
        penalty: as given.
        violation: by how much the optimality conditions are missed, relative to the largest
            slope at w = 0.
        iterations: proximal steps (0 for ridge).
    """

    weights: torch.Tensor
    intercept: float
    penalty: float
    violation: float
    iterations: int

    @property
    def converged(self) -> bool:
        """Whether the optimality conditions are met."""
        return self.violation <= TOLERANCE

    @property
    def zeros(self) -> int:
        """Number of weights that are exactly 0."""
        return int((self.weights == 0).sum())

    def __repr__(self) -> str:
        numbers = ", ".join(f"{value:.6g}" for value in self.weights.tolist())
        return (f"weights     {numbers}\nintercept   {self.intercept:.6g}\n"
                f"zeros       {self.zeros} of {len(self.weights)}\n"
                f"converged   {'yes' if self.converged else 'NO'}, optimality missed by "
                f"{self.violation:.0e}")


def ridge(X, y, penalty: float) -> PenalisedFit:
    """Minimise ½ Σ (y − c − Xw)² + penalty · Σ w²/2: the mode under a Gaussian prior.

    Args:
        X: (n, d) table of inputs, without a column of ones.
        y: (n,) targets.
        penalty: σ²/τ² > 0, the same number as scikit-learn's ``Ridge(alpha)``.

    >>> fit = ridge([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0], penalty=2.0)
    >>> fit.weights, round(fit.intercept, 12)
    (tensor([0.5000], dtype=torch.float64), 1.0)

    Raises:
        ValueError: shapes disagree, values are not finite, or penalty is not positive.
    """
    checks.positive(penalty, "penalty")
    return _first(ridge_path(X, y, [penalty]))


def lasso(X, y, penalty: float) -> PenalisedFit:
    """Minimise ½ Σ (y − c − Xw)² + penalty · Σ abs(w): the mode under a Laplace prior.

    Args:
        X: (n, d) table of inputs, without a column of ones.
        y: (n,) targets.
        penalty: σ²/b > 0, n times scikit-learn's ``Lasso(alpha)``.

    >>> lasso([[1.0, 1.0], [2.0, -1.0], [3.0, 0.5]], [1.0, 2.0, 3.0], penalty=1.0)
    weights     0.5, 0
    intercept   1
    zeros       1 of 2
    converged   yes, optimality missed by ...

    Raises:
        ValueError: shapes disagree, values are not finite, or penalty is not positive.
    """
    checks.positive(penalty, "penalty")
    return _first(lasso_path(X, y, [penalty]))


def ridge_path(X, y, penalties) -> PenalisedPath:
    """:func:`ridge` for each penalty, from one singular value decomposition.

    With X = U diag(s) Vᵀ (centred), the weights are V diag(s / (s² + penalty)) Uᵀ y: no normal
    equations are formed, so that near-collinear columns cost no precision.
    """
    X, y, column_means, mean = _centred(X, y)
    penalties = _penalties(penalties)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    weights = (s * (U.T @ y) / (s**2 + penalties[:, None])) @ Vt
    slope = (y - weights @ X.T) @ X - penalties[:, None] * weights
    return _path(penalties, weights, column_means, mean, np.abs(slope).max(axis=1),
                 np.abs(y @ X).max(), 0)


def lasso_path(X, y, penalties=None, *, count: int = 100, ratio: float = 1e-3) -> PenalisedPath:
    """:func:`lasso` for each penalty, each from the one before (:mod:`mlebook.estimators.l1`).

    Args:
        X: (n, d) table of inputs, without a column of ones.
        y: (n,) targets.
        penalties: numbers > 0; by default ``count`` of them, from the smallest penalty under
            which all weights are 0 down to ``ratio`` times it, in equal ratios.
        count: number of penalties, if none are given.
        ratio: last penalty divided by the first, if none are given.
    """
    X, y, column_means, mean = _centred(X, y)
    slope = X.T @ y
    problem, largest = l1.quadratic(X.T @ X, slope), float(np.abs(slope).max())
    if penalties is None:
        checks.whole(count, "count", minimum=1)
        checks.positive(ratio, "ratio")
        if largest == 0:
            raise ValueError("penalties: none given, and none can be chosen, as no column of X "
                             "is correlated with y")
        penalties = largest * np.geomspace(1.0, ratio, count)
    penalties = _penalties(penalties)
    weights, violations, steps = np.zeros((len(penalties), X.shape[1])), [], 0
    latest = weights[0]
    for row, penalty in enumerate(penalties):
        point = l1.minimise(problem, np.full(len(latest), penalty), latest,
                            tolerance=TOLERANCE / 10 * largest)
        weights[row] = latest = point.weights
        violations.append(point.violation)
        steps += point.iterations
    return _path(penalties, weights, column_means, mean, np.array(violations), largest, steps)


def standardised(*columns) -> torch.Tensor:
    """The (n, d) table of the given columns, each with mean 0 and standard deviation 1.

    The standard deviation is divided by n.

    >>> standardised([1.0, 2.0, 3.0, 4.0])[:, 0]
    tensor([-1.3416, -0.4472,  0.4472,  1.3416], dtype=torch.float64)

    Raises:
        ValueError: a column is constant, or they have different lengths.
    """
    if not columns:
        raise ValueError("columns: none given, expected at least one")
    arrays = [vector(column, f"columns[{i}]").numpy() for i, column in enumerate(columns)]
    for i, array in enumerate(arrays):
        if array.ndim != 1:
            raise ValueError(f"columns[{i}]: shape {array.shape}, expected (n,)")
        checks.same_shape(array, arrays[0], f"columns[{i}]", "columns[0]")
        if array.std() <= 1e-15 * np.abs(array).max():
            raise ValueError(f"columns[{i}]: constant, so that it has no scale")
    return torch.tensor(np.stack([(a - a.mean()) / a.std() for a in arrays], axis=1))


def _centred(X, y):
    """X and y without their means, and the means."""
    X, y = vector(X, "X").numpy(), vector(y, "y").numpy()
    if X.ndim != 2:
        raise ValueError(f"X: shape {X.shape}, expected (n, d)")
    if y.shape != (len(X),):
        raise ValueError(f"y: shape {y.shape}, expected ({len(X)},), one per row of X")
    column_means, mean = X.mean(axis=0), y.mean()
    return X - column_means, y - mean, column_means, mean


def _penalties(penalties) -> np.ndarray:
    penalties = vector(penalties, "penalties").numpy()
    if penalties.ndim != 1:
        raise ValueError(f"penalties: shape {penalties.shape}, expected (m,)")
    checks.positive(penalties, "penalties")
    return penalties


def _path(penalties, weights, column_means, mean, violations, largest, steps) -> PenalisedPath:
    unit = largest if largest > 0 else 1.0  # y is constant: all slopes are 0
    return PenalisedPath(torch.tensor(penalties), torch.tensor(weights),
                         torch.tensor(mean - weights @ column_means),
                         torch.tensor(violations / unit), steps)


def _first(path: PenalisedPath) -> PenalisedFit:
    return PenalisedFit(path.weights[0], float(path.intercepts[0]), float(path.penalties[0]),
                        float(path.violations[0]), path.iterations)
