"""Another wording of a script in the window: begun at a step, edited beside the own one, ended by taking one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from isdesk.services import agreeing
from tests.ui.test_script_editor import Hands, hands
from ui.views.definitions.scripts.forms import StepForm, WholeForm

__all__ = ["hands"]

OWN, RIVAL = ("text", "opening"), ("trial", "text", "opening")


def step(hands: Hands) -> StepForm:
    form = hands.editor.form
    assert isinstance(form, StepForm)
    return form


def begin(hands: Hands) -> None:
    hands.go("phase", "opening")
    hands.run("definitions.script.trial")


def heard(hands: Hands) -> str:
    return hands.editor.preview.say.text.toPlainText()


def test_another_wording_begins_beside_the_own_one_with_its_text(hands: Hands) -> None:
    hands.go("phase", "opening")
    assert not step(hands).under_trial
    assert not step(hands).trial.isVisibleTo(step(hands))
    QTest.mouseClick(step(hands).other, Qt.MouseButton.LeftButton)
    hands.rest()
    assert step(hands).under_trial
    assert hands.field(*RIVAL).hasFocus()
    assert hands.field(*RIVAL).toPlainText() == hands.field(*OWN).toPlainText() != ""
    own, rival = hands.field(*OWN), hands.field(*RIVAL)
    assert own.mapTo(step(hands), own.rect().topLeft()).y() == rival.mapTo(step(hands), rival.rect().topLeft()).y()
    assert step(hands).same.isVisibleTo(step(hands))
    assert not hands.editor.propose_button.isEnabled(), "it says the same: there is nothing to compare"


def test_both_are_edited_and_the_share_and_the_numbers_are_shown(hands: Hands) -> None:
    begin(hands)
    hands.type("B only", *RIVAL)
    hands.type("A too", *OWN)
    hands.rest()
    assert not step(hands).same.isVisibleTo(step(hands))
    script = hands.editor.state.sheet.script("general") if hands.editor.state.sheet is not None else None
    assert script is not None
    assert script.trial is not None
    assert script.phases[0].text.endswith("A too")
    assert script.trial.phases[0].text.endswith("B only")
    bar = step(hands).trial
    assert (bar.own.text(), bar.rival.text()) == ("A v2", "B v3")
    assert bar.where.text() == "Bで言い方を変えた段階: 導入"
    assert "今日のキュー: A " in bar.share.text()
    assert hands.editor.propose_button.isEnabled()


def test_the_preview_reads_each_on_the_lead_and_says_which_it_hears(hands: Hands) -> None:
    begin(hands)
    hands.type("B only {{ company_sama }}", *RIVAL)
    hands.rest()
    preview = hands.editor.preview
    assert preview.wording.isVisibleTo(preview)
    assert "B only" not in heard(hands)
    assert preview.wording.heard.text() in ("このリードが聞くのは A です。", "このリードが聞くのは B です。")
    hands.run("definitions.script.other")
    assert "B only 青葉学園さま" in heard(hands)
    QTest.mouseClick(preview.wording.own_button, Qt.MouseButton.LeftButton)
    hands.rest()
    assert "B only" not in heard(hands)


def test_taking_b_makes_it_the_script_and_undo_brings_both_back(hands: Hands) -> None:
    begin(hands)
    before = hands.field(*OWN).toPlainText()
    hands.type("B only", *RIVAL)
    hands.rest()
    QTest.mouseClick(step(hands).trial.take_rival, Qt.MouseButton.LeftButton)
    hands.rest()
    assert not step(hands).under_trial
    assert hands.field(*OWN).toPlainText().endswith("B only")
    assert not hands.editor.preview.wording.isVisibleTo(hands.editor.preview)
    hands.editor.state.undo()
    hands.rest()
    assert step(hands).under_trial
    assert hands.field(*OWN).toPlainText() == before
    assert hands.field(*RIVAL).toPlainText().endswith("B only")
    hands.editor.state.redo()
    hands.rest()
    assert not step(hands).under_trial


def test_taking_a_leaves_the_script_as_it_is_in_force(hands: Hands) -> None:
    begin(hands)
    hands.type("B only", *RIVAL)
    hands.go()
    assert isinstance(hands.editor.form, WholeForm)
    assert hands.editor.form.trial.isVisibleTo(hands.editor.form)
    QTest.mouseClick(hands.editor.form.trial.take_own, Qt.MouseButton.LeftButton)
    hands.rest()
    assert not hands.editor.form.trial.isVisibleTo(hands.editor.form)
    assert not hands.editor.changed


def test_a_wrong_wording_is_told_at_its_text_and_found_by_the_key(hands: Hands) -> None:
    begin(hands)
    hands.type("{{ compnay }}", *RIVAL)
    hands.rest()
    assert "compnay" in hands.why(*RIVAL)
    assert hands.why(*OWN) == ""
    hands.go("phase", "next")
    hands.run("definitions.script.problem")
    assert hands.editor.state.row == ("phase", "opening")
    assert hands.field(*RIVAL).hasFocus()


def test_one_step_is_taken_out_of_the_trial_and_the_other_stays(hands: Hands) -> None:
    begin(hands)
    hands.type("B only", *RIVAL)
    hands.go("phase", "value")
    hands.run("definitions.script.trial")
    hands.type("B value", "trial", "text", "value")
    hands.rest()
    assert step(hands).trial.where.text() == "Bで言い方を変えた段階: 導入、価値提案"
    assert [one.code for one in hands.editor.outline.items if "A/B" in one.mark] == ["opening", "value"]
    hands.run("definitions.script.trial")
    assert not step(hands).under_trial
    assert step(hands).trial.where.text() == "Bで言い方を変えた段階: 導入"


def test_it_is_proposed_like_every_definition(hands: Hands) -> None:
    begin(hands)
    hands.type("B only", *RIVAL)
    hands.rest()
    hands.run("definitions.propose")
    ctx = hands.page._session.ctx
    (proposal,) = agreeing.proposals(ctx)
    assert "[script.general.trial.text]" in proposal.text
    assert agreeing.draft(ctx) == ""
