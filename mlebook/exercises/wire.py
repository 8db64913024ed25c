"""Typed data between a learner's code and what marks it: plain JSON, strict and bounded.

``encode`` turns a value into what ``json`` can write, ``decode`` builds a value from it.
Nothing is ever unpickled or evaluated, so whatever comes over the wire is only data.

==========================  ==================================================
value                       on the wire
==========================  ==================================================
None, bool, str             as they are
int                         a number; beyond 2^53 ``{"int": "digits"}``
float                       a number; ``{"float": "nan"}``, "inf", "-inf"
list, tuple, dict           ``[…]``, ``{"tuple": […]}``, ``{"dict": [[key, value], …]}``
torch tensor, NumPy array   ``{"tensor": {"dtype", "shape", "data"}}``, ``{"array": …}``
SymPy expression, Term      ``{"formula": text}`` in the language of mlebook.proof.term
Step                        ``{"step": {"formula", "reason", "relation", "fields"}}``
``...``                     ``{"missing": true}``: not answered yet
a callable                  ``{"function": true}``: it never crosses, it is called there
==========================  ==================================================

>>> decode(encode({"scale": (1, 2.5, float("inf"))}))
{'scale': (1, 2.5, inf)}
"""
from __future__ import annotations

import math
import sys
from dataclasses import dataclass, fields

from .wire_limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_FORMULA,
    MAX_LINE,
    Budget,
    WireError,
    of_type,
    short,
)
from .wire_tensors import decode_array, decode_tensor, encode_array, encode_tensor

__all__ = ["FUNCTION", "MAX_FORMULA", "MAX_LINE", "MISSING", "Formula", "WireError", "decode",
           "encode"]

RELATIONS = ("AtLeast", "Attained", "ByConvexity", "ByTheorem", "Equal", "Greater", "Limit",
             "SameMinimiser", "TakeLog")


