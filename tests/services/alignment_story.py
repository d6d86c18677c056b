"""A generated history for packs and drift: calls at all hours, promises, cooldowns, handoffs late and in time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import DeviceId, DialId, HandoffId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.rules import Label, Scoring, SignalRule
from isdesk.domain.touch import ActionKind, Direction, Plan, Touch
from isdesk.services import projection
from isdesk.services.context import Context
from isdesk.store import mirror
from isdesk.store.rows import filing_to_row, touch_to_row, transition_to_row
from tests.services.conftest import FS, OTHER, REP, add
from tests.services.test_handoffs import HEARD

BEGIN = datetime(2026, 9, 28, tzinfo=UTC)
DAYS = 56
AGREED = date(2026, 10, 14)
VERSION = "team@2+agreed"
DEVICE = DeviceId("elsewhere")
OUTCOMES = ("NO_ANSWER", "BUSY", "INTERESTED", "GATEKEEPER_BLOCK", "MEETING_SET", "CANCELED", "CALLBACK_AT")


@dataclass
class Story:
    """The raw facts as they were written."""

    touches: list[Touch] = field(default_factory=list)
    steps: list[Transition] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    received: dict[LeadId, datetime] = field(default_factory=dict)
    source: dict[LeadId, str] = field(default_factory=dict)
    heard: dict[LeadId, bool] = field(default_factory=dict)
    met: dict[LeadId, datetime] = field(default_factory=dict)


def simple_scores(ctx: Context) -> None:
    """Let a lead reach the MQL bar by a download or a stated time of adoption, and by nothing else."""
    download = SignalRule("download", Label("DL", "DL"), 50, half_life_days=10_000.0)
    scoring = Scoring(fit_base=50, intent_base=40, timing_base=50, signals=(download,), mql_bar=12, rank_a=50)
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, scoring=scoring))


def tell(ctx: Context, leads: int = 90) -> Story:
    """Make leads with their calls and handoffs, and write them as another desk's facts."""
    rng, story = Random(41), Story()
    for n in range(leads):
        _lead(ctx, story, rng, n)
    _agreement(story)
    _requests(story, rng)
    with ctx.store.write() as tx:
        mirror.insert_facts(tx, "touch", [touch_to_row(one) for one in story.touches])
        mirror.insert_facts(tx, "transition", [transition_to_row(one) for one in story.steps])
        mirror.insert_facts(tx, "filing", [filing_to_row(one) for one in story.filings])
        projection.refresh(ctx, tx, list(story.received))
    return story


def _at(rng: Random, *, after: datetime = BEGIN) -> datetime:
    room = int((BEGIN + timedelta(days=DAYS) - after) / timedelta(minutes=1))
    return after + timedelta(minutes=rng.randrange(max(room, 1)))


def _lead(ctx: Context, story: Story, rng: Random, n: int) -> None:
    received, met = _at(rng), _at(rng)
    source, heard = rng.choice(("inquiry", "exhibition", "list")), rng.random() < 0.6
    fields: dict[str, Value] = {
        **(HEARD if heard else {}),
        "lead_source": source,
        "received_at": received.isoformat(),
        "meeting_at": met.isoformat(),
        "segment": rng.choice(("smb", "enterprise")),
    }
    lead = add(ctx, f"見本 {n}", email=f"u{n}@example.com", phone_direct="", company__name=f"会社 {n}",
               company__phone="", **fields)  # fmt: skip
    story.received[lead], story.source[lead], story.heard[lead], story.met[lead] = received, source, heard, met
    _calls(story, rng, lead)
    if rng.random() < 0.5:
        _handoff(story, rng, lead)


def _touch(story: Story, lead: LeadId, at: datetime, **more: object) -> Touch:
    number = len(story.touches)
    made = Touch(TouchId(f"t{number:05}"), lead, None, MemberId(REP.id), DEVICE, number, at)
    return replace(made, **more)  # type: ignore[arg-type]


