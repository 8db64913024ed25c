"""One submission between two sandboxes: relay questions and answers, collect the verdicts.

The student's process never meets the marker: each line of either is read here, checked, and
passed on as plain data.  The broker itself judges nothing.
"""
from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from .process import Lines
from .pupil import Pupil, SetupFailed
from .watch import Stopped, TimeOver, Watch

MARKER_SECONDS = 120  # between two lines of the marker; its own limits are lower
FAILED = "the marker stopped at this question; a person will look at it"


@dataclass
class Outcome:
    """What came of a submission: verdicts and limits by question, and notes for the instructor."""

    verdicts: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    error: str | None = None


class Broker:
    """Run one submission.  ``marker`` starts a marker, ``pupil`` is the student's side."""

    def __init__(self, exercise: dict, task: dict, pupil: Pupil, marker, watch: Watch):
        self._exercise, self._task, self._pupil, self._watch = exercise, task, pupil, watch
        self._start_marker, self._marker = marker, None
        self._questions = [q for q in exercise["questions"] if q["kind"] != "text"]
        self._outcome = Outcome()
        self.peak = 0

    def run(self) -> Outcome:
        """Mark all questions that a machine can mark.  Ends both processes, whatever happens."""
        try:
            while self._open():
                try:
                    self._round()
                except Stopped as why:
                    self._give_up(why)
        except TimeOver:
            text = self._watch.limits.total_text()
            self._watch.note(text)
            for question in self._open():
                self._put(question["name"], message=text, limit=text)
        except SetupFailed as why:
            self._outcome.error = f"the set-up cell of the exercise failed: {why}"
        finally:
            self._end_marker()
            self._pupil.end()
        return self._outcome

    def _open(self) -> list[dict]:
        return [q for q in self._questions if q["name"] not in self._outcome.verdicts]

    def _round(self) -> None:
        """Start both processes, and relay until the marker is done or stops."""
        # the values must come from a process that has not seen a hidden test yet
        self._pupil.begin_anew()
        self._marker = self._start_marker()
        self._pupil.others = [self._marker]
        order = {**self._task, "exercise": self._exercise,
                 "questions": [q["name"] for q in self._open()]}
        self._marker.send(json.dumps(order).encode("ascii"))
        self._pupil.run_cells()
        while message := self._hear():
            if "ask" in message:
                self._relay(message["ask"])
            elif "verdict" in message:
                self._accept(message["verdict"])
            elif message.get("done"):
                break
        if self._open():
            raise Stopped("died", "it said that it was done, but it was not")
        self._end_marker()

    def _hear(self) -> dict:
        line = self._watch.line(self._marker, self._pupil.running,
                                time.monotonic() + MARKER_SECONDS, "no verdict in time")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            raise Stopped("died", "it sent something else than a message")
        return message

    def _accept(self, verdict: dict) -> None:
        """Take the verdict on the first open question, if it is one."""
        share = verdict.get("share")
        if (not self._open() or verdict.get("name") != self._open()[0]["name"]
                or not isinstance(share, int | float) or not 0 <= share <= 1):
            raise Stopped("died", "it sent something else than the next verdict")
        self._put(**verdict)

    def _relay(self, request: dict) -> None:
        """Put the marker's question to the student's process, and the answer to the marker."""
        self._watch.recent.clear()
        self._marker.send(self._pupil.ask(request))
        for text in self._watch.recent:
            self._outcome.limits.setdefault(self._asking(request["name"]), text)

    def _asking(self, name: str) -> str:
        """The question that a request is about."""
        for question in self._questions:
            if name in question["answers"]:
                return question["name"]
        return self._open()[0]["name"]

    def _put(self, name, share=0.0, message="", hint="", mistake=None, manual=False, limit=None):
        self._outcome.verdicts[name] = {
            "share": float(share), "message": str(message), "hint": str(hint),
            "mistake": mistake, "manual": bool(manual)}
        if limit:
            self._outcome.limits.setdefault(name, limit)

    def _give_up(self, why: Stopped) -> None:
        """The marker ended at the first question that is still open: leave it to a person."""
        name = self._open()[0]["name"]
        words = self._marker.last_words() if self._marker is not None else ""
        self._outcome.notes.append(f"the marker stopped at {name}: {why.text}\n{words}".strip())
        self._put(name, message=FAILED, manual=True,
                  limit=why.text if why.kind == "limit" else None)
        self._end_marker()

    def _end_marker(self) -> None:
        marker: Lines | None = self._marker
        if marker is not None:
            self._marker = None
            self._pupil.others = []
            self.peak = max(self.peak, marker.peak)
            marker.kill()
