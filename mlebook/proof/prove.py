"""The prover: is this line a consequence of the line above?  Symbolic, generic sizes.

``prove`` answers with a :class:`Proof`: yes, or no with the residual that did not vanish.
"No" means "not proved", not "false"; finding counterexamples is the refuter's work.
"""
from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy.core.parameters import global_parameters

from . import relations as rel
from .context import Context
from .inequalities import in_domain, nonnegative, vanishes_only_at
from .limits import limit, may_tend
from .objects import Expect
from .residual import readable
from .sums import is_zero
from .term import Term, TermError, name, parse, substitute
from .translate import depends_on, dimensions, entry, translate, unfold

EXTREMA = ("argmin", "argmax")


@dataclass(frozen=True)
class Proof:
    """The prover's answer, with what was left over if it failed."""

    holds: bool
    residual: str = ""

    def __bool__(self):
        return self.holds


YES = Proof(True)


def prove(context: Context, left: Term, relation: rel.Relation, right: Term) -> Proof:
    """Prove that ``right`` follows from ``left`` by ``relation``."""
    if not global_parameters.evaluate:
        raise RuntimeError("verify() must not run inside sympy.evaluate(False)")
    rule = _RULES[type(relation)]
    try:
        return rule(context, left, relation, right)
    except (TermError, NotImplementedError, ArithmeticError, sp.PolynomialError,
            RecursionError) as error:
        return Proof(False, str(error))


# --- equality ------------------------------------------------------------------------


def equal(context: Context, left: Term, right: Term) -> Proof:
    """Whether two terms about numbers, vectors or matrices are equal."""
    sizes = dimensions(unfold(left, context.definitions), context)
    if dimensions(unfold(right, context.definitions), context) != sizes:
        return Proof(False, "the two sides have different sizes")
    if sizes:
        indices = tuple(name(f"entry {k}") for k in range(len(sizes)))
        for index, size in zip(indices, sizes, strict=True):
            symbol = sp.Symbol(index.args[0], integer=True, positive=True)
            context.symbols[index.args[0]] = symbol
            context.in_range.append((symbol, context.symbols[size]))
        left, right = (entry(unfold(t, context.definitions), indices, context)
                       for t in (left, right))
    difference = translate(left, context) - translate(right, context)
    return vanishes(context, difference)


def vanishes(context: Context, difference: sp.Expr) -> Proof:
    table = context.normal.table(difference)
    if is_zero(context.normal, table):
        return YES
    return Proof(False, readable(context, context.normal.expression(table)))


def _equal(context, left, relation, right):
    if left.op in EXTREMA or right.op in EXTREMA:
        if left.op != right.op or left.args[0] != right.args[0]:
            return Proof(False, "arg min and arg max, or two parameters, are mixed")
        left, right = left.args[1], right.args[1]
    return equal(context, left, right)


# --- same minimiser -------------------------------------------------------------------


def _same_minimiser(context, left, relation, right):
    if left.op not in EXTREMA or right.op not in EXTREMA or left.args[0] != right.args[0]:
        return Proof(False, "both lines must be an arg min or arg max over one parameter")
    parameter, f = left.args
    g = right.args[1]
    a, c = parse(relation.a), parse(relation.c)
    for label, witness in (("a", a), ("c", c)):
        if depends_on(witness, parameter, context):
            return Proof(False, f"the witness {label} = {witness} depends on {parameter}")
    if parameter in context.tied:
        return Proof(False, f"a hypothesis ties {parameter} to what the witnesses may hold")
    if not depends_on(g, parameter, context):
        return Proof(False, f"{g} does not depend on {parameter}: every {parameter} minimises it")
    flipped = left.op != right.op
    sign = -1 if flipped else 1
    if not context.positive(context.normal.factored(sign * translate(a, context))):
        wanted = "negative" if flipped else "positive"
        return Proof(False, f"the witness a = {a} is not provably {wanted}")
    return equal(context, f, Term("add", (Term("mul", (a, g)), c)))


def _take_log(context, left, relation, right):
    if left.op not in EXTREMA or right.op != left.op or left.args[0] != right.args[0]:
        return Proof(False, "both lines must be the same arg min or arg max")
    f, g = left.args[1], right.args[1]
    if not context.positive(context.normal.factored(translate(f, context))):
        return Proof(False, f"{f} is not provably positive")
    return equal(context, Term("call", ("log", f)), g)


# --- inequalities ---------------------------------------------------------------------


def _at_least(context, left, relation, right):
    certificate = parse(relation.certificate)
    if not nonnegative(context, certificate):
        return Proof(False, f"the certificate {certificate} is not non-negative by structure")
    return equal(context, Term("sub", (left, right)), certificate)


def _greater(context, left, relation, right):
    difference = context.normal.factored(translate(left, context) - translate(right, context))
    if context.positive(difference):
        return YES
    return Proof(False, f"{readable(context, difference)} is not provably positive")


