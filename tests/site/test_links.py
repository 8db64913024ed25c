"""Links inside the built site, and that the check of them can fail."""

import pytest
from checks.links import Site


def test_every_link_inside_the_site_leads_somewhere(site):
    assert Site(site.folder, site.published).broken() == []


def test_the_sitemap_lists_pages(site):
    assert Site(site.folder, site.published).unlisted() == []


GOOD = (
    '<link href="sheet.css"><p id="here"><a href="#here">a</a><a href="other.html#b&amp;c">b</a>'
    '<a href="#">top</a><a href="https://example.org/x.html">outside</a><a href="mailto:a@b">m</a>'
    '<img src="p.png" srcset="p.png 1x, p.png 2x">'
)
HOST = "https://example.com/book/"


@pytest.fixture
def small_site(tmp_path):
    """Writes a site of two pages; its first page can be given a fault."""

    def write(fault=""):
        (tmp_path / "page.html").write_text(GOOD + fault, encoding="utf-8")
        (tmp_path / "other.html").write_text('<b id="b&amp;c">', encoding="utf-8")
        (tmp_path / "sheet.css").write_text("a{background:url(p.png)}", encoding="utf-8")
        (tmp_path / "p.png").touch()
        (tmp_path / "sitemap.xml").write_text(f"<loc>{HOST}page.html</loc>", encoding="utf-8")
        return Site(tmp_path, HOST)

    return write


def test_good_links_are_no_finding(small_site):
    assert small_site().broken() == []
    assert small_site().unlisted() == []


@pytest.mark.parametrize(
    "fault",
    [
        '<a href="gone.html">',
        '<a href="#gone">',
        "<a href='other.html#gone'>",
        '<img src="gone.png">',
        '<img srcset="p.png 1x, gone.png 2x">',
        '<a href="/elsewhere/page.html">',
        f'<meta content="{HOST}gone.png">',
        f'<link href="{HOST}gone.html">',
    ],
)
def test_a_broken_link_is_found(small_site, fault):
    (finding,) = small_site(fault).broken()
    assert "gone" in finding or "elsewhere" in finding


def test_a_file_that_a_sheet_misses_is_found(small_site, tmp_path):
    site = small_site()
    (tmp_path / "sheet.css").write_text("a{background:url('gone.woff2')}", encoding="utf-8")
    assert site.broken() == ["sheet.css: gone.woff2 leads to no file"]


def test_a_page_that_the_sitemap_invents_is_found(small_site, tmp_path):
    site = small_site()
    (tmp_path / "sitemap.xml").write_text(f"<loc>{HOST}gone.html</loc>", encoding="utf-8")
    assert len(site.unlisted()) == 1
