"""Derivations: a start, hypotheses, and steps that are verified one by one.

>>> from mlebook.proof import Derivation, Equal, Positive, Step, TakeLog
>>> d = Derivation(
...     "demo.log", "The log of a product", given=(Positive("a"), Positive("b")),
...     start="log(a*b)", steps=(Step("log(a) + log(b)", "a log turns products into sums"),))
>>> d.verify()
>>> print(d)
demo.log: The log of a product
    log(a*b)
  = log(a) + log(b)    [1] a log turns products into sums (proved)
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from . import relations as rel
from .context import Context
from .hypotheses import Definition, Hypothesis
from .prove import prove
from .read import check_definition, check_reading, check_witnesses
from .refute import refute
from .render import Renderer
from .scopes import check_scopes
from .term import Term, TermError, as_term
from .translate import undeclared


class ProofError(Exception):
    """A step does not hold, or could not be proved.

    Attributes: ``derivation``, ``step`` (number), ``reason``, ``left``, ``right`` (terms),
    ``residual`` (text), ``counterexample`` (or None).
    """

    def __init__(self, derivation, number, left, step, residual, counterexample):
        self.derivation, self.step, self.reason = derivation.address, number, step.reason
        self.left, self.right = left, step.term
        self.residual, self.counterexample = residual, counterexample
        verdict = "is false" if counterexample else "could not be proved"
        lines = [f"step {number} of {derivation.address} {verdict}",
                 f"  reason given: {step.reason}",
                 f"  line above:   {left}",
                 f"  this line:    {step.term}"]
        if residual:
            lines.append(f"  left over:    {residual}")
        if counterexample:
            lines += [f"  counterexample: {counterexample.values}",
                      f"  there:        {counterexample.complaint}:",
                      f"                {counterexample.left} against {counterexample.right}"]
        super().__init__("\n".join(lines))

    def _repr_html_(self):
        from .display import error_html

        return error_html(self)

    def _render_traceback_(self):
        """Called by IPython in place of a stack trace: show the error as a table."""
        from IPython.display import display

        if not getattr(self, "shown", False):  # a kernel asks twice
            display(self)
        self.shown = True
        return [str(self).splitlines()[0]]


class EngineError(Exception):
    """The parts of the engine disagree: a bug in the engine, never in a derivation."""


@dataclass(frozen=True)
class Step:
    """One line: a formula, the reason in words, and the relation to the line above."""

    formula: str | Term
    reason: str
    relation: rel.Relation = field(default_factory=rel.Equal)

    @property
    def term(self) -> Term:
        return as_term(self.formula)


@dataclass(frozen=True)
class Derivation:
    """An immutable chain of lines.

    ``address`` names it on the site and in other chapters ("squared_error.nll");
    ``given`` are its hypotheses, in an order in which each uses only earlier ones;
    ``where`` are definitions.
    """

    address: str
    title: str
    given: tuple[Hypothesis, ...]
    start: str | Term
    steps: tuple[Step, ...]
    where: tuple[Definition, ...] = ()

    @property
    def lines(self) -> tuple[Term, ...]:
        return (as_term(self.start), *(s.term for s in self.steps))

    def with_step(self, number: int, formula=None, *, reason=None, relation=None) -> Derivation:
        """A copy with step ``number`` (from 1) changed: try it, and verify."""
        if not 1 <= number <= len(self.steps):
            raise IndexError(f"{self.address} has steps 1 to {len(self.steps)}, got {number}")
        old = self.steps[number - 1]
        new = Step(old.formula if formula is None else formula,
                   old.reason if reason is None else reason,
                   old.relation if relation is None else relation)
        steps = (*self.steps[:number - 1], new, *self.steps[number:])
        return replace(self, steps=steps)

    # -- checking ---------------------------------------------------------------------

    def verify(self) -> None:
        """Check every step.  Raises :class:`ProofError` at the first that fails."""
        _verify(self)

    def check(self, number: int) -> None:
        """Check one step (from 1)."""
        step = self.steps[number - 1]
        left = self.lines[number - 1]
        context = Context(self.given, self.where)
        for line in (left, step.term):
            if missing := undeclared(line, context):
                raise TermError(
                    f"step {number} of {self.address}: {', '.join(missing)} not declared")
        if left == step.term:
            raise ProofError(self, number, left, step, "an empty claim: both lines are the same",
                             None)
        counterexample = refute(self.given, self.where, left, step.relation, step.term)
        proof = prove(context, left, step.relation, step.term)
        if proof and counterexample and not counterexample.undefined:
            raise EngineError(f"{self.address}, step {number}: proved and refuted: "
                              f"{counterexample}")
        if not proof or counterexample:
            raise ProofError(self, number, left, step, proof.residual, counterexample)

    def holds(self) -> bool:
        """Whether ``verify`` succeeds."""
        try:
            self.verify()
        except (ProofError, TermError):
            return False
        return True

    def _repr_html_(self):
        from .display import derivation_html

        return derivation_html(self)

    def __str__(self):
        from .display import derivation_text

        return derivation_text(self)

    def markdown(self) -> str:
        """The whole derivation for a chapter; verified first."""
        from .display import derivation_markdown

        return derivation_markdown(self)

    def result(self):
        """One line "start relation last line" for the text; verified first."""
        from .display import result_line

        return result_line(self)

    def step(self, number: int):
        """One step as a line of its own: "line above relation this line"; verified first."""
        from .display import step_line

        return step_line(self, number)

    def equations(self):
        """Every display equation this derivation may put on a page, with its status."""
        from .display import equations

        return equations(self)

    def renderer(self) -> Renderer:
        """How this derivation's symbols are printed."""
        return renderer_for(self.given, self.where)


@lru_cache(maxsize=1024)
def renderer_for(given, where) -> Renderer:
    names = {h.name: h.tex for h in (*given, *where) if h.tex}
    vectors = set(Context(given, ()).arrays) | {d.name for d in where if d.sizes}
    return Renderer(names, vectors)


@lru_cache(maxsize=1024)
def _verify(derivation: Derivation) -> None:
    if not derivation.steps:
        raise TermError(f"{derivation.address} has no steps: there is nothing to prove")
    check_scopes(derivation)
    for number in range(1, len(derivation.steps) + 1):
        derivation.check(number)
    for line in derivation.lines:
        check_reading(line, derivation)
    for step in derivation.steps:
        check_witnesses(step.relation, derivation)
    _check_definitions_read(derivation)


def _check_definitions_read(derivation: Derivation) -> None:
    """The definitions that the page prints before the first line."""
    from .display import definition_tex

    for definition in derivation.where:
        if not definition.address:
            tex = definition_tex(definition, derivation.renderer())
            check_definition(definition, tex, derivation.given, derivation.where,
                             address=f"{derivation.address}, definition of {definition.name}")

