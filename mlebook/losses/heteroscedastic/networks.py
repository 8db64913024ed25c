"""Small networks with two outputs, trained many at a time, and what they say of held-out data.

The networks of one call differ in the data they are given and in their start.  They are one
batch of tensors, so that fifteen cost little more than one.

They are trained by Fisher scoring with short steps: Newton's method with the Fisher information
in the place of the curvature.  A change in the last bit of the start, or of a sum on another
processor, then stays in the last digits.  Adam magnifies it, here within some hundred steps,
until the first digits of a held-out NLL differ.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch

from mlebook import checks
from mlebook.losses import heteroscedastic
from mlebook.losses.heteroscedastic import variants

FOLDS = 5
WIDTH = 16  # hidden units
RATE = 0.2  # share of a full step
DAMPING = 0.1  # added to the diagonal of the mean information
FLOOR = -7.0  # of the bounded log-variance


def _unchanged(prediction, target, share):
    return prediction


def _common_scale(prediction, target, share):
    """One log-variance for all: the log of the mean squared residual of the training data."""
    loc = prediction[..., 0]
    variance = (share * (target - loc).square()).sum(-1, keepdim=True)
    return torch.stack([loc, variance.log().expand_as(loc)], dim=-1)


def _floor(prediction, target, share):
    return variants.bounded(prediction, floor=FLOOR)


def _half_squared_error(prediction, target):
    return (target - prediction[..., 0]).square() / 2


class Recipe(NamedTuple):
    """How a network is trained: what is minimised, what its outputs mean, when that begins."""

    objective: Callable = heteroscedastic.nll
    output: Callable = _unchanged
    mean_first: float = 0.0  # share of the steps that fit the location alone, by squared error


#: Name -> recipe; targets are expected to vary by about 1.
RECIPES = {
    "one scale for all": Recipe(_half_squared_error, _common_scale),
    "NLL": Recipe(),
    "β-NLL, β = 0.5": Recipe(partial(variants.beta_nll, beta=0.5)),
    "bounded": Recipe(output=_floor),
    "mean first": Recipe(mean_first=0.25),
    "prior": Recipe(partial(variants.with_prior, count=0.1, variance=0.25)),
}


class Scores(NamedTuple):
    """What held-out data say, one entry a seed: mean NLL in nats, RMSE, share in the 95 % band."""

    nll: torch.Tensor
    rmse: torch.Tensor
    coverage: torch.Tensor


@dataclass(frozen=True, eq=False)
class CrossFit:
    """Scores when the networks were stopped early, and after the last step; the step chosen."""

    stopped: Scores
    last: Scores
    step: float

    def row(self, unit: float = 1.0) -> str:
        """One line of a table: means over the seeds, ± the NLL's standard deviation among them.

        The RMSE is in the given unit of y.
        """
        early, late = self.stopped, self.last
        return (f"{early.nll.mean():5.2f} ± {early.nll.std():.2f}  {unit * early.rmse.mean():5.1f}"
                f"  {early.coverage.mean():4.0%}   {_short(late.nll.mean()):>6}"
                f"  {unit * late.rmse.mean():5.1f}  {late.coverage.mean():4.0%}")


def _short(value) -> str:
    return f"{value:.2f}" if value < 20 else "> 20"


def cross_fit(x, y, recipe: Recipe, *, seeds: int = 3, steps: int = 300) -> CrossFit:
    """Train networks by a recipe and score each on data that it has not seen.

    For each seed the data fall at random into five folds.  Each fold is held out once; the next
    one chooses when to stop (the lowest NLL); three are trained on.  So every observation is
    scored once a seed, by a network whose training and stopping it has not influenced.

    Args:
        x: (n,) inputs of size about 1, float64.
        y: (n,) targets of size about 1, float64.
        recipe: one of :data:`RECIPES`, or another.
        seeds: number of random splits and starts.
        steps: of Fisher scoring, each with all training data.

    Raises:
        TypeError, ValueError: x and y do not fit or are not float64, fewer than 10 data, seeds
            or steps < 1.

    >>> x = torch.linspace(-1, 1, 20, dtype=torch.float64)
    >>> fit = cross_fit(x, x.sin(), RECIPES["NLL"], seeds=2, steps=2)
    >>> fit.stopped.nll.shape
    torch.Size([2])
    """
    _check_data(x, y)
    checks.whole(seeds, "seeds", minimum=1)
    checks.whole(steps, "steps", minimum=1)
    train, validate, test = _splits(len(y), seeds)
    share = train / train.sum(-1, keepdim=True)
    target = y.expand(len(train), -1)
    weights = _start(len(train))
    lowest = torch.full((len(train),), math.inf, dtype=y.dtype)
    chosen, kept = torch.zeros_like(lowest), torch.zeros(*target.shape, 2, dtype=y.dtype)
    for step in range(steps + 1):
        outputs, jacobian = _network(weights, x)
        outputs.requires_grad_()
        prediction = recipe.output(outputs, target, share)
        now = prediction.detach()
        cost = (validate * heteroscedastic.nll(now, target)).sum(-1) / validate.sum(-1)
        better = cost < lowest
        lowest[better], chosen[better], kept[better] = cost[better], step, now[better]
        objective = recipe.objective
        if step < recipe.mean_first * steps:
            objective = _half_squared_error
        slope, = torch.autograd.grad((share * objective(prediction, target)).sum(), outputs)
        weights = weights - RATE * _direction(jacobian, slope, now, share)
    return CrossFit(_score(kept, target, test, seeds), _score(now, target, test, seeds),
                    float(chosen.median()))


def _check_data(x, y) -> None:
    for value, name in ((x, "x"), (y, "y")):
        checks.tensor(value, name)
        checks.finite(value, name)
    checks.same_shape(x, y, "x", "y")
    checks.same_dtype(x, y, "x", "y")
    if y.dim() != 1 or len(y) < 2 * FOLDS:
        raise ValueError(f"y: shape {tuple(y.shape)}, expected (n,) with n >= {2 * FOLDS}")
    if y.dtype != torch.float64:
        raise TypeError(f"y: expected float64, got {y.dtype}")


def _splits(n: int, seeds: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Who trains, validates and tests: three (seeds · FOLDS, n) tables of 0 and 1."""
    tests, validations = [], []
    for seed in range(seeds):
        order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
        fold = torch.empty(n, dtype=torch.int64)
        fold[order] = torch.arange(n) % FOLDS
        tests += [fold == k for k in range(FOLDS)]
        validations += [fold == (k + 1) % FOLDS for k in range(FOLDS)]
    test, validate = torch.stack(tests).double(), torch.stack(validations).double()
    return 1 - test - validate, validate, test


