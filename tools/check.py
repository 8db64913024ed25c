"""Check everything: ``python -m tools.check``. The last line is pytest's summary.

One run of pytest holds it all: unit tests and laws (tests/), the doctests of mlebook, every
notebook against its stored outputs (nbval), and in tests/test_book.py the lint, the mutants and
a build of the book in which a warning is an error. Options go on to pytest.
"""

import os
import subprocess
import sys

from tools.environment import ROOT, make_reproducible


def main(arguments):
    """Run pytest on two or more processes; return its exit code."""
    make_reproducible()
    workers = str(min(os.cpu_count() or 1, 8))
    # loadfile: the cells of one notebook stay on one process, in their order
    parallel = ["-n", workers, "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *parallel, "--durations=5", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
