"""Derivatives of formulas with sums, integrals and absolute values, by the chain rule."""
from __future__ import annotations

import sympy as sp
from sympy.core.function import AppliedUndef

from .objects import Above, Below, Expect, Magnitude, Sigma, Sign
from .signs import never_zero
from .term import TermError


def derivative(e: sp.Expr, slope, variable, context) -> sp.Expr:
    """The derivative of e by a variable, by the chain rule, safe for sums.

    ``variable`` is a symbol, or the function that stands for a vector; ``slope(atom)`` is
    then the derivative of one of its entries (a Kronecker delta).  Sums, entries and
    unspecified functions are replaced by plain symbols before SymPy differentiates, so no
    index can be captured.
    """
    if isinstance(e, Sigma):
        return (Sigma(derivative(e.args[0], slope, variable, context), *e.args[1:])
                + _moving_end(e, slope, variable, context))
    inner = {}
    _collect(e, variable, inner)
    plain = e.xreplace(inner)
    total = sp.S.Zero
    for part, dummy in inner.items():
        if isinstance(part, Sigma):
            rate = derivative(part, slope, variable, context)
        elif isinstance(part, (Magnitude, Sign)):
            rate = _derivative_of_sign(part, slope, variable, context)
        elif part == variable or part.func == variable:
            rate = slope(part)
        else:
            rate = context.function_derivative(part, variable)
        total += sp.diff(plain, dummy) * rate
    back = {dummy: part for part, dummy in inner.items()}
    return total.xreplace(back)


def _moving_end(e, slope, variable, context):
    """Leibniz: what an integral gains at an end that moves with the variable."""
    body, x, domain = e.args
    if not isinstance(domain, (Below, Above)) or not domain.has(variable):
        return sp.S.Zero
    if not isinstance(variable, sp.Symbol) or not body.is_polynomial(variable) \
            or body.has(Magnitude, Sign, sp.KroneckerDelta):
        raise TermError("the integrand is no polynomial in the variable of the derivative")
    if rough := [a for a in body.atoms(AppliedUndef) if a.has(x) and not _continuous(a, context)]:
        raise TermError(f"{rough[0].func} may jump at the end of the integral")
    side = 1 if isinstance(domain, Below) else -1
    end = domain.args[0]
    return side * derivative(end, slope, variable, context) * body.xreplace({x: end})


def _continuous(value, context) -> bool:
    return value.func in context.continuous


def _derivative_of_sign(part, slope, variable, context):
    """|z|' = sign(z)·z' and sign(z)' = 0 where z is not zero; at zero there is no derivative."""
    z = part.args[0]
    if not never_zero(context, z):
        raise TermError(f"|{z}| has no derivative where {z} is 0, and nothing says that it is not")
    if isinstance(part, Sign):
        return sp.S.Zero
    return Sign(z) * derivative(z, slope, variable, context)


def _collect(e, variable, found):
    """The outermost sums, unspecified functions and occurrences of the variable."""
    if isinstance(e, Expect):
        raise TermError("an expectation that is not known cannot be differentiated")
    if isinstance(e, sp.KroneckerDelta) and e.has(variable):
        raise TermError("a Kronecker delta cannot be differentiated")
    of_it = isinstance(e, (AppliedUndef, Magnitude, Sign)) and e.has(variable)
    if isinstance(e, Sigma) or e == variable or e.func == variable or of_it:
        if e not in found:
            found[e] = sp.Dummy(positive=e.is_positive, real=True)
        return
    for a in e.args:
        _collect(a, variable, found)
