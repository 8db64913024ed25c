"""Checks of single values and arrays."""
from __future__ import annotations

import math
from numbers import Real

import numpy as np


class NoFiniteEstimateError(ValueError):
    """The likelihood has no maximiser: it keeps growing as a parameter goes to its limit."""


def tensor(value, name: str) -> None:
    """Require a torch tensor of floating-point numbers.

    >>> tensor([1.0, 2.0], "target")
    Traceback (most recent call last):
    TypeError: target: expected a torch.Tensor, got list
    """
    import torch

    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{name}: expected a torch.Tensor, got {type(value).__name__}")
    if not value.is_floating_point():
        raise TypeError(f"{name}: expected floating-point numbers, got {dtype_name(value)}")


def same_shape(value, other, name: str, other_name: str) -> None:
    """Require equal shapes, because broadcasting (n,) against (n, 1) silently makes (n, n).

    >>> same_shape(np.zeros((3, 1)), np.zeros(3), "prediction", "target")
    Traceback (most recent call last):
    ValueError: prediction: shape (3, 1), expected that of target, (3,)
    """
    if tuple(value.shape) != tuple(other.shape):
        raise ValueError(
            f"{name}: shape {tuple(value.shape)}, expected that of {other_name}, "
            f"{tuple(other.shape)}")


def same_dtype(value, other, name: str, other_name: str) -> None:
    """Require equal number types, because mixing them silently changes the precision."""
    if value.dtype != other.dtype:
        raise TypeError(
            f"{name}: {dtype_name(value)}, expected that of {other_name}, {dtype_name(other)}")


def not_empty(value, name: str) -> None:
    """Require at least one entry.

    >>> not_empty(np.zeros((0, 2)), "target")
    Traceback (most recent call last):
    ValueError: target: empty (shape (0, 2)), expected at least one value
    """
    if 0 in value.shape:
        raise ValueError(f"{name}: empty (shape {tuple(value.shape)}), expected at least one value")


def finite(value, name: str) -> None:
    """Require that no entry is NaN or infinite.

    >>> finite(np.array([1.0, np.nan]), "target")
    Traceback (most recent call last):
    ValueError: target: 1 of 2 values not finite, the first is nan at index 1
    """
    good = np.isfinite(value) if isinstance(value, np.ndarray) else abs(value) < math.inf
    require(good, value, name, "not finite")


def positive(value, name: str) -> None:
    """Require that every entry, or the number, is greater than 0 and finite.

    >>> positive(np.array([1.0, -2.0, 0.0]), "scale")
    Traceback (most recent call last):
    ValueError: scale: 2 of 3 values not positive, the first is -2.0 at index 1
    >>> positive(0, "scale")
    Traceback (most recent call last):
    ValueError: scale: expected a positive finite number, got 0
    """
    if isinstance(value, Real):
        if not 0 < value < math.inf:
            raise ValueError(f"{name}: expected a positive finite number, got {value!r}")
        return
    finite(value, name)
    require(value > 0, value, name, "not positive")


def whole(value, name: str, minimum: int = 0) -> None:
    """Require an integer that is at least ``minimum``.

    >>> whole(0, "n", minimum=2)
    Traceback (most recent call last):
    ValueError: n: expected an integer >= 2, got 0
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected an integer, got {type(value).__name__}")
    if value < minimum:
        raise ValueError(f"{name}: expected an integer >= {minimum}, got {value}")


def array(value, name: str) -> np.ndarray:
    """The value as a float64 array; non-empty, finite.

    >>> array([1, 2], "p")
    array([1., 2.])
    >>> array("ab", "p")
    Traceback (most recent call last):
    TypeError: p: expected numbers, got str
    """
    try:
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, got {type(value).__name__}") from None
    not_empty(numbers, name)
    finite(numbers, name)
    return numbers


def distribution(value, name: str, ndim: int = 1) -> np.ndarray:
    """The value as a float64 array whose last axis holds probabilities that sum to 1.

    The sum may miss 1 by 1e-9; it is not rescaled.

    >>> distribution([0.5, 0.6], "p")
    Traceback (most recent call last):
    ValueError: p: sums to 1.1, expected probabilities that sum to 1
    """
    p = array(value, name)
    if p.ndim != ndim:
        expected = {1: "a vector (K,)", 2: "a table (n, K)"}[ndim]
        raise ValueError(f"{name}: shape {p.shape}, expected {expected}")
    require(p >= 0, p, name, "negative")
    sums = p.sum(axis=-1)
    if np.any(abs(sums - 1) > 1e-9):
        row = int(np.argmax(abs(sums - 1)))
        where = f"row {row} sums to {sums[row]:.6g}" if ndim == 2 else f"sums to {sums:.6g}"
        raise ValueError(f"{name}: {where}, expected probabilities that sum to 1")
    return p


def open_unit(value, name: str) -> None:
    """Require a number between 0 and 1, both excluded.

    >>> open_unit(1.0, "quantile")
    Traceback (most recent call last):
    ValueError: quantile: expected a number between 0 and 1, both excluded, got 1.0
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name}: expected a number, got {type(value).__name__}")
    if not 0 < value < 1:
        raise ValueError(f"{name}: expected a number between 0 and 1, both excluded, got {value}")


def prior_weights(weights, scale) -> None:
    """Require finite, non-empty weights and a positive scale of their prior.

    >>> import torch
    >>> prior_weights(torch.zeros(2), 0.0)
    Traceback (most recent call last):
    ValueError: scale: expected a positive finite number, got 0.0
    """
    tensor(weights, "weights")
    not_empty(weights, "weights")
    finite(weights, "weights")
    if isinstance(scale, Real) and not isinstance(scale, bool):
        positive(scale, "scale")
        return
    tensor(scale, "scale")
    same_dtype(scale, weights, "scale", "weights")
    if scale.dim() > 0:
        same_shape(scale, weights, "scale", "weights")
    positive(scale, "scale")


def shrinkage(values, strength) -> None:
    """Require finite, non-empty values and a non-negative number to shrink them by.

    >>> import torch
    >>> shrinkage(torch.zeros(2), -1.0)
    Traceback (most recent call last):
    ValueError: strength: expected a number >= 0, got -1.0
    """
    tensor(values, "values")
    not_empty(values, "values")
    finite(values, "values")
    if not isinstance(strength, Real) or isinstance(strength, bool):
        raise TypeError(f"strength: expected a number, got {type(strength).__name__}")
    if not 0 <= strength < math.inf:
        raise ValueError(f"strength: expected a number >= 0, got {strength!r}")


def require(good, value, name: str, fault: str) -> None:
    """Raise if an entry of ``good`` is False, quoting how many and the first of them."""
    if bool(good.all()):
        return
    flags = np.asarray((~good).tolist())  # tolist: the same for arrays and tensors
    first = tuple(int(i) for i in np.argwhere(flags)[0])
    number = value[first].item()
    where = f" at index {', '.join(map(str, first))}" if first else ""
    raise ValueError(
        f"{name}: {int(flags.sum())} of {flags.size} values {fault}, "
        f"the first is {number!r}{where}")


def dtype_name(value) -> str:
    return str(value.dtype).removeprefix("torch.")
