"""Leads that were lost and what became of them: put to rest until a day, contacted again, back at a meeting (DOMAIN 9).

A loss is a call after which the lead rests in nurture, or is closed with a reason, or a deal that FS lost. A call that
gave no reason of its own stands under its outcome (too early, no budget). What happens until the next loss of the lead
belongs to it: the first contact again, and the first meeting set after that. How many of those contacted again came
back is the team's own figure of what re-contact is worth. All pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from isdesk.domain.deriving import REST_AFTER_LOSS_DAYS
from isdesk.domain.diagnosis import Trials
from isdesk.domain.handoff import Action, Handoff
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.kpi import Interval, wilson
from isdesk.domain.outcome import touch_flags
from isdesk.domain.rules import Outcome
from isdesk.domain.touch import ActionKind, Channel, Direction, Touch

REFUSAL, LOST = "refusal", "lost"
_GIVEN_UP = "exhausted:"
_CONTACT = frozenset(Channel) - {Channel.NOTE, Channel.WEB}


@dataclass(frozen=True, slots=True)
class Loss:
    """A lead lost at an instant. ``kind``: ``refusal`` (at a call) | ``lost`` (a deal); ``id`` of the touch or handoff.

    ``script`` and ``objections`` are those of the call (of a deal: of the call that made its meeting). ``planned`` is
    when the lead enters nurture again; None: closed. ``again_at`` the first contact after it, ``back_at`` the first
    meeting set from then on, None where there was none.
    """

    id: str
    lead_id: LeadId
    kind: str
    at: datetime
    member_id: MemberId
    reason: str
    script: str = ""
    objections: tuple[str, ...] = ()
    planned: datetime | None = None
    again_at: datetime | None = None
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A group of losses: how many were ``lost``, of these ``planned`` for a day, ``due`` by now, contacted ``again``,
    and ``back`` at a meeting.
    """

    key: str
    label: str
    lost: int
    planned: int
    due: int
    again: int
    back: int

    @property
    def trials(self) -> Trials:
        """Return those back of those contacted again."""
        return Trials(self.back, self.again)

    @property
    def around(self) -> Interval | None:
        """Return the 95 % interval of the share that came back."""
        return wilson(self.back, self.again)


PARTS = ("lost", "planned", "due", "again", "back")
"""What `Return` counts, each opened by `of_part`."""


def losses(touches: Sequence[Touch], handoffs: Iterable[Handoff], outcomes: Mapping[str, Outcome]) -> list[Loss]:
    """Return the losses of one lead, oldest first, each with what became of it.

    ``touches`` are effective and oldest first; ``handoffs`` those of the same lead.
    """
    found = [one for touch in touches if (one := _refusal(touch, outcomes)) is not None]
    found += [one for handoff in handoffs if (one := _deal(handoff, touches, outcomes)) is not None]
    found.sort(key=lambda one: (one.at, one.id))
    ends = [*(one.at for one in found[1:]), None]
    return [_followed(one, touches, outcomes, until) for one, until in zip(found, ends, strict=False)]


def _refusal(touch: Touch, outcomes: Mapping[str, Outcome]) -> Loss | None:
    flags = touch_flags(touch, outcomes)
    if flags is None or not flags.answered or flags.meeting_set:
        return None
    action = touch.plan.action if touch.plan is not None else None
    rests = action is ActionKind.NURTURE
    if rests and touch.plan is not None and touch.plan.why.startswith(_GIVEN_UP) and not touch.reason:
        return None  # nobody said no: the calls allowed were used up
    if not rests and (action is not None or not touch.reason):
        return None
    planned = touch.plan.due_at if touch.plan is not None and rests else None
    return Loss(
        touch.id, touch.lead_id, REFUSAL, touch.at, touch.member_id, touch.reason or touch.outcome or "",
        touch.script or "", touch.objections, planned,
    )  # fmt: skip


def _deal(handoff: Handoff, touches: Sequence[Touch], outcomes: Mapping[str, Outcome]) -> Loss | None:
    said = handoff.feedback or {}
    at, submit = handoff.feedback_at, next((one for one in handoff.steps if one.action == Action.SUBMIT), None)
    if said.get("result") != "lost" or at is None or submit is None:
        return None
    call = meeting_call(touches, outcomes, submit.at)
    script, objections = (call.script or "", call.objections) if call is not None else ("", ())
    return Loss(
        submit.handoff_id, submit.lead_id, LOST, at, submit.member_id, str(said.get("factor") or ""), script,
        objections, at + timedelta(days=REST_AFTER_LOSS_DAYS),
    )  # fmt: skip


def meeting_call(touches: Sequence[Touch], outcomes: Mapping[str, Outcome], before: datetime) -> Touch | None:
    """Return the last call up to ``before`` that set a meeting: the one whose script led to a handoff."""
    for touch in reversed(touches):
        flags = touch_flags(touch, outcomes) if touch.at <= before else None
        if flags is not None and flags.meeting_set:
            return touch
    return None


def _followed(loss: Loss, touches: Sequence[Touch], outcomes: Mapping[str, Outcome], until: datetime | None) -> Loss:
    """Return a loss with what became of it before ``until``; that a lead is lost again is a contact again too."""
    again: Touch | None = None
    for touch in touches:
        if touch.at <= loss.at or (until is not None and touch.at > until) or not _contact(touch):
            continue
        again = again or touch
        flags = touch_flags(touch, outcomes)
        if flags is not None and flags.meeting_set and outcomes[touch.outcome or ""].counts_meeting:
            return replace(loss, again_at=again.at, back_at=touch.at)
    return replace(loss, again_at=again.at if again is not None else None)


def _contact(touch: Touch) -> bool:
    """Return whether somebody of ours reached out, or the customer called in: no signal, no note."""
    if touch.signal is not None or touch.channel not in _CONTACT:
        return False
    return touch.direction is Direction.OUT or touch.outcome is not None


def of_part(loss: Loss, part: str, now: datetime) -> bool:
    """Return whether a loss counts for a part of `Return`."""
    return {
        "lost": True,
        "planned": loss.planned is not None,
        "due": loss.planned is not None and loss.planned <= now,
        "again": loss.again_at is not None,
        "back": loss.back_at is not None,
    }[part]


def counted(key: str, label: str, group: Sequence[Loss], now: datetime) -> Return:
    """Return a group of losses, counted."""
    return Return(key, label, *(sum(of_part(one, part, now) for one in group) for part in PARTS))
