"""Marking one submission: results, limits, restarts, and that nothing is left behind."""
import dataclasses
import json
import os
import threading
import time
from pathlib import Path

import pytest

from grading import job, markers, sandbox, unsafe
from grading.cgroups import ROOT as CONTROL_GROUPS
from grading.limits import Limits
from grading.process import descendants
from grading.tests.job_scene import (
    EXERCISE,
    HONEST,
    LIMITS,
    attack_cell,
    graded,
    marks,
    notebook,
    question,
)

FULL = [1, 2, 4]
WRONG = {"first": "first = 3.0", "square": "def square(x):\n    return -x", "last": "last = ..."}


def changed(**questions):
    """The exercise with another hidden test or solution for some questions."""
    return dataclasses.replace(EXERCISE, questions=tuple(
        dataclasses.replace(q, **questions.get(q.name, {})) for q in EXERCISE.questions))


def test_honest_answers_get_all_marks_and_a_complete_result():
    result = graded("print('hello')\n1 + 1")
    assert marks(result) == FULL
    assert result["student"] == "eve"
    assert result["exercise"] == "small"
    assert result["error"] is None
    assert result["limits"] == result["notes"] == result["problems"] == []
    assert attack_cell(result)["output"] == "hello\n2\n"
    assert [c["source"] for c in result["cells"] if c["id"] == "first"] == [HONEST["first"]]
    assert 0 < result["seconds"] < 90
    assert result["peak_mb"] > 10
    assert set(result["questions"][0]) == {
        "name", "title", "kind", "points", "share", "mark", "manual", "message", "hint",
        "mistake", "limit"}
    json.dumps(result, allow_nan=False)


def test_wrong_and_missing_answers_get_none():
    result = graded(**WRONG)
    assert marks(result) == [0, 0, 0]
    assert [q["manual"] for q in result["questions"]] == [False, False, False]


def test_a_dict_is_as_good_as_an_exercise_and_bytes_as_text():
    text = notebook(HONEST).encode()
    submission = {"student": "a", "exercise": "small", "notebook": text, "problems": ["late"]}
    result = job.mark(submission, json.loads(json.dumps(EXERCISE.to_dict())), seed=1,
                      limits=LIMITS)
    assert marks(result) == FULL
    assert result["problems"] == ["late"]


def test_a_broken_notebook_gets_no_marks_and_a_reason():
    submission = {"student": "a", "exercise": "small", "notebook": "[" * 10_000}
    result = job.mark(submission, EXERCISE, seed=1, limits=LIMITS)
    assert marks(result) == [0, 0, 0]
    assert result["problems"]
    assert result["error"] is None


def test_the_limit_that_a_call_met_is_told():
    result = graded(square="def square(x):\n    while True: pass")
    assert marks(result) == [1, 0, 4]
    assert "3 s" in result["questions"][1]["limit"]
    assert result["questions"][0]["limit"] is None
    assert result["limits"] == [LIMITS.call_text()]


def test_the_time_of_a_submission_is_limited():
    limits = dataclasses.replace(LIMITS, seconds_total=8)
    began = time.monotonic()
    result = graded("import time\ntime.sleep(2.9)", limits=limits,
                    first="import time\nfirst = 2.0\ntime.sleep(2.9)",
                    square="def square(x):\n    return x**2\nimport time\ntime.sleep(2.9)")
    assert time.monotonic() - began < 20
    assert marks(result) == [0, 0, 0]
    assert result["questions"][0]["limit"] == limits.total_text()
    assert result["limits"] == [limits.total_text()]


def test_many_cells_that_end_the_process_end_the_marking_not_the_grader():
    cells = {"first": HONEST["first"], **{f"x{n}": "os._exit(0)" for n in range(8)}}
    submission = {"student": "a", "exercise": "small", "notebook": notebook(cells)}
    result = job.mark(submission, EXERCISE, seed=1, limits=LIMITS)
    assert marks(result) == [0, 0, 0]
    assert "started more than" in result["questions"][0]["message"]


def test_what_a_notebook_prints_is_bounded_as_a_whole():
    cells = {**HONEST, **{f"x{n}": "print('y' * 10**6)" for n in range(60)}}
    submission = {"student": "a", "exercise": "small", "notebook": notebook(cells)}
    result = job.mark(submission, EXERCISE, seed=1, limits=LIMITS)
    assert marks(result) == FULL
    assert len(json.dumps(result)) < 25 * LIMITS.output_kb * 1024
    assert result["limits"] == [LIMITS.output_text()]


def test_a_marker_that_ends_costs_one_question_and_goes_to_a_person():
    hidden = "import os, sys\nprint('the reason', file=sys.stderr, flush=True)\nos._exit(3)\n"
    result = graded(exercise=changed(square={"hidden": hidden}))
    assert marks(result) == [1, 0, 4]
    assert result["questions"][1]["manual"]
    assert "the marker stopped at square" in result["notes"][0]
    assert marks(graded()) == FULL  # and the next submission has a marker again


