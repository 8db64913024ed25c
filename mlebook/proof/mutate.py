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
from dataclasses import dataclass, fields

from . import relations as rel
from .context import Context
from .mutations import WITNESSES, Mutant, mutants
from .prove import prove
from .refute import HASTY, refute
from .term import TermError, parse


@dataclass(frozen=True)
class Tally:
    """How the mutants of one derivation fared."""

    address: str
    steps: int
    mutants: int = 0
    equivalent: int = 0
    rejected: int = 0
    survivors: tuple[str, ...] = ()


# --- judging mutants -----------------------------------------------------------------


def accepted(derivation, number: int, mutant: Mutant) -> bool:
    """Whether the engine accepts a mutant in place of step ``number``."""
    left = derivation.lines[number - 1]
    if left == mutant.term:
        return False
    try:
        if refute(derivation.given, derivation.where, left, mutant.relation, mutant.term,
                  digits=HASTY):
            return False
        context = Context(derivation.given, derivation.where)
        return bool(prove(context, left, mutant.relation, mutant.term))
    except (TermError, ArithmeticError):
        return False


def equivalent(derivation, number: int, mutant: Mutant) -> bool:
    """Whether the engine proves the mutant equal to the original step, or weaker: b > a > a - 1."""
    step = derivation.steps[number - 1]
    pairs = [(step.term, mutant.term)]
    pairs += [(parse(getattr(step.relation, f.name)), parse(getattr(mutant.relation, f.name)))
              for f in fields(step.relation) if f.name in WITNESSES]
    context = Context(derivation.given, derivation.where)
    if isinstance(step.relation, rel.Greater) and \
            prove(context, step.term, rel.Greater(), mutant.term):
        return True
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

    def order(mutant):
        return zlib.crc32(f"{address}{mutant.term}{mutant.relation}".encode())

    return sorted(found, key=order)[:limit]


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
    parser.add_argument("--sample", type=int, nargs="?", const=24, metavar="N",
                        help="at most N mutants a step (24 if no number is given)")
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
