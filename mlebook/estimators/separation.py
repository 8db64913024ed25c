"""Whether classes can be separated, so that their likelihood has no maximum."""
from __future__ import annotations

import numpy as np
import torch

ROUNDING = 1e-9  # margins, the largest of which is 1, that count as zero


def recession(X: torch.Tensor, y: torch.Tensor, outputs: torch.Tensor | None = None
              ) -> tuple[torch.Tensor | None, str]:
    """A direction in the weights along which no observation becomes less likely.

    If one exists (and changes some prediction), the nll has no minimum: it falls along it for
    ever.  Otherwise the nll grows in every direction, and a minimum exists (Albert and Anderson
    1984, *Biometrika* 71, 1–10).  A margin is what the direction adds to the logit of the true
    class above that of another.  A first linear program asks for the largest least margin; if
    that is 0, a second one asks for the largest sum of margins between 0 and 1.

    Args:
        X: (n, d) inputs.
        y: (n,) targets, 0 or 1 as floating point, or classes as int64.
        outputs: for classes, (K, m) directions of the logits.

    Returns:
        The direction (d,) or (d·m,), scaled so that its largest margin is 1, and a sentence that
        says what it does; or None and an empty text.

    >>> ones = torch.ones(4, dtype=torch.float64)
    >>> X = torch.stack([ones, torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)], dim=1)
    >>> direction, message = recession(X, torch.tensor([0.0, 0.0, 1.0, 1.0]))
    >>> bool((X @ direction * torch.tensor([-1, -1, 1, 1]) > 0).all())
    True
    >>> recession(X, torch.tensor([0.0, 1.0, 0.0, 1.0]))
    (None, '')
    """
    rows = _margins(X, y, outputs)
    for solve in (_largest_least, _largest_sum):
        weights = solve(rows)
        margins = rows @ weights
        if margins.max() > ROUNDING and margins.min() >= -ROUNDING * margins.max():
            return torch.tensor(weights / margins.max()), _sentence(y, outputs, margins)
    return None, ""


def _largest_least(rows) -> np.ndarray:
    """Weights w and the largest t with t <= rows·w <= 1."""
    from scipy.optimize import linprog

    count, size = rows.shape
    answer = linprog(np.append(np.zeros(size), -1.0), bounds=(None, None), method="highs",
                     A_ub=np.block([[rows, np.zeros((count, 1))], [-rows, np.ones((count, 1))]]),
                     b_ub=np.repeat([1.0, 0.0], count))
    return answer.x[:-1] if answer.x is not None and answer.x[-1] > ROUNDING else np.zeros(size)


def _largest_sum(rows) -> np.ndarray:
    """Weights w with 0 <= rows·w <= 1 and the largest sum of rows·w."""
    from scipy.optimize import linprog

    answer = linprog(-rows.sum(axis=0), A_ub=np.concatenate([rows, -rows]),
                     b_ub=np.repeat([1.0, 0.0], len(rows)), bounds=(None, None), method="highs")
    return np.zeros(rows.shape[1]) if answer.x is None else answer.x


def _sentence(y, outputs, margins) -> str:
    if outputs is not None and (missing := set(range(len(outputs))) - set(y.tolist())):
        return (f"no finite estimate: class {', '.join(map(str, sorted(missing)))} does not occur, "
                "so the nll falls for ever as its logit falls")
    least = margins.reshape(len(y), -1).min(axis=1) / margins.max()
    right = int((least > ROUNDING).sum())
    how = f"all {len(y)}" if right == len(y) else f"none of {len(y)} on the wrong and {right}"
    return (f"no finite estimate: the classes can be separated: a direction in the weights puts "
            f"{how} on the right side of every boundary, and along it the nll falls for ever")


def _margins(X, y, outputs) -> np.ndarray:
    """(rows, weights): a row times the weights is the margin of an observation over a class."""
    if outputs is None:
        return ((2 * y - 1).to(X.dtype)[:, None] * X).numpy()
    classes = torch.arange(len(outputs))
    gaps = outputs[y][:, None, :] - outputs  # (n, K, m), zero for the true class
    rows = X[:, None, :, None] * gaps[:, :, None, :]
    others = classes != y[:, None]
    return rows[others].reshape(int(others.sum()), -1).numpy()
