"""From each place of a loss (chapter, exercises, certificate, module) one gets to all others."""

import re

import pytest

from mlebook import catalog
from tools import rendering
from tools.environment import CHAPTERS, SOURCES
from tools.links import anchors, broken

ALL = catalog.LOSSES + catalog.TOPICS
WITH_MODULE = (*catalog.LOSSES, *catalog.MODULES)
API = (CHAPTERS / "api.md").read_text(encoding="utf-8")


def book():
    """The places that are linked to, as pages by name."""
    titles = "\n\n".join(f"### {catalog.loss(slug).TITLE}" for slug in catalog.LOSSES)
    sources = {path.stem: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.md")}
    return {**sources, "certificate": titles, "api": API}


def lost(text):
    """The links of a text that lead nowhere in the book."""
    return [target for name, target in broken({**book(), "here": text}) if name == "here"]


@pytest.mark.parametrize("slug", catalog.LOSSES)
def test_a_loss_has_all_four_places(slug):
    assert set(catalog.places(slug)) == {"chapter", "exercises", "certificate", "module in the API"}


@pytest.mark.parametrize("slug", ALL)
def test_every_lead_arrives(slug):
    for here in catalog.places(slug):
        text = catalog.leads(slug, here)
        assert lost(text) == [] and f"[{here}]" not in text
        assert text.count("](") == len(catalog.places(slug))


def test_a_lead_that_does_not_arrive_is_seen():
    text = catalog.leads("map")
    assert lost(text.replace("#exercises", "#exercise")) == ["map.ipynb#exercise"]
    assert lost(text.replace("api.md", "interface.md")) == ["interface.md#penalties-as-priors"]


@pytest.mark.parametrize("slug", ALL)
def test_every_chapter_begins_with_its_leads(slug):
    text = (SOURCES / f"{slug}.md").read_text(encoding="utf-8")
    assert re.search(rf'^# .+\n\n\[\[ leads\("{slug}"\) \]\]\n', text, re.MULTILINE)


@pytest.mark.parametrize("slug", WITH_MODULE)
def test_every_section_of_the_api_begins_with_its_leads(slug):
    _, _, anchor = catalog.places(slug)["module in the API"].partition("#")
    sections = re.findall(r"^(## .+)\n\n(<div[\s\S]*?</div>)", API, re.MULTILINE)
    (found,) = [text for heading, text in sections if anchor in anchors(heading)]
    assert found == catalog.leads(slug, here="module in the API")


def test_the_row_of_a_loss_leads_to_all_places():
    for row, (slug, _) in zip(catalog.table().splitlines()[2:], catalog.rows(), strict=True):
        assert lost(row) == []
        for target in catalog.places(slug).values():
            assert f"({target})" in row


@pytest.mark.parametrize(
    ("slug", "here", "message"),
    [("squared", "chapter", "no loss or topic named 'squared'"), ("map", "top", "got 'top'")],
)
def test_a_misspelt_lead_stops_the_build(slug, here, message):
    with pytest.raises(rendering.RenderError, match=message):
        rendering.render(f'[[ leads("{slug}", "{here}") ]]', {}, None)
