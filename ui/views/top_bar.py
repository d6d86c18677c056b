"""The bar at the top: brand, search, the figures of the day, SLA at risk, undo, and who works here."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from isdesk.services.views import Member, Today
from ui import words
from ui.commands import shown_key
from ui.theme import paint, tokens
from ui.theme.fonts import app_font, figures
from ui.theme.tokens import Size
from ui.widgets import Pill


class SearchButton(QAbstractButton):
    """Looks like a search field and opens the palette, where one types."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setText(self.tr("リード・会社・電話番号・メールを検索"))
        self.setAccessibleName(self.text())
        self.setToolTip(f"{self.text()}  {key}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(420)
        self.setMinimumWidth(180)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 28)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), look.panel2, 8, look.accent if self.hasFocus() else look.line)
        font = figures(Size.TINY)
        wide = paint.chip_width(self._key, QFontMetrics(font))
        cap = QRect(self.width() - wide - 8, (self.height() - 17) // 2, wide, 17)
        text = QRect(10, 0, cap.left() - 16, self.height())
        paint.line_text(painter, text, self.text(), app_font(Size.BODY), look.dim)
        painter.setFont(font)
        paint.chip(painter, cap, self._key, look.key, look.on_key, 4)
        painter.end()


class TopBar(QWidget):
    """The header of the window; signals go to whoever answers."""

    search = Signal()
    undo = Signal()
    sla = Signal()
    member = Signal()
    day_end = Signal()

    def __init__(self, search_key: str, undo_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(Size.TOP)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 16, 1)
        line.setSpacing(16)
        brand = QLabel("isdesk")
        brand.setFont(app_font(14, bold=True))
        line.addWidget(brand)
        self.field = SearchButton(search_key)
        self.field.clicked.connect(self.search)
        line.addWidget(self.field, 10)
        line.addStretch(1)
        self.day = Pill(clickable=True)
        self.day.clicked.connect(self.day_end)
        self.soon = Pill(tone="warn", clickable=True)
        self.soon.clicked.connect(self.sla)
        self.back = Pill(self.tr("取り消し"), key=undo_key, clickable=True)
        self.back.clicked.connect(self.undo)
        self.me = Pill(tone="good", clickable=True)
        self.me.clicked.connect(self.member)
        self.confirm = Pill(tone="promise", clickable=True)
        self.confirm.clicked.connect(self.day_end)
        for pill in (self.day, self.confirm, self.soon, self.back, self.me):
            line.addWidget(pill)
        self.show_today(None)
        self.show_undo(None)

    def show_today(self, today: Today | None) -> None:
        """Show the figures of the day, and how many first responses are about to be late."""
        self.day.setVisible(today is not None)
        self.soon.setVisible(bool(today and today.sla_soon))
        self.confirm.setVisible(bool(today and today.to_confirm))
        if today is None:
            return
        text = self.tr("今日 {dials} 架電 ・ 通電 {answered} ・ アポ {meetings}")
        self.day.set_text(text.format(dials=today.dials, answered=today.answered, meetings=today.meetings))
        tip = self.tr("架電 {dials} ・ 通電 {answered} ・ 接続 {reached} ・ アポ {meetings}")
        self.day.setToolTip(
            tip.format(dials=today.dials, answered=today.answered, reached=today.dm_reached, meetings=today.meetings)
        )
        self.day.setToolTip(f"{self.day.toolTip()}\n{self.tr('一日の締めと日報を開く')}  {shown_key('Ctrl+D')}")
        self.confirm.set_text(self.tr("商談の確認 {n}件").format(n=today.to_confirm))
        self.confirm.setToolTip(self.tr("次の営業日の商談を、お客様に確認する(一日の締めを開く)"))
        self.soon.set_text(self.tr("SLA {n}件 至急").format(n=today.sla_soon))
        self.soon.setToolTip(self.tr("初回対応の期限が近い、または過ぎたリードを表示"))

    def show_undo(self, what: str | None) -> None:
        """Tell what the next undo would take back; None: nothing."""
        self.back.setEnabled(what is not None)
        self.back.setToolTip(
            self.tr("取り消す: {what}").format(what=what) if what else self.tr("取り消せる操作はありません")
        )

    def show_member(self, member: Member) -> None:
        """Show who works here."""
        role = words.tr(words.ROLES[member.role]) if member.role in words.ROLES else ""
        self.me.set_text(f"{member.name} ({role})" if role else member.name)
        self.me.setToolTip(self.tr("設定を開く"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens().line))
        painter.end()
