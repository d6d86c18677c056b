"""How the window says that something happened: a bar that stays until it is read, and a toast that passes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import paint, tokens
from ui.theme.icons import pixmap
from ui.theme.tokens import Size
from ui.widgets.bits import button, label

OFFER_MS = 10_000
"""So long a toast with a button stands."""
_ICONS = {"bad": "warning", "warn": "warning", "good": "check", "plain": "info", "promise": "phone"}


class _Mark(QWidget):
    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setFixedSize(18, 18)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _, ink = tokens().tone(self._tone)
        painter.drawPixmap(0, 0, pixmap(_ICONS.get(self._tone, "info"), ink, 18, self.devicePixelRatioF()))
        painter.end()


class NoticeBar(QWidget):
    """One notice: what happened, what was kept, what to do; details unfold and can be copied."""

    closed = Signal()
    acted = Signal()
    next_wanted = Signal()

    def __init__(
        self,
        text: str,
        *,
        tone: str = "bad",
        more: str = "",
        details: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone = tone
        self.setAccessibleName(f"{text} {more}".strip())
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 12, 8)
        box.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(_Mark(tone), alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        what = label(text, wrap=True)
        what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(what)
        if more:
            words.addWidget(label(more, "dim", wrap=True))
        line.addLayout(words, 1)
        if action:
            do = button(action)
            do.clicked.connect(self.acted)
            line.addWidget(do)
        if details:
            self._details(line, details)
        self._others = button("", "quiet", tip=self.tr("次のお知らせを見る"))
        self._others.clicked.connect(self.next_wanted)
        self._others.hide()
        line.addWidget(self._others)
        shut = button("✕", "quiet", tip=self.tr("閉じる"))
        shut.setAccessibleName(self.tr("閉じる"))
        shut.clicked.connect(self.closed)
        line.addWidget(shut)
        box.addLayout(line)
        if details:
            box.addWidget(self._text)

    def say_others(self, count: int, key: str) -> None:
        """Say how many more notices stand behind this one, and the key that goes to the next."""
        self._others.setText(self.tr("ほか{n}件  {key}").format(n=count, key=key))
        self._others.setVisible(count > 0)

    def others(self) -> str:
        """Return what is said of the notices behind this one; empty where there are none."""
        return "" if self._others.isHidden() else self._others.text()

    def _details(self, line: QHBoxLayout, details: str) -> None:
        self._text = QPlainTextEdit(details)
        self._text.setReadOnly(True)
        self._text.setFixedHeight(120)
        self._text.hide()
        unfold = button(self.tr("詳細"), "quiet")
        unfold.setCheckable(True)
        unfold.toggled.connect(self._text.setVisible)
        copy = button(self.tr("コピー"), "quiet")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        line.addWidget(unfold)
        line.addWidget(copy)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground, ink = tokens().tone(self.tone)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(0, 0, 3, self.height(), ink)
        painter.end()


class Toast(QWidget):
    """A few words that pass by themselves, over the status bar of ``parent``: no key is covered."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 6, 16, 7)
        self._label = label()
        self._label.setStyleSheet(f"font-size: {Size.BODY}px;")
        line.addWidget(self._label)
        self._do = button("", "link")
        self._do.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._do.clicked.connect(self.act)
        self._act: Callable[[], object] | None = None
        self._subject = ""
        line.addWidget(self._do)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, ms: int = 3500) -> None:
        """Show ``text`` for ``ms`` milliseconds."""
        self.offer(text, "", None, ms)

    def offer(
        self, text: str, action: str, act: Callable[[], object] | None, ms: int = OFFER_MS, subject: str = ""
    ) -> None:
        """Show ``text`` with a button for ``ms`` milliseconds; ``subject`` takes it away before."""
        self._act, self._subject = act, subject
        self._do.setText(action)
        self._do.setVisible(bool(action))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not action)
        self._label.setText(text)
        self.setAccessibleName(text)
        self._fit()
        self._place()
        self.show()
        self.raise_()
        self._timer.start(ms)

    def withdraw(self, subject: str) -> None:
        """Take it away where it is about ``subject``."""
        if subject and subject == self._subject:
            self._subject = ""
            self.hide()

    def text(self) -> str:
        """Return what it says with its button; empty where it is gone."""
        return f"{self._label.text()} {self._do.text()}".strip() if self.isVisible() else ""

    def _fit(self) -> None:
        """Be as wide as the words are; words too long for the window stand in two lines."""
        parent, beside = self.parentWidget(), self._do.sizeHint().width() if not self._do.isHidden() else 0
        room = (parent.width() if parent is not None else 800) - 80 - beside
        wide = self._label.fontMetrics().horizontalAdvance(self._label.text()) + 4
        self._label.setWordWrap(wide > room)
        self._label.setFixedWidth(min(wide, room, max(wide * 6 // 10, 420) if wide > room else wide))
        self.adjustSize()

    def act(self) -> None:
        """Press its button, as long as it is there."""
        if self.isVisible() and self._act is not None:
            self.hide()
            self._act()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.move(QPoint((parent.width() - self.width()) // 2, parent.height() - self.height() - 3))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), look.panel, 10, look.faint)
        painter.end()
