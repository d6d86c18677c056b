"""The end of a rep's day on a real desk: promises, drafts, what is not handed over, the check of next actions, 日報."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.day_end import Loop, in_order, instant
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailState
from isdesk.domain.touch import Channel, Reached
from isdesk.services import (
    attaching,
    calls,
    confirming,
    day_end,
    day_report,
    history,
    leads,
    mail_account,
    mail_drafts,
    open_calls,
    outgoing,
    queue,
    reminders,
    today,
)  # fmt: skip
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.store import mails, meta
from tests.services.conftest import FS, OTHER, HandClock, add
from tests.services.mailers import lead as mail_lead
from tests.services.mailers import team

DM = Reached.DECISION_MAKER


def kinds(ctx: Context) -> list[str]:
    return [one.kind for one in day_end.look(ctx).loops]


def test_a_promise_is_open_from_its_time_on_until_it_is_kept(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    promised = clock.now() + timedelta(hours=2)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    assert kinds(ctx) == []
    clock.go(hours=3)
    (one,) = day_end.look(ctx).loops
    assert (one.kind, one.lead_id, one.name, one.at) == ("promise", lead, "山田 太郎", promised)
    calls.record(ctx, lead, "NO_ANSWER")
    assert kinds(ctx) == []
    history.undo(ctx)
    assert kinds(ctx) == ["promise"]


def test_only_the_own_promises_count(ctx: Context, clock: HandClock) -> None:
    theirs = add(ctx, "佐藤 花子", owner_id=OTHER.id)
    calls.record(ctx, theirs, "CALLBACK_AT", RecordInput(callback_at=clock.now() + timedelta(hours=1)))
    clock.go(hours=2)
    assert kinds(ctx) == []


def test_a_memo_without_an_outcome_and_a_meeting_not_handed_over_are_open(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    leads.save_draft(ctx, lead, "折り返し\n希望")
    met = add(ctx, "佐藤 花子")
    at = clock.now() + timedelta(days=1)
    calls.record(ctx, met, "MEETING_SET", RecordInput(reached=DM, meeting_at=at, fs_id=FS.id))
    clock.go(days=3)
    found = {one.kind: one for one in day_end.look(ctx).loops}
    assert found["memo"].text == "折り返し 希望"
    assert found["handoff"].lead_id == met


def test_every_touched_lead_has_a_next_action_and_one_without_shows(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    made = day_end.look(ctx)
    assert (made.touched, made.without_next) == (1, 0)
    with ctx.store.write() as tx:  # what must never be, made by force: the check has to see it
        tx.sql("UPDATE lead SET open = 1, action = NULL, action_due_at = NULL WHERE id = ?", (lead,))
    made = day_end.look(ctx)
    assert made.without_next == 1
    assert made.loops[0].kind == "no_next"
    assert "1件のうち 1件に次回アクションがありません" in day_report.text(made)


def test_tomorrow_is_the_next_business_day_with_its_promises_and_meetings(ctx: Context, clock: HandClock) -> None:
    clock.at = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)  # Friday; Monday the 23rd is a holiday
    promised, met = add(ctx, "約束 太郎"), add(ctx, "商談 花子")
    there = datetime(2026, 11, 24, 10, 30, tzinfo=TOKYO)
    calls.record(ctx, promised, "CALLBACK_AT", RecordInput(callback_at=there))
    later = there + timedelta(hours=3)
    calls.record(ctx, met, "MEETING_SET", RecordInput(reached=DM, meeting_at=later, fs_id=FS.id))
    made = day_end.look(ctx)
    assert made.next_day.isoformat() == "2026-11-24"
    assert [(one.name, one.meeting) for one in made.tomorrow] == [("約束 太郎", False), ("商談 花子", True)]
    assert [(one.name, one.at) for one in made.set] == [("商談 花子", later)]
    clock.go(minutes=5)
    calls.record(ctx, met, "DNC_REQUEST", RecordInput(note="二度とかけないで"))
    assert [one.name for one in day_end.look(ctx).tomorrow] == ["約束 太郎"], "who must not be called is not met"


def test_the_report_has_each_quantity_with_its_quality(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    other = add(ctx, "佐藤 花子")
    calls.record(ctx, other, "INTERESTED", RecordInput(reached=DM, talk_s=600))
    day_end.keep_note(ctx, "製造業の反応がよい\n明日は名簿の残り")
    said = day_report.text(day_end.look(ctx))
    assert "架電件数: 2(ユニーク架電先 2)" in said
    assert "通電: 1(通電率 50.0% = 1/2)" in said
    assert "接続: 1(接続率 100.0% = 1/1)" in said
    assert "アポ: 0(ミーティング獲得率 0.0% = 0/1)" in said
    assert "通話時間: 10分" in said
    assert said.endswith("製造業の反応がよい\n明日は名簿の残り\n")
    english = day_report.text(day_end.look(ctx), "en")
    assert "Answered: 1 (answer rate 50.0% = 1/2)" in english


def test_a_day_without_calls_divides_by_nothing(ctx: Context, lead: LeadId) -> None:
    assert "通電: 0(通電率 — = 0/0)" in day_report.text(day_end.look(ctx))


def test_a_name_is_no_template_and_no_further_line_of_a_subject(ctx: Context, clock: HandClock) -> None:
    odd = add(ctx, "{{ 7 * 7 }}<b>")
    calls.record(ctx, odd, "CALLBACK_AT", RecordInput(callback_at=clock.now() + timedelta(minutes=30)))
    clock.go(hours=1)
    assert "{{ 7 * 7 }}<b>" in day_report.text(day_end.look(ctx))


def test_a_remark_is_that_of_its_day_alone(ctx: Context, clock: HandClock) -> None:
    day_end.keep_note(ctx, "  今日の気づき ")
    assert day_end.look(ctx).note == "今日の気づき"
    clock.go(days=1)
    assert day_end.look(ctx).note == ""
    with pytest.raises(BadInput) as refused:
        day_end.keep_note(ctx, "あ" * 2001)
    assert refused.value.code == "day_note_long"


def test_the_order_is_by_gravity_then_age() -> None:
    at = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
    every = [
        Loop("memo", None, "a", "", at),
        Loop("promise", None, "b", "", at),
        Loop("promise", None, "c", "", at - timedelta(hours=1)),
        Loop("no_next", None, "d", "", None),
    ]
    assert [one.name for one in in_order(every)] == ["d", "c", "b", "a"]
    assert instant("2026-11-24T10:00:00") is None
    assert instant("morning") is None
    assert instant(None) is None


def test_what_a_held_queue_hides_is_still_open(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=clock.now() + timedelta(hours=1)))
    clock.go(hours=12)
    queue.settle(ctx)
    assert kinds(ctx) == ["promise"]


def test_a_meeting_wants_to_be_confirmed_the_business_day_before_until_somebody_did(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    friday = datetime(2026, 11, 27, 14, 0, tzinfo=TOKYO)
    calls.record(ctx, lead, "MEETING_SET", RecordInput(meeting_at=friday, fs_id=FS.id, reached=DM))
    with ctx.store.read() as tx:
        assert confirming.due(ctx, tx) == []
    clock.at = datetime(2026, 11, 26, 11, 0, tzinfo=TOKYO)
    (one,) = [loop for loop in day_end.look(ctx).loops if loop.kind == "confirm"]
    assert (one.lead_id, one.at) == (lead, friday)
    assert today.today(ctx).to_confirm == 1
    assert [(r.kind, r.due_at) for r in reminders.fresh(ctx).every if r.kind == "meeting"] == [("meeting", friday)]
    assert "商談の確認: " in day_report.text(day_end.look(ctx))
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=friday + timedelta(hours=1)))
    assert "confirm" not in kinds(ctx)
    assert today.today(ctx).to_confirm == 0


def test_a_mail_that_was_begun_or_is_in_doubt_or_waits_is_in_sight(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    ctx.playbook = team()
    account: dict[str, object] = {"host": "h", "port": 465, "security": "tls", "address": "s@aoba.example"}
    with ctx.store.write() as tx:
        meta.put(tx, mail_account.ACCOUNT, account)
    one, two, three, four = (written(ctx, n) for n in range(4))
    mail_drafts.keep(ctx, one, "plain", "書きかけの件名", "本文")
    later = clock.now() + timedelta(days=1)
    outgoing.post(ctx, two, "plain")
    outgoing.post(ctx, three, "plain", at=later)
    doubt = outgoing.post(ctx, four, "plain")
    with ctx.store.write() as tx:
        mails.move(tx, doubt, replace(doubt, state=MailState.UNCERTAIN, left_at=clock.now()))
    made = day_end.look(ctx)
    found = [(loop.kind, loop.lead_id, loop.mail_id) for loop in made.loops]
    assert found == [("uncertain", four, doubt.id), ("draft", one, "")]
    assert next(loop.text for loop in made.loops if loop.kind == "draft") == "書きかけの件名"
    assert [(mail.lead_id, mail.late) for mail in made.leaving] == [(two, False), (three, True)]
    assert "届いたか不明のメール" in day_report.text(made)
    outgoing.resolve(ctx, doubt.id, delivered=False)
    assert kinds(ctx) == ["unsent", "draft"]
    clock.go(days=1)
    assert kinds(ctx) == ["draft"], "what failed yesterday was seen yesterday"


def written(ctx: Context, n: int) -> LeadId:
    return mail_lead(ctx, f"見本 {n}", f"m{n}@example.jp", company__name=f"会社{n}")


def test_a_remark_goes_to_the_day_it_was_made_for(ctx: Context, clock: HandClock) -> None:
    first = day_end.look(ctx).day
    for n in range(3):
        day_end.keep_note(ctx, f"日 {n}", first + timedelta(days=n))
    day_end.keep_note(ctx, "一日目", first + timedelta(days=1))
    said = [day_end.look(ctx, first + timedelta(days=n)).note for n in range(3)]
    assert said == ["", "一日目", "日 2"], "two days are kept"
    day_end.keep_note(ctx, " ", first + timedelta(days=1))
    assert day_end.look(ctx, first + timedelta(days=1)).note == ""


def test_the_remark_of_an_older_profile_is_there_still(ctx: Context) -> None:
    day = day_end.look(ctx).day
    with ctx.store.write() as tx:
        meta.put(tx, day_end.NOTE, {"day": day.isoformat(), "text": "前の版"})
    assert day_end.look(ctx).note == "前の版"


def test_a_day_that_is_over_keeps_its_own_figures(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    began = day_end.look(ctx).day
    clock.go(days=1)
    over, new = day_end.look(ctx, began), day_end.look(ctx)
    assert (over.figures.counts.dials, over.touched) == (1, 1)
    assert (new.figures.counts.dials, new.touched) == (0, 0)


def test_material_that_was_promised_is_open_until_a_mail_is_on_its_way(ctx: Context, clock: HandClock) -> None:
    ctx.playbook = team()
    account: dict[str, object] = {"host": "h", "port": 465, "security": "tls", "address": "s@aoba.example"}
    with ctx.store.write() as tx:
        meta.put(tx, mail_account.ACCOUNT, account)
    one, two = mail_lead(ctx), mail_lead(ctx, "佐藤 花子", "sato@example.co.jp")
    calls.record(ctx, one, "INFO_REQUESTED")
    calls.record(ctx, two, "INFO_REQUESTED")
    at = clock.now()
    clock.go(minutes=1)
    found = day_end.look(ctx).loops
    assert {(loop.kind, loop.lead_id) for loop in found} == {("material", one), ("material", two)}
    assert all(loop.at is not None and at - loop.at < timedelta(minutes=1) for loop in found)
    clock.go(days=1)
    assert kinds(ctx) == ["material", "material"], "it is not forgotten over night"
    calls.record(ctx, one, "TOUCH_SENT", RecordInput(channel=Channel.MAIL))
    assert [loop.lead_id for loop in day_end.look(ctx).loops] == [two]
    history.undo(ctx)
    assert kinds(ctx) == ["material", "material"]
    outgoing.post(ctx, one, "plain")
    assert [loop.lead_id for loop in day_end.look(ctx).loops] == [two]
    calls.record(ctx, two, "DNC_REQUEST", RecordInput(note="もうかけないで"))
    assert "material" not in kinds(ctx)


def test_material_that_was_promised_by_a_record_that_is_undone_is_owed_to_nobody(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "INFO_REQUESTED")
    assert kinds(ctx) == ["material"]
    history.undo(ctx)
    assert kinds(ctx) == []


def test_a_promise_for_the_rest_of_the_day_is_told_and_is_no_open_end(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    promised = clock.now() + timedelta(hours=2)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    made = day_end.look(ctx)
    assert [(one.lead_id, one.at) for one in made.later] == [(lead, promised)]
    assert made.clear
    report = day_report.text(made)
    assert f"■ 今日これからの約束\n・{promised.astimezone(TOKYO):%m/%d %H:%M} 再コール" in report
    clock.go(hours=3)
    made = day_end.look(ctx)
    assert made.later == ()
    assert "これからの約束" not in day_report.text(made)


def test_a_promise_that_was_missed_brings_the_number_and_the_last_note(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    said = RecordInput(callback_at=clock.now() + timedelta(hours=1), note="見積もりの\n話")
    calls.record(ctx, lead, "CALLBACK_AT", said)
    clock.go(hours=2)
    (one,) = day_end.look(ctx).loops
    number, _, note = one.text.partition(" ・ ")
    assert number.startswith("0")
    assert note == "見積もりの 話"


def test_a_call_without_an_outcome_is_open_until_it_has_one(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    other = add(ctx, "佐藤 花子")
    with ctx.store.write() as tx:
        open_calls.put(tx, OpenCall("c1", lead, "+81312345678", clock.now()))
        open_calls.hold(tx, OpenCall("c2", other, "+81312345679", clock.now(), incoming=True, answered=True))
    made = day_end.look(ctx)
    assert {(one.kind, one.lead_id) for one in made.loops} == {("call", lead), ("call", other)}
    assert not made.clear
    assert "架電結果のない通話" in day_report.text(made)
    calls.record(ctx, lead, "NO_ANSWER", RecordInput(call="c1"))
    assert [(one.kind, one.lead_id) for one in day_end.look(ctx).loops] == [("call", other)]


def test_a_talk_that_has_no_lead_is_open_for_as_long_as_it_has_none(ctx: Context, clock: HandClock) -> None:
    """From a number that several share (代表番号) or that nobody has; a call that nobody took is no open end."""
    first = add(ctx, "見本 太郎", phone_direct="03-3211-1000", company__name="見本工業")
    add(ctx, "見本 花子", phone_direct="03-3211-1000", company__name="見本工業")
    began = clock.now()
    attaching.keep(ctx, LooseCall("shared", "0332111000", began, answered=True, over=True))
    attaching.keep(ctx, LooseCall("withheld", "", began + timedelta(minutes=1), answered=True, over=True))
    attaching.keep(ctx, LooseCall("missed", "0332119999", began, over=True))
    for days in (0, 30):
        clock.go(days=days)
        attaching.keep(ctx, LooseCall(f"new{days}", "0332118888", clock.now(), over=True))
        made = day_end.look(ctx)
        told = [(one.kind, one.lead_id, one.name, one.at) for one in made.loops if one.kind == "call"]
        assert told == [
            ("call", None, "03-3211-1000", began),
            ("call", None, "", began + timedelta(minutes=1)),
        ]
        assert "架電結果のない通話: 03-3211-1000" in day_report.text(made)
    calls.record(ctx, first, "NOT_INTERESTED", RecordInput(call="shared", reason="no_need"))
    assert [one.name for one in day_end.look(ctx).loops if one.kind == "call"] == [""]
    attaching.attach(ctx, "withheld", first)
    assert [one.lead_id for one in day_end.look(ctx).loops if one.kind == "call"] == [first], "one open end, not two"
