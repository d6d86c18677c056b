"""Sequences go on by themselves over a real mail server and the real queue, and stop the moment something says so."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from isdesk import playbook, vault
from isdesk.clock import TOKYO
from isdesk.domain import sequenced
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import DeviceId, LeadId, MemberId
from isdesk.domain.outgoing import MailAccount, MailState, OutMail
from isdesk.domain.sequence import KIND, Enrolment, said
from isdesk.domain.state import LeadState, NextAction
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached, effective
from isdesk.services import (
    bulk,
    calls,
    consenting,
    enrolments,
    history,
    leads,
    mail_account,
    merging,
    outgoing,
    queue,
    sequence_board,
    sequences,
    signals,
)
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.store import Tx, filings, mails
from isdesk.store import leads as stored
from isdesk.store import sequences as due_ones
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import OTHER, HandClock, add
from tests.services.mailers import TEXT, lead

STEPS = """
[sequence.follow]
steps = [
  { days = 3, channel = "mail", template = "plain", time = "10:00" },
  { days = 7, channel = "phone" },
  { days = 14, channel = "mail", template = "last", time = "10:00" },
]
[sequence.careful]
ja = "確認してから送る"
automatic = false
steps = [{ days = 1, channel = "mail", template = "plain", time = "10:00" }]
[sequence.social]
steps = [{ days = 1, channel = "linkedin" }, { days = 3, channel = "mail", template = "plain", time = "10:00" }]
"""


@pytest.fixture(scope="module")
def team_book() -> playbook.Playbook:
    return playbook.loads(TEXT.replace("per_hour = 3", "per_hour = 1000") + STEPS, years=(2026, 2027))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    return Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))


@pytest.fixture(autouse=True)
def _may_send(ctx: Context, house: Posthouse, secrets: Secrets, team_book: playbook.Playbook) -> None:
    ctx.playbook = team_book
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
    mail_account.keep(ctx, secrets, account, PASSWORD)


@pytest.fixture
def one(ctx: Context, _may_send: None) -> LeadId:
    """A lead that was called once, without an answer: its first contact is Tuesday, 24 November."""
    made = lead(ctx)
    calls.record(ctx, made, "NO_ANSWER")
    return made


def state(ctx: Context, who: LeadId) -> LeadState:
    queue.settle(ctx)
    kept = leads.view(ctx, who).state
    with ctx.store.read() as tx:
        assert stored.states(tx, [who])[who][0].next_action == kept.next_action, "what is kept is what is derived"
    return kept


def due(ctx: Context, who: LeadId) -> str:
    """The next action and its time in Tokyo."""
    action = state(ctx, who).next_action
    assert action is not None
    return f"{action.kind} {action.due_at.astimezone(TOKYO):%m-%d %H:%M}"


def now_of(ctx: Context, who: LeadId) -> Enrolment:
    return sequences.of_lead(ctx, who)[-1]


def blocked_by(ctx: Context, who: LeadId) -> str:
    """The code of what blocks the next step."""
    step = now_of(ctx, who).next
    assert step is not None
    return step.why if step.state == "blocked" else ""


def at(clock: HandClock, text: str) -> None:
    clock.at = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TOKYO).astimezone(UTC)


def round_(ctx: Context, secrets: Secrets) -> int:
    """A minute of the program: what is due goes into the outbox, and what is there goes out."""
    queue.settle(ctx)
    sequences.run(ctx)
    return outgoing.send(ctx, secrets).sent


def test_steps_are_counted_from_the_first_contact_in_business_days_and_each_is_the_next_action(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    at(clock, "11-25 09:30")
    sequences.enrol(ctx, "follow", [one])
    assert due(ctx, one) == "mail 11-27 10:00"
    at(clock, "11-27 09:59")
    assert round_(ctx, secrets) == 0
    row = queue.as_of(ctx, clock.now(), held=True)
    assert [r.held for r in row if r.lead_id == one] == ["sequence"], "nobody has to do what goes by itself"
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1
    assert round_(ctx, secrets) == 0
    assert due(ctx, one) == "retry 12-03 10:00"
    at(clock, "12-03 10:00")
    state(ctx, one)
    (offered,) = [r for r in queue.page(ctx) if r.lead_id == one]
    assert offered.chips[0].code == "sequence"
    assert dict(offered.chips[0].params)["n"] == "2"
    preview = calls.preview(ctx, one, "NO_ANSWER")
    recorded = calls.record(ctx, one, "NO_ANSWER")
    assert preview.plan == recorded.plan
    assert due(ctx, one) == "mail 12-14 10:00"
    assert recorded.plan.due_at == state(ctx, one).next_action.due_at  # type: ignore[union-attr]
    at(clock, "12-14 10:00")
    assert round_(ctx, secrets) == 1
    assert now_of(ctx, one).state == "finished"
    assert due(ctx, one) == "retry 12-17 10:00"
    assert str(house.got[0]["Subject"]).startswith("青葉精機")
    assert len(house.got) == 2


def test_a_holiday_is_no_business_day(ctx: Context, clock: HandClock) -> None:
    at(clock, "11-20 10:00")  # the Monday after it is a holiday
    made = lead(ctx)
    calls.record(ctx, made, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [made])
    assert due(ctx, made) == "mail 11-26 10:00"


@pytest.mark.parametrize(
    ("outcome", "why"),
    [("MEETING_SET", "meeting"), ("DNC_REQUEST", "do_not_call"), ("NOT_INTERESTED", "closed"), ("INTERESTED", "talk")],
)
def test_an_outcome_that_says_so_ends_it_at_once_and_its_own_plan_stands(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock, outcome: str, why: str
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-25 11:00")
    given = RecordInput(reason="no_need", note="-")
    if outcome == "MEETING_SET":
        given = RecordInput(meeting_at=clock.now() + timedelta(days=2), fs_id=MemberId("m-fs"))
    recorded = calls.record(ctx, one, outcome, given)
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", why)
    action = state(ctx, one).next_action
    assert (action.kind if action else None) == recorded.plan.action
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0


def test_a_promise_ends_it_and_comes_first(ctx: Context, one: LeadId, clock: HandClock) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-25 11:00")
    calls.record(ctx, one, "CALLBACK_AT", RecordInput(callback_at=clock.now() + timedelta(days=6)))
    assert now_of(ctx, one).stop is not None
    assert due(ctx, one).startswith("callback_exact 12-01")


def test_an_opt_out_ends_it_for_good_even_where_it_is_lifted_later(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    consenting.opt_out(ctx, one)
    assert now_of(ctx, one).state == "stopped"
    assert due(ctx, one).startswith("retry"), "the ordinary plan stands again"
    assert sequences.run(ctx).stopped == 1
    assert sequences.run(ctx).stopped == 0
    ctx.members = {ctx.me.id: ctx.me}
    leads.edit(ctx, one, {"email_opt_out": None})
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "opt_out")
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0


def test_a_mail_in_the_outbox_stays_there_when_the_sequence_ends_meanwhile(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    sequences.stop(ctx, [one])
    assert outgoing.send(ctx, secrets).stopped == 1
    assert house.got == []
    (mail,) = outgoing.outbox(ctx)
    assert (mail.state, mail.error) == (MailState.STOPPED, "sequence_stopped")


def test_an_undo_of_the_enrolment_keeps_what_waits_from_leaving_and_the_same_step_never_goes_twice(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    sequences.run(ctx)
    history.undo(ctx)
    assert sequences.of_lead(ctx, one) == ()
    assert state(ctx, one).next_action is not None
    outgoing.send(ctx, secrets)
    assert house.got == []
    history.redo(ctx)
    assert round_(ctx, secrets) == 1
    history.undo(ctx)
    sequences.enrol(ctx, "follow", [one])
    assert round_(ctx, secrets) == 0, "the step that was sent is done"
    assert len(house.got) == 1
    assert now_of(ctx, one).steps[0].state == "done"


def test_a_step_that_cannot_run_says_why_stays_the_next_action_and_goes_on_when_it_can(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    one = add(ctx, "無同意", email="mu@example.jp")
    calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 1
    assert sequences.run(ctx).blocked == 0, "said once"
    step = now_of(ctx, one).next
    assert step is not None
    assert (step.number, step.state, step.why) == (1, "blocked", "mail_no_consent")
    assert due(ctx, one) == "mail 11-27 10:00"
    (row,) = [r for r in queue.page(ctx) if r.lead_id == one]
    assert row.held is None, "a person has to look at it"
    assert row.chips[0].code == "sequence_blocked"
    consenting.consent(ctx, one, "notified", "名刺")
    at(clock, "11-30 09:00")
    assert round_(ctx, secrets) == 1
    assert now_of(ctx, one).steps[0].at is not None
    assert due(ctx, one) == "retry 12-03 10:00"


def test_without_an_address_or_a_number_the_step_is_blocked_at_once_and_a_person_may_skip_it(
    ctx: Context, clock: HandClock
) -> None:
    one = add(ctx, "番号なし", email="", phone_direct="", company__name="株式会社無電話", company__phone="")
    sequences.enrol(ctx, "follow", [one])
    step = now_of(ctx, one).next
    assert step is not None
    assert step.why == "mail_no_address"
    with pytest.raises(BadInput) as caught:
        sequences.skip(ctx, one, " ")
    assert caught.value.code == "sequence_reason_missing"
    at(clock, "11-27 10:00")
    sequences.skip(ctx, one, "アドレスが分からない")
    steps = now_of(ctx, one).steps
    assert (steps[0].state, steps[0].why) == ("skipped", "アドレスが分からない")
    assert (steps[1].state, steps[1].why) == ("blocked", "sequence_no_number")
    assert state(ctx, one).next_action is not None
    assert state(ctx, one).open
    history.undo(ctx)
    assert now_of(ctx, one).steps[0].state == "blocked"


def test_a_late_step_leaves_in_business_hours_once_and_the_next_keeps_its_distance(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "12-05 15:00")  # a Saturday, the machine was off since Tuesday
    assert round_(ctx, secrets) == 0
    at(clock, "12-06 23:00")
    assert round_(ctx, secrets) == 0
    at(clock, "12-07 08:59")
    assert round_(ctx, secrets) == 0
    at(clock, "12-07 09:00")
    assert round_(ctx, secrets) == 1
    assert due(ctx, one) == "retry 12-09 10:00", "two business days after a step that was late, not the same day"


def test_a_mail_that_waits_for_its_turn_does_not_leave_at_night(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 17:59")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    at(clock, "11-27 18:30")
    assert outgoing.send(ctx, secrets).sent == 0
    at(clock, "11-28 12:00")
    assert outgoing.send(ctx, secrets).sent == 0
    at(clock, "11-30 09:00")
    assert outgoing.send(ctx, secrets).sent == 1


def test_where_the_team_wants_it_the_mail_waits_for_the_rep(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "careful", [one])
    with pytest.raises(Refused) as caught:
        sequences.confirm(ctx, one)
    assert caught.value.code == "sequence_not_due"
    at(clock, "11-25 10:00")
    assert round_(ctx, secrets) == 0
    (row,) = [r for r in queue.page(ctx) if r.lead_id == one]
    assert row.action == "mail"
    assert sequences.confirm(ctx, one).state is MailState.QUEUED
    assert sequences.confirm(ctx, one).state is MailState.QUEUED, "twice pressed is one mail"
    assert outgoing.send(ctx, secrets).sent == 1
    assert now_of(ctx, one).state == "finished"


def test_a_mail_that_was_taken_out_of_the_outbox_blocks_the_step_until_a_person_decides(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    sequences.run(ctx)
    outgoing.cancel(ctx, outgoing.outbox(ctx)[0].id)
    assert sequences.run(ctx).blocked == 1
    step = now_of(ctx, one).next
    assert step is not None
    assert step.why == "sequence_mail_cancelled"
    sequences.confirm(ctx, one)
    assert outgoing.send(ctx, secrets).sent == 1
    assert len(house.got) == 1


def test_a_social_step_is_the_next_action_until_it_is_logged(ctx: Context, one: LeadId, clock: HandClock) -> None:
    sequences.enrol(ctx, "social", [one])
    assert due(ctx, one) == "social 11-25 10:00"
    at(clock, "11-25 14:00")
    code = next(o.code for o in ctx.rules.outcomes_on(Channel.LINKEDIN) if not o.terminal and not o.answered)
    calls.record(ctx, one, code, RecordInput(channel=Channel.LINKEDIN))
    assert now_of(ctx, one).steps[0].state == "done"
    assert due(ctx, one) == "mail 11-27 10:00"


def test_a_reply_ends_it_and_the_lead_is_called_back(ctx: Context, one: LeadId, clock: HandClock) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-26 11:00")
    calls.record(ctx, one, "TOUCH_CONNECTED", RecordInput(channel=Channel.LINKEDIN))
    assert now_of(ctx, one).state == "running", "to connect is no answer"
    calls.record(ctx, one, "TOUCH_REPLIED", RecordInput(channel=Channel.LETTER))
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "reply")
    assert state(ctx, one).next_action is not None


def test_who_may_not_be_enrolled_is_told_and_the_others_are(ctx: Context, one: LeadId) -> None:
    other = add(ctx, "他担当", owner_id=OTHER.id)
    barred = add(ctx, "禁止", phone_direct="06-1111-2222", company__name="禁止商事", company__phone="")
    bulk.run(ctx, [barred], bulk.Step(bulk.DO_NOT_CALL))
    out = lead(ctx, "停止", "stop@example.jp")
    consenting.opt_out(ctx, out)
    every = [one, other, barred, out, LeadId("nobody")]
    outlook = sequences.forecast(ctx, "follow", every)
    done = sequences.enrol(ctx, "follow", every)
    assert (done.leads, dict(done.refused)) == (outlook.leads, dict(outlook.refused))
    assert done.leads == (one,)
    assert sorted(done.refused.values()) == [
        "lead_not_found", "sequence_do_not_call", "sequence_not_yours", "sequence_opted_out",
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        sequences.enrol(ctx, "follow", [one])
    assert caught.value.code == "sequence_running"
    with pytest.raises(NotFound):
        sequences.enrol(ctx, "nothing", [one])


def test_a_lead_that_changed_hands_waits_until_the_new_owner_takes_the_mails_over(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    bulk.run(ctx, [one], bulk.Step(bulk.ASSIGN, member_id=OTHER.id))
    step = now_of(ctx, one).next
    assert step is not None
    assert step.why == "sequence_other_owner"
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0
    ctx.me = OTHER
    sequences.take_over(ctx, [one])
    assert round_(ctx, secrets) == 0, "the other desk may not have heard of it"
    at(clock, "11-30 10:00")
    assert round_(ctx, secrets) == 1


def test_an_edit_of_the_definitions_changes_nothing_that_runs(ctx: Context, one: LeadId) -> None:
    sequences.enrol(ctx, "follow", [one])
    before = now_of(ctx, one)
    ctx.playbook = playbook.loads(
        TEXT + STEPS + "\n[sequence.follow2]\nja='x'\nsteps=[{channel='phone'}]\n", years=(2026, 2027)
    )
    assert now_of(ctx, one).steps == before.steps
    assert before.playbook != ctx.rules.version


def test_a_customer_who_waits_for_the_first_call_is_called_first(ctx: Context, clock: HandClock) -> None:
    one = lead(ctx, "反響", "hankyo@example.jp", received_at=clock.now().isoformat(), lead_source="inquiry")
    sequences.enrol(ctx, "follow", [one])
    action = state(ctx, one).next_action
    assert action is not None
    assert action.kind is ActionKind.FIRST_CALL
    calls.record(ctx, one, "NO_ANSWER")
    assert due(ctx, one) == "mail 11-27 10:00"


def test_the_code_of_a_step_reads_back(ctx: Context, one: LeadId) -> None:
    sequences.enrol(ctx, "follow", [one])
    action = state(ctx, one).next_action
    assert action is not None
    found = said(action.why)
    assert found is not None
    assert (found.code, found.number, found.of, found.mode, found.blocked) == ("follow", 1, 3, "auto", "")
    assert said("retry:P_NOANS:3") is None


def test_a_desk_that_never_heard_of_its_team_lately_sends_nothing_by_itself(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    from isdesk.store import connections

    with ctx.store.write() as tx:
        connections.put(tx, connections.Connection("sqlhub", "sqlhub", "", clock.now()))
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).waiting == 1
    assert outgoing.outbox(ctx) == []
    with ctx.store.read() as tx:
        assert enrolments.stale(ctx, tx)


def test_the_board_puts_first_what_a_person_has_to_look_at_and_counts_by_step(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    good = lead(ctx, "通る", "a@example.jp", phone_direct="06-1000-0001", company__name="A社", company__phone="")
    own = {"phone_direct": "06-1000-0002", "company__name": "B社", "company__phone": ""}
    bare = add(ctx, "同意なし", email="b@example.jp", **own)
    rests = lead(ctx, "休み", "c@example.jp", phone_direct="06-1000-0003", company__name="C社", company__phone="")
    for one in (good, bare, rests):
        calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [good, bare, rests])
    at(clock, "11-27 10:00")
    round_(ctx, secrets)
    beside = lead(ctx, "同僚", "d@example.jp", phone_direct="06-1000-0004", company__name="C社", company__phone="")
    calls.record(ctx, beside, "GATEKEEPER_REFUSED")
    at(clock, "12-03 10:00")
    queue.settle(ctx)
    board = sequence_board.look(ctx)
    assert [(line.lead_id, line.state, line.why) for line in board.running] == [
        (bare, "blocked", "mail_no_consent"),
        (rests, "blocked", "sequence_cooldown"),
        (good, "call", ""),
    ]
    follow = next(one for one in board.sequences if one.code == "follow")
    assert [(step.here, step.blocked, step.done) for step in follow.steps] == [(1, 1, 2), (2, 0, 0), (0, 0, 0)]
    calls.record(ctx, good, "TOUCH_REPLIED", RecordInput(channel=Channel.LETTER, direction=Direction.IN))
    board = sequence_board.look(ctx)
    follow = next(one for one in board.sequences if one.code == "follow")
    assert (follow.running, dict(follow.results), dict(follow.steps[0].results)) == (2, {"reply": 1}, {"reply": 1})
    assert [(line.lead_id, line.why) for line in board.ended] == [(good, "reply")]
    assert len([line for line in board.running if line.state != "later"]) == 2


def _filed(ctx: Context) -> int:
    with ctx.store.read() as tx:
        return filings.count(tx, KIND)


@pytest.mark.parametrize("way", ["finished before", "undone before"])
def test_the_end_of_each_enrolment_is_filed_once(ctx: Context, one: LeadId, clock: HandClock, way: str) -> None:
    sequences.enrol(ctx, "careful", [one])
    if way == "undone before":
        history.undo(ctx)
    else:
        at(clock, "11-25 10:00")
        sequences.skip(ctx, one, "済んだ")
        assert now_of(ctx, one).state == "finished"
    sequences.enrol(ctx, "follow", [one])
    consenting.opt_out(ctx, one)
    before = _filed(ctx)
    sequences.run(ctx)
    after = _filed(ctx)
    assert after - before == (1 if way == "undone before" else 2), "one end for each that was not taken back"
    for _ in range(4):
        clock.go(minutes=1)
        queue.settle(ctx)
        assert not sequences.run(ctx).changes.leads
    assert _filed(ctx) == after
    assert now_of(ctx, one).stop is not None


def test_a_refusal_in_the_call_that_was_on_when_the_lead_was_enrolled_ends_it(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    began = clock.now() + timedelta(minutes=5)
    clock.go(minutes=10)
    sequences.enrol(ctx, "follow", [one])
    clock.go(minutes=1)
    calls.record(ctx, one, "NOT_INTERESTED", RecordInput(reason="no_need", at=began))
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "closed")
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0


def test_an_answer_that_was_known_when_the_lead_was_enrolled_does_not_end_it(
    ctx: Context, one: LeadId, clock: HandClock
) -> None:
    calls.record(ctx, one, "TOUCH_REPLIED", RecordInput(channel=Channel.LETTER, direction=Direction.IN))
    clock.go(minutes=30)
    calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [one])
    assert now_of(ctx, one).state == "running"


DAYS = [("2024-03-01", "running"), ("2026-11-09", "running"), ("2026-11-12", "stopped"), ("2026-11-24", "stopped")]


@pytest.mark.parametrize(("day", "state"), DAYS)
def test_an_old_reply_from_a_list_that_is_taken_in_later_ends_nothing_and_one_of_these_days_does(
    ctx: Context, one: LeadId, clock: HandClock, tmp_path: Path, day: str, state: str
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "12-09 09:00")
    file = tmp_path / "events.csv"
    file.write_text(f"email,event,date\nyamada@example.jp,mail_reply,{day} 09:00\n", "utf-8")
    assert signals.take_in(ctx, file).taken == 1
    assert now_of(ctx, one).state == state


@pytest.mark.parametrize("promised", ["letter", "call back", "material"])
def test_a_lead_that_waits_for_an_answer_is_not_enrolled(
    ctx: Context, one: LeadId, clock: HandClock, promised: str
) -> None:
    if promised == "letter":
        calls.record(ctx, one, "TOUCH_REPLIED", RecordInput(channel=Channel.LETTER, direction=Direction.IN))
    elif promised == "call back":
        calls.record(ctx, one, "CALLBACK_LOOSE")
    else:
        calls.record(ctx, one, "INFO_REQUESTED")
    waits = due(ctx, one)
    assert dict(sequences.forecast(ctx, "follow", [one]).refused) == {one: "sequence_waiting"}
    with pytest.raises(Refused) as caught:
        sequences.enrol(ctx, "follow", [one])
    assert caught.value.code == "sequence_waiting"
    assert due(ctx, one) == waits


def test_a_letter_that_waits_for_an_answer_goes_before_the_step(ctx: Context, one: LeadId) -> None:
    with ctx.store.read() as tx:
        facts = stored.many(tx, [one])[one]
    reply = NextAction(ActionKind.CALLBACK_LOOSE, ctx.now(), "reply")
    sequences.enrol(ctx, "follow", [one])
    with ctx.store.read() as tx:
        (call,) = effective(stored.touches(tx, one))
        plan = (call, Plan(reply.kind, reply.due_at, reply.why))
        found = enrolments.of_lead(ctx, tx, one)
    today = ctx.calendar.day_of(ctx.now())
    assert sequenced.next_action(found, facts, [call], None, None, ctx.rules, ctx.calendar, today) is not None
    assert sequenced.next_action(found, facts, [call], plan, None, ctx.rules, ctx.calendar, today) is None


@pytest.mark.parametrize(
    ("outcome", "code"), [("HANGUP_EARLY", "sequence_resting"), ("NOT_INTERESTED", "sequence_resting")]
)
def test_who_refused_is_not_enrolled(ctx: Context, one: LeadId, clock: HandClock, outcome: str, code: str) -> None:
    clock.go(minutes=30)
    calls.record(ctx, one, outcome, RecordInput(reason="no_need"))
    good = lead(ctx, "別会社", "b@example.jp", phone_direct="06-1000-0002", company__name="B社", company__phone="")
    done = sequences.enrol(ctx, "follow", [one, good])
    assert (done.leads, dict(done.refused)) == ((good,), {one: code})


def test_a_lead_whose_company_rests_is_not_enrolled(ctx: Context, one: LeadId, clock: HandClock) -> None:
    colleague = lead(ctx, "同僚", "c@example.jp", phone_direct="06-1000-0003")
    calls.record(ctx, colleague, "GATEKEEPER_REFUSED")
    assert leads.view(ctx, one).state.company_cooldown_until is not None
    assert dict(sequences.forecast(ctx, "follow", [one]).refused) == {one: "sequence_resting"}


def test_who_hangs_up_ends_it_and_the_call_after_the_rest_is_next(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    calls.record(ctx, one, "HANGUP_EARLY")
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "closed")
    assert outgoing.send(ctx, secrets).sent == 0
    assert (not house.got, [mail.error for mail in outgoing.outbox(ctx)]) == (True, ["sequence_stopped"])
    assert due(ctx, one).startswith("retry 12-28")
    history.undo(ctx)
    assert now_of(ctx, one).state == "running", "what was not so does not end it"


def test_a_rest_that_was_over_when_the_lead_was_enrolled_does_not_end_it(
    ctx: Context, one: LeadId, clock: HandClock
) -> None:
    calls.record(ctx, one, "HANGUP_EARLY")
    at(clock, "12-25 15:00")
    sequences.enrol(ctx, "follow", [one])
    assert now_of(ctx, one).state == "running"
    with ctx.store.read() as tx:
        facts = stored.many(tx, [one])[one]
        touched = effective(stored.touches(tx, one))
        filed = [replace(f, payload={**f.payload, "known": []}) for f in filings.about(tx, KIND, one)]
    (found,) = sequenced.enrolments(filed, facts, touched, None, ctx.rules, ctx.calendar, suppressed=False)
    assert found.state == "running", "also where its enrolment does not name what was known then"


def test_a_refusal_of_which_this_desk_heard_after_enrolling_ends_it(
    ctx: Context, one: LeadId, clock: HandClock
) -> None:
    calls.record(ctx, one, "HANGUP_EARLY")
    clock.go(minutes=10)
    with ctx.store.read() as tx:
        facts = stored.many(tx, [one])[one]
        touched = effective(stored.touches(tx, one))
    other = lead(ctx, "別会社", "b@example.jp", phone_direct="06-1000-0002", company__name="B社", company__phone="")
    sequences.enrol(ctx, "follow", [other])
    with ctx.store.read() as tx:
        filed = [replace(f, payload={**f.payload, "known": []}) for f in filings.about(tx, KIND, other)]
    (found,) = sequenced.enrolments(filed, facts, touched, None, ctx.rules, ctx.calendar, suppressed=False)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "closed")


def test_while_the_company_rests_no_mail_leaves_by_itself_and_it_goes_on_afterwards(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    colleague = lead(ctx, "同僚", "c@example.jp", phone_direct="06-1000-0003")
    careful = lead(ctx, "佐藤", "sato@example.jp", phone_direct="06-1000-0005")
    calls.record(ctx, careful, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [one])
    sequences.enrol(ctx, "careful", [careful])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    calls.record(ctx, colleague, "GATEKEEPER_REFUSED")
    assert outgoing.send(ctx, secrets).sent == 0
    assert [mail.error for mail in outgoing.outbox(ctx)] == ["sequence_cooldown"]
    with pytest.raises(Refused) as caught:
        sequences.confirm(ctx, careful)
    assert caught.value.code == "sequence_cooldown"
    assert (round_(ctx, secrets), round_(ctx, secrets)) == (0, 0)
    kept = {line.lead_id: (line.state, line.why) for line in sequence_board.look(ctx).running}
    assert kept == dict.fromkeys((one, careful), ("blocked", "sequence_cooldown"))
    until = leads.view(ctx, one).state.company_cooldown_until
    assert until is not None
    clock.at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(until), 1), time(10))
    assert (round_(ctx, secrets), len(house.got)) == (1, 1)


@pytest.mark.parametrize(
    ("outcome", "promised"),
    [
        ("CALLBACK_LOOSE", "callback_loose 11-27"),
        ("INFO_REQUESTED", "callback_loose 11-27"),
        ("RETURN_CALL_PROMISED", "retry 11-26"),
        ("REFERRED", "retry 11-25"),
    ],
)
def test_what_was_promised_at_reception_goes_first_and_the_step_takes_its_turn_after(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock, outcome: str, promised: str
) -> None:
    sequences.enrol(ctx, "follow", [one])
    clock.go(hours=1)
    calls.record(ctx, one, outcome, RecordInput(reached=Reached.GATEKEEPER))
    assert now_of(ctx, one).state == "running"
    assert due(ctx, one).startswith(promised)
    at(clock, "11-27 10:00")
    assert (round_(ctx, secrets), due(ctx, one)[:5]) == (0, promised[:5]), "the customer still waits"
    at(clock, "11-27 11:00")
    calls.record(ctx, one, "NO_ANSWER")
    assert (round_(ctx, secrets), len(house.got)) == (1, 1)


@pytest.mark.parametrize(("outcome", "minutes"), [("BUSY", 15), ("DM_AWAY_SHORT", 90)])
def test_a_call_that_is_tried_again_in_a_moment_goes_before_a_step_of_a_later_day(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock, outcome: str, minutes: int
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-25 10:00")
    calls.record(ctx, one, outcome)
    assert due(ctx, one) == f"retry 11-25 {10 + minutes // 60}:{minutes % 60:02d}"
    at(clock, "11-26 10:00")
    assert due(ctx, one).startswith("retry 11-25"), "nobody has tried it yet"
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1, "from its day on the step does not wait for it"
    assert now_of(ctx, one).steps[0].state == "done"


def test_a_step_that_is_due_before_the_promise_goes_first_unless_it_is_blocked(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-26 10:00")
    calls.record(ctx, one, "CALLBACK_LOOSE", RecordInput(reached=Reached.GATEKEEPER))
    assert due(ctx, one) == "mail 11-27 10:00"
    (noted,) = consenting.ledger(ctx, one)
    consenting.withdraw(ctx, one, noted.id, "-")
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 1
    assert due(ctx, one).startswith("callback_loose 12-01")
    consenting.consent(ctx, one, "opt_in", "電話")
    at(clock, "12-01 16:00")
    calls.record(ctx, one, "NO_ANSWER")
    assert (round_(ctx, secrets), len(house.got)) == (1, 1)


def test_a_customer_who_inquires_again_is_called_first_also_in_the_midst_of_a_sequence(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1
    clock.go(minutes=30)
    leads.edit(ctx, one, {"received_at": clock.now().isoformat(), "lead_source": "inquiry"})
    action = state(ctx, one).next_action
    assert action is not None
    assert said(action.why) is None, "the call that the customer waits for"
    assert state(ctx, one).sla_due_at is not None
    clock.go(minutes=5)
    calls.record(ctx, one, "NO_ANSWER")
    assert due(ctx, one) == "retry 12-03 10:00", "the sequence goes on"


def test_a_round_that_meets_a_step_which_is_not_due_or_no_mail_any_more_leaves_it_alone(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading what is due and writing, a sync may have moved the lead on: what was read then is old."""
    sequences.enrol(ctx, "follow", [one])
    monkeypatch.setattr(due_ones, "due", lambda *_: [one])
    assert sequences.run(ctx).queued == 0, "due in three days"
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1
    at(clock, "12-03 10:00")
    assert sequences.run(ctx) == sequences.Ran(), "a call"
    assert len(outgoing.outbox(ctx)) == 1


