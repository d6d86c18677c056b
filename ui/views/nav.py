"""The navigation at the left: a mark for each page that is there, with a count where something waits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.commands import key_text, words
from ui.pages import PageSpec, page_commands
from ui.theme import paint, tokens
from ui.theme.fonts import app_font, figures
from ui.theme.icons import pixmap
from ui.theme.tokens import Size

_HEIGHT = 52


class NavButton(QAbstractButton):
    """One mark: icon, word, the bar of the page in front, and a badge."""

    def __init__(self, spec: PageSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._count = 0
        self.setCheckable(True)
        self.setText(words(spec.text))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()

    def set_count(self, count: int) -> None:
        """Show how much waits there."""
        if count != self._count:
            self._count = count
            self._tell()
            self.update()

    def _tell(self) -> None:
        name = self.text()
        self.setAccessibleName(self.tr("{page}、{n}件").format(page=name, n=self._count) if self._count else name)

    @override
    def sizeHint(self) -> QSize:
        return QSize(Size.NAV, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        on = self.isChecked()
        if on:
            painter.fillRect(self.rect(), QColor(look.accent_weak))
            paint.rounded(painter, QRectF(0, 8, 3, self.height() - 16), look.accent, 1.5)
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(look.key))
        ink = look.accent_text if on else look.on_key if self.underMouse() else look.dim
        painter.drawPixmap((self.width() - 20) // 2, 8, pixmap(self._spec.icon, ink, 20, self.devicePixelRatioF()))
        font = app_font(Size.TINY)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(QRect(0, 29, self.width(), 18), Qt.AlignmentFlag.AlignCenter, text)
        if self._count:
            self._badge(painter)
        if self.hasFocus():
            paint.focus_ring(painter, QRectF(self.rect()).adjusted(2, 1, -2, -1), look.accent, 6)
        painter.end()

    def _badge(self, painter: QPainter) -> None:
        text = str(self._count) if self._count < 100 else "99+"
        font = figures(10, bold=True)
        wide = max(QFontMetrics(font).horizontalAdvance(text) + 8, 15)
        box = QRect(self.width() // 2 + 3, 4, wide, 15)
        painter.setFont(font)
        paint.chip(painter, box, text, tokens().bad, tokens().on_bad, 7.5)


class Nav(QWidget):
    """All marks; arrows move between them, ``chosen(page id)`` tells."""

    chosen = Signal(str)

    def __init__(self, specs: list[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(Size.NAV)
        self.setAccessibleName(self.tr("ページ"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 1, 8)
        box.setSpacing(2)
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        keys = {c.id: key_text(c) for c in page_commands(specs)}
        stretched = False
        self._under = {spec.id: spec.under for spec in specs if spec.under}
        for spec in specs:
            if spec.under:
                continue
            if spec.foot and not stretched:
                box.addStretch(1)
                stretched = True
            button = NavButton(spec)
            button.setToolTip(f"{button.text()}  {keys[spec.command]}".strip())
            button.clicked.connect(lambda _=False, page=spec.id: self.chosen.emit(page))
            self._group.addButton(button)
            self._buttons[spec.id] = button
            box.addWidget(button)
        if not stretched:
            box.addStretch(1)

    def show_page(self, page: str) -> None:
        """Mark the page in front."""
        page = self._under.get(page, page)
        if page in self._buttons:
            self._buttons[page].setChecked(True)

    def set_count(self, page: str, count: int) -> None:
        """Show how much waits on a page."""
        if page in self._buttons:
            self._buttons[page].set_count(count)

    def pages(self) -> list[str]:
        """Return the ids of the pages shown."""
        return list(self._buttons)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        here = next((n for n, b in enumerate(buttons) if b.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
        else:
            buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(tokens().line))
        painter.end()
