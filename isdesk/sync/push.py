"""Settling what was sent by the CRM's answers: states, base and projection in one transaction (SYNC E1 and E2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from isdesk.crm.port import Result, Row, Status, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import Merge
from isdesk.store import Tx, deliveries, fold, mirror
from isdesk.store.deliveries import OpenChange
from isdesk.store.mirror import Base
from isdesk.sync.backoff import POISON, later
from isdesk.sync.choosing import Item, lay
from isdesk.sync.merging import spec, unheard
from isdesk.sync.naming import FIELD_OBJECTS, answered, follow
from isdesk.sync.receiving import Ground, Taken, contested, keep, rebase_onto, receive

Fields = dict[str, Value]

_WRITTEN = frozenset({Status.ACKED, Status.DUPLICATE})


@dataclass(slots=True)
class Settled:
    """What became of a batch."""

    sent: int = 0
    failed: int = 0
    quarantined: int = 0
    taken: Taken = field(default_factory=Taken)


def settle(tx: Tx, ground: Ground, items: Sequence[Item], results: Sequence[Result], rng: Random) -> Settled:
    """Settle a batch by its answers; one that was not answered is uncertain."""
    answers = {r.key: r for r in results}
    done = Settled()
    pairs: list[tuple[Item, Result]] = []
    for item in items:
        result = answers.get(item.delivery.cmd_id)
        if result is None:
            unknown(tx, ground, [item], rng, "answer_missing")
            done.failed += 1
            continue
        _settle_one(tx, ground, item, result, done)
        pairs.append((item, result))
    _move_base(tx, ground, [(i, r) for i, r in pairs if r.status in _WRITTEN and r.fields is None], done)
    for obj in sorted(FIELD_OBJECTS):
        mine = [(i, r) for i, r in pairs if i.delivery.obj == obj and r.fields is not None]
        if mine:
            _take_answers(tx, ground, Thing(obj), mine, done)
    _show(tx, [item for item, result in pairs if result.status in _WRITTEN], done)
    return done


def _show(tx: Tx, written: Sequence[Item], done: Settled) -> None:
    """Fold anew what was acknowledged: it shows no more of itself, also where the base had it in other words."""
    heads = [item.delivery for item in written]
    for obj in (Obj.COMPANY, Obj.LEAD):
        done.taken.leads |= fold.refold(tx, obj, {head.obj_id for head in heads if head.obj == obj})


def _take_answers(tx: Tx, ground: Ground, obj: Thing, pairs: Sequence[tuple[Item, Result]], done: Settled) -> None:
    """Make the records that came back with the answers the base."""
    rows = answered(tx, ground.names, obj, [(item.delivery.obj_id, result) for item, result in pairs])
    latest = {row.id: row for row in rows}
    refused: set[str] = set()
    laid: dict[str, Fields] = {}
    for (item, result), row in zip(pairs, rows, strict=True):
        if result.status is Status.CONFLICT:
            refused.add(row.id)
        if result.status in _WRITTEN and item.here:
            laid.setdefault(item.delivery.obj_id, {}).update(item.here)
        if row.local not in (None, item.delivery.obj_id):
            _follow(tx, ground, obj, item, result, row, done)
        if result.status is Status.ACKED:
            done.taken.conflicts += _unheard(tx, ground, obj, item, row)
    for taken in (
        receive(tx, ground, obj, list(latest.values()), compare=True, laid=laid),
        contested(tx, ground, obj, [row for row in latest.values() if row.id in refused]),
    ):
        done.taken.conflicts += taken.conflicts
        done.taken.leads |= taken.leads


def _follow(tx: Tx, ground: Ground, obj: Thing, item: Item, result: Result, row: Row, done: Settled) -> None:
    """Settle a record of ours that the CRM holds under another one that is here too (`naming.follow`)."""
    key = item.delivery.obj_id
    if result.status in _WRITTEN:
        lay(tx, ground, item.delivery, item.payload)
    elif result.status is Status.CONFLICT:
        mirror.lay(tx, ground.adapter, obj, key, row.fields)
        waiting = deliveries.open_changes(tx, ground.adapter, obj, [key]).get(key, [])
        done.taken.conflicts += rebase_onto(tx, ground, obj, waiting, row.fields, row.version)
    done.taken.leads |= fold.refold(tx, Obj(obj), [key])


def _unheard(tx: Tx, ground: Ground, obj: Thing, item: Item, row: Row) -> int:
    """Keep what the CRM acknowledged but did not do; of a CRM that writes values its own way, refusals only."""
    said = {
        code: value
        for code, value in item.payload.items()
        if code not in item.here and (ground.names.own or spec(obj, code).merge is Merge.RESTRICT)
    }
    change = OpenChange(item.delivery, item.payload, item.base, None)
    clashes = unheard(obj, said, row.fields)
    for clash in clashes:
        keep(tx, ground, obj, change, clash, row.version)
    return len(clashes)


def _settle_one(tx: Tx, ground: Ground, item: Item, result: Result, done: Settled) -> None:
    seq = [item.delivery.seq]
    match result.status:
        case Status.ACKED | Status.DUPLICATE:
            deliveries.ack(tx, [(item.delivery.seq, result.remote_id)], ground.now)
            done.sent += 1
        case Status.CONFLICT if item.delivery.attempts < POISON:
            deliveries.settle(tx, seq, "pending", attempt=True, error_class="conflict")
        case _:
            text = result.message or result.code or result.status.value
            deliveries.settle(
                tx, seq, "quarantined", attempt=True, error_class=result.status.value, error_text=text[:2_000]
            )
            done.quarantined += 1
            if result.status is Status.GONE and (remote := result.remote_id or item.command.id):
                mirror.verdict(tx, ground.adapter, item.delivery.obj, remote, "deleted", ground.now)


def _move_base(tx: Tx, ground: Ground, acked: Iterable[tuple[Item, Result]], done: Settled) -> None:
    """Lay what was acknowledged over the base, where the CRM did not send the whole record back."""
    for item, result in acked:
        written(tx, ground, item, result.remote_id, done.taken)


def written(tx: Tx, ground: Ground, item: Item, remote_id: str | None, taken: Taken) -> None:
    """Note that the CRM has what ``item`` says, under ``remote_id`` where it said so."""
    head = item.delivery
    own = ground.names.own
    remote = remote_id or (head.obj_id if own else item.command.id) or None
    if head.obj in FIELD_OBJECTS:
        if remote is not None and not own:
            there = mirror.locals_of(tx, ground.adapter, head.obj, [remote])
            if there.get(remote, head.obj_id) != head.obj_id:
                follow(tx, ground.names, Thing(head.obj), head.obj_id, remote)
                remote = None
        lay(tx, ground, head, item.payload, remote)
        taken.leads |= fold.refold(tx, Obj(head.obj), [head.obj_id])
    elif remote_id and not own:
        mirror.put(tx, ground.adapter, head.obj, [Base(remote_id, head.obj_id, "", "{}")])


def back(
    tx: Tx, ground: Ground, items: Iterable[Item], rng: Random, *, attempt: bool, code: str, asked: float | None = None
) -> None:
    """Put deliveries back of which nothing was written; what was uncertain before stays so."""
    for item in items:
        head = item.delivery
        due_at = later(rng, ground.now, head.attempts, asked) if attempt or asked is not None else None
        deliveries.settle(
            tx, [head.seq], head.state, attempt=attempt, next_at=due_at, error_class="transient", error_text=code
        )


def unknown(tx: Tx, ground: Ground, items: Sequence[Item], rng: Random, code: str) -> int:
    """Note that nobody knows whether these were written; returns how many were given to a person as poison.

    The first doubt is settled at once by sending again under the same key, or by asking for it once what was sent has
    had its time, which begins now; later ones wait.
    """
    poisoned = 0
    for item in items:
        head = item.delivery
        if len(items) == 1 and head.attempts + 1 >= POISON:
            deliveries.settle(tx, [head.seq], "quarantined", attempt=True, error_class="poison", error_text=code)
            poisoned += 1
            continue
        due_at = later(rng, ground.now, head.attempts) if head.attempts else None
        deliveries.settle(
            tx, [head.seq], "uncertain", attempt=True, next_at=due_at, error_class="unknown", error_text=code,
            sent_at=ground.now,
        )  # fmt: skip
    return poisoned


def quarantine(tx: Tx, item: Item, code: str, params: Mapping[str, object]) -> None:
    """Give one delivery to a person with the CRM's own words, or where it has none the code and what it names."""
    words = str(params.get("words") or "") or " ".join([code, *(f"{k}={v}" for k, v in params.items())])
    deliveries.settle(
        tx, [item.delivery.seq], "quarantined", attempt=True, error_class="permanent", error_text=words[:2_000]
    )
