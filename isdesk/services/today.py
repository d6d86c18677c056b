"""The figures of the rep's day for the top of the window: never a quantity without its quality (DOMAIN 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.outcome import is_dial, touch_flags
from isdesk.domain.touch import effective
from isdesk.services.queue import SLA_SOON
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
        soon = board.sla_before(tx, ctx.me.id, now + SLA_SOON)
    counted = [t for t in effective(made) if is_dial(t, ctx.rules.outcomes)]
    dials: dict[str, tuple[bool, bool]] = {}
    meetings = 0
    for touch in counted:
        marks = touch_flags(touch, ctx.rules.outcomes)
        key = touch.dial_id or touch.id
        answered, reached = dials.get(key, (False, False))
        if marks is not None:
            answered, reached = answered or marks.answered, reached or marks.dm_reached
            meetings += int(marks.meeting_set)
        dials[key] = (answered, reached)
    return Today(
        dials=len(dials),
        answered=sum(1 for answered, _ in dials.values() if answered),
        dm_reached=sum(1 for _, reached in dials.values() if reached),
        meetings=meetings,
        sla_soon=soon,
    )
