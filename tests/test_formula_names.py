"""The names by which the search finds formulas, terms, sections and symbols."""

import importlib
import json
import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from py_mini_racer import MiniRacer
from sphinx import addnodes

from mlebook import catalog
from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
NAMES = importlib.import_module("formula_names")
GLOSSARY = importlib.import_module("glossary_links")


def page(*children):
    """A page of the nodes given."""
    document = new_document("page")
    document += nodes.section("", *children, ids=["page"])
    return document


def proof(*ids):
    """The HTML blocks of statements with these ids."""
    return [nodes.raw("", f'<div id="{one}"></div>', format="html") for one in ids]


def entries(document):
    """What the index of the book gets from a page."""
    return [node["entries"][0][1:4] for node in document.findall(addnodes.index)]


# --- the index of the book -------------------------------------------------------------


def test_a_statement_gets_an_entry_by_its_name_with_its_address_under_it():
    document = page(*proof("squared_error.density", "squared_error.density"))
    NAMES.add_index_entries(document, "chapters/squared_error")
    name = "Gaussian density; squared_error.density"
    assert entries(document) == [(name, "squared_error.density", "main")]


def test_on_another_page_it_is_not_the_main_entry():
    document = page(*proof("divergence.h"))
    NAMES.add_index_entries(document, "chapters/likelihood")
    assert entries(document) == [("Lowest point of h; divergence.h", "divergence.h", "")]


def test_steps_and_unknown_ids_get_no_entry():
    document = page(*proof("squared_error.nll.1", "nobody.nll", "plain"))
    NAMES.add_index_entries(document, "chapters/squared_error")
    assert entries(document) == []


def test_every_title_makes_one_sound_entry():
    for address, statement in catalog.statements().items():
        name = NAMES.index_name(statement.title)
        assert name and ";" not in name and not name.startswith(("The ", "A ", "An ")), address


def test_articles_and_semicolons_leave_a_title():
    assert NAMES.index_name("The slope; and more") == "Slope, and more"
    assert NAMES.index_name("A detour") == "Detour"
    assert NAMES.index_name("Another unit") == "Another unit"


# --- names as they are read ------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "read"),
    [
        (r"dropping the log for \sigma", "dropping the log for σ"),
        (r"\hat{\mathbf{w}}", "w\u0302"),
        (r"\bar{\lambda}", "λ\u0304"),
        (r"\operatorname{pinball}_{\kappa}", "pinball_κ"),
        (r"\boldsymbol{\Sigma}", "Σ"),
        (r"\varepsilon", "ε"),
        ("no formula", "no formula"),
    ],
)
def test_tex_becomes_readable(tex, read):
    assert NAMES.readable(tex) == read


# --- what is found ---------------------------------------------------------------------


def term(*names):
    """A glossary term with these names, linked in each of them."""
    paragraph = (nodes.paragraph("", "x"),)
    return GLOSSARY.Term(f"term-{names[0]}", names[0], names, paragraph, names, ())


TERMS = [
    term("Kullback–Leibler divergence", "KL divergence"),
    term("soft threshold"),
    term("score"),
    term("Gibbs' inequality"),
]


def heading(title, anchor):
    """A section that holds its title."""
    return nodes.section("", nodes.title("", title), ids=[anchor])


def all_names():
    """Names as the extension gathers them: all statements, four terms, two pages, a symbol."""
    places = {address: f"chapters/{address.partition('.')[0]}" for address in catalog.statements()}
    pages = sorted(set(places.values()) | {"chapters/glossary", NAMES.NOTATION})
    names = NAMES.Names(SimpleNamespace(all_docs=pages))
    NAMES.add_formulas(names, places, GLOSSARY.Finder(TERMS))
    NAMES.add_terms(names, TERMS, "chapters/glossary")
    squared = heading("Why squared error?", "why")
    squared += heading(r"Dropping the log for \sigma", "dropping")
    NAMES.add_sections(names, {"chapters/squared_error": squared})
    names.add("symbol", "σ, σ_i: its scale", NAMES.NOTATION, "models", "", ["σ", "σ_i", "sigma"])
    return {"pages": [[f"{one}.html", one] for one in pages], "names": names.rows}


@pytest.fixture(scope="module")
def find():
    """The search as the site runs it: the addresses found for a query, best first."""
    with MiniRacer() as engine:
        engine.eval((ROOT / "_static" / "search.js").read_text(encoding="utf-8"))
        engine.eval(f"BookSearch.setNames({json.dumps(all_names())})")

        def found(query):
            asked = f"JSON.stringify(BookSearch.find({json.dumps(query)}).map(one => one.url))"
            return [url.partition("/")[2] for url in json.loads(engine.eval(asked))]

        yield found


@pytest.mark.parametrize(
    ("query", "target", "among"),
    [
        ("squared error", "squared_error.html", 1),
        ("squared error", "squared_error.html#squared_error.mse", 8),
        ("negative log-likelihood of a Gaussian", "squared_error.html#squared_error.nll", 3),
        ("squared_error.nll", "squared_error.html#squared_error.nll", 1),
        ("KL divergence", "divergence.html#divergence.kl", 2),
        ("Kullback-Leibler divergence", "divergence.html#divergence.kl", 2),
        ("kullback–leibler", "divergence.html#divergence.kl", 2),
        ("pinball", "absolute_error.html#absolute_error.pinball", 1),
        ("softmax gradient", "cross_entropy.html#cross_entropy.gradient", 3),
        ("soft threshold", "glossary.html#term-soft threshold", 1),
        ("soft threshold", "map.html#map.soft_threshold", 3),
        ("Fisher information", "maximum_likelihood.html#maximum_likelihood.information", 5),
        ("gibbs inequality", "glossary.html#term-Gibbs' inequality", 1),
        ("Gibbs’ inequality", "glossary.html#term-Gibbs' inequality", 1),
        ("sigma", "notation.html#models", 1),
        ("σ", "notation.html#models", 1),
        ("log sigma", "squared_error.html#dropping", 1),
        ("λ", "map.html#map.soft_threshold_above", 2),
        ("the scores", "glossary.html#term-score", 1),
        ("Laplace densities", "absolute_error.html#absolute_error.density", 1),
    ],
)
def test_a_query_finds_its_formula_high_up(find, query, target, among):
    assert target in find(query)[:among]


def test_what_is_not_in_the_book_is_not_found(find):
    assert find("squared error of a giraffe") == []
    assert find("   ") == [] and find("?!") == []


def test_a_page_stands_for_a_statement_that_is_shown_elsewhere_too():
    home, other = page(*proof("map.l2")), page(*proof("map.l2", "map.l1"))
    places = NAMES.places_of({"chapters/errata": other, "chapters/map": home})
    assert places == {"map.l2": "chapters/map", "map.l1": "chapters/errata"}
