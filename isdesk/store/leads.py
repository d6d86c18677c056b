"""Reading leads and their history, keeping their derived states, and drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Obj, Value
from isdesk.domain.errors import NotFound
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import CompanyId, LeadId, MemberId
from isdesk.domain.state import LeadFacts, LeadState, Placement
from isdesk.domain.touch import ActionKind, Touch
from isdesk.store import fold, projection
from isdesk.store.rows import (
    PLACEMENT_COLUMNS,
    STATE_COLUMNS,
    TOUCH_COLUMNS,
    TRANSITION_COLUMNS,
    StandWriter,
    fields,
    placement_from_row,
    placement_to_row,
    setters,
    state_from_row,
    touch_from_row,
    transition_from_row,
)
from isdesk.store.values import dumps, instant, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_FACTS = "SELECT l.id, l.facts, l.company_id, c.facts FROM lead l LEFT JOIN company c ON c.id = l.company_id "
_ONE = _FACTS + "WHERE l.id = ?"
_MANY = _FACTS + "WHERE l.id IN (SELECT value FROM json_each(?))"
_COMPANY_LEADS = "SELECT id FROM lead WHERE company_id = ? ORDER BY id"
_OF_COMPANIES = "SELECT id FROM lead WHERE company_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_ALL = "SELECT id FROM lead WHERE id > ? ORDER BY id LIMIT ?"
_COUNT = "SELECT count(*) FROM lead"
_OWNED = "SELECT id FROM lead WHERE owner_id = ? ORDER BY id"
_MERGED = (
    "SELECT l.id, j.value FROM lead l, json_each(l.facts, '$.merged_from') j "
    "WHERE l.id IN (SELECT value FROM json_each(?)) AND instr(l.facts, '\"merged_from\"') > 0"
)
_TOUCHES = f"SELECT {TOUCH_COLUMNS} FROM touch WHERE lead_id = ? ORDER BY at, device_id, device_seq, id"
_TOUCH = f"SELECT {TOUCH_COLUMNS} FROM touch WHERE id = ?"
_TOUCHES_MANY = (
    f"SELECT {TOUCH_COLUMNS} FROM touch WHERE lead_id IN (SELECT value FROM json_each(?)) "
    "ORDER BY lead_id, at, device_id, device_seq, id"
)
_TOUCHES_BETWEEN = f"SELECT {TOUCH_COLUMNS} FROM touch WHERE at >= ? AND at < ? ORDER BY at, device_id, device_seq, id"
_TOUCHES_BY = (
    f"SELECT {TOUCH_COLUMNS} FROM touch WHERE member_id = ? AND at >= ? AND at < ? "
    "ORDER BY at, device_id, device_seq, id"
)
_OF_COMPANY = (
    f"SELECT {TOUCH_COLUMNS} FROM touch WHERE company_id = ? AND outcome IS NOT NULL AND at >= ? AND at < ? "
    "ORDER BY at, device_id, device_seq, id"
)
_TOUCHED = "SELECT DISTINCT lead_id FROM touch WHERE at >= ? AND at < ?"
_VOIDS_OF = f"SELECT {TOUCH_COLUMNS} FROM touch WHERE corrects IN (SELECT value FROM json_each(?))"
_TRANSITIONS = f"SELECT {TRANSITION_COLUMNS} FROM transition WHERE lead_id = ? ORDER BY at, device_id, device_seq, id"
_TRANSITIONS_MANY = (
    f"SELECT {TRANSITION_COLUMNS} FROM transition WHERE lead_id IN (SELECT value FROM json_each(?)) "
    "ORDER BY lead_id, at, device_id, device_seq, id"
)
_WITH_HISTORY = (
    "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM touch WHERE lead_id = value) "
    "OR EXISTS (SELECT 1 FROM transition WHERE lead_id = value)"
)
_BY_HANDOFF = "SELECT lead_id FROM transition WHERE handoff_id = ? LIMIT 1"
_IN_HANDOFF = (
    "SELECT id FROM lead WHERE handoff_state IS NOT NULL AND handoff_state IN (SELECT value FROM json_each(?)) "
    "ORDER BY id"
)
_SUBMITTED = "SELECT DISTINCT lead_id FROM transition WHERE action = 'submit' AND at >= ? AND at < ?"
_STEPPED = "SELECT DISTINCT lead_id FROM transition WHERE at >= ? AND at < ?"
_SAVE = f"UPDATE lead SET {setters(STATE_COLUMNS)}, {setters(PLACEMENT_COLUMNS)} WHERE id = ?"
_SAVE_PLACE = f"UPDATE lead SET {setters(PLACEMENT_COLUMNS)} WHERE id = ?"
_STATES = f"SELECT id, {STATE_COLUMNS}, {PLACEMENT_COLUMNS} FROM lead WHERE id IN (SELECT value FROM json_each(?))"
_STATE = f"SELECT id, {STATE_COLUMNS}, {PLACEMENT_COLUMNS} FROM lead WHERE id = ?"
_STATE_WIDTH = STATE_COLUMNS.count(",") + 1
_CHANGED_SINCE = (
    "SELECT c.obj, c.after FROM change c JOIN journal j ON j.id = c.journal_id WHERE j.at >= ?1 "
    "AND c.created = 0 AND j.verb <> 'undo' "
    "AND NOT EXISTS (SELECT 1 FROM journal u WHERE u.undoes = j.id AND u.verb = 'undo') "
    "AND c.obj_id IN (SELECT ?2 UNION SELECT company_id FROM lead WHERE id = ?2)"
)
_DRAFT = "SELECT body, updated_at FROM draft WHERE lead_id = ? AND kind = ?"
_PUT_DRAFT = (
    "INSERT INTO draft (lead_id, kind, body, updated_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (lead_id, kind) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at"
)
_DROP_DRAFT = "DELETE FROM draft WHERE lead_id = ? AND kind = ?"


def _facts(row: Sequence[str | None]) -> LeadFacts:
    company = None if row[2] is None else CompanyId(row[2])
    return LeadFacts(LeadId(str(row[0])), loads(str(row[1])), company, fields(row[3]))


def facts(tx: Tx, lead_id: LeadId) -> LeadFacts | None:
    """Return a lead with its company as people see them, None where there is no such lead."""
    row = tx.sql(_ONE, (lead_id,)).fetchone()
    return None if row is None else _facts(row)


def get(tx: Tx, lead_id: LeadId) -> LeadFacts:
    """Return a lead with its company.

    Raises NotFound where there is no such lead.
    """
    found = facts(tx, lead_id)
    if found is None:
        raise NotFound("lead_not_found", lead=lead_id)
    return found


def many(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, LeadFacts]:
    """Return leads with their companies by id, without those that do not exist."""
    return {f.id: f for f in map(_facts, tx.sql(_MANY, (dumps(list(ids)),)))}


def fields_of(tx: Tx, obj: Obj, key: str) -> dict[str, Value] | None:
    """Return the facts of a lead or company, of a deleted one too; None where nothing of that id was ever known."""
    text = projection.text_of(tx, obj, key)
    if text is not None:
        return loads(text)
    return fold.folded(tx, obj, [key])[key] or None


def all_ids(tx: Tx, chunk: int = 1000) -> Iterator[list[LeadId]]:
    """Return the ids of all leads in lists of ``chunk``, for work that goes over everything."""
    after = ""
    while block := [LeadId(r[0]) for r in tx.sql(_ALL, (after, chunk))]:
        yield block
        after = block[-1]


def owned_by(tx: Tx, member_id: str) -> list[LeadId]:
    """Return the leads of a person by id."""
    return [LeadId(r[0]) for r in tx.sql(_OWNED, (member_id,))]


def count(tx: Tx) -> int:
    """Return how many leads there are."""
    return int(tx.sql(_COUNT).fetchone()[0])


def fields_changed_since(tx: Tx, lead_id: LeadId, since: datetime) -> frozenset[str]:
    """Return the codes of the lead's fields (``company.x`` for its company's) that somebody here wrote since then."""
    rows = tx.sql(_CHANGED_SINCE, (micros(since), lead_id))
    return frozenset(
        code if obj == Obj.LEAD.value else f"company.{code}" for obj, after in rows for code in loads(after)
    )


def company_leads(tx: Tx, company_id: CompanyId) -> list[LeadId]:
    """Return the leads of a company by id."""
    return [LeadId(r[0]) for r in tx.sql(_COMPANY_LEADS, (company_id,))]


def of_companies(tx: Tx, ids: Iterable[CompanyId]) -> list[LeadId]:
    """Return the leads of several companies by id."""
    return [LeadId(r[0]) for r in tx.sql(_OF_COMPANIES, (dumps(list(ids)),))]


def touches(tx: Tx, lead_id: LeadId) -> list[Touch]:
    """Return all touches of a lead, oldest first, void and corrected ones too (`domain.touch.effective` sorts out).

    Those of leads that were merged into it are among them, but for the one that said they were duplicates.
    """
    if merged(tx, [lead_id]):
        return touches_many(tx, [lead_id])[lead_id]
    return [touch_from_row(r) for r in tx.sql(_TOUCHES, (lead_id,))]


def touches_many(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, list[Touch]]:
    """Return all touches of several leads (see `touches`), oldest first; a lead without any has an empty list."""
    wanted = list(ids)
    found: dict[LeadId, list[Touch]] = {key: [] for key in wanted}
    others = merged(tx, wanted)
    for row in tx.sql(_TOUCHES_MANY, (dumps([*wanted, *others]),)):
        found[others.get(row[1], row[1])].append(touch_from_row(row))
    for key in set(others.values()):
        kept = [t for t in found[key] if t.plan is None or t.plan.action is not ActionKind.MERGE]
        found[key] = sorted(kept, key=lambda t: (t.at, t.device_id, t.device_seq, t.id))
    return found


def merged(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, LeadId]:
    """Return the leads that were merged into any of ``ids``, with the one that each was merged into."""
    return {LeadId(gone): LeadId(key) for key, gone in tx.sql(_MERGED, (dumps(list(ids)),))}


def stays(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, LeadId]:
    """Return those of ``ids`` that were merged into another lead, be it here or by a CRM, with the one that stays."""
    wanted = set(ids)
    found: dict[LeadId, LeadId] = {}
    for lost in wanted - many(tx, wanted).keys():
        seen, key = {lost}, lost
        while (into := (fields_of(tx, Obj.LEAD, key) or {}).get("merged_into")) and into not in seen:
            key = LeadId(str(into))
            seen.add(key)
        if key != lost:
            found[lost] = key
    return found


def touches_between(tx: Tx, start: datetime, end: datetime, member_id: str | None = None) -> list[Touch]:
    """Return the touches of the team, or of one person, with start <= at < end, oldest first."""
    span = (micros(start), micros(end))
    cursor = tx.sql(_TOUCHES_BETWEEN, span) if member_id is None else tx.sql(_TOUCHES_BY, (member_id, *span))
    return [touch_from_row(r) for r in cursor]


def touched(tx: Tx, start: datetime, end: datetime) -> set[LeadId]:
    """Return the leads with which anything happened with start <= at < end, be it taken back since or not."""
    return {LeadId(r[0]) for r in tx.sql(_TOUCHED, (micros(start), micros(end)))}


def touches_of_company(tx: Tx, company_id: CompanyId | str, start: datetime, end: datetime) -> list[Touch]:
    """Return the touches of a company's leads with start <= at < end, oldest first, as their own company says."""
    rows = tx.sql(_OF_COMPANY, (company_id, micros(start), micros(end)))
    return [touch_from_row(r) for r in rows]


