"""Figures hold what they were given, come out the same each time, and reject bad input."""
import io
import math
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
import torch

mpl.use("Agg")
from matplotlib import pyplot as plt

from mlebook import plotting


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        plotting.use_style()
        yield
    plt.close("all")


def png(fig):
    stream = io.BytesIO()
    fig.savefig(stream, format="png")
    return stream.getvalue()


def _luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in mpl.colors.to_rgb(color)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def _contrast(first, second):
    light, dark = sorted([_luminance(first), _luminance(second)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_letters_are_legible_on_the_panel_and_the_panel_on_any_page():
    assert mpl.colors.to_rgba(mpl.rcParams["figure.facecolor"])[3] == 1, "opaque"
    assert _contrast(plotting.PANEL, plotting.INK) >= 7  # WCAG AAA
    assert _contrast(plotting.PANEL, plotting.GREY) >= 4.5  # WCAG AA
    for name in ("blue", "vermilion", "green"):  # what lines are drawn in first
        assert _contrast(plotting.PANEL, plotting.COLORS[name]) >= 3


def test_pictures_have_twice_the_density():
    assert mpl.rcParams["savefig.dpi"] == 2 * mpl.rcParams["figure.dpi"]
    assert tuple(mpl.rcParams["figure.figsize"]) == (7.0, 3.2)


def test_a_picture_is_the_same_each_time():
    def draw():
        fig, ax = plotting.figure()
        x = np.linspace(0, 1, 20)
        plotting.scatter(ax, x, x**2, label=r"$x^2$")
        plotting.residual_squares(ax, x, x**2, x)
        return png(fig)

    assert draw() == draw()


def test_sweep_panels():
    grid = torch.linspace(0.01, 0.99, 99, dtype=torch.float64)
    likelihood = grid**2 * (1 - grid)
    fig, axes = plotting.sweep_panels(
        grid, {"likelihood": likelihood, "nll": -likelihood.log()}, xlabel="$p$", best=2 / 3)
    assert [ax.get_title(loc="left") for ax in axes] == ["likelihood", "nll"]
    curve, best, dot = axes[0].lines
    assert curve.get_ydata().tolist() == likelihood.tolist()
    assert best.get_xdata()[0] == 2 / 3
    assert dot.get_ydata()[0] == pytest.approx(4 / 27, abs=1e-4)
    assert fig.legends[0].get_texts()[0].get_text() == "maximum likelihood"
    assert len(plotting.sweep_panels(grid, {"one": grid}, xlabel="p")[1][0].lines) == 1
    eight = {str(i): grid for i in range(8)}  # more panels than colours
    assert len(plotting.sweep_panels(grid, eight, xlabel="p")[1]) == 8
    assert png(fig)


def test_the_histogram_has_area_one_and_its_curve_is_the_density():
    _, ax = plotting.figure()
    plotting.histogram(ax, [0.0, 1.0, 1.0, 3.0], bins=3, density=lambda x: np.exp(-x**2),
                       xlabel="x")
    assert sum(bar.get_height() * bar.get_width() for bar in ax.patches) == pytest.approx(1)
    x, y = ax.lines[0].get_data()
    assert y.tolist() == np.exp(-x**2).tolist()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "density")
    assert ax.get_legend() is not None


def test_coinciding_points_become_one_larger_disc():
    _, ax = plotting.figure()
    plotting.scatter(ax, torch.tensor([2.0, 1.0, 2.0]), [6, 5, 6], size=10)
    discs, = ax.collections
    assert discs.get_offsets().tolist() == [[1, 5], [2, 6]]
    assert discs.get_sizes().tolist() == [10, 20]


def test_a_line_leaves_the_limits():
    _, ax = plotting.figure()
    plotting.scatter(ax, [0, 1], [0, 1])
    before = ax.get_xlim(), ax.get_ylim()
    plotting.line(ax, torch.tensor(1.0), 100.0)
    assert (ax.get_xlim(), ax.get_ylim()) == before
    x, y = ax.lines[0].get_data()
    assert y == pytest.approx(1 + 100 * x)


def test_residual_squares_are_square_on_the_page():
    fig, ax = plotting.figure()
    x, y, level = [0.0, 5.0, 10.0], [10.0, 20.0, 90.0], [15.0, 5.0, 60.0]
    plotting.scatter(ax, x, y)
    plotting.residual_squares(ax, x, y, level, label="squared error")
    png(fig)
    assert len(ax.patches) == 3
    for patch, target, value in zip(ax.patches, y, level, strict=True):
        box = patch.get_window_extent()
        assert box.width == pytest.approx(box.height, rel=1e-6)
        assert patch.get_height() == abs(target - value)
        assert patch.get_y() == min(target, value)
    assert [p.get_label() for p in ax.patches].count("squared error") == 1
    assert all(p.get_x() >= 0 and p.get_x() + p.get_width() <= 10 for p in ax.patches)
    bars = ax.collections[-1].get_segments()
    assert [bar[:, 1].tolist() for bar in bars] == [[15, 10], [5, 20], [60, 90]]


@pytest.mark.parametrize(("call", "message"), [
    (lambda ax: plotting.scatter(ax, [1, 2], [1]), "y: shape"),
    (lambda ax: plotting.scatter(ax, [[1.0]], [[1.0]]), "x: shape"),
    (lambda ax: plotting.scatter(ax, [], []), "x: empty"),
    (lambda ax: plotting.histogram(ax, [math.nan]), "values: 1 of 1 values not finite"),
    (lambda ax: plotting.residual_bars(ax, [1, 2], [1, 2], [1]), "prediction: shape"),
    (lambda ax: plotting.residual_squares(ax, [1, 2], [1, 2], [1]), "prediction: shape"),
    (lambda ax: plotting.sweep_panels([1, 2], {}, xlabel="x"), "curves: none given"),
    (lambda ax: plotting.sweep_panels([1, 2], {"a": [1]}, xlabel="x"), r"curves\['a'\]: shape"),
])
def test_bad_input_names_the_argument(call, message):
    _, ax = plotting.figure()
    with pytest.raises(ValueError, match=message):
        call(ax)


def test_a_notebook_gets_pictures_at_twice_the_density():
    program = (
        "import matplotlib; matplotlib.use('module://matplotlib_inline.backend_inline')\n"
        "from unittest import mock\n"
        "import matplotlib_inline.backend_inline as inline\n"
        "from mlebook import plotting\n"
        "with mock.patch.object(inline, 'set_matplotlib_formats') as set_formats:\n"
        "    plotting.use_style()\n"
        "set_formats.assert_called_once_with('retina')\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
