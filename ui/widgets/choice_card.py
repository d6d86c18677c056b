"""A card that is chosen: a mark, a title, a few words, its key; one of several, all of it by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.icons import pixmap
from ui.theme.tokens import Size

_PAD, _MARK, _GAP = 16, 36, 12
_LINE = 19


class ChoiceCard(QAbstractButton):
    """``mark`` is the name of an icon, or a letter or two; ``note`` a chip at the right (``tone`` its colour)."""

    def __init__(
        self, title: str, text: str, *, mark: str = "", key: str = "", lines: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._body, self._mark, self._key, self._lines = text, mark, key, lines
        self._note, self._tone, self._figure = "", "plain", ""
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    def say(self, note: str, tone: str = "plain") -> None:
        """Show a chip at the right; an empty one shows none."""
        self._note, self._tone = note, tone
        self._tell()
        self.update()

    def say_figure(self, figure: str) -> None:
        """Show a figure, large, below the words."""
        self._figure = figure
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(" ".join(part for part in (self.text(), self._note, self._figure, self._body) if part))

    @override
    def sizeHint(self) -> QSize:
        high = 2 * _PAD + 22 + 4 + self._lines * _LINE + (40 if self._figure else 0)
        return QSize(280, high)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, on = tokens(), self.isChecked()
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = look.accent_weak if on else look.panel2 if self.underMouse() else look.panel
        paint.rounded(painter, box, ground, 10, look.accent if on else look.line)
        left = _PAD
        if self._mark:
            self._paint_mark(painter, QRect(_PAD, _PAD, _MARK, _MARK))
            left += _MARK + _GAP
        inner = self.rect().adjusted(left, _PAD, -_PAD, -_PAD)
        self._paint_words(painter, inner)
        if self.hasFocus():
            paint.focus_ring(painter, box, look.accent, 10)
        painter.end()

    def _paint_mark(self, painter: QPainter, box: QRect) -> None:
        look = tokens()
        ground = look.panel if self.isChecked() else look.accent_weak
        paint.rounded(painter, QRectF(box), ground, 9)
        if len(self._mark) <= 2:
            font = figures(Size.HEAD, bold=True)
            painter.setFont(font)
            painter.setPen(look.accent_text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._mark)
        else:
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(box.left() + 9, box.top() + 9, pixmap(self._mark, look.accent_text, 18, ratio))

    def _paint_words(self, painter: QPainter, inner: QRect) -> None:
        look = tokens()
        right = inner.right()
        small = QFontMetrics(figures(Size.TINY))
        painter.setFont(figures(Size.TINY))
        for text, ground, ink in ((self._key, look.key, look.on_key), (self._note, *look.tone(self._tone))):
            if text:
                wide = max(paint.chip_width(text, small), paint.CHIP_HEIGHT)
                paint.chip(painter, QRect(right - wide, inner.top() + 2, wide, paint.CHIP_HEIGHT), text, ground, ink)
                right -= wide + 6
        head = QRect(inner.left(), inner.top(), right - inner.left() - 4, 22)
        ink = look.accent_text if self.isChecked() else look.text
        paint.line_text(painter, head, self.text(), figures(Size.HEAD, bold=True), ink)
        body = QRect(inner.left(), inner.top() + 27, inner.width(), self._lines * _LINE)
        painter.setFont(figures(Size.SMALL))
        painter.setPen(look.on_key if self.isChecked() else look.dim)
        painter.drawText(body, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self._body)
        if self._figure:
            low = QRect(inner.left(), body.bottom() + 8, inner.width(), 30)
            paint.line_text(painter, low, self._figure, figures(Size.NAME, bold=True), look.text)
