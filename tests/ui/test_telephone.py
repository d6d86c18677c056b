"""The telephone in the real window: an exchange that replays what Asterisk says, and a real baresip."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import trustme
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from typing_extensions import override

from isdesk.channels.telephony import LineState
from isdesk.desk import Desk
from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Direction, Touch
from isdesk.services import attaching, calls, history, leads, merging, phone_account, phoning
from isdesk.services.calls import RecordInput
from isdesk.services.open_calls import LooseCall
from isdesk.services.phone_account import ASTERISK, BARESIP, PhoneAccount
from isdesk.store import leads as stored
from tests.channels import exchange as exchanges
from tests.channels.exchange import REP, SECRET, USER, Exchange
from tests.channels.phones import Phones, answers, until
from tests.ui.conftest import PASSPHRASE, SampleClock
from ui.hub import Hub
from ui.notices import Notices
from ui.session import Session
from ui.shell import Shell
from ui.shortcuts import KeyGuard
from ui.tasks import Tasks
from ui.telephone import DeskPhone
from ui.views.call.page import CallPage
from ui.views.day import words
from ui.views.day.page import DayPage
from ui.views.main_window import MainWindow
from ui.views.settings_page import SettingsPage
from ui.views.telephone.attach import AttachPanel
from ui.words import Words

STRANGER = "127.0.0.2"
"""A host that is on this machine, but not one of those that need no certificate."""
COMING: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "rep.9", "DestChannel": f"{REP}-00000009"}


class TwoClocks(SampleClock):
    """The sample morning, and seconds that pass when a test says so."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        super().__init__()
        self._seconds = seconds

    @override
    def monotonic(self) -> float:
        """Return the told seconds."""
        return self._seconds()


class Window:
    """The whole window of a desk with three leads."""

    def __init__(self, desk: Desk, qtbot: QtBot, *, there: bool = True) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.tasks = Tasks(self.window)
        words = Words(desk.ctx.rules, "ja", desk.ctx.calendar)
        self.notices = Notices("ja", self.window)
        self.session = Session(desk.ctx, self.tasks, Hub(self.window), self.window.commands, self.notices, words, desk)
        self.phone = self.session.phone = DeskPhone(desk, self.tasks, self.notices, self.window)
        self.said: list[str] = []
        self.notices.said.connect(self.said.append)
        self.window.furnish(self.session)
        self.shell = Shell(self.window, self.session)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.open_page("call")
        self.shell.start(background=False)
        self.until(lambda: desk.telephone.up or not there)
        self.until(lambda: self.page.controller.lead_id is not None)
        self.rest()

    @property
    def page(self) -> CallPage:
        found = self.window.page("call")
        assert isinstance(found, CallPage)
        return found

    @property
    def here(self) -> LeadId | None:
        return self.page.controller.lead_id

    @property
    def call_words(self) -> str:
        """Return what is said of the call at work."""
        return self.page.work.header._timer.text()

    def tells(self, words: str) -> bool:
        """Return whether a notice above the page says so."""
        return any(words in one for one in self.bars)

    def says(self, words: str) -> bool:
        return words in self.call_words

    @property
    def bars(self) -> list[str]:
        return [bar.accessibleName() for bar in self.window.notices()]

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def rest(self) -> None:
        """Wait until nothing is under way, news of the telephone that wait for the window among it."""
        for _ in range(3):
            QApplication.processEvents()
            self.until(lambda: not self.tasks.pending and not self.page.controller._prefetch_timer.isActive())

    def press(self, command: str) -> None:
        assert self.session.commands.run(command)

    def dial(self) -> LeadId:
        """Press F5; return who is called."""
        here = self.here
        assert here is not None
        self.press("call.dial")
        self.until(lambda: self.page.controller.busy)
        return here

    @contextmanager
    def writer_held(self) -> Iterator[None]:
        """Let no write get through meanwhile, as a large import does."""
        free = Event()
        self.tasks.write(free.wait)
        try:
            yield
        finally:
            free.set()

    def touches(self, lead_id: LeadId) -> list[Touch]:
        with self.desk.ctx.store.read() as tx:
            return stored.touches(tx, lead_id)

    def stands(self, lead_id: LeadId) -> bool:
        with self.desk.ctx.store.read() as tx:
            return merging.stands_as(tx, lead_id) is not None

    def recorded(self, lead_id: LeadId) -> Touch:
        """Wait until the outcome is recorded; return the one touch."""
        self.until(lambda: bool(self.touches(lead_id)) and not self.page.controller.busy)
        self.rest()
        (touch,) = self.touches(lead_id)
        return touch

    def close(self) -> None:
        self.window.sure = True
        self.window.close()
        assert self.tasks.close()


def add(desk: Desk, n: int) -> LeadId:
    fields = {"name": f"見本 {n}", "phone_direct": f"052-000-12{n:02d}", "company.name": f"見本{n}株式会社"}
    return leads.create(desk.ctx, dict(fields))[0]


class Sat(exchanges.Desk):
    """A window whose telephone hangs on an exchange."""

    def __init__(self, server: Exchange, desk: Desk, qtbot: QtBot, host: str = "127.0.0.1") -> None:
        self.exchange, self.clock = server, exchanges.Clock()
        desk.ctx.clock = TwoClocks(self.clock)
        self.line = desk.telephone
        self.ids = [add(desk, n) for n in (1, 2, 3)]
        account = PhoneAccount(ASTERISK, national=True, host=host, port=server.port, user=USER, channel=REP)
        phone_account.keep_account(desk.ctx, desk.secrets, account, SECRET)
        self.win = Window(desk, qtbot, there=server.tls is None)

    def rung(self) -> LeadId:
        """Press F5, until it rings at the lead's; return who is called."""
        lead = self.win.dial()
        self.win.until(lambda: bool(self.exchange.asked("Originate")))
        self.rep_is_rung()
        self.rep_answers()
        self.lead_rings()
        self.win.until(lambda: "呼出中" in self.win.call_words)
        return lead

    def number(self, lead: LeadId) -> str:
        return f"+815200012{self.ids.index(lead) + 1:02d}"

    def comes(self, number: str) -> None:
        self.say("DialBegin", **COMING, CallerIDNum=number)
        self.win.until(lambda: bool(self.win.shell.incoming.waiting))
        self.win.until(lambda: bool(self.win.bars))


