"""The certificate of a loss: what was checked, and what came out, computed at each run.

``python -m mlebook.certificate`` prints the table, ``--json`` the same for machines.
Nothing here is written by hand: each line is the result of running a check, and a check
that fails, or that cannot run, is shown as failed.

>>> from mlebook.certificate import CHECKS
>>> len(CHECKS)
10
"""
from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict, dataclass

import torch

from . import catalog, estimators
from .checks import NoFiniteEstimateError
from .proof import SameMinimiser
from .proof.display import page_of
from .proof.mutate import judge

PASSED, FAILED = "passed", "failed"
#: agreement asked of float64 routes to one number: relative to the larger of 1 and the value
TOLERANCE = 1e-12
_MUTANTS_A_STEP = 10


@dataclass(frozen=True)
class Check:
    """One line of a certificate.  ``measured`` is the raw number behind ``figure``, if any."""

    name: str
    status: str
    figure: str
    measured: float | None = None


@dataclass(frozen=True)
class Certificate:
    """All checks of one loss."""

    loss: str
    checks: tuple[Check, ...]

    @property
    def complete(self) -> bool:
        """Whether every check passed."""
        return all(check.status == PASSED for check in self.checks)

    def __str__(self) -> str:
        width = max(len(check.name) for check in self.checks)
        marks = {PASSED: "✓", FAILED: "✗"}
        lines = [f"{marks[c.status]} {c.name:<{width}}  {c.figure}" for c in self.checks]
        return "\n".join([self.loss, *lines])

    def markdown(self) -> str:
        """A table for the book; each proof that is named links to its page."""
        rows = [f"| {c.name} | {c.status} | {_linked(c.figure)} |" for c in self.checks]
        return "\n".join([f"| {self.loss} | | what was found |", "|---|---|---|", *rows])


def _linked(figure: str) -> str:
    for address in re.findall(r"\w+\.\w+", figure):
        if address in catalog.statements():
            figure = figure.replace(address, f"[{address}]({page_of(address)}#{address})")
    return figure.replace("*", "\\*")


class _Failure(Exception):
    """A check came out wrong; the message is the figure that shows it."""


# --- proofs --------------------------------------------------------------------------


def _claim(loss, role: str):
    """The statement that carries a proof, verified now."""
    statement = catalog.statements()[f"{loss.SLUG}.{catalog.proofs(loss.SLUG).CLAIMS[role]}"]
    statement.verify()
    return statement


def _normalises(loss, mutants):
    return f"proved: {_claim(loss, 'normalises').address}"


def _nll(loss, mutants):
    return f"proved: {_claim(loss, 'nll').address}"


def _affine(loss, mutants):
    statement = _claim(loss, "loss")
    relation = statement.steps[-1].relation
    if not isinstance(relation, SameMinimiser):
        raise _Failure(f"{statement.address} does not end with witnesses")
    return f"proved: loss = a·nll + b with a = {relation.a}, b = {relation.c}"


def _minimum(loss, mutants):
    roles = ["estimate", "noise"] if loss.NOISE_PARAMETERS else ["estimate"]
    addresses = " and ".join(_claim(loss, role).address for role in roles)
    target = loss.real_targets()
    estimate = loss.estimate(target)
    noise = {name: getattr(estimate, name) for name in loss.NOISE_PARAMETERS}
    prediction = estimate.loc.expand_as(target)
    score = float(loss.gradient(prediction, target, **noise).sum())
    curvature = float(loss.curvature(prediction, target, **noise).sum())
    # the score in standard errors of the estimate: free of the data's units
    measured = abs(score) / curvature**0.5
    return _within(measured, 1e-9, f"proved: {addresses}; score on real data")


def _exists(loss, mutants):
    loss.estimate(loss.real_targets())
    try:
        loss.estimate(torch.tensor(loss.NO_ESTIMATE, dtype=torch.float64))
    except NoFiniteEstimateError:
        return f"{loss.EXISTENCE}; reported, not returned, where there is none"
    raise _Failure(f"an estimate was returned for {loss.NO_ESTIMATE}, which has none")


# --- numbers -------------------------------------------------------------------------


def _grid(loss):
    """Predictions, targets and noise parameters over many orders of magnitude."""
    generator = torch.Generator().manual_seed(0)
    for scale in (0.01, 0.5, 1.0, 3.0, 40.0):
        noise = dict.fromkeys(loss.NOISE_PARAMETERS, scale)
        prediction = 10 * torch.randn(12, generator=generator, dtype=torch.float64)
        yield prediction, loss.sample(prediction, generator=generator, **noise), noise


def _relative(actual, expected) -> float:
    return float(((actual - expected).abs() / expected.abs().clamp(min=1)).detach().max())


def _worst(errors: list[float]) -> float:
    """The largest; a NaN is worse than any number (Python's max may lose it)."""
    return max(errors, key=lambda error: (error != error, error))


def _within(measured: float, bound: float, what: str) -> tuple[str, float]:
    if not measured <= bound:  # also fails for NaN
        raise _Failure(f"{what}: {measured:.1e}, allowed {bound:.0e}")
    return f"{what} ≤ {bound:.0e}", measured


