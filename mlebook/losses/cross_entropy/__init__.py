"""Cross-entropy: the negative log-likelihood of a categorical law, given its logits.

The model outputs K real numbers z, the logits.  Softmax turns them into probabilities
q_c = exp z_c / Σ_k exp z_k, and a label t that was observed has the negative log-likelihood
−log q_t = log Σ_k exp z_k − z_t.  Classes are numbered 0, …, K − 1 in the code and 1, …, K on
paper.  Adding one number to all logits changes nothing.

Source: chapter "Why cross-entropy?"; Bridle 1990 (softmax); Goodfellow, Bengio and Courville
2016, section 6.2.2.3.
"""
from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import NamedTuple

import numpy as np
import torch

from mlebook import checks, datasets

SLUG = "cross_entropy"
TITLE = "Cross-entropy"
NOISE = "categorical"
SUPPORT = "classes"
OUTPUT = "K logits (any real numbers; only their differences matter)"
OUTPUTS = ("logits",)
ESTIMATES = "the probability of each class, given the input"
USE = "one of K classes that exclude each other"
NOISE_PARAMETERS = ()
EXISTENCE = "if every class occurs (with inputs: if no direction of the weights separates them)"
NO_ESTIMATE = (0, 2, 2)  # targets for which the likelihood has no maximum: class 1 is missing
#: (prediction, target, noise) at which value and gradient stay finite in float32.
EXTREMES = (([1e4, -1e4, 0.0], 0, {}), ([1e4, -1e4, 0.0], 1, {}), ([1e30, 0.0], 1, {}),
            ([-1e4, -1e4, -1e4], 2, {}), ([88.0, 89.0, 1e-30], 2, {}))


class Estimate(NamedTuple):
    """Maximum likelihood estimate without inputs: K logits that sum to zero, float64."""
    logits: torch.Tensor


