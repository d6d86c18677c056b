"""To what one is connected, how sound that is, and the ways to change it; the steps are a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.fonts import figures
from ui.widgets import Card, EmptyState, KeyCap, Pill, button, label
from ui.widgets.empty import IconBadge, IconLine
from ui.widgets.table import ClearStack


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the health of a connection: what, how much, and whether that is good."""

    name: str
    value: str
    tone: str = ""


class ConnectionPanel(QWidget):
    """``connect_wanted`` opens the steps, ``review`` looks at the present connection again."""

    connect_wanted = Signal()
    review = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = ClearStack()
        self._none = EmptyState(
            "link",
            self.tr("まだ接続していません"),
            self.tr("接続しなくても使えます。記録はこの端末に残り、あとで接続したときに送られます。"),
        )
        self.connect_button = self._none.add_button(self.tr("CRMに接続する"), "primary")
        self.connect_button.clicked.connect(self.connect_wanted)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self._none)
        self._stack.addWidget(card)
        self._stack.addWidget(self._full())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    def _full(self) -> QWidget:
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for part, wide in ((self._present(), 3), (self._health(), 2)):
            column = QVBoxLayout()
            column.addWidget(part)
            column.addStretch(1)
            line.addLayout(column, wide)
        return page

    def _present(self) -> Card:
        card = Card(margins=(20, 18, 20, 18))
        card.body.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconBadge("link", 40))
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.title = label("", "head", wrap=True)
        self.state = Pill("")
        first.addWidget(self.title)
        first.addWidget(self.state)
        first.addStretch(1)
        words.addLayout(first)
        self.more = label("", "dim", wrap=True)
        words.addWidget(self.more)
        head.addLayout(words, 1)
        card.body.addLayout(head)
        self.problem = label("", "bad", wrap=True)
        card.body.addWidget(self.problem)
        self._able = QVBoxLayout()
        self._able.setSpacing(6)
        card.body.addLayout(self._able)
        card.body.addSpacing(4)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.review_button = button(self.tr("確認と項目の対応を見直す"), "primary")
        self.other_button = button(self.tr("接続先を変える"))
        self.review_button.clicked.connect(self.review)
        self.other_button.clicked.connect(self.connect_wanted)
        foot.addWidget(self.review_button)
        foot.addWidget(KeyCap("C"))
        foot.addWidget(self.other_button)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _health(self) -> Card:
        card = Card(margins=(20, 16, 20, 18))
        card.body.setSpacing(10)
        card.body.addWidget(label(self.tr("いまの状態"), "section"))
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(1, 1)
        card.body.addLayout(self._grid)
        return card

    def show_none(self) -> None:
        """Show that there is no connection, and the way to one."""
        self._stack.setCurrentIndex(0)

    def show_connection(
        self, title: str, more: str, state: tuple[str, str], able: Sequence[str], health: Sequence[Standing]
    ) -> None:
        """Show to what one is connected, what it can do, and how it stands."""
        self._stack.setCurrentIndex(1)
        self.title.setText(title)
        self.more.setText(more)
        self.state.set_text(state[0])
        self.state.set_tone(state[1])
        while (taken := self._able.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text in able:
            self._able.addWidget(IconLine("check", text, shade="good"))
        while (cell := self._grid.takeAt(0)) is not None:
            widget = cell.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, one in enumerate(health):
            self._grid.addWidget(label(one.name, "dim"), row, 0)
            value = label(one.value, one.tone, wrap=True)
            value.setFont(figures())
            self._grid.addWidget(value, row, 1)

    def say_problem(self, text: str) -> None:
        """Say what keeps the connection from working; empty: nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def take_keys(self) -> None:
        """Take the keyboard."""
        (self.review_button if self._stack.currentIndex() else self.connect_button).setFocus()