def _calls(story: Story, rng: Random, lead: LeadId) -> None:
    start = _at(rng)
    if rng.random() < 0.5:
        story.touches.append(_touch(story, lead, start - timedelta(hours=1), signal="download"))
    for at in sorted(_at(rng, after=start) for _ in range(rng.randrange(9))):
        incoming = rng.random() < 0.1
        outcome = "GATEKEEPER_BLOCK" if incoming else rng.choice(OUTCOMES)
        promise = _at(rng, after=at) if rng.random() < 0.5 else at + timedelta(hours=rng.randrange(30))
        plan = Plan(ActionKind.CALLBACK_EXACT if outcome == "CALLBACK_AT" else ActionKind.RETRY, promise, "x")
        made = _touch(
            story, lead, at, outcome=outcome, plan=plan, playbook=rng.choice((VERSION, "default@1+old", "")),
            member_id=MemberId(rng.choice((REP.id, OTHER.id))),
            cooldown_until=at + timedelta(days=rng.randrange(20)) if rng.random() < 0.3 else None,
            direction=Direction.IN if incoming else Direction.OUT,
        )  # fmt: skip
        story.touches.append(replace(made, dial_id=DialId(f"d{made.id}") if rng.random() < 0.2 else None))
        if rng.random() < 0.08:
            gone = story.touches[-1]
            void = _touch(
                story, lead, gone.at + timedelta(minutes=1), outcome=gone.outcome, corrects=gone.id, void=True
            )
            story.touches.append(void)


def _handoff(story: Story, rng: Random, lead: LeadId) -> None:
    at, handoff = _at(rng), HandoffId(f"h-{lead}")

    def step(action: str, *, reason: str | None = None, payload: dict[str, Value] | None = None) -> None:
        number = len(story.steps)
        story.steps.append(
            Transition(
                TransitionId(f"s{number:05}"), handoff, lead, MemberId(FS.id), DEVICE, 10_000 + number, at, action,
                MemberId(FS.id), reason, payload or {},
            )
        )  # fmt: skip

    step("submit")
    for _ in range(rng.randrange(2)):
        at += timedelta(minutes=rng.randrange(20, 4_000))
        step("return", reason="issue_unclear")
        at += timedelta(minutes=rng.randrange(20, 4_000))
        step("submit")
    at += timedelta(minutes=rng.randrange(20, 6_000))
    end = rng.choice(("accept", "accept", "accept", "withdraw", "recycle", ""))
    if end:
        step(end, reason="no_show" if end == "recycle" else None)
    if end == "accept" and rng.random() < 0.8:
        for _ in range(rng.choice((1, 1, 2))):
            at += timedelta(minutes=rng.randrange(60, 12_000))
            result = rng.choice(("won", "lost", "opportunity", "no_show", "no_opportunity", "postponed"))
            payload: dict[str, Value] = {"result": result}
            if rng.random() < 0.7:
                payload["factor"] = "budget"
            if rng.random() < 0.4:
                payload["reasked"] = [*rng.choice((("issue",), ("company.industry", "budget")))]
            step("feedback", payload=payload)


def _agreement(story: Story) -> None:
    begun = datetime(AGREED.year, AGREED.month, AGREED.day - 2, 1, tzinfo=UTC)
    steps: list[dict[str, Value]] = [
        {"step": "propose", "text": "x", "effective": AGREED.isoformat(), "version": VERSION},
    ]
    for one in ("marketing", "inside_sales", "field_sales"):
        steps.append({"step": "sign", "department": one})  # noqa: PERF401 - the types of a payload are told apart here
    for n, payload in enumerate(steps):
        story.filings.append(
            Filing(f"p{n}", "definitions", "proposal", MemberId(FS.id), DEVICE, 20_000 + n, begun, None, payload)
        )


def _requests(story: Story, rng: Random) -> None:
    for n in range(60):
        at, subject = _at(rng), f"r{n}"
        answer = rng.choice(("approve", "reject", "withdraw", ""))
        asks = rng.choice(("stage", "stage", "close"))
        steps: list[tuple[str, MemberId]] = [("request", REP.id)]
        if answer:
            steps.append((answer, REP.id if answer == "withdraw" else FS.id))
        for place, (step, who) in enumerate(steps):
            payload: dict[str, Value] = {"step": step, "asks": asks, "details": {"stage": "sql"}, "reason": "x"}
            story.filings.append(
                Filing(
                    f"{subject}-{place}", "approval", subject, who, DEVICE, 30_000 + 2 * n + place,
                    at + timedelta(hours=place), rng.choice(list(story.received)), payload,
                )
            )  # fmt: skip
