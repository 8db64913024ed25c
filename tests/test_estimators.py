"""Fits reach the optimum that outside libraries reach, and never claim one that is not there."""
import math
import sys
import time

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st

from mlebook import datasets, estimators, optimise
from mlebook.losses import squared_error

REGRESSIONS = {
    "galton": (datasets.galton_heights, "midparent_height", "child_height"),
    "engel": (datasets.engel_food, "income", "food_expenditure"),
}
regressions = pytest.mark.parametrize("name", REGRESSIONS)


def numbers(*values):
    return torch.tensor(values, dtype=torch.float64)


def data(name):
    load, x, y = REGRESSIONS[name]
    return load().tensor(x), load().tensor(y)


def line_nll(x, y):
    """The nll of intercept, slope and log scale, in raw units."""
    return lambda theta: squared_error.nll(
        theta[0] + theta[1] * x, y, scale=theta[2].exp()).sum()


def best_line(x, y):
    """Coefficients, scale and nll of least squares through NumPy and SciPy."""
    design = np.stack([np.ones(len(x)), x.numpy()], axis=1)
    weights = np.linalg.lstsq(design, y.numpy(), rcond=None)[0]
    scale = np.sqrt(np.mean((y.numpy() - design @ weights) ** 2))
    return weights, scale, -scipy.stats.norm.logpdf(y.numpy(), design @ weights, scale).sum()


@regressions
def test_fit_linear_is_least_squares(name):
    x, y = data(name)
    weights, scale, nll = best_line(x, y)
    result = estimators.fit_linear(squared_error, estimators.design_matrix(x), y)
    assert result.converged and result.gradient_norm <= 1e-6
    assert result.nll == pytest.approx(nll, abs=1e-9)
    assert result.params.numpy() == pytest.approx(weights, rel=1e-9)
    assert result.noise["scale"] == pytest.approx(scale, rel=1e-10)
    line = scipy.stats.linregress(x, y)
    unbiased = math.sqrt(len(x) / (len(x) - 2))  # linregress divides by n − 2
    assert (result.standard_errors * unbiased).tolist() == pytest.approx(
        [line.intercept_stderr, line.stderr], rel=1e-8)


@regressions
@pytest.mark.parametrize(("method", "excess"), [("newton", 1e-9), ("lbfgs", 1e-5)])
def test_fit_reaches_the_optimum_in_raw_units(name, method, excess):
    x, y = data(name)
    weights, scale, nll = best_line(x, y)
    result = estimators.fit(line_nll(x, y), [0.0, 0.0, math.log(100)], method=method)
    assert result.converged
    assert abs(result.nll - nll) <= excess
    assert (result.hessian is None) == (method == "lbfgs")
    if method == "newton":
        assert result.params.tolist() == pytest.approx([*weights, math.log(scale)], rel=1e-6)
        known = estimators.fit_linear(squared_error, estimators.design_matrix(x), y)
        assert result.standard_errors[:2].tolist() == pytest.approx(
            known.standard_errors.tolist(), rel=1e-5)
        assert float(result.standard_errors[2]) == pytest.approx(1 / math.sqrt(2 * len(x)))


def test_a_known_scale_is_kept():
    x, y = data("galton")
    design = estimators.design_matrix(x)
    free = estimators.fit_linear(squared_error, design, y)
    known = estimators.fit_linear(squared_error, design, y, scale=1.0)
    assert known.noise == {} and known.converged
    assert known.params.tolist() == pytest.approx(free.params.tolist(), rel=1e-10)
    assert known.nll > free.nll


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 30), st.integers(0, 99))
def test_units_do_not_matter(shift, unit, n, seed):
    rng = np.random.default_rng(seed)
    x, y = np.linspace(0, 1, n + 1), rng.normal(size=n + 1)
    plain = estimators.fit_linear(squared_error, estimators.design_matrix(x), y)
    moved = estimators.fit_linear(squared_error, estimators.design_matrix(x * unit), y * unit)
    assert plain.converged and moved.converged
    assert moved.nll == pytest.approx(plain.nll + (n + 1) * math.log(unit), rel=1e-9, abs=1e-8)
    lifted = estimators.fit_linear(squared_error, estimators.design_matrix(x), y + shift)
    assert lifted.converged and lifted.nll == pytest.approx(plain.nll, abs=1e-5)


@pytest.mark.parametrize("method", ["newton", "lbfgs"])
@pytest.mark.parametrize(("nll", "start", "minimum"), [
    (lambda p: -(2 * p.log() + (1 - p).log()), 0.5, 2 / 3),  # HHT; not defined outside (0, 1)
    (lambda p: p - p.log(), 50.0, 1.0),
    (lambda p: (1 - p[0])**2 + 100 * (p[1] - p[0]**2)**2, [-1.2, 1.0], [1.0, 1.0]),
    (lambda p: (p[0]**2 - 1)**2 + p[1]**2, [0.1, 1.0], [1.0, 0.0]),  # not convex at the start
])
def test_smooth_minima(method, nll, start, minimum):
    result = estimators.fit(nll, start, method=method)
    assert result.converged, result
    assert result.params.shape == torch.tensor(start).shape
    assert result.params.tolist() == pytest.approx(minimum, abs=1e-5)


