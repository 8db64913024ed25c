"""List and read what was handed in: a folder, or a zip, or a folder with zips in it.

Nothing is unpacked to disk, so no name inside an archive can lead anywhere. A zip inside a zip
stays closed. Links are not followed. Sizes are those of the bytes read, not those announced.
"""

import itertools
import os
import stat
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MOST_BYTES = 20 * 2**20  # of one notebook, and of one student's zip
TOO_LARGE = f"It is too large: over {MOST_BYTES // 2**20} MB."
MOST_FILES = 2000  # of one student
MOST_DEPTH = 10  # of folders in folders
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others reserve memory as told


class EntryError(ValueError):
    """A file cannot be read; the text says why, in words for the student."""


@dataclass(frozen=True)
class Entry:
    """A file: the parts of its path below the folder of submissions, and where its bytes are.

    ``member`` is its place in the archive ``file``. ``problem`` says why it is not read.
    """

    parts: tuple
    file: Path
    member: int | None = None
    problem: str = ""

    @property
    def path(self):
        """The path as people read it."""
        return "/".join(self.parts)

    def read(self):
        """Return the bytes; raise `EntryError` if they cannot be had or are too many."""
        if self.problem:
            raise EntryError(self.problem)
        try:
            data = _read_file(self.file) if self.member is None else _read_member(self)
        except EntryError:
            raise
        # A forged archive makes zipfile raise nearly anything: struct.error, zlib.error, …
        except Exception as error:
            raise EntryError(f"It cannot be read ({type(error).__name__}).") from error
        if len(data) > MOST_BYTES:
            raise EntryError(TOO_LARGE)
        return data


def entries(root):
    """Yield every file below ``root``, a folder or a zip, in the order of names."""
    root = Path(root)
    if root.is_dir():
        for child in sorted(root.iterdir()):
            yield from _limited(_walk(child, (child.name,)))
    else:
        for _, group in itertools.groupby(_archive(root, ()), key=lambda entry: entry.parts[:1]):
            yield from _limited(group)


def _limited(files):
    """Cut the files of one student off at the limit, and say so."""
    for number, entry in enumerate(files):
        if number == MOST_FILES:
            problem = f"There are more than {MOST_FILES} files; the rest was not looked at."
            yield Entry(entry.parts, entry.file, problem=problem)
            return
        yield entry


def _walk(path, parts):
    """Yield the files of one folder; zips on disk are looked into."""
    if _hidden(path.name):
        return
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        if len(parts) > MOST_DEPTH:
            yield Entry(parts, path, problem="The folders are nested too deeply.")
            return
        with os.scandir(path) as listing:
            names = sorted(item.name for item in itertools.islice(listing, MOST_FILES + 1))
        for name in names:
            yield from _walk(path / name, (*parts, name))
    elif not stat.S_ISREG(mode):
        kind = "a link" if stat.S_ISLNK(mode) else "not a regular file"
        yield Entry(parts, path, problem=f"It is {kind}, which is not followed.")
    elif path.suffix.lower() == ".zip":
        if path.stat().st_size > MOST_BYTES:
            yield Entry(parts, path, problem=TOO_LARGE)
        else:
            yield from _archive(path, parts)
    else:
        yield Entry(parts, path)


def _archive(path, parts):
    """Yield the files of a zip, without unpacking it."""
    try:
        members = _opened(path, path.stat().st_mtime_ns).infolist()
    except Exception as error:  # see Entry.read
        problem = f"It is not a zip that can be read ({type(error).__name__})."
        yield Entry(parts or (path.name,), path, problem=problem)
        return
    named = [(tuple(_member_name(info).split("/")), n) for n, info in enumerate(members)]
    for names, number in sorted(named):
        inner = tuple(name for name in names if name not in {"", "."})
        if members[number].is_dir() or not inner or any(map(_hidden, inner)):
            continue
        yield Entry((*parts, *inner), path, number, _member_problem(members[number], inner))


@lru_cache(maxsize=2)  # a class's zip is asked once for every student
def _opened(path, _changed):
    return zipfile.ZipFile(path)


def _member_name(info):
    """Return the name of a member; without its flag, a name in UTF-8 was read as code page 437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _member_problem(info, parts):
    if ".." in parts:
        return "Its name leads out of the archive."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link, which is not followed."
    if info.flag_bits & 0x1:
        return "It is encrypted."
    if info.compress_type not in _METHODS:
        return "It is compressed in a way that is not read; use an ordinary zip."
    return TOO_LARGE if info.file_size > MOST_BYTES else ""


def _read_member(entry):
    archive = _opened(entry.file, entry.file.stat().st_mtime_ns)
    with archive.open(archive.infolist()[entry.member]) as stream:
        return stream.read(MOST_BYTES + 1)


def _read_file(path):
    # Between the look and the read the file could have become a link or a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EntryError("It is not a regular file.")
        return stream.read(MOST_BYTES + 1)


def _hidden(name):
    """Tell whether a file or folder belongs to the system, not to the student's work."""
    return (name.startswith(".") and name != "..") or name == "__MACOSX"
