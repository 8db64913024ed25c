"""Heteroscedastic regression: what its statements claim and refuse, and the torch code."""
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mlebook import checks, datasets, estimators
from mlebook.losses import heteroscedastic, squared_error
from mlebook.losses.heteroscedastic import derivations
from mlebook.proof import (
    Attained,
    Definition,
    Limit,
    ProofError,
    Real,
    SameMinimiser,
    parse,
)
from mlebook.proof.evaluate import evaluate

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}
CHAPTER = Path(__file__).parents[1] / "chapters" / "source" / "heteroscedastic.md"

ENDS = {
    "nll": ("-log(p(y, mu, s))", "1/2*(log(2*pi) + s + (y - mu)**2*exp(-s))"),
    "gradient_loc": ("diff(-log(p(y, mu, s)), mu)", "(mu - y)*exp(-s)"),
    "gradient_log_variance": ("diff(-log(p(y, mu, s)), s)", "1/2*(1 - (y - mu)**2*exp(-s))"),
    "curvature_loc": ("diff(diff(-log(p(y, mu, s)), mu), mu)", "exp(-s)"),
    "curvature_mixed": ("diff(diff(-log(p(y, mu, s)), mu), s)", "(y - mu)*exp(-s)"),
    "curvature_log_variance": (
        "diff(diff(-log(p(y, mu, s)), s), s)", "1/2*(y - mu)**2*exp(-s)"),
    "best_single": ("argmin(s, 1/2*(s + r**2*exp(-s)))", "log(r**2)"),
    "best_loc": ("argmin(mu, sum(-log(p(y[i], mu, s)) for i in n))", "y_bar"),
    "best_log_variance": ("argmin(s, sum(-log(p(r[i], 0, s)) for i in n))", "log(v)"),
    "expected": ("argmin(s, E(-log(p(Y, m + u, s))))", "log(v + u**2)"),
    "chain": (
        "argmax(theta, prod(p(y[i], f(theta, x[i]), g(theta, x[i])) for i in n))",
        "argmin(theta, 1/n*sum(1/2*(g(theta, x[i]) + (y[i] - f(theta, x[i]))**2"
        "*exp(-g(theta, x[i]))) for i in n))"),
    "unbounded": ("a - log(p(y, y, -u))", "-oo"),
    "starved": ("-r*exp(-log(r**2))", "0"),
    "information_loc": ("integral(p(y, mu, s)*((y - mu)*exp(-s))**2 for y in R)", "exp(-s)"),
    "floor": ("-log(p(y, mu, a + u))", "1/2*(log(2*pi) + a)"),
}


@pytest.mark.parametrize("name", ENDS)
def test_it_says_what_the_chapter_says(name):
    start, end = ENDS[name]
    assert DERIVATIONS[name].lines[0] == parse(start)
    assert DERIVATIONS[name].lines[-1] == parse(end)


