"""Put exercises into a chapter: a line ``[[ exercises("squared_error") ]]`` becomes its questions.

Each question becomes a cell with the statement and its hints, for code a cell with the stub and
its check, and a cell with the solution, folded. All but the explanation is put in word for word.
"""

import re

import nbformat

from grading import release, source
from tools.rendering import DEFINITION_MARK, leads

LINE = re.compile(r'^\[\[ *exercises\("(\w+)"\) *\]\][ \t]*$', re.MULTILINE)
TAG = "exercise"  # set by the builder alone; the lint does not count these cells
DISPLAY = re.compile(r"^\$\$\s*(.+?)\s*\$\$$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:)([^)\s]*?)(?:\.ipynb)?(#[^)\s]+)?\)")


def used(text):
    """The exercises that a chapter's source asks for."""
    return LINE.findall(text)


def path(slug, root):
    """The source of an exercise."""
    return root / "exercises" / slug / "exercise.md"


def verbatim(text):
    """Text that the rendering of brackets gives back as it is."""
    return text.replace("[[", '[[ "[[" ]]')


def marked(text):
    """Statements give definitions, they derive nothing: so a display formula is marked as one."""
    return DISPLAY.sub(lambda match: f"{DEFINITION_MARK}\n\n$$\n{match[1]}\n$$", text)


def linked(text):
    """Links of an exercise, which know no page, as links between pages.

    The page is named also within one page: ``#map.soft_threshold`` alone could mean the function.
    """

    def resolve(match):
        words, page, anchor = match[1], match[2], match[3] or ""
        page = page or anchor[1:].partition(".")[0]
        return match[0] if "." in page else f"[{words}]({page}.ipynb{anchor})"

    return LINK.sub(resolve, text)


def question_cells(exercise, number, question):
    """The cells of one question."""
    name = f"exercise-{exercise.slug}-{question.name}"
    head = f'<div id="{name}"></div>\n\n**{number}. {question.title}.** {question.statement}'
    text = "\n\n".join([head, *release.hint_blocks(question)])
    yield markdown(f"{name}-statement", verbatim(linked(marked(text))))
    solution = verbatim(linked(question.solution))
    if question.kind != "text":
        call = release.check_call(exercise, question)
        yield code(name, f"{question.stub}\n\n{call}")
        solution = f"```python\n{verbatim(question.solution)}\n```"
    explanation = linked(question.explanation)
    parts = [part for part in (solution, explanation) if part]
    yield markdown(f"{name}-solution", release.details("Solution", "\n\n".join(parts)))


def markdown(name, text):
    """A markdown cell with a fixed id."""
    return nbformat.v4.new_markdown_cell(text, id=name[-64:])


def code(name, text):
    """A code cell with a fixed id and the builder's tag."""
    return nbformat.v4.new_code_cell(text, id=name[-64:], metadata={"tags": [TAG]})


def folded(cell, title):
    """A code cell that the site shows on a click."""
    cell.metadata["tags"].append("hide-input")
    cell.metadata["mystnb"] = {"code_prompt_show": title, "code_prompt_hide": title}
    return cell


def cells(exercise, chapter):
    """All cells of an exercise in a chapter."""
    name = f"exercise-{exercise.slug}"
    intro = [verbatim(linked(marked(exercise.intro)))]
    if exercise.slug == chapter:  # others, on the map of losses, have no chapter yet
        intro.append(leads(chapter, here="exercises"))
    yield markdown(f"{name}-intro", "\n\n".join(intro))
    yield folded(code(f"{name}-setup", exercise.setup), "Imports and data")
    for number, question in enumerate(exercise.questions, start=1):
        yield from question_cells(exercise, number, question)


def expand(notebook, chapter, root):
    """Put the exercises into a chapter's notebook, in place of the lines that ask for them."""
    made = []
    for cell in notebook.cells:
        if TAG in cell.metadata.get("tags", []):
            raise source.SourceError(f"{chapter}: the tag {TAG} is set by the builder alone")
        if cell.cell_type != "markdown" or not LINE.search(cell.source):
            made.append(cell)
            continue
        # words, exercise, words, exercise, ..., words
        for place, part in enumerate(LINE.split(cell.source)):
            if place % 2:
                made += cells(source.read(part, root / "exercises"), chapter)
            elif part.strip():
                name = cell.id if not place else f"{cell.id}-{place}"
                made.append(markdown(name, part.strip("\n")))
    notebook.cells = made
