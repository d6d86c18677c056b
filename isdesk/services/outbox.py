"""What waits to be sent, what needs a person, and how the last rounds of sync went (SYNC E14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import CompanyId, LeadId, TouchId
from isdesk.services import entries, projection
from isdesk.services.attention import combined, discard, fix, mark_written, need, note_only, retarget
from isdesk.services.context import Context
from isdesk.services.timeline import SENT
from isdesk.services.views import ConflictItem, OutboxItem, SyncStatus, TouchState, Written
from isdesk.store import connections, deliveries, fold, journal, leads, mirror

if TYPE_CHECKING:
    from isdesk.store import Tx

__all__ = [
    "LOCAL", "REMOTE", "VALUE", "Round", "conflicts", "discard", "fix", "history", "items", "mark_written", "note_only",
    "resolve", "resolve_many", "retarget", "retry", "status", "touch_states", "withdraw",
]  # fmt: skip

LOCAL, REMOTE, VALUE = "local", "remote", "value"
Link = Callable[[str, str], str | None]
"""Gives the page of a record (kind, the CRM's id), None where there is none."""
LIMIT = 500

_SHOWN_ERROR = {"unknown": "answer_lost", "transient": "hub_busy", "conflict": ""}


@dataclass(frozen=True, slots=True)
class Round:
    """One round of sync in the history; ``error`` is a code of the message catalogue, or empty."""

    adapter: str
    started_at: datetime
    ended_at: datetime
    ok: bool
    error: str
    figures: dict[str, Value]


def items(ctx: Context, limit: int = LIMIT) -> tuple[OutboxItem, ...]:
    """Return what waits, what needs a person first, then in the order in which it will go."""
    with ctx.store.read() as tx:
        waiting = deliveries.waiting(tx, limit)
        names = _names(tx, [w.head.lead_id for w in waiting if w.head.lead_id is not None])
        bases = _bases(tx, waiting)
    return tuple(
        OutboxItem(
            id=w.head.cmd_id,
            adapter=w.adapter,
            kind=w.head.kind,
            obj=w.head.obj,
            obj_id=w.head.obj_id,
            lead_id=None if w.head.lead_id is None else LeadId(w.head.lead_id),
            lead_name=names.get(w.head.lead_id or "", ""),
            state=w.head.state,
            lane=w.head.lane,
            attempts=w.head.attempts,
            made_at=w.made_at,
            fields=w.fields,
            error=w.error_text if w.head.state == "quarantined" else _SHOWN_ERROR.get(w.error_class, w.error_text),
            next_at=w.next_at,
            base=bases.get(w.head.seq, {}),
            doubted=w.head.state == "quarantined" and w.error_class == "unknown",
        )
        for w in waiting
    )


def _bases(tx: Tx, waiting: Sequence[deliveries.Waiting]) -> dict[int, dict[str, Value]]:
    """Return what the CRM had of the fields that edits change, by delivery."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for one in waiting:
        if one.head.kind == "change":
            wanted.setdefault((one.adapter, one.head.obj), []).append(one.head.obj_id)
    return {
        change.delivery.seq: change.base
        for (adapter, obj), ids in wanted.items()
        for changes in deliveries.open_changes(tx, adapter, obj, ids).values()
        for change in changes
    }


def retry(ctx: Context, item_id: str) -> Written:
    """Let one item be sent again at the next round, from its first attempt.

    Raises NotFound where there is none of that id, Refused where it does not wait.
    """
    with ctx.store.write() as tx:
        head = need(tx, item_id)
        if not deliveries.retry(tx, item_id):
            raise Refused("delivery_not_waiting", state=head.state)
    return Written(Changes(outbox=True))


def withdraw(ctx: Context, item_id: str, reason: str = "") -> Written:
    """Do not send one item, for good; a field edit is taken back here too. The record of it stays (SYNC I10).

    Raises NotFound, or Refused where it is on its way or over.
    """
    with ctx.store.write() as tx:
        head = need(tx, item_id)
        if not deliveries.withdraw(tx, item_id, why="withdrawn", note=reason):
            raise Refused("delivery_not_waiting", state=head.state)
        touched = frozenset[LeadId]()
        if head.obj in {Obj.LEAD.value, Obj.COMPANY.value}:
            touched = fold.refold(tx, Obj(head.obj), [head.obj_id])
            projection.refresh(ctx, tx, touched)
    return Written(_changes(head.obj, head.obj_id, touched))


def conflicts(ctx: Context) -> tuple[ConflictItem, ...]:
    """Return the fields that two people changed and nobody has decided, oldest first."""
    with ctx.store.read() as tx:
        found = mirror.conflicts(tx)
        names = _names(tx, [c.lead_id for c in found if c.lead_id is not None])
    return tuple(
        ConflictItem(
            id=c.id,
            obj=c.obj,
            obj_id=c.obj_id,
            lead_id=None if c.lead_id is None else LeadId(c.lead_id),
            lead_name=names.get(c.lead_id or "", ""),
            field=c.field,
            base=c.base,
            mine=c.mine,
            theirs=c.theirs,
            opened_at=c.opened_at,
        )
        for c in found
    )


def resolve(ctx: Context, conflict_id: str, take: str, value: Value = None) -> Written:
    """Decide a conflict: ``local`` writes mine again, ``remote`` leaves theirs, ``value`` writes another value.

    What is written is an ordinary entry based on what the CRM has now, so it can be undone and can clash again. Raises
    NotFound where it is decided already, BadInput for another ``take``.
    """
    return _resolve(ctx, [conflict_id], take, value)


def resolve_many(ctx: Context, conflict_ids: Sequence[str], take: str) -> Written:
    """Decide all of these alike, by one entry that one undo takes back: ``local`` or ``remote`` as in `resolve`.

    Those that were decided in the meantime are passed over. Raises NotFound where all were, BadInput.
    """
    if take == VALUE:
        raise BadInput("take_unknown", take=take)
    return _resolve(ctx, conflict_ids, take)


def _resolve(ctx: Context, conflict_ids: Sequence[str], take: str, value: Value = None) -> Written:
    if take not in {LOCAL, REMOTE, VALUE}:
        raise BadInput("take_unknown", take=take)
    with ctx.store.write() as tx:
        found = [one for key in conflict_ids if (one := mirror.conflict(tx, key)) is not None]
        if not found:
            raise NotFound("conflict_not_found", conflict=next(iter(conflict_ids), ""))
        for one in found:
            mirror.decide(tx, one.id, by=ctx.me.id, decision=take, at=ctx.now())
        wanted = [] if take == REMOTE else [(one, one.mine if take == LOCAL else value) for one in found]
        changes = combined([made for one, new in wanted if (made := _change(tx, one, new)) is not None])
        if not changes:
            return Written(Changes(outbox=True))
        of = {one.lead_id for one in found}
        lead_id = next(iter(of)) if len(of) == 1 else None
        summary: dict[str, Value] = {"conflict": found[0].field, "take": take, "count": len(found)}
        entry = entries.head(ctx, tx, Verb.EDIT, lead_id=None if lead_id is None else LeadId(lead_id), summary=summary)
        touched = journal.append(tx, entry, changes=changes)
        projection.refresh(ctx, tx, touched)
    companies = frozenset(CompanyId(change.id) for change in changes if change.obj is Obj.COMPANY)
    shown = Changes(leads=touched, companies=companies, queue=bool(touched), outbox=True, undo=True)
    return Written(shown, entry.id)


def touch_states(ctx: Context, lead_id: LeadId, link: Link | None = None) -> dict[TouchId, TouchState]:
    """Return how far each contact of a lead has come, with its page in the CRM where ``link`` knows it (SYNC E14)."""
    with ctx.store.read() as tx:
        touches = leads.touches(tx, lead_id)
        sent = deliveries.of_facts(tx, [touch.id for touch in touches])
    return {
        touch.id: _touch_state(touch.id, sent.get(touch.id), mine=touch.device_id == ctx.device_id, link=link)
        for touch in touches
    }


def _touch_state(key: TouchId, sent: deliveries.FactState | None, *, mine: bool, link: Link | None) -> TouchState:
    if sent is None:
        return TouchState("local" if mine else "acked")
    state = SENT.get(sent.state, "local")
    page = link("touch", sent.remote_id) if link is not None and sent.remote_id else None
    error = sent.error_text if state == "attention" else _SHOWN_ERROR.get(sent.error_class, "")
    return TouchState(state, key, page, error)


def history(ctx: Context, limit: int = 50) -> tuple[Round, ...]:
    """Return the latest rounds of sync, newest first."""
    with ctx.store.read() as tx:
        runs = mirror.runs(tx, limit)
    return tuple(Round(r.adapter, r.started_at, r.ended_at, r.ok, r.error, r.report) for r in runs)


def status(ctx: Context, *, syncing: bool = False) -> SyncStatus:
    """Return how it stands with the hub, for the status bar."""
    with ctx.store.read() as tx:
        connection = connections.primary(tx)
        counts = deliveries.counts(tx)
        open_conflicts = mirror.count_conflicts(tx)
        last = next(iter(mirror.runs(tx, 1)), None)
        good = mirror.last_good(tx)
        skew = connections.skew(tx)
        audited = None if connection is None else mirror.audited(tx, connection.adapter)
    if connection is None:
        return SyncStatus("none", None, counts.waiting, counts.attention, open_conflicts, counts.oldest, None)
    state = "syncing" if syncing else _state(connection, last)
    return SyncStatus(
        state=state,
        since=None if last is None else last.ended_at,
        waiting=counts.waiting,
        attention=counts.attention,
        conflicts=open_conflicts,
        oldest=counts.oldest,
        last_sync=good,
        adapter=connection.adapter,
        error=connection.paused or (last.error if last is not None and not last.ok else ""),
        skew_ms=skew,
        audited=audited,
    )


def _state(connection: connections.Connection, last: mirror.Run | None) -> str:
    if connection.paused:
        return "paused"
    if last is not None and last.report.get("online") is False:
        return "offline"
    return "online"


def _change(tx: Tx, found: mirror.Conflict, wanted: Value) -> Change | None:
    obj = Obj(found.obj)
    now = fold.folded(tx, obj, [found.obj_id])[found.obj_id]
    return entries.changed(now, {found.field: wanted}, obj, found.obj_id)


def _changes(obj: str, obj_id: str, touched: frozenset[LeadId]) -> Changes:
    companies = frozenset({CompanyId(obj_id)}) if obj == Obj.COMPANY.value else frozenset[CompanyId]()
    return Changes(leads=touched, companies=companies, queue=bool(touched), outbox=True)


def _names(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    found = leads.many(tx, [LeadId(i) for i in dict.fromkeys(ids)])
    return {key: str(one.fields.get("name") or "") for key, one in found.items()}
