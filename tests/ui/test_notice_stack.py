"""The notices above the page: one at a time, the most urgent first, everything by key; what is over goes by itself."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from isdesk.services import calls, reminders
from isdesk.services.calls import RecordInput
from isdesk.store import members
from tests.end2end.person import CTRL, SHIFT, Key, Person
from tests.ui.conftest import SampleClock
from tests.ui.leads_made import add
from tests.ui.test_coming_in import over, taken_at_the_handset
from tests.ui.test_habits import hands, profile
from tests.ui.test_notifier import FS
from tests.ui.test_shell import Frame, frame
from tests.ui.test_telephone import Sat, sat, server
from ui.notices import Notice
from ui.views.notice_stack import MOST_NOTICES

__all__ = ["frame", "hands", "profile", "sat", "server"]


def seen(frame: Frame) -> list[str]:
    """Return the notices that are really seen."""
    return [bar.accessibleName() for bar in frame.window.notices() if bar.isVisible()]


def test_one_notice_at_a_time_and_the_others_are_counted(frame: Frame) -> None:
    for n in range(3):
        frame.window.show_notice(Notice(f"失敗 {n}"))
    assert seen(frame) == ["失敗 2"]
    assert frame.window.notice is not None
    assert frame.window.notice.others() == "ほか2件  F11"
    one = frame.window.notice.parentWidget()
    assert one is not None
    assert one.sizeHint().height() < 60


def test_the_urgent_one_stands_in_front_of_what_came_later(frame: Frame) -> None:
    show = frame.window.show_notice
    show(Notice("予定", tone="warn"))
    show(Notice("知らせ", tone="plain"))
    assert seen(frame) == ["予定"]
    show(Notice("別の予定", tone="warn"))
    assert seen(frame) == ["別の予定"], "of two that press alike the newer one"
    call = show(Notice("着信", tone="promise"))
    show(Notice("失敗", tone="bad"))
    assert seen(frame) == ["着信"]
    frame.window.drop_notice(call)
    assert seen(frame) == ["失敗"]


def test_where_there_are_too_many_the_oldest_of_the_least_urgent_goes(frame: Frame) -> None:
    def names() -> list[str]:
        return [bar.accessibleName() for bar in frame.window.notices()]

    show = frame.window.show_notice
    for n in range(MOST_NOTICES):
        show(Notice(f"約束 {n}", tone="warn"))
    show(Notice("知らせ", tone="plain"))
    assert names() == [f"約束 {n}" for n in range(MOST_NOTICES)], "no promise goes for news"
    assert seen(frame) == ["約束 8"]
    show(Notice("新しい約束", tone="warn"))
    assert names() == [*(f"約束 {n}" for n in range(1, MOST_NOTICES)), "新しい約束"]
    assert seen(frame) == ["新しい約束"]


def test_what_has_to_stay_never_goes_for_want_of_room(frame: Frame) -> None:
    show = frame.window.show_notice
    show(Notice("受電終了", tone="warn", stays=True))
    for n in range(MOST_NOTICES + 2):
        show(Notice(f"失敗 {n}"))
    names = [bar.accessibleName() for bar in frame.window.notices()]
    assert names == ["受電終了", *(f"失敗 {n}" for n in range(3, MOST_NOTICES + 2))]
    show(Notice("別の受電終了", tone="plain", stays=True))
    assert len(frame.window.notices()) == MOST_NOTICES
    assert frame.window.notices()[-1].accessibleName() == "別の受電終了"


def test_many_notices_never_take_the_place_of_a_talk_that_waits(sat: Sat) -> None:
    taken_at_the_handset(sat)
    over(sat)
    for n in range(MOST_NOTICES + 1):
        sat.win.notices.show(Notice(f"約束 {n}", tone="warn"))
    assert [one for one in sat.win.bars if "受電終了" in one]
    assert len(sat.win.bars) == MOST_NOTICES


def test_every_notice_is_handled_by_keys(frame: Frame, qtbot: QtBot) -> None:
    acted: list[str] = []
    for name in ("一", "二"):
        frame.window.show_notice(Notice(name, tone="warn", action="開く", act=partial(acted.append, name)))

    def press(key: Qt.Key) -> None:
        qtbot.keyClick(frame.window, key)

    press(Qt.Key.Key_F11)
    assert seen(frame) == ["一"]
    press(Qt.Key.Key_F11)
    assert seen(frame) == ["二"]
    press(Qt.Key.Key_F10)
    assert (acted, seen(frame)) == (["二"], ["一"])
    press(Qt.Key.Key_F12)
    assert (acted, frame.window.notices()) == (["二"], [])
    for key in (Qt.Key.Key_F10, Qt.Key.Key_F11, Qt.Key.Key_F12):
        press(key)
    assert acted == ["二"]


def test_the_key_is_printed_on_the_button_unless_it_names_one(frame: Frame) -> None:
    from PySide6.QtWidgets import QPushButton

    def words(action: str) -> list[str]:
        bar = frame.window.show_notice(Notice("x", action=action))
        return [one.text() for one in bar.findChildren(QPushButton)]

    assert "開く  F10" in words("開く")
    assert "サインインし直す F7" in words("サインインし直す F7")


def test_news_of_a_subject_take_the_place_of_those_before(frame: Frame) -> None:
    notices = frame.session.notices
    notices.show(Notice("まだです", tone="warn", subject="meeting:1"))
    notices.show(Notice("よそ", tone="warn", subject="meeting:2"))
    notices.show(Notice("済みました", tone="warn", subject="meeting:1"))
    assert [bar.accessibleName() for bar in frame.window.notices()] == ["よそ", "済みました"]
    notices.withdraw("meeting:1")
    assert seen(frame) == ["よそ"]
    notices.withdraw("")
    assert seen(frame) == ["よそ"]


def test_good_news_pass_by_themselves_with_a_button(frame: Frame) -> None:
    acted: list[int] = []
    good = Notice("記録しました", "よし", action="送る", act=lambda: acted.append(1), subject="s", passes=True)
    frame.session.notices.show(good)
    toast = frame.window.toast
    assert frame.window.notices() == []
    assert toast.text() == "記録しました よし 送る"
    frame.session.notices.withdraw("other")
    assert toast.text()
    frame.session.notices.withdraw("s")
    assert toast.text() == ""
    frame.session.notices.show(good)
    toast._do.click()
    assert (acted, toast.text()) == ([1], "")
    frame.session.notices.say("ほかの話")
    assert toast.text() == "ほかの話"


@pytest.fixture
def promised(frame: Frame, clock: SampleClock, qtbot: QtBot) -> LeadId:
    """Give a lead whose promised time has come; the window says so."""
    made = add(frame.session.ctx, "見本 太郎", phone_direct="03-3211-1000")
    calls.record(frame.session.ctx, made, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=30)))
    clock.at += timedelta(minutes=30)
    frame.shell._tray = None
    frame.shell.remind()
    frame.session.hub.ticked.emit()
    qtbot.waitUntil(lambda: bool(frame.window.notices()))
    return made


def test_a_snooze_puts_the_reminder_away_and_brings_it_again(
    frame: Frame, promised: LeadId, clock: SampleClock, qtbot: QtBot
) -> None:
    assert promised
    assert "約束の時刻です" in seen(frame)[0]
    qtbot.keyClick(frame.window, Qt.Key.Key_S, CTRL | SHIFT)
    qtbot.waitUntil(lambda: "10分後にもう一度知らせます" in frame.said)
    assert frame.window.notices() == []
    qtbot.waitUntil(lambda: frame.session.tasks.pending == 0)
    clock.at += timedelta(minutes=11)
    frame.session.hub.ticked.emit()
    qtbot.waitUntil(lambda: len(seen(frame)) == 1)


def test_a_snooze_means_the_reminder_that_is_read_and_the_next_press_the_other(
    frame: Frame, promised: LeadId, clock: SampleClock, qtbot: QtBot
) -> None:
    ctx = frame.session.ctx
    other = add(ctx, "見本 花子", phone_direct="03-3211-1001")
    calls.record(ctx, other, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=6)))
    clock.at += timedelta(minutes=2)
    frame.session.hub.ticked.emit()
    qtbot.waitUntil(lambda: len(frame.window.notices()) == 2)
    assert "花子" in seen(frame)[0]
    qtbot.keyClick(frame.window, Qt.Key.Key_F11)
    assert "太郎" in seen(frame)[0]
    qtbot.keyClick(frame.window, Qt.Key.Key_S, CTRL | SHIFT)
    qtbot.waitUntil(lambda: len(frame.window.notices()) == 1)
    assert "花子" in seen(frame)[0]
    qtbot.keyClick(frame.window, Qt.Key.Key_S, CTRL | SHIFT)
    qtbot.waitUntil(lambda: frame.window.notices() == [])
    assert frame.said == ["10分後にもう一度知らせます"] * 2
    assert promised


def test_a_reminder_goes_when_its_promise_is_kept(frame: Frame, promised: LeadId, qtbot: QtBot) -> None:
    ctx = frame.session.ctx
    other = add(ctx, "別の人", phone_direct="03-3211-1001")
    frame.session.tasks.write(lambda: calls.record(ctx, other, "NO_ANSWER", RecordInput()))
    qtbot.waitUntil(lambda: frame.session.tasks.pending == 0)
    assert len(seen(frame)) == 1, "somebody else was called"
    frame.session.tasks.write(lambda: calls.record(ctx, promised, "NO_ANSWER", RecordInput()))
    qtbot.waitUntil(lambda: frame.window.notices() == [])


def test_what_was_said_stands_until_it_is_handled(frame: Frame, promised: LeadId) -> None:
    ctx = frame.session.ctx
    key = frame.shell._notifier._said[-1][0].key if frame.shell._notifier is not None else ""
    assert reminders.standing(ctx, [key, "callback:nobody:2026-01-01T00:00:00+00:00"]) == {key}
    assert reminders.standing(ctx, []) == frozenset()
    calls.record(ctx, promised, "NO_ANSWER", RecordInput())
    assert reminders.standing(ctx, [key]) == frozenset()


def meeting(hands: Person) -> LeadId:
    """Agree on a meeting with a lead that is not at work."""
    ctx = hands.session.ctx
    with ctx.store.write() as tx:
        members.put(tx, [ctx.me, FS])
    ctx.members[FS.id] = FS
    met = add(ctx, "商談 太郎", phone_direct="03-3211-2000", email="shodan@example.co.jp")
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 3)
    given = RecordInput(meeting_at=ctx.calendar.at(day, time(10)), fs_id=FS.id)
    hands.session.tasks.write(lambda: calls.record(ctx, met, "MEETING_SET", given))
    hands.settle()
    return met


def test_the_key_of_an_invitation_means_the_lead_it_was_printed_for(hands: Person) -> None:
    shown: list[Notice] = []
    hands.session.notices.noticed.connect(shown.append)
    met = meeting(hands)
    assert hands.lead != met
    hands.page.inviter.offer(met)
    hands.settle()
    assert "招待を送る  Ctrl+Shift+M" in hands.window.toast.text()
    assert hands.window.notices() == [], "good news take no room of the page"
    hands.press(Key.Key_M, CTRL | SHIFT)
    hands.settle()
    assert shown[-1].subject == f"meeting:{met}"
    assert "メール" in shown[-1].action
    assert len(hands.window.notices()) == 1
    assert hands.page.inviter.offered_for is None
    hands.press(Key.Key_M, CTRL | SHIFT)
    hands.settle()
    assert shown[-1].subject != f"meeting:{met}", "the offer is over: the key means the lead in front"


def test_what_is_said_of_a_meeting_goes_with_it(hands: Person) -> None:
    met = meeting(hands)
    hands.session.notices.show(Notice("商談を記録しました", tone="warn", subject=f"meeting:{met}"))
    assert len(hands.window.notices()) == 1
    while hands.window.notices():
        assert "取り消し" in hands.undo()
    assert hands.page.inviter.offered_for is None
