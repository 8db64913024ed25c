"""Hypotheses about unspecified functions, densities and models."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import mpmath
import sympy as sp

from ..objects import REALS
from .base import Hypothesis, small, small_positive


@dataclass(frozen=True)
class Function(Hypothesis):
    """An unspecified function with real values.  ``tex`` may hold {} for its arguments."""

    def declare(self, context):
        context.symbols[self.name] = sp.Function(self.name, real=True)

    def sample(self, rng, env):
        a, b, c = (small(rng) for _ in range(3))
        env[self.name] = lambda *args: a + b * sum(args) + c * args[0] * args[-1]

    #: what the values are, in words
    values = "real"

    def condition(self, printed):
        return f"${printed(self.name)}$ any function with {self.values} values"


class PositiveFunction(Function):
    """An unspecified function with positive values, such as a density or its prior."""

    values = "positive"

    def declare(self, context):
        context.symbols[self.name] = sp.Function(self.name, positive=True)

    def sample(self, rng, env):
        a, b, c, d = (small_positive(rng) for _ in range(4))

        def positive(*args):
            slope = sum((k + 2) * arg for k, arg in enumerate(args))
            return a + (b * slope - c * args[0] + d) ** 2 / 7

        env[self.name] = positive


class Density(Hypothesis):
    """An unspecified probability density on the real line: positive, integral one."""

    def declare(self, context):
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append((function, 0, REALS))

    def sample(self, rng, env):
        # a mixture of two normals: lopsided, and its tails are those of a normal
        weight = rng.uniform(0.2, 0.8)
        first, second = rng.uniform(-2, 2), rng.uniform(-2, 2)

        @cache  # every integral asks for the values at the same points
        def density(x):
            return (weight * mpmath.npdf(x, first, 1)
                    + (1 - weight) * mpmath.npdf(x, second, 1.5))

        env[self.name] = density

    def condition(self, printed):
        return (f"${printed(self.name)}$ any positive density on the real line for which the "
                "integrals here exist")


@dataclass(frozen=True)
class ModelFamily(Hypothesis):
    """A model q(c, theta): for each theta a positive distribution over c = 1, …, K.

    It is smooth in theta.  Rules: Σ_c q = 1, and so the derivatives sum to zero.
    """

    classes: str = "K"

    def declare(self, context):
        function = sp.Function(self.name, positive=True)
        slope, curvature = (sp.Function(f"{mark} of {self.name}", real=True)
                            for mark in ("slope", "curvature"))
        context.symbols[self.name] = function
        classes = context.symbols[self.classes]
        context.sums_to_one.append((function, 0, classes))
        context.slopes.update({function: slope, slope: curvature})
        context.slope_domains.update({slope: classes, curvature: classes})

    def sample(self, rng, env):
        slopes = [rng.randint(-3, 3) for _ in range(env[self.classes])]
        offsets = [rng.randint(1, 5) for _ in range(env[self.classes])]

        def weight(c, theta):
            return offsets[c - 1] + (theta - slopes[c - 1]) ** 2

        def probability(c, theta):
            total = sum(weight(k, theta) for k in range(1, env[self.classes] + 1))
            return weight(int(c), theta) / total

        env[self.name] = probability

    def condition(self, printed):
        return (f"${printed(self.name)}$ for each parameter a distribution over "
                f"$1, \\dots, {self.classes}$, positive and smooth in it")
