"""Where things are, and the environment variables under which a chapter runs.

Standard library only: this is imported before anything is installed.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
SOURCES = CHAPTERS / "source"
HTML = ROOT / "_build" / "html"

# A chapter must print the same digits and draw the same pixels on every run, so that nbval can
# compare them. Threads change the order of floating-point sums, and wide vector instructions
# change the last digit from one processor to the next.
REPRODUCIBLE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_CBWR": "COMPATIBLE",
    # A figure is an output of its cell, whatever backend the reader's own settings name.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a debugger's warning, else printed by each kernel
}

# Sphinx stamps pages with the date; a fixed one keeps two builds of one commit identical.
SOURCE_DATE_EPOCH = "1767225600"


def make_reproducible():
    """Set the variables for this process, and so for every kernel that it starts."""
    os.environ.update(REPRODUCIBLE)
    # The kernels find mlebook and tools even where the package is not installed.
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    if str(ROOT) not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
