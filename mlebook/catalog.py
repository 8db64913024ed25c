"""The one list to edit when a loss is added, and the registry of every proved statement."""
from __future__ import annotations

from functools import lru_cache
from importlib import import_module

#: Losses with a module ``mlebook/losses/<slug>.py`` and a chapter ``<slug>``.
LOSSES = ("squared_error",)

#: Chapters that are not about one loss; their statements live in ``mlebook/derivations``.
TOPICS = ("likelihood", "maximum_likelihood", "divergence")


def loss(slug: str):
    """The module of a loss.  Raises ``KeyError`` for an unknown slug."""
    if slug not in LOSSES:
        raise KeyError(f"no loss named {slug!r}; known: {', '.join(LOSSES)}")
    return import_module(f"mlebook.losses.{slug}")


@lru_cache(maxsize=1)
def statements() -> dict:
    """Every derivation and displayed definition by its address, in the book's order."""
    modules = [f"mlebook.derivations.{topic}" for topic in TOPICS]
    modules += [f"mlebook.losses.{slug}" for slug in LOSSES]
    found = {}
    for module in modules:
        for statement in import_module(module).STATEMENTS:
            if statement.address in found:
                raise ValueError(f"two statements have the address {statement.address}")
            if not statement.address.startswith(module.rsplit(".", 1)[1] + "."):
                raise ValueError(f"{statement.address} does not belong to {module}")
            found[statement.address] = statement
    return found


def derivations() -> list:
    """The statements that have steps."""
    return [s for s in statements().values() if hasattr(s, "steps")]
