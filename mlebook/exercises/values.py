"""Comparing what two functions returned: values, shapes, and where they are not finite.

The value that is expected is kept as plain data, so that a public check can store it.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RTOL, RTOL_SINGLE = 1e-6, 1e-4
#: below this a number is rounding and nothing else; relative to the largest, and absolute
NOISE, NOISE_SINGLE = (1e-7, 1e-14), (1e-5, 1e-8)
SHOWN = 6  # entries that a message shows


@dataclass(frozen=True)
class Difference:
    """How a value differs: one text without any number of the student's or the tests', one with."""

    safe: str
    detail: str


def as_array(value):
    """A real array and whether it is in single precision; None for what is no array of numbers."""
    if hasattr(value, "detach"):
        single = str(value.dtype) in ("torch.float32", "torch.float16", "torch.bfloat16")
        return None if value.is_complex() else (value.detach().double().numpy(), single)
    if isinstance(value, str | bytes | dict) or value is None:
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return None
        return array.astype(float), array.dtype in (np.float32, np.float16)
    except (ValueError, TypeError, RuntimeError, OverflowError):
        return None  # ragged, or not numbers


def summary(value) -> dict:
    """The value as plain data."""
    found = as_array(value)
    if found is not None:
        array, single = found
        return {"shape": list(array.shape), "single": single,
                "values": _texts(array.ravel().tolist(), 17)}
    if isinstance(value, list | tuple):
        return {"items": [summary(v) for v in value]}
    if isinstance(value, dict):
        return {"fields": {key: summary(v) for key, v in value.items()}}
    return {"other": value if isinstance(value, str) else repr(value)}


def _texts(numbers, digits: int) -> str:
    return " ".join(f"{x:.{digits}g}" for x in numbers)


def rounded(data: dict, digits: int = 12) -> dict:
    """The same summary with fewer digits, alike on every machine."""
    if "values" in data:
        return {**data, "values": _texts(map(float, data["values"].split()), digits)}
    if "items" in data:
        return {"items": [rounded(item, digits) for item in data["items"]]}
    if "fields" in data:
        return {"fields": {key: rounded(item, digits) for key, item in data["fields"].items()}}
    return data


def difference(expected: dict, got) -> Difference | None:
    """How ``got`` differs from the summary of what is expected; None if it does not."""
    if "values" in expected:
        return _array_difference(expected, as_array(got))
    if "items" in expected:
        return _items_difference(expected["items"], got)
    if "fields" in expected:
        keys = set(expected["fields"])
        if not isinstance(got, dict) or set(got) != keys:
            return _same_text(f"a dict with the keys {', '.join(sorted(keys))} is expected")
        return _first(difference(expected["fields"][key], got[key]) for key in sorted(keys))
    other = got if isinstance(got, str) else repr(got)
    if other == expected["other"]:
        return None
    return Difference("another value is expected",
                      f"{expected['other']} is expected, it gives {other[:80]}")


def _same_text(text: str) -> Difference:
    return Difference(text, text)


def _first(found) -> Difference | None:
    return next((d for d in found if d is not None), None)


def _items_difference(expected, got):
    if not isinstance(got, list | tuple) or len(got) != len(expected):
        return _same_text(f"{len(expected)} values are expected, as a tuple or list")
    return _first(difference(e, g) for e, g in zip(expected, got, strict=True))


def _array_difference(expected, found):
    if found is None:
        return _same_text("numbers or a tensor are expected")
    got, single = found
    shape = tuple(expected["shape"])
    if got.shape != shape:
        return Difference(f"the shape differs: {shape} is expected",
                          f"the shape differs: got {got.shape}, expected {shape}")
    wanted = np.array([float(x) for x in expected["values"].split()]).reshape(shape)
    finite = np.isfinite(wanted)
    if not np.array_equal(finite, np.isfinite(got)) or not np.array_equal(
            wanted[~finite], got[~finite], equal_nan=True):
        what = "an infinite value or NaN" if finite.all() else "infinite values or NaN elsewhere"
        return Difference(f"the result has {what}", _shown(wanted, got))
    if _close(wanted[finite], got[finite], single or expected["single"]):
        return None
    return Difference("the values differ", _shown(wanted, got))


def _close(wanted, got, single: bool) -> bool:
    if not wanted.size:
        return True
    relative, (to_largest, absolute) = (
        (RTOL_SINGLE, NOISE_SINGLE) if single else (RTOL, NOISE))
    slack = relative * np.abs(wanted) + to_largest * np.abs(wanted).max() + absolute
    return bool((np.abs(wanted - got) <= slack).all())


def _shown(wanted, got) -> str:
    return f"expected {numbers_text(wanted)}, got {numbers_text(got)}"


def numbers_text(array) -> str:
    """A few numbers for a reader."""
    array = np.asarray(array)
    if array.ndim == 0:
        return f"{float(array):.6g}"
    entries = [f"{x:.6g}" for x in array.ravel()[:SHOWN].tolist()]
    return "[" + ", ".join(entries) + (", …]" if array.size > SHOWN else "]")
