"""The two minimisers behind :mod:`mlebook.estimators`, and when they may say "converged".

* :func:`newton`: full Newton steps with a line search.  It does not care about units.
* :func:`lbfgs`: torch's L-BFGS, for models with many parameters.

Both work on a float64 vector and return an :class:`Outcome`.
"""
from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from scipy.linalg.lapack import dposv

Vector = torch.Tensor
HALVINGS = 60
STEEP = 1e-8  # relative pivot over which the curvature is positive beyond doubt
FLAT = 1e-13  # relative eigenvalue under which the curvature counts as zero
DRIFT = 1e-3  # relative Newton step over which an apparent minimum is still running away


class Outcome(NamedTuple):
    """Where a minimiser stopped and why."""

    theta: Vector
    value: float
    gradient_norm: float
    hessian: torch.Tensor | None
    iterations: int
    converged: bool
    message: str


def value_at(objective: Callable, theta: Vector) -> float:
    """The objective's value; +∞ where it is undefined (NaN, or the loss rejects its input)."""
    try:
        value = float(objective(theta))
    except ValueError:
        return float("inf")
    return float("inf") if value != value else value


def derivatives(objective: Callable, theta: Vector) -> tuple[float, Vector, torch.Tensor]:
    """Value, gradient and Hessian by automatic differentiation."""
    theta = theta.detach().requires_grad_()
    value = objective(theta)
    gradient, = torch.autograd.grad(value, theta, create_graph=True, materialize_grads=True)
    hessian = torch.zeros(len(theta), len(theta), dtype=theta.dtype)
    if gradient.requires_grad:  # else the objective is linear and its Hessian 0
        for i, entry in enumerate(gradient):
            hessian[i], = torch.autograd.grad(
                entry, theta, retain_graph=True, materialize_grads=True)
    return float(value.detach()), gradient.detach(), hessian


def newton(objective: Callable, expand: Callable, start: Vector, *, tolerance: float,
           max_iterations: int, progress: bool | None) -> Outcome:
    """Minimise by Newton's method.

    ``expand(theta)`` gives value, gradient g and Hessian H.  A step solves |H| step = −g, where
    |H| has the absolute eigenvalues of H, so that it goes downhill where H is not positive
    definite; it is halved until the value falls.  Converged means: H is positive definite,
    √(gᵀ H⁻¹ g) <= tolerance, and the next step is small against the parameters.
    """
    theta, (value, gradient, hessian) = start, expand(start)
    with _bar(max_iterations, progress) as bar:
        for iteration in range(max_iterations + 1):
            state = theta, value, float("nan"), hessian, iteration
            if value == -float("inf"):
                return Outcome(*state, False, "no finite estimate: the nll falls to -inf")
            if not math.isfinite(gradient.numpy().sum() + hessian.numpy().sum()):
                return Outcome(*state, False, "the gradient or the curvature is not finite: "
                                              "perhaps there is no finite estimate")
            step, norm, shape = _newton_step(gradient, hessian)
            state = theta, value, norm, hessian, iteration
            if norm <= tolerance:
                return Outcome(*state, *_judge(theta, step, shape, norm, tolerance))
            if iteration == max_iterations:
                break
            slope = -norm * norm
            ahead = _expanded(expand, theta + step)  # most often the whole step will do
            if _falls(ahead[0], value, slope):
                theta, (value, gradient, hessian) = theta + step, ahead
            else:
                fraction, lower = _line_search(objective, theta, value, step, slope)
                if value - lower <= torch.finfo(theta.dtype).eps * max(1, abs(value)):
                    return Outcome(
                        *state, False, f"no step lowers the nll, gradient norm {norm:.1e}"
                        + _why_stopped(objective, theta, step, norm, shape))
                theta = theta + fraction * step
                value, gradient, hessian = expand(theta)
            bar.update()
    return Outcome(*state, False, f"stopped after {max_iterations} iterations, gradient norm "
                   f"{norm:.1e} > {tolerance:.0e}"
                   + _why_stopped(objective, theta, step, norm, shape))


