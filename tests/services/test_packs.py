"""Packs and drift of a generated history, counted a second time in plain Python over the raw facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

import pytest

from isdesk.domain.diagnosis import Trials
from isdesk.domain.ids import DeviceId, LeadId, TouchId
from isdesk.domain.touch import Direction, Touch
from isdesk.services import calls, cases, drifting, kpi, packs
from isdesk.services.context import Context
from isdesk.store import leads as stored
from isdesk.store import mirror
from isdesk.store.rows import touch_to_row
from tests.services.alignment_story import AGREED, VERSION, Story, simple_scores, tell
from tests.services.conftest import REP, HandClock, add

JAPAN = timezone(timedelta(hours=9))
WEEK = (date(2026, 11, 9), date(2026, 11, 15))
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
CLOSED = {date(2026, 10, 12), date(2026, 11, 3), date(2026, 11, 23)}
HOURS = ((time(9), time(12)), (time(13), time(18)))
SOFT = ((time(9, 30), time(12)), (time(13), time(17, 30)))


@pytest.fixture
def told(ctx: Context) -> tuple[Context, Story]:
    """A desk with ninety leads and eight weeks of calls and handoffs."""
    simple_scores(ctx)
    story = tell(ctx)
    kpi.refresh(ctx)
    return ctx, story


def open_day(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def later(at: datetime, minutes: float) -> datetime:
    """So many business minutes later, one minute at a time."""
    here, left = at.astimezone(JAPAN), minutes
    while left > 0:
        inside = open_day(here.date()) and any(start <= here.time() < end for start, end in HOURS)
        here += timedelta(minutes=1)
        left -= inside
    return here


def day_of(at: datetime) -> date:
    return at.astimezone(JAPAN).date()


class Plainly:
    """Counting once more, with nothing of the program but the raw facts that were written."""

    def __init__(self, story: Story, now: datetime) -> None:
        self.story, self.now = story, now
        gone = {one.corrects for one in story.touches if one.corrects}
        self.touches = [one for one in story.touches if not one.void and one.id not in gone]
        self.by_lead: dict[LeadId, list[Touch]] = defaultdict(list)
        for one in sorted(self.touches, key=lambda one: (one.at, one.device_seq)):
            self.by_lead[one.lead_id].append(one)

    def dial(self, one: Touch) -> bool:
        return one.direction is Direction.OUT and one.signal is None and one.outcome != "CANCELED"

    def below_bar(self) -> Iterator[tuple[date, bool]]:
        for lead, mine in self.by_lead.items():
            place = next((n for n, one in enumerate(mine) if self.dial(one)), None)
            if place is not None:  # a download, or a stated time of adoption, lifts a lead over the bar
                reached = self.story.heard[lead] or any(one.signal for one in mine[:place])
                yield day_of(mine[place].at), not reached

    def outside_window(self) -> Iterator[tuple[date, bool]]:
        for mine in self.by_lead.values():
            for place, one in enumerate(mine):
                if not self.dial(one):
                    continue
                local = one.at.astimezone(JAPAN)
                soft = open_day(local.date()) and any(start <= local.time() < end for start, end in SOFT)
                plans = [before.plan for before in mine[:place] if before.plan is not None]
                due = plans[-1].due_at if plans and plans[-1].action == "callback_exact" else None
                kept = due is not None and day_of(due) == local.date() and time(8) <= local.time() < time(21)
                yield local.date(), not (soft or kept)

    def in_cooldown(self) -> Iterator[tuple[date, bool]]:
        for mine in self.by_lead.values():
            for place, one in enumerate(mine):
                if not self.dial(one):
                    continue
                since = max((n for n in range(place) if mine[n].direction is Direction.IN), default=0)
                rests = [before.cooldown_until for before in mine[since:place] if before.cooldown_until]
                yield day_of(one.at), any(one.at < until for until in rests)

    def meeting_unchecked(self) -> Iterator[tuple[date, bool]]:
        for lead, mine in self.by_lead.items():
            submits = [step.at for step in self.story.steps if step.lead_id == lead and step.action == "submit"]
            for one in mine:
                if one.outcome == "MEETING_SET":
                    done = any(at >= one.at for at in submits)
                    yield day_of(one.at), not done and not self.story.heard[lead]

    def other_version(self) -> Iterator[tuple[date, bool]]:
        for one in self.touches:
            if one.outcome and one.playbook and day_of(one.at) > AGREED:
                yield day_of(one.at), one.playbook != VERSION

    def first_response(self) -> Iterator[tuple[date, bool]]:
        for lead, received in self.story.received.items():
            source = self.story.source[lead]
            if source == "list":
                continue
            due = later(received, 60 if source == "inquiry" else 240)
            first = next(
                (one.at for one in self.by_lead[lead] if one.at >= received and not one.signal and self.answers(one)),
                None,
            )
            if first is not None or self.now > due:
                yield day_of(received), first is None or first > due

    def answers(self, one: Touch) -> bool:
        return one.direction is Direction.IN or one.outcome != "CANCELED"

    def lives(self) -> Iterator[list[tuple[str, datetime, dict[str, object]]]]:
        lives: dict[str, list[tuple[str, datetime, dict[str, object]]]] = defaultdict(list)
        for step in self.story.steps:
            lives[step.handoff_id].append((step.action, step.at, {**step.payload, "lead": step.lead_id}))
        yield from lives.values()

    def fs_decision(self) -> Iterator[tuple[date, bool]]:
        for life in self.lives():
            for place, (action, at, _) in enumerate(life):
                if action != "submit":
                    continue
                due = later(at, 480)
                answer = life[place + 1] if place + 1 < len(life) else None
                if (answer is None and self.now <= due) or (answer and answer[0] == "withdraw" and answer[1] <= due):
                    continue
                yield day_of(at), answer is None or answer[1] > due

    def feedback(self) -> Iterator[tuple[date, bool]]:
        for life in self.lives():
            if all(action != "accept" for action, _, _ in life):
                continue
            lead = life[0][2]["lead"]
            assert isinstance(lead, str)
            met = self.story.met[LeadId(lead)]
            due, left = day_of(met), 2
            while left:
                due += timedelta(days=1)
                left -= open_day(due)
            given = [day_of(at) for action, at, _ in life if action == "feedback"]
            if given or day_of(self.now) > due:
                yield day_of(met), not given or given[-1] > due

    def deal_reason(self) -> Iterator[tuple[date, bool]]:
        for life in self.lives():
            for action, at, said in life:
                if action == "feedback" and said["result"] in {"won", "lost"}:
                    yield day_of(at), "factor" not in said

    def stage_exception(self) -> Iterator[tuple[date, bool]]:
        for one in self.story.filings:
            if one.payload.get("asks") == "stage" and one.payload["step"] in {"approve", "reject"}:
                yield day_of(one.at), one.payload["step"] == "approve"

    def line(self, code: str, first: date, last: date) -> tuple[int, int]:
        """So many of so many, of the days from first to last."""
        found = [broken for day, broken in getattr(self, code)() if first <= day <= last]
        return sum(found), len(found)

    def cases(self, first: date, last: date) -> Counter[str]:
        count: Counter[str] = Counter()
        for kind in ("first_response", "fs_decision", "feedback"):
            count[kind] = self.line(kind, first, last)[0]
        for life in self.lives():
            mine = [(action, said) for action, at, said in life if first <= day_of(at) <= last]
            count["returned"] += sum(action == "return" for action, _ in mine)
            count["reasked"] += sum(action == "feedback" and "reasked" in said for action, said in mine)
            action, at, said = life[-1]
            failed = action == "recycle" or (action == "feedback" and said["result"] in {"no_show", "no_opportunity"})
            count["not_opportunity"] += failed and first <= day_of(at) <= last
        return count


@pytest.mark.parametrize(("kind", "days"), [("week", WEEK), ("month", MONTH)])
def test_drift_is_what_the_raw_facts_say(told: tuple[Context, Story], kind: str, days: tuple[date, date]) -> None:
    ctx, story = told
    plainly = Plainly(story, ctx.now())
    found = drifting.report(ctx, first=days[0], last=days[1], kind=kind)
    for line in found.lines:
        counted = (line.trials.part, line.trials.whole)
        assert counted == plainly.line(line.code, *days), line.code
        assert (line.before.part, line.before.whole) == plainly.line(line.code, *found.before), line.code
        assert line.share == (counted[0] / counted[1] if counted[1] else None)
        for start, trials in line.steps:
            last = packs.period(ctx, kind, start).last
            assert (trials.part, trials.whole) == plainly.line(line.code, start, last), (line.code, start)
    assert kind == "week" or all(line.trials.part for line in found.lines)


@pytest.mark.parametrize("days", [WEEK, MONTH, (date(2026, 10, 7), date(2026, 11, 18))])
def test_every_line_opens_as_many_records_as_it_says(told: tuple[Context, Story], days: tuple[date, date]) -> None:
    ctx, _ = told
    for line in drifting.report(ctx, first=days[0], last=days[1]).lines:
        broken = drifting.records(ctx, line.code, first=days[0], last=days[1])
        every = drifting.records(ctx, line.code, first=days[0], last=days[1], whole=True)
        assert (len(broken), len(every)) == (line.trials.part, line.trials.whole), line.code
        assert len({one.id for one in every}) == len(every), line.code
        assert {one.id for one in broken} <= {one.id for one in every}
        assert all(one.name and days[0] <= day_of(one.at) <= days[1] for one in every)


@pytest.mark.parametrize(("kind", "days"), [("week", WEEK), ("month", MONTH)])
def test_cases_and_progress_are_what_the_raw_facts_say(
    told: tuple[Context, Story], kind: str, days: tuple[date, date]
) -> None:
    ctx, story = told
    plainly, made = Plainly(story, ctx.now()), packs.pack(ctx, kind, days[0])
    expected = plainly.cases(*days)
    assert Counter(one.kind for one in made.cases) == +expected
    assert set(+expected) >= {"first_response", "returned", "not_opportunity", "fs_decision", "feedback", "reasked"}
    assert len({one.id for one in made.cases}) == len(made.cases)
    for one in made.cases:
        assert one.keys
        assert [found.lead_id for found in cases.records(ctx, one, *days)] == [one.lead_id]
    words = Counter(
        said["result"] for life in plainly.lives() for action, at, said in life[-1:]
        if action == "feedback" and days[0] <= day_of(at) <= days[1]
    )  # fmt: skip
    assert made.progress["won"] == words["won"]
    assert made.progress["opportunities"] == words["won"] + words["lost"] + words["opportunity"]
    assert made.progress["waiting"] == sum(life[-1][0] == "submit" for life in plainly.lives())


def test_the_pack_shows_the_figures_of_its_period(told: tuple[Context, Story]) -> None:
    ctx, story = told
    made = packs.pack(ctx, "week", WEEK[0])
    (whole,) = kpi.figures(ctx, first=WEEK[0], last=WEEK[1])
    tiles = {one.code: one for one in made.tiles}
    assert tiles["dial_count"].value == whole.counts.dials
    assert tiles["sql_count"].value == whole.sql_count
    broken, due = Plainly(story, ctx.now()).line("first_response", *WEEK)
    assert (tiles["sla_compliance"].part, tiles["sla_compliance"].whole) == (due - broken, due)
    assert [start for start, _ in made.trend] == [WEEK[0] - timedelta(weeks=n) for n in (5, 4, 3, 2, 1, 0)]
    for start, row in made.trend:
        (week,) = kpi.figures(ctx, first=start, last=start + timedelta(days=6))
        assert row["dial_count"] == week.counts.dials
        assert row["answer_rate"] == week.rates["answer_rate"].value
    assert not made.losses
    assert not made.waking


def test_questions_name_all_the_cases_that_ask(told: tuple[Context, Story]) -> None:
    ctx, _ = told
    made = packs.pack(ctx, "month", MONTH[0])
    for one in made.questions:
        assert one.cases == tuple(case.id for case in made.cases if one.key in case.keys), one.key
        lines = [line for line in made.drift.lines if line.key == one.key and line.trials.part]
        assert one.drift == tuple(line.code for line in lines)
        assert one.broken == sum(line.trials.part for line in lines)
    asked = {one.key: one.now for one in made.questions}
    assert asked["sla.fs_decision_hours"] == "8.0"
    assert asked["sla.inbound_first_response_hours"] == "1.0"
    assert asked["checklist.issue"] == "課題"
    assert {"checklist.company", "checklist.budget"} <= set(asked)


def test_a_period_that_runs_ends_today_and_is_compared_with_as_much(ctx: Context, clock: HandClock) -> None:
    week, month = packs.period(ctx, "week", date(2026, 11, 24)), packs.period(ctx, "month", date(2026, 11, 24))
    assert (week.first, week.last, week.before) == (
        date(2026, 11, 23), date(2026, 11, 24), (date(2026, 11, 16), date(2026, 11, 17))
    )  # fmt: skip
    assert (month.first, month.last, month.before) == (
        date(2026, 11, 1), date(2026, 11, 24), (date(2026, 10, 1), date(2026, 10, 24))
    )  # fmt: skip
    clock.go(days=7)
    done = packs.period(ctx, "month", date(2026, 11, 24))
    assert (done.last, done.before) == (date(2026, 11, 30), (date(2026, 10, 1), date(2026, 10, 31)))


def test_nothing_recorded_says_nothing(ctx: Context) -> None:
    made = packs.pack(ctx, "month", date(2026, 11, 1))
    assert not any((made.cases, made.questions, made.losses, made.waking, made.carried))
    assert all(line.share is None and line.trials.whole == 0 and not line.moved for line in made.drift.lines)


def test_a_segment_whose_conversion_fell_opens_its_trials(ctx: Context) -> None:
    """Five weeks of calls: in the last one a segment answers half as often, another one as ever."""
    ids = {name: add(ctx, name, email=f"{name}@example.com", phone_direct="", segment=name) for name in ("smb", "big")}
    begin = datetime(2026, 10, 12, 10, tzinfo=JAPAN)
    touches: list[Touch] = []
    for week in range(5):
        for number in range(80):
            for name, lead in ids.items():
                often = 5 if name == "smb" and week == 4 else 2
                outcome = "INTERESTED" if number % often == 0 else "NO_ANSWER"
                at = begin + timedelta(weeks=week, minutes=number)
                key = f"{name}{week}-{number}"
                touches.append(
                    Touch(TouchId(key), lead, None, REP.id, DeviceId("x"), len(touches), at, outcome=outcome)
                )
    with ctx.store.write() as tx:
        mirror.insert_facts(tx, "touch", [touch_to_row(one) for one in touches])
    kpi.refresh(ctx)
    (one,) = [case for case in packs.pack(ctx, "week", WEEK[0]).cases if case.kind == "segment_fell"]
    assert (one.id, one.keys) == ("segment_fell:answer_rate:smb", ("windows.best",))
    assert one.fall is not None
    assert (one.fall.now, one.fall.before) == (Trials(16, 80), Trials(160, 320))
    found = cases.records(ctx, one, *WEEK)
    assert len(found) == 80
    assert {record.lead_id for record in found} == {ids["smb"]}
    said = cases.detail_words(ctx, one, "ja")
    assert said.startswith("通電率 20.0 % (n=80, 95 % 区間 13–30 %) ← 50.0 % (n=320")
    assert not [case for case in packs.pack(ctx, "week", date(2026, 11, 2)).cases if case.kind == "segment_fell"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_case_and_record_says_in_words_what_happened(told: tuple[Context, Story], lang: str) -> None:
    ctx, _ = told
    ctx.lang = lang
    made = packs.pack(ctx, "month", MONTH[0])
    for case in made.cases:
        said = cases.detail_words(ctx, case, lang)
        assert said, case
        assert "_" not in said, case
        assert "T0" not in said, case
    late = [cases.detail_words(ctx, case, lang) for case in made.cases if case.kind == "feedback"]
    assert any({"ja": "未記入", "en": "missing"}[lang] in said for said in late)
    for line in made.drift.lines:
        for record in drifting.records(ctx, line.code, first=MONTH[0], last=MONTH[1]):
            assert record.outcome, line.code
            assert "_" not in record.outcome, line.code


def test_a_month_lists_the_leads_that_wake_after_it_and_how_reasons_moved(ctx: Context, clock: HandClock) -> None:
    soon, later_on, asleep = (
        add(
            ctx,
            name,
            email=f"{n}@example.com",
            phone_direct=f"03-1111-000{n}",
            company__name=f"会社 {n}",
            company__phone="",
        )
        for n, name in enumerate(("早い", "遅い", "まだ"))
    )
    reason = calls.RecordInput(reason="no_need")
    for lead, adoption in ((soon, "2027-02-01"), (later_on, "2027-09-01")):
        calls.record(ctx, lead, "NURTURE_TIMING", calls.RecordInput(adoption_at=date.fromisoformat(adoption)))
    calls.record(ctx, asleep, "NOT_INTERESTED", reason)
    kpi.refresh(ctx)
    made = packs.pack(ctx, "month", date(2026, 11, 1))
    woken = {one.lead_id: one for one in made.waking}
    with ctx.store.read() as tx:
        due = {
            lead: state.next_action.due_at.astimezone(JAPAN).date()
            for lead, (state, _) in stored.states(tx, [soon, later_on, asleep]).items()
            if state.next_action is not None and state.next_action.kind == "nurture"
        }
    assert due.keys() >= {soon, later_on}
    assert woken.keys() == {lead for lead, day in due.items() if made.period.last < day <= date(2026, 12, 31)}
    assert woken.keys() == {soon}
    assert (woken[soon].name, woken[soon].owner, woken[soon].day) == ("早い", REP.name, due[soon])
    assert [(one.code, one.kind, one.count, one.before) for one in made.losses] == [("no_need", "refusal", 1, 0)]
    clock.go(days=14)
    assert [(one.code, one.count, one.before) for one in packs.pack(ctx, "month", date(2026, 12, 1)).losses] == []
