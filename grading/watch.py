"""The clock of a submission, and its limits: wait for a process's next line, but not for ever."""
from __future__ import annotations

import time

from .limits import Limits
from .process import Lines, family, pump

_TICK = 0.1
_LOOK = 0.25  # seconds between looks at the memory: each costs milliseconds
DIED = "it ended itself, or crashed"


class Stopped(Exception):
    """A process ended or was stopped: ``kind`` is "died" or "limit"."""

    def __init__(self, kind: str, text: str):
        super().__init__(text)
        self.kind, self.text = kind, text


class TimeOver(Exception):
    """The time for the whole submission is over."""


class Watch:
    """The clock of a submission, and the limits it has met."""

    def __init__(self, limits: Limits):
        self.limits, self.met, self.recent = limits, [], []
        self.began = time.monotonic()
        self.end = self.began + limits.seconds_total
        self._looked = 0.0

    def note(self, text: str | None) -> None:
        """Remember a limit that was met; ``recent`` holds those since it was last emptied."""
        if text:
            self.recent.append(text)
        if text and text not in self.met:
            self.met.append(text)

    def line(self, process: Lines, others: list[Lines], deadline: float, text: str) -> bytes:
        """The next line of a process.  Raises Stopped or TimeOver if there is none in time."""
        now = self.began
        while (line := process.line()) is None:
            if process.ended is not None:
                raise self._why(process)
            if now > self.end:
                raise TimeOver
            if now > deadline:
                raise Stopped("limit", text)
            if now - self._looked > _LOOK:
                self._look([process, *others], process)
                self._looked = now
            # before the look at the pipe: if the grader itself was slow, a line may lie there
            now = time.monotonic()
            pump([process], others, _TICK)
        return line

    def _why(self, process) -> Stopped:
        group = getattr(process, "group", None)
        if group is not None and group.out_of_memory():
            return Stopped("limit", self.limits.memory_text())
        if process.ended == "flood":
            return Stopped("limit", "stopped: it sent more than any answer needs")
        return Stopped("died", DIED)

    def _look(self, processes, blamed) -> None:
        children = family()
        for process in processes:
            over = process.memory(children) > self.limits.memory_mb * 2**20
            if over and process is blamed:
                raise Stopped("limit", self.limits.memory_text())
        if getattr(blamed, "too_many_files", bool)():
            raise Stopped("limit", self.limits.files_text())
