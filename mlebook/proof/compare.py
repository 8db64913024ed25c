"""When two values of the refuter count as different."""
from __future__ import annotations

from mpmath import mpf

from .hypotheses import Vector
from .term import Term, name, walk


def differ(a, b, tolerance) -> bool:
    if isinstance(a, Vector) or isinstance(b, Vector):
        if not (isinstance(a, Vector) and isinstance(b, Vector)) or len(a) != len(b):
            return True
        return any(differ(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return abs(a - b) > tolerance * (1 + abs(a) + abs(b))


def tolerance_for(*terms: Term) -> mpf:
    """Exact up to rounding, except where an integral or a derivative is approximated."""
    operations = {t.op for term in terms for _, t in walk(term)}
    return mpf("1e-9") if "integral" in operations else mpf("1e-20")


def costly(term: Term) -> bool:
    """An integral or an infinite sum, which takes hundreds of evaluations."""
    return any(t.op == "integral" or t == name("N") for _, t in walk(term))
