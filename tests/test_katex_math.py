"""Mathematics at build time: numbers beside what scrolls, errors with their place."""

import re
import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
import katex_math


@pytest.fixture(autouse=True)
def engine_closed():
    yield
    katex_math.close_engine(None, None)


def block(tex, **attributes):
    """The HTML of a formula on a line of its own."""
    written = []
    translator = SimpleNamespace(
        body=written, add_permalink_ref=lambda node, title: written.append(f"<a {title}>")
    )
    with pytest.raises(nodes.SkipNode):
        katex_math.visit_block(translator, nodes.math_block(tex, tex, **attributes))
    return "".join(written)


def test_a_formula_scrolls_by_itself_and_keeps_its_address():
    text = block("x^2", ids=["here"])
    assert text.startswith('<div class="math-block" id="here"><span class="katex-display">')
    assert "equation-number" not in text


def test_a_number_stands_beside_what_scrolls():
    text = block("x^2", ids=["here"], number=3)
    assert text.startswith('<div class="math-numbered" id="here"><div class="math-block"><span')
    inside, _, after = text.partition("</span></div>")
    assert inside.count("<div") == 2 and "(3)" not in inside
    assert re.match(r'<span class="equation-number">\(3\)<a Link.*</span></div>\n', after)


def test_a_formula_is_named_by_its_mathml():
    assert "<math" in block("x^2") and 'aria-hidden="true"' in block("x^2")


@pytest.mark.parametrize("tex", [r"\frac{1}{2", r"\nosuchcommand", r"a & b"])
def test_wrong_tex_is_refused(tex):
    with pytest.raises(katex_math.BadFormula, match="ParseError"):
        katex_math.to_html(tex, True)


def node_at(source, line):
    """A formula in a document."""
    node = nodes.math("x", "x")
    node.source, node.line = source, line
    return node


def test_the_place_in_a_notebook_is_a_cell_and_its_line():
    assert katex_math.place(node_at("chapters/a.ipynb", 40_012)).endswith(
        "a.ipynb: cell 4, line 12"
    )


def test_the_place_in_a_text_is_left_to_sphinx():
    node = node_at("chapters/a.md", 12)
    assert katex_math.place(node) is node


def outputs(html):
    """What becomes of HTML that a cell shows."""
    document = new_document("page")
    output = nodes.container(classes=["cell_output"])
    output += nodes.raw("", html, format="html")
    document += output
    katex_math.render_outputs(None, document)
    return document.astext()


def test_formulas_in_an_output_are_set():
    assert 'class="katex"' in outputs("<td>$x^2$</td>") and "$" not in outputs("<td>$x^2$</td>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>no formula</p>",
        "<script>const a = `${x} and ${y}`</script>",
        '<figure class="mle-figure">$5 and $6</figure>',
    ],
)
def test_a_script_and_a_figure_are_left_alone(html):
    assert outputs(html) == html
