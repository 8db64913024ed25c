"""False or empty statements that the engine once accepted, or met with an unreadable error."""
import pytest

from mlebook.proof import (
    AtLeast,
    Attained,
    Between,
    Bits,
    ByConvexity,
    ByTheorem,
    Definition,
    Density,
    Derivation,
    Equal,
    Function,
    Independent,
    Index,
    Labels,
    LeastSquares,
    Limit,
    ModelFamily,
    NonzeroReals,
    Positive,
    Positives,
    ProofError,
    Random,
    Real,
    Reals,
    SameMinimiser,
    Simplex,
    Size,
    Step,
    TermError,
    Unit,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.prove import prove
from mlebook.proof.refute import refute

N, K, D, Y, A, MU = Size("n"), Size("K"), Size("d"), Reals("y"), Real("a"), Real("mu")
DESIGN = (N, D, Reals("X", sizes=("n", "d")), Y, Reals("u", sizes=("d",)), LeastSquares("w"))
DRAWS = (N, K, Simplex("p"), Reals("a", sizes=("K",)), Labels("x", law="p"))
FAMILY = (N, K, ModelFamily("q"), Real("theta"))
CODED = Definition("g", "z[i]")  # depends on a declared index i
T_IN_N = Index("t", size="n")


def derive(given, left, right, relation=None, where=()):
    step = Step(right, "so it is claimed", relation or Equal())
    return Derivation("attack.step", "An attack", given, left, (step,), where)


def proved(given, left, right, relation=None, where=()):
    """The prover alone, which must not lean on the refuter."""
    return bool(prove(Context(given, where), parse(left), relation or Equal(), parse(right)))


# --- the prover must not be fooled ---------------------------------------------------------

NOT_PROVED = {
    "a single draw is no mean": (
        DRAWS, "1/n*sum(a[x[i]] for i in n) + a[x[1]]", "2*sum(p[c]*a[c] for c in K)",
        ByTheorem()),
    "a weighted mean need not settle": (
        (*DRAWS, Simplex("r", sizes=("n",))), "sum(r[i]*a[x[i]] for i in n)",
        "sum(p[c]*a[c] for c in K)", ByTheorem()),
    "a size is whole": ((N,), "argmin(n, (n - 3/2)**2)", "3/2", ByConvexity()),
    "a size is whole, by certificate": (
        (N,), "argmin(n, (n - 3/2)**2)", "3/2", Attained("(n - 3/2)**2")),
    "an index has an upper limit": (
        (K, Index("t")), "argmin(t, (t - 7)**2)", "7", Attained("(t - 7)**2")),
    "a least squares solution is given": (
        DESIGN, "argmin(w, sqnorm(w - u))", "u", Attained("sqnorm(w - u)", unique=False)),
    "a target moves its solution": (
        DESIGN, "argmin(y, sqnorm(y - X @ w))", "X @ w",
        Attained("sqnorm(y - X @ w)", unique=False)),
    "a vector that is not zero": (
        (N, NonzeroReals("r"), Y), "argmin(r, sum((r[i] - y[i])**2 for i in n))", "y",
        Attained("sum((r[i] - y[i])**2 for i in n)")),
    "bits are whole": (
        (N, Bits("r"), Positives("y")), "argmin(r, sum((r[i] - y[i])**2 for i in n))", "y",
        Attained("sum((r[i] - y[i])**2 for i in n)")),
    "a square of an imaginary number": ((A,), "a + 700", "0", AtLeast("sqrt(a + 700)**2")),
    "the same with a power": ((A,), "a + 700", "0", AtLeast("((a + 700)**(1/2))**2")),
    "the same in a sum": (
        (N, Y), "sum(y[i] + 700 for i in n)", "0",
        AtLeast("sum(sqrt(y[i] + 700)**2 for i in n)")),
    "a factorial of any number": ((A,), "factorial(a)", "0", AtLeast("factorial(a)")),
    "a limit outside the domain": ((Unit("p"),), "p", "0", Limit("p", "oo")),
    "a size cannot vanish": ((N,), "1/n", "oo", Limit("n", "0")),
    "an index cannot grow": ((K, Index("t")), "1/t", "0", Limit("t", "oo")),
    "only 0 and oo are limit points": ((Positive("x"),), "x", "0", Limit("x", "1")),
    "a limit in no symbol": ((Positive("x"),), "x", "0", Limit("z", "0")),
    "a limit in a vector": ((N, Y), "y[1]", "0", Limit("y", "0")),
    "a bump at one point": (
        (MU,), "argmin(mu, mu**2 - 100000*delta(mu, 100))", "0", ByConvexity()),
    "an unknown expectation may depend on the mean": (
        (Random("Y"),), "diff(E(Y**3), mu)", "0"),
    "an expectation of a quotient": ((Random("Y"),), "E(1/Y)", "1/mu"),
    "a delta between two sizes": ((N, K), "sum(delta(c, i) for c in K for i in n)", "n"),
    "a model family over another size": (FAMILY, "sum(q(c, theta) for c in n)", "1"),
    "its slope over another size": (
        FAMILY, "sum(diff(q(c, theta), theta) for c in n)", "0"),
    "a model family over the line": (FAMILY, "integral(q(c, theta) for c in R)", "1"),
    "a density summed": ((N, Density("f")), "sum(f(c) for c in n)", "1"),
    "a distribution over another size": ((N, K, Simplex("p")), "sum(p[c] for c in n)", "1"),
    "normal equations on the diagonal": (
        DESIGN, "sum(X[i, i]*y[i] for i in n)",
        "sum(X[i, i]*X[i, j]*w[j] for i in n for j in d)"),
    "normal equations over the columns": (
        DESIGN, "sum(X[i, 1]*y[i] for i in d)", "sum(X[i, 1]*X[i, j]*w[j] for i in d for j in d)"),
    "a witness that hides the parameter in an expectation": (
        DRAWS, "argmin(p, sum(p[c]**2 + p[c]*a[c] for c in K))",
        "argmin(p, sum(p[c]**2 for c in K))", SameMinimiser("1", "E(a[x[1]])")),
    "a square and a bit differ in slope": ((N, Bits("y")), "diff(y[1]**2, y[1])", "1"),
    "probabilities cannot change one by one": (
        (K, Simplex("p"), Index("t")), "diff(sum(p[c] for c in K), p[t])", "0"),
    "a number of terms has no slope": ((N, Y), "diff(sum(y[i] for i in n), n)", "0"),
    "a name inside sqnorm": (
        (N, Y), "sum(sqnorm(y*row) for row in n)", "n*sum((y[i]*i)**2 for i in n)"),
    "a derivative is taken before its variable is replaced": (
        (A, Real("b")), "g(b)", "2*b", Equal(), (Definition("g", "diff(a*b, a)", ("a",)),)),
    "a vector over a vector": ((N, Positives("x"), Positives("z")), "(x + x)/z", "2*(x/z)"),
    "a vector and a number": ((N, Y), "y + 1 + 1", "y + 2"),
    "a limit of an unknown function": ((Positive("x"), Function("f")), "f(x)", "f(0)",
                                       Limit("x", "0")),
}


@pytest.mark.parametrize("claim", NOT_PROVED.values(), ids=NOT_PROVED.keys())
def test_the_prover_alone_does_not_accept(claim):
    assert not proved(*claim)
    assert not derive(*claim).holds()


# --- a line must have a value wherever its hypotheses hold -----------------------------------

WITHOUT_VALUE = {
    "a zero divisor cancelled": ((A,), "a/a", "1"),
    "a zero divisor invented": ((A,), "1", "a/a"),
    "bits as divisors": ((N, Bits("y")), "sum(y[i]/y[i] for i in n)", "n"),
    "one over one over nothing": ((A,), "1/(1/(a - a))", "0"),
    "one over a log of nothing": ((A,), "1/log(a - a)", "0"),
    "a root far out": ((A,), "a + 7", "sqrt(a + 7)**2"),
    "a log far out": ((A,), "a + 7", "exp(log(a + 7))"),
    "an entry out of range": ((N, Y), "y[n + 1]", "y[1 + n]"),
    "a draw out of range": ((N, Independent("y")), "E(y[5])", "mu"),
    "an index that is no index": ((N, Y, A), "y[a]", "y[2*a - a]"),
    "rows for columns": ((N, D, Reals("X", sizes=("n", "d"))),
                         "sum(X[i, j] for i in d for j in n)",
                         "sum(X[j, i] for i in n for j in d)"),
    "an infinite area": ((A,), "integral(a**2 + 1 for x in R)",
                         "(a**2 + 1)*integral(1 for x in R)"),
    "an infinite sum": ((A,), "sum(2 for y in N)", "2*sum(1 for y in N)"),
    "an unbiased variance of one number": (
        (N, Independent("y")), "E(1/(n - 1)*sum((y[i] - m)**2 for i in n))", "v", Equal(),
        (Definition("m", "sum(y[i] for i in n)/n"),)),
}


@pytest.mark.parametrize("claim", WITHOUT_VALUE.values(), ids=WITHOUT_VALUE.keys())
def test_a_line_without_a_value_is_a_counterexample_and_no_bug(claim):
    with pytest.raises(ProofError, match="has no value there"):
        derive(*claim).verify()


def test_with_two_numbers_the_unbiased_variance_is_true():
    _, left, right, relation, where = WITHOUT_VALUE["an unbiased variance of one number"]
    derive((Size("n", least=2), Independent("y")), left, right, relation, where).verify()
    assert "\\ge 2" in Size("n", least=2).condition(str)


# --- a name must have one meaning --------------------------------------------------------------

UNCLEAR = {
    "defined through": ((N, Reals("z"), Index("i", size="n")), "sum(g for i in n)",
                        "sum(z[j] for j in n)", (CODED,)),
    "m is also|variable m": ((N, Y), "sum(m for m in n)", "n*m",
                             (Definition("m", "sum(y[i] for i in n)/n"),)),
    "through mu, which is bound": ((MU, A), "p(a)", "g*a",
                                   (Definition("g", "mu + 1"), Definition("p", "g*mu", ("mu",)))),
    "variable y of": ((N, Y), "sum(y[y] for y in n)", "sum(y[i] for i in n)", ()),
    "pi has a fixed meaning": ((Real("pi"),), "pi + 0", "pi", ()),
    "only one name can be random": (
        (N, Random("Y", mean="a", variance="b"), Independent("y")), "E(Y*y[1])", "a*mu", ()),
    "mu declared twice": ((Random("Y"), Positive("mu")), "sqrt(E(Y)**2)", "mu", ()),
    "n declared twice": ((N, Between("k")), "n - k", "n - 1*k", ()),
    "c is defined by itself|g is defined by itself": (
        (A,), "g + a", "a + g", (Definition("g", "c + 1"), Definition("c", "g + 1"))),
    "m is not declared": ((N, Reals("y", sizes=("m",))), "y[1] + 0", "y[1]", ()),
    "a is no size": ((N, A), "sum(1 for i in a)", "a", ()),
    "y is no size": ((N, Y), "sum(1 for i in y)", "1", ()),
    "before the index": ((Index("t"), K), "t + 0", "t", ()),
}


@pytest.mark.parametrize("complaint", UNCLEAR)
def test_an_unclear_name_is_refused_with_a_reason(complaint):
    given, left, right, where = UNCLEAR[complaint]
    with pytest.raises((TermError, ProofError), match=complaint):
        derive(given, left, right, Equal(), where).verify()


@pytest.mark.parametrize("given, left, right", [
    ((Unit("p"), Positive("odds_p")), "p", "1/(1 + odds_p)"),
    ((N, Y, Index("bound_1_0", size="n")), "sum(y[bound_1_0]*y[j] for j in n)",
     "sum(y[j]**2 for j in n)"),
    ((N, Y, Index("fresh_1", size="n")), "sum(y[fresh_1] for j in n)", "sum(y[j] for j in n)"),
])
def test_no_author_can_write_a_name_of_the_prover_s_own(given, left, right):
    assert not proved(given, left, right)


def test_a_set_has_different_numbers():
    for text in ("sum(i for i in {1, 1})", "sum(i for i in {a, b})"):
        with pytest.raises(TermError, match="different numbers"):
            parse(text)


def test_an_author_s_name_that_looks_like_the_prover_s_does_no_harm():
    derive((Real("bound_x"),), "bound_x + bound_x", "2*bound_x").verify()


def test_an_expectation_without_a_rule_stays_as_it_is():
    assert proved((Random("Y"),), "E(exp(Y)) + E(exp(Y))", "2*E(exp(Y))")


def test_a_limit_that_needs_many_digits():
    derive((Positive("x"),), "(1 + 1/x)**x", "exp(1)", Limit("x", "oo")).verify()


def test_a_strict_inequality_without_a_value_is_no_crash():
    from mlebook.proof import Greater

    assert refute((), (), parse("log(0)"), Greater(), parse("1")).undefined
