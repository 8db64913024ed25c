"""The Laplace prior: minus its log is the L1 penalty (lasso).

Each weight has the density exp(−abs(w) / scale) / (2 scale), independently, so that
−log p(w) = abs(w) / scale + log(2 scale): a penalty abs(w) times 1 / scale, plus a constant.
The same functions exist for the other prior, :mod:`mlebook.losses.map.gaussian`.

**What** ``scale`` **is here:** Laplace's b = E abs(w); the standard deviation is √2 · scale.

Source: chapter "Where does regularisation come from?"; Tibshirani 1996, "Regression shrinkage
and selection via the lasso", Journal of the Royal Statistical Society B 58.
"""
from __future__ import annotations

import torch

from mlebook import checks

PRIOR = "Laplace"
PENALTY = "L1"
SPARSE = True  # whether a mode can have weights that are exactly 0
#: (weights, scale) whose value and gradient must be finite in float32
EXTREMES = tuple((w, scale) for w in (-1e4, 0.0, 1e4) for scale in (1e-6, 1.0, 1e6))


def nll(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Negative log-density of Laplace(0, scale) at each weight, in nats, constants kept.

    abs(w) / scale + log(2 scale); the sum over the weights is −log prior.

    Args:
        weights: any shape, floating point.
        scale: the prior's b > 0, in the weights' unit; a number, or a tensor that is 0-d or
            like weights.

    Raises:
        TypeError, ValueError: weights empty or not finite, scale <= 0, types or shapes differ.

    >>> nll(torch.tensor([0.0, 3.0]), scale=1.0)
    tensor([0.6931, 3.6931])
    """
    checks.prior_weights(weights, scale)
    twice = 2 * torch.as_tensor(scale, dtype=weights.dtype)
    return weights.abs() / scale + twice.log()


def penalty(weights: torch.Tensor) -> torch.Tensor:
    """The L1 penalty abs(w), elementwise: :func:`nll` is ``rate(scale) * penalty`` + constant.

    >>> penalty(torch.tensor([0.0, -3.0]))
    tensor([0., 3.])
    """
    checks.prior_weights(weights, 1.0)
    return weights.abs()


def rate(scale: float) -> float:
    """The coefficient λ = 1 / scale of the penalty beside the *summed* nll.

    >>> rate(0.5)
    2.0
    """
    checks.positive(scale, "scale")
    return 1 / scale


def scale_for(rate: float) -> float:
    """The prior scale 1/rate that a coefficient stands for: the inverse of :func:`rate`.

    >>> scale_for(2.0)
    0.5
    """
    checks.positive(rate, "rate")
    return 1 / rate


def gradient(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Derivative of :func:`nll` by each weight: sign(w) / scale, a pull that does not tire.

    At 0 there is a kink and no derivative; the value returned there is 0, one of the
    subgradients, which fill the interval from −1/scale to 1/scale.

    >>> gradient(torch.tensor([-2.0, 0.0, 3.0]), scale=2.0)
    tensor([-0.5000,  0.0000,  0.5000])
    """
    checks.prior_weights(weights, scale)
    return weights.sign() / scale


def curvature(weights: torch.Tensor, *, scale) -> torch.Tensor:
    """Second derivative of :func:`nll` by each weight: 0 (at the kink, 0, there is none).

    >>> curvature(torch.tensor([-2.0, 3.0]), scale=2.0)
    tensor([0., 0.])
    """
    checks.prior_weights(weights, scale)
    return torch.zeros_like(weights)


def shrink(values: torch.Tensor, strength: float) -> torch.Tensor:
    """The w that minimises (a − w)²/2 + strength · abs(w) for each value a: the soft threshold.

    sign(a) · max(abs(a) − strength, 0): every value moves by the same *distance*, and those
    within ``strength`` of 0 become exactly 0.

    >>> shrink(torch.tensor([-3.0, 0.5, 2.0]), 1.0)
    tensor([-2.,  0.,  1.])
    """
    checks.shrinkage(values, strength)
    return values - values.clamp(-strength, strength)  # exact 0 where |a| <= strength


def sample(shape, *, scale: float, generator=None, dtype=torch.float64) -> torch.Tensor:
    """Draw weights from the prior.

    >>> sample((2, 3), scale=1.0, generator=torch.Generator().manual_seed(0)).shape
    torch.Size([2, 3])
    """
    checks.positive(scale, "scale")
    uniform = torch.rand(shape, generator=generator, dtype=dtype)  # in [0, 1): the log is finite
    sign = 2 * torch.randint(0, 2, uniform.shape, generator=generator) - 1
    return -scale * sign * torch.log1p(-uniform)


def reference(scale) -> torch.distributions.Distribution:
    """The same prior from torch's own library, for the checks to compare with."""
    return torch.distributions.Laplace(torch.zeros_like(torch.as_tensor(scale)), scale)
