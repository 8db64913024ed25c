"""Hypotheses about vectors and matrices."""
from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..term import parse
from .base import Hypothesis, Vector, probabilities, small, small_positive


@dataclass(frozen=True)
class Reals(Hypothesis):
    """A vector or matrix of real numbers; ``sizes`` names its dimensions."""

    sizes: tuple[str, ...] = ("n",)

    def declare(self, context):
        context.arrays[self.name] = self.sizes
        context.symbols[self.name] = sp.Function(self.name, **self.assumptions())

    def assumptions(self) -> dict:
        return {"real": True}

    def draw(self, rng):
        # a matrix stays near: it multiplies, and exp of a product of two far numbers is no number
        return small(rng) / (getattr(rng, "far", 1) if len(self.sizes) > 1 else 1)

    def sample(self, rng, env):
        env[self.name] = self._fill(rng, env, self.sizes)

    def _fill(self, rng, env, sizes):
        if not sizes:
            return self.draw(rng)
        return Vector(self._fill(rng, env, sizes[1:]) for _ in range(env[sizes[0]]))

    #: what the entries are, in words
    entries = "real"

    def condition(self, printed):
        size = r" \times ".join(map(printed, self.sizes))
        return f"${printed(self.name)}$ with ${size}$ {self.entries} entries"


class Positives(Reals):
    """A vector or matrix of positive numbers."""

    entries = "positive"

    def assumptions(self):
        return {"positive": True}

    def draw(self, rng):
        return small_positive(rng)


class Bits(Reals):
    """A vector whose entries are 0 or 1.  Rule: a power of an entry is the entry."""

    entries = "binary"

    def declare(self, context):
        super().declare(context)
        context.idempotent.append(context.symbols[self.name])

    def assumptions(self):
        return {"integer": True, "nonnegative": True}

    def draw(self, rng):
        return rng.randint(0, 1)


class NonzeroReals(Reals):
    """A real vector, not all zero.

    Rule: the sum of the squares and the sum of the absolute values are positive.
    """

    entries = "real (not all zero)"

    def filled(self):
        return self.sizes[:1]

    def declare(self, context):
        super().declare(context)
        for part in (f"{self.name}[i]**2", f"abs({self.name}[i])"):
            context.know_positive(parse(f"sum({part} for i in {self.sizes[0]})"))
        context.constrain(self.name)

    def sample(self, rng, env):
        super().sample(rng, env)
        env[self.name][0] += all(x == 0 for x in env[self.name])


class UnequalReals(Reals):
    """A real vector whose entries are not all equal (so n is at least 2).

    Rule: the sum of the squared deviations from the mean is positive.  Declare it before
    other arrays of the same size: its sample makes the size at least 2.
    """

    entries = "real (not all equal)"

    def filled(self):
        return self.sizes[:1]

    def declare(self, context):
        super().declare(context)
        mean = f"sum({self.name}[j] for j in {self.sizes[0]})/{self.sizes[0]}"
        context.know_positive(
            parse(f"sum(({self.name}[i] - {mean})**2 for i in {self.sizes[0]})"))
        context.constrain(self.name)

    def sample(self, rng, env):
        env[self.sizes[0]] = max(2, env[self.sizes[0]])
        super().sample(rng, env)
        env[self.name][0] += len(set(env[self.name])) == 1


class Counts(Reals):
    """A vector of counts 0, 1, 2, …, not all of them zero.

    Rule: the sum of the entries is positive.
    """

    entries = "whole non-negative (not all zero)"

    def filled(self):
        return self.sizes[:1]

    def declare(self, context):
        super().declare(context)
        context.know_positive(parse(f"sum({self.name}[i] for i in {self.sizes[0]})"))

    def assumptions(self):
        return {"integer": True, "nonnegative": True}

    def draw(self, rng):
        return rng.randint(0, 4)

    def sample(self, rng, env):
        super().sample(rng, env)
        env[self.name][0] += sum(env[self.name]) == 0


@dataclass(frozen=True)
class Simplex(Hypothesis):
    """A probability distribution over 1, …, K: positive entries that sum to one.

    With two ``sizes`` each row is a distribution.
    """

    sizes: tuple[str, ...] = ("K",)

    def filled(self):
        return self.sizes[-1:]

    def declare(self, context):
        context.arrays[self.name] = self.sizes
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append(
            (function, len(self.sizes) - 1, context.symbols[self.sizes[-1]]))

    def sample(self, rng, env):
        classes = env[self.sizes[-1]]
        if len(self.sizes) == 1:
            env[self.name] = probabilities(rng, classes)
        else:
            rows = range(env[self.sizes[0]])
            env[self.name] = Vector(probabilities(rng, classes) for _ in rows)

    def condition(self, printed):
        what = "a distribution" if len(self.sizes) == 1 else "rows of distributions"
        return (f"${printed(self.name)}$ {what} over $1, \\dots, {printed(self.sizes[-1])}$, "
                "all entries positive")
