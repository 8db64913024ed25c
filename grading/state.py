"""What a grading run keeps in OUT so that it can go on after an interruption.

``OUT/grading.json`` marks the folder as made by the grader and keeps the seed, and
``OUT/results/<student>/<exercise>.json`` holds one result each. A result is written whole or not at
all, under a key made of everything that its marks depend on.
"""

import contextlib
import fcntl
import hashlib
import json
import secrets
from pathlib import Path

from grading.plain import write_text

ROOT = Path(__file__).resolve().parent.parent
MARKER = "grading.json"
LOCK = ".lock"
PURPOSE = "Made by 'make grade'. Holds marks and the secret seed: keep it from students."


class StateError(Exception):
    """OUT cannot be used; the message says why and what to do."""


def write_json(path, data):
    """Write a file whole or not at all, also where the machine stops in the middle."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1))


def read_json(path):
    """The content of a file, or None where it is missing or no JSON object."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def digest(*parts):
    """SHA-256 of texts and bytes, each with its length, so that no two lists run together."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def version(root=ROOT):
    """Digest of the code that decides marks: after a change of it, all is graded again."""
    files = [*(root / "mlebook").rglob("*.py"), *(root / "grading").glob("*.py")]
    files += (root / "mlebook" / "data").glob("*")
    parts = []
    for path in sorted(files):
        parts += [path.relative_to(root).as_posix(), path.read_bytes()]
    return digest(*parts)


def check_apart(submissions, out):
    """Raise unless neither folder lies in the other: what is graded is never written to."""
    given, target = Path(submissions).resolve(), Path(out).resolve()
    if given == target or given in target.parents or target in given.parents:
        raise StateError(
            f"OUT={out} and SUBMISSIONS={submissions} must lie apart, neither inside the other"
        )


class State:
    """The grader's folder. Use it in ``with``, so that only one run at a time writes to it."""

    def __init__(self, out):
        """``out`` is a path that need not exist yet."""
        self.out = Path(out)
        self.results = self.out / "results"
        self._lock = None

    def __enter__(self):
        """Claim the folder; raise StateError if it is someone else's or in use."""
        if self.out.exists() and not self.out.is_dir():
            raise StateError(f"OUT={self.out} is a file; name a folder")
        made_here = read_json(self.out / MARKER) is not None
        foreign = [p for p in self.out.glob("*") if p.name != LOCK]
        if foreign and not made_here:
            raise StateError(
                f"OUT={self.out} holds files that the grader did not make ({MARKER} is missing). "
                "Name an empty or a new folder."
            )
        self.out.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (self.out / LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise StateError(f"another grading run is writing to OUT={self.out}") from None
        return self

    def __exit__(self, *error):
        self._lock.close()

    def seed(self, given=None):
        """The seed of the hidden tests' data: as given, as kept from before, or a fresh secret."""
        kept = (read_json(self.out / MARKER) or {}).get("seed")
        seed = given if given is not None else kept
        if seed is None:
            seed = secrets.randbits(53)
        if seed != kept:
            write_json(self.out / MARKER, {"what": PURPOSE, "seed": seed})
            (self.out / ".gitignore").write_text("*\n", encoding="utf-8")  # marks are not committed
        return seed

    def path(self, student, exercise):
        """Where a result is kept; both names must be plain file names."""
        for name in (student, exercise):
            if not name or name.startswith(".") or "/" in name or "\0" in name:
                raise StateError(f"{name!r} cannot be the name of a result's folder or file")
        return self.results / student / f"{exercise}.json"

    def load(self, student, exercise, key):
        """The stored result if it was graded under this key, else None."""
        result = read_json(self.path(student, exercise))
        return result if result is not None and result.get("key") == key else None

    def save(self, result):
        """Store a result."""
        write_json(self.path(result["student"], result["exercise"]), result)

    def sweep(self):
        """Delete what a killed run left half written."""
        for path in self.results.glob("*/.writing-*"):
            with contextlib.suppress(OSError):
                path.unlink()
