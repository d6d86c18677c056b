"""The introduction in 90 days as it stands: steps, readiness, self-assessment, what people note on them (DOMAIN 13).

What the data show is done is done; the rest is ticked by hand, by somebody who may change the definitions, and the
start is the admin's to set. Each note is a filing, so that the whole team sees who said it and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import introduction as rules
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.introduction import (
    ASSIGN,
    KIND,
    MARK,
    READINESS,
    REDESIGN,
    START,
    STEP,
    SYMPTOM,
    Mark,
    Notes,
    phase_of,
    subject,
)
from isdesk.domain.roles import Right
from isdesk.services import kpi
from isdesk.services.entries import head
from isdesk.services.introduction_checks import Finding, find
from isdesk.services.views import Written
from isdesk.store import filings, journal

if TYPE_CHECKING:
    from isdesk.domain.ids import MemberId
    from isdesk.domain.rules import IntroductionStep, Point
    from isdesk.services.context import Context

WHAT: Final = (STEP, READINESS, SYMPTOM)


@dataclass(frozen=True, slots=True)
class StepView:
    """A step: who does it by when, what the data say, what somebody said by hand; ``by_data``: the data show it done.

    ``marked_by`` and ``owner`` are names; ``own_due`` is the day that somebody set, None where the plan's holds.
    """

    step: IntroductionStep
    owner_id: MemberId | None
    owner: str
    due: date | None
    own_due: date | None
    finding: Finding | None
    mark: Mark | None
    marked_by: str
    late: bool

    @property
    def by_data(self) -> bool:
        """Return whether the program itself sees that it is done."""
        return self.finding is not None and self.finding.done is True

    @property
    def done(self) -> bool:
        """Return whether it is done, by the data or by hand."""
        return self.by_data or (self.mark is not None and self.mark.yes)


@dataclass(frozen=True, slots=True)
class PointView:
    """A point of the readiness check or a symptom: ``answer`` from the data, else by hand, None while nobody knows."""

    what: str
    point: Point
    finding: Finding | None
    mark: Mark | None
    marked_by: str

    @property
    def by_data(self) -> bool:
        """Return whether the data answer it; nobody answers by hand then."""
        return self.finding is not None and self.finding.done is not None

    @property
    def answer(self) -> bool | None:
        """Return the answer."""
        if self.finding is not None and self.finding.done is not None:
            return self.finding.done
        return self.mark.yes if self.mark is not None else None


@dataclass(frozen=True, slots=True)
class Introduction:
    """All of it on one day. ``phase`` 1–3, 0 before the start, 4 after; ``day`` counts from 0 at the start."""

    start: date | None
    today: date
    phase: int
    steps: tuple[StepView, ...]
    readiness: tuple[PointView, ...]
    symptoms: tuple[PointView, ...]

    @property
    def day(self) -> int | None:
        """Return how many days ago it began; None without a start."""
        return (self.today - self.start).days if self.start is not None else None

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(one.done for one in self.steps)

    @property
    def ready(self) -> int:
        """Return how many points of the readiness check hold."""
        return sum(one.answer is True for one in self.readiness)

    @property
    def found(self) -> int:
        """Return how many symptoms are there."""
        return sum(one.answer is True for one in self.symptoms)

    @property
    def redesign(self) -> bool:
        """Return whether the division of work needs a redesign (DOMAIN 13)."""
        return self.found >= REDESIGN


def board(ctx: Context, lang: str = "") -> Introduction:
    """Return how the introduction stands today. Raises Refused (``not_allowed``)."""
    ctx.require(Right.SEE_TEAM)
    said = ctx.rules
    today = ctx.now().astimezone(TOKYO).date()
    wanted = [*(one.check for one in said.introduction), *(one.check for one in (*said.readiness, *said.symptoms))]
    kpi.refresh(ctx)
    with ctx.store.read() as tx:
        notes = rules.notes(filings.of_kind(tx, KIND))
        found = find(ctx, tx, notes, wanted, lang or ctx.lang)
    return Introduction(
        notes.start,
        today,
        phase_of(notes.start, today),
        tuple(_step(ctx, one, notes, found.get(one.check), today) for one in said.introduction),
        tuple(_point(ctx, READINESS, one, notes, found.get(one.check)) for one in said.readiness),
        tuple(_point(ctx, SYMPTOM, one, notes, found.get(one.check)) for one in said.symptoms),
    )


def _step(ctx: Context, step: IntroductionStep, notes: Notes, finding: Finding | None, today: date) -> StepView:
    mark, owner, due = notes.marks.get(subject(STEP, step.code)), notes.owners.get(step.code), notes.due(step)
    own = notes.dues.get(step.code)
    made = StepView(step, owner, ctx.name_of(owner), due, own, finding, mark, _said_by(ctx, mark), late=False)
    return replace(made, late=due is not None and due < today and not made.done)


def _point(ctx: Context, what: str, point: Point, notes: Notes, finding: Finding | None) -> PointView:
    mark = notes.marks.get(subject(what, point.code))
    return PointView(what, point, finding, mark, _said_by(ctx, mark))


def _said_by(ctx: Context, mark: Mark | None) -> str:
    return ctx.name_of(mark.member_id) if mark is not None else ""


def set_start(ctx: Context, day: date) -> Written:
    """Say on which day the introduction begins, or began. Raises Refused (``not_allowed``: see `may_start`)."""
    if not may_start(ctx):
        ctx.require(Right.ADMIN)
    return _file(ctx, START, {"step": START, "day": day.isoformat()})


def may_start(ctx: Context) -> bool:
    """Return whether the person at this desk may set the start: an admin, or where the team has none a team lead."""
    admins = any(one.active and ctx.may_role(one.role, Right.ADMIN) for one in ctx.members.values())
    return ctx.may(Right.ADMIN) or (not admins and ctx.may(Right.DEFINITIONS))


def mark(ctx: Context, what: str, code: str, *, yes: bool | None) -> Written:
    """Tick a step, or answer a point of the readiness check or a symptom, by hand; None takes the answer back.

    Raises BadInput (``introduction_unknown``), Refused (``not_allowed``; ``introduction_by_data`` where the data
    answer).
    """
    ctx.require(Right.DEFINITIONS)
    check = _item(ctx, what, code)
    if yes is not None and _answered(ctx, what, check):
        raise Refused("introduction_by_data")
    return _file(ctx, subject(what, code), {"step": MARK, "yes": yes})


def assign(ctx: Context, code: str, member_id: MemberId | None, due: date | None) -> Written:
    """Say who does a step by when; None leaves it to the department, and to the day of the playbook.

    Raises BadInput (``introduction_unknown``), NotFound (``member_not_found``), Refused (``not_allowed``).
    """
    ctx.require(Right.DEFINITIONS)
    _item(ctx, STEP, code)
    if member_id is not None:
        ctx.member(member_id)
    payload: dict[str, Value] = {"step": ASSIGN, "member": member_id, "due": due.isoformat() if due else None}
    return _file(ctx, subject(STEP, code), payload)


def _item(ctx: Context, what: str, code: str) -> str:
    """Return the check of a step, point or symptom. Raises BadInput where there is none of that name."""
    said = ctx.rules
    checks: dict[str, dict[str, str]] = {
        STEP: {one.code: one.check for one in said.introduction},
        READINESS: {one.code: one.check for one in said.readiness},
        SYMPTOM: {one.code: one.check for one in said.symptoms},
    }
    known = checks.get(what, {})
    if code not in known:
        raise BadInput("introduction_unknown", item=f"{what}:{code}", known=", ".join(known))
    return known[code]


def _answered(ctx: Context, what: str, check: str) -> bool:
    """Return whether the data answer it: a step that they show done, a point or symptom that they say anything of."""
    with ctx.store.read() as tx:
        found = find(ctx, tx, rules.notes(filings.of_kind(tx, KIND)), [check], ctx.lang).get(check)
    return found is not None and (found.done is True or (what != STEP and found.done is not None))


def _file(ctx: Context, about: str, payload: dict[str, Value]) -> Written:
    with ctx.store.write() as tx:
        entry = head(ctx, tx, Verb.INTRODUCTION, summary={"item": about})
        said = Filing(
            ctx.ids.new(), KIND, about, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
            None, payload, entry.id,
        )  # fmt: skip
        journal.append(tx, entry, filings=[said])
    return Written(Changes(outbox=True, undo=True), entry.id)
