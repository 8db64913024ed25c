"""Binary cross-entropy: the negative log-likelihood of a Bernoulli outcome, from its logit.

The target is 0 or 1, and the model outputs the log-odds z of a 1, so that
p(y | z) = s(z)^y (1 − s(z))^(1 − y) with the sigmoid s(z) = 1 / (1 + exp(−z)), and
−log p = softplus(z) − y z with softplus(z) = log(1 + exp(z)).  This *is* the textbook loss:
nothing is scaled and nothing is left out.

Both are computed as softplus(−z) for y = 1 and softplus(z) for y = 0, which is the same, never
subtracts two large numbers, and is finite for every finite logit.

Source: chapter "Why binary cross-entropy?"; Cox 1958, *Journal of the Royal Statistical
Society B* 20, 215–242.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch.nn.functional import softplus

from mlebook import checks, datasets

SLUG = "binary_cross_entropy"
TITLE = "Binary cross-entropy"
NOISE = "Bernoulli"
SUPPORT = "binary"
OUTPUT = "the logit of a 1 (any real number)"
OUTPUTS = ("logits",)
ESTIMATES = "the conditional probability of a 1, as log-odds"
USE = "yes or no: classification with two classes, and the probability of an event"
NOISE_PARAMETERS = ()
EXISTENCE = "if both outcomes occur; in a linear model if no weights separate them"
NO_ESTIMATE = (1.0, 1.0)  # targets for which the likelihood has no maximum
#: (prediction, target, noise) at which value and gradient must stay finite in float32
EXTREMES = tuple((logit, target, {}) for logit in (-1e4, 0.0, 1e4) for target in (0.0, 1.0))


class Estimate(NamedTuple):
    """Maximum likelihood estimate of a Bernoulli law's log-odds, a 0-d tensor."""
    logits: torch.Tensor


def nll(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Negative log-probability of the target, elementwise, in nats: softplus(z) − y z.

    Args:
        prediction: logits z, any shape, floating point.
        target: observed y, 0 or 1 as floating point, of the same shape and type.

    Raises:
        TypeError, ValueError: types or shapes differ, data empty, not finite, or not 0 or 1.

    >>> nll(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 0.0]))
    tensor([0.6931, 2.1269])
    """
    checks.binary_target(prediction, target)
    # for y = 1 it is softplus(−z); above 40, log(1 + exp(z)) is z in double precision
    return softplus((1 - 2 * target) * prediction, threshold=40)


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy −[y log s(z) + (1 − y) log(1 − s(z))], elementwise: the nll itself.

    >>> loss(torch.tensor([2.0]), torch.tensor([1.0]))
    tensor([0.1269])
    """
    return nll(prediction, target)


def gradient(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Derivative of :func:`nll` by the logit, elementwise: s(z) − y, probability minus outcome.

    >>> gradient(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 0.0]))
    tensor([-0.5000,  0.8808])
    """
    checks.binary_target(prediction, target)
    sign = 1 - 2 * target
    return sign * torch.sigmoid(sign * prediction)  # s(z) − 1 = −s(−z), without cancellation


def curvature(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Second derivative of :func:`nll` by the logit, elementwise: s(z) (1 − s(z)).

    It is positive, and the same for both targets.

    >>> curvature(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 0.0]))
    tensor([0.2500, 0.1050])
    """
    checks.binary_target(prediction, target)
    return torch.sigmoid(prediction) * torch.sigmoid(-prediction)  # 1 − s(z) = s(−z)


def terms(prediction: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """:func:`nll`, :func:`gradient` and :func:`curvature` at once, for fitters.

    >>> terms(torch.tensor([0.0]), torch.tensor([1.0]))
    (tensor([0.6931]), tensor([-0.5000]), tensor([0.2500]))
    """
    checks.binary_target(prediction, target)
    sign = 1 - 2 * target
    logit = sign * prediction  # of the outcome that did not occur
    other = torch.sigmoid(logit)  # its probability
    return softplus(logit, threshold=40), sign * other, other * torch.sigmoid(-logit)


def sample(prediction: torch.Tensor, *, generator=None) -> torch.Tensor:
    """Draw a 0 or 1 for each logit, 1 with probability s(z), from a torch.Generator.

    >>> sample(torch.tensor([-50.0, 50.0]), generator=torch.Generator().manual_seed(0))
    tensor([0., 1.])
    """
    checks.prediction_alone(prediction)
    return torch.bernoulli(torch.sigmoid(prediction), generator=generator)


def estimate(target: torch.Tensor) -> Estimate:
    """Maximum likelihood estimate (logits,): log(k / (n − k)) for k ones among n.

    It is the logit of the mean.  All values equal: raises ``checks.NoFiniteEstimateError``,
    because the likelihood grows for ever as the logit goes to plus or minus infinity.

    >>> estimate(torch.tensor([1.0, 1.0, 0.0]))
    Estimate(logits=tensor(0.6931))
    """
    checks.binary_target(target, target)
    ones, n = int(target.count_nonzero()), target.numel()
    if ones in (0, n):
        raise checks.NoFiniteEstimateError(
            f"target: all {n} values are {int(ones > 0)}; the likelihood keeps growing "
            f"as the logit goes to {'' if ones else '-'}infinity")
    return Estimate(torch.tensor(ones / (n - ones), dtype=torch.float64).log().to(target.dtype))


def estimate_noise(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, torch.Tensor]:
    """Nothing: a Bernoulli law has no parameter beside its probability.

    >>> estimate_noise(torch.zeros(1), torch.ones(1))
    {}
    """
    checks.binary_target(prediction, target)
    return {}


def reference(prediction: torch.Tensor) -> torch.distributions.Distribution:
    """The same noise model from torch's own library, for the checks to compare with."""
    return torch.distributions.Bernoulli(logits=prediction)


def examples(generator: torch.Generator) -> Iterator[tuple[torch.Tensor, dict]]:
    """Logits in float64 over many orders of magnitude, for the checks.

    >>> [len(logits) for logits, noise in examples(torch.Generator().manual_seed(0))]
    [12, 12, 12, 12, 12]
    """
    for size in (1e-3, 0.1, 1.0, 10.0, 100.0):
        yield size * torch.randn(12, generator=generator, dtype=torch.float64), {}


def real_targets() -> torch.Tensor:
    """Real data on which an optimiser must reach :func:`estimate`: damage on 23 launches."""
    return torch.tensor(datasets.challenger_orings().incidents > 0, dtype=torch.float64)
