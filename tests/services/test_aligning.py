"""The minutes of alignment meetings: decided, given out, carried over, closed, opened again; the same at two desks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.crm.port import Person
from isdesk.crm.sqlhub import SqlHub
from isdesk.desk import Desk
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.domain.alignment import Action, AlignmentMeeting, meeting_id, read_id
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import MemberId
from isdesk.services import agreeing, aligning, definitions, drifting, handoffs, history, kpi, minutes, packs
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, REP, TUESDAY, HandClock, add
from tests.services.test_agreeing import FAST, LEAD, WORDS
from tests.services.test_agreeing import REP as HUB_REP
from tests.services.test_handoffs import ready

MONDAY = date(2026, 11, 16)
WEEK = meeting_id("week", MONDAY)
NEXT = meeting_id("week", date(2026, 11, 23))


@pytest.fixture
def lead_ctx(ctx: Context) -> Context:
    """A team lead's desk."""
    ctx.me = replace(REP, role="team_lead")
    ctx.members[ctx.me.id] = ctx.me
    return ctx


def read(ctx: Context, kind: str = "week", first: date = MONDAY) -> AlignmentMeeting:
    return aligning.meeting(ctx, kind, first)


def over(ctx: Context, first: date) -> list[Action]:
    return list(packs.pack(ctx, "week", first).carried)


def test_a_decision_keeps_its_definition_its_cases_and_who_agreed(lead_ctx: Context) -> None:
    ctx = lead_ctx
    item, _ = aligning.decide(
        ctx, WEEK, " 初回対応を \n2時間に ", key="sla.first_response_hours", cases=["first_response:x"], agreed=[FS.id]
    )
    (one,) = read(ctx).decisions
    assert (one.id, one.text, one.key) == (item, "初回対応を 2時間に", "sla.first_response_hours")
    assert (one.cases, one.agreed, one.by) == (("first_response:x",), (FS.id,), ctx.me.id)
    aligning.decide(ctx, WEEK, "3時間に", agreed=[FS.id, OTHER.id], item=item)
    (one,) = read(ctx).decisions
    assert (one.text, one.agreed) == ("3時間に", (FS.id, OTHER.id))
    aligning.drop(ctx, WEEK, item)
    assert read(ctx).decisions == ()
    history.undo(ctx)
    assert [one.text for one in read(ctx).decisions] == ["3時間に"]
    history.undo(ctx)
    assert [one.text for one in read(ctx).decisions] == ["初回対応を 2時間に"]


def test_open_action_items_carry_over_until_they_are_done(lead_ctx: Context, clock: HandClock) -> None:
    ctx = lead_ctx
    first, _ = aligning.act(ctx, WEEK, "スクリプトを直す", owner=OTHER.id, due=date(2026, 11, 27))
    aligning.act(ctx, meeting_id("month", date(2026, 10, 1)), "展示会の名簿", owner=FS.id)
    week = [date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)]
    assert [one.text for one in over(ctx, week[0])] == ["スクリプトを直す", "展示会の名簿"]
    assert [one.text for one in over(ctx, MONDAY)] == ["展示会の名簿"]
    clock.go(days=7)
    assert over(ctx, week[1])[0].overdue(date(2026, 12, 1))
    aligning.finish(ctx, first)
    assert [one.done_at is not None for one in over(ctx, week[1])] == [True, False]
    clock.go(days=7)
    assert [one.text for one in over(ctx, week[2])] == ["展示会の名簿"]
    assert [one.text for one in over(ctx, week[0])] == ["スクリプトを直す", "展示会の名簿"]
    aligning.finish(ctx, first, done=False)
    assert [one.text for one in over(ctx, week[2])] == ["スクリプトを直す", "展示会の名簿"]
    history.undo(ctx)
    assert [one.text for one in over(ctx, week[2])] == ["展示会の名簿"]


def test_done_twice_is_refused_and_an_owner_may_say_it_of_the_own_only(lead_ctx: Context) -> None:
    ctx = lead_ctx
    mine, _ = aligning.act(ctx, WEEK, "甲", owner=OTHER.id)
    others, _ = aligning.act(ctx, WEEK, "乙", owner=FS.id)
    ctx.me = OTHER
    aligning.finish(ctx, mine)
    for item in (mine, others):
        with pytest.raises(Refused):
            aligning.finish(ctx, item)
    assert [one.done_by for one in read(ctx).actions] == [OTHER.id, None]


