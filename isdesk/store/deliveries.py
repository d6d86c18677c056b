"""Deliveries: one row per fact and adapter, and the life it goes through (SYNC E2).

::

    pending → sending → acked | uncertain | conflict | quarantined | cancelled
                        uncertain → sending (the key makes it safe) | acked, pending (asked for, and there or not)
                        quarantined → pending (a person says: again) | cancelled | acked

``sending`` is committed before the first byte; at start-up every ``sending`` becomes ``uncertain``. `journal.append`
makes the rows, sync moves them, and nothing ever deletes one that is not acked, cancelled or in conflict (I10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from isdesk.domain.changes import Value
from isdesk.store import journal, wire
from isdesk.store.values import dumps, instant, instant_or_none, loads, loads_any, micros, micros_or_none

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

Fields = dict[str, Value]

OPEN = ("pending", "sending", "uncertain", "quarantined")
"""States in which a fact still waits."""
_OPEN_SQL = ", ".join(f"'{state}'" for state in OPEN)


class Delivery(NamedTuple):
    """The head of one delivery. ``sent_at``: microseconds, the last moment at which
    a part of the request may have left, None before the first try; ``override``: a fact's own JSON
    where a person corrected what is sent.
    """

    seq: int
    cmd_id: str
    kind: str
    obj: str
    obj_id: str
    lead_id: str | None
    lane: int
    state: str
    attempts: int
    depends_on: str | None
    sent_at: int | None = None
    error_class: str | None = None
    remote_id: str | None = None
    override: str | None = None


class OpenChange(NamedTuple):
    """A field change on its way: ``payload`` and ``base`` as they would be sent now."""

    delivery: Delivery
    payload: Fields
    base: Fields
    next_at: datetime | None
    merges: tuple[str, ...] = ()


class FactState(NamedTuple):
    """How a fact's delivery stands; ``remote_id`` is the CRM's id of what it wrote."""

    state: str
    remote_id: str | None
    error_class: str
    error_text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One delivery for those who look at what waits."""

    head: Delivery
    adapter: str
    made_at: datetime
    fields: Fields
    next_at: datetime | None
    error_class: str
    error_text: str


_HEAD = ", ".join((*Delivery._fields[:-1], "payload"))
_WIDTH = len(Delivery._fields)
_HEAD_D = ", ".join(f"d.{name.strip()}" for name in _HEAD.split(","))
_DUE = (
    f"SELECT {_HEAD} FROM delivery WHERE adapter = ? AND state = ? AND (next_at IS NULL OR next_at <= ?) "
    "AND lane <= ? AND (? OR kind = 'change') ORDER BY lane, seq LIMIT ?"
)
_DOUBTS = (
    f"SELECT {_HEAD} FROM delivery WHERE adapter = ? AND state = 'uncertain' AND kind <> 'change' "
    "AND (next_at IS NULL OR next_at <= ?) AND coalesce(sent_at, 0) <= ? ORDER BY lane, seq LIMIT ?"
)
_SAID = (
    "SELECT coalesce(d.payload, c.after) FROM delivery d JOIN change c ON c.journal_id = d.journal_id "
    "AND c.obj_id = d.obj_id WHERE d.seq = ?"
)
_STANDING = (
    "SELECT lead_id, kind, seq FROM delivery WHERE lead_id IN (SELECT value FROM json_each(?)) AND adapter = ? "
    "AND kind IN ('touch', 'transition') AND state IN ('pending', 'uncertain', 'sending')"
)
_CREATING = (
    f"SELECT obj_id FROM delivery WHERE adapter = ? AND kind = 'create' AND state IN ({_OPEN_SQL}) "
    "AND obj_id IN (SELECT value FROM json_each(?))"
)
_REMOTES = (
    "SELECT cmd_id, remote_id FROM delivery WHERE adapter = ? AND remote_id IS NOT NULL "
    "AND cmd_id IN (SELECT value FROM json_each(?))"
)
_UNOFFERED = f"SELECT {_HEAD} FROM delivery WHERE adapter = ? AND state IN ('pending', 'uncertain') AND obj = ? LIMIT ?"
_MERGED = "UPDATE delivery SET payload = ?, base = ?, merges = ? WHERE seq = ?"
_SUPERSEDED = "UPDATE delivery SET state = 'cancelled', error_class = 'superseded', payload = ?, base = ? WHERE seq = ?"

