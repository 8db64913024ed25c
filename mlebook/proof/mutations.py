"""Small wrong changes of a step: the mutants that :mod:`.mutate` must see rejected."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from . import relations as rel
from .prove import EXTREMA
from .term import HALF_LINES, Term, name, num, parse, replace_at, substitute, walk

#: fields of a relation that are formulas, and so can be mutated too
WITNESSES = ("a", "c", "certificate")


@dataclass(frozen=True)
class Mutant:
    """A changed step: what was changed, the new line, the new relation."""

    what: str
    term: Term
    relation: rel.Relation


def mutants(derivation, number: int) -> list[Mutant]:
    """All mutants of one step (from 1), without repetition."""
    step = derivation.steps[number - 1]
    seen, found = {(step.term, step.relation)}, []
    candidates = [Mutant(what, term, step.relation)
                  for what, term in term_mutants(step.term, derivation)]
    candidates += _relation_mutants(step, derivation)
    for mutant in candidates:
        key = (mutant.term, mutant.relation)
        if key not in seen:
            seen.add(key)
            found.append(mutant)
    return found


def _relation_mutants(step, derivation) -> Iterator[Mutant]:
    """Mutants of the witnesses and certificates."""
    for field in fields(step.relation):
        if field.name in WITNESSES:
            witness = parse(getattr(step.relation, field.name))
            for what, term in term_mutants(witness, derivation):
                changed = replace(step.relation, **{field.name: str(term)})
                yield Mutant(f"{field.name}: {what}", step.term, changed)


def term_mutants(term: Term, derivation) -> Iterator[tuple[str, Term]]:
    """Every small change of a term, at every place of it."""
    for path, node in walk(term):
        if _is_domain(term, path):
            continue
        for what, new in _changes(node, derivation, _is_index(term, path)):
            yield what, replace_at(term, path, new)
    yield from _swaps(term, derivation)


def _parent(term, path):
    for position in path[:-1]:
        term = term.children[position]
    return term


def _is_domain(term, path) -> bool:
    """The size over which a sum runs; changed by its own rule below."""
    return bool(path) and _parent(term, path).op in ("sum", "prod", "integral") and path[-1] == 0


def _is_index(term, path) -> bool:
    """Inside y[…], where a factor 2 would only leave the range."""
    for depth in range(len(path)):
        node = _parent(term, path[:depth + 1])
        if node.op in ("index", "set") or (node.op == "diff" and path[depth] == 1):
            return True
    return False


def _changes(node: Term, derivation, is_index: bool) -> Iterator[tuple[str, Term]]:
    op, args = node.op, node.args
    if op in EXTREMA:
        flipped = "argmax" if op == "argmin" else "argmin"
        yield "min and max flipped", Term(flipped, args)
        return
    if is_index:
        yield from _index_changes(node, derivation)
        return
    yield "sign", Term("neg", (node,))
    yield "factor 2", Term("mul", (num(2), node))
    yield "factor 1/2", Term("div", (node, num(2)))
    match op:
        case "num":
            yield "constant", num(args[0] + 1)
            yield "constant", num(args[0] - 1)
        case "add" | "sub":
            yield "sign of a term", Term("sub" if op == "add" else "add", args)
            yield "term dropped", args[0]
            yield "term dropped", args[1]
        case "mul" | "div" | "matmul":
            yield "factor dropped", args[0]
            yield "factor dropped", args[1]
            if op == "div":
                yield "fraction turned over", Term("div", args[::-1])
        case "pow":
            yield "power dropped", args[0]
        case "neg" | "transpose":
            yield f"{op} dropped", args[0]
        case "call" if args[0] in ("log", "exp", "sqrt", "abs", "h", "factorial", "E", "sign"):
            yield f"{args[0]} dropped", args[1]
        case "call" if args[0] == "max":
            yield "only the first", args[1]
            yield "only the second", args[2]
        case "integral" if args[1].op in HALF_LINES:
            other = {"below": "above", "above": "below"}[args[1].op]
            yield "the other half", Term(op, (args[0], Term(other, args[1].args), args[2]))
            yield "the whole line", Term(op, (args[0], name("R"), args[2]))
        case "call" if len(args) == 3 and args[0] != "delta":
            yield "arguments swapped", Term("call", (args[0], args[2], args[1]))
        case "sum" | "prod":
            yield f"{op} dropped", _first(node)
            yield "sum for product" if op == "prod" else "product for sum", Term(
                "prod" if op == "sum" else "sum", args)
            yield from _domain_changes(node, derivation)


def _first(node: Term) -> Term:
    """The body of a sum at its first index."""
    variable, domain, body = node.args
    return substitute(body, {variable: domain.args[0] if domain.op == "set" else num(1)})


def _domain_changes(node, derivation) -> Iterator[tuple[str, Term]]:
    variable, domain, body = node.args
    for hypothesis in derivation.given:
        if type(hypothesis).__name__ == "Size" and name(hypothesis.name) != domain:
            yield "wrong size", Term(node.op, (variable, name(hypothesis.name), body))


def _index_changes(node, derivation) -> Iterator[tuple[str, Term]]:
    if node.op == "name":
        yield "index", num(1)
        for hypothesis in derivation.given:
            if type(hypothesis).__name__ == "Index" and hypothesis.name != node.args[0]:
                yield "index", name(hypothesis.name)
    if node.op == "num":
        yield "constant", num(node.args[0] + 1)


def _swaps(term: Term, derivation) -> Iterator[tuple[str, Term]]:
    """Two declared names of the same kind exchanged, such as p and q, mu and sigma."""
    kinds = {}
    for hypothesis in derivation.given:
        kinds.setdefault(_kind(hypothesis), []).append(hypothesis.name)
    for names in kinds.values():
        for k, first in enumerate(names):
            for second in names[k + 1:]:
                swapped = _rename(term, {first: second, second: first})
                if swapped != term:
                    yield f"{first} and {second} swapped", swapped


def _kind(hypothesis):
    kind = type(hypothesis).__name__
    if kind in ("Real", "Positive", "Unit"):
        kind = "number"
    if kind in ("Reals", "Positives", "Bits", "Counts"):
        kind = "array"
    return kind, getattr(hypothesis, "sizes", None)


def _rename(term: Term, names: dict) -> Term:
    args = tuple(_rename(a, names) if isinstance(a, Term) else names.get(a, a) for a in term.args)
    return Term(term.op, args)
