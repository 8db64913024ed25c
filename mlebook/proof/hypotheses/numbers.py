"""Hypotheses about single numbers."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from ..term import TermError
from .base import Hypothesis, small, small_positive


class Number(Hypothesis):
    """A single number."""

    def is_number(self):
        return True


@dataclass(frozen=True)
class Size(Number):
    """A whole number of at least ``least`` (0 or more), kept symbolic: n observations."""

    least: int = 1

    def declare(self, context):
        sign = {"positive": True} if self.least > 0 else {"nonnegative": True}
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, **sign)
        context.sizes.add(context.symbols[self.name])

    def sample(self, rng, env):
        env[self.name] = rng.randint(self.least, self.least + 2)

    def condition(self, printed):
        return f"${printed(self.name)} \\ge {self.least}$ whole"


class Real(Number):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, real=True)

    def sample(self, rng, env):
        env[self.name] = small(rng)

    def condition(self, printed):
        return f"${printed(self.name)}$ real"


class Positive(Number):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, positive=True)

    def sample(self, rng, env):
        env[self.name] = small_positive(rng)

    def condition(self, printed):
        return f"${printed(self.name)} > 0$"


class Unit(Number):
    """A number strictly between 0 and 1.

    The prover writes it as 1/(1 + t) with t > 0, so that SymPy itself sees that both
    the number and one minus the number are positive.
    """

    def declare(self, context):
        odds = sp.Symbol(f"odds of {self.name}", positive=True)
        context.symbols[self.name] = 1 / (1 + odds)
        context.coordinates[self.name] = (odds, 1 / sp.Symbol(self.name) - 1)

    def sample(self, rng, env):
        env[self.name] = Fraction(rng.randint(1, 5), 6)

    def condition(self, printed):
        return f"$0 < {printed(self.name)} < 1$"


@dataclass(frozen=True)
class Between(Number):
    """A whole number strictly between 0 and the size ``below``: 0 < k < n.

    It declares both names: the prover writes n = k + m with whole k, m ≥ 1.
    """

    below: str = "n"

    def names(self):
        return self.name, self.below

    def declare(self, context):
        k = sp.Symbol(self.name, integer=True, positive=True)
        rest = sp.Symbol(f"{self.below} minus {self.name}", integer=True, positive=True)
        context.symbols[self.name] = k
        context.symbols[self.below] = k + rest
        context.coordinates[self.below] = (rest, sp.Symbol(self.below) - k)

    def sample(self, rng, env):
        env[self.below] = rng.randint(2, 6)
        env[self.name] = rng.randint(1, env[self.below] - 1)

    def condition(self, printed):
        return f"$0 < {printed(self.name)} < {printed(self.below)}$, both whole"


@dataclass(frozen=True)
class Index(Number):
    """A fixed whole number in 1, …, size, such as the true class t."""

    size: str = "K"

    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, positive=True)
        if self.size not in context.symbols:
            raise TermError(f"declare the size {self.size} before the index {self.name}")
        context.in_range.append((context.symbols[self.name], context.symbols[self.size]))

    def filled(self):
        return (self.size,)

    def sample(self, rng, env):
        env[self.name] = rng.randint(1, env[self.size])

    def condition(self, printed):
        return f"${printed(self.name)}$ one of $1, \\dots, {printed(self.size)}$"
