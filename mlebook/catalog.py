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

#: Those of them that have a module of their own, by the anchor of its section in the API pages.
MODULES = {"maximum_likelihood": "estimators", "divergence": "divergences"}


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


def places(slug: str) -> dict[str, str]:
    """Where the book speaks of a loss or topic, as words and links between pages.

    >>> places("likelihood")
    {'chapter': 'likelihood.ipynb', 'exercises': 'likelihood.ipynb#exercises'}
    """
    if slug not in LOSSES + TOPICS:
        known = ", ".join(LOSSES + TOPICS)
        raise KeyError(f"no loss or topic named {slug!r}; known: {known}")
    found = {"chapter": f"{slug}.ipynb", "exercises": f"{slug}.ipynb#exercises"}
    if slug in LOSSES:
        anchor = loss(slug).TITLE.lower().replace(" ", "-")
        found |= {"certificate": f"certificate.ipynb#{anchor}",
                  "module in the API": f"api.md#{anchor}"}
    elif slug in MODULES:
        found["module in the API"] = f"api.md#{MODULES[slug]}"
    return found


def leads(slug: str, here: str = "chapter") -> str:
    """Markdown that leads from one place of a loss or topic to its other places.

    >>> print(leads("likelihood"))
    <div class="leads">
    <BLANKLINE>
    In this book: [exercises](likelihood.ipynb#exercises) · [map of losses](map_of_losses.ipynb)
    <BLANKLINE>
    </div>
    """
    found = places(slug) | {"map of losses": "map_of_losses.ipynb"}
    if here not in found:
        raise ValueError(f"here must be one of {', '.join(found)}; got {here!r}")
    links = (f"[{words}]({target})" for words, target in found.items() if words != here)
    return f'<div class="leads">\n\nIn this book: {" · ".join(links)}\n\n</div>'


def table() -> str:
    """The map of losses in markdown; each row links to chapter, certificate and module.

    >>> print(table().splitlines()[2].partition("|")[2].partition("|")[0])
     [Squared error](squared_error.ipynb)
    """
    lines = ["| loss | distribution of the noise | the model outputs | what is estimated "
             "| use it for | more |", "|---|---|---|---|---|---|"]
    for slug, row in rows():
        chapter, *more = places(slug).items()
        links = ", ".join(f"[{words.split()[0]}]({target})" for words, target in more)
        lines.append(f"| [{row.title}]({chapter[1]}) | {row.noise} | {row.output} "
                     f"| {row.estimates} | {row.use} | {links} |")
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