def _attained(context, left, relation, right):
    if left.op not in EXTREMA:
        return Proof(False, "the line above must be an arg min or arg max")
    parameter, f = left.args
    if depends_on(right, parameter, context):
        return Proof(False, f"{right} must not depend on {parameter}")
    certificate = parse(relation.certificate)
    if not nonnegative(context, certificate):
        return Proof(False, f"the certificate {certificate} is not non-negative by structure")
    if relation.unique and not vanishes_only_at(context, certificate, parameter, right):
        return Proof(False, f"the certificate {certificate} may vanish for another {parameter}")
    if not in_domain(context, parameter, right):
        return Proof(False, f"{right} is not provably a possible value of {parameter}")
    at = substitute(unfold(f, context.definitions), {parameter: right})
    excess = Term("sub", (f, at) if left.op == "argmin" else (at, f))
    return equal(context, excess, certificate)


def _by_convexity(context, left, relation, right):
    if left.op not in EXTREMA or dimensions(name(left.args[0]), context):
        return Proof(False, "the line above must be an arg min or arg max over a number")
    parameter, f = left.args
    if depends_on(right, parameter, context):
        return Proof(False, f"{right} must not depend on {parameter}")
    first = Term("diff", (unfold(f, context.definitions), name(parameter)))
    at_point = substitute_derivative(context, first, parameter, right)
    zero = vanishes(context, at_point)
    if not zero:
        return Proof(False, f"the slope at {right} is {zero.residual}, not 0")
    sign = 1 if left.op == "argmin" else -1
    second = translate(Term("diff", (first, name(parameter))), context)
    if not context.positive(context.normal.factored(sign * second)):
        return Proof(False, f"the second derivative {second} is not provably of one sign")
    if not in_domain(context, parameter, right):
        return Proof(False, f"{right} is not provably a possible value of {parameter}")
    return YES


def substitute_derivative(context, first: Term, parameter: str, point: Term) -> sp.Expr:
    """The value of a derivative at a point."""
    slope = context.normal.canonical(translate(first, context))
    value = translate(point, context)
    if parameter in context.coordinates:
        coordinate = context.coordinates[parameter][0]
        return slope.subs(coordinate, 1 / value - 1)
    return slope.subs(context.symbols[parameter], value)


# --- limits and theorems --------------------------------------------------------------


def _limit(context, left, relation, right):
    if not may_tend(context, relation.variable, relation.to):
        return Proof(False, f"{relation.variable} cannot tend to {relation.to}: it must be a real "
                            "or positive number, or a size that tends to oo")
    value = limit(context, translate(left, context), relation.variable, relation.to)
    expected = translate(right, context)
    if value == expected:
        return YES
    if value.is_infinite or expected.is_infinite:
        return Proof(False, f"the limit is {value}")
    return vanishes(context, value - expected)


def _by_theorem(context, left, relation, right):
    if relation.theorem != "law of large numbers":
        return Proof(False, f"unknown theorem {relation.theorem!r}")
    # Precondition: independent labels from one law over finitely many classes, so that
    # the summand takes finitely many finite values and its expectation exists.
    if not context.label_laws:
        return Proof(False, "no hypothesis says that the data are independent draws from one law")
    size = context.symbols.get(relation.variable)
    mean = translate(left, context)
    if not all(_is_sample_mean(context, size, *entry) for entry in context.normal.table(mean)):
        return Proof(False, f"{left} is not a mean over {relation.variable} draws")
    expectation = context.normal.canonical(Expect(mean))
    if expectation.has(Expect) or expectation.has(size):
        return Proof(False, f"the expectation of {left} is not known, or depends on its size")
    return vanishes(context, expectation - translate(right, context))


def _is_sample_mean(context, size, indices, product) -> bool:
    """1/n · Σᵢ g(xᵢ), or a number free of the draws and of n.

    A single draw x₁ keeps its randomness and a weighted mean may keep it too: their
    expectation is no limit.
    """
    draws = {a for a in product.atoms(sp.Function) if a.func in context.label_laws}
    if not draws:
        return not product.has(size) and all(limit != size for _, limit in indices)
    if len(draws) > 1:
        return False
    (draw,) = draws
    own = [pair for pair in indices if pair == (draw.args[0], size)]
    others = [limit for index, limit in indices if index != draw.args[0]]
    summand = (product * size).xreplace({draw: sp.Symbol("draw", integer=True, positive=True)})
    return (bool(own) and context.sample_sizes[draw.func] == size and size not in others
            and not summand.free_symbols & {draw.args[0], size})


_RULES = {
    rel.Equal: _equal, rel.SameMinimiser: _same_minimiser, rel.TakeLog: _take_log,
    rel.AtLeast: _at_least, rel.Greater: _greater, rel.Attained: _attained,
    rel.ByConvexity: _by_convexity, rel.Limit: _limit, rel.ByTheorem: _by_theorem,
}

__all__ = ["Proof", "equal", "prove"]
