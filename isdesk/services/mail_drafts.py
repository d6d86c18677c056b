"""Drafts of mails: what was begun and left is kept on this device, encrypted; one for a lead, and a discarded one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain.errors import NotFound
from isdesk.domain.ids import LeadId
from isdesk.store import leads, loops
from isdesk.store.values import dumps, loads_any

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

KIND: Final = "mail"
DISCARDED: Final = "mail_discarded"
KEPT: Final = timedelta(days=7)
"""So long a discarded draft can be taken back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that was begun: ``template`` is the code of its template or empty, ``at`` when it was typed last."""

    lead_id: LeadId
    template: str
    subject: str
    body: str
    at: datetime


def keep(ctx: Context, lead_id: LeadId, template: str, subject: str, body: str) -> Draft | None:
    """Keep a mail as it is typed; without subject and text there is nothing to keep. Return what is kept."""
    now = ctx.now()
    with ctx.store.write() as tx:
        if not subject.strip() and not body.strip():
            leads.put_draft(tx, lead_id, "", now, KIND)
            return None
        leads.put_draft(tx, lead_id, dumps({"template": template, "subject": subject, "body": body}), now, KIND)
    return Draft(lead_id, template, subject, body, now)


def found(ctx: Context, lead_id: LeadId) -> Draft | None:
    """Return the mail that was begun to a lead, None where there is none."""
    with ctx.store.read() as tx:
        return _read(tx, lead_id, KIND)


def discarded(ctx: Context, lead_id: LeadId) -> Draft | None:
    """Return the draft that was discarded last and can still be taken back, None where there is none."""
    with ctx.store.read() as tx:
        one = _read(tx, lead_id, DISCARDED)
    return one if one is not None and ctx.now() - one.at < KEPT else None


def discard(ctx: Context, lead_id: LeadId) -> Draft | None:
    """Put the draft aside, from where `restore` takes it back; the one put aside before is gone. Return it."""
    with ctx.store.write() as tx:
        one = _read(tx, lead_id, KIND)
        if one is not None:
            _put(tx, one, ctx.now(), DISCARDED)
            leads.put_draft(tx, lead_id, "", ctx.now(), KIND)
    return one


def restore(ctx: Context, lead_id: LeadId) -> Draft:
    """Take the discarded draft back; what is typed now changes places with it. Raises NotFound (``mail_no_draft``)."""
    with ctx.store.write() as tx:
        back, now = _read(tx, lead_id, DISCARDED), _read(tx, lead_id, KIND)
        if back is None:
            raise NotFound("mail_no_draft")
        _put(tx, back, ctx.now(), KIND)
        if now is not None:
            _put(tx, now, ctx.now(), DISCARDED)
        else:
            leads.put_draft(tx, lead_id, "", ctx.now(), DISCARDED)
    return back


def forget(tx: Tx, lead_id: LeadId, at: datetime) -> None:
    """Forget the draft of a lead whose mail went into the outbox."""
    leads.put_draft(tx, lead_id, "", at, KIND)


def every(tx: Tx) -> list[Draft]:
    """Return the mails that were begun on this device and not sent, the oldest first."""
    made = (_parsed(lead_id, body, at) for lead_id, body, at in loops.drafts(tx, KIND))
    return [one for one in made if one is not None]


def _put(tx: Tx, one: Draft, at: datetime, kind: str) -> None:
    body = dumps({"template": one.template, "subject": one.subject, "body": one.body})
    leads.put_draft(tx, one.lead_id, body, at, kind)


def _read(tx: Tx, lead_id: LeadId, kind: str) -> Draft | None:
    kept = leads.draft(tx, lead_id, kind)
    return None if kept is None else _parsed(lead_id, *kept)


def _parsed(lead_id: LeadId, body: str, at: datetime) -> Draft | None:
    try:
        said = loads_any(body)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    template, subject, body = (str(said.get(code) or "") for code in ("template", "subject", "body"))
    return Draft(lead_id, template, subject, body, at)
