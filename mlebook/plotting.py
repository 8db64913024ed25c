"""The book's figures: one style, colour-blind-safe colours, and the pictures chapters share.

Figures have an opaque off-white panel, so that they read the same on light and dark pages.
All helpers draw into the axes given first, take arrays or tensors, and return the axes.

    plotting.use_style()
    fig, ax = plotting.figure()
    plotting.scatter(ax, x, y, label="data")
"""
from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from mlebook import checks

#: Okabe and Ito's palette (2008), which colour-blind readers can tell apart.
COLORS = {
    "blue": "#0072B2", "vermilion": "#D55E00", "green": "#009E73", "purple": "#CC79A7",
    "orange": "#E69F00", "sky": "#56B4E9", "yellow": "#F0E442", "black": "#000000",
}
PANEL, INK, GREY = "#FCFBF8", "#26282B", "#5F646B"

_STYLE = {
    "figure.figsize": (7.0, 3.2), "figure.dpi": 100, "savefig.dpi": 200,
    "figure.facecolor": PANEL, "savefig.facecolor": PANEL, "axes.facecolor": PANEL,
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 10,
    "mathtext.fontset": "cm", "axes.titlesize": 10.5, "axes.titleweight": "normal",
    "axes.titlelocation": "left", "axes.labelcolor": INK, "text.color": INK,
    "axes.edgecolor": GREY, "xtick.color": GREY, "ytick.color": GREY,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
    "lines.linewidth": 2.0, "legend.frameon": False, "legend.fontsize": 9,
    "axes.prop_cycle": mpl.cycler(color=[COLORS[name] for name in (
        "blue", "vermilion", "green", "purple", "orange", "sky")]),
    "svg.hashsalt": "mlebook", "axes.unicode_minus": True,
}


def use_style() -> None:
    """Set the book's style; in a notebook, figures come at twice the density (retina)."""
    mpl.rcParams.update(_STYLE)
    if "inline" in mpl.get_backend().lower():
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")


def figure(rows: int = 1, columns: int = 1, *, width: float = 7.0, height: float = 3.2, **options):
    """A new figure and its axes (one, or an array of them) with room for every label.

    Keep the width of 7 inches, so that letters have one size all over the book.

    >>> fig, axes = figure(columns=2)
    >>> axes.shape
    (2,)
    >>> plt.close(fig)
    """
    return plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **options)


