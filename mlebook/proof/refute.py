"""The refuter: look for a counterexample with small concrete numbers.

It evaluates both lines of a step at random values that satisfy the hypotheses, with 30
digits, and shares no code with the prover: no SymPy, no normal form, no rules.  It
cannot prove anything; it can only find a case in which a claim is false.
"""
from __future__ import annotations

import zlib
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import mpmath
from mpmath import mp, mpf

from . import relations as rel
from .hypotheses import Vector
from .term import Term, TermError, parse

DIGITS = 30
TRIES = 12


class Undefined(ArithmeticError):
    """A formula has no finite real value for this sample."""


@dataclass(frozen=True)
class Counterexample:
    """Values for which the claim is false, and what the two sides are there."""

    values: str
    left: str
    right: str
    complaint: str = "the two sides differ"

    def __str__(self):
        return f"for {self.values}: {self.complaint}: {self.left} against {self.right}"


# --- evaluation ----------------------------------------------------------------------


def evaluate(term: Term, env: dict):
    """The value of a term: an mpf, or a Vector of such.  Raises :class:`Undefined`."""
    value = _value(term, env)
    if isinstance(value, (int, Fraction)):
        value = _number(value)
    if isinstance(value, mpf) and not mpmath.isfinite(value):
        raise Undefined(str(term))
    return value


def _number(value):
    if isinstance(value, Fraction):
        return mpf(value.numerator) / value.denominator
    return mpf(value) if isinstance(value, int) else value


def _value(term, env):
    args = term.args
    match term.op:
        case "num":
            return mpf(args[0])
        case "name":
            return _lookup(args[0], env)
        case "index":
            return _entry(args[0], [evaluate(a, env) for a in args[1:]], env)
        case "call":
            return _call(args[0], args[1:], env)
        case "neg":
            return _elementwise(lambda a, _: -a, evaluate(args[0], env), 0)
        case "add" | "sub" | "mul" | "div" | "pow":
            return _elementwise(_ARITHMETIC[term.op], *(evaluate(a, env) for a in args))
        case "sum" | "prod":
            return _fold(term, env)
        case "integral":
            return _integral(args[0], args[2], env)
        case "diff":
            return _derivative(args[0], args[1], env)
        case "transpose":
            return Vector(map(Vector, zip(*evaluate(args[0], env), strict=True)))
        case "matmul":
            return _matmul(*(evaluate(a, env) for a in args))
    raise TermError(f"{term} has no value")


def _lookup(symbol, env):
    if symbol == "pi":
        return +mp.pi
    if symbol not in env:
        raise TermError(f"the symbol {symbol!r} is not declared")
    value = env[symbol]
    if type(value).__name__ == "Definition":
        return evaluate(value.unfolded_body(), env)
    if isinstance(value, Vector):
        return Vector(map(_deep_number, value))
    return _number(value)


def _deep_number(value):
    return Vector(map(_deep_number, value)) if isinstance(value, Vector) else _number(value)


def _entry(base, indices, env):
    value = env.get(base)
    if type(value).__name__ == "Definition":
        return _apply_definition(value, indices, env)
    for index in indices:
        if not isinstance(value, Vector) or not 1 <= int(index) <= len(value):
            raise Undefined(f"{base}[{index}]")
        value = value[int(index) - 1]
    return _number(value)


def _apply_definition(definition, values, env):
    if len(values) != len(definition.parameters):
        raise TermError(f"{definition.name} takes {len(definition.parameters)} argument(s)")
    local = dict(zip(definition.parameters, values, strict=True))
    return evaluate(definition.unfolded_body(), {**env, **local})


def _call(function, args, env):
    if function == "E":
        return _expectation(args[0], env)
    values = [evaluate(a, env) for a in args]
    if function == "sqnorm":
        return mpmath.fsum(v * v for v in values[0])
    if function in _FUNCTIONS:
        try:
            result = _FUNCTIONS[function](*values)
        except (ValueError, ZeroDivisionError):
            raise Undefined(function) from None
        if isinstance(result, mpmath.mpc):
            raise Undefined(function)
        return result
    value = env.get(function)
    if type(value).__name__ == "Definition":
        return _apply_definition(value, values, env)
    if not callable(value):
        raise TermError(f"{function!r} is not a declared function")
    try:
        return _number(value(*values))
    except (IndexError, TypeError) as error:
        raise Undefined(str(error)) from None


def _power(a, b):
    try:
        result = mpmath.power(a, b)
    except (ZeroDivisionError, ValueError):
        raise Undefined("power") from None
    if isinstance(result, mpmath.mpc):
        raise Undefined("power of a negative number")
    return result


