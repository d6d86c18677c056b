"""The head of the meeting's page: which week or month, whether its minutes are fixed, and the ways out."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from isdesk.domain.alignment import KINDS, MONTH, WEEK, AlignmentMeeting, first_day
from isdesk.services.alignment_words import period_name
from ui.views.figures import words
from ui.widgets import Chip, SegmentedTabs, button, label


def suggested(kind: str, today: date) -> date:
    """Return the period that a meeting held today is about: the last whole week; the month that ends or ended last.

    From Saturday on the week that ends is whole.
    """
    if kind == WEEK:
        return first_day(WEEK, today - timedelta(days=5))
    ends = first_day(MONTH, today.replace(day=1) + timedelta(days=31))
    near = ends - today <= timedelta(days=7)
    return first_day(MONTH, today if near else today.replace(day=1) - timedelta(days=1))


def step_from(kind: str, first: date, by: int) -> date:
    """Return the first day of the next week or month (``by`` 1), or of the one before (``by`` −1)."""
    if kind == WEEK:
        return first + timedelta(weeks=by)
    return first_day(MONTH, first + timedelta(days=31 if by > 0 else -1))


class Head(QWidget):
    """``changed`` when another week or month is wanted."""

    changed = Signal()
    pdf = Signal()
    html = Signal()
    close_asked = Signal()

    def __init__(self, today: date, lang: str) -> None:
        super().__init__()
        self._today, self._lang = today, lang
        self.first = suggested(WEEK, today)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.title = label(self.tr("握り直し会議"), "title")
        line.addWidget(self.title)
        line.addSpacing(8)
        names = [words.say(words.KINDS[kind]) for kind in KINDS]
        self.kinds = SegmentedTabs(names, "steps")
        self.kinds.setMaximumWidth(120)
        self.kinds.setToolTip(self.tr("週 W ・ 月 M"))
        line.addWidget(self.kinds)
        self.earlier = button("‹", tip=self.tr("前の期間([)"))
        self.later = button("›", tip=self.tr("次の期間(])"))
        self.earlier.setAccessibleName(self.tr("前の期間"))
        self.later.setAccessibleName(self.tr("次の期間"))
        line.addWidget(self.earlier)
        line.addWidget(self.later)
        self.span = label("")
        line.addWidget(self.span)
        self.state = Chip("")
        line.addWidget(self.state)
        self.note = label("", "small")
        line.addWidget(self.note)
        line.addStretch(1)
        self.close_button = button("")
        self.pdf_button = button("PDF", tip=self.tr("配布する資料をPDFで保存(P)"))
        self.html_button = button("HTML", tip=self.tr("配布する資料をHTMLで保存(H)"))
        for part in (self.close_button, self.pdf_button, self.html_button):
            line.addWidget(part)
        self.kinds.changed.connect(self._kind_changed)
        self.earlier.clicked.connect(lambda: self.step(-1))
        self.later.clicked.connect(lambda: self.step(1))
        self.close_button.clicked.connect(self.close_asked)
        self.pdf_button.clicked.connect(self.pdf)
        self.html_button.clicked.connect(self.html)

    @property
    def kind(self) -> str:
        """Return ``week`` or ``month``."""
        return KINDS[self.kinds.current()]

    def choose_kind(self, kind: str) -> None:
        """Go to weeks or months; to the same once more: back to the one that a meeting is about now."""
        if KINDS.index(kind) != self.kinds.current():
            self.kinds.set_current(KINDS.index(kind))
        else:
            self._kind_changed(0)

    def step(self, by: int) -> None:
        """Go to the next week or month, or back; none is shown that has not begun."""
        wanted = step_from(self.kind, self.first, by)
        if wanted <= self._today:
            self.go(wanted)

    def go(self, first: date) -> None:
        """Show the week or month that begins on ``first``."""
        self.first = first
        self.changed.emit()

    def _kind_changed(self, _: int) -> None:
        self.go(suggested(self.kind, self._today))

    def show_meeting(self, one: AlignmentMeeting, span: tuple[date, date], *, may: bool) -> None:
        """Show which days the pack is about, and whether its minutes are fixed."""
        self.title.setText(self.tr("握り直し会議") if one.kind == WEEK else self.tr("月次レビュー"))
        name = f"{period_name(one.kind, one.first, self._lang)}  " if one.kind == MONTH else ""
        self.span.setText(f"{name}{words.span(*span)}")
        self.state.set_text(self.tr("記録確定") if one.closed else self.tr("記録中"))
        self.state.set_tone("good" if one.closed else "promise")
        self.close_button.setText(self.tr("確定を解く") if one.closed else self.tr("記録を確定"))
        self.close_button.setToolTip(self.tr("記録を確定・確定を解く(C)"))
        self.close_button.setVisible(may)
        after = first_day(one.kind, one.last + timedelta(days=1))
        self.later.setEnabled(after <= self._today)
