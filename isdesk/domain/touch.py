"""One contact with a lead over any channel, and what was planned when it ended. Append-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from isdesk.domain.ids import CompanyId, DeviceId, DialId, JournalId, LeadId, MemberId, TouchId


class Channel(StrEnum):
    """The way a touch happened (DOMAIN 5.6, 14)."""

    PHONE = "phone"
    MAIL = "mail"
    CHAT = "chat"
    WEBINAR = "webinar"
    LINKEDIN = "linkedin"
    X = "x"
    BUSINESS_CARD = "business_card"
    EXHIBITION = "exhibition"
    LETTER = "letter"
    MEETING = "meeting"
    WEB = "web"
    NOTE = "note"


TOUCH_CHANNELS = (
    Channel.LINKEDIN,
    Channel.X,
    Channel.CHAT,
    Channel.MAIL,
    Channel.WEBINAR,
    Channel.EXHIBITION,
    Channel.BUSINESS_CARD,
    Channel.LETTER,
)
"""The channels whose contacts a rep logs by hand, in the order of their keys."""


SCRIPT_PATH = "script_path"
"""The kind of filing about a touch that holds which way the talk took through its script."""


class Direction(StrEnum):
    """Who began it: ``out`` is 架電, ``in`` is 受電."""

    OUT = "out"
    IN = "in"


class Reached(StrEnum):
    """応答者 (reached_party)."""

    NONE = "none"
    GATEKEEPER = "gatekeeper"
    STAFF = "staff"
    CONTACT_PERSON = "contact_person"
    DECISION_MAKER = "decision_maker"


class ActionKind(StrEnum):
    """What the next action (次回アクション) of a lead is. An open lead has exactly one."""

    FIRST_CALL = "first_call"
    RETRY = "retry"
    CALLBACK_EXACT = "callback_exact"
    CALLBACK_LOOSE = "callback_loose"
    MAIL = "mail"
    SOCIAL = "social"
    NURTURE = "nurture"
    RESEARCH_NUMBER = "research_number"
    HANDOFF = "handoff"
    FIX_HANDOFF = "fix_handoff"
    AWAIT_FS = "await_fs"
    AWAIT_APPROVAL = "await_approval"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Plan:
    """The next action as fixed when a touch was recorded (it is a fact of the touch).

    ``action`` None closes the lead for the queue. ``due_at`` is an aware UTC instant. ``why`` is the code of the
    rule that set it (``retry:P_NOANS:3``), ``moved`` says that a promised time fell on a closed day and was moved.
    ``mails`` are instants at which the follow-up mails of the rule fall due (OUTCOMES ``mail 3>7>14 d``).
    """

    action: ActionKind | None
    due_at: datetime | None = None
    why: str = ""
    moved: bool = False
    mails: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact. ``void`` touches take ``corrects`` back; a touch that is corrected no longer counts.

    ``signal`` names an intent event (``download``, ``mail_open`` …) instead of an outcome. ``dial_id`` is shared by
    touches of one physical dial. ``number`` is E.164. Durations are whole seconds. ``cooldown_until`` and
    ``company_cooldown_until`` are fixed at record time as ``plan`` is.
    """

    id: TouchId
    lead_id: LeadId
    company_id: CompanyId | None
    member_id: MemberId
    device_id: DeviceId
    device_seq: int
    at: datetime
    journal_id: JournalId | None = None
    channel: Channel = Channel.PHONE
    direction: Direction = Direction.OUT
    outcome: str | None = None
    signal: str | None = None
    reached: Reached | None = None
    note: str = ""
    number: str | None = None
    dial_id: DialId | None = None
    ring_s: int | None = None
    talk_s: int | None = None
    reason: str | None = None
    script: str | None = None
    objections: tuple[str, ...] = ()
    playbook: str = ""
    plan: Plan | None = None
    cooldown_until: datetime | None = None
    company_cooldown_until: datetime | None = None
    corrects: TouchId | None = None
    void: bool = False
    skew_ms: int = 0


def effective(touches: tuple[Touch, ...] | list[Touch]) -> list[Touch]:
    """Return the touches that count, oldest first: neither void nor corrected by another.

    Order is (at, device_id, device_seq, id), so that it is the same on every device.
    """
    gone = {t.corrects for t in touches if t.corrects is not None}
    kept = [t for t in touches if not t.void and t.id not in gone]
    kept.sort(key=lambda t: (t.at, t.device_id, t.device_seq, t.id))
    return kept


def stands_at(history: Sequence[Touch], began: datetime, over: datetime, now: datetime) -> datetime:
    """Return when a call stands in its lead's history: at its begin, yet after whatever was written until ``now``.

    What is recorded last decides what comes next, also where it is a call of before that waited for its outcome. What
    the customer did of their own accord (a signal) after the call was ``over`` is no part of it: that stays after it.
    The caps count the call where it stands, which is never before it was made: they forbid too much rather than too
    little.
    """
    seen = (touch.at for touch in effective(list(history)) if touch.at <= (over if touch.signal else max(over, now)))
    last = max((at for at in seen if at > began), default=None)
    return began if last is None else last + timedelta(milliseconds=1)
