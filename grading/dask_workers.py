"""The same jobs on a Dask cluster. Imported only where a scheduler was named.

Dask gives a task of a worker that died to another one. Nothing is marked twice: a result is kept
under its job's key, and the same job has the same marks wherever it runs.
"""

from itertools import islice

from dask.distributed import Client, as_completed

from grading import state, workers

RETRIES = 3
SECONDS_TO_CONNECT = 30


class ClusterError(Exception):
    """The cluster cannot be used; the message says why and what to do."""


def fit_to_work(version, unsafe):
    """Run on a worker: None, or why this worker must not grade."""
    from grading import sandbox

    if state.version() != version:
        return "its copy of mlebook and grading differs from the one here"
    return None if unsafe else sandbox.available()


def do(job):
    """A worker may join late, so each task looks again whether its worker may grade."""
    wrong = fit_to_work(job["version"], job["unsafe"])
    if wrong:
        raise ClusterError(wrong)
    return workers.do(job)


class Cluster:
    """Workers behind a scheduler's address. Use in ``with``; ``stopping`` as for Threads."""

    def __init__(self, address, version, unsafe=False, function=do):
        """Connect and look at every worker; raise ClusterError if one is unfit."""
        self.address = address
        self.function = function
        self.stopping = False
        try:
            self._client = Client(address, timeout=SECONDS_TO_CONNECT)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"SCHEDULER={address} does not answer: {error}") from error
        try:
            self._check(version, unsafe)
        except BaseException:
            self._client.close()
            raise

    def _check(self, version, unsafe):
        if not self._client.scheduler_info(n_workers=-1)["workers"]:
            raise ClusterError(f"the scheduler {self.address} has no workers")
        try:
            found = self._client.run(fit_to_work, version, unsafe)
        except ImportError as error:
            raise ClusterError(
                f"a worker cannot import the grader ({error}). Start workers in a clone of this "
                "repository: python -m distributed.cli.dask_worker ADDRESS --nthreads 1"
            ) from error
        wrong = [f"  {worker}: {why}" for worker, why in found.items() if why]
        if wrong:
            raise ClusterError("\n".join(["these workers cannot grade:", *wrong]))
        self._addresses = list(found)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._client.close()

    def __str__(self):
        return f"{len(self._addresses)} workers of {self.address}"

    def everywhere(self, jobs):
        """Give the jobs to the workers in turn, and go round until every worker had one."""
        jobs = list(jobs)
        rounds = max(len(jobs), len(self._addresses)) if jobs else 0
        pinned = [(jobs[i % len(jobs)], self._on(i)) for i in range(rounds)]
        return self._run(pinned, window=rounds)

    def _on(self, i):
        """Task ``i`` goes to the ``i``-th worker, or to another one should that have died."""
        address = self._addresses[i % len(self._addresses)]
        return {"workers": [address], "allow_other_workers": True}

    def run(self, jobs):
        """Yield ``(job, result, error)`` as tasks end; one of the latter two is None."""
        return self._run(((job, {}) for job in jobs), window=4 * len(self._addresses))

    def _run(self, jobs, window):
        """Keep few tasks at the scheduler: it would hold every notebook in its memory."""
        jobs = iter(jobs)
        running = {}

        def submit(count):
            new = {}
            for job, options in islice(jobs, 0 if self.stopping else count):
                future = self._client.submit(
                    self.function, job, pure=False, retries=RETRIES, **options
                )
                new[future] = job
            running.update(new)
            return list(new)

        done = as_completed(submit(window))
        for future in done:
            job = running.pop(future)
            yield job, *outcome(future)
            future.release()
            done.update(submit(1))


def outcome(future):
    """``(result, None)`` or ``(None, error)`` of an ended task."""
    if future.status == "finished":
        return future.result(), None
    if future.status == "error":
        return None, future.exception()
    return None, ClusterError(f"the task was {future.status}")
