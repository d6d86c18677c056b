"""Every figure says what it is made of, and no quantity stands without its quality."""

from __future__ import annotations

from isdesk.domain.diagnosis import STAGES
from isdesk.domain.kpi import Counts
from isdesk.domain.kpi_catalogue import DEFINITIONS, TARGETS
from isdesk.services.kpi import Figures


def test_a_quantity_has_a_quality_beside_it() -> None:
    for one in DEFINITIONS.values():
        if one.kind != "rate":
            assert DEFINITIONS[one.beside].kind == "rate"


def test_a_rate_names_two_figures_that_are_shown() -> None:
    row = Figures("team", "team", Counts()).row()
    for one in DEFINITIONS.values():
        if one.kind == "rate":
            assert one.numerator in row
            assert one.denominator in row
        else:
            assert one.code in row
        assert one.label.ja
        assert one.label.en
        assert one.formula.ja
        assert one.formula.en


def test_what_is_diagnosed_may_have_a_target() -> None:
    assert {code for code, _ in STAGES} <= TARGETS
