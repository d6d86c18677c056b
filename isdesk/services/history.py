"""Undo and redo: the last verbs of this desk taken back or done again, also after a restart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from isdesk.domain.booking import KIND as MEETING
from isdesk.domain.changes import Change, Changes, Obj, Verb
from isdesk.domain.errors import Refused
from isdesk.domain.handoff import allowed, fold_all
from isdesk.domain.ids import CompanyId, HandoffId, LeadId, TouchId, TransitionId
from isdesk.domain.sequence import KIND as SEQUENCE
from isdesk.domain.suppression import Suppression
from isdesk.services import open_calls, projection
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.services.views import UndoStep
from isdesk.store import journal, leads

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.domain.changes import Entry, Value
    from isdesk.domain.filing import Filing
    from isdesk.domain.handoff import Transition
    from isdesk.domain.ids import JournalId
    from isdesk.domain.touch import Touch
    from isdesk.store import Tx
    from isdesk.store.journal import Loaded

STEPS = 100
"""How many entries can be taken back one after the other."""


def undo(ctx: Context, count: int = 1) -> tuple[Changes, list[UndoStep]]:
    """Take back the last ``count`` entries of this desk, newest first; stops early where there is nothing more.

    An entry that nobody has been sent yet is withdrawn; one already sent is compensated by another.
    Raises Refused (``nothing_to_undo``, ``undo_handoff_decided``).
    """
    return _repeat(ctx, count, again=False)


def redo(ctx: Context, count: int = 1) -> tuple[Changes, list[UndoStep]]:
    """Do again the last ``count`` entries that were taken back.

    Raises Refused (``nothing_to_redo``).
    """
    return _repeat(ctx, count, again=True)


def peek_undo(ctx: Context, limit: int = 1) -> list[UndoStep]:
    """Return what undo would take back, newest first."""
    with ctx.store.read() as tx:
        return [_step(tx, entry) for entry in journal.undoable(tx, ctx.device_id, limit)]


def peek_redo(ctx: Context, limit: int = 1) -> list[UndoStep]:
    """Return what redo would do again, next first."""
    with ctx.store.read() as tx:
        return [_step(tx, entry) for entry in journal.redoable(tx, ctx.device_id, limit)]


def _repeat(ctx: Context, count: int, *, again: bool) -> tuple[Changes, list[UndoStep]]:
    changes, steps = Changes(), list[UndoStep]()
    for _ in range(count):
        with ctx.store.write() as tx:
            find = journal.redoable if again else journal.undoable
            found = find(tx, ctx.device_id, 1)
            if not found:
                break
            step = _step(tx, found[0])
            try:
                changes |= _redo(ctx, tx, found[0]) if again else _undo(ctx, tx, found[0])
            except Refused:
                if not steps:
                    raise
                break  # what was taken back before stays so, and is told
            steps.append(step)
    if not steps:
        raise Refused("nothing_to_redo" if again else "nothing_to_undo")
    return changes, steps


def _step(tx: Tx, entry: Entry) -> UndoStep:
    name = str(entry.summary.get("lead") or "")
    if not name and entry.lead_id is not None:
        facts = leads.facts(tx, entry.lead_id)
        name = str(facts.get("name") or "") if facts else ""
    return UndoStep(entry.id, entry.verb, entry.at, entry.lead_id, name, dict(entry.summary))


def _undo(ctx: Context, tx: Tx, entry: Entry) -> Changes:
    loaded = journal.load(tx, entry.id)
    _refuse_decided(tx, loaded)
    mine = head(ctx, tx, Verb.UNDO, lead_id=entry.lead_id, undoes=entry.id, summary=_kept(entry))
    for touch in loaded.touches:
        _draft_back(tx, touch, mine.at)
    return _commit(
        ctx,
        tx,
        mine,
        touches=tuple(_void_touch(ctx, tx, touch, mine.id) for touch in loaded.touches),
        changes=tuple(change for change in (_back(tx, change) for change in loaded.changes) if change is not None),
        transitions=tuple(_void_step(ctx, tx, step, mine.id) for step in loaded.transitions),
        suppressions=tuple(
            Suppression(
                id=ctx.ids.new(),
                kind=one.kind,
                hmac=one.hmac,
                at=mine.at,
                member_id=ctx.me.id,
                scope=one.scope,
                reason="undo",
                journal_id=mine.id,
                evidence=entry.id,
                lifts=one.id,
            )
            for one in loaded.suppressions
        ),
        filings=tuple(_void_filing(ctx, tx, one, mine.id) for one in loaded.filings),
    )


def _redo(ctx: Context, tx: Tx, undone: Entry) -> Changes:
    """Write the facts of the entry that ``undone`` (an undo) took back once more, with fresh ids."""
    original = journal.load(tx, undone.undoes) if undone.undoes is not None else journal.load(tx, undone.id)
    mine = head(ctx, tx, Verb.REDO, lead_id=undone.lead_id, undoes=undone.id, summary=_kept(undone))
    fresh = {touch.id: TouchId(ctx.ids.new()) for touch in original.touches}
    for touch in original.touches:
        _draft_gone(tx, touch, mine.at)
    open_calls.written_anew(tx, fresh)
    return _commit(
        ctx,
        tx,
        mine,
        touches=tuple(
            replace(
                touch,
                id=fresh[touch.id],
                journal_id=mine.id,
                device_seq=journal.next_seq(tx, ctx.device_id),
                corrects=None,
                void=False,
            )
            for touch in original.touches
        ),
        changes=tuple(_forth(tx, change) for change in original.changes),
        transitions=tuple(
            replace(
                step,
                id=TransitionId(ctx.ids.new()),
                journal_id=mine.id,
                device_seq=journal.next_seq(tx, ctx.device_id),
                at=mine.at,
            )
            for step in original.transitions
        ),
        suppressions=tuple(
            replace(one, id=ctx.ids.new(), at=mine.at, journal_id=mine.id) for one in original.suppressions
        ),
        filings=tuple(
            replace(
                one,
                id=ctx.ids.new(),
                journal_id=mine.id,
                device_seq=journal.next_seq(tx, ctx.device_id),
                at=mine.at,
            )
            for one in original.filings
        ),
    )


def _draft_back(tx: Tx, touch: Touch, at: datetime) -> None:
    """What was typed is typed still: the memo of a contact that is taken back stands before what was typed since."""
    kept = leads.draft(tx, touch.lead_id)
    if touch.note and kept is None:
        leads.put_draft(tx, touch.lead_id, touch.note, at)
    elif touch.note and kept is not None and kept[0] != touch.note and not kept[0].startswith(f"{touch.note}\n"):
        leads.put_draft(tx, touch.lead_id, f"{touch.note}\n{kept[0]}", at)


def _draft_gone(tx: Tx, touch: Touch, at: datetime) -> None:
    """The memo went out with its contact again: of the draft only what else was typed is left; an edited one stays."""
    kept = leads.draft(tx, touch.lead_id)
    if not touch.note or kept is None:
        return
    if kept[0] == touch.note:
        leads.put_draft(tx, touch.lead_id, "", at)
    elif kept[0].startswith(f"{touch.note}\n"):
        leads.put_draft(tx, touch.lead_id, kept[0].removeprefix(f"{touch.note}\n"), at)


def _kept(entry: Entry) -> dict[str, Value]:
    return {**entry.summary, "verb": str(entry.summary.get("verb") or entry.verb)}


def _refuse_decided(tx: Tx, loaded: Loaded) -> None:
    """A handoff that FS has decided on cannot be taken back by the rep's undo: that is what withdraw is for."""
    for step in loaded.transitions:
        every = fold_all(leads.transitions(tx, step.lead_id))
        if not any(step.id == taken.id for handoff in every for taken in handoff.steps):
            continue  # it never took effect: somebody else was first
        now = every[-1]
        newest = now.steps[-1].id if now.steps else None
        if newest != step.id and not allowed(now.state, "withdraw"):
            raise Refused("undo_handoff_decided")
        if newest != step.id:
            raise Refused("undo_handoff_moved")


