"""The help page: every key that answers, made from the commands themselves, and how the day goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk import __version__
from ui.commands import ANY, GROUPS, Command, Commands, shown_key, words
from ui.pages import Page
from ui.session import Session
from ui.widgets import Card, FlowLayout, KeyCap, label

COLUMN = 400


class HelpPage(Page):
    """Lists commands by group, narrowed by what is typed; a key stands here only if it works."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 0)
        box.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("ヘルプ"), "title"))
        head.addSpacing(12)
        head.addWidget(label(self.tr("キーはすべてここにあります。Ctrl K でどの画面からでも呼び出せます。"), "dim"), 1)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("操作を探す"))
        self.field.setAccessibleName(self.tr("操作を探す"))
        self.field.setFixedWidth(240)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._fill)
        head.addWidget(self.field)
        box.addLayout(head)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.viewport().setAutoFillBackground(False)
        self._body = QWidget()
        self._body.setAutoFillBackground(False)
        self._flow = FlowLayout(self._body, gap=12)
        area.setWidget(self._body)
        box.addWidget(area, 1)
        box.addWidget(label(self.tr("isdesk {version} — MIT ライセンス").format(version=__version__), "small"))
        box.addSpacing(8)
        session.commands.changed.connect(self._later)
        self._stale = True

    def _later(self) -> None:
        self._stale = True

    @override
    def arrive(self) -> None:
        if self._stale:
            self._fill()
        self.field.setFocus()

    def _fill(self) -> None:
        self._stale = False
        self._flow.clear()
        typed = self.field.text().strip().casefold()
        for group, title in GROUPS.items():
            lines = [c for c in listed(self._session.commands, group) if fits(self._session.commands, c, typed)]
            if lines:
                self._flow.addWidget(self._card(words(title), lines))
        self._body.updateGeometry()

    def _card(self, title: str, lines: list[Command]) -> Card:
        card = Card(margins=(16, 12, 16, 14))
        card.setFixedWidth(COLUMN)
        card.body.addWidget(label(title, "section"))
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        for row, command in enumerate(lines):
            text = label(self._session.commands.label(command.id), wrap=True)
            grid.addWidget(text, row, 0)
            caps = QHBoxLayout()
            caps.setSpacing(4)
            for key in command.keys:
                caps.addWidget(KeyCap(shown_key(key)))
            grid.addLayout(caps, row, 1, Qt.AlignmentFlag.AlignRight)
            if command.where == ANY:
                text.setToolTip(self.tr("どの画面でも使えます"))
        card.body.addLayout(grid)
        return card


def listed(commands: Commands, group: str) -> list[Command]:
    """Return the commands of a group that have a key and somebody who answers."""
    return [c for c in commands.bound() if c.group == group and c.keys]


def fits(commands: Commands, command: Command, typed: str) -> bool:
    """Return True where a command's words or keys hold what was typed."""
    hay = f"{commands.label(command.id)} {' '.join(shown_key(k) for k in command.keys)}".casefold()
    return typed in hay


def make(session: Session) -> Page:
    """Make the page."""
    return HelpPage(session)
