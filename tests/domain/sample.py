"""A small but complete set of definitions, written by hand, and short ways to make leads and touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from isdesk.domain.changes import Value
from isdesk.domain.deriving import derive
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import CompanyId, DeviceId, HandoffId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.planning import Given, Outcomed, plan_next
from isdesk.domain.queue import place
from isdesk.domain.rules import (
    BusinessTime,
    Caps,
    ChecklistItem,
    Criterion,
    Follow,
    Label,
    Outcome,
    RetryPolicy,
    Rules,
    ScoreRule,
    Scoring,
    SignalRule,
    Sla,
    Slot,
    Source,
    Stage,
    Step,
    Windows,
)
from isdesk.domain.state import DialDay, LeadFacts, LeadState, Placement
from isdesk.domain.touch import Channel, Direction, Reached, Touch
from isdesk.domain.work_calendar import TOKYO, WorkCalendar

HOLIDAY = date(2026, 11, 23)
CLOSED = frozenset({HOLIDAY, date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)})
ME, MY_DEVICE, OTHER_DEVICE = MemberId("me"), DeviceId("desk-1"), DeviceId("desk-2")
DIRECT, MOBILE, SWITCHBOARD = "+81312345678", "+819012345678", "+81520001000"


def tokyo(text: str) -> datetime:
    """``2026-11-20 10:32`` on the wall clock of Tokyo, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).astimezone(UTC)


NOW = tokyo("2026-11-20 10:32")
"""A Friday; the Monday after it is a public holiday."""


def wall(at: datetime | None) -> str:
    """An instant as Tokyo reads it."""
    assert at is not None
    return at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def label(text: str) -> Label:
    return Label(text, text)


def outcome(code: str, follow: Follow, **more: object) -> Outcome:
    flags = {"answered": False, "dm_reached": False, "meeting_set": False} | more
    return Outcome(code=code, label=label(code), group="g", follow=follow, **flags)  # type: ignore[arg-type]


