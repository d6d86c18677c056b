"""Going through the fields of the script editor changes nothing; only what is really typed does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from isdesk import playbook
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.services import agreeing, script_editing
from isdesk.services.script_editing import Tree
from tests.ui.test_script_editor import Hands, hands
from ui.session import Session
from ui.views.definitions.scripts.conditions import how, value_of, with_value
from ui.views.definitions.scripts.forms import ByHandForm, StepForm, WholeForm
from ui.views.definitions.scripts.listing import joined, parted
from ui.views.definitions.scripts.parts import entry, put_entry

__all__ = ["hands"]


@given(st.lists(st.text(max_size=8), max_size=4))
@example(["卸売業、小売業", "製造業"])
@example(['"', "", " a", "a,b,c", '"a"、'])
def test_values_in_one_line_are_read_as_they_were_shown(values: list[str]) -> None:
    assert parted(joined(values)) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a、b,c , d", ["a", "b", "c", "d"]),
        ('"a、b"、c', ["a、b", "c"]),
        ('"a、b', ['"a', "b"]),
        ('5"の板、x', ['5"の板', "x"]),
        ("、、", []),
    ],
)
def test_values_are_parted_as_they_are_typed(text: str, values: list[str]) -> None:
    assert parted(text) == values


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "x", "any_of": ["卸売業、小売業", "製造業"]},
        {"field": "x", "at_least": 50.0, "at_most": 300.0},
        {"field": "x", "at_most": 300.0},
        {"field": "x", "equals": "a、b"},
        {"field": "x", "present": False},
    ],
)
def test_a_condition_is_read_as_it_was_shown(rule: Tree) -> None:
    assert with_value(rule, how(rule), value_of(rule)) == rule


def test_a_number_that_is_none_is_left_for_the_check() -> None:
    assert with_value({"field": "x"}, "at_least", "三百") == {"field": "x", "at_least": "三百"}
    assert with_value({"field": "x"}, "between", "50") == {"field": "x", "at_least": 50.0, "at_most": 50.0}


CONDITIONS = {
    "industry": {"field": "company.industry", "any_of": ["卸売業、小売業"]},
    "size": {"field": "company.employees", "at_least": 50, "at_most": 300},
    "flag": {"field": "need", "equals": True},
}


def test_going_through_conditions_changes_none(hands: Hands) -> None:
    state = hands.editor.state
    state.put(CONDITIONS, "when")
    hands.rest()
    form = hands.editor.form
    assert isinstance(form, WholeForm)
    for line in form.when.lines:
        edit = line.value.lineEdit()
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        hands.editor.note.setFocus()
        edit.editingFinished.emit()
        line.how.activated.emit(line.how.currentIndex())
        assert state.get("when") == CONDITIONS
    assert [line.value.currentText() for line in form.when.lines] == ['"卸売業、小売業"', "50〜300", ""]


def test_a_condition_that_is_typed_is_taken_and_the_rest_of_it_stays(hands: Hands) -> None:
    state = hands.editor.state
    state.put(CONDITIONS, "when")
    hands.rest()
    form = hands.editor.form
    assert isinstance(form, WholeForm)
    first, second, _ = form.when.lines
    for line, typed in ((first, '"卸売業、小売業"、金融'), (second, "50〜500")):
        line.value.setEditText(typed)
        edit = line.value.lineEdit()
        assert isinstance(edit, QLineEdit)
        edit.editingFinished.emit()
    assert state.get("when", "industry", "any_of") == ["卸売業、小売業", "金融"]
    assert state.get("when", "size") == {"field": "company.employees", "at_least": 50.0, "at_most": 500.0}
    assert state.get("when", "flag") == CONDITIONS["flag"]
    second.field.setCurrentIndex(second.field.findData("reaction_log"))
    second.field.activated.emit(0)
    assert state.get("when", "size") == {"field": "reaction_log", "at_least": 50.0, "at_most": 500.0}


def test_going_through_choices_keeps_their_codes_and_their_english(hands: Hands) -> None:
    state = hands.editor.state
    hands.go("phase", "verify")
    form = hands.editor.form
    assert isinstance(form, StepForm)
    assert form.asking is not None
    line = form.asking.lines[0]
    choices = [["yes", "はい、使っています", "Yes, we do"], ["no", "いいえ", "No"]]
    put_entry(state, "question", line.code, "choices", choices)
    hands.rest()
    line.choices.setFocus()
    hands.editor.note.setFocus()
    line.choices.editingFinished.emit()
    assert entry(state, "question", line.code)["choices"] == choices
    line.choices.setText('"はい、使っています"、未定')
    line.choices.editingFinished.emit()
    assert entry(state, "question", line.code)["choices"] == [choices[0], ["未定", "未定", "未定"]]


def test_what_came_into_force_meanwhile_is_not_taken_back(hands: Hands, session: Session) -> None:
    ctx = session.ctx
    ctx.me = replace(ctx.me, role="admin")
    sheet = script_editing.begin(ctx)
    said: list[str] = []
    session.notices.noticed.connect(lambda one: said.append(one.text))
    hands.go("phase", "opening")
    hands.type("書きかけ", "text", "opening")
    hands.rest()
    staffing = (*script_editing.SCRIPT, "staffing")
    theirs = script_editing.put(ctx, sheet, staffing, {**sheet.tree(staffing), "ja": "他の人の名前"})
    proposal, _ = agreeing.propose(ctx, theirs.text, date.fromisoformat(ctx.today()))
    for department in DEPARTMENTS:
        agreeing.sign(ctx, proposal, department)
    assert agreeing.take_over(ctx)
    ctx.playbook = playbook.loads(theirs.text, name="team")
    hands.editor.propose()
    hands.rest()
    assert len(agreeing.proposals(ctx)) == 1
    assert any("載せ直しました" in one for one in said)
    assert hands.editor.state.text("text", "opening").rstrip().endswith("書きかけ")
    hands.editor.propose()
    hands.rest()
    keys = [one.key for one in agreeing.check(ctx, agreeing.proposals(ctx)[0].text).differences]
    assert keys == ["script.general.version", "script.general.text.opening"]


def test_undo_where_the_reason_is_typed_is_about_the_reason(hands: Hands) -> None:
    editor = hands.editor
    hands.go("phase", "opening")
    hands.type("大事な文", "text", "opening")
    hands.rest()
    editor.note.setFocus()
    QTest.keyClicks(editor.note, "reason")
    QTest.keyClick(editor.note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.note.text() == ""
    QTest.keyClick(editor.note, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert editor.note.text() == "reason"
    lead = editor.preview.lead
    day = editor.day.findChild(QLineEdit)
    assert isinstance(lead, QLineEdit)
    assert isinstance(day, QLineEdit)
    for field in (lead, day, editor.note, editor.note):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.rest()
    assert editor.note.text() == ""
    assert "大事な文" in editor.state.text("text", "opening")
    editor.outline.setFocus()
    QTest.keyClick(editor.outline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "大事な文" not in editor.state.text("text", "opening")


def test_a_part_that_only_the_text_can_change_takes_nothing_in_vain(hands: Hands, session: Session) -> None:
    agreeing.keep_draft(session.ctx, "script.general.rank = 0\n" + agreeing.text_in_force(session.ctx))
    hands.editor.start()
    hands.rest()
    hands.go("phase", "opening")
    form = hands.editor.form
    assert isinstance(form, ByHandForm)
    assert not form.areas
    assert form.findChildren(QLineEdit) == []
    with hands.qtbot.waitSignal(hands.editor.text_wanted):
        form.open.click()
    hands.editor.add_branch()
    hands.rest()
    assert not hands.editor.state.can_undo
    hands.go("phase", "opening", part=(*script_editing.SCRIPT, "staffing"))
    assert isinstance(hands.editor.form, StepForm)
