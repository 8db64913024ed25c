"""The marker: holds solution, hidden tests and seed, asks for answers, and gives the marks.

``python -m grading.marker`` runs in a sandbox of its own, without the student's code.  It
talks in JSON lines; all that it learns of a submission is typed data::

    in   {"exercise": …, "seed": 7, "student": "…", "questions": ["by_hand", …]}
    out  {"ask": {"op": "value" | "call" | "grad", "name": …, "args": […]}}
    in   {"value": …} or {"error": {"kind": …, "text": …}}
    out  {"verdict": {"name", "share", "message", "hint", "mistake", "manual"}}, and so on
    out  {"done": true}
"""
from __future__ import annotations

import builtins
import contextlib
import signal
import sys
from dataclasses import asdict

from grading.channel import Channel
from mlebook.exercises.answers import answer_of
from mlebook.exercises.judging import expected, judge
from mlebook.exercises.settings import generator, set_up, setting
from mlebook.exercises.verdicts import AnswerError, Verdict
from mlebook.exercises.wire import encode

SECONDS = 30  # of this process's own work for one question; waiting does not count
MOST_TEXT = 2000
TOO_LONG = "marking this answer took too long; a person will look at it"
FAILED = "the marker failed on this question, not you; a person will look at it"


class OutOfTime(BaseException):
    """The time for one question is over. No ``except Exception`` of a library may catch it."""


class Gone(BaseException):
    """The broker closed the channel: there is nobody to tell anything."""


class RemoteAnswers:
    """The student's answers, asked for over the channel.

    All values are read before any function is called, and kept: what the student's process
    has seen of the hidden tests cannot come back as a value that a message repeats.
    """

    def __init__(self, channel: Channel):
        self.channel = channel
        self.values = {}

    def read(self, names) -> None:
        """Ask for the values of these names, once."""
        for name in names:
            if name not in self.values:
                self.values[name] = self._ask("value", name)

    def value(self, name: str):
        """The value of a variable."""
        if name not in self.values:
            raise AnswerError("missing", f"{name} is not among the answers")
        return answer_of(self.values[name])

    def call(self, name: str, *args):
        """What the student's function returns."""
        return answer_of(_without_words(self._ask("call", name, args)))

    def grad(self, name: str, *args):
        """The gradient of the function's summed output with respect to its first argument."""
        return answer_of(_without_words(self._ask("grad", name, args)))

    def _ask(self, op, name, args=()):
        request = {"op": op, "name": name, "args": [encode(argument) for argument in args]}
        with _undisturbed():
            self.channel.write({"ask": request})
            reply = self.channel.read()
        if reply is None:
            raise Gone
        return reply


def _without_words(reply: dict) -> dict:
    """A failed call says no more than the name of a built-in error: words could carry data."""
    if "error" not in reply:
        return reply
    kind, text = reply["error"].get("kind"), reply["error"].get("text")
    if kind not in ("limit", "died") and not (kind == "raised" and _is_builtin_error(text)):
        text = ""
    return {"error": {"kind": kind, "text": text}}


def _is_builtin_error(text) -> bool:
    known = getattr(builtins, text, None) if isinstance(text, str) else None
    return isinstance(known, type) and issubclass(known, BaseException)


# --- marking --------------------------------------------------------------------------------


def serve(channel: Channel) -> None:
    """Mark the questions that the broker names, in order."""
    order = channel.read()
    if order is None:
        return
    exercise, wanted = order["exercise"], set(order["questions"])
    questions = [q for q in exercise["questions"] if q["name"] in wanted]
    answers = RemoteAnswers(channel)
    answers.read(name for q in questions for name in q["answers"])
    names = _attempt(lambda: set_up(exercise["setup"]))
    for question in questions:
        rng = generator(order["seed"], order["student"], exercise["slug"], question["name"])
        verdict = names if isinstance(names, Verdict) else _attempt(
            lambda question=question, rng=rng: _mark(question, names, rng, answers))
        channel.write({"verdict": {"name": question["name"], **_plain(verdict)}})
    channel.write({"done": True})


def _mark(question: dict, names: dict, rng, answers) -> Verdict:
    """The hidden test decides; without one the visible test, with the instructor's seed."""
    if question["kind"] == "text":
        return Verdict(0.0, "marked by a person", manual=True)
    place = setting(question, names, rng, question["hidden"] or question["test"], hidden=True)
    return judge(place, answers, expected(place))


def _attempt(work):
    """The result of ``work``, or the verdict that it cost too much or failed."""
    try:
        with _time_limit():
            return work()
    except OutOfTime:
        return Verdict(0.0, TOO_LONG, manual=True)
    except BrokenPipeError:
        raise Gone from None
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return Verdict(0.0, FAILED, manual=True)


@contextlib.contextmanager
def _time_limit():
    """Count this process's own processor time, so that a busy machine changes no mark."""
    def stop(signum, frame):
        raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, stop)
    # it rings again: a library may have swallowed the first one
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextlib.contextmanager
def _undisturbed():
    """Question and reply belong together: time must not run out between them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGVTALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGVTALRM})


def _plain(verdict: Verdict) -> dict:
    share = float(verdict.share)
    if not 0 <= share <= 1:
        raise ValueError(f"a share is in [0, 1], got {share!r}")
    return {**asdict(verdict), "share": share, "message": verdict.message[:MOST_TEXT],
            "hint": verdict.hint[:MOST_TEXT]}


if __name__ == "__main__":
    with contextlib.suppress(Gone, BrokenPipeError):
        serve(Channel.claim())
