"""A table of named columns with units and provenance, and how it is read from its file."""
from __future__ import annotations

import csv
import textwrap
from dataclasses import dataclass
from importlib.resources import files

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A table of named columns; each column is an attribute, a read-only NumPy array.

    Attributes:
        name: title.
        arrays: column name -> array (float64, int64 or text), all of one length.
        units: column name -> unit; empty text for a count, year or label.
        source: where the data were published.
        note: what to beware of.
    """

    name: str
    arrays: dict[str, np.ndarray]
    units: dict[str, str]
    source: str
    note: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.arrays)

    def __getattr__(self, column: str) -> np.ndarray:
        arrays = self.__dict__.get("arrays", {})  # empty while a copy is being made
        if column in arrays:
            return arrays[column]
        raise AttributeError(
            f"{type(self).__name__} has no column {column!r}; columns: {', '.join(arrays)}")

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self.arrays])

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values())))

    def tensor(self, column: str):
        """A numeric column as a new float64 torch tensor.

        >>> from mlebook.datasets import newcomb_light
        >>> newcomb_light().tensor("deviation").mean()
        tensor(26.2121, dtype=torch.float64)

        Raises:
            AttributeError: there is no such column.
            TypeError: the column holds text.
        """
        import torch

        values = getattr(self, column) if column in self.arrays else self.__getattr__(column)
        if values.dtype.kind == "U":
            raise TypeError(f"column: {column!r} holds text, expected a numeric column")
        return torch.tensor(values, dtype=torch.float64)

    @property
    def missing(self) -> dict[str, int]:
        """Number of missing values in each column that has any (NaN, or empty text)."""
        counts = {column: int(_absent(values).sum()) for column, values in self.arrays.items()}
        return {column: count for column, count in counts.items() if count}

    def complete(self, *columns: str) -> Dataset:
        """The rows without a missing value in the given columns (in any, if none is given).

        >>> from mlebook.datasets import penguins
        >>> birds = penguins()
        >>> len(birds), len(birds.complete()), len(birds.complete("bill_length", "bill_depth"))
        (344, 333, 342)
        """
        chosen = columns or self.columns
        keep = ~np.any([_absent(getattr(self, column)) for column in chosen], axis=0)
        arrays = {column: _frozen(values[keep]) for column, values in self.arrays.items()}
        return Dataset(self.name, arrays, self.units, self.source, self.note)

    def __repr__(self) -> str:
        width = max(map(len, self.columns))
        unit_width = max(map(len, self.units.values()))
        lines = [f"{self.name}: {len(self)} rows"]
        for column, values in self.arrays.items():
            lost = self.missing.get(column)
            lines.append(
                f"  {column:{width}}  {_KINDS[values.dtype.kind]:5}  "
                f"{self.units[column]:{unit_width}}  {_extent(values)}"
                + (f", {lost} missing" if lost else ""))
        return "\n".join([*lines, _wrap("Source", self.source), _wrap("Note", self.note)])


_KINDS = {"f": "float", "i": "int", "U": "text"}


def _absent(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "U":
        return values == ""
    return np.isnan(values)


def _extent(values: np.ndarray) -> str:
    """What the column holds: its range, or its labels."""
    present = values[~_absent(values)]
    if values.dtype.kind != "U":
        return f"{present.min():g} to {present.max():g}" if len(present) else "empty"
    labels = sorted(set(present.tolist()))
    return ", ".join(labels) if len(labels) <= 4 else f"{len(labels)} labels"


def _wrap(title: str, text: str) -> str:
    return textwrap.fill(f"{title}: {text}", width=88, subsequent_indent="  ")


def _frozen(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


def _column(cells: list[str]) -> np.ndarray:
    """Integers if all cells are, else floats with NaN for an empty cell, else text."""
    try:
        return _frozen(np.array([int(cell) for cell in cells]))
    except ValueError:
        pass
    try:
        return _frozen(np.array([float(cell or "nan") for cell in cells]))
    except ValueError:
        return _frozen(np.array(cells))


def read(file: str, name: str, units: dict[str, str], source: str, note: str) -> Dataset:
    """Read ``data/file``; the keys of ``units`` name its columns, in the file's order."""
    path = files("mlebook").joinpath("data", file)
    _, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    arrays = {column: _column(list(cells))
              for column, cells in zip(units, zip(*rows, strict=True), strict=True)}
    return Dataset(name, arrays, units, source, note)
