"""Sphinx extension: the first mention of a glossary term on a page leads to its entry.

The glossary says under each entry which words stand for it (``% found as: …``), and which phrases
hold such a word but mean something else (``% passed over: …``). On every other page the first of
them in running text becomes a link, and the meaning comes with the page, hidden, so that it can be
shown without asking for anything. Without a script it is a plain link.
"""

import functools
import re
from dataclasses import dataclass
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
GLOSSARY = "chapters/glossary"
LEFT_OUT = {GLOSSARY, "chapters/api", "chapters/errata", "chapters/references"}
SECTIONS_LEFT_OUT = {"Sources"}  # titles of books and papers
FOUND_AS, PASSED_OVER = "found as:", "passed over:"
NOTHING = "nothing"  # an entry that is never linked: its word is an everyday one
NO_RUNNING_TEXT = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.math,
    nodes.table,
    nodes.caption,
    nodes.container,  # cells of code and what they print
    addnodes.desc,
    addnodes.pending_xref,
)
SENTENCE_BEGINS = re.compile(r"(?:^|[.:?!“(])\s*\Z")
BLOCK_TAG = re.compile(r"<(/?)(?:div|details|figure|section)\b")


@dataclass(frozen=True)
class Term:
    """An entry of the glossary: its anchor, its names, its meaning, the words that stand for it."""

    anchor: str
    name: str
    names: tuple
    meaning: tuple
    forms: tuple
    passed_over: tuple


class glossary_link(nodes.reference):
    """A link to an entry, described by the meaning that stands at the end of the page."""


# --- the glossary ----------------------------------------------------------------------


def read_terms(document):
    """The entries of the glossary page, in its order."""
    items = document.findall(nodes.definition_list_item)
    return [read_term(item) for item in items if isinstance(item.parent.parent, addnodes.glossary)]


def read_term(item):
    """One entry. Its last paragraph says where it is made and is no part of the meaning."""
    heads = [child for child in item.children if isinstance(child, nodes.term)]
    body = next(child for child in item.children if isinstance(child, nodes.definition))
    paragraphs = [child for child in body.children if isinstance(child, nodes.paragraph)]
    name = heads[0].astext()
    found, passed_over = listed(body, FOUND_AS), listed(body, PASSED_OVER)
    if not found or len(paragraphs) < 2:
        expected = f"a meaning, where it is made, and a line '% {FOUND_AS} …'"
        logger.warning("glossary: %s: expected %s", name, expected, location=item)
    return Term(
        anchor=heads[0]["ids"][0],
        name=name,
        names=tuple(head.astext() for head in heads),
        meaning=tuple(paragraphs[:-1]),
        forms=tuple(form for form in found if form != NOTHING),
        passed_over=passed_over,
    )


def listed(body, label):
    """What the comments of an entry list after a label."""
    comments = [comment.astext().strip() for comment in body.findall(nodes.comment)]
    lines = [text.removeprefix(label) for text in comments if text.startswith(label)]
    return tuple(form.strip() for line in lines for form in line.split(",") if form.strip())


class Finder:
    """Finds the terms in a text: whole words, the longest first.

    A form in small letters may have a capital where a sentence begins, one with a capital is found
    as it is written.
    """

    def __init__(self, terms):
        self.by_form = {plain(form): term for term in terms for form in term.forms}
        self.by_form |= {plain(form): None for term in terms for form in term.passed_over}
        longest_first = sorted(self.by_form, key=len, reverse=True)
        words = "|".join(written(form) for form in longest_first)
        self.pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])" if words else r"(?!)")

    def split(self, text):
        """Yield (text, Term or None): the whole text in pieces."""
        end = 0
        for match in self.pattern.finditer(text):
            term = self.term(plain(match[0]), text[: match.start()])
            if term is None:
                continue
            yield text[end : match.start()], None
            yield match[0], term
            end = match.end()
        yield text[end:], None

    def term(self, found, before):
        """The term for which the words found stand after the text before them, or None."""
        if found not in self.by_form and SENTENCE_BEGINS.search(before):
            found = found[0].lower() + found[1:]
        return self.by_form.get(found)


def written(form):
    """A form as a pattern: any white space, dash and apostrophe; a capital where it begins."""
    text = re.escape(form).replace(r"\ ", r"\s+").replace(r"\-", "[-‐–]").replace("'", "['’]")
    return f"[{form[0].upper()}{form[0]}]{text[1:]}" if form[0].islower() else text


