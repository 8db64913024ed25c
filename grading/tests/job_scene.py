"""A small exercise whose honest answers are known, and submissions with an attack among them."""
import json
import sys
from pathlib import Path

from grading import job
from grading.exercise import Exercise, Question
from grading.limits import Limits

LIMITS = Limits(seconds_cell=3, seconds_total=90, memory_mb=700, processes=24, output_kb=4,
                file_mb=16)
HONEST = {"first": "first = 2.0", "square": "def square(x):\n    return x**2", "last": "last = 5.0"}
CANARY = "HIDDEN_CANARY_7461"
#: what a sandbox's /tmp holds from the start: the way to an environment in /tmp, or nothing
IN_TMP = [Path(sys.prefix).parts[2]] if Path(sys.prefix).parts[1] == "tmp" else []


def question(name, kind, points, solution, test="", hidden=""):
    return Question(
        name=name, title="By hand", kind=kind, points=points, answers=(name,), options={},
        statement="", hints=(), answer=solution, solution=solution, stub="", explanation="",
        rubric="", test=test, hidden=hidden, mistakes=(), equivalents=())


CASES = "def cases(rng):\n    yield (1.0,)\n    yield (3.0,)\n"
HIDDEN = f"# {CANARY}\ndef cases(rng):\n    yield (float(rng.uniform(2, 3)),)\n    yield (-7.25,)\n"
EXERCISE = Exercise(
    slug="small", title="Small", intro="", setup="import math\nimport os\nimport sys\n",
    questions=(
        question("first", "numbers", 1, HONEST["first"]),
        question("square", "function", 2, HONEST["square"], CASES, HIDDEN),
        question("last", "numbers", 4, HONEST["last"]),
    ))


def notebook(cells):
    """A notebook as text; the labels of the cells are their ids."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": label, "metadata": {}, "outputs": [],
         "execution_count": None, "source": source} for label, source in cells.items()]})


def graded(attack="", limits=LIMITS, exercise=EXERCISE, unsafe=False, **answers):
    """The result of honest answers with some replaced, and an attack between the first two."""
    cells = {**HONEST, **answers}
    first, *others = cells.items()
    text = notebook(dict([first, ("attack", attack), *others]))
    submission = {"student": "eve", "exercise": exercise.slug, "notebook": text}
    return job.mark(submission, exercise, seed=1, limits=limits, unsafe=unsafe)


def marks(result):
    return [question["mark"] for question in result["questions"]]


def cell(result, label):
    """The cell of a result with this label; those without a question's name by their place."""
    return next(c for c in result["cells"] if c["id"] == label)


def attack_cell(result):
    return next(c for c in result["cells"] if c["id"].startswith("cell-"))
