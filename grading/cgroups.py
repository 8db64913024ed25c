"""Memory and process limits by control groups, where this process may make them.

Both versions of control groups are tried.  Where none can be written (an ordinary user, most
containers) the limits of each process and the broker's watch remain.
"""
from __future__ import annotations

import contextlib
import functools
import itertools
import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
_counter = itertools.count()


@functools.cache
def _sweep(root: Path) -> None:
    """Remove, once, the empty groups of graders that were killed."""
    for pattern in ("mlebook-*", "*/mlebook-*"):
        for folder in root.glob(pattern):
            if not Path(f"/proc/{folder.name.split('-')[1]}").exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


class Group:
    """A control group of one sandbox, or of nothing: then ``joins`` is empty."""

    def __init__(self, memory_mb: float, processes: int, root: Path = ROOT):
        _sweep(root)
        self.folders = []
        name = f"mlebook-{os.getpid()}-{next(_counter)}"
        memory, count = str(int(memory_mb * 2**20)), str(processes + 4)  # bwrap, sh
        if (root / "cgroup.controllers").exists():
            self._make(root / name, {"memory.max": memory, "memory.swap.max": "0",
                                     "pids.max": count})
        else:
            self._make(root / "memory" / name, {"memory.limit_in_bytes": memory})
            self._make(root / "pids" / name, {"pids.max": count})

    def _make(self, folder: Path, settings: dict[str, str]) -> None:
        made = False
        try:
            folder.mkdir()
            made = True
            for file, value in settings.items():
                if (folder / file).exists() or file != "memory.swap.max":
                    (folder / file).write_text(value)
            self.folders.append(folder)
        except OSError:
            if made:
                with contextlib.suppress(OSError):
                    folder.rmdir()

    @property
    def joins(self) -> list[str]:
        """The files to which a process writes its number to be in the group."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    def out_of_memory(self) -> bool:
        """Whether the kernel ended a process of the group for its memory."""
        for folder in self.folders:
            for file in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError, ValueError):
                    pairs = (line.split() for line in (folder / file).read_text().splitlines())
                    if any(int(value) for key, value in pairs if key == "oom_kill"):
                        return True
        return False

    def remove(self) -> None:
        """Remove the group; its processes have ended, but the kernel may need a moment."""
        for folder in self.folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.02)
        self.folders = []
