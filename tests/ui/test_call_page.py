"""The call page on a real, encrypted profile: what is pressed is what stands in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from isdesk.channels.telephony import DialNumber
from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services import consenting, handoffs, history, leads, team_views
from isdesk.services.team_views import View
from ui.session import Session
from ui.views.call.page import CallPage


class Telephone:
    """Takes every call."""

    tells = False

    def __init__(self) -> None:
        self.urls: list[str] = []

    def dial(self, number: DialNumber) -> bool:
        self.urls.append(number.url)
        return True

    def hang_up(self, call: str = "") -> None:
        """Nothing to end."""

    def accept(self, call: str = "") -> None:
        """Nothing to take."""

    def close(self) -> None:
        """Nothing to let go of."""


def lead(session: Session, n: int) -> LeadId:
    fields = {
        "name": f"見本 {n}",
        "title": "購買部長",
        "phone_direct": f"052-000-12{n:02d}",
        "company.name": f"見本{n}株式会社",
        "company.industry": "製造",
    }
    made, _ = leads.create(session.ctx, fields)
    return made


class Day:
    """A page with three leads, and the patience for its workers."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        self.ids = [lead(session, n) for n in (1, 2, 3)]
        self.phone = Telephone()
        session.tasks.wrote.connect(session.hub.changed)
        self.open()

    def open(self) -> None:
        self.page = CallPage(self.session, self.phone)
        self.qtbot.addWidget(self.page)
        self.page.resize(1280, 720)
        self.page.show()
        self.session.commands.set_page("call")
        self.until(lambda: self.page.controller.lead_id is not None)
        self.rest()

    @property
    def here(self) -> LeadId | None:
        return self.page.controller.lead_id

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def rest(self) -> None:
        self.until(lambda: not self.session.tasks.pending and not self.page.controller._prefetch_timer.isActive())

    def press(self, command: str) -> None:
        assert self.session.commands.run(command)


@pytest.fixture
def day(session: Session, qtbot: QtBot) -> Day:
    return Day(session, qtbot)


def test_the_page_begins_with_the_first_lead_of_the_queue(day: Day) -> None:
    assert day.here == day.page.queue.current_lead()
    assert day.page.queue.model.rowCount() == 3


def test_a_call_by_keys_is_in_the_journal_and_the_next_lead_comes(day: Day) -> None:
    first = day.here
    assert first is not None
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    assert day.phone.urls[0].startswith("tel:+8152000")
    day.page.work.memo.text.setPlainText("不在でした")
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, first})
    view = leads.view(day.session.ctx, first)
    touch = view.timeline[0].touch
    assert touch is not None
    assert (touch.outcome, touch.note) == ("NO_ANSWER", "不在でした")
    assert touch.script
    assert view.state.next_action is not None
    assert view.draft_note == ""


def test_who_goes_on_at_once_is_not_led_back_when_the_queue_is_ranked_anew(day: Day) -> None:
    first = day.here
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, first})
    second = day.here
    ranked: list[None] = []
    day.page.queue.loaded.connect(lambda: ranked.append(None))
    day.press("queue.next")
    day.until(lambda: day.here not in {first, second} and bool(ranked))
    assert day.page.queue.current_lead() == day.here


def test_the_preview_on_the_key_is_what_is_saved(day: Day) -> None:
    scene = day.page.work.scene
    assert scene is not None
    promised = scene.previews["VOICEMAIL"].plan
    day.press("outcome.2")
    day.until(lambda: day.here != scene.id)
    saved = leads.view(day.session.ctx, scene.id).state.next_action
    assert saved is not None
    assert promised.due_at is not None
    assert abs(saved.due_at - promised.due_at) < timedelta(seconds=1)


def test_undo_brings_the_lead_back(day: Day) -> None:
    first = day.here
    assert first is not None
    day.press("outcome.1")
    day.until(lambda: day.here != first)
    day.rest()
    day.session.tasks.write(lambda: history.undo(day.session.ctx)[0])
    day.rest()
    assert day.page.show_lead(first)
    day.until(lambda: day.here == first)
    assert leads.view(day.session.ctx, first).state.attempts == 0


def test_a_memo_survives_the_window(day: Day) -> None:
    first = day.here
    assert first is not None
    day.page.work.memo.text.setPlainText("途中まで書いた")
    day.until(lambda: leads.view(day.session.ctx, first).draft_note == "途中まで書いた")
    day.rest()
    day.page.hide()
    day.open()
    day.page.show_lead(first)
    day.until(lambda: day.page.work.memo.value() == "途中まで書いた")


def test_an_answer_in_the_script_reaches_the_lead_and_the_checklist(day: Day) -> None:
    first = day.here
    assert first is not None
    day.page.work.questions.answered.emit("issue", "締め日に集計が集中する")
    day.page.controller.flush()
    day.until(lambda: leads.view(day.session.ctx, first).fields.get("issue") == "締め日に集計が集中する")
    day.rest()
    day.until(
        lambda: any(b.line and b.line.code == "issue" and b.line.done for b in day.page.panel.handoff.checklist.buttons)
    )


