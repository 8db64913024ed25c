"""What a sandboxed process can see and reach, as root and as an ordinary user."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grading import sandbox, seccomp
from grading.cgroups import ROOT as CONTROL_GROUPS
from grading.cgroups import Group, _sweep
from grading.limits import Limits
from grading.mounts import ROOT
from grading.process import descendants, pump
from grading.tests.job_scene import IN_TMP

LIMITS = Limits(seconds_cell=5, seconds_total=60, memory_mb=600, processes=16, file_mb=8)


@pytest.fixture(scope="module", autouse=True)
def bubblewrap():
    """Sandboxes must work wherever these tests run: without them they would prove nothing."""
    assert sandbox.available() is None


@pytest.fixture(params=["root", "user"])
def mode(request, monkeypatch):
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("only root can run bubblewrap without a user namespace")
    monkeypatch.setattr(sandbox, "_mode", lambda: (request.param, None))
    return request.param


def ran(code, limits=LIMITS, setup=""):
    """Run one cell in a student's sandbox; its output, its error, and the process."""
    process = sandbox.Sandbox("student", "grading.student", limits)
    task = {"setup": setup, "seconds": limits.seconds_cell, "setup_seconds": 60, "alone": True,
            "cell_text": "time", "output_characters": 20_000,
            "cells": [{"number": 0, "id": "cell", "source": code}]}
    process.send(json.dumps(task).encode())
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            pump([process], [], 0.5)
            while (line := process.line()) is not None:
                message = json.loads(line)
                if message.get("ran") == 0:
                    return message["output"], message["error"]
            if process.ended:
                return "", f"ended: {process.last_words()}"
    finally:
        process.kill()
    raise AssertionError("no answer")


def test_it_has_its_own_user_without_rights(mode):
    output, error = ran("import os\nprint(os.getuid(), os.getgroups())\nprint([l for l in "
                        "open('/proc/self/status') if 'Cap' in l or 'NoNew' in l])")
    assert error is None
    user = int(output.split()[0])
    assert user == 1000 if mode == "user" else user >= 20_000
    assert "CapEff:\\t0000000000000000" in output
    assert "CapBnd:\\t0000000000000000" in output or mode == "user"
    assert "NoNewPrivs:\\t1" in output


def test_the_network_is_closed(mode):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        output, error = ran(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)")
        assert "Connection refused" in error or "unreachable" in error, (output, error)
        with pytest.raises(TimeoutError):
            server.accept()
    # the same call outside: the test can fail
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), 2).close()
        server.accept()[0].close()


@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_VSOCK", "AF_PACKET", "AF_ALG"])
def test_sockets_of_other_families_cannot_be_made(family):
    if seccomp.program() is None:
        pytest.skip("there is no filter for this machine")
    _, error = ran(f"import socket\nsocket.socket(socket.{family}, socket.SOCK_RAW)")
    assert "OSError" in error or "PermissionError" in error


def test_only_python_and_its_own_files_are_there(mode, tmp_path):
    secret = tmp_path / "grades.csv"
    secret.write_text("secret")
    code = f"""
import os
for path in {[str(secret), str(ROOT / "exercises"), str(ROOT / "tests"),
              str(ROOT / "grading"), str(ROOT / "mlebook"), "/course/exercises",
              "/course/grading/marker.py",
              "/course/grading/job.py", "/course/grading/tests", "/etc/passwd", "/etc/shadow",
              "/sys", "/var", "/run", "/mnt"]}:
    print(path, os.path.exists(path))
print(sorted(os.listdir('/course/grading')), os.listdir('/tmp'), os.listdir('.'))
"""
    output, error = ran(code)
    assert error is None
    assert "True" not in output, output
    assert f"['__init__.py', 'cells.py', 'channel.py', 'student.py'] {IN_TMP}" in output


def test_other_processes_cannot_be_seen(mode):
    output, error = ran("import os\nprint([p for p in os.listdir('/proc') if p.isdigit()])\n"
                        "print(open('/proc/1/cmdline').read()[:40])")
    assert error is None
    numbers = output.splitlines()[0]
    assert len(numbers.split(",")) <= 3, numbers
    assert str(os.getpid()) not in numbers
    assert "python" not in output.splitlines()[1]


