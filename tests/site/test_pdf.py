"""The whole book as one PDF: right numbers, live links, nothing lost. And a tiny one, spoilt."""

import functools
import re

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from filelock import FileLock
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from tools import pdf, pdf_document

TOC = """format: jb-book
root: pages/index
parts:
  - caption: Losses
    chapters: [{file: pages/second}]
"""
CONFIG = """title: A tiny book
author: Its author
copyright: "2026"
html: {baseurl: "https://example.org/"}
"""
PROJECT = '[project]\nname = "tiny"\nversion = "1"\ndescription = "What it is about"\n'
INDEX = """<section id="start"><h1>The start</h1><p>Read the <a href="second.html#same">second
section</a>, <a href="../search.html">search</a>, or <a href="https://example.org/x">elsewhere</a>.
</p><section id="same"><h2>A section</h2><p>First words.</p></section></section>"""
SECOND = """<section id="second"><h1>The end &amp; more</h1><p>Second words.</p>
<details><summary>Hint</summary><p>Hidden words.</p></details>
<div style="height: 2000px"></div>
<section id="same"><h2>Another section</h2><p>Back to <a href="index.html">the start</a>, up to
<a href="#second">the title</a>. <button>press</button></p></section></section>"""
SHELL = """<html><head><link rel="stylesheet" href="../site.css"></head>
<body><article class="bd-article">{}</article></body></html>"""


def squeezed(text):
    """Text without its spaces, which a PDF does not keep, and without capitals (CSS sets some)."""
    return "".join(text.split()).casefold()


def findings(path, folder, root=pdf.ROOT):
    """What is wrong with the PDF of a book."""
    reader, book = PdfReader(path), pdf_document.pages(folder, root)
    sheets = [squeezed(sheet.extract_text()) for sheet in reader.pages]
    chapters = [(page, *sections(page)) for page in book]
    return [
        *wrong_numbers(sheets, pdf.places(reader), chapters),
        *(f"dead link to {name}" for name in dead_links(reader)),
        *missing_bookmarks(reader, chapters),
        *(f"not printed: {words}" for words in lost_words(sheets, book)),
    ]


