"""Penalties as priors: maximum a posteriori estimation (MAP).

The posterior is proportional to likelihood times prior, so its mode minimises the summed
negative log-likelihood plus −log prior.  Two priors with one interface:

==========================  =======================  =========================================
prior of each weight        penalty                  λ beside the *summed* nll
==========================  =======================  =========================================
:mod:`.gaussian`, scale τ   w²/2  (L2)               1/τ²
:mod:`.laplace`, scale b    abs(w)  (L1)             1/b
==========================  =======================  =========================================

Beside another objective the coefficient is another number; :func:`coefficient` converts.

Source: chapter "Where does regularisation come from?".
"""
from __future__ import annotations

from types import ModuleType

from mlebook import checks
from mlebook.losses import Row

from . import gaussian, laplace
from .laplace import shrink as soft_threshold

__all__ = ["OBJECTIVES", "PRIORS", "coefficient", "gaussian", "laplace", "prior_scale",
           "soft_threshold"]

SLUG = "map"
TITLE = "Penalties as priors"
PRIORS = {"L2": gaussian, "L1": laplace}
ROWS = (
    Row("Any loss + L2 penalty", "prior of the weights: Gaussian", "what the loss asks for",
        "the mode of the posterior", "many weights, all expected to matter a little; "
        "correlated inputs; data that no finite weights fit best (separable classes)"),
    Row("Any loss + L1 penalty", "prior of the weights: Laplace", "what the loss asks for",
        "the mode of the posterior, in which weights can be exactly 0",
        "many weights, of which a few are expected to matter"),
)

#: Objectives that a penalty may stand beside, and what is added to them.  In the last four the
#: noise is Gaussian with scale σ, and the squares are those of the residuals.
OBJECTIVES = {
    "sum_nll": "Σ nll + coefficient · Σ w²/2 or Σ |w|",
    "mean_nll": "Σ nll / n + coefficient · Σ w²/2 or Σ |w|",
    "half_sum_squares": "Σ r²/2 + coefficient · Σ w²/2 or Σ |w|",
    "sum_squares": "Σ r² + coefficient · Σ w² or Σ |w|",
    "mean_squares": "Σ r²/n + coefficient · Σ w² or Σ |w|",
    "half_mean_squares": "Σ r²/(2n) + coefficient · Σ w²/2 or Σ |w|",
}


def coefficient(prior: ModuleType, scale: float, objective: str, *, n: int | None = None,
                noise_scale: float | None = None) -> float:
    """The coefficient of the penalty for which the minimiser is the posterior's mode.

    Args:
        prior: :mod:`.gaussian` or :mod:`.laplace`.
        scale: of the prior, τ or b.
        objective: a key of :data:`OBJECTIVES`, which says what is added to what.
            scikit-learn's ``Ridge(alpha)`` is "sum_squares", its ``Lasso(alpha)`` is
            "half_mean_squares"; torch's ``weight_decay`` of SGD beside ``mse_loss`` is twice
            the L2 coefficient of "mean_squares".
        n: number of observations, where the objective is a mean.
        noise_scale: σ of the Gaussian noise, where the objective is made of squares.

    With L2 and τ: 1/τ², 1/(nτ²), σ²/τ², σ²/τ², σ²/(nτ²), σ²/(nτ²).
    With L1 and b: 1/b, 1/(nb), σ²/b, 2σ²/b, 2σ²/(nb), σ²/(nb).

    >>> round(coefficient(gaussian, 0.05**0.5, "mean_squares", n=50, noise_scale=0.5), 12)
    0.1

    Raises:
        ValueError: an unknown objective or prior, a number that is missing or not positive.
    """
    return prior_rate(prior, scale) * _factor(prior, objective, n, noise_scale)


def prior_scale(prior: ModuleType, coefficient: float, objective: str, *, n: int | None = None,
                noise_scale: float | None = None) -> float:
    """The scale of the prior that a coefficient amounts to: inverse of :func:`coefficient`.

    >>> round(prior_scale(gaussian, 0.1, "mean_squares", n=50, noise_scale=0.5)**2, 12)
    0.05
    """
    checks.positive(coefficient, "coefficient")
    _check_prior(prior)
    return prior.scale_for(coefficient / _factor(prior, objective, n, noise_scale))


def prior_rate(prior: ModuleType, scale: float) -> float:
    """The coefficient beside the summed nll: 1/τ² or 1/b.

    >>> prior_rate(laplace, 0.5)
    2.0
    """
    _check_prior(prior)
    return prior.rate(scale)


def _factor(prior, objective, n, noise_scale) -> float:
    """What the coefficient beside the summed nll is multiplied by."""
    if objective not in OBJECTIVES:
        raise ValueError(f"objective: got {objective!r}, expected one of "
                         f"{', '.join(map(repr, OBJECTIVES))}")
    factor = 1.0
    if "mean" in objective:
        if n is None:
            raise ValueError(f"n: missing, needed for {objective!r}")
        checks.whole(n, "n", minimum=1)
        factor /= n
    if "squares" in objective:
        if noise_scale is None:
            raise ValueError(f"noise_scale: missing, needed for {objective!r}")
        checks.positive(noise_scale, "noise_scale")
        factor *= noise_scale**2
        # whole squares double the data's part; the L2 penalty is then written whole as well
        if prior is laplace and "half" not in objective:
            factor *= 2
    return factor


def _check_prior(prior) -> None:
    if prior not in PRIORS.values():
        raise ValueError(f"prior: got {getattr(prior, '__name__', prior)!r}, expected "
                         "mlebook.losses.map.gaussian or mlebook.losses.map.laplace")
