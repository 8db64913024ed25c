"""The site without a mouse."""

import pytest
from checks.ask import ask
from checks.keyboard import walk

KINDS_OF_PAGES = [
    "chapters/index",
    "chapters/squared_error",
    "chapters/likelihood",
    "chapters/glossary",
    "search",
    "404",
]


@pytest.mark.parametrize("mode", ["desktop-light", "phone-light"])
@pytest.mark.parametrize("name", KINDS_OF_PAGES)
def test_tab_goes_through_the_whole_page_and_out_of_it(site, visitor, name, mode):
    page = visitor.open(f"{site.url}/{name}.html", mode).page
    try:
        for figure in page.locator("figure.mle-figure").all():
            figure.locator(".mle-controls").wait_for(state="attached")
        found = walk(page)
    finally:
        page.close()
    assert not found, "\n".join(found)


@pytest.fixture
def chapter(site, page):
    """A chapter, open on a desktop."""
    page.goto(f"{site.url}/chapters/squared_error.html")
    return page


@pytest.fixture
def phone(site, browser):
    """A chapter, open on a phone."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site.url}/chapters/squared_error.html")
    yield page
    context.close()


def focused_inside(page, selector):
    """Whether the focus is in an element."""
    return page.evaluate("s => Boolean(document.activeElement.closest(s))", selector)


def test_the_first_tab_offers_to_skip_to_the_text(chapter):
    chapter.keyboard.press("Tab")
    assert "Skip to main content" in ask(chapter, "focused")["name"]
    assert ask(chapter, "focused")["seen"]
    chapter.keyboard.press("Enter")
    chapter.keyboard.press("Tab")
    assert focused_inside(chapter, "main")


def test_the_search_opens_and_closes_by_keys(chapter):
    opened = chapter.locator("#pst-search-dialog[open]")
    chapter.keyboard.press("Control+k")
    opened.wait_for()
    assert focused_inside(chapter, "#pst-search-dialog input")
    chapter.keyboard.press("Escape")
    opened.wait_for(state="detached")


@pytest.mark.parametrize(
    ("button", "drawer"),
    [
        (".primary-toggle", "#pst-primary-sidebar-modal"),
        (".secondary-toggle", "#pst-secondary-sidebar-modal"),
    ],
)
def test_the_drawers_of_a_phone_open_and_close_by_keys(phone, button, drawer):
    toggle = phone.locator(f"{button}:visible").first
    toggle.focus()
    phone.keyboard.press("Enter")
    opened = phone.locator(f"{drawer}[open]")
    opened.wait_for()
    phone.keyboard.press("Tab")
    assert focused_inside(phone, drawer)
    phone.keyboard.press("Escape")
    opened.wait_for(state="detached")
    assert toggle.evaluate("button => button === document.activeElement")


def test_an_answer_opens_by_keys(chapter):
    answer = chapter.locator("details summary, button.toggle-button").first
    answer.focus()
    closed = chapter.locator("details[open]").count()
    chapter.keyboard.press("Enter")
    assert chapter.locator("details[open]").count() == closed + 1


TRAP = """<button>one</button><button id="trap" onkeydown="if (event.key === 'Tab')
  event.preventDefault()">two</button><button>three</button>"""
OFF_SCREEN = "<button>one</button><button style='position: fixed; left: -999px'>two</button>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a href='#'>a</a><button>b</button><input>", None),
        (TRAP, "never leaves"),
        (TRAP, "does not reach"),
        (OFF_SCREEN, "off the screen"),
    ],
)
def test_the_walk_finds_a_planted_fault(page, text, message):
    page.set_content(text)
    found = walk(page)
    assert any(message in finding for finding in found) if message else found == []
