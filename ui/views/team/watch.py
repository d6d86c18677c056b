"""Keeps an eye on approvals while other pages are in front: the count on the mark, and the answer to an own request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk.domain.approvals import Asks, Status
from isdesk.domain.changes import Changes
from isdesk.services import approvals
from isdesk.services.approvals import Item
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
