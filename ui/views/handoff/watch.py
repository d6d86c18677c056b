"""Keeps an eye on handoffs while other pages are in front: the count on the mark, and news for the rep."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk.domain.changes import Changes
from isdesk.services import alerts, handoffs
from isdesk.services.alerts import HandoffNews
from ui.notices import Notice
from ui.views.handoff import words

if TYPE_CHECKING:
    from ui.session import Session

_BAD = frozenset({"return", "refuse", "recycle"})


class HandoffWatch(QObject):
    """``counted(n)``: so many wait for the person at this desk; ``opened(lead id)``: a lead that news were about."""

    counted = Signal(int)
    opened = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.look)
        session.hub.ticked.connect(self.count)

    def _changed(self, changes: Changes) -> None:
        if changes.handoffs or changes.all_leads or changes.undo or changes.playbook:
            self.count()

    def count(self) -> None:
        """Count what waits; the time of a meeting passes by itself."""
        ctx = self._session.ctx
        self._session.tasks.read(
            lambda: handoffs.waiting(ctx), self.counted.emit, lambda _: None, owner=self, key="handoff-watch"
        )

    def look(self) -> None:
        """Count, and tell the rep what others made of the own handoffs."""
        ctx = self._session.ctx
        self.count()
        self._session.tasks.write(lambda: alerts.handoff_news(ctx), self._tell, owner=self)

    def _tell(self, news: list[HandoffNews]) -> None:
        rules, lang = self._session.ctx.rules, self._session.lang
        for one in news:
            text = words.news(one, rules, lang)
            if one.action == "accept":
                self._session.notices.news(text)
                continue
            good = one.result in {"won", "opportunity"}
            tone = "warn" if one.action in _BAD else "good" if good else "plain"
            self._session.notices.news(
                Notice(text, tone=tone, action=self.tr("開く"), act=partial(self.opened.emit, str(one.lead_id)))
            )
