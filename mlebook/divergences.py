"""Entropy, cross-entropy and Kullback-Leibler divergence, as numbers (NumPy, float64).

For distributions p and q over the same K outcomes

    H(p) = −Σ p log p,   H(p, q) = −Σ p log q,   KL(p ‖ q) = Σ p log (p/q),

with 0 log 0 = 0, and +∞ where q is 0 but p is not; always H(p, q) = H(p) + KL(p ‖ q).
``base`` is "nats" (natural logarithm) or "bits" (logarithm to base 2).  A standard
deviation is called ``scale``.

Source: chapter "Which distance does it minimise?"; Cover and Thomas 2006, *Elements of
Information Theory*, chapters 2 and 8; Kullback and Leibler 1951.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlebook import checks

_UNITS = {"nats": 1.0, "bits": math.log(2)}


def entropy(p, *, base: str = "nats") -> float:
    """Entropy H(p) of a vector of K probabilities; between 0 and log K.

    >>> entropy([0.5, 0.5], base="bits")
    1.0

    Raises:
        TypeError, ValueError: p is no vector of probabilities that sum to 1 (within 1e-9).
    """
    p = checks.distribution(p, "p")
    return float(_entropies(p)) / _unit(base)


def cross_entropy(p, q, *, base: str = "nats") -> float:
    """Cross-entropy H(p, q): mean cost, under p, of outcomes coded for q; +∞ if q misses one.

    >>> cross_entropy([0.5, 0.5], [0.25, 0.75], base="bits")
    1.2075...
    """
    p, q = _pair(p, q)
    return float(_cross_entropies(p, q)) / _unit(base)


def kl_divergence(p, q, *, base: str = "nats") -> float:
    """Kullback-Leibler divergence KL(p ‖ q) >= 0; 0 only if p = q; not symmetric.

    >>> kl_divergence([0.5, 0.5], [0.25, 0.75])
    0.1438...
    >>> kl_divergence([0.25, 0.75], [0.5, 0.5])
    0.1308...
    >>> kl_divergence([0.5, 0.5], [1.0, 0.0])
    inf
    """
    p, q = _pair(p, q)
    return float(_kls(p, q)) / _unit(base)


def conditional_entropy(P, weights=None, *, base: str = "nats") -> float:
    """Mean of H(P[i]) over the rows i of an (n, K) table of p(y | x_i).

    ``weights`` are the n probabilities of the x_i; equal if not given.

    >>> conditional_entropy([[0.5, 0.5], [1.0, 0.0]], base="bits")
    0.5
    """
    P = checks.distribution(P, "P", ndim=2)
    return _mean(_entropies(P), weights) / _unit(base)


def conditional_cross_entropy(P, Q, weights=None, *, base: str = "nats") -> float:
    """Mean of H(P[i], Q[i]) over the rows of two (n, K) tables of p(y | x_i), q(y | x_i).

    >>> conditional_cross_entropy([[1.0, 0.0]], [[0.25, 0.75]], base="bits")
    2.0
    """
    P, Q = _pair(P, Q, "P", "Q", ndim=2)
    return _mean(_cross_entropies(P, Q), weights) / _unit(base)


def conditional_kl(P, Q, weights=None, *, base: str = "nats") -> float:
    """Mean of KL(P[i] ‖ Q[i]) over the rows of two (n, K) tables of p(y | x_i), q(y | x_i).

    >>> conditional_kl([[1.0, 0.0], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]], base="bits")
    1.0
    """
    P, Q = _pair(P, Q, "P", "Q", ndim=2)
    return _mean(_kls(P, Q), weights) / _unit(base)


def gaussian_entropy(scale: float, *, base: str = "nats") -> float:
    """Differential entropy of N(loc, scale²): ½ log(2πe scale²); negative for a small scale.

    >>> gaussian_entropy(1.0)
    1.4189...
    """
    checks.positive(scale, "scale")
    return (math.log(2 * math.pi * math.e) / 2 + math.log(scale)) / _unit(base)


def gaussian_cross_entropy(loc_p: float, scale_p: float, loc_q: float, scale_q: float, *,
                           base: str = "nats") -> float:
    """Cross-entropy: mean of −log density of N(loc_q, scale_q²) under N(loc_p, scale_p²).

    >>> gaussian_cross_entropy(0, 1, 0, 1) == gaussian_entropy(1)
    True
    """
    divergence = gaussian_kl(loc_p, scale_p, loc_q, scale_q, base=base)
    return gaussian_entropy(scale_p, base=base) + divergence


def gaussian_kl(loc_p: float, scale_p: float, loc_q: float, scale_q: float, *,
                base: str = "nats") -> float:
    """KL divergence from N(loc_p, scale_p²) to N(loc_q, scale_q²).

    log(scale_q/scale_p) + (scale_p² + (loc_p − loc_q)²) / (2 scale_q²) − ½.

    >>> gaussian_kl(0, 1, 1, 1)
    0.5

    Raises:
        ValueError: a loc is not finite, or a scale is not positive and finite.
    """
    for loc, name in ((loc_p, "loc_p"), (loc_q, "loc_q")):
        checks.finite(checks.array(loc, name), name)
    checks.positive(scale_p, "scale_p")
    checks.positive(scale_q, "scale_q")
    # The same sum as h(r²)/2 + shift²/2 with h(x) = x − 1 − log x >= 0: no cancellation.
    ratio, shift = scale_p / scale_q, (loc_p - loc_q) / scale_q
    excess = (ratio - 1) * (ratio + 1)
    h = excess - (math.log1p(excess) if abs(excess) < 0.5 else 2 * math.log(ratio))
    return (h + shift**2) / 2 / _unit(base)


class MonteCarlo(NamedTuple):
    """A mean over random draws and its standard error (the mean's standard deviation)."""

    estimate: float
    standard_error: float


def monte_carlo_kl(log_p: Callable, log_q: Callable, sampler: Callable, n: int, seed: int, *,
                   base: str = "nats") -> MonteCarlo:
    """Estimate KL(p ‖ q) by the mean of log p(x) − log q(x) over n independent draws from p.

    Unbiased, with a standard error that falls as 1/√n; unlike KL itself it may be negative.

    Args:
        log_p: log-density of p in nats; takes the n draws, returns n numbers.
        log_q: log-density of q, likewise.
        sampler: ``sampler(rng, n)`` draws n values from p with the NumPy generator ``rng``.
        n: number of draws, at least 2.
        seed: the same seed gives the same answer.
        base: "nats" or "bits".

    >>> def log_normal(x, loc):
    ...     return -(x - loc)**2/2 - np.log(2*np.pi)/2
    >>> monte_carlo_kl(lambda x: log_normal(x, 0), lambda x: log_normal(x, 1),
    ...                lambda rng, n: rng.normal(size=n), n=10_000, seed=0)
    MonteCarlo(estimate=0.49..., standard_error=0.0099...)
    """
    checks.whole(n, "n", minimum=2)
    draws = sampler(np.random.default_rng(seed), n)
    if len(draws) != n:
        raise ValueError(f"sampler: returned {len(draws)} draws, expected n = {n}")
    p, q = _log_density(log_p, draws, n, "log_p"), _log_density(log_q, draws, n, "log_q")
    if np.isneginf(p).any():
        raise ValueError("log_p: -inf at a draw from sampler, expected the density of the draws")
    if np.isneginf(q).any():
        return MonteCarlo(math.inf, math.nan)  # q misses something that p does
    ratios = (p - q) / _unit(base)
    return MonteCarlo(float(ratios.mean()), float(ratios.std(ddof=1) / math.sqrt(n)))


def _entropies(p: np.ndarray) -> np.ndarray:
    return _cross_entropies(p, p)


def _cross_entropies(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, -p * np.log(q), 0.0)
    return terms.sum(axis=-1) + 0.0  # + 0.0 turns −0.0 into 0.0


def _kls(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    # p log(p/q) + q − p = p h(q/p) >= 0 with h(x) = x − 1 − log x, and q − p sums to 0.
    # Summing terms that are not negative keeps small divergences exact.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        excess = (q - p) / p
        log_ratio = np.where(abs(excess) < 0.5, np.log1p(excess), np.log(q) - np.log(p))
        terms = np.where(p > 0, (q - p) - p * log_ratio, q)
    return terms.sum(axis=-1)


def _pair(p, q, name_p: str = "p", name_q: str = "q", ndim: int = 1):
    p, q = checks.distribution(p, name_p, ndim), checks.distribution(q, name_q, ndim)
    checks.same_shape(q, p, name_q, name_p)
    return p, q


def _mean(values: np.ndarray, weights) -> float:
    if weights is None:
        return float(values.mean())
    weights = checks.distribution(weights, "weights")
    checks.same_shape(weights, values, "weights", "the rows")
    seen = weights > 0  # an x that never occurs costs nothing, even if its KL is infinite
    return float(weights[seen] @ values[seen])


def _log_density(log_density: Callable, draws, n: int, name: str) -> np.ndarray:
    values = np.asarray(log_density(draws), dtype=np.float64)
    if values.shape != (n,):
        raise ValueError(f"{name}: returned shape {values.shape}, expected ({n},)")
    if np.isnan(values).any() or np.isposinf(values).any():
        raise ValueError(f"{name}: returned NaN or +inf, expected a log-density")
    return values


def _unit(base: str) -> float:
    if base not in _UNITS:
        raise ValueError(f"base: expected 'nats' or 'bits', got {base!r}")
    return _UNITS[base]
