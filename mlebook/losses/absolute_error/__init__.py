"""Absolute error: the negative log-likelihood of Laplace noise.

The target is the prediction plus Laplace noise, y = f + ε with
p(y | f) = exp(−abs(y − f) / scale) / (2 scale), and −log p is an increasing affine function of
abs(y − f) as long as ``scale`` does not change.

**What** ``scale`` **is here:** Laplace's b, the mean absolute deviation E abs(ε), in the target's
unit.  It is the number that ``torch.distributions.Laplace`` and ``scipy.stats.laplace`` call
``scale`` too.  It is not the standard deviation, which is √2 · scale.

Quantiles other than the median have the tilted sibling of this loss, see :mod:`.pinball`.

Source: chapter "Why absolute error?"; Laplace 1774, "Mémoire sur la probabilité des causes par
les évènements".
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import torch

from mlebook import checks, datasets
from mlebook.losses import Row

from .pinball import pinball, pinball_gradient, pinball_nll

if TYPE_CHECKING:
    from mlebook.estimators import QuantileFit

__all__ = ["Estimate", "curvature", "estimate", "estimate_noise", "examples", "fit_weights",
           "gradient", "loss", "nll", "pinball", "pinball_gradient", "pinball_nll",
           "real_targets", "reference", "sample"]

SLUG = "absolute_error"
TITLE = "Absolute error"
NOISE = "Laplace"
SUPPORT = "real"
OUTPUT = "the location of a Laplace law (any real number)"
OUTPUTS = ("loc",)
ESTIMATES = "the conditional median"
USE = "regression when some targets may be far off"
NOISE_PARAMETERS = ("scale",)
EXISTENCE = ("always for the median, though it may be a whole interval; for the scale unless all "
             "targets are equal")
NO_ESTIMATE = (3.0, 3.0)  # targets for which the likelihood has no maximum
#: (prediction, target, noise) at which value and gradient must stay finite in float32
EXTREMES = tuple((prediction, target, {"scale": scale}) for prediction in (-1e4, 0.0, 1e4)
                 for target in (-1e4, 1e4) for scale in (1e-30, 1e-6, 1.0, 1e6, 1e30))
#: the rows of the map of losses
ROWS = (Row(TITLE, NOISE, OUTPUT, ESTIMATES, USE),
        Row("Pinball loss", "asymmetric Laplace", "a quantile of the target (any real number)",
            "the conditional quantile", "intervals, stocks, forecasts where too low and too high "
            "cost differently"))


class Estimate(NamedTuple):
    """Maximum likelihood estimate of a Laplace law; both fields are 0-d tensors."""
    loc: torch.Tensor
    scale: torch.Tensor


def nll(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Negative log-density of Laplace(prediction, scale) at the target, elementwise, in nats.

    abs(y − f) / scale + log(2 scale); negative where the density exceeds 1.

    Args:
        prediction: location f, any shape, floating point.
        target: observed y, of the same shape and type (nothing is broadcast).
        scale: mean absolute deviation b > 0 (the standard deviation is √2 b), in the target's
            unit; number, or tensor 0-d or like target.

    Raises:
        TypeError, ValueError: types or shapes differ, data empty or not finite, scale <= 0.

    >>> nll(torch.tensor([24.0]), torch.tensor([28.0]), scale=5.0)
    tensor([3.1026])
    """
    checks.location_scale(prediction, target, scale)
    log_scale = torch.as_tensor(scale, dtype=target.dtype).log()
    return (target - prediction).abs() / scale + log_scale + math.log(2)


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Absolute error abs(y − f), elementwise.

    >>> loss(torch.tensor([24.0]), torch.tensor([28.0]))
    tensor([4.])
    """
    checks.real_target(prediction, target)
    return (target - prediction).abs()


def gradient(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Derivative of :func:`nll` by the prediction, elementwise: sign(f − y) / scale.

    At f = y there is a kink and no derivative.  We return 0 there, as torch does: one of the
    subgradients, the slopes between −1/scale and 1/scale of the lines that touch from below.

    >>> gradient(torch.tensor([24.0, 28.0]), torch.tensor([28.0, 28.0]), scale=5.0)
    tensor([-0.2000,  0.0000])
    """
    checks.location_scale(prediction, target, scale)
    return (prediction - target).sign() / scale


