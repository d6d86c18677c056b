"""A CRM with ids and fields of its own: everything arrives once, under its ids there and ours here."""

from __future__ import annotations

import pytest

from isdesk.crm.port import Thing
from isdesk.domain.changes import Change, Obj
from isdesk.store import mirror, suppressions
from isdesk.sync.naming import made_id
from tests.sync.foreign import Abroad, Desk


def remote(device: Desk, obj: Thing, local: str) -> str:
    with device.store.read() as tx:
        return mirror.by_local(tx, device.line.name, obj, [local])[local].remote_id


def test_a_creation_is_made_without_an_id_and_found_again_under_ours(abroad: Abroad) -> None:
    office = abroad.device()
    office.company("c1", name="甲")
    office.create("l1", name="高橋", company_id="c1")
    touch = office.call("l1", note="折り返し")
    report = office.sync()
    assert (report.sent, report.pending, report.error) == (3, 0, "")
    company, lead, call = abroad.crm.commands
    assert (company.id, company.local) == (lead.id, "c1") == ("", "c1")
    assert lead.payload["company_id"] == remote(office, Thing.COMPANY, "c1") == abroad.crm.of(Thing.COMPANY)[0].id
    assert lead.company == {"name": "甲"}
    assert (call.id, call.local, call.key) == ("", touch, touch)
    assert call.lead_id == call.payload["lead_id"] == abroad.crm.of(Thing.LEAD)[0].id
    assert call.payload["lead_key"] == "l1"
    assert office.fields("l1")["company_id"] == "c1"
    assert office.sync().created == 0
    assert office.touches("l1") == [touch]
    assert office.differing() == []


@pytest.mark.parametrize("keeps_local", [True, False])
def test_another_desk_reads_it_with_ids_of_its_own(abroad: Abroad, keeps_local: bool) -> None:
    abroad.crm.keeps_local = keeps_local
    office, ito = abroad.device(), abroad.device("ito", "m-ito")
    office.company("c1", name="甲")
    office.create("l1", name="高橋", company_id="c1")
    office.call("l1")
    office.sync()
    office.sync()
    ito.sync()
    lead = "l1" if keeps_local else made_id("crm", "lead", abroad.crm.of(Thing.LEAD)[0].id)
    company = "c1" if keeps_local else made_id("crm", "company", abroad.crm.of(Thing.COMPANY)[0].id)
    assert ito.fields(lead) == {"name": "高橋", "company_id": company, "owner_id": "m-sato"}
    assert len(ito.touches(lead)) == len(office.touches("l1")) == 1
    ito.edit(lead, title="部長")
    ito.call(lead)
    ito.sync()
    office.sync()
    assert office.fields("l1")["title"] == "部長"
    assert len(office.touches("l1")) == 2
    assert len(abroad.crm.of(Thing.LEAD)) == 1
    assert office.differing() == ito.differing() == []


def test_a_fact_of_an_unknown_lead_is_left_out_until_the_lead_comes(abroad: Abroad) -> None:
    office = abroad.device()
    office.sync()
    hidden = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-ito")
    abroad.crm.hidden.add(hidden)
    old = {"lead_id": hidden, "at": "2026-11-01T00:00:00+00:00", "channel": "phone", "outcome": "NO_ANSWER"}
    abroad.crm.make(Thing.TOUCH, **old)
    assert office.sync().created == 0
    assert abroad.crm.histories == []
    abroad.crm.hidden.clear()
    abroad.crm.edit(hidden, owner_id="m-sato")
    office.sync()
    assert abroad.crm.histories == [hidden]
    lead = made_id("crm", "lead", hidden)
    assert len(office.touches(lead)) == 1
    abroad.crm.edit(hidden, title="部長")
    office.sync()
    assert abroad.crm.histories == [hidden]


def test_history_that_a_crash_cut_off_is_asked_for_again(abroad: Abroad) -> None:
    office = abroad.device()
    abroad.crm.make(Thing.TOUCH, lead_id="none", at="2026-11-01T00:00:00+00:00")
    office.sync()
    lead = abroad.crm.make(Thing.LEAD, name="高橋", owner_id="m-sato")
    for step in office.engine.steps():
        if step.what == "history":
            break
    office.restart()
    office.sync()
    assert abroad.crm.histories == [lead]


