"""The figures of FS on the page of handoffs: read for whoever looks, and the records behind each (DOMAIN 8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from isdesk.domain.ids import MemberId
from isdesk.services import drilling, kpi
from isdesk.services.drilling import Record
from isdesk.services.kpi import Figures
from ui.views.call import phrases
from ui.views.figures import words
from ui.views.figures.drill import Drill
from ui.views.handoff.strip import FigureStrip

if TYPE_CHECKING:
    from ui.session import Session

DAYS = 90
"""So many days back the figures go."""


class FsFigures(QObject):
    """``strip`` shows the figures, ``drill`` in ``records`` what is behind one of them. FS see their own, a team lead
    those of everybody.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.strip, self.drill, self.records = FigureStrip(), Drill(session), QWidget()
        inner = QVBoxLayout(self.records)
        inner.setContentsMargins(24, 14, 20, 12)
        inner.addWidget(self.drill)
        self.drill.wanted.connect(self._read_records)

    @property
    def whose(self) -> MemberId | None:
        """Return the FS person whose figures they are; None: of all."""
        me = self._session.ctx.me
        return me.id if me.role == "fs" else None

    def days(self) -> tuple[date, date]:
        """Return the first and the last business date that count."""
        today = phrases.tokyo(self._session.now()).date()
        return today - timedelta(days=DAYS - 1), today

    def load(self) -> None:
        """Read the figures."""
        ctx, whose, (first, last) = self._session.ctx, self.whose, self.days()
        self._session.tasks.read(
            lambda: kpi.fs_figures(ctx, whose, first=first, last=last), self._show, owner=self, key="fs-figures"
        )

    def _show(self, found: Figures) -> None:
        who = found.label or self.tr("FS全員")
        text = self.tr("{who} ・ 直近{days}日の引き継ぎ {n}件(Enterで明細)")
        self.strip.show_figures(found, text.format(who=who, days=DAYS, n=found.submitted), self._session.lang)

    def open(self, code: str) -> None:
        """Show the records behind a figure."""
        self._read_records(self.drill.start(words.name(code, self._session.lang), code))

    def _read_records(self, part: str) -> None:
        ctx, whose, (first, last) = self._session.ctx, self.whose, self.days()

        def op() -> list[Record]:
            return drilling.of_fs(ctx, part, whose, first=first, last=last)

        def done(found: list[Record]) -> None:
            self.drill.show_records(part, found)

        self._session.tasks.read(op, done, self._session.notices.error, owner=self, key="fs-records")
