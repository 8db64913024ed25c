"""A student of the trial class: what they hand in, and which marks that deserves.

All work on ``squared_error``. A hostile student answers the questions in ``right`` honestly and the
others wrongly, so that a mark above those questions' points is forged.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from grading import release

SLUG = "squared_error"
# What the attacks below name. A rename in the exercise must not make an attack toothless unseen.
NAMES = {"by_hand": "loc", "weighted": "nll", "log_scale": "nll_log_scale", "outlier": "far"}
PORT = 47113  # the trial listens here; nobody may ever connect
PLANT = "forged-by-a-student"  # the name of every file that an attack leaves anywhere
HONEST, HOSTILE = "honest", "hostile"


@dataclass(frozen=True)
class Student:
    """One kind of student.

    Attributes:
        name: of the student, and of the folder.
        about: what the attack aims at, or what is unusual about honest work.
        own: code of the student's own cell, which stands before the first question.
        answers: code by question, in place of the right or wrong answer; or a function that makes
            this from the exercise.
        right: the questions that are answered rightly; they fix the highest deserved mark.
        may_lose: questions among these that the student's own doing may cost.
        shares: makes from the exercise the parts of points that listed mistakes deserve.
        change: takes the finished notebook (nbformat) and returns what is handed in, text or bytes.
        place: where below the folder of submissions; None for ``<name>/<exercise>.ipynb``.
        hand_in: called with the folder of submissions and the bytes, where a file is not enough.
    """

    name: str
    about: str
    own: str = ""
    answers: dict | Callable = field(default_factory=dict)
    right: tuple = ("by_hand",)
    may_lose: tuple = ()
    shares: Callable | None = None
    change: Callable = release.as_text
    place: str | None = None
    hand_in: Callable | None = None
    kind: str = HOSTILE

    @property
    def path(self):
        """Where the notebook is handed in."""
        return self.place or f"{self.name}/{SLUG}.ipynb"

    def bounds(self, exercise):
        """The lowest and the highest mark that this student's honest answers deserve."""
        points = {question.name: question.points for question in exercise.questions}
        high = sum(points[name] for name in self.right)
        if self.shares:
            high += sum(share * points[name] for name, share in self.shares(exercise).items())
        return high - sum(points[name] for name in self.may_lose), high

    def submit(self, folder, exercise):
        """Put what is handed in below the folder of submissions."""
        content = self.notebook(exercise)
        content = content if isinstance(content, bytes) else content.encode()
        if self.hand_in:
            self.hand_in(folder, content)
            return
        path = folder / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def notebook(self, exercise):
        """What is handed in."""
        notebook = release.filled(exercise, self.all_answers(exercise))
        if self.own:
            cell = release.nbformat.v4.new_code_cell(self.own, id="own")
            notebook.cells.insert(2, cell)
        return self.change(notebook)

    def all_answers(self, exercise):
        """An answer to each question but the texts."""
        given = self.answers(exercise) if callable(self.answers) else self.answers
        chosen = {}
        for question in exercise.questions:
            if question.name in given:
                chosen[question.name] = given[question.name]
            elif question.name in self.right:
                chosen[question.name] = question.solution
            elif question.kind != "text":
                chosen[question.name] = wrong(question)
        return chosen


def wrong(question):
    """An answer that is certainly wrong, and runs."""
    if question.kind == "function":
        return f"def {question.answers[0]}(*arguments):\n    return arguments[0] * 0 - 77.0"
    value = '"77"' if question.kind == "formula" else "-77.0"
    return "\n".join(f"{name} = {value}" for name in question.answers)


def check_names(exercise):
    """Raise where an attack names what the exercise does not have any more."""
    for question, answer in NAMES.items():
        if answer not in exercise.question(question).answers:
            raise ValueError(f"{exercise.slug}.{question} does not ask for {answer} any more")
