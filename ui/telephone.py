"""The desk's telephone in the window: its news on the main thread, and the system's telephone where it has no line."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from isdesk.channels.telephony import DialNumber, Form, LineState
from isdesk.desk import Desk
from isdesk.domain.phone import PhoneCall
from isdesk.services import phone_account
from isdesk.services.phone_account import PhoneAccount
from ui.dialler import DesktopDialler
from ui.notices import Notices
from ui.tasks import Tasks


class DeskPhone(QObject):
    """A `Dialler`. ``told(PhoneCall)``: a call changed; ``stood(LineState)``: the telephone is there, or is not.

    It is opened in the background, and again where the settings changed; until then a dial goes through the system.
    """

    told = Signal(object)
    stood = Signal(object)
    opening = Signal()
    """The telephone of the settings is looked for anew; what it says may come before ``opened(PhoneAccount)``."""
    opened = Signal(object)
    taken_up = Signal(str)
    """A call that came in is at work now, by the id under which it was kept until then."""

    def __init__(self, desk: Desk, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._notices = desk, tasks, notices
        self.link = DesktopDialler()
        self.account = PhoneAccount()
        self._silent = False

    def open(self) -> None:
        """Use the telephone that the settings name."""
        desk, news = self._desk, self._news
        self.opening.emit()

        def op() -> tuple[PhoneAccount, Form]:
            account = phone_account.account(desk.ctx)
            desk.telephone.open(news)
            return account, account.form

        self._tasks.fetch(op, self._opened, self._notices.error, owner=self)

    def _opened(self, made: tuple[PhoneAccount, Form]) -> None:
        self.account, self.link.form = made
        self.opened.emit(self.account)

    def _news(self, news: PhoneCall | LineState) -> None:
        """Bring news to the main thread (any thread)."""
        if isValid(self) and not self._silent:
            (self.told if isinstance(news, PhoneCall) else self.stood).emit(news)

    def silence(self) -> None:
        """Tell nothing any more: the window closes."""
        self._silent = True

    # ------------------------------------------------------------------ the dialler

    @property
    def tells(self) -> bool:
        """Return whether the telephone tells what becomes of its calls."""
        return self._desk.telephone.tells

    @property
    def up(self) -> bool:
        """Return whether the telephone is there now."""
        return self._desk.telephone.up

    def now(self) -> float:
        """Return the telephone's clock, in seconds."""
        return self._desk.telephone.now()

    def dial(self, number: DialNumber) -> bool:
        """Start the call; return False where nothing takes it."""
        return self._desk.telephone.dial(number) if self.tells else self.link.dial(number)

    def hang_up(self, call: str = "") -> None:
        """End a call by its id, or refuse it while it rings; without an id the one that is on."""
        self._desk.telephone.hang_up(call)

    def accept(self, call: str = "") -> None:
        """Take a call that comes in by its id; without one the newest."""
        self._desk.telephone.accept(call)

    def close(self) -> None:
        """Let go of the telephone."""
        self._desk.telephone.close()
