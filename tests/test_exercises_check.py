"""What a learner sees of ``check``, and that it leaves the learner's session as it was."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from exercises_scene import question

from mlebook.exercises import check
from mlebook.exercises.local import check_answers
from mlebook.exercises.public import public_checks

SLOPE = question(
    "function",
    "def slope(x):\n    return 2*x",
    "def cases(rng):\n    yield (torch.tensor(rng.normal(size=2)),)",
    answers=("slope",),
    mistakes=[("half", 0.5, "The factor 2 is missing.", "def slope(x):\n    return x")],
)
PAIR = question("numbers", "a, b = 2.0, 3.0", answers=("a", "b"))
ESSAY = question("text", "", answers=())
SEED = "torch.manual_seed(0)\nnp.random.seed(0)\nimport random\nrandom.seed(0)\nprint('loud')"


@pytest.fixture
def folder(tmp_path):
    """Public checks of a made-up exercise, written and read as JSON."""
    questions = {"slope": SLOPE, "pair": PAIR, "essay": ESSAY}
    exercise = {
        "slug": "made_up",
        "setup": f"import numpy as np\nimport torch\n{SEED}",
        "questions": [{**item, "name": name} for name, item in questions.items()],
    }
    text = json.dumps(public_checks(exercise), allow_nan=False)
    (tmp_path / "made_up.json").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_sentences(folder):
    def said(*answers):
        return check_answers("made_up.slope", answers, folder).removeprefix("made_up.slope: ")

    assert said(lambda x: x + x) == "public checks passed"
    assert said(...) == "not answered yet"
    assert said(lambda x: ...) == "not answered yet"
    assert said(lambda x: None) == "not answered yet"
    assert said(lambda x: x * 1) == "not yet right. It looks like: The factor 2 is missing."
    assert said(lambda x: x + 1).startswith("not yet right: slope(tensor([")
    assert "ZeroDivisionError: division by zero" in said(lambda x: 1 / 0)
    assert said(3) == "not yet right: slope(tensor" + said(3).partition("tensor")[2]


def test_several_answers_come_in_the_order_of_the_question(folder):
    def said(*answers):
        return check_answers("made_up.pair", answers, folder)

    assert said(2, 3) == "made_up.pair: public checks passed"
    assert said(3, 2) == "made_up.pair: not yet right: a: 3 is not right; b: 2 is not right"
    assert said(2, ...) == "made_up.pair: not yet right: b: not answered yet (right: a)"
    assert said(..., ...) == "made_up.pair: not answered yet"


def test_it_never_says_full_marks(folder):
    sentences = [check_answers("made_up.pair", (a, 3), folder) for a in (2, 3, ...)]
    assert not any("mark" in sentence or "point" in sentence for sentence in sentences)


def test_a_text_is_read_by_a_person(folder):
    assert check_answers("made_up.essay", (), folder).endswith("there is no check")


@pytest.mark.parametrize(
    ("address", "answers", "error", "said"),
    [
        ("made_up.pair", (1,), TypeError, r"has 2 answers \(a, b\), got 1"),
        ("made_up.slope", (1, 2, 3), TypeError, r"has 1 answer \(slope\), got 3"),
        ("made_up", (1,), ValueError, "such as 'squared_error.by_hand'"),
        ("made_up.pair.a", (1,), ValueError, "the address of a question"),
        (lambda x: x, (1,), ValueError, "the address of a question"),
        ("elsewhere.pair", (1, 2), ValueError, "no exercise 'elsewhere'; there are made_up"),
        ("made_up.square", (1,), ValueError, "no question 'square'; it has slope, pair, essay"),
        ("../made_up.pair", (1, 2), ValueError, "the address of a question|no exercise"),
    ],
)
def test_a_wrong_call_is_explained(folder, address, answers, error, said):
    with pytest.raises(error, match=said):
        check_answers(address, answers, folder)


def test_a_check_changes_no_random_numbers_and_prints_one_line(folder, capsys):
    def draws():
        return random.random(), np.random.random(), torch.rand(1).item()

    for library in (random.seed, np.random.seed, torch.manual_seed):
        library(7)
    expected = draws()
    for library in (random.seed, np.random.seed, torch.manual_seed):
        library(7)
    check_answers("made_up.pair", (1, 2), folder)
    assert draws() == expected
    assert capsys.readouterr().out == ""


def test_an_answer_that_changes_its_argument_or_keeps_it_is_judged_alike(folder):
    def in_place(x):
        x *= 2
        return x

    assert check_answers("made_up.slope", (in_place,), folder).endswith("public checks passed")


def test_the_package_brings_its_own_checks(capsys):
    check("squared_error.by_hand", ..., ..., ...)
    check("squared_error.by_hand", 69, 6, 8.5)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "squared_error.by_hand: not answered yet"
    assert second.startswith("squared_error.by_hand: not yet right. It looks like: ")


def test_importing_check_loads_no_heavy_library():
    code = (
        "import sys, mlebook.exercises\n"
        "print(sorted({'torch', 'sympy', 'numpy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
