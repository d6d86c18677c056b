"""A desk that joins a team, changes hubs or gets other definitions: nothing of its own is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.crm.port import Command, Do, Person, Scope, Thing
from isdesk.crm.sqlhub import SqlHub
from isdesk.desk import Desk
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.suppression import digest
from isdesk.services import calls, cover, history, leads, queue
from isdesk.store import leads as stored
from isdesk.store import meta
from tests.services.conftest import TUESDAY, HandClock

WORDS = "correct horse battery staple"
SUZUKI = Person(MemberId("m-suzuki"), "鈴木 一郎", "rep", "suzuki@example.jp")
ITO = Person(MemberId("m-ito"), "伊藤 健", "rep", "ito@example.jp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A rep who has worked alone so far."""
    made, _ = Desk.create(
        tmp_path / "profile",
        name=SUZUKI.name,
        email=SUZUKI.email,
        passphrase=WORDS,
        clock=HandClock(TUESDAY),
    )
    yield made
    made.close()


def _hub(folder: Path, name: str, key: bytes = b"h" * 32) -> tuple[SqlHub, str]:
    """A team's hub that knows the rep under an id of its own."""
    path = folder / f"{name}.db"
    url = f"sqlite:///{path}"
    hub_key, _ = vault.create(Path(f"{path}.key"), WORDS)
    return SqlHub.create(url, people=[SUZUKI, ITO], user=ITO.id, key=hub_key, suppression_key=key), url


def _lead(desk: Desk, name: str = "山田 太郎") -> LeadId:
    return leads.create(desk.ctx, {"name": name, "phone_direct": "052-211-1234", "lead_source": "inquiry"})[0]


def test_the_book_of_a_rep_comes_along_into_the_team(desk: Desk, tmp_path: Path) -> None:
    lead = _lead(desk)
    assert queue.ids(desk.ctx) == [lead]
    hub, url = _hub(tmp_path, "hub")
    with closing(hub):
        desk.connect("sqlhub", url=url, user=SUZUKI.email, secret=WORDS)
        assert desk.ctx.me.id == SUZUKI.id
        assert [m.id for m in desk.ctx.members.values() if m.active and m.name == SUZUKI.name] == [SUZUKI.id]
        assert queue.ids(desk.ctx) == [lead]
        assert desk.sync().error == ""
        assert queue.ids(desk.ctx) == [lead]
        (row,) = hub.fetch(Thing.LEAD, [lead])
        assert row.fields["owner_id"] == SUZUKI.id
        assert [step.verb for step in history.peek_undo(desk.ctx)] == ["create"]


TEAM = 'extends = "default"\nname = "team"\nnumber = 2\nja = "チーム"\nen = "Team"\n[caps]\nper_number_day = 1\n'


def _publish(hub: SqlHub, text: str, key: str = "book") -> None:
    before = {row.id: row.fields.get("text") for row in hub.fetch(Thing.PLAYBOOK, ["team"])}
    done = hub.push([Command(key, Do.PATCH, Thing.PLAYBOOK, "team", {"text": text}, {"text": before.get("team")})])
    assert done[0].status == "acked"


def _places_are_fresh(desk: Desk, *wanted: LeadId) -> None:
    for row in queue.rows(desk.ctx, wanted):
        fresh = leads.view(desk.ctx, row.lead_id).placement
        assert (row.tier, row.held) == (fresh.tier, fresh.held)


def _two_of_one_number(desk: Desk) -> tuple[LeadId, LeadId]:
    """Two leads of one number, of whom one was called two hours ago: one more call a day is left for the other."""
    called, other = _lead(desk), _lead(desk, "高橋 健")
    calls.record(desk.ctx, called, "NO_ANSWER")
    clock = desk.ctx.clock
    assert isinstance(clock, HandClock)
    clock.go(hours=4)
    queue.settle(desk.ctx)
    assert queue.rows(desk.ctx, [other])[0].held is None
    return called, other


def test_other_definitions_from_the_hub_bind_at_once(desk: Desk, tmp_path: Path) -> None:
    hub, url = _hub(tmp_path, "hub")
    with closing(hub):
        desk.connect("sqlhub", url=url, user=SUZUKI.email, secret=WORDS)
        called, other = _two_of_one_number(desk)
        desk.sync()
        _publish(hub, TEAM)
        assert desk.sync().error == ""
        assert desk.ctx.rules.caps.per_number_day == 1
        assert queue.rows(desk.ctx, [other])[0].held == "cap"
        _places_are_fresh(desk, called, other)


def test_definitions_that_cannot_be_read_shut_nobody_out(desk: Desk, tmp_path: Path) -> None:
    hub, url = _hub(tmp_path, "hub")
    with closing(hub):
        desk.connect("sqlhub", url=url, user=SUZUKI.email, secret=WORDS)
        _publish(hub, TEAM)
        desk.sync()
        _publish(hub, TEAM + "per_century = 9\n", "newer")
        assert desk.sync().error == "playbook_of_team_unreadable"
        assert desk.ctx.rules.caps.per_number_day == 1
        desk.close()
        with closing(Desk.open(desk.profile.root, passphrase=WORDS, clock=HandClock(TUESDAY))) as opened:
            assert opened.ctx.rules.caps.per_number_day == 1


