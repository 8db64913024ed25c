"""One spelling for formulas that differ only in order, in names of indices, or by 0 and 1.

Nothing is multiplied out and nothing cancels: a sum stays a sum and a fraction a fraction, so
that a formula in solved form is told from the formula that it was solved from.
"""
from __future__ import annotations

from ..proof.term import BINDERS, EXTREMA, FUNCTIONS, Term, name, num, substitute

_MINUS = num(-1)  # no author can write it: -1 is a sign before 1


def spelling(term: Term, depth: int = 0) -> str:
    """The text that all such formulas share."""
    if term.op in ("add", "sub", "neg", "mul", "div"):
        parts = sorted(_product(*part, depth) for part in _summands(term, 1))
        return _sum([(sign, factors) for sign, factors in parts if factors != ["0"]])
    if term.op in BINDERS:
        variable, domain, body = term.args
        fresh = f"bound {depth}"
        body = substitute(body, {variable: name(fresh)})
        return f"{term.op}({fresh} in {spelling(domain, depth)}: {spelling(body, depth + 1)})"
    inner = (spelling(a, depth) if isinstance(a, Term) else str(a) for a in term.args)
    return f"{term.op}({', '.join(inner)})" if term.op not in ("num", "name") else next(inner)


def places(term: Term) -> frozenset[tuple[str, ...]]:
    """Which name stands inside which sums, powers and functions; arithmetic is left out.

    A line that only moves signs, numbers or summands about has those of the line above.
    """
    return frozenset(_places(term, (), frozenset()))


def kept(known: frozenset, now: frozenset) -> frozenset[tuple[str, ...]]:
    """The places of ``known`` that are among ``now``, perhaps inside of more than before.

    So a summand that cancels, or exp around log, takes nothing away.
    """
    return frozenset(place for place in known if any(_covered(place, other) for other in now))


def _covered(place: tuple[str, ...], other: tuple[str, ...]) -> bool:
    around = iter(other[:-1])
    return place[-1] == other[-1] and all(form in around for form in place[:-1])


def _places(term: Term, inside: tuple[str, ...], bound: frozenset[str]):
    if term.op in ("name", "index", "call") and term.args[0] not in bound | FUNCTIONS:
        yield (*inside, term.args[0])
    if term.op == "call":
        inside = (*inside, term.args[0])
    elif term.op not in ("add", "sub", "neg", "mul", "div", "index"):
        inside = (*inside, "optimum" if term.op in EXTREMA else term.op)
    if term.op in BINDERS:
        bound = bound | {term.args[0]}
    for child in term.children:
        yield from _places(child, inside, bound)


def _sum(parts: list[tuple[str, list[str]]]) -> str:
    match parts:
        case []:
            return "0"
        case [("+", [factor])] if not factor.startswith("/"):
            return factor
    return f"({''.join(sign + '; '.join(factors) for sign, factors in parts)})"


def _summands(term: Term, sign: int):
    """The terms of a sum with their signs."""
    match term:
        case Term("add", (left, right)):
            yield from (*_summands(left, sign), *_summands(right, sign))
        case Term("sub", (left, right)):
            yield from (*_summands(left, sign), *_summands(right, -sign))
        case Term("neg", (inner,)):
            yield from _summands(inner, -sign)
        case _:
            yield term, sign


def _product(term: Term, sign: int, depth: int) -> tuple[str, list[str]]:
    """A summand as its sign and its sorted factors; a divisor begins with a stroke."""
    factors = []
    for factor, stroke in _factors(term, ""):
        if factor == _MINUS:
            sign = -sign
        elif factor != num(1):
            factors.append(stroke + spelling(factor, depth))
    return "+" if sign > 0 else "-", sorted(factors) or ["1"]


def _factors(term: Term, stroke: str):
    """The factors of a product; divisors with a stroke."""
    match term:
        case Term("mul", (left, right)):
            yield from (*_factors(left, stroke), *_factors(right, stroke))
        case Term("div", (left, right)):
            yield from (*_factors(left, stroke), *_factors(right, "" if stroke else "/"))
        case Term("neg", (inner,)):
            yield from ((_MINUS, ""), *_factors(inner, stroke))
        case _:
            yield term, stroke
