"""All scripts and mail templates of the draft, and what the law asks of a mail; what is wrong has a mark."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from isdesk.services.script_editing import MAIL, SCRIPT, SENDER, Path, Sheet
from ui.theme import theme, tokens
from ui.tips import plain_tip
from ui.views.definitions.scripts.parts import named

_TALL = 176


class PartList(QListWidget):
    """``chosen`` tells the part that somebody wants to edit."""

    chosen = Signal(object)

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang
        self._filling = False
        self.setAccessibleName(self.tr("トークスクリプトとメール"))
        self.setFixedHeight(_TALL)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.currentItemChanged.connect(lambda item, _: self._choose(item))
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        look = tokens()
        self.setStyleSheet(
            f"QListWidget {{ border: none; background: {look.panel}; outline: none; padding: 0 6px; }}"
            f"QListWidget::item {{ padding: 5px 8px; border-radius: 6px; color: {look.text}; }}"
            f"QListWidget::item:selected {{ background: {look.accent_weak}; color: {look.accent_text}; }}"
        )

    def fill(self, sheet: Sheet, current: Path) -> None:
        """Show the parts of a draft."""
        self._filling = True
        self.clear()
        for kind in (SCRIPT, MAIL):
            for code in sheet.codes(kind):
                tree = sheet.tree((*kind, code))
                name = named(tree, self._lang) or code
                shown = name if kind == SCRIPT else self.tr("✉ {name}").format(name=name)
                self._add(sheet, f"{shown}  v{tree.get('version', 1)}", (*kind, code), current)
        self._add(sheet, self.tr("✉ 送信者の表示(法定)"), SENDER, current)
        self._filling = False

    def _add(self, sheet: Sheet, text: str, part: Path, current: Path) -> None:
        wrong = len(sheet.wrong(part))
        text += f"  ! {wrong}" if wrong else ""
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, part)
        item.setToolTip(plain_tip(text))
        self.addItem(item)
        if part == current:
            self.setCurrentItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.chosen.emit(tuple(item.data(Qt.ItemDataRole.UserRole)))
