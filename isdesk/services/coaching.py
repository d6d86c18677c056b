"""Talk evaluation (通話評価): evaluating a call, what it comes to beside a rep's figures, calls to review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import coaching
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.coaching import KIND, Evaluation, Suggestion
from isdesk.domain.errors import BadInput, NotFound
from isdesk.domain.filing import Filing
from isdesk.domain.ids import MemberId
from isdesk.domain.roles import Right
from isdesk.domain.touch import effective
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal, leads

if TYPE_CHECKING:
    from isdesk.services.context import Context

REVIEW = 20
"""So many calls are suggested at most."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A rep's evaluations in a period: ``share`` of the points reached (0–1), ``n`` evaluations, and issues heard per
    evaluated call. None where nothing was evaluated.
    """

    member_id: MemberId
    name: str
    n: int
    share: float | None
    issues: float | None


def evaluate(ctx: Context, touch_id: str, scores: Mapping[str, int], *, issues: int = 0, comment: str = "") -> Written:
    """Evaluate a call by the rubric of the definitions in force.

    Raises NotFound (``touch_not_found``), BadInput (``rubric_unknown``, ``rubric_points``), Refused (``not_allowed``).
    """
    ctx.require(Right.COACH)
    known = {item.code: item for item in ctx.rules.rubric}
    for code, points in scores.items():
        if code not in known:
            raise BadInput("rubric_unknown", item=code, known=", ".join(known))
        if not 0 <= points <= known[code].most:
            raise BadInput("rubric_points", item=known[code].label.in_(ctx.lang), most=known[code].most)
    if not scores or issues < 0:
        raise BadInput("rubric_points", item="", most=0)
    with ctx.store.write() as tx:
        touch = leads.touch(tx, touch_id)
        if touch is None:
            raise NotFound("touch_not_found", touch=touch_id)
        entry = head(ctx, tx, Verb.EVALUATE, lead_id=touch.lead_id, summary={"rep": ctx.name_of(touch.member_id)})
        payload: dict[str, Value] = {
            "scores": {**scores},
            "issues": issues,
            "comment": comment.strip(),
            "playbook": ctx.rules.version,
        }
        said = Filing(
            ctx.ids.new(), KIND, touch_id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
            touch.lead_id, payload, entry.id,
        )  # fmt: skip
        journal.append(tx, entry, filings=[said])
    return Written(Changes(leads=frozenset({touch.lead_id}), outbox=True, undo=True), entry.id)


def of_touch(ctx: Context, touch_id: str) -> list[Evaluation]:
    """Return the evaluations of a call, oldest first."""
    with ctx.store.read() as tx:
        return coaching.evaluations(filings.about(tx, KIND, touch_id))


def summaries(ctx: Context, *, first: date, last: date) -> list[Summary]:
    """Return every rep's evaluations of calls made on these business days, those with the most first."""
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    with ctx.store.read() as tx:
        every = coaching.evaluations(filings.of_kind(tx, KIND))
        touches = {one.touch_id: leads.touch(tx, one.touch_id) for one in every}
    by_rep: dict[MemberId, list[Evaluation]] = defaultdict(list)
    for one in every:
        touch = touches[one.touch_id]
        if touch is not None and start <= touch.at < end:
            by_rep[touch.member_id].append(one)
    found = []
    for rep, mine in by_rep.items():
        shares = [share for one in mine if (share := one.share(ctx.rules.rubric)) is not None]
        found.append(
            Summary(
                rep,
                ctx.name_of(rep),
                len(mine),
                sum(shares) / len(shares) if shares else None,
                sum(one.issues for one in mine) / len(mine),
            )
        )
    return sorted(found, key=lambda one: (-one.n, one.name))


def suggestions(ctx: Context, *, first: date, last: date, limit: int = REVIEW) -> list[Suggestion]:
    """Return calls of these business days that are worth a review: lost after interest, long, by somebody new.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.COACH)
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    with ctx.store.read() as tx:
        made = leads.touches_between(tx, start, end)
        later = leads.corrections(tx, [touch.id for touch in made])
        known = {touch.id for touch in made}
        counted = effective([*made, *(touch for touch in later if touch.id not in known)])
        evaluated = [one.subject for one in filings.of_kind(tx, KIND) if not one.void]
        firsts = leads.first_touch_of_members(tx)
    mine = [touch for touch in counted if start <= touch.at < end]
    return coaching.suggest(mine, ctx.rules.outcomes, evaluated=evaluated, first_call=firsts)[:limit]