def curvature(prediction: torch.Tensor, target: torch.Tensor, *, scale) -> torch.Tensor:
    """Second derivative of :func:`nll` by the prediction, elementwise: 0 wherever it exists.

    At f = y it does not exist: the slope jumps by 2 / scale.  So Newton's method has nothing to
    go by here; :func:`mlebook.estimators.fit_quantile` finds the minimum by linear programming.

    >>> curvature(torch.tensor([24.0]), torch.tensor([28.0]), scale=5.0)
    tensor([0.])
    """
    checks.location_scale(prediction, target, scale)
    return torch.zeros_like(target)


def sample(prediction: torch.Tensor, *, scale, generator=None) -> torch.Tensor:
    """Draw a target for each prediction: f + scale · ε, with ε ~ Laplace(0, 1).

    ε is the difference of two independent exponentials with mean 1.

    >>> sample(torch.zeros(2), scale=1.0, generator=torch.Generator().manual_seed(0)).shape
    torch.Size([2])
    """
    checks.location_scale(prediction, prediction, scale)
    uniform = torch.rand((2, *prediction.shape), generator=generator, dtype=prediction.dtype)
    first, second = -torch.log1p(-uniform)  # u is never 1, so each is finite
    return prediction + scale * (first - second)


def estimate(target: torch.Tensor) -> Estimate:
    """Maximum likelihood estimate (loc, scale): the median and the mean of abs(y − median).

    For an even number of targets every point between the two middle ones is a maximiser; we
    return their midpoint (``torch.median`` returns the lower one).  All values equal: raises
    ``checks.NoFiniteEstimateError``.

    >>> loc, scale = estimate(torch.tensor([1.0, 2.0, 6.0, 4.0]))
    >>> f"{loc:.3f} {scale:.3f}"
    '3.000 1.750'
    """
    checks.real_target(target, target)
    ordered = target.reshape(-1).sort().values
    n = len(ordered)
    loc = ordered[(n - 1) // 2] / 2 + ordered[n // 2] / 2
    return Estimate(loc, **estimate_noise(loc.expand_as(target), target))


def estimate_noise(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, torch.Tensor]:
    """Maximum likelihood estimate of the scale, given the predictions: mean abs(y − f).

    Too small if the predictions were fitted to these targets.  Raises as :func:`estimate` does.

    >>> estimate_noise(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0]))
    {'scale': tensor(1.5000)}
    """
    checks.real_target(prediction, target)
    residual = (target - prediction).abs()
    if residual.max() <= 8 * torch.finfo(target.dtype).eps * target.abs().max():
        raise checks.NoFiniteEstimateError("target: every residual is 0 to rounding; the "
                                           "likelihood grows without bound as scale goes to 0")
    return {"scale": residual.mean()}


def reference(prediction: torch.Tensor, *, scale) -> torch.distributions.Distribution:
    """The same noise model from torch's own library, for the checks to compare with."""
    return torch.distributions.Laplace(prediction, scale)


def real_targets() -> torch.Tensor:
    """Real data on which an optimiser must reach :func:`estimate`: Newcomb's 66 light times."""
    return datasets.newcomb_light().tensor("deviation")


def fit_weights(X: torch.Tensor, y: torch.Tensor) -> QuantileFit:
    """Least absolute error for predictions X w, exactly; :func:`~mlebook.estimators.fit_quantile`.

    :func:`mlebook.estimators.fit_linear` comes here, since there is no curvature to go by.

    >>> fit_weights(torch.ones(3, 1), torch.tensor([1.0, 2.0, 6.0])).params
    tensor([2.], dtype=torch.float64)
    """
    from mlebook.estimators import fit_quantile  # imported late: estimators import losses

    return fit_quantile(X, y, quantile=0.5)


def examples(generator: torch.Generator) -> Iterator[tuple[torch.Tensor, dict]]:
    """Locations and scales in float64 over many orders of magnitude, for the checks.

    >>> [noise["scale"] for _, noise in examples(torch.Generator().manual_seed(0))]
    [0.01, 0.5, 1.0, 3.0, 40.0]
    """
    for scale in (0.01, 0.5, 1.0, 3.0, 40.0):
        yield 10 * torch.randn(12, generator=generator, dtype=torch.float64), {"scale": scale}