_TALK: dict[str, object] = {
    "answered": True,
    "dm_reached": True,
    "dm_override": True,
    "default_reached": Reached.DECISION_MAKER,
}
OUTCOMES = (
    outcome("NONE", Follow("policy", policy="LADDER"), hotkey="1"),
    outcome("BUSY", Follow("policy", policy="SOON")),
    outcome("VM_LEFT", Follow("policy", policy="HALF")),
    outcome("IVR", Follow("number", step=Step(bd=1, slot="other_slot"))),
    outcome("DEAD", Follow("number"), number_flag="not_in_service", terminal_if_no_number=True),
    outcome("CANCEL", Follow("stay"), counts_as_dial=False),
    outcome("ABSENT_AT", Follow("callback", minutes=10), answered=True, requires=("callback_at",)),
    outcome("ABSENT", Follow("policy", policy="ABSENT"), answered=True, cap=3),
    outcome("AWAY", Follow("policy", policy="AWAY"), answered=True),
    outcome("BLOCK", Follow("policy", policy="BLOCK"), answered=True),
    outcome("BLOCKED", Follow("close", mail_days=(7,)), answered=True, terminal=True, company_cooldown_days=90),
    outcome("LEFT", Follow("number"), answered=True, closes_contact=True, terminal_if_no_number=True),
    outcome(
        "HANGUP",
        Follow("plan", step=Step(days=30)),
        answered=True,
        dm_override=True,
        cooldown_days=30,
        repeat_cooldown_days=90,
    ),
    outcome("CALLBACK", Follow("callback", action="callback_exact"), requires=("callback_at",), **_TALK),
    outcome("LOOSE", Follow("plan", step=Step(bd=3), action="callback_loose"), **_TALK),
    outcome(
        "INFO", Follow("plan", step=Step(bd=3), action="callback_loose", mail_today=True), intent_bonus=10, **_TALK
    ),
    outcome("FIXING", Follow("plan", step=Step(bd=1)), cap=2, answered=True, dm_reached=True),
    outcome(
        "LATER",
        Follow("wake", field="adoption_at", days_before=60, min_days=30, else_days=90),
        requires=("adoption_at",),
        **_TALK,
    ),
    outcome("LOW", Follow("plan", step=Step(days=30), action="nurture", mail_days=(3, 7, 14)), **_TALK),
    outcome("BUDGET", Follow("wake", field="budget_month", else_days=120), **_TALK),
    outcome(
        "MEETING",
        Follow("handoff"),
        meeting_set=True,
        terminal=True,
        requires=("meeting_at", "fs_id"),
        advance="sql",
        **_TALK,
    ),
    outcome("MOVED", Follow("stay"), counts_meeting=False, requires=("meeting_at",), **_TALK),
    outcome("CALLED_OFF", Follow("plan", step=Step(bd=5)), cancels_meeting=True, **_TALK),
    outcome("REFUSED", Follow("close"), terminal=True, cooldown_days=180, requires=("reason",), **_TALK),
    outcome("NOT_ICP", Follow("close"), answered=True, terminal=True),
    outcome("GONE", Follow("close"), terminal=True, closes_company=True),
    outcome("TWIN", Follow("merge"), counts_as_dial=False, terminal=True),
    outcome("NEVER", Follow("close"), answered=True, terminal=True, dnc=True, requires=("note",)),
    outcome("ANGRY", Follow("close"), answered=True, terminal=True, dnc=True, dnc_company=True, alert_team_lead=True),
)
POLICIES = (
    RetryPolicy(
        "LADDER",
        (
            Step(business_minutes=180, slot="other_half"),
            Step(bd=1, slot="other_slot"),
            Step(bd=2, slot="other_slot"),
            Step(bd=4, slot="other_slot"),
            Step(bd=7, slot="other_slot"),
        ),
        exhausted_days=30,
        mail_days=(3, 7, 14),
    ),
    RetryPolicy("SOON", (Step(minutes=15), Step(minutes=15)), then="LADDER"),
    RetryPolicy("HALF", (Step(bd=1, slot="other_half"),), then="LADDER"),
    RetryPolicy("ABSENT", tuple(Step(bd=1, slot="other_slot") for _ in range(5)), exhausted_days=20),
    RetryPolicy("AWAY", (Step(minutes=90),), then="ABSENT"),
    RetryPolicy("BLOCK", (Step(bd=5, slot="other_slot"), Step(bd=5, mail=True)), exhausted_days=60),
)
STAGES = (
    Stage("mql", label("MQL"), "marketing", 1),
    Stage(
        "sql",
        label("SQL"),
        "inside_sales",
        2,
        entry=(
            Criterion("touch", label("talked")),
            Criterion("field", label("issue"), field="issue"),
            Criterion("score", label("score"), value=5),
        ),
    ),
    Stage(
        "sao",
        label("SAO"),
        "field_sales",
        3,
        entry=(Criterion("handoff", label("accepted"), value="accepted"), Criterion("meeting", label("meeting"))),
        needs_approval=True,
        callable=False,
    ),
    Stage("nurture", label("育成"), "inside_sales", 7),
    Stage("disqualified", label("対象外"), "inside_sales", 8, callable=False),
)
CHECKLIST = (
    ChecklistItem("company", label("会社"), ("company.industry", "company.employees")),
    ChecklistItem("issue", label("課題"), ("issue",), ask=Label("何にお困りですか", "What is the problem?")),
    ChecklistItem("timing", label("検討時期"), ("adoption_timing",)),
    ChecklistItem("history", label("接触履歴"), ("history",)),
    ChecklistItem("likelihood", label("確度"), ("score",)),
    ChecklistItem("meeting", label("商談日時"), ("meeting_at",)),
    ChecklistItem("memo", label("ISメモ"), ("is_memo",), required=False),
)
RULES = Rules(
    version="sample@1",
    label=label("sample"),
    stages={s.code: s for s in STAGES},
    outcomes={o.code: o for o in OUTCOMES},
    policies={p.code: p for p in POLICIES},
    slots=(
        Slot("AM1", time(9, 30), time(10, 30)),
        Slot("AM2", time(10, 30), time(12, 0)),
        Slot("PM1", time(13, 0), time(15, 0)),
        Slot("PM2", time(15, 0), time(17, 30)),
    ),
    caps=Caps(),
    windows=Windows(),
    business=BusinessTime(closed=CLOSED),
    sla=Sla(),
    scoring=Scoring(
        fit=(
            ScoreRule("industry", label("製造業"), 40, "company.industry", any_of=("製造", "メーカー")),
            ScoreRule("size", label("100名以上"), 20, "company.employees", at_least=100),
            ScoreRule("boss", label("役職者"), 10, "title", any_of=("部長",)),
        ),
        signals=(SignalRule("download", label("資料DL"), 30, half_life_days=10.0, cap=45, hot_hours=24.0),),
    ),
    checklist=CHECKLIST,
    scripts=(),
    sources={
        "web": Source("web", label("問い合わせ"), inbound=True),
        "fair": Source("fair", label("展示会")),
        "list": Source("list", label("リスト"), first_response=False),
    },
    reasons=(),
)
CALENDAR = WorkCalendar(RULES.business)
_SEQ = count(1)


