"""Pack the built book for a class without internet: ``python -m tools.site_zip``.

Unpacked, the site works from the disk. Two runs on one book write the same bytes.
"""

import argparse
import sys
import time
import zipfile
from pathlib import Path

from tools.environment import HTML, ROOT, SOURCE_DATE_EPOCH

FOLDER = "from-likelihood-to-loss-site"
TARGET = ROOT / "dist" / f"{FOLDER}.zip"
READ_ME = f"{FOLDER}/READ-ME-FIRST.txt"  # by this file the command knows its own zips
TEXT = """\
From Likelihood to Loss: the whole site, to be read without internet.

Unpack this zip file (do not read inside of it), then open index.html in a browser.
Search, interactive figures, dark mode and links between the pages all work from the disk.
Only the buttons that run a notebook elsewhere (Binder, Colab) need the internet.
"""
STORED = {".png", ".webp", ".woff2"}  # already compressed


class CannotPack(Exception):
    """There is no book to pack, or the zip must not be written."""


def pack(site, target):
    """Write the zip of a built site; return how many files of the site are in it.

    Args:
        site: the folder of the built book.
        target: the zip; one that this command wrote is replaced.

    Raises:
        CannotPack: if there is no book, or something else lies at ``target``.
    """
    if not (site / "index.html").is_file():
        raise CannotPack(f"there is no book in {site}; build it first: make book")
    refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".part")  # a run that breaks off leaves no half zip
    files = sorted(path for path in site.rglob("*") if path.is_file())
    with zipfile.ZipFile(half, "w") as out:
        add(out, READ_ME, TEXT.encode())
        for path in files:
            add(out, f"{FOLDER}/{path.relative_to(site).as_posix()}", path.read_bytes())
    half.replace(target)
    return len(files)


def add(out, name, data):
    """Add one file: no date of its own, readable by all, as if packed on Unix."""
    entry = zipfile.ZipInfo(name, time.gmtime(int(SOURCE_DATE_EPOCH))[:6])
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    entry.compress_type = (
        zipfile.ZIP_STORED if Path(name).suffix in STORED else zipfile.ZIP_DEFLATED
    )
    out.writestr(entry, data)


def refuse_foreign(target):
    """Stop where something lies that this command did not write."""
    if not target.exists():
        return
    try:
        with zipfile.ZipFile(target) as there:
            ours = READ_ME in there.namelist()
    except (zipfile.BadZipFile, OSError):
        ours = False
    if not ours:
        raise CannotPack(f"{target} was not made by this command; move it away, or name --output")


def main(arguments=None):
    """Pack the book and say where the zip is."""
    parser = argparse.ArgumentParser(prog="python -m tools.site_zip", description=__doc__)
    parser.add_argument("--site", type=Path, default=HTML, help="the built book")
    parser.add_argument("--output", type=Path, default=TARGET, help="the zip to write")
    options = parser.parse_args(arguments)
    try:
        count = pack(options.site, options.output)
    except CannotPack as error:
        sys.exit(str(error))
    size = options.output.stat().st_size / 1e6
    print(f"the site: {options.output} ({count} files, {size:.1f} MB); unpack, open index.html")


if __name__ == "__main__":
    main()
