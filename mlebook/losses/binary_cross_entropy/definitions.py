"""Binary cross-entropy: the definitions that its statements share."""
from mlebook.derivations.maximum_likelihood import SIGMOID
from mlebook.proof import Definition, Derivation
from mlebook.proof.term import free_names, parse

SLUG = "binary_cross_entropy"

SOFTPLUS = Definition("softplus", "log(1 + exp(z))", ("z",), tex=r"\operatorname{softplus}",
                      address=f"{SLUG}.softplus")
MASS = Definition("p", "sigmoid(z)**y*(1 - sigmoid(z))**(1 - y)", ("y", "z"),
                  address=f"{SLUG}.mass")


def derivation(name, title, given, start, *steps, where=()) -> Derivation:
    """A derivation of this page, with those of the definitions above that it uses."""
    formulas = (start, *(step.formula for step in steps), *(d.body for d in where),
                *(getattr(step.relation, "certificate", "0") for step in steps))
    used = frozenset().union(*(free_names(parse(formula)) for formula in formulas))
    if MASS.name in used:
        used |= {SIGMOID.name}
    shared = tuple(d for d in (SIGMOID, SOFTPLUS, MASS) if d.name in used)
    return Derivation(f"{SLUG}.{name}", title, given, start, steps, (*shared, *where))
