"""A normal form for formulas with finite sums, for the prover.

SymPy's algebra is excellent for numbers and symbols, but its ``Sum`` is not: it cannot
see that Σᵢ(yᵢ - μ)² = Σyᵢ² - 2μΣyᵢ + nμ², and differentiating by an indexed symbol can
silently capture the index.  Here a formula becomes a table

    {(bound indices, product of factors): rational coefficient},

each entry standing for coefficient · Σ over the bound indices of the product.  Products
of sums become double sums with fresh indices, constants move out, Σᵢ 1 becomes n, and
the bound indices get canonical names.  Two formulas that differ only by such moves get
the same table.  Everything inside one product is left to SymPy.

Integrals over the real line use the same form with the domain ``REALS``: they are linear
too (the integrals written in this course exist).
"""
from __future__ import annotations

import sympy as sp

from . import signs
from .algebra import components, hide_parts, poisson_sum, separate
from .bits import vanishes
from .bound_names import canonical_key
from .half_lines import bounds, domain_of
from .objects import (
    NATURALS,
    Expect,
    H,
    Magnitude,
    Sigma,
    Sign,
    bound_index,
    is_line,
)


class NormalForm:
    """Turns SymPy expressions with :class:`Sigma` into tables, under hypotheses."""

    def __init__(self, context):
        self.context = context
        self.counter = 0

    # -- tables -----------------------------------------------------------------------

    def table(self, e: sp.Expr) -> dict:
        """The normal form of an expression."""
        if e.is_Number:
            return {((), sp.S.One): e} if e != 0 else {}
        if e.is_Add:
            return _add(self.table(a) for a in e.args)
        if e.is_Mul:
            result = {((), sp.S.One): sp.S.One}
            for factor in e.args:
                result = self.multiply(result, self.table(factor))
            return result
        if e.is_Pow:
            return self._power(*e.as_base_exp())
        if isinstance(e, sp.exp):
            return self._exponential(e.args[0])
        if isinstance(e, sp.log):
            return self._logarithm(e.args[0])
        if isinstance(e, H):
            return self.table(e.args[0] - 1 - sp.log(e.args[0]))
        if isinstance(e, Sigma):
            return self.bind(*e.args)
        if isinstance(e, Expect):
            return self.expectation(self.table(e.args[0]))
        if isinstance(e, Magnitude):
            return self._product(signs.magnitude(self.context, e.args[0]))
        if isinstance(e, Sign):
            return self._product(signs.sign(self.context, e.args[0]))
        if e.args:
            return _atom(e.func(*map(self.canonical, e.args)))
        return _atom(e)

    def canonical(self, e: sp.Expr) -> sp.Expr:
        """The normal form written as one expression: equal inputs, equal outputs."""
        return self.context.remembered("canonical", e, lambda: self.expression(self.table(e)))

    def expression(self, table: dict) -> sp.Expr:
        parts = []
        for (indices, product), coefficient in table.items():
            for group, factor in components(indices, product):
                if group:
                    group, factor = canonical_key(group, factor)
                for index, size in group:
                    factor = Sigma(factor, index, size)
                coefficient *= factor
            parts.append(coefficient)
        return sp.Add(*parts)

    def _product(self, factors) -> dict:
        """The product of factors, absolute values and signs among them as they are."""
        result = {((), sp.S.One): sp.S.One}
        for factor in factors:
            opaque = isinstance(factor.as_base_exp()[0], (Magnitude, Sign))
            result = self.multiply(result, _atom(factor) if opaque else self.table(factor))
        return result

    def multiply(self, left: dict, right: dict) -> dict:
        result = {}
        for (li, lp), lc in left.items():
            for (ri, rp), rc in right.items():
                ri, rp = self._refresh(ri, rp)
                for key, c in self.simplify(li + ri, lp * rp).items():
                    result[key] = result.get(key, 0) + lc * rc * c
        return {k: c for k, c in result.items() if c != 0}

    def fresh_index(self, size) -> sp.Symbol:
        self.counter += 1
        return bound_index(f"fresh_{self.counter}", size)

    def _refresh(self, indices, product):
        renaming = {}
        for index, size in indices:
            renaming[index] = self.fresh_index(size)
        return (tuple((renaming[i], size) for i, size in indices),
                product.xreplace(renaming) if renaming else product)

    # -- the pieces -------------------------------------------------------------------

    def _power(self, base, exponent):
        if exponent.is_Integer and exponent > 1:
            table = self.table(base)
            if len(table) == 1 and not any(indices for indices, _ in table):
                ((_, product), coefficient), = table.items()
                return self.table_of_product((), product**exponent, coefficient**exponent)
            result = table
            for _ in range(int(exponent) - 1):
                result = self.multiply(result, table)
            return result
        if base == sp.E:
            return self._exponential(exponent)
        base = self.factored(base)
        exponent = self.canonical(exponent)
        if base.is_Mul and (exponent.is_Integer or all(map(self.context.positive, base.args))):
            result = {((), sp.S.One): sp.S.One}
            for factor in base.args:
                result = self.multiply(result, self._power(*(factor**exponent).as_base_exp()))
            return result
        return _power_atom(base**exponent)

    def _exponential(self, argument):
        # exp(a + b) = exp(a)·exp(b), term by term; SymPy itself turns exp(n·log x) into
        # x**n and exp(a)·exp(-a) into 1.
        product = sp.S.One
        for key, coefficient in self.table(sp.expand_log(argument)).items():
            product *= sp.exp(self.expression({key: coefficient}))
        return _power_atom(product)

    def _logarithm(self, argument):
        """log(a·b) = log a + log b, but only where every factor is provably positive."""
        argument = self.factored(argument)
        total, rest = {}, sp.S.One
        for factor in sp.Mul.make_args(argument):
            base, exponent = factor.as_base_exp()
            if isinstance(factor, sp.exp):
                total = _add([total, self.table(factor.args[0])])
            elif base.is_Rational and base > 0 and exponent.is_real:
                total = _add([total, self._log_number(base, exponent)])
            elif self.context.positive(base) and exponent.is_real:
                total = _add([total, self.multiply(self.table(exponent), _atom(sp.log(base)))])
            else:
                rest *= factor
        return total if rest == 1 else _add([total, _atom(sp.log(rest))])

    def _log_number(self, base, exponent):
        parts = [(p, k) for p, k in sp.factorint(base.p).items()]
        parts += [(q, -k) for q, k in sp.factorint(base.q).items()]
        logs = _add(_atom(sp.log(p), k) for p, k in parts if p != 1)
        return self.multiply(self.table(exponent), logs)

    def factored(self, e: sp.Expr) -> sp.Expr:
        """One expression, written as a product of factors as far as possible."""
        return self.context.remembered("factored", e, lambda: self._factored(e))

    def _factored(self, e):
        e = self.canonical(e)
        if not e.is_Add:
            return e
        names, plain = hide_parts(e)
        return sp.factor(sp.together(plain)).xreplace(names)

    # -- sums -------------------------------------------------------------------------

    def bind(self, body, index, size):
        """Σ over index of body."""
        size = domain_of(self, size)
        fresh = self.fresh_index(size)
        with self.context.assuming(*bounds(fresh, size)):
            table = self.table(body.xreplace({index: fresh}))
            return _add(
                self.scaled(self.simplify((*indices, (fresh, size)), product), coefficient)
                for (indices, product), coefficient in table.items())

    def scaled(self, table, coefficient):
        return {key: coefficient * c for key, c in table.items()}

    def table_of_product(self, indices, product, coefficient):
        return self.scaled(self.simplify(indices, product), coefficient)

    def simplify(self, indices: tuple, product: sp.Expr) -> dict:
        """Apply the rules of the hypotheses to Σ over indices of one product."""
        for index, size in indices:
            others = tuple(pair for pair in indices if pair[0] != index)
            inner, outer = separate(product, {index})
            if is_line(size):
                value = self.context.integral(inner, index, size)
            elif size == NATURALS:
                value = poisson_sum(inner, index)
            elif inner == 1:
                value = size
            else:
                value = self._delta(inner, index, size)
                if value is None:
                    value = self.context.sum_rule(inner, index, size)
            if value is not None:
                return self._rebind(others, self.table(outer * value))
        product, changed = self.context.entry_rules(product)
        if changed:
            return self._rebind(indices, self.table(product))
        replaced = self.context.normal_equation(indices, product, self)
        if replaced is not None:
            return replaced
        if product.is_Add:
            return self._rebind(indices, self.table(product))
        coefficient, product = product.as_coeff_Mul()
        return {canonical_key(indices, product): coefficient}

    def summed(self, *parts) -> dict:
        """The sum of some Σ over indices of a product."""
        return _add(self._rebind(indices, self.table(product)) for indices, product in parts)

    def _rebind(self, indices, table):
        parts = []
        for (more, product), coefficient in table.items():
            more, product = self._refresh(more, product)
            parts.append(self.scaled(self.simplify(indices + more, product), coefficient))
        return _add(parts)

    def _delta(self, inner, index, size):
        """Σᵢ δᵢₜ f(i) = f(t), if t is known to lie in 1, …, size."""
        for factor in sp.Mul.make_args(inner):
            if isinstance(factor, sp.KroneckerDelta) and index in factor.args:
                target = factor.args[0] if factor.args[1] == index else factor.args[1]
                if self.context.within(target, size):
                    return (inner / factor).xreplace({index: target})
        return None

    # -- expectations -----------------------------------------------------------------

    def expectation(self, table: dict) -> dict:
        parts = []
        for (indices, product), coefficient in table.items():
            value = self.context.moment(product, self)
            # an expectation that no rule knows stays as it is
            found = _atom(value) if isinstance(value, Expect) else self.table(value)
            parts.append(self.scaled(self._rebind(indices, found), coefficient))
        return _add(parts)


def _atom(e, coefficient=sp.S.One):
    number, product = e.as_coeff_Mul()
    return {((), product): number * coefficient}


def _power_atom(e):
    return _add(_atom(part) for part in sp.Add.make_args(e)) if e != 0 else {}


def _add(tables) -> dict:
    result = {}
    for table in tables:
        for key, coefficient in table.items():
            result[key] = result.get(key, 0) + coefficient
    return {key: c for key, c in result.items() if c != 0}


def is_zero(normal: NormalForm, table: dict) -> bool:
    """Whether a table is zero, fractions included.

    Terms with the same bound indices are put under one sum; a sum is certainly zero if
    its body is, as a rational function of its parts.  Failing that, whole sums are taken
    as the parts, so that (Σ y)/(Σ y) - 1 is seen to vanish.
    """
    groups = {}
    for (indices, product), coefficient in table.items():
        groups.setdefault(indices, []).append(coefficient * product)
    return all(vanishes(normal.context, sp.Add(*terms)) for terms in groups.values()) \
        or vanishes(normal.context, normal.expression(table))
