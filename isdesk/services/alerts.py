"""What somebody must hear of at once, each told once: complaints that reps recorded (OUTCOMES, COMPLAINT) for the team
lead; what became of a handed-over lead, for the rep who made the meeting (DOMAIN 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain.handoff import Action, fold_all
from isdesk.domain.ids import LeadId, TransitionId
from isdesk.domain.touch import effective
from isdesk.store import leads, meta

if TYPE_CHECKING:
    from isdesk.domain.handoff import Transition
    from isdesk.services.context import Context

ROLES = frozenset({"team_lead", "admin"})
"""Who hears of it."""
DAYS = 7
"""A complaint that arrives later than this (from a desk that was away for long) is not news any more."""
TOLD = "alerts_told"
HANDOFFS_TOLD = "handoff_news_told"
_NEWS = frozenset({Action.ACCEPT, Action.RETURN, Action.REFUSE, Action.RECYCLE, Action.FEEDBACK})
"""The steps of others that the rep hears of."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One complaint: who was called, by whom, when, and what was said."""

    lead_id: LeadId
    lead: str
    company: str
    rep: str
    at: datetime
    outcome: str
    note: str


def fresh(ctx: Context) -> list[Alert]:
    """Return the complaints of the last days that this desk has not told yet, and take them as told.

    Nothing for anybody who does not lead the team. What was taken back in the meantime is not told.
    """
    if ctx.me.role not in ROLES:
        return []
    codes = {code for code, outcome in ctx.rules.outcomes.items() if outcome.alert_team_lead}
    now = ctx.now()
    with ctx.store.read() as tx:
        told = meta.get(tx, TOLD)
        known = {str(one) for one in told} if isinstance(told, list) else set()
        recent = effective(leads.touches_between(tx, now - timedelta(days=DAYS), now + timedelta(days=1)))
        alerting = [t for t in recent if t.outcome in codes and t.member_id != ctx.me.id]
        news = [t for t in alerting if t.id not in known]
        facts = leads.many(tx, [t.lead_id for t in news])
    if not news:
        return []
    with ctx.store.write() as tx:
        meta.put(tx, TOLD, list[object](sorted(t.id for t in alerting)))
    return [
        Alert(
            lead_id=touch.lead_id,
            lead=str(facts[touch.lead_id].get("name") or ""),
            company=str(facts[touch.lead_id].get("company.name") or ""),
            rep=ctx.name_of(touch.member_id),
            at=touch.at,
            outcome=ctx.rules.outcomes[touch.outcome or ""].label.in_(ctx.lang),
            note=touch.note,
        )
        for touch in news
        if touch.lead_id in facts
    ]


@dataclass(frozen=True, slots=True)
class HandoffNews:
    """What somebody else did with a handoff of the person at this desk: the ``action``, its reason's code or words, and
    of a feedback the ``result`` and its factor.
    """

    lead_id: LeadId
    lead: str
    company: str
    by: str
    action: str
    reason: str = ""
    result: str = ""


def handoff_news(ctx: Context) -> list[HandoffNews]:
    """Return what others did with the own handoffs in the last days and was not told here yet; take it as told.

    A desk that asks for the first time has a past but no news.
    """
    now = ctx.now()
    with ctx.store.read() as tx:
        told = meta.get(tx, HANDOFFS_TOLD)
        known = {str(one) for one in told} if isinstance(told, list) else set()
        moved = leads.stepped(tx, now - timedelta(days=DAYS), now + timedelta(days=1))
        steps = leads.transitions_many(tx, moved)
        facts = leads.many(tx, moved)
        recent = [
            step for lead_id in facts for step in _steps_of_others(ctx, steps[lead_id], now - timedelta(days=DAYS))
        ]
    news = [step for step in recent if step.id not in known] if told is not None else []
    if told is None or news:
        with ctx.store.write() as tx:
            meta.put(tx, HANDOFFS_TOLD, list[object](sorted(step.id for step in recent)))
    news.sort(key=lambda step: (step.at, step.device_id, step.device_seq, step.id))
    return [
        HandoffNews(
            step.lead_id,
            str(facts[step.lead_id].get("name") or ""),
            str(facts[step.lead_id].get("company.name") or ""),
            ctx.name_of(step.member_id),
            step.action,
            str(step.reason or step.payload.get("factor") or ""),
            str(step.payload.get("result") or ""),
        )
        for step in news
    ]


def _steps_of_others(ctx: Context, steps: list[Transition], since: datetime) -> list[Transition]:
    """Return the steps that others took since then in handoffs which the person at this desk made, and that count."""
    found: dict[TransitionId, Transition] = {}
    for handoff in fold_all(steps):
        mine = any(step.action in {Action.SUBMIT, Action.ASK} and step.member_id == ctx.me.id for step in handoff.steps)
        for step in handoff.steps if mine else ():
            if step.action in _NEWS and step.member_id != ctx.me.id and step.at >= since:
                found[step.id] = step
    return list(found.values())
