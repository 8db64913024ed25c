"""What a run keeps between runs: whole results, under a key of all that decides the marks."""

import json

import pytest

from grading import state, workers
from grading.state import State, StateError

SUBMISSION = {"student": "ada", "exercise": "map", "notebook": "{}"}
RESULT = {"student": "ada", "exercise": "map", "key": "k", "questions": []}


def key(submission=SUBMISSION, exercise=None, **options):
    options = {"seed": 1, "version": "v", **options}
    return workers.job(submission, exercise or {"slug": "map"}, **options)["key"]


@pytest.mark.parametrize(
    "change",
    [
        {"submission": {**SUBMISSION, "student": "bob"}},
        {"submission": {**SUBMISSION, "notebook": "{ }"}},
        {"exercise": {"slug": "map", "hidden": "other"}},
        {"seed": 2},
        {"version": "w"},
        {"limits": {"seconds_cell": 5}},
        {"unsafe": True},
    ],
)
def test_whatever_decides_marks_changes_the_key(change):
    assert key(**change) != key()
    assert key() == key()


def test_neighbouring_parts_do_not_run_together():
    assert state.digest("ab", "c") != state.digest("a", "bc")


def test_a_result_is_found_under_its_key_alone(tmp_path):
    with State(tmp_path / "out") as kept:
        kept.save(RESULT)
        assert kept.load("ada", "map", "k") == RESULT
        assert kept.load("ada", "map", "other") is None
        assert kept.load("bob", "map", "k") is None


def test_a_failed_write_leaves_the_old_result(tmp_path):
    with State(tmp_path / "out") as kept:
        kept.save(RESULT)
        with pytest.raises(TypeError):
            kept.save({**RESULT, "questions": object()})
        assert kept.load("ada", "map", "k") == RESULT
        assert [path.name for path in (kept.results / "ada").iterdir()] == ["map.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "[" * 100_000, "\xff"])
def test_a_damaged_result_counts_as_none(tmp_path, text):
    with State(tmp_path / "out") as kept:
        kept.save(RESULT)
        kept.path("ada", "map").write_text(text, encoding="latin-1")
        assert kept.load("ada", "map", "k") is None


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "a\0b"])
def test_no_name_leads_out_of_the_results(tmp_path, name):
    kept = State(tmp_path / "out")
    with pytest.raises(StateError):
        kept.path(name, "map")
    with pytest.raises(StateError):
        kept.path("ada", name)


def test_a_folder_of_others_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(StateError, match="did not make"), State(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(StateError, match="is a file"), State(tmp_path / "out"):
        pass


def test_one_run_at_a_time(tmp_path):
    with State(tmp_path / "out") as kept:
        kept.seed()
        with pytest.raises(StateError, match="another grading run"), State(tmp_path / "out"):
            pass
    with State(tmp_path / "out"):
        pass


def test_the_seed_is_secret_and_kept(tmp_path):
    with State(tmp_path / "out") as kept:
        first = kept.seed()
        assert kept.seed() == first
        assert kept.seed(7) == 7
        assert kept.seed() == 7
    with State(tmp_path / "other") as other:
        assert other.seed() != first
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("pair", [("a", "a"), ("a", "a/out"), ("a/given", "a")])
def test_submissions_and_out_lie_apart(tmp_path, pair):
    given, out = (tmp_path / name for name in pair)
    with pytest.raises(StateError, match="apart"):
        state.check_apart(given, out)
    state.check_apart(tmp_path / "x", tmp_path / "y")


def test_the_version_follows_the_code(tmp_path):
    (tmp_path / "mlebook").mkdir()
    (tmp_path / "grading").mkdir()
    before = state.version(tmp_path)
    (tmp_path / "mlebook" / "new.py").write_text("")
    assert state.version(tmp_path) != before
    assert json.dumps(state.version())