def _symbolic(loss, mutants):
    """Torch against the formulas that were proved, evaluated by SymPy with 30 digits."""
    errors = []
    for role, function in (("nll", loss.nll), ("gradient", loss.gradient),
                           ("curvature", loss.curvature)):
        statement = _claim(loss, role)
        for prediction, target, noise in _grid(loss):
            actual = function(prediction, target, **noise)
            expected = [_evaluate(loss, statement, f, y, noise)
                        for f, y in zip(prediction.tolist(), target.tolist(), strict=True)]
            errors.append(_relative(actual, torch.tensor(expected, dtype=torch.float64)))
    return _within(_worst(errors), TOLERANCE, "nll, gradient and curvature differ by")


def _evaluate(loss, statement, prediction, target, noise) -> float:
    from .proof.context import Context
    from .proof.translate import translate

    context = Context(statement.given, statement.where)
    symbols = catalog.proofs(loss.SLUG).SYMBOLS
    values = {symbols["prediction"]: prediction, symbols["target"]: target}
    values |= {symbols[name]: value for name, value in noise.items()}
    formula = translate(statement.lines[-1], context)
    return float(formula.evalf(30, subs={context.symbols[k]: v for k, v in values.items()}))


def _library(loss, mutants):
    """An outside implementation, constants included; its gradient by autograd."""
    errors = []
    for prediction, target, noise in _grid(loss):
        prediction = prediction.requires_grad_()
        expected = -loss.reference(prediction, **noise).log_prob(target)
        slope, = torch.autograd.grad(expected.sum(), prediction)
        errors += [_relative(loss.nll(prediction, target, **noise), expected),
                   _relative(loss.gradient(prediction, target, **noise), slope)]
    name = type(loss.reference(prediction, **noise)).__name__
    return _within(_worst(errors), TOLERANCE, f"{name} of torch.distributions differs by")


def _optimiser(loss, mutants):
    """Fit every parameter by an iterative method and compare the nll with the closed form's."""
    target = loss.real_targets()
    estimate = loss.estimate(target)
    best = float(_total(loss, target, estimate.loc, {
        name: getattr(estimate, name) for name in loss.NOISE_PARAMETERS}))

    def nll(parameters):
        # a positive noise parameter is optimised through its logarithm
        noise = dict(zip(loss.NOISE_PARAMETERS, parameters[1:].exp(), strict=True))
        return _total(loss, target, parameters[0], noise)

    start = torch.zeros(1 + len(loss.NOISE_PARAMETERS), dtype=torch.float64)
    start[0], start[1:] = target[0], target.abs().mean().log()
    result = estimators.fit(nll, start)
    if not result.converged:
        raise _Failure(f"the optimiser did not converge: {result.message}")
    return _within(abs(result.nll - best), 1e-8,
                   f"{target.numel()} real data: nll above the closed form by (nats)")


def _total(loss, target, loc, noise):
    return loss.nll(loc.expand_as(target), target, **noise).sum()


def _extremes(loss, mutants):
    """Value and gradient in float32 where squares and exponentials overflow or underflow."""
    for prediction in (-1e4, 0.0, 1e4):
        for scale in (1e-6, 1.0, 1e6):
            noise = dict.fromkeys(loss.NOISE_PARAMETERS, scale)
            f, y = torch.tensor([prediction]), torch.tensor([1.0])
            for value in (loss.nll(f, y, **noise), loss.gradient(f, y, **noise)):
                if not torch.isfinite(value).all():
                    raise _Failure(f"not finite at prediction {prediction}, scale {scale}")
    return "value and gradient finite in float32 at predictions ±1e4, scales 1e-6 to 1e6"


def _mutants(loss, mutants):
    """Every wrong change of every step must be rejected by the engine."""
    tallies = [judge(s, mutants) for s in catalog.derivations()
               if s.address.startswith(f"{loss.SLUG}.")]
    total, equivalent = sum(t.mutants for t in tallies), sum(t.equivalent for t in tallies)
    survivors = [s for t in tallies for s in t.survivors]
    steps = sum(t.steps for t in tallies)
    if survivors or not total:
        raise _Failure(f"{len(survivors)} of {total} survive: {'; '.join(survivors[:3])}")
    return (f"{total - equivalent} of {total - equivalent} wrong steps rejected "
            f"({equivalent} equivalent), {steps} steps"), float(total)


#: name of the check -> how it is run
CHECKS = {
    "density normalises": _normalises,
    "nll is -log density": _nll,
    "loss is affine in the nll": _affine,
    "estimate is the global minimum": _minimum,
    "existence of the estimate": _exists,
    "torch equals the proved formula": _symbolic,
    "outside library agrees": _library,
    "optimiser reaches the closed form": _optimiser,
    "finite at extremes": _extremes,
    "wrong steps are rejected": _mutants,
}


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
                                   for name, check in CHECKS.items()))


def _run(name, check, loss, mutants) -> Check:
    try:
        outcome = check(loss, mutants)
    except Exception as error:  # whatever goes wrong in a check is a failed check
        what = str(error) if isinstance(error, _Failure) else f"{type(error).__name__}: {error}"
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


if __name__ == "__main__":
    sys.exit(main())
