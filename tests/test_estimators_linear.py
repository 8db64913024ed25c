"""Linear fits of every loss against outside libraries, and honesty where there is no estimate."""
import math

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import Logit, MNLogit, QuantReg

from mlebook import catalog, checks, datasets, estimators
from mlebook.estimators.separation import recession

SQUARED, BINARY, CLASSES = map(catalog.loss, (
    "squared_error", "binary_cross_entropy", "cross_entropy"))
ABSOLUTE, HETERO = map(catalog.loss, ("absolute_error", "heteroscedastic"))


def penguins(*columns, without=None):
    """Inputs with an intercept, and species 0, 1, 2 or those that are left, from 0."""
    birds = datasets.penguins()
    keep = np.isfinite(birds.bill_length) & (birds.species != without)
    species = np.unique(birds.species[keep], return_inverse=True)[1]
    return estimators.design_matrix(*(getattr(birds, name)[keep] for name in columns)), species


def flights():
    data = datasets.challenger_orings()
    return estimators.design_matrix(data.temperature), (data.incidents > 0).astype(float)


def households():
    data = datasets.engel_food()
    return estimators.design_matrix(data.income), data.tensor("food_expenditure")


def test_binary_fit_is_that_of_statsmodels():
    X, y = flights()
    ours, theirs = estimators.fit_linear(BINARY, X, y), Logit(y, X.numpy()).fit(disp=0)
    assert ours.converged and ours.noise == {} and ours.identified is None
    assert abs(ours.nll + theirs.llf) <= 1e-10
    assert ours.params.numpy() == pytest.approx(theirs.params, rel=1e-7)
    assert ours.standard_errors.numpy() == pytest.approx(theirs.bse, rel=1e-6)


def test_classes_are_fitted_with_the_shortest_weights():
    X, species = penguins("bill_length", "bill_depth")
    ours, theirs = estimators.fit_linear(CLASSES, X, species), MNLogit(species, X.numpy()).fit(
        disp=0, maxiter=100)
    assert ours.converged and ours.params.shape == (3, 3)
    assert abs(ours.nll + theirs.llf) <= 1e-10
    assert ours.params.sum(dim=1).abs().max() <= 1e-9
    differences = (ours.params[:, 1:] - ours.params[:, :1]).numpy()
    assert differences == pytest.approx(theirs.params, rel=1e-6)
    contrast = torch.zeros(6, 3, 3, dtype=torch.float64)  # class c against class 0, input j
    for row, (c, j) in enumerate((c, j) for c in (1, 2) for j in range(3)):
        contrast[row, j, c], contrast[row, j, 0] = 1, -1
    contrast = contrast.reshape(6, 9)
    spread = (contrast @ ours.covariance @ contrast.T).diagonal().sqrt().numpy()
    assert spread == pytest.approx(theirs.bse.T.reshape(-1), rel=1e-5)
    assert ours.standard_errors.shape == (3, 3)


def test_two_classes_are_the_binary_fit():
    X, y = flights()
    two = estimators.fit_linear(CLASSES, X, y.astype(int))
    one = estimators.fit_linear(BINARY, X, y)
    assert two.nll == pytest.approx(one.nll, abs=1e-10)
    assert (two.params[:, 1] - two.params[:, 0]).tolist() == pytest.approx(one.params.tolist())


def test_heteroscedastic_fit_reaches_the_general_optimum_in_raw_units():
    X, y = households()
    ours = estimators.fit_linear(HETERO, X, y)
    units = torch.tensor([1.0, 1000.0], dtype=torch.float64)

    def nll(theta):
        return HETERO.nll((X / units) @ theta.reshape(2, 2), y).sum()

    start = torch.zeros(2, 2, dtype=torch.float64)
    start[0, 0], start[0, 1] = y.mean(), y.var().log()
    general = estimators.fit(nll, start.reshape(-1))
    assert ours.converged and general.converged and ours.params.shape == (2, 2)
    assert abs(ours.nll - general.nll) <= 1e-8
    expected = general.standard_errors.reshape(2, 2) / units[:, None]
    assert ours.standard_errors.numpy() == pytest.approx(expected.numpy(), rel=1e-5)


