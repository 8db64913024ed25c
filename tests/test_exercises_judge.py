"""The judges of numbers, functions, derivations and questions with a judge of their own."""

import json

import pytest
import torch
from exercises_scene import Bench, PublicBench, question

from mlebook.exercises import values
from mlebook.exercises.settings import generator
from mlebook.exercises.verdicts import TestError, Wrong

both = pytest.mark.parametrize("bench", [Bench, PublicBench])

# --- numbers --------------------------------------------------------------------------------

SCALES = question(
    "numbers",
    "loc, scale = 69.0, 6**0.5",
    answers=("loc", "scale"),
    mistakes=[
        ("variance", 0.3, "This is a variance.", "loc, scale = 69.0, 6.0"),
        ("n_minus_one", 0.4, "Divide by n.", "loc, scale = 69.0, 3.0"),
    ],
)


@both
@pytest.mark.parametrize(
    ("answer", "share", "hint", "said"),
    [
        ("loc, scale = 69, 2.449", 1, "", "right"),
        ("loc, scale = torch.tensor([69.0]), torch.tensor(2.4495)", 1, "", "right"),
        ("loc, scale = np.float32(69), [2.449]", 1, "", "right"),
        ("loc, scale = 69, 2.455", 0.5, "", "scale: 2.455 is not right (right: loc)"),
        ("loc, scale = 69.0, 6.001", 0.3, "This is a variance.", "known mistake"),
        ("loc, scale = 70, 3.0", 0, "Divide by n.", "loc: 70 is not right"),
        ("loc, scale = 69, ...", 0.5, "", "scale: not answered yet"),
        ("loc = scale = ...", 0, "", "not answered yet"),
        ("loc, scale = '69', True", 0, "", "loc: not a number; scale: not a number"),
        ("loc, scale = 69 + 0j, None", 0, "", "not a number"),
        ("loc, scale = float('nan'), float('inf')", 0, "", "loc: nan is not right"),
        ("loc, scale = -69, [2.449, 2.449]", 0, "", "scale: [2.449, 2.449] is not right"),
        ("loc, scale = torch.tensor(True), torch.zeros(0)", 0, "", "not a number"),
        ("loc, scale = [True], {'a': 1}", 0, "", "not a number"),
        ("loc, scale = 10**400, 0", 0, "", "is not"),
    ],
)
def test_numbers(bench, answer, share, hint, said):
    verdict = bench(SCALES).judge(answer)
    assert (verdict.share, verdict.hint) == (share, hint)
    assert said in verdict.message


@both
def test_arrays_infinities_and_nought(bench):
    item = question("numbers", "answer = [0.0, -1000.0, float('inf')]", tolerance=1e-2)
    judge = bench(item).judge
    assert judge("answer = torch.tensor([0.009, -1009.0, float('inf')])").share == 1
    for wrong in ("[0.02, -1000, math.inf]", "[0, 1000, math.inf]", "[0, -1000, -math.inf]",
                  "[0, -1011.5, math.inf]", "[0, -1000, 1e300]", "[[0], [-1000], [math.inf]]"):
        assert judge(f"answer = {wrong}").share == 0, wrong


def test_a_stored_number_cannot_be_read_off():
    stored = json.dumps(PublicBench(SCALES).stored["expected"])
    assert "2.44" not in stored
    assert "69" not in "".join(stored.split('"shape": []')).replace('"', " ").split()


def test_a_solution_without_its_numbers_is_an_error_of_the_source():
    with pytest.raises(TestError, match="is not 1 to 100 numbers"):
        Bench(question("numbers", "answer = 'text'"))


# --- functions ------------------------------------------------------------------------------

CASES = "def cases(rng):\n    for n in (1, 3):\n        yield (torch.tensor(rng.normal(size=n)),)"
SQUARES = question(
    "function",
    "def answer(x):\n    return x**2",
    CASES,
    mistakes=[
        ("doubled", 0.5, "Not twice x.", "def answer(x):\n    return 2*x"),
        ("fails", 0.1, "No such method.", "def answer(x):\n    return x.nothing()"),
    ],
    gradient=True,
)


