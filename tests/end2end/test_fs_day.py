"""A day of FS by keyboard in the real window: a handoff goes back and is on top of the rep's queue, another one is
accepted, its meeting prepared and reported, and the rep reads it all after a sync.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from isdesk.clock import Clock
from isdesk.desk import Desk
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.domain.queue import PROMISE, RETURNED
from isdesk.services import alerts, calls, handoffs, leads, meetings, queue, team
from tests.end2end.conftest import TeamHub
from tests.end2end.person import CTRL, Person
from tests.end2end.test_team_lead import go
from tests.services.test_handoffs import HEARD
from ui.models.queue_model import LEAD_ROLE, ROW_ROLE
from ui.views.handoff.page import HandoffPage

pytestmark = [pytest.mark.slow, pytest.mark.end2end]

Key = Qt.Key
TEXT = int(Qt.ItemDataRole.AccessibleTextRole)
BACK, TAKEN = "差戻 花子", "受理 太郎"


@pytest.fixture
def rep(hub: TeamHub, tmp_path: Path) -> Iterator[Desk]:
    """A rep's desk from which two leads were handed over."""
    with closing(hub.desk(tmp_path / "rep", hub.person("rep"))) as desk:
        alerts.handoff_news(desk.ctx)
        for name in (BACK, TAKEN):
            _hand_over(desk, hub, name)
        desk.sync()
        yield desk


def _hand_over(desk: Desk, hub: TeamHub, name: str) -> None:
    heard: dict[str, Value] = {**HEARD, "name": name, "title": "部長", "department": "購買部"}
    company: dict[str, Value] = {
        "company.name": f"{name}株式会社",
        "company.industry": "製造",
        "company.employees": 320,
        "company.prefecture": "愛知県",
    }
    meeting = desk.ctx.now() + timedelta(days=2)
    lead, _ = leads.create(desk.ctx, heard | company | {"meeting_at": meeting.isoformat()})
    calls.record(desk.ctx, lead, "INTERESTED")
    handoffs.submit(desk.ctx, lead, hub.person("fs").id)


@pytest.fixture
def fs(hub: TeamHub, rep: Desk, tmp_path: Path, sit: Callable[[Path, Clock], Person]) -> Person:
    """FS at their window, with one lead of their own in the queue."""
    with closing(hub.desk(tmp_path / "fs", hub.person("fs"), "team")) as desk:
        me, own = desk.ctx.me, next(iter(team.ids(desk.ctx, kind="offered")))
        desk.ctx.me = hub.person("team_lead")
        leads.assign(desk.ctx, [own], me.id)
    return sit(tmp_path / "fs", hub.clock)


def _lead(desk: Desk, name: str) -> LeadId:
    (found,) = [one.lead_id for one in handoffs.listing(desk.ctx) if one.lead_name == name]
    return found


def test_the_rep_finds_what_came_back_on_top_of_the_window(
    fs: Person, rep: Desk, hub: TeamHub, tmp_path: Path, sit: Callable[[Path, Clock], Person]
) -> None:
    go(fs, "handoff")
    page = fs.window.page("handoff")
    assert isinstance(page, HandoffPage)
    _gives_one_back(fs, page)
    fs.sync_now()
    fs.leave()
    hub.clock.go(minutes=1)
    back = _lead(rep, BACK)
    hub.desk(tmp_path / "second", hub.person("rep")).close()
    person = sit(tmp_path / "second", hub.clock)
    model = person.page.queue.model
    places = [model.index(n, 0) for n in range(model.rowCount())]
    ids = [str(place.data(LEAD_ROLE)) for place in places]
    place = ids.index(back)
    assert all(one.data(ROW_ROLE).tier == PROMISE for one in places[:place]), "nothing but a promise stands above it"
    assert "差し戻し" in str(places[place].data(TEXT))
    assert "課題が具体的でない" in str(places[place].data(TEXT))


