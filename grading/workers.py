"""The jobs of a run, and the threads of this machine that do them.

A job is plain data, so that the same function serves a thread here and a Dask task elsewhere. A
thread is enough: the work is done by the sandboxed processes that it starts and waits for.
"""

import json
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

from grading.state import digest


def job(submission, exercise, *, seed, version, limits=None, unsafe=False):
    """All that decides one submission's marks, with the key under which they are kept.

    Args:
        submission: ``{"student", "exercise", "notebook"}``, the notebook as text.
        exercise: ``Exercise.to_dict()``, hidden tests included.
        seed: of the hidden tests' data; who grades, and in which order, changes nothing.
        version: digest of the code that marks.
        limits: the fields of Limits that differ from the default.
        unsafe: whether to do without the sandbox.
    """
    limits = limits or {}
    parts = [submission["student"], submission["notebook"], seed, version, unsafe]
    parts += [canonical(exercise), canonical(limits)]
    return {
        "submission": submission,
        "exercise": exercise,
        "seed": seed,
        "version": version,
        "limits": limits,
        "unsafe": unsafe,
        "key": digest(*parts),
    }


def canonical(data):
    """One spelling of plain data."""
    return json.dumps(data, sort_keys=True, ensure_ascii=True)


class NotGraded(RuntimeError):
    """The machine, not the student, kept a submission from being graded."""


def do(job):
    """Grade one submission; what every worker runs."""
    from grading.job import mark
    from grading.limits import Limits

    options = {"seed": job["seed"], "limits": Limits(**job["limits"]), "unsafe": job["unsafe"]}
    for _ in range(2):  # a machine that is busy may need a second try
        result = mark(job["submission"], job["exercise"], **options)
        if not result["error"]:
            return {**result, "key": job["key"]}
    raise NotGraded(result["error"])


def close():
    """End what a worker keeps warm between its submissions."""
    from grading import job

    job.close()


class Threads:
    """Workers on this machine. Use in ``with``.

    Once ``stopping`` is set nothing new begins, and what has begun is finished.
    """

    def __init__(self, count, function=do):
        """``count`` submissions are graded at a time, each by ``function``."""
        self.count = count
        self.function = function
        self.stopping = False
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="grade")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._pool.shutdown(wait=True, cancel_futures=True)
        close()

    def __str__(self):
        return f"{self.count} worker{'s' if self.count > 1 else ''} on this machine"

    def everywhere(self, jobs):
        """The jobs that make sure of every worker. All share this machine: once is enough."""
        return self.run(jobs)

    def run(self, jobs):
        """Yield ``(job, result, error)`` as jobs end; one of the latter two is None.

        No job waits in the pool, so that thousands of notebooks need not be held at once.
        """
        jobs = iter(jobs)
        running = {}
        while True:
            room = 0 if self.stopping else self.count - len(running)
            for new in islice(jobs, room):
                running[self._pool.submit(self.function, new)] = new
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                ended = running.pop(future)
                error = future.exception()
                yield ended, None if error else future.result(), error
