"""Raise the pins: resolve requirements.in anew into requirements.txt (``python -m tools.lock``).

requirements-grading.txt holds what grading needs beyond these, requirements-site.txt what driving
a browser needs; both are resolved to fit them.
uv resolves for Python 3.11 to 3.13 on Linux, macOS and Windows at once and writes environment
markers where they differ. It is fetched into a temporary folder and is not part of the pins.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environment import ROOT

HEADER = """\
# The exact versions the book was built and checked with. Written by "make lock"
# from requirements.in; do not edit. Python 3.11 to 3.13 on Linux, macOS and Windows.
"""
EXTRAS = {"grading": "grading", "site": "driving a browser"}
EXTRA_HEADER = """\
# What {purpose} needs beyond requirements.txt. Written by "make lock" from
# requirements-{extra}.in; do not edit. Install both:
# pip install -r requirements.txt -r requirements-{extra}.txt
"""
# The torch wheel for Linux pins its CUDA libraries itself; the CPU wheel has none.
# Pinned here, everyone would have to install gigabytes that the book never uses.
GPU = re.compile(r"^(nvidia-|cuda-|triton)")


def fetch_uv(folder):
    """Install uv into a folder and return its path."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"]
    subprocess.run(pip, check=True)
    return Path(folder) / "bin" / ("uv.exe" if os.name == "nt" else "uv")


def compile_pins(uv, source, *options):
    """Run uv on a file of what is wanted and return the lines that it resolved."""
    output = uv.parent / f"{source}.txt"
    universal = ["--universal", "--fork-strategy=fewest", "--python-version=3.11"]
    bare = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command = [uv, "pip", "compile", *universal, *bare, "--quiet", "--output-file", output]
    subprocess.run(
        [*command, *options, source], cwd=ROOT, check=True, env={**os.environ, "UV_NO_CONFIG": "1"}
    )
    return output.read_text(encoding="utf-8").splitlines()


def clean(lines):
    """Drop the GPU libraries, local version suffixes such as +cpu, and uv's upper marker noise."""
    kept = [line for line in lines if line.strip() and not GPU.match(line)]
    return [re.sub(r"^([\w.-]+==[\w.]+)\+\w+", r"\1", line) for line in kept]


def name_of(pin):
    """The package that a line pins."""
    return re.match(r"[\w.-]+", pin)[0].lower()


def beyond(lines, base):
    """The pins among ``lines`` of packages that ``base`` does not pin."""
    known = {name_of(pin) for pin in base}
    return [pin for pin in lines if name_of(pin) not in known]


def write(name, header, lines):
    """Write one file of pins."""
    text = header + "\n".join(lines) + "\n"
    (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: {len(lines)} pins")


def main():
    """Write requirements.txt and the file of each extra."""
    with tempfile.TemporaryDirectory() as folder:
        uv = fetch_uv(folder)
        base = clean(compile_pins(uv, "requirements.in", *sys.argv[1:]))
        write("requirements.txt", HEADER, base)
        constraint = ["--constraint", "requirements.txt", *sys.argv[1:]]
        for extra, purpose in EXTRAS.items():
            more = clean(compile_pins(uv, f"requirements-{extra}.in", *constraint))
            header = EXTRA_HEADER.format(extra=extra, purpose=purpose)
            write(f"requirements-{extra}.txt", header, beyond(more, base))
    print("Now: make chapters ALL=1, make test, make test-grading, make test-site")


if __name__ == "__main__":
    main()
