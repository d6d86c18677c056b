"""What may go to the CRM now, in which order, and as which command (SYNC E2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isdesk.crm.port import Command, Do, Thing
from isdesk.crm.writing import named_company
from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import Merge
from isdesk.domain.ids import LeadId
from isdesk.store import Tx, deliveries, fold, mirror
from isdesk.store.deliveries import LAST_LANE, Delivery, OpenChange
from isdesk.store.values import loads
from isdesk.sync.merging import spec
from isdesk.sync.naming import FIELD_OBJECTS, Book, book, outward, set_right
from isdesk.sync.receiving import Ground
from isdesk.sync.rekeying import rekeyed

Fields = dict[str, Value]

ORPHAN = "lead_not_in_crm"
"""Why something waits for a person whose record the CRM does not have and nobody is about to make there."""
_FACT_KINDS = frozenset({"touch", "transition"})


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery with what it says; ``delivery.state`` is the state it had before it was chosen.

    ``payload`` and ``base`` are in our ids and whole; ``command`` is what the adapter gets; ``here`` is what the CRM
    does not carry.
    """

    delivery: Delivery
    payload: Fields
    base: Fields
    command: Command
    here: Fields = field(default_factory=dict)


@dataclass(slots=True)
class Chosen:
    """What goes now; ``settled``: how many were settled without being sent, ``orphans``: given to a person."""

    items: list[Item] = field(default_factory=list)
    settled: int = 0
    orphans: int = 0


def choose(tx: Tx, ground: Ground, most: int, *, lanes: int = LAST_LANE) -> Chosen:
    """Take up to ``most`` deliveries that may go now and note that they are on their way.

    Do-not-call first, then by lane and age; nothing beyond lane ``lanes``. An edit goes only behind the older edits of
    the same fields, a fact only behind the record it depends on and the older facts of its lead; where one of those
    cannot go, it waits (SYNC I9: nobody else does). Commands that failed before go in smaller company, at last alone.
    """
    width = most
    chosen = Chosen()
    while True:
        candidates = deliveries.due(tx, ground.adapter, ground.now, width, lanes=lanes, resend=ground.names.resend)
        picker = _Picker(tx, ground, candidates)
        chosen.items = picker.pick(most)
        chosen.settled += _keep_here(tx, ground, picker.here)
        chosen.orphans += _give_up(tx, picker.orphans)
        if chosen.items or picker.here or len(candidates) < width:
            break
        width *= 8  # everything looked at waits for something else: look further, so that it holds nobody up
    deliveries.sending(tx, [item.delivery.seq for item in chosen.items], ground.now)
    return chosen


def _give_up(tx: Tx, orphans: Sequence[Delivery]) -> int:
    seqs = [one.seq for one in orphans]
    deliveries.settle(tx, seqs, "quarantined", error_class="gone", error_text=ORPHAN)
    return len(seqs)


def _keep_here(tx: Tx, ground: Ground, edits: Sequence[OpenChange]) -> int:
    """Settle edits of which the CRM carries nothing: they stand here."""
    for edit in edits:
        lay(tx, ground, edit.delivery, edit.payload)
    deliveries.ack(tx, [(edit.delivery.seq, None) for edit in edits], ground.now)
    return len(edits)


def lay(tx: Tx, ground: Ground, head: Delivery, payload: Mapping[str, Value], remote: str | None = None) -> None:
    """Lay what is settled over the base of its record."""
    mirror.lay(tx, ground.adapter, head.obj, head.obj_id, payload, remote)


