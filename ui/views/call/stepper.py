"""Alt+→ right after an answer: the step waits until the answer is stored, for it decides where the script leads."""

from __future__ import annotations

from PySide6.QtCore import QObject

from isdesk.domain.ids import LeadId
from ui.views.call.controller import CallController
from ui.views.call.workspace import CallWorkspace


class Stepper(QObject):
    """Goes on in the script, at once or as soon as what was answered is known to its branches.

    Every press is a step, those that wait too; a step that still waits when the call gets its outcome is taken no more.
    """

    def __init__(self, controller: CallController, workspace: CallWorkspace) -> None:
        super().__init__(controller)
        self._controller, self._workspace = controller, workspace
        self._waits: LeadId | None = None
        self._steps = 0
        self._stored = False
        controller.keeper.rested.connect(self._rested)
        workspace.scene_shown.connect(self._shown)
        workspace.call_recorded.connect(self._forget)

    def on(self) -> None:
        """Go on to the next phase."""
        here = self._controller.lead_id
        unstored = here is not None and self._controller.keeper.unstored(here)
        if here != self._waits:
            self._forget()
        if here is None or (self._waits is None and not unstored):
            self._workspace.step_phase(1)
            return
        self._waits, self._steps = here, self._steps + 1
        if unstored:
            self._stored = False
            self._controller.keeper.flush_answers()

    def _rested(self, lead_id: str) -> None:
        if lead_id == self._waits and not self._controller.keeper.unstored(self._waits):
            self._stored = True
            self._controller.reload()

    def _shown(self, lead_id: str) -> None:
        if self._waits is None or (lead_id == self._waits and not self._stored):
            return
        steps = self._steps if lead_id == self._waits else 0
        self._forget()
        for _ in range(steps):
            self._workspace.step_phase(1)

    def _forget(self) -> None:
        self._waits, self._steps, self._stored = None, 0, False
