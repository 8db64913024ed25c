"""Laws that every loss of the catalog obeys, and outside references for squared error."""
import math

import pytest
import scipy.integrate
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mlebook import catalog, checks
from mlebook.losses import squared_error

LOSSES = [catalog.loss(slug) for slug in catalog.LOSSES]
FUNCTIONS = ("nll", "loss", "gradient", "curvature", "sample", "estimate", "estimate_noise",
             "reference")
FACTS = ("SLUG", "TITLE", "NOISE", "SUPPORT", "OUTPUT", "ESTIMATES", "USE")
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.SLUG)

#: How to draw targets and predictions (by the noise model's support) and noise parameters.
TARGETS = {"real": st.floats(-1e3, 1e3)}
PREDICTIONS = {"real": st.floats(-1e3, 1e3)}
NOISE = {"scale": st.floats(0.05, 50)}


@st.composite
def instances(draw, loss, dtype=torch.float64, min_size=1):
    """Prediction, target (of one random shape) and noise parameters of a loss."""
    shape = draw(st.lists(st.integers(1, 4), max_size=3).filter(
        lambda shape: math.prod(shape) >= min_size))
    size = math.prod(shape)

    def numbers(values):
        drawn = draw(st.lists(values, min_size=size, max_size=size))
        return torch.tensor(drawn, dtype=dtype).reshape(shape)

    noise = {name: draw(NOISE[name]) for name in loss.NOISE_PARAMETERS}
    return numbers(PREDICTIONS[loss.SUPPORT]), numbers(TARGETS[loss.SUPPORT]), noise


def assert_close(actual, expected, rel=1e-12):
    """Equal to ``rel`` of the larger of 1 and the expected value, entry by entry."""
    assert actual.shape == expected.shape
    assert ((actual - expected).abs() <= rel * expected.abs().clamp(min=1)).all()


@every_loss
def test_facts_and_documentation(loss):
    assert all(isinstance(getattr(loss, fact), str) and getattr(loss, fact) for fact in FACTS)
    assert loss.__name__ == f"mlebook.losses.{loss.SLUG}"
    for name in FUNCTIONS:
        assert getattr(loss, name).__doc__.strip().endswith((".", ")", "}", "]", "'")), name
        assert name == "reference" or ">>>" in getattr(loss, name).__doc__, name


@every_loss
@given(data=st.data())
def test_nll_agrees_with_the_reference_constants_included(loss, data):
    prediction, target, noise = data.draw(instances(loss))
    expected = -loss.reference(prediction, **noise).log_prob(target)
    assert_close(loss.nll(prediction, target, **noise), expected)


@every_loss
@given(data=st.data())
def test_gradient_and_curvature_are_the_derivatives(loss, data):
    prediction, target, noise = data.draw(instances(loss))
    prediction.requires_grad_()
    nll = loss.nll(prediction, target, **noise).sum()
    slope, = torch.autograd.grad(nll, prediction, create_graph=True)
    bend, = torch.autograd.grad(slope.sum(), prediction)  # elementwise, so the Hessian's diagonal
    assert_close(loss.gradient(prediction, target, **noise), slope)
    assert_close(loss.curvature(prediction, target, **noise), bend)


@every_loss
@given(data=st.data())
def test_elementwise(loss, data):
    """The value at one place depends on that place only, and the shape is the target's."""
    prediction, target, noise = data.draw(instances(loss))
    flat = prediction.reshape(-1), target.reshape(-1)
    for function, extra in ((loss.nll, noise), (loss.loss, {}), (loss.gradient, noise),
                            (loss.curvature, noise)):
        whole = function(prediction, target, **extra)
        single = [function(f[None], y[None], **extra) for f, y in zip(*flat, strict=True)]
        assert whole.shape == target.shape and whole.dtype == target.dtype
        assert_close(whole.reshape(-1), torch.cat(single))


@every_loss
@settings(max_examples=15)
@given(data=st.data())
def test_the_density_normalises(loss, data):
    assert loss.SUPPORT == "real", "write the sum or integral for this support"
    noise = {name: data.draw(NOISE[name]) for name in loss.NOISE_PARAMETERS}
    centre = data.draw(PREDICTIONS[loss.SUPPORT])
    prediction = torch.tensor([centre], dtype=torch.float64)

    def density(y):
        return float(torch.exp(-loss.nll(prediction, torch.tensor([y], dtype=torch.float64),
                                         **noise)))

    width = noise.get("scale", 1.0)
    area = sum(scipy.integrate.quad(density, centre + a * width, centre + b * width)[0]
               for a, b in ((-40, -4), (-4, 0), (0, 4), (4, 40)))
    assert area == pytest.approx(1, abs=1e-8)


