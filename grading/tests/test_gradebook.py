"""Marks given by hand are never lost, and nothing that a student wrote runs for the marker."""

import dataclasses
import json
import re
import shutil

import nbformat
import pytest

from grading.course import marked_path
from grading.gradebook import GradebookError, manual_marks, record
from grading.marks import Mark, rows
from grading.tests.results import exercises, result

api = pytest.importorskip("nbgrader.api")
KEY = ("ada", "squared_error", "engel")


@pytest.fixture(scope="module")
def example():
    return exercises()


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    """A new gradebook calls alembic, which takes seconds; so it is made once and copied."""
    path = tmp_path_factory.mktemp("empty")
    record(path, {}, [])
    return path / "gradebook.db"


@pytest.fixture
def out(tmp_path, empty_gradebook):
    shutil.copy(empty_gradebook, tmp_path)
    return tmp_path


def book(out):
    return api.Gradebook(f"sqlite:///{out}/gradebook.db")


def grade(out, cell, student="ada"):
    with book(out) as gradebook:
        found = gradebook.find_grade(cell, "squared_error", "squared_error", student)
        return found.auto_score, found.manual_score, found.needs_manual_grade


def give(out, cell, score, extra=None, comment=None, student="ada"):
    """Mark by hand, as the formgrader does."""
    with book(out) as gradebook:
        found = gradebook.find_grade(cell, "squared_error", "squared_error", student)
        found.manual_score, found.extra_credit = score, extra
        found.needs_manual_grade = False
        name = cell.removesuffix("-check")
        box = gradebook.find_comment(name, "squared_error", "squared_error", student)
        box.manual_comment = comment
        gradebook.db.commit()


def test_marks_go_into_the_gradebook_and_texts_wait_for_a_person(out, example):
    record(out, example, [result(shares=(1, 0.5, 0, 1)), result("bob", text="")])
    assert grade(out, "by_hand-check") == (2, None, False)
    assert grade(out, "weighted-check") == (1.5, None, False)
    assert grade(out, "engel") == (None, None, True)
    assert grade(out, "engel", "bob") == (0, None, False)  # nothing there to be read
    assert manual_marks(out) == {KEY: Mark(pending=True)}
    with book(out) as gradebook:
        submission = gradebook.find_submission("squared_error", "ada")
        assert submission.max_score == example["squared_error"].points
        assert submission.score == 5.5 and submission.needs_manual_grade


def test_manual_mark_extra_credit_and_comment_survive_grading_again(out, example):
    first = result(shares=(1, 0.5, 0, 1))
    record(out, example, [first])
    give(out, "engel", 2.0, 0.5, "Well seen.")
    give(out, "weighted-check", 3.0, comment="A right form.")
    for again in (first, result(shares=(0, 0, 0, 0))):
        record(out, example, [again, result("bob")])
        marks = manual_marks(out)
        assert marks[KEY] == Mark(2.0, 0.5, "Well seen.", False)
        assert marks["ada", "squared_error", "weighted"] == Mark(3.0, 0.0, "A right form.", False)
    assert grade(out, "by_hand-check") == (0, None, False)


def test_an_answer_that_changed_after_it_was_marked_is_flagged_and_keeps_it(out, example):
    record(out, example, [result(text="Because.")])
    give(out, "engel", 2.0, comment="Good.")
    give(out, "weighted-check", 3.0)
    changed = result(text="Because of that.")
    record(out, example, [changed])
    marks = manual_marks(out)
    assert marks[KEY] == Mark(2.0, 0.0, "Good.", True)
    assert not marks["ada", "squared_error", "weighted"].pending
    changed["cells"][1]["source"] = "nll = 2"
    record(out, example, [changed])
    assert manual_marks(out)["ada", "squared_error", "weighted"] == Mark(3.0, 0.0, "", True)


def test_a_formula_that_could_not_be_decided_waits_for_a_person(out, example):
    undecided = result(shares=(1, 0, 1, 1))
    undecided["questions"][1]["manual"] = True
    record(out, example, [undecided])
    assert grade(out, "weighted-check") == (0, None, True)
    row = rows(example["squared_error"], undecided, manual_marks(out))[1]
    assert row.pending and row.auto is None
    give(out, "weighted-check", 3.0)
    row = rows(example["squared_error"], undecided, manual_marks(out))[1]
    assert not row.pending and row.earned == 3


def test_another_version_of_an_exercise_is_refused(out, example):
    record(out, example, [result()])
    exercise = example["squared_error"]
    fewer = type(exercise)(**{**vars(exercise), "questions": exercise.questions[1:]})
    with pytest.raises(GradebookError, match=r"by_hand-check.*another OUT"):
        record(out, {"squared_error": fewer}, [])


