"""Fitting by maximum likelihood, with an honest report of convergence.

A fit minimises the negative log-likelihood (nll, in nats, summed over the data).  It says
``converged`` only when the stated stopping rule is met; otherwise ``message`` says why it
stopped, also when there is no finite estimate at all.

Source: chapter "What does maximum likelihood do?"; Nocedal and Wright 2006, *Numerical
Optimization*, chapters 3 and 7.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

import torch

from mlebook import checks, optimise

NEWTON_LIMIT = 200  # parameters; beyond, forming the Hessian costs more than it saves


@dataclass(frozen=True, eq=False)
class FitResult:
    """What a fit found and how it ended.

    Attributes:
        params: the estimate, float64, in the shape of the start.
        nll: negative log-likelihood there, in nats.
        iterations: steps taken.
        converged: whether the stopping rule was met.
        message: why it stopped.
        gradient_norm: after Newton √(gᵀ H⁻¹ g), the distance to the optimum in standard
            errors, free of units; after L-BFGS the Euclidean norm of the gradient.
        hessian: observed information, the Hessian of the nll (None after L-BFGS).
        noise: estimated parameters of the noise model, by name (:func:`fit_linear`).
    """

    params: torch.Tensor
    nll: float
    iterations: int
    converged: bool
    message: str
    gradient_norm: float
    hessian: torch.Tensor | None = None
    noise: dict[str, float] = field(default_factory=dict)

    @property
    def standard_errors(self) -> torch.Tensor:
        """Square roots of the diagonal of the inverse observed information.

        Raises:
            ValueError: the fit did not converge or has no Hessian.
        """
        if not self.converged or self.hessian is None:
            raise ValueError("standard_errors: need a converged fit by Newton's method; "
                             f"this one: {self.message}")
        unit = self.hessian.diagonal().sqrt()
        inverse = torch.linalg.inv(self.hessian / unit / unit[:, None])
        return (inverse.diagonal().sqrt() / unit).reshape(self.params.shape)

    def __repr__(self) -> str:
        numbers = [f"{value:.6g}" for value in self.params.reshape(-1)[:6].tolist()]
        numbers += ["…"] * (self.params.numel() > 6)
        lines = [f"params      {', '.join(numbers)}"]
        lines += [f"{name:11} {value:.6g}" for name, value in self.noise.items()]
        lines += [f"nll         {self.nll:.6f} nats",
                  f"converged   {'yes' if self.converged else 'NO'}, "
                  f"{self.iterations} iterations: {self.message}"]
        return "\n".join(lines)


def fit(nll: Callable[[torch.Tensor], torch.Tensor], start, *, method: str | None = None,
        tolerance: float = 1e-6, max_iterations: int = 500,
        progress: bool | None = None) -> FitResult:
    """Minimise a negative log-likelihood, written in torch, from a starting point.

    Stopping rule.  "newton" (the default up to 200 parameters): √(gᵀ H⁻¹ g) <= tolerance with
    H positive definite, that is, the estimate is within ``tolerance`` standard errors and the
    nll within tolerance²/2 nats of the minimum's quadratic model; the units of the data do not
    matter.  "lbfgs": Euclidean norm of the gradient <= tolerance · ``max(1, abs(nll))``.
    The minimum is a local one: try several starts where the nll is not convex.

    Args:
        nll: takes a float64 tensor of start's shape, returns the summed nll as a 0-d tensor.
        start: number or tensor.
        method: "newton", "lbfgs", or None to choose by the number of parameters.
        tolerance: of the stopping rule.
        max_iterations: gives up after so many steps, and says so.
        progress: a bar on stderr after one second; None: only in a terminal.

    >>> from mlebook.losses import squared_error
    >>> y = torch.tensor([1.0, 2.0, 6.0], dtype=torch.float64)
    >>> result = fit(lambda mu: squared_error.nll(mu.expand(3), y, scale=1.0).sum(), start=0.0)
    >>> result.converged, round(float(result.params), 6)
    (True, 3.0)

    Raises:
        TypeError, ValueError: nll does not return one finite number at the start, it has no
            derivative there, or an argument is out of range.
    """
    start = _vector(start, "start")
    _check_options(tolerance, max_iterations)
    if method not in (None, "newton", "lbfgs"):
        raise ValueError(f"method: expected 'newton', 'lbfgs' or None, got {method!r}")

    def objective(theta):
        return nll(theta.reshape(start.shape))

    first = start.detach().reshape(-1)
    _check_objective(objective, first)
    options = {"tolerance": tolerance, "max_iterations": max_iterations, "progress": progress}
    if method == "newton" or (method is None and first.numel() <= NEWTON_LIMIT):
        outcome = optimise.newton(
            objective, lambda theta: optimise.derivatives(objective, theta), first, **options)
    else:
        outcome = optimise.lbfgs(objective, first, **options)
    return _result(outcome, start.shape)


def fit_linear(loss: ModuleType, X, y, *, tolerance: float = 1e-6, max_iterations: int = 100,
               progress: bool | None = None, **noise) -> FitResult:
    """Fit prediction = X w by Newton's method with the loss's own gradient and curvature.

    The nll's gradient is Xᵀ·gradient and its Hessian Xᵀ·diag(curvature)·X (iteratively
    reweighted least squares), so one fitter serves every loss.  Noise parameters that are not
    given are estimated too: w first, then the noise at w in closed form, which is the joint
    maximum when the best w does not depend on the noise (proved for squared error).

    Args:
        loss: a module of :mod:`mlebook.losses`.
        X: (n, d) table of inputs; :func:`design_matrix` makes one with an intercept.
        y: (n,) targets.
        tolerance: as in :func:`fit`.
        max_iterations: as in :func:`fit`.
        progress: as in :func:`fit`.
        noise: known noise parameters of the loss, for instance ``scale=2.0``.

    >>> from mlebook import datasets
    >>> from mlebook.losses import squared_error
    >>> heights = datasets.galton_heights()
    >>> X = design_matrix(heights.midparent_height)
    >>> fit_linear(squared_error, X, heights.child_height)
    params      23.9415, 0.646291
    scale       2.23613
    nll         2063.581411 nats
    converged   yes, ... iterations: gradient norm ... <= 1e-06

    Raises:
        ValueError: shapes disagree, values are not finite, or the columns of X are linearly
            dependent, so that the estimate would not be unique.
        TypeError: an unknown noise parameter.
    """
    X, y = _vector(X, "X"), _vector(y, "y")
    _check_design(X, y)
    _check_options(tolerance, max_iterations)
    unknown = set(noise) - set(loss.NOISE_PARAMETERS)
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))}: not a noise parameter of {loss.SLUG}, "
                        f"expected {', '.join(loss.NOISE_PARAMETERS) or 'none'}")
    known = len(noise) == len(loss.NOISE_PARAMETERS)
    options = {"tolerance": tolerance, "max_iterations": max_iterations, "progress": progress}
    weights, steps = torch.zeros(X.shape[1], dtype=X.dtype), 0
    try:
        for _ in range(1 if known else 2):  # the second time with the noise of the first fit
            used = noise if known else loss.estimate_noise(X @ weights, y) | noise
            outcome = _newton_linear(loss, X, y, weights, used, options)
            weights, steps = outcome.theta, steps + outcome.iterations
        used = noise if known else loss.estimate_noise(X @ weights, y) | noise
    except checks.NoFiniteEstimateError as error:
        return FitResult(weights, -float("inf"), steps, False, f"no finite estimate: {error}",
                         float("nan"))
    value, _, hessian = _expand_linear(loss, X, y, weights, used)
    outcome = outcome._replace(value=value, hessian=hessian, iterations=steps)
    return _result(outcome, weights.shape, {} if known else {
        name: float(used[name]) for name in loss.NOISE_PARAMETERS if name not in noise})


def design_matrix(*columns) -> torch.Tensor:
    """The (n, d + 1) table with a column of ones, then the given columns of n numbers.

    >>> design_matrix([1.0, 2.0])
    tensor([[1., 1.],
            [1., 2.]], dtype=torch.float64)
    """
    if not columns:
        raise ValueError("columns: none given, expected at least one")
    vectors = [_vector(column, f"columns[{i}]") for i, column in enumerate(columns)]
    for i, vector in enumerate(vectors):
        if vector.dim() != 1:
            raise ValueError(f"columns[{i}]: shape {tuple(vector.shape)}, expected (n,)")
        checks.same_shape(vector, vectors[0], f"columns[{i}]", "columns[0]")
    return torch.stack([torch.ones_like(vectors[0]), *vectors], dim=1)


def sweep(nll: Callable[[torch.Tensor], torch.Tensor], grid) -> torch.Tensor:
    """The nll at each of n parameter values: what a likelihood curve is drawn from.

    >>> sweep(lambda p: -(2 * p.log() + (1 - p).log()), [0.5, 2/3])
    tensor([2.0794, 1.9095], dtype=torch.float64)

    Raises:
        ValueError: nll does not return a single number (was it summed over the data?).
    """
    grid = _vector(grid, "grid")
    if grid.dim() == 0:
        raise ValueError("grid: got one number, expected a vector or a table of parameters")
    with torch.no_grad():
        return torch.stack([_scalar(nll(theta)) for theta in grid]).to(torch.float64)


def _newton_linear(loss, X, y, start, noise, options) -> optimise.Outcome:
    return optimise.newton(
        lambda w: loss.nll(X @ w, y, **noise).sum(),
        lambda w: _expand_linear(loss, X, y, w, noise), start, **options)


def _expand_linear(loss, X, y, w, noise) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Value, gradient and Hessian of the summed nll in the weights w."""
    prediction = X @ w
    curvature = loss.curvature(prediction, y, **noise)
    return (float(loss.nll(prediction, y, **noise).sum()),
            X.T @ loss.gradient(prediction, y, **noise),
            X.T @ (curvature[:, None] * X))


