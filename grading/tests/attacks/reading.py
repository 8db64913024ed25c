"""Read the hostile students of this folder: one markdown file a theme, one section a student.

A section's heading is the name, its paragraph what is attacked. ``- right:`` and ``- may lose:``
list questions (see Student). A block ``python own`` is the student's own cell, ``python every`` an
expression that is the answer to everything, ``python <question>`` one answer.
"""

import re
from pathlib import Path

from grading.tests.attacks.student import Student

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(r"^```python (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^- (right|may lose): (.*)$", re.MULTILINE)


def every(expression):
    """Answers that give this expression to everything that is asked for."""
    numbers = f"loc = scale = total = far = nll = {expression}"
    function = f"def nll_log_scale(*arguments):\n    return {expression}"
    named = dict.fromkeys(("by_hand", "weighted", "outlier"), numbers)
    return {**named, "log_scale": function}


def names(text):
    """Return the questions in an option's list."""
    return () if text == "nothing" else tuple(text.split(", "))


def read_student(section):
    """Return the student of one section."""
    name, _, rest = section.partition("\n")
    blocks = {label: code.rstrip("\n") for label, code in BLOCK.findall(rest)}
    options = {key.replace(" ", "_"): names(text) for key, text in OPTION.findall(rest)}
    about = BLOCK.sub("", OPTION.sub("", rest)).strip()
    if not about or not blocks or not set(options) <= {"right", "may_lose"}:
        raise ValueError(f"the section {name!r} lacks its paragraph or its code")
    own = blocks.pop("own", "")
    answers = every(blocks.pop("every").strip()) if "every" in blocks else {}
    return Student(name, about, own=own, answers={**answers, **blocks}, **options)


def read_file(path):
    """Return the students of one theme."""
    sections = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [read_student(section) for section in sections]


def read_all(folder=HERE):
    """Return the students of all themes."""
    return [student for path in sorted(folder.glob("*.md")) for student in read_file(path)]