@every_loss
@given(data=st.data())
def test_the_loss_is_affine_in_the_nll_with_a_positive_factor(loss, data):
    """The loss is a·nll + b, with a free of everything but the noise, b free of the prediction."""
    prediction, target, noise = data.draw(instances(loss))
    zeros = torch.zeros_like(target)

    def differences(values):
        return values(prediction) - values(zeros)  # b cancels

    far, one = torch.tensor([3.0], dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    factor = ((loss.loss(far, one) - loss.loss(one, one))
              / (loss.nll(far, one, **noise) - loss.nll(one, one, **noise)))
    assert factor > 0
    losses = differences(lambda f: loss.loss(f, target))
    nlls = differences(lambda f: loss.nll(f, target, **noise))
    size = (loss.loss(prediction, target) + loss.loss(zeros, target)).max().clamp(min=1)
    assert ((losses - factor * nlls).abs() <= 1e-10 * size * factor.clamp(min=1)).all()


@every_loss
@given(data=st.data())
def test_the_estimate_has_the_highest_likelihood(loss, data):
    _, target, _ = data.draw(instances(loss, min_size=3))
    try:
        centre, *values = loss.estimate(target)
    except checks.NoFiniteEstimateError:
        assert target.max() - target.min() <= 1e-12 * target.abs().max().clamp(min=1e-300)
        return
    noise = dict(zip(loss.NOISE_PARAMETERS, values, strict=True))

    def total(shift, factor):
        scaled = {name: value * factor for name, value in noise.items()}
        return float(loss.nll((centre + shift).expand_as(target), target, **scaled).sum())

    best, width = total(0, 1), float(noise.get("scale", 1.0))
    for shift in (-2.0, -0.1, 0.0, 0.1, 2.0):
        for factor in (0.3, 0.95, 1.0, 1.05, 3.0):
            if (shift, factor) != (0, 1):
                assert total(shift * width, factor) > best


@every_loss
def test_estimates_recover_what_was_sampled(loss):
    noise = {"scale": 1.5} if "scale" in loss.NOISE_PARAMETERS else {}
    prediction = torch.full((40_000,), 0.7, dtype=torch.float64)
    draws = [loss.sample(prediction, **noise, generator=torch.Generator().manual_seed(seed))
             for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    assert draws[0].dtype == torch.float64 and draws[0].shape == prediction.shape
    centre, *values = loss.estimate(draws[0])
    assert abs(float(centre) - 0.7) < 0.03  # four standard errors
    for name, value in zip(loss.NOISE_PARAMETERS, values, strict=True):
        assert float(value) == pytest.approx(noise[name], rel=0.02)
        assert float(loss.estimate_noise(prediction, draws[0])[name]) == pytest.approx(
            noise[name], rel=0.02)


@every_loss
def test_float32_is_finite_at_the_extremes_and_right_elsewhere(loss):
    ends = torch.tensor([-1e4, 0.0, 1e4], requires_grad=True)
    targets = torch.tensor([1e4, 0.0, -1e4])
    for scale in (math.exp(-25), 1.0, math.exp(25)):
        noise = {"scale": scale} if "scale" in loss.NOISE_PARAMETERS else {}
        nll = loss.nll(ends, targets, **noise)
        slope, = torch.autograd.grad(nll.sum(), ends)
        for values in (nll, slope, loss.gradient(ends, targets, **noise),
                       loss.curvature(ends, targets, **noise)):
            assert values.isfinite().all()
        exact = loss.nll(ends.double(), targets.double(), **noise)
        assert_close(nll.double(), exact, rel=1e-6)


@every_loss
@pytest.mark.parametrize("name", ["nll", "loss", "gradient", "curvature"])
@pytest.mark.parametrize(("prediction", "target", "error", "message"), [
    (torch.zeros(3, 1), torch.zeros(3), ValueError,
     r"prediction: shape \(3, 1\), expected that of target, \(3,\)"),
    (torch.zeros(1), torch.zeros(3), ValueError, "prediction: shape"),
    (torch.zeros(0), torch.zeros(0), ValueError, "target: empty"),
    (torch.tensor([math.nan]), torch.zeros(1), ValueError, "prediction: 1 of 1 values not finite"),
    (torch.zeros(1), torch.tensor([math.nan]), ValueError, "target: 1 of 1 values not finite"),
    (torch.zeros(1), torch.tensor([math.inf]), ValueError, "target: 1 of 1 values not finite"),
    ([0.0], torch.zeros(1), TypeError, "prediction: expected a torch.Tensor, got list"),
    (torch.zeros(1), 0.0, TypeError, "target: expected a torch.Tensor, got float"),
    (torch.zeros(1, dtype=torch.int64), torch.zeros(1), TypeError, "prediction: expected floating"),
    (torch.zeros(1), torch.zeros(1, dtype=torch.float64), TypeError, "prediction: float32, expect"),
])
def test_bad_data_are_named(loss, name, prediction, target, error, message):
    noise = dict.fromkeys(loss.NOISE_PARAMETERS, 1.0) if name != "loss" else {}
    with pytest.raises(error, match=message):
        getattr(loss, name)(prediction, target, **noise)


@every_loss
@pytest.mark.parametrize("name", ["nll", "gradient", "curvature", "sample"])
@pytest.mark.parametrize(("scale", "error"), [
    (0.0, ValueError), (-1.0, ValueError), (math.nan, ValueError), (math.inf, ValueError),
    (torch.tensor([1.0, 0.0]), ValueError), (torch.ones(1), ValueError),
    (torch.ones(2, 1), ValueError), (torch.tensor(math.nan), ValueError),
    (torch.ones(2, dtype=torch.float64), TypeError), ("1", TypeError), (None, TypeError),
    (True, TypeError), ([1.0, 1.0], TypeError),
])
def test_a_bad_scale_is_named(loss, name, scale, error):
    if "scale" not in loss.NOISE_PARAMETERS:
        pytest.skip("has no scale")
    arguments = [torch.zeros(2)] * (1 if name == "sample" else 2)
    with pytest.raises(error, match=r"^scale: "):
        getattr(loss, name)(*arguments, scale=scale)


# --- squared error ---

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
