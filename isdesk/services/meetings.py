"""The meeting that a handoff leads to: prepared by FS in three steps, read by whoever handed over (DOMAIN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Changes, Obj, Value, Verb
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.fields import STANDARD
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Handoff, State, fold
from isdesk.domain.ids import HandoffId, LeadId
from isdesk.domain.meeting import ITEMS, KIND, LONGEST, STEPS, Note, notes, offered
from isdesk.domain.roles import Right
from isdesk.services import handing
from isdesk.services.entries import head, need
from isdesk.services.views import Written
from isdesk.store import filings, journal, leads

if TYPE_CHECKING:
    from isdesk.domain.fields import Field
    from isdesk.rendering import MemoSection
    from isdesk.services.context import Context
    from isdesk.store import Tx

_LIVE = frozenset({State.SUBMITTED, State.ACCEPTED})
FS, HANDOFF, NOTHING = "fs", "handoff", ""
"""Where the text of an item comes from."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the plan. ``source``: ``fs`` noted it (``by``, ``at``), the ``handoff`` says it, or nobody yet.

    ``earlier`` are the notes that this one took the place of, newest first.
    """

    step: str
    code: str
    label: str
    text: str
    source: str = NOTHING
    by: str = ""
    at: datetime | None = None
    earlier: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The three steps of a lead's meeting. ``handoff_id`` None: nothing was handed over yet."""

    lead_id: LeadId
    handoff_id: HandoffId | None
    lines: tuple[Line, ...]
    writable: bool

    @property
    def noted(self) -> int:
        """Return how many items FS has noted."""
        return sum(line.source == FS for line in self.lines)


def plan(ctx: Context, lead_id: LeadId) -> Plan:
    """Return how the meeting of a lead is prepared. Raises NotFound."""
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        now = fold(leads.transitions(tx, lead_id))
        lines, _ = handing.lines(ctx, facts, leads.touches(tx, lead_id))
        said = _notes(tx, now)
    known = offered(facts, lines, _fields(ctx), ctx.lang)
    return Plan(
        lead_id,
        now.id,
        tuple(
            _line(ctx, step.code, item.code, said.get(item.code, ()), known.get(item.code, ""))
            for step in STEPS
            for item in step.items
        ),
        now.state in _LIVE and (ctx.may(Right.DECIDE_HANDOFF) or ctx.may(Right.DECIDE_FOR_FS)),
    )


def write(ctx: Context, lead_id: LeadId, said: Mapping[str, str]) -> Written:
    """Note items of the plan by their codes; an empty text takes the note back, what is unchanged is left out.

    Raises NotFound, BadInput (``meeting_item_unknown``, ``meeting_note_long``), Refused (``not_allowed``,
    ``meeting_not_handed`` where the handoff is not in the hands of FS).
    """
    ctx.require(Right.DECIDE_HANDOFF, Right.DECIDE_FOR_FS)
    for code, text in said.items():
        if code not in ITEMS:
            raise BadInput("meeting_item_unknown", item=code, known=", ".join(ITEMS))
        if len(text) > LONGEST:
            raise BadInput("meeting_note_long", most=LONGEST)
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        now = fold(leads.transitions(tx, lead_id))
        if now.id is None or now.state not in _LIVE:
            raise Refused("meeting_not_handed")
        before = _notes(tx, now)
        new: dict[str, object] = {
            code: text.strip() for code, text in said.items() if text.strip() != _last(before.get(code, ()))
        }
        if not new:
            return Written(Changes())
        entry = head(ctx, tx, Verb.MEETING_PLAN, lead_id=lead_id, summary={"lead": str(facts.get("name") or "")})
        payload: dict[str, Value] = {"notes": new}
        filing = Filing(
            ctx.ids.new(), KIND, now.id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
            lead_id, payload, entry.id,
        )  # fmt: skip
        journal.append(tx, entry, filings=[filing])
    return Written(Changes(leads=frozenset({lead_id}), handoffs=frozenset({now.id}), outbox=True, undo=True), entry.id)


def sections(ctx: Context, tx: Tx, now: Handoff) -> tuple[MemoSection, ...]:
    """Return what FS noted as parts of the memo: one for each step that has notes."""
    from isdesk.rendering import MemoLine, MemoSection

    said = _notes(tx, now)
    made = []
    for step in STEPS:
        lines = [(item, text) for item in step.items if (text := _last(said.get(item.code, ())))]
        if lines:
            title = f"{_title(ctx)}: {step.label.in_(ctx.lang)}"
            made.append(MemoSection(title, tuple(MemoLine(item.label.in_(ctx.lang), text) for item, text in lines)))
    return tuple(made)


def filed(tx: Tx, handoff_ids: list[HandoffId]) -> list[Filing]:
    """Return the filings about the meetings of these handoffs, oldest first."""
    return [one for key in handoff_ids for one in filings.about(tx, KIND, key)]


def _title(ctx: Context) -> str:
    from isdesk.playbook.words import fixed

    return fixed("memo", ctx.lang)["meeting_plan"]


def _notes(tx: Tx, now: Handoff) -> dict[str, tuple[Note, ...]]:
    return notes(filings.about(tx, KIND, now.id)) if now.id is not None else {}


def _last(said: tuple[Note, ...]) -> str:
    return said[-1].text if said else ""


def _line(ctx: Context, step: str, code: str, said: tuple[Note, ...], known: str) -> Line:
    label = ITEMS[code].label.in_(ctx.lang)
    earlier = tuple(reversed(said[:-1]))
    if _last(said):
        return Line(step, code, label, said[-1].text, FS, ctx.name_of(said[-1].by), said[-1].at, earlier)
    return Line(step, code, label, known, HANDOFF if known else NOTHING, earlier=tuple(reversed(said)))


def _fields(ctx: Context) -> dict[str, Field]:
    return {f.code if f.obj is Obj.LEAD else f"company.{f.code}": f for f in (*STANDARD, *ctx.rules.fields)}
