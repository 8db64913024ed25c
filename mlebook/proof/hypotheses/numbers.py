"""Hypotheses about single numbers."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from .base import Hypothesis, small, small_positive


@dataclass(frozen=True)
class Size(Hypothesis):
    """A whole number of at least ``least``, kept symbolic: n observations, K classes."""

    least: int = 1

    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, positive=True)

    def sample(self, rng, env):
        env[self.name] = rng.randint(self.least, self.least + 2)

    def condition(self, printed):
        return f"${printed(self.name)} \\ge {self.least}$ whole"


class Real(Hypothesis):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, real=True)

    def sample(self, rng, env):
        env[self.name] = small(rng)

    def condition(self, printed):
        return f"${printed(self.name)}$ real"


class Positive(Hypothesis):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, positive=True)

    def sample(self, rng, env):
        env[self.name] = small_positive(rng)

    def condition(self, printed):
        return f"${printed(self.name)} > 0$"


class Unit(Hypothesis):
    """A number strictly between 0 and 1.

    The prover writes it as 1/(1 + t) with t > 0, so that SymPy itself sees that both
    the number and one minus the number are positive.
    """

    def declare(self, context):
        odds = sp.Symbol(f"odds_{self.name}", positive=True)
        context.symbols[self.name] = 1 / (1 + odds)
        context.coordinates[self.name] = (odds, 1 / sp.Symbol(self.name) - 1)

    def sample(self, rng, env):
        env[self.name] = Fraction(rng.randint(1, 5), 6)

    def condition(self, printed):
        return f"$0 < {printed(self.name)} < 1$"


@dataclass(frozen=True)
class Between(Hypothesis):
    """A whole number strictly between 0 and the size ``below``: 0 < k < n.

    It declares both names: the prover writes n = k + m with whole k, m ≥ 1.
    """

    below: str = "n"

    def declare(self, context):
        k = sp.Symbol(self.name, integer=True, positive=True)
        rest = sp.Symbol(f"{self.below}_minus_{self.name}", integer=True, positive=True)
        context.symbols[self.name] = k
        context.symbols[self.below] = k + rest
        context.coordinates[self.below] = (rest, sp.Symbol(self.below) - k)

    def sample(self, rng, env):
        env[self.below] = rng.randint(2, 6)
        env[self.name] = rng.randint(1, env[self.below] - 1)

    def condition(self, printed):
        return f"$0 < {printed(self.name)} < {self.below}$, both whole"


@dataclass(frozen=True)
class Index(Hypothesis):
    """A fixed whole number in 1, …, size, such as the true class t."""

    size: str = "K"

    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, positive=True)
        context.in_range.append((context.symbols[self.name], context.symbols[self.size]))

    def sample(self, rng, env):
        env[self.name] = rng.randint(1, env[self.size])

    def condition(self, printed):
        return f"${printed(self.name)}$ one of $1, \\dots, {self.size}$"
