"""The demo's meetings to come: each is agreed by the verb of the window, at a time at which its person of FS is free.

What the demo's history says of a meeting is a field of the lead alone; an invitation and a calendar need what was
agreed (`services.booking`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.booking import Span, is_free
from isdesk.domain.errors import IsdeskError
from isdesk.services import booking
from isdesk.services.leads import edit
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context

log = logging.getLogger(__name__)
HOURS: Final = (10, 11, 13, 14, 15, 16)
"""At these full hours of Tokyo the demo's meetings begin."""


def agree(ctx: Context) -> int:
    """Agree on the meetings to come of this desk's own leads; return how many there are."""
    place = "Online (web meeting)" if ctx.lang == "en" else "オンライン(Web会議)"
    with ctx.store.read() as tx:
        minutes = booking.minutes(tx)
        facts = leads.many(tx, leads.owned_by(tx, ctx.me.id))
    found: list[tuple[datetime, LeadId, str]] = []
    for lead_id, one in facts.items():
        at = booking.instant(one.get("meeting_at"))
        if at is not None and at > ctx.now():
            found.append((at, lead_id, str(one.get("fs_id") or "")))
    taken: dict[str, list[Span]] = {}
    made = 0
    for at, lead_id, fs in sorted(found):
        mine = taken.setdefault(fs, [])
        start = next(one for one in _times(ctx, at) if is_free(mine, one, minutes))
        try:
            edit(ctx, lead_id, {"meeting_at": start.isoformat(), "meeting_place": place})
        except IsdeskError as error:  # the demo is a demo without this meeting too
            log.warning("story_left", extra={"code": error.code})
            continue
        mine.append(Span(start, start + timedelta(minutes=minutes), str(lead_id)))
        made += 1
    return made


def _times(ctx: Context, at: datetime) -> Iterator[datetime]:
    """Return the times from a day on at which a meeting of the demo may begin, soonest first."""
    day = ctx.calendar.day_of(at)
    while True:
        if ctx.calendar.is_open_day(day):
            yield from (datetime.combine(day, time(hour), TOKYO) for hour in HOURS)
        day += timedelta(days=1)
