"""The demo: a team of Japanese inside sales with leads and months of history, made from a seed (issue: nobody is real).

Everything recorded follows the shipped rules, so that whoever looks at the demo looks at the program: promises for
today, first-response clocks about to break, handoffs returned by FS, do-not-calls, and leads in every stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from isdesk import playbook
from isdesk.domain.changes import Value
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import CompanyId, DeviceId, HandoffId, LeadId, MemberId, TransitionId
from isdesk.domain.member import Member
from isdesk.domain.numbers import usable
from isdesk.domain.planning import Given
from isdesk.domain.rules import Rules
from isdesk.domain.sla import first_response
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression, digest
from isdesk.domain.touch import Touch
from isdesk.domain.windows import fit_soft, in_soft, window_state
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services.demo_calls import Caller, Story
from isdesk.services.demo_people import INBOUND, Firm, Maker, words
from isdesk.services.demo_sequences import definitions
from isdesk.store import wire

NEW_SHARE = 0.17
PEOPLE_PER_FIRM = 1.6
FS_COUNT = 2
OPENING = timedelta(minutes=15)
"""Where the demo is made outside the calling hours, its day stands at this time after the next opening."""


@dataclass
class Team:
    """A made-up team: what its hub holds, and who sits at this desk (the first rep)."""

    me: Member
    members: list[Member]
    my_company: str
    at: datetime
    suppression_key: bytes
    definitions: str = ""
    companies: dict[CompanyId, dict[str, Value]] = field(default_factory=dict)
    leads: dict[LeadId, dict[str, Value]] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)


def working_moment(now: datetime, rules: Rules, calendar: WorkCalendar) -> datetime:
    """Return ``now`` where calls may be made, else a little after the next opening: the hour the demo is about."""
    if window_state(rules, calendar, now)[0] == "open":
        return now
    return fit_soft(fit_soft(now, rules, calendar) + OPENING, rules, calendar)


def team(now: datetime, *, leads: int = 2400, reps: int = 6, days: int = 90, seed: int = 7, lang: str = "ja") -> Team:
    """Make a team of ``reps`` reps, a team lead and two FS, with ``leads`` leads and ``days`` days behind them.

    The same arguments make the same team, to the byte.
    """
    random = Random(f"{seed}/{leads}/{reps}/{days}/{lang}")  # noqa: S311 - made-up people, not secrets
    rules = playbook.load("default").rules
    calendar = WorkCalendar(rules.business)
    made = _Making(random, rules, calendar, now, lang, days)
    return made.team(leads, max(reps, 1), seed)


class _Making:
    """Makes one team, step by step: nothing lies after ``past``, and the day of the first rep stands at ``at``."""

    def __init__(
        self, random: Random, rules: Rules, calendar: WorkCalendar, now: datetime, lang: str, days: int
    ) -> None:
        self.random = random
        self.rules = rules
        self.calendar = calendar
        self.at = working_moment(now, rules, calendar)
        self.past = now
        self.days = days
        self.lang = lang
        self.maker = Maker(random, lang)
        self.stories: list[Story] = []

    def team(self, count: int, reps: int, seed: int) -> Team:
        maker = self.maker
        people = [maker.member(n, "rep") for n in range(1, reps + 1)]
        lead = maker.member(reps + 1, "team_lead")
        fs = [maker.member(reps + 2 + n, "fs") for n in range(FS_COUNT)]
        self.caller = Caller(self.random, self.rules, self.calendar, [one.id for one in fs])
        firms = [maker.firm(n) for n in range(1, int(count / PEOPLE_PER_FIRM) + 2)]
        owners = {firm.id: people[n % reps].id for n, firm in enumerate(firms)}
        self.stories = [self._story(n, self.random.choice(firms), owners) for n in range(1, count + 1)]
        for story in self.stories:
            self._live(story)
        self._day_of(people[0].id)
        key = hashlib.sha256(f"isdesk demo {seed}".encode()).digest()
        result = Team(
            me=people[0],
            members=[*people, lead, *fs],
            my_company=words()["my_company_en" if self.lang == "en" else "my_company"],
            at=self.at,
            suppression_key=key,
            definitions=definitions(self.lang),
        )
        for story in self.stories:
            self._keep(result, story)
        return result

    def _story(self, number: int, firm: Firm, owners: Mapping[str, MemberId]) -> Story:
        fields = self.maker.contact(number, firm)
        rep = owners[firm.id]
        fields["owner_id"] = rep
        age = self.random.random() ** 1.4 * self.days
        received = self._before(self.past - timedelta(days=age, minutes=self.random.randrange(600)))
        fields["received_at"] = received.isoformat()
        facts = LeadFacts(LeadId(self.maker.id("0003", number)), fields, CompanyId(firm.id), dict(firm.fields))
        return Story(facts, firm, rep, DeviceId(f"demo-{rep[:8]}"))

    def _before(self, at: datetime) -> datetime:
        """Return an instant at or before ``at`` in office hours: people fill in forms by day."""
        day = self.calendar.day_of(at)
        while not self.calendar.is_open_day(day):
            day -= timedelta(days=1)
        moved = self.calendar.start_of_day(day) + timedelta(hours=9, minutes=self.random.randrange(8 * 60))
        return min(moved, self.past - timedelta(hours=26))

    def _live(self, story: Story) -> None:
        received = datetime.fromisoformat(str(story.facts.get("received_at")))
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2, 3)) + (1 if story.inbound else 0)):
            span = max((self.past - received).total_seconds() - 7200, 60)
            self.caller.signal(story, received + timedelta(seconds=self.random.random() * span))
        if self.random.random() < NEW_SHARE:
            story.facts = story.facts.with_fields({"received_at": None} if not story.inbound else {})
            if not story.inbound:
                return
        wait = self.random.choice((12, 25, 40, 55)) if story.inbound else self.random.choice((120, 400, 1500, 4000))
        self.caller.live(story, received + timedelta(minutes=wait), self.past - timedelta(minutes=20))

    # ---------------------------------------------------------------------------- what the day of the first rep holds

    def _day_of(self, me: MemberId) -> None:
        fresh = [s for s in self.stories if s.rep == me and not [t for t in s.touches if t.outcome] and usable(s.facts)]
        for story, minutes in zip(_take(fresh, 4), (-4, 11, 190, 310), strict=False):
            self._promise(story, self.at + timedelta(minutes=minutes))
        for story, left in zip(_take(fresh, 4), (4, 9, 13, -35), strict=False):
            self._clock(story, left)
        for story, reason in zip(_take(fresh, 2), ("timing_unclear", "decider_unclear"), strict=False):
            self._returned(story, reason)
        for story in _take(fresh, 4):
            self._fresh_inquiry(story)
        for story, hours in zip(_take(fresh, 3), (1, 2, 5), strict=False):
            self.caller.signal(
                story, self.past - timedelta(hours=hours, minutes=7), "download" if hours != 1 else "visit_price"
            )

    def _promise(self, story: Story, at: datetime) -> None:
        day = self.calendar.day_of(self.past) - timedelta(days=1)
        while not self.calendar.is_open_day(day):
            day -= timedelta(days=1)
        called = self.calendar.start_of_day(day) + timedelta(hours=15, minutes=self.random.randrange(60))
        given = Given(
            callback_at=at.replace(second=0, microsecond=0), number=_number(story), note="会議前のため、時間を約束。"
        )
        self.caller.call(story, called, "CALLBACK_AT", given=given)

    def _clock(self, story: Story, left: int) -> None:
        """Let the lead have come in so that its first-response clock has ``left`` business minutes."""
        story.touches.clear()
        received = self.at
        for _ in range(4_000):
            received -= timedelta(minutes=1)
            facts = story.facts.with_fields({"received_at": received.isoformat(), "lead_source": "inquiry"})
            clock = first_response(facts, (), self.rules, self.calendar)
            if clock is not None and clock.due_at <= self.at + timedelta(minutes=left):
                story.facts = facts
                break
        self.caller.signal(story, received, "inquiry")

    def _fresh_inquiry(self, story: Story) -> None:
        story.touches.clear()
        received = self.past - timedelta(minutes=self.random.randrange(3, 20))
        story.facts = story.facts.with_fields({"received_at": received.isoformat(), "lead_source": "download"})
        self.caller.signal(story, received, "download")

    def _returned(self, story: Story, reason: str) -> None:
        met = fit_soft(self.past - timedelta(days=4), self.rules, self.calendar)
        met = met if met < self.past - timedelta(hours=30) else self.past - timedelta(hours=70)
        self.caller.call(story, met, "MEETING_SET")
        story.facts = story.facts.with_fields({"returned_demo": reason})

    # ---------------------------------------------------------------------------------------------------- the handoffs

    def _keep(self, result: Team, story: Story) -> None:
        wanted = story.facts.fields.pop("returned_demo", None)
        meeting = next((t for t in story.touches if t.outcome == "MEETING_SET"), None)
        if meeting is not None:
            self._hand_over(result, story, meeting, str(wanted) if wanted else None)
        result.companies[CompanyId(story.firm.id)] = self._company(result, story)
        result.leads[story.facts.id] = {k: v for k, v in story.facts.fields.items() if v is not None}
        result.touches += [*story.touches, *self.caller.mailed(story, self.past)]
        for kind, value, touch in story.suppress:
            result.suppressions.append(
                Suppression(
                    id=self.caller.new_id(touch.at),
                    kind=kind,
                    hmac=digest(result.suppression_key, kind, value),
                    at=touch.at,
                    member_id=touch.member_id,
                    reason=touch.outcome or "",
                    evidence=touch.id,
                )
            )

    def _company(self, result: Team, story: Story) -> dict[str, Value]:
        known = result.companies.get(CompanyId(story.firm.id), {})
        return {**known, **{k: v for k, v in (story.facts.company or {}).items() if v is not None}}

    def _hand_over(self, result: Team, story: Story, meeting: Touch, returned: str | None) -> None:
        random = self.random
        fs = MemberId(str(story.facts.get("fs_id")))
        at = meeting.at + timedelta(minutes=25)
        story.facts = story.facts.with_fields(
            {
                "meeting_place": "オンライン",
                "meeting_attendees": f"{story.facts.get('name')}様",
                "issue_hypothesis": f"{story.facts.get('issue') or '業務が人に頼っている'}。締めの前に詰まっている。",
                "reaction_log": "「まさにそこが困っている」と反応。",
                "is_memo": "前向き。決裁者の同席を確認済み。",
                "stage": "sql",
            }
        )
        handoff = HandoffId(self.caller.new_id(at))
        self._step(result, story, handoff, at, "submit", story.rep, to_fs=fs)
        decided = self.calendar.add_business_minutes(at, random.randrange(40, 400))
        if returned is not None:
            self._step(
                result, story, handoff, min(decided, self.past - timedelta(hours=2)), "return", fs, reason=returned
            )
            story.facts = story.facts.with_fields({"stage": "mql"})
            return
        if decided >= self.past - timedelta(minutes=30):
            return
        if random.random() < 0.14:
            self._step(result, story, handoff, decided, "return", fs, reason="issue_unclear")
            again = self.calendar.add_business_minutes(decided, random.randrange(60, 700))
            if again >= self.past - timedelta(hours=3):
                story.facts = story.facts.with_fields({"stage": "mql"})
                return
            self._step(result, story, handoff, again, "submit", story.rep, to_fs=fs)
            decided = self.calendar.add_business_minutes(again, random.randrange(40, 300))
            if decided >= self.past:
                return
        self._step(result, story, handoff, decided, "accept", fs)
        story.facts = story.facts.with_fields({"stage": "sao"})
        self._met(result, story, handoff, fs)

    def _met(self, result: Team, story: Story, handoff: HandoffId, fs: MemberId) -> None:
        random = self.random
        held = datetime.fromisoformat(str(story.facts.get("meeting_at")))
        at = self.calendar.add_business_minutes(held, random.randrange(60, 900))
        if at >= self.past:
            return
        chosen = random.choices(("opportunity", "won", "lost", "no_opportunity"), (45, 14, 26, 15))[0]
        payload: dict[str, Value] = {"result": chosen}
        if chosen == "won":
            payload |= {"amount": random.randrange(6, 60) * 100_000, "factor": "issue_fit"}
        if chosen == "lost":
            payload["factor"] = random.choice(("competitor", "budget", "timing", "no_need"))
        if at.minute % 5 == 0:  # FS had to ask again: no draw of its own, so that a seed makes the team that it made
            payload["reasked"] = ["timing"] if at.minute % 2 else ["issue", "timing"]
        self._step(result, story, handoff, at, "feedback", fs, payload=payload)
        if chosen != "no_opportunity":
            story.facts = story.facts.with_fields(
                {"stage": chosen, "lost_reason": payload.get("factor") if chosen == "lost" else None}
            )

    def _step(
        self,
        result: Team,
        story: Story,
        handoff: HandoffId,
        at: datetime,
        action: str,
        who: MemberId,
        *,
        to_fs: MemberId | None = None,
        reason: str | None = None,
        payload: dict[str, Value] | None = None,
    ) -> None:
        device = DeviceId(f"demo-{who[:8]}-h")
        self.caller.sequence[device] = self.caller.sequence.get(device, 0) + 1
        result.transitions.append(
            Transition(
                id=TransitionId(self.caller.new_id(at)),
                handoff_id=handoff,
                lead_id=story.facts.id,
                member_id=who,
                device_id=device,
                device_seq=self.caller.sequence[device],
                at=at,
                action=action,
                to_fs=to_fs,
                reason=reason,
                payload=payload or {},
            )
        )


def _take(stories: list[Story], count: int) -> list[Story]:
    """Take stories off the list, each once; a lead is called again only by its own day's plan."""
    taken = stories[:count]
    del stories[:count]
    return taken


