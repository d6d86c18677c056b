"""An alignment meeting by keyboard in the real window: from its cases to the version that everybody works by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from isdesk.clock import Clock
from isdesk.desk import Desk
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.services import agreeing, aligning, definitions
from tests.end2end.conftest import TeamHub
from tests.end2end.person import CTRL, Person
from tests.end2end.test_team_lead import go
from ui.views.alignment.agenda import QUESTIONS
from ui.views.alignment.page import AlignmentPage
from ui.views.definitions.page import DefinitionsPage

pytestmark = [pytest.mark.slow, pytest.mark.end2end]

Key = Qt.Key
SLA = "sla.first_response_hours"
TEXT = "初回対応を2時間以内にする"


@pytest.fixture
def rep(hub: TeamHub, tmp_path: Path) -> Iterator[Desk]:
    """A rep's desk."""
    with closing(hub.desk(tmp_path / "rep", hub.person("rep"))) as desk:
        yield desk


@pytest.fixture
def lead(hub: TeamHub, tmp_path: Path, sit: Callable[[Path, Clock], Person]) -> Person:
    """The team lead at their window, with one lead of their own to begin with."""
    from isdesk.services import leads, team

    with closing(hub.desk(tmp_path / "lead", hub.person("team_lead"), "team")) as desk:
        leads.assign(desk.ctx, [next(iter(team.ids(desk.ctx, kind="offered")))], desk.ctx.me.id)
    return sit(tmp_path / "lead", hub.clock)


def test_a_meeting_from_its_cases_to_the_version_that_everybody_works_by(lead: Person, rep: Desk, hub: TeamHub) -> None:
    page = _opens_the_meeting(lead)
    _decides(lead, page)
    _gives_out_an_action_item(lead, page)
    _fixes_the_minutes(lead, page)
    _carries_the_decision_out(lead, page)
    lead.sync_now()
    hub.clock.go(days=1)
    rep.sync()
    assert rep.ctx.rules.sla.first_response_hours == 2.0
    assert "握り直し会議" in definitions.about(rep.ctx).note
    assert aligning.meetings(rep.ctx) == aligning.meetings(lead.session.ctx)
    assert lead.told == []


def _opens_the_meeting(lead: Person) -> AlignmentPage:
    go(lead, "team")
    lead.press(Key.Key_M)
    lead.until(lambda: lead.window.front == "alignment")
    page = lead.window.page("alignment")
    assert isinstance(page, AlignmentPage)
    lead.until(lambda: page.pack is not None and page.settled)
    lead.settle()
    for _ in range(QUESTIONS):
        lead.press(Key.Key_T)
    lead.until(page.agenda.question_table.hasFocus)
    return page


def _decides(lead: Person, page: AlignmentPage) -> None:
    keys = [one.key for one in page.agenda.questions.records()]
    assert SLA in keys
    lead.press(Key.Key_Home)
    for _ in range(keys.index(SLA)):
        lead.press(Key.Key_Down)
    asked = page.agenda.question()
    assert asked is not None
    lead.press(Key.Key_Return)
    lead.until(lambda: page.records.model.rowCount() > 0)
    assert page.records.model.rowCount() == len(asked.cases)
    lead.press(Key.Key_Escape)
    lead.until(page.agenda.question_table.hasFocus)
    lead.press(Key.Key_D)
    lead.until(page.panel.decision_form.text.hasFocus)
    lead.compose("しょかい", TEXT)
    lead.press(Key.Key_Return)
    lead.until(lambda: page.panel.decisions.rowCount() == 1)
    lead.settle()
    one = page.panel.decision()
    assert one is not None
    assert (one.text, one.key, one.cases) == (TEXT, SLA, asked.cases)
    assert one.agreed == (lead.session.ctx.me.id,)


def _gives_out_an_action_item(lead: Person, page: AlignmentPage) -> None:
    lead.press(Key.Key_A)
    lead.until(page.panel.action_form.text.hasFocus)
    lead.compose("とうばん", "昼休みの当番表")
    lead.press(Key.Key_Return)
    lead.until(lambda: page.panel.given.rowCount() == 1)
    lead.settle()
    lead.press(Key.Key_X)
    lead.until(lambda: page.panel.given.records()[0].done_at is not None)
    lead.settle()
    assert "握り直し会議の記録" in lead.undo()
    lead.until(lambda: page.panel.given.records()[0].done_at is None)
    lead.settle()


def _fixes_the_minutes(lead: Person, page: AlignmentPage) -> None:
    lead.press(Key.Key_C)
    lead.until(page.panel.close_form.save_button.hasFocus)
    lead.press(Key.Key_Return)
    lead.until(lambda: page.pack is not None and page.pack.fixed)
    lead.settle()
    assert page.head.state.text() == "記録確定"


def _carries_the_decision_out(lead: Person, page: AlignmentPage) -> None:
    lead.press(Key.Key_E)
    lead.until(lambda: lead.window.front == "definitions")
    definition = lead.window.page("definitions")
    assert isinstance(definition, DefinitionsPage)
    lead.until(definition.editor.text.hasFocus)
    lead.settle()
    assert definition.editor.text.textCursor().block().text() == "first_response_hours = 4.0"
    lead.press(Key.Key_End)
    for _ in "4.0":
        lead.press(Key.Key_Backspace)
    lead.type("2.0")
    lead.until(definition.editor.propose_button.isEnabled)
    lead.press(Key.Key_Return, CTRL)
    lead.until(definition.proposals.isVisible)
    lead.settle()
    ctx = lead.session.ctx
    (made,) = agreeing.proposals(ctx)
    assert page.pack is not None
    assert (made.alignment, made.agreed) == (page.pack.meeting.id, (ctx.me.id,))
    for code in DEPARTMENTS:
        sign = definition.proposals.signs[code][1]
        sign.setFocus()
        lead.press(Key.Key_Space)
        lead.until(sign.isHidden)
        lead.settle()
