"""The statements of the chapter "Why absolute error?": what they claim, and what they refuse."""
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mlebook.losses import absolute_error
from mlebook.losses.absolute_error import derivations
from mlebook.proof import Attained, Definition, Equal, ProofError, Real, SameMinimiser, parse
from mlebook.proof.evaluate import evaluate

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}
CHAPTER = Path(__file__).parents[1] / "chapters" / "source" / "absolute_error.md"

# first and last line of what the chapter and the certificate lean on
CLAIMS = {
    "normalised": ("integral(p(y, mu, b) for y in R)", "1"),
    "location": ("integral(y*p(y, mu, b) for y in R)", "mu"),
    "mean_absolute": ("integral(abs(y - mu)*p(y, mu, b) for y in R)", "b"),
    "variance": ("integral((y - mu)**2*p(y, mu, b) for y in R)", "2*b**2"),
    "entropy": ("-integral(p(y, mu, b)*log(p(y, mu, b)) for y in R)", "1 + log(2*b)"),
    "nll": ("-log(p(y, mu, b))", "abs(y - mu)/b + log(2*b)"),
    "pointwise": ("argmin(mu, abs(y - mu))", "argmin(mu, -log(p(y, mu, b)))"),
    "mae": ("argmax(theta, prod(p(y[i], f(theta, x[i]), b) for i in n))",
            "argmin(theta, 1/n*sum(abs(y[i] - f(theta, x[i])) for i in n))"),
    "affine": ("-log(prod(p(y[i], f(theta, x[i]), b) for i in n))",
               "1/b*sum(abs(y[i] - f(theta, x[i])) for i in n) + n*log(2*b)"),
    "gradient": ("diff(-log(p(y, mu, b)), mu)", "sign(mu - y)/b"),
    "curvature": ("diff(diff(-log(p(y, mu, b)), mu), mu)", "0"),
    "scale": ("argmin(b, n*log(2*b) + 1/b*sum(abs(r[i]) for i in n))", "b_hat"),
    "population_median": ("diff(integral(abs(y - mu)*p(y) for y in R), mu)", "2*F(mu) - 1"),
    "population_curvature": ("diff(2*F(mu) - 1, mu)", "2*p(mu)"),
    "population_minimum": ("argmin(mu, integral(abs(y - mu)*p(y) for y in R))", "m"),
    "dual": ("sum(abs(y[i] - sum(X[i, j]*w[j] for j in d)) for i in n)",
             "sum(psi[i]*y[i] for i in n)"),
    "pinball_half": ("pinball(1/2, r)", "1/2*abs(r)"),
    "asymmetric_normalised": ("integral(tilted(kappa, y, mu, b) for y in R)", "1"),
    "asymmetric_below": ("integral(tilted(kappa, y, mu, b) for y in below(mu))", "kappa"),
    "asymmetric_half": ("tilted(1/2, y, mu, b)", "p(y, mu, 2*b)"),
    "quantile_slope": ("diff(integral(pinball(kappa, y - mu)*p(y) for y in R), mu)",
                       "F(mu) - kappa"),
    "quantile_minimum": ("argmin(mu, integral(pinball(kappa, y - mu)*p(y) for y in R))", "m"),
    "best_nll": ("n*log(2*b_hat) + n*b_hat/b_hat", "n*log(2*b_hat) + n"),
    "dropped_constant": ("b_hat/b", "0"),
    "weighted": ("argmax(mu, prod(p(y[i], mu, s[i]) for i in n))",
                 "argmin(mu, sum(abs(y[i] - mu)/s[i] for i in n))"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_it_claims_what_the_chapter_says(name):
    first, last = CLAIMS[name]
    assert (DERIVATIONS[name].lines[0], DERIVATIONS[name].lines[-1]) == (parse(first), parse(last))


# Mistakes seen in print or in code, each as a change of one step.
_ERRORS = "sum(abs(y[i] - f(theta, x[i])) for i in n)"
MISTAKES = {
    "the density's 2 forgotten": ("nll", 3, {"formula": "abs(y - mu)/b + log(b)"}),
    "a square instead of the absolute value": ("nll", 3, {
        "formula": "(y - mu)**2/b + log(2*b)"}),
    "a shift that forgets the 2": ("mae", 3, {
        "relation": SameMinimiser("-n/b", "-n*log(b)")}),
    "a factor that forgets n": ("mae", 3, {
        "relation": SameMinimiser("-1/b", "-n*log(2*b)")}),
    "a maximum of the absolute error": ("mae", 3, {
        "formula": f"argmax(theta, 1/n*{_ERRORS})"}),
    "proportional instead of affine": ("affine", 1, {"formula": f"1/b*{_ERRORS}"}),
    "the scale is the standard deviation": ("variance", 2, {"formula": "b**2"}),
    "the sign of the slope": ("gradient", 2, {"formula": "sign(y - mu)/b"}),
    "a slope that grows with the distance": ("gradient", 2, {"formula": "(mu - y)/b"}),
    "the expected error is lowest at the mean": ("population_median", 4, {"formula": "F(mu)"}),
    "the level on the wrong side": ("quantile_slope", 3, {"formula": "F(mu) - (1 - kappa)"}),
    "the scale of the asymmetric law is Laplace's": ("asymmetric_half", 1, {
        "formula": "p(y, mu, b)"}),
    "half the share below": ("asymmetric_below", 2, {"formula": "1/2"}),
    "the pinball loss is the absolute error": ("pinball_half", 1, {"formula": "abs(r)"}),
    "squared scales as weights": ("weighted", 2, {
        "formula": "argmin(mu, sum(abs(y[i] - mu)/s[i]**2 for i in n))"}),
    "a Gaussian tail": ("tail", 1, {"formula": "1/2*exp(-t**2/b)"}),
    "a strict bound for the pair": ("pair", 2, {"formula": "up - low + 1"}),
    "the middle of the line, not of the readings": ("median_odd", 1, {"formula": "0"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.step == number


def test_there_is_no_slope_at_the_kink():
    anywhere = tuple(Real("mu") if h.name == "mu" else h for h in DERIVATIONS["gradient"].given)
    with pytest.raises(ProofError, match="no derivative"):
        replace(DERIVATIONS["gradient"], given=anywhere).verify()


def test_for_an_even_number_the_minimiser_is_not_claimed_to_be_unique():
    proof = DERIVATIONS["median_even"]
    unique = replace(proof.steps[-1].relation, unique=True)
    assert not proof.with_step(len(proof.steps), relation=unique).holds()
    assert r"\ni" in proof.result().tex and r"\ni" not in DERIVATIONS["median_odd"].result().tex


def test_the_log_of_the_scale_may_not_be_dropped_for_the_scale():
    proof = DERIVATIONS["scale"].with_step(
        1, "argmin(b, 1/b*sum(abs(r[i]) for i in n))", relation=SameMinimiser("1", "n*log(2*b)"))
    with pytest.raises(ProofError, match="depends on b"):
        proof.verify()
    other = Definition("b_hat", "1/(n + 1)*sum(abs(r[i]) for i in n)")
    assert not replace(DERIVATIONS["scale"], where=(other,)).holds()
    assert not DERIVATIONS["dropped_constant"].with_step(1, relation=Equal()).holds()


def test_the_certificate_of_the_scale_must_be_that_of_the_absolute_values():
    wrong = DERIVATIONS["scale"].with_step(1, relation=Attained("n*h(b/b_hat)"))
    assert not wrong.holds()


@pytest.mark.parametrize("name, function", [
    ("nll", absolute_error.nll), ("gradient", absolute_error.gradient),
    ("curvature", absolute_error.curvature)])
def test_the_torch_code_computes_the_proved_line(name, function):
    last = DERIVATIONS[name].lines[-1]
    for y, mu, b in ((28.0, 24.0, 5.0), (-3.0, 4.0, 0.25), (0.5, 0.0, 30.0)):
        value = function(torch.tensor([mu], dtype=torch.float64),
                         torch.tensor([y], dtype=torch.float64), scale=b)
        expected = float(evaluate(last, {"y": y, "mu": mu, "b": b}))
        assert float(value) == pytest.approx(expected, rel=1e-13, abs=1e-15)
