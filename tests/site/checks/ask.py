"""Put the checks written in JavaScript into a page and ask them."""

from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPTS = [FOLDER / f"{name}.js" for name in ("common", "layout", "content", "focus")]


def ask(page, check, *arguments):
    """The answer of ``Checks.<check>(…)`` in an open page."""
    if not page.evaluate("Boolean(globalThis.Checks)"):
        for script in SCRIPTS:
            page.evaluate(script.read_text(encoding="utf-8"))
    return page.evaluate(f"arguments => Checks.{check}(...arguments)", list(arguments))
