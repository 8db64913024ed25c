"""The site from a disk, without any network: the folder, and the zip for a class."""

import zipfile

import pytest
from checks.visit import Visit
from checks.whole import wake

from tools import site_zip


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """The zip of the site, unpacked."""
    folder = tmp_path_factory.mktemp("unpacked")
    site_zip.pack(site.folder, folder / "site.zip")
    with zipfile.ZipFile(folder / "site.zip") as packed:
        packed.extractall(folder)
    (index,) = folder.glob("*/index.html")
    return index.parent


@pytest.fixture
def offline(browser):
    """A page whose network is cut; what it asks for and complains about is written down."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    yield Visit(context.new_page())
    context.close()


def test_the_cut_network_is_really_cut(site, offline):
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        offline.page.goto(f"{site.url}/chapters/index.html")


def test_every_page_opens_from_the_disk(site, unpacked, offline):
    for name in site.pages:
        # Only a host shows the first, and its addresses are the host's; the other leads away at
        # once, see below.
        if name not in {"404.html", "index.html"}:
            offline.page.goto((unpacked / name).as_uri(), wait_until="load")
            offline.page.wait_for_timeout(50)
    assert offline.outside() + offline.complaints == []
    assert len(offline.requests) > len(site.pages)


def test_the_folder_leads_to_the_first_page(unpacked, offline):
    offline.page.goto((unpacked / "index.html").as_uri())
    offline.page.wait_for_url("**/chapters/index.html")
    assert offline.outside() + offline.complaints == []


def test_mathematics_pictures_and_theme_work_from_the_disk(unpacked, offline):
    page = offline.page
    page.goto((unpacked / "chapters/squared_error.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.fonts.check('16px KaTeX_Math')")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    page.wait_for_timeout(300)
    assert page.evaluate("[...document.images].some((image) => image.naturalWidth > 100)")
    before = page.locator("html").get_attribute("data-mode")
    page.locator(".theme-switch-button:visible").first.click()
    assert page.locator("html").get_attribute("data-mode") != before
    assert offline.outside() + offline.complaints == []


def test_the_search_works_from_the_disk(unpacked, offline):
    page = offline.page
    page.goto(f"{(unpacked / 'search.html').as_uri()}?q=robust")
    page.locator("#search-results a[href*='absolute_error']").first.wait_for()
    assert offline.outside() + offline.complaints == []


def test_a_figure_moves_from_the_disk(unpacked, offline):
    page = offline.page
    page.goto((unpacked / "chapters/squared_error.html").as_uri())
    figure = page.locator("figure.mle-figure").first
    wake(figure)
    before = figure.locator("[aria-live]").text_content()
    figure.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    assert figure.locator("[aria-live]").text_content() != before
    assert offline.outside() + offline.complaints == []
