"""False or misprinted statements that the engine accepted once it knew order, kinks and limits.

Each was accepted by the prover; those of ``ACCEPTED`` by the whole engine.
"""
import pytest

from mlebook.catalog import statements
from mlebook.proof import (
    AtLeast,
    Attained,
    Bounded,
    ByConvexity,
    Definition,
    Derivation,
    Equal,
    Index,
    Labels,
    LassoSolution,
    LeastSquares,
    Limit,
    ModelFamily,
    Positive,
    Positives,
    QuantileDensity,
    Random,
    Real,
    Reals,
    RidgeSolution,
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
from mlebook.proof.read import ReadingError
from mlebook.proof.refute import refute

N, K, D, R0 = Size("n"), Size("K"), Size("d"), Size("r", least=0)
A, M, S, T, X = Real("a"), Real("m"), Positive("s"), Positive("t"), Positive("x")
Y, Z, W, U = Reals("y"), Reals("z"), Reals("w", sizes=("d",)), Reals("u", sizes=("d",))
DESIGN = (N, D, Reals("X", sizes=("n", "d")), Y)
NOTHING = Definition("o", "0", ("i",), indexed=True, sizes=("d",))
DRAWS = (N, K, Simplex("p"), Reals("a", sizes=("K",)), Labels("x", law="p"))
HALF = QuantileDensity("p", quantile="q", level="1/2")
LEVEL = (Unit("kappa"), QuantileDensity("p", quantile="q", level="kappa"))
MEAN = Definition("y_bar", "sum(y[i] for i in n)/n")


def derive(given, left, right, relation=None, where=()):
    step = Step(right, "so it is claimed", relation or Equal())
    return Derivation("attack.step", "An attack", tuple(given), left, (step,), where)


def proved(given, left, right, relation=None, where=()):
    """The prover alone, which must not lean on the refuter."""
    return bool(prove(Context(given, where), parse(left), relation or Equal(), parse(right)))


def alone(objective, point="o", where=(NOTHING,)):
    """The claim that a vector is the only minimiser, with the objective as the certificate."""
    return f"argmin(w, {objective})", point, Attained(objective), where


ACCEPTED = {
    "a sum of a sum, with one index name": (
        (D, W), *alone("sum((sum(w[i] for i in d))**2 for i in d)")),
    "what is known of one entry, used for all": (
        (D, W, U, Index("t", size="d"), Bounded("b", low="u[t]", strict=True)),
        *alone("sum(w[t]**2*(b - u[t])**2 for t in d)")),
    "a definition through a name of the prover's": (
        (D, Positives("w", sizes=("d",)), Positives("u", sizes=("d",)), Real("entry_1")),
        *alone("sum((w[i] - u[i])**2*g**2 for i in d)", "u", (Definition("g", "entry_1"),))),
    "a whole power of a sign": ((A, N), "sign(a)**n*abs(a)", "a"),
    "a third moment that moves with the mean": (
        (Random("Y"),), "E(Y**3)/mu", "0", Limit("mu", "oo")),
    "one class of more and more": ((K, Simplex("p")), "K*p[1]", "oo", Limit("K", "oo")),
    "one class of a family of more and more": (
        (K, ModelFamily("q"), A), "K*q(1, a)", "oo", Limit("K", "oo")),
    "a solution with more and more data": (
        (*DESIGN, LeastSquares("w")), "w[1]/n", "0", Limit("n", "oo")),
    "a penalty with more and more data": (
        (*DESIGN, LassoSolution("w")), "lam/n", "0", Limit("n", "oo")),
    "a rate that may be zero": ((X, A), "1/(1 + (a - 1/7)**2*x)", "0", Limit("x", "oo")),
    "an index that need not be whole": ((N, Y), "2*y[(n + 1)/2]", "y[(n + 1)/2] + y[(n + 1)/2]"),
    "a quantile that moves with its level": (
        LEVEL, "argmin(kappa, kappa**2 + q)", "argmin(kappa, kappa**2)", SameMinimiser("1", "q")),
    "a point that need not be real": (
        (A, M), "argmin(m, exp(m) - (a + 700)*m)", "log(a + 700)", ByConvexity()),
    "a defined vector as long as another": (
        DESIGN, "sqnorm(q)", "sum(X[i, 1]**2 for i in d)", Equal(),
        (Definition("q", "X[i, 1]", ("i",), indexed=True, sizes=("d",)),)),
}

PROVED = {
    "a half-line within a half-line": (
        (), "-1", "0", AtLeast("integral(exp(y)*integral(-exp(-y) for y in above(0)) "
                               "for y in below(0))")),
    "a power of a sign": ((A, S), "sign(a)**s*abs(a)", "a"),
    "a size that runs": (
        (N, Y, Z), "sum((y[i] - y_bar)*sum(z[j] for j in i) for i in n)", "0", Equal(), (MEAN,)),
    "a size hidden by an index": (
        (N, K, Y), "sum(sqnorm(y) for n in K)", "sum(sum(y[i]**2 for i in n) for n in K)"),
    "data that a solution is tied to": (
        (*DESIGN, LeastSquares("w"), Index("t", size="n")),
        "diff(sum(X[i, 1]*y[i] for i in n), y[t])", "0"),
    "a solution tied to its data": (
        (*DESIGN, LeastSquares("w"), Index("k", size="d")),
        "diff(sum(X[i, 1]*y[i] for i in n), w[k])", "sum(X[i, 1]*X[i, k] for i in n)"),
    "a penalty tied to its solution": (
        (*DESIGN, LassoSolution("w"), Index("k", size="d")),
        "diff(c[k]*w[k], lam)", "abs(w[k])"),
    "a quantile tied to its density": (
        (HALF,), "diff(integral(p(y) for y in below(q)), q)", "0"),
    "a level tied to its quantile": (
        LEVEL, "diff(integral(p(y) for y in below(q)), kappa)", "1"),
    "an entry of a matrix": (DESIGN, "diff(sum(X[i, j] for i in n for j in d), X[1, 1])", "d"),
    "many draws behind one name": (
        DRAWS, "E(exp(sum(a[x[i]] for i in n)))", "sum(p[c]*exp(n*a[c]) for c in K)"),
    "many draws in one size": (
        DRAWS, "E(abs(sum(a[x[i]] for i in n)))", "n*sum(p[c]*abs(a[c]) for c in K)"),
    "a renamed index that a definition uses": (
        (N, Y, Z, Index("i_1", size="n")), "sum(f(y[i]) for i in n)",
        "sum(y[i] for i in n)*sum(z[i]*y[i] for i in n)", Equal(),
        (Definition("g", "z[i_1]"), Definition("f", "sum(a*g*y[i] for i in n)", ("a",)))),
    "a sum with a term that stays": (
        (N, Y, X), "sum(1/(1 + x*y[i]**2) for i in n)", "0", Limit("x", "oo")),
    "two rates that may be equal": (
        (X, S, T), "1/(1 + (s - t)**2*x)", "0", Limit("x", "oo")),
    "a leading term that may vanish": (
        (X, S, T), "x/((s - t)*x + x**2)", "1/(s - t)", Limit("x", "0")),
}


@pytest.mark.parametrize("claim", [*ACCEPTED.values(), *PROVED.values()],
                         ids=[*ACCEPTED, *PROVED])
def test_the_prover_alone_does_not_accept(claim):
    assert not proved(*claim)
    assert not derive(*claim).holds()


# --- the refuter alone sees that a minimiser is not alone ------------------------------------

FLAT = {
    "a sum of a sum": ACCEPTED["a sum of a sum, with one index name"],
    "a factor that may vanish": (
        (D, W, U, A), *alone("sum((w[i] - u[i])**2*a**2 for i in d)", "u", ())),
    "half a line": ((M,), "argmin(m, max(m, 0))", "0", Attained("max(m, 0)")),
    "no terms": ((R0, M), "argmin(m, r*m**2)", "0", ByConvexity()),
}


@pytest.mark.parametrize("claim", FLAT.values(), ids=FLAT.keys())
def test_the_refuter_finds_another_minimiser(claim):
    given, left, right, relation, *where = claim
    found = refute(given, *where or ((),), parse(left), relation, parse(right))
    assert found.complaint == "the claimed point is not alone"


def test_the_refuter_lets_a_lone_minimiser_be():
    relation = Attained("n*(m - y_bar)**2")
    assert refute((N, Y, M), (MEAN,), parse("argmin(m, sum((y[i] - m)**2 for i in n))"),
                  relation, parse("y_bar")) is None


# --- limits that are true, by the rules of a first course ------------------------------------

LIMITS = [
    ((X, S, T), "(s*x + 1)/(t*x + 1)", "s/t", "oo"),
    ((X, S, T), "(s*x + 1)/(t*x + 1)", "1", "0"),
    ((X, A), "(exp(a*x) - 1 - a*x)/x**2", "a**2/2", "0"),
    ((X, S), "log(1 + exp(s*x))/x", "s", "oo"),
    ((X, S), "1/x**s", "0", "oo"),
    ((X, A), "(a - x)**2", "oo", "oo"),
    ((X, A), "log(a**2 + x)", "oo", "oo"),
    ((X, N), "sum(x/(x + i) for i in n)", "n", "oo"),
]


@pytest.mark.parametrize("given_, left, right, to", LIMITS)
def test_true_limits_are_proved(given_, left, right, to):
    assert proved(given_, left, right, Limit("x", to))
    assert not refute(given_, (), parse(left), Limit("x", to), parse(right))
    assert not proved(given_, left, f"2 + {right}" if right != "oo" else "-oo", Limit("x", to))


# --- what is printed is what is meant ------------------------------------------------------------


@pytest.mark.parametrize("tex", [
    r"\textstyle x", r"\mathit{x}", r"\mathrm{x}", r"x\mathstrut", r"x\phantom{y}", r"\Alpha",
    r"\color{white}x", r"a_{\mathrm{b}}"])
def test_a_name_is_printed_with_known_signs(tex):
    with pytest.raises(ReadingError, match=r"no known sign|looks like"):
        derive((Real("x"), Real("g", tex=tex)), "x + g + g", "x + 2*g").verify()


def test_a_sum_as_a_penalty_keeps_its_brackets_in_the_hypothesis():
    ridge = RidgeSolution("w", penalty="s + t")
    page = derive((*DESIGN, S, T, ridge), "sum(X[i, 1]*(y[i] - sum(X[i, j]*w[j] for j in d)) "
                  "for i in n)", "(s + t)*w[1]").markdown()
    assert r"= \left(s + t\right) \mathbf{w}$" in page


def test_a_size_has_one_look():
    page = derive((Size("m", tex="n_0"), Reals("y", sizes=("m",))), "2*y[1]",
                  "y[1] + y[1]").markdown()
    assert "with $n_0$ real entries" in page


def test_a_set_names_each_number_once():
    with pytest.raises(TermError, match="different numbers"):
        parse("sum(y for y in {1, 2/2})")
    assert parse("sum(y for y in {1, -1/2})")


@pytest.mark.parametrize("where", [(Definition("g", "pi*a", ("pi",)),),
                                   (Definition("g", "sum(oo for oo in n) + a", ("b",)),)])
def test_a_fixed_name_cannot_be_bound(where):
    with pytest.raises(TermError, match="fixed meaning"):
        derive((A, N), "g(2) + 1", "1 + g(2)", None, where).verify()


def test_a_hypothesis_whose_formula_may_have_no_value_is_refused_with_a_reason():
    with pytest.raises(TermError, match="hypothesis b need not have a value"):
        derive((A, Bounded("b", low="log(a)")), "b + b", "2*b").verify()


def test_a_definition_that_is_shown_elsewhere_is_the_one_shown_there():
    known = statements()
    linked = {(d.address, d) for s in known.values() for d in s.where if d.address}
    assert len(linked) > 5
    for address, used in linked:
        shown = known[address].definition
        assert (used.name, used.body, used.parameters) == (
            shown.name, shown.body, shown.parameters), address
