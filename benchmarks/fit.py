"""Our fitters beside libraries, on the same data in the same process: ``python -m benchmarks.fit``.

Each line gives the nll's excess over the best of all (an answer that is wrong is not fast), the
median time of a fit, and its ratio to the first line of its block.  Imports are not timed.  The
fitters take turns, so that a busy machine slows all of them alike.
"""
from __future__ import annotations

import importlib.util
import math
import statistics
import time
from collections.abc import Callable

import numpy as np
import scipy.optimize
import scipy.stats
import torch

from mlebook import datasets, estimators
from mlebook.losses import squared_error

ROUNDS = 31
REGRESSIONS = (
    (datasets.galton_heights, "midparent_height", "child_height"),
    (datasets.engel_food, "income", "food_expenditure"),
)


def numpy_nll(theta: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """The Gaussian nll of intercept, slope and log scale."""
    residual = (y - theta[0] - theta[1] * x) / math.exp(theta[2])
    return residual @ residual / 2 + len(y) * (theta[2] + math.log(2 * math.pi) / 2)


def profile_nll(weights, x: np.ndarray, y: np.ndarray) -> float:
    """The Gaussian nll of a line at its best scale."""
    scale = np.sqrt(np.mean((y - weights[0] - weights[1] * x) ** 2))
    return numpy_nll(np.array([weights[0], weights[1], math.log(scale)]), x, y)


def linear_fitters(x: np.ndarray, y: np.ndarray) -> dict[str, Callable]:
    """Least squares; each call returns (intercept, slope)."""
    def ours():
        return estimators.fit_linear(squared_error, estimators.design_matrix(x), y).params

    def lstsq():
        return np.linalg.lstsq(np.stack([np.ones(len(x)), x], axis=1), y, rcond=None)[0]

    def linregress():
        line = scipy.stats.linregress(x, y)
        return line.intercept, line.slope

    fitters = {"numpy lstsq": lstsq, "scipy linregress": linregress, "mlebook fit_linear": ours}
    if importlib.util.find_spec("statsmodels"):
        from statsmodels.api import OLS

        fitters["statsmodels OLS"] = lambda: OLS(
            y, np.stack([np.ones(len(x)), x], axis=1)).fit().params
    return fitters


def general_fitters(x: np.ndarray, y: np.ndarray) -> dict[str, Callable]:
    """Three parameters from one start by optimisers that know nothing of lines."""
    start = [0.0, 0.0, math.log(100)]
    inputs, targets = torch.tensor(x), torch.tensor(y)

    def nll(theta):
        prediction = theta[0] + theta[1] * inputs
        return squared_error.nll(prediction, targets, scale=theta[2].exp()).sum()

    return {
        "scipy BFGS": lambda: scipy.optimize.minimize(numpy_nll, start, args=(x, y)).x,
        "mlebook fit, newton": lambda: estimators.fit(nll, start, method="newton").params,
        "mlebook fit, lbfgs": lambda: estimators.fit(nll, start, method="lbfgs").params,
    }


def compare(title: str, fitters: dict[str, Callable], nll: Callable, rounds: int) -> None:
    """Time the fitters in turn and print one line each."""
    times = {name: [] for name in fitters}
    answers = {name: np.asarray(fit()) for name, fit in fitters.items()}  # also warms up
    for _ in range(rounds):
        for name, fit in fitters.items():
            start = time.perf_counter()
            fit()
            times[name].append(time.perf_counter() - start)
    values = {name: nll(answer) for name, answer in answers.items()}
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    best, first = min(values.values()), next(iter(medians.values()))
    print(title)
    for name in fitters:
        print(f"  {name:20} excess {values[name] - best:8.1e} nats   "
              f"{1e3 * medians[name]:8.3f} ms   ratio {medians[name] / first:8.2f}")


def main() -> None:
    """Compare on both regressions."""
    for load, column, target in REGRESSIONS:
        data = load()
        x, y = getattr(data, column), getattr(data, target)
        compare(f"{data.name}: least squares", linear_fitters(x, y),
                lambda weights, x=x, y=y: profile_nll(weights, x, y), ROUNDS)
        compare(f"{data.name}: general optimisers, raw units", general_fitters(x, y),
                lambda theta, x=x, y=y: numpy_nll(theta, x, y), 5)


if __name__ == "__main__":
    main()
