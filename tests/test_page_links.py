"""What leads to a page and away from it: notebooks to take away, previews, the page for no page."""

import json
import shutil
import sys
from types import SimpleNamespace

import pytest
import yaml
from docutils import nodes
from docutils.core import publish_doctree
from sphinx.errors import ConfigError

from tools import book, chapters
from tools.environment import CHAPTERS, ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import page_links

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
SITE, REPOSITORY = CONFIG["html"]["baseurl"], CONFIG["repository"]["url"]
FORK = {
    "BOOK_URL": "https://ada.github.io/losses/",
    "BOOK_REPOSITORY": "https://github.com/ada/losses",
}
TOC = """format: jb-book
root: chapters/page
parts:
- caption: Part
  chapters:
  - file: chapters/code
"""
TEXT = '# Why *this* & that?\n\nIt has $x$. It says "why".\n'


def settings(site=SITE, repository=REPOSITORY):
    """What Sphinx hands over when it has read _config.yml."""
    options = {"repository_url": repository}
    return SimpleNamespace(html_baseurl=site, html_theme_options=options)


def test_the_addresses_are_those_of_the_configuration(monkeypatch):
    for name in FORK:
        monkeypatch.delenv(name, raising=False)
    found = settings()
    page_links.set_addresses(None, found)
    assert (found.html_baseurl, found.html_theme_options["repository_url"]) == (SITE, REPOSITORY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOOK_URL", "https://ada.github.io/losses"),
        ("BOOK_URL", "losses/"),
        ("BOOK_REPOSITORY", "ada/losses"),
    ],
)
def test_a_wrong_address_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=rf"{name}\): .* expected, got '{value}'"):
        page_links.set_addresses(None, settings())


def test_nothing_else_in_the_project_knows_the_address():
    path = SITE.removeprefix("https://").rstrip("/")
    for folder in ("_ext", "_templates", "_static", "tools", "mlebook", ".github", "binder"):
        for file in (ROOT / folder).rglob("*.*"):
            if file.suffix in {".py", ".html", ".js", ".css", ".yml", ".txt"}:
                text = file.read_text(encoding="utf-8")
                assert path not in text and REPOSITORY not in text, file


def test_a_notebook_can_be_downloaded_and_opened_elsewhere():
    links = dict(link[:2] for link in page_links.run_links("chapters/map", REPOSITORY, "main"))
    project = REPOSITORY.removeprefix("https://github.com/")
    assert links == {
        "Download this notebook": "map.ipynb",
        "Open in Binder": f"https://mybinder.org/v2/gh/{project}/main"
        "?urlpath=lab/tree/chapters/map.ipynb",
        "Open in Colab": f"https://colab.research.google.com/github/{project}/blob/main"
        "/chapters/map.ipynb",
    }


def test_elsewhere_than_on_github_there_is_the_download_alone():
    line = page_links.run_line("chapters/map", "https://codeberg.org/ada/losses", "main")
    expected = '<a href="map.ipynb" download>Download this notebook</a>'
    assert line == f'<p class="run-page">{expected}</p>\n'


def page(*blocks):
    """A page with a title and these blocks."""
    document = publish_doctree("")
    section = nodes.section("", nodes.title("", "A title"), *blocks)
    document += section
    return document


def paragraph(*parts):
    """A paragraph of text and formulas (numbers stand for formulas)."""
    found = [
        nodes.Text(part) if isinstance(part, str) else nodes.math("", f"x_{part}") for part in parts
    ]
    return nodes.paragraph("", "", *found)


