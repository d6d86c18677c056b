"""The outbox of mails: writing one into it, sending what is due, and deciding what is in doubt.

A mail is in the outbox before anything leaves, is claimed right before its text goes, and becomes a touch of the lead's
timeline in the same transaction that says that it was sent; whatever breaks in between, it never leaves twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain.answers import BOUNCE, bounce_id
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import IsdeskError, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import TouchId
from isdesk.domain.mail import address, unsubscribe_link
from isdesk.domain.mail_pause import CONFIRMED, SENDER_REFUSED, WAITS, Pause, Way
from isdesk.domain.outgoing import (
    Handed,
    MailAccount,
    MailState,
    OutMail,
    again_at,
    free_at,
    invite_of,
)
from isdesk.domain.smtp_replies import of_this_mail
from isdesk.domain.suppression import digest
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.services import consenting, enrolments, inviting, mail_account, mail_drafts, pausing, projection
from isdesk.services import mails as writing
from isdesk.services.entries import head, need
from isdesk.services.twice import elsewhere
from isdesk.store import connections, journal, leads, mails, meta
from isdesk.store.lock import only_one

if TYPE_CHECKING:
    from isdesk.channels.smtp import Session
    from isdesk.domain.changes import Entry
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx
    from isdesk.vault import Secrets

log = logging.getLogger(__name__)

BATCH: Final = 50
"""So many mails leave in one round at most."""
LOST: Final = timedelta(minutes=10)
"""A mail that has been leaving for longer than this was cut off: no server is waited for so long."""
TWICE: Final = timedelta(hours=24)
"""The same text does not go to the same lead again within this time: two presses of a key are one mail. While the first
one waits or is in doubt, it does not go again at all.
"""
_OPEN = (MailState.QUEUED, MailState.ASKED, MailState.SENDING, MailState.UNCERTAIN)
_OVER = (MailState.FAILED, MailState.STOPPED, MailState.ASKED)
_WAITS = (MailState.QUEUED, MailState.ASKED)
_IN_FLIGHT = (MailState.SENDING, MailState.UNCERTAIN)
"""What a mail is in after it was claimed, until its end is known."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What one round of sending came to, by number of mails. ``asked``: a person has to say first whether they still
    leave. ``error``: what stopped the round; ``waits_until``: when
    the limit of mails an hour lets the next one go. ``busy``: another process of this profile was sending, so that
    nothing was done. ``paused``: the server refuses the account; without an ``error`` it was not even tried this time.
    ``changes`` are the leads that got a touch.
    """

    sent: int = 0
    later: int = 0
    failed: int = 0
    stopped: int = 0
    uncertain: int = 0
    asked: int = 0
    error: IsdeskError | None = None
    waits_until: datetime | None = None
    busy: bool = False
    paused: Pause | None = None
    changes: Changes = field(default_factory=Changes)


# ----------------------------------------------------------------------------------------------------------- the outbox


def post(
    ctx: Context,
    lead_id: LeadId,
    template: str = "",
    *,
    subject: str | None = None,
    body: str | None = None,
    at: datetime | None = None,
    answer: bool = False,
) -> OutMail:
    """Put a mail to a lead into the outbox, to leave at once or at ``at``; ``subject`` and ``body`` stand in place of
    the template's, ``answer`` as in `mails.preview`.

    Raises NotFound, BadInput, Refused (what forbids it, ``mail_account_missing``, ``mail_demo``, ``mail_twice``),
    Incomplete.
    """
    with ctx.store.write() as tx:
        out = put_in(ctx, tx, need(tx, lead_id), template, subject=subject, body=body, at=at, answer=answer)
        mail_drafts.forget(tx, lead_id, ctx.now())
    return out


def put_in(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    template: str = "",
    *,
    subject: str | None = None,
    body: str | None = None,
    at: datetime | None = None,
    answer: bool = False,
    key: str | None = None,
) -> OutMail:
    """Put a mail into the outbox within a transaction. ``key`` is its id where something else names it (a step of a
    sequence): one that is there already and was not sent is written anew, one that may have left is refused.

    Raises as `post` does.
    """
    found, from_ = ready(ctx, tx, facts, template, subject=subject, body=body, answer=answer, key=key)
    composed, now = found.composed, ctx.now()
    if key is not None:
        mails.drop_unsent(tx, key)
    made = key or ctx.ids.new()
    out = OutMail(
        id=made,
        lead_id=facts.id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        recipient=address(composed.to),
        subject=composed.subject,
        body=composed.text,
        message_id=f"<{made}@{from_.address.rpartition('@')[2]}>",
        template=composed.template,
        advertising=found.advertising,
        state=MailState.QUEUED,
        attempts=0,
        made_at=now,
        due_at=at or now,
    )
    mails.put(tx, out)
    return out


def ready(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    template: str = "",
    *,
    subject: str | None = None,
    body: str | None = None,
    answer: bool = False,
    key: str | None = None,
) -> tuple[writing.Preview, MailAccount]:
    """Return a mail that `put_in` would put into the outbox, and from where it would leave; nothing is written.

    Raises as `put_in` does.
    """
    found = writing.drafted(ctx, tx, facts, template, subject=subject, body=body, answer=answer)
    composed = writing.sendable(found)
    from_ = mail_account.within(tx)
    if from_ is None:
        raise Refused("mail_demo" if meta.get(tx, mail_account.DEMO) else "mail_account_missing")
    _refuse_twice(tx, facts.id, composed.subject, composed.text, ctx.now())
    if key is not None:
        known = mails.one(tx, key)
        left = known is not None and known.state in (*_OPEN, MailState.SENT)
        if left or leads.touch(tx, TouchId(key)) is not None:
            raise Refused("mail_twice")
    return found, from_


def _refuse_twice(tx: Tx, lead_id: LeadId, subject: str, body: str, now: datetime, but: str = "") -> None:
    """Refuse a text that waits for this lead, is in doubt, or was sent a short while ago: Refused (``mail_twice``).

    ``but``: the mail that is meant itself.
    """
    for other in mails.of_lead(tx, lead_id):
        fresh = other.state is MailState.SENT and now - (other.left_at or other.made_at) < TWICE
        if (other.subject, other.body) == (subject, body) and other.id != but and (fresh or other.state in _OPEN):
            raise Refused("mail_twice")
    if elsewhere(tx, lead_id, subject, now - TWICE):
        raise Refused("mail_twice")


def outbox(ctx: Context, state: str = "") -> list[OutMail]:
    """Return the mails of this desk, newest first, all or those in one state."""
    with ctx.store.read() as tx:
        return mails.listed(tx, state)


def of_lead(ctx: Context, lead_id: LeadId) -> list[OutMail]:
    """Return the mails of this desk to a lead, newest first."""
    with ctx.store.read() as tx:
        return mails.of_lead(tx, lead_id)


def counts(ctx: Context) -> dict[str, int]:
    """Return how many mails are in each state."""
    with ctx.store.read() as tx:
        return mails.counts(tx)


def waiting(ctx: Context) -> bool:
    """Return whether a mail waits or is on its way, or the account is to be tried again."""
    with ctx.store.read() as tx:
        found, pause = mails.counts(tx), pausing.of(tx, Way.OUT)
    return bool(found.get(MailState.QUEUED) or found.get(MailState.SENDING)) or pause is not None


def cancel(ctx: Context, mail_id: str) -> None:
    """Take a mail that waits out of the outbox. Raises NotFound, Refused (``mail_not_waiting``)."""
    with ctx.store.write() as tx:
        mail = _known(tx, mail_id)
        if mail.state not in _WAITS or not mails.move(tx, mail, replace(mail, state=MailState.CANCELLED)):
            raise Refused("mail_not_waiting")


def again(ctx: Context, mail_id: str) -> OutMail:
    """Put a mail that failed or was stopped back into the outbox, to leave at once: what was in its way is mended. One
    that a person was asked about leaves as it stands.

    One that left and came back (a full mailbox) goes as a mail of its own: what was sent stays what it was.

    Raises NotFound, Refused (``mail_not_failed``, ``mail_twice``, and what still forbids it).
    """
    with ctx.store.write() as tx:
        mail, now = _known(tx, mail_id), ctx.now()
        if mail.state not in _OVER:
            raise Refused("mail_not_failed")
        if leads.touch(tx, TouchId(mail.id)) is not None and leads.touch(tx, bounce_id(mail.id)) is not None:
            return _anew(ctx, tx, mail, now)
        asked = mail.state is MailState.ASKED
        why = _barred(ctx, tx, replace(mail, error=CONFIRMED) if asked else mail)
        if why is not None:
            raise Refused(why)
        _refuse_twice(tx, mail.lead_id, mail.subject, mail.body, now, mail.id)
        after = replace(
            mail,
            state=MailState.QUEUED,
            device_id=ctx.device_id,
            attempts=0,
            due_at=now,
            left_at=None,
            error=CONFIRMED if asked else "",
            answer="",
        )
        mails.move(tx, mail, after)
    return after


def _anew(ctx: Context, tx: Tx, mail: OutMail, now: datetime) -> OutMail:
    """Put a mail of the same text into the outbox, through the same gate; an invitation tells the same once more."""
    invite = invite_of(mail)
    while invite is not None and (mails.one(tx, invite.mail_id) or leads.touch(tx, TouchId(invite.mail_id))):
        invite = replace(invite, number=invite.number + 1)
    made = invite.mail_id if invite is not None else ctx.ids.new()
    out = replace(
        mail,
        id=made,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        message_id=f"<{made}@{mail.message_id.rpartition('@')[2].strip('>')}>",
        template=invite.ref if invite is not None else mail.template,
        state=MailState.QUEUED,
        attempts=0,
        made_at=now,
        due_at=now,
        left_at=None,
        error="",
        answer="",
    )
    why = _barred(ctx, tx, out)
    if why is not None:
        raise Refused(why)
    _refuse_twice(tx, mail.lead_id, mail.subject, mail.body, now)
    mails.put(tx, out)
    return out


def resolve(ctx: Context, mail_id: str, *, delivered: bool) -> Changes:
    """Say of a mail in doubt whether it was delivered; it becomes a touch, or failed. It is never sent again.

    Raises NotFound, Refused (``mail_not_uncertain``).
    """
    with ctx.store.write() as tx:
        mail = _known(tx, mail_id)
        if mail.state is not MailState.UNCERTAIN:
            raise Refused("mail_not_uncertain")
        became = Handed(MailState.SENT) if delivered else Handed(MailState.FAILED, "mail_not_delivered")
        return _settled(ctx, tx, mail, became)


def _known(tx: Tx, mail_id: str) -> OutMail:
    mail = mails.one(tx, mail_id)
    if mail is None:
        raise NotFound("mail_not_found", mail=mail_id)
    return mail


# -------------------------------------------------------------------------------------------------------------- sending


def send(ctx: Context, secrets: Secrets, *, cancelled: Callable[[], bool] = lambda: False) -> Posted:
    """Send what is due, at most `BATCH`; one round runs at a time, in whatever process of this profile.

    Trouble with the server is told, not raised.
    """
    with only_one(ctx.store.path, "mail") as alone:
        return _round(ctx, secrets, cancelled) if alone else Posted(busy=True)


def _round(ctx: Context, secrets: Secrets, cancelled: Callable[[], bool]) -> Posted:
    now = ctx.now()
    with ctx.store.write() as tx:
        lost = mails.orphans(tx, ctx.device_id, now - LOST)
        waiting = _may_leave(ctx, tx)
        from_, pause = mail_account.within(tx), pausing.of(tx, Way.OUT)
    out = Posted(uncertain=len(lost), paused=pause)
    if not waiting and not (pause is not None and pause.asked):
        return out
    if from_ is None:
        return replace(out, error=Refused("mail_account_missing"))
    if pause is not None and not pause.due(now):
        return out
    from isdesk.channels.smtp import Session

    try:
        with Session(from_, secrets.get(mail_account.SECRET) or "") as session:
            if pause is not None:
                waiting, asked = _taken_again(ctx, session, pause)
                out = replace(out, paused=None, asked=asked)
            for mail in waiting:
                if cancelled():
                    break
                out, more = _one(ctx, session.hand, mail, from_, out)
                if not more:
                    break
    except IsdeskError as error:
        return replace(out, error=error, paused=pausing.refused(ctx, Way.OUT, error, from_.host))
    if pause is not None and out.paused is None:
        pausing.ended(ctx, Way.OUT)
    return out


def _taken_again(ctx: Context, session: Session, pause: Pause) -> tuple[list[OutMail], int]:
    """The server lets a paused account in again: return what may leave now, in order, and about how many others a
    person is asked. Raises Refused (``mail_sender_refused``) where it still does not take the sender.
    """
    if pause.code == SENDER_REFUSED:
        session.offer_sender()
    with ctx.store.write() as tx:
        asked = pausing.ask_about_late(ctx, tx)
        return _may_leave(ctx, tx), asked


def _may_leave(ctx: Context, tx: Tx) -> list[OutMail]:
    """Return what may leave now, in order, and put off what a sequence holds back: no server is asked about that."""
    found = []
    for mail in mails.due(tx, ctx.device_id, ctx.now(), BATCH):
        later = enrolments.later(ctx, tx, mail)
        if later is None or _barred(ctx, tx, mail) is not None:
            found.append(mail)
        else:
            mails.move(tx, mail, replace(mail, due_at=later))
    return found


Hand = Callable[[bytes, str, Callable[[], bool]], Handed]


def _one(ctx: Context, hand: Hand, mail: OutMail, from_: MailAccount, out: Posted) -> tuple[Posted, bool]:
    """Send one mail; return the round so far and whether to go on."""
    from isdesk.channels.smtp import build

    now = ctx.now()
    with ctx.store.read() as tx:
        left = mails.left_since(tx, now - timedelta(hours=1))
        if _known(tx, mail.id).state is not MailState.QUEUED:
            return out, True  # taken out since the round began
    free = free_at(left, ctx.rules.mail.per_hour, now)
    if free is not None:
        return replace(out, waits_until=free), False
    unsubscribe = unsubscribe_link(ctx.rules.mail.sender) if mail.advertising else ""
    try:
        text = build(mail, from_, now, unsubscribe, inviting.attached(ctx, mail, from_))
    except Exception as error:  # noqa: BLE001  none may keep those behind it from leaving
        return _set_aside(ctx, mail, error, out), True
    claim = _Claim(ctx, mail)
    try:
        handed = hand(text, mail.recipient, claim)
    except IsdeskError:
        raise
    except Exception as error:  # noqa: BLE001  those behind it leave in the next round, in a line of their own
        return _set_aside(ctx, mail, error, out), False
    with ctx.store.write() as tx:
        stands = _known(tx, mail.id)
        if handed.state is None or not claim.holds(stands):
            stopped, asked = stands.state is MailState.STOPPED, stands.state is MailState.ASKED
            return replace(out, stopped=out.stopped + stopped, asked=out.asked + asked), True
        handed = of_this_mail(stands.answer, handed)
        changes = out.changes | _settled(ctx, tx, stands, handed)
        became = _known(tx, mail.id).state
    out = replace(
        out,
        changes=changes,
        sent=out.sent + (became is MailState.SENT),
        later=out.later + (became is MailState.QUEUED),
        failed=out.failed + (became is MailState.FAILED),
        uncertain=out.uncertain + (became is MailState.UNCERTAIN),
    )
    if handed.error == SENDER_REFUSED:
        refusal = Refused("mail_sender_refused", answer=handed.answer)
        out = replace(out, error=refusal)
        if handed.refused:
            out = replace(out, paused=pausing.refused(ctx, Way.OUT, refusal, from_.host))
    broken = handed.account or became is MailState.UNCERTAIN
    return out, not broken


def _set_aside(ctx: Context, mail: OutMail, error: Exception, out: Posted) -> Posted:
    """Take a mail that breaks out of the way of the others; one whose text may have left stays as it is, in doubt."""
    log.warning("mail_broke", extra={"mail": mail.id, "error": type(error).__name__})
    with ctx.store.write() as tx:
        stands = _known(tx, mail.id)
        waits = stands.state is MailState.QUEUED
        if waits:
            mails.move(tx, stands, replace(stands, state=MailState.FAILED, error="mail_broken"))
    return replace(out, failed=out.failed + waits)


class _Claim:
    """The claim of one mail in one round: asked right before its text goes, and again when its end is written."""

    def __init__(self, ctx: Context, mail: OutMail) -> None:
        self._ctx, self._mail = ctx, mail
        self._at: datetime | None = None

    def __call__(self) -> bool:
        """Ask the gate once more, now that the server would take the mail, and claim it in the same transaction."""
        ctx, now = self._ctx, self._ctx.now()
        with ctx.store.write() as tx:
            stands = _known(tx, self._mail.id)
            if stands.state is not MailState.QUEUED:
                return False
            why = _barred(ctx, tx, stands)
            if why == "mail_meeting_over":
                pausing.ask(tx, stands, why)
                return False
            if why is not None:
                mails.move(tx, stands, replace(stands, state=MailState.STOPPED, error=why))
                return False
            later = enrolments.later(ctx, tx, stands)
            if later is not None:
                mails.move(tx, stands, replace(stands, due_at=later))
            elif mails.claim(tx, stands.id, ctx.device_id, now):
                self._at = now
        return self._at is not None

    def holds(self, stands: OutMail) -> bool:
        """Return whether what became of the mail is this round's to say: before the claim only while it waits, after
        it only while it is still this claim under which it leaves. Whatever somebody else decided stands.
        """
        if self._at is None:
            return stands.state is MailState.QUEUED
        return stands.state in _IN_FLIGHT and stands.left_at == self._at


def _barred(ctx: Context, tx: Tx, mail: OutMail) -> str | None:
    facts = leads.facts(tx, mail.lead_id)
    if facts is None:
        return "mail_lead_gone"
    if str(facts.get("email") or "").strip().lower() != mail.recipient.lower():
        return "mail_address_changed"
    if leads.touch(tx, TouchId(mail.id)) is not None:
        return "mail_sent_elsewhere"
    over = enrolments.barred(ctx, tx, mail) or inviting.outdated(ctx, tx, mail)
    if over == "mail_meeting_over" and mail.error == CONFIRMED:
        over = None
    return over or consenting.forbids(ctx, tx, facts, advertising=mail.advertising)


def _settled(ctx: Context, tx: Tx, mail: OutMail, handed: Handed) -> Changes:
    """Write what became of a mail, with its touch where it was sent."""
    now = ctx.now()
    became = handed.state or mail.state
    after = replace(mail, state=became, error=handed.error, answer=handed.answer or mail.answer)
    if became is MailState.QUEUED:
        tries = mail.attempts + (handed.counted and mail.state not in _IN_FLIGHT)
        again = again_at(tries, now) if handed.counted else mail.due_at
        if handed.refused:
            again = mail.due_at if handed.in_place else now + WAITS[SENDER_REFUSED]
        error = CONFIRMED if mail.error == CONFIRMED else handed.error  # what a person said of it holds until it leaves
        after = replace(after, error=error, attempts=tries, left_at=None, due_at=again or mail.due_at)
        if again is None:
            after = replace(after, state=MailState.FAILED, error="mail_given_up")
    elif became is MailState.SENT:
        after = replace(after, error="")
    if not mails.move(tx, mail, after):
        return Changes()
    if after.state is MailState.SENT:
        return _touch(ctx, tx, after)
    if handed.gone:
        return came_back(ctx, tx, after, gone=True)
    return Changes()


def _touch(ctx: Context, tx: Tx, mail: OutMail) -> Changes:
    """Write the touch of a mail that was sent; its id is the mail's, so that there is only ever one."""
    if leads.touch(tx, mail.id) is not None:
        return Changes()  # the device of which this is a copy had sent it
    facts = leads.facts(tx, mail.lead_id)
    entry = head(ctx, tx, Verb.MAIL, lead_id=mail.lead_id, summary=_named(tx, mail))
    touch = Touch(
        id=TouchId(mail.id),
        lead_id=mail.lead_id,
        company_id=facts.company_id if facts is not None else None,
        member_id=mail.member_id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=mail.left_at or entry.at,
        journal_id=entry.id,
        channel=Channel.MAIL,
        direction=Direction.OUT,
        note=mail.subject,
        playbook=ctx.rules.version,
        skew_ms=connections.skew(tx),
    )
    journal.append(tx, entry, touches=(touch,))
    return _told(ctx, tx, mail)


