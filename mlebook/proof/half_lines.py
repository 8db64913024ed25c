"""Integrals over half-lines, and over the line where the integrand has a kink.

Three rules, each linear in the integrand (the integrals written in this course exist):

* a line is split where an absolute value turns, ∫ f = ∫ up to c + ∫ from c on;
* polynomials times exponentials have closed forms, ∫₀^∞ uᵏ exp(-r u) du = k!/rᵏ⁺¹ for r > 0;
* whatever is left from c on is the whole line without the part up to c.
"""
from __future__ import annotations

import sympy as sp

from .linear import Fact
from .objects import REALS, Above, Below, BoundIndex, Magnitude, Sigma, Sign
from .term import TermError


def domain_of(normal, size):
    """A domain in normal form; its end may not depend on a bound variable."""
    if not isinstance(size, (Below, Above)):
        return size
    end = normal.canonical(size.args[0])
    if any(isinstance(s, BoundIndex) for s in end.free_symbols):
        raise TermError("the end of an integral depends on a bound variable")
    return size.func(end)


def bounds(x, domain) -> tuple[Fact, ...]:
    """What is known about a variable of integration; a single point such as the end is no area."""
    if isinstance(domain, Below):
        return (Fact(domain.args[0] - x, strict=True),)
    return (Fact(x - domain.args[0], strict=True),) if isinstance(domain, Above) else ()


def line_integral(context, inner, x, domain):
    """∫ inner dx by one of the rules; None if there is nothing to do."""
    if domain == REALS:
        kink = _kink(context, inner, x)
        if kink is None:
            return None
        return Sigma(inner, x, Below(kink)) + Sigma(inner, x, Above(kink))
    value = _exponential_integral(context, inner, x, domain)
    if value is None and isinstance(domain, Above):
        value = Sigma(inner, x, REALS) - Sigma(inner, x, Below(*domain.args))
    return value


def _kink(context, inner, x):
    """The first place at which an absolute value (a sign) in the integrand turns."""
    places = set()
    for part in inner.atoms(Magnitude, Sign):
        line = _slope_and_rest(part.args[0], x)
        if line is None or not part.args[0].is_real:
            continue
        slope, rest = line
        if not (context.positive(slope) or context.positive(sp.expand(-slope))):
            continue
        place = context.normal.canonical(-rest / slope)
        if not any(isinstance(s, BoundIndex) for s in place.free_symbols):
            places.add(place)
    return min(places, key=str) if places else None


def _slope_and_rest(e, x):
    """The a and b of e = a·x + b; None if e is no straight line in x, or level."""
    e = sp.expand(e)
    slope = e.coeff(x)
    rest = sp.expand(e - slope * x)
    return None if slope == 0 or slope.has(x) or rest.has(x) else (slope, rest)


def _exponential_integral(context, inner, x, domain):
    """∫ xᵏ exp(a x + b) dx over a half-line on which it decays; else None."""
    power, exponent = 0, sp.S.Zero
    for factor in sp.Mul.make_args(inner):
        base, k = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif base == x and k.is_Integer and k > 0:
            power += int(k)
        else:
            return None
    line = _slope_and_rest(exponent, x)
    if line is None:
        return None
    slope, rest = line
    end, direction = domain.args[0], 1 if isinstance(domain, Above) else -1
    rate = context.normal.factored(-direction * slope)
    if not context.positive(rate):
        return None
    # with x = end ± u: (end ± u)ᵏ is a binomial sum, and exp(a x + b) = exp(a·end + b)·exp(-rate·u)
    moments = sum(sp.binomial(power, j) * end ** (power - j) * direction**j
                  * sp.factorial(j) / rate ** (j + 1) for j in range(power + 1))
    return sp.exp(slope * end + rest) * moments
