"""The pinball loss: the negative log-likelihood of asymmetric Laplace noise, for any quantile.

With κ the quantile and r = y − f, the pinball loss is ρ(r) = max(κ r, (κ − 1) r): an error
costs κ per unit if the target is above the prediction, and 1 − κ per unit if it is below.  At
κ = ½ it is half the absolute error.

Source: chapter "Why absolute error?", section on quantiles; Koenker and Bassett 1978,
"Regression quantiles", Econometrica 46.
"""
from __future__ import annotations

import math

import torch

from mlebook import checks


def pinball(prediction: torch.Tensor, target: torch.Tensor, *, quantile: float) -> torch.Tensor:
    """Pinball loss max(κ (y − f), (κ − 1) (y − f)), elementwise, in the target's unit.

    Args:
        prediction: f, any shape, floating point.
        target: observed y, of the same shape and type.
        quantile: κ, a number between 0 and 1, both excluded.

    Raises:
        TypeError, ValueError: types or shapes differ, data empty or not finite, quantile
            outside (0, 1).

    >>> pinball(torch.tensor([5.0, 5.0]), torch.tensor([6.0, 4.0]), quantile=0.9)
    tensor([0.9000, 0.1000])
    """
    checks.real_target(prediction, target)
    checks.open_unit(quantile, "quantile")
    residual = target - prediction
    return torch.maximum(quantile * residual, (quantile - 1) * residual)


def pinball_nll(prediction: torch.Tensor, target: torch.Tensor, *, scale,
                quantile: float) -> torch.Tensor:
    """Negative log-density of the asymmetric Laplace law, elementwise, in nats.

    ρ(y − f) / scale − log(κ (1 − κ) / scale).  The prediction is the law's κ-quantile, and
    ``scale`` is its expected pinball loss E ρ(y − f).  At κ = ½ the law is the Laplace law
    whose mean absolute deviation is 2 · scale.

    >>> pinball_nll(torch.tensor([5.0]), torch.tensor([6.0]), scale=1.0, quantile=0.5)
    tensor([1.8863])
    """
    checks.location_scale(prediction, target, scale)
    log_scale = torch.as_tensor(scale, dtype=target.dtype).log()
    penalty = pinball(prediction, target, quantile=quantile) / scale
    return penalty + log_scale - math.log(quantile) - math.log1p(-quantile)


def pinball_gradient(prediction: torch.Tensor, target: torch.Tensor, *,
                     quantile: float) -> torch.Tensor:
    """Derivative of :func:`pinball` by the prediction: 1 − κ above the target, −κ below it.

    At f = y there is no derivative; we return the middle of the two slopes, ½ − κ.

    >>> pinball_gradient(torch.tensor([5.0, 5.0]), torch.tensor([6.0, 4.0]), quantile=0.9)
    tensor([-0.9000,  0.1000])
    """
    checks.real_target(prediction, target)
    checks.open_unit(quantile, "quantile")
    return ((prediction - target).sign() + 1) / 2 - quantile
