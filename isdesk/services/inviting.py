"""The invitation to a meeting: as a calendar file, as words for a mail, and as what goes with a mail of the outbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from isdesk.channels import ics
from isdesk.channels.ics import Invitation
from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput, NotFound
from isdesk.domain.ids import LeadId
from isdesk.domain.mail import address
from isdesk.domain.outgoing import Attached, invite_of
from isdesk.services import booking, mail_account
from isdesk.services.entries import need
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.booking import Booking
    from isdesk.domain.changes import Value
    from isdesk.domain.outgoing import MailAccount, OutMail
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """An invitation ready to go: ``to`` may be empty where no address is known; ``ics`` is attached as ``name``.

    ``method`` is that of the calendar text: ``REQUEST`` | ``CANCEL``; ``what`` names lead and time in a few words.
    """

    lead_id: LeadId
    to: str
    subject: str
    body: str
    name: str
    ics: str
    method: str
    what: str


def letter(ctx: Context, lead_id: LeadId) -> Letter:
    """Return the invitation to the meeting of a lead, or the word that it is called off.

    Raises NotFound (``lead_not_found``, ``meeting_none``).
    """
    one = booking.latest(ctx, lead_id)
    if one is None:
        raise NotFound("meeting_none")
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
    return worded(ctx, one, facts, moved=one.moved)


def worded(ctx: Context, one: Booking, facts: LeadFacts, *, moved: bool) -> Letter:
    """Return the invitation to a meeting in words; ``moved``: the lead was told of it before."""
    local = one.at.astimezone(TOKYO)
    return Letter(
        facts.id,
        str(facts.get("email") or "").strip(),
        _subject(ctx, one, moved=moved),
        _body(ctx, one, facts),
        _file(one),
        ics.invitation(_organized(ctx, invitation(ctx, one, facts), _account(ctx))),
        "CANCEL" if one.canceled else "REQUEST",
        f"{facts.get('name') or ''} {local.month}/{local.day} {local:%H:%M}".strip(),
    )


def _file(one: Booking) -> str:
    return f"meeting-{one.at.astimezone(TOKYO):%Y%m%d-%H%M}{'-cancel' if one.canceled else ''}.ics"


def attached(ctx: Context, mail: OutMail, account: MailAccount) -> Attached | None:
    """Return the calendar text that goes with a mail; None where it carries no invitation (or one that is outdated)."""
    invite = invite_of(mail)
    if invite is None:
        return None
    with ctx.store.read() as tx:
        one = booking.known(tx, invite.meeting)
        facts = leads.facts(tx, one.lead_id) if one is not None else None
    if facts is None or one is None:
        return None
    made = _organized(ctx, invitation(ctx, one, facts), account)
    if made.organizer is not None and made.organizer[1].lower() != account.address.strip().lower():
        made = replace(made, sent_by=mailable(account.address))
    return Attached("CANCEL" if one.canceled else "REQUEST", ics.invitation(made), _file(one))


def _account(ctx: Context) -> MailAccount | None:

    with ctx.store.read() as tx:
        return mail_account.within(tx)


def _organized(ctx: Context, made: Invitation, account: MailAccount | None) -> Invitation:
    """Return an invitation with an organizer: without one it is none (RFC 5546, 3.2.2).

    Where the rep who booked has no address, it is who sends: the mail account of this desk, else the person at it.
    """
    if made.organizer is not None:
        return made
    name, mail = (account.name, account.address) if account is not None else ("", ctx.me.email)
    mail = mailable(mail)
    return replace(made, organizer=(name or ctx.me.name, mail)) if mail else made


def outdated(ctx: Context, tx: Tx, mail: OutMail) -> str | None:
    """Return why an invitation must not leave any more, else None.

    The meeting was changed since, it is over, or it is another lead's since a merge.
    """
    invite = invite_of(mail)
    if invite is None:
        return None
    one = booking.known(tx, invite.meeting)
    if one is None or (one.sequence, one.lead_id) != (invite.sequence, mail.lead_id):
        return "mail_superseded"
    return "mail_meeting_over" if one.end <= ctx.now() else None


def invitation(ctx: Context, one: Booking, facts: LeadFacts, sequence: int | None = None) -> Invitation:
    """Return what the invitation to a meeting says. The rep who booked it invites; the lead and FS are invited."""
    name, company = str(facts.get("name") or ""), str(facts.get("company.name") or "")
    fs = ctx.members.get(one.fs_id) if one.fs_id is not None else None
    rep = ctx.members.get(one.by)
    mail, ours = mailable(facts.get("email")), mailable(rep.email if rep is not None else "")
    theirs = mailable(fs.email if fs is not None else "")
    return Invitation(
        uid=one.id,
        sequence=one.sequence if sequence is None else sequence,
        start=one.at,
        end=one.end,
        title=_title(ctx, name, company),
        place=one.place,
        about=_about(ctx, one),
        stamp=ctx.now(),
        canceled=one.canceled,
        organizer=(rep.name, ours) if rep is not None and ours else None,
        guest=(name, mail) if mail else None,
        fs=(fs.name, theirs) if fs is not None and theirs else None,
    )


def mailable(value: Value) -> str:
    """Return an address as it can be written to and stand in a calendar text; empty where it is none.

    A colleague's comes from the hub as somebody typed it there: it may end in a line break.
    """
    try:
        return address(str(value or ""))
    except BadInput:
        return ""


def _title(ctx: Context, name: str, company: str) -> str:
    who = " ".join(part for part in (company, name) if part)
    if ctx.lang == "en":
        return f"Meeting: {who} / {ctx.my_company}".rstrip(" /")
    return f"商談: {who}様 / {ctx.my_company}".rstrip(" /")


def _about(ctx: Context, one: Booking) -> str:
    said = {
        "ja": (("ご参加", one.attendees), ("担当", ctx.name_of(one.fs_id))),
        "en": (("Attendees", one.attendees), ("With", ctx.name_of(one.fs_id))),
    }["en" if ctx.lang == "en" else "ja"]
    return "\n".join(f"{name}: {text}" for name, text in said if text)


def _subject(ctx: Context, one: Booking, *, moved: bool) -> str:
    local = one.at.astimezone(TOKYO)
    when = f"{local.month}/{local.day} {local:%H:%M}"
    if ctx.lang == "en":
        head = "Meeting called off" if one.canceled else "Meeting moved" if moved else "Meeting"
        return f"{head}: {when}"
    head = (
        "お打ち合わせ取り消しのご連絡"
        if one.canceled
        else "お打ち合わせ日程変更のご案内"
        if moved
        else "お打ち合わせのご案内"
    )
    return f"{head}({when})"


def _body(ctx: Context, one: Booking, facts: LeadFacts) -> str:
    local = one.at.astimezone(TOKYO)
    ends = (one.at + timedelta(minutes=one.minutes)).astimezone(TOKYO)
    name, me = str(facts.get("name") or ""), " ".join(part for part in (ctx.my_company, ctx.me.name) if part)
    if ctx.lang == "en":
        head = "this meeting is called off." if one.canceled else "thank you for your time. Here is our meeting."
        lines = [f"Dear {name}," if name else "", "", head, "", f"When: {local:%Y-%m-%d %H:%M}–{ends:%H:%M} (Tokyo)"]
        more = [("Place", one.place), ("Attendees", one.attendees), ("With", ctx.name_of(one.fs_id))]
    else:
        day = f"{local.year}年{local.month}月{local.day}日({'月火水木金土日'[local.weekday()]})"
        head = (
            "下記のお打ち合わせは取り消しとなりました。"
            if one.canceled
            else "お時間をいただきありがとうございます。下記のとおりご案内します。"
        )
        lines = [f"{name}様" if name else "", "", head, "", f"日時: {day} {local:%H:%M}〜{ends:%H:%M}"]
        more = [("場所", one.place), ("ご参加", one.attendees), ("担当", ctx.name_of(one.fs_id))]
    lines += [f"{label}: {text}" for label, text in more if text]
    return "\n".join([*lines, "", me]).strip() + "\n"
