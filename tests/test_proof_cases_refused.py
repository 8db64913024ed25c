"""Absolute values, signs, order, half-lines: what must never be proved."""
import pytest
from cases_scene import (
    ABOVE_LAM,
    EXPECTED,
    LAM,
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

from mlebook.proof import (
    AtLeast,
    Attained,
    Bounded,
    ByConvexity,
    Definition,
    Density,
    DualVector,
    Equal,
    Index,
    LassoSolution,
    Limit,
    NonzeroReals,
    Positive,
    Positives,
    ProofError,
    QuantileDensity,
    Random,
    Real,
    Reals,
    RidgeSolution,
    Simplex,
    Size,
    TakeLog,
    TermError,
    Unequal,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.prove import prove

# --- what is false, or says too much ---------------------------------------------------------

NOT_PROVED = {
    "a number is not its size": ((A,), "abs(a)", "a"),
    "a sign squared is 0 at 0": ((A,), "sign(a)**2", "1"),
    "the sign of a size is 0 at 0": ((A,), "sign(abs(a))", "1"),
    "a size divided": ((A,), "abs(a)/a", "1"),
    "a sum of sizes": ((A, B), "abs(a + b)", "abs(a) + abs(b)"),
    "the size of a sum": ((N, Y), "abs(sum(y[i] for i in n))", "sum(abs(y[i]) for i in n)"),
    "max of a sum": (NUMBERS, "max(a, b) + c", "max(a, b + c)"),
    "max where the sign is open": ((A, LAM), "max(a - lam, 0)", "a - lam"),
    "the wrong threshold": ((LAM, ABOVE_LAM), "sign(a)*max(abs(a) - lam, 0)", "a + lam"),
    "the wrong case": ((LAM, UP_TO_LAM), "sign(a)*max(abs(a) - lam, 0)", "a - lam"),
    "an order on another array": ((*PAIRS, Reals("z", sizes=("r",))),
                                  "sum(abs(z[j] - q) for j in r)", "sum(q - z[j] for j in r)"),
    "the order turned round": (PAIRS, "sum(abs(low[j] - q) for j in r)",
                               "sum(low[j] - q for j in r)"),
    "a slope at a kink": ((A, M), "diff(abs(a - m), m)", "sign(m - a)"),
    "a slope at a kink that a bound touches": ((Bounded("m", low="0"),), "diff(abs(m), m)", "1"),
    "the same for an entry": ((N, Bounded("z", low="0", sizes=("n",)), Index("t", size="n")),
                              "diff(abs(z[t]), z[t])", "1"),
    "a mixed slope at a bound": ((M, Bounded("a", low="m")), "diff(diff(abs(a - m)*a, m), a)",
                                 "1"),
    "a slope away from another kink": ((A, Unequal("m", other="a")), "diff(abs(2*m - a), m)",
                                       "2*sign(2*m - a)"),
    "a slope of a sign that jumps": ((A, M), "diff(sign(a - m), m)", "0"),
    "a slope in an end where the density may jump": (
        (Density("p"), M), f"diff({EXPECTED}, m)", "2*integral(p(y) for y in below(m)) - 1"),
    "a slope that needs more than polynomials": (
        SMOOTH, "diff(integral(exp(m*y)*p(y) for y in below(m)), m)",
        "exp(m**2)*p(m) + integral(y*exp(m*y)*p(y) for y in below(m))"),
    "the other half": (SMOOTH, f"diff({EXPECTED}, m)", "2*integral(p(y) for y in above(m)) - 1"),
    "a median of another density": ((MEDIAN, Density("f")), "integral(f(y) for y in below(q))",
                                    "1/2"),
    "another point": ((MEDIAN, M), "integral(p(y) for y in below(m))", "1/2"),
    "no median is given": ((*SMOOTH, A), f"argmin(m, {EXPECTED})", "a", ByConvexity()),
    "a growing exponential": ((), "integral(exp(u) for u in above(0))", "-1"),
    "a rate of unknown sign": ((A,), "integral(exp(-a*u) for u in above(0))", "1/a"),
    "an integral over half": ((M,), "integral(exp(-y**2) for y in below(m))",
                              "integral(exp(-y**2) for y in R)/2"),
    "an even median is not alone": (PAIRS, f"argmin(m, {PAIR_SUM})", "q", Attained(
        "2*sum(max(low[j] - m, 0) + max(m - up[j], 0) for j in r)")),
    "a certificate that vanishes on one side": (
        (W,), "argmin(w, abs(w) + w)", "0", Attained("abs(w) + w")),
    "a part that is not negative only in sum": (
        (W,), "argmin(w, abs(w) - w)", "0", Attained("w**2 + (abs(w) - w - w**2)")),
    "a factor that may vanish": ((A, W), "argmin(w, abs(a)*abs(w))", "0",
                                 Attained("abs(a)*abs(w)")),
    "a flat piece": ((LAM, UP_TO_LAM, W), "argmin(w, lam*abs(w) - a*w)", "0",
                     Attained("lam*abs(w) - a*w")),
    "a threshold too small": (
        (A, LAM, W), SHRINK, "v", Attained("(w - v)**2/2 + (lam*abs(w) - (a - v)*w)"),
        (Definition("v", "sign(a)*max(abs(a) - lam/2, 0)"),)),
    "no threshold": ((A, LAM, W), SHRINK, "a", Attained("(w - a)**2/2 + lam*abs(w)")),
    "the reverse inequality": ((A, B), "abs(a + b)", "abs(a) + abs(b)",
                               AtLeast("abs(a + b) - abs(a) - abs(b)")),
    "a certificate with no sign": ((A, B), "abs(a) + b", "0", AtLeast("abs(a) + b")),
    "a certificate between the cases": ((LAM, A, W), "lam*abs(w)", "a*w",
                                        AtLeast("lam*abs(w) - a*w")),
    "a bound variable with a declared name": (
        (Bounded("y", low="1"),), "integral(y**3*exp(-y**2) for y in R)", "0",
        AtLeast("integral(y**3*exp(-y**2) for y in R)")),
    "convex with a kink": ((M,), "argmin(m, abs(m) + m**2)", "0", ByConvexity()),
    "a bounded parameter": ((Bounded("m", low="1"),), "argmin(m, m**2)", "0", Attained("m**2")),
    "a parameter that bounds another": (
        (M, Bounded("a", low="m")), "argmin(m, (m - a)**2)", "a", Attained("(m - a)**2")),
    "a parameter that another avoids": (
        (M, Unequal("a", other="m")), "argmin(m, (m - a)**2)", "a", Attained("(m - a)**2")),
    "a sum that may be empty is not positive": (
        (R0, Positives("w", sizes=("r",)), S), "argmin(s, sum(w[j] for j in r)*s)",
        "argmin(s, log(sum(w[j] for j in r)*s))", TakeLog()),
    "a limit through a kink": ((Positive("x"), A), "abs(a - x)/x", "-1", Limit("x", "oo")),
    "an expectation of a size": ((Random("Y"),), "E(abs(Y))", "abs(E(Y))"),
    "an expectation of a sign": ((Random("Y"),), "E(Y*sign(Y))", "mu"),
    "ridge without its penalty": (
        (*MODEL, S, RidgeSolution("v", penalty="s")), "argmin(w, sqnorm(y - X @ w))", "v",
        Attained("sqnorm(X @ (w - v))", unique=False)),
    "ridge with another penalty": (
        (*MODEL, S, RidgeSolution("v", penalty="2*s")),
        "argmin(w, sqnorm(y - X @ w) + s*sqnorm(w))", "v",
        Attained("sqnorm(X @ (w - v)) + s*sqnorm(w - v)")),
    "a lasso is not alone": (
        (*MODEL, LassoSolution("v")),
        "argmin(w, sqnorm(y - X @ w)/2 + lam*sum(abs(w[j]) for j in d))", "v",
        Attained("sqnorm(X @ (w - v))/2 + sum(lam*abs(w[j]) - c[j]*w[j] for j in d)")),
    "a lasso without the half": (
        (*MODEL, LassoSolution("v")),
        "argmin(w, sqnorm(y - X @ w) + lam*sum(abs(w[j]) for j in d))", "v",
        Attained("sqnorm(X @ (w - v)) + sum(lam*abs(w[j]) - c[j]*w[j] for j in d)",
                 unique=False)),
    "alignment across entries": (
        (*MODEL, LassoSolution("v")), "sum(c[j]*v[k] for j in d for k in d)",
        "lam*sum(abs(v[k]) for k in d)"),
    "a dual vector of the rows": (
        (*MODEL, DualVector("v")), "sum(X[i, 1]*v[1] for i in n)", "0"),
    "a target moves its ridge solution": (
        (*MODEL, S, RidgeSolution("v", penalty="s")), "argmin(y, sqnorm(y - X @ v))", "X @ v",
        Attained("sqnorm(y - X @ v)", unique=False)),
}


@pytest.mark.parametrize("claim", NOT_PROVED.values(), ids=NOT_PROVED.keys())
def test_the_prover_alone_does_not_accept(claim):
    assert not proved(*claim)
    assert not derive(*claim).holds()


WITHOUT_VALUE = {
    "a size over its number": ((A,), "abs(a)/a", "sign(a)"),
    "a slope at a kink": ((M,), "diff(abs(m), m)*m", "abs(m)"),
    "a log of what may be zero": ((Bounded("a", low="0"), S), "log(a*s)", "log(a) + log(s)"),
    "the first of no entries": ((R0, Reals("y", sizes=("r",))), "2*y[1]", "y[1] + y[1]"),
    "a mean of nothing": ((R0, Reals("y", sizes=("r",))), "sum(y[j] for j in r)/r",
                          "1/r*sum(y[j] for j in r)"),
    "an area that grows": ((S,), "integral(exp(s*u) for u in above(0))",
                           "2*integral(exp(s*u) for u in above(0))/2"),
}


@pytest.mark.parametrize("claim", WITHOUT_VALUE.values(), ids=WITHOUT_VALUE.keys())
def test_a_line_without_a_value_is_refused(claim):
    with pytest.raises(ProofError):
        derive(*claim).verify()


# --- hypotheses that make no sense -------------------------------------------------------------

SENSELESS = {
    "needs a bound": (Bounded("a"),),
    "no a lies between": (Bounded("a", low="1", high="0"),),
    "no z lies between": (LAM, Bounded("z", low="lam", high="lam", strict=True)),
    "not provably between 0 and 1": (QuantileDensity("p", level="3/2"),),
    "not provably positive": (*MODEL, A, RidgeSolution("v", penalty="a")),
    "is not provable": (*MODEL, A, DualVector("v", high="a")),
    "p needs at least 1": (Size("K", least=0), Simplex("p")),
    "t needs at least 1": (Size("K", least=0), Index("t")),
    "y needs at least 1": (R0, NonzeroReals("y", sizes=("r",))),
    "every entry": (N, Y, Unequal("m", other="y[1]")),
    "low declared twice": (A, Bounded("low", low="a"), Bounded("low", high="a")),
}


@pytest.mark.parametrize("complaint", SENSELESS)
def test_a_senseless_hypothesis_is_refused_with_a_reason(complaint):
    with pytest.raises(TermError, match=complaint):
        derive(SENSELESS[complaint], "1 + 1", "2").verify()


def test_names_and_half_lines_are_checked():
    for text in ("integral(y for y in below(y))", "integral(y for y in below(1, 2))"):
        with pytest.raises(TermError):
            parse(text)
    with pytest.raises(TermError, match="fixed meaning"):
        derive((Real("below"),), "below + below", "2*below").verify()
    assert not proved((N,), "sum(i for i in below(3))", "6")
    assert not proved((N, Y), "sum(integral(exp(x) for x in below(y[i])) for i in n)",
                      "sum(exp(y[i]) for i in n)")


def test_a_supposition_of_one_case_is_gone_in_the_next():
    context = Context(NUMBERS, ())
    facts = list(context.facts)
    assert prove(context, parse("max(a, b)"), Equal(), parse("(a + b + abs(a - b))/2"))
    assert not prove(context, parse("abs(a - b)"), Equal(), parse("a - b"))
    assert context.facts == facts and not context.variables