class _Picker:
    """Picks from candidates; afterwards ``here`` holds edits that stay here, ``orphans`` what can never go."""

    def __init__(self, tx: Tx, ground: Ground, candidates: Sequence[Delivery]) -> None:
        self._ground = ground
        self._candidates = candidates
        self._edits: dict[str, list[OpenChange]] = {}
        self._bodies: dict[str, Fields] = {}
        for obj in {d.obj for d in candidates}:
            ids = [d.obj_id for d in candidates if d.obj == obj]
            if obj in FIELD_OBJECTS:
                found = deliveries.open_changes(tx, ground.adapter, obj, ids)
                self._edits |= {key: coalesce(tx, obj, edits) for key, edits in found.items()}
            else:
                facts = deliveries.facts(tx, obj, ids)
                self._bodies |= rekeyed(tx, facts) if obj == Thing.SUPPRESSION else facts
        self._bodies |= {d.obj_id: loads(d.override) for d in candidates if d.override and d.obj not in FIELD_OBJECTS}
        needs = {d.depends_on for d in candidates if d.depends_on is not None}
        self._needs = deliveries.states(tx, ground.adapter, needs) if needs else {}
        self._book = self._look_up(tx)
        self._standing = self._stand(tx)
        self._picked: dict[int, Item] = {}
        self._keys: set[str] = set()
        self.here: list[OpenChange] = []
        self.orphans: list[Delivery] = []

    def _look_up(self, tx: Tx) -> Book:
        if self._ground.names.own:
            return Book()
        heads = [*self._candidates, *(e.delivery for edits in self._edits.values() for e in edits)]
        payloads: dict[str, Mapping[str, Value]] = dict(self._bodies)
        payloads |= {e.delivery.cmd_id: e.payload for edits in self._edits.values() for e in edits}
        payloads |= {f"base {e.delivery.cmd_id}": e.base for edits in self._edits.values() for e in edits}
        return book(tx, self._ground.names, heads, payloads)

    def _stand(self, tx: Tx) -> dict[tuple[str, str], int]:
        """Return the oldest fact of each lead and kind that has to go and is no candidate."""
        leads = {d.lead_id for d in self._candidates if d.kind in _FACT_KINDS and d.lead_id is not None}
        if not leads:
            return {}
        here = {d.seq for d in self._candidates}
        first: dict[tuple[str, str], int] = {}
        for lead, kind, seq in deliveries.standing(tx, self._ground.adapter, leads):
            if seq not in here:
                first[lead, kind] = min(seq, first.get((lead, kind), seq))
        return first

    def pick(self, most: int) -> list[Item]:
        """Return what goes, in order."""
        room = most
        for candidate in self._candidates:
            chain = self._chain(candidate)
            if chain is None:
                self._hold(candidate)
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

    def _hold(self, one: Delivery) -> None:
        """Let the younger facts of the same lead wait behind one that cannot go."""
        if one.kind in _FACT_KINDS and one.lead_id is not None and one not in self.orphans:
            key = one.lead_id, one.kind
            self._standing[key] = min(one.seq, self._standing.get(key, one.seq))

    def _chain(self, one: Delivery) -> list[Item] | None:
        """Return what has to go for ``one`` to go, in order; None where something before it cannot."""
        if one.seq in self._picked:
            return []
        if not self._ready(one):
            return None
        if one.obj not in FIELD_OBJECTS:
            return self._fact(one)
        edits = self._edits.get(one.obj_id, [])
        mine = next((e for e in edits if e.delivery.seq == one.seq), None)
        if mine is None:
            return None
        earlier = [e for e in edits if e.delivery.seq < one.seq and self._overlap(e, mine)]
        if not self._sent(mine):
            self.here += [mine] if not earlier and mine not in self.here else []
            return None
        chain: list[Item] = []
        for edit in earlier:
            if edit.delivery.seq in self._picked:
                continue
            if not self._sendable(edit):
                return None
            chain.append(self._edit(edit))
        return [*chain, self._edit(mine)] if self._reachable(one, mine.payload) else None

    def _fact(self, one: Delivery) -> list[Item] | None:
        body = self._bodies.get(one.obj_id, {})
        first = self._standing.get((one.lead_id or "", one.kind), one.seq)
        if (first < one.seq and one.state == "pending") or not self._reachable(one, body):
            return None
        payload = set_right(body)
        made = Command(
            one.cmd_id, Do.APPEND, Thing(one.obj), one.obj_id, payload,
            lead_id=one.lead_id, device_id=self._ground.device_id, local=one.obj_id, sure=one.state != "uncertain",
        )  # fmt: skip
        return [Item(one, body, {}, outward(self._ground.names, self._book, made))]

    def _edit(self, edit: OpenChange) -> Item:
        one = edit.delivery
        sent, here = self._ground.names.split(one.obj, edit.payload)
        base = {code: edit.base.get(code) for code in sent}
        made = Command(
            one.cmd_id, Do.PATCH, Thing(one.obj), one.obj_id, sent, base,
            lead_id=one.lead_id, device_id=self._ground.device_id, local=one.obj_id, sure=one.state != "uncertain",
        )  # fmt: skip
        return Item(one, edit.payload, edit.base, outward(self._ground.names, self._book, made), here)

    def _sent(self, edit: OpenChange) -> bool:
        """Return whether the CRM carries anything of an edit."""
        names = self._ground.names
        return edit.delivery.kind == "create" or any(names.carries(edit.delivery.obj, code) for code in edit.payload)

    def _sendable(self, edit: OpenChange) -> bool:
        one = edit.delivery
        waits = edit.next_at is not None and edit.next_at > self._ground.now
        asked = one.state == "pending" or (
            one.state == "uncertain" and (self._ground.names.resend or one.kind == "change")
        )
        return asked and not waits and self._ready(one) and self._sent(edit) and self._reachable(one, edit.payload)

    def _ready(self, one: Delivery) -> bool:
        needed = one.depends_on
        if needed is None or self._needs.get(needed) not in deliveries.OPEN:
            return True
        return needed in self._keys and self._ground.names.own

    def _reachable(self, one: Delivery, payload: Mapping[str, Value]) -> bool:
        """Return whether the CRM has an id of everything that ``one`` names, or is to make one now."""
        if self._ground.names.own or (one.obj not in FIELD_OBJECTS and one.lead_id is None):
            return True
        obj, key = (one.obj, one.obj_id) if one.obj in FIELD_OBJECTS else (Obj.LEAD.value, one.lead_id or "")
        remote = self._book.of(obj).get(key)
        if not remote and one.kind != "create":
            if remote is None and key not in self._book.creating and one not in self.orphans:
                self.orphans.append(one)
            return False
        return payload.get("company_id") not in self._book.creating

    @staticmethod
    def _overlap(one: OpenChange, other: OpenChange) -> bool:
        return one.delivery.kind == "create" or not one.payload.keys().isdisjoint(other.payload)


