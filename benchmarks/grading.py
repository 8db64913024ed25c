"""Seconds and memory a submission, with 1 and with 2 workers: ``python -m benchmarks.grading``.

The same submissions are graded by both in turns, a few at a time, so that a busy machine slows
both alike. No controls, no reports: what is measured is what grows with the class.
"""

import statistics
import sys
import time
from contextlib import ExitStack

from grading import release, source, state, workers
from grading.limits import Limits

EXERCISES = ("squared_error", "cross_entropy", "map")
ROUNDS, PER_ROUND = 3, 4
CLASS = 10_000


def submissions():
    """Endless submissions: the model solution of each exercise in turn, by another student."""
    number, version = 0, state.version()
    exercises = [source.read(slug) for slug in EXERCISES]
    notebooks = [release.as_text(release.solved(exercise)) for exercise in exercises]
    while True:
        for exercise, notebook in zip(exercises, notebooks, strict=True):
            number += 1
            given = {"student": f"student-{number}", "exercise": exercise.slug, "problems": []}
            given["notebook"] = notebook
            yield workers.job(given, exercise.to_dict(), seed=1, version=version)


def grade(pool, jobs):
    """Wall seconds a submission, and the peak memory of the two processes of each, in MB."""
    start = time.perf_counter()
    results = []
    for _, result, error in pool.run(jobs):
        if error or result["error"]:
            raise RuntimeError(f"a submission was not graded: {error or result['error']}")
        results.append(result)
    seconds = (time.perf_counter() - start) / len(results)
    return seconds, max(result["peak_mb"] for result in results)


def main(counts=(1, 2)):
    """Measure in turns and print a line for each number of workers."""
    endless = submissions()
    measured = {count: [] for count in counts}
    with ExitStack() as stack:
        pools = {count: stack.enter_context(workers.Threads(count)) for count in counts}
        for number in range(ROUNDS + 1):
            for count, pool in pools.items():
                found = grade(pool, [next(endless) for _ in range(PER_ROUND)])
                if number:  # the first round warms up
                    measured[count].append(found)
    print(f"{'workers':>7} {'s/submission':>13} {'ratio':>6} {'MB each':>8} {CLASS:>8} submissions")
    first = None
    for count, found in measured.items():
        seconds = statistics.median(value for value, _ in found)
        first = first or seconds
        memory = max(value for _, value in found)
        print(
            f"{count:>7} {seconds:>13.2f} {seconds / first:>6.2f} {memory:>8.0f} "
            f"{CLASS * seconds / 3600:>8.1f} hours"
        )
    print(f"limit of memory: {Limits().memory_mb:g} MB for each of a submission's two processes")


if __name__ == "__main__":
    main(tuple(int(text) for text in sys.argv[1:]) or (1, 2))