def first_touch_of_members(tx: Tx) -> dict[MemberId, datetime]:
    """Return when each person's first touch was."""
    rows = tx.sql("SELECT member_id, min(at) FROM touch WHERE void = 0 GROUP BY member_id")
    return {MemberId(member): instant(at) for member, at in rows}


def corrections(tx: Tx, ids: Iterable[str]) -> list[Touch]:
    """Return the touches that correct or take back any of ``ids``."""
    return [touch_from_row(r) for r in tx.sql(_VOIDS_OF, (dumps(list(ids)),))]


def touch(tx: Tx, touch_id: str) -> Touch | None:
    """Return one touch, None where there is no such touch."""
    row = tx.sql(_TOUCH, (touch_id,)).fetchone()
    return None if row is None else touch_from_row(row)


def transitions(tx: Tx, lead_id: LeadId) -> list[Transition]:
    """Return all steps of a lead's handoffs, oldest first."""
    return [transition_from_row(r) for r in tx.sql(_TRANSITIONS, (lead_id,))]


def transitions_many(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, list[Transition]]:
    """Return all handoff steps of several leads, each list oldest first; a lead without any has an empty list."""
    wanted = list(ids)
    found: dict[LeadId, list[Transition]] = {key: [] for key in wanted}
    for row in tx.sql(_TRANSITIONS_MANY, (dumps(wanted),)):
        found[row[2]].append(transition_from_row(row))
    return found


