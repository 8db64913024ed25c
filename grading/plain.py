"""Make foreign text harmless to show, and write files whole or not at all."""

import os
import re
import tempfile
import textwrap
from pathlib import Path

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")  # colours and cursor movements
# Characters that are not printed but change what is seen around them: controls, and those that
# turn the direction of writing, with which code can be made to look like other code.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def shown(text, most=20_000):
    """Return foreign text as it may be shown: no control characters, bounded."""
    clean = _ANSI.sub("", str(text)[: 2 * most].replace("\r\n", "\n"))
    clean = _HIDDEN.sub("�", clean)
    return clean if len(clean) <= most else clean[:most] + "\n… (cut off)"


def fenced(text, width=100):
    """Return foreign text as a fenced block of markdown, which shows it letter by letter.

    No markup in it is read, neither HTML nor links nor mathematics. Long lines are broken, because
    a fenced block does not wrap.
    """
    lines = []
    for line in shown(text).splitlines():
        lines += textwrap.wrap(line, width, break_on_hyphens=False) or [""]
    longest = max((len(run) for run in re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])


def write_text(path, text):
    """Write a file whole or not at all, also where the machine stops in the middle."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
