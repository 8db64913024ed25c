"""Least squares: the normal equations, solved through a QR decomposition."""
from __future__ import annotations

import math

import torch
from scipy.linalg.lapack import dgels, dtrtrs

from .arguments import check_rank, check_shapes
from .result import FitResult


def least_squares(X: torch.Tensor, y: torch.Tensor) -> FitResult:
    """Weights w that minimise ‖y − X w‖², with a measure of how well they do.

    With X = Q R the normal equations Xᵀ(y − X w) = 0 become R w = Qᵀy.  Their solution is the
    global minimum (statement ``squared_error.normal_equations``).  ``gradient_norm`` is
    ‖Qᵀ(y − X w)‖ over the root mean squared residual: how far the weights are from the optimum,
    in standard errors; ``nll`` is left to the caller, who knows the noise.

    Args:
        X: (n, d) float64 table with independent columns.
        y: (n,) float64 targets.

    >>> ones = torch.ones(3, 1, dtype=torch.float64)
    >>> least_squares(ones, torch.tensor([1.0, 2.0, 6.0], dtype=torch.float64)).params
    tensor([3.0...], dtype=torch.float64)
    """
    check_shapes(X, y)
    table, target = X.numpy(), y.numpy()
    factor, solution, _ = dgels(table, target)
    check_rank(X, factor)
    R, weights = factor[:X.shape[1]], solution[:X.shape[1]].copy()
    residual = target - table @ weights
    missed, _ = dtrtrs(R, residual @ table, trans=1)  # R above: Qᵀ(y − X w), as Q = X R⁻¹
    size = math.sqrt(residual @ residual / len(target))
    norm = math.sqrt(missed @ missed) / size if size else 0.0
    return FitResult(torch.from_numpy(weights), math.nan, 0, norm <= 1e-6,
                     f"normal equations solved, gradient norm {norm:.1e}", norm)
