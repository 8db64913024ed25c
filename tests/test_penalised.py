"""Ridge, lasso and posterior modes: optimal, equal to scikit-learn's, honest about bad input."""
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model

from mlebook import datasets, estimators
from mlebook.estimators import l1
from mlebook.losses import (
    absolute_error,
    binary_cross_entropy,
    cross_entropy,
    heteroscedastic,
    squared_error,
)
from mlebook.losses import map as penalties
from mlebook.losses.map import gaussian, laplace

PATIENTS = datasets.diabetes()
Z = estimators.standardised(*[getattr(PATIENTS, name) for name in PATIENTS.columns[:-1]])
Y = PATIENTS.tensor("progression")
N = len(Y)


def objective(X, y, fit, weights=None):
    """Half the squares plus the L1 penalty, at the fit's intercept."""
    weights = fit.weights if weights is None else weights
    residual = y - fit.intercept - X @ weights
    return float(residual.square().sum() / 2 + fit.penalty * weights.abs().sum())


@pytest.mark.parametrize("alpha", [1e-6, 0.1, 10.0, 1e4])
def test_ridge_is_that_of_scikit_learn(alpha):
    fit = estimators.ridge(Z, Y, alpha)
    theirs = linear_model.Ridge(alpha=alpha, solver="svd").fit(Z, Y)
    assert np.allclose(fit.weights, theirs.coef_, rtol=1e-10, atol=1e-10)
    assert fit.intercept == pytest.approx(theirs.intercept_, rel=1e-12)
    assert fit.converged and fit.iterations == 0


def test_the_lasso_path_is_that_of_scikit_learn_coefficient_by_coefficient():
    path = estimators.lasso_path(Z, Y)
    _, theirs, _ = linear_model.lasso_path(
        Z.numpy(), (Y - Y.mean()).numpy(), alphas=path.penalties.numpy() / N, tol=1e-14,
        max_iter=10**6)
    assert path.converged and path.weights.shape == (100, 10)
    assert np.abs(path.weights.numpy() - theirs.T).max() < 1e-8
    assert ((path.weights.numpy() == 0) == (theirs.T == 0)).all()
    assert (path.weights[0] == 0).all() and (path.weights[-1] != 0).all()


@pytest.mark.parametrize("alpha", [0.01, 1.0, 10.0])
def test_the_lasso_in_nats_is_at_least_as_good_as_scikit_learn(alpha):
    fit = estimators.lasso(Z, Y, alpha * N)
    theirs = torch.tensor(linear_model.Lasso(alpha=alpha, tol=1e-12, max_iter=10**6)
                          .fit(Z, Y).coef_)
    sigma = 54.0
    excess = (objective(Z, Y, fit) - objective(Z, Y, fit, theirs)) / sigma**2
    assert abs(excess) < 1e-8
    assert ((fit.weights == 0) == (theirs == 0)).all()


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 12), d=st.integers(1, 15), seed=st.integers(0, 10**6),
       share=st.floats(1e-3, 1.5), twins=st.booleans())
