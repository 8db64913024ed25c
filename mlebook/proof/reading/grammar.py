r"""The grammar of printed formulas, by the conventions that readers bring along.

A ``\sum`` or ``\prod`` takes the whole product after it and ends at ``+`` and ``-``;
``\log`` and ``\partial/\partial x`` take one factor, and if more follow the formula is
ambiguous and refused; an integral ends at its ``d x``; a function's name followed by a
bracket is its value, any other bracket multiplies; bold arrays side by side are a matrix
product.  A formula that two readers may read in two ways is an error here.
"""
from __future__ import annotations

from ..term import Term, name
from .atoms import BRACKETS, AtomReader
from .tokens import elements, is_digit, show

_NOT_A_FACTOR = {None, "+", "-", "=", ")", "]", r"\right|", r"\right\rVert", ",", ";", r"\}",
                 r"\in", r"\mid", r"\parallel", "|", "^", "_", "!", r"\cdot"}
_EXTREMA = {tuple("argmin"): "argmin", tuple("argmax"): "argmax"}
_ACCENTS = {r"\bar", r"\hat", r"\tilde", r"\mathrm"}


class Reader(AtomReader):
    """Reads a formula from left to right, the loosest sign first."""

    def line(self) -> Term:
        """A whole line: an arg min (arg max) or a formula."""
        if self.peek() != r"\operatorname*":
            return self.whole()
        self.take()
        kind = _EXTREMA.get(self.take())
        if kind is None:
            self.fail("expected arg min or arg max")
        self.expect("_")
        parameter = self.inner(self.take())
        if parameter.op != "name":
            self.fail("an arg min needs a parameter")
        body = self.product()
        if self.peek() is not None:
            self.fail("ambiguous, how far does the arg min reach?")
        return Term(kind, (parameter.args[0], body))

    # -- sums and products ----------------------------------------------------------------

    def formula(self) -> Term:
        term = self._signed()
        while self.peek() in ("+", "-"):
            op = "add" if self.take() == "+" else "sub"
            term = Term(op, (term, self.product()))
        return term

    def _signed(self) -> Term:
        if self.peek() != "-":
            return self.product()
        self.take()
        return Term("neg", (self.product(),))

    def product(self) -> Term:
        term = self.factor()
        while self._another_factor():
            if self.peek() == r"\cdot":
                self.take()
            elif self._looks_like_a_number(term):
                self.fail("a number after a factor needs a dot")
            right = self.factor()
            arrays = self._rank(term) and self._rank(right)
            term = Term("matmul" if arrays else "mul", (term, right))
        return term

    def _another_factor(self) -> bool:
        token = self.peek()
        if token == r"\mathrm" and self.peek(1) == "d":
            return False  # the end of an integral
        return token == r"\cdot" or token not in _NOT_A_FACTOR

    def _looks_like_a_number(self, left: Term) -> bool:
        r"""``x 2`` is no product on paper, and ``2 \frac{1}{2}`` is two and a half."""
        last = left.args[1] if left.op == "mul" else left
        if self.peek() == r"\frac" and last.op == "num":
            return all(map(is_digit, (*elements(self.peek(1)), *elements(self.peek(2)))))
        return is_digit(self.peek())

    def _rank(self, term: Term) -> int:
        """How many indices an entry needs: 0 for a number, 1 for a vector, 2 for a matrix."""
        if term.op == "name":
            return self.names.ranks.get(term.args[0], 0)
        ranks = [self._rank(c) for c in term.children]
        match term.op:
            case "matmul":
                return sum(ranks) - 2
            case "diff":
                return ranks[1]
            case "add" | "sub" | "neg" | "mul" | "div" | "transpose":
                return max(ranks)
        return 0

    # -- factors --------------------------------------------------------------------------

    def factor(self) -> Term:
        match self.peek():
            case r"\sum":
                return self._big("sum")
            case r"\prod":
                return self._big("prod")
            case r"\int":
                return self._integral()
            case r"\log":
                return self._log()
            case r"\frac":
                return self._fraction()
        start = self.position
        base = self.atom()
        return self._marked(base, self.tokens[start:self.position])

    def _marked(self, base: Term, written: tuple) -> Term:
        """An atom with its exponent, transposition or factorial: one of them at most."""
        if self.peek() == "!":
            self.take()
            base = Term("call", ("factorial", base))
        elif self.peek() == "^":
            if "^" in (*written[-2:-1], *(written[-4:-3] if written[-2:-1] == ("_",) else ())):
                self.fail("a second superscript")
            self.take()
            base = self._raised(base, self.take())
        if self.peek() in ("^", "!", "_"):
            self.fail("ambiguous, a second mark needs brackets")
        return base

    def _raised(self, base: Term, mark) -> Term:
        if mark == r"\top":
            return Term("transpose", (base,))
        return Term("pow", (base, self.inner(mark)))

    def _log(self) -> Term:
        self.take()
        bracketed = self.peek() in BRACKETS
        argument = self.atom() if bracketed else self.factor()
        if self.peek() in ("^", "!") or (not bracketed and argument.op == "pow"):
            self.fail("ambiguous, the log of a power or a power of the log?")
        if not bracketed and self._another_factor():
            self.fail("ambiguous, how far does the log reach?")
        return Term("call", ("log", argument))

    def _fraction(self) -> Term:
        self.take()
        top, bottom = self.take(), self.take()
        if top == r"\partial":
            return self._derivative(elements(bottom))
        if self.peek() in ("^", "!"):
            self.fail("ambiguous, a power of a fraction needs brackets")
        return Term("div", (self.inner(top), self.inner(bottom)))

    def _derivative(self, bottom: tuple) -> Term:
        if bottom[0] != r"\partial":
            self.fail("expected the variable of the derivative")
        variable = self.inner(bottom[1:])
        body = self.factor()
        if self._another_factor():
            self.fail("ambiguous, how far does the derivative reach?")
        return Term("diff", (body, variable))

    # -- signs that bind a variable ---------------------------------------------------------

    def _big(self, op: str) -> Term:
        self.take()
        self.expect("_")
        below = elements(self.take())
        sign = r"\in" if r"\in" in below else "="
        if sign not in below[1:]:
            self.fail("expected a variable below the sign")
        form, start = below[:below.index(sign)], below[below.index(sign) + 1:]
        domain = self._set(start) if sign == r"\in" else self._range(start)
        return self._bound(op, form, domain, self.product)

    def _set(self, tokens: tuple) -> Term:
        if tokens[:1] != (r"\{",) or tokens[-1:] != (r"\}",):
            self.fail("expected a finite set")
        return Term("set", self.listed(tokens[1:-1]))

    def _range(self, start: tuple) -> Term:
        """The size n of 1, …, n, or N for 0, 1, 2, …."""
        self.expect("^")
        end = self.take()
        if (start, end) == (("0",), r"\infty"):
            return name("N")
        if start != ("1",):
            self.fail("a sum starts at 1, an infinite one at 0")
        return self.inner(end)

    def _bound(self, op: str, form: tuple, domain: Term, read_body) -> Term:
        """The body of a sum or an integral, in which one more symbol is known."""
        outside = self.names
        variable = f"{show(form)}'"  # the mark keeps it apart from every declared name
        self.names = outside.bind(form, variable)
        body = read_body()
        self.names = outside
        return Term(op, (variable, domain, body))

    def _integral(self) -> Term:
        self.take()
        self.expect("_")
        low = self.take()
        self.expect("^")
        domain = self._line(low, self.take())
        form = self._variable_of_integral()
        term = self._bound("integral", form, domain, self.formula)
        self.expect(r"\mathrm", "d", *form)
        return term

    def _line(self, low, high) -> Term:
        """The line between two ends, one of which at least is infinite."""
        if low == ("-", r"\infty"):
            return name("R") if high == r"\infty" else Term("below", (self.inner(high),))
        if high != r"\infty":
            self.fail("an integral between two numbers is not part of the language")
        return Term("above", (self.inner(low),))

    def _variable_of_integral(self) -> tuple:
        """The symbol after the d that closes this integral, found by looking ahead."""
        depth = 0
        for k in range(self.position, len(self.tokens) - 2):
            if self.tokens[k] == r"\int":
                depth += 1
            elif self.tokens[k:k + 2] == (r"\mathrm", "d"):
                if depth == 0:
                    return _symbol(self.tokens[k + 2:])
                depth -= 1
        return self.fail("an integral without its d x")


def _symbol(tokens: tuple) -> tuple:
    """The one symbol at the start: a letter or an accent over one, and its subscript."""
    size = 2 if tokens[0] in _ACCENTS else 1
    return tokens[:size + 2] if tokens[size:size + 1] == ("_",) else tokens[:size]
