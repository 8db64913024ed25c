"""Remedies for heteroscedastic networks: their losses, and how networks are trained and scored."""
import math

import pytest
import torch

from mlebook import datasets, estimators
from mlebook.losses import heteroscedastic
from mlebook.losses.heteroscedastic import derivations, networks, variants
from mlebook.proof.evaluate import evaluate

DERIVATIONS = {s.address.split(".")[1]: s for s in derivations.STATEMENTS}


def test_beta_nll_has_the_proved_slopes():
    prediction = torch.tensor([[1.0, 0.7], [2.0, -1.3]], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([3.0, -1.0], dtype=torch.float64)
    slopes, = torch.autograd.grad(variants.beta_nll(prediction, y, beta=0.3).sum(), prediction)
    for row, target, slope in zip(prediction.tolist(), y.tolist(), slopes.tolist(), strict=True):
        values = {"mu": row[0], "s": row[1], "y": target, "beta": 0.3}
        for name, found in zip(("beta_loc", "beta_log_variance"), slope, strict=True):
            line = DERIVATIONS[name].lines[-1]
            assert found == pytest.approx(float(evaluate(line, values)), rel=1e-12)


def test_the_bounded_log_variance_stays_above_its_floor():
    raw = torch.linspace(-100, 100, 41)
    s = variants.bounded(torch.stack([torch.zeros(41), raw], -1), floor=-5.0)[:, 1]
    assert (s >= -5).all() and (s.diff() >= 0).all()
    torch.testing.assert_close(s[-1], raw[-1])


def test_the_prior_counts_as_further_observations():
    y = torch.tensor([0.0, 0.0, 0.0], dtype=torch.float64)
    fit = estimators.fit(lambda s: (
        variants.with_prior(torch.stack([torch.zeros(3).double(), s.expand(3)], -1), y,
                            count=0.5, variance=2.0)).sum(), 0.0)
    assert float(fit.params) == pytest.approx(math.log(0.5 * 2.0 / 1.5), abs=1e-6)


@pytest.mark.parametrize("call, argument", [
    (lambda f, y: variants.beta_nll(f, y, beta=2.0), "beta"),
    (lambda f, y: variants.with_prior(f, y, count=0.0, variance=1.0), "count"),
    (lambda f, y: variants.with_prior(f, y, count=1.0, variance=-1.0), "variance"),
    (lambda f, y: variants.beta_nll(f[..., 0], y, beta=0.5), "prediction"),
    (lambda f, y: variants.bounded(f[..., 0], floor=0.0), "prediction"),
    (lambda f, y: networks.cross_fit(y, y[:-1], networks.Recipe()), "x"),
    (lambda f, y: networks.cross_fit(y, y, networks.Recipe()), "y"),
])
def test_bad_input_is_named(call, argument):
    with pytest.raises(ValueError, match=f"^{argument}"):
        call(torch.zeros(5, 2), torch.zeros(5))


def test_each_observation_is_held_out_once_a_seed_and_never_trained_on():
    train, validate, test = networks._splits(23, 2)
    assert ((train + validate + test) == 1).all()
    assert (test.reshape(2, networks.FOLDS, 23).sum(1) == 1).all()


def test_a_held_out_target_does_not_change_how_it_is_predicted(monkeypatch):
    n, place = 15, 4
    alone = torch.zeros(networks.FOLDS, n, dtype=torch.float64)
    alone[:, place] = 1
    validate = alone.roll(1, dims=1)
    split = (1 - alone - validate, validate, alone)
    monkeypatch.setattr(networks, "_splits", lambda n, seeds: split)
    x = torch.linspace(-1, 1, n, dtype=torch.float64)
    y = x.sin()
    shifted = y.clone()
    shifted[place] += 1000
    scores = [networks.cross_fit(x, t, networks.RECIPES["NLL"], seeds=networks.FOLDS, steps=40)
              for t in (y, shifted)]
    for before, after in ((s[0], s[1]) for s in zip(*[(f.stopped.rmse, f.last.rmse)
                                                      for f in scores], strict=True)):
        # the residual grows by the shift (either sign before), and by nothing else
        grown = (after - before).abs() * n**0.5
        other = (after + before).abs() * n**0.5
        assert torch.minimum((grown - 1000).abs(), (other - 1000).abs()).max() < 1e-9


def test_same_seed_same_networks():
    x = torch.linspace(-1, 1, 15, dtype=torch.float64)
    a, b = (networks.cross_fit(x, x.sin(), recipe, seeds=2, steps=30)
            for recipe in [networks.RECIPES["prior"]] * 2)
    assert torch.equal(a.last.nll, b.last.nll) and a.step == b.step


@pytest.mark.parametrize("name", networks.RECIPES)
def test_every_recipe_learns(name):
    x = torch.linspace(-2, 2, 60, dtype=torch.float64)
    noise = torch.randn(60, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y = x.sin() + 0.1 * noise
    fit = networks.cross_fit(x, y, networks.RECIPES[name], seeds=1, steps=300)
    assert float(fit.stopped.rmse) < 0.25 < float(y.std())
    assert 0.7 < float(fit.stopped.coverage) <= 1


def test_the_jacobian_is_that_of_autograd():
    x = torch.linspace(-1, 1, 4, dtype=torch.float64)
    weights = networks._start(3)
    found = networks._network(weights, x)[1]
    for k in range(3):
        expected = torch.func.jacrev(lambda w: networks._network(w[None], x)[0][0])(weights[k])
        torch.testing.assert_close(found[k], expected, rtol=1e-12, atol=1e-14)


def test_a_short_step_of_fisher_scoring_lowers_the_nll():
    x = torch.linspace(-1, 1, 8, dtype=torch.float64)
    share = torch.full((2, 8), 1 / 8, dtype=torch.float64)
    weights = networks._start(2)

    def mean_nll(w):
        return (share * heteroscedastic.nll(networks._network(w, x)[0], x.expand(2, 8))).sum(-1)

    outputs, jacobian = networks._network(weights, x)
    slope = share[..., None] * heteroscedastic.gradient(outputs, x.expand(2, 8))
    by_weights = torch.func.jacrev(lambda w: mean_nll(w).sum())(weights)
    direction = networks._direction(jacobian, slope, outputs, share)
    torch.testing.assert_close((jacobian * slope[..., None]).sum((1, 2)), by_weights)
    change = mean_nll(weights - 1e-6 * direction) - mean_nll(weights)
    torch.testing.assert_close(change, -1e-6 * (by_weights * direction).sum(-1),
                               rtol=1e-3, atol=0)
    assert (change < 0).all()


@pytest.mark.parametrize("name", networks.RECIPES)
def test_the_last_bits_of_the_start_stay_in_the_last_digits(name, monkeypatch):
    # Another processor rounds otherwise: the numbers that a chapter prints may not notice.
    crash = datasets.motorcycle_impact()
    x, y = (crash.tensor("time") - 28) / 13, crash.tensor("acceleration") / 50
    fits, start = [], networks._start
    for nudge in (0.0, 1e-12):
        monkeypatch.setattr(networks, "_start", lambda k, nudge=nudge: start(k) * (
            1 + nudge * torch.randn(start(k).shape, dtype=torch.float64,
                                    generator=torch.Generator().manual_seed(1))))
        fits.append(networks.cross_fit(x, y, networks.RECIPES[name], seeds=1, steps=100))
    for before, after in zip((*fits[0].stopped, *fits[0].last),
                             (*fits[1].stopped, *fits[1].last), strict=True):
        torch.testing.assert_close(before, after, rtol=1e-8, atol=0)
    assert fits[0].step == fits[1].step


def test_single_precision_is_refused():
    x = torch.linspace(-1, 1, 12)
    with pytest.raises(TypeError, match=r"^y: expected float64, got torch.float32"):
        networks.cross_fit(x, x, networks.RECIPES["NLL"])


@pytest.mark.parametrize("call", [
    lambda f, y: variants.beta_nll(f, y, beta="1"),
    lambda f, y: variants.beta_nll(f, y, beta=math.nan),
    lambda f, y: variants.bounded(f, floor=math.nan),
    lambda f, y: variants.bounded(f, floor=None),
])
def test_a_wrong_option_is_named(call):
    with pytest.raises(ValueError, match=r"^(beta|floor): expected a"):
        call(torch.zeros(5, 2), torch.zeros(5))


@pytest.mark.parametrize("call", [
    lambda f, y: variants.with_prior(f, y, count=1.0, variance=1.0),
    lambda f, y: variants.beta_nll(-f, y, beta=1.0),
    lambda f, y: heteroscedastic.information(f),
    lambda f, y: heteroscedastic.sample(-2 * f),
])
def test_a_result_that_overflows_is_an_error(call):
    with pytest.raises(ValueError, match=r"^prediction: the result"):
        call(torch.tensor([[0.0, -100.0]]), torch.zeros(1))
