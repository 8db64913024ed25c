"""Limits, by the rules of a first course: SymPy's own limits take unknown numbers for nonzero.

The variable is written as ±x with a positive x.  Sums, products, powers, exp and log have the
limits of their parts wherever that decides; a quotient 0/0 or ∞/∞ has the limit of the quotient
of the derivatives (L'Hôpital).  SymPy decides what holds no number but the variable.
"""
from __future__ import annotations

import sympy as sp
from sympy.core.function import AppliedUndef

from .objects import Expect, Sigma
from .sums import is_zero
from .term import TermError

_POINTS = {"0": sp.S.Zero, "oo": sp.oo, "-oo": sp.oo}
#: at most this many times the rule of L'Hôpital
_DEPTH = 3


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

    Raises :class:`TermError` where the limit is not decided.
    """
    variable = context.symbols[name]
    if e.has(Expect) and name in context.laws:
        raise TermError(f"the law behind E changes with {name}")
    if variable.is_integer and _made_for(context, e, variable):
        raise TermError(f"with {name} the data change, and what is made of them")
    x = sp.Dummy(name, positive=True)
    e = e.xreplace({variable: -x if to == "-oo" else x})
    if any(s.has(x) and (s.args[2].has(x) or not s.args[2].is_integer) for s in e.atoms(Sigma)):
        raise TermError("a limit is taken inside sums of a fixed number of terms only")
    limits = _Limits(context, x, _POINTS[to])
    try:
        return limits.of(e)
    except TermError:  # another form of it may do
        return limits.of(context.normal.factored(e))


def _made_for(context, e, size) -> bool:
    """Whether a formula holds something that may depend on a size: data, or what solves them."""
    ties = {context.symbols[name] for name in context.constrained if name in context.symbols}
    ties |= {index for index, limit in context.in_range if limit == size}
    return bool(e.atoms(AppliedUndef) or e.free_symbols & ties)


class _Limits:
    """The limits of formulas as a positive x tends to 0 (from above) or oo."""

    def __init__(self, context, x, point):
        self.context, self.x, self.point = context, x, point

    def of(self, e: sp.Expr, depth: int = _DEPTH) -> sp.Expr:
        """The limit: a finite formula, oo or -oo."""
        if not e.has(self.x):
            return e
        if e == self.x:
            return self.point
        if e.free_symbols == {self.x} and self._is_elementary(e):
            return self._by_sympy(e)
        if e.is_Add:
            return self._total(e, depth)
        if e.is_Mul:
            return self._product(e, depth)
        if e.is_Pow or isinstance(e, sp.exp):
            return self._power(*e.as_base_exp(), depth)
        if isinstance(e, sp.log):
            return self._logarithm(e.args[0], depth)
        if isinstance(e, Sigma):
            return self._sum(*e.args, depth)
        raise _undecided(e)

    # -- what is known about a formula ---------------------------------------------------

    def _sign(self, e) -> int:
        """1 or -1 if that is the sign; raises if it is not known."""
        if _infinite(e):
            return 1 if e is sp.oo else -1
        for sign in (1, -1):
            if self.context.positive(self.context.normal.factored(sign * e)):
                return sign
        raise TermError(f"the sign of {e} decides a limit")

    def _is_zero(self, value) -> bool:
        return not _infinite(value) and is_zero(
            self.context.normal, self.context.normal.table(value))

    def _is_elementary(self, e) -> bool:
        """Whether the variable stands in no functions but exp and log."""
        return all(isinstance(f, (sp.exp, sp.log)) or not f.has(self.x)
                   for f in e.atoms(sp.Function))

    # -- rules ---------------------------------------------------------------------------

    def _by_sympy(self, e):
        value = sp.limit(e, self.x, self.point, "-" if self.point is sp.oo else "+")
        if value.has(sp.Limit, sp.AccumBounds, self.x) or not (
                _infinite(value) or value.is_real):
            raise _undecided(e)
        return value

    def _total(self, e, depth):
        parts = [self.of(a, depth) for a in e.args]
        infinite = {value for value in parts if _infinite(value)}
        if len(infinite) > 1:
            raise _undecided(e)
        return infinite.pop() if infinite else sp.Add(*parts)

    def _product(self, e, depth):
        fixed, moving = e.as_independent(self.x, as_Add=False)
        if fixed != 1:
            value = self.of(moving, depth)
            return self._sign(fixed) * value if _infinite(value) else fixed * value
        top, bottom = _fraction(e)
        if bottom != 1:
            return self._quotient(top, bottom, depth)
        values = [self.of(factor, depth) for factor in e.args]
        if any(map(_infinite, values)):
            return sp.prod(map(self._sign, values)) * sp.oo
        return sp.Mul(*values)

    def _quotient(self, top, bottom, depth):
        above, below = self.of(top, depth), self.of(bottom, depth)
        if _infinite(below) and not _infinite(above):
            return sp.S.Zero
        if not _infinite(below) and not self._is_zero(below):
            sign = self._sign(below)  # so that it is not zero
            return sign * above if _infinite(above) else above / below
        if _infinite(above) == _infinite(below) and (_infinite(above) or self._is_zero(above)):
            if not depth or not self._is_elementary(top * bottom):
                raise _undecided(top / bottom)
            return self.of(sp.diff(top, self.x) / sp.diff(bottom, self.x), depth - 1)
        return self._sign(above) * self._sign(bottom) * sp.oo  # it divides by what vanishes

    def _power(self, base, exponent, depth):
        if base is sp.E:
            value = self.of(exponent, depth)
            return sp.S.Zero if value == -sp.oo else sp.exp(value)
        if exponent.has(self.x):
            raise _undecided(base**exponent)
        value, sign = self.of(base, depth), self._sign(exponent)
        if exponent.is_Integer and (sign > 0 or _infinite(value)):
            return value**exponent
        if _infinite(value) or self._is_zero(value):
            if self._sign(base) < 0:
                raise _undecided(base**exponent)
            return sp.oo if (sign > 0) == _infinite(value) else sp.S.Zero
        if self._sign(value) < 0 and not exponent.is_Integer:
            raise _undecided(base**exponent)
        return value**exponent

    def _logarithm(self, argument, depth):
        value = self.of(argument, depth)
        if self._sign(argument if self._is_zero(value) else value) < 0:
            raise _undecided(sp.log(argument))
        return -sp.oo if self._is_zero(value) else sp.log(value)

    def _sum(self, body, index, size, depth):
        """A sum over a fixed number of terms has the sum of their limits, if those are finite."""
        value = self.of(body, depth)
        if not value.is_real:
            raise TermError("the terms of a sum need finite limits")
        return Sigma(value, index, size)


def _infinite(value) -> bool:
    return value in (sp.oo, -sp.oo)


def _undecided(e):
    return TermError(f"the limit of {e} is not decided")


def _fraction(e):
    """The factors of a product, those with negative powers below the line."""
    top, bottom = [], []
    for factor in e.args:
        base, exponent = factor.as_base_exp()
        below = factor.is_Pow and exponent.is_number and exponent.is_negative
        (bottom if below else top).append(base**-exponent if below else factor)
    return sp.Mul(*top), sp.Mul(*bottom)
