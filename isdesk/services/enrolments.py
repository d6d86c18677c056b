"""Reads where leads stand in their sequences, for whoever has to know: sending mails, verbs, pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain.mail_pause import CONFIRMED
from isdesk.domain.sequence import OTHER_OWNER, Enrolment, fit_business, step_key
from isdesk.services import hearing, projection
from isdesk.store import connections, leads, mirror

if TYPE_CHECKING:
    from isdesk.domain.filing import Filing
    from isdesk.domain.ids import LeadId
    from isdesk.domain.outgoing import OutMail
    from isdesk.domain.state import LeadState
    from isdesk.services.context import Context
    from isdesk.store import Tx

FRESH: Final = timedelta(minutes=60)
"""A sequence's mail leaves only where this desk has heard of the team within this time: what ends it may have been
recorded elsewhere (a reply, a refusal) while this desk was offline.
"""


RESTS: Final = "sequence_cooldown"
"""The code of what keeps a step waiting while the lead or its company rests."""


def rests(ctx: Context, state: LeadState) -> bool:
    """Return whether a lead or its company rests after a refusal (クールダウン): nobody is turned to by itself then."""
    ends = (state.cooldown_until, state.company_cooldown_until)
    return any(end is not None and end > ctx.now() for end in ends)


def resting(ctx: Context, tx: Tx, lead_id: LeadId) -> bool:
    """Return whether a lead or its company rests (`rests`); not where it is gone."""
    found = leads.states(tx, [lead_id]).get(lead_id)
    return found is not None and rests(ctx, found[0])


def of_lead(ctx: Context, tx: Tx, lead_id: LeadId) -> tuple[Enrolment, ...]:
    """Return a lead's enrolments, the first first."""
    return of_many(ctx, tx, [lead_id]).get(lead_id, ())


def of_many(ctx: Context, tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, tuple[Enrolment, ...]]:
    """Return the enrolments of leads, without leads that are gone or were never in a sequence."""
    filed = projection.sequences(tx, ids)
    facts = leads.many(tx, filed)
    touches, steps = leads.touches_many(tx, facts), leads.transitions_many(tx, facts)
    barred = projection.suppressed(ctx, tx, facts.values())
    found: dict[LeadId, tuple[Enrolment, ...]] = {}
    for key, one in facts.items():
        found[key] = projection.enrolled(ctx, one, touches[key], steps[key], filed[key], barred=key in barred)
    return found


def barred(ctx: Context, tx: Tx, mail: OutMail) -> str | None:
    """Return why a mail that is a step of a sequence must not leave now; None where it may, or is none."""
    filed = projection.sequences(tx, [mail.lead_id]).get(mail.lead_id, ())
    if not filed:
        return None
    one = _of_mail(of_lead(ctx, tx, mail.lead_id), mail.id)
    if one is None:
        # Taken back by an undo, or another one ran: known by its key all the same.
        return "sequence_stopped" if mail.id in _all_keys(filed) else None
    step = one.next
    if one.state != "running" or step is None:
        return "sequence_stopped"
    if step.number != one.mails()[mail.id]:
        return "sequence_step_done"
    if step.why == OTHER_OWNER:
        return OTHER_OWNER
    if one.device != ctx.device_id:
        return "sequence_other_device"
    return RESTS if resting(ctx, tx, mail.lead_id) else None


def is_step(tx: Tx, mail: OutMail) -> bool:
    """Return whether a mail is, or was, a step of a sequence."""
    return mail.id in _all_keys(projection.sequences(tx, [mail.lead_id]).get(mail.lead_id, ()))


def later(ctx: Context, tx: Tx, mail: OutMail) -> datetime | None:
    """Return until when a mail that is a step of a sequence waits: for its time, business hours, the next sync, or
    until the mailbox is read again; the last two not where a person has said that it leaves.
    """
    one, now = _of_mail(of_lead(ctx, tx, mail.lead_id), mail.id), ctx.now()
    if one is None:
        return None
    if one.next is not None and one.next.due_at > now:
        return one.next.due_at
    opens = fit_business(now, ctx.calendar)
    if opens > now:
        return opens
    if mail.error == CONFIRMED:
        return None
    return now + timedelta(minutes=5) if stale(ctx, tx) or hearing.now(ctx, tx).deaf else None


def stale(ctx: Context, tx: Tx) -> bool:
    """Return whether this desk has a team and has not heard of it lately."""
    if connections.primary(tx) is None:
        return False
    last = mirror.last_good(tx)
    return last is None or ctx.now() - last > FRESH


def _of_mail(found: Iterable[Enrolment], mail_id: str) -> Enrolment | None:
    return next((one for one in found if one.state != "second" and mail_id in one.mails()), None)


def _all_keys(filed: Iterable[Filing]) -> set[str]:
    found: set[str] = set()
    for one in filed:
        steps = one.payload.get("steps")
        if isinstance(steps, list):
            found |= {step_key(str(one.payload.get("key")), number) for number in range(1, len(steps) + 1)}
    return found
