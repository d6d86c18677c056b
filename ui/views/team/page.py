"""The page チーム: the queues of all reps side by side, and the requests that wait for an approval."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.services import bulk
from ui.commands import Command
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.views.team.review import QueueReview
from ui.widgets import SegmentedTabs, label

if TYPE_CHECKING:
    from ui.session import Session

COMMANDS: tuple[Command, ...] = (
    Command("team.tab", QT_TRANSLATE_NOOP("commands", "キューと承認を切り替え"), "team", ("T",), "team", "team"),
    Command("team.next", QT_TRANSLATE_NOOP("commands", "次の担当のキュー"), "team", ("]", "Alt+Right"), "team", "team"),
    Command(
        "team.previous", QT_TRANSLATE_NOOP("commands", "前の担当のキュー"), "team", ("[", "Alt+Left"), "team", "team"
    ),
    Command("team.filter", QT_TRANSLATE_NOOP("commands", "要確認の種類を切り替え"), "team", ("F",), "team", "filter"),
    Command("team.assign", QT_TRANSLATE_NOOP("commands", "選択を割り当て直す"), "team", ("A",), "team", "user"),
    Command("team.snooze", QT_TRANSLATE_NOOP("commands", "選択を保留にする"), "team", ("S",), "team", "clock"),
    Command("team.pin", QT_TRANSLATE_NOOP("commands", "選択をキューの先頭に固定"), "team", ("P",), "team", "pin"),
)


class TeamPage(Page):
    """Two tabs under one title."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.tabs = SegmentedTabs([self.tr("キュー")])
        self.tabs.setFixedWidth(260)
        self.review = QueueReview(session)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.review)
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(16)
        head.addWidget(label(self.tr("チーム"), "title"))
        head.addWidget(self.tabs)
        head.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 0)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self.stack, 1)
        self.tabs.changed.connect(self._turn)
        self.review.opened.connect(self.asked_lead)

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, review = self._session.commands, self.review
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("team.tab", self.next_tab)
        commands.bind("team.next", partial(review.cards.step, 1), allowed=self._reviewing)
        commands.bind("team.previous", partial(review.cards.step, -1), allowed=self._reviewing)
        commands.bind("team.filter", review.next_kind, allowed=self._reviewing)
        for name, kind in (("assign", bulk.ASSIGN), ("snooze", bulk.SNOOZE), ("pin", bulk.PIN)):
            commands.bind(f"team.{name}", partial(review.bar.ask, kind), allowed=self._may_change)

    def _reviewing(self) -> bool:
        return self.stack.currentWidget() is self.review and not self.review.bar.asking

    def _may_change(self) -> bool:
        return self._reviewing() and self.review.may_change()

    def next_tab(self) -> None:
        """Go to the other tab."""
        self.tabs.set_current((self.tabs.current() + 1) % self.tabs.count())

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.arrive()

    @override
    def arrive(self) -> None:
        self.review.arrive()


def make(session: Session) -> Page:
    """Make the page."""
    page = TeamPage(session)
    page.bind()
    return page
