"""Results as a grading run keeps them, made up for the tests of what is written from them."""

from functools import cache

from grading.exercise import TEXT_STUB, Exercise, Question
from grading.submissions import Found, Student, Submission

QUESTIONS = [  # name, title, kind, points
    ("by_hand", "By hand", "numbers", 2),
    ("weighted", "Derive", "formula", 3),
    ("log_scale", "Implement", "function", 3),
    ("outlier", "Break", "custom", 2),
    ("engel", "Explain", "text", 3),
]


def question(name, title, kind, points):
    """A question of which only the outside matters."""
    is_text = kind == "text"
    empty = dict.fromkeys(("explanation", "rubric", "test", "hidden"), "")
    return Question(
        name=name,
        title=title,
        kind=kind,
        points=points,
        answers=() if is_text else (f"{name}_answer",),
        options={},
        statement="Why?",
        hints=(),
        answer="",
        solution="Because." if is_text else f"{name}_answer = 1",
        stub=TEXT_STUB if is_text else f"{name}_answer = ...",
        mistakes=(),
        equivalents=(),
        **empty,
    )


@cache
def exercises():
    """An exercise with one question of each kind, by its name."""
    asked = tuple(question(*entry) for entry in QUESTIONS)
    setup = "from mlebook.exercises import check"
    exercise = Exercise("squared_error", "Squared error", "Five questions.", setup, asked)
    return {exercise.slug: exercise}


def result(student="ada", shares=(), text="Because.", **more):
    """A result with these shares for the questions; ``more`` takes the place of other entries."""
    exercise = exercises()["squared_error"]
    questions, cells = [], []
    for number, asked in enumerate(exercise.questions):
        share = shares[number] if number < len(shares) else 0.0
        manual = asked.kind == "text"
        questions.append(
            {
                "name": asked.name,
                "title": asked.title,
                "kind": asked.kind,
                "points": asked.points,
                "share": share,
                "mark": share * asked.points,
                "manual": manual,
                "message": "" if manual else "right" if share == 1 else "not right",
                "hint": "",
                "limit": None,
                "mistake": None,
            }
        )
        if not manual:
            code = {"source": f"x{number} = 1", "output": "", "error": ""}
            cells.append({"id": asked.name, **code})
    base = {
        "student": student,
        "exercise": "squared_error",
        "key": "k",
        "questions": questions,
        "cells": cells,
        "answers": {"engel": text},
        "problems": [],
        "limits": [],
        "seconds": 1.0,
        "peak_mb": 100.0,
        "error": None,
    }
    return {**base, **more}


def found(*results, late=(), nothing=()):
    """What was found for these results; ``nothing`` names students without a notebook."""
    names = sorted({item["student"] for item in results} | set(nothing))
    students = {name: Student(name, name, name, "") for name in names}
    handed_in = [
        Submission(item["student"], item["exercise"], None, item["student"] in late)
        for item in results
    ]
    return Found(handed_in, [], students)
