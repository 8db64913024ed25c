"""Keep the marks in nbgrader's gradebook, in which people mark by hand.

The grader writes its own marks alone. What a person wrote there, mark, extra credit and comment,
is never changed; where the answer is another one since, the mark is flagged to be looked at again.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from grading.course import blank, changed_since, marked, marked_path, write_course
from grading.marks import Mark, rows
from grading.plain import write_text

DATABASE = "gradebook.db"
AT_ONCE = 1000  # submissions between two writes to the database


class GradebookError(ValueError):
    """The gradebook in OUT does not fit the exercises; the message says what to do."""


@contextmanager
def _opened(out):
    """Open the gradebook in OUT, made where there is none."""
    from nbgrader.api import Gradebook  # only here: reading marks must not need it installed

    # A new gradebook calls alembic by name, which lies beside this Python and maybe not on PATH.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), beside])
    with Gradebook(f"sqlite:///{(Path(out) / DATABASE).resolve()}") as book:
        yield book


def record(out, exercises, results):
    """Write results into the gradebook and as notebooks that `nbgrader` shows for marking."""
    write_course(out, exercises)
    manual = manual_marks(out)
    with _opened(out) as book:
        for exercise in exercises.values():
            _define(book, exercise)
        for slug, exercise in exercises.items():
            own = [result for result in results if result["exercise"] == slug]
            for start in range(0, len(own), AT_ONCE):
                _record(book, out, exercise, own[start : start + AT_ONCE], manual)


def cell_name(question):
    """Return the name of the cell with the mark: a text is marked itself, code by its check."""
    return question.name if question.kind == "text" else f"{question.name}-check"


def _define(book, exercise):
    """Make assignment, notebook and cells; refuse to mix two versions of an exercise."""
    slug = exercise.slug
    book.update_or_create_assignment(slug)
    notebook = book.update_or_create_notebook(slug, slug)
    wanted = {cell_name(question): question for question in exercise.questions}
    held = {cell.name for cell in notebook.grade_cells}
    if notebook.submissions and held != wanted.keys():
        raise GradebookError(
            f"{slug} has other questions than when this OUT was made "
            f"({', '.join(sorted(held ^ wanted.keys()))}). Grade into another OUT."
        )
    for name, question in wanted.items():
        kind = "markdown" if question.kind == "text" else "code"
        points = float(question.points)
        book.update_or_create_grade_cell(name, slug, slug, max_score=points, cell_type=kind)
        book.update_or_create_solution_cell(question.name, slug, slug)
        source = {"cell_type": kind, "source": question.stub, "locked": kind == "code"}
        book.update_or_create_source_cell(name, slug, slug, **source)


def _record(book, out, exercise, results, manual):
    """Write the results of one exercise: the gradebook first, then the notebooks."""
    from nbgrader import api

    notebook = book.find_notebook(exercise.slug, exercise.slug)
    cells = {cell.name: cell.id for cell in notebook.grade_cells}
    boxes = [cell.id for cell in notebook.solution_cells]
    handed_in = _submissions(book, api, notebook, [result["student"] for result in results])
    held = _held(book, api, notebook)
    empty, notebooks, rows_of = blank(exercise), {}, {api.Grade: [], api.Comment: []}
    for result in results:
        parts = rows(exercise, result, manual)
        path = marked_path(out, result["student"], exercise.slug)
        notebooks[path] = marked(exercise, empty, result, parts)
        changed = changed_since(path, notebooks[path], exercise)
        key = handed_in[result["student"]]
        for question, row in zip(exercise.questions, parts, strict=True):
            cell = cells[cell_name(question)]
            was = held[api.Grade].get((key, cell))
            entry = {"id": was.id if was else api.new_uuid(), "notebook_id": key, "cell_id": cell}
            rows_of[api.Grade].append((was is None, entry | _grade(was, row, changed)))
        for box in boxes:
            if (key, box) not in held[api.Comment]:
                comment = {"id": api.new_uuid(), "notebook_id": key, "cell_id": box}
                rows_of[api.Comment].append((True, comment))
    _write(book, rows_of)
    # After the database: stopped in between, the next run still sees which answers have changed.
    for path, data in notebooks.items():
        write_text(path, json.dumps(data, ensure_ascii=False) + "\n")


def _submissions(book, api, notebook, students):
    """Return the id of each student's notebook in the gradebook, made where there is none."""
    whole, own = api.SubmittedAssignment, api.SubmittedNotebook
    query = book.db.query(whole.student_id, own.id).join(whole, own.assignment_id == whole.id)
    held = dict(tuple(row) for row in query.filter(own.notebook_id == notebook.id))
    known = {student for (student,) in book.db.query(api.Student.id)}
    new = {api.Student: [], whole: [], own: []}
    for student in students:
        if student in held:
            continue
        if student not in known:
            # Without names nbgrader would call everyone "None, None".
            names = {"id": student, "last_name": student, "first_name": ""}
            new[api.Student].append((True, names))
        first, held[student] = api.new_uuid(), api.new_uuid()
        assignment = {"id": first, "assignment_id": notebook.assignment_id, "student_id": student}
        new[whole].append((True, assignment))
        entry = {"id": held[student], "assignment_id": first, "notebook_id": notebook.id}
        new[own].append((True, entry))
    _write(book, new)
    return held


