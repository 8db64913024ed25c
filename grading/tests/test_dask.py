"""A Dask cluster: the same marks, also when a worker is killed in the middle."""

import os
import signal
from collections import Counter

import pytest

pytest.importorskip("distributed")
from distributed import LocalCluster

from grading import controls, dask_workers, release, sandbox, state, workers
from grading.dask_workers import Cluster, ClusterError
from grading.source import read
from grading.tests import fakes

EXERCISE = read("squared_error")


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes, one submission at a time each."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with LocalCluster(dashboard_address=":0", **options) as made:
        yield made


def make_jobs(count, version="v"):
    for number in range(count):
        notebook = release.as_text(release.filled(EXERCISE, {"by_hand": f"loc = {number}"}))
        submission = {"student": f"student-{number}", "exercise": EXERCISE.slug}
        submission |= {"notebook": notebook, "problems": []}
        yield workers.job(submission, EXERCISE.to_dict(), seed=1, version=version)


def gathered(graded):
    """Results by student; each must be there once, and without error."""
    pairs = []
    for job, result, error in graded:
        assert error is None
        pairs.append((job["submission"]["student"], result))
    assert max(Counter(student for student, _ in pairs).values()) == 1
    return dict(pairs)


def test_a_cluster_gives_the_marks_of_threads(cluster):
    with workers.Threads(2, fakes.do) as pool:
        here = gathered(pool.run(make_jobs(6)))
    with Cluster(cluster.scheduler_address, state.version(), function=fakes.do) as pool:
        there = gathered(pool.run(make_jobs(6)))
    assert there == here and len(here) == 6


def test_a_killed_worker_loses_nothing_and_nothing_is_marked_twice(cluster):
    with workers.Threads(2, fakes.do) as pool:
        here = gathered(pool.run(make_jobs(16)))
    victim = next(iter(cluster.workers.values())).pid
    there = {}
    with Cluster(cluster.scheduler_address, state.version(), function=fakes.do_slowly) as pool:
        for job, result, error in pool.run(make_jobs(16)):
            assert error is None
            student = job["submission"]["student"]
            assert student not in there
            there[student] = result
            if len(there) == 3:
                os.kill(victim, signal.SIGKILL)
    assert there == here and len(there) == 16
    assert victim not in {worker.pid for worker in cluster.workers.values()}


def without_times(results):
    """Results without what no two runs share."""
    return {
        student: {key: value for key, value in result.items() if key not in {"seconds", "peak_mb"}}
        for student, result in results.items()
    }


def test_real_submissions_have_the_same_marks_on_a_cluster(cluster):
    """Through the sandboxes of this machine and those of the cluster's workers."""
    version = state.version()
    options = {"seed": 1, "version": version}
    jobs = list(controls.jobs([EXERCISE], **options))
    with workers.Threads(2) as pool:
        here = gathered(pool.run(jobs))
    with Cluster(cluster.scheduler_address, version) as pool:
        there = gathered(pool.run(jobs))
    assert without_times(there) == without_times(here)
    assert controls.check((job, here[job["submission"]["student"]], None) for job in jobs) == 2


def test_every_worker_grades_a_control(cluster):
    with Cluster(cluster.scheduler_address, state.version(), function=where) as pool:
        seen = {result["worker"] for _, result, _ in pool.everywhere(make_jobs(1))}
    assert len(seen) == 2


def where(job):
    """Which worker process this is."""
    return {"worker": os.getpid(), "key": job["key"]}


def fails(job):
    raise ValueError("a bug")


def test_a_task_that_fails_is_told_and_not_lost(cluster):
    with Cluster(cluster.scheduler_address, state.version(), function=fails) as pool:
        [(_, result, error)] = pool.run(make_jobs(1))
    assert result is None and "a bug" in str(error)


def test_a_worker_with_other_code_is_refused(cluster):
    with pytest.raises(ClusterError, match="differs from the one here"):
        Cluster(cluster.scheduler_address, "another version")


def test_a_worker_without_sandbox_must_not_grade(monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda: "install bubblewrap")
    assert dask_workers.fit_to_work(state.version(), unsafe=False) == "install bubblewrap"
    assert dask_workers.fit_to_work(state.version(), unsafe=True) is None
    [job] = make_jobs(1, state.version())
    with pytest.raises(ClusterError, match="install bubblewrap"):
        dask_workers.do(job)


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(dask_workers, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(ClusterError, match="does not answer"):
        Cluster("tcp://127.0.0.1:9", "v")


def test_a_scheduler_without_workers_is_refused():
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", processes=False) as empty,
        pytest.raises(ClusterError, match="has no workers"),
    ):
        Cluster(empty.scheduler_address, "v")
