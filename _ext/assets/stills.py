"""The still of an interactive figure as a file of its own.

In a notebook it is part of the text, so that it is always there. On the site a script replaces it
before it is asked for; only readers without JavaScript, and printers, load the file.
"""

import base64
import hashlib
import re

INLINE = re.compile(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')
ROOT = re.compile(r'<html\b[^>]*\bdata-content_root="([^"]*)"')
WORTHWHILE = 2_000  # characters; a smaller picture is quicker where it stands


def rewritten(page, folder):
    """A page that loads its stills from a folder, the site's ``_images``; they are written."""
    root = ROOT.search(page)

    def moved(match):
        if len(match[1]) < WORTHWHILE:
            return match[0]
        drawing = base64.b64decode(match[1])
        name = f"{hashlib.sha256(drawing).hexdigest()[:16]}.svg"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(drawing)
        return f'src="{root[1]}{folder.name}/{name}" loading="lazy"'

    return INLINE.sub(moved, page) if root else page
