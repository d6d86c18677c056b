"""The popover for 後で and スキップ: until when, and why; each needs a reason (GLOSSARY)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui.theme.tokens import Size
from ui.views.call.ask_rows import ChoiceRow, TimeRow
from ui.views.call.kit import KeyButton, Text
from ui.views.call.outcome_dialogs import Popover
from ui.views.call.scene import Scene


class WaitPanel(Popover):
    """Asks when the lead shall come back and for the reason; a skip asks for the reason alone."""

    snoozed = Signal(object, str)
    skipped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._skip = False
        self._title = Text(bold=True, size=Size.HEAD)
        self.time = TimeRow(self.tr("いつまで"))
        self.reason = ChoiceRow(self.tr("理由"))
        self._save = KeyButton(self.tr("決定"), "Enter", "primary")
        self._stop = KeyButton(self.tr("やめる"), "Esc")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._stop)
        foot.addWidget(self._save)
        for part in (self._title, self.time, self.reason):
            self.body.addWidget(part)
        self.body.addLayout(foot)
        self.take_alt_digits(self.time.edit)
        self.time.entered.connect(self._on)
        self.time.filled.connect(self.reason.take_keyboard)
        self.reason.entered.connect(self._on)
        self.reason.picked.connect(self._on)
        self._save.clicked.connect(self._on)
        self._stop.clicked.connect(self.dismiss)

    def ask(self, scene: Scene, *, skip: bool) -> None:
        """Open for a snooze or a skip."""
        self._skip = skip
        self._title.show_text(self.tr("スキップ") if skip else self.tr("後で"))
        self.time.begin(scene.now, scene.calendar)
        self.time.setVisible(not skip)
        kind = "skip" if skip else "snooze"
        reasons = [r for r in scene.rules.reasons if r.kind == kind] or [
            r for r in scene.rules.reasons if r.kind == "skip"
        ]
        self.reason.begin([(r.code, scene.say(r.label)) for r in reasons])
        self.chain([self.reason] if skip else [self.time, self.reason])
        self.show()
        self.raise_()
        (self.reason if skip else self.time).take_keyboard()

    def _on(self) -> None:
        if not self._skip and not self.time.complete():
            self.time.take_keyboard()
        elif not self.reason.complete():
            self.reason.take_keyboard()
        else:
            self.hide()
            reason = self.reason.value or ""
            if self._skip:
                self.skipped.emit(reason)
            else:
                self.snoozed.emit(self.time.value, reason)

    @override
    def alt_digit(self, digit: int) -> bool:
        return not self._skip and self.time.alt_key(digit)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on()
        else:
            super().keyPressEvent(event)
