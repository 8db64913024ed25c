"""Formulas are marked symbolically: every equivalent form is right, nothing else is."""

import time

import pytest
from exercises_formulas import EQUAL, HOSTILE, SETS, UNEQUAL
from exercises_scene import Bench, PublicBench, question


def asked(name, **more):
    """The question of a set of formulas."""
    item = SETS[name]
    return question("formula", f"answer = {item['solution']!r}", f"given = {item['given']}",
                    names=item["names"], **more)


BENCHES = {name: Bench(asked(name), hidden=True) for name in SETS}
PUBLIC = {name: PublicBench(asked(name)) for name in SETS}
both = pytest.mark.parametrize("benches", [BENCHES, PUBLIC], ids=["hidden", "public"])


def test_there_are_enough_forms():
    assert len(EQUAL) >= 40
    assert len(UNEQUAL) >= 60


@both
@pytest.mark.parametrize(("name", "text"), EQUAL)
def test_an_equal_form_is_right(benches, name, text):
    verdict = benches[name].judge(f"answer = {text!r}")
    assert (verdict.share, verdict.manual) == (1, False), verdict


@both
@pytest.mark.parametrize(("name", "text"), UNEQUAL)
def test_another_formula_is_wrong(benches, name, text):
    verdict = benches[name].judge(f"answer = {text!r}")
    assert (verdict.share, verdict.manual) == (0, False), verdict
    assert verdict.message


def test_more_points_are_tried_before_it_is_left_to_a_person():
    # wrong, but right for one class and for T = 1, which the refuter's ten points all are
    item = question(
        "formula",
        "answer = '(z[t] - sum(q[c]*z[c] for c in K))/T**2'",
        "given = (Size('K'), Reals('z', sizes=('K',)), Index('t'), Positive('T'))\n"
        "where = (Definition('q', 'exp(z[c]/T)/sum(exp(z[j]/T) for j in K)', ('c',), "
        "indexed=True),)",
    )
    verdict = Bench(item).judge("answer = 'z[t] - sum(q[c]*z[c] for c in K)'")
    assert (verdict.share, verdict.manual) == (0, False)


def test_an_error_far_behind_the_point_is_found():
    right = SETS["gauss"]["solution"]
    assert BENCHES["gauss"].judge(f"answer = '{right} + 1/10**12'").share == 0
    assert BENCHES["gauss"].judge(f"answer = '{right} + 0/10**12'").share == 1


@pytest.mark.parametrize(("text", "said"), HOSTILE.items(), ids=[h[:30] for h in HOSTILE])
def test_a_hostile_text_is_refused_at_once(text, said):
    before = time.process_time()
    verdict = BENCHES["gauss"].judge(f"answer = {text!r}")
    assert verdict.share == 0
    assert said in verdict.message
    assert len(verdict.message) < 600
    assert time.process_time() - before < 5


def test_sympy_and_terms_are_answers_too():
    source = (
        "import sympy as sp\n"
        "i, n = sp.symbols('i n', integer=True, positive=True)\n"
        "y = sp.IndexedBase('y')\n"
        "answer = sp.Sum(y[i], (i, 1, n))/n\n"
    )
    assert BENCHES["mean"].judge(source).share == 1
    assert PUBLIC["mean"].judge(source).share == 1
    term = "from mlebook.proof import parse\nanswer = parse('sum(y[i] for i in n)/n')"
    assert BENCHES["mean"].judge(term).share == 1


@pytest.mark.parametrize("value", ["3", "[1, 2]", "None", "{'a': 1}", "True", "print", "..."])
def test_what_is_no_formula_is_refused(value):
    verdict = BENCHES["mean"].judge(f"answer = {value}")
    assert (verdict.share, verdict.manual) == (0, False)


def test_a_listed_mistake_in_other_words_gets_its_share_and_hint():
    bits = "answer = 'sum(p[k]*log(p[k]/q[k]) for k in K)/log(2)'"
    wrong = ("log2", 0.5, "These are bits.", bits)
    bench = Bench(asked("entropy", mistakes=[wrong]))
    verdict = bench.judge("answer = '1/log(2)*sum(p[j]*log(p[j]) - p[j]*log(q[j]) for j in K)'")
    assert (verdict.share, verdict.hint, verdict.mistake) == (0.5, "These are bits.", "log2")


def test_a_form_may_be_asked_for():
    item = SETS["mean"]
    asked_form = question("formula", "answer = '2*y[1]'", f"given = {item['given']}", forms=[])
    verdict = Bench(asked_form).judge("answer = 'sum(y[1] for i in {1, 2})'")
    assert "sum must not occur" in verdict.message
    listed = question("formula", "answer = '2*mu'", "given = (Real('mu'),)", forms=["diff"])
    assert Bench(listed).judge("answer = 'diff(mu**2, mu)'").share == 1


def test_a_removable_gap_is_left_to_a_person():
    item = question("formula", "answer = 'mu'", "given = (Real('mu'),)")
    verdict = Bench(item).judge("answer = 'mu**2/mu'")
    assert (verdict.share, verdict.manual) == (0, True)


def test_what_is_neither_proved_nor_refuted_is_left_to_a_person(monkeypatch):
    from mlebook.exercises import kind_formula
    from mlebook.proof.prove import Proof

    monkeypatch.setattr(kind_formula, "prove", lambda *_: Proof(False, "too hard"))
    verdict = BENCHES["mean"].judge("answer = '1/n*sum(y[j] for j in n)'")
    assert (verdict.share, verdict.manual) == (0, True)
    assert "a person" in verdict.message
    assert BENCHES["mean"].judge("answer = 'sum(y[j] for j in n)'").manual is False


def test_the_public_check_holds_no_formula():
    stored = str(PUBLIC["gauss"].stored)
    assert SETS["gauss"]["solution"] not in stored
    assert "log(" not in stored
