"""Pages on paper: light, whole, everything open, in A4 and Letter."""

import io
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from tools import lint
from tools.environment import ROOT

CHECK = (Path(__file__).parent / "checks" / "paper.js").read_text(encoding="utf-8")
# The text block in CSS pixels (96 an inch): the paper's width without print.css's two margins.
TEXT_WIDTH = {"A4": round((210 - 42) / 25.4 * 96), "Letter": round((215.9 - 42) / 25.4 * 96)}
PAGES = lint.names_in(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
CHAPTER = "chapters/map"  # wide formulas, code, pictures, hints

# What a page would look like if a rule of print.css or a line of print.js were missing.
FAULTS = {
    "too wide: span.base": ".bd-article .math-block .katex-display { font-size: 9em !important }",
    "too wide: pre": "pre { white-space: pre !important; width: max-content; min-width: 120% }",
    "too wide: table": "table { width: 900px !important }",
    "cut: pre": ".bd-article pre { max-height: 3em !important; overflow: hidden !important }",
    "closed: details": "details > :not(summary) { display: none !important }",
    "covered: span": ".planted .base { width: 800px; display: inline-block }",
    "on paper: button": "button.planted { display: block !important }",
    "dark": "body { color: #eee !important }",
}
PLANT = """document.querySelector(".bd-article").insertAdjacentHTML("beforeend", `
<div class="math-numbered planted" style="display: flex">
<div class="math-block" style="flex: auto"><span class="base">x</span></div>
<span class="equation-number">(1)</span></div><button class="planted">press</button>
<table><tr><td>cell</td></tr></table>`)"""


def lay_out(page, paper):
    """Show a page as on paper; what ``print.js`` does before printing is done."""
    page.set_viewport_size({"width": TEXT_WIDTH[paper], "height": 1000})
    page.emulate_media(media="print")
    page.evaluate("Promise.all([...document.fonts].map((face) => face.load())).then(() => true)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_on_paper(site, page, name):
    page.emulate_media(color_scheme="dark")  # paper is light all the same
    page.goto(f"{site.url}/{name}.html")
    for paper in TEXT_WIDTH:
        lay_out(page, paper)
        assert page.evaluate(CHECK) == [], paper


@pytest.fixture(scope="module")
def planted(site, browser):
    """A chapter on paper, with something to spoil."""
    page = browser.new_page()
    page.goto(f"{site.url}/{CHAPTER}.html")
    page.evaluate(PLANT)
    lay_out(page, "A4")
    yield page
    page.close()


def test_what_was_planted_is_no_fault_by_itself(planted):
    assert planted.evaluate(CHECK) == []


@pytest.mark.parametrize(("finding", "rule"), FAULTS.items(), ids=list(FAULTS))
def test_the_check_of_paper_finds(planted, finding, rule):
    style = planted.add_style_tag(content=rule)
    found = planted.evaluate(CHECK)
    style.evaluate("style => style.remove()")
    assert any(line.startswith(finding) for line in found), found


def state(page):
    """What print.js changes."""
    return page.evaluate(
        """[document.documentElement.dataset.theme, document.querySelectorAll("[open]").length,
        document.querySelectorAll("[style*=print-width], .print-link, .print-links").length]"""
    )


@pytest.mark.parametrize("paper", TEXT_WIDTH)
def test_after_printing_the_page_is_as_it_was(site, page, paper):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site.url}/chapters/errata.html")
    before = state(page)
    printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
    assert state(page) == before
    assert before[0] == "dark"
    width = {"A4": 210, "Letter": 215.9}[paper] / 25.4 * 72
    assert float(printed.pages[0].mediabox.width) == pytest.approx(width, abs=1)


def test_a_printed_chapter_has_numbered_pages_and_all_its_code(site, page):
    page.goto(f"{site.url}/{CHAPTER}.html")
    cells = page.evaluate("[...document.querySelectorAll('.cell pre')].map((c) => c.textContent)")
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages]
    for number, sheet in enumerate(sheets, 1):
        assert str(number) in sheet.split(), f"page {number} has no number"
    text = "".join("".join(sheets).split())
    missing = [line for cell in cells for line in cell.splitlines() if squeezed(line) not in text]
    assert missing == []


def squeezed(line):
    """A line without its spaces, which a PDF does not keep."""
    return "".join(line.split())


def test_a_link_out_of_the_book_is_numbered_and_its_address_printed(site, page):
    page.goto(f"{site.url}/chapters/errata.html")
    address = page.locator(".bd-article a.external").first.get_attribute("href")
    assert address not in page.locator(".bd-article").inner_text()
    lay_out(page, "A4")
    assert address in page.locator(".print-links").inner_text()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".print-links").count() == 0
