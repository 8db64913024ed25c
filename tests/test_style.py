"""The source itself: the linter finds nothing, and no file outgrows its room."""
import subprocess
import sys

import pytest

from tools.environment import ROOT

LONGEST = 300


def python_files():
    folders = ("mlebook", "grading", "tools", "tests", "benchmarks", "_ext")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_ruff_finds_nothing():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", python_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_python_file_is_too_long(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{path}: {lines} lines; a room with too much in it"
