"""Any likelihood written in torch: its curve, and its maximum."""
from __future__ import annotations

from collections.abc import Callable

import torch

from mlebook import optimise

from .arguments import check_options, vector
from .result import FitResult, from_outcome

NEWTON_LIMIT = 200  # parameters; beyond, forming the Hessian costs more than it saves


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
    start = vector(start, "start")
    check_options(tolerance, max_iterations)
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
    return from_outcome(outcome, start.shape)


def sweep(nll: Callable[[torch.Tensor], torch.Tensor], grid) -> torch.Tensor:
    """The nll at each of n parameter values: what a likelihood curve is drawn from.

    >>> sweep(lambda p: -(2 * p.log() + (1 - p).log()), [0.5, 2/3])
    tensor([2.0794, 1.9095], dtype=torch.float64)

    Raises:
        ValueError: nll does not return a single number (was it summed over the data?).
    """
    grid = vector(grid, "grid")
    if grid.dim() == 0:
        raise ValueError("grid: got one number, expected a vector or a table of parameters")
    with torch.no_grad():
        return torch.stack([_scalar(nll(theta)) for theta in grid]).to(torch.float64)


def _scalar(value) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        raise TypeError(f"nll: returned {type(value).__name__}, expected a 0-d torch.Tensor")
    if value.dim() != 0:
        raise ValueError(f"nll: returned shape {tuple(value.shape)}, expected one number; "
                         "sum it over the data")
    return value


def _check_objective(objective, theta) -> None:
    value = _scalar(objective(theta.clone().requires_grad_()))
    if not value.requires_grad:
        raise ValueError("nll: does not depend on its parameters, or not through torch")
    if not value.isfinite():
        raise ValueError(f"start: the nll is {float(value.detach())} there, expected finite")
