"""The queue as it is read, and what was dialled on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from isdesk.domain.cover import Share
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.state import DialDay
from isdesk.store import Store, board, leads
from tests.store.conftest import ME, NOW, Desk
from tests.store.test_leads import BARE, placement

DAY = date(2026, 11, 24)
MINE, NOBODYS = (Share(ME),), (Share(MemberId("nobody")),)


@pytest.fixture
def queue(desk: Desk) -> Store:
    desk.company("c-1", "青葉")
    for key in "abcdef":
        desk.lead(key, "c-1" if key == "a" else None, owner_id="other" if key == "f" else ME)
    with desk.store.write() as tx:
        leads.save_state(
            tx,
            [
                (LeadId("a"), BARE, placement("a", 6, k1=5)),
                (LeadId("b"), BARE, placement("b", 6, k1=4)),
                (LeadId("c"), BARE, placement("c", 1)),
                (LeadId("d"), BARE, placement("d", 2, "cap")),
                (LeadId("e"), BARE, placement("e", 0, listed=False)),
                (LeadId("f"), BARE, placement("f", 1)),
            ],
        )
    return desk.store


def test_the_queue_is_a_persons_in_order(queue: Store) -> None:
    with queue.read() as tx:
        assert board.ids(tx, MINE) == ["c", "b", "a"]
        assert board.ids(tx, MINE, held=True) == ["d"]
        assert board.ids(tx, MINE, tiers={6}) == ["b", "a"]
        assert board.ids(tx, MINE, limit=1, offset=1) == ["b"]
        assert board.first(tx, MINE) == ["c"]
        assert board.first(tx, MINE, exclude=[LeadId("c")], limit=2) == ["b", "a"]
        assert board.ids(tx, NOBODYS) == []
        assert (board.tier_counts(tx, MINE), board.held_counts(tx, MINE)) == ({1: 1, 6: 2}, {"cap": 1})


def test_a_page_shows_what_the_list_paints(queue: Store) -> None:
    with queue.read() as tx:
        page = board.page(tx, MINE, limit=2, offset=1)
        assert [line.lead_id for line in page] == ["b", "a"]
        assert page[1].company == {"name": "青葉"}
        assert page[1].chips == placement("a").chips
        assert (page[1].tier, page[1].due_at, page[1].listed, page[1].held) == (6, NOW, True, None)
        assert [line.lead_id for line in board.rows(tx, [LeadId("d"), LeadId("none"), LeadId("c")])] == ["d", "c"]


def test_the_queue_is_read_from_its_index(queue: Store) -> None:
    with queue.read() as tx:
        for statement in (
            "SELECT id FROM lead WHERE owner_id = 'm' AND listed = 1 AND held IS NULL ORDER BY k0, k1, k2, k3, id",
            "SELECT tier, count(*) FROM lead WHERE owner_id = 'm' AND listed = 1 AND held IS NULL GROUP BY tier",
        ):
            plan = " ".join(row[3] for row in tx.sql(f"EXPLAIN QUERY PLAN {statement}"))
            assert "COVERING INDEX ix_lead_queue" in plan
            assert "B-TREE FOR ORDER BY" not in plan


def test_placements_expire(queue: Store) -> None:
    with queue.read() as tx:
        assert board.expired(tx, NOW) == []
        assert board.next_change(tx) == NOW + timedelta(hours=1)
        assert len(board.expired(tx, NOW + timedelta(hours=1))) == 6
        assert len(board.expired(tx, NOW + timedelta(hours=1), limit=2)) == 2
        assert len(board.stale(tx, "2026-11-24")) == 6
        assert board.stale(tx, "") == []


def dials(desk: Desk, key: str, *ids: str, codes: set[str] | None = None) -> DialDay:
    with desk.store.read() as tx:
        few = board.dial_day(tx, [LeadId(key)], DAY, codes)[LeadId(key)]
        many = board.dial_day(tx, [LeadId(key), *(LeadId(f"x-{n}") for n in range(50))], DAY, codes)
    assert many[LeadId("x-1")] == DialDay()
    assert few == dials_of_many(desk, key, codes)
    return few


def dials_of_many(desk: Desk, key: str, codes: set[str] | None) -> DialDay:
    """The same asked in the way that reads the whole day."""
    every = [LeadId(k) for k in ("l-1", "l-2", "l-3")]
    with desk.store.read() as tx:
        before, board._FEW = board._FEW, 0
        try:
            return board.dial_day(tx, every, DAY, codes)[LeadId(key)]
        finally:
            board._FEW = before


@pytest.fixture
def company(desk: Desk) -> Desk:
    desk.company("c-1", "青葉", phone="+81312345678")
    desk.lead("l-1", "c-1", phone_direct="+81311111111")
    desk.lead("l-2", "c-1")
    desk.lead("l-3", phone_mobile="+81312345678")
    return desk


def dial(desk: Desk, lead: str, at: datetime = NOW, number: str = "+81312345678", **more: object) -> str:
    company = None if lead == "l-3" else "c-1"
    touch = desk.touch(lead, at, **{"company_id": company, "number": number, "outcome": "NO_ANSWER", **more})
    desk.write(touches=(touch,))
    return touch.id


def test_dials_bind_colleagues_and_those_who_share_the_number(company: Desk) -> None:
    dial(company, "l-1")
    dial(company, "l-1", NOW + timedelta(hours=1), number="+81311111111")
    later = NOW + timedelta(hours=1)
    assert dials(company, "l-1") == DialDay(2, later, False, 2, later)
    assert dials(company, "l-2") == DialDay(2, later, True, 1, NOW)
    assert dials(company, "l-3") == DialDay(0, None, False, 1, NOW)


def test_one_physical_dial_counts_once(company: Desk) -> None:
    dial(company, "l-1", dial_id="dial")
    dial(company, "l-2", dial_id="dial")
    assert (dials(company, "l-1").company_dials, dials(company, "l-3").number_dials) == (1, 1)


def test_what_is_no_dial_today_does_not_count(company: Desk) -> None:
    from isdesk.domain.touch import Channel, Direction

    dial(company, "l-1", channel=Channel.MAIL)
    dial(company, "l-1", direction=Direction.IN)
    dial(company, "l-1", outcome=None)
    dial(company, "l-1", signal="download")
    dial(company, "l-1", datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC))
    dial(company, "l-1", datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert dials(company, "l-1") == DialDay()
    taken_back = dial(company, "l-1")
    dial(company, "l-1", void=True, corrects=taken_back)
    assert dials(company, "l-1") == DialDay()
    dial(company, "l-1", outcome="CANCELED")
    assert dials(company, "l-1", codes={"NO_ANSWER"}) == DialDay()
    assert dials(company, "l-1").company_dials == 1