def test_closing_fixes_the_figures_and_opening_again_frees_them(lead_ctx: Context, clock: HandClock) -> None:
    ctx = lead_ctx
    one = add(ctx)
    ready(ctx, one)
    handoffs.submit(ctx, one)
    handoffs.return_(ctx, one, "issue_unclear")
    kpi.refresh(ctx)
    now = packs.pack(ctx, "week", date(2026, 11, 24))
    assert [case.kind for case in now.cases] == ["returned"]
    aligning.act(ctx, NEXT, "続き", owner=FS.id)
    aligning.close(ctx, NEXT, minutes.of(now), attendees=[FS.id, OTHER.id])
    clock.go(hours=1)
    handoffs.submit(ctx, one)
    handoffs.return_(ctx, one, "not_target")
    kpi.refresh(ctx)
    kept = packs.pack(ctx, "week", date(2026, 11, 24))
    assert kept.fixed
    assert (kept.tiles, kept.trend, kept.progress) == (now.tiles, now.trend, now.progress)
    assert (kept.cases, kept.drift, kept.questions) == (now.cases, now.drift, now.questions)
    assert kept.cases[0].name == "山田 太郎"
    assert kept.meeting.attendees == (FS.id, OTHER.id)
    assert [act.text for act in kept.meeting.actions] == ["続き"]
    for act in (
        lambda: aligning.decide(ctx, NEXT, "あとから"),
        lambda: aligning.act(ctx, NEXT, "あとから", owner=FS.id),
        lambda: aligning.close(ctx, NEXT, {}),
        lambda: aligning.drop(ctx, NEXT, kept.meeting.actions[0].id),
    ):
        with pytest.raises(Refused, match="minutes_closed"):
            act()
    aligning.reopen(ctx, NEXT)
    assert [case.kind for case in packs.pack(ctx, "week", date(2026, 11, 24)).cases] == ["returned", "returned"]
    with pytest.raises(Refused, match="minutes_open"):
        aligning.reopen(ctx, NEXT)
    history.undo(ctx)
    assert packs.pack(ctx, "week", date(2026, 11, 24)).cases == now.cases


def test_minutes_hold_no_names(lead_ctx: Context) -> None:
    ctx = lead_ctx
    one = add(ctx)
    ready(ctx, one)
    handoffs.submit(ctx, one)
    handoffs.return_(ctx, one, "issue_unclear")
    written = str(minutes.of(packs.pack(ctx, "week", date(2026, 11, 24))))
    assert one in written
    assert "山田" not in written
    assert "青葉精機" not in written


