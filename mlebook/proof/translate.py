"""From terms to SymPy, for the prover: unfold definitions, matrices to entries, derivatives."""
from __future__ import annotations

import operator

import sympy as sp

from .derivatives import derivative
from .objects import (
    NATURALS,
    REALS,
    Above,
    Below,
    BoundIndex,
    Expect,
    Factorial,
    H,
    Magnitude,
    Sigma,
    Sign,
)
from .term import HALF_LINES, Term, TermError, free_names, name, num, substitute, walk

_CONSTANTS = {"pi": sp.pi, "oo": sp.oo}
_CALLS = {"log": sp.log, "exp": sp.exp, "sqrt": sp.sqrt, "abs": Magnitude, "h": H, "sign": Sign,
          "max": lambda a, b: (a + b + Magnitude(a - b)) / 2,
          "factorial": Factorial, "delta": sp.KroneckerDelta, "E": Expect}
_ARITHMETIC = {"add": operator.add, "sub": operator.sub, "mul": operator.mul,
               "div": operator.truediv, "pow": operator.pow}


def unfold(term: Term, definitions: dict) -> Term:
    """Put the body of each definition in place of its name."""
    term = term.with_children(tuple(unfold(c, definitions) for c in term.children))
    if term.op in ("name", "index", "call") and term.args[0] in definitions:
        definition = definitions[term.args[0]]
        arguments = term.args[1:]
        if definition.sizes and term.op == "name":
            return _whole(definition, definitions)
        if len(arguments) != len(definition.parameters):
            raise TermError(f"{definition.name} takes {len(definition.parameters)} "
                            f"argument(s), got {len(arguments)} in {term}")
        body = substitute(definition.unfolded_body(),
                          dict(zip(definition.parameters, arguments, strict=True)))
        return unfold(body, definitions)
    return term


def _whole(definition, definitions) -> Term:
    """A defined vector or matrix with its entries written out: a body for every index."""
    body = unfold(definition.unfolded_body(), definitions)
    for index, size in reversed([*zip(definition.parameters, definition.sizes, strict=True)]):
        body = Term("array", (index, name(size), body))
    return body


def dimensions(term: Term, context) -> tuple[str, ...]:
    """The sizes of a term: () for a number, ("n",) for a vector, ("n", "d") for a matrix."""
    match term.op:
        case "name" if term.args[0] in context.arrays:
            return context.arrays[term.args[0]]
        case "array":
            return (term.args[1].args[0], *dimensions(term.args[2], context))
        case "transpose":
            return dimensions(term.args[0], context)[::-1]
        case "matmul":
            left, right = (dimensions(c, context) for c in term.children)
            if not left or not right or left[-1] != right[0]:
                raise TermError(f"sizes do not fit in {term}: {left} and {right}")
            return left[:-1] + right[1:]
        case "diff":
            return dimensions(term.args[1], context)
        case "mul" | "div":
            left, right = (dimensions(c, context) for c in term.children)
            if right and (left or term.op == "div"):
                raise TermError(f"an array times or divided by an array: {term}")
            return left or right
        case "add" | "sub" | "neg":
            shapes = {dimensions(c, context) for c in term.children}
            if len(shapes) > 1:
                raise TermError(f"sizes do not fit in {term}: {sorted(shapes)}")
            return shapes.pop()
    return ()


def entry(term: Term, indices: tuple[Term, ...], context) -> Term:
    """One entry of a vector or matrix term, as a term about numbers."""
    if not dimensions(term, context) and term.op != "matmul":
        return term
    match term.op:
        case "name":
            return Term("index", (term.args[0], *indices))
        case "array":
            body = substitute(term.args[2], {term.args[0]: indices[0]})
            return entry(body, indices[1:], context)
        case "transpose":
            return entry(term.args[0], indices[::-1], context)
        case "matmul":
            left, right = term.children
            size = dimensions(left, context)[-1]
            # no author can write a name with a space, so nothing is captured
            bound = f"k {len(str(term))} {indices[0] if indices else 0}"
            rows = len(dimensions(left, context)) - 1
            body = Term("mul", (entry(left, (*indices[:rows], name(bound)), context),
                                entry(right, (name(bound), *indices[rows:]), context)))
            return Term("sum", (bound, name(size), body))
        case "diff":
            return Term("diff", (term.args[0], entry(term.args[1], indices, context)))
    return term.with_children(tuple(entry(c, indices, context) for c in term.children))


def translate(term: Term, context) -> sp.Expr:
    """The SymPy expression of a term about numbers.  Definitions are unfolded first."""
    return _Translator(context).expression(unfold(term, context.definitions), {})


