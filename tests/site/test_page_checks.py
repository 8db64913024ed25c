"""Each check of a page can fail: it finds the fault planted here, and nothing in a good page."""

import pytest
from checks import axe, whole
from checks.ask import ask

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Good</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>Good</h1>
<p>Text <a href="#step" style="text-decoration: underline">to the step</a></p>
<div style="overflow-x: auto" tabindex="0"><div style="width: 3000px">a wide formula</div></div>
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>" alt="A falling curve"
height="9">
<div class="derivation"><div class="proof-step" id="step"><a href="#step">1</a> proved</div></div>
<div class="math-numbered" id="one"><div style="width: 200px; overflow-x: auto" tabindex="0">
<span class="katex"><span class="katex-html"><span class="base" style="display: inline-block;
width: 900px">x</span></span></span></div>
<span class="equation-number">(1) <a href="#one">link</a></span></div>
%s</main></body></html>"""

NUMBER_IN_THE_SCROLLER = """<div id="two" style="position: relative; width: 9em; overflow-x: auto">
<span class="katex-html"><span class="base" style="display: inline-block; width: 900px">x</span>
</span><span class="equation-number" style="position: absolute; right: 0; top: 0">(2)
<a href="#two">link</a></span></div>"""

FAULTS = [
    ("overflow", '<div style="width: 1400px">wide</div>', "wider than the screen"),
    ("overflow", '<div style="margin-left: -90px; width: 50px">left</div>', "sticks out"),
    ("overflow", '<div style="width: 90px; overflow: hidden"><b style="display: block;'
                 ' width: 200px">cut</b></div>', "cuts"),
    ("coveredNumbers", NUMBER_IN_THE_SCROLLER, "covered"),
    ("pictures", '<img src="data:,">', "no alt"),
    ("pictures", '<img src="data:," alt=" ">', "no alt"),
    ("pictures", '<img src="data:," alt="_images/8d41.png">', "file name"),
    ("pictures", '<img src="data:," alt="A falling curve" width="9">', "no size"),
    ("pictures", '<svg width="9" height="9"></svg>', "without a name"),
    ("uniqueIds", '<p id="step">again</p>', "step 2 times"),
    ("addresses", '<div class="derivation"><p class="proof-step">2 proved</p></div>', "no address"),
    ("addresses", '<div class="math-numbered"><i class="equation-number">(3)</i></div>', "(3)"),
    ("head", "<script>document.documentElement.lang = ''</script>", "language"),
    ("head", '<script>document.head.innerHTML += "<meta name=viewport>"</script>', "2 of meta"),
    ("motion", '<p style="transition: transform 1s">moves</p>', "transition"),
    ("motion", "<style>@keyframes a { to { top: 0 } } p { animation: a 1s }</style>", "animation"),
    ("motion", "<style>html { scroll-behavior: smooth }</style>", "smoothly"),
    ("visibleFocus", '<button style="outline: none">press</button>', "no visible focus"),
]


@pytest.fixture
def planted(page, tmp_path):
    """Shows the good page, or that page with a fault in it."""

    def show(fault=""):
        path = tmp_path / "page.html"
        path.write_text(GOOD % fault, encoding="utf-8")
        page.goto(path.as_uri())  # in a page that a script writes, Chromium counts no shifts
        return page

    return show


@pytest.mark.parametrize("check", sorted({check for check, _, _ in FAULTS}))
def test_a_good_page_has_no_findings(planted, check):
    assert ask(planted(), check) == []


@pytest.mark.parametrize(("check", "fault", "message"), FAULTS)
def test_a_planted_fault_is_found(planted, check, fault, message):
    found = ask(planted(fault), check)
    assert any(message in finding for finding in found), found


def test_what_only_fits_a_wide_screen_is_found(planted):
    assert whole.narrow(planted()) == []
    found = whole.narrow(planted('<p style="width: 400px">as wide as that</p>'))
    assert found and all("at 320 px" in finding for finding in found)
    found = whole.narrow(planted('<p style="width: 45rem">as wide as that</p>'))
    assert any("twice as large" in finding for finding in found)


def test_axe_finds_a_planted_fault_and_nothing_else(planted):
    assert axe.violations(planted()) == []
    fault = '<p style="color: #999">pale</p><input><div aria-label="x" role="listitem">item</div>'
    found = axe.violations(planted(fault))
    for rule in ("color-contrast", "label", "aria-required-parent"):
        assert any(rule in finding for finding in found), found


def test_axe_still_sees_what_differs_when_formulas_are_thinned_out(planted):
    formula = '<span class="katex"><span class="katex-html"><i>x</i></span></span>'
    pale = f'<p style="color: #aaa">{formula}</p>'
    words = "<pre><span>one</span><b>two</b><span style='color: #aaa'>three</span></pre>"
    assert axe.violations(planted(f"<p>{formula * 3}</p>")) == []
    for fault in (f"<p>{formula * 3}</p>{pale}", words):
        (finding,) = axe.violations(planted(fault))
        assert "color-contrast" in finding and " 1 times" in finding


def test_the_colours_alone_can_be_asked_of_axe(planted):
    found = axe.violations(planted('<p style="color: #999">pale</p><input>'), rules=axe.COLOURS)
    assert len(found) == 1 and "color-contrast" in found[0]


def test_a_jump_is_found(planted):
    page = planted()
    assert whole.layout_shift(page) == []
    page.evaluate("document.querySelector('h1').style.marginTop = '500px'")
    (finding,) = whole.layout_shift(page)
    assert "layout shift" in finding


def visited(visitor, tmp_path, text):
    """A visit of a page that is written here, beside nothing else."""
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    visit = visitor.open((tmp_path / "page.html").as_uri())
    visit.page.wait_for_timeout(100)
    visit.page.close()
    return visit


def test_a_quiet_page_asks_for_nothing_and_says_nothing(visitor, tmp_path):
    visit = visited(visitor, tmp_path, GOOD % "")
    assert visit.outside() + visit.complaints == []


@pytest.mark.parametrize(
    "fault",
    [
        '<script src="https://cdn.example.com/x.js"></script>',
        "<style>@import url(//fonts.example.com/f.css);</style>",
        '<img src="http://93.184.215.14/x.png" alt="a">',
        "<script>fetch('https://example.com/count').catch(() => 0)</script>",
    ],
)
def test_a_request_to_another_host_is_found_and_fails(visitor, tmp_path, fault):
    visit = visited(visitor, tmp_path, GOOD % fault)
    assert visit.outside(), visit.requests
    assert any("ERR_" in complaint for complaint in visit.complaints)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("<script>nothing()</script>", "uncaught: nothing is not defined"),
        ("<script>console.error('bad')</script>", "error: bad"),
        ("<script>console.warn('odd')</script>", "warning: odd"),
        ('<script src="gone.js"></script>', "ERR_FILE_NOT_FOUND"),
    ],
)
def test_a_complaint_of_the_console_is_found(visitor, tmp_path, fault, message):
    visit = visited(visitor, tmp_path, GOOD % fault)
    assert any(message in complaint for complaint in visit.complaints), visit.complaints


def test_an_answer_that_is_an_error_is_found(visitor, site):
    visit = visitor.open(f"{site.url}/gone.html")
    visit.page.close()
    assert any("status 404" in complaint for complaint in visit.complaints)
