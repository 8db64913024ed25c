"""Limits: of formulas without sums by SymPy, of finite sums term by term."""
from __future__ import annotations

import sympy as sp

from .objects import Magnitude, Sigma, Sign
from .term import TermError

_POINTS = {"0": (sp.S.Zero, "+"), "oo": (sp.oo, "-"), "-oo": (-sp.oo, "+")}


def may_tend(context, name: str, to: str) -> bool:
    """Whether the hypotheses let a number come as close to the limit as we please."""
    variable = context.symbols.get(name)
    if to not in _POINTS or not isinstance(variable, sp.Symbol) or name in context.constrained:
        return False
    if any(fact.e.has(variable) for fact in context.facts):
        return False  # an inequality may keep it away
    if variable.is_integer:
        return to == "oo" and variable in context.sizes
    if to == "-oo" and not (variable.is_real and variable.is_nonnegative is None):
        return False
    return variable not in context.random_numbers


def limit(context, e: sp.Expr, name: str, to: str) -> sp.Expr:
    """The limit of e as a number tends to 0 (from above), oo or -oo.

    A sum over a fixed number of terms has the sum of their limits, if those are finite.
    Raises :class:`TermError` where the limit is not decided.
    """
    variable = context.symbols[name]
    groups = {}
    for (indices, product), coefficient in context.normal.table(e).items():
        groups[indices] = groups.get(indices, 0) + coefficient * product
    total = sp.S.Zero
    for indices, body in groups.items():
        value = _of_plain(context.normal.factored(body), variable, to)
        if any(size.has(variable) for _, size in indices):
            raise TermError("limits of sums whose size changes are not decided")
        if body.has(variable) and not all(size.is_integer for _, size in indices):
            raise TermError("a limit is not taken inside an integral or an infinite sum")
        if indices and not value.is_real:
            raise TermError("the terms of a sum need finite limits")
        for index, size in indices:
            value = Sigma(value, index, size)
        total += value
    return total


def _of_plain(e, variable, to):
    """The limit of a formula in which no sum depends on the variable."""
    if not e.has(variable):
        return e
    hidden = {}
    for part in e.atoms(Sigma, sp.Function):
        if isinstance(part, (Sigma, Magnitude, Sign, sp.core.function.AppliedUndef)):
            if part.has(variable):
                raise TermError(f"the limit of {part} is not decided")
            hidden[part] = sp.Dummy(positive=part.is_positive, real=part.is_real)
    point, side = _POINTS[to]
    value = sp.limit(e.xreplace(hidden), variable, point, side)
    known = value.is_infinite or value.is_finite
    if not known or value.has(sp.Limit, sp.AccumBounds) or value.has(variable) or (
            value.is_finite and value.has(sp.oo, -sp.oo, sp.zoo, sp.nan)):
        raise TermError(f"the limit of {e} is not decided")
    return value.xreplace({dummy: part for part, dummy in hidden.items()})
