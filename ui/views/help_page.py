"""The help page: every key that answers, made from the commands themselves, and how the day goes."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk import __version__
from ui.commands import ANY, GROUPS, Command, Commands, shown_key, words
from ui.pages import Page
from ui.session import Session
from ui.views.help_papers import PAPERS, PaperView
from ui.widgets import Card, FlowLayout, KeyCap, SegmentedTabs, label
from ui.words import translate

COLUMN = 568
"""Two cards stand beside each other in the smallest window, and the longest words on one line beside their keys."""
MORE = "…"


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
        self.tabs = SegmentedTabs([self.tr("キー"), *(help_words(paper.title) for paper in PAPERS)], "underline")
        self.tabs.changed.connect(self._show_tab)
        box.addWidget(self.tabs)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.viewport().setAutoFillBackground(False)
        self._body = QWidget()
        self._body.setAutoFillBackground(False)
        self._flow = FlowLayout(self._body, gap=12)
        area.setWidget(self._body)
        self.paper = PaperView()
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.paper)
        self._stack = QStackedWidget()
        self._stack.addWidget(area)
        self._stack.addWidget(card)
        box.addWidget(self._stack, 1)
        box.addWidget(label(self.tr("isdesk {version} — MIT ライセンス").format(version=__version__), "small"))
        box.addSpacing(8)
        session.commands.changed.connect(self._later)
        self._stale = True

    def _show_tab(self, tab: int) -> None:
        """Show the keys, or one of the papers."""
        self._stack.setCurrentIndex(1 if tab else 0)
        self.field.setVisible(tab == 0)
        if tab:
            self.paper.show_paper(PAPERS[tab - 1], self._session.lang)
            self.paper.setFocus()

    def _later(self) -> None:
        self._stale = True

    @override
    def arrive(self) -> None:
        if self._stale:
            self._fill()
        (self.field if self.tabs.current() == 0 else self.paper).setFocus()

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
        for row, (said, keys, command) in enumerate(folded(self._session.commands, lines)):
            text = label(said, wrap=True)
            grid.addWidget(text, row, 0)
            caps = QHBoxLayout()
            caps.setSpacing(4)
            for key in keys:
                caps.addWidget(label("…", "dim") if key == MORE else KeyCap(key))
            grid.addLayout(caps, row, 1, Qt.AlignmentFlag.AlignRight)
            if command.where == ANY:
                text.setToolTip(self.tr("どの画面でも使えます"))
        card.body.addLayout(grid)
        return card


def help_words(text: str) -> str:
    """Return the title of a paper in the language of the window."""
    return translate("help", text)


def listed(commands: Commands, group: str) -> list[Command]:
    """Return the commands of a group that have a key and somebody who answers."""
    return [c for c in commands.bound() if c.group == group and c.keys]


def folded(commands: Commands, lines: list[Command]) -> list[tuple[str, list[str], Command]]:
    """Return each line's words, the keys as printed and its command; those that say the same are one line, 1 … 0."""
    made: list[tuple[str, list[str], Command]] = []
    for said, found in groupby(lines, key=lambda one: commands.label(one.id)):
        every = list(found)
        keys = [shown_key(key) for one in every for key in one.keys]
        made.append((said, [keys[0], MORE, keys[-1]] if len(every) > 2 else keys, every[0]))
    return made


def fits(commands: Commands, command: Command, typed: str) -> bool:
    """Return True where a command's words or keys hold what was typed."""
    hay = f"{commands.label(command.id)} {' '.join(shown_key(k) for k in command.keys)}".casefold()
    return typed in hay


def make(session: Session) -> Page:
    """Make the page."""
    return HelpPage(session)
