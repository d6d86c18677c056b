"""The dialler of the desktop (``tel:`` through the system's handler) and a clipboard that forgets numbers again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from isdesk.channels.telephony import DialNumber, Form

FORGET_AFTER_MS = 60_000
"""How long a copied number or address stays on the clipboard (SECURITY C3)."""


class DesktopDialler:
    """Hands a validated number to whatever program the system has for such links (``tel:`` or as ``form`` says)."""

    tells = False

    def __init__(self, form: Form | None = None) -> None:
        self.form = form or Form()

    def dial(self, number: DialNumber) -> bool:
        """Open the link of the number; return False where the system has no handler for it."""
        link = self.form.url(number)
        url = QUrl(link, QUrl.ParsingMode.StrictMode)
        return url.toString() == link and QDesktopServices.openUrl(url)

    def hang_up(self, call: str = "") -> None:
        """Do nothing: the call is ended in the program that took it."""

    def accept(self, call: str = "") -> None:
        """Do nothing: a call is taken in the program that rings."""

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class ForgetfulClipboard(QObject):
    """Copies personal data and clears the clipboard later, unless something else was copied meanwhile."""

    def __init__(self, parent: QObject | None = None, *, forget_after_ms: int = FORGET_AFTER_MS) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(forget_after_ms)
        self._timer.timeout.connect(self.forget)

    def copy(self, text: str) -> None:
        """Put ``text`` on the clipboard and start the clock."""
        self._text = text
        QGuiApplication.clipboard().setText(text)
        self._timer.start()

    def forget(self) -> None:
        """Clear the clipboard where it still holds what was copied here."""
        self._timer.stop()
        board = QGuiApplication.clipboard()
        if self._text and board.text() == self._text:
            board.clear()
        self._text = ""
