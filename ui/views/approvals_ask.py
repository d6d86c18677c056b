"""Where an edit needs an approval: the refusal offers to ask for it, with a reason, and nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.domain.approvals import Asks
from isdesk.domain.changes import Value
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.services.views import Written
from ui import team_words
from ui.notices import Notice
from ui.widgets import KeyCap, button, label

if TYPE_CHECKING:
    from ui.session import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """What may be asked for instead of what was refused."""

    asks: Asks
    lead_id: LeadId | None
    details: Mapping[str, Value]


def wish(lead_id: LeadId, fields: Mapping[str, Value], error: Exception) -> Wish | None:
    """Return what may be asked for instead of a refused edit; None where nothing can be."""
    code = error.code if isinstance(error, Refused) else ""
    if code == "stage_needs_approval" and "stage" in fields:
        return Wish(Asks.STAGE, lead_id, {"stage": fields["stage"]})
    if code == "lift_needs_approval" and "dnc" in fields:
        return Wish(Asks.LIFT_DO_NOT_CALL, lead_id, {})
    return None


def close_wish(ids: Sequence[LeadId], stage: str, error: Exception) -> Wish | None:
    """Return what may be asked for where many leads could not be closed; None where nothing can be."""
    if isinstance(error, Refused) and error.code == "close_needs_approval":
        return Wish(Asks.CLOSE, None, {"leads": [str(one) for one in ids], "stage": stage})
    return None


class AskDialog(QDialog):
    """Asks for the reason; ``sent(reason)``. An empty reason is not sent."""

    sent = Signal(str)

    def __init__(self, what: str, who: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("承認を依頼"))
        self.setMinimumWidth(460)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(f"{what} — {who}" if who else what, "head", wrap=True))
        box.addWidget(label(self.tr("チームリーダーが見て判断できるように、理由を書いてください。"), "dim", wrap=True))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("理由"))
        self.field.setPlaceholderText(self.tr("例: 本人から再開の希望があった"))
        box.addWidget(self.field)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        back = button(self.tr("やめる"), "quiet")
        self.send = button(self.tr("承認を依頼"), "primary")
        for part, key in ((back, "Esc"), (self.send, "Enter")):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        box.addLayout(line)
        self.send.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.send.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self._send)
        self.send.clicked.connect(self._send)
        back.clicked.connect(self.reject)
        self.field.setFocus()

    def _send(self) -> None:
        if self.field.text().strip():
            self.sent.emit(self.field.text().strip())
            self.accept()


class ApprovalOffer(QObject):
    """Tells of a refused edit; where an approval can be asked for, the notice has a button that does."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: AskDialog | None = None

    def tell(self, lead_id: str, fields: Mapping[str, Value], error: Exception) -> None:
        """Say why an edit was refused, and offer what can be done about it."""
        self.offer(wish(LeadId(lead_id), fields, error), error)

    def offer(self, wanted: Wish | None, error: Exception) -> None:
        """Say why something was refused; with ``wanted`` offer to ask for it."""
        if wanted is None or not isinstance(error, Refused):
            self._session.notices.error(error)
            return
        said = messages.say(error, self._session.lang)
        more = f"{said.kept} {said.do}".strip()
        self._session.notices.show(
            Notice(said.what, more, tone="warn", action=self.tr("承認を依頼"), act=lambda: self.ask(wanted))
        )

    def ask(self, wanted: Wish) -> None:
        """Ask for the reason, and send the request."""
        from isdesk.services import leads

        ctx, lead_id = self._session.ctx, wanted.lead_id

        def named(name: str) -> None:
            self.dialog = AskDialog(self._words(wanted), name, self._window.window())
            self.dialog.sent.connect(lambda reason: self._send(wanted, reason))
            self.dialog.open()

        if lead_id is None:
            named("")
            return
        self._session.tasks.read(lambda: str(leads.view(ctx, lead_id).fields.get("name") or ""), named, owner=self)

    def _words(self, wanted: Wish) -> str:
        what = team_words.asks(wanted.asks)
        stage = self._session.words.stage(str(wanted.details.get("stage") or ""))
        return f"{what} → {stage}" if stage else what

    def _send(self, wanted: Wish, reason: str) -> None:
        from isdesk.services import approvals

        ctx, session = self._session.ctx, self._session

        def op() -> Written:
            return approvals.ask(ctx, wanted.asks, reason, lead_id=wanted.lead_id, details=wanted.details)[1]

        said = self.tr("承認を依頼しました。返答は「チーム」で見られます(取り消し Ctrl+Z)")
        session.tasks.write(op, lambda _: session.notices.say(said), session.notices.error, owner=self)
