"""Take the answers out of a student's notebook, whatever state it is in.

A notebook that a student hands in is foreign data: its names, numbers and flags say what the
student wanted them to say. Here it is only read. Nothing in it decides about points, and no cell
that the release locked is taken from it.
"""

import json
from dataclasses import dataclass, field

MOST_CELLS = 1000
MOST_LETTERS = 200_000  # of one cell
MOST_IN_ALL = 1_000_000  # of all cells
MOST_TEXT = 20_000  # of one answer in words
MOST_BRACKETS = 500_000  # of JSON: millions cost a gigabyte, and stop the other workers meanwhile


class NotebookError(ValueError):
    """The text is not a notebook; the message is for the student."""


@dataclass
class Answers:
    """What a notebook holds: cells to run in order, answers in words, and what was odd.

    ``cells`` are ``{"id", "source"}``; the id is the question's name for its answer cell.
    ``texts`` maps a question to markdown, "" if it was not answered.
    """

    cells: list = field(default_factory=list)
    texts: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    broken: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell as found: its label, type and source."""

    label: str
    kind: str
    source: str
    locked: bool


def answer_cells(notebook, exercise):
    """Return what the student's process runs and what is marked by hand. Never raises."""
    words = {question.name: question for question in exercise.questions if question.kind == "text"}
    code = {question.name for question in exercise.questions} - words.keys()
    answers = Answers(texts=dict.fromkeys(words, ""))
    try:
        cells = list(_cells(_parse(notebook), answers.problems))
    except NotebookError as error:
        answers.broken = True
        answers.problems.append(str(error))
        return answers
    labels = [cell.label for cell in cells]
    reserved = {"setup", *(f"{name}-check" for name in (*code, *words))}
    for number, cell in enumerate(cells, start=1):
        if cell.label in words:
            _add_text(answers, cell, words[cell.label])
        elif cell.label in code and cell.kind != "code":
            text = f"The cell of question {cell.label} is no code cell, so it was not run."
            answers.problems.append(text)
        elif cell.kind == "code" and cell.label not in reserved and not cell.locked:
            name = cell.label if cell.label in code else f"cell-{number}"
            answers.cells.append({"id": name, "source": cell.source})
    for name in (*code, *words):
        _count(name, labels.count(name), name in words, answers.problems)
    answers.problems.sort()
    return answers


def _count(name, times, is_text, problems):
    """Say what was done about an answer cell that is missing or there twice."""
    if times == 0:
        rest = "" if is_text else " The names that it asks for were looked for in the other cells."
        problems.append(f"The cell of question {name} is missing.{rest}")
    if times > 1:
        what = "joined" if is_text else "run in their order"
        problems.append(f"There are {times} cells of question {name}; they were {what}.")


def _add_text(answers, cell, question):
    """Join an answer in words to what there is; the release's placeholder is no answer."""
    text = cell.source.strip()
    if text == question.stub.strip():
        return
    if len(text) > MOST_TEXT:
        answers.problems.append(
            f"The answer to {question.name} was cut off after {MOST_TEXT} letters."
        )
        text = text[:MOST_TEXT]
    joined = f"{answers.texts[question.name]}\n\n{text}".strip()
    answers.texts[question.name] = joined[:MOST_TEXT]


def _parse(notebook):
    """Return the list of raw cells of a notebook of any version."""
    if not notebook.strip():
        raise NotebookError("Your notebook is empty. Save it, and hand in the .ipynb file again.")
    if notebook.count("[") + notebook.count("{") > MOST_BRACKETS:
        raise NotebookError("Your notebook is too large. Clear all outputs, and hand it in again.")
    try:
        data = json.loads(notebook)
    except (ValueError, RecursionError) as error:
        raise NotebookError(
            f"Your file is no notebook: it is not valid JSON ({_place_of(error)}). "
            "Save it in Jupyter, and hand in the .ipynb file again."
        ) from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if cells is None and isinstance(data, dict):  # version 3 kept its cells in worksheets
        sheets = data.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for group in found if isinstance(group, list) for cell in group]
    if not isinstance(cells, list) or not cells:
        raise NotebookError("Your file is no notebook: it has no cells.")
    return cells


def _place_of(error):
    """Name the place of an error in JSON, and nothing that the file itself says."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "a number is too long"


def _cells(raw, problems):
    """Yield the cells that are in order; say which are not."""
    if len(raw) > MOST_CELLS:
        problems.append(f"Only the first {MOST_CELLS} of {len(raw)} cells were read.")
    total = 0
    for number, cell in enumerate(raw[:MOST_CELLS], start=1):
        source = _text(cell)
        total += len(source or "")
        if total > MOST_IN_ALL:
            problems.append(f"The notebook is too long; from cell {number} it was not read.")
            return
        if source is None:
            problems.append(f"Cell {number} is damaged and was left out.")
        elif len(source) > MOST_LETTERS:
            problems.append(f"Cell {number} is longer than {MOST_LETTERS} letters; left out.")
        else:
            label, locked = _label(cell)
            yield Cell(label, str(cell.get("cell_type")), source, locked)


def _text(cell):
    """Return the source of a raw cell, or None."""
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return source.encode("utf-8", "replace").decode()  # JSON can hold half a letter, a file not


def _label(cell):
    """Return the name that the release gave a cell, and whether the release locked it.

    The cell's id serves where a tool dropped the metadata. The lock only keeps cells from being
    run twice; what a student could gain by setting it is that a cell does not run.
    """
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    for label in (nbgrader.get("grade_id"), cell.get("id")):
        if isinstance(label, str) and label:
            return label, nbgrader.get("locked") is True
    return "", nbgrader.get("locked") is True
