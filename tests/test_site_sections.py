"""What a built page says of its interactive figures and of the height of its sections."""

import base64
import re
import sys

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from assets import figures, heights


def test_a_still_becomes_a_file_that_waits(tmp_path):
    drawing = "<svg>" + "long " * 1000 + "</svg>"
    coded = base64.b64encode(drawing.encode()).decode()
    page = f'<html data-content_root="../"><img src="data:image/svg+xml;base64,{coded}">'
    text = figures.rewritten(page, tmp_path)
    (file,) = (tmp_path / "_images").iterdir()
    assert file.read_text(encoding="utf-8") == drawing
    assert f'<img src="../_images/{file.name}" loading="lazy">' in text


def test_a_small_drawing_stays_in_the_page(tmp_path):
    page = '<html data-content_root=""><img src="data:image/svg+xml;base64,AAAA">'
    assert figures.rewritten(page, tmp_path) == page


def test_the_script_of_a_figure_becomes_a_file_that_waits_and_other_scripts_stay(tmp_path):
    script = 'const x = "<figure>";\nMLE.mount("slug", {"a": 1});\n'
    other = "<script>nothing()</script>"
    page = f'<html data-content_root="../">{other}<figure></figure>\n<script>\n{script}</script>'
    text = figures.rewritten(page, tmp_path)
    (file,) = (tmp_path / "_static").iterdir()
    assert file.read_text(encoding="utf-8") == script
    assert f'<script defer src="../_static/{file.name}"></script>' in text and script not in text
    assert other in text


ARTICLE = """<article class="bd-article"><section id="page"><h1>Page</h1>
<section id="a">{}<section id="deep"><p>deep</p></section></section>
<section class="b" id="b"><p>short</p></section></section></article>"""


def test_each_section_of_a_page_and_no_other_says_how_tall_it_is():
    text = heights.rewritten(ARTICLE.format("<p>words</p>" * 100))
    assert text.count("--tall") == 2
    assert '<section id="page">' in text and '<section id="deep">' in text
    first, second = (int(height) for height in re.findall(r"--tall: (\d+)px", text))
    assert 1000 < first < 5000 and 15 < second < 60


@pytest.mark.parametrize("more", [
    "<p>" + "words " * 50 + "</p>", "<pre>one\ntwo\n</pre>", '<img src="a.png">',
    '<div class="math-block"><math></math></div>', "<table><tr><td>cell</td></tr></table>",
    "<details><summary>Hint</summary></details>",
])
def test_what_is_seen_makes_a_section_taller(more):
    assert heights.estimate("<p>words</p>" + more) > heights.estimate("<p>words</p>") + 20


@pytest.mark.parametrize("hidden", [
    "<script>let x;</script>", "<math><mi>x</mi></math>", "<style>p { color: red }</style>",
])
def test_what_is_not_seen_does_not(hidden):
    assert heights.estimate("<p>words</p>" + hidden) == heights.estimate("<p>words</p>")


def test_what_is_within_closed_details_does_not_count():
    inner = "<details><summary>In</summary><p>" + "words " * 99 + "</p></details>"
    outer = f"<details><summary>Out</summary>{inner}</details>"
    assert heights.estimate(outer) == 2 * heights.estimate("<details></details>")
