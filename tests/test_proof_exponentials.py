"""Exponentials, softplus and logits, bits, defined vectors: true, false and hostile claims."""
import pytest
import sympy as sp

from mlebook.proof import (
    Attained,
    Between,
    Bits,
    Definition,
    Derivation,
    Equal,
    Function,
    Index,
    LeastSquares,
    Positive,
    ProofError,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    TakeLog,
    TermError,
    Unit,
    parse,
)
from mlebook.proof.algebra import hide_parts, vanishes_as_fraction
from mlebook.proof.context import Context
from mlebook.proof.mutate import judge
from mlebook.proof.prove import prove
from mlebook.proof.refute import refute

S = Definition("s", "1/(1 + exp(-z))", ("z",))
SOFT = Definition("soft", "log(1 + exp(z))", ("z",))
MASS = Definition("p", "s(z)**y*(1 - s(z))**(1 - y)", ("y", "z"))
ALL = (S, SOFT, MASS)
N, D, K, Z, U, T = Size("n"), Size("d"), Size("K"), Real("z"), Positive("u"), Positive("t")
TWO = (Real("a"), Real("b"))
LOGITS = (K, Reals("z", sizes=("K",)), Real("a"), Index("c"))
DESIGN = (N, D, Reals("X", sizes=("n", "d")), Reals("y"), Reals("w", sizes=("d",)))
LOGIT = "sum(X[i, j]*w[j] for j in d)"
VECTOR = Definition("q", f"s({LOGIT})", ("i",), indexed=True, sizes=("n",))


def derive(given, left, right, relation=None, where=ALL):
    step = Step(right, "so it is claimed", relation or Equal())
    return Derivation("exponentials.step", "A claim", given, left, (step,), where)


def proved(given, left, right, relation=None, where=ALL):
    """The prover alone."""
    return bool(prove(Context(given, where), parse(left), relation or Equal(), parse(right)))


# --- identities ------------------------------------------------------------------------------

TRUE = [
    ((Z,), "s(-z)", "1 - s(z)"),
    ((Z,), "s(z)", "exp(z)/(1 + exp(z))"),
    ((Z,), "s(2*z)", "exp(z)/(exp(z) + exp(-z))"),
    ((Z,), "log(s(z))", "-soft(-z)"),
    ((Z,), "log(1 - s(z))", "-soft(z)"),
    ((Z,), "soft(z) - soft(-z)", "z"),
    ((Z,), "soft(z)", "max(z, 0) + log(1 + exp(-abs(z)))"),
    ((Z,), "log(s(z)/(1 - s(z)))", "z"),
    ((Z,), "diff(s(z), z)", "s(z)*(1 - s(z))"),
    ((Z,), "diff(soft(z), z)", "s(z)"),
    ((Z,), "exp(z/2)/(exp(z/2) + exp(-z/2))", "s(z)"),
    ((Z,), "exp(z + 1)/(exp(z + 1) + exp(1))", "s(z)"),
    ((Z, Real("y")), "-log(p(y, z))", "soft(z) - y*z"),
    (TWO, "exp(b)/(exp(a) + exp(b))", "s(b - a)"),
    (TWO, "log(exp(a) + exp(b)) - b", "soft(a - b)"),
    (TWO, "log(exp(a) + exp(b))", "max(a, b) + log(1 + exp(-abs(a - b)))"),
    ((Positive("t"), Real("a")), "t**a/(t**a + t**(a - 1))", "t/(t + 1)"),
    ((Unit("theta"), Real("a")), "theta**(a - 1)*theta", "theta**a"),
    (LOGITS, "exp(z[c] - a)/sum(exp(z[j] - a) for j in K)", "exp(z[c])/sum(exp(z[j]) for j in K)"),
    ((N, Bits("y"), Reals("z")), "sum(soft(z[i]) - y[i]*z[i] for i in n)",
     "sum(soft((1 - 2*y[i])*z[i]) for i in n)"),
    ((N, Bits("y"), Reals("z")), "sum(z[i]/(1 + y[i]) for i in n)",
     "sum(z[i]*(1 - y[i]/2) for i in n)"),
    ((N, Bits("y"), Reals("z"), T), "sum(z[i]*t**y[i] for i in n)",
     "sum(z[i]*(1 + (t - 1)*y[i]) for i in n)"),
]