def test_the_lasso_meets_its_optimality_conditions(n, d, seed, share, twins):
    """Also with more weights than data, equal columns, columns of zeros, constant targets."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=generator, dtype=torch.float64)
    y = torch.randn(n, generator=generator, dtype=torch.float64)
    if twins and d > 2:
        X[:, 1], X[:, 2] = X[:, 0], 0.0
    largest = float(((X - X.mean(dim=0)).T @ (y - y.mean())).abs().max())
    fit = estimators.lasso(X, y, max(share * largest, 1e-6))
    assert fit.converged, fit.violation
    assert share < 1.0001 or fit.zeros == d
    other = fit.weights + 0.1 * torch.randn(d, generator=generator, dtype=torch.float64)
    assert objective(X, y, fit) <= objective(X, y, fit, other) + 1e-10 or largest == 0


def test_a_constant_target_has_no_weights():
    fit = estimators.lasso(Z, torch.full_like(Y, 3.0), 1.0)
    assert fit.zeros == 10 and fit.intercept == 3 and fit.converged


def test_the_violation_would_show_a_wrong_answer():
    problem = l1.quadratic((Z.T @ Z).numpy(), (Z.T @ (Y - Y.mean())).numpy())
    penalty = np.full(10, 500.0)
    best = estimators.lasso(Z, Y, 500.0).weights.numpy()
    assert l1.violation(problem, penalty, best) < 1e-6
    for j in range(10):
        wrong = best.copy()
        wrong[j] += 0.01
        assert l1.violation(problem, penalty, wrong) > 1


def test_few_iterations_are_reported():
    problem = l1.quadratic((Z.T @ Z).numpy(), (Z.T @ (Y - Y.mean())).numpy())
    point = l1.minimise(problem, np.full(10, 500.0), np.zeros(10), tolerance=1e-9,
                        max_iterations=0)
    assert point.violation > 1 and point.iterations == 0


@pytest.mark.parametrize(("prior", "fit"), [(gaussian, estimators.ridge),
                                            (laplace, estimators.lasso)])
def test_the_mode_for_gaussian_noise_is_ridge_or_lasso(prior, fit):
    sigma, scale = 54.0, 4.0
    mode = estimators.fit_map(squared_error, estimators.design_matrix(*Z.T), Y, prior, scale,
                              scale=sigma)
    exact = fit(Z, Y, penalties.coefficient(prior, scale, "half_sum_squares", noise_scale=sigma))
    assert mode.converged
    assert torch.allclose(mode.params[1:], exact.weights, atol=1e-8)
    assert float(mode.params[0]) == pytest.approx(exact.intercept, abs=1e-8)
    assert mode.zeros == exact.zeros
    f = exact.intercept + Z @ exact.weights
    assert mode.nll == pytest.approx(float(squared_error.nll(f, Y, scale=sigma).sum()), abs=1e-8)
    assert mode.prior_nll == pytest.approx(float(prior.nll(exact.weights, scale=scale).sum()))


def penguins(*species):
    birds = datasets.penguins().complete("bill_length", "bill_depth")
    rows = np.isin(birds.species, species)
    X = estimators.standardised(birds.bill_length[rows], birds.bill_depth[rows])
    labels = np.unique(birds.species[rows], return_inverse=True)[1]
    return X, torch.tensor(labels)


@pytest.mark.parametrize(("prior", "options"), [
    (gaussian, {}), (laplace, {"l1_ratio": 1, "solver": "saga"})])
@pytest.mark.parametrize("species", [("Adelie", "Gentoo"), ("Adelie", "Chinstrap", "Gentoo")])
def test_logistic_regression_with_a_prior_is_that_of_scikit_learn(prior, options, species):
    X, y = penguins(*species)
    loss = binary_cross_entropy if len(species) == 2 else cross_entropy
    fit = estimators.fit_map(loss, estimators.design_matrix(*X.T), y, prior, 0.5)
    strength = prior.rate(0.5)
    theirs = linear_model.LogisticRegression(C=1 / strength, tol=1e-13, max_iter=10**5, **options)
    theirs.fit(X, y)
    expected = theirs.coef_[0] if len(species) == 2 else theirs.coef_.T
    assert fit.converged, fit.message
    assert np.allclose(fit.params[1:], expected, atol=1e-5)
    assert np.allclose(fit.params[0], theirs.intercept_[0 if len(species) == 2 else slice(None)],
                       atol=1e-5)


def test_separable_data_have_a_mode_and_no_maximum_of_the_likelihood():
    X, y = penguins("Adelie", "Gentoo")
    A = estimators.design_matrix(*X.T)
    assert not estimators.fit_linear(binary_cross_entropy, A, y).converged
    lengths = []
    for scale in (1.0, 10.0, 100.0):
        fit = estimators.fit_map(binary_cross_entropy, A, y, gaussian, scale)
        assert fit.converged and fit.params.isfinite().all()
        lengths.append(float(fit.params.norm()))
    assert lengths == sorted(lengths)


def test_the_posterior_of_a_ridge_fit_is_gaussian_with_the_known_covariance():
    X, sigma, tau = estimators.design_matrix(*Z.T), 54.0, 20.0
    fit = estimators.fit_map(squared_error, X, Y, gaussian, tau, scale=sigma)
    precision = X.T @ X / sigma**2
    precision[range(1, 11), range(1, 11)] += tau**-2
    assert torch.allclose(fit.standard_errors, torch.linalg.inv(precision).diagonal().sqrt())


def test_columns_that_depend_on_each_other_need_a_prior():
    X = torch.cat([estimators.design_matrix(*Z.T), Z[:, :1]], dim=1)
    fit = estimators.fit_map(squared_error, X, Y, gaussian, 20.0, scale=54.0)
    assert fit.converged and float(fit.params[1]) == pytest.approx(float(fit.params[-1]))
    free = estimators.fit_map(squared_error, X, Y, gaussian, 20.0, scale=54.0, free=(0, 1))
    assert float(free.params[-1]) == pytest.approx(0, abs=1e-6)


def test_a_column_of_zeros_gets_its_prior_and_a_single_row_keeps_it():
    X = torch.cat([estimators.design_matrix(*Z.T), torch.zeros(N, 1)], dim=1)
    fit = estimators.fit_map(squared_error, X, Y, gaussian, 20.0, scale=54.0)
    assert fit.converged and fit.params[-1] == 0
    for prior in (gaussian, laplace):
        fit = estimators.fit_map(squared_error, Z[:1], Y[:1], prior, 20.0, scale=54.0)
        assert fit.converged and fit.prior_nll > 0


@pytest.mark.parametrize("prior", [gaussian, laplace])
def test_a_free_intercept_that_runs_away_is_no_mode(prior):
    A = estimators.design_matrix(*Z.T)
    fit = estimators.fit_map(binary_cross_entropy, A, torch.zeros(N), prior, 1.0)
    assert not fit.converged and "no finite estimate" in fit.message


def test_twins_under_a_laplace_prior_have_a_mode_that_is_not_unique():
    """Whether both twins share the weight (with the intercept) or one has it all (without)."""
    for start in (torch.ones(N, 1, dtype=Z.dtype), Z[:, :0]):
        X = torch.cat([start, Z, Z[:, 2:3]], dim=1)
        fit = estimators.fit_map(squared_error, X, Y, laplace, 5.0, scale=54.0)
        assert float(fit.params[[-9, -1]].sum()) == pytest.approx(24.8, abs=0.1)
        assert not fit.converged and "not unique" in fit.message


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_a_loss_that_bends_down_somewhere_has_a_sparse_mode_too(scale):
    """Mean and log-variance: the Hessian at the start is indefinite."""
    A = estimators.design_matrix(*Z[:, :4].T)
    fit = estimators.fit_map(heteroscedastic, A, (Y - Y.mean()) / Y.std(), laplace, scale)
    assert fit.converged, fit.message
    w = fit.params.clone().requires_grad_()
    nll = heteroscedastic.nll(A @ w, (Y - Y.mean()) / Y.std()).sum()
    slope, = torch.autograd.grad(nll, w)
    w, slope, rate = fit.params[1:], slope[1:], 1 / scale
    assert float(nll.detach()) == pytest.approx(fit.nll)
    assert torch.allclose(slope[w != 0], -rate * w[w != 0].sign(), atol=1e-6)
    assert (slope[w == 0].abs() <= rate * (1 + 1e-6)).all()


def test_columns_of_very_different_size_do_no_harm():
    units = torch.logspace(-4, 4, 10, dtype=Z.dtype)
    y = torch.gt(Y, Y.median()).to(Z.dtype)
    fit = estimators.fit_map(binary_cross_entropy, estimators.design_matrix(*(Z * units).T), y,
                             laplace, 100.0)
    assert fit.converged and fit.iterations < 30


def test_tensors_that_require_gradients_are_taken_as_numbers():
    X = Z.clone().requires_grad_()
    assert torch.equal(estimators.ridge(X, Y, 1.0).weights, estimators.ridge(Z, Y, 1.0).weights)
    assert torch.equal(estimators.lasso(X, Y, 1.0).weights, estimators.lasso(Z, Y, 1.0).weights)


def test_inputs_without_any_variation_have_no_weights():
    fit = estimators.lasso(torch.ones(4, 2), Y[:4], 1.0)
    assert fit.zeros == 2 and fit.converged and fit.intercept == pytest.approx(float(Y[:4].mean()))


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: estimators.ridge(Z, Y, 0.0), ValueError, "penalty: expected a positive"),
    (lambda: estimators.lasso(Z, Y, -1.0), ValueError, "penalty: expected a positive"),
    (lambda: estimators.lasso(Z, Y[:5], 1.0), ValueError, r"y: shape \(5,\), expected \(442,\)"),
    (lambda: estimators.lasso(Y, Y, 1.0), ValueError, r"X: shape \(442,\), expected \(n, d\)"),
    (lambda: estimators.ridge(Z, Y * float("nan"), 1.0), ValueError, "y: 442 of 442 values not"),
    (lambda: estimators.ridge([], [], 1.0), ValueError, "X: empty"),
    (lambda: estimators.ridge("ab", Y, 1.0), TypeError, "X: expected numbers"),
    (lambda: estimators.lasso_path(Z, Y, [1.0, 0.0]), ValueError, "penalties: 1 of 2 values not"),
    (lambda: estimators.lasso_path(Z, Y, count=0), ValueError, "count: expected an integer >= 1"),
    (lambda: estimators.standardised([1.0, 1.0]), ValueError, r"columns\[0\]: constant"),
    (lambda: estimators.standardised(), ValueError, "columns: none given"),
    (lambda: estimators.lasso_path(Z, Y * 0), ValueError, "penalties: none given"),
    (lambda: estimators.fit_map(squared_error, Z, Y, np, 1.0, scale=1.0), ValueError,
     "prior: got 'numpy'"),
    (lambda: estimators.fit_map(squared_error, Z, Y, gaussian, torch.ones(10), scale=1.0),
     TypeError, "prior_scale: expected a number"),
    (lambda: estimators.fit_map(squared_error, Z, Y, gaussian, 1.0, scale=1.0, free=(10,)),
     ValueError, "free: column 10"),
    (lambda: estimators.fit_map(squared_error, Z, Y, gaussian, 1.0, scale=1.0, free=[True]),
     TypeError, "free: expected an integer"),
    (lambda: estimators.fit_map(squared_error, Z, Y, gaussian, 1.0), TypeError, "noise: got noth"),
    (lambda: estimators.fit_map(squared_error, Z, Y, gaussian, 0.0, scale=1.0), ValueError,
     "prior_scale: expected a positive"),
    (lambda: estimators.fit_map(squared_error, Z, Y[:3], gaussian, 1.0, scale=1.0), ValueError,
     "X, y: shapes"),
    (lambda: estimators.fit_map(absolute_error, Z, Y, gaussian, 1.0, scale=1.0), ValueError,
     "absolute_error has no curvature"),
    (lambda: estimators.fit_map(binary_cross_entropy, Z, Y, gaussian, 1.0), ValueError, "y: "),
])
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_report_is_readable():
    assert "zeros       3 of 10" in repr(estimators.lasso(Z, Y, 54.0**2 / 5))
    fit = estimators.fit_map(squared_error, Z, Y, gaussian, 5.0, scale=54.0, max_iterations=0)
    assert "NO" in repr(fit) and "-log prior" in repr(fit)
