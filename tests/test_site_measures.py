"""Formulas hold their measures as classes, which say the same."""

import sys

import pytest

from tools.environment import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from assets import measures

THIN = '<span class="mspace" style="margin-right:0.1667em;"></span>'
RAISED = '<span style="top:-3em;margin-left:0em;"></span>'


def test_measures_become_classes():
    names = measures.classes([THIN + THIN, RAISED])
    assert names == {"margin-right:0.1667em;": "km0", "top:-3em;margin-left:0em;": "km1"}
    assert measures.rewritten(THIN + RAISED, names) == (
        '<span class="mspace km0"></span><span class="km1"></span>'
    )


def test_the_rules_overrule_as_the_measures_did():
    names = {"margin-right:0.1667em;": "km0", "top:-3em;margin-left:0em;": "km1"}
    assert measures.rules(names) == (
        ".km0{margin-right:0.1667em!important}"
        ".km1{top:-3em!important;margin-left:0em!important}"
    )


def test_the_names_do_not_depend_on_the_order_of_the_pages():
    assert measures.classes([THIN, RAISED]) == measures.classes([RAISED, THIN])


def test_a_rare_measure_stays(monkeypatch):
    monkeypatch.setattr(measures, "COMMON", 1)
    names = measures.classes([THIN + THIN + RAISED])
    assert measures.rewritten(THIN + RAISED, names) == '<span class="mspace km0"></span>' + RAISED


@pytest.mark.parametrize("other", [
    '<div style="height:3em;"></div>',
    '<span class="mord">x</span>',
    '<span id="a" style="top:0em;"></span>',
])
def test_what_is_no_measure_of_a_formula_stays(other):
    assert measures.rewritten(other, measures.classes([other, THIN])) == other
