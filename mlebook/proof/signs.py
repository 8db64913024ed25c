"""Absolute values and signs: what the hypotheses say about them, and proofs by cases.

|z| is z where z ≥ 0 is known, and -z where z ≤ 0 is known (linear arithmetic from the
hypotheses, :mod:`.linear`).  Otherwise it stays as it is; then a claim is proved twice, once
supposing z ≥ 0 and once supposing z ≤ 0.  One of the two is always true.
"""
from __future__ import annotations

import sympy as sp

from .algebra import vanishes_as_fraction
from .linear import Fact, follows, impossible
from .objects import Magnitude, Sigma, Sign

#: at most this many nested cases
_DEPTH = 6


# --- what is known ---------------------------------------------------------------------


def at_least_zero(context, e: sp.Expr) -> bool:
    """Provably e ≥ 0: by SymPy's assumptions, or by linear arithmetic from the facts."""
    if e.is_nonnegative or context.positive(e):
        return True
    facts = context.facts_about(e)
    return bool(facts) and follows(e, facts)


def never_zero(context, e: sp.Expr) -> bool:
    """Provably e ≠ 0: by its sign, or since a hypothesis says so."""
    if context.positive(e) or context.positive(sp.expand(-e)):
        return True
    return any((ratio := sp.cancel(e / known)).is_number and ratio != 0
               for known in context.known_nonzero(e))


# --- |z| and sign(z) in the normal form --------------------------------------------------


def magnitude(context, e: sp.Expr) -> list[sp.Expr]:
    """The size |e| as a list of factors: |a·b| = |a|·|b|, and every known sign is used."""
    e = context.normal.factored(e)
    if e.is_real is not True:
        return [Magnitude(e)]
    factors = []
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp()
        if exponent.is_Integer and not base.is_number:
            factors.append(_one_magnitude(context, base) ** exponent)
        else:
            factors.append(_one_magnitude(context, factor))
    return factors


def _one_magnitude(context, e):
    if e.is_number:
        return sp.Abs(e)
    if at_least_zero(context, e):
        return e
    if at_least_zero(context, sp.expand(-e)):
        return -e
    return Magnitude(_oriented(e)[1])


def sign(context, e: sp.Expr) -> list[sp.Expr]:
    """The sign of e as a list of factors."""
    e = context.normal.factored(e)
    if e.is_real is not True:
        return [Sign(e)]
    factors = []
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp()
        if exponent.is_Integer and exponent > 0 and not base.is_number:
            factors.append(_one_sign(context, base) ** exponent)
        else:
            factors.append(_one_sign(context, factor))
    return factors


def _one_sign(context, e):
    if e.is_number:
        return sp.sign(e)
    if context.positive(e):
        return sp.S.One
    if context.positive(sp.expand(-e)):
        return sp.S.NegativeOne
    turned, e = _oriented(e)
    return turned * Sign(e)


def _oriented(e):
    """Of z and -z always the same one, and the factor that was taken out."""
    turned = sp.S.NegativeOne if e.could_extract_minus_sign() else sp.S.One
    return turned, sp.expand(turned * e) if e.is_Add else turned * e


def fold_powers(product: sp.Expr) -> tuple[sp.Expr, bool]:
    """|z|² = z², |z|·sign z = z and sign³ = sign in one product.  Returns (product, changed)."""
    powers = {f.as_base_exp()[0]: f.as_base_exp()[1] for f in sp.Mul.make_args(product)}
    for base, k in powers.items():
        if not isinstance(base, (Magnitude, Sign)) or not k.is_Integer:
            continue
        z = base.args[0]
        if z.is_real is not True:
            continue
        if isinstance(base, Magnitude) and k != 1:
            new = z**k if k % 2 == 0 else base * z ** (k - 1)
        elif isinstance(base, Magnitude) and (other := powers.get(Sign(z), sp.S.Zero)) \
                .is_Integer and other > 0:
            new, k, base = (z if other % 2 else base), 1, base * Sign(z) ** other
        elif isinstance(base, Sign) and k > 2:
            new = base ** (2 - k % 2)
        else:
            continue
        return product / base**k * new, True
    return product, False