def _divide(a, b):
    if b == 0:
        raise Undefined("division by zero")
    return a / b


_ARITHMETIC = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b,
               "mul": lambda a, b: a * b, "div": _divide, "pow": _power}
_FUNCTIONS = {
    "log": mpmath.log, "exp": mpmath.exp, "sqrt": mpmath.sqrt, "abs": abs,
    "h": lambda x: x - 1 - mpmath.log(x), "factorial": mpmath.factorial,
    "delta": lambda i, j: mpf(i == j)}


def _elementwise(operation, a, b):
    """Numbers with numbers, vectors with vectors, a number times a vector; nothing else."""
    if isinstance(a, Vector) and isinstance(b, Vector):
        if len(a) != len(b):
            raise Undefined("vectors of different length")
        return Vector(_elementwise(operation, x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Vector):
        return Vector(_elementwise(operation, x, b) for x in a)
    if isinstance(b, Vector):
        return Vector(_elementwise(operation, a, y) for y in b)
    return operation(a, b)


def _fold(term, env):
    variable, domain, body = term.args
    if domain.op == "set":
        values = [evaluate(v, env) for v in domain.args]
    else:
        values = range(1, int(evaluate(domain, env)) + 1)
    parts = [evaluate(body, {**env, variable: v}) for v in values]
    return mpmath.fsum(parts) if term.op == "sum" else mpmath.fprod(parts)


def _integral(variable, body, env):
    """The trapezoidal rule after x = sinh t, which converges fast for smooth densities."""
    step, total = mpf(1) / 32, []
    for k in range(-176, 177):
        x = mpmath.sinh(k * step)
        try:
            total.append(evaluate(body, {**env, variable: x}) * mpmath.cosh(k * step))
        except Undefined:
            continue  # 0·log 0 far out in the tails
    return step * mpmath.fsum(total)


def _derivative(body, variable, env):
    if variable.op == "index":
        k = int(evaluate(variable.args[1], env))
        return _slope(body, env, lambda x: {variable.args[0]: _replaced(
            env[variable.args[0]], k, x)}, _number(env[variable.args[0]][k - 1]))
    symbol = variable.args[0]
    value = env.get(symbol)
    if isinstance(value, Vector):
        return Vector(_slope(body, env, lambda x, k=k: {symbol: _replaced(value, k, x)},
                             _number(value[k - 1])) for k in range(1, len(value) + 1))
    if not isinstance(value, (int, Fraction, mpf)):
        raise TermError(f"cannot differentiate by {symbol}")
    return _slope(body, env, lambda x: {symbol: x}, _number(value))


def _replaced(vector, k, x):
    return Vector([*vector[:k - 1], x, *vector[k:]])


def _slope(body, env, change, at):
    """A central difference of fourth order; 60 digits leave about 30 of them."""
    with mp.workdps(3 * DIGITS):
        step = mpf(10) ** (-18)
        f = [evaluate(body, {**env, **change(at + k * step)}) for k in (-2, -1, 1, 2)]
        return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step)


def _matmul(a, b):
    if isinstance(a[0], Vector):
        return Vector(_matmul(row, b) for row in a)
    if isinstance(b[0], Vector):
        return Vector(_matmul(a, column) for column in zip(*b, strict=True))
    if len(a) != len(b):
        raise Undefined("sizes do not fit")
    return mpmath.fsum(x * y for x, y in zip(a, b, strict=True))


def _expectation(body, env):
    """Exact: every outcome of the random data, weighted by its probability."""
    outcomes = env.get("outcomes")
    if outcomes is None:
        raise TermError("E(…) needs a hypothesis that says what is random")
    return mpmath.fsum(_number(weight) * evaluate(body, {**env, **data})
                       for data, weight in outcomes(env))


# --- comparing -----------------------------------------------------------------------


