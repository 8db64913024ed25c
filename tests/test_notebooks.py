"""nbval is seen to fail: on a changed text, on a changed picture; and to pass otherwise."""

import base64
import os
import re
import subprocess
import sys

import nbformat
import pytest

from tools import chapters
from tools.environment import ROOT

SOURCE = """# A page

```{code-cell} python
---
mystnb:
  image:
    alt: "a rising line"
---
import matplotlib.pyplot as plt
print("three")
plt.plot([1, 2])
plt.show()
```
"""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """A built notebook."""
    return chapters.build(SOURCE, "page", {}, tmp_path_factory.mktemp("page"))


def nbval(path, *options):
    """Run nbval on one notebook as the project does; return its exit code and what it printed."""
    pytest_command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", ROOT]
    command = [*pytest_command, "-c", ROOT / "pyproject.toml", "--confcutdir", path.parent]
    done = subprocess.run(
        [*map(str, command), "-p", "conftest", *options, str(path)],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def picture_changed(text):
    """The notebook with another picture of the same kind."""
    notebook = nbformat.reads(text, as_version=4)
    for output in notebook.cells[-1].outputs:
        if "image/png" in output.get("data", {}):
            other = base64.b64decode(output.data["image/png"])[:-20] + b"x" * 20
            output.data["image/png"] = base64.b64encode(other).decode()
    return nbformat.writes(notebook)


def test_an_unchanged_notebook_passes(text, tmp_path):
    path = tmp_path / "page.ipynb"
    path.write_text(text, encoding="utf-8")
    code, printed = nbval(path, "--nbval-png=on")
    assert code == 0, printed
    assert re.search(r"\b2 passed", printed), "the setup cell and the page's own"


def test_another_text_fails(text, tmp_path):
    path = tmp_path / "page.ipynb"
    path.write_text(text.replace('"three\\n"', '"four\\n"'), encoding="utf-8")
    code, printed = nbval(path)
    assert code == 1 and "four" in printed


def test_another_picture_fails_where_pictures_are_compared(text, tmp_path):
    path = tmp_path / "page.ipynb"
    path.write_text(picture_changed(text), encoding="utf-8")
    code, printed = nbval(path, "--nbval-png=on")
    assert code == 1 and "image/png" in printed
    assert nbval(path, "--nbval-png=off")[0] == 0
