"""The setup cell: installs mlebook where it is missing, else silent; set by the builder, hidden."""

import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tools import fingerprint, lint, pins, setup_cell
from tools.environment import ROOT, SOURCES

# How IPython runs a line such as "%pip ...": here it is only written down.
SHELL = "class Shell:\n    def run_line_magic(self, *call): print(call)\nget_ipython = Shell\n"


def with_setup(cells):
    """A notebook of these cells with its setup cell."""
    notebook = nbformat.v4.new_notebook(cells=cells)
    setup_cell.put_in(notebook, "page")
    return notebook.cells


def run(name):
    """What the cell does where a package of this name is looked for, in a fresh Python."""
    (cell,) = [c for c in with_setup([nbformat.v4.new_code_cell("1")]) if c.id == "page-setup"]
    python = TransformerManager().transform_cell(cell.source.replace('("mlebook")', f'("{name}")'))
    done = subprocess.run(
        [sys.executable, "-c", SHELL + python], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_does_nothing_where_the_package_is():
    assert run("mlebook") == ""


def test_it_installs_the_package_where_it_is_missing():
    wanted = f'--quiet "mlebook @ git+{setup_cell.repository()}" scikit-learn statsmodels'
    assert run("no_such_package") == f"{('pip', f'install {wanted}')}\n"


def imported(path):
    """The top-level names that a notebook's source imports."""
    cells = fingerprint.CODE_CELL.findall(path.read_text(encoding="utf-8"))
    code = (fingerprint.CELL_HEADER.sub("", cell) for cell in cells)
    return {name.split(".")[0] for cell in code for name in fingerprint.imported_names(cell)}


def missing(names):
    """Those of the imported names that the setup cell would not bring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    brought |= {"mlebook", *setup_cell.BESIDE}
    modules = {"sklearn": "scikit-learn"}  # where a package is not called like its module
    return {
        name for name in names - sys.stdlib_module_names if modules.get(name, name) not in brought
    }


def test_it_brings_all_that_the_chapters_import():
    names = set().union(*map(imported, [*SOURCES.glob("*.md"), *ROOT.glob("exercises/*/*.md")]))
    assert {"torch", "mlebook", "sklearn"} <= names and missing(names) == set()
    assert missing({"math", "tools", "pandas"}) == {"tools", "pandas"}


def test_it_stands_before_the_first_code_and_is_hidden():
    words, code = nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_code_cell("1")
    first, setup, last = with_setup([words, code])
    assert (first, last) == (words, code)
    assert setup.id == "page-setup" and setup.metadata["tags"] == ["remove-cell"]


def test_a_notebook_without_code_has_none():
    words = nbformat.v4.new_markdown_cell("# A")
    assert with_setup([words]) == [words]


def test_the_address_comes_from_the_configuration_alone(tmp_path):
    (tmp_path / "_config.yml").write_text("repository: {url: https://x.org/y}", encoding="utf-8")
    assert setup_cell.repository(tmp_path) == "https://x.org/y"
    assert "from-likelihood" not in setup_cell.SOURCE


def test_another_address_makes_every_notebook_out_of_date(monkeypatch):
    before = fingerprint.fingerprint("# A")
    monkeypatch.setattr(setup_cell, "repository", lambda: "https://x.org/y")
    assert fingerprint.fingerprint("# A") != before


@pytest.mark.parametrize(("name", "problems"), [("page-setup", 0), ("page-001", 1)])
def test_the_lint_counts_the_cells_of_the_author_alone(name, problems):
    long = nbformat.v4.new_code_cell("\n".join("1" * 11), id=name)
    page = lint.Page("page.ipynb", [(1, nbformat.from_dict({**long, "execution_count": 1}))])
    assert len(list(lint.check_cells(page))) == problems


def pip_has(path):
    """Whether pip, without any index, finds all that a file of requirements asks for."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--quiet"]
    return subprocess.run([*command, "-r", path], cwd=ROOT, capture_output=True).returncode == 0


def test_binder_installs_what_the_chapters_import_at_the_pinned_versions(tmp_path):
    wanted = ROOT / "binder" / "requirements.txt"
    names = {line for line in wanted.read_text(encoding="utf-8").splitlines() if line.isalpha()}
    assert names >= {"torch", "matplotlib", "statsmodels"}
    if pins.mismatches():
        pytest.skip("other versions than the pinned ones are installed")
    assert pip_has(wanted)
    other = wanted.read_text(encoding="utf-8").replace("../requirements.txt", "old.txt")
    (tmp_path / "old.txt").write_text("torch==1.0\n", encoding="utf-8")
    (tmp_path / "wanted.txt").write_text(other, encoding="utf-8")
    assert not pip_has(tmp_path / "wanted.txt")
