"""Sphinx extension: what the pages of this book need beyond the theme.

- The ``id`` of an HTML block (a step of a proof) can be linked to from any page.
- A notebook's PNG is shown at half its pixels, with its height known before it has loaded.
"""

import re
import struct
from pathlib import Path

from docutils import nodes

ID = re.compile(r'\bid="([^"]+)"')
# The name hides the words that are shown, as "Imports and data".
SUMMARY_NAME = re.compile(r'(<summary) aria-label="Toggle hidden content"')
PICTURE_STYLE = re.compile(r'style="width: (\d+)px; height: (\d+)px;"')


def register_addresses(app, document):
    """Make the ids of HTML blocks known as link targets, as headings are."""
    page = app.env.docname
    standard = app.env.get_domain("std")
    slugs = dict(app.env.metadata[page].get("myst_slugs", {}))
    for node in document.findall(nodes.raw):
        if "html" not in node.get("format", ""):
            continue
        for address in ID.findall(node.astext()):
            slugs[address] = (node.line or 0, address, address)
            standard.anonlabels[address] = (page, address)
            standard.labels[address] = (page, address, address)
    app.env.metadata[page]["myst_slugs"] = slugs


def png_size(path):
    """Width and height in the header of a PNG file, or None."""
    head = Path(path).read_bytes()[:24]
    return struct.unpack(">II", head[16:24]) if head[:4] == b"\x89PNG" else None


def size_pictures(app, page, docname=None):
    """Give each PNG without a width half its pixels: they are drawn at twice the density."""
    for image in page.findall(nodes.image):
        path = Path(app.srcdir) / image["uri"]
        size = png_size(path) if path.suffix == ".png" and path.is_file() else None
        if size and not image.get("width"):
            image["width"], image["height"] = (str(round(pixels / 2)) for pixels in size)


def polish(text):
    """A page with its pictures' sizes as attributes, and folded cells named by their words.

    A size in the style would stay when the picture shrinks on a phone and squash it.
    """
    return PICTURE_STYLE.sub(r'width="\1" height="\2"', SUMMARY_NAME.sub(r"\1", text))


def polish_pages(app, exception):
    """Polish every built page."""
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if polish(text) != text:
            page.write_text(polish(text), encoding="utf-8", newline="\n")


def setup(app):
    """Connect the two to Sphinx's events."""
    app.connect("doctree-read", register_addresses)
    app.connect("doctree-resolved", size_pictures)
    app.connect("build-finished", polish_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
