"""Logging a contact over another channel on the lead at work, by keys, on a real profile."""

from __future__ import annotations

from datetime import time

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from isdesk.clock import TOKYO
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.domain.touch import TOUCH_CHANNELS, Channel, Plan, Touch, effective
from isdesk.services import calls, leads
from isdesk.services.calls import RecordInput
from isdesk.services.views import Preview
from isdesk.store import leads as stored
from isdesk.store import members
from tests.ui.test_call_page import Day
from ui import links
from ui.session import Session
from ui.views.call import phrases
from ui.views.call.outcome_dialogs import Answers
from ui.views.call.touch_panel import outcomes


@pytest.fixture
def day(session: Session, qtbot: QtBot) -> Day:
    return Day(session, qtbot)


def touches(day: Day) -> list[Touch]:
    assert day.here is not None
    with day.session.ctx.store.read() as tx:
        return effective(stored.touches(tx, day.here))


def type_in(day: Day, key: Qt.Key) -> None:
    focus = day.page.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def test_two_digits_log_it_and_the_lead_stays_at_work(day: Day) -> None:
    here = day.here
    day.page.work.memo.text.setPlainText("事例を送付")
    day.press("call.touch")
    panel = day.page.work.touch
    assert panel.isVisible()
    day.rest()
    type_in(day, Qt.Key.Key_2)
    assert panel.picked is Channel.X
    day.rest()
    assert panel.outcome.buttons()[0].toolTip().startswith("→ ")
    for button in panel.outcome.buttons():
        assert button.text().endswith(button.toolTip()), "each says what comes of it"
    assert day.page.work.scene is not None
    codes = [one.code for one in outcomes(day.page.work.scene, Channel.X)]
    panel.outcome.choose(codes.index("TOUCH_SENT"))
    day.until(lambda: bool(touches(day)))
    day.rest()
    (one,) = touches(day)
    assert (one.channel, one.outcome, one.note) == (Channel.X, "TOUCH_SENT", "事例を送付")
    assert day.here == here
    assert not panel.isVisible()
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, here})
    day.rest()


def test_what_lacks_is_asked_first_and_giving_up_leaves_the_phone_as_it_was(day: Day) -> None:
    day.press("call.touch")
    day.rest()
    assert day.page.work.scene is not None
    codes = [one.code for one in outcomes(day.page.work.scene, Channel.LINKEDIN)]
    day.page.work.touch.outcome.choose(codes.index("TOUCH_LATER"))
    day.until(lambda: day.page.work.ask.isVisible())
    day.page.work.ask.dismiss()
    day.press("outcome.1")
    day.rest()
    with day.session.ctx.store.read() as tx:
        made = [t for key in day.ids for t in stored.touches(tx, key)]
    assert [(t.channel, t.outcome) for t in made] == [(Channel.PHONE, "NO_ANSWER")]


def ask_over(day: Day, channel: Channel, code: str) -> None:
    """Log a contact over another channel whose outcome still asks for something."""
    day.press("call.touch")
    day.rest()
    panel = day.page.work.touch
    if panel.picked is not channel:
        panel.channel.choose([c.value for c in TOUCH_CHANNELS].index(channel.value))
        day.rest()
    assert day.page.work.scene is not None
    panel.outcome.choose([one.code for one in outcomes(day.page.work.scene, channel)].index(code))
    day.until(lambda: day.page.work.ask.isVisible())
    day.rest()


def test_a_call_that_begins_puts_away_what_another_channel_asks_and_keeps_its_own_record(day: Day) -> None:
    ask_over(day, Channel.LINKEDIN, "TOUCH_LATER")
    ask, control = day.page.work.ask, day.page.controller
    here = day.here
    day.press("call.dial")
    day.until(lambda: control.busy)
    assert not ask.isVisible()
    ask.answered.emit("TOUCH_LATER", Answers(reason="no_need"))
    day.rest()
    assert control.busy
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, here})
    day.rest()
    with day.session.ctx.store.read() as tx:
        made = [t for key in day.ids for t in stored.touches(tx, key)]
    (one,) = made
    assert (one.lead_id, one.channel, one.outcome) == (here, Channel.PHONE, "NO_ANSWER")
    assert one.number
    assert one.ring_s is not None


