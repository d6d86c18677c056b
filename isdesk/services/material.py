"""Material that was promised on the telephone (資料送付希望) and has not been mailed yet: a promise like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain.outgoing import MailState, invite_of
from isdesk.domain.touch import Channel, Direction, effective
from isdesk.store import leads
from isdesk.store import mails as mails_store

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from isdesk.store import Tx

BACK_BD: Final = 10
"""So many business days back a promise is still looked for."""
_ON_ITS_WAY = frozenset({MailState.QUEUED, MailState.SENDING, MailState.SENT, MailState.UNCERTAIN})


def owed(ctx: Context, tx: Tx, now: datetime) -> list[tuple[LeadId, datetime]]:
    """Return the leads to which the person at this desk promised a mail (``mail_today`` of the outcome) and when.

    Kept is a promise by a mail that is on its way or left, and by a contact over mail that was recorded; an invitation
    to a meeting is neither. Who is closed, or must not be contacted any more, is owed nothing.
    """
    since = ctx.calendar.start_of_day(ctx.calendar.add_business_days(ctx.calendar.day_of(now), -BACK_BD))
    promised: dict[LeadId, datetime] = {}
    for touch in effective(leads.touches_between(tx, since, now + timedelta(seconds=1), ctx.me.id)):
        outcome = ctx.rules.outcomes.get(touch.outcome or "")
        if outcome is not None and outcome.follow.mail_today and touch.channel is not Channel.MAIL:
            promised[touch.lead_id] = touch.at
    states, facts = leads.states(tx, list(promised)), leads.many(tx, list(promised))
    return [
        (key, at)
        for key, at in promised.items()
        if key in states
        and states[key][0].open
        and not any(facts[key].get(code) for code in ("dnc", "company.dnc", "deleted"))
        and not _kept(tx, key, at)
    ]


def _kept(tx: Tx, lead_id: LeadId, at: datetime) -> bool:
    mails = mails_store.of_lead(tx, lead_id)
    if any(one.made_at >= at and one.state in _ON_ITS_WAY and invite_of(one) is None for one in mails):
        return True
    touches = effective(leads.touches(tx, lead_id))
    return any(t.at >= at and t.channel is Channel.MAIL and t.direction is Direction.OUT for t in touches)
