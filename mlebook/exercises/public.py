"""Public checks: what a learner's ``check`` needs to know of a set of questions.

No solution and no wrong answer is in them, only fingerprints: outputs on the public cases,
values of a formula at sampled points, salted hashes of numbers.
"""
from __future__ import annotations

from .judging import expected, kind_module
from .settings import Setting, generator, set_up, setting

SEED = "public"
_STORED = ("name", "title", "kind", "answers", "options", "test")


def public_checks(exercise: dict) -> dict:
    """The public checks of an exercise (``grading.exercise.Exercise.to_dict()``), plain data."""
    names = set_up(exercise["setup"])
    return {"slug": exercise["slug"], "setup": exercise["setup"],
            "questions": {q["name"]: fingerprint(exercise["slug"], q, names)
                          for q in exercise["questions"]}}


def fingerprint(slug: str, question: dict, names: dict) -> dict:
    """The public check of one question; ``names`` are those of the set-up cell."""
    stored = {key: question[key] for key in _STORED}
    stored["answers"] = list(question["answers"])
    stored["mistakes"] = [{key: m[key] for key in ("name", "share", "hint")}
                          for m in question["mistakes"]]
    if question["kind"] != "text":
        place = public_setting(slug, question, names)
        module = kind_module(place)
        stored["expected"] = module.to_data(expected(place))
    return stored


def public_setting(slug: str, question: dict, names: dict) -> Setting:
    """The setting of the visible test with the public seed."""
    return setting(question, names, generator(SEED, slug, question["name"]), question["test"])


def expected_from(stored: dict, place: Setting):
    """What is expected, from a stored public check."""
    return kind_module(place).from_data(stored["expected"], place)
