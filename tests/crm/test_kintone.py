"""kintone: what the vendor documents, and what the adapter makes of it. The contract itself is in test_contract.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isdesk.clock import SystemClock
from isdesk.crm.contract.driving import new_lead, patch, step, touch
from isdesk.crm.kintone import connect, failures, form, queries, values
from isdesk.crm.kintone.api import Api, Put
from isdesk.crm.port import (
    Asked,
    Auth,
    Command,
    Do,
    Offline,
    Permanent,
    Result,
    Row,
    Scope,
    Status,
    Thing,
    Transient,
    Unknown,
)
from isdesk.crm.registry import Place
from isdesk.crm.windows import Window
from isdesk.desk import Desk
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import calls, history, leads
from tests.crm.fakes.kintone import ALL, choice, of_type, text
from tests.crm.loopback import Answer, Fault, on
from tests.crm.rig_kintone import CALLS, COMPANIES, DEALS, LEADS, TASKS, Rig, payload_of

SOON = "2026-11-25T01:00:00+00:00"


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.close()


@pytest.fixture
def lead(rig: Rig) -> str:
    return rig.make(Thing.LEAD, {"name": "山田 太郎", "title": "部長"})


def only(results: Any) -> Result:
    (one,) = results
    assert isinstance(one, Result)
    return one


def pull(adapter: Any, obj: Thing, cursor: str | None = None, scope: Scope = Scope.TEAM) -> tuple[list[Row], str]:
    rows: list[Row] = []
    while True:
        page = adapter.changes(obj, cursor, scope)
        rows += page.rows
        cursor = page.next_cursor
        if not page.more:
            return rows, page.next_cursor


def paths(rig: Rig) -> list[str]:
    return [f"{one.method} {one.path}" for one in rig.server.requests]


# ---------------------------------------------------------------------------------------------------------- connecting


def connected(rig: Rig, **more: Any) -> Any:
    told = {"url": rig.server.url, "user": "sato", "secret": "TokenLead,TokenCall", "options": rig.options, **more}
    me = Member(MemberId("sato"), "佐藤 花子", "rep")
    return connect(**told, place=Place(me, rig.server.now, mapping=rig.mapping))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"secret": ""}, "kintone_token_needed"),
        ({"secret": ",".join("abcdefghij")}, "kintone_tokens_wrong"),
        ({"secret": "トークン"}, "kintone_tokens_wrong"),
        ({"options": {}}, "kintone_lead_app_needed"),
        ({"options": {"lead_app": "リード"}}, "kintone_lead_app_needed"),
        ({"url": "https://example.com"}, "url_not_allowed"),
        ({"url": "http://example.cybozu.com"}, "url_not_https"),
        ({"url": "https://example.cybozu.com.evil.net"}, "url_not_allowed"),
    ],
)
def test_what_is_missing_to_connect_is_said(rig: Rig, more: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as problem:
        connected(rig, **more)
    assert problem.value.code == code


@pytest.mark.parametrize(
    "url", ["https://example.cybozu.com", "example.s.cybozu.com", "https://a.kintone.com/k/1/", "https://b.cybozu.cn"]
)
def test_kintone_lives_in_three_countries(rig: Rig, url: str) -> None:
    connected(rig, url=url).close()


def test_who_we_are_has_to_be_said(rig: Rig) -> None:
    adapter = connected(rig, user=" ", secret=",".join(rig.server.tokens))
    with pytest.raises(BadInput) as problem:
        adapter.hello()
    assert problem.value.code == "kintone_user_needed"
    adapter.close()


def test_all_tokens_go_with_every_request(rig: Rig) -> None:
    rig.connect().hello()
    said = {one.headers.get("X-Cybozu-API-Token") for one in rig.server.requests}
    assert said == {"TokenLead,TokenCompany,TokenCall,TokenDeal,TokenTask"}


def test_a_guest_space_has_its_own_address(rig: Rig) -> None:
    rig.options["guest_space"] = "7"
    adapter = rig.connect()
    adapter.hello()
    assert {one.path for one in rig.server.requests} == {"/k/guest/7/v1/app/form/fields.json"}
    assert (adapter.link(Thing.LEAD, "5") or "").endswith("/k/guest/7/11/show#record=5")


def test_links_lead_to_the_record(rig: Rig) -> None:
    adapter = rig.connect()
    assert adapter.link(Thing.LEAD, "5") == f"{rig.server.url}/k/11/show#record=5"
    assert adapter.link(Thing.TOUCH, "5") == f"{rig.server.url}/k/13/show#record=5"
    assert adapter.link(Thing.TRANSITION, "5@abc") == f"{rig.server.url}/k/14/show#record=5"
    assert adapter.link(Thing.COMPANY, "name:abc") is None


# ------------------------------------------------------------------------------------------------------------- people


def test_the_team_is_put_together_from_what_tokens_may_read(rig: Rig) -> None:
    rig.server.apps[LEADS].fields["担当者"]["entities"] = [
        {"type": "USER", "code": "kato"},
        {"type": "GROUP", "code": "g"},
    ]
    rig.make(Thing.LEAD, {"name": "a"}, owner="ito")
    rig.server.people["sasaki"] = "佐々木 明"
    rig.server.insert(CALLS, {"担当者": [{"code": "sasaki", "name": "佐々木 明"}]})
    rig.server.insert(CALLS, {"担当者": [{"code": "Administrator", "name": "Administrator"}]})
    people = {one.id: (one.name, one.role) for one in rig.connect().members()}
    assert people == {
        "sato": ("佐藤 花子", "rep"), "ito": ("伊藤 健", "rep"), "mori": ("森 恵", "team_lead"),
        "kato": ("kato", "rep"), "sasaki": ("佐々木 明", "rep"),
    }  # fmt: skip


def test_the_team_may_stand_in_an_app_of_its_own(rig: Rig) -> None:
    fields = {"ログイン名": text("ログイン名"), "氏名": text("氏名"), "役割": text("役割")}
    rig.server.add_app("16", fields, "TokenStaff")
    rig.server.insert("16", {"ログイン名": "goto", "氏名": "後藤 誠", "役割": "fs"})
    rig.options["member_app"] = "16"
    rig.mapping += '[member.fields]\nid = "ログイン名"\nname = "氏名"\nrole = "役割"\n'
    people = {one.id: (one.name, one.role) for one in rig.connect().members()}
    assert people[MemberId("goto")] == ("後藤 誠", "fs")


def test_members_come_as_rows_once(rig: Rig) -> None:
    adapter = rig.connect()
    rows, cursor = pull(adapter, Thing.MEMBER)
    assert {row.id for row in rows} == {"sato", "ito", "mori"}
    assert pull(adapter, Thing.MEMBER, cursor) == ([], cursor)


def test_owners_may_be_words_of_a_list(rig: Rig) -> None:
    rig.server.apps[LEADS].fields["担当者"] = choice("担当者", "sato", "ito") | {"code": "担当者"}
    mine = rig.server.insert(LEADS, {"氏名": "a", "担当者": "sato"})
    rig.server.insert(LEADS, {"氏名": "b", "担当者": "ito"})
    adapter = rig.connect()
    adapter.hello()
    rows, _ = pull(adapter, Thing.LEAD, scope=Scope.MINE)
    assert [(row.id, row.fields["owner_id"]) for row in rows] == [(mine, "sato")]
    assert {one.id for one in adapter.members()} >= {"sato", "ito"}


# -------------------------------------------------------------------------------------------------------------- values


SPOTS = {
    code: form.Spot(code, code, kind)
    for code, kind in {
        "t": "SINGLE_LINE_TEXT", "m": "MULTI_LINE_TEXT", "r": "RICH_TEXT", "n": "NUMBER", "d": "DATE",
        "dt": "DATETIME", "u": "USER_SELECT", "l": "LINK",
    }.items()
} | {
    "c": form.Spot("c", "c", "CHECK_BOX", choices=("する", "しない")),
    "s": form.Spot("s", "s", "DROP_DOWN", choices=("あり", "なし")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "cell"),
    [
        ("t", "a\nb", "a b"), ("t", None, ""), ("t", "x\ud83d\x00", "x\ufffd\ufffd"), ("m", "a\nb", "a\nb"),
        ("r", "a<b\nc", "a&lt;b<br>c"), ("n", 12, "12"), ("n", None, ""), ("d", "2026-11-22", "2026-11-22"),
        ("d", None, None), ("dt", "2026-11-22T10:05:40+09:00", "2026-11-22T01:05:00Z"), ("dt", None, None),
        ("u", "sato", [{"code": "sato"}]), ("u", None, []), ("c", True, ["する"]), ("c", None, []), ("c", False, []),
        ("c", "する、しない", ["する", "しない"]), ("s", "あり", "あり"), ("l", "https://a.jp", "https://a.jp"),
    ],
)  # fmt: skip
def test_values_are_written_as_the_type_of_the_field_asks(code: str, value: Any, cell: Any) -> None:
    assert values.cell(SPOTS[code], value) == cell


def test_values_are_read_by_what_they_are() -> None:
    record = {
        "who": {"type": "USER_SELECT", "value": [{"code": "sato", "name": "佐藤"}, {"code": "ito", "name": "伊藤"}]},
        "none": {"type": "USER_SELECT", "value": []},
        "by": {"type": "CREATOR", "value": {"code": "mori", "name": "森"}},
        "ticks": {"type": "CHECK_BOX", "value": ["a", "b"]},
        "rich": {"type": "RICH_TEXT", "value": "<div>a &amp; b</div><b>c</b>"},
    }
    plain = values.plain(record)
    assert plain == {"who": "sato", "by": "mori", "ticks": ["a", "b"], "rich": "a & b\nc"}


def test_a_yes_or_no_may_be_a_word(rig: Rig) -> None:
    rig.server.apps[LEADS].fields["架電禁止"] = choice("架電可否", "可", "禁止") | {"code": "架電禁止"}
    rig.mapping = rig.mapping.replace(
        'dnc = "架電禁止"', 'dnc = { field = "架電禁止", as = "bool", values = { "禁止" = "true", "可" = "false" } }'
    )
    one = rig.server.insert(LEADS, {"氏名": "a", "架電禁止": "禁止"})
    other = rig.server.insert(LEADS, {"氏名": "b", "架電禁止": "可"})
    adapter = rig.connect()
    rows = {row.id: row.fields for row in pull(adapter, Thing.LEAD)[0]}
    assert (rows[one].get("dnc"), rows[other].get("dnc")) == (True, None)
    assert only(adapter.push([patch(adapter, other, {"dnc": True}, {"dnc": None})])).status is Status.ACKED
    assert rig.server.apps[LEADS].records[int(other)]["架電禁止"] == "禁止"
    adapter.push([patch(adapter, one, {"dnc": None}, {"dnc": True})])
    assert rig.server.apps[LEADS].records[int(one)]["架電禁止"] == "可"


def test_do_not_call_and_opt_out_are_ticks(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.push([patch(adapter, lead, {"dnc": True, "email_opt_out": True}, {})])
    record = rig.server.apps[LEADS].records[int(lead)]
    assert (record["架電禁止"], record["配信停止"]) == (["する"], ["する"])
    (row,) = adapter.fetch(Thing.LEAD, [lead])
    assert row.fields["dnc"] is row.fields["email_opt_out"] is True


def test_a_nought_is_a_number_and_not_nothing(rig: Rig) -> None:
    company = rig.make(Thing.COMPANY, {"name": "青葉", "employees": 12})
    adapter = rig.connect()
    edit = Command("k0", Do.PATCH, Thing.COMPANY, company, {"employees": 0}, {"employees": 12})
    assert only(adapter.push([edit])).status is Status.ACKED
    assert rig.server.apps[COMPANIES].records[int(company)]["従業員数"] == "0"
    assert adapter.fetch(Thing.COMPANY, [company])[0].fields["employees"] == 0


def test_seconds_that_kintone_does_not_keep_are_no_conflict(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    edit = patch(adapter, lead, {"meeting_at": "2026-12-01T01:02:30+00:00"}, {})
    first, again = only(adapter.push([edit])), only(adapter.push([edit]))
    assert first.status is again.status is Status.ACKED
    assert first.version == again.version
    assert first.fields is not None
    assert first.fields["meeting_at"] == "2026-12-01T01:02:00+00:00"


def test_a_form_is_read_with_what_may_not_be_written() -> None:
    found = form.read(
        {
            "a": {"type": "SINGLE_LINE_TEXT", "label": "A", "required": "true", "unique": True, "maxLength": "64"},
            "b": {"type": "SINGLE_LINE_TEXT", "label": "B", "lookup": {"fieldMappings": [{"field": "c"}]}},
            "c": {"type": "SINGLE_LINE_TEXT", "label": "C"},
            "d": {"type": "CALC", "label": "D", "expression": "1"},
            "e": {"type": "SINGLE_LINE_TEXT", "label": "E", "expression": "a & c"},
            "表": {"type": "SUBTABLE", "label": "表", "fields": {"f": {"type": "NUMBER"}}},
            "ステータス": {"type": "STATUS", "label": "ステータス", "enabled": False},
            "g": {**choice("G", "二", "一"), "required": True, "defaultValue": "一"},
            "Changed": {"type": "UPDATED_TIME", "label": "更新日時"},
            "h": {"type": "CHECK_BOX", "label": "H", "options": {"はい": {"label": "はい", "index": "0"}}},
            "t": {"type": "LINK", "label": "T", "protocol": "CALL"},
        }
    )
    assert [code for code, one in found.spots.items() if not one.writable] == ["c", "d", "e", "Changed"]
    assert "表" not in found.spots
    assert "ステータス" not in found.spots
    assert (found.spots["a"].required, found.spots["a"].unique, found.spots["a"].longest) == (True, True, 64)
    assert found.of_type(form.UPDATED) == "Changed"
    assert [found.spots[code].info().kind.value for code in ("g", "h", "t")] == ["choice", "bool", "phone"]
    assert (found.spots["g"].info().required, found.spots["a"].info().required) == (False, True)


def test_subtables_are_neither_read_nor_written(rig: Rig, lead: str) -> None:
    rig.server.apps[LEADS].fields["明細"] = {"type": "SUBTABLE", "label": "明細", "code": "明細", "fields": {}}
    rig.server.change(LEADS, lead, {"明細": [{"id": "1", "value": {}}]})
    adapter = rig.connect()
    adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})])
    assert rig.server.apps[LEADS].records[int(lead)]["明細"] == [{"id": "1", "value": {}}]
    assert all("明細" not in one.query.values() for one in rig.server.requests)


# ------------------------------------------------------------------------------------------------------------- reading


def test_a_page_is_asked_by_stamp_and_id() -> None:
    assert queries.page(Window(), "更新日時", "", 500) == "order by 更新日時 asc, $id asc limit 500"
    begun = Window(high="x", start="2026-11-22T01:03:20+00:00", running=True)
    assert queries.page(begun, "更新日時", "", 5) == (
        '更新日時 >= "2026-11-22T01:03:00Z" order by 更新日時 asc, $id asc limit 5'
    )
    later = replace(begun, at="2026-11-22T01:05:00Z", last="12")
    assert queries.page(later, "更新日時", '担当者 in ("sato")', 5) == (
        '(更新日時 > "2026-11-22T01:05:00Z" or (更新日時 = "2026-11-22T01:05:00Z" and $id > 12)) '
        'and (担当者 in ("sato")) order by 更新日時 asc, $id asc limit 5'
    )


def test_text_of_a_query_holds_no_raw_control_characters() -> None:
    assert queries.text('a"b\\c\td\ne') == '"a\\"b\\\\c\\td\\ne"'


def test_only_mapped_fields_are_asked_for(rig: Rig, lead: str) -> None:
    rig.server.apps[LEADS].fields["給与"] = {**of_type("NUMBER", "給与"), "code": "給与"}
    rig.server.change(LEADS, lead, {"給与": "400"})
    adapter = rig.connect()
    pull(adapter, Thing.LEAD)
    asked = {v for one in rig.server.requests for k, v in one.query.items() if k.startswith("fields[")}
    assert "給与" not in asked
    assert {"$id", "$revision", "更新日時", "氏名"} <= asked


def test_a_renamed_stamp_is_found_by_its_type(rig: Rig, lead: str) -> None:
    app = rig.server.apps[LEADS]
    app.fields["Changed"] = {**app.fields.pop("更新日時"), "code": "Changed"}
    app.records[int(lead)]["Changed"] = app.records[int(lead)].pop("更新日時")
    assert [row.id for row in pull(rig.connect(), Thing.LEAD)[0]] == [lead]


def test_an_unchanged_revision_is_an_unchanged_version(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    rows, cursor = pull(adapter, Thing.LEAD)
    again, _ = pull(adapter, Thing.LEAD, cursor)
    assert [(r.id, r.version) for r in again] == [(r.id, r.version) for r in rows]  # the overlap brings it again
    rig.edit(Thing.LEAD, lead, {"title": "課長"})
    (changed,) = pull(adapter, Thing.LEAD, cursor)[0]
    assert (rows[0].version, changed.version) == ("1", "2")


def test_a_long_address_goes_in_the_body(rig: Rig) -> None:
    adapter = rig.connect()
    ids = [rig.make(Thing.LEAD, {"name": str(n)}) for n in range(3)]
    assert len(adapter.fetch(Thing.LEAD, [*ids, *(str(10**70 + n) for n in range(200))])) == 3
    posts = [one for one in rig.server.requests if one.method == "POST"]
    assert posts
    assert all(one.headers["X-HTTP-Method-Override"] == "GET" for one in posts)
    assert all(len(one.path) < 8_000 for one in rig.server.requests)


def test_a_read_in_a_body_is_still_a_read(rig: Rig) -> None:
    adapter = rig.connect()
    adapter.hello()
    rig.server.fail(Fault("html", on(method="POST")))
    with pytest.raises(Offline):
        adapter.fetch(Thing.LEAD, [str(10**60 + n) for n in range(100)])


def test_ids_and_versions_come_by_keyset(rig: Rig) -> None:
    ids = rig.make_many(1_203)
    rig.server.remove(LEADS, ids[3])
    adapter = rig.connect()
    adapter.hello()
    before = len(rig.server.requests)
    found = dict(adapter.ids(Thing.LEAD, Scope.MINE))
    assert found == dict.fromkeys((one for one in ids if one != ids[3]), "1")
    asked = rig.server.requests[before:]
    assert len(asked) == 3
    assert all("offset" not in one.query["query"] for one in asked)
    assert {v for one in asked for k, v in one.query.items() if k.startswith("fields")} == {"$id", "$revision"}


def test_calls_of_others_come_with_our_leads_only(rig: Rig, lead: str) -> None:
    foreign = rig.make(Thing.LEAD, {"name": "b"}, owner="ito")
    rig.make(Thing.TOUCH, {"lead_id": lead, "outcome": "NO_ANSWER", "note": "不在でした"}, owner="ito")
    rig.make(Thing.TOUCH, {"lead_id": foreign, "outcome": "BUSY"}, owner="ito")
    rows, _ = pull(rig.connect(), Thing.TOUCH, scope=Scope.MINE)
    (fields,) = [row.fields for row in rows]
    assert fields["lead_id"] == lead
    assert (fields["outcome"], fields["member_id"], fields["note"]) == ("NO_ANSWER", "ito", "不在でした")
    assert str(fields["at"]).startswith("20")


def test_a_word_that_the_map_does_not_know_is_no_outcome(rig: Rig, lead: str) -> None:
    rig.server.apps[CALLS].fields["架電結果"]["options"]["社長と面談"] = {"label": "社長と面談", "index": "99"}
    rig.server.insert(CALLS, {"リードレコード番号": lead, "架電結果": "社長と面談", "メモ": "盛り上がった"})
    (row,) = pull(rig.connect(), Thing.TOUCH)[0]
    assert "outcome" not in row.fields
    assert row.fields["note"] == "盛り上がった"


def test_a_call_without_a_lead_is_nobodys(rig: Rig) -> None:
    rig.server.insert(CALLS, {"メモ": "間違い"})
    assert pull(rig.connect(), Thing.TOUCH)[0] == []


def test_history_is_asked_for_by_lead(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.push([touch(adapter, lead), step(adapter, lead, "h1", "submit")])
    other = rig.make(Thing.LEAD, {"name": "b"})
    adapter.push([touch(adapter, other)])
    (one,) = adapter.history(Thing.TOUCH, [lead])
    assert one.fields["lead_id"] == lead
    assert [row.fields["action"] for row in adapter.history(Thing.TRANSITION, [lead])] == ["submit"]
    assert adapter.history(Thing.COMPANY, [lead]) == []


def test_touches_and_steps_are_told_apart_without_a_word_for_it(rig: Rig, lead: str) -> None:
    rig.server.apps[CALLS].fields["種別"]["options"].pop("引き継ぎ")
    adapter = rig.connect()
    call, handed = touch(adapter, lead), step(adapter, lead, "h1", "submit")
    assert {r.status for r in adapter.push([call, handed])} == {Status.ACKED}
    assert [row.local for row in pull(adapter, Thing.TOUCH)[0]] == [call.key]
    assert [row.local for row in pull(adapter, Thing.TRANSITION)[0]] == [handed.key]
    assert len(list(adapter.ids(Thing.TOUCH, Scope.TEAM))) == 1
    assert "kintone_no_handoff_word" in {one.code for one in adapter.check(write=False)}


def test_a_glance_keeps_to_its_budget(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    one = touch(adapter, lead, note="最新")
    adapter.push([one])
    seen = adapter.glance(lead, 1.5)
    assert seen.row is not None
    assert seen.touch is not None
    assert (seen.row.fields["name"], seen.touch.local) == ("山田 太郎", one.key)
    rig.server.fail(Fault("stall", seconds=0.6))
    with pytest.raises(Offline):
        adapter.glance(lead, 0.2)
    assert adapter.glance("999", 1.5).row is None


# ------------------------------------------------------------------------------------------------------------- writing


def test_an_edit_goes_under_the_revision_that_was_read(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})])
    (put,) = [one.json for one in rig.server.requests if one.method == "PUT"]
    assert put == {
        "app": LEADS, "records": [{"id": lead, "record": {"役職": {"value": "課長"}}, "revision": "1"}],
    }  # fmt: skip


def test_who_changed_a_record_meanwhile_makes_a_conflict_and_holds_up_nobody(rig: Rig, lead: str) -> None:
    other = rig.make(Thing.LEAD, {"name": "b"})
    adapter = rig.connect()
    adapter.hello()
    between = iter([lambda: rig.edit(Thing.LEAD, lead, {"department": "総務部"})])
    real = rig.server.handle

    def meanwhile(request: Any) -> Answer:
        if request.method == "PUT":
            next(between, lambda: None)()
        return real(request)

    rig.server.handle = meanwhile  # type: ignore[method-assign]
    edits = [patch(adapter, lead, {"title": "課長"}, {"title": "部長"}), patch(adapter, other, {"title": "係長"}, {})]
    first, second = adapter.push(edits)
    assert (first.status, second.status) == (Status.CONFLICT, Status.ACKED)
    assert first.fields is not None
    assert (first.fields["department"], first.fields["title"], first.version) == ("総務部", "部長", "2")
    assert rig.fields(Thing.LEAD, other)["title"] == "係長"


def test_a_stale_revision_that_nobody_made_is_tried_later(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    stale = Answer(409, {"code": "GAIA_CO02", "id": "x", "message": "指定したrevisionは最新ではありません。"})
    rig.server.fail(Fault("status", on(method="PUT"), stale))
    with pytest.raises(Transient) as problem:
        adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})])
    assert problem.value.code == "kintone_locked"


def test_a_record_that_goes_while_it_is_written_is_gone(rig: Rig, lead: str) -> None:
    other = rig.make(Thing.LEAD, {"name": "b"})
    adapter = rig.connect()
    adapter.hello()
    real = rig.server.handle

    def meanwhile(request: Any) -> Answer:
        if request.method == "PUT" and int(lead) in rig.server.apps[LEADS].records:
            rig.delete(Thing.LEAD, lead)
        return real(request)

    rig.server.handle = meanwhile  # type: ignore[method-assign]
    first, second = adapter.push(
        [patch(adapter, lead, {"title": "課長"}, {"title": "部長"}), patch(adapter, other, {"title": "係長"}, {})]
    )
    assert (first.status, second.status) == (Status.GONE, Status.ACKED)


def test_one_bad_record_stops_the_request_and_the_engine_halves_it(rig: Rig, lead: str) -> None:
    other = rig.make(Thing.LEAD, {"name": "b"})
    adapter = rig.connect()
    good, bad = (
        patch(adapter, lead, {"title": "課長"}, {"title": "部長"}),
        patch(adapter, other, {"confidence_rank": "Z"}, {}),
    )
    with pytest.raises(Permanent) as problem:
        adapter.push([good, bad])
    assert problem.value.code == "kintone_invalid"
    assert problem.value.params["field"] == "確度"
    assert rig.fields(Thing.LEAD, lead)["title"] == "部長"
    assert only(adapter.push([good])).status is Status.ACKED
    refused = only(adapter.push([bad]))
    assert (refused.status, refused.code) == (Status.REFUSED, "kintone_choice_gone")
    assert refused.message == '「確度」: "Z"は選択肢にありません。'


def test_a_field_required_since_is_named_by_its_label(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    rig.server.apps[LEADS].fields["予算区分"] = {**text("予算の区分", required=True), "code": "予算区分"}
    result = only(adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})]))
    assert (result.status, result.code, result.message) == (
        Status.REFUSED,
        "kintone_required",
        "「予算の区分」: 必須です。",
    )


@pytest.mark.parametrize("why", ["choice", "gone"])
def test_a_do_not_call_goes_out_though_its_edit_is_refused(rig: Rig, lead: str, why: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    if why == "choice":
        rig.server.apps[LEADS].fields["リードステージ"]["options"].pop("対象外")
    else:
        rig.server.remove_field(LEADS, "リードステージ")
    result = only(adapter.push([patch(adapter, lead, {"dnc": True, "stage": "disqualified"}, {})]))
    assert result.status is Status.REFUSED
    assert rig.server.apps[LEADS].records[int(lead)]["架電禁止"] == ["する"]


def test_a_field_that_kintone_would_drop_in_silence_is_refused(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    assert "title" in (adapter.carried(Thing.LEAD) or ())
    rig.server.remove_field(LEADS, "役職")
    result = only(adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})]))
    assert (result.status, result.code) == (Status.REFUSED, "kintone_field_gone")
    assert "役職" in result.message
    assert "title" not in (adapter.carried(Thing.LEAD) or ())


def test_a_field_removed_is_no_value_cleared(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    _, cursor = pull(adapter, Thing.LEAD)
    rig.server.remove_field(LEADS, "役職")
    rig.edit(Thing.LEAD, lead, {"department": "総務部"})
    (row,) = pull(adapter, Thing.LEAD, cursor)[0]
    assert "title" not in row.fields
    assert "title" not in (adapter.carried(Thing.LEAD) or ())  # so that it stays as it was on this desk


def test_what_kintone_fills_itself_is_not_written(rig: Rig, lead: str) -> None:
    rig.server.apps[LEADS].fields["役職"] |= {"expression": "部署"}
    rig.server.apps[LEADS].fields["リードステージ"] = {
        "type": "STATUS",
        "label": "ステータス",
        "code": "リードステージ",
    }
    adapter = rig.connect()
    adapter.hello()
    result = only(adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})]))
    assert (result.status, result.code, result.message) == (Status.REFUSED, "kintone_read_only", "「役職」")
    moved = only(adapter.push([patch(adapter, lead, {"stage": "sql"}, {})]))
    assert moved.status is Status.ACKED  # the stage is the CRM's: theirs stands
    assert "kintone_field_in_only" in {one.code for one in adapter.check(write=False)}


def test_without_a_key_field_no_lead_is_made(rig: Rig) -> None:
    rig.server.apps[LEADS].fields["isdeskキー"]["unique"] = False
    adapter = rig.connect()
    result = only(adapter.push([new_lead(adapter, {"name": "a"})]))
    assert (result.status, result.code) == (Status.REFUSED, "kintone_no_key")
    assert rig.server.writes == 0


def test_initial_values_of_a_new_record_come_back(rig: Rig) -> None:
    rig.server.apps[LEADS].fields["リードステージ"]["defaultValue"] = "MQL"
    adapter = rig.connect()
    result = only(adapter.push([new_lead(adapter, {"name": "a"})]))
    assert result.fields is not None
    assert result.fields["stage"] == "mql"


def test_a_company_is_an_app_of_its_own(rig: Rig, lead: str) -> None:
    company = rig.make(Thing.COMPANY, {"name": "青葉精機", "employees": 120})
    rig.edit(Thing.LEAD, lead, {"company_id": company})
    adapter = rig.connect()
    (row,) = pull(adapter, Thing.COMPANY)[0]
    assert row.fields == {"name": "青葉精機", "employees": 120}
    assert pull(adapter, Thing.LEAD)[0][0].fields["company_id"] == company
    edit = Command("k1", Do.PATCH, Thing.COMPANY, company, {"industry": "製造"}, {})
    assert only(adapter.push([edit])).status is Status.ACKED
    assert rig.fields(Thing.COMPANY, company)["industry"] == "製造"


# ------------------------------------------------------------------------------------- companies that are only a name


@pytest.fixture
def named(rig: Rig) -> Rig:
    """A kintone without a company app: the leads hold their company's name."""
    del rig.options["company_app"]
    app = rig.server.apps[LEADS]
    for label in ("会社名", "業種"):
        app.fields[label] = {**text(label), "code": label}
    return rig


