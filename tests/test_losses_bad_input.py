"""Every noise model at the edge: extremes in float32, and input that is refused by name."""
import math
from functools import partial

import pytest
import torch
from laws import LOSSES, assert_close, every_loss, is_vector, names_of_outputs, tensor_of

FUNCTIONS = ("nll", "loss", "gradient", "curvature", "terms")


@every_loss
def test_float32_is_finite_at_the_extremes_and_right(loss):
    for values, y, noise in loss.EXTREMES:
        prediction = torch.tensor([values], dtype=torch.float32, requires_grad=True)
        target = tensor_of(loss, [y], torch.float32)
        nll = loss.nll(prediction, target, **noise)
        slope, = torch.autograd.grad(nll.sum(), prediction)
        for found in (nll, slope, loss.gradient(prediction, target, **noise)):
            assert found.isfinite().all(), (values, y, noise)
        wide = tensor_of(loss, [y], torch.float64) if loss.SUPPORT == "classes" else target.double()
        exact = loss.nll(prediction.double(), wide, **noise)
        assert_close(nll.double(), exact, rel=2e-6)


def zeros(loss, *shape):
    """Predictions for targets of this shape."""
    last = [len(names_of_outputs(loss))] if is_vector(loss) else []
    return torch.zeros((*shape, *last))


def targets(loss, *values):
    return tensor_of(loss, values, torch.float32)


def cases(loss):
    """(what, prediction, target, error, message) for one loss."""
    good, two = targets(loss, 0, 1), zeros(loss, 2)
    broken = two.clone()
    broken.view(-1)[1] = math.nan
    yield "a list", two.tolist(), good, TypeError, "prediction: expected a torch.Tensor, got list"
    yield "a number", two, 0.0, TypeError, "target: expected a torch.Tensor, got float"
    yield "integers", two.long(), good, TypeError, "prediction: expected floating"
    yield "NaN predicted", broken, good, ValueError, "prediction: 1 of . values not finite"
    yield "infinite", broken.nan_to_num(math.inf), good, ValueError, "prediction: 1 of . values not"
    yield "empty", zeros(loss, 0), good[:0], ValueError, "(target|prediction): empty"
    yield "empty table", zeros(loss, 0, 2), good[:0].reshape(0, 2), ValueError, "empty"
    yield "one for two", zeros(loss, 1), good, ValueError, "prediction: shape"
    yield "a column", zeros(loss, 2, 1), good, ValueError, r"prediction: shape \(2, 1"
    yield "a target column", two, good[:, None], ValueError, r"prediction: shape \(2"
    yield "one number", zeros(loss), good, ValueError, "prediction: shape"
    if is_vector(loss):
        yield "no axis of outputs", two[:, 0], good, ValueError, r"prediction: shape \(2,\), "
    if len(loss.OUTPUTS) > 1:
        yield "one output too many", torch.zeros(2, 1 + len(loss.OUTPUTS)), good, ValueError, \
            "prediction: shape"
    if loss.SUPPORT == "classes":
        yield "one class", two[:, :1], good, ValueError, "prediction: 1 logits? a target|at least 2"
        yield "class K", two, targets(loss, 0, 3), ValueError, "target: 1 of 2 values not a class"
        yield "class -1", two, targets(loss, -1, 0), ValueError, "target: 1 of 2 values not a class"
        yield "float classes", two, good.float(), TypeError, "target: expected .*int64"
        yield "int32 classes", two, good.int(), TypeError, "target: expected .*int64"
        yield "one-hot", two, torch.eye(3)[:2], TypeError, "target: expected .*int64"
        return
    yield "NaN observed", two, targets(loss, 0, math.nan), ValueError, "target: 1 of 2 values not"
    yield "infinite target", two, targets(loss, 0, math.inf), ValueError, "target: 1 of 2 values"
    yield "precision", two, good.double(), TypeError, "prediction: float32, expect"
    if loss.SUPPORT == "binary":
        for label in (0.5, 2.0, -1.0):
            yield f"label {label}", two, targets(loss, 0, label), ValueError, \
                "target: 1 of 2 values not 0 or 1"
        yield "integer labels", two, good.long(), TypeError, "target: expected floating"


CASES = [pytest.param(loss, *case[1:], id=f"{loss.SLUG}: {case[0]}")
         for loss in LOSSES for case in cases(loss)]


@pytest.mark.parametrize(("loss", "prediction", "target", "error", "message"), CASES)
def test_bad_data_are_named(loss, prediction, target, error, message):
    for name in filter(partial(hasattr, loss), FUNCTIONS):
        noise = dict.fromkeys(loss.NOISE_PARAMETERS, 1.0) if name != "loss" else {}
        with pytest.raises(error, match=message):
            getattr(loss, name)(prediction, target, **noise)


@every_loss
@pytest.mark.parametrize("prediction", [
    torch.tensor([]), torch.tensor([math.nan]), [0.0], torch.zeros(2, dtype=torch.int64)])
def test_bad_predictions_are_named_by_sample(loss, prediction):
    noise = dict.fromkeys(loss.NOISE_PARAMETERS, 1.0)
    with pytest.raises((TypeError, ValueError), match=r"^(prediction|target): "):
        loss.sample(prediction, **noise)


@every_loss
@pytest.mark.parametrize("target", [
    torch.tensor([]), torch.tensor([math.nan, 1.0]), [0.0, 1.0], torch.tensor([0.5 + 1j, 1.0])])
def test_bad_targets_are_named_by_estimate(loss, target):
    with pytest.raises((TypeError, ValueError), match=r"^target: "):
        loss.estimate(target)


@every_loss
@pytest.mark.parametrize("name", ["nll", "gradient", "curvature", "sample"])
@pytest.mark.parametrize(("scale", "error"), [
    (0.0, ValueError), (1e-46, ValueError), (1e60, ValueError),
    (-1.0, ValueError), (math.nan, ValueError), (math.inf, ValueError),
    (torch.tensor([1.0, 0.0]), ValueError), (torch.ones(1), ValueError),
    (torch.ones(2, 1), ValueError), (torch.tensor(math.nan), ValueError),
    (torch.ones(2, dtype=torch.float64), TypeError), ("1", TypeError), (None, TypeError),
    (True, TypeError), ([1.0, 1.0], TypeError),
])
def test_a_bad_scale_is_named(loss, name, scale, error):
    arguments = [zeros(loss, 2), targets(loss, 0, 1)][:1 if name == "sample" else 2]
    if "scale" not in loss.NOISE_PARAMETERS:
        with pytest.raises(TypeError, match="scale"):
            getattr(loss, name)(*arguments, scale=scale)
        return
    with pytest.raises(error, match=r"^scale: "):
        getattr(loss, name)(*arguments, scale=scale)
