"""The marker's protocol, with a student who answers honestly, not at all, or with lies."""

import json
import os
import signal
import threading

import pytest
from exercises_scene import question

from grading import marker
from mlebook.exercises.answering import reply

SLOPE = question(
    "function",
    "def slope(x):\n    return 2*x",
    "def cases(rng):\n    yield (torch.tensor(rng.normal(size=2)),)",
    answers=("slope",),
    mistakes=[("half", 0.5, "The factor 2 is missing.", "def slope(x):\n    return x")],
)
HIDDEN = "def cases(rng):\n    for n in (1, 5):\n        yield (torch.tensor(rng.normal(size=n)),)"
QUESTIONS = {
    "slope": {**SLOPE, "hidden": HIDDEN},
    "number": question("numbers", "a = 2.0", answers=("a",)),
    "essay": question("text", "", answers=()),
    "square": question("formula", "f = 'x**2'", "given = (Real('x'),)", answers=("f",)),
}
EXERCISE = {
    "slug": "made_up",
    "setup": "import torch\nprint('loud')",
    "questions": [{**item, "name": name} for name, item in QUESTIONS.items()],
}


def mark(answer, exercise=EXERCISE, questions=tuple(QUESTIONS), seed=1):
    """All that a marker says, if ``answer(request)`` replies; a dict of verdicts and the asks."""
    to_marker, from_marker = os.pipe(), os.pipe()
    asked, verdicts = [], {}
    order = {"exercise": exercise, "seed": seed, "student": "anna", "questions": list(questions)}

    def broker():
        with os.fdopen(from_marker[0], "rb") as source, os.fdopen(to_marker[1], "wb") as sink:
            sink.write(json.dumps(order).encode() + b"\n")
            sink.flush()
            for line in source:
                message = json.loads(line)
                if "verdict" in message:
                    verdict = message["verdict"]
                    verdicts[verdict.pop("name")] = verdict
                elif "ask" in message:
                    asked.append(message["ask"])
                    sink.write(json.dumps(answer(message["ask"])).encode() + b"\n")
                    sink.flush()
                else:
                    assert message == {"done": True}

    thread = threading.Thread(target=broker)
    thread.start()
    channel = marker.Channel(to_marker[0], from_marker[1])
    try:
        marker.serve(channel)
    finally:
        close(channel)
        thread.join()
    return verdicts, asked


def close(channel):
    """Close both ends, as the end of the process does."""
    channel._sink.close()
    channel._source.close()


def student(**names):
    """Replies as a student's process gives them."""
    return lambda request: reply(names, request)


def test_honest_answers_get_their_marks():
    verdicts, _ = mark(student(slope=lambda x: x + x, a=2.0, f="x*x"))
    assert [v["share"] for v in verdicts.values()] == [1, 1, 0, 1]
    assert verdicts["essay"]["manual"]
    assert verdicts["slope"] == {"share": 1, "message": "right", "hint": "", "mistake": None,
                                 "manual": False}


def test_mistakes_and_missing_answers():
    verdicts, _ = mark(student(slope=lambda x: x, a=...))
    assert (verdicts["slope"]["share"], verdicts["slope"]["mistake"]) == (0.5, "half")
    assert verdicts["number"]["message"] == "not answered yet"
    assert verdicts["square"]["message"] == "not answered yet"


def test_values_are_asked_for_before_any_function_is_called():
    _, asked = mark(student(slope=lambda x: x, a=2.0))
    operations = [request["op"] for request in asked]
    assert operations == ["value"] * 3 + ["call"] * 2


def test_the_hidden_cases_depend_on_seed_and_are_the_hidden_ones():
    def data(seed):
        _, asked = mark(student(slope=lambda x: x), questions=["slope"], seed=seed)
        return [request["args"] for request in asked if request["op"] == "call"]

    assert len(data(1)) == 2
    assert data(1) == data(1) != data(2)


@pytest.mark.parametrize(
    "lie",
    [
        {"value": True},
        {"value": "full marks"},
        {"value": {"tensor": {}}},
        {"value": {"step": 1}},
        {"value": {"nothing": 1}},
        {"value": [[[[]]]]},
        {"value": None},
        {"error": {"kind": "raised", "text": "the hidden input was 3.14"}},
        {"error": {"kind": "unsupported", "text": "a value of type x_3_14"}},
        {"error": {"kind": "full marks", "text": 3}},
        {"error": {}},
        {"value": {"formula": "__import__('os')"}},
    ],
)
def test_lies_get_no_marks_and_leak_nothing(lie):
    verdicts, _ = mark(lambda request: lie)
    assert {name: v["share"] for name, v in verdicts.items()} == dict.fromkeys(QUESTIONS, 0)
    assert "3" not in verdicts["slope"]["message"]
    assert not verdicts["slope"]["manual"]


def test_a_bad_question_costs_that_question_alone(capsys):
    broken = {**QUESTIONS["number"], "name": "number", "solution": "a = 1/0"}
    questions = [broken if q["name"] == "number" else q for q in EXERCISE["questions"]]
    verdicts, _ = mark(student(slope=lambda x: 2 * x, a=2, f="x**2"),
                       {**EXERCISE, "questions": questions})
    assert [v["share"] for v in verdicts.values()] == [1, 0, 0, 1]
    assert verdicts["number"]["manual"]
    assert "ZeroDivisionError" in capsys.readouterr().err
    verdicts, _ = mark(student(), {**EXERCISE, "setup": "1/0"})
    assert all(v["manual"] and not v["share"] for v in verdicts.values())


def test_a_question_that_takes_too_long_costs_that_question_alone(monkeypatch):
    monkeypatch.setattr(marker, "SECONDS", 0.2)
    endless = question("custom", "a = 1", "def judge(answers, rng):\n    while True:\n        pass",
                       answers=("a",))
    exercise = {**EXERCISE, "questions": [{**endless, "name": "endless"},
                                          {**QUESTIONS["number"], "name": "number"}]}
    verdicts, _ = mark(student(a=2.0), exercise, ["endless", "number"])
    assert (verdicts["endless"]["share"], verdicts["endless"]["manual"]) == (0, True)
    assert "too long" in verdicts["endless"]["message"]
    assert verdicts["number"]["share"] == 1
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_only_the_questions_that_are_asked_for_are_marked():
    verdicts, _ = mark(student(a=2.0), questions=["number"])
    assert list(verdicts) == ["number"]


def test_a_broker_that_is_gone_ends_the_marker():
    reading, writing = os.pipe()
    os.close(writing)
    out = os.open(os.devnull, os.O_WRONLY)
    channel = marker.Channel(reading, out)
    assert marker.serve(channel) is None
    close(channel)
