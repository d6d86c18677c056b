"""Merging two leads of one person from the call page, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.domain.errors import NotFound
from isdesk.services import history, leads
from tests.ui.test_call_page import Day
from ui.session import Session


def test_a_duplicate_is_found_shown_and_merged(session: Session, qtbot: QtBot) -> None:
    day = Day(session, qtbot)
    first = day.here
    assert first is not None
    twin, _ = leads.create(
        session.ctx, {"name": "見本 1 (展示会)", "email": "mihon@example.jp", "phone_direct": "052-000-1201"}
    )
    one = next(i for i in day.ids if leads.view(session.ctx, i).fields["phone_direct"].endswith("1201"))  # type: ignore[union-attr]
    day.page.show_lead(one)
    day.until(lambda: day.here == one)
    session.commands.run("queue.merge")
    panel = day.page.work.merge
    day.until(lambda: panel.isVisible() and panel.told.text() != "")
    assert panel.pair == (str(twin), str(one))
    assert "メール" in panel.told.text()
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    day.until(lambda: not panel.isVisible())
    day.rest()
    assert leads.view(session.ctx, one).fields["email"] == "mihon@example.jp"
    with pytest.raises(NotFound):
        leads.view(session.ctx, twin)
    history.undo(session.ctx)
    assert leads.view(session.ctx, twin).fields["email"] == "mihon@example.jp"


def test_nobody_alike_is_said_and_nothing_opens(session: Session, qtbot: QtBot) -> None:
    day = Day(session, qtbot)
    said: list[object] = []
    session.notices.said.connect(said.append)
    session.commands.run("queue.merge")
    day.rest()
    day.until(lambda: bool(said))
    assert not day.page.work.merge.isVisible()
