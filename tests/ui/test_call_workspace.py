"""The call workspace as a rep sees and presses it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from isdesk.domain.touch import Channel, Reached
from isdesk.playbook.marking import Block, Piece
from isdesk.services.views import Phone
from tests.ui import samples
from tests.ui.scenes import scene
from ui.views.call.outcome_bar import _names, _shorter
from ui.views.call.outcome_dialogs import Answers
from ui.views.call.workspace import CallWorkspace, is_inner_escape

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def work(qtbot: QtBot) -> CallWorkspace:
    made = CallWorkspace()
    made.resize(700, 840)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    return made


def commit(text: str) -> None:
    """Type Japanese as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    focus = QApplication.focusWidget()
    assert focus is not None
    QApplication.sendEvent(focus, event)


def shown(widget: QWidget) -> bool:
    return widget.isVisible()


def test_without_a_lead_it_says_what_comes_next(work: CallWorkspace) -> None:
    work.show_nobody("今かけられるリードはありません", "保留中のリードは H")
    assert work.scene is None
    assert not work.header.isVisible()


def test_the_head_names_person_company_stage_and_numbers(work: CallWorkspace) -> None:
    work.set_scene(scene())
    head = work.header
    assert head._name.text() == "山田 太郎"
    assert head._title.text() == "購買部長 ・ 青葉精機株式会社(製造 / 320名 / 愛知県)"
    assert head._stage.text() == "MQL"
    assert head._numbers[0].text() == "☎ 052-000-1234"
    assert head._numbers[0].key == "F5"
    assert head._numbers[1].text() == "代表 052-000-1000"
    assert head._hours.text() == "通話可 9:30–17:30"
    assert head._touches.text() == "架電 4回 ・ 前回 11/19 資料送付希望"


def test_what_has_no_room_beside_the_name_stands_on_a_line_of_its_own(work: CallWorkspace) -> None:
    head, view = work.header, samples.lead_view()
    work.set_scene(scene())
    assert not shown(head._under)
    company = "一般社団法人全国中小企業経営革新支援ネットワーク協議会"
    long = replace(view, company={"name": company}, fields={**view.fields, "title": "経営企画部長"})
    work.resize(600, 800)
    work.set_scene(scene(long))
    assert (head._title.text(), head._under.text()) == ("", f"経営企画部長 ・ {company}")
    assert shown(head._under)
    longer = replace(long, fields={**long.fields, "title": "経営企画本部デジタル変革推進室 室長代理"})
    work.set_scene(scene(longer))
    assert (head._title.text(), head._under.text()) == ("経営企画本部デジタル変革推進室 室長代理", company)
    work.resize(1400, 800)
    assert not shown(head._under)
    assert head._title.text().endswith(company)


def test_the_head_says_over_what_the_last_touch_went_where_it_was_no_call(work: CallWorkspace) -> None:
    view = samples.lead_view()
    last = next(item for item in view.timeline if item.touch is not None and item.touch.outcome)
    assert last.touch is not None
    code = last.touch.outcome
    over = replace(last, touch=replace(last.touch, channel=Channel.LINKEDIN))
    state = replace(view.state, last_outcome=code)
    work.set_scene(scene(replace(view, state=state, timeline=(last,))))
    assert "LinkedIn" not in work.header._touches.text()
    work.set_scene(scene(replace(view, state=state, timeline=(over,))))
    assert "前回 11/19 LinkedIn " in work.header._touches.text()


def test_a_key_that_is_narrow_says_less_but_in_the_same_form() -> None:
    for then in ("→ 15:10・5/6回目", "→ メール + 3営業日後", "→ 理由・育成 5/24(月)", "→ 引き継ぎ・不足7"):
        ways = _shorter(then)
        assert ways[0] == then
        assert all(one.startswith("→ ") for one in ways)
        assert len(ways[-1]) <= len(ways[0])
    assert _shorter("→ 15:10・5/6回目")[-1] == "→ 15:10", "when comes before how often"
    assert _shorter("→ 理由・育成 5/24(月)")[-1] == "→ 育成5/24"
    assert _names("Refused (not interested)")[1] == "Refused"


def test_a_bad_number_is_struck_through_and_never_the_best(work: CallWorkspace) -> None:
    phones = (Phone("direct", "+81520001234", "052-000-1234", "fax"), Phone("mobile", "+819000000001", "090-0000-0001"))
    work.set_scene(scene(replace(samples.lead_view(), phones=phones)))
    assert work.header.best_number == "+819000000001"
    bad = work.header._numbers[1]
    assert bad.strike
    assert bad.text() == "直通 052-000-1234 FAX"
    assert not bad.isEnabled()


