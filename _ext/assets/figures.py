"""The still and the script of an interactive figure as files of their own.

In a notebook both are part of the text, so that they are always there. On the site the page comes
first: the script runs when all of it has been read, and replaces the still before that is asked
for; only readers without JavaScript, and printers, load the still.
"""

import base64
import hashlib
import re

STILL = re.compile(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')
# the script that follows a figure, as mlebook/interactive/figure.py writes it
SCRIPT = re.compile(r"(</figure>\s*)<script>\n(.*?MLE\.mount\(.*?)</script>", re.DOTALL)
ROOT = re.compile(r'<html\b[^>]*\bdata-content_root="([^"]*)"')
WORTHWHILE = 2_000  # characters; a smaller picture is quicker where it stands


def rewritten(page, site):
    """A page that loads its stills and their scripts from the folder of the site."""
    root = ROOT.search(page)
    if not root:
        return page

    def still(match):
        if len(match[1]) < WORTHWHILE:
            return match[0]
        name = write(site / "_images", base64.b64decode(match[1]), ".svg")
        return f'src="{root[1]}_images/{name}" loading="lazy"'

    def script(match):
        name = write(site / "_static", match[2].encode(), ".js")
        address = f"{root[1]}_static/{name}"
        return f'{match[1]}<script defer src="{address}"></script>'

    return SCRIPT.sub(script, STILL.sub(still, page))


def write(folder, content, ending):
    """Write a file that is named after its content; return the name."""
    name = hashlib.sha256(content).hexdigest()[:16] + ending
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return name
