"""Which scripts a page loads: one deferred bundle, the search's own only where one searches."""

import re
from pathlib import PurePosixPath

# What a page must hold for a script to have work to do. Without it the script is left out.
WORK = {
    "fontawesome.js": re.compile(r"(?!)"),  # never: icons.css draws the icons
    "bootstrap.js": re.compile(r'data-bs-toggle="(?!tooltip)'),  # tooltips: the title does
    "design-tabs.js": re.compile(r'class="(?:[^"]* )?sd-tab-set[ "]'),
    "togglebutton.js": re.compile(
        r'class="(?:[^"]* )?(?:toggle|admonition (?:[^"]* )?dropdown)[ "]'
    ),
}
SEARCH = {"searchtools.js", "language_data.js", "searchindex.js"}
OPTIONS = "documentation_options.js"  # read by inline scripts, so it stays one

# What keeps a phone busy while the page appears: a script, a call in it, what stands in the call's
# place, and its name for the message.
BUSY = [
    # It makes the browser lay out the whole page. book.js does it for what comes into view.
    (
        "pydata-sphinx-theme.js",
        re.compile(
            r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
        ),
        "void 0",
        "the call that measures code blocks",
    ),
    # It scrolls the list of pages beside the text to the present one; a phone shows no such list.
    (
        "pydata-sphinx-theme.js",
        re.compile(r'if\(!document\.querySelector\("\.bd-docs-nav"\)\)return;'),
        'if(!matchMedia("(min-width: 992px)").matches)return;',
        "the call that scrolls the list of pages",
    ),
    # It asks how tall the header is, which lays out the page once more. Later that is known.
    (
        "pydata-sphinx-theme.js",
        re.compile(r'(window\.addEventListener\("resize",\w+\((\w+),300\)\)),\2\(\)'),
        r'\1,window.addEventListener("load",()=>setTimeout(\2))',
        "the call that watches the sections",
    ),
    # It looks for notes in the margin, by two dozen names; the book has none.
    (
        "sphinx-book-theme.js",
        re.compile(
            r'document\.querySelectorAll\((\w)\.join\(", "\)\)'
            r"\.forEach\(\((\w)=>\{\w\.observe\(\2\)\}\)\)"
        ),
        "void 0",
        "the search for notes in the margin",
    ),
    # It marks what print.css leaves out anyway, and walks through the whole page for that.
    (
        "sphinx-book-theme.js",
        re.compile(
            r'document\.querySelectorAll\((\w)\)'
            r'\.forEach\(\((\w)=>\{\2\.classList\.add\("noprint"\)\}\)\)'
        ),
        "void 0",
        "the marks of what is not printed",
    ),
    # It rewrites the page's address, also when no word was searched for.
    (
        "sphinx_highlight.js",
        re.compile(r"SphinxHighlight\.highlightSearchWords\(\);"),
        'if (localStorage.getItem("sphinx_highlight_terms")'
        " || /[?&]highlight=/.test(location.search)) SphinxHighlight.highlightSearchWords();",
        "the call that highlights words",
    ),
    # Nobody copies before the page is there.
    (
        "copybutton.js",
        re.compile(r"^runWhenDOMLoaded\((\w+)\)$", re.MULTILINE),
        r'addEventListener("load", () => setTimeout(\1))',
        "the call that adds copy buttons",
    ),
]


class ThemeChanged(Exception):
    """A file of the theme is not what this extension knows how to treat."""


def bundled(path):
    """Whether a script of a page goes into the bundle."""
    name = PurePosixPath(path).name
    return name != OPTIONS and name not in SEARCH


def useful(paths, pages):
    """The scripts that some page has work for."""
    idle = {name for name, work in WORK.items() if not any(work.search(page) for page in pages)}
    return [path for path in paths if PurePosixPath(path).name not in idle]


def bundle(folder, paths):
    """The scripts as one, each as it is, in their order.

    The semicolon in front keeps a "use strict" of the first from binding the others, which were
    not written for it.
    """
    return "".join(f";{text(folder / path)}\n" for path in paths)


def text(path):
    """The text of a script without the address of a map that is not shipped."""
    script = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "", path.read_text(encoding="utf-8"))
    for name, call, instead, work in BUSY:
        if path.name == name:
            script, found = call.subn(instead, script)
            if found != 1:
                raise ThemeChanged(f"{path.name}: {work} is not there")
    return script.strip()
