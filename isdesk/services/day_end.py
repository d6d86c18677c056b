"""The end of a rep's day: what is still open, what goes out tonight, today's figures and tomorrow's promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import day_end as rules
from isdesk.domain.changes import Changes
from isdesk.domain.day_end import Appointment, Leaving, Loop
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.domain.kpi import Counts
from isdesk.domain.numbers import numbers
from isdesk.domain.outcome import touch_flags
from isdesk.domain.outgoing import MailState, OutMail
from isdesk.domain.touch import effective
from isdesk.services import (
    attaching,
    confirming,
    cover,
    invitations,
    kpi,
    mail_drafts,
    material,
    merging,
    open_calls,
    outbox,
    pausing,
    phoning,
)
from isdesk.services.pausing import Paused
from isdesk.services.views import Written
from isdesk.store import connections, deliveries, leads, loops, meta
from isdesk.store import mails as mails_store

if TYPE_CHECKING:
    from isdesk.domain.cover import Share
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context
    from isdesk.services.kpi import Figures
    from isdesk.store import Tx

NOTE = "day_note"
NOTE_DAYS = 2
"""The remarks of so many days are kept: that of the day before may still be written after midnight."""
MOST = 200
"""So many records that need a person are named; the count is of all."""
_LEAVING = (MailState.QUEUED, MailState.SENDING)
_MAIL_LOOPS = {
    MailState.ASKED: rules.UNSENT,
    MailState.UNCERTAIN: rules.UNCERTAIN,
    MailState.FAILED: rules.UNSENT,
    MailState.STOPPED: rules.UNSENT,
}
_OVER = frozenset({"lost", "disqualified"})
"""The stages at which a meeting that stands in the fields is held no more."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DayEnd:
    """One business day of the person at this desk, at its end.

    ``loops`` what is open, the gravest first. ``touched``: leads contacted today; ``without_next`` those of them that
    are open and have no next action: there must be none. ``waiting``: records that go out with the next sync.
    ``mails``: leads whose next action is a mail until midnight. ``leaving``: mails that wait, soonest first;
    none leaves while sending is ``paused``. ``set``: the meetings made today; ``later`` what is promised for the rest
    of the day, ``tomorrow`` what is promised or fixed
    for ``next_day``. ``note``: what the rep says about the day.
    """

    day: date
    next_day: date
    member: str
    figures: Figures
    loops: tuple[Loop, ...]
    touched: int
    without_next: int
    waiting: int
    attention: int
    connected: bool
    mails: tuple[Loop, ...]
    leaving: tuple[Leaving, ...]
    paused: tuple[Paused, ...]
    set: tuple[Appointment, ...]
    later: tuple[Appointment, ...]
    tomorrow: tuple[Appointment, ...]
    note: str

    @property
    def clear(self) -> bool:
        """Return whether nothing is open."""
        return not self.loops


