"""The parts of a formula that hold together by themselves: names, values, brackets."""
from __future__ import annotations

from dataclasses import dataclass

from ..term import Term, name, num
from .tokens import Cursor, elements, is_digit

SLOT = ()  # the place of an argument in a printed form such as f_{{}}({})
BRACKETS = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Known:
    """A name and how it is used.

    ``number``; ``entries`` (takes an index); ``whole`` (an array in bold); ``function``
    (takes arguments in brackets); ``filled`` (its printed form has slots for the
    arguments); ``kronecker`` (takes two indices).
    """

    name: str
    use: str = "number"
    rank: int = 0


@dataclass(frozen=True)
class Names:
    """What each printed form (a tuple of tokens) means; the number of indices of arrays."""

    forms: dict[tuple, Known]
    ranks: dict[str, int]

    def bind(self, form: tuple, variable: str) -> Names:
        """The same names with a bound variable, which hides an outer one."""
        return Names({**self.forms, form: Known(variable)}, {**self.ranks, variable: 0})

    def without(self, symbol: str) -> Names:
        kept = {form: known for form, known in self.forms.items() if known.name != symbol}
        return Names(kept, self.ranks)

    def starting_with(self, token) -> list[tuple[tuple, Known]]:
        """The forms that start with a token, the longest first."""
        found = [item for item in self.forms.items() if item[0][0] == token]
        return sorted(found, key=lambda item: -len(item[0]))


class AtomReader(Cursor):
    """Reads names and brackets; what may stand in a bracket is the grammar's business."""

    def __init__(self, tokens: tuple, names: Names):
        super().__init__(tokens)
        self.names = names

    def formula(self) -> Term:
        raise NotImplementedError

    def inner(self, group) -> Term:
        """The meaning of a group or an argument, read to its end."""
        return type(self)(elements(group), self.names).whole()

    def whole(self) -> Term:
        """A formula that fills all the tokens."""
        term = self.formula()
        self.at_end()
        return term

    def at_end(self):
        if self.peek() is not None:
            self.fail("cannot go on")

    def atom(self) -> Term:
        token = self.peek()
        if token in BRACKETS:
            return self._bracket(token)
        if is_digit(token):
            return self._number()
        match token:
            case r"\left|":
                return Term("call", ("abs", self._between(token, r"\right|")))
            case r"\left\lVert":
                inside = self._between(token, r"\right\rVert")
                self.expect("^", "2")
                return Term("call", ("sqnorm", inside))
            case r"\sqrt":
                self.take()
                return Term("call", ("sqrt", self.inner(self.take())))
            case r"\exp":
                self.take()
                return Term("call", ("exp", self._bracket("(")))
            case r"\max":
                self.expect(r"\max", "(")
                values = self._arguments(",")
                self.expect(")")
                if len(values) != 2:
                    self.fail("the larger of two numbers is expected")
                return Term("call", ("max", *values))
            case r"\operatorname" if self.peek(1) == tuple("sign"):
                self.expect(r"\operatorname", tuple("sign"))
                return Term("call", ("sign", self._bracket("(")))
            case r"\mathbb":
                self.expect(r"\mathbb", "E")
                return Term("call", ("E", self._bracket("[")))
        return self._named()

    def _bracket(self, opener: str) -> Term:
        return self._between(opener, BRACKETS[opener])

    def _between(self, opener: str, closer: str) -> Term:
        self.expect(opener)
        term = self.formula()
        self.expect(closer)
        return term

    def _number(self) -> Term:
        digits = self.take()
        while is_digit(self.peek()):
            digits += self.take()
        return num(int(digits))

    # -- names ----------------------------------------------------------------------------

    def _named(self) -> Term:
        start = self.position
        for form, known in self.names.starting_with(self.peek()):
            self.position = start
            if known.use == "filled":
                values = self._filled(form)
                if values is not None:
                    return Term("call", (known.name, *values))
            elif self.tokens[start:start + len(form)] == form:
                self.position += len(form)
                return self._used(form, known)
        self.position = start
        return self.fail("an unknown name")

    def _used(self, form: tuple, known: Known) -> Term:
        """A name that was just read, with its indices or arguments."""
        if known.use in ("number", "whole"):
            return name(known.name)
        if known.use == "function":
            self.expect("(")
            values = self._arguments(",", ";")
            self.expect(")")
            return Term("call", (known.name, *values))
        if "_" in form:
            self.fail("a second subscript")
        self.expect("_")
        if known.use == "kronecker":
            return Term("call", (known.name, *self._indices(self.take(), 2)))
        return Term("index", (known.name, *self._indices(self.take(), known.rank)))

    def _indices(self, group, count: int) -> tuple[Term, ...]:
        r"""``X_{ij}`` has the indices i and j; anything longer needs commas."""
        tokens = elements(group)
        if count > 1 and len(tokens) == count and "," not in tokens:
            return tuple(map(self.inner, tokens))
        indices = self.listed(tokens)
        if len(indices) != count:
            self.fail(f"expected {count} index(es)")
        return indices

    def listed(self, tokens: tuple) -> tuple[Term, ...]:
        """Formulas with commas between them."""
        reader = type(self)(tokens, self.names)
        items = reader._arguments(",")
        reader.at_end()
        return items

    def _arguments(self, *separators: str) -> tuple[Term, ...]:
        values = [self.formula()]
        while self.peek() in separators:
            self.take()
            values.append(self.formula())
        return tuple(values)

    def _filled(self, form: tuple) -> list[Term] | None:
        """The arguments in the slots of a printed form, or None if this is not the form."""
        values, before = [], None
        for part in form:
            if part == SLOT:
                raised = before in ("_", "^")
                values.append(self.inner(self.take()) if raised else self.formula())
            elif self.peek() == part:
                self.take()
            elif isinstance(part, tuple) and self.peek() is not None:
                inside = type(self)(elements(self.take()), self.names)
                found = inside._filled(part)
                if found is None or inside.peek() is not None:
                    return None
                values += found
            else:
                return None
            before = part
        return values
