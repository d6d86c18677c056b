"""The program with its window: opens the profile, shows first run, gate or main window, and ends in order."""

from __future__ import annotations

import gc
import hashlib
import logging
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QMainWindow
from typing_extensions import override

from isdesk import __version__, paths
from isdesk.clock import Clock
from isdesk.domain.errors import IsdeskError, VaultError
from isdesk.settings import Settings
from ui import theme
from ui.bindings import spare_source_reading
from ui.hub import Hub
from ui.notices import Notices
from ui.shortcuts import KeyGuard
from ui.tasks import Tasks
from ui.theme.icons import app_icon

if TYPE_CHECKING:
    from isdesk.desk import Desk
    from ui.session import Session

log = logging.getLogger("isdesk.ui")
SIZE = (1440, 900)
COLLECT = (20_000, 20, 20)
"""How rarely Python looks for cycles: a window makes few, and each look takes time from a key."""
GATE_MS = 300
"""How long a profile may take to open before something else is shown in its place."""
LOG_MS = 100
"""So long the log waits for the queue and its first lead."""
_ACTIVITY = {QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for; empty texts leave it to the settings."""

    profile: str = ""
    page: str = "call"
    theme: str = ""
    lang: str = ""
    size: tuple[int, int] | None = None
    quiet: bool = False
    """True for a picture: no timers, no sync, no second-instance check."""
    palette: str = ""
    clock: Clock | None = None
    """The clock to live by (tests and documents set it); None: the machine's own."""


class Program(QObject):
    """Holds the one window and whatever stands in it; everything else hangs on these two."""

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self.app, self.options = app, options
        self.profile = paths.profile(options.profile or None)
        self.settings = Settings.load(self.profile.settings)
        self.lang = language(options.lang or self.settings.text("language"))
        self._translator = install_translator(app, self.lang)
        theme.apply(app, options.theme or self.settings.text("theme"), options.palette or self.settings.text("palette"))
        self.guard = KeyGuard(app)
        self.tasks = Tasks(self)
        self.notices = Notices(self.lang, self)
        self.notices.bug.connect(self.show_bug)
        self.window: QMainWindow | None = None
        self.session: Session | None = None
        self._desk: Desk | None = None
        self._passphrase = ""
        self._first_page = options.page
        self._log: logging.Handler | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._rested)
        self.guard.pressed.connect(self._active)
        self.guard.nothing_typed.connect(self._say_nothing_typed)
        app.focusChanged.connect(self._active)
        app.aboutToQuit.connect(self.close)

    def _say_nothing_typed(self) -> None:
        notices = self.session.notices if self.session is not None else self.notices
        notices.say(self.tr("この欄に取り消す入力はありません。記録の取り消しは、欄の外で Ctrl+Z。"))

    # ------------------------------------------------------------------ what stands in the window

    def start(self) -> None:
        """Show the window: of the profile where there is one, else the first run."""
        if self.profile.exists:
            self.open("", "")
            QTimer.singleShot(GATE_MS, self, self._need_gate)
            QTimer.singleShot(0, self, self._make_ready)
        else:
            self.first_run()

    def _make_ready(self) -> None:
        """Import what the window is made of while a worker finds the key and opens the database."""
        from ui import pages

        for module in ("ui.session", "ui.shell", "ui.views.main_window", "ui.words", *pages.modules(self.options.page)):
            import_module(module)

    def first_run(self) -> None:
        """Show the page of a fresh profile."""
        from ui.views.first_run import FirstRun

        page = FirstRun(self.profile, self.tasks, Notices(self.lang, self), self.lang)
        page.ready.connect(self._open_made)
        self._put(page)

    def _open_made(self, passphrase: str) -> None:
        from ui.views.first_run import FirstRun

        page = self.window.centralWidget() if self.window is not None else None
        if isinstance(page, FirstRun) and page.first_page:
            self._first_page = page.first_page
        self._gate()
        self.open(passphrase, "")

    def _put(self, page: object) -> None:
        from PySide6.QtWidgets import QWidget

        if not isinstance(page, QWidget):
            return
        old = self.window
        window = QMainWindow()
        window.setWindowTitle("isdesk")
        window.setWindowIcon(app_icon())
        window.setCentralWidget(page)
        self._show(window, old)

    def _show(self, window: QMainWindow, old: QMainWindow | None) -> None:
        active = old is not None and old.isActiveWindow()
        if old is not None:
            window.setGeometry(old.geometry())
            window.setWindowState(old.windowState())
        else:
            window.resize(*(self.options.size or SIZE))
        self.window = window
        window.show()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        if old is not None:
            if active:
                old.destroyed.connect(window.activateWindow)
            old.hide()
            old.deleteLater()

    def _need_gate(self) -> None:
        """Show the gate where the window is not there yet: opening takes long, or something must be asked."""
        if self.window is None:
            self._gate()

    def _gate(self) -> None:
        from ui.views.gate import Gate

        self.gate = Gate(self.lang)
        self.gate.opened.connect(self.open)
        self._put(self.gate)

    # ------------------------------------------------------------------ the profile

    def open(self, passphrase: str, recovery: str) -> None:
        """Open the profile on a worker and furnish the window with it."""
        root, lang, clock, quiet = self.profile.root, self.lang, self.options.clock, self.options.quiet
        envelope = self.profile.envelope

        def op() -> Desk:
            from isdesk import vault

            key = vault.unlock(envelope, passphrase or None, recovery or None)
            from isdesk.desk import Desk
            from isdesk.services import queue

            desk = Desk.open(root, key=key, clock=clock, lang=lang)
            if quiet:
                queue.settle(desk.ctx)
            return desk

        self._passphrase = passphrase
        self.tasks.fetch(op, self._opened, self._not_opened, owner=self)

    def _start_log(self) -> None:
        """Write events to the profile's folder from now on; where that cannot be, the program works without."""
        if self._log is None and self.profile.exists:
            from isdesk import logs

            with suppress(OSError):
                self._log = logs.start(self.profile.logs, self.settings.text("log_level"))
                log.info("opening", extra={"version": __version__, "platform": sys.platform})

    def _not_opened(self, error: Exception) -> None:
        self._need_gate()
        self._start_log()
        if not isinstance(error, IsdeskError):
            self.notices.error(error)
            self.gate.ask()
        elif error.code == "vault_passphrase_needed":
            self.gate.ask()
        else:
            self.gate.refuse(error, again=isinstance(error, VaultError))

    def _opened(self, desk: Desk) -> None:
        from ui.session import Session
        from ui.shell import Shell
        from ui.telephone import DeskPhone
        from ui.views.main_window import MainWindow
        from ui.words import Words

        self._desk = desk
        window = MainWindow()
        ctx = desk.ctx
        notices = Notices(self.lang, window)
        notices.bug.connect(self.show_bug)
        tasks = Tasks(window)
        words = Words(ctx.rules, self.lang, ctx.calendar)
        self.session = Session(ctx, tasks, Hub(window), window.commands, notices, words, desk, self.settings)
        self.session.phone = DeskPhone(desk, tasks, notices, window)
        window.furnish(self.session)
        self.shell = Shell(window, self.session)
        window.commands.bind("app.lock", self.lock)
        self._show(window, self.window)
        window.open_page(self._first_page)
        self._first_page = self.options.page
        QTimer.singleShot(LOG_MS, self, self._settled)
        self.shell.start(background=not self.options.quiet)
        self.session.hub.changed.connect(self._settings_changed)
        self._wait_idle()
        if self.settings.problem is not None:
            notices.error(self.settings.problem)

    def _settled(self) -> None:
        """The first lead is there: what was made for the start stays, and the collector need not look at it again."""
        gc.freeze()
        self._start_log()

    def _settings_changed(self, changes: object) -> None:
        if getattr(changes, "settings", False):
            options, settings = self.options, self.settings
            scheme, palette = options.theme or settings.text("theme"), options.palette or settings.text("palette")
            theme.apply(self.app, scheme, palette)
            self._wait_idle()

    def _rested(self) -> None:
        """Nobody has used the window for long: lock it, but not while somebody talks on the telephone."""
        if self.session is not None and self.shell.talking():
            self._idle.start()
        else:
            self.lock()

    def lock(self) -> None:
        """Close the profile and show nothing of it until it is opened again."""
        if self._desk is None:
            return
        self._leave()
        self._gate()
        from isdesk import vault

        asks = "passphrase" in vault.ways(self.profile.envelope)
        self.gate.ask(locked=True, passphrase=asks)

    def _leave(self) -> None:
        """Let the page in front save what it holds, finish the writes, close the database."""
        from ui.views.main_window import MainWindow

        session, desk = self.session, self._desk
        self.session = self._desk = None
        self._idle.stop()
        window = self.window
        if window is not None and session is not None:
            if isinstance(window, MainWindow):
                window.sure = True
            window.close()
            if not session.tasks.close():
                log.warning("a worker did not end in time")
        if desk is not None:
            desk.close()

    def close(self) -> None:
        """End in order: nothing that was typed or recorded is lost."""
        self._leave()
        self.guard.stop()
        self.tasks.close()
        if self._log is not None:
            from isdesk import logs

            log.info("closed")
            logs.stop(self._log)
            self._log = None

    # ------------------------------------------------------------------ idle and bugs

    def _wait_idle(self) -> None:
        minutes = self.settings.number("lock_after_minutes")
        if minutes and self.session is not None and not self.options.quiet:
            self._idle.start(minutes * 60_000)
        else:
            self._idle.stop()

    def _active(self) -> None:
        """Somebody is there: a key was pressed, or another part got the focus."""
        if self._idle.isActive():
            self._idle.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the mouse of the window; only the window's own events come by here."""
        if event.type() in _ACTIVITY:
            self._active()
        return False

    def show_bug(self, report: str) -> None:
        """Show the report of a bug, to be read and copied; nothing is sent anywhere."""
        from ui.views.bug_dialog import BugDialog

        if not self.options.quiet:
            BugDialog(report, self.window).open()

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Take what nobody caught: a known problem becomes a notice, anything else a report."""
        if issubclass(kind, KeyboardInterrupt):
            self.app.quit()
            return
        error.__traceback__ = trace
        (self.session.notices if self.session is not None else self.notices).error(error)


def language(wanted: str) -> str:
    """Return ``ja`` or ``en`` for what the settings say; ``system``: Japanese unless the system speaks another."""
    if wanted != "system":
        return wanted
    return "ja" if QLocale.system().language() in {QLocale.Language.Japanese, QLocale.Language.C} else "en"


def install_translator(app: QApplication, lang: str) -> QTranslator | None:
    """Install the English words where they are asked for; Japanese is the source and needs none."""
    if lang == "ja":
        return None
    translator = QTranslator(app)
    if not translator.load(str(paths.data("resources", "translations", f"{lang}.qm"))):
        log.warning("no translation for %s", lang)
        return None
    app.installTranslator(translator)
    return translator


def application(argv: list[str]) -> QApplication:
    """Make the QApplication, named and with its icon."""
    spare_source_reading()
    gc.set_threshold(*COLLECT)
    app = QApplication(argv)
    app.setApplicationName("isdesk")
    app.setApplicationDisplayName("isdesk")
    app.setDesktopFileName("isdesk")
    app.setWindowIcon(app_icon())
    return app


def run(options: Options) -> int:
    """Run the window until it is closed; return the exit code."""
    app = application(sys.argv[:1])
    name = instance_name(paths.profile_dir(options.profile or None))
    from ui.instance import Instance

    instance = Instance(name)
    if instance.taken():
        return 0
    program = Program(app, options)
    sys.excepthook = program.hook
    instance.called.connect(lambda: _raise(program.window))
    program.start()
    code = app.exec()
    instance.close()
    return code


def instance_name(root: Path) -> str:
    """Return the name under which the window of a profile is found by a second start."""
    return "isdesk-" + hashlib.sha256(str(root).encode()).hexdigest()[:16]


def _raise(window: QMainWindow | None) -> None:
    if window is not None:
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()
