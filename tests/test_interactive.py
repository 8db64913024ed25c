"""Interactive figures: their HTML is safe and stable, their pictures hold at every extreme."""
import base64
import itertools
import json
import re
import subprocess
import sys

import pytest
from matplotlib.colors import to_rgb

from mlebook import plotting
from mlebook.interactive.figure import HERE, read
from tools import fingerprint, stills

FIGURES = {figure.slug: figure for figure in stills.figures()}
SIZES = ("wide", "narrow")
# 360 px of phone leave this much room for the picture; letters are 12 px or more in it
PHONE, SMALLEST, READABLE = 310, 12, 11

# Everything that can go wrong in a picture, as a list of words; empty where all is well.
SURVEY = """
const figure = MLE.figures[slug];
const bad = [];
const note = (what, state) => bad.push(what + " at " + JSON.stringify(state));
const change = (state, name, value) => figure.change ? figure.change(state, name, value, data)
                                                     : { ...state, [name]: value };
function look(state) {
  for (const narrow of [false, true]) {
    const [width, height] = figure.size[narrow ? "narrow" : "wide"];
    const picture = figure.draw(state, data, narrow);
    if (/NaN|Infinity|undefined|null/.test(picture)) note("not a number", state);
    const handles = figure.handles ? figure.handles(state, data, narrow) : [];
    for (const { name, x, y } of handles) {
      if (!(x >= 0 && x <= width && y >= 0 && y <= height)) note(name + " is outside", state);
    }
  }
  const words = figure.describe(state, data);
  if (!/[0-9]/.test(words) || /NaN|undefined|null/.test(words)) note("described: " + words, state);
  for (const control of figure.controls.filter(({ show }) => show)) {
    if (!control.show(state)) note(control.name + " shows nothing", state);
  }
}
function corners() {
  const values = figure.controls.filter(({ kind }) => kind !== "button").map((control) => ({
    name: control.name,
    values: { range: () => [control.min, control.max],
              choice: () => control.choices.map(([value]) => value),
              check: () => [false, true] }[control.kind](),
  }));
  return values.reduce((states, { name, values }) =>
    states.flatMap((state) => values.map((value) => change(state, name, value))),
    [{ ...figure.start }]);
}
function presses() {
  const buttons = figure.controls.filter(({ kind }) => kind === "button");
  return buttons.flatMap(({ press, enabled }) => {
    const states = [figure.start];
    while (states.length < 60 && (!enabled || enabled(states[states.length - 1], data))) {
      states.push(press(states[states.length - 1], data));
    }
    return states;
  });
}
function drags(narrow) {
  const [width, height] = figure.size[narrow ? "narrow" : "wide"];
  const places = [[-50, -50], [width / 2, height / 2], [width + 50, height + 50], [0, height]];
  const handles = figure.handles ? figure.handles(figure.start, data, narrow) : [];
  return handles.flatMap(({ name }) =>
    places.map(([x, y]) => figure.drag(figure.start, name, x, y, data, narrow)));
}
function slides(narrow) {
  const handles = figure.handles ? figure.handles(figure.start, data, narrow) : [];
  return handles.filter(({ label }) => label).flatMap(({ name, min, max }) =>
    [min, max].map((value) => change(figure.start, name, value)));
}
function survey() {
  const states = [figure.start, ...corners(), ...presses(), ...drags(false), ...drags(true),
                  ...slides(false), ...slides(true)];
  states.forEach(look);
  return JSON.stringify({ bad: bad.slice(0, 5), states: states.length });
}
"""


def survey(figure, change=""):
    """What goes wrong in a figure's pictures, after an optional change to its script."""
    header = f"const slug = {figure.slug!r}; const data = {figure.payload()};"
    with stills.engine(f"{figure.script()}\n{change}\n{header}\n{SURVEY}") as running:
        return json.loads(running.eval("survey()"))


@pytest.fixture(params=FIGURES)
def figure(request):
    return FIGURES[request.param]


def scripts(text):
    return re.findall(r"<script>(.*?)</script>", text, re.DOTALL)


def test_html_is_the_same_every_time(figure):
    again = {made.slug: made for made in stills.figures()}[figure.slug]
    assert figure._repr_html_() == again._repr_html_()


def test_html_needs_nothing_from_outside(figure):
    text = figure._repr_html_()
    assert re.findall(r"(?:https?:)?//[a-z]", text) == []
    assert text.count('<img alt="') == 1 and 'src="data:image/svg+xml;base64,' in text