class _Mark:
    """A value that only says what kind of thing was there."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text


MISSING = _Mark("<not answered>")
FUNCTION = _Mark("<function>")


@dataclass(frozen=True)
class Formula:
    """A formula as text in the language of :mod:`mlebook.proof.term`; not yet parsed."""

    text: str

    def __str__(self) -> str:
        return self.text


# --- out ----------------------------------------------------------------------------------


def encode(value):
    """The value as data for ``json.dumps``.  Raises :class:`WireError` if it cannot cross."""
    return _encode(value, Budget(), 0)


def _encode(value, budget, depth):
    if depth > MAX_DEPTH:
        raise WireError(f"a value nested deeper than {MAX_DEPTH} cannot be read")
    budget.spend("items", 1)
    if value is None or isinstance(value, bool):
        return value
    if value is ... or value is MISSING:
        return {"missing": True}
    if isinstance(value, str):
        budget.spend("characters", len(value))
        # half a surrogate pair is no character: it could not be written as UTF-8
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | float):
        return _encode_number(value)
    if isinstance(value, list | tuple | dict):
        return _encode_container(value, budget, depth)
    return _encode_object(value, budget, depth)


def _encode_number(value):
    if isinstance(value, int):
        if abs(value) >= 10**MAX_DIGITS:
            raise WireError(f"an integer of more than {MAX_DIGITS} digits is too large")
        return int(value) if abs(value) <= 2**53 else {"int": str(int(value))}
    return float(value) if math.isfinite(value) else {"float": str(float(value))}


def _encode_container(value, budget, depth):
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise WireError("the keys of a dict must be text")
        return {"dict": [[_encode(k, budget, depth + 1), _encode(v, budget, depth + 1)]
                         for k, v in value.items()]}
    items = [_encode(v, budget, depth + 1) for v in value]
    return items if isinstance(value, list) else {"tuple": items}


def _encode_object(value, budget, depth):
    # A value can only be of a class of torch, NumPy or SymPy if that is imported already.
    torch, numpy, sympy, proof = map(
        sys.modules.get, ("torch", "numpy", "sympy", "mlebook.proof"))
    if torch and isinstance(value, torch.Tensor):
        return {"tensor": encode_tensor(torch, value, budget)}
    if numpy and isinstance(value, numpy.generic):
        return _encode(value.item(), budget, depth + 1)
    if numpy and isinstance(value, numpy.ndarray):
        return {"array": encode_array(value, budget)}
    if isinstance(value, Formula):
        return {"formula": short(value.text)}
    if sympy and isinstance(value, sympy.Basic):
        from .sympy_text import to_language

        return {"formula": short(to_language(value))}
    if proof and isinstance(value, proof.Term):
        return {"formula": short(str(value))}
    if proof and isinstance(value, proof.Step):
        return {"step": _encode_step(value)}
    if callable(value) or value is FUNCTION:
        return {"function": True}
    raise WireError(f"a value of type {type(value).__name__} cannot be marked; give numbers, "
                    "text, lists, tensors or formulas")


def _encode_step(step):
    kind = type(step.relation).__name__
    if kind not in RELATIONS:
        raise WireError(f"a step's relation must be one of {', '.join(RELATIONS)}; got {kind}")
    given = {f.name: getattr(step.relation, f.name) for f in fields(step.relation)}
    for field, value in given.items():
        if not isinstance(value, str | bool):
            raise WireError(f"{kind}.{field} must be text, got {type(value).__name__}")
        short(str(value))
    line = encode(step.formula)
    if isinstance(line, dict):
        line = line.get("formula")
    if not isinstance(line, str):
        raise WireError("the line of a step must be a formula")
    return {"formula": short(line), "reason": short(str(step.reason)), "relation": kind,
            "fields": given}


# --- in -----------------------------------------------------------------------------------


def decode(data):
    """The value of such data.  Raises :class:`WireError` for anything that encode never writes."""
    return _decode(data, Budget(), 0)


def _decode(data, budget, depth):
    if depth > MAX_DEPTH:
        raise WireError(f"data nested deeper than {MAX_DEPTH}")
    budget.spend("items", 1)
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, str):
        budget.spend("characters", len(data))
        return data.encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, int) and abs(data) <= 2**53:
        return data
    if isinstance(data, float) and math.isfinite(data):
        return data
    if isinstance(data, list):
        return [_decode(item, budget, depth + 1) for item in data]
    if isinstance(data, dict) and len(data) == 1:
        (tag, content), = data.items()
        if tag in _DECODERS:
            return _DECODERS[tag](content, budget, depth)
    raise WireError("this is not data of the wire")


def _decode_tuple(content, budget, depth):
    return tuple(_decode(v, budget, depth + 1) for v in of_type(content, list))


def _decode_dict(content, budget, depth):
    result = {}
    for pair in of_type(content, list):
        if not isinstance(pair, list) or len(pair) != 2:
            raise WireError("a dict consists of pairs")
        key = of_type(_decode(pair[0], budget, depth + 1), str)
        if key in result:
            raise WireError("a dict has two equal keys")
        result[key] = _decode(pair[1], budget, depth + 1)
    return result


def _decode_int(content, budget, depth):
    digits = of_type(content, str).removeprefix("-")
    if not 0 < len(digits) <= MAX_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise WireError("these are not the digits of an integer")
    return int(content)


def _decode_float(content, budget, depth):
    if content not in ("nan", "inf", "-inf"):
        raise WireError("a float that is no number must be nan, inf or -inf")
    return float(content)


def _decode_mark(mark):
    def decoder(content, budget, depth):
        if content is not True:
            raise WireError("this is not data of the wire")
        return mark
    return decoder


def _decode_formula(content, budget, depth):
    return Formula(short(of_type(content, str)))


def _decode_step(content, budget, depth):
    from mlebook import proof

    record = of_type(content, dict)
    if set(record) != {"formula", "reason", "relation", "fields"}:
        raise WireError("a step has a formula, a reason, a relation and its fields")
    if of_type(record["relation"], str) not in RELATIONS:
        raise WireError("a step's relation is not known")
    kind = getattr(proof, record["relation"])
    given, known = of_type(record["fields"], dict), {f.name: f.default for f in fields(kind)}
    for name, value in given.items():
        if name not in known or type(value) is not type(known[name]):
            raise WireError("a relation's fields do not fit")
        short(str(value))
    texts = [short(of_type(record[part], str)) for part in ("formula", "reason")]
    return proof.Step(*texts, kind(**given))


_DECODERS = {
    "tuple": _decode_tuple, "dict": _decode_dict, "int": _decode_int, "float": _decode_float,
    "missing": _decode_mark(MISSING), "function": _decode_mark(FUNCTION),
    "formula": _decode_formula, "step": _decode_step,
    "array": lambda content, budget, depth: decode_array(content, budget),
    "tensor": lambda content, budget, depth: decode_tensor(content, budget),
}
