"""What waits, what clashes, what is decided: as the sync page and the command line see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from isdesk.crm.port import Command, Do, Offline, Person, Scope, Thing
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import calls, history, leads, outbox, projection
from isdesk.services.context import Context
from isdesk.store import connections, journal
from isdesk.sync import Engine
from tests.services.conftest import REP


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SqlHub]:
    """A hub that knows the rep."""
    made = SqlHub.create(
        f"sqlite:///{tmp_path / 'hub.db'}",
        people=[Person(REP.id, REP.name, REP.role, REP.email)],
        user=REP.id,
        key=bytes(32),
        suppression_key=b"s" * 32,
    )
    yield made
    made.close()


@pytest.fixture
def engine(ctx: Context, hub: SqlHub) -> Engine:
    """The desk connected to the hub."""
    with ctx.store.write() as tx:
        connections.put(tx, connections.Connection("sqlhub", "sqlhub", "", ctx.now(), scope="team"))
        journal.enlist(tx, "sqlhub")
    return Engine(
        ctx.store,
        hub,
        clock=ctx.clock,
        device_id=ctx.device_id,
        reproject=lambda tx, ids: projection.refresh(ctx, tx, ids),
        scope=Scope.TEAM,
        rng=Random(1),
    )


def _theirs(hub: SqlHub, lead: LeadId, field: str, value: str) -> None:
    (row,) = hub.fetch(Thing.LEAD, [lead])
    command = Command(
        f"their-{field}-{value}", Do.PATCH, Thing.LEAD, lead, {field: value}, {field: row.fields.get(field)}
    )
    assert hub.push([command])[0].status == "acked"


def test_without_a_connection_there_is_none(ctx: Context, lead: LeadId) -> None:
    assert outbox.status(ctx).state == "none"
    assert outbox.items(ctx) == ()


def test_what_waits_is_listed_with_what_will_be_written(ctx: Context, lead: LeadId, engine: Engine) -> None:
    assert outbox.status(ctx).waiting == 2
    engine.run()
    leads.edit(ctx, lead, {"title": "資材部長"})
    calls.record(ctx, lead, "NO_ANSWER")
    waiting = outbox.items(ctx)
    assert [(i.kind, i.state, i.lead_name) for i in waiting] == [
        ("touch", "pending", "山田 太郎"),
        ("change", "pending", "山田 太郎"),
    ]
    assert waiting[0].fields["outcome"] == "NO_ANSWER"
    assert waiting[1].fields == {"title": "資材部長"}
    status = outbox.status(ctx)
    assert (status.state, status.waiting, status.attention, status.oldest) == ("online", 2, 0, ctx.now())
    engine.run()
    assert outbox.items(ctx) == ()
    assert outbox.status(ctx).last_sync == ctx.now()
    assert [r.ok for r in outbox.history(ctx)] == [True, True]


def test_a_sync_brings_a_call_of_another_and_places_the_lead(
    ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub
) -> None:
    engine.run()
    _theirs(hub, lead, "title", "取締役")
    report = engine.run()
    assert report.changes.leads == {lead}
    assert leads.view(ctx, lead).fields["title"] == "取締役"


def _clash(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> str:
    engine.run()
    leads.edit(ctx, lead, {"title": "資材部長"})
    _theirs(hub, lead, "title", "取締役")
    assert engine.run().conflicts == 1
    (item,) = outbox.conflicts(ctx)
    assert (item.field, item.base, item.mine, item.theirs) == ("title", "購買部長", "資材部長", "取締役")
    assert (item.lead_id, item.lead_name) == (lead, "山田 太郎")
    assert outbox.status(ctx).conflicts == 1
    return item.id


@pytest.mark.parametrize(
    ("take", "value", "stands"),
    [("local", None, "資材部長"), ("remote", None, "取締役"), ("value", "専務", "専務")],
)
def test_a_conflict_is_decided_by_one_word(
    ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub, take: str, value: str | None, stands: str
) -> None:
    conflict = _clash(ctx, lead, engine, hub)
    outbox.resolve(ctx, conflict, take, value)
    assert outbox.conflicts(ctx) == ()
    assert leads.view(ctx, lead).fields["title"] == stands
    report = engine.run()
    assert (report.conflicts, report.pending) == (0, 0)
    assert hub.fetch(Thing.LEAD, [lead])[0].fields["title"] == stands
    with pytest.raises(NotFound):
        outbox.resolve(ctx, conflict, "local")


def test_a_decision_can_be_undone(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    outbox.resolve(ctx, _clash(ctx, lead, engine, hub), "local")
    history.undo(ctx)
    assert leads.view(ctx, lead).fields["title"] == "取締役"
    engine.run()
    assert hub.fetch(Thing.LEAD, [lead])[0].fields["title"] == "取締役"


def test_only_the_three_answers_are_understood(ctx: Context) -> None:
    with pytest.raises(BadInput):
        outbox.resolve(ctx, "x", "theirs")
    with pytest.raises(NotFound):
        outbox.resolve(ctx, "x", "local")


def test_a_withdrawn_edit_is_taken_back_and_never_sent(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    engine.run()
    leads.edit(ctx, lead, {"title": "資材部長"})
    (item,) = outbox.items(ctx)
    assert outbox.withdraw(ctx, item.id, "誤入力").changes.leads == {lead}
    assert leads.view(ctx, lead).fields["title"] == "購買部長"
    assert engine.run().sent == 0
    with pytest.raises(Refused):
        outbox.withdraw(ctx, item.id)
    with pytest.raises(Refused):
        outbox.retry(ctx, item.id)
    with pytest.raises(NotFound):
        outbox.retry(ctx, "nothing")


def test_away_from_the_network_the_status_says_so(
    ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise Offline("hub_offline")

    monkeypatch.setattr(hub, "hello", gone)
    assert not engine.run().online
    status = outbox.status(ctx)
    assert (status.state, status.error, status.waiting) == ("offline", "hub_offline", 2)
    assert outbox.status(ctx, syncing=True).state == "syncing"
