"""Sphinx extension: small faults of the theme's pages that shut readers out are repaired.

Each repair is one replacement in the written page; tests/test_accessible.py shows that each
does its work, tests/site that each still finds its place in the book.
"""

import re
from pathlib import Path

# What it is for, what is found, what takes its place.
REPAIRS = [
    (
        "WCAG 2.5.3: the button's name is what one reads on it, 'Search Ctrl+K'",
        re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"'),
        r"\1",
    ),
    (
        "a list holds list items; the role of a bibliography's entry is deprecated",
        re.compile(r'(<div class="citation"[^>]*) role="doc-biblioentry"'),
        r'\1 role="listitem"',
    ),
    (
        "whoever jumps from landmark to landmark meets the sidebar too",
        re.compile(r'<div id="pst-primary-sidebar" class='),
        '<div id="pst-primary-sidebar" role="region" aria-label="The book" class=',
    ),
    (
        "a dialog has a name: the search",
        re.compile(r'<dialog id="pst-search-dialog">'),
        '<dialog id="pst-search-dialog" aria-label="Search">',
    ),
    (
        "a dialog has a name: the contents of the book on a phone",
        re.compile(r'<dialog id="pst-primary-sidebar-modal">'),
        '<dialog id="pst-primary-sidebar-modal" aria-label="The book">',
    ),
    (
        "a dialog has a name: the contents of the page on a phone",
        re.compile(r'<dialog id="pst-secondary-sidebar-modal">'),
        '<dialog id="pst-secondary-sidebar-modal" aria-label="On this page">',
    ),
]


def repaired(text):
    """A page with every repair."""
    for _, wrong, right in REPAIRS:
        text = wrong.sub(right, text)
    return text


def repair_pages(app, exception):
    """Repair every built page."""
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        after = repaired(text)
        if after != text:
            page.write_text(after, encoding="utf-8", newline="\n")


def setup(app):
    """Repair before the other extensions rewrite the pages."""
    app.connect("build-finished", repair_pages, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
