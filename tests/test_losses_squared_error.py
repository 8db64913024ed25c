"""Squared error against outside libraries, and what the general laws do not cover."""
import math

import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_close

from mlebook import checks
from mlebook.losses import squared_error


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.05, 50))
def test_gaussian_nll_agrees_with_scipy_and_torch(prediction, target, scale):
    f, y = (torch.tensor([v], dtype=torch.float64) for v in (prediction, target))
    nll = squared_error.nll(f, y, scale=scale)
    expected = torch.tensor([-scipy.stats.norm.logpdf(target, prediction, scale)])
    assert_close(nll, expected)
    library = torch.nn.GaussianNLLLoss(full=True, reduction="none", eps=1e-12)
    assert_close(nll, library(f, y, torch.full_like(f, scale**2)))
    assert_close(squared_error.loss(f, y), torch.nn.functional.mse_loss(f, y, reduction="none"))


def test_the_scale_may_differ_from_place_to_place_or_be_learnt():
    f, y = torch.zeros(3, dtype=torch.float64), torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    scales = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
    expected = -torch.distributions.Normal(f, scales).log_prob(y)
    assert_close(squared_error.nll(f, y, scale=scales), expected)
    log_scale = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    squared_error.nll(f, y, scale=log_scale.exp()).sum().backward()
    by_hand = 3 - (y.square() / math.exp(0.6)).sum()
    assert_close(log_scale.grad, by_hand)


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_gradient_of_the_loss_is_two_scale_squared_times_that_of_the_nll(scale):
    f = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0.5, 4.0], dtype=torch.float64)
    of_loss, = torch.autograd.grad(squared_error.loss(f, y).sum(), f)
    assert_close(of_loss, 2 * scale**2 * squared_error.gradient(f, y, scale=scale))


def test_the_estimate_is_the_mean_and_divides_by_n():
    y = torch.tensor([2.0, 4.0, 9.0], dtype=torch.float64)
    loc, scale = squared_error.estimate(y)
    assert (float(loc), float(scale) ** 2) == pytest.approx((5, 26 / 3), rel=1e-14)
    known = squared_error.estimate_noise(torch.zeros(3, dtype=torch.float64), y)
    assert float(known["scale"]) ** 2 == pytest.approx(101 / 3, rel=1e-14)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_values_have_no_estimate(value, dtype):
    with pytest.raises(checks.NoFiniteEstimateError, match=r"^target: every residual is 0"):
        squared_error.estimate(torch.full((7,), value, dtype=dtype))
