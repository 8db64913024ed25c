"""Read a formula that a student wrote: one clear complaint, or a term that is safe to prove.

The engine of :mod:`mlebook.proof` was built for formulas of the book.  Here the author may be
hostile, so size, depth, powers and names are bounded before anything is computed.
"""
from __future__ import annotations

import re
from fractions import Fraction
from math import comb

from ..proof.term import BINDERS, EXTREMA, FUNCTIONS, Term, TermError, free_names, parse
from .wire import FUNCTION, Formula

MOST_CHARACTERS = 2000
MOST_NODES = 500
MOST_DEPTH = 90
MOST_BINDERS = 4
MOST_TOWER = 3  # powers and exponentials of powers of powers
MOST_BITS = 2000
MOST_RAISED = 8  # bits of an exponent, or of the argument of exp or factorial
MOST_SUMS = 12  # the power of a sum over i in n
MOST_PRODUCTS = 2000  # terms after multiplying out

ALWAYS = {"add", "sub", "mul", "div", "pow", "neg", "log", "exp", "sqrt", "abs", "matmul",
          "transpose", "sqnorm"}
DEFAULT_FORMS = ("sum", "max", "sign", "factorial", "delta", "h")
CONSTANTS = {"pi", "oo", "R", "N"}
_TWO = {"delta", "max"}
_DECIMAL = re.compile(r"(?<![\w.])(?:\d{1,20}\.\d{0,20}|\.\d{1,20})(?![\w.])")


class FormulaError(ValueError):
    """Why a text is no answer; the message is for the student."""


def read_formula(value, names=None, forms=DEFAULT_FORMS) -> Term:
    """The term that a student gave.  Raises :class:`FormulaError`.

    ``names``: the only symbols that may occur; None for all.  ``forms``: the operations and
    functions that may occur besides arithmetic, log, exp, sqrt and abs; None for all.
    """
    term = _parsed(_text(value))
    _Sizes().check(term)
    if forms is not None:
        _check_forms(term, set(forms) | ALWAYS)
    if names is not None:
        strange = sorted(free_names(term) - set(names) - CONSTANTS)
        if strange:
            raise FormulaError(f"{_short(', '.join(strange))} must not occur; the answer is a "
                               f"formula in {', '.join(names)}")
    return term


def _text(value) -> str:
    text = value.text if isinstance(value, Formula) else value
    if not isinstance(text, str):
        found = "a function" if value is FUNCTION else f"of type {type(value).__name__}"
        raise FormulaError(f"the answer is a formula as text, or a SymPy expression; it is {found}")
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(f"the formula is too long: more than {MOST_CHARACTERS} characters")
    strange = next((c for c in text if not c.isascii()), None)
    if strange is not None:
        raise FormulaError(f"the character {strange!r} is not part of the language: write Greek "
                           "letters as words, and minus as -")
    return text


def _exact(decimal: re.Match) -> str:
    """A decimal such as 0.5 as the fraction that was meant, in brackets."""
    value = Fraction(decimal.group())
    return f"({value})" if value.denominator > 1 else str(value)


def _parsed(text: str) -> Term:
    try:
        return parse(_DECIMAL.sub(_exact, text))
    except TermError as error:
        raise FormulaError(_short(str(error))) from None
    except (RecursionError, MemoryError):
        raise FormulaError("the formula is nested too deeply") from None
    except (ValueError, SyntaxError):  # a zero byte
        raise FormulaError("the formula cannot be read") from None


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + " …"


def _check_forms(term: Term, allowed: set[str]) -> None:
    for node in _nodes(term):
        form = node.args[0] if node.op == "call" else node.op
        known = node.op == "call" and form in FUNCTIONS
        if (known or node.op in {*BINDERS, *EXTREMA, "diff"}) and form not in allowed:
            raise FormulaError(f"{form} must not occur in this answer: work it out")


def _nodes(term: Term):
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


