"""Looking at a lead the moment before it is dialled."""

from __future__ import annotations

from datetime import timedelta

from isdesk.crm.port import Thing
from isdesk.domain.ids import LeadId
from tests.sync.foreign import Abroad, Desk
from tests.sync.world import START, World

LEAD = LeadId("l1")


def _office(abroad: Abroad) -> tuple[Desk, str]:
    office = abroad.device()
    office.create("l1", name="高橋", phone_direct="+81312345678")
    office.sync()
    office.sync()
    return office, abroad.crm.of(Thing.LEAD)[0].id


def test_nothing_new_says_so(abroad: Abroad) -> None:
    office, _ = _office(abroad)
    seen = office.engine.glance(LEAD)
    assert (seen.online, seen.here, seen.dnc, seen.touched_by, seen.changed) == (True, True, False, None, False)


def test_a_refusal_of_this_minute_is_seen_and_kept(abroad: Abroad) -> None:
    office, lead = _office(abroad)
    abroad.crm.edit(lead, dnc=True)
    seen = office.engine.glance(LEAD)
    assert (seen.dnc, seen.changed) == (True, True)
    assert office.fields("l1")["dnc"] is True
    assert LEAD in office.projected
    assert office.numbers_off()


def test_who_was_there_since(abroad: Abroad) -> None:
    office, lead = _office(abroad)
    at = START + timedelta(minutes=5)
    abroad.crm.make(
        Thing.TOUCH, lead_id=lead, at=at.isoformat(), member_id="m-ito", channel="phone", outcome="NO_ANSWER"
    )
    seen = office.engine.glance(LEAD)
    assert (seen.touched_at, seen.touched_by) == (at, "m-ito")
    assert len(office.touches("l1")) == 1
    assert office.engine.glance(LEAD).touched_by is None, "it is known here now"


def test_ones_own_call_is_no_news(abroad: Abroad) -> None:
    office, _ = _office(abroad)
    office.call("l1")
    office.sync()
    assert office.engine.glance(LEAD).touched_by is None


def test_offline_says_how_old_it_is(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    world.clock.move(minutes=10)
    office.line.offline = True
    seen = office.engine.glance(LEAD)
    assert (seen.online, seen.known_at) == (False, START)
    office.line.offline = False
    assert office.engine.glance(LEAD).online
    assert not office.engine.glance(LeadId("nobody")).online


def test_a_lead_that_the_crm_lost_is_told(abroad: Abroad) -> None:
    office, lead = _office(abroad)
    del abroad.crm.records[lead]
    assert office.engine.glance(LEAD).here is False
    assert office.fields("l1")["name"] == "高橋"
