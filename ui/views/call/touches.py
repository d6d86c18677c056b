"""Contacts over other channels on the lead at work: which outcomes there are, what is asked first, the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk.domain.errors import BadInput
from isdesk.domain.touch import Channel
from isdesk.services.views import Preview
from ui.views.call.scene import Scene
from ui.views.call.touch_panel import TouchPanel, open_profile

if TYPE_CHECKING:
    from isdesk.domain.rules import Outcome
    from ui.notices import Notices
    from ui.tasks import Tasks
    from ui.views.call.source import CallSource
    from ui.views.call.workspace import CallWorkspace


class Touches(QObject):
    """Drives the panel. ``wanted(outcome, preview, channel)``: that is to be recorded, or asked for first."""

    wanted = Signal(object, object, object)

    def __init__(
        self, source: CallSource, tasks: Tasks, notices: Notices, workspace: CallWorkspace, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._notices, self._work = source, tasks, notices, workspace
        self._known: dict[Channel, dict[str, Preview]] = {}
        panel = self.panel
        panel.channel_chosen.connect(self._read)
        panel.chosen.connect(self._chosen)
        panel.canceled.connect(workspace.take_keys)
        panel.profile.connect(self._profile)

    @property
    def panel(self) -> TouchPanel:
        """Return the popover."""
        return self._work.touch

    def open(self) -> None:
        """Open the panel for the lead at work."""
        scene = self._work.scene
        if scene is not None:
            self._work.close_popovers()
            self._known.clear()
            self.panel.ask(scene)

    def _read(self, channel: object) -> None:
        scene = self._work.scene
        if scene is None or not isinstance(channel, Channel):
            return
        source, lead_id, there = self._source, scene.id, channel

        def then(found: dict[str, Preview]) -> None:
            self._known[there] = found
            self.panel.show_previews(there, found)

        self._tasks.read(lambda: source.previews(lead_id, there), then, owner=self, key="touch")

    def _chosen(self, channel: object, code: str) -> None:
        scene = self._work.scene
        if scene is None or not isinstance(channel, Channel):
            return
        known = self._known.get(channel, {}).get(code)
        if known is not None:
            self._want(scene, code, known, channel)
            return
        source, lead_id, there = self._source, scene.id, channel

        def then(found: dict[str, Preview]) -> None:
            if self._work.scene is not None and self._work.scene.id == lead_id and code in found:
                self._want(self._work.scene, code, found[code], there)

        self._tasks.read(lambda: source.previews(lead_id, there), then, self._notices.error, owner=self)

    def _want(self, scene: Scene, code: str, preview: Preview, channel: Channel) -> None:
        outcome: Outcome | None = scene.rules.outcomes.get(code)
        if outcome is None:
            self._notices.error(BadInput("outcome_unknown", outcome=code))
        else:
            self._work.take_keys()
            self.wanted.emit(outcome, preview, channel)

    def _profile(self, channel: str, address: str) -> None:
        if not open_profile(channel, address):
            self._notices.say(self.tr("このリンクは開けません。LinkedInとXのhttpsのアドレスだけを開きます。"))