def test_a_do_not_call_stands_across_the_whole_width(work: CallWorkspace) -> None:
    view = samples.lead_view()
    barred = replace(view, state=replace(view.state, dnc=True), may_dial="dnc")
    work.set_scene(scene(barred))
    assert shown(work.header._banner)
    assert work.header._banner.text().startswith("架電禁止")
    assert not work.header._numbers[0].isEnabled()
    assert not shown(work.header._copy)


def test_what_forbids_a_call_is_said_in_words(work: CallWorkspace) -> None:
    work.set_scene(scene(replace(samples.lead_view(), may_dial="company_today")))
    assert work.header._banner.text() == "今は架電できません: 同一企業を本日架電済"


@pytest.mark.parametrize("size", [(480, 640), (700, 840), (1180, 1010)])
def test_the_longest_names_and_no_facts_still_fit(work: CallWorkspace, size: tuple[int, int]) -> None:
    work.resize(*size)
    work.set_scene(scene(samples.long_lead_view()))
    QApplication.sendPostedEvents()
    assert work.header._name.geometry().right() <= work.width()
    assert work.bar.geometry().bottom() <= work.height()
    assert not work.grab().isNull()


def test_phases_carry_ticks_and_the_third_asks(work: CallWorkspace) -> None:
    work.set_scene(scene())
    assert not work.questions.cards
    work.step_phase(1)
    work.step_phase(1)
    assert [card.field for card in work.questions.cards] == [
        "current_method",
        "adoption_timing",
        "issue",
        "decision_maker",
    ]
    assert work.tabs._done == {0, 1}


def test_what_the_facts_gave_is_set_off_in_the_script(work: CallWorkspace) -> None:
    work.set_scene(scene())
    work.tabs.set_current(2)
    assert ("青葉精機", True) in work.say.text.segments
    assert work.say.text.toPlainText().startswith("「青葉精機さまのような")


def test_a_long_script_scrolls_instead_of_pushing_the_keys_out(work: CallWorkspace) -> None:
    made = scene()
    assert made.script is not None
    long = replace(made.script.phases[0], blocks=(Block((Piece("とても長い話。" * 400),)),))
    work.set_scene(replace(made, script=replace(made.script, phases=(long, *made.script.phases[1:]))))
    QApplication.sendPostedEvents()
    assert work.bar.geometry().bottom() <= work.height()
    assert work._speech.verticalScrollBar().maximum() > 0