def test_leads_that_name_the_same_company_share_it(named: Rig) -> None:
    for name, firm in (("a", "株式会社青葉"), ("b", "(株)青葉"), ("c", "")):
        named.server.insert(LEADS, {"氏名": name, "会社名": firm, "業種": "製造" if firm else ""})
    adapter = named.connect()
    adapter.hello()
    page = adapter.changes(Thing.LEAD, None, Scope.TEAM)
    first, second, third = (row.fields.get("company_id") for row in page.rows)
    assert first == second
    assert str(first).startswith("name:")
    assert third is None
    (company,) = page.beside[Thing.COMPANY]
    assert (company.id, company.fields["industry"]) == (first, "製造")
    assert "company_id" in (adapter.carried(Thing.LEAD) or ())
    assert adapter.carried(Thing.COMPANY) == frozenset({"name", "industry"})
    assert pull(adapter, Thing.COMPANY)[0] == []


def test_a_company_that_is_only_a_name_is_written_with_its_lead(named: Rig) -> None:
    adapter = named.connect()
    adapter.hello()
    made = only(adapter.push([new_lead(adapter, {"name": "a", "company_id": "c-1"})]))
    assert made.fields is not None
    record = named.server.apps[LEADS].records[int(made.remote_id or 0)]
    assert record["会社名"] == "青葉原精機株式会社"
    moved = replace(
        patch(adapter, made.remote_id or "", {"company_id": "c-9"}, {"company_id": made.fields["company_id"]}),
        company={"name": "新会社", "industry": "小売"},
    )
    assert only(adapter.push([moved])).status is Status.ACKED
    record = named.server.apps[LEADS].records[int(made.remote_id or 0)]
    assert (record["会社名"], record["業種"]) == ("新会社", "小売")
    moved_id = adapter.fetch(Thing.LEAD, [made.remote_id or ""])[0].fields["company_id"]
    adapter.push([patch(adapter, made.remote_id or "", {"company_id": None}, {"company_id": moved_id})])
    assert named.server.apps[LEADS].records[int(made.remote_id or 0)]["会社名"] == ""
    edit = Command("k", Do.PATCH, Thing.COMPANY, "name:x", {"industry": "製造"}, {})
    assert only(adapter.push([edit])).code == "kintone_company_named"
    made_firm = only(adapter.push([Command("k2", Do.PATCH, Thing.COMPANY, "", {"name": "新会社"}, {}, local="c-9")]))
    assert (made_firm.status, made_firm.remote_id) == (Status.ACKED, moved_id)


