"""What a person may do with what could not be sent: nothing is lost, and it says who decided and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from isdesk.crm.port import Command, Do, Person, Scope, Thing
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Channel
from isdesk.services import calls, history, leads, outbox, projection
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.store import connections, fold, journal
from isdesk.store import leads as lead_rows
from isdesk.sync import Engine
from tests.services.conftest import REP, add

LONG = "長" * 32_001
"""A note longer than the hub takes."""


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
def engine(ctx: Context, hub: SqlHub, lead: LeadId) -> Engine:
    """The desk connected to the hub, with one lead there."""
    with ctx.store.write() as tx:
        connections.put(tx, connections.Connection("sqlhub", "sqlhub", "", ctx.now(), scope="team"))
        journal.enlist(tx, "sqlhub")
    made = Engine(
        ctx.store,
        hub,
        clock=ctx.clock,
        device_id=ctx.device_id,
        reproject=lambda tx, ids: projection.refresh(ctx, tx, ids),
        scope=Scope.TEAM,
        rng=Random(1),
    )
    made.run()
    return made


def _refused_call(ctx: Context, lead: LeadId, engine: Engine) -> str:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(note=LONG))
    assert engine.run().quarantined == 1
    (item,) = (one for one in outbox.items(ctx) if one.state == "quarantined" and one.kind == "touch")
    return item.id


def _refused_edit(ctx: Context, lead: LeadId, engine: Engine) -> str:
    leads.edit(ctx, lead, {"title": "資材部長"})
    with ctx.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'quarantined', error_class = 'refused' WHERE state = 'pending'")
    (item,) = outbox.items(ctx)
    return item.id


def _delivery(ctx: Context, item: str) -> tuple[object, ...]:
    with ctx.store.read() as tx:
        found = tx.sql("SELECT state, error_class, error_text, decided_by FROM delivery WHERE cmd_id = ?", (item,))
        return tuple(found.fetchone())


def _touches(hub: SqlHub) -> list[dict[str, object]]:
    return [dict(row.fields) for row in hub.changes(Thing.TOUCH, None, Scope.TEAM).rows]


def _sound(ctx: Context) -> None:
    from isdesk.domain.changes import Obj

    with ctx.store.read() as tx:
        assert [*fold.differing(tx, Obj.LEAD), *fold.differing(tx, Obj.COMPANY)] == []


def test_a_corrected_note_goes_and_the_record_stays_as_it_was(
    ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub
) -> None:
    item = _refused_call(ctx, lead, engine)
    outbox.fix(ctx, item, "note", "短いメモ")
    assert engine.run().sent == 1
    assert [one["note"] for one in _touches(hub)] == ["短いメモ"]
    with ctx.store.read() as tx:
        assert [t.note for t in lead_rows.touches(tx, lead)] == [LONG]
    assert _delivery(ctx, item)[3] == REP.id
    for field, value in (("lead_id", "x"), ("note", 3), ("outcome", "x")):
        with pytest.raises((BadInput, Refused)):
            outbox.fix(ctx, item, field, value)


def test_a_corrected_edit_shows_and_goes(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    item = _refused_edit(ctx, lead, engine)
    changed = outbox.fix(ctx, item, "title", "購買本部長").changes
    assert changed.leads == {lead}
    outbox.fix(ctx, item, "department", "購買本部")
    assert leads.view(ctx, lead).fields["title"] == "購買本部長"
    assert engine.run().conflicts == 0
    fields = hub.fetch(Thing.LEAD, [lead])[0].fields
    assert (fields["title"], fields["department"]) == ("購買本部長", "購買本部")
    _sound(ctx)
    with pytest.raises(NotFound):
        outbox.fix(ctx, "nothing", "title", "x")


def test_a_value_that_cannot_be_is_refused_and_nothing_changes(ctx: Context, lead: LeadId, engine: Engine) -> None:
    item = _refused_edit(ctx, lead, engine)
    for field, value in (("email", "no mail"), ("nothing", "x")):
        with pytest.raises(BadInput):
            outbox.fix(ctx, item, field, value)
    assert _delivery(ctx, item) == ("quarantined", "refused", None, None)


def test_a_call_moves_to_the_lead_that_was_merged_into(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    other = add(ctx, "中村 直樹", phone_direct="052-211-9999")
    item = _refused_call(ctx, lead, engine)
    outbox.fix(ctx, item, "note", "短い")
    with ctx.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'quarantined', error_class = 'gone' WHERE cmd_id = ?", (item,))
    written = outbox.retarget(ctx, item, other)
    assert written.changes.leads >= {lead, other}
    assert _delivery(ctx, item) == ("cancelled", "retargeted", other, REP.id)
    assert [one.what for one in leads.view(ctx, lead).timeline if one.what == "touch"] == []
    assert [one.code for one in leads.view(ctx, other).timeline if one.what == "touch"] == ["NO_ANSWER"]
    with pytest.raises(Refused):
        outbox.retarget(ctx, item, other)
    assert engine.run().quarantined == 0
    assert [(one["lead_id"], one["note"]) for one in _touches(hub)] == [(other, "短い")]


def test_an_edit_moves_too(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    other = add(ctx, "中村 直樹", phone_direct="052-211-9999")
    engine.run()
    item = _refused_edit(ctx, lead, engine)
    outbox.retarget(ctx, item, other)
    engine.run()
    assert leads.view(ctx, lead).fields["title"] == "購買部長"
    assert hub.fetch(Thing.LEAD, [other])[0].fields["title"] == "資材部長"
    _sound(ctx)
    history.undo(ctx)
    assert leads.view(ctx, other).fields["title"] == "購買部長"


def test_a_new_record_cannot_be_moved_or_noted(ctx: Context, lead: LeadId, engine: Engine) -> None:
    fresh = add(ctx, "新規", phone_direct="052-211-9998")
    item = next(one.id for one in outbox.items(ctx) if one.obj_id == fresh)
    with pytest.raises(Refused):
        outbox.retarget(ctx, item, lead)
    with pytest.raises(Refused):
        outbox.note_only(ctx, item)


def test_a_call_goes_as_a_note_alone(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(note="折り返し"))
    (item,) = (one for one in outbox.items(ctx) if one.kind == "touch")
    outbox.note_only(ctx, item.id)
    engine.run()
    (sent,) = _touches(hub)
    assert (sent["channel"], sent.get("outcome"), sent["lead_id"]) == ("note", None, lead)
    assert str(sent["note"]).endswith("折り返し")
    assert len(str(sent["note"]).splitlines()) == 2


def test_an_edit_goes_as_a_note_of_its_lead(ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub) -> None:
    item = _refused_edit(ctx, lead, engine)
    outbox.note_only(ctx, item)
    assert leads.view(ctx, lead).fields["title"] == "購買部長"
    assert _delivery(ctx, item)[:2] == ("cancelled", "noted")
    engine.run()
    (sent,) = _touches(hub)
    assert (sent["channel"], sent["note"]) == (Channel.NOTE, "役職: 資材部長")
    _sound(ctx)


def test_what_is_discarded_keeps_its_words_and_its_reason(ctx: Context, lead: LeadId, engine: Engine) -> None:
    edit, call = _refused_edit(ctx, lead, engine), _refused_call(ctx, lead, engine)
    with pytest.raises(BadInput):
        outbox.discard(ctx, edit, " ")
    for item in (edit, call):
        outbox.discard(ctx, item, "CRM側で記録済み")
        assert _delivery(ctx, item) == ("cancelled", "discarded", "CRM側で記録済み", REP.id)
        with pytest.raises(Refused):
            outbox.discard(ctx, item, "もう一度")
    with ctx.store.read() as tx:
        kept = [row[0] for row in tx.sql("SELECT payload FROM delivery WHERE error_class = 'discarded' ORDER BY seq")]
    assert "資材部長" in kept[0]
    assert LONG in kept[1]
    assert leads.view(ctx, lead).fields["title"] == "購買部長"
    assert outbox.items(ctx) == ()
    _sound(ctx)


def test_what_somebody_found_in_the_crm_is_written(ctx: Context, lead: LeadId, engine: Engine) -> None:
    item = _refused_call(ctx, lead, engine)
    with pytest.raises(Refused):
        outbox.mark_written(ctx, item)
    with ctx.store.write() as tx:
        tx.sql("UPDATE delivery SET error_class = 'unknown' WHERE cmd_id = ?", (item,))
    outbox.mark_written(ctx, item)
    assert (_delivery(ctx, item)[0], _delivery(ctx, item)[3]) == ("acked", REP.id)
    assert engine.run().sent == 0


def test_a_new_record_that_was_found_keeps_showing(ctx: Context, lead: LeadId, engine: Engine) -> None:
    fresh = add(ctx, "新規", phone_direct="052-211-9998")
    item = next(one.id for one in outbox.items(ctx) if one.obj_id == fresh)
    with ctx.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'quarantined', error_class = 'unknown' WHERE cmd_id = ?", (item,))
    outbox.mark_written(ctx, item)
    assert leads.view(ctx, fresh).fields["name"] == "新規"
    _sound(ctx)


def test_alike_conflicts_are_decided_at_once_and_undone_at_once(
    ctx: Context, lead: LeadId, engine: Engine, hub: SqlHub
) -> None:
    other = add(ctx, "中村 直樹", phone_direct="052-211-9999")
    engine.run()
    for number, one in enumerate((lead, other)):
        leads.edit(ctx, one, {"title": "資材部長", "department": "資材部"})
        (row,) = hub.fetch(Thing.LEAD, [one])
        theirs = {"title": "取締役", "department": "役員室"}
        base = {code: row.fields.get(code) for code in theirs}
        hub.push([Command(f"their-{number}", Do.PATCH, Thing.LEAD, one, theirs, base)])
    engine.run()
    found = outbox.conflicts(ctx)
    assert len(found) == 4
    written = outbox.resolve_many(ctx, [one.id for one in found], "local")
    assert written.changes.leads >= {lead, other}
    assert outbox.conflicts(ctx) == ()
    assert {leads.view(ctx, one).fields["title"] for one in (lead, other)} == {"資材部長"}
    with ctx.store.read() as tx:
        assert tx.sql("SELECT count(*) FROM change WHERE journal_id = ?", (written.journal_id,)).fetchone() == (2,)
    history.undo(ctx)
    assert {leads.view(ctx, one).fields["title"] for one in (lead, other)} == {"取締役"}
    assert {leads.view(ctx, one).fields["department"] for one in (lead, other)} == {"役員室"}
    with pytest.raises(NotFound):
        outbox.resolve_many(ctx, [one.id for one in found], "local")
    with pytest.raises(BadInput):
        outbox.resolve_many(ctx, [], "value")


def test_each_contact_says_how_far_it_has_come(ctx: Context, lead: LeadId, engine: Engine) -> None:
    def link(obj: str, remote: str) -> str:
        return f"https://crm.example/{obj}/{remote}"

    first = calls.record(ctx, lead, "NO_ANSWER").touch_id
    engine.run()
    second = _refused_call(ctx, lead, engine)
    third = calls.record(ctx, lead, "NO_ANSWER").touch_id
    states = outbox.touch_states(ctx, lead, link)
    assert first is not None
    assert third is not None
    assert {key: one.state for key, one in states.items()} == {first: "acked", second: "attention", third: "local"}
    assert states[first].link == f"https://crm.example/touch/{first}"
    refused = next(one for key, one in states.items() if key == second)
    assert (refused.item, refused.link, refused.error) == (second, None, "note: 32001 > 32000")
    with ctx.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'uncertain', error_class = 'unknown' WHERE cmd_id = ?", (third,))
    assert outbox.touch_states(ctx, lead)[third].state == "sending"


def test_a_call_keeps_how_wrong_the_clock_was(ctx: Context, lead: LeadId, engine: Engine) -> None:
    from isdesk.store import meta

    with ctx.store.write() as tx:
        meta.put(tx, "sync:sqlhub:skew_ms", 95_000)
    calls.record(ctx, lead, "NO_ANSWER")
    with ctx.store.read() as tx:
        (touch,) = lead_rows.touches(tx, lead)
    assert touch.skew_ms == 95_000
    assert touch.at == ctx.now()
    assert outbox.status(ctx).skew_ms == 95_000
