"""The value of a formula at sampled points: how a public check knows a formula without it."""
from __future__ import annotations

from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf

from ..proof.compare import costly, differ
from ..proof.evaluate import DIGITS, TooFar, Undefined, evaluate
from ..proof.hypotheses import Vector
from ..proof.sampling import samples, show, show_value
from ..proof.term import EXTREMA, Term, TermError

STORED_DIGITS = 12
CLOSE = mpf("1e-9")
MANY = 60
SEED = "public samples"


class Unlike(ValueError):
    """Two formulas of different kind: a number and a vector, say."""


@dataclass(frozen=True)
class Samples:
    """The values of a formula where its symbols have sampled values.

    ``values`` is plain data: one entry for each sample, a number as text, a list for a vector,
    None where the formula has no value.
    """

    given: tuple
    where: tuple
    values: list

    @classmethod
    def of(cls, given, where, term: Term) -> Samples:
        """The samples of a formula."""
        values = [_stored(value) for _, value in _evaluated(given, where, term)]
        if all(value is None for value in values):
            raise TermError(f"{term} has no value anywhere")
        return cls(given, where, values)

    def compare(self, term: Term) -> str:
        """"" if the formula has the same values, else where it has not."""
        found = _evaluated(self.given, self.where, term)
        for wanted, (env, value) in zip(self.values, found, strict=True):
            if wanted is None and value is None:
                continue
            if wanted is None or value is None:
                return f"it has {'no' if value is None else 'a'} value where {show(env)}"
            if not _close(wanted, value):
                return f"where {show(env)}, it is {show_value(value)}, not {_shown(wanted)}"
        return ""


def _evaluated(given, where, term: Term):
    """The samples and the values there.  An arg min is compared by its objective."""
    body = term.args[1] if term.op in EXTREMA else term
    for _, env in samples(given, where, SEED):
        with mp.workdps(DIGITS):
            try:
                yield env, evaluate(body, env)
            except (Undefined, TooFar, OverflowError):
                yield env, None


def where_apart(given, where, left: Term, right: Term) -> str:
    """Where two formulas differ, looked for at many more points than the refuter's; or "".

    With one class or with T = 1 many wrong formulas are right: ten points can all be such.
    """
    if left.op in EXTREMA or right.op in EXTREMA:
        return ""
    tries = MANY // 10 if costly(left) or costly(right) else MANY
    for _, env in samples(given, where, SEED, tries):
        if all(_apart(left, right, env, digits) for digits in (DIGITS, 10 * DIGITS)):
            return show(env)
    return ""


def _apart(left, right, env, digits) -> bool:
    with mp.workdps(digits):
        try:
            return differ(evaluate(left, env), evaluate(right, env), CLOSE)
        except (Undefined, TooFar, OverflowError):
            return False


def _stored(value):
    if isinstance(value, Vector):
        return [_stored(v) for v in value]
    return None if value is None else mpmath.nstr(value, STORED_DIGITS)


def _close(wanted, value) -> bool:
    if isinstance(wanted, list) != isinstance(value, Vector):
        raise Unlike("a vector is expected" if isinstance(wanted, list) else
                     "a number is expected, not a vector")
    if isinstance(wanted, list):
        return len(wanted) == len(value) and all(map(_close, wanted, value))
    target = mpf(wanted)
    return abs(target - value) <= CLOSE * (1 + abs(target))


def _shown(wanted) -> str:
    if isinstance(wanted, list):
        return "(" + ", ".join(map(_shown, wanted)) + ")"
    return mpmath.nstr(mpf(wanted), 6)
