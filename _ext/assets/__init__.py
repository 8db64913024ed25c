"""Sphinx extension: a page loads little, and nothing twice.

When all pages are written: their style sheets become one, without the rules that no page can use;
their scripts become one that waits for the page; icons are drawn by ``_static/icons.css`` instead
of three fonts; the commonest measures of formulas become classes; PNG pictures become WebP;
figures wait for the page; what nothing asks for any more is deleted.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sphinx.errors import ExtensionError

from assets import figures, heights, lighter, measures, pages, pictures, scripts, styles, sweep
from assets.names import Names

SHEET, SCRIPT = "site.css", "site.js"
# What the first screen of a chapter is set in.
FONTS = [
    "katex/fonts/KaTeX_Main-Regular.woff2",
    "katex/fonts/KaTeX_Math-Italic.woff2",
    "fonts/text.woff2",
    "fonts/title.woff2",
]


def finish(app, exception):
    """Rewrite the built site."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    texts = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.relative_to(site).parts
    }
    try:
        changed = rewrite(site, texts, Path(app.confdir) / "_static")
    except scripts.ThemeChanged as error:
        raise ExtensionError(str(error)) from error
    for name, text in changed.items():
        (site / name).write_text(text, encoding="utf-8", newline="\n")


def rewrite(site, texts, own):
    """Write the files that all pages share; return the pages, which load them.

    Args:
        site: the folder of the built site.
        texts: its pages, by name.
        own: the folder of the project's own sheets and scripts.
    """
    static = site / "_static"
    plain = lighter.plain_classes((static / "pygments.css").read_text(encoding="utf-8"))
    texts = {name: lighter.rewritten(text, plain) for name, text in texts.items()}
    names = measures.classes(texts.values())
    texts = {name: measures.rewritten(text, names) for name, text in texts.items()}
    shared = Shared.of(static, list(texts.values()), own)
    shared.sheet += measures.rules(names)
    head = shared.write(static)
    texts = {name: pages.rewritten(name, text, head) for name, text in texts.items()}
    sizes = pictures.convert(site / "_images", pictures.shown(texts.values()))
    sizes |= pictures.drawings(site / "_images")
    texts = {name: pictures.rewritten(text, sizes) for name, text in texts.items()}
    texts = {name: figures.rewritten(text, site) for name, text in texts.items()}
    texts = {name: heights.rewritten(text) for name, text in texts.items()}
    named = sweep.references([*texts.values(), shared.sheet, shared.script, shared.search])
    sweep.sweep(static, named - shared.merged)
    sweep.sweep(site / "_images", named)
    return texts


@dataclass
class Shared:
    """What all pages load."""

    sheet: str
    script: str
    search: str  # the script that the page of the search loads by itself
    merged: set  # the names of the files that went into the first two

    @classmethod
    def of(cls, static, texts, own):
        """Read and merge what the pages (``texts``) load."""
        files = in_order(map(pages.scripts, texts), own)
        files = scripts.useful([path for path in files if scripts.bundled(path)], texts)
        script = scripts.bundle(static, files)
        search = scripts.text(static / "searchtools.js")
        sheets = in_order(map(pages.sheets, texts), own)
        sheet = styles.one_sheet(static, sheets, Names.of(texts, [script, search]))
        return cls(sheet, script, search, {Path(path).name for path in [*files, *sheets]})

    def write(self, static):
        """Write the two files; return what a page's head says of them."""
        return pages.Head(
            sheet=write(static, SHEET, self.sheet),
            script=write(static, SCRIPT, self.script),
            fonts=[font for font in FONTS if (static / font).is_file()],
            options=(static / scripts.OPTIONS).read_text(encoding="utf-8").strip(),
        )


def in_order(lists, own):
    """All files that pages load, each once: the theme's in its order, then the project's by name.

    Jupyter Book lists the project's files as the disk happens to. What is in a folder (a library)
    comes first, ``print.css`` last: it has the final say on paper.
    """
    files = list(dict.fromkeys(path for one in lists for path in one))
    ours = {path for path in files if (own / path).is_file()}
    return [path for path in files if path not in ours] + sorted(
        ours, key=lambda path: ("/" not in path, path.startswith("print."), path)
    )


def write(static, name, text):
    """Write a file and return its address, which changes when its content does."""
    (static / name).write_text(text, encoding="utf-8", newline="\n")
    return f"{name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def setup(app):
    """Run when all pages are there, and what other extensions write at the end too."""
    app.connect("build-finished", finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
