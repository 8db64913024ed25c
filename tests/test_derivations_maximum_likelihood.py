"""What the chapter "maximum_likelihood" claims: its statements, wrong versions of them."""
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from mlebook.derivations import maximum_likelihood
from mlebook.proof import AtLeast, Attained, Equal, ProofError, SameMinimiser, parse

CHAPTER = Path(__file__).parent.parent / "chapters" / "source" / "maximum_likelihood.md"
NAMED = {s.address.split(".")[1]: s for s in maximum_likelihood.STATEMENTS}


@pytest.mark.parametrize("name", NAMED)
def test_holds(name):
    NAMED[name].verify()


@pytest.mark.parametrize(("name", "end"), [
    ("all_heads", "n*(1 - theta)"),
    ("all_heads_limit", "0"),
    ("collapse", "-oo"),
    ("interval", "75"),
    ("logit", "log(k/(n - k))"),
    ("logit_back", "k/n"),
    ("scale", "sqrt(v_hat)"),
    ("variance", "v_hat"),
    ("score_mean", "0"),
    ("bernoulli_information", "1/(theta*(1 - theta))"),
    ("poisson_information", "1/lam"),
    ("gaussian_information_loc", "1/sigma**2"),
    ("gaussian_information_scale", "2/sigma**2"),
    ("gaussian_information_cross", "0"),
    ("variance_bias", "(n - 1)/n*v"),
    ("variance_unbiased", "v"),
    ("wrong_loc", "m"),
    ("wrong_scale", "sqrt(v)"),
    ("map", "argmax(theta, log(L(theta)) + log(prior(theta)))"),
    ("jacobian", "1/(theta*(1 - theta))"),
    ("flat_logit", "theta"),
    ("flat_theta", "log(3/2)"),
    ("exponential", "1/y_bar"),
])
def test_ends_where_the_chapter_says(name, end):
    assert NAMED[name].lines[-1] == parse(end)


@pytest.mark.parametrize(("name", "step", "formula", "relation"), [
    # the bound is no equality: only theta = 1 would reach it
    ("all_heads", 2, None, Equal()),
    ("all_heads", 2, "1", AtLeast("n*h(theta)")),
    ("collapse", 2, "0", None),
    ("interval", 2, "74", None),
    # the estimate of the probability is no estimate of the logit
    ("logit", 2, "k/n", None),
    # the best standard deviation is not the best variance
    ("scale", 2, "v_hat", None),
    ("variance", 2, "sqrt(v_hat)", None),
    ("variance", 2, None, Attained("n*h(v_hat/v)")),
    ("information", 2, "-sum(q(c, theta)*diff(log(q(c, theta)), theta)**2 for c in K)", None),
    ("bernoulli_information", 3, "theta*(1 - theta)", None),
    ("poisson_information", 2, "lam", None),
    ("gaussian_information_scale", 1, "1/sigma**2", None),
    ("mean_consistent", 2, "v", None),
    ("variance_bias", 3, "v", None),
    ("variance_bias", 3, "n/(n - 1)*v", None),
    ("variance_unbiased", 1, "n/(n - 1)*v", None),
    ("wrong_scale", 2, "v", None),
    # the evidence may be dropped from the objective, but not under an equals sign
    ("map", 2, None, Equal()),
    ("map", 2, "argmax(theta, log(L(theta)))", SameMinimiser("1", "-log(Z)")),
    # a flat prior in theta is not flat in the logit
    ("flat_theta", 3, "log(2)", None),
    ("flat_logit", 2, "theta**2*(1 - theta)", None),
    ("pseudo_likelihood", 2, "1", None),
    ("exponential", 2, "y_bar", None),
])
def test_wrong_steps_are_refused(name, step, formula, relation):
    with pytest.raises(ProofError) as caught:
        NAMED[name].with_step(step, formula, relation=relation).verify()
    assert caught.value.step == step


def test_the_step_left_to_the_reader():
    """The guess on the page is wrong, and the answer behind the fold is right."""
    text = CHAPTER.read_text(encoding="utf-8")
    guess, = re.findall(r'information\.with_step\(2, "(.*)"\)\.holds\(\)', text)
    assert not NAMED["poisson_information"].with_step(2, guess).holds()
    assert NAMED["poisson_information"].with_step(2, "lam/lam**2").holds()


# --- the same facts without the engine -----------------------------------------------------


@pytest.mark.parametrize(("loc", "scale"), [(0.0, 1.0), (-2.0, 0.3), (5.0, 4.0)])
def test_gaussian_information_by_quadrature(loc, scale):
    law = stats.norm(loc, scale)

    def score(x):
        return np.array([(x - loc) / scale**2, (x - loc)**2 / scale**3 - 1 / scale])

    def mean(f):
        return integrate.quad(lambda x: law.pdf(x) * f(x), loc - 12 * scale, loc + 12 * scale)[0]

    assert mean(lambda x: score(x)[0]**2) == pytest.approx(1 / scale**2)
    assert mean(lambda x: score(x)[1]**2) == pytest.approx(2 / scale**2)
    assert mean(lambda x: score(x).prod()) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("rate", [0.1, 0.7, 8.0])
def test_poisson_information_by_summation(rate):
    counts = np.arange(200)
    assert stats.poisson.pmf(counts, rate) @ (counts / rate - 1)**2 == pytest.approx(1 / rate)


def test_peaks_of_the_two_flat_priors():
    """Beta posteriors of Heads, Heads, Tail: peaks 2/3 and 1 over theta, 3/5 and 2/3 in z."""
    theta = (np.arange(300_000) + 0.5) / 300_000
    for a, b, over_theta, over_logit in ((3, 2, 2 / 3, 3 / 5), (2, 1, 1, 2 / 3)):
        density = stats.beta(a, b).pdf(theta)
        assert theta[density.argmax()] == pytest.approx(over_theta, abs=1e-5)
        assert theta[(density * theta * (1 - theta)).argmax()] == pytest.approx(
            over_logit, abs=1e-5)
    assert stats.beta(3, 2).sf(0.5) == pytest.approx(11 / 16)
    assert stats.beta(2, 1).sf(0.5) == pytest.approx(3 / 4)
