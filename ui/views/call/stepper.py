"""Alt+→ right after an answer: the step waits until the answer is stored, for it decides where the script leads."""

from __future__ import annotations

from PySide6.QtCore import QObject

from isdesk.domain.ids import LeadId
from ui.views.call.controller import CallController
from ui.views.call.workspace import CallWorkspace


class Stepper(QObject):
    """Goes on in the script, at once or as soon as what was answered is known to its branches."""

    def __init__(self, controller: CallController, workspace: CallWorkspace) -> None:
        super().__init__(controller)
        self._controller, self._workspace = controller, workspace
        self._waits: LeadId | None = None
        self._stored = False
        controller.keeper.rested.connect(self._rested)
        workspace.scene_shown.connect(self._shown)

    def on(self) -> None:
        """Go on to the next phase."""
        here = self._controller.lead_id
        if here is None or not self._controller.keeper.unstored(here):
            self._waits = None
            self._workspace.step_phase(1)
        else:
            self._waits, self._stored = here, False
            self._controller.keeper.flush_answers()

    def _rested(self, lead_id: str) -> None:
        if lead_id == self._waits and not self._controller.keeper.unstored(self._waits):
            self._stored = True
            self._controller.reload()

    def _shown(self, lead_id: str) -> None:
        if self._waits is None or (lead_id == self._waits and not self._stored):
            return
        waited, self._waits = self._waits, None
        if lead_id == waited:
            self._workspace.step_phase(1)
