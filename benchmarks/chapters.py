"""Seconds to execute each chapter, against an empty notebook with the same imports.

``python -m benchmarks.chapters [slug …]`` runs both side by side, so that their ratio means
something on a noisy machine.
"""
import ast
import sys
import time

import nbformat
from nbclient import NotebookClient

from tools.environment import ROOT, make_reproducible

CHAPTERS = ROOT / "chapters"


def imports_of(notebook) -> str:
    """All import statements of a notebook, as one cell."""
    lines = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines += [ast.unparse(node) for node in ast.walk(ast.parse(cell.source))
                      if isinstance(node, (ast.Import, ast.ImportFrom))]
    return "\n".join(lines)


def seconds(notebook) -> float:
    """Wall time of a fresh kernel that runs a notebook."""
    start = time.perf_counter()
    NotebookClient(notebook, timeout=600, kernel_name="python3",
                   resources={"metadata": {"path": str(CHAPTERS)}}).execute()
    return time.perf_counter() - start


def main(slugs: list[str]) -> None:
    """Print a line for each chapter."""
    make_reproducible()
    paths = sorted(CHAPTERS.glob("*.ipynb"))
    print(f"{'chapter':<22} {'seconds':>8} {'imports':>8} {'ratio':>6}")
    for path in paths:
        if slugs and path.stem not in slugs:
            continue
        notebook = nbformat.read(path, as_version=4)
        empty = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(imports_of(notebook))])
        floor, whole = seconds(empty), seconds(notebook)
        print(f"{path.stem:<22} {whole:>8.1f} {floor:>8.1f} {whole / floor:>6.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
