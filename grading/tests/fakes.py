"""A grader that marks at once, without sandboxes, for tests of what stands around the marking.

As a program it runs ``python -m grading`` with it: ``python fakes.py grade SUBMISSIONS OUT …``.
Each call is written down in the file that FAKE_LOG names, so that tests can count them.
"""

import os
import sys
import time
from pathlib import Path

from grading import controls, workers
from grading.tests.results import result

RAISES = "raises"  # a student whose grading goes wrong, through no fault of the student


def mark(submission, exercise, *, seed, limits=None, unsafe=False):
    """Marks that depend on notebook, tests and seed alone, as they must."""
    student = submission["student"]
    if log := os.environ.get("FAKE_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{student}\n")
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
    if student == RAISES:
        raise OSError("the disk is full")
    known = {controls.SOLUTION: 1.0, controls.RELEASE: 0.0}
    drawn = int(workers.digest(submission["notebook"], seed), 16) % 101 / 100
    return result(student, [known.get(student, drawn)] * 4)


def do(job):
    """What a worker runs."""
    result = mark(job["submission"], job["exercise"], seed=job["seed"])
    return {**result, "key": job["key"]}


def do_slowly(job):
    """The same, long enough that a worker can be killed in the middle."""
    time.sleep(0.3)
    return do(job)


if __name__ == "__main__":
    from grading import __main__, gradebook, job, run

    job.mark = mark
    run.version = lambda: "of the tests"
    gradebook.record = lambda out, exercises, results: None
    run.write_reports = lambda plan, out: f"{len(plan.known)} results"
    sys.exit(__main__.main(sys.argv[1:]))
