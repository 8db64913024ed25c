"""Hypotheses: what a derivation assumes about its symbols.

Each hypothesis has two faces.  For the prover it declares a SymPy object (``declare``)
and rules that hold because of it.  For the refuter it draws a small random value that
satisfies it (``sample``).  The two faces share nothing but the name, so a rule that does
not follow from the hypothesis is caught by a sampled counterexample.

A sample is written into ``env``, a dictionary from names to values: numbers, lists
(vectors, indices from 1), lists of lists (matrices) or Python functions.
"""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

import mpmath
import sympy as sp

from .term import name as name_term
from .term import parse


class Vector(list):
    """A sampled vector or matrix; entries are counted from 1, as on paper."""


def _small(rng: Random) -> Fraction:
    """A small number that a reader can check by hand."""
    return Fraction(rng.randint(-6, 6), rng.choice((1, 1, 2)))


def _small_positive(rng: Random) -> Fraction:
    return Fraction(rng.randint(1, 6), rng.choice((1, 2, 3)))


def _probabilities(rng: Random, size: int) -> Vector:
    weights = [rng.randint(1, 6) for _ in range(size)]
    return Vector(Fraction(w, sum(weights)) for w in weights)


@dataclass(frozen=True)
class Hypothesis:
    """Base: one declared name.  ``tex`` overrides the way it is printed."""

    name: str
    tex: str = ""

    #: names of sizes and other symbols that must be sampled before this one
    needs = ()

    def declare(self, context) -> None:
        """Tell the prover: ``context.symbols[name] = …`` and the rules that follow."""
        raise NotImplementedError

    def sample(self, rng: Random, env: dict) -> None:
        raise NotImplementedError

    def words(self) -> str:
        raise NotImplementedError


# --- numbers -------------------------------------------------------------------------


class Size(Hypothesis):
    """A whole number of at least 1, kept symbolic: n observations, K classes."""

    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, positive=True)

    def sample(self, rng, env):
        env[self.name] = rng.randint(1, 3)

    def words(self):
        return f"${self.tex or self.name}$ is a whole number, at least 1"


class Real(Hypothesis):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, real=True)

    def sample(self, rng, env):
        env[self.name] = _small(rng)


class Positive(Hypothesis):
    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, positive=True)

    def sample(self, rng, env):
        env[self.name] = _small_positive(rng)


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


@dataclass(frozen=True)
class Index(Hypothesis):
    """A fixed whole number in 1, …, size, such as the true class t."""

    size: str = "K"

    def declare(self, context):
        context.symbols[self.name] = sp.Symbol(self.name, integer=True, positive=True)
        context.in_range.append((context.symbols[self.name], context.symbols[self.size]))

    def sample(self, rng, env):
        env[self.name] = rng.randint(1, env[self.size])


# --- vectors and matrices ------------------------------------------------------------


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
        return _small(rng)

    def sample(self, rng, env):
        env[self.name] = self._fill(rng, env, self.sizes)

    def _fill(self, rng, env, sizes):
        if not sizes:
            return self.draw(rng)
        return Vector(self._fill(rng, env, sizes[1:]) for _ in range(env[sizes[0]]))


class Positives(Reals):
    """A vector or matrix of positive numbers."""

    def assumptions(self):
        return {"positive": True}

    def draw(self, rng):
        return _small_positive(rng)


class Bits(Reals):
    """A vector whose entries are 0 or 1.  Rule: a power of an entry is the entry."""

    def declare(self, context):
        super().declare(context)
        context.idempotent.append(context.symbols[self.name])

    def assumptions(self):
        return {"integer": True, "nonnegative": True}

    def draw(self, rng):
        return rng.randint(0, 1)


