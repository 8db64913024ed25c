"""Small algebra on SymPy expressions, used by the normal form of sums."""
from __future__ import annotations

import sympy as sp
from sympy.functions.combinatorial.numbers import stirling

from .objects import Factorial


def separate(product, indices):
    """Factors that depend on the indices, and the others."""
    inner, outer = sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(product):
        if factor.free_symbols & indices:
            inner *= factor
        else:
            outer *= factor
    return inner, outer


def hide_parts(e):
    """Replace everything but numbers, sums, products and whole powers by plain symbols.

    Returns the way back and the hidden expression.  Symbols keep their positivity.  Powers of
    one base with related exponents, such as exp(z), exp(-z) and exp(z/2 + 1), become whole
    powers of the same symbol.
    """
    forward, back = {}, {}
    steps = {}  # base and monomial of an exponent: the common denominator of its coefficients
    for x in _visible(e):
        for base, monomial, coefficient in _exponents(x):
            steps[base, monomial] = sp.ilcm(steps.get((base, monomial), 1), coefficient.q)

    def hide(x):
        if x.is_Number:
            return x
        if x.is_Add or x.is_Mul:
            return x.func(*map(hide, x.args))
        if x.is_Pow and x.exp.is_Integer:
            return hide(x.base) ** x.exp
        if parts := _exponents(x):
            return sp.Mul(*(power(*part) for part in parts))
        return symbol(x)

    def power(base, monomial, coefficient):
        if monomial == 1:
            return hide(base) ** coefficient
        step = steps[base, monomial]
        return symbol(base ** (monomial / step)) ** (coefficient * step)

    def symbol(x):
        if x not in forward:
            dummy = sp.Symbol(f"hidden_{len(forward)}", positive=x.is_positive or None,
                              nonnegative=x.is_nonnegative or None, real=x.is_real)
            forward[x], back[dummy] = dummy, x
        return forward[x]

    return back, hide(e)


def _visible(e):
    """The parts of sums, products and whole powers, down to what they are made of."""
    if e.is_Add or e.is_Mul:
        for a in e.args:
            yield from _visible(a)
    elif e.is_Pow and e.exp.is_Integer:
        yield from _visible(e.base)
    else:
        yield e
        for base, monomial, _ in _exponents(e):
            if monomial == 1:
                yield from _visible(base)


def _exponents(x):
    """A power as (base, monomial, rational coefficient) for each term of its exponent.

    bᵏ⁺ᵐ = bᵏ·bᵐ holds for b = e and for every positive b; another power has no such parts.
    """
    base, exponent = x.as_base_exp()
    if not (isinstance(x, sp.exp) or (x.is_Pow and base.is_positive and not exponent.is_number)):
        return []
    parts = [term.as_coeff_Mul() for term in sp.Add.make_args(exponent)]
    if not all(c.is_Rational and (m != 1 or c.is_Integer) for c, m in parts):
        return []
    return [(base, monomial, coefficient) for coefficient, monomial in parts]


def components(indices, product):
    """Split Σᵢⱼ aᵢ bⱼ into (Σᵢ aᵢ)(Σⱼ bⱼ): groups of indices that share no factor."""
    groups = []
    for factor in sp.Mul.make_args(product):
        used = tuple(pair for pair in indices if pair[0] in factor.free_symbols)
        touching = [g for g in groups if set(g[0]) & set(used)]
        for g in touching:
            groups.remove(g)
            used += tuple(pair for pair in g[0] if pair not in used)
            factor *= g[1]
        groups.append((used, factor))
    lonely = [pair for pair in indices if not any(pair in used for used, _ in groups)]
    return groups + [((pair,), sp.S.One) for pair in lonely]


def vanishes_as_fraction(e: sp.Expr) -> bool:
    _, plain = hide_parts(e)
    return sp.expand(sp.together(plain).as_numer_denom()[0]) == 0


def gaussian_integral(inner, x):
    """∫ xᵏ exp(-a x² + b x) dx over the real line, a > 0; None for another integrand.

    Completing the square gives √(π/a)·exp(b²/4a)·E[Xᵏ] for a normal X with mean b/2a
    and variance 1/2a, whose moments obey m_k = mean·m_{k-1} + (k-1)·variance·m_{k-2}.
    """
    power, exponent = 0, sp.S.Zero
    for factor in sp.Mul.make_args(inner):
        base, k = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif base == x and k.is_Integer and k > 0:
            power += int(k)
        else:
            return None
    polynomial = sp.Poly(sp.expand(exponent), x) if exponent.is_polynomial(x) else None
    if polynomial is None or polynomial.degree() != 2:
        return None
    minus_a, b, c = polynomial.all_coeffs()
    a = sp.factor(-minus_a)
    if not a.is_positive:
        return None
    mean, variance = b / (2 * a), 1 / (2 * a)
    moments = [sp.S.One, mean]
    while len(moments) <= power:
        k = len(moments)
        moments.append(mean * moments[k - 1] + (k - 1) * variance * moments[k - 2])
    return sp.sqrt(sp.pi / a) * sp.exp(sp.cancel(b**2 / (4 * a) + c)) * moments[power]


def poisson_sum(inner, y):
    """Σ yᵏ bʸ/y! over y = 0, 1, 2, …; None for another summand.

    It is exp(b)·Σⱼ S(k, j) bʲ with the Stirling numbers S of the second kind, since
    yᵏ = Σⱼ S(k, j) y(y-1)⋯(y-j+1) and each falling factorial shifts the series.
    """
    power, base, factorials = 0, sp.S.One, 0
    for factor in sp.Mul.make_args(inner):
        b, k = factor.as_base_exp()
        if b == y and k.is_Integer and k > 0:
            power += int(k)
        elif k == y and y not in b.free_symbols:
            base *= b
        elif isinstance(b, Factorial) and b.args == (y,) and k == -1:
            factorials += 1
        else:
            return None
    if factorials != 1:
        return None
    moments = sum(stirling(power, j) * base**j for j in range(power + 1))
    return sp.exp(base) * moments