def look(ctx: Context, day: date | None = None, *, invites: bool = True) -> DayEnd:
    """Return how a business date (default: the present one) ends, as of now.

    Whoever closes the day around midnight goes on with the day that was begun: its figures, its report, its remark.
    ``invites``: meetings are told by mail from here.
    """
    now = ctx.now()
    day = day or now.astimezone(TOKYO).date()
    found = [row for row in kpi.figures(ctx, first=day, last=day, by="rep") if row.key == ctx.me.id]
    figures = found[0] if found else kpi.Figures(ctx.me.id, ctx.me.name, Counts())
    problems = [item for item in outbox.items(ctx, MOST) if item.state == "quarantined"]
    start, end = ctx.calendar.start_of_day(day), ctx.calendar.start_of_day(day + timedelta(days=1))
    after = rules.next_day(ctx.calendar, day)
    with ctx.store.read() as tx:
        shares = cover.shares(ctx, tx)
        touches = effective(leads.touches_between(tx, start, end, ctx.me.id))
        loose = _without_next(tx, [touch for touch in touches if touch.signal is None])
        opened = _open(ctx, tx, shares, now)
        outgoing = _outbox(tx, start)
        wanted = [*loose, *(key for _, key, _, _ in opened), *(mail.lead_id for mail in outgoing)]
        facts = leads.many(tx, wanted)
        confirm = confirming.due(ctx, tx, shares)
        mails = _due(tx, rules.MAIL, shares, _LONG_AGO, end)
        counts = deliveries.counts(tx)
        untold = invitations.untold(ctx, tx) if invites else []
        met = leads.many(tx, [one.lead_id for one in untold])
        note = _note(tx, day)
        made = _made(ctx, tx, touches)
        later = rules.between(_promised(tx, shares, now, end), now, end)
        tomorrow = _fixed(ctx, tx, shares, after)
        promised = {key: _told(tx, facts[key]) for kind, key, _, _ in opened if kind == rules.PROMISE and key in facts}
        connected = connections.primary(tx) is not None
        talks = [one for one in attaching.waiting_in(tx) if one.answered]
    every = [_loop(kind, key, facts, at, text) for kind, key, at, text in opened if key in facts]
    every = [
        replace(one, text=promised[one.lead_id]) if one.kind == rules.PROMISE and one.lead_id in promised else one
        for one in every
    ]
    every += [Loop(rules.CALL, None, phoning.shown_number(one.told), "", one.at, call=one.id) for one in talks]
    every += [_loop(rules.NO_NEXT, key, facts, None, "") for key in loose]
    every += [_loop(rules.CONFIRM, one.facts.id, {one.facts.id: one.facts}, one.meeting.at, "") for one in confirm]
    every += [_loop(rules.INVITE, one.lead_id, met, one.meeting.at, "") for one in untold]
    told = {mail_id for one in untold for mail_id in one.mails}  # one open end, not two
    every += [_mail_loop(one, facts) for one in outgoing if one.state in _MAIL_LOOPS and one.id not in told]
    every += [Loop(rules.ATTENTION, one.lead_id, one.lead_name, "", one.made_at, one.error) for one in problems]
    return DayEnd(
        day=day,
        next_day=after,
        member=ctx.me.name,
        figures=figures,
        loops=rules.in_order(every),
        touched=len({t.lead_id for t in touches if t.signal is None}),
        without_next=len(loose),
        waiting=counts.waiting,
        attention=counts.attention,
        connected=connected,
        mails=mails,
        leaving=tuple(_leaving(one, facts, end) for one in outgoing if one.state in _LEAVING),
        set=made,
        later=later,
        tomorrow=tomorrow,
        note=note,
        paused=pausing.standing(ctx),
    )


def keep_note(ctx: Context, text: str, day: date | None = None) -> Written:
    """Keep what the rep says about a business date (default: the present one) on this device.

    The remarks of the latest two days are kept, each with its own day.

    Raises BadInput (``day_note_long``).
    """
    if len(text) > rules.LONGEST:
        raise BadInput("day_note_long", most=rules.LONGEST)
    with ctx.store.write() as tx:
        kept = _notes(tx)
        kept[(day or ctx.now().astimezone(TOKYO).date()).isoformat()] = text.strip()
        latest = sorted((on, said) for on, said in kept.items() if said)[-NOTE_DAYS:]
        meta.put(tx, NOTE, dict(latest) or None)
    return Written(Changes())


def _note(tx: Tx, day: date) -> str:
    return _notes(tx).get(day.isoformat(), "")


def _notes(tx: Tx) -> dict[str, str]:
    """Return the remarks that are kept, by day; also those of a profile that kept one alone."""
    kept = meta.get(tx, NOTE)
    if not isinstance(kept, dict):
        return {}
    if "text" in kept:
        return {str(kept.get("day") or ""): str(kept["text"] or "")}
    return {str(on): str(said or "") for on, said in kept.items()}


def _without_next(tx: Tx, touches: Iterable[Touch]) -> list[LeadId]:
    """Return the leads touched today that are open and have no next action."""
    states = leads.states(tx, list(dict.fromkeys(t.lead_id for t in touches)))
    return [key for key, (state, _) in states.items() if state.open and state.next_action is None]


def _open(
    ctx: Context, tx: Tx, shares: tuple[Share, ...], now: datetime
) -> list[tuple[str, LeadId, datetime | None, str]]:
    """Return the kind, lead, time and text of what should have been done by now."""
    found: list[tuple[str, LeadId, datetime | None, str]] = []
    for kind in (rules.PROMISE, rules.HANDOFF, rules.MAIL):
        keys = loops.due(tx, kind, shares, _LONG_AGO, now)
        states = leads.states(tx, keys)
        for key in keys:
            action = states[key][0].next_action
            found.append((kind, key, action.due_at if action is not None else None, ""))
    found += [(rules.MATERIAL, key, at, "") for key, at in material.owed(ctx, tx, now)]
    for call in open_calls.waiting(tx):
        stands = merging.stands_as(tx, call.lead_id)
        if stands is not None:
            found.append((rules.CALL, stands, call.at, call.number))
    found += [(rules.DRAFT, one.lead_id, one.at, one.subject) for one in mail_drafts.every(tx)]
    found += [(rules.MEMO, key, at, " ".join(body.split())) for key, body, at in loops.drafts(tx)]
    return found


