"""The interactive figures: by keyboard, by mouse, by finger, and without any script."""

import io
import re

import pytest
from checks.whole import UNFOLD, wake
from pypdf import PdfReader

from tools.environment import CHAPTERS

FIGURE = "figure.mle-figure"
CALL = re.compile(r"interactive\.(\w+)\(")


def figures():
    """(page, figure) for each interactive figure that a chapter shows."""
    return [
        (path.stem, slug)
        for path in sorted(CHAPTERS.glob("source/*.md"))
        for slug in CALL.findall(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(params=["desktop-light", "phone-dark"])
def open_figure(request, site, visitor):
    """Opens the page of a figure in two modes and scrolls to it."""
    visits = []

    def show(name, slug):
        visits.append(visitor.open(f"{site.url}/chapters/{name}.html", request.param))
        page = visits[0].page
        page.evaluate(UNFOLD)  # else the page grows and moves while one scrolls
        figure = page.locator(f'{FIGURE}[data-figure="{slug}"]').first
        wake(figure)
        return page, figure

    yield show
    visits[0].page.close()
    assert visits[0].complaints == []


def says(figure):
    """The sentence that a screen reader is told after each change."""
    return figure.locator("[aria-live]").text_content()


def drawing(figure):
    """The picture as it is drawn now."""
    return figure.locator("svg").first.inner_html()


def test_there_are_five_figures():
    expected = {"coin_flips", "galton_sweep", "logistic", "noise_to_loss", "two_divergences"}
    assert {slug for _, slug in figures()} == expected


@pytest.mark.parametrize(("name", "slug"), figures())
def test_every_slider_follows_the_keys(open_figure, name, slug):
    page, figure = open_figure(name, slug)
    sliders = figure.locator("input[type=range]:enabled, [role=slider]")
    assert sliders.count()
    for i in range(sliders.count()):
        slider = sliders.nth(i)
        if not slider.is_visible():
            continue
        slider.focus()
        place, before = page.evaluate("scrollY"), drawing(figure)
        value = "s => s.value ?? s.getAttribute('aria-valuenow')"
        old = slider.evaluate(value)
        for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        if slider.evaluate(value) == old:  # it stood at its end
            page.keyboard.press("ArrowLeft")
        assert slider.evaluate(value) != old, f"slider {i} does not move"
        assert drawing(figure) != before, f"slider {i} changes nothing"
        assert slider.evaluate("s => s === document.activeElement")
        assert page.evaluate("scrollY") == place, "the page moved under the slider"


@pytest.mark.parametrize(("name", "slug"), figures())
def test_buttons_and_choices_work_by_keys_and_start_again_restores(open_figure, name, slug):
    page, figure = open_figure(name, slug)
    start = says(figure)
    assert re.search(r"\d", start), "no number in words"
    changed = set()
    for button in figure.locator("button:visible").all():
        if button.inner_text() != "Start again":
            button.focus()
            page.keyboard.press("Enter")
            changed.add(says(figure))
    for group in figure.locator("fieldset").all():
        group.locator("input:checked").focus()
        page.keyboard.press("ArrowDown")
        changed.add(says(figure))
    for box in figure.locator("input[type=checkbox]:visible").all():
        box.focus()
        page.keyboard.press("Space")
    figure.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    figure.get_by_role("button", name="Start again").focus()
    page.keyboard.press("Enter")
    assert says(figure) == start
    assert "NaN" not in drawing(figure) and "Infinity" not in drawing(figure)


# figure: what is focused, which keys are pressed, what the figure then says of itself
PATHS = [
    ("coin_flips", "input[type=range]", ["ArrowRight", "ArrowRight"], "θ = 0.52"),
    ("coin_flips", "button:text('Add tails')", ["Enter"], "4 flips, 2 heads"),
    ("coin_flips", "button:text('No flips')", ["Space"], "0 flips"),
    ("two_divergences", "input[id$='-mean']", ["ArrowLeft"], "mean 11.95"),
    ("two_divergences", "button:text('Best by KL(p')", ["Enter"], "Best by KL(p‖q)"),
    ("logistic", "[data-name=point3]", ["ArrowLeft"] * 13, "Separable"),
    ("logistic", "input[id$='-steps']", ["Home"], "After 0 Newton steps: slope 0.00"),
]


@pytest.mark.parametrize(("slug", "what", "keys", "words"), PATHS)
def test_a_path_of_keys_leads_to_what_the_figure_says(open_figure, slug, what, keys, words):
    (name,) = [name for name, shown in figures() if shown == slug]
    page, figure = open_figure(name, slug)
    figure.locator(what).first.focus()
    for key in keys:
        page.keyboard.press(key)
    assert words in says(figure)


def pull(page, figure, handle, touch):
    """Drag a handle by forty pixels towards the middle, with the mouse or a finger."""
    box, frame = handle.bounding_box(), figure.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    way = 40 if x < frame["x"] + frame["width"] / 2 else -40
    if not touch:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way, y + 20, steps=4)
        page.mouse.up()
        return
    client = page.context.new_cdp_session(page)
    for kind, part in (("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1), ("touchEnd", None)):
        points = [] if part is None else [{"x": x + part * way, "y": y + part * 20}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize(("name", "slug"), figures())
def test_a_handle_is_dragged_by_mouse_and_finger(open_figure, name, slug):
    page, figure = open_figure(name, slug)
    handles = figure.locator(".mle-handle")
    for i in range(handles.count()):
        handles.nth(i).scroll_into_view_if_needed()
        place, before = page.evaluate("scrollY"), drawing(figure)
        pull(page, figure, handles.nth(i), touch=page.viewport_size["width"] < 500)
        page.wait_for_timeout(50)
        assert drawing(figure) != before, f"handle {i} cannot be dragged"
        assert page.evaluate("scrollY") == place


@pytest.mark.parametrize(("name", "slug"), figures())
def test_letters_are_large_enough_and_targets_too(open_figure, name, slug):
    _, figure = open_figure(name, slug)
    small = figure.evaluate("""figure => [...figure.querySelectorAll("svg text")].filter((text) =>
      parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < 10.9
    ).map((text) => text.textContent)""")
    assert small == []
    for control in figure.locator("input[type=range], button").all():
        if control.is_visible():
            assert control.bounding_box()["height"] >= 24


@pytest.mark.parametrize(("name", "slug"), figures())
def test_a_figure_far_away_is_drawn_when_one_comes_near(site, page, name, slug):
    page.goto(f"{site.url}/chapters/{name}.html")
    figure = page.locator(f'{FIGURE}[data-figure="{slug}"]').first
    figure.locator(".mle-controls").wait_for(state="attached")
    assert figure.locator("svg text").count() == 0, "it keeps the processor busy at the start"
    wake(figure)
    assert says(figure)


def test_a_figure_that_nobody_saw_is_printed(site, page):
    page.goto(f"{site.url}/chapters/squared_error.html")
    figure = page.locator(FIGURE).first
    figure.locator(".mle-controls").wait_for(state="attached")
    assert figure.locator("svg text").count() == 0
    sheets = PdfReader(io.BytesIO(page.pdf())).pages
    printed = "".join("".join(sheet.extract_text() for sheet in sheets).split())
    words = figure.locator("svg text").all_text_contents()
    assert len(words) > 10
    assert [text for text in words if "".join(text.split()) not in printed] == []


def test_a_figure_is_a_picture_without_scripts(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, slug in figures():
        page.goto(f"{site.url}/chapters/{name}.html")
        still = page.locator(f'{FIGURE}[data-figure="{slug}"] img')
        still.scroll_into_view_if_needed()
        assert len(still.get_attribute("alt")) > 40
        assert still.bounding_box()["width"] > 300
    context.close()
