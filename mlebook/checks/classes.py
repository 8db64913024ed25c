"""Checks of what belongs to K classes: logits, labels, target probabilities."""
from __future__ import annotations

from .values import dtype_name, finite, not_empty, require, same_dtype, same_shape, tensor


def logits(value, name: str) -> None:
    """Require finite floating-point logits of shape (…, K) with K >= 2.

    >>> import torch
    >>> logits(torch.zeros(4, 1), "prediction")
    Traceback (most recent call last):
    ValueError: prediction: shape (4, 1), expected (…, K) with at least 2 logits a target
    """
    tensor(value, name)
    if value.dim() == 0 or value.shape[-1] < 2:
        raise ValueError(f"{name}: shape {tuple(value.shape)}, expected (…, K) with at least 2 "
                         "logits a target")
    not_empty(value, name)
    finite(value, name)


def labels(value, name: str, classes: int | None = None) -> None:
    """Require a tensor of int64 labels that are not negative, and below ``classes`` if given.

    >>> import torch
    >>> labels(torch.tensor([0, 2]), "target", classes=2)
    Traceback (most recent call last):
    ValueError: target: 1 of 2 values not a class from 0 to 1, the first is 2 at index 1
    """
    import torch

    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{name}: expected a torch.Tensor, got {type(value).__name__}")
    if value.dtype != torch.int64:
        raise TypeError(f"{name}: expected classes as int64, got {dtype_name(value)}")
    not_empty(value, name)
    require(value >= 0, value, name, "negative")
    if classes is not None:
        require(value < classes, value, name, f"not a class from 0 to {classes - 1}")


def class_probabilities(prediction, probabilities) -> None:
    """Require :func:`logits` and, of the same shape and type, rows of probabilities.

    The sum of a row may miss 1 by 100 roundings; it is not rescaled.

    >>> import torch
    >>> class_probabilities(torch.zeros(1, 2), torch.tensor([[0.5, 0.6]]))
    Traceback (most recent call last):
    ValueError: probabilities (sum of a row): 1 of 1 values not 1, the first is 1.1... at index 0
    """
    import torch

    logits(prediction, "prediction")
    tensor(probabilities, "probabilities")
    same_shape(probabilities, prediction, "probabilities", "prediction")
    same_dtype(probabilities, prediction, "probabilities", "prediction")
    finite(probabilities, "probabilities")
    require(probabilities >= 0, probabilities, "probabilities", "negative")
    sums = probabilities.sum(dim=-1)
    slack = 100 * torch.finfo(probabilities.dtype).eps
    require((sums - 1).abs() <= slack, sums, "probabilities (sum of a row)", "not 1")