def test_nothing_can_be_written_but_the_small_temporary_folders(mode):
    output, error = ran("""
import importlib.util, os, sys, sysconfig, mlebook
places = ['/', '/usr', '/course', '/dev', '/home', '/etc', os.path.dirname(mlebook.__file__),
          os.path.dirname(importlib.util.find_spec('torch').origin), sys.prefix,
          sysconfig.get_paths()['purelib']]
for place in places:
    try:
        open(os.path.join(place, 'planted'), 'w').close()
        print('WRITTEN', place)
    except OSError as e:
        print(type(e).__name__, place)
for place in ('/tmp', '/home/student', '/dev/shm'):
    written = 0
    try:
        for n in range(40):
            with open(f'{place}/{n}', 'wb') as f:
                f.write(bytes(1 << 20))
            written += 1
    except OSError as e:
        print(place, written, e)
""")
    assert error is None
    assert "WRITTEN" not in output
    for place in ("/tmp", "/home/student", "/dev/shm"):
        written = int(output.split(f"\n{place} ")[1].split()[0])
        assert 1 <= written <= LIMITS.file_mb
    assert output.count("No space left") == 3


def test_dangerous_system_calls_are_refused():
    if seccomp.program() is None:
        pytest.skip("there is no filter for this machine")
    output, error = ran("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    result = getattr(libc, name)(*args)
    print(name, result, ctypes.get_errno() if result == -1 else '')
call('unshare', 0x10000000)
call('ptrace', 0, 0, 0, 0)
call('ptrace', 16, os.getppid(), 0, 0)
call('mount', b'none', b'/tmp', b'tmpfs', 0, None)
call('memfd_create', b'x', 0)
call('syscall', 425, 8, 0)
call('syscall', 0x40000000 + 39)
print(os.fork() >= 0)
""")
    assert error is None
    results = [line.split() for line in output.splitlines()]
    assert [r[1] for r in results[:7]] == ["-1"] * 7, output
    assert "True" in output  # clone itself still works


def test_the_environment_holds_nothing_of_ours(mode, monkeypatch):
    monkeypatch.setenv("GRADING_SECRET", "secret")
    output, _ = ran("import os\nprint(dict(os.environ))")
    assert "GRADING_SECRET" not in output
    assert str(ROOT) not in output.replace(f"{ROOT}/.venv", "")


def test_processes_are_limited(mode):
    output, error = ran("""
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError as e:
    print(made, e)
""")
    assert error is None
    assert 1 <= int(output.split()[0]) <= LIMITS.processes + 2  # bwrap, and Python itself


@pytest.mark.parametrize("code", [
    "x = bytearray(3 * 2**30)",
    "x = []\nwhile True:\n    x.append(bytearray(2**24))",
])
def test_memory_of_one_process_is_limited(mode, code):
    _, error = ran(code)
    assert "MemoryError" in error or "ended" in error


def _left_behind():
    """Open descriptors, and our own files in the folder for temporary ones."""
    return len(list(Path("/proc/self/fd").iterdir())), set(Path("/tmp").glob("mlebook-*"))


def test_kill_leaves_no_process_folder_or_descriptor(mode):
    before = _left_behind()
    process = sandbox.Sandbox("student", "grading.student", LIMITS)
    daemons = """
import os, time
for n in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        while True:
            time.sleep(1)
"""
    process.send(json.dumps({
        "setup": daemons, "seconds": 5, "setup_seconds": 5, "cell_text": "", "cells": [],
        "output_characters": 9, "alone": False}).encode())
    end = time.monotonic() + 30
    while time.monotonic() < end and b"ready" not in (process.line() or b""):
        pump([process], [], 0.5)
    family = [process.popen.pid, *descendants(process.popen.pid)]
    assert len(family) >= 6  # sh or bwrap, its first process, Python, four daemons
    folders = list(process.group.folders)
    process.kill()
    process.kill()  # again: nothing happens
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
    assert not [folder for folder in folders if folder.exists()]
    assert _left_behind() == before


def test_it_ends_with_the_grader(mode):
    """Who kills the grader leaves no student's process."""
    code = ("import time\nfrom grading import sandbox\nfrom grading.limits import Limits\n"
            f"sandbox._mode = lambda: ({mode!r}, None)\n"
            "s = sandbox.Sandbox('student', 'grading.student', Limits())\n"
            "print(s.popen.pid, flush=True)\ntime.sleep(60)\n")
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    pid = int(grader.stdout.readline())
    time.sleep(1)
    family = descendants(pid)
    assert family
    grader.kill()
    grader.wait()
    grader.stdout.close()
    end = time.monotonic() + 10
    while (alive := [p for p in family if _runs(p)]) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive
    _sweep.cache_clear()
    Group(100, 10).remove()
    assert not list(CONTROL_GROUPS.glob(f"*/mlebook-{grader.pid}-*"))


def test_groups_of_killed_graders_are_swept(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    stale, alive = (tmp_path / "memory" / f"mlebook-{pid}-0" for pid in (ended.pid, os.getpid()))
    stale.mkdir(parents=True)
    alive.mkdir()
    Group(100, 10, tmp_path)
    assert not stale.exists()
    assert alive.exists()


def _runs(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False
