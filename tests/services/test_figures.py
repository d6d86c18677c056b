"""The figures of a generated history, counted a second time in plain Python over the raw facts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from isdesk.domain.errors import BadInput
from isdesk.domain.ids import DeviceId, DialId, LeadId, MemberId, TouchId
from isdesk.domain.touch import Channel, Direction, Reached, Touch
from isdesk.services import drilling, handoffs, kpi, leads
from isdesk.services.context import Context
from isdesk.store import mirror
from isdesk.store.rows import touch_to_row
from tests.services.conftest import FS, OTHER, REP, add
from tests.services.test_handoffs import ready

JAPAN = timezone(timedelta(hours=9))
FIRST, LAST = date(2026, 6, 1), date(2026, 11, 23)
SEGMENTS, LISTS, SCRIPTS = ("smb", "enterprise", None), ("展示会", "休眠", None), ("opening@1", "opening@2", None)


def history(ctx: Context, number: int) -> list[Touch]:
    """Make leads and touches of every kind: shared dials, incoming calls, mails, signals, corrections on other days."""
    rng = Random(20261122)
    people = (REP.id, OTHER.id, FS.id)
    ids = [
        add(ctx, f"見本 {n}", email=f"u{n}@example.com", phone_direct="", company__name=f"会社 {n}", company__phone="",
            **{k: v for k, v in (("segment", rng.choice(SEGMENTS)), ("target_list", rng.choice(LISTS))) if v})
        for n in range(40)
    ]  # fmt: skip
    codes = [*ctx.rules.outcomes, "NOT_IN_THE_CATALOGUE"]
    begin = datetime(2026, 5, 31, tzinfo=UTC)
    made: list[Touch] = []
    for n in range(number):
        touch = Touch(
            TouchId(f"t{n}"), LeadId(rng.choice(ids)), None, MemberId(rng.choice(people)), DeviceId("elsewhere"), n,
            begin + timedelta(seconds=rng.randrange(177 * 86_400)),
            channel=rng.choices((Channel.PHONE, Channel.MAIL, Channel.MEETING), (20, 1, 1))[0],
            direction=rng.choices((Direction.OUT, Direction.IN), (15, 1))[0],
            outcome=rng.choice(codes), reached=rng.choice((None, *Reached)), script=rng.choice(SCRIPTS),
            talk_s=rng.choice((None, 0, 45, 300)), signal=None,
        )  # fmt: skip
        if n % 9 == 1:  # one dial for two people
            touch = replace(touch, dial_id=DialId(f"d{n}"))
        if n % 9 == 2:
            before = made[-1]
            touch = replace(touch, dial_id=before.dial_id, at=before.at, member_id=before.member_id)
        if n % 31 == 3:
            touch = replace(touch, signal="download", outcome=None)
        if n % 17 == 4:  # taken back later
            gone = rng.choice(made)
            touch = replace(gone, id=touch.id, device_seq=n, corrects=gone.id, void=True, dial_id=None)
        made.append(touch)
    return made


def store(ctx: Context, touches: list[Touch]) -> None:
    with ctx.store.write() as tx:
        mirror.insert_facts(tx, "touch", [touch_to_row(touch) for touch in touches])


class Plainly:
    """Counting once more, with nothing of the program but the outcome catalogue's flags as they stand in it."""

    def __init__(self, ctx: Context, touches: list[Touch]) -> None:
        gone = {t.corrects for t in touches if t.corrects}
        self.catalogue = ctx.rules.outcomes
        self.touches = [t for t in touches if not t.void and t.id not in gone and t.outcome in self.catalogue]
        with ctx.store.read() as tx:
            from isdesk.store import leads as stored

            self.facts = stored.many(tx, {t.lead_id for t in touches})

    def answered(self, t: Touch) -> bool:
        entry = self.catalogue[t.outcome or ""]
        return entry.answered or (entry.dm_override and t.reached not in {None, Reached.NONE})

    def dm(self, t: Touch) -> bool:
        entry = self.catalogue[t.outcome or ""]
        if entry.dm_override and t.reached not in {None, Reached.NONE}:
            return t.reached is Reached.DECISION_MAKER
        return entry.dm_reached and entry.answered

    def key(self, by: str, t: Touch) -> str:
        at = t.at.astimezone(JAPAN)
        day, fields = at.date(), self.facts[t.lead_id].fields
        keys: dict[str, Callable[[], Any]] = {
            "team": lambda: "team",
            "rep": lambda: t.member_id,
            "segment": lambda: fields.get("segment") or "",
            "list": lambda: fields.get("target_list") or "",
            "script": lambda: t.script or "",
            "channel": lambda: t.channel.value,
            "hour": lambda: f"{at.hour:02}",
            "day": day.isoformat,
            "week": lambda: (day - timedelta(days=day.weekday())).isoformat(),
            "month": lambda: day.replace(day=1).isoformat(),
        }
        return str(keys[by]())

    def rows(self, by: str, first: date, last: date) -> dict[str, dict[str, int]]:
        groups: dict[str, list[Touch]] = defaultdict(list)
        for t in self.touches:
            if first <= t.at.astimezone(JAPAN).date() <= last:
                groups[self.key(by, t)].append(t)
        return {key: self.count(found) for key, found in groups.items()}

    def count(self, touches: list[Touch]) -> dict[str, int]:
        dials: dict[str, list[Touch]] = defaultdict(list)
        for t in touches:
            out = t.channel is Channel.PHONE and t.direction is Direction.OUT and t.signal is None
            if out and self.catalogue[t.outcome or ""].counts_as_dial:
                dials[t.dial_id or t.id].append(t)
        dialled = {t.id for found in dials.values() for t in found}
        meetings = [
            t for t in touches
            if self.catalogue[t.outcome or ""].meeting_set and self.catalogue[t.outcome or ""].counts_meeting
        ]  # fmt: skip
        set_by_dm = {t.id for t in meetings if self.dm(t)}
        return {
            "dial_count": len(dials),
            "unique_leads": len({t.lead_id for found in dials.values() for t in found}),
            "answered": sum(any(self.answered(t) for t in found) for found in dials.values()),
            "dm_reached": sum(any(self.dm(t) for t in found) for found in dials.values()),
            "meetings_set": len(meetings),
            "meetings_canceled": sum(self.catalogue[t.outcome or ""].cancels_meeting for t in touches),
            "meetings_set_by_dm": sum(any(t.id in set_by_dm for t in found) for found in dials.values()),
            "meetings_without_dm": len(meetings) - len(set_by_dm),
            "inbound_calls": sum(
                t.channel is Channel.PHONE and t.direction is Direction.IN and t.id not in dialled for t in touches
            ),
            "talk_seconds": sum(max(t.talk_s or 0 for t in found) for found in dials.values()),
        }


