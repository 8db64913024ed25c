"""The Gaussian prior: minus its log is the L2 penalty (ridge, weight decay).

Each weight is drawn from N(0, scale²), independently, so that
−log p(w) = w² / (2 scale²) + log scale + ½ log 2π: a penalty w²/2 times 1 / scale², plus a
constant.  The same functions exist for the other prior, :mod:`mlebook.losses.map.laplace`.

Source: chapter "Where does regularisation come from?"; Hoerl and Kennard 1970, "Ridge
regression", Technometrics 12.
"""
from __future__ import annotations

import math

import torch

from mlebook import checks

PRIOR = "Gaussian"
PENALTY = "L2"
SPARSE = False  # whether a mode can have weights that are exactly 0
#: (weights, scale) whose value and gradient must be finite in float32
EXTREMES = tuple((w, scale) for w in (-1e4, 0.0, 1e4) for scale in (1e-6, 1.0, 1e6))


def nll(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Negative log-density of N(0, scale²) at each weight, in nats, constants kept.

    w² / (2 scale²) + log scale + ½ log 2π; the sum over the weights is −log prior.

    Args:
        weights: any shape, floating point.
        scale: the prior's standard deviation τ > 0, in the weights' unit; a number, or a tensor
            that is 0-d or like weights.

    Raises:
        TypeError, ValueError: weights empty or not finite, scale <= 0, types or shapes differ.

    >>> nll(torch.tensor([0.0, 3.0]), scale=1.0)
    tensor([0.9189, 5.4189])
    """
    checks.prior_weights(weights, scale)
    log_scale = torch.as_tensor(scale, dtype=weights.dtype).log()
    return (weights / scale).square() / 2 + log_scale + math.log(2 * math.pi) / 2


def penalty(weights: torch.Tensor) -> torch.Tensor:
    """The L2 penalty w²/2, elementwise: :func:`nll` is ``rate(scale) * penalty`` + constant.

    Beware of the factor: many texts and libraries write w² and half the coefficient.

    >>> penalty(torch.tensor([0.0, 3.0]))
    tensor([0.0000, 4.5000])
    """
    checks.prior_weights(weights, 1.0)
    return weights.square() / 2


def rate(scale: float) -> float:
    """The coefficient λ = 1 / scale² of the penalty beside the *summed* nll.

    >>> rate(0.5)
    4.0
    """
    checks.positive(scale, "scale")
    return 1 / scale / scale


def scale_for(rate: float) -> float:
    """The prior scale 1/√rate that a coefficient stands for: the inverse of :func:`rate`.

    >>> scale_for(4.0)
    0.5
    """
    checks.positive(rate, "rate")
    return rate**-0.5


def gradient(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Derivative of :func:`nll` by each weight: w / scale², a pull in proportion to w.

    >>> gradient(torch.tensor([0.0, 3.0]), scale=1.0)
    tensor([0., 3.])
    """
    checks.prior_weights(weights, scale)
    return weights / scale / scale


def curvature(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Second derivative of :func:`nll` by each weight: 1 / scale².

    >>> curvature(torch.tensor([0.0, 3.0]), scale=2.0)
    tensor([0.2500, 0.2500])
    """
    checks.prior_weights(weights, scale)
    return torch.ones_like(weights) / scale / scale


def shrink(values: torch.Tensor, strength: float) -> torch.Tensor:
    """The w that minimises (a − w)²/2 + strength · w²/2 for each value a: a / (1 + strength).

    Every value moves by the same *share*; none but 0 becomes 0.

    >>> shrink(torch.tensor([-3.0, 0.5, 2.0]), 1.0)
    tensor([-1.5000,  0.2500,  1.0000])
    """
    checks.shrinkage(values, strength)
    return values / (1 + strength)


def sample(shape, *, scale: float, generator=None, dtype=torch.float64) -> torch.Tensor:
    """Draw weights from the prior.

    >>> sample((2, 3), scale=1.0, generator=torch.Generator().manual_seed(0)).shape
    torch.Size([2, 3])
    """
    checks.positive(scale, "scale")
    return scale * torch.randn(shape, generator=generator, dtype=dtype)


def reference(scale) -> torch.distributions.Distribution:
    """The same prior from torch's own library, for the checks to compare with."""
    return torch.distributions.Normal(torch.zeros_like(torch.as_tensor(scale)), scale)