def test_a_do_not_call_under_the_key_of_another_hub_binds_in_the_round_that_brings_it(
    desk: Desk, tmp_path: Path
) -> None:
    first, url = _hub(tmp_path, "first")
    first.close()
    desk.connect("sqlhub", url=url, user=SUZUKI.email, secret=WORDS)
    lead = _lead(desk)
    desk.sync()
    for name in ("first.db", "first.db.key", "first.db-wal", "first.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    again, _ = _hub(tmp_path, "first", key=b"n" * 32)
    with closing(again):
        mark = {
            "id": "s-1",
            "kind": "number",
            "hmac": digest(b"n" * 32, "number", "+81522111234"),
            "at": TUESDAY.isoformat(),
            "member_id": ITO.id,
        }
        again.push([Command("s-1", Do.APPEND, Thing.SUPPRESSION, "s-1", mark, {}, device_id="d-ito")])
        desk.close()
        with closing(Desk.open(desk.profile.root, passphrase=WORDS, clock=HandClock(TUESDAY))) as opened:
            report = opened.sync()
            assert report.error == "", report
            assert calls.may_dial(opened.ctx, lead) == "dnc"
            assert lead not in queue.ids(opened.ctx)


def test_another_hub_gets_everything_this_desk_wrote(desk: Desk, tmp_path: Path) -> None:
    hub, url = _hub(tmp_path, "hub")
    hub.close()
    desk.connect("sqlhub", url=url, user=SUZUKI.email, secret=WORDS)
    lead = _lead(desk)
    calls.record(desk.ctx, lead, "NO_ANSWER")
    desk.sync()
    leads.edit(desk.ctx, lead, {"title": "部長"})
    other, there = _hub(tmp_path, "other", key=b"o" * 32)
    with closing(other):
        desk.connect("sqlhub", url=there, user=SUZUKI.email, secret=WORDS)
        assert desk.sync().error == ""
        desk.sync()
        (row,) = other.fetch(Thing.LEAD, [lead])
        assert row.fields["title"] == "部長"
        assert len(other.changes(Thing.TOUCH, None, Scope.TEAM).rows) == 1


def test_definitions_changed_between_two_starts_bind_at_the_start(desk: Desk) -> None:
    called, other = _two_of_one_number(desk)
    own = desk.profile.playbooks / "own.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(TEAM.replace("team", "own"), encoding="utf-8")
    with desk.ctx.store.write() as tx:
        meta.put(tx, "playbook", "own")
    desk.close()
    with closing(Desk.open(desk.profile.root, passphrase=WORDS, clock=HandClock(desk.ctx.now()))) as opened:
        queue.settle(opened.ctx)
        assert queue.rows(opened.ctx, [other])[0].held == "cap"
        _places_are_fresh(opened, called, other)


def test_who_stands_in_gets_the_leads_though_only_their_own_are_kept(tmp_path: Path) -> None:
    hub, url = _hub(tmp_path, "hub")
    clock = HandClock(TUESDAY)
    desks = []
    for person in (SUZUKI, ITO):
        made, _ = Desk.create(tmp_path / person.id, name=person.name, email=person.email, passphrase=WORDS, clock=clock)
        made.connect("sqlhub", url=url, user=person.email, secret=WORDS, scope="mine")
        desks.append(made)
    with closing(hub), closing(desks[0]) as away, closing(desks[1]) as here:
        many = [
            leads.create(away.ctx, {"name": f"人 {n}", "phone_direct": f"052-211-{1000 + n}", "lead_source": "list"})[0]
            for n in range(25)
        ]

        def turn(rounds: int = 1) -> None:
            for _ in range(rounds):
                for desk in (away, here):
                    clock.go(minutes=1)
                    assert desk.sync().error == ""

        turn(2)
        assert queue.ids(here.ctx) == []
        found, _ = cover.begin(away.ctx, SUZUKI.id, [ITO.id], TUESDAY.date(), TUESDAY.date())
        turn(2)
        assert sorted(queue.ids(here.ctx)) == sorted(many)
        calls.record(here.ctx, queue.ids(here.ctx)[0], "NO_ANSWER")
        turn()
        cover.end(away.ctx, found)
        turn(2)
        assert queue.ids(here.ctx) == []
        for _ in range(3):  # what was the colleague's is put away without a question; what was recorded stays
            clock.go(days=1)
            turn()
            clock.go(minutes=40)
            turn()
        with here.ctx.store.read() as tx:
            assert sum(len(block) for block in stored.all_ids(tx)) == 0
        with away.ctx.store.read() as tx:
            assert sum(len(block) for block in stored.all_ids(tx)) == 25