# --------------------------------------------------------------------------------------------------------------- facts


def test_a_call_stands_in_kintones_own_fields(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    one = touch(
        adapter, lead, outcome="NO_ANSWER", note="不在\n折り返し待ち", talk_s=42, number="+81312345678", direction="out"
    )
    result = only(adapter.push([one]))
    record = rig.server.apps[CALLS].records[int(result.remote_id or 0)]
    assert {code: record[code] for code in ("対応日時", "種別", "発着信", "架電結果", "通話秒数", "メモ", "件名")} == {
        "対応日時": "2026-11-20T01:00:00Z", "種別": "電話", "発着信": "発信", "架電結果": "不在(呼出のみ)",
        "通話秒数": "42", "メモ": "不在\n折り返し待ち", "件名": "電話: 不在(呼出のみ)",
    }  # fmt: skip
    assert record["担当者"] == [{"code": "sato", "name": "佐藤 花子"}]
    assert (record["isdeskキー"], record["リードレコード番号"]) == (one.key, lead)
    assert "note" not in payload_of(record)
    assert "lead_key" not in payload_of(record)


def test_a_call_without_a_data_field_carries_its_line_in_the_note(rig: Rig, lead: str) -> None:
    rig.mapping = rig.mapping.replace(
        '[touch]\nkey = "isdeskキー"\ndata = "isdeskデータ"', '[touch]\nkey = "isdeskキー"'
    )
    adapter = rig.connect()
    one = touch(adapter, lead, note="メモ", reached="staff")
    adapter.push([one])
    (record,) = rig.server.apps[CALLS].records.values()
    assert record["メモ"].startswith("メモ\nisdesk:1 {")
    (row,) = pull(adapter, Thing.TOUCH)[0]
    assert (row.fields["note"], row.fields["reached"], row.local) == ("メモ", "staff", one.key)


def test_an_outcome_of_the_teams_own_is_kept_in_the_data(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    one = touch(adapter, lead, outcome="OUR_OWN")
    assert only(adapter.push([one])).status is Status.ACKED
    (record,) = rig.server.apps[CALLS].records.values()
    assert (record["架電結果"], payload_of(record)["outcome"]) == ("", "OUR_OWN")


def test_a_fact_in_doubt_is_asked_for_and_not_written_over(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    one = touch(adapter, lead, note="初回")
    rig.server.fail(Fault("after", on(method="PUT")))
    with pytest.raises(Unknown):
        adapter.push([one])
    (record,) = rig.server.apps[CALLS].records.values()
    rig.server.change(CALLS, record["$id"], {"メモ": "FSが追記"})
    again = only(adapter.push([replace(one, sure=False)]))
    assert (again.status, again.remote_id) == (Status.DUPLICATE, record["$id"])
    assert rig.server.apps[CALLS].records[int(record["$id"])]["メモ"] == "FSが追記"
    assert adapter.probe([Asked(one.key, Thing.TOUCH), Asked("no", Thing.TOUCH)]) == {one.key: record["$id"]}


def test_the_call_and_its_task_are_one_request(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    rig.server.apps[TASKS].fields["次回アクション"]["options"].pop("再架電")
    one = touch(adapter, lead, plan={"action": "retry", "due_at": SOON})
    result = only(adapter.push([one]))
    assert (result.status, result.code) == (Status.REFUSED, "kintone_choice_gone")
    assert "次回アクション" in result.message
    assert rig.server.apps[CALLS].records == {}
    assert "POST /k/v1/bulkRequest.json" in paths(rig)


def test_the_next_task_may_stand_in_the_lead(rig: Rig, lead: str) -> None:
    rig.options["task_app"] = "lead"
    app = rig.server.apps[LEADS]
    app.fields["次回予定日時"] = {**of_type("DATETIME", "次回予定日時"), "code": "次回予定日時"}
    app.fields["次回アクション"] = {**choice("次回アクション", "再架電"), "code": "次回アクション"}
    adapter = rig.connect()
    adapter.push([touch(adapter, lead, plan={"action": "retry", "due_at": SOON})])
    record = app.records[int(lead)]
    assert (record["次回アクション"], record["次回予定日時"]) == ("再架電", "2026-11-25T01:00:00Z")
    adapter.push([touch(adapter, lead, plan={"action": None})])
    assert (app.records[int(lead)]["次回アクション"], app.records[int(lead)]["次回予定日時"]) == ("", None)
    rig.delete(Thing.LEAD, lead)
    gone = only(adapter.push([touch(adapter, lead, plan={"action": "retry", "due_at": SOON})]))
    assert gone.status is Status.GONE


def test_what_is_taken_back_is_marked_and_kept(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    one = touch(adapter, lead)
    adapter.push([one])
    void = touch(adapter, lead, void=True, corrects=one.key)
    assert only(adapter.push([void])).status is Status.ACKED
    assert only(adapter.push([void])).status is Status.DUPLICATE
    assert rig.titles(lead) == ["【取消】電話: 不在(呼出のみ)", "【取消】電話: 不在(呼出のみ)"]
    assert rig.activities(lead) == [one.key, void.key]
    both = [touch(adapter, lead), touch(adapter, lead)]
    both[1] = replace(both[1], payload={**both[1].payload, "void": True, "corrects": both[0].key})
    assert {r.status for r in adapter.push(both)} == {Status.ACKED}
    assert all(title.startswith("【取消】") for title in rig.titles(lead))


# --------------------------------------------------------------------------------------------------------------- deals


def test_a_handoff_becomes_a_record_of_the_deals_app(rig: Rig, lead: str) -> None:
    company = rig.make(Thing.COMPANY, {"name": "青葉精機"})
    rig.edit(Thing.LEAD, lead, {"company_id": company, "meeting_at": "2026-12-01T01:00:00+00:00"})
    adapter, other = rig.connect(), rig.connect("ito")
    memo: dict[str, object] = {"memo": "課題は属人化", "grade": "A", "items": {"need": "効率化"}}
    submit = step(adapter, lead, "h-1", "submit", to_fs="mori", payload=memo)
    assert only(adapter.push([submit])).status is Status.ACKED
    assert rig.opportunities(lead) == 0
    accept = step(other, lead, "h-1", "accept")
    assert only(other.push([accept])).status is Status.ACKED
    assert only(other.push([accept])).status is Status.DUPLICATE
    (deal,) = rig.server.apps[DEALS].records.values()
    shown = ("案件名", "会社名", "顧客担当者", "確度", "引き継ぎメモ", "引き継ぎ状況")
    assert {code: deal[code] for code in shown} == {
        "案件名": "青葉精機 山田 太郎", "会社名": "青葉精機", "顧客担当者": "山田 太郎", "確度": "A",
        "引き継ぎメモ": "課題は属人化", "引き継ぎ状況": "受理",
    }  # fmt: skip
    assert (deal["営業担当"][0]["code"], deal["IS担当"][0]["code"]) == ("mori", "sato")
    assert (deal["isdeskキー"], deal["リードレコード番号"], deal["商談日時"]) == ("h-1", lead, "2026-12-01T01:00:00Z")
    adapter.push([step(adapter, lead, "h-1", "recycle", reason="時期尚早")])
    (deal,) = rig.server.apps[DEALS].records.values()
    assert deal["引き継ぎ状況"] == "リサイクル"


def test_the_deal_may_be_made_when_it_is_handed_over(rig: Rig, lead: str) -> None:
    rig.mapping = rig.mapping.replace('on = "accept"', 'on = "submit"')
    adapter = rig.connect()
    adapter.push([step(adapter, lead, "h-1", "submit", payload={"memo": "m"})])
    (deal,) = rig.server.apps[DEALS].records.values()
    assert (deal["引き継ぎ状況"], deal["引き継ぎメモ"]) == ("引き渡し", "m")
    rig.server.change(DEALS, deal["$id"], {"案件名": "FSが付けた名前"})
    adapter.push([step(adapter, lead, "h-1", "accept")])
    (deal,) = rig.server.apps[DEALS].records.values()
    assert (deal["引き継ぎ状況"], deal["案件名"]) == ("受理", "FSが付けた名前")


@pytest.mark.parametrize(("won", "factor"), [(True, "価格"), (False, "競合に決定")])
def test_results_come_back_with_amount_and_reason(rig: Rig, lead: str, *, won: bool, factor: str) -> None:
    adapter = rig.connect()
    adapter.push([step(adapter, lead, "h-1", "submit"), step(adapter, lead, "h-1", "accept")])
    _, cursor = pull(adapter, Thing.TRANSITION)
    rig.close_opportunity(lead, won=won, amount=1_200_000, reason=factor)
    rows, cursor = pull(adapter, Thing.TRANSITION, cursor, Scope.MINE)
    (row,) = [one for one in rows if one.fields["action"] == "feedback"]
    payload = row.fields["payload"]
    assert isinstance(payload, dict)
    assert (payload["result"], payload["amount"], payload["factor"]) == ("won" if won else "lost", 1_200_000, factor)
    assert row.fields["handoff_id"] == "h-1"
    rig.server.change(DEALS, row.id.partition("@")[0], {"案件名": "改名"})
    again = [one for one in pull(adapter, Thing.TRANSITION, cursor)[0] if one.fields["action"] == "feedback"]
    assert [(one.id, one.version) for one in again] == [(row.id, row.version)]  # a result is new once
    assert [one.id for one in adapter.fetch(Thing.TRANSITION, [row.id, "1@0"])] == [row.id]


def test_a_result_reported_here_is_written_and_does_not_echo(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.push([step(adapter, lead, "h-1", "accept")])
    report = {"result": "lost", "factor": "予算なし", "amount": 500_000}
    adapter.push([step(adapter, lead, "h-1", "feedback", payload=report)])
    (deal,) = rig.server.apps[DEALS].records.values()
    assert (deal["結果"], deal["失注理由"], deal["金額"], deal["受注要因"]) == ("失注", "予算なし", "500000", "")
    rows = pull(adapter, Thing.TRANSITION)[0]
    assert [(one.fields["action"], "@" in one.id) for one in rows] == [("accept", False), ("feedback", False)]
    rig.server.change(DEALS, deal["$id"], {"結果": "受注", "受注要因": "逆転", "失注理由": ""})
    assert [one for one in pull(adapter, Thing.TRANSITION)[0] if "@" in one.id]


# -------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (400, "GAIA_IA02", Auth, "kintone_token_refused"),
        (520, "GAIA_IA02", Auth, "kintone_token_refused"),
        (401, "CB_AU01", Auth, "kintone_token_refused"),
        (403, "GAIA_NO01", Auth, "kintone_token_right"),
        (520, "GAIA_NO01", Auth, "kintone_token_right"),
        (400, "GAIA_AP15", Auth, "kintone_token_right"),
        (429, "GAIA_TO04", Transient, "crm_busy"),
        (400, "GAIA_DA02", Transient, "kintone_locked"),
        (520, "GAIA_RE18", Transient, "kintone_locked"),
        (404, "GAIA_AP01", Permanent, "kintone_app_gone"),
        (403, "CB_NO02", Permanent, "kintone_no_right"),
        (400, "GAIA_XX99", Permanent, "kintone_refused"),
        (520, "GAIA_XX99", Unknown, "answer_lost"),
        (500, "CB_SV01", Unknown, "answer_lost"),
    ],
)
def test_refusals_are_known_by_their_code(
    rig: Rig, lead: str, status: int, code: str, kind: type[Exception], said: str
) -> None:
    adapter = rig.connect()
    adapter.hello()
    edits = [
        patch(adapter, lead, {"title": "課長"}, {"title": "部長"}),
        patch(adapter, lead, {"department": "総務"}, {}),
    ]
    other = rig.make(Thing.LEAD, {"name": "b"})
    edits.append(patch(adapter, other, {"title": "係長"}, {}))
    rig.server.fail(Fault("status", on(method="PUT"), Answer(status, {"code": code, "id": "x", "message": "だめです"})))
    with pytest.raises(kind) as problem:
        adapter.push(edits)
    assert getattr(problem.value, "code", "") == said


def test_maintenance_is_neither_success_nor_for_ever(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    rig.server.maintenance = True
    with pytest.raises(Offline) as reading:
        adapter.changes(Thing.LEAD, None, Scope.TEAM)
    assert reading.value.code == "kintone_maintenance"
    rig.server.maintenance = False
    page = Answer(503, b"<html>down</html>", {"Content-Type": "text/html"})
    rig.server.fail(Fault("status", on(method="PUT"), page))
    with pytest.raises(Unknown) as writing:
        adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})])
    assert writing.value.code == "kintone_maintenance"


def test_an_answer_of_another_shape_is_no_success(rig: Rig, lead: str) -> None:
    adapter = rig.connect()
    adapter.hello()
    rig.server.fail(Fault("status_after", on(method="PUT"), Answer(200, {"ok": True})))
    with pytest.raises(Unknown):
        adapter.push([patch(adapter, lead, {"title": "課長"}, {"title": "部長"})])
    rig.server.fail(Fault("status_after", on(part="bulkRequest"), Answer(200, {"results": []})))
    with pytest.raises(Unknown):
        adapter.push([touch(adapter, lead, plan={"action": "retry", "due_at": SOON})])


@pytest.mark.parametrize("answer", [{"ok": True}, {"records": [{"x": 1}]}, [], {"properties": []}])
def test_an_answer_of_another_shape_is_nothing_read(rig: Rig, lead: str, answer: Any) -> None:
    adapter = rig.connect()
    adapter.hello()
    for ask in (lambda: adapter.fetch(Thing.LEAD, [lead]), adapter.hello):
        rig.server.fail(Fault("status", answer=Answer(200, answer)))
        with pytest.raises(Offline):
            ask()


@pytest.mark.parametrize(
    ("key", "index", "field"),
    [
        ("records[3].氏名.value", 3, "氏名"),
        ("records[3].record.氏名.value", 3, "氏名"),
        ("records[0][従業員数].value", 0, "従業員数"),
        ("record.架電禁止.values[0].value", None, "架電禁止"),
        ("record.担当者.values.value", None, "担当者"),
        ("app", None, ""),
    ],
)
def test_the_culprit_is_read_from_the_key_of_an_error(key: str, index: int | None, field: str) -> None:
    error = failures.failure({"code": "CB_VA01", "message": "x", "errors": {key: {"messages": ["必須です。"]}}})
    assert isinstance(error, failures.Refused)
    (fault,) = error.faults
    assert (fault.index, fault.field, fault.words) == (index, field, "必須です。")


def test_a_bulk_request_says_which_request_failed() -> None:
    error = failures.failure({"results": [{}, {"code": "CB_VA01", "message": "m", "errors": {}}]})
    assert isinstance(error, failures.Refused)
    assert (error.request, error.words) == (1, "m")
    assert failures.failure({"results": [{}]}) is None
    assert failures.failure("x") is None


def test_a_missing_record_is_named() -> None:
    error = failures.failure({"code": "GAIA_RE01", "message": "指定したレコード(id: 99999)が見つかりません。"})
    assert isinstance(error, failures.Missing)
    assert error.record == "99999"


def test_limits_are_kept(rig: Rig) -> None:
    adapter = rig.connect()
    api: Api = adapter._site.api
    with pytest.raises(failures.Refused) as problem:
        api.records(LEADS, "limit 501")
    assert problem.value.api == "GAIA_QU01"
    with pytest.raises(failures.Refused) as problem:
        api.records(LEADS, "limit 1 offset 10001")
    assert problem.value.api == "GAIA_QU02"
    with pytest.raises(failures.Refused):
        api.write([(LEADS, [Put({}, "1")] * 101)])
    with pytest.raises(failures.Refused) as problem:
        api.records(LEADS, '架電禁止 = "する"')
    assert problem.value.api == "GAIA_IQ03"


# -------------------------------------------------------------------------------------------------------------- survey


def levels(findings: Any) -> dict[str, str]:
    return {one.code: one.level for one in findings}


def test_a_good_kintone_is_found_good_and_left_clean(rig: Rig) -> None:
    found = rig.connect().check(write=True)
    assert {one.level for one in found} == {"ok"}
    assert {"kintone_test_written", "kintone_written_by_administrator", "kintone_key_good"} <= levels(found).keys()
    assert rig.server.apps[CALLS].records == {}


@pytest.mark.parametrize(
    ("spoil", "code", "level"),
    [
        (lambda f: f.pop("isdeskキー"), "kintone_key_missing", "stop"),
        (lambda f: f["isdeskキー"].update(unique=False), "kintone_key_not_unique", "stop"),
        (lambda f: f["isdeskキー"].update(type="MULTI_LINE_TEXT"), "kintone_key_type", "stop"),
        (lambda f: f.pop("リードレコード番号"), "kintone_no_lead_field", "stop"),
        (lambda f: f.pop("発着信"), "kintone_call_field_missing", "stop"),
        (lambda f: f.update(部門={**text("部門", required=True), "code": "部門"}), "kintone_required_unmapped", "warn"),
    ],
)
def test_what_an_administrator_must_set_is_said(rig: Rig, spoil: Any, code: str, level: str) -> None:
    spoil(rig.server.apps[CALLS].fields)
    found = rig.connect().check(write=False)
    assert levels(found)[code] == level
    (one,) = [f for f in found if f.code == code]
    assert one.params["app"] == "活動(架電)"
    assert one.params["number"] == CALLS


@pytest.mark.parametrize(
    ("missing", "code", "level"),
    [
        ("add", "kintone_token_right", "stop"),
        ("edit", "kintone_token_right", "stop"),
        ("view", "kintone_token_right", "stop"),
        ("delete", "kintone_test_left", "warn"),
    ],
)
def test_the_rights_of_a_token_are_tried(rig: Rig, missing: str, code: str, level: str) -> None:
    rig.server.tokens["TokenCall"] = (CALLS, ALL - {missing})
    assert levels(rig.connect().check(write=True))[code] == level


def test_without_a_calls_app_nothing_can_be_recorded(rig: Rig) -> None:
    del rig.options["call_app"]
    adapter = rig.connect()
    assert levels(adapter.check(write=True))["kintone_no_call_app"] == "stop"
    assert Thing.TOUCH not in adapter.capabilities().objects
    assert only(adapter.push([touch(adapter, "1")])).code == "kintone_not_kept"


def test_capabilities_tell_the_truth_about_the_key(rig: Rig) -> None:
    adapter = rig.connect()
    adapter.hello()
    able = adapter.capabilities()
    assert (able.upsert_key, able.probe_by_key, able.activity_target, able.occ) == (
        "per_object",
        "strong",
        "app",
        "revision",
    )
    assert able.batch_atomic
    rig.server.apps[CALLS].fields["isdeskキー"]["unique"] = False
    other = rig.connect()
    other.hello()
    assert other.capabilities().upsert_key == "none"
    assert only(other.push([touch(other, "1")])).code == "kintone_no_key"


def test_fields_are_shown_with_their_labels(rig: Rig, lead: str) -> None:
    rig.server.apps[LEADS].fields["氏名"] |= {"label": "お名前", "required": True}
    adapter = rig.connect()
    remote = {one.code: one for one in adapter.describe_remote(Thing.LEAD)}
    assert (remote["氏名"].label, remote["氏名"].required) == ("お名前", True)
    assert ("MQL", "MQL") in remote["リードステージ"].choices
    assert not remote["更新日時"].writable
    assert next(one for one in adapter.describe(Thing.LEAD) if one.code == "name").label == "お名前"
    (sample,) = adapter.samples(Thing.LEAD)
    assert (sample["氏名"], sample["担当者"]) == ("山田 太郎", "佐藤 花子")
    assert "架電禁止" not in sample
    assert adapter.samples(Thing.SUPPRESSION) == []


def test_how_much_there_is(rig: Rig) -> None:
    rig.make_many(12)
    rig.make(Thing.LEAD, {"name": "b"}, owner="ito")
    adapter = rig.connect()
    assert adapter.estimate(Thing.LEAD, Scope.MINE) == 12
    assert adapter.estimate(Thing.LEAD, Scope.TEAM) == 13
    assert adapter.estimate(Thing.COMPANY, Scope.TEAM) == 0
    assert adapter.estimate(Thing.PLAYBOOK, Scope.TEAM) is None


def test_nothing_private_stands_in_what_is_raised(rig: Rig, lead: str) -> None:
    other = rig.make(Thing.LEAD, {"name": "b"})
    adapter = rig.connect()
    with pytest.raises(Permanent) as problem:
        adapter.push(
            [patch(adapter, lead, {"confidence_rank": "秘密の値"}, {}), patch(adapter, other, {"title": "係長"}, {})]
        )
    told = json.dumps([str(problem.value), {k: str(v) for k, v in problem.value.params.items()}], ensure_ascii=False)
    assert "秘密の値" not in told
    assert problem.value.__cause__ is None
    assert not vars(problem.value).keys() - {"code", "params"}


def test_the_shipped_map_reads_back(tmp_path: Path) -> None:
    from isdesk.crm import mapping

    told = mapping.loads(mapping.shipped("kintone"), "kintone", values.CONVERTERS)
    again = mapping.loads(mapping.dumps(told), "kintone", values.CONVERTERS)
    assert {n: (o.fields, o.options, o.key) for n, o in told.objects.items()} == {
        n: (o.fields, o.options, o.key) for n, o in again.objects.items()
    }


def test_companies_tasks_and_deals_may_be_left_out(rig: Rig, lead: str) -> None:
    rig.options = {"lead_app": LEADS, "call_app": CALLS}
    adapter = rig.connect()
    adapter.hello()
    one, handed = touch(adapter, lead, plan={"action": "retry", "due_at": SOON}), step(adapter, lead, "h", "accept")
    assert {r.status for r in adapter.push([one, handed])} == {Status.ACKED}
    assert rig.server.apps[TASKS].records == rig.server.apps[DEALS].records == rig.server.apps[COMPANIES].records == {}
    assert [row.fields["action"] for row in pull(adapter, Thing.TRANSITION)[0]] == ["accept"]


# ------------------------------------------------------------------------------------------------------- with the desk


def test_a_day_at_the_desk(rig: Rig, tmp_path: Path) -> None:
    """Survey, connect, pull, record, take back, forbid: as the program does it, nothing of it twice."""
    known = [
        rig.make(Thing.LEAD, {"name": f"山田 {n}", "phone_direct": "03-1234-5678", "stage": "mql"}) for n in range(3)
    ]
    told: dict[str, Any] = {"url": rig.server.url, "user": "sato", "options": rig.options}
    told["secret"] = ",".join(rig.server.tokens)
    words = "correct horse battery staple"
    desk, _ = Desk.create(tmp_path / "p", name="佐藤 花子", email="", passphrase=words, clock=SystemClock())
    with closing(desk):
        survey = desk.survey("kintone", mapping=rig.mapping, **told)
        assert survey.ready
        assert survey.estimates == {Scope.MINE: 3, Scope.TEAM: 3}
        desk.connect("kintone", mapping=rig.mapping, **told)
        first = desk.sync()
        assert (first.created, first.error) == (3, "")
        lead = min(first.changes.leads)
        calls.record(desk.ctx, lead, "NO_ANSWER", calls.RecordInput(note="不在"))
        assert desk.sync().sent == 1
        history.undo(desk.ctx)
        assert desk.sync().sent == 1
        calls.record(desk.ctx, lead, "DNC_REQUEST", calls.RecordInput(note="今後は不要とのこと"))
        made, _ = leads.create(desk.ctx, {"name": "新規 花子", "owner_id": "sato"})
        assert desk.sync().pending == 0
        last = desk.sync()
        assert (last.created, last.sent, last.quarantined, last.conflicts) == (0, 0, 0, 0)
    records = rig.server.apps[LEADS].records
    (forbidden,) = [one for one in records.values() if one["架電禁止"] == ["する"]]
    assert forbidden["$id"] in known
    assert [one["isdeskキー"] for one in records.values() if one["氏名"] == "新規 花子"] == [made]
    titles = rig.titles(forbidden["$id"])
    assert titles[:2] == ["【取消】電話: 不在(呼出のみ)"] * 2
    assert titles[2:] == ["電話: 架電禁止(今後連絡不要)"]
    assert [one["状態"] for one in rig.server.apps[TASKS].records.values()] == ["完了"]