def _number(story: Story) -> str | None:
    numbers = usable(story.facts)
    return numbers[0].e164 if numbers else None


def fill(made: Team, url: str, key: bytes) -> None:
    """Put a team into a fresh hub at ``url`` (encrypted with ``key``).

    Raises CrmError where the hub cannot be made.
    """
    from isdesk.crm.port import Person, Thing
    from isdesk.crm.sqlhub import SqlHub

    people = [Person(m.id, m.name, m.role, m.email, m.active) for m in made.members]
    hub = SqlHub.create(url, people=people, user=made.me.id, key=key, suppression_key=made.suppression_key)
    try:
        hub.seed(Thing.COMPANY, ((key_, None, fields) for key_, fields in made.companies.items()))
        hub.seed(Thing.LEAD, ((key_, key_, fields) for key_, fields in made.leads.items()))
        hub.seed(Thing.TOUCH, ((t.id, t.lead_id, wire.touch(t)) for t in made.touches))
        hub.seed(Thing.TRANSITION, ((t.id, t.lead_id, wire.transition(t)) for t in made.transitions))
        hub.seed(Thing.PLAYBOOK, [("team", None, {"text": made.definitions})])
        hub.seed(Thing.SUPPRESSION, ((s.id, None, wire.suppression(s)) for s in made.suppressions))
    finally:
        hub.close()


__all__ = ["INBOUND", "Team", "fill", "in_soft", "team", "working_moment"]
