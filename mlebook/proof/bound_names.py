"""Canonical names for bound indices, so that equal sums are the same expression."""
from __future__ import annotations

from itertools import permutations

import sympy as sp

from .algebra import components
from .objects import BoundIndex, Sigma, bound_index
from .term import TermError


def canonical_key(indices, product):
    """Rename the bound indices in a way that does not depend on their old names.

    The names carry the nesting depth, so that an inner sum (inside a logarithm, say)
    can never use the name of an outer one.
    """
    if not indices:
        return (), product
    depth = _depth(product, {index for index, _ in indices}) + 1
    groups = [_first_order(group, factor, depth)
              for group, factor in components(indices, product) if group]
    ordered = [pair for _, order in sorted(groups, key=lambda g: g[0]) for pair in order]
    names = {index: bound_index(f"bound_{depth}_{k}", size)
             for k, (index, size) in enumerate(ordered)}
    return tuple((names[i], size) for i, size in ordered), product.xreplace(names)


def _depth(product: sp.Expr, own: set) -> int:
    """How deep canonical sums are nested inside a product, its own indices left out."""
    names = {sigma.args[1] for sigma in product.atoms(Sigma)} | (product.free_symbols - own)
    return max((int(s.name.split("_")[1]) for s in names
                if isinstance(s, BoundIndex) and s.name.startswith("bound_")), default=0)


def _first_order(group, factor, depth):
    """Of all orders of connected indices the one whose text comes first, with its text."""
    if len(group) > 5:
        raise TermError("more than five sums that are entangled in one product")
    candidates = []
    for order in permutations(group):
        names = {i: bound_index(f"bound_{depth}_{k}", size)
                 for k, (i, size) in enumerate(order)}
        candidates.append((str([size for _, size in order]) + str(factor.xreplace(names)), order))
    return min(candidates, key=lambda candidate: candidate[0])
