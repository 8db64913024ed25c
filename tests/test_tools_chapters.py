"""The builder: same bytes twice, loud and harmless failures, nothing lost."""

import json

import nbformat
import pytest

from tools import chapters, rendering
from tools.fingerprint import dependencies, fingerprint

SOURCE = """# A page

Before any code, [[ value("1 + 1", "d") ]].

```{code-cell} python
import matplotlib.pyplot as plt
third = 1 / 3
print("one")
print(third)
```

The value is [[ value("third", ".2f") ]], its opposite [[ value("-third", ".2f") ]],
its share [[ value("third", ".0%") ]].

```{code-cell} python
---
mystnb:
  image:
    alt: "a rising line"
---
plt.plot([1, 2])
plt.show()
```
"""


def make(tmp_path, text, slug="page"):
    """A folder of chapters with one source."""
    (tmp_path / "source").mkdir(exist_ok=True)
    (tmp_path / "source" / f"{slug}.md").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The text of SOURCE's notebook."""
    return chapters.build(SOURCE, "page", {}, tmp_path_factory.mktemp("once"))


def test_two_builds_give_the_same_bytes(built, tmp_path):
    assert chapters.build(SOURCE, "page", {}, tmp_path) == built


def test_the_notebook_is_executed_and_plain(built):
    notebook = json.loads(built)
    cells = notebook["cells"]
    own = ["page-001", "page-setup", "page-002", "page-003", "page-004"]
    assert [cell["id"] for cell in cells] == own
    assert "".join(cells[0]["source"]).endswith("Before any code, 2.")
    assert "".join(cells[3]["source"]) == (
        "The value is 0.33, its opposite −0.33,\nits share 33\N{NO-BREAK SPACE}%."
    )
    assert [c["execution_count"] for c in cells if c["cell_type"] == "code"] == [1, 2, 3]
    assert len(cells[2]["outputs"]) == 1, "stdout is one stream"
    assert "image/png" in cells[4]["outputs"][0]["data"]
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "mlebook"}
    assert "execution" not in built.replace("execution_count", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```{code-cell} python\nx = 1\nx / 0\n```", "ZeroDivisionError"),
        ("```{code-cell} python\nimport sys; print('w', file=sys.stderr)\n```", "stderr"),
        ("```{code-cell} python\nimport warnings; warnings.warn('old')\n```", "stderr"),
        ("```{code-cell} python\nobject()\n```", "memory address"),
        ("```{code-cell} python\n\n```", "empty"),
        (
            "```{code-cell} python\nimport pylab\npylab.plot([1]);\npylab.show()\n```",
            "alt text",
        ),
        ("```{code-cell} python\n:tags: [raises-exception]\n1 / 0\n```", "shows an error"),
        ('Then [[ value("unknown", "d") ]].', "NameError"),
        ('Then [[ value("1", "nonsense") ]].', "ValueError"),
        ("Then [[ page.nll ]].", "'page' is undefined"),
        ('Then [[ define("\\theta = 1") ]].', "backslash was lost"),
        ("Then [[ 1 + ]].", "TemplateSyntaxError"),
    ],
)
def test_a_failing_cell_is_named_and_the_old_notebook_stays(tmp_path, text, message, capsys):
    folder = make(tmp_path, f"# Page\n\n{text}\n")
    with pytest.raises(chapters.BuildError, match="page: cell") as error:
        chapters.build((folder / "source/page.md").read_text(), "page", {}, folder)
    assert message in str(error.value)
    if "ZeroDivision" in message:
        assert "x / 0" in str(error.value) and "Traceback" in str(error.value)
        assert "\x1b" not in str(error.value)


def test_main_builds_what_changed_and_keeps_the_rest(tmp_path, capsys):
    folder = make(tmp_path, "# A\n\n```{code-cell} python\n1\n```\n", "first")
    make(tmp_path, "# B\n\n```{code-cell} python\n2\n```\n", "second")
    assert chapters.main([], folder) == 0
    assert "2 built, 0 failed" in capsys.readouterr().out
    old = (folder / "first.ipynb").read_bytes()
    assert chapters.main([], folder) == 0
    assert "0 built, 0 failed" in capsys.readouterr().out
    make(tmp_path, "# A\n\n```{code-cell} python\n1 / 0\n```\n", "first")
    make(tmp_path, "# B\n\n```{code-cell} python\n3\n```\n", "second")
    assert chapters.main([], folder) == 1
    captured = capsys.readouterr()
    assert "1 built, 1 failed" in captured.out
    assert "first: cell 3 (code) failed" in captured.err
    assert (folder / "first.ipynb").read_bytes() == old
    assert "3" in (folder / "second.ipynb").read_text()


