"""Merging two leads of one person: nothing of either is lost, nobody is called who must not be, and undo parts them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from isdesk.domain.changes import Obj
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind
from isdesk.services import booking, calls, handoffs, history, leads, merging, queue, search
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.store import fold
from isdesk.store import leads as stored
from tests.services.conftest import FS, HandClock, add
from tests.services.test_handoffs import ready


@pytest.fixture
def twin(ctx: Context, lead: LeadId) -> LeadId:
    """The same person once more, from another list."""
    return add(ctx, "山田 太郎", phone_direct="052-211-9999", phone_mobile="090-1234-5678", title="部長")


def test_the_same_person_is_found(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    add(ctx, "別 人", email="betsu@example.com", phone_direct="03-1111-2222", company__name="別会社", company__phone="")
    assert [row.lead_id for row in merging.candidates(ctx, lead)] == [twin]


def test_what_is_lacking_is_filled_and_what_differs_stays(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    told = merging.preview(ctx, twin, lead)
    assert told.filled == {"phone_mobile": "+819012345678"}
    assert told.kept["title"] == ("購買部長", "部長")
    assert set(told.kept) == {"title", "phone_direct"}
    merging.merge(ctx, twin, lead)
    fields = leads.view(ctx, lead).fields
    assert (fields["title"], fields["phone_mobile"]) == ("購買部長", "+819012345678")


def test_the_other_is_seen_no_more(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    merging.merge(ctx, twin, lead)
    with pytest.raises(NotFound):
        leads.view(ctx, twin)
    assert queue.ids(ctx) == [lead]
    assert [found.lead_id for found in search.find(ctx, "山田", 10)] == [lead]
    with ctx.store.read() as tx:
        assert fold.differing(tx, Obj.LEAD) == []


def test_its_calls_count_for_the_one_that_stays(ctx: Context, clock: HandClock, lead: LeadId, twin: LeadId) -> None:
    calls.record(ctx, twin, "NO_ANSWER", RecordInput(note="一回目"))
    clock.go(days=3)
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(note="二回目"))
    clock.go(minutes=5)
    merging.merge(ctx, twin, lead)
    seen = leads.view(ctx, lead)
    assert {item.touch.note for item in seen.timeline if item.touch} >= {"一回目", "二回目"}
    assert seen.state.attempts == 2


def test_a_duplicate_that_was_merged_asks_for_nothing_more(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    calls.record(ctx, lead, "NO_ANSWER", RecordInput())
    before = leads.view(ctx, lead).state.next_action
    calls.record(ctx, twin, "DUPLICATE", RecordInput())
    asked = leads.view(ctx, twin).state.next_action
    assert asked is not None
    assert asked.kind is ActionKind.MERGE
    merging.merge(ctx, twin, lead)
    assert leads.view(ctx, lead).state.next_action == before


def test_either_may_stay(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    calls.record(ctx, twin, "DUPLICATE", RecordInput())
    merging.merge(ctx, lead, twin)
    action = leads.view(ctx, twin).state.next_action
    assert action is not None
    assert action.kind is not ActionKind.MERGE


def test_a_do_not_call_of_either_holds_and_outlives_the_merge(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    leads.edit(ctx, twin, {"phone_mobile": "", "email": "yamada2@example.co.jp"})
    leads.set_do_not_call(ctx, twin)
    assert merging.preview(ctx, twin, lead).do_not_call
    merging.merge(ctx, twin, lead)
    assert queue.ids(ctx) == []
    assert leads.view(ctx, lead).fields["dnc"] is True


def test_undo_parts_them_and_redo_joins_them(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    calls.record(ctx, twin, "NO_ANSWER", RecordInput())
    before = {one: leads.view(ctx, one).fields for one in (lead, twin)}
    merging.merge(ctx, twin, lead)
    history.undo(ctx)
    assert {one: leads.view(ctx, one).fields for one in (lead, twin)} == before
    assert leads.view(ctx, lead).state.attempts == 0
    history.redo(ctx)
    assert leads.view(ctx, lead).state.attempts == 1
    with pytest.raises(NotFound):
        leads.view(ctx, twin)


def test_three_become_one(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    third = add(ctx, "山田太郎", phone_direct="052-211-7777")
    calls.record(ctx, third, "NO_ANSWER", RecordInput())
    merging.merge(ctx, third, twin)
    merging.merge(ctx, twin, lead)
    assert leads.view(ctx, lead).state.attempts == 1
    with ctx.store.read() as tx:
        assert stored.merged(tx, [lead]) == {third: lead, twin: lead}


def test_what_fs_has_in_hand_is_not_merged_away(ctx: Context, lead: LeadId, twin: LeadId) -> None:
    ready(ctx, twin)
    handoffs.submit(ctx, twin)
    with pytest.raises(Refused) as problem:
        merging.merge(ctx, twin, lead)
    assert problem.value.code == "merge_handoff"
    assert handoffs.view(ctx, twin).state == "submitted"
    merging.merge(ctx, lead, twin)


def test_a_lead_is_not_merged_into_itself(ctx: Context, lead: LeadId) -> None:
    with pytest.raises(Refused) as problem:
        merging.merge(ctx, lead, lead)
    assert problem.value.code == "merge_same"


def met(ctx: Context, lead: LeadId, at: datetime, code: str = "MEETING_SET") -> None:
    calls.record(ctx, lead, code, RecordInput(meeting_at=at, fs_id=FS.id))


def test_a_meeting_comes_along_and_stays_the_same_one(
    ctx: Context, clock: HandClock, lead: LeadId, twin: LeadId
) -> None:
    at = clock.now() + timedelta(days=3)
    met(ctx, twin, at)
    (before,) = booking.every(ctx)
    clock.go(minutes=5)
    merging.merge(ctx, twin, lead)
    stands = booking.standing(ctx, lead)
    assert stands is not None
    assert (stands.id, stands.lead_id, stands.sequence) == (before.id, lead, 0), "nobody has to hear of it"
    assert [one.lead_id for one in booking.every(ctx)] == [lead]
    clock.go(minutes=5)
    met(ctx, lead, at + timedelta(days=1), "MEETING_RESCHEDULED")
    (moved,) = booking.every(ctx)
    assert (moved.id, moved.at, moved.sequence) == (before.id, at + timedelta(days=1), 1)
    history.undo(ctx)
    history.undo(ctx)
    parted = booking.standing(ctx, twin)
    assert parted is not None
    assert (parted.id, parted.at) == (before.id, at)
    assert booking.standing(ctx, lead) is None


def test_of_two_meetings_that_of_the_one_that_stays_is_kept(
    ctx: Context, clock: HandClock, lead: LeadId, twin: LeadId
) -> None:
    at = clock.now() + timedelta(days=3)
    met(ctx, lead, at)
    clock.go(minutes=5)
    met(ctx, twin, at + timedelta(days=1))
    clock.go(minutes=5)
    merging.merge(ctx, twin, lead)
    assert [(one.at, one.canceled) for one in booking.every(ctx)] == [(at, False), (at + timedelta(days=1), True)]
    assert leads.view(ctx, lead).fields["meeting_at"] == at.isoformat()
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_CANCELED")
    assert all(one.canceled for one in booking.every(ctx))
    history.undo(ctx)
    history.undo(ctx)
    assert [(one.at, one.canceled) for one in booking.every(ctx)] == [(at, False), (at + timedelta(days=1), False)]
