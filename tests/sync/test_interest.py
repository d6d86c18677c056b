"""What a CRM's marketing wrote of a lead: each new time is one intent event, on every desk the same one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from isdesk.crm.port import Thing
from isdesk.domain.signals import FIELDS
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.store import deliveries, leads
from isdesk.sync.naming import made_id
from tests.sync.foreign import Abroad, Desk


@pytest.fixture(autouse=True)
def carried(abroad: Abroad) -> None:
    """The CRM keeps the fields in which marketing writes."""
    abroad.crm.carries_also = frozenset(FIELDS)


def ago(abroad: Abroad, **by: float) -> str:
    return (abroad.clock.now() - timedelta(**by)).isoformat()


def events(desk: Desk, lead: str) -> list[Touch]:
    with desk.store.read() as tx:
        return sorted((t for t in leads.touches(tx, lead) if t.signal), key=lambda t: t.at)  # type: ignore[arg-type]


def test_each_new_time_is_one_event_and_never_goes_back_to_the_crm(abroad: Abroad) -> None:
    office = abroad.device()
    clicked = ago(abroad, hours=3)
    there = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-sato", signal_mail_click_at=clicked)
    lead = made_id("crm", "lead", there)
    office.sync()
    (one,) = events(office, lead)
    assert (one.signal, one.at, one.channel) == ("mail_click", datetime.fromisoformat(clicked), Channel.MAIL)
    assert (one.direction, one.outcome) == (Direction.IN, None)
    abroad.crm.edit(there, title="部長")
    office.sync()
    assert events(office, lead) == [one]
    abroad.crm.edit(there, signal_mail_click_at=ago(abroad, hours=1), signal_seminar_at=ago(abroad, days=2))
    office.sync()
    assert [t.signal for t in events(office, lead)] == ["seminar", "mail_click", "mail_click"]
    assert office.sync().sent == 0
    with office.store.read() as tx:
        assert deliveries.with_open(tx, office.line.name, [lead]) == set()
    assert not abroad.crm.of(Thing.TOUCH)


def test_two_desks_know_the_same_event(abroad: Abroad) -> None:
    office, laptop = abroad.device(), abroad.device("laptop")
    there = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-sato", signal_download_at=ago(abroad, days=1))
    lead = made_id("crm", "lead", there)
    office.sync()
    laptop.sync()
    assert [t.id for t in events(office, lead)] == [t.id for t in events(laptop, lead)] != []


@pytest.mark.parametrize("said", ["", "いつか", "2026-13-45", "ahead", "old"])
def test_what_is_no_time_too_old_or_still_to_come_is_no_event(abroad: Abroad, said: str) -> None:
    office = abroad.device()
    value = {"ahead": ago(abroad, hours=-2), "old": ago(abroad, days=120)}.get(said, said)
    there = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-sato", signal_visit_at=value)
    office.sync()
    lead = made_id("crm", "lead", there)
    assert events(office, lead) == []
    assert office.fields(lead)["name"] == "高橋"


def test_a_time_that_was_set_back_and_comes_again_is_the_event_that_was(abroad: Abroad) -> None:
    office = abroad.device()
    first, second = ago(abroad, hours=5), ago(abroad, hours=1)
    there = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-sato", signal_trial_use_at=first)
    lead = made_id("crm", "lead", there)
    for said in (second, first, second):
        office.sync()
        abroad.crm.edit(there, signal_trial_use_at=said)
    office.sync()
    assert [t.at for t in events(office, lead)] == [datetime.fromisoformat(first), datetime.fromisoformat(second)]
