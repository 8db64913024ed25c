"""Remedies for heteroscedastic networks: their losses, and how networks are trained and scored."""
import math

import pytest
import torch

from mlebook import estimators
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
