"""Derivations: errors a student understands, displays that never lie, order independence."""
import dataclasses
import random

import nbformat
import pytest
from nbclient import NotebookClient

from mlebook.catalog import derivations, statements
from mlebook.proof import (
    AtLeast,
    Definition,
    Derivation,
    DisplayedDefinition,
    EngineError,
    Positive,
    ProofError,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
    TermError,
)
from mlebook.proof import derivation as derivation_module
from mlebook.proof.refute import Counterexample

GIVEN = (Size("n"), Reals("y"), Real("mu"), Positive("sigma"))
GOOD = Derivation(
    "demo.squares", "Expanding squares", GIVEN, "sum((y[i] - mu)**2 for i in n)",
    (Step("sum(y[i]**2 for i in n) - 2*mu*sum(y[i] for i in n) + n*mu**2", "expand"),
     Step("n*mu**2 - 2*mu*sum(y[i] for i in n) + sum(y[i]**2 for i in n)", "reorder")))
BAD = GOOD.with_step(1, "sum(y[i]**2 for i in n) + 2*mu*sum(y[i] for i in n) + n*mu**2")


def test_a_true_derivation_verifies_and_displays():
    GOOD.verify()
    assert GOOD.holds()
    text = str(GOOD)
    assert text.count("(proved)") == 2 and "[1] expand" in text
    assert 'id="demo.squares.2"' in GOOD.markdown()
    assert "proved" in GOOD._repr_html_()


def test_a_wrong_step_is_answered_with_all_that_a_student_needs():
    with pytest.raises(ProofError) as caught:
        BAD.verify()
    error = caught.value
    assert (error.derivation, error.step, error.reason) == ("demo.squares", 1, "expand")
    assert "-4*mu*sum(y[i] for i in n)" in error.residual
    assert isinstance(error.counterexample, Counterexample)
    for part in ("step 1", "expand", "line above", "this line", "counterexample", "mu ="):
        assert part in str(error)


def test_a_wrong_derivation_shows_as_a_failure_and_never_as_a_formula():
    html = BAD._repr_html_()
    assert "is false" in html and "counterexample" in html
    assert "proved)" not in html and "$" not in html
    assert "Traceback" not in html
    for display in (BAD.markdown, BAD.result, BAD.equations, BAD.__str__, lambda: BAD.step(2)):
        with pytest.raises(ProofError):
            display()


def test_in_a_notebook_a_failed_verification_is_rich_output_and_no_stack_trace():
    code = ("from mlebook.losses.squared_error.derivations import STATEMENTS\n"
            "mean = next(s for s in STATEMENTS if s.address == 'squared_error.mean')\n"
            "mean.with_step(2, '2*y_bar').verify()")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    shown, error = notebook.cells[0].outputs
    assert shown.output_type == "display_data"
    assert "Step 2 of squared_error.mean is false" in shown.data["text/html"]
    assert "counterexample" in shown.data["text/html"]
    assert error.traceback == ["step 2 of squared_error.mean is false"]


def test_a_true_step_that_cannot_be_proved_is_rejected_and_says_so():
    unprovable = Derivation("demo.sine", "t", (Positive("s"),), "exp(log(1 + s)*2) + exp(s)",
                            (Step("(1 + s)**2 + exp(s/3)*exp(s/3)*exp(s/3)", "true"),))
    if not unprovable.holds():  # the prover may learn this one day
        with pytest.raises(ProofError, match="could not be proved"):
            unprovable.verify()


def test_an_empty_claim_is_rejected():
    with pytest.raises(ProofError, match="empty claim"):
        Derivation("demo.empty", "t", GIVEN, "mu", (Step("mu", "nothing"),)).verify()


def test_a_derivation_without_steps_is_rejected():
    with pytest.raises(TermError, match="nothing to prove"):
        Derivation("demo.none", "t", GIVEN, "mu", ()).verify()


