"""Sphinx extension: formulas are found by their names.

Each proved or defined statement that a page shows gets an entry in the index of the book. And the
names of the book (formulas, glossary terms, sections, symbols, the package's objects) are written
to ``searchnames.js``, from which ``_static/search.js`` makes its suggestions and the first results.
"""

import json
import re
import unicodedata
from pathlib import Path

from docutils import nodes
from glossary_links import GLOSSARY, Finder, terms_of
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

NOTATION = "chapters/notation"
SCRIPT = "searchnames.js"
ADDRESS = re.compile(r'\bid="(\w+\.\w+)"')  # page.name; a step has one part more
ARTICLE = re.compile(r"^(?:The|A|An) (?=\w)")
STYLE = re.compile(r"\\(?:mathbf|mathbb|boldsymbol|mathrm|operatorname)\{([^{}]*)\}")
ACCENT = re.compile(r"\\(hat|bar|overline|underline|tilde)\{([^{}]*)\}")
ACCENTS = {
    "hat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "underline": "\u0332",
    "tilde": "\u0303",
}  # set after their letter
WORD_OF_LETTERS = re.compile(r"\\(?!hat|bar|overline|underline|tilde)([A-Za-z]+)")


# --- the index of the book -------------------------------------------------------------


def index_name(title):
    """A title as an index sorts it: no article, and no semicolon, which would split it."""
    plain = ARTICLE.sub("", title).replace(";", ",")
    return plain[0].upper() + plain[1:]


def addresses(document):
    """Each address that a page shows, with the HTML block where it stands first."""
    found = {}
    for node in document.findall(nodes.raw):
        for address in ADDRESS.findall(node.astext() if "html" in node.get("format", "") else ""):
            found.setdefault(address, node)
    return found


def statements(wanted):
    """Those of the wanted addresses that the catalog knows, which brings SymPy along."""
    if not wanted:
        return {}
    from mlebook import catalog

    return {address: one for address, one in catalog.statements().items() if address in wanted}


def is_home(page, address):
    """Whether an address names the page as its own, as squared_error.nll does."""
    return page.rpartition("/")[2] == address.partition(".")[0]


def add_index_entries(document, page):
    """Put an entry of the index before each statement: its title, under it its address.

    Where a statement is shown on other pages too, that on its own page is the main entry.
    """
    found = addresses(document)
    for address, statement in statements(found).items():
        text = f"{index_name(statement.title)}; {address}"
        main = "main" if is_home(page, address) else ""
        entry = addnodes.index(entries=[("single", text, address, main, None)])
        node = found[address]
        node.parent.insert(node.parent.index(node), entry)


class IndexFormulas(SphinxTransform):
    """Adds the entries to a page before Sphinx (at 850) gathers those of the page."""

    default_priority = 800

    def apply(self):
        """Do it for the page that has just been read."""
        add_index_entries(self.document, self.env.docname)


# --- the names for the search ----------------------------------------------------------


def readable(text):
    """A text with formulas in TeX as one reads it: Greek letters, accents, no commands."""
    plain = WORD_OF_LETTERS.sub(letter, STYLE.sub(r"\1", text))
    accented = ACCENT.sub(lambda match: match[2] + ACCENTS[match[1]], plain)
    return re.sub(r"[{}\\]", "", accented)


def letter(match):
    """The Greek letter of a command such as sigma, or else its name."""
    name = {"lambda": "lamda", "varepsilon": "epsilon"}.get(match[1], match[1])
    size = "SMALL" if name.islower() else "CAPITAL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return match[1]


class Names:
    """Gathers rows and the pages they lie on.

    A row is [kind, name, page, anchor, detail, other names with | between, further words].
    """

    def __init__(self, env):
        self.pages = {page: place for place, page in enumerate(sorted(env.all_docs))}
        self.rows = []

    def add(self, kind, name, page, anchor, detail="", others=(), words=()):
        """One more name; the name of a page has no anchor."""
        place = [self.pages[page], anchor, detail]
        self.rows.append([kind, name, *place, "|".join(others), " ".join(words)])


def other_names(title, finder):
    """Other names for a title that is a term of the glossary, and for the terms within it."""
    pieces = [(text, term) for text, term in finder.split(ARTICLE.sub("", title)) if text]
    within = [name for _, term in pieces if term for name in term.names]
    whole = len(pieces) == 1 and pieces[0][1]
    return (within, []) if whole else ([], within)


def places_of(documents):
    """The page of each address: the one that it names if it is shown there, else the first."""
    places = {}
    for page, document in documents.items():
        for address in addresses(document):
            if is_home(page, address) or address not in places:
                places[address] = page
    return places


def add_formulas(names, places, finder):
    """Each statement that is shown, with the titles of the definitions that it rests on."""
    known = statements(places)
    for address, statement in sorted(known.items()):
        rests_on = [known.get(definition.address) for definition in statement.where]
        bases = [base.title for base in rests_on if base]
        others, within = other_names(statement.title, finder)
        page = places[address]
        names.add("formula", statement.title, page, address, address, others, bases + within)


def add_sections(names, documents):
    """The headings of all pages; a page's first heading stands for the page."""
    for page, document in documents.items():
        for place, section in enumerate(document.findall(nodes.section)):
            title = readable(section[0].astext())
            if len(title) > 3:  # the letters of the glossary are no names
                names.add("section", title, page, section["ids"][0] if place else "")


def add_terms(names, terms, page):
    """The entries of the glossary, with all the words that stand for them."""
    for term in terms:
        names.add("term", ", ".join(term.names), page, term.anchor, "", term.names + term.forms)


def add_objects(names, env):
    """Functions, classes and modules of the package."""
    for name, _, kind, page, anchor, _ in sorted(env.get_domain("py").get_objects()):
        names.add("code", name, page, anchor, kind)


def add_symbols(names, document):
    """The rows of the notation page: symbols, what they mean, and their names in the code."""
    for row in document.findall(nodes.row):
        cells = [readable(cell.astext()) for cell in row.children]
        section = row.parent
        while not isinstance(section, nodes.section):
            section = section.parent
        if len(cells) == 4 and cells[0] != "symbol":
            symbols, code, meaning, _ = cells
            name = f"{symbols}: {meaning.partition(';')[0]}"
            others = [*symbols.split(", "), *code.split(", ")]
            names.add("symbol", name, NOTATION, section["ids"][0], "", others)


def collect(app):
    """All names of the book, ready to be written."""
    env = app.env
    names, terms = Names(env), terms_of(env)
    documents = {page: env.get_doctree(page) for page in names.pages}
    add_formulas(names, places_of(documents), Finder(terms))
    add_sections(names, documents)
    add_objects(names, env)
    if terms:
        add_terms(names, terms, GLOSSARY)
    if NOTATION in documents:
        add_symbols(names, documents[NOTATION])
    pages = [[app.builder.get_target_uri(page), env.titles[page].astext()] for page in names.pages]
    return {"pages": pages, "names": names.rows}


def write_names(app, exception):
    """Write the script that gives the names to the search."""
    if exception or app.builder.format != "html":
        return
    text = json.dumps(collect(app), ensure_ascii=False, separators=(",", ":"))
    path = Path(app.outdir) / SCRIPT
    path.write_text(f"BookSearch.setNames({text});\n", encoding="utf-8", newline="\n")


def setup(app):
    """Connect to Sphinx's events; the script is there before pages and scripts are packed."""
    app.add_transform(IndexFormulas)
    app.connect("build-finished", write_names, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
