"""One grading run, from a folder of submissions to marks, feedback and gradebook."""

import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from grading import controls, feedback, gradebook, marks, sandbox, source, summary, unsafe, workers
from grading.gradebook import GradebookError
from grading.limits import Limits
from grading.progress import Progress
from grading.state import State, StateError, check_apart, version
from grading.submissions import SubmissionsError, find

COMPLETE, INCOMPLETE, MISUSED, CONTROLS_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
PROBLEMS_SHOWN = 20


class Misuse(Exception):
    """The run cannot begin; the message says what was given, what was expected, what to do."""


@dataclass(frozen=True)
class Request:
    """What the instructor asks for, as on the command line."""

    submissions: str
    out: str
    hidden: str | None = None
    seed: int | None = None
    workers: int | None = None
    scheduler: str | None = None
    unsafe: bool = False
    limits: tuple = ()
    only: tuple = ()

    def check(self):
        """Raise Misuse for what cannot be meant."""
        if not self.submissions or not self.out:
            raise Misuse("name both folders: make grade SUBMISSIONS=dir OUT=dir")
        if self.hidden is not None and not Path(self.hidden).is_dir():
            raise Misuse(f"HIDDEN={self.hidden} is not a folder")
        if self.scheduler and self.workers:
            raise Misuse("WORKERS is for this machine; with SCHEDULER the cluster has its own")
        if not self.scheduler and not self.unsafe and (missing := sandbox.available()):
            raise Misuse(missing)


@dataclass(frozen=True)
class Plan:
    """What there is to grade, and what was graded before."""

    found: object
    exercises: dict
    options: dict
    todo: list
    known: dict

    def job(self, submission):
        """All that decides the marks of one submission."""
        exercise = self.exercises[submission.exercise].to_dict()
        return workers.job(submission.read(), exercise, **self.options)


def read_limits(texts):
    """The limits given as ``name=number``."""
    given = {}
    try:
        for text in texts:
            name, _, number = text.partition("=")
            given[name] = float(number)
        Limits(**given)
    except (TypeError, ValueError) as error:
        known = ", ".join(f"{field.name}={field.default:g}" for field in fields(Limits))
        raise Misuse(f"LIMITS={' '.join(texts)}: {error}. There are {known}") from error
    return given


def known_slugs(request):
    """The names of the exercises to grade: all there are, or ONLY some."""
    known = source.slugs()
    strange = sorted(set(request.only) - set(known))
    if strange:
        raise Misuse(f"ONLY={strange[0]}: no such exercise. There are {', '.join(known)}")
    return [slug for slug in known if not request.only or slug in request.only]


def make_plan(request, state):
    """Look at every submission: is there a result for exactly this notebook, test and seed?"""
    found = find(request.submissions, known_slugs(request))
    needed = {submission.exercise for submission in found.submissions}
    exercises = {slug: source.read(slug, hidden=request.hidden) for slug in sorted(needed)}
    options = {
        "seed": state.seed(request.seed),
        "version": version(),
        "limits": read_limits(request.limits),
        "unsafe": request.unsafe,
    }
    plan = Plan(found, exercises, options, [], {})
    for submission in found.submissions:
        place = (submission.student, submission.exercise)
        kept = state.load(*place, plan.job(submission)["key"])
        if kept is None:
            plan.todo.append(submission)
        else:
            plan.known[place] = kept
    return plan


@contextmanager
def working(request, plan):
    """The workers that were asked for."""
    if not request.scheduler:
        with workers.Threads(request.workers or os.cpu_count()) as pool:
            yield pool
        return
    from grading.dask_workers import Cluster, ClusterError

    try:
        with Cluster(request.scheduler, plan.options["version"], request.unsafe) as pool:
            yield pool
    except ClusterError as error:
        raise Misuse(str(error)) from error


@contextmanager
def stopping_on_request(pool):
    """Ctrl-C and SIGTERM let what has begun be finished and kept; a second one ends at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number, frame):
        if pool.stopping:
            # Threads that wait for a sandbox would hold the process; each sandbox dies with it.
            os._exit(INTERRUPTED)
        pool.stopping = True
        print("\nstopping: what is being graded is finished first", file=sys.stderr, flush=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def grade_all(plan, state, pool):
    """Grade what is left; each result is kept at once. Returns what could not be graded."""
    failed = []
    needed = sorted({submission.exercise for submission in plan.todo})
    chosen = [plan.exercises[slug] for slug in needed]
    count = controls.check(pool.everywhere(controls.jobs(chosen, **plan.options)))
    print(f"controls: {count} graded on {pool}; full marks and none, as they must be", flush=True)
    with Progress(len(plan.found.submissions), len(plan.known)) as progress:
        for job, result, error in pool.run(plan.job(submission) for submission in plan.todo):
            place = (job["submission"]["student"], job["submission"]["exercise"])
            if error is None:
                state.save(result)
                plan.known[place] = result
            else:
                failed.append(place)
                progress.say(f"not graded: {'/'.join(place)}: {error!r}")
            progress.step()
    return failed


def write_reports(plan, out):
    """Gradebook, feedback and tables, from all results there are."""
    results = [plan.known[place] for place in sorted(plan.known)]
    exercises = plan.exercises
    gradebook.record(out, exercises, results)
    manual = gradebook.manual_marks(out)
    feedback.write(out, exercises, results, manual, plan.found)
    marks.write(out, exercises, results, manual, plan.found)
    return summary.text(exercises, results, manual, plan.found)


def show_problems(plan):
    """What was found among the submissions and not used."""
    problems = [str(problem) for problem in plan.found.problems]
    for line in problems[:PROBLEMS_SHOWN]:
        print(f"  {line}")
    if len(problems) > PROBLEMS_SHOWN:
        print(f"  and {len(problems) - PROBLEMS_SHOWN} more")


def grade_with(request, state):
    """Grade into a folder that is ours; return the exit code."""
    plan = make_plan(request, state)
    print(f"{len(plan.found.submissions)} submissions, {len(plan.known)} of them graded before")
    show_problems(plan)
    if not plan.found.submissions:  # a mistyped folder must not empty the tables of an older run
        raise Misuse(f"SUBMISSIONS={request.submissions} holds no notebook of these exercises")
    if request.unsafe:
        print(unsafe.WARNING)
    failed = []
    if plan.todo:
        gradebook.record(state.out, plan.exercises, [])  # does it fit? Ask before the work
        with working(request, plan) as pool, stopping_on_request(pool):
            failed = grade_all(plan, state, pool)
    print(write_reports(plan, state.out))
    left = len(plan.found.submissions) - len(plan.known)
    if not left:
        return COMPLETE
    reason = f"{len(failed)} could not be graded" if failed else "interrupted"
    print(f"{reason}; {left} submissions are left. Run the same command again to go on.")
    return INCOMPLETE if failed else INTERRUPTED


def grade(request):
    """Grade a class; return the exit code. Raises Misuse where it cannot begin."""
    request.check()
    try:
        check_apart(request.submissions, request.out)
        with State(request.out) as state:
            state.sweep()
            return grade_with(request, state)
    except controls.ControlError as error:
        print(error, file=sys.stderr)
        return CONTROLS_FAILED
    except (StateError, SubmissionsError, GradebookError, source.SourceError) as error:
        raise Misuse(str(error)) from error