Act = Callable[[Context], object]
ACTS: dict[str, Act] = {
    "decide": lambda ctx: aligning.decide(ctx, WEEK, "x"),
    "act": lambda ctx: aligning.act(ctx, WEEK, "x", owner=FS.id),
    "close": lambda ctx: aligning.close(ctx, WEEK, {}),
    "reopen": lambda ctx: aligning.reopen(ctx, WEEK),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_rep_keeps_no_minutes(ctx: Context, name: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        ACTS[name](ctx)


def test_who_may_not_see_the_team_sees_neither_pack_nor_drift(ctx: Context) -> None:
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, rights={"rep": frozenset()}))
    for act in (
        lambda: packs.pack(ctx, "week", MONDAY),
        lambda: drifting.report(ctx, first=MONDAY, last=MONDAY),
        lambda: drifting.records(ctx, "below_bar", first=MONDAY, last=MONDAY),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            act()


@pytest.mark.parametrize("meeting", ["", "week", "week:2026-11-17", "month:2026-11-02", "year:2026-01-01", "week:x"])
def test_a_meeting_is_a_week_from_monday_or_a_month(lead_ctx: Context, meeting: str) -> None:
    assert read_id(meeting) is None
    with pytest.raises(BadInput, match="alignment_unknown"):
        aligning.decide(lead_ctx, meeting, "x")


def test_what_is_empty_unknown_or_in_the_future_is_refused(lead_ctx: Context) -> None:
    ctx = lead_ctx
    with pytest.raises(BadInput, match="minutes_empty"):
        aligning.decide(ctx, WEEK, " \n ")
    with pytest.raises(NotFound):
        aligning.act(ctx, WEEK, "x", owner="nobody")
    for act in (
        lambda: aligning.finish(ctx, "nosuch"),
        lambda: aligning.drop(ctx, WEEK, "nosuch"),
        lambda: aligning.decide(ctx, WEEK, "x", item="nosuch"),
        lambda: aligning.act(ctx, WEEK, "x", owner=FS.id, item="nosuch"),
    ):
        with pytest.raises(NotFound, match="minutes_item_not_found"):
            act()
    with pytest.raises(BadInput, match="period_future"):
        packs.pack(ctx, "week", date(2026, 11, 30))
    with pytest.raises(BadInput, match="period_unknown"):
        packs.pack(ctx, "year", date(2026, 11, 1))


# ---------------------------------------------------------------------------------------------------------- two desks


@pytest.fixture
def team(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """A team lead's desk and FS's at one hub."""
    path, clock = tmp_path / "hub.db", HandClock(TUESDAY)
    key, _ = vault.create(Path(f"{path}.key"), WORDS)
    fs = Person(MemberId("m-fs"), "中村 直樹", "fs", "fs@example.jp")
    SqlHub.create(f"sqlite:///{path}", people=[HUB_REP, LEAD, fs], user=LEAD.id, key=key).close()
    desks = []
    for person in (LEAD, fs):
        made, _ = Desk.create(tmp_path / person.id, name=person.name, email=person.email, passphrase=WORDS, clock=clock)
        made.connect("sqlhub", url=f"sqlite:///{path}", user=person.email, secret=WORDS, scope="team")
        made.sync()
        desks.append(made)
    with closing(desks[0]), closing(desks[1]):
        yield desks[0], desks[1]


def test_what_is_decided_at_one_desk_is_read_at_the_other_and_names_the_new_version(team: tuple[Desk, Desk]) -> None:
    lead, fs = team
    item, _ = aligning.decide(
        lead.ctx, WEEK, "初回対応を2時間に", key="sla.first_response_hours", agreed=[LEAD.id, "m-fs"]
    )
    task, _ = aligning.act(lead.ctx, WEEK, "資料を直す", owner="m-fs", due=date(2026, 11, 27))
    proposal, _ = agreeing.propose(
        lead.ctx, FAST, date(2026, 11, 24), "速く", origin=agreeing.Origin(WEEK, item, (LEAD.id, "m-fs"))
    )
    lead.sync(), fs.sync()
    aligning.finish(fs.ctx, task)
    agreeing.sign(fs.ctx, proposal, "field_sales")
    for department in DEPARTMENTS[:2]:
        agreeing.sign(lead.ctx, proposal, department)
    for _ in range(2):
        fs.sync(), lead.sync()
    assert aligning.meetings(lead.ctx) == aligning.meetings(fs.ctx)
    (act,) = aligning.meetings(lead.ctx)[WEEK].actions
    assert act.done_by == "m-fs"
    (found,) = packs.pack(fs.ctx, "week", MONDAY).proposals
    assert (found.alignment, found.decision, found.agreed) == (WEEK, item, (LEAD.id, "m-fs"))
    assert fs.ctx.rules.sla.first_response_hours == 2.0
    about = definitions.about(fs.ctx)
    assert about.agreed_on == "2026-11-24"
    assert set(about.agreed_by) == {"マーケティング 森 恵", "IS 森 恵", "FS 中村 直樹"}
    assert "握り直し会議(2026-11-16 の週)で決定。合意: 森 恵、中村 直樹" in about.note
    assert "握り直し会議(2026-11-16 の週)で決定" in definitions.document(fs.ctx)
    assert "Decided at the Alignment meeting (week of 2026-11-16)" in definitions.document(fs.ctx, "en")


def test_two_desks_that_write_without_hearing_of_each_other_lose_nothing(team: tuple[Desk, Desk]) -> None:
    lead, fs = team
    clock = lead.ctx.clock
    assert isinstance(clock, HandClock)
    aligning.decide(lead.ctx, WEEK, "甲")
    aligning.close(lead.ctx, WEEK, {}, attendees=[LEAD.id])
    clock.go(minutes=5)
    aligning.decide(fs.ctx, WEEK, "乙")
    aligning.close(fs.ctx, WEEK, {}, attendees=["m-fs"])
    for _ in range(2):
        lead.sync(), fs.sync()
    ours, theirs = aligning.meetings(lead.ctx)[WEEK], aligning.meetings(fs.ctx)[WEEK]
    assert ours == theirs
    assert [(one.text, one.late) for one in ours.decisions] == [("甲", False), ("乙", True)]
    assert ours.attendees == (LEAD.id,)
    aligning.reopen(fs.ctx, WEEK)
    assert not aligning.meetings(fs.ctx)[WEEK].closed
