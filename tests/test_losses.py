"""Laws that every noise model of the catalog obeys, for drawn shapes and values."""
import torch
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_close, every_loss, instances, is_vector, rows

FUNCTIONS = ("nll", "loss", "gradient", "curvature", "sample", "estimate", "estimate_noise",
             "reference", "examples", "real_targets")
FACTS = ("SLUG", "TITLE", "NOISE", "SUPPORT", "OUTPUT", "ESTIMATES", "USE", "EXISTENCE")
WITHOUT_EXAMPLE = ("reference", "real_targets")


@every_loss
def test_facts_and_documentation(loss):
    assert all(isinstance(getattr(loss, fact), str) and getattr(loss, fact) for fact in FACTS)
    assert loss.__name__ == f"mlebook.losses.{loss.SLUG}"
    assert loss.SUPPORT in ("real", "binary", "classes")
    assert loss.OUTPUTS and set(loss.OUTPUTS) <= {"loc", "logits", "log_variance"}
    assert loss.NO_ESTIMATE and loss.EXTREMES
    for name in FUNCTIONS:
        assert getattr(loss, name).__doc__.strip().endswith((".", ")", "}", "]", "'")), name
        assert name in WITHOUT_EXAMPLE or ">>>" in getattr(loss, name).__doc__, name


@every_loss
def test_real_targets_are_ready_for_the_loss(loss):
    target = loss.real_targets()
    assert target.dtype == (torch.int64 if loss.SUPPORT == "classes" else torch.float64)
    assert target.dim() == 1 and len(target) > 20
    assert loss.estimate(target)._fields == (*loss.OUTPUTS, *loss.NOISE_PARAMETERS)


@every_loss
def test_examples_are_the_same_every_time_and_span_orders_of_magnitude(loss):
    drawn = [list(loss.examples(torch.Generator().manual_seed(3))) for _ in range(2)]
    for (prediction, noise), (again, same) in zip(*drawn, strict=True):
        assert torch.equal(prediction, again) and noise == same
        assert prediction.dtype == torch.float64 and set(noise) == set(loss.NOISE_PARAMETERS)
    sizes = [loss.reference(f, **noise).stddev if loss.SUPPORT == "real" else f
             for f, noise in drawn[0]]
    assert max(s.abs().max() for s in sizes) >= 1000 * min(s.abs().max() for s in sizes)


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

    def bend(part):  # elementwise, so a sum over the observations keeps them apart
        if not part.requires_grad:
            return torch.zeros_like(prediction)
        return torch.autograd.grad(part.sum(), prediction, retain_graph=True,
                                   materialize_grads=True)[0]

    if is_vector(loss):
        hessian = torch.stack([bend(slope[..., k]) for k in range(slope.shape[-1])], dim=-2)
    else:
        hessian = bend(slope)
    assert_close(loss.gradient(prediction, target, **noise), slope)
    assert_close(loss.curvature(prediction, target, **noise), hessian)


@every_loss
@given(data=st.data())
def test_terms_are_the_three_functions(loss, data):
    if not hasattr(loss, "terms"):
        return
    prediction, target, noise = data.draw(instances(loss))
    found = loss.terms(prediction, target, **noise)
    for term, function in zip(found, (loss.nll, loss.gradient, loss.curvature), strict=True):
        assert_close(term, function(prediction, target, **noise))


@every_loss
@given(data=st.data())
def test_every_observation_stands_alone(loss, data):
    """The value at one place depends on that place only; shapes are those of the interface."""
    prediction, target, noise = data.draw(instances(loss))
    outputs = tuple(prediction.shape[target.dim():])
    for function, extra, axes in ((loss.nll, noise, 0), (loss.loss, {}, 0),
                                  (loss.gradient, noise, 1), (loss.curvature, noise, 2)):
        whole = function(prediction, target, **extra)
        single = [function(f, y, **extra) for f, y in rows(loss, prediction, target)]
        assert whole.shape == target.shape + outputs * axes and whole.dtype == prediction.dtype
        assert_close(whole.reshape(len(single), -1), torch.cat(single).reshape(len(single), -1))
    drawn = loss.sample(prediction, **noise, generator=torch.Generator().manual_seed(0))
    assert drawn.shape == target.shape and drawn.dtype == target.dtype


@every_loss
@given(data=st.data())
def test_the_loss_is_affine_in_the_nll_with_a_positive_factor(loss, data):
    """The loss is a·nll + b, with a free of everything but the noise, b free of the prediction."""
    prediction, target, noise = data.draw(instances(loss))
    outputs = prediction.shape[target.dim():]
    zeros, one = torch.zeros_like(prediction), torch.ones(1, dtype=target.dtype)
    near = torch.zeros(1, *outputs, dtype=torch.float64)
    far = torch.arange(1.0, 1 + near.numel(), dtype=torch.float64).reshape(near.shape)
    factor = ((loss.loss(far, one) - loss.loss(near, one))
              / (loss.nll(far, one, **noise) - loss.nll(near, one, **noise)))
    assert factor > 0

    def differences(values):
        return values(prediction) - values(zeros)  # b cancels

    losses = differences(lambda f: loss.loss(f, target))
    nlls = differences(lambda f: loss.nll(f, target, **noise))
    size = (loss.loss(prediction, target).abs() + loss.loss(zeros, target).abs()).max()
    assert ((losses - factor * nlls).abs()
            <= 1e-10 * size.clamp(min=1) * factor.clamp(min=1)).all()
