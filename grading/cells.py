"""Run the cells of a notebook one after the other, as a notebook does, without IPython.

An error ends its cell, not those that follow.  Output is kept up to a bound.  Magics and shell
commands (``%matplotlib inline``, ``!pip …``) do nothing here: nothing is installed or drawn.
"""
from __future__ import annotations

import ast
import contextlib
import io
import re
import signal
import sys
import traceback
import types

MAX_ERROR = 2_000
#: Cell magics whose cell is Python; a cell of any other (%%bash, %%html, …) is not run.
_PYTHON_MAGICS = ("time", "timeit", "capture", "prun")


class TimeLimit(BaseException):
    """The time of a cell or call is over.  Not an Exception, so that few catch it by accident."""


@contextlib.contextmanager
def at_most(seconds: float):
    """Raise :class:`TimeLimit` in the block when the seconds are over."""
    def ring(*_):
        raise TimeLimit

    signal.signal(signal.SIGALRM, ring)
    # again and again: a cell that catches everything meets it anew
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class Output(io.TextIOBase):
    """A text file that keeps its first characters and counts the rest."""

    def __init__(self, keep: int):
        self.keep, self.parts, self.size = keep, [], 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = self.keep - self.size
        if room > 0:
            self.parts.append(text[:room])
        self.size += len(text)
        return len(text)

    def text(self) -> str:
        kept = "".join(self.parts)
        return kept + "\n… (the rest of the output was dropped)" * (self.size > self.keep)


class Notebook:
    """A namespace in which cells run."""

    def __init__(self, output_characters: int, seconds: float, time_text: str):
        self.keep, self.seconds, self.time_text = output_characters, seconds, time_text
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module  # where classes that cells define look for themselves
        self.names = module.__dict__
        self.names.update(display=lambda *values: print(*map(repr, values)),
                          get_ipython=lambda: _NoShell())

    def run(self, label: str, source: str) -> tuple[str, str | None]:
        """Run one cell; returns its output and error (or None) as text, each bounded."""
        output, error = Output(self.keep), None
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                with at_most(self.seconds):
                    self._run(label, source)
            except TimeLimit:
                error = self.time_text
            except BaseException as problem:  # also SystemExit and KeyboardInterrupt
                error = describe(problem, f"<{label}>")
        return output.text(), error

    def _run(self, label, source):
        name = f"<{label}>"
        tree = ast.parse(_python(source), name)
        shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.names)
        if shown is not None:
            value = eval(compile(ast.Expression(shown.value), name, "eval"), self.names)
            if value is not None:
                print(repr(value))


class _NoShell:
    """What ``get_ipython()`` returns: every method does nothing."""

    def __getattr__(self, name):
        return lambda *args, **options: None


def describe(problem: BaseException, file: str) -> str:
    """Type, message and the line of the cell, bounded."""
    try:
        frames = traceback.extract_tb(problem.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == file]
        line = lines[-1] if lines else getattr(problem, "lineno", None)
        place = f" (line {line})" if line else ""
        return f"{type(problem).__name__}: {str(problem)[:MAX_ERROR]}{place}"
    except BaseException:  # its own __str__ may do anything
        return type(problem).__name__


# --- what is not Python in a notebook --------------------------------------------------


def _python(source: str) -> str:
    """The source, with magics and shell commands taken out if it does not compile as it is."""
    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.splitlines()
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        magic = re.match(r"\s*%%(\w+)", lines[first]) if lines else None
        if magic:
            lines[first] = ""
            if magic[1] not in _PYTHON_MAGICS:
                return ""
        return "\n".join(map(_plain_line, lines))
    return source


def _plain_line(line: str) -> str:
    indent = line[:len(line) - len(line.lstrip())]
    timed = re.match(r"\s*%time(?:it)?\s+(?!-)(.+)", line)
    if timed:
        return indent + timed[1]
    if re.match(r"\s*[%!?]", line) or re.match(r"\s*[\w.]+\?{1,2}\s*$", line):
        return f"{indent}pass"
    assigned = re.match(r"(\s*[\w, ]+=\s*)[%!]", line)
    return f"{assigned[1]}None" if assigned else line
