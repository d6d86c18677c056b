"""A sequence of 1,000 leads over four weeks: each step at its time, none after an end, none twice, always a next step.

Two desks of one rep and a colleague's, on a real hub and a real mail server, with holidays, replies, opt-outs,
do-not-calls, meetings, refusals, a laptop that is shut on the day of the first step, and a hub that is out of reach on
the day of the last. ``ISDESK_TEST_SEQUENCE_SEEDS`` asks for more seeds.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from isdesk.domain import deriving, sequence
from isdesk.domain.handoff import Handoff
from isdesk.domain.rules import Rules
from isdesk.domain.rules import Sequence as Definition
from isdesk.domain.sequence import Around, Enrolment, Standing
from isdesk.domain.state import LeadFacts, NextAction
from isdesk.domain.touch import Touch
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services import enrolments, sequences
from tests.channels.posthouse import Posthouse, opened, trusted
from tests.services.sequence_world import world


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Posthouse]:
    context: ssl.SSLContext = trusted(tmp_path, monkeypatch)
    with opened(context) as made:
        yield made


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(int(os.environ.get("ISDESK_TEST_SEQUENCE_SEEDS", "1"))))
def test_a_thousand_leads_over_four_weeks(tmp_path: Path, house: Posthouse, seed: int) -> None:
    made = world(tmp_path, house, seed)
    try:
        made.begin(1000)
        made.run()
        made.check()
        assert made.sent > 1200
        assert made.called > 600
        assert {one.ended for one in made.leads.values()} == {"", "reply", "opt_out", "dnc", "meeting", "refused"}
    finally:
        made.room.close()


def _random_key(_enrolment: str, _number: int) -> str:
    return str(uuid4())


def _calendar_days(
    found: Definition, number: int, anchor: date, _enrolled: datetime, _before: Standing | None, around: Around
) -> datetime:
    step = found.steps[number - 1]
    return around.calendar.at(anchor + timedelta(days=step.days), step.at or time(10))


_next_action = deriving._next_action


def _lost(
    facts: LeadFacts, counted: Sequence[Touch], handoff: Handoff, rules: Rules, calendar: WorkCalendar,
    enrolled: Sequence[Enrolment], today: date,
) -> NextAction | None:  # fmt: skip
    """Leave every lead whose sequence ended without a next action."""
    one = sequence.newest(enrolled)
    if one is not None and one.state != "running":
        return None
    return _next_action(facts, counted, handoff, rules, calendar, enrolled, today)


BUGS: dict[str, list[tuple[object, str, object]]] = {
    "stop ignored": [(sequence, "_stop", lambda _filed, _around: None)],
    "random key": [(module, "step_key", _random_key) for module in (sequence, sequences, enrolments)],
    "days of the calendar": [(sequence, "due_at", _calendar_days)],
    "any hour": [(enrolments, "later", lambda _ctx, _tx, _mail: None)],
    "no next action after the end": [(deriving, "_next_action", _lost)],
    "not heard of the team": [(enrolments, "stale", lambda _ctx, _tx: False)],
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_found(tmp_path: Path, house: Posthouse, monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    for module, name, wrong in BUGS[bug]:
        monkeypatch.setattr(module, name, wrong)
    made = world(tmp_path, house, 3, per_hour=24)

    def story() -> None:
        made.begin(80)
        made.run()
        made.check()

    try:
        with pytest.raises(AssertionError):
            story()
    finally:
        made.room.close()
