"""What the hands do without looking: real key presses in the real window of a real profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import effective
from isdesk.services import calls, handoffs, leads
from tests.end2end.person import ALT, CTRL, SHIFT, Key, Person, Telephone
from tests.ui.conftest import PASSPHRASE, SampleClock
from tests.ui.leads_made import add
from tests.ui.test_handoff_page import FACTS, FS
from ui.views.day.page import DayPage


@pytest.fixture
def profile(tmp_path: Path, clock: SampleClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a profile with leads that may be called."""
    root = tmp_path / "profile"
    desk, _ = Desk.create(root, name="鈴木", email="s@example.jp", passphrase=PASSPHRASE, clock=clock)
    for n in range(8):
        add(desk.ctx, f"見本 {n}", f"見本{n}株式会社", phone_direct=f"052-000-12{n:02d}")
    desk.close()
    monkeypatch.setenv("ISDESK_PASSPHRASE", PASSPHRASE)
    return root


@pytest.fixture
def hands(qapp: QApplication, qtbot: QtBot, profile: Path, clock: SampleClock) -> Iterator[Person]:
    """Give somebody who sits at the window."""
    telephone = Telephone()
    person = Person(qapp, qtbot, profile, clock)
    person.sit_down()
    yield person
    person.settle()
    person.leave()
    telephone.hang_up()


def touches(hands: Person, lead: LeadId) -> list[str]:
    """Return the memos of the contacts of a lead that stand."""
    timeline = leads.view(hands.session.ctx, lead).timeline
    return [one.note for one in effective([item.touch for item in timeline if item.touch is not None])]


def test_undo_in_a_text_field_takes_back_what_was_typed_and_never_a_record(hands: Person) -> None:
    first = hands.lead
    hands.recorded(lambda: hands.digit("1"))
    hands.dial()
    hands.press(Key.Key_M)
    hands.type("abc")
    memo = hands.page.work.memo
    assert memo.value() == "abc"
    for _ in range(3):
        hands.press(Key.Key_Z, CTRL)
        hands.settle()
    assert memo.value() == ""
    assert memo.text.hasFocus(), "the keyboard stays where it types"
    assert touches(hands, first) == [""]
    assert "この欄に取り消す入力はありません" in hands.said[-1]
    for key, modifier in ((Key.Key_Z, CTRL | SHIFT), (Key.Key_Y, CTRL)):
        for _ in range(3):
            hands.press(key, modifier)
            hands.settle()
        assert memo.value() == "abc"
        for _ in range(3):
            hands.press(Key.Key_Z, CTRL)
        assert memo.value() == ""
    assert touches(hands, first) == [""]


def test_no_text_field_of_any_page_takes_a_record_back(hands: Person) -> None:
    first, tried = hands.lead, list[str]()
    hands.recorded(lambda: hands.digit("1"))
    for page in ("leads", "sequences", "handoff", "settings", "day", "definitions", "figures"):
        hands.window.open_page(page)
        hands.settle()
        shown = hands.window.page(page)
        for field in shown.findChildren(QLineEdit) if shown is not None else []:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            if not field.isVisible() or field.isReadOnly() or not field.hasFocus():
                continue
            hands.press(Key.Key_Z, CTRL)
            hands.press(Key.Key_Y, CTRL)
            hands.press(Key.Key_Z, CTRL)
            hands.settle()
            assert touches(hands, first) == [""], (page, field.accessibleName())
            tried.append(page)
    assert len(set(tried)) > 2, tried
    hands.window.open_page("call")


def test_undo_during_a_call_says_first_what_it_would_take_back(hands: Person) -> None:
    first, name = hands.lead, hands.value("name")
    hands.recorded(lambda: hands.digit("1"))
    hands.dial()
    other = hands.lead
    said = hands.undo()
    assert said == f"通話中です。もう一度 Ctrl+Z で取り消します: 不在(呼出のみ) — {name}"
    assert touches(hands, first) == [""]
    assert "取り消しました: 不在" in hands.undo()
    assert touches(hands, first) == []
    assert hands.lead == other, "the call at work stays in front"
    assert "もう一度 Ctrl+Y" in hands.redo()
    assert touches(hands, first) == []
    assert "やり直しました" in hands.redo()
    assert touches(hands, first) == [""]


