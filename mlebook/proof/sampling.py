"""Small random values that satisfy the hypotheses, and how a reader sees them."""
from __future__ import annotations

import zlib
from fractions import Fraction
from random import Random

import mpmath
from mpmath import mpf

from .evaluate import Undefined
from .hypotheses import Vector
from .term import TermError

TRIES = 10


class _Corner(Random):
    """Draws the same whole number wherever it is allowed, ``far`` times as large if real.

    A formula that is undefined somewhere is, as a rule, undefined where all numbers are 0,
    where all are 1, or far below zero: 1/a, log(a - b), sqrt(a + 7).
    """

    def __init__(self, value: int, far: int = 1):
        super().__init__(0)
        self.value, self.far = value, far

    def randint(self, low, high):
        return max(low, min(self.value, high))


def samples(hypotheses, definitions, seed_text: str, tries: int = TRIES):
    """Random assignments that satisfy the hypotheses, the same ones at every run."""
    rng = Random(zlib.crc32(seed_text.encode()))
    corners = {tries - 3: _Corner(0), tries - 2: _Corner(1), tries - 1: _Corner(-6, far=50)}
    for attempt in range(tries):
        source = corners.get(attempt, rng) if tries == TRIES else rng
        yield rng, _draw(hypotheses, definitions, source)


def nearer(hypotheses, definitions):
    """Assignments less and less far below zero, for formulas that grow too fast."""
    for far in (7, 1):
        yield _draw(hypotheses, definitions, _Corner(-6, far))


def _draw(hypotheses, definitions, rng) -> dict:
    env = {}
    for hypothesis in hypotheses:
        try:
            hypothesis.sample(rng, env)
        except Undefined:
            raise TermError(f"a formula in the hypothesis {hypothesis.name} need not have a "
                            "value") from None
        if hasattr(hypothesis, "outcomes"):
            env["outcomes"] = hypothesis.outcomes
    env.update((d.name, d) for d in definitions)
    return env


def show_value(value) -> str:
    if isinstance(value, Vector):
        return "(" + ", ".join(map(show_value, value)) + ")"
    if isinstance(value, (int, Fraction)):
        return str(value)
    return mpmath.nstr(value, 6) if isinstance(value, mpf) else "a function"


def show(env: dict) -> str:
    """The sampled numbers, for a reader."""
    return ", ".join(f"{key} = {show_value(value)}" for key, value in env.items()
                     if isinstance(value, (int, Fraction, mpf, Vector)) and " " not in key)
