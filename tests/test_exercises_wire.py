"""Typed data between a learner's code and what marks it: what crosses, and what never does."""
import contextlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given
from hypothesis import strategies as st

from mlebook import proof
from mlebook.exercises import wire
from mlebook.exercises.answering import reply
from mlebook.exercises.sympy_text import to_language
from mlebook.exercises.wire import FUNCTION, MISSING, Formula, WireError, decode, encode


def crossed(value):
    """What arrives, after a trip through text as the grader makes it."""
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


def same(a, b):
    if isinstance(a, torch.Tensor | np.ndarray):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and (
            np.array_equal(np.asarray(a), np.asarray(b), equal_nan=a.dtype.kind == "f"
                           if isinstance(a, np.ndarray) else a.is_floating_point()))
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    return type(a) is type(b) and a == b


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-10**30, 10**30) | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["tuple", "dict", "int", "float", "missing", "function", "formula", "step",
                         "array", "tensor", "dtype", "shape", "data", "x"]), inner, max_size=4),
    max_leaves=12)


@given(PLAIN)
def test_plain_values_arrive_as_they_are(value):
    assert same(value, crossed(value))


@given(JSON)
def test_foreign_data_is_decoded_or_refused_and_never_fails_otherwise(data):
    with contextlib.suppress(WireError):
        decode(data)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int16", "int32", "int64", "float16",
                                   "float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3)])
def test_tensors_and_arrays_arrive_to_the_bit(dtype, shape):
    array = np.asarray(np.random.default_rng(1).normal(size=shape) * 3).astype(dtype)
    assert isinstance(array, np.ndarray)
    assert same(array, crossed(array))
    tensor = torch.from_numpy(array.copy())
    assert same(tensor, crossed(tensor))


def test_special_tensors_arrive():
    value = torch.tensor([math.nan, math.inf, -0.0], dtype=torch.float64)
    assert str(crossed(value)) == str(value)
    assert same(crossed(torch.ones(2, 3).T), torch.ones(3, 2))
    assert same(crossed(torch.nn.Parameter(torch.ones(2))), torch.ones(2))
    assert same(crossed(np.arange(6).reshape(2, 3)[:, ::2]), np.array([[0, 2], [3, 5]]))
    assert same(crossed(np.ones(2, dtype=">f8")), np.ones(2))
    crossed(torch.zeros(2)).add_(1)  # what arrives can be written to


def test_marks_arrive():
    assert crossed(...) is MISSING
    assert crossed(MISSING) is MISSING
    assert crossed(lambda: 1) is FUNCTION
    assert crossed(torch.nn.Linear(1, 1)) is FUNCTION
    assert same(crossed(np.float64(1.5)), 1.5)
    assert same(crossed(np.bool_(True)), True)
    assert crossed("a\ud800") == "a?"


def test_formulas_and_steps_arrive_as_text():
    term = proof.parse("sum(y[i]**2 for i in n)/n")
    assert crossed(term) == Formula("sum(y[i]**2 for i in n)/n")
    steps = [proof.Step("log(a)", "why", proof.TakeLog()),
             proof.Step(term, "so", proof.SameMinimiser(a="2", c="n")),
             proof.Step("x", "the best", proof.Attained(unique=False))]
    arrived = crossed(steps)
    assert [s.relation for s in arrived] == [s.relation for s in steps]
    assert [str(s.formula) for s in arrived] == [str(s.formula) for s in steps]


@pytest.mark.parametrize(("value", "complaint"), [
    ({1, 2}, "type set"), (b"x", "type bytes"), (1j, "type complex"), (object(), "type object"),
    ({1: 2}, "must be text"), (10**1000, "1000 digits"), ("x" * 100_001, "too large"),
    ([0] * 100_001, "too large"), (torch.zeros(1_000_001), "too large"),
    ([torch.zeros(600_000), torch.zeros(600_000)], "too large"),
    (torch.zeros(2, dtype=torch.complex64), "complex64"), (np.array(["a"]), "dtype"),
    (np.array([None]), "dtype"), (torch.eye(2).to_sparse(), "sparse"),
    (proof.Step("x", "r", proof.SameMinimiser(a=2)), "must be text"),
    (proof.Step("x" * 30_000, "r"), "too long"), (proof.Step(3.5, "r"), "must be a formula"),
])
def test_what_cannot_cross_is_named(value, complaint):
    with pytest.raises(WireError, match=complaint):
        encode(value)