def test_an_undeclared_symbol_is_named():
    with pytest.raises(TermError, match="nu not declared"):
        Derivation("demo.name", "t", GIVEN, "mu", (Step("nu", "typo"),)).verify()


def test_a_name_declared_twice_is_refused():
    twice = Derivation("demo.twice", "t", (Real("a"), Positive("a")), "a", (Step("a + 0", "x"),))
    with pytest.raises(TermError, match="a declared twice"):
        twice.verify()


def test_with_step_leaves_the_original_alone_and_checks_its_number():
    assert GOOD.holds() and not BAD.holds()
    with pytest.raises(IndexError, match="steps 1 to 2, got 3"):
        GOOD.with_step(3, "mu")
    with pytest.raises(dataclasses.FrozenInstanceError):
        GOOD.title = "other"


def test_proved_and_refuted_is_reported_as_a_bug_of_the_engine(monkeypatch):
    forged = Counterexample("mu = 1", "0", "1")
    monkeypatch.setattr(derivation_module, "refute", lambda *args: forged)
    with pytest.raises(EngineError, match="proved and refuted"):
        GOOD.check(1)


def test_a_prover_that_accepts_everything_is_caught_by_the_refuter(monkeypatch):
    monkeypatch.setattr(derivation_module, "prove", lambda *args: True)
    with pytest.raises(EngineError):
        BAD.check(1)


def test_a_refuter_that_sleeps_does_not_let_a_false_step_through(monkeypatch):
    monkeypatch.setattr(derivation_module, "refute", lambda *args: None)
    with pytest.raises(ProofError, match="could not be proved"):
        BAD.check(1)


def test_result_states_the_relation_between_first_and_last_line():
    squares = Derivation("demo.ge", "t", GIVEN, "mu**2 + 1",
                         (Step("1", "a square is not negative", AtLeast("mu**2")),))
    assert r"\ge 1" in squares.result().tex
    assert r"\mu^{2} + 1" in squares.result().tex


def test_status_of_witnesses_is_printed():
    chain = Derivation(
        "demo.min", "t", GIVEN, "argmax(mu, exp(-(mu - sigma)**2))",
        (Step("argmax(mu, -(mu - sigma)**2)", "log", TakeLog()),
         Step("argmin(mu, (mu - sigma)**2)", "sign", SameMinimiser("-1", "0"))))
    text = chain.markdown()
    assert "$a = -1$" in text and "$c = 0$" in text


def test_definitions_are_displayed_as_definitions_and_must_not_be_circular():
    shown = DisplayedDefinition("demo.mean", "the mean", GIVEN,
                                Definition("y_bar", "sum(y[i] for i in n)/n"))
    equation, = shown.equations()
    assert equation.status == "definition" and ":=" in equation.tex
    circular = DisplayedDefinition("demo.circle", "t", GIVEN, Definition("c", "c + 1"))
    with pytest.raises(TermError, match="defined by itself"):
        circular.verify()
    unknown = DisplayedDefinition("demo.unknown", "t", GIVEN, Definition("c", "b + 1"))
    with pytest.raises(TermError, match="b not declared"):
        unknown.verify()


# --- the book's own statements -------------------------------------------------------------


@pytest.mark.parametrize("address", sorted(statements()))
def test_every_statement_of_the_book_is_verified(address):
    statements()[address].verify()
    assert statements()[address].equations()


def test_the_order_in_which_chapters_are_verified_does_not_matter():
    def outputs(order):
        derivation_module._verify.cache_clear()
        return {d.address: d.markdown() for d in order}

    some = derivations()[::7]
    shuffled = some[:]
    random.Random(1).shuffle(shuffled)
    assert outputs(some) == outputs(shuffled)


def test_no_two_steps_share_an_address():
    addresses = [e.address for d in derivations() for e in d.equations()[1:1 + len(d.steps)]]
    steps = [f"{d.address}.{k}" for d in derivations() for k in range(1, len(d.steps) + 1)]
    assert len(set(steps)) == len(steps)
    assert addresses
