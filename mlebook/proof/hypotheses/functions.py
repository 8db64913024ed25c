"""Hypotheses about unspecified functions, densities and models."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import mpmath
import sympy as sp

from ..objects import REALS
from ..term import TermError, free_names, parse
from .base import PLENTY, Hypothesis, small, small_positive


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


def _lopsided(location, spread, lean):
    """A normal density that leans to one side: e(1 + lean·z·e)/√(2π) with e = exp(-z²/2).

    It is positive for a lean between -1.6 and 1.6, and what leans is odd: it has no area.
    """
    with mpmath.workdps(PLENTY):
        height = 1 / mpmath.sqrt(2 * mpmath.pi) / spread

    @cache  # every integral asks for the values at the same points
    def density(x):
        z = (x - location) / spread
        bell = mpmath.exp(-z * z / 2)
        return height * bell * (1 + lean * z * bell)

    return density


class Density(Hypothesis):
    """An unspecified probability density on the real line: positive, integral one."""

    def declare(self, context):
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append((function, 0, REALS))

    def sample(self, rng, env):
        env[self.name] = _lopsided(rng.uniform(-2, 2), rng.uniform(1, 2),
                                   rng.choice((-1, 1)) * rng.uniform(0.8, 1.4))

    def condition(self, printed):
        return (f"${printed(self.name)}$ any positive density on the real line for which the "
                "integrals here exist")


class ContinuousDensity(Density):
    """A density that is also continuous: its integral up to a point has it as its slope."""

    def declare(self, context):
        super().declare(context)
        context.continuous.add(context.symbols[self.name])

    def condition(self, printed):
        return (f"${printed(self.name)}$ any positive and continuous density on the real line for "
                "which the integrals here exist")


@dataclass(frozen=True)
class QuantileDensity(ContinuousDensity):
    """A continuous density, and the point up to which its integral is a given level.

    It declares both: ``quantile`` names the point, ``level`` is a formula in numbers declared
    before, between 0 and 1 (1/2 for the median).  Rule: ∫ p up to the quantile = level.
    """

    quantile: str = "m"
    level: str = "1/2"

    def names(self):
        return self.name, self.quantile

    def declare(self, context):
        from ..translate import translate

        super().declare(context)
        level = translate(parse(self.level), context)
        if not (context.positive(level) and context.positive(sp.factor(1 - level))):
            raise TermError(f"the level {self.level} is not provably between 0 and 1")
        place = context.symbols[self.quantile] = sp.Symbol(self.quantile, real=True)
        context.tie(self.quantile, *free_names(parse(self.level)))
        context.quantiles.append((context.symbols[self.name], place, level))

    def sample(self, rng, env):
        from ..evaluate import evaluate

        # Up to z the lopsided law has the area Φ(z) - lean·exp(-z²)/√(8π): choose z, then lean.
        with mpmath.workdps(PLENTY):
            level = evaluate(parse(self.level), env)
            near = NormalDist().inv_cdf(float(level))
            z = mpmath.mpf(near + rng.choice((-1, 1)) * rng.uniform(0.02, 0.1) / 2**abs(near))
            lean = (mpmath.ncdf(z) - level) * mpmath.sqrt(8 * mpmath.pi) * mpmath.exp(z * z)
            location, spread = mpmath.mpf(rng.uniform(-2, 2)), mpmath.mpf(rng.uniform(1, 2))
            env[self.quantile] = location + spread * z
            env[self.name] = _lopsided(location, spread, lean)

    def condition(self, printed):
        return (f"{super().condition(printed)}, and ${printed(self.quantile)}$ the point up to "
                f"which it integrates to ${printed(self.level)}$")


@dataclass(frozen=True)
class ModelFamily(Hypothesis):
    """A model q(c, theta): for each theta a positive distribution over c = 1, …, K.

    It is smooth in theta.  Rules: Σ_c q = 1, and so the derivatives sum to zero.
    """

    classes: str = "K"

    def filled(self):
        return (self.classes,)

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
                f"$1, \\dots, {printed(self.classes)}$, positive and smooth in it")
