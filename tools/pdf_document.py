"""All pages of the built book as one HTML document, which ``tools.pdf`` prints.

An id gets its page's name in front, so that it stays the only one of its name; links between
pages become links inside the document; what only a screen can use goes.
"""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup

from tools.environment import ROOT

STYLE = Path(__file__).with_name("pdf.css")
# Attributes that hold one id or several.
ID_LISTS = {"id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls"}
SCREEN_ONLY = (
    "script, noscript, template, button, input, select, .headerlink, .run-page, .mle-controls, "
    ".glossary-notes, picture > source"
)


# KaTeX writes each formula twice. Paper needs the one that is seen; with the MathML, which is
# hidden, Chromium takes twice as long and the text that one copies holds each formula twice.
MATHML = re.compile(r'<span class="katex-mathml">.*?</math></span>', re.DOTALL)


class NoBook(Exception):
    """The built book is not there, or not whole."""


@dataclass
class Page:
    """A page of the book: its part, its name (the file's stem) and its built file."""

    part: str
    name: str
    path: Path

    @property
    def address(self):
        """The file as an address that links can be resolved against."""
        return self.path.as_uri()


def pages(folder, root=ROOT):
    """The pages in the order of _toc.yml, each with the caption of its part."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    entries = [("", toc["root"])]
    for part in toc["parts"]:
        entries += [(part["caption"], chapter["file"]) for chapter in part["chapters"]]
    found = [Page(part, Path(file).name, folder / f"{file}.html") for part, file in entries]
    missing = [str(page.path) for page in found if not page.path.is_file()]
    if missing:
        raise NoBook(f"the built book lacks {', '.join(missing)}: make book")
    return found


def inner(page, identity=""):
    """The id, in the document, of a place on a page; without a place, of the page's beginning."""
    return f"{page.name}--{identity}" if identity else page.name


def read(page):
    """A page's markup and the article in it."""
    text = MATHML.sub("", page.path.read_text(encoding="utf-8"))
    soup = BeautifulSoup(text, "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None or article.h1 is None:
        raise NoBook(f"{page.path} has no article with a title: make book")
    return soup, article


def styles(soup, page):
    """The addresses of a page's style sheets."""
    links = soup.select('head link[rel~="stylesheet"][href]')
    return [urljoin(page.address, link["href"]) for link in links]


def settle(article, page, book):
    """Make ids, links and pictures of an article hold in the whole document."""
    for tag in article.select(SCREEN_ONLY):
        tag.decompose()
    for tag in article.find_all(True):
        for name in ID_LISTS & tag.attrs.keys():
            identities = tag[name] if isinstance(tag[name], list) else tag[name].split()
            tag[name] = " ".join(inner(page, identity) for identity in identities)
        if "src" in tag.attrs:
            tag["src"] = urljoin(page.address, tag["src"])
            for name in ("loading", "srcset", "sizes"):
                tag.attrs.pop(name, None)
    for link in article.find_all("a", href=True):
        place = target(link["href"], page, book)
        if place is None:
            link.unwrap()
        else:
            link["href"] = place


def name_headings(article):
    """Give each section's id to its heading.

    A heading that would end a page moves to the next one, but its section begins where it was.
    """
    for heading in article.select("section > :is(h1, h2, h3, h4, h5, h6)"):
        if "id" in heading.parent.attrs and "id" not in heading.attrs:
            heading["id"] = heading.parent.attrs.pop("id")


def target(href, page, book):
    """Where a link leads in the document; None if to a page that is only on the screen."""
    if urlsplit(href).scheme in {"http", "https", "mailto"}:
        return href
    address, place = urldefrag(urljoin(page.address, href))
    if address not in book or href == "#":
        return None
    return f"#{inner(book[address], place)}"


def sections(article):
    """The titles of an article's sections and their ids in the document."""
    headings = article.select("section > h2")
    return [(heading.get_text(), heading["id"]) for heading in headings]


def contents(chapters):
    """The table of contents; the numbers of its pages are filled in once they are known."""
    lines, part = [], None
    for page, article in chapters:
        if page.part != part and page.part:
            lines.append(f'<p class="contents-part">{html.escape(page.part)}</p>')
        part = page.part
        lines.append('<div class="contents-chapter">')
        lines.append(entry(article.h1.get_text(), page.name, "contents-title"))
        lines += [entry(*section, "contents-section") for section in sections(article)]
        lines.append("</div>")
    return "\n".join(lines)


def entry(title, place, kind):
    """One line of the contents."""
    return (
        f'<p class="{kind}"><a href="#{html.escape(place)}">{html.escape(title.strip())}</a>'
        f'<span class="contents-number" data-place="{html.escape(place)}"></span></p>'
    )


def running_heads(chapters):
    """A named page for each chapter, with its title at the head."""
    rules = [
        f"@page {page.name} {{ @top-left {{ content: {json.dumps(article.h1.get_text())}; }} }}\n"
        f"#{page.name} {{ page: {page.name}; }}"
        for page, article in chapters
    ]
    return "\n".join(rules)


def title_page(facts, cover):
    """The first page."""
    lines = [f'<p>{html.escape(line)}</p>' for line in facts["lines"]]
    return (
        f'<div class="title-page"><p class="title">{html.escape(facts["title"])}</p>'
        f'<img src="{cover.as_uri()}" alt="">{"".join(lines)}</div>'
    )


def document(folder, facts, root=ROOT):
    """The whole book in ``folder`` as the text of one HTML document.

    ``facts``: its title, language, and the lines under the cover. ``root`` holds _toc.yml.
    """
    book = pages(folder, root)
    by_address = {page.address: page for page in book}
    sheets, chapters = {}, []
    for page in book:
        soup, article = read(page)
        sheets |= dict.fromkeys(styles(soup, page))
        settle(article, page, by_address)
        name_headings(article)
        article["id"] = page.name
        chapters.append((page, article))
    linked = "\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    body = "\n".join(str(article) for _, article in chapters)
    return f"""<!DOCTYPE html>
<html lang="{facts["language"]}" data-theme="light" data-content_root="./">
<head><meta charset="utf-8"><title>{html.escape(facts["title"])}</title>
{linked}
<style>{STYLE.read_text(encoding="utf-8")}
{running_heads(chapters)}</style></head>
<body>
{title_page(facts, ROOT / "images" / "cover.png")}
<nav class="book-contents" aria-label="Contents"><h1>Contents</h1>
{contents(chapters)}</nav>
<div class="bd-container"><div class="bd-container__inner"><main class="bd-main">
<div class="bd-content"><div class="bd-article-container">
{body}
</div></div></main></div></div>
</body></html>
"""