def test_a_day_of_fs(fs: Person, rep: Desk, hub: TeamHub) -> None:
    go(fs, "handoff")
    page = fs.window.page("handoff")
    assert isinstance(page, HandoffPage)
    _gives_one_back(fs, page)
    _accepts_and_prepares(fs, page)
    fs.sync_now()
    hub.clock.go(minutes=1)
    rep.sync()
    queue.settle(rep.ctx)
    back, taken = _lead(rep, BACK), _lead(rep, TAKEN)
    rows = queue.page(rep.ctx)
    (place,) = [n for n, one in enumerate(rows) if one.lead_id == back]
    row = rows[place]
    assert row.tier == RETURNED
    assert all(one.tier == PROMISE for one in rows[:place])
    assert ("reason", "issue_unclear") in next(chip for chip in row.chips if chip.code == "returned").params
    assert [(one.action, one.reason) for one in alerts.handoff_news(rep.ctx)] == [
        ("return", "issue_unclear"),
        ("accept", ""),
    ]
    assert {one.code: one.text for one in meetings.plan(rep.ctx, taken).lines}["issue_hypothesis"].endswith(" 3days")
    _reports(fs, page, hub)
    fs.sync_now()
    rep.sync()
    told = handoffs.view(rep.ctx, taken).told
    assert told == {"result": "opportunity", "amount": 1200000, "reasked": [rep.ctx.rules.checklist[2].code]}
    assert [one.result for one in alerts.handoff_news(rep.ctx)] == ["opportunity"]
    assert fs.told == []


def _choose(fs: Person, page: HandoffPage, name: str) -> None:
    """Go down the list until somebody stands there."""
    fs.until(page.list.hasFocus)
    fs.press(Key.Key_Home)
    for _ in range(page.model.rowCount()):
        fs.settle()
        if page.detail.name == name:
            return
        fs.press(Key.Key_Down)
    raise AssertionError(name)


def _narrow(fs: Person, page: HandoffPage, place: int) -> None:
    while page.tabs.current() != place:
        fs.press(Key.Key_T)
        fs.settle()


def _gives_one_back(fs: Person, page: HandoffPage) -> None:
    _narrow(fs, page, 0)
    _choose(fs, page, BACK)
    fs.press(Key.Key_R)
    fs.until(page.detail.ask.isVisible)
    fs.press(Key.Key_2)
    fs.press(Key.Key_Return)
    fs.until(lambda: BACK not in [line.name for line in page.model._lines])
    fs.settle()


def _accepts_and_prepares(fs: Person, page: HandoffPage) -> None:
    _choose(fs, page, TAKEN)
    fs.press(Key.Key_A)
    fs.until(lambda: TAKEN not in [line.name for line in page.model._lines])
    fs.settle()
    _narrow(fs, page, 1)
    _choose(fs, page, TAKEN)
    fs.press(Key.Key_M)
    field = page.detail.meeting.fields["issue_hypothesis"]
    fs.until(field.edit.hasFocus)
    fs.type(" 3days")
    fs.press(Key.Key_Return, CTRL)
    fs.until(lambda: field.origin.text().startswith(fs.session.ctx.me.name))
    fs.press(Key.Key_Escape)
    fs.until(page.list.hasFocus)


def _reports(fs: Person, page: HandoffPage, hub: TeamHub) -> None:
    hub.clock.go(days=3)
    fs.session.hub.ticked.emit()
    fs.settle()
    _narrow(fs, page, 2)
    _choose(fs, page, TAKEN)
    fs.press(Key.Key_F)
    rows = page.detail.rows
    fs.until(page.detail.ask.isVisible)
    fs.press(Key.Key_1)
    fs.press(Key.Key_Return)
    fs.until(rows.amount.edit.hasFocus)
    fs.type("1200000")
    fs.press(Key.Key_Return)
    fs.press(Key.Key_3)
    assert QApplication.focusWidget() is not rows.amount.edit
    fs.press(Key.Key_Return)
    fs.until(rows.note.edit.hasFocus)
    fs.press(Key.Key_Return)
    fs.until(lambda: not page.detail.ask.isVisible())
    fs.settle()
