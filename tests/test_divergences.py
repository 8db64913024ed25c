"""Entropies and divergences against SciPy, closed forms against integrals, and their laws."""
import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlebook import divergences as d

LOCS = st.floats(-50, 50)
SCALES = st.floats(0.01, 100)


@st.composite
def tables(draw, count=2, rows=1):
    """``count`` tables of ``rows`` distributions over the same 1 to 8 outcomes, zeros allowed."""
    size = draw(st.integers(1, 8))
    weights = arrays(float, (rows, size), elements=st.one_of(st.just(0.0), st.floats(1e-6, 1)))
    found = [draw(weights) for _ in range(count)]
    for table in found:
        assume(np.all(table.sum(axis=1) > 0))
    return [table / table.sum(axis=1, keepdims=True) for table in found]


@given(tables())
def test_discrete_agrees_with_scipy(pair):
    (p,), (q,) = pair
    assert d.entropy(p) == pytest.approx(scipy.stats.entropy(p), rel=1e-12, abs=1e-14)
    assert d.kl_divergence(p, q) == pytest.approx(scipy.stats.entropy(p, q), rel=1e-9, abs=1e-14)
    assert d.entropy(p, base="bits") == pytest.approx(scipy.stats.entropy(p, base=2), abs=1e-14)


@given(tables(count=2, rows=3), arrays(float, 3, elements=st.floats(0.01, 1)))
def test_laws_of_conditional_entropies(pair, weights):
    P, Q = pair
    weights = weights / weights.sum()
    entropy = d.conditional_entropy(P, weights)
    divergence = d.conditional_kl(P, Q, weights)
    cross = d.conditional_cross_entropy(P, Q, weights)
    assert 0 <= entropy <= math.log(P.shape[1]) + 1e-12
    assert divergence >= 0, "exactly, not only to rounding"
    assert d.conditional_kl(P, P, weights) == 0
    assert cross == pytest.approx(entropy + divergence, rel=1e-12, abs=1e-13)
    rows = [d.kl_divergence(p, q) for p, q in zip(P, Q, strict=True)]
    assert divergence == pytest.approx(np.dot(weights, rows), rel=1e-12)
    assert d.conditional_kl(P, Q) == pytest.approx(np.mean(rows), rel=1e-12)


def test_special_values():
    assert d.entropy([1.0, 0.0]) == 0 and str(d.entropy([1.0, 0.0])) == "0.0"
    assert d.entropy([0.25] * 4, base="bits") == 2
    assert d.kl_divergence([0.5, 0.5], [1.0, 0.0]) == math.inf
    assert d.cross_entropy([0.5, 0.5], [1.0, 0.0]) == math.inf
    assert d.kl_divergence([1.0, 0.0], [0.5, 0.5]) == pytest.approx(math.log(2), rel=1e-15)
    assert d.cross_entropy([1, 0, 0], [0.7, 0.2, 0.1]) == pytest.approx(-math.log(0.7), rel=1e-15)
    assert d.cross_entropy([1.0, 0.0], [1.0, 0.0]) == 0


def test_the_erratum_on_asymmetry_and_the_triangle():
    p, middle, q = [0.5, 0.5], [0.25, 0.75], [0.1, 0.9]
    assert d.kl_divergence(p, q) != pytest.approx(d.kl_divergence(q, p), rel=0.1)
    direct = d.kl_divergence(p, q)
    assert direct > d.kl_divergence(p, middle) + d.kl_divergence(middle, q)
    assert round(direct, 3) == 0.511  # errata.md
    assert round(d.kl_divergence(p, middle) + d.kl_divergence(middle, q), 3) == 0.236


def test_small_divergences_keep_their_digits():
    """Naive summation of p log(p/q) returns rounding noise of 1e-17 here."""
    e = 1e-9
    exact = -math.log1p(-4 * e * e) / 2  # of ½, ½ from ½ ± e
    assert d.kl_divergence([0.5, 0.5], [0.5 + e, 0.5 - e]) == pytest.approx(exact, rel=1e-6)


def test_extreme_probabilities():
    assert d.kl_divergence([1e-300, 1.0], [0.5, 0.5]) == pytest.approx(math.log(2), rel=1e-12)
    assert d.kl_divergence([0.5, 0.5], [1e-320, 1.0]) == pytest.approx(
        0.5 * (math.log(0.5) - math.log(1e-320)) + 0.5 * math.log(0.5), rel=1e-12)


