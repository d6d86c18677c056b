"""From the journal to the CRM: choosing what may go, and settling each delivery by its answer (SYNC E2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from isdesk.crm.port import Command, Do, Result, Row, Status, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.store import Tx, deliveries, fold, mirror
from isdesk.store.deliveries import Delivery, OpenChange
from isdesk.store.mirror import Base
from isdesk.store.values import apply, dumps
from isdesk.sync.backoff import POISON, later
from isdesk.sync.merging import unheard
from isdesk.sync.receiving import Ground, Taken, contested, keep, receive
from isdesk.sync.rekeying import rekeyed

Fields = dict[str, Value]

FIELD_OBJECTS = frozenset({Thing.LEAD, Thing.COMPANY})


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery with what it sends; ``delivery.state`` is the state it had before it was chosen."""

    delivery: Delivery
    payload: Fields
    base: Fields

    def command(self, device_id: str) -> Command:
        """Return the command for the adapter."""
        head = self.delivery
        do = Do.PATCH if head.obj in FIELD_OBJECTS else Do.APPEND
        return Command(
            head.cmd_id, do, Thing(head.obj), head.obj_id, self.payload, self.base,
            lead_id=head.lead_id, device_id=device_id,
        )  # fmt: skip


@dataclass(slots=True)
class Settled:
    """What became of a batch."""

    sent: int = 0
    failed: int = 0
    quarantined: int = 0
    taken: Taken = field(default_factory=Taken)


# ---------------------------------------------------------------------------------------------------------- choosing


def choose(tx: Tx, ground: Ground, most: int) -> list[Item]:
    """Take up to ``most`` deliveries that may go now and note that they are on their way.

    Do-not-call first, then by lane and age. An edit goes only behind the older edits of the same fields, and a fact
    only behind the record it depends on; where one of those cannot go, it waits (SYNC I9: nobody else does). Commands
    that failed before go in smaller company, at last alone.
    """
    width = most
    while True:
        candidates = deliveries.due(tx, ground.adapter, ground.now, width)
        picked = _Picker(tx, ground, candidates).pick(most)
        if picked or len(candidates) < width:
            break
        width *= 8  # everything looked at waits for something else: look further, so that it holds nobody up
    deliveries.sending(tx, [item.delivery.seq for item in picked], ground.now)
    return picked


class _Picker:
    def __init__(self, tx: Tx, ground: Ground, candidates: Sequence[Delivery]) -> None:
        self._ground = ground
        self._candidates = candidates
        self._edits: dict[str, list[OpenChange]] = {}
        bodies: dict[str, Fields] = {}
        for obj in {d.obj for d in candidates}:
            ids = [d.obj_id for d in candidates if d.obj == obj]
            if obj in FIELD_OBJECTS:
                self._edits |= deliveries.open_changes(tx, ground.adapter, obj, ids)
            else:
                found = deliveries.facts(tx, obj, ids)
                bodies |= rekeyed(tx, found) if obj == Thing.SUPPRESSION else found
        self._bodies = bodies
        needs = {d.depends_on for d in candidates if d.depends_on is not None}
        self._needs = deliveries.states(tx, ground.adapter, needs) if needs else {}
        self._picked: dict[int, Item] = {}
        self._keys: set[str] = set()

    def pick(self, most: int) -> list[Item]:
        room = most
        for candidate in self._candidates:
            chain = self._chain(candidate)
            if chain is None:
                continue
            worst = max([item.delivery.attempts for item in chain], default=0)
            smaller = min(room, max(1, most >> min(2 * worst, 16)))
            if self._picked and len(self._picked) + len(chain) > smaller:
                break
            room = smaller
            for item in chain:
                self._picked[item.delivery.seq] = item
                self._keys.add(item.delivery.cmd_id)
        return list(self._picked.values())

    def _chain(self, one: Delivery) -> list[Item] | None:
        """Return what has to go for ``one`` to go, in order; None where something before it cannot."""
        if one.seq in self._picked:
            return []
        if not self._ready(one):
            return None
        if one.obj not in FIELD_OBJECTS:
            return [Item(one, self._bodies.get(one.obj_id, {}), {})]
        edits = self._edits.get(one.obj_id, [])
        mine = next((e for e in edits if e.delivery.seq == one.seq), None)
        if mine is None:
            return None
        chain: list[Item] = []
        for earlier in edits:
            if earlier.delivery.seq >= one.seq:
                break
            if earlier.delivery.seq in self._picked or not self._overlap(earlier, mine):
                continue
            if not self._sendable(earlier):
                return None
            chain.append(Item(earlier.delivery, earlier.payload, earlier.base))
        return [*chain, Item(mine.delivery, mine.payload, mine.base)]

    def _sendable(self, edit: OpenChange) -> bool:
        waits = edit.next_at is not None and edit.next_at > self._ground.now
        return edit.delivery.state in {"pending", "uncertain"} and not waits and self._ready(edit.delivery)

    def _ready(self, one: Delivery) -> bool:
        needed = one.depends_on
        return needed is None or needed in self._keys or self._needs.get(needed) not in deliveries.OPEN

    @staticmethod
    def _overlap(one: OpenChange, other: OpenChange) -> bool:
        return one.delivery.kind == "create" or not one.payload.keys().isdisjoint(other.payload)


