"""The value of a term for concrete numbers, with 30 digits: the refuter's own reading.

No SymPy, no normal form, no rules: sums are loops, derivatives are differences, integrals
are numerical and expectations enumerate every outcome.
"""
from __future__ import annotations

from fractions import Fraction

import mpmath
from mpmath import mp, mpf

from .differences import has_integral, slope
from .hypotheses import Definition, Vector
from .quadrature import integrate, straight_root
from .term import Term, TermError

DIGITS = 30


class Undefined(ArithmeticError):
    """A formula has no finite real value for this sample."""


class TooFar(ArithmeticError):
    """A number that would fill the memory, such as exp(exp(10⁶)): nothing is learnt from it."""


def _exp(x):
    if x and mpmath.mag(x) > 20_000:
        raise TooFar("exp of a number with thousands of digits")
    return mpmath.exp(x)


def evaluate(term: Term, env: dict):
    """The value of a term: an mpf, or a Vector of such.  Raises :class:`Undefined`."""
    try:
        rule = _RULES[term.op]
    except KeyError:
        raise TermError(f"{term} has no value") from None
    value = rule(term.args, env)
    # the quickest test for infinities and NaN: a finite number times zero is zero
    if type(value) is mpf and value * 0 != 0:
        raise Undefined(str(term))
    return value


def _number(value):
    if type(value) is Fraction:
        return mpf(value.numerator) / value.denominator
    return mpf(value) if isinstance(value, int) else value


def _arithmetic(operation):
    def rule(args, env):
        a, b = evaluate(args[0], env), evaluate(args[1], env)
        if type(a) is mpf and type(b) is mpf:
            return operation(a, b)
        return elementwise(operation, a, b)

    return rule


def _lookup(symbol, env):
    if symbol == "pi":
        return +mp.pi
    if symbol not in env:
        raise TermError(f"the symbol {symbol!r} is not declared")
    value = env[symbol]
    if type(value) is mpf:
        return value
    if isinstance(value, Definition):
        return _defined_array(value, value.sizes, (), env)
    if isinstance(value, Vector):
        return Vector(map(_deep_number, value))
    return _number(value)


def _deep_number(value):
    return Vector(map(_deep_number, value)) if isinstance(value, Vector) else _number(value)


def _entry(base, indices, env):
    value = env.get(base)
    if isinstance(value, Definition):
        return _apply_definition(value, indices, env)
    for index in indices:
        if not isinstance(value, Vector) or index not in range(1, len(value) + 1):
            raise Undefined(f"{base}[{index}]")
        value = value[int(index) - 1]
    return _number(value)


def _defined_array(definition, sizes, indices, env):
    """All entries of a defined vector; a defined number has none."""
    if not sizes:
        return _apply_definition(definition, indices, env)
    size = int(evaluate(Term("name", (sizes[0],)), env))
    return Vector(_defined_array(definition, sizes[1:], (*indices, mpf(k)), env)
                  for k in range(1, size + 1))


def _apply_definition(definition, values, env):
    if len(values) != len(definition.parameters):
        raise TermError(f"{definition.name} takes {len(definition.parameters)} argument(s)")
    local = dict(zip(definition.parameters, values, strict=True))
    return evaluate(definition.unfolded_body(), {**env, **local})


def _call(function, args, env):
    if function == "E":
        return _expectation(args[0], env)
    values = [evaluate(a, env) for a in args]
    if function in _FUNCTIONS and any(isinstance(v, Vector) for v in values):
        raise TermError(f"{function} of a vector: write it for an entry")
    if function == "sqnorm":
        if not isinstance(values[0], Vector) or any(isinstance(v, Vector) for v in values[0]):
            raise TermError(f"sqnorm needs a vector, got {args[0]}")
        return mpmath.fsum(v * v for v in values[0])
    if function in _TURNING and env.get(TURNS) is not None:
        env[TURNS].append(values[0] - (values[1] if function == "max" else 0))
    if function in _FUNCTIONS:
        try:
            result = _FUNCTIONS[function](*values)
        except (ValueError, ZeroDivisionError):
            raise Undefined(function) from None
        if isinstance(result, mpmath.mpc):
            raise Undefined(function)
        return result
    value = env.get(function)
    if isinstance(value, Definition):
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
    "log": mpmath.log, "exp": _exp, "sqrt": mpmath.sqrt, "abs": abs,
    "h": lambda x: x - 1 - mpmath.log(x), "factorial": mpmath.factorial,
    "delta": lambda i, j: mpf(i == j), "sign": mpmath.sign, "max": max}
_TURNING = ("abs", "sign", "max")
TURNS = "arguments of abs, sign and max"  # where an integral asks for them