@pytest.fixture
def server() -> Iterator[Exchange]:
    """Give an exchange on loopback."""
    made = Exchange()
    yield made
    made.close()


@pytest.fixture
def sat(server: Exchange, desk: Desk, qtbot: QtBot) -> Iterator[Sat]:
    """Give a window at an exchange."""
    made = Sat(server, desk, qtbot)
    yield made
    made.win.close()
    desk.telephone.close()


# -------------------------------------------------------------------------------------------------------- calls of ours


def test_a_talk_is_shown_as_it_goes_on_and_writes_its_own_times(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=7)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.bridge("BridgeEnter", after=1)
    sat.bridge("BridgeLeave", after=61)
    sat.hang_ups()
    sat.win.until(lambda: sat.win.call_words == "通話終了 01:01 — 結果を選択")
    assert sat.win.page.work.bar.proposed == "", "what the talk was worth is for the rep to say"
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.outcome, touch.ring_s, touch.talk_s, touch.number) == ("INTERESTED", 7, 61, sat.number(lead))


def test_a_busy_line_is_one_key(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("BUSY", after=3)
    sat.hang_ups()
    sat.win.until(lambda: sat.win.page.work.bar.proposed == "BUSY")
    assert "話中" in sat.win.call_words
    assert sat.win.page.work.bar._offer.isVisible()
    sat.win.press("call.confirm")
    touch = sat.win.recorded(lead)
    assert (touch.outcome, touch.ring_s, touch.talk_s) == ("BUSY", 3, None)
    sat.win.until(lambda: sat.win.here not in {None, lead})
    assert sat.win.page.work.bar.proposed == ""
    assert not sat.win.page.work.bar._offer.isVisible()


def test_the_key_of_the_proposal_works_while_a_memo_is_typed(sat: Sat, qapp: QApplication) -> None:
    guard = KeyGuard(qapp)
    lead = sat.rung()
    sat.win.press("call.memo")
    sat.win.page.work.memo.text.setPlainText("留守のよう")
    sat.lead("NOANSWER", after=20)
    sat.hang_ups()
    sat.win.until(lambda: sat.win.page.work.bar.proposed == "NO_ANSWER")
    assert sat.win.page.work.memo.text.hasFocus(), "nobody who types is interrupted"
    sat.win.qtbot.keyClick(sat.win.page.work.memo.text, Qt.Key.Key_F8)
    touch = sat.win.recorded(lead)
    assert (touch.outcome, touch.note, touch.ring_s) == ("NO_ANSWER", "留守のよう", 20)
    guard.stop()


def test_escape_while_it_rings_puts_the_telephone_down_and_is_no_dial(sat: Sat) -> None:
    lead = sat.rung()
    sat.win.press("call.cancel")
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))
    touch = sat.win.recorded(lead)
    assert (touch.outcome, touch.dial_id) == ("CANCELED", None)
    assert sat.win.here == lead


def test_a_talk_cannot_be_taken_back(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.win.press("call.cancel")
    assert "取り消せません" in sat.win.said[-1]
    assert not sat.win.touches(lead)
    sat.win.press("call.hang_up")
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))
    sat.hang_ups()
    sat.win.until(lambda: "通話終了" in sat.win.call_words)
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).outcome == "INTERESTED"


def test_a_telephone_that_does_not_say_that_the_talk_ended_is_told_to_the_rep(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.clock.at += 30
    sat.win.press("call.hang_up")
    sat.win.until(lambda: len(sat.exchange.asked("Hangup")) == 1)
    sat.clock.at += 2
    sat.win.until(lambda: len(sat.exchange.asked("Hangup")) == 2)
    assert "通話終了" not in sat.win.call_words, "it was asked once more"
    sat.clock.at += 2
    sat.win.until(lambda: sat.win.call_words == "通話終了 00:30 — 結果を選択")
    assert "回線がつながったまま" in sat.win.bars[0]
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).talk_s == 30


def test_an_outcome_given_in_the_talk_puts_the_telephone_down(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.clock.at += 30
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.ring_s, touch.talk_s) == (4, 30)
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))


def test_a_line_that_is_cut_in_a_talk_is_told_in_a_sentence_and_the_record_stays(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.exchange.cut()
    sat.win.until(lambda: bool(sat.win.bars))
    assert "電話との接続が切れました" in sat.win.bars[0]
    assert len(sat.win.bars) == 1
    assert "電話と切断" in sat.win.call_words
    sat.clock.at += 26
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.outcome, touch.ring_s, touch.talk_s) == ("INTERESTED", 4, 26)


def test_without_a_line_the_number_is_copied_and_the_call_is_recorded_by_hand(sat: Sat) -> None:
    sat.exchange.close()
    sat.win.until(lambda: not sat.win.desk.telephone.up)
    lead = sat.win.dial()
    assert "電話につながっていません" in sat.win.said[-1]
    assert QGuiApplication.clipboard().text() == sat.number(lead)
    sat.win.press("outcome.1")
    assert sat.win.recorded(lead).outcome == "NO_ANSWER"


