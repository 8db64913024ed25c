"""Whether the names in a student's formula are declared, and used as what they are."""
from __future__ import annotations

from sympy.core.function import UndefinedFunction

from ..proof import Derivation, Step
from ..proof.context import Context
from ..proof.scopes import check_scopes
from ..proof.term import BINDERS, FUNCTIONS, Term, TermError, walk
from ..proof.translate import dimensions, undeclared, unfold
from .formula_text import FormulaError


def check_declared(given, where, term: Term) -> None:
    """Every name is declared, has one meaning and is used so.  Raises :class:`FormulaError`."""
    context = Context(given, where)
    if missing := undeclared(term, context):
        raise FormulaError(f"unknown: {', '.join(missing)[:200]}")
    try:
        check_scopes(Derivation("your formula", "", given, term, (Step(term, ""),), where))
        for _, node in walk(term):
            _check_use(node, context)
        dimensions(unfold(term, context.definitions), context)  # raises if sizes do not fit
        for _, node in walk(term):
            _check_numbers(node, context)
    except TermError as error:
        raise FormulaError(str(error)[:300]) from None


def _check_use(node: Term, context) -> None:
    """Entries are taken of vectors, and functions are called."""
    if node.op not in ("index", "call") or node.args[0] in FUNCTIONS:
        return
    base, count, wanted = node.args[0], len(node.args) - 1, None
    if definition := context.definitions.get(base):
        fits, wanted = definition.indexed == (node.op == "index"), len(definition.parameters)
    else:
        fits = isinstance(context.symbols.get(base), UndefinedFunction)
        if sizes := context.arrays.get(base):
            fits, wanted = fits and node.op == "index", len(sizes)
    if not fits:
        what = "has no entries" if node.op == "index" else "is not a function"
        raise FormulaError(f"{base} {what} (in {node})")
    if wanted not in (None, count):
        raise FormulaError(f"{base} takes {wanted} index(es) or argument(s), got {node}")


def _check_numbers(node: Term, context) -> None:
    """What is no matrix arithmetic works on numbers."""
    known = node.op == "call" and node.args[0] in FUNCTIONS - {"sqnorm"}
    if known or node.op in {"index", "pow", "set", *BINDERS}:
        children = node.children[1:] if node.op in BINDERS else node.children
        for child in children:
            if dimensions(unfold(child, context.definitions), context):
                raise FormulaError(f"{child} is a vector; {node} needs a number there")
