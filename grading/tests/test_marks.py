"""Marks add up, a mark still to be given is never a silent 0, and no name is run as a formula."""

import csv

import pytest

from grading import summary
from grading.marks import Mark, Total, number, rows, safe, write
from grading.tests.results import exercises, found, result

SLUG = "squared_error"


@pytest.fixture(scope="module")
def example():
    return exercises()


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_row_for_each_student_with_sums_and_status(tmp_path, example):
    results = [result("ada", (1, 0.5, 0, 1)), result("bob", (1, 1, 1, 1)), result("cleo", text="")]
    manual = {("bob", SLUG, "engel"): Mark(2.5, 0.5)}
    everyone = found(*results, late={"bob"}, nothing=["zoe"])
    write(tmp_path, example, results, manual, everyone)
    ada, bob, cleo, zoe = table(tmp_path / "grades.csv")
    points = example[SLUG].points
    assert ada[f"{SLUG} total"] == ada[f"{SLUG} auto"] == ada["total"] == "5.5"
    assert ada[f"{SLUG} status"] == "3 by hand pending" and ada["pending"] == "3"
    assert bob[f"{SLUG} auto"] == "10" and bob[f"{SLUG} manual"] == "3" and bob["total"] == "13"
    assert bob[f"{SLUG} status"] == "graded; late" and bob["pending"] == "0"
    assert cleo["total"] == "0" and cleo[f"{SLUG} status"] == "graded"  # no text to be read
    assert zoe[f"{SLUG} total"] == "" and zoe[f"{SLUG} status"] == "not handed in"
    assert {row["max"] for row in (ada, bob, cleo, zoe)} == {number(points)}


def test_a_run_that_was_interrupted_says_who_is_not_graded_yet(tmp_path, example):
    results = [result("ada"), result("bob")]
    write(tmp_path, example, results[:1], {}, found(*results))
    states = [line[f"{SLUG} status"] for line in table(tmp_path / "grades.csv")]
    assert states == ["3 by hand pending", "not graded yet"]


def test_one_row_for_each_question(tmp_path, example):
    item = result("ada", (1, 0.5, 0, 1))
    item["questions"][1] |= {"mistake": "half", "hint": "A half is missing."}
    write(tmp_path, example, [item], {("ada", SLUG, "weighted"): Mark(3.0, 0, "ok")}, found(item))
    lines = {line["question"]: line for line in table(tmp_path / "marks.csv")}
    assert lines["by_hand"]["mark"] == lines["by_hand"]["auto"] == "2"
    weighted = lines["weighted"]
    assert (weighted["auto"], weighted["manual"], weighted["mark"]) == ("", "3", "3")
    assert weighted["mistake"] == "half" and weighted["comment"] == "ok"
    assert (lines["engel"]["mark"], lines["engel"]["pending"]) == ("", "yes")


def test_no_text_becomes_a_formula_or_another_cell(tmp_path, example):
    evil = '=HYPERLINK("http://e","x")\n+1\r\t@SUM(1),";'
    for start in "=+-@":
        assert safe(f"{start}1").startswith("'") and safe(f" \t{start}1").startswith("'")
    assert safe("\u202e\x00=1")[0] not in "=+-@"
    item = result("@eve", (1, 1, 1, 1))
    item["questions"][0] |= {"message": evil}
    everyone = found(item)
    everyone.students["@eve"].name = evil
    write(tmp_path, example, [item], {("@eve", SLUG, "by_hand"): Mark(1, 0, evil)}, everyone)
    for name in ("grades.csv", "marks.csv"):
        for line in table(tmp_path / name):
            assert None not in line and None not in line.values()
            assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in line.values())
    assert table(tmp_path / "marks.csv")[0]["manual"] == "1"


def test_a_result_that_lacks_questions_gives_zero_with_the_reason(example):
    broken = result(questions=[], answers={}, error="It is not a notebook.")
    parts = rows(example[SLUG], broken, {})
    assert [row.earned for row in parts] == [0] * 5
    assert {row.message for row in parts} == {"It is not a notebook.", "Not answered."}


def test_a_mark_by_hand_takes_the_place_of_the_graders_and_extra_credit_is_added(example):
    item = result(shares=(1, 0.5, 0, 1))
    manual = {("ada", SLUG, "weighted"): Mark(0.0), ("ada", SLUG, "by_hand"): Mark(None, 1.0)}
    parts = rows(example[SLUG], item, manual)
    assert [row.earned for row in parts] == [3, 0, 0, 2, 0]
    total = Total.of(parts)
    assert total.total == total.auto + total.manual == 5 and total.pending == 3
    assert str(total) == "5 of 13, 3 by hand pending"


def test_a_changed_answer_is_flagged_and_its_mark_counts(example):
    parts = rows(example[SLUG], result(), {("ada", SLUG, "engel"): Mark(2.0, 0, "", True)})
    assert str(Total.of(parts)) == "2 of 13, 1 marked by hand changed since"


def test_numbers_are_short():
    assert [number(x) for x in (1 / 3, 2.0, 0.1 + 0.2, 0, -0.0, 1234567)] == [
        "0.3333",
        "2",
        "0.3",
        "0",
        "0",
        "1234567",
    ]


def test_summary_counts_draws_and_names_the_commonest_mistake(example):
    results = [result(f"s{n}", (1, 0.4, 1, 1)) for n in range(3)]
    results += [result("t", (1, 0.5, 1, 1))]
    results += [result("u", questions=[], cells=[], answers={}, error="bad")]
    for item in results[:3]:
        item["questions"][1]["mistake"] = "lost_log"
    results[3]["questions"][1]["mistake"] = "half"
    said = summary.text(example, results, {}, found(*results, nothing=["zoe"]))
    assert "5 submissions by 6 students" in said and "1 student without a notebook" in said
    assert "1 notebook from which no answer could be read" in said
    assert "1 submission not graded" in said
    assert "weighted (Derive): 34%, most often lost_log (3 of 5)" in said
    lines = said.splitlines()
    order = [line.split()[0] for line in lines if line.startswith("    ") and "(" in line]
    assert order[0] == "weighted"
    bars = {line[2:9]: line[13:].split()[0] for line in lines if "–" in line}
    assert bars[" 80– 90"] == "4" and bars["  0– 10"] == "1" and bars[" 10– 20"] == "0"
    assert "4 answers still to be marked by hand" in said


def test_summary_of_nobody(example):
    assert summary.text(example, [], {}, found()) == "0 submissions by 0 students"
