"""Build the book from the committed notebooks: ``python -m tools.book [--strict]``.

Nothing is executed. With --strict a warning is an error (-W --keep-going).
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.environment import HTML, ROOT, SOURCE_DATE_EPOCH, make_reproducible

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"  # it has no -m of its own


def build(output, strict=False):
    """Build into ``output/_build/html`` (Jupyter Book chooses the name); return the exit code.

    Always from nothing, which takes seconds: an old page or style sheet cannot linger.
    """
    shutil.rmtree(Path(output) / "_build", ignore_errors=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}
    # Quiet: warnings and errors still show
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", ".", "--path-output", output]
    options = ["--quiet", *(["-W", "--keep-going"] if strict else [])]
    result = subprocess.run(
        [*map(str, command), *options], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    return result.returncode


def main(arguments=None):
    """Build the book and print where it is."""
    parser = argparse.ArgumentParser(prog="python -m tools.book", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="a warning is an error")
    options = parser.parse_args(arguments)
    make_reproducible()
    code = build(ROOT, options.strict)
    if code:
        print("the book was not built; the reasons stand above", file=sys.stderr)
        return code
    print(f"the book: {(HTML / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
