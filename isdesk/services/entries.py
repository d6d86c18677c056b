"""Makes journal entries: the head with its device sequence, and the facts that every verb shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Entry, Obj, Value, Verb
from isdesk.domain.errors import NotFound
from isdesk.domain.ids import JournalId, LeadId
from isdesk.domain.state import LeadFacts
from isdesk.services.context import Context
from isdesk.store import journal, leads

if TYPE_CHECKING:
    from isdesk.store import Tx


def head(
    ctx: Context,
    tx: Tx,
    verb: Verb,
    *,
    lead_id: LeadId | None = None,
    undoes: JournalId | None = None,
    summary: Mapping[str, Value] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Return the head of a new entry by the person at this desk."""
    return Entry(
        id=JournalId(ctx.ids.new()),
        verb=verb,
        at=at or ctx.now(),
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
        playbook=ctx.rules.version,
        undoes=undoes,
        lead_id=lead_id,
        summary=dict(summary or {}),
    )


def need(tx: Tx, lead_id: LeadId) -> LeadFacts:
    """Return a lead's facts.

    Raises NotFound where there is no such lead (or it was deleted or merged away).
    """
    found = leads.facts(tx, lead_id)
    if found is None:
        raise NotFound("lead_not_found", lead=lead_id)
    return found


def changed(before: Mapping[str, Value], after: Mapping[str, Value], obj: Obj, obj_id: str) -> Change | None:
    """Return the change from ``before`` to the values in ``after`` (None clears), or None where nothing differs."""
    new: dict[str, Value] = {}
    old: dict[str, Value] = {}
    for code, value in after.items():
        plain = None if value == "" else value
        if before.get(code) != plain:
            old[code] = before.get(code)
            new[code] = plain
    return Change(obj, obj_id, old, new) if new else None