class _Sizes:
    """Bounds on what the engine would have to compute."""

    def check(self, term: Term) -> None:
        """Raise if the formula is larger than any answer to an exercise."""
        if sum(1 for _ in _nodes(term)) > MOST_NODES or _depth(term) > MOST_DEPTH:
            raise FormulaError("the formula is too large: write it shorter")
        for node in _nodes(term):
            _check_arity(node)
        if _nested(term, BINDERS | EXTREMA | {"diff"}) > MOST_BINDERS:
            raise FormulaError(f"more than {MOST_BINDERS} sums inside one another")
        self.bits(term)
        if _tower(term) > MOST_TOWER:
            raise FormulaError("powers of powers of powers are too large to compute")
        self.products(term)

    def bits(self, term: Term) -> int | None:
        """A bound on the size of a number in bits; None for what holds a symbol."""
        below = [self.bits(child) for child in term.children]
        power = term.op == "pow" or (term.op == "call" and term.args[0] in ("exp", "factorial"))
        raised = _magnitude(term.children[-1], below[-1]) if power else 0
        if raised is not None and raised > MOST_RAISED:
            raise FormulaError(f"in {_short(str(term))} the exponent is too large")
        if term.op == "num":
            found = term.args[0].bit_length()
        elif term.op == "name" and term.args[0] in CONSTANTS:
            found = 2
        elif term.op in {"name", "index", *BINDERS, *EXTREMA} or None in below:
            return None
        else:
            found = 2**raised * (below[0] if term.op == "pow" else 7) if power else sum(below) + 1
        if found > MOST_BITS:
            raise FormulaError(f"the number {_short(str(term))} is too large")
        return found

    def products(self, term: Term) -> int:
        """How many terms there are after multiplying out."""
        below = [self.products(child) for child in term.children]
        if term.op in ("add", "sub"):
            found = sum(below)
        elif term.op in ("mul", "matmul"):
            found = below[0] * below[1]
        elif term.op == "pow":
            found = _power_terms(below[0], term)
        elif term.op == "diff":
            found = 4 * below[0]
        elif term.op in ("neg", "div", "sum", "integral", *EXTREMA):
            found = max(below[:1] if term.op in ("neg", "div") else below[-1:])
        else:
            found = 1
        if found > MOST_PRODUCTS:
            raise FormulaError("the formula is too large when it is multiplied out")
        return found


def _magnitude(exponent: Term, bits: int | None) -> int | None:
    """The bits before the point: a half has one, though two numbers are needed to write it."""
    if exponent.op == "neg":
        return _magnitude(exponent.args[0], bits)
    if exponent.op == "div" and exponent.args[1].op == "num" and bits is not None:
        return bits - exponent.args[1].args[0].bit_length()
    return bits


def _check_arity(node: Term) -> None:
    if node.op != "call" or node.args[0] not in FUNCTIONS:
        return
    wanted = 2 if node.args[0] in _TWO else 1
    if len(node.args) - 1 != wanted:
        raise FormulaError(f"{node.args[0]} takes {wanted} argument{'s' * (wanted > 1)}, "
                           f"got {len(node.args) - 1} in {_short(str(node))}")


def _power_terms(base: int, term: Term) -> int:
    exponent = term.args[1].args[0] if term.args[1].op == "neg" else term.args[1]
    if exponent.op != "num":
        return 1
    power = exponent.args[0]
    if power > MOST_SUMS and any(node.op in BINDERS for node in _nodes(term.args[0])):
        raise FormulaError(f"the power {power} of a sum is too large when it is multiplied out")
    return comb(base + power - 1, power)


def _depth(term: Term) -> int:
    depth, level = 0, [term]
    while level and depth <= MOST_DEPTH:
        depth, level = depth + 1, [child for node in level for child in node.children]
    return depth


def _nested(term: Term, operations) -> int:
    inner = max((_nested(child, operations) for child in term.children), default=0)
    return inner + (term.op in operations)


def _tower(term: Term) -> int:
    """How high exponents stand on exponents."""
    below = [_tower(child) for child in term.children]
    if term.op == "pow":
        plain = term.args[1].op in ("num", "neg", "div") and not below[1]
        return max(below[0], below[1] + (not plain))
    raised = term.op == "prod" or (term.op == "call" and term.args[0] in ("exp", "factorial"))
    return max(below, default=0) + raised
