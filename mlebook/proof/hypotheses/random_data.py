"""Hypotheses about data: class labels, and data that are random, so that E(…) is defined."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import sympy as sp

from ..term import TermError
from .base import Hypothesis, Vector, probabilities


@dataclass(frozen=True)
class Labels(Hypothesis):
    """A vector of n labels, each in 1, …, K.

    With ``law`` the labels are random: independent, each drawn from that distribution;
    then the expectation E(…) is defined.
    """

    size: str = "n"
    classes: str = "K"
    law: str = ""

    def filled(self):
        return (self.classes,)

    def declare(self, context):
        context.arrays[self.name] = (self.size,)
        label = sp.Function(self.name, integer=True, positive=True)
        context.symbols[self.name] = label
        context.labels[label] = context.symbols[self.classes]
        if self.law:
            context.laws.update({self.law, self.classes})
            context.sample_sizes[label] = context.symbols[self.size]
            context.label_laws[label] = (context.symbols[self.law], context.symbols[self.classes])

    def is_random(self):
        return bool(self.law)

    def sample(self, rng, env):
        draws = range(env[self.size])
        env[self.name] = Vector(rng.randint(1, env[self.classes]) for _ in draws)

    def outcomes(self, env):
        """All values of the random vector with their probabilities."""
        if not self.law:
            raise TermError(f"no hypothesis gives the labels {self.name} a law")
        law = env[self.law]
        for values in product(range(1, env[self.classes] + 1), repeat=env[self.size]):
            weight = Fraction(1)
            for value in values:
                weight *= law[value - 1]
            yield {self.name: Vector(values)}, weight

    def condition(self, printed):
        drawn = f", independent draws from ${printed(self.law)}$" if self.law else ""
        return (f"${printed(self.name)}$ with ${printed(self.size)}$ labels in "
                f"$1, \\dots, {printed(self.classes)}${drawn}")


def _lopsided_law(rng, env, mean_name, variance_name):
    """A law with three values; writes its mean and variance where they are named."""
    values, weights = rng.sample(range(-3, 6), 3), probabilities(rng, 3)
    mean = sum(w * x for w, x in zip(weights, values, strict=True))
    env[mean_name] = mean
    env[variance_name] = sum(w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True))
    return list(zip(values, weights, strict=True))


@dataclass(frozen=True)
class Random(Hypothesis):
    """One random number with a mean and a variance; nothing else is assumed of its law.

    Rule: E[Y] = mean, E[Y²] = mean² + variance.
    """

    mean: str = "mu"
    variance: str = "v"

    def names(self):
        return self.name, self.mean, self.variance

    def is_number(self):
        return True

    def is_random(self):
        return True

    def declare(self, context):
        variable = sp.Symbol(self.name, real=True)
        context.symbols[self.name] = variable
        context.symbols[self.mean] = sp.Symbol(self.mean, real=True)
        context.symbols[self.variance] = sp.Symbol(self.variance, positive=True)
        context.constrain(self.name)
        context.laws.update({self.mean, self.variance})
        context.random_numbers[variable] = (
            context.symbols[self.mean], context.symbols[self.variance])

    def sample(self, rng, env):
        law = _lopsided_law(rng, env, self.mean, self.variance)
        env[f"law of {self.name}"] = law
        env[self.name] = rng.choice(law)[0]

    def outcomes(self, env):
        """All values of the random number with their probabilities."""
        for value, weight in env[f"law of {self.name}"]:
            yield {self.name: value}, weight

    def condition(self, printed):
        return (f"${printed(self.name)}$ random, with mean ${printed(self.mean)}$ and variance "
                f"${printed(self.variance)} > 0$")


@dataclass(frozen=True)
class Independent(Hypothesis):
    """A random vector of n independent entries, all with one mean and one variance.

    Rule: E[yᵢ] = mean, E[yᵢ yⱼ] = mean² + variance·δᵢⱼ.  Nothing else is assumed of the
    law; the refuter uses a lopsided one with three values.
    """

    mean: str = "mu"
    variance: str = "v"
    size: str = "n"

    def names(self):
        return self.name, self.mean, self.variance

    def is_random(self):
        return True

    def declare(self, context):
        context.arrays[self.name] = (self.size,)
        variable = sp.Function(self.name, real=True)
        context.symbols[self.name] = variable
        context.symbols[self.mean] = sp.Symbol(self.mean, real=True)
        context.symbols[self.variance] = sp.Symbol(self.variance, positive=True)
        context.constrain(self.name)
        context.laws.update({self.mean, self.variance})
        context.moments[variable] = (
            context.symbols[self.mean], context.symbols[self.variance])

    def sample(self, rng, env):
        law = _lopsided_law(rng, env, self.mean, self.variance)
        env[f"law of {self.name}"] = law
        env[self.name] = Vector(rng.choice(law)[0] for _ in range(env[self.size]))

    def outcomes(self, env):
        """All values of the random vector with their probabilities."""
        for draws in product(env[f"law of {self.name}"], repeat=env[self.size]):
            weight = Fraction(1)
            for _, probability in draws:
                weight *= probability
            yield {self.name: Vector(value for value, _ in draws)}, weight

    def condition(self, printed):
        return (f"${printed(self.name)}$ random, its ${printed(self.size)}$ entries "
                f"independent, each with mean ${printed(self.mean)}$ and variance "
                f"${printed(self.variance)} > 0$")
