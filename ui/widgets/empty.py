"""What a page shows where there is nothing yet: what this is, and the next step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.theme.icons import pixmap
from ui.widgets.bits import button, label


class IconBadge(QWidget):
    """An icon on a soft round ground."""

    def __init__(self, name: str, size: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(size, size)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.accent_weak)
        painter.drawEllipse(self.rect())
        inner = self.width() // 2
        at = (self.width() - inner) // 2
        painter.drawPixmap(at, at, pixmap(self._name, look.accent_text, inner, self.devicePixelRatioF()))
        painter.end()


class IconLine(QWidget):
    """A quiet line: an icon and some words, and more of them below."""

    def __init__(
        self, name: str, text: str, more: str = "", *, shade: str = "dim", loud: bool = False, high: int = 0
    ) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, high, 0, high)
        line.setSpacing(10)
        mark = label()
        mark.setPixmap(pixmap(name, str(getattr(tokens(), shade)), 16, self.devicePixelRatioF()))
        mark.setFixedSize(18, 18)
        line.addWidget(mark, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        for said, role in ((text, "" if loud else "dim"), (more, "small")):
            if said:
                part = label(said, role, wrap=True)
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                words.addWidget(part)
        line.addLayout(words, 1)
        self.setAccessibleName(f"{text} {more}".strip())


class EmptyState(QWidget):
    """An icon, a sentence, an explanation, and buttons for what to do next."""

    def __init__(self, icon: str, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(8)
        box.addStretch(2)
        box.addWidget(IconBadge(icon), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = label(title, "head", wrap=True)
        self.text = label(text, "dim", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(part)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        box.addSpacing(8)
        box.addLayout(self._buttons)
        box.addStretch(3)
        self.text.setVisible(bool(text))

    def say(self, title: str, text: str = "") -> None:
        """Say something else."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))

    def add_button(self, text: str, kind: str = "plain") -> QPushButton:
        """Add a button; the caller connects it."""
        made = button(text, kind)
        self._buttons.insertWidget(self._buttons.count() - 1, made)
        return made
