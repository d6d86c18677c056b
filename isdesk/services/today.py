"""The figures of the rep's day for the top of the window: never a quantity without its quality (DOMAIN 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.kpi import count
from isdesk.domain.queue import SLA
from isdesk.domain.touch import effective
from isdesk.services import confirming, cover
from isdesk.services.views import Today
from isdesk.store import board, leads

if TYPE_CHECKING:
    from isdesk.services.context import Context


def today(ctx: Context) -> Today:
    """Return what this rep did on the present business date (KPI rule e), one physical dial counted once."""
    now = ctx.now()
    start = ctx.calendar.start_of_day(now.astimezone(TOKYO).date())
    with ctx.store.read() as tx:
        made = leads.touches_between(tx, start, start + timedelta(days=1), ctx.me.id)
        confirm = len(confirming.due(ctx, tx))
        soon = board.tier_counts(tx, cover.shares(ctx, tx)).get(SLA, 0)
    done = count(effective(made), ctx.rules.outcomes)
    return Today(
        dials=done.dials,
        answered=done.answered,
        dm_reached=done.dm_reached,
        meetings=done.meetings_gross,
        sla_soon=soon,
        to_confirm=confirm,
    )
