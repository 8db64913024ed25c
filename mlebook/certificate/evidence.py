"""The checks of a noise model, one function each.

A check takes the loss's module and the number of mutants a step.  It returns what it found, as
a text or as a text and the number behind it, and raises :class:`Failure` if it came out wrong.
"""
from __future__ import annotations

import torch

from mlebook import catalog
from mlebook.checks import NoFiniteEstimateError
from mlebook.proof import SameMinimiser
from mlebook.proof.mutate import judge

from . import data
from .formula import proved_values
from .report import Failure, claim, verified, within, worst

#: agreement asked of float64 routes to one number: relative to the larger of 1 and the value
TOLERANCE = 1e-12


def normalises(loss, mutants):
    return f"proved: {claim(loss, 'normalises').address}"


def nll(loss, mutants):
    return f"proved: {claim(loss, 'nll').address}"


def affine(loss, mutants):
    """The last step of the statement carries the witnesses a and b."""
    statement = claim(loss, "loss")
    relation = statement.steps[-1].relation
    if not isinstance(relation, SameMinimiser):
        raise Failure(f"{statement.address} does not end with witnesses")
    return f"proved: loss = a·nll + b with a = {relation.a}, b = {relation.c}"


def minimum(loss, mutants):
    """Proved; and on real data no small change of the constant makes the nll smaller."""
    names = []
    for role in ("estimate", *(("noise",) if loss.NOISE_PARAMETERS else ())):
        found = catalog.proofs(loss.SLUG).CLAIMS[role]
        names += [found] if isinstance(found, str) else found
    addresses = " and ".join(verified(loss, name).address for name in names)
    measured, unit = data.at_minimum(loss, loss.real_targets())
    return within(measured, 1e-9, f"proved: {addresses}; on real data: {unit}")


def exists(loss, mutants):
    loss.estimate(loss.real_targets())
    try:
        loss.estimate(data.targets(loss, loss.NO_ESTIMATE, torch.float64))
    except NoFiniteEstimateError:
        return f"{loss.EXISTENCE}; reported, not returned, where there is none"
    raise Failure(f"an estimate was returned for {loss.NO_ESTIMATE}, which has none")


def symbolic(loss, mutants):
    """Torch against the formulas that were proved, evaluated with 30 digits."""
    errors = []
    for role in ("nll", "gradient", "curvature"):
        for prediction, target, noise in data.draws(loss):
            actual = getattr(loss, role)(prediction, target, **noise)
            errors.append(data.relative(
                actual, proved_values(loss, role, prediction, target, noise)))
    return within(worst(errors), TOLERANCE, "nll, gradient and curvature differ by")


def library(loss, mutants):
    """An outside implementation, constants included; its gradient by autograd."""
    errors = []
    for prediction, target, noise in data.draws(loss):
        prediction = prediction.requires_grad_()
        expected = -loss.reference(prediction, **noise).log_prob(target)
        slope, = torch.autograd.grad(expected.sum(), prediction)
        errors += [data.relative(loss.nll(prediction, target, **noise), expected),
                   data.relative(loss.gradient(prediction, target, **noise), slope)]
    name = type(loss.reference(prediction, **noise)).__name__
    return within(worst(errors), TOLERANCE, f"{name} of torch.distributions differs by")


def optimiser(loss, mutants):
    """Fit every parameter by an iterative method and compare the nll with the closed form's."""
    target = loss.real_targets()
    best, reached = data.total(loss, target, loss.estimate(target)), data.climbed(loss, target)
    return within(abs(reached - best), 1e-8,
                  f"{target.numel()} real data: nll above the closed form by (nats)")


def extremes(loss, mutants):
    """Value and gradient in float32 where squares and exponentials overflow or underflow."""
    for prediction, target, noise in loss.EXTREMES:
        f = torch.tensor([prediction], dtype=torch.float32)
        y = data.targets(loss, [target], torch.float32)
        for name in ("nll", "gradient"):
            if not torch.isfinite(getattr(loss, name)(f, y, **noise)).all():
                raise Failure(f"{name} is not finite at prediction {prediction}, "
                              f"target {target}" + "".join(
                                  f", {key} {value}" for key, value in noise.items()))
    return (f"value and gradient finite in float32 at {len(loss.EXTREMES)} extreme places, "
            f"{data.ranges(loss)}")


def mutants_rejected(loss, mutants):
    """Every wrong change of every step must be rejected by the engine."""
    tallies = [judge(s, mutants) for s in catalog.derivations()
               if s.address.startswith(f"{loss.SLUG}.")]
    total, equivalent = sum(t.mutants for t in tallies), sum(t.equivalent for t in tallies)
    survivors = [s for t in tallies for s in t.survivors]
    steps = sum(t.steps for t in tallies)
    if survivors or not total:
        raise Failure(f"{len(survivors)} of {total} survive: {'; '.join(survivors[:3])}")
    return (f"{total - equivalent} of {total - equivalent} wrong steps rejected "
            f"({equivalent} equivalent), {steps} steps"), float(total)


#: name of the check -> how it is run
CHECKS = {
    "density normalises": normalises,
    "nll is -log density": nll,
    "loss is affine in the nll": affine,
    "estimate is the global minimum": minimum,
    "existence of the estimate": exists,
    "torch equals the proved formula": symbolic,
    "outside library agrees": library,
    "optimiser reaches the closed form": optimiser,
    "finite at extremes": extremes,
    "wrong steps are rejected": mutants_rejected,
}
