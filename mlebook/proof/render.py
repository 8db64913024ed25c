r"""From terms to LaTeX, brackets included.  Nothing is evaluated or rearranged.

Precedence, loosest first: a sum ``a + b``; a product ``a\,b``; a prefix operator
(``\sum``, ``\log``, …) whose operand is the product to its right; a power; an atom.
A prefix operator that is followed by another factor is put in brackets, so a formula
never depends on how far a reader thinks a ``\sum`` or a ``\log`` reaches.
"""
from __future__ import annotations

from .term import Term

GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
         "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi",
         "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi",
         "Psi", "Omega"}
_ACCENTS = {"bar": r"\bar", "hat": r"\hat", "tilde": r"\tilde"}
SUM, PRODUCT, PREFIX, POWER, ATOM = range(5)


class Renderer:
    """Renders terms with the printed names of one derivation's symbols."""

    def __init__(self, tex_names: dict[str, str], vectors: set[str] = frozenset()):
        self.tex_names = tex_names
        self.vectors = vectors

    def for_definition(self, parameters: tuple[str, ...]) -> Renderer:
        """For a definition: its parameters are numbers, whatever the names mean outside."""
        return Renderer(self.tex_names, self.vectors - set(parameters))

    # -- names ------------------------------------------------------------------------

    def symbol(self, name: str) -> str:
        r"""The printed form of a name: ``mu`` → ``\mu``, ``y_bar`` → ``\bar{y}``."""
        if name in self.tex_names:
            return self.tex_names[name]
        return plain_symbol(name)

    def printed(self, name: str) -> str:
        r"""A name standing alone: vectors in bold, the places of a pattern as dots."""
        symbol = self.symbol(name).replace("{}", r"\cdot")
        if name not in self.vectors:
            return symbol
        accent, _, rest = symbol.partition("{")
        if accent in _ACCENTS.values():
            return rf"{accent}{{{_bold(rest[:-1])}}}"
        return _bold(symbol)

    # -- terms ------------------------------------------------------------------------

    def tex(self, term: Term, level: int = SUM) -> str:
        """LaTeX of a term, in brackets if it binds more loosely than ``level``."""
        mine, text = getattr(self, f"_{term.op}")(term)
        return rf"\left({text}\right)" if mine < level else text

    def line(self, term: Term) -> str:
        """LaTeX of a whole line."""
        return self.tex(term)

    def _num(self, term):
        return (ATOM if term.args[0] >= 0 else SUM), str(term.args[0])

    def _name(self, term):
        name = term.args[0]
        return ATOM, {"oo": r"\infty", "pi": r"\pi"}.get(name) or self.printed(name)

    def _index(self, term):
        base, *indices = term.args
        inner = [self.tex(i) for i in indices]
        separator = "" if all(len(i) == 1 for i in inner) else ","
        symbol = self.symbol(base)
        return ATOM, f"{symbol}_{{{separator.join(inner)}}}"

    def _neg(self, term):
        return SUM, f"-{self.tex(term.args[0], PRODUCT)}"

    def _add(self, term):
        left, right = term.args
        return SUM, f"{self.tex(left)} + {self.tex(right, PRODUCT)}"

    def _sub(self, term):
        left, right = term.args
        return SUM, f"{self.tex(left)} - {self.tex(right, PRODUCT)}"

    def _mul(self, term):
        left, right = term.args
        # Only the last factor may be an open prefix such as \sum or \log x.
        first = self.tex(left, PREFIX) if not self._ends_open(left) \
            else rf"\left({self.tex(left)}\right)"
        if left.op == "mul" and not self._ends_open(left):
            first = self.tex(left, PRODUCT)
        second = self.tex(right, PRODUCT if right.op == "matmul" else PREFIX)
        # A thin space also tells n (a + b), a product, from f(a + b), a function's value.
        close = right.op in ("name", "index", "pow") and not second.startswith(r"\left")
        # 2 times 3 is not 23, and 2 times a half is not 2½.
        last = left.args[1] if left.op == "mul" else left
        digits = second[0].isdigit() or (last.op == "num" and _is_plain_fraction(right))
        between = r"\cdot" if digits else "" if close else r"\,"
        return PRODUCT, f"{first} {between} {second}".replace("  ", " ")

    def _ends_open(self, term) -> bool:
        """Whether something to the right of this factor could be read as part of it."""
        match term.op:
            case "sum" | "prod" | "integral" | "diff":
                return True
            case "call":
                return term.args[0] == "log"
            case "mul":
                return self._ends_open(term.args[1])
        return False

    def _div(self, term):
        top, bottom = (self.tex(c) for c in term.children)
        return PREFIX, rf"\frac{{{top}}}{{{bottom}}}"

    def _pow(self, term):
        base, exponent = term.args
        return POWER, f"{self.tex(base, ATOM)}^{{{self.tex(exponent)}}}"

    def _call(self, term):
        function, *args = term.args
        special = getattr(self, f"_call_{function}", None)
        if special is not None:
            return special(*args)
        symbol = self.symbol(function)
        inner = [self.tex(a) for a in args]
        if "{}" in symbol:
            return ATOM, _fill(symbol, inner)
        head, rest = inner[0], inner[1:]
        joined = f"{head}; {', '.join(rest)}" if rest else head
        return ATOM, rf"{symbol}\left({joined}\right)"

    def _call_log(self, argument):
        text = self.tex(argument)
        simple = argument.op in ("num", "name", "index", "prod") or (
            argument.op == "call" and argument.args[0] not in ("log", "abs"))
        if argument.op == "call" and argument.args[0] == "factorial":
            simple = argument.args[1].op in ("num", "name", "index")  # not \log (a + b)!
        return PREFIX, rf"\log {text}" if simple else rf"\log\left({text}\right)"

    def _call_exp(self, argument):
        return ATOM, rf"\exp\left({self.tex(argument)}\right)"

    def _call_sqrt(self, argument):
        return ATOM, rf"\sqrt{{{self.tex(argument)}}}"

    def _call_abs(self, argument):
        return ATOM, rf"\left|{self.tex(argument)}\right|"

    def _call_max(self, left, right):
        return ATOM, rf"\max\left({self.tex(left)}, {self.tex(right)}\right)"

    def _call_sign(self, argument):
        return ATOM, rf"\operatorname{{sign}}\left({self.tex(argument)}\right)"

    def _call_h(self, argument):
        return ATOM, rf"h\left({self.tex(argument)}\right)"

    def _call_factorial(self, argument):
        return POWER, f"{self.tex(argument, ATOM)}!"

    def _call_delta(self, left, right):
        return ATOM, rf"\delta_{{{self.tex(left)},{self.tex(right)}}}"

    def _call_E(self, argument):
        return ATOM, rf"\mathbb{{E}}\left[{self.tex(argument)}\right]"

    def _call_sqnorm(self, argument):
        return POWER, rf"\left\lVert {self.tex(argument)} \right\rVert^{{2}}"

    def _sum(self, term):
        return PREFIX, self._big(r"\sum", term)

    def _prod(self, term):
        return PREFIX, self._big(r"\prod", term)

    def _big(self, sign, term):
        variable, domain, body = term.args
        index = self.symbol(variable)
        if domain.op == "set":
            limits = rf"_{{{index} \in {self.tex(domain)}}}"
        elif domain.args == ("N",):
            limits = rf"_{{{index}=0}}^{{\infty}}"
        else:
            limits = rf"_{{{index}=1}}^{{{self.tex(domain)}}}"
        return f"{sign}{limits} {self.tex(body, PRODUCT)}"

    def _set(self, term):
        return ATOM, rf"\{{{', '.join(map(self.tex, term.args))}\}}"

    def _integral(self, term):
        variable, domain, body = term.args
        low, high = r"-\infty", r"\infty"
        if domain.op == "below":
            high = self.tex(domain.args[0])
        elif domain.op == "above":
            low = self.tex(domain.args[0])
        return PREFIX, (rf"\int_{{{low}}}^{{{high}}} {self.tex(body, PRODUCT)} "
                        rf"\, \mathrm{{d}}{self.symbol(variable)}")

    def _diff(self, term):
        body, variable = term.args
        operand = self.tex(body, PREFIX)
        return PREFIX, rf"\frac{{\partial}}{{\partial {self.tex(variable)}}} {operand}"

    def _matmul(self, term):
        left, right = term.args
        return PRODUCT, f"{self.tex(left, POWER)} {self.tex(right, POWER)}"

    def _transpose(self, term):
        return POWER, rf"{self.tex(term.args[0], ATOM)}^{{\top}}"

    def _argmin(self, term):
        return self._extremum("min", term)

    def _argmax(self, term):
        return self._extremum("max", term)

    def _extremum(self, kind, term):
        parameter, body = term.args
        inner = self.tex(body)
        if body.op in ("add", "sub", "neg"):
            inner = rf"\left[{inner}\right]"
        return SUM, rf"\operatorname*{{arg\,{kind}}}_{{{self.printed(parameter)}}} {inner}"



