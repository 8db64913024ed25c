"""Judge an answer to any kind of question: in a notebook, in the laws, in the marker's sandbox."""
from __future__ import annotations

from importlib import import_module

from .settings import Setting
from .verdicts import Verdict

KINDS = ("numbers", "function", "formula", "derivation", "custom")
BY_HAND = "marked by a person"


def kind_module(setting: Setting):
    """The module that judges this question: a test with its own judge needs no other."""
    kind = "custom" if "judge" in setting.tests else setting.question["kind"]
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    return import_module(f".kind_{kind}", __package__)


def expected(setting: Setting):
    """What the solution and the listed mistakes give, for ``judge``."""
    return kind_module(setting).expected(setting)


def judge(setting: Setting, answers, found) -> Verdict:
    """The verdict on answers (``value``, ``call``, ``grad``), given what is expected."""
    if setting.question["kind"] == "text":
        return Verdict(0.0, BY_HAND, manual=True)
    return kind_module(setting).judge(setting, answers, found)
