"""A telephone that must not be used, or that does not take us: said once above the page, with the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from isdesk import messages
from ui.notices import Notice

if TYPE_CHECKING:
    from isdesk.channels.telephony import LineState
    from isdesk.services.phone_account import PhoneAccount
    from ui.session import Session
    from ui.telephone import DeskPhone
    from ui.views.main_window import MainWindow
    from ui.widgets import NoticeBar

UNTRUSTED, REFUSED = "telephone_untrusted", "telephone_refused"


class Standing(QObject):
    """Says it once per telephone: it is quiet until that one is there again, or the settings name another.

    What comes right by itself (a telephone that is switched off) is no news here: the settings tell how it stands.
    """

    def __init__(self, window: MainWindow, session: Session, phone: DeskPhone) -> None:
        super().__init__(window)
        self._window, self._session, self._phone = window, session, phone
        self._said = ""
        self._bar: NoticeBar | None = None
        phone.stood.connect(self._stood)
        phone.opening.connect(self._forget)
        phone.opened.connect(self._opened)
        session.commands.bind("app.telephone_again", self.again)

    def again(self) -> None:
        """Look for the telephone once more, now."""
        if not self._phone.account.tells:
            self._session.notices.say(self.tr("つなぎ直す電話は設定されていません。"))
            return
        if self._phone.up:
            self._session.notices.say(self.tr("電話につながっています。"))
            return
        self._session.notices.say(self.tr("電話につなぎ直しています。"))
        self._phone.open()

    def _opened(self, account: PhoneAccount) -> None:
        if not account.tells:
            self._forget()

    def _stood(self, state: LineState) -> None:
        if state.up:
            self._forget()
        elif state.code in {UNTRUSTED, REFUSED} and state.code != self._said:
            self._forget()
            self._said = state.code
            self._show(state.code)

    def _show(self, code: str) -> None:
        said = messages.sentence(code, {}, self._session.lang)
        if code == UNTRUSTED:
            more = self.tr("{do} 1時間ごとにも確かめ直します。").format(do=said.do)
            notice = Notice(said.what, more, tone="warn", action=self.tr("つなぎ直す"), act=self.again)
        else:
            notice = Notice(said.what, said.do, tone="warn", action=self.tr("電話の設定"), act=self._settings)
        self._bar = self._window.show_notice(notice)

    def _settings(self) -> None:
        self._session.commands.run("app.telephone")

    def _forget(self) -> None:
        self._said = ""
        bar, self._bar = self._bar, None
        if bar is not None:
            self._window.drop_notice(bar)
