"""Costs by month and lead source: the last word counts, a period pays for its days, parts add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain import cost
from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, MemberId
from tests.domain.test_cover import AT

NOVEMBER = date(2026, 11, 1)


def said(number: int, subject: str, amount: Value) -> Filing:
    at = AT + timedelta(minutes=number)
    return Filing(f"f{number}", cost.KIND, subject, MemberId("m"), DeviceId("d"), number, at, None, {"amount": amount})


def test_the_last_word_counts_and_nothing_takes_it_back() -> None:
    first, second = said(1, "2026-11:", 300), said(2, "2026-11:", 600)
    assert [one.amount for one in cost.costs([second, first])] == [600]
    assert cost.costs([first, said(3, "2026-11:", None)]) == []
    undone = replace(second, id="f3", device_seq=3, payload={}, corrects="f2", void=True)
    assert [one.amount for one in cost.costs([first, second, undone])] == [300]
    assert cost.costs([said(1, "soon:", 300), said(2, "2026-11:", True), said(3, "2026-10:", "many")]) == []


def test_a_period_pays_for_its_days() -> None:
    every = cost.costs([said(1, "2026-11:", 3000), said(2, "2026-11:web", 600), said(3, "2026-10:", 3100)])
    assert cost.spent(every, NOVEMBER, date(2026, 11, 10)) == {"": 1000.0, "web": 200.0}
    assert cost.spent(every, date(2026, 10, 31), NOVEMBER) == {"": 200.0, "web": 20.0}
    assert cost.spent(every, date(2026, 12, 1), date(2026, 12, 31)) == {}


@given(st.integers(0, 29), st.integers(1, 10**9))
def test_parts_of_a_month_add_up(cut: int, amount: int) -> None:
    every = cost.costs([said(1, "2026-11:", amount)])
    day = NOVEMBER + timedelta(days=cut)
    before = cost.spent(every, date(2026, 10, 1), day).get("", 0.0)
    after = cost.spent(every, day + timedelta(days=1), date(2026, 12, 31)).get("", 0.0)
    assert abs(before + after - amount) < 1e-3


def test_nothing_to_divide_by_is_no_figure() -> None:
    assert cost.each(100.0, 0) is None
    assert cost.each(0.0, 5) is None
    assert cost.each(100.0, 4) == 25.0
