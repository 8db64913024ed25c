"""Draw the picture for the README and for link previews: ``python -m tools.cover``.

Three kinds of noise, and under each the loss that it leads to: minus the logarithm of its density.
Change the picture here, never in ``images/``.
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from mlebook.plotting import COLORS, GREY, INK, PANEL, use_style
from tools.environment import ROOT

COVER = ROOT / "images" / "cover.png"
WIDTH, HEIGHT, DPI = 1280, 640, 160  # the size that link previews ask for


def student(residual, freedom=2):
    """The density of Student's t up to a constant, which is all that the shape needs."""
    return (1 + residual**2 / freedom) ** (-(freedom + 1) / 2)


# name, loss, colour, density up to a constant
LAWS = (
    ("Gaussian noise", "squared error", "blue", lambda r: np.exp(-(r**2) / 2)),
    ("Laplace noise", "absolute error", "vermilion", lambda r: np.exp(-abs(r))),
    ("Student-t noise", "a loss that forgives", "green", student),
)


def draw():
    """The cover as a figure."""
    use_style()
    figure, axes = plt.subplots(2, 3, figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    figure.subplots_adjust(left=0.05, right=0.95, top=0.7, bottom=0.11, wspace=0.22, hspace=0.62)
    figure.text(0.05, 0.875, "From Likelihood to Loss", fontsize=21, fontfamily="serif", color=INK)
    figure.text(0.05, 0.805, "where loss functions come from: derived, proved, run on real data, "
                "broken", fontsize=8.5, color=GREY)
    for (noise, loss, color, density), (top, bottom) in zip(LAWS, axes.T, strict=True):
        draw_law(top, bottom, density, COLORS[color])
        top.set_title(noise, fontsize=9, color=INK, pad=5)
        bottom.set_xlabel(loss, fontsize=9, color=INK, loc="left", labelpad=6)
        top.annotate("− log", (0.5, -0.2), xycoords="axes fraction", xytext=(6, 0),
                     textcoords="offset points", fontsize=8, color=GREY, va="center")
        top.annotate("", (0.5, -0.38), (0.5, -0.03), xycoords="axes fraction",
                     arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 1})
    return figure


def draw_law(top, bottom, density, color):
    """A density above, minus its logarithm below; the dots are the same three residuals."""
    residual, dots = np.linspace(-4, 4, 401), np.array([-2.2, 0.0, 1.2])
    top.fill_between(residual, density(residual), color=color, alpha=0.14, linewidth=0)
    for axes, curve in ((top, density), (bottom, lambda r: -np.log(density(r)))):
        axes.plot(residual, curve(residual), color=color, linewidth=2)
        axes.plot(dots, curve(dots), "o", color=color, markersize=4.5, markeredgecolor=PANEL,
                  markeredgewidth=0.8, clip_on=False)
        axes.vlines(dots, 0, curve(dots), color=color, linewidth=0.8, alpha=0.6)
        axes.set(xlim=(-4, 4), xticks=[], yticks=[])
        axes.spines["left"].set_visible(False)
    top.set_ylim(0, 1.08)
    bottom.set_ylim(0, 4.4)


def save(path):
    """Write the cover; the same pins give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = draw()
    figure.savefig(path, dpi=DPI, facecolor=PANEL, metadata={"Software": None})
    plt.close(figure)


def main(arguments=None):
    """Draw the cover into images/, or where one says."""
    parser = argparse.ArgumentParser(prog="python -m tools.cover", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=COVER)
    path = parser.parse_args(arguments).path
    save(path)
    print(path)


if __name__ == "__main__":
    main()
