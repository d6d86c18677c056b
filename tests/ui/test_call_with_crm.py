"""A call with a CRM behind it: what others did there meanwhile stops the call or is told, and the way back stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from isdesk.crm.port import Thing
from isdesk.domain.ids import LeadId
from isdesk.services import lead_table
from tests.crm import rigs
from tests.services.test_connecting_crms import Way, ways
from tests.ui.test_call_page import Telephone
from ui.session import Session
from ui.views.call.page import CallPage
from ui.views.side.side_panel import TIMELINE
from ui.views.side.timeline_tab import TimelineModel


class Desk:
    """A call page over a CRM's stand-in with one lead."""

    def __init__(self, session: Session, way: Way, remote: str, qtbot: QtBot) -> None:
        self.session, self.way, self.remote, self.qtbot = session, way, remote, qtbot
        desk = session.desk
        assert desk is not None
        desk.connect(
            way.kind,
            url=way.url,
            user=way.user or None,
            secret=way.secret,
            options=way.options,
            mapping=way.mapping,
            scope="team",
        )
        assert desk.sync(full=True).error == ""
        self.lead = LeadId(lead_table.ids(session.ctx, lead_table.Filter(scope="team"))[0])
        self.phone = Telephone()
        session.tasks.wrote.connect(session.hub.changed)
        self.page = CallPage(session, self.phone)
        qtbot.addWidget(self.page)
        self.page.resize(1280, 720)
        self.page.show()
        session.commands.set_page("call")
        self.page.show_lead(self.lead)
        self.until(lambda: self.page.controller.lead_id == self.lead)
        self.rest()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def rest(self) -> None:
        self.until(lambda: not self.session.tasks.pending)


@pytest.fixture(params=["salesforce", "hubspot", "kintone", "odoo"])
def desk(request: pytest.FixtureRequest, session: Session, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """Give the page over each CRM in turn."""
    kind = str(request.param)
    make = rigs.find(kind)
    assert make is not None
    with make(tmp_path) as rig:
        remote = rig.make(Thing.LEAD, {"name": "山田 太郎", "phone_direct": "052-211-1234", "email": "y@example.jp"})
        rig.move(7200)
        yield Desk(session, ways(kind, cast("Any", rig)), remote, qtbot)


def test_the_call_goes_on_where_nothing_is_new(desk: Desk) -> None:
    desk.page.controller.dial_best()
    desk.until(lambda: bool(desk.phone.urls))
    assert desk.phone.urls == ["tel:+81522111234"]
    assert desk.page.work.header.note == ""


def test_a_do_not_call_that_was_set_in_the_crm_stops_the_call(desk: Desk) -> None:
    desk.way.rig.edit(Thing.LEAD, desk.remote, {"dnc": True})
    desk.page.controller.dial_best()
    desk.until(lambda: bool(desk.page.work.header.note))
    desk.rest()
    assert desk.phone.urls == []
    assert "架電禁止" in desk.page.work.header.note
    scene = desk.page.work.scene
    assert scene is not None
    assert scene.view.may_dial is not None


def test_a_crm_that_does_not_answer_keeps_nobody_waiting(desk: Desk) -> None:
    desk.way.rig.fail("html", on="read", count=9)
    desk.page.controller.dial_best()
    desk.until(lambda: bool(desk.phone.urls))


def test_a_recorded_call_is_seen_to_arrive(desk: Desk) -> None:
    session = desk.session
    desk.page.controller.press_key("1")
    desk.rest()
    desk.page.show_lead(desk.lead)
    desk.page.panel.show_tab(TIMELINE)
    desk.rest()
    assert states(desk) == ["端末に保存"]
    assert session.desk is not None
    report = session.desk.sync()
    assert (report.error, report.quarantined) == ("", 0)
    session.hub.changed.emit(report.changes)
    desk.page.controller.reload()
    desk.rest()
    desk.page.panel.timeline.refresh()
    desk.rest()
    assert states(desk) == ["CRM確認済"]


def states(desk: Desk) -> list[str]:
    """Return how far the contacts in the timeline have come."""
    model = desk.page.panel.timeline.model
    lines = [model.index(row, 0).data(TimelineModel.WORDS) for row in range(model.rowCount())]
    return [line.sync for line in lines if line.what == "touch"]
