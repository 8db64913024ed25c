"""Cross-entropy: what its statements claim and refuse, and what outside libraries say."""
import math
from pathlib import Path

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from torch.nn import functional

from mlebook import checks, datasets, estimators
from mlebook.losses import cross_entropy
from mlebook.losses.cross_entropy import derivations
from mlebook.proof import Attained, ProofError, SameMinimiser, parse

STATEMENTS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}
DERIVATIONS = {name: s for name, s in STATEMENTS.items() if hasattr(s, "steps")}
CHAPTER = Path(__file__).parents[1] / "chapters" / "source" / "cross_entropy.md"

# --- what the statements say ------------------------------------------------------------

ENDS = {
    "picks": ("p(t, q)", "q[t]"),
    "normalised": ("sum(p(t, q) for t in K)", "1"),
    "mean": ("sum(p(t, q)*delta(t, c) for t in K)", "q[c]"),
    "softmax_sum": ("sum(q[c] for c in K)", "1"),
    "shift": ("exp(z[c] + a)/sum(exp(z[j] + a) for j in K)", "q[c]"),
    "log_odds": ("log(q[c]/q[j])", "z[c] - z[j]"),
    "nll": ("-log(prod(q[c]**delta(t, c) for c in K))", "lse(z) - z[t]"),
    "stable": ("lse(z)", "a + log(sum(exp(z[c] - a) for c in K))"),
    "chain": ("argmax(theta, prod(prod(q(c, x[i], theta)**delta(y[i], c) for c in K) for i in n))",
              "argmin(theta, 1/n*sum(-sum(delta(y[i], c)*log(q(c, x[i], theta)) for c in K) "
              "for i in n))"),
    "lse_gradient": ("diff(lse(z), z[c])", "q[c]"),
    "gradient": ("diff(-log(q[t]), z[c])", "q[c] - delta(c, t)"),
    "gradient_sum": ("sum(q[c] - delta(c, t) for c in K)", "0"),
    "curvature": ("diff(diff(-log(q[t]), z[c]), z[j])", "q[c]*(delta(c, j) - q[j])"),
    "semidefinite": ("sum(sum(u[c]*(q[c]*(delta(c, j) - q[j]))*u[j] for j in K) for c in K)", "0"),
    "flat": ("sum(sum(a*(q[c]*(delta(c, j) - q[j]))*a for j in K) for c in K)", "0"),
    "estimate": ("argmin(z, -sum(p[c]*log(q[c]) for c in K))", "z_hat"),
    "soft_gradient": ("diff(-sum(p[j]*log(q[j]) for j in K), z[c])", "q[c] - p[c]"),
    "floor": ("-sum(p[c]*log(q[c]) for c in K)", "-sum(p[c]*log(p[c]) for c in K)"),
    "smoothed_mean": ("sum(p[t]*((1 - gamma)*delta(c, t) + gamma/K) for t in K)",
                      "(1 - gamma)*p[c] + gamma/K"),
    "smoothed_gap": ("log(1 - gamma + gamma/K) - log(gamma/K)", "log(1 + K*(1 - gamma)/gamma)"),
    "two_classes": ("exp(b)/(exp(a) + exp(b))", "sigmoid(b - a)"),
    "two_classes_loss": (
        "-((1 - y)*log(exp(a)/(exp(a) + exp(b))) + y*log(exp(b)/(exp(a) + exp(b))))",
        "softplus(b - a) - y*(b - a)"),
    "wrong": ("diff(-log(exp(z)/(exp(z) + b)), z)", "-1"),
    "wrong_square": ("diff((1 - exp(z)/(exp(z) + b))**2 + a/(exp(z) + b)**2, z)", "0"),
}


@pytest.mark.parametrize("name", ENDS)
def test_it_starts_and_ends_where_the_chapter_says(name):
    lines = DERIVATIONS[name].lines
    assert (lines[0], lines[-1]) == tuple(map(parse, ENDS[name]))


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_chapter_shows_it(name):
    assert f"[[ cross_entropy.{name}" in CHAPTER.read_text(encoding="utf-8")


