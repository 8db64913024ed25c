"""Students who do nothing wrong, or nothing that should cost more than their own answer."""

import json

from grading.tests.attacks.student import HONEST, SLUG, Student

ALL = ("by_hand", "weighted", "log_scale", "outlier")


def honest(name, about, **options):
    """An honest student, who deserves exactly what the answers are worth."""
    return Student(name, about, kind=HONEST, **{"right": ALL, **options})


def stubs(exercise):
    """Answers of a student who hands in the release as it was."""
    return {question.name: question.stub for question in exercise.questions}


def equivalents(exercise):
    """Right answers in another form, where there is one."""
    return {q.name: q.equivalents[0] for q in exercise.questions if q.equivalents}


def chosen(exercise, number):
    """A listed mistake of each question, in turn."""
    listed = {q.name: q.mistakes for q in exercise.questions if q.mistakes}
    return {name: mistakes[number % len(mistakes)] for name, mistakes in listed.items()}


def mistaken(name, number):
    """A student who makes listed mistakes, and deserves their parts of the points."""
    return honest(
        name,
        f"listed mistakes, choice {number + 1} of each question",
        right=(),
        answers=lambda exercise: {n: m.source for n, m in chosen(exercise, number).items()},
        shares=lambda exercise: {n: m.share for n, m in chosen(exercise, number).items()},
    )


def without(cell_id):
    """Delete a cell."""

    def change(notebook):
        notebook.cells = [cell for cell in notebook.cells if cell.id != cell_id]
        return json.dumps(notebook)

    return change


def without_ids(notebook):
    """As an old notebook program saves it: format 4.4 has no ids of cells."""
    for cell in notebook.cells:
        del cell["id"]
    notebook.nbformat_minor = 4
    return json.dumps(notebook)


def with_outputs(notebook):
    """Run by the student: outputs, counts and a picture are stored."""
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = number
        cell.outputs = [
            {"output_type": "stream", "name": "stdout", "text": ["done\n"] * 100},
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"image/png": "iVBORw0KGgo=" * 1000, "text/html": ["<b>bold</b>"]},
            },
        ]
    return json.dumps(notebook)


def with_mark(notebook):
    """Saved by a Windows editor: a byte order mark in front."""
    return b"\xef\xbb\xbf" + json.dumps(notebook).encode()


SYMPY = """\
import sympy as sp
n, mu, i = sp.Symbol("n", integer=True), sp.Symbol("mu"), sp.Symbol("i", integer=True)
y, sigma = sp.IndexedBase("y"), sp.IndexedBase("sigma")
square = (y[i] - mu)**2 / (2 * sigma[i]**2)
nll = sp.Sum(square + sp.log(2 * sp.pi) / 2 + sp.log(sigma[i]), (i, 1, n))
"""

STUDENTS = [
    honest("complete", "right in everything"),
    honest("untouched", "hands in the release as it was", right=(), answers=stubs),
    honest("equivalent", "right in another form everywhere", answers=equivalents),
    *[mistaken(f"mistaken-{number + 1}", number) for number in range(3)],
    honest(
        "helpers",
        "cells of their own: helper functions, a plot, a magic, a shell command",
        own="%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        "!echo hello\ndef squares(r):\n    return r ** 2 / 2",
        answers={
            "log_scale": "def nll_log_scale(prediction, target, log_scale):\n"
            "    r = (target - prediction) * torch.exp(-log_scale)\n"
            "    return squares(r) + log_scale + math.log(2 * math.pi) / 2"
        },
    ),
    honest(
        "warned",
        "prints warnings and to standard error",
        own="import sys, warnings\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)",
    ),
    honest(
        "one-error",
        "one question raises an error, the others are right",
        right=("by_hand", "weighted", "outlier"),
        answers={"log_scale": "def nll_log_scale(a, b, c):\n    return a.no_such_thing"},
    ),
    honest(
        "one-syntax-error",
        "one answer is no Python, the others are right",
        right=("weighted", "log_scale", "outlier"),
        answers={"by_hand": "loc = = 69"},
    ),
    honest("sympy", "answers a formula with SymPy", answers={"weighted": SYMPY}),
    honest("old-format", "saved by an old notebook program, without ids", change=without_ids),
    honest("own-outputs", "ran the notebook; pictures and text are stored", change=with_outputs),
    honest("byte-order-mark", "saved by a Windows editor", change=with_mark),
    honest(
        "lost-cell",
        "deleted the answer cell of one question",
        right=("by_hand", "weighted", "log_scale"),
        change=without("outlier"),
    ),
    honest("Ærøskøbing Ŷüñ 学生", "a name in many scripts"),
    honest("slow-but-right", "a cell takes two seconds", own="import time\ntime.sleep(2)"),
    honest("nested-folder", "a folder in the folder", place=f"nested-folder/week 3/{SLUG}.ipynb"),
    honest("odd-bytes", "prints bytes that are no text", own="import os\nos.write(1, b'\\xff\\n')"),
]
