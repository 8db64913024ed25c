"""Arguments of the fitters, checked and brought into one form."""
from __future__ import annotations

import numpy as np
import torch
from scipy.linalg.lapack import dgeqrf, dorgqr

from mlebook import checks


def vector(value, name: str) -> torch.Tensor:
    """Numbers of any kind as a new float64 tensor, non-empty and finite."""
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy(force=True)
    try:
        numbers = np.array(value)
    except ValueError:  # rows of unequal lengths
        numbers = np.array(None)
    if numbers.dtype.kind not in "biuf":
        raise TypeError(f"{name}: expected numbers, got {type(value).__name__}")
    numbers = numbers.astype(np.float64, copy=False)
    checks.not_empty(numbers, name)
    checks.finite(numbers, name)
    return torch.from_numpy(numbers)


def targets(value, support: str) -> torch.Tensor:
    """Targets ``y`` of a support in the form that its losses take."""
    y = vector(value, "y")
    if support == "binary":
        checks.require((y == 0) | (y == 1), y, "y", "not 0 or 1")
    elif support == "classes":
        checks.require((y >= 0) & (y == y.round()), y, "y", "not a class 0, 1, 2, …")
        y = y.to(torch.int64)
        if int(y.max()) == 0:
            raise ValueError("y: every class is 0, expected at least two classes")
    return y


def check_options(tolerance: float, max_iterations: int) -> None:
    checks.positive(tolerance, "tolerance")
    checks.whole(max_iterations, "max_iterations")


def check_design(X: torch.Tensor, y: torch.Tensor) -> None:
    """Require an (n, d) table with independent columns and n targets."""
    orthonormal(X, y)


def orthonormal(X: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """X = Q R with orthonormal columns in Q; raises if X does not fit y or its columns depend."""
    check_shapes(X, y)
    factor, reflections, _, _ = dgeqrf(X.numpy())
    check_rank(X, factor)
    R = np.triu(factor[:X.shape[1]])
    Q, _, _ = dorgqr(factor, reflections)
    return torch.from_numpy(Q), torch.from_numpy(R)


def check_shapes(X: torch.Tensor, y: torch.Tensor) -> None:
    """Require an (n, d) table and n targets."""
    if X.dim() != 2:
        raise ValueError(f"X: shape {tuple(X.shape)}, expected (n, d)")
    if y.shape != X.shape[:1]:
        raise ValueError(f"y: shape {tuple(y.shape)}, expected ({len(X)},), one per row of X")
    if X.shape[1] > len(X):
        _dependent(X)


def check_rank(X: torch.Tensor, factor: np.ndarray) -> None:
    """Require independent columns, given LAPACK's QR factors of X."""
    rounding = max(X.shape) * np.finfo(np.float64).eps
    lengths = np.einsum("ij,ij->j", X.numpy(), X.numpy())  # squared
    # a diagonal entry of R is the distance of a column from the span of those before it
    if (factor.diagonal()**2 <= rounding**2 * lengths).any():
        _dependent(X)


def _dependent(X: torch.Tensor) -> None:
    lengths = X.norm(dim=0)
    rank = int(torch.linalg.matrix_rank(X / torch.where(lengths > 0, lengths, 1.0)))
    raise ValueError(f"X: its {X.shape[1]} columns are linearly dependent (rank {rank}), "
                     "so the estimate is not unique")
