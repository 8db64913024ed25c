"""Write the pages that students get back: OUT/feedback/<student>/<exercise>.html.

Whatever comes from a student is shown letter by letter: the templates escape everything, there is
no script, and the page forbids any (content security policy), and any request to elsewhere.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grading.marks import Total, number, rows
from grading.names import printable
from grading.plain import shown, write_text

TEMPLATES = Path(__file__).parent / "templates"
MOST_SHOWN = 4000  # letters of one answer or output on a page


@cache
def _templates():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals |= {"style": Markup(style), "style_hash": f"sha256-{digest}"}
    return environment


def write(out, exercises, results, manual, found):
    """Write a page for each result, an index for each student, and one of the class."""
    folder = Path(out) / "feedback"
    late = {(s.student, s.exercise) for s in found.submissions if s.late}
    waiting = {(s.student, s.exercise) for s in found.submissions}
    by_student = {key: {} for key in found.students}
    for result in results:
        by_student.setdefault(result["student"], {})[result["exercise"]] = result
    lines = []
    for key, handed_in in sorted(by_student.items()):
        student = found.students.get(key)
        name = printable(student.name) if student else key
        states = {
            slug: "not graded yet" if (key, slug) in waiting else "not handed in"
            for slug in exercises
        }
        totals = {}
        for slug, result in handed_in.items():
            exercise = exercises[slug]
            parts = rows(exercise, result, manual)
            totals[slug] = Total.of(parts)
            page = _exercise(exercise, result, parts, name, (key, slug) in late)
            write_text(folder / key / f"{slug}.html", page)
        whole = _whole(exercises, totals)
        problems = student.problems if student else []
        page = _student(exercises, states | totals, whole, name, problems)
        write_text(folder / key / "index.html", page)
        lines.append((key, whole))
    page = _templates().get_template("class.html").render(lines=lines)
    write_text(folder / "index.html", page)


def _whole(exercises, totals):
    """Sum over all exercises; one that was not handed in adds its points and no mark."""
    whole = Total()
    for slug, exercise in exercises.items():
        whole += totals.get(slug, Total(most=exercise.points))
    return whole


def _exercise(exercise, result, parts, name, late):
    cells = {}
    for cell in result.get("cells", []):
        cells.setdefault(cell.get("id"), []).append(cell)
    texts = result.get("answers", {})
    asked = {row.name for row in parts}
    own = [_errors(found) for name, found in cells.items() if name not in asked]
    problems = [
        *result.get("problems", []),
        *(f"A cell of your own did not run to its end: {error}" for error in own if error),
        *(f"A limit was met: {limit}" for limit in _untold(result, parts)),
    ]
    return _templates().get_template("exercise.html").render(
        exercise=exercise,
        name=name,
        late=late,
        total=Total.of(parts),
        error=shown(result.get("error") or "", MOST_SHOWN),
        problems=[shown(problem, MOST_SHOWN) for problem in problems],
        rows=[_question(row, cells.get(row.name, []), texts.get(row.name, "")) for row in parts],
    )


def _untold(result, parts):
    """The limits that stand neither beside a question nor as the end of a cell."""
    told = {row.limit for row in parts} | {cell.get("error") for cell in result.get("cells", [])}
    return [limit for limit in result.get("limits", []) if limit not in told]


def _errors(cells):
    return "\n".join(cell["error"] for cell in cells if cell.get("error"))


def _question(row, cells, text):
    """Put into words what a page says about one question."""
    said = [
        ("Grader", row.message),
        ("Your cell", _errors(cells) if row.earned < row.points else ""),
        ("Hint", row.hint),
        ("Limit met", "" if row.limit in row.message else row.limit),
        ("Marker", row.hand.comment),
        ("Note", "Your answer has changed since it was marked by hand." if row.review else ""),
    ]
    source = "\n\n".join(cell.get("source") or "" for cell in cells)
    output = "\n".join(cell.get(part) or "" for cell in cells for part in ("output", "error"))
    return {
        "name": row.name,
        "title": row.title,
        "mark": _mark(row),
        "look": _look(row),
        "said": [(label, shown(words, MOST_SHOWN)) for label, words in said if words],
        "text": shown(text, 5 * MOST_SHOWN).strip(),
        "source": shown(source, MOST_SHOWN).strip(),
        "output": shown(output, MOST_SHOWN).strip(),
    }


def _mark(row):
    if row.pending:
        return f"waits for marking by hand ({number(row.points)})"
    return f"{number(round(row.earned, 2))} of {number(row.points)}"


def _look(row):
    if row.pending or row.review:
        return "wait"
    if row.earned >= row.points:
        return "full"
    return "part" if row.earned > 0 else "none"


def _student(exercises, states, whole, name, problems):
    """Render a student's index; ``states`` holds a `Total` where there is a page to link to."""
    lines = [
        (slug, exercise.title, states[slug], isinstance(states[slug], Total))
        for slug, exercise in exercises.items()
    ]
    problems = [shown(problem, MOST_SHOWN) for problem in problems]
    return _templates().get_template("student.html").render(
        name=name, whole=whole, problems=problems, lines=lines
    )
