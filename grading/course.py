"""The files of the nbgrader course in OUT: its settings, the releases, the marked notebooks.

What a student wrote is put into the release anew, as plain text, so that nothing in it is read as
HTML, link, mathematics or script when a person opens it to mark it.
"""

import json
from pathlib import Path

from grading.plain import fenced, shown, write_text
from grading.release import as_text, release

NO_CELL = "# No cell with an answer was found."

CONFIG = '''"""nbgrader for marking by hand. Written by the grader; start Jupyter in this folder."""

from pathlib import Path

c = get_config()  # noqa: F821
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.feedback_directory = "nbgrader_feedback"  # "feedback" holds the grader's pages
c.CsvExportPlugin.to = "nbgrader_grades.csv"  # "grades.csv" is the grader's table
c.HTMLExporter.sanitize_html = True
# Student code runs in the grader's sandbox alone: nbgrader's own autograde executes nothing.
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = []
'''


def write_course(out, exercises):
    """Write the settings and, for each exercise, source and release."""
    write_text(Path(out) / "nbgrader_config.py", CONFIG)
    for slug, exercise in exercises.items():
        text = as_text(release(exercise))
        for step in ("source", "release"):
            write_text(Path(out) / step / slug / f"{slug}.ipynb", text)


def marked_path(out, student, slug):
    """Where nbgrader looks for a student's marked notebook."""
    return Path(out) / "autograded" / student / slug / f"{slug}.ipynb"


def changed_since(path, notebook, exercise):
    """Return the questions whose answer is another one than in the notebook stored at ``path``."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        before = {cell["id"]: "".join(cell["source"]) for cell in stored["cells"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # none there, or one that is not ours
    after = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    names = {question.name for question in exercise.questions}
    return {name for name in names if before.get(name) != after.get(name)}


def blank(exercise):
    """Return the release as plain data, into which a student's answers are put.

    Before each answer in words stands what the marker needs: the rubric and a model answer.
    """
    notebook = json.loads(as_text(release(exercise)))
    help_for = {q.name: q for q in exercise.questions if q.kind == "text"}
    cells = []
    for cell in notebook["cells"]:
        if question := help_for.get(cell["id"]):
            text = f"**For the marker.** {question.rubric}\n\n*Model answer:* {question.solution}"
            name = f"{question.name}-rubric"
            cells.append({"cell_type": "markdown", "id": name, "metadata": {}, "source": text})
        cells.append({**cell, "source": "".join(cell["source"])})
    return {**notebook, "cells": cells}


def marked(exercise, empty, result, rows):
    """Return the release ``empty`` with a student's answers, their output, the grader's words.

    It is built of plain data: validating ten thousand notebooks that are valid by construction
    would take longer than all else that is written here.
    """
    code, helpers, rest = _sources(exercise, result)
    texts = {name: fenced(text) for name, text in result.get("answers", {}).items() if text.strip()}
    printed = _printed(result)
    words = {f"{row.name}-check": _words(row) for row in rows}
    answers = {**dict.fromkeys((row.name for row in rows if row.kind != "text"), NO_CELL), **code}
    answers |= texts
    cells = []
    for cell in empty["cells"]:
        name = cell["id"]
        cells += helpers.get(name, [])
        own = {**cell, "source": answers.get(name, cell["source"])}
        if cell["cell_type"] == "code":
            own["outputs"] = _stream(words.get(name) or printed.get(name, ""))
        cells.append(own)
    return {**empty, "cells": cells + rest}


def _sources(exercise, result):
    """Sort the cells that were run: the answers; cells of the student's own before them, after."""
    names = {question.name for question in exercise.questions}
    code, helpers, waiting = {}, {}, []
    for number, cell in enumerate(result.get("cells", [])):
        name, source = cell.get("id"), shown(cell.get("source", ""))
        if name in names:
            code[name] = f"{code[name]}\n\n{source}" if name in code else source
            helpers.setdefault(name, []).extend(waiting)
            waiting = []
        elif source.strip() and name != "setup":
            own = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "source": source}
            waiting.append({**own, "execution_count": None, "outputs": _stream(_output(cell))})
    return code, helpers, waiting


def _stream(text):
    return [{"output_type": "stream", "name": "stdout", "text": text}] if text else []


def _printed(result):
    """Collect what each answer cell printed; a cell that is there twice printed twice."""
    printed = {}
    for cell in result.get("cells", []):
        printed[cell.get("id")] = printed.get(cell.get("id"), "") + _output(cell)
    return printed


def _output(cell):
    parts = (shown(cell.get(part) or "", 5000).strip() for part in ("output", "error"))
    return "\n".join(part for part in parts if part)


def _words(row):
    """Say in the check cell what the grader decided."""
    said = [f"Grader: {row.share:.0%} of {row.points:g}. {row.message}"]
    if row.by_hand:
        said = [f"To be marked by hand ({row.points:g} points). {row.message}"]
    said += [f"Hint given: {row.hint}"] * bool(row.hint)
    said += [f"Limit met: {row.limit}"] * (row.limit not in row.message)
    return shown("\n".join(said))
