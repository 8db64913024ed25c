"""Answers are taken out of any notebook; what a notebook says about points decides nothing."""

import json

import pytest

from grading.exercise import TEXT_STUB
from grading.notebooks import MOST_CELLS, answer_cells
from grading.release import as_text, filled, release
from grading.tests.results import exercises


@pytest.fixture(scope="module")
def exercise():
    return exercises()["squared_error"]


def notebook(cells, **more):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def code(source, grade_id=None, **nbgrader):
    metadata = {"nbgrader": {"grade_id": grade_id, **nbgrader}} if grade_id else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def words(source, grade_id):
    return {**code(source, grade_id), "cell_type": "markdown"}


def test_the_released_notebook_gives_its_answer_cells_and_no_locked_one(exercise):
    answers = answer_cells(as_text(release(exercise)), exercise)
    names = [question.name for question in exercise.questions if question.kind != "text"]
    assert [cell["id"] for cell in answers.cells] == names
    assert answers.texts == {"engel": ""} and not answers.problems and not answers.broken


def test_answers_and_helper_cells_come_in_order(exercise):
    text = as_text(filled(exercise, {"weighted": "nll = 1", "engel": "Because *so*."}))
    data = json.loads(text)
    data["cells"].insert(3, code("helper = 2"))
    answers = answer_cells(json.dumps(data), exercise)
    assert {"id": "weighted", "source": "nll = 1"} in answers.cells
    assert answers.cells[0]["source"] == "helper = 2" and answers.cells[0]["id"] == "cell-4"
    assert answers.texts["engel"] == "Because *so*."


def test_locked_and_check_cells_of_a_student_are_never_run(exercise):
    cells = [
        code("evil()", "setup"),
        code("evil()", "weighted-check", points=100),
        code("evil()", "engel-check"),
        code("evil()", "other", locked=True),
        code("fine()", "weighted", points=100, grade=True),
    ]
    answers = answer_cells(notebook(cells), exercise)
    assert answers.cells == [{"id": "weighted", "source": "fine()"}]


def test_cells_without_metadata_are_known_by_their_ids(exercise):
    data = json.loads(as_text(filled(exercise, {"weighted": "nll = 1", "engel": "So."})))
    for cell in data["cells"]:
        cell["metadata"] = {}
    answers = answer_cells(json.dumps(data), exercise)
    assert {"id": "weighted", "source": "nll = 1"} in answers.cells
    assert answers.texts["engel"] == "So."
    assert not any("check(" in cell["source"] for cell in answers.cells)


def test_missing_doubled_and_changed_cells_are_told(exercise):
    cells = [
        code("a", "weighted"),
        code("b", "weighted"),
        words("One.", "engel"),
        words(TEXT_STUB, "engel"),
        words("Two.", "engel"),
        words("far = 3", "outlier"),
    ]
    answers = answer_cells(notebook(cells), exercise)
    assert [cell["source"] for cell in answers.cells] == ["a", "b"]
    assert answers.texts["engel"] == "One.\n\nTwo."
    told = "\n".join(answers.problems)
    assert "2 cells of question weighted; they were run in their order" in told
    assert "3 cells of question engel; they were joined" in told
    assert "outlier is no code cell" in told
    assert "cell of question by_hand is missing" in told


def test_an_answer_in_words_in_a_code_cell_is_words_and_not_run(exercise):
    answers = answer_cells(notebook([code("print('so')", "engel")]), exercise)
    assert answers.texts["engel"] == "print('so')" and not answers.cells


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "no json",
        "{",
        "[]",
        "3",
        "null",
        '{"cells": 3}',
        '{"cells": []}',
        '{"worksheets": [3]}',
        "[" * 100_000,
        '{"cells":' * 50_000,
        '{"nbformat": ' + "9" * 10_000 + "}",
        "\x00",
        "<html>",
    ],
)
def test_what_is_no_notebook_is_told_and_never_raises(exercise, text):
    answers = answer_cells(text, exercise)
    assert answers.broken and answers.problems and not answers.cells
    assert len(answers.problems[0]) < 250


def test_damaged_cells_are_left_out_and_the_rest_counts(exercise):
    odd = [3, None, [], {"cell_type": "code"}, code(3), code(["a", 3]), code(["x = 1\n", "y = 2"])]
    odd += [{"cell_type": ["code"], "source": "no", "metadata": "no"}]
    odd += [{**code("z"), "metadata": {"nbgrader": {"grade_id": 3}}, "id": {}}]
    odd += [code("#" * 300_000)]
    answers = answer_cells(notebook(odd), exercise)
    assert [cell["source"] for cell in answers.cells] == ["", "x = 1\ny = 2", "z"]
    assert sum("damaged" in problem for problem in answers.problems) == 5
    assert "longer than" in "\n".join(answers.problems)


def test_too_many_cells_are_cut_off(exercise):
    answers = answer_cells(notebook([code("1")] * (MOST_CELLS + 5)), exercise)
    assert len(answers.cells) == MOST_CELLS and "Only the first" in "\n".join(answers.problems)


def test_version_3_notebooks_are_read(exercise):
    cell = {"cell_type": "code", "input": ["x = 1"], "metadata": {}}
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}, {"cells": [cell]}]})
    assert [c["source"] for c in answer_cells(text, exercise).cells] == ["x = 1", "x = 1"]


def test_an_endless_answer_in_words_is_bounded(exercise):
    answers = answer_cells(notebook([words("a" * 150_000, "engel")] * 3), exercise)
    assert len(answers.texts["engel"]) == 20_000 and "cut off" in "\n".join(answers.problems)


def test_text_that_no_file_can_hold_is_replaced(exercise):
    cells = [words("half \ud800 a letter", "engel"), code("s = '\udfff'")]
    answers = answer_cells(notebook(cells), exercise)
    assert answers.texts["engel"] == "half ? a letter" and answers.cells[0]["source"] == "s = '?'"
