"""What an interactive figure is: its HTML, made of the files beside this one.

``js/<slug>.js`` draws. It puts one object into ``MLE.figures``, of pure functions that know no
document, so that tests and :mod:`tools.stills` run them too:

* ``title``; ``size``, width and height of the ``wide`` and the ``narrow`` (phone) picture;
* ``start``: the state that the still shows, a flat object;
* ``controls``: native ones, under the picture. Each has ``name``, ``kind``, ``label``;
  a ``range`` also ``min``, ``max``, ``step`` and ``show(state)``, its value in words;
  a ``choice`` has ``choices``, pairs of value and words; a ``check`` needs no more; a ``button``
  has ``press(state, data)``, which returns the new state, and may have ``enabled(state, data)``;
* ``draw(state, data, narrow)``: the picture as SVG text, by means of ``js/plot.js``;
* ``describe(state, data)``: what it shows now, in a sentence or two with numbers;
* ``handles(state, data, narrow)``, if something can be dragged: objects with ``name``, ``x``,
  ``y``, as many in every state; and ``drag(state, name, x, y, data, narrow)``, the new state.
  Where no native control does the same, a handle is a slider for the keyboard too and has
  ``label``, ``value``, ``min``, ``max``, ``step``, ``show``;
* ``change(state, name, value, data)``, if more must follow than ``state[name] = value``.

Mathematics is in ``js/formulas*.js``, what touches the document in ``js/mount.js``. Scripts hold
no dollar sign and no closing tag: programs would take them for mathematics or for their end.
"""
from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def read(name: str) -> str:
    """The text of a file of this package."""
    return (HERE / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Figure:
    """A picture that moves where scripts run, and a still of it everywhere else.

    Attributes:
        slug: the figure's name, that of its script ``js/<slug>.js`` and still.
        alt: what the still shows, for who cannot see it.
        caption: what to see, under the picture; plain text.
        data: numbers and texts for the script.
        formulas: the files of formulas that the script needs.
    """

    slug: str
    alt: str
    caption: str
    data: dict = field(default_factory=dict)
    formulas: tuple[str, ...] = ("formulas",)

    def script(self) -> str:
        """The script that draws the figure; it needs no document."""
        files = (*self.formulas, "plot", self.slug)
        return "\n".join(read(f"js/{name}.js") for name in files)

    def payload(self) -> str:
        """The data as JSON, always with the same bytes."""
        return json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def _repr_html_(self) -> str:
        still = base64.b64encode(read(f"stills/{self.slug}.svg").encode()).decode()
        size = read(f"stills/{self.slug}.svg").split('viewBox="0 0 ')[1].split('"')[0].split()
        return (
            f"<style>\n{read('figure.css')}</style>\n"
            f'<figure class="mle-figure" data-figure="{self.slug}">\n'
            f'<img alt="{html.escape(self.alt)}" width="{size[0]}" height="{size[1]}" '
            f'src="data:image/svg+xml;base64,{still}">\n'
            f"<figcaption>{html.escape(self.caption)}</figcaption>\n</figure>\n"
            f"<script>\n{self.script()}\n{read('js/mount.js')}"
            f'MLE.mount("{self.slug}", {self.payload()});\n</script>'
        )

    def __repr__(self) -> str:
        return f"<interactive figure {self.slug}>"
