"""What an exercise consists of, as plain data that any process can take and give.

Standard library only: the marker's sandbox imports this and nothing that reads files.
"""

from dataclasses import asdict, dataclass

KINDS = ("numbers", "function", "formula", "derivation", "custom", "text")
TEXT_STUB = "*Write your answer here.*"  # what an unanswered text cell holds


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students really give: its part of the points, and what to tell them."""

    name: str
    share: float
    hint: str
    source: str


@dataclass(frozen=True)
class Question:
    """One question. ``answer`` holds the markers; ``solution`` and ``stub`` are made from it."""

    name: str
    title: str
    kind: str
    points: float
    answers: tuple[str, ...]
    options: dict
    statement: str
    hints: tuple[str, ...]
    answer: str
    solution: str
    stub: str
    explanation: str
    rubric: str
    test: str
    hidden: str
    mistakes: tuple[Mistake, ...]
    equivalents: tuple[str, ...]

    @classmethod
    def from_dict(cls, data):
        """The inverse of ``to_dict``: lists become tuples again."""
        return cls(
            **{
                **data,
                "answers": tuple(data["answers"]),
                "hints": tuple(data["hints"]),
                "equivalents": tuple(data["equivalents"]),
                "mistakes": tuple(Mistake(**mistake) for mistake in data["mistakes"]),
            }
        )


@dataclass(frozen=True)
class Exercise:
    """A set of questions with the cell of imports and data that all of them share."""

    slug: str
    title: str
    intro: str
    setup: str
    questions: tuple[Question, ...]

    @property
    def points(self):
        """The most that can be had."""
        return sum(question.points for question in self.questions)

    def question(self, name):
        """The question of this name; ``KeyError`` if there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def to_dict(self):
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data):
        """The inverse of ``to_dict``."""
        questions = tuple(Question.from_dict(question) for question in data["questions"])
        return cls(**{**data, "questions": questions})
