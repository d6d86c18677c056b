"""The figures of the glossary, with their traps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.ids import DialId, LeadId
from isdesk.domain.kpi import Counts, count, count_by, day_of, month_of, rate, week_of, wilson
from isdesk.domain.touch import Direction, Reached, Touch, effective
from tests.domain import strategies
from tests.domain.sample import NOW, RULES, minutes, signal, tokyo, touch

OUTCOMES = RULES.outcomes


def counted(*touches: Touch) -> Counts:
    return count(touches, OUTCOMES)


def call(code: str, n: int = 0, **more: object) -> Touch:
    return replace(touch(NOW + minutes(n), code), **more)  # type: ignore[arg-type]


@given(strategies.cases())
def test_rates_stay_between_nought_and_one(case: strategies.Case) -> None:
    figures = count(effective(case[1]), OUTCOMES)
    for value in (
        figures.answer_rate,
        figures.dm_connect_rate,
        figures.dm_connect_rate_per_dial,
        figures.meeting_set_rate,
    ):
        assert value is None or 0 <= value <= 1
    assert figures.dm_reached <= figures.answered <= figures.dials
    assert figures.meetings_dm <= figures.dm_reached
    assert figures.unique_leads <= 1


@given(strategies.cases())
def test_days_add_up(case: strategies.Case) -> None:
    touches = effective(case[1])
    by_day = count_by(touches, OUTCOMES, day_of)
    total = sum(by_day.values(), Counts())
    assert replace(total, unique_leads=0) == replace(count(touches, OUTCOMES), unique_leads=0)


def test_what_is_a_dial() -> None:
    figures = counted(
        call("NONE"),
        call("CANCEL"),
        call("TWIN"),
        call("LOOSE", direction=Direction.IN),
        signal(NOW),
        call("UNKNOWN_CODE"),
        touch(NOW, None),
    )
    assert (figures.dials, figures.inbound_calls, figures.unique_leads) == (1, 1, 1)


def test_one_physical_dial_is_one_dial() -> None:
    shared = DialId("d-1")
    figures = counted(
        call("ABSENT", dial_id=shared, talk_s=30),
        call("LOOSE", dial_id=shared, lead_id=LeadId("lead-2"), talk_s=90),
    )
    assert (figures.dials, figures.unique_leads, figures.answered, figures.dm_reached) == (1, 2, 1, 1)
    assert figures.talk_seconds == 90


def test_meetings_gross_net_moved_and_without_a_decision_maker() -> None:
    figures = counted(
        call("MEETING"),
        call("MEETING", reached=Reached.STAFF),
        call("MOVED"),
        call("CALLED_OFF"),
        call("NONE"),
    )
    assert (figures.meetings_gross, figures.meetings_net, figures.meetings_canceled) == (2, 1, 1)
    assert (figures.meetings_dm, figures.meetings_without_dm) == (1, 1)
    assert figures.meeting_set_rate == pytest.approx(1 / 3)
    assert figures.meeting_set_rate_per_dial == pytest.approx(2 / 5)
    assert figures.answer_rate == pytest.approx(4 / 5)


def test_a_meeting_agreed_on_an_incoming_call_is_a_meeting_but_no_dial() -> None:
    figures = counted(call("MEETING", direction=Direction.IN))
    assert (figures.dials, figures.meetings_gross, figures.meetings_dm) == (0, 1, 0)


def test_nothing_is_not_nought_percent() -> None:
    empty = counted()
    assert empty.answer_rate is None
    assert empty.dm_connect_rate is None
    assert empty.meeting_set_rate is None
    assert empty.meeting_set_rate_per_dial is None
    assert wilson(0, 0) is None
    assert rate(1, 0) is None


def test_the_party_reached_is_counted() -> None:
    figures = counted(call("LOOSE", reached=Reached.CONTACT_PERSON), call("LOOSE"), call("ABSENT"))
    assert (figures.contact_person_reached, figures.dm_reached, figures.answered) == (2, 1, 3)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_rate_and_narrows(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    interval, wider = wilson(part, whole), wilson(part, whole, z=3.0)
    assert interval is not None
    assert wider is not None
    assert 0 <= interval.low <= part / whole + 1e-9
    assert part / whole - 1e-9 <= interval.high <= 1
    assert wider.low <= interval.low + 1e-9
    assert interval.high <= wider.high + 1e-9


def test_the_interval_by_the_book() -> None:
    interval = wilson(10, 100)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0552, 0.1744)


def test_days_weeks_and_months_are_those_of_tokyo() -> None:
    late = touch(tokyo("2026-11-01 00:30"))
    assert (day_of(late), week_of(late), month_of(late)) == (date(2026, 11, 1), date(2026, 10, 26), date(2026, 11, 1))


def test_groups_leave_out_what_has_no_key() -> None:
    touches = [call("NONE", script="a@1"), call("NONE", script="b@1"), call("NONE")]
    grouped = count_by(touches, OUTCOMES, lambda t: t.script)
    assert {key: figures.dials for key, figures in grouped.items()} == {"a@1": 1, "b@1": 1}