X = numbers(-2, -1, 1, 3)
Y = numbers(0, 0, 1, 1)
EQUAL = torch.full((5,), 3.0, dtype=torch.float64)


def separable(theta):
    logits = theta[0] + theta[1] * X
    return (torch.logaddexp(torch.zeros_like(logits), logits) - Y * logits).sum()


NO_ESTIMATE = {
    "separable": (separable, [0.0, 0.0]),
    "separable, with torch's clipped softplus": (
        lambda w: (torch.nn.functional.softplus(w * X) - Y * w * X).sum(), 0.0),
    "equal data, log scale": (
        lambda t: squared_error.nll(t[0].expand(5), EQUAL, scale=t[1].exp()).sum(), [0.0, 0.0]),
    "equal data, scale": (
        lambda t: squared_error.nll(t[0].expand(5), EQUAL, scale=t[1]).sum(), [0.0, 1.0]),
    "linear": (lambda t: -t, 0.0),
    "minus log": (lambda t: -3 * t.log(), 0.5),
    "slow decay": (lambda t: 1 / t, 0.5),
}


@pytest.mark.parametrize("case", NO_ESTIMATE)
def test_no_finite_estimate_is_reported(case):
    result = estimators.fit(*NO_ESTIMATE[case])
    assert not result.converged
    assert "no finite estimate" in result.message
    assert "NO, " in repr(result)
    with pytest.raises(ValueError, match="standard_errors: need a converged fit"):
        _ = result.standard_errors


@pytest.mark.parametrize("case", [case for case in NO_ESTIMATE if "equal" not in case])
def test_lbfgs_claims_no_estimate_either(case):
    result = estimators.fit(*NO_ESTIMATE[case], method="lbfgs", max_iterations=100)
    assert not result.converged and "no finite estimate" in result.message


def test_a_perfect_line_has_no_scale():
    x = np.linspace(0, 1, 9)
    result = estimators.fit_linear(squared_error, estimators.design_matrix(x), 3 + 2 * x)
    assert not result.converged and result.nll == -math.inf
    assert result.message.startswith("no finite estimate: target: every residual is 0")
    zero = estimators.fit_linear(squared_error, estimators.design_matrix(x), 0 * x)
    assert not zero.converged


@pytest.mark.parametrize(("nll", "start", "reason"), [
    (lambda t: t[0]**2 - t[1]**2, [1.0, 0.0], "stationary but no minimum"),
    (lambda t: (t[0] + t[1] - 1)**2, [1.0, 3.0], "not unique"),
    (lambda t: (t - 2).abs(), 0.5, "not unique"),
])
def test_stationary_points_that_are_no_estimate(nll, start, reason):
    result = estimators.fit(nll, start)
    assert not result.converged and reason in result.message


@pytest.mark.parametrize("method", ["newton", "lbfgs"])
def test_the_iteration_limit_is_honest(method):
    x, y = data("galton")
    result = estimators.fit(line_nll(x, y), [0.0, 0.0, 3.0], method=method, max_iterations=2)
    assert not result.converged and result.iterations == 2
    assert result.message.startswith("stopped after 2 iterations")
    assert "no finite" not in result.message
    none = estimators.fit(line_nll(x, y), [0.0, 0.0, 3.0], method=method, max_iterations=0)
    assert none.params.tolist() == [0.0, 0.0, 3.0] and not none.converged


@given(st.integers(0, 60), st.floats(1e-10, 1e-2))
def test_converged_means_below_the_stated_tolerance(limit, tolerance):
    x, y = data("engel")
    result = estimators.fit(line_nll(x, y), [0.0, 0.0, 4.0], tolerance=tolerance,
                            max_iterations=limit)
    assert result.converged == (result.gradient_norm <= tolerance)


def test_many_parameters_go_to_lbfgs():
    target = torch.linspace(-1, 1, estimators.NEWTON_LIMIT + 1, dtype=torch.float64)
    result = estimators.fit(lambda t: squared_error.nll(t, target, scale=1.0).sum(),
                            torch.zeros_like(target))
    assert result.converged and result.hessian is None
    assert result.params.tolist() == pytest.approx(target.tolist(), abs=1e-5)
    assert "…" in repr(result)


def test_derivatives_of_linear_and_separate_objectives():
    value, gradient, hessian = optimise.derivatives(lambda t: 2 * t[0] + t[1]**3, numbers(1, 2))
    assert (value, gradient.tolist(), hessian.tolist()) == (10, [2, 12], [[0, 0], [0, 12]])
    _, gradient, hessian = optimise.derivatives(lambda t: t.sum(), numbers(1, 2))
    assert gradient.tolist() == [1, 1] and not hessian.any()


