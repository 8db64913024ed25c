"""Priors and penalties: what the statements claim, and the priors in torch."""
import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st

from mlebook.losses import map as penalties
from mlebook.losses.map import derivations, gaussian, laplace
from mlebook.proof import Attained, Bounded, Limit, ProofError, Reals, SameMinimiser, parse

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}
PRIORS = list(penalties.PRIORS.values())

LAST_LINES = {
    "posterior": "argmin(theta, -sum(log(p(y[i], f(theta, x[i]))) for i in n) - log(prior(theta)))",
    "flat": "argmax(theta, prod(p(y[i], f(theta, x[i])) for i in n))",
    "shrunk_mean": "n*y_bar/(n + sigma**2/tau**2)",
    "prior_fades": "y_bar",
    "gaussian_normalised": "1",
    "gaussian_nll": "w**2/(2*tau**2) + 1/2*log(2*pi*tau**2)",
    "gaussian_gradient": "w/tau**2",
    "gaussian_curvature": "1/tau**2",
    "l2": "argmin(w, 1/n*(-sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n)) "
          "+ 1/(2*n*tau**2)*sqnorm(w))",
    "l2_squares": "argmin(w, 1/n*sqnorm(y - X @ w) + sigma**2/(n*tau**2)*sqnorm(w))",
    "widths": "argmin(w, -sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n) "
              "+ 1/2*sum(w[j]**2/t[j]**2 for j in d))",
    "demo_value": "1/20",
    "l2_shrink": "a/(1 + lam)",
    "ridge_gradient": "1/sigma**2*(sigma**2/tau**2*w - X.T @ (y - X @ w))",
    "ridge": "w_hat",
    "laplace_normalised": "1",
    "laplace_nll": "abs(w)/b + log(2*b)",
    "laplace_gradient": "sign(w)/b",
    "laplace_curvature": "0",
    "l1": "argmin(w, 1/n*(-sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n)) "
          "+ 1/(n*b)*sum(abs(w[j]) for j in d))",
    "l1_squares": "argmin(w, 1/n*sqnorm(y - X @ w) + 2*sigma**2/(n*b)*sum(abs(w[j]) for j in d))",
    "soft_threshold_above": "a - lam",
    "soft_threshold_middle": "0",
    "soft_threshold_below": "a + lam",
    "coordinate": "argmin(w, (a - w)**2/2 + lam/s*abs(w))",
    "soft_threshold": "sign(a)*max(abs(a) - lam, 0)",
    "kkt": "w_hat",
    "beta_mode": "(a - 1 + k)/(a + b - 2 + n)",
    "beta_logit": "log((k + a)/(n - k + b))",
    "beta_logit_mode": "(a + k)/(a + b + n)",
    "beta_score": "((a + k) - (a + b + n)*theta)/(theta*(1 - theta))",
    "count": "oo",
    "mirror": "2*a*w",
    "neighbour": "2/lam",
    "differences": "oo",
    "decay": "(1 - eta*lam)*w - eta*g",
    "adam_decay": "w - eta",
}


def test_each_derivation_ends_where_the_chapter_says():
    assert {name: d.lines[-1] for name, d in DERIVATIONS.items()} == {
        name: parse(line) for name, line in LAST_LINES.items()}


