"""Laws that every statement of the catalog obeys: it holds, and its chapter shows it."""
import re
from pathlib import Path

import pytest

from mlebook import catalog

SOURCES = Path(__file__).parents[1] / "chapters" / "source"
STATEMENTS = catalog.statements()
#: the certificate needs them and its page names them; the chapter does not show them
BEHIND_THE_CERTIFICATE = {f"map.{prior}_{derivative}" for prior in ("gaussian", "laplace")
                          for derivative in ("gradient", "curvature")}


@pytest.mark.parametrize("address", STATEMENTS)
def test_it_verifies(address):
    STATEMENTS[address].verify()


@pytest.mark.parametrize("slug", [*catalog.TOPICS, *catalog.LOSSES])
def test_the_chapter_shows_every_statement(slug):
    source = (SOURCES / f"{slug}.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\[\[ (\w+\.\w+)", source))
    own = {address for address in STATEMENTS if address.startswith(f"{slug}.")}
    assert own - shown <= BEHIND_THE_CERTIFICATE, sorted(own - shown)
