"""Reminding the person at this desk: what is to be said now, said once on this device, and again after a snooze."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import reminders as rules
from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput
from isdesk.domain.queue import PROMISE_AHEAD
from isdesk.domain.reminders import Picked, Reminder
from isdesk.services import confirming, cover
from isdesk.services.views import Written
from isdesk.store import leads, meta, reminding
from isdesk.store.reminding import Found

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

TOLD = "reminders_told"
LONGEST_MINUTES = 24 * 60
EARLY = PROMISE_AHEAD
"""So long before its time a promised callback is told, so that it can be kept at its time (OUTCOMES: alarm -5 min)."""


def fresh(ctx: Context, kinds: Collection[str] = rules.KINDS) -> Picked:
    """Return what the person is to be reminded of now, and take it as said.

    Needs no network. What fell due while nobody looked (the machine slept, the program was closed, a long call) comes
    in one sentence; a clock that broke meanwhile is told on the day on which it did.
    """
    now = ctx.now()
    oldest = rules.oldest(now, ctx.calendar)
    with ctx.store.read() as tx:
        told, said_at = _told(tx)
        today = ctx.calendar.start_of_day(ctx.calendar.day_of(now))
        found = _found(ctx, tx, kinds, rules.reach(told, oldest), rules.reach(told, today), now)
    picked = rules.pick(found, told, now, oldest)
    if picked.every:
        kept = rules.remembered(told, picked, now, said_at)
        with ctx.store.write() as tx:
            _keep(tx, kept, {key: said_at.get(key, now) for key in kept} | {one.key: now for one in picked.every})
    return picked


def snooze(ctx: Context, keys: Collection[str], minutes: int) -> Written:
    """Say these again in ``minutes`` minutes. Raises BadInput (``snooze_minutes``)."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise BadInput("snooze_minutes", most=LONGEST_MINUTES)
    now = ctx.now()
    with ctx.store.write() as tx:
        told, said_at = _told(tx)
        again: dict[str, datetime | None] = {key: now + timedelta(minutes=minutes) for key in keys}
        _keep(tx, told | again, said_at | dict.fromkeys(keys, now))
    return Written(Changes())


def forget(ctx: Context, keys: Collection[str]) -> Written:
    """Take these as never said: they were handled, and where that is taken back they are to be said again."""
    with ctx.store.write() as tx:
        told, said_at = _told(tx)
        if not told.keys().isdisjoint(keys):
            _keep(tx, {key: again for key, again in told.items() if key not in keys}, said_at)
    return Written(Changes())


def standing(ctx: Context, keys: Collection[str]) -> frozenset[str]:
    """Return those of what was said that still hold; what was handled or moved since is not among them."""
    if not keys:
        return frozenset()
    since = min(datetime.fromisoformat(key.split(":", 2)[2]) for key in keys) - rules.FRESH
    with ctx.store.read() as tx:
        found = _found(ctx, tx, rules.KINDS, since, since, ctx.now())
    return frozenset(one.key for one in found) & frozenset(keys)


def _found(
    ctx: Context, tx: Tx, kinds: Collection[str], since: datetime, broken_since: datetime, now: datetime
) -> list[Reminder]:
    shares, me = cover.shares(ctx, tx), ctx.me.id
    every: dict[str, Callable[[], list[Found]]] = {
        rules.CALLBACK: lambda: reminding.promised(tx, shares, since, now + EARLY),
        rules.SLA: lambda: reminding.at_risk(tx, shares, broken_since, now),
        rules.RETURNED: lambda: reminding.returned(tx, me, since, now),
        rules.REPLY: lambda: reminding.replies(tx, me, since, now),
        rules.MEETING: lambda: [
            Found(one.meeting.lead_id, one.since, one.meeting.at) for one in confirming.due(ctx, tx, shares)
        ],
    }
    found = [(kind, one) for kind in rules.KINDS if kind in kinds for one in every[kind]()]
    facts = leads.many(tx, [one.lead_id for _, one in found])
    return [
        Reminder(
            kind,
            one.lead_id,
            str(facts[one.lead_id].get("name") or ""),
            str(facts[one.lead_id].get("company.name") or ""),
            one.at - EARLY if kind == rules.CALLBACK else one.at,
            one.due_at,
        )
        for kind, one in found
        if one.lead_id in facts
    ]


def _told(tx: Tx) -> tuple[dict[str, datetime | None], dict[str, datetime]]:
    """Return what was said with when it is to be said again, and when it was said."""
    kept = meta.get(tx, TOLD)
    told: dict[str, datetime | None] = {}
    said: dict[str, datetime] = {}
    for key, value in kept.items() if isinstance(kept, dict) else ():
        at, again = (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (None, None)
        if isinstance(at, str):
            said[key] = datetime.fromisoformat(at)
            told[key] = datetime.fromisoformat(again) if isinstance(again, str) else None
    return told, said


def _keep(tx: Tx, told: dict[str, datetime | None], said: dict[str, datetime]) -> None:
    values = {key: [said[key].isoformat(), again.isoformat() if again else None] for key, again in told.items()}
    meta.put(tx, TOLD, dict(values))