_OPEN_CHANGES = (
    f"SELECT {_HEAD_D}, coalesce(d.payload, c.after), coalesce(d.base, c.before), d.next_at, d.merges FROM delivery d "
    "JOIN change c ON c.journal_id = d.journal_id AND c.obj_id = d.obj_id "
    "WHERE d.adapter = ? AND d.obj = ? AND d.obj_id IN (SELECT value FROM json_each(?)) "
    f"AND d.state IN ({_OPEN_SQL}) ORDER BY d.seq"
)
_FACT = {
    obj: f"SELECT {', '.join(names)} FROM {obj} WHERE id IN (SELECT value FROM json_each(?))"
    for obj, names in wire.COLUMNS.items()
}
_STATES = "SELECT cmd_id, state FROM delivery WHERE adapter = ? AND cmd_id IN (SELECT value FROM json_each(?))"
_RECOVER = "UPDATE delivery SET state = 'uncertain', sent_at = ? WHERE adapter = ? AND state = 'sending'"
_RECLOCK = (
    "UPDATE delivery SET sent_at = sent_at + ?1, next_at = next_at + ?1 WHERE adapter = ?2 "
    "AND state IN ('pending', 'sending', 'uncertain') AND (sent_at IS NOT NULL OR next_at IS NOT NULL)"
)
_SENDING = "UPDATE delivery SET state = 'sending', sent_at = ? WHERE seq = ?"
_ACK = (
    "UPDATE delivery SET state = 'acked', acked_at = ?, remote_id = ?, next_at = NULL, error_class = NULL, "
    "error_text = NULL WHERE seq = ?"
)
_SETTLE = (
    "UPDATE delivery SET state = ?, attempts = attempts + ?, next_at = ?, error_class = ?, error_text = ?, "
    "sent_at = coalesce(?, sent_at) WHERE seq = ?"
)
_REBASE = "UPDATE delivery SET payload = ?, base = ? WHERE seq = ?"
_PROBED = "kind IN (SELECT value FROM json_each(?))"
_NEWEST_ACKED = (
    f"SELECT {_HEAD} FROM delivery WHERE adapter = ? AND state = 'acked' AND {_PROBED} "
    "ORDER BY acked_at DESC, seq DESC LIMIT ?"
)
_ACKED_SINCE = (
    f"SELECT {_HEAD} FROM delivery WHERE adapter = ? AND state = 'acked' AND acked_at >= ? AND {_PROBED} ORDER BY seq"
)
_AGAIN = (
    "UPDATE delivery SET state = 'pending', acked_at = NULL, next_at = NULL, sent_at = NULL, reoffered = reoffered + 1 "
    "WHERE adapter = ? AND state = 'acked' AND cmd_id IN (SELECT value FROM json_each(?))"
)
_PURGE = (
    "UPDATE delivery SET payload = NULL, base = NULL, merges = NULL WHERE adapter = ? AND state = 'acked' "
    "AND acked_at < ? AND (payload IS NOT NULL OR base IS NOT NULL)"
)
_OFFERED_AGAIN = (
    "SELECT cmd_id FROM delivery WHERE adapter = ? AND reoffered >= ? AND cmd_id IN (SELECT value FROM json_each(?))"
)
_AGAIN_OBJECTS = (
    "SELECT DISTINCT obj, obj_id FROM delivery WHERE adapter = ? AND kind IN ('change', 'create') "
    "AND cmd_id IN (SELECT value FROM json_each(?))"
)
_RELEASE = "UPDATE delivery SET next_at = NULL WHERE adapter = ? AND next_at IS NOT NULL"
_COUNTS = (
    "SELECT state, count(*), min(made_at) FROM delivery "
    "WHERE state IN ('pending', 'sending', 'uncertain', 'quarantined') GROUP BY state"
)
_WAITING = (
    f"SELECT {_HEAD}, adapter, made_at, next_at, coalesce(error_class, ''), coalesce(error_text, ''), "
    f"journal_id FROM delivery WHERE state IN ({_OPEN_SQL}) ORDER BY state = 'quarantined' DESC, lane, seq LIMIT ?"
)
_AFTERS = (
    "SELECT c.journal_id || ':' || c.obj_id, c.after FROM json_each(?) j JOIN change c "
    "ON c.journal_id = json_extract(j.value, '$[0]') AND c.obj_id = json_extract(j.value, '$[1]')"
)
_ONE = f"SELECT {_HEAD} FROM delivery WHERE cmd_id = ?"
_RETRY = (
    "UPDATE delivery SET state = 'pending', attempts = 0, next_at = NULL, error_class = NULL, error_text = NULL "
    "WHERE cmd_id = ? AND state IN ('quarantined', 'pending', 'uncertain')"
)
_WITHDRAW = (
    "UPDATE delivery SET state = 'cancelled', error_class = ?, error_text = ? "
    "WHERE cmd_id = ? AND state IN ('pending', 'quarantined')"
)
_DECIDED = "UPDATE delivery SET decided_by = ?, decided_at = ? WHERE cmd_id = ?"
_OF_FACTS = (
    "SELECT d.cmd_id, d.state, d.remote_id, coalesce(d.error_class, ''), coalesce(d.error_text, '') FROM delivery d "
    "JOIN connection c ON c.adapter = d.adapter AND c.is_primary = 1 "
    "WHERE d.cmd_id IN (SELECT value FROM json_each(?))"
)
_OPEN_FOR = (
    f"SELECT DISTINCT obj_id FROM delivery WHERE adapter = ? AND state IN ({_OPEN_SQL}) "
    "AND obj_id IN (SELECT value FROM json_each(?))"
)
_OPEN_LEADS = (
    f"SELECT DISTINCT lead_id FROM delivery WHERE adapter = ? AND state IN ({_OPEN_SQL}) "
    "AND lead_id IN (SELECT value FROM json_each(?))"
)


