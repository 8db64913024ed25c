"""Questions answered with a formula, marked symbolically: any equivalent form is right."""
from __future__ import annotations

from dataclasses import dataclass

from ..proof import EngineError
from ..proof.context import Context
from ..proof.prove import prove
from ..proof.refute import refute
from ..proof.relations import Equal
from ..proof.term import Term, TermError
from .formula_names import check_declared
from .formula_text import DEFAULT_FORMS, FormulaError, read_formula
from .rewriting import rewritten
from .samples import Samples, Unlike, where_apart
from .settings import Setting
from .verdicts import (
    NOT_ANSWERED,
    RIGHT,
    AnswerError,
    TestError,
    Verdict,
    mistaken,
    verdict_of,
)

UNDECIDED = ("the marker could neither prove nor refute that this equals the right formula; "
             "a person will look at it")
DIFFERS = "it is not equal to the right formula"


class Undecided(Exception):
    """Neither proved nor refuted."""


@dataclass(frozen=True)
class Proved:
    """Equal to a formula by the engine: proved with symbolic sizes, and not refuted."""

    given: tuple
    where: tuple
    formula: Term
    others: tuple[Term, ...] = ()  # forms known to be equal: another way to a proof

    def compare(self, term: Term) -> str:
        """"" if equal, else why not.  Raises :class:`Undecided`."""
        if term == self.formula:
            return ""
        found = self._refute(term)
        if found is not None and not found.undefined:
            return f"{DIFFERS}, for instance where {found.values}"
        proved = any(self._proved(other, term) for other in (self.formula, *self.others))
        if found is None and proved:
            return ""
        if found is not None and found.left == str(term) and not proved:
            return f"it has no value where {found.values}"
        if not proved and (place := where_apart(self.given, self.where, self.formula, term)):
            return f"{DIFFERS}, for instance where {place}"
        raise Undecided

    def _refute(self, term):
        try:
            return refute(self.given, self.where, self.formula, Equal(), term)
        except (OverflowError, MemoryError, ValueError, RecursionError) as error:
            if isinstance(error, TermError):
                raise
            raise Undecided from None

    def _proved(self, known: Term, term: Term) -> bool:
        ways = [(known, term), (rewritten(known), rewritten(term))]
        return any(left == right or prove(Context(self.given, self.where), left, Equal(), right)
                   for left, right in (ways if ways[0] != ways[1] else ways[:1]))


def _hypotheses(setting: Setting):
    return tuple(setting.tests["given"]), tuple(setting.tests.get("where", ()))


def _source_term(setting: Setting, source: str) -> Term:
    """The formula that the solution or a mistake gives."""
    try:
        value = setting.run(source).value(setting.question["answers"][0])
        return read_formula(value, forms=None)
    except (AnswerError, FormulaError) as error:
        raise TestError(f"a formula of the source cannot be used: {error}") from None


def expected(setting: Setting) -> list[Proved]:
    """The solution and each mistake, as formulas to be proved equal."""
    given, where = _hypotheses(setting)
    sources = (setting.question["solution"], *(m["source"] for m in setting.mistakes))
    right, *wrongs = (_source_term(setting, source) for source in sources)
    others = tuple(_source_term(setting, s) for s in setting.question.get("equivalents", ()))
    for term in (right, *wrongs):
        try:
            check_declared(given, where, term)
        except FormulaError as error:
            raise TestError(f"{setting.question['name']}: {error}") from None
    return [Proved(given, where, right, others), *(Proved(given, where, t) for t in wrongs)]


def to_data(found: list[Proved]) -> dict:
    """Values at sampled points in place of the formulas."""
    return {"samples": [Samples.of(p.given, p.where, p.formula).values for p in found]}


def from_data(data: dict, setting: Setting) -> list[Samples]:
    """What ``to_data`` stored, with the points."""
    given, where = _hypotheses(setting)
    return [Samples(given, where, values) for values in data["samples"]]


def judge(setting: Setting, answers, found) -> Verdict:
    """Right if equal to the solution; else the first listed mistake that it equals."""
    try:
        value = answers.value(setting.question["answers"][0])
    except AnswerError as error:
        return verdict_of(error)
    if value is None:
        return Verdict(0.0, NOT_ANSWERED)
    options = setting.question["options"]
    try:
        term = read_formula(value, options.get("names"), options.get("forms", DEFAULT_FORMS))
        check_declared(*_hypotheses(setting), term)
        return _compare(setting, found, term)
    except (FormulaError, TermError, Unlike) as error:
        return Verdict(0.0, f"the formula cannot be used: {str(error)[:300]}")
    except (EngineError, TypeError, AttributeError, LookupError):
        # the engine was written for formulas of the book and does not foresee everything
        return Verdict(0.0, UNDECIDED, manual=True)


def _compare(setting, found, term) -> Verdict:
    right, *wrongs = found
    try:
        complaint, undecided = right.compare(term), False
    except Undecided:
        complaint, undecided = UNDECIDED, True
    if not complaint:
        return Verdict(1.0, RIGHT)
    for mistake, wrong in zip(setting.mistakes, wrongs, strict=True):
        if _equals(wrong, term):
            return mistaken(mistake)
    return Verdict(0.0, complaint, manual=undecided)


def _equals(wrong, term) -> bool:
    try:
        return not wrong.compare(term)
    except Undecided:
        return False
