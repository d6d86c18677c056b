"""The invitation to a meeting: as a calendar file, as words for a mail, and handed to whatever carries it by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from isdesk.channels import ics
from isdesk.channels.ics import Invitation
from isdesk.clock import TOKYO
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import booking
from isdesk.services.entries import need

if TYPE_CHECKING:
    from isdesk.domain.booking import Booking
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context


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


class Courier(Protocol):
    """What carries an invitation by mail."""

    def carry(self, letter: Letter) -> None:
        """Send it. Raises Refused (``no_mail_account``) where there is nothing to send with."""
        ...


class NoCourier:
    """A desk without a mail account."""

    def carry(self, letter: Letter) -> None:
        """Say so; the file and the system's mail program are there. Raises Refused (``no_mail_account``)."""
        raise Refused("no_mail_account", to=letter.to or "—")


def letter(ctx: Context, lead_id: LeadId) -> Letter:
    """Return the invitation to the meeting of a lead, or the word that it is called off.

    Raises NotFound (``lead_not_found``, ``meeting_none``).
    """
    one = booking.latest(ctx, lead_id)
    if one is None:
        raise NotFound("meeting_none")
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
    method = "CANCEL" if one.canceled else "REQUEST"
    made = invitation(ctx, one, facts)
    local = one.at.astimezone(TOKYO)
    return Letter(
        lead_id,
        str(facts.get("email") or ""),
        _subject(ctx, one),
        _body(ctx, one, facts),
        f"meeting-{local:%Y%m%d-%H%M}{'-cancel' if one.canceled else ''}.ics",
        ics.invitation(made),
        method,
        f"{facts.get('name') or ''} {local.month}/{local.day} {local:%H:%M}".strip(),
    )


def send(ctx: Context, lead_id: LeadId, courier: Courier) -> Letter:
    """Carry the invitation to the lead by mail. Raises NotFound, Refused (``no_mail_account``, ``mail_unknown``)."""
    made = letter(ctx, lead_id)
    if not made.to:
        raise Refused("mail_unknown")
    courier.carry(made)
    return made


def invitation(ctx: Context, one: Booking, facts: LeadFacts, sequence: int | None = None) -> Invitation:
    """Return what the invitation to a meeting says. The rep who booked it invites; the lead and FS are invited."""
    name, company = str(facts.get("name") or ""), str(facts.get("company.name") or "")
    fs = ctx.members.get(one.fs_id) if one.fs_id is not None else None
    rep = ctx.members.get(one.by)
    mail = str(facts.get("email") or "")
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
        organizer=(rep.name, rep.email) if rep is not None and rep.email else None,
        guest=(name, mail) if mail else None,
        fs=(fs.name, fs.email) if fs is not None and fs.email else None,
    )


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


def _subject(ctx: Context, one: Booking) -> str:
    local = one.at.astimezone(TOKYO)
    when = f"{local.month}/{local.day} {local:%H:%M}"
    if ctx.lang == "en":
        head = "Meeting called off" if one.canceled else "Meeting moved" if one.sequence else "Meeting"
        return f"{head}: {when}"
    head = (
        "お打ち合わせ取り消しのご連絡"
        if one.canceled
        else "お打ち合わせ日程変更のご案内"
        if one.sequence
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