def _start(networks: int) -> torch.Tensor:
    """Random weights of one hidden layer of tanh units, a row for each network.

    In a row: the units' slopes, their offsets, two output weights of each, two constants.
    """
    generator = torch.Generator().manual_seed(0)
    size = torch.tensor([2.0] * 2 * WIDTH + [WIDTH**-0.5] * 2 * WIDTH + [0.0, 0.0])
    return size * torch.randn(networks, len(size), generator=generator, dtype=torch.float64)


def _network(weights, x) -> tuple[torch.Tensor, torch.Tensor]:
    """Outputs (networks, n, 2), and their derivatives by the weights (networks, n, 2, weights)."""
    slopes, offsets, last, constants = weights.split([WIDTH, WIDTH, 2 * WIDTH, 2], dim=-1)
    last = last.unflatten(-1, (WIDTH, 2))
    hidden = torch.tanh(x[:, None] * slopes[:, None] + offsets[:, None])
    outputs = hidden @ last + constants[:, None]
    one = torch.eye(2, dtype=x.dtype)
    by_offset = last.mT[:, None] * (1 - hidden.square())[:, :, None]
    by_last = (hidden[:, :, None, :, None] * one[:, None, :]).flatten(-2)
    jacobian = torch.cat([x[:, None, None] * by_offset, by_offset, by_last,
                          one.expand(*outputs.shape, 2)], dim=-1)
    return outputs, jacobian


def _direction(jacobian, slope, prediction, share) -> torch.Tensor:
    """Minus the full step of damped Fisher scoring: (mean Jᵀ I J + damping)⁻¹ Jᵀ slope."""
    information = heteroscedastic.information(prediction).diagonal(dim1=-2, dim2=-1)
    weighted = jacobian * (share[..., None] * information)[..., None]
    mean = weighted.flatten(1, 2).mT @ jacobian.flatten(1, 2)
    damping = DAMPING * torch.eye(mean.shape[-1], dtype=mean.dtype)
    return torch.linalg.solve(mean + damping, (jacobian * slope[..., None]).sum((1, 2)))


def _score(prediction, target, test, seeds) -> Scores:
    loc, log_variance = prediction.unbind(-1)
    residual = target - loc
    inside = residual.abs() < 1.96 * torch.exp(log_variance / 2)

    def mean(values):
        return (test * values).reshape(seeds, -1).sum(-1) / target.shape[-1]

    return Scores(mean(heteroscedastic.nll(prediction, target)),
                  mean(residual.square()).sqrt(), mean(inside.double()))
