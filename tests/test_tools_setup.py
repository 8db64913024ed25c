"""Set-up, pins and the command line: what can be said without installing anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import __main__ as command_line
from tools import clean as cleaner
from tools import lock, pins, serve, setup
from tools.environment import ROOT

LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_an_unfit_python_is_refused_in_words(version):
    with pytest.raises(SystemExit, match=r"Python 3\.11, 3\.12 or 3\.13 is needed"):
        setup.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_fit_python_is_accepted(version):
    setup.check_python(version)


def test_an_environment_made_by_others_is_not_cleared(tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("precious")
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".installed")
    with pytest.raises(SystemExit, match="did not finish it"):
        setup.create()
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_setup_needs_nothing_but_the_standard_library():
    code = "import sys; sys.path.insert(0, '.'); import tools.setup, tools.__main__"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=True)


def test_every_make_target_is_a_command():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert targets == {"help", *command_line.COMMANDS}


def test_help_lists_every_command(capsys):
    assert command_line.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in command_line.COMMANDS)


def test_an_unknown_command_is_refused(capsys):
    assert command_line.main(["bok"]) == 2
    assert "unknown command 'bok'" in capsys.readouterr().err


def test_the_lock_pins_everything_exactly_and_names_no_host():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith("#")]
    exact = re.compile(r"[\w.-]+==[\w.]+( ; .+)?")
    assert [line for line in lines if not exact.fullmatch(line)] == []
    assert "torch==2.13.0" in lines
    assert not re.search(r"nvidia|triton|--|://|file:|/", "\n".join(lines))


def test_the_lock_holds_all_that_is_asked_for():
    asked = re.findall(r"^([\w-]+)", (ROOT / "requirements.in").read_text("utf-8"), re.MULTILINE)
    pinned = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^[\w.-]+", LOCK, re.M)}
    assert {name.lower() for name in asked} <= pinned


def test_lock_drops_gpu_libraries_and_local_versions():
    lines = [
        "nvidia-nccl==2 ; sys_platform == 'linux'",
        "triton==3",
        "torch==2.13.0+cpu",
        "",
        "a==1",
    ]
    assert lock.clean(lines) == ["torch==2.13.0", "a==1"]


def test_a_version_that_is_not_pinned_is_noticed():
    assert pins.mismatches("pytest==0.1\n") == [f"pytest: {pytest.__version__}, not ==0.1"]
    assert pins.mismatches("no-such-package==1\n") == ["no-such-package: nothing, not ==1"]
    assert pins.mismatches(f"pytest=={pytest.__version__}  # comment\n") == []
    assert pins.mismatches("pytest==0.1 ; sys_platform == 'nowhere'\n") == []


def test_serving_without_a_book_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "HTML", tmp_path)
    with pytest.raises(SystemExit, match="no book yet: make book"):
        serve.main([])


def test_clean_deletes_only_what_can_be_made_again(tmp_path):
    for name in ("_build", ".venv", "chapters"):
        (tmp_path / name).mkdir()
    cleaner.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "chapters"]


def test_no_tool_file_is_long():
    long = [
        p.name for p in Path(ROOT, "tools").glob("*.py") if len(p.read_text().splitlines()) > 300
    ]
    assert long == []
