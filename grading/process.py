"""Lines to and from a child process, bounded in every direction: the channel's outer end.

Nothing here blocks: reading and writing happen in :func:`pump`, which waits for several
processes at once and never longer than it is told.
"""
from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
MAX_LINE = 16_000_000
MAX_TOTAL = 8 * MAX_LINE  # all that a process may send
TAIL = 4_000


class Lines:
    """The grader's ends of a process's pipes.

    ``ended`` is None, or "ended" (it closed its end), or "flood" (it sent far too much).
    """

    def __init__(self, reading: int, writing: int, errors: int):
        self._ends = {"reading": reading, "writing": writing, "errors": errors}
        for end in self._ends.values():
            os.set_blocking(end, False)
        self._partial, self._arrived, self._out = bytearray(), [], bytearray()
        self._received, self._tail, self.ended = 0, b"", None

    def send(self, line: bytes) -> None:
        """Queue one line; :func:`pump` writes it."""
        self._out += line + b"\n"

    def line(self) -> bytes | None:
        """The next line that arrived, or None."""
        return self._arrived.pop(0) if self._arrived else None

    def last_words(self) -> str:
        """The end of what it wrote to its standard error."""
        return self._tail.decode("utf-8", "replace").strip()

    def interests(self, listening: bool) -> dict[int, int]:
        """What to wait for: file descriptor → events."""
        events = {}
        if "errors" in self._ends:
            events[self._ends["errors"]] = select.POLLIN
        if listening and self.ended is None:
            events[self._ends["reading"]] = select.POLLIN
        if self._out and "writing" in self._ends:
            events[self._ends["writing"]] = select.POLLOUT
        return events

    def handle(self, fd: int) -> None:
        """Read or write what ``fd`` is ready for."""
        if fd == self._ends.get("writing"):
            self._write(fd)
        elif fd == self._ends.get("errors"):
            self._read_errors(fd)
        else:
            self._read(fd)

    def _write(self, fd):
        try:
            del self._out[:os.write(fd, self._out[:65536])]
        except BlockingIOError:
            return
        except OSError:  # nobody reads any more
            self._out.clear()
            self.close("writing")

    def _read_errors(self, fd):
        data = _read_some(fd, 65536)
        self._tail = (self._tail + data)[-TAIL:]
        if not data:
            self.close("errors")

    def _read(self, fd):
        data = _read_some(fd, 1 << 20)
        if not data:
            self.ended = "ended"
        self._received += len(data)
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._arrived.append(bytes(self._partial) + line)
            self._partial.clear()
        self._partial += rest
        if len(self._partial) > MAX_LINE or self._received > MAX_TOTAL:
            self._arrived, self._partial, self.ended = [], bytearray(), "flood"

    def close(self, *ends: str) -> None:
        """Close these ends, or all that are open."""
        for end in ends or tuple(self._ends):
            if end in self._ends:
                os.close(self._ends.pop(end))


def _read_some(fd: int, most: int) -> bytes:
    try:
        return os.read(fd, most)
    except OSError:  # only asked when there is something to read: so the pipe is broken
        return b""


class Process(Lines):
    """A child process with pipes, and the memory of it and of all that it started.

    ``OWN`` is how many of its descendants are not Python's doing but the sandbox's; ``ALONE``
    whether all processes that it can see are its own.
    """

    OWN = 0
    ALONE = False

    def __init__(self, command: list[str], stdin: int | None = None, **options):
        self.peak = 0
        self.popen = subprocess.Popen(
            command, stdin=subprocess.PIPE if stdin is None else stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0,
            start_new_session=True,  # an interrupt from the keyboard is for the grader only
            **options)
        streams = (self.popen.stdout, self.popen.stdin, self.popen.stderr)
        nowhere = os.open(os.devnull, os.O_WRONLY) if stdin is not None else None
        super().__init__(*(nowhere if s is None else os.dup(s.fileno()) for s in streams))
        for stream in filter(None, streams):
            stream.close()

    def errors(self) -> int:
        """Another handle of its standard error."""
        return os.dup(self._ends["errors"])

    def memory(self, children: dict[int, list[int]]) -> int:
        """Bytes that it and its descendants hold now; ``peak`` keeps the most ever seen."""
        held = memory_of(descendants(self.popen.pid, children))
        self.peak = max(self.peak, held)
        return held

    def kill(self) -> None:
        """End it, with all that it started, and close the pipes."""
        for pid in [*descendants(self.popen.pid), self.popen.pid]:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.popen.wait()
        self.close()


def memory_of(pids: list[int]) -> int:
    """Bytes in memory: what each holds for itself, and once what the largest shares."""
    private, shared = 0, 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{pid}/statm").read_bytes().split()
            resident, common = int(fields[1]) * PAGE, int(fields[2]) * PAGE
            private += resident - common
            shared = max(shared, common)
    return private + shared


def family() -> dict[int, list[int]]:
    """The children of each process of this machine."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208  (twice as fast, and often called)
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # the name in brackets may hold anything, also brackets and spaces
                stat = Path(f"/proc/{name}/stat").read_bytes()
                parent = int(stat[stat.rindex(b")") + 1:].split(None, 2)[1])
                children.setdefault(parent, []).append(int(name))
    return children


def descendants(root: int, children: dict[int, list[int]] | None = None) -> list[int]:
    """The children of a process, their children, and so on, the older generations first."""
    children = family() if children is None else children
    found, level = [], [root]
    while level:
        level = [child for parent in level for child in children.get(parent, ())]
        found += level
    return found


def pump(listened: list[Lines], others: list[Lines], seconds: float) -> None:
    """Let processes read and write for up to that time, or until something was done.

    What ``others`` have to say stays in their pipes, which fill up and stop them.
    """
    poll, owners = select.poll(), {}
    for process in (*listened, *others):
        for fd, events in process.interests(process in listened).items():
            poll.register(fd, events)
            owners[fd] = process
    if not owners:
        time.sleep(min(max(seconds, 0), 0.05))
        return
    for fd, _ in poll.poll(max(0.0, seconds) * 1000):
        owners[fd].handle(fd)
