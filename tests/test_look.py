"""The look of the book: colours that can be read, and told apart by everyone."""

import itertools
import re

import numpy as np
import pytest
from pygments.styles import get_style_by_name

from mlebook import plotting
from tools.environment import ROOT

STATIC = ROOT / "_static"
BOOK = (STATIC / "book.css").read_text(encoding="utf-8")
CONFIG = (ROOT / "_config.yml").read_text(encoding="utf-8")
CODE = (STATIC / "code.css").read_text(encoding="utf-8")

# the sRGB primaries as colour-blind readers see them: Machado, Oliveira and Fernandes (2009)
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])
WHITE = TO_XYZ.sum(axis=1)
HUE_HALF_TURN = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])
CURVES = ("blue", "vermilion", "green", "purple")  # as the style's cycle gives them out
APART = 10  # CIELAB distance that is plain to see in thin lines
SURFACES = ("--pst-color-background", "--pst-color-surface", "--book-panel")
TEXTS = (
    "--pst-color-text-base", "--pst-color-text-muted", "--pst-heading-color", "--pst-color-link",
    "--pst-color-link-hover", "--pst-color-primary", "--pst-color-secondary", "--book-proved",
    "--book-definition", "--book-theorem", "--pst-color-inline-code",
)


def rgb(colour):
    """A colour ``#rrggbb`` as three numbers from 0 to 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(colour):
    """The light of an sRGB colour."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return TO_XYZ[1] @ linear(colour)


def contrast(first, second):
    """The contrast of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def lab(colour, sight):
    """CIELAB of a colour as somebody sees it."""
    light = np.clip(sight @ linear(colour), 0, 1)
    x, y, z = np.cbrt(TO_XYZ @ light / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def night(colour):
    """What the style sheet's filter makes of a colour of a picture."""
    amount = float(re.search(r"filter: invert\(([\d.]+)\) hue-rotate\(180deg\)", CODE)[1])
    return np.clip(HUE_HALF_TURN @ (colour * (1 - 2 * amount) + amount), 0, 1)


def theme(name):
    """The colours that book.css gives to light or dark pages."""
    block = re.search(rf'\[data-theme="{name}"\] {{(.*?)}}', BOOK, re.DOTALL)[1]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block))


def too_pale(colours):
    """The pairs of text and ground that are hard to read."""
    return [
        (text, ground) for text in TEXTS for ground in SURFACES
        if contrast(rgb(colours[text]), rgb(colours[ground])) < 4.5
    ]


def alike(colours, sight):
    """The pairs of curves that somebody cannot tell apart."""
    return [
        (one, other) for one, other in itertools.combinations(colours, 2)
        if np.linalg.norm(lab(colours[one], sight) - lab(colours[other], sight)) < APART
    ]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(name):
    assert too_pale(theme(name)) == []


def pale_code(colours, style):
    """The colours of a Pygments style that are hard to read on the ground of code."""
    written = {token["color"] for _, token in get_style_by_name(style) if token["color"]}
    return {
        colour for colour in written
        for ground in ("--pst-color-surface", "--pst-color-background")
        if contrast(rgb(f"#{colour}"), rgb(colours[ground])) < 4.5
    }


@pytest.mark.parametrize("name", ["light", "dark"])
def test_code_can_be_read(name):
    style = re.search(rf"pygments_{name}_style: (\S+)", CONFIG)[1]
    assert pale_code(theme(name), style) == set()


def test_pale_code_would_be_found():
    assert pale_code(theme("light"), "a11y-high-contrast-dark")


def test_a_pale_text_would_be_found():
    pale = {**theme("light"), "--book-proved": "#8fae9d"}
    assert ("--book-proved", "--pst-color-background") in too_pale(pale)


def test_the_contrast_is_that_of_wcag():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("seen", [lambda colour: colour, night], ids=["day", "night"])
def test_curves_of_one_figure_stay_apart_for_every_reader(sight, seen):
    assert alike({name: seen(rgb(plotting.COLORS[name])) for name in CURVES}, SIGHT[sight]) == []


def test_curves_that_look_alike_would_be_found():
    signals = {"red": rgb("#b06000"), "green": rgb("#7a7a00")}
    assert alike(signals, SIGHT["full"]) == []
    assert alike(signals, SIGHT["deuteranopia"]) == [("red", "green")]


def test_the_cycle_of_the_style_begins_with_these_curves():
    cycle = plotting._STYLE["axes.prop_cycle"].by_key()["color"]
    assert cycle[: len(CURVES)] == [plotting.COLORS[name] for name in CURVES]


def test_a_figure_lies_on_the_page_without_a_box():
    assert theme("light")["--pst-color-background"] == plotting.PANEL.lower()
    page = rgb(theme("dark")["--pst-color-background"])
    assert np.abs(night(rgb(plotting.PANEL)) - page).max() < 1.5 / 255


@pytest.mark.parametrize("name", ["INK", "GREY"])
def test_letters_of_a_figure_can_be_read_by_night(name):
    assert contrast(night(rgb(getattr(plotting, name))), night(rgb(plotting.PANEL))) >= 4.5


@pytest.mark.parametrize("name", CURVES)
def test_curves_of_a_figure_are_seen_by_night(name):
    assert contrast(night(rgb(plotting.COLORS[name])), night(rgb(plotting.PANEL))) >= 3
