"""Binary cross-entropy: what its statements claim and refuse, and its code against libraries."""
import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from statsmodels.api import Logit
from torch.nn.functional import binary_cross_entropy_with_logits

from mlebook import checks, datasets, estimators
from mlebook.losses import binary_cross_entropy as bce
from mlebook.losses.binary_cross_entropy import derivations
from mlebook.proof import (
    Definition,
    Equal,
    Limit,
    ProofError,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Unit,
    parse,
)

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}
BOTH = "y[i]*log(sigmoid({0})) + (1 - y[i])*log(1 - sigmoid({0}))"
OF_MODEL = BOTH.format("f(theta, x[i])")

LAST_LINES = {
    "normalised": "1",
    "mean": "sigmoid(z)",
    "variance": "sigmoid(z)*(1 - sigmoid(z))",
    "nll": "softplus(z) - y*z",
    "pointwise": "argmin(z, -log(p(y, z)))",
    "chain": f"argmin(theta, -1/n*sum({OF_MODEL} for i in n))",
    "logits_form": "1/n*sum(softplus(f(theta, x[i])) - y[i]*f(theta, x[i]) for i in n)",
    "gradient": "sigmoid(z) - y",
    "curvature": "sigmoid(z)*(1 - sigmoid(z))",
    "complement": "1 - sigmoid(z)",
    "logit_inverse": "z",
    "log_sigmoid": "-softplus(-z)",
    "softplus_difference": "z",
    "stable": "max(z, 0) + log(1 + exp(-abs(z)))",
    "estimate": "log(k/(n - k))",
    "population": "log(m/(1 - m))",
    "all_equal": "0",
    "linear_gradient": "X.T @ (q - y)",
    "convex": "0",
    "separable": "0",
    "eps_masses": "1 + 2*u",
    "eps_bias": "-1/q",
    "eps_cap": "-log(u)",
    "eps_dies": "0",
    "slope_lives": "-1",
    "range": "0",
    "sigmoid_slope": "sigmoid(z)*(1 - sigmoid(z))",
    "softplus_slope": "sigmoid(z)",
    "separable_slope": "0",
    "separable_positive": "0",
    "squared_slope": "-2*sigmoid(z)*(1 - sigmoid(z))**2",
    "squared_curvature": "2*sigmoid(z)*(1 - sigmoid(z))**2*(3*sigmoid(z) - 1)",
    "squared_hollow": "1/8",
    "squared_bulge": "-9/128",
}

# Mistakes seen in print or in code, each as a change of one step.
MISTAKES = {
    "the minus sign before one term only": ("nll", 2, {
        "formula": "-y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z))"}),
    "outcomes swapped": ("nll", 5, {"formula": "softplus(z) + y*z"}),
    "no brackets under the sum": ("chain", 4, {
        "formula": "argmin(theta, -1/n*sum(y[i]*log(sigmoid(f(theta, x[i]))) for i in n) "
                   "+ 1/n*sum((1 - y[i])*log(1 - sigmoid(f(theta, x[i]))) for i in n))"}),
    "the second term forgotten": ("chain", 3, {
        "formula": "argmax(theta, sum(y[i]*log(sigmoid(f(theta, x[i]))) for i in n))"}),
    "a maximum of the loss": ("chain", 4, {
        "formula": f"argmax(theta, -1/n*sum({OF_MODEL} for i in n))"}),
    "a witness of the wrong sign": ("chain", 4, {"relation": SameMinimiser("n", "0")}),
    "outcome minus probability": ("gradient", 2, {"formula": "y - sigmoid(z)"}),
    "the slope of the loss of a probability": ("gradient", 2, {
        "formula": "(sigmoid(z) - y)*sigmoid(z)*(1 - sigmoid(z))"}),
    "the curvature of squared error": ("curvature", 2, {"formula": "sigmoid(z)"}),
    "even, not odd": ("complement", 3, {"formula": "sigmoid(z)"}),
    "the sign of the softplus": ("log_sigmoid", 2, {"formula": "softplus(-z)"}),
    "the ramp without its corner": ("stable", 2, {
        "formula": "max(z, 0) + log(1 + exp(abs(z)))"}),
    "the share instead of its logit": ("estimate", 3, {"formula": "k/n"}),
    "the gradient's sign": ("linear_gradient", 1, {"formula": "X.T @ (y - q)"}),
    "the probability itself as the logit": ("population", 2, {"formula": "m"}),
    "the odds instead of their log": ("estimate", 3, {"formula": "k/(n - k)"}),
    "a minimum where the loss has none": ("all_equal", 2, {"relation": Equal()}),
    "the wrong end": ("all_equal", 2, {"relation": Limit("z", "-oo")}),
    "the masses still sum to one": ("eps_masses", 1, {"formula": "1"}),
    "the bias free of the probability": ("eps_bias", 1, {"formula": "-1"}),
    "no cap": ("eps_cap", 1, {"formula": "oo"}),
    "a slope that lives": ("eps_dies", 2, {"formula": "-1"}),
    "a loss of zero is reached": ("separable_positive", 1, {"relation": Equal()}),
    "a variance above its largest": ("range", 1, {"formula": "1/4"}),
    "squared error as convex": ("squared_bulge", 1, {"formula": "9/128"}),
}


