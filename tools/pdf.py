"""Print the whole book into one PDF: ``python -m tools.pdf [--paper letter]``.

Chromium prints the pages of the built book, joined into one document (``tools.pdf_document``).
Which page a chapter begins on is known only from the print. So it is printed, the numbers are read
from it and put into the contents, and it is printed again, until they hold.
"""

import argparse
import logging
import os
import sys
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tools import book
from tools.browser import launch
from tools.environment import HTML, ROOT, SOURCE_DATE_EPOCH
from tools.pdf_document import NoBook, document

TARGET = ROOT / "dist" / "from-likelihood-to-loss.pdf"
CREATOR = "From Likelihood to Loss, tools.pdf"  # by this mark the command knows its own files
PAPERS = {"a4": "A4", "letter": "Letter"}
MOST_PRINTS = 4

FILL_IN = """numbers => {
  for (const place of document.querySelectorAll(".contents-number")) {
    place.textContent = numbers[place.dataset.place];
  }
}"""
CONTENTS = """[...document.querySelectorAll(".book-contents p")].map((line) => [
  line.className,
  (line.querySelector("a") || line).textContent,
  line.querySelector(".contents-number")?.dataset.place,
])"""
LOAD_ALL = """async () => {
  await Promise.all([...document.fonts].map((face) => face.load()));
  await Promise.all([...document.images].map((image) => image.decode()));
}"""


class CannotPrint(Exception):
    """The PDF cannot be made, or must not be written."""


def facts(root=ROOT):
    """What the title page and the PDF's own properties say."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    package = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "title": config["title"],
        "author": config["author"],
        "subject": package["description"],
        "language": config.get("sphinx", {}).get("config", {}).get("language", "en"),
        "lines": [
            package["description"],
            f"{config['author']}, {config['copyright']}. Version {package['version']}.",
            config["html"]["baseurl"],
        ],
    }


def refuse_foreign(target):
    """Stop where something lies that this command did not write."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not target.exists():
        return
    try:
        made = PdfReader(target).metadata.get("/Creator") == CREATOR
    except (PyPdfError, OSError, AttributeError):
        made = False
    if not made:
        raise CannotPrint(f"{target} was not made by this command; move it away, or name --output")


def places(reader):
    """The page, counted from 1, of every place in a PDF that a link leads to."""
    return {
        name.removeprefix("/"): reader.get_destination_page_number(where) + 1
        for name, where in reader.named_destinations.items()
    }


def print_book(page, target, paper, say):
    """Print a loaded document, with the right numbers in its contents; return the numbers."""
    from pypdf import PdfReader

    wanted = page.evaluate(
        "[...document.querySelectorAll('.contents-number')].map((place) => place.dataset.place)"
    )
    before = None
    for attempt in range(1, MOST_PRINTS + 1):
        final = attempt > 1  # the first print only gives the numbers: no need for what takes time
        page.pdf(path=target, format=paper, tagged=final)
        reader = PdfReader(target)
        found = places(reader)
        lost = [place for place in wanted if place not in found]
        if lost:
            raise CannotPrint(f"the print has no place for these lines of the contents: {lost}")
        numbers = {place: found[place] for place in wanted}
        say(f"  printed ({attempt}): {len(reader.pages)} pages")
        if numbers == before:
            return numbers
        page.evaluate(FILL_IN, numbers)
        before = numbers
    raise CannotPrint(f"the page numbers did not settle in {MOST_PRINTS} prints")


def add_bookmarks(writer, lines, numbers):
    """The contents as the PDF's outline: Chromium's own lacks a heading here and there."""
    caption = part = chapter = None
    for kind, title, place in lines:
        if kind == "contents-part":
            caption = title
            continue
        where = {"page_number": numbers[place] - 1}
        if caption:  # a part begins where its first chapter does
            part, caption = writer.add_outline_item(title=caption, **where), None
        if kind == "contents-title":
            chapter = writer.add_outline_item(title=title, parent=part, is_open=False, **where)
        else:
            writer.add_outline_item(title=title, parent=chapter, **where)


def finish(printed, target, known, lines, numbers):
    """Write the PDF with its properties; without the clock, so that the same book is the same."""
    from pypdf import PdfWriter

    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH))
    date = datetime.fromtimestamp(epoch, UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
    writer = PdfWriter(clone_from=printed)
    add_bookmarks(writer, lines, numbers)
    writer.page_mode = "/UseOutlines"
    writer.add_metadata(
        {
            "/Title": known["title"],
            "/Author": known["author"],
            "/Subject": known["subject"],
            "/Creator": CREATOR,
            "/CreationDate": date,
            "/ModDate": date,
        }
    )
    scratch = target.with_name(f".{target.name}")
    writer.write(scratch)
    scratch.replace(target)


def make(browser, folder, target, paper="A4", say=print, root=ROOT):
    """Print the built book in ``folder`` into ``target``; ``root`` holds _toc.yml, _config.yml."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it remarks on Chromium's object count
    refuse_foreign(target)
    known = facts(root)
    say("joining the pages of the book ...")
    with tempfile.TemporaryDirectory() as scratch, browser.new_page() as page:
        whole, printed = Path(scratch) / "book.html", Path(scratch) / "book.pdf"
        whole.write_text(document(folder, known, root), encoding="utf-8")
        page.set_default_timeout(0)  # hundreds of pages take their time
        page.goto(whole.as_uri())
        page.add_script_tag(path=ROOT / "_static" / "print.js")
        page.evaluate(LOAD_ALL)
        say("printing; it takes a few minutes ...")
        numbers = print_book(page, printed, paper, say)
        target.parent.mkdir(parents=True, exist_ok=True)
        finish(printed, target, known, page.evaluate(CONTENTS), numbers)


def main(arguments=None):
    """Build the book if it is not there, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.pdf", description=__doc__)
    parser.add_argument("--paper", choices=sorted(PAPERS), default="a4", help="default: a4")
    parser.add_argument("--output", type=Path, default=TARGET, metavar="FILE.pdf")
    options = parser.parse_args(arguments)
    if not (HTML / "index.html").exists():
        print("there is no book yet: building it ...")
        if book.main([]):
            return 1
    try:
        with launch() as browser:
            make(browser, HTML, options.output.resolve(), PAPERS[options.paper])
    except (CannotPrint, NoBook) as error:
        print(error, file=sys.stderr)
        return 1
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
