"""Heteroscedastic regression: Gaussian noise whose scale the model predicts too.

The model has two outputs for each target: the location μ and the log-variance s = log σ².  The
target is y = μ + exp(s/2)·ε with ε ~ N(0, 1), so −log p = ½ [log 2π + s + (y − μ)² exp(−s)].

The last axis of ``prediction`` holds (loc, log_variance).  ``log_variance`` is the log of a
*variance*: the scale is exp(log_variance / 2).

Range.  Value, gradient and curvature are finite as long as abs(log_variance), abs(y − μ) and the
standardised residual abs(y − μ) exp(−log_variance/2) are at most 80, 1e18 and 1e18 in float32, and
at most 700, 1e150 and 1e150 in float64.  Beyond that, a result that is not finite raises an
error; nothing is clipped.  (Autograd is not watched: there a finite value can have an infinite
slope, for which :func:`gradient` would raise.)

Source: chapter "What if the noise is not constant?"; Nix and Weigend 1994, *Estimating the mean
and variance of the target probability distribution*.
"""
from __future__ import annotations

import math
from typing import NamedTuple

import torch

from mlebook import checks, datasets
from mlebook.losses import squared_error

SLUG = "heteroscedastic"
TITLE = "Heteroscedastic regression"
NOISE = "Gaussian with a scale of its own for each target"
SUPPORT = "real"
OUTPUT = "the location and the log-variance of a Gaussian (two real numbers)"
ESTIMATES = "the conditional mean and the conditional variance"
USE = "regression where the spread changes with the input, and the spread is wanted too"
OUTPUTS = ("loc", "log_variance")
NOISE_PARAMETERS = ()
EXISTENCE = "for two constants unless all targets are equal; never if the mean can interpolate"
NO_ESTIMATE = (3.0, 3.0)  # targets for which the likelihood has no maximum
#: (prediction, target, noise) that must stay finite in float32, value and gradient
EXTREMES = (
    *(([loc, log_variance], 1.0, {}) for loc in (-1e4, 1.0, 1e4)
      for log_variance in (-50.0, 0.0, 50.0)),
    ([0.0, -80.0], 0.0, {}), ([0.0, -80.0], 1.0, {}), ([0.0, 80.0], 1e18, {}))


class Estimate(NamedTuple):
    """Maximum likelihood estimate of a Gaussian; both fields are 0-d tensors."""
    loc: torch.Tensor
    log_variance: torch.Tensor


