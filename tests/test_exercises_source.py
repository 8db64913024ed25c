"""The source of an exercise: read whole, stubs that run, and every disorder refused by name."""

import json

import pytest
from exercises_small import FRONT, HIDDEN, SMALL, plant

from grading import stubs
from grading.exercise import TEXT_STUB, Exercise
from grading.source import SourceError, read, read_all, slugs


def test_an_exercise_is_read_whole(tmp_path):
    exercise = read("small", plant(tmp_path))
    assert (exercise.slug, exercise.title, exercise.points) == ("small", "A small set", 6.5)
    assert exercise.intro.startswith("Two questions.") and "check" in exercise.setup
    area, double, words = exercise.questions
    assert (area.kind, area.points, area.answers, area.options) == ("numbers", 2, ("area",), {})
    assert area.hints == ("Multiply HINTMARK.",)
    assert "BEGIN" not in area.solution and "SOLUTIONMARK" in area.solution
    assert area.stub == "side = 2\narea = ..."
    (mistake,) = area.mistakes
    assert (mistake.name, mistake.share) == ("perimeter", 0.25)
    assert mistake.hint == "This is the perimeter: MISTAKEHINT."
    assert len(area.equivalents) == 1 and not area.test and not area.hidden
    assert double.stub == 'def double(x):\n    "Twice x."\n    ...  # your code'
    assert "TESTMARK" in double.test and "HIDDENMARK" in double.hidden
    assert words.stub == TEXT_STUB and words.answer.startswith("TEXTMARK")
    assert exercise.question("words") is words


def test_an_exercise_survives_json(tmp_path):
    exercise = read("small", plant(tmp_path))
    assert Exercise.from_dict(json.loads(json.dumps(exercise.to_dict()))) == exercise


def test_every_stub_runs_and_answers_nothing(tmp_path):
    for question in read("small", plant(tmp_path)).questions[:2]:
        names = {}
        exec(question.stub, names)
        assert names["area"] is ... if question.name == "area" else names["double"](1) is None


ANSWER = "area = side**2"
CHANGES = [
    (SMALL, "title: A small set", "name: x", "lacks exercise: title"),
    (SMALL, "role: setup", "role: test", "exactly one code cell with role: setup"),
    (SMALL, "import check", "import AnswerError", "lacks from mlebook.exercises import check"),
    (SMALL, "import math", "import math (", "set-up cell: line 1 is no Python"),
    (SMALL, "Two questions.", "See [[ squared_error.mse ]].", "no \\[\\[ \\]\\] in the intro"),
    (SMALL, '"question": "area"', '"question": "The area"', "a question's name is like"),
    (SMALL, '"question": "double"', '"question": "area"', "two questions are called area"),
    (SMALL, '"kind": "numbers"', '"kind": "number"', "kind is one of numbers"),
    (SMALL, '"points": 2,', '"points": 0,', "points is a positive number, not 0"),
    (SMALL, '"points": 2,', '"points": true,', "points is a positive number, not True"),
    (SMALL, '"points": 2,', '"points": 2, "tolerence": 0.1,', "no option 'tolerence'"),
    (SMALL, '"points": 2,', '"points": 2, "tolerance": "a",', "tolerance is a float"),
    (SMALL, '"answers": ["area"]', '"answers": "area"', "answers is a list of variable names"),
    (SMALL, '"answers": ["area"]', '"answers": []', "cannot have the answers"),
    (SMALL, '"points": 3}', '"points": 3, "answers": ["x"]}', "text question cannot have"),
    (SMALL, '"title": "By hand", ', "", "a title and a statement are needed"),
    (SMALL, "Give the `area`", "Give [[ value(1) ]]", "no \\[\\[ \\]\\] in a statement"),
    (SMALL, "Multiply", "[[ squared_error.mse ]]", "no \\[\\[ \\]\\] in the hint"),
    (SMALL, '{"role": "hint"}', '{"role": "clue"}', "no role 'clue'"),
    (SMALL, '{"role": "hint"}', '{"role": hint}', "could not be read"),
    (SMALL, "role: equivalent", "role: equivalents", "no role 'equivalents'"),
    (SMALL, "role: equivalent", "role: answer", "2 cells with role answer"),
    (SMALL, "role: answer", "role: mistake", "each mistake has a name of its own|no cell with"),
    (SMALL, "name: perimeter\n", "", "each mistake has a name of its own"),
    (SMALL, "share: 0.25", "share: 1", "0 <= share < 1, not 1"),
    (SMALL, 'hint: "This is the perimeter: MISTAKEHINT."\n', "", "lacks its hint"),
    (SMALL, "name: perimeter", "name: perimeter\npoints: 2", "a mistake cell has no points"),
    (SMALL, "    ### END SOLUTION\n", "    ### END SOLUTION\narea = 3\n", "is also assigned in"),
    (SMALL, ANSWER, "space = side**2", "none of the answers is assigned"),
    (SMALL, "### BEGIN SOLUTION\narea", "area", "### END SOLUTION without its partner"),
    (SMALL, "    ### END SOLUTION\n", "", "### BEGIN SOLUTION without ### END SOLUTION"),
    (SMALL, "### BEGIN SOLUTION\narea", "# BEGIN SOLUTION\narea", "stands alone on its line"),
    (SMALL, "area = 8", "space = 8", "mistake perimeter does not give area"),
    (SMALL, "area = 4.0", "space = 4.0", "equivalent 1 does not give area"),
    (SMALL, "area = 8", "area = = 8", "mistake perimeter: line 1 is no Python"),
    (SMALL, "def cases(rng)", "def case(rng)", "the test does not define cases"),
    (SMALL, "role: test", "role: hint", "no role 'hint'"),
    (SMALL, '{"role": "rubric"}', '{"role": "explanation"}', "no cell with role rubric"),
    (SMALL, "TEXTMARK because", "See [[ a.b ]]", "no \\[\\[ \\]\\] in the answer"),
    (HIDDEN, '"question": "double"', '"question": "treble"', "there is no question treble"),
    (HIDDEN, '"question": "double"', '"question": "words"', "text question has no hidden test"),
    (HIDDEN, "role: hidden", "role: test", "one code cell with role: hidden is needed"),
    (HIDDEN, "def cases(rng)", "def case(rng)", "the hidden test does not define cases"),
]


