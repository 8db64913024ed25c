"""What one submission may use, and how a student is told which limit was met."""
from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Limits of one submission; seconds are on the clock, sizes as named.

    ``seconds_cell`` bounds a cell and also each call of a function, ``seconds_total`` the whole
    submission; ``memory_mb``, ``processes`` (threads count) and ``file_mb`` bound each of the
    two sandboxes; ``output_kb`` is how much of a cell's output is kept.
    """

    seconds_cell: float = 20
    seconds_total: float = 240
    memory_mb: float = 2048
    processes: float = 64
    output_kb: float = 32
    file_mb: float = 64

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 < value < float("inf"):
                raise ValueError(f"{field.name} must be a number above 0, got {value!r}")
        if self.processes != int(self.processes):
            raise ValueError(f"processes must be a whole number, got {self.processes!r}")

    def cell_text(self) -> str:
        return f"stopped after {self.seconds_cell:g} s, the limit for one cell"

    def call_text(self) -> str:
        return f"stopped after {self.seconds_cell:g} s, the limit for one call of a function"

    def total_text(self) -> str:
        return f"stopped after {self.seconds_total:g} s, the limit for a submission"

    def memory_text(self) -> str:
        return f"stopped: more than {self.memory_mb:g} MB of memory, the limit for a submission"

    def files_text(self) -> str:
        return "stopped: too many files, the limit for a submission"

    def processes_text(self) -> str:
        return f"more than {int(self.processes)} processes or threads, the limit for a submission"

    def size_text(self) -> str:
        return f"more than {self.file_mb:g} MB in files, the limit for a submission"

    def output_text(self) -> str:
        return f"only the first {self.output_kb:g} kB of a cell's output were kept"

    def met_by(self, error: str) -> str | None:
        """The limit behind an error that Python itself reported, or None."""
        for signs, text in (
                (("MemoryError", "not enough memory"), self.memory_text()),
                (("Resource temporarily unavailable", "can't start new"), self.processes_text()),
                (("File too large", "No space left on device"), self.size_text())):
            if any(sign in error for sign in signs):
                return text
        return None
