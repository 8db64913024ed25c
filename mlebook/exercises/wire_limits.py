"""How much one value on the wire may hold, and the error for what holds more."""
from __future__ import annotations

MAX_DEPTH = 16
MAX_ITEMS = 100_000
MAX_ELEMENTS = 1_000_000
MAX_TEXT = 100_000
MAX_FORMULA = 20_000
MAX_DIGITS = 1_000
MAX_AXES = 16
#: How many bytes one line of the protocol can have: a full tensor of float64, and some more.
MAX_LINE = 16_000_000


class WireError(ValueError):
    """A value that cannot cross, or data that is none; the message says which and why."""


_LIMITS = {"items": MAX_ITEMS, "elements": MAX_ELEMENTS, "characters": MAX_TEXT}


class Budget:
    """What one value may still use, over all its parts."""

    def __init__(self):
        self.left = dict(_LIMITS)

    def spend(self, what: str, amount: int) -> None:
        self.left[what] -= amount
        if self.left[what] < 0:
            raise WireError(f"a value of more than {_LIMITS[what]} {what} is too large")


def short(text: str) -> str:
    """The text, if it is no longer than a formula may be."""
    if len(text) > MAX_FORMULA:
        raise WireError(f"a formula of more than {MAX_FORMULA} characters is too long")
    return text


def of_type(content, kind: type):
    """The content, if it is of that type."""
    if not isinstance(content, kind):
        raise WireError(f"expected {kind.__name__}, got {type(content).__name__}")
    return content
