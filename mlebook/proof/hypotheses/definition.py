"""Names that stand for formulas."""
from __future__ import annotations

from dataclasses import dataclass

from ..term import Term, TermError, name, parse, walk


@dataclass(frozen=True)
class Definition:
    """A name that stands for a formula: ``Definition("y_bar", "sum(y[i] for i in n)/n")``.

    ``parameters`` are the arguments of a defined function, or the index of a defined
    vector (``indexed=True``, so that ``r[i]`` is written with brackets); with ``sizes`` the name
    also stands for the whole vector, as in ``X.T @ r``.  ``address`` says where the book
    displays it; a proof then links there instead of repeating it.
    """

    name: str
    body: str
    parameters: tuple[str, ...] = ()
    indexed: bool = False
    tex: str = ""
    address: str = ""
    sizes: tuple[str, ...] = ()

    def __post_init__(self):
        if self.sizes and not (self.indexed and len(self.sizes) == len(self.parameters)):
            raise TermError(f"{self.name}: sizes belong to a defined vector, one for each index")

    def unfolded_body(self) -> Term:
        """The body as a term."""
        return parse(self.body)

    def number_parameters(self) -> tuple[str, ...]:
        """The parameters that are numbers; one whose entries are taken is a whole vector."""
        indexed = {t.args[0] for _, t in walk(self.unfolded_body()) if t.op == "index"}
        return tuple(p for p in self.parameters if p not in indexed)

    def head(self) -> Term:
        """The left-hand side as a term."""
        if not self.parameters:
            return name(self.name)
        arguments = tuple(name(p) for p in self.parameters)
        return Term("index" if self.indexed else "call", (self.name, *arguments))
