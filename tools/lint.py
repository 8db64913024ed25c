"""Check the built chapters: ``python -m tools.lint``.

Counts the display equations: proved (the text is that of a verified statement), defined (marked
as a definition), unproved (neither). Checks also that each notebook is what its source builds to
and runs from 1 to n, that code cells are few and short, that pictures have alt text, that symbols
stand on the notation page and links lead somewhere.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import yaml

from tools import exercises, links, mathematics, setup_cell
from tools.chapters import is_current
from tools.environment import CHAPTERS, ROOT
from tools.execution import alt_text, has_image

MOST_CELLS, MOST_LINES = 20, 10
NOT_BUILT = "is not what its source builds to: make chapters"


@dataclass(frozen=True)
class Problem:
    """One offence: where it is and what is wrong."""

    page: str
    cell: int
    text: str

    def __str__(self):
        """Page, cell and text on one line."""
        place = f"{self.page}, cell {self.cell}" if self.cell else self.page
        return f"{place}: {self.text}"


@dataclass
class Known:
    """What the proof engine verified: display formulas with their status, inline formulas.

    ``refused`` holds the addresses of statements that it did not verify, with its message.
    """

    display: dict = field(default_factory=dict)
    inline: set = field(default_factory=set)
    refused: dict = field(default_factory=dict)


def known_from(statements):
    """Collect the formulas of all statements; asking for them verifies them."""
    known = Known()
    for address, statement in statements.items():
        try:
            equations, markdown = statement.equations(), statement.markdown()
        except Exception as error:  # whatever the engine says is a problem of the book
            known.refused[address] = f"{type(error).__name__}: {error}"
            continue
        for equation in equations:
            tex, proved = equation.tex.strip(), equation.status in {"proved", "theorem"}
            if proved or tex not in known.display:
                known.display[tex] = "proved" if proved else "defined"
        known.inline |= set(mathematics.inline_formulas(markdown))
    return known


@dataclass
class Page:
    """A page of the book as pairs of a cell's number and its cell."""

    name: str
    cells: list

    @property
    def code(self):
        """The code cells with their numbers."""
        return [(n, cell) for n, cell in self.cells if cell.cell_type == "code"]

    def texts(self):
        """Yield (cell number, markdown or HTML) of all that a reader sees as text."""
        for number, cell in self.cells:
            if cell.cell_type == "markdown":
                yield number, cell.source
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                for kind in ("text/markdown", "text/html", "text/latex"):
                    if kind in data:
                        yield number, data[kind]

    def prose(self):
        """All text of the page in one."""
        return "\n\n".join(text for _, text in self.texts())


def read_pages(folder):
    """The pages of the book: the notebooks, and the pages that are plain markdown."""
    pages = []
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        pages.append(Page(path.name, list(enumerate(notebook.cells, start=1))))
    for path in sorted(folder.glob("*.md")):
        cell = nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))
        pages.append(Page(path.name, [(0, cell)]))
    return pages


def equations(pages, known):
    """Yield ("proved" | "defined" | "unproved", Problem or None) for each equation."""
    for page in pages:
        for number, text in page.texts():
            for tex, marked in mathematics.display_formulas(text):
                status = known.display.get(tex) or ("defined" if marked else "unproved")
                offence = Problem(page.name, number, f"unproved equation: {tex}")
                yield status, offence if status == "unproved" else None
            for tex in mathematics.inline_formulas(text):
                plain = tex.removeprefix("\\displaystyle").strip()
                if plain in known.display and plain != tex:
                    yield known.display[plain], None  # a derivation shown by a code cell
                elif mathematics.is_derived(tex) and tex not in known.inline:
                    offence = f"derived equation typed in a sentence: {tex}"
                    yield "unproved", Problem(page.name, number, offence)


def check_sources(folder):
    """Each source has its notebook, each notebook its source, and they agree."""
    sources = {path.stem: path for path in (folder / "source").glob("*.md")}
    notebooks = {path.stem: path for path in folder.glob("*.ipynb")}
    for slug in sorted(sources.keys() | notebooks.keys()):
        name = f"{slug}.ipynb"
        if slug not in sources:
            yield Problem(name, 0, f"there is no chapters/source/{slug}.md")
        elif slug not in notebooks:
            yield Problem(name, 0, "has not been built: make chapters")
        elif not is_current(sources[slug], notebooks[slug]):
            yield Problem(name, 0, NOT_BUILT)
    for slug, path in sorted(sources.items()):
        if 'class="proof-step' in path.read_text(encoding="utf-8"):
            yield Problem(f"source/{slug}.md", 0, "marks of a proof are set by [[ ]], not by hand")


