"""What grading needs beyond the book: its own pins, installed by the commands that grade alone."""

import re
import signal
import subprocess
import sys

import pytest

from tools import __main__ as command_line
from tools import lock, setup
from tools.environment import ROOT

BASE = (ROOT / "requirements.txt").read_text(encoding="utf-8")
GRADING = (ROOT / "requirements-grading.txt").read_text(encoding="utf-8")


def pins(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_pins_are_exact_and_name_no_host():
    exact = re.compile(r"[\w.-]+==[\w.]+( ; .+)?")
    assert [line for line in pins(GRADING) if not exact.fullmatch(line)] == []
    assert "nbgrader==0.9.6" in pins(GRADING)


def test_what_is_asked_for_is_pinned():
    asked = re.findall(
        r"^([\w-]+)", (ROOT / "requirements-grading.in").read_text("utf-8"), re.MULTILINE
    )
    assert set(asked) <= {lock.name_of(pin) for pin in pins(GRADING)}


def test_no_package_is_pinned_in_both_files():
    both = {lock.name_of(p) for p in pins(BASE)} & {lock.name_of(p) for p in pins(GRADING)}
    assert both == set()


def test_readers_need_neither_nbgrader_nor_dask():
    names = {lock.name_of(pin) for pin in pins(BASE)}
    assert names.isdisjoint({"nbgrader", "dask", "distributed"})


def test_lock_keeps_only_what_the_book_does_not_pin():
    base = ["Jinja2==3.1", "zipp==4 ; python_version < '3.12'"]
    assert lock.beyond(["jinja2==3.1", "zipp==4", "dask==1"], base) == ["dask==1"]


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """An environment that is up to date but for grading; pip only writes down what it is told."""
    asked = []
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "STAMP", tmp_path / ".installed")
    monkeypatch.setattr(setup, "pip", lambda *arguments: asked.append(arguments))
    monkeypatch.setattr(setup, "venv_python", lambda: tmp_path)
    setup.STAMP.write_text(setup.wanted(), encoding="utf-8")
    return asked


def test_other_commands_install_nothing_for_grading(environment):
    setup.main()
    assert environment == []


def test_the_first_grading_installs_once(environment):
    setup.main(extra="grading")
    setup.main(extra="grading")
    assert environment == [("-r", "requirements.txt", "-r", "requirements-grading.txt")]


def test_new_pins_are_installed_together_with_those_for_grading(environment):
    """After a change of requirements.txt both files are resolved together again."""
    setup.main(extra="grading")
    for stamp in (setup.STAMP, setup.VENV / ".installed-grading"):
        old = stamp.read_text(encoding="utf-8").splitlines()
        stamp.write_text("\n".join([*old[:2], "of other pins"]) + "\n", encoding="utf-8")
    environment.clear()
    setup.main()
    assert ("-r", "requirements-grading.txt") not in [call[2:] for call in environment]
    setup.main(extra="grading")
    assert environment[-1] == ("-r", "requirements.txt", "-r", "requirements-grading.txt")


def test_a_failed_installation_is_tried_again(environment, monkeypatch):
    def fail(*arguments):
        sys.exit("pip failed")

    monkeypatch.setattr(setup, "pip", fail)
    with pytest.raises(SystemExit):
        setup.main(extra="grading")
    assert not (setup.VENV / ".installed-grading").exists()


def test_the_grading_commands_ask_for_it():
    asking = {name for name, extra in command_line.EXTRAS.items() if extra == "grading"}
    assert asking == {"grade", "test-grading"}
    assert set(command_line.COMMANDS) > asking


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
def test_a_command_is_given_time_to_end_after_ctrl_c(monkeypatch):
    """``make grade`` finishes what it has begun; it must not be killed while it does."""
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *a: (time.sleep(1), sys.exit(7)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(30)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child.stdout.readline()
    real, interrupted = child.wait, []

    def wait():
        if not interrupted:
            interrupted.append(True)
            child.send_signal(signal.SIGINT)
            raise KeyboardInterrupt
        return real()

    monkeypatch.setattr(child, "wait", wait)
    with child:
        assert command_line.wait(child) == 7
