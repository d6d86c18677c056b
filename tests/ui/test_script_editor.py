"""The script editor in the window: typed, checked where it is, tried on a real lead, taken back, kept and proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import agreeing, leads, queue, search
from isdesk.services.script_editing import MAIL, SCRIPT, SENDER
from ui.session import Session
from ui.shortcuts import KeyGuard
from ui.tasks import Tasks
from ui.theme import tokens
from ui.views.definitions.page import DefinitionsPage, make
from ui.views.definitions.scripts.forms import BranchForm, ObjectionForm, StepForm, WholeForm
from ui.views.definitions.scripts.mail_form import MailForm, SenderForm
from ui.views.definitions.scripts.page import ScriptEditor
from ui.views.definitions.scripts.text_field import MarkdownField

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Hands:
    """Somebody at the editor."""

    def __init__(self, page: DefinitionsPage, qtbot: QtBot, tasks: Tasks) -> None:
        self.page, self.editor, self.qtbot, self.tasks = page, page.scripts, qtbot, tasks

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: self.tasks.pending == 0 and not self.editor.state.pending, timeout=15000)

    def go(self, *row: str, part: tuple[str, ...] = (*SCRIPT, "general")) -> None:
        self.editor.state.turn(part, (row[0], row[1]) if row else ("whole", ""))
        self.rest()

    def field(self, *path: str) -> MarkdownField:
        assert self.editor.form is not None
        return self.editor.form.areas[path].field

    def type(self, text: str, *path: str) -> MarkdownField:
        """Type below what stands in a text."""
        field = self.field(*path)
        field.setFocus()
        field.go_to(field.blockCount())
        for line, part in enumerate(text.split("\n")):
            if line:
                QTest.keyClick(field, Qt.Key.Key_Return)
            if part.isascii():
                QTest.keyClicks(field, part)
            else:
                field.insertPlainText(part)
        return field

    def why(self, *path: str) -> str:
        assert self.editor.form is not None
        return self.editor.form.areas[path].why.text()

    def run(self, command: str) -> None:
        assert self.page._session.commands.run(command), command
        self.rest()


@pytest.fixture
def hands(session: Session, qtbot: QtBot, tasks: Tasks, qapp: QApplication) -> Iterator[Hands]:
    for name in ("山田 太郎", "**x**"):
        leads.create(session.ctx, {"name": name, "company.name": "青葉学園", "company.industry": "教育"})
    tasks.wrote.connect(session.hub.changed)
    guard = KeyGuard(qapp)
    made = make(session)
    assert isinstance(made, DefinitionsPage)
    qtbot.addWidget(made)
    made.resize(1216, 700)
    made.show()
    qtbot.waitActive(made)
    made.arrive()
    session.commands.set_page("definitions")
    assert session.commands.run("definitions.scripts")
    hands = Hands(made, qtbot, tasks)
    hands.rest()
    hands.go()
    yield hands
    hands.rest()
    guard.stop()


def test_it_opens_with_the_scripts_and_draws_the_steps_and_branches(hands: Hands) -> None:
    editor = hands.editor
    assert hands.page.scripting
    assert isinstance(editor.form, WholeForm)
    assert editor.parts.item(0).text() == "新規開拓(共通)  v1"
    assert any(editor.parts.item(n).text().startswith("✉") for n in range(editor.parts.count()))
    drawn = [(one.kind, one.title, one.to) for one in editor.outline.items[:8]]
    assert drawn[1:] == [
        ("step", "1 導入", ""),
        ("branch", "課題を前に聞いている", "verify"),
        ("step", "2 価値提案", ""),
        ("step", "3 検証質問", ""),
        ("branch", "時期が決まっていない", "next"),
        ("step", "4 次アクション", ""),
        ("head", "切り返し", ""),
    ]
    assert editor.outline.grab().width() > 0


def test_the_keyboard_alone_walks_goes_in_and_comes_back(hands: Hands) -> None:
    editor = hands.editor
    editor.outline.setFocus()
    QTest.keyClick(editor.outline, Qt.Key.Key_Down)
    assert editor.state.row == ("phase", "opening")
    assert isinstance(editor.form, StepForm)
    QTest.keyClick(editor.outline, Qt.Key.Key_Return)
    field = hands.field("text", "opening")
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert editor.outline.hasFocus()
    QTest.keyClick(editor.outline, Qt.Key.Key_End)
    assert isinstance(editor.form, ObjectionForm)
    hands.run("definitions.script.outline")
    QTest.keyClick(editor.outline, Qt.Key.Key_Escape)
    assert not hands.page.scripting


def test_variables_are_offered_by_name_with_what_they_are_for_the_lead(hands: Hands) -> None:
    hands.go("phase", "opening")
    field = hands.type("\n{{ comp", "text", "opening")
    assert field.offered[:3] == ("company", "company_short", "company_sama")
    assert field.examples["company_short"] == "青葉学園"
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText().endswith("\n{{ company_short }}")
    assert field.offered == ()
    QTest.keyClick(field, Qt.Key.Key_Space, CTRL)
    assert len(field.offered) > 10
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.offered == ()
    assert field.hasFocus()
    hands.rest()
    assert hands.editor.state.wrong == ()


def test_an_error_is_shown_on_its_line_with_its_sentence_and_blocks_the_proposal(hands: Hands) -> None:
    hands.go("phase", "value")
    field = hands.type("\n{{ comapny }}\n", "text", "value")
    hands.rest()
    assert field.wrong == (3,)
    assert hands.why("text", "value").startswith("3行目: ")
    assert "company" in hands.why("text", "value")
    shown = next(one for one in hands.editor.outline.items if one.row == ("phase", "value"))
    assert shown.wrong == 1
    assert not hands.editor.propose_button.isEnabled()
    assert hands.editor.problems_button.text() == "問題 1"
    assert "comapny" in hands.editor.preview.broken.text()
    hands.go("objection", "busy")
    hands.run("definitions.script.problem")
    assert hands.editor.state.row == ("phase", "value")
    assert hands.field("text", "value").textCursor().blockNumber() == 2
    assert hands.field("text", "value").hasFocus()


@pytest.mark.parametrize("text", ["{{ name.upper }}", "{% for c in name %}x{% endfor %}", "{{ name", "[a](http://x)"])
def test_what_a_script_may_not_do_is_refused_at_its_place(hands: Hands, text: str) -> None:
    hands.go("phase", "next")
    field = hands.field("text", "next")
    field.selectAll()
    field.insertPlainText(f"一\n二 {text}\n")
    hands.rest()
    assert field.wrong == (2,)
    assert hands.why("text", "next").startswith("2行目: ")


def test_undo_and_redo_are_those_of_the_editor_and_reach_over_parts(hands: Hands, session: Session) -> None:
    hands.go("phase", "opening")
    before = hands.field("text", "opening").toPlainText()
    field = hands.type("一二三", "text", "opening")
    hands.rest()
    hands.go("whole", "", part=(*SCRIPT, "staffing"))
    name = hands.editor.form.findChild(QLineEdit) if hands.editor.form is not None else None
    assert name is not None
    name.setFocus()
    name.selectAll()
    name.insert("人材")
    hands.rest()
    QTest.keyClick(name, Qt.Key.Key_Z, CTRL)
    hands.rest()
    assert hands.editor.state.text("ja") == "新規開拓(人材サービス)"
    hands.editor.outline.setFocus()
    QTest.keyClick(hands.editor.outline, Qt.Key.Key_Z, CTRL)
    hands.rest()
    assert hands.editor.state.part == (*SCRIPT, "general")
    field = hands.field("text", "opening")
    assert field.toPlainText() == before
    assert agreeing.draft(session.ctx) == ""
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, CTRL | SHIFT)
    hands.rest()
    assert field.toPlainText() == before + "一二三"
    assert agreeing.draft(session.ctx) != ""


def test_a_draft_outlives_the_page_and_the_text_editor_has_the_same(hands: Hands, qtbot: QtBot) -> None:
    hands.go("phase", "opening")
    hands.type("書きかけ", "text", "opening")
    hands.page.close_chooser()
    hands.rest()
    fresh = ScriptEditor(hands.page._session)
    qtbot.addWidget(fresh)
    fresh.start()
    hands.rest()
    assert "書きかけ" in fresh.state.text("text", "opening")
    hands.page.edit_scripts()
    hands.rest()
    hands.go("phase", "opening")
    hands.type("もう少し", "text", "opening")
    hands.page.edit_own()
    hands.rest()
    assert "もう少し" in hands.page.editor.text.toPlainText()
    hands.page.editor.text.setPlainText(hands.page.editor.text.toPlainText().replace("もう少し", "あと少し"))
    hands.page.editor.close_editor()
    hands.page.edit_scripts()
    hands.rest()
    assert hands.editor.state.text("text", "opening").rstrip().endswith("あと少し")


def test_a_branch_is_added_led_on_and_drawn_forward_only(hands: Hands) -> None:
    hands.go("phase", "verify")
    hands.run("definitions.script.branch")
    form = hands.editor.form
    assert isinstance(form, BranchForm)
    assert [form.to.itemData(n) for n in range(form.to.count())] == ["next"]
    form.phase.setCurrentIndex(form.phase.findData("opening"))
    form.phase.activated.emit(0)
    assert [form.to.itemData(n) for n in range(form.to.count())] == ["value", "verify", "next"]
    form.to.setCurrentIndex(2)
    form.to.activated.emit(2)
    line = form.when.lines[0]
    line.field.setCurrentIndex(line.field.findData("adoption_timing"))
    line.field.activated.emit(0)
    line.how.setCurrentIndex(line.how.findData("equals"))
    line.how.activated.emit(0)
    line.value.setCurrentIndex(line.value.findData("undecided"))
    line.value.activated.emit(0)
    hands.rest()
    code = hands.editor.state.row[1]
    made = hands.editor.state.sheet
    assert made is not None
    script = made.script("general")
    assert script is not None
    (branch,) = [one for one in script.branches if one.code == code]
    assert (branch.phase, branch.to, branch.when[0].field, branch.when[0].equals) == (
        "opening", "next", "adoption_timing", "undecided",
    )  # fmt: skip
    assert made.problems == ()
    hands.run("definitions.script.remove")
    assert code not in hands.editor.state.table("branch")
    hands.editor.state.undo()
    hands.rest()
    assert code in hands.editor.state.table("branch")


def test_the_key_that_takes_a_branch_out_is_about_the_text_while_one_types(hands: Hands) -> None:
    hands.go("branch", "known_issue")
    field = hands.field("branch", "known_issue", "text")
    field.setFocus()
    field.setPlainText("one two")
    QTest.keyClick(field, Qt.Key.Key_Delete, CTRL)
    hands.rest()
    assert "known_issue" in hands.editor.state.table("branch")
    assert field.toPlainText() == "two"
    hands.editor.outline.setFocus()
    QTest.keyClick(hands.editor.outline, Qt.Key.Key_Delete)
    hands.rest()
    assert "known_issue" not in hands.editor.state.table("branch")


def test_a_step_that_nothing_leads_to_and_a_branch_that_never_holds_are_shown(hands: Hands) -> None:
    hands.go("phase", "verify")
    hands.run("definitions.script.step")
    row = hands.editor.state.row
    shown = next(one for one in hands.editor.outline.items if one.row == row)
    assert (shown.live, shown.aside, shown.sub) == (False, True, "ここへ進む道がありません")
    tree = {"phase": "verify", "to": row[1], "ja": "他社", "when": {"a": {"field": "competitor", "present": True}}}
    hands.editor.state.put(tree, "branch", "other")
    hands.editor.state.put({**tree, "to": "next"}, "branch", "late")
    hands.rest()
    shown = next(one for one in hands.editor.outline.items if one.row == row)
    assert shown.live
    never = next(one for one in hands.editor.outline.items if one.row == ("branch", "late"))
    assert (never.live, never.sub) == (False, "進むことがありません")
    hands.go("branch", "late")
    form = hands.editor.form
    assert isinstance(form, BranchForm)
    assert form.never.isVisibleTo(form)
    assert hands.editor.grab().width() > 0


def test_a_question_says_what_it_fills_and_where_it_leads(hands: Hands) -> None:
    hands.go("phase", "verify")
    form = hands.editor.form
    assert isinstance(form, StepForm)
    assert form.asking is not None
    told = {line.code: line.told.text() for line in form.asking.lines}
    assert told["issue"] == "引き継ぎチェック: 課題 ・ 分岐: 課題を前に聞いている → 3 検証質問"
    assert told["adoption_timing"] == "引き継ぎチェック: 検討時期 ・ 分岐: 時期が決まっていない → 4 次アクション"
    form.asking.take("budget")
    form.asking.make()
    line = form.asking.lines[-1]
    line.label.selectAll()
    line.label.insert("社員数")
    line.field.setCurrentIndex(line.field.findData("reaction_log"))
    line.field.activated.emit(0)
    line.choices.setText("多い、少ない")
    line.choices.editingFinished.emit()
    hands.rest()
    sheet = hands.editor.state.sheet
    assert sheet is not None
    script = sheet.script("general")
    assert script is not None
    asked = {q.code: q for q in script.phases[2].questions}
    assert list(asked)[-2] == "budget"
    made = list(asked.values())[-1]
    assert (made.label.ja, made.field, [c[0] for c in made.choices]) == ("社員数", "reaction_log", ["多い", "少ない"])
    form.asking.drop(made.code)
    form.asking.lines[0].label.setFocus()
    hands.rest()
    assert sheet.problems == ()


def test_the_preview_is_walked_by_answering_and_records_nothing(hands: Hands, session: Session) -> None:
    preview = hands.editor.preview
    lead = preview.lead.lead_id
    assert lead is not None
    before = leads.view(session.ctx, lead)
    hands.run("definitions.script.on")
    hands.run("definitions.script.on")
    assert preview.phase == "verify"
    card = next(one for one in preview.cards if one.field == "adoption_timing")
    button = next(b for b in card._buttons if b.text() == "未定")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    hands.rest()
    assert preview.branch.text() == "分岐: 時期が決まっていない → 次アクション"
    assert [one.text() for one in preview._filled_now[1:]] == ["✓ 検討時期"]  # type: ignore[attr-defined]
    hands.run("definitions.script.on")
    assert preview.phase == "next"
    hands.run("definitions.script.back")
    assert preview.phase == "verify"
    after = leads.view(session.ctx, lead)
    assert (after.fields, after.timeline) == (before.fields, before.timeline)


def test_the_lead_of_the_preview_is_chosen_by_keys_that_stay_in_the_field(hands: Hands) -> None:
    preview = hands.editor.preview
    box = preview.lead
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "**")
    box.search()
    hands.rest()
    offered: list[tuple[str, ...]] = [box.offered]
    assert box.hasFocus()
    QTest.keyClicks(box, "x")
    assert box.text() == "**x"
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Return)
    hands.rest()
    offered.append(box.offered)
    assert offered == [("**x**  青葉学園",), ()]
    assert box.text() == "**x**  青葉学園"
    assert "**x**様" in preview.say.text.toPlainText()


def test_what_is_typed_for_a_lead_and_not_taken_gives_its_place_back(hands: Hands) -> None:
    box = hands.editor.preview.lead
    was, name = box.lead_id, box.text()
    assert name
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "nobody")
    box.search()
    hands.rest()
    assert box.offered == ()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert (box.lead_id, box.text()) == (was, name)
    assert hands.page.scripting


def test_the_preview_speaks_to_a_lead_of_somebody_else_where_one_has_none(hands: Hands, session: Session) -> None:
    """A team lead has no queue of her own."""
    other = Member(MemberId("other"), "森 恵", "rep", "mori@example.jp")
    session.ctx.members = {**session.ctx.members, other.id: other}
    leads.assign(session.ctx, [one.lead_id for one in search.find(session.ctx, "青葉学園")], other.id)
    assert queue.ids(session.ctx) == []
    preview = hands.editor.preview
    preview.lead.show_lead(None, "")
    preview.begin()
    hands.rest()
    assert preview.lead.lead_id is not None
    assert "青葉学園" in preview.lead.text()
    assert preview.phase == "opening"


def test_an_objection_that_is_shared_becomes_the_scripts_own_when_it_is_changed(hands: Hands) -> None:
    hands.go("objection", "busy")
    form = hands.editor.form
    assert isinstance(form, ObjectionForm)
    assert form.shared.isVisibleTo(form)
    hands.type("\n**30秒**だけ", "objection", "busy", "text")
    hands.rest()
    assert not form.shared.isVisibleTo(form)
    sheet = hands.editor.state.sheet
    assert sheet is not None
    script, other = sheet.script("general"), sheet.script("staffing")
    assert script is not None
    assert other is not None
    assert next(o for o in script.objections if o.code == "busy").text.endswith("**30秒**だけ")
    assert not next(o for o in other.objections if o.code == "busy").text.endswith("だけ")
    assert [o.code for o in script.objections][2] == "busy"
    hands.run("definitions.script.objection")
    assert hands.editor.outline.items[-1].title == "新しい切り返し"
    assert "30秒" not in hands.editor.preview.rebuttal.text.toPlainText()


def test_the_draft_is_proposed_and_signed_like_any_other(hands: Hands, session: Session) -> None:
    hands.go("phase", "opening")
    hands.type("もう一言。", "text", "opening")
    hands.rest()
    hands.editor.note.setText("切り出しを変える")
    hands.run("definitions.propose")
    (one,) = agreeing.proposals(session.ctx)
    assert one.note == "切り出しを変える"
    assert one.agreed_at is None
    found = agreeing.check(session.ctx, one.text)
    assert [d.key for d in found.differences] == ["script.general.version", "script.general.text.opening"]
    assert agreeing.draft(session.ctx) == ""
    assert not hands.page.scripting
    general = next(s for s in session.ctx.rules.scripts if s.code == "general")
    assert general.ref == "general@1"


def test_a_mail_template_counts_its_subject_and_says_what_the_law_asks(hands: Hands) -> None:
    hands.go("whole", "", part=(*MAIL, "first"))
    form = hands.editor.form
    assert isinstance(form, MailForm)
    assert form.law.isVisibleTo(form)
    hands.rest()
    assert "青葉学園" in hands.editor.preview.say.text.toPlainText()
    hands.type("あ" * 41, "subject")
    hands.rest()
    assert form.counter.tone == "bad"
    assert "40" in hands.why("subject")
    assert not hands.editor.propose_button.isEnabled()
    hands.editor.state.undo()
    hands.rest()
    hands.type("\nBcc: x@evil.example", "subject")
    hands.rest()
    assert hands.why("subject") != ""
    hands.editor.state.undo()
    hands.rest()
    assert hands.editor.state.wrong == ()
    hands.type("<b>太字</b>", "text", "issue")
    hands.rest()
    assert hands.why("text", "issue") != ""


def test_what_the_law_asks_of_a_mail_is_given_in_the_window(hands: Hands) -> None:
    hands.go("whole", "", part=SENDER)
    form = hands.editor.form
    assert isinstance(form, SenderForm)
    lines = form.findChildren(QLineEdit)
    given = ("Aoba Cloud Inc.", "1-1 Chiyoda, Tokyo", "03-0000-0000", "nowhere")
    for line, text in zip(lines, given, strict=True):
        QTest.keyClicks(line, text)
    hands.rest()
    sheet = hands.editor.state.sheet
    assert sheet is not None
    assert [(one.path, one.error.code) for one in sheet.wrong(SENDER)] == [
        (("unsubscribe",), "playbook_mail_unsubscribe")
    ]
    assert form.why.isVisibleTo(form)
    lines[3].selectAll()
    QTest.keyClicks(lines[3], "stop@example.jp")
    hands.rest()
    sheet = hands.editor.state.sheet
    assert sheet is not None
    assert sheet.problems == ()
    assert sheet.rules.mail.sender.unsubscribe == "stop@example.jp"
    hands.go("whole", "", part=(*MAIL, "first"))
    assert "stop@example.jp" in hands.editor.preview.say.text.toPlainText()
    assert isinstance(hands.editor.form, MailForm)
    assert not hands.editor.form.law.isVisibleTo(hands.editor.form)
    while hands.editor.state.can_undo:
        hands.editor.state.undo()
    hands.rest()
    assert not hands.editor.changed


def test_scripts_and_templates_are_added_and_taken_out(hands: Hands) -> None:
    editor = hands.editor
    editor.new_part("小売の新規")
    hands.rest()
    assert editor.state.part == (*SCRIPT, "script")
    assert isinstance(editor.form, WholeForm)
    assert editor.state.sheet is not None
    assert editor.state.sheet.problems == ()
    editor.drop()
    hands.rest()
    assert "script" not in editor.state.sheet.codes(SCRIPT)
    editor.state.undo()
    hands.rest()
    assert "script" in editor.state.sheet.codes(SCRIPT)
    editor.state.undo()
    hands.rest()
    assert "script" not in editor.state.sheet.codes(SCRIPT)
    editor.new_part("お礼", mail=True)
    hands.rest()
    assert isinstance(editor.form, MailForm)


def test_a_text_that_is_no_toml_is_mended_where_the_whole_text_is(hands: Hands, session: Session) -> None:
    hands.page.close_chooser()
    agreeing.keep_draft(session.ctx, "= broken")
    fresh = ScriptEditor(session)
    hands.qtbot.addWidget(fresh)
    fresh.start()
    hands.rest()
    assert fresh._stack.currentIndex() == 1
    offered = (fresh.propose_button, fresh.undo_button, fresh.day, fresh.note)
    assert not any(one.isVisibleTo(fresh) for one in offered), "there is nothing to propose"
    assert fresh.back_button.isVisibleTo(fresh)
    fresh.propose()
    assert agreeing.draft(session.ctx) == "= broken"
    agreeing.keep_draft(session.ctx, "")
    fresh.start()
    hands.rest()
    assert fresh._stack.currentIndex() == 0
    assert all(one.isVisibleTo(fresh) for one in offered)
    agreeing.keep_draft(session.ctx, "= broken")
    fresh.start()
    hands.rest()
    with hands.qtbot.waitSignal(fresh.text_wanted):
        fresh.broken.findChildren(type(fresh.add_button))[0].click()


def test_who_may_not_change_definitions_has_no_editor(session: Session, qtbot: QtBot) -> None:
    session.ctx.me = replace(session.ctx.me, role="fs")
    other = Member(MemberId("other"), "森 恵", "team_lead", "mori@example.jp")
    session.ctx.members = {**session.ctx.members, other.id: other}
    made = make(session)
    assert isinstance(made, DefinitionsPage)
    qtbot.addWidget(made)
    session.commands.set_page("definitions")
    assert not session.commands.allowed("definitions.scripts")
    assert not made.scripts_button.isVisibleTo(made)


@pytest.mark.parametrize("leave", ["definitions.propose", "definitions.script.on", "definitions.script.branch"])
def test_what_is_typed_in_a_question_is_put_before_its_step_is_left_or_proposed(hands: Hands, leave: str) -> None:
    hands.go("phase", "opening")
    hands.type("続き", "text", "opening")
    hands.rest()
    hands.go("phase", "verify")
    form = hands.editor.form
    assert isinstance(form, StepForm)
    assert form.asking is not None
    line = form.asking.lines[0]
    line.choices.setFocus()
    line.choices.selectAll()
    line.choices.insert("Excel、紙、自社開発")
    if leave == "definitions.script.on":
        hands.editor.preview.go_to("verify")
    hands.run(leave)
    sheet = hands.editor.state.sheet
    assert sheet is not None
    assert "自社開発" in sheet.text
    if leave == "definitions.propose":
        assert "自社開発" in agreeing.proposals(hands.page._session.ctx)[0].text


def test_a_condition_holds_the_codes_of_the_choices_that_are_typed_in_words(hands: Hands) -> None:
    hands.go("branch", "undecided")
    for kind in ("any_of", "none_of"):
        form = hands.editor.form
        assert isinstance(form, BranchForm)
        line = form.when.lines[0]
        line.how.setCurrentIndex(line.how.findData(kind))
        line.how.activated.emit(line.how.currentIndex())
        line.value.setEditText("今月、3か月以内、その他のことば")
        hands.editor.state.settle()
        rule = hands.editor.state.get("branch", "undecided", "when", "timing")
        assert isinstance(rule, dict)
        assert rule[kind] == ["this_month", "3_months", "その他のことば"]
    hands.go()
    hands.go("branch", "undecided")
    form = hands.editor.form
    assert isinstance(form, BranchForm)
    assert form.when.lines[0].value.currentText() == "今月、3か月以内、その他のことば"


def test_scrolling_over_a_form_changes_nothing_in_it(hands: Hands) -> None:
    def scrolled(field: QWidget) -> None:
        at = QPointF(field.rect().center())
        event = QWheelEvent(
            at,
            QPointF(field.mapToGlobal(field.rect().center())),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, event)

    hands.go("branch", "known_issue")
    form = hands.editor.form
    assert isinstance(form, BranchForm)
    line = form.when.lines[0]
    hands.editor.outline.setFocus()
    for field in (form.phase, form.to, line.field, line.how, line.value):
        scrolled(field)
    hands.go()
    whole = hands.editor.form
    assert isinstance(whole, WholeForm)
    hands.editor.outline.setFocus()
    scrolled(whole.rank)
    hands.rest()
    assert not hands.editor.changed
    whole.rank.setFocus()
    scrolled(whole.rank)
    hands.rest()
    assert hands.editor.state.get("rank") == -1


def test_what_is_new_is_named_in_both_languages_and_begins_with_a_sentence(hands: Hands) -> None:
    hands.go("phase", "opening")
    for command, kind, en in (
        ("definitions.script.branch", "branch", "New branch"),
        ("definitions.script.step", "node", "New step"),
        ("definitions.script.objection", "objection", "New objection"),
    ):
        hands.run(command)
        tree = hands.editor.state.table(kind, hands.editor.state.row[1])
        assert (tree["en"], str(tree["ja"])[:3]) == (en, "新しい")
        assert kind == "branch" or str(tree["text"]).startswith("ここに")


def test_a_new_objection_comes_into_sight_in_the_drawing(hands: Hands) -> None:
    hands.go("phase", "opening")
    hands.run("definitions.script.objection")
    here, area = hands.editor.outline.current, hands.editor._outline_area
    assert here is not None
    top = hands.editor.outline.mapTo(area.viewport(), QPoint(0, here.top)).y()
    assert top >= 0
    assert top + here.tall <= area.viewport().height()


def test_a_name_that_is_none_and_braces_that_close_nothing_stand_out(hands: Hands) -> None:
    hands.go("phase", "opening")
    field = hands.field("text", "opening")
    field.show_text("{{ company }} {{ nanika }} }}")
    inks = {
        one.start: one.format.foreground().color().name() for one in field.document().firstBlock().layout().formats()
    }
    good, bad = tokens().accent_text, tokens().bad
    assert (inks[0], inks[14], inks[27]) == (good, bad, bad)


def test_a_wrong_line_is_marked_as_far_as_it_wraps(hands: Hands) -> None:
    hands.go("phase", "opening")
    field = hands.field("text", "opening")
    field.show_text("あ" * 200 + "{{ nanika }}")
    field.show_wrong([1])
    lines = field.document().firstBlock().layout().lineCount()
    assert lines > 2
    assert len({one.cursor.position() for one in field.extraSelections()}) == lines


def test_proposing_what_cannot_be_proposed_says_why(hands: Hands, session: Session) -> None:
    said: list[str] = []
    session.notices.said.connect(said.append)
    hands.run("definitions.propose")
    assert said == ["変えたところがないので、提案するものがありません。"]
    hands.go("phase", "opening")
    hands.type("{{ nanika }}", "text", "opening")
    hands.rest()
    hands.go("phase", "value")
    hands.run("definitions.propose")
    assert said[1:] == ["まだ提案できません。問題が1件あります。"]
    assert hands.editor.state.row == ("phase", "opening")
    assert hands.field("text", "opening").hasFocus()
    assert agreeing.proposals(session.ctx) == []


def test_the_opening_of_a_call_that_came_in_is_written_checked_and_read_beside_that_of_ours(hands: Hands) -> None:
    editor = hands.editor
    hands.go("phase", "opening")
    where = ("text", "incoming")
    hands.type("\n「{{ nobody }}」", *where)
    hands.rest()
    assert "nobody" in hands.why(*where)
    assert editor.problems_button.text() != "問題はありません"
    hands.go("phase", "value")
    editor.next_problem()
    assert editor.state.row == ("phase", "opening")
    editor.state.undo()
    hands.rest()
    assert isinstance(editor.form, StepForm)
    hands.type("\n「ご用件は{{ product }}でしょうか。」", *where)
    hands.rest()
    card = editor.preview.answer_card
    said = "".join(text for text, _ in card.text.segments)
    assert card.isVisible()
    assert said.startswith("「お電話ありがとうございます。")
    assert said.endswith("業務管理クラウドでしょうか。」"), said
    field = hands.field(*where)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    hands.rest()
    assert editor.state.get(*where) is None
    said = "".join(text for text, _ in card.text.segments)
    assert said.startswith("「お電話ありがとうございます。")
    assert said.endswith("でございます。」")
    hands.go("phase", "value")
    assert not card.isVisible()