@pytest.mark.parametrize("given_, left, right", TRUE)
def test_true_identities_are_proved_and_not_refuted(given_, left, right):
    derive(given_, left, right).verify()


FALSE = [
    ((Z,), "s(-z)", "-s(z)"),
    ((Z,), "s(-z)", "1/s(z)"),
    ((Z,), "soft(z) + soft(-z)", "z"),
    ((Z,), "soft(z)", "z"),
    ((Z,), "soft(z)", "max(z, 0)"),
    ((Z,), "soft(z)", "max(z, 0) + log(1 + exp(abs(z)))"),
    ((Z,), "diff(s(z), z)", "s(z)**2"),
    ((Z,), "s(2*z)", "s(z)**2"),
    ((Z,), "s(z + 1)", "s(z) + s(1)"),
    ((Z,), "exp(z/2)", "exp(z)/2"),
    ((Z, Real("y")), "-log(p(y, z))", "soft(z) + y*z"),
    ((Z, Real("y")), "-log(p(y, z))", "soft((1 - 2*y)*z)"),  # true for a bit only
    (TWO, "log(exp(a) + exp(b))", "a + b"),
    (TWO, "exp(a*b)", "exp(a)*exp(b)"),
    (TWO, "exp(a)**b", "exp(a + b)"),
    ((Positive("t"), Real("a")), "t**(a - 1)", "t**a - t"),
    ((Real("a"), N), "(-1)**(n + 1)", "(-1)**n"),
    (LOGITS, "exp(z[c] - a)/sum(exp(z[j]) for j in K)", "exp(z[c])/sum(exp(z[j]) for j in K)"),
    ((N, Reals("y"), Reals("z")), "sum(soft(z[i]) - y[i]*z[i] for i in n)",
     "sum(soft((1 - 2*y[i])*z[i]) for i in n)"),
    ((N, Bits("y"), Reals("z")), "sum(soft(z[i]) - y[i]*z[i] for i in n)",
     "sum(soft((2*y[i] - 1)*z[i]) for i in n)"),
    ((N, Bits("y")), "sum(1/(1 + y[i]) for i in n)", "n - sum(y[i] for i in n)"),
    ((N, Bits("y"), Bits("x")), "sum(exp(y[i]*x[i]) for i in n)", "sum(exp(y[i]) for i in n)"),
]


@pytest.mark.parametrize("given_, left, right", FALSE)
def test_false_identities_are_refuted_and_not_proved(given_, left, right):
    assert not proved(given_, left, right)
    with pytest.raises(ProofError, match="is false"):
        derive(given_, left, right).verify()


def test_two_entries_of_a_bit_vector_are_two_bits():
    given = (N, Bits("y"), Reals("z"))
    pairs = "sum(sum(z[i]*z[j]*{} for j in n) for i in n)"
    assert proved(given, pairs.format("exp(y[i]*y[j])"),
                  pairs.format("(1 + (exp(1) - 1)*y[i]*y[j])"))
    assert not proved(given, pairs.format("exp(y[i]*y[j])"), pairs.format("exp(y[i])"))


def test_exponentials_are_powers_of_one_generator():
    z = sp.Symbol("z", real=True)
    back, plain = hide_parts(1 + sp.exp(z) + sp.exp(-z / 2))
    assert len(back) == 1 and plain.xreplace(back) == 1 + sp.exp(z) + sp.exp(-z / 2)
    assert vanishes_as_fraction(1 / (1 + sp.exp(-z)) - sp.exp(z) / (1 + sp.exp(z)))
    a = sp.Symbol("a", real=True)  # (-2)**a is no real number: nothing may be split
    assert len(hide_parts(a ** z + a ** (z + 1))[0]) == 2


def test_far_logits_are_told_from_rounding():
    """1 - s(z) has no digits left at 30 digits: that is no counterexample, and no proof."""
    given = (N, Bits("y"), Reals("x"), Function("f"), Real("theta"))
    product = "prod(p(y[i], f(theta, x[i])) for i in n)"
    derive(given, f"argmax(theta, {product})",
           "argmax(theta, sum(y[i]*f(theta, x[i]) - soft(f(theta, x[i])) for i in n))",
           TakeLog()).verify()
    assert refute((Z,), ALL, parse("log(1 - s(z))"), Equal(), parse("-soft(z)")) is None
    assert refute((Z,), ALL, parse("log(1 - s(z))"), Equal(), parse("-soft(z) + exp(-abs(z))/9"))