def elementwise(operation, a, b):
    """Numbers with numbers, vectors with vectors, a number times a vector; nothing else."""
    if isinstance(a, Vector) and isinstance(b, Vector):
        if len(a) != len(b) or isinstance(a[0], Vector) != isinstance(b[0], Vector):
            raise TermError("sizes do not fit")
        return Vector(elementwise(operation, x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Vector):
        return Vector(elementwise(operation, x, b) for x in a)
    if isinstance(b, Vector):
        return Vector(elementwise(operation, a, y) for y in b)
    return operation(a, b)


def _fold(args, env, combine):
    variable, domain, body = args
    if domain.op == "set":
        values = [evaluate(v, env) for v in domain.args]
    elif domain.args == ("N",):
        values = map(mpf, range(60))  # a Poisson law with mean up to 6 has nothing left beyond
    else:
        size = evaluate(domain, env)
        if isinstance(size, Vector) or size != int(size):
            raise TermError(f"{domain} is no size: nothing runs from 1 to {domain}")
        values = map(mpf, range(1, int(size) + 1))
    parts = [evaluate(body, {**env, variable: v}) for v in values]
    if domain.args == ("N",) and abs(parts[-1]) > mpmath.fsum(parts, absolute=True) / 1000:
        raise Undefined("a sum that does not converge")
    return combine(parts)


def _integral(args, env):
    """The integral between the ends, with what an abs, sign or max turns at as borders."""
    variable, domain, body = args
    ends = {"below": (None, 0), "above": (0, None)}.get(domain.op, (None, None))
    ends = [None if e is None else evaluate(domain.args[e], env) for e in ends]

    def value(x):
        try:
            return evaluate(body, {**env, variable: x, TURNS: None})
        except Undefined:
            return None  # 0·log 0 far out in the tails

    total = integrate(value, ends, _kinks(variable, body, env))
    if total is None:
        raise Undefined("an integral that does not converge")
    return total


def _kinks(variable, body, env):
    """Where an abs, sign or max in the integrand turns: their arguments seen at three places."""
    places, seen = [mpf(-7) / 5, mpf(1) / 3, mpf(9) / 4], []
    try:
        for x in places:
            turns = []
            evaluate(body, {**env, variable: x, TURNS: turns})
            seen.append(turns)
    except Undefined:
        return []
    if len({len(turns) for turns in seen}) > 1:
        return []
    found = (straight_root(places, values) for values in zip(*seen, strict=True))
    return sorted({x for x in found if x is not None})


def _derivative(body, variable, env):
    if len(variable.args) > 2:
        raise TermError(f"cannot differentiate by {variable}, an entry of a matrix")
    if variable.op == "index":
        k = int(evaluate(variable.args[1], env))
        return _slope(body, env, lambda x: {variable.args[0]: _replaced(
            env[variable.args[0]], k, x)}, _number(env[variable.args[0]][k - 1]))
    symbol = variable.args[0]
    value = env.get(symbol)
    if isinstance(value, Vector) and not any(isinstance(row, Vector) for row in value):
        return Vector(_slope(body, env, lambda x, k=k: {symbol: _replaced(value, k, x)},
                             _number(value[k - 1])) for k in range(1, len(value) + 1))
    if not isinstance(value, (int, Fraction, mpf)):
        raise TermError(f"cannot differentiate by {symbol}")
    return _slope(body, env, lambda x: {symbol: x}, _number(value))


def _replaced(vector, k, x):
    return Vector([*vector[:k - 1], x, *vector[k:]])


def _slope(body, env, change, at):
    # an integral is known to eleven digits, and with many of them it takes long
    found = slope(lambda x: evaluate(body, {**env, **change(x)}), at, has_integral(body, env))
    if found is None:
        raise Undefined("a derivative at a kink")
    return found


def _matmul(a, b):
    if not a or not b:
        raise Undefined("a product of nothing")
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


_RULES = {
    "num": lambda args, env: mpf(args[0]),
    "name": lambda args, env: _lookup(args[0], env),
    "index": lambda args, env: _entry(args[0], [evaluate(a, env) for a in args[1:]], env),
    "call": lambda args, env: _call(args[0], args[1:], env),
    "neg": lambda args, env: elementwise(lambda a, _: -a, evaluate(args[0], env), 0),
    **{op: _arithmetic(operation) for op, operation in _ARITHMETIC.items()},
    "sum": lambda args, env: _fold(args, env, mpmath.fsum),
    "prod": lambda args, env: _fold(args, env, mpmath.fprod),
    "integral": _integral,
    "diff": lambda args, env: _derivative(args[0], args[1], env),
    "transpose": lambda args, env: Vector(
        map(Vector, zip(*evaluate(args[0], env), strict=True))),
    "matmul": lambda args, env: _matmul(evaluate(args[0], env), evaluate(args[1], env)),
}