@pytest.mark.parametrize(("text", "old", "new", "message"), CHANGES)
def test_what_is_not_in_order_is_refused_with_file_and_cause(tmp_path, text, old, new, message):
    assert old in text
    changed = text.replace(old, new, 1)
    pair = (changed, HIDDEN) if text is SMALL else (SMALL, changed)
    with pytest.raises(SourceError, match=message) as error:
        read("small", plant(tmp_path, *pair))
    assert str(tmp_path / "small") in str(error.value)


def test_a_missing_or_empty_source_is_named(tmp_path):
    with pytest.raises(SourceError, match="there is no such file"):
        read("nothing", tmp_path)
    with pytest.raises(SourceError, match="there is no question"):
        read("small", plant(tmp_path, SMALL.split('+++ {"question"')[0], ""))


def test_an_overlay_replaces_the_hidden_tests_it_has(tmp_path):
    folder = plant(tmp_path / "exercises")
    secret = FRONT + HIDDEN.removeprefix(FRONT).replace("1e6", "1e9")
    overlay = tmp_path / "overlay"
    plant(overlay, SMALL, secret)
    (exercise,) = read_all(folder, overlay)
    assert "1e9" in exercise.question("double").hidden
    assert "1e6" in read("small", folder).question("double").hidden
    plant(overlay, SMALL, secret, "smal")
    with pytest.raises(SourceError, match="there is no exercise smal"):
        read_all(folder, overlay)
    with pytest.raises(SourceError, match=r"holds no <exercise>/hidden\.md"):
        read_all(folder, tmp_path / "typo")


def test_only_some_exercises_are_read_and_a_misspelt_one_is_named(tmp_path):
    folder = plant(plant(tmp_path), slug="other")
    assert slugs(folder) == ["other", "small"]
    assert [exercise.slug for exercise in read_all(folder, only=["small"])] == ["small"]
    with pytest.raises(SourceError, match="there is no exercise smal, but other, small"):
        read_all(folder, only=["smal"])


def test_several_regions_and_names_give_one_stub():
    source = "a = 1\n### BEGIN SOLUTION\nb, c = 2, 3\n### END SOLUTION\nd = 4\n"
    source += "### BEGIN SOLUTION\ne = 5\n### END SOLUTION\n"
    assert stubs.stub(source, ("c", "b", "e")) == "a = 1\nc = ...\nb = ...\nd = 4\ne = ..."
    assert stubs.solution(source) == "a = 1\nb, c = 2, 3\nd = 4\ne = 5"
