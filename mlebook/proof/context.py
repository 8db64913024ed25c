"""What the prover knows: the symbols, and the rules that the hypotheses give it."""
from __future__ import annotations

import sympy as sp

from .sums import REALS, Expect, NormalForm, Sigma
from .term import Term


class Context:
    """SymPy objects for the declared names, and every rule that may be applied to them."""

    def __init__(self, hypotheses, definitions):
        self.symbols = {}
        self.arrays = {}
        self.coordinates = {}
        self.definitions = {d.name: d for d in definitions}
        self.idempotent = []
        self.sums_to_one = []
        self.in_range = []
        self.labels = {}
        self.label_laws = {}
        self.moments = {}
        self.normal_equations = []
        self.known_positive = []
        self._positive_terms = []
        self.normal = NormalForm(self)
        for hypothesis in hypotheses:
            hypothesis.declare(self)
        from .translate import translate  # translate needs a context: import it late

        for term in self._positive_terms:
            self.known_positive.append(self.normal.canonical(translate(term, self)))

    def know_positive(self, term: Term) -> None:
        """Declared by a hypothesis: this formula is positive."""
        self._positive_terms.append(term)

    # -- positivity -------------------------------------------------------------------

    def positive(self, e: sp.Expr) -> bool:
        """Provably positive: by SymPy's assumptions, by a hypothesis, or as a sum of such."""
        if e.is_positive:
            return True
        if e in self.known_positive:
            return True
        if isinstance(e, Sigma):
            return e.args[2] != REALS and self.positive(e.args[0])
        if e.is_Pow and e.exp.is_real:
            return self.positive(e.base)
        if e.is_Mul:
            signs = [self._sign(a) for a in e.args]
            return all(signs) and sp.prod(signs) > 0
        return e.is_Add and all(map(self.positive, e.args))

    def _sign(self, e):
        """1 if provably positive, -1 if provably negative, else 0."""
        if e.is_negative:
            return -1
        return 1 if self.positive(e) else 0

    # -- rules for one product ----------------------------------------------------------

    def entry_rules(self, product: sp.Expr):
        """Rules that need no sum: y² = y for bits, δ² = δ.  Returns (product, changed)."""
        changed = False
        factors = []
        for factor in sp.Mul.make_args(product):
            base, exponent = factor.as_base_exp()
            repeated = exponent.is_Integer and exponent > 1
            if repeated and (base.func in self.idempotent or isinstance(base, sp.KroneckerDelta)):
                factor, changed = base, True
            factors.append(factor)
        return sp.Mul(*factors), changed

    def within(self, target: sp.Expr, size: sp.Expr) -> bool:
        """Whether an index is known to lie in 1, …, size."""
        if target.is_Symbol and target.name.startswith(("fresh_", "bound_")):
            # bound indices meet in a delta only if they run over the same set
            return True
        if self.labels.get(target.func) == size:
            return True
        return any(target == known and size == limit for known, limit in self.in_range)

    def sum_rule(self, inner, index, size):
        """Σ p = 1 for a distribution; None where no rule applies."""
        for function, position in self.sums_to_one:
            if inner.func == function and len(inner.args) > position \
                    and inner.args[position] == index:
                others = [a for k, a in enumerate(inner.args) if k != position]
                if not any(index in a.free_symbols for a in others):
                    return sp.S.One
        return None

    def integral(self, inner, x):
        """∫ inner dx over the real line where it is known; else None."""
        rule = self.sum_rule(inner, x, REALS)
        return rule if rule is not None else gaussian_integral(inner, x)

    def normal_equation(self, indices, product, normal):
        """Σᵢ Xᵢₖ yᵢ → Σᵢ Σⱼ Xᵢₖ Xᵢⱼ wⱼ where w solves the normal equations."""
        for design, target, solution, columns in self.normal_equations:
            for index, _ in indices:
                inner, outer = _split(product, index)
                factors = sp.Mul.make_args(inner)
                if len(factors) == 2 and {f.func for f in factors} == {design, target}:
                    j = normal.fresh_index()
                    row = next(f for f in factors if f.func == design)
                    new = outer * row * design(index, j) * solution(j)
                    return normal.simplify((*indices, (j, columns)), new)
        return None

    # -- expectations -------------------------------------------------------------------

    def moment(self, product, normal):
        """The expectation of one product, by the moments that the hypotheses give."""
        for variable, (mean, variance) in self.moments.items():
            entries, rest = [], sp.S.One
            for factor in sp.Mul.make_args(product):
                base, exponent = factor.as_base_exp()
                if base.func == variable and exponent in (1, 2):
                    entries += [base.args[0]] * int(exponent)
                else:
                    rest *= factor
            if not entries:
                continue
            if rest.has(variable) or len(entries) > 2:
                return Expect(product)
            if len(entries) == 1:
                return rest * mean
            return rest * (mean**2 + variance * sp.KroneckerDelta(*entries))
        for label, (law, classes) in self.label_laws.items():
            used = {a for a in product.atoms(sp.Function) if a.func == label}
            if len(used) == 1:
                c = normal.fresh_index()
                drawn = product.xreplace({used.pop(): c})
                return Sigma(law(c) * drawn, c, classes)
            if used:
                return Expect(product)
        return product


def _split(product, index):
    inner, outer = sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(product):
        if index in factor.free_symbols:
            inner *= factor
        else:
            outer *= factor
    return inner, outer


def gaussian_integral(inner, x):
    """∫ xᵏ exp(-a x² + b x) dx over the real line, a > 0; None for another integrand.

    Completing the square gives √(π/a)·exp(b²/4a)·E[Xᵏ] for a normal X with mean b/2a
    and variance 1/2a, whose moments obey m_k = mean·m_{k-1} + (k-1)·variance·m_{k-2}.
    """
    power, exponent = 0, sp.S.Zero
    for factor in sp.Mul.make_args(inner):
        base, k = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            exponent += factor.args[0]
        elif base == x and k.is_Integer and k > 0:
            power += int(k)
        else:
            return None
    polynomial = sp.Poly(sp.expand(exponent), x) if exponent.is_polynomial(x) else None
    if polynomial is None or polynomial.degree() != 2:
        return None
    minus_a, b, c = polynomial.all_coeffs()
    a = sp.factor(-minus_a)
    if not a.is_positive:
        return None
    mean, variance = b / (2 * a), 1 / (2 * a)
    moments = [sp.S.One, mean]
    while len(moments) <= power:
        k = len(moments)
        moments.append(mean * moments[k - 1] + (k - 1) * variance * moments[k - 2])
    return sp.sqrt(sp.pi / a) * sp.exp(sp.simplify(b**2 / (4 * a) + c)) * moments[power]