def test_a_program_that_ended_in_a_call_asks_for_its_outcome(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.bridge("BridgeEnter")
    sat.bridge("BridgeLeave", after=12)
    sat.hang_ups()
    sat.win.until(lambda: "通話終了" in sat.win.call_words)
    sat.win.rest()
    sat.win.close()
    root = sat.win.desk.profile.root
    sat.win.desk.close()
    again = Desk.open(root, passphrase=PASSPHRASE, clock=sat.win.desk.ctx.clock)
    try:
        sat.win = Window(again, sat.win.qtbot)
        sat.win.until(lambda: sat.win.page.controller.busy)
        assert sat.win.here == lead
        assert sat.win.call_words == "通話終了 00:12 — 結果を選択"
        began = phoning.unfinished(again.ctx)
        sat.win.rest()
        sat.win.press("outcome.7")
        touch = sat.win.recorded(lead)
        assert (touch.ring_s, touch.talk_s) == (4, 12)
        assert began is not None
        assert touch.at == began.at, "it is a call of then, not of now"
        assert phoning.unfinished(again.ctx) is None
        sat.win.close()
    finally:
        again.close()


def test_a_call_whose_lead_is_merged_elsewhere_goes_on_with_the_other(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.win.page.work.memo.text.setPlainText("予算は来月")
    other = next(one for one in sat.ids if one != lead)
    merging.merge(sat.win.desk.ctx, lead, other)
    sat.win.session.hub.changed.emit(Changes(leads=frozenset({lead, other}), queue=True))
    sat.win.until(lambda: sat.win.here == other)
    sat.win.rest()
    assert "通話中" in sat.win.call_words
    sat.win.until(lambda: sat.win.page.work.memo.value() == "予算は来月")
    sat.clock.at += 30
    sat.win.press("outcome.7")
    touch = sat.win.recorded(other)
    assert (touch.number, touch.ring_s, touch.talk_s, touch.note) == (sat.number(lead), 4, 30, "予算は来月")
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_a_call_whose_lead_was_deleted_can_be_let_go(sat: Sat) -> None:
    lead = sat.rung()
    while sat.win.stands(lead):
        history.undo(sat.win.desk.ctx)
    sat.win.session.hub.changed.emit(Changes(leads=frozenset({lead}), queue=True))
    sat.win.until(lambda: bool(sat.win.bars))
    assert "削除された" in sat.win.bars[0]
    assert sat.win.page.controller.busy, "the telephone is put down by nobody but the rep"
    sat.win.window.notices()[0].findChildren(QPushButton)[0].click()
    sat.win.until(lambda: not sat.win.page.controller.busy)
    sat.win.until(lambda: sat.win.here != lead)
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))


def test_nothing_is_merged_during_a_call(sat: Sat) -> None:
    lead = sat.rung()
    other = next(one for one in sat.ids if one != lead)
    sat.win.press("queue.merge")
    assert "通話中" in sat.win.said[-1]
    sat.win.page.work.merge.merged.emit(lead, other)
    sat.win.rest()
    assert sat.win.here == lead
    assert sat.win.page.controller.busy


def test_f5_pressed_twice_is_one_call(sat: Sat) -> None:
    with sat.win.writer_held():
        sat.win.press("call.dial")
        sat.win.press("call.dial")
    sat.win.until(lambda: sat.win.page.controller.busy)
    sat.win.press("call.dial")
    sat.win.rest()
    sat.rep_is_rung()
    assert len(sat.exchange.asked("Originate")) == 1


def test_the_lead_that_is_being_dialled_stays_at_work(sat: Sat) -> None:
    lead = sat.win.here
    assert lead is not None
    other = next(one for one in sat.ids if one != lead)
    with sat.win.writer_held():
        sat.win.press("call.dial")
        sat.win.until(lambda: sat.win.page.controller.engaged)
        assert not sat.win.page.controller.show_lead(other)
        assert "通話中" in sat.win.said[-1]
        sat.win.press("outcome.1")
    sat.win.until(lambda: sat.win.page.controller.busy)
    sat.win.rest()
    assert sat.win.here == lead
    assert not sat.win.touches(lead), "there was no call yet"
    sat.win.press("outcome.1")
    assert sat.win.recorded(lead).number == sat.number(lead)
    assert not sat.win.touches(other)
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_f5_while_another_lead_is_on_its_way_calls_nobody(sat: Sat) -> None:
    lead = sat.win.here
    other = next(one for one in sat.ids if one != lead)
    sat.win.page.controller.forget_ahead()
    sat.win.page.controller.show_lead(other)
    assert sat.win.here == lead, "it is still being read"
    sat.win.press("call.dial")
    sat.win.until(lambda: sat.win.here == other)
    sat.win.rest()
    assert not sat.win.page.controller.busy
    assert not sat.exchange.asked("Originate")