def sweep_panels(grid, curves: Mapping[str, object], *, xlabel: str, best: float | None = None,
                 best_label: str = "maximum likelihood"):
    """One panel a curve over one parameter, with a line through all at the best value.

    Args:
        grid: the parameter's n values.
        curves: title -> n values, for instance likelihood, negative log-likelihood and
            squared error.
        xlabel: the parameter's name.
        best: where to draw the line; the curve's height there is marked by a dot.
        best_label: what the line is, written under the panels.

    Returns:
        The figure and the array of axes.

    Raises:
        ValueError: a curve's length is not that of the grid, or there is none.

    >>> p = np.linspace(0.01, 0.99, 99)
    >>> fig, axes = sweep_panels(p, {"likelihood": p**2*(1 - p)}, xlabel="p", best=2/3)
    >>> plt.close(fig)
    """
    if not curves:
        raise ValueError("curves: none given, expected at least one")
    grid = checks.array(grid, "grid")
    fig, axes = figure(columns=len(curves), height=2.7, squeeze=False)
    for ax, (title, values), color in zip(axes[0], curves.items(), _cycle(), strict=False):
        values = checks.array(values, f"curves[{title!r}]")
        checks.same_shape(values, grid, f"curves[{title!r}]", "grid")
        ax.plot(grid, values, color=color)
        ax.set(title=textwrap.fill(title, 66 // len(curves)), xlabel=xlabel)
        if best is not None:
            line = ax.axvline(best, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
            ax.plot(best, np.interp(best, grid, values), "o", color=color, markersize=6)
    if best is not None:
        fig.legend([line], [best_label], loc="outside lower center")
    return fig, axes[0]


def histogram(ax, values, *, bins=20, density: Callable | None = None, label: str = "data",
              density_label: str = "model", xlabel: str = ""):
    """A histogram on the density scale (area 1), with a density function over it if given.

    >>> fig, ax = figure()
    >>> _ = histogram(ax, [1.0, 2.0, 2.0, 3.0], bins=3, density=lambda x: np.exp(-x))
    >>> plt.close(fig)
    """
    values = _vector(values, "values")
    ax.hist(values, bins=bins, density=True, color=COLORS["sky"], edgecolor=PANEL,
            linewidth=0.8, label=label)
    if density is not None:
        x = np.linspace(*ax.get_xlim(), 400)
        ax.plot(x, density(x), color=COLORS["vermilion"], label=density_label)
        ax.legend()
    ax.set(xlabel=xlabel, ylabel="density")
    return ax


def scatter(ax, x, y, *, label: str | None = None, color: str = COLORS["blue"], size: float = 22):
    """Points; where several fall on one place, one disc with as many times the area.

    >>> fig, ax = figure()
    >>> _ = scatter(ax, [1, 1, 2], [5, 5, 6], size=14)
    >>> ax.collections[0].get_sizes().tolist()
    [28.0, 14.0]
    >>> plt.close(fig)
    """
    x, y = _pair(x, y)
    places, counts = np.unique(np.stack([x, y], axis=1), axis=0, return_counts=True)
    ax.scatter(*places.T, s=float(size) * counts, color=color, alpha=0.55, linewidth=0, label=label)
    return ax


def line(ax, intercept: float, slope: float, *, label: str | None = None,
         color: str = COLORS["vermilion"], **options):
    """The line intercept + slope · x across the axes as they stand, their limits unchanged."""
    limits, heights = np.array(ax.get_xlim()), ax.get_ylim()
    ax.plot(limits, float(intercept) + float(slope) * limits, color=color, label=label, **options)
    ax.set(xlim=limits, ylim=heights)
    return ax


def residual_bars(ax, x, y, prediction, *, color: str = COLORS["orange"], label: str | None = None):
    """A vertical bar from each prediction to its target: the residual."""
    x, y = _pair(x, y)
    prediction = _vector(prediction, "prediction")
    checks.same_shape(prediction, y, "prediction", "y")
    ax.vlines(x, prediction, y, color=color, linewidth=1.4, alpha=0.8, label=label, zorder=1)
    return ax


def residual_squares(ax, x, y, prediction, *, color: str = COLORS["orange"],
                     label: str | None = None):
    """A square on each residual, square on the page: its area is that point's squared error.

    Draw it last: it depends on the axes' limits and size, which it then freezes.
    """
    residual_bars(ax, x, y, prediction, color=color)
    x, y = _pair(x, y)
    prediction = _vector(prediction, "prediction")
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    ax.figure.draw_without_rendering()  # lays the axes out, so that their size is known
    box = ax.get_window_extent()
    x_per_y = (np.ptp(ax.get_xlim()) / box.width) / (np.ptp(ax.get_ylim()) / box.height)
    middle = np.mean(ax.get_xlim())
    for i, (left, target, level) in enumerate(zip(x, y, prediction, strict=True)):
        side = abs(target - level) * x_per_y
        corner = left if left < middle else left - side  # open towards the middle
        ax.add_patch(mpl.patches.Rectangle(
            (corner, min(target, level)), side, abs(target - level), facecolor=color, alpha=0.28,
            edgecolor=color, linewidth=0.8, zorder=0.5, label=label if i == 0 else None))
    return ax


def _cycle():
    """The colours of the style, for ever."""
    while True:
        yield from _STYLE["axes.prop_cycle"].by_key()["color"]


def _vector(values, name: str) -> np.ndarray:
    vector = checks.array(values, name)
    if vector.ndim != 1:
        raise ValueError(f"{name}: shape {vector.shape}, expected a vector (n,)")
    return vector


def _pair(x, y) -> tuple[np.ndarray, np.ndarray]:
    x, y = _vector(x, "x"), _vector(y, "y")
    checks.same_shape(y, x, "y", "x")
    return x, y
