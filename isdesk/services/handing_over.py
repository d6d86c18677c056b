"""A mail that a person sent from their own mail program: noted on their word, as any other mail to the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.changes import Changes, Verb
from isdesk.domain.errors import Refused
from isdesk.domain.ids import TouchId
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.services import consenting, projection
from isdesk.services.entries import head, need
from isdesk.services.views import Written
from isdesk.store import connections, journal

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context


def sent(ctx: Context, lead_id: LeadId, subject: str) -> Written:
    """Note that a mail with this subject went to a lead by the person's own mail program; one undo takes it back.

    It is done as a mail from the outbox is: it ends a plan to write, it is the step of a sequence that is due, and the
    same mail does not go out again a while later. Raises NotFound, Refused (``mail_lead_gone``, ``mail_no_address``).
    """
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        why = consenting.forbids(ctx, tx, facts, advertising=False)
        if why in ("mail_lead_gone", "mail_no_address"):
            raise Refused(why)
        name = str(facts.get("name") or "")
        entry = head(ctx, tx, Verb.RECORD, lead_id=lead_id, summary={"lead": name, "channel": Channel.MAIL.value})
        touch = Touch(
            id=TouchId(ctx.ids.new()),
            lead_id=lead_id,
            company_id=facts.company_id,
            member_id=ctx.me.id,
            device_id=ctx.device_id,
            device_seq=entry.device_seq,
            at=entry.at,
            journal_id=entry.id,
            channel=Channel.MAIL,
            direction=Direction.OUT,
            note=subject,
            playbook=ctx.rules.version,
            skew_ms=connections.skew(tx),
        )
        journal.append(tx, entry, touches=(touch,))
        projection.refresh(ctx, tx, [lead_id])
    changes = Changes(leads=frozenset({lead_id}), queue=True, outbox=True, undo=True, sequences=True)
    return Written(changes, entry.id)