def test_a_contact_that_is_being_recorded_while_a_call_begins_does_not_end_it(day: Day) -> None:
    ask_over(day, Channel.LINKEDIN, "TOUCH_LATER")
    ask, control = day.page.work.ask, day.page.controller
    day.press("call.dial")
    ask.reason.choose(0)
    day.until(lambda: bool(touches(day)))
    day.rest()
    (one,) = touches(day)
    assert (one.channel, one.number, one.talk_s, one.ring_s) == (Channel.LINKEDIN, None, None, None)
    assert control.busy
    control.cancel_call()
    day.rest()
    assert [(t.channel, t.outcome) for t in touches(day)][1:] == [(Channel.PHONE, "CANCELED")]


def test_a_meeting_over_another_channel_knows_what_is_free_and_what_is_taken(day: Day) -> None:
    ctx, fs = day.session.ctx, Member(MemberId("m-fs"), "中村 直樹", "fs", "nakamura@example.com")
    with ctx.store.write() as tx:
        members.put(tx, [ctx.me, fs])
    ctx.members[fs.id] = fs
    at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 2), time(14))
    other = next(key for key in day.ids if key != day.here)
    calls.record(ctx, other, "MEETING_SET", RecordInput(meeting_at=at, fs_id=fs.id))
    day.page.controller.reload()
    day.rest()
    ask_over(day, Channel.LINKEDIN, "MEETING_SET")
    ask = day.page.work.ask
    ask.fs.take(fs.id)
    ask.meeting.edit.setText(f"{at.astimezone(TOKYO):%Y/%m/%d %H:%M}")
    assert ask.meeting.taken
    ask.submit()
    assert ask.isVisible()
    assert "重なります" in ask.meeting.warning.text()
    ask.submit()
    day.until(lambda: bool(touches(day)))
    day.rest()
    (one,) = touches(day)
    assert (one.channel, one.outcome) == (Channel.LINKEDIN, "MEETING_SET")


def test_a_contact_that_is_refused_says_why_and_is_not_recorded(day: Day) -> None:
    said: list[str] = []
    day.session.notices.said.connect(said.append)
    scene = day.page.work.scene
    assert scene is not None
    outcome = scene.rules.outcomes["TOUCH_SENT"]
    refused = Preview(outcome.code, Plan(None), "new", refused="lead_dnc")
    day.page.controller.touches.wanted.emit(outcome, refused, Channel.LINKEDIN)
    day.rest()
    assert said == [phrases.refusal("lead_dnc")]
    assert touches(day) == []


def test_a_profile_opens_by_the_allow_list_alone(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def browser(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", browser)
    said: list[str] = []
    day.session.notices.said.connect(said.append)
    here, ctx = day.here, day.session.ctx
    assert here is not None
    day.session.tasks.write(lambda: leads.edit(ctx, here, {"linkedin": "https://www.linkedin.com/in/a"}))
    day.rest()
    day.rest()
    day.press("call.touch")
    day.page.work.touch.open_profile()
    assert opened == ["https://www.linkedin.com/in/a"]
    day.page.work.touch.profile.emit("linkedin", "https://evil.example/in/a")
    assert len(opened) == 1
    assert said
    day.rest()


def test_only_the_hosts_of_a_channel_are_its_profiles() -> None:
    assert links.social("x", "https://x.com/a") is not None
    assert links.social("x", "https://x.com.evil.example/a") is None
    assert links.social("x", "http://x.com/a") is None
    assert links.social("letter", "https://x.com/a") is None


def test_digits_are_printed_on_the_row_that_answers_now(day: Day) -> None:
    day.press("call.touch")
    panel = day.page.work.touch
    day.rest()
    assert [one.key for one in panel.channel.buttons()][:2] == ["1", "2"]
    assert {one.key for one in panel.outcome.buttons()} == {""}
    type_in(day, Qt.Key.Key_2)
    day.rest()
    assert {one.key for one in panel.channel.buttons()} == {""}
    assert [one.key for one in panel.outcome.buttons()][:2] == ["1", "2"]


def test_a_profile_that_is_not_known_is_told(day: Day) -> None:
    day.press("call.touch")
    panel = day.page.work.touch
    day.rest()
    type_in(day, Qt.Key.Key_2)
    assert panel.link.isHidden()
    assert panel._hint.text() == "プロフィール未登録(F2 で登録)"
