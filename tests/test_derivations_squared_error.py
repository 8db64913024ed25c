"""The statements of the chapter "Why squared error?": what they claim, and what they refuse."""
from dataclasses import replace

import pytest
import torch

from mlebook.losses import squared_error
from mlebook.losses.squared_error import derivations
from mlebook.proof import (
    Attained,
    Definition,
    Equal,
    Limit,
    ProofError,
    Reals,
    SameMinimiser,
    parse,
)
from mlebook.proof.evaluate import evaluate

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}

LAST_LINES = {
    "noise": "p(y, mu, sigma)",
    "normalised": "1",
    "location": "mu",
    "variance": "sigma**2",
    "nll": "1/2*log(2*pi*sigma**2) + (y - mu)**2/(2*sigma**2)",
    "pointwise": "argmin(mu, -log(p(y, mu, sigma)))",
    "log_likelihood": "-n*log(sigma) - n/2*log(2*pi) "
                      "- sum((y[i] - f(theta, x[i]))**2 for i in n)/(2*sigma**2)",
    "mse": "argmin(theta, 1/n*sum((y[i] - f(theta, x[i]))**2 for i in n))",
    "affine": "1/(2*sigma**2)*sum((y[i] - f(theta, x[i]))**2 for i in n) + n/2*log(2*pi*sigma**2)",
    "mean": "y_bar",
    "scale": "sqrt(v)",
    "best_nll": "n/2*log(2*pi*v) + n/2",
    "gradient": "(mu - y)/sigma**2",
    "curvature": "1/sigma**2",
    "gradient_ratio": "2*sigma**2*diff(1/n*sum(-log(p(y[i], f[i], sigma)) for i in n), f)",
    "linear": "argmin(w, sqnorm(y - X @ w))",
    "least_squares": "-2*(X.T @ (y - X @ w))",
    "normal_equations": "w_hat",
    "conditional_mean": "E(Y)",
    "influence": "(y_new - y_bar)/(n + 1)",
    "dropped_constant": "0",
    "weighted": "m",
}


def test_each_derivation_ends_where_the_chapter_says():
    assert {name: d.lines[-1] for name, d in DERIVATIONS.items()} == {
        name: parse(line) for name, line in LAST_LINES.items()}


# Mistakes seen in print or in code, each as a change of one step.
_SQUARES = "sum((y[i] - f(theta, x[i]))**2 for i in n)"
_RATIO = "*diff(1/n*sum(-log(p(y[i], f[i], sigma)) for i in n), f)"
MISTAKES = {
    "the exponential's 2 forgotten": ("nll", 3, {
        "formula": "1/2*log(2*pi*sigma**2) + (y - mu)**2/sigma**2"}),
    "a shift that forgets the scale": ("pointwise", 1, {
        "relation": SameMinimiser("2*sigma**2", "-log(2*pi*sigma**2)")}),
    "proportional instead of affine": ("affine", 1, {
        "formula": f"1/(2*sigma**2)*{_SQUARES}"}),
    "n forgotten before log sigma": ("log_likelihood", 4, {
        "formula": f"-log(sigma) - n/2*log(2*pi) - {_SQUARES}/(2*sigma**2)"}),
    "a witness of the wrong size": ("mse", 3, {
        "relation": SameMinimiser("-1/(2*sigma**2)", "-n*log(sigma) - n/2*log(2*pi)")}),
    "the shift forgotten": ("mse", 3, {
        "relation": SameMinimiser("-n/(2*sigma**2)", "0")}),
    "a maximum of the squared error": ("mse", 3, {
        "formula": f"argmax(theta, 1/n*{_SQUARES})"}),
    "n forgotten before the square": ("mean", 1, {
        "formula": "argmin(mu, sum((y[i] - y_bar)**2 for i in n) + (mu - y_bar)**2)"}),
    "the variance given as the scale": ("scale", 1, {"formula": "v"}),
    "the ratio 2 sigma, right at sigma = 1 only": ("gradient_ratio", 2, {
        "formula": f"2*sigma{_RATIO}"}),
    "the ratio sigma + 1, right at sigma = 1 only": ("gradient_ratio", 2, {
        "formula": f"(sigma + 1){_RATIO}"}),
    "equal gradients": ("gradient_ratio", 2, {"formula": f"1{_RATIO}"}),
    "the sign of the least-squares gradient": ("least_squares", 1, {
        "formula": "2*(X.T @ (y - X @ w))"}),
    "no square in Pythagoras": ("normal_equations", 2, {
        "formula": "argmin(w, sqnorm(y - X @ w_hat) - sqnorm(X @ (w - w_hat)))"}),
    "outliers do not grow the shift": ("influence", 1, {"formula": "(y_new - y_bar)/n"}),
    "a floor that is not there": ("dropped_constant", 1, {"formula": "v/2"}),
    "scales instead of variances as weights": ("weighted", 2, {
        "formula": "argmin(mu, sum((y[i] - mu)**2/s[i] for i in n))"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    wrong = DERIVATIONS[name].with_step(number, **change)
    with pytest.raises(ProofError) as caught:
        wrong.verify()
    assert caught.value.step == number


def test_a_mistake_comes_with_a_counterexample():
    name, number, change = MISTAKES["proportional instead of affine"]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.counterexample is not None


def test_the_log_of_sigma_may_not_be_dropped_for_sigma():
    proof = DERIVATIONS["scale"].with_step(
        1, "argmin(sigma, sum(r[i]**2 for i in n)/(2*sigma**2))",
        relation=SameMinimiser("1", "n*log(sigma) + n/2*log(2*pi)"))
    with pytest.raises(ProofError, match="depends on sigma"):
        proof.verify()


def test_no_other_divisor_than_n_gives_the_best_scale():
    other = Definition("v", "1/(n + 1)*sum(r[i]**2 for i in n)")
    assert not replace(DERIVATIONS["scale"], where=(other,)).holds()


def test_pythagoras_needs_the_normal_equations():
    proof = DERIVATIONS["normal_equations"]
    anything = tuple(
        Reals("w_hat", sizes=("d",)) if h.name == "w_hat" else h for h in proof.given)
    replace(proof, given=anything).check(1)
    with pytest.raises(ProofError):
        replace(proof, given=anything).check(2)


def test_the_weights_are_not_claimed_to_be_unique():
    proof = DERIVATIONS["normal_equations"]
    assert not proof.with_step(3, relation=Attained("sqnorm(X @ (w - w_hat))")).holds()
    assert r"\ni" in proof.result().tex


def test_the_runaway_scale_is_a_limit_and_no_value():
    proof = DERIVATIONS["dropped_constant"]
    assert not proof.with_step(1, relation=Equal()).holds()
    assert not proof.with_step(1, relation=Limit("sigma", "0")).holds()


@pytest.mark.parametrize("name, function", [
    ("nll", squared_error.nll), ("gradient", squared_error.gradient),
    ("curvature", squared_error.curvature)])
def test_the_torch_code_computes_the_proved_line(name, function):
    last = DERIVATIONS[name].lines[-1]
    for y, mu, sigma in ((70.0, 68.0, 2.5), (-3.0, 4.0, 0.25), (0.0, 0.0, 30.0)):
        value = function(torch.tensor([mu], dtype=torch.float64),
                         torch.tensor([y], dtype=torch.float64), scale=sigma)
        expected = float(evaluate(last, {"y": y, "mu": mu, "sigma": sigma}))
        assert float(value) == pytest.approx(expected, rel=1e-13, abs=1e-15)
