"""What students get: it holds no solution and no hidden test, works, and is never overwritten."""

import hashlib
import json
import zipfile

import nbformat
import pytest
import secrets_search as secrets
from exercises_small import SMALL, plant

from grading import assignment, folder, public, release, solutions, source
from tools.environment import CHAPTERS, SOURCES
from tools.rendering import render

PLANTED = ("SOLUTIONMARK", "DOUBLEMARK", "EXPLANATIONMARK", "MISTAKEMARK", "EQUIVALENTMARK")
PLANTED += ("TEXTMARK", "RUBRICMARK", "HIDDENPROSE", "HIDDENMARK")
CHECKS = "mlebook/exercises/checks/small.json"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The assignment of an exercise with markers, as ``make assignment`` writes it."""
    place = tmp_path_factory.mktemp("planted")
    target = place / "dist" / "assignment"
    assert assignment.main([], plant(place / "exercises"), target) == 0
    return target


@pytest.mark.parametrize("marker", PLANTED)
def test_no_planted_marker_is_in_the_assignment(planted, marker):
    assert secrets.where(marker, planted.parent) == []


def test_the_search_finds_what_is_there(planted, tmp_path):
    found = secrets.where("HINTMARK", planted.parent)
    assert {"assignment/small.ipynb", "assignment.zip!assignment/small.ipynb"} == set(found)
    for number, spelling in enumerate(secrets.spellings("HIDDENMARK")):
        (tmp_path / f"{number}.txt").write_bytes(b"xx" + spelling + b"xx")
        assert secrets.where("HIDDENMARK", tmp_path)[-1] == f"{number}.txt"


@pytest.mark.parametrize("marker", ["TESTMARK", "MISTAKEHINT"])
def test_visible_tests_and_hints_are_in_the_public_checks_alone(planted, marker):
    found = secrets.where(marker, planted)
    assert found and all(name.endswith("!" + CHECKS) for name in found)


def test_the_assignment_holds_what_a_student_needs(planted):
    names = set(folder.files(planted))
    (wheel,) = [name for name in names if name.endswith(".whl")]
    assert {"README.md", "requirements.txt", "small.ipynb", "data/README.md"} <= names
    assert len([name for name in names if name.startswith("data/") and name.endswith(".csv")]) == 8
    wanted = (planted / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert f"./{wheel}" in wanted
    pinned = {line.split("==")[0] for line in wanted if "==" in line}
    assert pinned == set(assignment.NEEDED)
    assert "small.ipynb" in (planted / "README.md").read_text(encoding="utf-8")


def test_the_zip_holds_the_same_files(planted):
    with zipfile.ZipFile(folder.zip_path(planted)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    outside = {f"assignment/{n}": p.read_bytes() for n, p in folder.files(planted).items()}
    assert inside == outside


def test_two_runs_write_the_same_bytes(planted, tmp_path):
    again = tmp_path / "dist" / "assignment"
    assert assignment.main([], plant(tmp_path / "exercises"), again) == 0
    assert folder.present(again) == folder.present(planted)


def test_what_was_changed_by_hand_is_not_overwritten(tmp_path, capsys):
    target = tmp_path / "dist" / "work"

    def write():
        with folder.made_anew(target) as fresh:
            (fresh / "a.txt").write_text("made", encoding="utf-8")

    write()
    write()
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(folder.ChangedByHand, match=r"work/notes\.txt"):
        write()
    (target / "notes.txt").unlink()
    (target / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(folder.ChangedByHand, match=r"work/a\.txt"):
        write()
    (target / "a.txt").unlink()
    write()
    folder.zip_path(target).write_bytes(b"mine")
    with pytest.raises(folder.ChangedByHand, match=r"work\.zip"):
        write()
    assert folder.zip_path(target).read_bytes() == b"mine"


def test_a_failure_leaves_the_old_folder(tmp_path):
    target = tmp_path / "work"
    with folder.made_anew(target) as fresh:
        (fresh / "a.txt").write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), folder.made_anew(target) as fresh:
        (fresh / "a.txt").write_text("new", encoding="utf-8")
        raise ZeroDivisionError
    assert (target / "a.txt").read_text(encoding="utf-8") == "old"
    assert [p.name for p in sorted(tmp_path.iterdir())] == [".work.json", "work", "work.zip"]


@pytest.fixture
def small(tmp_path):
    """The small exercise."""
    return source.read("small", plant(tmp_path))


def test_the_cells_of_a_release(small):
    notebook = release.release(small)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [
        *("how-to", "setup", "area-statement", "area", "area-check", "double-statement"),
        *("double", "double-check", "words-statement", "words"),
    ]
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["area"].source == "side = 2\narea = ..."
    assert cells["area-check"].source == 'check("small.area", area)'
    assert all(cell.metadata.nbgrader.grade_id == cell.id for cell in notebook.cells)
    graded = {c.id: c.metadata.nbgrader.points for c in notebook.cells if c.metadata.nbgrader.grade}
    assert graded == {"area-check": 2, "double-check": 1.5, "words": 3}
    editable = {cell.id for cell in notebook.cells if cell.metadata.get("editable", True)}
    assert editable == {"area", "double", "words"}
    text = cells["area-statement"].source
    assert text.startswith("## 1. By hand (2 points)") and "<summary>Hint</summary>" in text
    assert "[[1, 2], [3, 4]]" in text and "See another chapter." in text
    assert "](#" not in cells["how-to"].source and "Public checks are not the marks" in (
        cells["how-to"].source
    )


def test_the_checksums_are_those_that_nbgrader_computes(small):
    cells = {cell.id: cell for cell in release.release(small).cells}
    expected = (
        'check("small.area", area)' + "code" + "True" + "False" + "True" + "area-check" + "2.0"
    )
    found = cells["area-check"].metadata.nbgrader.checksum
    assert found == hashlib.md5(expected.encode()).hexdigest()


def test_answers_can_be_filled_in(small):
    cells = {cell.id: cell.source for cell in release.solved(small).cells}
    assert "SOLUTIONMARK" in cells["area"] and cells["words"].startswith("TEXTMARK")
    cells = {cell.id: cell.source for cell in release.filled(small, {"area": "area = 4"}).cells}
    assert cells["area"] == "area = 4" and "# your code" in cells["double"]


@pytest.fixture(scope="module")
def exercises():
    """All exercises of the book."""
    return source.read_all()


def test_no_line_of_a_solution_or_hidden_test_is_released(exercises):
    for exercise in exercises:
        texts = {
            "release": release.as_text(release.release(exercise)),
            "checks": json.dumps(json.loads((public.CHECKS / f"{exercise.slug}.json").read_text())),
        }
        secret = secrets.solution_lines(exercise) | secrets.hidden_lines(exercise)
        assert secret
        for name, text in texts.items():
            shown = secrets.readable("x.json", text.encode())
            assert not secret & shown, f"{exercise.slug}: {name}"


def test_no_hidden_test_and_no_listed_mistake_is_in_a_chapter(exercises):
    sources = [path.read_text(encoding="utf-8") for path in SOURCES.glob("*.md")]
    kept = secrets.kept_from_the_book(exercises, sources)
    assert all(kept.values())
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        shown = secrets.readable(path.name, path.read_bytes())
        for slug, secret in kept.items():
            assert not secret & shown, f"{slug} in {path.name}"


def test_the_search_for_lines_finds_them(small):
    shown = secrets.readable("x.ipynb", release.as_text(release.solved(small)).encode())
    assert 'marked = "DOUBLEMARK"' in secrets.solution_lines(small) & shown
    assert not secrets.hidden_lines(small) & shown
    html = "<pre><span>yield</span> (<span>1e6</span> * rng.normal(),)  # HIDDENMARK</pre>"
    assert secrets.hidden_lines(small) & secrets.readable("x.html", html.encode())
    assert secrets.public_lines(small) >= {"yield (rng.normal(),)  # TESTMARK"} and SMALL


def test_an_instructors_notebook_shows_how_each_question_is_marked(small):
    cells = {cell.id: cell.source for cell in solutions.solution_notebook(small).cells}
    assert solutions.WARNING in cells["how-to"]
    assert {"area-notes", "double-notes", "words-notes"} <= set(cells)
    assert "MISTAKEHINT" in cells["area-notes"] and "EQUIVALENTMARK" in cells["area-notes"]
    assert '[[ value("2 * 2", "d") ]]' in cells["area-notes"], "rendered when it is run"
    assert "HIDDENMARK" in cells["double-notes"] and "RUBRICMARK" in cells["words-notes"]
    assert "[[1, 2], [3, 4]]" in render(cells["area-statement"], {}, None)
