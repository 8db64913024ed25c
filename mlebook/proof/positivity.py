"""Positive sums: where no term decides alone, but their sum does."""
from __future__ import annotations

import sympy as sp

from .objects import Sigma


def positive_sum(context, e: sp.Expr) -> bool:
    """Whether a sum is positive, put under one Σ or looked at through exp.

    Σ aᵢ - Σ bᵢ is positive if aᵢ - bᵢ is; and x > 0 where exp x > 1, which decides between
    logarithms: log a - log b is positive if a/b - 1 is.
    """
    if (one := _under_one_sum(e)) is not None:
        body, size = one
        return context.has_terms(size) and context.positive(context.normal.factored(body))
    terms = [term.as_coeff_Mul()[1] for term in e.args]
    return any(isinstance(term, sp.log) for term in terms) and e.is_real is True \
        and context.positive(context.normal.factored(sp.exp(e) - 1))


def _under_one_sum(e):
    """The body and the size of a sum of sums over the same index; else None."""
    body, over = sp.S.Zero, set()
    for term in e.args:
        sums = [f for f in sp.Mul.make_args(term) if isinstance(f, Sigma)]
        if len(sums) != 1:
            return None
        inner, index, size = sums[0].args
        over.add((index, size))
        body += term / sums[0] * inner
    return (body, over.pop()[1]) if len(over) == 1 else None
