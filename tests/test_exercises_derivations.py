"""Derivations are verified step by step, and nothing weaker passes for what was asked."""

import json

import pytest
from exercises_scene import Bench, PublicBench, question

from mlebook.exercises.spelling import spelling
from mlebook.proof import parse

TEST = (
    'given = (Size("n"), Reals("y"), Real("mu"))\n'
    'start = "argmin(mu, sum((y[i] - mu)**2 for i in n))"\n'
    'target = "sum(y[i] for i in n)/n"'
)
TURNED = '''
answer = [
    Step("argmin(mu, n*mu**2 - 2*mu*sum(y[i] for i in n))", "leave out what is free of mu",
         SameMinimiser("1", "sum(y[i]**2 for i in n)")),
    Step("argmin(mu, mu**2 - 2*mu*sum(y[i] for i in n)/n)", "divide by n", SameMinimiser("n")),
    Step("sum(y[i] for i in n)/n", "complete the square",
         Attained("(mu - sum(y[i] for i in n)/n)**2")),
]
'''
LOST = TURNED.replace("- 2*mu*sum(y[i] for i in n)/n)", "- mu*sum(y[i] for i in n)/n)")
WAY = question("derivation", TURNED, TEST, steps=[2, 4],
               mistakes=[("lost_two", 0.4, "A factor 2 is lost.", LOST)])


@pytest.mark.parametrize(
    ("change", "share", "said"),
    [
        ((), 1, "right"),
        (("sum(y[i] for i in n)", "sum(y[j] for j in n)"), 1, "right"),
        (("divide by n", ""), 1, "right"),
        (("- 2*mu*sum(y[i] for i in n)/n)", "- mu*sum(y[k] for k in n)/n)"), 0.4, "known"),
        (("- 2*mu*sum(y[i] for i in n)/n)", "+ 2*mu*sum(y[i] for i in n)/n)"), 1 / 6, "step 2"),
        (('SameMinimiser("n")', "Equal()"), 1 / 6, "step 2"),
        (('SameMinimiser("n")', 'SameMinimiser("mu")'), 1 / 6, "step 2"),
        (('SameMinimiser("n")', 'AtLeast("0")'), 1 / 6, "the relation AtLeast does not lead"),
        (('**2")),\n]', '**2", False)),\n]'), 1 / 3, "the only one"),
        (('Step("sum(y[i] for i in n)/n"', 'Step("1/n*sum(y[k] for k in n)"'), 1, "right"),
        (('Step("sum(y[i] for i in n)/n"', 'Step("sum(y[i]/n for i in n)"'), 1 / 3,
         "the last line must be"),
        (('Step("sum(y[i] for i in n)/n"', 'Step("y[1]"'), 1 / 3, "step 3"),
        (("y[i]**2 for i", "z[i]**2 for i"), 0, "step 1"),
        (("n*mu**2 - 2", "9**9**9*mu**2 - 2"), 0, "too large"),
    ],
)
def test_derivations(change, share, said):
    verdict = DERIVED[Bench].judge(TURNED.replace(*change) if change else TURNED)
    assert verdict.share == pytest.approx(share), verdict
    assert said in verdict.message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("answer = ...", "not answered yet"),
        ("answer = []", "a list of steps"),
        ("answer = 'sum(y[i] for i in n)/n'", "a list of steps"),
        ("answer = [1, 2]", "a list of steps"),
        (TURNED + "answer = answer[:2]", "the last line must be"),
        (TURNED + "answer = 7*answer", "at most 4"),
        (TURNED + "answer = answer[:1] + answer[:1]", "repeats the line above"),
        ('answer = [Step("sum(y[i] for i in n)/n", "",'
         ' Attained("n*(mu - sum(y[i] for i in n)/n)**2"))]',
         "at least 2 steps"),
        ("answer = [Step('(' * 300, '')]", "step 1"),
    ],
)
def test_what_is_no_derivation(source, said):
    verdict = DERIVED[Bench].judge(source)
    assert verdict.share < 0.4
    assert said in verdict.message


