"""A CRM that fails, asks for time or runs out of requests is left alone, and what is urgent still goes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from isdesk.crm.port import Offline, Permanent, Quota, Signals, Thing, Transient, Unknown
from isdesk.domain.errors import CrmError
from isdesk.store import connections, meta
from isdesk.sync.allowance import low
from isdesk.sync.gate import OPENS_AFTER, Gate
from tests.sync.foreign import T1, Abroad, Desk


@pytest.fixture
def office(abroad: Abroad) -> Desk:
    """A desk with one lead in the CRM."""
    made = abroad.device()
    made.create("l1", name="高橋")
    made.sync()
    return made


def _fail(office: Desk, abroad: Abroad, error: CrmError, times: int) -> None:
    for _ in range(times):
        abroad.clock.move(minutes=16)
        office.call("l1")
        office.line.raising = [error]
        assert office.sync().error == error.code


def test_the_breaker_opens_and_lets_one_round_in_after_a_while(abroad: Abroad, office: Desk) -> None:
    _fail(office, abroad, Unknown("answer_lost"), OPENS_AFTER)
    seen = len(abroad.crm.commands)
    assert office.sync().error == "crm_breaker"
    assert office.engine.delay() >= 30
    assert len(abroad.crm.commands) == seen
    abroad.clock.move(minutes=16)
    assert office.sync().error == ""
    assert office.engine.gate.failures == 0
    assert office.waiting() == []


def test_a_person_who_asks_gets_through_and_a_failure_shuts_again(abroad: Abroad, office: Desk) -> None:
    _fail(office, abroad, Unknown("answer_lost"), OPENS_AFTER)
    office.line.raising = [Unknown("answer_lost")]
    assert office.sync(full=True).error == "answer_lost"
    assert office.sync(full=True).error == ""


@pytest.mark.parametrize(
    ("error", "opens"),
    [(Offline("crm_offline"), False), (Permanent("x"), False), (Transient("x"), True), (Unknown("x"), True)],
)
def test_only_failures_of_the_other_side_open_it(error: CrmError, opens: bool) -> None:
    gate = Gate(Random(1))
    for at in range(OPENS_AFTER):
        assert gate.closed_to(float(at)) == ""
        gate.failed(error, float(at))
    assert bool(gate.closed_to(float(OPENS_AFTER))) is opens
    gate.passed()
    assert gate.closed_to(float(OPENS_AFTER)) == ""


def test_the_time_that_the_crm_asks_for_wins(abroad: Abroad, office: Desk) -> None:
    touch = office.call("l1")
    office.line.raising = [Transient("crm_busy", retry_after=120.0)]
    office.sync()
    abroad.clock.move(seconds=119)
    assert office.sync().error == "crm_busy"
    assert office.states()[touch] == "pending"
    abroad.clock.move(seconds=1)
    assert office.sync().error == ""
    assert office.states()[touch] == "acked"


def test_a_manual_sync_resets_timers_but_not_attempts(abroad: Abroad, office: Desk) -> None:
    office.call("l1")
    office.line.raising = [Transient("crm_busy", retry_after=3_600.0)]
    office.sync()
    office.line.raising = [Transient("crm_busy", retry_after=3_600.0)]
    assert office.engine.run(manual=True).error == "crm_busy"
    (item,) = office.waiting()
    assert item.head.attempts == 2


def test_an_allowance_that_is_used_up_is_left_alone_until_it_renews(abroad: Abroad, office: Desk) -> None:
    edit = office.edit("l1", title="部長")
    office.line.raising = [Quota("crm_quota", reset_in=7_200.0)]
    assert office.sync().error == "crm_quota"
    asked = len(abroad.crm.commands)
    abroad.clock.move(hours=1)
    assert office.sync().error == "crm_quota"
    assert len(abroad.crm.commands) == asked
    assert office.engine.failures == 0
    touch = office.call("l1")
    assert office.sync().sent == 1, "what was recorded may try"
    assert (office.states()[touch], office.states()[f"{edit}:l1"]) == ("acked", "pending")
    abroad.clock.move(hours=2)
    assert office.sync().error == ""
    assert office.states()[f"{edit}:l1"] == "acked"


def test_the_reserve_is_for_refusals_and_what_was_recorded(abroad: Abroad, office: Desk) -> None:
    abroad.crm.make(Thing.LEAD, name="中村", owner_id="m-sato")
    abroad.crm.signals = Signals(used=91, limit=100)
    edit, touch, refusal = office.edit("l1", title="部長"), office.call("l1"), office.edit("l1", dnc=True)
    report = office.sync()
    assert (report.error, report.sent, report.created) == ("crm_reserve", 2, 0)
    assert [office.states()[key] for key in (f"{refusal}:l1", touch, f"{edit}:l1")] == ["acked", "acked", "pending"]
    abroad.crm.signals = Signals(used=1, limit=100)
    report = office.sync()
    assert (report.error, report.sent, report.created) == ("", 1, 1)


@pytest.mark.parametrize(
    ("signals", "scarce"),
    [
        (Signals(), False),
        (Signals(used=5, limit=0), False),
        (Signals(used=90, limit=100), False),
        (Signals(used=91, limit=100), True),
        (Signals(used=None, limit=100), False),
    ],
)
def test_less_than_a_tenth_is_scarce(signals: Signals, scarce: bool) -> None:
    assert low(signals) is scarce


def test_the_clock_of_the_crm_is_remembered(abroad: Abroad, office: Desk) -> None:
    for skew, known in ((None, 0), (-130_000, -130_000), (-130_400, -130_000), (200, 200), (None, 200)):
        abroad.crm.signals = Signals(skew_ms=skew)
        office.sync()
        with office.store.read() as tx:
            assert connections.skew(tx) == known
            assert meta.get(tx, "sync:crm:skew_ms") == (known or None)


def test_equal_stamps_may_stand_for_other_fields(abroad: Abroad) -> None:
    abroad.crm.can = replace(T1, stamp_resolution_s=1.0)
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    office.sync()
    kept = abroad.crm.of(Thing.LEAD)[0]
    with office.store.write() as tx:
        tx.sql("UPDATE cursor SET high_water = NULL")
    kept.fields = {**kept.fields, "title": "部長"}
    office.sync()
    assert office.fields("l1")["title"] == "部長"
