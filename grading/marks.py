"""Put together what the grader and what people gave, and write it as tables.

``OUT/grades.csv`` has one row for each student, ``OUT/marks.csv`` one for each question. A mark
that a person has still to give is shown as pending; it is never counted as 0 in silence.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from grading.names import printable
from grading.plain import shown, write_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a table calculation takes such text as a formula


@dataclass(frozen=True)
class Mark:
    """What a person gave for a question; ``pending`` if a person is still to look at it."""

    score: float | None = None
    extra: float = 0.0
    comment: str = ""
    pending: bool = False


@dataclass(frozen=True)
class Row:
    """One question of one student: what the grader says and what a person says."""

    name: str
    title: str
    kind: str
    points: float
    share: float
    message: str
    hint: str
    mistake: str
    limit: str
    by_hand: bool
    hand: Mark

    @property
    def auto(self):
        """The mark of the grader; None where it gives none or a person's takes its place."""
        if self.by_hand or self.hand.score is not None:
            return None
        return round(self.share * self.points, 4)

    @property
    def manual(self):
        """The mark of a person, extra credit included; None if there is none."""
        if self.hand.score is None:
            return self.hand.extra or None
        return self.hand.score + self.hand.extra

    @property
    def earned(self):
        """The mark that counts so far."""
        return (self.auto or 0) + (self.manual or 0)

    @property
    def pending(self):
        """Whether a person has still to mark it."""
        return self.by_hand and self.hand.score is None

    @property
    def review(self):
        """Whether it was marked by hand and the answer changed since."""
        return self.hand.pending and self.hand.score is not None


def rows(exercise, result, manual):
    """Return a `Row` for each question of a result; ``manual`` is what the gradebook holds."""
    given = {question["name"]: question for question in result.get("questions", [])}
    texts = result.get("answers", {})
    found = []
    for question in exercise.questions:
        data = given.get(question.name, {})
        is_text = question.kind == "text"
        empty = is_text and not str(texts.get(question.name, "")).strip()
        message = "" if is_text and not empty else data.get("message") or _unmarked(result)
        found.append(
            Row(
                name=question.name,
                title=question.title,
                kind=question.kind,
                points=question.points,
                share=0.0 if is_text else float(data.get("share") or 0.0),
                message="Not answered." if empty else message,
                hint=data.get("hint") or "",
                mistake=data.get("mistake") or "",
                limit=data.get("limit") or "",
                by_hand=not empty and (is_text or bool(data.get("manual"))),
                hand=manual.get((result["student"], exercise.slug, question.name), Mark()),
            )
        )
    return found


def _unmarked(result):
    return result.get("error") or "Not marked."


@dataclass(frozen=True)
class Total:
    """The sums over the questions of one exercise, or over exercises."""

    auto: float = 0.0
    manual: float = 0.0
    most: float = 0.0
    pending: float = 0.0
    review: int = 0

    @classmethod
    def of(cls, parts):
        """Sum rows of questions."""
        return cls(
            sum(row.auto or 0 for row in parts),
            sum(row.manual or 0 for row in parts),
            sum(row.points for row in parts),
            sum(row.points for row in parts if row.pending),
            sum(row.review for row in parts),
        )

    def __add__(self, other):
        return Total(
            self.auto + other.auto,
            self.manual + other.manual,
            self.most + other.most,
            self.pending + other.pending,
            self.review + other.review,
        )

    @property
    def total(self):
        """What counts so far."""
        return self.auto + self.manual

    @property
    def status(self):
        """What a person has still to do."""
        words = []
        if self.pending:
            words.append(f"{number(self.pending)} by hand pending")
        if self.review:
            words.append(f"{self.review} marked by hand changed since")
        return "; ".join(words) or "graded"

    def __str__(self):
        """Say ``5 of 8, 3 by hand pending``."""
        status = "" if self.status == "graded" else f", {self.status}"
        return f"{number(round(self.total, 2))} of {number(self.most)}{status}"


def number(value):
    """Write a mark: no more than four decimals, none that say nothing."""
    return f"{round(value, 4) + 0:.10g}"


def safe(text):
    """Return one line of text that no table calculation takes as a formula."""
    line = " ".join(shown(text, 500).split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def write(out, exercises, results, manual, found):
    """Write ``grades.csv`` and ``marks.csv``; students without a notebook are in the first too."""
    by_student = {key: {} for key in found.students}
    for result in results:
        by_student.setdefault(result["student"], {})[result["exercise"]] = result
    late = {(s.student, s.exercise) for s in found.submissions if s.late}
    waiting = {(s.student, s.exercise) for s in found.submissions}
    grades, marks = [_grades_head(exercises)], [_MARKS_HEAD]
    for key, handed_in in sorted(by_student.items()):
        student = found.students.get(key)
        who = [key, printable(student.name) if student else key, student.id if student else ""]
        who = [safe(text) for text in who]
        cells, whole = [], Total()
        for slug, exercise in exercises.items():
            if slug not in handed_in:
                state = "not graded yet" if (key, slug) in waiting else "not handed in"
                cells += ["", "", "", number(exercise.points), state]
                whole += Total(most=exercise.points)
                continue
            parts = rows(exercise, handed_in[slug], manual)
            total = Total.of(parts)
            whole += total
            cells += _grades_cells(total, handed_in[slug], (key, slug) in late)
            marks += [[*who, slug, *_marks_cells(row)] for row in parts]
        sums = [whole.total, whole.most, whole.pending]
        grades.append([*who, *cells, *map(number, sums)])
    write_text(Path(out) / "grades.csv", _csv(grades))
    write_text(Path(out) / "marks.csv", _csv(marks))


def unread(result):
    """Tell whether nothing could be taken from a notebook."""
    return not result.get("cells") and not any(result.get("answers", {}).values())


def _grades_head(exercises):
    fields = ("auto", "manual", "total", "max", "status")
    each = [f"{slug} {name}" for slug in exercises for name in fields]
    return ["student", "name", "id", *each, "total", "max", "pending"]


def _grades_cells(total, result, late):
    words = [total.status]
    if result.get("error"):
        words.append("not graded")
    elif unread(result):
        words.append("no answers read")
    if late:
        words.append("late")
    sums = [total.auto, total.manual, total.total, total.most]
    return [*map(number, sums), "; ".join(words)]


_MARKS_HEAD = ["student", "name", "id", "exercise", "question", "title", "kind", "points", "auto"]
_MARKS_HEAD += ["manual", "mark", "pending", "mistake", "limit", "message", "comment"]


def _marks_cells(row):
    given = [row.auto, row.manual, None if row.pending else row.earned]
    numbers = ["" if value is None else number(value) for value in given]
    state = "yes" if row.pending else "again" if row.review else ""
    text = [row.mistake, row.limit, row.message, row.hand.comment]
    head = [row.name, row.title, row.kind, number(row.points)]
    return [*head, *numbers, state, *map(safe, text)]


def _csv(table):
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()
