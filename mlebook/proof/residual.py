"""Residuals in the author's own symbols: what a failed proof left over."""
from __future__ import annotations

from sympy.printing.str import StrPrinter

from .objects import REALS, Above, Below, BoundIndex, is_line


class _AuthorsPrinter(StrPrinter):
    """Prints a residual in the language of the terms: y[i], sum(… for i in n)."""

    def __init__(self, context):
        super().__init__()
        self.context = context

    def _print_Sigma(self, e):
        body, index, size = e.args
        kind = "integral" if is_line(size) else "sum"
        domain = "R" if size == REALS else self._print(size)
        if isinstance(size, (Below, Above)):
            domain = f"{type(size).__name__.lower()}({self._print(size.args[0])})"
        return f"{kind}({self._print(body)} for {self._print(index)} in {domain})"

    def _print_Magnitude(self, e):
        return f"abs({self._print(e.args[0])})"

    def _print_Sign(self, e):
        return f"sign({self._print(e.args[0])})"

    def _print_Symbol(self, e):
        if isinstance(e, BoundIndex) and e.name.startswith("bound_"):
            depth, position = map(int, e.name.split("_")[1:3])
            return "ijklm"[position % 5] + "_" * (depth - 1)
        return super()._print_Symbol(e)

    def _print_Function(self, e):
        if e.func.__name__ in self.context.arrays:
            return f"{e.func.__name__}[{', '.join(map(self._print, e.args))}]"
        return super()._print_Function(e)


def readable(context, e) -> str:
    """A residual as text, written in the author's symbols."""
    for coordinate, meaning in context.coordinates.values():
        e = e.subs(coordinate, meaning)
    text = _AuthorsPrinter(context).doprint(e)
    return text if len(text) < 300 else text[:297] + "…"