def test_a_step_that_the_crm_makes_gets_an_id_from_what_it_says(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    lead = abroad.crm.of(Thing.LEAD)[0].id
    said = {"handoff_id": "h1", "lead_id": lead, "action": "feedback", "at": "2026-11-20T00:00:00+00:00"}
    row = abroad.crm.make(Thing.TRANSITION, payload={"result": "won", "amount": 5}, **said)
    office.sync()
    with office.store.read() as tx:
        found = tx.sql("SELECT id, lead_id, device_id, action FROM transition").fetchall()
    assert found == [(made_id("crm", "transition", row), "l1", f"crm:{row}", "feedback")]


def test_companies_beside_the_leads_are_stored_before_them(abroad: Abroad) -> None:
    abroad.crm.beside = True
    company = abroad.crm.make(Thing.COMPANY, name="甲")
    lead = abroad.crm.make(Thing.LEAD, name="高橋", company_id=company, owner_id="m-sato")
    office = abroad.device()
    office.sync()
    assert office.fields(made_id("crm", "lead", lead))["company_id"] == made_id("crm", "company", company)
    with office.store.read() as tx:
        assert tx.sql("SELECT facts FROM company").fetchall() == [('{"name":"甲"}',)]


def test_what_the_crm_does_not_carry_stays_here(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋", need="在庫")
    office.sync()
    mixed = office.edit("l1", title="部長", need="在庫と棚卸", snoozed_until="2026-12-01T00:00:00+00:00")
    only = office.edit("l1", need="棚卸")
    report = office.sync()
    assert report.conflicts == report.quarantined == report.pending == 0
    assert {office.states()[f"{entry}:l1"] for entry in (mixed, only)} == {"acked"}
    assert all("need" not in c.payload for c in abroad.crm.commands)
    expected = {
        "name": "高橋", "title": "部長", "need": "棚卸", "owner_id": "m-sato",
        "snoozed_until": "2026-12-01T00:00:00+00:00",
    }  # fmt: skip
    assert office.fields("l1") == expected
    abroad.crm.edit(abroad.crm.of(Thing.LEAD)[0].id, title="本部長")
    office.sync()
    assert office.fields("l1") == {**expected, "title": "本部長"}
    assert office.conflicts() == []
    assert office.differing() == []


def test_a_kind_that_the_crm_does_not_take_is_closed_with_a_reason(abroad: Abroad) -> None:
    office = abroad.device()
    event = office.suppress("+81312345678")
    assert office.sync().pending == 0
    assert office.states()[event] == "cancelled"
    with office.store.read() as tx:
        assert tx.sql("SELECT error_class, error_text FROM delivery").fetchall() == [("not_carried", "suppression")]
    assert office.numbers_off()


def test_companies_without_a_place_stand_under_their_name(abroad: Abroad) -> None:
    from dataclasses import replace

    abroad.crm.can = replace(abroad.crm.can, objects=abroad.crm.can.objects - {Thing.COMPANY})
    office = abroad.device()
    office.company("c1", name="株式会社甲")
    office.company("c2", name="(株)甲")
    office.create("l1", name="高橋", company_id="c1")
    office.create("l2", name="中村", company_id="c2")
    assert office.sync().pending == 0
    one, two = (c.payload["company_id"] for c in abroad.crm.commands if c.obj is Thing.LEAD)
    assert str(one).startswith("name:")
    assert one == two
    assert office.fields("l1")["company_id"] == "c1"
    assert office.differing() == []


def test_a_refusal_set_in_the_crm_outlives_the_lead(abroad: Abroad) -> None:
    office = abroad.device()
    lead = abroad.crm.make(
        Thing.LEAD, name="高橋", phone_direct="+81312345678", email="a@example.jp", owner_id="m-sato"
    )
    office.sync()
    assert office.numbers_off() == set()
    abroad.crm.edit(lead, dnc=True, email_opt_out=True)
    office.sync()
    with office.store.read() as tx:
        events = suppressions.events(tx)
    assert sorted((e.kind, e.scope, e.source) for e in events) == [
        ("lead", "call", "sync"), ("mail", "mail", "sync"), ("number", "call", "sync"),
    ]  # fmt: skip
    abroad.crm.edit(lead, title="部長")
    office.sync()
    abroad.crm.edit(lead, dnc=None, email_opt_out=None)
    office.sync()
    del abroad.crm.records[lead]
    for _ in range(2):
        office.sync(full=True)
        abroad.clock.move(minutes=31)
    office.sync(full=True)
    assert office.fields(made_id("crm", "lead", lead)) == {}
    with office.store.read() as tx:
        assert suppressions.events(tx) == events
        assert suppressions.active(tx, [e.hmac for e in events]) == {e.hmac for e in events}


def test_ones_own_refusal_is_not_said_twice(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋", phone_direct="+81312345678")
    office.sync()
    office.suppress("+81312345678")
    office.edit("l1", dnc=True)
    office.sync()
    with office.store.read() as tx:
        kinds = [(e.kind, e.source) for e in suppressions.events(tx)]
    assert kinds.count(("number", "rep")) == 1
    assert ("number", "sync") not in kinds


def test_a_command_waits_for_the_record_that_it_names(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.line.faults = ["before"]
    office.sync()
    office.edit("l1", title="部長")
    office.call("l1")
    abroad.clock.move(minutes=20)
    assert office.sync().pending == 0
    assert len(abroad.crm.of(Thing.LEAD)) == 1
    assert abroad.crm.of(Thing.LEAD)[0].fields["title"] == "部長"


def test_a_time_is_set_right_by_the_clock_of_the_crm(abroad: Abroad) -> None:
    from dataclasses import replace as with_

    from isdesk.domain.changes import Verb
    from isdesk.domain.ids import DeviceId, LeadId, MemberId, TouchId
    from isdesk.domain.touch import Touch

    office = abroad.device()
    office.create("l1", name="高橋")
    late = Touch(
        TouchId("t1"), LeadId("l1"), None, MemberId("m-sato"), DeviceId("d-x"), 1, abroad.clock.now(), skew_ms=120_000
    )
    office.write(touches=[late, with_(late, id=TouchId("t2"), device_seq=2, skew_ms=-900)], verb=Verb.RECORD)
    office.sync()
    sent = {c.key: c.payload for c in abroad.crm.commands if c.obj is Thing.TOUCH}
    assert (sent["t1"]["at"], sent["t1"]["at_entered"]) == ("2026-11-20T01:02:00+00:00", "2026-11-20T01:00:00+00:00")
    assert sent["t2"]["at"] == "2026-11-20T01:00:00+00:00"
    assert "at_entered" not in sent["t2"]


def test_a_company_that_the_crm_has_already_is_that_one(abroad: Abroad) -> None:
    abroad.crm.one_name = True
    there = abroad.crm.make(Thing.COMPANY, name="甲", phone="+81311110000")
    office = abroad.device()
    office.sync()
    office.company("c1", name="甲")
    office.create("l1", name="高橋", company_id="c1")
    assert office.sync().pending == 0
    assert len(abroad.crm.of(Thing.COMPANY)) == 1
    assert abroad.crm.of(Thing.LEAD)[0].fields["company_id"] == there
    assert office.fields("l1")["company_id"] == made_id("crm", "company", there)
    office.write(changes=[Change(Obj.COMPANY, "c1", {"phone": None}, {"phone": "+81322220000"})])
    assert office.sync(full=True).conflicts == 1
    (clash,) = office.conflicts()
    assert (clash.obj_id, clash.mine, clash.theirs) == ("c1", "+81322220000", "+81311110000")
    office.write(changes=[Change(Obj.COMPANY, "c1", {"phone": "+81311110000"}, {"phone": "+81322220000"})])
    abroad.clock.move(minutes=31)
    assert office.sync(full=True).deleted == 0
    assert abroad.crm.records[there].fields["phone"] == "03-2222-0000"
    with office.store.read() as tx:
        kept = dict(tx.sql("SELECT id, facts FROM company").fetchall())
    assert set(kept.values()) == {'{"name":"甲","phone":"+81322220000"}'}
    assert office.waiting() == []
    assert office.differing() == []


def test_what_was_sent_is_forgotten_after_a_season_and_its_key_is_not(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    office.edit("l1", title="課長")
    last = office.edit("l1", title="部長")
    office.sync()
    abroad.clock.move(days=91)
    office.sync()
    with office.store.read() as tx:
        found = tx.sql("SELECT state, payload, base FROM delivery WHERE cmd_id = ?", (f"{last}:l1",)).fetchall()
    assert found == [("acked", None, None)]
    assert office.fields("l1")["title"] == "部長"
    assert office.differing() == []


def test_a_field_that_the_map_takes_in_later_is_offered_and_read(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋", need="在庫")
    office.create("l2", name="中村", need="棚卸")
    office.create("l3", name="伊藤")
    office.sync()
    first, second, third = (record.id for record in abroad.crm.of(Thing.LEAD))
    abroad.crm.records[second].fields["need"] = "原価"
    abroad.crm.records[third].fields["need"] = "納期"
    abroad.crm.carries_also = frozenset({"need"})
    office.sync()
    office.sync()
    assert abroad.crm.records[first].fields["need"] == "在庫"
    assert [office.fields(lead).get("need") for lead in ("l1", "l2", "l3")] == ["在庫", "原価", "納期"]
    (clash,) = office.conflicts()
    assert (clash.obj_id, clash.mine, clash.theirs) == ("l2", "棚卸", "原価")
    assert office.waiting() == []
    assert office.differing() == []
    sent = len(abroad.crm.commands)
    office.sync()
    assert len(abroad.crm.commands) == sent


def test_a_number_can_be_dialled_here_and_reads_as_people_write_it_there(abroad: Abroad) -> None:
    abroad.crm.carries_also = frozenset({"phone_direct", "phone_mobile"})
    there = abroad.crm.make(Thing.LEAD, name="高橋", phone_direct="０５２－２１１－１２３４", phone_mobile="内線 12")
    office = abroad.device()
    office.sync()
    local = made_id("crm", "lead", there)
    assert office.fields(local)["phone_direct"] == "+81522111234"
    assert office.fields(local)["phone_mobile"] == "内線 12"
    office.edit(local, phone_direct="+81322220000", phone_mobile="+14155552671")
    assert office.sync(full=True).conflicts == 0
    assert abroad.crm.records[there].fields["phone_direct"] == "03-2222-0000"
    assert abroad.crm.records[there].fields["phone_mobile"] == "+14155552671"
    assert office.sync(full=True).updated == 0
