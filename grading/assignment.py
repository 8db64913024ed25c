"""Write what students get into ``dist/assignment``: ``make assignment [ONLY="squared_error map"]``.

Notebooks without solutions, the data, the package as a wheel, what to install, and how to work.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from grading import folder, public, release
from grading.questions import SourceError
from grading.source import EXERCISES, read_all
from tools.environment import ROOT, SOURCE_DATE_EPOCH

TARGET = ROOT / "dist" / "assignment"
NEEDED = ("jupyterlab", "matplotlib", "numpy", "scipy", "sympy", "torch")
PARTS = ("pyproject.toml", "README.md", "LICENSE", "mlebook")  # of which the wheel is made
README = Path(__file__).with_name("assignment_readme.md")


def table(exercises):
    """The notebooks with their questions and points, as a markdown table."""
    rows = [
        f"| `{e.slug}.ipynb` | {e.title} | {len(e.questions)} | {e.points:g} |" for e in exercises
    ]
    total = sum(exercise.points for exercise in exercises)
    last = f"| | all together | | {total:g} |"
    return "\n".join(["| file | subject | questions | points |", "|---|---|---|---|", *rows, last])


def requirements(wheel):
    """What a student installs: the wheel, and the versions that the grader uses."""
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    kept = [pin for pin in pins if re.split(r"[=<>!~ ;\[]", pin)[0] in NEEDED]
    return "\n".join(["# pip install -r requirements.txt, in this folder", f"./{wheel}", *kept, ""])


def build_wheel(exercises, target):
    """The package with the public checks of these exercises, built without the network."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "mlebook"
        copy.mkdir()
        for name in PARTS:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / name, copy / name)
        public.write(exercises, copy / "mlebook" / "exercises" / "checks")
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(target)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}
        subprocess.run([*pip, *options, str(copy)], check=True, env=environment)
    return next(target.glob("mlebook-*.whl")).name


def provenance():
    """Where each table comes from, its units and what to beware of."""
    from mlebook import datasets

    names = [name for name in datasets.__all__ if name != "Dataset"]
    shown = [f"## `datasets.{name}()`\n\n```\n{getattr(datasets, name)()!r}\n```" for name in names]
    return "\n\n".join(["# The data", *shown]) + "\n"


def write_data(target):
    """The tables as CSV, with where they come from."""
    target.mkdir()
    for path in sorted((ROOT / "mlebook" / "data").glob("*.csv")):
        shutil.copyfile(path, target / path.name)
    (target / "README.md").write_text(provenance(), encoding="utf-8")


def write(exercises, target=TARGET):
    """Write the assignment with these exercises into ``target``, and its zip beside it."""
    with folder.made_anew(target) as fresh:
        for exercise in exercises:
            text = release.as_text(release.release(exercise))
            (fresh / f"{exercise.slug}.ipynb").write_text(text, encoding="utf-8")
        wheel = build_wheel(exercises, fresh)
        (fresh / "requirements.txt").write_text(requirements(wheel), encoding="utf-8")
        readme = README.read_text(encoding="utf-8").replace("{table}", table(exercises))
        (fresh / "README.md").write_text(readme, encoding="utf-8")
        write_data(fresh / "data")


def main(arguments=None, source=EXERCISES, target=TARGET):
    """Write the assignment; return 2 where the sources or the old folder forbid it."""
    parser = argparse.ArgumentParser(prog="python -m grading.assignment", description=__doc__)
    parser.add_argument("only", nargs="*", help="exercises to put in (default: all)")
    options = parser.parse_args(arguments)
    try:
        exercises = read_all(source, only=options.only)
        write(exercises, target)
    except (SourceError, folder.ChangedByHand) as error:
        print(error, file=sys.stderr)
        return 2
    questions = sum(len(exercise.questions) for exercise in exercises)
    print(f"{target}: {len(exercises)} notebooks, {questions} questions")
    print(f"{folder.zip_path(target)}: the same as one file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
