"""The panel beside the call: facts edited in place, the timeline, the handoff and what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from isdesk.domain.changes import Value
from isdesk.domain.state import NextAction
from isdesk.domain.touch import ActionKind, Reached
from isdesk.services.views import ChecklistLine, HandoffView, TimelineItem, TouchState
from tests.ui import samples
from tests.ui.scenes import scene
from ui.theme.tokens import Size
from ui.views.call.kit import sized
from ui.views.side.overview import halves
from ui.views.side.side_panel import FACTS, HANDOFF, TIMELINE, SidePanel
from ui.views.side.timeline_words import words_of


@pytest.fixture
def side(qtbot: QtBot) -> SidePanel:
    made = SidePanel()
    made.resize(332, 820)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    return made


def complete() -> HandoffView:
    return replace(samples.handoff_view(), missing=())


def test_the_tab_counts_the_checklist(side: SidePanel) -> None:
    side.set_scene(scene())
    assert side.tabs._texts[HANDOFF] == "引き継ぎ 9/11"


def test_facts_stand_in_words(side: SidePanel) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    rows = side.facts._rows
    assert rows["adoption_timing"].value == "3か月以内"
    assert rows["phone_direct"].value == "052-000-1234"
    assert rows["owner_id"].value == "鈴木"
    assert rows["lead_source"].value == "セミナー"
    assert rows["company.employees"].value == "320"
    assert rows["purpose"].value == ""


@pytest.mark.parametrize(
    ("path", "typed", "stored"),
    [
        ("title", "調達部長", "調達部長"),
        ("meeting_at", "11/27 14時", "2026-11-27T05:00:00+00:00"),
        ("contract_end", "2027/3/31", "2027-03-31"),
        ("company.employees", "350", "350"),
        ("need", "", None),
    ],
)
def test_a_field_is_edited_where_it_stands(
    side: SidePanel, qtbot: QtBot, path: str, typed: str, stored: str | None
) -> None:
    view = samples.lead_view()
    side.set_scene(scene(replace(view, fields={**view.fields, "need": "集計の手間"})))
    side.show_tab(FACTS)
    assert side.facts.open(path)
    editor = side.facts._editor
    long = editor._text.isVisible()
    editor._text.setPlainText(typed)
    editor._line.setText(typed)
    box = editor._text if long else editor._line
    with qtbot.waitSignal(side.edited) as told:
        modifier = Qt.KeyboardModifier.ControlModifier
        qtbot.keyClick(box, Qt.Key.Key_Return, modifier if long else Qt.KeyboardModifier.NoModifier)
    assert told.args == [path, stored]
    assert not editor.isVisible()


def test_a_choice_is_one_press(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    side.facts.open("decision_maker")
    board = next(b for b in side.facts._editor._buttons if b.text() == "役員")
    with qtbot.waitSignal(side.edited) as told:
        qtbot.keyClick(board, Qt.Key.Key_Return)
    assert told.args == ["decision_maker", "board"]


def test_what_cannot_be_read_stays_in_the_editor(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    side.facts.open("meeting_at")
    editor = side.facts._editor
    editor._line.setText("いつか")
    with qtbot.assertNotEmitted(side.edited):
        qtbot.keyClick(editor._line, Qt.Key.Key_Return)
    assert editor._problem.isVisible()


def test_escape_takes_an_edit_back(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    side.facts.open("title")
    side.facts._editor._line.setText("まちがい")
    with qtbot.assertNotEmitted(side.edited):
        qtbot.keyClick(side.facts._editor._line, Qt.Key.Key_Escape)
    assert side.facts.editing == ""


def test_what_was_typed_is_handed_over_before_another_lead_comes(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    side.facts.open("title")
    side.facts._editor._line.setText("調達部長")
    with qtbot.waitSignal(side.edited) as told:
        side.set_scene(scene(replace(samples.lead_view(), id=samples.lead_id(2))))
    assert told.args == ["title", "調達部長"]


@pytest.mark.parametrize("path", ["owner_id", "received_at"])
def test_what_other_verbs_write_is_not_edited_here(side: SidePanel, path: str) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    assert not side.facts.open(path)


def test_the_timeline_tells_what_who_and_how_far_it_travelled(side: SidePanel) -> None:
    side.set_scene(scene())
    side.show_tab(TIMELINE)
    model = side.timeline.model
    lines = [model.data(model.index(row), model.WORDS) for row in range(model.rowCount())]
    assert [(line.when, line.title, line.sync) for line in lines[:2]] == [  # type: ignore[attr-defined]
        ("10:31", "検討時期を更新 — 鈴木", "端末に保存"),
        ("11/19", "資料送付希望 — 鈴木", "CRM確認済"),
    ]
    assert lines[0].detail == "未入力 → 3か月以内"  # type: ignore[attr-defined]
    assert lines[1].detail == "決裁者 ・ 通話 03:34 ・ 資料を見てから"  # type: ignore[attr-defined]


def test_a_contact_leads_to_its_page_in_the_crm_or_to_what_keeps_it_here(side: SidePanel, qtbot: QtBot) -> None:
    asked: list[str] = []
    side.timeline.states_wanted.connect(asked.append)
    shown = scene()
    side.set_scene(shown)
    side.show_tab(TIMELINE)
    assert asked == [shown.id]
    touches = [item.touch.id for item in shown.view.timeline if item.touch is not None]
    page = "https://example.my.salesforce.com/00T1"
    states = {
        touches[0]: TouchState("acked", link=page),
        touches[1]: TouchState("attention", "item-1", error="必須項目です"),
    }
    side.timeline.show_states("another", {})
    side.timeline.show_states(shown.id, states)
    model = side.timeline.model
    rows = {model.index(row, 0).data(model.WORDS).sync: row for row in range(model.rowCount())}
    index = next(
        model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data(model.WORDS).link == page
    )
    with qtbot.waitSignal(side.timeline.link_wanted) as told:
        side.timeline.view.activated.emit(index)
    assert told.args == [page]
    held = model.index(rows["要対応"], 0)
    assert "必須項目です" in str(held.data(Qt.ItemDataRole.ToolTipRole))
    with qtbot.waitSignal(side.timeline.care_wanted) as care:
        side.timeline.view.activated.emit(held)
    assert care.args == ["item-1"]


def test_the_timeline_filters_and_its_model_holds(side: SidePanel) -> None:
    QAbstractItemModelTester(side.timeline.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    side.set_scene(scene())
    side.show_tab(TIMELINE)
    side.timeline.filter("change")
    assert side.timeline.model.rowCount() == 1
    side.timeline.filter("handoff")
    assert side.timeline.model.rowCount() == 0
    assert side.timeline._none.isVisible()


def test_a_touch_that_needs_somebody_says_so() -> None:
    item = replace(samples.timeline()[1], sync="attention")
    assert words_of(item, scene()).sync == "要対応"


def test_steps_of_a_handoff_have_their_reason() -> None:
    item = TimelineItem(samples.NOW, "handoff", "中村", code="return", text="timing_unknown")
    words = words_of(item, scene())
    assert (words.title, words.detail) == ("差し戻し — 中村", "時期未確認")


def test_a_missing_line_opens_below_itself_with_its_question(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    purpose = next(b for b in side.handoff.checklist.buttons if b.line and b.line.code == "purpose")
    qtbot.keyClick(purpose, Qt.Key.Key_Space)
    editor = side.handoff.editor
    assert editor.isVisible()
    assert editor.path == "purpose"
    assert "導入で何を実現されたいですか?" in editor._ask.text()
    body = side.handoff.checklist.body
    assert body.indexOf(editor) == body.indexOf(purpose) + 1


@pytest.mark.parametrize(
    ("missing", "ask", "said"),
    [
        (("history",), "", "項目 — 自動で入ります"),
        (("reaction_log",), "", "項目 — 書いてください"),
        (("meeting_at", "meeting_place"), "火曜はいかがですか。", "項目 — アポで入力"),
        (("need",), "何にお困りですか。", "項目 — 何にお困りですか。"),
    ],
)
def test_a_missing_line_says_how_it_is_filled(side: SidePanel, missing: tuple[str, ...], ask: str, said: str) -> None:
    line = ChecklistLine("x", "項目", "Item", done=False, required=True, missing_fields=missing, ask_ja=ask)
    side.handoff.checklist.show_lines([line], "ja")
    assert side.handoff.checklist.buttons[0].text() == said


def test_what_a_lead_did_itself_has_nobody_of_the_team() -> None:
    items = samples.lead_view().timeline
    mine = next(item for item in items if item.what == "touch" and item.member)
    assert words_of(mine, scene()).title.endswith(f"— {mine.member}")
    signal = replace(mine, what="signal")
    assert mine.member not in words_of(signal, scene()).title


def test_a_first_call_that_nobody_planned_has_no_date(side: SidePanel) -> None:
    """It is due from when the lead came, or from a time before all times where nobody knows that."""
    view = samples.lead_view()
    came = NextAction(ActionKind.FIRST_CALL, datetime(1970, 1, 1, 9, 31, tzinfo=UTC), "first_call")
    side.set_scene(scene(replace(view, state=replace(view.state, next_action=came))))
    assert side.handoff.task._lines._pairs[0] == ("次回", "初回架電")
    later = replace(came, due_at=samples.NOW + timedelta(days=1))
    side.set_scene(scene(replace(view, state=replace(view.state, next_action=later))))
    assert side.handoff.task._lines._pairs[0][1] != "初回架電"


def test_what_lacks_room_in_the_todo_takes_a_second_line(side: SidePanel) -> None:
    lines = side.handoff.task._lines
    side.set_scene(scene())
    lines.resize(200, lines.height())
    lines.show_pairs((("次回", "短い"),), 58)
    one = lines.height()
    lines.show_pairs((("A answers for it", "Callback (time promised)  11/19(Thu) 10:00"),), 58)
    assert lines.height() == 2 * one
    assert lines._width > 58, "the name at the left is whole"
    font = sized(lines.font(), Size.BODY)
    first, second = halves("Callback (time promised)  11/19(Thu) 10:00", font, 160)
    assert (first.startswith("Callback"), second.endswith("10:00")) == (True, True)
    assert f"{first} {second}".split() == ["Callback", "(time", "promised)", "11/19(Thu)", "10:00"]
    first, second = halves("承認待ち" * 10, font, 60)
    assert (first + second, bool(first)) == ("承認待ち" * 10, True)


def test_scores_explain_themselves(side: SidePanel) -> None:
    side.set_scene(scene())
    side.handoff.priority.toggle()
    told = side.handoff.priority._parts.text()
    assert "ICP適合度 90" in told
    assert "+27  セミナー参加" in told


def test_handing_over_waits_for_what_lacks(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    assert not side.handoff.submit_button.isEnabled()
    with qtbot.assertNotEmitted(side.handoff.submit):
        side.handoff.hand_over()
    assert side.handoff.editor.path == "purpose"


def test_a_complete_handoff_goes_to_its_fs(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene(handoff=complete()))
    with qtbot.waitSignal(side.handoff.submit) as told:
        side.handoff.hand_over()
    assert told.args == [samples.FS.id]


def test_a_submitted_handoff_can_be_withdrawn_and_not_sent_again(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene(handoff=replace(samples.handoff_view("submitted"), missing=())))
    assert not side.handoff.submit_button.isVisible()
    with qtbot.waitSignal(side.handoff.withdraw):
        qtbot.mouseClick(side.handoff.withdraw_button, Qt.MouseButton.LeftButton)


def test_the_memo_is_what_fs_gets(side: SidePanel) -> None:
    side.set_scene(scene())
    side.handoff.toggle_memo()
    assert side.handoff.memo_shown
    assert side.handoff.memo.text.toPlainText() == samples.handoff_view().memo
    assert side.handoff.memo.text.isReadOnly()


def test_the_widest_facts_do_not_widen_the_panel(side: SidePanel) -> None:
    side.set_scene(scene(samples.long_lead_view()))
    QApplication.sendPostedEvents()
    assert side.width() == 332
    assert not side.grab().isNull()


def test_responders_are_named_in_the_timeline() -> None:
    item = samples.timeline()[1]
    assert item.touch is not None
    gate = replace(item, touch=replace(item.touch, reached=Reached.GATEKEEPER, note="", talk_s=None))
    assert words_of(gate, scene()).detail == "受付"


def test_escape_keeps_a_long_text(side: SidePanel, qtbot: QtBot) -> None:
    side.set_scene(scene())
    side.show_tab(FACTS)
    side.facts.open("issue")
    side.facts._editor._text.setPlainText("締め日に集計が集中する")
    with qtbot.waitSignal(side.edited) as told:
        qtbot.keyClick(side.facts._editor._text, Qt.Key.Key_Escape)
    assert told.args == ["issue", "締め日に集計が集中する"]
    assert side.facts.editing == ""


def test_what_fs_reported_and_noted_stands_in_the_timeline(side: SidePanel) -> None:
    view = scene().view
    reason = scene().rules.reasons[0]
    told: dict[str, Value] = {"result": "lost", "factor": reason.code, "amount": 980_000, "reasked": ["自由な言葉"]}
    report = TimelineItem(samples.NOW, "handoff", "中村", code="feedback", told=told)
    noted = TimelineItem(samples.NOW, "meeting", "中村", code="plan", told={"KPI": "日数", "目標値": ""})
    for item, title, detail in (
        (report, "フィードバック — 中村", f"失注 ・ {reason.label.ja} ・ 980,000円 ・ 聞き直し: 自由な言葉"),
        (noted, "商談の準備 — 中村", "KPI: 日数 ・ 目標値: —"),
    ):
        said = words_of(item, scene())
        assert (said.title, said.detail) == (title, detail)
    side.set_scene(scene(replace(view, timeline=(report, noted))))
    side.show_tab(TIMELINE)
    side.timeline.refresh()
    side.timeline.filter("handoff")
    assert [one.what for one in side.timeline.model._shown] == ["handoff", "meeting"]
    side.timeline.filter("change")
    assert side.timeline.model.rowCount() == 0