def test_known_answers_are_set_and_a_choice_goes_to_its_field(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    work.tabs.set_current(2)
    card = work.questions.cards[0]
    assert [b.text() for b in card._buttons if b.isChecked()] == ["Excel"]
    with qtbot.waitSignal(work.questions.answered) as told:
        qtbot.mouseClick(card._buttons[1], Qt.MouseButton.LeftButton)
    assert told.args == ["current_method", "paper"]
    assert [b.text() for b in card._buttons if b.isChecked()] == ["紙"]


def test_typed_answers_go_to_their_field_and_are_not_overwritten_while_typed(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    work.tabs.set_current(2)
    card = work.questions.cards[2]
    card.focus_answer()
    card.text.selectAll()
    with qtbot.waitSignal(work.questions.answered) as told:
        commit("月末に残業が続く")
    assert told.args == ["issue", "月末に残業が続く"]
    work.set_scene(scene())
    assert card.text.toPlainText() == "月末に残業が続く"


def test_composing_in_an_input_method_is_no_answer_yet(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    work.tabs.set_current(2)
    work.questions.cards[2].focus_answer()
    with qtbot.assertNotEmitted(work.questions.answered):
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QInputMethodEvent("げつまつ", []))


def test_an_objection_opens_its_rebuttal_and_is_remembered(work: CallWorkspace) -> None:
    work.set_scene(scene())
    work.objections.press(1)
    assert shown(work.rebuttal)
    assert "併用されている例" in work.rebuttal.text.toPlainText()
    work.objections.press(1)
    assert not shown(work.rebuttal)
    assert work.objections.used == ("other",)
    work.set_scene(scene(replace(samples.lead_view(), id=samples.lead_id(2))))
    assert not work.objections.used


def test_every_key_says_what_it_will_do(work: CallWorkspace) -> None:
    work.set_scene(scene())
    printed = {key.hotkey: key.then for key in work.bar.keys}
    assert printed["1"] == "→ 15:10・5/6回目"
    assert printed["3"] == "→ 戻り時刻 +10分"
    assert printed["4"] == "→ 5営業日後"
    assert printed["5"] == "→ 日時を入力"
    assert printed["8"] == "→ 理由・180日休止"
    assert printed["9"] == "→ 引き継ぎ・不足2"
    assert printed["0"] == "→ 全リストで停止"
    assert "15:10" in work.bar.tooltip_for(work.bar.keys[0])


def test_a_press_tells_the_outcome(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    with qtbot.waitSignal(work.bar.pressed) as told:
        work.bar.press("7")
    assert told.args == ["INTERESTED"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("クレーム", "COMPLAINT"), ("番号違い", "WRONG_NUMBER"), ("voicemail left", "VOICEMAIL_LEFT"), ("話中", "BUSY")],
)
def test_the_list_of_all_outcomes_narrows_as_one_types(
    work: CallWorkspace, qtbot: QtBot, typed: str, first: str
) -> None:
    work.set_scene(scene())
    work.list.open(work.scene)  # type: ignore[arg-type]
    assert work.list.model.rowCount() == len(samples.OUTCOMES)
    commit(typed)
    with qtbot.waitSignal(work.list.chosen) as told:
        qtbot.keyClick(work.list.edit, Qt.Key.Key_Return)
    assert told.args == [first]
    assert not shown(work.list)


def test_the_list_finds_by_reading_in_hiragana(work: CallWorkspace) -> None:
    made = scene()
    outcomes = dict(made.rules.outcomes)
    outcomes["BUSY"] = replace(outcomes["BUSY"], kana="ワチュウ")
    work.set_scene(replace(made, rules=replace(made.rules, outcomes=outcomes)))
    work.list.open(work.scene)  # type: ignore[arg-type]
    commit("わちゅう")
    line = work.list.model.line(0)
    assert line is not None
    assert line.code == "BUSY"
    assert line.then == "→ 明日 13:00・5/6回目"


def ask(work: CallWorkspace, code: str, memo: str = "") -> None:
    made = scene()
    work.set_scene(made)
    work.ask.ask(made, made.rules.outcomes[code], made.previews[code], None, memo)


def test_a_promise_is_asked_for_in_the_words_people_use(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "CALLBACK_AT")
    assert work.ask.callback.edit.hasFocus()
    commit("明日 14:00")
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(work.ask.callback.edit, Qt.Key.Key_Return)
    code, answers = told.args
    assert code == "CALLBACK_AT"
    assert answers == Answers(callback_at=samples.at(14, day=25), reached=Reached.DECISION_MAKER)


def test_what_cannot_be_read_is_not_recorded(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "CALLBACK_AT")
    commit("そのうち")
    with qtbot.assertNotEmitted(work.ask.answered):
        qtbot.keyClick(work.ask.callback.edit, Qt.Key.Key_Return)
    assert shown(work.ask)
    assert work.ask.callback.edit.property("state") == "bad"


def test_alt_and_a_digit_picks_a_time_and_enter_records_it(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "CALLBACK_AT")
    with qtbot.assertNotEmitted(work.ask.answered):
        qtbot.keyClick(work.ask.callback.edit, Qt.Key.Key_1, ALT)
    focus = QApplication.focusWidget()
    assert focus in work.ask.reached.buttons(), "who answered stands below: it is its turn"
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(focus, Qt.Key.Key_Return)
    assert told.args[1].callback_at == samples.at(11, 5)


def test_a_slot_and_a_person_of_fs_leave_the_place_to_be_said(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "MEETING_SET")
    with qtbot.assertNotEmitted(work.ask.answered):
        qtbot.keyClick(work.ask.meeting.edit, Qt.Key.Key_2, ALT)
        if not work.ask.fs.complete():
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
        assert work.ask.place.edit.hasFocus()
    commit("オンライン")
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(work.ask.place.edit, Qt.Key.Key_Return)
    assert told.args[1].meeting_place == "オンライン"


def test_the_list_sets_off_nothing_until_something_is_typed_or_an_arrow_pressed(
    work: CallWorkspace, qtbot: QtBot
) -> None:
    edit = work.list.edit
    work.set_scene(scene())
    work.list.open(scene())
    with qtbot.assertNotEmitted(work.list.chosen):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert shown(work.list)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert work.list.view.currentIndex().row() == 0
    edit.setText("留守電")
    assert work.list.view.currentIndex().row() == 0
    edit.clear()
    with qtbot.assertNotEmitted(work.list.chosen):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(work.list.chosen) as told:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told.args == ["NO_ANSWER"]


def test_a_reason_is_one_digit(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "NOT_INTERESTED")
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    assert told.args[1].reason == "budget"


def test_a_meeting_asks_for_time_and_offers_the_only_fs(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "MEETING_SET")
    assert work.ask.meeting.edit.hasFocus()
    assert work.ask.fs.value == samples.FS.id
    commit("11/27 14時")
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(work.ask.meeting.edit, Qt.Key.Key_Return)
    assert told.args[1].meeting_at == samples.at(14, day=27)
    assert told.args[1].fs_id == samples.FS.id


def test_a_do_not_call_asks_for_the_words_and_the_scope(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "DNC_REQUEST")
    commit("もうかけないで")
    qtbot.keyClick(work.ask.note.edit, Qt.Key.Key_0, ALT)
    with qtbot.waitSignal(work.ask.answered) as told:
        qtbot.keyClick(work.ask.note.edit, Qt.Key.Key_Return)
    assert told.args[1].note == "もうかけないで"
    assert told.args[1].company_scope is True


def test_escape_closes_a_popover_without_an_answer(work: CallWorkspace, qtbot: QtBot) -> None:
    ask(work, "CALLBACK_AT")
    with qtbot.assertNotEmitted(work.ask.answered), qtbot.waitSignal(work.ask.canceled):
        qtbot.keyClick(work.ask.callback.edit, Qt.Key.Key_Escape)
    assert not shown(work.ask)


def test_the_memo_says_when_it_was_saved(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    assert work.memo.value() == "来期から購買の電子化を検討。12月に役員会。現場は乗り気。"
    assert work.memo.state_text() == "保存済み 10:32:07"
    work.memo.take_keyboard()
    with qtbot.waitSignal(work.memo.edited):
        commit("次回は部長も")
    assert work.memo.state_text() == "保存中…"
    with qtbot.waitSignal(work.memo.left):
        qtbot.keyClick(work.memo.text, Qt.Key.Key_Escape)


def test_tab_at_rest_opens_the_list(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    work.take_keys()
    with qtbot.waitSignal(work.list_wanted):
        qtbot.keyClick(work, Qt.Key.Key_Tab)


def test_responder_walks_and_begins_anew_with_the_next_lead(work: CallWorkspace) -> None:
    work.set_scene(scene())
    work.bar.next_reached()
    assert work.bar.reached is Reached.DECISION_MAKER
    work.set_scene(scene(replace(samples.lead_view(), id=samples.lead_id(2))))
    assert work.bar.reached is None


def test_the_script_is_whole_after_the_window_became_narrow(work: CallWorkspace, qtbot: QtBot) -> None:
    work.resize(1100, 840)
    work.set_scene(scene())
    qtbot.wait(20)
    work.resize(520, 840)
    qtbot.waitUntil(lambda: work.say.height() >= work.say.text.wanted_height(work.say.width()))
    qtbot.waitUntil(lambda: work.say.text.verticalScrollBar().maximum() == 0)


def test_the_clock_of_a_call_moves_nothing_below_it(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    qtbot.wait(20)
    before = work.header.height()
    work.header.show_call(3)
    qtbot.wait(20)
    assert work.header.height() == before
    assert not shown(work.header._hours)
    work.header.show_call(None)
    assert shown(work.header._hours)
    assert shown(work.header._copy)


def test_a_popover_gives_the_keyboard_back_when_it_goes(work: CallWorkspace, qtbot: QtBot) -> None:
    work.set_scene(scene())
    for popover in (work.list, work.wait):
        if popover is work.list:
            work.list.open(scene())
        else:
            work.wait.ask(scene(), skip=False)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert popover.isAncestorOf(focus)
        QTest.keyClick(focus, Qt.Key.Key_Escape)
        assert not popover.isVisible()
        assert work.hasFocus()


def test_a_returned_handoff_is_named_before_why_it_cannot_be_called(work: CallWorkspace) -> None:
    view = samples.lead_view()
    returned = replace(view, state=replace(view.state, returned_reason="x"), may_dial="cooldown")
    work.set_scene(scene(returned))
    text = work.header._banner.text()
    assert text.startswith("差し戻し: ")
    assert "今は架電できません" in text


def test_tab_walks_through_what_is_asked_from_top_to_bottom(work: CallWorkspace) -> None:
    shown_scene = scene()
    work.set_scene(shown_scene)
    meeting = shown_scene.rules.outcomes["MEETING_SET"]
    work.ask.ask(shown_scene, meeting, shown_scene.previews["MEETING_SET"], None)
    rows = (work.ask.meeting, work.ask.fs, work.ask.place, work.ask.attendees)
    order = []
    work.ask.meeting.take_keyboard()
    for _ in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None
        order += [n for n, row in enumerate(rows) if row.isAncestorOf(focus)]
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    first = [n for at, n in enumerate(order) if n not in order[:at]]
    assert first == [0, 1, 2, 3]


def test_escape_is_left_to_the_window_where_the_workspace_itself_has_the_keyboard(work: CallWorkspace) -> None:
    work.set_scene(scene())
    work.take_keys()
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not is_inner_escape(event, work)
    work.memo.take_keyboard()
    assert is_inner_escape(event, work)
