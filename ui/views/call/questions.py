"""Verification questions (検証質問): cards whose answers go straight into fields of the lead, saved as typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.domain.rules import Question
from ui.theme.tokens import Size
from ui.views.call.kit import Card, KeyButton, Text
from ui.views.call.scene import Scene
from ui.widgets.flow import FlowLayout

_MOST_LINES = 3
_COLUMNS = 2


class GrowingText(QPlainTextEdit):
    """A text of one to three lines that grows as it is filled. Tab leaves it, Escape gives the keyboard back."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, most_lines: int = _MOST_LINES) -> None:
        super().__init__(parent)
        self._most = most_lines
        self._quiet, self._told = False, ""
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.viewport().setAutoFillBackground(False)
        self.textChanged.connect(self._changed)
        self._lines = 0
        self._fit()

    def show_text(self, text: str) -> None:
        """Show ``text`` as it is stored; it is not an edit."""
        if text == self.toPlainText():
            return
        self._quiet = True
        self.setPlainText(text)
        self._quiet = False
        self._fit()

    def _changed(self) -> None:
        self._fit()
        text = self.toPlainText()
        if text != self._told:
            self._told = text
            if not self._quiet:
                self.edited.emit(text)

    def _fit(self) -> None:
        lines = max(1, min(int(self.document().size().height()), self._most))
        if lines != self._lines:
            self._lines = lines
            self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 6)

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            self.left.emit()
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        card = self.parentWidget()
        if card is not None:
            card.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        card = self.parentWidget()
        if card is not None:
            card.update()


class QuestionCard(Card):
    """One question with choices or a text; what is known already is set."""

    answered = Signal(str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(12, 7, 12, 9))
        self._field = ""
        self._codes: tuple[str, ...] = ()
        self._label = Text(ink="dim", size=Size.SMALL)
        self._choices = QWidget()
        self._flow = FlowLayout(self._choices, gap=6)
        self._buttons: list[KeyButton] = []
        self.text = GrowingText()
        self.body.addWidget(self._label)
        self.body.addWidget(self._choices)
        self.body.addWidget(self.text)
        self.body.addStretch(1)
        self.text.edited.connect(lambda text: self.answered.emit(self._field, text.strip() or None))
        self.text.left.connect(self.left)

    @property
    def field(self) -> str:
        """Return the code of the field it fills."""
        return self._field

    def show_question(self, question: Question, value: Value, lang: str = "ja") -> None:
        """Ask ``question``; ``value`` is what is known."""
        name = question.label.in_(lang)
        self._label.show_text(name)
        self._field, self._codes = question.field, tuple(code for code, _, _ in question.choices)
        self._choices.setVisible(bool(question.choices))
        self.text.setVisible(not question.choices)
        self.text.setAccessibleName(name)
        self._choices.setAccessibleName(name)
        while len(self._buttons) < len(question.choices):
            self._add_button()
        for n, button in enumerate(self._buttons):
            button.setVisible(n < len(question.choices))
            if n < len(question.choices):
                button.say(question.choices[n][2 if lang == "en" else 1])
        self.show_value(value)

    def show_value(self, value: Value) -> None:
        """Show what is known, unless it is being typed right now."""
        text = "" if value is None else str(value)
        known = {text, text.casefold()}
        for n, button in enumerate(self._buttons[: len(self._codes)]):
            button.setChecked(bool(text) and (self._codes[n] in known or button.text() == text))
        if not self._codes and not self.text.hasFocus():
            self.text.show_text(text)

    def focus_answer(self) -> None:
        """Give the keyboard to the answer."""
        if self._codes:
            chosen = next((b for b in self._buttons if b.isChecked()), self._buttons[0])
            chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add_button(self) -> None:
        index, button = len(self._buttons), ChoiceButton()
        button.clicked.connect(lambda _=False, index=index: self._picked(index))
        button.moved.connect(lambda by, index=index: self._move(index, by))
        button.left.connect(self.left)
        self._buttons.append(button)
        self._flow.addWidget(button)

    def _picked(self, index: int) -> None:
        on = self._buttons[index].isChecked()
        for n, button in enumerate(self._buttons):
            if n != index:
                button.setChecked(False)
        self.answered.emit(self._field, self._codes[index] if on else None)

    def _move(self, index: int, by: int) -> None:
        target = (index + by) % max(len(self._codes), 1)
        self._buttons[target].setFocus(Qt.FocusReason.TabFocusReason)


class ChoiceButton(KeyButton):
    """A choice among a few; arrows walk, space and return choose, Escape gives the keyboard back."""

    moved = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(kind="choice")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self.moved.emit(1)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self.moved.emit(-1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif key == Qt.Key.Key_Escape:
            self.clearFocus()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class QuestionGrid(QWidget):
    """The questions of a phase in two columns. Cards are kept and asked anew, never rebuilt."""

    answered = Signal(str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QuestionCard] = []
        self._questions: tuple[Question, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def cards(self) -> Sequence[QuestionCard]:
        """Return the cards in use."""
        return self._cards[: len(self._questions)]

    def show_questions(self, questions: tuple[Question, ...], scene: Scene) -> None:
        """Ask these questions of the lead."""
        while len(self._cards) < len(questions):
            self._add_card()
        changed = questions != self._questions
        self._questions = questions
        for n, card in enumerate(self._cards):
            if n < len(questions):
                value = scene.value(questions[n].field)
                if changed or card.field != questions[n].field:
                    card.show_question(questions[n], value, scene.lang)
                else:
                    card.show_value(value)
            card.setVisible(n < len(questions))
        self.setVisible(bool(questions))

    def focus_first(self) -> None:
        """Give the keyboard to the first question that has no answer yet, else to the first."""
        if self.cards:
            self.cards[0].focus_answer()

    def focus_field(self, field: str) -> bool:
        """Give the keyboard to the question for ``field``; return False where none asks for it."""
        for card in self.cards:
            if card.field == field:
                card.focus_answer()
                return True
        return False

    def _add_card(self) -> None:
        n, card = len(self._cards), QuestionCard()
        card.answered.connect(self.answered)
        card.left.connect(self.left)
        self._cards.append(card)
        self._grid.addWidget(card, n // _COLUMNS, n % _COLUMNS)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())
