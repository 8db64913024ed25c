"""Draw the stills of the interactive figures: ``python -m tools.stills``.

A still is what one sees where no script runs. V8 (the package mini-racer) runs the script of the
figure as the browser does, so that the still and the living picture cannot differ.
"""

import sys
from contextlib import contextmanager
from pathlib import Path

from py_mini_racer import MiniRacer

from mlebook import interactive
from mlebook.interactive.figure import HERE, Figure, read

SEPARATOR = "/* ---- the page ---- */"

DRAW = """
const still = (slug, data) => {
  const { size, start, draw, handles } = MLE.figures[slug];
  const knobs = handles ? handles(start, data, false) : [];
  return { size: size.wide, picture: draw(start, data, false) +
           knobs.map(({ x, y }) => MLE.plot.dot(x, y, 7, "knob")).join("") };
};
"""


def figures():
    """Every interactive figure of the package."""
    made = (getattr(interactive, name) for name in interactive.__all__ if name != "Figure")
    return [function() for function in made]


@contextmanager
def engine(script):
    """A JavaScript engine with a script loaded, closed at the end (else Python may not exit)."""
    with MiniRacer() as context:
        context.eval(script)
        yield context


def still(figure: Figure) -> str:
    """The still of a figure as an SVG file with its own style."""
    with engine(figure.script() + DRAW) as running:
        drawn = running.call("still", figure.slug, figure.data)
    width, height = drawn["size"]
    style = read("figure.css").split(SEPARATOR)[0]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mle-figure" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">\n'
        f"<style>\n{style}</style>\n{drawn['picture']}\n</svg>\n"
    )


def main(folder: Path = HERE / "stills"):
    """Write each still that changed."""
    for figure in figures():
        path, text = folder / f"{figure.slug}.svg", still(figure)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"written: {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
