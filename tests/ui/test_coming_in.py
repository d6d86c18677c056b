"""Calls that come in, in the real window: each is one touch with its own times, however it was taken and recorded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import End, Phase
from isdesk.domain.touch import Direction, effective
from isdesk.services import attaching, calls, leads, open_calls, phone_account, phoning
from isdesk.services.calls import RecordInput
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.services.phone_account import BARESIP, PhoneAccount
from tests.channels.exchange import REP
from tests.channels.phones import Phones
from tests.ui.test_telephone import COMING, RealSeconds, Sat, Window, add, sat, server
from ui.shortcuts import KeyGuard
from ui.views.call.on_call import MOST_COMING

__all__ = ["sat", "server"]

ONE, TWO = "0520001201", "0520001202"
SHARED = "0529990001"
UNKNOWN = "0399998888"


def legs(n: int) -> dict[str, Any]:
    return {"Uniqueid": f"in.{n}", "DestUniqueid": f"rep.{n}", "DestChannel": f"{REP}-000000{n}"}


def taken_at_the_handset(sat: Sat, number: str = TWO) -> None:
    sat.comes(number)
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.bars[-1])
    sat.win.rest()


def over(sat: Sat) -> None:
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "受電終了" in sat.win.bars[-1])
    sat.win.rest()


def rang_off(sat: Sat, number: str = TWO) -> None:
    sat.comes(number)
    sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=9)
    sat.win.until(lambda: any("不在着信" in one for one in sat.win.bars))
    sat.win.rest()


def show(sat: Sat, lead: LeadId) -> None:
    assert sat.win.page.controller.show_lead(lead)
    sat.win.until(lambda: sat.win.here == lead)
    sat.win.rest()


def held(sat: Sat) -> list[OpenCall]:
    with sat.win.desk.ctx.store.read() as tx:
        return open_calls.held(tx)


def left(sat: Sat, call: OpenCall) -> None:
    """Leave a call without an outcome, as a program does that ends in it; then start again."""
    with sat.win.desk.ctx.store.write() as tx:
        open_calls.put(tx, call)
    sat.win.page.controller.resume()


# ------------------------------------------------------------------------------------------------- recorded by hand


@pytest.mark.parametrize("ended", [False, True])
def test_an_outcome_given_by_hand_is_that_of_the_talk_the_lead_called_in_for(sat: Sat, ended: bool) -> None:
    lead = sat.ids[1]
    taken_at_the_handset(sat)
    if ended:
        over(sat)
    else:
        sat.clock.at += 12
    show(sat, lead)
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.number, touch.ring_s) == (Direction.IN, "+81520001202", 5)
    assert (touch.talk_s, touch.dial_id) == (20 if ended else 12, None)
    sat.win.until(lambda: not sat.win.bars)
    if not ended:
        sat.say("Hangup", Uniqueid="rep.9", after=20)
        sat.win.rest()
    assert not sat.win.bars
    assert phoning.unfinished(sat.win.desk.ctx) is None, "it is asked for no more"
    sat.win.press("app.incoming")
    assert "着信はありません" in sat.win.said[-1]


def test_the_right_outcome_after_undo_is_that_of_the_same_talk(sat: Sat) -> None:
    lead = sat.ids[1]
    taken_at_the_handset(sat)
    over(sat)
    show(sat, lead)
    sat.win.press("outcome.7")
    wrong = sat.win.recorded(lead)
    sat.win.desk.ctx.clock.at += timedelta(minutes=3)  # type: ignore[attr-defined]
    sat.win.press("app.undo")
    sat.win.until(lambda: not effective(sat.win.touches(lead)))
    sat.win.rest()
    show(sat, lead)
    sat.win.press("outcome.7")
    sat.win.until(lambda: bool(effective(sat.win.touches(lead))))
    sat.win.rest()
    (right,) = effective(sat.win.touches(lead))
    assert right.id != wrong.id
    assert (right.direction, right.number, right.ring_s, right.talk_s) == (Direction.IN, "+81520001202", 5, 20)
    assert (right.at, right.dial_id) == (wrong.at, None)


def test_a_talk_that_the_program_goes_on_with_by_itself_is_asked_for_once(sat: Sat) -> None:
    first, lead = sat.ids[0], sat.ids[1]
    now = sat.win.desk.ctx.now()
    left(sat, OpenCall("old", first, "+81520001201", now, told=True, answered=True, ring_s=3, talk_s=9))
    sat.win.until(lambda: sat.win.page.controller.busy)
    sat.win.rest()
    taken_at_the_handset(sat)
    over(sat)
    sat.win.press("outcome.7")
    sat.win.until(lambda: bool(sat.win.touches(first)))
    sat.win.until(lambda: sat.win.page.controller.busy and sat.win.here == lead)
    sat.win.rest()
    assert not sat.win.bars, "it is at work now"
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.talk_s) == (Direction.IN, 20)
    sat.win.press("app.incoming")
    assert "着信はありません" in sat.win.said[-1]


def test_a_talk_that_is_on_goes_on_after_the_outcome_of_a_call_of_before(sat: Sat) -> None:
    first, lead = sat.ids[0], sat.ids[1]
    left(sat, OpenCall("old", first, "+81520001201", sat.win.desk.ctx.now(), told=True, answered=True))
    sat.win.until(lambda: sat.win.page.controller.busy)
    sat.win.rest()
    taken_at_the_handset(sat)
    sat.win.press("outcome.7")
    sat.win.until(lambda: sat.win.here == lead and "受電中" in sat.win.call_words)
    sat.win.rest()
    assert not sat.win.bars
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "通話終了 00:20" in sat.win.call_words)
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).talk_s == 20


# ------------------------------------------------------------------------------------------------ nothing is lost


def test_a_talk_is_kept_from_its_first_second(sat: Sat) -> None:
    taken_at_the_handset(sat)
    (kept,) = held(sat)
    assert (kept.lead_id, kept.answered, kept.end, kept.ring_s) == (sat.ids[1], True, None, 5)
    over(sat)
    (kept,) = held(sat)
    assert (kept.end, kept.talk_s) == (End.ANSWERED, 20)


def test_a_call_that_is_put_out_of_sight_while_it_rings_is_still_a_call(sat: Sat) -> None:
    sat.comes(TWO)
    sat.win.window.notices()[-1].closed.emit()
    sat.win.until(lambda: not sat.win.bars)
    sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=9)
    sat.win.until(lambda: bool(sat.win.touches(sat.ids[1])))
    (touch,) = sat.win.touches(sat.ids[1])
    assert (touch.direction, touch.ring_s) == (Direction.IN, 9)


def shared(sat: Sat) -> list[LeadId]:
    fields = {"phone_direct": "052-999-0001", "company.name": "同番商事"}
    made = [leads.create(sat.win.desk.ctx, {"name": name, **fields})[0] for name in ("同番 一", "同番 二")]
    sat.win.rest()
    return made


@pytest.mark.parametrize("talked", [False, True])
def test_a_call_from_a_number_that_several_share_waits_for_its_lead(sat: Sat, talked: bool) -> None:
    mine = shared(sat)
    if talked:
        taken_at_the_handset(sat, SHARED)
        over(sat)
    else:
        rang_off(sat, SHARED)
    assert "リードに付けると記録に残ります" in sat.win.bars[-1]
    sat.win.until(lambda: len(attaching.waiting(sat.win.desk.ctx)) == 1)
    sat.win.press("app.incoming")
    panel = sat.win.shell.incoming.unknown.panel
    sat.win.until(panel.isVisible)
    sat.win.rest()
    names = [entry.title for row in range(panel.model.rowCount()) if (entry := panel.model.entry(row)) is not None]
    assert set(names[:2]) == {"同番 一", "同番 二"}, "those who have the number are offered"
    lead = mine[names.index("同番 二")] if names[0] == "同番 一" else mine[1]
    row = names.index("同番 二")
    panel.list.setCurrentIndex(panel.model.index(row, 0))
    panel._run(row)
    sat.win.until(lambda: sat.win.here == lead)
    if talked:
        sat.win.until(lambda: sat.win.page.controller.busy)
        sat.win.rest()
        sat.win.press("outcome.7")
    sat.win.until(lambda: bool(sat.win.touches(lead)) and not sat.win.page.controller.busy)
    sat.win.rest()
    (touch,) = sat.win.touches(lead)
    assert (touch.direction, touch.number, touch.talk_s) == (Direction.IN, "+81529990001", 20 if talked else None)
    assert not attaching.waiting(sat.win.desk.ctx)
    assert not sat.win.bars


def test_a_missed_call_whose_record_is_taken_back_is_asked_for_again(sat: Sat) -> None:
    keep_unknown(sat, talked=False)
    leads.create(sat.win.desk.ctx, {"name": "青葉 花子"})
    sat.win.press("app.attach")
    panel = sat.win.shell.incoming.unknown.panel
    sat.win.until(panel.isVisible)
    panel.field.setText("青葉")
    sat.win.until(lambda: panel.settled and panel.model.rowCount() > 0)
    panel._run(0)
    sat.win.until(lambda: not attaching.waiting(sat.win.desk.ctx))
    sat.win.rest()
    assert not any("リードに付いていない着信" in one for one in sat.win.bars)
    sat.win.press("app.undo")
    sat.win.until(lambda: any("リードに付いていない着信が1件" in one for one in sat.win.bars))


def test_a_missed_call_stays_in_sight_while_another_call_is_at_work(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    other = next(one for one in sat.ids if one != lead)
    rang_off(sat, f"05200012{sat.ids.index(other) + 1:02d}")
    sat.win.press("app.incoming")
    sat.win.rest()
    assert sat.win.here == lead
    assert "通話中" in sat.win.said[-1]
    assert any("不在着信" in one for one in sat.win.bars)


# ------------------------------------------------------------------------------------------- what is said, what F9 does


def test_a_missed_call_of_somebody_who_must_not_be_called_promises_no_call(sat: Sat) -> None:
    calls.record(sat.win.desk.ctx, sat.ids[1], "DNC_REQUEST", RecordInput(note="もうかけないで"))
    rang_off(sat)
    sat.win.until(lambda: "架電禁止" in sat.win.bars[0])
    assert "キューに上げました" not in sat.win.bars[0]
    assert len(sat.win.touches(sat.ids[1])) == 2


def test_a_missed_call_is_said_to_be_called_back_where_it_is(sat: Sat) -> None:
    rang_off(sat)
    sat.win.until(lambda: "キューに上げました" in sat.win.bars[0])


def test_an_older_talk_is_not_hidden_by_a_newer_call_of_nobody(sat: Sat) -> None:
    taken_at_the_handset(sat)
    over(sat)
    sat.say("DialBegin", **legs(20), CallerIDNum="0399998888")
    sat.say("DialEnd", **legs(20), DialStatus="CANCEL", after=2)
    sat.win.until(lambda: any("不在着信: 登録のない番号" in one for one in sat.win.bars))
    sat.win.rest()
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == sat.ids[1] and sat.win.page.controller.busy)


def test_f9_says_where_a_call_is_taken_that_this_program_cannot_take(sat: Sat) -> None:
    sat.comes("0399998888")
    assert "電話機で受けてください" in sat.win.bars[0]
    assert not any("F9" in one.text() for one in sat.win.window.notices()[0].findChildren(QPushButton))
    sat.win.press("app.incoming")
    assert "電話機で受けてください" in sat.win.said[-1]


def test_f5_dials_nobody_into_a_talk_that_is_on(sat: Sat) -> None:
    taken_at_the_handset(sat)
    sat.win.press("call.dial")
    sat.win.rest()
    sat.settle()
    assert "受電中" in sat.win.said[-1]
    assert not sat.exchange.asked("Originate")
    assert not sat.win.page.controller.busy
    over(sat)
    sat.win.dial()


# ------------------------------------------------------------------------------------------------ times and restarts


def test_a_talk_that_is_opened_late_was_when_it_was(sat: Sat) -> None:
    taken_at_the_handset(sat)
    over(sat)
    (kept,) = held(sat)
    sat.win.desk.ctx.clock.at += timedelta(hours=3)  # type: ignore[attr-defined]
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == sat.ids[1] and sat.win.page.controller.busy)
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(sat.ids[1])
    assert (touch.at, touch.ring_s, touch.talk_s) == (kept.at, 5, 20)


def test_a_call_of_ours_stands_at_its_begin(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    kept = phoning.unfinished(sat.win.desk.ctx)
    assert kept is not None
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.win.desk.ctx.clock.at += timedelta(minutes=25)  # type: ignore[attr-defined]
    sat.clock.at += 1500
    sat.hang_ups()
    sat.win.until(lambda: "通話終了" in sat.win.call_words)
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert abs(touch.at - kept.at) < timedelta(seconds=1)
    assert touch.talk_s == 1500


def test_a_call_that_came_in_is_opened_with_thanks_and_one_of_ours_with_why_we_call(sat: Sat) -> None:
    def says() -> str:
        return "".join(text for text, _ in sat.win.page.work.say.text.segments)

    show(sat, sat.ids[1])
    ours = says()
    assert "お電話しました" in ours
    taken_at_the_handset(sat)
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == sat.ids[1] and sat.win.page.controller.busy)
    sat.win.rest()
    assert "お電話ありがとうございます" in says()
    assert "お電話しました" not in says()
    path = sat.win.page.work.path
    sat.win.press("script.next")
    sat.win.press("script.previous")
    assert "お電話ありがとうございます" in says()
    assert sat.win.page.work.path[: len(path)] == path
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.rest()
    sat.win.press("outcome.7")
    sat.win.recorded(sat.ids[1])
    show(sat, sat.ids[1])
    assert says() == ours


def test_a_program_that_ended_while_somebody_rang_writes_that_they_called(sat: Sat) -> None:
    lead, now = sat.ids[0], sat.win.desk.ctx.now()
    left(sat, OpenCall("old", lead, "+81520001201", now, incoming=True, told=True, ring_s=4))
    sat.win.until(lambda: bool(sat.win.touches(lead)))
    sat.win.rest()
    (touch,) = sat.win.touches(lead)
    assert (touch.direction, touch.outcome, touch.at) == (Direction.IN, None, now)
    assert not sat.win.page.controller.busy
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_a_telephone_that_is_set_up_anew_in_a_talk_leaves_its_time_to_the_key_that_ends_it(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.win.phone.open()
    sat.win.until(lambda: bool(sat.win.bars) and sat.win.desk.telephone.up)
    sat.win.rest()
    assert "電話と切断" in sat.win.call_words, "nobody tells what becomes of it"
    sat.clock.at += 30
    sat.win.press("call.hang_up")
    sat.win.until(lambda: sat.win.call_words == "通話終了 00:30 — 結果を選択")
    sat.clock.at += 600
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).talk_s == 30


# ------------------------------------------------------------------------------------------------------- a real baresip


def test_of_two_who_ring_f9_takes_the_newest_at_a_real_telephone(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    phones = Phones(tmp_path)
    try:
        ids = [add(desk, n) for n in (1, 2)]
        desk.ctx.clock = RealSeconds()
        account = PhoneAccount(BARESIP, domain="127.0.0.1:1", national=True, port=phones.control)
        phone_account.keep_account(desk.ctx, desk.secrets, account)
        win = Window(desk, qtbot)
        for number, name in ((ONE, "見本 1"), (TWO, "見本 2")):
            phones.caller(number, 60.0)
            win.until(lambda name=name: any(name in one for one in win.bars))  # type: ignore[misc]
        win.press("app.incoming")
        win.until(lambda: win.here == ids[1] and "受電中" in win.call_words)
        assert any("着信: 見本 1" in one for one in win.bars), "the other one rings on"
        win.close()
    finally:
        desk.telephone.close()
        phones.close()


# ------------------------------------------------------------------------------------------------- the panel, banners


def keep_unknown(sat: Sat, n: int = 1, *, talked: bool = True) -> None:
    """Let calls of before wait that have no lead."""
    ctx = sat.win.desk.ctx
    for one in range(n):
        at = ctx.now() - timedelta(hours=one + 1)
        talk = 60 if talked else None
        attaching.keep(ctx, LooseCall(f"before.{one}", UNKNOWN, at, talked, 4, talk, over=True))


def test_no_key_in_the_panel_is_one_of_the_lead_behind_it(sat: Sat, qapp: QApplication) -> None:
    guard = KeyGuard(qapp)
    keep_unknown(sat)
    leads.create(sat.win.desk.ctx, {"name": "青葉 花子", "phone_mobile": "090-1234-0000"})
    here = sat.win.here
    assert here is not None
    sat.win.press("app.attach")
    panel = sat.win.shell.incoming.unknown.panel
    sat.win.until(panel.isVisible)
    panel.field.setText("青葉")
    sat.win.until(lambda: panel.settled and panel.add.isVisible())
    sat.win.qtbot.keyClick(panel.field, Qt.Key.Key_F5)
    for part in (panel.add, panel.drop):
        part.setFocus()
        sat.win.qtbot.keyClick(part, Qt.Key.Key_1)
        sat.win.qtbot.keyClick(part, Qt.Key.Key_7)
        sat.win.qtbot.keyClick(part, Qt.Key.Key_F5)
    sat.win.rest()
    assert not sat.win.touches(here)
    assert not sat.win.page.controller.engaged
    assert not sat.exchange.asked("Originate")
    assert panel.isVisible()
    panel.field.setFocus()
    sat.win.qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    guard.stop()


def unknown_talk(sat: Sat) -> None:
    sat.comes(UNKNOWN)
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.bars[-1])
    sat.win.rest()


@pytest.mark.parametrize("known", [True, False])
def test_a_talk_that_is_put_out_of_sight_is_asked_for_when_it_is_over(sat: Sat, known: bool) -> None:
    if known:
        taken_at_the_handset(sat)
    else:
        unknown_talk(sat)
    sat.win.press("app.notice_close")
    sat.win.until(lambda: not sat.win.bars)
    sat.win.rest()
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: sat.win.tells("受電終了"))
    sat.win.rest()
    waits = held(sat) if known else attaching.waiting(sat.win.desk.ctx)
    assert [one.talk_s for one in waits] == [20]


@pytest.mark.parametrize("known", [True, False])
def test_what_is_put_away_unrecorded_is_said_and_can_be_had_back(sat: Sat, known: bool) -> None:
    ctx = sat.win.desk.ctx
    if known:
        taken_at_the_handset(sat)
    else:
        unknown_talk(sat)
    over(sat)
    sat.win.press("app.notice_close")
    sat.win.rest()
    assert not sat.win.bars
    assert not held(sat)
    assert not attaching.waiting(ctx)
    assert "記録しません" in sat.win.window.toast.text()
    sat.win.press("app.toast")
    sat.win.until(lambda: sat.win.tells("受電終了"))
    sat.win.rest()
    waits = held(sat) if known else attaching.waiting(ctx)
    assert [one.talk_s for one in waits] == [20]
    sat.win.press("app.incoming")
    if known:
        sat.win.until(lambda: sat.win.here == sat.ids[1] and sat.win.page.controller.busy)
    else:
        sat.win.until(sat.win.shell.incoming.unknown.panel.isVisible)


def test_a_talk_whose_line_was_lost_holds_nothing_back(sat: Sat) -> None:
    taken_at_the_handset(sat)
    assert sat.win.shell.talking()
    sat.exchange.cut()
    sat.win.until(lambda: not sat.win.shell.talking())
    assert not sat.win.shell._on_call()


@pytest.mark.parametrize("ended", [True, False])
def test_an_outcome_given_by_hand_is_that_of_the_talk_from_a_shared_number(sat: Sat, ended: bool) -> None:
    _, lead = shared(sat)
    taken_at_the_handset(sat, SHARED)
    if ended:
        over(sat)
    else:
        sat.clock.at += 12
    show(sat, lead)
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.number, touch.ring_s) == (Direction.IN, "+81529990001", 5)
    assert (touch.talk_s, touch.dial_id) == (20 if ended else 12, None)
    sat.win.until(lambda: not sat.win.bars)
    if not ended:
        sat.say("Hangup", Uniqueid="rep.9", after=20)
        sat.settle()
        sat.win.rest()
    assert not sat.win.bars
    assert not attaching.waiting(sat.win.desk.ctx), "it is asked for no more"


def test_a_talk_that_is_on_is_forgotten_for_no_calls_at_other_desks(sat: Sat) -> None:
    lead = sat.ids[1]
    taken_at_the_handset(sat)
    for n in range(30, 40):
        sat.say("DialBegin", **legs(n), CallerIDNum=f"03999900{n}")
        sat.say("Hangup", Uniqueid=f"rep.{n}", Cause="26")
    on_call = sat.win.page.controller.on_call
    sat.win.until(lambda: any(one.elsewhere or one.phase is Phase.OVER for one in on_call.coming))
    sat.settle()
    sat.win.rest()
    assert on_call.talks_beside()
    assert len(on_call.coming) == MOST_COMING + 1
    sat.clock.at += 12
    show(sat, lead)
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).talk_s == 12


def test_the_notice_of_calls_without_a_lead_comes_back_while_there_are_any(sat: Sat) -> None:
    keep_unknown(sat, 2)
    unknown = sat.win.shell.incoming.unknown
    unknown.look()
    sat.win.until(lambda: sat.win.tells("着信が2件"))
    sat.win.press("app.notice")
    sat.win.until(unknown.panel.isVisible)
    sat.win.rest()
    assert not sat.win.bars
    sat.win.qtbot.keyClick(unknown.panel.field, Qt.Key.Key_Escape)
    sat.win.until(lambda: sat.win.tells("着信が2件"))
    sat.win.press("app.notice_close")
    sat.win.rest()
    assert not sat.win.bars
    sat.win.press("app.attach")
    sat.win.until(unknown.panel.isVisible)
    unknown.panel.drop.click()
    sat.win.until(lambda: sat.win.tells("着信が1件"))
    sat.win.rest()
    assert len(sat.win.bars) == 1


def test_an_unknown_talk_whose_banner_gives_way_is_still_said_to_wait(sat: Sat) -> None:
    unknown_talk(sat)
    over(sat)
    for n in range(30, 35):
        sat.say("DialBegin", **legs(n), CallerIDNum=f"03999900{n}")
        sat.say("DialEnd", **legs(n), DialStatus="CANCEL", after=2)
        sat.settle()
        sat.win.rest()
    assert any(one.told == UNKNOWN for one in attaching.waiting(sat.win.desk.ctx))
    sat.win.until(lambda: sat.win.tells("リードに付いていない着信"))


def test_f9_asks_with_whom_a_talk_is_that_may_be_of_several(sat: Sat) -> None:
    mine = shared(sat)
    taken_at_the_handset(sat, SHARED)
    here = sat.win.here
    sat.win.press("app.incoming")
    panel = sat.win.shell.incoming.unknown.panel
    sat.win.until(panel.isVisible)
    sat.win.until(lambda: panel.settled and panel.model.rowCount() == 3)
    assert sat.win.here == here
    assert not sat.win.page.controller.engaged
    panel._run(1)
    sat.win.until(lambda: sat.win.here in mine and "受電中" in sat.win.call_words)
    lead = sat.win.here
    assert lead is not None
    sat.win.rest()
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "通話終了 00:20" in sat.win.call_words)
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.talk_s) == (Direction.IN, 20)
    assert not attaching.waiting(sat.win.desk.ctx)


def test_a_talk_that_gets_its_lead_while_another_call_begins_is_asked_for_after_it(sat: Sat) -> None:
    keep_unknown(sat)
    lead = next(one for one in sat.ids if one != sat.win.here)
    (call,) = attaching.waiting(sat.win.desk.ctx)
    with sat.win.writer_held():
        sat.win.shell.incoming.unknown._chosen(call, lead, False)
        sat.win.press("call.dial")
        sat.win.until(lambda: sat.win.page.controller.engaged)
    sat.win.until(lambda: sat.win.page.controller.busy)
    sat.win.rest()
    mine = sat.win.here
    assert mine is not None
    assert mine != lead
    assert [one.id for one in held(sat)] == [call.id], "it waits beside the call that was begun"
    sat.win.press("outcome.1")
    sat.win.until(lambda: bool(sat.win.touches(mine)))
    sat.win.until(lambda: sat.win.here == lead and sat.win.page.controller.busy)
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.talk_s) == (Direction.IN, 60)
    assert not held(sat)
