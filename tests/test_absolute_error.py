"""Absolute error and the pinball loss against outside libraries and by their definitions."""
import math

import pytest
import scipy.integrate
import scipy.stats
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import mean_pinball_loss

from mlebook import checks
from mlebook.losses import absolute_error

NUMBERS = st.floats(-1e3, 1e3)
SCALES = st.floats(0.05, 50)
LEVELS = st.floats(0.01, 0.99)


def assert_close(actual, expected, rel=1e-12):
    """Equal to ``rel`` of the larger of 1 and the expected value, entry by entry."""
    assert actual.shape == expected.shape
    assert ((actual - expected).abs() <= rel * expected.abs().clamp(min=1)).all()


def tensors(*values):
    return tuple(torch.tensor(v, dtype=torch.float64) for v in values)


@given(prediction=NUMBERS, target=NUMBERS, scale=SCALES)
def test_nll_and_loss_agree_with_scipy_and_torch(prediction, target, scale):
    # scipy takes the log of its density, which loses digits before it underflows at e^-745
    assume(abs(target - prediction) < 700 * scale)
    f, y = tensors([prediction], [target])
    expected, = tensors([-scipy.stats.laplace.logpdf(target, prediction, scale)])
    assert_close(absolute_error.nll(f, y, scale=scale), expected)
    assert_close(absolute_error.loss(f, y), torch.nn.functional.l1_loss(f, y, reduction="none"))


def test_the_scale_is_the_mean_distance_and_not_the_standard_deviation():
    generator = torch.Generator().manual_seed(0)
    drawn = absolute_error.sample(
        torch.zeros(400_000, dtype=torch.float64), scale=3.0, generator=generator)
    assert float(drawn.abs().mean()) == pytest.approx(3, rel=0.01)
    assert float(drawn.std()) == pytest.approx(3 * math.sqrt(2), rel=0.01)
    assert float((drawn > 0).double().mean()) == pytest.approx(0.5, abs=0.005)


def test_the_scale_may_differ_from_place_to_place_or_be_learnt():
    f, y, scales = tensors([0.0, 0.0, 0.0], [1.0, -2.0, 3.0], [0.5, 1.0, 2.0])
    expected = -torch.distributions.Laplace(f, scales).log_prob(y)
    assert_close(absolute_error.nll(f, y, scale=scales), expected)
    assert_close(absolute_error.gradient(f, y, scale=scales), torch.tensor(
        [-2.0, 1.0, -0.5], dtype=torch.float64))
    log_scale = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    absolute_error.nll(f, y, scale=log_scale.exp()).sum().backward()
    assert float(log_scale.grad) == pytest.approx(3 - 6 / math.exp(0.3), rel=1e-12)


@given(scale=SCALES)
def test_what_is_returned_at_the_kink_is_a_subgradient(scale):
    y, f = tensors([2.0, 2.0, 2.0], [2.0, 1.5, 7.0])
    slope = absolute_error.gradient(y[:1], y[:1], scale=scale)
    rise = absolute_error.nll(f, y, scale=scale) - absolute_error.nll(y, y, scale=scale)
    assert (rise >= slope * (f - y) - 1e-12).all()
    assert float(slope) == 0 == float(absolute_error.curvature(y, y, scale=scale)[0])


# --- the estimate ----------------------------------------------------------------------


@given(targets=st.lists(NUMBERS, min_size=2, max_size=9).filter(lambda y: max(y) - min(y) > 1e-3))
def test_no_constant_and_no_scale_is_better_than_the_estimate(targets):
    y, = tensors(targets)
    loc, scale = absolute_error.estimate(y)
    best = absolute_error.nll(loc.expand_as(y), y, scale=scale).sum()
    for other in [*targets, float(y.mean())]:
        for factor in (0.5, 0.99, 1.0, 1.01, 2.0):
            there = absolute_error.nll(torch.full_like(y, other), y, scale=scale * factor).sum()
            assert there >= best - 1e-9


@given(low=st.integers(1, 4), inside=st.floats(0, 1))
def test_between_the_two_middle_targets_all_constants_are_equally_good(low, inside):
    y, = tensors([-50.0] * low + [1.0, 3.0] + [9.0] * low)
    loc, scale = absolute_error.estimate(y)
    assert float(loc) == 2
    here = torch.full_like(y, 1 + 2 * inside)
    assert float(absolute_error.loss(here, y).mean()) == pytest.approx(float(scale), rel=1e-12)
    assert float(absolute_error.loss(torch.full_like(y, 3.1), y).mean()) > float(scale)


def test_the_median_is_the_middle_where_torch_takes_the_lower_one():
    y, = tensors([[1.0, 2.0], [6.0, 4.0]])
    assert float(absolute_error.estimate(y).loc) == 3
    assert float(y.median()) == 2


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_values_have_no_estimate(value, dtype):
    with pytest.raises(checks.NoFiniteEstimateError, match=r"^target: every residual is 0"):
        absolute_error.estimate(torch.full((7,), value, dtype=dtype))


