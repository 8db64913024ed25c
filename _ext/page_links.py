"""Sphinx extension: what leads to a page, away from it and back.

- Under the title of a notebook with code: links to download it, or to run it on Binder or Colab.
- For search engines and previews: a description in plain words, robots.txt, a root page.
- A page for addresses that do not exist.

The address of the site and of the repository stand in _config.yml alone. The variables BOOK_URL and
BOOK_REPOSITORY of the environment replace them, so that the site of a fork points to itself.
"""

import html
import json
import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.errors import ConfigError

GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?/?")
COVER = Path("images/cover.png")
LONGEST = 200  # characters of a description; search engines cut it about there
SHORTEST = 60  # below that another sentence is added
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
TAG = re.compile(r"<[^>]+>")
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?![a-z]+:|[#/])(?:\./)?([^"]*)"')
FORMULA = "\0"


def set_addresses(app, config):
    """Take the two addresses from the environment where it has them, and check them."""
    site = os.environ.get("BOOK_URL") or config.html_baseurl
    options = config.html_theme_options
    repository = os.environ.get("BOOK_REPOSITORY") or options.get("repository_url")
    if not re.fullmatch(r"https://\S+/", site or ""):
        raise ConfigError(f"html.baseurl (or BOOK_URL): https://host/book/ expected, got {site!r}")
    if not re.fullmatch(r"https://\S+", repository or ""):
        raise ConfigError(
            f"repository.url (or BOOK_REPOSITORY): an https address expected, got {repository!r}"
        )
    config.html_baseurl, options["repository_url"] = site, repository


# Taking a notebook away


def notebook(app, docname):
    """The path of a page's notebook if it has code to run, or None."""
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".ipynb":
        return None
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return path if any(cell["cell_type"] == "code" for cell in cells) else None


def run_links(docname, repository, branch):
    """(words, address, whether it is a download) of each way to run a page's notebook."""
    name = docname.rpartition("/")[2]
    yield "Download this notebook", f"{name}.ipynb", True
    github = GITHUB.fullmatch(repository)
    if github:  # Binder and Colab know other hosts by other addresses, if at all
        path = quote(f"{docname}.ipynb")
        binder = f"https://mybinder.org/v2/gh/{github[1]}/{branch}?urlpath=lab/tree/{path}"
        yield "Open in Binder", binder, False
        colab = f"https://colab.research.google.com/github/{github[1]}/blob/{branch}/{path}"
        yield "Open in Colab", colab, False


def run_line(docname, repository, branch):
    """The links as one line of HTML."""
    links = [
        f'<a href="{html.escape(address)}"{" download" if download else ""}>{words}</a>'
        for words, address, download in run_links(docname, repository, branch)
    ]
    return f'<p class="run-page">{" ".join(links)}</p>\n'


def add_run_line(app, doctree, docname):
    """Put the links under the title of a page."""
    title = next(iter(doctree.findall(nodes.title)), None)
    if app.builder.format != "html" or title is None or not notebook(app, docname):
        return
    options = app.config.html_theme_options
    branch = options.get("repository_branch") or "main"
    line = run_line(docname, options["repository_url"], branch)
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", line, format="html"))


def copy_files(app, exception):
    """Put the notebooks beside their pages, and the picture for previews at the root."""
    if exception or app.builder.format != "html":
        return
    for docname in app.env.found_docs:
        path = notebook(app, docname)
        if path:
            shutil.copyfile(path, Path(app.outdir, f"{docname}.ipynb"))
    shutil.copyfile(Path(app.srcdir, COVER), Path(app.outdir, COVER.name))


# Search engines and previews


def sentences(paragraph):
    """The sentences of a paragraph that hold no formula."""
    parts = [
        FORMULA if isinstance(child, nodes.math) else child.astext()
        for child in paragraph.findall(lambda n: isinstance(n, nodes.math | nodes.Text))
        if not isinstance(child.parent, nodes.math)
    ]
    text = " ".join("".join(parts).split())
    return [part for part in SENTENCE_END.split(text) if part and FORMULA not in part]


def paragraphs(doctree):
    """The paragraphs of running text: not those set apart (links, lists, notes, tables)."""
    for section in doctree.findall(nodes.section):
        apart = False
        for node in section.children:
            if isinstance(node, nodes.raw):
                apart = node.astext().startswith("<div") and "</div>" not in node.astext()
            elif isinstance(node, nodes.paragraph) and not apart:
                yield node


def description(doctree):
    """The first sentences of a page without formulas, in plain words; "" where there is none."""
    found = ""
    for paragraph in paragraphs(doctree):
        for sentence in sentences(paragraph):
            longer = f"{found} {sentence}".strip()
            if found and len(longer) > LONGEST:
                return found
            found = longer
        if len(found) >= SHORTEST:
            break
    return found if len(found) <= LONGEST else found[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def add_head(app, pagename, templatename, context, doctree):
    """Tell the templates what the head of a page needs."""
    context["description"] = description(doctree) if doctree else context.get("description", "")
    context["plain_title"] = html.unescape(TAG.sub("", context.get("title") or ""))
    context["cover_url"] = f"{app.config.html_baseurl}{COVER.name}"
    context["root_url"] = app.config.html_baseurl + app.builder.get_target_uri(app.config.root_doc)
    # docutils brings a viewport of its own, and a page may have only one
    context["metatags"] = VIEWPORT.sub("", context.get("metatags") or "")
    if not doctree:  # search, index of names, 404: no page that anyone should find by searching
        context["pageurl"] = None


# Pages that have no source


def add_pages(app):
    """The page for addresses that do not exist, and the root, which leads to the first page."""
    yield "404", {"title": "Page not found"}, "404.html"
    about = description(app.env.get_doctree(app.config.root_doc))
    yield "index", {"title": app.config.html_title, "description": about}, "redirect.html"


def finish(app, exception):
    """Write robots.txt, and let 404.html work from any address: the host shows it everywhere."""
    if exception or app.builder.format != "html":
        return
    base = app.config.html_baseurl
    out = Path(app.outdir)
    write(out / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n")
    page = out / "404.html"
    write(page, absolute(page.read_text(encoding="utf-8"), urlsplit(base).path))


def absolute(text, prefix):
    """A page whose relative addresses begin with the path of the site on its host."""
    return RELATIVE.sub(lambda match: f'{match[1]}="{prefix}{match[2]}"', text)


def write(path, text):
    """Write a text with the line ends of Unix everywhere, so that builds agree."""
    path.write_text(text, encoding="utf-8", newline="\n")


def setup(app):
    """Connect everything to Sphinx's events."""
    app.connect("config-inited", set_addresses)
    app.connect("doctree-resolved", add_run_line)
    app.connect("html-page-context", add_head, priority=600)  # after Sphinx's and the theme's
    app.connect("html-collect-pages", add_pages)
    app.connect("build-finished", copy_files)
    app.connect("build-finished", finish, priority=950)  # when every address stands in the pages
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
