"""Names with two meanings: declared twice, reserved, or bound where a definition uses them."""
from __future__ import annotations

from .hypotheses import Hypothesis
from .term import (
    BINDERS,
    EXTREMA,
    FUNCTIONS,
    HALF_LINES,
    Term,
    TermError,
    as_term,
    free_names,
    walk,
)

_RESERVED = FUNCTIONS | BINDERS | EXTREMA | {*HALF_LINES, "diff", "pi", "oo", "R", "N"}
_WITNESSES = ("a", "c", "certificate")


def check_scopes(derivation) -> None:
    """Raises :class:`TermError` where a name of a derivation has two meanings."""
    given, where = derivation.given, derivation.where
    names = [name for item in given for name in item.names()] + [d.name for d in where]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TermError(f"{derivation.address}: {', '.join(twice)} declared twice")
    for name in sorted(names):
        _check_meaning(name, derivation.address)
    if len(random := [h.name for h in given if h.is_random()]) > 1:
        # nothing would say how they depend on each other
        raise TermError(f"{derivation.address}: only one name can be random, "
                        f"got {', '.join(random)}")
    sizes = [size for h in (*given, *where) for size in getattr(h, "sizes", ())]
    if unknown := sorted(set(sizes) - set(names)):
        raise TermError(f"{derivation.address}: the size {', '.join(unknown)} is not declared")
    definitions = {d.name: d for d in where}
    for definition in where:
        _used(definition, definitions)  # raises if they go in a circle
    containers = _containers(given, where)
    for term in _terms(derivation):
        _check_binders(term, definitions, containers, derivation.address)
    for definition in where:
        for parameter in definition.parameters:
            _check_meaning(parameter, derivation.address)
            _check_free(parameter, definition.unfolded_body(), definitions, derivation.address)


def _check_meaning(name: str, address: str) -> None:
    if name in _RESERVED:
        raise TermError(f"{address}: {name} has a fixed meaning and cannot be declared or bound")


def _terms(derivation):
    """Every formula of a derivation: lines, bodies of definitions, witnesses."""
    yield from derivation.lines
    for definition in derivation.where:
        yield definition.unfolded_body()
    for step in derivation.steps:
        for field in _WITNESSES:
            if hasattr(step.relation, field):
                yield as_term(getattr(step.relation, field))


def _containers(given: tuple[Hypothesis, ...], where) -> set[str]:
    """Arrays, functions and definitions, which a bound number must not hide."""
    return {h.name for h in given if not h.is_number()} | {d.name for d in where}


def _check_binders(term: Term, definitions, containers, address) -> None:
    for _, node in walk(term):
        if node.op in BINDERS:
            variable, _, body = node.args
            _check_meaning(variable, address)
            if variable in containers:
                raise TermError(f"{address}: the bound variable {variable} of {node} is also the "
                                "name of something declared")
            _check_free(variable, body, definitions, address)


def _check_free(variable: str, body: Term, definitions, address) -> None:
    """A definition keeps its meaning wherever it is used: it must not use a bound name."""
    for name in sorted(free_names(body) & set(definitions)):
        if variable in _used(definitions[name], definitions):
            raise TermError(f"{address}: {name} is defined through {variable}, which is bound "
                            f"in {body}; rename the bound variable")


def _used(definition, definitions, seen=()) -> frozenset[str]:
    """The names that a definition depends on, its parameters left out."""
    if definition.name in seen:
        raise TermError(f"{definition.name} is defined by itself")
    used = free_names(definition.unfolded_body()) - set(definition.parameters)
    inner = (_used(definitions[name], definitions, (*seen, definition.name))
             for name in sorted(used & set(definitions)))
    return used.union(*inner)
