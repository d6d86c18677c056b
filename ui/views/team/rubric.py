"""The rubric beside a call: points by number keys, issues heard, a comment; what it comes to is seen while typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.coaching import Evaluation
from isdesk.domain.rules import RubricItem
from ui.theme import paint, tokens
from ui.theme.tokens import Size
from ui.views.figures.words import percent
from ui.widgets import Chip, button, label

_BUTTONS = 10
"""Up to so many points each has its button; more are typed."""
MOST_ISSUES = 99


class PointsRow(QWidget):
    """One item: a digit gives the points and goes on, ← → change them by one, Backspace clears."""

    changed = Signal()
    moved = Signal(int)

    def __init__(self, name: str, most: int, *, weight: int = 1, about: str = "", start: int | None = None) -> None:
        super().__init__()
        self._name, self._most, self._start = name, most, start
        self.value: int | None = start
        self._typed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons: list[QPushButton] = []
        self._points = label("", "dim")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 6)
        box.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        title = label(name)
        title.setStyleSheet("font-weight: 600;")
        head.addWidget(title)
        if weight > 1:
            head.addWidget(Chip(f"×{weight}"))
        head.addStretch(1)
        if most <= _BUTTONS:
            head.addLayout(self._scale())
        else:
            head.addWidget(self._points)
        box.addLayout(head)
        if about:
            box.addWidget(label(about, "small", wrap=True))
        self._points.setVisible(most > _BUTTONS)
        self._tell()

    def _scale(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        for points in range(self._most + 1):
            made = button(str(points), "choice")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setFixedWidth(32 if self._most <= 6 else 26)
            made.setStyleSheet("padding: 2px 0;")
            made.clicked.connect(lambda _=False, n=points: self.give(n))
            line.addWidget(made)
            self.buttons.append(made)
        return line

    def give(self, points: int | None) -> None:
        """Give so many points; None takes them away."""
        self.value = points if points is None else max(0, min(points, self._most))
        self._tell()
        self.changed.emit()

    def reset(self, points: int | None) -> None:
        """Begin with these points; nothing is told."""
        self.value = self._start if points is None else max(0, min(points, self._most))
        self._typed = False
        self._tell()

    def _tell(self) -> None:
        for place, one in enumerate(self.buttons):
            one.setChecked(place == self.value)
        said = "—" if self.value is None else str(self.value)
        self._points.setText(f"{said} / {self._most}" if self._most < MOST_ISSUES else said)
        self.setAccessibleName(f"{self._name} {self._points.text()}")
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._typed = False
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif len(text) == 1 and text in "0123456789":
            self._digit(int(text))
        elif key in steps:
            self.give((-1 if self.value is None else self.value) + steps[key])
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self.give(self._start)
        elif key in moves:
            self.moved.emit(moves[key])
        else:
            super().keyPressEvent(event)

    def _digit(self, digit: int) -> None:
        """Take a digit; where more than nine points are possible, digits add up to a number until the row is left."""
        longer = (self.value or 0) * 10 + digit if self._typed else digit
        self.give(longer if longer <= self._most else min(digit, self._most))
        self._typed = True
        if self._most <= 9:
            self.moved.emit(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        box = QRectF(self.rect())
        paint.rounded(painter, box, look.panel2, Size.RADIUS)
        if self.hasFocus():
            paint.focus_ring(painter, box, look.accent, Size.RADIUS)
        painter.end()


class RubricForm(QWidget):
    """The items of the rubric below one another; ``left`` goes back to the list."""

    left = Signal()

    def __init__(self, rubric: Sequence[RubricItem], lang: str) -> None:
        super().__init__()
        self.rubric = tuple(rubric)
        self.rows: dict[str, PointsRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.sum = label("", "head")
        head = QHBoxLayout()
        head.addWidget(label(self.tr("評価"), "section"))
        head.addStretch(1)
        head.addWidget(self.sum)
        self._box.addLayout(head)
        for item in self.rubric:
            about = item.help.in_(lang) if item.help is not None else ""
            self._add(item.code, PointsRow(item.label.in_(lang), item.most, weight=item.weight, about=about))
        if not self.rubric:
            text = self.tr("評価項目がまだありません。「定義」の rubric で決めてください。")
            self._box.addWidget(label(text, "dim", wrap=True))
        about = self.tr("この通話で聞き出せた課題の数")
        self.issues = PointsRow(self.tr("課題抽出数"), MOST_ISSUES, about=about, start=0)
        self._wire(self.issues)
        self.comment = QPlainTextEdit()
        self.comment.setTabChangesFocus(True)
        self.comment.setPlaceholderText(self.tr("よかった点と、次に試すこと"))
        self.comment.setAccessibleName(self.tr("コメント"))
        self.comment.setFixedHeight(76)
        self._box.addWidget(self.comment)
        self._say()

    def _add(self, code: str, row: PointsRow) -> None:
        self.rows[code] = row
        self._wire(row)

    def _wire(self, row: PointsRow) -> None:
        row.changed.connect(self._say)
        row.moved.connect(self._go)
        self._box.addWidget(row)

    def _go(self, by: int) -> None:
        order: list[QWidget] = [*self.rows.values(), self.issues, self.comment]
        here = next((place for place, one in enumerate(order) if one.hasFocus()), 0)
        order[max(0, min(here + by, len(order) - 1))].setFocus(Qt.FocusReason.TabFocusReason)

    def begin(self, mine: Evaluation | None) -> None:
        """Begin with one's own evaluation of the call, or anew."""
        for code, row in self.rows.items():
            row.reset(mine.scores.get(code) if mine is not None else None)
        self.issues.reset(mine.issues if mine is not None else None)
        self.comment.setPlainText(mine.comment if mine is not None else "")
        self._say()

    def start(self) -> None:
        """Put the keyboard on the first item."""
        (next(iter(self.rows.values()), self.issues)).setFocus(Qt.FocusReason.TabFocusReason)

    def scores(self) -> dict[str, int]:
        """Return the points given so far."""
        return {code: row.value for code, row in self.rows.items() if row.value is not None}

    def given(self) -> tuple[dict[str, int], int, str]:
        """Return points, issues and comment."""
        return self.scores(), self.issues.value or 0, self.comment.toPlainText()

    def _say(self) -> None:
        given = [(row.value, item) for item in self.rubric if (row := self.rows[item.code]).value is not None]
        whole = sum(item.most * item.weight for _, item in given)
        got = sum((value or 0) * item.weight for value, item in given)
        self.sum.setText(f"{percent(got / whole, 0)}  {got} / {whole}" if whole else "—")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
