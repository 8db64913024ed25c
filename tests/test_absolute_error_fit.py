"""Quantile regression: brute force, statsmodels, and the certificate of each fit."""
import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.quantile_regression import QuantReg

from mlebook import datasets, estimators
from mlebook.estimators import fit_quantile
from mlebook.losses import absolute_error

LEVELS = (0.05, 0.1, 0.5, 0.75, 0.9)


def engel():
    data = datasets.engel_food()
    return estimators.design_matrix(data.income), data.tensor("food_expenditure")


def total(X, y, w, quantile):
    """The sum of pinball losses, written once more."""
    residual = np.asarray(y) - np.asarray(X) @ np.asarray(w)
    return np.where(residual > 0, quantile * residual, (quantile - 1) * residual).sum()


def corners(X, y, quantile):
    """All minimisers that are corners: lines through d points.  The minimisers are their hull."""
    n, d = X.shape
    found = [(total(X, y, w, quantile), tuple(w)) for w in (
        np.linalg.solve(X[list(rows)], y[list(rows)])
        for rows in itertools.combinations(range(n), d)
        if abs(np.linalg.det(X[list(rows)])) > 1e-9)]
    least = min(found)[0]
    return least, np.array([w for value, w in found if value <= least + 1e-9 * (1 + least)])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(4, 9), quantile=st.sampled_from([0.1, 0.25, 0.5, 2 / 3, 0.9]))
def test_it_finds_what_trying_all_lines_finds(data, n, quantile):
    # whole numbers: ties, several points on a line, several minimisers
    x = data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n).filter(
        lambda x: len(set(x)) > 1))
    y = data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    X, y = np.stack([np.ones(n), x], axis=1), np.array(y, dtype=float)
    least, ends = corners(X, y, quantile)
    fit = fit_quantile(X, y, quantile=quantile)
    assert fit.loss == pytest.approx(least, abs=1e-9)
    assert total(X, y, fit.params, quantile) == pytest.approx(least, abs=1e-9)
    assert fit.lowest.tolist() == pytest.approx(ends.min(axis=0), abs=1e-7)
    assert fit.highest.tolist() == pytest.approx(ends.max(axis=0), abs=1e-7)
    assert fit.unique == (np.ptp(ends, axis=0).max() < 1e-7)
    assert fit.converged == (least > 1e-9)


@given(targets=st.lists(st.integers(-50, 50), min_size=1, max_size=12).filter(
    lambda y: len(set(y)) > 1))
