"""What the statements of the chapter "likelihood" claim, and that wrong ones are refused."""
from pathlib import Path

import pytest

from mlebook.derivations import likelihood, likelihood_poisson
from mlebook.proof import AtLeast, Attained, Equal, ProofError, SameMinimiser, parse

CHAPTER = Path(__file__).parent.parent / "chapters" / "source" / "likelihood.md"


@pytest.mark.parametrize("statement", likelihood.STATEMENTS, ids=lambda s: s.address)
def test_holds(statement):
    statement.verify()


@pytest.mark.parametrize(("derivation", "start", "end"), [
    (likelihood.coin, "p(1, theta)*p(1, theta)*p(0, theta)", "theta**2*(1 - theta)"),
    (likelihood.coin_values, "L(2/3) - L(1/2)", "5/216"),
    (likelihood.coin_gap, "4/27 - theta**2*(1 - theta)", "0"),
    (likelihood.coin_maximum, "argmax(theta, theta**2*(1 - theta))", "2/3"),
    (likelihood.coin_calculus, "argmax(theta, theta**2*(1 - theta))", "2/3"),
    (likelihood.heads, "argmax(theta, theta**k*(1 - theta)**(n - k))", "k/n"),
    (likelihood.heads_calculus, "argmax(theta, theta**k*(1 - theta)**(n - k))", "k/n"),
    (likelihood.nll, "argmax(theta, prod(p(y[i], theta) for i in n))",
     "argmin(theta, -1/n*sum(log(p(y[i], theta)) for i in n))"),
    (likelihood.peak, "p(mu, mu, sigma)", "1/(sigma*sqrt(2*pi))"),
    (likelihood_poisson.poisson_normalised, "sum(p(y, lam) for y in N)", "1"),
    (likelihood_poisson.poisson_mean, "sum(y*p(y, lam) for y in N)", "lam"),
    (likelihood_poisson.poisson_variance, "sum((y - lam)**2*p(y, lam) for y in N)", "lam"),
    (likelihood_poisson.poisson_mle,
     "argmin(lam, n*(lam - y_bar*log(lam)) + sum(log(factorial(y[i])) for i in n))", "y_bar"),
], ids=lambda value: getattr(value, "address", ""))
def test_claims(derivation, start, end):
    assert derivation.lines[0] == parse(start)
    assert derivation.lines[-1] == parse(end)


@pytest.mark.parametrize(("derivation", "step", "formula", "relation"), [
    (likelihood.coin, 1, "theta*theta*theta", None),
    (likelihood.coin, 2, "2*theta*(1 - theta)", None),
    (likelihood.coin_gap, 3, "1/1000", AtLeast("(theta - 2/3)**2*(theta + 1/3)")),
    # better than 1/2, as one text stops at, but not the maximum
    (likelihood.coin_maximum, 1, "3/5", Attained("(theta - 3/5)**2*(theta + 1/3)")),
    (likelihood.heads, 4, "n/k", None),
    (likelihood.nll, 3, "argmax(theta, -sum(log(p(y[i], theta)) for i in n))", None),
    # the sum is n times the mean, so n is the witness and not 1/n
    (likelihood.nll, 4, None, SameMinimiser("1/n", "0")),
    # the density of the inputs may be dropped from the objective, but not under an equals sign
    (likelihood.inputs, 3, None, Equal()),
    (likelihood.inputs, 3, None, SameMinimiser("1", "0")),
    # the sum reaches only the first of two terms if the bracket is lost
    (likelihood.bernoulli_nll, 3,
     "-sum(y[i]*log(theta) for i in n) + (1 - y[1])*log(1 - theta)", None),
    (likelihood_poisson.poisson_nll, 2, "sum(lam - y[i]*log(lam) for i in n)", None),
    (likelihood_poisson.poisson_mle, 2, "n*y_bar", None),
    (likelihood_poisson.poisson_variance, 2, "lam**2", None),
    (likelihood.peak_above_one, 1, "u", None),
    (likelihood.all_sequences, 3, "8", None),
], ids=lambda value: getattr(value, "address", ""))
def test_wrong_steps_are_refused(derivation, step, formula, relation):
    with pytest.raises(ProofError) as caught:
        derivation.with_step(step, formula, relation=relation).verify()
    assert caught.value.step == step
    assert caught.value.counterexample is not None or caught.value.residual


def test_the_density_is_the_one_at_its_address():
    from mlebook.catalog import statements

    shown = statements()[likelihood.GAUSSIAN.address].definition
    assert shown.head() == likelihood.GAUSSIAN.head()
    assert shown.unfolded_body() == likelihood.GAUSSIAN.unfolded_body()


def test_the_failure_that_the_chapter_shows_has_a_counterexample():
    with pytest.raises(ProofError, match="counterexample: theta = ") as caught:
        likelihood.coin.with_step(2, "2*theta*(1 - theta)").verify()
    assert caught.value.step == 2


def test_the_line_left_to_the_reader():
    wrong = "argmax(theta, k*log(theta) - (n - k)*log(1 - theta))"
    assert wrong in CHAPTER.read_text(encoding="utf-8")
    assert not likelihood.heads_calculus.with_step(1, wrong).holds()
    assert likelihood.heads_calculus.with_step(1, wrong.replace(" - (n", " + (n")).holds()
