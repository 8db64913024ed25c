"""A Python process inside bubblewrap: no network, no files but Python's, its own user.

What it sees: ``/usr``, the interpreter, the installed packages, ``mlebook`` and the few files
of its side of the protocol, all read-only; a small temporary home and ``/tmp``; the processes
of its own namespace.  What it does not: the exercises with their hidden tests, submissions,
results, the rest of the repository, anybody's home, the host's processes, any network.
"""
from __future__ import annotations

import compileall
import contextlib
import functools
import itertools
import json
import os
import platform
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from . import seccomp
from .cgroups import Group
from .limits import Limits
from .mounts import COURSE, HOME, ROOT, environment, mounts, python
from .process import Process, descendants

_INSTALLERS = {"apt-get": "sudo apt-get install bubblewrap", "dnf": "sudo dnf install bubblewrap",
               "pacman": "sudo pacman -S bubblewrap", "zypper": "sudo zypper install bubblewrap",
               "apk": "sudo apk add bubblewrap"}
_JOIN = 'while [ "$1" != -- ]; do echo 0 > "$1"; shift; done; shift; exec "$@"'
_MOST_FILES = 20_000
_slots = itertools.count()
_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def available() -> str | None:
    """None if sandboxes work here; else why not, and what to do."""
    return _mode()[1]


def install_command() -> str:
    for tool, command in _INSTALLERS.items():
        if shutil.which(tool):
            return command
    return "install the package bubblewrap"


@functools.cache
def _mode() -> tuple[str | None, str | None]:
    """How bubblewrap works here ("root" or "user") and None, or None and why it does not."""
    if not sys.platform.startswith("linux"):
        return None, "students' code runs in bubblewrap, which is for Linux only"
    missing = [tool for tool in ("bwrap", "prlimit", "setpriv") if not shutil.which(tool)]
    if missing:
        return None, (f"students' code runs in bubblewrap; not found: {', '.join(missing)}. "
                      f"Install it with: {install_command()}")
    reasons = []
    for mode in ("root", "user") if os.geteuid() == 0 else ("user",):
        reason = _try(mode)
        if reason is None:
            # sandboxes cannot write byte code, and would compile the package each time
            compileall.compile_dir(str(ROOT / "mlebook"), quiet=2)
            return mode, None
        reasons.append(f"as {mode}: {reason}")
    advice = ""
    if _RESTRICTED.exists() and _RESTRICTED.read_text().strip() == "1":
        advice = " This system lets only root make user namespaces: grade as root (sudo)."
    why = "; ".join(reasons)
    return None, (f"bubblewrap is installed but does not work here ({why}).{advice} Version 0.6 "
                  "or newer is needed, and in a container the right to make namespaces. "
                  f"To install it anew: {install_command()}")


def _try(mode: str) -> str | None:
    command = _inside(mode, "student", Limits(), user=unused_user())
    with contextlib.suppress(subprocess.TimeoutExpired):
        run = subprocess.run([*command, *python("-c", "import mlebook.exercises.answering")],
                             capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        if run.returncode == 0:
            return None
        lines = (run.stderr.strip() or f"exit code {run.returncode}").splitlines()
        return lines[-1][:300]
    return "no answer within 60 s"


def unused_user() -> int:
    """A user number of nobody's: another one for each sandbox that lives at the same time."""
    room = 0
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        room = max(room, first + count)
    number = os.getpid() * 64 + next(_slots) % 64
    base, span = (1_500_000_000, 2**29) if room > 2_100_000_000 else (20_000, 40_000)
    return base + number % span


# --- the command ----------------------------------------------------------------------


def command(role: str, module: str, limits: Limits, user: int, *, seccomp_fd: int | None,
            info_fd: int) -> list[str]:
    """The command that runs ``python -m module`` in a sandbox for that role."""
    extra = ["--info-fd", str(info_fd)]
    if seccomp_fd is not None:
        extra += ["--seccomp", str(seccomp_fd)]
    return [*_inside(_mode()[0], role, limits, user, extra), *python("-m", module)]


def _inside(mode, role, limits, user, extra=()) -> list[str]:
    """The call of bwrap and what limits the process inside; the program's command follows."""
    names = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
             "--unshare-cgroup-try", "--hostname", "sandbox"]
    if mode == "user":
        names += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    variables = [part for pair in environment(COURSE, HOME).items() for part in ("--setenv", *pair)]
    return [shutil.which("bwrap"), *names, "--die-with-parent", "--new-session", "--clearenv",
            *variables, *mounts(role, limits), "--chdir", HOME, *extra, "--",
            *_privileges(mode, user), *resources(limits, _counted_apart(mode))]