def test_a_memo_is_recorded_once_however_often_its_record_is_taken_back(hands: Person) -> None:
    first, memo = hands.lead, hands.page.work.memo
    hands.write_memo("めも", "メモ")
    hands.recorded(lambda: hands.digit("1"))
    hands.undo()
    assert (hands.lead, memo.value()) == (first, "メモ")
    hands.redo()
    assert (hands.lead, memo.value()) == (first, ""), "the memo went out with its record"
    hands.recorded(lambda: hands.press(Key.Key_2, SHIFT))
    assert sorted(touches(hands, first)) == ["", "メモ"]
    hands.write_memo("つぎ", "次のメモ")
    hands.recorded(lambda: hands.press(Key.Key_1, SHIFT))
    assert (hands.lead, memo.value()) == (first, "")
    hands.undo()
    assert memo.value() == "次のメモ", "the lead stayed at work, and the memo is back"


def test_what_was_typed_since_stays_beside_the_memo_that_comes_back(hands: Person) -> None:
    first, memo = hands.lead, hands.page.work.memo
    hands.write_memo("まえ", "前のメモ")
    hands.recorded(lambda: hands.press(Key.Key_1, SHIFT))
    hands.write_memo("あと", "後のメモ")
    hands.undo()
    assert memo.value() == "前のメモ\n後のメモ"
    hands.redo()
    assert memo.value() == "後のメモ"
    assert touches(hands, first) == ["前のメモ"]
    hands.undo()
    hands.press(Key.Key_M)
    hands.press(Key.Key_Home, CTRL)
    hands.type("x")
    hands.press(Key.Key_Escape)
    hands.redo()
    assert memo.value() == "x前のメモ\n後のメモ", "an edited memo is nobody's to take away"


@pytest.mark.parametrize(("key", "what"), [(Key.Key_S, "後で"), (Key.Key_X, "スキップ")])
def test_a_lead_that_was_put_off_is_back_in_front_after_undo(hands: Person, key: Qt.Key, what: str) -> None:
    first, queue = hands.lead, hands.page.queue
    hands.press(key)
    hands.until(hands.page.work.wait.isVisible)
    if key == Key.Key_S:
        hands.press(Key.Key_3, ALT)
        assert hands.page.work.wait.isVisible()
    hands.press(Key.Key_1)
    hands.until(lambda: hands.lead != first)
    hands.settle()
    hands.until(lambda: queue.model.row_of(first) < 0)
    assert what in hands.undo()
    assert hands.lead == first
    hands.until(lambda: queue.current_lead() == first)
    hands.settle()
    assert queue.model.row_of(first) >= 0, "it is in the list, and not only announced"


def test_a_lead_that_stays_at_work_stays_where_it_is_in_the_list(hands: Person) -> None:
    queue, work = hands.page.queue, hands.page.work
    for _ in range(3):
        hands.press(Key.Key_J)
        hands.settle()
    here, order = hands.lead, queue.model.ids()
    top = queue.list.visualRect(queue.list.currentIndex()).top()
    hands.press(Key.Key_T)
    hands.until(work.touch.isVisible)
    hands.settle()
    hands.press(Key.Key_1)
    hands.settle()
    hands.recorded(lambda: hands.press(Key.Key_1))
    assert (hands.lead, queue.model.ids()) == (here, order), "the order waits for the next call"
    hands.recorded(lambda: hands.press(Key.Key_1, SHIFT))
    hands.until(lambda: queue._pending is not None)
    assert (hands.lead, queue.model.ids()) == (here, order)
    assert queue.list.visualRect(queue.list.currentIndex()).top() == top
    assert "区切りで反映" in queue._news.text()
    hands.press(Key.Key_R)
    hands.until(lambda: queue.model.ids() != order)


