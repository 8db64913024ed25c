"""Every noise model is a probability law, and its estimate has the highest likelihood."""
import pytest
import scipy.integrate
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import NOISE, OUTPUTS, every_loss, instances, is_vector, names_of_outputs, usual

from mlebook import checks
from mlebook.certificate import data as totals


@every_loss
@settings(max_examples=15)
@given(data=st.data())
def test_the_density_normalises(loss, data):
    noise = {name: data.draw(NOISE[name]) for name in loss.NOISE_PARAMETERS}
    names = names_of_outputs(loss, data.draw(st.integers(2, 5)))
    values = [data.draw(OUTPUTS[name]) for name in names]
    prediction = torch.tensor([values] if is_vector(loss) else values, dtype=torch.float64)

    def density(y):
        return float(torch.exp(-loss.nll(
            prediction, totals.targets(loss, [y], torch.float64), **noise)))

    if loss.SUPPORT != "real":
        total = sum(map(density, range(2 if loss.SUPPORT == "binary" else len(values))))
        assert total == pytest.approx(1, abs=1e-12)
        return
    law = loss.reference(prediction, **noise)
    centre, width = float(law.mean), float(law.stddev)
    area = sum(scipy.integrate.quad(density, centre + a * width, centre + b * width)[0]
               for a, b in ((-40, -4), (-4, 0), (0, 4), (4, 40)))
    assert area == pytest.approx(1, abs=1e-8)


def has_no_estimate(loss, target) -> bool:
    """Whether the targets are a case without a finite estimate."""
    if loss.SUPPORT == "real":
        return bool(target.max() - target.min() <= 1e-12 * target.abs().max().clamp(min=1e-300))
    values = set(target.reshape(-1).tolist())
    return len(values) < (2 if loss.SUPPORT == "binary" else max(2, int(target.max()) + 1))


@every_loss
@given(data=st.data())
def test_the_estimate_has_the_highest_likelihood(loss, data):
    _, target, _ = data.draw(instances(loss, min_size=3))
    try:
        outputs, noise = totals.split(loss, loss.estimate(target))
    except checks.NoFiniteEstimateError:
        assert has_no_estimate(loss, target)
        return
    assert not has_no_estimate(loss, target) or target.std() > 0
    law = loss.reference(outputs, **noise)

    def total(change, factor):
        scaled = {name: value * factor for name, value in noise.items()}
        at = totals.constant(loss, outputs + change, target)
        return float(loss.nll(at, target, **scaled).sum())

    best = total(torch.zeros_like(outputs), 1)
    units = [float(law.stddev) if name == "loc" else 1.0
             for name in names_of_outputs(loss, outputs.numel())]
    for k, unit in enumerate(units):
        for shift in (-2.0, -0.1, 0.0, 0.1, 2.0):
            change = torch.zeros(outputs.numel(), dtype=torch.float64)
            change[k] = shift * unit
            for factor in (0.3, 0.95, 1.0, 1.05, 3.0) if noise else (1.0,):
                worse = total(change.reshape(outputs.shape), factor)
                assert worse >= best - 1e-12 * abs(best)
                if factor != 1 or abs(shift) == 2:  # a median may be an interval
                    assert worse > best


@every_loss
def test_estimates_recover_what_was_sampled(loss):
    one, noise = usual(loss)
    prediction = one.expand(40_000, *one.shape)
    draws = [loss.sample(prediction, **noise, generator=torch.Generator().manual_seed(seed))
             for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    outputs, found = totals.split(loss, loss.estimate(draws[0]))
    if loss.SUPPORT == "classes":  # only differences of logits matter
        outputs, one = outputs - outputs.mean(), one - one.mean()
    assert (outputs - one).abs().max() < 0.03  # about four standard errors
    for name, value in found.items():
        assert float(value) == pytest.approx(noise[name], rel=0.02)
        assert float(loss.estimate_noise(prediction, draws[0])[name]) == pytest.approx(
            noise[name], rel=0.02)
