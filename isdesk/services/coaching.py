"""Talk evaluation (通話評価): evaluating a call and answering to it, what it comes to beside a rep's figures, calls to
review, and one call in full.

Who may evaluate sees the evaluations of everybody, everybody else those of the own calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import coaching
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.coaching import KIND, REPLY, Evaluation, Reply, Suggestion
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import MemberId
from isdesk.domain.outcome import touch_flags
from isdesk.domain.roles import LABELS, Right
from isdesk.domain.touch import Touch, effective
from isdesk.services import talk
from isdesk.services.entries import head
from isdesk.services.views import LeadView, Written
from isdesk.store import filings, journal, leads, meta

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.rules import Question
    from isdesk.services.context import Context
    from isdesk.store import Tx

REVIEW = 20
"""So many calls are suggested at most."""
RECENT = 200
"""So many calls are listed at most where any call may be chosen."""
DAYS = 30
"""Over so many days back the team's page looks at evaluations."""
NEWS = timedelta(days=14)
"""What is older is no news, also where it was never seen."""
_SEEN = "coaching_seen"


@dataclass(frozen=True, slots=True)
class Summary:
    """A rep's evaluations in a period: ``share`` of the points reached (0–1), ``n`` calls evaluated, and issues heard
    per evaluated call. None where nothing was evaluated.
    """

    member_id: MemberId
    name: str
    n: int
    share: float | None
    issues: float | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a list shows it. ``why`` it is suggested (`domain.coaching.Suggestion`), empty where it is not.

    ``share`` and ``issues`` are the means of its ``evaluations``; ``replies`` how many answers were given; ``mine``:
    the person at this desk evaluated it.
    """

    touch: Touch
    name: str
    company: str
    member: str
    why: str = ""
    evaluations: tuple[Evaluation, ...] = ()
    share: float | None = None
    issues: float | None = None
    replies: int = 0
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Calls to review and calls evaluated, each newest first within its order, of everybody or one rep; ``recent`` the
    last `RECENT` that somebody answered.

    ``may_evaluate``: the person at this desk evaluates calls; else ``evaluated`` has the own and the others nothing.
    """

    candidates: tuple[Call, ...]
    evaluated: tuple[Call, ...]
    recent: tuple[Call, ...]
    may_evaluate: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """One call in full: ``view`` is its lead, ``answers`` the script's questions, ``replies`` oldest first."""

    call: Call
    view: LeadView
    script: str
    answers: tuple[Question, ...]
    replies: tuple[Reply, ...]
    may_evaluate: bool
    may_reply: bool


@dataclass(frozen=True, slots=True)
class News:
    """An evaluation of an own call, or an answer about a call that one evaluated; ``id`` is that of what was filed."""

    id: str
    touch_id: str
    by: str
    lead: str
    share: float | None
    reply: bool


# -------------------------------------------------------------------------------------------------------------- writing


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
        touch = _touch(tx, touch_id)
        entry = head(ctx, tx, Verb.EVALUATE, lead_id=touch.lead_id, summary={"rep": ctx.name_of(touch.member_id)})
        payload: dict[str, Value] = {
            "scores": {**scores},
            "scale": {code: [known[code].most, known[code].weight] for code in scores},
            "issues": issues,
            "comment": comment.strip(),
            "playbook": ctx.rules.version,
        }
        journal.append(tx, entry, filings=[_filing(ctx, tx, entry, KIND, touch, payload)])
    return Written(Changes(leads=frozenset({touch.lead_id}), outbox=True, undo=True, coaching=True), entry.id)


def reply(ctx: Context, touch_id: str, comment: str) -> Written:
    """Answer to the evaluations of a call: the rep who made it, or who evaluates.

    Raises NotFound (``touch_not_found``), BadInput (``reply_empty``), Refused (``not_allowed``, ``not_evaluated``).
    """
    if not comment.strip():
        raise BadInput("reply_empty")
    with ctx.store.write() as tx:
        touch = _touch(tx, touch_id)
        _may_see(ctx, touch)
        if not coaching.evaluations(filings.about(tx, KIND, touch_id)):
            raise Refused("not_evaluated")
        entry = head(
            ctx, tx, Verb.EVALUATION_REPLY, lead_id=touch.lead_id, summary={"rep": ctx.name_of(touch.member_id)}
        )
        journal.append(tx, entry, filings=[_filing(ctx, tx, entry, REPLY, touch, {"comment": comment.strip()})])
    return Written(Changes(leads=frozenset({touch.lead_id}), outbox=True, undo=True, coaching=True), entry.id)


def _touch(tx: Tx, touch_id: str) -> Touch:
    touch = leads.touch(tx, touch_id)
    if touch is None:
        raise NotFound("touch_not_found", touch=touch_id)
    return touch


