"""Whether a lead has just got the same mail, from whichever desk: two presses of a key are one mail.

What left from this desk is compared by its text; of what left from another one only the subject is known, by the touch
that came with the sync.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from isdesk.domain.outgoing import MailState
from isdesk.domain.touch import Channel, Direction, Touch, effective
from isdesk.store import leads, mails

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.domain.ids import LeadId
    from isdesk.domain.outgoing import OutMail
    from isdesk.store import Tx


def elsewhere(tx: Tx, lead_id: LeadId, subject: str, since: datetime) -> bool:
    """Return whether the lead got a mail with this subject after ``since`` that did not leave from this desk."""
    here = {mail.id for mail in mails.of_lead(tx, lead_id)}
    return any(touch.at > since for touch in _told(tx, lead_id, subject, here))


def got_at(tx: Tx, lead_id: LeadId, subject: str, body: str, but: Container[str] = ()) -> datetime | None:
    """Return when the lead last got this text; None where it never did. ``but``: the ids of mails that do not count."""
    kept = mails.of_lead(tx, lead_id)
    found = [_left(one) for one in kept if (one.subject, one.body) == (subject, body) and one.id not in but]
    here = {one.id for one in kept}
    found += [one.at for one in _told(tx, lead_id, subject, here) if one.id not in but]
    return max((at for at in found if at is not None), default=None)


def _left(mail: OutMail) -> datetime | None:
    return (mail.left_at or mail.made_at) if mail.state is MailState.SENT else None


def _told(tx: Tx, lead_id: LeadId, subject: str, here: Container[str]) -> Iterator[Touch]:
    """Yield the mails to a lead with this subject that are not among those of this desk."""
    for touch in effective(leads.touches(tx, lead_id)):
        ours = touch.channel is Channel.MAIL and touch.direction is Direction.OUT and touch.signal is None
        if ours and touch.note == subject and touch.id not in here:
            yield touch
