"""The names that the reader of a derivation knows, and how they look on paper."""
from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..context import Context
from ..translate import dimensions, unfold
from .atoms import SLOT, Known, Names
from .grammar import Reader
from .tokens import ReadingError, elements, show, tokenise

_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma",
    "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
}
_ACCENTS = ("bar", "hat", "tilde")
_UPRIGHT = (r"\mathrm", r"\operatorname")
#: the commands of printed names: what each looks like is known, and it prints no invisible thing
_COMMANDS = {"\\" + word for word in (
    *_GREEK, *_ACCENTS, "ell", "underline", "overline", "mathbf", "boldsymbol", "mid", "parallel",
    "min", "max", *(word[1:] for word in _UPRIGHT))}
_PLACEHOLDER = "⋆"  # stands for any argument when printed forms are compared
#: what everybody knows; a declared name that looks the same hides it
_COMMON = {(r"\pi",): Known("pi"), (r"\infty",): Known("oo"),
           ("h",): Known("h", "function"), (r"\delta",): Known("delta", "kronecker")}


def names_of(given, where=(), parameters=()) -> Names:
    """The names of a derivation, or of a definition with parameters.

    Raises:
        ReadingError: two names look the same, or a name looks like a formula.
    """
    return _names_of(tuple(given), tuple(where), tuple(parameters))


@lru_cache(maxsize=512)
def _names_of(given, where, parameters) -> Names:
    printed = {h.name: tokenise(h.tex) for h in (*given, *where) if h.tex}
    # one entry for each name: a parameter hides a symbol of the same name
    declared = {known.name: known for known in _declared(given, where, parameters)}
    forms = {}
    for known in declared.values():
        spelt = printed.get(known.name) or spell(known.name)
        _check_signs(known.name, spelt)
        for form, use in _forms(known, spelt):
            if form in forms:
                raise ReadingError(f"{forms[form].name!r} and {known.name!r} are both printed "
                                   f"as {show(form)}")
            forms[form] = use
    ranks = {known.name: known.rank for known in declared.values()}
    _check_no_form_is_a_formula(Names(forms, ranks))
    return Names({**_COMMON, **forms}, ranks)


def _declared(given, where, parameters) -> Iterator[Known]:
    context = Context(given, where)
    for symbol, value in context.symbols.items():
        if symbol in context.arrays:
            yield Known(symbol, "entries", len(context.arrays[symbol]))
        else:
            yield Known(symbol, "function" if isinstance(value, type) else "number")
    for definition in where:
        count = len(definition.parameters)
        if definition.indexed:
            yield Known(definition.name, "entries", count)
        elif count:
            yield Known(definition.name, "function")
        else:
            body = unfold(definition.unfolded_body(), context.definitions)
            yield Known(definition.name, "number", len(dimensions(body, context)))
    for symbol in parameters:
        yield Known(symbol)


def _forms(known: Known, form: tuple) -> Iterator[tuple[tuple, Known]]:
    if _has_slot(form):
        yield form, Known(known.name, "filled")
        return
    yield form, known
    if known.use == "entries":
        for bold in _bold(form):
            yield bold, Known(known.name, "whole", known.rank)


def _bold(form: tuple) -> list[tuple]:
    r"""The whole array, in bold; under an accent the letter alone is bold.

    ``\mathbf`` leaves Greek letters as they are, so they need ``\boldsymbol``.
    """
    if form[0][1:] in _ACCENTS:
        return [(form[0], bold, *form[2:]) for bold in _bold(elements(form[1]))]
    commands = (r"\boldsymbol",) if form[0][1:] in _GREEK else (r"\mathbf", r"\boldsymbol")
    return [(command, form[0] if len(form) == 1 else form) for command in commands]


def _has_slot(form: tuple) -> bool:
    return any(isinstance(t, tuple) and (t == SLOT or _has_slot(t)) for t in form)


def spell(symbol: str) -> tuple:
    r"""How a mathematician prints a name, as tokens.

    >>> spell("y_bar"), spell("mu_0"), spell("lam")
    (('\\bar', 'y'), ('\\mu', '_', '0'), ('\\lambda',))
    """
    base, *marks = symbol.split("_")
    form = _letter(base)
    if marks and marks[0] in _ACCENTS:
        form = ("\\" + marks.pop(0), form[0] if len(form) == 1 else form)
    if marks:
        below = tuple(t for mark in marks for t in (",", *_letter(mark)))[1:]
        form = (*form, "_", below[0] if len(below) == 1 else below)
    return form


def _letter(word: str) -> tuple:
    if word == "lam":
        return (r"\lambda",)
    if word in _GREEK:
        return ("\\" + word,)
    return tuple(word) if len(word) == 1 or word.isdigit() else (r"\mathrm", tuple(word))


# --- forms that mislead --------------------------------------------------------------------


def _check_signs(symbol: str, form: tuple) -> None:
    """Only known signs, and no upright letter that is taken for an italic one."""
    for before, token in zip((None, *form), form, strict=False):
        if isinstance(token, tuple):
            _check_signs(symbol, token)
        elif token.startswith("\\") and token not in _COMMANDS:
            raise ReadingError(f"{symbol!r} is printed with {token}, which is no known sign")
        elif before in _UPRIGHT and token.isalpha():
            raise ReadingError(f"{symbol!r} is printed with an upright {token}, which looks like "
                               f"the symbol {token}")


def _check_no_form_is_a_formula(names: Names) -> None:
    r"""No form may be readable without its own name: σ² beside σ, a name yᵢ beside y."""
    for form, known in names.forms.items():
        if len(form) == 1:
            continue
        filled, others = _fill(form), names.without(known.name)
        for letter in _letters(filled[1:]):
            if (letter,) not in others.forms:
                others = others.bind((letter,), letter)
        try:
            reading = Reader(filled, others).whole()
        except ReadingError:
            continue
        raise ReadingError(f"{known.name!r} is printed as {show(form)}, which a reader may "
                           f"take for {reading}")


def _fill(form: tuple) -> tuple:
    """A printed form with a placeholder in each slot."""
    return tuple(t if isinstance(t, str) else _PLACEHOLDER if t == SLOT else _fill(t)
                 for t in form)


def _letters(form: tuple) -> Iterator[str]:
    """What a reader might take for an index in a printed form."""
    for token in form:
        if isinstance(token, tuple):
            yield from _letters(token)
        elif token == _PLACEHOLDER or token.isalpha() or token[1:] in _GREEK:
            yield token
