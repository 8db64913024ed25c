"""Mark one submission: plain data in, plain data out, safe in any thread or Dask task."""
from __future__ import annotations

import time

from mlebook.exercises.judging import BY_HAND

from . import markers, notebooks, sandbox
from .broker import Broker, Outcome
from .exercise import Exercise
from .limits import Limits
from .pupil import Pupil
from .unsafe import Plain
from .watch import Watch

NOT_RUN = "not run: a limit was met before it, or its own report did not arrive"


class SandboxError(RuntimeError):
    """Sandboxes do not work on this machine; the message says what to install."""


def mark(submission: dict, exercise: Exercise | dict, *, seed, limits: Limits | None = None,
         unsafe: bool = False) -> dict:
    """The result of one submission.

    Args:
        submission: ``{"student", "exercise", "notebook": text}`` and perhaps "problems", as
            :mod:`grading.submissions` reads it.
        exercise: with its solution and hidden tests, as an ``Exercise`` or its ``to_dict()``.
        seed: the instructor's, of the hidden tests' data.
        limits: what the submission may use; by default ``Limits()``.
        unsafe: whether to do without the sandbox (see :data:`grading.unsafe.WARNING`).

    Whatever the student's code does is in the result.  Raises :class:`SandboxError` where no
    sandbox can be made, and OSError if the machine itself cannot start processes.
    """
    if isinstance(exercise, dict):
        exercise = Exercise.from_dict(exercise)
    limits = limits or Limits()
    start = _starter(unsafe)
    began = time.monotonic()
    notebook = submission["notebook"]
    text = notebook.decode("utf-8", "replace") if isinstance(notebook, bytes) else notebook
    answers = notebooks.answer_cells(text, exercise)
    watch = Watch(limits)
    pupil = Pupil(start, exercise.setup, answers.cells, watch)
    task = {"seed": seed, "student": submission["student"]}
    broker = Broker(exercise.to_dict(), task, pupil,
                    lambda: markers.warm_marker(start, limits), watch)
    outcome = broker.run()
    return {
        "student": submission["student"], "exercise": exercise.slug, "key": None,
        "questions": [_question(q, outcome) for q in exercise.questions],
        "cells": _cells(pupil), "answers": answers.texts,
        "problems": [*submission.get("problems", ()), *answers.problems],
        "limits": watch.met, "seconds": round(time.monotonic() - began, 3),
        "peak_mb": round((pupil.peak + broker.peak) / 2**20, 1), "error": outcome.error,
        "notes": outcome.notes,
    }


def close() -> None:
    """End the markers that were kept warm for this process's threads."""
    markers.close()


def _starter(without_sandbox: bool):
    if without_sandbox:
        return Plain
    reason = sandbox.available()
    if reason is not None:
        raise SandboxError(reason)
    return sandbox.Sandbox


def _question(question, outcome: Outcome) -> dict:
    verdict = outcome.verdicts.get(question.name) or {
        "share": 0.0, "message": "", "hint": "", "mistake": None, "manual": False}
    if question.kind == "text":
        verdict = {**verdict, "message": BY_HAND, "manual": True}
    elif outcome.error:
        verdict = {**verdict, "message": outcome.error, "manual": True}
    return {"name": question.name, "title": question.title, "kind": question.kind,
            "points": question.points, **verdict,
            "mark": round(question.points * verdict["share"], 4),
            "limit": outcome.limits.get(question.name)}


def _cells(pupil: Pupil) -> list[dict]:
    """Each cell with what it printed and how it ended."""
    return [{**cell, "output": result[0] if result else "",
             "error": result[1] if result else NOT_RUN}
            for cell, result in zip(pupil.cells, pupil.results, strict=True)]