def test_a_mail_whose_step_became_due_later_waits_in_the_outbox(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    at(clock, "11-27 09:30")  # a clock that was set back
    with ctx.store.read() as tx:
        until = enrolments.later(ctx, tx, outgoing.outbox(ctx)[0])
    assert until is not None
    assert until.astimezone(TOKYO).hour == 10
    assert outgoing.send(ctx, secrets).sent == 0
    at(clock, "11-27 10:00")
    assert outgoing.send(ctx, secrets).sent == 1


def test_an_opt_out_is_for_good_also_after_a_stop_that_was_taken_back(
    ctx: Context, one: LeadId, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    sequences.stop(ctx, [one])
    history.undo(ctx)
    assert now_of(ctx, one).state == "running"
    consenting.opt_out(ctx, one)
    assert sequences.run(ctx).stopped == 1
    assert sequences.run(ctx).stopped == 0
    ctx.members = {ctx.me.id: ctx.me}
    leads.edit(ctx, one, {"email_opt_out": None})
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "opt_out")


@pytest.mark.allow_log_warnings
def test_one_lead_whose_step_breaks_does_not_keep_the_others(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = lead(ctx, "壊", "a@example.jp"), lead(ctx, "良", "b@example.jp", company__name="B社")
    for one in (bad, good):
        calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [bad, good])
    at(clock, "11-27 10:00")
    real = mails.one

    def broken(tx: Tx, key: str) -> OutMail | None:
        if key in now_of(ctx, bad).mails():
            msg = "a row that nobody can read"
            raise ValueError(msg)
        return real(tx, key)

    monkeypatch.setattr(mails, "one", broken)
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    monkeypatch.undo()
    assert [mail.lead_id for mail in outgoing.outbox(ctx)] == [good]


def test_a_mail_that_was_scheduled_for_later_keeps_no_step_waiting(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    outgoing.post(ctx, one, subject="年末のご挨拶", body="よいお年を。", at=clock.now() + timedelta(days=30))
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1


def test_a_step_that_waits_in_the_outbox_is_left_there(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 17:59")
    queue.settle(ctx)
    assert sequences.run(ctx).queued == 1
    at(clock, "11-27 18:30")
    outgoing.send(ctx, secrets)
    at(clock, "11-27 17:58")  # a clock that was set back: it waits until Monday, and it is business time
    assert sequences.run(ctx) == sequences.Ran()
    (mail,) = outgoing.outbox(ctx)
    assert mail.state is MailState.QUEUED


def test_leads_that_wait_for_a_person_keep_none_behind_them_waiting(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequences, "BATCH", 2)
    every = [
        lead(ctx, f"担当{n}", f"p{n}@example.jp", phone_direct=f"06-1000-00{n:02d}", company__name=f"{n}社",
             company__phone="")
        for n in range(9)
    ]  # fmt: skip
    for one in every:
        calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "careful", every[:5])
    sequences.enrol(ctx, "follow", every[5:])
    at(clock, "11-27 10:00")
    assert [round_(ctx, secrets), round_(ctx, secrets)] == [2, 2]


def test_a_mail_by_hand_on_the_day_of_the_step_is_the_step(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 09:30")
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    assert now_of(ctx, one).steps[0].state == "done"
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 0
    assert due(ctx, one) == "retry 12-03 10:00"


def test_a_step_with_a_text_that_the_lead_got_the_day_before_waits_for_a_person(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-26 16:00")
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 1
    assert blocked_by(ctx, one) == "sequence_twice"
    assert (round_(ctx, secrets), blocked_by(ctx, one)) == (0, "sequence_twice")
    with pytest.raises(Refused) as caught:
        sequences.confirm(ctx, one)
    assert caught.value.code == "mail_twice"
    at(clock, "11-30 10:00")
    assert (round_(ctx, secrets), blocked_by(ctx, one)) == (0, "sequence_same_text")
    assert (round_(ctx, secrets), len(house.got)) == (0, 1)
    sequences.confirm(ctx, one)
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_step_that_waited_for_the_same_text_goes_on_by_itself_once_that_is_cancelled(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 09:30")
    other = outgoing.post(ctx, one, "plain", at=clock.now() + timedelta(days=1))
    at(clock, "11-27 10:00")
    assert (round_(ctx, secrets), blocked_by(ctx, one)) == (0, "sequence_twice")
    outgoing.cancel(ctx, other.id)
    assert (round_(ctx, secrets), len(house.got)) == (1, 1)
    assert now_of(ctx, one).steps[0].state == "done"


def test_a_mail_whose_desk_is_used_no_more_is_shown_and_offered(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    ctx.device_id = DeviceId("device-new")
    at(clock, "11-27 15:00")
    assert round_(ctx, secrets) == 0
    (line,) = sequence_board.look(ctx).running
    assert (line.state, line.why) == ("auto", ""), "the desk may still be on its way"
    assert [row.held for row in queue.as_of(ctx, clock.now(), held=True)] == ["sequence"]
    at(clock, "12-01 10:00")
    queue.settle(ctx)
    (line,) = sequence_board.look(ctx).running
    assert (line.state, line.why) == ("blocked", "sequence_other_device")
    (row,) = queue.page(ctx)
    assert row.held is None
    assert (row.chips[0].code, dict(row.chips[0].params)["why"]) == ("sequence_blocked", "sequence_late")


def test_what_the_desk_of_before_may_have_sent_waits_for_a_person_after_a_restore(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    ctx.device_id = DeviceId("device-new")
    at(clock, "11-27 15:00")
    sequences.take_over(ctx, [one])
    at(clock, "11-30 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 1
    assert sequences.run(ctx) == sequences.Ran()
    step = now_of(ctx, one).next
    assert step is not None
    assert (step.number, step.why) == (1, "sequence_perhaps_sent")
    assert outgoing.outbox(ctx) == []
    sequences.confirm(ctx, one)
    assert outgoing.send(ctx, secrets).sent == 1


def test_what_is_due_after_the_take_over_leaves_from_the_new_desk_by_itself(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    ctx.device_id = DeviceId("device-new")
    at(clock, "11-25 15:00")
    sequences.take_over(ctx, [one])
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1


def interest(ctx: Context, folder: Path, mail: str) -> None:
    """Somebody downloads a paper now."""
    file = folder / "interest.csv"
    now = ctx.now().astimezone(TOKYO)
    file.write_text(f"email,event,date\n{mail},download,{now:%Y-%m-%d %H:%M}\n", encoding="utf-8")
    assert signals.take_in(ctx, file).taken == 1


@pytest.mark.parametrize("code", ["careful", "social"])
def test_fresh_interest_moves_a_lead_whatever_its_next_step_is(
    ctx: Context, one: LeadId, tmp_path: Path, clock: HandClock, code: str
) -> None:
    sequences.enrol(ctx, code, [one])
    at(clock, "11-24 16:00")
    queue.settle(ctx)
    assert queue.page(ctx) == []
    interest(ctx, tmp_path, "yamada@example.jp")
    queue.settle(ctx)
    (row,) = queue.page(ctx)
    assert "signal" in {chip.code for chip in row.chips}


def test_a_mail_that_would_leave_by_itself_waits_while_the_lead_is_hot(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, tmp_path: Path, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 09:30")
    interest(ctx, tmp_path, "yamada@example.jp")
    at(clock, "11-27 10:30")
    assert round_(ctx, secrets) == 0
    (row,) = queue.page(ctx)
    assert "signal" in {chip.code for chip in row.chips}, "still to be called"
    (line,) = sequence_board.look(ctx).running
    assert (line.state, line.why) == ("hot", "sequence_hot"), "it says why it has not left"
    calls.record(ctx, one, "NO_ANSWER")
    assert round_(ctx, secrets) == 1


def test_only_the_owner_and_who_may_reassign_stops_a_sequence_or_skips_a_step(ctx: Context, one: LeadId) -> None:
    sequences.enrol(ctx, "follow", [one])
    ctx.me = OTHER
    with pytest.raises(Refused) as caught:
        sequences.stop(ctx, [one])
    assert caught.value.code == "not_allowed"
    with pytest.raises(Refused) as caught:
        sequences.skip(ctx, one, "-")
    assert caught.value.code == "not_allowed"
    assert now_of(ctx, one).steps[0].state == "open"
    ctx.me = replace(OTHER, role="team_lead")
    sequences.skip(ctx, one, "上長が飛ばす")
    sequences.stop(ctx, [one])
    assert now_of(ctx, one).state == "stopped"


def test_a_busy_line_is_tried_again_the_same_day_before_the_sequence_goes_on(
    ctx: Context, one: LeadId, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1
    at(clock, "12-03 10:00")
    state(ctx, one)
    recorded = calls.record(ctx, one, "BUSY")
    assert recorded.plan.due_at == clock.now() + timedelta(minutes=15)
    assert due(ctx, one) == "retry 12-03 10:15"
    clock.go(minutes=16)
    calls.record(ctx, one, "NO_ANSWER")
    assert now_of(ctx, one).steps[1].state == "done"
    assert due(ctx, one) == "mail 12-14 10:00"


def test_of_two_leads_with_one_address_only_one_is_enrolled(ctx: Context, one: LeadId) -> None:
    twin = lead(ctx, "山田", "Yamada@example.jp", phone_direct="06-1000-0002", company__name="B社", company__phone="")
    assert dict(sequences.forecast(ctx, "follow", [one, twin]).refused) == {twin: "sequence_same_address"}
    sequences.enrol(ctx, "follow", [one])
    assert dict(sequences.forecast(ctx, "careful", [twin]).refused) == {twin: "sequence_same_address"}
    sequences.stop(ctx, [one])
    assert sequences.enrol(ctx, "follow", [twin]).leads == (twin,)


def test_a_merge_takes_the_sequence_along_with_the_steps_that_were_done(
    ctx: Context, one: LeadId, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    assert round_(ctx, secrets) == 1
    twin = lead(ctx, "山田 太郎", phone_direct="052-211-9999")
    clock.go(minutes=5)
    merging.merge(ctx, one, twin)
    found = now_of(ctx, twin)
    assert (found.state, [step.state for step in found.steps]) == ("running", ["done", "open", "later"])
    assert due(ctx, twin) == "retry 12-03 10:00"
    history.undo(ctx)
    assert (now_of(ctx, one).state, sequences.of_lead(ctx, twin)) == ("running", ())
    assert due(ctx, one) == "retry 12-03 10:00"


def test_steps_that_wait_for_a_person_or_are_blocked_take_no_writer_and_go_when_they_can(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    asks = lead(ctx, "確認", "p1@example.jp", company__name="A社", phone_direct="06-1000-0001", company__phone="")
    bare = add(
        ctx, "同意なし", email="p2@example.jp", company__name="B社", phone_direct="06-1000-0002", company__phone=""
    )
    for each in (asks, bare):
        calls.record(ctx, each, "NO_ANSWER")
    sequences.enrol(ctx, "careful", [asks])
    sequences.enrol(ctx, "follow", [bare])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    assert sequences.run(ctx).blocked == 1
    with ctx.store.write() as tx:  # a writer at work: whoever asked for another one would not come back
        before = filings.count(tx, KIND)
        assert sequences.run(ctx) == sequences.Ran()
        assert filings.count(tx, KIND) == before
    shown = {line.lead_id: (line.state, line.why) for line in sequence_board.look(ctx).running}
    assert shown == {asks: ("confirm", ""), bare: ("blocked", "mail_no_consent")}
    consenting.consent(ctx, bare, "notified", "名刺")
    assert sequences.run(ctx).cleared == 1
    assert outgoing.send(ctx, secrets).sent == 1


def test_who_opts_out_between_the_look_and_the_writer_is_not_written_to(
    ctx: Context, one: LeadId, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequences.enrol(ctx, "follow", [one])
    at(clock, "11-27 10:00")
    queue.settle(ctx)
    real = outgoing.ready

    def overtaken(*given: Any, **named: Any) -> object:
        found = real(*given, **named)
        monkeypatch.setattr(outgoing, "ready", real)
        consenting.opt_out(ctx, one)
        return found

    monkeypatch.setattr(outgoing, "ready", overtaken)
    assert sequences.run(ctx).queued == 0
    assert outgoing.ready is real
    assert outgoing.outbox(ctx) == []
    found = now_of(ctx, one)
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "opt_out")
