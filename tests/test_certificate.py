"""Certificates: complete for every loss of the catalog, and each check can fail."""
import json
from dataclasses import replace
from types import ModuleType

import pytest
import torch
from laws import LOSSES, every_loss

from mlebook import catalog, certificate
from mlebook.certificate import evidence
from mlebook.certificate.data import draws, relative
from mlebook.checks import NoFiniteEstimateError
from mlebook.proof import SameMinimiser, Step

NAMES = list(certificate.CHECKS)


@pytest.mark.parametrize("slug", catalog.LOSSES)
def test_every_loss_has_a_complete_certificate(slug):
    found = certificate.certify(slug, mutants=3)
    assert [c.name for c in found.checks] == NAMES
    assert found.complete, str(found)
    assert all(c.figure for c in found.checks)


def result(loss, name):
    """Run one check on a (patched) loss; return its line."""
    return certificate._run(name, certificate.CHECKS[name], loss, 2)


def shifted(name, by):
    return lambda loss: (name, lambda *a, **k: getattr(SOUND[loss.SLUG], name)(*a, **k) + by)


def scaled(name, by):
    return lambda loss: (name, lambda *a, **k: getattr(SOUND[loss.SLUG], name)(*a, **k) * by)


def estimate_moved(loss):
    def moved(target):
        found = SOUND[loss.SLUG].estimate(target)
        first = found[0].clone()
        first.view(-1)[0] += 0.1
        return found._replace(**{loss.OUTPUTS[0]: first})

    return "estimate", moved


def estimate_always(loss):
    def always(target):
        try:
            return SOUND[loss.SLUG].estimate(target)
        except NoFiniteEstimateError:
            return SOUND[loss.SLUG].estimate(loss.real_targets())

    return "estimate", always


class _Sound(dict):
    """Copies of the losses' modules, taken before anything is patched."""

    def __missing__(self, slug):
        copy = ModuleType(slug)
        copy.__dict__.update(catalog.loss(slug).__dict__)
        return self.setdefault(slug, copy)


SOUND = _Sound()
PLANTED = {
    "nll without its constant": (shifted("nll", -0.918938533), [
        "torch equals the proved formula", "outside library agrees"]),
    "gradient with the wrong sign": (scaled("gradient", -1), [
        "torch equals the proved formula", "outside library agrees"]),
    "gradient off by a little": (shifted("gradient", 1e-7), [
        "torch equals the proved formula", "outside library agrees"]),
    "curvature doubled": (scaled("curvature", 2), ["torch equals the proved formula"]),
    "estimate moved": (estimate_moved, [
        "estimate is the global minimum", "optimiser reaches the closed form"]),
    "estimate where there is none": (estimate_always, ["existence of the estimate"]),
    "nll that overflows": (scaled("nll", 1e39), ["finite at extremes"]),
    "gradient that overflows": (lambda loss: ("gradient", lambda f, y, **noise: f * 1e38 * 1e38), [
        "finite at extremes"]),
    "nll that is NaN": (scaled("nll", float("nan")), [
        "torch equals the proved formula", "outside library agrees",
        "optimiser reaches the closed form"]),
}


@every_loss
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_fails_its_checks(fault, loss, monkeypatch):
    plant, checks = PLANTED[fault]
    _ = SOUND[loss.SLUG]
    attribute, wrong = plant(loss)
    if attribute == "curvature":
        prediction, target, noise = next(draws(loss))
        if not loss.curvature(prediction, target, **noise).any():
            return  # twice nothing is no fault
    monkeypatch.setattr(loss, attribute, wrong)
    for name in checks:
        check = result(loss, name)
        assert check.status == certificate.FAILED, (fault, check)
        assert check.figure


def test_a_biased_score_is_no_minimum(monkeypatch):
    """A gradient that is off by 1e-9 is seen in the score on real data."""
    squared_error = catalog.loss("squared_error")
    _ = SOUND["squared_error"]
    monkeypatch.setattr(squared_error, *shifted("gradient", 1e-9)(squared_error))
    assert result(squared_error, "estimate is the global minimum").status == certificate.FAILED


ROLES = {"normalises": "density normalises", "nll": "nll is -log density",
         "loss": "loss is affine in the nll", "estimate": "estimate is the global minimum",
         "noise": "estimate is the global minimum", "gradient": "torch equals the proved formula",
         "curvature": "torch equals the proved formula"}