def fold_aligned(product: sp.Expr, aligned) -> tuple[sp.Expr, bool]:
    """cₖ wₖ = λ|wₖ| in one product, for each (c, w, λ) of which a hypothesis says so."""
    powers = {f.as_base_exp()[0]: f.as_base_exp()[1] for f in sp.Mul.make_args(product)}
    for c, w, penalty in aligned:
        for base, k in powers.items():
            other = c(*base.args) if base.func == w else None
            if other in powers and all(p.is_Integer and p > 0 for p in (k, powers[other])):
                return product / (base * other) * penalty * Magnitude(base), True
    return product, False


# --- proofs by cases ---------------------------------------------------------------------


def vanishes(context, e: sp.Expr, depth: int = 0) -> bool:
    """Whether e is zero, as a fraction or in each of the cases of its absolute values."""
    if vanishes_as_fraction(e):
        return True
    z = _undecided(e)
    if z is None or depth == _DEPTH:
        return False
    return _in_each_case(context, e, z, lambda branch: vanishes(context, branch, depth + 1))


def nonnegative_in_cases(context, e: sp.Expr, strict: bool = False, depth: int = 0) -> bool:
    """Whether e ≥ 0 (> 0 if strict) by linear arithmetic, in each case of its absolute values."""
    e = context.normal.canonical(e)
    if follows(e, context.facts_about(e), strict) or _by_factors(context, e, strict):
        return True
    z = _undecided(e)
    if z is None or depth == _DEPTH:
        return False
    return _in_each_case(context, e, z, lambda branch: nonnegative_in_cases(
        context, branch, strict, depth + 1))


def _by_factors(context, e, strict):
    """Whether the signs of the factors decide."""
    e = context.normal.factored(e)
    total = 1
    for factor in sp.Mul.make_args(e):
        base, exponent = factor.as_base_exp()
        whole = exponent.is_Integer and base.is_real
        if whole and exponent % 2 == 0:
            if strict and not never_zero(context, base):
                return False
            continue
        part = base if whole else factor
        facts = context.facts_about(part)
        if follows(part, facts, strict):
            continue
        if not follows(sp.expand(-part), facts, strict):
            return False
        total = -total
    return total > 0


def _undecided(e) -> sp.Expr | None:
    """The argument of an absolute value (a sign) outside sums, whose cases are to be tried."""
    found = set()

    def look(part):
        if isinstance(part, (Magnitude, Sign)) and part.args[0].is_real:
            found.add(part.args[0])
        if not isinstance(part, Sigma):
            for a in part.args:
                look(a)

    look(e)
    inner_first = sorted(found, key=lambda z: (z.has(Magnitude, Sign), sp.count_ops(z), str(z)))
    return inner_first[0] if inner_first else None


def _in_each_case(context, e, z, claim) -> bool:
    """Whether a claim about e holds where z ≥ 0 and where z ≤ 0 (z = 0, if its sign matters)."""
    cases = [((Fact(z),), z, 1), ((Fact(-z),), -z, -1)]
    if e.has(Sign(z)):
        cases = [((Fact(z, strict=True),), z, 1), ((Fact(-z, strict=True),), -z, -1),
                 ((Fact(z), Fact(-z)), sp.S.Zero, 0)]
    for facts, size, direction in cases:
        with context.assuming(*facts):
            if impossible(context.facts_about(z)):
                continue  # the hypotheses rule this case out
            branch = e.xreplace({Magnitude(z): size, Sign(z): sp.Integer(direction)})
            if direction == 0:
                branch = _where_zero(branch, z)
            if not claim(context.normal.canonical(branch)):
                return False
    return True


def _where_zero(e, z):
    """The formula where z = 0: one symbol or entry of z is written through the others."""
    z = sp.expand(z)
    for atom in sorted(z.as_coefficients_dict(), key=str):
        coefficient = z.coeff(atom)
        rest = sp.expand(z - coefficient * atom)
        plain = atom.is_Symbol or (atom.is_Function and not isinstance(atom, Sigma))
        if plain and coefficient.is_Rational and not rest.has(atom):
            return e.xreplace({atom: -rest / coefficient})
    return e
