"""Leads as they are read: facts with company, derived states kept exactly, identities, drafts, small tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isdesk.domain.changes import Obj
from isdesk.domain.errors import NotFound
from isdesk.domain.ids import CompanyId, DeviceId, HandoffId, JournalId, LeadId, MemberId, TouchId
from isdesk.domain.member import Member
from isdesk.domain.state import Chip, LeadFacts, LeadState, NextAction, Placement, Scores
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import ActionKind
from isdesk.store import Store, connections, identity, imports, leads, members, meta, suppressions
from isdesk.store.shelf import Shelf
from tests.store.conftest import ME, NOW, Desk, change

L1 = LeadId("l-1")

FULL = LeadState(
    open=True,
    stage="mql",
    attempts=3,
    next_action=NextAction(ActionKind.RETRY, NOW, "retry:P:3", TouchId("t-1")),
    last_touch_at=NOW,
    last_outcome="NO_ANSWER",
    sla_due_at=NOW + timedelta(microseconds=1),
    sla_risk_at=NOW,
    handoff_id=HandoffId("h"),
    handoff_state="returned",
    returned_reason="予算不明",
    dnc=True,
    cooldown_until=NOW,
    company_cooldown_until=NOW,
    inbound=True,
    scores=Scores(1, 2, 3, 4),
    scored_on="2026-11-24",
    hot_signal="download",
    hot_at=NOW,
)
BARE = LeadState(
    open=False,
    stage="nurture",
    attempts=0,
    next_action=None,
    last_touch_at=None,
    last_outcome=None,
    sla_due_at=None,
    sla_risk_at=None,
    handoff_id=None,
    handoff_state=None,
    returned_reason=None,
    dnc=False,
    cooldown_until=None,
    company_cooldown_until=None,
    inbound=False,
    scores=Scores(0, 0, 0, 0),
    scored_on="",
)


def placement(key: str, tier: int = 6, held: str | None = None, *, listed: bool = True, k1: int = 0) -> Placement:
    chips = (Chip("retry", "plain", (("n", "3"),)), Chip("hot", "good"))
    return Placement(tier, (tier, k1, -2, 3, key), held, listed, NOW, chips, NOW + timedelta(hours=1))


@pytest.mark.parametrize("state", [FULL, BARE])
def test_states_and_placements_are_kept_exactly(desk: Desk, state: LeadState) -> None:
    desk.lead("l-1")
    with desk.store.write() as tx:
        assert leads.state(tx, LeadId("none")) is None
        leads.save_state(tx, [(L1, state, placement("l-1"))])
        assert leads.state(tx, L1) == (state, placement("l-1"))
        assert leads.states(tx, [L1, LeadId("none")]) == {L1: (state, placement("l-1"))}
        leads.save_placement(tx, [(L1, placement("l-1", held="cap"))])
        assert leads.state(tx, L1) == (state, placement("l-1", held="cap"))


def test_a_change_of_facts_keeps_the_derived_state(desk: Desk) -> None:
    desk.lead("l-1")
    with desk.store.write() as tx:
        leads.save_state(tx, [(L1, FULL, placement("l-1"))])
    desk.write(change("l-1", owner_id="m-2", title="A"))
    with desk.store.read() as tx:
        assert leads.state(tx, L1) == (FULL, placement("l-1"))


def test_facts_come_with_the_company(desk: Desk) -> None:
    desk.company("c-1", "青葉")
    desk.lead("l-1", "c-1")
    desk.lead("l-2", "c-9")
    with desk.store.read() as tx:
        one = LeadFacts(L1, {"name": "山田 太郎", "company_id": "c-1"}, CompanyId("c-1"), {"name": "青葉"})
        assert leads.get(tx, L1) == one
        two = leads.get(tx, LeadId("l-2"))
        assert (two.company_id, two.company) == ("c-9", None)
        assert leads.many(tx, [L1, LeadId("none")]) == {L1: one}
        assert leads.company_leads(tx, CompanyId("c-1")) == leads.of_companies(tx, [CompanyId("c-1")]) == [L1]
        assert (leads.count(tx), list(leads.all_ids(tx, 1))) == (2, [[L1], [LeadId("l-2")]])
        assert leads.fields_of(tx, Obj.COMPANY, "c-1") == {"name": "青葉"}
        assert leads.fields_of(tx, Obj.LEAD, "none") is None
        with pytest.raises(NotFound):
            leads.get(tx, LeadId("none"))


def test_touches_are_in_the_same_order_everywhere(desk: Desk) -> None:
    later, first = desk.touch("l-1", NOW + timedelta(hours=1)), desk.touch("l-1", NOW)
    desk.write(touches=(later, first, desk.touch("l-2")))
    with desk.store.read() as tx:
        assert [t.id for t in leads.touches(tx, L1)] == [first.id, later.id]
        many = leads.touches_many(tx, [L1, LeadId("none")])
        assert {k: [t.id for t in v] for k, v in many.items()} == {L1: [first.id, later.id], LeadId("none"): []}
        day = leads.touches_between(tx, NOW, NOW + timedelta(hours=1))
        assert [t.lead_id for t in day] == ["l-1", "l-2"]
        assert leads.touches_between(tx, NOW, NOW + timedelta(hours=1), "another") == []


def test_identities_are_found_however_they_were_typed(desk: Desk) -> None:
    desk.company("c-1", "株式会社青葉", corporate_number="1234567890123", phone="+81312345678")
    desk.lead("l-1", "c-1", email="Taro@Example.com", phone_mobile="+819012345678")
    with desk.store.read() as tx:
        assert identity.leads_by_mail(tx, ["ＴＡＲＯ@example.com "]) == {"taro@example.com": [L1]}
        assert identity.leads_by_phone(tx, ["+819012345678", "+81312345678"]) == {"+819012345678": [L1]}
        assert identity.leads_by_person(tx, [("(株)青葉", "山田太郎"), ("青葉", "x")]) == {
            ("(株)青葉", "山田太郎"): [L1]
        }
        assert identity.companies_by_name(tx, ["青葉㈱"]) == {"青葉㈱": ["c-1"]}
        assert identity.companies_by_corporate_number(tx, ["1234567890123"]) == {"1234567890123": ["c-1"]}
        assert identity.companies_by_phone(tx, ["+81312345678"]) == {"+81312345678": ["c-1"]}
        assert identity.company_named(tx, "青葉") == "c-1"
        assert identity.company_named(tx, " ") is None
    desk.company("c-2", "青葉")
    desk.write(change("l-1", email=None))
    with desk.store.read() as tx:
        assert identity.company_named(tx, "青葉") is None
        assert identity.leads_by_mail(tx, ["taro@example.com"]) == {}


def test_a_draft_is_kept_until_it_is_empty(store: Store) -> None:
    with store.write() as tx:
        leads.put_draft(tx, L1, "書きかけ", NOW)
        leads.put_draft(tx, L1, "書きかけ2", NOW)
        assert leads.draft(tx, L1) == ("書きかけ2", NOW)
        assert leads.draft(tx, L1, "memo") is None
        leads.put_draft(tx, L1, "", NOW)
        assert leads.draft(tx, L1) is None


def test_suppressions_hold_until_lifted(store: Store) -> None:
    events = [
        Suppression("1", "number", "aa", NOW, ME),
        Suppression("2", "number", "aa", NOW, ME, lifts="1"),
        Suppression("3", "mail", "bb", NOW, ME),
    ]
    with store.write() as tx:
        assert not suppressions.any_known(tx)
        assert suppressions.add(tx, events[:1]) == 1
        assert suppressions.active(tx, ["aa", "bb"]) == {"aa"}
        assert suppressions.add(tx, events) == 2
        assert suppressions.active(tx, ["aa", "bb"]) == {"bb"}
        assert suppressions.any_known(tx)


def test_the_team(store: Store) -> None:
    me = Member(ME, "佐藤", "rep", "s@example.com")
    with store.write() as tx:
        members.put(tx, [me, Member(MemberId("m-2"), "鈴木", "fs", active=False)])
        members.put(tx, [Member(ME, "佐藤 花", "rep")])
        assert members.get(tx, ME) == Member(ME, "佐藤 花", "rep")
        assert set(members.everyone(tx)) == {"m-1", "m-2"}
        with pytest.raises(NotFound):
            members.get(tx, MemberId("m-9"))


def test_single_values_and_the_device(store: Store) -> None:
    with store.write() as tx:
        assert (meta.get(tx, "a"), meta.device(tx)) == (None, None)
        meta.put(tx, "a", {"x": [1, "青"]})
        assert (meta.get(tx, "a"), meta.text(tx, "a")) == ({"x": [1, "青"]}, None)
        meta.put(tx, "a", None)
        assert meta.get(tx, "a") is None
        meta.new_device(tx, DeviceId("d-1"), NOW)
        meta.new_device(tx, DeviceId("d-2"), NOW + timedelta(days=1))
        assert meta.device(tx) == "d-2"
    shelf = Shelf(store)
    shelf.put("hub", "sealed")
    assert (shelf.get("hub"), shelf.get("other")) == ("sealed", None)


def test_one_connection_is_primary(store: Store) -> None:
    one = connections.Connection("hub", "sqlhub", "sqlite://", NOW, {"a": 1})
    two = connections.Connection("kintone", "kintone", "https://x", NOW, scope="team")
    with store.write() as tx:
        assert connections.primary(tx) is None
        connections.put(tx, one)
        connections.put(tx, two)
        assert connections.primary(tx) == two
        assert [(c.adapter, c.primary) for c in connections.everything(tx)] == [("hub", False), ("kintone", True)]
        connections.pause(tx, "kintone", "auth")
        assert [c.paused for c in connections.everything(tx)] == ["", "auth"]
        connections.drop(tx, "kintone")
        connections.put(tx, one)
        assert connections.primary(tx) == one


def test_imports_are_remembered(store: Store) -> None:
    batch = imports.Batch("b", NOW, ME, JournalId("j"), "展示会", "leads.csv", {"rows": 3})
    with store.write() as tx:
        imports.put_batch(tx, batch)
        assert imports.batches(tx) == [batch]
        assert imports.mapping(tx, "k") is None
        imports.put_mapping(tx, "k", {"氏名": "name"}, NOW)
        imports.put_mapping(tx, "k", {"氏名": "name_kana"}, NOW)
        assert imports.mapping(tx, "k") == {"氏名": "name_kana"}
