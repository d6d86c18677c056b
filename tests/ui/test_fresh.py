"""Before a number is dialled the CRM is asked: it may stop the call, tell who was there, or not answer in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId, MemberId
from isdesk.services.views import Freshness
from tests.ui import samples
from tests.ui.test_call_controller import ONE, TWO, Desk
from ui.tasks import Tasks

HOUR = timedelta(hours=1)


class Crm:
    """What the CRM says of a lead; ``slow`` holds its answer back until it is let go."""

    def __init__(self) -> None:
        self.says = Freshness(online=True, known_at=samples.NOW)
        self.slow = threading.Event()
        self.slow.set()
        self.asked: list[LeadId] = []

    def look(self, lead_id: LeadId) -> Freshness:
        """Answer."""
        self.asked.append(lead_id)
        self.slow.wait(10)
        return self.says


@pytest.fixture
def crm() -> Iterator[Crm]:
    """Give a CRM that answers at once."""
    made = Crm()
    yield made
    made.slow.set()


@pytest.fixture
def desk(host: QWidget, tasks: Tasks, qtbot: QtBot, crm: Crm) -> Desk:
    """Give a call at work whose dial asks the CRM first."""
    made = Desk(host, tasks, qtbot)
    made.control.fresh.look = crm.look
    made.begin()
    return made


def test_an_answer_without_news_lets_the_call_go(desk: Desk, crm: Crm) -> None:
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert crm.asked == [ONE]
    assert desk.work.header.note == ""


def test_a_do_not_call_elsewhere_stops_the_call(desk: Desk, crm: Crm) -> None:
    crm.says = Freshness(online=True, dnc=True, changed=True)
    desk.control.dial_best()
    desk.until(lambda: bool(desk.work.header.note))
    desk.until(lambda: desk.tasks.pending == 0)
    assert desk.dialler.urls == []
    assert desk.source.dials == []
    assert "かけずに止めました" in desk.work.header.note
    assert not desk.control.fresh.looking


def test_a_contact_by_somebody_else_is_told_and_the_call_goes_on(desk: Desk, crm: Crm) -> None:
    crm.says = Freshness(online=True, touched_at=samples.NOW - HOUR, touched_by=MemberId("m-2"))
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert "田中 実が" in desk.work.header.note
    assert "1時間前" in desk.work.header.note


def test_a_contact_of_long_ago_is_no_news(desk: Desk, crm: Crm) -> None:
    crm.says = Freshness(online=True, touched_at=samples.NOW - 30 * HOUR, touched_by=MemberId("m-2"))
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert desk.work.header.note == ""


def test_a_lead_that_is_gone_is_told(desk: Desk, crm: Crm) -> None:
    crm.says = Freshness(online=True, here=False)
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert "見当たりません" in desk.work.header.note


def test_the_call_does_not_wait_for_an_answer_that_does_not_come(desk: Desk, crm: Crm) -> None:
    crm.slow.clear()
    desk.control.dial_best()
    assert desk.control.fresh.looking
    assert "確認中" in desk.work.header._timer.accessibleName()
    desk.control.dial_best()
    assert desk.dialler.urls == []
    desk.until(lambda: desk.control.busy)
    assert len(desk.dialler.urls) == 1
    crm.says = Freshness(online=True, dnc=True)
    crm.slow.set()
    desk.until(lambda: bool(desk.work.header.note))
    assert "この通話を終えてください" in desk.work.header.note


def test_offline_the_call_goes_at_once_with_the_age_of_what_is_known(desk: Desk, crm: Crm) -> None:
    crm.slow.clear()
    desk.hub.online.emit(False)
    crm.says = Freshness(online=False, known_at=samples.NOW - 3 * HOUR)
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    crm.slow.set()
    desk.until(lambda: bool(desk.work.header.note))
    assert "3時間前" in desk.work.header.note


def test_another_lead_is_not_told_what_was_asked_of_the_first(desk: Desk, crm: Crm) -> None:
    crm.slow.clear()
    desk.control.dial_best()
    assert desk.control.show_lead(TWO)
    desk.until(lambda: desk.control.lead_id == TWO)
    crm.says = Freshness(online=True, dnc=True)
    crm.slow.set()
    desk.until(lambda: desk.tasks.pending == 0)
    assert desk.work.header.note == ""
    assert desk.dialler.urls == []
