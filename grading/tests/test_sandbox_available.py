"""Whether sandboxes work on this machine, and what the instructor is told if not."""
import os
import subprocess
import threading

from grading import sandbox
from grading.mounts import python


def test_users_differ():
    users = []
    threads = [threading.Thread(target=lambda: users.append(sandbox.unused_user()))
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(users)) == 8


def test_without_bubblewrap_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which",
                        lambda tool: None if tool == "bwrap" else f"/usr/bin/{tool}")
    _, reason = sandbox._mode.__wrapped__()
    assert "not found: bwrap" in reason
    assert "sudo apt-get install bubblewrap" in reason


def test_where_bubblewrap_fails_it_says_why(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    _, reason = sandbox._mode.__wrapped__()
    assert "setting up uid map: Permission denied" in reason


def test_python_is_the_real_one():
    assert subprocess.run(python("-c", "print(1)"), capture_output=True).stdout == b"1\n"
