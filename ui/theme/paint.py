"""Parts painted by hand, shared by widgets and delegates: chips, key caps, focus rings, elided text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

CHIP_PAD = 6
CHIP_HEIGHT = 18


def chip_width(text: str, metrics: QFontMetrics) -> int:
    """Return how wide a chip with ``text`` is."""
    return metrics.horizontalAdvance(text) + 2 * CHIP_PAD


def rounded(painter: QPainter, rect: QRectF, ground: str, radius: float, line: str | None = None) -> None:
    """Fill a rounded rectangle; ``line`` draws a crisp hairline around it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(ground))
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(QPen(QColor(line), 1))
        rect = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def chip(painter: QPainter, rect: QRect, text: str, ground: str, ink: str, radius: float = 5) -> None:
    """Paint a chip into ``rect``; the font is the painter's."""
    rounded(painter, QRectF(rect), ground, radius)
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def line_text(painter: QPainter, rect: QRect, text: str, font: QFont, ink: str, *, right: bool = False) -> int:
    """Draw one line of text, elided to ``rect``; return the width it took."""
    painter.setFont(font)
    painter.setPen(QColor(ink))
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def focus_ring(painter: QPainter, rect: QRectF, color: str, radius: float) -> None:
    """Paint the ring of the part that has the keyboard."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def dot(painter: QPainter, center: QPointF, radius: float, color: str) -> None:
    """Paint a small disc."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(center, radius, radius)
    painter.restore()