@functools.cache
def article(path):
    """The words of a built page that belong on paper."""
    text = re.sub("<math.*?</math>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("article"))
    for sign in found.select(".headerlink, script, style, .run-page, .leads"):
        sign.decompose()
    return found


def sections(page):
    """A page's title, and its sections: each a title and the id that it has in the document."""
    heads = article(page.path).find_all("h2")
    return article(page.path).h1.get_text(), [
        (head.get_text(), f"{page.name}--{head.parent['id']}")
        for head in heads if head.parent.name == "section"
    ]


def wrong_numbers(sheets, places, chapters):
    """Lines of the contents whose number is not the page on which their heading stands."""
    first = min(places[page.name] for page, _, _ in chapters) - 1
    contents = "".join(sheets[1:first])
    for page, title, heads in chapters:
        for text, place in [(title, page.name), *heads]:
            number = places[place]
            if squeezed(text) not in sheets[number - 1]:
                yield f"{text!r} does not stand on page {number}"
            if f"{squeezed(text)}{number}" not in contents:
                yield f"the contents do not say that {text!r} is on page {number}"


def dead_links(reader):
    """Links inside the document that lead nowhere, or to a file of this machine."""
    known = set(reader.named_destinations)
    for sheet in reader.pages:
        for link in (entry.get_object() for entry in sheet.get("/Annots", [])):
            place, address = link.get("/Dest"), link.get("/A", {}).get("/URI", "")
            if address.startswith("file:") or (place and place not in known):
                yield place or address


def missing_bookmarks(reader, chapters):
    """Titles and sections that the outline lacks."""
    def walk(entries):
        for entry in entries:
            yield from walk(entry) if isinstance(entry, list) else [squeezed(entry.title)]

    outline = set(walk(reader.outline))
    for _, title, heads in chapters:
        for text in [title, *(head for head, _ in heads)]:
            if squeezed(text) not in outline:
                yield f"no bookmark for {text!r}"


def lost_words(sheets, book):
    """The words between two formulas that no sheet has, of each page's text and hints."""
    text = "".join(sheets)
    for page in book:
        parts = article(page.path).find_all("p")
        for part in (part for part in parts if part.parent.name in {"section", "details"}):
            words = squeezed(part.find(string=True) or "")
            # a line may end at a page's end, where its number comes in between
            if words[:25] not in text:
                yield words[:60]


@pytest.fixture(scope="session")
def whole(site, browser, tmp_path_factory, worker_id):
    """The whole book, printed once for all workers."""
    base = tmp_path_factory.getbasetemp()
    target = (base if worker_id == "master" else base.parent) / "book.pdf"
    with FileLock(f"{target}.lock"):
        if not target.exists():
            pdf.make(browser, site.folder, target)
    return target


def test_the_whole_book_is_printed_right(site, whole):
    assert findings(whole, site.folder) == []


def test_the_pdf_says_what_it_is(whole):
    reader = PdfReader(whole)
    assert reader.metadata.title == "From Likelihood to Loss"
    assert reader.metadata.author == pdf.facts()["author"]
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.pages[0].mediabox.width == pytest.approx(210 / 25.4 * 72, abs=1)


@pytest.fixture
def tiny(tmp_path):
    """A built book of two pages: its root, which holds the HTML too."""
    for name, text in {
        "_toc.yml": TOC, "_config.yml": CONFIG, "pyproject.toml": PROJECT,
        "site.css": "p { margin: 0 }",
        "pages/index.html": SHELL.format(INDEX), "pages/second.html": SHELL.format(SECOND),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def made(tiny, browser):
    """Prints the tiny book and returns the PDF."""

    def make(name="tiny.pdf", paper="A4"):
        pdf.make(browser, tiny, tiny / name, paper, say=lambda line: None, root=tiny)
        return tiny / name

    return make


def test_a_tiny_book_is_printed_right_and_twice_the_same(tiny, made):
    first, second = made(), made("again.pdf")
    assert findings(first, tiny, tiny) == []
    assert first.read_bytes() == second.read_bytes()
    text = "".join(sheet.extract_text() for sheet in PdfReader(first).pages)
    assert "Hidden words" in text
    assert "press" not in text


def test_letter(made):
    width = PdfReader(made(paper="Letter")).pages[0].mediabox.width
    assert width == pytest.approx(8.5 * 72, abs=1)


def spoil_link(writer):
    """The first link leads nowhere."""
    links = [entry.get_object() for sheet in writer.pages for entry in sheet.get("/Annots", [])]
    next(link for link in links if "/Dest" in link)[NameObject("/Dest")] = NameObject("/nowhere")


def spoil_outline(writer):
    """The last bookmark has another title."""
    last = writer.root_object["/Outlines"].get_object()["/Last"].get_object()
    while "/Last" in last:
        last = last["/Last"].get_object()
    last[NameObject("/Title")] = TextStringObject("Something else")


def spoil_order(writer):
    """An empty page comes between, so that all numbers are wrong."""
    writer.insert_blank_page(index=2)


@pytest.mark.parametrize(("spoil", "finding"), [
    (spoil_link, "dead link to /nowhere"),
    (spoil_outline, "no bookmark for"),
    (spoil_order, "the contents do not say"),
])
def test_the_check_of_the_pdf_finds(tiny, made, spoil, finding):
    writer = PdfWriter(clone_from=made())
    spoil(writer)
    writer.write(tiny / "spoilt.pdf")
    found = findings(tiny / "spoilt.pdf", tiny, tiny)
    assert any(line.startswith(finding) for line in found), found


def test_the_check_of_the_pdf_finds_lost_words(tiny, made):
    printed = made()
    page = tiny / "pages/second.html"
    article.cache_clear()
    page.write_text(page.read_text().replace("Hidden", "Quite other"), encoding="utf-8")
    assert findings(printed, tiny, tiny) == ["not printed: quiteotherwords."]


def test_links_and_ids_in_the_joined_document(tiny):
    joined = pdf_document.document(tiny, pdf.facts(tiny), tiny)
    soup = BeautifulSoup(joined, "html.parser")
    identities = [tag["id"] for tag in soup.find_all(id=True)]
    assert sorted(identities) == sorted(set(identities))
    links = [link["href"] for link in soup.select("article a")]
    assert links == ["#second--same", "https://example.org/x", "#index", "#second--second"]
    # a heading may be on the page after that on which its section's box begins
    assert soup.find(id="second--same").get_text() == "Another section"


def test_a_file_of_another_is_not_overwritten(tiny, made):
    foreign = tiny / "tiny.pdf"
    foreign.write_text("mine", encoding="utf-8")
    with pytest.raises(pdf.CannotPrint, match=re.escape(str(foreign))):
        made()
    assert foreign.read_text(encoding="utf-8") == "mine"


def test_a_missing_page_is_named(tiny, made):
    (tiny / "pages/second.html").unlink()
    with pytest.raises(pdf_document.NoBook, match=r"second\.html.*make book"):
        made()
