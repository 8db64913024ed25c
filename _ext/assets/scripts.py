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

# The theme asks each code block for its width as soon as a page has loaded, which makes the
# browser lay out the whole page at once. book.js does it for what comes into view.
EAGER = re.compile(
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)


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
    if path.name == "pydata-sphinx-theme.js":
        script, found = EAGER.subn("void 0", script)
        if found != 1:
            raise ThemeChanged(f"{path.name}: the call that measures code blocks is not there")
    return script.strip()
