"""The book itself: its lint, its mutants, a strict build, and what the built pages hold."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import secrets_search

from grading.source import read_all
from tools import book, lint
from tools.environment import ROOT, SOURCES

LOADS = re.compile(  # a canonical link is read by search engines, and loads nothing
    r"<(?:script|link(?! rel=\"canonical\")|img|iframe|source)\b"
    r"[^>]*(?:src|href)=[\"'](?:https?:)?//[^>]*"
)


def test_the_lint_finds_nothing(capsys):
    code = lint.main()
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert re.fullmatch(
        r"equations: [1-9]\d* proved, \d+ defined, 0 unproved", printed.splitlines()[-1]
    )


def test_no_mutant_of_a_proof_survives():
    if importlib.util.find_spec("mlebook.proof.mutate") is None:
        pytest.fail("mlebook.proof.mutate is missing")
    command = [sys.executable, "-m", "mlebook.proof.mutate", "--sample"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.strip().splitlines()[-1]
    found = re.fullmatch(r"mutants: (\d+), equivalent: (\d+), rejected: (\d+), survivors: 0", last)
    assert found, last
    mutants, equivalent, rejected = map(int, found.groups())
    assert mutants > 0 and equivalent + rejected == mutants


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """The book, built with every warning an error."""
    output = tmp_path_factory.mktemp("site")
    assert book.build(output, strict=True) == 0, "the strict build failed; its reasons stand above"
    return output / "_build" / "html"


def pages(html):
    """The text of every built page."""
    return {
        path.relative_to(html).as_posix(): path.read_text("utf-8") for path in html.rglob("*.html")
    }


def test_every_page_of_the_book_is_built(html):
    import yaml

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    for name in lint.names_in(toc):
        assert (html / f"{name}.html").is_file()
    assert (html / "index.html").is_file()


def test_no_page_loads_anything_from_another_host(html):
    loaded = {name: LOADS.findall(text) for name, text in pages(html).items()}
    assert {name: found for name, found in loaded.items() if found} == {}
    sheets = "".join(path.read_text("utf-8") for path in html.rglob("*.css"))
    assert not re.search(r"(?:url\(|@import\s)\s*['\"]?(?:https?:)?//", sheets)


def test_mathematics_is_rendered_and_mathjax_is_gone(html):
    texts = pages(html)
    assert not [name for name, text in texts.items() if "mathjax" in text.lower()]
    assert 'class="katex-display"' in texts["chapters/squared_error.html"]
    assert not [name for name, text in texts.items() if 'class="bad-formula"' in text]


def test_scripts_that_nobody_needs_are_gone(html):
    wrong = ("thebe", "fontawesome.js", "_sources/")
    texts = pages(html)
    assert [name for name, text in texts.items() for part in wrong if part in text] == []


def test_no_hidden_test_and_no_listed_mistake_is_on_the_site(html):
    sources = [path.read_text("utf-8") for path in SOURCES.glob("*.md")]
    kept = secrets_search.kept_from_the_book(read_all(), sources)
    for path in (html / "chapters").glob("*.html"):
        shown = secrets_search.readable(path.name, path.read_bytes())
        for slug, secret in kept.items():
            assert not secret & shown, f"{slug} in {path.name}"


def test_every_picture_has_alt_text(html):
    for name, text in pages(html).items():
        for picture in re.findall(r"<img\b[^>]*>", text):
            alt = re.search(r'alt="([^"]*)"', picture)
            assert alt and alt[1].strip() and "_images/" not in alt[1], f"{name}: {picture}"


def test_every_anchor_in_a_page_exists(html):
    texts = pages(html)
    for name, text in texts.items():
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        for target in re.findall(r'href="#([^"]+)"', text):
            assert target in ids, f"{name}: #{target}"


def test_the_search_index_holds_words_of_a_chapter(html):
    index = (html / "searchindex.js").read_text(encoding="utf-8")
    assert "likelihood" in index and "chapters/squared_error" in index


def copy_of_the_book(folder):
    """What a build needs, copied."""
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "chapters").mkdir()
    shutil.copy(ROOT / "chapters" / "references.bib", folder / "chapters")
    for name in ("_ext", "_static", "_templates", "images"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/page\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$$\n\\frac{1}{2\n$$", r"page\.md:\d+:.*KaTeX: .*ParseError"),
        ("Inline $\\unknowncommand{x}$.", r"page\.md:\d+:.*KaTeX: .*Undefined control sequence"),
        ("[nowhere](page.md#nowhere)", r"page\.md:\d+:.*nowhere"),
        ("{cite}`nobody1900`", r"page\.md:\d+:.*nobody1900"),
    ],
)
def test_a_bad_page_fails_the_build_and_is_named(tmp_path, monkeypatch, capfd, text, message):
    copy_of_the_book(tmp_path)
    (tmp_path / "chapters/page.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    monkeypatch.setattr(book, "ROOT", tmp_path)
    assert book.build(tmp_path, strict=True) != 0
    assert re.search(message, re.sub(r"\x1b\[[\d;]*m", "", capfd.readouterr().err))


def test_an_address_in_a_proof_can_be_linked_to(tmp_path, monkeypatch):
    copy_of_the_book(tmp_path)
    text = '# Page\n\n[step](#page.nll.2)\n\n<div class="proof-step" id="page.nll.2">2</div>\n'
    (tmp_path / "chapters/page.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(book, "ROOT", tmp_path)
    assert book.build(tmp_path, strict=True) == 0
    built = Path(tmp_path, "_build/html/chapters/page.html").read_text(encoding="utf-8")
    assert 'href="#page.nll.2"' in built and built.count('id="page.nll.2"') == 1
