"""Find the links and the anchors of a page, to see whether each link leads somewhere."""

import re
from pathlib import PurePosixPath

from tools.mathematics import DISPLAY, without_code

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|\bhref=\"([^\"]+)\"")
PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)|<img\b([^>]*)>")
ANCHOR = re.compile(r"\b(?:id|name)=\"([^\"]+)\"|^\(([^)\s]+)\)=\s*$", re.MULTILINE)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)  # f[name](state) is no link
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def slug(heading):
    """The anchor that MyST gives a heading."""
    text = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
    return text.strip().replace(" ", "-")


def anchors(text):
    """Every anchor of a page."""
    found = {first or second for first, second in ANCHOR.findall(text)}
    return found | {slug(heading) for heading in HEADING.findall(without_code(text))}


def links(text):
    """Every target of a link on a page, but those to other hosts."""
    plain = DISPLAY.sub(" ", without_code(SCRIPT.sub(" ", text)))
    found = [first or second for first, second in LINK.findall(plain)]
    return [target for target in found if not re.match(r"[a-z][a-z+.-]*:", target)]


def pictures_without_alt(text):
    """Pictures written in markdown or HTML that have no alt text."""
    for match in PICTURE.finditer(without_code(text)):
        alt = match[1] if match[2] is None else re.search(r'alt="([^"]+)"', match[2])
        if not alt:
            yield match[0]


def broken(pages):
    """Yield (page, link) for each link that leads nowhere. ``pages`` maps a name to its text."""
    known = {PurePosixPath(name).stem: anchors(text) for name, text in pages.items()}
    for name, text in pages.items():
        for target in links(text):
            path, _, anchor = target.partition("#")
            page = PurePosixPath(path).stem if path else PurePosixPath(name).stem
            suffix = PurePosixPath(path).suffix
            if suffix not in {"", ".ipynb", ".md", ".html"}:
                continue
            if page not in known or (anchor and anchor not in known[page]):
                yield name, target
