"""Proofs by the two values of a bit: f(y) = 0 for y in {0, 1} if f(0) = 0 and f(1) = 0."""
from __future__ import annotations

import sympy as sp
from sympy.core.function import AppliedUndef

from . import signs
from .objects import Sigma

#: at most this many bits, one inside the cases of the other
_DEPTH = 3


def vanishes(context, e: sp.Expr, depth: int = 0) -> bool:
    """Whether e is zero, if need be for both values of each bit in it."""
    if signs.vanishes(context, e):
        return True
    bit = _entangled_bit(context, e)
    if bit is None or depth == _DEPTH:
        return False
    for value in (sp.S.Zero, sp.S.One):
        branch = e.xreplace({bit: value})
        if branch.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            return False  # a division by the bit
        if not vanishes(context, context.normal.canonical(branch), depth + 1):
            return False
    return True


def _entangled_bit(context, e):
    """A bit outside sums that occurs inside a function or below a fraction line."""
    found = set()

    def look(part):
        if isinstance(part, AppliedUndef) and part.func in context.idempotent:
            found.add(part)
        if not isinstance(part, Sigma):
            for a in part.args:
                look(a)

    look(e)
    for bit in sorted(found, key=str):
        plain = sp.Dummy()
        if not e.xreplace({bit: plain}).is_polynomial(plain):
            return bit
    return None