def test_a_program_that_ended_in_a_talk_knows_no_time_of_it(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.win.until(lambda: "通話中" in sat.win.call_words)
    sat.clock.at += 300
    sat.win.rest()
    sat.win.close()
    root = sat.win.desk.profile.root
    sat.win.desk.close()
    again = Desk.open(root, passphrase=PASSPHRASE, clock=sat.win.desk.ctx.clock)
    try:
        sat.win = Window(again, sat.win.qtbot)
        sat.win.until(lambda: sat.win.page.controller.busy and sat.win.here == lead)
        sat.win.rest()
        assert sat.win.call_words == "通話終了 — 結果を選択"
        sat.win.press("outcome.7")
        touch = sat.win.recorded(lead)
        assert (touch.outcome, touch.ring_s, touch.talk_s) == ("INTERESTED", 4, None)
        sat.win.close()
    finally:
        again.close()


# ------------------------------------------------------------------------------------------------- calls that come in


def test_a_call_that_comes_in_interrupts_nobody_and_one_key_opens_its_lead(sat: Sat) -> None:
    calls.record(sat.win.desk.ctx, sat.ids[2], "NO_ANSWER", RecordInput(number="+81520001203"))
    sat.win.page.controller.show_lead(sat.ids[0])
    sat.win.until(lambda: sat.win.here == sat.ids[0])
    sat.win.press("call.memo")
    memo = sat.win.page.work.memo.text
    sat.win.qtbot.keyClicks(memo, "abc")
    sat.comes("0520001203")
    assert "着信: 見本 3 ・ 見本3株式会社 ・ 052-000-1203" in sat.win.bars[0]
    assert "折り返し" in sat.win.bars[0]
    sat.win.qtbot.keyClicks(memo, "def")
    assert sat.win.page.work.memo.value() == "abcdef"
    assert sat.win.here == sat.ids[0]
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == sat.ids[2] and sat.win.page.controller.busy)
    assert not sat.win.bars, "the call page shows it now"
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.call_words)
    assert sat.win.shell.talking()
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "通話終了 00:20" in sat.win.call_words)
    sat.win.rest()
    sat.win.page.controller.press("CALLBACK_LOOSE")
    sat.win.until(lambda: not sat.win.page.controller.busy)
    touch = sat.win.touches(sat.ids[2])[-1]
    assert (touch.direction, touch.outcome, touch.ring_s, touch.talk_s) == (Direction.IN, "CALLBACK_LOOSE", 5, 20)
    assert len(sat.win.touches(sat.ids[2])) == 2
    sat.win.page.controller.show_lead(sat.ids[0])
    sat.win.until(lambda: sat.win.here == sat.ids[0])
    assert sat.win.page.work.memo.value() == "abcdef", "what was typed before is there again"


def test_a_number_that_nobody_has_says_so(sat: Sat) -> None:
    before = sat.win.here
    sat.comes("0399998888")
    assert "登録のない番号 03-9999-8888" in sat.win.bars[0]
    sat.win.press("app.incoming")
    assert sat.win.here == before
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.bars[-1])
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "受電終了" in sat.win.bars[-1])
    assert len(sat.win.bars) == 1


class Nobody:
    """A call from a number that nobody has, and the panel that puts it to a lead."""

    def __init__(self, sat: Sat) -> None:
        self.sat, self.win = sat, sat.win

    def talked(self, number: str = "0399998888") -> None:
        """Let them call, be answered, talk for 20 seconds, and ring off."""
        self.sat.comes(number)
        self.sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
        self.sat.say("Hangup", Uniqueid="rep.9", after=20)
        self.win.until(lambda: "受電終了" in self.win.bars[-1])
        self.win.until(lambda: [one.over for one in self.kept] == [True])

    def rang_off(self) -> None:
        """Let them call, and nobody take it."""
        self.sat.comes("0399998888")
        self.sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=9)
        self.win.until(lambda: bool(self.kept))

    @property
    def kept(self) -> list[LooseCall]:
        return attaching.waiting(self.win.desk.ctx)

    @property
    def panel(self) -> AttachPanel:
        return self.win.shell.incoming.unknown.panel

    @property
    def lines(self) -> list[str]:
        entries = (self.panel.model.entry(row) for row in range(self.panel.model.rowCount()))
        return [one.title for one in entries if one is not None]

    def key(self, key: Qt.Key) -> None:
        where = QApplication.focusWidget()
        assert where is not None
        self.win.qtbot.keyClick(where, key)

    def find(self, text: str, wanted: str) -> None:
        """Open the panel by its key, look for a lead, and go to its line."""
        self.win.press("app.attach")
        self.look(text, wanted)

    def look(self, text: str, wanted: str) -> None:
        """Look for a lead in the panel, and go to its line."""
        self.win.until(self.panel.isVisible)
        self.win.until(self.panel.field.hasFocus)
        self.panel.field.insert(text)
        self.win.until(lambda: self.panel.settled and wanted in self.lines)
        for _ in range(self.lines.index(wanted)):
            self.key(Qt.Key.Key_Down)


@pytest.fixture
def nobody(sat: Sat) -> Nobody:
    """Give a caller whom nobody knows."""
    return Nobody(sat)


def direct(win: Window, lead_id: LeadId) -> object:
    return leads.view(win.desk.ctx, lead_id).fields.get("phone_direct")


def test_a_talk_with_nobody_is_put_to_a_lead_by_keyboard(sat: Sat, nobody: Nobody) -> None:
    lead = leads.create(sat.win.desk.ctx, {"name": "青葉 花子", "phone_mobile": "090-1234-0000"})[0]
    nobody.talked()
    assert "リードに付けると記録に残ります" in sat.win.bars[-1]
    nobody.find("青葉", "青葉 花子")
    assert nobody.panel.add.isVisible()
    assert nobody.panel.add.text() == "03-9999-8888 を直通に加える"
    nobody.key(Qt.Key.Key_Return)
    sat.win.until(lambda: sat.win.here == lead and sat.win.page.controller.busy)
    assert not nobody.panel.isVisible()
    assert not sat.win.bars, "it is nobody's no more"
    sat.win.until(lambda: sat.win.call_words == "通話終了 00:20 — 結果を選択")
    sat.win.until(lambda: direct(sat.win, lead) == "+81399998888")
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.outcome, touch.ring_s, touch.talk_s) == (Direction.IN, "INTERESTED", 5, 20)
    assert touch.number == "+81399998888"
    assert not nobody.kept
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_a_talk_that_is_on_is_put_to_a_lead_and_goes_on_there(sat: Sat, nobody: Nobody) -> None:
    lead = sat.ids[1]
    sat.comes("0399998888")
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.bars[-1])
    nobody.find("見本 2", "見本 2")
    assert not nobody.panel.add.isVisible()
    assert "番号はそのまま" in nobody.panel.told.text(), "no number is overwritten"
    nobody.key(Qt.Key.Key_Return)
    sat.win.until(lambda: sat.win.here == lead and "受電中" in sat.win.call_words)
    sat.win.until(lambda: not sat.win.page.controller.on_call.begins)
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "通話終了 00:20" in sat.win.call_words)
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.ring_s, touch.talk_s, touch.number) == (Direction.IN, 5, 20, "+81399998888")
    assert direct(sat.win, lead) == "+81520001202"
    assert not nobody.kept


