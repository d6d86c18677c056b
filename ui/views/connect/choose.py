"""The first step: which CRM. Cards that digits and arrows choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.views.connect.words import CRMS, say
from ui.widgets import label
from ui.widgets.choice_card import ChoiceCard
from ui.widgets.empty import IconLine

_WIDE = 3
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_WIDE, Qt.Key.Key_Down: _WIDE}


class ChooseStep(QWidget):
    """``chosen(kind)`` when a card is taken."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addWidget(label(self.tr("どこにつなぎますか?"), "head"))
        text = self.tr("リードを受け取り、架電の記録を送る先です。あとから変えられます。つなぐまで、何も送りません。")
        box.addWidget(label(text, "dim", wrap=True))
        box.addSpacing(10)
        grid = QGridLayout()
        grid.setSpacing(12)
        self.cards: dict[str, ChoiceCard] = {}
        group = QButtonGroup(self)
        for place, crm in enumerate(CRMS):
            card = ChoiceCard(say(crm.title), say(crm.text), mark=crm.mark, key=str(place + 1), lines=3)
            card.clicked.connect(lambda _=False, kind=crm.kind: self.chosen.emit(kind))
            group.addButton(card)
            self.cards[crm.kind] = card
            grid.addWidget(card, place // _WIDE, place % _WIDE)
        box.addLayout(grid)
        box.addSpacing(14)
        for icon, text in (
            ("lock", self.tr("キーとパスワードは、封印してこの端末にだけ保存します。")),
            ("company", self.tr("CRMの項目との対応は、実際の値を見ながら確かめてから始めます。")),
            ("undo", self.tr("うまくいかないときは、いまの接続のまま何も変わりません。")),
        ):
            box.addWidget(IconLine(icon, text))
        box.addStretch(1)

    def show_state(self, connected: str, names: Sequence[str], chosen: str) -> None:
        """Mark what is connected now and what was chosen; a CRM that this program cannot speak to is greyed."""
        for kind, card in self.cards.items():
            card.say(self.tr("接続中") if kind == connected else "", "good")
            card.setEnabled(kind in names)
            card.setChecked(kind == chosen)

    def take_keys(self) -> None:
        """Take the keyboard: the card that is chosen, else the first."""
        cards = list(self.cards.values())
        next((card for card in cards if card.isChecked()), cards[0]).setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        cards = list(self.cards.values())
        here = next((place for place, card in enumerate(cards) if card.hasFocus()), 0)
        step = _MOVES.get(Qt.Key(event.key()))
        if step is not None:
            if 0 <= here + step < len(cards):
                cards[here + step].setFocus()
        elif event.text().isdigit() and 1 <= int(event.text()) <= len(cards):
            cards[int(event.text()) - 1].click()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and cards[here].hasFocus():
            cards[here].click()
        else:
            super().keyPressEvent(event)