LEADS = nodes.raw("", '<div class="leads">', format="html")
CLOSED = nodes.raw("", "</div>", format="html")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([paragraph("One. Two?\nThree.")], "One. Two? Three."),
        ([paragraph("With ", 1, " here. Without\nany: good.")], "Without any: good."),
        ([LEADS, paragraph("In this book"), CLOSED, paragraph("Text.")], "Text."),
        ([nodes.bullet_list("", nodes.list_item("", paragraph("Item.")))], ""),
        ([paragraph("A" * 150 + ". " + "B" * 60 + ".")], "A" * 150 + "."),
        ([paragraph("word " * 60 + ".")], ("word " * 39).strip() + "…"),
        ([paragraph("Short."), paragraph("Next.")], "Short. Next."),
        ([nodes.section("", nodes.title("", "Part"), paragraph("Below."))], "Below."),
        ([nodes.raw("", '<div id="x"></div>', format="html"), paragraph("After.")], "After."),
    ],
)
def test_a_description_is_plain_words(blocks, expected):
    assert page_links.description(page(*[block.deepcopy() for block in blocks])) == expected


def test_the_page_for_no_page_works_from_any_address():
    text = (
        '<a href="a/b.html#c"> <img src="./i.png"> <a href="#top"> <a href="https://x"> '
        '<form action="s.html">'
    )
    assert page_links.absolute(text, "/book/") == (
        '<a href="/book/a/b.html#c"> <img src="/book/i.png"> <a href="#top"> <a href="https://x"> '
        '<form action="/book/s.html">'
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book, as a fork builds it: a page of text, and a notebook that is all code."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copy(ROOT / "_config.yml", folder)
    for name in ("_ext", "_static", "_templates", "images"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "chapters").mkdir()
    shutil.copy(CHAPTERS / "references.bib", folder / "chapters")
    (folder / "_toc.yml").write_text(TOC, encoding="utf-8")
    (folder / "chapters/page.md").write_text(TEXT, encoding="utf-8")
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Code"},
        {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": 1},
    ]
    metadata = {"kernelspec": chapters.KERNEL, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    (folder / "chapters/code.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "ROOT", folder)
        for name, value in FORK.items():
            patch.setenv(name, value)
        assert book.build(folder, strict=True) == 0
    return folder / "_build/html"


def test_the_head_says_what_a_preview_needs(site):
    text = (site / "chapters/page.html").read_text(encoding="utf-8")
    for tag in (
        '<meta name="description" content="It says “why”." />',
        '<meta property="og:title" content="Why this &amp; that?" />',
        f'<meta property="og:image" content="{FORK["BOOK_URL"]}cover.png" />',
        f'<link rel="canonical" href="{FORK["BOOK_URL"]}chapters/page.html" />',
    ):
        assert text.count(tag) == 1, tag
    assert text.count('name="viewport"') == 1 and '<html lang="en"' in text
    assert (site / "cover.png").read_bytes() == (ROOT / "images/cover.png").read_bytes()


def test_notebooks_with_code_alone_have_a_line_to_run_them(site):
    assert "run-page" not in (site / "chapters/page.html").read_text(encoding="utf-8")
    text = (site / "chapters/code.html").read_text(encoding="utf-8")
    assert text.count('<p class="run-page">') == 1
    assert f"gh/{FORK['BOOK_REPOSITORY'].removeprefix('https://github.com/')}/main" in text
    assert json.loads((site / "chapters/code.ipynb").read_text(encoding="utf-8"))["cells"]


def test_a_fork_leads_to_itself(site):
    for path in site.rglob("*"):
        if path.suffix in {".html", ".xml", ".txt", ".js"}:
            assert SITE not in path.read_text(encoding="utf-8"), path


def test_the_sitemap_names_the_pages_and_robots_txt_names_the_sitemap(site):
    found = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert found.count("<loc>") == 2 and f"{FORK['BOOK_URL']}chapters/code.html</loc>" in found
    robots = (site / "robots.txt").read_text(encoding="utf-8")
    assert robots.endswith(f"Sitemap: {FORK['BOOK_URL']}sitemap.xml\n")


def test_the_root_leads_to_the_first_page_and_can_be_shared(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=chapters/page.html"' in text and "og:image" in text


def test_the_page_for_no_page_has_no_relative_address(site):
    text = (site / "404.html").read_text(encoding="utf-8")
    assert page_links.RELATIVE.findall(text) == [] and 'href="/losses/chapters/page.html"' in text
    assert 'data-content_root="/losses/"' in text and "canonical" not in text
