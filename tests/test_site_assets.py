"""What the built pages load: one purged style sheet, one script, lighter pages and pictures."""

import importlib
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
assets = importlib.import_module("assets")  # a Sphinx extension: found by its folder
from assets import (  # noqa: E402
    lighter,
    pages,
    pictures,
    scripts,
    selectors,
    styles,
    sweep,
)
from assets.names import Names  # noqa: E402

PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="../" data-theme="auto">
<head>
<script data-cfasync="false">
    document.documentElement.dataset.mode = localStorage.getItem("mode") || "auto";
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
</script>
<link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="stylesheet" type="text/css" href="../_static/book.css?v=2" />
<link rel="preload" as="script" href="../_static/scripts/bootstrap.js?digest=1" />
<script src="../_static/documentation_options.js?v=3"></script>
<script src="../_static/book.js?v=4"></script>
<script>DOCUMENTATION_OPTIONS.pagename = 'chapters/page';</script>
<script src="../_static/searchtools.js"></script>
<script src="../searchindex.js"></script>
</head>
<body><p class="seen both" id='here'>Text</p></body>
</html>
"""
HEAD = pages.Head("site.css?v=1", "site.js?v=2", ["fonts/text.woff2"], "const OPTIONS = {};")


def purged(css, page='<p class="seen">', script=""):
    """A style sheet after the purge, for one page and one script."""
    names = Names.of([page], [script])
    return styles.write(styles.purge(styles.parse(css), names))


@pytest.mark.parametrize(
    "selector",
    [
        ".seen",
        "p.seen:hover::before",
        "p:not(.unseen)",
        ":is(.seen, .unseen) p",
        "html:has(p)",
        "[data-kind=seen] p",
        ".added",
        "#added-id",
        "*",
        "body > p",
        "input[type=range]:focus",
    ],
)
def test_a_rule_that_can_match_stays(selector):
    page = '<p class="seen" data-kind="x"><input>'
    script = 'box.classList.add("added"); box.id = "added-id";'
    assert "red" in purged(f"{selector} {{ color: red }}", page, script)


@pytest.mark.parametrize(
    "selector",
    [
        ".unseen",
        "p.unseen",
        ".seen .unseen",
        ":is(.unseen, .gone)",
        "p:has(.unseen)",
        ":not(.gone).unseen",
        "#unseen",
        "video",
        "[data-unseen] p",
    ],
)
def test_a_rule_that_cannot_match_goes(selector):
    assert purged(f"{selector} {{ color: red }} p {{ color: blue }}") == "p{color:blue}"


def test_of_several_selectors_those_that_match_stay():
    assert purged(".unseen, .seen,  p > .gone { color: red }") == ".seen{color:red}"


def test_rules_within_media_are_purged_and_print_is_kept():
    css = "@media print { .seen { color: red } } @media (width < 9px) { .unseen { color: red } }"
    assert purged(css) == "@media print{.seen{color:red}}"
    assert purged("@page { size: A4 }") == "@page{size: A4}"


def test_a_dataset_name_of_a_script_is_an_attribute():
    assert purged("[data-some-name] p { color: red }", script="node.dataset.someName = 1")


def test_strings_and_importance_survive():
    css = 'p { content: "a  ,  b" !important; --x: 1px , 2px; margin: 0  auto }'
    assert purged(css) == 'p{content:"a  ,  b"!important;--x:1px,2px;margin:0 auto}'


def test_icon_fonts_are_left_out():
    css = 'p { font-family: Font Awesome\\ 6 Free; content: "\\f0c9"; color: red }'
    assert purged(css) == "p{color:red}"


def test_variables_fonts_and_animations_that_nobody_uses_go(tmp_path):
    sheet = """
        :root { --used: var(--indirect); --indirect: 1px; --unused: var(--also); --also: 2px }
        @font-face { font-family: "Used Face"; src: url(a.woff2) }
        @font-face { font-family: "Other Face"; src: url(b.woff2) }
        @keyframes turn { to { rotate: 1turn } }
        @keyframes other { to { rotate: 2turn } }
        p { width: var(--used); font-family: "Used Face"; animation: turn 1s }
    """
    (tmp_path / "a.css").write_text(sheet, encoding="utf-8")
    text = styles.one_sheet(tmp_path, ["a.css"], Names.of(["<p>"], []))
    for kept in ("--used", "--indirect", "Used Face", "a.woff2", "@keyframes turn"):
        assert kept in text
    for gone in ("--unused", "--also", "Other Face", "b.woff2", "@keyframes other"):
        assert gone not in text


def test_a_variable_that_a_page_or_a_script_reads_stays(tmp_path):
    (tmp_path / "a.css").write_text("p { --one: 1; --two: 2; --three: 3 }", encoding="utf-8")
    names = Names.of(['<p style="width: var(--one)">'], ['style.getPropertyValue("--two")'])
    text = styles.one_sheet(tmp_path, ["a.css"], names)
    assert "--one" in text and "--two" in text and "--three" not in text


def test_imports_are_read_and_addresses_hold(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "base.css").write_text("p { color: red }", encoding="utf-8")
    theme = '@import "../base.css";\n/*! licence */ p { background: url(../images/x.svg) }'
    (tmp_path / "styles/theme.css").write_text(theme, encoding="utf-8")
    text = styles.one_sheet(tmp_path, ["styles/theme.css"], Names.of(["<p>"], []))
    assert "color:red" in text and 'url("images/x.svg")' in text and "/*! licence */" in text


def test_selectors_are_split_at_their_own_commas_only():
    (rule,) = styles.parse("a, :is(b, c) d, e { color: red }")
    assert len(rule[0]) == 3
    assert all(isinstance(part, list) for part in rule[0])
    assert not selectors.usable(rule[0][1], Names.of(["<a>"], []))


def test_a_page_loads_one_sheet_and_one_script():
    text = pages.rewritten("chapters/page.html", PAGE, HEAD)
    assert text.count('rel="stylesheet"') == 1
    assert '<link rel="stylesheet" href="../_static/site.css?v=1" />' in text
    assert text.count("<script defer src=") == text.count("<script src=") + 1 == 1
    assert "bootstrap" not in text and "searchindex" not in text
    assert text.index("const OPTIONS") < text.index("DOCUMENTATION_OPTIONS.pagename")


def test_light_or_dark_is_known_before_the_sheet_is_there():
    text = pages.rewritten("chapters/page.html", PAGE, HEAD)
    assert 'data-theme="light"' in text and 'data-theme="auto"' not in text
    assert text.index("root.dataset.theme =") < text.index('rel="stylesheet"')


def test_the_page_of_the_search_loads_its_scripts_in_order():
    text = pages.rewritten("search.html", PAGE.replace("../", ""), HEAD)
    places = [text.index(name) for name in ("site.js", "searchtools.js", "searchindex.js")]
    assert places == sorted(places) and "defer" not in text


def test_a_page_without_sheets_stays_as_it_is():
    assert pages.rewritten("index.html", "<html></html>", HEAD) == "<html></html>"


def test_a_changed_theme_is_reported():
    with pytest.raises(scripts.ThemeChanged, match=r"page\.html: the theme's script"):
        pages.rewritten("page.html", PAGE.replace("dataset.mode", "dataset.other"), HEAD)


def test_a_script_with_no_work_is_left_out():
    paths = ["scripts/bootstrap.js", "design-tabs.js", "togglebutton.js", "book.js"]
    assert scripts.useful(paths, ['<button data-bs-toggle="tooltip">']) == ["book.js"]
    busy = ['<a data-bs-toggle="dropdown">', '<div class="a sd-tab-set">', '<p class="toggle">']
    assert scripts.useful(paths, busy) == paths


def test_the_bundle_keeps_the_order_and_each_script_whole(tmp_path):
    (tmp_path / "a.js").write_text('"use strict";\nconst a = 1\n', encoding="utf-8")
    (tmp_path / "b.js").write_text("(() => {})()\n//# sourceMappingURL=b.js.map", encoding="utf-8")
    text = scripts.bundle(tmp_path, ["a.js", "b.js"])
    assert text == ';"use strict";\nconst a = 1\n;(() => {})()\n'


def test_project_files_follow_the_theme_by_name_and_print_is_last(tmp_path):
    (tmp_path / "katex").mkdir()
    for name in ("print.css", "book.css", "code.css", "katex/katex.min.css"):
        (tmp_path / name).touch()
    found = ["theme.css", "print.css", "katex/katex.min.css", "code.css", "book.css"]
    expected = ["theme.css", "katex/katex.min.css", "book.css", "code.css", "print.css"]
    assert assets.in_order([found, found[::-1]], tmp_path) == expected


PYGMENTS = """
html[data-theme="light"] .highlight { background: #fff; color: #080808 }
html[data-theme="light"] .highlight .n { color: #080808 } /* Name */
html[data-theme="light"] .highlight .k { color: #6730C5 }
html[data-theme="light"] .highlight .b { color: #080808; font-weight: bold }
html[data-theme="dark"] .highlight { background: #222; color: #F8F8F2 }
html[data-theme="dark"] .highlight .n { color: #F8F8F2 }
html[data-theme="dark"] .highlight .k { color: #F8F8F2 }
"""


def test_code_in_the_plain_colour_needs_no_span():
    assert lighter.plain_classes(PYGMENTS) == {"n"}
    code = '<div class="highlight"><pre><span class="n">x</span> <span class="k">if</span></pre>'
    outside = '<span class="n">y</span>'
    expected = '<div class="highlight"><pre>x <span class="k">if</span></pre>'
    assert lighter.rewritten(code + outside, {"n"}) == expected + outside


def test_mathml_stays_without_its_annotation():
    page = """<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi>\
<annotation encoding="application/x-tex">x</annotation></semantics></math>"""
    assert lighter.rewritten(page, set()) == "<math><mi>x</mi></math>"


@pytest.fixture
def figure(tmp_path):
    """A drawn picture: a gradient of many colours."""
    ramp = np.linspace(0, 255, 1440).astype(np.uint8)
    pixels = np.stack([np.tile(ramp, (300, 1)), np.full((300, 1440), 80, np.uint8)] * 2, axis=-1)
    pixels[..., 3] = 255
    Image.fromarray(pixels, "RGBA").save(tmp_path / "abc.png")
    return tmp_path


def test_a_picture_becomes_webp_that_looks_the_same(figure):
    assert pictures.convert(figure, ["abc.png"]) == {"abc.png": (1440, 300)}
    before = np.asarray(Image.open(figure / "abc.png").convert("RGB")).astype(int)
    after = np.asarray(Image.open(figure / "abc.webp").convert("RGB")).astype(int)
    assert np.abs(before - after).max() <= 4
    with Image.open(figure / "abc-720.webp") as narrow:
        assert narrow.size == (720, 150)


def test_what_shines_through_a_picture_still_does(tmp_path):
    Image.new("RGBA", (20, 10), (255, 0, 0, 100)).save(tmp_path / "abc.png")
    pictures.convert(tmp_path, ["abc.png"])
    assert Image.open(tmp_path / "abc.webp").getpixel((0, 0)) == (255, 0, 0, 100)
    assert not (tmp_path / "abc-720.webp").exists()


def test_a_page_shows_the_new_pictures_and_those_of_its_sections_wait():
    shown = '<a href="../_images/a.png"><img alt="A" src="../_images/a.png" /></a>'
    page = f'<h2>List</h2><article class="bd-article">{shown}<h2>Section</h2>{shown}</article>'
    text = pictures.rewritten(page, {"a.png": (1440, 600)})
    _, before, after = text.split("<h2>")
    assert 'loading="lazy"' in after and "loading" not in before
    assert text.count(".png") == 0 and text.count('href="../_images/a.webp"') == 2
    assert text.count('srcset="../_images/a-720.webp 720w, ../_images/a.webp 1440w"') == 2
    assert text.count('width="1440" height="600"') == 2


def test_a_drawing_takes_its_room_before_it_is_there(tmp_path):
    figure = plt.figure(figsize=(6, 3))
    figure.savefig(tmp_path / "drawn.svg")
    plt.close(figure)
    sizes = pictures.drawings(tmp_path)
    assert sizes == {"drawn.svg": (576, 288)}
    text = pictures.rewritten('<img src="_images/drawn.svg" />', sizes)
    assert 'width="576" height="288"' in text and "webp" not in text


def test_pictures_that_are_not_ours_to_change_stay():
    page = '<meta content="https://x/_images/a.png"><img src="data:image/svg+xml;base64,AA">' * 2
    assert pictures.rewritten(page, {"a.png": (10, 10)}) == page


def test_files_that_nobody_names_are_deleted(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("kept.png", "gone.png", "deep/gone.map", "used.woff2", "LICENSE.md"):
        (tmp_path / name).touch()
    named = sweep.references(['<img src="_static/kept.png">', "url(used.woff2)"])
    sweep.sweep(tmp_path, named)
    assert {path.name for path in tmp_path.rglob("*")} == {"kept.png", "used.woff2", "LICENSE.md"}
