"""The prover: what it must prove, what it must never prove, and SymPy's known traps."""
import pytest
import sympy as sp

from mlebook.proof import (
    AtLeast,
    Attained,
    Between,
    Bits,
    ByConvexity,
    ByTheorem,
    Counts,
    Definition,
    Density,
    Equal,
    Function,
    Greater,
    Independent,
    Index,
    Labels,
    LeastSquares,
    Limit,
    ModelFamily,
    Positive,
    PositiveFunction,
    Positives,
    Random,
    Real,
    Reals,
    SameMinimiser,
    Simplex,
    Size,
    TakeLog,
    Unit,
    parse,
)
from mlebook.proof.context import Context
from mlebook.proof.prove import prove
from mlebook.proof.refute import refute

N, K, D = Size("n"), Size("K"), Size("d")
NUMBERS = (Real("a"), Real("b"), Positive("s"), Positive("t"))
VECTORS = (N, Reals("y"), Reals("x"), Positives("w"))


def proof(given_, left, right, relation=None, where=()):
    return prove(Context(given_, where), parse(left), relation or Equal(), parse(right))


def check(given_, left, right, relation=None, where=()):
    """Proved, and not refuted: the two must agree."""
    relation = relation or Equal()
    assert proof(given_, left, right, relation, where), (left, right)
    assert refute(given_, where, parse(left), relation, parse(right)) is None


TRUE = [
    (NUMBERS, "(a + b)**2", "a**2 + 2*a*b + b**2"),
    (NUMBERS, "log(s*t)", "log(s) + log(t)"),
    (NUMBERS, "log(s/t**2)", "log(s) - 2*log(t)"),
    (NUMBERS, "log(exp(a))", "a"),
    (NUMBERS, "sqrt(s**2)", "s"),
    (NUMBERS, "log(6)", "log(2) + log(3)"),
    (NUMBERS, "1/(s + t) + t/(s*(s + t))", "1/s"),
    (NUMBERS, "exp(a)*exp(b)", "exp(a + b)"),
    ((Unit("p"),), "log(p*(1 - p))", "log(p) + log(1 - p)"),
    (VECTORS, "sum(1 for i in n)", "n"),
    (VECTORS, "sum(2*y[i] for i in n)", "2*sum(y[j] for j in n)"),
    (VECTORS, "sum(y[i] for i in n)**2", "sum(y[i]*y[j] for i in n for j in n)"),
    (VECTORS, "sum((y[i] - x[i])**2 for i in n)",
     "sum(y[i]**2 for i in n) - 2*sum(x[k]*y[k] for k in n) + sum(x[k]**2 for k in n)"),
    (VECTORS, "log(prod(w[i] for i in n))", "sum(log(w[i]) for i in n)"),
    (VECTORS, "sum(y[i]/(1 + w[i]) + y[i]*w[i]/(1 + w[i]) for i in n)", "sum(y[i] for i in n)"),
    (VECTORS, "sum(y[i] for i in n)/sum(w[i] for i in n)*sum(w[i] for i in n)",
     "sum(y[i] for i in n)"),
    ((K, Simplex("p")), "sum(p[c] for c in K)", "1"),
    ((K, Simplex("p"), Index("t")), "sum(delta(c, t)*p[c] for c in K)", "p[t]"),
    ((N, K, Simplex("p", sizes=("n", "K"))), "sum(p[i, c] for i in n for c in K)", "n"),
    ((N, Bits("y")), "sum(y[i]**3 for i in n)", "sum(y[i] for i in n)"),
    ((N, Independent("y")), "E(sum(y[i] for i in n)**2)", "n**2*mu**2 + n*v"),
    ((Random("Y"), Real("c")), "E((Y - c)**2)", "v + (mu - c)**2"),
    ((Density("p"), Density("q")), "integral(p(x)*log(p(x)/q(x)) for x in R)",
     "integral(p(x)*log(p(x)) for x in R) - integral(p(x)*log(q(x)) for x in R)"),
    ((Positive("lam"),), "sum(y**2*lam**y*exp(-lam)/factorial(y) for y in N)", "lam + lam**2"),
    ((K, ModelFamily("q"), Real("theta")), "sum(diff(q(c, theta), theta) for c in K)", "0"),
]


@pytest.mark.parametrize("given_, left, right", TRUE)
def test_true_equalities_are_proved(given_, left, right):
    check(given_, left, right)


