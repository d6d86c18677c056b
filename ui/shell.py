"""Drives the main window: answers the commands that belong to no page, and keeps header and status bar true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from isdesk import messages
from isdesk.domain.changes import Changes
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import LeadId
from isdesk.services import alerts
from isdesk.services.alerts import Alert
from isdesk.services.views import SyncReport, SyncStatus, Today, UndoStep, WindowState
from ui import care, theme, words
from ui.drops import FileDrops
from ui.notices import Notice
from ui.session import Session
from ui.tasks import Progress
from ui.undoing import Undoing
from ui.views.mail.mailer import Mailer
from ui.views.mail.pause_bar import PauseBar
from ui.views.main_window import MainWindow
from ui.views.queue_panel import QueuePanel

if TYPE_CHECKING:
    from ui.notifier import Notifier, Tray
    from ui.telephone import DeskPhone
    from ui.views.leads.page import LeadsPage
    from ui.widgets import NoticeBar

MINUTE_MS = 60_000
DAY = timedelta(days=1)
SOON_MS = 4_000
FIRST_SYNC_MS = 1_500
AFTER_PAINT_MS = 120
"""How long header and status bar wait after a change: the next lead is painted first."""
QUEUE_FIRST_MS = 80
"""So long header, status bar and the minute's work wait for the queue and its first lead."""
SURE_MS = 20_000
"""So long a second wish to close, with records unsent, is one."""


