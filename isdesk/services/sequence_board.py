"""What the page シーケンス shows: who stands on which step, what goes out next, what is blocked, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.chips import hot_now
from isdesk.domain.outgoing import MailState
from isdesk.domain.sequence import OTHER_DEVICE, Enrolment, Standing, newest, said, step_key, stuck_from
from isdesk.domain.sequence_trace import RESULTS, over_at, traces
from isdesk.domain.touch import Channel
from isdesk.services import enrolments, hearing
from isdesk.services.hearing import Heard
from isdesk.services.sequence_counts import SequenceCount, StepCount, count
from isdesk.store import leads, mails
from isdesk.store import sequences as stored
from isdesk.store.fold import chunks

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId, MemberId
    from isdesk.domain.rules import Sequence as Definition
    from isdesk.domain.sequence_trace import Trace
    from isdesk.domain.state import LeadFacts, LeadState
    from isdesk.services.context import Context
    from isdesk.store import Tx

ORDER = ("blocked", "confirm", "call", "social", "auto", "hot", "queued", "waits", "unheard", "first", "later")
"""The states of a running lead in the order in which they are shown: first what a person has to do."""
COOLDOWN = enrolments.RESTS
"""The code of why a step waits that no rule of the sequence says: the lead or its company rests."""
WHY = {"hot": "sequence_hot", "unheard": "sequence_unheard"}
"""The codes of why a mail that would leave by itself waits, by state."""
PAGE = 100
"""So many of those that ended are read at a time."""
FEW = 20
"""So many leads are looked at at a time for one that shows a sequence as it was."""


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in a sequence, or one that was in it.

    ``state`` while it runs: ``blocked`` (``why`` is the code of the reason) | ``confirm`` a mail waits for the rep |
    ``call`` | ``social`` | ``auto`` a mail leaves by itself | ``hot`` it would, but the lead showed interest just now
    and is called first | ``queued`` it is in the outbox | ``waits`` for news of the team | ``unheard`` waits until the
    mailbox is read again | ``first`` something else goes first (a promise, the first call) | ``later`` not today; then
    ``finished`` or ``stopped`` (``why`` is what ended it). ``result``: what came of it, a code of
    `domain.sequence.STOPS`.
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
class Board:
    """The whole page. ``ended`` are the newest of so many as ``past`` says. ``today``: what is due today or was before,
    by state; ``stale``: mails wait for the next sync; ``heard``: whether answers are heard.
    """

    running: tuple[Line, ...]
    ended: tuple[Line, ...]
    past: int
    sequences: tuple[SequenceCount, ...]
    today: Mapping[str, int]
    stale: bool
    heard: Heard

    def in_state(self, *states: str) -> list[Line]:
        """Return the running lines in these states."""
        return [line for line in self.running if line.state in states]


def look(ctx: Context, *, everybody: bool = False, ended: int = PAGE) -> Board:
    """Return how the sequences stand: of one's own leads, or of ``everybody``'s; of what ended the newest ``ended``.

    What runs is folded anew, what ended is counted by what was kept of it when the lead was derived.
    """
    owner = None if everybody else ctx.me.id
    with ctx.store.read() as tx:
        found = enrolments.of_many(ctx, tx, stored.live(tx))
        facts, states = leads.many(tx, found), leads.states(tx, found)
        stale, heard = enrolments.stale(ctx, tx), hearing.now(ctx, tx)
        holds = "waits" if stale else "unheard" if heard.deaf else ""
        mine = [key for key in found if owner is None or facts[key].owner_id in (None, owner)]
        lines = [
            _line(ctx, tx, facts[key], states[key][0] if key in states else None, one, holds)
            for key in mine
            if (one := newest(found[key])) is not None
        ]
        past = stored.past(tx, owner)
        over = [line for line in lines if line.enrolment.state != "running"]
        total = len(over) + sum(times for _, times in past)
        over += _past_lines(ctx, tx, stored.past_page(tx, owner, ended))
        tally = Counter(found_one for key in mine for found_one in traces(found[key]))
        for alike, times in past:
            for came in alike:
                tally[came] += times
        shown = [(known, True) for known in ctx.rules.sequences.values()]
        shown += _unknown(ctx, tx, owner, tally)
    runs = sorted((line for line in lines if line.enrolment.state == "running"), key=_order)
    over = sorted(over, key=_ended_order, reverse=True)[:ended]
    today = Counter(line.state for line in runs if line.state != "later")
    return Board(tuple(runs), tuple(over), total, count(tally, shown), dict(today), stale, heard)


def _past_lines(ctx: Context, tx: Tx, ids: Sequence[LeadId]) -> list[Line]:
    found = enrolments.of_many(ctx, tx, ids)
    facts = leads.many(tx, found)
    newer = ((key, newest(every)) for key, every in found.items())
    over = ((key, one) for key, one in newer if one is not None and one.state != "running")
    return [_line(ctx, tx, facts[key], None, one) for key, one in over]


def _unknown(ctx: Context, tx: Tx, owner: MemberId | None, tally: Mapping[Trace, int]) -> list[tuple[Definition, bool]]:
    """Return the sequences that are in no definition any more, each as it was when a lead was last put into it."""
    found: list[tuple[Definition, bool]] = []
    for code in dict.fromkeys(one.code for one in tally if one.code not in ctx.rules.sequences):
        for block in chunks(stored.enrolled_in(tx, owner, code), FEW):
            every = enrolments.of_many(ctx, tx, block)
            mine = [key for key, one in leads.many(tx, every).items() if owner is None or one.owner_id in (None, owner)]
            able = [one for key in mine for one in every[key] if one.code == code and one.state != "second"]
            if able:
                found.append((max(able, key=lambda one: one.at).definition, False))
                break
    return found


def _order(line: Line) -> tuple[int, float, str]:
    return ORDER.index(line.state), line.at.timestamp() if line.at is not None else 0.0, line.lead_id


def _ended_order(line: Line) -> tuple[float, str]:
    return over_at(line.enrolment).timestamp(), line.lead_id


def _line(ctx: Context, tx: Tx, facts: LeadFacts, state: LeadState | None, one: Enrolment, holds: str = "") -> Line:
    """Return a lead's line; ``holds`` is the state in which what would leave from this desk by itself is held."""
    result = one.stop.why if one.stop is not None and one.stop.why in RESULTS else ""
    step = one.next
    names = str(facts.get("name") or ""), str(facts.get("company.name") or ""), ctx.name_of(facts.owner_id)
    if step is None:
        why = one.stop.why if one.state == "stopped" and one.stop is not None else ""
        passed = sum(1 for other in one.steps if other.state in ("done", "skipped"))
        ended = one.ended_at or (one.stop.at if one.stop is not None else None)
        return Line(facts.id, *names, one, one.state, passed, ended, why, result)
    how = _running(ctx, tx, state, one, holds)
    why = (step.why or OTHER_DEVICE) if how == "blocked" else WHY.get(how, "")
    if how == "call" and state is not None and enrolments.rests(ctx, state):
        how, why = "blocked", COOLDOWN
    return Line(facts.id, *names, one, how, step.number, step.due_at, why)


def _running(ctx: Context, tx: Tx, state: LeadState | None, one: Enrolment, holds: str) -> str:
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
        held = holds and mail.state is MailState.QUEUED and one.device == ctx.device_id
        return holds if held else "queued"
    return _by_itself(ctx, state, one, step, holds) if one.definition.automatic else "confirm"


def _by_itself(ctx: Context, state: LeadState | None, one: Enrolment, step: Standing, holds: str) -> str:
    """Return how a mail that leaves by itself stands on its day."""
    if one.device != ctx.device_id and ctx.now() >= stuck_from(step.due_at, ctx.calendar):
        return "blocked"
    if step.due_at > ctx.now():
        return "auto"
    if state is not None and hot_now(state, ctx.rules, ctx.now()):
        return "hot"
    return holds if holds and one.device == ctx.device_id else "auto"


__all__ = ["COOLDOWN", "ORDER", "PAGE", "RESULTS", "Board", "Line", "SequenceCount", "StepCount", "look"]