def _may_see(ctx: Context, touch: Touch) -> None:
    if touch.member_id != ctx.me.id and not ctx.may(Right.COACH):
        raise Refused("not_allowed", right=LABELS[Right.COACH].in_(ctx.lang))


def _filing(ctx: Context, tx: Tx, entry: Entry, kind: str, touch: Touch, payload: dict[str, Value]) -> Filing:
    return Filing(
        ctx.ids.new(), kind, touch.id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        touch.lead_id, payload, entry.id,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- reading


def of_touch(ctx: Context, touch_id: str) -> list[Evaluation]:
    """Return the evaluations of a call, oldest first.

    Raises NotFound (``touch_not_found``), Refused (``not_allowed``) where it is neither own nor one's to evaluate.
    """
    with ctx.store.read() as tx:
        _may_see(ctx, _touch(tx, touch_id))
        return coaching.evaluations(filings.about(tx, KIND, touch_id))


def summaries(ctx: Context, *, first: date, last: date) -> list[Summary]:
    """Return every rep's evaluations of calls made on these business days, those with the most first."""
    start, end = _span(ctx, first, last)
    with ctx.store.read() as tx:
        calls = talk.evaluated(ctx, tx, start, end)
    found = [
        Summary(MemberId(rep), ctx.name_of(rep), said.calls, said.share, said.issues)
        for rep, said in talk.groups(ctx, calls, lambda touch: touch.member_id).items()
    ]
    return sorted(found, key=lambda one: (-one.n, one.name))


def suggestions(ctx: Context, *, first: date, last: date, limit: int = REVIEW) -> list[Suggestion]:
    """Return calls of these business days that are worth a review: lost after interest, long, by somebody new.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.COACH)
    with ctx.store.read() as tx:
        return _suggestions(ctx, tx, _counted(tx, *_span(ctx, first, last)))[:limit]


def _counted(tx: Tx, start: datetime, end: datetime) -> list[Touch]:
    """Return the touches that hold, with start <= at < end, oldest first."""
    made = leads.touches_between(tx, start, end)
    later = leads.corrections(tx, [touch.id for touch in made])
    known = {touch.id for touch in made}
    counted = effective([*made, *(touch for touch in later if touch.id not in known)])
    return [touch for touch in counted if start <= touch.at < end]


def _suggestions(ctx: Context, tx: Tx, counted: Sequence[Touch]) -> list[Suggestion]:
    evaluated = {one.touch_id for one in coaching.evaluations(filings.of_kind(tx, KIND))}
    firsts = leads.first_touch_of_members(tx)
    return coaching.suggest(counted, ctx.rules.outcomes, evaluated=evaluated, first_call=firsts)


def board(ctx: Context, *, first: date, last: date, rep: MemberId | None = None, limit: int = REVIEW) -> Board:
    """Return the calls of these business days to review (at most ``limit``) and those that were evaluated.

    ``rep`` narrows to the calls of one. Who may not evaluate gets the own evaluated calls alone.
    """
    start, end = _span(ctx, first, last)
    may = ctx.may(Right.COACH)
    with ctx.store.read() as tx:
        counted = _counted(tx, start, end) if may else []
        found = _suggestions(ctx, tx, counted)
        wanted = [one for one in found if rep is None or one.touch.member_id == rep][:limit]
        spoken = [one for one in counted if _answered(ctx, one) and (rep is None or one.member_id == rep)]
        recent = spoken[: -RECENT - 1 : -1]
        done = [one for one in talk.evaluated(ctx, tx, start, end) if rep is None or one.touch.member_id == rep]
        answers = _answers(tx, [one.touch.id for one in done])
        facts = leads.many(tx, {one.lead_id for one in _touches(wanted, done, recent)})

    def named(touch: Touch) -> tuple[str, str]:
        known = facts.get(touch.lead_id)
        return str((known.get("name") if known else "") or ""), str((known.get("company.name") if known else "") or "")

    candidates = [Call(one.touch, *named(one.touch), ctx.name_of(one.touch.member_id), one.why) for one in wanted]
    evaluated = [
        _call(ctx, one.touch, named(one.touch), one.evaluations, answers.get(one.touch.id, 0)) for one in done[::-1]
    ]
    known_of = {one.touch.id: one for one in evaluated} | {one.touch.id: one for one in candidates}
    listed = [known_of.get(one.id) or Call(one, *named(one), ctx.name_of(one.member_id)) for one in recent]
    return Board(tuple(candidates), tuple(evaluated), tuple(listed), may)


def _touches(wanted: Sequence[Suggestion], done: Sequence[talk.Evaluated], recent: Sequence[Touch]) -> list[Touch]:
    return [*(one.touch for one in wanted), *(one.touch for one in done), *recent]


def _answered(ctx: Context, touch: Touch) -> bool:
    flags = touch_flags(touch, ctx.rules.outcomes)
    return flags is not None and flags.answered


def _answers(tx: Tx, calls: Sequence[str]) -> dict[str, int]:
    wanted, found = set(calls), dict[str, int]()
    for one in coaching.replies(filings.of_kind(tx, REPLY)) if wanted else ():
        if one.touch_id in wanted:
            found[one.touch_id] = found.get(one.touch_id, 0) + 1
    return found


def _call(
    ctx: Context, touch: Touch, named: tuple[str, str], said: Sequence[Evaluation], replies: int, why: str = ""
) -> Call:
    come_to = coaching.talk(said, ctx.rules.rubric)
    return Call(
        touch,
        *named,
        ctx.name_of(touch.member_id),
        why,
        tuple(said),
        come_to.share,
        come_to.issues,
        replies,
        any(one.by == ctx.me.id for one in said),
    )


def dossier(ctx: Context, touch_id: str) -> Dossier:
    """Return one call in full: its record, its lead with the timeline, the script's questions, evaluations, replies.

    Raises NotFound (``touch_not_found``, ``lead_not_found``), Refused (``not_allowed``).
    """
    from isdesk.services.leads import view

    with ctx.store.read() as tx:
        touch = _touch(tx, touch_id)
        _may_see(ctx, touch)
        said = coaching.evaluations(filings.about(tx, KIND, touch_id))
        answered = coaching.replies(filings.about(tx, REPLY, touch_id))
    lead = view(ctx, touch.lead_id)
    named = str(lead.fields.get("name") or ""), str(lead.company.get("name") or "")
    code, _, _ = (touch.script or "").partition("@")
    script = next((one for one in ctx.rules.scripts if one.code == code), None) or (lead.script if not code else None)
    asked = tuple(question for phase in script.phases for question in phase.questions) if script is not None else ()
    name = f"{script.label.in_(ctx.lang)} {touch.script}" if script is not None and touch.script else touch.script or ""
    own = touch.member_id == ctx.me.id
    may = ctx.may(Right.COACH)
    call = _call(ctx, touch, named, said, len(answered))
    return Dossier(call, lead, name, asked, tuple(answered), may, bool(said) and (own or may))


# ----------------------------------------------------------------------------------------------------------------- news


def news(ctx: Context) -> list[News]:
    """Return what others said about one's own calls, or answered about calls one evaluated, and was not seen yet."""
    since = ctx.now() - NEWS
    with ctx.store.read() as tx:
        seen = _seen(tx)
        every = coaching.evaluations(filings.of_kind(tx, KIND))
        answered = coaching.replies(filings.of_kind(tx, REPLY))
        mine = {one.touch_id for one in every if one.by == ctx.me.id}
        fresh = [one for one in every if one.id not in seen and one.by != ctx.me.id and one.at >= since]
        told = [one for one in answered if one.id not in seen and one.by != ctx.me.id and one.at >= since]
        touches = {
            key: leads.touch(tx, key) for key in {one.touch_id for one in fresh} | {one.touch_id for one in told}
        }
        own = {key for key, touch in touches.items() if touch is not None and touch.member_id == ctx.me.id}
        facts = leads.many(tx, {touch.lead_id for touch in touches.values() if touch is not None})

    def lead_of(touch_id: str) -> str:
        touch = touches[touch_id]
        known = facts.get(touch.lead_id) if touch is not None else None
        return str((known.get("name") if known else "") or "")

    rubric = ctx.rules.rubric
    found = [
        News(one.id, one.touch_id, ctx.name_of(one.by), lead_of(one.touch_id), one.share(rubric), reply=False)
        for one in fresh
        if one.touch_id in own
    ]
    found += [
        News(one.id, one.touch_id, ctx.name_of(one.by), lead_of(one.touch_id), None, reply=True)
        for one in told
        if one.touch_id in own | mine
    ]
    return found


def see(ctx: Context, ids: Iterable[str]) -> Changes:
    """Remember at this desk that this news was seen."""
    since = ctx.now() - 2 * NEWS
    with ctx.store.write() as tx:
        recent = [one for kind in (KIND, REPLY) for one in filings.of_kind(tx, kind) if one.at >= since]
        kept = (_seen(tx) | set(ids)) & {one.id for one in recent}
        meta.put(tx, _SEEN, list[object](sorted(kept)))
    return Changes(coaching=True)


def _seen(tx: Tx) -> set[str]:
    found = meta.get(tx, _SEEN)
    return {str(one) for one in found} if isinstance(found, list) else set()


def _span(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    return ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