def differ(a, b, tolerance) -> bool:
    if isinstance(a, Vector) or isinstance(b, Vector):
        if not (isinstance(a, Vector) and isinstance(b, Vector)) or len(a) != len(b):
            return True
        return any(differ(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return abs(a - b) > tolerance * (1 + abs(a) + abs(b))


def tolerance_for(*terms: Term) -> mpf:
    """Exact up to rounding, except where an integral or a derivative is approximated."""
    from .term import walk

    operations = {t.op for term in terms for _, t in walk(term)}
    return mpf("1e-9") if "integral" in operations else mpf("1e-20")


def samples(hypotheses, definitions, seed_text: str, tries: int = TRIES):
    """Random assignments that satisfy the hypotheses, the same ones at every run."""
    rng = Random(zlib.crc32(seed_text.encode()))
    for _ in range(tries):
        env = {}
        for hypothesis in hypotheses:
            hypothesis.sample(rng, env)
            if hasattr(hypothesis, "outcomes"):
                env["outcomes"] = hypothesis.outcomes
        env.update((d.name, d) for d in definitions)
        yield rng, env


def show_value(value) -> str:
    if isinstance(value, Vector):
        return "(" + ", ".join(map(show_value, value)) + ")"
    if isinstance(value, (int, Fraction)):
        return str(value)
    return mpmath.nstr(value, 6) if isinstance(value, mpf) else "a function"


def show(env: dict) -> str:
    """The sampled numbers, for a reader."""
    return ", ".join(f"{key} = {show_value(value)}" for key, value in env.items()
                     if isinstance(value, (int, Fraction, mpf, Vector)) and " " not in key)


# --- the relations -------------------------------------------------------------------


def refute(hypotheses, definitions, left: Term, relation: rel.Relation, right: Term,
           tries: int = TRIES) -> Counterexample | None:
    """A counterexample to "``right`` follows from ``left`` by ``relation``", or None."""
    attack = _ATTACKS[type(relation)]
    if tolerance_for(left, right) > mpf("1e-20"):
        tries = min(tries, 4)  # integrals take their time
    with mp.workdps(DIGITS):
        for rng, env in samples(hypotheses, definitions, f"{left}|{right}", tries):
            scene = _Scene(hypotheses, rng, env)
            found = attack(scene, left, relation, right)
            if found is not None:
                return found
    return None


class _Scene:
    """One sample, and a way to draw the parameter of an arg min anew."""

    def __init__(self, hypotheses, rng, env):
        self.hypotheses, self.rng, self.env = hypotheses, rng, env

    def redraw(self, parameter: str, count: int = 6):
        source = next((h for h in self.hypotheses if h.name == parameter), None)
        if source is None:
            raise TermError(f"the parameter {parameter!r} is not declared")
        for _ in range(count):
            env = dict(self.env)
            source.sample(self.rng, env)
            yield env

    def compare(self, left, right, env=None, complaint="the two sides differ"):
        env = self.env if env is None else env
        try:
            a = evaluate(left, env)
        except Undefined:
            return None  # the claim starts from a left side that has a value
        try:
            b = evaluate(right, env)
        except Undefined:
            return Counterexample(show(env), show_value(a), "no finite value", complaint)
        if differ(a, b, tolerance_for(left, right)):
            return Counterexample(show(env), show_value(a), show_value(b), complaint)
        return None


def _attack_equal(scene, left, relation, right):
    extrema = ("argmin", "argmax")
    if left.op in extrema or right.op in extrema:
        if left.op != right.op or left.args[0] != right.args[0]:
            return _same_order(scene, left, right)
        left, right = left.args[1], right.args[1]
    return scene.compare(left, right)


def _same_order(scene, left, right):
    """Of any two parameter values both objectives must prefer the same one."""
    if left.op not in ("argmin", "argmax") or right.op not in ("argmin", "argmax"):
        return Counterexample(show(scene.env), str(left), str(right), "not the same kind of line")
    signs = [1 if t.op == "argmin" else -1 for t in (left, right)]
    envs = list(scene.redraw(left.args[0]))
    scores = []
    for env in envs:
        try:
            scores.append((signs[0] * evaluate(left.args[1], env),
                           signs[1] * evaluate(right.args[1], env), env))
        except Undefined:
            continue
    for f, g, env in scores[1:]:
        f0, g0, _ = scores[0]
        slack = mpf("1e-8")
        if (f - f0 > slack and g - g0 < -slack) or (f - f0 < -slack and g - g0 > slack):
            return Counterexample(show(env), mpmath.nstr(f - f0, 6), mpmath.nstr(g - g0, 6),
                                  f"from another value of {left.args[0]} one objective "
                                  "improves and the other worsens")
    return None


def _attack_same_minimiser(scene, left, relation, right):
    found = _same_order(scene, left, right)
    if found is not None or left.op not in ("argmin", "argmax"):
        return found
    claimed = Term("add", (Term("mul", (parse(relation.a), right.args[1])), parse(relation.c)))
    return scene.compare(left.args[1], claimed, complaint="the witnesses a and c do not fit")


def _attack_take_log(scene, left, relation, right):
    if left.op != right.op or left.op not in ("argmin", "argmax"):
        return _same_order(scene, left, right)
    return scene.compare(Term("call", ("log", left.args[1])), right.args[1])


def _attack_at_least(scene, left, relation, right):
    certificate = parse(relation.certificate)
    found = scene.compare(Term("sub", (left, right)), certificate,
                          complaint="the difference is not the certificate")
    if found is None:
        try:
            gap = evaluate(certificate, scene.env)
        except Undefined:
            return None
        if gap < -tolerance_for(left, right):
            return Counterexample(show(scene.env), mpmath.nstr(gap, 6), "0", "negative gap")
    return found


def _attack_greater(scene, left, relation, right):
    a, b = evaluate(left, scene.env), evaluate(right, scene.env)
    return None if a > b else Counterexample("these numbers", show_value(a), show_value(b),
                                             "the left is not greater")


def _attack_attained(scene, left, relation, right):
    """The objective at the claimed point must not be worse than anywhere else."""
    if left.op not in ("argmin", "argmax"):
        return Counterexample(show(scene.env), str(left), str(right), "not an arg min")
    parameter, f = left.args
    sign = 1 if left.op == "argmin" else -1
    try:
        point = evaluate(right, scene.env)
        best = sign * evaluate(f, {**scene.env, parameter: point})
    except Undefined:
        return Counterexample(show(scene.env), str(left), "no finite value", "no value there")
    for env in _nearby_and_far(scene, parameter, point):
        try:
            other = sign * evaluate(f, env)
        except Undefined:
            continue
        if other < best - mpf("1e-18") * (1 + abs(best)):
            return Counterexample(
                show(env), f"objective {mpmath.nstr(sign * other, 8)} here",
                f"{mpmath.nstr(sign * best, 8)} at {parameter} = {show_value(point)}",
                "the claimed point is beaten")
    if isinstance(relation, rel.Attained):
        at = {**scene.env, "the claimed point": point}
        return _attack_certificate(scene, f, sign, best, parse(relation.certificate), at)
    return None


def _nearby_and_far(scene, parameter, point):
    yield from scene.redraw(parameter)
    for factor in (mpf("0.999"), mpf("1.001")):
        moved = _elementwise(lambda a, _, s=factor: a * s + (s - 1) / 1000, point, 0)
        yield {**scene.env, parameter: moved}


def _attack_certificate(scene, f, sign, best, certificate, env):
    try:
        excess = sign * evaluate(f, env) - best
        claimed = evaluate(certificate, env)
    except Undefined:
        return None
    if differ(excess, claimed, mpf("1e-18")):
        return Counterexample(show(scene.env), mpmath.nstr(excess, 8), mpmath.nstr(claimed, 8),
                              "the excess over the optimum is not the certificate")
    return None


def _attack_limit(scene, left, relation, right):
    """Go close to the limit point: the value must approach the claimed one."""
    closeness = [mpf(10) ** k for k in ((12, 24) if relation.to == "oo" else (-12, -24))]
    distances = []
    try:
        target = _limit_target(right, scene.env)
        for x in closeness:
            value = evaluate(left, {**scene.env, relation.variable: x})
            distances.append(-abs(value) * (1 if value * target > 0 else -1)
                             if mpmath.isinf(target) else abs(value - target))
    except Undefined:
        return None
    if distances[1] < distances[0] or distances[1] < mpf("1e-15"):
        if mpmath.isinf(target) or distances[1] < mpf("1e-8"):
            return None
    return Counterexample(f"{relation.variable} = {mpmath.nstr(closeness[1], 3)}",
                          show_value(value), show_value(target), "the value does not approach it")


def _limit_target(term, env):
    if term == parse("oo"):
        return mpf("inf")
    if term == parse("-oo"):
        return mpf("-inf")
    return evaluate(term, env)


def _attack_by_theorem(scene, left, relation, right):
    """A sample mean has, at every size, the limit as its exact expectation."""
    return scene.compare(Term("call", ("E", left)), right,
                         complaint="the expectation of the mean is not the claimed limit")


_ATTACKS = {
    rel.Equal: _attack_equal, rel.SameMinimiser: _attack_same_minimiser,
    rel.TakeLog: _attack_take_log, rel.AtLeast: _attack_at_least,
    rel.Greater: _attack_greater, rel.Attained: _attack_attained,
    rel.ByConvexity: _attack_attained, rel.Limit: _attack_limit,
    rel.ByTheorem: _attack_by_theorem,
}
