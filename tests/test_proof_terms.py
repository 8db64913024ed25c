"""The language of formulas: parsing, printing, substitution without capture."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlebook.proof.term import TermError, free_names, parse, substitute, to_text

ROUND_TRIPS = [
    "-sum(log(p(x[i], theta)) for i in n)", "argmin(mu, sum((y[i] - mu)**2 for i in n))",
    "a - (b - c)", "(-a)**2", "-a**2", "X.T @ (y - X @ w)", "2**(-1)", "a/(b/c)", "a*(b*c)",
    "sum(y*p(y) for y in {0, 1})", "integral(p(x) for x in R)", "diff(f(x), x)", "-(a + b)*c",
]


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_printing_and_parsing_are_inverse(text):
    term = parse(text)
    assert parse(to_text(term)) == term


@pytest.mark.parametrize("text, complaint", [
    ("a +", "cannot read"), ("0.5*a", "exact fraction"), ("a if b else c", "not part of the"),
    ("sum(a, b)", "for i in n"), ("argmin(a + b, c)", "argmin(parameter"), ("f(x=1)", "not part"),
    ("__import__('os')", "exact fraction"), ("a.b", "not part"), ("[1]", "not part"),
    ("sum(a for i in n if i)", "sum over a size"), ("True", "exact fraction"),
    ("diff(a, b + c)", "diff(formula, variable)"),
])
def test_what_is_not_a_formula_is_refused_with_a_reason(text, complaint):
    with pytest.raises(TermError, match=None) as caught:
        parse(text)
    assert complaint in str(caught.value)


def test_a_formula_must_be_text():
    with pytest.raises(TermError, match="must be text, got int"):
        parse(3)


def test_free_names_leave_bound_indices_out():
    assert free_names(parse("sum(y[i] - mu for i in n) + i")) == {"y", "mu", "n", "i"}
    assert free_names(parse("argmin(mu, mu - a)")) == {"a"}


def test_substitution_does_not_capture_a_bound_index():
    inside = substitute(parse("sum(a*y[i] for i in n)"), {"a": parse("x[i]")})
    assert str(inside) == "sum(x[i]*y[i 1] for i 1 in n)"  # a name that no author can write


def test_substitution_leaves_a_bound_index_alone():
    term = parse("sum(y[i] for i in n)")
    assert substitute(term, {"i": parse("7")}) == term


NAMES = st.sampled_from(["a", "b", "mu"]).map(lambda s: s)
FORMULAS = st.recursive(
    NAMES | st.integers(0, 9).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(
        lambda t: f"({t[0]}){t[1]}({t[2]})") | inner.map(lambda t: f"-({t})")
    | inner.map(lambda t: f"log({t})") | inner.map(lambda t: f"sum({t} for i in n)"),
    max_leaves=8)


@given(FORMULAS)
def test_every_formula_prints_to_one_that_parses_to_itself(text):
    term = parse(text)
    assert parse(to_text(term)) == term
