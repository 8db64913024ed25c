"""Feedback says everything, and nothing that a student wrote is alive in it."""

from html.parser import HTMLParser

import pytest

from grading.feedback import write
from grading.marks import Mark
from grading.tests.results import exercises, found, result

SLUG = "squared_error"
EVIL = """<script>alert(1)</script><img src=x onerror=alert(2)>"'></pre></details></section>
<iframe src=//e> [x](javascript:alert(3)) {{ 7*7 }} {% raw %} &lt;b&gt; <!-- --> ]]>
<style>body{display:none}</style><meta http-equiv=refresh content="0;url=//e"><base href=//e>
\x1b[31m\x00\u202egnp.exe"""
ALLOWED = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "a", "header", "span"}
ALLOWED |= {"section", "dl", "dt", "dd", "pre", "details", "summary", "div", "table", "thead"}
ALLOWED |= {"tbody", "tr", "th", "td", "meter"}


@pytest.fixture(scope="module")
def example():
    return exercises()


class Tags(HTMLParser):
    """Collect the tags and attributes of a page."""

    def __init__(self, html):
        """Read a page."""
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]


def page(out, student="ada", name=SLUG):
    return (out / "feedback" / student / f"{name}.html").read_text(encoding="utf-8")


def hostile():
    evil = result("eve", text=EVIL, error=EVIL, problems=[EVIL])
    for cell in evil["cells"]:
        cell |= {"source": EVIL, "output": EVIL, "error": EVIL}
    for question in evil["questions"]:
        question |= {"message": EVIL, "hint": EVIL, "limit": f"limit {EVIL}"}
    return evil


def test_hostile_text_makes_no_tag_no_attribute_no_request(tmp_path, example):
    evil = hostile()
    everyone = found(evil)
    everyone.students["eve"].name = EVIL
    everyone.students["eve"].problems.append(EVIL)
    write(tmp_path, example, [evil], {("eve", SLUG, "engel"): Mark(1, 0, EVIL)}, everyone)
    for name in (SLUG, "index"):
        html = page(tmp_path, "eve", name)
        assert "alert(1)" in html and "{{ 7*7 }}" in html  # it is shown, letter by letter
        assert not set(html) & set("\x00\x1b\u202e")
        tags = Tags(html)
        assert set(tags.tags) <= ALLOWED
        assert tags.tags.count("style") == 1 and tags.tags.count("meta") == 6
        for tag, attribute, value in tags.attributes:
            assert not attribute.startswith("on") and attribute != "src"
            if attribute == "href":
                assert value in {"index.html", f"{SLUG}.html"}, (tag, value)
        assert "default-src 'none'" in html


def test_a_hostile_page_has_the_same_structure_as_an_honest_one(tmp_path, example):
    honest = result("eve", text="Because.", error="e", problems=["p"])
    for cell in honest["cells"]:
        cell |= {"source": "s", "output": "o", "error": "e"}
    for question in honest["questions"]:
        question |= {"message": "m", "hint": "h", "limit": "l"}
    pages = []
    for item in (honest, hostile()):
        write(tmp_path, example, [item], {}, found(item))
        pages.append(Tags(page(tmp_path, "eve")).tags)
    assert pages[0] == pages[1]


def test_marks_messages_hints_limits_and_comments_are_told(tmp_path, example):
    more = {"problems": ["A cell is missing."], "limits": ["memory"]}
    item = result(shares=(1, 0.4, 0, 0), text="It fans out.", **more)
    item["questions"][1] |= {"message": "not right", "hint": "The log of the scale is lost."}
    item["questions"][2] |= {"limit": "stopped after 20 s"}
    item["cells"][0] |= {"source": "loc = 69", "output": "hello", "error": "NameError: x"}
    manual = {("ada", SLUG, "engel"): Mark(2.0, 0, "Say how you saw it.")}
    write(tmp_path, example, [item], manual, found(item, late={"ada"}))
    html = page(tmp_path)
    for text in (
        "2 of 2",
        "1.2 of 3",
        "2 of 3",
        "The log of the scale is lost.",
        "stopped after 20 s",
        "Say how you saw it.",
        "It fans out.",
        "loc = 69",
        "NameError: x",
        "A cell is missing.",
        "A limit was met: memory",
        "handed in late",
        "5.2 of 13",
    ):
        assert text in html, text


def test_a_limit_is_told_once(tmp_path, example):
    item = result(limits=["stopped after 20 s"])
    item["questions"][2] |= {"limit": "stopped after 20 s", "message": "met: stopped after 20 s"}
    write(tmp_path, example, [item], {}, found(item))
    assert page(tmp_path).count("stopped after 20 s") == 1


def test_a_mark_that_is_still_to_come_is_shown_as_such(tmp_path, example):
    item = result(shares=(1, 1, 0, 0))
    write(tmp_path, example, [item], {}, found(item))
    html = page(tmp_path)
    assert "5 of 13, 3 by hand pending" in html and "waits for marking by hand (3)" in html
    write(tmp_path, example, [item], {("ada", SLUG, "engel"): Mark(1, 0, "", True)}, found(item))
    assert "has changed since it was marked by hand" in page(tmp_path)


def test_each_student_has_an_index_also_without_a_usable_notebook(tmp_path, example):
    item = result("ada lovelace")
    everyone = found(item, nothing=["bob"])
    everyone.students["bob"].problems.append("homework.ipynb: No exercise has this name.")
    write(tmp_path, example, [item], {}, everyone)
    assert f'href="{SLUG}.html"' in page(tmp_path, "ada lovelace", "index")
    bob = page(tmp_path, "bob", "index")
    assert "No exercise has this name." in bob and "not handed in" in bob
    write(tmp_path, example, [], {}, found(item))
    assert "not graded yet" in page(tmp_path, "ada lovelace", "index")
    index = (tmp_path / "feedback/index.html").read_text(encoding="utf-8")
    assert 'href="ada%20lovelace/index.html"' in index


def test_an_endless_answer_does_not_make_an_endless_page(tmp_path, example):
    item = result(text="a" * 10**6)
    for cell in item["cells"]:
        cell["output"] = "b" * 10**6
    write(tmp_path, example, [item], {}, found(item))
    assert len(page(tmp_path)) < 100_000


def test_a_cell_that_ended_early_is_told_beside_its_question(tmp_path, example):
    stopped = "stopped after 20 s, the limit for one cell"
    item = result(shares=(1, 0, 0, 0), limits=[stopped])
    ends = {"by_hand": "NameError: harmless", "weighted": "SyntaxError: oops", "log_scale": stopped}
    item["cells"] = [
        {"id": name, "source": "s", "output": "", "error": error}
        for name, error in {**ends, "helper": "NameError: mine"}.items()
    ]
    write(tmp_path, example, [item], {}, found(item))
    html = page(tmp_path)
    assert html.count("<dt>Your cell</dt>") == 2  # by_hand is right: nothing to explain
    assert "<dd>SyntaxError: oops</dd>" in html and f"<dd>{stopped}</dd>" in html
    assert "A limit was met" not in html
    assert "A cell of your own did not run to its end: NameError: mine" in html
