r"""The reader: read each rendered line back, and compare it with the term it came from.

The LaTeX is read by the conventions of :mod:`.reading.grammar`, which know nothing of the
renderer's brackets.  If a line on the page would be read as another formula, or as two,
verification fails with a :class:`ReadingError`.
"""
from __future__ import annotations

from mpmath import mp

from .compare import differ, tolerance_for
from .evaluate import DIGITS, TooFar, Undefined, evaluate
from .reading.grammar import Reader
from .reading.names import Names, names_of
from .reading.tokens import ReadingError, tokenise
from .sampling import samples
from .term import Term, TermError, as_term, free_names

__all__ = ["Names", "ReadingError", "check_definition", "check_reading", "check_tex",
           "check_witnesses", "names_of", "read"]

_TRIES = 6
_WITNESSES = ("a", "c", "certificate")


def read(tex: str, names: Names) -> Term:
    r"""The term that a reader who knows the names sees in a formula.

    >>> from mlebook.proof import Reals, Size
    >>> names = names_of((Size("n"), Reals("y")))
    >>> print(read(r"\frac{1}{n} \, \sum_{i=1}^{n} y_{i}", names))
    1/n*sum(y[i'] for i' in n)

    Raises:
        ReadingError: it is not a formula, or can be read in two ways.
    """
    return Reader(tokenise(tex), names).line()


def check_reading(line: Term, derivation) -> None:
    """A line of a derivation must be printed as what it is."""
    tex = derivation.renderer().line(line)
    check_tex(tex, line, derivation.given, derivation.where, address=derivation.address)


def check_witnesses(relation, derivation) -> None:
    """The witnesses and the certificate of a relation must be printed as what they are."""
    for field in _WITNESSES:
        if hasattr(relation, field):
            check_reading(as_term(getattr(relation, field)), derivation)


def check_definition(definition, tex: str, given, where, *, address="a definition") -> None:
    """Both sides of "head := body" must mean what the definition (one of ``where``) says."""
    sides = tex.split(" := ")
    for side, term in zip(sides, (definition.head(), definition.unfolded_body()), strict=True):
        check_tex(side, term, given, where, definition.number_parameters(), address=address)


def check_tex(tex: str, term: Term, given, where=(), parameters=(), *, address="a formula"):
    """LaTeX must mean the term.

    Raises:
        ReadingError: it does not, or it cannot be read in one way only.
    """
    try:
        found = read(tex, names_of(given, where, parameters))
        same = _same_form(term, found) or _same_values(term, found, given, where)
    except ReadingError as error:
        raise ReadingError(f"{address}: {tex} for {term}: {error}") from None
    if not same:
        raise ReadingError(f"{address}: {tex} reads as {found}, but it stands for {term}")


# --- comparing ---------------------------------------------------------------------------


def _same_form(a: Term, b: Term) -> bool:
    return _form(a, {}) == _form(b, {})


def _form(term: Term, bound: dict) -> tuple:
    """The shape of a term as a nested tuple.

    Terms have the same form if they differ only in the names of their bound variables, and
    in how the terms of a sum or the factors of a product are grouped.
    """
    args = term.args
    match term.op:
        case "name":
            return ("name", bound.get(args[0], args[0]))
        case "sum" | "prod" | "integral":
            variable, domain, body = args
            inner = {**bound, variable: len(bound)}
            return (term.op, _form(domain, bound), _form(body, inner))
        case "add" | "mul":
            return (term.op, *_chain(term.op, term, bound))
    return (term.op, *(_form(a, bound) if isinstance(a, Term) else bound.get(a, a) for a in args))


def _chain(op: str, term: Term, bound: dict) -> tuple:
    """The links of a chain of sums (products), however they are grouped."""
    if term.op != op:
        return (_form(term, bound),)
    return tuple(form for child in term.args for form in _chain(op, child, bound))


def _same_values(term: Term, found: Term, given, where) -> bool:
    """Whether two formulas of different form agree wherever the hypotheses hold."""
    if term.op in ("argmin", "argmax"):
        if (term.op, term.args[0]) != (found.op, found.args[0]):
            return False
        term, found = term.args[1], found.args[1]
    if "oo" in free_names(term) | free_names(found):
        return False  # infinity has no value: only the same form will do
    with mp.workdps(DIGITS):
        verdicts = [_agree(term, found, env)
                    for _, env in samples(given, where, str(term), _TRIES)]
    return False not in verdicts and True in verdicts


def _agree(term: Term, found: Term, env: dict) -> bool | None:
    """Whether both have the same value here; None where the term has none."""
    try:
        value = evaluate(term, env)
    except (Undefined, TooFar, TermError):
        return None
    try:
        return not differ(value, evaluate(found, env), tolerance_for(term, found))
    except (Undefined, TermError, TypeError, ValueError, AttributeError):
        return False  # what was read does not even make sense