def enqueue_backlog(tx: Tx, adapter: str) -> int:
    """Queue what this device wrote before ``adapter`` was connected; returns how many deliveries were made."""
    return journal.enlist(tx, adapter)


# ---------------------------------------------------------------------------------------------------------- choosing


def recover(tx: Tx, adapter: str, at: datetime) -> int:
    """Turn every ``sending`` into ``uncertain``: the process that sent them is no more.

    When its last byte left nobody knows: at any time until now (``at``), for a machine may sleep in the midst.
    """
    return int(tx.sql(_RECOVER, (micros(at), adapter)).rowcount)


def reclock(tx: Tx, adapter: str, by: timedelta) -> None:
    """Move the times of what is still open along with a clock that was set ``by`` so much forward."""
    tx.sql(_RECLOCK, (round(by / timedelta(microseconds=1)), adapter))


def release(tx: Tx, adapter: str) -> None:
    """Let everything be tried at once (manual sync): timers are reset, attempts are not (SYNC E8)."""
    tx.sql(_RELEASE, (adapter,))


LAST_LANE = 3


def due(
    tx: Tx, adapter: str, at: datetime, limit: int, *, lanes: int = LAST_LANE, resend: bool = True
) -> list[Delivery]:
    """Return what may be sent now, up to lane ``lanes``: the uncertain first, then by lane and age.

    ``resend`` False: of the uncertain only edits of fields, which are compared before they are written; the others are
    asked for (`doubts`).
    """
    found: list[Delivery] = []
    for state in ("uncertain", "pending"):
        if len(found) < limit:
            everything = resend or state == "pending"
            rows = tx.sql(_DUE, (adapter, state, micros(at), lanes, everything, limit - len(found)))
            found += [Delivery(*row) for row in rows]
    return found


def doubts(tx: Tx, adapter: str, at: datetime, sent_before: datetime, limit: int) -> list[Delivery]:
    """Return facts and new records of which nobody knows whether they were written, sent before an instant."""
    rows = tx.sql(_DOUBTS, (adapter, micros(at), micros(sent_before), limit))
    return [Delivery(*row) for row in rows]


def said(tx: Tx, seq: int) -> Fields:
    """Return what an edit or a new record says, as it would be sent now."""
    row = tx.sql(_SAID, (seq,)).fetchone()
    return {} if row is None else loads(row[0])


def standing(tx: Tx, adapter: str, leads: Iterable[str]) -> list[tuple[str, str, int]]:
    """Return (lead, kind, sequence) of the touches and steps that still have to go for these leads."""
    return [(row[0], row[1], row[2]) for row in tx.sql(_STANDING, (dumps(list(leads)), adapter))]


def creating(tx: Tx, adapter: str, ids: Iterable[str]) -> set[str]:
    """Return those of these records whose creation still waits."""
    return {row[0] for row in tx.sql(_CREATING, (adapter, dumps(list(ids))))}


