"""Closed days: holidays, the year's end, the company's own days."""

from __future__ import annotations

from datetime import date

import pytest

from isdesk.playbook.closing import closed_days, public_holidays


def test_substitute_and_bridge_holidays_are_closed() -> None:
    assert date(2026, 5, 6) in public_holidays(2026)
    assert date(2026, 9, 22) in public_holidays(2026)


def test_a_yearly_span_over_the_new_year_closes_both_ends_of_each_year() -> None:
    days = closed_days((2026,), yearly=((12, 29, 1, 3),), public=False)
    assert sorted(days) == [date(2026, 1, n) for n in (1, 2, 3)] + [date(2026, 12, n) for n in (29, 30, 31)]


@pytest.mark.parametrize("year", [2027, 2028])
def test_a_span_to_the_end_of_february_holds_in_every_year(year: int) -> None:
    days = closed_days((year,), yearly=((2, 27, 2, 29),), public=False)
    assert date(year, 2, 27) in days
    assert all(d.month == 2 for d in days)


def test_own_days_close_and_open_days_open() -> None:
    days = closed_days((2026,), own=(date(2026, 8, 13),), open_days=(date(2026, 11, 3),))
    assert date(2026, 8, 13) in days
    assert date(2026, 11, 3) not in days


def test_own_days_outside_the_years_are_kept() -> None:
    assert date(2030, 8, 13) in closed_days((2026,), own=(date(2030, 8, 13),))
