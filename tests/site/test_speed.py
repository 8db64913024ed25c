"""What a phone is sent and has to work on: bytes, shifts of the layout, sections far away."""

import os

import pytest
import yaml
from PIL import Image

from benchmarks.phone import phone
from tools import lint, serve
from tools.environment import ROOT

FIRST_VISIT, NEXT_PAGE, SHIFT = 600, 150, 0.05  # kB, kB, and the shift that Google calls good

STEPS = "[...document.querySelectorAll('.proof-step[id]')].map(node => node.id)"
FAR = """() => [...document.querySelectorAll(".bd-article > section > section")]
  .filter(one => !one.querySelector("h2").checkVisibility({ contentVisibilityAuto: true })).length
"""
LANDED = """id => {
  const node = document.getElementById(id);
  const style = getComputedStyle(document.documentElement);
  const margin = parseFloat(getComputedStyle(node).scrollMarginTop);
  const wanted = margin + (parseFloat(style.scrollPaddingTop) || 0);
  return Math.abs(node.getBoundingClientRect().top - wanted);
}"""


@pytest.fixture(scope="module")
def walk(site, browser):
    """One reader with one cache goes from the first chapter to the end: kB and shift, by page."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    _, *chapters = lint.names_in(toc)  # the cover holds no formula, so no fonts of formulas
    return dict(read(browser, site.url, [f"{name}.html" for name in chapters]))


def read(browser, url, pages, quiet=700):
    """Read pages to their ends with one cache; the kB and the shift of each.

    Chromium forgives what moves within half a second of an action, so each page gets some more.
    """
    with phone(browser, slow=False) as device:
        for page in pages:
            before = device.sent
            device.visit(f"{url}/{page}", quiet=quiet)
            device.read_through()
            yield page, ((device.sent - before) / 1000, device.page.evaluate("seen.cls"))


def test_the_next_page_is_light(walk):
    _, *following = walk.items()
    assert following
    assert {page: size for page, (size, _) in following if size >= NEXT_PAGE} == {}


def test_a_first_visit_is_light(walk, site, browser):
    heaviest = sorted(walk, key=lambda page: (site.folder / page).stat().st_size)[-3:]
    for page in ["chapters/index.html", *heaviest]:
        ((_, (size, _)),) = read(browser, site.url, [page])
        assert NEXT_PAGE < size < FIRST_VISIT, page


def test_nothing_moves_while_one_reads(walk):
    assert {page: shift for page, (_, shift) in walk.items() if shift >= SHIFT} == {}


JUMPING = """<!DOCTYPE html><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<p id="late">text</p><h1>what moves</h1><img src="noise.png" alt="noise">
<script>onload = () => setTimeout(() => { late.style.paddingTop = "300px"; }, 1000)</script>
"""


def test_a_heavy_and_a_jumping_page_are_seen(tmp_path, browser):
    noise = Image.frombytes("RGB", (500, 500), os.urandom(750_000))  # nothing to compress
    noise.save(tmp_path / "noise.png")
    (tmp_path / "page.html").write_text(JUMPING, encoding="utf-8")
    with serve.serving(tmp_path) as url:
        (_, (size, shift)), (_, (again, _)) = read(browser, url, ["page.html"] * 2, quiet=2_000)
    assert size > FIRST_VISIT and shift > SHIFT
    assert again < NEXT_PAGE  # from the cache


def test_sections_far_away_wait_and_print_shows_them(site, browser):
    with phone(browser, slow=False) as device:
        device.visit(f"{site.url}/chapters/squared_error.html", quiet=200)
        assert device.page.evaluate(FAR) > 3
        device.page.emulate_media(media="print")
        assert device.page.evaluate(FAR) == 0


@pytest.mark.parametrize("chapter", ["squared_error", "map"])
def test_a_link_into_a_section_far_away_lands(site, browser, chapter):
    with phone(browser, slow=False) as device:
        address = f"{site.url}/chapters/{chapter}.html"
        device.visit(address, quiet=200)
        steps = device.page.evaluate(STEPS)
        for step in {steps[len(steps) // 2], steps[-1]}:
            device.page.goto("about:blank")
            device.page.goto(f"{address}#{step}", wait_until="load")
            device.page.wait_for_function(f"id => ({LANDED})(id) < 4", arg=step, timeout=10_000)
