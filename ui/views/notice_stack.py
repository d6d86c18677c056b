"""The notices above the page: one at a time, the most urgent first, the others counted beside it."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.commands import shown_key
from ui.notices import Notice
from ui.widgets import NoticeBar

MOST_NOTICES = 9
URGENCY = {"promise": 4, "bad": 3, "warn": 2, "plain": 1, "good": 1}
"""A call that comes in goes before a failure, a failure before what falls due, that before news."""
ACT_KEY, NEXT_KEY, CLOSE_KEY = "F10", "F11", "F12"
_NAMES_A_KEY = re.compile(r"(F\d+|(Ctrl|Alt|Shift)[+ ]\S+)$")


class NoticeStack(QWidget):
    """Holds the notices that stand. What keys do concerns the one that is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[NoticeBar] = []
        self._notices: dict[NoticeBar, Notice] = {}
        self._seen: NoticeBar | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def put(self, notice: Notice) -> NoticeBar:
        """Show a notice: in front, unless a more urgent one is read; another one of its subject goes.

        Where there are too many, the oldest of the least urgent goes; that may be this one.
        """
        self.withdraw(notice.subject)
        action = notice.action
        if action and not _NAMES_A_KEY.search(action):
            action = f"{action}  {shown_key(ACT_KEY)}"
        bar = NoticeBar(notice.text, tone=notice.tone, more=notice.more, details=notice.details, action=action)
        self._bars.append(bar)
        self._notices[bar] = notice
        self._box.addWidget(bar)
        bar.closed.connect(partial(self.drop, bar))
        bar.next_wanted.connect(self.next)
        if notice.act is not None:
            bar.acted.connect(partial(self.drop, bar))
            bar.acted.connect(notice.act)
        if self._seen is None or _urgency(bar) >= _urgency(self._seen):
            self._seen = bar
        self._make_room()
        self._show()
        return bar

    def _make_room(self) -> None:
        over = len(self._bars) - MOST_NOTICES
        may_go = [bar for bar in reversed(self._ranked()) if not self._notices[bar].stays]
        for bar in may_go[: max(0, over)]:
            self.drop(bar)

    def drop(self, bar: NoticeBar) -> None:
        """Take a notice away; one that is gone already stays gone."""
        if bar not in self._bars:
            return
        self._bars.remove(bar)
        self._notices.pop(bar, None)
        self._box.removeWidget(bar)
        bar.hide()
        bar.deleteLater()
        if bar is self._seen:
            self._seen = self._ranked()[0] if self._bars else None
        self._show()

    def withdraw(self, subject: str) -> None:
        """Take the notices of a subject away: it was handled, or taken back."""
        for bar in [one for one in self._bars if subject and self._notices[one].subject == subject]:
            self.drop(bar)

    def bars(self) -> list[NoticeBar]:
        """Return the notices that stand, as they came."""
        return list(self._bars)

    @property
    def seen(self) -> NoticeBar | None:
        """Return the one that is seen."""
        return self._seen

    @property
    def seen_subject(self) -> str:
        """Return the subject of the one that is seen, empty where there is none."""
        return self._notices[self._seen].subject if self._seen is not None else ""

    def act(self) -> None:
        """Press the button of the notice that is seen."""
        if self._seen is not None:
            self._seen.acted.emit()

    def next(self) -> None:
        """Show the next notice, round and round."""
        ranked = self._ranked()
        if self._seen is not None and len(ranked) > 1:
            self._seen = ranked[(ranked.index(self._seen) + 1) % len(ranked)]
            self._show()

    def close_seen(self) -> None:
        """Put the notice that is seen away."""
        if self._seen is not None:
            self._seen.closed.emit()

    def _ranked(self) -> list[NoticeBar]:
        """Return the notices, the most urgent first, and of those the newest."""
        return sorted(self._bars, key=lambda bar: (_urgency(bar), self._bars.index(bar)), reverse=True)

    def _show(self) -> None:
        for bar in self._bars:
            bar.setVisible(bar is self._seen)
        if self._seen is not None:
            self._seen.say_others(len(self._bars) - 1, shown_key(NEXT_KEY))


def _urgency(bar: NoticeBar) -> int:
    return URGENCY.get(bar.tone, 1)
