"""Who handed in what: no name, zip or link may mix up students, reach out, or stop the class."""

import io
import os
import stat
import zipfile

import pytest

from grading import entries
from grading.names import exercise_of, owner, safe_name
from grading.submissions import SubmissionsError, find

SLUGS = {"squared_error", "huber"}


def put(root, path, text="{}"):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def pack(target, members):
    """Write a zip; a member is a name or a ZipInfo."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return target


def handed_in(path):
    found = find(path, SLUGS)
    return {(s.student, s.exercise): s.read()["notebook"] for s in found.submissions}


def texts(found):
    return "\n".join(str(problem) for problem in found.problems)


def test_folders_nested_folders_and_zips_of_students_are_read(tmp_path):
    put(tmp_path, "ada/squared_error.ipynb", "1")
    put(tmp_path, "ada/week 2/huber.ipynb", "2")
    pack(tmp_path / "bob.zip", [("work/squared_error.ipynb", "3")])
    put(tmp_path, "cleo/readme.txt")
    pack(tmp_path / "cleo/all.zip", [("huber.ipynb", "4")])
    assert handed_in(tmp_path) == {
        ("ada", "squared_error"): "1",
        ("ada", "huber"): "2",
        ("bob", "squared_error"): "3",
        ("cleo", "huber"): "4",
    }


@pytest.mark.parametrize("unpacked", [False, True])
def test_moodle_downloads_are_read(tmp_path, unpacked):
    members = [
        ("Ada Lovelace_12345_assignsubmission_file_/squared_error.ipynb", "1"),
        ("Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html", "-"),
        ("Ada Lovelace_99_assignsubmission_file_/squared_error.ipynb", "2"),
        ("Jürgen Groß_7_assignsubmission_file_huber.ipynb", "3"),
    ]
    source = pack(tmp_path / "class.zip", members)
    if unpacked:
        zipfile.ZipFile(source).extractall(tmp_path / "class")
        source = tmp_path / "class"
    assert handed_in(source) == {
        ("Ada Lovelace_12345", "squared_error"): "1",
        ("Ada Lovelace_99", "squared_error"): "2",  # two people of one name stay two
        ("Jürgen Groß_7", "huber"): "3",
    }
    student = find(source, SLUGS).students["Jürgen Groß_7"]
    assert (student.name, student.id) == ("Jürgen Groß", "7")


def test_canvas_downloads_are_read_the_newest_upload_counts_and_late_is_kept(tmp_path):
    members = [
        ("lovelaceada_12_900_squared_error.ipynb", "old"),
        ("lovelaceada_LATE_12_901_squared_error-1.ipynb", "new"),
        ("boolegeorge_13_902_huber-10.ipynb", "10"),
        ("boolegeorge_13_902_huber-9.ipynb", "9"),
    ]
    found = find(pack(tmp_path / "canvas.zip", members), SLUGS)
    assert [(s.student, s.late, s.read()["notebook"]) for s in found.submissions] == [
        ("boolegeorge_13", False, "10"),
        ("lovelaceada_12", True, "new"),
    ]
    assert "2 notebooks of squared_error" in texts(found)
    assert "newest by its name" in found.submissions[1].read()["problems"][0]


def test_a_student_cannot_hand_in_for_another_through_names_in_his_own_zip(tmp_path):
    put(tmp_path, "ada/squared_error.ipynb", "ada's")
    members = [
        ("ada/squared_error.ipynb", "forged"),
        ("../ada/squared_error.ipynb", "forged"),
        ("ada_1_assignsubmission_file_/squared_error.ipynb", "forged"),
        ("ada_1_2_huber.ipynb", "forged"),
    ]
    pack(tmp_path / "eve.zip", members)
    found = handed_in(tmp_path)
    assert found["ada", "squared_error"] == "ada's"
    assert {student for student, _ in found} == {"ada", "eve"}


def test_names_that_lead_out_write_and_read_nothing_outside(tmp_path):
    secret = put(tmp_path, "secret.ipynb", "secret")
    folder = tmp_path / "class"
    folder.mkdir()
    members = [("../../secret.ipynb", "x"), ("/etc/huber.ipynb", "y"), ("..\\huber.ipynb", "z")]
    pack(folder / "eve.zip", members)
    before = sorted(tmp_path.rglob("*"))
    found = find(folder, SLUGS)
    assert [s.read()["notebook"] for s in found.submissions] == ["y"]
    assert "leads out" in texts(found)
    assert sorted(tmp_path.rglob("*")) == before and secret.read_text() == "secret"


def test_links_and_pipes_are_not_followed(tmp_path):
    secret = put(tmp_path, "secret.ipynb", "secret")
    folder = tmp_path / "class"
    (folder / "eve").mkdir(parents=True)
    (folder / "eve/squared_error.ipynb").symlink_to(secret)
    os.mkfifo(folder / "eve/huber.ipynb")
    (folder / "mallory").symlink_to(tmp_path)
    link = zipfile.ZipInfo("squared_error.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    pack(folder / "zed.zip", [(link, str(secret))])
    found = find(folder, SLUGS)
    assert len(found.submissions) == 3  # two of eve's, one of zed's: known, but not read
    for submission in found.submissions:
        handed = submission.read()
        assert handed["notebook"] == "" and "not" in handed["problems"][-1]
    assert "mallory" in texts(found)


def test_a_readable_notebook_is_preferred_to_a_newer_unreadable_one(tmp_path):
    put(tmp_path, "ada/squared_error.ipynb", "good")
    (tmp_path / "ada/squared_error-2.ipynb").symlink_to("squared_error.ipynb")
    assert handed_in(tmp_path) == {("ada", "squared_error"): "good"}


def test_bombs_and_damaged_zips_cost_only_their_owner(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "MOST_BYTES", 100_000)
    put(tmp_path, "ada/squared_error.ipynb", "good")
    pack(tmp_path / "bomb.zip", [("squared_error.ipynb", "0" * 200_000)])
    lying = pack(tmp_path / "lying.zip", [("squared_error.ipynb", "0" * 200_000)])
    data = lying.read_bytes()  # both headers announce ten bytes
    lying.write_bytes(data.replace((200_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    put(tmp_path, "large/squared_error.ipynb", "0" * 200_000)
    (tmp_path / "broken.zip").write_bytes(b"PK\x05\x06" + b"\xff" * 40)
    (tmp_path / "random.zip").write_bytes(os.urandom(500))
    inner = io.BytesIO()
    pack(inner, [("squared_error.ipynb", "inner")])
    pack(tmp_path / "nested.zip", [("again.zip", inner.getvalue())])
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("squared_error.ipynb", "0" * 10)
    found = find(tmp_path, SLUGS)
    read = {s.student: s.read() for s in found.submissions}
    assert read.pop("ada")["notebook"] == "good"
    for handed in read.values():
        assert len(handed["notebook"]) <= 10 and (handed["problems"] or handed["notebook"])
    for name in ("bomb", "large"):
        assert read[name]["notebook"] == "" and "too large" in read[name]["problems"][-1]
    for name in ("broken", "random", "nested"):
        assert name not in read and found.students[name].problems


def test_a_million_files_of_one_student_do_not_hide_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "MOST_FILES", 20)
    for number in range(60):
        put(tmp_path, f"eve/{number}.txt")
    pack(tmp_path / "mallory.zip", [(f"{n}.txt", "") for n in range(60)])
    put(tmp_path, "zoe/huber.ipynb", "good")
    found = find(tmp_path, SLUGS)
    assert handed_in(tmp_path) == {("zoe", "huber"): "good"}
    assert texts(found).count("more than 20 files") == 2


def test_deep_folders_end(tmp_path):
    put(tmp_path, "eve/" + "a/" * 60 + "huber.ipynb")
    assert "too deeply" in texts(find(tmp_path, SLUGS))


def test_names_in_any_script_and_encoding_give_safe_distinct_keys(tmp_path):
    names = ["José", "Jose\u0301", "ada", "Ada", "李 小龙", "a" * 200, ".. ..", "x/../y"]
    names += ["-rf", "=1+1", "tab\tname", "a\u202eb", "CON.", "\udcff", "", " ada", "ada "]
    keys = [safe_name(name) for name in names]
    assert len(set(keys)) == len(names)
    for key in keys:
        assert 0 < len(key.encode()) <= 100 and not set(key) & set("/\\:*?\"<>|'=`$&;%#\n\t\u202e")
        assert not key.startswith(("-", ".", " ")) and not key.endswith((".", " "))
        (tmp_path / key).mkdir()
    assert safe_name("李 小龙") == "李 小龙" and safe_name("ada@uni.edu") == "ada@uni.edu"


def test_a_folder_named_like_anothers_key_stays_apart(tmp_path):
    evil = "=ada"
    put(tmp_path, f"{evil}/huber.ipynb", "1")
    put(tmp_path, f"{safe_name(evil)}/huber.ipynb", "2")
    found = find(tmp_path, SLUGS)
    assert len(found.students) == 2
    assert sorted(s.read()["notebook"] for s in found.submissions) == ["1", "2"]


def test_names_on_disk_and_in_zips_that_are_not_utf8_are_read(tmp_path):
    put(tmp_path, os.fsdecode(b"J\xfcrgen/huber.ipynb"), "1")
    unflagged = zipfile.ZipInfo("J?rgen/huber.ipynb")
    target = pack(tmp_path / "c.zip", [(unflagged, "2")])
    target.write_bytes(target.read_bytes().replace(b"J?rgen", b"J\x81rgen"))
    for source in (tmp_path, target):
        assert next(iter(handed_in(source).values())) in {"1", "2"}
    assert [s.name for s in find(target, SLUGS).students.values()] == ["Jürgen"]
    str(find(tmp_path, SLUGS)).encode("utf-8", "strict")


def test_names_of_notebooks():
    same = ["squared_error", "Squared_Error", "squared-error", "squared error"]
    assert {exercise_of(f"{name}.ipynb", SLUGS) for name in same} == {("squared_error", 0)}
    for suffix, number in {"-1": 1, " (2)": 2, "-Copy3": 3, "_copy": 1, "-Copy1 (4)": 4}.items():
        assert exercise_of(f"huber{suffix}.ipynb", SLUGS) == ("huber", number)
    for name in ("homework.ipynb", "huber_final.ipynb", ".ipynb", "-1.ipynb"):
        assert exercise_of(name, SLUGS) == (None, 0)


def test_system_files_are_passed_over_and_loose_ones_are_told(tmp_path):
    put(tmp_path, "__MACOSX/huber.ipynb")
    put(tmp_path, "ada/.ipynb_checkpoints/huber-checkpoint.ipynb")
    put(tmp_path, "grades.csv")
    put(tmp_path, "huber.ipynb")
    found = find(tmp_path, SLUGS)
    assert not found.submissions and not found.students
    assert "lies loose" in texts(found)


def test_those_who_handed_in_nothing_usable_are_listed_with_the_reason(tmp_path):
    put(tmp_path, "ada/homework.ipynb")
    put(tmp_path, "bob/essay.pdf")
    found = find(tmp_path, SLUGS)
    assert not found.submissions
    assert "expected one of huber, squared_error" in found.students["ada"].problems[0]
    assert "No notebook" in found.students["bob"].problems[-1]


def test_a_wrong_place_is_named(tmp_path):
    with pytest.raises(SubmissionsError, match="does not exist; expected a folder or a zip"):
        find(tmp_path / "nowhere", SLUGS)
    with pytest.raises(SubmissionsError, match="is a file; expected"):
        find(put(tmp_path, "a.txt"), SLUGS)


def test_owner_of_a_plain_folder_is_its_whole_name():
    assert owner("smith_1_2_x.ipynb", is_file=False).raw == "smith_1_2_x.ipynb"
    assert owner("notes.txt", is_file=True) is None