def test_absolute_error_is_fitted_exactly_and_has_no_standard_errors():
    X, y = households()
    ours = estimators.fit_linear(ABSOLUTE, X, y)
    library = QuantReg(y.numpy(), X.numpy()).fit(q=0.5).params
    scale = float((y - X @ torch.tensor(library)).abs().mean())
    theirs = float(ABSOLUTE.nll(X @ torch.tensor(library), y, scale=scale).sum())
    assert ours.converged and ours.nll <= theirs + 1e-10
    assert ours.noise["scale"] == pytest.approx(scale, rel=1e-6)
    with pytest.raises(ValueError, match="standard_errors"):
        _ = ours.standard_errors


@pytest.mark.parametrize("slug", [loss.SLUG for loss in catalog.noise_models()])
def test_a_constant_is_the_estimate_without_inputs(slug):
    from mlebook.certificate.data import total

    loss = catalog.loss(slug)
    target = loss.real_targets()
    fit = estimators.fit_linear(loss, torch.ones(len(target), 1), target)
    assert fit.converged
    assert fit.nll == pytest.approx(total(loss, target, loss.estimate(target)), abs=1e-8)
    assert set(fit.noise) == set(loss.NOISE_PARAMETERS)


@given(st.integers(0, 200), st.floats(1e-4, 1e4))
@settings(max_examples=25)
def test_units_of_the_inputs_do_not_matter_to_classes(seed, unit):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=60), rng.integers(0, 3, 60)
    plain = estimators.fit_linear(CLASSES, estimators.design_matrix(x), y)
    moved = estimators.fit_linear(CLASSES, estimators.design_matrix(x * unit), y)
    assert plain.converged and moved.converged
    assert moved.nll == pytest.approx(plain.nll, abs=1e-9)


# --- no finite estimate ---


def test_separable_species_are_reported_with_the_direction_that_separates():
    X, y = penguins("bill_length", "bill_depth", without="Chinstrap")
    fit = estimators.fit_linear(BINARY, X, y)
    assert not fit.converged and "all 274 on the right side" in fit.message
    assert fit.message.startswith("no finite estimate: the classes can be separated")
    margins = (X @ fit.recession) * torch.tensor(2 * y - 1)
    assert margins.min() > 0
    assert "NO, " in repr(fit)


def test_three_separable_species_too():
    X, y = penguins("bill_length", "bill_depth", "flipper_length", "body_mass")
    fit = estimators.fit_linear(CLASSES, X, y)
    assert not fit.converged and "all 342 on the right side" in fit.message
    logits = X @ fit.recession
    assert (logits.argmax(dim=1) == torch.tensor(y)).all()
    assert fit.recession.sum(dim=1).abs().max() <= 1e-9


@pytest.mark.parametrize("loss", [BINARY, CLASSES], ids=["binary", "classes"])
def test_ties_are_separable_too(loss):
    x, y = [1.0, 2, 3, 3, 4, 5], [0, 0, 0, 1, 1, 1]
    fit = estimators.fit_linear(loss, estimators.design_matrix(x), y)
    assert not fit.converged and "none of 6 on the wrong and 4 on the right side" in fit.message
    overlap = estimators.fit_linear(loss, estimators.design_matrix(x), [0, 1, 0, 1, 0, 1])
    assert overlap.converged and overlap.recession is None


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(4, 12))
def test_what_the_linear_program_says_is_what_newton_finds(seed, n):
    rng = np.random.default_rng(seed)
    X = estimators.design_matrix(rng.integers(-3, 4, n).astype(float), rng.normal(size=n))
    y = rng.integers(0, 2, n).astype(float)
    if torch.linalg.matrix_rank(X) < 3:
        return
    fit = estimators.fit_linear(BINARY, X, y)
    direction, _ = recession(X, torch.tensor(y))
    assert fit.converged == (direction is None)
    if direction is not None:
        far = [float(BINARY.nll(t * X @ direction, torch.tensor(y)).sum()) for t in (1, 10, 100)]
        assert far[0] > far[1] >= far[2]


