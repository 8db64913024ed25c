"""The broker's view of the student's process: start it, let the cells run, ask it, bury it.

All that comes from the process is data of unknown worth: parsed within bounds, checked for its
form, and its words are only passed on where they cannot carry a hidden test's input.
"""
from __future__ import annotations

import builtins
import contextlib
import json
import time

from .channel import SETUP
from .process import Lines
from .watch import Stopped, Watch

MOST_STARTS = 4
START_SECONDS = 90  # to import the libraries, on a machine that is busy
GRACE = 3.0  # between the alarm inside the process and its end from outside
_MOST_MARKS = 500_000  # of JSON's punctuation in a line: bounds the objects made of it
_MOST_JUNK = 1_000
_MOST_WORDS = 300
_MOST_ERROR = 2_500
_CELLS_OF_OUTPUT = 20  # as much as so many cells may print is kept of a notebook


class SetupFailed(Exception):
    """The exercise's own set-up cell did not run: the installation is at fault."""


class Pupil:
    """The student's process, started again (a few times) when it ends.

    ``results`` holds output and error of each cell, from the first time that it ran.
    """

    def __init__(self, start, setup: str, cells: list[dict], watch: Watch):
        self._start, self._setup, self._watch = start, setup, watch
        self.cells, self.results = cells, [None] * len(cells)
        self._skipped, self._starts, self._number = set(), 0, 0
        self._called, self._is_ready, self._process = False, False, None
        self._current, self._junk = None, 0
        self._room = int(watch.limits.output_kb * 1024) * _CELLS_OF_OUTPUT
        self.others: list[Lines] = []
        self.peak = 0

    # --- life ------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the process and hand it its task; do not wait.  Raises Stopped if too often."""
        if self._starts == MOST_STARTS:
            raise Stopped("died", f"it had to be started more than {MOST_STARTS} times")
        self._starts += 1
        self._called, self._is_ready = False, False
        limits = self._watch.limits
        self._process = self._start("student", "grading.student", limits)
        task = {"setup": self._setup, "alone": self._process.ALONE, "seconds": limits.seconds_cell,
                "setup_seconds": START_SECONDS - 10, "cell_text": limits.cell_text(),
                "output_characters": int(limits.output_kb * 1024),
                "cells": [{"number": n, **cell} for n, cell in enumerate(self.cells)
                          if n not in self._skipped]}
        self._process.send(json.dumps(task).encode("ascii"))

    def begin_anew(self) -> None:
        """Start for another marker, whose predecessor's end was not the student's doing."""
        self.end()
        self._starts = 0
        self.begin()

    def run_cells(self) -> None:
        """Like ``ready``, for its results; where it fails, each question will hear why."""
        with contextlib.suppress(Stopped):
            self.ready()

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self.peak = max(self.peak, self._process.peak)
            self._process, self._is_ready = None, False

    @property
    def running(self) -> list[Lines]:
        return [self._process] if self._process is not None else []

    def ready(self) -> None:
        """Wait until the cells have run; a cell that ends the process is left out next time."""
        while not self._is_ready:
            if self._process is None:
                self.begin()
            self._current = None
            try:
                self._run_cells()
                self._is_ready = True
            except Stopped as why:
                self.end()
                if self._current in (None, SETUP):
                    raise SetupFailed(why.text) from None
                self._skipped.add(self._current)
                self._watch.note(why.text if why.kind == "limit" else None)
                self._record(self._current, "", why.text)

    def _run_cells(self) -> None:
        """Follow the process from cell to cell until it is ready."""
        limits, allowed = self._watch.limits, START_SECONDS
        deadline = time.monotonic() + allowed
        self._junk = _MOST_JUNK + 2 * len(self.cells)
        while True:
            text = (limits.cell_text() if self._current not in (None, SETUP)
                    else f"no answer within {START_SECONDS} s")
            message = self._message(deadline, text)
            if message.get("ready") is True and self._current is not None:
                return
            if self._begins(message.get("start")):
                self._current = message["start"]
                allowed = START_SECONDS if self._current == SETUP else limits.seconds_cell + GRACE
                deadline = time.monotonic() + allowed
            elif self._current is not None and message.get("ran") == self._current:
                self._ran(self._current, message)

    def _begins(self, number) -> bool:
        """Whether this is a cell's number; the set-up cell is the first, and only then."""
        known = type(number) is int and SETUP <= number < len(self.cells)
        return known and (number == SETUP) == (self._current is None)

    def _ran(self, number, message) -> None:
        output, error = message.get("output"), message.get("error")
        if number == SETUP and error is not None:
            raise SetupFailed(str(error)[:_MOST_WORDS])
        if number != SETUP:
            self._record(number, output if isinstance(output, str) else "",
                         error if isinstance(error, str) else None)

    def _record(self, number, output, error) -> None:
        limits = self._watch.limits
        kept = int(limits.output_kb * 1024)
        if len(output) > kept:
            self._watch.note(limits.output_text())
        if error is not None:
            self._watch.note(error if error == limits.cell_text() else limits.met_by(error))
        if self.results[number] is None:
            output = output[:min(kept + 100, self._room)]
            self._room -= len(output)
            self.results[number] = (_readable(output), error and _readable(error[:_MOST_ERROR]))

    # --- questions -------------------------------------------------------------------

    def ask(self, request: dict) -> bytes:
        """The line that answers ``{"op", "name", "args"}``: a value, or an error in our words."""
        try:
            self.ready()
            self._number += 1
            self._called |= request["op"] != "value"
            line = json.dumps({**request, "id": self._number})
            self._process.send(line.encode("ascii"))
            limits = self._watch.limits
            deadline = time.monotonic() + limits.seconds_cell + GRACE
            self._junk = _MOST_JUNK
            while True:
                message = self._message(deadline, limits.call_text())
                if message.get("id") == self._number:
                    return self._checked(message)
        except Stopped as why:
            self.end()
            self._watch.note(why.text if why.kind == "limit" else None)
            return _error(why.kind, why.text)

    def _message(self, deadline: float, text: str) -> dict:
        """The next message of the process; what is none is passed over, a while."""
        message = None
        while message is None:
            message = parsed(self._watch.line(self._process, self.others, deadline, text))
            self._junk -= 1
            if self._junk < 0:
                raise Stopped("limit", "stopped: it sent more than any answer needs")
        return message

    def _checked(self, message: dict) -> bytes:
        if set(message) == {"id", "value"}:
            try:
                return json.dumps({"value": message["value"]}).encode("ascii")
            except RecursionError:
                return _error("unsupported", "")
        error = message.get("error")
        kind, text = (error.get("kind"), error.get("text")) if isinstance(error, dict) else (0, 0)
        if kind == "limit":
            self._watch.note(self._watch.limits.call_text())
            return _error("limit", self._watch.limits.call_text())
        if kind == "raised":
            self._watch.note(self._watch.limits.met_by(text if isinstance(text, str) else ""))
            return _error("raised", text if _is_builtin_error(text) else "")
        if kind == "missing":
            return _error("missing", "")
        # its words may say which type it has, unless it has seen hidden tests by now
        words = text if isinstance(text, str) and not self._called else ""
        return _error("unsupported", _readable(words[:_MOST_WORDS]))


def parsed(line: bytes) -> dict | None:
    """The message of a line; None if it is no JSON object, or one that is made to cost memory."""
    if sum(map(line.count, b",[{:")) > _MOST_MARKS:
        return None
    try:
        message = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):  # also what is no UTF-8, or a number without end
        return None
    return message if isinstance(message, dict) else None


def _refuse(constant):
    raise ValueError(f"{constant} is not JSON")


def _error(kind: str, text: str) -> bytes:
    return json.dumps({"error": {"kind": kind, "text": text}}).encode("ascii")


def _readable(text: str) -> str:
    """The text without halves of characters, which no file could hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_builtin_error(text) -> bool:
    known = getattr(builtins, text, None) if isinstance(text, str) else None
    return isinstance(known, type) and issubclass(known, Exception | SystemExit)
