"""How fast the built book is on a simulated phone, medians of five visits.

``python -m benchmarks.site [page …]`` opens each page with an empty cache, scrolls it to its end,
and goes on to the next page of the book. It says when a formula is seen by those who open the page
at its top (if its first screen holds one), and by those who follow a link to its first formula
that has a line of its own. ``--against FOLDER`` measures another build in turn with
the first (a busy machine slows both alike) and prints ratios. ``--lighthouse`` asks Lighthouse for
its scores instead; that needs node. Both need Chromium and the packages of requirements-site.txt.

Lighthouse slows the processor four times, which it means for a machine that its own benchmark
gives 1000 or more (the last column); below that it warns that scores come out too low.
``--slower 3`` slows less on such a machine.
"""
from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import phone
from tools import browser, serve
from tools.environment import HTML

PAGES = ["chapters/index", "chapters/squared_error", "chapters/cross_entropy", "chapters/map",
         "chapters/notation"]
COLUMNS = {"fcp": "first paint", "maths": "formula", "linked": "at a link", "lcp": "largest",
           "tbt": "blocked", "cls": "shift", "first": "kB first", "next": "kB next"}
LIGHTHOUSE = "lighthouse@13.5.0"
# Without the last, a page that was ready waits one or two whole seconds for a first frame in
# headless Chromium (https://github.com/GoogleChrome/lighthouse/issues/17148).
CHROME = "--headless=new --no-sandbox --disable-features=PaintHolding"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
NEXT = re.compile(r'<link rel="next"[^>]*href="([^"]+)"')


def next_page(folder: Path, page: str) -> str | None:
    """The page that follows in the book."""
    found = NEXT.search((folder / f"{page}.html").read_text(encoding="utf-8"))
    return found and str(Path(page).parent / found[1].removesuffix(".html"))


def measure(chromium, url: str, folder: Path, page: str) -> dict:
    """One first visit at the first formula, one from the top, and one of the next page."""
    with phone.phone(chromium) as device:
        at_formula = device.visit(f"{url}/{page}.html{first_formula(folder, page)}")
    with phone.phone(chromium) as device:
        seen = device.visit(f"{url}/{page}.html")
        device.read_through()
        seen |= {"linked": at_formula["maths"], "first": device.sent / 1000}
        seen["cls"] = max(seen["cls"], device.page.evaluate("seen.cls"), at_formula["cls"])
        following, before = next_page(folder, page), device.sent
        if following:
            device.visit(f"{url}/{following}.html")
            device.read_through()
        return seen | {"next": (device.sent - before) / 1000}


def first_formula(folder: Path, page: str) -> str:
    """The address within a page of what stands just before its first formula on its own line."""
    text = (folder / f"{page}.html").read_text(encoding="utf-8")
    start = text.find('class="bd-article"')
    formula = text.find('class="math-block"', start)
    ids = re.findall(r'\bid="([^"]+)"', text[start:formula]) if formula > 0 else []
    return f"#{ids[-1]}" if ids else ""


def medians(chromium, folders: list[Path], page: str, rounds: int) -> list[dict]:
    """The medians of one page in each build; the builds take turns."""
    seen: list[list[dict]] = [[] for _ in folders]
    for _ in range(rounds):
        for folder, visits in zip(folders, seen, strict=True):
            with serve.serving(folder) as url:
                visits.append(measure(chromium, url, folder, page))
    return [{key: statistics.median(one[key] for one in visits) for key in COLUMNS}
            for visits in seen]


def show(page: str, values: dict, digits: int = 0) -> None:
    """One line of the table; milliseconds and kilobytes; 0 for what was not seen."""
    cells = (f"{values[key]:>11.{3 if key == 'cls' else digits}f}" for key in COLUMNS)
    print(f"{page:<26}" + "".join(cells), flush=True)


def on_a_phone(folders: list[Path], pages: list[str], rounds: int) -> None:
    """Print the table of all pages."""
    print(f"{'milliseconds, kilobytes':<26}" + "".join(f"{name:>11}" for name in COLUMNS.values()))
    with browser.launch() as chromium:
        for page in pages:
            ours, *others = medians(chromium, folders, page, rounds)
            show(page, ours)
            for other in others:
                show("  the other", other)
                show("  ratio", {key: ours[key] / other[key] if other[key] else float("nan")
                                 for key in COLUMNS}, 2)


def lighthouse(folder: Path, pages: list[str], rounds: int, slower: float) -> None:
    """Print Lighthouse's scores for a phone, medians."""
    if not shutil.which("npx"):
        sys.exit("Lighthouse needs node and its npx (https://nodejs.org); neither was found.")
    names = [*CATEGORIES, "machine"]
    print(f"{'scores of 100':<26}" + "".join(f"{name:>16}" for name in names))
    with serve.serving(folder) as url:
        for page in pages:
            found = [scores(f"{url}/{page}.html", slower) for _ in range(rounds)]
            cells = (f"{statistics.median(one[name] for one in found):>16.0f}" for name in names)
            print(f"{page:<26}" + "".join(cells), flush=True)


def scores(address: str, slower: float) -> dict:
    """Lighthouse's scores of one visit, and its benchmark of this machine at that time."""
    command = [shutil.which("npx"), "--yes", LIGHTHOUSE, address, "--quiet", "--output=json",
               f"--chrome-path={browser.find()}", f"--only-categories={','.join(CATEGORIES)}",
               f"--throttling.cpuSlowdownMultiplier={slower}", f"--chrome-flags={CHROME}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{LIGHTHOUSE} failed on {address}:\n{done.stderr}")
    report = json.loads(done.stdout)
    found = {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}
    return found | {"machine": report["environment"]["benchmarkIndex"]}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("pages", nargs="*", default=PAGES, help="such as chapters/map")
    parser.add_argument("--site", type=Path, default=HTML, help="a built book")
    parser.add_argument("--against", type=Path, help="another build of it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lighthouse", action="store_true", help="scores instead of times")
    parser.add_argument("--slower", type=float, default=phone.SLOWER,
                        help="how often Lighthouse's processor is slowed (default: %(default)s)")
    options = parser.parse_args(arguments)
    for page in options.pages:
        if not (options.site / f"{page}.html").is_file():
            parser.error(f"page: no {page!r} in {options.site}; expected one such as {PAGES[0]}")
    if options.lighthouse:
        return lighthouse(options.site, options.pages, options.rounds, options.slower)
    return on_a_phone([options.site, *filter(None, [options.against])], options.pages,
                      options.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
