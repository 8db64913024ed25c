"""Fitters side by side: they take turns, so that a busy machine slows all of them alike."""
from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def compare(title: str, fitters: dict[str, Callable], nll: Callable, rounds: int) -> None:
    """Print a line for each fitter: the nll's excess, the median time, its ratio to the first.

    Args:
        title: names the data and the model.
        fitters: each fits when called and returns its answer; the first is the reference.
        nll: of an answer, in nats; written without this package.
        rounds: how often each is timed.
    """
    times = {name: [] for name in fitters}
    answers = {name: fit() for name, fit in fitters.items()}  # also warms up
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
        print(f"  {name:34} excess {values[name] - best:8.1e} nats   "
              f"{1e3 * medians[name]:8.3f} ms   ratio {medians[name] / first:6.2f}", flush=True)
