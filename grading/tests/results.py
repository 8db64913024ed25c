"""Results as a grading run keeps them, made up for the tests of what is written from them."""

from grading.source import read
from grading.submissions import Found, Student, Submission


def exercises():
    """The example, by its name."""
    return {"squared_error": read("squared_error")}


def result(student="ada", shares=(), text="Because.", **more):
    """A result with these shares for the questions; ``more`` takes the place of other entries."""
    exercise = read("squared_error")
    questions, cells = [], []
    for number, question in enumerate(exercise.questions):
        share = shares[number] if number < len(shares) else 0.0
        manual = question.kind == "text"
        questions.append(
            {
                "name": question.name,
                "title": question.title,
                "kind": question.kind,
                "points": question.points,
                "share": share,
                "mark": share * question.points,
                "manual": manual,
                "message": "" if manual else "right" if share == 1 else "not right",
                "hint": "",
                "limit": None,
                "mistake": None,
            }
        )
        if not manual:
            code = {"source": f"x{number} = 1", "output": "", "error": ""}
            cells.append({"id": question.name, **code})
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
