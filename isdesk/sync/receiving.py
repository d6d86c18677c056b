"""Taking in what the CRM says of leads and companies: base, open edits, conflicts and projection move together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from isdesk.clock import Ids
from isdesk.crm.port import Row, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.domain.ids import LeadId
from isdesk.store import Tx, deliveries, fold, mirror, projection
from isdesk.store.deliveries import OpenChange
from isdesk.store.mirror import Base, Conflict
from isdesk.store.values import apply, dumps
from isdesk.sync import interest, refusing
from isdesk.sync.merging import Clash, rebase
from isdesk.sync.naming import Names

Fields = dict[str, Value]
HUB = Names("")
_ON_ITS_WAY = frozenset({"sending", "uncertain"})


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step of a round stands on. ``history``: of leads that come in anew, it is to be asked for."""

    adapter: str
    now: datetime
    ids: Ids
    place: projection.Place | None = None
    names: Names = HUB
    history: bool = False
    device_id: str = ""


@dataclass(slots=True)
class Taken:
    """What came of taking rows in; ``placed`` are those of ``leads`` whose rows already say where they stand."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    conflicts: int = 0
    leads: set[LeadId] = field(default_factory=set)
    placed: set[LeadId] = field(default_factory=set)

    def add(self, other: Taken) -> None:
        """Count ``other`` in."""
        self.created += other.created
        self.updated += other.updated
        self.deleted += other.deleted
        self.conflicts += other.conflicts
        self.leads |= other.leads


def receive(
    tx: Tx,
    ground: Ground,
    obj: Thing,
    rows: Sequence[Row],
    *,
    compare: bool = False,
    laid: Mapping[str, Fields] | None = None,
) -> Taken:
    """Make ``rows`` the base, rebase the edits on their way onto them, and fold what people see anew.

    A row of a version that is known changes nothing (overlap, own echo); ``compare`` looks at the fields even then, as
    after a restore, where a version may come a second time for something else. What the CRM does not carry lives on in
    the base; ``laid`` (by our id) is what joins it now.
    """
    known = mirror.bases(tx, ground.adapter, obj, [row.id for row in rows])
    kept = _uncarried(tx, ground, obj, rows, known, laid or {})
    compare = compare or ground.names.compare
    changed: list[Base] = []
    fields: dict[str, Fields] = {}
    reversions: list[tuple[str, str]] = []
    gone: list[str] = []
    taken = Taken()
    for row in rows:
        had = known.get(row.id)
        if row.deleted:
            gone += [row.id] if had is not None else []
            continue
        if had is not None and had.version == row.version and not compare:
            continue
        own = kept.get(row.id)
        now = {**row.fields, **own} if own else row.fields
        text = row.text if row.text is not None and not own else dumps(now)
        if had is not None and had.text == text:
            reversions += [(row.id, row.version)] if had.version != row.version else []
            continue
        changed.append(Base(row.id, had.local_id if had is not None else row.local or row.id, row.version, text))
        fields[row.id] = now
        taken.created += had is None
        taken.updated += had is not None
    if reversions:
        mirror.reversion(tx, ground.adapter, obj, reversions)
    if changed:
        _take_in(tx, ground, obj, changed, fields, known, taken)
    going = [known[i] for i in gone] + _gone_before_known(tx, ground, obj, rows, known)
    taken.deleted += bury(tx, ground, obj, going, "deleted", taken.leads)
    return taken


def _gone_before_known(
    tx: Tx, ground: Ground, obj: Thing, rows: Sequence[Row], known: Mapping[str, Base]
) -> list[Base]:
    """Return the stand-ins of records of ours that were removed in the CRM before their id there was heard of."""
    if ground.names.own:
        return []
    lost = [row.local for row in rows if row.deleted and row.local and row.id not in known]
    found = mirror.by_local(tx, ground.adapter, obj, lost).values() if lost else ()
    return [base for base in found if base.remote_id.startswith(mirror.HERE)]


def _take_in(
    tx: Tx,
    ground: Ground,
    obj: Thing,
    changed: Sequence[Base],
    fields: Mapping[str, Fields],
    known: Mapping[str, Base],
    taken: Taken,
) -> None:
    """Write the base rows that are other than before, and what follows from them."""
    mirror.put(tx, ground.adapter, obj, changed)
    if ground.history and obj is Thing.LEAD:
        mirror.want_history(tx, ground.adapter, [b.remote_id for b in changed if b.remote_id not in known])
    edited = mirror.edited(tx, [b.local_id for b in changed])
    if edited:
        touched = [b for b in changed if b.local_id in edited]
        taken.conflicts += _rebase_open(tx, ground, obj, touched, fields)
        taken.leads |= fold.refold(tx, Obj(obj), [b.local_id for b in touched])
    plain = {b.local_id: _bare(fields[b.remote_id]) for b in changed if b.local_id not in edited}
    due = projection.put(tx, Obj(obj), plain, place=ground.place)
    taken.leads |= due
    if ground.place is not None and obj is Thing.LEAD:
        taken.placed = {LeadId(key) for key in plain} - taken.leads
        taken.leads |= taken.placed
    if obj is Thing.LEAD and not ground.names.own:
        shown = interest.take(tx, ground.adapter, ground.now, changed, fields, known)
        taken.leads |= shown
        taken.placed -= shown
    if Thing.SUPPRESSION not in ground.names.objects:
        news = [
            (b.local_id, known[b.remote_id].fields if b.remote_id in known else {}, fields[b.remote_id])
            for b in changed
        ]
        concerned = refusing.mark(tx, ground.adapter, ground.now, obj, news)
        taken.leads |= concerned
        taken.placed -= concerned


def _uncarried(
    tx: Tx, ground: Ground, obj: Thing, rows: Sequence[Row], known: Mapping[str, Base], laid: Mapping[str, Fields]
) -> dict[str, Fields]:
    """Return by the CRM's id what of these records lives only here, and let go of the stand-ins of new ones."""
    if ground.names.own:
        return {}
    codes = ground.names.carried.get(obj)
    fresh = [row.local for row in rows if row.id not in known and row.local and not row.deleted]
    waiting = mirror.by_local(tx, ground.adapter, obj, fresh) if fresh else {}
    stand_ins = [b.remote_id for b in waiting.values() if b.remote_id.startswith(mirror.HERE)]
    mirror.drop(tx, ground.adapter, obj, stand_ins)
    found: dict[str, Fields] = {}
    for row in rows:
        had = known.get(row.id) or waiting.get(row.local or "")
        held = had.fields if had is not None and codes is not None else {}
        own = {code: value for code, value in held.items() if code not in (codes or ())}
        local = had.local_id if had is not None else row.local or row.id
        if made := apply(own, laid.get(local, {})):
            found[row.id] = made
    return found