def with_history(tx: Tx, ids: Iterable[LeadId]) -> set[LeadId]:
    """Return those of ``ids`` with which anything ever happened: a touch or a step of a handoff."""
    return {LeadId(r[0]) for r in tx.sql(_WITH_HISTORY, (dumps(list(ids)),))}


def of_handoff(tx: Tx, handoff_id: str) -> LeadId | None:
    """Return the lead that a handoff is about."""
    row = tx.sql(_BY_HANDOFF, (handoff_id,)).fetchone()
    return None if row is None else LeadId(row[0])


def in_handoff(tx: Tx, states: Iterable[str]) -> list[LeadId]:
    """Return the leads whose handoff is in one of ``states``."""
    return [LeadId(r[0]) for r in tx.sql(_IN_HANDOFF, (dumps(list(states)),))]


def submitted(tx: Tx, start: datetime, end: datetime) -> set[LeadId]:
    """Return the leads of which a handoff was submitted with start <= at < end, be it taken back since or not."""
    return {LeadId(r[0]) for r in tx.sql(_SUBMITTED, (micros(start), micros(end)))}


def stepped(tx: Tx, start: datetime, end: datetime) -> set[LeadId]:
    """Return the leads of which a handoff took a step with start <= at < end."""
    return {LeadId(r[0]) for r in tx.sql(_STEPPED, (micros(start), micros(end)))}


