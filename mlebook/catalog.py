"""The one list to edit when a loss is added, and the registry of every proved statement."""
from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from mlebook.losses import Row

#: Losses with a package ``mlebook/losses/<slug>/`` and a chapter ``<slug>``.
LOSSES = ("squared_error", "absolute_error", "binary_cross_entropy", "cross_entropy",
          "heteroscedastic", "map")

#: Those of them that are a prior on the weights and no noise model of the targets.
PRIORS = ("map",)

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


def noise_models() -> list:
    """The modules of the losses that are noise models; they all offer the same names."""
    return [loss(slug) for slug in LOSSES if slug not in PRIORS]


def rows() -> list[tuple[str, Row]]:
    """The map of losses: for each row the slug and the facts in words."""
    found = []
    for module in map(loss, LOSSES):
        own = getattr(module, "ROWS", None) or (
            Row(module.TITLE, module.NOISE, module.OUTPUT, module.ESTIMATES, module.USE),)
        found += [(module.SLUG, row) for row in own]
    return found


def table() -> str:
    """The map of losses in markdown; each row links to chapter, certificate and module.

    >>> print(table().splitlines()[2].partition("|")[2].partition("|")[0])
     [Squared error](squared_error.ipynb)
    """
    lines = ["| loss | distribution of the noise | the model outputs | what is estimated "
             "| use it for | more |", "|---|---|---|---|---|---|"]
    for slug, row in rows():
        anchor = loss(slug).TITLE.lower().replace(" ", "-")
        lines.append(f"| [{row.title}]({slug}.ipynb) | {row.noise} | {row.output} "
                     f"| {row.estimates} | {row.use} | [certificate](certificate.ipynb#{anchor}), "
                     f"[module](api.md#{anchor}) |")
    return "\n".join(lines)


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
