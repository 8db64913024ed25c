"""Certificates: complete for every loss of the catalog, and each check can fail."""
import json

import pytest
import torch

from mlebook import catalog, certificate
from mlebook.losses import squared_error
from mlebook.losses.squared_error import derivations
from mlebook.proof import Step

NAMES = list(certificate.CHECKS)


@pytest.mark.parametrize("slug", catalog.LOSSES)
def test_every_loss_has_a_complete_certificate(slug):
    found = certificate.certify(slug, mutants=3)
    assert [c.name for c in found.checks] == NAMES
    assert found.complete, str(found)
    assert all(c.figure for c in found.checks)


def failed(name):
    """Run one check on the (patched) squared error; return its line."""
    return certificate._run(name, certificate.CHECKS[name], squared_error, 2)


def shifted(function, by):
    return lambda *args, **kwargs: function(*args, **kwargs) + by


PLANTED = {
    "nll without its constant": ("nll", shifted(squared_error.nll, -0.918938533), [
        "torch equals the proved formula", "outside library agrees"]),
    "gradient with the wrong sign": (
        "gradient", lambda *a, **k: -squared_error.gradient(*a, **k),
        ["torch equals the proved formula", "outside library agrees"]),
    "gradient off by a little": ("gradient", shifted(squared_error.gradient, 1e-9), [
        "estimate is the global minimum", "torch equals the proved formula"]),
    "estimate divided by n - 1": (
        "estimate", lambda t: squared_error.Estimate(t.mean(), t.std()),
        ["optimiser reaches the closed form", "existence of the estimate"]),
    "nll that overflows": ("nll", lambda f, y, scale: (f - y) * 1e38 * (f - y) / scale, [
        "finite at extremes"]),
    "nll that is NaN": ("nll", lambda f, y, scale: (f - y) * float("nan"), [
        "torch equals the proved formula", "optimiser reaches the closed form"]),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_fails_its_checks(fault, monkeypatch):
    attribute, wrong, checks = PLANTED[fault]
    monkeypatch.setattr(squared_error, attribute, wrong)
    for name in checks:
        check = failed(name)
        assert check.status == certificate.FAILED, (fault, check)
        assert check.figure


@pytest.mark.parametrize("role, name", [
    ("normalises", "density normalises"), ("nll", "nll is -log density"),
    ("loss", "loss is affine in the nll"), ("estimate", "estimate is the global minimum"),
    ("noise", "estimate is the global minimum")])
def test_a_false_statement_fails_the_check_that_rests_on_it(role, name, monkeypatch):
    statements = dict(catalog.statements())
    address = f"squared_error.{derivations.CLAIMS[role]}"
    statements[address] = statements[address].with_step(1, "2*sigma + 1")
    monkeypatch.setattr(catalog, "statements", lambda: statements)
    check = failed(name)
    assert check.status == certificate.FAILED and "step 1" in check.figure


def test_a_surviving_mutant_fails_the_certificate(monkeypatch):
    monkeypatch.setattr("mlebook.proof.mutate.accepted", lambda *args: True)
    monkeypatch.setattr("mlebook.proof.mutate.equivalent", lambda *args: False)
    check = failed("wrong steps are rejected")
    assert check.status == certificate.FAILED and "survive" in check.figure


def test_the_command_prints_json_and_fails_if_a_check_fails(monkeypatch, capsys):
    quick = certificate.Certificate("squared_error", (
        certificate.Check("a", certificate.PASSED, "fine", 1e-16),))
    monkeypatch.setattr(certificate, "certify", lambda slug, mutants: quick)
    assert certificate.main(["--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
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


def test_real_targets_are_real_and_float64():
    targets = squared_error.real_targets()
    assert targets.dtype == torch.float64 and targets.numel() == 928


def test_certificate_proofs_are_steps_of_the_loss():
    for name in derivations.CLAIMS.values():
        statement = catalog.statements()[f"squared_error.{name}"]
        assert all(isinstance(step, Step) for step in statement.steps)