def _held(book, api, notebook):
    """Return the grades and comments of one exercise that are there, by notebook and cell."""
    own, found = api.SubmittedNotebook, {}
    columns = {
        api.Grade: (api.Grade.manual_score, api.Grade.needs_manual_grade),
        api.Comment: (),
    }
    for table, more in columns.items():
        query = book.db.query(table.notebook_id, table.cell_id, table.id, *more)
        query = query.join(own, table.notebook_id == own.id).filter(own.notebook_id == notebook.id)
        found[table] = {(row.notebook_id, row.cell_id): row for row in query}
    return found


def _write(book, new):
    """Insert or update many rows in one transaction; row by row would take minutes."""
    for table, entries in new.items():
        inserts = [entry for is_new, entry in entries if is_new]
        updates = [entry for is_new, entry in entries if not is_new]
        book.db.bulk_insert_mappings(table, inserts)
        book.db.bulk_update_mappings(table, updates)
    book.db.commit()


def _grade(was, row, changed):
    """Return the grader's part of a grade. Manual score and extra credit belong to people."""
    needs = row.by_hand
    if was and was.manual_score is not None:
        needs = was.needs_manual_grade or row.name in changed
    auto = None if row.by_hand and row.kind == "text" else round(row.share * row.points, 4)
    return {"auto_score": auto, "needs_manual_grade": needs}


def manual_marks(out):
    """Return what people gave: ``{(student, exercise, question): Mark}``; {} without a gradebook.

    There are entries only where a person gave or wrote something, or is still to do so.
    """
    if not (Path(out) / DATABASE).exists():
        return {}
    from nbgrader import api

    with _opened(out) as book:
        key = (api.SubmittedAssignment.student_id, api.Assignment.name, api.BaseCell.name)
        scores = book.db.query(
            *key,
            api.Grade.manual_score,
            api.Grade.extra_credit,
            api.Grade.needs_manual_grade,
        )
        comments = book.db.query(*key, api.Comment.manual_comment)
        found = {}
        for student, slug, cell, score, extra, pending in _joined(scores, api, api.Grade):
            if score is not None or extra or pending:
                name = cell.removesuffix("-check")
                found[student, slug, name] = Mark(score, extra or 0.0, "", bool(pending))
        for student, slug, cell, comment in _joined(comments, api, api.Comment):
            if comment and comment.strip():
                mark = found.get((student, slug, cell), Mark())
                found[student, slug, cell] = Mark(mark.score, mark.extra, comment, mark.pending)
    return found


def _joined(query, api, table):
    """Join grades or comments with the names that they belong to."""
    whole = api.SubmittedAssignment
    return (
        query.select_from(table)
        .join(api.BaseCell, table.cell_id == api.BaseCell.id)
        .join(api.SubmittedNotebook, table.notebook_id == api.SubmittedNotebook.id)
        .join(whole, api.SubmittedNotebook.assignment_id == whole.id)
        .join(api.Assignment, whole.assignment_id == api.Assignment.id)
    )
