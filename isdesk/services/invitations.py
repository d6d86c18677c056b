"""Invitations by mail: each state of a meeting is told once over the outbox, and taken back where it did not leave yet.

Word about a meeting that was agreed on is no advertising (特定電子メール法 2条2号: mail that furthers one's
business), so it needs neither consent nor the items below an advertising mail. A refusal still bars it: the most
restrictive wins (SECURITY C4), and the person says it another way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain import booking as rules
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import TouchId
from isdesk.domain.mail import address
from isdesk.domain.mail_pause import CONFIRMED
from isdesk.domain.outgoing import Invite, MailState, OutMail, invite_of
from isdesk.services import booking, consenting, inviting, mail_account, pausing
from isdesk.services.entries import need
from isdesk.store import leads, mails

if TYPE_CHECKING:
    from isdesk.domain.booking import Booking
    from isdesk.domain.ids import LeadId
    from isdesk.domain.outgoing import MailAccount
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

log = logging.getLogger(__name__)

GRACE: Final = timedelta(minutes=1)
"""So long an invitation waits before it leaves by itself: an undo within it takes it back unseen."""
RECENT: Final = timedelta(hours=12)
"""What was agreed longer ago is not told by itself any more."""
_WAITS = (MailState.QUEUED, MailState.ASKED)
_TOLD = frozenset({MailState.SENDING, MailState.SENT, MailState.UNCERTAIN})
_UNDONE = frozenset({MailState.STOPPED, MailState.FAILED})
_AGAIN = 5
"""So many mails that tell the same again are looked for among those of other devices."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one look at the meetings came to: mails that wait now, those that are barred, how many were taken back.

    ``failed``: whose invitation could not be made for what is known of the meeting; the others were.
    """

    queued: tuple[OutMail, ...] = ()
    barred: tuple[OutMail, ...] = ()
    taken_back: int = 0
    failed: tuple[LeadId, ...] = ()


def keep_up(ctx: Context) -> Kept:
    """Put into the outbox what leads have yet to be told about their meetings, and take out what no longer holds.

    A meeting is told of by the desk that said the last word about it; one that has to move because somebody booked the
    time before is told once it has another. Nothing happens without a mail account or without
    an address; what a refusal bars stands in the outbox as stopped, once.
    """
    with ctx.store.write() as tx:
        account = mail_account.within(tx)
        coming = booking.coming(tx, ctx.now())
        moving = {clash.other.id for clash in rules.clashes(coming, ctx.now()) if not clash.other.knowingly}
        waits = [mail for state in _WAITS for mail in mails.listed(tx, state)]
        taken_back = sum(_kept_back(ctx, tx, mail, moving) for mail in waits)
        if account is None:
            return Kept(taken_back=taken_back)
        mine = [one for one in coming if _mine(ctx, one) and ctx.now() - one.said_at < RECENT and one.id not in moving]
        found: list[OutMail] = []
        failed: list[LeadId] = []
        for one in mine:
            try:
                mail = _told(ctx, tx, account, one)
            except Exception as error:  # noqa: BLE001  no meeting may keep those behind it from being told
                log.warning("invitation_not_made", extra={"error": type(error).__name__})
                failed.append(one.lead_id)
                continue
            found += [mail] if mail is not None else []
    return Kept(
        tuple(mail for mail in found if mail.state is MailState.QUEUED),
        tuple(mail for mail in found if mail.state is MailState.STOPPED),
        taken_back,
        tuple(failed),
    )


def _mine(ctx: Context, one: Booking) -> bool:
    return one.device_id == ctx.device_id and one.said_by == ctx.me.id


@dataclass(frozen=True, slots=True)
class Untold:
    """A meeting of which the lead was not told as it stands, though it could be; ``mails``: what did not leave."""

    meeting: Booking
    lead_id: LeadId
    mails: tuple[str, ...]


def untold(ctx: Context, tx: Tx) -> list[Untold]:
    """Return the own meetings to come of which nothing leaves by itself any more and nothing left, soonest first.

    They were agreed before there was an account, or what told of them stopped or failed. Whom mail may not reach, and
    what a person took out of the outbox, is left alone.
    """
    account = mail_account.within(tx)
    if account is None:
        return []
    coming = booking.coming(tx, ctx.now())
    moving = {clash.other.id for clash in rules.clashes(coming, ctx.now()) if not clash.other.knowingly}
    found = []
    for one in coming:
        if not _mine(ctx, one) or one.id in moving or ctx.now() - one.said_at < GRACE:
            continue
        facts = leads.facts(tx, one.lead_id)
        if facts is None or _missing(ctx, tx, one, facts, _UNDONE) is None:
            continue
        if consenting.forbids(ctx, tx, facts, advertising=False) is None:
            stopped = [mail.id for mail, invite in _about(tx, one) if mail.state in _UNDONE]
            found.append(Untold(one, one.lead_id, tuple(stopped)))
    return sorted(found, key=lambda one: (one.meeting.at, one.meeting.id))


def replaced(tx: Tx, mail: OutMail) -> bool:
    """Return whether a later mail tells of the same meeting: what became of this one is no open end any more."""
    mine = invite_of(mail)
    if mine is None:
        return False
    others = [(other.state, invite_of(other)) for other in mails.of_lead(tx, mail.lead_id)]
    later = [state for state, one in others if one is not None and one.meeting == mine.meeting and _later(one, mine)]
    return any(state is MailState.QUEUED or state in _TOLD for state in later)


def _later(one: Invite, than: Invite) -> bool:
    return (one.sequence, one.number) > (than.sequence, than.number)


def _kept_back(ctx: Context, tx: Tx, mail: OutMail, moving: set[str]) -> bool:
    """Take a mail that waits out where it holds no more; where its meeting was meanwhile, a person is asked.

    Return whether it was taken out.
    """
    invite, why = invite_of(mail), inviting.outdated(ctx, tx, mail)
    if why == "mail_meeting_over":
        if mail.state is MailState.QUEUED and mail.error != CONFIRMED:
            pausing.ask(tx, mail, why)
        return False
    holds = why is None and not (invite is not None and invite.meeting in moving)
    return False if holds else _withdrawn(tx, mail)


def _withdrawn(tx: Tx, mail: OutMail) -> bool:
    """Take a mail that waits out of the outbox: what it tells holds no more."""
    return mails.move(tx, mail, replace(mail, state=MailState.CANCELLED, error="mail_superseded"))


def _told(ctx: Context, tx: Tx, account: MailAccount, one: Booking) -> OutMail | None:
    """Return the mail that tells of a meeting as it stands, written now; None where there is nothing to tell."""
    facts = leads.facts(tx, one.lead_id)
    missing = _missing(ctx, tx, one, facts) if facts is not None else None
    if facts is None or missing is None:
        return None
    mail = _mail(ctx, account, one, *missing, GRACE)
    why = consenting.forbids(ctx, tx, facts, advertising=False)
    if why is not None:
        mail = replace(mail, state=MailState.STOPPED, error=why)
    mails.put(tx, mail)
    return mail


def _missing(
    ctx: Context, tx: Tx, one: Booking, facts: LeadFacts, nothing: frozenset[MailState] = frozenset()
) -> tuple[inviting.Letter, Invite] | None:
    """Return what a lead has yet to be told of a meeting as it stands; mails in ``nothing`` count for nothing."""
    about, to = _about(tx, one), _address(facts)
    here = [(mail, invite) for mail, invite in about if invite.sequence == one.sequence]
    if not to or any(mail.state not in nothing and not _strayed(mail, one, to) for mail, _ in here):
        return None
    last = max(((i.sequence, i.number, mail) for mail, i in about if mail.state in _TOLD), default=None, key=_order)
    elsewhere = max((n for n in range(one.sequence + bool(nothing)) if _sent_elsewhere(tx, one, n)), default=-1)
    known = last is not None or elsewhere >= 0
    if elsewhere == one.sequence or (one.canceled and not known):
        return None  # another device told it; or nobody was ever told that it stands
    made = inviting.worded(ctx, one, facts, moved=known)
    if last is not None and last[0] >= elsewhere and last[2].body == made.body:
        return None  # taken back and brought again: the lead knows it just so
    return made, Invite(one.id, one.sequence, _number(here))


def _strayed(mail: OutMail, one: Booking, to: str) -> bool:
    """Return whether a mail was taken back since its lead was merged into the one that has the meeting now, or stopped
    before it left since the lead's address was mended.
    """
    if mail.state is MailState.STOPPED:
        return mail.left_at is None and mail.recipient.lower() != to.lower()
    return mail.state is MailState.CANCELLED and mail.lead_id != one.lead_id


def _number(about: Sequence[tuple[OutMail, Invite]]) -> int:
    return max((invite.number for _, invite in about), default=-1) + 1


def _order(one: tuple[int, int, OutMail]) -> tuple[int, int]:
    return one[:2]


def _about(tx: Tx, one: Booking) -> list[tuple[OutMail, Invite]]:
    ids = [one.lead_id, *leads.merged(tx, [one.lead_id])]
    found = [(mail, invite_of(mail)) for lead_id in ids for mail in mails.of_lead(tx, lead_id)]
    return [(mail, invite) for mail, invite in found if invite is not None and invite.meeting == one.id]


def _sent_elsewhere(tx: Tx, one: Booking, sequence: int) -> bool:
    """Return whether the timeline holds a mail of this state, which another device may have sent."""
    ids = (Invite(one.id, sequence, number).mail_id for number in range(_AGAIN))
    return any(leads.touch(tx, TouchId(mail_id)) is not None for mail_id in ids)


def _address(facts: LeadFacts) -> str:
    return inviting.mailable(facts.get("email"))


def _mail(
    ctx: Context, account: MailAccount, one: Booking, made: inviting.Letter, invite: Invite, wait: timedelta
) -> OutMail:
    now = ctx.now()
    return OutMail(
        id=invite.mail_id,
        lead_id=one.lead_id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        recipient=address(made.to),
        subject=made.subject,
        body=made.body,
        message_id=f"<{invite.mail_id}@{account.address.rpartition('@')[2]}>",
        template=invite.ref,
        advertising=False,
        state=MailState.QUEUED,
        attempts=0,
        made_at=now,
        due_at=now + wait,
    )


def send(ctx: Context, lead_id: LeadId) -> OutMail:
    """Put the invitation to a lead's meeting (or the word that it is off) into the outbox, to leave at once.

    What waits already leaves at once. Raises NotFound (``lead_not_found``, ``meeting_none``), BadInput
    (``mail_address_invalid``), Refused (``mail_unknown``, ``no_mail_account``, ``invite_sent``, ``invite_uncertain``,
    ``mail_meeting_over``, and what forbids the mail).
    """
    one = booking.latest(ctx, lead_id)
    if one is None:
        raise NotFound("meeting_none")
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        account = _sendable(ctx, tx, one, facts)
        every = _about(tx, one)
        for mail, invite in every:
            if mail.state is MailState.ASKED or (mail.state is MailState.QUEUED and invite.sequence < one.sequence):
                _withdrawn(tx, mail)
        about = [(mail, invite) for mail, invite in every if invite.sequence == one.sequence]
        waits = next((mail for mail, _ in about if mail.state is MailState.QUEUED), None)
        if waits is not None:
            return _hurried(ctx, tx, waits)
        for mail, _ in about:
            if mail.state is MailState.UNCERTAIN:
                raise Refused("invite_uncertain")
            if mail.state in _TOLD:
                raise Refused("invite_sent", to=mail.recipient)
        moved = any(mail.state in _TOLD for mail, _ in every)
        made = inviting.worded(ctx, one, facts, moved=moved or one.moved)
        mail = _mail(ctx, account, one, made, Invite(one.id, one.sequence, _number(about)), timedelta(0))
        mails.put(tx, mail)
    return mail


def _sendable(ctx: Context, tx: Tx, one: Booking, facts: LeadFacts) -> MailAccount:
    mail = str(facts.get("email") or "").strip()
    if not mail:
        raise Refused("mail_unknown")
    account = mail_account.within(tx)
    if account is None:
        raise Refused("no_mail_account", to=mail)
    if one.end <= ctx.now():
        raise Refused("mail_meeting_over")
    why = consenting.forbids(ctx, tx, facts, advertising=False)
    if why is not None:
        raise Refused(why)
    return account


def _hurried(ctx: Context, tx: Tx, mail: OutMail) -> OutMail:
    after = replace(mail, due_at=min(mail.due_at, ctx.now()))
    mails.move(tx, mail, after)
    return after


def standing(ctx: Context, lead_id: LeadId) -> OutMail | None:
    """Return the mail that tells of a lead's meeting as it stands, however far it has come."""
    one = booking.latest(ctx, lead_id)
    if one is None:
        return None
    with ctx.store.read() as tx:
        about = [(invite.number, mail) for mail, invite in _about(tx, one) if invite.sequence == one.sequence]
    return max(about, default=(0, None), key=lambda found: found[0])[1]