def check_toc(folder, toc):
    """The table of contents names every page, and only pages that exist."""
    listed = {Path(name).stem for name in names_in(yaml.safe_load(toc.read_text("utf-8")))}
    found = {path.stem for kind in ("*.ipynb", "*.md") for path in folder.glob(kind)}
    for slug in sorted(listed ^ found):
        wrong = "is in _toc.yml but not in chapters/" if slug in listed else "is not in _toc.yml"
        yield Problem(slug, 0, wrong)


def names_in(node):
    """The files that a table of contents names, at any depth."""
    if isinstance(node, dict):
        found = [node[key] for key in ("root", "file") if key in node]
        return found + [name for value in node.values() for name in names_in(value)]
    return [name for item in node for name in names_in(item)] if isinstance(node, list) else []


def set_by_builder(page, cell):
    """Whether a code cell is none of the author's: an exercise, or the setup."""
    setup = setup_cell.name(Path(page.name).stem)
    return exercises.TAG in cell.metadata.get("tags", []) or cell.get("id") == setup


def check_cells(page):
    """Few and short code cells, executed in order, no error, alt text for each picture."""
    own = [(n, cell) for n, cell in page.code if not set_by_builder(page, cell)]
    if len(own) > MOST_CELLS:
        yield Problem(page.name, 0, f"{len(own)} code cells, at most {MOST_CELLS}")
    for number, cell in own:
        lines = len(cell.source.splitlines())
        if lines > MOST_LINES:
            yield Problem(page.name, number, f"{lines} lines of code, at most {MOST_LINES}")
    for place, (number, cell) in enumerate(page.code, start=1):
        if cell.execution_count != place:
            found = cell.execution_count
            yield Problem(page.name, number, f"executed as {found}, should be {place}")
        if any(output.output_type == "error" for output in cell.outputs):
            yield Problem(page.name, number, "shows an error")
        if has_image(cell) and not alt_text(cell):
            yield Problem(page.name, number, "a picture without alt text")
    for number, text in page.texts():
        for picture in links.pictures_without_alt(text):
            yield Problem(page.name, number, f"a picture without alt text: {picture}")


def check_symbols(pages, folder):
    """Each symbol of a display equation stands in a table of the notation page."""
    notation = folder / "source" / "notation.md"
    if not notation.exists():
        yield Problem("notation", 0, "there is no notation page")
        return
    explained = mathematics.symbols_of_table(notation.read_text(encoding="utf-8"))
    for page in pages:
        missing = {}
        for number, text in page.texts():
            for tex, _ in mathematics.display_formulas(text):
                for symbol in mathematics.symbols(tex) - explained:
                    missing.setdefault(symbol, number)
        for symbol, number in sorted(missing.items()):
            yield Problem(page.name, number, f"{symbol} is not on the notation page")


def check_links(pages):
    """Each link between pages leads to a page and an anchor that exist."""
    for name, target in links.broken({page.name: page.prose() for page in pages}):
        yield Problem(name, 0, f"the link {target} leads nowhere")


def run(folder, statements, toc=None):
    """Check everything; return the problems and the count of equations."""
    pages = read_pages(folder)
    known = known_from(statements)
    counted = list(equations(pages, known))
    problems = [Problem(address, 0, text) for address, text in known.refused.items()]
    problems += [problem for _, problem in counted if problem]
    problems += check_sources(folder)
    problems += check_toc(folder, toc) if toc else []
    problems += [problem for page in pages for problem in check_cells(page)]
    problems += check_symbols(pages, folder)
    problems += check_links(pages)
    return problems, Counter(status for status, _ in counted)


def summary(count):
    """The last line of the report."""
    return (
        f"equations: {count['proved']} proved, {count['defined']} defined, "
        f"{count['unproved']} unproved"
    )


def main(arguments=None):
    """Print each problem, then the count; return 1 if there is any problem."""
    from mlebook import catalog

    problems, count = run(CHAPTERS, catalog.statements(), ROOT / "_toc.yml")
    for problem in problems:
        print(problem)
    print(f"problems: {len(problems)}")
    print(summary(count))
    return 1 if problems or count["unproved"] else 0


if __name__ == "__main__":
    sys.exit(main())