def compared(ctx: Context, plainly: Plainly, by: str, first: date = FIRST, last: date = LAST) -> None:
    expected = plainly.rows(by, first, last)
    found = {one.key: one.row() for one in kpi.figures(ctx, first=first, last=last, by=by)}
    assert found.keys() == expected.keys()
    for key, counts in expected.items():
        assert {name: found[key][name] for name in counts} == counts, key
        rate = found[key]["answer_rate"]
        assert isinstance(rate, kpi.Rate)
        whole = counts["dial_count"]
        assert (rate.value is None) == (whole == 0)
        assert whole == 0 or math.isclose(rate.value or 0.0, counts["answered"] / whole)
        assert (rate.low is None) == (whole >= 100 or whole == 0)


def test_every_dimension_and_period_of_twenty_thousand_touches(ctx: Context) -> None:
    made = history(ctx, 20_000)
    store(ctx, made)
    plainly = Plainly(ctx, made)
    for by in kpi.BY:
        compared(ctx, plainly, by)
        compared(ctx, plainly, by, date(2026, 8, 5), date(2026, 9, 10))


def test_every_figure_opens_exactly_its_records(ctx: Context) -> None:
    store(ctx, history(ctx, 1_000))
    for lead in [one.lead_id for one in drilling.records(ctx, "unique_leads", first=FIRST, last=LAST)][:3]:
        ready(ctx, lead)
        handoffs.submit(ctx, lead)
    handoffs.withdraw(ctx, lead)
    first, last = date(2026, 9, 1), date(2026, 11, 24)
    for by in kpi.BY:
        for row in kpi.figures(ctx, by=by, first=first, last=last)[-4:]:
            for figure in drilling.FIGURES:
                found = drilling.records(ctx, figure, by=by, key=row.key, first=first, last=last)
                assert len(found) == row.row()[figure], (by, row.key, figure)
                assert len({one.lead_id if figure == "unique_leads" else one.id for one in found}) == len(found)


def test_an_unknown_figure_is_refused(ctx: Context) -> None:
    with pytest.raises(BadInput) as problem:
        drilling.records(ctx, "nosuch", first=FIRST, last=LAST)
    assert problem.value.code == "figure_unknown"


def everything(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.store.read() as tx:
        return [tuple(row) for row in tx.sql("SELECT * FROM figure ORDER BY dim, key, day")]


def test_day_by_day_equals_all_at_once(ctx: Context) -> None:
    made = history(ctx, 3_000)
    rng = Random(1)
    rng.shuffle(made)
    for start in range(0, len(made), 300):
        store(ctx, made[start : start + 300])
        kpi.refresh(ctx)
    by_day = everything(ctx)
    assert kpi.refresh(ctx) == 0
    assert kpi.refresh(ctx, everything=True) > 100
    assert everything(ctx) == by_day
    for by in kpi.BY:
        compared(ctx, Plainly(ctx, made), by)


def test_a_lead_that_moves_to_another_segment_takes_its_calls_along(ctx: Context) -> None:
    made = history(ctx, 500)
    store(ctx, made)
    kpi.refresh(ctx)
    moved = made[0].lead_id
    leads.edit(ctx, moved, {"segment": "enterprise", "target_list": "新しいリスト"})
    assert kpi.refresh(ctx) > 0
    for by in ("segment", "list"):
        compared(ctx, Plainly(ctx, made), by)


def test_other_definitions_count_everything_anew(ctx: Context) -> None:
    store(ctx, history(ctx, 300))
    assert kpi.refresh(ctx) > 0
    assert kpi.refresh(ctx) == 0
    one = ctx.rules.outcomes["NO_ANSWER"]
    rules = replace(ctx.rules, outcomes={**ctx.rules.outcomes, "NO_ANSWER": replace(one, counts_as_dial=False)})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    before = kpi.figures(ctx, first=FIRST, last=LAST)
    assert before[0].counts.dials > 0
    assert kpi.refresh(ctx) == 0


@pytest.mark.parametrize("by", ["team", "hour"])
def test_unique_leads_may_be_left_out(ctx: Context, by: str) -> None:
    store(ctx, history(ctx, 100))
    assert {one.counts.unique_leads for one in kpi.figures(ctx, first=FIRST, last=LAST, by=by, unique=False)} == {0}
