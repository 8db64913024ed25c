"""Raise the pins: resolve requirements.in anew into requirements.txt (``python -m tools.lock``).

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
# The torch wheel for Linux pins its CUDA libraries itself; the CPU wheel has none.
# Pinned here, everyone would have to install gigabytes that the book never uses.
GPU = re.compile(r"^(nvidia-|cuda-|triton)")


def compile_pins(folder):
    """Run uv and return the lines that it resolved."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"]
    subprocess.run(pip, check=True)
    uv = Path(folder) / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    output = Path(folder) / "requirements.txt"
    options = [
        "--universal",
        "--fork-strategy=fewest",
        "--python-version=3.11",
        "--no-header",
        "--no-annotate",
    ]
    hidden = ["--no-emit-index-url", "--no-emit-find-links", "--quiet", "--output-file", output]
    command = [uv, "pip", "compile", *options, *hidden, "requirements.in", *sys.argv[1:]]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "UV_NO_CONFIG": "1"})
    return output.read_text(encoding="utf-8").splitlines()


def clean(lines):
    """Drop the GPU libraries, local version suffixes such as +cpu, and uv's upper marker noise."""
    kept = [line for line in lines if line.strip() and not GPU.match(line)]
    return [re.sub(r"^([\w.-]+==[\w.]+)\+\w+", r"\1", line) for line in kept]


def main():
    """Write requirements.txt."""
    with tempfile.TemporaryDirectory() as folder:
        lines = clean(compile_pins(folder))
    text = HEADER + "\n".join(lines) + "\n"
    (ROOT / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
    print(f"requirements.txt: {len(lines)} pins. Now: make chapters ALL=1, make test")


if __name__ == "__main__":
    main()