def test_a_missed_call_of_nobody_becomes_one_touch_and_can_be_taken_back(sat: Sat, nobody: Nobody) -> None:
    lead = sat.ids[1]
    nobody.rang_off()
    sat.win.press("app.incoming")
    nobody.look("見本 2", "見本 2")
    nobody.key(Qt.Key.Key_Return)
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.outcome, touch.ring_s) == (Direction.IN, None, 9)
    sat.win.until(lambda: sat.win.here == lead and not sat.win.bars)
    assert not sat.win.page.controller.busy, "it is a lead to call, no call"
    sat.win.press("app.undo")
    sat.win.until(lambda: len(nobody.kept) == 1)
    nobody.find("見本 3", "見本 3")
    nobody.key(Qt.Key.Key_Return)
    sat.win.recorded(sat.ids[2])
    assert not nobody.kept


def test_a_call_of_nobody_makes_a_new_lead(sat: Sat, nobody: Nobody) -> None:
    nobody.talked("09099998888")
    nobody.find("大空 三郎", "新しいリードを作る「大空 三郎」")
    assert "090-9999-8888 が新しいリードの番号" in nobody.panel.told.text()
    nobody.key(Qt.Key.Key_Return)
    assert nobody.panel.company.hasFocus()
    nobody.key(Qt.Key.Key_Escape)
    assert nobody.panel.field.hasFocus(), "one step back"
    nobody.key(Qt.Key.Key_Return)
    nobody.panel.company.insert("大空商事")
    nobody.key(Qt.Key.Key_Return)
    sat.win.until(lambda: sat.win.here not in {None, *sat.ids} and sat.win.page.controller.busy)
    lead = sat.win.here
    assert lead is not None
    made = leads.view(sat.win.desk.ctx, lead)
    assert (made.fields["name"], made.company["name"]) == ("大空 三郎", "大空商事")
    assert made.fields["phone_mobile"] == "+819099998888"
    sat.win.rest()
    sat.win.press("outcome.7")
    assert sat.win.recorded(lead).talk_s == 20


def test_a_withheld_number_is_put_to_a_lead_without_one(sat: Sat, nobody: Nobody) -> None:
    lead = sat.ids[0]
    nobody.talked("anonymous")
    nobody.find("見本 1", "見本 1")
    assert "番号非通知" in nobody.panel.told.text()
    nobody.key(Qt.Key.Key_Return)
    sat.win.until(lambda: sat.win.here == lead and sat.win.page.controller.busy)
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.talk_s) == (Direction.IN, 20)
    assert len(leads.view(sat.win.desk.ctx, lead).phones) == 1


def test_a_number_that_must_not_be_called_is_not_offered(sat: Sat, nobody: Nobody) -> None:
    ctx = sat.win.desk.ctx
    refused = leads.create(ctx, {"name": "拒否", "phone_direct": "03-9999-8888"})[0]
    leads.set_do_not_call(ctx, refused)
    leads.edit(ctx, refused, {"phone_direct": None})
    leads.create(ctx, {"name": "青葉 花子"})
    nobody.talked()
    nobody.find("青葉", "青葉 花子")
    sat.win.until(lambda: "架電禁止の番号" in nobody.panel.told.text())
    assert not nobody.panel.add.isVisible()


def test_a_talk_with_nobody_is_there_after_a_restart(sat: Sat, nobody: Nobody) -> None:
    nobody.talked()
    sat.win.rest()
    sat.win.close()
    root = sat.win.desk.profile.root
    sat.win.desk.close()
    again = Desk.open(root, passphrase=PASSPHRASE, clock=sat.win.desk.ctx.clock)
    try:
        sat.win = Window(again, sat.win.qtbot)
        nobody = Nobody(sat)
        sat.win.until(lambda: any("リードに付いていない着信が1件" in one for one in sat.win.bars))
        nobody.find("見本 2", "見本 2")
        nobody.key(Qt.Key.Key_Return)
        sat.win.until(lambda: sat.win.here == sat.ids[1] and sat.win.page.controller.busy)
        sat.win.rest()
        sat.win.press("outcome.7")
        touch = sat.win.recorded(sat.ids[1])
        assert (touch.direction, touch.ring_s, touch.talk_s) == (Direction.IN, 5, 20)
        assert not sat.win.bars
        sat.win.close()
    finally:
        again.close()


def test_calls_of_before_are_said_until_the_last_has_its_lead(sat: Sat, nobody: Nobody) -> None:
    ctx = sat.win.desk.ctx
    for n in range(2):
        attaching.keep(ctx, LooseCall(f"before.{n}", "", ctx.now(), ring_s=3, over=True))
    sat.win.shell.incoming.unknown.look()
    for left in (2, 1):
        wanted = f"リードに付いていない着信が{left}件"
        sat.win.until(partial(sat.win.tells, wanted))
        sat.win.window.notices()[-1].acted.emit()
        nobody.look("見本 2", "見本 2")
        assert nobody.panel.call.count() == left
        nobody.key(Qt.Key.Key_Return)
        sat.win.until(lambda: not sat.win.tasks.pending)
    sat.win.until(lambda: not sat.win.bars)
    assert len(sat.win.touches(sat.ids[1])) == 2, "two calls are two touches"