def plain(form):
    """A form with simple spaces, hyphens and apostrophes."""
    return re.sub(r"[‐–]", "-", re.sub(r"\s+", " ", form)).replace("’", "'")


# --- the pages -------------------------------------------------------------------------


def running_text(document):
    """The texts of paragraphs that stand outside code, tables, proofs, and folded answers.

    A proof and an answer begin with an HTML block that opens and end with one that closes.
    """
    opened = 0
    for node in list(document.findall()):
        if isinstance(node, nodes.raw) and not inside(node, nodes.container):
            closing = [mark == "/" for mark in BLOCK_TAG.findall(node.astext())]
            opened += len(closing) - 2 * sum(closing)
        elif isinstance(node, nodes.Text) and not opened and is_running(node):
            yield node


def is_running(text):
    """Whether a text stands in a sentence of its own page."""
    section = inside(text, nodes.section)
    left_out = section and section[0].astext() in SECTIONS_LEFT_OUT
    return inside(text, nodes.paragraph) and not inside(text, NO_RUNNING_TEXT) and not left_out


def inside(node, kinds):
    """The nearest node of these kinds that a node lies in, or None."""
    while node := node.parent:
        if isinstance(node, kinds):
            return node
    return None


def join_texts(document):
    """Make one text of neighbours: MyST makes three where a sentence goes on in the next line."""
    for parent in list(document.findall(nodes.TextElement)):
        joined = []
        for child in parent.children:
            if joined and isinstance(child, nodes.Text) and isinstance(joined[-1], nodes.Text):
                joined[-1] = nodes.Text(joined[-1] + child)
            else:
                joined.append(child)
        if len(joined) < len(parent):
            parent[:] = joined


def link_first_mentions(document, finder, address):
    """Turn the first mention of each term into a link; ``address`` gives the link of a term."""
    join_texts(document)
    seen = set()
    for text in running_text(document):
        pieces = []
        for words, term in finder.split(text.astext()):
            new = term is not None and term not in seen
            seen |= {term} if new else set()
            if words:
                pieces.append(link_to(term, words, address(term)) if new else nodes.Text(words))
        if any(isinstance(piece, glossary_link) for piece in pieces):
            text.parent.replace(text, pieces)


def link_to(term, words, uri):
    """The link of one mention."""
    link = glossary_link("", words, refuri=uri, internal=True, term=term)
    link["classes"] += ["reference", "internal", "glossary-link"]
    return link


@functools.cache
def terms_of(env):
    """The terms of the book; none where the glossary is not part of what is built."""
    return read_terms(env.get_doctree(GLOSSARY)) if GLOSSARY in env.all_docs else []


def add_links(app, document, page):
    """Link the terms of a page when all other links have been resolved."""
    terms = [] if page in LEFT_OUT else terms_of(app.env)
    if terms and app.builder.format == "html":
        start = app.builder.get_relative_uri(page, GLOSSARY)
        link_first_mentions(document, Finder(terms), lambda term: f"{start}#{term.anchor}")


# --- what the reader sees --------------------------------------------------------------


def visit_link(translator, node):
    """Write the link; a screen reader may read the meaning after its name."""
    described = {"aria-describedby": f"meaning-of-{node['term'].anchor}"}
    translator.body.append(translator.starttag(node, "a", "", href=node["refuri"], **described))


def depart_link(translator, node):
    """Close the link."""
    translator.body.append("</a>")


def add_meanings(app, page, template, context, document):
    """Put the meanings of a page's terms, hidden, after its text."""
    links = list(document.findall(glossary_link)) if document else []
    if links:
        notes = "".join(note(app.builder, link["term"], link["refuri"]) for link in links)
        context["body"] += f'<div class="glossary-notes">{notes}</div>\n'


def note(builder, term, uri):
    """The hidden note of one term."""
    meaning = builder.render_partial(nodes.container("", *(p.deepcopy() for p in term.meaning)))
    return (
        f'<div class="glossary-note" hidden>'
        f'<div id="meaning-of-{term.anchor}">{meaning["fragment"]}</div>'
        f'<a class="glossary-note-link" href="{escape(uri)}">'
        f"“{escape(term.name)}” in the glossary</a></div>"
    )


def setup(app):
    """Connect to Sphinx's events."""
    app.add_node(glossary_link, html=(visit_link, depart_link))
    app.connect("doctree-resolved", add_links)
    app.connect("html-page-context", add_meanings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
