"""``make test-grading``: the grader's own tests, then a class of honest and hostile students.

The class goes through the real command. Afterwards every mark is compared with what the student's
honest answers deserve, and it is looked at what the class left behind, saw and reached. The last
line is ``attacks: N, forged marks: F``; the exit code is 1 unless all is as it must be.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grading import sandbox, source, state, submissions
from grading.tests.attacks import files, honest, reading, student, watch

WORKERS = 2
# Short, so that endless loops do not make the trial endless.
LIMITS = ("seconds_cell=6", "seconds_total=60", "memory_mb=1500")
MEET_LIMITS = ("endless-cell", "endless-call", "sleeps", "fills-memory", "prints-much")
NEARLY = 1e-6
OWN = {"grading.json", ".lock", ".gitignore", "results", "feedback", "autograded", "source"}
OWN |= {"release", "submitted", "grades.csv", "marks.csv", "gradebook.db", "summary.txt"}
OWN |= {"nbgrader_config.py"}
OVERLAY = f"""\
---
jupytext:
  text_representation: {{extension: .md, format_name: myst}}
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---

+++ {{"question": "log_scale"}}

{watch.CANARY}

```{{code-cell}} ipython3
---
role: hidden
---
# {watch.CANARY}
{watch.CANARY} = "{watch.CANARY}"
def cases(rng):
    first = torch.tensor([{watch.SECRET}, -{watch.SECRET}, 1.5])
    yield (first, first + torch.tensor(rng.normal(size=3)), first / 2)
    for n in (1, 5):
        yield tuple(torch.tensor(rng.normal(size=n)) for _ in range(3))
```
"""


def everyone(names=()):
    """All students of the class, or those of these names."""
    found = [*honest.STUDENTS, *reading.read_all(), *files.STUDENTS]
    known = [member.name for member in found]
    if len(known) != len(set(known)):
        raise ValueError(f"two students share a name: {sorted(known)}")
    if strange := set(names) - set(known):
        raise ValueError(f"there are no students {sorted(strange)}")
    return [member for member in found if not names or member.name in names]


def prepare(folder, members):
    """Write submissions and secret tests; return both folders and the exercise."""
    overlay, given = folder / "hidden", folder / "submissions"
    (overlay / student.SLUG).mkdir(parents=True)
    (overlay / student.SLUG / "hidden.md").write_text(OVERLAY, encoding="utf-8")
    exercise = source.read(student.SLUG, hidden=overlay)
    student.check_names(exercise)
    if watch.CANARY not in exercise.question("log_scale").hidden:
        raise ValueError("the trial's hidden tests were not read, so no leak could be seen")
    given.mkdir()
    for member in members:
        member.submit(given, exercise)
    return given, overlay, exercise


def grade(folder, given, overlay):
    """Run the command as an instructor would; return its exit code and what it printed."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-B", "-m", "grading", "grade", given, folder / "out"]
    command += ["--hidden", overlay, "--seed", "7", "--workers", str(WORKERS), "--limits", *LIMITS]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=state.ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    return done.returncode, done.stdout


def mark_of(result):
    """What the grader gave by itself."""
    return sum(question["mark"] for question in result["questions"])


def rows(members, given, out, exercise):
    """Each student with the marks deserved and the mark given; None where there is no result."""
    found = submissions.find(given, source.slugs())
    keys = {whose.raw: key for key, whose in found.students.items()}
    for member in members:
        key = keys.get(member.name)
        place = out / "results" / str(key)
        results = [state.read_json(path) for path in sorted(place.glob("*.json"))]
        mark = sum(map(mark_of, results)) if results else None
        yield member, *member.bounds(exercise), mark


def gradebook_differences(out):
    """Submissions for which the gradebook holds another mark than the result."""
    from nbgrader.api import Gradebook

    wrong = []
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        for path in sorted((out / "results").glob("*/*.json")):
            mark = mark_of(state.read_json(path))
            held = book.find_submission(path.stem, path.parent.name).score
            if abs(mark - held) > NEARLY:
                wrong.append(f"{path.parent.name}: {held} for {mark}")
    return wrong


def untold(out):
    """Students who met a limit without being told which."""
    places = {name: out / "results" / name / f"{student.SLUG}.json" for name in MEET_LIMITS}
    results = {name: state.read_json(path) for name, path in places.items() if path.exists()}
    return [name for name, result in results.items() if not result["limits"]]


