"""Keeps an eye on the team while other pages are in front: approvals that wait, and what was said about own calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk.domain.approvals import Asks, Status
from isdesk.domain.changes import Changes
from isdesk.services import approvals, coaching
from isdesk.services.approvals import Item
from isdesk.services.coaching import News
from ui.views.figures.words import percent
from ui.views.team.request import title

if TYPE_CHECKING:
    from ui.session import Session


class ApprovalWatch(QObject):
    """``counted(n)``: so many requests wait for the person at this desk."""

    counted = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._own: set[str] | None = None
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.look)

    def _changed(self, changes: Changes) -> None:
        if changes.approvals or changes.undo:
            self.look()

    def look(self) -> None:
        """Read how it stands."""
        ctx = self._session.ctx
        self._session.tasks.read(lambda: approvals.inbox(ctx, every=True), self._show, owner=self, key="approval-watch")

    def _show(self, items: list[Item]) -> None:
        self.counted.emit(sum(one.mine for one in items))
        me = self._session.ctx.me.id
        own = {one.request.id: one for one in items if one.request.asked_by == me}
        for gone in self._own or ():
            item = own.get(gone)
            if item is not None and item.request.status in {Status.APPROVED, Status.REJECTED}:
                self._tell(item)
        self._own = {key for key, one in own.items() if one.request.status is Status.OPEN}

    def _tell(self, item: Item) -> None:
        if item.request.asks is Asks.HANDOFF and item.request.status is Status.REJECTED:
            return  # `HandoffWatch` tells of it, with the way to the lead
        what, who = title(item), item.name
        if item.request.status is Status.APPROVED:
            said = self.tr("承認されました: {what} {who}").format(what=what, who=who)
        else:
            said = self.tr("却下されました: {what} {who} — {why}").format(what=what, who=who, why=item.request.answer)
        self._session.notices.say(" ".join(said.split()))


class CoachWatch(QObject):
    """``counted(n)``: so much was said about the calls of the person at this desk, or answered to them, unseen yet."""

    counted = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._told: set[str] = set()
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.look)

    def _changed(self, changes: Changes) -> None:
        if changes.coaching or changes.undo:
            self.look()

    def look(self) -> None:
        """Read how it stands."""
        ctx = self._session.ctx
        self._session.tasks.read(lambda: coaching.news(ctx), self._show, owner=self, key="coach-watch")

    def _show(self, news: list[News]) -> None:
        self.counted.emit(len(news))
        fresh = [one for one in news if one.id not in self._told]
        self._told |= {one.id for one in fresh}
        if len(fresh) > 1:
            self._session.notices.say(
                self.tr("通話の評価や返信が {n}件 届いています(チーム → 通話評価)").format(n=len(fresh))
            )
        elif fresh:
            self._session.notices.say(self._words(fresh[0]))

    def _words(self, one: News) -> str:
        if one.reply:
            return self.tr("{who} が通話の評価に返信しました: {lead}").format(who=one.by, lead=one.lead)
        said = self.tr("{who} が通話を評価しました: {lead} {share}")
        return said.format(who=one.by, lead=one.lead, share=percent(one.share, 0))