def test_a_class_that_does_not_occur_is_named():
    fit = estimators.fit_linear(CLASSES, estimators.design_matrix([1.0, 2, 3, 4]), [0, 2, 0, 2])
    assert not fit.converged and "no finite estimate: class 1 does not occur" in fit.message


def test_a_mean_that_interpolates_has_no_scale():
    X = estimators.design_matrix([1.0, 2, 3, 4])
    for loss in (HETERO, ABSOLUTE, SQUARED):
        fit = estimators.fit_linear(loss, X, [3.0, 5, 7, 9])
        assert not fit.converged and "no finite estimate" in fit.message


# --- arguments ---


@pytest.mark.parametrize(("loss", "y", "error", "message"), [
    (BINARY, [0, 1, 0.5], ValueError, "y: 1 of 3 values not 0 or 1, the first is 0.5 at index 2"),
    (BINARY, [0, 1, 2], ValueError, "y: 1 of 3 values not 0 or 1"),
    (BINARY, [0, 1, math.nan], ValueError, "y: 1 of 3 values not finite"),
    (CLASSES, [0, 1, -1], ValueError, "y: 1 of 3 values not a class 0, 1, 2, …, the first is -1"),
    (CLASSES, [0, 1, 0.5], ValueError, "y: 1 of 3 values not a class"),
    (CLASSES, [0, 0, 0], ValueError, "y: every class is 0, expected at least two classes"),
    (CLASSES, [[0, 1, 1]], ValueError, r"y: shape \(1, 3\), expected \(3,\)"),
    (SQUARED, ["a", "b", "c"], TypeError, "y: expected numbers, got list"),
    (SQUARED, [], ValueError, "y: empty"),
    (HETERO, [1.0, 2.0], ValueError, r"y: shape \(2,\), expected \(3,\)"),
])
def test_bad_targets_are_named(loss, y, error, message):
    with pytest.raises(error, match=message):
        estimators.fit_linear(loss, estimators.design_matrix([1.0, 2.0, 4.0]), y)


@pytest.mark.parametrize("loss", [BINARY, CLASSES, HETERO], ids=lambda loss: loss.SLUG)
def test_a_loss_without_noise_takes_none(loss):
    with pytest.raises(TypeError, match=f"scale: not a noise parameter of {loss.SLUG}, .* none"):
        estimators.fit_linear(loss, [[1.0], [1.0]], [0, 1], scale=1.0)


def test_the_data_are_checked_once_and_checks_come_back(monkeypatch):
    X, y = flights()
    calls = []
    finite = checks.targets.finite
    monkeypatch.setattr(checks.targets, "finite", lambda *a: calls.append(a) or finite(*a))
    assert estimators.fit_linear(BINARY, X, y).converged
    assert not calls
    with pytest.raises(ValueError, match="prediction: 1 of 1 values not finite"):
        BINARY.nll(torch.tensor([math.nan]), torch.tensor([1.0]))
    with pytest.raises(ZeroDivisionError), checks.once():
        raise ZeroDivisionError
    with pytest.raises(ValueError, match="target: 1 of 1 values not 0 or 1"):
        BINARY.nll(torch.tensor([0.0]), torch.tensor([2.0]))


def test_least_squares_against_scipy_in_awkward_units():
    rng = np.random.default_rng(0)
    X = estimators.design_matrix(1e6 + rng.normal(size=50), 1e-6 * rng.normal(size=50))
    y = torch.tensor(rng.normal(size=50))
    fit = estimators.least_squares(X, y)
    units = X.norm(dim=0).numpy()
    best = scipy.optimize.lsq_linear(X.numpy() / units, y.numpy()).x / units
    assert fit.converged
    residual, reference = y - X @ fit.params, y - X @ torch.tensor(best)
    assert float(residual.square().sum()) <= float(reference.square().sum()) * (1 + 1e-12)