def test_a_marker_that_needs_too_much_memory_is_stopped():
    hidden = "hoard = []\nwhile True:\n    hoard.append(bytearray(b'x') * 2**24)\n"
    result = graded(exercise=changed(square={"hidden": hidden}))
    assert marks(result) == [1, 0, 4]
    assert result["questions"][1]["manual"]


def test_a_set_up_cell_that_fails_is_an_error_not_a_zero():
    exercise = dataclasses.replace(EXERCISE, setup="import no_such_library")
    result = graded(exercise=exercise)
    assert "no_such_library" in result["error"]
    assert marks(result) == [0, 0, 0]
    assert all(q["manual"] for q in result["questions"])


def test_words_are_left_to_a_person():
    words = dataclasses.replace(
        question("essay", "text", 5, "An essay."), stub="*Write your answer here.*")
    exercise = dataclasses.replace(EXERCISE, questions=(*EXERCISE.questions, words))
    cells = json.loads(notebook(HONEST))
    cells["cells"].append({"cell_type": "markdown", "id": "essay", "metadata": {},
                           "source": "<script>alert(1)</script>"})
    submission = {"student": "a", "exercise": "small", "notebook": json.dumps(cells)}
    result = job.mark(submission, exercise, seed=1, limits=LIMITS)
    assert marks(result) == [*FULL, 0]
    assert result["questions"][3]["manual"]
    assert result["answers"] == {"essay": "<script>alert(1)</script>"}


def test_the_seed_and_the_student_decide_the_hidden_data():
    """A test that only passes for some data: the same again for the same seed and student."""
    hidden = ("def judge(answers, rng):\n    if rng.uniform() < 0.5:\n"
              "        raise Wrong('unlucky')\n")
    exercise = changed(square={"hidden": hidden})

    def mark(student, seed):
        submission = {"student": student, "exercise": "small", "notebook": notebook(HONEST)}
        return marks(job.mark(submission, exercise, seed=seed, limits=LIMITS))[1]

    first = [mark("a", seed) for seed in range(8)]
    assert [mark("a", seed) for seed in range(8)] == first
    assert set(first) == {0, 2}
    assert [mark("b", seed) for seed in range(8)] != first


def test_threads_do_not_disturb_each_other():
    results = {}

    def work(n):
        for round_ in range(2):
            wrong = {"last": "last = 0.0"} if n % 2 else {}
            results[n, round_] = marks(graded("os._exit(0)" if n == 2 else "", **wrong))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {(n, r): [1, 2, 0] if n % 2 else FULL for n in range(3) for r in range(2)}


def test_nothing_is_left_behind():
    job.close()
    before = _state()
    graded("import time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)")
    graded("os._exit(0)", square="def square(x):\n    while True: pass")
    thread = threading.Thread(target=graded)
    thread.start()
    thread.join()
    job.close()
    assert _state() == before


def test_unsafe_means_the_same_marks_and_leaves_nothing_either():
    job.close()
    before = _state()
    assert marks(graded("print('hello')", unsafe=True)) == FULL
    assert marks(graded("os._exit(0)", unsafe=True)) == FULL
    assert marks(graded("while True: pass", unsafe=True)) == FULL
    assert marks(graded(unsafe=True, **WRONG)) == [0, 0, 0]
    job.close()
    assert _state() == before


def _state():
    groups = {str(p) for p in CONTROL_GROUPS.glob(f"**/mlebook-{os.getpid()}-*")}
    folders = {p.name for p in Path("/tmp").glob("mlebook-*")}
    return (len(list(Path("/proc/self/fd").iterdir())), descendants(os.getpid()), groups,
            folders, threading.active_count())


def test_each_submission_has_its_own_marker():
    """What one marker's process does is not there in the next one."""
    hidden = ("import builtins\nif hasattr(builtins, 'seen'): raise SystemExit\n"
              "builtins.seen = True\n" + EXERCISE.questions[1].hidden)
    exercise = changed(square={"hidden": hidden})
    assert marks(graded(exercise=exercise)) == FULL
    stable = markers._mine.stable
    assert marks(graded(exercise=exercise)) == FULL
    assert markers._mine.stable is stable


def test_without_bubblewrap_it_refuses(monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda: "install it")
    with pytest.raises(job.SandboxError, match="install it"):
        graded()


def test_the_warning_says_what_is_not_protected():
    for word in ("files", "hidden tests", "marks", "network", "processes"):
        assert word in unsafe.WARNING


@pytest.mark.parametrize(("name", "value"), [
    ("seconds_cell", 0), ("seconds_total", -1), ("memory_mb", "2"), ("processes", 2.5),
    ("output_kb", float("inf")), ("file_mb", True), ("memory_mb", None)])
def test_limits_are_positive_numbers(name, value):
    with pytest.raises(ValueError, match=name):
        Limits(**{name: value})