def test_each_derivation_ends_where_the_chapter_says():
    ends = {name: DERIVATIONS[name].lines[-1] for name in LAST_LINES}
    assert ends == {name: parse(line) for name, line in LAST_LINES.items()}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.step == number


def test_the_missing_bracket_has_a_counterexample():
    name, number, change = MISTAKES["no brackets under the sum"]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.counterexample is not None


def test_separable_needs_every_margin_to_be_positive():
    proof = DERIVATIONS["separable"]
    of_any_sign = tuple(Reals("u") if h.name == "u" else h for h in proof.given)
    assert not replace(proof, given=of_any_sign).holds()


def test_no_weights_of_any_sign_reach_a_loss_of_zero():
    assert DERIVATIONS["separable_positive"].given == (Size("n"), Reals("u"))


def test_the_bias_needs_a_positive_probability():
    assert not replace(DERIVATIONS["eps_bias"], given=(Real("q"), Unit("u"))).holds()


def test_another_link_has_another_loss():
    probit_like = Definition("sigmoid", "1/(1 + exp(-2*z))", ("z",))
    other = tuple(probit_like if d.name == "sigmoid" else d for d in DERIVATIONS["nll"].where)
    assert not replace(DERIVATIONS["nll"], where=other).holds()


# --- code ------------------------------------------------------------------------------------

LOGITS = st.lists(st.floats(-700, 700), min_size=1, max_size=20)


