"""Who handed in what, told by the names of files and folders alone.

An identity comes from the folder, or from the prefix that a learning platform puts before a
file's name. Nothing inside a notebook is asked: a student can write anything there.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 100  # bytes of a safe name; file systems take 255, a gradebook's column 128

# Moodle: "Ada Lovelace_12345_assignsubmission_file_" as a folder, or before the file's name.
_MOODLE = re.compile(
    r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)", re.DOTALL
)
# Canvas: "lovelaceada_LATE_123_456_squared_error-1.ipynb": user 123, uploaded file 456.
_CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d{1,15})_(?P<upload>\d{1,15})_(?P<rest>.+)", re.DOTALL
)
# What browsers, platforms and Jupyter append to a second file of the same name.
_COPY = re.compile(
    r"(?:[-_ ]copy[-_ ]?(?P<copy>\d{0,9})|-(?P<dash>\d{1,9})| ?\((?P<round>\d{1,9})\))$"
)


@dataclass(frozen=True)
class Owner:
    """What a name says: whose the file is, and how new it is among files of the same name.

    ``raw`` is the identity; ``name`` and ``id`` are its parts where a platform gives both.
    ``rest`` is the file's own name where the platform's prefix stands before it.
    """

    raw: str
    name: str
    id: str = ""
    late: bool = False
    upload: int = 0
    rest: str = ""


def owner(top, is_file):
    """Read the first part of a path below the folder of submissions; None if it names nobody."""
    if moodle := _MOODLE.fullmatch(top):
        name, number = moodle["name"], moodle["id"]
        return Owner(f"{name}_{number}", name, number, rest=moodle["rest"])
    if not is_file:
        return Owner(top, top)
    if canvas := _CANVAS.fullmatch(top):
        name, number = canvas["name"], canvas["id"]
        late, upload = bool(canvas["late"]), int(canvas["upload"])
        return Owner(f"{name}_{number}", name, number, late, upload, canvas["rest"])
    if top.lower().endswith(".zip"):
        return Owner(top[:-4], top[:-4])
    return None


def exercise_of(filename, slugs):
    """Find the exercise and the copy's number that a notebook's name stands for.

    ``squared_error.ipynb`` → ``("squared_error", 0)``; ``Squared-Error (2).ipynb`` →
    ``("squared_error", 2)``; another name → ``(None, 0)``.
    """
    stem = unicodedata.normalize("NFC", filename).rsplit(".", 1)[0].strip().lower()
    number = 0
    for _ in range(3):  # "name-Copy1 (2)" carries two of them
        slug = re.sub(r"[-\s]+", "_", stem)
        if slug in slugs:
            return slug, number
        found = _COPY.search(stem)
        if not found:
            break
        digits = found["copy"] or found["dash"] or found["round"] or "1"
        number, stem = max(number, int(digits)), stem[: found.start()]
    return None, 0


def printable(text):
    """Make a foreign name fit for one line of output: no control characters, bounded."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in text)
    return clean if len(clean) <= 200 else clean[:199] + "…"


def safe_name(raw):
    """Turn an identity into a file name that is harmless everywhere and stays distinct.

    Letters and digits of any script stay, and so do space, ``-``, ``_``, ``.`` and ``@``. Where
    anything had to change, eight digits of a hash of the original are added, so that two
    originals that would look alike remain two.
    """
    text = unicodedata.normalize("NFC", raw)
    kept = "".join(letter if _harmless(letter) else "_" for letter in text)
    kept = re.sub(r"\s+", " ", kept).strip(" .").lstrip("-")
    if kept == raw and kept and len(kept.encode()) <= LONGEST:
        return kept
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    short = kept.encode()[: LONGEST - 9].decode("utf-8", "ignore").strip(" .")
    return f"{short or 'student'}-{digest}"


def _harmless(letter):
    return letter in " -_.@" or unicodedata.category(letter)[0] in "LNM"
