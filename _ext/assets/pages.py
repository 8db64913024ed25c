"""What stands in the head of a page: one style sheet, one script, nothing that blocks."""

import json
import re
from dataclasses import dataclass

from assets.scripts import SEARCH, ThemeChanged

LINE = r"{}[ \t]*\n?"  # a tag with the rest of its line
SHEET = re.compile(LINE.format(r'<link\b[^>]*href="([^"]*?)_static/([^"?]+\.css)[^"]*"[^>]*>'))
HINT = re.compile(LINE.format(r'<link\b[^>]*rel="(?:preload|prefetch|modulepreload)"[^>]*>'))
SCRIPT = re.compile(
    LINE.format(
        r'<script\b[^>]*\bsrc="[^"]*?(?:_static/([^"?]+\.js)|(searchindex\.js))[^"]*"[^>]*></script>'
    )
)
THEME = re.compile(
    r'<script data-cfasync="false">\s*document\.documentElement\.dataset\.mode = .*?</script>',
    re.DOTALL,
)
UNKNOWN_THEME = 'data-theme="auto"'

# Light or dark is known before anything is painted, so that nothing is painted twice. A page on
# disk may not ask for its fonts ahead (the browser reports an error); its style sheet loads them.
EARLY = """\
<script>
(() => {
  const root = document.documentElement;
  let mode = "auto";
  try { mode = localStorage.getItem("mode") || mode; } catch { /* storage is switched off */ }
  const dark = mode === "dark"
    || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.mode = mode;
  root.dataset.theme = dark ? "dark" : "light";
  if (location.protocol === "file:") return;
  for (const font of FONTS) {
    const href = `${root.dataset.content_root}_static/${font}`;
    const link = { rel: "preload", as: "font", crossOrigin: "", href };
    document.head.append(Object.assign(document.createElement("link"), link));
  }
})();
</script>"""


def sheets(text):
    """The style sheets of a page, as paths below ``_static``."""
    return [path for _, path in SHEET.findall(text)]


def scripts(text):
    """The scripts that a page loads: paths below ``_static``, and the search index."""
    return [below or index for below, index in SCRIPT.findall(text)]


@dataclass
class Head:
    """What every page loads; addresses are those below ``_static``."""

    sheet: str
    script: str
    fonts: list  # those of the first screen
    options: str  # the text of Sphinx's script of options, which inline scripts read


def rewritten(name, text, head):
    """A page that loads one style sheet and one script; ``name`` is that of its file."""
    first = SHEET.search(text)
    if not first:
        return text  # a page that only sends one on to another
    static = first[1] + "_static/"
    if not THEME.search(text):
        raise ThemeChanged(f"{name}: the theme's script that sets light or dark is not there")
    early = EARLY.replace("FONTS", json.dumps(head.fonts))
    text = replaced(THEME, early, text).replace(UNKNOWN_THEME, 'data-theme="light"', 1)
    text = replaced(HINT, "", text)
    text = replaced(SHEET, f'<link rel="stylesheet" href="{static}{head.sheet}" />\n', text)
    inline = f"<script>{head.options}</script>\n"
    return replaced(SCRIPT, inline + loading(name, text, static + head.script), text)


def loading(name, text, script):
    """The tags of a page's scripts. The page of the search has some more.

    Those look at what is loaded before them, so there all run in place, not deferred.
    """
    if name != "search.html":
        return f'<script defer src="{script}"></script>\n'
    search = [tag[0] for tag in SCRIPT.finditer(text) if (tag[1] or tag[2]) in SEARCH]
    return f'<script src="{script}"></script>\n' + "".join(search)


def replaced(pattern, replacement, text):
    """The text with the replacement where the first match was, and the other matches gone."""
    once = iter([replacement])
    return pattern.sub(lambda _: next(once, ""), text)
