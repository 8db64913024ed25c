"""The certificate of a loss: what was checked, and what came out, computed at each run.

``python -m mlebook.certificate`` prints the table, ``--json`` the same for machines.
Nothing here is written by hand: each line is the result of running a check, and a check
that fails, or that cannot run, is shown as failed.

The checks stand in :mod:`.evidence`; ``mlebook/losses/<slug>/evidence.py`` may replace some of
them where a loss is no noise model.

>>> from mlebook.certificate import CHECKS
>>> len(CHECKS)
10
"""
from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec

from mlebook import catalog

from .evidence import CHECKS, TOLERANCE
from .report import FAILED, PASSED, Certificate, Check, Failure, claim, verified, within, worst

__all__ = ["CHECKS", "FAILED", "PASSED", "TOLERANCE", "Certificate", "Check", "Failure", "certify",
           "checks_of", "claim", "main", "verified", "within", "worst"]

_MUTANTS_A_STEP = 10


def certify(slug: str, mutants: int | None = _MUTANTS_A_STEP) -> Certificate:
    """Run every check of a loss.

    Args:
        slug: name of a loss in :data:`mlebook.catalog.LOSSES`.
        mutants: at most so many mutants of each step; None for all.

    Raises:
        KeyError: no such loss.
    """
    loss = catalog.loss(slug)
    return Certificate(slug, tuple(_run(name, check, loss, mutants)
                                   for name, check in checks_of(slug).items()))


def checks_of(slug: str) -> dict:
    """The checks of a loss: those of a noise model, save where it brings evidence of its own."""
    name = f"{catalog.loss(slug).__name__}.evidence"
    if find_spec(name) is None:
        return CHECKS
    own = import_module(name).CHECKS
    if unknown := set(own) - set(CHECKS):
        raise KeyError(f"{name}: {', '.join(sorted(unknown))} is no check of a certificate")
    return CHECKS | own


def _run(name, check, loss, mutants) -> Check:
    try:
        outcome = check(loss, mutants)
    except Exception as error:  # whatever goes wrong in a check is a failed check
        what = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
        return Check(name, FAILED, what)
    figure, measured = outcome if isinstance(outcome, tuple) else (outcome, None)
    return Check(name, PASSED, figure, measured)


def main(arguments: list[str] | None = None) -> int:
    """Print the certificates of all losses.  Exit code 1 if one is not complete."""
    parser = argparse.ArgumentParser(prog="python -m mlebook.certificate",
                                     description="Run every check of every loss.")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--all-mutants", action="store_true",
                        help=f"all mutants of each step instead of {_MUTANTS_A_STEP}")
    options = parser.parse_args(arguments)
    mutants = None if options.all_mutants else _MUTANTS_A_STEP
    certificates = [certify(slug, mutants) for slug in catalog.LOSSES]
    if options.json:
        print(json.dumps([asdict(c) for c in certificates], indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(map(str, certificates)))
    return 0 if all(c.complete for c in certificates) else 1
