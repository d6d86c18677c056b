"""Where practice and definition part (ずれ): each rule of the definitions held against what was done (DOMAIN 11).

Every line is counted from the facts: so many of so many, and which. What a line asks is written in its ``formula``;
``key`` is the definition that it questions. Fields of leads have no dated past on a desk: where a line needs one (a
score, a checklist) it takes what is known now, and the reactions and calls only as far as they had come by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from isdesk.domain.agreement import Proposal, in_force
from isdesk.domain.approvals import Asks, Request, Status
from isdesk.domain.handoff import Action, Handoff, checklist, missing
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.outcome import is_dial, is_return_call, touch_flags
from isdesk.domain.rules import Label, Rules
from isdesk.domain.score import score_on
from isdesk.domain.sla import feedback_due, instant
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Touch
from isdesk.domain.windows import in_hard, in_soft
from isdesk.domain.work_calendar import TOKYO, WorkCalendar


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of the drift report counts, and the definition that it questions ("": none in particular)."""

    code: str
    label: Label
    formula: Label
    key: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a rule was asked about: ``broken`` where it was not kept.

    ``detail``: codes or values with blanks between them; of a clock, until when it ran (RFC 3339, or a date).
    """

    id: str
    lead_id: LeadId | None
    at: datetime
    member_id: MemberId | None
    broken: bool
    detail: str = ""


def _line(code: str, names: tuple[str, str], formula: tuple[str, str], key: str) -> Line:
    return Line(code, Label(*names), Label(*formula), key)


LINES: Final = (
    _line(
        "below_bar", ("基準に届かないMQLへの架電", "MQL called below the bar"),
        ("優先度がMQLの基準に届かないまま初めて架電したリード ÷ 初めて架電したリード",
         "leads first called with a priority under the MQL bar ÷ leads first called"), "score.mql_bar",
    ),
    _line(
        "first_response", ("初回対応のSLA超過", "First response out of SLA"),
        ("期限内に初回対応しなかったリード ÷ 期限を迎えたリード", "leads not responded to in time ÷ leads due"),
        "sla.first_response_hours",
    ),
    _line(
        "fs_decision", ("FSの受理・差し戻しのSLA超過", "FS decision out of SLA"),
        ("期限内に返答しなかった引き渡し ÷ 期限を迎えた引き渡し", "handoffs not answered in time ÷ handoffs due"),
        "sla.fs_decision_hours",
    ),
    _line(
        "feedback", ("商談後フィードバックの遅れ・未記入", "Feedback late or missing"),
        ("期限までにフィードバックのない商談 ÷ 期限を迎えた商談", "meetings without feedback in time ÷ meetings due"),
        "sla.feedback_days",
    ),
    _line(
        "deal_reason", ("理由のない受注・失注", "Won or lost without a reason"),
        ("受注要因・失注理由のない結果 ÷ 受注・失注の結果", "results without a reason ÷ won and lost results"),
        "reason",
    ),
    _line(
        "stage_exception", ("例外承認によるステージ移動", "Stage moved by exception"),
        ("承認された例外 ÷ 返答のあったステージ変更の依頼", "exceptions approved ÷ stage requests answered"), "stage",
    ),
    _line(
        "outside_window", ("架電可能時間帯の外の架電", "Dials outside the calling window"),
        ("時間帯の外(約束の再コールを除く)の架電 ÷ 架電件数", "dials outside it, promises apart ÷ dials"),
        "windows.soft",
    ),
    _line(
        "in_cooldown", ("再架電禁止期間中の架電", "Dials during a cooldown"),
        ("再架電禁止期間(クールダウン)中の架電 ÷ 架電件数", "dials during a cooldown ÷ dials"), "outcome",
    ),
    _line(
        "meeting_unchecked", ("必須のチェック項目が欠けたアポ", "Meeting set without the required items"),
        ("引き渡しの必須項目がまだそろわないアポ ÷ アポ", "meetings whose required items still lack ÷ meetings set"),
        "checklist",
    ),
    _line(
        "other_version", ("古い定義での記録", "Recorded under another version"),
        ("発効中と別の版で記録した結果 ÷ 合意した版がある日に記録した結果",
         "results recorded under another version than in force ÷ results on days with an agreed version"), "",
    ),
)  # fmt: skip
"""The lines in the order in which they are shown."""
BY_CODE: Final = {one.code: one for one in LINES}


# ---------------------------------------------------------------------------------------------------------------- calls


@dataclass(frozen=True, slots=True)
class History:
    """One lead with its effective touches, oldest first."""

    facts: LeadFacts
    touches: Sequence[Touch]


def first_calls(one: History, rules: Rules, calendar: WorkCalendar) -> Iterator[Point]:
    """Yield the first dial ever of a lead: broken where its priority was under the bar then (too early, DOMAIN 11)."""
    for place, touch in enumerate(one.touches):
        if is_dial(touch, rules.outcomes):
            then = score_on(one.facts, one.touches[:place], rules, calendar.day_of(touch.at)).priority
            yield _of_touch(touch, broken=then < rules.scoring.mql_bar, detail=str(then))
            return


def dials(one: History, rules: Rules, calendar: WorkCalendar) -> Iterator[tuple[Touch, Point, Point]]:
    """Yield every counted dial of a lead, asked whether it lay in the calling window, and whether in a cooldown.

    An exact callback may leave the soft window on the business day for which it was promised, never the hard one. A
    call by the customer ends a cooldown.
    """
    promised: datetime | None = None
    rests: datetime | None = None
    for touch in one.touches:
        if is_dial(touch, rules.outcomes):
            kept = promised is not None and calendar.day_of(promised) == calendar.day_of(touch.at)
            inside = in_soft(touch.at, rules, calendar) or (kept and in_hard(touch.at, rules, calendar))
            resting = rests is not None and touch.at < rests
            outcome = touch.outcome or ""
            yield (
                touch,
                _of_touch(touch, broken=not inside, detail=outcome),
                _of_touch(touch, broken=resting, detail=outcome),
            )
        if is_return_call(touch):
            rests = None
        if touch.cooldown_until is not None:
            rests = max(touch.cooldown_until, rests or touch.cooldown_until)
        if touch.plan is not None:
            promised = touch.plan.due_at if touch.plan.action is ActionKind.CALLBACK_EXACT else None


def unchecked(
    one: History, handoffs: Sequence[Handoff], rules: Rules, calendar: WorkCalendar, now: datetime
) -> Iterator[Point]:
    """Yield the meetings set with a lead: broken where required items of the checklist still lack.

    A handoff that was submitted afterwards had them all, whatever became of the fields since.
    """
    submitted = [step.at for handoff in handoffs for step in handoff.steps if step.action == Action.SUBMIT]
    today, lacking = calendar.day_of(now), None
    for touch in one.touches:
        flags = touch_flags(touch, rules.outcomes)
        if flags is None or not flags.meeting_set or not rules.outcomes[touch.outcome or ""].counts_meeting:
            continue
        if any(at >= touch.at for at in submitted):
            yield _of_touch(touch, broken=False)
            continue
        if lacking is None:
            scores = score_on(one.facts, one.touches, rules, today)
            lacking = missing(checklist(one.facts, one.touches, scores, rules, today))
        yield _of_touch(touch, broken=bool(lacking), detail=" ".join(line.code for line in lacking))


def versions(touches: Iterable[Touch], agreed: Callable[[date], str], calendar: WorkCalendar) -> Iterator[Point]:
    """Yield the results recorded on days with an agreed version: broken where it was recorded under another one."""
    for touch in touches:
        wanted = agreed(calendar.day_of(touch.at)) if touch.outcome and touch.playbook else ""
        if wanted:
            yield _of_touch(touch, broken=touch.playbook != wanted, detail=touch.playbook)


def agreed_on(proposals: Sequence[Proposal]) -> Callable[[date], str]:
    """Return what tells the version in force on a business day; "" before any was agreed.

    The day on which a version came into force asks nothing of anybody: morning and afternoon may differ.
    """
    known: dict[date, str] = {}

    def version(day: date) -> str:
        if day not in known:
            now, before = in_force(proposals, day), in_force(proposals, day - timedelta(days=1))
            signed = now.agreed_at if now is not None else None
            fresh = now is not before or signed is None or signed.astimezone(TOKYO).date() >= day
            known[day] = "" if now is None or fresh else now.version
        return known[day]

    return version


def _of_touch(touch: Touch, *, broken: bool, detail: str = "") -> Point:
    return Point(touch.id, touch.lead_id, touch.at, touch.member_id, broken, detail)


# ------------------------------------------------------------------------------------------------------------- handoffs


def fs_decisions(handoff: Handoff, rules: Rules, calendar: WorkCalendar, now: datetime) -> Iterator[Point]:
    """Yield each time a handoff was submitted and had to be answered: broken where FS was late (DOMAIN 4, speed).

    One that was withdrawn before its time had come asks nothing.
    """
    for place, step in enumerate(handoff.steps):
        if step.action != Action.SUBMIT:
            continue
        answer = next((later for later in handoff.steps[place + 1 :] if later.action != Action.FEEDBACK), None)
        due = calendar.add_business_minutes(step.at, rules.sla.fs_decision_hours * 60)
        ended = answer.at if answer is not None else None
        if (ended is None and now <= due) or (
            answer is not None and answer.action == Action.WITHDRAW and answer.at <= due
        ):
            continue
        yield Point(
            step.id, step.lead_id, step.at, step.to_fs or handoff.fs_id, ended is None or ended > due, due.isoformat()
        )


def feedbacks(
    handoff: Handoff, facts: LeadFacts, rules: Rules, calendar: WorkCalendar, now: datetime
) -> Iterator[Point]:
    """Yield the meeting of an accepted handoff once its feedback is due or given: broken where it came late or not.

    The meeting is the one that the lead's field names; it counts on its day (DOMAIN 4, consistency).
    """
    met = instant(facts.get("meeting_at"))
    if met is None or handoff.id is None or not any(step.action == Action.ACCEPT for step in handoff.steps):
        return
    due, given = feedback_due(met, rules, calendar), handoff.feedback_at
    if given is None and calendar.day_of(now) <= due:
        return
    late = given is None or calendar.day_of(given) > due
    detail = f"{due.isoformat()} missing" if given is None else due.isoformat()
    yield Point(handoff.id, facts.id, met, handoff.fs_id, late, detail)


def deal_reasons(handoff: Handoff) -> Iterator[Point]:
    """Yield the feedbacks that say won or lost: broken where they give no factor or reason."""
    for step in handoff.steps:
        result = str(step.payload.get("result") or "")
        if step.action == Action.FEEDBACK and result in {"won", "lost"}:
            yield Point(step.id, step.lead_id, step.at, step.member_id, not step.payload.get("factor"), result)


def exceptions(requests: Iterable[Request]) -> Iterator[Point]:
    """Yield the requests for a stage that were answered: broken where an exception was granted."""
    for one in requests:
        if one.asks is Asks.STAGE and one.decided_at is not None and one.status in {Status.APPROVED, Status.REJECTED}:
            granted = one.status is Status.APPROVED
            yield Point(one.id, one.lead_id, one.decided_at, one.asked_by, granted, str(one.details.get("stage") or ""))
