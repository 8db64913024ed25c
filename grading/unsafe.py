"""The same two processes without a sandbox, for a machine that has no bubblewrap.

For trying the grader with one's own notebooks.  See :data:`WARNING` for what is not protected.
"""
from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from .limits import Limits
from .mounts import ROOT, environment, python
from .process import Process
from .sandbox import resources

WARNING = """\
UNSAFE: students' code runs as you, without a sandbox. Not protected are:
  - your files: it can read, change and delete whatever you can, the hidden tests, other
    submissions, the marks and the gradebook among them;
  - the network: it can send all that away;
  - this machine: processes that it starts can outlive the grading; disk is not limited.
Time, and the memory of each process, are limited as always. Use it with code that you trust."""


def _limited(limits: Limits) -> list[str]:
    return resources(limits, alone=False) if shutil.which("prlimit") else []


class Plain(Process):
    """``python -m module`` as an ordinary child process, with limits but without walls."""

    def __init__(self, role: str, module: str, limits: Limits, stdin: int | None = None):
        self._home = tempfile.TemporaryDirectory(prefix="mlebook-", ignore_cleanup_errors=True)
        (Path(self._home.name) / "matplotlib").mkdir()
        variables = environment(str(ROOT), self._home.name) | {"PATH": os.environ.get("PATH", "")}
        super().__init__([*_limited(limits), *python("-m", module)], stdin,
                         cwd=self._home.name, env=variables)

    def kill(self) -> None:
        super().kill()
        self._home.cleanup()
