"""The SymPy objects that stand for sums, integrals, expectations and h."""
from __future__ import annotations

import sympy as sp

#: the domains of an integral over the line and of a sum over y = 0, 1, 2, …
REALS = sp.Symbol("REALS")
NATURALS = sp.Symbol("NATURALS")


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


class Expect(sp.Function):
    """Expect(body): an expectation, taken apart by the hypotheses' moment rules."""

    nargs = 1


class H(sp.Function):
    """h(x) = x - 1 - log x as an opaque symbol; expanded before any comparison."""

    nargs = 1