def test_a_column_of_ones_gives_the_median_and_its_interval(targets):
    y = torch.tensor(targets, dtype=torch.float64)
    fit, ordered = fit_quantile(torch.ones(len(y), 1), y), sorted(targets)
    assert float(fit.params) == pytest.approx(float(absolute_error.estimate(y).loc), abs=1e-9)
    assert float(fit.lowest) == pytest.approx(ordered[(len(y) - 1) // 2], abs=1e-9)
    assert float(fit.highest) == pytest.approx(ordered[len(y) // 2], abs=1e-9)


@pytest.mark.parametrize("quantile", LEVELS)
def test_it_is_at_least_as_good_as_statsmodels_on_engels_data(quantile):
    X, y = engel()
    fit = fit_quantile(X, y, quantile=quantile)
    theirs = QuantReg(y.numpy(), X.numpy()).fit(q=quantile).params
    assert fit.params.numpy() == pytest.approx(theirs, rel=1e-5)
    # the nll of the best scale is n log(loss) up to a constant
    excess = len(y) * math.log(fit.loss / total(X, y, theirs, quantile))
    assert excess <= 1e-8
    assert fit.gradient_norm <= 1e-8


@pytest.mark.parametrize("quantile", LEVELS)
def test_the_share_below_is_the_quantile(quantile):
    X, y = engel()
    residual = y - X @ fit_quantile(X, y, quantile=quantile).params
    below, on = (residual < -1e-9).sum(), (residual.abs() <= 1e-9).sum()
    assert below <= quantile * len(y) <= below + on


def test_no_line_is_below_the_bound():
    X, y = engel()
    fit = fit_quantile(X, y, quantile=0.3)
    assert fit.bound == pytest.approx(fit.loss, rel=1e-12)
    generator = torch.Generator().manual_seed(0)
    for size in (1e-6, 1e-2, 1.0):
        step = size * torch.randn(50, 2, generator=generator, dtype=torch.float64)
        values = [total(X, y, fit.params * (1 + s), 0.3) for s in step]
        assert min(values) >= fit.bound - 1e-9 * fit.bound


def test_nll_and_scale_are_those_of_the_asymmetric_laplace_law():
    X, y = engel()
    fit = fit_quantile(X, y, quantile=0.9)
    nll = absolute_error.pinball_nll(X @ fit.params, y, quantile=0.9, **fit.noise)
    assert fit.nll == pytest.approx(float(nll.sum()), rel=1e-12)
    scale = torch.tensor(fit.noise["scale"], dtype=torch.float64, requires_grad=True)
    absolute_error.pinball_nll(X @ fit.params, y, quantile=0.9, scale=scale).sum().backward()
    assert float(scale.grad) == pytest.approx(0, abs=1e-10)


def test_fit_linear_with_absolute_error_is_the_median_line():
    X, y = engel()
    fit, line = estimators.fit_linear(absolute_error, X, y), fit_quantile(X, y)
    assert torch.equal(fit.params, line.params)
    assert fit.converged and fit.nll == pytest.approx(line.nll, rel=1e-12)
    assert fit.noise["scale"] == pytest.approx(2 * line.noise["scale"], rel=1e-12)


@pytest.mark.parametrize("offset, unit", [(0.0, 1e-12), (0.0, 1e12), (1e6, 1.0), (-3e8, 1e3)])
def test_units_do_not_matter(offset, unit):
    X, y = engel()
    plain, moved = fit_quantile(X, y), fit_quantile(X, unit * y + offset)
    assert moved.converged and moved.unique
    assert float(moved.params[1] / unit) == pytest.approx(float(plain.params[1]), rel=1e-6)
    other = fit_quantile(torch.stack([X[:, 0] * 1e6, X[:, 1] * 1e-9], dim=1), y)
    assert other.converged
    assert float(other.params[1]) * 1e-9 == pytest.approx(float(plain.params[1]), rel=1e-9)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("count, side", [(1, 1), (10, -1), (20, 1)])
def test_how_far_off_a_target_is_does_not_matter(count, side, quantile):
    X, y = engel()
    fits = []
    for power in (5, 9, 12, 16, 30):
        wrong = y.clone()
        wrong[:count] = side * 10.0**power
        fits.append(fit_quantile(X, wrong, quantile=quantile))
        assert fits[-1].converged and fits[-1].unique
        assert (X @ (fits[-1].params - fits[0].params)).abs().max() <= 1e-9
        expected = total(X, wrong, fits[0].params, quantile)
        assert fits[-1].loss == pytest.approx(expected, rel=1e-12)


def test_far_targets_among_many_on_one_line_leave_the_interval_of_minimisers():
    y = torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0, 1e15])
    fit = fit_quantile(torch.ones(6, 1), y)
    assert not fit.unique
    assert (float(fit.lowest), float(fit.highest)) == pytest.approx((2, 3), rel=1e-12)
    X = estimators.design_matrix(torch.arange(9.0))
    fit = fit_quantile(X, torch.tensor([0.0, 2, 4, 6, 8, 10, 12, 15, 1e20]))
    assert fit.params.tolist() == pytest.approx([0, 2], abs=1e-9)


def test_many_weights():
    generator = np.random.default_rng(0)
    X = np.c_[np.ones(400), generator.normal(size=(400, 9))]
    y = X @ generator.normal(size=10) + generator.standard_t(2, size=400)
    fit = fit_quantile(X, y, quantile=0.3)
    assert fit.converged and fit.unique
    assert int(((torch.tensor(y) - torch.tensor(X) @ fit.params).abs() < 1e-9).sum()) == 10


def test_a_perfect_fit_has_no_scale():
    X = estimators.design_matrix([1.0, 2.0, 3.0])
    fit = fit_quantile(X, [2.0, 4.0, 6.0])
    assert not fit.converged and fit.nll == -math.inf
    assert fit.message.startswith("no finite estimate: y: every residual is 0")
    assert fit.params.tolist() == pytest.approx([0, 2], abs=1e-12)
    with pytest.raises(ValueError, match="standard_errors"):
        fit.standard_errors  # noqa: B018


def test_the_report_says_when_there_are_several_minimisers():
    several = fit_quantile(torch.ones(2, 1), [1.0, 2.0])
    assert "unique      NO\nlowest      1\nhighest     2" in repr(several)
    assert repr(fit_quantile(torch.ones(3, 1), [1.0, 2.0, 4.0])).endswith("unique      yes")


@pytest.mark.parametrize("change, error, message", [
    ({"quantile": 0.0}, ValueError, r"^quantile: expected a number between 0 and 1"),
    ({"quantile": 1 - 1e-12}, ValueError, r"^quantile: .* at least 1e-09 away from 0 and 1, got"),
    ({"quantile": 50}, ValueError, r"^quantile: .* got 50"),
    ({"quantile": "half"}, TypeError, r"^quantile: expected a number, got str"),
    ({"y": [1.0, 2.0]}, ValueError, r"^y: shape \(2,\), expected \(3,\)"),
    ({"y": [1.0, math.nan, 2.0]}, ValueError, r"^y: 1 of 3 values not finite"),
    ({"X": torch.ones(3, 2)}, ValueError, r"^X: its 2 columns are linearly dependent"),
    ({"X": [1.0, 2.0, 3.0]}, ValueError, r"^X: shape \(3,\), expected \(n, d\)"),
    ({"y": []}, ValueError, r"^y: empty"),
])
def test_bad_input_is_named(change, error, message):
    arguments = {"X": torch.ones(3, 1), "y": [1.0, 2.0, 4.0], "quantile": 0.5} | change
    with pytest.raises(error, match=message):
        fit_quantile(arguments["X"], arguments["y"], quantile=arguments["quantile"])
