"""Laws that every statement obeys: it holds, and its chapter or an exercise there shows it."""
import re

import pytest

from mlebook import catalog
from tools.environment import ROOT, SOURCES
from tools.fingerprint import with_exercises

STATEMENTS = catalog.statements()
#: the certificate needs them and its page names them; the chapter does not show them
BEHIND_THE_CERTIFICATE = {f"map.{prior}_{derivative}" for prior in ("gaussian", "laplace")
                          for derivative in ("gradient", "curvature")}


@pytest.mark.parametrize("address", STATEMENTS)
def test_it_verifies(address):
    STATEMENTS[address].verify()


@pytest.mark.parametrize("slug", [*catalog.TOPICS, *catalog.LOSSES])
def test_the_chapter_shows_every_statement(slug):
    source = with_exercises((SOURCES / f"{slug}.md").read_text(encoding="utf-8"), ROOT)
    shown = set(re.findall(r"\[\[ (\w+\.\w+)", source))
    own = {address for address in STATEMENTS if address.startswith(f"{slug}.")}
    assert own - shown <= BEHIND_THE_CERTIFICATE, sorted(own - shown)