def verdict(member, low, high, mark):
    """"ok", "FORGED" or "WRONG" for one student's mark."""
    if mark is None:
        return "ok" if high == 0 else "NOT GRADED"
    if mark > high + NEARLY:
        return "FORGED" if member.kind == student.HOSTILE else "WRONG"
    return "ok" if mark >= low - NEARLY else "WRONG"


def show(table):
    """Print the table; return how many marks are forged, and how many are not as they must be."""
    print(f"\n{'student':<28} {'deserves':>10} {'got':>6}")
    judged = []
    for member, low, high, mark in table:
        judged.append(verdict(member, low, high, mark))
        name = member.name if member.name.isprintable() else repr(member.name)
        deserved = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        got = "none" if mark is None else f"{mark:.4g}"
        note = "" if judged[-1] == "ok" else f"  {judged[-1]}"
        print(f"{name[:28]:<28} {deserved:>10} {got:>6}{note}")
    return judged.count("FORGED"), len(judged) - judged.count("ok")


def traces(folder, before, given_before, bell, code):
    """What must be empty after the class was graded: a list of findings for each promise."""
    out = folder / "out"
    return {
        "the run ended in order": [] if code == 0 else [f"exit code {code}"],
        "no process is left": watch.descendants(),
        "no temporary file is left": [str(path) for path in (folder / "tmp").iterdir()],
        "no file was planted": watch.plants(),
        "package, environment and home are unchanged": watch.changes(before, watch.snapshot()),
        "submissions are unchanged": watch.changes(
            given_before, watch.files_below(folder / "submissions")
        ),
        "nothing foreign stands in OUT": [p.name for p in out.iterdir() if p.name not in OWN],
        "the gradebook holds the marks": gradebook_differences(out),
        "who met a limit is told which": untold(out),
        "nobody reached the network": bell.visitors,
        "no hidden test or its data is shown": watch.leaks(out),
        "nothing foreign runs in the feedback": watch.unsafe_pages(out),
        "no cell of a table is a formula": watch.unsafe_tables(out),
    }


def report(promises):
    """Print each promise; return how many are broken."""
    print()
    for promise, findings in promises.items():
        print(f"{'ok' if not findings else 'BROKEN':<7} {promise}")
        for finding in findings[:10]:
            print(f"        {finding}")
    return sum(bool(findings) for findings in promises.values())


def resumed(folder, given, overlay):
    """Grade again: all results must be found, and nothing must be graded anew."""
    code, printed = grade(folder, given, overlay)
    first = printed.splitlines()[0]
    wrong = code != 0 or "controls:" in printed
    return {"a second run grades nothing again": [f"exit code {code}: {first}"] if wrong else []}


def trial(folder, members):
    """Grade a class in an empty folder; return attacks, forged marks and other failures."""
    given, overlay, exercise = prepare(folder, members)
    watch.adopt_orphans()
    before, given_before = watch.snapshot(), watch.files_below(given)
    start = time.monotonic()
    with watch.Doorbell() as bell:
        if not bell.rings():
            raise RuntimeError("the trial's port does not notice a visitor")
        code, printed = grade(folder, given, overlay)
        print(printed)
        seconds = time.monotonic() - start
        promises = traces(folder, before, given_before, bell, code)
    forged, wrong = show(rows(members, given, folder / "out", exercise))
    promises |= resumed(folder, given, overlay)
    broken = report(promises)
    print(f"\n{len(members)} students in {seconds:.0f} s with {WORKERS} workers")
    attacks = sum(member.kind == student.HOSTILE for member in members)
    return attacks, forged, wrong + broken


def tests():
    """Run grading/tests; return whether all passed."""
    # Not the options of "make test": there are neither doctests nor notebooks here.
    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers"]
    command = [sys.executable, "-m", "pytest", *options, "grading/tests"]
    return subprocess.run(command, cwd=state.ROOT).returncode == 0


def main(arguments):
    """Run all of it; names of students grade these alone, without the tests."""
    if missing := sandbox.available():
        print(missing, file=sys.stderr)
        return 1
    sys.stdout.reconfigure(line_buffering=True)  # in order with what the commands print
    members = everyone(arguments)
    passed = bool(arguments) or tests()
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        attacks, forged, failures = trial(Path(folder), members)
    if not passed:
        print("the tests in grading/tests failed; see above")
    print(f"attacks: {attacks}, forged marks: {forged}")
    return 1 if forged or failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