def _forth(tx: Tx, change: Change) -> Change:
    """Return the change that does ``change`` again, over what is there now; what it created had been closed."""
    if not change.created:
        now = leads.fields_of(tx, change.obj, change.id) or {}
        return replace(change, before={code: now.get(code) for code in change.after})
    return replace(change, before={**change.before, "deleted": True}, after={**change.after, "deleted": None})


def _back(tx: Tx, change: Change) -> Change | None:
    """Return the inverse of a change, of those fields only that still hold what it wrote."""
    if change.created:
        return change.inverse()
    now = leads.fields_of(tx, change.obj, change.id)
    if now is None:
        return None
    still = [code for code, value in change.after.items() if now.get(code) == value]
    if not still:
        return None
    return Change(
        change.obj,
        change.id,
        {code: change.after[code] for code in still},
        {code: change.before[code] for code in still},
    )


def _void_touch(ctx: Context, tx: Tx, touch: Touch, entry: JournalId) -> Touch:
    return replace(
        touch,
        id=TouchId(ctx.ids.new()),
        journal_id=entry,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
        note="",
        plan=None,
        corrects=touch.id,
        void=True,
    )


def _void_step(ctx: Context, tx: Tx, step: Transition, entry: JournalId) -> Transition:
    return replace(
        step,
        id=TransitionId(ctx.ids.new()),
        journal_id=entry,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
        at=ctx.now(),
        payload={},
        corrects=step.id,
        void=True,
    )


def _void_filing(ctx: Context, tx: Tx, one: Filing, entry: JournalId) -> Filing:
    return replace(
        one,
        id=ctx.ids.new(),
        journal_id=entry,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
        at=ctx.now(),
        payload={},
        corrects=one.id,
        void=True,
    )


def _commit(
    ctx: Context,
    tx: Tx,
    entry: Entry,
    *,
    touches: tuple[Touch, ...],
    changes: tuple[Change, ...],
    transitions: tuple[Transition, ...],
    suppressions: tuple[Suppression, ...],
    filings: tuple[Filing, ...] = (),
) -> Changes:
    named = [LeadId(change.id) for change in changes if change.obj is Obj.LEAD]
    companies = [CompanyId(change.id) for change in changes if change.obj is Obj.COMPANY]
    touched = list(dict.fromkeys([*named, *(t.lead_id for t in touches), *(t.lead_id for t in transitions)]))
    touched = list(dict.fromkeys([*touched, *(f.lead_id for f in filings if f.kind == SEQUENCE and f.lead_id)]))
    before = projection.around(tx, leads.many(tx, touched).values())
    written = journal.append(
        tx,
        entry,
        touches=touches,
        changes=changes,
        transitions=transitions,
        suppressions=suppressions,
        filings=filings,
    )
    after = projection.around(tx, leads.many(tx, touched).values())
    affected = list(dict.fromkeys([*touched, *before, *written, *after]))
    projection.refresh(ctx, tx, affected)
    return Changes(
        leads=frozenset(affected),
        companies=frozenset(companies),
        handoffs=frozenset(HandoffId(step.handoff_id) for step in transitions),
        queue=True,
        outbox=True,
        undo=True,
        all_leads=len(affected) > STEPS,
        meetings=any(one.kind == MEETING for one in filings),
        sequences=any(one.kind == SEQUENCE for one in filings),
    )