def test_work_done_by_hand_is_never_overwritten(tmp_path, capsys):
    folder = make(tmp_path, "# A\n\n```{code-cell} python\n1\n```\n")
    chapters.main([], folder)
    path = folder / "page.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nmy own notes"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    for options in ([], ["--all"]):
        assert chapters.main(options, folder) == 1
        assert "my own notes" in path.read_text()
        assert "changed since it was built" in capsys.readouterr().err
    assert chapters.main(["--overwrite"], folder) == 0
    assert "my own notes" not in path.read_text()


def test_a_notebook_from_elsewhere_is_never_overwritten(tmp_path):
    folder = make(tmp_path, "# A\n")
    path = folder / "page.ipynb"
    path.write_text(nbformat.writes(nbformat.v4.new_notebook()), encoding="utf-8")
    before = path.read_bytes()
    assert chapters.main([], folder) == 1
    assert path.read_bytes() == before


def test_an_unknown_slug_names_its_neighbours(tmp_path, capsys):
    folder = make(tmp_path, "# A\n", "squared_error")
    assert chapters.main(["squared_eror"], folder) == 2
    assert "squared_error" in capsys.readouterr().err


class Statement:
    """What the template needs of a statement."""

    def markdown(self):
        return "$$\nx = x\n$$"

    def result(self):
        return "$$\nresult\n$$"


def test_statements_are_put_in_by_address():
    statements = {"page.nll": Statement()}
    assert rendering.render("[[ page.nll ]]", statements, None) == "$$\nx = x\n$$"
    assert rendering.render("[[ page.nll.result() ]]", statements, None) == "$$\nresult\n$$"
    with pytest.raises(
        rendering.RenderError, match=r"no statement page\.nl; did you mean page\.nll"
    ):
        rendering.render("[[ page.nl ]]", statements, None)


@pytest.mark.parametrize("quotes", ['"', "'", '"""'])
def test_define_keeps_every_backslash(quotes):
    tex = r"\theta \nu \beta \\ \frac{1}{2} ]] \'e" if quotes != "'" else r"\theta ]] \nu"
    text = rendering.render(f"[[ define(r{quotes}{tex}{quotes}) ]]", {}, None)
    assert text == f"{rendering.DEFINITION_MARK}\n\n$$\n{tex}\n$$"


def test_text_without_brackets_is_left_alone():
    text = r"$a_{[1]}$ {% if %} {# no #} {{ braces }} [link](#x) \["
    assert rendering.render(text, {}, None) == text


def package(tmp_path):
    """A small mlebook to depend on."""
    for name, text in {
        "__init__.py": "",
        "checks.py": "",
        "datasets.py": "from mlebook import checks\n",
        "catalog.py": "",
        "data/a.csv": "1\n",
        "proof/__init__.py": "from .engine import prove\n",
        "proof/engine.py": "",
        "losses/__init__.py": "",
        "losses/squared_error/__init__.py": "from mlebook.checks import x\n",
        "losses/squared_error/derivations.py": "from mlebook.proof import prove\n",
        "losses/other.py": "",
    }.items():
        path = tmp_path / "mlebook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("no code", set()),
        ("```python\nfrom mlebook import datasets\n```", set()),
        ("```{code-cell} python\nfrom mlebook import datasets\n```", {"datasets", "checks", "a"}),
        (
            "```{code-cell} python\n:tags: [x]\n%time\nimport mlebook.datasets as d\n```",
            {"datasets", "checks", "a"},
        ),
        ("```{code-cell} python\n---\na: 1\n---\nfrom mlebook import checks\n```", {"checks"}),
        (
            "[[ squared_error.nll ]]",
            {"derivations", "checks", "engine", "__init__"},
        ),
    ],
)
def test_a_chapter_depends_on_what_it_uses(tmp_path, body, expected):
    found = dependencies(f"# Page\n\n{body}\n", package(tmp_path))
    assert {path.stem for path in found} == expected


def test_whoever_imports_the_catalog_depends_on_everything(tmp_path):
    root = package(tmp_path)
    source = "```{code-cell} python\nfrom mlebook import catalog\n```\n"
    assert {"other", "catalog", "a"} <= {path.stem for path in dependencies(source, root)}


def test_the_fingerprint_changes_with_what_the_chapter_uses_alone(tmp_path):
    root = package(tmp_path)
    source = "```{code-cell} python\nfrom mlebook import datasets\n```\n"
    before = fingerprint(source, root)
    (root / "mlebook/losses/other.py").write_text("x = 1\n")
    assert fingerprint(source, root) == before
    assert fingerprint(source.replace("\n", "\r\n"), root) == before
    (root / "mlebook/checks.py").write_text("x = 1\n")
    after = fingerprint(source, root)
    assert after != before
    (root / "mlebook/data/a.csv").write_text("2\n")
    assert fingerprint(source, root) != after
