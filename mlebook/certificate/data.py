"""Predictions, targets and totals for the checks, for every support and any number of outputs."""
from __future__ import annotations

import torch

from mlebook import estimators

from .report import Failure


def targets(loss, values, dtype) -> torch.Tensor:
    """Plain numbers as targets of this loss: classes are int64, all others have ``dtype``."""
    return torch.tensor(values, dtype=torch.int64 if loss.SUPPORT == "classes" else dtype)


def draws(loss):
    """The loss's examples of predictions and noise, each with a sample of targets."""
    generator = torch.Generator().manual_seed(0)
    for prediction, noise in loss.examples(generator):
        yield prediction, loss.sample(prediction, generator=generator, **noise), noise


def relative(actual, expected) -> float:
    """The largest difference, relative to the larger of 1 and the expected value."""
    if actual.shape != expected.shape:
        raise Failure(f"shape {tuple(actual.shape)}, expected {tuple(expected.shape)}")
    return float(((actual - expected).abs() / expected.abs().clamp(min=1)).detach().max())


def constant(loss, outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The prediction that gives every target the same outputs."""
    return outputs.expand(*target.shape, *outputs.shape)


def split(loss, estimate) -> tuple[torch.Tensor, dict]:
    """An estimate as one tensor of outputs and the noise parameters by name."""
    fields = [getattr(estimate, name) for name in loss.OUTPUTS]
    noise = {name: getattr(estimate, name) for name in loss.NOISE_PARAMETERS}
    return fields[0] if len(fields) == 1 else torch.stack(fields), noise


def total(loss, target: torch.Tensor, estimate) -> float:
    """The summed nll at an estimate."""
    outputs, noise = split(loss, estimate)
    return float(loss.nll(constant(loss, outputs, target), target, **noise).sum())


def at_minimum(loss, target: torch.Tensor) -> tuple[float, str]:
    """How far the estimate is from a stationary point of the summed nll, and in what unit.

    Where there is curvature: the score in standard errors, which is free of the data's units.
    Where there is none (absolute error) the nll must be convex and its slopes on both sides of
    the estimate bracket 0; then the excess is at most a slope times the distance to either side.
    """
    outputs, noise = split(loss, loss.estimate(target))
    size = outputs.numel()

    def summed(function, at):
        values = function(constant(loss, at, target), target, **noise)
        return values.reshape(target.numel(), -1).sum(dim=0)

    slope = summed(loss.gradient, outputs)
    bend = summed(loss.curvature, outputs).reshape(size, size)
    if not bend.any():
        aside = 1e-13 * max([1.0, float(outputs.abs()), *map(float, noise.values())])
        left, right = (float(summed(loss.gradient, outputs + step)) for step in (-aside, aside))
        excess = aside * max(-left, right) if left <= 0 <= right else float("inf")
        return excess, "slopes on both sides bracket 0; nats above the minimum"
    unit = bend.diagonal().abs().sqrt()
    eigenvalues, vectors = torch.linalg.eigh(bend / unit / unit[:, None])
    if not eigenvalues[0] > -1e-9 * eigenvalues[-1]:
        return float("inf"), "curvature negative; score in standard errors"
    along = vectors.T @ (slope / unit)  # flat directions (a shift of all logits) count in full
    squares = along.square() / eigenvalues.clamp(min=1e-9 * float(eigenvalues[-1]))
    return float(squares.sum().sqrt()), "score in standard errors"


def climbed(loss, target: torch.Tensor) -> float:
    """The nll that an iterative method reaches from afar.

    Without curvature there is no such method; then it is the loss's exact fit of one column.
    """
    outputs, noise = split(loss, loss.estimate(target))
    if not loss.curvature(constant(loss, outputs, target), target, **noise).any():
        return estimators.fit_linear(loss, torch.ones(len(target), 1), target).nll

    def nll(parameters):
        # a positive noise parameter is optimised through its logarithm
        free = len(parameters) - len(loss.NOISE_PARAMETERS)
        noise = dict(zip(loss.NOISE_PARAMETERS, parameters[free:].exp(), strict=True))
        outputs = parameters[:free]
        if loss.SUPPORT == "classes":  # the first logit stays 0: a shift changes nothing
            outputs = torch.cat([outputs.new_zeros(1), outputs])
        elif len(loss.OUTPUTS) == 1:
            outputs = outputs[0]
        return loss.nll(constant(loss, outputs, target), target, **noise).sum()

    result = estimators.fit(nll, _start(loss, target))
    if not result.converged:
        raise Failure(f"the optimiser did not converge: {result.message}")
    return result.nll


def _start(loss, target) -> torch.Tensor:
    """A poor start: the first target as location, and scales of the size of the targets."""
    if loss.SUPPORT == "classes":
        return torch.zeros(int(target.max()), dtype=torch.float64)
    if loss.SUPPORT == "binary":
        return torch.zeros(1, dtype=torch.float64)
    size = float(target.abs().mean().log())
    start = {"loc": float(target[0]), "log_variance": 2 * size}
    return torch.tensor([start[name] for name in loss.OUTPUTS]
                        + [size] * len(loss.NOISE_PARAMETERS), dtype=torch.float64)


def ranges(loss) -> str:
    """The largest prediction and the range of each noise parameter among the extremes, in words."""
    largest = max(abs(x) for f, _, _ in loss.EXTREMES for x in (f if isinstance(f, list) else [f]))
    words = [f"predictions up to ±{_short(largest)}"]
    for name in loss.NOISE_PARAMETERS:
        values = [float(noise[name]) for _, _, noise in loss.EXTREMES]
        words.append(f"{name} {_short(min(values))} to {_short(max(values))}")
    return ", ".join(words)


def _short(number: float) -> str:
    return f"{number:.0e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