_SQUARES, _ABS = "sqnorm(y - X @ w)", "sum(abs(w[j]) for j in d)"
_CONSTANT = "-n/2*log(2*pi*sigma**2)"
MISTAKES = {
    "the evidence kept in the witness with the wrong sign": ("posterior", 2, {
        "relation": SameMinimiser("1", "log(Z)")}),
    "the prior with the wrong sign": ("posterior", 3, {
        "formula": LAST_LINES["posterior"].replace("- log(prior", "+ log(prior")}),
    "1/tau² of the whole squared length beside the sum": ("l2", 2, {
        "formula": "argmin(w, -sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n) "
                   "+ 1/tau**2*sqnorm(w))"}),
    "1/tau instead of 1/tau²": ("l2", 2, {
        "formula": "argmin(w, -sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n) "
                   "+ 1/(2*tau)*sqnorm(w))"}),
    "the penalty not divided by n beside the mean": ("l2", 3, {
        "formula": "argmin(w, 1/n*(-sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n)) "
                   "+ 1/(2*tau**2)*sqnorm(w))"}),
    "lambda = 1/tau² beside the mean squares, as in print": ("l2_squares", 3, {
        "formula": f"argmin(w, 1/n*{_SQUARES} + 1/tau**2*sqnorm(w))"}),
    "sigma instead of sigma²": ("l2_squares", 3, {
        "formula": f"argmin(w, 1/n*{_SQUARES} + sigma/(n*tau**2)*sqnorm(w))"}),
    "1/b² as for the Gaussian": ("l1", 2, {
        "formula": "argmin(w, -sum(log(p(y[i], sum(X[i, j]*w[j] for j in d))) for i in n) "
                   f"+ 1/b**2*{_ABS})"}),
    "the lasso's factor 2 forgotten": ("l1_squares", 3, {
        "formula": f"argmin(w, 1/n*{_SQUARES} + sigma**2/(n*b)*{_ABS})"}),
    "a prior that counts as sigma/tau observations": ("shrunk_mean", 1, {
        "formula": "n*y_bar/(n + sigma/tau)"}),
    "the demonstration's variance as 1/alpha": ("demo_value", 1, {"formula": "10"}),
    "the hard threshold": ("soft_threshold", 2, {
        "formula": "a*max(sign(abs(a) - lam), 0)"}),
    "a threshold of half the coefficient": ("soft_threshold", 2, {
        "formula": "sign(a)*max(abs(a) - lam/2, 0)"}),
    "a threshold that forgets the sign": ("soft_threshold", 2, {
        "formula": "max(abs(a) - lam, 0)"}),
    "a large value that becomes zero": ("soft_threshold_above", 1, {"formula": "0"}),
    "a small value that stays": ("soft_threshold_middle", 1, {"formula": "a"}),
    "the threshold of a coordinate not divided by its length": ("coordinate", 1, {
        "formula": "argmin(w, (a - w)**2/2 + lam*abs(w))"}),
    "the L2 minimum without the one": ("l2_shrink", 1, {"formula": "a/lam"}),
    "the mean for the mode": ("beta_mode", 2, {"formula": "(a + k)/(a + b + n)"}),
    "the mode through the logit as if there were no Jacobian": ("beta_logit", 3, {
        "formula": "log((k + a - 1)/(n - k + b - 1))"}),
    "a finite area for the count": ("count", 1, {"formula": "exp(-lam)"}),
    "a finite area for the differences": ("differences", 1, {"formula": "2*u*(2/lam)**(d - 1)"}),
    "an area that depends on where the neighbour is": ("neighbour", 2, {"formula": "2*u/lam"}),
    "a posterior as high on both sides": ("mirror", 1, {"formula": "0"}),
    "a coefficient that still matters to Adam": ("adam_decay", 1, {"formula": "w - eta*lam"}),
    "a decay without the learning rate": ("decay", 1, {"formula": "(1 - lam)*w - eta*g"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.step == number


def test_the_ridge_solution_needs_its_equations_and_is_unique():
    proof = DERIVATIONS["ridge"]
    assert proof.steps[-1].relation.unique
    anything = tuple(Reals("w_hat", sizes=("d",)) if h.name == "w_hat" else h for h in proof.given)
    assert not replace(proof, given=anything).holds()
    wrong = tuple(replace(h, penalty="1/tau**2") if h.name == "w_hat" else h for h in proof.given)
    assert not replace(proof, given=wrong).holds()
    assert r"\ni" not in proof.result().tex


def test_the_lasso_solution_is_not_claimed_to_be_unique():
    proof = DERIVATIONS["kkt"]
    certificate = proof.steps[0].relation.certificate
    assert not proof.with_step(1, relation=Attained(certificate)).holds()
    assert r"\ni" in proof.result().tex


def test_the_mode_of_the_coin_covers_the_flat_prior():
    assert {Bounded("a", low="1"), Bounded("b", low="1")} <= set(DERIVATIONS["beta_mode"].given)


def test_the_prior_fades_only_with_more_data():
    assert not DERIVATIONS["prior_fades"].with_step(1, relation=Limit("tau", "0")).holds()


# --- the priors in torch -----------------------------------------------------------------

weights = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)
scales = st.floats(1e-3, 1e3)


@pytest.mark.parametrize("prior", PRIORS)
@given(w=weights, scale=scales)
def test_a_prior_is_that_of_scipy_and_torch(prior, w, scale):
    w = torch.tensor(w, dtype=torch.float64)
    law = {gaussian: scipy.stats.norm, laplace: scipy.stats.laplace}[prior]
    value = prior.nll(w, scale=scale)
    density = law.pdf(w, scale=scale)
    seen = density > 1e-300  # below, SciPy's logpdf is the log of a subnormal number
    assert np.allclose(value[seen], -np.log(density[seen]), rtol=1e-12, atol=1e-12)
    reference = prior.reference(torch.tensor(scale, dtype=w.dtype))
    assert torch.allclose(value, -reference.log_prob(w), rtol=1e-12, atol=1e-12)
    constant = prior.nll(torch.zeros_like(w), scale=scale)
    assert torch.allclose(value, prior.rate(scale) * prior.penalty(w) + constant, rtol=1e-12)
    assert prior.scale_for(prior.rate(scale)) == pytest.approx(scale, rel=1e-14)


@pytest.mark.parametrize("prior", PRIORS)
@given(w=weights, scale=scales)
def test_the_slope_is_that_of_autograd(prior, w, scale):
    w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    slope, = torch.autograd.grad(prior.nll(w, scale=scale).sum(), w)
    assert torch.allclose(slope, prior.gradient(w.detach(), scale=scale), rtol=1e-12)


@pytest.mark.parametrize("prior", PRIORS)
@given(a=st.floats(-50, 50), strength=st.floats(0, 20), w=st.floats(-60, 60))
def test_no_weight_does_better_than_the_shrunk_one(prior, a, strength, w):
    a, w = torch.tensor([a], dtype=torch.float64), torch.tensor([w], dtype=torch.float64)

    def objective(w):
        return float((a - w).square() / 2 + strength * prior.penalty(w))

    best = prior.shrink(a, strength)
    assert objective(best) <= objective(w) + 1e-9
    expected = {gaussian: a / (1 + strength),
                laplace: a.sign() * (a.abs() - strength).clamp(min=0)}[prior]
    assert torch.allclose(best, expected, atol=1e-12)
    assert not (prior is laplace and abs(a) <= strength and best != 0)


@pytest.mark.parametrize("prior", PRIORS)
def test_draws_have_the_prior_scale(prior):
    draws = prior.sample((200_000,), scale=3.0, generator=torch.Generator().manual_seed(1))
    law = {gaussian: scipy.stats.norm, laplace: scipy.stats.laplace}[prior]
    assert scipy.stats.kstest(draws.numpy(), law(scale=3.0).cdf).pvalue > 1e-3
    assert (draws != 0).all()


@pytest.mark.parametrize("prior", PRIORS)
def test_extremes_stay_finite_in_float32(prior):
    for weight, scale in prior.EXTREMES:
        w = torch.tensor([weight])
        assert prior.nll(w, scale=scale).isfinite() and prior.gradient(w, scale=scale).isfinite()


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("objective", penalties.OBJECTIVES)
@given(scale=scales, n=st.integers(1, 1000), sigma=scales)
def test_coefficients_go_back_and_forth(prior, objective, scale, n, sigma):
    options = {"n": n, "noise_scale": sigma}
    number = penalties.coefficient(prior, scale, objective, **options)
    assert penalties.prior_scale(prior, number, objective, **options) == pytest.approx(scale)


@pytest.mark.parametrize(("prior", "whole", "size"), [
    (gaussian, lambda w: w.square().sum(), lambda w: w.square().sum() / 2),
    (laplace, lambda w: w.abs().sum(), lambda w: w.abs().sum())])
def test_every_objective_is_the_posterior_up_to_a_factor_and_a_shift(prior, whole, size):
    generator = torch.Generator().manual_seed(3)
    X = torch.randn(7, 3, generator=generator, dtype=torch.float64)
    y = torch.randn(7, generator=generator, dtype=torch.float64)
    n, sigma, scale = 7, 0.7, 1.3
    normal = torch.distributions.Normal(torch.tensor(0.0, dtype=X.dtype), sigma)

    def posterior(w):
        return -float(normal.log_prob(y - X @ w).sum() - prior.nll(w, scale=scale).sum())

    def objectives(w):
        squares, nll = (y - X @ w).square().sum(), -normal.log_prob(y - X @ w).sum()
        data = {"sum_nll": nll, "mean_nll": nll / n, "half_sum_squares": squares / 2,
                "sum_squares": squares, "mean_squares": squares / n,
                "half_mean_squares": squares / (2 * n)}
        assert data.keys() == penalties.OBJECTIVES.keys()
        return np.array([float(part + penalties.coefficient(
            prior, scale, name, n=n, noise_scale=sigma) * (
                size(w) if "half" in name or "nll" in name else whole(w)))
            for name, part in data.items()])

    points = [torch.randn(3, generator=generator, dtype=torch.float64) for _ in range(4)]
    changes = np.array([objectives(w) - objectives(points[0]) for w in points[1:]])
    expected = np.array([posterior(w) - posterior(points[0]) for w in points[1:]])
    factors = changes / expected[:, None]
    assert np.allclose(factors, factors[0])
    assert (factors > 0).all()


def test_the_coefficient_in_print_is_another_prior():
    variance = penalties.prior_scale(gaussian, 0.1, "mean_squares", n=50, noise_scale=0.5)**2
    assert variance == pytest.approx(0.05)
    assert math.isclose(penalties.coefficient(laplace, 0.1, "sum_nll"), 10.0)


VECTOR = torch.ones(2)


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda p: p.nll(VECTOR, scale=0.0), ValueError, "scale: expected a positive"),
    (lambda p: p.nll(VECTOR, scale="1"), TypeError, "scale: expected a torch.Tensor"),
    (lambda p: p.nll(VECTOR, scale=torch.ones(3)), ValueError, r"scale: shape \(3,\)"),
    (lambda p: p.nll(VECTOR, scale=torch.ones(2).double()), TypeError, "scale: float64"),
    (lambda p: p.nll([1.0], scale=1.0), TypeError, "weights: expected a torch.Tensor"),
    (lambda p: p.gradient(torch.tensor([]), scale=1.0), ValueError, "weights: empty"),
    (lambda p: p.penalty(VECTOR * math.nan), ValueError, "weights: 2 of 2 values not finite"),
    (lambda p: p.shrink(VECTOR, -1.0), ValueError, "strength: expected a number >= 0"),
    (lambda p: p.shrink(VECTOR, None), TypeError, "strength: expected a number, got NoneType"),
    (lambda p: p.rate(-1.0), ValueError, "scale: expected a positive"),
    (lambda p: p.scale_for(0.0), ValueError, "rate: expected a positive"),
    (lambda p: p.sample((2,), scale=0.0), ValueError, "scale: expected a positive"),
    (lambda p: penalties.coefficient(p, 1.0, "sum"), ValueError, "objective: got 'sum'"),
    (lambda p: penalties.coefficient(p, 1.0, "mean_nll"), ValueError, "n: missing"),
    (lambda p: penalties.coefficient(p, 1.0, "sum_squares"), ValueError, "noise_scale: missing"),
    (lambda p: penalties.prior_scale(math, 1.0, "sum_nll"), ValueError, "prior: got 'math'"),
])
@pytest.mark.parametrize("prior", PRIORS)
def test_bad_input_is_named(prior, call, error, message):
    with pytest.raises(error, match=message):
        call(prior)
