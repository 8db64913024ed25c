"""``python -m tools <command> [options]``: set up ``.venv`` if needed, then run a command in it.

This is what the Makefile calls and what one types where there is no make (Windows).
"""

import os
import subprocess
import sys

from tools import setup
from tools.environment import ROOT

COMMANDS = {
    "book": (["-m", "tools.book"], "build the book into _build/html and print its address"),
    "test": (["-m", "tools.check"], "check everything: tests, notebooks, lint, mutants, build"),
    "chapters": (["-m", "tools.chapters"], "rebuild the notebooks whose source or code changed"),
    "lint": (["-m", "tools.lint"], "check the built chapters: equations, links, alt text, ..."),
    "mutants": (["-m", "mlebook.proof.mutate"], "mutate every proof step; none may survive"),
    "certificate": (["-m", "mlebook.certificate"], "print the certificate of each loss"),
    "exercises": (["-m", "grading.public"], "rebuild what the learners' check function needs"),
    "assignment": (["-m", "grading.assignment"], "write what students get into dist/assignment"),
    "solutions": (["-m", "grading.solutions"], "write what instructors get into dist/solutions"),
    "grade": (["-m", "grading", "grade"], "grade a folder of submissions (Linux; see --help)"),
    "test-grading": (["-m", "grading.trial"], "grade a class of honest and hostile students"),
    "test-site": (["-m", "tools.check_site"], "check the built site in a browser (Chromium)"),
    "site-zip": (["-m", "tools.site_zip"], "pack the built book into dist/, to use offline"),
    "pdf": (["-m", "tools.pdf"], "print the whole book into one PDF in dist/ (Chromium)"),
    "serve": (["-m", "tools.serve"], "show the built book on a local web server"),
    "lab": (["-m", "jupyterlab", "--notebook-dir=chapters"], "open the chapters in JupyterLab"),
    "lock": (["-m", "tools.lock"], "raise the pins: write requirements.txt anew"),
    "setup": (["-c", ""], "create .venv and install the pinned packages"),
    "clean": (["-m", "tools.clean"], "delete _build and caches (never .venv, never chapters)"),
}

# What a command needs beyond requirements.txt: the pins of requirements-<extra>.txt.
EXTRAS = {"grade": "grading", "test-grading": "grading", "test-site": "site", "pdf": "site"}


def usage():
    """One line per command."""
    lines = [f"  {name:<12} {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["commands (make <command>, or python -m tools <command>):", *lines])


def main(arguments):
    """Run one command inside the project's environment; return its exit code."""
    if not arguments or arguments[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    name, *options = arguments
    if name not in COMMANDS:
        print(f"unknown command {name!r}\n{usage()}", file=sys.stderr)
        return 2
    python = setup.main(extra=EXTRAS.get(name))
    command = [str(python), *COMMANDS[name][0], *options]
    return wait(subprocess.Popen(command, cwd=ROOT, env=os.environ))


def wait(process):
    """The exit code of a command. Ctrl-C reaches it too; it is given the time to end in order."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
