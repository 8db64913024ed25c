"""Answers that need no understanding, found by people who tried to get marks without any.

Each was right once. They are judged as in grading, by the hidden tests if there are any.
"""

import pytest

from grading import notebooks
from grading.source import read
from mlebook.exercises.judging import expected, judge
from mlebook.exercises.settings import generator, set_up, setting


@pytest.fixture(scope="module")
def scenes():
    """A question's setting and what is expected, made once for all cheats."""
    known = {}

    def scene(slug, name):
        if (slug, name) not in known:
            exercise = read(slug).to_dict()
            question = next(q for q in exercise["questions"] if q["name"] == name)
            test = question["hidden"] or question["test"]
            rng = generator(7, "cheat", slug, name)
            place = setting(question, set_up(exercise["setup"]), rng, test, hidden=True)
            known[slug, name] = place, expected(place)
        return known[slug, name]

    return scene


def verdict(scene, source):
    place, found = scene
    return judge(place, place.run(source), found)


def test_overflow_minimises_nothing(scenes):
    cheat = "first = [1e308] * 11\nsecond = [-1e308] * 11"
    assert verdict(scenes("map", "twins"), cheat).share == 0


def test_sums_that_are_not_quite_one_pay_for_no_detour(scenes):
    cheat = """
def law(shift, total):
    return [(0.5 + shift) * total, (0.5 - shift) * total]

first, middle, last = law(0, 1 - 9.5e-7), law(0.00065, 1), law(0.0013, 1 + 9.5e-7)
"""
    assert verdict(scenes("divergence", "detour"), cheat).share < 0.5


def added(start, size):
    """The start with a summand that cancels, as a first line that says nothing."""
    more = f" + log({size}) - log({size})"
    return f"{start[:-1]}{more})" if start.startswith("arg") else start + more


def wrapped(start, size):
    """The start with a log of an exponential around it."""
    if not start.startswith("arg"):
        return f"log(exp({start}))"
    head, objective = start[:-1].split(", ", 1)
    return f"{head}, log(exp({objective})))"


@pytest.mark.parametrize("way", [added, wrapped])
@pytest.mark.parametrize(("slug", "name", "size", "relation"), [
    ("heteroscedastic", "precision", "n", "ByConvexity()"),
    ("poisson", "no_inputs", "n", "ByConvexity()"),
    ("multi_task", "sum_of_losses", "K", "Equal()"),
])
def test_start_and_target_alone_are_no_derivation(scenes, slug, name, size, relation, way):
    place, found = scenes(slug, name)
    start, target = str(found.task.start), str(found.task.target)
    lines = f"Step({way(start, size)!r}, ''), Step({target!r}, '', {relation})"
    cheat = f"from mlebook.proof import Equal\nsteps = [{lines}]"
    result = verdict((place, found), cheat)
    assert result.share == 0
    assert "show the way" in result.message


def test_millions_of_brackets_are_not_parsed(monkeypatch):
    exercise = read("squared_error")
    monkeypatch.setattr(notebooks.json, "loads", lambda text: pytest.fail("it was parsed"))
    text = '{"cells": [' + "[]," * notebooks.MOST_BRACKETS + "0]}"
    answers = notebooks.answer_cells(text, exercise)
    assert answers.broken
    assert "Clear all outputs" in answers.problems[0]
