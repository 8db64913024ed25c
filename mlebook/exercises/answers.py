"""Answers in this very process, seen through the same wire as a submission's."""
from __future__ import annotations

from .answering import reply
from .verdicts import AnswerError
from .wire import WireError, decode, encode


class LocalAnswers:
    """``value``, ``call`` and ``grad`` for the names of a namespace."""

    def __init__(self, names: dict):
        self.names = names

    def value(self, name: str):
        """The value of a variable."""
        return self._ask({"op": "value", "name": name})

    def call(self, name: str, *args):
        """What the function ``name`` returns."""
        return self._ask({"op": "call", "name": name, "args": _encoded(args)})

    def grad(self, name: str, *args):
        """The gradient of the function's summed output with respect to its first argument."""
        return self._ask({"op": "grad", "name": name, "args": _encoded(args)})

    def _ask(self, request: dict):
        return answer_of(reply(self.names, request, detail=True))


def _encoded(args) -> list:
    return [encode(argument) for argument in args]


def answer_of(message: dict):
    """The value of a reply.  Raises :class:`AnswerError` if there is none."""
    if "error" in message:
        raise AnswerError(str(message["error"].get("kind")), str(message["error"].get("text", "")))
    try:
        return decode(message["value"])
    except WireError as error:
        raise AnswerError("unsupported", str(error)) from None
