"""Mutation testing of proofs: every wrong step must be rejected.

``python -m mlebook.proof.mutate`` changes every step of every derivation in the project
in small ways (a sign, a dropped log, a factor 2, swapped distributions, a wrong index, …)
and counts how many of the changed steps the engine still accepts.  A mutant that the
engine itself proves equal to the original is *equivalent*; any other accepted mutant is
a *survivor*, printed in full, and makes the command fail.
"""
from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from . import relations as rel
from .context import Context
from .prove import EXTREMA, prove
from .refute import refute
from .term import Term, TermError, name, num, parse, replace_at, walk

_WITNESSES = ("a", "c", "certificate")


@dataclass(frozen=True)
class Mutant:
    """A changed step: what was changed, the new line, the new relation."""

    what: str
    term: Term
    relation: rel.Relation


@dataclass(frozen=True)
class Tally:
    """How the mutants of one derivation fared."""

    address: str
    steps: int
    mutants: int = 0
    equivalent: int = 0
    rejected: int = 0
    survivors: tuple[str, ...] = ()


# --- making mutants ------------------------------------------------------------------


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
        if field.name in _WITNESSES:
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
        case "call" if args[0] in ("log", "exp", "sqrt", "abs", "h", "factorial", "E"):
            yield f"{args[0]} dropped", args[1]
        case "call" if len(args) == 3 and args[0] != "delta":
            yield "arguments swapped", Term("call", (args[0], args[2], args[1]))
        case "sum" | "prod":
            yield f"{op} dropped", _first(node)
            yield "sum for product" if op == "prod" else "product for sum", Term(
                "prod" if op == "sum" else "sum", args)
            yield from _domain_changes(node, derivation)


def _first(node: Term) -> Term:
    """The body of a sum at its first index."""
    from .term import substitute

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


# --- judging mutants -----------------------------------------------------------------


def accepted(derivation, number: int, mutant: Mutant) -> bool:
    """Whether the engine accepts a mutant in place of step ``number``."""
    left = derivation.lines[number - 1]
    if left == mutant.term:
        return False
    try:
        if refute(derivation.given, derivation.where, left, mutant.relation, mutant.term):
            return False
        context = Context(derivation.given, derivation.where)
        return bool(prove(context, left, mutant.relation, mutant.term))
    except (TermError, ArithmeticError):
        return False


def equivalent(derivation, number: int, mutant: Mutant) -> bool:
    """Whether the engine proves the mutant equal to the original step."""
    step = derivation.steps[number - 1]
    pairs = [(step.term, mutant.term)]
    pairs += [(parse(getattr(step.relation, f.name)), parse(getattr(mutant.relation, f.name)))
              for f in fields(step.relation) if f.name in _WITNESSES]
    context = Context(derivation.given, derivation.where)
    return all(a == b or prove(context, a, rel.Equal(), b) for a, b in pairs)


def judge(derivation, limit: int | None = None) -> Tally:
    """Make and judge the mutants of a derivation; with ``limit``, a fixed sample a step."""
    count = equal = rejected = 0
    survivors = []
    for number in range(1, len(derivation.steps) + 1):
        for mutant in _sampled(mutants(derivation, number), limit, derivation.address):
            count += 1
            if not accepted(derivation, number, mutant):
                rejected += 1
            elif equivalent(derivation, number, mutant):
                equal += 1
            else:
                survivors.append(f"step {number}, {mutant.what}: {mutant.term} "
                                 f"[{mutant.relation}]")
    return Tally(derivation.address, len(derivation.steps), count, equal, rejected,
                 tuple(survivors))


def _sampled(found: list[Mutant], limit: int | None, address: str) -> list[Mutant]:
    """A sample that is the same at every run."""
    if limit is None or len(found) <= limit:
        return found
    return sorted(found, key=lambda m: zlib.crc32(f"{address}{m.term}{m.relation}".encode()))[:limit]


# --- the command -----------------------------------------------------------------------


def report(tallies: list[Tally], out=sys.stdout) -> int:
    """Print the table; return the number of survivors."""
    print(f"{'derivation':<40} {'steps':>5} {'mutants':>8} {'equivalent':>11} {'rejected':>9}",
          file=out)
    for t in tallies:
        print(f"{t.address:<40} {t.steps:>5} {t.mutants:>8} {t.equivalent:>11} {t.rejected:>9}",
              file=out)
        for survivor in t.survivors:
            print(f"    SURVIVOR {survivor}", file=out)
    survivors = sum(len(t.survivors) for t in tallies)
    steps, total = sum(t.steps for t in tallies), sum(t.mutants for t in tallies)
    print(f"{total / max(steps, 1):.1f} mutants a step over {steps} steps", file=out)
    print(f"mutants: {total}, equivalent: {sum(t.equivalent for t in tallies)}, "
          f"rejected: {sum(t.rejected for t in tallies)}, survivors: {survivors}", file=out)
    return survivors


def _judge_address(job: tuple[str, int | None]) -> Tally:
    from ..catalog import statements

    address, limit = job
    return judge(statements()[address], limit)


def main(arguments: list[str] | None = None) -> int:
    """Run over the whole catalog.  Exit code 1 if a mutant survives."""
    from concurrent.futures import ProcessPoolExecutor

    from ..catalog import derivations

    parser = argparse.ArgumentParser(prog="python -m mlebook.proof.mutate", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants a step")
    parser.add_argument("addresses", nargs="*", help="only these derivations")
    options = parser.parse_args(arguments)
    chosen = [d.address for d in derivations()
              if not options.addresses or d.address in options.addresses]
    missing = set(options.addresses) - set(chosen)
    if missing or not chosen:
        parser.error(f"no such derivation: {', '.join(sorted(missing)) or 'the catalog is empty'}")
    with ProcessPoolExecutor() as pool:
        tallies = list(_progress(pool.map(_judge_address, [(a, options.sample) for a in chosen]),
                                 len(chosen)))
    return 1 if report(tallies) else 0


def _progress(results, total):
    try:
        from tqdm import tqdm
    except ImportError:  # tqdm is a convenience, not a need
        return results
    return tqdm(results, total=total, unit="derivation", disable=not sys.stderr.isatty())


if __name__ == "__main__":
    sys.exit(main())
