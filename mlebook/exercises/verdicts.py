"""What a judge says about an answer, and what goes wrong when it asks for one."""
from __future__ import annotations

from dataclasses import dataclass

NOT_ANSWERED = "not answered yet"
RIGHT = "right"


@dataclass(frozen=True)
class Verdict:
    """The share of the points, a message, and the hint if the answer is a listed mistake.

    ``manual``: a person must look, because the answer could neither be accepted nor refused.
    """

    share: float
    message: str
    hint: str = ""
    mistake: str | None = None
    manual: bool = False


class Wrong(Exception):
    """Raised by a question's own ``judge``: the answer is wrong, and this is the hint."""

    def __init__(self, hint: str, share: float = 0.0):
        if not isinstance(hint, str) or not hint.strip():
            raise ValueError(f"Wrong needs a hint for the student, got {hint!r}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
            raise ValueError(f"the share of a wrong answer is in [0, 1), got {share!r}")
        super().__init__(hint)
        self.hint, self.share = hint, float(share)


class AnswerError(Exception):
    """An answer could not be had.

    ``kind`` is "missing" (not answered yet), "raised" (the code failed), "unsupported" (no
    value that can be marked), "limit" (time or memory) or "died" (the process ended).
    """

    def __init__(self, kind: str, text: str = ""):
        super().__init__(f"{kind}: {text}" if text else kind)
        self.kind, self.text = kind, text


class TestError(Exception):
    """The exercise itself is not in order: its tests or its model solution fail."""

    __test__ = False  # pytest takes the name for a class of tests


_SENTENCES = {
    "raised": "it stops with an error",
    "unsupported": "its value cannot be marked",
    "limit": "a limit was met",
    "died": "the process with your code ended",
}


def verdict_of(error: AnswerError) -> Verdict:
    """No points, and why there is no answer."""
    if error.kind == "missing":
        return Verdict(0.0, NOT_ANSWERED)
    sentence = _SENTENCES.get(error.kind, "there is no answer")
    return Verdict(0.0, f"{sentence}: {error.text}" if error.text else sentence)


def mistaken(mistake: dict) -> Verdict:
    """The verdict on a listed mistake (its name, share and hint)."""
    return Verdict(mistake["share"], "it looks like a known mistake", mistake["hint"],
                   mistake["name"])
