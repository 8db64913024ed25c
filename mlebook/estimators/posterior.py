"""The mode of the posterior, for any loss with curvature and a Gaussian or Laplace prior.

It minimises Σ nll(X w, y) − Σ log prior(w), in nats.  With a Gaussian prior that is smooth and
Newton's method serves.  With a Laplace prior each Newton step solves a quadratic plus absolute
values (:mod:`mlebook.estimators.l1`), so that zeros are exact.  On the face of the weights that
are not 0 the objective is smooth again, and there the answer is judged as for any other fit.

Source: chapter "Where does regularisation come from?"; Lee, Sun and Saunders 2014, "Proximal
Newton-type methods for minimizing composite functions", SIAM Journal on Optimization 24.
"""
from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from types import ModuleType

import numpy as np
import torch

from mlebook import checks, optimise

from . import l1
from .arguments import check_options, targets, vector
from .result import FitResult


@dataclass(frozen=True, eq=False)
class PosteriorFit(FitResult):
    """The mode of a posterior; a :class:`FitResult` with one more number.

    ``nll`` is that of the data alone.  ``hessian`` is that of the whole objective (None for the
    Laplace prior, which has a kink), so that ``standard_errors`` are the standard deviations
    of the Gaussian that osculates the posterior at its mode.

    Attributes:
        prior_nll: −log prior density of the weights that have a prior, in nats.
    """

    prior_nll: float = 0.0

    @property
    def zeros(self) -> int:
        """Number of parameters that are exactly 0."""
        return int((self.params == 0).sum())

    def __repr__(self) -> str:
        return f"{super().__repr__()}\n-log prior  {self.prior_nll:.6f} nats"


def fit_map(loss: ModuleType, X, y, prior: ModuleType, prior_scale: float, *, free=None,
            tolerance: float = 1e-8, max_iterations: int = 100, progress: bool | None = None,
            **noise) -> PosteriorFit:
    """Fit prediction = X w by the mode of the posterior.

    Stopping rule: √(sᵀ H s) <= tolerance for the full Newton step s, that is, the mode is
    within ``tolerance`` posterior standard deviations.

    Args:
        loss: a module of :mod:`mlebook.losses` with curvature.
        X: (n, d) table of inputs; its columns may be linearly dependent (a Laplace prior may
            then leave the mode not unique, which is reported).
        y: (n,) targets.
        prior: ``mlebook.losses.map.gaussian`` or ``.laplace``, for each weight independently.
        prior_scale: its scale, τ or b, in the unit of the weights.
        free: numbers of the columns whose weights have no prior; None: the columns of ones, as
            in :func:`design_matrix`.
        tolerance: of the stopping rule.
        max_iterations: gives up after so many Newton steps, and says so.
        progress: as in :func:`fit`.
        noise: the noise parameters of the loss, all of them.

    >>> from mlebook.losses import map as priors, squared_error
    >>> X, y = [[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]], [1.0, 2.0, 3.0]
    >>> fit_map(squared_error, X, y, priors.gaussian, 1.0, scale=2**0.5)
    params      1, 0.5
    nll         3.921536 nats
    converged   yes, 1 iterations: ...
    -log prior  1.043939 nats

    Raises:
        TypeError: a noise parameter is unknown or missing, or an argument is of the wrong type.
        ValueError: shapes disagree, values are not finite or no possible targets, the loss
            has no curvature, the prior is none, its scale is not positive, or a free column
            does not exist.
    """
    X, y = vector(X, "X"), targets(y, loss.SUPPORT)
    check_options(tolerance, max_iterations)
    _check_prior(prior, prior_scale)
    if X.dim() != 2 or tuple(y.shape) != (len(X),):
        raise ValueError(f"X, y: shapes {tuple(X.shape)} and {tuple(y.shape)}, expected (n, d) "
                         "and (n,)")
    if set(noise) != set(loss.NOISE_PARAMETERS):
        raise TypeError(f"noise: got {', '.join(noise) or 'nothing'}, expected "
                        f"{', '.join(loss.NOISE_PARAMETERS) or 'nothing'} of {loss.SLUG}")
    model = _Posterior(loss, X, y, prior, prior_scale, _kept(X, free), noise)
    start = torch.zeros(model.size, dtype=X.dtype)
    model.nll(start)  # with the loss's checks on: they name a bad argument
    if not model.expand_data(start)[2].any():
        raise ValueError(f"loss: {loss.SLUG} has no curvature, which Newton's method needs")
    options = {"tolerance": tolerance, "max_iterations": max_iterations}
    with checks.once():
        if prior.SPARSE:
            outcome = _proximal_newton(model, start, **options)
        else:
            outcome = optimise.newton(model.objective, model.expand, start, progress=progress,
                                      **options)
        nll = float(model.nll(outcome.theta))
        return PosteriorFit(model.table(outcome.theta), nll, outcome.iterations, outcome.converged,
                            outcome.message, outcome.gradient_norm, outcome.hessian,
                            prior_nll=float(model.prior_nll(outcome.theta)))


