"""Hypotheses about the weights of a linear model: solutions of its normal equations.

Each says what Xᵀ(y - X w) is, the *slack*, entry by entry: 0 for least squares, λ·w for
ridge regression, a vector of entries between -λ and λ for the lasso.
"""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from mpmath import mp, mpf

from ..linear import Fact
from ..term import TermError, free_names, name, parse
from .base import PLENTY, Hypothesis, Vector, small, small_positive


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
             context.symbols[self.rows], context.symbols[self.columns], self.slack(context)))
        context.tie(self.name, self.design, self.target)

    def slack(self, context):
        """The k-th entry of Xᵀ(y - X w), as a function of k."""
        return _zero_entries

    def sample(self, rng, env):
        # Choose the solution first and then a target whose residual is orthogonal to X.
        rows, columns = env[self.rows], env[self.columns]
        design = env[self.design]
        solution = [small(rng) for _ in range(columns)]
        columns_of_design = [[design[i][j] for i in range(rows)] for j in range(columns)]
        residual = _orthogonal_part([small(rng) for _ in range(rows)], columns_of_design)
        env[self.name] = Vector(solution)
        env[self.target] = Vector(
            sum(design[i][j] * solution[j] for j in range(columns)) + residual[i]
            for i in range(rows))

    def condition(self, printed):
        return f"${printed(self.name)}$ a solution of the normal equations"


@dataclass(frozen=True)
class RidgeSolution(LeastSquares):
    """A vector that solves the ridge equations: Xᵀ(y - X w) = penalty·w, penalty positive.

    ``penalty`` is a formula in numbers declared before.
    Rule: Σᵢ Xᵢₖ yᵢ = Σᵢ Xᵢₖ Σⱼ Xᵢⱼ wⱼ + penalty·wₖ for every k.
    """

    penalty: str = "lam"

    def declare(self, context):
        super().declare(context)
        context.tie(*free_names(parse(self.penalty)))

    def slack(self, context):
        from ..translate import translate

        penalty = translate(parse(self.penalty), context)
        if not context.positive(context.normal.factored(penalty)):
            raise TermError(f"the penalty {self.penalty} of {self.name} is not provably positive")
        return lambda k: penalty * context.symbols[self.name](k)

    def sample(self, rng, env):
        from ..evaluate import evaluate

        rows, columns = range(env[self.rows]), range(env[self.columns])
        with mp.workdps(PLENTY):
            design, target = (evaluate(name(n), env) for n in (self.design, self.target))
            penalty = evaluate(parse(self.penalty), env)
            matrix = [[sum(design[i][j] * design[i][k] for i in rows) + (penalty if j == k else 0)
                       for k in columns] for j in columns]
            env[self.name] = Vector(_solved(
                matrix, [sum(design[i][j] * target[i] for i in rows) for j in columns]))

    def condition(self, printed):
        w, x, y = printed(self.name), printed(self.design), printed(self.target)
        penalty = printed(f"({self.penalty})*{self.name}")
        return (f"${w}$ the solution of ${x}^{{\\top}}({y} - {x} {w}) = {penalty}$")


