"""Painted parts of the call workspace: cards, pills, keys and choices that repaint without a style sheet's costs."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QStaticText, QTransform
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.theme.paint import focus_ring, rounded
from ui.theme.tokens import Size, Space
from ui.tips import plain_tip

_PILL_PAD = 10
_PILL_HEIGHT = 22
_BUTTON_PAD = 10
_CAP_PAD = 5


@lru_cache(maxsize=64)
def _face(family: tuple[str, ...], pixels: int, bold: bool) -> QFont:
    made = QFont(list(family))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """Return ``font`` in another size; figures keep one width. The result is shared: never change it."""
    return _face(tuple(font.families()), pixels, bold)


@lru_cache(maxsize=4096)
def _fitted(text: str, family: tuple[str, ...], pixels: int, bold: bool, width: int) -> str:
    metrics = QFontMetrics(_face(family, pixels, bold))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def fitted(text: str, font: QFont, width: int) -> str:
    """Return ``text``, ended in … where it is longer than ``width``; remembered, for keys are painted often."""
    if not text:
        return text
    bold = font.bold()
    return _fitted(text, tuple(font.families()), font.pixelSize(), bold, width)


@lru_cache(maxsize=4096)
def _wide(text: str, family: tuple[str, ...], pixels: int, bold: bool) -> int:
    return QFontMetrics(_face(family, pixels, bold)).horizontalAdvance(text)


def text_width(text: str, font: QFont) -> int:
    """Return how wide ``text`` is in a font made by `sized`; remembered."""
    bold = font.bold()
    return _wide(text, tuple(font.families()), font.pixelSize(), bold)


def outlined(painter: QPainter, rect: QRect, radius: float, fill: str | None, line: str | None = None) -> None:
    """Paint a round-cornered part: its ground, its hairline, or both."""
    rounded(painter, QRectF(rect), fill or "transparent", radius, line)


@lru_cache(maxsize=2048)
def _laid_out(text: str, family: tuple[str, ...], pixels: int, bold: bool) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(QTransform(), _face(family, pixels, bold))
    return made


def draw_text(painter: QPainter, rect: QRect, text: str, font: QFont, ink: str, *, centred: bool = False) -> None:
    """Draw one line in ``rect``, in the middle of its height; its layout is remembered, for most words come again."""
    if not text:
        return
    bold = font.bold()
    laid = _laid_out(text, tuple(font.families()), font.pixelSize(), bold)
    size = laid.size()
    x = rect.left() + ((rect.width() - size.width()) / 2 if centred else 0)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawStaticText(QPointF(round(x), round(rect.top() + (rect.height() - size.height()) / 2)), laid)


def line_text(painter: QPainter, rect: QRect, text: str, font: QFont, ink: str) -> int:
    """Draw one line of text, fitted to ``rect``; return the width it took."""
    shown = fitted(text, font, rect.width())
    draw_text(painter, rect, shown, font, ink)
    return text_width(shown, font)


def key_cap_width(font: QFont, text: str) -> int:
    """Return how wide the cap of a key is painted."""
    return max(text_width(text, sized(font, Size.TINY)) + 2 * _CAP_PAD, 17) if text else 0


def paint_key_cap(painter: QPainter, font: QFont, box: QRect, text: str, fill: str, ink: str) -> None:
    """Paint the cap of a key, vertically centred in ``box`` from its left edge."""
    cap = QRect(box.left(), box.center().y() - 7, key_cap_width(font, text), 16)
    outlined(painter, cap, 4, fill)
    draw_text(painter, cap, text, sized(font, Size.TINY), ink, centred=True)


class Card(QWidget):
    """A quiet panel with a hairline and round corners; children go into ``body``."""

    def __init__(self, parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (12, 8, 12, 8)) -> None:
        super().__init__(parent)
        self.tone = ""
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(Space.XS)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        fill, line = (look.panel, look.line) if not self.tone else (look.tone(self.tone)[0], look.tone(self.tone)[1])
        if self.tone == "float":
            fill, line = look.panel, look.accent
        outlined(QPainter(self), self.rect(), Size.CARD_RADIUS, fill, line)


class Band(QWidget):
    """A full-width strip in panel colour with a hairline above or below."""

    def __init__(self, parent: QWidget | None = None, *, line: str = "bottom") -> None:
        super().__init__(parent)
        self._line = line

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.panel))
        y = 0 if self._line == "top" else self.height() - 1
        painter.fillRect(0, y, self.width(), 1, QColor(look.line))


class Text(QLabel):
    """A plain-text label in one ink and size of the theme; never rich text (SECURITY C3)."""

    def __init__(
        self, text: str = "", *, ink: str = "text", size: int = Size.BODY, bold: bool = False, wrap: bool = False
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._ink, self._size, self._bold = ink, size, bold
        self.dress()

    def set_ink(self, ink: str) -> None:
        """Change the ink by its token name."""
        if ink != self._ink:
            self._ink = ink
            self.dress()

    def show_text(self, text: str) -> None:
        """Set the text, without a new layout where it is the same."""
        if text != self.text():
            self.setText(text)

    def dress(self) -> None:
        """Take size and colour from the theme in force."""
        wanted = sized(self.font(), self._size, bold=self._bold)
        if wanted != self.font():
            self.setFont(wanted)
        colours = self.palette()
        ink = QColor(getattr(tokens(), self._ink))
        if colours.color(self.foregroundRole()) != ink:
            colours.setColor(self.foregroundRole(), ink)
            self.setPalette(colours)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange}:
            self.dress()


class Elided(QWidget):
    """One line of text that ends in … where room lacks; the whole stands in its tooltip."""

    def __init__(
        self, text: str = "", *, ink: str = "text", size: int = Size.BODY, bold: bool = False, stretch: bool = True
    ) -> None:
        super().__init__()
        self._text, self._ink = text, ink
        self._font = sized(self.font(), size, bold=bold)
        wide = QSizePolicy.Policy.Maximum if not stretch else QSizePolicy.Policy.Ignored
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def show_text(self, text: str, ink: str | None = None) -> None:
        """Show ``text``."""
        if text == self._text and (ink is None or ink == self._ink):
            return
        self._text, self._ink = text, ink or self._ink
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(text))
        if self.sizePolicy().horizontalPolicy() is not QSizePolicy.Policy.Ignored:
            self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height())

    @override
    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        return QSize(min(24, metrics.horizontalAdvance(self._text)), metrics.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = fitted(self._text, self._font, self.width())
        draw_text(QPainter(self), self.rect(), shown, self._font, getattr(tokens(), self._ink))


class Pill(QWidget):
    """A small rounded statement: text in a tone; ``tall`` is the height of the line it stands in."""

    def __init__(self, text: str = "", tone: str = "plain", *, tall: int = _PILL_HEIGHT) -> None:
        super().__init__()
        self._text, self._tone, self._tall = text, tone, tall
        self._font = sized(self.font(), Size.SMALL)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the words on it."""
        return self._text

    def say(self, text: str, tone: str = "plain", tooltip: str = "") -> None:
        """Show ``text`` in ``tone``; an empty text hides the pill."""
        if (text, tone) != (self._text, self._tone):
            resized = text != self._text
            self._text, self._tone = text, tone
            self.setAccessibleName(text)
            if resized:
                self.updateGeometry()
            self.update()
        self.setToolTip(plain_tip(tooltip))
        self.setVisible(bool(text))

    @override
    def sizeHint(self) -> QSize:
        return QSize(text_width(self._text, self._font) + 2 * _PILL_PAD, self._tall)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 48), self._tall)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = tokens().tone(self._tone)
        painter = QPainter(self)
        box = QRect(0, (self.height() - _PILL_HEIGHT) // 2, self.width(), _PILL_HEIGHT)
        outlined(painter, box, _PILL_HEIGHT / 2, ground)
        room = box.adjusted(_PILL_PAD - 4, 0, 4 - _PILL_PAD, 0)
        draw_text(painter, room, fitted(self._text, self._font, room.width()), self._font, ink, centred=True)


class KeyButton(QAbstractButton):
    """A button with its key printed on it. ``kind``: ``plain`` | ``primary`` | ``choice`` | ``link``."""

    def __init__(self, text: str = "", key: str = "", kind: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key, self._kind, self._tight = key, kind, kind == "choice"
        self.strike = False
        self.tone = ""
        self.setCheckable(kind == "choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(text, key)

    @property
    def key(self) -> str:
        """Return the key printed on it."""
        return self._key

    def say(self, text: str, key: str | None = None) -> None:
        """Set the words and the key."""
        key = self._key if key is None else key
        if text == self.text() and key == self._key:
            return
        self._key = key
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: str) -> None:
        """Change how it is painted."""
        if kind != self._kind:
            self._kind = kind
            self.updateGeometry()
            self.update()

    def _face(self) -> QFont:
        return sized(self.font(), Size.BODY, bold=self._kind == "primary")

    @override
    def sizeHint(self) -> QSize:
        width = text_width(self.text(), self._face()) + 2 * _BUTTON_PAD
        if self._kind == "primary":
            width += 8
        if self._kind == "link":
            width -= 2 * _BUTTON_PAD - 4
        if self._key:
            width += key_cap_width(self.font(), self._key) + 6
        return QSize(width, 26 if self._tight else (22 if self._kind == "link" else 30))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 56), self.sizeHint().height())

    def _colours(self) -> tuple[str | None, str | None, str]:
        look = tokens()
        if self._kind == "link":
            return None, None, look.accent_text if self.isEnabled() else look.faint
        if not self.isEnabled():
            return look.panel2, look.line, look.faint
        if self._kind == "primary":
            return look.accent, None, look.on_accent
        if self.isChecked():
            return look.accent_weak, look.accent, look.accent_text
        if self.tone:
            ground, ink = look.tone(self.tone)
            return ground, None, ink
        return (look.key if self.isDown() else look.panel2 if self.underMouse() else look.panel), look.line, look.text

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        fill, line, ink = self._colours()
        outlined(painter, self.rect(), Size.RADIUS, fill, line)
        if self.hasFocus():
            focus_ring(
                painter, QRectF(self.rect()), look.accent_text if self._kind == "primary" else look.accent, Size.RADIUS
            )
        pad = 2 if self._kind == "link" else _BUTTON_PAD + (4 if self._kind == "primary" else 0)
        cap = key_cap_width(self.font(), self._key)
        room = self.rect().adjusted(pad, 0, -pad - (cap + 6 if cap else 0), 0)
        draw_text(painter, room, fitted(self.text(), self._face(), room.width() + 1), self._face(), ink)
        if self.strike:
            y, width = room.center().y() + 1, min(text_width(self.text(), self._face()), room.width())
            painter.fillRect(room.left(), y, width, 1, QColor(ink))
        if cap:
            box = QRect(self.width() - pad - cap + 2, 0, cap, self.height())
            primary = self._kind == "primary" and self.isEnabled()
            paint_key_cap(
                painter,
                self.font(),
                box,
                self._key,
                look.key if not primary else _veil(look.on_accent),
                ink if primary else look.dim,
            )


def _veil(colour: str) -> str:
    ink = QColor(colour)
    ink.setAlpha(56)
    return ink.name(QColor.NameFormat.HexArgb)