# Mistakes seen in print or in code, each as a change of one step.
MISTAKES = {
    "the log-sum-exp forgotten": ("nll", 5, {"formula": "-z[t]"}),
    "the sign of the loss": ("nll", 5, {"formula": "z[t] - lse(z)"}),
    "a shift that is not taken out again": ("stable", 2, {
        "formula": "log(sum(exp(z[c] - a) for c in K))"}),
    "one-hot minus softmax": ("gradient", 2, {"formula": "delta(c, t) - q[c]"}),
    "the gradient of the true class in every place": ("gradient", 2, {"formula": "q[c] - 1"}),
    "the diagonal of the Hessian everywhere": ("curvature", 2, {"formula": "q[c]*(1 - q[c])"}),
    "the Hessian's off-diagonal sign": ("curvature", 2, {
        "formula": "q[c]*(delta(c, j) + q[j])"}),
    "a mean over classes instead of a sum": ("chain", 4, {
        "formula": "argmin(theta, 1/n*sum(-1/K*sum(delta(y[i], c)*log(q(c, x[i], theta)) "
                   "for c in K) for i in n))"}),
    "the factor n with the wrong sign": ("chain", 3, {"relation": SameMinimiser("n", "0")}),
    "a likelihood that is maximised when its loss is": ("chain", 3, {
        "formula": "argmax(theta, 1/n*sum(-log(q(y[i], x[i], theta)) for i in n))"}),
    "the coefficient kept as a factor": ("multinomial", 2, {
        "relation": SameMinimiser("-factorial(n)", "0")}),
    "logits said to be unique": ("estimate", 1, {
        "relation": Attained("sum(p[c]*h(q[c]/p[c]) for c in K)")}),
    "the other order of the divergence": ("estimate", 1, {
        "relation": Attained("sum(q[c]*h(p[c]/q[c]) for c in K)", unique=False)}),
    "a floor of zero for soft targets": ("floor", 2, {"formula": "0"}),
    "smoothing over the wrong classes only": ("smoothed_gap", 2, {
        "formula": "log(1 + (K - 1)*(1 - gamma)/gamma)"}),
    "smoothing keeps the mean": ("smoothed_mean", 1, {"formula": "p[c]"}),
    "the first of two logits": ("two_classes", 2, {"formula": "sigmoid(a - b)"}),
    "the loss of the other class": ("two_classes_loss", 2, {
        "formula": "softplus(b - a) - (1 - y)*(b - a)"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_known_mistake_is_rejected(mistake):
    name, number, change = MISTAKES[mistake]
    with pytest.raises(ProofError) as caught:
        DERIVATIONS[name].with_step(number, **change).verify()
    assert caught.value.step == number


# --- against outside libraries ------------------------------------------------------------

LOGITS = st.integers(2, 6).flatmap(lambda classes: st.lists(
    st.lists(st.floats(-50, 50), min_size=classes, max_size=classes), min_size=1, max_size=5))


@st.composite
def batches(draw):
    """Logits (n, K) and labels (n,)."""
    z = torch.tensor(draw(LOGITS), dtype=torch.float64)
    labels = draw(st.lists(st.integers(0, z.shape[1] - 1), min_size=len(z), max_size=len(z)))
    return z, torch.tensor(labels)


@given(batches())
def test_torch_scipy_and_sklearn_agree(batch):
    z, t = batch
    ours = cross_entropy.nll(z, t)
    rows = np.arange(len(t))
    by_scipy = -scipy.special.log_softmax(z.numpy(), axis=1)[rows, t.numpy()]
    torch.testing.assert_close(ours, functional.cross_entropy(z, t, reduction="none"),
                               rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours, by_scipy, rtol=1e-12, atol=1e-12)
    q = z.softmax(dim=1).numpy()
    if q.min() > 1e-15:  # scikit-learn clips probabilities below
        by_sklearn = log_loss(t, q, labels=range(z.shape[1]), normalize=False)
        assert float(ours.sum()) == pytest.approx(by_sklearn, rel=1e-10, abs=1e-12)


@given(batches(), st.floats(-1e3, 1e3))
def test_a_common_shift_changes_nothing(batch, shift):
    z, t = batch
    torch.testing.assert_close(cross_entropy.nll(z + shift, t), cross_entropy.nll(z, t),
                               rtol=1e-10, atol=1e-10)


@given(batches())
def test_gradient_and_hessian_along_the_constants_vanish(batch):
    z, t = batch
    assert cross_entropy.gradient(z, t).sum(dim=-1).abs().max() < 1e-14
    hessian = cross_entropy.curvature(z, t)
    assert hessian.sum(dim=-1).abs().max() < 1e-14
    assert torch.linalg.eigvalsh(hessian).min() > -1e-14


@given(batches(), st.floats(0, 0.99))
def test_label_smoothing_is_torchs(batch, amount):
    z, t = batch
    soft = cross_entropy.smooth(t, z.shape[1], amount)
    torch.testing.assert_close(soft.sum(dim=-1), torch.ones(len(t), dtype=torch.float64))
    torch.testing.assert_close(
        cross_entropy.soft_nll(z, soft),
        functional.cross_entropy(z, t, label_smoothing=amount, reduction="none"),
        rtol=1e-12, atol=1e-12)


@given(batches())
def test_a_one_hot_target_is_the_label(batch):
    z, t = batch
    one_hot = cross_entropy.smooth(t, z.shape[1], 0)
    assert torch.equal(one_hot, functional.one_hot(t, z.shape[1]).to(torch.float64))
    torch.testing.assert_close(cross_entropy.soft_nll(z, one_hot), cross_entropy.nll(z, t),
                               rtol=1e-12, atol=1e-12)


def test_two_classes_are_binary_cross_entropy():
    z = torch.randn(50, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    t = torch.arange(50) % 2
    expected = functional.binary_cross_entropy_with_logits(
        z[:, 1] - z[:, 0], t.to(torch.float64), reduction="none")
    torch.testing.assert_close(cross_entropy.nll(z, t), expected, rtol=1e-12, atol=0)


def test_soft_targets_stay_finite_with_their_gradients_at_extremes():
    z = torch.tensor([1e4, -1e4, 0.0], requires_grad=True)
    value = cross_entropy.soft_nll(z, torch.tensor([0.0, 0.5, 0.5]))
    value.backward()
    assert float(value.detach()) == pytest.approx(1.5e4)
    assert z.grad.tolist() == [1.0, -0.5, -0.5]


def test_soft_targets_whose_loss_overflows_raise_an_error():
    with pytest.raises(ValueError, match=r"^prediction: the result: .*not finite in float32"):
        cross_entropy.soft_nll(torch.tensor([3e38, -3e38]), torch.tensor([1.0, 0.0]))


def test_the_best_gap_is_the_proved_one():
    """No logits do better for a smoothed label than those with the proved gap."""
    classes, amount = 5, 0.1
    gap = math.log(1 + classes * (1 - amount) / amount)
    soft = cross_entropy.smooth(torch.tensor([2]), classes, amount)
    best = gap * functional.one_hot(torch.tensor([2]), classes).to(torch.float64)
    floor = -(soft * soft.log()).sum()
    assert float(cross_entropy.soft_nll(best, soft)) == pytest.approx(float(floor), rel=1e-14)
    for other in (gap - 0.1, gap + 0.1):
        assert cross_entropy.soft_nll(best * other / gap, soft) > floor


# --- fits ---------------------------------------------------------------------------------


def _penguins(*features):
    birds = datasets.penguins().complete("bill_length", "flipper_length")
    labels = torch.tensor(np.unique(birds.species, return_inverse=True)[1])
    return estimators.design_matrix(*(birds.tensor(name) for name in features)), labels


def test_softmax_regression_reaches_scikit_learns_optimum():
    X, y = _penguins("flipper_length", "body_mass")
    found = estimators.fit_linear(cross_entropy, X, y)
    units = (X[:, 1:] - X[:, 1:].mean(dim=0)) / X[:, 1:].std(dim=0)
    library = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(units, y)
    theirs = log_loss(y, library.predict_proba(units), normalize=False)
    assert found.converged and abs(found.nll - theirs) < 1e-8
    assert found.params.sum(dim=1).abs().max() < 1e-9
    shares = torch.bincount(y) / len(y)
    mean = (X @ found.params).softmax(dim=1).mean(dim=0)
    torch.testing.assert_close(mean, shares.to(torch.float64), rtol=1e-6, atol=0)


def test_separable_species_have_no_estimate():
    X, y = _penguins("bill_length", "bill_depth", "flipper_length", "body_mass")
    found = estimators.fit_linear(cross_entropy, X, y)
    assert not found.converged and "no finite estimate" in found.message


# --- bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("probabilities, message", [
    (torch.tensor([0.5, 0.6]), r"^probabilities \(sum of a row\): .* 1\.1"),
    (torch.tensor([1.5, -0.5]), "^probabilities: .*negative"),
    (torch.tensor([math.nan, 1.0]), "^probabilities: .*not finite"),
    (torch.tensor([1.0, 0.0, 0.0]), "^probabilities: shape"),
    (torch.tensor([1.0, 0.0], dtype=torch.float64), "^probabilities: float64"),
    (torch.tensor([1, 0]), "^probabilities: expected floating-point"),
    ([1.0, 0.0], "^probabilities: expected a torch.Tensor"),
])
def test_bad_target_probabilities_are_named(probabilities, message):
    with pytest.raises((TypeError, ValueError), match=message):
        cross_entropy.soft_nll(torch.zeros(2), probabilities)


@pytest.mark.parametrize("arguments, message", [
    ((torch.tensor([3]), 3, 0.1), "^target: .*not a class from 0 to 2"),
    ((torch.tensor([0.0]), 3, 0.1), "^target: expected classes as int64"),
    ((torch.tensor([0]), 1, 0.1), "^classes: expected an integer >= 2"),
    ((torch.tensor([0]), 3, 1.0), "^amount: "), ((torch.tensor([0]), 3, -0.1), "^amount: "),
    ((torch.tensor([0]), 3, math.nan), "^amount: "), ((torch.tensor([0]), 3, "0.1"), "^amount: "),
])
def test_bad_smoothing_is_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        cross_entropy.smooth(*arguments)


@pytest.mark.parametrize("labels", [(0, 0), (1, 1), (0, 2), (2, 0, 0)])
def test_a_class_that_never_occurs_has_no_logit(labels):
    with pytest.raises(checks.NoFiniteEstimateError, match=r"^target: class \d never occurs"):
        cross_entropy.estimate(torch.tensor(labels))
