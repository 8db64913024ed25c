"""The scripts of the theme do nothing that keeps a phone busy while a page appears."""

import sys

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from assets import scripts


@pytest.mark.parametrize(("name", "call", "instead", "work"), [
    (
        "pydata-sphinx-theme.js",
        '"complete"===document.readyState?I():window.addEventListener("load",I)',
        "void 0",
        "code blocks",
    ),
    (
        "pydata-sphinx-theme.js",
        'if(!document.querySelector(".bd-docs-nav"))return;',
        'if(!matchMedia("(min-width: 992px)").matches)return;',
        "list of pages",
    ),
    (
        "pydata-sphinx-theme.js",
        'window.addEventListener("resize",_(c,300)),c()',
        'window.addEventListener("resize",_(c,300)),'
        'window.addEventListener("load",()=>setTimeout(c))',
        "sections",
    ),
    (
        "sphinx-book-theme.js",
        'document.querySelectorAll(n.join(", ")).forEach((e=>{t.observe(e)}))',
        "void 0",
        "margin",
    ),
    (
        "sphinx-book-theme.js",
        'document.querySelectorAll(e).forEach((e=>{e.classList.add("noprint")}))',
        "void 0",
        "not printed",
    ),
    (
        "sphinx_highlight.js",
        "SphinxHighlight.highlightSearchWords();",
        'if (localStorage.getItem("sphinx_highlight_terms")'
        " || /[?&]highlight=/.test(location.search)) SphinxHighlight.highlightSearchWords();",
        "highlights words",
    ),
    (
        "copybutton.js",
        "runWhenDOMLoaded(add)",
        'addEventListener("load", () => setTimeout(add))',
        "copy buttons",
    ),
])
def test_what_keeps_a_phone_busy_goes_or_waits(tmp_path, monkeypatch, name, call, instead, work):
    monkeypatch.setattr(scripts, "BUSY", [one for one in scripts.BUSY if work in one[3]])
    path = tmp_path / name
    path.write_text(f"(()=>{{\n{call}\n}})();", encoding="utf-8")
    assert scripts.text(path) == f"(()=>{{\n{instead}\n}})();"
    path.write_text("(()=>{})();", encoding="utf-8")
    with pytest.raises(scripts.ThemeChanged, match=work):
        scripts.text(path)
