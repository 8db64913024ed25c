"""The refuter's integrals: the trapezoidal rule after a substitution, refined until it is steady.

Each stretch without a kink has its own substitution: x = sinh t on the whole line,
u = exp(t - exp(-t)) on a half-line, x = tanh(π/2·sinh t) between two kinks.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import mpmath
from mpmath import mp, mpf

#: the first step has 14 (12, 8) places a unit of t; it is halved at most this often
_HALVINGS = 5


def integrate(value: Callable, ends, kinks) -> mpf | None:
    """The integral of ``value(x)`` between two ends (None: infinite), split at kinks.

    ``value`` may return None where it has no value.  None if the integral does not converge.
    """
    low, high = ends
    cuts = [k for k in kinks if (low is None or k > low) and (high is None or k < high)]
    parts = [_piece(value, a, b) for a, b in pairwise([low, *cuts, high])]
    return None if None in parts else mpmath.fsum(parts)


def _piece(value, a, b):
    if a is None and b is None:
        return _refined(value, _line)
    if a is None:
        return _refined(lambda u: value(b - u), _half_line)
    if b is None:
        return _refined(lambda u: value(a + u), _half_line)
    total = _refined(lambda u: value(a + (b - a) * u), _unit)
    return None if total is None else (b - a) * total


def _refined(value, rule):
    """Halve the step until two results agree to seven digits: then the finer has twice as many."""
    total = size = mpf(0)
    for level in range(_HALVINGS):
        parts = [v * w for x, w in rule(level) if (v := value(x)) is not None]
        before = total
        total = total / 2 + mpmath.fsum(parts)
        size = size / 2 + mpmath.fsum(parts, absolute=True)
        if level == 0 and parts and rule is not _unit and \
                abs(parts[0]) + abs(parts[-1]) > size / 1000:
            return None
        if level > 0 and abs(total - before) <= mpf("1e-7") * size:
            break
    return total


def _trapezoid(level, low, high, per_unit, place):
    """Places of a level, those of the levels before left out, with their weights."""
    step = mpf(1) / (per_unit * 2**level)
    count = range(low * per_unit * 2**level, high * per_unit * 2**level + 1)
    with mp.workdps(40):
        return [(x, step * slope) for k in count if level == 0 or k % 2
                for x, slope in [place(k * step)]]


@cache
def _line(level):
    """Places that reach ±550 and, refined, resolve a scale of 1/20 at a location of 6."""
    return _trapezoid(level, -7, 7, 14, lambda t: (mpmath.sinh(t), mpmath.cosh(t)))


@cache
def _half_line(level):
    """For what falls like exp(-u): u from 0 to about 1000."""
    def place(t):
        u = mpmath.exp(t - mpmath.exp(-t))
        return u, u * (1 + mpmath.exp(-t))

    return _trapezoid(level, -4, 7, 8, place)


@cache
def _unit(level):
    def place(t):
        inner = mpmath.pi / 2 * mpmath.sinh(t)
        return (1 + mpmath.tanh(inner)) / 2, \
            mpmath.pi / 4 * mpmath.cosh(t) / mpmath.cosh(inner) ** 2

    return _trapezoid(level, -4, 4, 8, place)


def straight_root(places, values):
    """Where a straight line through three points is zero; None if they are on no such line."""
    (x0, x1, x2), (y0, y1, y2) = places, values
    slope, other = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    if slope == 0 or abs(slope - other) > mpf("1e-20") * (abs(slope) + abs(other)):
        return None
    return x0 - y0 / slope
