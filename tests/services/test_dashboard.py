"""What the page of the figures is given: tiles with target and trend, groups, pictures, and exactly the records."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from isdesk.domain.colours import PAPER
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Reached
from isdesk.services import calls, dashboard, figure_pictures, handoffs, kpi, reports
from isdesk.services.context import Context
from isdesk.store import figures as stored
from tests.services.conftest import OTHER, REP, HandClock, add
from tests.services.test_figures import FIRST, LAST, history, store
from tests.services.test_handoffs import ready

TODAY = date(2026, 11, 24)
AUTUMN: dict[str, Any] = {"first": date(2026, 9, 1), "last": LAST}


def autumn(ctx: Context) -> dashboard.Period:
    return dashboard.period(ctx, "custom", **AUTUMN)


@pytest.fixture
def full(ctx: Context) -> Context:
    """A desk with two thousand touches, and one handoff that was won."""
    store(ctx, history(ctx, 2_000))
    kpi.refresh(ctx)
    return ctx


@pytest.mark.parametrize(
    ("kind", "back", "first", "last", "before"),
    [
        ("day", 0, TODAY, TODAY, (date(2026, 11, 20), date(2026, 11, 20))),
        ("day", 1, date(2026, 11, 20), date(2026, 11, 20), (date(2026, 11, 19), date(2026, 11, 19))),
        ("week", 0, date(2026, 11, 23), TODAY, (date(2026, 11, 16), date(2026, 11, 17))),
        ("week", 1, date(2026, 11, 16), date(2026, 11, 22), (date(2026, 11, 9), date(2026, 11, 15))),
        ("month", 0, date(2026, 11, 1), TODAY, (date(2026, 10, 1), date(2026, 10, 24))),
        ("month", 1, date(2026, 10, 1), date(2026, 10, 31), (date(2026, 9, 1), date(2026, 9, 30))),
    ],
)
def test_a_period_that_runs_is_compared_with_as_much_of_the_one_before(
    ctx: Context, kind: str, back: int, first: date, last: date, before: tuple[date, date]
) -> None:
    found = dashboard.period(ctx, kind, back=back)
    assert (found.first, found.last, found.before) == (first, last, before)


def test_a_period_that_ends_before_it_begins_and_an_unknown_one_are_refused(ctx: Context) -> None:
    with pytest.raises(BadInput, match="period_backwards"):
        dashboard.period(ctx, "custom", first=LAST, last=FIRST)
    with pytest.raises(BadInput, match="period_unknown"):
        dashboard.period(ctx, "moon")


def test_nothing_recorded_shows_no_zero_percent(ctx: Context) -> None:
    made = dashboard.board(ctx, dashboard.period(ctx, "week"))
    tiles = {one.code: one for one in made.tiles}
    assert tiles["answer_rate"].value is None
    assert tiles["dial_count"].value == 0
    assert made.groups == ()
    full = dashboard.with_pictures(made, dashboard.pictures(ctx, made.period))
    assert next(one for one in full.tiles if one.code == "sla_compliance").value is None


def test_tiles_are_the_figures_with_target_trend_and_interval(full: Context) -> None:
    period = autumn(full)
    made = dashboard.board(full, period)
    (whole,) = kpi.figures(full, first=period.first, last=period.last)
    (before,) = kpi.figures(full, first=period.before[0], last=period.before[1])
    for tile in made.tiles:
        if tile.code == "sla_compliance":
            continue
        assert tile.value == dashboard.value_of(whole, tile.code), tile.code
        assert tile.before == dashboard.value_of(before, tile.code), tile.code
        if tile.kind == "rate":
            assert (tile.low is None) == (tile.whole >= 100 or tile.whole == 0), tile.code
    dials = made.tiles[0]
    assert dials.target == 45 * dashboard.open_days(full, period.first, period.last) * 2
    assert {one.code for one in dials.beside} == {"answer_rate"}


@pytest.mark.parametrize(
    ("now", "then", "moved"),
    [
        ((60, 100), (30, 100), True),
        ((31, 100), (30, 100), False),
        ((1, 2), (0, 0), False),
        ((5, 2), (3, 1), False),
        ((100, 0), (10, 0), True),
        ((11, 0), (10, 0), False),
        ((0, 0), (0, 0), False),
    ],
)
def test_chance_is_told_from_change(now: tuple[int, int], then: tuple[int, int], moved: bool) -> None:
    assert dashboard.differs(now, then) == moved


def test_every_tile_opens_as_many_records_as_it_says(full: Context) -> None:
    lead = dashboard.records(full, "unique_leads", **AUTUMN)[0].lead_id
    ready(full, lead)
    handoffs.submit(full, lead)
    today = dashboard.period(full, "custom", first=date(2026, 9, 1), last=TODAY)
    read = dashboard.pictures(full, today)
    kpi.refresh(full)
    made = dashboard.with_pictures(dashboard.board(full, today), read)
    for tile in made.tiles:
        opened = [
            len(dashboard.records(full, one, first=today.first, last=today.last)) for one in dashboard.parts(tile.code)
        ]
        if tile.kind == "rate":
            assert opened == [tile.part, tile.whole], tile.code
        elif tile.kind == "count":
            assert opened[0] == tile.value, tile.code
    unique = next(one for one in made.tiles[0].beside if one.code == "unique_leads")
    assert unique.value == len(dashboard.records(full, "unique_leads", first=today.first, last=today.last))


def test_every_group_opens_as_many_records_as_it_says(full: Context) -> None:
    for by in dashboard.GROUPS:
        for row in dashboard.board(full, autumn(full), by=by).groups:
            found = dashboard.records(full, "answered", by=by, key=row.key, **AUTUMN)
            assert len(found) == row.counts.answered, (by, row.key)


def test_pictures_say_what_the_figures_say(full: Context) -> None:
    period = autumn(full)
    read = dashboard.pictures(full, period)
    (whole,) = kpi.figures(full, first=period.first, last=period.last)
    assert read.unique_leads == whole.counts.unique_leads
    assert [one.count for one in read.funnel][:3] == [
        whole.counts.dials,
        whole.counts.answered,
        whole.counts.dm_reached,
    ]
    first, last = read.days
    (drawn,) = kpi.figures(full, first=first, last=last)
    assert first <= period.first
    assert sum(one.trials.whole for one in read.heat) == drawn.counts.dials
    assert sum(one.trials.part for one in read.heat) == drawn.counts.answered
    cell = read.heat[3]
    found = dashboard.records(
        full, "dial_count", by="hour", key=f"{cell.hour:02}", weekday=cell.weekday, first=first, last=last
    )
    assert len(found) == cell.trials.whole
    assert read.unit == "week"
    assert {row.key for _, row in read.trend} == {row.key for row in kpi.figures(
        full, first=read.trend[0][0], last=period.last, by="week", unique=False
    )}  # fmt: skip
    assert [one.code for one in read.scripts] == ["opening@1", "opening@2"]
    (compared,) = read.versions
    assert (compared.older.code, compared.newer.code) == ("opening@1", "opening@2")
    assert sum(one.trials.whole for one in read.scripts) <= drawn.counts.dm_reached


def test_reasons_are_counted_by_code_and_open_their_calls(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    refused = next(o for o in ctx.rules.outcomes.values() if "reason" in o.requires)
    reason = next(one.code for one in ctx.rules.reasons if one.kind == "refusal")
    calls.record(ctx, lead, refused.code, calls.RecordInput(reason=reason, reached=Reached.DECISION_MAKER))
    (found,) = figure_pictures.reasons(ctx, TODAY, TODAY)
    assert (found.code, found.kind, found.count) == (reason, "refusal", 1)
    (record,) = dashboard.records(ctx, f"reason:refusal:{reason}", first=TODAY, last=TODAY)
    assert record.lead_id == lead


def test_the_sla_counts_who_was_called_in_time_and_who_waited_too_long(ctx: Context, clock: HandClock) -> None:
    received = clock.now().isoformat()
    prompt, late, forgotten, fresh = (
        add(ctx, f"見本 {n}", email=f"s{n}@example.com", phone_direct=f"03-1111-222{n}", received_at=received)
        for n in range(4)
    )
    clock.go(minutes=20)
    calls.record(ctx, prompt, "NO_ANSWER")
    assert [one.kept for one in figure_pictures.sla_cases(ctx, TODAY, TODAY)] == [True]
    clock.go(hours=5)
    calls.record(ctx, late, "NO_ANSWER")
    kept = {one.lead_id: one.kept for one in figure_pictures.sla_cases(ctx, TODAY, TODAY)}
    assert kept == {prompt: True, late: False, forgotten: False, fresh: False}
    read = dashboard.pictures(ctx, dashboard.period(ctx, "day"))
    assert (read.sla_kept, read.sla_due) == (1, 4)
    assert len(dashboard.records(ctx, "sla_due", first=TODAY, last=TODAY)) == 4
    assert [one.lead_id for one in dashboard.records(ctx, "sla_kept", first=TODAY, last=TODAY)] == [prompt]


def test_a_day_that_has_just_begun_is_not_called_a_fall(ctx: Context, clock: HandClock) -> None:
    for number in range(12):
        one = add(ctx, f"前 {number}", email=f"y{number}@example.com", phone_direct=f"03-3333-11{number:02}")
        calls.record(ctx, one, "NO_ANSWER")
    kpi.refresh(ctx)
    clock.go(hours=23)
    morning = dashboard.board(ctx, dashboard.period(ctx, "day")).tiles[0]
    assert (morning.value, morning.before, morning.moved) == (0, 12, False)
    clock.go(hours=10)
    assert dashboard.board(ctx, dashboard.period(ctx, "day")).tiles[0].moved


def test_the_board_reads_what_is_kept_and_counts_nothing(full: Context, clock: HandClock) -> None:
    lead = dashboard.records(full, "unique_leads", **AUTUMN)[0].lead_id
    calls.record(full, lead, "NO_ANSWER")
    day = dashboard.period(full, "day")
    made = dashboard.board(full, day)
    was = made.tiles[0].value
    assert made.stale == 1
    assert kpi.refresh(full) == 1
    made = dashboard.board(full, day)
    assert (made.stale, made.tiles[0].value) == (0, (was or 0) + 1)


def test_days_are_counted_in_portions(full: Context) -> None:
    with full.store.write() as tx:
        stored.all_stale(tx)
    assert kpi.refresh(full, limit=30) == 30
    while kpi.refresh(full, limit=30):
        pass
    with full.store.read() as tx:
        assert stored.stale(tx) == []


def test_who_may_not_see_the_team_sees_the_own_figures(full: Context) -> None:
    rights = {"rep": frozenset({"export"})}
    full.playbook = replace(full.playbook, rules=replace(full.rules, rights=rights))
    made = dashboard.board(full, autumn(full), by="segment")
    assert [row.key for row in made.groups] == [REP.id]
    whole = {row.key: row for row in kpi.figures(full, by="rep", **AUTUMN)}[REP.id]
    assert made.tiles[0].value == whole.counts.dials
    assert len(dashboard.records(full, "dial_count", **AUTUMN)) == whole.counts.dials


def test_a_rep_exports_the_own_row_and_it_is_noted(full: Context, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    made = dashboard.board(full, autumn(full), by="rep")
    assert dashboard.export(full, made, path) == 1
    with path.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["区分"] == REP.name
    assert row["通電率 n"] == row["架電件数"]
    with full.store.read() as tx:
        (last,) = tx.sql("SELECT verb FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    assert last == "export"
    with pytest.raises(Refused, match="export_not_allowed"):
        dashboard.export(full, dashboard.board(full, autumn(full), by="segment"), tmp_path / "x.csv")


def test_the_report_of_a_rep_lists_no_others(full: Context) -> None:
    made = dashboard.board(full, autumn(full), by="rep")
    read = dashboard.pictures(full, made.period)
    said = reports.html(full, made, read, ["通電率が低い <b>"], "ja")
    assert REP.name in said
    assert OTHER.name not in said
    assert "&lt;b&gt;" in said
    full.me = replace(REP, role="team_lead")
    assert OTHER.name in reports.html(full, made, read, [], "en")
    assert PAPER["usual"].accent in said
    safe = reports.html(full, made, read, [], "ja", palette="safe")
    assert PAPER["safe"].accent in safe
    assert PAPER["usual"].accent not in safe


def test_without_the_right_nothing_is_exported(full: Context, tmp_path: Path) -> None:
    full.playbook = replace(full.playbook, rules=replace(full.rules, rights={"rep": frozenset()}))
    with pytest.raises(Refused, match="export_not_allowed"):
        dashboard.export(full, dashboard.board(full, autumn(full)), tmp_path / "x.csv")
    assert list(tmp_path.glob("x.csv")) == []


def test_every_tile_and_what_it_opens_has_a_meaning() -> None:
    for code, beside in dashboard.TILES:
        for one in (code, *beside, *dashboard.parts(code)):
            known = dashboard.definition(one)
            assert known.label.ja
            assert known.formula.in_("en")
    assert timedelta(days=dashboard.Period("custom", FIRST, LAST, (FIRST, LAST)).days - 1) == LAST - FIRST
