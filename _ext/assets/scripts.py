"""Which scripts a page loads: one deferred bundle, the search's own only where one searches."""

import re

# What a page must hold for a script to have work to do. Without it the script is left out.
WORK = {
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


def useful(names, pages):
    """The scripts (file names) that some page has work for."""
    idle = {
        name
        for name, work in WORK.items()
        if name in names and not any(work.search(page) for page in pages)
    }
    return [name for name in names if name not in idle]


def bundle(folder, paths):
    """The scripts as one, each as it is, in their order.

    The semicolon in front keeps a "use strict" of the first from binding the others, which were
    not written for it.
    """
    return "".join(f";{script(folder / path)}\n" for path in paths)


def script(path):
    """The text of a script without the address of a map that is not shipped."""
    text = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "", path.read_text(encoding="utf-8"))
    if path.name == "pydata-sphinx-theme.js":
        text, found = EAGER.subn("void 0", text)
        if found != 1:
            raise ThemeChanged(f"{path.name}: the call that measures code blocks is not there")
    return text.strip()