class Shell(QObject):
    """The hands behind the window's frame; everything that may take a while goes through the session's tasks."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._syncing = False
        self._asked = False
        self._copying = False
        self._panel: QueuePanel | None = None
        self._tray: Tray | None = None
        self._notifier: Notifier | None = None
        self._progress: Progress | None = None
        self._paused: NoticeBar | None = None
        self._talks: Callable[[], bool] = lambda: False
        """Whether the person talks with somebody who called and whose call was not opened here."""
        self._paused_for = ""
        self._closing: NoticeBar | None = None
        self._listen()
        window.unsent_at_close.connect(self._show_unsent)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.beat)
        self._round = QTimer(self)
        self._round.timeout.connect(self.sync)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(AFTER_PAINT_MS)
        self._reading.timeout.connect(self.refresh)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.sync)
        self.mailer = Mailer(session, window)
        self._bind()
        window.top.show_member(session.ctx.me)
        window.top.member.connect(lambda: window.open_page("settings"))
        window.top.sla.connect(self._show_sla)
        window.top.day_end.connect(lambda: window.open_page("day"))
        window.page_shown.connect(self._page_shown)
        window.closing.connect(self._stop)

    def _listen(self) -> None:
        session, hub = self._session, self._session.hub
        session.tasks.wrote.connect(hub.changed)
        session.tasks.failed.connect(session.notices.error)
        hub.changed.connect(self._changed)
        hub.outbox.connect(self._window.status.show_sync)
        hub.outbox.connect(self._heed)
        session.notices.busy = self._on_call
        hub.ticked.connect(session.notices.release)
        hub.changed.connect(lambda _: session.notices.release())

    def _bind(self) -> None:
        commands, window = self._session.commands, self._window
        self.undoing = Undoing(self._session, window, self._engaged, self)
        commands.bind("app.palette", window.open_palette)
        commands.bind("app.undo", self.undoing.undo)
        commands.bind("app.redo", self.undoing.redo)
        window.top.undo.connect(self.undoing.undo)
        commands.bind("app.theme", self.toggle_theme)
        commands.bind("app.colours", self.toggle_palette)
        commands.bind("app.quit", window.close)
        if "import" in window.nav.pages():
            commands.bind("leads.import", lambda: window.open_page("import"))
            FileDrops(window, self._take_file)
        if "leads" in window.nav.pages():
            commands.bind("leads.new", self._new_lead)
            commands.bind("leads.export", self._export_leads)
        if "sync" in window.nav.pages():
            commands.bind("app.attention", self.show_attention)
        if self._session.desk is not None:
            commands.bind("app.sync", self.sync_now)
            commands.bind("app.backup", self.backup)
            commands.bind("app.calendar", self._show_calendar)
            commands.bind("app.telephone", self._show_telephone)
            commands.bind("app.connect", self.review_connection)
            commands.bind("app.mails", self.mailer.show_outbox)
            commands.bind("app.mail_account", self.mailer.show_account)
            commands.bind("app.mail_resume", self.mailer.try_again)
            self.pause_bar = PauseBar(self._session, window, self.mailer)

    def _take_file(self, path: Path) -> None:
        from ui.views.imports.page import ImportPage

        self._window.open_page("import")
        page = self._window.page("import")
        if isinstance(page, ImportPage):
            page.take(path)

    def _leads_page(self) -> LeadsPage | None:
        from ui.views.leads.page import LeadsPage

        self._window.open_page("leads")
        page = self._window.page("leads")
        return page if isinstance(page, LeadsPage) else None

    def _new_lead(self) -> None:
        page = self._leads_page()
        if page is not None:
            page.start_new()

    def _export_leads(self) -> None:
        page = self._leads_page()
        if page is not None:
            page.export()

    def start(self, *, background: bool = True) -> None:
        """Read what header and status bar show; ``background`` starts the clock and the rounds of sync."""
        self._window.status.show_playbook(self._playbook())
        QTimer.singleShot(QUEUE_FIRST_MS, self, self.refresh)
        if "team" in self._window.nav.pages():
            QTimer.singleShot(QUEUE_FIRST_MS, self, self._watch_team)
        QTimer.singleShot(QUEUE_FIRST_MS, self, self._watch_handoffs)
        QTimer.singleShot(QUEUE_FIRST_MS, self, self._watch_meetings)
        if self._session.phone is not None:
            self._take_calls(self._session.phone)
            QTimer.singleShot(QUEUE_FIRST_MS, self._session.phone, self._session.phone.open)
        if background:
            self.remind()
        if background:
            QTimer.singleShot(QUEUE_FIRST_MS, self, self.beat)
            self._minute.start()
            self.take_settings()
            if self._session.desk is not None:
                self._soon.start(FIRST_SYNC_MS)

    def _take_calls(self, phone: DeskPhone) -> None:
        from ui.views.telephone.incoming import IncomingCalls
        from ui.views.telephone.standing import Standing

        self.incoming = IncomingCalls(self._window, self._session, phone)
        self._talks = lambda: self.incoming.talking
        Standing(self._window, self._session, phone)

    def _watch_team(self) -> None:
        from ui.views.team.watch import ApprovalWatch, CoachWatch

        counts: dict[str, int] = {}

        def count(what: str, n: int) -> None:
            counts[what] = n
            self._window.nav.set_count("team", sum(counts.values()))

        for watch in (ApprovalWatch(self._session, self), CoachWatch(self._session, self)):
            watch.counted.connect(partial(count, type(watch).__name__))
            watch.look()

    def remind(self) -> None:
        """Remind of what falls due from now on, in the system's tray where there is one."""
        from ui.notifier import Notifier, tray

        window, session = self._window, self._session
        self._tray = tray(window)
        self._notifier = notifier = Notifier(session, self._on_call, self._tray, self)
        notifier.opened.connect(lambda lead: window.show_lead(LeadId(lead)))
        notifier.wanted.connect(self._to_front)
        session.commands.bind("app.snooze", notifier.snooze)

    def _on_call(self) -> bool:
        """Return whether a call is on: its outcome is still to be given."""
        from ui.views.call.page import CallPage

        page = self._window.page("call")
        return (isinstance(page, CallPage) and page.controller.busy) or self._talks()

    def _engaged(self) -> bool:
        """Return whether a call is on, opened here or not, or is being begun just now."""
        from ui.views.call.page import CallPage

        page = self._window.page("call")
        return (isinstance(page, CallPage) and page.controller.engaged) or self._talks()

    def talking(self) -> bool:
        """Return whether somebody is on the line now: no screen is locked in their face."""
        from ui.views.call.page import CallPage

        page = self._window.page("call")
        return (isinstance(page, CallPage) and page.controller.on_call.talking) or self._talks()

    def _to_front(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _watch_handoffs(self) -> None:
        from ui.views.handoff.watch import HandoffWatch

        watch = HandoffWatch(self._session, self)
        watch.counted.connect(partial(self._window.nav.set_count, "handoff"))
        watch.opened.connect(lambda lead: self._window.show_lead(LeadId(lead)))
        watch.look()

    def _watch_meetings(self) -> None:
        from ui.views.calendar.watch import MeetingWatch

        watch = MeetingWatch(self._session, self, self._notifier)
        watch.opened.connect(lambda lead: self._window.show_lead(LeadId(lead)))
        watch.settings_wanted.connect(self._show_calendar)
        watch.look()

    def _show_calendar(self) -> None:
        from ui.views.settings_page import SettingsPage

        self._window.open_page("settings")
        page = self._window.page("settings")
        if isinstance(page, SettingsPage):
            page.show_calendar()

    def _show_telephone(self) -> None:
        from ui.views.settings_page import SettingsPage

        self._window.open_page("settings")
        page = self._window.page("settings")
        if isinstance(page, SettingsPage):
            page.show_telephone()

    def take_settings(self) -> None:
        """Sync as often as the settings say."""
        settings = self._session.settings
        minutes = settings.number("sync_every_minutes") if settings else 0
        self._round.stop()
        if minutes and self._session.desk is not None:
            self._round.start(minutes * MINUTE_MS)

    def _stop(self) -> None:
        for timer in (self._minute, self._round, self._soon, self._reading):
            timer.stop()
        if self._progress is not None:
            self._progress.cancel()
        if self._tray is not None:
            self._tray.close()
        if self._session.phone is not None:
            self._session.phone.silence()

    def _playbook(self) -> str:
        rules = self._session.ctx.rules
        name, _, version = rules.version.partition("@")
        label = rules.label.in_(self._session.lang) or name
        return f"{label} v{version.partition('+')[0]}" if version else label

    # ------------------------------------------------------------------ what is shown

    def refresh(self) -> None:
        """Read the figures of the day, what undo would take back, and how sync stands."""
        ctx, desk = self._session.ctx, self._session.desk

        def op() -> tuple[Today, list[UndoStep], SyncStatus | None, datetime | None]:
            from isdesk.services import history, today

            status = care.sync_status(desk) if desk is not None else None
            backup = care.last_backup(desk) if desk is not None else None
            return today.today(ctx), history.peek_undo(ctx), status, backup

        self._session.tasks.read(op, self._show, owner=self, key="shell")

    def _show(self, read: tuple[Today, list[UndoStep], SyncStatus | None, datetime | None]) -> None:
        today, steps, status, backup = read
        self._window.top.show_today(today)
        self._window.top.show_undo(self.undoing.words(steps[0]) if steps else None)
        self._window.status.show_backup(backup)
        self._daily(backup)
        if status is not None and not self._syncing:
            self._session.hub.outbox.emit(status)

    def _heed(self, status: SyncStatus) -> None:
        """Ask for a new sign-in where the CRM wants one; remember what has not been sent yet."""
        self._window.unsent = status.waiting if status.state != "none" else 0
        wanted = status.error if status.state == "paused" else ""
        if wanted == self._paused_for:
            return
        if self._paused is not None:
            self._window.drop_notice(self._paused)
            self._paused = None
        self._paused_for = wanted
        if wanted:
            said = messages.sentence(wanted, {}, self._session.lang)
            self._paused = self._window.show_notice(
                Notice(
                    said.what,
                    f"{said.kept} {said.do}".strip(),
                    action=self.tr("サインインし直す F7"),
                    act=self.review_connection,
                )
            )

    def _show_unsent(self, count: int) -> None:
        """Show what has not been sent before the window closes: closing again closes, nothing is lost either way."""
        self._window.open_page("sync")
        if self._closing is not None:
            self._window.drop_notice(self._closing)
        text = self.tr("まだCRMに届いていない記録が{n}件あります。")
        more = self.tr("この端末に保存済みで、次に開いたときに送ります。もう一度閉じると終了します。")
        self._closing = self._window.show_notice(
            Notice(text.format(n=count), more, tone="warn", action=self.tr("同期して終了"), act=self._sync_and_close)
        )
        QTimer.singleShot(SURE_MS, self, self._unsure)

    def _unsure(self) -> None:
        self._window.sure = False
        if self._closing is not None:
            self._window.drop_notice(self._closing)
            self._closing = None

    def _sync_and_close(self) -> None:
        self._session.hub.synced.connect(self._close)
        self.sync()

    def _close(self) -> None:
        self._window.sure = True
        self._window.close()

    def _page_shown(self, page: str) -> None:
        """The call page knows the calling window; the status bar says it."""
        panel = getattr(self._window.page(page), "queue", None)
        if isinstance(panel, QueuePanel) and panel is not self._panel:
            self._panel = panel
            panel.window_changed.connect(self.show_window)
            panel.asked_import.connect(lambda: self._session.commands.run("leads.import"))

    def show_window(self, state: WindowState) -> None:
        """Say in the status bar when few or none may be called now."""
        if state.state == "open" and not state.note:
            self._window.status.say_window("")
            return
        note = words.tr(words.WINDOW_NOTES[state.note]) if state.note in words.WINDOW_NOTES else ""
        if state.state == "soft":
            note = self.tr("{note} ・ 架電は日時指定の再コールのみ").format(note=note or self.tr("時間外です"))
        elif state.state == "hard":
            note = self.tr("{note} ・ 架電はできません").format(note=note or self.tr("時間外です"))
        self._window.status.say_window(note)

    def _changed(self, changes: Changes) -> None:
        self._reading.start()
        if changes.playbook:
            self._session.words.rules = self._session.ctx.rules
            self._session.words.calendar = self._session.ctx.calendar
            self._window.status.show_playbook(self._playbook())
        if changes.settings:
            self.take_settings()
        if changes.outbox and self._round.isActive() and not self._syncing:
            self._soon.start()

    def beat(self) -> None:
        """A minute went by: placements that end by time are made anew, and words that speak of time repaint."""
        ctx = self._session.ctx

        def op() -> Changes:
            from isdesk.services import queue

            return queue.tick(ctx)

        self._session.tasks.write(op, lambda _: self._session.hub.ticked.emit(), owner=self)
        self.mailer.beat()

    # ------------------------------------------------------------------ verbs

    def toggle_theme(self) -> None:
        """Go over from light to dark or back."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, "light" if theme.tokens().dark else "dark")

    def toggle_palette(self) -> None:
        """Go over to the colour-blind safe colours or back; the settings keep it."""
        chosen = "usual" if theme.theme.palette == "safe" else "safe"
        settings, app = self._session.settings, QApplication.instance()
        if settings is not None:
            settings.set("palette", chosen)
        if isinstance(app, QApplication):
            theme.apply(app, theme.theme.scheme, chosen)
        safe = chosen == "safe"
        self._session.notices.say(self.tr("色覚に配慮した色にしました") if safe else self.tr("標準の色に戻しました"))

    def _show_sla(self) -> None:
        self._window.open_page("call")
        if self._panel is not None:
            self._panel.set_filter("sla")

    def backup(self) -> None:
        """Make an encrypted copy because the person asked for it."""
        self._back_up(loud=True)

    def _back_up(self, *, loud: bool) -> None:
        desk, settings = self._session.desk, self._session.settings
        if desk is None or self._copying:
            return
        self._copying = True
        kept = settings.number("backups_kept") if settings else care.KEPT
        self._session.tasks.fetch(
            lambda: care.back_up(desk, kept),
            lambda _: self._backed_up(loud=loud),
            self._not_backed_up,
            owner=self,
        )

    def _backed_up(self, *, loud: bool) -> None:
        self._copying = False
        if loud:
            self._session.notices.say(self.tr("バックアップしました"))
        self.refresh()

    def _not_backed_up(self, error: Exception) -> None:
        self._copying = False
        self._session.notices.error(error)

    def _daily(self, last: datetime | None) -> None:
        """Make the day's copy where the settings want one and the last is older than a day."""
        settings = self._session.settings
        if settings is None or not settings.flag("backup_daily") or not self._minute.isActive():
            return
        if last is None or self._session.now() - last > DAY:
            self._back_up(loud=False)

    def show_attention(self) -> None:
        """Open what needs a person before it can be sent."""
        from ui.views.sync.page import ATTENTION, SyncPage

        self._window.open_page("sync")
        page = self._window.page("sync")
        if isinstance(page, SyncPage):
            page.show_tab(ATTENTION)

    def review_connection(self) -> None:
        """Look at the connection in force again, or begin with one."""
        from ui.views.connect.page import ConnectPage

        self._window.open_page("connect")
        page = self._window.page("connect")
        if isinstance(page, ConnectPage):
            page.review()

    def sync_now(self) -> None:
        """Sync because the person asked for it: the result is told."""
        self.sync(loud=True)

    def sync(self, *, loud: bool = False) -> None:
        """Run one round of sync beside everything else; the network may be away."""
        desk = self._session.desk
        self._asked = self._asked or loud
        if desk is None or self._syncing:
            return
        self._syncing = True
        self._progress = Progress(self)
        progress = self._progress
        progress.stepped.connect(self._session.hub.syncing)
        self._session.hub.stop_sync.connect(progress.cancel)
        self._session.hub.syncing.emit("", 0, 0)
        self._session.tasks.fetch(
            lambda: care.sync(desk, progress.step, progress.cancelled, manual=loud),
            self._synced,
            self._not_synced,
            owner=self,
        )

    def _alert(self, news: list[Alert]) -> None:
        """Tell a team lead of each complaint that came in, with the way to the lead."""
        for one in news:
            text = self.tr("{outcome}: {lead}({company})— {rep}が記録しました")
            self._session.notices.news(
                Notice(
                    text.format(outcome=one.outcome, lead=one.lead, company=one.company, rep=one.rep),
                    one.note,
                    tone="warn",
                    action=self.tr("開く"),
                    act=partial(self._window.show_lead, one.lead_id),
                )
            )

    def _told_of(self) -> bool:
        """Return whether a person asked for the round that ended, be it before it began or while it ran."""
        asked, self._asked, self._syncing = self._asked, False, False
        return asked

    def _synced(self, report: SyncReport | None) -> None:
        loud = self._told_of()
        self._session.hub.synced.emit()
        if report is None:
            if loud:
                self._session.notices.say(self.tr("まだハブに接続していません。「同期」か「設定」から接続できます。"))
            return
        self._session.hub.online.emit(report.online)
        self._session.tasks.write(lambda: alerts.fresh(self._session.ctx), self._alert, owner=self)
        if loud and report.online:
            text = self.tr("同期しました: 受信 {got}件 ・ 送信 {sent}件")
            got = report.created + report.updated + report.deleted
            self._session.notices.say(text.format(got=got, sent=report.sent))
        elif loud:
            self._session.notices.say(self._calm_words())
        self.refresh()

    def _not_synced(self, error: Exception) -> None:
        loud = self._told_of()
        self._session.hub.synced.emit()
        self._session.hub.online.emit(False)
        if not isinstance(error, CrmError):
            self._session.notices.error(error)
        elif loud:
            self._session.notices.say(self._calm_words())
        self.refresh()

    def _calm_words(self) -> str:
        return self.tr("ハブにつながりません。記録はこの端末に保存され、あとで自動で送られます。")