def test_a_call_of_nobody_waits_while_another_one_is_at_work(sat: Sat, nobody: Nobody) -> None:
    nobody.talked()
    lead = sat.win.dial()
    other = next(one for one in sat.ids if one != lead)
    name = f"見本 {sat.ids.index(other) + 1}"
    nobody.find(name, name)
    nobody.key(Qt.Key.Key_Return)
    assert "通話中" in sat.win.said[-1]
    sat.win.rest()
    assert sat.win.here == lead
    assert len(nobody.kept) == 1, "it is there still"


def test_the_keyboard_stays_in_the_panel_and_the_number_may_be_left_out(sat: Sat, nobody: Nobody) -> None:
    lead = leads.create(sat.win.desk.ctx, {"name": "青葉 花子"})[0]
    nobody.rang_off()
    nobody.find("青葉", "青葉 花子")
    nobody.key(Qt.Key.Key_Tab)
    assert nobody.panel.add.hasFocus()
    nobody.key(Qt.Key.Key_Space)
    nobody.key(Qt.Key.Key_Tab)
    assert nobody.panel.drop.hasFocus(), "there is one call alone: nothing to choose"
    nobody.key(Qt.Key.Key_Tab)
    assert nobody.panel.field.hasFocus()
    nobody.key(Qt.Key.Key_Return)
    assert sat.win.recorded(lead).number == "+81399998888"
    assert direct(sat.win, lead) is None, "the rep did not want it"


def test_a_call_of_nobody_is_put_away(sat: Sat, nobody: Nobody) -> None:
    nobody.rang_off()
    sat.win.press("app.attach")
    sat.win.until(nobody.panel.isVisible)
    nobody.key(Qt.Key.Key_Escape)
    assert not nobody.panel.isVisible()
    assert len(sat.win.bars) == 1, "it is only put off"
    sat.win.press("app.attach")
    sat.win.until(nobody.panel.isVisible)
    nobody.panel.drop.click()
    sat.win.until(lambda: not nobody.kept and not sat.win.bars)
    sat.win.press("app.attach")
    sat.win.until(lambda: any("着信はありません" in one for one in sat.win.said))


def test_a_talk_with_nobody_is_an_open_end_of_the_day_until_it_has_its_lead_or_is_put_away(
    sat: Sat, nobody: Nobody
) -> None:
    ctx = sat.win.desk.ctx
    began = ctx.now() - timedelta(days=30)
    for n, told in enumerate(("0399998888", "")):
        attaching.keep(ctx, LooseCall(f"before.{n}", told, began + timedelta(days=n), answered=True, over=True))
    sat.win.window.open_page("day")
    (day,) = sat.win.window.findChildren(DayPage)

    def open_ends() -> list[str]:
        return [words.who(one) for one in day.loops.records() if one.kind == "call"]

    sat.win.until(lambda: open_ends() == ["03-9999-8888", "番号非通知"])
    row = next(n for n, one in enumerate(day.loops.records()) if one.kind == "call")
    assert day.loops.index(row, 2).data() == "Enter でリードに付ける"
    for left in (["番号非通知"], []):
        day.table.opened.emit(day.loops.index(row, 0))
        sat.win.until(nobody.panel.isVisible)
        chosen = nobody.panel.chosen_call
        assert chosen is not None
        assert chosen.id == ("before.0" if left else "before.1"), "that of the line, not the newest"
        nobody.panel.drop.click()
        sat.win.until(partial(_same, open_ends, left))
        sat.win.rest()


def _same(found: Callable[[], list[str]], wanted: list[str]) -> bool:
    return found() == wanted


def test_a_withheld_number_says_so(sat: Sat) -> None:
    sat.comes("anonymous")
    assert "着信: 番号非通知の相手" in sat.win.bars[0]


def test_a_call_that_nobody_took_is_written_and_its_lead_one_key_away(sat: Sat) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=9)
    sat.win.until(lambda: bool(sat.win.touches(lead)))
    assert "不在着信: 見本 2" in sat.win.bars[0]
    (touch,) = sat.win.touches(lead)
    assert (touch.direction, touch.outcome, touch.ring_s) == (Direction.IN, None, 9)
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == lead)
    assert not sat.win.bars
    assert not sat.win.page.controller.busy, "it is a lead to call, no call"


def test_a_talk_that_was_taken_at_the_telephone_waits_for_its_outcome(sat: Sat) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.win.until(lambda: "受電中" in sat.win.bars[-1])
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: "受電終了" in sat.win.bars[-1])
    sat.win.rest()
    kept = phoning.unfinished(sat.win.desk.ctx)
    assert kept is not None, "the next start would ask for it"
    assert (kept.lead_id, kept.talk_s, kept.incoming) == (lead, 20, True)
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == lead and sat.win.page.controller.busy)
    sat.win.until(lambda: "通話終了 00:20" in sat.win.call_words)
    sat.win.rest()
    sat.win.press("outcome.7")
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.ring_s, touch.talk_s) == (Direction.IN, 5, 20)
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_a_talk_that_waits_gives_way_to_no_other_call(sat: Sat) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: phoning.unfinished(sat.win.desk.ctx) is not None)
    for n in range(10, 16):
        legs: dict[str, Any] = {
            "Uniqueid": f"in.{n}", "DestUniqueid": f"rep.{n}", "DestChannel": f"{REP}-000000{n}",
        }  # fmt: skip
        sat.say("DialBegin", **legs, CallerIDNum="0312340000")
        sat.say("DialEnd", **legs, DialStatus="CANCEL", after=2)
    sat.win.until(lambda: any("受電終了: 見本 2" in one for one in sat.win.bars))
    sat.win.rest()
    sat.win.page.controller.show_lead(sat.ids[0])
    sat.win.until(lambda: sat.win.here == sat.ids[0])
    sat.win.rest()
    sat.win.dial()
    sat.win.press("outcome.1")
    sat.win.recorded(sat.ids[0])
    kept = phoning.unfinished(sat.win.desk.ctx)
    assert kept is not None
    assert (kept.lead_id, kept.talk_s) == (lead, 20)