FALSE = [
    (NUMBERS, "log(s + t)", "log(s) + log(t)"),
    (NUMBERS, "sqrt(a**2)", "a"),
    (NUMBERS, "log(a**2)", "2*log(a)"),
    (NUMBERS, "(a + b)**2", "a**2 + b**2"),
    (VECTORS, "sum(y[i] for i in n)**2", "sum(y[i]**2 for i in n)"),
    (VECTORS, "sum(x[i]*y[i] for i in n)", "sum(x[i] for i in n)*sum(y[i] for i in n)"),
    (VECTORS, "sum(y[i] for i in n)", "y[1]"),
    ((K, Positives("p", sizes=("K",))), "sum(p[c] for c in K)", "1"),
    ((K, Simplex("p")), "sum(p[c]**2 for c in K)", "1"),
    ((N, Reals("y")), "sum(y[i]**2 for i in n)", "sum(y[i] for i in n)"),
    ((N, Independent("y")), "E(sum(y[i] for i in n)**2)", "n**2*mu**2 + v"),
    ((Unit("p"),), "log(1 - p)", "-log(p)"),
]


@pytest.mark.parametrize("given_, left, right", FALSE)
def test_false_equalities_are_not_proved_and_are_refuted(given_, left, right):
    assert not proof(given_, left, right)
    found = refute(given_, (), parse(left), Equal(), parse(right))
    assert found is not None and found.left != found.right


# --- traps in which SymPy alone is silently wrong ----------------------------------------


def test_derivative_of_log_sum_exp_is_softmax_even_if_index_names_clash():
    given_ = (K, Reals("z", sizes=("K",)), Index("j"))
    check(given_, "diff(log(sum(exp(z[j]) for j in K)), z[j])",
          "exp(z[j])/sum(exp(z[c]) for c in K)")
    assert not proof(given_, "diff(log(sum(exp(z[j]) for j in K)), z[j])", "1")


def test_substituting_an_index_that_is_bound_inside_does_not_capture():
    given_ = (N, K, Reals("z", sizes=("K",)), Index("j"))
    where = (Definition("g", "sum(z[j]*k for j in K)", ("k",)),)
    check(given_, "g(j)", "j*sum(z[c] for c in K)", where=where)


def test_the_mean_is_found_to_minimise_where_sympy_solve_finds_nothing():
    where = (Definition("y_bar", "sum(y[i] for i in n)/n"),)
    given_ = (N, Reals("y"), Real("mu"))
    check(given_, "argmin(mu, sum((y[i] - mu)**2 for i in n))", "y_bar",
          Attained("n*(mu - y_bar)**2"), where)


# --- the relations -----------------------------------------------------------------------

SQUARES = ((N, Reals("y"), Real("mu"), Positive("sigma")),
           "argmax(mu, -sum((y[i] - mu)**2 for i in n)/(2*sigma**2) - n*log(sigma))",
           "argmin(mu, sum((y[i] - mu)**2 for i in n))")


def test_same_minimiser_with_the_right_witnesses():
    check(*SQUARES, SameMinimiser("-1/(2*sigma**2)", "-n*log(sigma)"))


@pytest.mark.parametrize("a, c, complaint", [
    ("1/(2*sigma**2)", "-n*log(sigma)", "not provably negative"),
    ("-1/sigma**2", "-n*log(sigma)", ""), ("-1/(2*sigma**2)", "0", ""),
    ("-1/(2*sigma**2)", "-n*log(sigma) + mu - mu", "depends on mu"),
])
def test_same_minimiser_with_wrong_witnesses_is_rejected(a, c, complaint):
    answer = proof(*SQUARES, SameMinimiser(a, c))
    assert not answer and complaint in answer.residual


def test_a_constant_may_not_be_dropped_if_it_depends_on_the_parameter():
    given_, left, right = SQUARES
    answer = proof((*given_,), left.replace("argmax(mu", "argmax(sigma"),
                   right.replace("argmin(mu", "argmin(sigma"),
                   SameMinimiser("-1/(2*sigma**2)", "-n*log(sigma)"))
    assert not answer and "depends on sigma" in answer.residual


def test_an_objective_without_its_parameter_is_rejected():
    answer = proof((Real("mu"), Real("a")), "argmin(mu, 0*mu + a)", "argmin(mu, a)",
                   SameMinimiser("1", "0"))
    assert not answer and "does not depend on mu" in answer.residual


def test_take_log_needs_a_provably_positive_objective():
    positive = (Real("theta"), PositiveFunction("f"))
    anything = (Real("theta"), Function("f"))
    lines = "argmax(theta, f(theta))", "argmax(theta, log(f(theta)))", TakeLog()
    check(positive, *lines)
    assert not proof(anything, *lines)


def test_gibbs_inequality_for_generic_K():
    given_ = (K, Simplex("p"), Simplex("q"))
    check(given_, "sum(p[c]*log(p[c]/q[c]) for c in K)", "0",
          AtLeast("sum(p[c]*h(q[c]/p[c]) for c in K)"))
    assert not proof(given_, "0", "sum(p[c]*log(p[c]/q[c]) for c in K)",
                     AtLeast("sum(p[c]*h(q[c]/p[c]) for c in K)"))


