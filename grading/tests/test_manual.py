"""Through the whole command: what a person marked is never lost, and counts."""

import csv

import pytest

from grading import gradebook, job, release, run, sandbox
from grading.run import Request
from grading.source import read
from grading.tests import fakes

SLUG = "squared_error"
EXERCISE = read(SLUG)


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Two graded submissions, with all reports written."""
    monkeypatch.setattr(job, "mark", fakes.mark)
    monkeypatch.setattr(sandbox, "available", lambda: None)
    monkeypatch.setattr(run, "version", lambda: "of the tests")
    for name in ("ada", "bob"):
        hand_in(tmp_path, name, "loc = 1")
    assert run.grade(request(tmp_path)) == run.COMPLETE
    return tmp_path


def request(folder):
    return Request(str(folder / "given"), str(folder / "out"), seed=1, workers=2)


def hand_in(folder, student, answer):
    path = folder / "given" / student / f"{SLUG}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = release.filled(EXERCISE, {"by_hand": answer, "engel": "Because of the scale."})
    path.write_text(release.as_text(notebook), encoding="utf-8")


def mark_by_hand(folder, student, score):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'out' / 'gradebook.db'}") as book:
        grade = book.find_grade("engel", SLUG, SLUG, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        comment = book.find_comment("engel", SLUG, SLUG, student)
        comment.manual_comment = "Well seen."
        book.db.commit()


def row(folder, student):
    """The student's row for the question that is marked by hand."""
    with (folder / "out" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(r["student"], r["question"]): r for r in csv.DictReader(file)}
    return rows[student, "engel"]


def test_a_mark_by_hand_counts_after_the_next_run_which_grades_nothing(graded, monkeypatch):
    mark_by_hand(graded, "ada", 2.5)
    monkeypatch.setattr(job, "mark", None)
    assert run.grade(request(graded)) == run.COMPLETE
    assert float(row(graded, "ada")["manual"]) == 2.5
    assert row(graded, "bob")["manual"] == ""
    page = (graded / "out" / "feedback" / "ada" / f"{SLUG}.html").read_text(encoding="utf-8")
    assert "Well seen." in page


def test_a_mark_by_hand_survives_a_new_submission_another_seed_and_a_failure(graded, monkeypatch):
    mark_by_hand(graded, "ada", 2.5)
    hand_in(graded, "ada", "loc = 2")
    assert run.grade(request(graded)) == run.COMPLETE
    assert float(row(graded, "ada")["manual"]) == 2.5
    other = Request(str(graded / "given"), str(graded / "out"), seed=2, workers=1)
    assert run.grade(other) == run.COMPLETE
    assert float(row(graded, "ada")["manual"]) == 2.5

    def break_off(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.feedback, "write", break_off)
    with pytest.raises(KeyboardInterrupt):
        run.grade(request(graded))
    monkeypatch.undo()
    assert gradebook.manual_marks(graded / "out")[("ada", SLUG, "engel")].score == 2.5
