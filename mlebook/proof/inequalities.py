"""Signs that can be read off a formula: certificates, and where they vanish."""
from __future__ import annotations

import sympy as sp

from .context import Context
from .half_lines import bounds
from .linear import Fact
from .objects import Above, Below
from .signs import nonnegative_in_cases
from .sums import is_zero
from .term import BINDERS, HALF_LINES, Term, free_names, fresh_name, name, num, substitute
from .translate import dimensions, entry, translate, unfold


def nonnegative(context: Context, term: Term) -> bool:
    """Non-negative by structure: squares, h of something positive, products and sums of such.

    Failing that, by linear arithmetic from the hypotheses, in each case of an absolute value.
    """
    about = (term, tuple(context.symbols.items()))
    return context.remembered("sign", about, lambda: _nonnegative(context, term))


def _nonnegative(context, term):
    match term.op:
        case "num":
            return term.args[0] >= 0
        case "pow" if term.args[1].op == "num" and term.args[1].args[0] % 2 == 0:
            return _real(context, term.args[0])
        case "call" if term.args[0] in ("abs", "sqnorm"):
            return _real(context, term.args[1])
        case "call" if term.args[0] == "max" and all(_real(context, c) for c in term.children):
            if any(nonnegative(context, c) for c in term.children):
                return True
        case "call" if term.args[0] == "h":
            return positive(context, term.args[1])
        case "call" if term.args[0] == "E":
            return nonnegative(context, term.args[1])
        case "call" if term.args[0] == "log" and _at_least_one(context, term.args[1]):
            return True
        case "sum" | "integral":
            return _inside(context, term, nonnegative)
        case "add" | "mul" | "div":
            if all(nonnegative(context, c) for c in term.children):
                return True
    return positive(context, term) or (
        _real(context, term) and nonnegative_in_cases(context, translate(term, context)))


def _at_least_one(context: Context, term: Term) -> bool:
    """1 + something non-negative, or provably more than 1."""
    if term.op == "add" and num(1) in term.children:
        return all(c == num(1) or nonnegative(context, c) for c in term.children)
    return positive(context, Term("sub", (term, num(1))))


def _real(context: Context, term: Term) -> bool:
    """Whether a formula certainly has a real value: sqrt(a)**2 is no square for a < 0."""
    term = unfold(term, context.definitions)
    if term.op == "call" and term.args[0] in ("log", "sqrt", "h"):
        return positive(context, term.args[1])
    if term.op == "pow" and _integer(term.args[1]) is None:
        return positive(context, term.args[0])
    if term.op in ("sum", "prod", "integral"):
        return _inside(context, term, _real)
    return all(_real(context, c) for c in term.children)


def _integer(exponent: Term) -> int | None:
    sign, exponent = (-1, exponent.args[0]) if exponent.op == "neg" else (1, exponent)
    return sign * exponent.args[0] if exponent.op == "num" else None


def positive(context: Context, term: Term) -> bool:
    """Provably positive; entries with a bound index are checked for a generic index."""
    if term.op == "sum":
        return _has_terms(context, term.args[1]) and _inside(context, term, positive)
    return context.positive(context.normal.factored(translate(term, context)))


def _inside(context, term, check) -> bool:
    """Check the body of a sum (of an integral) for every value of its bound variable."""
    variable, domain, body = term.args
    if domain.op == "set":
        return all(check(context, substitute(body, {variable: v})) for v in domain.args)
    kind = {"real": True} if term.op == "integral" else {"integer": True, "nonnegative": True}
    # No declared number has a space in its name; an inner bound variable of the same name is
    # another symbol wherever something is known about the outer one.
    symbol = sp.Symbol(f"bound {variable} {len(context.facts)}", **kind)
    facts = ()
    if domain.op in HALF_LINES:
        side = Below if domain.op == "below" else Above
        facts = bounds(symbol, side(translate(domain.args[0], context)))
    with context.declared({variable: symbol}), context.assuming(*facts):
        return check(context, body)


def _has_terms(context, domain) -> bool:
    """Whether a sum has at least one term: its size is not 0."""
    return domain.op == "set" or domain == name("N") or bool(
        translate(domain, context).is_positive)


def vanishes_only_at(context: Context, certificate: Term, parameter: str, point: Term) -> bool:
    """The certificate is non-negative, and positive unless the parameter equals the point."""
    return nonnegative(context, certificate) and (
        _has_one_root(context, certificate, parameter, point)
        or _positive_on_both_sides(context, certificate, parameter, point))


