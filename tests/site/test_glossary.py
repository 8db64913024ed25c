"""The notes of the glossary as a reader meets them: mouse, keyboard, finger, no script."""

import re

import pytest
from bs4 import BeautifulSoup

OPEN = ".glossary-note:not([hidden])"
LINK = "a.glossary-link"
NOWHERE = ":is(h1, h2, h3, h4, pre, code, .katex, .derivation, details, td) a.glossary-link"


@pytest.fixture
def chapter(site, page):
    """A chapter with links to the glossary."""
    page.goto(f"{site.url}/chapters/squared_error.html")
    return page


def test_the_mouse_opens_a_note_and_may_move_onto_it(chapter):
    chapter.locator(LINK).first.hover()
    note = chapter.locator(OPEN)
    note.wait_for()
    box = note.bounding_box()
    chapter.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    chapter.wait_for_timeout(600)  # longer than the patience of the script
    assert note.is_visible()
    chapter.mouse.move(2, 2)
    note.wait_for(state="detached")


def test_the_focus_opens_a_note_and_escape_closes_it_in_place(chapter):
    link = chapter.locator(LINK).first
    link.focus()
    note = chapter.locator(OPEN)
    note.wait_for()
    chapter.keyboard.press("Escape")
    assert note.count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_a_note_is_gone_when_the_focus_has_left(chapter):
    chapter.locator(LINK).first.focus()
    chapter.locator(OPEN).wait_for()
    chapter.locator("article h1").evaluate("h => { h.tabIndex = -1; h.focus(); }")
    chapter.locator(OPEN).wait_for(state="detached")


def test_the_name_of_a_link_is_its_words_and_the_meaning_its_description(chapter):
    for link in chapter.locator(LINK).all():
        described = link.get_attribute("aria-describedby")
        meaning = chapter.locator(f'[id="{described}"]')
        assert meaning.count() == 1 and len(meaning.text_content().strip()) > 20
        assert link.get_attribute("aria-label") is None and not link.get_attribute("title")


def test_enter_follows_the_link(site, chapter):
    link = chapter.locator(LINK).first
    target = link.get_attribute("href")
    link.press("Enter")
    chapter.wait_for_url(f"{site.url}/chapters/{target}")


@pytest.mark.parametrize("place", [0, 3])
def test_a_finger_opens_the_note_and_goes_on_or_away(site, browser, place):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    address = f"{site.url}/chapters/squared_error.html"
    page.goto(address)
    page.locator(LINK).nth(place).tap()
    note = page.locator(OPEN)
    note.wait_for()
    box = note.bounding_box()
    assert page.url == address and box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.locator("article h1").tap()
    assert note.count() == 0
    page.locator(LINK).nth(place).tap()
    note.locator("a").tap()
    page.wait_for_url(re.compile(r"glossary\.html#term-"))
    context.close()


def test_without_a_script_it_is_a_plain_link(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/chapters/squared_error.html")
    page.locator(LINK).first.hover()
    assert page.locator(OPEN).count() == 0
    page.locator(LINK).first.click()
    page.wait_for_url(re.compile(r"glossary\.html#term-"))
    context.close()


def faults(text):
    """Findings: terms that a page links twice, links where there should be none."""
    page = BeautifulSoup(text, "html.parser")
    links = [link["href"] for link in page.select(LINK)]
    twice = [f"linked twice: {link}" for link in set(links) if links.count(link) > 1]
    return twice + [f"linked in: {link.parent.name}" for link in page.select(NOWHERE)]


def test_a_page_links_a_term_once_and_never_in_a_heading_a_formula_or_code(site):
    texts = {name: (site.folder / name).read_text(encoding="utf-8") for name in site.pages}
    assert {name: faults(text) for name, text in texts.items() if faults(text)} == {}
    assert sum(text.count("glossary-link") for text in texts.values()) > 200


@pytest.mark.parametrize(
    ("planted", "message"),
    [
        ("<p>{0}</p><p>{0}</p>", "linked twice"),
        ("<h2>{0}</h2>", "linked in: h2"),
        ("<details><p>{0}</p></details>", "linked in: p"),
        ("<pre><span>{0}</span></pre>", "linked in: span"),
    ],
)
def test_a_planted_fault_is_found(planted, message):
    link = '<a class="glossary-link" href="glossary.html#term-loss">loss</a>'
    assert faults(f"<p>{link}</p>") == []
    assert message in faults(planted.format(link))[0]


def test_a_meaning_with_a_formula_is_rendered(site):
    text = (site.folder / "chapters/cross_entropy.html").read_text(encoding="utf-8")
    notes = text.partition('class="glossary-notes"')[2]
    assert "katex" in notes and "$" not in re.sub(r"<[^>]*>", "", notes.partition("</article>")[0])
