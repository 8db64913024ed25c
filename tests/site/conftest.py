"""What the tests of the built site share: a book of its own, a server, and a browser.

``make test-site`` builds once and passes the folder with ``--site``; without it each run of
pytest builds one book for all its workers.
"""

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import yaml
from checks.visit import Visitor
from filelock import FileLock

from tools import book
from tools.browser import launch
from tools.environment import ROOT
from tools.serve import serving


def pytest_addoption(parser):
    """``--site``: a built book to look at instead of building one."""
    parser.addoption("--site", type=Path, help="folder of the built HTML, by default a new build")


def published():
    """The address of the site on its host, from _config.yml."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return config["html"]["baseurl"]


def built_once(tmp_path_factory, worker_id):
    """Build the book into a folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    output = (base if worker_id == "master" else base.parent) / "book"
    with FileLock(f"{output}.lock"):
        done = output / "built"
        if not done.exists():
            assert book.build(output, strict=True) == 0, "the strict build failed, see above"
            done.touch()
    return output / "_build" / "html"


@pytest.fixture(scope="session")
def site(request, tmp_path_factory, worker_id):
    """The built site: its ``folder``, the ``url`` of a server, the names of its ``pages``."""
    given = request.config.getoption("--site")
    folder = (given or built_once(tmp_path_factory, worker_id)).resolve()
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    assert "index.html" in pages, f"no built book in {folder}"
    # Below the path of its publication, as the page for wrong addresses expects
    base = urlsplit(published()).path
    with serving(folder, base=base) as url:
        at = url + base.rstrip("/")
        yield SimpleNamespace(folder=folder, url=at, pages=pages, published=published())


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker; it can reach this machine only."""
    with launch() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def visitor(browser):
    """Opens pages in the four modes and writes down what they ask for and complain about."""
    with Visitor(browser) as opened:
        yield opened


@pytest.fixture
def page(browser):
    """An empty page, 1280 × 800, where nothing moves by itself, in a context of its own."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()
