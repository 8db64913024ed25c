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
    if is_line(size):
        return BoundIndex(name, size, real=True)
    if size == NATURALS:
        return BoundIndex(name, size, integer=True, nonnegative=True)
    return BoundIndex(name, size, integer=True, positive=True)


class Sigma(sp.Function):
    """Sigma(body, index, size): a sum that SymPy must treat as opaque."""

    nargs = 3

    def _eval_is_real(self):
        return self.args[0].is_real

    def _eval_is_nonnegative(self):
        return True if self.args[0].is_nonnegative else None

    def _eval_is_positive(self):
        body, _, size = self.args  # an empty sum is 0, and an integral may not exist
        return True if size.is_integer and size.is_positive and body.is_positive else None

    @property
    def free_symbols(self):
        body, index, size = self.args
        return (body.free_symbols - {index}) | size.free_symbols

    def _xreplace(self, rule):
        # The bound index is no symbol of the outside: never rename it from there.
        inner = {old: new for old, new in rule.items() if old != self.args[1]}
        return super()._xreplace(inner) if inner else (self, False)


class Below(sp.Function):
    """The domain of an integral over the numbers up to an end; :class:`Above` from it on."""

    nargs = 1


class Above(sp.Function):
    nargs = 1


def is_line(size) -> bool:
    """Whether a domain is the real line or a half-line, so that its Sigma is an integral."""
    return size == REALS or isinstance(size, (Below, Above))


class Magnitude(sp.Function):
    """|x| of a real x, opaque: what its sign is follows from the hypotheses, see `signs`."""

    nargs = 1

    def _eval_is_real(self):
        return self.args[0].is_real

    def _eval_is_nonnegative(self):
        return self.args[0].is_real

    def fdiff(self, argindex=1):
        raise TermError("an absolute value has a kink: it is differentiated by its own rule")


class Sign(sp.Function):
    """The sign of a real number, 0 at 0, as opaque as :class:`Magnitude`."""

    nargs = 1

    def _eval_is_real(self):
        return self.args[0].is_real

    def fdiff(self, argindex=1):
        raise TermError("a sign jumps: it is differentiated by its own rule")


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