@pytest.mark.parametrize(
    ("body", "share", "said"),
    [
        ("return x*x", 1, "right"),
        ("return x.float()**2", 1, "right"),
        ("return 2*x", 0.5, "known mistake"),
        ("return x.nowhere", 0.1, "known mistake"),
        ("return x**2 + 1e-4", 0, "the values differ"),
        ("return (x**2).sum()", 0, "the shape differs"),
        ("return (x**2)[None]", 0, "the shape differs"),
        ("return x**2/0", 0, "infinite"),
        ("return None", 0, "not answered yet"),
        ("...", 0, "not answered yet"),
        ("return x.detach()**2", 0, "no gradient"),
        ("return x.detach()**2 + 0*x", 0, "the gradient: the values differ"),
        ("return 'text'", 0, "numbers or a tensor are expected"),
        ("return object()", 0, "cannot be marked"),
        ("import sys; sys.exit()", 0.1, "known mistake"),
    ],
)
def test_functions(body, share, said):
    source = f"def answer(x):\n    {body}"
    verdict = HIDDEN.judge(source)
    assert verdict.share == PUBLIC.judge(source).share == share
    assert said in verdict.message


HIDDEN, PUBLIC = Bench(SQUARES, hidden=True), PublicBench(SQUARES)


def test_a_public_message_shows_the_case_and_a_hidden_one_does_not():
    wrong = "def answer(x):\n    return x**2 + 1"
    public, hidden = PUBLIC.judge(wrong).message, HIDDEN.judge(wrong).message
    assert public.startswith("answer(tensor([")
    assert "expected" in public
    assert hidden == "on a hidden case: the values differ"


@pytest.mark.parametrize("leak", ["raise ValueError(str(x))", "return torch.zeros(7, 3)",
                                  "return x**2 + 12345", "return str(x)"])
def test_a_hidden_message_repeats_nothing_that_came_back(leak):
    class Silent:  # the sandbox passes on no text but the type's name
        def call(self, name, x):
            from mlebook.exercises.verdicts import AnswerError

            if "raise" in leak:
                raise AnswerError("raised", "ValueError")
            names = {"torch": torch, "x": x}
            return eval(leak.removeprefix("return "), names)

        def grad(self, name, x):
            return 2 * x

    from mlebook.exercises.judging import judge

    message = judge(HIDDEN.place, Silent(), HIDDEN.expected).message
    assert not any(ch.isdigit() for ch in message.replace("(1,)", ""))


def test_something_else_than_the_first_function_may_be_called():
    test = CASES + "\ndef call(answers, x):\n    return answers.call('second', x) + 1"
    item = question("function", "def first(x):\n    return x\ndef second(x):\n    return 3*x", test,
                    answers=("first", "second"))
    bench = Bench(item)
    assert bench.judge("first = ...\ndef second(x):\n    return x + 2*x").share == 1
    assert bench.judge("def first(x):\n    return 3*x\nsecond = first\n").share == 1
    assert bench.judge("first = second = ...").message == "not answered yet"
    assert bench.judge("def first(x):\n    return x\nsecond = first").share == 0


@pytest.mark.parametrize(
    ("test", "solution", "match"),
    [
        ("def cases(rng):\n    return []", "def answer(x): return x", "1 to 200 cases"),
        (CASES, "def answer(x): return x.nothing", "fails on a case"),
        ("def cases(rng):\n    yield 1/0", "def answer(x): return x", "division"),
        ("cases = 1/0", "def answer(x): return x", "a cell of the exercise fails"),
    ],
)
def test_a_bad_test_is_an_error_of_the_source(test, solution, match):
    with pytest.raises((TestError, ZeroDivisionError), match=match):
        Bench(question("function", solution, test))


