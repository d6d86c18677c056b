"""A team lead's morning by keyboard in the real window: leads change hands and back, a stage is approved, the SLA is
agreed on anew, and the rep's desk works by it after a sync.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from isdesk.clock import Clock
from isdesk.desk import Desk
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.domain.approvals import Asks
from isdesk.domain.ids import LeadId
from isdesk.services import approvals, leads, team
from tests.end2end.conftest import TeamHub
from tests.end2end.person import CTRL, SHIFT, Person
from ui.views.definitions.page import DefinitionsPage
from ui.views.team.page import TeamPage

pytestmark = [pytest.mark.slow, pytest.mark.end2end]

Key = Qt.Key
MANY = 50
SLA = "\n[sla]\nfirst_response_hours = 2.0\n"


@pytest.fixture
def rep(hub: TeamHub, tmp_path: Path) -> Iterator[Desk]:
    """A rep's desk."""
    with closing(hub.desk(tmp_path / "rep", hub.person("rep"))) as desk:
        yield desk


@pytest.fixture
def asked(rep: Desk) -> LeadId:
    """A lead of the rep for which SQL was asked for."""
    lead = next(one for one in team.ids(rep.ctx, rep.ctx.me.id) if leads.view(rep.ctx, one).fields["stage"] == "mql")
    approvals.ask(rep.ctx, Asks.STAGE, "課題と時期を確認済み", lead_id=lead, details={"stage": "sql"})
    rep.sync()
    return lead


@pytest.fixture
def lead(hub: TeamHub, asked: LeadId, tmp_path: Path, sit: Callable[[Path, Clock], Person]) -> Person:
    """The team lead at their window, with one lead of their own."""
    with closing(hub.desk(tmp_path / "lead", hub.person("team_lead"), "team")) as desk:
        own = next(one for one in team.ids(desk.ctx, kind="offered") if one != asked)
        leads.assign(desk.ctx, [own], desk.ctx.me.id)
    return sit(tmp_path / "lead", hub.clock)


def go(person: Person, page: str) -> None:
    """Open a page by Ctrl and its digit."""
    place = person.window.nav.pages().index(page) + 1
    person.press(Key(ord(str(place))), CTRL)
    person.until(lambda: person.window.front == page)
    person.settle()


@pytest.fixture
def second(hub: TeamHub, tmp_path: Path) -> Iterator[Desk]:
    """The rep's other device."""
    with closing(hub.desk(tmp_path / "second", hub.person("rep"))) as desk:
        yield desk


def test_a_team_lead_s_morning(lead: Person, rep: Desk, second: Desk, asked: LeadId, hub: TeamHub) -> None:
    moved = _gives_many_away_and_takes_them_back(lead)
    assert len(moved) == MANY
    _approves(lead, rep, asked)
    _changes_the_sla(lead)
    made = _the_rep_works_by_it(lead, rep, hub)
    second.sync()
    assert second.ctx.rules.sla.first_response_hours == 2.0
    assert leads.view(second.ctx, made).state.sla_due_at == leads.view(rep.ctx, made).state.sla_due_at
    assert lead.told == []


def _gives_many_away_and_takes_them_back(lead: Person) -> set[LeadId]:
    go(lead, "team")
    page = lead.window.page("team")
    assert isinstance(page, TeamPage)
    review, ctx = page.review, lead.session.ctx
    lead.press(Key.Key_BracketRight)
    lead.settle()
    giver = review.view().rep
    taker = next(m.id for m in ctx.members.values() if m.role == "rep" and m.id != giver)
    lead.press(Key.Key_Home)
    for _ in range(MANY - 1):
        lead.press(Key.Key_Down, SHIFT)
    chosen = set(review.selected())
    before = set(team.ids(ctx, taker))
    lead.press(Key.Key_A)
    people = review.bar.first
    lead.until(people.hasFocus)
    for _ in range(people.count()):
        if people.currentData() == taker:
            break
        lead.press(Key.Key_Down)
    lead.until(review.bar.do.isEnabled)
    assert "50件が変わります" in review.bar.outlook.text()
    lead.press(Key.Key_Return)
    lead.until(lambda: set(team.ids(ctx, taker)) == before | chosen)
    assert "担当の変更" in lead.undo()
    assert set(team.ids(ctx, taker)) == before
    return chosen


def _approves(lead: Person, rep: Desk, asked: LeadId) -> None:
    page = lead.window.page("team")
    assert isinstance(page, TeamPage)
    lead.press(Key.Key_T)
    lead.until(page.inbox.panel.may_answer)
    lead.settle()
    lead.press(Key.Key_Y)
    lead.until(lambda: page.inbox.model.rowCount() == 0)
    lead.sync_now()
    rep.sync()
    assert leads.view(rep.ctx, asked).fields["stage"] == "sql"


def _changes_the_sla(lead: Person) -> None:
    go(lead, "definitions")
    page = lead.window.page("definitions")
    assert isinstance(page, DefinitionsPage)
    lead.press(Key.Key_M)
    lead.until(page.editor.text.hasFocus)
    lead.settle()
    lead.press(Key.Key_End, CTRL)
    lead.compose("へんこう", SLA)
    lead.until(page.editor.propose_button.isEnabled)
    assert [(one.before, one.after) for one in page.editor.differences.records()] == [(4.0, 2.0)]
    lead.press(Key.Key_Return, CTRL)
    lead.until(page.proposals.isVisible)
    lead.settle()
    for code in DEPARTMENTS:
        _press_button(lead, page.proposals.signs[code][1])
    assert page.proposals.state.text() == "発効待ち"


def _press_button(person: Person, button: QPushButton) -> None:
    button.setFocus()
    person.press(Key.Key_Space)
    person.until(button.isHidden)
    person.settle()


def _the_rep_works_by_it(lead: Person, rep: Desk, hub: TeamHub) -> LeadId:
    lead.sync_now()
    hub.clock.go(days=1)
    made, _ = leads.create(rep.ctx, {"name": "新田 光", "phone_direct": "052-211-1234", "lead_source": "exhibition"})
    before = leads.view(rep.ctx, made).state.sla_due_at
    rep.sync()
    after = leads.view(rep.ctx, made).state.sla_due_at
    assert before is not None
    assert after is not None
    assert after < before
    assert rep.ctx.rules.sla.first_response_hours == 2.0
    rep.sync()
    lead.sync_now()
    assert lead.session.ctx.rules.sla.first_response_hours == 2.0
    return made
