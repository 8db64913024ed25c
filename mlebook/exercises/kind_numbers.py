"""Questions answered with numbers, each right up to a relative tolerance.

A public check must not show the numbers.  It stores salted hashes of the cells of a fine
logarithmic grid, those which lie within the tolerance of the right number.
"""
from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from .settings import Setting
from .values import as_array, numbers_text
from .verdicts import (
    NOT_ANSWERED,
    RIGHT,
    AnswerError,
    TestError,
    Verdict,
    mistaken,
    verdict_of,
)

TOLERANCE = 1e-3
LEAST_TOLERANCE = 1e-12
CELLS = 16  # cells of the grid in one tolerance
MOST = 100  # numbers in one answer


@dataclass(frozen=True)
class Near:
    """Close to a number, or to each number of an array."""

    array: np.ndarray
    tolerance: float

    def matches(self, got: np.ndarray) -> bool:
        """Whether all of ``got`` are close."""
        wanted = self.array
        if got.shape != wanted.shape:
            return False
        finite = np.isfinite(wanted)
        slack = self.tolerance * np.where(wanted == 0, 1.0, np.abs(wanted))[finite]
        distance = np.abs(got[finite] - wanted[finite])  # an infinity stays one here
        return bool((got[~finite] == wanted[~finite]).all()
                    and (distance <= slack).all())


@dataclass(frozen=True)
class Hashed:
    """The same question answered without knowing the number."""

    shape: tuple[int, ...]
    cells: tuple[frozenset[str], ...]
    tolerance: float
    salt: str

    def matches(self, got: np.ndarray) -> bool:
        """Whether each of ``got`` lies in a stored cell."""
        if got.shape != self.shape:
            return False
        return all(any(_hash(self.salt, k, token) in cells
                       for token in _tokens(x, self.tolerance))
                   for k, (x, cells) in enumerate(zip(got.ravel(), self.cells, strict=True)))


def _hash(salt: str, position: int, token: str) -> str:
    return hashlib.sha256(f"{salt}/{position}/{token}".encode()).hexdigest()[:20]


def _cell(x: float, tolerance: float) -> int:
    return math.floor(math.log(abs(x)) / math.log1p(tolerance) * CELLS)


def _tokens(x: float, tolerance: float):
    """The names of the cells of the grid in which a student's number lies."""
    if not math.isfinite(x):
        yield str(x)
        return
    if abs(x) <= tolerance:
        yield "nought"
    if x:
        yield f"{'-' if x < 0 else '+'}{_cell(x, tolerance)}"


def _near_tokens(x: float, tolerance: float):
    """The names of all cells that count as the number x."""
    if not math.isfinite(x):
        return [str(x)]
    if x == 0:
        return ["nought"]
    middle = _cell(x, tolerance)
    return [f"{'-' if x < 0 else '+'}{k}" for k in range(middle - CELLS, middle + CELLS + 1)]


def _numbers(value):
    """The numbers of an answer as an array; None if it is none.  A bool is no number."""
    if _holds_bool(value):
        return None
    found = as_array(value)
    if found is None or found[0].size > MOST or not found[0].size:
        return None
    return found[0].reshape(()) if found[0].size == 1 else found[0]


def _holds_bool(value) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_bool, value))
    return isinstance(value, bool) or str(getattr(value, "dtype", "")) in ("bool", "torch.bool")


# --- what is expected -----------------------------------------------------------------------


def _tolerance(setting: Setting) -> float:
    return max(LEAST_TOLERANCE, float(setting.question["options"].get("tolerance", TOLERANCE)))


def expected(setting: Setting) -> list[dict]:
    """For the solution and each mistake: by name, what a number must be close to."""
    question, tolerance = setting.question, _tolerance(setting)
    found = []
    for source in (question["solution"], *(m["source"] for m in setting.mistakes)):
        answers, near = setting.run(source), {}
        for name in question["answers"]:
            try:
                array = _numbers(answers.value(name))
            except AnswerError as error:
                raise TestError(f"{name} of an answer in the source: {error}") from None
            if array is None:
                raise TestError(f"{name} of an answer in the source is not 1 to {MOST} numbers")
            near[name] = Near(array, tolerance)
        found.append(near)
    return found


def to_data(found: list[dict]) -> dict:
    """Hashes in place of the numbers."""
    return {"numbers": [{name: _hidden(f"{name}/{k}", near) for name, near in each.items()}
                        for k, each in enumerate(found)]}


def _hidden(salt: str, near: Near) -> dict:
    cells = [sorted(_hash(salt, k, token) for token in _near_tokens(x, near.tolerance))
             for k, x in enumerate(near.array.ravel().tolist())]
    return {"shape": list(near.array.shape), "salt": salt, "cells": cells}


def from_data(data: dict, setting: Setting) -> list[dict]:
    """What ``to_data`` stored, ready to be compared with."""
    tolerance = _tolerance(setting)
    return [{name: Hashed(tuple(item["shape"]), tuple(map(frozenset, item["cells"])), tolerance,
                          item["salt"]) for name, item in each.items()}
            for each in data["numbers"]]


# --- judging --------------------------------------------------------------------------------


def judge(setting: Setting, answers, found: list[dict]) -> Verdict:
    """Each name counts alike; all names of a listed mistake count what it says."""
    got, problems = _read(setting.question["answers"], answers)
    if not got and set(problems.values()) == {NOT_ANSWERED}:
        return Verdict(0.0, NOT_ANSWERED)
    right, *wrongs = found
    good = [name for name in got if right[name].matches(got[name])]
    if len(good) == len(right):
        return Verdict(1.0, RIGHT)
    for mistake, values in zip(setting.mistakes, wrongs, strict=True):
        if len(got) == len(values) and all(values[n].matches(got[n]) for n in got):
            return mistaken(mistake)
    bad = [name for name in right if name not in good]
    message = "; ".join(f"{name}: {_complaint(name, got, problems)}" for name in bad)
    if good:
        message += f" (right: {', '.join(good)})"
    mistake = _mistake_of(bad, got, setting.mistakes, wrongs)
    return Verdict(len(good) / len(right), message, mistake["hint"] if mistake else "",
                   mistake["name"] if mistake else None)


def _read(names, answers):
    """The numbers by name, and why the others are none."""
    got, problems = {}, {}
    for name in names:
        try:
            value = answers.value(name)
        except AnswerError as error:
            problems[name] = verdict_of(error).message
            continue
        array = _numbers(value)
        if array is None:
            problems[name] = "not a number"
        else:
            got[name] = array
    return got, problems


def _complaint(name, got, problems) -> str:
    return problems.get(name) or f"{numbers_text(got[name])} is not right"


def _mistake_of(bad, got, mistakes, wrongs):
    """The first listed mistake that gives one of the wrong numbers."""
    for mistake, values in zip(mistakes, wrongs, strict=True):
        if any(name in got and values[name].matches(got[name]) for name in bad):
            return mistake
    return None
