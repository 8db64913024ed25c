"""Two identities of real numbers that students use and the prover does not know.

Each holds wherever its left side has a value; the refuter has looked at the formula before.
"""
from __future__ import annotations

from ..proof.term import Term, num

_HALF = Term("div", (num(1), num(2)))


def rewritten(term: Term) -> Term:
    """The term with the root of a square as an absolute value, and 2**x as exp(x*log(2))."""
    term = term.with_children(tuple(map(rewritten, term.children)))
    match term:
        case Term("call", ("sqrt", Term("pow", (base, Term("num", (2,)))))):
            return Term("call", ("abs", base))
        case Term("pow", (Term("pow", (base, Term("num", (2,)))), exponent)) if exponent == _HALF:
            return Term("call", ("abs", base))
        case Term("pow", (Term("num", (base,)), exponent)) if base > 0 and not _is_number(exponent):
            log = Term("call", ("log", num(base)))
            return Term("call", ("exp", Term("mul", (exponent, log))))
    return term


def _is_number(term: Term) -> bool:
    return term.op not in ("name", "index") and all(map(_is_number, term.children))