def nll(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Negative log-probability of the target, −log softmax(z)_t = log Σ exp z_k − z_t, in nats.

    Never negative; log K if all logits are equal.

    Args:
        prediction: logits z of shape (…, K), floating point, K >= 2.
        target: labels t of shape (…), integers (int64) in 0, …, K − 1.

    Raises:
        TypeError, ValueError: types or shapes do not fit, data are empty, a logit is not
            finite, a label is no class.

    >>> nll(torch.tensor([[2.0, 0.0, 0.0]]), torch.tensor([0]))
    tensor([0.2395])
    """
    checks.class_target(prediction, target)
    z = _shifted(prediction)
    return z.exp().sum(dim=-1).log() - z.gather(-1, target[..., None])[..., 0]


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of one-hot target and softmax, elementwise: the same number as :func:`nll`.

    >>> loss(torch.zeros(1, 3), torch.tensor([2]))  # log 3
    tensor([1.0986])
    """
    return nll(prediction, target)


def gradient(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Derivative of :func:`nll` by the logits, softmax(z) − onehot(t), shape (…, K).

    Each row sums to zero; no entry exceeds 1 in size.

    >>> gradient(torch.zeros(1, 2), torch.tensor([1]))
    tensor([[ 0.5000, -0.5000]])
    """
    checks.class_target(prediction, target)
    return _slope(_softmax(prediction), target)


def curvature(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Hessian of :func:`nll` by the logits, diag(q) − q qᵀ with q = softmax(z).

    Shape (…, K, K); free of the target; positive semidefinite, zero along (1, …, 1).

    >>> curvature(torch.zeros(1, 2), torch.tensor([1]))
    tensor([[[ 0.2500, -0.2500],
             [-0.2500,  0.2500]]])
    """
    checks.class_target(prediction, target)
    return _spread(_softmax(prediction))


def terms(prediction: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """:func:`nll`, :func:`gradient` and :func:`curvature` at once, with one exponential each.

    A fitter that needs all three at every step uses it.

    >>> [tuple(term.shape) for term in terms(torch.zeros(2, 3), torch.tensor([0, 2]))]
    [(2,), (2, 3), (2, 3, 3)]
    """
    checks.class_target(prediction, target)
    z = _shifted(prediction)
    odds = z.exp()
    total = odds.sum(dim=-1, keepdim=True)
    q = odds / total
    value = (total.log() - z.gather(-1, target[..., None]))[..., 0]
    return value, _slope(q, target), _spread(q)


def sample(prediction: torch.Tensor, *, generator=None) -> torch.Tensor:
    """Draw a label for each row of logits, with the probabilities softmax(z); shape (…).

    >>> sample(torch.tensor([[0.0, 100.0]]), generator=torch.Generator().manual_seed(0))
    tensor([1])
    """
    checks.logits(prediction, "prediction")
    rows = _softmax(prediction).reshape(-1, prediction.shape[-1])
    return torch.multinomial(rows, 1, generator=generator).reshape(prediction.shape[:-1])


def estimate(target: torch.Tensor) -> Estimate:
    """Maximum likelihood logits without inputs: log shares of the classes, centred.

    Of all logits with these probabilities, those that sum to zero.  The classes are 0, 1, …,
    up to the largest label, at least two; if one of them never occurs its logit would have to
    be −∞: raises ``checks.NoFiniteEstimateError``.

    >>> estimate(torch.tensor([0, 0, 0, 1])).logits.softmax(0)
    tensor([0.7500, 0.2500], dtype=torch.float64)
    """
    checks.labels(target, "target")
    counts = torch.bincount(target.reshape(-1), minlength=2)
    if not counts.all():
        raise checks.NoFiniteEstimateError(
            f"target: class {int(counts.argmin())} never occurs among the classes 0, …, "
            f"{len(counts) - 1}; the likelihood grows as its logit goes to -infinity")
    logits = counts.to(torch.float64).log()
    return Estimate(logits - logits.mean())


def estimate_noise(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, torch.Tensor]:
    """An empty dictionary: the logits determine the law, there are no further parameters.

    >>> estimate_noise(torch.zeros(1, 2), torch.tensor([1]))
    {}
    """
    checks.class_target(prediction, target)
    return {}


def reference(prediction: torch.Tensor) -> torch.distributions.Distribution:
    """The same noise model from torch's own library, for the checks to compare with."""
    return torch.distributions.Categorical(logits=prediction)


# --- targets that are probabilities -------------------------------------------------------


def soft_nll(prediction: torch.Tensor, probabilities: torch.Tensor) -> torch.Tensor:
    """Cross-entropy −Σ_c p_c log softmax(z)_c of target probabilities p, elementwise, in nats.

    With a one-hot p it is :func:`nll` of the label; with :func:`smooth` it is the loss called
    label smoothing.  Its gradient by the logits is softmax(z) − p.

    Args:
        prediction: logits z of shape (…, K), floating point, K >= 2.
        probabilities: p, of the same shape and type; rows that sum to 1, zeros allowed.

    Raises:
        TypeError, ValueError: as :func:`nll`; a row is not a distribution.

    >>> soft_nll(torch.tensor([2.0, 0.0, 0.0]), torch.tensor([0.8, 0.1, 0.1]))
    tensor(0.6395)
    """
    checks.class_probabilities(prediction, probabilities)
    z = _shifted(prediction)
    minus_log_softmax = z.exp().sum(dim=-1, keepdim=True).log() - z
    value = (probabilities * minus_log_softmax).sum(dim=-1)
    checks.representable(value, "prediction")  # logits may be too far apart for the type
    return value


def smooth(target: torch.Tensor, classes: int, amount: float, *,
           dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Smoothed labels (1 − amount)·onehot(t) + amount/K, shape (…, K); amount 0 is one-hot.

    Args:
        target: labels t of shape (…), integers in 0, …, K − 1.
        classes: K, at least 2.
        amount: γ, with 0 <= γ < 1; the true class gets 1 − γ + γ/K.
        dtype: of the result, floating point.

    Source: Szegedy et al. 2016, section 7.

    >>> smooth(torch.tensor([1]), 4, 0.1)
    tensor([[0.0250, 0.9250, 0.0250, 0.0250]], dtype=torch.float64)
    """
    checks.whole(classes, "classes", minimum=2)
    checks.labels(target, "target", classes)
    if not (isinstance(amount, Real) and 0 <= amount < 1):
        raise ValueError(f"amount: expected a number in [0, 1), got {amount!r}")
    one_hot = torch.nn.functional.one_hot(target, classes).to(dtype)
    return (1 - amount) * one_hot + amount / classes


def _softmax(z: torch.Tensor) -> torch.Tensor:
    # torch.softmax starts threads even for a few rows, which costs more than the sum itself
    odds = _shifted(z).exp()
    return odds / odds.sum(dim=-1, keepdim=True)


def _slope(q: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return q - torch.nn.functional.one_hot(target, q.shape[-1])


def _spread(q: torch.Tensor) -> torch.Tensor:
    identity = torch.eye(q.shape[-1], dtype=q.dtype, device=q.device)
    return q[..., :, None] * (identity - q[..., None, :])


def _shifted(z: torch.Tensor) -> torch.Tensor:
    # Softmax is the same for z − m, for any number m in each row; with the largest logit as m
    # no exponential overflows.  m is a constant to autograd for the same reason.
    return z - z.detach().amax(dim=-1, keepdim=True)


# --- for the certificate and the laws -----------------------------------------------------


def examples(generator: torch.Generator) -> Iterator[tuple[torch.Tensor, dict]]:
    """Logits of 2, 3 and 10 classes in float64, of size 1e-6 to 500, for the checks.

    >>> [tuple(z.shape) for z, _ in examples(torch.Generator().manual_seed(0))][::5]
    [(4, 2), (4, 3), (4, 10)]
    """
    for classes in (2, 3, 10):
        for size in (1e-6, 1e-2, 1.0, 10.0, 500.0):
            yield size * torch.randn(4, classes, generator=generator, dtype=torch.float64), {}


def real_targets() -> torch.Tensor:
    """Real data on which an optimiser must reach :func:`estimate`: the species of 344 penguins."""
    return torch.tensor(np.unique(datasets.penguins().species, return_inverse=True)[1])
