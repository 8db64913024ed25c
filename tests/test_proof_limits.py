"""Limits and strict inequalities between formulas: true, false and hostile claims."""
import pytest

from mlebook.proof import (
    AtLeast,
    Bits,
    Definition,
    Density,
    Derivation,
    Function,
    Greater,
    Limit,
    Positive,
    Positives,
    ProofError,
    Real,
    Reals,
    Simplex,
    Size,
    Step,
    Unit,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.mutate import judge
from mlebook.proof.prove import prove
from mlebook.proof.refute import refute

S = Definition("s", "1/(1 + exp(-z))", ("z",))
SOFT = Definition("soft", "log(1 + exp(z))", ("z",))
ALL = (S, SOFT)
N, K, Z, U, T = Size("n"), Size("K"), Real("z"), Positive("u"), Positive("t")


def derive(given, left, right, relation, where=ALL):
    step = Step(right, "so it is claimed", relation)
    return Derivation("limits.step", "A claim", given, left, (step,), where)


def proved(given, left, right, relation, where=ALL):
    """The prover alone."""
    return bool(prove(Context(given, where), parse(left), relation, parse(right)))


# --- strict inequalities -----------------------------------------------------------------------

MARGINS = (N, Positives("m"), T)
FALL = "sum(soft(-t*m[i]) for i in n)"
GREATER = [
    ((Z,), "s(z)", "0"),
    ((Z,), "1", "s(z)"),
    ((Z,), "s(z)*(1 - s(z))", "0"),
    ((Z,), "soft(z)", "z"),
    ((N, Z), "n*soft(-z)", "0"),
    ((Z, U), "-log(u)", "-log(s(z) + u)"),
    (MARGINS, FALL, "0"),
    (MARGINS, f"-diff({FALL}, t)", "0"),
    ((N, Reals("r"), U), "sum(r[i]**2 for i in n) + u", "0"),
    ((N, K, Reals("z", sizes=("K",))), "prod(1/sum(exp(z[c]) for c in K) for i in n)", "0"),
]


@pytest.mark.parametrize("given_, left, right", GREATER)
def test_strict_inequalities_between_formulas(given_, left, right):
    derive(given_, left, right, Greater()).verify()
    assert not proved(given_, right, left, Greater())


NOT_GREATER = [
    ((Z,), "soft(z)", "log(2)"),
    ((Z,), "z**2", "0"),  # 0 at z = 0
    ((Z,), "s(z)", "1/2"),
    ((Z, U), "-log(s(z) + u)", "-log(u)"),
    ((N, Reals("m"), T), FALL, "n*log(2)"),
    ((N, Reals("r")), "sum(r[i]**2 for i in n)", "0"),
    ((N, Bits("y")), "sum(y[i] for i in n)", "0"),
    ((N, Positives("m"), Positives("r")), "sum(m[i] for i in n)", "sum(r[i] for i in n)"),
    ((Real("a"), Real("b")), "log(a**2)", "log(a**2) - log(1 + b**2)"),  # equal at b = 0
]


@pytest.mark.parametrize("given_, left, right", NOT_GREATER)
def test_false_strict_inequalities_are_refuted_and_not_proved(given_, left, right):
    assert not proved(given_, left, right, Greater())
    assert refute(given_, ALL, parse(left), Greater(), parse(right))


def test_the_logarithm_of_at_least_one_is_a_certificate():
    derive((U, Unit("v")), "log(u + v)", "log(u)", AtLeast("log(1 + v/u)")).verify()
    derive((Z,), "log(1 + z**2)", "0", AtLeast("log(1 + z**2)")).verify()
    for inside in ("1 + z", "1 + z**3", "2 + z", "1 - z**2"):
        assert not proved((Z,), f"log({inside})", "0", AtLeast(f"log({inside})"))


def test_a_certificate_that_hides_a_root_is_no_square():
    root = Definition("r", "sqrt(a)")
    assert not proved((Real("a"),), "a", "0", AtLeast("r**2"), (root,))
    roots = Definition("r", "sqrt(y[i])", ("i",), indexed=True, sizes=("n",))
    for certificate in ("sqnorm(r)", "sum(r[i]**2 for i in n)"):
        assert not proved((N, Reals("y")), "sum(y[i] for i in n)", "0", AtLeast(certificate),
                          (roots,))


def test_a_weaker_strict_inequality_is_no_survivor():
    assert not judge(derive((Z,), "s(z)", "0", Greater())).survivors
    rows = (N, K, Simplex("q", sizes=("n", "K")))
    assert not proved(rows, "sum(q[i, 1] for i in n)", "1", Greater())


# --- limits --------------------------------------------------------------------------------------

LIMITS = [
    ((Z, U), "-log(s(z) + u)", "-log(u)", "z", "-oo"),
    ((Z, U), "diff(-log(s(z) + u), z)", "0", "z", "-oo"),
    ((Z,), "diff(-log(s(z)), z)", "-1", "z", "-oo"),
    ((Z,), "soft(z)", "oo", "z", "oo"),
    ((Z,), "soft(z)", "0", "z", "-oo"),
    ((Z,), "soft(z) - z", "0", "z", "oo"),
    (MARGINS, FALL, "0", "t", "oo"),
    (MARGINS, f"{FALL} + 1/t", "0", "t", "oo"),
    (MARGINS, FALL, "n*log(2)", "t", "0"),
    ((N, Reals("y"), T), "sum(y[i]/(1 + t) for i in n)", "sum(y[i] for i in n)", "t", "0"),
    ((Unit("q"), U), "(log(q) - log(q + u))/u", "-1/q", "u", "0"),
]


@pytest.mark.parametrize("given_, left, right, variable, to", LIMITS)
def test_limits_are_found(given_, left, right, variable, to):
    derive(given_, left, right, Limit(variable, to)).verify()


NO_LIMITS = [
    ((Z,), "s(z)", "1", "z", "-oo"),
    ((Z, U), "-log(s(z) + u)", "log(u)", "z", "-oo"),
    ((N, Reals("m"), T), FALL, "0", "t", "oo"),  # a margin may be negative, or zero
    (MARGINS, FALL, "0", "t", "0"),
    (MARGINS, "sum(soft(t*m[i]) for i in n)", "0", "t", "oo"),
    (MARGINS, "sum(t*m[i] for i in n)", "sum(m[i] for i in n)", "t", "oo"),
    ((N, Positives("m")), "sum(m[i] for i in n)", "oo", "n", "oo"),  # a convergent series?
    ((N, Reals("y")), "1/n*sum(y[i] for i in n)", "0", "n", "oo"),
    ((Positive("x"), Function("f")), "f(x)/x", "0", "x", "oo"),
    ((Density("f"), T), "integral(f(x)/(1 + t*x**2) for x in R)", "0", "t", "oo"),
    ((T,), "t*sum(exp(-t)*y for y in N)", "0", "t", "oo"),
    ((T,), "exp(-t)", "0", "t", "-oo"),  # a positive number goes nowhere near
    ((Unit("q"),), "1/q", "oo", "q", "0"),
    ((N, Reals("y"), Real("a")), "exp(a*y[1])", "0", "a", "oo"),
]


@pytest.mark.parametrize("given_, left, right, variable, to", NO_LIMITS)
def test_false_and_undecided_limits_are_not_accepted(given_, left, right, variable, to):
    assert not proved(given_, left, right, Limit(variable, to))
    with pytest.raises(ProofError):
        derive(given_, left, right, Limit(variable, to)).verify()


def test_a_limit_at_minus_infinity_is_printed():
    text = derive((Z,), "soft(z)", "0", Limit("z", "-oo")).markdown()
    assert r"\xrightarrow[z \to -\infty]{}" in text
