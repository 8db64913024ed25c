"""Draw the book's mark and favicon into _static/: ``python -m tools.mark``.

A Gaussian density above, minus its logarithm below: what the book is about, in two strokes.
"""

import argparse
import math
from pathlib import Path

import matplotlib.pyplot as plt

from tools.environment import ROOT

OUTPUT = ROOT / "_static"
DAY = ("#0b5480", "#b4470c")  # the density and the loss, on a light ground
NIGHT = ("#86c3e4", "#f0a070")  # and on a dark one
NAMES = ("density", "loss")
SIZE = 32  # side of the drawing
STROKE = 3
GROUND = "#fcfbf8"


def curves():
    """The two strokes as lists of points in a square of side SIZE, y downwards."""
    places = [i / 10 for i in range(-26, 27)]
    density = [(16 + 5.2 * x, 15.2 - 12 * math.exp(-(x**2) / 1.1)) for x in places]
    loss = [(16 + 5.2 * x, 28.8 - 12 * x**2 / 2.6**2) for x in places]
    return density, loss


def path(points):
    """An SVG path through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def svg(colours, style=""):
    """The mark as an SVG file."""
    strokes = "".join(
        f'<path class="{name}" d="{path(points)}" stroke="{colour}"/>'
        for name, points, colour in zip(NAMES, curves(), colours, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{style}'
        f'<g fill="none" stroke-width="{STROKE}" stroke-linecap="round" '
        f'stroke-linejoin="round">{strokes}</g></svg>\n'
    )


def favicon():
    """The mark that follows the browser's own light or dark."""
    strokes = zip(NAMES, NIGHT, strict=True)
    rules = "".join(f".{name}{{stroke:{colour}}}" for name, colour in strokes)
    return svg(DAY, f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>")


def save_png(target, pixels=180):
    """The mark on the page's ground, for home screens that know no SVG."""
    figure = plt.figure(figsize=(1, 1), dpi=pixels, facecolor=GROUND)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(0, SIZE), ylim=(SIZE, 0))
    axes.set_axis_off()
    for points, colour in zip(curves(), DAY, strict=True):
        axes.plot(*zip(*points, strict=True), color=colour, linewidth=72 * 0.8 * STROKE / SIZE,
                  solid_capstyle="round", solid_joinstyle="round", clip_on=False)
    figure.savefig(target, dpi=pixels, facecolor=GROUND, metadata={"Software": None})
    plt.close(figure)


def save(folder):
    """Write the mark for day, for night, as favicon and as PNG; the same bytes each time."""
    for name, text in (("mark", svg(DAY)), ("mark-dark", svg(NIGHT)), ("favicon", favicon())):
        (folder / f"{name}.svg").write_text(text, encoding="utf-8", newline="\n")
    save_png(folder / "mark.png")


def main(arguments=None):
    """Draw the mark into _static/, or where one says."""
    parser = argparse.ArgumentParser(prog="python -m tools.mark", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=OUTPUT)
    save(parser.parse_args(arguments).folder)


if __name__ == "__main__":
    main()
