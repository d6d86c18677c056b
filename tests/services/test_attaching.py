"""Calls from nobody we know: kept over a restart, put to a lead as one touch, their number offered and never forced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind, Direction, Touch, effective
from isdesk.services import attaching, calls, history, open_calls, phoning
from isdesk.services import leads as verbs
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.open_calls import MISSED_DAYS, MOST_MISSED, LooseCall
from isdesk.store import leads
from tests.services.conftest import HandClock, add

UNKNOWN, MOBILE = "0399998888", "09012345678"
E164 = "+81399998888"


@pytest.fixture
def talk(ctx: Context, clock: HandClock) -> LooseCall:
    """Give a talk of 20 seconds with a number that nobody has, an hour ago."""
    made = LooseCall("in.1", UNKNOWN, clock.now(), answered=True, ring_s=5, talk_s=20, over=True)
    attaching.keep(ctx, made)
    clock.go(hours=1)
    return made


@pytest.fixture
def missed(ctx: Context, clock: HandClock) -> LooseCall:
    """Give a call that nobody took, an hour ago."""
    made = LooseCall("in.2", UNKNOWN, clock.now(), ring_s=9, over=True)
    attaching.keep(ctx, made)
    clock.go(hours=1)
    return made


def bare(ctx: Context, name: str, **fields: str) -> LeadId:
    """Make a lead with these numbers alone."""
    return verbs.create(ctx, {"name": name, **fields})[0]


def touches(ctx: Context, lead_id: LeadId) -> list[Touch]:
    with ctx.store.read() as tx:
        return leads.touches(tx, lead_id)


def number(ctx: Context, lead_id: LeadId, path: str = "phone_direct") -> object:
    return verbs.view(ctx, lead_id).fields.get(path)


def test_a_talk_waits_for_its_outcome_and_is_one_touch_of_its_time(ctx: Context, talk: LooseCall) -> None:
    lead_id = add(ctx, "受電 太郎")
    kept = attaching.attach(ctx, talk.id, lead_id).kept
    assert kept is not None
    assert not touches(ctx, lead_id), "what it was worth is for the rep to say"
    assert phoning.unfinished(ctx) == kept, "the next start would ask for it"
    assert attaching.waiting(ctx) == []
    calls.record(ctx, lead_id, "INTERESTED", replace(calls.with_call(RecordInput(), kept), at=kept.at))
    (touch,) = touches(ctx, lead_id)
    assert (touch.direction, touch.number, touch.ring_s, touch.talk_s) == (Direction.IN, E164, 5, 20)
    assert touch.at == talk.at
    assert phoning.unfinished(ctx) is None
    with pytest.raises(Refused) as told:
        attaching.attach(ctx, talk.id, lead_id)
    assert told.value.code == "call_recorded"


def test_a_missed_call_is_written_at_once_and_brings_the_lead_up(ctx: Context, missed: LooseCall) -> None:
    lead_id = add(ctx, "不在 花子")
    made = attaching.attach(ctx, missed.id, lead_id)
    assert made.kept is None
    (touch,) = touches(ctx, lead_id)
    assert (touch.direction, touch.outcome, touch.number, touch.ring_s) == (Direction.IN, None, E164, 9)
    assert touch.at == missed.at
    state = verbs.view(ctx, lead_id).state
    assert state.next_action is not None
    assert state.next_action.kind is ActionKind.CALLBACK_LOOSE
    with pytest.raises(Refused):
        attaching.attach(ctx, missed.id, lead_id)
    assert len(touches(ctx, lead_id)) == 1
    history.undo(ctx)
    assert not effective(touches(ctx, lead_id))
    assert [one.id for one in attaching.waiting(ctx)] == [missed.id], "it can be put to another one"
    other = add(ctx, "別人 次郎")
    attaching.attach(ctx, missed.id, other)
    assert len(effective(touches(ctx, other))) == 1
    assert attaching.waiting(ctx) == []


def test_a_lead_that_is_not_there_leaves_the_call_where_it_is(ctx: Context, talk: LooseCall, missed: LooseCall) -> None:
    for one in (talk, missed):
        with pytest.raises(NotFound):
            attaching.attach(ctx, one.id, LeadId("nobody"))
    assert attaching.waiting(ctx) == [talk, missed]


def test_the_number_joins_a_free_place_and_overwrites_none(ctx: Context) -> None:
    free, full = bare(ctx, "空き"), bare(ctx, "登録済", phone_direct="03-1111-2222")
    attaching.add_number(ctx, free, UNKNOWN)
    assert number(ctx, free) == E164
    assert not attaching.add_number(ctx, free, UNKNOWN).changes.leads, "it stands there already"
    attaching.add_number(ctx, full, UNKNOWN)
    assert number(ctx, full) == "+81311112222"
    attaching.add_number(ctx, full, MOBILE)
    assert number(ctx, full, "phone_mobile") == "+819012345678"
    assert [one.lead_id for one in phoning.callers(ctx, UNKNOWN)] == [free], "the next call finds the lead"
    assert not attaching.add_number(ctx, full, "").changes.leads


def test_candidates_say_where_the_number_would_go(ctx: Context) -> None:
    bare(ctx, "空き 一郎")
    bare(ctx, "空き 二郎", phone_direct="03-1111-2222")
    found = {one.found.name: one.place for one in attaching.candidates(ctx, "空き", UNKNOWN)}
    assert found == {"空き 一郎": "phone_direct", "空き 二郎": ""}
    assert {one.place for one in attaching.candidates(ctx, "空き", MOBILE)} == {"phone_mobile"}
    assert {one.place for one in attaching.candidates(ctx, "空き", "anonymous")} == {""}


def test_a_new_lead_has_the_number_and_needs_a_name(ctx: Context, talk: LooseCall) -> None:
    lead_id, _ = attaching.new_lead(ctx, " 新規 三郎 ", "青葉商事", talk.told)
    view = verbs.view(ctx, lead_id)
    assert (view.fields["name"], view.company["name"], view.fields["phone_direct"]) == ("新規 三郎", "青葉商事", E164)
    mobile, _ = attaching.new_lead(ctx, "", "携帯だけ", MOBILE)
    assert number(ctx, mobile, "phone_mobile") == "+819012345678"
    hidden, _ = attaching.new_lead(ctx, "非通知", "", "")
    assert verbs.view(ctx, hidden).phones == ()
    with pytest.raises(BadInput):
        attaching.new_lead(ctx, " ", "", talk.told)


def test_a_number_that_must_not_be_called_joins_nobody_and_calls_nobody_back(
    ctx: Context, clock: HandClock, missed: LooseCall
) -> None:
    refused = add(ctx, "拒否", phone_direct=UNKNOWN)
    verbs.set_do_not_call(ctx, refused)
    verbs.edit(ctx, refused, {"phone_direct": None})
    assert attaching.barred(ctx, UNKNOWN)
    assert not attaching.barred(ctx, "")
    other = bare(ctx, "同僚", phone_mobile="090-1111-2222")
    before = verbs.view(ctx, other).state.next_action
    attaching.attach(ctx, missed.id, other)
    (touch,) = touches(ctx, other)
    assert (touch.number, touch.plan and touch.plan.why) == (E164, "stay"), (
        "that they called is a fact; it is no reason to call"
    )
    after = verbs.view(ctx, other).state.next_action
    assert before is not None
    assert after is not None
    assert after.kind is before.kind
    assert {one.place for one in attaching.candidates(ctx, "同僚", UNKNOWN)} == {""}
    with pytest.raises(Refused) as told:
        attaching.add_number(ctx, other, UNKNOWN)
    assert told.value.code == "number_barred"
    fresh, _ = attaching.new_lead(ctx, "新しい人", "", UNKNOWN)
    assert verbs.view(ctx, fresh).may_dial == "dnc"


def test_talks_stay_and_old_calls_that_nobody_took_go(ctx: Context, clock: HandClock, talk: LooseCall) -> None:
    for n in range(MOST_MISSED + 5):
        attaching.keep(ctx, LooseCall(f"m.{n}", UNKNOWN, clock.now(), over=True))
    kept = attaching.waiting(ctx)
    assert len(kept) == MOST_MISSED + 1
    assert kept[0] == talk
    assert kept[-1].id == f"m.{MOST_MISSED + 4}"
    clock.go(days=MISSED_DAYS)
    late = LooseCall("late", "", clock.now(), over=True)
    attaching.keep(ctx, late)
    assert attaching.waiting(ctx) == [talk, late]
    phoning.let_go(ctx, talk.id)
    assert attaching.waiting(ctx) == [late], "who puts it away says that there is nothing to record"


def test_a_talk_whose_end_was_never_heard_has_none(ctx: Context, clock: HandClock) -> None:
    on = LooseCall("on", "", clock.now(), answered=True, ring_s=4)
    attaching.keep(ctx, on)
    attaching.keep(ctx, replace(on, ring_s=5))
    assert attaching.waiting(ctx) == [replace(on, ring_s=5)], "it is one call, however often it is kept"
    clock.go(hours=1)
    kept = attaching.attach(ctx, "on", add(ctx, "途中")).kept
    assert kept is not None
    assert (kept.end, kept.number, kept.answered) == (None, "", True)
    assert kept.at == on.at


def test_a_call_that_was_opened_meanwhile_is_nobodys_no_more(ctx: Context, talk: LooseCall) -> None:
    lead_id = add(ctx, "開いた")
    phoning.take(ctx, lead_id, UNKNOWN, "desk.1", talk.id)
    assert attaching.waiting(ctx) == []
    with ctx.store.read() as tx:
        assert [one.id for one in open_calls.waiting(tx)] == ["desk.1"]


def test_a_missed_call_brings_the_lead_up_past_what_was_written_since(
    ctx: Context, missed: LooseCall, clock: HandClock
) -> None:
    lead_id = add(ctx, "受電 太郎")
    calls.record(ctx, lead_id, "NO_ANSWER")
    clock.go(hours=1)
    attaching.attach(ctx, missed.id, lead_id)
    assert phoning.after(ctx, lead_id) is phoning.After.CALLED_BACK
    with ctx.store.read() as tx:
        action = leads.states(tx, [lead_id])[lead_id][0].next_action
    assert action is not None
    assert action.kind is ActionKind.CALLBACK_LOOSE


def test_a_missed_call_that_was_put_to_a_lead_again_waits_no_more(ctx: Context, missed: LooseCall) -> None:
    lead_id = add(ctx, "受電 太郎")
    attaching.attach(ctx, missed.id, lead_id)
    for _ in range(2):
        history.undo(ctx)
        assert [one.id for one in attaching.waiting(ctx)] == [missed.id]
        history.redo(ctx)
        assert attaching.waiting(ctx) == []
        with pytest.raises(Refused, match="call_recorded"):
            attaching.attach(ctx, missed.id, add(ctx, "別人 次郎"))
        history.undo(ctx)  # the other one
    assert len(effective(touches(ctx, lead_id))) == 1


def test_a_talk_whose_new_lead_was_taken_back_is_nobodys_again(ctx: Context, talk: LooseCall) -> None:
    made, _ = attaching.new_lead(ctx, "間違い", "会社", UNKNOWN)
    kept = attaching.attach(ctx, talk.id, made).kept
    assert kept is not None
    phoning.take(ctx, made, UNKNOWN, kept.id, kept.id)
    assert attaching.waiting(ctx) == []
    history.undo(ctx)
    (again,) = attaching.waiting(ctx)
    assert replace(again, told=UNKNOWN) == talk
    assert phoning.number_of(again.told) == E164
    right = add(ctx, "受電 太郎")
    calls.begin_dial(ctx, right, "+81522111234", "mine")
    calls.record(ctx, right, "NO_ANSWER", RecordInput(call="mine"))
    assert attaching.waiting(ctx) == [again], "a dial of ours does not make it forgotten"
    other = attaching.attach(ctx, talk.id, right).kept
    assert other is not None
    calls.record(ctx, right, "INTERESTED", calls.with_call(RecordInput(), other))
    last = effective(touches(ctx, right))[-1]
    assert (last.direction, last.talk_s, last.ring_s) == (Direction.IN, 20, 5)
    assert attaching.waiting(ctx) == []
    assert phoning.unfinished(ctx) is None


def test_a_talk_has_its_new_lead_again_where_that_is_made_again(ctx: Context, talk: LooseCall) -> None:
    made, _ = attaching.new_lead(ctx, "新規 一郎", "会社", UNKNOWN)
    attaching.attach(ctx, talk.id, made)
    history.undo(ctx)
    history.redo(ctx)
    assert attaching.waiting(ctx) == []
    waits = phoning.unfinished(ctx)
    assert waits is not None
    assert (waits.id, waits.lead_id) == (talk.id, made)


def test_a_talk_whose_lead_is_gone_can_be_put_away(ctx: Context, talk: LooseCall) -> None:
    made, _ = attaching.new_lead(ctx, "間違い", "会社", UNKNOWN)
    attaching.attach(ctx, talk.id, made)
    history.undo(ctx)
    phoning.leave(ctx, talk.id)
    assert [one.id for one in attaching.waiting(ctx)] == [talk.id], "to go on without its lead is not to forget it"
    phoning.let_go(ctx, talk.id)
    assert attaching.waiting(ctx) == []