# Mistakes seen in print or in code, each as a change of one step.
MISTAKES = {
    "variance in the place of the log-variance": ("nll", 3, {
        "formula": "1/2*(log(2*pi) + exp(s) + (y - mu)**2*exp(-s))"}),
    "the scale's log counted twice": ("nll", 3, {
        "formula": "1/2*(log(2*pi) + 2*s + (y - mu)**2*exp(-s))"}),
    "a scale taken for a variance": ("log_variance", 1, {
        "formula": "1/sqrt(2*pi*sigma**2)*exp(-(y - mu)**2/(2*sigma))"}),
    "the root forgotten before the square": ("stable", 1, {
        "formula": "((y - mu)*exp(-s))**2"}),
    "log-variances dropped as constants": ("chain", 3, {
        "formula": "argmin(theta, 1/n*sum(1/2*(y[i] - f(theta, x[i]))**2*exp(-g(theta, x[i]))"
                   " for i in n))"}),
    "two pi kept as if it had a parameter": ("pointwise", 1, {
        "relation": SameMinimiser("1", "-log(2*pi)")}),
    "the sign of the log-variance's slope": ("gradient_log_variance", 2, {
        "formula": "1/2*((y - mu)**2*exp(-s) - 1)"}),
    "convex in both outputs": ("determinant", 2, {
        "formula": "1/2*((y - mu)*exp(-s))**2"}),
    "the scale's best log given as the variance's": ("best_single", 1, {
        "formula": "log(r)"}),
    "a wrong mean that costs nothing": ("expected", 2, {
        "formula": "log(v)", "relation": Attained("1/2*h(v*exp(-s))")}),
    "information of the scale, not of the log-variance": ("information_log_variance", 1, {
        "formula": "2"}),
    "a floor where there is none": ("unbounded", 2, {"formula": "a"}),
    "the variance that a prior forgets": ("prior", 2, {
        "formula": "log(sum(r[i]**2 for i in n)/n)"}),
    "beta on the wrong side": ("beta_loc", 1, {"formula": "(mu - y)*exp(-beta*s)"}),
    "a beta that leaves a loss": ("beta_curl", 3, {"formula": "0"}),
    "a pull that grows with the residual": ("starved", 1, {"formula": "-r"}),
    "a floor under half the log-variance only": ("floor", 1, {
        "formula": "1/2*(log(2*pi) + a + u)"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.step == number


def test_one_log_variance_for_all_may_not_depend_on_the_parameter():
    proof = DERIVATIONS["constant"]
    wrong = proof.with_step(1, relation=SameMinimiser("1/2*exp(-theta)", "1/2*theta"))
    with pytest.raises(ProofError, match="depends on theta"):
        wrong.verify()


def test_the_best_log_variance_needs_a_residual():
    proof = DERIVATIONS["best_single"]
    assert not replace(proof, given=(Real("r"), Real("s"))).holds()


def test_no_other_divisor_than_n_gives_the_best_log_variance():
    other = Definition("v", "1/(n - 1)*sum(r[i]**2 for i in n)")
    assert not replace(DERIVATIONS["best_log_variance"], where=(
        derivations.DENSITY, other)).holds()


def test_a_small_residual_has_a_low_cost_and_a_large_one_a_high_cost():
    assert not DERIVATIONS["profile_limit"].with_step(1, relation=Limit("r", "oo")).holds()


@pytest.mark.parametrize("name, function", [
    ("nll", heteroscedastic.nll),
    (("gradient_loc", "gradient_log_variance"), heteroscedastic.gradient),
    ((("curvature_loc", "curvature_mixed"), ("curvature_mixed", "curvature_log_variance")),
     heteroscedastic.curvature)])
def test_the_torch_code_computes_the_proved_lines(name, function):
    def proved(entry, values):
        if isinstance(entry, tuple):
            return [proved(e, values) for e in entry]
        return float(evaluate(DERIVATIONS[entry].lines[-1], values))

    for y, mu, s in ((70.0, 68.0, 1.5), (-3.0, 4.0, -6.0), (0.0, 0.0, 9.0), (5.0, 5.5, 0.0)):
        value = function(torch.tensor([mu, s], dtype=torch.float64),
                         torch.tensor(y, dtype=torch.float64))
        expected = torch.tensor(proved(name, {"y": y, "mu": mu, "s": s}), dtype=torch.float64)
        torch.testing.assert_close(value, expected, rtol=1e-13, atol=1e-14)


# --- outside libraries ---------------------------------------------------------------------

_numbers = st.floats(-50, 50)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_numbers, st.floats(-8, 8), _numbers), min_size=1, max_size=6))
def test_nll_is_scipys(rows):
    import scipy.stats

    loc, s, y = np.array(rows).T
    ours = heteroscedastic.nll(torch.tensor(np.stack([loc, s], -1)), torch.tensor(y))
    np.testing.assert_allclose(
        ours, -scipy.stats.norm(loc, np.exp(s / 2)).logpdf(y), rtol=1e-12, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_numbers, st.floats(-8, 8), _numbers), min_size=1, max_size=6))
def test_loss_and_gradient_are_those_of_torchs_gaussian_nll_loss(rows):
    loc, s, y = torch.tensor(rows, dtype=torch.float64).unbind(-1)
    prediction = torch.stack([loc, s], -1).requires_grad_()
    library = torch.nn.functional.gaussian_nll_loss(
        prediction[..., 0], y, prediction[..., 1].exp(), reduction="none", eps=1e-300)
    torch.testing.assert_close(
        heteroscedastic.loss(prediction, y), library, rtol=1e-12, atol=1e-12)
    slope, = torch.autograd.grad(library.sum(), prediction)
    torch.testing.assert_close(
        heteroscedastic.gradient(prediction.detach(), y), slope, rtol=1e-11, atol=1e-11)