@given(LOGITS, st.integers(0, 1))
def test_it_agrees_with_the_libraries(logits, outcome):
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    y = torch.full_like(z, outcome).detach()
    nll = bce.nll(z, y)
    library = binary_cross_entropy_with_logits(z, y, reduction="none")
    slope, = torch.autograd.grad(library.sum(), z)
    by_scipy = -scipy.special.log_expit(z.detach().numpy() * (2 * outcome - 1))
    torch.testing.assert_close(nll, library, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(nll.detach().numpy(), by_scipy, rtol=1e-12)
    torch.testing.assert_close(bce.gradient(z, y), slope, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("outcome", [0, 1])
def test_it_keeps_its_digits_far_out(outcome):
    for logit in (-700.0, -40.0, -30.0, -1e-9, 0.0, 1e-9, 30.0, 40.0, 700.0):
        z, y = (torch.tensor(v, dtype=torch.float64) for v in (logit, float(outcome)))
        with mpmath.workdps(700):
            exact = mpmath.log1p(mpmath.exp(mpmath.mpf(logit))) - outcome * mpmath.mpf(logit)
            slope = 1 / (1 + mpmath.exp(-mpmath.mpf(logit))) - outcome
            bend = abs(slope) * (1 - abs(slope))
        assert float(bce.nll(z, y)) == pytest.approx(float(exact), rel=1e-13)
        assert float(bce.gradient(z, y)) == pytest.approx(float(slope), rel=1e-13)
        assert float(bce.curvature(z, y)) == pytest.approx(float(bend), rel=1e-13)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_all_three_derivatives_are_finite_at_any_logit(dtype):
    z = torch.tensor([-1e30, -1e4, -89.0, 0.0, 89.0, 1e4, 1e30], dtype=dtype, requires_grad=True)
    for outcome in (0.0, 1.0):
        nll = bce.nll(z, torch.full_like(z, outcome).detach())
        slope, = torch.autograd.grad(nll.sum(), z, create_graph=True)
        bend, = torch.autograd.grad(slope.sum(), z)
        assert all(v.isfinite().all() for v in (nll, slope, bend))


def test_the_naive_forms_fail_where_ours_does_not():
    z, y = torch.tensor(100.0), torch.tensor(0.0)
    assert math.isinf(-(1 - torch.sigmoid(z)).log())
    assert float(-(1 - torch.sigmoid(z) + 1e-7).log()) == pytest.approx(16.118, abs=1e-3)
    assert float(bce.nll(z, y)) == 100


@pytest.mark.parametrize("k, n", [(1, 2), (7, 23), (1, 100_000)])
def test_the_estimate_is_the_logit_of_the_share(k, n):
    target = torch.zeros(n, dtype=torch.float64)
    target[:k] = 1
    logits, = bce.estimate(target)
    assert float(torch.sigmoid(logits)) == pytest.approx(k / n, rel=1e-13)
    assert abs(float(bce.gradient(logits.expand(n), target).sum())) < 1e-10


@pytest.mark.parametrize("outcome, direction", [(0.0, "-infinity"), (1.0, "to infinity")])
def test_outcomes_that_agree_have_no_estimate(outcome, direction):
    with pytest.raises(checks.NoFiniteEstimateError, match=direction):
        bce.estimate(torch.full((5,), outcome))


@pytest.mark.parametrize("target", [0.5, 2.0, -1.0])
def test_a_target_that_is_no_outcome_is_refused(target):
    for function in (bce.nll, bce.loss, bce.gradient, bce.curvature, bce.estimate_noise):
        with pytest.raises(ValueError, match=r"target: .*0 or 1"):
            function(torch.zeros(2), torch.tensor([1.0, target]))


def test_draws_have_the_probability_that_was_asked_for():
    z = torch.full((40_000,), 1.5, dtype=torch.float64)
    draws = bce.sample(z, generator=torch.Generator().manual_seed(1))
    assert set(draws.tolist()) == {0.0, 1.0}
    assert float(draws.mean()) == pytest.approx(float(torch.sigmoid(z[0])), abs=0.01)


# --- fits ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rings():
    data = datasets.challenger_orings()
    return estimators.design_matrix(data.temperature), bce.real_targets()


def test_challenger_agrees_with_two_libraries(rings):
    X, y = rings
    fit = estimators.fit_linear(bce, X, y)
    other = Logit(y.numpy(), X.numpy()).fit(disp=False)
    third = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X[:, 1:], y)
    np.testing.assert_allclose(fit.params, other.params, rtol=1e-6)
    np.testing.assert_allclose(fit.standard_errors, other.bse, rtol=1e-6)
    assert third.coef_[0, 0] == pytest.approx(float(fit.params[1]), rel=1e-3)
    assert fit.nll <= -other.llf + 1e-8


def test_the_fitted_probabilities_have_the_sum_of_the_outcomes(rings):
    X, y = rings
    probability = torch.sigmoid(X @ estimators.fit_linear(bce, X, y).params)
    torch.testing.assert_close(X.T @ probability, X.T @ y, rtol=1e-6, atol=1e-6)


def penguins(other):
    birds = datasets.penguins().complete("bill_length", "bill_depth")
    rows = np.isin(birds.species, ["Adelie", other])
    X = estimators.design_matrix(birds.bill_length[rows], birds.bill_depth[rows])
    return X, torch.tensor(birds.species[rows] == other, dtype=torch.float64)


def test_separable_penguins_have_no_estimate_and_others_have_one():
    assert estimators.fit_linear(bce, *penguins("Chinstrap")).converged
    none = estimators.fit_linear(bce, *penguins("Gentoo"))
    assert not none.converged
    assert "no finite estimate" in none.message


def test_labels_made_by_a_threshold_are_separable():
    x = torch.randn(200, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    X = estimators.design_matrix(x)
    made = estimators.fit_linear(bce, X, (3 * x > 0).double())
    assert not made.converged and "no finite estimate" in made.message
    drawn = bce.sample(3 * x, generator=torch.Generator().manual_seed(3))
    assert estimators.fit_linear(bce, X, drawn).converged
