"""Mutation testing: wrong steps are made, rejected, counted; and a survivor is shown."""
import io

import pytest

from mlebook.catalog import derivations
from mlebook.proof import (
    Attained,
    Definition,
    Derivation,
    Positive,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    mutate,
    mutations,
    parse,
)

DEMO = Derivation(
    "demo.mean", "The mean", (Size("n"), Reals("y"), Real("mu"), Positive("sigma")),
    "argmax(mu, -sum((y[i] - mu)**2 for i in n)/(2*sigma**2) - n*log(sigma))",
    (Step("argmin(mu, sum((y[i] - mu)**2 for i in n))", "constants",
          SameMinimiser("-1/(2*sigma**2)", "-n*log(sigma)")),
     Step("y_bar", "complete the square", Attained("n*(mu - y_bar)**2"))),
    (Definition("y_bar", "sum(y[i] for i in n)/n"),))

KINDS = ["sign", "factor 2", "factor 1/2", "constant", "index", "term dropped", "log dropped",
         "factor dropped", "min and max flipped", "mu and sigma swapped", "fraction turned over",
         "sum dropped", "power dropped"]


def test_all_kinds_of_mutants_are_made():
    made = {m.what.removeprefix("a: ").removeprefix("c: ").removeprefix("certificate: ")
            for k in (1, 2) for m in mutations.mutants(DEMO, k)}
    assert set(KINDS) - {"term dropped"} <= made | {"term dropped"}
    assert "log dropped" in made and "min and max flipped" in made


def test_mutants_differ_from_the_original_and_from_one_another():
    for number in (1, 2):
        step = DEMO.steps[number - 1]
        found = mutations.mutants(DEMO, number)
        keys = [(m.term, m.relation) for m in found]
        assert len(keys) == len(set(keys)) >= 20
        assert (step.term, step.relation) not in keys


def test_every_wrong_step_of_a_demonstration_is_rejected():
    tally = mutate.judge(DEMO)
    assert tally.survivors == () and tally.rejected > 40
    assert tally.mutants == tally.rejected + tally.equivalent


def test_equivalence_is_proved_not_assumed():
    swapped = mutations.Mutant("reordered", parse("argmin(mu, sum((mu - y[i])**2 for i in n))"),
                               DEMO.steps[0].relation)
    assert mutate.accepted(DEMO, 1, swapped) and mutate.equivalent(DEMO, 1, swapped)
    other = mutations.Mutant("other", parse("argmin(mu, 2*sum((mu - y[i])**2 for i in n))"),
                             SameMinimiser("-1/(4*sigma**2)", "-n*log(sigma)"))
    assert mutate.accepted(DEMO, 1, other) and not mutate.equivalent(DEMO, 1, other)


def test_an_engine_that_accepts_wrong_steps_shows_survivors(monkeypatch):
    monkeypatch.setattr(mutate, "refute", lambda *args, **options: None)
    monkeypatch.setattr(mutate, "prove", lambda context, a, relation, b: a != b and (
        relation == DEMO.steps[0].relation))
    tally = mutate.judge(DEMO, limit=5)
    out = io.StringIO()
    assert mutate.report([tally], out) == len(tally.survivors) > 0
    assert "SURVIVOR step 1" in out.getvalue()
    assert out.getvalue().splitlines()[-1].endswith(f"survivors: {len(tally.survivors)}")


def test_a_sample_is_the_same_at_every_run():
    assert mutate.judge(DEMO, limit=7) == mutate.judge(DEMO, limit=7)
    assert mutate.judge(DEMO, limit=7).mutants == 14


def test_an_unknown_address_is_refused(capsys):
    with pytest.raises(SystemExit):
        mutate.main(["demo.nowhere"])
    assert "no such derivation: demo.nowhere" in capsys.readouterr().err


def test_at_least_twenty_mutants_a_step_over_the_whole_book():
    counts = [len(mutations.mutants(d, k)) for d in derivations()
              for k in range(1, len(d.steps) + 1)]
    assert sum(counts) / len(counts) >= 20
