"""The notebook that a student gets: no solution, no hidden test, no listed mistake in it.

Its cells carry nbgrader's metadata (schema 3), so that an instructor can also use nbgrader's own
tools. The grader goes by the ids of the answer cells alone: ``<question>``.
"""

import hashlib
import re

import nbformat

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:)[^)\s]+\)")
HOW_TO = (
    "**How to work.** Go from top to bottom. Write each answer into the cell below its question, "
    "in place of the dots; you may add cells of your own. The cell `check(…)` after it tells "
    "whether the *public checks* pass, and if not, what kind of mistake it looks like. Public "
    "checks are not the marks: your answer is marked with other data.\n\n"
    "Numbers are compared to about one part in a thousand. "
    "Any equivalent form of a formula is right. All logarithms are natural, unless the question "
    "says otherwise.\n\n"
    "**Before you hand in:** restart the kernel, run all cells, save. Keep the name of the file, "
    "and neither delete nor rename its cells."
)


def plain_links(text):
    """Markdown whose links into the book are words: a release has no book around it."""
    return LINK.sub(r"\1", text)


def details(summary, text):
    """A block that opens on a click, also in Jupyter."""
    return f"<details><summary>{summary}</summary>\n\n{text.strip()}\n\n</details>"


def hint_blocks(question):
    """The hints, folded, from gentle to strong."""
    names = [f"Hint {n}" for n in range(1, len(question.hints) + 1)]
    names = ["Hint"] if len(names) == 1 else names
    return [details(*pair) for pair in zip(names, question.hints, strict=True)]


def points_in_words(points):
    """``1 point``, ``3 points``."""
    return f"{points:g} point{'' if points == 1 else 's'}"


def statement(number, question):
    """Heading, statement and hints of a question, as markdown."""
    head = f"## {number}. {question.title} ({points_in_words(question.points)})"
    return plain_links("\n\n".join([head, question.statement, *hint_blocks(question)]))


def check_call(exercise, question):
    """The line with which a learner checks an answer."""
    arguments = [f'"{exercise.slug}.{question.name}"', *question.answers]
    return f"check({', '.join(arguments)})"


def checksum(cell):
    """What nbgrader compares to see whether a locked cell was changed."""
    data = cell.metadata["nbgrader"]
    parts = [cell.source, cell.cell_type]
    parts += [str(data[key]) for key in ("grade", "solution", "locked")]
    parts += [data["grade_id"], *([str(float(data["points"]))] if data["grade"] else [])]
    return hashlib.md5("".join(parts).encode()).hexdigest()


def make_cell(grade_id, kind, source, *, grade=False, solution=False, points=None):
    """A cell with nbgrader's metadata; what is no solution is locked."""
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = new(source, id=grade_id)
    data = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "cell_type": kind,
    }
    if grade:
        data["points"] = points
    cell.metadata = nbformat.from_dict({"nbgrader": data, "deletable": False})
    if not solution:
        cell.metadata["editable"] = False
    cell.metadata["nbgrader"]["checksum"] = checksum(cell)
    return cell


def answer_cells(exercise, question, answer):
    """The cells that a student fills in and runs; ``answer`` is what stands in the first."""
    if question.kind == "text":
        options = {"grade": True, "solution": True, "points": question.points}
        return [make_cell(question.name, "markdown", answer, **options)]
    call = check_call(exercise, question)
    check = make_cell(f"{question.name}-check", "code", call, grade=True, points=question.points)
    return [make_cell(question.name, "code", answer, solution=True), check]


def filled(exercise, answers):
    """The release with these answers, by question; the stub where there is none."""
    head = f"# {exercise.title}\n\n{plain_links(exercise.intro)}\n\n{HOW_TO}"
    cells = [make_cell("how-to", "markdown", head)]
    cells.append(make_cell("setup", "code", exercise.setup))
    for number, question in enumerate(exercise.questions, start=1):
        text = statement(number, question)
        cells.append(make_cell(f"{question.name}-statement", "markdown", text))
        answer = answers.get(question.name, question.stub)
        cells += answer_cells(exercise, question, answer)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "mlebook": {"exercise": exercise.slug},
        }
    )
    nbformat.validate(notebook)
    return notebook


def release(exercise):
    """The notebook that a student gets."""
    return filled(exercise, {})


def solved(exercise):
    """The release with the model solutions as answers: the control that must get full marks."""
    return filled(exercise, {question.name: question.solution for question in exercise.questions})


def as_text(notebook):
    """A notebook as the text of its file; the same notebook gives the same bytes."""
    return nbformat.writes(notebook) + "\n"