class _Translator:
    def __init__(self, context):
        self.context = context

    def expression(self, term: Term, bound: dict) -> sp.Expr:
        args = term.args
        match term.op:
            case "num":
                return sp.Integer(args[0])
            case "name":
                return self._name(args[0], bound)
            case "call" if args[0] == "sqnorm":
                return self._squared_norm(args[1], bound)
            case "index" | "call":
                return self._apply(args[0], [self.expression(a, bound) for a in args[1:]], term)
            case "neg":
                return -self.expression(args[0], bound)
            case "add" | "sub" | "mul" | "div" | "pow":
                left, right = (self.expression(a, bound) for a in args)
                return _ARITHMETIC[term.op](left, right)
            case "sum" | "prod" | "integral":
                return self._bind(term, bound)
            case "diff":
                return self._derivative(term, bound)
            case "matmul":
                return self.expression(entry(term, (), self.context), bound)
        raise TermError(f"{term} cannot stand inside a formula")

    def _name(self, symbol, bound):
        if symbol in bound:
            return bound[symbol]
        if symbol in _CONSTANTS:
            return _CONSTANTS[symbol]
        if symbol not in self.context.symbols:
            raise TermError(f"the symbol {symbol!r} is not declared; "
                            f"declared: {', '.join(sorted(self.context.symbols))}")
        if symbol in self.context.arrays:
            raise TermError(f"{symbol} is a vector; a number was expected")
        return self.context.symbols[symbol]

    def _apply(self, function, values, term):
        if function in _CALLS:
            return _CALLS[function](*values)
        if function not in self.context.symbols:
            raise TermError(f"{function!r} is not declared (in {term})")
        sizes = self.context.arrays.get(function)
        if sizes is not None and len(sizes) != len(values):
            raise TermError(f"{function} has {len(sizes)} index(es), got {term}")
        for value, size in zip(values, sizes or (), strict=False):
            self._check_index(value, self.context.symbols[size], term)
        return self.context.symbols[function](*values)

    def _check_index(self, value, size, term):
        """An index is whole, and does not run over the set of another size."""
        context = self.context
        runs = isinstance(value, BoundIndex) or value.func in context.labels or any(
            value == known for known, _ in context.in_range)
        if not value.is_integer or (runs and not context.within(value, size)):
            raise TermError(f"the index {value} in {term} need not be one of 1, …, {size}")

    def _squared_norm(self, vector, bound):
        size = dimensions(vector, self.context)
        if len(size) != 1:
            raise TermError(f"sqnorm needs a vector, got {vector}")
        row = "row "  # a name that no author can write, so that nothing is captured
        square = Term("pow", (entry(vector, (name(row),), self.context), num(2)))
        return self.expression(Term("sum", (row, name(size[0]), square)), bound)

    def _bind(self, term, bound):
        variable, domain, body = term.args
        if domain.op == "set":
            values = [self.expression(body, {**bound, variable: self.expression(v, bound)})
                      for v in domain.args]
            return sp.Add(*values) if term.op == "sum" else sp.Mul(*values)
        size = self._domain(term.op, domain, bound)
        index = self.context.normal.fresh_index(size)
        inner = self.expression(body, {**bound, variable: index})
        if term.op in ("sum", "integral"):
            return Sigma(inner, index, size)
        if not self.context.positive(self.context.normal.factored(inner)):
            raise TermError(f"a product of factors that may not be positive: {term}")
        return sp.exp(Sigma(sp.log(inner), index, size))

    def _domain(self, op, domain, bound):
        """The size of a sum or product; a (half-)line for an integral, N for an infinite sum."""
        if op == "integral" and domain.op in HALF_LINES:
            side = Below if domain.op == "below" else Above
            return side(self.expression(domain.args[0], bound))
        if op == "integral" and domain != name("R"):
            raise TermError(f"integrals run over R, got {domain}")
        if op == "integral":
            return REALS
        if domain == name("N") and op == "sum":
            return NATURALS
        # a size that is a bound variable would tie the order of two sums
        size = self._name(domain.args[0], {}) if domain.op == "name" else sp.nan
        if not size.is_integer or domain.args[0] in bound:
            raise TermError(f"{domain} is no size: nothing runs from 1 to {domain}")
        return size

    def _derivative(self, term, bound):
        body, variable = term.args
        self._check_variable(variable, bound)
        moving = self.context.symbols[variable.args[0]]
        with self.context.moving(
                self.context.coordinates.get(variable.args[0], (moving,))[0]):
            e = self.context.normal.canonical(self.expression(body, bound))
            return self._slope(e, variable, bound)

    def _slope(self, e, variable, bound):
        if variable.op == "index":
            function = self.context.symbols[variable.args[0]]
            index = self.expression(variable.args[1], bound)
            return derivative(e, lambda a: sp.KroneckerDelta(a.args[0], index), function,
                              self.context)
        coordinate = self.context.coordinates.get(variable.args[0])
        symbol = self._name(variable.args[0], bound)
        if coordinate is not None:
            # d/dp = (dt/dp) d/dt, where p is written through t
            t = coordinate[0]
            return derivative(e, lambda a: 1, t, self.context) / sp.diff(symbol, t)
        return derivative(e, lambda a: 1, symbol, self.context)

    def _check_variable(self, variable, bound):
        """Only a number that can change a little, by itself, is differentiated by."""
        symbol = self.context.symbols.get(variable.args[0])
        if symbol is None or len(variable.args) > 2:
            raise TermError(f"cannot differentiate by {variable}")
        if variable.args[0] in self.context.tied:
            raise TermError(f"a hypothesis ties {variable.args[0]} to others: no derivative by it")
        if variable.args[0] in bound:
            raise TermError(f"{variable} is bound: no derivative by it")
        entries = variable.op == "index"
        value = symbol(*[sp.Symbol("entry", integer=True, positive=True)] * (
            len(variable.args) - 1)) if entries else symbol
        if value.is_integer or any(symbol == law for law, *_ in self.context.sums_to_one):
            raise TermError(f"{variable} cannot change a little, by itself: no derivative by it")


def depends_on(term: Term, symbol: str, context) -> bool:
    """Whether a formula depends on a symbol, definitions unfolded."""
    term = unfold(term, context.definitions)
    expects = any(t.op == "call" and t.args[0] == "E" for _, t in walk(term))
    return symbol in free_names(term) or (expects and symbol in context.laws)


def undeclared(term: Term, context) -> list[str]:
    """Names that a formula uses and nobody declared."""
    known = set(context.symbols) | set(context.definitions) | set(_CONSTANTS) | {"R", "N"}
    return sorted(free_names(term) - known)
