"""Merging two leads from the call page: asks for who may be the same, shows what it would do, and does it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from isdesk import messages
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.services import merging
from isdesk.services.views import QueueRow
from ui.field_words import FieldWords
from ui.session import Session
from ui.views.call.controller import CallController
from ui.views.call.workspace import CallWorkspace


class Merger(QObject):
    """Stands between the popover and the services; ``done`` names the lead that stays."""

    done = Signal(str)

    def __init__(self, session: Session, work: CallWorkspace, control: CallController, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._work, self._control = session, work, control
        work.merge.wanted.connect(self._look)
        work.merge.merged.connect(self._merge)

    def open(self) -> None:
        """Look for leads that may be the person at work, and ask."""
        scene = self._work.scene
        if scene is None:
            return
        if self._control.engaged:
            self._control.say_engaged()
            return
        ctx, lead_id = self._session.ctx, scene.id
        self._session.tasks.read(lambda: merging.candidates(ctx, lead_id), self._found, owner=self, key="merge")

    def _found(self, rows: tuple[QueueRow, ...]) -> None:
        scene = self._work.scene
        if scene is None:
            return
        if rows:
            self._work.merge.ask(scene, rows)
        else:
            self._session.notices.say(self.tr("同じ人と思われるリードはありません。"))

    def _look(self, loser: str, winner: str) -> None:
        ctx, pair, panel = self._session.ctx, (loser, winner), self._work.merge
        label = FieldWords(ctx, self._session.words).label

        def refused(error: Exception) -> None:
            if isinstance(error, IsdeskError):
                panel.tell(pair, None, label, messages.sentence(error.code, error.params, ctx.lang).what)
            else:
                self._session.notices.error(error)

        self._session.tasks.read(
            lambda: merging.preview(ctx, LeadId(loser), LeadId(winner)),
            lambda told: panel.tell(pair, told, label),
            refused,
            owner=self,
            key="merge-preview",
        )

    def _merge(self, loser: str, winner: str) -> None:
        if self._control.engaged:
            self._control.say_engaged()
            return
        ctx = self._session.ctx
        self._session.tasks.write(
            lambda: merging.merge(ctx, LeadId(loser), LeadId(winner)), lambda _: self._told(winner), owner=self
        )

    def _told(self, winner: str) -> None:
        self._work.take_keys()
        self._session.notices.say(self.tr("統合しました(取り消し Ctrl+Z)"))
        self.done.emit(winner)