def lead(lead_id: str = "lead-1", company: dict[str, Value] | None = None, **fields: Value) -> LeadFacts:
    """A lead with a direct number and a company with a switchboard."""
    own: dict[str, Value] = {"name": "山田 太郎", "email": "yamada@example.com", "phone_direct": DIRECT, **fields}
    theirs: dict[str, Value] = {"name": "青葉精機", "phone": SWITCHBOARD, **(company or {})}
    return LeadFacts(
        LeadId(lead_id),
        {k: v for k, v in own.items() if v is not None},
        CompanyId("company-1"),
        {k: v for k, v in theirs.items() if v is not None},
    )


def touch(at: datetime, code: str | None = None, **more: object) -> Touch:
    """A touch without a plan of its own."""
    n = next(_SEQ)
    made = Touch(
        id=TouchId(f"touch-{n:06}"),
        lead_id=LeadId("lead-1"),
        company_id=CompanyId("company-1"),
        member_id=ME,
        device_id=MY_DEVICE,
        device_seq=n,
        at=at,
        outcome=code,
        number=DIRECT,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def judged(
    code: str,
    facts: LeadFacts | None = None,
    history: tuple[Touch, ...] | list[Touch] = (),
    now: datetime = NOW,
    rules: Rules = RULES,
    **given: object,
) -> Outcomed:
    """What an outcome would do."""
    said = Given(**({"number": DIRECT} | given))  # type: ignore[arg-type]
    calendar = CALENDAR if rules is RULES else WorkCalendar(rules.business)
    return plan_next(
        rules.outcomes[code], facts or lead(), list(history), now=now, rules=rules, calendar=calendar, given=said
    )


def recorded(
    code: str,
    facts: LeadFacts | None = None,
    history: tuple[Touch, ...] | list[Touch] = (),
    now: datetime = NOW,
    rules: Rules = RULES,
    **given: object,
) -> Touch:
    """The touch that recording an outcome leaves behind."""
    out = judged(code, facts, history, now, rules, **given)
    direction = given.get("direction", Direction.OUT)
    return touch(
        now,
        code,
        plan=out.plan,
        direction=direction,
        reached=given.get("reached"),
        number=given.get("number", DIRECT),
        cooldown_until=out.cooldown_until,
        company_cooldown_until=out.company_cooldown_until,
    )


def signal(at: datetime, code: str = "download") -> Touch:
    return touch(at, None, signal=code, channel=Channel.WEB, direction=Direction.IN, number=None)


def step(action: str, at: datetime, handoff: str = "handoff-1", **more: object) -> Transition:
    n = next(_SEQ)
    made = Transition(
        id=TransitionId(f"step-{n:06}"),
        handoff_id=HandoffId(handoff),
        lead_id=LeadId("lead-1"),
        member_id=ME,
        device_id=MY_DEVICE,
        device_seq=n,
        at=at,
        action=action,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def state_of(
    facts: LeadFacts | None = None,
    touches: tuple[Touch, ...] | list[Touch] = (),
    transitions: tuple[Transition, ...] | list[Transition] = (),
    now: datetime = NOW,
    *,
    suppressed: bool = False,
) -> LeadState:
    return derive(facts or lead(), touches, transitions, rules=RULES, calendar=CALENDAR, now=now, suppressed=suppressed)


def placed(
    facts: LeadFacts | None = None,
    touches: tuple[Touch, ...] | list[Touch] = (),
    transitions: tuple[Transition, ...] | list[Transition] = (),
    now: datetime = NOW,
    day: DialDay | None = None,
    *,
    has_number: bool = True,
    state: LeadState | None = None,
) -> Placement:
    facts = facts or lead()
    return place(
        facts.id,
        state or state_of(facts, touches, transitions, now),
        facts,
        day or DialDay(),
        rules=RULES,
        calendar=CALENDAR,
        now=now,
        device_id=MY_DEVICE,
        has_number=has_number,
    )


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