def test_no_program_takes_the_script_for_mathematics_or_its_end(figure):
    text = figure._repr_html_()
    (script,) = scripts(text)
    assert "$" not in text and "</" not in script
    assert not re.search(r"\\[(\[]", text)


def test_the_still_has_words_for_who_cannot_see_it(figure):
    assert len(figure.alt) > 80 and len(figure.caption) > 40
    assert "\n" not in repr(figure) and figure.slug in repr(figure)


def test_stills_are_current(figure):
    stored = (HERE / "stills" / f"{figure.slug}.svg").read_text(encoding="utf-8")
    assert stored == stills.still(figure), "python -m tools.stills"
    shown = re.search(r"base64,([^\"]+)", figure._repr_html_())[1]
    assert base64.b64decode(shown).decode() == stored


def test_pictures_hold_at_every_extreme(figure):
    found = survey(figure)
    assert found["bad"] == []
    assert found["states"] > 4


@pytest.mark.parametrize("fault, seen", [
    ("figure.draw = () => '<line x1=\"NaN\"/>';", "not a number"),
    ("figure.describe = () => 'no number';", "described"),
    ("figure.handles = () => [{ name: 'knob', x: -1, y: 0 }];", "knob is outside"),
])
def test_a_fault_in_a_picture_is_seen(fault, seen):
    broken = f"{{ const figure = MLE.figures.galton_sweep; {fault} }}"
    assert seen in str(survey(FIGURES["galton_sweep"], broken)["bad"])


def test_a_coordinate_that_is_no_number_is_refused():
    with stills.engine(read("js/plot.js")) as running, pytest.raises(Exception, match="coordinate"):
        running.eval("MLE.plot.line(0, 0 / 0, 1, 1)")


def test_letters_stay_readable_on_a_phone(figure):
    with stills.engine(figure.script()) as running:
        size = json.loads(running.eval(f"JSON.stringify(MLE.figures.{figure.slug}.size)"))
    assert set(size) == set(SIZES)
    assert SMALLEST * PHONE / size["narrow"][0] >= READABLE
    written = [float(size) for size in re.findall(r"([\d.]+)px", "".join(
        re.findall(r"font(?:-size)?: [\d.]+px", read("figure.css"))))]
    assert min(written) >= SMALLEST


def colours():
    """Each colour of figure.css: its name, light, dark."""
    pattern = r"--fig-(\w+): light-dark\((#\w{6}), (#\w{6})\)"
    return {name: pair for name, *pair in re.findall(pattern, read("figure.css"))}


def test_light_colours_are_those_of_the_other_figures():
    wanted = {**plotting.COLORS, "panel": plotting.PANEL, "ink": plotting.INK,
              "grey": plotting.GREY}
    assert {name: light for name, (light, _) in colours().items()} == wanted


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_what_carries_meaning_stands_out(mode):
    shades = {name: pair[mode] for name, pair in colours().items()}
    least = {"ink": 7, "grey": 4.5, "blue": 3, "vermilion": 3, "green": 3, "black": 3}
    weak = {name for name, ratio in least.items()
            if contrast(shades[name], shades["panel"]) < ratio}
    assert weak == set()


def test_every_class_of_a_picture_has_a_style(figure):
    style = read("figure.css")
    with stills.engine(figure.script()) as running:
        drawn = [running.eval(f"MLE.figures.{figure.slug}.draw(MLE.figures.{figure.slug}.start, "
                              f"{figure.payload()}, {narrow})") for narrow in ("false", "true")]
    names = set(itertools.chain(*(names.split() for names in re.findall(
        r'class="([^"]*)"', "".join(drawn)))))
    assert [name for name in sorted(names) if f".{name}" not in style] == []


def test_showing_a_figure_loads_neither_torch_nor_matplotlib():
    code = ("import sys; from mlebook import interactive; interactive.galton_sweep()._repr_html_();"
            "print([name for name in ('torch', 'matplotlib', 'sympy') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_chapter_is_built_again_when_a_script_of_its_figure_changes():
    def depends(code):
        files = fingerprint.dependencies(f"```{{code-cell}} ipython3\n{code}\n```\n")
        return {path.suffix for path in files} & {".js", ".svg"}

    assert depends("from mlebook import interactive") == {".js", ".svg"}
    assert depends("from mlebook import catalog") == set()