class Counts(Reals):
    """A vector of counts 0, 1, 2, …, not all of them zero.

    Rule: the sum of the entries is positive.
    """

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
class Labels(Hypothesis):
    """A vector of n labels, each in 1, …, K.

    With ``law`` the labels are random: independent, each drawn from that distribution;
    then the expectation E(…) is defined.
    """

    size: str = "n"
    classes: str = "K"
    law: str = ""

    def declare(self, context):
        context.arrays[self.name] = (self.size,)
        label = sp.Function(self.name, integer=True, positive=True)
        context.symbols[self.name] = label
        context.labels[label] = context.symbols[self.classes]
        if self.law:
            context.label_laws[label] = (context.symbols[self.law], context.symbols[self.classes])

    def sample(self, rng, env):
        draws = range(env[self.size])
        env[self.name] = Vector(rng.randint(1, env[self.classes]) for _ in draws)

    def outcomes(self, env):
        """All values of the random vector with their probabilities."""
        law = env[self.law]
        for values in product(range(1, env[self.classes] + 1), repeat=env[self.size]):
            weight = Fraction(1)
            for value in values:
                weight *= law[value - 1]
            yield {self.name: Vector(values)}, weight


@dataclass(frozen=True)
class Simplex(Hypothesis):
    """A probability distribution over 1, …, K: positive entries that sum to one.

    With two ``sizes`` each row is a distribution.
    """

    sizes: tuple[str, ...] = ("K",)

    def declare(self, context):
        context.arrays[self.name] = self.sizes
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append((function, len(self.sizes) - 1))

    def sample(self, rng, env):
        classes = env[self.sizes[-1]]
        if len(self.sizes) == 1:
            env[self.name] = _probabilities(rng, classes)
        else:
            rows = range(env[self.sizes[0]])
            env[self.name] = Vector(_probabilities(rng, classes) for _ in rows)


@dataclass(frozen=True)
class LeastSquares(Hypothesis):
    """A vector that solves the normal equations: Xᵀ(y - X w) = 0.

    Rule: Σᵢ Xᵢₖ yᵢ = Σᵢ Xᵢₖ Σⱼ Xᵢⱼ wⱼ for every k.
    """

    design: str = "X"
    target: str = "y"
    rows: str = "n"
    columns: str = "d"

    def declare(self, context):
        context.arrays[self.name] = (self.columns,)
        solution = sp.Function(self.name, real=True)
        context.symbols[self.name] = solution
        context.normal_equations.append(
            (context.symbols[self.design], context.symbols[self.target], solution,
             context.symbols[self.columns]))

    def sample(self, rng, env):
        # Choose the solution first and then a target whose residual is orthogonal to X.
        rows, columns = env[self.rows], env[self.columns]
        design = env[self.design]
        solution = [_small(rng) for _ in range(columns)]
        columns_of_design = [[design[i][j] for i in range(rows)] for j in range(columns)]
        residual = _orthogonal_part([_small(rng) for _ in range(rows)], columns_of_design)
        env[self.name] = Vector(solution)
        env[self.target] = Vector(
            sum(design[i][j] * solution[j] for j in range(columns)) + residual[i]
            for i in range(rows))


def _orthogonal_part(vector, directions):
    """Gram–Schmidt in exact fractions: what is left of a vector outside a span."""
    basis = []
    for direction in [*directions, vector]:
        rest = [Fraction(x) for x in direction]
        for unit in basis:
            length = sum(u * u for u in unit)
            if length:
                share = sum(r * u for r, u in zip(rest, unit, strict=True)) / length
                rest = [r - share * u for r, u in zip(rest, unit, strict=True)]
        basis.append(rest)
    return basis[-1]


# --- functions -----------------------------------------------------------------------


@dataclass(frozen=True)
class Function(Hypothesis):
    """An unspecified function with real values.  ``tex`` may hold {} for its arguments."""

    def declare(self, context):
        context.symbols[self.name] = sp.Function(self.name, real=True)

    def sample(self, rng, env):
        a, b, c = (_small(rng) for _ in range(3))
        env[self.name] = lambda *args: a + b * sum(args) + c * args[0] * args[-1]


class PositiveFunction(Function):
    """An unspecified function with positive values, such as a density or its prior."""

    def declare(self, context):
        context.symbols[self.name] = sp.Function(self.name, positive=True)

    def sample(self, rng, env):
        a, b, c, d = (_small_positive(rng) for _ in range(4))

        def positive(*args):
            slope = sum((k + 2) * arg for k, arg in enumerate(args))
            return a + (b * slope - c * args[0] + d) ** 2 / 7

        env[self.name] = positive


