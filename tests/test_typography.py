"""What the pages are marked with for the style sheets, and the pictures made by code."""

import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from tools import cover, mark, pins
from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import typography  # a Sphinx extension is no package


def page(*children):
    """A page with one section."""
    document = new_document("page")
    section = nodes.section("", *children)
    document += section
    return document, section


def html(text):
    return nodes.raw("", text, format="html")


def paragraph(*children):
    return nodes.paragraph("", "", *children)


def cell(*children):
    return nodes.container("", *children, classes=["cell"])


def tree(caption, *pages):
    return SimpleNamespace(caption=caption, items=list(pages))


BOOK = SimpleNamespace(root=SimpleNamespace(subtrees=[
    tree("Foundations", "a", "b"), tree("Losses & more", "c"), tree("Back matter", "d"),
]))


@pytest.mark.parametrize(("name", "line"), [
    ("b", 'Foundations · <span class="title-number">2</span>'),
    ("c", 'Losses &amp; more · <span class="title-number">3</span>'),
    ("d", "Back matter"),
    ("index", ""),
])
def test_the_part_and_number_over_a_title(name, line):
    assert typography.title_part(BOOK, ["Foundations", "Losses & more"], name) == line


def test_a_question_becomes_one_block_with_its_address():
    document, section = page(
        paragraph(nodes.Text("before")),
        html('<div id="exercise-loss-one"></div>'), paragraph(nodes.Text("one")), cell(),
        html('</details><div id="exercise-loss-two"></div>'), paragraph(nodes.Text("two")),
        nodes.section("", paragraph(nodes.Text("after"))),
    )
    typography.join_questions(document)
    kinds = [type(node).__name__ for node in section]
    assert kinds == ["paragraph", "container", "raw", "container", "section"]
    one, two = section[1], section[3]
    assert (one["ids"], one.astext()) == (["exercise-loss-one"], "one\n\n")
    assert (two["ids"], two.astext()) == (["exercise-loss-two"], "two")
    assert section[2].astext() == "</details>"


def test_italics_below_a_picture_are_its_caption_and_nothing_else_is():
    picture = nodes.image(uri="figure.png")
    caption = paragraph(nodes.emphasis("", "What to see."))
    remark = paragraph(nodes.emphasis("", "Look"), nodes.Text(" at this."))
    document, _ = page(
        cell(picture), caption, cell(picture.deepcopy()), remark,
        cell(nodes.Text("no picture")), paragraph(nodes.emphasis("", "Only loud.")),
    )
    moving = nodes.raw("", '<figure class="mle-figure">', format="html")
    mixed = paragraph(nodes.emphasis("", "What to see: the"), nodes.Text(" 14 deaths."))
    document += [cell(moving), mixed]
    typography.mark_captions(document)
    found = [node for node in document.findall(nodes.paragraph) if node["classes"]]
    assert found == [caption, mixed]


def table(*rows):
    """A table whose first row is its head."""
    entries = [nodes.row("", *(nodes.entry("", paragraph(nodes.Text(text))) for text in row))
               for row in rows]
    group = nodes.tgroup("", nodes.thead("", entries[0]), nodes.tbody("", *entries[1:]), cols=2)
    return nodes.table("", group)


def test_a_column_of_numbers_is_marked_and_a_column_of_words_is_not():
    document, _ = page(table(("name", "value"), ("3 flips", "−1.25"), ("none", "–"), ("x", "12 %")))
    typography.mark_numbers(document)
    numbers = [entry.astext() for entry in document.findall(nodes.entry) if entry["classes"]]
    assert numbers == ["value", "−1.25", "–", "12 %"]


def test_a_column_of_dashes_holds_no_numbers():
    document, _ = page(table(("a", "b"), ("–", "word")))
    typography.mark_numbers(document)
    assert not any(entry["classes"] for entry in document.findall(nodes.entry))


def test_the_mark_in_the_site_is_what_the_tool_draws(tmp_path):
    mark.save(tmp_path)
    for name in ("mark.svg", "mark-dark.svg", "favicon.svg"):
        assert (tmp_path / name).read_text() == (ROOT / "_static" / name).read_text(), name


def test_the_cover_is_what_the_tool_draws(tmp_path):
    if not pins.same_machine() or pins.mismatches():
        pytest.skip("other versions draw other bytes")
    cover.save(tmp_path)
    for name in ("cover.png", "cover.svg"):
        assert (tmp_path / name).read_bytes() == (ROOT / "images" / name).read_bytes(), name
