"""HubSpot's own ways, beside what every adapter is held to: two passes, batches, calls, tasks, deals, setting up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from isdesk.crm import mapping, registry
from isdesk.crm.hubspot import HubSpot, connect
from isdesk.crm.hubspot.activities import CALLS, NOTES, body_of, plain, rich
from isdesk.crm.hubspot.api import Api, words
from isdesk.crm.hubspot.records import CONVERTERS
from isdesk.crm.port import (
    Asked,
    Auth,
    Command,
    Do,
    Permanent,
    Quota,
    Row,
    Scope,
    Status,
    Thing,
    Transient,
    Unknown,
)
from isdesk.crm.registry import Place
from isdesk.crm.writing import MARK, named_company
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.crm.fakes.hubspot import ACTIVITIES, KEY, TYPES, HubSpotFake
from tests.crm.loopback import Answer, Fault, on
from tests.crm.rig_hubspot import Rig, writes

HOUR = 3_600
AT = "2026-11-20T01:02:03.456789+00:00"
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.close()


@pytest.fixture
def fake(rig: Rig) -> HubSpotFake:
    return rig.fake


def adapter(rig: Rig, user: str = "sato") -> HubSpot:
    made = rig.connect(user)
    assert isinstance(made, HubSpot)
    return made


def place(text: str | None = None) -> Place:
    me = Member(MemberId("101"), "佐藤", "rep", "sato@example.jp", active=True)
    return Place(me, lambda: datetime.now(UTC), mapping=text)


def touch(lead: str, **more: Any) -> Command:
    key = str(uuid4())
    payload: dict[str, Value] = {"id": key, "lead_id": lead, "lead_key": f"key-{lead}", "at": AT, "member_id": "101"}
    return Command(key, Do.APPEND, Thing.TOUCH, "", {**payload, **more}, lead_id=lead)


def step(lead: str, handoff: str, action: str, **more: Any) -> Command:
    key = str(uuid4())
    payload = {"id": key, "lead_id": lead, "handoff_id": handoff, "action": action, "at": AT, "member_id": "103"}
    return Command(key, Do.APPEND, Thing.TRANSITION, "", {**payload, **more}, lead_id=lead)


def patch(lead: str, payload: dict[str, Value], base: dict[str, Value] | None = None, **more: Any) -> Command:
    return Command(str(uuid4()), Do.PATCH, Thing.LEAD, lead, payload, base or {}, **more)


def pull(
    hub: HubSpot, obj: Thing, cursor: str | None = None, scope: Scope = Scope.TEAM
) -> tuple[dict[str, Row], str, dict[str, Row]]:
    rows: dict[str, Row] = {}
    beside: dict[str, Row] = {}
    hub.hello()
    while True:
        page = hub.changes(obj, cursor, scope)
        rows |= {row.id: row for row in page.rows}
        beside |= {row.id: row for row in page.beside.get(Thing.COMPANY, ())}
        cursor = page.next_cursor
        if not page.more:
            return rows, cursor, beside


def the(fake: HubSpotFake, obj: str) -> Mapping[str, str]:
    (one,) = fake.records[obj].values()
    return one.props


# ---------------------------------------------------------------------------------------------------------- connecting


def test_a_key_goes_to_hubspot_only() -> None:
    for url in (
        "https://api.hubapi.example",
        "http://api.hubapi.com",
        "https://evil-hubapi.com",
        "https://x@hubapi.com",
    ):
        with pytest.raises(BadInput):
            connect(url=url, user="", secret=KEY, options={}, place=place())
    with pytest.raises(BadInput, match="hubspot_key_needed"):
        connect(url="", user="", secret=None, options={}, place=place())
    with pytest.raises(BadInput, match="hubspot_version_unknown"):
        connect(url="", user="", secret=KEY, options={"version": "v3"}, place=place())
    connect(url="https://api-eu1.hubapi.com", user="", secret=KEY, options={}, place=place()).close()


def test_the_registry_finds_it_and_the_person_is_an_owner(fake: HubSpotFake) -> None:
    hub = registry.connect("hubspot", url=fake.url, user="", secret=KEY, options={"name": "hs"}, place=place())
    hello = hub.hello()
    assert (hub.name, hello.me.id, hello.me.name, hello.epoch) == ("hs", "101", "佐藤 花子", "hubspot:4711")
    assert hub.link(Thing.LEAD, "77") == "https://app.hubspot.com/contacts/4711/record/0-1/77"
    assert hub.link(Thing.TOUCH, "calls:77") is None
    assert hub.link(Thing.TRANSITION, "deals:77@abc") == "https://app.hubspot.com/contacts/4711/record/0-3/77"
    hub.close()


def test_who_is_no_owner_is_nobody(fake: HubSpotFake) -> None:
    for user in ("nobody@example.jp", "queue@example.jp", "9101", " "):
        hub = connect(url=fake.url, user=user, secret=KEY, options={}, place=place())
        with pytest.raises(Auth, match="hubspot_owner_unknown"):
            hub.hello()
        hub.close()


def test_an_account_that_only_knows_the_older_version_is_asked_by_it(rig: Rig, fake: HubSpotFake) -> None:
    fake.versions = {"2026-03"}
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "旧版 一"})
    assert lead in pull(hub, Thing.LEAD)[0]
    assert {r.path.split("/")[3] for r in fake.requests if r.path.startswith("/crm/objects")} == {"2026-03"}


def test_members_are_owners_with_roles_by_their_teams(fake: HubSpotFake) -> None:
    text = mapping.shipped("hubspot").replace("fs_teams = []", 'fs_teams = ["FS"]')
    hub = connect(url=fake.url, user="101", secret=KEY, options={}, place=place(text))
    found = [(p.id, p.role, p.active) for p in hub.members()]
    assert found == [("101", "rep", True), ("102", "rep", True), ("103", "fs", True), ("150", "rep", False)]
    assert {row.id for row in hub.changes(Thing.MEMBER, None, Scope.TEAM).rows} == {"101", "102", "103", "150"}
    hub.close()


# -------------------------------------------------------------------------------------------------------- two passes


def test_what_the_index_shows_late_comes_with_the_complete_pass(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    _, cursor, _ = pull(hub, Thing.LEAD)
    fake.index_lag = 600
    late = rig.make(Thing.LEAD, {"name": "遅い 一"})
    fake.index_lag = 0
    fake.move(seconds=300)
    newer = rig.make(Thing.LEAD, {"name": "速い 一"})
    rows, cursor, _ = pull(hub, Thing.LEAD, cursor)
    assert set(rows) == {newer}
    fake.move(seconds=400)
    rows, cursor, _ = pull(hub, Thing.LEAD, cursor)
    assert late not in rows, "the quick pass is beyond it"
    fake.move(seconds=HOUR)
    rows, _, _ = pull(adapter(rig), Thing.LEAD, cursor)
    assert late in rows


def test_a_complete_pass_is_not_made_at_every_round(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    rig.make(Thing.LEAD, {"name": "一"})
    _, cursor, _ = pull(hub, Thing.LEAD)
    fake.requests.clear()
    pull(hub, Thing.LEAD, cursor)
    searches = [r for r in fake.requests if r.path.endswith("/search")]
    assert len(searches) == 1
    assert [f["operator"] for f in searches[0].json["filterGroups"][0]["filters"]] == ["GTE"]


def test_the_bin_tells_what_was_deleted(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    before, lead = (rig.make(Thing.LEAD, {"name": name}) for name in ("前", "後"))
    rig.delete(Thing.LEAD, before)
    fake.move(seconds=2 * HOUR)
    _, cursor, _ = pull(hub, Thing.LEAD)
    rig.delete(Thing.LEAD, lead)
    rows, cursor, _ = pull(hub, Thing.LEAD, cursor)
    assert [(row.id, row.deleted) for row in rows.values()] == [(lead, True)]


def test_a_full_bin_is_listed_once_in_an_hour(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    leads = rig.make_many(620)
    _, cursor, _ = pull(hub, Thing.LEAD)
    for lead in leads:
        rig.delete(Thing.LEAD, lead)
    rows, cursor, _ = pull(hub, Thing.LEAD, cursor)
    assert sum(row.deleted for row in rows.values()) == 620
    last = rig.make(Thing.LEAD, {"name": "最後"})
    rig.delete(Thing.LEAD, last)
    fake.move(seconds=900)
    fake.requests.clear()
    rows, cursor, _ = pull(hub, Thing.LEAD, cursor)
    assert not [r for r in fake.requests if r.query.get("archived") == "true"]
    fake.move(seconds=HOUR)
    rows, _, _ = pull(hub, Thing.LEAD, cursor)
    assert rows[last].deleted


def test_who_was_merged_away_is_told_by_the_one_that_stayed(rig: Rig) -> None:
    hub = adapter(rig)
    loser, winner = (rig.make(Thing.LEAD, {"name": name}) for name in ("統合 元", "統合 先"))
    _, cursor, _ = pull(hub, Thing.LEAD)
    rig.merge(loser, winner)
    rows, _, _ = pull(hub, Thing.LEAD, cursor)
    assert (rows[loser].deleted, rows[loser].fields) == (True, {"merged_into": winner})
    assert not rows[winner].deleted
    assert [row.fields for row in hub.fetch(Thing.LEAD, [loser])] == [{"merged_into": winner}]
    (result,) = hub.push([touch(loser)])
    assert result.status is Status.GONE
    (result,) = hub.push([patch(loser, {"title": "部長"})])
    assert result.status is Status.GONE


def test_a_cursor_that_is_none_is_said_so(rig: Rig) -> None:
    with pytest.raises(BadInput, match="cursor_unreadable"):
        adapter(rig).changes(Thing.LEAD, "{}", Scope.TEAM)


# --------------------------------------------------------------------------------------------------------- companies


def test_a_company_is_the_contacts_primary_association(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    one, two = (rig.make(Thing.COMPANY, {"name": name}) for name in ("甲社", "乙社"))
    lead = rig.make(Thing.LEAD, {"name": "所属 一", "company_id": one})
    for had, company in ((one, two), (two, None)):
        (result,) = hub.push([patch(lead, {"company_id": company}, {"company_id": had})])
        assert result.status is Status.ACKED
        assert fake.records["contacts"][lead].props.get("associatedcompanyid") == company
    rows, _, beside = pull(hub, Thing.LEAD)
    assert "company_id" not in rows[lead].fields
    assert not beside


def test_what_marketing_saw_last_comes_as_times(rig: Rig, fake: HubSpotFake) -> None:
    clicked = {"lastname": "高橋", "hs_email_last_click_date": "2026-11-19T03:20:00.000Z", "recent_conversion_date": ""}
    lead = fake.put("contacts", None, clicked).id
    rows, _, _ = pull(adapter(rig), Thing.LEAD)
    assert rows[lead].fields["signal_mail_click_at"] == "2026-11-19T03:20:00+00:00"
    assert not {"signal_download_at", "signal_mail_open_at"} & rows[lead].fields.keys()


def test_a_company_that_is_only_named_comes_beside(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = fake.put("contacts", None, {"lastname": "名前", "company": "株式会社 甲"}).id
    rows, _, beside = pull(hub, Thing.LEAD)
    named = named_company("株式会社 甲")
    assert rows[lead].fields["company_id"] == named
    assert beside[named].fields == {"name": "株式会社 甲"}
    new = named_company("乙社")
    (result,) = hub.push([patch(lead, {"company_id": new}, {"company_id": named}, company={"name": "乙社"})])
    assert result.status is Status.ACKED
    assert fake.records["contacts"][lead].props["company"] == "乙社"
    edit = Command("k", Do.PATCH, Thing.COMPANY, named, {"phone": "03-1111-2222"})
    (result,) = hub.push([edit])
    assert (result.status, result.code) == (Status.REFUSED, "hubspot_company_named")


def test_ones_own_companies_are_those_of_ones_own_leads(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    mine, theirs, alone = (rig.make(Thing.COMPANY, {"name": name}) for name in ("甲社", "乙社", "丙社"))
    rig.make(Thing.LEAD, {"name": "一", "company_id": mine})
    rig.make(Thing.LEAD, {"name": "二", "company_id": theirs}, owner="ito")
    fake.move(seconds=3 * HOUR)
    rows, cursor, _ = pull(hub, Thing.COMPANY, scope=Scope.MINE)
    assert set(rows) == {mine} == {one for one, _ in hub.ids(Thing.COMPANY, Scope.MINE)}
    fake.move(days=3)
    for company in (mine, theirs, alone):
        rig.edit(Thing.COMPANY, company, {"phone": "03-1111-2222"})
    fake.move(days=1)
    rows, _, _ = pull(hub, Thing.COMPANY, cursor, Scope.MINE)
    assert {one: row.fields["phone"] for one, row in rows.items()} == {mine: "03-1111-2222"}
    assert set(pull(hub, Thing.COMPANY)[0]) == {mine, theirs, alone}


# ------------------------------------------------------------------------------------------------- calls, mails, notes


def test_a_call_stands_in_hubspots_own_fields(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "架電 一"})
    one = touch(lead, outcome="NO_ANSWER", talk_s=95, number="+81312345678", note="留守 <でした>\n&再度")
    (result,) = hub.push([one])
    call = the(fake, "calls")
    assert result.remote_id == f"calls:{call['hs_object_id']}"
    assert call["hs_timestamp"] == "2026-11-20T01:02:03.457Z"
    assert (call["hs_call_direction"], call["hs_call_status"]) == ("OUTBOUND", "NO_ANSWER")
    assert (call["hs_call_duration"], call["hs_call_to_number"]) == ("95000", "+81312345678")
    assert (call["hs_call_disposition"], call["hubspot_owner_id"]) == (NO_ANSWER, "101")
    assert call["hs_call_title"] == "架電: NO_ANSWER"
    assert call["hs_call_body"] == "留守 &lt;でした&gt;<br>&amp;再度"
    assert call["isdesk_key"] == one.key
    assert json.loads(call["isdesk_data"])["at"] == AT
    assert fake.linked["calls", "contacts"] == {call["hs_object_id"]: [lead]}
    (row,) = pull(hub, Thing.TOUCH)[0].values()
    assert (row.local, row.fields["note"], row.fields["at"]) == (one.key, "留守 <でした>\n&再度", AT)
    assert (row.fields["talk_s"], row.fields["outcome"], row.fields["lead_id"]) == (95, "NO_ANSWER", lead)


def test_an_incoming_call_and_an_outcome_of_ours_only(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "受電 一"})
    hub.push([touch(lead, direction="in", outcome="MEETING_SET", number="+81312345678")])
    call = the(fake, "calls")
    assert (call["hs_call_direction"], call["hs_call_from_number"]) == ("INBOUND", "+81312345678")
    assert (call["hs_call_title"], call["hs_call_disposition"]) == ("受電: MEETING_SET", CONNECTED)


def test_an_outcome_that_the_account_has_not_is_left_out(rig: Rig, fake: HubSpotFake) -> None:
    del fake.outcomes[NO_ANSWER]
    fake.outcomes["00000000-0000-0000-0000-000000000000"] = "No answer"
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "結果 一"})
    hub.push([touch(lead, outcome="NO_ANSWER")])
    assert "hs_call_disposition" not in the(fake, "calls")
    assert {f.params.get("value") for f in hub.check(write=False) if f.code == "hubspot_outcome_missing"} == {NO_ANSWER}


def test_the_outcomes_are_read_from_the_property_where_the_legacy_address_is_gone(rig: Rig, fake: HubSpotFake) -> None:
    fake.legacy = False
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "結果 二"})
    hub.push([touch(lead, outcome="NO_ANSWER")])
    assert the(fake, "calls")["hs_call_disposition"] == NO_ANSWER


def test_where_the_key_may_not_look_at_properties_the_map_is_believed(rig: Rig, fake: HubSpotFake) -> None:
    fake.rules.hidden = {"contacts", "notes", "emails"}
    hub = adapter(rig)
    assert {"dnc", "name", "stage"} <= (hub.carried(Thing.LEAD) or frozenset())
    assert hub.capabilities().upsert_key == "none"
    lead = rig.make(Thing.LEAD, {"name": "権限 二"})
    one = touch(lead, channel="note", note="控え")
    results = hub.push([patch(lead, {"dnc": True}), one])
    assert {r.status for r in results} == {Status.ACKED}
    assert [row.local for row in hub.history(Thing.TOUCH, [lead])] == [one.key]


def test_each_channel_has_its_own_kind_of_record(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "経路 一"})
    sent = [
        touch(lead, channel="mail", direction="out", note="資料 <送付>"),
        touch(lead, channel="meeting", talk_s=1800, note="商談"),
        touch(lead, channel="exhibition", note="名刺"),
        touch(lead, signal="download"),
    ]
    assert {r.status for r in hub.push(sent)} == {Status.ACKED}
    mail, meeting = the(fake, "emails"), the(fake, "meetings")
    assert (mail["hs_email_direction"], mail["hs_email_status"], mail["hs_email_text"]) == (
        "EMAIL",
        "SENT",
        "資料 <送付>",
    )
    assert (meeting["hs_meeting_outcome"], meeting["hs_meeting_end_time"]) == ("COMPLETED", "2026-11-20T01:32:03.457Z")
    assert len(fake.records["notes"]) == 2
    rows = pull(hub, Thing.TOUCH)[0]
    assert {row.local: row.fields.get("note") for row in rows.values()} == {c.key: c.payload.get("note") for c in sent}
    assert {row.local for row in hub.history(Thing.TOUCH, [lead])} == {c.key for c in sent}
    assert {row.id for row in hub.fetch(Thing.TOUCH, list(rows))} == set(rows)


def test_what_others_recorded_in_hubspot_comes_as_touches(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "他者 一"})
    props = {"hs_timestamp": "2026-11-20T01:00:00Z", "hubspot_owner_id": "102"}
    call = fake.put("calls", None, {**props, "hs_call_direction": "INBOUND", "hs_call_duration": "61000.0",
                                    "hs_call_from_number": "03-1111-2222", "hs_call_disposition": CONNECTED,
                                    "hs_call_body": "<p>一行目</p><p>A &amp; B</p>"})  # fmt: skip
    odd = fake.put("calls", None, {**props, "hs_call_disposition": "of-their-own"})
    mail = fake.put("emails", None, {**props, "hs_email_direction": "INCOMING_EMAIL", "hs_email_text": "返信"})
    alone = fake.put("notes", None, {**props, "hs_note_body": "誰のでもない"})
    for obj, one in (("calls", call), ("calls", odd), ("emails", mail)):
        fake.join(obj, one.id, "contacts", lead)
    rows = pull(hub, Thing.TOUCH)[0]
    assert f"notes:{alone.id}" not in rows
    said = rows[f"calls:{call.id}"].fields
    assert said == {
        "channel": "phone", "direction": "in", "at": "2026-11-20T01:00:00+00:00", "member_id": "102", "talk_s": 61,
        "number": "03-1111-2222", "outcome": "STAFF_TALK", "note": "一行目\nA & B", "lead_id": lead,
    }  # fmt: skip
    assert "outcome" not in rows[f"calls:{odd.id}"].fields
    assert rows[f"emails:{mail.id}"].fields["direction"] == "in"
    assert not pull(adapter(rig, "ito"), Thing.TOUCH, scope=Scope.MINE)[0].keys() - rows.keys()
    assert set(pull(adapter(rig, "sato"), Thing.TOUCH, scope=Scope.MINE)[0]) == set(rows)


def test_mails_that_the_key_may_not_read_stop_nothing(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "権限 一"})
    one = touch(lead)
    hub.push([one])
    no = Answer(403, {"status": "error", "category": "MISSING_SCOPES", "message": "no"})
    fake.fail(Fault("status", on(part="/emails/"), no, left=50))
    assert [row.local for row in pull(hub, Thing.TOUCH)[0].values()] == [one.key]
    assert [row.local for row in hub.history(Thing.TOUCH, [lead])] == [one.key]
    assert one.key in hub.probe([Asked(one.key, Thing.TOUCH, lead_id=lead)])
    fake.fail(Fault("status", on(part="/calls/search"), no))
    with pytest.raises(Permanent, match="hubspot_forbidden"):
        pull(hub, Thing.TOUCH)


@pytest.mark.parametrize("note", ["", "a\n\nb", "<b>&amp;</b>", "  端  ", "髙𠮷😀" * 4_000, "<&>" * 12_000])
def test_a_body_never_exceeds_what_hubspot_takes(note: str) -> None:
    data: dict[str, Value] = {"id": str(uuid4()), "plan": {"action": "retry", "why": "<&>"}}
    for kind in (CALLS, NOTES):
        body = body_of(kind, note, data)
        assert len(body) <= 65_536 - 8
        text = plain(body)
        shown, _, line = text.rpartition(MARK)
        assert json.loads(line) == data
        assert shown.rstrip("\n") == note.rstrip("\n") or "以下略" in shown
    assert plain(rich(note)) == note


def test_a_call_without_a_property_for_our_data_carries_it_in_its_text(rig: Rig, fake: HubSpotFake) -> None:
    for name in ACTIVITIES:
        del fake.rules.properties[name]["isdesk_data"]
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "本文 一"})
    one = touch(lead, note="メモ", outcome="BUSY")
    hub.push([one])
    assert MARK in the(fake, "calls")["hs_call_body"]
    (row,) = hub.history(Thing.TOUCH, [lead])
    assert (row.local, row.fields["note"], row.fields["outcome"]) == (one.key, "メモ", "BUSY")


# ------------------------------------------------------------------------------------------------- tasks, taken back


def test_the_next_action_is_a_task_of_the_rep(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "次回 一"})
    due = "2026-11-24T01:00:00+00:00"
    hub.push([touch(lead, plan={"action": "callback_exact", "due_at": due}), touch(lead, plan={"action": "mail"})])
    task = the(fake, "tasks")
    assert (task["hs_task_type"], task["hs_task_subject"], task["hubspot_owner_id"]) == ("EMAIL", "次回: mail", "101")
    hub.push([touch(lead, plan={"action": "nurture", "due_at": due})])
    assert the(fake, "tasks")["hs_timestamp"] == "2026-11-24T01:00:00.000Z"
    hub.push([touch(lead)])
    assert the(fake, "tasks")["hs_task_status"] == "NOT_STARTED", "a touch that plans nothing leaves it"
    hub.push([touch(lead, plan={"action": None})])
    assert the(fake, "tasks")["hs_task_status"] == "COMPLETED"


def test_nothing_to_close_makes_no_task(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "次回 二"})
    hub.push([touch(lead, plan={"action": None})])
    assert not fake.records["tasks"]


def test_what_is_taken_back_is_marked_once_and_found_by_its_key(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "取消 一"})
    first = touch(lead, outcome="BUSY")
    note = touch(lead, channel="note", note="メモ")
    hub.push([first, note])
    backs = [touch(lead, corrects=first.key, void=True), touch(lead, corrects=note.key, void=True, channel="note")]
    for _ in range(2):
        hub.push([replace(one, sure=False) for one in backs])
    titles = sorted(one.props["hs_call_title"] for one in fake.records["calls"].values())
    assert titles == ["【取消】架電", "【取消】架電: BUSY"]
    assert sorted(one.props["hs_note_body"] for one in fake.records["notes"].values()) == ["【取消】", "【取消】メモ"]
    rows = {row.local: row for row in hub.history(Thing.TOUCH, [lead])}
    assert rows[note.key].fields["note"] == "メモ"
    assert rows[backs[1].key].fields["void"] is True


# ------------------------------------------------------------------------------------------------------------ handoffs


def test_a_handoff_is_one_deal_with_its_associations(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    company = rig.make(Thing.COMPANY, {"name": "甲社"})
    lead = rig.make(Thing.LEAD, {"name": "引継 一", "company_id": company})
    handoff = str(uuid4())
    hub.push([step(lead, handoff, "submit", to_fs="103")])
    assert not fake.records["deals"]
    accept = step(lead, handoff, "accept", payload={"amount": 500_000})
    assert hub.push([accept])[0].status is Status.ACKED
    deal = the(fake, "deals")
    assert (deal["dealname"], deal["pipeline"], deal["dealstage"]) == ("引継 一", "default", "appointmentscheduled")
    assert (deal["isdesk_key"], deal["hubspot_owner_id"], deal["amount"]) == (handoff, "103", "500000")
    number = deal["hs_object_id"]
    assert fake.linked["deals", "contacts"] == {number: [lead]}
    assert fake.linked["deals", "companies"] == {number: [company]}
    fake.put("deals", number, {"dealstage": "closedwon", "amount": "700000", "closed_won_reason": "価格"})
    assert hub.push([replace(accept, sure=False)])[0].status is Status.DUPLICATE
    assert the(fake, "deals")["dealstage"] == "closedwon", "what Field Sales did is left"


def test_a_result_comes_back_for_each_state_of_the_deal(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "結果 一"})
    handoff = str(uuid4())
    hub.push([step(lead, handoff, "accept")])
    _, cursor, _ = pull(hub, Thing.TRANSITION)
    rig.close_opportunity(lead, won=True, amount=900_000, reason="決裁者の後押し")
    rows, cursor, _ = pull(hub, Thing.TRANSITION, cursor)
    (first,) = [row for row in rows.values() if row.fields["action"] == "feedback"]
    assert first.fields["payload"] == {"result": "won", "amount": 900_000, "factor": "決裁者の後押し"}
    assert (first.fields["handoff_id"], first.fields["lead_id"], first.local) == (handoff, lead, None)
    rig.close_opportunity(lead, won=False, amount=900_000, reason="競合")
    rows, cursor, _ = pull(hub, Thing.TRANSITION, cursor)
    (second,) = [row for row in rows.values() if row.fields["action"] == "feedback"]
    assert second.fields["payload"] == {"result": "lost", "amount": 900_000, "reason": "競合"}
    assert second.id != first.id
    assert second.id.startswith("deals:")
    assert {row.fields["action"] for row in hub.history(Thing.TRANSITION, [lead])} == {"accept", "feedback"}
    assert [row.id for row in hub.fetch(Thing.TRANSITION, [second.id])] == [second.id]


def test_a_deal_that_hubspot_refuses_leaves_no_step(rig: Rig, fake: HubSpotFake) -> None:
    fake.rules.required["deals"].add("closedate")
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "必須 一"})
    (result,) = hub.push([step(lead, str(uuid4()), "accept")])
    assert (result.status, result.code) == (Status.REFUSED, "hubspot_refused")
    assert "closedate is required" in result.message
    assert not fake.records["notes"]


# ------------------------------------------------------------------------------------------------------ writing leads


def test_a_mail_opt_out_goes_to_hubspots_own_mail_too(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead, scopeless = (rig.make(Thing.LEAD, {"name": n, "email": f"{n}@example.jp"}) for n in ("a", "b"))
    hub.push([patch(lead, {"email_opt_out": True})])
    assert fake.unsubscribed == {"a@example.jp"}
    fake.rules.may_unsubscribe = False
    assert hub.push([patch(scopeless, {"email_opt_out": True})])[0].status is Status.ACKED
    rows = pull(hub, Thing.LEAD)[0]
    assert rows[lead].fields["email_opt_out"] is rows[scopeless].fields["email_opt_out"] is True


def test_an_opt_out_whose_answer_is_lost_is_told_again(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "a", "email": "a@example.jp"})
    edit = patch(lead, {"email_opt_out": True})
    fake.fail(Fault("before", on(part="unsubscribe-all")))
    with pytest.raises(Unknown):
        hub.push([edit])
    assert hub.push([replace(edit, sure=False)])[0].status is Status.ACKED
    assert fake.unsubscribed == {"a@example.jp"}


def test_one_member_of_a_batch_is_refused_with_the_rule(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(3)]
    stages: list[Value] = ["sql", "no_such_stage", "nurture"]
    results = hub.push([patch(lead, {"stage": s}) for lead, s in zip(leads, stages, strict=True)])
    assert [r.status for r in results] == [Status.ACKED, Status.REFUSED, Status.ACKED]
    assert "hs_lead_status: no_such_stage was not one of the allowed options" in results[1].message
    assert [fake.records["contacts"][x].props.get("hs_lead_status") for x in leads] == [
        "IN_PROGRESS",
        None,
        "BAD_TIMING",
    ]


def test_a_batch_that_is_refused_as_a_whole_is_halved(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    leads = [rig.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(4)]
    whole = Answer(400, {"status": "error", "category": "VALIDATION_ERROR", "message": "one of them"})
    culprit = touch(leads[2])
    fake.fail(Fault("status", on(part="/calls/batch/upsert", body=culprit.key), whole, left=3))
    batch = [touch(leads[0]), touch(leads[1]), culprit, touch(leads[3])]
    results = hub.push(batch)
    assert [r.status for r in results] == [Status.ACKED, Status.ACKED, Status.REFUSED, Status.ACKED]
    assert results[2].message == "one of them"


def test_a_contact_that_is_there_already_is_not_made_twice(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    there = rig.make(Thing.LEAD, {"name": "既存", "email": "same@example.jp"})
    new = patch("", {"name": "新規", "email": "same@example.jp"}, local=str(uuid4()))
    (result,) = hub.push([new])
    assert result.status is Status.REFUSED
    assert f"Existing ID: {there}" in result.message


def test_a_lead_and_its_first_call_may_go_in_one_batch(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    local = str(uuid4())
    call = touch("", lead_key=local)
    call = replace(call, lead_id=None)
    lead, first = hub.push([patch("", {"name": "新規 一"}, local=local), call])
    assert (lead.status, first.status) == (Status.ACKED, Status.ACKED)
    assert fake.linked["contacts", "calls"] == {lead.remote_id: [str(first.remote_id).partition(":")[2]]}
    (again,) = hub.push([replace(touch("", lead_key=local), lead_id=None)])
    assert again.status is Status.ACKED, "found by our key"
    (nobody,) = hub.push([replace(touch("", lead_key="none"), lead_id=None)])
    assert (nobody.status, nobody.code) == (Status.REFUSED, "hubspot_lead_unknown")


def test_a_call_that_is_not_yet_associated_is_only_half_written(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "半分 一"})
    one = touch(lead)
    fake.fail(Fault("before", on(part="/associate/default")))
    with pytest.raises(Unknown):
        hub.push([one])
    asked = [Asked(one.key, Thing.TOUCH, lead_id=lead)]
    assert hub.probe(asked) == {}
    (result,) = hub.push([replace(one, sure=False)])
    assert result.status is Status.DUPLICATE
    assert hub.probe(asked) == {one.key: result.remote_id}
    assert len(fake.records["calls"]) == 1


def test_a_property_that_is_gone_is_refused_and_then_no_longer_carried(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "項目 一"})
    assert "title" in (hub.carried(Thing.LEAD) or ())
    rig.spoil("field_removed", "title")
    (result,) = hub.push([patch(lead, {"title": "部長"})])
    assert "jobtitle: Property jobtitle does not exist" in result.message
    hub.hello()
    assert "title" not in (hub.carried(Thing.LEAD) or ())
    assert "title" not in {one.code for one in hub.describe(Thing.LEAD)}


# --------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "data", "headers", "error", "wait"),
    [
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, {}, Transient, 10.0),
        (429, {"policyName": "SECONDLY"}, {}, Transient, 1.0),
        (429, {"policyName": "SECONDLY"}, {"Retry-After": "5"}, Transient, 5.0),
        (429, {"policyName": "DAILY"}, {}, Quota, None),
        (423, {"category": "LOCKED"}, {}, Transient, 2.0),
        (477, {"message": "migrating"}, {"Retry-After": "3600"}, Transient, 3600.0),
        (403, {"category": "MISSING_SCOPES"}, {}, Permanent, None),
    ],
)
def test_each_way_to_refuse_is_told_apart(
    rig: Rig, status: int, data: dict[str, str], headers: dict[str, str], error: type[Exception], wait: float | None
) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "拒否 一"})
    rig.fake.fail(Fault("status", writes, Answer(status, data, headers)))
    with pytest.raises(error) as raised:
        hub.push([touch(lead)])
    assert getattr(raised.value, "retry_after", None) == wait


def test_a_failure_of_a_read_is_no_doubt(rig: Rig) -> None:
    hub = adapter(rig)
    for status in (500, 502, 503, 504):
        rig.fake.fail(Fault("status", on(part="/search"), Answer(status, {"message": "down"})))
        with pytest.raises(Transient):
            hub.changes(Thing.LEAD, None, Scope.TEAM)


def test_the_allowance_is_the_days_where_it_is_told(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    hub.members()
    told = hub.signals
    assert (told.limit, told.used) == (650_000, 650_000 - fake.daily_left)
    pull(hub, Thing.LEAD)
    assert (hub.signals.used or 0) > (told.used or 0), "a search counts, though it does not tell"


def test_the_rules_that_hubspot_writes_into_a_sentence_are_unfolded() -> None:
    rules = [{"name": "firstname", "message": "Enter only letters", "error": "INVALID_ALPHA"}]
    assert words({"message": f"Property values were not valid: {json.dumps(rules)}"}) == (
        "Property values were not valid\nfirstname: Enter only letters"
    )
    assert words({"message": "[not json"}) == "[not json"
    assert words({"category": "CONFLICT"}) == "CONFLICT"


def test_an_answer_that_leaves_an_input_out_is_a_doubt(rig: Rig) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "無言 一"})
    rig.fake.fail(Fault("status_after", on(part="/batch/upsert"), Answer(200, {"status": "COMPLETE", "results": []})))
    with pytest.raises(Unknown):
        hub.push([touch(lead)])


# ------------------------------------------------------------------------------------------------------- being set up


def bare(*, may: bool) -> HubSpotFake:
    made = HubSpotFake(keyed=False)
    made.rules.may_make_properties = may
    made.start()
    return made


def hub_of(fake: HubSpotFake) -> HubSpot:
    map_ = mapping.loads(mapping.shipped("hubspot"), "hubspot", CONVERTERS)
    return HubSpot(fake.url, key=KEY, user="101", mapping=map_, now=lambda: datetime.now(UTC))


def test_the_check_makes_what_is_missing_and_tries_a_call() -> None:
    fake = bare(may=True)
    hub = hub_of(fake)
    hub.hello()
    assert hub.capabilities().upsert_key == "none"
    assert {f.code for f in hub.check(write=False)} >= {"hubspot_key_missing", "hubspot_property_missing"}
    found = hub.check(write=True)
    assert {f.level for f in found} == {"ok"}, [f for f in found if f.level != "ok"]
    assert {f.code for f in found} == {"hubspot_version", "hubspot_key_there", "hubspot_activity_tried"}
    assert all(fake.rules.properties[name]["isdesk_key"]["hasUniqueValue"] for name in TYPES)
    assert fake.rules.properties["contacts"]["isdesk_dnc"]["type"] == "bool"
    able = hub.capabilities()
    assert (able.upsert_key, able.probe_by_key) == ("per_object", "strong")
    assert [bool(one.archived) for one in fake.records["calls"].values()] == [True]
    hub.close()
    fake.stop()


def test_the_check_says_what_an_administrator_must_add() -> None:
    fake = bare(may=False)
    hub = hub_of(fake)
    found = hub.check(write=True)
    refused = {(f.params["object"], f.params["property"]) for f in found if f.code == "hubspot_property_refused"}
    assert {("calls", "isdesk_key"), ("calls", "isdesk_data"), ("contacts", "isdesk_dnc")} <= refused
    assert {f.params["object"] for f in found if f.code == "hubspot_key_missing"} == set(TYPES) - {"notes", "emails"}
    assert {f.params["object"] for f in found if f.code == "hubspot_key_not_offered"} == {"notes", "emails"}
    assert "hubspot_activity_tried" in {f.code for f in found}
    able = hub.capabilities()
    assert (able.upsert_key, able.probe_by_key) == ("none", "lagged")
    assert "dnc" not in (hub.carried(Thing.LEAD) or ())
    new = patch("", {"name": "新規"}, local=str(uuid4()))
    assert hub.push([new])[0].status is Status.ACKED
    (result,) = hub.push([replace(new, sure=False)])
    assert (result.status, result.code) == (Status.REFUSED, "hubspot_create_unsure")
    assert len(fake.records["contacts"]) == 1
    hub.close()
    fake.stop()


def test_without_keys_a_failure_after_a_write_is_a_doubt_about_all_of_it() -> None:
    busy = Answer(429, {"policyName": "TEN_SECONDLY_ROLLING"})
    fake = bare(may=False)
    hub = hub_of(fake)
    hub.hello()
    lead = fake.put("contacts", None, {"lastname": "途中"}).id
    one = touch(lead, plan={"action": "retry"})
    fake.fail(Fault("status", on(part="/tasks/batch/create"), busy))
    with pytest.raises(Unknown):
        hub.push([one])
    assert hub.probe([Asked(one.key, Thing.TOUCH, lead_id=lead)]).keys() == {one.key}
    fake.fail(Fault("status", on(part="/calls/batch/create"), busy))
    with pytest.raises(Transient):
        hub.push([touch(lead)])
    hub.push([replace(one, sure=False)])
    assert (len(fake.records["calls"]), len(fake.records["tasks"])) == (1, 1)
    hub.close()
    fake.stop()


def test_a_deal_without_a_key_is_made_once_too() -> None:
    fake = bare(may=False)
    hub = hub_of(fake)
    hub.hello()
    lead = fake.put("contacts", None, {"lastname": "鍵", "firstname": "なし"}).id
    accept = step(lead, str(uuid4()), "accept")
    for sure in (True, False):
        assert hub.push([replace(accept, sure=sure)])[0].status in {Status.ACKED, Status.DUPLICATE}
    number = the(fake, "deals")["hs_object_id"]
    fake.put("deals", number, {"dealstage": "closedlost", "closed_lost_reason": "予算"})
    rows = pull(hub, Thing.TRANSITION)[0].values()
    assert sorted(str(row.fields["action"]) for row in rows) == ["accept", "feedback"]
    assert {row.fields["handoff_id"] for row in rows} == {accept.payload["handoff_id"]}
    hub.close()
    fake.stop()


def test_a_key_that_is_not_unique_is_no_key(rig: Rig, fake: HubSpotFake) -> None:
    fake.rules.properties["calls"]["isdesk_key"]["hasUniqueValue"] = False
    hub = adapter(rig)
    found = {f.code: f.params for f in hub.check(write=True)}
    assert found["hubspot_key_not_unique"] == {"object": "calls", "property": "isdesk_key"}
    assert hub.capabilities().upsert_key == "none"


def test_choices_and_stages_that_are_missing_are_named(rig: Rig, fake: HubSpotFake) -> None:
    rig.spoil("choice_removed", "stage", "won")
    text = mapping.shipped("hubspot").replace('stage = "appointmentscheduled"', 'stage = "nowhere"')
    map_ = mapping.loads(text, "hubspot", CONVERTERS)
    hub = HubSpot(fake.url, key=KEY, user="101", mapping=map_, now=lambda: datetime.now(UTC))
    found = {f.code: f.params for f in hub.check(write=False)}
    assert found["hubspot_choice_missing"] == {"object": "contacts", "property": "hs_lead_status", "value": "WON"}
    assert found["hubspot_stage_missing"] == {"pipeline": "default", "stage": "nowhere"}
    hub.close()


def test_a_call_that_is_refused_stops_the_connection(rig: Rig, fake: HubSpotFake) -> None:
    fake.rules.required["calls"].add("hs_call_direction")
    assert ("stop", "hubspot_activity_refused") in {(f.level, f.code) for f in adapter(rig).check(write=True)}


def test_the_table_shows_the_accounts_own_fields_and_newest_records(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    for n in range(3):
        rig.make(Thing.LEAD, {"name": f"顧客 {n}", "title": f"役職{n}"}, owner="sato" if n else "ito")
        fake.move(seconds=1)
    infos = {one.code: one for one in hub.describe_remote(Thing.LEAD)}
    assert ("NEW", "NEW") in infos["hs_lead_status"].choices
    assert not infos["associatedcompanyid"].writable or infos["hs_email_optout"].writable is False
    outcomes = {one.code: one for one in hub.describe_remote(Thing.TOUCH)}["hs_call_disposition"]
    assert (CONNECTED, "通話") in outcomes.choices
    assert not hub.describe_remote(Thing.SUPPRESSION)
    (newest,) = hub.samples(Thing.LEAD, 1)
    assert newest["jobtitle"] == "役職2"
    assert (hub.estimate(Thing.LEAD, Scope.TEAM), hub.estimate(Thing.LEAD, Scope.MINE)) == (3, 2)
    assert (hub.estimate(Thing.COMPANY, Scope.TEAM), hub.estimate(Thing.COMPANY, Scope.MINE)) == (0, None)


def test_a_glance_has_the_newest_call_or_says_that_it_was_too_slow(rig: Rig, fake: HubSpotFake) -> None:
    hub = adapter(rig)
    lead = rig.make(Thing.LEAD, {"name": "直前 一", "dnc": True})
    assert hub.glance(lead, 1.5).touch is None
    for outcome, at in (("BUSY", "2026-11-21T01:00:00+00:00"), ("NO_ANSWER", "2026-11-20T01:00:00+00:00")):
        rig.make(Thing.TOUCH, {"lead_id": lead, "outcome": outcome, "at": at})
    seen = hub.glance(lead, 1.5)
    assert seen.row is not None
    assert seen.row.fields["dnc"] is True
    assert seen.touch is not None
    assert seen.touch.fields["outcome"] == "BUSY"
    assert hub.glance("424242", 1.5).row is None


def test_only_the_origin_is_spoken_to(fake: HubSpotFake) -> None:
    api = Api(fake.url, key=lambda: KEY, now=lambda: datetime.now(UTC))
    with pytest.raises(BadInput):
        api.get("https://elsewhere.example/crm")
    api.client.close()