def save_state(tx: Tx, rows: Sequence[tuple[LeadId, LeadState, Placement]]) -> None:
    """Keep derived states and placements beside the facts; the parts of the scores are not kept."""
    written = StandWriter()
    tx.many(_SAVE, ((*written.row(state, place), key) for key, state, place in rows))


def save_placement(tx: Tx, rows: Sequence[tuple[LeadId, Placement]]) -> None:
    """Keep placements only (after time has passed, the states being as they were)."""
    tx.many(_SAVE_PLACE, [(*placement_to_row(place), key) for key, place in rows])


def state(tx: Tx, lead_id: LeadId) -> tuple[LeadState, Placement] | None:
    """Return the kept state and placement of a lead, None where there is no such lead."""
    row = tx.sql(_STATE, (lead_id,)).fetchone()
    return None if row is None else _state(row)


def states(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, tuple[LeadState, Placement]]:
    """Return kept states and placements by lead, without leads that do not exist."""
    return {LeadId(r[0]): _state(r) for r in tx.sql(_STATES, (dumps(list(ids)),))}


def _state(row: Sequence[object]) -> tuple[LeadState, Placement]:
    return state_from_row(row[1 : _STATE_WIDTH + 1]), placement_from_row(str(row[0]), row[_STATE_WIDTH + 1 :])


def draft(tx: Tx, lead_id: LeadId, kind: str = "note") -> tuple[str, datetime] | None:
    """Return what was being typed for a lead and when, None where nothing was."""
    row = tx.sql(_DRAFT, (lead_id, kind)).fetchone()
    return None if row is None else (row[0], instant(row[1]))


def put_draft(tx: Tx, lead_id: LeadId, body: str, at: datetime, kind: str = "note") -> None:
    """Keep what is being typed; an empty body forgets it."""
    if body:
        tx.sql(_PUT_DRAFT, (lead_id, kind, body, micros(at)))
    else:
        tx.sql(_DROP_DRAFT, (lead_id, kind))
