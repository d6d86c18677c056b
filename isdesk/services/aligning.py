"""Keeping the minutes of an alignment meeting: decide, give out action items, close, open again (DOMAIN 11).

One verb is one journal entry with its filing; a meeting whose minutes are fixed takes nothing more until they are
opened again, but an action item may be done at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from isdesk.domain import alignment
from isdesk.domain.alignment import ACT, CLOSE, DECIDE, DONE, KIND, Action, AlignmentMeeting, meeting_id, read_id
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import JournalId, MemberId
from isdesk.domain.roles import Right
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

_DEEPEST = 2


def meetings(ctx: Context) -> dict[str, AlignmentMeeting]:
    """Return every meeting of which something was filed, by id, the earliest first."""
    with ctx.store.read() as tx:
        return alignment.meetings(filings.of_kind(tx, KIND))


def meeting(ctx: Context, kind: str, first: date) -> AlignmentMeeting:
    """Return the meeting about a week or month; an empty one where nothing was filed yet."""
    key = meeting_id(kind, first)
    return meetings(ctx).get(key) or AlignmentMeeting(key, kind, first)


def decide(
    ctx: Context,
    meeting: str,
    text: str,
    *,
    key: str = "",
    cases: Sequence[str] = (),
    agreed: Sequence[str] = (),
    item: str = "",
) -> tuple[str, Written]:
    """Note a decision, with the definition ``key`` that it changes and who agreed; returns its id.

    ``item``: the decision that is worded anew. Raises NotFound, BadInput (``alignment_unknown``, ``minutes_empty``),
    Refused (``not_allowed``, ``minutes_closed``).
    """
    said = _said(text)
    who = [ctx.member(one).id for one in agreed]
    with ctx.store.write() as tx:
        known = _open(ctx, tx, meeting)
        if item and all(one.id != item for one in known.decisions):
            raise NotFound("minutes_item_not_found", item=item)
        made = item or ctx.ids.new()
        payload: dict[str, Value] = {
            "step": DECIDE, "item": made, "text": said, "key": key, "cases": [*cases], "agreed": [*who],
        }  # fmt: skip
        return made, _file(ctx, tx, meeting, payload)


def act(
    ctx: Context, meeting: str, text: str, *, owner: str, due: date | None = None, item: str = ""
) -> tuple[str, Written]:
    """Give out an action item (宿題) to somebody, until a day; returns its id. ``item``: the one that is changed.

    Raises NotFound, BadInput (``alignment_unknown``, ``minutes_empty``), Refused (``not_allowed``, ``minutes_closed``).
    """
    said, who = _said(text), ctx.member(owner).id
    with ctx.store.write() as tx:
        known = _open(ctx, tx, meeting)
        if item and all(one.id != item for one in known.actions):
            raise NotFound("minutes_item_not_found", item=item)
        made = item or ctx.ids.new()
        payload: dict[str, Value] = {
            "step": ACT, "item": made, "text": said, "owner": who, "due": due.isoformat() if due else None,
        }  # fmt: skip
        return made, _file(ctx, tx, meeting, payload)


def finish(ctx: Context, item: str, *, done: bool = True) -> Written:
    """Say that an action item is done, or (``done`` False) that it is not after all; its owner may, and who aligns.

    Raises NotFound (``minutes_item_not_found``), Refused (``not_allowed``, ``action_state``).
    """
    with ctx.store.write() as tx:
        found = _action(tx, item)
        if found.owner != ctx.me.id:
            ctx.require(Right.ALIGN)
        if (found.done_at is not None) == done:
            raise Refused("action_state", text=found.text)
        if done:
            return _file(ctx, tx, found.meeting, {"step": DONE, "item": item})
        return _take_back(ctx, tx, found.meeting, found.done_filings, DONE)


def drop(ctx: Context, meeting: str, item: str) -> Written:
    """Strike a decision or an action item out.

    Raises NotFound (``minutes_item_not_found``), BadInput, Refused (``not_allowed``, ``minutes_closed``).
    """
    with ctx.store.write() as tx:
        known = _open(ctx, tx, meeting)
        filed = {one.id: one.filings for one in known.decisions} | {one.id: one.filings for one in known.actions}
        if item not in filed:
            raise NotFound("minutes_item_not_found", item=item)
        return _take_back(ctx, tx, meeting, filed[item], "drop")


def close(ctx: Context, meeting: str, minutes: Mapping[str, Value], *, attendees: Sequence[str] = ()) -> Written:
    """Fix the minutes of a meeting: figures as they are now, decisions, action items, and who was there.

    Raises NotFound, BadInput (``alignment_unknown``), Refused (``not_allowed``, ``minutes_closed``).
    """
    who = [ctx.member(one).id for one in attendees]
    with ctx.store.write() as tx:
        _open(ctx, tx, meeting)
        return _file(ctx, tx, meeting, {"step": CLOSE, "attendees": [*who], "minutes": dict(minutes)})


def reopen(ctx: Context, meeting: str) -> Written:
    """Open the minutes of a meeting again: what fixed them is taken back, and stays in the journal.

    Raises BadInput (``alignment_unknown``), Refused (``not_allowed``, ``minutes_open``).
    """
    ctx.require(Right.ALIGN)
    with ctx.store.write() as tx:
        known = _known(tx, meeting)
        if not known.closed:
            raise Refused("minutes_open")
        return _take_back(ctx, tx, meeting, known.close_filings, "reopen")


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise BadInput("minutes_empty")
    return said


def _known(tx: Tx, meeting: str) -> AlignmentMeeting:
    read = read_id(meeting)
    if read is None:
        raise BadInput("alignment_unknown", meeting=meeting)
    return alignment.meetings(filings.about(tx, KIND, meeting)).get(meeting) or AlignmentMeeting(meeting, *read)


def _open(ctx: Context, tx: Tx, meeting: str) -> AlignmentMeeting:
    ctx.require(Right.ALIGN)
    known = _known(tx, meeting)
    if known.closed:
        raise Refused("minutes_closed")
    return known


def _action(tx: Tx, item: str) -> Action:
    every = alignment.meetings(filings.of_kind(tx, KIND)).values()
    found = next((one for known in every for one in known.actions if one.id == item), None)
    if found is None:
        raise NotFound("minutes_item_not_found", item=item)
    return found


def _take_back(ctx: Context, tx: Tx, meeting: str, filed: Sequence[str], step: str) -> Written:
    """Take filings back in one entry; each void says which one."""
    entry = head(ctx, tx, Verb.ALIGN, summary={"meeting": meeting, "step": step, "back": True})
    voids = [_filing(ctx, tx, entry.id, entry.at, meeting, {"step": step}, corrects=one) for one in filed]
    journal.append(tx, entry, filings=voids)
    return _written(entry.id)


def _file(ctx: Context, tx: Tx, meeting: str, payload: dict[str, Value]) -> Written:
    summary: dict[str, Value] = {"meeting": meeting, "step": payload["step"]}
    entry = head(ctx, tx, Verb.ALIGN, summary=summary)
    journal.append(tx, entry, filings=[_filing(ctx, tx, entry.id, entry.at, meeting, payload)])
    return _written(entry.id)


def _filing(
    ctx: Context,
    tx: Tx,
    entry: JournalId,
    at: datetime,
    meeting: str,
    payload: dict[str, Value],
    *,
    corrects: str | None = None,
) -> Filing:
    return Filing(
        ctx.ids.new(), KIND, meeting, MemberId(ctx.me.id), ctx.device_id, journal.next_seq(tx, ctx.device_id), at,
        None, payload, entry, corrects, corrects is not None,
    )  # fmt: skip


def _written(entry: JournalId) -> Written:
    return Written(Changes(outbox=True, undo=True, alignment=True), entry)


def keys(ctx: Context) -> tuple[str, ...]:
    """Return the keys of definitions that a decision may change, groups before what is in them, three levels deep."""
    return tuple(_keys(ctx.playbook.definitions, ""))


def _keys(tree: Mapping[str, object], path: str) -> Iterator[str]:
    for name, value in tree.items():
        key = f"{path}.{name}" if path else name
        if not path and not isinstance(value, Mapping):
            continue  # what a text says about itself
        if "." in name or key.count(".") > _DEEPEST:
            continue
        yield key
        if isinstance(value, Mapping):
            yield from _keys(value, key)
