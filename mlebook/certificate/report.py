"""What a certificate consists of, and how it is printed."""
from __future__ import annotations

import re
from dataclasses import dataclass

from mlebook import catalog
from mlebook.proof.display import page_of

PASSED, FAILED = "passed", "failed"


class Failure(Exception):
    """A check came out wrong; the message is the figure that shows it."""


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
        """A table for the book; it leads to the chapter, each proof that is named to its page."""
        rows = [f"| {c.name} | {c.status} | {_linked(c.figure)} |" for c in self.checks]
        leads = catalog.leads(self.loss, here="certificate")
        head = [f"| {self.loss} | verdict | what was found |", "|---|---|---|"]
        return "\n".join([leads, "", *head, *rows])


def _linked(figure: str) -> str:
    def link(match):
        address = match[0]
        return (f"[{address}]({page_of(address)}#{address})"
                if address in catalog.statements() else address)

    return re.sub(r"\w+\.\w+", link, figure).replace("*", "\\*").replace("|", "\\|")


def claim(loss, role: str):
    """The statement that carries a proof, verified now."""
    return verified(loss, catalog.proofs(loss.SLUG).CLAIMS[role])


def verified(loss, name: str):
    """The statement of a loss with this name, verified now."""
    statement = catalog.statements()[f"{loss.SLUG}.{name}"]
    statement.verify()
    return statement


def worst(errors: list[float]) -> float:
    """The largest; a NaN is worse than any number (Python's max may lose it)."""
    return max(errors, key=lambda error: (error != error, error))


def within(measured: float, bound: float, what: str) -> tuple[str, float]:
    """The line of a check that allows at most ``bound``.  Raises :class:`Failure`."""
    if not measured <= bound:  # also fails for NaN
        raise Failure(f"{what}: {measured:.1e}, allowed {bound:.0e}")
    return f"{what} ≤ {bound:.0e}", measured
