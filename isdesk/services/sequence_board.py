"""What the page シーケンス shows: who stands on which step, what goes out next, what is blocked, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.outgoing import MailState
from isdesk.domain.sequence import OTHER_DEVICE, Enrolment, newest, said, step_key, stuck_from
from isdesk.domain.touch import Channel
from isdesk.services import enrolments
from isdesk.store import leads, mails

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.rules import Label, SequenceStep
    from isdesk.domain.state import LeadFacts, LeadState
    from isdesk.services.context import Context
    from isdesk.store import Tx

ORDER = ("blocked", "confirm", "call", "social", "auto", "queued", "waits", "first", "later")
"""The states of a running lead in the order in which they are shown: first what a person has to do."""
COOLDOWN = "sequence_cooldown"
"""The code of why a call step waits that no rule of the sequence says: the lead or its company rests."""
RESULTS = ("reply", "meeting", "opt_out", "do_not_call")


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in a sequence, or one that was in it.

    ``state`` while it runs: ``blocked`` (``why`` is the code of the reason) | ``confirm`` a mail waits for the rep |
    ``call`` | ``social`` | ``auto`` a mail leaves by itself | ``queued`` it is in the outbox | ``waits`` for news of
    the team | ``first`` something else goes first (a promise, the first call) | ``later`` not today; then ``finished``
    or ``stopped`` (``why`` is what ended it). ``result``: what came of it, a code of `domain.sequence.STOPS`.
    """

    lead_id: LeadId
    name: str
    company: str
    owner: str
    enrolment: Enrolment
    state: str
    number: int
    at: datetime | None
    why: str = ""
    result: str = ""

    @property
    def of(self) -> int:
        """Return how many steps its sequence has."""
        return len(self.enrolment.steps)


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step over all leads: how many stand on it, are blocked there, did it, and what came after it."""

    number: int
    step: SequenceStep
    here: int = 0
    blocked: int = 0
    done: int = 0
    skipped: int = 0
    results: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SequenceCount:
    """One sequence over all leads. ``stops`` and the steps' ``results`` count by the codes of `domain.sequence.STOPS`;
    ``known``: it stands in the definitions in force.
    """

    code: str
    label: Label
    enrolled: int
    running: int
    finished: int
    steps: tuple[StepCount, ...]
    stops: Mapping[str, int]
    results: Mapping[str, int]
    known: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page. ``today``: what is due today or was before, by state; ``stale``: mails wait for the next sync."""

    running: tuple[Line, ...]
    ended: tuple[Line, ...]
    sequences: tuple[SequenceCount, ...]
    today: Mapping[str, int]
    stale: bool

    def in_state(self, *states: str) -> list[Line]:
        """Return the running lines in these states."""
        return [line for line in self.running if line.state in states]


def look(ctx: Context, *, everybody: bool = False) -> Board:
    """Return how the sequences stand: of one's own leads, or of ``everybody``'s."""
    with ctx.store.read() as tx:
        found = enrolments.of_many(ctx, tx, enrolments.every_lead(tx))
        facts, states = leads.many(tx, found), leads.states(tx, found)
        stale = enrolments.stale(ctx, tx)
        lines = [
            _line(ctx, tx, facts[key], states[key][0] if key in states else None, one, stale=stale)
            for key, every in found.items()
            if (everybody or facts[key].owner_id in (None, ctx.me.id)) and (one := newest(every)) is not None
        ]
        mine = {line.lead_id for line in lines}
    runs = sorted((line for line in lines if line.enrolment.state == "running"), key=_order)
    ended = sorted((line for line in lines if line.enrolment.state != "running"), key=_ended_order, reverse=True)
    every = [one for key in mine for one in found[key] if one.state != "second"]
    counts = _counts(ctx, every)
    today = Counter(line.state for line in runs if line.state != "later")
    return Board(tuple(runs), tuple(ended), counts, dict(today), stale)


def _order(line: Line) -> tuple[int, float, str]:
    return ORDER.index(line.state), line.at.timestamp() if line.at is not None else 0.0, line.lead_id


def _ended_order(line: Line) -> tuple[float, str]:
    at = line.at or line.enrolment.at
    return at.timestamp(), line.lead_id


