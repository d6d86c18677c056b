"""Recording a call: what a key shows beforehand is what is saved, and nothing acknowledged is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from isdesk.domain.changes import Change, Obj, Verb
from isdesk.domain.errors import BadInput, Incomplete, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind, Channel, Reached
from isdesk.services import booking, calls, history, leads, projection, queue
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.store import journal
from isdesk.store import leads as stored
from tests.services.conftest import FS, TUESDAY, HandClock, add

ALL_GIVEN = RecordInput(
    note="来期から購買の電子化を検討",
    meeting_place="オンライン",
    fs_id=FS.id,
    reason="no_need",
    competitor="他社ツール",
    adoption_at=date(2027, 4, 1),
)


def given(ctx: Context) -> RecordInput:
    """Everything any outcome may ask for."""
    return replace(ALL_GIVEN, callback_at=ctx.now() + timedelta(hours=5), meeting_at=ctx.now() + timedelta(days=3))


def another(ctx: Context, number: int) -> LeadId:
    """Make one more lead of a company of its own."""
    return add(
        ctx,
        f"見本 {number}",
        email=f"u{number}@example.com",
        phone_direct=f"03-3211-{1000 + number}",
        company__name=f"会社{number}",
        company__phone=f"03-3212-{1000 + number}",
    )


def test_every_key_saves_what_it_showed(ctx: Context, clock: HandClock) -> None:
    for number, code in enumerate([one.code for one in ctx.rules.outcomes_on(Channel.PHONE)]):
        lead = add(
            ctx,
            f"見本 {number}",
            email=f"p{number}@example.co.jp",
            phone_direct=f"052-211-{2000 + number}",
            company__name=f"見本{number}株式会社",
            company__phone=f"052-212-{2000 + number}",
        )
        for _ in range(2):
            if ctx.rules.outcomes[code].of_meeting:
                leads.edit(ctx, lead, {"meeting_at": (clock.now() + timedelta(hours=1)).isoformat()})
                clock.go(hours=2)
            shown = calls.preview(ctx, lead, code, given(ctx))
            assert shown == calls.previews(ctx, lead, given(ctx))[code]
            saved = calls.record(ctx, lead, code, given(ctx))
            assert (saved.plan, saved.stage, saved.stage_missing) == (shown.plan, shown.stage, shown.stage_missing), (
                code
            )
            seen = leads.view(ctx, lead)
            assert (seen.state.next_action is None) is (not seen.state.open), code
            if shown.plan.action is not None and shown.plan.action.value == "retry":
                assert seen.state.next_action is not None
                assert seen.state.next_action.due_at == shown.plan.due_at
            clock.go(hours=2)


def test_nothing_is_moved_or_called_off_that_was_never_agreed(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    before = leads.view(ctx, lead)
    later = RecordInput(meeting_at=clock.now() + timedelta(days=3), fs_id=FS.id, reached=Reached.DECISION_MAKER)
    for code, said in (("NO_SHOW", RecordInput()), ("MEETING_CANCELED", RecordInput()), ("MEETING_RESCHEDULED", later)):
        assert calls.preview(ctx, lead, code).refused == "meeting_none"
        with pytest.raises(Refused, match="meeting_none"):
            calls.record(ctx, lead, code, said)
    assert leads.view(ctx, lead) == before
    assert calls.preview(ctx, lead, "MEETING_SET").refused is None
    calls.record(ctx, lead, "MEETING_SET", later)
    assert calls.preview(ctx, lead, "MEETING_CANCELED").refused is None
    calls.record(ctx, lead, "MEETING_CANCELED")
    for code in ("NO_SHOW", "MEETING_CANCELED", "MEETING_RESCHEDULED"):
        assert calls.previews(ctx, lead)[code].refused == "meeting_none", "what was called off is no meeting"


def test_nobody_stays_away_from_a_meeting_that_is_to_come(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    at = clock.now() + timedelta(days=1)
    calls.record(ctx, lead, "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
    assert calls.preview(ctx, lead, "NO_SHOW").refused == "meeting_to_come"
    with pytest.raises(Refused, match="meeting_to_come"):
        calls.record(ctx, lead, "NO_SHOW")
    assert calls.preview(ctx, lead, "MEETING_RESCHEDULED").refused is None
    clock.at = at
    assert calls.preview(ctx, lead, "NO_SHOW").refused is None
    calls.record(ctx, lead, "NO_SHOW")
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=at + timedelta(days=2)))
    assert calls.preview(ctx, lead, "NO_SHOW").refused == "meeting_to_come"


def test_a_meeting_that_only_the_crm_or_only_isdesk_knows_of_is_one(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    at = clock.now() + timedelta(days=1)
    leads.edit(ctx, lead, {"meeting_at": at.isoformat()})
    assert calls.preview(ctx, lead, "MEETING_CANCELED").refused is None
    with ctx.store.write() as tx:
        gone = Change(Obj.LEAD, lead, {"meeting_at": at.isoformat()}, {"meeting_at": None})
        journal.append(tx, head(ctx, tx, Verb.EDIT, lead_id=lead, summary={}), changes=[gone])
        projection.refresh(ctx, tx, [lead])
    assert leads.view(ctx, lead).fields.get("meeting_at") is None
    assert booking.standing(ctx, lead) is not None
    assert calls.preview(ctx, lead, "MEETING_CANCELED").refused is None
    calls.record(ctx, lead, "MEETING_CANCELED")
    assert booking.standing(ctx, lead) is None


def test_a_call_is_kept_with_all_that_was_said(ctx: Context, lead: LeadId) -> None:
    said = RecordInput(
        note="再来週に役員会", reached=Reached.DECISION_MAKER, ring_s=12, talk_s=140, fields={"issue": "集計"}
    )
    done = calls.record(ctx, lead, "INTERESTED", said)
    seen = leads.view(ctx, lead)
    touch = seen.timeline[0].touch
    assert touch is not None
    assert (touch.id, touch.note, touch.talk_s, touch.reached) == (
        done.touch_id,
        "再来週に役員会",
        140,
        Reached.DECISION_MAKER,
    )
    assert touch.number == "+81522111234"
    assert seen.fields["issue"] == "集計"
    assert "issue" in seen.fresh_fields


def test_an_outcome_that_needs_more_is_refused_and_nothing_is_written(ctx: Context, lead: LeadId) -> None:
    before = leads.view(ctx, lead)
    with pytest.raises(Incomplete) as refused:
        calls.record(ctx, lead, "CALLBACK_AT")
    assert refused.value.missing == ("callback_at",)
    assert leads.view(ctx, lead) == before


def test_an_unknown_outcome_is_bad_input(ctx: Context, lead: LeadId) -> None:
    with pytest.raises(BadInput, match="outcome_unknown"):
        calls.record(ctx, lead, "NONSENSE")


def test_the_next_lead_is_offered_and_siblings_rest(ctx: Context, lead: LeadId) -> None:
    sibling = add(ctx, "高橋 健", email="t@example.co.jp", phone_direct="052-211-5555")
    stranger = add(
        ctx,
        "佐藤 花子",
        email="s@example.com",
        phone_direct="03-3211-0001",
        company__name="みなと商事",
        company__phone="03-3211-0000",
    )
    done = calls.record(ctx, lead, "NO_ANSWER")
    assert done.next_lead == stranger
    assert {row.lead_id: row.held for row in queue.rows(ctx, [sibling])} == {sibling: "company_today"}


def test_do_not_call_binds_at_once_and_survives_a_new_lead_with_the_number(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "DNC_REQUEST", RecordInput(note="もうかけないで"))
    assert calls.may_dial(ctx, lead) == "dnc"
    again = add(ctx, "別名 花子", email="other@example.com", company__name="別会社", company__phone="03-3211-7000")
    assert calls.may_dial(ctx, again) == "dnc"
    assert again not in queue.ids(ctx)


def test_a_promise_comes_first_at_its_time(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    add(
        ctx,
        "佐藤 花子",
        email="s@example.com",
        phone_direct="03-3211-0001",
        company__name="みなと商事",
        company__phone="03-3211-0000",
    )
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=ctx.now() + timedelta(hours=4)))
    assert lead not in queue.ids(ctx)
    clock.go(hours=3, minutes=56)
    queue.settle(ctx)
    assert queue.ids(ctx)[0] == lead
    assert [row.lead_id for row in queue.as_of(ctx, ctx.now())] == queue.ids(ctx)


def test_undo_of_thirty_calls_gives_back_the_beginning(ctx: Context, clock: HandClock) -> None:
    made = [another(ctx, n) for n in range(30)]
    before = [leads.view(ctx, one) for one in made]
    order = queue.ids(ctx)
    for one in made:
        calls.record(ctx, one, "NOT_INTERESTED", RecordInput(reason="no_need", note="不要"))
    changes, steps = history.undo(ctx, 30)
    assert len(steps) == 30
    assert changes.queue
    now = [leads.view(ctx, one) for one in made]
    assert {view.draft_note for view in now} == {"不要"}
    assert [replace(view, draft_note="", draft_at=None) for view in now] == before
    assert queue.ids(ctx) == order
    history.redo(ctx, 30)
    assert all(leads.view(ctx, one).state.last_outcome == "NOT_INTERESTED" for one in made)


def test_kept_places_equal_places_derived_afresh(ctx: Context, clock: HandClock) -> None:
    for n, code in enumerate(("NO_ANSWER", "BUSY", "DM_ABSENT", "INTERESTED", "CALLBACK_LOOSE", "MEETING_SET")):
        one = another(ctx, n)
        calls.record(ctx, one, code, given(ctx))
        clock.go(minutes=20)
    for _ in range(12):
        clock.go(hours=7)
        queue.settle(ctx)
        with ctx.store.read() as tx:
            kept = stored.states(tx, [one for block in stored.all_ids(tx) for one in block])
        from isdesk.services import projection

        with ctx.store.write() as tx:
            projection.rebuild(ctx, tx)
        with ctx.store.read() as tx:
            assert stored.states(tx, kept) == kept


def test_a_first_call_waits_as_its_next_action(ctx: Context, lead: LeadId) -> None:
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert action.kind is ActionKind.FIRST_CALL


@pytest.mark.parametrize("hour", [3, 9, 12, 15, 19, 23])
def test_the_kept_queue_is_the_queue_derived_afresh_at_any_hour(ctx: Context, clock: HandClock, hour: int) -> None:
    made = [another(ctx, n) for n in range(12)]
    codes = ("NO_ANSWER", "BUSY", "CALLBACK_AT", "INTERESTED", "MEETING_SET", "DM_LEFT", "NOT_IN_SERVICE")
    for one, code in zip(made, codes, strict=False):
        calls.record(ctx, one, code, given(ctx))
    calls.begin_dial(ctx, made[9], "+81332111009")
    leads.pin(ctx, made[10], True)
    for day in (0, 1, 3):
        clock.at = TUESDAY.replace(hour=hour, minute=7) + timedelta(days=day)
        for held in (False, True):
            now = queue.standing(ctx, held=held)
            fresh = queue.as_of(ctx, ctx.now(), held=held)
            assert [(r.lead_id, r.held, r.tier, r.chips) for r in now] == [
                (r.lead_id, r.held, r.tier, r.chips) for r in fresh
            ]
