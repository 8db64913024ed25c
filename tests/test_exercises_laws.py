"""Laws that every exercise obeys: right is right, nothing is nothing, each mistake has its hint.

In this process, without the sandbox: with the hidden tests and two seeds as a marker does it, and
with the public checks as a learner sees them.
"""

import functools
import json
import math

import pytest

from grading import public, source
from mlebook import catalog
from mlebook.exercises.answers import LocalAnswers
from mlebook.exercises.judging import expected, judge
from mlebook.exercises.local import PASSED, check_answers
from mlebook.exercises.settings import generator, set_up, setting
from mlebook.exercises.verdicts import NOT_ANSWERED
from tools import exercises as in_chapters
from tools import mathematics
from tools.environment import SOURCES


def read_each():
    """The exercises, and what is wrong with the sources that cannot be read."""
    found, wrong = {}, []
    for slug in source.slugs():
        try:
            found[slug] = source.read(slug)
        except source.SourceError as error:
            wrong.append(str(error))
    return found, wrong


EXERCISES, NOT_IN_ORDER = read_each()
SEEDS = (1, 20_260)
WITHOUT = {"index", "notation", "certificate", "errata", "map_of_losses"}  # no subject of their own
WORK = {"By hand", "Derive", "Implement", "Break", "Apply", "Explain"}
MARKED = [
    pytest.param(slug, question, id=f"{slug}.{question.name}")
    for slug, exercise in EXERCISES.items()
    for question in exercise.questions
    if question.kind != "text"
]
every_question = pytest.mark.parametrize(("slug", "question"), MARKED)
every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def student(slug, code):
    """The names in a notebook in which set-up and this answer have run, and nothing else."""
    names = {"__name__": "__main__"}
    exec(EXERCISES[slug].setup, names)
    exec(code, names)
    return names


@functools.cache
def place(slug, name, seed):
    """The setting of a question as a marker has it, and what it expects."""
    exercise = EXERCISES[slug]
    question = next(q for q in exercise.to_dict()["questions"] if q["name"] == name)
    test = question["hidden"] or question["test"]
    rng = generator(seed, "a student", slug, name)
    made = setting(question, set_up(exercise.setup), rng, test, bool(question["hidden"]))
    return made, expected(made)


def mark(slug, question, code, seed):
    """The verdict of a marker on an answer cell."""
    made, found = place(slug, question.name, seed)
    return judge(made, LocalAnswers(student(slug, code)), found)


def sentence(slug, question, code):
    """What ``check`` says to a learner with this answer cell."""
    names = student(slug, code)
    answers = tuple(names[name] for name in question.answers)
    return check_answers(f"{slug}.{question.name}", answers)


def test_every_source_is_in_order():
    assert NOT_IN_ORDER == []


@every_question
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_and_equivalents_get_full_marks(slug, question, seed):
    for code in (question.solution, *question.equivalents):
        verdict = mark(slug, question, code, seed)
        assert verdict.share == 1 and not verdict.manual, f"{verdict}\n{code}"


@every_question
@pytest.mark.parametrize("seed", SEEDS)
def test_the_untouched_stub_gets_nothing(slug, question, seed):
    verdict = mark(slug, question, question.stub, seed)
    assert (verdict.share, verdict.manual) == (0, False)


@every_question
@pytest.mark.parametrize("seed", SEEDS)
def test_each_listed_mistake_gets_its_share_and_hint(slug, question, seed):
    for mistake in question.mistakes:
        verdict = mark(slug, question, mistake.source, seed)
        assert verdict.share == pytest.approx(mistake.share), f"{mistake.name}: {verdict}"
        assert mistake.hint in verdict.hint, f"{mistake.name}: {verdict}"
        if question.kind != "custom" and verdict.mistake is not None:
            assert verdict.mistake == mistake.name


@every_question
def test_the_public_check_knows_right_from_wrong(slug, question):
    for code in (question.solution, *question.equivalents):
        assert sentence(slug, question, code) == f"{slug}.{question.name}: {PASSED}", code
    for mistake in question.mistakes:
        said = sentence(slug, question, mistake.source)
        assert "not yet right" in said and mistake.hint in said, f"{mistake.name}: {said}"
    assert sentence(slug, question, question.stub) == f"{slug}.{question.name}: {NOT_ANSWERED}"


@every_question
def test_a_question_lists_mistakes_and_other_right_answers(slug, question):
    assert len(question.mistakes) >= (1 if question.kind == "custom" else 2)
    assert question.equivalents or question.kind not in {"formula", "function"}
    assert question.hints


@every_exercise
def test_a_set_has_three_to_five_questions_of_different_work(exercise):
    assert 3 <= len(exercise.questions) <= 5
    titles = [question.title for question in exercise.questions]
    assert set(titles) <= WORK and len(set(titles)) >= min(4, len(titles))
    kinds = {question.kind for question in exercise.questions}
    assert kinds & {"formula", "derivation"}, "something is derived in every set"


@every_exercise
def test_a_statement_derives_nothing_and_an_explanation_types_no_equation(exercise):
    for question in exercise.questions:
        for text in (exercise.intro, question.statement, *question.hints, question.explanation):
            derived = [t for t in mathematics.inline_formulas(text) if mathematics.is_derived(t)]
            assert not derived, f"{question.name}: set it as $$ or say it in words: {derived}"
        answer = question.answer if question.kind == "text" else ""
        assert not list(mathematics.display_formulas(question.explanation + answer))


def alike(left, right):
    """Whether two files of checks say the same; other machines may differ in a last digit."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, str) and isinstance(right, str):
        words = left.split(), right.split()
        return left == right or (len(words[0]) == len(words[1]) and all(map(near, *words)))
    return left == right


def near(left, right):
    """Whether two words are the same, or nearly the same number."""
    try:
        return left == right or math.isclose(float(left), float(right), rel_tol=1e-8, abs_tol=1e-12)
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"a": ["1.00000000001 x", 2]}, {"a": ["1.00000000002 x", 2]}, True),
        ({"a": "1.001 x"}, {"a": "1.002 x"}, False),
        ({"a": "1 x"}, {"a": "1 y"}, False),
        ({"a": [1]}, {"a": [1, 1]}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": True}, {"a": False}, False),
    ],
)
def test_only_last_digits_may_differ_in_the_public_checks(left, right, expected):
    assert alike(left, right) is expected


@every_exercise
def test_the_committed_public_checks_are_current(exercise):
    path = public.CHECKS / f"{exercise.slug}.json"
    assert path.is_file(), "make exercises"
    stored = json.loads(path.read_text(encoding="utf-8"))
    made = json.loads(public.as_text(public.checks(exercise)))
    assert alike(stored, made), "make exercises"


def test_no_public_check_is_left_of_an_exercise_that_is_gone():
    assert {path.stem for path in public.CHECKS.glob("*.json")} == set(EXERCISES)


def test_every_chapter_with_a_subject_and_every_loss_has_an_exercise():
    chapters = {path.stem for path in SOURCES.glob("*.md")} - WITHOUT
    assert chapters | set(catalog.LOSSES) <= set(EXERCISES)


def test_every_exercise_stands_in_exactly_one_chapter():
    used = [
        slug
        for path in sorted(SOURCES.glob("*.md"))
        for slug in in_chapters.used(path.read_text(encoding="utf-8"))
    ]
    assert sorted(used) == sorted(EXERCISES)


def test_something_is_proved_in_steps_in_every_third_set():
    derivations = [
        slug for slug, e in EXERCISES.items() if "derivation" in {q.kind for q in e.questions}
    ]
    assert 3 * len(derivations) >= len(EXERCISES)