def test_an_outlier_moves_the_median_by_nothing_and_the_scale_by_its_share():
    near, far = tensors([1.0, 2.0, 3.0, 4.0, 10.0], [1.0, 2.0, 3.0, 4.0, 1e6])
    assert float(absolute_error.estimate(near).loc) == float(absolute_error.estimate(far).loc) == 3
    assert float(absolute_error.estimate(far).scale) == pytest.approx((4 + 1e6 - 3) / 5)


# --- the pinball loss --------------------------------------------------------------------


@given(prediction=NUMBERS, target=NUMBERS, quantile=LEVELS)
def test_pinball_agrees_with_scikit_learn(prediction, target, quantile):
    f, y = tensors([prediction], [target])
    expected, = tensors([mean_pinball_loss([target], [prediction], alpha=quantile)])
    assert_close(absolute_error.pinball(f, y, quantile=quantile), expected)


@given(prediction=NUMBERS, target=NUMBERS, scale=SCALES, quantile=LEVELS)
def test_pinball_nll_is_that_of_scipys_asymmetric_laplace_law(prediction, target, scale, quantile):
    f, y = tensors([prediction], [target])
    law = scipy.stats.laplace_asymmetric(
        kappa=math.sqrt(quantile / (1 - quantile)), loc=prediction,
        scale=scale / math.sqrt(quantile * (1 - quantile)))
    expected, = tensors([-law.logpdf(target)])
    nll = absolute_error.pinball_nll(f, y, scale=scale, quantile=quantile)
    assert_close(nll, expected, rel=1e-11)


@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.9])
def test_its_law_has_area_one_the_quantile_and_the_scale(quantile):
    def density(y):
        f, target = tensors([1.0], [y])
        return math.exp(-float(
            absolute_error.pinball_nll(f, target, scale=0.5, quantile=quantile)))

    def distance(y):
        return float(absolute_error.pinball(*tensors([1.0], [y]), quantile=quantile))

    below = scipy.integrate.quad(density, -200, 1)[0]
    above = scipy.integrate.quad(density, 1, 200)[0]
    assert (below, above) == pytest.approx((quantile, 1 - quantile), rel=1e-6)
    expected = sum(scipy.integrate.quad(lambda y: distance(y) * density(y), *ends)[0]
                   for ends in ((-200, 1), (1, 200)))
    assert expected == pytest.approx(0.5, rel=1e-6)


@given(prediction=NUMBERS, target=NUMBERS, scale=SCALES)
def test_at_one_half_it_is_half_the_absolute_error(prediction, target, scale):
    f, y = tensors([prediction], [target])
    assert_close(2 * absolute_error.pinball(f, y, quantile=0.5), absolute_error.loss(f, y))
    assert_close(absolute_error.pinball_nll(f, y, scale=scale / 2, quantile=0.5),
                 absolute_error.nll(f, y, scale=scale))


@given(prediction=NUMBERS, target=NUMBERS, quantile=LEVELS)
def test_the_gradient_of_pinball_is_its_derivative(prediction, target, quantile):
    f, y = tensors([prediction], [target])
    f.requires_grad_()
    slope, = torch.autograd.grad(absolute_error.pinball(f, y, quantile=quantile).sum(), f)
    assert_close(absolute_error.pinball_gradient(f.detach(), y, quantile=quantile), slope)
    at_kink = absolute_error.pinball_gradient(y, y, quantile=quantile)
    assert -quantile <= float(at_kink) <= 1 - quantile


@pytest.mark.parametrize("function, noise", [
    (absolute_error.pinball, {}), (absolute_error.pinball_gradient, {}),
    (absolute_error.pinball_nll, {"scale": 1.0})])
@pytest.mark.parametrize("change, error, message", [
    ({"quantile": 0.0}, ValueError, r"^quantile: expected a number between 0 and 1"),
    ({"quantile": 1.5}, ValueError, r"^quantile: .* got 1.5"),
    ({"quantile": math.nan}, ValueError, r"^quantile: .* got nan"),
    ({"quantile": "0.5"}, TypeError, r"^quantile: expected a number, got str"),
    ({"prediction": torch.zeros(3, 1)}, ValueError, r"^prediction: shape \(3, 1\)"),
    ({"target": torch.tensor([0.0, math.nan, 1.0])}, ValueError, r"^target: 1 of 3 values not f"),
    ({"target": torch.zeros(0), "prediction": torch.zeros(0)}, ValueError, r"^target: empty"),
])
def test_bad_input_is_named(function, noise, change, error, message):
    arguments = {"prediction": torch.zeros(3), "target": torch.zeros(3), "quantile": 0.5} | change
    with pytest.raises(error, match=message):
        function(arguments["prediction"], arguments["target"], quantile=arguments["quantile"],
                 **noise)


def test_float32_at_the_extremes():
    f, y = torch.tensor([1e30, -1e30]), torch.tensor([-1e30, 1e30])
    for scale in (1e-6, 1.0, 1e30):
        for value in (absolute_error.pinball_nll(f, y, scale=scale, quantile=0.001),
                      absolute_error.pinball_gradient(f, y, quantile=0.999)):
            assert value.dtype == torch.float32 and torch.isfinite(value).all()
