"""What the statements of the chapter "divergence" claim, and that wrong ones are refused."""
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mlebook import divergences
from mlebook.derivations import divergence
from mlebook.proof import (
    AtLeast,
    Attained,
    Equal,
    Labels,
    Limit,
    ProofError,
    SameMinimiser,
    TermError,
    parse,
)

CHAPTER = Path(__file__).parent.parent / "chapters" / "source" / "divergence.md"
STATEMENTS = {s.address.removeprefix("divergence."): s for s in divergence.STATEMENTS}


@pytest.mark.parametrize("statement", divergence.STATEMENTS, ids=lambda s: s.address)
def test_holds(statement):
    statement.verify()


def test_addresses_are_distinct():
    assert len(STATEMENTS) == len(divergence.STATEMENTS)


@pytest.mark.parametrize(("name", "start", "end"), [
    ("surprise", "-log(a*b)", "-log(a) - log(b)"),
    ("decomposition", "cross_entropy(p, q)", "entropy(p) + kl(p, q)"),
    ("split", "kl(p, q)", "cross_entropy(p, q) - entropy(p)"),
    ("h", "argmin(x, h(x))", "1"),
    ("h_value", "h(1)", "0"),
    ("gibbs", "kl(p, q)", "0"),
    ("best_model", "argmin(q, cross_entropy(p, q))", "p"),
    ("most_uncertain", "log(K) - entropy(p)", "0"),
    ("one_hot", "-sum(delta(c, t)*log(q[c]) for c in K)", "-log(q[t])"),
    ("asymmetry", "kl(1/2, 1/4) - kl(1/4, 1/2)", "1/4*log(256/243)"),
    ("detour", "kl(1/2, 1/10) - (kl(1/2, 1/4) + kl(1/4, 1/10))", "1/4*log(3)"),
    ("empirical_mean", "sum(p_hat[c]*f(c) for c in K)", "1/n*sum(f(x[i]) for i in n)"),
    ("mle_cross_entropy", "argmax(theta, prod(q(x[i], theta) for i in n))",
     "argmin(theta, cross_entropy(theta))"),
    ("mle_kl", "argmin(theta, cross_entropy(theta))", "argmin(theta, kl(theta))"),
    ("monte_carlo", "E(1/n*sum(log(p[x[i]]/q[x[i]]) for i in n))", "kl(p, q)"),
    ("gibbs_density", "kl", "0"),
    ("matching_scale", "argmin(sigma, E(-log(p(Y, m, sigma))))", "sqrt(v)"),
], ids=lambda value: value if str(value).isidentifier() else "")
def test_claims(name, start, end):
    assert STATEMENTS[name].lines[0] == parse(start)
    assert STATEMENTS[name].lines[-1] == parse(end)


KL_CERTIFICATE = "sum(p[c]*h(q[c]/p[c]) for c in K)"


@pytest.mark.parametrize(("name", "step", "formula", "relation"), [
    # the two arguments exchanged, in the formula and in the certificate
    ("decomposition", 4, "entropy(p) + kl(q, p)", None),
    ("decomposition", 4, "entropy(q) + kl(p, q)", None),
    ("gibbs", 3, "sum(p[c]*h(p[c]/q[c]) for c in K)", None),
    ("gibbs", 4, "0", AtLeast("sum(q[c]*h(p[c]/q[c]) for c in K)")),
    # without a reason the sign is not believed, and it cannot be turned
    ("gibbs", 4, "0", Equal()),
    ("gibbs", 4, "1/100", AtLeast(KL_CERTIFICATE)),
    ("best_model", 1, None, SameMinimiser("1", "entropy(q)")),
    ("best_model", 2, "q", Attained(KL_CERTIFICATE)),
    ("h", 2, "2", None),
    ("most_uncertain", 2, "sum(p[c]*h(p[c]) for c in K)", None),
    ("bits", 3, "2*x", None),
    # as a limit, 0 log 0 is neither minus infinity nor one
    ("zero_log_zero", 1, "-oo", None),
    ("zero_log_zero", 1, "1", None),
    ("blow_up", 1, "0", Limit("x", "0")),
    # classes of probability zero leave a remainder
    ("unseen", 1, KL_CERTIFICATE, None),
    ("one_hot", 1, "-log(q[1])", None),
    ("asymmetry", 2, "0", None),
    ("detour", 2, "-1/4*log(3)", None),
    # a sample mean is the expectation under the empirical law, a sum is not
    ("empirical_mean", 2, "sum(f(x[i]) for i in n)", None),
    # the log dropped from the objective, as a popular proof has it
    ("mle_cross_entropy", 3, "argmin(theta, -sum(p_hat[c]*q(c, theta) for c in K))", None),
    ("mle_cross_entropy", 1, "argmax(theta, sum(q(x[i], theta) for i in n))", None),
    ("mle_kl", 2, None, SameMinimiser("1", "-entropy(p)")),
    ("kept_log", 1, "1/2", None),
    ("gaussian_entropy", 2, "1/2*log(2*pi*exp(1)*sigma)", None),
    ("units", 1, "1/2*log(2*pi*exp(1)*sigma**2)", None),
    ("gaussian_kl", 1, "log(sigma_p/sigma_q) + (sigma_p**2 + (mu_p - mu_q)**2)"
                       "/(2*sigma_q**2) - 1/2", None),
    ("gaussian_kl", 1, "log(sigma_q/sigma_p) + (sigma_p**2 + (mu_p - mu_q)**2)"
                       "/(2*sigma_p**2) - 1/2", None),
    ("matching", 2, "1/2*log(2*pi*sigma**2) + v/(2*sigma**2)", None),
    ("matching_scale", 2, "v", None),
    ("matching_scale", 2, "-sqrt(v)", None),
    ("conditional", 2, None, SameMinimiser("1", "0")),
    ("labels", 1, "-sum(log(q(y[i], x[i], theta)) for i in n)", None),
])
def test_wrong_steps_are_refused(name, step, formula, relation):
    wrong = STATEMENTS[name].with_step(step, formula, relation=relation)
    with pytest.raises((ProofError, TermError)):
        wrong.verify()


def test_a_sample_mean_is_not_the_expectation_under_the_truth():
    """The equals sign that a popular text puts there, and the theorem without its hypothesis."""
    limit = STATEMENTS["law_of_large_numbers"]
    assert limit.steps[0].relation.status == "theorem"
    assert not limit.with_step(1, relation=Equal()).holds()
    unrelated = tuple(Labels("x") if h.name == "x" else h for h in limit.given)
    assert not replace(limit, given=unrelated).holds()
    a_sum, one_draw = "-sum(log(q(x[i], theta)) for i in n)", "-log(q(x[1], theta))"
    assert not replace(limit, start=a_sum).holds()
    assert not replace(limit, start=one_draw).holds()


def test_the_exact_gaps_are_what_the_numerical_functions_give():
    def coins(a, b):
        return divergences.kl_divergence([a, 1 - a], [b, 1 - b])

    assert math.isclose(coins(1/2, 1/4) - coins(1/4, 1/2), math.log(256/243) / 4, rel_tol=1e-12)
    saved = coins(1/2, 1/10) - coins(1/2, 1/4) - coins(1/4, 1/10)
    assert math.isclose(saved, math.log(3) / 4, rel_tol=1e-12)


def test_the_chapter_shows_or_links_every_statement():
    text = CHAPTER.read_text(encoding="utf-8")
    used = set(re.findall(r"divergence\.([a-z_]+)", text))
    assert set(STATEMENTS) <= used, sorted(set(STATEMENTS) - used)
