"""Write what ``check`` needs on the learner's side: ``make exercises``.

``mlebook/exercises/checks/<slug>.json`` holds the visible tests, the hints, and fingerprints of
the solution and the mistakes, from which neither can be read off.
"""

import argparse
import json
import sys

from grading.questions import SourceError
from grading.source import EXERCISES, read_all
from tools.environment import ROOT, make_reproducible

CHECKS = ROOT / "mlebook" / "exercises" / "checks"


def checks(exercise):
    """The public checks of an exercise, as plain data."""
    from mlebook.exercises.public import public_checks

    return public_checks(exercise.to_dict())


def as_text(data):
    """The text of a file of checks; the same checks give the same bytes."""
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(exercises, folder=CHECKS):
    """Write the checks of these exercises; return the names of the files that changed."""
    folder.mkdir(exist_ok=True)
    changed = []
    for exercise in exercises:
        path, text = folder / f"{exercise.slug}.json", as_text(checks(exercise))
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path.name)
    return changed


def remove_old(known, folder=CHECKS):
    """Delete the checks of exercises that no longer exist; return their names."""
    old = [path for path in sorted(folder.glob("*.json")) if path.stem not in known]
    for path in old:
        path.unlink()
    return [path.name for path in old]


def main(arguments=None, source=EXERCISES, folder=CHECKS):
    """Bring the files up to date; return 2 where a source is not in order."""
    parser = argparse.ArgumentParser(prog="python -m grading.public", description=__doc__)
    parser.add_argument("only", nargs="*", help="exercises to look at (default: all)")
    options = parser.parse_args(arguments)
    make_reproducible()
    try:
        exercises = read_all(source, only=options.only)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    changed = write(exercises, folder)
    removed = [] if options.only else remove_old({e.slug for e in exercises}, folder)
    for name in changed:
        print(f"written {name}")
    for name in removed:
        print(f"deleted {name}")
    print(f"exercises: {len(exercises)}, files changed: {len(changed) + len(removed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
