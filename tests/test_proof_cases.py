"""Absolute values, signs, order, half-lines: what must be proved."""
import pytest
from cases_scene import (
    ABOVE_LAM,
    DENSITY,
    EXPECTED,
    LAM,
    LAPLACE,
    MEDIAN,
    MODEL,
    NUMBERS,
    PAIR_SUM,
    PAIRS,
    R0,
    SHRINK,
    SMOOTH,
    UP_TO_LAM,
    A,
    B,
    M,
    N,
    S,
    W,
    Y,
    derive,
    proved,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from mlebook.proof import (
    AtLeast,
    Attained,
    Bounded,
    ByConvexity,
    Definition,
    Density,
    DualVector,
    Equal,
    LassoSolution,
    Real,
    RidgeSolution,
    Size,
    Unequal,
    Unit,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.evaluate import Undefined, evaluate
from mlebook.proof.inequalities import nonnegative
from mlebook.proof.prove import prove
from mlebook.proof.refute import differ, samples

# --- what is true --------------------------------------------------------------------------

TRUE = {
    "a factor comes out": (NUMBERS, "abs(a*s)", "s*abs(a)"),
    "a difference turned round": (NUMBERS, "abs(a - b)", "abs(b - a)"),
    "a square": (NUMBERS, "abs(a)**2", "a**2"),
    "a cube": (NUMBERS, "abs(a)**3", "a**2*abs(a)"),
    "a product": (NUMBERS, "abs(a)*abs(b)", "abs(a*b)"),
    "size times sign": (NUMBERS, "abs(a)*sign(a)", "a"),
    "number times sign": (NUMBERS, "a*sign(a)", "abs(a)"),
    "a sign of a sign": (NUMBERS, "sign(sign(a))", "sign(a)"),
    "a sign cubed": (NUMBERS, "sign(a)**3", "sign(a)"),
    "a sign turned round": (NUMBERS, "sign(a - b)", "-sign(b - a)"),
    "the sign of something positive": (NUMBERS, "sign(s + 1)", "1"),
    "max is symmetric": (NUMBERS, "max(a, b)", "max(b, a)"),
    "max is associative": (NUMBERS, "max(max(a, b), c)", "max(a, max(b, c))"),
    "max and min": (NUMBERS, "max(a, b) - max(-a, -b)", "a + b"),
    "max of a positive number and zero": (NUMBERS, "max(s, 0)", "s"),
    "soft threshold with sign and with max": (
        (A, LAM), "sign(a)*max(abs(a) - lam, 0)", "max(a - lam, 0) - max(-a - lam, 0)"),
    "soft threshold above": ((LAM, ABOVE_LAM), "sign(a)*max(abs(a) - lam, 0)", "a - lam"),
    "soft threshold between": ((LAM, UP_TO_LAM), "sign(a)*max(abs(a) - lam, 0)", "0"),
    "in a sum": ((N, Y), "sum(abs(y[i])**2 for i in n)", "sum(y[i]**2 for i in n)"),
    "cases inside a sum": (
        (N, Y, M), "sum(max(y[i] - m, 0) for i in n)",
        "sum((y[i] - m)*(1 + sign(y[i] - m))/2 for i in n)"),
    "an entry below its bound": ((R0, *PAIRS[1:]), "sum(abs(low[j] - q) for j in r)",
                                 "sum(q - low[j] for j in r)"),
    "two steps of order": (PAIRS, "sum(abs(up[j] - low[j]) for j in r)",
                           "sum(up[j] - low[j] for j in r)"),
    "a probability": ((Unit("p"),), "abs(p - 1) + abs(p)", "1"),
    "a slope away from the kink": ((A, Unequal("m", other="a")), "diff(abs(a - m), m)",
                                   "sign(m - a)"),
    "no curvature there": ((A, Unequal("m", other="a")), "diff(diff(abs(a - m), m), m)", "0"),
    "a slope away from all kinks": (
        (N, Y, Unequal("m", other="y[i]")), "diff(sum(abs(y[i] - m) for i in n), m)",
        "sum(sign(m - y[i]) for i in n)"),
    "a slope where the sign is known": ((LAM, ABOVE_LAM), "diff(abs(a), a)", "1"),
    "Laplace area": (LAPLACE, "integral(p(y, mu, b) for y in R)", "1", None, (DENSITY,)),
    "Laplace variance": (LAPLACE, "integral((y - mu)**2*p(y, mu, b) for y in R)", "2*b**2",
                         None, (DENSITY,)),
    "a half-line of an exponential": ((S,), "integral(u**3*exp(-u/s) for u in above(0))",
                                      "6*s**4"),
    "a line is two half-lines": (
        (Density("p"), M), "integral(p(y) for y in below(m)) + integral(p(y) for y in above(m))",
        "1"),
    "Leibniz": (SMOOTH, f"diff({EXPECTED}, m)", "2*integral(p(y) for y in below(m)) - 1"),
    "Leibniz twice": (SMOOTH, f"diff(diff({EXPECTED}, m), m)", "2*p(m)"),
    "a given quantile": ((MEDIAN,), "integral(p(y) for y in above(q))", "1/2"),
    "a median minimises": ((MEDIAN, M), f"argmin(m, {EXPECTED})", "q", ByConvexity()),
    "the triangle inequality": ((A, B), "abs(a) + abs(b)", "abs(a + b)",
                                AtLeast("abs(a) + abs(b) - abs(a + b)")),
    "the reverse triangle inequality": ((A, B), "abs(a - b)", "abs(abs(a) - abs(b))",
                                        AtLeast("abs(a - b) - abs(abs(a) - abs(b))")),
    "a product below its size": ((A, B), "abs(a)*abs(b)", "a*b",
                                 AtLeast("abs(a)*abs(b) - a*b")),
    "odd median": ((*PAIRS,), f"argmin(m, abs(q - m) + {PAIR_SUM})", "q", Attained(
        "abs(q - m) + sum(abs(low[j] - m) + abs(up[j] - m) - (up[j] - low[j]) for j in r)")),
    "even median": (PAIRS, f"argmin(m, {PAIR_SUM})", "q", Attained(
        "2*sum(max(low[j] - m, 0) + max(m - up[j], 0) for j in r)", unique=False)),
    "soft threshold minimises": (
        (A, LAM, W), SHRINK, "v", Attained("(w - v)**2/2 + (lam*abs(w) - (a - v)*w)"),
        (Definition("v", "sign(a)*max(abs(a) - lam, 0)"),)),
    "unique by both sides": ((LAM, Bounded("a", low="-lam", high="lam", strict=True), W),
                             "argmin(w, lam*abs(w) - a*w)", "0", Attained("lam*abs(w) - a*w")),
    "ridge": ((*MODEL, S, RidgeSolution("v", penalty="s**2")),
              "argmin(w, sqnorm(y - X @ w) + s**2*sqnorm(w))", "v",
              Attained("sqnorm(X @ (w - v)) + s**2*sqnorm(w - v)")),
    "lasso": ((*MODEL, LassoSolution("v")),
              "argmin(w, sqnorm(y - X @ w)/2 + lam*sum(abs(w[j]) for j in d))", "v",
              Attained("sqnorm(X @ (w - v))/2 + sum((lam - c[j])*max(w[j], 0) "
                       "+ (lam + c[j])*max(-w[j], 0) for j in d)", unique=False)),
    "a dual bound": ((*MODEL, DualVector("v")),
                     "sum(v[i]*(y[i] - sum(X[i, j]*w[j] for j in d)) for i in n)",
                     "sum(v[i]*y[i] for i in n)"),
}


@pytest.mark.parametrize("claim", TRUE.values(), ids=TRUE.keys())
def test_it_is_proved_not_refuted_and_read_back(claim):
    derive(*claim).verify()


# --- random formulas -----------------------------------------------------------------------------

ATOMS = st.sampled_from(["a", "b", "s", "q", "0", "1/2", "low[1]", "up[1]",
                         "sum(abs(low[j] - q) for j in r)", "sum(max(up[j], 0) for j in r)"])
FORMULAS = st.recursive(
    ATOMS, lambda e: st.tuples(e, st.sampled_from("+-*"), e).map(
        lambda t: f"({t[0]}){t[1]}({t[2]})")
    | e.map(lambda t: f"abs({t})") | e.map(lambda t: f"sign({t})")
    | st.tuples(e, e).map(lambda t: f"max({t[0]}, {t[1]})"), max_leaves=4)
SCENE = (Size("r"), Real("q"), Bounded("low", high="q", sizes=("r",)),
         Bounded("up", low="q", sizes=("r",)), A, Bounded("b", low="a"), S)


def _values(*terms):
    for _, env in samples(SCENE, (), "cases"):
        try:
            yield [evaluate(term, env) for term in terms]
        except Undefined:
            continue


@settings(max_examples=60, deadline=None)
@given(FORMULAS, FORMULAS)
def test_whatever_is_proved_equal_is_equal_in_numbers(left, right):
    left, right = parse(left), parse(right)
    if prove(Context(SCENE, ()), left, Equal(), right):
        for a, b in _values(left, right):
            assert not differ(a, b, 1e-15)


@settings(max_examples=80, deadline=None)
@given(FORMULAS)
def test_whatever_is_called_non_negative_is_so_in_numbers(text):
    term = parse(text)
    if nonnegative(Context(SCENE, ()), term):
        for (value,) in _values(term):
            assert value >= -1e-15


@settings(max_examples=40, deadline=None)
@given(FORMULAS)
def test_the_normal_form_keeps_the_value(text):
    assert proved(SCENE, f"({text})*(s + a)", f"a*({text}) + s*({text})")
