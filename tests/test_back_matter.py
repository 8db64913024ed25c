"""The README, the notation page and the bibliography hold what they promise."""

import re
from collections import Counter

from pybtex.database import parse_file

from tools import links, mathematics
from tools.__main__ import COMMANDS
from tools.environment import CHAPTERS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CITED = re.compile(r"\{cite:[pt]\}`([^`]+)`")


def symbols_in_two_rows(text):
    """Symbols that stand alone in the first column of two rows: two meanings for one symbol."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| $")]
    named = [tex for row in rows for tex in mathematics.inline_formulas(row)]
    return {tex for tex, count in Counter(named).items() if count > 1}


def test_every_reference_is_cited_and_every_citation_has_a_reference():
    cited = set(CITED.findall((CHAPTERS / "references.md").read_text(encoding="utf-8")))
    assert cited == set(parse_file(CHAPTERS / "references.bib").entries)


def test_one_symbol_one_meaning():
    text = (CHAPTERS / "source" / "notation.md").read_text(encoding="utf-8")
    assert not symbols_in_two_rows(text)
    assert symbols_in_two_rows(text + "\n| $\\sigma$ | `s` | a variance | nowhere |") == {r"\sigma"}


def test_the_commands_of_the_readme_exist():
    named = re.findall(r"(?:^|`)(?:make|python -m tools) ([a-z-]+)", README, re.MULTILINE)
    assert {"book", "test", "lab"} <= set(named)
    assert set(named) <= {*COMMANDS, "help"}


def test_the_code_of_the_readme_runs_and_says_what_it_returns():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    space = {}
    exec(code, space)
    (claimed,) = re.findall(r"# (tensor\(.*?\)), in nats", code)
    prediction, target = space["torch"].tensor([68.0]), space["torch"].tensor([70.0])
    assert repr(space["squared_error"].nll(prediction, target, scale=2.0)) == claimed


def test_the_links_of_the_readme_lead_to_files():
    targets = [*links.links(README), *re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)]
    assert "images/cover.png" in targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
