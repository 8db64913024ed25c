"""Every page, on a desktop and on a phone, light and dark."""

import pytest
import yaml
from checks.visit import MODES
from checks.whole import findings

from tools import lint
from tools.environment import ROOT

# What Sphinx and its extensions add to the pages of _toc.yml.
GENERATED = ["404", "genindex", "py-modindex", "search"]
REDIRECT = "index"  # the address of the site leads to the first page


def names():
    """The names of all pages, without suffix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [*lint.names_in(toc), *GENERATED]


def test_all_pages_are_known_here(site):
    assert sorted(site.pages) == sorted(f"{name}.html" for name in [*names(), REDIRECT])


def test_the_address_of_the_site_leads_to_the_first_page(site, page):
    page.goto(f"{site.url}/")
    page.wait_for_url("**/chapters/index.html")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", names())
def test_page(site, visitor, name, mode):
    visit = visitor.open(f"{site.url}/{name}.html", mode)
    try:
        found = findings(visit, mode)
    finally:
        visit.page.close()
    assert not found, "\n".join([f"{name}, {mode}:", *found])
