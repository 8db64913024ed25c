"""Questions answered with a function: called on the cases of a test, compared by what it gives.

The test cell defines ``cases(rng)``, which yields tuples of arguments, and optionally
``call(answers, *args)``, if something else is to be compared than what the first function in
``answers`` returns.
"""
from __future__ import annotations

from dataclasses import dataclass

from .settings import Setting
from .values import Difference, difference, numbers_text, rounded, summary
from .verdicts import NOT_ANSWERED, RIGHT, AnswerError, TestError, Verdict, mistaken, verdict_of

MOST_CASES = 200


@dataclass(frozen=True)
class Outcomes:
    """What the solution and each mistake give on each case: a list of parts for each of them."""

    cases: list[tuple]
    right: list[list[dict]]
    wrongs: list[list[list[dict]]]


def _cases(setting: Setting) -> list[tuple]:
    cases = [case if isinstance(case, tuple) else (case,)
             for case in setting.tests["cases"](setting.rng)]
    if not 0 < len(cases) <= MOST_CASES:
        raise TestError(f"cases(rng) must yield 1 to {MOST_CASES} cases, got {len(cases)}")
    return cases


def _ask(setting: Setting, answers, case: tuple) -> list:
    """The output for one case, and the gradient if the question asks for it."""
    name = setting.question["answers"][0]
    call = setting.tests.get("call")
    parts = [_part(lambda: call(answers, *case) if call else answers.call(name, *case))]
    usable = parts[0] is not None and not isinstance(parts[0], AnswerError)
    if usable and setting.question["options"].get("gradient"):
        parts.append(_part(lambda: answers.grad(name, *case)))
    return parts


def _part(work):
    """A value, or the error of the code, which is an outcome too; other errors end it all."""
    try:
        return work()
    except AnswerError as error:
        if error.kind not in ("raised", "unsupported"):
            raise
        return error


def _summary(part) -> dict:
    return {"error": part.kind} if isinstance(part, AnswerError) else summary(part)


def expected(setting: Setting) -> Outcomes:
    """What the solution and the listed mistakes give on the cases."""
    cases = _cases(setting)

    def outcomes(source):
        answers = setting.run(source)
        return [[_summary(part) for part in _ask(setting, answers, case)] for case in cases]

    right = outcomes(setting.question["solution"])
    if any("error" in part for parts in right for part in parts):
        raise TestError(f"the solution of {setting.question['name']} fails on a case")
    return Outcomes(cases, right, [outcomes(m["source"]) for m in setting.mistakes])


def to_data(found: Outcomes) -> dict:
    """Outputs only; the cases are drawn again from the public seed."""
    return {"right": _rounded(found.right), "wrongs": [_rounded(w) for w in found.wrongs]}


def _rounded(outcomes):
    return [[rounded(part) for part in parts] for parts in outcomes]


def from_data(data: dict, setting: Setting) -> Outcomes:
    """What ``to_data`` stored, with the cases."""
    return Outcomes(_cases(setting), data["right"], data["wrongs"])


def judge(setting: Setting, answers, found: Outcomes) -> Verdict:
    """Compare what the student's function gives on every case."""
    try:
        got = [_ask(setting, answers, case) for case in found.cases]
    except AnswerError as error:
        return verdict_of(error)
    differences = [_differs(e, g) for e, g in zip(found.right, got, strict=True)]
    if not any(differences):
        return Verdict(1.0, RIGHT)
    if all(parts[0] is None for parts in got):
        return Verdict(0.0, NOT_ANSWERED)  # the untouched stub returns None
    for mistake, outcomes in zip(setting.mistakes, found.wrongs, strict=True):
        if not any(_differs(e, g) for e, g in zip(outcomes, got, strict=True)):
            return mistaken(mistake)
    first = next(k for k, d in enumerate(differences) if d)
    return Verdict(0.0, _message(setting, found.cases[first], differences[first]))


def _differs(wanted: list[dict], got: list) -> Difference | None:
    """How one case differs, the gradient after the output."""
    for what, part, value in zip(("", "the gradient: "), wanted, got, strict=False):
        found = _part_differs(part, value)
        if found:
            return Difference(what + found.safe, what + found.detail)
    return None


def _part_differs(wanted: dict, got) -> Difference | None:
    if isinstance(got, AnswerError):
        text = verdict_of(got).message
        return None if wanted == {"error": got.kind} else Difference(text, text)
    if "error" in wanted:
        return Difference("the values differ", "the values differ")
    return difference(wanted, got)


def _message(setting: Setting, case: tuple, found: Difference) -> str:
    """With a public test the case itself; with a hidden one nothing of it."""
    if setting.hidden:
        return f"on a hidden case: {found.safe}"
    name = setting.question["answers"][0]
    return f"{name}({', '.join(map(_argument, case))}): {found.detail}"


def _argument(value) -> str:
    if hasattr(value, "detach"):
        return f"tensor({numbers_text(value.detach().double().numpy())}, {tuple(value.shape)})"
    return repr(value)[:60]
