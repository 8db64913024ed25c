"""Warm markers: see :mod:`grading.warm`, which is the inner side of this."""
from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
import time
import weakref

from .limits import Limits
from .process import Lines, Process, descendants, memory_of, pump

_PATIENCE = 2.0  # for a marker that is told to end
_mine = threading.local()
_all: weakref.WeakSet = weakref.WeakSet()
_lock = threading.Lock()


class Stable:
    """A process that forks markers, kept by one thread for its submissions, one at a time."""

    def __init__(self, start, limits: Limits):
        mine, theirs = socket.socketpair()
        self.start, self.limits, self._socket = start, limits, mine
        with theirs:
            self.process: Process = start("marker", "grading.warm", limits,
                                          stdin=theirs.fileno())
        with _lock:
            _all.add(self)

    def fork(self) -> Lines:
        """A fresh marker.  Raises OSError if the process is gone."""
        inner_in, outer_out = os.pipe()
        outer_in, inner_out = os.pipe()
        try:
            socket.send_fds(self._socket, [b"f"], [inner_in, inner_out])
        except OSError:
            os.close(outer_in)
            os.close(outer_out)
            raise
        finally:
            os.close(inner_in)
            os.close(inner_out)
        return Marker(self, outer_in, outer_out, self.process.errors())

    def forked(self, children: dict[int, list[int]]) -> list[int]:
        """The markers that it forked: all below the sandbox's own processes."""
        return descendants(self.process.popen.pid, children)[self.process.OWN:]

    def close(self) -> None:
        self._socket.close()
        self.process.kill()

    def __del__(self):
        with contextlib.suppress(Exception):
            self.close()


class Marker(Lines):
    """One marker, for one submission."""

    def __init__(self, stable: Stable, reading: int, writing: int, errors: int):
        super().__init__(reading, writing, errors)
        self.stable, self.peak = stable, 0

    def memory(self, children: dict[int, list[int]]) -> int:
        """Bytes that it holds now; what it shares with the others is in it."""
        held = memory_of(self.stable.forked(children))
        self.peak = max(self.peak, held)
        return held

    def kill(self) -> None:
        """End it: it goes by itself when nobody talks to it; else its whole sandbox goes."""
        self.close("writing")
        deadline = time.monotonic() + _PATIENCE
        while self.ended is None and time.monotonic() < deadline:
            pump([self], [], deadline - time.monotonic())
        if self.ended != "ended":
            forget(self.stable)
        self.close()


def warm_marker(start, limits: Limits) -> Marker:
    """A marker of this thread's own stable, which is opened when first needed."""
    for _ in range(2):
        stable = getattr(_mine, "stable", None)
        if stable is None or stable.limits != limits or stable.start is not start:
            if stable is not None:
                forget(stable)
            stable = _mine.stable = Stable(start, limits)
        with contextlib.suppress(OSError):
            return stable.fork()
        forget(stable)
    raise OSError("the process that forks markers does not stay alive")


def forget(stable: Stable) -> None:
    """Close a stable; the next submission opens another."""
    if getattr(_mine, "stable", None) is stable:
        _mine.stable = None
    stable.close()


@atexit.register
def close() -> None:
    """Close the stables of all threads."""
    with _lock:
        stables = list(_all)
    for stable in stables:
        with contextlib.suppress(OSError):
            stable.close()