def test_a_talk_that_is_put_away_is_asked_for_no_more(sat: Sat) -> None:
    sat.comes("0520001202")
    sat.say("DialEnd", **COMING, DialStatus="ANSWER", after=5)
    sat.say("Hangup", Uniqueid="rep.9", after=20)
    sat.win.until(lambda: phoning.unfinished(sat.win.desk.ctx) is not None)
    sat.win.window.notices()[-1].closed.emit()
    sat.win.until(lambda: phoning.unfinished(sat.win.desk.ctx) is None)
    assert not sat.win.bars


@pytest.mark.parametrize("opened", [False, True])
def test_a_call_that_a_colleague_took_is_no_missed_one(sat: Sat, opened: bool) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    if opened:
        sat.win.press("app.incoming")
        sat.win.until(lambda: sat.win.here == lead and "着信中" in sat.win.call_words)
        sat.win.rest()
    legs: dict[str, Any] = {"Uniqueid": "in.1", "DestUniqueid": "co.9", "DestChannel": "PJSIP/102-00000009"}
    sat.say("DialBegin", **legs, CallerIDNum="0520001202")
    sat.say("DialEnd", **legs, DialStatus="ANSWER", after=3)
    sat.say("DialEnd", **COMING, DialStatus="CANCEL")
    sat.win.until(lambda: not sat.win.bars and not sat.win.page.controller.busy)
    sat.win.rest()
    assert not sat.win.shell.incoming.waiting
    assert not sat.win.touches(lead)
    assert phoning.unfinished(sat.win.desk.ctx) is None
    assert any("ほかの人が" in one for one in sat.win.said) == opened, "who stood there already is told why it went"


def test_a_call_that_was_opened_and_rang_off_is_a_missed_one(sat: Sat) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == lead and "着信中" in sat.win.call_words)
    sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=9)
    touch = sat.win.recorded(lead)
    assert (touch.direction, touch.outcome, touch.ring_s) == (Direction.IN, None, 9)
    assert sat.win.here == lead
    assert phoning.unfinished(sat.win.desk.ctx) is None


def test_escape_refuses_a_call_that_rings(sat: Sat) -> None:
    lead = sat.ids[1]
    sat.comes("0520001202")
    sat.win.press("app.incoming")
    sat.win.until(lambda: sat.win.here == lead and "着信中" in sat.win.call_words)
    sat.win.press("call.cancel")
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))
    sat.say("DialEnd", **COMING, DialStatus="CANCEL", after=1)
    assert sat.win.recorded(lead).outcome is None


def test_an_outcome_before_the_telephone_says_anything_takes_the_dial_back(sat: Sat) -> None:
    sat.win.phone.told.disconnect(sat.win.page.controller.on_call.hear)
    lead = sat.win.dial()
    sat.win.press("outcome.1")
    sat.win.recorded(lead)
    sat.win.until(lambda: bool(sat.exchange.asked("Hangup")))


