"""What a worker does with one job."""

import pytest

from grading import job, workers


def marking(monkeypatch, *errors):
    """Let job.mark fail with these errors in turn; return the list of its calls."""
    calls = []

    def mark(submission, exercise, **options):
        calls.append(submission)
        return {"student": "ada", "error": errors[len(calls) - 1]}

    monkeypatch.setattr(job, "mark", mark)
    return calls


A_JOB = workers.job({"student": "ada", "notebook": ""}, {}, seed=1, version="v")


def test_a_result_comes_with_the_key_of_its_job(monkeypatch):
    calls = marking(monkeypatch, None)
    assert workers.do(A_JOB)["key"] == A_JOB["key"]
    assert len(calls) == 1


def test_what_the_machine_spoilt_is_tried_again(monkeypatch):
    calls = marking(monkeypatch, "no answer within 90 s", None)
    assert workers.do(A_JOB)["error"] is None
    assert len(calls) == 2


def test_what_the_machine_spoils_twice_is_not_graded_and_nobodys_zero(monkeypatch):
    marking(monkeypatch, "no answer", "no answer")
    with pytest.raises(workers.NotGraded, match="no answer"):
        workers.do(A_JOB)
