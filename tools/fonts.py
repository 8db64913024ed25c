"""Cut the book's text face out of Source Serif 4: ``python -m tools.fonts FOLDER``.

FOLDER is an unpacked copy of the npm package source-serif, version 4.5.1 (``npm pack
source-serif@4.5.1``, then ``tar xzf``). Needed besides: ``pip install fonttools brotli``. Run it
only to change the cuts; the files are committed. Its licence (SIL OFL 1.1) reserves the name
"Source" for the unmodified fonts, so the cuts carry a name of their own.
"""

import argparse
import shutil
import sys
from pathlib import Path

from tools.environment import ROOT

OUTPUT = ROOT / "_static" / "fonts"
LATIN = "20-7E A0-FF 107 10D 142 151 161 17E 2E2 2010-2015 2018-201E 2022 2026 202F 2032 2212"
SYMBOLS = (
    "393 394 398 39B 3A0 3A3 3A6 3A8 3A9 3B1-3C9 3D5 2044 2070-2079 207A-208E 2190-2193 2202 "
    "220F 2211 221A 221E 222B 2248 2260 2264 2265"
)
TITLES = "20-7E A0 E9 EB 2013 2014 2018 2019 201C 201D 2026 2212"
FEATURES = ["kern", "liga", "ccmp", "locl", "tnum"]
# file written: (file of the package, family, style, characters)
CUTS = {
    "text.woff2": ("SourceSerif4-Regular", "Book Serif", "Regular", f"{LATIN} {SYMBOLS}"),
    "text-italic.woff2": ("SourceSerif4-It", "Book Serif", "Italic", LATIN),
    "text-semibold.woff2": ("SourceSerif4-Semibold", "Book Serif", "Semibold", LATIN),
    "title.woff2": ("SourceSerif4Display-Semibold", "Book Title", "Semibold", TITLES),
}
COPYRIGHT, UNIQUE, FULL, POSTSCRIPT, TRADEMARK = 0, 3, 4, 6, 7


def code_points(text):
    """The numbers in a list of hexadecimal ranges such as ``20-7E A0``."""
    numbers = set()
    for part in text.split():
        first, _, last = part.partition("-")
        numbers.update(range(int(first, 16), int(last or first, 16) + 1))
    return numbers


def rename(font, family, style):
    """Give the font another name; the copyright notice stays."""
    names = {1: family, 2: style, UNIQUE: f"{family} {style}", FULL: f"{family} {style}",
             POSTSCRIPT: f"{family.replace(' ', '')}-{style}", 16: family, 17: style}
    font["name"].names = [
        record for record in font["name"].names
        if record.nameID < 25 and record.nameID not in {*names, TRADEMARK}
    ]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)


def cut(source, target, family, style, characters):
    """Write the characters wanted of one font, without hints, as WOFF2."""
    from fontTools import subset

    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=FEATURES, recalc_timestamp=False,
        name_IDs=["*"],
    )
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points(characters))
    subsetter.subset(font)
    rename(font, family, style)
    subset.save_font(font, target, options)


def main(arguments=None):
    """Cut all faces and copy the licence."""
    parser = argparse.ArgumentParser(prog="python -m tools.fonts", description=__doc__)
    parser.add_argument("folder", type=Path, help="the unpacked npm package source-serif")
    folder = parser.parse_args(arguments).folder
    sources = folder / "WOFF2" / "TTF"
    if not sources.is_dir():
        sys.exit(f"folder: {folder} has no WOFF2/TTF, expected the unpacked package source-serif")
    for name, (source, *how) in CUTS.items():
        cut(sources / f"{source}.ttf.woff2", OUTPUT / name, *how)
        print(f"{name}: {(OUTPUT / name).stat().st_size} bytes")
    shutil.copyfile(folder / "LICENSE.md", OUTPUT / "LICENSE.md")


if __name__ == "__main__":
    main()
