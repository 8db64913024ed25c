"""Linear arithmetic: which sign follows from which inequalities?  Exact, by elimination.

A formula is a sum of rational multiples of *monomials* (products of symbols, entries, sums,
absolute values, …).  Monomials are taken as unknowns, so "a·w" is one unknown.  From known
inequalities such as ``upper - m ≥ 0`` and ``m - lower ≥ 0`` Fourier–Motzkin elimination
decides whether ``upper - lower ≥ 0`` follows.
"""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy as sp

from .algebra import hide_parts

#: elimination squares the number of inequalities at worst; beyond this nothing is decided
_TOO_MANY = 400


@dataclass(frozen=True)
class Fact:
    """``e ≥ 0``, or ``e > 0`` if strict."""

    e: sp.Expr
    strict: bool = False


@dataclass(frozen=True)
class _Row:
    """Constant + Σ coefficient·unknown ≥ 0 (> 0 if strict)."""

    coefficients: tuple[tuple[sp.Expr, Fraction], ...]
    constant: Fraction
    strict: bool

    def coefficient(self, unknown) -> Fraction | int:
        return next((c for u, c in self.coefficients if u == unknown), 0)


def follows(goal: sp.Expr, facts, strict: bool = False) -> bool:
    """Whether ``goal ≥ 0`` (``> 0`` if strict) follows from the facts: its contrary cannot be."""
    contrary = Fact(-goal, not strict)
    return impossible([contrary, *facts])


def impossible(facts) -> bool:
    """Whether no numbers satisfy all the facts."""
    rows = {row for fact in facts for row in _rows(fact)}
    rows.update(row for unknown in _unknowns(rows) for row in _known_sign(unknown))
    while True:
        if any(_absurd(row) for row in rows):
            return True
        unknowns = _unknowns(rows)
        if not unknowns or len(rows) > _TOO_MANY:
            return False
        rows = _eliminate(min(unknowns, key=lambda u: (_cost(u, rows), str(u))), rows)


@lru_cache(maxsize=4096)
def _rows(fact) -> tuple[_Row, ...]:
    """A fact as a row; a fraction over something positive counts by its numerator."""
    back, plain = hide_parts(fact.e)
    top, bottom = sp.fraction(sp.together(plain))
    if not bottom.is_positive:
        top, bottom = (-top, -bottom) if bottom.is_negative else (plain, sp.S.One)
    constant, coefficients = Fraction(0), []
    for monomial, coefficient in sp.expand(top).as_coefficients_dict().items():
        if not coefficient.is_Rational:
            return ()
        value = Fraction(int(coefficient.p), int(coefficient.q))
        if monomial == 1:
            constant = value
        elif value:
            coefficients.append((monomial.xreplace(back), value))
    return (_Row(_ordered(coefficients), constant, fact.strict),)


def _ordered(coefficients) -> tuple:
    return tuple(sorted(coefficients, key=lambda item: _name(item[0])))


@lru_cache(maxsize=4096)
def _name(unknown) -> str:
    return str(unknown)


@lru_cache(maxsize=4096)
def _known_sign(unknown) -> tuple[_Row, ...]:
    """What SymPy's assumptions say about an unknown."""
    if unknown.is_nonnegative:
        return (_Row(((unknown, Fraction(1)),), Fraction(0), bool(unknown.is_positive)),)
    if unknown.is_nonpositive:
        return (_Row(((unknown, Fraction(-1)),), Fraction(0), bool(unknown.is_negative)),)
    return ()


def _unknowns(rows):
    return {unknown for row in rows for unknown, _ in row.coefficients}


def _absurd(row) -> bool:
    return not row.coefficients and (row.constant < 0 or (row.strict and row.constant == 0))


def _cost(unknown, rows):
    signs = [row.coefficient(unknown) for row in rows]
    return sum(s > 0 for s in signs) * sum(s < 0 for s in signs)


def _eliminate(unknown, rows):
    """The rows that say the same about all other unknowns."""
    up = [r for r in rows if r.coefficient(unknown) > 0]
    down = [r for r in rows if r.coefficient(unknown) < 0]
    kept = {r for r in rows if r.coefficient(unknown) == 0}
    kept.update(_sum(u, -d.coefficient(unknown), d, u.coefficient(unknown))
                for u in up for d in down)
    return kept


def _sum(first, a, second, b):
    """The row a·first + b·second, for positive a and b."""
    total = {}
    for row, factor in ((first, a), (second, b)):
        for unknown, coefficient in row.coefficients:
            total[unknown] = total.get(unknown, 0) + factor * coefficient
    rest = _ordered((u, c) for u, c in total.items() if c != 0)
    return _Row(rest, a * first.constant + b * second.constant, first.strict or second.strict)