def test_a_newton_step_goes_downhill_where_the_curvature_is_negative():
    step, norm, shape = optimise._newton_step(numbers(2, 3), torch.diag(numbers(-4, 9)))
    assert step.tolist() == pytest.approx([-0.5, -1 / 3])
    assert (norm, shape) == (pytest.approx(math.sqrt(2)), "saddle")


def test_sweep():
    grid = numbers(0.5, 2 / 3)
    curve = estimators.sweep(lambda p: -(2 * p.log() + (1 - p).log()), grid)
    assert torch.exp(-curve).tolist() == pytest.approx([1 / 8, 4 / 27])
    table = estimators.sweep(lambda theta: theta.square().sum(), [[1.0, 2.0], [3.0, 4.0]])
    assert table.tolist() == [5, 25]
    assert estimators.sweep(lambda p: -p.log(), [0.0]).tolist() == [math.inf]


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: estimators.fit(lambda t: t * numbers(1, 2), 0.0), ValueError, r"nll: returned shape"),
    (lambda: estimators.fit(lambda t: 1.0, 0.0), TypeError, "nll: returned float"),
    (lambda: estimators.fit(lambda t: numbers(1).sum(), 0.0), ValueError, "nll: does not depend"),
    (lambda: estimators.fit(lambda t: t.log(), 0.0), ValueError, "start: the nll is -inf there"),
    (lambda: estimators.fit(lambda t: t, math.nan), ValueError, "start: 1 of 1 values not finite"),
    (lambda: estimators.fit(lambda t: t.sum(), []), ValueError, "start: empty"),
    (lambda: estimators.fit(lambda t: t, "0"), TypeError, "start: expected numbers, got str"),
    (lambda: estimators.fit(lambda t: t, 0.0, method="adam"), ValueError, "method: expected"),
    (lambda: estimators.fit(lambda t: t, 0.0, tolerance=0), ValueError, "tolerance: expected"),
    (lambda: estimators.fit(lambda t: t, 0.0, max_iterations=-1), ValueError, "max_iterations: "),
    (lambda: estimators.sweep(lambda t: t * numbers(1, 2), [1.0]), ValueError, "sum it over"),
    (lambda: estimators.sweep(lambda t: t, 1.0), ValueError, "grid: got one number"),
    (lambda: estimators.design_matrix(), ValueError, "columns: none given"),
    (lambda: estimators.design_matrix([1.0], [1.0, 2.0]), ValueError, r"columns\[1\]: shape"),
    (lambda: estimators.design_matrix([[1.0]]), ValueError, r"columns\[0\]: shape \(1, 1\)"),
    (lambda: estimators.fit_linear(squared_error, [1.0], [1.0]), ValueError, r"X: shape \(1,\)"),
    (lambda: estimators.fit_linear(squared_error, [[1.0]], [[1.0]]), ValueError, "y: shape"),
    (lambda: estimators.fit_linear(squared_error, [[1.0]], [1.0, 2.0]), ValueError, "y: shape"),
    (lambda: estimators.fit_linear(squared_error, [[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0]),
     ValueError, r"X: its 2 columns are linearly dependent \(rank 1\)"),
    (lambda: estimators.fit_linear(squared_error, [[1.0], [math.inf]], [1.0, 2.0]),
     ValueError, "X: 1 of 2 values not finite"),
    (lambda: estimators.fit_linear(squared_error, [[1.0]], [1.0], sigma=1.0),
     TypeError, "sigma: not a noise parameter of squared_error, expected scale"),
    (lambda: estimators.fit_linear(squared_error, [[1.0]], [1.0], scale=0.0),
     ValueError, "scale: expected a positive"),
])
def test_bad_input_names_the_argument(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_error_of_the_nll_at_the_start_is_shown():
    def broken(theta):
        return squared_error.nll(theta.expand(2), numbers(1), scale=1.0).sum()

    with pytest.raises(ValueError, match="prediction: shape"):
        estimators.fit(broken, 0.0)


@pytest.mark.parametrize(("progress", "installed", "shown"), [
    (None, True, False), (False, True, False), (True, True, True), (True, False, False),
])
def test_progress_is_shown_on_request_only_and_tqdm_is_optional(
        monkeypatch, capsys, progress, installed, shown):
    if not installed:
        monkeypatch.setitem(sys.modules, "tqdm", None)

    def slow(theta):
        time.sleep(0.08)
        return (theta - 1)**4

    assert estimators.fit(slow, 0.0, progress=progress).converged
    printed = capsys.readouterr()
    assert printed.out == ""
    assert ("fit" in printed.err) == shown and bool(printed.err) == shown
