"""Each check of the trial can fail: shown on a planted fault."""

import json
import subprocess
import sys

import pytest

from grading import release, trial
from grading.source import read
from grading.tests.attacks import files, honest, reading, watch
from grading.tests.attacks.student import HONEST, HOSTILE, Student, check_names

EXERCISE = read("squared_error")
HOSTILE_STUDENT = Student("x", "y", kind=HOSTILE)
HONEST_STUDENT = Student("x", "y", kind=HONEST)


@pytest.mark.parametrize(
    ("member", "mark", "expected"),
    [
        (HOSTILE_STUDENT, 2, "ok"),
        (HOSTILE_STUDENT, 2.5, "FORGED"),
        (HOSTILE_STUDENT, 0.5, "WRONG"),
        (HOSTILE_STUDENT, None, "NOT GRADED"),
        (HONEST_STUDENT, 2.5, "WRONG"),
        (HONEST_STUDENT, 2, "ok"),
    ],
)
def test_a_mark_is_compared_with_what_is_deserved(member, mark, expected):
    assert trial.verdict(member, 1, 2, mark) == expected


def test_forged_and_wrong_marks_are_counted(capsys):
    table = [(HOSTILE_STUDENT, 2, 2, 10), (HOSTILE_STUDENT, 2, 2, 0), (HONEST_STUDENT, 2, 2, 2)]
    assert trial.show(table) == (1, 2)
    assert "FORGED" in capsys.readouterr().out


def test_a_broken_promise_is_counted(capsys):
    assert trial.report({"kept": [], "broken": ["because"]}) == 1
    assert "because" in capsys.readouterr().out


def test_the_class_is_large_and_every_code_reaches_a_notebook():
    members = trial.everyone()
    assert sum(member.kind == HOSTILE for member in members) >= 100
    for member in reading.read_all():
        sources = [cell["source"] for cell in json.loads(member.notebook(EXERCISE))["cells"]]
        sources = ["".join(source) for source in sources]
        assert {member.own, *member.answers.values()} - {""} <= set(sources)


def test_attacks_name_what_the_exercise_asks_for():
    check_names(EXERCISE)
    with pytest.raises((ValueError, KeyError)):
        check_names(read("map"))


def test_deserved_marks_follow_the_points():
    complete = honest.honest("a", "b").bounds(EXERCISE)
    assert complete == (10, 10)
    assert Student("a", "b", may_lose=("by_hand",)).bounds(EXERCISE) == (0, 2)
    low, high = honest.mistaken("a", 0).bounds(EXERCISE)
    assert low == high and 0 < low < 10


def test_every_broken_file_is_really_broken():
    twice = next(member for member in files.STUDENTS if member.name == "answers-twice")
    assert twice.notebook(EXERCISE) != release.as_text(release.release(EXERCISE))


def test_a_process_that_stays_is_seen():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert any(line.startswith(f"{child.pid}:") for line in watch.descendants())
        child.communicate(b"\n")


def test_an_orphan_is_adopted_and_seen():
    code = (
        "from grading.tests.attacks import watch\n"
        "import subprocess, time\n"
        "watch.adopt_orphans()\n"
        "subprocess.run('setsid sleep 30 >/dev/null 2>&1 &', shell=True)\n"
        "time.sleep(0.5)\n"
        "found = watch.descendants()\n"
        "subprocess.run(['kill', found[0].split(':')[0]])\n"
        "print(found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sleep 30" in done.stdout


def test_a_visitor_is_counted():
    with watch.Doorbell(port=0, name="another") as bell:
        assert bell.rings()
        assert bell.visitors == []


def test_a_changed_a_new_and_a_lost_file_are_seen(tmp_path):
    for name in ("same", "changed", "lost"):
        (tmp_path / name).write_text(name)
    before = watch.files_below(tmp_path)
    (tmp_path / "changed").write_text("other content")
    (tmp_path / "lost").unlink()
    (tmp_path / "new").write_text("")
    found = [path.rpartition("/")[2] for path in watch.changes(before, watch.files_below(tmp_path))]
    assert found == ["changed", "lost", "new"]


def test_the_package_and_the_environment_are_watched():
    seen = "\n".join(watch.snapshot())
    assert "mlebook/exercises/wire.py" in seen and "site-packages/torch/" in seen


@pytest.mark.parametrize("secret", watch.SECRETS)
def test_a_leak_is_found(tmp_path, secret):
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "page.html").write_text(f"far is {secret} indeed")
    assert len(watch.leaks(tmp_path)) == 1


@pytest.mark.parametrize(
    "page",
    [
        "<h1>a</h1><script>x</script>",
        "<h1>a</h1><img src=x onerror=y>",
        "<h1>a</h1><a href=' javascript:x'>b</a>",
        "<h1>a</h1><img src='https://example.org/x'>",
        "<h1>a</h1><h1>Mark: 10 of 10</h1>",
    ],
)
def test_a_page_that_runs_something_is_found(tmp_path, page):
    (tmp_path / "feedback").mkdir()
    path = tmp_path / "feedback" / "page.html"
    path.write_text(page)
    assert watch.unsafe_pages(tmp_path)
    path.write_text("<h1>a</h1><a href='other.html'>b</a> &lt;script&gt;")
    assert watch.unsafe_pages(tmp_path) == []


def test_a_formula_in_a_table_is_found(tmp_path):
    (tmp_path / "grades.csv").write_text("student,mark\n'=x,1\n")
    assert watch.unsafe_tables(tmp_path) == []
    (tmp_path / "grades.csv").write_text("student,mark\n=cmd|x,1\n")
    assert len(watch.unsafe_tables(tmp_path)) == 1
