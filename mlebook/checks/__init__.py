"""Checks of arguments, shared by the whole package.

Every check raises an error that names the argument, says what was given and what was
expected: ``TypeError`` for the wrong type, ``ValueError`` for wrong shapes and values.
The checks on values take NumPy arrays and torch tensors alike; importing this package imports
neither SymPy nor torch.
"""
from .classes import class_probabilities, labels, logits
from .targets import (
    binary_target,
    class_target,
    location_scale,
    once,
    prediction_alone,
    real_target,
    representable,
    vector_target,
)
from .values import (
    NoFiniteEstimateError,
    array,
    distribution,
    finite,
    not_empty,
    open_unit,
    positive,
    prior_weights,
    require,
    same_dtype,
    same_shape,
    shrinkage,
    tensor,
    whole,
)

__all__ = [
    "NoFiniteEstimateError",
    "array",
    "binary_target",
    "class_probabilities",
    "class_target",
    "distribution",
    "finite",
    "labels",
    "location_scale",
    "logits",
    "not_empty",
    "once",
    "open_unit",
    "positive",
    "prediction_alone",
    "prior_weights",
    "real_target",
    "representable",
    "require",
    "same_dtype",
    "same_shape",
    "shrinkage",
    "tensor",
    "vector_target",
    "whole",
]
