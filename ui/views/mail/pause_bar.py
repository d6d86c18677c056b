"""Says above every page that the server refuses the mail account, in one sentence, with the key that tries it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from isdesk.services import pausing
from isdesk.services.pausing import Paused
from ui.notices import Notice

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.mail.mailer import Mailer
    from ui.views.main_window import MainWindow
    from ui.widgets.notice import NoticeBar


class PauseBar(QObject):
    """One per window. Who closes the sentence finds it in the status bar and the outbox; it comes back when another try
    is refused.
    """

    def __init__(self, session: Session, window: MainWindow, mailer: Mailer) -> None:
        super().__init__(window)
        self._session, self._window, self._mailer = session, window, mailer
        self.bar: NoticeBar | None = None
        self._key: tuple[object, ...] = ()
        window.status.mail_wanted.connect(mailer.show_outbox)
        mailer.rounds.paused.connect(self.show_standing)
        mailer.rounds.look()

    def show_standing(self, standing: tuple[Paused, ...]) -> None:
        """Show how the account stands."""
        self._window.status.show_mail_pause(standing)
        key = tuple((one.pause.way, one.pause.code, one.pause.tries) for one in standing)
        closed = self.bar is not None and self.bar not in self._window.notices()
        if self.bar is not None:
            self._window.drop_notice(self.bar)
        if standing and not (closed and key == self._key):
            said = [pausing.told(one, self._session.lang) for one in standing]
            what, more = "\n".join(one.what for one in said), f"{said[0].kept} {said[0].do}"
            action = self.tr("もう一度試す")
            self.bar = self._window.show_notice(Notice(what, more, action=action, act=self._mailer.try_again))
        if not standing:
            self.bar = None
        self._key = key
