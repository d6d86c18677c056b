"""The journal: one entry per user's verb, its facts written once, and with them the projection and the deliveries.

`append` is the only way in. Everything it writes belongs to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Entry, Obj, Verb
from isdesk.domain.errors import NotFound
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import DeviceId, JournalId, LeadId
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import Touch
from isdesk.store import fold, projection, withdrawing
from isdesk.store.rows import (
    CHANGE_COLUMNS,
    ENTRY_COLUMNS,
    FILING_COLUMNS,
    SUPPRESSION_COLUMNS,
    TOUCH_COLUMNS,
    TRANSITION_COLUMNS,
    change_from_row,
    change_to_row,
    entry_from_row,
    entry_to_row,
    filing_from_row,
    filing_to_row,
    marks,
    suppression_from_row,
    suppression_to_row,
    touch_from_row,
    touch_to_row,
    transition_from_row,
    transition_to_row,
)
from isdesk.store.values import apply, dumps, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

NOT_UNDOABLE = frozenset(
    {Verb.LEASE, Verb.EXPORT, Verb.JOIN, Verb.MAIL, Verb.MAIL_BACK, Verb.CALL_IN, Verb.SEQUENCE_RUN}
)
"""Verbs that leave the undo stack as it is: they say that something happened, which nobody can take back."""

LANE_REFUSAL, LANE_ACTIVITY, LANE_HANDOFF, LANE_FIELDS = 0, 1, 2, 3
"""The lanes of SYNC E2. A new record goes with the activities, so that what refers to it finds it there."""

_SKIP = ", ".join(f"'{verb.value}'" for verb in sorted(NOT_UNDOABLE))
_INSERT_ENTRY = f"INSERT INTO journal ({ENTRY_COLUMNS}) VALUES ({marks(ENTRY_COLUMNS)})"
_INSERT_CHANGE = f"INSERT INTO change ({CHANGE_COLUMNS}) VALUES ({marks(CHANGE_COLUMNS)})"
_INSERT_TOUCH = f"INSERT INTO touch ({TOUCH_COLUMNS}) VALUES ({marks(TOUCH_COLUMNS)})"
_INSERT_TRANSITION = f"INSERT INTO transition ({TRANSITION_COLUMNS}) VALUES ({marks(TRANSITION_COLUMNS)})"
_INSERT_SUPPRESSION = f"INSERT INTO suppression ({SUPPRESSION_COLUMNS}) VALUES ({marks(SUPPRESSION_COLUMNS)})"
_INSERT_FILING = f"INSERT INTO filing ({FILING_COLUMNS}) VALUES ({marks(FILING_COLUMNS)})"
_DELIVERY_COLUMNS = (
    "cmd_id, adapter, kind, journal_id, obj, obj_id, lead_id, lane, state, made_at, depends_on, error_class"
)
_INSERT_DELIVERY = f"INSERT INTO delivery ({_DELIVERY_COLUMNS}) VALUES ({marks(_DELIVERY_COLUMNS)})"
_NEXT_SEQ = (
    "INSERT INTO device (id, created_at, last_seq) VALUES (?, 0, ?) "
    "ON CONFLICT (id) DO UPDATE SET last_seq = last_seq + ? RETURNING last_seq"
)
_CHANGED_BY = "SELECT obj, obj_id FROM change WHERE journal_id = ?"
_KNOWN_BEFORE = (
    "SELECT value FROM json_each(?) WHERE EXISTS "
    "(SELECT 1 FROM change WHERE obj_id = value AND journal_id <> ?) "
    "OR EXISTS (SELECT 1 FROM base WHERE local_id = value)"
)
_ENTRY = f"SELECT {ENTRY_COLUMNS} FROM journal WHERE id = ?"
_CHANGES = f"SELECT {CHANGE_COLUMNS} FROM change WHERE journal_id = ? ORDER BY seq"
_TOUCHES = f"SELECT {TOUCH_COLUMNS} FROM touch WHERE journal_id = ? ORDER BY device_seq, id"
_TRANSITIONS = f"SELECT {TRANSITION_COLUMNS} FROM transition WHERE journal_id = ? ORDER BY device_seq, id"
_SUPPRESSIONS = f"SELECT {SUPPRESSION_COLUMNS} FROM suppression WHERE journal_id = ? ORDER BY id"
_FILINGS = f"SELECT {FILING_COLUMNS} FROM filing WHERE journal_id = ? ORDER BY device_seq, id"
_UNDOABLE = (
    f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE device_id = ? AND verb NOT IN ('undo', {_SKIP}) "
    "AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = j.id AND u.verb = 'undo') ORDER BY seq DESC LIMIT ?"
)
_REDOABLE = (
    f"SELECT {ENTRY_COLUMNS} FROM journal j WHERE device_id = ? AND verb = 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.undoes = j.id AND r.verb = 'redo') "
    "AND seq > coalesce("
    f"(SELECT max(seq) FROM journal WHERE device_id = ? AND verb NOT IN ('undo', 'redo', {_SKIP})), 0) "
    "ORDER BY seq DESC LIMIT ?"
)
_OF_LEAD = (
    f"SELECT {', '.join('j.' + c.strip() for c in ENTRY_COLUMNS.split(','))}, "
    f"{', '.join('c.' + c.strip() for c in CHANGE_COLUMNS.split(','))} "
    "FROM change c JOIN journal j ON j.id = c.journal_id WHERE c.obj_id = ? ORDER BY c.seq DESC LIMIT ?"
)
_STATES = "SELECT cmd_id, state FROM delivery WHERE adapter = ? AND cmd_id IN (SELECT value FROM json_each(?))"
_JOURNAL_AT = 7
_ENLISTED = (
    "INSERT OR IGNORE INTO delivery (cmd_id, adapter, kind, journal_id, obj, obj_id, lead_id, lane, state, made_at) "
)
_ENLIST = (
    _ENLISTED + "SELECT c.journal_id || ':' || c.obj_id, :adapter, iif(c.created, 'create', 'change'), "
    "c.journal_id, c.obj, c.obj_id, CASE WHEN c.obj = 'lead' THEN c.obj_id END, "
    f"CASE WHEN c.after ->> '$.dnc' OR c.after ->> '$.email_opt_out' THEN {LANE_REFUSAL} "
    f"WHEN c.created THEN {LANE_ACTIVITY} ELSE {LANE_FIELDS} END, 'pending', j.at "
    "FROM change c JOIN journal j ON j.id = c.journal_id ORDER BY c.seq",
    _ENLISTED
    + f"SELECT s.id, :adapter, 'suppression', j.id, 'suppression', s.id, j.lead_id, {LANE_REFUSAL}, 'pending', "
    "j.at FROM suppression s JOIN journal j ON j.id = s.journal_id ORDER BY j.seq",
    _ENLISTED + f"SELECT t.id, :adapter, 'touch', j.id, 'touch', t.id, t.lead_id, {LANE_ACTIVITY}, 'pending', j.at "
    "FROM touch t JOIN journal j ON j.id = t.journal_id ORDER BY j.seq, t.device_seq",
    _ENLISTED + f"SELECT t.id, :adapter, 'transition', j.id, 'transition', t.id, t.lead_id, {LANE_HANDOFF}, 'pending', "
    "j.at FROM transition t JOIN journal j ON j.id = t.journal_id ORDER BY j.seq, t.device_seq",
    _ENLISTED + f"SELECT t.id, :adapter, 'filing', j.id, 'filing', t.id, t.lead_id, {LANE_HANDOFF}, 'pending', "
    "j.at FROM filing t JOIN journal j ON j.id = t.journal_id ORDER BY j.seq, t.device_seq",
)
"""Facts of this device's journal, each kind in the order in which it was written."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One journal entry with all its facts."""

    entry: Entry
    touches: tuple[Touch, ...] = ()
    changes: tuple[Change, ...] = ()
    transitions: tuple[Transition, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    filings: tuple[Filing, ...] = ()


def change_key(journal_id: str, obj_id: str) -> str:
    """Return the idempotency key (``cmd_id``) under which a change is delivered."""
    return f"{journal_id}:{obj_id}"


def next_seq(tx: Tx, device: DeviceId, count: int = 1) -> int:
    """Take ``count`` consecutive numbers of this device and return the first; a rollback gives them back."""
    last: int = tx.sql(_NEXT_SEQ, (device, count, count)).fetchone()[0]
    return last - count + 1


def append(
    tx: Tx,
    entry: Entry,
    touches: Sequence[Touch] = (),
    changes: Sequence[Change] = (),
    transitions: Sequence[Transition] = (),
    suppressions: Sequence[Suppression] = (),
    filings: Sequence[Filing] = (),
    *,
    place: projection.Place | None = None,
) -> frozenset[LeadId]:
    """Write one entry with all its facts, bring the projected facts up to date and queue one delivery per fact.

    What an undone entry has not sent is withdrawn: it and what takes it back get cancelled deliveries, and the objects
    are folded again (`store.withdrawing`). Touches, transitions and suppressions must carry the entry's id as
    ``journal_id``; it is filled in where it lacks. Returns the leads whose state may be another one now, those of a
    changed company included, without those that ``place`` gave their state as they were written (`projection.put`).
    """
    tx.sql(_INSERT_ENTRY, entry_to_row(entry))
    if changes:
        tx.many(_INSERT_CHANGE, (change_to_row(entry.id, c) for c in changes))
    _insert(tx, _INSERT_TOUCH, map(touch_to_row, touches), entry.id)
    _insert(tx, _INSERT_TRANSITION, map(transition_to_row, transitions), entry.id)
    _insert(tx, _INSERT_SUPPRESSION, map(suppression_to_row, suppressions), entry.id)
    _insert(tx, _INSERT_FILING, map(filing_to_row, filings), entry.id)
    adapter = fold.primary(tx)
    withdrawn = withdrawing.withdraw(tx, entry, adapter)
    if adapter is not None:
        _deliver(tx, adapter, withdrawn, entry, touches, changes, transitions, suppressions, filings)
    leads = {t.lead_id for t in touches} | {t.lead_id for t in transitions}
    if entry.lead_id is not None:
        leads.add(entry.lead_id)
    leads |= _refold_withdrawn(tx, entry) if withdrawn else _project(tx, entry.id, changes, place)
    return frozenset(leads)


def enlist(tx: Tx, adapter: str) -> int:
    """Queue deliveries for facts that this device wrote before ``adapter`` was connected; returns how many."""
    before = tx.raw.total_changes
    for statement in _ENLIST:
        tx.sql(statement, {"adapter": adapter})
    return int(tx.raw.total_changes - before)


def load(tx: Tx, journal_id: JournalId) -> Loaded:
    """Return an entry with all its facts.

    Raises NotFound where there is none.
    """
    row = tx.sql(_ENTRY, (journal_id,)).fetchone()
    if row is None:
        raise NotFound("entry_not_found", entry=journal_id)
    return Loaded(
        entry_from_row(row),
        tuple(touch_from_row(r) for r in tx.sql(_TOUCHES, (journal_id,))),
        tuple(change_from_row(r) for r in tx.sql(_CHANGES, (journal_id,))),
        tuple(transition_from_row(r) for r in tx.sql(_TRANSITIONS, (journal_id,))),
        tuple(suppression_from_row(r) for r in tx.sql(_SUPPRESSIONS, (journal_id,))),
        tuple(filing_from_row(r) for r in tx.sql(_FILINGS, (journal_id,))),
    )


def undoable(tx: Tx, device_id: DeviceId, limit: int = 30) -> list[Entry]:
    """Return this device's entries that can be undone, newest first."""
    return [entry_from_row(r) for r in tx.sql(_UNDOABLE, (device_id, limit))]


def redoable(tx: Tx, device_id: DeviceId, limit: int = 30) -> list[Entry]:
    """Return the undo entries that can be redone, the last undo first; any new verb empties this list."""
    return [entry_from_row(r) for r in tx.sql(_REDOABLE, (device_id, device_id, limit))]


def changes_of(tx: Tx, obj_id: str, limit: int = 500) -> list[tuple[Entry, Change]]:
    """Return the field changes of a lead or company with the entries that made them, newest first."""
    width = ENTRY_COLUMNS.count(",") + 1
    return [(entry_from_row(r), change_from_row(r[width:])) for r in tx.sql(_OF_LEAD, (obj_id, limit))]


def delivery_states(tx: Tx, keys: Iterable[str]) -> dict[str, str]:
    """Return the delivery states of facts by key (a touch's id …, or `change_key`), without those that have none."""
    return dict(tx.sql(_STATES, (fold.primary(tx), dumps(list(keys)))).fetchall())


def _insert(tx: Tx, statement: str, rows: Iterable[tuple[object, ...]], journal_id: JournalId) -> None:
    """Insert facts; column 7 of each is its ``journal_id``."""
    filled = [row if row[_JOURNAL_AT] is not None else _filled(row, journal_id) for row in rows]
    if filled:
        tx.many(statement, filled)


def _filled(row: tuple[object, ...], journal_id: JournalId) -> tuple[object, ...]:
    return (*row[:_JOURNAL_AT], journal_id, *row[_JOURNAL_AT + 1 :])


def _refold_withdrawn(tx: Tx, entry: Entry) -> set[LeadId]:
    touched: set[LeadId] = set()
    rows = [*tx.sql(_CHANGED_BY, (entry.undoes,)), *tx.sql(_CHANGED_BY, (entry.id,))]
    for obj in (Obj.COMPANY, Obj.LEAD):
        touched |= fold.refold(tx, obj, {key for kind, key in rows if kind == obj.value})
    return touched


def _project(tx: Tx, journal_id: JournalId, changes: Sequence[Change], place: projection.Place | None) -> set[LeadId]:
    touched: set[LeadId] = set()
    for obj in (Obj.COMPANY, Obj.LEAD):
        for block in fold.chunks(c for c in changes if c.obj is obj):
            touched |= _project_block(tx, obj, journal_id, block, place)
    return touched


def _project_block(
    tx: Tx, obj: Obj, journal_id: JournalId, changes: Collection[Change], place: projection.Place | None
) -> set[LeadId]:
    """Lay changes over the projected facts; a hidden object that was known before is folded from its beginning."""
    held = projection.texts(tx, obj, [c.id for c in changes])
    absent = [c.id for c in changes if c.id not in held]
    hidden = [row[0] for row in tx.sql(_KNOWN_BEFORE, (dumps(absent), journal_id))] if absent else []
    facts = fold.folded(tx, obj, hidden) if hidden else {}
    for change in changes:
        if change.id not in facts:
            facts[change.id] = apply(loads(held[change.id]) if change.id in held else {}, change.after)
    return projection.put(tx, obj, facts, held=held, place=place)


def _deliver(
    tx: Tx,
    adapter: str,
    withdrawn: Collection[str],
    entry: Entry,
    touches: Sequence[Touch],
    changes: Sequence[Change],
    transitions: Sequence[Transition],
    suppressions: Sequence[Suppression],
    filings: Sequence[Filing],
) -> None:
    """Queue one delivery per fact; what refers to a record that this entry creates depends on its creation.

    What takes back a fact that was ``withdrawn`` (keys of the undone entry) is cancelled from the beginning.
    """
    at = micros(entry.at)
    made = {c.id: change_key(entry.id, c.id) for c in changes if c.created}
    rows: list[tuple[object, ...]] = []

    def add(
        key: str, kind: str, obj: str, obj_id: str, lead: str | None, lane: int, needs: str | None, back: str | None
    ) -> None:
        state, why = ("cancelled", "undone") if back in withdrawn else ("pending", None)
        rows.append((key, adapter, kind, entry.id, obj, obj_id, lead, lane, state, at, needs, why))

    for c in sorted(changes, key=lambda c: c.obj is not Obj.COMPANY):
        company = c.after.get("company_id")
        needs = made.get(company) if isinstance(company, str) else None
        lead = c.id if c.obj is Obj.LEAD else None
        back = change_key(entry.undoes, c.id) if entry.undoes is not None else None
        add(change_key(entry.id, c.id), _kind(c), c.obj.value, c.id, lead, _lane(c), needs, back)
    for s in suppressions:
        add(s.id, "suppression", "suppression", s.id, entry.lead_id, LANE_REFUSAL, None, s.lifts)
    for t in touches:
        add(t.id, "touch", "touch", t.id, t.lead_id, LANE_ACTIVITY, made.get(t.lead_id), t.corrects)
    for step in transitions:
        add(
            step.id,
            "transition",
            "transition",
            step.id,
            step.lead_id,
            LANE_HANDOFF,
            made.get(step.lead_id),
            step.corrects,
        )
    for one in filings:
        needs = made.get(one.lead_id) if one.lead_id is not None else None
        add(one.id, "filing", "filing", one.id, one.lead_id, LANE_HANDOFF, needs, one.corrects)
    if rows:
        tx.many(_INSERT_DELIVERY, rows)


def _kind(change: Change) -> str:
    return "create" if change.created else "change"


def _lane(change: Change) -> int:
    if change.after.get("dnc") is True or change.after.get("email_opt_out") is True:
        return LANE_REFUSAL
    return LANE_ACTIVITY if change.created else LANE_FIELDS