def test_a_number_too_large_to_write_down_ends_no_proof_and_hangs_nothing():
    assert refute((Z,), (), parse("exp(-exp(z**2))"), Equal(), parse("exp(-exp(z*z))")) is None
    assert refute((Z,), (), parse("exp(-exp(z**2))"), Equal(), parse("exp(-exp(z))"))
    hopeless = refute((), (), parse("exp(exp(exp(exp(3))))"), Equal(), parse("1"))
    assert hopeless.undefined and "too large" in hopeless.complaint


# --- defined vectors -----------------------------------------------------------------------------


def test_a_defined_vector_stands_for_its_entries():
    nll = f"sum(soft({LOGIT}) - y[i]*{LOGIT} for i in n)"
    where = (S, SOFT, VECTOR)
    claim = derive(DESIGN, f"diff({nll}, w)", "X.T @ (q - y)", where=where)
    claim.verify()
    assert r"\mathbf{X}^{\top} \left(\mathbf{q} - \mathbf{y}\right)" in claim.markdown()
    assert not judge(claim, limit=20).survivors
    derive(DESIGN, "sqnorm(q - y)", "sum((q[k] - y[k])**2 for k in n)", where=where).verify()
    derive(DESIGN, "sum(y[i]*q[i] for i in n)", "q @ y", where=where).verify()
    for wrong in ("X.T @ (q + y)", "X.T @ (y - q)", "X.T @ y", "q - y", "X @ (q - y)"):
        assert not proved(DESIGN, f"diff({nll}, w)", wrong, where=where)


def test_a_defined_vector_hides_no_parameter():
    where = (S, VECTOR)
    assert not proved(DESIGN, "argmin(w, sqnorm(y - X @ w) + sqnorm(q))",
                      "argmin(w, sqnorm(y - X @ w))", SameMinimiser("1", "sqnorm(q)"), where)
    fitted = Definition("g", LOGIT, ("i",), indexed=True, sizes=("n",))
    given = (*DESIGN, LeastSquares("w_hat"))
    relation = Attained("sqnorm(X @ (w - w_hat))", unique=False)
    derive(given, "argmin(w, sqnorm(y - g))", "w_hat", relation, (fitted,)).verify()
    assert not proved(given, "argmin(w, sqnorm(y - g))", "w_hat", Attained("0", unique=False),
                      (fitted,))
    assert not proved(DESIGN, "diff(sqnorm(g), w)", "X.T @ g", where=(fitted,))


def test_a_defined_vector_captures_no_index():
    where = (S, VECTOR)
    derive((*DESIGN, Index("j", size="n")), "q[j]*sqnorm(y)", "sum(q[j]*y[i]**2 for i in n)",
           where=where).verify()
    assert not proved((*DESIGN, Index("j", size="n")), "q[j]*sqnorm(y)",
                      "sum(q[i]*y[i]**2 for i in n)", where=where)


def test_sizes_of_a_defined_vector_are_checked():
    with pytest.raises(TermError, match="one for each index"):
        Definition("q", "y[i]", ("i",), indexed=True, sizes=("n", "d"))
    with pytest.raises(TermError, match="size k is not declared"):
        short = Definition("q", "y[i]", ("i",), indexed=True, sizes=("k",))
        derive(DESIGN, "sqnorm(q)", "sqnorm(y)", where=(short,)).verify()
    with pytest.raises(TermError, match="exp of a vector"):
        derive(DESIGN, "exp(X @ w)", "exp(X @ w)*1", where=()).verify()


# --- what the losses need ------------------------------------------------------------------------


def test_the_best_constant_logit():
    given = (Between("k", below="n"), Z)
    best = Attained("k*h(n*s(z)/k) + (n - k)*h(n*(1 - s(z))/(n - k))")
    derive(given, "argmin(z, n*soft(z) - k*z)", "log(k/(n - k))", best).verify()
    assert not proved(given, "argmin(z, n*soft(z) - k*z)", "log((n - k)/k)", best)
    assert not proved((N, Size("k"), Z), "argmin(z, n*soft(z) - k*z)", "log(k/(n - k))", best)
