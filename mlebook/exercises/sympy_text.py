"""SymPy expressions as text in the language of :mod:`mlebook.proof.term`.

>>> import sympy as sp
>>> i, n, mu = *sp.symbols("i n", integer=True), sp.Symbol("mu")
>>> to_language(sp.Sum((sp.IndexedBase("y")[i] - mu)**2, (i, 1, n)) / 2)
'(1/2)*(sum(((-1)*mu + y[i])**2 for i in n))'
"""
from __future__ import annotations

import keyword
import sys
from itertools import islice

import sympy as sp

from .wire_limits import MAX_FORMULA, WireError

MAX_NODES = 4_000
#: SymPy function → its name in the language
FUNCTIONS = {sp.log: "log", sp.exp: "exp", sp.Abs: "abs", sp.factorial: "factorial",
             sp.sign: "sign", sp.KroneckerDelta: "delta"}
NUMBERS = {sp.pi: "pi", sp.E: "exp(1)", sp.oo: "oo", -sp.oo: "-oo"}


def to_language(expression: sp.Basic) -> str:
    """The formula as text.  Raises :class:`WireError` for what the language has no word for."""
    parts = sum(1 for _ in islice(sp.preorder_traversal(expression), MAX_NODES + 1))
    if parts > MAX_NODES:
        raise WireError(f"a formula of more than {MAX_NODES} parts is too long")
    try:
        text = _text(expression)
    except RecursionError:
        raise WireError("a formula nested so deeply cannot be read") from None
    if len(text) > MAX_FORMULA:
        raise WireError(f"a formula of more than {MAX_FORMULA} characters is too long")
    return text


def _text(e) -> str:
    if e in NUMBERS:
        return NUMBERS[e]
    if isinstance(e, sp.Rational):
        return _integer(e.p) if e.q == 1 else f"{_integer(e.p)}/{_integer(e.q)}"
    if isinstance(e, sp.Float):
        return _text(sp.Rational(str(e)))  # 0.5 was meant as 1/2, not as its binary neighbour
    if isinstance(e, sp.Add | sp.MatAdd):
        return " + ".join(f"({_text(a)})" if a.is_Add else _text(a) for a in e.args)
    if isinstance(e, sp.Mul):
        return "*".join(map(_inside, e.args))
    if isinstance(e, sp.Pow) and e.exp == sp.S.Half:
        return f"sqrt({_text(e.base)})"
    if isinstance(e, sp.Pow):
        return f"{_inside(e.base)}**{_inside(e.exp)}"
    if isinstance(e, sp.Symbol | sp.Idx):
        return _name(e.name)
    if isinstance(e, sp.Indexed):
        return f"{_name(str(e.base))}[{', '.join(map(_text, e.indices))}]"
    if isinstance(e, sp.Sum | sp.Product | sp.Integral):
        return _bound(e)
    return _function(e)


def _inside(e) -> str:
    """The text of a factor, base or exponent: in brackets unless it is one word."""
    text = _text(e)
    return text if text.isidentifier() or text.isdigit() else f"({text})"


def _function(e) -> str:
    kind = e.func
    if kind in FUNCTIONS:
        if len(e.args) != (2 if kind is sp.KroneckerDelta else 1):
            raise WireError(f"{kind.__name__} with {len(e.args)} arguments cannot be read")
        return f"{FUNCTIONS[kind]}({', '.join(map(_text, e.args))})"
    if isinstance(e, sp.Max):
        text = _text(e.args[-1])
        for other in e.args[-2::-1]:
            text = f"max({_text(other)}, {text})"
        return text
    if isinstance(e, sp.Min):
        return f"-({_text(sp.Max(*(-a for a in e.args), evaluate=False))})"
    if isinstance(e, sp.gamma | sp.loggamma):
        text = f"factorial({_text(e.args[0] - 1)})"
        return text if isinstance(e, sp.gamma) else f"log({text})"
    if isinstance(e, sp.Derivative):
        return _derivative(e)
    if isinstance(e, sp.core.function.AppliedUndef):
        return f"{_name(kind.__name__)}({', '.join(map(_text, e.args))})"
    raise WireError(f"SymPy's {kind.__name__} has no word in the language of formulas")


def _bound(e) -> str:
    word = {"Sum": "sum", "Product": "prod", "Integral": "integral"}[type(e).__name__]
    text = _text(e.function)
    for limit in e.limits:
        if len(limit) != 3:
            raise WireError(f"{type(e).__name__} needs limits, such as (i, 1, n)")
        text = f"{word}({text} for {_name(limit[0].name)} in {_domain(word, *limit[1:])})"
    return text


def _domain(word, low, high) -> str:
    if word == "integral":
        return _line(low, high)
    if low == 0 and high == sp.oo:
        return "N"
    if low == 0 and high == 1:
        return "{0, 1}"
    if low != 1 or not isinstance(high, sp.Symbol):
        raise WireError(f"a sum or product runs from 1 to a size such as n; got {low} to {high}")
    return _name(high.name)


def _line(low, high) -> str:
    if low == -sp.oo:
        return "R" if high == sp.oo else f"below({_text(high)})"
    if high != sp.oo:
        raise WireError(f"an integral runs over a line or half-line; got {low} to {high}")
    return f"above({_text(low)})"


def _derivative(e) -> str:
    text = _text(e.expr)
    for variable, count in e.variable_count:
        if not (isinstance(count, sp.Integer) and 1 <= count <= 4):
            raise WireError(f"a derivative of order {count} cannot be read")
        for _ in range(int(count)):
            text = f"diff({text}, {_text(variable)})"
    return text


def _integer(value) -> str:
    if abs(int(value)) >= 10 ** min(1_000, sys.get_int_max_str_digits() or 1_000):
        raise WireError("an integer of more than 1000 digits is too large")
    return str(int(value))


def _name(symbol: str) -> str:
    if not (symbol.isascii() and symbol.isidentifier()) or keyword.iskeyword(symbol):
        raise WireError(f"the symbol {symbol!r} has no name in the language of formulas; "
                        "use a plain word, such as mu or y")
    return symbol