def nll(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Negative log-density of N(loc, exp(log_variance)) at the target, elementwise, in nats.

    ½ [log 2π + s + (y − μ)² exp(−s)]; negative where the density exceeds 1, and without a lower
    bound where the residual is 0.

    Args:
        prediction: (…, 2), location μ in the target's unit and log-variance s, floating point.
        target: (…), observed y, of the same type (nothing is broadcast).

    Raises:
        TypeError, ValueError: types or shapes do not fit, data empty or not finite, or the
            result overflows.

    >>> nll(torch.tensor([[68.0, math.log(4.0)]]), torch.tensor([70.0]))
    tensor([2.1121])
    """
    checks.vector_target(prediction, target, OUTPUTS)
    log_variance, standardised, _ = _parts(prediction, target)
    value = (math.log(2 * math.pi) + log_variance + standardised.square()) / 2
    return _checked(value)


def loss(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """½ [s + (y − μ)² exp(−s)]: :func:`nll` without its constant, as libraries have it.

    >>> loss(torch.tensor([[68.0, math.log(4.0)]]), torch.tensor([70.0]))
    tensor([1.1931])
    """
    checks.vector_target(prediction, target, OUTPUTS)
    log_variance, standardised, _ = _parts(prediction, target)
    return _checked((log_variance + standardised.square()) / 2)


def gradient(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Derivatives of :func:`nll` by μ and by s, shape (…, 2).

    They are (μ − y) exp(−s) and ½ [1 − (y − μ)² exp(−s)].

    >>> gradient(torch.tensor([[68.0, math.log(4.0)]]), torch.tensor([71.0]))
    tensor([[-0.7500, -0.6250]])
    """
    checks.vector_target(prediction, target, OUTPUTS)
    _, u, precision_root = _parts(prediction, target)
    value = torch.stack([-u * precision_root, (1 - u.square()) / 2], dim=-1)
    return _checked(value)


def curvature(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Hessian of :func:`nll` in (μ, s), shape (…, 2, 2).

    Rows (exp(−s), (y − μ) exp(−s)) and ((y − μ) exp(−s), ½ (y − μ)² exp(−s)).  Its determinant is
    never positive: the NLL is not convex in both outputs together.

    >>> curvature(torch.tensor([68.0, math.log(4.0)]), torch.tensor(71.0))
    tensor([[0.2500, 0.7500],
            [0.7500, 1.1250]])
    """
    checks.vector_target(prediction, target, OUTPUTS)
    _, u, precision_root = _parts(prediction, target)
    mixed = u * precision_root
    rows = [precision_root.square(), mixed, mixed, u.square() / 2]
    return _checked(torch.stack(rows, dim=-1)).unflatten(-1, (2, 2))


def information(prediction: torch.Tensor) -> torch.Tensor:
    """Fisher information of one target about (μ, s), shape (…, 2, 2): diag(exp(−s), ½).

    The expectation of :func:`curvature` if the model is right; always positive definite.

    >>> information(torch.tensor([68.0, math.log(4.0)]))
    tensor([[0.2500, 0.0000],
            [0.0000, 0.5000]])
    """
    checks.prediction_alone(prediction, OUTPUTS)
    precision = torch.exp(-prediction[..., 1])
    value = torch.stack([precision, torch.full_like(precision, 0.5)], dim=-1)
    return torch.diag_embed(_checked(value))


def sample(prediction: torch.Tensor, *, generator=None) -> torch.Tensor:
    """Draw a target for each prediction: μ + exp(s/2) · ε, ε ~ N(0, 1) from a torch.Generator.

    >>> sample(torch.zeros(3, 2), generator=torch.Generator().manual_seed(0)).shape
    torch.Size([3])
    """
    checks.prediction_alone(prediction, OUTPUTS)
    loc, log_variance = prediction.unbind(-1)
    noise = torch.randn(loc.shape, generator=generator, dtype=loc.dtype)
    return _checked(loc + torch.exp(log_variance / 2) * noise)


def estimate(target: torch.Tensor) -> Estimate:
    """Maximum likelihood estimate of two constants: the mean and log Σ (y − mean)² / n.

    All values equal: raises ``checks.NoFiniteEstimateError``.

    >>> loc, log_variance = estimate(torch.tensor([1.0, 2.0, 6.0]))
    >>> f"{loc:.3f} {log_variance:.3f} {torch.exp(log_variance / 2):.3f}"
    '3.000 1.540 2.160'
    """
    loc, scale = squared_error.estimate(target)
    return Estimate(loc, 2 * scale.log())


def estimate_noise(prediction: torch.Tensor, target: torch.Tensor) -> dict[str, torch.Tensor]:
    """Nothing is left to estimate: the model predicts the noise's log-variance itself.

    >>> estimate_noise(torch.zeros(3, 2), torch.zeros(3))
    {}
    """
    checks.vector_target(prediction, target, OUTPUTS)
    return {}


def reference(prediction: torch.Tensor) -> torch.distributions.Distribution:
    """The same noise model from torch's own library, for the checks to compare with."""
    loc, log_variance = prediction.unbind(-1)
    return torch.distributions.Normal(loc, torch.exp(log_variance / 2))


def real_targets() -> torch.Tensor:
    """Real data on which an optimiser must reach :func:`estimate`: 235 food expenditures."""
    return datasets.engel_food().tensor("food_expenditure")


def examples(generator: torch.Generator):
    """Predictions with scales from 1/100 to 40, and no noise parameters.

    >>> prediction, noise = next(examples(torch.Generator().manual_seed(0)))
    >>> prediction.shape, noise
    (torch.Size([12, 2]), {})
    """
    for size, scale in ((0.1, 0.01), (1.0, 0.5), (10.0, 1.0), (10.0, 3.0), (100.0, 40.0)):
        loc = size * torch.randn(12, generator=generator, dtype=torch.float64)
        wobble = torch.randn(12, generator=generator, dtype=torch.float64)
        yield torch.stack([loc, 2 * math.log(scale) + wobble], dim=-1), {}


def _parts(prediction, target) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Log-variance s, standardised residual u = (y − μ) exp(−s/2), and exp(−s/2).

    exp(−s) and (y − μ)² would overflow at half the exponents: (y − μ)² exp(−s) = u².
    """
    loc, log_variance = prediction.unbind(-1)
    precision_root = torch.exp(-log_variance / 2)
    return log_variance, (target - loc) * precision_root, precision_root


def _checked(value: torch.Tensor) -> torch.Tensor:
    """The value, unless finite input has made it overflow."""
    checks.representable(value, "prediction")
    return value
