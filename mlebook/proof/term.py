"""Terms: formulas exactly as their author wrote them.

A formula is written as text in Python's syntax, for instance
``"-sum(log(p(x[i], theta)) for i in n)"``, and parsed into a tree of :class:`Term`.
Nothing is evaluated: ``2*3`` stays ``2*3``.  The prover, the refuter and the renderer
each read this one tree and share no other code, so a mistake in one of them is
caught by the next.

The language
------------
===============================  ==================================================
``1``, ``1/2``, ``pi``, ``oo``   numbers
``mu``, ``y[i]``, ``X[i, j]``    symbols and entries of vectors and matrices
``p(x[i], theta)``               a function or a definition applied to arguments
``a + b``, ``a*b``, ``a**b`` …   arithmetic
``sum(y[i] for i in n)``         a sum over i = 1, …, n (the size may stay a symbol)
``sum(y*p(y) for y in {0, 1})``  a sum over a finite set
``sum(y*p(y) for y in N)``       a sum over y = 0, 1, 2, …
``prod(… for i in n)``           a product
``integral(p(x) for x in R)``    an integral over the real line
``… for x in below(m))``         … over the x up to m; ``above(m)``: from m on
``diff(f, mu)``                  the partial derivative of f
``argmin(mu, f)``                the set of minimisers of f (``argmax`` likewise)
``E(f)``                         the expectation over the random data
``log exp sqrt abs factorial``   the usual functions; ``h(x)`` is x - 1 - log x
``max(a, b)``, ``sign(x)``       the larger number; 1, 0 or -1, the sign of x
``delta(i, j)``                  1 if i = j, else 0 (Kronecker)
``A @ b``, ``A.T``, ``sqnorm``   matrix products, transpose, squared norm of a vector
===============================  ==================================================
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

FUNCTIONS = {"log", "exp", "sqrt", "abs", "h", "factorial", "delta", "E", "sqnorm", "max", "sign"}
BINDERS = {"sum", "prod", "integral"}
EXTREMA = {"argmin", "argmax"}
HALF_LINES = ("below", "above")
_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div",
           ast.Pow: "pow", ast.MatMult: "matmul"}


class TermError(ValueError):
    """The text is not a formula of the language; the message says where and why."""


@dataclass(frozen=True)
class Term:
    """A node: an operation and its arguments (terms, or a name, or an integer)."""

    op: str
    args: tuple

    def __str__(self) -> str:
        return to_text(self)

    @property
    def children(self) -> tuple[Term, ...]:
        return tuple(a for a in self.args if isinstance(a, Term))

    def with_children(self, children: tuple[Term, ...]) -> Term:
        """The same node with other child terms."""
        fresh = iter(children)
        return Term(self.op, tuple(next(fresh) if isinstance(a, Term) else a for a in self.args))


def num(value: int) -> Term:
    return Term("num", (value,))


def name(symbol: str) -> Term:
    return Term("name", (symbol,))


@lru_cache(maxsize=4096)
def parse(text: str) -> Term:
    """Parse a formula.  Raises :class:`TermError` if the text is not one."""
    if not isinstance(text, str):
        raise TermError(f"a formula must be text, got {type(text).__name__}: {text!r}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise TermError(f"cannot read {text!r}: {error.msg}") from None
    return _convert(tree, text)


def as_term(formula: str | Term) -> Term:
    return formula if isinstance(formula, Term) else parse(formula)


def _convert(node: ast.AST, text: str) -> Term:
    def sub(child):
        return _convert(child, text)

    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return num(value)
        case ast.Constant(value=value):
            raise TermError(f"in {text!r}: write {value!r} as an exact fraction such as 1/2")
        case ast.Name(id=symbol):
            return name(symbol)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Term("neg", (sub(operand),))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _binary(_BINARY[type(op)], sub(left), sub(right))
        case ast.Subscript(value=ast.Name(id=base), slice=ast.Tuple(elts=items)):
            return Term("index", (base, *map(sub, items)))
        case ast.Subscript(value=ast.Name(id=base), slice=item):
            return Term("index", (base, sub(item)))
        case ast.Attribute(value=value, attr="T"):
            return Term("transpose", (sub(value),))
        case ast.Call(func=ast.Name(id=function), args=args, keywords=[]):
            return _convert_call(function, args, text)
    raise TermError(f"in {text!r}: {ast.unparse(node)!r} is not part of the language")


def _binary(op: str, left: Term, right: Term) -> Term:
    # Python reads -a*b as (-a)*b; on paper it is -(a*b).
    if op in ("mul", "div") and left.op == "neg":
        return Term("neg", (Term(op, (left.args[0], right)),))
    return Term(op, (left, right))


def _convert_call(function: str, args: list, text: str) -> Term:
    if function in BINDERS:
        match args:
            case [ast.GeneratorExp(elt=body, generators=generators)]:
                return _bind(function, body, generators, text)
        raise TermError(f"in {text!r}: write {function}(… for i in n)")
    terms = tuple(_convert(a, text) for a in args)
    if function in EXTREMA:
        if len(terms) != 2 or terms[0].op != "name":
            raise TermError(f"in {text!r}: write {function}(parameter, formula)")
        return Term(function, (terms[0].args[0], terms[1]))
    if function == "diff":
        if len(terms) != 2 or terms[1].op not in ("name", "index"):
            raise TermError(f"in {text!r}: write diff(formula, variable)")
        return Term("diff", terms)
    return Term("call", (function, *terms))


def _bind(function: str, body: ast.AST, generators: list, text: str) -> Term:
    term = _convert(body, text)
    for generator in reversed(generators):
        match generator:
            case ast.comprehension(target=ast.Name(id=variable), iter=ast.Name(id=domain), ifs=[]):
                over = name(domain)
            case ast.comprehension(target=ast.Name(id=variable), iter=ast.Set(elts=items), ifs=[]):
                over = Term("set", tuple(_convert(i, text) for i in items))
                values = {_fraction(i) for i in over.args}
                if None in values or len(values) < len(items):
                    raise TermError(f"in {text!r}: a set has different numbers as its elements")
            case ast.comprehension(target=ast.Name(id=variable), ifs=[], iter=ast.Call(
                    func=ast.Name(id=side), args=[end], keywords=[])) if side in HALF_LINES:
                over = Term(side, (_convert(end, text),))
                if variable in free_names(over):
                    raise TermError(f"in {text!r}: the end of the integral uses {variable}")
            case _:
                raise TermError(f"in {text!r}: sum over a size (i in n) or a set (y in {{0, 1}})")
        term = Term(function, (variable, over, term))
    return term


def _fraction(term: Term) -> Fraction | None:
    """The value of a number such as 2 or -1/2; None for another formula."""
    values = [_fraction(c) for c in term.children]
    if term.op == "num":
        return Fraction(term.args[0])
    if term.op == "neg" and None not in values:
        return -values[0]
    return values[0] / values[1] if term.op == "div" and None not in values and values[1] else None


# --- looking at and changing terms ---------------------------------------------------


def walk(term: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    """Every node with its path (child positions from the root), the root first."""
    yield path, term
    for position, child in enumerate(term.children):
        yield from walk(child, (*path, position))


def replace_at(term: Term, path: tuple[int, ...], new: Term) -> Term:
    """The same tree with the node at ``path`` replaced."""
    if not path:
        return new
    children = list(term.children)
    children[path[0]] = replace_at(children[path[0]], path[1:], new)
    return term.with_children(tuple(children))


def free_names(term: Term) -> frozenset[str]:
    """The names a term depends on: symbols, vectors, functions, sizes; not bound indices."""
    match term.op:
        case "num":
            return frozenset()
        case "name":
            return frozenset(term.args)
        case "index" | "call":
            inner = frozenset().union(*map(free_names, term.children))
            return inner | {term.args[0]} - FUNCTIONS
        case "sum" | "prod" | "integral" | "array":
            variable, domain, body = term.args
            return free_names(domain) | (free_names(body) - {variable})
        case "argmin" | "argmax":
            return free_names(term.args[1]) - {term.args[0]}
    return frozenset().union(*map(free_names, term.children))


def substitute(term: Term, mapping: dict[str, Term]) -> Term:
    """Put terms in place of names, without capture: bound variables are renamed if needed.

    A vector name may be replaced by another vector name: ``w[j]`` becomes ``w_hat[j]``.
    """
    if not mapping:
        return term
    match term.op:
        case "name":
            return mapping.get(term.args[0], term)
        case "index" if term.args[0] in mapping:
            base = mapping[term.args[0]]
            if base.op != "name":
                raise TermError(f"cannot take an entry of {base}")
            rest = tuple(substitute(a, mapping) for a in term.args[1:])
            return Term("index", (base.args[0], *rest))
        case "sum" | "prod" | "integral" | "array":
            variable, domain, body = term.args
            inner = {k: v for k, v in mapping.items() if k != variable}
            if any(variable in free_names(v) for v in inner.values()):
                fresh = fresh_name(variable, body, *inner.values())
                body = substitute(body, {variable: name(fresh)})
                variable = fresh
            return Term(term.op, (variable, substitute(domain, mapping), substitute(body, inner)))
        case "argmin" | "argmax":
            inner = {k: v for k, v in mapping.items() if k != term.args[0]}
            return Term(term.op, (term.args[0], substitute(term.args[1], inner)))
        case "diff":
            # diff(x*a, x) at x = a is a; putting a in first would give diff(a*a, a)
            variable = term.args[1].args[0]
            changed = {k: v for k, v in mapping.items() if k in free_names(term)}
            if variable in changed or any(variable in free_names(v) for v in changed.values()):
                raise TermError(f"cannot put {', '.join(map(str, changed.values()))} into {term}")
    return term.with_children(tuple(substitute(c, mapping) for c in term.children))


def fresh_name(base: str, *avoid: Term) -> str:
    """``base`` and a number, a name that no author can write and no term in ``avoid`` uses."""
    taken = set()
    for term in avoid:
        taken |= free_names(term)
        taken |= {t.args[0] for _, t in walk(term) if t.op in {*BINDERS, "array"}}
    number = 1
    while f"{base} {number}" in taken:
        number += 1
    return f"{base} {number}"


# --- plain text ----------------------------------------------------------------------

_LEVEL = {"add": 1, "sub": 1, "neg": 1, "mul": 2, "div": 2, "matmul": 2, "pow": 4}
_SIGN = {"add": " + ", "sub": " - ", "mul": "*", "div": "/", "matmul": " @ ", "pow": "**"}


def to_text(term: Term, level: int = 0) -> str:
    """The formula in the language itself; ``parse(to_text(t)) == t``."""
    match term.op:
        case "num" | "name":
            return str(term.args[0])
        case "index":
            return f"{term.args[0]}[{', '.join(map(to_text, term.args[1:]))}]"
        case "call":
            return f"{term.args[0]}({', '.join(map(to_text, term.args[1:]))})"
        case "diff":
            return f"diff({to_text(term.args[0])}, {to_text(term.args[1])})"
        case "below" | "above":
            return f"{term.op}({to_text(term.args[0])})"
        case "set":
            return "{" + ", ".join(map(to_text, term.args)) + "}"
        case "transpose":
            return f"{to_text(term.args[0], 5)}.T"
        case "sum" | "prod" | "integral" | "array":
            variable, domain, body = term.args
            return f"{term.op}({to_text(body)} for {variable} in {to_text(domain)})"
        case "argmin" | "argmax":
            return f"{term.op}({term.args[0]}, {to_text(term.args[1])})"
    mine = _LEVEL[term.op]
    if term.op == "neg":
        text = f"-{to_text(term.args[0], 2)}"
    elif term.op == "pow":
        text = f"{to_text(term.args[0], 5)}**{to_text(term.args[1], 5)}"
    else:
        left, right = term.args
        text = f"{to_text(left, mine)}{_SIGN[term.op]}{to_text(right, mine + 1)}"
    return f"({text})" if mine < level else text