def _check_prior(prior, scale) -> None:
    if not hasattr(prior, "SPARSE"):
        raise ValueError(f"prior: got {getattr(prior, '__name__', prior)!r}, expected "
                         "mlebook.losses.map.gaussian or mlebook.losses.map.laplace")
    if not isinstance(scale, Real):
        raise TypeError(f"prior_scale: expected a number, got {type(scale).__name__}")
    checks.positive(scale, "prior_scale")


def _kept(X, free) -> torch.Tensor:
    """Which columns have a prior: all but the free ones, or all but those of ones."""
    if free is None:
        return (X != 1).any(dim=0)
    kept = torch.ones(X.shape[1], dtype=torch.bool)
    for column in free:
        checks.whole(column, "free")
        if column >= len(kept):
            raise ValueError(f"free: column {column}, but X has only {len(kept)}, from 0")
        kept[column] = False
    return kept


class _Posterior:
    """−log posterior of a linear model, up to a constant, as a function of flat weights."""

    def __init__(self, loss, X, y, prior, scale, kept, noise):
        self.loss, self.X, self.y, self.noise = loss, X, y, noise
        self.prior, self.scale = prior, scale
        self.outputs = len(loss.OUTPUTS)
        if loss.SUPPORT == "classes":
            self.outputs = int(y.max()) + 1
        self.vector = loss.SUPPORT == "classes" or len(loss.OUTPUTS) > 1
        self.size = X.shape[1] * self.outputs
        self.has_prior = kept.repeat_interleave(self.outputs)

    def table(self, w):
        return w.reshape(-1, self.outputs) if self.vector else w

    def prediction(self, w):
        return self.X @ self.table(w)

    def nll(self, w):
        return self.loss.nll(self.prediction(w), self.y, **self.noise).sum()

    def prior_nll(self, w):
        weights = w[self.has_prior]
        return self.prior.nll(weights, scale=self.scale).sum() if len(weights) else w.new_zeros(())

    def gauge(self, w):
        """Free logits of classes may all be shifted by one number: this asks for sum zero."""
        if self.loss.SUPPORT != "classes":
            return w.new_zeros(())
        return self.table(w)[~self.table(self.has_prior)[:, 0]].sum(dim=1).square().sum() / 2

    def objective(self, w):
        return self.nll(w) + self.prior_nll(w) + self.gauge(w)

    def expand_data(self, w):
        """Value, gradient and Hessian without the prior."""
        X, prediction = self.X, self.prediction(w)
        value = float(self.loss.nll(prediction, self.y, **self.noise).sum() + self.gauge(w))
        gradient = self.loss.gradient(prediction, self.y, **self.noise)
        curvature = self.loss.curvature(prediction, self.y, **self.noise)
        if not self.vector:
            return value, X.T @ gradient, X.T @ (curvature[:, None] * X)
        slope = X.T @ gradient
        hessian = torch.einsum("ij,iab,ik->jakb", X, curvature, X).reshape(self.size, self.size)
        if self.loss.SUPPORT == "classes":
            free = (~self.table(self.has_prior)[:, :1]).to(X.dtype)
            slope = slope + free * self.table(w).sum(dim=1, keepdim=True)
            hessian = hessian + torch.kron(torch.diag(free[:, 0]),
                                           X.new_ones(self.outputs, self.outputs))
        return value, slope.reshape(-1), hessian

    def expand(self, w):
        """Value, gradient and Hessian of the objective, for a smooth prior."""
        value, gradient, hessian = self.expand_data(w)
        pull = self.prior.gradient(w, scale=self.scale) * self.has_prior
        bend = self.prior.curvature(w, scale=self.scale) * self.has_prior
        return value + float(self.prior_nll(w)), gradient + pull, hessian + torch.diag(bend)


