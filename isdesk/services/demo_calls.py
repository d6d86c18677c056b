"""Months of calls for the demo: what happened is drawn by the field's rates, what followed the rules planned.

The rates are those of GLOSSARY, "Benchmarks": 通電率 0.42, 接続率 0.38, ミーティング獲得率 0.08 (反響 0.60/0.60/0.25).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from isdesk.domain.changes import Value
from isdesk.domain.ids import CompanyId, DeviceId, DialId, LeadId, MemberId, TouchId, uuid7
from isdesk.domain.numbers import usable
from isdesk.domain.planning import Given, Outcomed, plan_next
from isdesk.domain.rules import Outcome, Rules, Script
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Touch
from isdesk.domain.windows import fit_soft
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.playbook.scripts import choose
from isdesk.services.demo_people import INBOUND, Firm, words

MAX_CALLS = 14
ANSWER, REACH, MEET = 0.42, 0.38, 0.08
FORGOTTEN = 0.08
"""How much of the promised material was not sent."""
ANSWER_IN, REACH_IN, MEET_IN = 0.60, 0.60, 0.25

UNANSWERED = (
    ("NO_ANSWER", 62),
    ("VOICEMAIL", 22),
    ("BUSY", 8),
    ("VOICEMAIL_LEFT", 4),
    ("IVR_STUCK", 2),
    ("NOT_IN_SERVICE", 1),
    ("FAX", 1),
)
BLOCKED = (
    ("DM_ABSENT", 36),
    ("DM_ABSENT_TIME", 12),
    ("DM_AWAY_SHORT", 12),
    ("GATEKEEPER_BLOCK", 18),
    ("STAFF_TALK", 9),
    ("RETURN_CALL_PROMISED", 4),
    ("GATEKEEPER_REFUSED", 4),
    ("HANGUP_EARLY", 2),
    ("DM_LEFT", 2),
    ("WRONG_NUMBER", 1),
)
REACHED = (
    ("INTERESTED", 20),
    ("INFO_REQUESTED", 18),
    ("CALLBACK_AT", 12),
    ("CALLBACK_LOOSE", 10),
    ("NOT_INTERESTED", 16),
    ("COMPETITOR", 6),
    ("NURTURE_TIMING", 6),
    ("NURTURE_LOW", 6),
    ("NO_BUDGET", 3),
    ("SCHEDULING", 4),
    ("DNC_REQUEST", 1),
    ("EXISTING_CUSTOMER", 1),
)
SIGNALS = (("mail_open", 40), ("mail_click", 22), ("visit_price", 14), ("download", 12), ("seminar", 8), ("visit", 20))
REFUSALS = ("no_need", "satisfied", "competitor", "no_budget", "no_time")


@dataclass
class Story:
    """One lead and what has happened with it so far."""

    facts: LeadFacts
    firm: Firm
    rep: MemberId
    device: DeviceId
    touches: list[Touch] = field(default_factory=list)
    suppress: list[tuple[str, str, Touch]] = field(default_factory=list)

    @property
    def inbound(self) -> bool:
        """Return whether the lead came by its own inquiry."""
        return self.facts.get("lead_source") in INBOUND


class Caller:
    """Lives through the calls of leads, one after the other; ``sequence`` numbers what each device wrote."""

    def __init__(self, random: Random, rules: Rules, calendar: WorkCalendar, fs: list[MemberId]) -> None:
        self.random = random
        self.rules = rules
        self.calendar = calendar
        self.fs = fs
        self.sequence: dict[DeviceId, int] = {}
        self._counter = 0

    def live(self, story: Story, first: datetime, until: datetime) -> None:
        """Let the lead be called from ``first`` on, each time when the rules planned it, before ``until``."""
        for at in self._times(story, fit_soft(first, self.rules, self.calendar), until):
            self.call(story, at, self._draw(story))

    def _times(self, story: Story, at: datetime, until: datetime) -> Iterator[datetime]:
        for _ in range(MAX_CALLS):
            if at >= until:
                return
            yield at
            plan = story.touches[-1].plan
            if plan is None or plan.action is None or plan.due_at is None:
                return
            if plan.action in {ActionKind.HANDOFF, ActionKind.MERGE, ActionKind.RESEARCH_NUMBER}:
                return
            late = 2 if plan.action is ActionKind.CALLBACK_EXACT else self.random.choice((4, 15, 40, 90, 180))
            at = fit_soft(plan.due_at + timedelta(minutes=late), self.rules, self.calendar)

    def _draw(self, story: Story) -> str:
        random = self.random
        answer, reach, meet = (ANSWER_IN, REACH_IN, MEET_IN) if story.inbound else (ANSWER, REACH, MEET)
        if random.random() >= answer:
            return _one(random, UNANSWERED)
        if random.random() >= reach:
            return _one(random, BLOCKED)
        return "MEETING_SET" if random.random() < meet else _one(random, REACHED)

    def call(self, story: Story, at: datetime, code: str, *, given: Given | None = None) -> Touch:
        """Let one call end as ``code``; the plan, the fields and the do-not-calls follow by the rules."""
        outcome = self.rules.outcomes[code]
        said = given or self._given(story, outcome, at)
        out = plan_next(
            outcome, story.facts, story.touches, now=at, rules=self.rules, calendar=self.calendar, given=said
        )
        touch = self._touch(story, at, outcome, said, out)
        story.touches.append(touch)
        fields = {**self._heard(story, outcome), **out.lead_fields}
        fields.update({f"company.{name}": value for name, value in out.company_fields.items()})
        if out.advance and code != "MEETING_SET":
            fields["stage"] = out.advance
        story.facts = story.facts.with_fields(fields)
        story.suppress.extend((kind, value, touch) for kind, value in out.suppress)
        return touch

    def signal(self, story: Story, at: datetime, code: str | None = None) -> None:
        """Let the lead show interest by itself."""
        chosen = code or _one(self.random, SIGNALS)
        channel = Channel.MAIL if chosen.startswith("mail") else Channel.WEBINAR if chosen == "seminar" else Channel.WEB
        story.touches.append(
            Touch(
                id=TouchId(self._id(at)),
                lead_id=story.facts.id,
                company_id=story.facts.company_id,
                member_id=story.rep,
                device_id=DeviceId("marketing"),
                device_seq=self._next(DeviceId("marketing")),
                at=at,
                channel=channel,
                direction=Direction.IN,
                signal=chosen,
                playbook=self.rules.version,
            )
        )
        story.touches.sort(key=lambda t: t.at)

    def mailed(self, story: Story, until: datetime) -> list[Touch]:
        """Return the mails before ``until`` that kept the promise of material; a few promises are still open.

        Which, and what the mails are, is drawn by the calls' ids, so that nothing else is drawn otherwise.
        """
        found: list[Touch] = []
        for touch in story.touches if story.facts.get("email") else ():
            outcome, draw = self.rules.outcomes.get(touch.outcome or ""), Random(touch.id)  # noqa: S311  a demo
            at = touch.at + timedelta(minutes=draw.randrange(10, 90))
            if outcome is None or not outcome.follow.mail_today or at > until or draw.random() < FORGOTTEN:
                continue
            found.append(
                Touch(
                    id=TouchId(uuid7(int(at.timestamp() * 1000), draw.randbytes(10))),
                    lead_id=touch.lead_id,
                    company_id=touch.company_id,
                    member_id=touch.member_id,
                    device_id=touch.device_id,
                    device_seq=self._next(touch.device_id),
                    at=at,
                    channel=Channel.MAIL,
                    direction=Direction.OUT,
                    note=words()["material"],
                    playbook=touch.playbook,
                )
            )
        return found

    def _touch(self, story: Story, at: datetime, outcome: Outcome, said: Given, out: Outcomed) -> Touch:
        random, script = self.random, choose(self.rules.scripts, story.facts)
        touch_id = self._id(at)
        talk = 0
        if out.flags.answered:
            talk = random.randrange(90, 600) if out.flags.dm_reached else random.randrange(15, 80)
        return Touch(
            id=TouchId(touch_id),
            lead_id=story.facts.id,
            company_id=CompanyId(story.firm.id),
            member_id=story.rep,
            device_id=story.device,
            device_seq=self._next(story.device),
            at=at,
            outcome=outcome.code,
            reached=out.flags.reached,
            note=said.note,
            number=said.number,
            dial_id=DialId(touch_id) if outcome.counts_as_dial else None,
            ring_s=random.randrange(4, 32),
            talk_s=talk,
            reason=said.reason if "reason" in outcome.requires else None,
            script=script.ref if script is not None and out.flags.answered else None,
            objections=_parried(script, outcome, touch_id),
            playbook=self.rules.version,
            plan=out.plan,
            cooldown_until=out.cooldown_until,
            company_cooldown_until=out.company_cooldown_until,
        )

    def _given(self, story: Story, outcome: Outcome, at: datetime) -> Given:
        random = self.random
        notes = words()["notes"].get(outcome.code, ())
        numbers = usable(story.facts)
        day = self.calendar.next_open_day(self.calendar.day_of(at) + timedelta(days=random.choice((1, 1, 2, 3, 5))))
        made = Given(
            callback_at=fit_soft(
                self.calendar.start_of_day(day) + timedelta(hours=random.choice((10, 11, 13, 14, 15, 16))),
                self.rules,
                self.calendar,
            ),
            meeting_at=fit_soft(
                self.calendar.start_of_day(day) + timedelta(days=5, hours=random.choice((10, 13, 14, 16))),
                self.rules,
                self.calendar,
            ),
            fs_id=random.choice(self.fs),
            reason=random.choice(REFUSALS),
            note=random.choice(notes) if notes else "",
            number=numbers[0].e164 if numbers else None,
            adoption_at=_later(self.calendar.day_of(at), random.choice((3, 4, 6))),
            competitor=random.choice(words()["competitors"]),
        )
        return made if "meeting_at" in outcome.requires else replace(made, meeting_at=None, fs_id=None)

    def _heard(self, story: Story, outcome: Outcome) -> Mapping[str, Value]:
        """What people tell while they talk, more the further the talk goes."""
        random, lists = self.random, words()
        chance = {"MEETING_SET": 1.0, "INTERESTED": 0.6, "SCHEDULING": 0.8, "INFO_REQUESTED": 0.35}.get(
            outcome.code, 0.0
        )
        issue = random.choice(story.firm.issues) if story.firm.issues else ""
        said: dict[str, Value] = {
            "issue": issue,
            "need": "業務の電子化と見える化",
            "purpose": "月次の締めを早め、担当者の負担を減らす",
            "adoption_timing": random.choice(("this_month", "3_months", "3_months", "6_months")),
            "current_method": random.choice(lists["methods"]),
            "decision_maker": random.choice(("self", "self", "board", "other")),
            "interest_product": random.choice(lists["products"]),
            "competitor": random.choice(lists["competitors"]),
        }
        return {code: value for code, value in said.items() if value and random.random() < chance}

    def _next(self, device: DeviceId) -> int:
        self.sequence[device] = self.sequence.get(device, 0) + 1
        return self.sequence[device]

    def _id(self, at: datetime) -> str:
        self._counter += 1
        return uuid7(int(at.timestamp() * 1000), self.random.randbytes(10))

    def new_id(self, at: datetime) -> str:
        """Return an id as of ``at``."""
        return self._id(at)


def _one(random: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return random.choices([code for code, _ in weighted], [weight for _, weight in weighted])[0]


def _parried(script: Script | None, outcome: Outcome, touch_id: str) -> tuple[str, ...]:
    """Return the objection heard where somebody said no; by the id, so that nothing else is drawn otherwise."""
    drawn = int(touch_id[-4:], 16)
    if script is None or not script.objections or "reason" not in outcome.requires or drawn % 4 == 0:
        return ()
    return (script.objections[drawn // 4 % len(script.objections)].code,)


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


__all__ = ["Caller", "LeadId", "Story"]