def test_endless_values_are_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(WireError, match="nested"):
        encode(loop)


STEP = {"formula": "a", "reason": "b", "relation": "Equal", "fields": {}}


@pytest.mark.parametrize("data", [
    {"tuple": 1}, {"dict": [["a"]]}, {"dict": [["a", 1], ["a", 2]]}, {"dict": [[1, 2]]},
    {"int": "1_0"}, {"int": "١"}, {"int": ""}, {"int": "--1"}, {"int": "9" * 1001}, 2**60,
    {"float": "1.0"}, {"float": ["nan"]}, {"missing": False}, {"function": "os.system"},
    {"formula": 3}, {"formula": "x" * 20_001}, {"pickle": "gASV"}, {"tuple": [], "int": "1"}, {},
    {"step": {**STEP, "relation": "Step"}}, {"step": {**STEP, "relation": "__class__"}},
    {"step": {**STEP, "fields": {"a": "1"}}}, {"step": {**STEP, "extra": 1}}, {"step": "x"},
    {"step": {**STEP, "relation": "Attained", "fields": {"unique": "no"}}},
    {"step": {**STEP, "relation": ["Equal"]}},
    {"tensor": {"dtype": "object", "shape": [1], "data": "AAAAAAAAAAA="}},
    {"tensor": {"dtype": "float64", "shape": [2], "data": "AAAAAAAAAAA="}},
    {"tensor": {"dtype": "float64", "shape": [-1], "data": ""}},
    {"tensor": {"dtype": "float64", "shape": [10**6, 10**6, 0], "data": "x"}},
    {"tensor": {"dtype": "float64", "shape": [True], "data": "AAAAAAAAAAA="}},
    {"tensor": {"dtype": "float64", "shape": [1.0], "data": "AAAAAAAAAAA="}},
    {"tensor": {"dtype": "float64", "shape": [1], "data": "!!"}},
    {"tensor": {"dtype": "bool", "shape": [1], "data": "Ag=="}},
    {"tensor": {"dtype": ["float64"], "shape": [1], "data": ""}},
    {"array": {"dtype": "float64", "shape": [1]}},
])
def test_data_that_encode_never_writes_is_refused(data):
    with pytest.raises(WireError):
        decode(data)


def test_deep_data_is_refused():
    data = 1
    for _ in range(200):
        data = [data]
    with pytest.raises(WireError, match="nested"):
        decode(data)


# --- SymPy -----------------------------------------------------------------------------

i, N = sp.symbols("i n", integer=True, positive=True)
MU, SIGMA = sp.symbols("mu sigma", positive=True)
Y = sp.IndexedBase("y")


@pytest.mark.parametrize(("expression", "text"), [
    (sp.Sum((Y[i] - MU)**2, (i, 1, N)), "sum((-1*mu + y[i])**2 for i in n)"),
    (sp.Product(sp.exp(-Y[i]), (i, 1, N)), "prod(exp((-1)*y[i]) for i in n)"),
    (sp.Integral(sp.exp(-MU**2), (MU, -sp.oo, sp.oo)), "integral(exp((-1)*(mu**2)) for mu in R)"),
    (sp.Float(0.5) * MU, "1/2*mu"), (sp.sqrt(MU), "sqrt(mu)"), (1 / MU, "mu**(-1)"),
    (sp.Max(MU, SIGMA, 1), "max(1, max(mu, sigma))"), (sp.E, "exp(1)"),
    (sp.Min(MU, SIGMA), "-(max((-1)*mu, (-1)*sigma))"),
    (sp.Function("p")(MU), "p(mu)"), (sp.Derivative(sp.Function("p")(MU), MU), "diff(p(mu), mu)"),
    (sp.KroneckerDelta(i, N), "delta(i, n)"), (-sp.pi, "(-1)*pi"), (sp.Abs(Y[i]), "abs(y[i])"),
    (MU - (SIGMA - 1), "1 + mu + (-1)*sigma"), (MU**2**SIGMA, "mu**(2**sigma)"),
    (sp.gamma(MU + 1), "factorial(mu)"), (sp.loggamma(MU), "log(factorial(-1 + mu))"),
    (sp.Sum(MU**N, (N, 0, sp.oo)), "sum(mu**n for n in N)"),
])
def test_sympy_becomes_the_language(expression, text):
    assert str(proof.parse(to_language(expression))) == str(proof.parse(text))