def _proximal_newton(model, w, *, tolerance, max_iterations) -> optimise.Outcome:
    """Each step minimises the data's quadratic model plus the absolute values, exactly."""
    rates = model.prior.rate(model.scale) * model.has_prior.to(w.dtype)
    for iteration in range(max_iterations + 1):
        _, gradient, hessian = model.expand_data(w)
        value = float(model.objective(w))
        if not (gradient.isfinite().all() and hessian.isfinite().all() and hessian.any()):
            message = "the curvature vanishes or is not finite: no step can be taken"
            return optimise.Outcome(w, value, float("nan"), None, iteration, False, message)
        hessian = _upward(hessian)
        c = hessian @ w - gradient
        problem = l1.quadratic(hessian.numpy(), c.numpy())
        bound = 1e-12 * max(float(part.abs().max()) for part in (rates, gradient, c))
        new = torch.from_numpy(l1.minimise(problem, rates.numpy(), w.numpy(),
                                           tolerance=bound).weights)
        step = new - w
        norm = float((step @ hessian @ step).clamp(min=0).sqrt())
        if norm <= tolerance:
            return _judged_on_face(model, rates, new, tolerance)._replace(iterations=iteration)
        slope = float(gradient @ step + rates @ (new.abs() - w.abs()))
        fraction = _fraction(model.objective, w, value, step, slope)
        if fraction == 0 or iteration == max_iterations:
            break
        w = w + fraction * step
    return optimise.Outcome(w, value, norm, None, iteration, False, f"stopped after {iteration} "
                            f"iterations, step {norm:.1e} > {tolerance:.0e}")


def _upward(hessian) -> torch.Tensor:
    """The Hessian with its absolute eigenvalues: a model that bends up, so that it has a minimum.

    >>> _upward(torch.tensor([[1.0, 2.0], [2.0, 1.0]])).round().tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    values, vectors = np.linalg.eigh(hessian.numpy())
    if values[0] >= -1e-12 * values[-1]:
        return hessian
    return torch.from_numpy((vectors * np.abs(values)) @ vectors.T)


def _judged_on_face(model, rates, w, tolerance) -> optimise.Outcome:
    """Newton's verdict on w where no weight changes its sign.

    A weight that is 0 stays so, unless the data pull as hard as its prior: then it could just as
    well leave 0, and if that costs nothing the mode is not unique.
    """
    gradient = model.expand_data(w)[1]
    pull = rates * torch.where(w != 0, w.sign(), -gradient.sign())
    face = (w != 0) | (gradient.abs() >= (1 - 1e-6) * rates)
    if ((w == 0) & (rates > 0) & (gradient.abs() > (1 + 1e-6) * rates)).any():
        return optimise.Outcome(w, float(model.objective(w)), float("nan"), None, 0, False,
                                "the data pull a weight that is 0 harder than its prior holds it")

    def whole(part):
        return torch.zeros_like(w).masked_scatter(face, part)

    def objective(part):
        return model.nll(whole(part)) + model.gauge(whole(part)) + pull @ whole(part)

    def expand(part):
        value, gradient, hessian = model.expand_data(whole(part))
        return (value + float(pull @ whole(part)), (gradient + pull)[face],
                hessian[face][:, face])

    if not face.any():
        return optimise.Outcome(w, float(model.objective(w)), 0.0, None, 0, True,
                                "every weight is 0, and the data pull too weakly to move one")
    outcome = optimise.newton(objective, expand, w[face], tolerance=tolerance, max_iterations=3,
                              progress=False)
    return outcome._replace(theta=whole(outcome.theta), hessian=None)


def _fraction(objective, w, value, step, slope) -> float:
    """The largest of 1, ½, ¼, … of the step that lowers the objective enough; 0 if none does."""
    rounding = 16 * torch.finfo(w.dtype).eps * max(1.0, abs(value))
    fraction = 1.0
    while fraction > 1e-15:
        if optimise.value_at(objective, w + fraction * step) <= (
                value + 1e-4 * fraction * slope + rounding):
            return fraction
        fraction /= 2
    return 0.0