# ---------------------------------------------------------------------------------------------------------- settling


def settle(tx: Tx, ground: Ground, items: Sequence[Item], results: Sequence[Result], rng: Random) -> Settled:
    """Settle a batch by its answers: states, base and projection in one transaction (SYNC, E1 and E2)."""
    answers = {r.key: r for r in results}
    done = Settled()
    latest: dict[tuple[str, str], Row] = {}
    refused: set[str] = set()
    acked: list[tuple[Item, Result]] = []
    for item in items:
        result = answers.get(item.delivery.cmd_id)
        if result is None:
            unknown(tx, ground, [item], rng, "answer_missing")
            done.failed += 1
            continue
        _settle_one(tx, ground, item, result, done)
        if result.status in {Status.ACKED, Status.DUPLICATE}:
            acked.append((item, result))
        if result.fields is not None and item.delivery.obj in FIELD_OBJECTS:
            row = Row(result.remote_id or item.delivery.obj_id, result.version or "", result.fields)
            latest[item.delivery.obj, row.id] = row
            if result.status is Status.CONFLICT:
                refused.add(row.id)
    _move_base(tx, ground, acked, done)
    for obj in sorted({obj for obj, _ in latest}):
        rows = [row for (of, _), row in latest.items() if of == obj]
        for taken in (
            receive(tx, ground, Thing(obj), rows, compare=True),
            contested(tx, ground, Thing(obj), [row for row in rows if row.id in refused]),
        ):
            done.taken.conflicts += taken.conflicts
            done.taken.leads |= taken.leads
    _show(tx, [item for item, _ in acked], done)
    return done


def _show(tx: Tx, acked: Iterable[Item], done: Settled) -> None:
    """Fold anew what was acknowledged: it shows no more of itself, also where the base had it in other words."""
    heads = [item.delivery for item in acked]
    for obj in (Obj.COMPANY, Obj.LEAD):
        done.taken.leads |= fold.refold(tx, obj, {head.obj_id for head in heads if head.obj == obj})


def _settle_one(tx: Tx, ground: Ground, item: Item, result: Result, done: Settled) -> None:
    seq = [item.delivery.seq]
    match result.status:
        case Status.ACKED | Status.DUPLICATE:
            deliveries.ack(tx, [(item.delivery.seq, result.remote_id)], ground.now)
            done.sent += 1
            if result.status is Status.ACKED and result.fields is not None and item.delivery.obj in FIELD_OBJECTS:
                change = OpenChange(item.delivery, item.payload, item.base, None)
                for clash in unheard(item.delivery.obj, item.payload, result.fields):
                    keep(tx, ground, Thing(item.delivery.obj), change, clash, result.version or "")
                    done.taken.conflicts += 1
        case Status.CONFLICT if item.delivery.attempts < POISON:
            deliveries.settle(tx, seq, "pending", attempt=True, error_class="conflict")
        case _:
            text = result.message or result.code or result.status.value
            deliveries.settle(
                tx, seq, "quarantined", attempt=True, error_class=result.status.value, error_text=text[:2_000]
            )
            done.quarantined += 1
            if result.status is Status.GONE:
                remote = result.remote_id or item.delivery.obj_id
                mirror.verdict(tx, ground.adapter, item.delivery.obj, remote, "deleted", ground.now)


def _move_base(tx: Tx, ground: Ground, acked: Iterable[tuple[Item, Result]], done: Settled) -> None:
    """Lay what was acknowledged over the base, where the CRM did not send the whole record back."""
    for item, result in acked:
        head = item.delivery
        if head.obj not in FIELD_OBJECTS or result.fields is not None:
            continue
        remote = result.remote_id or head.obj_id
        had = mirror.bases(tx, ground.adapter, head.obj, [remote]).get(remote)
        fields = apply(had.fields if had is not None else {}, item.payload)
        version = had.version if had is not None else ""
        local = had.local_id if had is not None else head.obj_id
        mirror.put(tx, ground.adapter, head.obj, [Base(remote, local, version, dumps(fields))])
        done.taken.leads |= fold.refold(tx, Obj(head.obj), [local])


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

    The first doubt is settled at once by sending again under the same key; later ones wait.
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
            tx, [head.seq], "uncertain", attempt=True, next_at=due_at, error_class="unknown", error_text=code
        )
    return poisoned


def quarantine(tx: Tx, item: Item, code: str, params: Mapping[str, object]) -> None:
    """Give one delivery to a person; the words are the CRM's code and what it names."""
    words = " ".join([code, *(f"{k}={v}" for k, v in params.items())])
    deliveries.settle(
        tx, [item.delivery.seq], "quarantined", attempt=True, error_class="permanent", error_text=words[:2_000]
    )