EVIL = """<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>
~~~~
</code></pre><svg onload=alert(4)> $\\href{javascript:alert(5)}{x}$ \x1b]8;;http://e\x07
\u202egnp.exe <iframe src="data:text/html,<script>alert(6)</script>">"""


def hostile():
    evil = result("eve", text=EVIL, error=EVIL)
    for cell in evil["cells"]:
        cell |= {"source": EVIL, "output": EVIL, "error": EVIL}
    evil["cells"].insert(1, {"id": EVIL, "source": EVIL, "output": EVIL, "error": None})
    for question in evil["questions"]:
        question |= {"message": EVIL, "hint": EVIL, "limit": EVIL}
    return evil


def test_the_marked_notebook_holds_plain_text_alone(out, example):
    record(out, example, [hostile()])
    path = marked_path(out, "eve", "squared_error")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert not {key for cell in notebook.cells for key in cell} & {"attachments"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type == "stream" and "\x1b" not in output.text
    answer = next(cell for cell in notebook.cells if cell.id == "engel").source
    fence = answer.splitlines()[0].removesuffix("text")
    assert set(fence) == {"~"} and len(fence) > 4 and answer.endswith(fence)
    assert fence not in "\n".join(answer.splitlines()[1:-1])
    assert "\u202e" not in json.dumps(notebook, ensure_ascii=False)


def test_what_the_formgrader_shows_of_a_hostile_answer_is_inert(out, example):
    """Render with nbgrader's own exporter and template, and look for anything that is alive."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config

    record(out, example, [hostile()])
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = dict.fromkeys(
        ("assignment_id", "notebook_id", "submission_id", "base_url", "student", "last_name"), "x"
    )
    resources |= {"first_name": "x", "notebook_path": "x", "index": 0, "total": 1}
    exporter = HTMLExporter(config=config)
    path = str(marked_path(out, "eve", "squared_error"))
    html, _ = exporter.from_filename(path, resources=resources)
    record(out, example, [result("eve", text="Because.")])
    plain, _ = exporter.from_filename(path, resources=resources)
    assert "alert(1)" in html and html.count("alert(") > 20
    for sign in ("<script", "<svg", "<img", "<iframe", 'href="', "href='", "onerror=", "onload="):
        assert html.count(sign) - escaped(html, sign) == plain.count(sign), sign


def escaped(html, sign):
    """Count the places where the sign is only text: attributes in escaped tags."""
    return 0 if sign.startswith(("<", "href")) else html.count(sign) - live(html, sign)


def live(html, sign):
    """Count the attribute inside real tags."""
    return sum(sign in tag for tag in re.findall(r"<[a-zA-Z][^<>]*>", html))


def test_the_marker_sees_the_rubric_and_the_student_never_does(out, example):
    exercise = example["squared_error"]
    words = {"rubric": "One point each.", "solution": "It fans."}
    asked = dataclasses.replace(exercise.questions[-1], **words)
    exercise = dataclasses.replace(exercise, questions=(*exercise.questions[:-1], asked))
    record(out, {"squared_error": exercise}, [result()])
    text = marked_path(out, "ada", "squared_error").read_text()
    assert "One point each." in text and "It fans." in text
    for step in ("source", "release"):
        text = (out / step / "squared_error/squared_error.ipynb").read_text()
        assert "One point each." not in text and "It fans." not in text


def test_nbgraders_own_autograde_executes_nothing(out, example):
    record(out, example, [result()])
    from nbgrader.converters import Autograde
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(out)).load_config()
    assert config.Autograde.autograde_preprocessors == [] == config.Autograde.sanitize_preprocessors
    assert config.CourseDirectory.root == str(out)
    assert Autograde.autograde_preprocessors.default() != []  # the setting does change something
    assert not (out / "submitted").exists()


def test_nbgraders_generate_cannot_replace_an_exercise_that_has_marks(out, example):
    from nbgrader.preprocessors import SaveCells

    record(out, example, [result()])
    give(out, "engel", 2.0)
    source = nbformat.read(out / "source/squared_error/squared_error.ipynb", as_version=4)
    names = dict.fromkeys(("notebook", "assignment"), "squared_error")
    resources = {"nbgrader": {**names, "db_url": f"sqlite:///{out}/gradebook.db"}}
    with pytest.raises(RuntimeError, match="submissions associated"):
        SaveCells().preprocess(source, resources)
    assert manual_marks(out)[KEY].score == 2.0


def test_a_broken_notebook_and_a_student_without_cells_have_their_entries(out, example):
    broken = result("zed", cells=[], answers={}, questions=[], error="It is not a notebook.")
    record(out, example, [broken])
    assert grade(out, "weighted-check", "zed") == (0, None, False)
    text = marked_path(out, "zed", "squared_error").read_text()
    assert "It is not a notebook." in text and "No cell with an answer was found" in text