def _line(ctx: Context, tx: Tx, facts: LeadFacts, state: LeadState | None, one: Enrolment, *, stale: bool) -> Line:
    result = one.stop.why if one.stop is not None and one.stop.why in RESULTS else ""
    step = one.next
    names = str(facts.get("name") or ""), str(facts.get("company.name") or ""), ctx.name_of(facts.owner_id)
    if step is None:
        why = one.stop.why if one.state == "stopped" and one.stop is not None else ""
        passed = sum(1 for other in one.steps if other.state in ("done", "skipped"))
        ended = one.ended_at or (one.stop.at if one.stop is not None else None)
        return Line(facts.id, *names, one, one.state, passed, ended, why, result)
    how = _running(ctx, tx, state, one, stale=stale)
    why = (step.why or OTHER_DEVICE) if how == "blocked" else ""
    if how == "call" and state is not None and _rests(state, ctx.now()):
        how, why = "blocked", COOLDOWN
    return Line(facts.id, *names, one, how, step.number, step.due_at, why)


def _rests(state: LeadState, now: datetime) -> bool:
    return any(rest is not None and rest > now for rest in (state.cooldown_until, state.company_cooldown_until))


def _running(ctx: Context, tx: Tx, state: LeadState | None, one: Enrolment, *, stale: bool) -> str:
    step = one.next
    if step is None:
        return "later"
    if step.state == "blocked":
        return "blocked"
    if step.due_at >= ctx.calendar.next_midnight(ctx.now()):
        return "later"
    action = state.next_action if state is not None else None
    if action is not None and said(action.why) is None:
        return "first"
    if step.step.channel is Channel.PHONE:
        return "call"
    if step.step.channel is not Channel.MAIL:
        return "social"
    mail = mails.one(tx, step_key(one.key, step.number))
    if mail is not None and mail.state in (MailState.QUEUED, MailState.SENDING):
        return "queued"
    if not one.definition.automatic:
        return "confirm"
    if one.device != ctx.device_id and ctx.now() >= stuck_from(step.due_at, ctx.calendar):
        return "blocked"
    return "waits" if stale and one.device == ctx.device_id and step.due_at <= ctx.now() else "auto"


def _counts(ctx: Context, every: Iterable[Enrolment]) -> tuple[SequenceCount, ...]:
    """Count by sequence, those of the definitions first, in their order."""
    by_code: dict[str, list[Enrolment]] = {code: [] for code in ctx.rules.sequences}
    for one in every:
        by_code.setdefault(one.code, []).append(one)
    return tuple(_count(ctx, code, found) for code, found in by_code.items())


def _count(ctx: Context, code: str, found: list[Enrolment]) -> SequenceCount:
    known = ctx.rules.sequences.get(code)
    shown = known or max(found, key=lambda one: one.at).definition
    stops = Counter(one.stop.why for one in found if one.state == "stopped" and one.stop is not None)
    results = Counter(one.stop.why for one in found if one.stop is not None and one.stop.why in RESULTS)
    steps = tuple(_step_count(n, step, found) for n, step in enumerate(shown.steps, 1))
    return SequenceCount(
        code, shown.label, len(found), sum(one.state == "running" for one in found),
        sum(one.state == "finished" for one in found), steps, dict(stops), dict(results), known is not None,
    )  # fmt: skip


def _step_count(number: int, step: SequenceStep, found: Iterable[Enrolment]) -> StepCount:
    here = blocked = done = skipped = 0
    results: Counter[str] = Counter()
    for one in found:
        if number > len(one.steps):
            continue
        own = one.steps[number - 1]
        ahead = one.next
        here += ahead is own
        blocked += ahead is own and own.state == "blocked"
        done += own.state == "done"
        skipped += own.state == "skipped"
        if one.stop is not None and one.stop.why in RESULTS and _came_after(one) == number:
            results[one.stop.why] += 1
    return StepCount(number, step, here, blocked, done, skipped, dict(results))


def _came_after(one: Enrolment) -> int:
    """Return the number of the last step before what ended it; 0 where there was none."""
    at = one.stop.at if one.stop is not None else None
    passed = [s.number for s in one.steps if s.state == "done" and (at is None or s.at is None or s.at <= at)]
    return max(passed, default=0)
