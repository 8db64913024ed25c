r"""Find formulas in markdown and symbols in formulas.

A display formula is whatever stands on its own line: ``$$...$$``, ``\[...\]``, a ``{math}``
directive, or a LaTeX environment such as ``align``. An inline formula that holds a relation and
one of log, sum, fraction, ... is a derived equation typed into a sentence, and counts as one.
"""

import re

FENCE = re.compile(r"^(`{3,}|~{3,}|:{3,})\{math\}[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)", re.M | re.S)
DISPLAY = re.compile(
    r"\$\$(?P<dollars>.+?)\$\$"
    r"|\\\[(?P<brackets>.+?)\\\]"
    r"|\\begin\{(?P<name>(?:align|equation|gather|multline|eqnarray|flalign|alignat)\*?)\}"
    r"(?P<environment>.+?)\\end\{(?P=name)\}",
    re.DOTALL,
)
INLINE = re.compile(
    r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?![\d$])|\\\((.+?)\\\)", re.S
)
RELATION = re.compile(
    r"(?<!\\)[=<>]|\\(?:leq?|geq?|neq?|propto|approx|equiv|sim|to|coloneqq|lt|gt|implies|iff)"
    r"(?![A-Za-z])"
)
HEAVY = re.compile(
    r"\\(?:log|ln|sum|prod|[dt]?frac|i*int|sqrt|exp|partial|nabla|lim|max|min|operatorname"
    r"|mathbb\s*\{?\s*E)(?![A-Za-z])"
)
DEFINITION_BEFORE = re.compile(r'<div class="proof-step definition">definition</div>\s*\Z')
GREEK = (  # noqa: SIM905
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi "
    "pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma "
    "Upsilon Phi Psi Omega ell"
).split()
ARGUMENT = r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|[A-Za-z]))"
DECORATED = r"\\(bar|hat|tilde|vec|mathbf|mathbb|mathcal|mathrm|operatorname\*?)" + ARGUMENT
SYMBOL = re.compile(
    r"\\(?:text|begin|end|label|tag|color)\{[^{}]*\}"  # words, not symbols
    rf"|{DECORATED}|\\({'|'.join(GREEK)})(?![A-Za-z])|\\[A-Za-z]+|([A-Za-z])"
)


def without_code(text):
    """Markdown with its code blanked out; ``{math}`` directives become ``$$`` first."""
    text = FENCE.sub(lambda match: f"$${match[2]}$$", text)
    return CODE.sub(" ", text)


def display_formulas(text):
    """Yield (TeX, whether the mark of a definition stands before it)."""
    text = without_code(text)
    for match in DISPLAY.finditer(text):
        tex = match["dollars"] or match["brackets"] or match["environment"]
        yield tex.strip(), bool(DEFINITION_BEFORE.search(text[: match.start()]))


def inline_formulas(text):
    """The TeX of every formula inside a line."""
    text = DISPLAY.sub(" ", without_code(text))
    return [(match[1] or match[2]).strip() for match in INLINE.finditer(text)]


def is_derived(tex):
    """Whether an inline formula is an equation that should have been proved."""
    return bool(RELATION.search(tex) and HEAVY.search(tex))


def symbols(tex):
    r"""The symbols in a formula: letters, Greek letters, and decorated ones as a whole.

    ``\hat\theta`` and ``\hat{\theta}`` are one symbol, and another one than ``\theta``.
    Subscripts are symbols of their own; words in ``\text{}`` and commands such as ``\frac`` are
    none.
    """
    found = set()
    for match in SYMBOL.finditer(tex):
        command, braced, bare, greek, letter = match.groups()
        if command:
            inner = re.sub(r"\s|\\[,;! ]", "", braced or bare or "")
            found.add(f"\\{command.rstrip('*')}{{{inner}}}")
        elif greek:
            found.add(f"\\{greek}")
        elif letter:
            found.add(letter)
    return found


def symbols_of_table(text):
    """The symbols in the first column of the tables of the notation page."""
    found = set()
    for line in text.splitlines():
        if line.lstrip().startswith("|"):
            first = line.strip().strip("|").split("|")[0].replace("\\|", "|")
            for tex in inline_formulas(first):
                found |= symbols(tex)
    return found
