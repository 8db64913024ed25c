"""What the statements about heteroscedastic regression have in common."""
from __future__ import annotations

from mlebook.proof import Definition, Derivation, Real

SLUG = "heteroscedastic"
DENSITY = Definition("p", "1/sqrt(2*pi*exp(s))*exp(-(y - mu)**2/(2*exp(s)))", ("y", "mu", "s"),
                     address=f"{SLUG}.density")
MEAN = Definition("y_bar", "1/n*sum(y[i] for i in n)")
MEAN_SQUARE = Definition("v", "1/n*sum(r[i]**2 for i in n)")
ONE = (Real("y"), Real("mu"), Real("s"))


def derivation(name, title, given, start, *steps, where=(DENSITY,)) -> Derivation:
    """A derivation of this chapter."""
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, where)
