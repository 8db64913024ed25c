"""Hypotheses: what a derivation assumes about its symbols.

Each hypothesis has two faces.  For the prover it declares a SymPy object (``declare``)
and rules that hold because of it.  For the refuter it draws a small random value that
satisfies it (``sample``).  The two faces share nothing but the name, so a rule that does
not follow from the hypothesis is caught by a sampled counterexample.

A sample is written into ``env``, a dictionary from names to values: numbers, lists
(vectors, indices from 1), lists of lists (matrices) or Python functions.
"""
from .arrays import (
    Bits,
    Counts,
    NonzeroReals,
    Positives,
    Reals,
    Simplex,
    UnequalReals,
)
from .base import Hypothesis, Vector
from .definition import Definition
from .functions import (
    ContinuousDensity,
    Density,
    Function,
    ModelFamily,
    PositiveFunction,
    QuantileDensity,
)
from .numbers import Between, Index, Positive, Real, Size, Unit
from .order import Bounded, Unequal
from .random_data import Independent, Labels, Random
from .regression import DualVector, LassoSolution, LeastSquares, RidgeSolution

__all__ = [
    "Between",
    "Bits",
    "Bounded",
    "ContinuousDensity",
    "Counts",
    "Definition",
    "Density",
    "DualVector",
    "Function",
    "Hypothesis",
    "Independent",
    "Index",
    "Labels",
    "LassoSolution",
    "LeastSquares",
    "ModelFamily",
    "NonzeroReals",
    "Positive",
    "PositiveFunction",
    "Positives",
    "QuantileDensity",
    "Random",
    "Real",
    "Reals",
    "RidgeSolution",
    "Simplex",
    "Size",
    "Unequal",
    "UnequalReals",
    "Unit",
    "Vector",
]