def remote_ids(tx: Tx, adapter: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the CRM's ids of what these deliveries wrote, where they are known."""
    return dict(tx.sql(_REMOTES, (adapter, dumps(list(keys)))).fetchall())


def unoffered(tx: Tx, adapter: str, obj: str, limit: int) -> list[Delivery]:
    """Return deliveries of a kind of record that the CRM does not take."""
    return [Delivery(*row) for row in tx.sql(_UNOFFERED, (adapter, obj, limit))]


def open_changes(tx: Tx, adapter: str, obj: str, ids: Iterable[str]) -> dict[str, list[OpenChange]]:
    """Return the field changes of these objects that still wait, oldest first."""
    found: dict[str, list[OpenChange]] = {}
    for row in tx.sql(_OPEN_CHANGES, (adapter, obj, dumps(list(ids)))):
        payload, base, next_at, merges = row[_WIDTH:]
        absorbed = tuple(str(one) for one in cast("list[object]", loads_any(merges))) if merges is not None else ()
        made = OpenChange(Delivery(*row[:_WIDTH]), loads(payload), loads(base), instant_or_none(next_at), absorbed)
        found.setdefault(made.delivery.obj_id, []).append(made)
    return found


def facts(tx: Tx, obj: str, ids: Iterable[str]) -> dict[str, Fields]:
    """Return append-only facts as they travel."""
    return {row[0]: wire.out(obj, row) for row in tx.sql(_FACT[obj], (dumps(list(ids)),))}


def states(tx: Tx, adapter: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the state of deliveries by key."""
    return dict(tx.sql(_STATES, (adapter, dumps(list(keys)))).fetchall())


# ------------------------------------------------------------------------------------------------------------ moving


def sending(tx: Tx, seqs: Iterable[int], at: datetime) -> None:
    """Note that these are on their way; commit before the first byte."""
    tx.many(_SENDING, [(micros(at), seq) for seq in seqs])


def ack(tx: Tx, done: Iterable[tuple[int, str | None]], at: datetime) -> None:
    """Note that the CRM has these (sequence, remote id)."""
    tx.many(_ACK, [(micros(at), remote, seq) for seq, remote in done])


def settle(
    tx: Tx,
    seqs: Iterable[int],
    state: str,
    *,
    attempt: bool = False,
    next_at: datetime | None = None,
    error_class: str | None = None,
    error_text: str | None = None,
    sent_at: datetime | None = None,
) -> None:
    """Put these into ``state``; ``attempt`` counts one more try.

    ``sent_at``: until when a part of the request may have left, where that is later than it was meant to.
    """
    due_at, sent = micros_or_none(next_at), micros_or_none(sent_at)
    tx.many(_SETTLE, [(state, int(attempt), due_at, error_class, error_text, sent, seq) for seq in seqs])


def merged(tx: Tx, seq: int, payload: Fields, base: Fields, keys: Iterable[str]) -> None:
    """Let one edit carry others (``keys``) that are older and were never sent."""
    tx.sql(_MERGED, (dumps(payload), dumps(base), dumps(list(keys)), seq))


def superseded(tx: Tx, seq: int, payload: Fields, base: Fields) -> None:
    """Close an edit that a later one carries; what it was meant to write is kept."""
    tx.sql(_SUPERSEDED, (dumps(payload), dumps(base), seq))


def rebase(tx: Tx, seq: int, payload: Fields, base: Fields) -> None:
    """Change what will be sent: onto the values that the CRM has now."""
    tx.sql(_REBASE, (dumps(payload), dumps(base), seq))


# --------------------------------------------------------------------------------------------------- after a restore


KINDS = ("touch", "transition", "suppression", "filing", "create", "change")


def newest_acked(tx: Tx, adapter: str, limit: int, kinds: Iterable[str] = KINDS) -> list[Delivery]:
    """Return the deliveries that were acked last."""
    return [Delivery(*row) for row in tx.sql(_NEWEST_ACKED, (adapter, dumps(list(kinds)), limit))]


def acked_since(tx: Tx, adapter: str, since: datetime | None = None, kinds: Iterable[str] = KINDS) -> list[Delivery]:
    """Return what was acked since an instant (None: ever), oldest delivery first."""
    rows = tx.sql(_ACKED_SINCE, (adapter, 0 if since is None else micros(since), dumps(list(kinds))))
    return [Delivery(*row) for row in rows]


def purge(tx: Tx, adapter: str, before: datetime) -> int:
    """Forget what was sent instead of the facts themselves, of deliveries acked before an instant; their keys stay."""
    return int(tx.sql(_PURGE, (adapter, micros(before))).rowcount)


def offered_again(tx: Tx, adapter: str, keys: Iterable[str], times: int) -> set[str]:
    """Return those of these keys that were offered again that often before."""
    return {row[0] for row in tx.sql(_OFFERED_AGAIN, (adapter, times, dumps(list(keys))))}


def again(tx: Tx, adapter: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    """Offer acked deliveries once more; returns the objects (kind, id) whose projection is to be folded anew."""
    wanted = dumps(list(keys))
    tx.sql(_AGAIN, (adapter, wanted))
    return [(row[0], row[1]) for row in tx.sql(_AGAIN_OBJECTS, (adapter, wanted))]


# ----------------------------------------------------------------------------------------------------------- showing


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits: ``waiting`` on its way, ``attention`` for a person; ``oldest`` when the oldest was made."""

    waiting: int = 0
    attention: int = 0
    oldest: datetime | None = None


def counts(tx: Tx) -> Counts:
    """Return how much waits."""
    waiting = attention = 0
    oldest: int | None = None
    for state, number, first in tx.sql(_COUNTS):
        if state == "quarantined":
            attention += number
        else:
            waiting += number
        oldest = first if oldest is None else min(oldest, first)
    return Counts(waiting, attention, instant_or_none(oldest))


def waiting(tx: Tx, limit: int) -> list[Waiting]:
    """Return what waits, what needs a person first."""
    rows = tx.sql(_WAITING, (limit,)).fetchall()
    bodies = _bodies(tx, rows)
    return [_waiting(row, bodies) for row in rows]


def _waiting(row: Sequence[Any], bodies: dict[str, Fields]) -> Waiting:
    head = Delivery(*row[:_WIDTH])
    adapter, made_at, next_at, error_class, error_text, _ = row[_WIDTH:]
    fields = loads(head.override) if head.override is not None else bodies.get(head.cmd_id, {})
    return Waiting(head, adapter, instant(made_at), fields, instant_or_none(next_at), error_class, error_text)


def one(tx: Tx, cmd_id: str) -> Delivery | None:
    """Return the head of one delivery by its key."""
    row = tx.sql(_ONE, (cmd_id,)).fetchone()
    return None if row is None else Delivery(*row)


def retry(tx: Tx, cmd_id: str) -> bool:
    """Let one delivery be tried again from the beginning; False where it does not wait."""
    return bool(tx.sql(_RETRY, (cmd_id,)).rowcount)


def withdraw(tx: Tx, cmd_id: str, *, why: str, note: str = "") -> bool:
    """Cancel one delivery that is not on its way; False where it is, or is over."""
    return bool(tx.sql(_WITHDRAW, (why, note, cmd_id)).rowcount)


def override(tx: Tx, cmd_id: str, payload: Fields, *, by: str, at: datetime) -> None:
    """Send something else of a fact: what a person corrected. The fact itself stays as it was written."""
    tx.sql("UPDATE delivery SET payload = ? WHERE cmd_id = ?", (dumps(payload), cmd_id))
    decided(tx, cmd_id, by=by, at=at)


def decided(tx: Tx, cmd_id: str, *, by: str, at: datetime) -> None:
    """Note which person settled a delivery."""
    tx.sql(_DECIDED, (by, micros(at), cmd_id))


def keep_payload(tx: Tx, head: Delivery) -> None:
    """Keep with a delivery what it would have sent, so that it can be read after its state is final."""
    if head.override is None:
        body = (
            facts(tx, head.obj, [head.obj_id]).get(head.obj_id, {}) if head.obj in wire.COLUMNS else said(tx, head.seq)
        )
        tx.sql("UPDATE delivery SET payload = ? WHERE seq = ?", (dumps(body), head.seq))


def overridden(head: Delivery) -> Fields:
    """Return what is sent instead of the fact itself, {} where that is as it was written."""
    return loads(head.override) if head.override is not None else {}


def of_facts(tx: Tx, ids: Iterable[str]) -> dict[str, FactState]:
    """Return how the deliveries of touches or steps to the connected CRM stand, by the fact's id."""
    return {row[0]: FactState(*row[1:]) for row in tx.sql(_OF_FACTS, (dumps(list(ids)),))}


def with_open(tx: Tx, adapter: str, ids: Iterable[str]) -> set[str]:
    """Return those of these objects and leads that something still waits for (SYNC I12)."""
    wanted = dumps(list(ids))
    direct = {row[0] for row in tx.sql(_OPEN_FOR, (adapter, wanted))}
    return direct | {row[0] for row in tx.sql(_OPEN_LEADS, (adapter, wanted))}


def _bodies(tx: Tx, rows: Sequence[Sequence[Any]]) -> dict[str, Fields]:
    by_obj: dict[str, list[str]] = {}
    for row in rows:
        by_obj.setdefault(row[3], []).append(row[4])
    bodies: dict[str, Fields] = {}
    for obj, ids in by_obj.items():
        if obj in wire.COLUMNS:
            bodies |= facts(tx, obj, ids)
    changed = [[row[-1], row[4]] for row in rows if row[3] not in wire.COLUMNS]
    changes = tx.sql(_AFTERS, (dumps(changed),))
    return bodies | {key: loads(after) for key, after in changes}
