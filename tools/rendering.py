"""Render the markdown of a chapter: ``[[ page.statement ]]``, ``define``, ``value``, ``leads``.

The brackets hold Jinja2 expressions. A statement is put in as the markdown that the proof engine
renders after it verified it, so no derived equation is typed by hand.
"""

import difflib
import functools
import re

import jinja2

BRACKETS = re.compile(r"""\[\[(?:"{3}.*?"{3}|"[^"]*"|'[^']*'|(?!\]\]).)*\]\]""", re.DOTALL)
RAW_STRING = re.compile(r"""\br("{3}|"|')(.*?)\1""", re.DOTALL)
DEFINITION_MARK = '<div class="proof-step definition">definition</div>'


class RenderError(Exception):
    """A markdown cell cannot be rendered; the message says why, for the author."""


class Page:
    """The statements of one page as attributes: ``squared_error.nll``."""

    def __init__(self, slug, statements):
        self._slug = slug
        self._statements = statements

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._statements:
            near = difflib.get_close_matches(name, self._statements, n=3, cutoff=0.4)
            known = ", ".join(f"{self._slug}.{known}" for known in near or self._statements)
            raise RenderError(f"there is no statement {self._slug}.{name}; did you mean {known}?")
        return self._statements[name]


def pages(statements):
    """Group ``{"squared_error.nll": statement}`` by page."""
    grouped = {}
    for address, statement in statements.items():
        slug, _, name = address.partition(".")
        grouped.setdefault(slug, {})[name] = statement
    return {slug: Page(slug, named) for slug, named in grouped.items()}


def define(tex):
    """A display equation typed by hand: a definition, and marked as one on the page."""
    if not isinstance(tex, str) or not tex.strip():
        raise RenderError(f"define() needs TeX in a string, got {tex!r}")
    if re.search(r"[\x00-\x09\x0b-\x1f]", tex):
        raise RenderError(f'a backslash was lost in define({tex!r}): write define(r"...")')
    if "$$" in tex:
        raise RenderError("define() sets the $$ itself; leave them out")
    return f"{DEFINITION_MARK}\n\n$$\n{tex.strip()}\n$$"


def leads(slug, here="chapter"):
    """The line that leads from a chapter to its certificate, exercises and module."""
    from mlebook import catalog

    try:
        return catalog.leads(slug, here)
    except (KeyError, ValueError) as error:
        raise RenderError(f"leads({slug!r}): {error.args[0]}") from None


def shown(value):
    """What a pair of brackets becomes: a statement becomes its verified markdown."""
    markdown = getattr(value, "markdown", None)
    return markdown() if callable(markdown) else value


def protect_raw_strings(text):
    """Jinja2 has no raw strings: double the backslashes of r"..." inside the brackets."""

    def doubled(match):
        quote, body = match.groups()
        body = body.replace("\\", "\\\\")
        # Jinja2 has no triple quotes either; its plain strings may span lines.
        return f'"{body}"' if quote == '"""' else f"{quote}{body}{quote}"

    return BRACKETS.sub(lambda match: RAW_STRING.sub(doubled, match[0]), text)


@functools.cache
def jinja():
    """The template engine; a misspelt name is an error, never an empty string."""
    return jinja2.Environment(
        variable_start_string="[[",
        variable_end_string="]]",
        # Blocks and comments are not used; their marks must not meet TeX or markdown.
        block_start_string="[[%",
        block_end_string="%]]",
        comment_start_string="[[#",
        comment_end_string="#]]",
        undefined=jinja2.StrictUndefined,
        finalize=shown,
        keep_trailing_newline=True,
        autoescape=False,
    )


def unique_ids(text, seen):
    """Keep an id only where it first stands on a page; ``seen`` gathers them."""

    def keep_first(match):
        if match[1] in seen:
            return ""
        seen.add(match[1])
        return match[0]

    return re.sub(r' id="([^"]+)"', keep_first, text)


def render(text, statements, value):
    """Render one markdown cell. ``value`` evaluates an expression in the chapter's kernel."""
    if "[[" not in text:
        return text
    try:
        template = jinja().from_string(protect_raw_strings(text))
        own = {"define": define, "leads": leads, "value": value}
        return template.render(**pages(statements), **own)
    except jinja2.TemplateError as error:
        raise RenderError(f"{type(error).__name__}: {error}") from error