def spoilt(statement):
    """The statement with a false last step."""
    last = statement.steps[-1]
    if isinstance(last.relation, SameMinimiser):
        return replace(statement, steps=(*statement.steps[:-1], replace(
            last, relation=replace(last.relation, a=f"-({last.relation.a})"))))
    return statement.with_step(len(statement.steps), f"({last.formula}) + 1")


@every_loss
@pytest.mark.parametrize("role", ROLES)
def test_a_false_statement_fails_the_check_that_rests_on_it(role, loss, monkeypatch):
    claims = catalog.proofs(loss.SLUG).CLAIMS
    if role not in claims:
        assert role == "noise" and not loss.NOISE_PARAMETERS
        return
    name = claims[role]
    while not isinstance(name, str):
        name = name[-1]
    statements = dict(catalog.statements())
    address = f"{loss.SLUG}.{name}"
    statements[address] = spoilt(statements[address])
    monkeypatch.setattr(catalog, "statements", lambda: statements)
    assert result(loss, ROLES[role]).status == certificate.FAILED


def test_a_surviving_mutant_fails_the_certificate(monkeypatch):
    monkeypatch.setattr("mlebook.proof.mutate.accepted", lambda *args: True)
    monkeypatch.setattr("mlebook.proof.mutate.equivalent", lambda *args: False)
    check = result(catalog.loss("squared_error"), "wrong steps are rejected")
    assert check.status == certificate.FAILED and "survive" in check.figure


def test_a_loss_may_bring_its_own_evidence_but_no_unknown_check(monkeypatch):
    own = ModuleType("evidence")
    own.CHECKS = {NAMES[0]: lambda loss, mutants: ("by another way", 0.5)}
    monkeypatch.setattr(certificate, "find_spec", lambda name: True)
    monkeypatch.setattr(certificate, "import_module", lambda name: own)
    checks = certificate.checks_of("squared_error")
    assert list(checks) == NAMES and checks[NAMES[1]] is evidence.CHECKS[NAMES[1]]
    line = certificate._run(NAMES[0], checks[NAMES[0]], None, 1)
    assert (line.figure, line.measured) == ("by another way", 0.5)
    own.CHECKS = {"is famous": None}
    with pytest.raises(KeyError, match="is famous is no check"):
        certificate.checks_of("squared_error")


def test_the_command_prints_json_and_fails_if_a_check_fails(monkeypatch, capsys):
    quick = certificate.Certificate("squared_error", (
        certificate.Check("a", certificate.PASSED, "fine", 1e-16),))
    monkeypatch.setattr(certificate, "certify", lambda slug, mutants: quick)
    assert certificate.main(["--json"]) == 0
    entry = json.loads(capsys.readouterr().out)[0]
    assert entry["loss"] == "squared_error"
    assert entry["checks"][0] == {"name": "a", "status": "passed", "figure": "fine",
                                  "measured": 1e-16}
    broken = certificate.Certificate("squared_error", (
        certificate.Check("a", certificate.FAILED, "wrong"),))
    monkeypatch.setattr(certificate, "certify", lambda slug, mutants: broken)
    assert certificate.main([]) == 1
    assert "✗ a" in capsys.readouterr().out


def test_an_unknown_loss_is_named():
    with pytest.raises(KeyError, match="no loss named 'hinge'; known: squared_error"):
        certificate.certify("hinge")


def test_the_table_links_proofs_and_keeps_its_columns():
    figure = "proved: squared_error.nll; |y| with a = 2*b"
    table = certificate.Certificate("squared_error", (
        certificate.Check("a", certificate.PASSED, figure),)).markdown()
    assert "[squared_error.nll](squared_error.ipynb#squared_error.nll)" in table
    assert r"\|y\| with a = 2\*b" in table


@every_loss
def test_certificate_proofs_are_steps_of_the_loss(loss):
    def names(claim):
        return [claim] if isinstance(claim, str) else [n for c in claim for n in names(c)]

    for claim in catalog.proofs(loss.SLUG).CLAIMS.values():
        for name in names(claim):
            statement = catalog.statements()[f"{loss.SLUG}.{name}"]
            assert statement.steps and all(isinstance(step, Step) for step in statement.steps)


def test_a_wrong_shape_is_no_agreement():
    with pytest.raises(certificate.Failure, match=r"shape \(3,\), expected \(3, 1\)"):
        relative(torch.zeros(3), torch.zeros(3, 1))


def test_more_than_one_kind_of_noise_model_is_covered():
    assert {loss.SUPPORT for loss in LOSSES} == {"real", "binary", "classes"}
    assert {len(loss.OUTPUTS) for loss in LOSSES} == {1, 2}
