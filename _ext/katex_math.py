"""Sphinx extension: KaTeX renders the formulas while the book is built.

A page then needs no script and no network to show its mathematics. KaTeX runs in the V8 engine of
the package mini-racer, so that a reader needs no node. A formula that KaTeX cannot read becomes a
warning with file and line.
"""

import functools
import html
import re
from pathlib import Path

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.util import logging

logger = logging.getLogger(__name__)
KATEX = Path(__file__).parent / "katex" / "katex.min.js"
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
PUNCTUATION = re.compile(r"[.,;:!?)]+")
LONGEST_UNBROKEN = 30  # characters of TeX; a longer formula may break on a phone
OPTIONS = {
    "throwOnError": True,
    "strict": "error",  # what LaTeX itself would refuse is refused here
    # rows of fractions would touch otherwise
    "macros": {"\\arraystretch": "1.4"},
}


class BadFormula(Exception):
    """KaTeX cannot read a formula."""


@functools.cache
def engine():
    """The JavaScript engine with KaTeX loaded, once per process."""
    context = MiniRacer()
    context.eval(KATEX.read_text(encoding="utf-8"))
    return context


@functools.cache
def to_html(tex, display):
    """Render TeX to HTML with MathML for screen readers; raise BadFormula where it is wrong."""
    try:
        return engine().call("katex.renderToString", tex, {**OPTIONS, "displayMode": display})
    except JSEvalException as error:
        lines = [line for line in str(error).splitlines() if "Error:" in line]
        raise BadFormula((lines or [str(error)])[-1].strip()) from None


def rendered(node, display):
    """The HTML of a math node; a bad formula is reported and shown as its source."""
    return rendered_tex(node.astext().strip(), display, node)


def rendered_tex(tex, display, node):
    """The HTML of a formula that stands in a node of the page."""
    try:
        return to_html(tex, display)
    except BadFormula as error:
        logger.warning("KaTeX: %s in %r", error, tex, location=place(node), type="katex")
        return f'<code class="bad-formula">{html.escape(tex)}</code>'


def place(node):
    """Where a node stands: in a notebook the cell and its line, else file and line.

    MyST-NB counts a notebook's lines as ten thousand times the cell and the line in it.
    """
    while node.parent is not None and not node.source:
        node = node.parent
    cell, line = divmod(node.line or 0, 10_000)
    if cell and str(node.source).endswith(".ipynb"):
        return f"{node.source}: cell {cell}, line {line}"
    return node


def visit_inline(translator, node):
    """Write a formula in a line of text."""
    short = len(node.astext()) <= LONGEST_UNBROKEN
    classes = "math-inline unbroken" if short else "math-inline"
    translator.body.append(f'<span class="{classes}">{rendered(node, False)}</span>')
    raise nodes.SkipNode


def visit_block(translator, node):
    """Write a formula on a line of its own, which scrolls by itself where it is too wide.

    A number stands beside what scrolls, so that the formula never runs into it.
    """
    identity = f' id="{node["ids"][0]}"' if node.get("ids") else ""
    block = f'<div class="math-block">{rendered(node, True)}</div>'
    if not node.get("number"):
        translator.body.append(block.replace(">", f"{identity}>", 1) + "\n")
        raise nodes.SkipNode
    translator.body.append(f'<div class="math-numbered"{identity}>{block}')
    translator.body.append(f'<span class="equation-number">({node["number"]})')
    translator.add_permalink_ref(node, "Link to this equation")
    translator.body.append("</span></div>\n")
    raise nodes.SkipNode


def is_mathematics(output):
    """Whether HTML that a cell shows may hold formulas; in a script a dollar is no formula."""
    return "$" in output and "<script" not in output and "mle-figure" not in output


def render_outputs(app, document):
    """Render ``$...$`` inside HTML that a code cell displays, as JupyterLab does."""
    for output in document.findall(nodes.container):
        if "cell_output" not in output["classes"]:
            continue
        for node in list(output.findall(nodes.raw)):
            if node.get("format") != "html" or not is_mathematics(node.astext()):
                continue
            text = FORMULA.sub(lambda match, node=node: in_html(match, node), node.astext())
            node.replace_self(nodes.raw("", text, format="html"))


def in_html(match, node):
    """One formula of an HTML output, rendered."""
    display = match[1] is not None
    return rendered_tex(html.unescape(match[1] or match[2]).strip(), display, node)


def keep_punctuation(app, doctree, docname):
    """Keep a full stop or comma on the line of the short formula before it."""
    for node in list(doctree.findall(nodes.math)):
        parent, place = node.parent, node.parent.index(node) + 1
        follows = parent[place] if place < len(parent) else None
        mark = PUNCTUATION.match(follows) if isinstance(follows, nodes.Text) else None
        if mark and len(node.astext()) <= LONGEST_UNBROKEN:
            whole = nodes.inline("", "", classes=["unbroken"])
            parent[place - 1 : place + 1] = [whole, nodes.Text(follows[mark.end() :])]
            whole += [node, nodes.Text(mark[0])]


def close_engine(app, exception):
    """End V8's threads in order; one left open can keep the process from ending."""
    if engine.cache_info().currsize:
        engine().close()
        engine.cache_clear()


def setup(app):
    """Register the renderer under the name that _config.yml asks for."""
    app.add_html_math_renderer(
        "katex", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None)
    )
    app.connect("doctree-read", render_outputs)
    app.connect("doctree-resolved", keep_punctuation)
    app.connect("build-finished", close_engine)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
