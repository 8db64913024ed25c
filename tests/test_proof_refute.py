"""The refuter: concrete numbers, exact expectations, and no code of the prover's."""
import ast
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import mp, mpf

import mlebook.proof
from mlebook.proof import (
    Equal,
    Independent,
    Labels,
    LeastSquares,
    Positive,
    Real,
    Reals,
    Simplex,
    Size,
    TermError,
    UnequalReals,
    parse,
)
from mlebook.proof.evaluate import Undefined, evaluate
from mlebook.proof.hypotheses import Vector
from mlebook.proof.refute import refute, samples


def value(text, **env):
    with mp.workdps(30):
        return evaluate(parse(text), env)


@pytest.mark.parametrize("text, expected", [
    ("1/3 + 1/6", "0.5"), ("sum(i**2 for i in n)", 14), ("prod(2 for i in n)", 8),
    ("sum(y for y in {0, 1, 5})", 6), ("delta(2, 2) + delta(1, 2)", 1), ("factorial(5)", 120),
    ("h(1)", 0), ("y[2]", 7), ("sqnorm(y)", 78), ("abs(-3)", 3), ("sqrt(16)", 4),
    ("diff(x**3, x)", 12), ("diff(sum(y[i]**2 for i in n), y[1])", 10),
])
def test_values(text, expected):
    env = {"n": 3, "y": Vector([5, 7, 2]), "x": 2}
    assert abs(value(text, **env) - mpf(expected)) < mpf("1e-25")


def test_integral_of_a_normal_density():
    density = "exp(-(x - m)**2/(2*s**2))/sqrt(2*pi*s**2)"
    for m, s in ((0, 1), (6, Fraction(1, 3)), (-6, 6)):
        assert abs(value(f"integral({density} for x in R)", m=m, s=s) - 1) < mpf("1e-12")


def test_matrix_products_match_their_entries():
    env = {"X": Vector([Vector([1, 2]), Vector([3, 4])]), "w": Vector([5, 6])}
    assert list(value("X @ w", **env)) == [17, 39]
    assert list(value("X.T @ w", **env)) == [23, 34]


@pytest.mark.parametrize("text", ["log(0*x)", "1/(x - x)", "sqrt(-x)", "y[4]", "(-x)**(1/2)"])
def test_what_has_no_finite_real_value_is_undefined(text):
    with pytest.raises(Undefined):
        value(text, x=2, y=Vector([1, 2, 3]))


@pytest.mark.parametrize("text", ["y + X", "sqnorm(X)", "unknown + 1", "unknown(1)"])
def test_what_makes_no_sense_is_refused(text):
    with pytest.raises(TermError):
        value(text, y=Vector([1, 2]), X=Vector([Vector([1, 2]), Vector([3, 4])]))


def test_samples_satisfy_their_hypotheses():
    given = (Size("n"), Size("d"), Size("K"), Reals("X", sizes=("n", "d")), Reals("y"),
             LeastSquares("w"), Simplex("p"), Labels("c", law="p"))
    for _, env in samples(given, (), "seed"):
        assert sum(env["p"]) == 1 and min(env["p"]) > 0
        assert all(1 <= label <= env["K"] for label in env["c"])
        for k in range(env["d"]):  # exact fractions: the normal equations hold exactly
            assert sum(env["X"][i][k] * (env["y"][i] - sum(
                env["X"][i][j] * env["w"][j] for j in range(env["d"])))
                for i in range(env["n"])) == 0


def test_unequal_reals_are_unequal():
    for _, env in samples((Size("n"), UnequalReals("y")), (), "seed", tries=40):
        assert len(set(env["y"])) > 1


def test_expectation_enumerates_every_outcome_exactly():
    given = (Size("n"), Independent("y"))
    for _, env in samples(given, (), "seed"):
        with mp.workdps(30):
            mean = evaluate(parse("E(y[1])"), env)
            variance = evaluate(parse("E((y[1] - mu)**2)"), env)
            assert abs(mean - evaluate(parse("mu"), env)) < mpf("1e-25")
            assert abs(variance - evaluate(parse("v"), env)) < mpf("1e-25")


def test_a_counterexample_shows_small_numbers_and_both_values():
    given = (Real("a"), Positive("s"))
    found = refute(given, (), parse("(a + s)**2"), Equal(), parse("a**2 + s**2"))
    text = str(found)
    assert "a = " in text and "s = " in text and found.left in text and found.right in text
    assert len(text) < 120


def test_the_refuter_shares_no_code_with_the_prover():
    """Its modules may import terms, relations and hypotheses' samples; no prover, no SymPy."""
    folder = Path(mlebook.proof.__file__).parent
    forbidden = {"sympy", "prove", "sums", "context", "translate", "algebra", "objects",
                 "inequalities"}
    for module in ("evaluate.py", "refute.py", "sampling.py"):
        for node in ast.walk(ast.parse((folder / module).read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = {alias.name.split(".")[0] for alias in node.names}
                names |= {(getattr(node, "module", "") or "").split(".")[0]}
                assert not names & forbidden, (module, names)


SCRIPT = """
from mlebook.proof import Derivation, Positive, ProofError, Real, Reals, Size, Step
given = (Size("n"), Reals("y"), Real("mu"), Positive("sigma"))
wrong = Derivation("demo.wrong", "t", given, "sum((y[i] - mu)**2/sigma for i in n)",
                   (Step("sum(y[i]**2 for i in n)/sigma - n*mu**2/sigma", "dropped"),))
try:
    wrong.verify()
except ProofError as error:
    print(error)
from mlebook.catalog import statements
print([s.markdown() for s in list(statements().values())[::12]])
"""


@pytest.mark.parametrize("flags, seed", [([], "1"), (["-O"], "2"), (["-OO"], "77")])
def test_results_depend_on_neither_the_hash_seed_nor_optimisation(flags, seed):
    def run(flags, seed):
        import os

        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, *flags, "-c", SCRIPT], env=environment,
                              capture_output=True, text=True, check=True).stdout

    reference = run([], "0")
    assert "is false" in reference and "counterexample" in reference
    assert run(flags, seed) == reference
