"""One field, shown and edited in place: a text, a number, a day, a choice, a person, a switch."""

from __future__ import annotations

from datetime import UTC

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain import when
from isdesk.domain.changes import Value
from isdesk.domain.fields import Field, Kind
from ui.theme import tokens
from ui.theme.paint import focus_ring
from ui.theme.tokens import Size
from ui.tips import plain_tip
from ui.views.call.kit import KeyButton, Text, line_text, sized, text_width
from ui.views.call.scene import Scene
from ui.widgets.flow import FlowLayout

LABEL_WIDTH = 88
_ROW_HEIGHT = 24
_NO_VALUE = "—"


class FieldEditor(QWidget):
    """Edits one field. ``committed(path, value)`` with the value to store (None clears); ``closed`` when it is done."""

    committed = Signal(str, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._spec: Field | None = None
        self._scene: Scene | None = None
        self._before = ""
        self._line = QLineEdit()
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(72)
        self._choices = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._choices.setSizePolicy(policy)
        self._flow = FlowLayout(self._choices, gap=4)
        self._buttons: list[KeyButton] = []
        self._codes: list[str] = []
        self._problem = Text(ink="bad", size=Size.SMALL, wrap=True)
        self._ask = Text(ink="dim", size=Size.SMALL, wrap=True)
        self._ask.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 4)
        box.setSpacing(4)
        for part in (self._ask, self._line, self._text, self._choices, self._problem):
            box.addWidget(part)
        for editor in (self._line, self._text):
            editor.installEventFilter(self)
        self._problem.hide()

    @property
    def path(self) -> str:
        """Return the field that is edited."""
        return self._path

    def begin(self, path: str, scene: Scene, ask: str = "") -> None:
        """Edit a field of the lead on show; ``ask`` is the question that would fill it."""
        self._ask.show_text(ask)
        self._ask.setVisible(bool(ask))
        self._path, self._scene, self._spec = path, scene, scene.field(path)
        self._before = ""
        self.say_problem("")
        kind = self._spec.kind if self._spec else Kind.TEXT
        options = self._options(scene)
        self._choices.setVisible(bool(options))
        self._text.setVisible(kind is Kind.LONG_TEXT)
        self._line.setVisible(not options and kind is not Kind.LONG_TEXT)
        self._offer(options, str(scene.value(path) or ""))
        shown = self._typed_form(scene)
        self._line.setText(shown)
        self._text.setPlainText(shown)
        self._before = shown
        self._line.setPlaceholderText(self._hint(kind))
        self._text.setPlaceholderText(self.tr("Ctrl Enter か Esc で保存"))
        for editor in (self._line, self._text, self._choices):
            editor.setAccessibleName(scene.field_name(path))

    def _options(self, scene: Scene) -> list[tuple[str, str]]:
        spec = self._spec
        if spec is None:
            return []
        if spec.kind is Kind.CHOICE:
            return [(code, en if scene.lang == "en" else ja) for code, ja, en in spec.choices]
        if spec.kind is Kind.MEMBER:
            return [(m.id, m.name) for m in scene.members.values() if m.active and _fits(self._path, m.role)]
        if spec.kind is Kind.BOOL:
            return [("true", self.tr("はい")), ("", self.tr("いいえ"))]
        if self._path == "stage":
            return [(s.code, scene.say(s.label)) for s in scene.rules.stages.values()]
        if self._path == "lead_source":
            return [(s.code, scene.say(s.label)) for s in scene.rules.sources.values()]
        return []

    def _offer(self, options: list[tuple[str, str]], value: str) -> None:
        self._codes = [code for code, _ in options]
        while len(self._buttons) < len(options):
            self._add_button()
        value = "true" if value == "True" else value
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(options))
            if n < len(options):
                button.say(options[n][1])
                button.setChecked(self._codes[n] == value)

    def _add_button(self) -> None:
        index, button = len(self._buttons), KeyButton(kind="choice")
        button.clicked.connect(lambda _=False, index=index: self._picked(index))
        button.installEventFilter(self)
        self._buttons.append(button)
        self._flow.addWidget(button)

    def _picked(self, index: int) -> None:
        on = self._buttons[index].isChecked()
        code = self._codes[index] if on else ""
        is_flag = self._spec is not None and self._spec.kind is Kind.BOOL
        value: Value = (True if code == "true" else None) if is_flag else (code or None)
        self.committed.emit(self._path, value)
        self.closed.emit()

    def _typed_form(self, scene: Scene) -> str:
        kind = self._spec.kind if self._spec else Kind.TEXT
        if kind in {Kind.DATETIME, Kind.DATE, Kind.PHONE}:
            return scene.shown(self._path)
        value = scene.value(self._path)
        return "" if value is None else str(value)

    def _hint(self, kind: Kind) -> str:
        hints = {
            Kind.DATE: self.tr("例: 2027/4/15"),
            Kind.DATETIME: self.tr("例: 明日 14:00"),
            Kind.PHONE: self.tr("例: 03-0000-0000"),
            Kind.MAIL: self.tr("例: name@example.jp"),
            Kind.CORPORATE_NUMBER: self.tr("13桁"),
        }
        return hints.get(kind, "")

    def take_keyboard(self) -> None:
        """Give the keyboard to the editor."""
        if self._codes and self._buttons:
            chosen = next((b for b in self._buttons[: len(self._codes)] if b.isChecked()), self._buttons[0])
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._text.isVisibleTo(self):
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._line.selectAll()

    def say_problem(self, text: str) -> None:
        """Say why a value cannot be stored; an empty text takes it back."""
        self._problem.show_text(text)
        self._problem.setVisible(bool(text))

    def commit(self) -> bool:
        """Hand over what was typed where it differs; return False where it cannot be understood."""
        if self._codes:
            return True
        typed = self._text.toPlainText() if self._text.isVisibleTo(self) else self._line.text()
        if typed.strip() == self._before.strip():
            return True
        value = self._understood(typed.strip())
        if typed.strip() and value is None:
            self.say_problem(self.tr("読み取れません。書き方を確かめてください。"))
            return False
        self._before = typed
        self.committed.emit(self._path, value)
        return True

    def _understood(self, typed: str) -> str | None:
        scene, kind = self._scene, self._spec.kind if self._spec else Kind.TEXT
        if not typed or scene is None:
            return None
        if kind is Kind.DATETIME:
            at = when.parse(typed, now=scene.now, days=scene.calendar)
            return at.astimezone(UTC).isoformat() if at else None
        if kind is Kind.DATE:
            day = when.parse_date(typed, now=scene.now, days=scene.calendar)
            return day.isoformat() if day else None
        return typed

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        if event.type() is QEvent.Type.FocusOut and watched in {self._line, self._text}:
            self.commit()
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        strong = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape and watched is self._text:
            if self.commit():
                self.closed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._line.setText(self._before)
            self._text.setPlainText(self._before)
            self.closed.emit()
        elif enter and isinstance(watched, KeyButton):
            watched.click()
        elif enter and (watched is self._line or strong):
            if self.commit():
                self.closed.emit()
        elif isinstance(watched, KeyButton) and event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            at = self._buttons.index(watched) + (1 if event.key() == Qt.Key.Key_Right else -1)
            self._buttons[at % len(self._codes)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True


def _fits(path: str, role: str) -> bool:
    return role == "fs" if path == "fs_id" else role != "fs"


class FieldRow(QWidget):
    """A label and a value; Return, F2 or a click opens its editor below."""

    activated = Signal(str)

    def __init__(self, path: str, label: str) -> None:
        super().__init__()
        self.path = path
        self._label, self._value, self._fresh = label, "", False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_ROW_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        """Return what is shown."""
        return self._value

    def show_value(self, label: str, value: str, *, fresh: bool) -> None:
        """Show a value; ``fresh`` was heard in today's call."""
        if (label, value, fresh) != (self._label, self._value, self._fresh):
            self._label, self._value, self._fresh = label, value, fresh
            self.setAccessibleName(f"{label} {value or self.tr('未入力')}")
            self.setToolTip(plain_tip(value))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _ROW_HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F2}:
            self.activated.emit(self.path)
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit(self.path)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(look.panel2))
        face = sized(self.font(), Size.BODY)
        box = self.rect().adjusted(4, 0, -4, 0)
        label = box.adjusted(0, 0, LABEL_WIDTH - box.width(), 0)
        line_text(painter, label, self._label, sized(self.font(), Size.SMALL), look.dim)
        value = box.adjusted(LABEL_WIDTH + 4, 0, 0, 0)
        one_line = " ".join(self._value.split())
        took = line_text(painter, value, one_line or _NO_VALUE, face, look.text if one_line else look.faint)
        if self._fresh:
            self._paint_mark(painter, value.left() + took + 8, value.center().y())
        if self.hasFocus():
            focus_ring(painter, self.rect().toRectF(), look.accent, 6)

    def _paint_mark(self, painter: QPainter, x: int, y: int) -> None:
        look, small = tokens(), sized(self.font(), Size.TINY)
        text = self.tr("この通話")
        width = text_width(text, small) + 12
        if x + width > self.width():
            return
        painter.setFont(small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.key))
        painter.drawRoundedRect(x, y - 9, width, 18, 5, 5)
        painter.setPen(QColor(look.dim))
        painter.drawText(x, y - 9, width, 18, Qt.AlignmentFlag.AlignCenter, text)

    @override
    def enterEvent(self, event: object) -> None:
        self.update()

    @override
    def leaveEvent(self, event: object) -> None:
        self.update()


def side_by_side(*parts: QWidget) -> QWidget:
    """Return widgets in one line."""
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(8)
    for part in parts:
        box.addWidget(part)
    box.addStretch(1)
    return line
