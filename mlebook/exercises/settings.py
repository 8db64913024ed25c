"""Where a question is judged: the names of its set-up cell, its tests, its random numbers."""
from __future__ import annotations

import contextlib
import hashlib
import io
import math
from dataclasses import dataclass
from typing import Any

from .answers import LocalAnswers
from .verdicts import TestError, Wrong


@dataclass(frozen=True)
class Setting:
    """One question and what its judge needs.

    ``question`` is plain data (``grading.exercise.Question`` as a dict), ``names`` are those
    of the set-up cell, ``tests`` those of the test cell on top of them.  ``hidden`` says that
    the tests are secret: then no message repeats their data or what came back for them.
    """

    question: dict
    names: dict
    tests: dict
    rng: Any
    hidden: bool = False

    @property
    def mistakes(self) -> list[dict]:
        return self.question["mistakes"]

    def run(self, source: str) -> LocalAnswers:
        """The answers that a model solution or a mistake gives."""
        return LocalAnswers(define(source, self.names))


def generator(*parts):
    """A NumPy generator that depends on these parts alone: seed, student, exercise, question."""
    import numpy as np

    text = "\x1f".join(str(part) for part in parts)
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))


def set_up(source: str) -> dict:
    """The names that the set-up cell defines, and those that every test may use."""
    import numpy as np
    import torch

    from .. import proof

    names = {name: getattr(proof, name) for name in proof.__all__}
    names.update(np=np, torch=torch, math=math, Wrong=Wrong)
    return define(source, names)


def define(source: str, names: dict) -> dict:
    """A copy of ``names`` in which the cell has run, without what it prints.

    The cells come from the exercise, never from a student.
    """
    result = {**names, "__name__": "exercise"}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "<exercise>", "exec"), result)
    except Exception as error:
        raise TestError(f"a cell of the exercise fails: {type(error).__name__}: {error}") from error
    return result


def setting(question: dict, names: dict, rng, test: str, hidden: bool = False) -> Setting:
    """The setting of a question for one test cell."""
    return Setting(question, names, define(test, names), rng, hidden)