def _bold(symbol: str) -> str:
    # \mathbf leaves Greek letters as they are
    return rf"\boldsymbol{{{symbol}}}" if symbol.startswith("\\") else rf"\mathbf{{{symbol}}}"


def _is_plain_fraction(term: Term) -> bool:
    return term.op == "div" and all(c.op == "num" for c in term.children)


def _fill(pattern: str, values: list[str]) -> str:
    for value in values:
        pattern = pattern.replace("{}", value, 1)
    return pattern


def plain_symbol(name: str) -> str:
    r"""``y_bar`` → ``\bar{y}``, ``x_new`` → ``x_{\mathrm{new}}``, ``w_hat_1`` → ``\hat{w}_{1}``."""
    base, *suffixes = name.split("_")
    symbol = _plain_word(base)
    if suffixes and suffixes[0] in _ACCENTS:
        symbol = rf"{_ACCENTS[suffixes.pop(0)]}{{{symbol}}}"
    if not suffixes:
        return symbol
    return rf"{symbol}_{{{','.join(map(_plain_word, suffixes))}}}"


def _plain_word(word: str) -> str:
    if word == "lam":
        return r"\lambda"
    if word in GREEK:
        return "\\" + word
    return word if len(word) == 1 or word.isdigit() else rf"\mathrm{{{word}}}"
