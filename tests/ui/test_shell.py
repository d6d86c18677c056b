"""The frame of the window on a real profile: undo, figures, status, notices, pages, and search in the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.errors import Refused
from isdesk.domain.ids import MemberId
from isdesk.domain.mail_pause import Way
from isdesk.domain.member import Member
from isdesk.services import leads, pausing
from isdesk.services.views import SyncStatus
from tests.ui import samples
from tests.ui.conftest import SampleClock
from tests.ui.test_coming_in import taken_at_the_handset
from tests.ui.test_notifier import meetings
from tests.ui.test_telephone import Sat, sat, server
from ui.hub import Hub
from ui.notices import Notices, bug_report
from ui.session import Session
from ui.shell import Shell
from ui.tasks import Tasks
from ui.views.calendar.watch import MeetingWatch
from ui.views.definitions.page import DefinitionsPage
from ui.views.main_window import MainWindow
from ui.views.notice_stack import MOST_NOTICES
from ui.words import Words

__all__ = ["sat", "server"]


class Frame:
    """A main window with its shell on the help page; no timers run."""

    def __init__(self, desk: Desk, tasks: Tasks) -> None:
        self.window = MainWindow()
        words = Words(desk.ctx.rules, "ja", desk.ctx.calendar)
        notices = Notices("ja", self.window)
        self.session = Session(desk.ctx, tasks, Hub(self.window), self.window.commands, notices, words, desk)
        self.window.furnish(self.session)
        self.shell = Shell(self.window, self.session)
        self.said: list[str] = []
        notices.said.connect(self.said.append)


@pytest.fixture
def frame(desk: Desk, tasks: Tasks, qtbot: QtBot) -> Iterator[Frame]:
    made = Frame(desk, tasks)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.open_page("help")
    made.shell.start(background=False)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    yield made
    qtbot.waitUntil(lambda: tasks.pending == 0)


def _new_lead(frame: Frame) -> None:
    ctx = frame.session.ctx
    frame.session.tasks.write(lambda: leads.create(ctx, {"name": "山田 太郎", "company.name": "青葉精機株式会社"}))


def test_what_undo_takes_back_is_told_before_and_after(frame: Frame, qtbot: QtBot) -> None:
    assert not frame.window.top.back.isEnabled()
    _new_lead(frame)
    qtbot.waitUntil(frame.window.top.back.isEnabled)
    assert frame.window.top.back.toolTip() == "取り消す: リードの追加 — 山田 太郎"
    frame.session.commands.run("app.undo")
    qtbot.waitUntil(lambda: not frame.window.top.back.isEnabled())
    assert frame.said == ["取り消しました: リードの追加 — 山田 太郎"]
    frame.session.commands.run("app.redo")
    qtbot.waitUntil(frame.window.top.back.isEnabled)
    assert frame.said[-1].startswith("やり直しました")


def test_undo_names_first_what_it_would_take_back_in_a_talk_that_was_not_opened(sat: Sat) -> None:
    lead = sat.win.here
    assert lead is not None
    sat.win.press("outcome.7")
    sat.win.until(lambda: len(sat.win.touches(lead)) == 1)
    sat.win.rest()
    taken_at_the_handset(sat, "0529990009")
    sat.win.press("app.undo")
    sat.win.until(lambda: bool(sat.win.said))
    assert "もう一度 Ctrl+Z で取り消します" in sat.win.said[-1]
    assert [one.void for one in sat.win.touches(lead)] == [False]
    there = sat.win.here
    sat.win.press("app.undo")
    sat.win.until(lambda: sat.win.said[-1].startswith("取り消しました"))
    sat.win.rest()
    assert sat.win.here == there, "the page stays as it is while somebody talks"


def test_nothing_to_undo_says_so(frame: Frame, qtbot: QtBot) -> None:
    frame.session.commands.run("app.undo")
    qtbot.waitUntil(lambda: bool(frame.said))
    assert frame.said == ["取り消せる操作はありません"]


def test_the_palette_finds_a_lead_of_the_profile(frame: Frame, qtbot: QtBot) -> None:
    _new_lead(frame)
    palette = frame.window.palette_
    frame.session.commands.run("app.palette")
    qtbot.waitUntil(lambda: frame.session.tasks.pending == 0)
    palette.field.setText("青葉")
    qtbot.waitUntil(lambda: palette.model.rowCount() > 0)
    entry = palette.model.entry(0)
    assert entry is not None
    assert entry.title == "山田 太郎"
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)


def test_status_bar_tells_the_state_of_sync(frame: Frame) -> None:
    status = frame.window.status
    assert status.state.text() == "接続なし(この端末に保存)"
    frame.session.hub.outbox.emit(samples.SYNC_OFFLINE)
    assert status.state.text() == "オフライン 10:12 から"
    assert status.waiting.text() == "送信待ち 14件"
    frame.session.hub.outbox.emit(samples.SYNC_ONLINE)
    assert status.state.text() == "オンライン"
    assert status.waiting.isHidden()


def test_syncing_without_a_hub_says_what_to_do(frame: Frame, qtbot: QtBot) -> None:
    frame.session.commands.run("app.sync")
    qtbot.waitUntil(lambda: bool(frame.said))
    assert "まだハブに接続していません" in frame.said[0]


def test_a_backup_is_made_and_shown(frame: Frame, qtbot: QtBot) -> None:
    assert frame.session.desk is not None
    frame.session.commands.run("app.backup")
    qtbot.waitUntil(lambda: "バックアップしました" in frame.said, timeout=15_000)
    assert len(list(frame.session.desk.profile.backups.glob("*.backup"))) == 1


def test_a_known_problem_is_a_sentence_and_a_bug_is_a_report(frame: Frame) -> None:
    bugs: list[str] = []
    frame.session.notices.bug.connect(bugs.append)
    frame.session.notices.error(Refused("not_connected"))
    assert len(frame.window.notices()) == 1
    assert "Traceback" not in frame.window.notices()[0].accessibleName()
    assert bugs == []


def test_a_bug_report_holds_places_but_no_personal_data() -> None:
    try:
        raise ValueError("山田 太郎 052-000-1234")
    except ValueError as error:
        report = bug_report(error)
    assert "ValueError" in report
    assert "test_shell.py" in report
    assert "山田" not in report
    assert "052" not in report


def test_no_more_notices_than_can_be_read(frame: Frame) -> None:
    for _ in range(MOST_NOTICES + 3):
        frame.session.notices.error(Refused("not_connected"))
    assert len(frame.window.notices()) == MOST_NOTICES


def test_ctrl_and_digit_opens_pages(frame: Frame, qtbot: QtBot) -> None:
    pages = frame.window.nav.pages()
    qtbot.waitActive(frame.window)
    frame.window.activateWindow()
    qtbot.keyClick(frame.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert frame.window.front == "sequences"
    where = pages.index("settings")
    qtbot.keyClick(frame.window, Qt.Key(int(Qt.Key.Key_1) + where), Qt.KeyboardModifier.ControlModifier)
    assert frame.window.front == "settings"
    assert frame.window.page("settings") is not None


def test_the_theme_is_switched_by_command(frame: Frame) -> None:
    from ui import theme

    frame.session.commands.run("app.theme")
    assert theme.tokens().dark
    frame.session.commands.run("app.theme")
    assert not theme.tokens().dark


def test_safe_colours_are_chosen_by_command_and_kept(frame: Frame) -> None:
    from ui import theme

    frame.session.commands.run("app.colours")
    assert theme.tokens().bad == "#8a1f66"
    settings = frame.session.settings
    assert settings is None or settings.text("palette") == "safe"
    frame.session.commands.run("app.colours")
    assert theme.tokens().bad == "#b42318"


def _status(state: str, **more: object) -> SyncStatus:
    plain = SyncStatus(state, samples.NOW, 0, 0, 0, None, samples.NOW, "odoo")
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_sign_in_that_ended_is_a_banner_with_the_way_back_and_goes_by_itself(frame: Frame) -> None:
    hub, window = frame.session.hub, frame.window
    hub.outbox.emit(_status("paused", error="crm_signed_out"))
    hub.outbox.emit(_status("paused", error="crm_signed_out"))
    assert window.status.state.text() == "サインインが必要です(F7)"
    assert len(window.notices()) == 1
    window.notices()[0].acted.emit()
    assert window.front == "connect"
    hub.outbox.emit(_status("paused", error="crm_signed_out"))
    hub.outbox.emit(_status("online"))
    assert window.notices() == []
    assert window.status.state.text() == "オンライン"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (_status("online", error="crm_quota"), "CRMの利用回数の上限で待機中"),
        (_status("online", error="crm_breaker"), "CRMの不調で待機中"),
        (_status("offline", error="captive_portal"), "ネットワークへのサインインが必要です"),
    ],
)
def test_why_nothing_is_sent_stands_in_the_status_bar(frame: Frame, status: SyncStatus, words: str) -> None:
    frame.session.hub.outbox.emit(status)
    assert frame.window.status.state.text() == words
    assert "。" in frame.window.status.state.toolTip()


def test_a_clock_that_is_wrong_is_told_from_two_minutes_on(frame: Frame) -> None:
    bar = frame.window.status
    frame.session.hub.outbox.emit(_status("online", skew_ms=119_000))
    assert bar.skew.isHidden()
    frame.session.hub.outbox.emit(_status("online", skew_ms=-300_000))
    assert bar.skew.text() == "時計が5分進んでいます"
    frame.session.hub.outbox.emit(_status("online", skew_ms=180_000))
    assert bar.skew.text() == "時計が3分遅れています"


def test_closing_with_records_unsent_shows_them_first(frame: Frame) -> None:
    window = frame.window
    frame.session.hub.outbox.emit(_status("offline", waiting=3))
    assert not window.close()
    assert window.front == "sync"
    assert len(window.notices()) == 1
    assert window.close()


def test_closing_with_everything_sent_asks_nothing(frame: Frame) -> None:
    frame.session.hub.outbox.emit(_status("online"))
    assert frame.window.close()


def test_word_about_meetings_goes_the_way_of_reminders(
    desk: Desk, tasks: Tasks, qtbot: QtBot, clock: SampleClock
) -> None:
    made = Frame(desk, tasks)
    qtbot.addWidget(made.window)
    made.window.open_page("help")
    made.shell.remind()
    made.shell.start(background=False)
    qtbot.waitUntil(lambda: made.shell.findChild(MeetingWatch) is not None)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    meetings(made.session, clock, 5)
    made.session.hub.ticked.emit()
    qtbot.waitUntil(lambda: bool(made.window.notices()))
    qtbot.waitUntil(lambda: tasks.pending == 0)
    (bar,) = made.window.notices()
    assert bar.accessibleName() == "商談のお知らせ 5件"


def test_a_mail_account_that_was_refused_is_one_sentence_from_the_start_and_goes_by_itself(
    desk: Desk, tasks: Tasks, qtbot: QtBot
) -> None:
    pausing.refused(desk.ctx, Way.OUT, Refused("mail_sign_in", answer="535 5.7.8 no"), "smtp.aoba.example")
    made = Frame(desk, tasks)
    qtbot.addWidget(made.window)
    made.window.show()
    made.shell.start(background=False)
    qtbot.waitUntil(lambda: len(made.window.notices()) == 1)
    (bar,) = made.window.notices()
    assert "からメールの送信を止めていて、0通が待っています。" in bar.accessibleName()
    assert made.window.status.mail.text() == "メール送信停止中 0通"
    assert made.window.status.mail.isVisible()
    bar.closed.emit()
    assert made.window.notices() == []
    made.shell.mailer.rounds.look()
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert (made.window.notices(), made.window.status.mail.isVisible()) == ([], True)
    assert made.session.commands.run("app.mail_resume")
    qtbot.waitUntil(lambda: bool(pausing.standing(desk.ctx)[0].pause.asked) and tasks.pending == 0)
    pausing.ended(desk.ctx, Way.OUT)
    made.shell.mailer.rounds.look()
    qtbot.waitUntil(lambda: not made.window.status.mail.isVisible())
    assert not [bar for bar in made.window.notices() if "止めていて" in bar.accessibleName()]
    qtbot.waitUntil(lambda: tasks.pending == 0)


def said(frame: Frame) -> str:
    return frame.window.toast.accessibleName()


def test_a_command_of_a_page_that_was_never_opened_is_found_and_run_there(frame: Frame, qtbot: QtBot) -> None:
    window = frame.window
    assert window.page("definitions") is None
    window.open_palette()
    palette = window.palette_
    qtbot.waitUntil(lambda: not palette._unread, timeout=15_000)
    palette.field.setText("スクリプト")
    titles = [entry.title for n in range(palette.model.rowCount()) if (entry := palette.model.entry(n)) is not None]
    row = titles.index("トークスクリプトとメールを編集")
    entry = palette.model.entry(row)
    assert entry is not None
    assert entry.sub == "定義"
    palette.list.setCurrentIndex(palette.model.index(row, 0))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    page = window.page("definitions")
    assert window.front == "definitions"
    assert isinstance(page, DefinitionsPage)
    assert page.scripting


def test_a_key_that_may_not_be_used_here_says_so(frame: Frame) -> None:
    window = frame.window
    window.open_page("definitions")
    frame.session.ctx.me = replace(frame.session.ctx.me, role="fs")
    other = Member(MemberId("other"), "森 恵", "team_lead", "mori@example.jp")
    frame.session.ctx.members = {**frame.session.ctx.members, other.id: other}
    key = frame.session.commands.action("definitions.scripts")
    assert key is not None
    key.trigger()
    assert said(frame) == "「トークスクリプトとメールを編集」は、いまの状態かあなたの役割では使えません。"


def test_shift_f_without_a_saved_view_says_so(frame: Frame) -> None:
    frame.window.open_page("call")
    frame.session.commands.run("queue.view")
    assert said(frame) == "保存したビューがまだありません。"


def test_t_at_the_end_of_the_day_without_mails_says_so(frame: Frame) -> None:
    frame.window.open_page("day")
    frame.session.commands.run("day.tonight")
    assert said(frame) == "送信待ちのメールはありません。"
