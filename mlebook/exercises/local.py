"""What ``check`` says to a learner: it runs the public checks of the package in this process."""
from __future__ import annotations

import contextlib
import json
import random
from functools import lru_cache
from importlib.resources import files

from .answers import LocalAnswers
from .judging import BY_HAND, judge
from .public import expected_from, public_setting
from .settings import set_up
from .verdicts import NOT_ANSWERED

PASSED = "public checks passed"


def check_answers(address: str, answers: tuple, folder=None) -> str:
    """The sentence about these answers; ``folder`` holds other checks than the package's."""
    slug, question = _question(address, folder)
    names = question["answers"]
    if question["kind"] == "text":
        return f"{address}: {BY_HAND}, there is no check"
    if len(answers) != len(names):
        raise TypeError(f"{address} has {len(names)} answer{'s' * (len(names) != 1)} "
                        f"({', '.join(names)}), got {len(answers)}")
    with _same_random_numbers():
        place = public_setting(slug, question, _names(slug, folder))
        given = LocalAnswers(dict(zip(names, answers, strict=True)))
        verdict = judge(place, given, expected_from(question, place))
    return f"{address}: {_sentence(verdict)}"


def _sentence(verdict) -> str:
    if verdict.share == 1:
        return PASSED
    if verdict.message == NOT_ANSWERED:
        return NOT_ANSWERED
    if verdict.hint:
        return f"not yet right. It looks like: {verdict.hint}"
    return f"not yet right: {verdict.message}"


def _question(address: str, folder):
    """The slug and the stored check of ``"slug.question"``."""
    if not isinstance(address, str) or address.count(".") != 1:
        raise ValueError(f"check takes the address of a question, such as "
                         f"'squared_error.by_hand', first; got {address!r:.80}")
    slug, name = address.split(".")
    known = _slugs(folder)
    if slug not in known:
        raise ValueError(f"there is no exercise {slug!r}; there are {', '.join(known)}")
    questions = _stored(slug, folder)["questions"]
    if name not in questions:
        raise ValueError(f"{slug} has no question {name!r}; it has {', '.join(questions)}")
    return slug, questions[name]


def _root(folder):
    return files(__package__) / "checks" if folder is None else folder


def _slugs(folder) -> list[str]:
    return sorted(f.name.removesuffix(".json") for f in _root(folder).iterdir()
                  if f.name.endswith(".json"))


@lru_cache(maxsize=32)
def _stored(slug: str, folder) -> dict:
    return json.loads((_root(folder) / f"{slug}.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _names(slug: str, folder) -> dict:
    return set_up(_stored(slug, folder)["setup"])


@contextlib.contextmanager
def _same_random_numbers():
    """A check must not change what the learner's next cell draws."""
    import numpy as np
    import torch

    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
