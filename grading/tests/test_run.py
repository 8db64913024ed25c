"""The command around the marking: what it refuses, controls, interruption, going on again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from grading import controls, gradebook, job, release, run, sandbox, state, unsafe
from grading.run import Misuse, Request
from grading.source import read
from grading.tests import fakes

SLUG = "squared_error"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Eight submissions, a fake grader that marks at once, and no reports."""
    exercise = read(SLUG)
    for number in range(8):
        notebook = release.filled(exercise, {"by_hand": f"loc = {number}"})
        path = tmp_path / "given" / f"student-{number}" / f"{SLUG}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(release.as_text(notebook), encoding="utf-8")
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(job, "mark", fakes.mark)
    monkeypatch.setattr(sandbox, "available", lambda: None)
    monkeypatch.setattr(run, "write_reports", lambda plan, out: f"{len(plan.known)} results")
    monkeypatch.setattr(run, "version", lambda: "of the tests")
    monkeypatch.setattr(gradebook, "record", lambda out, exercises, results: None)
    return tmp_path


def request(folders, **options):
    options = {"workers": 2, "seed": 1, **options}
    return Request(str(folders / "given"), str(folders / "out"), **options)


def marked(folders):
    """How often each student was marked since the last time this was asked."""
    log = folders / "log"
    counts = Counter(log.read_text(encoding="utf-8").split()) if log.exists() else Counter()
    log.unlink(missing_ok=True)
    return counts


def students(counts):
    return {name: count for name, count in counts.items() if name.startswith("student")}


def results(folders):
    paths = sorted((folders / "out" / "results").glob("*/*.json"))
    return {path.parent.name: state.read_json(path) for path in paths}


def test_all_are_graded_once_after_the_controls(folders):
    assert run.grade(request(folders)) == run.COMPLETE
    counts = marked(folders)
    assert counts[controls.SOLUTION] == counts[controls.RELEASE] == 1
    assert students(counts) == {f"student-{n}": 1 for n in range(8)}
    assert set(results(folders)) == set(students(counts))


def test_a_second_run_grades_nothing(folders):
    run.grade(request(folders))
    marked(folders)
    assert run.grade(request(folders, seed=None)) == run.COMPLETE
    assert marked(folders) == {}


def test_a_changed_notebook_is_graded_again_and_it_alone(folders):
    run.grade(request(folders))
    marked(folders)
    path = folders / "given" / "student-3" / f"{SLUG}.ipynb"
    path.write_text(path.read_text() + " ")
    run.grade(request(folders))
    assert students(marked(folders)) == {"student-3": 1}


@pytest.mark.parametrize("other", [{"seed": 2}, {"hidden": "own"}, {"limits": ("memory_mb=99",)}])
def test_other_data_tests_or_limits_grade_all_again(folders, other):
    own = folders / "own" / SLUG
    own.mkdir(parents=True)
    default = Path(read.__globals__["EXERCISES"], SLUG, "hidden.md").read_text(encoding="utf-8")
    (own / "hidden.md").write_text(default.replace("(3,)", "(4,)"), encoding="utf-8")
    if "hidden" in other:
        other = {"hidden": str(folders / "own")}
    run.grade(request(folders))
    marked(folders)
    run.grade(request(folders, **other))
    assert len(students(marked(folders))) == 8


def test_the_number_of_workers_changes_no_mark(folders):
    run.grade(request(folders, workers=1))
    one = results(folders)
    other = Request(str(folders / "given"), str(folders / "other"), workers=4, seed=1)
    run.grade(other)
    (folders / "out").rename(folders / "first")
    (folders / "other").rename(folders / "out")
    assert results(folders) == one


@pytest.mark.parametrize(
    ("student", "share", "said"),
    [(controls.SOLUTION, 0.5, "of 3 points"), (controls.RELEASE, 0.5, "of 0 points")],
)
def test_a_control_with_other_marks_stops_the_run(
    folders, monkeypatch, capsys, student, share, said
):
    def unfair(submission, exercise, **options):
        result = fakes.mark(submission, exercise, **options)
        if submission["student"] == student:
            question = result["questions"][1]
            question.update(share=share, mark=share * question["points"])
        return result

    monkeypatch.setattr(job, "mark", unfair)
    assert run.grade(request(folders)) == run.CONTROLS_FAILED
    printed = capsys.readouterr().err
    assert f"{student} of {SLUG}, weighted" in printed and said in printed
    assert students(marked(folders)) == {} and results(folders) == {}


