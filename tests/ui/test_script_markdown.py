"""Markdown in the call page: bold and lists show, a lead's name never does more than show, links open by allow-list."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFont, QTextBlock
from pytestqt.qtbot import QtBot

from isdesk import playbook
from isdesk.services import leads
from tests.ui.test_call_page import Day
from ui.session import Session
from ui.views.call.script_view import ScriptText

TEXT = """
extends = "default"
name = "team"
number = 2
ja = "チーム"
en = "Team"
link_hosts = ["docs.example.jp"]
[script.general.text]
opening = \"\"\"
**{{ name }}**様、[資料](https://docs.example.jp/a)をご覧ください。

- 一つ目
- {{ name }}
1. 番号
\"\"\"
"""
EVIL = "<b>x</b>**y**[a](javascript:z)"


@pytest.fixture
def day(session: Session, qtbot: QtBot) -> Day:
    session.ctx.playbook = playbook.loads(TEXT, years=(2026, 2027))
    made = Day(session, qtbot)
    wanted, _ = leads.create(session.ctx, {"name": EVIL, "phone_direct": "03-3211-1001", "company.industry": "教育"})
    made.rest()
    made.page.show_lead(wanted)
    made.until(lambda: made.here == wanted)
    made.rest()
    return made


def lines(text: ScriptText) -> list[QTextBlock]:
    made, block = [], text.document().begin()
    while block.isValid():
        made.append(block)
        block = block.next()
    return made


def test_marks_show_and_a_name_shows_as_it_is(day: Day) -> None:
    text = day.page.work.say.text
    head, first, second, third = lines(text)
    assert head.text() == f"{EVIL}様、資料をご覧ください。"
    assert second.text() == EVIL
    assert [b.textList() is not None for b in (head, first, second, third)] == [False, True, True, True]
    weights = {}
    for at in head.textFormats():
        weights[head.text()[at.start : at.start + at.length]] = (at.format.fontWeight(), at.format.isAnchor())
    assert weights[EVIL] == (QFont.Weight.DemiBold, False)
    assert weights["資料"] == (QFont.Weight.Normal, True)
    assert text.links == ("https://docs.example.jp/a",)


def test_a_link_opens_by_its_key_and_only_where_the_definitions_allow(
    day: Day, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def opened(url: QUrl) -> bool:
        seen.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", opened)
    day.press("script.link")
    assert seen == ["https://docs.example.jp/a"]
    session.ctx.playbook = replace(
        session.ctx.playbook, rules=replace(session.ctx.playbook.rules, link_hosts=("elsewhere.example",))
    )
    day.press("script.link")
    assert seen == ["https://docs.example.jp/a"]
    day.page.work.step_phase(1)
    assert not session.commands.allowed("script.link")
