"""Questions whose test cell brings its own judge: a data set, a counterexample, a model."""
from __future__ import annotations

from .settings import Setting
from .verdicts import RIGHT, AnswerError, TestError, Verdict, Wrong, verdict_of


def expected(setting: Setting) -> None:
    """Nothing: the judge knows by itself."""


def to_data(found) -> dict:
    return {}


def from_data(data: dict, setting: Setting) -> None:
    """Nothing, as in ``expected``."""


class Returning:
    """Answers whose functions return something: the untouched stub of a function does not."""

    def __init__(self, answers):
        self.answers = answers
        self.value, self.grad = answers.value, answers.grad

    def call(self, name: str, *args):
        """What the function returns; "missing" if that is None."""
        result = self.answers.call(name, *args)
        if result is None:
            raise AnswerError("missing", f"{name} returns nothing")
        return result


def judge(setting: Setting, answers, found) -> Verdict:
    """Let the question's own judge look."""
    try:
        result = setting.tests["judge"](Returning(answers), setting.rng)
    except Wrong as wrong:
        return Verdict(wrong.share, "not right", wrong.hint)
    except AnswerError as error:
        return verdict_of(error)
    except TestError:
        raise
    except Exception as error:
        # A judge computes with whatever the student handed in: text for a number, say.
        return Verdict(0.0, "the answer does not have the form asked for "
                            f"({type(error).__name__} when it is used)")
    if result is not None:
        raise TestError(f"judge() must return None or raise Wrong, it returned {result!r}")
    return Verdict(1.0, RIGHT)
