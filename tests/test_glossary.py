"""The glossary: its entries, and the links that the pages get to it."""

import importlib.util
import re
import sys
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document

from tools import links, lint, mathematics
from tools.environment import CHAPTERS, ROOT

TEXT = (CHAPTERS / "glossary.md").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^(?P<names>(?:^\S[^\n]*\n)+)(?P<body>(?:^(?: {3}[^\n]*)?\n)+?)(?=^\S|\Z)", re.MULTILINE
)


def extension():
    """The extension as Sphinx imports it."""
    sys.path.insert(0, str(ROOT / "_ext"))
    return importlib.import_module("glossary_links")


EXTENSION = extension()


def entries():
    """(names, body) of each entry as it is typed."""
    blocks = re.findall(r"^:::\{glossary\}\n(.*?)^:::", TEXT, re.MULTILINE | re.DOTALL)
    found = [match for block in blocks for match in ENTRY.finditer(block + "\n")]
    return [(match["names"].split("\n")[:-1], match["body"]) for match in found]


def listed(body, label):
    """What an entry lists after a label."""
    found = re.findall(rf"^ {{3}}% {label} (.*)$", body, re.MULTILINE)
    return [form.strip() for line in found for form in line.split(",")]


def forms():
    """Every form that is linked, with the first name of its entry."""
    return [
        (form, names[0])
        for names, body in entries()
        for form in listed(body, EXTENSION.FOUND_AS)
        if form != EXTENSION.NOTHING
    ]


def book_text():
    """All that the chapters say, without their code."""
    sources = [path.read_text("utf-8") for path in (CHAPTERS / "source").glob("*.md")]
    sources += [path.read_text("utf-8") for path in (ROOT / "exercises").glob("*/exercise.md")]
    return " ".join(EXTENSION.plain(mathematics.without_code(text)) for text in sources)


# --- the page --------------------------------------------------------------------------


def test_there_are_entries_enough_and_all_are_read():
    assert 60 <= len(entries()) <= 130
    assert len(entries()) == TEXT.count(f"% {EXTENSION.FOUND_AS}")


def test_the_entries_are_sorted_and_no_name_or_form_is_used_twice():
    first = [names[0].lower() for names, _ in entries()]
    assert first == sorted(first)
    names = [name for names, _ in entries() for name in names]
    plain = [form.lower() for form, _ in forms()]
    assert len(set(names)) == len(names) and len(set(plain)) == len(plain)


def test_every_entry_has_a_meaning_and_says_where_it_is_made():
    for names, body in entries():
        meaning, made, *_ = re.split(r"\n\s*\n", body.strip())
        assert len(meaning) > 40, names
        assert "](" not in meaning, f"{names}: a link in the meaning would be lost in its note"
        assert re.search(r"\]\((?:\w+)\.ipynb(#[\w.-]+)?\)", made), names


def test_every_entry_is_used_in_the_book():
    text = book_text()
    unused = [
        form for form, _ in forms() if not EXTENSION.Finder([term(form)]).pattern.search(text)
    ]
    entries_used = {name for form, name in forms() if form not in unused}
    assert {name for _, name in forms()} - entries_used == set()


def test_every_link_of_the_glossary_leads_to_a_page_and_a_section():
    prose = {page.name: page.prose() for page in lint.read_pages(CHAPTERS)}
    found = [target for name, target in links.broken(prose) if name == "glossary.md"]
    assert found == []
    planted = {**prose, "glossary.md": "[x](likelihood.ipynb#nowhere)"}
    assert ("glossary.md", "likelihood.ipynb#nowhere") in list(links.broken(planted))


def section_of(page, anchor):
    """The page's title, and the heading over the place that a link opens."""
    source = (CHAPTERS / "source" / f"{page}.md").read_text(encoding="utf-8")
    headings = [(match.start(), match[1]) for match in links.HEADING.finditer(source)]
    if "." in anchor:
        place = re.search(rf"\[\[ {re.escape(anchor)}[ .(]", source).start()
        return {headings[0][1], [text for start, text in headings if start < place][-1]}
    return {headings[0][1], *(text for _, text in headings if links.slug(text) == anchor)}


def test_a_link_is_named_after_the_section_that_it_opens():
    described = {"a few readings far out", "the page of certificates", "Notation"}
    found = re.findall(r"\[([^\]]+)\]\((\w+)\.ipynb(?:#([\w.-]+))?\)", TEXT)
    for label, page, anchor in found:
        if not any(label.endswith(words) for words in described):
            assert label in section_of(page, anchor), f"{label}: {page}#{anchor}"
    assert "Rename the parameter" not in section_of(
        "maximum_likelihood", "maximum_likelihood.sigmoid"
    )


def test_no_equation_is_typed_that_would_have_to_be_proved():
    assert list(mathematics.display_formulas(TEXT)) == []
    assert [tex for tex in mathematics.inline_formulas(TEXT) if mathematics.is_derived(tex)] == []


def test_the_symbols_of_the_glossary_stand_on_the_notation_page():
    notation = (CHAPTERS / "source" / "notation.md").read_text(encoding="utf-8")
    known = mathematics.symbols_of_table(notation)
    for tex in mathematics.inline_formulas(TEXT):
        assert mathematics.symbols(tex) <= known, tex


def test_the_likelihood_is_never_called_the_probability_of_the_parameter():
    for names, body in entries():
        assert not re.search(
            r"probability (?:of|that) (?:the parameter|\$\\theta)",
            " ".join(body.split()).replace("not a probability of the parameter", ""),
        ), names