# --------------------------------------------------------------------------------------------------------- coalescing


def coalesce(tx: Tx, obj: str, edits: list[OpenChange]) -> list[OpenChange]:
    """Let the newest of several edits of one field that were never sent carry it, onto the oldest base.

    An edit of which nothing is left is superseded. What is on its way, or was, is never touched; nor are fields that
    only ever tighten, where each step has to be seen. ``edits`` are those of one record, oldest first; returns those
    that are left.
    """
    if len(edits) < 2:
        return edits
    left = [_Draft(edit, dict(edit.payload), dict(edit.base), list(edit.merges)) for edit in edits]
    newest: dict[str, _Draft] = {}
    for draft in left:
        for code in draft.payload:
            older = newest.get(code)
            if older is not None and older.unsent and draft.unsent and spec(obj, code).merge is not Merge.RESTRICT:
                draft.take(older, code)
            newest[code] = draft
    for draft in left:
        draft.write(tx)
    return [draft.edit_now for draft in left if draft.payload or not draft.moved]


@dataclass(slots=True)
class _Draft:
    edit: OpenChange
    payload: Fields
    base: Fields
    merges: list[str]
    moved: bool = False

    @property
    def unsent(self) -> bool:
        head = self.edit.delivery
        return head.kind == "change" and head.state == "pending" and head.sent_at is None and head.attempts == 0

    def take(self, older: _Draft, code: str) -> None:
        """Carry a field of an older edit."""
        self.base[code] = older.base.get(code)
        older.payload.pop(code)
        older.base.pop(code, None)
        self.merges += [key for key in (older.edit.delivery.cmd_id, *older.merges) if key not in self.merges]
        self.moved = older.moved = True

    @property
    def edit_now(self) -> OpenChange:
        return self.edit._replace(payload=self.payload, base=self.base, merges=tuple(self.merges))

    def write(self, tx: Tx) -> None:
        if not self.moved:
            return
        if self.payload:
            deliveries.merged(tx, self.edit.delivery.seq, self.payload, self.base, self.merges)
        else:
            deliveries.superseded(tx, self.edit.delivery.seq, self.edit.payload, self.edit.base)


# ---------------------------------------------------------------------------------------------------------- unoffered


def turn_away(tx: Tx, ground: Ground, most: int) -> tuple[int, frozenset[LeadId]]:
    """Close deliveries of kinds of records that the CRM has no place for; what they wrote stands here.

    Returns how many, and the leads that may look different now.
    """
    closed, leads = 0, frozenset[LeadId]()
    for obj in sorted(set(Thing) - ground.names.objects):
        while heads := deliveries.unoffered(tx, ground.adapter, obj, most):
            if obj in FIELD_OBJECTS:
                edits = deliveries.open_changes(tx, ground.adapter, obj, {head.obj_id for head in heads})
                heads = [edit.delivery for waiting in edits.values() for edit in waiting]
                for edit in (edit for waiting in edits.values() for edit in waiting):
                    _stand_here(tx, ground, edit)
            deliveries.settle(tx, [head.seq for head in heads], "cancelled", error_class="not_carried", error_text=obj)
            closed += len(heads)
            if obj in FIELD_OBJECTS:
                leads |= fold.refold(tx, Obj(obj), {head.obj_id for head in heads})
    return closed, leads


def _stand_here(tx: Tx, ground: Ground, edit: OpenChange) -> None:
    """Keep what the CRM has no place for; a company is known by its name, as the CRM's leads may name it."""
    head, name = edit.delivery, edit.payload.get("name")
    remote = named_company(name) if head.obj == Thing.COMPANY and isinstance(name, str) and name else None
    known = mirror.locals_of(tx, ground.adapter, head.obj, [remote]) if remote else {}
    held = mirror.by_local(tx, ground.adapter, head.obj, [head.obj_id]).get(head.obj_id)
    if remote is None or (held is not None and mirror.remote_of(held.remote_id)):
        lay(tx, ground, head, edit.payload)
    elif known.get(remote, head.obj_id) == head.obj_id:
        lay(tx, ground, head, edit.payload, remote)
    else:
        lay(tx, ground, head, edit.payload, f"{mirror.HERE}{head.obj_id}={remote}")
