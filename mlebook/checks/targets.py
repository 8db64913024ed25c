"""Checks of predictions with their targets: each function of a loss begins with one of them."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Real

from .values import dtype_name, finite, not_empty, positive, require, same_dtype, same_shape, tensor

_checked = ContextVar("checked", default=False)


@contextmanager
def once() -> Iterator[None]:
    """Skip, inside the block, the checks on data that every function of a loss begins with.

    A fitter checks its data when they arrive, and not again at each of its steps.  What a loss
    computes from unchecked data that became infinite is infinite or NaN, which the fitter sees.

    >>> import torch
    >>> with once():
    ...     real_target(torch.zeros(2), torch.zeros(3))
    """
    token = _checked.set(True)
    try:
        yield
    finally:
        _checked.reset(token)


def location_scale(prediction, target, scale) -> None:
    """Require :func:`real_target` and a positive scale.

    The scale is a number, or a tensor that is 0-d or of the target's shape.
    """
    if _checked.get():
        return
    real_target(prediction, target)
    if isinstance(scale, Real) and not isinstance(scale, bool):
        positive(scale, "scale")
        positive(target.new_tensor(scale), "scale")  # 1e-46 is 0 in the target's float32
        return
    tensor(scale, "scale")
    same_dtype(scale, target, "scale", "target")
    if scale.dim() > 0:
        same_shape(scale, target, "scale", "target")
    positive(scale, "scale")


def real_target(prediction, target) -> None:
    """Require two finite, non-empty tensors of one shape and type: data on the real line."""
    if _checked.get():
        return
    tensor(target, "target")
    tensor(prediction, "prediction")
    same_shape(prediction, target, "prediction", "target")
    same_dtype(prediction, target, "prediction", "target")
    not_empty(target, "target")
    finite(target, "target")
    finite(prediction, "prediction")


def binary_target(prediction, target) -> None:
    """Require :func:`real_target` and that every target is 0 or 1.

    >>> import torch
    >>> binary_target(torch.zeros(2), torch.tensor([1.0, 0.5]))
    Traceback (most recent call last):
    ValueError: target: 1 of 2 values not 0 or 1, the first is 0.5 at index 1
    """
    if _checked.get():
        return
    real_target(prediction, target)
    require((target == 0) | (target == 1), target, "target", "not 0 or 1")


def class_target(prediction, target) -> None:
    """Require logits of shape (…, K) with K >= 2 and int64 targets (…) within 0, …, K − 1.

    >>> import torch
    >>> class_target(torch.zeros(2, 3), torch.tensor([0, 3]))
    Traceback (most recent call last):
    ValueError: target: 1 of 2 values not a class from 0 to 2, the first is 3 at index 1
    """
    if _checked.get():
        return
    import torch

    tensor(prediction, "prediction")
    if not isinstance(target, torch.Tensor):
        raise TypeError(f"target: expected a torch.Tensor, got {type(target).__name__}")
    if target.dtype != torch.int64:
        raise TypeError(f"target: expected classes as int64, got {dtype_name(target)}")
    _last_axis(prediction, target, "K")
    classes = prediction.shape[-1]
    not_empty(target, "target")
    if classes < 2:
        raise ValueError(f"prediction: {classes} logits a target, expected at least 2")
    finite(prediction, "prediction")
    require((target >= 0) & (target < classes), target, "target",
             f"not a class from 0 to {classes - 1}")


def vector_target(prediction, target, outputs: tuple[str, ...]) -> None:
    """Require real targets (…) and predictions (…, k) that hold the k named outputs of each.

    >>> import torch
    >>> vector_target(torch.zeros(2), torch.zeros(2), ("loc", "log_variance"))
    Traceback (most recent call last):
    ValueError: prediction: shape (2,), expected (2, 2): that of target and loc, log_variance
    """
    if _checked.get():
        return
    tensor(prediction, "prediction")
    tensor(target, "target")
    _last_axis(prediction, target, len(outputs), f" and {', '.join(outputs)}")
    same_dtype(prediction, target, "prediction", "target")
    not_empty(target, "target")
    finite(prediction, "prediction")
    finite(target, "target")


def representable(value, name: str) -> None:
    """Require that what was computed from finite, checked values has not overflowed.

    >>> import torch
    >>> representable(torch.tensor([1.0, torch.inf]), "prediction")
    Traceback (most recent call last):
    ValueError: prediction: the result: 1 of 2 values not finite in float32, ... inf at index 1
    """
    if not _checked.get():
        require(value.isfinite(), value, f"{name}: the result",
                f"not finite in {dtype_name(value)}")


def prediction_alone(prediction, outputs: tuple[str, ...] = ("output",)) -> None:
    """Require finite, non-empty predictions, with a last axis if there are several outputs.

    >>> prediction_alone([0.0])
    Traceback (most recent call last):
    TypeError: prediction: expected a torch.Tensor, got list
    """
    if _checked.get():
        return
    tensor(prediction, "prediction")
    if len(outputs) > 1 and tuple(prediction.shape[-1:]) != (len(outputs),):
        raise ValueError(f"prediction: shape {tuple(prediction.shape)}, expected a last axis of "
                         f"{len(outputs)}: {', '.join(outputs)}")
    not_empty(prediction, "prediction")
    finite(prediction, "prediction")


def _last_axis(prediction, target, size: int | str, what: str = " and one logit a class") -> None:
    """Require the target's shape and one more axis, of this size if it is a number."""
    shape = tuple(prediction.shape)
    if shape and shape[:-1] == tuple(target.shape) and size in ("K", shape[-1]):
        return
    wanted = ", ".join(map(str, (*target.shape, size))) + ("," if target.dim() == 0 else "")
    raise ValueError(f"prediction: shape {tuple(prediction.shape)}, expected ({wanted}): "
                     f"that of target{what}")