def test_a_certificate_must_be_non_negative_by_structure():
    answer = proof((Real("a"), Real("b")), "a", "b", AtLeast("a - b"))
    assert not answer and "by structure" in answer.residual


def test_h_of_something_that_may_be_negative_is_no_certificate():
    assert not proof((Real("a"),), "h(a)", "0", AtLeast("h(a)"))


def test_a_minimum_claimed_unique_needs_a_certificate_that_vanishes_once():
    given_ = (Real("a"), Real("b"))
    flat = "argmin(a, a**2*b**2)"
    assert not proof(given_, flat, "0", Attained("a**2*b**2"))
    check(given_, flat, "0", Attained("a**2*b**2", unique=False))


def test_least_squares_is_a_global_minimum_in_vector_form():
    given_ = (N, D, Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)),
              LeastSquares("w_hat"))
    check(given_, "argmin(w, sqnorm(y - X @ w))", "w_hat",
          Attained("sqnorm(X @ (w - w_hat))", unique=False))
    assert not proof(given_, "argmin(w, sqnorm(y - X @ w))", "2*w_hat",
                     Attained("sqnorm(X @ (w - w_hat))", unique=False))


def test_a_minimiser_must_lie_in_the_parameter_s_domain():
    objective = "argmin(sigma, n*h(v/sigma**2))"
    given_ = (N, Positive("v"), Positive("sigma"))
    check(given_, objective, "sqrt(v)", Attained("n*h(v/sigma**2)"))
    answer = proof(given_, objective, "-sqrt(v)", Attained("n*h(v/sigma**2)"))
    assert not answer and "possible value of sigma" in answer.residual


def test_a_minimising_distribution_must_sum_to_one():
    given_ = (K, Simplex("p"), Simplex("q"), Positives("w", sizes=("K",)))
    lines = "argmin(q, sum(p[c]*log(p[c]/q[c]) for c in K))"
    check(given_, lines, "p", Attained("sum(p[c]*h(q[c]/p[c]) for c in K)"))
    assert not proof(given_, lines, "w", Attained("sum(p[c]*h(q[c]/p[c]) for c in K)"))


def test_convexity_finds_the_coin_s_maximum():
    lines = "argmax(p, 2*log(p) + log(1 - p))"
    check((Unit("p"),), lines, "2/3", ByConvexity())
    assert not proof((Unit("p"),), lines, "1/2", ByConvexity())
    assert not proof((Real("a"),), "argmax(a, a**2)", "0", ByConvexity())


def test_coin_with_k_heads_of_n():
    check((Between("k"), Unit("p")), "argmin(p, -k*log(p) - (n - k)*log(1 - p))", "k/n",
          Attained("k*h(n*p/k) + (n - k)*h(n*(1 - p)/(n - k))"))


def test_poisson_mean_is_the_global_minimiser():
    where = (Definition("y_bar", "sum(y[i] for i in n)/n"),)
    check((N, Counts("y"), Positive("lam")), "argmin(lam, n*lam - log(lam)*sum(y[i] for i in n))",
          "y_bar", Attained("n*y_bar*h(lam/y_bar)"), where)


def test_limits():
    check((Positive("x"),), "x*log(x)", "0", Limit("x", "0"))
    check((Positive("x"),), "log(x)", "-oo", Limit("x", "0"))
    assert not proof((Positive("x"),), "x*log(x)", "1", Limit("x", "0"))
    assert refute((Positive("x"),), (), parse("x*log(x)"), Limit("x", "0"), parse("1"))


def test_strict_inequality_between_numbers():
    check((), "log(3)", "1", Greater())
    assert not proof((), "1", "log(3)", Greater())
    assert refute((), (), parse("1"), Greater(), parse("log(3)"))


LLN = (N, K, Simplex("p"), ModelFamily("q"), Real("theta"))


def test_law_of_large_numbers_and_its_preconditions():
    lines = ("1/n*sum(log(q(x[i], theta)) for i in n)", "sum(p[c]*log(q(c, theta)) for c in K)")
    check((*LLN, Labels("x", law="p")), *lines, ByTheorem())
    answer = proof((*LLN, Labels("x")), *lines, ByTheorem())
    assert not answer and "independent draws" in answer.residual


def test_the_limit_is_not_an_equality():
    assert not proof((*LLN, Labels("x", law="p")), "1/n*sum(log(q(x[i], theta)) for i in n)",
                     "sum(p[c]*log(q(c, theta)) for c in K)")


def test_the_prover_refuses_to_run_without_sympy_s_evaluation():
    with sp.evaluate(False), pytest.raises(RuntimeError, match=r"evaluate\(False\)"):
        proof(NUMBERS, "a + a", "2*a")
