"""The popover for 名寄せ: who may be the same person, which of the two stays, and what the merge will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services.merging import Preview
from isdesk.services.views import QueueRow
from ui.theme.tokens import Size
from ui.views.call.ask_rows import ChoiceRow
from ui.views.call.kit import KeyButton, Text
from ui.views.call.outcome_dialogs import Popover
from ui.views.call.scene import Scene

THIS, OTHER = "this", "other"
Label = Callable[[str], str]


class MergePanel(Popover):
    """Asks for the other lead and which one stays; ``wanted`` asks for what that would do, ``merged`` does it."""

    wanted = Signal(str, str)
    merged = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: LeadId | None = None
        self._title = Text(self.tr("名寄せ"), bold=True, size=Size.HEAD)
        self.who = ChoiceRow(self.tr("同じ人"))
        self.stays = ChoiceRow(self.tr("残すほう"))
        self.told = Text(ink="dim", wrap=True)
        self._save = KeyButton(self.tr("統合"), "Enter", "primary")
        self._stop = KeyButton(self.tr("やめる"), "Esc")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._stop)
        foot.addWidget(self._save)
        for part in (self._title, self.who, self.stays, self.told):
            self.body.addWidget(part)
        self.body.addLayout(foot)
        self.who.picked.connect(self._ask)
        self.stays.picked.connect(self._ask)
        for row in (self.who, self.stays):
            row.entered.connect(self._on)
        self._save.clicked.connect(self._on)
        self._stop.clicked.connect(self.dismiss)

    def ask(self, scene: Scene, rows: Sequence[QueueRow]) -> None:
        """Open for the lead at work with those who may be the same person, the likeliest first."""
        self._lead = scene.id
        self.who.begin([(row.lead_id, self._line(row)) for row in rows], rows[0].lead_id)
        self.stays.begin([(THIS, self.tr("このリード")), (OTHER, self.tr("相手のリード"))], THIS)
        self.chain([self.who, self.stays])
        self.show()
        self.raise_()
        self.who.take_keyboard()
        self._ask()

    @staticmethod
    def _line(row: QueueRow) -> str:
        return " · ".join(part for part in (row.name, row.company, row.phone or "") if part)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Return (who goes, who stays); None where nothing is chosen."""
        if self._lead is None or self.who.value is None or self.stays.value is None:
            return None
        two = (self.who.value, str(self._lead))
        return two if self.stays.value == THIS else (two[1], two[0])

    def tell(self, pair: tuple[str, str], told: Preview | None, label: Label, refused: str = "") -> None:
        """Say what the merge of ``pair`` would do; ``label`` names a field, ``refused`` says why it cannot be."""
        if pair != self.pair:
            return
        self._save.setEnabled(told is not None)
        self.told.show_text(refused if told is None else self._words(told, label))

    def _words(self, told: Preview, label: Label) -> str:
        parts = [self.tr("対応履歴 {n} 件が移ります。").format(n=told.touches)]
        if told.filled:
            filled = "、".join(map(label, told.filled))
            parts.append(self.tr("補う項目: {0}。").format(filled))
        if told.kept:
            kept = "、".join(map(label, told.kept))
            parts.append(self.tr("残すほうの値を使う項目: {0}。").format(kept))
        if told.do_not_call:
            parts.append(self.tr("架電禁止も引き継ぎます。"))
        return "".join(parts)

    def _ask(self) -> None:
        if self.pair is not None:
            self.wanted.emit(*self.pair)

    def _on(self) -> None:
        if self.pair is not None and self._save.isEnabled():
            self.hide()
            self.merged.emit(*self.pair)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on()
        else:
            super().keyPressEvent(event)
