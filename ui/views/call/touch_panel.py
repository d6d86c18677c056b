"""The popover that logs a contact over another channel: the channel on a digit, how it ended on the next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.rules import Outcome
from isdesk.domain.touch import TOUCH_CHANNELS, Channel
from isdesk.services.views import Preview
from ui import links
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.ask_rows import ChoiceRow
from ui.views.call.kit import Elided, KeyButton, Text
from ui.views.call.outcome_dialogs import Popover
from ui.views.call.scene import Scene
from ui.views.side.timeline_words import channel as channel_name

_PROFILES = {Channel.LINKEDIN: "linkedin", Channel.X: "x_url"}
"""The field of a lead that holds its profile."""


def outcomes(scene: Scene, channel: Channel) -> list[Outcome]:
    """Return how a contact over a channel can end: its own outcomes first, then those that calls have too."""
    return sorted(scene.rules.outcomes_on(channel), key=lambda one: one.on(Channel.PHONE))


class TouchPanel(Popover):
    """``channel_chosen`` asks for what each outcome would do; ``chosen(code)`` logs one; ``profile`` opens a link."""

    channel_chosen = Signal(object)
    chosen = Signal(object, str)
    profile = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._last = Channel.LINKEDIN
        self._title = Text(self.tr("電話以外の接触"), bold=True, size=Size.HEAD)
        self._hint = Elided(ink="dim", size=Size.SMALL)
        self.channel = ChoiceRow(self.tr("チャネル"))
        self.outcome = ChoiceRow(self.tr("結果"))
        self.link = KeyButton(self.tr("プロフィールを開く"), "O")
        self._stop = KeyButton(self.tr("やめる"), "Esc")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._hint, 1)
        head.addWidget(self.link)
        head.addWidget(self._stop)
        self.body.addLayout(head)
        self.body.addWidget(self.channel)
        self.body.addWidget(self.outcome)
        self.channel.picked.connect(self._picked)
        self.channel.entered.connect(self._to_outcome)
        self.outcome.picked.connect(self._done)
        self.outcome.entered.connect(self._done)
        self.link.clicked.connect(self.open_profile)
        self._stop.clicked.connect(self.dismiss)

    def ask(self, scene: Scene) -> None:
        """Open for the lead at work; the channel used last is offered first."""
        self._scene = scene
        self.channel.begin([(c.value, channel_name(c)) for c in TOUCH_CHANNELS], self._last.value)
        self.outcome.begin([])
        self.chain([self.channel, self.outcome])
        self.show()
        self.raise_()
        self._pick(focus=False)
        self.channel.take_keyboard()

    @property
    def picked(self) -> Channel:
        """Return the channel that is chosen."""
        return Channel(self.channel.value or self._last.value)

    def _picked(self) -> None:
        self._pick(focus=True)

    def _pick(self, *, focus: bool) -> None:
        if self._scene is None:
            return
        scene, self._last = self._scene, self.picked
        self.outcome.begin([(o.code, scene.say(o.label)) for o in outcomes(scene, self.picked)])
        self.link.setVisible(bool(self._address()))
        lacks = self.picked in _PROFILES and not self._address()
        memo = self.tr("メモはそのまま接触の記録に付きます")
        self._hint.show_text(self.tr("プロフィール未登録(F2 で登録)") if lacks else memo)
        self.channel_chosen.emit(self.picked)
        if focus:
            self._to_outcome()

    def show_previews(self, channel: Channel, previews: Mapping[str, Preview]) -> None:
        """Say on each outcome what it would do now."""
        scene = self._scene
        if scene is None or channel is not self.picked or not self.isVisible():
            return
        known = [(o, previews.get(o.code)) for o in outcomes(scene, channel)]
        then = [phrases.consequence(p, o, scene.now, scene.calendar) if p is not None else "" for o, p in known]
        self.outcome.show_after(then)
        for button, said in zip(self.outcome.buttons(), then, strict=False):
            button.setToolTip(said)

    def _to_outcome(self) -> None:
        self.outcome.take_keyboard()

    def _done(self) -> None:
        if self.outcome.value is not None:
            channel, code = self.picked, self.outcome.value
            self.hide()
            self.chosen.emit(channel, code)

    def _address(self) -> str:
        field = _PROFILES.get(self.picked)
        return self._scene.text(field) if self._scene is not None and field else ""

    def open_profile(self) -> None:
        """Ask for the lead's profile in the browser."""
        if self._address():
            self.profile.emit(self.picked.value, self._address())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_O and not event.modifiers():
            self.open_profile()
        else:
            super().keyPressEvent(event)


def open_profile(channel: str, address: str) -> bool:
    """Open a profile in the browser; False where its address does not lie where those of the channel do."""
    from PySide6.QtGui import QDesktopServices

    url = links.social(channel, address)
    return url is not None and QDesktopServices.openUrl(url)
