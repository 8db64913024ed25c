"""Squared error: the negative log-likelihood of Gaussian noise.

The target is the prediction plus Gaussian noise, y = f + ε with ε ~ N(0, scale²), so
p(y | f) = exp(−(y − f)² / (2 scale²)) / √(2π scale²), and −log p is an increasing affine
function of (y − f)² as long as ``scale`` does not change.

Source: chapter "Why squared error?"; Gauss 1809, *Theoria motus*, book II, section 3.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import torch

from mlebook import checks, datasets

if TYPE_CHECKING:
    from mlebook.estimators import FitResult

SLUG = "squared_error"
TITLE = "Squared error"
NOISE = "Gaussian"
SUPPORT = "real"
OUTPUT = "the location of a Gaussian (any real number)"
OUTPUTS = ("loc",)
ESTIMATES = "the conditional mean"
USE = "regression with symmetric, light-tailed noise of constant spread"
NOISE_PARAMETERS = ("scale",)
EXISTENCE = "always for the mean; for the scale unless all targets are equal"
NO_ESTIMATE = (3.0, 3.0)  # targets for which the likelihood has no maximum
#: (prediction, target, noise) at which value and gradient must stay finite in float32
EXTREMES = tuple((prediction, target, {"scale": scale}) for prediction in (-1e4, 0.0, 1e4)
                 for target in (-1e4, 1e4) for scale in (1e-11, 1e-6, 1.0, 1e6, 1e11))


class Estimate(NamedTuple):
    """Maximum likelihood estimate of a Gaussian; both fields are 0-d tensors."""
    loc: torch.Tensor
    scale: torch.Tensor


def nll(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Negative log-density of N(prediction, scale²) at the target, elementwise, in nats.

    (y − f)² / (2 scale²) + log scale + ½ log 2π; negative where the density exceeds 1.

    Args:
        prediction: location f, any shape, floating point.
        target: observed y, of the same shape and type (nothing is broadcast).
        scale: standard deviation > 0, in the target's unit; number, or tensor 0-d or like target.

    Raises:
        TypeError, ValueError: types or shapes differ, data empty or not finite, scale <= 0.

    >>> nll(torch.tensor([68.0]), torch.tensor([70.0]), scale=2.0)
    tensor([2.1121])
    """
    checks.location_scale(prediction, target, scale)
    log_scale = torch.as_tensor(scale, dtype=target.dtype).log()
    return ((target - prediction) / scale).square() / 2 + log_scale + math.log(2 * math.pi) / 2


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Squared error (y − f)², elementwise, without the factor ½ that some texts add.

    >>> loss(torch.tensor([68.0]), torch.tensor([70.0]))
    tensor([4.])
    """
    checks.real_target(prediction, target)
    return (target - prediction).square()


def gradient(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Derivative of :func:`nll` by the prediction, elementwise: (f − y) / scale².

    >>> gradient(torch.tensor([68.0]), torch.tensor([70.0]), scale=2.0)
    tensor([-0.5000])
    """
    checks.location_scale(prediction, target, scale)
    return (prediction - target) / scale / scale  # twice: scale² may underflow in float32


def curvature(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Second derivative of :func:`nll` by the prediction, elementwise: 1 / scale².

    >>> curvature(torch.tensor([68.0]), torch.tensor([70.0]), scale=2.0)
    tensor([0.2500])
    """
    checks.location_scale(prediction, target, scale)
    return torch.ones_like(target) / scale / scale


def sample(prediction: torch.Tensor, *, scale, generator=None) -> torch.Tensor:
    """Draw a target for each prediction: f + scale · ε, ε ~ N(0, 1) from a torch.Generator.

    >>> sample(torch.zeros(2), scale=1.0, generator=torch.Generator().manual_seed(0)).shape
    torch.Size([2])
    """
    checks.location_scale(prediction, prediction, scale)
    noise = torch.randn(prediction.shape, generator=generator, dtype=prediction.dtype)
    return prediction + scale * noise


def estimate(target: torch.Tensor) -> Estimate:
    """Maximum likelihood estimate (loc, scale): the mean and √(Σ (y − mean)² / n).

    Division by n, not n − 1, maximises the likelihood; the variance comes out too small by the
    factor (n − 1)/n on average.  All values equal: raises ``checks.NoFiniteEstimateError``.

    >>> loc, scale = estimate(torch.tensor([1.0, 2.0, 6.0]))
    >>> f"{loc:.3f} {scale:.3f}"
    '3.000 2.160'
    """
    checks.real_target(target, target)
    loc = target.mean()
    return Estimate(loc, **estimate_noise(loc.expand_as(target), target))


def estimate_noise(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, torch.Tensor]:
    """Maximum likelihood estimate of the scale, given the predictions: √mean (y − f)².

    Not centred again, divided by n: too small if the predictions were fitted to these targets.
    Raises as :func:`estimate` does.

    >>> estimate_noise(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0]))
    {'scale': tensor(1.5811)}
    """
    checks.real_target(prediction, target)
    residual = target - prediction
    unit = float(residual.abs().max())  # of the squares, which may underflow in the target's
    if unit <= 8 * torch.finfo(target.dtype).eps * float(target.abs().max()):
        raise checks.NoFiniteEstimateError("target: every residual is 0 to rounding; the "
                                           "likelihood grows without bound as scale goes to 0")
    length = torch.linalg.vector_norm(residual / unit)
    return {"scale": length * (unit / math.sqrt(target.numel()))}


def reference(prediction: torch.Tensor, *, scale) -> torch.distributions.Distribution:
    """The same noise model from torch's own library, for the checks to compare with."""
    return torch.distributions.Normal(prediction, scale)


def fit_weights(X: torch.Tensor, y: torch.Tensor) -> FitResult:
    """Least squares for predictions X w; :func:`mlebook.estimators.least_squares`.

    :func:`mlebook.estimators.fit_linear` comes here: the normal equations give the minimum that
    Newton's method would find.

    >>> ones = torch.ones(3, 1, dtype=torch.float64)
    >>> fit_weights(ones, torch.tensor([1.0, 2.0, 6.0], dtype=torch.float64)).params
    tensor([3.0...], dtype=torch.float64)
    """
    from mlebook.estimators import least_squares  # imported late: estimators import losses

    return least_squares(X, y)


def examples(generator: torch.Generator) -> Iterator[tuple[torch.Tensor, dict]]:
    """Locations and scales in float64 over many orders of magnitude, for the checks.

    >>> [noise["scale"] for _, noise in examples(torch.Generator().manual_seed(0))]
    [0.01, 0.5, 1.0, 3.0, 40.0]
    """
    for scale in (0.01, 0.5, 1.0, 3.0, 40.0):
        yield 10 * torch.randn(12, generator=generator, dtype=torch.float64), {"scale": scale}


def real_targets() -> torch.Tensor:
    """Real data on which an optimiser must reach :func:`estimate`: Galton's 928 heights."""
    return torch.tensor(datasets.galton_heights().child_height)