def _has_one_root(context, certificate, parameter, point) -> bool:
    """Some part of a non-negative certificate vanishes at the point only, by its structure."""
    match certificate.op:
        case "add":
            return all(nonnegative(context, c) for c in certificate.children) and any(
                vanishes_only_at(context, c, parameter, point) for c in certificate.children)
        case "mul" | "div":
            left, right = certificate.args
            return (vanishes_only_at(context, left, parameter, point)
                    and positive(context, right)) or (
                certificate.op == "mul" and positive(context, left)
                and vanishes_only_at(context, right, parameter, point))
        case "sum":
            return _each_entry_vanishes_only_at(context, certificate, parameter, point)
        case "pow":
            return _one_root(context, certificate.args[0], parameter, point)
        case "call" if certificate.args[0] == "abs":
            return _one_root(context, certificate.args[1], parameter, point)
        case "call" if certificate.args[0] == "sqnorm":
            vector = unfold(certificate.args[1], context.definitions)
            row = fresh_name("row", vector, point)
            square = Term("pow", (entry(vector, (name(row),), context), num(2)))
            size = name(*dimensions(vector, context))
            return _each_entry_vanishes_only_at(
                context, Term("sum", (row, size, square)), parameter, point)
        case "call" if certificate.args[0] == "h":
            return _one_root(context, Term("sub", (certificate.args[1], num(1))), parameter, point)
    return False


def _positive_on_both_sides(context, certificate, parameter, point) -> bool:
    """Positive where a real parameter is above the point, and positive where it is below."""
    symbol = context.symbols[parameter]
    if parameter in context.arrays or parameter in context.coordinates or symbol.is_integer:
        return False
    distance = symbol - translate(point, context)
    for side in (1, -1):
        with context.assuming(Fact(side * distance, strict=True)):
            if not _strictly_positive(context, certificate):
                return False
    return True


def _strictly_positive(context, term) -> bool:
    """Positive: one term of a sum is, and the others are not negative; or by cases."""
    match term.op:
        case "add" if all(nonnegative(context, c) for c in term.children):
            if any(_strictly_positive(context, c) for c in term.children):
                return True
        case "mul" if all(_strictly_positive(context, c) for c in term.children):
            return True
    return _real(context, term) and nonnegative_in_cases(
        context, translate(term, context), strict=True)


def _each_entry_vanishes_only_at(context, certificate, parameter, point) -> bool:
    """A sum over all entries of a vector parameter, each term pinning one entry."""
    variable, domain, body = certificate.args
    if dimensions(name(parameter), context) != domain.args:
        return False
    one = fresh_name("entry", body, point)
    body = _replace(body, parameter, variable, name(one))
    if parameter in free_names(body):
        return False
    at = entry(unfold(point, context.definitions), (name(variable),), context)
    index = sp.Symbol(f"any {variable}", integer=True, positive=True)
    sign = context.symbols[parameter](index).is_positive
    number = sp.Symbol(one, positive=True) if sign else sp.Symbol(one, real=True)
    with context.declared({one: number, variable: index}):
        return vanishes_only_at(context, body, one, at)


def _replace(term: Term, array: str, index: str, new: Term) -> Term:
    """A new name for the entry of an array at an index, but not where the index is bound anew."""
    if term == Term("index", (array, name(index))):
        return new
    if term.op in {*BINDERS, "array"} and term.args[0] == index:
        return term
    return term.with_children(tuple(_replace(c, array, index, new) for c in term.children))


def _one_root(context, base, parameter, point) -> bool:
    """The formula is strictly monotone in the parameter and zero at the point."""
    if dimensions(name(parameter), context):
        return False
    at = substitute(unfold(base, context.definitions), {parameter: point})
    slope = context.normal.factored(translate(Term("diff", (base, name(parameter))), context))
    return is_zero(context.normal, context.normal.table(translate(at, context))) and (
        context.positive(slope) or context.positive(context.normal.factored(-slope)))


def in_domain(context: Context, parameter: str, point: Term) -> bool:
    """Whether a point is provably a possible value of a parameter: real, its sign, its sum."""
    if parameter in context.constrained:
        return False  # not every value of its kind is a possible one
    if parameter in context.arrays:
        return _array_in_domain(context, parameter, point)
    value = translate(point, context)
    if context.symbols[parameter].is_integer or not _real(context, point):
        return False  # a size or an index: a whole number, perhaps with an upper limit
    if parameter in context.coordinates:  # strictly between 0 and 1
        return all(context.positive(context.normal.factored(v)) for v in (value, 1 - value))
    positive_only = context.symbols[parameter].is_positive
    return not positive_only or context.positive(context.normal.factored(value))


def _array_in_domain(context, parameter, point) -> bool:
    indices = tuple(f"entry {k}" for k in range(len(context.arrays[parameter])))
    symbols = {i: sp.Symbol(i, integer=True, positive=True) for i in indices}
    function = context.symbols[parameter]
    with context.declared(symbols):
        one = entry(unfold(point, context.definitions), tuple(map(name, indices)), context)
        if function(*symbols.values()).is_integer or not _real(context, one):
            return False  # bits, counts or labels
        if function(*symbols.values()).is_positive and not positive(context, one):
            return False
        for distribution, *_ in context.sums_to_one:
            if distribution == function:
                total = Term("sum", (indices[-1], name(context.arrays[parameter][-1]), one))
                rest = translate(total, context) - 1
                return is_zero(context.normal, context.normal.table(rest))
    return True
