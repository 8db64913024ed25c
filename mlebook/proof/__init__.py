"""The proof engine: derivations that are proved, attacked and only then rendered.

A derivation is text in a small language (:mod:`mlebook.proof.term`), hypotheses
(:mod:`.hypotheses`) and relations (:mod:`.relations`).  ``Derivation.verify`` sends every
step through four parts.  They share the parsed term, the relation and the hypotheses, and
not a line of mathematics:

* :mod:`.prove`: symbolic, with generic sizes, on SymPy (:mod:`.translate`, :mod:`.sums`);
* :mod:`.refute`: 30-digit numbers, looking for a counterexample;
* :mod:`.render`: LaTeX of the very term that was proved;
* :mod:`.read`: reads that LaTeX back and compares.
"""
from .derivation import Derivation, EngineError, ProofError, Step
from .display import DisplayedDefinition, Equation
from .hypotheses import (
    Between,
    Bits,
    Bounded,
    ContinuousDensity,
    Counts,
    Definition,
    Density,
    DualVector,
    Function,
    Independent,
    Index,
    Labels,
    LassoSolution,
    LeastSquares,
    ModelFamily,
    NonzeroReals,
    Positive,
    PositiveFunction,
    Positives,
    QuantileDensity,
    Random,
    Real,
    Reals,
    RidgeSolution,
    Simplex,
    Size,
    Unequal,
    UnequalReals,
    Unit,
)
from .relations import (
    AtLeast,
    Attained,
    ByConvexity,
    ByTheorem,
    Equal,
    Greater,
    Limit,
    SameMinimiser,
    TakeLog,
)
from .term import Term, TermError, parse

__all__ = [
    "AtLeast",
    "Attained",
    "Between",
    "Bits",
    "Bounded",
    "ByConvexity",
    "ByTheorem",
    "ContinuousDensity",
    "Counts",
    "Definition",
    "Density",
    "Derivation",
    "DisplayedDefinition",
    "DualVector",
    "EngineError",
    "Equal",
    "Equation",
    "Function",
    "Greater",
    "Independent",
    "Index",
    "Labels",
    "LassoSolution",
    "LeastSquares",
    "Limit",
    "ModelFamily",
    "NonzeroReals",
    "Positive",
    "PositiveFunction",
    "Positives",
    "ProofError",
    "QuantileDensity",
    "Random",
    "Real",
    "Reals",
    "RidgeSolution",
    "SameMinimiser",
    "Simplex",
    "Size",
    "Step",
    "TakeLog",
    "Term",
    "TermError",
    "Unequal",
    "UnequalReals",
    "Unit",
    "parse",
]