# --- comparing values -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        (1.0, torch.tensor(1.0), True),
        (torch.tensor([1.0, 2.0]), [1, 2], True),
        (torch.tensor([1.0, float("nan")]), torch.tensor([1.0, float("nan")]), True),
        (torch.tensor([1.0, float("nan")]), torch.tensor([float("nan"), 1.0]), False),
        (float("inf"), float("-inf"), False),
        (1e-13, 0.0, False),  # softplus far out: not rounding
        (0.0, 3e-17, True),
        (1.0, 1 + 1e-7, True),
        (1.0, 1 + 1e-5, False),
        (torch.tensor(1.0), 1 + 1e-5, True),  # float32
        (torch.tensor([[1.0]]), torch.tensor([1.0]), False),
        ((1.0, torch.ones(2)), [1, [1, 1]], True),
        ((1.0, torch.ones(2)), (1.0,), False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": 1.0}, {"b": 1}, False),
        ("yes", "yes", True),
        ("yes", "no", False),
        (None, None, True),
        (None, 0, False),
        (True, 1, True),
        (torch.tensor([1, 2]), torch.tensor([1, 2], dtype=torch.int32), True),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2), True),
        (1.0, torch.tensor(1 + 0j), False),
        ([1.0, [2.0, 3.0]], [1.0, [2.0, 3.0]], True),
    ],
)
def test_values(wanted, got, same):
    for data in (values.summary(wanted), values.rounded(values.summary(wanted))):
        assert (values.difference(json.loads(json.dumps(data)), got) is None) is same


# --- a judge of its own ---------------------------------------------------------------------

OWN = question(
    "custom",
    "answer = [3.0, 4.0]",
    "def judge(answers, rng):\n"
    "    total = sum(answers.value('answer'))\n"
    "    if total < 7:\n"
    "        raise Wrong(f'{total} is not 7.', share=0.25)\n",
)


@both
@pytest.mark.parametrize(
    ("answer", "share", "said"),
    [
        ("[7]", 1, "right"),
        ("[1, 2]", 0.25, "3 is not 7."),
        ("...", 0, "not answered yet"),
        ("'text'", 0, "TypeError"),
        ("7", 0, "TypeError"),
        ("print", 0, "TypeError"),
        ("object()", 0, "cannot be marked"),
    ],
)
def test_a_judge_of_its_own(bench, answer, share, said):
    verdict = bench(OWN).judge(f"answer = {answer}")
    assert (verdict.share, verdict.manual) == (share, False)
    assert said in verdict.message + verdict.hint


def test_a_function_that_returns_nothing_is_no_answer():
    item = question("custom", "def answer(x):\n    return x",
                    "def judge(answers, rng):\n    answers.call('answer', 1)")
    assert Bench(item).judge("def answer(x):\n    ...").message == "not answered yet"
    assert Bench(item).judge("def answer(x):\n    return 0").share == 1


def test_a_judge_must_not_return_a_verdict():
    item = question("custom", "answer = 1", "def judge(answers, rng):\n    return False")
    with pytest.raises(TestError, match="must return None"):
        Bench(item).judge("answer = 1")


@pytest.mark.parametrize(("hint", "share"), [("", 0), (3, 0), ("x", 1), ("x", -0.1), ("x", True)])
def test_wrong_refuses_what_it_cannot_say(hint, share):
    with pytest.raises(ValueError, match="got"):
        Wrong(hint, share)


def test_random_numbers_depend_on_seed_student_and_question_alone():
    def draw(*parts):
        return generator(*parts).normal()

    assert draw(1, "anna", "map", "twins") == draw(1, "anna", "map", "twins")
    others = [(2, "anna", "map", "twins"), (1, "bob", "map", "twins"), (1, "annam", "ap", "twins")]
    assert len({draw(1, "anna", "map", "twins"), *(draw(*parts) for parts in others)}) == 4