def test_a_control_that_cannot_be_graded_stops_the_run(folders, monkeypatch, capsys):
    def broken(submission, exercise, **options):
        raise OSError("no mount")

    monkeypatch.setattr(job, "mark", broken)
    assert run.grade(request(folders)) == run.CONTROLS_FAILED
    assert "no mount" in capsys.readouterr().err


def test_what_goes_wrong_for_one_costs_nobody_else(folders, monkeypatch, capsys):
    (folders / "given" / "student-0").rename(folders / "given" / fakes.RAISES)
    assert run.grade(request(folders)) == run.INCOMPLETE
    assert f"not graded: {fakes.RAISES}/{SLUG}" in capsys.readouterr().err
    assert len(results(folders)) == 7
    monkeypatch.setattr(fakes, "RAISES", "nobody")
    marked(folders)
    assert run.grade(request(folders)) == run.COMPLETE
    assert len(results(folders)) == 8
    assert len(marked(folders)) == 3


def start(folders, seconds="0.2"):
    """The command as a process of its own."""
    command = [sys.executable, "-m", "grading.tests.fakes", "grade", "--workers=2", "--seed=1"]
    return subprocess.Popen(
        [*command, str(folders / "given"), str(folders / "out")],
        cwd=state.ROOT,
        env={**os.environ, "FAKE_SECONDS": seconds},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for_results(folders, process, least):
    end = time.monotonic() + 60
    while len(results(folders)) < least:
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_began_and_goes_on(folders, number):
    with start(folders) as process:
        wait_for_results(folders, process, 2)
        os.killpg(process.pid, number)
        printed = process.communicate(timeout=60)[0]
    assert process.returncode == run.INTERRUPTED, printed
    first = students(marked(folders))
    assert set(first) == set(results(folders)) and len(first) < 8
    assert "Run the same command again" in printed
    assert run.grade(request(folders)) == run.COMPLETE
    second = students(marked(folders))
    assert Counter(first) + Counter(second) == Counter({f"student-{n}": 1 for n in range(8)})


def test_a_killed_run_loses_nothing(folders):
    with start(folders) as process:
        wait_for_results(folders, process, 2)
        os.killpg(process.pid, signal.SIGKILL)
    kept = results(folders)
    (folders / "out" / "results" / "student-0" / ".writing-x").parent.mkdir(exist_ok=True)
    (folders / "out" / "results" / "student-0" / ".writing-x").write_text("{")
    marked(folders)
    assert run.grade(request(folders)) == run.COMPLETE
    assert not set(students(marked(folders))) & set(kept)
    assert len(results(folders)) == 8
    assert list((folders / "out").rglob(".writing-*")) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"submissions": ""}, "make grade SUBMISSIONS=dir OUT=dir"),
        ({"submissions": "nowhere"}, "nowhere"),
        ({"out": ""}, "make grade SUBMISSIONS=dir OUT=dir"),
        ({"hidden": "nowhere"}, "HIDDEN=nowhere is not a folder"),
        ({"scheduler": "tcp://x:1", "workers": 2}, "the cluster has its own"),
        ({"only": ("no_such",)}, "ONLY=no_such"),
        ({"limits": ("second=1",)}, "seconds_cell=20"),
        ({"limits": ("seconds_cell=-1",)}, "above 0"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(folders, options, said):
    given = {"submissions": str(folders / "given"), "out": str(folders / "out"), **options}
    with pytest.raises(Misuse, match=said):
        run.grade(Request(**given))


def test_without_a_sandbox_it_refuses_and_says_how_to_get_one(folders, monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "available", lambda: "sudo apt-get install bubblewrap")
    with pytest.raises(Misuse, match="apt-get install bubblewrap"):
        run.grade(request(folders))
    assert not (folders / "out").exists()
    assert run.grade(request(folders, unsafe=True)) == run.COMPLETE
    assert unsafe.WARNING in capsys.readouterr().out


def test_the_command_line_speaks_plainly(capsys):
    from grading.__main__ import main

    assert main([]) == run.MISUSED
    assert main(["grade", "", ""]) == run.MISUSED
    assert "make grade SUBMISSIONS=dir OUT=dir" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["grade", "a", "b", "--workers", "0"])
    assert "at least 1" in capsys.readouterr().err


def test_a_gradebook_that_does_not_fit_is_told_before_the_work(folders, monkeypatch):
    def refuse(out, exercises, results):
        raise gradebook.GradebookError("Grade into another OUT.")

    monkeypatch.setattr(gradebook, "record", refuse)
    with pytest.raises(Misuse, match="another OUT"):
        run.grade(request(folders))
    assert marked(folders) == {}


def test_results_are_plain_json(folders):
    run.grade(request(folders))
    for result in results(folders).values():
        assert json.loads(json.dumps(result)) == result
