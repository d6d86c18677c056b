"""From the CRM to the mirror: pages of changes, each stored with its cursor in one transaction (SYNC E3, I7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isdesk.crm.port import Row, Thing
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.sequence import KIND as SEQUENCE
from isdesk.domain.suppression import digest
from isdesk.store import Tx, members, meta, mirror, wire
from isdesk.store.mirror import Base
from isdesk.store.values import dumps
from isdesk.sync.naming import inward
from isdesk.sync.receiving import Ground, Taken, receive

ORDER = (
    Thing.MEMBER,
    Thing.PLAYBOOK,
    Thing.SUPPRESSION,
    Thing.COMPANY,
    Thing.LEAD,
    Thing.TOUCH,
    Thing.TRANSITION,
    Thing.FILING,
)
"""The order of a pull: what is referred to comes before what refers to it, and who must not be called before whom."""

PLAYBOOK_TEXT = "playbook_text"
"""Where the team's definitions are kept in ``store.meta``."""

_LEAD_AT = {obj: wire.COLUMNS[obj].index("lead_id") for obj in ("touch", "transition")}
_KIND_AT, _SUBJECT_AT = (wire.COLUMNS["filing"].index(name) for name in ("kind", "subject"))
_HMAC_AT = wire.COLUMNS["suppression"].index("hmac")


def take(
    tx: Tx, ground: Ground, obj: Thing, rows: Sequence[Row], *, key: bytes | None = None, compare: bool = False
) -> Taken:
    """Take rows of any kind in, with the CRM's ids; doing it again changes nothing."""
    rows = inward(tx, ground.names, obj, rows)
    match obj:
        case Thing.LEAD | Thing.COMPANY:
            return receive(tx, ground, obj, rows, compare=compare)
        case Thing.TOUCH | Thing.TRANSITION:
            fresh = _facts(tx, obj, rows)
            leads = {LeadId(row[_LEAD_AT[obj]]) for row in fresh}
            return Taken(created=len(fresh), leads=leads)
        case Thing.FILING:
            fresh = _facts(tx, obj, rows)
            about = {LeadId(row[_SUBJECT_AT]) for row in fresh if row[_KIND_AT] == SEQUENCE}
            return Taken(created=len(fresh), leads=about)
        case Thing.SUPPRESSION:
            fresh = _facts(tx, obj, rows)
            hit = concerned(tx, key, {row[_HMAC_AT] for row in fresh}) if fresh and key is not None else set()
            return Taken(created=len(fresh), leads=hit)
        case Thing.MEMBER:
            return _members(tx, rows)
        case Thing.PLAYBOOK:
            return _playbooks(tx, ground, rows)


def _members(tx: Tx, rows: Iterable[Row]) -> Taken:
    known = members.everyone(tx)
    fresh = [one for row in rows if known.get((one := _member(row)).id) != one]
    members.put(tx, fresh)
    return Taken(updated=len(fresh))


def _playbooks(tx: Tx, ground: Ground, rows: Iterable[Row]) -> Taken:
    """Keep the team's definitions; the text of the last one is what the desk reads."""
    kept = [row for row in rows if not row.deleted]
    bases = [Base(r.id, r.id, r.version, r.text or dumps(r.fields)) for r in kept]
    mirror.put(tx, ground.adapter, Thing.PLAYBOOK, bases)
    texts = [text for row in kept if isinstance(text := row.fields.get("text"), str) and text]
    if not texts or meta.text(tx, PLAYBOOK_TEXT) == texts[-1]:
        return Taken()
    meta.put(tx, PLAYBOOK_TEXT, texts[-1])
    return Taken(updated=1)


def _facts(tx: Tx, obj: Thing, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Insert append-only facts that are new here; one that cannot be read is passed over, it must not stop the rest."""
    readable = []
    for row in rows:
        if row.deleted:
            continue
        try:
            readable.append(wire.back(obj, row.id, row.fields))
        except BadInput:
            continue
    return mirror.insert_facts(tx, obj, readable)


def _member(row: Row) -> Member:
    fields = row.fields
    return Member(
        MemberId(row.id),
        str(fields.get("name") or ""),
        str(fields.get("role") or "rep"),
        str(fields.get("email") or ""),
        fields.get("active") is not False and not row.deleted,
    )


def concerned(tx: Tx, key: bytes, hmacs: set[str]) -> set[LeadId]:
    """Return the leads to whom these do-not-calls may apply, found by digesting every number, person and company."""
    found: set[LeadId] = set()
    companies: set[str] = set()
    for obj, obj_id, number in mirror.numbers(tx):
        if digest(key, "number", number) in hmacs:
            if obj == "lead":
                found.add(LeadId(obj_id))
            else:
                companies.add(obj_id)
    for lead, company in mirror.lead_companies(tx):
        if company in companies or digest(key, "lead", lead) in hmacs:
            found.add(LeadId(lead))
        elif company is not None and digest(key, "company", company) in hmacs:
            found.add(LeadId(lead))
            companies.add(company)
    return found
