"""Each check of the book's lint is seen to pass once and to fail once."""

import shutil
from types import SimpleNamespace

import nbformat
import pytest

from tools import chapters, links, lint, mathematics
from tools.rendering import DEFINITION_MARK

NOTATION = r"""# Notation

| symbol | meaning |
|---|---|
| $x$ | a number |
| $\hat\theta$ | an estimate |
| $y_i$ | an observation |

```{code-cell} python
print("every page runs")
```
"""

PAGE = r"""# What is proved?

Some words about $x$ and [the symbols](notation.ipynb#notation).

(here)=
[[ page.square ]]

[[ define(r"\hat\theta = x") ]]

```{code-cell} python
import matplotlib.pyplot as plt
```

```{code-cell} python
---
mystnb:
  image:
    alt: "a point"
---
plt.plot([1], [1], "o")
plt.show()
```
"""


class Statement:
    """A statement as the proof engine gives it: what it shows and what it verified."""

    def __init__(self, tex, status="proved"):
        self.tex, self.status = tex, status

    def equations(self):
        return [SimpleNamespace(tex=self.tex, status=self.status, address="page.square")]

    def markdown(self):
        return (
            f'<div id="page.square"></div>\n\nwitness $x = \\frac{{2}}{{2}}$\n\n$$\n{self.tex}\n$$'
        )


