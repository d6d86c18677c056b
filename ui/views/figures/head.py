"""The head of the figures page: which days, how they are grouped, and the ways out (PDF, tables, pictures)."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QWidget

from isdesk.services import dashboard
from isdesk.services.dashboard import Period
from ui.views.figures import words
from ui.widgets import SegmentedTabs, button, label


class Head(QWidget):
    """``changed`` when another period or grouping is wanted."""

    changed = Signal()
    pdf = Signal()
    export = Signal()
    costs = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.back = 0
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(self.tr("分析"), "title"))
        line.addSpacing(8)
        self.kinds = SegmentedTabs([words.say(words.KINDS[kind]) for kind in dashboard.KINDS], "steps")
        self.kinds.set_tabs([words.say(words.KINDS[kind]) for kind in dashboard.KINDS], current=1)
        self.kinds.setMaximumWidth(240)
        self.kinds.setToolTip(self.tr("日 D ・ 週 W ・ 月 M ・ 期間 C"))
        line.addWidget(self.kinds)
        self.earlier = button("‹", tip=self.tr("前の期間([)"))
        self.later = button("›", tip=self.tr("次の期間(])"))
        self.earlier.setAccessibleName(self.tr("前の期間"))
        self.later.setAccessibleName(self.tr("次の期間"))
        line.addWidget(self.earlier)
        line.addWidget(self.later)
        self.span = label("")
        line.addWidget(self.span)
        self.first, self.last = _date_edit(self.tr("期間の初日")), _date_edit(self.tr("期間の最終日"))
        self._to = label("–", "dim")
        for part in (self.first, self._to, self.last):
            line.addWidget(part)
            part.hide()
        self.note = label("", "small")
        line.addWidget(self.note)
        line.addStretch(1)
        line.addWidget(label(self.tr("まとめ"), "dim"))
        self.groups = QComboBox()
        self.groups.setAccessibleName(self.tr("まとめ方"))
        self.groups.setToolTip(self.tr("まとめ方(G)"))
        for by in dashboard.GROUPS:
            self.groups.addItem(words.say(words.GROUPS[by]), by)
        line.addWidget(self.groups)
        self.pdf_button = button("PDF", tip=self.tr("1ページのPDF(P)"))
        self.export_button = button(self.tr("書き出す"), tip=self.tr("Excel・CSV・画像に書き出す(E)"))
        self.cost_button = button(self.tr("費用"), tip=self.tr("費用と単価(Y)"))
        line.addWidget(self.cost_button)
        line.addWidget(self.pdf_button)
        line.addWidget(self.export_button)
        self._connect()

    def _connect(self) -> None:
        self.kinds.changed.connect(self._kind_changed)
        self.earlier.clicked.connect(lambda: self.step(1))
        self.later.clicked.connect(lambda: self.step(-1))
        self.groups.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.first.editingFinished.connect(self.changed)
        self.last.editingFinished.connect(self.changed)
        self.cost_button.clicked.connect(self.costs)
        self.pdf_button.clicked.connect(self.pdf)
        self.export_button.clicked.connect(self.export)

    @property
    def kind(self) -> str:
        """Return the kind of period chosen."""
        return dashboard.KINDS[self.kinds.current()]

    @property
    def by(self) -> str:
        """Return what the table groups by."""
        return str(self.groups.currentData())

    def choose_kind(self, kind: str) -> None:
        """Go to another kind of period; to the same one again: back to the present."""
        place = dashboard.KINDS.index(kind)
        if place != self.kinds.current():
            self.kinds.set_current(place)
        elif self.back:
            self.back = 0
            self.changed.emit()

    def step(self, back: int) -> None:
        """Go so many periods back."""
        if self.kind == "custom":
            first, last = self.days()
            shift = -((last - first).days + 1) * back
            self.set_days(_qt(first).addDays(shift), _qt(last).addDays(shift))
        else:
            wanted = max(0, self.back + back)
            if wanted == self.back:
                return
            self.back = wanted
        self.changed.emit()

    def next_group(self) -> None:
        """Group by the next dimension."""
        self.groups.setCurrentIndex((self.groups.currentIndex() + 1) % self.groups.count())

    def days(self) -> tuple[date, date]:
        """Return the days chosen by hand."""
        return _python(self.first.date()), _python(self.last.date())

    def set_days(self, first: QDate, last: QDate) -> None:
        """Put the days chosen by hand."""
        for edit, day in ((self.first, first), (self.last, last)):
            edit.blockSignals(True)
            edit.setDate(day)
            edit.blockSignals(False)

    def show_period(self, period: Period) -> None:
        """Show which days the figures are of."""
        custom = period.kind == "custom"
        self.span.setText(words.period(period))
        self.span.setVisible(not custom)
        for part in (self.first, self._to, self.last):
            part.setVisible(custom)
        self.later.setEnabled(custom or self.back > 0)
        if not custom:
            self.set_days(_qt(period.first), _qt(period.last))

    def _kind_changed(self, _: int) -> None:
        self.back = 0
        if self.kind == "custom":
            self.first.show()
            self.first.setFocus()
        self.changed.emit()


def _date_edit(name: str) -> QDateEdit:
    made = QDateEdit()
    made.setDisplayFormat("yyyy-MM-dd")
    made.setAccessibleName(name)
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    return made


def _python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
