"""What a team lead must hear of at once: complaints that reps recorded (OUTCOMES, COMPLAINT), each told once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.domain.touch import effective
from isdesk.store import leads, meta

if TYPE_CHECKING:
    from isdesk.services.context import Context

ROLES = frozenset({"team_lead", "admin"})
"""Who hears of it."""
DAYS = 7
"""A complaint that arrives later than this (from a desk that was away for long) is not news any more."""
TOLD = "alerts_told"


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