@dataclass(frozen=True)
class Density(Hypothesis):
    """An unspecified probability density on the real line: positive, integral one."""

    def declare(self, context):
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append((function, 0))

    def sample(self, rng, env):
        locations, scales = [_small(rng) / 2 for _ in range(2)], [1, Fraction(3, 2)]
        weight = Fraction(rng.randint(1, 3), 4)

        def mixture(x):
            parts = [mpmath.npdf(x, mpmath.mpf(m.numerator) / m.denominator, float(s))
                     for m, s in zip(locations, scales, strict=True)]
            return weight.numerator * parts[0] / 4 + (4 - weight.numerator) * parts[1] / 4 \
                if weight.denominator == 4 else (parts[0] + parts[1]) / 2

        env[self.name] = mixture


@dataclass(frozen=True)
class ModelFamily(Hypothesis):
    """A model q(c, theta): for each theta a positive distribution over c = 1, …, K."""

    classes: str = "K"

    def declare(self, context):
        function = sp.Function(self.name, positive=True)
        context.symbols[self.name] = function
        context.sums_to_one.append((function, 0))

    def sample(self, rng, env):
        slopes = [rng.randint(-3, 3) for _ in range(env[self.classes])]
        offsets = [rng.randint(1, 5) for _ in range(env[self.classes])]

        def weight(c, theta):
            return offsets[c - 1] + (theta - slopes[c - 1]) ** 2

        def probability(c, theta):
            total = sum(weight(k, theta) for k in range(1, env[self.classes] + 1))
            return weight(int(c), theta) / total

        env[self.name] = probability


# --- random data ---------------------------------------------------------------------


@dataclass(frozen=True)
class Independent(Hypothesis):
    """A random vector of n independent entries, all with one mean and one variance.

    Rule: E[yᵢ] = mean, E[yᵢ yⱼ] = mean² + variance·δᵢⱼ.  Nothing else is assumed of the
    law; the refuter uses a lopsided one with three values.
    """

    mean: str = "mu"
    variance: str = "v"
    size: str = "n"

    def declare(self, context):
        context.arrays[self.name] = (self.size,)
        variable = sp.Function(self.name, real=True)
        context.symbols[self.name] = variable
        context.symbols[self.mean] = sp.Symbol(self.mean, real=True)
        context.symbols[self.variance] = sp.Symbol(self.variance, positive=True)
        context.moments[variable] = (
            context.symbols[self.mean], context.symbols[self.variance])

    def sample(self, rng, env):
        values = rng.sample(range(-3, 6), 3)
        weights = _probabilities(rng, 3)
        mean = sum(w * x for w, x in zip(weights, values, strict=True))
        env[self.mean] = mean
        env[self.variance] = sum(
            w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True))
        env[f"law of {self.name}"] = list(zip(values, weights, strict=True))
        env[self.name] = Vector(rng.choice(values) for _ in range(env[self.size]))

    def outcomes(self, env):
        """All values of the random vector with their probabilities."""
        for draws in product(env[f"law of {self.name}"], repeat=env[self.size]):
            weight = Fraction(1)
            for _, probability in draws:
                weight *= probability
            yield {self.name: Vector(value for value, _ in draws)}, weight


@dataclass(frozen=True)
class Definition:
    """A name that stands for a formula: ``Definition("y_bar", "sum(y[i] for i in n)/n")``.

    ``parameters`` are the arguments of a defined function, or the index of a defined
    vector (``indexed=True``, so that ``r[i]`` is written with brackets).
    """

    name: str
    body: str
    parameters: tuple[str, ...] = ()
    indexed: bool = False
    tex: str = ""

    def unfolded_body(self):
        return parse(self.body)

    def head(self):
        """The left-hand side as a term."""
        from .term import Term

        if not self.parameters:
            return name_term(self.name)
        arguments = tuple(name_term(p) for p in self.parameters)
        return Term("index" if self.indexed else "call", (self.name, *arguments))
