"""Hypotheses about order: numbers and entries that are at most, at least, or not another."""
from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp
from mpmath import mp, mpf

from ..linear import Fact
from ..term import TermError, free_names, parse
from .base import PLENTY, Hypothesis, Vector, small, small_positive


@dataclass(frozen=True)
class Bounded(Hypothesis):
    """A real number (or, with ``sizes``, each entry of an array) between two bounds.

    ``low`` and ``high`` are formulas in names declared before; one may be left out.  With
    ``strict`` the bounds themselves are excluded.
    Rules: name - low ≥ 0 and high - name ≥ 0 (> 0 if strict).
    """

    low: str = ""
    high: str = ""
    strict: bool = False
    sizes: tuple[str, ...] = ()

    def is_number(self):
        return not self.sizes

    def declare(self, context):
        from ..translate import translate

        if not (self.low or self.high):
            raise TermError(f"{self.name} needs a bound: low, high or both")
        bounds = [(translate(parse(text), context), side)
                  for text, side in ((self.low, 1), (self.high, -1)) if text]
        context.constrain(self.name, *(n for text in (self.low, self.high) if text
                                       for n in free_names(parse(text))))
        if not self.sizes:
            value = context.symbols[self.name] = sp.Symbol(self.name, real=True)
            for bound, side in bounds:
                context.know_order(Fact(side * (value - bound), self.strict))
            return
        context.arrays[self.name] = self.sizes
        entries = context.symbols[self.name] = sp.Function(self.name, real=True)
        for bound, side in bounds:
            context.know_entries(entries, lambda *at, bound=bound, side=side: Fact(
                side * (entries(*at) - bound), self.strict))

    def sample(self, rng, env):
        from ..evaluate import evaluate

        with mp.workdps(PLENTY):
            low, high = (evaluate(parse(text), env) if text else None
                         for text in (self.low, self.high))
            empty = (low is not None and high is not None
                     and (low > high or (self.strict and low == high)))
            if empty:
                raise TermError(f"no {self.name} lies between {self.low} and {self.high}")
            env[self.name] = self._fill(rng, env, self.sizes, low, high)

    def _fill(self, rng, env, sizes, low, high):
        if sizes:
            return Vector(self._fill(rng, env, sizes[1:], low, high)
                          for _ in range(env[sizes[0]]))
        if low is not None and high is not None:
            share = rng.randint(1, 5) if self.strict else rng.randint(0, 6)
            return low + (high - low) * share / 6
        step = small_positive(rng)
        if not self.strict and rng.randint(0, 3) == 0:
            step = 0  # the bound itself
        return low + step if low is not None else high - step

    def condition(self, printed):
        low, high = (printed(text) if text else "" for text in (self.low, self.high))
        entry = printed(self.name)
        if self.sizes:
            words = ("above", "below") if self.strict else ("at least", "at most")
            bounds = " and ".join(f"{word} ${bound}$" for word, bound in
                                  zip(words, (low, high), strict=True) if bound)
            size = r" \times ".join(map(printed, self.sizes))
            return f"${entry}$ with ${size}$ real entries, each {bounds}"
        less, more = ("<", ">") if self.strict else (r"\le", r"\ge")
        if low and high:
            return f"${low} {less} {entry} {less} {high}$"
        return f"${entry} {more} {low}$" if low else f"${entry} {less} {high}$"


@dataclass(frozen=True)
class Unequal(Hypothesis):
    """A real number that is not ``other``, a formula in names declared before.

    With ``other="y[i]"`` it differs from every entry of y.  Rule: the difference is not zero.
    """

    other: str = field(kw_only=True)

    def is_number(self):
        return True

    def declare(self, context):
        from ..translate import translate

        other = parse(self.other)
        value = context.symbols[self.name] = sp.Symbol(self.name, real=True)
        context.constrain(self.name, *free_names(other))
        if other.op == "index":
            if any(i.op != "name" or i.args[0] in context.symbols for i in other.children):
                raise TermError(f"{self.name} differs from every entry ({self.other}, with a free "
                                "index) or from a number")
            entries = context.symbols[other.args[0]]
            context.entry_nonzero.setdefault(entries, []).append(
                lambda *at: value - entries(*at))
        else:
            context.nonzero.append(value - translate(other, context))

    def sample(self, rng, env):
        from ..evaluate import evaluate

        other = parse(self.other)
        taken = env[other.args[0]] if other.op == "index" else [evaluate(other, env)]
        value = mpf(int(small(rng)))
        while any(abs(value - t) < 1 for t in map(_real_number, taken)):
            value += mpf(1) / 3
        env[self.name] = value

    def condition(self, printed):
        each = " for each $i$" if parse(self.other).op == "index" else ""
        return f"${printed(self.name)} \\ne {printed(self.other)}${each}"


def _real_number(value):
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value)
