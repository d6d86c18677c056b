"""When the map to the CRM takes in another field (SYNC E1, carried fields).

What was kept here alone is offered to the CRM as an edit onto nothing, and everything is read anew: the CRM may have
had values of its own all the while, and then a person decides.
"""

from __future__ import annotations

from datetime import datetime

from isdesk.clock import Ids
from isdesk.domain.changes import Change, Entry, Obj, Value, Verb
from isdesk.domain.ids import DeviceId, JournalId, LeadId, MemberId
from isdesk.store import Tx, fold, journal, meta, mirror
from isdesk.sync.naming import FIELD_OBJECTS, Names


def widened(tx: Tx, names: Names, key: str) -> dict[str, frozenset[str]]:
    """Return the fields that the CRM carries now and did not before, by kind of record.

    What it carries is kept under ``key``. Nothing the first time, and nothing of a CRM that carries all.
    """
    now = {obj: sorted(codes) for obj in FIELD_OBJECTS if (codes := names.carried.get(obj)) is not None}
    before = meta.get(tx, key)
    kept: Value = {obj.value: list[object](codes) for obj, codes in now.items()}
    if before == kept:
        return {}
    meta.put(tx, key, kept)
    if not isinstance(before, dict):
        return {}
    found = {obj.value: frozenset(codes) - _codes(before.get(obj.value)) for obj, codes in now.items()}
    return {obj: codes for obj, codes in found.items() if codes}


def _codes(value: object) -> frozenset[str]:
    return frozenset(str(one) for one in value) if isinstance(value, list) else frozenset()


def offer(
    tx: Tx, names: Names, new: dict[str, frozenset[str]], *, ids: Ids, now: datetime, device_id: DeviceId, me: MemberId
) -> frozenset[LeadId]:
    """Offer what stands here of these fields, by one entry that nobody undoes; returns the leads concerned."""
    changes: list[Change] = []
    for obj, codes in new.items():
        for base in mirror.holding(tx, names.adapter, obj, codes):
            mine = {code: value for code, value in base.fields.items() if code in codes}
            rest = {code: value for code, value in base.fields.items() if code not in codes}
            mirror.put(tx, names.adapter, obj, [base.having(rest)])
            changes.append(Change(Obj(obj), base.local_id, dict.fromkeys(mine), mine))
    if not changes:
        return frozenset()
    seq = journal.next_seq(tx, device_id)
    entry = Entry(JournalId(ids.new()), Verb.JOIN, now, me, device_id, seq, "", summary={"count": len(changes)})
    leads = journal.append(tx, entry, changes=changes)
    for one in (Obj.COMPANY, Obj.LEAD):
        leads |= fold.refold(tx, one, [change.id for change in changes if change.obj is one])
    return leads
