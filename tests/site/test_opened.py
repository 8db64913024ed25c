"""What opens on a click is as accessible as the page around it."""

import pytest
from checks import axe
from checks.visit import MODES
from checks.whole import place


def open_search(page):
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("likelihood")
    page.wait_for_timeout(500)  # suggestions follow the typing
    return "#pst-search-dialog[open]"


def open_drawer(page):
    page.locator(".primary-toggle:visible").first.click()
    return "#pst-primary-sidebar-modal[open]"


def open_contents(page):
    page.locator(".secondary-toggle:visible").first.click()
    return "#pst-secondary-sidebar-modal[open]"


def open_glossary_note(page):
    page.locator("a.glossary-link").first.focus()
    return ".glossary-note:not([hidden])"


PHONES = [mode for mode in MODES if mode.startswith("phone")]
OPENED = [
    *[(open_search, mode) for mode in MODES],
    *[(open_drawer, mode) for mode in PHONES],
    *[(open_contents, mode) for mode in PHONES],
    *[(open_glossary_note, mode) for mode in MODES],
]


@pytest.mark.parametrize(("opener", "mode"), OPENED)
def test_what_opens_is_accessible_and_fits(site, visitor, opener, mode):
    page = visitor.open(f"{site.url}/chapters/squared_error.html", mode).page
    try:
        part = opener(page)
        page.locator(part).first.wait_for(state="visible")
        found = place(page) + axe.violations(page, within=part)
    finally:
        page.close()
    assert not found, "\n".join(found)
