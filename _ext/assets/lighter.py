"""Leave out of a page what nobody sees or hears: a third of its bytes, a fifth of its elements.

- KaTeX repeats the TeX of a formula inside its MathML; browsers and screen readers pass over
  it, and over its namespace.
- Pygments wraps every name and bracket of a program, most of them in the colour of plain text.
"""

import re

UNHEARD = re.compile(
    r"<annotation\b[^>]*>.*?</annotation>|</?semantics>"
    r'|(?<=<math) xmlns="http://www\.w3\.org/1998/Math/MathML"',  # HTML knows what <math> is
    re.DOTALL,
)
PROGRAM = re.compile(r'<div class="highlight"><pre>.*?</pre>', re.DOTALL)
COLOUR = re.compile(
    r'html\[data-theme="?(light|dark)"?\]\s+\.highlight(?:\s+\.(\w+))?\s*\{([^}]*)\}'
)


def plain_classes(sheet):
    """The classes of Pygments that its style sheet gives the colour of plain text, in both themes.

    Args:
        sheet: the style sheet of Pygments that Sphinx writes.
    """
    looks = {"light": {}, "dark": {}}
    for theme, name, declarations in COLOUR.findall(sheet):
        looks[theme].setdefault(name, "")
        looks[theme][name] += declarations
    plain = {theme: _colour(found.pop("", "")) for theme, found in looks.items()}
    named = set(looks["light"]) | set(looks["dark"])
    return {
        name
        for name in named
        if all(_same(looks[theme].get(name, ""), plain[theme]) for theme in looks)
    }


def _colour(declarations):
    """The colour among some declarations, written in one way."""
    found = re.search(r"(?<![\w-])color:\s*(#\w+)", declarations)
    return found and found[1].lower()


def _same(declarations, plain):
    """Whether declarations say nothing but the plain colour."""
    only = re.fullmatch(r"\s*(?:color:\s*#\w+\s*;?\s*)?", declarations)
    return bool(only) and _colour(declarations) in {None, plain}


def rewritten(page, plain):
    """A page without annotations, its programs without spans of ``plain`` classes."""
    page = UNHEARD.sub("", page)
    if not plain:
        return page
    span = re.compile(rf'<span class="(?:{"|".join(sorted(plain))})">([^<]*)</span>')
    return PROGRAM.sub(lambda program: span.sub(r"\1", program[0]), page)