@dataclass(frozen=True)
class LassoSolution(LeastSquares):
    """A vector w with Xᵀ(y - X w) = c, where each abs(cₖ) ≤ λ and cₖ wₖ = λ abs(wₖ).

    These are the optimality conditions of the lasso: where wₖ is not zero, cₖ is λ times
    its sign.  The hypothesis declares w, c and λ.
    """

    slackness: str = "c"
    penalty: str = "lam"

    def names(self):
        return self.name, self.slackness, self.penalty

    def declare(self, context):
        context.arrays[self.slackness] = (self.columns,)
        c = context.symbols[self.slackness] = sp.Function(self.slackness, real=True)
        lam = context.symbols[self.penalty] = sp.Symbol(self.penalty, positive=True)
        super().declare(context)
        w = context.symbols[self.name]
        context.tie(self.slackness, self.penalty)
        for side in (1, -1):
            context.know_entries(c, lambda k, side=side: Fact(lam - side * c(k)))
        context.aligned.append((c, w, lam))

    def slack(self, context):
        return context.symbols[self.slackness]

    def sample(self, rng, env):
        # Choose the residual first; the entries of w may differ from zero where |c| is largest.
        rows, columns = range(env[self.rows]), range(env[self.columns])
        design = env[self.design]
        residual = [small(rng) for _ in rows]
        c = [sum(design[i][j] * residual[i] for i in rows) for j in columns]
        slack = rng.randint(0, 3) == 0
        penalty = max(map(abs, c), default=0) + (small_positive(rng) if slack or not any(c) else 0)
        w = [Fraction(rng.randint(0, 4), 2) * (1 if c[j] > 0 else -1)
             if abs(c[j]) == penalty else Fraction(0) for j in columns]
        env.update({self.slackness: Vector(c), self.penalty: penalty, self.name: Vector(w)})
        env[self.target] = Vector(
            residual[i] + sum(design[i][j] * w[j] for j in columns) for i in rows)

    def condition(self, printed):
        w, x, y, c = map(printed, (self.name, self.design, self.target, self.slackness))
        lam = printed(self.penalty)
        c_j, w_j = printed(f"{self.slackness}[j]"), printed(f"{self.name}[j]")
        return (f"${lam} > 0$; ${w}$ and ${c} = {x}^{{\\top}}({y} - {x} {w})$ such that for each "
                f"$j$ both $|{c_j}| \\le {lam}$ and ${c_j}\\, {w_j} = {lam}\\, |{w_j}|$")


@dataclass(frozen=True)
class DualVector(Hypothesis):
    """A vector s with Xᵀs = 0 and entries between ``low`` and ``high`` (formulas, low < 0 < high).

    It bounds a sum of absolute errors from below: the dual of a linear program.
    Rule: Σᵢ Xᵢₖ sᵢ = 0 for every k, and the bounds.
    """

    design: str = "X"
    rows: str = "n"
    columns: str = "d"
    low: str = "-1"
    high: str = "1"

    def declare(self, context):
        from ..translate import translate

        context.arrays[self.name] = (self.rows,)
        s = context.symbols[self.name] = sp.Function(self.name, real=True)
        low, high = (translate(parse(text), context) for text in (self.low, self.high))
        if not (context.positive(sp.factor(-low)) and context.positive(sp.factor(high))):
            raise TermError(f"{self.low} < 0 < {self.high} is not provable")
        context.tie(self.name, self.design)
        context.constrain(*free_names(parse(self.low)), *free_names(parse(self.high)))
        context.know_entries(s, lambda i: Fact(s(i) - low))
        context.know_entries(s, lambda i: Fact(high - s(i)))
        zero = _zero_entries
        context.normal_equations.append(
            (context.symbols[self.design], s, zero, context.symbols[self.rows],
             context.symbols[self.columns], zero))

    def sample(self, rng, env):
        from ..evaluate import evaluate

        columns = [[row[j] for row in env[self.design]] for j in range(env[self.columns])]
        free = _orthogonal_part([small(rng) for _ in range(env[self.rows])], columns)
        with mp.workdps(PLENTY):
            low, high = (evaluate(parse(text), env) for text in (self.low, self.high))
            reach = max([mpf(1), *(_number(x) / (high if x > 0 else low) for x in free if x)])
            env[self.name] = Vector(_number(x) / reach for x in free)

    def condition(self, printed):
        s, x = printed(self.name), printed(self.design)
        entry = printed(f"{self.name}[i]")
        return (f"${s}$ with ${x}^{{\\top}} {s} = 0$ and ${printed(self.low)} \\le {entry} \\le "
                f"{printed(self.high)}$ for each $i$")


def _zero_entries(k):
    return sp.S.Zero


def _number(value):
    return mpf(value.numerator) / value.denominator


def _solved(matrix, target):
    """The solution of a positive definite system, by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, target, strict=True)]
    for k, pivot in enumerate(rows):  # a pivot of such a matrix is never zero
        pivot[:] = [x / pivot[k] for x in pivot]
        for row in rows:
            if row is not pivot:
                row[:] = [x - row[k] * p for x, p in zip(row, pivot, strict=True)]
    return [row[-1] for row in rows]


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
