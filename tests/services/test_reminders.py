"""Being reminded on a real desk, without a network: promises, clocks, returned handoffs and replies, once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.services import calls, handoffs, history, leads, reminders, signals
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, HandClock, add
from tests.services.test_handoffs import ready


def said(ctx: Context) -> list[tuple[str, LeadId]]:
    return [(one.kind, one.lead_id) for one in reminders.fresh(ctx).every]


def promise(ctx: Context, lead: LeadId, **by: float) -> None:
    at = ctx.now() + timedelta(**by)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=at))


def test_a_promised_callback_is_told_two_minutes_before_and_once(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=2)
    assert said(ctx) == []
    clock.go(minutes=118)
    assert said(ctx) == [("callback", lead)]
    clock.go(minutes=2)
    assert said(ctx) == []


def test_a_kept_or_moved_promise_is_not_told(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=1)
    calls.record(ctx, lead, "NO_ANSWER")
    clock.go(hours=1)
    assert said(ctx) == []
    promise(ctx, lead, hours=1)
    clock.go(hours=1)
    assert said(ctx) == [("callback", lead)]
    promise(ctx, lead, minutes=30)
    clock.go(minutes=30)
    assert said(ctx) == [("callback", lead)]


def test_a_clock_that_begins_to_warn_is_told(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    leads.edit(ctx, lead, {"received_at": clock.now().isoformat()})
    assert said(ctx) == []
    risk = leads.view(ctx, lead).state.sla_risk_at
    assert risk is not None
    clock.at = risk
    assert said(ctx) == [("sla", lead)]


def test_after_a_long_sleep_there_is_one_sentence(ctx: Context, clock: HandClock) -> None:
    for number in range(6):
        promise(ctx, add(ctx, f"見本 {number}", company__name=f"会社{number}"), hours=1)
    clock.go(hours=5)
    picked = reminders.fresh(ctx)
    assert (len(picked.single), len(picked.folded)) == (0, 6)
    assert reminders.fresh(ctx).every == ()


def test_a_snooze_survives_and_says_it_again(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=1)
    clock.go(hours=1)
    (one,) = reminders.fresh(ctx).single
    reminders.snooze(ctx, [one.key], 10)
    clock.go(minutes=9)
    assert said(ctx) == []
    clock.go(minutes=1)
    assert said(ctx) == [("callback", lead)]
    with pytest.raises(BadInput):
        reminders.snooze(ctx, [one.key], 0)


def test_only_what_is_wanted_and_only_the_own(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=1)
    promise(ctx, add(ctx, "佐藤 花子", owner_id=OTHER.id), hours=1)
    clock.go(hours=1)
    assert reminders.fresh(ctx, {"sla"}).every == ()
    assert said(ctx) == [("callback", lead)]


def test_a_returned_handoff_is_told_once_also_when_the_machine_slept(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    clock.go(hours=1)
    assert said(ctx) == []
    rep, ctx.me = ctx.me, replace(ctx.me, id=FS.id)
    handoffs.return_(ctx, lead, "時期未確認")
    ctx.me = rep
    clock.go(hours=14)
    assert said(ctx) == [("returned", lead)]
    clock.go(minutes=1)
    assert said(ctx) == []


@pytest.mark.parametrize("days", [0, 3, 10])
def test_a_reply_that_came_over_a_weekend_or_holidays_is_told_once(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path, days: int
) -> None:
    file = tmp_path / "replies.csv"
    file.write_text("メール,種別,日時\nyamada@example.co.jp,返信,2026-11-24 09:55\n", "utf-8")
    clock.go(days=days)
    assert signals.take_in(ctx, file).taken == 1
    assert said(ctx) == [("reply", lead)]
    clock.go(minutes=1)
    assert said(ctx) == []


def test_a_snooze_over_the_night_says_it_once_in_the_morning(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=1)
    clock.go(hours=1)
    (one,) = reminders.fresh(ctx).single
    reminders.snooze(ctx, [one.key], 30)
    clock.go(hours=15)
    assert said(ctx) == [("callback", lead)]
    assert said(ctx) == []


FRIDAY, MONDAY = datetime(2026, 11, 27, tzinfo=TOKYO), datetime(2026, 11, 30, tzinfo=TOKYO)


@pytest.mark.parametrize("hour", [17.9, 21.0])
def test_what_came_on_friday_evening_is_told_on_monday_morning_once(
    ctx: Context, clock: HandClock, lead: LeadId, tmp_path: Path, hour: float
) -> None:
    clock.at = FRIDAY + timedelta(hours=hour)
    assert said(ctx) == []
    file = tmp_path / "replies.csv"
    file.write_text(f"email,event,date\nyamada@example.co.jp,返信,{clock.at.isoformat()}\n", "utf-8")
    assert signals.take_in(ctx, file).taken == 1
    clock.at = MONDAY + timedelta(hours=9)
    assert said(ctx) == [("reply", lead)]
    clock.go(days=1)
    assert said(ctx) == []


def test_a_clock_that_began_to_warn_before_the_weekend_is_told_after_it_while_it_can_be_kept(
    ctx: Context, clock: HandClock
) -> None:
    clock.at = FRIDAY + timedelta(hours=12)
    for name, at in (("間に合う", timedelta(hours=17, minutes=5)), ("切れた", timedelta(hours=16, minutes=55))):
        lead = add(ctx, name, email=f"{name}@example.jp")
        leads.edit(ctx, lead, {"received_at": (FRIDAY + at).isoformat()})
        state = leads.view(ctx, lead).state
        assert state.sla_risk_at is not None
        assert state.sla_risk_at < FRIDAY + timedelta(days=1)
    clock.at = MONDAY + timedelta(hours=9, minutes=1)
    assert [(one.kind, one.name) for one in reminders.fresh(ctx).every] == [("sla", "間に合う")]
    assert said(ctx) == []


def test_a_clock_that_breaks_while_it_is_put_off_or_in_a_long_call_is_told_as_broken(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    leads.edit(ctx, lead, {"received_at": clock.now().isoformat()})
    state = leads.view(ctx, lead).state
    assert state.sla_risk_at is not None
    assert state.sla_due_at is not None
    clock.at = state.sla_due_at - timedelta(minutes=8)
    (one,) = reminders.fresh(ctx).every
    reminders.snooze(ctx, [one.key], 10)
    clock.at = state.sla_due_at
    assert said(ctx) == []
    clock.go(minutes=2)
    assert said(ctx) == [("sla", lead)]
    later = add(ctx, "長電話の間", email="long@example.jp")
    leads.edit(ctx, later, {"received_at": clock.now().isoformat()})
    due = leads.view(ctx, later).state.sla_due_at
    assert due is not None
    clock.at = due + timedelta(minutes=5)
    assert said(ctx) == [("sla", later)]
    clock.go(days=1)
    assert said(ctx) == []


def test_a_snooze_comes_back_however_long_ago_it_was(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promise(ctx, lead, hours=1)
    clock.go(hours=1)
    for _ in range(5):
        (one,) = reminders.fresh(ctx).every
        reminders.snooze(ctx, [one.key], 24 * 60)
        clock.go(days=1)
    assert said(ctx) == [("callback", lead)]


def test_what_was_handled_and_forgotten_is_told_again_when_it_is_taken_back(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    other = add(ctx, "佐藤 花子")
    for one in (lead, other):
        promise(ctx, one, hours=1)
    clock.go(hours=1)
    keys = {one.lead_id: one.key for one in reminders.fresh(ctx).every}
    calls.record(ctx, lead, "NO_ANSWER")
    reminders.forget(ctx, [keys[lead]])
    assert said(ctx) == []
    history.undo(ctx)
    assert said(ctx) == [("callback", lead)]
    assert said(ctx) == []
