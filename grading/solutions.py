"""Write what instructors get into ``dist/solutions``: ``make solutions [ONLY="map"]``.

The notebooks of the assignment, answered and run, each question followed by its explanation, how
it is marked, the listed mistakes and the hidden tests. Not for publication.
"""

import argparse
import sys
from pathlib import Path

import nbformat

from grading import folder, release
from grading.questions import SourceError
from grading.source import EXERCISES, read_all
from tools.chapters import BuildError, execute, load_statements
from tools.environment import CHAPTERS, ROOT, make_reproducible
from tools.exercises import verbatim

TARGET = ROOT / "dist" / "solutions"
WARNING = "**For instructors. It holds solutions and hidden tests: not for publication.**"


def fenced(title, code):
    """A piece of code under a title, or nothing."""
    return f"{title}\n\n```python\n{code}\n```" if code else ""


def listed_mistake(mistake):
    """A wrong answer: what a student is told, and its part of the points."""
    title = f"**Mistake {mistake.name}**, {mistake.share:g} of the points: {mistake.hint}"
    return fenced(title, mistake.source)


def notes(question):
    """What an instructor reads under an answer; brackets are left only in the explanation."""
    listed = [f"**Marking**\n\n{question.rubric}" if question.rubric else ""]
    listed += [fenced("**Also right**", code) for code in question.equivalents]
    listed += [listed_mistake(mistake) for mistake in question.mistakes]
    listed += [fenced("**Visible test**", question.test)]
    listed += [fenced("**Hidden test**", question.hidden)]
    parts = [release.plain_links(question.explanation), verbatim("\n\n".join(filter(None, listed)))]
    return "\n\n".join(filter(None, parts))


def solution_notebook(exercise):
    """The answered notebook with notes, not yet run; brackets in the text not yet rendered."""
    notebook = release.solved(exercise)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "markdown":
            cell.source = verbatim(cell.source)
    notebook.cells[0].source += f"\n\n{WARNING}"
    made = {question.name: question for question in exercise.questions}
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        name = cell.id.removesuffix("-check")
        is_last = cell.id.endswith("-check") or (name in made and made[name].kind == "text")
        if name in made and is_last and notes(made[name]):
            cells.append(nbformat.v4.new_markdown_cell(notes(made[name]), id=f"{name}-notes"))
    notebook.cells = cells
    return notebook


def executed(exercise):
    """The solution notebook with its outputs and explanations."""
    notebook = solution_notebook(exercise)
    text = "".join(question.explanation for question in exercise.questions)
    execute(notebook, load_statements(text), exercise.slug, CHAPTERS)
    return notebook


def write(exercises, target=TARGET):
    """Write the solution notebooks into ``target``, and their zip beside it."""
    with folder.made_anew(target) as fresh:
        for exercise in exercises:
            text = release.as_text(executed(exercise))
            (fresh / f"{exercise.slug}.ipynb").write_text(text, encoding="utf-8")


def main(arguments=None, source=EXERCISES, target=TARGET):
    """Write the solutions; return 2 where the sources or the old folder forbid it."""
    parser = argparse.ArgumentParser(prog="python -m grading.solutions", description=__doc__)
    parser.add_argument("only", nargs="*", help="exercises to write (default: all)")
    parser.add_argument("--hidden", type=Path, help="folder of hidden tests of your own")
    options = parser.parse_args(arguments)
    make_reproducible()
    try:
        exercises = read_all(source, options.hidden, options.only)
        write(exercises, target)
    except (SourceError, BuildError, folder.ChangedByHand) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{target}: {len(exercises)} notebooks, for instructors only")
    return 0


if __name__ == "__main__":
    sys.exit(main())
