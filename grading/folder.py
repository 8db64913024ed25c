"""Write a folder that is made anew each time, and never over work that was not made here.

Beside ``dist/assignment`` lies ``dist/.assignment.json`` with the hash of each file that was
written. Whoever changes, adds or replaces a file finds the next run refusing, with its name.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

EPOCH = (2026, 1, 1, 0, 0, 0)  # a fixed time, so that the same files give the same zip


class ChangedByHand(Exception):
    """The folder holds work that was not made by this command."""


def digest(path):
    """The hash of a file; a link counts as itself, it may lead anywhere."""
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(folder):
    """Every file of a folder by its path within it; a link is not followed."""
    found = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def manifest_path(target):
    """Where the hashes of what was written are kept."""
    return target.parent / f".{target.name}.json"


def zip_path(target):
    """The folder as one file, beside it."""
    return target.parent / f"{target.name}.zip"


def present(target):
    """The files that are there now, the zip among them, with their hashes."""
    hashes = {f"{target.name}/{name}": digest(path) for name, path in files(target).items()}
    packed = zip_path(target)
    return hashes | ({packed.name: digest(packed)} if packed.is_file() else {})


def refuse_changed(target):
    """Stop where a file is not as it was written."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ChangedByHand(f"{target} is no folder of this command's; move it away")
    kept = manifest_path(target)
    written = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    strange = [name for name, found in present(target).items() if written.get(name) != found]
    if strange:
        shown = ", ".join(strange[:5]) + (", ..." if len(strange) > 5 else "")
        raise ChangedByHand(
            f"{target} holds files that were changed or added by hand: {shown}. "
            f"Move {target} and {zip_path(target).name} away, or delete them, then run again."
        )


def pack(folder, target):
    """A zip of a folder, with fixed times and modes: the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files(folder).items():
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", date_time=EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            entry.create_system = 3  # Unix, also where this runs on Windows
            archive.writestr(entry, path.read_bytes())


@contextmanager
def made_anew(target):
    """A folder to write into; it becomes ``target``, and its zip, when all went well."""
    target = Path(target)
    refuse_changed(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        fresh = Path(scratch) / target.name
        fresh.mkdir()
        yield fresh
        packed = Path(scratch) / f"{target.name}.zip"
        pack(fresh, packed)
        shutil.rmtree(target, ignore_errors=True)
        fresh.replace(target)
        packed.replace(zip_path(target))
        text = json.dumps(present(target), indent=1, sort_keys=True) + "\n"
        manifest_path(target).write_text(text, encoding="utf-8")