def test_a_number_typed_wrong_is_told_and_kept_for_correction(day: Day) -> None:
    told: list[object] = []
    day.session.notices.noticed.connect(told.append)
    day.page.panel.show_tab(0)
    day.page.panel.facts.open("phone_mobile")
    editor = day.page.panel.facts._editor
    editor._line.setText("でんわ")
    editor.commit()
    day.until(lambda: bool(told))
    day.rest()
    assert "phone_mobile" not in leads.view(day.session.ctx, day.ids[0]).fields


def test_a_skip_needs_its_reason_and_goes_on(day: Day) -> None:
    first = day.here
    day.press("queue.skip")
    assert day.page.work.wait.isVisible()
    day.page.work.wait.reason.choose(0)
    day.until(lambda: day.here not in {None, first})


def test_the_longest_day_ends_with_nobody(day: Day) -> None:
    for _ in day.ids:
        here = day.here
        day.press("outcome.2")
        day.until(lambda here=here: day.here != here)  # type: ignore[misc]
        day.rest()
    assert day.here is None


def test_the_memo_is_made_when_it_is_looked_at(day: Day) -> None:
    tab = day.page.panel.handoff
    assert day.here is not None
    assert tab.memo.text.toPlainText() == ""
    tab.toggle_memo()
    day.until(lambda: "見本" in tab.memo.text.toPlainText())
    assert tab.memo.text.toPlainText() == handoffs.memo(day.session.ctx, day.here)
    tab.memo.copy_button.click()
    day.until(lambda: QGuiApplication.clipboard().text() == tab.memo.text.toPlainText())
    other = next(i for i in day.ids if i != day.here)
    day.page.show_lead(other)
    day.until(lambda: day.here == other)
    assert not tab.memo_shown


def test_news_of_the_start_take_no_lead_away_that_is_at_work(day: Day) -> None:
    third = day.ids[2]
    for begin in (lambda: day.page.show_lead(third), lambda: day.page.work.memo.edited.emit("めも")):
        day.page.queue.settle(60_000)
        begin()
        assert not day.page.queue._settling.isActive()
        day.rest()
    lead(day.session, 9)
    day.session.hub.changed.emit(Changes(queue=True))
    day.rest()
    assert day.here == third


def test_a_saved_view_is_worked_as_the_queue(day: Day) -> None:
    ctx, queue = day.session.ctx, day.page.queue
    team_views.keep(ctx, View("会社順", sort="name", descending=True))
    later = ctx.now() + timedelta(days=3)
    leads.snooze(ctx, day.ids[2], later, "customer_busy")
    queue.load()
    day.rest()
    assert day.ids[2] not in queue.model.ids()
    queue.choose_view()
    names = [action.text() for action in queue._menu.actions()]
    assert names == ["会社順"]
    queue._menu.actions()[0].trigger()
    queue._menu.close()
    day.rest()
    assert queue.model.ids() == [day.ids[2], day.ids[1], day.ids[0]]
    assert queue.view_name == "会社順"
    queue.first()
    day.until(lambda: day.here == day.ids[2])
    day.rest()
    day.press("queue.next")
    day.until(lambda: day.here == day.ids[1])
    day.rest()
    day.press("outcome.1")
    day.until(lambda: day.here == day.ids[0])
    day.rest()
    assert queue.model.ids() == [day.ids[2], day.ids[1], day.ids[0]]
    queue.set_filter("all")
    day.rest()
    assert queue.view_name == ""
    assert queue.model.ids() == [day.ids[0]]


def test_who_may_be_written_to_is_a_key_away(day: Day) -> None:
    here = day.here
    assert here is not None
    leads.edit(day.session.ctx, here, {"email": "yamada@example.jp"})
    day.press("call.consent")
    dialog = day.page.mailer.consent
    assert dialog is not None
    day.until(lambda: bool(dialog.state.text()))
    assert dialog.address.text() == "yamada@example.jp"
    dialog.source.setText("展示会の名刺")
    dialog.note.click()
    day.until(lambda: dialog.model.rowCount() == 1)
    assert consenting.gate(day.session.ctx, here) is None
    dialog.reject()
    day.rest()


def test_keys_with_nothing_to_do_say_so(day: Day) -> None:
    said: list[str] = []
    day.session.notices.said.connect(said.append)
    day.press("queue.refresh")
    assert said == ["キューは最新の並びです。"]
    day.press("call.confirm")
    assert said[1:] == ["提案している結果はありません。1〜0 か / で選んでください。"]
    count = day.page.work.objections.count
    assert 0 < count < 9
    day.press(f"script.objection.{count + 1}")
    assert said[2:] == [f"この番号の切り返しはありません(1〜{count})。"]
    day.press(f"script.objection.{count}")
    assert len(said) == 3
    assert day.page.work.objections.open_code
