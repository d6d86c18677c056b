"""The best times to call as this team's own calls teach them: company → industry → everybody, shrunk (DOMAIN 9).

What is learned is read once a business day and stays as it is until the next, so that what a key shows beforehand is
what is saved all day. `domain.learning` has the rule; planning takes the best learned slot among those tried least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.diagnosis import Trials
from isdesk.domain.learning import SlotRate, SlotTrials, slot_rates
from isdesk.domain.outcome import is_dial, touch_flags
from isdesk.domain.touch import effective
from isdesk.domain.windows import slot_of
from isdesk.store import figures as stored
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context

DAYS = 180
"""How far back is looked: people change, and so do their habits."""


@dataclass
class SlotMemory:
    """What is known today; made anew on another business day or under other definitions."""

    of: tuple[date, str] | None = None
    known: SlotTrials = field(default_factory=SlotTrials)
    companies: dict[str, Mapping[str, Trials]] = field(default_factory=dict)


def rates(ctx: Context, facts: LeadFacts) -> tuple[SlotRate, ...]:
    """Return the slots with their connect rate for a lead, the best first, with n at each level; empty where too little
    is known.
    """
    memory = _memory(ctx)
    if not memory.known.everybody:
        return ()
    company = facts.company_id
    if company is not None and company not in memory.companies:
        memory.companies[company] = _company(ctx, company)
    own = SlotTrials(memory.known.everybody, memory.known.industries, memory.companies)
    industry = facts.get("company.industry")
    return slot_rates(own, industry=str(industry) if industry else None, company=company)


def learned(ctx: Context, facts: LeadFacts) -> Mapping[str, float]:
    """Return the connect rate by slot for a lead, for planning."""
    return {one.slot: one.value for one in rates(ctx, facts)}


def _memory(ctx: Context) -> SlotMemory:
    today = ctx.now().astimezone(TOKYO).date()
    wanted = (today, ctx.rules.version)
    if ctx.learned.of != wanted:
        ctx.learned.of = wanted
        ctx.learned.companies = {}
        with ctx.store.read() as tx:
            first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
            every = stored.sums(tx, "slot", first, last)
            by_industry = stored.sums(tx, "industry_slot", first, last)
        industries: dict[str, dict[str, Trials]] = {}
        for key, (answered, dials) in by_industry.items():
            industry, _, slot = key.rpartition("|")
            if industry and slot:
                industries.setdefault(industry, {})[slot] = Trials(answered, dials)
        everybody = {slot: Trials(answered, dials) for slot, (answered, dials) in every.items() if slot}
        ctx.learned.known = SlotTrials(everybody, industries)
    return ctx.learned


def _company(ctx: Context, company_id: str) -> Mapping[str, Trials]:
    today = ctx.now().astimezone(TOKYO).date()
    start = ctx.calendar.start_of_day(today - timedelta(days=DAYS))
    end = ctx.calendar.start_of_day(today)
    with ctx.store.read() as tx:
        made = leads.touches_of_company(tx, company_id, start, end)
    return _trials(ctx, effective(made))


def _trials(ctx: Context, touches: Iterable[Touch]) -> Mapping[str, Trials]:
    found: dict[str, Trials] = {}
    for touch in touches:
        flags = touch_flags(touch, ctx.rules.outcomes)
        slot = slot_of(touch.at, ctx.rules, ctx.calendar)
        if flags is not None and slot is not None and is_dial(touch, ctx.rules.outcomes):
            found[slot.code] = found.get(slot.code, Trials(0, 0)) + Trials(int(flags.answered), 1)
    return found