# --- the links -------------------------------------------------------------------------


def term(*found_as, passed_over=()):
    """An entry of the name and the forms given."""
    paragraph = nodes.paragraph("", "What it means.")
    name = found_as[0] if found_as else "x"
    return EXTENSION.Term(f"term-{name}", name, (name,), (paragraph,), found_as, passed_over)


TERMS = [
    term("negative log-likelihood", "NLL"),
    term("log-likelihood"),
    term("likelihood", "likelihoods"),
    term("score of the model"),
    term("MAP"),
    term("squared error", passed_over=("mean squared error",)),
    term("Gibbs' inequality"),
]


def linked(*children):
    """The words that become links on a page of these nodes."""
    document = new_document("page")
    document += nodes.section("", *children)
    finder = EXTENSION.Finder(TERMS)
    EXTENSION.link_first_mentions(document, finder, lambda term: f"g.html#{term.anchor}")
    found = list(document.findall(EXTENSION.glossary_link))
    return [(link.astext(), link["refuri"].partition("#term-")[2]) for link in found]


def paragraph(text):
    """A paragraph of plain text."""
    return nodes.paragraph("", "", nodes.Text(text))


def raw(text):
    """An HTML block."""
    return nodes.raw("", text, format="html")


def test_only_the_first_mention_is_linked_and_the_longest_form_wins():
    text = paragraph("The negative log-likelihood, the likelihood, its NLL and two likelihoods.")
    expected = [
        ("negative log-likelihood", "negative log-likelihood"),
        ("likelihood", "likelihood"),
    ]
    assert linked(text, paragraph("A likelihood.")) == expected


def test_a_phrase_that_goes_on_in_the_next_line_is_found_whole():
    parts = [nodes.Text("the negative"), nodes.Text("\n"), nodes.Text("log-likelihood")]
    assert linked(nodes.paragraph("", "", *parts)) == [
        ("negative\nlog-likelihood", "negative log-likelihood")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Likelihood begins a sentence.", ["Likelihood"]),
        ("It is so. Likelihood again.", ["Likelihood"]),
        ("The book Maximum Likelihood is a title.", []),
        ("likelihood-based and unlikelihood", []),
        ("over a\nline: log-likelihood", ["log-likelihood"]),
        ("log–likelihood with a dash", ["log–likelihood"]),
        ("Gibbs’ inequality", ["Gibbs’ inequality"]),
        ("the map of losses", []),
        ("the MAP estimate", ["MAP"]),
        ("a mean squared error is none", []),
        ("a mean squared error, then a squared error", ["squared error"]),
        ("a score in a game", []),  # an ambiguous word is linked in its clear form only
        ("the score of the model", ["score of the model"]),
    ],
)
def test_what_is_linked(text, words):
    assert [found for found, _ in linked(paragraph(text))] == words


@pytest.mark.parametrize(
    "node",
    [
        nodes.title("", "The likelihood"),
        nodes.literal_block("", "likelihood"),
        nodes.paragraph("", "", nodes.literal("", "likelihood")),
        nodes.paragraph("", "", nodes.math("", "likelihood")),
        nodes.paragraph("", "", nodes.reference("", "likelihood", refuri="x")),
        nodes.table("", nodes.entry("", paragraph("likelihood"))),
        nodes.container("", paragraph("likelihood"), classes=["cell"]),
        nodes.section("", nodes.title("", "Sources"), paragraph("likelihood")),
    ],
    ids=lambda node: type(node).__name__,
)
def test_where_nothing_is_linked(node):
    assert linked(node) == []


@pytest.mark.parametrize("opening", ['<div class="derivation">', "<details><summary>A</summary>"])
def test_proofs_and_answers_are_left_alone_and_the_text_goes_on_after_them(opening):
    closing = "</div>" if "div" in opening else "</details>"
    step = raw('<div class="proof-step"><span>1</span></div>')
    inside = [raw(opening), step, paragraph("likelihood"), raw(closing)]
    assert linked(*inside) == []
    assert linked(*inside, paragraph("The likelihood.")) == [("likelihood", "likelihood")]


def test_an_entry_without_its_lines_is_reported(caplog):
    meaning = nodes.paragraph("", "Only a meaning.")
    name = nodes.term("", "thing", ids=["term-thing"])
    item = nodes.definition_list_item("", name, nodes.definition("", meaning))
    with caplog.at_level("WARNING"):
        EXTENSION.read_term(item)
    assert "thing: expected a meaning" in caplog.text


# --- the notebooks ---------------------------------------------------------------------


def test_the_notebooks_are_not_touched():
    for path in CHAPTERS.glob("*.ipynb"):
        text = nbformat.writes(nbformat.read(path, as_version=4))
        assert "glossary.html" not in text and "glossary-link" not in text, path.name


def test_pages_left_out_get_no_links(monkeypatch):
    monkeypatch.setattr(EXTENSION, "terms_of", lambda env: TERMS)
    builder = SimpleNamespace(format="html", get_relative_uri=lambda page, target: target)
    app = SimpleNamespace(builder=builder, env=None)
    for page, expected in (("chapters/map", 1), *((page, 0) for page in EXTENSION.LEFT_OUT)):
        document = new_document("page")
        document += paragraph("likelihood")
        EXTENSION.add_links(app, document, page)
        assert len(list(document.findall(EXTENSION.glossary_link))) == expected, page
