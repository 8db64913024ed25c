"""Build ``chapters/<slug>.ipynb`` from ``chapters/source/<slug>.md``: ``python -m tools.chapters``.

Only those are built whose source, code or pins changed. Two builds of one source give the same
bytes. A chapter that fails leaves its old notebook in place, and so does one that was changed by
hand since it was built.
"""

import argparse
import difflib
import hashlib
import json
import sys
from pathlib import Path

import jupytext
import nbformat
from tqdm import tqdm

from grading.questions import SourceError
from tools import exercises, setup_cell
from tools.environment import CHAPTERS, ROOT, make_reproducible
from tools.execution import CellError, kernel
from tools.fingerprint import STATEMENT, fingerprint, with_exercises
from tools.rendering import RenderError, render, unique_ids

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class BuildError(Exception):
    """A chapter cannot be built; the message names chapter, cell and cause."""


class ChangedByHand(Exception):
    """The notebook holds work that the builder did not make."""


def load_statements(source, root=ROOT):
    """The proved statements, loaded only for a chapter that shows any."""
    if not STATEMENT.search(with_exercises(source, root)):
        return {}
    from mlebook import catalog

    return catalog.statements()


def read_source(source, slug):
    """A notebook without outputs, with fixed ids and metadata."""
    notebook = jupytext.reads(source, fmt="md:myst")
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"{slug}-{number:03d}"[-64:]
        cell.metadata.pop("lines_to_next_cell", None)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def execute(notebook, statements, slug, folder):
    """Run the code cells and render the markdown cells, in the order of reading."""
    seen = set()
    with kernel(notebook, folder) as running:
        for index, cell in enumerate(notebook.cells):
            try:
                if cell.cell_type == "code":
                    running.run(cell, index)
                elif cell.cell_type == "markdown":
                    cell.source = unique_ids(
                        render(cell.source, statements, running.value), seen
                    )
            except (CellError, RenderError) as error:
                raise BuildError(report(slug, index + 1, cell, error)) from error
            except Exception as error:  # the proof engine refused a statement
                cause = f"{type(error).__name__}: {error}"
                raise BuildError(report(slug, index + 1, cell, cause)) from error


def report(slug, number, cell, error):
    """What an author needs to mend a failing cell."""
    bar = "-" * 70
    return f"{slug}: cell {number} ({cell.cell_type}) failed\n{bar}\n{cell.source}\n{bar}\n{error}"


def body_hash(notebook):
    """The hash of all that a reader sees, to notice a change by hand."""
    cells = json.dumps(notebook.cells, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(cells.encode()).hexdigest()


def build(source, slug, statements, folder=CHAPTERS, root=ROOT):
    """Build one chapter from its text and return the notebook as text."""
    notebook = read_source(source, slug)
    try:
        exercises.expand(notebook, slug, root)
    except (SourceError, RenderError) as error:
        raise BuildError(f"{slug}: {error}") from None
    setup_cell.put_in(notebook, slug)
    execute(notebook, statements, slug, folder)
    # Through text and back once, so that the hash is that of the file as it will be read.
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    notebook.metadata["mlebook"] = {
        "source": fingerprint(source, root),
        "body": body_hash(notebook),
    }
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def marks(path):
    """The two hashes that the builder left in a notebook; empty where there is none."""
    if not path.exists():
        return {}
    notebook = nbformat.read(path, as_version=4)
    return {**notebook.metadata.get("mlebook", {}), "now": body_hash(notebook)}


def is_current(source_path, notebook_path, root=ROOT):
    """Whether a notebook is what its source builds to."""
    found = marks(notebook_path)
    wanted = fingerprint(source_path.read_text(encoding="utf-8"), root)
    return bool(found) and found.get("source") == wanted and found.get("body") == found["now"]


def refuse_changed(path):
    """Stop before replacing a notebook that holds work which the builder did not make."""
    found = marks(path)
    if found and found.get("body") != found["now"]:
        raise ChangedByHand(
            f"{path.name} was changed since it was built (by running it in JupyterLab?). Keep "
            "your copy under another name, or build with --overwrite (make chapters OVERWRITE=1)."
        )


def write(text, path):
    """Replace the notebook at once, so that a reader never meets half of one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def source_paths(slugs, folder):
    """The sources of the named chapters, or of all."""
    found = {path.stem: path for path in sorted((folder / "source").glob("*.md"))}
    for slug in slugs:
        if slug not in found:
            near = difflib.get_close_matches(slug, found, n=3, cutoff=0.4) or sorted(found)
            raise BuildError(f"no source {slug}.md in {folder}/source; there is {', '.join(near)}")
    return [found[slug] for slug in slugs or found]


def main(arguments=None, folder=CHAPTERS):
    """Build what is out of date; return 1 if a chapter failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.chapters", description=__doc__)
    parser.add_argument("slugs", nargs="*", help="chapters to look at (default: each)")
    parser.add_argument("--all", action="store_true", help="build also what is up to date")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace notebooks that were changed by hand"
    )
    options = parser.parse_args(arguments)
    make_reproducible()
    sys.path.insert(0, str(ROOT))
    try:
        sources = source_paths(options.slugs, folder)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    if not options.all:
        sources = [p for p in sources if not is_current(p, folder / f"{p.stem}.ipynb")]
    failures = build_all(sources, folder, options.overwrite)
    for failure in failures:
        print(f"\n{failure}", file=sys.stderr)
    print(f"chapters: {len(sources) - len(failures)} built, {len(failures)} failed")
    return 1 if failures else 0


def build_all(sources, folder, overwrite):
    """Build each source under a progress bar; return the messages of those that failed."""
    failures = []
    with tqdm(sources, unit="chapter", disable=not sources) as bar:
        for path in bar:
            bar.set_description(path.stem)
            target = Path(folder) / f"{path.stem}.ipynb"
            try:
                if not overwrite:
                    refuse_changed(target)
                text = path.read_text(encoding="utf-8")
                write(build(text, path.stem, load_statements(text), folder), target)
            except (BuildError, ChangedByHand) as error:
                failures.append(error)
    return failures


if __name__ == "__main__":
    sys.exit(main())
