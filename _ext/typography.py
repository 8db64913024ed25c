"""Sphinx extension: marks on a page what a style sheet cannot tell apart by itself.

- Over a chapter's title stand its part and its number (from _toc.yml).
- A question of an exercise, its hints, cell and solution become one block.
- A paragraph all in italics below a figure is its caption.
- A column of numbers is set to the right.
"""

import html
import re

from docutils import nodes

import mlebook

QUESTION = re.compile(r'<div id="(exercise-[\w.-]+)"></div>')
NUMBER = re.compile(r"[<>≤≥≈~]?\s*[-−+±]?[\d.,   ]*\d(?:[eE×][-−+\d.]+)?\s*%?")
EMPTY = {"", "–", "—", "-"}


def parts(site_map):
    """Yield (caption, pages) for each part of the table of contents."""
    for tree in site_map.root.subtrees:
        yield tree.caption, [str(item) for item in tree.items]


def title_part(site_map, numbered, page):
    """The line over a page's title as HTML; empty for a page of no part."""
    number = 0
    for caption, pages in parts(site_map):
        for name in pages:
            number += caption in numbered
            if name == page:
                count = f' · <span class="title-number">{number}</span>'
                return html.escape(caption) + (count if caption in numbered else "")
    return ""


def add_title_part(app, page, template, context, doctree):
    """Put that line before the first title of the page; the footer asks for the version."""
    context["book_version"] = mlebook.__version__
    line = title_part(app.config.external_site_map, app.config.book_numbered_parts, page)
    if line and "<h1>" in (context.get("body") or ""):
        title = f'<p class="title-part">{line}</p>\n<h1>'
        context["body"] = context["body"].replace("<h1>", title, 1)


def question_of(node):
    """The address of the question that begins at a node, or None."""
    match = isinstance(node, nodes.raw) and QUESTION.search(node.astext())
    return match[1] if match else None


def join_questions(document):
    """Wrap each question of an exercise, up to the next one or the section's end."""
    for start in [node for node in document.findall(nodes.raw) if question_of(node)]:
        parent, first = start.parent, start.parent.index(start)
        rest = parent.children[first + 1 :]
        length = next((i for i, node in enumerate(rest) if ends_question(node)), len(rest))
        block = nodes.container(classes=["question"])
        parent.insert(first + 1, block)
        for node in rest[:length]:
            parent.remove(node)
            block += node
        # the address moves from the empty block before it
        block["ids"] = [question_of(start)]
        parent.replace(start, raw_without_question(start))


def ends_question(node):
    """Whether a question cannot reach beyond this node."""
    return bool(question_of(node)) or isinstance(node, nodes.section)


def raw_without_question(node):
    """What else stands in the HTML that held a question's address."""
    text = QUESTION.sub("", node.astext()).strip()
    return [nodes.raw("", text, format="html")] if text else []


def mark_captions(document):
    """Call the paragraph in italics that follows a cell with a picture its caption."""
    for cell in document.findall(nodes.container):
        if "cell" not in cell["classes"] or not has_picture(cell):
            continue
        follows = cell.next_node(descend=False, siblings=True)
        if isinstance(follows, nodes.paragraph) and begins_italic(follows):
            follows["classes"].append("figure-caption")


def has_picture(cell):
    """Whether a cell shows a picture, still or to move."""
    moving = any("mle-figure" in html.astext() for html in cell.findall(nodes.raw))
    return moving or any(True for _ in cell.findall(nodes.image))


def begins_italic(paragraph):
    """Whether a paragraph begins with a sentence of emphasis, as captions do."""
    first = paragraph.children[0]
    return isinstance(first, nodes.emphasis) and " " in first.astext()


def mark_numbers(document):
    """Mark the cells of each table column that holds numbers only."""
    for table in document.findall(nodes.tgroup):
        head = rows_of(table, nodes.thead)
        body = rows_of(table, nodes.tbody)
        for column in zip(*body, strict=False):
            texts = [cell.astext().strip() for cell in column]
            if not any(NUMBER.fullmatch(text) for text in texts):
                continue
            if all(text in EMPTY or NUMBER.fullmatch(text) for text in texts):
                place = body[0].index(column[0])
                for cell in [*column, *(row[place] for row in head if place < len(row))]:
                    cell["classes"].append("number")


def rows_of(table, kind):
    """The rows of a table's head or body, each a list of cells."""
    return [row.children for part in table.findall(kind) for row in part.findall(nodes.row)]


def mark(app, document):
    """Mark a page that was read."""
    join_questions(document)
    mark_captions(document)
    mark_numbers(document)


def setup(app):
    """Connect to Sphinx's events."""
    app.add_config_value("book_numbered_parts", [], "env")
    # after book_pages has collected the addresses of HTML blocks
    app.connect("doctree-read", mark, priority=600)
    app.connect("html-page-context", add_title_part)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