STATEMENTS = {"page.square": Statement("x x = x^{2}")}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book of two good pages, built once."""
    folder = tmp_path_factory.mktemp("book") / "chapters"
    (folder / "source").mkdir(parents=True)
    for slug, text in (("notation", NOTATION), ("page", PAGE)):
        (folder / "source" / f"{slug}.md").write_text(text, encoding="utf-8")
        notebook = chapters.build(text, slug, STATEMENTS, folder)
        (folder / f"{slug}.ipynb").write_text(notebook, encoding="utf-8")
    return folder


@pytest.fixture
def book(built, tmp_path):
    """A copy of the good book, to be broken."""
    return shutil.copytree(built, tmp_path / "chapters")


def problems(folder, statements=STATEMENTS):
    """The problems as text."""
    return [str(problem) for problem in lint.run(folder, statements)[0]]


def change(folder, edit, slug="page"):
    """Edit a built notebook and set its hash, so that only the edited thing is wrong."""
    path = folder / f"{slug}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    notebook.metadata["mlebook"]["body"] = chapters.body_hash(notebook)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def add_markdown(text):
    """An edit that adds a markdown cell."""
    return lambda notebook: notebook.cells.append(nbformat.v4.new_markdown_cell(text, id="new"))


def test_a_good_book_passes_and_is_counted(book):
    found, count = lint.run(book, STATEMENTS)
    assert [str(problem) for problem in found] == []
    assert lint.summary(count) == "equations: 1 proved, 1 defined, 0 unproved"


@pytest.mark.parametrize(
    "text",
    [
        "$$\nx = 2\n$$",
        r"\[ x = 2 \]",
        "```{math}\nx = 2\n```",
        ":::{math}\n:label: two\nx = 2\n:::",
        "\\begin{align}\nx &= 2\n\\end{align}",
        r"So $x = \frac{1}{2}$ follows.",
        r"So \(x \le \log x\) follows.",
    ],
)
def test_an_equation_that_is_neither_proved_nor_defined_fails(book, text):
    change(book, add_markdown(text))
    found, count = lint.run(book, STATEMENTS)
    assert lint.summary(count) == "equations: 1 proved, 1 defined, 1 unproved"
    assert any("page.ipynb, cell 5" in str(problem) for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "Let $x > 0$ and $y_i$ be given.",
        "`$$ x = 2 $$` is how one types it.",
        "```python\n# $$ x = 2 $$\n```",
        "It costs $5, or $6 = 5 + 1 dollars.",
    ],
)
def test_what_is_no_equation_is_not_counted(book, text):
    change(book, add_markdown(text))
    assert problems(book) == []


def test_a_formula_shown_by_a_code_cell_counts_too(book):
    output = nbformat.v4.new_output("display_data", {"text/latex": "$$x = 2$$"})
    change(book, lambda notebook: notebook.cells[-1].outputs.append(output))
    assert lint.run(book, STATEMENTS)[1]["unproved"] == 1


def test_changing_one_sign_of_a_proved_equation_fails(book):
    def edit(notebook):
        for cell in notebook.cells:
            cell.source = cell.source.replace("x x = x^{2}", "x x = -x^{2}")

    change(book, edit)
    assert lint.run(book, STATEMENTS)[1]["unproved"] == 1


def test_a_statement_that_is_not_verified_is_a_problem(book):
    class Refused(Statement):
        def equations(self):
            raise ValueError("step 2 is false")

    found = problems(book, {"page.square": Refused("x x = x^{2}")})
    assert any("step 2 is false" in problem for problem in found)
    assert any("unproved equation: x x = x^{2}" in problem for problem in found)


def test_a_definition_stays_one_when_it_is_also_proved_elsewhere():
    both = {"a.b": Statement("x = x", "proved"), "a.c": Statement("x = x", "definition")}
    assert lint.known_from(both).display == {"x = x": "proved"}


def test_a_changed_source_fails(book):
    path = book / "source" / "page.md"
    path.write_text(PAGE.replace("Some words", "Other words"), encoding="utf-8")
    assert problems(book) == [f"page.ipynb: {lint.NOT_BUILT}"]


def test_stripped_outputs_fail(book):
    path = book / "page.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = []
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    assert problems(book) == [f"page.ipynb: {lint.NOT_BUILT}"]


def test_a_missing_notebook_and_a_missing_source_fail(book):
    (book / "page.ipynb").rename(book / "other.ipynb")
    assert problems(book) == [
        "other.ipynb: there is no chapters/source/other.md",
        "page.ipynb: has not been built: make chapters",
    ]


def test_a_mark_set_by_hand_fails(book):
    text = PAGE + '\n<div class="proof-step proved">proved</div>\n'
    (book / "source" / "page.md").write_text(text, encoding="utf-8")
    assert "source/page.md: marks of a proof are set by [[ ]], not by hand" in problems(book)


@pytest.mark.parametrize(
    ("edit", "wrong"),
    [
        (lambda cell: cell.update(execution_count=None), "executed as None, should be 3"),
        (lambda cell: cell.update(execution_count=7), "executed as 7, should be 3"),
        (lambda cell: cell.update(source="x = 1\n" * 11), "11 lines of code, at most 10"),
        (lambda cell: cell.metadata.clear(), "a picture without alt text"),
        (
            lambda cell: cell.outputs.append(nbformat.v4.new_output("error", ename="E", evalue="")),
            "shows an error",
        ),
    ],
)
def test_a_bad_code_cell_fails(book, edit, wrong):
    change(book, lambda notebook: edit(notebook.cells[-1]))
    assert problems(book) == [f"page.ipynb, cell 4: {wrong}"]


def test_too_many_code_cells_fail(book):
    def edit(notebook):
        for number in range(4, 23):
            cell = nbformat.v4.new_code_cell("1", id=f"c{number}", execution_count=number)
            notebook.cells.append(cell)

    change(book, edit)
    assert problems(book) == ["page.ipynb: 21 code cells, at most 20"]


@pytest.mark.parametrize("picture", ["![](a.png)", '<img src="a.png">', '<img src="a" alt="">'])
def test_a_picture_in_the_text_without_alt_fails(book, picture):
    change(book, add_markdown(picture))
    assert problems(book) == [f"page.ipynb, cell 5: a picture without alt text: {picture}"]


def test_a_symbol_that_is_not_on_the_notation_page_fails(book):
    change(book, add_markdown(f"{DEFINITION_MARK}\n\n$$\n\\bar y = \\sigma\n$$"))
    assert problems(book) == [
        r"page.ipynb, cell 5: \bar{y} is not on the notation page",
        r"page.ipynb, cell 5: \sigma is not on the notation page",
    ]


def test_a_missing_notation_page_fails(book):
    (book / "source" / "notation.md").unlink()
    assert "notation: there is no notation page" in problems(book)


@pytest.mark.parametrize(
    "link", ["nowhere.ipynb", "notation.ipynb#nothing", "#nothing", "page.md#page.cube"]
)
def test_a_link_that_leads_nowhere_fails(book, link):
    change(book, add_markdown(f"See [this]({link})."))
    assert problems(book) == [f"page.ipynb: the link {link} leads nowhere"]


@pytest.mark.parametrize(
    "link", ["#page.square", "page.ipynb#page.square", "#here", "#what-is-proved", "https://a.b/c"]
)
def test_a_link_that_leads_somewhere_passes(book, link):
    change(book, add_markdown(f'See [this]({link}) or <a href="{link}">that</a>.'))
    assert problems(book) == []


def test_the_table_of_contents_must_name_each_page(book):
    toc = book.parent / "_toc.yml"
    toc.write_text("root: chapters/notation\nparts:\n- chapters:\n  - file: chapters/page\n")
    assert list(lint.check_toc(book, toc)) == []
    toc.write_text("root: chapters/notation\nparts:\n- chapters:\n  - file: chapters/gone\n")
    assert [str(problem) for problem in lint.check_toc(book, toc)] == [
        "gone: is in _toc.yml but not in chapters/",
        "page: is not in _toc.yml",
    ]


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\hat\theta = \hat{\theta}", {r"\hat{\theta}"}),
        (r"\sum_{i=1}^{n} y_{i}", {"i", "n", "y"}),
        (r"\frac{\partial}{\partial \mu} \log p\left(y; \mu\right)", {r"\mu", "p", "y"}),
        (
            r"\mathbf{X} \mathbf{\hat{w}} \text{ for all } k",
            {r"\mathbf{X}", r"\mathbf{\hat{w}}", "k"},
        ),
        (r"\operatorname*{arg\,max}_{\theta}", {r"\operatorname{argmax}", r"\theta"}),
    ],
)
def test_symbols_of_a_formula(tex, expected):
    assert mathematics.symbols(tex) == expected


def test_what_a_script_indexes_and_calls_is_no_link():
    page = "[here](a.md) <script>f[name](state)</script> [there](b.md)"
    assert links.links(page) == ["a.md", "b.md"]