def _privileges(mode, user) -> list[str]:
    if mode == "user":
        return []
    return [shutil.which("setpriv"), "--reuid", str(user), "--regid", str(user),
            "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--ambient-caps=-all",
            "--bounding-set=-all"]


def _counted_apart(mode) -> bool:
    """Whether the kernel counts the sandbox's processes by themselves."""
    release = tuple(int(n) for n in re.findall(r"\d+", platform.release())[:2])
    return mode == "root" or release >= (5, 14)  # since then each user namespace has its count


def resources(limits: Limits, alone: bool = True) -> list[str]:
    """The command that sets the limits of each process, before another command.

    The number of processes can be limited for a user who is ``alone``, not for one who works.
    """
    count = [f"--nproc={int(limits.processes)}"] if alone else []
    size = int(limits.file_mb * 2**20)
    return [shutil.which("prlimit"), f"--cpu={int(limits.seconds_total * 2) + 1}",
            f"--fsize={size}", *count,
            f"--data={int(limits.memory_mb * 2**20)}", "--nofile=256", "--core=0",
            "--memlock=0", "--msgqueue=0"]


def filter_fd() -> int | None:
    """A descriptor from which bwrap reads the filter of system calls; None if there is none."""
    code = seccomp.program()
    if code is None:
        return None
    read, write = os.pipe()
    os.write(write, code)
    os.close(write)
    return read


class Sandbox(Process):
    """``python -m module`` in a sandbox, with its control group; ``kill`` leaves nothing."""

    OWN = 2  # the first process of the namespace, and Python
    ALONE = True

    def __init__(self, role: str, module: str, limits: Limits, stdin: int | None = None):
        self.group = Group(limits.memory_mb, int(limits.processes))
        info, writes_info = os.pipe()
        code = filter_fd()
        inside = command(role, module, limits, unused_user(), seccomp_fd=code, info_fd=writes_info)
        fds = [fd for fd in (writes_info, code) if fd is not None]
        try:
            super().__init__(["/bin/sh", "-c", _JOIN, "sh", *self.group.joins, "--", *inside],
                             stdin, pass_fds=fds)
        except OSError:
            self.group.remove()
            os.close(info)
            raise
        finally:
            os.close(writes_info)
            if code is not None:
                os.close(code)
        self._first = self._first_process(info)

    def _first_process(self, info: int) -> int | None:
        """A handle of the first process of the namespace: with it all others end."""
        with os.fdopen(info, "rb") as file, contextlib.suppress(OSError, ValueError, KeyError):
            return os.pidfd_open(json.loads(file.read())["child-pid"])
        return None

    def too_many_files(self) -> bool:
        """Whether its temporary folders hold more files than any exercise needs.

        Each costs memory of the kernel, which the folders' sizes do not count.
        """
        for pid in descendants(self.popen.pid)[:1]:
            root = Path(f"/proc/{pid}/root")
            for folder in ("tmp", HOME.strip("/"), "dev/shm"):
                with contextlib.suppress(OSError):
                    if root.samefile("/"):
                        break  # bwrap is still starting: these would be the host's own files
                    found = os.statvfs(root / folder)
                    if found.f_files - found.f_ffree > _MOST_FILES:
                        return True
        return False

    def kill(self) -> None:
        """End every process of the sandbox and wait until the kernel has cleared it away."""
        if self._first is not None:
            # bwrap itself stays alive to collect it, so that not even a zombie is left
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
            poll = select.poll()
            poll.register(self._first, select.POLLIN)
            poll.poll(10_000)
            os.close(self._first)
            self._first = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(5)
        super().kill()
        self.group.remove()
