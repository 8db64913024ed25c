"""What the prover knows: the symbols, and the rules that the hypotheses give it."""
from __future__ import annotations

from contextlib import contextmanager

import sympy as sp
from sympy.core.function import AppliedUndef

from .algebra import gaussian_integral, hide_parts, separate
from .half_lines import line_integral
from .linear import Fact, follows
from .objects import NATURALS, REALS, Below, BoundIndex, Expect, Sigma
from .positivity import positive_sum
from .signs import fold_aligned, fold_powers
from .sums import NormalForm
from .term import Term, TermError


class Context:
    """SymPy objects for the declared names, and every rule that may be applied to them."""

    def __init__(self, hypotheses, definitions):
        self.symbols = {}
        self.arrays = {}
        self.coordinates = {}
        self.definitions = {d.name: d for d in definitions}
        self.idempotent = []
        self.sums_to_one = []
        self.slopes = {}
        self.slope_domains = {}
        self.in_range = []
        self.labels = {}
        self.label_laws = {}
        self.sample_sizes = {}
        self.sizes = set()
        self.constrained = set()
        self.tied = set()  # names in an equation of a hypothesis, which do not change alone
        self.laws = set()  # names on which an expectation depends
        self.moments = {}
        self.random_numbers = {}
        self.normal_equations = []
        self.aligned = []  # c, w and λ with cₖ wₖ = λ|wₖ|
        self.facts = []  # inequalities between numbers
        self.entry_facts = {}  # the function of an array: its entries' inequalities
        self.variables = []  # those by which a derivative is being taken
        self.continuous = set()
        self.quantiles = []
        self.nonzero = []
        self.entry_nonzero = {}
        self.known_positive = []
        self._positive_terms = []
        self._memory = {}
        self.normal = NormalForm(self)
        for hypothesis in hypotheses:
            hypothesis.declare(self)
            for size in hypothesis.filled():
                if size in self.symbols and not self.symbols[size].is_positive:
                    raise TermError(f"{size} may be 0, and {hypothesis.name} needs at least 1")
        from .translate import translate  # translate needs a context: import it late

        for term in self._positive_terms:
            self.known_positive.append(self.normal.canonical(translate(term, self)))

    def constrain(self, *names: str) -> None:
        """Declared by a hypothesis: these names cannot take every value of their kind."""
        self.constrained.update(names)

    def tie(self, *names: str) -> None:
        """Declared by a hypothesis: an equation ties these names together."""
        self.constrain(*names)
        self.tied.update(names)

    def know_positive(self, term: Term) -> None:
        """Declared by a hypothesis: this formula is positive."""
        self._positive_terms.append(term)

    def remembered(self, what: str, about, work):
        """The result of ``work()``, done once as long as what is known stays the same."""
        key = (what, about, tuple(self.facts), tuple(self.variables), len(self.known_positive))
        if key not in self._memory:
            self._memory[key] = work()
        return self._memory[key]

    @contextmanager
    def declared(self, symbols: dict):
        """Declare symbols for a while, such as a bound index while a sum is looked into."""
        before = dict(self.symbols)
        self.symbols.update(symbols)
        try:
            yield
        finally:
            self.symbols = before

    # -- inequalities -----------------------------------------------------------------

    def know_order(self, fact: Fact) -> None:
        """Declared by a hypothesis: an inequality between numbers."""
        self.facts.append(fact)

    def know_entries(self, entries, rule) -> None:
        """Declared by a hypothesis: an inequality for the entry of an array at any index."""
        self.entry_facts.setdefault(entries, []).append(rule)

    @contextmanager
    def moving(self, variable):
        """Let a variable move a little: what holds for it only up to a limit is not used."""
        self.variables.append(variable)
        try:
            yield
        finally:
            self.variables.pop()

    @contextmanager
    def assuming(self, *facts: Fact):
        """Suppose inequalities for a while, as in one case of a proof by cases."""
        before = self.facts
        self.facts = [*before, *facts]
        try:
            yield
        finally:
            self.facts = before

    def facts_about(self, e: sp.Expr) -> list[Fact]:
        """Every known inequality about numbers, and about the entries that occur in e."""
        facts = list(self.facts)
        seen, queue = set(), [e, *(f.e for f in facts)]
        while queue and self.entry_facts:
            for entry in queue.pop().atoms(AppliedUndef) - seen:
                seen.add(entry)
                found = [rule(*entry.args) for rule in self.entry_facts.get(entry.func, ())]
                queue += [fact.e for fact in found]
                facts += found
        if not self.variables:
            return facts
        return [f for f in facts if f.strict or not f.e.has(*self.variables)]

    def known_nonzero(self, e: sp.Expr) -> list[sp.Expr]:
        """What a hypothesis says is not zero, about the numbers and entries in e."""
        return [*self.nonzero, *(rule(*entry.args) for entry in e.atoms(AppliedUndef)
                                 for rule in self.entry_nonzero.get(entry.func, ()))]

    # -- positivity -------------------------------------------------------------------

    def positive(self, e: sp.Expr) -> bool:
        """Provably positive: by its structure, or by linear arithmetic from the hypotheses."""
        if self._positive_by_structure(e):
            return True
        facts = self.facts_about(e)
        return bool(facts) and e.is_real is True and follows(e, facts, strict=True)

    def _positive_by_structure(self, e):
        """By SymPy's assumptions, by a hypothesis about this very formula, or as a sum."""
        if e.is_positive:
            return True
        if any(self._positive_multiple(e, known) for known in self.known_positive):
            return True
        if isinstance(e, Sigma):
            return self.has_terms(e.args[2]) and self.positive(e.args[0])
        if e.is_Pow and e.exp.is_real:
            return self.positive(e.base)
        if e.is_Mul:
            signs = [self._sign(a) for a in e.args]
            return all(signs) and sp.prod(signs) > 0
        return e.is_Add and (all(map(self.positive, e.args)) or positive_sum(self, e))

    def has_terms(self, size) -> bool:
        """Whether a sum over 1, …, size has at least one term (an integral has none)."""
        return size == NATURALS or bool(size.is_positive)

    def _positive_multiple(self, e, known):
        """Whether e is a positive multiple of something that a hypothesis says is positive."""
        if e == known:
            return True
        if not (e.is_Add and known.is_Add):
            return False
        back, plain = hide_parts(e / known)
        ratio = sp.cancel(sp.together(plain)).xreplace(back)
        return not ratio.has(Sigma) and bool(ratio.is_positive)

    def _sign(self, e):
        """1 if provably positive, -1 if provably negative, else 0."""
        if e.is_negative:
            return -1
        return 1 if self.positive(e) else 0

    # -- rules for one product ----------------------------------------------------------

    def entry_rules(self, product: sp.Expr):
        """Rules that need no sum: y² = y for bits, δ² = δ, |z|² = z².

        Returns (product, changed).
        """
        product, changed = fold_powers(product)
        if not changed:
            product, changed = fold_aligned(product, self.aligned)
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
        if isinstance(target, BoundIndex):
            return target.size == size
        if self.labels.get(target.func) == size:
            return True
        return any(target == known and size == limit for known, limit in self.in_range)

    def sum_rule(self, inner, index, size):
        """Σ p = 1 for a distribution; None where no rule applies."""
        for function, position, domain in self.sums_to_one:
            if size == domain and inner.func == function and len(inner.args) > position \
                    and inner.args[position] == index:
                others = [a for k, a in enumerate(inner.args) if k != position]
                if not any(index in a.free_symbols for a in others):
                    return sp.S.One
        if inner.func in self.slopes.values() and inner.args[0] == index \
                and self.slope_domains[inner.func] == size:
            return sp.S.Zero  # the slope of a sum that is always one
        return None

    def function_derivative(self, value, variable):
        """The derivative of an unspecified function by its last argument."""
        slope = self.slopes.get(value.func)
        if slope is None or value.args[-1] != variable or any(
                a.has(variable) for a in value.args[:-1]):
            raise TermError(f"cannot differentiate the unspecified function {value.func}")
        return slope(*value.args)

    def integral(self, inner, x, domain):
        """∫ inner dx over a line or half-line where it is known; else None."""
        for density, place, level in self.quantiles:
            if inner == density(x) and domain == Below(place):
                return level
        rule = self.sum_rule(inner, x, domain)
        if rule is None and domain == REALS:
            rule = gaussian_integral(inner, x)
        return rule if rule is not None else line_integral(self, inner, x, domain)

    def normal_equation(self, indices, product, normal):
        """Σᵢ Xᵢₖ yᵢ → Σᵢ Σⱼ Xᵢₖ Xᵢⱼ wⱼ + slackₖ where w solves the normal equations."""
        for design, target, solution, rows, columns, slack in self.normal_equations:
            for index, size in indices:
                inner, outer = separate(product, {index})
                row = next((f for f in sp.Mul.make_args(inner) if f.func == design), None)
                if size == rows and row is not None and inner == row * target(index) \
                        and row.args[0] == index and not row.args[1].has(index):
                    j = normal.fresh_index(columns)
                    new = outer * row * design(index, j) * solution(j)
                    rest = tuple(pair for pair in indices if pair[0] != index)
                    return normal.summed(((*indices, (j, columns)), new),
                                         (rest, outer * slack(row.args[1])))
        return None

    # -- expectations -------------------------------------------------------------------

    def moment(self, product, normal):
        """The expectation of one product, by the moments that the hypotheses give."""
        for number, (mean, variance) in self.random_numbers.items():
            rest, powers = product.as_independent(number, as_Add=False)
            power = powers.as_base_exp()[1] if powers.has(number) else sp.S.Zero
            if power not in (0, 1, 2) or powers != number**power:
                return Expect(product)
            product = rest * {0: 1, 1: mean, 2: mean**2 + variance}[power]
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
            inside = any(a.func == label for s in product.atoms(Sigma)
                         for a in s.atoms(sp.Function))  # many draws behind one name
            if len(used) == 1 and not inside:
                c = normal.fresh_index(classes)
                drawn = product.xreplace({used.pop(): c})
                return Sigma(law(c) * drawn, c, classes)
            if used:
                return Expect(product)
        return product
