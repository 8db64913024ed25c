"""Exercises in a chapter: put in whole and folded, linked, rebuilt when they change."""

import nbformat
import pytest
from exercises_small import SMALL, plant

from mlebook import catalog
from tools import chapters, exercises, lint
from tools.fingerprint import fingerprint
from tools.rendering import DEFINITION_MARK, render

SOURCE = """# A page

## Exercises

Some words.

[[ exercises("small") ]]

## Sources

None.
"""


@pytest.fixture
def root(tmp_path):
    """A place with one exercise and a small package."""
    plant(tmp_path / "exercises")
    (tmp_path / "mlebook").mkdir()
    return tmp_path


def expanded(root, text=SOURCE, chapter="page"):
    """The cells of a chapter by their ids."""
    notebook = chapters.read_source(text, chapter)
    exercises.expand(notebook, chapter, root)
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def rendered(cell):
    """The text of a cell as a reader sees it."""
    return render(cell.source, {}, lambda expression, spec="": format(eval(expression), spec))


def test_the_line_becomes_the_cells_of_the_exercise(root):
    cells = expanded(root)
    assert list(cells) == [
        *("page-001", "exercise-small-intro", "exercise-small-setup"),
        *("exercise-small-area-statement", "exercise-small-area", "exercise-small-area-solution"),
        *("exercise-small-double-statement", "exercise-small-double"),
        *("exercise-small-double-solution", "exercise-small-words-statement"),
        *("exercise-small-words-solution", "page-001-2"),
    ]
    assert cells["page-001"].source.endswith("Some words.")
    assert cells["page-001-2"].source.startswith("## Sources")
    assert (
        cells["exercise-small-area"].source == 'side = 2\narea = ...\n\ncheck("small.area", area)'
    )


def test_a_statement_is_put_in_word_for_word(root):
    text = rendered(expanded(root)["exercise-small-area-statement"])
    assert '<div id="exercise-small-area"></div>\n\n**1. By hand.** Give the `area`' in text
    assert "[[1, 2], [3, 4]]" in text
    assert f"{DEFINITION_MARK}\n\n$$\na = b^2\n$$" in text
    assert "<details><summary>Hint</summary>\n\nMultiply HINTMARK.\n\n</details>" in text


def test_solution_and_explanation_are_folded_and_the_explanation_rendered(root):
    cells = expanded(root)
    text = rendered(cells["exercise-small-area-solution"])
    assert text.startswith("<details><summary>Solution</summary>\n\n```python\nside = 2\narea")
    assert "side times side is 4.\n\n</details>" in text
    text = rendered(cells["exercise-small-words-solution"])
    assert "TEXTMARK because" in text and "```" not in text
    shown = "".join(cell.source for cell in cells.values())
    for secret in ("MISTAKEMARK", "EQUIVALENTMARK", "HIDDENMARK", "RUBRICMARK", "SOLUTION\n"):
        assert secret not in shown


def test_links_name_their_page(root):
    """Without the page an address such as #map.soft_threshold could also mean a function."""
    for chapter in ("page", "squared_error"):
        cells = expanded(root, chapter=chapter)
        intro = cells["exercise-small-intro"].source
        assert "[the mean squared error](squared_error.ipynb#squared_error.mse)" in intro
        assert "(absolute_error.ipynb)" in cells["exercise-small-area-statement"].source
    for kept in ("[a](references.md)", "[a](https://x.org/y)", "![a](b.png)"):
        assert exercises.linked(kept) == kept


def test_exercises_in_their_own_chapter_lead_to_the_loss(root):
    plant(root / "exercises", slug="map")
    source = SOURCE.replace("small", "map")
    own = rendered(expanded(root, source, chapter="map")["exercise-map-intro"])
    assert own.endswith(catalog.leads("map", here="exercises"))
    assert "leads" not in rendered(expanded(root, source)["exercise-map-intro"])
    with pytest.raises(chapters.BuildError, match="small: leads"):
        chapters.build(SOURCE, "small", {}, root, root)


@pytest.mark.parametrize("text", ["[[1, 2]]", "[[ squared_error.nll ]]", "a[[b]] ]] [[", "[[[x]]]"])
def test_verbatim_text_survives_the_rendering(text):
    assert render(exercises.verbatim(text), {}, None) == text


def test_a_missing_exercise_or_a_forged_tag_stops_the_build(root):
    with pytest.raises(chapters.BuildError, match=r"page: .*none/exercise\.md: there is no such"):
        chapters.build(SOURCE.replace("small", "none"), "page", {}, root, root)
    tagged = "# A\n\n```{code-cell} python\n:tags: [exercise]\n1\n```\n"
    with pytest.raises(chapters.BuildError, match="set by the builder alone"):
        chapters.build(tagged, "page", {}, root, root)


def test_a_chapter_is_out_of_date_when_its_exercise_changes(root):
    before = fingerprint(SOURCE, root)
    plant(root / "exercises", slug="other")
    assert fingerprint(SOURCE, root) == before
    plant(root / "exercises", SMALL.replace("Say why.", "Say how."))
    assert fingerprint(SOURCE, root) != before


def test_the_lint_counts_the_cells_of_the_chapter_alone():
    def page(tags):
        cell = nbformat.v4.new_code_cell("1", metadata={"tags": tags})
        cells = [nbformat.from_dict({**cell, "execution_count": n}) for n in range(1, 25)]
        return lint.Page("page.ipynb", list(enumerate(cells, start=1)))

    assert not list(lint.check_cells(page([exercises.TAG])))
    (problem,) = lint.check_cells(page([]))
    assert "24 code cells" in str(problem)
