"""An outcome that is given by hand while a talk of the lead waits for one: it is that talk's, at its time, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import End
from isdesk.domain.touch import ActionKind, Channel, Direction, Touch, effective
from isdesk.services import attaching, calls, history, open_calls, phoning, signals
from isdesk.services import leads as verbs
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.store import leads
from tests.services.conftest import HandClock, add

NUMBER = "+81522111234"


def talk(ctx: Context, lead: LeadId, key: str = "k1", end: End | None = End.ANSWERED) -> OpenCall:
    made = OpenCall(key, lead, NUMBER, ctx.now(), True, True, True, ring_s=4, talk_s=90, end=end)
    phoning.hold(ctx, made)
    return made


def touches(ctx: Context, lead: LeadId) -> list[Touch]:
    with ctx.store.read() as tx:
        return leads.touches(tx, lead)


def test_it_is_the_talk_that_waits(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    kept = talk(ctx, lead)
    clock.go(hours=2)
    shown = calls.previews(ctx, lead)["INTERESTED"].plan
    made = calls.record(ctx, lead, "INTERESTED")
    (touch,) = touches(ctx, lead)
    assert (touch.at, touch.direction, touch.number) == (kept.at, Direction.IN, NUMBER)
    assert (touch.ring_s, touch.talk_s, touch.dial_id) == (4, 90, None)
    assert made.plan == shown, "what the key promised is what it did"
    assert phoning.unfinished(ctx) is None
    with pytest.raises(Refused, match="call_recorded"):
        phoning.take(ctx, lead, NUMBER, "new", kept.id)


def test_of_a_talk_whose_end_was_never_heard_nobody_knows_how_long_it_took(ctx: Context, lead: LeadId) -> None:
    talk(ctx, lead, end=None)
    calls.record(ctx, lead, "INTERESTED")
    (touch,) = touches(ctx, lead)
    assert (touch.direction, touch.ring_s, touch.talk_s) == (Direction.IN, 4, None)


@pytest.mark.parametrize("said", ["another lead", "a mail", "another time"])
def test_what_is_something_else_leaves_the_talk_waiting(ctx: Context, lead: LeadId, said: str) -> None:
    kept = talk(ctx, lead)
    who = add(ctx, "別 花子") if said == "another lead" else lead
    given = RecordInput(at=ctx.now() - timedelta(days=1)) if said == "another time" else RecordInput()
    code = "INTERESTED"
    if said == "a mail":
        given = RecordInput(channel=Channel.MAIL)
        code = next(one.code for one in ctx.rules.outcomes_on(Channel.MAIL) if not one.requires)
    calls.record(ctx, who, code, given)
    assert touches(ctx, who)[-1].talk_s is None
    assert phoning.unfinished(ctx) == kept


def test_a_talk_from_a_shared_number_is_that_of_the_lead_that_is_recorded(ctx: Context, lead: LeadId) -> None:
    told = LooseCall("k1", "0529990001", ctx.now(), answered=True, ring_s=4, talk_s=90, over=True)
    for one in (told, replace(told, id="k2", answered=False, talk_s=None), replace(told, id="k3", told="0399998888")):
        attaching.keep(ctx, one)
    fields = {"phone_direct": "052-999-0001", "company.name": "同番商事"}
    mine = [verbs.create(ctx, {"name": name, **fields})[0] for name in ("同番 一", "同番 二")]
    calls.record(ctx, lead, "INTERESTED")
    assert touches(ctx, lead)[-1].talk_s is None, "whose number it is not takes no talk of it"
    for of_two in mine:
        calls.record(ctx, of_two, "INTERESTED")
    first, other = (touches(ctx, of_two)[-1] for of_two in mine)
    assert (first.direction, first.number, first.at) == (Direction.IN, "+81529990001", told.at)
    assert (first.ring_s, first.talk_s) == (4, 90)
    assert (other.direction, other.talk_s) == (Direction.OUT, None), "it is one touch"
    assert [one.id for one in attaching.waiting(ctx)] == ["k2", "k3"]


def test_of_two_talks_one_waits_on(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    first = talk(ctx, lead)
    clock.go(minutes=30)
    second = talk(ctx, lead, "k2")
    calls.record(ctx, lead, "INTERESTED")
    assert [one.at for one in touches(ctx, lead)] == [second.at]
    assert phoning.unfinished(ctx) == first
    calls.record(ctx, lead, "CALLBACK_LOOSE")
    assert [(one.outcome, one.at >= second.at) for one in touches(ctx, lead)] == [
        ("INTERESTED", True),
        ("CALLBACK_LOOSE", True),
    ], "what is said last comes last, though its talk was the first"
    assert phoning.unfinished(ctx) is None


def test_a_talk_that_is_taken_keeps_its_begin_and_what_was_told(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    kept = talk(ctx, lead)
    clock.go(hours=1)
    taken = phoning.take(ctx, lead, NUMBER, "new", kept.id)
    assert (taken.id, taken.at, taken.talk_s, taken.end) == ("new", kept.at, 90, End.ANSWERED)


def test_a_call_that_is_at_work_gives_way_to_none_that_is_taken(ctx: Context, lead: LeadId) -> None:
    calls.begin_dial(ctx, lead, NUMBER, "mine")
    other = add(ctx, "別 花子")
    phoning.take(ctx, other, NUMBER, "theirs")
    with ctx.store.read() as tx:
        assert [one.id for one in open_calls.waiting(tx)] == ["theirs", "mine"]


# ---------------------------------------------------------------------------------------------- the time of a call


def ours(ctx: Context, lead: LeadId, talked: int) -> RecordInput:
    made = OpenCall("mine", lead, NUMBER, ctx.now(), told=True, answered=True, ring_s=0, talk_s=talked)
    with ctx.store.write() as tx:
        open_calls.put(tx, made)
    return calls.with_call(RecordInput(), made)


def test_what_comes_next_is_counted_from_the_end_of_the_call(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    began, given = ctx.now(), ours(ctx, lead, 1200)
    clock.go(minutes=30)
    made = calls.record(ctx, lead, "DM_AWAY_SHORT", given)
    (touch,) = touches(ctx, lead)
    assert touch.at == began
    assert made.plan.due_at == began + timedelta(minutes=20 + 90)


def test_a_time_before_the_end_of_the_call_is_no_promise(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    began, given = ctx.now(), ours(ctx, lead, 1800)
    clock.go(minutes=40)
    with pytest.raises(BadInput, match="time_past"):
        calls.record(ctx, lead, "CALLBACK_AT", replace(given, callback_at=began + timedelta(minutes=20)))


def test_the_outcome_decides_over_what_was_written_while_the_call_went_on(
    ctx: Context, lead: LeadId, clock: HandClock
) -> None:
    given = ours(ctx, lead, 1800)
    clock.go(minutes=10)
    phoning.missed(ctx, lead, NUMBER, "second line", 5)
    clock.go(minutes=25)
    calls.record(ctx, lead, "NURTURE_LOW", given)
    assert [one.outcome for one in touches(ctx, lead)] == [None, "NURTURE_LOW"]
    with ctx.store.read() as tx:
        state, _ = leads.states(tx, [lead])[lead]
    assert state.next_action is not None
    assert state.next_action.why != "inbound"


def test_a_clock_that_was_put_back_does_not_lock_a_call_out(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    given = ours(ctx, lead, 60)
    clock.go(hours=-2)
    calls.record(ctx, lead, "INTERESTED", given)
    assert touches(ctx, lead)[0].at <= ctx.now()


# ------------------------------------------------------------------------------------- an outcome that is given late


def due(ctx: Context, lead: LeadId) -> tuple[ActionKind, datetime]:
    with ctx.store.read() as tx:
        action = leads.states(tx, [lead])[lead][0].next_action
    assert action is not None
    return action.kind, action.due_at


@pytest.mark.parametrize("code", ["GATEKEEPER_REFUSED", "CALLBACK_AT", "INTERESTED"])
@pytest.mark.parametrize("since", ["a call nobody took", "a dial of ours", "both"])
def test_what_is_recorded_last_decides_what_comes_next(
    ctx: Context, lead: LeadId, clock: HandClock, code: str, since: str
) -> None:
    kept = talk(ctx, lead)
    clock.go(minutes=3)
    if since != "a dial of ours":
        phoning.missed(ctx, lead, NUMBER, "k2")
        clock.go(minutes=3)
    if since != "a call nobody took":
        calls.record(ctx, lead, "NO_ANSWER", RecordInput(at=ctx.now()))
        clock.go(hours=1)
    given = RecordInput(callback_at=ctx.now() + timedelta(days=1)) if code == "CALLBACK_AT" else RecordInput()
    shown = calls.preview(ctx, lead, code, given).plan
    made = calls.record(ctx, lead, code, given)
    assert made.plan == shown
    assert due(ctx, lead) == (shown.action, shown.due_at), "what the key promised is what the queue has"
    last = effective(touches(ctx, lead))[-1]
    assert (last.id, last.talk_s) == (made.touch_id, 90)
    assert kept.at < last.at < ctx.now()


def test_what_the_customer_did_after_the_talk_stays_after_it(
    ctx: Context, lead: LeadId, clock: HandClock, tmp_path: Path
) -> None:
    kept = talk(ctx, lead)
    clock.go(minutes=30)
    listed = tmp_path / "events.csv"
    at = f"{ctx.now().astimezone(TOKYO):%Y/%m/%d %H:%M}"
    listed.write_text(f"メールアドレス,種別,日時\nyamada@example.co.jp,資料ダウンロード,{at}\n", "utf-8")
    assert signals.take_in(ctx, listed).taken == 1
    clock.go(minutes=30)
    calls.record(ctx, lead, "INTERESTED")
    first, second = effective(touches(ctx, lead))
    assert (first.at, first.outcome, second.signal) == (kept.at, "INTERESTED", "download")


def test_a_call_of_before_promises_nothing_that_is_past(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    given = ours(ctx, lead, 60)
    clock.go(days=2)
    with pytest.raises(BadInput, match="time_past"):
        calls.record(ctx, lead, "CALLBACK_AT", replace(given, callback_at=ctx.now() - timedelta(days=1)))
    assert not touches(ctx, lead)


def test_a_call_that_nobody_took_brings_the_lead_up_past_what_was_written_while_it_rang(
    ctx: Context, lead: LeadId, clock: HandClock
) -> None:
    began = ctx.now()
    clock.go(seconds=10)
    calls.record(ctx, lead, "NO_ANSWER")
    clock.go(seconds=10)
    phoning.missed(ctx, lead, NUMBER, "k1", 20, began)
    assert due(ctx, lead)[0] is ActionKind.CALLBACK_LOOSE


# ------------------------------------------------------------------------------------ an outcome that was taken back


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_the_right_outcome_after_undo_is_that_of_the_same_call(
    ctx: Context, lead: LeadId, clock: HandClock, whose: str
) -> None:
    given = RecordInput()
    if whose == "theirs":
        talk(ctx, lead)
    else:
        given = ours(ctx, lead, 61)
    clock.go(minutes=5)
    first = calls.record(ctx, lead, "INTERESTED", given)
    (wrong,) = touches(ctx, lead)
    clock.go(minutes=3)
    history.undo(ctx)
    assert phoning.unfinished(ctx) is None
    clock.go(minutes=3)
    shown = calls.previews(ctx, lead)["GATEKEEPER_REFUSED"].plan
    made = calls.record(ctx, lead, "GATEKEEPER_REFUSED")
    (right,) = effective(touches(ctx, lead))
    assert (made.plan, right.outcome) == (shown, "GATEKEEPER_REFUSED")
    assert first.touch_id != made.touch_id
    for what in ("at", "direction", "number", "ring_s", "talk_s", "dial_id"):
        assert getattr(right, what) == getattr(wrong, what), what
    calls.record(ctx, lead, "NO_ANSWER")
    last = effective(touches(ctx, lead))[-1]
    assert (last.at, last.direction, last.talk_s) == (ctx.now(), Direction.OUT, None), "a call has one outcome"


def test_an_outcome_that_was_taken_back_twice_is_still_that_of_the_call(ctx: Context, lead: LeadId) -> None:
    kept = talk(ctx, lead)
    for code in ("INTERESTED", "GATEKEEPER_REFUSED"):
        calls.record(ctx, lead, code)
        history.undo(ctx)
    calls.record(ctx, lead, "NURTURE_LOW")
    (touch,) = effective(touches(ctx, lead))
    assert (touch.at, touch.direction, touch.talk_s) == (kept.at, Direction.IN, 90)


@pytest.mark.parametrize("then", ["redo", "later", "a new call", "told of another", "another lead", "a mail"])
def test_what_is_another_call_takes_nothing_of_the_one_before(
    ctx: Context, lead: LeadId, clock: HandClock, then: str
) -> None:
    talk(ctx, lead)
    clock.go(minutes=5)
    calls.record(ctx, lead, "INTERESTED")
    history.undo(ctx)
    clock.go(minutes=1)
    who, code, given = lead, "NO_ANSWER", RecordInput()
    match then:
        case "redo":
            history.redo(ctx)
        case "later":
            clock.go(minutes=30)
        case "a new call":
            calls.begin_dial(ctx, lead, NUMBER, "mine")
        case "told of another":
            given = RecordInput(ring_s=20)
        case "another lead":
            who = add(ctx, "別 花子")
        case _:
            given = RecordInput(channel=Channel.MAIL)
            code = next(one.code for one in ctx.rules.outcomes_on(Channel.MAIL) if not one.requires)
    calls.record(ctx, who, code, given)
    last = effective(touches(ctx, who))[-1]
    assert (last.outcome, last.at, last.talk_s) == (code, ctx.now(), None)
    assert last.channel is Channel.MAIL or last.direction is Direction.OUT


def test_what_was_written_after_the_call_gives_way_to_its_right_outcome(
    ctx: Context, lead: LeadId, clock: HandClock
) -> None:
    talk(ctx, lead)
    calls.record(ctx, lead, "INTERESTED")
    history.undo(ctx)
    clock.go(minutes=3)
    phoning.missed(ctx, lead, NUMBER, "k2")
    clock.go(minutes=3)
    made = calls.record(ctx, lead, "NURTURE_LOW")
    assert due(ctx, lead) == (made.plan.action, made.plan.due_at)
