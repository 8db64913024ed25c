"""Draw the cover: ``python -m tools.cover``.

Three kinds of noise, and under each the loss that it leads to: minus the logarithm of its density.
``cover.png`` is for the README and for link previews, ``cover.svg`` for the first page. Change
them here, never in ``images/``.
"""

import argparse
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from mlebook.plotting import COLORS, GREY, INK, PANEL, use_style
from tools.environment import ROOT

FOLDER = ROOT / "images"
WIDTH, HEIGHT, DPI = 1280, 640, 160  # the size that link previews ask for
RESIDUALS = np.array([-2.2, 0.0, 1.2])  # marked in every panel, to be followed by eye
NOTES = ("Creator", "Date", "Format", "Type")  # not written: they name the version of matplotlib
LONG_NUMBER = re.compile(r"(\d\.\d\d)\d+")
LIKELIHOOD, LOSS = COLORS["blue"], COLORS["vermilion"]


def student(residual, freedom=2):
    """The density of Student's t up to a constant, which is all that the shape needs."""
    return (1 + residual**2 / freedom) ** (-(freedom + 1) / 2)


# noise, loss, density up to a constant
LAWS = (
    ("Gaussian", "squared error", lambda r: np.exp(-(r**2) / 2)),
    ("Laplace", "absolute error", lambda r: np.exp(-abs(r))),
    ("Student-t", "forgiving", student),
)


def draw_preview():
    """The cover with the book's name, for where no text stands around it."""
    figure, axes = plt.subplots(2, 3, figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    figure.subplots_adjust(left=0.05, right=0.95, top=0.68, bottom=0.12, wspace=0.2, hspace=0.5)
    figure.text(0.05, 0.86, "From Likelihood to Loss", fontsize=27, color=INK,
                fontfamily="STIXGeneral")
    figure.text(0.05, 0.79, "where loss functions come from: derived, proved, run on real data, "
                "broken", fontsize=8.5, color=GREY)
    draw_laws(axes, fontsize=9.5)
    return figure


def draw_page():
    """The cover as it stands on the first page: letters large enough for a phone."""
    figure, axes = plt.subplots(2, 3, figsize=(7.2, 3.9), dpi=72)
    figure.subplots_adjust(left=0.015, right=0.985, top=0.9, bottom=0.1, wspace=0.14, hspace=0.42)
    draw_laws(axes, fontsize=18)
    return figure


def draw_laws(axes, fontsize):
    """Three columns: a density in blue above, its loss in vermilion below."""
    for (noise, loss, density), (top, bottom) in zip(LAWS, axes.T, strict=True):
        draw_law(top, bottom, density)
        top.set_title(noise, fontsize=fontsize, color=INK, pad=fontsize / 2, loc="center")
        bottom.set_xlabel(loss, fontsize=fontsize, color=INK, labelpad=fontsize / 2)
        for residual in RESIDUALS:
            fall(top, bottom, residual)
    axes[0, 0].annotate("− log", (0.69, -0.19), xycoords="axes fraction", va="center",
                        fontsize=0.85 * fontsize, color=GREY)


def draw_law(top, bottom, density):
    """A density above, minus its logarithm below, with dots at the same residuals."""
    residual = np.linspace(-4, 4, 161)
    top.fill_between(residual, density(residual), color=LIKELIHOOD, alpha=0.13, linewidth=0)
    panels = ((top, density, LIKELIHOOD), (bottom, lambda r: -np.log(density(r)), LOSS))
    for axes, curve, color in panels:
        axes.plot(residual, curve(residual), color=color, linewidth=2.2)
        axes.plot(RESIDUALS, curve(RESIDUALS), "o", color=color, markersize=6,
                  markeredgecolor=PANEL, markeredgewidth=1, clip_on=False, zorder=4)
        axes.set(xlim=(-4, 4), xticks=[], yticks=[])
        axes.spines["left"].set_visible(False)
    top.set_ylim(0, 1.08)
    bottom.set_ylim(0, 4.4)
    bottom.patch.set_visible(False)  # the lines from above run behind the curve


def fall(top, bottom, residual):
    """A thin line from the density down to the loss of one residual."""
    top.add_artist(mpl.patches.ConnectionPatch(
        (residual, top.lines[0].get_ydata()[round(20 * (residual + 4))]), (residual, 0),
        "data", "data", axesA=top, axesB=bottom, color=GREY, linewidth=0.8, zorder=0))


def save(folder):
    """Write both pictures; the same pins give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    use_style()
    preview, page = draw_preview(), draw_page()
    preview.savefig(folder / "cover.png", dpi=DPI, facecolor=PANEL, metadata={"Software": None})
    page.savefig(folder / "cover.svg", transparent=True, metadata=dict.fromkeys(NOTES))
    shorten(folder / "cover.svg")
    for figure in (preview, page):
        plt.close(figure)


def shorten(drawing):
    """Round the coordinates of an SVG file to a hundredth of a point, but no scale of a letter."""
    lines = drawing.read_text(encoding="utf-8").splitlines(keepends=True)
    short = [line if "scale(" in line else LONG_NUMBER.sub(r"\1", line) for line in lines]
    drawing.write_text("".join(short), encoding="utf-8", newline="\n")


def main(arguments=None):
    """Draw the cover into images/, or where one says."""
    parser = argparse.ArgumentParser(prog="python -m tools.cover", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder = parser.parse_args(arguments).folder
    save(folder)
    print(folder)


if __name__ == "__main__":
    main()