def lbfgs(objective: Callable, start: Vector, *, tolerance: float, max_iterations: int,
          progress: bool | None) -> Outcome:
    """Minimise by torch's L-BFGS with strong-Wolfe line search, restarted when it stalls.

    Converged means: the Euclidean norm of the gradient is at most tolerance · max(1, |value|),
    and scaling all parameters up would not lower the value further.
    """
    theta = start.clone().requires_grad_()
    value, gradient = _first_order(objective, theta)
    optimiser, fresh = _torch_lbfgs(theta), True
    reason = f"stopped after {max_iterations} iterations"
    iteration = 0
    with _bar(max_iterations, progress) as bar:
        while iteration < max_iterations and gradient.norm() > tolerance * max(1, abs(value)):
            best, reached = theta.detach().clone(), value
            wall = 1e6 + 1e3 * abs(value)
            optimiser.step(partial(_closure, objective, theta, wall))
            iteration += 1
            bar.update()
            value = value_at(objective, theta.detach())
            if not value < reached:  # also where a step led out of the nll's domain
                with torch.no_grad():
                    theta.copy_(best)
                if fresh:  # even from here without a history
                    reason = "no step lowers the nll further"
                    break
                optimiser = _torch_lbfgs(theta)
            fresh = not value < reached
            value, gradient = _first_order(objective, theta)
            if not (gradient.isfinite().all() and abs(value) < float("inf")):
                reason = f"the nll is {value} or its gradient not finite: no finite estimate found"
                break
    value, gradient = _first_order(objective, theta)
    norm, bound = float(gradient.norm()), tolerance * max(1, abs(value))
    if norm <= bound:
        converged, message = _judge_scaling(objective, theta.detach(), norm, bound)
    else:
        converged, message = False, f"{reason}; gradient norm {norm:.1e} > {bound:.1e}"
    return Outcome(theta.detach(), value, norm, None, iteration, converged, message)


def _torch_lbfgs(theta: Vector) -> torch.optim.LBFGS:
    return torch.optim.LBFGS([theta], max_iter=1, max_eval=25, history_size=20, tolerance_grad=0,
                             tolerance_change=0, line_search_fn="strong_wolfe")


def _closure(objective: Callable, theta: Vector, wall: float) -> torch.Tensor:
    """Value and gradient for torch's line search, which cannot deal with NaN or ∞.

    Where the objective is undefined it gets a high, level wall and turns back.
    """
    theta.grad = torch.zeros_like(theta)
    if not abs(value_at(objective, theta.detach())) < wall:
        return torch.tensor(wall, dtype=theta.dtype)
    value = objective(theta)
    value.backward()
    return value


def _newton_step(gradient: Vector, hessian: torch.Tensor) -> tuple[Vector, float, str]:
    """The step −|H|⁻¹g, the norm √(gᵀ|H|⁻¹g), and the shape: bowl, flat or saddle."""
    g, H = gradient.numpy(), hessian.numpy()  # small arrays: LAPACK without torch's overhead
    factor, step, failed = dposv(H, g)
    if not failed and (factor.diagonal()**2 > STEEP * H.diagonal()).all():
        return torch.from_numpy(-step), math.sqrt(g @ step), "bowl"
    unit = np.sqrt(np.abs(H.diagonal()))
    unit[unit == 0] = 1  # takes the units out of H
    eigenvalues, vectors = np.linalg.eigh(H / unit / unit[:, None])
    largest = max(np.abs(eigenvalues).max(), np.finfo(unit.dtype).tiny)
    shape = "bowl" if eigenvalues[0] > FLAT * largest else "flat"
    if eigenvalues[0] < -1e-8 * largest:
        shape = "saddle"
    size = np.abs(eigenvalues).clip(min=FLAT * largest)
    if not H.any():
        size = np.ones_like(size)  # a linear objective: go down the gradient
    along = vectors.T @ (g / unit)
    step = -(vectors @ (along / size)) / unit
    return torch.from_numpy(step), math.sqrt((along * along / size).sum()), shape


