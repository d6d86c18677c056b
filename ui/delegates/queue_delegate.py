"""Paints one row of the queue: name, company, time, and the reasons for its rank as chips."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from isdesk.services.views import QueueRow
from ui.models.queue_model import ROW_ROLE
from ui.theme import paint, tokens
from ui.theme.fonts import app_font, figures
from ui.theme.tokens import Size, Tokens
from ui.words import Words, held

_LEFT, _RIGHT, _TOP = 16, 16, 8
_LINE = 22
_CHIP_TOP = 35
_GAP = 5


class QueueDelegate(QStyledItemDelegate):
    """A painter, no widgets: 50,000 rows cost what twelve cost."""

    def __init__(self, words: Words, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._now = now
        self._name = app_font(Size.BODY, bold=True)
        self._body = app_font(Size.BODY)
        self._small = figures(Size.SMALL)
        self._tiny = figures(Size.TINY)
        self._tiny_metrics = QFontMetrics(self._tiny)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, Size.ROW)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = tokens()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._ground(painter, rect, state, look)
        row = index.data(ROW_ROLE)
        if isinstance(row, QueueRow):
            self._row(painter, rect, row, look, chosen=chosen)
        else:
            self._waiting(painter, rect, look)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, look: Tokens) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(look.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(look.key))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(look.line))
        if chosen:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height() - 1, QColor(look.accent))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            paint.focus_ring(painter, QRectF(rect).adjusted(0, -1, 0, 0), look.accent, 2)

    def _row(self, painter: QPainter, rect: QRect, row: QueueRow, look: Tokens, *, chosen: bool) -> None:
        now = self._now()
        dim = look.on_key if chosen else look.dim
        line = QRect(rect.x() + _LEFT, rect.y() + _TOP, rect.width() - _LEFT - _RIGHT, _LINE)
        corner = self._words.corner(row, now)
        corner_wide = QFontMetrics(self._small).horizontalAdvance(corner) + 2
        paint.line_text(
            painter,
            QRect(line.right() - corner_wide + 1, line.y(), corner_wide, _LINE),
            corner,
            self._small,
            dim,
            right=True,
        )
        names = line.adjusted(0, 0, -corner_wide - 8, 0)
        self._names(painter, names, row, dim if row.held else look.text, dim)
        self._chips(painter, QRect(line.x(), rect.y() + _CHIP_TOP, line.width(), paint.CHIP_HEIGHT), row, look, now)

    def _names(self, painter: QPainter, area: QRect, row: QueueRow, ink: str, dim: str) -> None:
        name, company = row.name or "—", row.company
        company_wide = QFontMetrics(self._body).horizontalAdvance(company)
        least = min(company_wide, area.width() * 2 // 5)
        took = paint.line_text(painter, area.adjusted(0, 0, -(least + 8 if company else 0), 0), name, self._name, ink)
        if company:
            paint.line_text(painter, area.adjusted(took + 8, 0, 0, 0), company, self._body, dim)

    def _chips(self, painter: QPainter, area: QRect, row: QueueRow, look: Tokens, now: datetime) -> None:
        shown = [(self._words.chip(c, now), c.tone) for c in row.chips]
        if row.held:
            shown.insert(0, (held(row.held), "bad" if row.held == "dnc" else "hold"))
        painter.setFont(self._tiny)
        x = area.x()
        for number, (words, tone) in enumerate(shown):
            left = area.right() + 1 - x
            if number and left < 60:
                self._more(painter, area, x, len(shown) - number, look)
                return
            text = self._tiny_metrics.elidedText(words, Qt.TextElideMode.ElideRight, left - 2 * paint.CHIP_PAD)
            wide = paint.chip_width(text, self._tiny_metrics)
            ground, ink = (look.key, look.text) if tone == "hold" else look.tone(tone)
            if row.held and tone not in {"hold", "bad"}:
                ground, ink = look.key, look.on_key
            if tone == "promise" and ground == look.selected:
                ground = look.panel
            paint.chip(painter, QRect(x, area.y(), wide, area.height()), text, ground, ink)
            x += wide + _GAP

    def _more(self, painter: QPainter, area: QRect, x: int, count: int, look: Tokens) -> None:
        text = f"+{count}"
        wide = self._tiny_metrics.horizontalAdvance(text)
        if x + wide <= area.right() + 1:
            painter.setPen(QColor(look.on_key))
            painter.drawText(QRect(x, area.y(), wide + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def _waiting(self, painter: QPainter, rect: QRect, look: Tokens) -> None:
        for wide, top in ((rect.width() * 3 // 5, 14), (rect.width() * 2 // 5, 38)):
            paint.rounded(painter, QRectF(rect.x() + _LEFT, rect.y() + top, wide, 12), look.key, 4)
