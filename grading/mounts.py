"""What a sandboxed process sees of the machine: read-only system, Python, and its own side.

bwrap makes missing parent folders with mode 0700, which its own unprivileged process could
not enter; so each parent is made first, with 0755.
"""
from __future__ import annotations

import os
import sys
from pathlib import Path

from .limits import Limits

ROOT = Path(__file__).resolve().parent.parent
COURSE = "/course"  # where the sandbox sees mlebook and grading
HOME = "/home/student"
#: The files of this package that each side may read.  Only the marker's side judges.
FILES = {
    "student": ("__init__.py", "channel.py", "cells.py", "student.py"),
    "marker": ("__init__.py", "channel.py", "exercise.py", "marker.py", "warm.py"),
}
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_FURTHER = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")


def python(*arguments: str) -> list[str]:
    """The interpreter, without anybody's own packages and without writing byte code."""
    return [interpreter(), "-s", "-P", "-B", *arguments]


def interpreter() -> str:
    # a virtual environment's python only points to this one; its packages come by PYTHONPATH
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def packages() -> list[str]:
    """The folders from which this process imports installed packages."""
    found = [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    return list(dict.fromkeys(p for p in found if Path(p).is_dir()))


def environment(course: str, home: str) -> dict[str, str]:
    """The whole environment of a student's or marker's process."""
    threads = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
               "NUMEXPR_NUM_THREADS")
    return {"PATH": "/usr/bin:/bin", "HOME": home, "USER": "student", "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([course, *packages()]), "PYTHONHASHSEED": "0",
            "PYTHONNOUSERSITE": "1", "MPLBACKEND": "Agg", "MPLCONFIGDIR": f"{home}/matplotlib",
            **dict.fromkeys(threads, "1")}


def mounts(role: str, limits: Limits) -> list[str]:
    """The options of bwrap that mount what the role sees, and temporary folders of its own."""
    size = str(int(limits.file_mb * 2**20))
    tmpfs = ["--perms", "1777", "--size", size, "--tmpfs"]
    result = ["--ro-bind", "/usr", "/usr"]
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            result += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            result += ["--ro-bind", str(folder), str(folder)]
    for path in _FURTHER:
        result += ["--ro-bind-try", path, path]
    result += ["--dev", "/dev", *tmpfs, "/dev/shm", *tmpfs, "/tmp", *tmpfs, HOME]
    if role == "student":  # code of the course never looks at processes
        result += ["--proc", "/proc"]
    return [*result, *_python_mounts(), *_course_mounts(role), *_font_mounts(),
            "--remount-ro", "/dev", "--remount-ro", "/"]


def _python_mounts() -> list[str]:
    """The interpreter's prefix and the packages; the repository itself stays hidden."""
    prefix = str(Path(interpreter()).parent.parent)
    wanted, result, made = [prefix, *packages()], [], {"/", "/usr", "/home", "/tmp"}
    covered = [Path("/usr")]
    for path in sorted(map(Path, wanted), key=lambda p: len(p.parts)):
        if any(path.is_relative_to(c) for c in covered):
            continue
        for parent in reversed(path.parents):
            if str(parent) not in made:
                made.add(str(parent))
                result += ["--perms", "0755", "--dir", str(parent)]
        result += ["--ro-bind", str(path), str(path)]
        covered.append(path)
    if any(ROOT.is_relative_to(c) for c in covered):
        result += ["--tmpfs", str(ROOT)]
        for path in (p for p in packages() if Path(p).is_relative_to(ROOT)):
            result += ["--ro-bind", path, path]
    return result


def _course_mounts(role) -> list[str]:
    result = ["--perms", "0755", "--dir", f"{COURSE}/grading",
              "--ro-bind", str(ROOT / "mlebook"), f"{COURSE}/mlebook"]
    for name in FILES[role]:
        result += ["--ro-bind", str(ROOT / "grading" / name), f"{COURSE}/grading/{name}"]
    return result


def _font_mounts() -> list[str]:
    """Matplotlib's list of fonts, if there is one: it takes seconds to make it anew."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    result = ["--perms", "1777", "--dir", f"{HOME}/matplotlib"]
    for file in sorted(cache.glob("fontlist-v*.json")):
        result += ["--ro-bind", str(file), f"{HOME}/matplotlib/{file.name}"]
    return result