def test_sympy_has_the_same_value_in_the_language():
    """Written by hand against read by Python itself, at a point."""
    formula = sp.log(2 * sp.pi * SIGMA**2) / 2 + (MU - 3)**2 / (2 * SIGMA**2) - sp.Rational(1, 3)
    text = to_language(formula)
    there = {"log": math.log, "sqrt": math.sqrt, "pi": math.pi, "mu": 0.7, "sigma": 1.3}
    value = formula.subs({MU: sp.Rational(7, 10), SIGMA: sp.Rational(13, 10)})
    assert math.isclose(eval(text, there), float(value), rel_tol=1e-12)


@pytest.mark.parametrize("expression", [
    sp.Sum(Y[i], (i, 0, N - 1)), sp.Integral(MU, MU), sp.Integral(MU, (MU, 0, 1)), sp.zeta(MU),
    sp.Symbol("a b"), sp.Symbol("__import__('os')"), sp.Symbol("lambda"), sp.Symbol("µ"),
    sp.sin(MU), sp.I, sp.nan, sp.zoo, sp.Matrix([1]).as_immutable(), sp.Eq(MU, 1), sp.true,
    sp.Integer(10)**1200, sp.Piecewise((MU, MU > 1), (1, True)),
    sp.Function("os.system")(MU), sp.Add(*sp.symbols("x0:5000")),
])
def test_sympy_without_a_word_in_the_language_is_refused(expression):
    with pytest.raises(WireError):
        encode(expression)


# --- answering -------------------------------------------------------------------------

NAMES = {
    "a": 2.0, "open": ..., "f": lambda x: x**2, "stub": lambda x: ..., "fails": lambda x: 1 / 0,
    "leaves": lambda x: exit(), "detached": lambda x: x.detach(), "constant": lambda x: x * 0 + 1,
    "secret": lambda x: (_ for _ in ()).throw(type(f"E{x}", (Exception,), {})(f"{x}")),
    "odd": {1, 2},
}


@pytest.mark.parametrize(("request_", "expected"), [
    ({"op": "value", "name": "a"}, {"value": 2.0}),
    ({"op": "value", "name": "f"}, {"value": {"function": True}}),
    ({"op": "call", "name": "f", "args": [3]}, {"value": 9}),
    ({"op": "value", "name": "open"}, "missing"), ({"op": "value", "name": "none"}, "missing"),
    ({"op": "call", "name": "stub", "args": [1]}, "missing"),
    ({"op": "call", "name": "a", "args": []}, "unsupported"),
    ({"op": "value", "name": "odd"}, "unsupported"),
    ({"op": "call", "name": "fails", "args": [1]}, "raised"),
    ({"op": "call", "name": "leaves", "args": [1]}, "raised"),
    ({"op": "call", "name": "f", "args": []}, "raised"),
])
def test_replies(request_, expected):
    answer = reply(NAMES, request_)
    assert answer == expected if isinstance(expected, dict) else (
        answer["error"]["kind"] == expected)


def test_gradients():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)

    def gradient(name):
        answer = reply(NAMES, {"op": "grad", "name": name, "args": [encode(x)]})
        return decode(answer["value"]).tolist() if "value" in answer else answer["error"]["kind"]

    assert gradient("f") == [2.0, 4.0]
    assert gradient("constant") == [0.0, 0.0]
    assert gradient("detached") == "unsupported"
    assert gradient("stub") == "missing"
    assert gradient("fails") == "raised"
    assert x.grad is None


def test_an_error_of_the_code_is_told_in_detail_only_when_asked():
    request_ = {"op": "call", "name": "secret", "args": [77]}
    assert "77" not in json.dumps(reply(NAMES, request_))
    assert reply(NAMES, request_, detail=True)["error"]["text"] == "E77: 77"
    request_["name"] = "fails"
    assert reply(NAMES, request_)["error"]["text"] == "ZeroDivisionError"


def test_a_line_of_the_protocol_holds_every_value():
    """The longest value that encode lets through is shorter than the broker's bound."""
    assert len(json.dumps(encode(torch.zeros(1_000_000, dtype=torch.float64)))) < wire.MAX_LINE


def test_importing_the_wire_imports_no_heavy_library():
    """The student's process imports it before anything that the exercise does not need."""
    code = ("import sys, mlebook.exercises.answering as a\n"
            "print([m for m in ('torch', 'sympy', 'numpy', 'matplotlib') if m in sys.modules])\n"
            "print(a.reply({'x': 1}, {'op': 'value', 'name': 'x'}))")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["[]", "{'value': 1}"]