def _outbox(tx: Tx, start: datetime) -> list[OutMail]:
    """Return the mails that wait, for their time or an answer, or are in doubt, and those that did not go out since the
    day began, soonest first.
    """
    kept = [one for state in (*_LEAVING, MailState.ASKED, MailState.UNCERTAIN) for one in mails_store.listed(tx, state)]
    for state in (MailState.FAILED, MailState.STOPPED):
        ended = [one for one in mails_store.listed(tx, state) if (one.left_at or one.due_at) >= start]
        kept += [one for one in ended if not invitations.replaced(tx, one)]
    return sorted(kept, key=lambda one: (one.due_at, one.id))


def _mail_loop(one: OutMail, facts: dict[LeadId, LeadFacts]) -> Loop:
    names = _names(facts[one.lead_id]) if one.lead_id in facts else (one.recipient, "")
    return Loop(_MAIL_LOOPS[one.state], one.lead_id, *names, one.left_at or one.due_at, one.subject, one.id)


def _leaving(one: OutMail, facts: dict[LeadId, LeadFacts], end: datetime) -> Leaving:
    names = _names(facts[one.lead_id]) if one.lead_id in facts else (one.recipient, "")
    return Leaving(one.id, one.lead_id, *names, one.subject, one.due_at, one.due_at >= end)


def _due(tx: Tx, kind: str, shares: tuple[Share, ...], start: datetime, end: datetime) -> tuple[Loop, ...]:
    keys = loops.due(tx, kind, shares, start, end)
    states, facts = leads.states(tx, keys), leads.many(tx, keys)
    made = []
    for key in keys:
        action = states[key][0].next_action
        made.append(_loop(kind, key, facts, action.due_at if action is not None else None, ""))
    return rules.in_order(made)


def _made(ctx: Context, tx: Tx, touches: Iterable[Touch]) -> tuple[Appointment, ...]:
    """Return the meetings that were set today, in the order in which they were."""
    known = ctx.rules.outcomes
    kept = [t for t in touches if (flags := touch_flags(t, known)) is not None and flags.meeting_set]
    facts = leads.many(tx, list(dict.fromkeys(t.lead_id for t in kept)))
    return tuple(_appointment(facts[key], rules.instant(facts[key].get("meeting_at")), meeting=True) for key in facts)


def _fixed(ctx: Context, tx: Tx, shares: tuple[Share, ...], day: date) -> tuple[Appointment, ...]:
    """Return the callbacks promised and the meetings fixed for a day."""
    start, end = ctx.calendar.start_of_day(day), ctx.calendar.start_of_day(day + timedelta(days=1))
    met = {key: rules.instant(at) for key, at in loops.meetings(tx, shares)}
    there = [key for key, at in met.items() if at is not None and start <= at < end]
    facts = leads.many(tx, there)
    every = [_appointment(facts[key], met[key], meeting=True) for key in there if _still_meets(facts[key])]
    return rules.between([*every, *_promised(tx, shares, start, end)], start, end)


def _promised(tx: Tx, shares: tuple[Share, ...], start: datetime, end: datetime) -> list[Appointment]:
    """Return the callbacks promised for start <= at < end."""
    keys = loops.due(tx, rules.PROMISE, shares, start, end)
    facts, states = leads.many(tx, keys), leads.states(tx, keys)
    actions = {key: states[key][0].next_action for key in keys}
    return [_appointment(facts[key], action.due_at if action else None) for key, action in actions.items()]


def _told(tx: Tx, facts: LeadFacts) -> str:
    """Return the number to call and the last note of a lead: what one needs to keep a promise."""
    from isdesk.files.phones import shown

    able = numbers(facts)
    notes = [touch.note for touch in effective(leads.touches(tx, facts.id)) if touch.note]
    return " ・ ".join([*(shown(one.e164) for one in able[:1]), *(" ".join(note.split()) for note in notes[-1:])])


def _still_meets(facts: LeadFacts) -> bool:
    """Return whether a lead with a meeting is still one: who must not be called any more, or is lost, is not met."""
    barred = facts.get("dnc") or facts.get("company.dnc") or facts.get("deleted")
    return not barred and facts.get("stage") not in _OVER


def _appointment(facts: LeadFacts, at: datetime | None, *, meeting: bool = False) -> Appointment:
    return Appointment(facts.id, *_names(facts), at, meeting)


def _loop(kind: str, key: LeadId, facts: dict[LeadId, LeadFacts], at: datetime | None, text: str) -> Loop:
    return Loop(kind, key, *_names(facts[key]), at, text)


def _names(facts: LeadFacts) -> tuple[str, str]:
    return str(facts.get("name") or ""), str(facts.get("company.name") or "")
