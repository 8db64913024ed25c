"""The SymPy objects that stand for sums, integrals, expectations and h."""
from __future__ import annotations

import sympy as sp

from .term import TermError

#: the domains of an integral over the line and of a sum over y = 0, 1, 2, …
REALS = sp.Symbol("REALS")
NATURALS = sp.Symbol("NATURALS")


class BoundIndex(sp.Symbol):
    """A bound variable that knows the size of the set it runs over."""

    __slots__ = ("size",)

    def __new__(cls, name, size, **assumptions):
        self = super().__new__(cls, f"{name}_{size}", **assumptions)
        self.size = size
        return self


def bound_index(name, size) -> BoundIndex:
    """A bound variable, with the assumptions of the set it runs over."""
    if size == REALS:
        return BoundIndex(name, size, real=True)
    if size == NATURALS:
        return BoundIndex(name, size, integer=True, nonnegative=True)
    return BoundIndex(name, size, integer=True, positive=True)


class Sigma(sp.Function):
    """Sigma(body, index, size): a sum that SymPy must treat as opaque."""

    nargs = 3

    def _eval_is_real(self):
        return self.args[0].is_real

    @property
    def free_symbols(self):
        body, index, size = self.args
        return (body.free_symbols - {index}) | size.free_symbols

    def _xreplace(self, rule):
        # The bound index is no symbol of the outside: never rename it from there.
        inner = {old: new for old, new in rule.items() if old != self.args[1]}
        return super()._xreplace(inner) if inner else (self, False)


class Factorial(sp.Function):
    """factorial(y), positive where y is known to be 0, 1, 2, …; never expanded."""

    nargs = 1

    def _eval_is_positive(self):
        y = self.args[0]
        return True if y.is_integer and y.is_nonnegative else None

    def _eval_is_real(self):
        return self._eval_is_positive()

    def fdiff(self, argindex=1):
        raise TermError("a factorial cannot be differentiated")


class Expect(sp.Function):
    """Expect(body): an expectation, taken apart by the hypotheses' moment rules."""

    nargs = 1


class H(sp.Function):
    """h(x) = x - 1 - log x as an opaque symbol; expanded before any comparison."""

    nargs = 1
