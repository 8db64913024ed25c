"""Check the built site in a browser: ``python -m tools.check_site``. Ends with pytest's summary.

Builds the book anew in a temporary folder, every warning an error, and runs tests/site on it in
two processes. Options go on to pytest: ``python -m tools test-site -k figures``.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import book, browser
from tools.environment import ROOT, make_reproducible


def main(arguments):
    """Build, then run pytest; return its exit code."""
    browser.find()  # says at once what is missing
    make_reproducible()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        print("building the book", flush=True)
        code = book.build(folder, strict=True)
        if code:
            print("the book was not built; the reasons stand above", file=sys.stderr)
            return code
        site = Path(folder, "_build", "html")
        # worksteal: the pages differ in length by ten times
        parallel = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
        # A page that never answers must end its test, and say where; the longest prints the book.
        patience = ["-o", "faulthandler_timeout=900", "-o", "faulthandler_exit_on_timeout=true"]
        options = [*parallel, *patience, "--durations=5"]
        command = [sys.executable, "-m", "pytest", "tests/site", "--site", str(site), *options]
        return subprocess.run([*command, *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
