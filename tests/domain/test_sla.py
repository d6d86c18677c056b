"""The clocks between departments run in business minutes and stop when somebody acts."""

from __future__ import annotations

import pytest

from isdesk.domain import sla
from isdesk.domain.handoff import fold
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Channel, Direction, Touch
from tests.domain.sample import CALENDAR, NOW, RULES, lead, minutes, recorded, signal, step, tokyo, touch, wall


def clock(facts: LeadFacts, touches: list[Touch] | None = None) -> sla.Clock | None:
    return sla.first_response(facts, touches or [], RULES, CALENDAR)


@pytest.mark.parametrize(
    ("received", "source", "due", "risk"),
    [
        ("2026-11-20 10:00", "web", "2026-11-20 11:00", "2026-11-20 10:45"),
        ("2026-11-20 10:00", "fair", "2026-11-20 15:00", "2026-11-20 14:45"),
        ("2026-11-20 11:30", "web", "2026-11-20 13:30", "2026-11-20 13:15"),
        ("2026-11-20 17:30", "web", "2026-11-24 09:30", "2026-11-24 09:15"),
        ("2026-11-21 02:00", "web", "2026-11-24 10:00", "2026-11-24 09:45"),
        ("2026-11-20 10:00", None, "2026-11-20 15:00", "2026-11-20 14:45"),
    ],
)
def test_first_response(received: str, source: str | None, due: str, risk: str) -> None:
    found = clock(lead(received_at=tokyo(received).isoformat(), lead_source=source))
    assert found is not None
    assert (wall(found.due_at), wall(found.risk_at), found.stopped_at) == (due, risk, None)
    assert found.kept is None


def test_there_is_no_clock_for_a_list_or_for_a_lead_that_nobody_handed_over() -> None:
    assert clock(lead()) is None
    assert clock(lead(received_at="yesterday")) is None
    assert clock(lead(received_at="2026-11-20T10:00:00")) is None
    assert clock(lead(received_at=NOW.isoformat(), lead_source="list")) is None


RECEIVED = lead(received_at=tokyo("2026-11-20 10:00").isoformat(), lead_source="web")
AT = tokyo("2026-11-20 10:30")


@pytest.mark.parametrize(
    ("made", "stops"),
    [
        (recorded("NONE", now=AT), True),
        (recorded("CANCEL", now=AT), False),
        (touch(AT, None, channel=Channel.MAIL), True),
        (touch(AT, None, channel=Channel.NOTE), False),
        (signal(AT), False),
        (recorded("LOOSE", now=AT, direction=Direction.IN), True),
        (touch(AT, None, direction=Direction.IN), False),
        (recorded("NONE", now=tokyo("2026-11-20 09:59")), False),
    ],
)
def test_what_stops_it(made: Touch, stops: bool) -> None:
    found = clock(RECEIVED, [made])
    assert found is not None
    assert (found.stopped_at == AT) == stops
    assert (sla.response_pending(RECEIVED, [made], RULES, CALENDAR) is None) == stops


def test_states_and_minutes_of_a_clock() -> None:
    running = clock(RECEIVED)
    assert running is not None
    assert [running.state_at(tokyo(f"2026-11-20 {at}")) for at in ("10:44", "10:45", "11:00", "11:01")] == [
        "running",
        "at_risk",
        "at_risk",
        "broken",
    ]
    assert sla.minutes_left(running, tokyo("2026-11-20 10:50"), CALENDAR) == 10
    assert sla.minutes_left(running, tokyo("2026-11-20 11:20"), CALENDAR) == -20
    assert sla.response_minutes(running, CALENDAR) is None
    late = clock(RECEIVED, [recorded("NONE", now=tokyo("2026-11-20 13:30"))])
    assert late is not None
    assert (late.kept, sla.response_minutes(late, CALENDAR), late.state_at(NOW)) == (False, 150, "stopped")


def test_field_sales_decides_within_its_hours() -> None:
    submit = step("submit", tokyo("2026-11-20 15:00"))
    waiting = sla.fs_decision(fold([submit]), RULES, CALENDAR)
    assert waiting is not None
    assert (wall(waiting.due_at), waiting.stopped_at) == ("2026-11-24 15:00", None)
    decided = sla.fs_decision(fold([submit, step("return", tokyo("2026-11-24 10:00"))]), RULES, CALENDAR)
    assert decided is not None
    assert decided.kept is True
    withdrawn = sla.fs_decision(fold([submit, step("withdraw", tokyo("2026-11-24 16:00"))]), RULES, CALENDAR)
    assert withdrawn is not None
    assert withdrawn.stopped_at is not None
    assert sla.fs_decision(fold([]), RULES, CALENDAR) is None
    assert sla.feedback_due(tokyo("2026-11-20 15:00"), RULES, CALENDAR).isoformat() == "2026-11-25"


def test_inbound_is_a_property_of_the_source() -> None:
    assert sla.is_inbound(lead(lead_source="web"), RULES)
    assert not sla.is_inbound(lead(lead_source="fair"), RULES)
    assert not sla.is_inbound(lead(lead_source="somewhere"), RULES)
    assert sla.instant(5) is None
    assert minutes(1).total_seconds() == 60