def _result(outcome: optimise.Outcome, shape, noise=None) -> FitResult:
    return FitResult(
        outcome.theta.reshape(shape), outcome.value, outcome.iterations, outcome.converged,
        outcome.message, outcome.gradient_norm, outcome.hessian, noise or {})


def _vector(value, name: str) -> torch.Tensor:
    """Numbers of any kind as a new float64 tensor, non-empty and finite."""
    try:
        if isinstance(value, torch.Tensor):
            numbers = value.detach().to(torch.float64).clone()
        else:
            numbers = torch.tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"{name}: expected numbers, got {type(value).__name__}") from None
    checks.not_empty(numbers, name)
    checks.finite(numbers, name)
    return numbers


def _scalar(value) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        raise TypeError(f"nll: returned {type(value).__name__}, expected a 0-d torch.Tensor")
    if value.dim() != 0:
        raise ValueError(f"nll: returned shape {tuple(value.shape)}, expected one number; "
                         "sum it over the data")
    return value


def _check_options(tolerance: float, max_iterations: int) -> None:
    checks.positive(tolerance, "tolerance")
    checks.whole(max_iterations, "max_iterations")


def _check_objective(objective, theta) -> None:
    value = _scalar(objective(theta.clone().requires_grad_()))
    if not value.requires_grad:
        raise ValueError("nll: does not depend on its parameters, or not through torch")
    if not value.isfinite():
        raise ValueError(f"start: the nll is {float(value.detach())} there, expected finite")


def _check_design(X, y) -> None:
    if X.dim() != 2:
        raise ValueError(f"X: shape {tuple(X.shape)}, expected (n, d)")
    if tuple(y.shape) != (len(X),):
        raise ValueError(f"y: shape {tuple(y.shape)}, expected ({len(X)},), one per row of X")
    lengths = X.norm(dim=0)
    rank = int(torch.linalg.matrix_rank(X / torch.where(lengths > 0, lengths, 1.0)))
    if rank < X.shape[1]:
        raise ValueError(f"X: its {X.shape[1]} columns are linearly dependent (rank {rank}), "
                         "so the estimate is not unique")
