"""Find the submissions of a class in a folder or in a learning platform's zip.

Accepted are ``<student>/<exercise>.ipynb`` (also deeper), ``<student>.zip``, the folders and file
names of Moodle's and Canvas' downloads, and the zip of such a download as it is.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from grading.entries import Entry, EntryError, entries
from grading.names import exercise_of, owner, printable, safe_name


class SubmissionsError(ValueError):
    """The place of the submissions is not one; the text says what was given and expected."""


@dataclass(frozen=True)
class Problem:
    """What was found and not used, or used with a doubt. ``student`` is "" if nobody's."""

    student: str
    path: str
    text: str

    def __str__(self):
        """Path and text on one line."""
        return f"{printable(self.path)}: {self.text}"


@dataclass
class Student:
    """One who handed in something: the safe name that is the key, and what the platform says."""

    key: str
    raw: str
    name: str
    id: str = ""
    problems: list = field(default_factory=list)


@dataclass(frozen=True)
class Submission:
    """One notebook of one student. ``problems`` are texts for the student."""

    student: str
    exercise: str
    entry: Entry
    late: bool = False
    problems: tuple = ()

    @property
    def path(self):
        """Where it was found, as people read it."""
        return printable(self.entry.path)

    def read(self):
        """Return the plain dict that a job takes; an unreadable notebook is "" with a problem."""
        problems, text = list(self.problems), ""
        try:
            text = self.entry.read().decode("utf-8-sig", "replace")
        except EntryError as error:
            problems.append(f"Your notebook was not read. {error}")
        return {
            "student": self.student,
            "exercise": self.exercise,
            "notebook": text,
            "problems": problems,
        }


class Found(NamedTuple):
    """All submissions, all problems, and the students by their keys."""

    submissions: list
    problems: list
    students: dict


@dataclass(frozen=True)
class _Candidate:
    """A notebook that could be a student's submission of an exercise."""

    entry: Entry
    late: bool
    age: tuple

    @property
    def rank(self):
        """Sort the newest last; what cannot be read stands behind all that can."""
        return (not self.entry.problem, self.age, self.entry.parts)


def find(path, slugs):
    """Find the submissions of the exercises ``slugs`` below ``path``, a folder or a zip."""
    path = Path(path)
    if not path.exists():
        raise SubmissionsError(f"SUBMISSIONS={path} does not exist; expected a folder or a zip.")
    if path.is_file() and path.suffix.lower() != ".zip":
        raise SubmissionsError(f"SUBMISSIONS={path} is a file; expected a folder or a zip.")
    students, problems, candidates = {}, [], {}
    for entry in entries(path):
        _sort(entry, set(slugs), students, problems, candidates)
    submissions = [
        _choose(key, slug, found, problems) for (key, slug), found in sorted(candidates.items())
    ]
    served = {submission.student for submission in submissions}
    for key in students.keys() - served:
        text = "No notebook of an exercise was found. Hand in the .ipynb files, names unchanged."
        students[key].problems.append(text)
        problems.append(Problem(key, students[key].raw, text))
    return Found(submissions, problems, dict(sorted(students.items())))


def _sort(entry, slugs, students, problems, candidates):
    """Put one file where it belongs: to a student's exercise, or among the problems."""
    top = entry.parts[0]
    whose = owner(top, is_file=len(entry.parts) == 1 or top.lower().endswith(".zip"))
    if whose is None:
        if top.lower().endswith(".ipynb") or entry.problem:
            text = entry.problem or "It lies loose. Put it into a folder named after its student."
            problems.append(Problem("", entry.path, text))
        return
    key = _admit(whose, students)
    name = entry.parts[-1] if len(entry.parts) > 1 else whose.rest
    text, slug = entry.problem, None
    if name.lower().endswith(".ipynb"):
        slug, copy = exercise_of(name, slugs)
        if slug:
            candidate = _Candidate(entry, whose.late, (whose.upload, copy))
            candidates.setdefault((key, slug), []).append(candidate)
        text = text or ("" if slug else _unknown(slugs))
    elif name.lower().endswith(".zip") and not text:
        text = "It is a zip inside a zip, which is not opened. Hand in the notebooks themselves."
    if text:
        problems.append(Problem(key, entry.path, text))
        if not slug:
            students[key].problems.append(f"{printable(name or top)}: {text}")


def _unknown(slugs):
    return f"No exercise has this name; expected one of {', '.join(sorted(slugs))}."


def _admit(whose, students):
    """Return the student's key; two who would share one get a longer name each."""
    key = safe_name(whose.raw)
    while key in students and students[key].raw != whose.raw:
        key = safe_name(f"{key}/")  # the slash is not kept, so a hash is added
    students.setdefault(key, Student(key, whose.raw, printable(whose.name), whose.id))
    return key


def _choose(key, slug, found, problems):
    """Take the newest of a student's notebooks of one exercise, by the numbers in their names."""
    *older, newest = sorted(found, key=lambda candidate: candidate.rank)
    told = ()
    if older:
        names = ", ".join(printable(candidate.entry.path) for candidate in older[-3:])
        more = f" and {len(older) - 3} more" if len(older) > 3 else ""
        told = (
            f"{len(found)} notebooks of {slug} were handed in. Marked was "
            f"{printable(newest.entry.path)}, the newest by its name; not {names}{more}.",
        )
        problems.append(Problem(key, newest.entry.path, told[0]))
    return Submission(key, slug, newest.entry, newest.late, told)
