"""What a SQL hub promises beyond the contract of all CRMs: records under our ids, all keys kept, history that moves."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from isdesk.crm.port import Adapter, Asked, Auth, Command, Do, Row, Scope, Status, Thing
from isdesk.domain.changes import Value
from tests.crm.conftest import Connect


def key() -> str:
    return str(uuid.uuid4())


def patch(obj: Thing, identity: str, payload: dict[str, Any], base: dict[str, Any] | None = None) -> Command:
    return Command(key(), Do.PATCH, obj, identity, payload, base or {}, lead_id=identity if obj is Thing.LEAD else None)


def asked(*keys: str) -> list[Asked]:
    return [Asked(key, Thing.TOUCH) for key in keys]


def touch(identity: str, lead: str, **more: Any) -> Command:
    payload = {"id": identity, "lead_id": lead, "at": "2026-11-20T01:00:00+00:00", **more}
    return Command(identity, Do.APPEND, Thing.TOUCH, identity, payload, lead_id=lead)


def pull(
    adapter: Adapter, obj: Thing, cursor: str | None = None, scope: Scope = Scope.TEAM, limit: int = 500
) -> tuple[list[Row], str | None]:
    rows: list[Row] = []
    while True:
        page = adapter.changes(obj, cursor, scope, limit)
        rows += page.rows
        cursor = page.next_cursor
        if not page.more:
            return rows, cursor


def only(result: Any) -> Any:
    (one,) = result
    return one


def test_hello_says_who_and_which(connect: Connect) -> None:
    by_mail, by_id = connect("SATO@example.jp").hello(), connect("m-sato").hello()
    assert by_mail.me.id == by_id.me.id == "m-sato"
    assert by_mail.epoch == by_id.epoch
    assert by_mail.suppression_key is not None
    assert len(by_mail.suppression_key) == 32
    assert by_mail.suppression_key == by_id.suppression_key
    with pytest.raises(Auth):
        connect("nobody@example.jp").hello()


def test_members_are_the_team(connect: Connect) -> None:
    assert [(p.name, p.role) for p in connect("m-sato").members()] == [
        ("佐藤 花子", "rep"),
        ("伊藤 健", "rep"),
        ("森 恵", "team_lead"),
    ]


def test_a_record_comes_back_as_it_was_written(connect: Connect) -> None:
    hub = connect("m-sato")
    memo = "改行\r\n\t\x00 '引用' " + "長" * 30_000
    fields: dict[str, Value] = {"name": "髙橋 一郎𠮷", "is_memo": memo, "budget_month": 4, "dnc": True}
    result = only(hub.push([patch(Thing.LEAD, "lead-1", fields)]))
    assert result.status is Status.ACKED
    rows, _ = pull(hub, Thing.LEAD)
    assert rows == [Row("lead-1", result.version, fields, deleted=False, text=rows[0].text)]


def test_half_a_character_does_not_stop_the_batch(connect: Connect) -> None:
    hub = connect("m-sato")
    results = hub.push([patch(Thing.LEAD, "l1", {"name": "a\ud83d"}), patch(Thing.LEAD, "l2", {"name": "b"})])
    assert [r.status for r in results] == [Status.ACKED, Status.ACKED]
    assert {r.id: r.fields["name"] for r in pull(hub, Thing.LEAD)[0]} == {"l1": "a\ufffd", "l2": "b"}


def test_the_same_key_is_written_once(connect: Connect) -> None:
    hub = connect("m-sato")
    command = patch(Thing.LEAD, "lead-1", {"name": "a"})
    assert only(hub.push([command])).status is Status.ACKED
    hub.push([patch(Thing.LEAD, "lead-1", {"name": "b"}, {"name": "a"})])
    again = only(hub.push([command]))
    assert (again.status, again.fields) == (Status.DUPLICATE, {"name": "b"})
    one = touch("t1", "lead-1")
    assert [r.status for r in hub.push([one, one])] == [Status.ACKED, Status.ACKED]
    assert only(connect("m-ito").push([one])).status is Status.DUPLICATE
    assert len(pull(hub, Thing.TOUCH)[0]) == 1
    assert hub.probe(asked(command.key, "t1", "other")).keys() == {command.key, "t1"}


def test_a_patch_on_an_unseen_value_conflicts_and_writes_nothing(connect: Connect) -> None:
    hub = connect("m-sato")
    hub.push([patch(Thing.LEAD, "l", {"name": "a", "title": "部長"})])
    late = patch(Thing.LEAD, "l", {"name": "c", "title": "課長"}, {"name": "b", "title": "部長"})
    result = only(hub.push([late]))
    assert (result.status, result.fields) == (Status.CONFLICT, {"name": "a", "title": "部長"})
    assert hub.probe(asked(late.key)) == {}
    rebased = Command(late.key, Do.PATCH, Thing.LEAD, "l", {"title": "課長"}, {"title": "部長"})
    assert only(hub.push([rebased])).fields == {"name": "a", "title": "課長"}


def test_equal_values_never_conflict_and_empty_is_absent(connect: Connect) -> None:
    hub = connect("m-sato")
    hub.push([patch(Thing.LEAD, "l", {"name": "a", "title": "部長"})])
    assert only(hub.push([patch(Thing.LEAD, "l", {"name": "a"}, {"name": "old"})])).status is Status.ACKED
    assert only(hub.push([patch(Thing.LEAD, "l", {"title": None}, {"title": "部長"})])).fields == {"name": "a"}
    assert only(hub.push([patch(Thing.LEAD, "l", {"need": "x"}, {"need": ""})])).fields == {"name": "a", "need": "x"}


def test_later_commands_of_a_batch_see_the_earlier(connect: Connect) -> None:
    hub = connect("m-sato")
    results = hub.push(
        [
            patch(Thing.LEAD, "l", {"name": "a"}),
            patch(Thing.LEAD, "l", {"name": "b"}, {"name": "a"}),
            patch(Thing.LEAD, "l", {"name": "x"}, {"name": "a"}),
            patch(Thing.LEAD, "l", {"name": "c"}, {"name": "b"}),
        ]
    )
    assert [r.status for r in results] == [Status.ACKED, Status.ACKED, Status.CONFLICT, Status.ACKED]
    assert results[-1].fields == {"name": "c"}


def test_do_not_call_only_tightens(connect: Connect) -> None:
    hub = connect("m-sato")
    hub.push([patch(Thing.LEAD, "l", {"name": "a", "dnc": False})])
    assert only(hub.push([patch(Thing.LEAD, "l", {"dnc": True}, {"dnc": None})])).fields["dnc"] is True
    unseen = only(hub.push([patch(Thing.LEAD, "l", {"dnc": None, "title": "部長"}, {"dnc": False})]))
    assert (unseen.status, unseen.fields) == (Status.ACKED, {"name": "a", "dnc": True, "title": "部長"})
    assert "dnc" not in only(hub.push([patch(Thing.LEAD, "l", {"dnc": None}, {"dnc": True})])).fields


def test_what_is_refused_blocks_nothing_else(connect: Connect) -> None:
    hub = connect("m-sato")
    results = hub.push(
        [
            touch("t1", "l"),
            touch("t2", "l", note="長" * 32_001),
            touch("t3", "l", note="長" * 32_000),
            patch(Thing.TOUCH, "t4", {}),
            patch(Thing.LEAD, "l", {"is_memo": "x" * 1_000_001}),
        ]
    )
    assert [r.status for r in results] == [
        Status.ACKED,
        Status.REFUSED,
        Status.ACKED,
        Status.REFUSED,
        Status.REFUSED,
    ]
    assert all(r.code and r.message for r in results if r.status is Status.REFUSED)
    assert [r.id for r in pull(hub, Thing.TOUCH)[0]] == ["t1", "t3"]
    assert hub.probe(asked("t2")) == {}


def test_pages_give_every_row_once_and_then_only_what_is_new(connect: Connect) -> None:
    hub = connect("m-sato")
    hub.push([patch(Thing.LEAD, f"l{n:03}", {"name": str(n)}) for n in range(107)])
    rows, cursor = pull(hub, Thing.LEAD, limit=10)
    assert sorted(r.id for r in rows) == [f"l{n:03}" for n in range(107)]
    assert pull(hub, Thing.LEAD, cursor) == ([], cursor)
    hub.push([patch(Thing.LEAD, "l005", {"name": "neu"}, {"name": "5"})])
    fresh, _ = pull(hub, Thing.LEAD, cursor)
    assert [(r.id, r.fields["name"]) for r in fresh] == [("l005", "neu")]
    assert dict(hub.ids(Thing.LEAD, Scope.TEAM))["l005"] == fresh[0].version


def test_an_unchanged_write_gives_no_new_version(connect: Connect) -> None:
    hub = connect("m-sato")
    first = only(hub.push([patch(Thing.LEAD, "l", {"name": "a"})]))
    assert only(hub.push([patch(Thing.LEAD, "l", {"name": "a"}, {"name": "z"})])).version == first.version


def test_ones_own_book_and_everybody_elses_suppressions(connect: Connect) -> None:
    sato, ito = connect("m-sato"), connect("m-ito")
    sato.push(
        [
            patch(Thing.COMPANY, "c1", {"name": "甲"}),
            patch(Thing.COMPANY, "c2", {"name": "乙"}),
            patch(Thing.LEAD, "l1", {"name": "a", "owner_id": "m-sato", "company_id": "c1"}),
            patch(Thing.LEAD, "l2", {"name": "b", "owner_id": "m-ito", "company_id": "c2"}),
        ]
    )
    sato.push(
        [
            touch("t1", "l1"),
            touch("t2", "l2"),
            Command("s1", Do.APPEND, Thing.SUPPRESSION, "s1", {"id": "s1", "hmac": "00"}),
        ]
    )
    for hub, lead, company, one in ((sato, "l1", "c1", "t1"), (ito, "l2", "c2", "t2")):
        assert [r.id for r in pull(hub, Thing.LEAD, scope=Scope.MINE)[0]] == [lead]
        assert [r.id for r in pull(hub, Thing.COMPANY, scope=Scope.MINE)[0]] == [company]
        assert [r.id for r in pull(hub, Thing.TOUCH, scope=Scope.MINE)[0]] == [one]
        assert [i for i, _ in hub.ids(Thing.LEAD, Scope.MINE)] == [lead]
        assert [r.id for r in pull(hub, Thing.SUPPRESSION, scope=Scope.MINE)[0]] == ["s1"]


def test_a_lead_brings_its_history_to_its_new_owner_and_tells_the_old_one(connect: Connect) -> None:
    sato, ito = connect("m-sato"), connect("m-ito")
    sato.push(
        [
            patch(Thing.COMPANY, "c1", {"name": "甲"}),
            patch(Thing.LEAD, "l1", {"name": "a", "owner_id": "m-sato", "company_id": "c1"}),
            touch("t1", "l1"),
        ]
    )
    cursors = {
        (who, obj): pull(hub, obj, scope=Scope.MINE)[1]
        for who, hub in (("sato", sato), ("ito", ito))
        for obj in (Thing.LEAD, Thing.COMPANY, Thing.TOUCH)
    }
    sato.push([patch(Thing.LEAD, "l1", {"owner_id": "m-ito"}, {"owner_id": "m-sato"})])
    for obj, identity in ((Thing.LEAD, "l1"), (Thing.COMPANY, "c1"), (Thing.TOUCH, "t1")):
        assert [r.id for r in pull(ito, obj, cursors["ito", obj], Scope.MINE)[0]] == [identity]
    (left,) = pull(sato, Thing.LEAD, cursors["sato", Thing.LEAD], Scope.MINE)[0]
    assert left.fields["owner_id"] == "m-ito"
    assert list(sato.ids(Thing.LEAD, Scope.MINE)) == []


def test_facts_may_come_before_their_lead(connect: Connect) -> None:
    hub = connect("m-ito")
    hub.push([touch("t1", "l1")])
    hub.push([patch(Thing.LEAD, "l1", {"name": "a", "owner_id": "m-ito"})])
    assert [r.id for r in pull(hub, Thing.TOUCH, scope=Scope.MINE)[0]] == ["t1"]


def test_fetch_reads_whatever_the_scope(connect: Connect) -> None:
    connect("m-sato").push([patch(Thing.LEAD, "l1", {"name": "a", "owner_id": "m-sato"})])
    assert [r.id for r in connect("m-ito").fetch(Thing.LEAD, ["l1", "nowhere"])] == ["l1"]


def test_describe_and_capabilities_are_there(connect: Connect) -> None:
    hub = connect("m-sato")
    assert "phone_direct" in {f.code for f in hub.describe(Thing.LEAD)}
    assert hub.capabilities().upsert_key == "per_object"