def contested(tx: Tx, ground: Ground, obj: Thing, rows: Sequence[Row]) -> Taken:
    """Rebase the edits of records that the CRM would not take onto what it has, also where that is the base already.

    An edit may have been made, or was on its way, before the base that is known now came.
    """
    known = mirror.bases(tx, ground.adapter, obj, [row.id for row in rows])
    taken = Taken()
    taken.conflicts += _rebase_open(tx, ground, obj, known.values(), {row.id: row.fields for row in rows})
    taken.leads |= fold.refold(tx, Obj(obj), [base.local_id for base in known.values()])
    return taken


def _bare(fields: Fields) -> Fields:
    return fold.fold(fields, ()) if None in fields.values() else fields


def bury(tx: Tx, ground: Ground, obj: Thing, bases: Collection[Base], verdict: str, leads: set[LeadId]) -> int:
    """Forget records that the CRM no longer has for us; those that something still waits for stay (SYNC I12)."""
    if not bases:
        return 0
    waiting = deliveries.with_open(tx, ground.adapter, [b.local_id for b in bases])
    for b in bases:
        mirror.verdict(tx, ground.adapter, obj, b.remote_id, verdict, ground.now)
    going = [b for b in bases if b.local_id not in waiting]
    mirror.drop(tx, ground.adapter, obj, [b.remote_id for b in going])
    leads |= fold.refold(tx, Obj(obj), [b.local_id for b in going])
    return len(going)


def _rebase_open(tx: Tx, ground: Ground, obj: Thing, changed: Iterable[Base], fields: Mapping[str, Fields]) -> int:
    by_local = {b.local_id: b for b in changed}
    opened = 0
    for local, waiting in deliveries.open_changes(tx, ground.adapter, obj, by_local).items():
        base = by_local[local]
        opened += rebase_onto(tx, ground, obj, waiting, fields[base.remote_id], base.version)
    mirror.freshen(tx, obj, {b.local_id: (fields[b.remote_id], b.version) for b in by_local.values()})
    return opened


def rebase_onto(tx: Tx, ground: Ground, obj: Thing, waiting: Iterable[OpenChange], theirs: Fields, version: str) -> int:
    """Rebase these edits, oldest first, onto what the CRM has; returns how many conflicts were opened.

    An edit whose answer is still out is left alone: the CRM may have it already, and will say so.
    """
    running = dict(theirs)
    opened = 0
    for change in waiting:
        if change.delivery.state in _ON_ITS_WAY:
            running = apply(running, change.payload)
            continue
        left = rebase(obj, change.payload, change.base, running)
        if left.payload != change.payload or left.base != change.base:
            deliveries.rebase(tx, change.delivery.seq, left.payload, left.base)
        for clash in left.clashes:
            keep(tx, ground, obj, change, clash, version)
            opened += not clash.rule
        if not left.payload:
            _retire(tx, change, left.clashes)
        running = apply(running, left.payload)
    return opened


def _retire(tx: Tx, change: OpenChange, clashes: Sequence[Clash]) -> None:
    """Close an edit of which nothing is left to send."""
    if any(not clash.rule for clash in clashes):
        deliveries.settle(tx, [change.delivery.seq], "conflict")
    else:
        deliveries.settle(tx, [change.delivery.seq], "cancelled", error_class="superseded")


def keep(tx: Tx, ground: Ground, obj: Thing, change: OpenChange, clash: Clash, version: str) -> None:
    """Put a clash where people find it."""
    head = change.delivery
    mirror.open_conflict(
        tx,
        Conflict(
            ground.ids.new(),
            ground.adapter,
            head.cmd_id,
            obj,
            head.obj_id,
            head.lead_id,
            clash.field,
            clash.base,
            clash.mine,
            clash.theirs,
            version,
            ground.now,
        ),
        rule=clash.rule,
    )
