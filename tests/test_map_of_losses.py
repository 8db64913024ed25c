"""The map of losses: every loss has its rows, and each row leads to chapter, checks and module."""
import re

import pytest

import mlebook
from mlebook import catalog
from tools.environment import CHAPTERS

API = (CHAPTERS / "api.md").read_text(encoding="utf-8")
WITHOUT_SECTION = {"derivations"}  # text for the proof engine, shown in the chapters


def test_every_row_has_the_same_columns_and_no_empty_cell():
    head, rule, *rows = catalog.table().splitlines()
    assert len(rows) == len(catalog.rows()) and set(rule) == {"|", "-"}
    for row in rows:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        assert len(cells) == head.count("|") - 1 and all(cells)


def test_every_loss_has_a_row_and_no_title_comes_twice():
    rows = catalog.rows()
    assert {slug for slug, _ in rows} == set(catalog.LOSSES)
    assert len({row.title for _, row in rows}) == len(rows)


@pytest.mark.parametrize("slug", catalog.LOSSES)
def test_the_section_of_a_loss_shows_its_module(slug):
    sections = dict(re.findall(r"^## (.+)$([\s\S]*?)(?=^## |\Z)", API, re.MULTILINE))
    assert f"automodule:: mlebook.losses.{slug}\n" in sections[catalog.loss(slug).TITLE]


def test_every_public_module_has_a_section():
    for name in set(mlebook._SUBMODULES) - WITHOUT_SECTION:
        assert f"automodule:: mlebook.{name}\n" in API, name
