"""Remedies for a log-variance that runs away or starves the mean, as losses in torch.

Each takes a prediction (…, 2) = (loc, log_variance) and, but for :func:`bounded`, a target (…), as
:func:`mlebook.losses.heteroscedastic.nll` does, and raises what that raises.

Sources: Seitzer et al. 2022 (β-NLL), Chua et al. 2018, appendix (a bounded log-variance),
Gelman et al. 2013, section 2.6 (the prior).
"""
from __future__ import annotations

import math
from numbers import Real

import torch
from torch.nn.functional import softplus

from mlebook import checks
from mlebook.losses import heteroscedastic


def beta_nll(prediction: torch.Tensor, target: torch.Tensor, *, beta: float) -> torch.Tensor:
    """The NLL, weighted by σ^(2β) = exp(β s), through which no gradient flows; elementwise.

    β = 0 is the NLL; β = 1 gives the location the gradient of half the squared error.  Only its
    gradient means something: for β ≠ 0 it is the gradient of no function of both outputs.

    >>> prediction = torch.tensor([0.0, 4.0], requires_grad=True)
    >>> beta_nll(prediction, torch.tensor(3.0), beta=1.0).backward()
    >>> prediction.grad[0]
    tensor(-3.0000)

    Raises:
        ValueError: beta is not between 0 and 1.
    """
    if not isinstance(beta, Real) or not 0 <= beta <= 1:
        raise ValueError(f"beta: expected a number from 0 to 1, got {beta!r}")
    value = heteroscedastic.nll(prediction, target)
    value = torch.exp(beta * prediction[..., 1].detach()) * value
    checks.representable(value, "prediction")
    return value


def bounded(prediction: torch.Tensor, *, floor: float) -> torch.Tensor:
    """The prediction with log-variance floor + softplus(s − floor), never below the floor.

    Far above the floor it changes nothing: softplus(u) = log(1 + exp(u)) is then u.

    >>> bounded(torch.tensor([1.0, -50.0]), floor=-4.0)
    tensor([ 1., -4.])

    Raises:
        ValueError: floor is not a finite number.
    """
    if not isinstance(floor, Real) or not math.isfinite(floor):
        raise ValueError(f"floor: expected a finite number, got {floor!r}")
    checks.prediction_alone(prediction, heteroscedastic.OUTPUTS)
    loc, log_variance = prediction.unbind(-1)
    return torch.stack([loc, floor + softplus(log_variance - floor)], dim=-1)


def with_prior(prediction: torch.Tensor, target: torch.Tensor, *, count: float,
               variance: float) -> torch.Tensor:
    """The NLL plus ½ count · [s + variance · exp(−s)], elementwise.

    It acts as if, for every target, ``count`` further observations with this mean squared
    residual had been made.  For one s it is, up to a constant, minus the log of the density that s
    has if the variance follows the scaled inverse χ² law with these two parameters.

    >>> with_prior(torch.tensor([0.0, 0.0]), torch.tensor(0.0), count=2.0, variance=1.0)
    tensor(1.9189)

    Raises:
        ValueError: count or variance is not positive.
    """
    checks.positive(count, "count")
    checks.positive(variance, "variance")
    value = heteroscedastic.nll(prediction, target)
    log_variance = prediction[..., 1]
    value = value + count / 2 * (log_variance + variance * torch.exp(-log_variance))
    checks.representable(value, "prediction")
    return value
