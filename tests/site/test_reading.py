"""What a reader does with a page: turn it, copy from it, take it along, read it in the dark."""

import re

import pytest
import yaml

from tools import lint
from tools.environment import CHAPTERS, ROOT

FIRST = "chapters/index"
# What <html> says about its theme each time before something is drawn.
WATCH_THEME = """
globalThis.themes = [];
const look = () => {
  if (document.body) globalThis.themes.push(document.documentElement.dataset.theme || "none");
  if (globalThis.themes.length < 20) requestAnimationFrame(look);
};
look();
"""


def in_order():
    """The pages of the book in their order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return lint.names_in(toc)


@pytest.mark.parametrize(("button", "step"), [("right-next", 1), ("left-prev", -1)])
def test_the_pages_follow_one_another(site, page, button, step):
    order = in_order()[::step]
    page.goto(f"{site.url}/{order[0]}.html")
    for name in order[1:]:
        page.keyboard.press("End")  # what is laid out on the way moves the link
        page.wait_for_timeout(200)
        page.locator(f"a.{button}").click()
        page.wait_for_url(f"{site.url}/{name}.html")
    assert page.locator(f"a.{button}").count() == 0


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_copy_button_copies_the_code_of_its_cell(site, browser, by):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.url}/chapters/squared_error.html")
    code = page.locator(".cell_input pre").nth(1)
    button = code.locator("xpath=..").locator("button.copybtn")
    if by == "mouse":
        code.hover()
        button.click()
    else:
        button.focus()
        page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    copied, shown = page.evaluate("navigator.clipboard.readText()"), code.inner_text()
    context.close()
    assert copied.strip() == shown.strip() != ""


def switch_to(page, mode):
    """Press the button of the theme until it says so."""
    for _ in range(3):
        if page.locator("html").get_attribute("data-mode") == mode:
            return
        page.locator(".theme-switch-button:visible").first.click()
    assert page.locator("html").get_attribute("data-mode") == mode


@pytest.mark.parametrize(("system", "wanted"), [("light", "dark"), ("dark", "light")])
def test_the_theme_is_remembered_and_no_other_flashes_up(site, browser, system, wanted):
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.goto(f"{site.url}/{FIRST}.html")
    assert page.locator("html").get_attribute("data-theme") == system
    switch_to(page, wanted)
    page.add_init_script(WATCH_THEME)
    page.goto(f"{site.url}/chapters/squared_error.html")
    page.wait_for_function("globalThis.themes.length >= 10")
    themes = set(page.evaluate("globalThis.themes"))
    context.close()
    assert themes == {wanted}


def with_notebook():
    """Names of the chapters of the book that can be taken along."""
    return [name for name in in_order() if (ROOT / f"{name}.ipynb").exists()]


@pytest.mark.parametrize("name", with_notebook())
def test_the_notebook_of_a_page_is_the_committed_file(site, name):
    text = (site.folder / f"{name}.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+\.ipynb)" download', text)
    slug = name.rpartition("/")[2]
    assert set(links) <= {f"{slug}.ipynb"}
    if links:
        committed = (CHAPTERS / f"{slug}.ipynb").read_bytes()
        assert (site.folder / f"{name}.ipynb").read_bytes() == committed


def test_a_notebook_is_downloaded_by_a_click(site, page):
    page.goto(f"{site.url}/chapters/squared_error.html")
    with page.expect_download() as download:
        page.locator("a[download]:visible").first.click()
    path = download.value.path()
    assert path.read_bytes() == (CHAPTERS / "squared_error.ipynb").read_bytes()


def test_every_chapter_with_code_can_be_taken_along(site):
    texts = {
        name: (site.folder / f"{name}.html").read_text(encoding="utf-8")
        for name in with_notebook()
    }
    with_code = [name for name, text in texts.items() if 'class="cell_input' in text]
    assert with_code and all(".ipynb\" download" in texts[name] for name in with_code)


@pytest.mark.parametrize("deep", ["gone.html", "a/b/gone"])
def test_a_wrong_address_gets_the_page_that_says_so(site, page, deep):
    answer = page.goto(f"{site.url}/{deep}")
    assert answer.status == 404
    assert page.locator("h1:visible").inner_text().startswith("Page not found")
    page.get_by_role("link", name="Index of names").click()
    page.wait_for_url(f"{site.url}/genindex.html")


def test_a_step_of_a_proof_can_be_linked_to(site, page):
    page.goto(f"{site.url}/chapters/squared_error.html")
    step = page.locator(".derivation .proof-step[id]").nth(5)
    address = step.get_attribute("id")
    page.goto(f"{site.url}/chapters/squared_error.html#{address}")
    page.wait_for_timeout(300)
    top = step.bounding_box()["y"]
    assert 0 <= top < 400, f"#{address} is at {top} px"
