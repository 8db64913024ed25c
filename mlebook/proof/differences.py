"""The refuter's derivatives: differences over a tiny step, with many digits."""
from __future__ import annotations

from collections.abc import Callable

from mpmath import mp, mpf

from .hypotheses import Definition
from .term import Term, walk


def slope(value: Callable, at, rough: bool = False):
    """A central difference of fourth order, to 30 digits (18 if ``rough``).  None at a kink.

    A kink (or a jump) bends as much over a smaller step; a steep parabola does not.
    """
    step, digits = (mpf(10) ** -9, 45) if rough else (mpf(10) ** -18, 90)
    with mp.workdps(max(digits, mp.dps)):
        rise, bend, size = _differences(value, at, step)
        if bend <= mpf("1e-4" if rough else "1e-6") * (1 + size):
            return rise
        with mp.workdps(2 * mp.dps):
            rise, finer, _ = _differences(value, at, step * mpf(10) ** -12)
            return rise if finer < bend / 2 else None


def _differences(value, at, step):
    """The slope, by how much the slopes on both sides differ, and how large they are."""
    f = [value(at + k * step) for k in (-2, -1, 1, 2)]
    left, middle, right = (f[1] - f[0]) / step, (f[2] - f[1]) / (2 * step), (f[3] - f[2]) / step
    bend = max(abs(right - left), abs(middle - left))
    return (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * step), bend, abs(left) + abs(right)


def has_integral(term: Term, env: dict) -> bool:
    """Whether a formula, or a definition that it uses, has an integral in it."""
    for _, t in walk(term):
        used = env.get(t.args[0]) if t.op in ("name", "call", "index") else None
        if t.op == "integral" or (isinstance(used, Definition)
                                  and has_integral(used.unfolded_body(), env)):
            return True
    return False
