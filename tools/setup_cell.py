"""The cell that comes before a notebook's other code: it installs mlebook where that is missing.

So a notebook also runs on Colab, or when somebody took it away alone. Where mlebook is there, the
cell does nothing and prints nothing. The site does not show it.
"""

import nbformat
import yaml

from tools.environment import ROOT

HIDDEN = "remove-cell"  # Jupyter Book's word for a cell that the site leaves out
SOURCE = """\
# Needed only where the course's package is missing: on Colab, or if you took this notebook alone.
import importlib.util

if importlib.util.find_spec("mlebook") is None:
    %pip install --quiet "mlebook @ git+{repository}" {beside}
"""
BESIDE = (
    "scikit-learn",
    "statsmodels",
)  # chapters compare with them; mlebook runs without


def repository(root=ROOT):
    """The address of the project, which _config.yml alone knows."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return config["repository"]["url"]


def name(slug):
    """The id of a chapter's setup cell."""
    return f"{slug}-setup"[-64:]


def put_in(notebook, slug):
    """Put the cell before the first code cell; a notebook without code needs none."""
    first = next((n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"), None)
    if first is not None:
        source = SOURCE.format(repository=repository(), beside=" ".join(BESIDE)).rstrip()
        cell = nbformat.v4.new_code_cell(source, id=name(slug), metadata={"tags": [HIDDEN]})
        notebook.cells.insert(first, cell)
