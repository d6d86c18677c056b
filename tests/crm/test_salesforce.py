"""Salesforce as it is: converted leads, conditions, keys or none, limits, rules, and what an admin must add."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from isdesk.crm import mapping as maps
from isdesk.crm import registry
from isdesk.crm.contract.driving import deliver, new_id, new_lead, patch, pull, pulled, step, touch, written
from isdesk.crm.port import (
    Asked,
    Auth,
    Command,
    Do,
    Offline,
    Permanent,
    Quota,
    Scope,
    Status,
    Thing,
    Transient,
    Unknown,
)
from isdesk.crm.registry import Place
from isdesk.crm.salesforce import Salesforce, soql
from isdesk.crm.windows import Window
from isdesk.crm.writing import named_company
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.crm.fakes.salesforce import CLIENT, ORG, FakeSalesforce, error
from tests.crm.fakes.salesforce_schema import KEY, field, key
from tests.crm.loopback import Answer, Fault, Request, on
from tests.crm.rig_salesforce import Rig, reads, writes

SHIPPED = maps.shipped("salesforce")
CONTACTS = SHIPPED.replace("on = false", "on = true")


@pytest.fixture
def rig() -> Iterator[Rig]:
    yield from _rig()


@pytest.fixture
def keyless() -> Iterator[Rig]:
    yield from _rig(keyed=False)


@pytest.fixture
def with_contacts() -> Iterator[Rig]:
    yield from _rig(text=CONTACTS)


def _rig(**options: Any) -> Iterator[Rig]:
    made = Rig(**options)
    yield made
    made.close()


@contextmanager
def opened(rig: Rig, *, hello: bool = True) -> Iterator[Salesforce]:
    adapter = rig.connect()
    if hello:
        adapter.hello()
    yield adapter
    adapter.close()


def lead(rig: Rig, **fields: Any) -> str:
    return rig.make(Thing.LEAD, {"name": "北川 修", **fields})


def sent(rig: Rig, method: str, part: str) -> list[Request]:
    return [r for r in rig.fake.requests if r.method == method and part in r.path]


def only(found: Any) -> Any:
    (one,) = found
    return one


# ----------------------------------------------------------------------------------------------------------- queries


def test_literals_cannot_break_out_of_their_quotes(rig: Rig) -> None:
    name = 'O\'Brien \\ "商事"\u3000(株)\n%_'
    assert soql.text(name) == "'O\\'Brien \\\\ \\\"商事\\\"\u3000(株)\\n%_'"
    rig.fake.put("Account", {"Name": name, "OwnerId": rig.fake.users["sato"]})
    query = soql.select(["Id"], "Account", f"Name = {soql.text(name)}")
    assert len(rig.fake.read(query, deleted=False)[1]) == 1
    assert soql.text("a\x00b\x1f") == "'ab'"
    assert soql.like("next:50%_") == "'next:50\\%\\_%'"


def test_instants_and_windows_are_written_as_the_vendor_reads_them() -> None:
    assert soql.stamp("2026-11-20T10:00:00.250+09:00") == "2026-11-20T01:00:00.250Z"
    window = Window(start="2026-11-20T01:00:00+00:00", end="2026-11-20T02:00:00+00:00", running=True)
    assert (
        soql.within(window)
        == "SystemModstamp >= 2026-11-20T01:00:00.000Z AND SystemModstamp < 2026-11-20T02:00:00.000Z"
    )
    later = replace(window, at="2026-11-20T01:30:00.000+0000", last="00Q1")
    assert "SystemModstamp = 2026-11-20T01:30:00.000Z AND Id > '00Q1'" in soql.within(later)
    assert soql.both("", "A = 1", "B = 1 OR C = 1", "Id IN (SELECT Id FROM Lead)").count("(") == 2


def test_every_page_of_a_query_is_followed(rig: Rig) -> None:
    made = rig.make_many(25)
    rig.fake.batch = 7
    rig.move(400)
    with opened(rig) as adapter:
        assert {row.id for row in adapter.changes(Thing.LEAD, None, Scope.TEAM, 500).rows} == set(made)
        assert {i for i, _ in adapter.ids(Thing.LEAD, Scope.TEAM)} == set(made)
    assert sent(rig, "GET", "/query/0r8")


@pytest.mark.parametrize(
    "further", ["https://evil.example/services/data/v67.0/query/01g", "//evil.example/x", "/elsewhere", ""]
)
def test_a_further_page_elsewhere_is_not_asked_for(rig: Rig, further: str) -> None:
    rig.make_many(3)
    page = Answer(200, {"totalSize": 9, "done": False, "nextRecordsUrl": further, "records": []})
    with opened(rig) as adapter:
        rig.fake.fail(Fault("status", lambda r: r.path.endswith("/queryAll"), page))
        with pytest.raises(Permanent, match="url_not_allowed"):
            adapter.changes(Thing.LEAD, None, Scope.TEAM)


def test_only_the_last_five_minutes_wait(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        assert one not in pull(adapter, Thing.LEAD).now
        rig.move(301)
        adapter.hello()
        assert one in pull(adapter, Thing.LEAD).now


def test_what_was_deleted_comes_as_deleted_and_a_merged_lead_names_its_winner(rig: Rig) -> None:
    with opened(rig) as adapter:
        first, second, third = lead(rig), lead(rig), lead(rig)
        before = pulled(rig, adapter, Thing.LEAD)
        rig.delete(Thing.LEAD, first)
        rig.merge(second, third)
        after = pulled(rig, adapter, Thing.LEAD, before.cursor).now
        assert after[first].deleted
        assert (after[second].deleted, after[second].fields) == (True, {"merged_into": third})
        assert adapter.fetch(Thing.LEAD, [first, second]) == []


def test_a_queue_is_nobody(rig: Rig) -> None:
    one = lead(rig)
    rig.fake.touch("Lead", one, {"OwnerId": "00G5g0000000001AAA"})
    with opened(rig) as adapter:
        assert "owner_id" not in only(adapter.fetch(Thing.LEAD, [one])).fields


# ------------------------------------------------------------------------------------------------------------- people


def test_people_and_roles(rig: Rig) -> None:
    with opened(rig) as adapter:
        assert {(p.name, p.role) for p in adapter.members()} == {
            ("佐藤 花子", "rep"),
            ("伊藤 健", "rep"),
            ("森 恵", "team_lead"),
        }
        hello = adapter.hello()
        assert (hello.me.id, hello.epoch) == (rig.fake.users["sato"], ORG)
        assert hello.me.email == "sato@example.jp"
        rows = pulled(rig, adapter, Thing.MEMBER).now
        assert rows[rig.fake.users["mori"]].fields["role"] == "team_lead"


# --------------------------------------------------------------------------------------------------- converted leads


def test_a_converted_lead_says_what_the_contact_says(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig, phone_direct="03-5555-0001", stage="mql")
        ids = rig.fake.convert(one)
        before = pulled(rig, adapter, Thing.LEAD)
        assert before.now[one].fields["phone_direct"] == "03-5555-0001"
        assert before.now[one].fields["stage"] == "sao"
        rig.fake.touch(
            "Contact", ids["ConvertedContactId"], {"Phone": "03-5555-9999", "DoNotCall": True, "Title": None}
        )
        after = pulled(rig, adapter, Thing.LEAD, before.cursor)
        row = after.since(before)[one]
        assert (row.fields["phone_direct"], row.fields["dnc"]) == ("03-5555-9999", True)
        assert dict(adapter.ids(Thing.LEAD, Scope.TEAM))[one] == row.version
        assert only(adapter.fetch(Thing.LEAD, [one])).version == row.version


def test_what_is_recorded_on_a_converted_lead_goes_to_its_contact(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig, phone_direct="03-5555-0001")
        contact = rig.fake.convert(one)["ConvertedContactId"]
        call = touch(adapter, one, plan={"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"})
        edit = patch(adapter, one, {"phone_direct": "03-5555-0002"}, {"phone_direct": "03-5555-0001"})
        written(rig, adapter, call, edit)
        assert {t["WhoId"] for t in rig.fake.tables["Task"].values()} == {contact}
        assert rig.fake.tables["Contact"][contact]["Phone"] == "03-5555-0002"
        assert rig.fake.tables["Lead"][one]["Phone"] == "03-5555-0001"
        rows = pulled(rig, adapter, Thing.TOUCH).now.values()
        assert {row.fields["lead_id"] for row in rows} == {one}
        assert {row.fields["lead_id"] for row in adapter.history(Thing.TOUCH, [one])} == {one}
        assert only(pulled(rig, adapter, Thing.TOUCH, scope=Scope.MINE).now.values()).fields["lead_id"] == one
        assert adapter.glance(one, 2.0).touch is not None


def test_a_converted_lead_keeps_its_own_do_not_call(rig: Rig) -> None:
    one = lead(rig, dnc=True)
    contact = rig.fake.convert(one)["ConvertedContactId"]
    rig.fake.touch("Contact", contact, {"DoNotCall": False})
    with opened(rig) as adapter:
        assert only(adapter.fetch(Thing.LEAD, [one])).fields["dnc"] is True


def test_what_a_contact_has_no_place_for_stays_as_it_is(rig: Rig) -> None:
    one = lead(rig)
    rig.fake.convert(one)
    with opened(rig) as adapter:
        result = only(deliver(rig, adapter, patch(adapter, one, {"stage": "nurture"}, {"stage": "sao"})))
        assert (result.status, (result.fields or {}).get("stage")) == (Status.ACKED, "sao")


# --------------------------------------------------------------------------------------------- contacts and accounts


def test_contacts_are_leads_where_the_team_wants_it(with_contacts: Rig) -> None:
    rig = with_contacts
    sato = rig.fake.users["sato"]
    account = rig.fake.put("Account", {"Name": "青葉原精機株式会社", "Phone": "03-5555-0000", "OwnerId": sato})
    contact = rig.fake.put(
        "Contact", {"LastName": "森下", "AccountId": account, "OwnerId": sato, "Department": "製造部"}
    )
    other = rig.fake.put("Contact", {"LastName": "他", "OwnerId": rig.fake.users["ito"]})
    one = lead(rig)
    became = rig.fake.convert(one)["ConvertedContactId"]
    with opened(rig) as adapter:
        found = pulled(rig, adapter, Thing.LEAD).now
        assert {one, contact, other} <= found.keys()
        assert became not in found, "the lead stands for it"
        assert found[contact].fields == {"name": "森下", "owner_id": sato, "company_id": account}
        assert set(dict(adapter.ids(Thing.LEAD, Scope.TEAM))) == found.keys()
        mine = pulled(rig, adapter, Thing.LEAD, scope=Scope.MINE).now
        assert contact in mine
        assert other not in mine
        companies = pulled(rig, adapter, Thing.COMPANY).now
        assert companies[account].fields["phone"] == "03-5555-0000"
        assert account in pulled(rig, adapter, Thing.COMPANY, scope=Scope.MINE).now
        assert account in dict(adapter.ids(Thing.COMPANY, Scope.TEAM))
        assert adapter.estimate(Thing.LEAD, Scope.TEAM) == 3
        call = touch(adapter, contact)
        edits = [
            patch(adapter, contact, {"title": "課長"}, {}),
            patch(adapter, account, {"website": "https://aoba.example"}, {}, Thing.COMPANY),
        ]
        written(rig, adapter, call, *edits)
        assert rig.fake.tables["Contact"][contact]["Title"] == "課長"
        assert rig.fake.tables["Account"][account]["Website"] == "https://aoba.example"
        assert contact in {r.fields["lead_id"] for r in pulled(rig, adapter, Thing.TOUCH, scope=Scope.MINE).rows}


def test_a_handoff_of_a_contact_makes_an_opportunity_with_it(with_contacts: Rig) -> None:
    rig = with_contacts
    account = rig.fake.put("Account", {"Name": "青葉原精機", "OwnerId": rig.fake.users["sato"]})
    contact = rig.fake.put("Contact", {"LastName": "森下", "AccountId": account, "OwnerId": rig.fake.users["sato"]})
    with opened(rig) as adapter:
        handoff = new_id()
        accept = step(adapter, contact, handoff, "accept", to_fs=rig.fake.users["mori"])
        written(rig, adapter, accept)
        written(rig, adapter, replace(accept, sure=False))
        opportunity = only(rig.fake.tables["Opportunity"].values())
        assert (opportunity["Name"], opportunity["AccountId"], opportunity[KEY]) == ("青葉原精機", account, handoff)
        assert opportunity["OwnerId"] == rig.fake.users["mori"]
        assert only(rig.fake.tables["OpportunityContactRole"].values())["ContactId"] == contact
        assert only(rig.fake.tables["Task"].values())["WhatId"] == opportunity["Id"]


# ------------------------------------------------------------------------------------------- companies that are named


def test_a_company_that_leads_name_is_written_into_all_of_them(rig: Rig) -> None:
    name = "O'Brien\u3000商事"
    leads = [lead(rig) for _ in range(3)]
    for one in leads:
        rig.fake.touch("Lead", one, {"Company": name, "NumberOfEmployees": 10})
    stranger = lead(rig)
    with opened(rig) as adapter:
        found = pulled(rig, adapter, Thing.LEAD)
        company = named_company(name)
        assert {found.now[one].fields["company_id"] for one in leads} == {company}
        assert {r.fields["employees"] for r in found.beside[Thing.COMPANY] if r.id == company} == {10}
        edit = patch(adapter, company, {"employees": 20, "dnc": True}, {"employees": 10}, Thing.COMPANY)
        written(rig, adapter, edit)
        assert [rig.fake.tables["Lead"][one]["NumberOfEmployees"] for one in leads] == [20, 20, 20]
        assert rig.fake.tables["Lead"][stranger]["NumberOfEmployees"] is None
        late = patch(adapter, company, {"employees": 30}, {"employees": 10}, Thing.COMPANY)
        assert only(deliver(rig, adapter, late)).status is Status.CONFLICT
        gone = patch(adapter, named_company("無い会社"), {"employees": 1}, {}, Thing.COMPANY)
        assert only(deliver(rig, adapter, gone)).status is Status.GONE
        assert only(adapter.fetch(Thing.COMPANY, [company])).fields["employees"] == 20
        assert company in dict(adapter.ids(Thing.COMPANY, Scope.TEAM))


def test_a_lead_made_here_names_its_company(rig: Rig) -> None:
    with opened(rig) as adapter:
        named = new_lead(adapter, {"name": "山本 恵", "company_id": named_company("青葉原精機株式会社")})
        plain = new_lead(adapter, {"name": "山本 香"})
        first, second = written(rig, adapter, named, plain)
        assert rig.fake.tables["Lead"][first]["Company"] == "青葉原精機株式会社"
        assert rig.fake.tables["Lead"][second]["Company"] == "(会社名不明)"
        assert (rig.fake.tables["Lead"][first]["LastName"], rig.fake.tables["Lead"][first][KEY]) == (
            "山本",
            named.local,
        )


def test_a_new_company_is_written_with_the_lead_that_names_it(rig: Rig) -> None:
    with opened(rig) as adapter:
        company = Command(new_id(), Do.PATCH, Thing.COMPANY, "", {"name": "新会社"}, local=new_id())
        result = only(adapter.push([company]))
        assert (result.status, result.remote_id) == (Status.ACKED, named_company("新会社"))
        assert not writes_of(rig)


def writes_of(rig: Rig) -> list[Request]:
    return [r for r in rig.fake.requests if writes(r)]


# ----------------------------------------------------------------------------------------------------- writing fields


def test_an_edit_goes_on_condition_that_nobody_edited(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig, title="部長")
        written(rig, adapter, patch(adapter, one, {"title": "本部長"}, {"title": "部長"}))
        request = only(sent(rig, "PATCH", f"/sobjects/Lead/{one}"))
        assert request.headers["If-Unmodified-Since"].endswith("GMT")
        assert request.json == {"Title": "本部長"}, "only what changed"


def test_an_edit_between_reading_and_writing_is_seen(rig: Rig) -> None:
    with opened(rig) as adapter:
        one, other = lead(rig, title="部長"), lead(rig, title="部長")
        for identity, edit in ((one, {"title": "課長"}), (other, {"email": "a@example.jp"})):
            race = _Race(rig, identity, edit)
            rig.fake.handle = race  # type: ignore[method-assign]
            result = only(deliver(rig, adapter, patch(adapter, identity, {"title": "本部長"}, {"title": "部長"})))
            del rig.fake.handle
            assert race.done
            if identity == one:
                assert (result.status, (result.fields or {})["title"]) == (Status.CONFLICT, "課長")
            else:
                assert result.status is Status.ACKED
                assert rig.fields(Thing.LEAD, other)["email"] == "a@example.jp"
                assert rig.fields(Thing.LEAD, other)["title"] == "本部長"


class _Race:
    """Lets a colleague edit a record a moment before the first write arrives."""

    def __init__(self, rig: Rig, identity: str, edit: dict[str, Any]) -> None:
        self.rig, self.identity, self.edit, self.done = rig, identity, edit, False

    def __call__(self, request: Request) -> Answer:
        if request.method == "PATCH" and not self.done:
            self.done = True
            self.rig.move(2)
            self.rig.edit(Thing.LEAD, self.identity, self.edit)
        return FakeSalesforce.handle(self.rig.fake, request)


def test_do_not_call_goes_for_many_at_once_and_without_condition(rig: Rig) -> None:
    with opened(rig) as adapter:
        leads = [lead(rig) for _ in range(5)]
        edits = [patch(adapter, one, {"dnc": True, "email_opt_out": True}, {}) for one in leads]
        assert [r.status for r in deliver(rig, adapter, *edits)] == [Status.ACKED] * 5
        assert len(writes_of(rig)) == 1
        assert all(rig.fake.tables["Lead"][one]["DoNotCall"] for one in leads)
        assert all(rig.fake.tables["Lead"][one]["HasOptedOutOfEmail"] for one in leads)


def test_a_stage_is_a_status_that_the_team_offers(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        written(rig, adapter, patch(adapter, one, {"stage": "nurture"}, {"stage": "mql"}))
        assert rig.fake.tables["Lead"][one]["Status"] == "Nurturing"
        rig.fake.schema["Lead"]["Status"]["values"] = ("New", "Working", "育成")
    with opened(rig) as adapter:
        rig.fake.touch("Lead", one, {"Status": "New"})
        written(rig, adapter, patch(adapter, one, {"stage": "sql"}, {"stage": "mql"}))
        assert rig.fake.tables["Lead"][one]["Status"] == "Working"
        result = only(deliver(rig, adapter, patch(adapter, one, {"stage": "won"}, {"stage": "sql"})))
        assert (result.status, result.code) == (Status.REFUSED, "salesforce_choice")
        assert "選択リスト" in result.message


def test_rules_of_the_organisation_refuse_in_their_own_words(rig: Rig) -> None:
    rig.fake.duplicate_rule = True
    rig.fake.rules.append(lambda table, r: "役職は3文字以上で入力してください" if r.get("Title") == "長" else None)
    with opened(rig) as adapter:
        lead(rig, email="dup@example.jp")
        one = lead(rig)
        results = deliver(
            rig,
            adapter,
            new_lead(adapter, {"name": "重複 太郎", "email": "dup@example.jp"}),
            patch(adapter, one, {"title": "長"}, {}),
            new_lead(adapter, {"name": "通る 太郎", "title": "あ" * 129}),
        )
        assert [(r.status, r.code) for r in results] == [
            (Status.REFUSED, "salesforce_duplicate_rule"),
            (Status.REFUSED, "salesforce_validation"),
            (Status.REFUSED, "salesforce_too_long"),
        ]
        assert "役職は3文字以上" in results[1].message


@pytest.mark.parametrize("keyed", [True, False])
def test_a_lead_whose_answer_was_lost_is_made_once(keyed: bool) -> None:
    rig = Rig(keyed=keyed)
    try:
        with opened(rig) as adapter:
            command = new_lead(adapter, {"name": "一度 だけ", "email": "once@example.jp"})
            rig.fail("lost_after")
            with pytest.raises(Unknown):
                adapter.push([command])
            asked = Asked(command.key, Thing.LEAD, command.local)
            identity = adapter.probe([asked])[command.key]
            result = only(adapter.push([replace(command, sure=False)]))
            assert (result.status, result.remote_id) == (Status.DUPLICATE, identity)
            assert len(rig.fake.tables["Lead"]) == 1
            assert not adapter.history(Thing.TOUCH, [identity])
    finally:
        rig.close()


# ----------------------------------------------------------------------------------------------------------- activities


def test_a_call_stands_in_the_fields_of_the_crm(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        said: dict[str, Any] = {
            "direction": "in",
            "outcome": "CALLBACK_AT",
            "talk_s": 185,
            "dial_id": "dial-1",
            "note": "折り返し",
        }
        call = touch(adapter, one, member_id=rig.fake.users["ito"], **said)
        written(rig, adapter, call)
        task = only(rig.fake.tables["Task"].values())
        shown = {
            k: task[k] for k in ("TaskSubtype", "CallType", "CallDisposition", "CallDurationInSeconds", "CallObject")
        }
        assert shown == {
            "TaskSubtype": "Call",
            "CallType": "Inbound",
            "CallDisposition": "再コール約束(日時指定)",
            "CallDurationInSeconds": 185,
            "CallObject": "dial-1",
        }
        assert (task["Status"], task["ActivityDate"], task["OwnerId"]) == (
            "Completed",
            "2026-11-20",
            rig.fake.users["ito"],
        )
        assert task["Subject"] == "受電: 再コール約束(日時指定)"
        assert task["Description"].startswith("折り返し\nisdesk:1 {")
        assert task[KEY] == call.key
        assert only(sent(rig, "PATCH", f"/composite/sobjects/Task/{KEY}")).json["allOrNone"] is False


def test_a_field_for_the_whole_and_one_for_the_time_are_used_where_they_are(rig: Rig) -> None:
    rig.fake.schema["Task"]["Isdesk_Data__c"] = field("textarea", filterable=False, length=32_000)
    rig.fake.schema["Task"]["Isdesk_At__c"] = field("datetime")
    with opened(rig) as adapter:
        one = lead(rig)
        written(rig, adapter, touch(adapter, one, note="短いメモ"))
        task = only(rig.fake.tables["Task"].values())
        assert task["Description"] == "短いメモ"
        assert task["Isdesk_At__c"] == "2026-11-20T01:00:00+00:00"
        row = only(pulled(rig, adapter, Thing.TOUCH).now.values())
        assert (row.fields["note"], row.fields["outcome"]) == ("短いメモ", "NO_ANSWER")


def test_other_channels_have_their_own_form(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        sent_ = [touch(adapter, one, channel=c, outcome=None, talk_s=3_600) for c in ("mail", "note", "meeting")]
        written(rig, adapter, *sent_)
        tasks = {t[KEY]: t for t in rig.fake.tables["Task"].values()}
        assert tasks[sent_[0].key]["TaskSubtype"] == "Email"
        assert tasks[sent_[1].key]["TaskSubtype"] == "Task"
        event = only(rig.fake.tables["Event"].values())
        assert (event[KEY], event["StartDateTime"], event["DurationInMinutes"]) == (
            sent_[2].key,
            "2026-11-20T01:00:00.000Z",
            60,
        )


def test_without_a_key_field_the_call_object_holds_it(keyless: Rig) -> None:
    rig = keyless
    with opened(rig) as adapter:
        able = adapter.capabilities()
        assert (able.upsert_key, able.probe_by_key) == ("none", "strong")
        assert able.probe_settle_s > 0
        one = lead(rig)
        call = touch(adapter, one, dial_id="dial-1")
        rig.fail("error_after")
        with pytest.raises(Unknown):
            adapter.push([call])
        assert adapter.probe([Asked(call.key, Thing.TOUCH)]).keys() == {call.key}
        assert only(adapter.push([replace(call, sure=False)])).status is Status.DUPLICATE
        task = only(rig.fake.tables["Task"].values())
        assert task["CallObject"] == f"isdesk:{call.key}"
        assert only(pulled(rig, adapter, Thing.TOUCH).rows).fields["dial_id"] == "dial-1"
        meeting = touch(adapter, one, channel="meeting")
        written(rig, adapter, meeting)
        assert not rig.fake.tables["Event"], "an event has no field for the key"


def test_without_any_field_nothing_is_promised(keyless: Rig) -> None:
    rig = keyless
    for name in ("CallObject", "CallDisposition", "CallType", "CallDurationInSeconds"):
        del rig.fake.schema["Task"][name]
    with opened(rig) as adapter:
        assert adapter.capabilities().probe_by_key == "none"
        one = lead(rig)
        written(rig, adapter, touch(adapter, one), new_lead(adapter, {"name": "無印"}))
        assert adapter.probe([Asked("x", Thing.TOUCH), Asked("y", Thing.LEAD, "y")]) == {}
        assert only(adapter.check(write=False)[:1]).code == "salesforce_no_key"


def test_a_call_of_the_crm_comes_in_with_what_it_says(rig: Rig) -> None:
    one = lead(rig)
    base = {
        "WhoId": one,
        "OwnerId": rig.fake.users["ito"],
        "Status": "Completed",
        "TaskSubtype": "Call",
        "Subject": "コール",
    }
    known = rig.fake.put("Task", {**base, "CallDisposition": "現アナ(使われていない)", "CallType": "Outbound"})
    strange = rig.fake.put("Task", {**base, "CallDisposition": "独自の結果", "Description": "CTIより"})
    rig.fake.put("Task", {**base, "Status": "Not Started"})
    rig.fake.put("Task", {**base, "TaskSubtype": "Task"})
    rig.fake.put("Task", {**base, "WhoId": None})
    with opened(rig) as adapter:
        found = pulled(rig, adapter, Thing.TOUCH).now
        assert found.keys() == {known, strange}
        assert found[known].fields["outcome"] == "NOT_IN_SERVICE"
        assert found[known].fields["member_id"] == rig.fake.users["ito"]
        assert "outcome" not in found[strange].fields
        assert found[strange].fields["note"] == "CTIより"
        assert found[strange].local is None


def test_the_next_action_reminds_at_its_time_and_an_older_touch_does_not_move_it(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        plan: dict[str, object] = {"action": "callback_exact", "due_at": "2026-11-27T16:30:00+00:00"}
        written(rig, adapter, touch(adapter, one, plan=plan))
        (task,) = [t for t in rig.fake.tables["Task"].values() if not t["IsClosed"]]
        assert (task["ActivityDate"], task["ReminderDateTime"]) == ("2026-11-28", "2026-11-27T16:30:00.000Z")
        assert task["Subject"] == "次回: 再コール(約束)"
        assert task["IsReminderSet"] is True
        late = touch(
            adapter,
            one,
            at="2026-11-19T01:00:00+00:00",
            plan={"action": "retry", "due_at": "2026-11-20T01:00:00+00:00"},
        )
        written(rig, adapter, late)
        assert rig.tasks(one) == ["2026-11-28"]


def test_a_next_action_that_is_refused_does_not_hold_up_the_touch(rig: Rig) -> None:
    rig.fake.rules.append(lambda table, r: "次回は不可" if str(r.get("Subject")).startswith("次回") else None)
    with opened(rig) as adapter:
        one = lead(rig)
        plan: dict[str, object] = {"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"}
        result = only(deliver(rig, adapter, touch(adapter, one, plan=plan)))
        assert (result.status, result.code, result.message) == (Status.ACKED, "salesforce_next_task", "次回は不可")


def test_a_next_action_whose_answer_is_lost_comes_again(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        plan: dict[str, object] = {"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"}
        rig.fake.fail(Fault("after", on(method="POST", part="/composite/sobjects")))
        call = touch(adapter, one, plan=plan)
        with pytest.raises(Transient):
            adapter.push([call])
        written(rig, adapter, replace(call, sure=False))
        assert rig.tasks(one) == ["2026-11-27"]
        assert list(rig.activities(one)) == [call.key]


def test_a_touch_on_a_merged_lead_goes_to_the_one_that_stayed(rig: Rig) -> None:
    with opened(rig) as adapter:
        first, second, third = lead(rig), lead(rig), lead(rig)
        rig.merge(first, second)
        rig.merge(second, third)
        call = touch(adapter, first)
        written(rig, adapter, call)
        assert list(rig.activities(third)) == [call.key]


# ------------------------------------------------------------------------------------------------------------- handoffs


def test_a_lead_is_converted_as_the_team_is_set_up(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        rig.fake.touch("Lead", one, {"Company": "R&D <商事>"})
        account = rig.fake.put("Account", {"Name": "R&D <商事>", "OwnerId": rig.fake.users["mori"]})
        handoff = new_id()
        written(rig, adapter, step(adapter, one, handoff, "accept", to_fs=rig.fake.users["mori"]))
        record = rig.fake.tables["Lead"][one]
        assert record["ConvertedAccountId"] == account, "the one account of that name is used"
        opportunity = rig.fake.tables["Opportunity"][record["ConvertedOpportunityId"]]
        assert (opportunity["Name"], opportunity["OwnerId"], opportunity[KEY]) == (
            "R&D <商事>",
            rig.fake.users["mori"],
            handoff,
        )
        task = only(rig.fake.tables["Task"].values())
        assert (task["Subject"], task["WhoId"]) == ("引き継ぎ: 受理", record["ConvertedContactId"])
        assert task["WhatId"] == record["ConvertedOpportunityId"]


def test_who_is_handed_over_is_not_to_be_called_as_planned(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        plan: dict[str, object] = {"action": "retry", "due_at": "2026-11-27T01:00:00+00:00"}
        written(rig, adapter, touch(adapter, one, plan=plan))
        assert rig.tasks(one) == ["2026-11-27"]
        written(rig, adapter, step(adapter, one, new_id(), "submit"))
        assert rig.tasks(one) == []
        later = touch(adapter, one, at="2026-11-21T01:00:00+00:00", plan=plan)
        written(rig, adapter, later)
        assert rig.tasks(one) == ["2026-11-27"], "a later call plans anew"


def test_a_second_handoff_makes_a_second_opportunity_once(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        written(rig, adapter, step(adapter, one, new_id(), "accept"))
        second = step(adapter, one, new_id(), "accept")
        rig.fake.fail(Fault("after", on(method="POST", part="/composite")))
        with pytest.raises(Unknown):
            adapter.push([second])
        written(rig, adapter, replace(second, sure=False))
        assert len(rig.fake.tables["Opportunity"]) == 2
        rows = pulled(rig, adapter, Thing.TRANSITION)
        assert len([r for r in rows.rows if r.fields["action"] == "accept"]) == 2


def test_a_conversion_that_is_refused_is_said_in_the_crms_words(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        for status in rig.fake.tables["LeadStatus"].values():
            status["IsConverted"] = status["ApiName"] == "Nurturing"
        result = only(deliver(rig, adapter, step(adapter, one, new_id(), "accept")))
        assert (result.status, result.message) == (Status.REFUSED, "invalid convertedStatus")
        assert not rig.fake.tables["Task"]


def test_a_conversion_that_meets_a_lock_or_a_portal(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        accept = step(adapter, one, new_id(), "accept")
        rig.fake.locked = 1
        with pytest.raises(Transient):
            adapter.push([accept])
        for kind, raised in (("html", Unknown), ("html_after", Unknown), ("lost_before", Unknown)):
            rig.fail(kind)
            with pytest.raises(raised):
                adapter.push([accept])
        written(rig, adapter, accept)
        assert rig.opportunities(one) == 1


def test_an_ended_session_is_renewed_for_a_conversion_too(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        accept = step(adapter, one, new_id(), "accept")
        rig.fake.fail(Fault("status", on(part="/Soap/"), Answer(500, _fault(), {"Content-Type": "text/xml"})))
        written(rig, adapter, accept)
        assert rig.opportunities(one) == 1
        assert len(sent(rig, "POST", "/oauth2/token")) == 1


def _fault() -> bytes:
    return b"<e><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: no</faultstring></e>"


def test_results_come_back_without_key_fields_too(keyless: Rig) -> None:
    rig = keyless
    with opened(rig) as adapter:
        one = lead(rig)
        handoff = new_id()
        written(rig, adapter, step(adapter, one, handoff, "accept"))
        rig.close_opportunity(one, won=False, amount=500_000, reason="価格")
        rows = [r for r in pulled(rig, adapter, Thing.TRANSITION).rows if r.fields["action"] == "feedback"]
        assert only(rows).fields["payload"] == {"result": "lost", "amount": 500_000, "reason": "価格"}
        assert only(rows).fields["handoff_id"] == handoff
        again = [r for r in adapter.history(Thing.TRANSITION, [one]) if r.fields["action"] == "feedback"]
        assert only(again).id == only(rows).id


def test_an_opportunity_that_is_none_of_ours_is_left_alone(rig: Rig) -> None:
    one = lead(rig)
    made = rig.fake.convert(one)["ConvertedOpportunityId"]
    rig.fake.touch("Opportunity", made, {"StageName": "Closed Won"})
    with opened(rig) as adapter:
        assert pulled(rig, adapter, Thing.TRANSITION).rows == []


# --------------------------------------------------------------------------------------------------- errors and limits


def test_an_allowance_that_is_used_up_is_quota(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        assert adapter.signals.limit == 100_000
        assert adapter.signals.used == rig.fake.used
        rig.fake.allowance = rig.fake.used
        with pytest.raises(Quota, match="crm_quota"):
            adapter.changes(Thing.LEAD, None, Scope.TEAM)
        with pytest.raises(Quota, match="crm_quota"):
            adapter.push([patch(adapter, one, {"title": "部長"}, {})])
        limit = error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        rig.fake.allowance = 100_000
        rig.fake.fail(Fault("status", writes, limit))
        with pytest.raises(Quota, match="crm_quota"):
            adapter.push([patch(adapter, one, {"title": "部長"}, {})])


@pytest.mark.parametrize("said", [[], {}, {"records": {}}, "ok", None])
def test_an_answer_of_another_form_is_somebody_elses(rig: Rig, said: Any) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        call = touch(adapter, one)
        adapter.push([touch(adapter, one)])
        rig.fake.fail(Fault("status", reads, Answer(200, said)))
        with pytest.raises(Offline, match="captive_portal"):
            list(adapter.ids(Thing.LEAD, Scope.TEAM))
        rig.fake.fail(Fault("status", writes, Answer(200, said)))
        with pytest.raises(Unknown):
            adapter.push([call])
        rig.fake.fail(Fault("status", writes, Answer(200, [{"success": True}])))
        with pytest.raises(Unknown):
            adapter.push([call])
    with opened(rig, hello=False) as adapter:
        rig.fake.fail(Fault("status", reads, Answer(200, said)))
        with pytest.raises(Offline, match="captive_portal"):
            adapter.hello()


def test_an_allowance_that_ends_at_a_conversion_is_quota(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        fault = b"<e><faultcode>sf:REQUEST_LIMIT_EXCEEDED</faultcode><faultstring>x</faultstring></e>"
        rig.fake.fail(Fault("status", on(part="/Soap/"), Answer(500, fault, {"Content-Type": "text/xml"})))
        with pytest.raises(Quota, match="crm_quota"):
            adapter.push([step(adapter, one, new_id(), "accept")])


def test_a_session_that_ends_is_renewed_once_and_a_withdrawn_one_is_auth(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        rig.fake.expire()
        written(rig, adapter, touch(adapter, one))
        assert len(sent(rig, "POST", "/oauth2/token")) == 1
        kept = rig.keep.kept["salesforce/sato"]
        assert '"previous"' not in kept, "something has succeeded since"
        for grant in rig.fake.grants:
            grant.alive = False
        with pytest.raises(Auth, match="crm_signed_out"):
            adapter.push([touch(adapter, one)])


def test_a_session_that_is_refused_again_at_once_is_auth(rig: Rig) -> None:
    with opened(rig) as adapter:
        gone = error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        rig.fake.fail(Fault("status", reads, gone), Fault("status", reads, gone))
        with pytest.raises(Auth, match="crm_signed_out"):
            adapter.changes(Thing.LEAD, None, Scope.TEAM)


def test_a_lock_on_one_of_many_leaves_it_without_an_answer(rig: Rig) -> None:
    with opened(rig) as adapter:
        leads = [lead(rig) for _ in range(3)]
        calls = [touch(adapter, one) for one in leads]
        rig.fake.locked = 1
        results = adapter.push(calls)
        assert [r.key for r in results] == [c.key for c in calls[1:]]
        rig.fake.locked = 3
        with pytest.raises(Transient, match="crm_busy"):
            adapter.push([touch(adapter, one) for one in leads])


def test_what_was_written_before_an_error_is_said(rig: Rig) -> None:
    with opened(rig) as adapter:
        first, second = lead(rig), lead(rig)
        edit, call = patch(adapter, first, {"title": "部長"}, {}), touch(adapter, second)
        rig.fake.fail(Fault("before", on(method="PATCH", part=f"/Task/{KEY}")))
        assert [r.key for r in adapter.push([call, edit])] == [edit.key]


def test_an_unknown_refusal_keeps_the_crms_code_and_words(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        rig.fake.fail(Fault("status", writes, error(400, "WEIRD_NEW_CODE", "だめです")))
        result = only(adapter.push([patch(adapter, one, {"title": "部長"}, {})]))
        assert (result.status, result.code, result.message) == (Status.REFUSED, "salesforce_refused", "だめです")
        rig.fake.fail(Fault("status", reads, error(400, "MALFORMED_QUERY", "secret words")))
        with pytest.raises(Permanent, match="salesforce_refused") as caught:
            adapter.changes(Thing.LEAD, None, Scope.TEAM)
        assert caught.value.params == {"reason": "MALFORMED_QUERY"}


def test_a_server_error_that_names_itself_busy_was_not_carried_out(rig: Rig) -> None:
    with opened(rig) as adapter:
        one = lead(rig)
        rig.fake.fail(Fault("status", writes, error(503, "SERVER_UNAVAILABLE", "down")))
        with pytest.raises(Transient, match="crm_busy"):
            adapter.push([touch(adapter, one)])
        rig.fake.fail(Fault("status", writes, error(500, "UNKNOWN_EXCEPTION", "oops")))
        with pytest.raises(Unknown):
            adapter.push([touch(adapter, one)])


# --------------------------------------------------------------------------------------------------------- connecting


def codes(rig: Rig, *, write: bool = True) -> dict[str, dict[str, str]]:
    with opened(rig) as adapter:
        return {one.code: dict(one.params) for one in adapter.check(write=write)}


def test_the_check_says_that_all_is_well_and_leaves_nothing(rig: Rig) -> None:
    found = codes(rig)
    assert {"salesforce_key_ok", "salesforce_written"} <= found.keys()
    assert all(t["IsDeleted"] for t in rig.fake.tables["Task"].values())


def test_the_check_says_word_for_word_what_to_add(keyless: Rig) -> None:
    found = codes(keyless)
    wanted = {"label": "isdesk キー", "field": "Isdesk_Key__c", "object": "Activity", "length": "80"}
    assert found["salesforce_key_missing"] == wanted
    assert found["salesforce_lead_key_missing"] == {**wanted, "object": "Lead"}


def test_the_check_knows_a_key_that_is_not_unique(rig: Rig) -> None:
    rig.fake.schema["Task"][KEY]["unique"] = False
    found = codes(rig)
    assert found["salesforce_key_not_unique"]["field"] == "Isdesk_Key__c"
    with opened(rig) as adapter:
        assert adapter.capabilities().upsert_key == "none"


def test_a_key_field_that_is_added_later_is_noticed(keyless: Rig) -> None:
    rig = keyless
    with opened(rig) as adapter:
        rig.fake.schema["Task"][KEY] = key()
        adapter.hello()
        assert adapter.capabilities().upsert_key == "none"
        rig.move(3_700)
        adapter.hello()
        assert adapter.capabilities().upsert_key == "per_object"


def test_the_clock_is_the_crms_without_any_greeting(rig: Rig) -> None:
    rig.set_ahead(600)
    with opened(rig, hello=False) as adapter:
        ahead = adapter._link.clock() - rig.now()
        assert abs(ahead.total_seconds() - 600) < 3
    assert only(r for r in rig.fake.requests if r.path == "/services/data")


def test_the_check_names_fields_that_are_gone_and_what_cannot_be_done(rig: Rig) -> None:
    del rig.fake.schema["Lead"]["Rating"]
    del rig.fake.schema["Opportunity"]
    for status in rig.fake.tables["LeadStatus"].values():
        status["IsConverted"] = False
    rig.fake.rules.append(lambda table, r: "ToDoは作れません" if table == "Task" else None)
    found = codes(rig)
    assert found["salesforce_field_gone"] == {"field": "Lead.Rating"}
    assert "salesforce_no_converted_status" in found
    assert found["salesforce_cannot_write"] == {"reason": "ToDoは作れません"}
    for name in ("Task", "Lead"):
        del rig.fake.schema[name]
        with opened(rig, hello=False) as adapter:
            assert only(adapter.check(write=False)).level == "stop"


def test_who_may_see_leads_and_tasks_only_works_with_those(rig: Rig) -> None:
    for name in ("Contact", "Account", "Opportunity", "Event"):
        del rig.fake.schema[name]
    with opened(rig) as adapter:
        one = lead(rig)
        rig.fake.touch("Lead", one, {"IsConverted": True, "ConvertedContactId": "0035g0000000001AAA"})
        other = lead(rig)
        written(rig, adapter, touch(adapter, other), touch(adapter, other, channel="meeting"))
        found = pulled(rig, adapter, Thing.LEAD).now
        assert dict(adapter.ids(Thing.LEAD, Scope.TEAM)) == {i: row.version for i, row in found.items()}
        assert len(pulled(rig, adapter, Thing.TOUCH).now) == 2
        assert pulled(rig, adapter, Thing.COMPANY).rows == pulled(rig, adapter, Thing.TRANSITION).rows == []
        assert adapter.history(Thing.TRANSITION, [one, other]) == []


def test_a_field_that_goes_while_we_write_is_left_out(rig: Rig) -> None:
    with opened(rig) as adapter:
        one, other = lead(rig, title="部長"), lead(rig)
        written(rig, adapter, patch(adapter, one, {"title": "本部長"}, {"title": "部長"}))
        rig.spoil("field_removed", "title")
        rig.fake.schema["Task"].pop("CallType")
        written(rig, adapter, touch(adapter, other), patch(adapter, one, {"name": "改名"}, {"name": "北川 修"}))
        assert "title" not in (adapter.carried(Thing.LEAD) or ())
        assert rig.fields(Thing.LEAD, one)["name"] == "改名"


def test_the_fields_of_the_crm_with_their_labels_and_samples(rig: Rig) -> None:
    one = lead(rig, title="部長", dnc=True)
    with opened(rig) as adapter:
        fields = {f.code: f for f in adapter.describe_remote(Thing.LEAD)}
        assert fields["LastName"].label == "姓"
        assert fields["LastName"].required
        assert not fields["Status"].required, "the CRM fills it in"
        assert ("Hot", "Hot") in fields["Rating"].choices
        assert not fields["IsConverted"].writable
        sample = only(adapter.samples(Thing.LEAD))
        assert (sample["Id"], sample["Title"], sample["DoNotCall"]) == (one, "部長", "✓")
        assert adapter.estimate(Thing.LEAD, Scope.MINE) == 1
        assert adapter.estimate(Thing.COMPANY, Scope.MINE) is None
        ours = {f.code: f for f in adapter.describe(Thing.LEAD)}
        assert ours["phone_direct"].label == "電話"
        assert ("mql", "Open - Not Contacted") in ours["stage"].choices
        assert {f.code for f in adapter.describe(Thing.COMPANY)} >= {"name", "industry"}
        assert adapter.describe(Thing.SUPPRESSION) == []
        assert adapter.samples(Thing.SUPPRESSION) == []


def test_a_connection_by_its_registered_name(rig: Rig) -> None:
    me = Member(MemberId("m-1"), "佐藤 花子", "rep", "sato@example.jp", active=True)
    place = Place(me, lambda: datetime.now(UTC), keep=rig.keep)
    made = registry.connect(
        "salesforce",
        url=rig.fake.url,
        user="",
        secret=rig.fake.secret("sato"),
        options={"client_id": CLIENT},
        place=place,
    )
    assert made.hello().me.name == "佐藤 花子"
    made.close()
    bare = registry.connect("salesforce", url=rig.fake.url, user="", secret=rig.fake.sign_in("ito")[0], place=place)
    assert bare.hello().me.name == "伊藤 健"
    rig.fake.expire()
    with pytest.raises(Auth, match="crm_signed_out"):
        bare.members()
    bare.close()


def test_links_lead_to_the_vendor_over_https_only(rig: Rig) -> None:
    with opened(rig) as adapter:
        assert adapter.link(Thing.LEAD, "00Q1") is None, "the stand-in speaks plain http"
    secret = '{"access": "a", "refresh": "r", "origin": "https://aoba.my.salesforce.com"}'
    me = Member(MemberId("m-1"), "佐藤", "rep", "", active=True)
    place = Place(me, lambda: datetime.now(UTC))
    real = registry.connect("salesforce", url="", user="", secret=secret, place=place)
    assert real.link(Thing.LEAD, "00Q1") == "https://aoba.my.salesforce.com/lightning/r/00Q1/view"
    assert real.link(Thing.TRANSITION, "0061@abc") == "https://aoba.my.salesforce.com/lightning/r/0061/view"
    assert real.link(Thing.COMPANY, "name:abc") is None
    real.close()


def test_the_map_that_is_shipped_can_be_written_and_read_back() -> None:
    known = maps.loads(SHIPPED, "salesforce")
    again = maps.loads(maps.dumps(known), "salesforce")
    assert again.objects == known.objects


def test_the_token_follows_no_redirect(rig: Rig) -> None:
    with opened(rig) as adapter:
        rig.fail("redirect", on="read")
        with pytest.raises(Offline, match="captive_portal"):
            adapter.changes(Thing.LEAD, None, Scope.TEAM)
        rig.fail("redirect")
        with pytest.raises(Unknown, match="captive_portal"):
            adapter.push([new_lead(adapter, {"name": "転送"})])


# --------------------------------------------------------------------------------------------------------- campaigns


def campaign(rig: Rig, name: str, kind: str) -> str:
    return rig.fake.put("Campaign", {"Name": name, "Type": kind})


def member(rig: Rig, of: str, who: str, *, status: str = "Responded", responded: bool = True, day: str = "") -> str:
    link = {"LeadId": who} if who.startswith("00Q") else {"ContactId": who}
    said = {"CampaignId": of, **link, "Status": status, "HasResponded": responded}
    return rig.fake.put("CampaignMember", {**said, "FirstRespondedDate": day or None})


def test_responses_to_campaigns_come_in_as_signals(rig: Rig) -> None:
    one, other = lead(rig), lead(rig, name="東 進")
    webinar, fair, mail = (
        campaign(rig, *said) for said in (("DX講座", "Webinar"), ("春の展", "展示会"), ("便り", "Email"))
    )
    came = member(rig, webinar, one)
    met = member(rig, fair, one, day="2025-04-01")
    opened_it = member(rig, mail, other, status="開封")
    strange = member(rig, campaign(rig, "広告", "Advertisement"), other)
    member(rig, webinar, other, status="Sent", responded=False)
    member(rig, webinar, rig.fake.put("Contact", {"LastName": "外"}))
    with opened(rig) as adapter:
        found = pulled(rig, adapter, Thing.TOUCH).now
        assert {key: row.fields["signal"] for key, row in found.items()} == {
            came: "seminar",
            met: "exhibition",
            opened_it: "mail_open",
            strange: "visit",
        }
        assert found[came].fields | {"at": ""} == {
            "lead_id": one, "at": "", "channel": "webinar", "direction": "in", "signal": "seminar", "note": "DX講座",
        }  # fmt: skip
        assert found[met].fields["at"] == "2025-04-01T12:00:00+09:00"
        assert {row.id for row in adapter.history(Thing.TOUCH, [one])} == {came, met}
        assert [row.fields["signal"] for row in adapter.fetch(Thing.TOUCH, [came])] == ["seminar"]
        assert came in dict(adapter.ids(Thing.TOUCH, Scope.TEAM))


def test_a_response_is_one_event_however_often_it_is_read_and_goes_when_it_is_deleted(rig: Rig) -> None:
    one = lead(rig)
    came = member(rig, campaign(rig, "DX講座", "Webinar"), one)
    with opened(rig) as adapter:
        before = pulled(rig, adapter, Thing.TOUCH)
        rig.fake.touch("CampaignMember", came, {"Status": "Attended"})
        again = pulled(rig, adapter, Thing.TOUCH, before.cursor)
        assert set(again.now) == {came}
        rig.fake.delete("CampaignMember", came)
        gone = pulled(rig, adapter, Thing.TOUCH, again.cursor)
        assert [row.deleted for row in gone.rows if row.id == came] == [True]


def test_only_the_responses_of_my_leads_come_where_only_mine_are_wanted(rig: Rig) -> None:
    mine, theirs, seminar = lead(rig), lead(rig), campaign(rig, "DX講座", "Webinar")
    came = member(rig, seminar, mine)
    member(rig, seminar, theirs)
    with opened(rig) as adapter:
        rig.fake.touch("Lead", mine, {"OwnerId": str(adapter.hello().me.id)})
        rig.fake.touch("Lead", theirs, {"OwnerId": rig.fake.put("User", {"Name": "他の人"})})
        assert set(pulled(rig, adapter, Thing.TOUCH, scope=Scope.MINE).now) == {came}


@pytest.mark.parametrize("table", ["Campaign", "CampaignMember"])
def test_who_may_not_see_campaigns_still_gets_the_calls(rig: Rig, table: str) -> None:
    one = lead(rig)
    member(rig, campaign(rig, "DX講座", "Webinar"), one)
    del rig.fake.schema[table]
    base = {"WhoId": one, "Status": "Completed", "TaskSubtype": "Call"}
    call = rig.fake.put("Task", base)
    with opened(rig) as adapter:
        assert set(pulled(rig, adapter, Thing.TOUCH).now) == {call}


def test_a_team_may_leave_campaigns_alone(rig: Rig) -> None:
    text = maps.shipped("salesforce")
    off = text.replace('object = "CampaignMember"\non = true', 'object = "CampaignMember"\non = false')
    assert off != text
    assert maps.dumps(maps.loads(off, "salesforce")).count('"Webinar"') == 1
