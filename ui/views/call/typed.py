"""What is typed for the lead at work: to the keeper as it comes, and what the store says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from ui.notices import Notices
from ui.views.call.keeper import Keeper
from ui.views.call.scene import Scene
from ui.views.call.workspace import CallWorkspace
from ui.views.side.side_panel import SidePanel


class Typed(QObject):
    """Carries answers, values and the memo to the keeper. ``refused``: what was typed did not go in, read anew."""

    refused = Signal()

    def __init__(
        self,
        keeper: Keeper,
        notices: Notices,
        workspace: CallWorkspace,
        side: SidePanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keeper, self._notices, self._workspace, self._side = keeper, notices, workspace, side
        self.tell_refusal: Callable[[str, Mapping[str, Value], Exception], object] = self._tell_refusal
        workspace.questions.answered.connect(self._answered)
        workspace.memo.edited.connect(self._memo_edited)
        side.edited.connect(self._edited)
        keeper.memo_saved.connect(self._memo_saved)
        keeper.memo_failed.connect(self._memo_failed)
        keeper.edit_failed.connect(self._edit_failed)

    @property
    def _lead_id(self) -> LeadId | None:
        scene = self._workspace.scene
        return scene.id if scene is not None else None

    def show_draft(self, scene: Scene) -> None:
        """Show the memo as it is stored now; what is being typed meanwhile stays."""
        if not self._keeper.typing(scene.id):
            self._workspace.memo.show_draft(scene.view.draft_note, scene.view.draft_at)

    def _answered(self, path: str, value: object) -> None:
        if self._lead_id is not None:
            self._keeper.answer(self._lead_id, path, value if isinstance(value, str | int | float | bool) else None)

    def _edited(self, path: str, value: object) -> None:
        if self._lead_id is not None:
            plain = value if isinstance(value, str | int | float | bool) else None
            self._keeper.edit(self._lead_id, {path: plain})

    def _memo_edited(self, text: str) -> None:
        if self._lead_id is not None:
            self._keeper.memo(self._lead_id, text)

    def _memo_saved(self, lead_id: str, at: datetime) -> None:
        if lead_id == self._lead_id:
            self._workspace.memo.say_saved(at if self._workspace.memo.value() else None)

    def _memo_failed(self, lead_id: str, error: Exception) -> None:
        if lead_id == self._lead_id:
            self._workspace.memo.say_failed()
        self._notices.error(error)

    def _tell_refusal(self, _lead_id: str, _fields: Mapping[str, Value], error: Exception) -> None:
        self._notices.error(error)

    def _edit_failed(self, lead_id: str, fields: dict[str, Value], error: Exception) -> None:
        self.tell_refusal(lead_id, fields, error)
        if lead_id == self._lead_id and len(fields) == 1 and isinstance(error, BadInput):
            path = next(iter(fields))
            if path == self._side.facts.editing:
                self._side.facts.say_problem(path, self.tr("保存できませんでした。"))
        self.refused.emit()
