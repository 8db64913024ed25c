"""The repairs of the theme's pages for readers who do not use a mouse or a screen."""

import re
import sys

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from accessible import REPAIRS, repaired

# The theme's markup, as it comes.
PAGE = """<button class="btn search-button-field x" title="Search" aria-label="Search" data-x="y">
<i></i> <span>Search</span></button>
<button class="btn search-button" aria-label="Search"><i></i></button>
<dialog id="pst-search-dialog"></dialog>
<dialog id="pst-primary-sidebar-modal"></dialog>
<div id="pst-primary-sidebar" class="bd-sidebar"></div>
<dialog id="pst-secondary-sidebar-modal"></dialog>
<div role="list" class="citation-list"><div class="citation" id="a" role="doc-biblioentry"></div>
</div>"""


@pytest.mark.parametrize(("purpose", "wrong"), [repair[:2] for repair in REPAIRS])
def test_each_repair_finds_its_place_once_and_leaves_nothing_to_repair(purpose, wrong):
    assert len(wrong.findall(PAGE)) == 1, purpose
    assert not wrong.search(repaired(PAGE)), purpose


def test_repairs_are_what_they_say():
    after = repaired(PAGE)
    assert '<button class="btn search-button-field x" title="Search" data-x="y">' in after
    assert '<button class="btn search-button" aria-label="Search">' in after
    assert '<div class="citation" id="a" role="listitem">' in after
    assert 'role="region" aria-label="The book" class="bd-sidebar"' in after
    assert len(re.findall(r"<dialog id=[^>]* aria-label=", after)) == 3


def test_a_repaired_page_stays_as_it_is():
    assert repaired(repaired(PAGE)) == repaired(PAGE)
