"""Answers to questions about a learner's names: their values, calls of them, their gradients.

The same function answers in a notebook's own check and in the sandbox of the grader, so that
both judge alike.  A request and its reply are plain data (:mod:`.wire`)::

    {"op": "value" | "call" | "grad", "name": "nll", "args": […]}
    {"value": …}  or  {"error": {"kind": "missing" | "raised" | "unsupported", "text": …}}
"""
from __future__ import annotations

import builtins
import warnings

from . import wire

OPERATIONS = ("value", "call", "grad")


class Unanswerable(Exception):
    """Why there is no reply: a kind and a text."""

    def __init__(self, kind: str, text: str):
        super().__init__(text)
        self.kind, self.text = kind, text


def reply(namespace: dict, request: dict, *, detail: bool = False) -> dict:
    """The reply to one request about the names of ``namespace``; never raises an Exception.

    With ``detail`` the text of an error that the learner's code raised is repeated, otherwise
    only its type: its text could carry what the hidden tests called it with.
    """
    try:
        return {"value": wire.encode(_result(namespace, request, detail))}
    except Unanswerable as why:
        return _error(why.kind, why.text)
    except wire.WireError as why:
        return _error("unsupported", str(why))
    except Exception as why:
        return _error("unsupported", f"its value cannot be read: {_describe(why, detail)}")


def _error(kind, text):
    return {"error": {"kind": kind, "text": text[:500].encode("utf-8", "replace").decode()}}


def _result(namespace, request, detail):
    op, name = request["op"], request["name"]
    if op not in OPERATIONS:
        raise ValueError(f"op must be one of {', '.join(OPERATIONS)}; got {op!r}")
    if name not in namespace or namespace[name] is ...:
        raise Unanswerable("missing", f"{name} has no value yet")
    if op == "value":
        return namespace[name]
    function = namespace[name]
    if not callable(function):
        raise Unanswerable("unsupported", f"{name} is not a function")
    arguments = [wire.decode(argument) for argument in request.get("args", ())]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = (_gradient if op == "grad" else _call)(function, arguments)
    except Unanswerable:
        raise
    except (Exception, SystemExit) as why:
        raise Unanswerable("raised", _describe(why, detail)) from None
    if result is ...:
        raise Unanswerable("missing", f"{name} returns nothing yet")
    return result


def _call(function, arguments):
    return function(*arguments)


def _gradient(function, arguments):
    """The derivative of the output's sum with respect to the first argument."""
    import torch

    first = arguments[0] if arguments else None
    if not (isinstance(first, torch.Tensor) and first.is_floating_point()):
        raise ValueError("a gradient is taken with respect to a tensor of floats")
    first = first.clone().requires_grad_()
    output = function(first, *arguments[1:])
    if output is ...:
        return ...
    if not (isinstance(output, torch.Tensor) and output.requires_grad):
        raise Unanswerable("unsupported", "the output has no gradient: it was taken out of torch, "
                           "by .item(), .detach(), NumPy or a new tensor")
    gradient, = torch.autograd.grad(output.sum(), first, allow_unused=True)
    return torch.zeros_like(first) if gradient is None else gradient


def _describe(error: BaseException, detail: bool) -> str:
    kind = type(error).__name__
    known = getattr(builtins, kind, None) is type(error)
    if not detail:
        return kind if known else "an error of its own kind"
    return f"{kind}: {error}"
