"""What stands in the head of a page: one style sheet, one script, nothing that blocks."""

import json
import re

from assets.scripts import OPTIONS, SEARCH, ThemeChanged

LINE = r"[ \t]*{}[ \t]*\n?"
SHEET = re.compile(LINE.format(r'<link\b[^>]*href="([^"]*?)_static/([^"?]+\.css)[^"]*"[^>]*>'))
HINT = re.compile(LINE.format(r'<link\b[^>]*rel="(?:preload|prefetch|modulepreload)"[^>]*>'))
SCRIPT = re.compile(
    LINE.format(
        r'<script\b[^>]*\bsrc="([^"]*?)(?:_static/)?([^"?/]+(?:/[^"?/]+)*\.js)[^"]*"[^>]*></script>'
    )
)
TOGGLE_OPTIONS = re.compile(LINE.format(r"<script>(?:let toggle|var togglebutton)[^<]*</script>"))
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
  for (const href of FONTS) {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "preload", as: "font", crossOrigin: "", href }));
  }
})();
</script>"""


def sheets(text):
    """The style sheets of a page, as paths below ``_static``."""
    return [path for _, path in SHEET.findall(text)]


def scripts(text):
    """The scripts that a page loads, as paths below ``_static`` (the search index: its name)."""
    return [path for _, path in SCRIPT.findall(text)]


def rewritten(name, text, sheet, script, fonts, options):
    """A page that loads one style sheet and one script.

    Args:
        name: of the page, for messages; the page of the search is ``search.html``.
        text: the page as Sphinx wrote it.
        sheet, script: the addresses of the two, below ``_static``.
        fonts: those of the first screen, below ``_static``.
        options: the text of Sphinx's script of options, which inline scripts read.
    """
    first = SHEET.search(text)
    if not first:
        return text  # a page that only sends one on to another
    static = first[1] + "_static/"
    if not THEME.search(text):
        raise ThemeChanged(f"{name}: the theme's script that sets light or dark is not there")
    early = EARLY.replace("FONTS", json.dumps([static + font for font in fonts]))
    text = THEME.sub(lambda _: early, text).replace(UNKNOWN_THEME, 'data-theme="light"', 1)
    searching = [one[0] for one in SCRIPT.finditer(text) if one[2] in SEARCH]
    scripts = [
        f"<script>{options.strip()}</script>\n",
        f'<script defer src="{static}{script}"></script>\n',
        *(searching if name == "search.html" else []),
    ]
    text = replaced(HINT, "", text)
    text = replaced(SHEET, f'<link rel="stylesheet" href="{static}{sheet}" />\n', text)
    return replaced(SCRIPT, "".join(scripts).replace("<script src", "<script defer src"), text)


def replaced(pattern, replacement, text):
    """The text with the replacement where the first match was; the other matches are gone."""
    first, *rest = re.split(pattern.pattern.replace("(", "(?:").replace("(?:?", "(?"), text)
    return first + replacement + "".join(rest) if rest else text
