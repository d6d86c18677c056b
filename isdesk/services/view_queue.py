"""A saved view worked as a queue: its leads in its own order, one after another (views double as queues).

A lead that was touched today has had its turn, unless it is due again; what must not be called is passed over, as it is
in every queue. A lead that is planned for later may be called earlier: that is what the view was made for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.services import lead_table, team
from isdesk.services.team_views import View, views
from isdesk.store import board

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from isdesk.store.board import Line

_LATER = frozenset({None, "not_due", "window"})
"""What holds a lead that may be called from a view all the same; `calls.may_dial` has the last word."""
_BLOCK = 64


def named(ctx: Context, name: str) -> View | None:
    """Return a saved view by its name, None where it is gone."""
    return next((one for one in views(ctx) if one.name == name), None)


def ids(ctx: Context, view: View, *, limit: int = -1) -> list[LeadId]:
    """Return the leads of a view in its order; the first ``limit`` of them, all where it is -1.

    Raises Refused (``not_allowed``).
    """
    every = team.ids(ctx, view.rep, view.kind)
    found = lead_table.arranged(ctx, every, view.text, view.sort, descending=view.descending)
    return found if limit < 0 else found[:limit]


def next_lead(ctx: Context, view: View, exclude: Iterable[LeadId] = ()) -> LeadId | None:
    """Return the first lead of a view whose turn it is, without ``exclude``; None where the view is worked off.

    Raises Refused (``not_allowed``).
    """
    passed = set(exclude)
    wanted = [one for one in ids(ctx, view) if one not in passed]
    began = ctx.calendar.start_of_day(ctx.now().astimezone(TOKYO).date())
    for start in range(0, len(wanted), _BLOCK):
        with ctx.store.read() as tx:
            lines = board.rows(tx, wanted[start : start + _BLOCK])
        for line in lines:
            if _has_turn(line, began):
                return line.lead_id
    return None


def _has_turn(line: Line, began: datetime) -> bool:
    due = line.listed and line.held is None
    untouched = line.last_touch_at is None or line.last_touch_at < began
    return due or (untouched and line.held in _LATER and line.action is not None)
