"""Every check accepts what is right and names the argument when something is wrong."""
import subprocess
import sys

import numpy as np
import pytest
import torch

from mlebook import checks


@pytest.mark.parametrize("make", [np.array, torch.tensor])
def test_value_checks_take_arrays_and_tensors(make):
    good, bad = make([1.0, 2.0]), make([1.0, -3.0, float("nan")])
    checks.finite(good, "x")
    checks.positive(good, "x")
    checks.not_empty(good, "x")
    with pytest.raises(ValueError, match=r"x: 1 of 3 values not finite, .* nan at index 2"):
        checks.finite(bad, "x")
    with pytest.raises(ValueError, match=r"x: 1 of 3 values not finite"):
        checks.positive(bad, "x")
    with pytest.raises(ValueError, match=r"x: 1 of 2 values not positive, .* -3.0 at index 1"):
        checks.positive(bad[:2], "x")
    with pytest.raises(ValueError, match=r"x: empty \(shape \(0,\)\)"):
        checks.not_empty(good[:0], "x")
    with pytest.raises(ValueError, match=r"x: shape \(2,\), expected that of y, \(2, 1\)"):
        checks.same_shape(good, good.reshape(2, 1), "x", "y")


def test_the_first_bad_entry_of_a_table_is_located():
    with pytest.raises(ValueError, match=r"x: 2 of 4 values not finite, .* inf at index 0, 1"):
        checks.finite(torch.tensor([[0.0, float("inf")], [float("nan"), 1.0]]), "x")


def test_a_tensor_that_needs_a_gradient_can_be_reported():
    with pytest.raises(ValueError, match=r"scale: 1 of 1 values not positive, the first is 0.0$"):
        checks.positive(torch.tensor(0.0, requires_grad=True), "scale")


@pytest.mark.parametrize("number", [0, -1, float("nan"), float("inf")])
def test_numbers_that_are_not_positive(number):
    with pytest.raises(ValueError, match="scale: expected a positive finite number"):
        checks.positive(number, "scale")


@pytest.mark.parametrize(("value", "message"), [
    ([1.0], "x: expected a torch.Tensor, got list"),
    (np.ones(2), "x: expected a torch.Tensor, got ndarray"),
    (torch.ones(2, dtype=torch.int64), "x: expected floating-point numbers, got int64"),
    (torch.ones(2, dtype=torch.complex64), "x: expected floating-point numbers, got complex64"),
])
def test_wrong_types(value, message):
    with pytest.raises(TypeError, match=message):
        checks.tensor(value, "x")


def test_precisions_do_not_mix():
    with pytest.raises(TypeError, match="x: float32, expected that of y, float64"):
        checks.same_dtype(torch.ones(1), torch.ones(1, dtype=torch.float64), "x", "y")


@pytest.mark.parametrize(("value", "error"), [(1.5, TypeError), (True, TypeError), (1, ValueError)])
def test_whole(value, error):
    with pytest.raises(error, match="n: expected an integer"):
        checks.whole(value, "n", minimum=2)
    checks.whole(np.int64(2), "n", minimum=2)


@pytest.mark.parametrize(("value", "error", "message"), [
    ("ab", TypeError, "p: expected numbers, got str"),
    ([[0.5], [0.5, 0.5]], TypeError, "p: expected numbers, got list"),
    ([], ValueError, "p: empty"),
    ([0.5, float("nan")], ValueError, "p: 1 of 2 values not finite"),
    ([1.5, -0.5], ValueError, "p: 1 of 2 values negative, the first is -0.5 at index 1"),
    ([0.5, 0.5 + 1e-8], ValueError, "p: sums to 1, expected"),
    ([[0.5, 0.5]], ValueError, r"p: shape \(1, 2\), expected a vector"),
])
def test_bad_distributions(value, error, message):
    with pytest.raises(error, match=message):
        checks.distribution(value, "p")


def test_a_bad_row_is_named():
    with pytest.raises(ValueError, match=r"P: row 1 sums to 0\.9, expected"):
        checks.distribution([[0.5, 0.5], [0.5, 0.4]], "P", ndim=2)


def test_a_distribution_is_not_rescaled():
    p = checks.distribution([0.5, 0.5 + 5e-10], "p")
    assert p.tolist() == [0.5, 0.5 + 5e-10]


def test_importing_the_package_is_cheap():
    """``import mlebook`` and the data sets cost neither torch nor SymPy nor matplotlib."""
    program = (
        "import sys, mlebook, mlebook.checks, mlebook.datasets\n"
        "assert mlebook.__version__ == '0.1.0'\n"
        "mlebook.datasets.newcomb_light()\n"
        "print(sorted({'torch', 'sympy', 'matplotlib'} & set(sys.modules)))\n"
        "mlebook.estimators\n"
        "print('torch' in sys.modules)\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "True"], done.stderr


def test_an_unknown_submodule_is_an_attribute_error():
    import mlebook

    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = mlebook.absent
    assert "divergences" in dir(mlebook)