def test_an_input_that_never_occurs_costs_nothing():
    P, Q = [[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [1.0, 0.0]]
    assert d.conditional_kl(P, Q, [1.0, 0.0]) == 0
    assert d.conditional_kl(P, Q, [0.5, 0.5]) == math.inf


@given(LOCS, SCALES, LOCS, SCALES)
def test_gaussian_laws(loc_p, scale_p, loc_q, scale_q):
    divergence = d.gaussian_kl(loc_p, scale_p, loc_q, scale_q)
    textbook = (math.log(scale_q / scale_p)
                + (scale_p**2 + (loc_p - loc_q)**2) / (2 * scale_q**2) - 0.5)
    assert divergence >= 0
    assert divergence == pytest.approx(textbook, rel=1e-9, abs=1e-12)
    assert d.gaussian_kl(loc_p, scale_p, loc_p, scale_p) == 0
    assert d.gaussian_cross_entropy(loc_p, scale_p, loc_q, scale_q) == pytest.approx(
        d.gaussian_entropy(scale_p) + divergence, rel=1e-12)
    assert d.gaussian_entropy(scale_p) == pytest.approx(
        float(scipy.stats.norm(loc_p, scale_p).entropy()), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("p", "q"), [((0, 1), (1, 2)), ((3, 0.5), (2, 0.4)), ((0, 1), (0, 1.001))])
def test_gaussian_closed_forms_are_the_integrals(p, q):
    p_density, q_density = scipy.stats.norm(*p), scipy.stats.norm(*q)
    limits = p[0] - 12 * p[1], p[0] + 12 * p[1]

    def integral(integrand):
        return scipy.integrate.quad(integrand, *limits, epsabs=1e-13, limit=200)[0]

    assert d.gaussian_kl(*p, *q) == pytest.approx(
        integral(lambda x: p_density.pdf(x) * (p_density.logpdf(x) - q_density.logpdf(x))),
        abs=1e-11)
    assert d.gaussian_cross_entropy(*p, *q) == pytest.approx(
        integral(lambda x: -p_density.pdf(x) * q_density.logpdf(x)), abs=1e-11)


@pytest.mark.parametrize("call", [
    lambda base: d.entropy([0.3, 0.7], base=base),
    lambda base: d.cross_entropy([0.3, 0.7], [0.5, 0.5], base=base),
    lambda base: d.kl_divergence([0.3, 0.7], [0.5, 0.5], base=base),
    lambda base: d.conditional_entropy([[0.3, 0.7]], base=base),
    lambda base: d.conditional_cross_entropy([[0.3, 0.7]], [[0.5, 0.5]], base=base),
    lambda base: d.conditional_kl([[0.3, 0.7]], [[0.5, 0.5]], base=base),
    lambda base: d.gaussian_entropy(2.0, base=base),
    lambda base: d.gaussian_cross_entropy(0, 1, 1, 2, base=base),
    lambda base: d.gaussian_kl(0, 1, 1, 2, base=base),
])
def test_bits_are_nats_by_log_two(call):
    assert call("bits") * math.log(2) == pytest.approx(call("nats"), rel=1e-14)
    with pytest.raises(ValueError, match="base: expected 'nats' or 'bits', got 'bit'"):
        call("bit")


def _monte_carlo(seed, n=4000, **options):
    p, q = scipy.stats.norm(0, 1), scipy.stats.norm(1, 2)
    return d.monte_carlo_kl(p.logpdf, q.logpdf, lambda rng, n: rng.normal(size=n), n, seed,
                            **options)


def test_monte_carlo_is_reproducible_and_its_error_is_honest():
    exact = d.gaussian_kl(0, 1, 1, 2)
    assert _monte_carlo(3) == _monte_carlo(3) != _monte_carlo(4)
    scores = np.array([(run.estimate - exact) / run.standard_error
                       for run in map(_monte_carlo, range(200))])
    assert abs(scores.mean()) < 0.25  # 3.5 standard deviations of this mean
    assert 0.85 < scores.std() < 1.15
    assert _monte_carlo(0, base="bits").estimate == pytest.approx(
        _monte_carlo(0).estimate / math.log(2), rel=1e-12)


def test_monte_carlo_where_q_misses_something():
    run = d.monte_carlo_kl(
        scipy.stats.norm(0, 1).logpdf, scipy.stats.uniform(-1, 2).logpdf,
        lambda rng, n: rng.normal(size=n), 100, 0)
    assert run.estimate == math.inf and math.isnan(run.standard_error)


def _logs(x):
    return np.zeros(len(x))


@pytest.mark.parametrize(("arguments", "message"), [
    ((_logs, _logs, lambda rng, n: rng.normal(size=n), 1), "n: expected an integer >= 2"),
    ((_logs, _logs, lambda rng, n: rng.normal(size=n + 1), 5), "sampler: returned 6 draws"),
    ((_logs, lambda x: 0.0, lambda rng, n: rng.normal(size=n), 5), r"log_q: returned shape \(\)"),
    ((lambda x: x * np.nan, _logs, lambda rng, n: rng.normal(size=n), 5), "log_p: returned NaN"),
    ((lambda x: _logs(x) - np.inf, _logs, lambda rng, n: rng.normal(size=n), 5), "log_p: -inf"),
])
def test_monte_carlo_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        d.monte_carlo_kl(*arguments, seed=0)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: d.kl_divergence([0.5, 0.5], [1.0]), r"q: shape \(1,\), expected that of p, \(2,\)"),
    (lambda: d.kl_divergence([0.5, 0.6], [0.5, 0.5]), "p: sums to 1.1"),
    (lambda: d.cross_entropy([0.5, 0.5], [0.5, 0.6]), "q: sums to 1.1"),
    (lambda: d.entropy([]), "p: empty"),
    (lambda: d.conditional_kl([[1.0]], [[0.5, 0.5]]), r"Q: shape \(1, 2\), expected that of P"),
    (lambda: d.conditional_kl([1.0], [1.0]), r"P: shape \(1,\), expected a table"),
    (lambda: d.conditional_entropy([[1.0]], [0.5, 0.5]), "weights: shape"),
    (lambda: d.conditional_entropy([[1.0]], [0.5]), "weights: sums to 0.5"),
    (lambda: d.gaussian_entropy(0), "scale: expected a positive finite number, got 0"),
    (lambda: d.gaussian_kl(0, 1, 0, -1), "scale_q: expected a positive"),
    (lambda: d.gaussian_kl(0, math.inf, 0, 1), "scale_p: expected a positive"),
    (lambda: d.gaussian_kl(math.nan, 1, 0, 1), "loc_p: 1 of 1 values not finite"),
])
def test_bad_input_names_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