def test_during_a_call_without_outcome_another_one_waits(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    other = next(one for one in sat.ids if one != lead)
    sat.comes(f"05200012{sat.ids.index(other) + 1:02d}")
    sat.win.press("app.incoming")
    assert sat.win.here == lead
    assert "通話中" in sat.win.said[-1]
    assert len(sat.win.bars) == 1, "it is still said who calls"


def test_the_key_that_ends_a_call_refuses_nobody_else_when_that_is_over(sat: Sat) -> None:
    lead = sat.rung()
    sat.lead("ANSWER", after=4)
    sat.hang_ups()
    sat.win.until(lambda: "通話終了" in sat.win.call_words)
    other = next(one for one in sat.ids if one != lead)
    sat.comes(f"05200012{sat.ids.index(other) + 1:02d}")
    sat.win.press("call.hang_up")
    sat.settle()
    sat.settle()
    assert not sat.exchange.asked("Hangup")
    assert "着信" in sat.win.bars[0]


def test_a_number_that_nobody_has_waits_too_while_a_talk_is_on(sat: Sat) -> None:
    sat.rung()
    sat.lead("ANSWER", after=4)
    sat.comes("0399998888")
    sat.win.press("app.incoming")
    assert "通話中" in sat.win.said[-1], "the talk is not put on hold"
    assert len(sat.win.bars) == 1


def test_an_outcome_that_was_given_elsewhere_ends_the_call_here(sat: Sat) -> None:
    lead = sat.rung()
    calls.record(sat.win.desk.ctx, lead, "NO_ANSWER", RecordInput())
    sat.win.press("outcome.1")
    sat.win.until(lambda: not sat.win.page.controller.busy)
    assert "もう記録されています" in sat.win.bars[0]
    assert len(sat.win.touches(lead)) == 1


def test_the_lead_of_a_call_that_is_being_taken_stays_at_work(sat: Sat) -> None:
    before = sat.win.here
    sat.win.page.controller.forget_ahead()
    lead = next(one for one in sat.ids if one != before)
    sat.comes(f"05200012{sat.ids.index(lead) + 1:02d}")
    with sat.win.writer_held():
        sat.win.press("app.incoming")
        assert before is not None
        assert not sat.win.page.controller.show_lead(before)
        sat.win.press("call.dial")
    sat.win.until(lambda: sat.win.here == lead and "着信中" in sat.win.call_words)
    sat.win.rest()
    assert not sat.exchange.asked("Originate")


def test_a_call_that_rings_at_a_telephone_that_was_set_up_anew_is_shown_no_more(sat: Sat) -> None:
    sat.comes("0520001202")
    sat.win.phone.open()
    sat.win.until(lambda: not sat.win.bars)
    assert not sat.win.shell.incoming.waiting
    assert not sat.win.touches(sat.ids[1]), "nobody knows what became of it"


def test_f9_without_a_call_says_so(sat: Sat) -> None:
    sat.win.press("app.incoming")
    assert "着信はありません" in sat.win.said[-1]


# -------------------------------------------------------------------------------------------------------- the settings


def test_the_settings_try_the_telephone_before_they_keep_it(sat: Sat) -> None:
    sat.win.press("app.telephone")
    page = sat.win.window.page("settings")
    assert isinstance(page, SettingsPage)
    card = page.telephone
    sat.win.until(lambda: card.user.text() == USER)
    assert card.password.text() == ""
    sat.win.until(lambda: "つながっています" in card.state.text())
    card.channel.setText("")
    card.try_button.click()
    sat.win.until(lambda: "自分の電話" in card.state.text())
    card.channel.setText(REP)
    card.try_button.click()
    sat.win.until(lambda: "つながりました" in card.state.text())
    sat.exchange.refuse = True
    card.keep_button.click()
    sat.win.until(lambda: "受け付けません" in card.state.text())
    card.kind.setCurrentIndex(0)
    assert not card.user.isVisible()
    card.scheme.setCurrentIndex(card.scheme.findData("callto"))
    card.keep_button.click()
    sat.win.until(lambda: not sat.win.phone.tells and sat.win.phone.link.form.scheme == "callto")
    kept = phone_account.account(sat.win.desk.ctx)
    assert (kept.kind, kept.scheme) == ("system", "callto")
    assert sat.win.desk.secrets.get("telephone") is None


# --------------------------------------------------------------------------------- a telephone that must not be used


def test_an_untrusted_certificate_is_said_once_and_looked_at_again_when_asked(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(STRANGER).configure_cert(context)
    try:
        server = Exchange(host=STRANGER, tls=context)
    except OSError:
        pytest.skip(f"this machine has no {STRANGER}")
    stood: list[str] = []
    made = Sat(server, desk, qtbot, STRANGER)
    win = made.win
    try:
        win.until(lambda: bool(win.bars))
        win.phone.stood.connect(lambda state: stood.append(state.code))
        assert "証明書を確かめられません" in win.bars[0]
        assert "管理者に確かめてください" in win.bars[0]
        for n in range(1, 3):
            made.pass_by()
            made.clock.at += 3700
            win.until(partial(_so_many, stood, n))
            win.rest()
        assert len(win.bars) == 1, "it is said once"
        win.window.notices()[0].closed.emit()
        made.pass_by()
        made.clock.at += 3700
        win.until(lambda: len(stood) >= 3)
        win.rest()
        assert not win.bars, "who put it away has read it"
        win.press("app.telephone_again")
        win.until(lambda: bool(win.bars))
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        win.window.notices()[0].acted.emit()
        win.until(lambda: desk.telephone.up and not win.bars)
    finally:
        win.close()
        desk.telephone.close()
        server.close()


def _so_many(seen: list[str], count: int) -> bool:
    return len(seen) >= count


def test_news_that_come_before_the_telephone_counts_as_open_are_not_lost(sat: Sat) -> None:
    untrusted = LineState(up=False, code="telephone_untrusted")
    sat.win.phone.stood.emit(untrusted)
    assert len(sat.win.bars) == 1
    sat.win.phone.opening.emit()
    assert not sat.win.bars
    sat.win.phone.stood.emit(untrusted)
    sat.win.phone.opened.emit(sat.win.phone.account)
    assert len(sat.win.bars) == 1
    sat.win.phone.opened.emit(PhoneAccount())
    assert not sat.win.bars, "there is no such telephone any more"


def test_a_telephone_that_refuses_us_is_said_once_with_the_way_to_the_settings(sat: Sat) -> None:
    sat.exchange.refuse = True
    sat.exchange.cut()
    sat.win.until(lambda: not sat.win.desk.telephone.up)
    sat.settle()
    sat.win.until(lambda: any("受け付けません" in one for one in sat.win.bars))
    sat.win.window.notices()[-1].acted.emit()
    assert sat.win.window.front == "settings"
    sat.exchange.refuse = False
    sat.win.press("app.telephone_again")
    sat.win.until(lambda: sat.win.desk.telephone.up and not sat.win.bars)
    lines = sat.exchange.reached
    sat.win.press("app.telephone_again")
    assert "つながっています" in sat.win.said[-1], "a call that may be on is not lost for nothing"
    sat.settle()
    assert sat.exchange.reached == lines


# ------------------------------------------------------------------------------------------------------- a real baresip


def test_a_real_telephone_from_f5_to_the_record(tmp_path: Path, desk: Desk, qtbot: QtBot) -> None:
    phones = Phones(tmp_path)
    try:
        port = phones.callee(answers(1.0, 2.0))
        add(desk, 1)
        add(desk, 2)
        desk.ctx.clock = RealSeconds()
        account = PhoneAccount(BARESIP, domain=f"127.0.0.1:{port}", national=True, port=phones.control)
        phone_account.keep_account(desk.ctx, desk.secrets, account)
        win = Window(desk, qtbot)
        lead = win.dial()
        for words in ("呼出中", "通話中", "通話終了"):
            win.until(partial(win.says, words))
        win.press("outcome.7")
        touch = win.recorded(lead)
        assert touch.outcome == "INTERESTED"
        assert touch.ring_s == pytest.approx(1, abs=1.5)
        assert touch.talk_s == pytest.approx(2, abs=1.5)
        phones.rep.kill()
        until(lambda: not desk.telephone.up)
        win.close()
    finally:
        desk.telephone.close()
        phones.close()


class RealSeconds(SampleClock):
    """The sample morning; seconds pass as they do."""

    @override
    def monotonic(self) -> float:
        """Return the machine's seconds."""
        return time.monotonic()
