"""The prover never proves what numbers contradict: random formulas."""
from hypothesis import given, settings
from hypothesis import strategies as st

from mlebook.proof import Equal, Positive, Positives, Real, Reals, Size, parse
from mlebook.proof.context import Context
from mlebook.proof.evaluate import Undefined, evaluate
from mlebook.proof.prove import prove
from mlebook.proof.refute import differ, samples

NUMBERS = (Real("a"), Real("b"), Positive("s"), Positive("t"))
VECTORS = (Size("n"), Reals("y"), Reals("x"), Positives("w"))


def proof(given_, left, right):
    return prove(Context(given_, ()), parse(left), Equal(), parse(right))


ATOMS = st.sampled_from(["a", "b", "s", "t", "2", "1/2", "y[1]", "sum(y[i] for i in n)",
                         "sum(x[i]*y[i] for i in n)", "sum(log(w[i]) for i in n)", "n"])
EXPRESSIONS = st.recursive(
    ATOMS, lambda e: st.tuples(e, st.sampled_from("+-*"), e).map(
        lambda t: f"({t[0]}){t[1]}({t[2]})") | e.map(lambda t: f"log(({t})**2*s)")
    | e.map(lambda t: f"({t})**2") | e.map(lambda t: f"({t})/t")
    | e.map(lambda t: f"sum(({t})*w[j] for j in n)") | e.map(lambda t: f"exp({t}/9)"),
    max_leaves=4)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_whatever_is_proved_equal_is_equal_in_numbers(left, right):
    given_ = (*VECTORS, *NUMBERS)
    left, right = parse(left), parse(right)
    if prove(Context(given_, ()), left, Equal(), right):
        for _, env in samples(given_, (), "soundness"):
            try:
                assert not differ(evaluate(left, env), evaluate(right, env), 1e-15)
            except Undefined:
                continue


@settings(max_examples=40, deadline=None)
@given(EXPRESSIONS)
def test_the_normal_form_keeps_the_value(text):
    """An expression equals its own expansion: e = (e + s) - s, e·(s + t) = e·s + e·t."""
    given_ = (*VECTORS, *NUMBERS)
    assert proof(given_, f"({text})*(s + t)", f"t*({text}) + s*({text})")
    assert not proof(given_, f"({text})*(s + t)", f"t*({text}) + s*({text}) + s*t")