def test_with_one_log_variance_it_is_squared_errors_nll():
    y = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    prediction = torch.stack([torch.zeros(3), torch.full((3,), math.log(9.0))], -1).double()
    torch.testing.assert_close(heteroscedastic.nll(prediction, y),
                               squared_error.nll(torch.zeros(3).double(), y, scale=3.0))


def test_the_linear_fit_is_the_one_that_statsmodels_finds_by_turns():
    # Weighted least squares for the location, then a gamma model with log link for the squared
    # residuals, which has the log-variance's score (Smyth 1989), until nothing changes.
    statsmodels = pytest.importorskip("statsmodels.api")
    food = datasets.engel_food()
    X = estimators.design_matrix(food.income)
    fit = estimators.fit_linear(heteroscedastic, X, food.food_expenditure)
    assert fit.converged
    inputs, y = X.numpy(), food.food_expenditure
    s = np.zeros(len(y))
    gamma = statsmodels.families.Gamma(statsmodels.families.links.Log())
    for _ in range(200):
        loc = statsmodels.WLS(y, inputs, np.exp(-s)).fit().fittedvalues
        s = np.log(statsmodels.GLM((y - loc) ** 2, inputs, gamma).fit(tol=1e-14).fittedvalues)
    by_turns = heteroscedastic.nll(torch.tensor(np.stack([loc, s], -1)), torch.tensor(y)).sum()
    assert fit.nll == pytest.approx(float(by_turns), abs=1e-8)


def test_standard_errors_come_from_the_observed_information():
    food = datasets.engel_food()
    X = estimators.design_matrix(food.income)
    fit = estimators.fit_linear(heteroscedastic, X, food.food_expenditure)
    by_autograd = estimators.fit(lambda w: heteroscedastic.nll(
        X @ w, torch.tensor(food.food_expenditure)).sum(), fit.params)
    torch.testing.assert_close(fit.standard_errors, by_autograd.standard_errors, rtol=1e-6, atol=0)


# --- extremes ------------------------------------------------------------------------------


@pytest.mark.parametrize("log_variance", [-80.0, -50.0, 0.0, 50.0, 80.0])
@pytest.mark.parametrize("standardised", [0.0, 1e-18, 1.0, 1e4, 1e18])
def test_the_stated_range_is_finite_in_float32(log_variance, standardised):
    residual = min(standardised * math.exp(log_variance / 2), 1e18)
    prediction = torch.tensor([0.0, log_variance], requires_grad=True)
    target = torch.tensor(residual)
    value = heteroscedastic.nll(prediction, target)
    value.backward()
    for result in (value, prediction.grad, heteroscedastic.gradient(prediction.detach(), target),
                   heteroscedastic.curvature(prediction.detach(), target)):
        assert result.isfinite().all()


@pytest.mark.parametrize("log_variance", [-700.0, 0.0, 700.0])
@pytest.mark.parametrize("standardised", [0.0, 1.0, 1e150])
def test_the_stated_range_is_finite_in_float64(log_variance, standardised):
    residual = min(standardised * math.exp(log_variance / 2), 1e150)
    prediction = torch.tensor([0.0, log_variance], dtype=torch.float64, requires_grad=True)
    target = torch.tensor(residual, dtype=torch.float64)
    value = heteroscedastic.nll(prediction, target)
    value.backward()
    assert value.isfinite() and prediction.grad.isfinite().all()
    assert heteroscedastic.curvature(prediction.detach(), target).isfinite().all()


@pytest.mark.parametrize("function", ["nll", "loss", "gradient", "curvature"])
def test_beyond_the_range_there_is_an_error_and_no_infinity(function):
    with pytest.raises(ValueError, match=r"prediction: the result: \d of \d values not finite"):
        getattr(heteroscedastic, function)(torch.tensor([[0.0, -300.0]]), torch.tensor([1.0]))


def test_no_estimate_for_equal_targets():
    with pytest.raises(checks.NoFiniteEstimateError):
        heteroscedastic.estimate(torch.tensor([2.0, 2.0]))
