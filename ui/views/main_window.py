"""The main window: header, navigation, pages, notices and status bar around whatever page is in front."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services.views import Found
from ui.commands import Commands, shown_key
from ui.notices import Notice
from ui.pages import Page, PageSpec, available, make, page_commands
from ui.session import Session
from ui.theme.icons import app_icon
from ui.views.nav import Nav
from ui.views.notice_stack import NoticeStack
from ui.views.status_bar import StatusBar
from ui.views.top_bar import TopBar
from ui.widgets import NoticeBar, Toast

if TYPE_CHECKING:
    from ui.views.palette import Palette

SMALLEST = (1120, 680)


class MainWindow(QMainWindow):
    """Shows pages; what the header and the status bar say comes from the shell that drives it.

    ``unsent_at_close(n)``: somebody closes while records wait; closing again closes.
    """

    page_shown = Signal(str)
    asked_talk = Signal(str)
    closing = Signal()
    unsent_at_close = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("isdesk")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*SMALLEST)
        self.commands = Commands(self)
        self._session: Session | None = None
        self._palette: Palette | None = None
        self._specs: dict[str, PageSpec] = {}
        self._pages: dict[str, Page] = {}
        self._front = ""
        self.unsent = 0
        """How many records have not reached the CRM; with some, closing shows them first."""
        self.sure = False
        """True: close without a word."""

    def furnish(self, session: Session, specs: list[PageSpec] | None = None) -> None:
        """Build the window for an open profile."""
        self._session = session
        found = [spec for spec in (available() if specs is None else specs) if spec.is_for(session.ctx)]
        self._specs = {spec.id: spec for spec in found}
        for command, spec in zip(page_commands(found), found, strict=True):
            self.commands.declare(command)
            self.commands.bind(command.id, partial(self.open_page, spec.id))
        self.top = TopBar(shown_key("Ctrl+K"), shown_key("Ctrl+Z"))
        self.nav = Nav(found)
        self.nav.chosen.connect(self.open_page)
        self.status = StatusBar(session.now, session.lang)
        self.status.opened.connect(self.open_page)
        self.stack = QStackedWidget()
        self._notices = NoticeStack()
        self._lay_out()
        self.toast = Toast(self)
        self.top.search.connect(self.open_palette)
        session.notices.noticed.connect(self._noticed)
        session.notices.seen = lambda: self._notices.seen_subject
        session.notices.said.connect(self.toast.say)
        session.notices.withdrawn.connect(self._notices.withdraw)
        session.notices.withdrawn.connect(self.toast.withdraw)
        self.commands.bind("app.notice", self._notices.act)
        self.commands.bind("app.toast", self.toast.act)
        self.commands.bind("app.notice_next", self._notices.next)
        self.commands.bind("app.notice_close", self._notices.close_seen)
        self.commands.refused.connect(self._refused)

    def _lay_out(self) -> None:
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.top)
        box.addWidget(self._notices)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.nav)
        middle.addWidget(self.stack, 1)
        box.addLayout(middle, 1)
        box.addWidget(self.status)
        self.setCentralWidget(whole)
        QWidget.setTabOrder(self.stack, self.nav)

    @property
    def palette_(self) -> Palette:
        """Return the command palette, made when it is first asked for."""
        if self._palette is None:
            from ui.views.palette import Palette

            if self._session is None:
                raise RuntimeError("the window is not furnished yet")
            self._palette = Palette(self, self.commands, self._session.tasks, self._find, list(self._specs.values()))
            self._palette.elsewhere.connect(self._run_on)
            self._palette.chose_lead.connect(lambda lead: self.show_lead(LeadId(lead)))
        return self._palette

    def open_palette(self) -> None:
        """Open the command palette."""
        self.palette_.open()

    def _run_on(self, page: str, command_id: str) -> None:
        """Run a command of another page there; where it cannot run there either, that is said."""
        answered = self.commands.action(command_id) is not None
        if answered and not self.commands.may(command_id):
            self.commands.refused.emit(self.commands.label(command_id))
            return
        self.open_page(page)
        if not self.commands.run(command_id):
            self.commands.refused.emit(self.commands.label(command_id))

    def _refused(self, name: str) -> None:
        self.toast.say(self.tr("「{name}」は、いまの状態かあなたの役割では使えません。").format(name=name))

    def _find(self, text: str, limit: int) -> list[Found]:
        from isdesk.services import search

        if self._session is None:
            return []
        return list(search.find(self._session.ctx, text, limit))

    # ------------------------------------------------------------------ pages

    @property
    def front(self) -> str:
        """Return the id of the page in front."""
        return self._front

    def page(self, page: str) -> Page | None:
        """Return a page that was made already."""
        return self._pages.get(page)

    def open_page(self, page: str) -> None:
        """Bring a page to the front, making it where it was never shown."""
        spec = self._specs.get(page)
        if spec is None or self._session is None:
            return
        if page == self._front:
            self._pages[page].arrive()
            return
        if self._front:
            self._pages[self._front].leave()
        made = self._pages.get(page)
        if made is None:
            made = make(spec, self._session)
            made.badge.connect(lambda count, p=page: self.nav.set_count(p, count))
            made.asked_lead.connect(lambda lead: self.show_lead(LeadId(lead)))
            made.asked_talk.connect(self.asked_talk)
            self._pages[page] = made
            self.stack.addWidget(made)
        self._front = page
        self.stack.setCurrentWidget(made)
        self.nav.show_page(page)
        self.commands.set_page(page)
        made.arrive()
        self.page_shown.emit(page)

    def show_lead(self, lead_id: LeadId) -> None:
        """Show a lead in the call page."""
        self.open_page("call")
        call = self._pages.get("call")
        if call is not None:
            call.show_lead(lead_id)

    # ------------------------------------------------------------------ notices

    def _noticed(self, notice: Notice) -> None:
        if notice.passes:
            text = f"{notice.text} {notice.more}".strip()
            self.toast.offer(text, notice.action, notice.act, subject=notice.subject)
        else:
            self.show_notice(notice)

    def show_notice(self, notice: Notice) -> NoticeBar:
        """Show a notice above the page, one at a time (NoticeStack). `drop_notice` takes it away."""
        return self._notices.put(notice)

    def drop_notice(self, bar: NoticeBar) -> None:
        """Take a notice away that no longer holds; one that is gone already stays gone."""
        self._notices.drop(bar)

    def notices(self) -> list[NoticeBar]:
        """Return the notices that stand, as they came; one of them is seen."""
        return self._notices.bars()

    @property
    def notice(self) -> NoticeBar | None:
        """Return the notice that is seen."""
        return self._notices.seen

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.unsent and not self.sure:
            self.sure = True
            event.ignore()
            self.unsent_at_close.emit(self.unsent)
            return
        if self._front:
            self._pages[self._front].leave()
        self.closing.emit()
        event.accept()
