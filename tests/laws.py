"""How to draw predictions, targets and noise of any loss, for the laws in test_losses*.py.

A loss of a known support needs no line here: its shapes follow from ``SUPPORT`` and ``OUTPUTS``.
"""
import math

import pytest
import torch
from hypothesis import strategies as st

from mlebook import catalog

LOSSES = catalog.noise_models()
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.SLUG)

#: where outputs and noise parameters are drawn from, by name
OUTPUTS = {"loc": st.floats(-1e3, 1e3), "logits": st.floats(-30, 30),
           "log_variance": st.floats(-6, 6)}
NOISE = {"scale": st.floats(0.05, 50)}
#: one ordinary value of each
USUAL = {"loc": 0.7, "logits": 0.7, "log_variance": 0.5, "scale": 1.5}


def is_vector(loss) -> bool:
    """Whether a prediction has an axis more than its target."""
    return loss.SUPPORT == "classes" or len(loss.OUTPUTS) > 1


def names_of_outputs(loss, classes: int = 3) -> tuple:
    """One name per entry of a vector output."""
    return loss.OUTPUTS * classes if loss.SUPPORT == "classes" else loss.OUTPUTS


def tensor_of(loss, values, dtype=torch.float64) -> torch.Tensor:
    """Numbers as targets of this loss."""
    return torch.tensor(values, dtype=torch.int64 if loss.SUPPORT == "classes" else dtype)


def usual(loss, classes: int = 3) -> tuple[torch.Tensor, dict]:
    """An ordinary prediction for one target, and ordinary noise."""
    entries = [USUAL[name] / (k + 1) for k, name in enumerate(names_of_outputs(loss, classes))]
    prediction = torch.tensor(entries if is_vector(loss) else entries[0], dtype=torch.float64)
    return prediction, {name: USUAL[name] for name in loss.NOISE_PARAMETERS}


@st.composite
def instances(draw, loss, min_size=1):
    """Prediction, target (of one random shape) and noise parameters of a loss."""
    shape = draw(st.lists(st.integers(1, 4), max_size=3).filter(
        lambda shape: math.prod(shape) >= min_size))
    size = math.prod(shape)
    outputs = names_of_outputs(loss, draw(st.integers(2, 4)))
    # below the smallest normal number a scale has no reciprocal, and nothing is claimed
    support = {"real": st.floats(-1e3, 1e3, allow_subnormal=False),
               "binary": st.sampled_from([0.0, 1.0]),
               "classes": st.integers(0, len(outputs) - 1)}[loss.SUPPORT]
    target = draw(st.lists(support, min_size=size, max_size=size))
    rows = draw(st.lists(st.tuples(*(OUTPUTS[name] for name in outputs)), min_size=size,
                         max_size=size))
    prediction = torch.tensor(rows, dtype=torch.float64).reshape(
        (*shape, len(outputs)) if is_vector(loss) else tuple(shape))
    noise = {name: draw(NOISE[name]) for name in loss.NOISE_PARAMETERS}
    return prediction, tensor_of(loss, target).reshape(shape), noise


def rows(loss, prediction, target):
    """Prediction and target of each observation alone, with shapes (1, …) and (1,)."""
    axes = prediction.shape[target.dim():]
    return zip(prediction.reshape(-1, 1, *axes), target.reshape(-1, 1), strict=True)


def assert_close(actual, expected, rel=1e-12):
    """Equal to ``rel`` of the larger of 1 and the expected value, entry by entry."""
    assert actual.shape == expected.shape
    assert ((actual - expected).abs() <= rel * expected.abs().clamp(min=1)).all()