def _told(ctx: Context, tx: Tx, mail: OutMail) -> Changes:
    """Derive the lead of a mail anew, or the one into which that was merged while the mail was on its way."""
    from isdesk.services import merging  # it stands above: it carries sequences along

    stands = merging.stands_as(tx, mail.lead_id) or mail.lead_id
    projection.refresh(ctx, tx, [stands])
    return Changes(leads=frozenset({mail.lead_id, stands}), queue=True, outbox=True)


def came_back(ctx: Context, tx: Tx, mail: OutMail, *, gone: bool) -> Changes:
    """Write once that a mail did not arrive; ``gone``: also for the whole team that there is no such address.

    A mail that was sent again, as its address was thought to be right after all, bars the address again.
    """
    touch_id, facts = bounce_id(mail.id), leads.facts(tx, mail.lead_id)
    known = leads.touch(tx, touch_id) is not None
    if known and not (gone and not consenting.noted_gone(ctx, tx, mail.recipient)):
        return Changes()
    entry = head(ctx, tx, Verb.MAIL_BACK, lead_id=mail.lead_id, summary=_named(tx, mail))
    touch = Touch(
        id=touch_id,
        lead_id=mail.lead_id,
        company_id=facts.company_id if facts is not None else None,
        member_id=mail.member_id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=entry.at,
        journal_id=entry.id,
        channel=Channel.MAIL,
        direction=Direction.IN,
        signal=BOUNCE,
        note=" — ".join(part for part in (mail.subject, mail.answer) if part),
        playbook=ctx.rules.version,
        skew_ms=connections.skew(tx),
    )
    filed = [_gone(ctx, tx, mail, entry)] if gone else []
    journal.append(tx, entry, touches=() if known else (touch,), filings=filed)
    return _told(ctx, tx, mail)


def _gone(ctx: Context, tx: Tx, mail: OutMail, entry: Entry) -> Filing:
    return Filing(
        ctx.ids.new(), consenting.BOUNCE, digest(ctx.suppression_key, "mail", mail.recipient), ctx.me.id,
        ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at, mail.lead_id, {"mail": mail.id}, entry.id,
    )  # fmt: skip


def _named(tx: Tx, mail: OutMail) -> dict[str, Value]:
    facts = leads.facts(tx, mail.lead_id)
    return {"lead": str((facts.get("name") if facts else "") or ""), "template": mail.template}