def test_material_that_was_promised_says_its_key_and_stands_at_the_end_of_the_day(hands: Person) -> None:
    first, name, written = hands.lead, str(hands.value("name")), list[str]()
    hands.page.mailer.write = lambda lead, *_: written.append(lead)  # type: ignore[method-assign]
    hands.digit("6")
    hands.until(lambda: hands.lead != first)
    hands.settle()
    assert hands.window.toast.text() == f"{name}さんに資料を送る約束を記録しました。 メールを書く  Ctrl F10"
    hands.window.open_page("day")
    day = hands.window.page("day")
    assert isinstance(day, DayPage)
    hands.until(lambda: day.made is not None and bool(day.made.loops))
    assert day.made is not None
    (loop,) = day.made.loops
    assert (loop.kind, loop.lead_id) == ("material", first)
    assert day.loops.index(0, 0).data() == "送ると約束した資料"
    day.mailer.write = lambda lead, *_: written.append(lead)  # type: ignore[method-assign]
    day.table.setFocus()
    hands.press(Key.Key_W)
    hands.press(Key.Key_Return)
    assert written == [first, first]
    hands.window.open_page("call")
    assert hands.lead != first
    hands.press(Key.Key_F10, CTRL)
    assert written == [first, first, first], "the key means the lead that it was printed for"
    hands.press(Key.Key_F10, CTRL)
    assert len(written) == 3


def test_what_fs_gave_back_does_not_go_out_again_as_it_was_by_one_key(hands: Person, clock: SampleClock) -> None:
    ctx = hands.session.ctx
    ctx.members[FS.id] = FS
    lead = leads.create(ctx, {**FACTS, "name": "差戻 太郎"})[0]
    calls.record(ctx, lead, "INTERESTED")
    handoffs.submit(ctx, lead)
    clock.at += timedelta(minutes=5)
    handoffs.return_(ctx, lead, "時期が確認できていない")
    clock.at += timedelta(minutes=5)
    hands.window.show_lead(lead)
    hands.until(lambda: hands.lead == lead)
    hands.settle()

    def state() -> str:
        return handoffs.view(ctx, lead).state

    hands.press(Key.Key_Return, CTRL | SHIFT)
    hands.settle()
    assert state() == "returned"
    assert "差し戻しの理由「時期が確認できていない」のあと、何も変わっていません。" in hands.said[-1]
    hands.press(Key.Key_Return, CTRL | SHIFT)
    hands.until(lambda: state() == "submitted")
    hands.settle()
    handoffs.return_(ctx, lead, "時期が確認できていない")
    assert handoffs.view(ctx, lead).untouched
    clock.at += timedelta(minutes=5)
    leads.edit(ctx, lead, {"adoption_timing": "6_months"})
    assert not handoffs.view(ctx, lead).untouched
    hands.page.controller.reload()
    hands.settle()
    hands.press(Key.Key_Return, CTRL | SHIFT)
    hands.until(lambda: state() == "submitted")
    clock.at += timedelta(minutes=5)
    hands.settle()
    handoffs.return_(ctx, lead, "時期が確認できていない")
    clock.at += timedelta(minutes=5)
    calls.record(ctx, lead, "INTERESTED")
    assert not handoffs.view(ctx, lead).untouched, "somebody was asked since"


def test_q_goes_to_the_questions_from_any_phase(hands: Person) -> None:
    work = hands.page.work
    assert work.tabs.current() == 0
    assert not work.questions.cards
    hands.press(Key.Key_Q)
    assert work.tabs.current() == 2
    focus = QApplication.focusWidget()
    assert focus is not None
    assert work.questions.cards[0].isAncestorOf(focus)
    hands.press(Key.Key_Escape)
    hands.press(Key.Key_Right, ALT)
    last = work.tabs.current()
    assert last == 3
    hands.press(Key.Key_Q)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert work.questions.isAncestorOf(focus)
    hands.press(Key.Key_Escape)


def test_text_and_answers_stand_together_on_a_small_screen(hands: Person) -> None:
    work = hands.page.work
    hands.window.resize(1280, 800)
    hands.settle()
    hands.dial()
    hands.press(Key.Key_Q)
    hands.settle()
    hands.until(lambda: work.memo.height() < 60)
    area, card = work._speech.viewport(), work.questions.cards[0]
    seen = area.rect()
    for part in (work.say, card):
        box = part.rect().translated(part.mapTo(area, part.rect().topLeft()))
        assert seen.contains(box), part
    hands.until(lambda: work.objections.height() <= 32)
    hands.press(Key.Key_Escape)
    hidden = [one for one in work.objections._buttons if one.y() >= 30]
    if hidden:
        assert work.objections._more.text().startswith("ほか")
        work.objections._more.click()
        hands.until(lambda: work.objections.height() > 40)
    hands.window.resize(1920, 1080)
    hands.until(lambda: work.memo.height() == 160)
    assert work.memo.geometry().bottom() < work.bar.geometry().top()