@pytest.mark.parametrize(("source", "share"), [(TURNED, 1), (LOST, 0.4)])
def test_a_public_check_verifies_steps_too(source, share):
    assert DERIVED[PublicBench].judge(source).share == share
    assert "A factor" in json.dumps(DERIVED[PublicBench].stored)
    assert "sum(y[i]**2" not in json.dumps(DERIVED[PublicBench].stored)


DERIVED = {kind: kind(WAY) for kind in (Bench, PublicBench)}


def test_an_inequality_is_not_passed_off_as_an_equality():
    test = 'given = (Positive("a"), Positive("b"))\nstart = "a + b"\ntarget = "b"'
    equal = question("derivation", 'answer = [Step("log(exp(a + b))", "")]',
                     test.replace('target = "b"', 'target = "log(exp(a + b))"'))
    chain = 'answer = [Step("a", "", Greater()), Step("log(exp(a + b))", "", AtLeast("0"))]'
    assert "does not lead" in Bench(equal).judge(chain).message
    greater = question("derivation", 'answer = [Step("b", "", Greater())]', test)
    assert Bench(greater).judge('answer = [Step("b", "", Greater())]').share == 1
    weaker = Bench(greater).judge('answer = [Step("b", "", AtLeast("a"))]')
    assert (weaker.share, weaker.message[:25]) == (0, "the target is strictly sm")


ONE_STEP = 'Step("sum(y[i] for i in n)/n", "", Attained("n*(mu - sum(y[i] for i in n)/n)**2"))'


@pytest.mark.parametrize(
    "padding",
    [
        f'{ONE_STEP}, Step("1/n*sum(y[i] for i in n)", ""), Step("sum(y[i] for i in n)/n", "")',
        f'Step("argmin(mu, sum((mu*(-1) + y[k])**2 for k in n) + 0)", ""), {ONE_STEP}',
        f'Step("argmin(mu, 1*sum((-mu + y[i])**2 for i in n))", ""), {ONE_STEP}',
        f'Step("argmin(mu, 2*sum((mu - y[i])**2/2 for i in n))", ""), {ONE_STEP}',
        f'Step("argmax(mu, -sum((mu - y[i])**2 for i in n))", "", SameMinimiser("-1")), {ONE_STEP}',
    ],
)
def test_padding_is_no_way_to_the_answer(padding):
    verdict = DERIVED[Bench].judge(f"answer = [{padding}]")
    assert (verdict.share, verdict.message[:17]) == (0, "show the way: at ")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("1/(1 + y)", "1/(y + 1)", True),
        ("a*b/c", "b*(1/c)*a", True),
        ("a/(b*c)", "a/b/c", True),
        ("a/(b/c)", "a*c/b", True),
        ("a - b + 0", "-b + a*1", True),
        ("-(a*b)", "(-a)*b", True),
        ("-(a - b)", "b - a", True),
        ("sum(y[i]*z[i] for i in n)", "sum(z[k]*y[k] for k in n)", True),
        ("sum(sum(x[i, j] for j in n) for i in n)", "sum(sum(x[j, i] for i in n) for j in n)",
         True),
        ("sum(sum(x[i, j] for j in n) for i in n)", "sum(sum(x[j, i] for j in n) for i in n)",
         False),
        ("argmin(mu, a + b)", "argmin(mu, b + a)", True),
        ("argmin(mu, a)", "argmax(mu, a)", False),
        ("a - b", "b - a", False),
        ("a/b", "b/a", False),
        ("a/b", "a*b", False),
        ("1/a", "a", False),
        ("-a", "a", False),
        ("a - a", "0", False),
        ("2*a", "a + a", False),
        ("(a + b)*c", "a*c + b*c", False),
        ("a**2", "a*a", False),
        ("a*(b + c)", "a*b + c", False),
        ("log(a*b)", "log(a) + log(b)", False),
        ("y[1]", "y[2]", False),
        ("0", "0*a", False),
        ("1", "a/a", False),
    ],
)
def test_spelling(left, right, same):
    assert (spelling(parse(left)) == spelling(parse(right))) is same
