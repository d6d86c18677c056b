"""The fifth step: whose leads come to this device, with how many that is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from isdesk.crm.port import Scope
from isdesk.services.connecting import Survey
from ui.widgets import Card, label
from ui.widgets.choice_card import ChoiceCard


class ScopeStep(QWidget):
    """Two cards; ``chosen`` when one is taken by a click or its digit."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addWidget(label(self.tr("どのリードを受け取りますか?"), "head"))
        text = self.tr("この端末に置くデータは、少ないほど安全です。あとから変えられます。")
        box.addWidget(label(text, "dim", wrap=True))
        box.addSpacing(10)
        line = QHBoxLayout()
        line.setSpacing(12)
        mine = self.tr("あなたが担当のリードだけ。ふだんの架電はこちら。")
        team = self.tr("チーム全員のリード。割り当てや横断の確認をするチームリーダー向け。")
        self.mine = ChoiceCard(self.tr("自分のリード"), mine, mark="user", key="1")
        self.team = ChoiceCard(self.tr("チーム全体"), team, mark="team", key="2")
        group = QButtonGroup(self)
        for card, scope in ((self.mine, Scope.MINE), (self.team, Scope.TEAM)):
            group.addButton(card)
            card.clicked.connect(lambda _=False, s=scope: self.chosen.emit(s.value))
            line.addWidget(card)
        self.mine.setChecked(True)
        box.addLayout(line)
        box.addSpacing(12)
        box.addWidget(self._coming())
        box.addStretch(1)

    def _coming(self) -> Card:
        card = Card(margins=(20, 14, 20, 16))
        card.body.setSpacing(6)
        card.body.addWidget(label(self.tr("このあとすること"), "section"))
        for text in (
            self.tr("1. 接続を保存し、リードと会社を受け取ります。途中で止めても、次に続きから受け取ります。"),
            self.tr("2. この端末で記録した架電の結果を送ります。"),
            self.tr("3. 受信の間もこの画面を離れて架電できます。"),
        ):
            card.body.addWidget(label(text, wrap=True))
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        card.body.addWidget(self.problem)
        return card

    @property
    def scope(self) -> str:
        """Return ``mine`` or ``team``."""
        return (Scope.TEAM if self.team.isChecked() else Scope.MINE).value

    def show_survey(self, found: Survey, scope: str) -> None:
        """Show how many leads each choice brings."""
        for card, which in ((self.mine, Scope.MINE), (self.team, Scope.TEAM)):
            count = found.estimates.get(which)
            card.say_figure("" if count is None else self.tr("約{n}件").format(n=f"{count:,}"))
        (self.team if scope == Scope.TEAM.value else self.mine).setChecked(True)

    def take_keys(self) -> None:
        """Take the keyboard."""
        (self.team if self.team.isChecked() else self.mine).setFocus()
