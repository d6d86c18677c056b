"""One timeline of a lead: touches, signals, field changes, steps of handoffs and notes on meetings (DOMAIN 5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isdesk.domain.changes import Obj, Value, Verb
from isdesk.domain.filing import standing
from isdesk.domain.handoff import Action, effective_steps
from isdesk.domain.meeting import ITEMS
from isdesk.domain.touch import SCRIPT_PATH, effective
from isdesk.services import meetings
from isdesk.services.views import TimelineItem
from isdesk.store import filings, journal

if TYPE_CHECKING:
    from isdesk.domain.filing import Filing
    from isdesk.domain.handoff import Transition
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context
    from isdesk.store import Tx

SENT = {
    "acked": "acked",
    "sending": "sending",
    "uncertain": "sending",
    "quarantined": "attention",
    "conflict": "attention",
}
"""How the state of a delivery is told to the rep (SYNC E14)."""

_QUIET = {Verb.LEASE, Verb.RECORD, Verb.UNDO, Verb.REDO, Verb.EXPORT, Verb.JOIN}
_HIDDEN = {"lease", "bad_numbers", "snoozed_until", "pinned", "company_id"}


def timeline(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    touches: Sequence[Touch],
    steps: Sequence[Transition],
    *,
    limit: int,
) -> tuple[TimelineItem, ...]:
    """Return the lead's timeline; each item knows whether the CRM has it yet."""
    counted = effective(list(touches))
    taken = effective_steps(steps)
    prepared = standing(meetings.filed(tx, list(dict.fromkeys(s.handoff_id for s in taken))))
    ids = [*(t.id for t in counted), *(s.id for s in taken), *(one.id for one in prepared)]
    sent = journal.delivery_states(tx, ids)
    talks = [touch.id for touch in counted if touch.script]
    paths = {one.subject: one for one in standing(filings.about_many(tx, SCRIPT_PATH, talks))} if talks else {}
    items = [_touch_item(ctx, touch, sent.get(touch.id), paths.get(touch.id)) for touch in counted]
    items.extend(_step_item(ctx, step, sent.get(step.id)) for step in taken)
    items.extend(_meeting_item(ctx, one, sent.get(one.id)) for one in prepared)
    items.extend(_edits(ctx, tx, facts, limit))
    items.sort(key=lambda item: item.at, reverse=True)
    return tuple(items[:limit])


def _state(found: str | None, *, mine: bool) -> str:
    if found is None:
        return "local" if mine else "acked"
    return SENT.get(found, "local")


def _touch_item(ctx: Context, touch: Touch, sent: str | None, path: Filing | None = None) -> TimelineItem:
    signal = touch.signal is not None
    return TimelineItem(
        at=touch.at,
        what="signal" if signal else "touch",
        member=ctx.name_of(touch.member_id),
        touch=touch,
        code=touch.signal or touch.outcome or touch.channel,
        text=touch.note,
        sync=_state(sent, mine=touch.device_id == ctx.device_id),
        told=path.payload if path is not None else {},
    )


def _step_item(ctx: Context, step: Transition, sent: str | None) -> TimelineItem:
    return TimelineItem(
        at=step.at,
        what="handoff",
        member=ctx.name_of(step.member_id),
        code=step.action,
        text=step.reason or "",
        sync=_state(sent, mine=step.device_id == ctx.device_id),
        told=step.payload if step.action == Action.FEEDBACK else {},
    )


def _meeting_item(ctx: Context, one: Filing, sent: str | None) -> TimelineItem:
    said = one.payload.get("notes")
    told: dict[str, Value] = {
        ITEMS[code].label.in_(ctx.lang): str(text)
        for code, text in (said.items() if isinstance(said, dict) else ())
        if code in ITEMS
    }
    return TimelineItem(
        at=one.at,
        what="meeting",
        member=ctx.name_of(one.member_id),
        code="plan",
        sync=_state(sent, mine=one.device_id == ctx.device_id),
        told=told,
    )


def _edits(ctx: Context, tx: Tx, facts: LeadFacts, limit: int) -> list[TimelineItem]:
    found: list[TimelineItem] = []
    for entry, change in journal.changes_of(tx, facts.id, limit):
        if entry.verb in _QUIET or change.obj is not Obj.LEAD:
            continue
        fields = tuple(
            (code, change.before.get(code), value) for code, value in change.after.items() if code not in _HIDDEN
        )
        if fields:
            found.append(
                TimelineItem(
                    at=entry.at,
                    what="change",
                    member=ctx.name_of(entry.member_id),
                    code=entry.verb,
                    changes=() if change.created else fields,
                )
            )
    return found
