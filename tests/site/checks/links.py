"""Links inside the site: every file and every anchor that a page names is there."""

import html
import posixpath
import re
from urllib.parse import unquote, urljoin, urlsplit

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
ATTRIBUTE = re.compile(
    r"""\s(id|href|src|srcset|poster|data-src|action|content)=(?:"([^"]*)"|'([^']*)')"""
)
ADDRESS_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)""")
ADDRESSES = {"href", "src", "poster", "data-src", "action"}
OPENS_BY_ITSELF = {"", "top"}  # an empty fragment is the top of the page


def attributes(text):
    """Every (name, value) in the tags of a page that can be an address or an anchor."""
    for tag in TAG.findall(text):
        for name, double, single in ATTRIBUTE.findall(tag):
            yield name, html.unescape(double or single)


def addresses(text):
    """What a page links to or loads."""
    for name, value in attributes(text):
        if name in ADDRESSES:
            yield value
        elif name == "srcset":
            yield from (part.split()[0] for part in value.split(",") if part.strip())
        elif name == "content" and re.match(r"https?://\S+$", value):
            yield value  # the picture of a preview, say


def anchors(text):
    """The ids of a page."""
    return {value for name, value in attributes(text) if name == "id"}


class Site:
    """A folder of pages and the address under which it will be published."""

    def __init__(self, folder, published):
        self.folder = folder
        self.published = published
        self.texts = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*.html"))
        }
        self.anchors = {name: anchors(text) for name, text in self.texts.items()}

    def inside(self, page, address):
        """(file, fragment) of an address on a page, or None if it leads to another site."""
        whole = urljoin(f"{self.published}{page}", address)
        if not whole.startswith(self.published):
            base = urlsplit(self.published)
            other = urlsplit(whole)
            return ("", whole) if other.netloc == base.netloc else None
        parts = urlsplit(whole)
        path = unquote(parts.path[len(urlsplit(self.published).path) :])
        if not path or path.endswith("/"):
            path = posixpath.join(path, "index.html")
        return path, unquote(parts.fragment)

    def wrong(self, page, address):
        """What is wrong with an address on a page, or None."""
        found = self.inside(page, address)
        if found is None:
            return None
        path, fragment = found
        if not (self.folder / path).is_file():
            return f"{page}: {address} leads to no file"
        if path in self.anchors and fragment not in self.anchors[path] | OPENS_BY_ITSELF:
            return f"{page}: {address} leads to no anchor"
        return None

    def broken(self):
        """Findings: every address of every page that leads nowhere."""
        found = {
            self.wrong(page, address)
            for page, text in self.texts.items()
            for address in set(addresses(text))
        }
        return sorted(found - {None}) + self.broken_in_sheets()

    def broken_in_sheets(self):
        """Findings: files that a style sheet names and that are not there."""
        found = []
        for sheet in sorted(self.folder.rglob("*.css")):
            for address in ADDRESS_IN_STYLE.findall(sheet.read_text(encoding="utf-8")):
                path = (sheet.parent / unquote(urlsplit(address).path)).resolve()
                if not address.startswith("data:") and not path.is_file():
                    found.append(f"{sheet.name}: {address} leads to no file")
        return found

    def unlisted(self):
        """Findings: addresses in the sitemap that are no page."""
        sitemap = (self.folder / "sitemap.xml").read_text(encoding="utf-8")
        listed = re.findall(r"<loc>([^<]+)</loc>", sitemap)
        wrong = [self.wrong("sitemap.xml", html.unescape(address)) for address in listed]
        return [finding for finding in wrong if finding] + ([] if listed else ["no page listed"])