def _expanded(expand: Callable, theta: Vector):
    """Value, gradient and Hessian; an infinite value where the nll is not defined."""
    try:
        ahead = expand(theta)
    except ValueError:
        return float("inf"), None, None
    return ahead if ahead[0] == ahead[0] else (float("inf"), None, None)


def _falls(lower: float, value: float, slope: float) -> bool:
    """Whether the whole step lowers the value enough, or as much as rounding lets one see."""
    rounding = 16 * torch.finfo(torch.float64).eps * max(1, abs(value))
    return lower <= value + 1e-4 * slope + rounding


def _line_search(objective, theta, value, step, slope) -> tuple[float, float]:
    """The largest of ½, ¼, … of the step that lowers the value enough, and that value.

    If none does: 0 and the value as it was.
    """
    fraction = 0.5
    for _ in range(HALVINGS):
        lower = value_at(objective, theta + fraction * step)
        if lower <= value + 1e-4 * fraction * slope:
            return fraction, lower
        fraction /= 2
    return 0.0, value


def _judge(theta, step, shape, norm, tolerance) -> tuple[bool, str]:
    """Whether a point with a small gradient is the estimate, and why."""
    if shape == "saddle":
        return False, "stopped at a point that is stationary but no minimum; start elsewhere"
    if shape == "flat":
        return False, "the nll is flat in some direction: the estimate is not unique"
    if math.sqrt(step @ step) > DRIFT * max(1, math.sqrt(theta @ theta)):
        return False, ("no finite estimate: the nll hardly changes any more, yet the parameters "
                       f"still grow (norm {float(theta.norm()):.3g})")
    return True, f"gradient norm {norm:.1e} <= {tolerance:.0e}"


def _why_stopped(objective, theta, step, norm, shape) -> str:
    """What the neighbourhood of a point says that is not the estimate."""
    value = float(objective(theta))
    if value_at(objective, theta + 10 * step) < value:
        return ("; the nll keeps falling far along the last direction: perhaps there is no "
                "finite estimate")
    if norm < 0.01 and value_at(objective, 2 * theta) < value:
        return ("; the nll hardly changes any more, yet it falls as all parameters grow: "
                "perhaps there is no finite estimate")
    if shape != "bowl":
        return "; the curvature there is not positive"
    return ""


def _judge_scaling(objective, theta, norm, bound) -> tuple[bool, str]:
    """Accept a small gradient unless a Newton step along theta itself is still long."""
    one = torch.ones(1, dtype=theta.dtype)
    _, slope, bend = derivatives(lambda factor: objective(factor * theta), one)
    if float(-slope) > DRIFT * max(float(bend), torch.finfo(theta.dtype).tiny):
        return False, ("no finite estimate: the nll hardly changes any more, yet it falls as "
                       "all parameters grow")
    return True, f"gradient norm {norm:.1e} <= {bound:.1e}; curvature not checked"


def _first_order(objective, theta) -> tuple[float, Vector]:
    theta = theta.detach().requires_grad_()
    value = objective(theta)
    gradient, = torch.autograd.grad(value, theta, materialize_grads=True)
    return float(value.detach()), gradient


class _NoBar:
    """Stands in for a progress bar where none is wanted or tqdm is not installed."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def update(self):
        return None


def _bar(total: int, progress: bool | None):
    """A bar on stderr after one second; by default only in a terminal, not in notebooks."""
    if progress is None:
        progress = sys.stderr.isatty()
    if not progress:
        return _NoBar()
    try:
        from tqdm import tqdm
    except ImportError:
        return _NoBar()
    return tqdm(total=total, desc="fit", unit="step", delay=1, leave=False, file=sys.stderr)
