"""The confirmation of a meeting one business day before (OUTCOMES, MEETING_SET): which meetings still want one.

A meeting is confirmed once the lead was spoken to or written to since that time, or wrote themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from isdesk.domain.answers import ACCEPTED, REPLY
from isdesk.domain.planning import reminder_at
from isdesk.domain.touch import Channel, effective
from isdesk.services import booking, cover
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.booking import Booking
    from isdesk.domain.cover import Share
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

TEMPLATE: Final = "confirm"
"""The code of the mail template with which a meeting is confirmed, where the team has one."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A meeting that wants to be confirmed since ``since``."""

    meeting: Booking
    facts: LeadFacts
    since: datetime


def due(ctx: Context, tx: Tx, shares: tuple[Share, ...] | None = None) -> list[ToConfirm]:
    """Return the coming meetings of a person's leads (also of those they stand in for) that want it now, soonest first.

    A lead without an owner is that of the person who booked.
    """
    now = ctx.now()
    owners = {one.owner for one in (cover.shares(ctx, tx) if shares is None else shares) if one.of == 1}
    coming = [one for one in booking.coming_in(tx, now) if not one.canceled and now < one.at]
    ready = [(reminder_at(one.at, ctx.rules, ctx.calendar), one) for one in coming]
    ready = [(since, one) for since, one in ready if since <= now]
    facts = leads.many(tx, {one.lead_id for _, one in ready})
    found = [
        ToConfirm(one, facts[one.lead_id], since)
        for since, one in ready
        if one.lead_id in facts and (facts[one.lead_id].owner_id or one.by) in owners and not _confirmed(tx, one, since)
    ]
    return sorted(found, key=lambda one: (one.meeting.at, one.meeting.id))


def _confirmed(tx: Tx, one: Booking, since: datetime) -> bool:
    """Return whether the lead was in touch since."""
    return any(
        touch.at >= since and touch.signal in {None, REPLY, ACCEPTED} and touch.channel is not Channel.NOTE
        for touch in effective(leads.touches(tx, one.lead_id))
    )


def template(ctx: Context) -> str:
    """Return the code of the template with which a meeting is confirmed, empty where the team has none."""
    return next((one.code for one in ctx.rules.mail.templates if one.code == TEMPLATE), "")
