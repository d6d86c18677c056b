"""The sequence of the lead at work, from the call page by one key: start one, or see and steer the one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from isdesk.domain.ids import LeadId
from isdesk.domain.sequence import Enrolment, newest, running
from isdesk.services import sequences
from ui.views.mail.mailer import Mailer
from ui.views.sequences.enrol import EnrolDialog
from ui.views.sequences.panel import SequencePanel
from ui.widgets import KeyCap, button

if TYPE_CHECKING:
    from ui.session import Session


class LeadSequenceDialog(QDialog):
    """The steps of one lead, with what can be done: Y, K, O and Delete; Esc closes it. ``posted``: see the panel."""

    def __init__(
        self, session: Session, lead_id: LeadId, name: str, company: str, one: Enrolment, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._lead = session, (lead_id, name, company)
        self.setWindowTitle(self.tr("シーケンス"))
        self.resize(560, 420)
        self.panel = SequencePanel(session, opens=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.addWidget(self.panel)
        self.back = button(self.tr("閉じる"), tip=self.tr("閉じる(Esc)"))
        self.back.clicked.connect(self.reject)
        self.panel.left.connect(self.back.setFocus)
        for part in (self.back, KeyCap("Esc")):
            self.panel.keys.addWidget(part)
        self.panel.show_lead(lead_id, name, company, one)
        self.panel.changed.connect(self._read)
        self.mailer = Mailer(session, self)
        self.mailer.closed.connect(self._read)
        self.panel.write_wanted.connect(lambda lead, who, code: self.mailer.write(LeadId(lead), who, code))
        for key, verb in (
            ("Y", self.panel.confirm), ("W", self.panel.write_it), ("K", self.panel.ask_skip),
            ("O", self.panel.take_over), ("Del", self.panel.end),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self).activated.connect(verb)

    def _read(self) -> None:
        ctx, (lead_id, name, company) = self._session.ctx, self._lead

        def then(found: tuple[Enrolment, ...]) -> None:
            one = newest(found)
            if one is not None:
                self.panel.show_lead(lead_id, name, company, one)

        self._session.tasks.read(
            lambda: sequences.of_lead(ctx, lead_id), then, self._session.notices.error, owner=self, key="lead-sequence"
        )


class LeadSequences(QObject):
    """Opens what fits: the steps where a sequence runs, else the choice of one. ``dialog`` is the one last opened."""

    posted = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: EnrolDialog | LeadSequenceDialog | None = None

    def open(self, lead_id: LeadId, name: str, company: str) -> None:
        """Ask where the lead stands, and open what fits."""
        ctx = self._session.ctx
        self._session.tasks.read(
            lambda: sequences.of_lead(ctx, lead_id),
            lambda found: self._open(lead_id, name, company, running(found)),
            self._session.notices.error,
            owner=self,
            key="lead-sequence-open",
        )

    def _open(self, lead_id: LeadId, name: str, company: str, one: Enrolment | None) -> None:
        window = self._window.window()
        if one is None:
            whom = " ・ ".join(part for part in (name, company) if part)
            self.dialog = EnrolDialog(self._session, [lead_id], whom, window)
        else:
            self.dialog = LeadSequenceDialog(self._session, lead_id, name, company, one, window)
            self.dialog.panel.posted.connect(self.posted)
        self.dialog.open()
