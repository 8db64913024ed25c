"""The one list to edit when a loss is added, and the registry of every proved statement."""
from __future__ import annotations

from functools import lru_cache
from importlib import import_module

#: Losses with a package ``mlebook/losses/<slug>/`` and a chapter ``<slug>``.
LOSSES = ("squared_error",)

#: Chapters that are not about one loss; their statements live in ``mlebook/derivations``.
TOPICS = ("likelihood", "maximum_likelihood", "divergence")


def loss(slug: str):
    """The module of a loss.  Raises ``KeyError`` for an unknown slug."""
    if slug not in LOSSES:
        raise KeyError(f"no loss named {slug!r}; known: {', '.join(LOSSES)}")
    return import_module(f"mlebook.losses.{slug}")


def proofs(slug: str):
    """The module of a loss's derivations.  Raises ``KeyError`` for an unknown slug."""
    return import_module(f"{loss(slug).__name__}.derivations")


@lru_cache(maxsize=1)
def statements() -> dict:
    """Every derivation and displayed definition by its address, in the book's order."""
    modules = {topic: import_module(f"mlebook.derivations.{topic}") for topic in TOPICS}
    modules |= {slug: proofs(slug) for slug in LOSSES}
    found = {}
    for slug, module in modules.items():
        for statement in module.STATEMENTS:
            if statement.address in found:
                raise ValueError(f"two statements have the address {statement.address}")
            if not statement.address.startswith(f"{slug}."):
                raise ValueError(f"{statement.address} does not belong to {module.__name__}")
            found[statement.address] = statement
    return found


def derivations() -> list:
    """The statements that have steps."""
    return [s for s in statements().values() if hasattr(s, "steps")]
