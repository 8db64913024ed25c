"""The system's Chromium, driven by Playwright: for ``make pdf`` and ``make test-site``."""

import os
import shutil
import sys
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# The book needs no other host, so none is given: what asks for one fails here and is seen.
QUIET = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find():
    """The path of a Chromium; CHROMIUM in the environment names another one."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        path = name and shutil.which(name)
        if path:
            return path
    sys.exit(
        "No Chromium was found. On Debian and Ubuntu: sudo apt-get install chromium. "
        "Elsewhere set the environment variable CHROMIUM to the browser's path."
    )


@contextmanager
def launch():
    """A headless browser, closed at the end."""
    path = find()
    from playwright.sync_api import sync_playwright  # only requirements-site.txt installs it

    # Chromium refuses its own sandbox to root, which is who one is in a container.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, *(["--no-sandbox"] if root else [])]
        )
        try:
            yield browser
        finally:
            browser.close()
