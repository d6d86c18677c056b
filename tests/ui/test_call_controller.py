"""What the coordinator of a call does: dial, keep what is typed, record, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk.channels.telephony import DialNumber
from isdesk.domain.changes import Changes
from isdesk.domain.errors import Refused, StoreError
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind, Plan
from tests.ui import samples
from tests.ui.scenes import FakeSource, view_of
from ui.hub import Hub
from ui.notices import Notice, Notices
from ui.tasks import Tasks
from ui.views.call.call_timer import CallTimer, clock_text
from ui.views.call.controller import CallController
from ui.views.call.given import stays
from ui.views.call.outcome_dialogs import Answers
from ui.views.call.workspace import CallWorkspace
from ui.views.side.side_panel import SidePanel

ONE, TWO, THREE = (samples.lead_id(n) for n in (1, 2, 3))


class FakeDialler:
    """A telephone that keeps what it was given; ``there`` False: no program takes calls."""

    tells = False

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.there = True

    def dial(self, number: DialNumber) -> bool:
        self.urls.append(number.url)
        return self.there

    def hang_up(self, call: str = "") -> None:
        """Nothing to end."""

    def accept(self, call: str = "") -> None:
        """Nothing to take."""

    def close(self) -> None:
        """Nothing to let go of."""


class Desk:
    """The controller with everything it holds together."""

    def __init__(self, host: QWidget, tasks: Tasks, qtbot: QtBot) -> None:
        self.qtbot, self.tasks = qtbot, tasks
        self.source, self.dialler, self.hub = FakeSource(), FakeDialler(), Hub(host)
        self.notices = Notices("ja", host)
        self.said: list[str] = []
        self.notices.said.connect(self.said.append)
        self.notices.noticed.connect(self._noticed)
        self.seconds = 0.0
        self.work, self.side = CallWorkspace(host), SidePanel(host)
        self.work.setGeometry(0, 0, 560, 600)
        self.side.setGeometry(560, 0, 240, 600)
        self.work.show()
        self.side.show()
        tasks.wrote.connect(self.hub.changed)
        self.control = CallController(
            self.source,
            tasks,
            self.hub,
            self.notices,
            self.work,
            self.side,
            self.dialler,
            CallTimer(lambda: self.seconds, host),
            host,
        )

    def _noticed(self, notice: Notice) -> None:
        self.said.append(notice.text)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=8000)

    def rest(self) -> None:
        self.until(lambda: not self.tasks.pending and not self.control._prefetch_timer.isActive())

    def begin(self, lead: LeadId = ONE) -> None:
        self.control.show_lead(lead)
        self.until(lambda: self.control.lead_id == lead)
        self.rest()


@pytest.fixture
def desk(host: QWidget, tasks: Tasks, qtbot: QtBot) -> Desk:
    return Desk(host, tasks, qtbot)


def test_a_digit_records_and_the_next_lead_that_lay_ready_is_shown(desk: Desk) -> None:
    desk.begin()
    assert desk.control.ahead == TWO
    read = desk.source.scenes_read
    turned: list[object] = []
    desk.control.turned.connect(turned.append)
    desk.control.press_key("1")
    desk.until(lambda: desk.control.lead_id == TWO)
    assert [(lead, code) for lead, code, _ in desk.source.recorded] == [(ONE, "NO_ANSWER")]
    assert desk.source.scenes_read == read, "the next lead was not read again before it was shown"
    assert turned == [TWO]
    assert desk.work.bar.last == "不在 → 15:10 ・ 見本 1"


def test_two_presses_of_a_key_are_one_record(desk: Desk) -> None:
    desk.begin()
    desk.control.press_key("1")
    desk.control.press_key("1")
    desk.until(lambda: desk.control.lead_id == TWO)
    desk.rest()
    assert len(desk.source.recorded) == 1


def test_memo_objections_script_and_responder_travel_with_the_outcome(desk: Desk) -> None:
    desk.begin()
    desk.work.memo.text.setPlainText("来期に検討")
    desk.work.objections.press(0)
    desk.work.bar.next_reached()
    desk.rest()
    desk.control.press_key("7")
    desk.until(lambda: bool(desk.source.recorded))
    _, code, given = desk.source.recorded[0]
    assert code == "INTERESTED"
    assert given.note == "来期に検討"
    assert given.objections == ("budget",)
    assert given.script == "manufacturing@3"
    assert given.reached == "decision_maker"
    desk.until(lambda: desk.control.lead_id == TWO)
    assert desk.work.memo.value() == ""


def test_shift_keeps_the_lead_at_work(desk: Desk) -> None:
    desk.begin()
    desk.control.press_key("1", stay=True)
    desk.until(lambda: bool(desk.source.recorded))
    desk.rest()
    assert desk.control.lead_id == ONE


def test_after_a_meeting_the_lead_stays_for_its_handoff(desk: Desk) -> None:
    desk.begin()
    desk.control.press_key("9")
    assert desk.work.ask.isVisible()
    desk.work.ask.meeting.edit.setText("11/27 14時")
    desk.work.ask.submit()
    desk.until(lambda: bool(desk.source.recorded))
    desk.rest()
    assert desk.source.recorded[0][2].meeting_at == samples.at(14, day=27)
    assert desk.control.lead_id == ONE


def test_a_do_not_call_is_never_recorded_without_its_question(desk: Desk) -> None:
    desk.begin()
    desk.work.memo.text.setPlainText("もうかけないで")
    desk.control.press_key("0")
    assert desk.work.ask.isVisible()
    assert desk.work.ask.note.value == "もうかけないで"
    desk.work.ask.submit()
    desk.until(lambda: bool(desk.source.recorded))
    assert desk.source.recorded[0][2].note == "もうかけないで"


def test_where_the_record_fails_lead_and_memo_stay(desk: Desk) -> None:
    desk.begin()
    desk.source.fails["record"] = StoreError("disk_full")
    desk.work.memo.text.setPlainText("大事なこと")
    desk.control.press_key("1")
    desk.until(lambda: bool(desk.said))
    assert desk.control.lead_id == ONE
    assert desk.work.memo.value() == "大事なこと"
    desk.until(lambda: desk.source.drafts.get(ONE) == "大事なこと")
    del desk.source.fails["record"]
    desk.rest()
    desk.control.press_key("1")
    desk.until(lambda: desk.control.lead_id == TWO)


def test_when_the_queue_is_done_it_says_so(desk: Desk) -> None:
    desk.source.queue = [ONE]
    desk.begin()
    desk.control.press_key("1")
    desk.until(lambda: desk.control.lead_id is None and bool(desk.source.recorded))
    assert not desk.work.header.isVisible()


def test_answers_wait_for_the_keys_to_rest_and_go_out_on_leaving(desk: Desk) -> None:
    desk.begin()
    desk.work.questions.answered.emit("issue", "締")
    desk.work.questions.answered.emit("issue", "締め日")
    assert not desk.source.edits
    desk.control.show_lead(TWO)
    desk.until(lambda: desk.source.edits == [(ONE, {"issue": "締め日"})])


def test_the_memo_is_saved_as_it_is_typed_and_there_again(desk: Desk) -> None:
    desk.begin()
    desk.work.memo.text.setPlainText("折り返し希望")
    desk.until(lambda: desk.source.drafts.get(ONE) == "折り返し希望")
    desk.until(lambda: desk.work.memo.state_text() == "保存済み 10:32:07")
    view = desk.source.views[ONE]
    desk.source.views[ONE] = replace(view, draft_note="折り返し希望", draft_at=samples.NOW)
    desk.begin(TWO)
    assert desk.work.memo.value() == ""
    desk.begin(ONE)
    assert desk.work.memo.value() == "折り返し希望"


def test_a_memo_that_cannot_be_saved_says_so_and_stays(desk: Desk) -> None:
    desk.begin()
    desk.source.fails["save_draft"] = StoreError("disk_full")
    desk.work.memo.text.setPlainText("消えては困る")
    desk.until(lambda: desk.work.memo.state_text() == "未保存")
    assert desk.work.memo.value() == "消えては困る"
    del desk.source.fails["save_draft"]
    desk.control.flush()
    desk.until(lambda: desk.source.drafts.get(ONE) == "消えては困る")


def test_f5_holds_the_lead_dials_and_starts_the_clock(desk: Desk) -> None:
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert desk.source.dials == ["+81520001234"]
    assert desk.dialler.urls == ["tel:+81520001234"]
    desk.seconds = 134
    desk.control.hang_up()
    desk.seconds = 500
    desk.control.press_key("7")
    desk.until(lambda: bool(desk.source.recorded))
    given = desk.source.recorded[0][2]
    assert (given.number, given.talk_s, given.ring_s) == ("+81520001234", 134, None)
    desk.until(lambda: not desk.control.busy)


def test_seconds_of_a_call_nobody_took_are_ringing(desk: Desk) -> None:
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    desk.seconds = 20
    desk.control.press_key("1")
    desk.until(lambda: bool(desk.source.recorded))
    assert (desk.source.recorded[0][2].ring_s, desk.source.recorded[0][2].talk_s) == (20, None)


def test_what_the_rules_refuse_is_not_dialled(desk: Desk) -> None:
    desk.source.fails["begin_dial"] = Refused("may_not_dial", why="cap")
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: bool(desk.said))
    assert not desk.dialler.urls
    assert not desk.control.busy


def test_a_lead_that_may_not_be_dialled_says_why_on_f5(desk: Desk) -> None:
    desk.source.views[ONE] = replace(view_of(1), may_dial="cooldown")
    desk.begin()
    desk.control.dial_best()
    assert desk.said == ["今は架電できません: クールダウン"]
    assert not desk.source.dials


def test_without_a_telephone_program_the_number_is_copied_and_forgotten(desk: Desk) -> None:
    desk.dialler.there = False
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert QGuiApplication.clipboard().text() == "+81520001234"
    assert "番号をコピーしました" in desk.said[-1]
    desk.control.clipboard.forget()
    assert QGuiApplication.clipboard().text() == ""


def test_the_clipboard_keeps_what_was_copied_since(desk: Desk) -> None:
    desk.begin()
    desk.control.copy_number()
    QGuiApplication.clipboard().setText("ほかの内容")
    desk.control.clipboard.forget()
    assert QGuiApplication.clipboard().text() == "ほかの内容"


def test_during_a_call_no_other_lead_takes_its_place(desk: Desk) -> None:
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    assert not desk.control.show_lead(TWO)
    assert desk.control.lead_id == ONE
    assert "通話中" in desk.said[-1]


def test_escape_at_rest_takes_the_call_back(desk: Desk) -> None:
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    desk.control.escape()
    desk.until(lambda: not desk.control.busy)
    assert [code for _, code, _ in desk.source.recorded] == ["CANCELED"]
    assert desk.control.lead_id == ONE


def test_escape_first_closes_what_is_open(desk: Desk) -> None:
    desk.begin()
    desk.control.dial_best()
    desk.until(lambda: desk.control.busy)
    desk.control.open_list()
    desk.control.escape()
    assert not desk.work.popover_open
    assert desk.control.busy
    desk.work.objections.press(0)
    desk.control.escape()
    assert not desk.work.rebuttal.isVisible()
    assert desk.control.busy


def test_news_while_another_lead_is_read_do_not_keep_it_away(desk: Desk) -> None:
    desk.begin()
    desk.control.show_lead(THREE)
    desk.hub.changed.emit(Changes(leads=frozenset({ONE})))
    desk.until(lambda: desk.control.lead_id == THREE)


def test_news_about_the_lead_are_shown(desk: Desk) -> None:
    desk.begin()
    desk.source.views[ONE] = view_of(1, title="課長")
    desk.hub.changed.emit(Changes(leads=frozenset({ONE})))
    desk.until(lambda: desk.work.header._title.text().startswith("課長"))


def test_news_of_the_lead_that_is_left_do_not_hold_back_the_one_that_was_chosen(desk: Desk) -> None:
    desk.begin()
    desk.control.show_lead(THREE)
    desk.hub.changed.emit(Changes(leads=frozenset({ONE})))
    desk.until(lambda: desk.control.lead_id == THREE)
    assert not desk.control.loading


def test_the_lead_ahead_is_read_anew_when_it_changed(desk: Desk) -> None:
    desk.begin()
    desk.source.views[TWO] = view_of(2, name="変更 後")
    desk.hub.changed.emit(Changes(leads=frozenset({TWO})))
    desk.rest()
    desk.control.press_key("1")
    desk.until(lambda: desk.work.header._name.text() == "変更 後")


class Opened(QObject):
    """Takes https links instead of a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url.toString())


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        ("https://www.linkedin.com/in/example", True),
        ("http://www.linkedin.com/in/example", False),
        ("https://linkedin.com.example.org/in/x", False),
        ("https://user@www.linkedin.com/", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_links_of_the_allowed_host_are_opened(desk: Desk, link: str, opens: bool) -> None:
    taken = Opened()
    for scheme in ("https", "http", "file", "javascript"):
        QDesktopServices.setUrlHandler(scheme, taken, "take")  # type: ignore[arg-type]
    try:
        desk.begin()
        desk.work.header.open_link.emit(link)
    finally:
        for scheme in ("https", "http", "file", "javascript"):
            QDesktopServices.unsetUrlHandler(scheme)
    assert taken.urls == ([link] if opens else [])
    assert bool(desk.said) is not opens


def test_a_click_on_a_sibling_brings_it_to_work(desk: Desk) -> None:
    desk.begin()
    desk.side.handoff.lead_wanted.emit(THREE)
    desk.until(lambda: desk.control.lead_id == THREE)


def test_asking_again_for_what_lacks_keeps_what_was_given(desk: Desk) -> None:
    desk.begin()
    desk.control.press_key("5")
    desk.work.ask.answered.emit("CALLBACK_AT", Answers(callback_at=samples.at(14, day=25)))
    desk.until(lambda: bool(desk.source.recorded))
    assert desk.source.recorded[0][2].callback_at == samples.at(14, day=25)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00"), (134, "02:14"), (3734, "1:02:14")])
def test_a_clock_reads_like_a_clock(seconds: int, shown: str) -> None:
    assert clock_text(seconds) == shown


def test_a_dead_number_keeps_the_lead_only_where_another_one_can_be_dialled_now() -> None:
    dead = replace(samples.OUTCOMES["NOT_IN_SERVICE"], auto_advance=False)
    now = samples.NOW
    assert stays(dead, Plan(ActionKind.RETRY, now, "number:NOT_IN_SERVICE"), now)
    assert not stays(dead, Plan(ActionKind.RETRY, now + timedelta(days=1), "number:NOT_IN_SERVICE"), now)
    assert not stays(dead, Plan(ActionKind.RESEARCH_NUMBER, now + timedelta(days=1), "research"), now)
    assert not stays(dead, Plan(None, why="close"), now)
    assert stays(samples.OUTCOMES["MEETING_SET"], Plan(ActionKind.HANDOFF), now)
    assert not stays(samples.OUTCOMES["NO_ANSWER"], Plan(ActionKind.RETRY, now), now)
