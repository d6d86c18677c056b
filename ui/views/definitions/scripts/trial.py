"""Two wordings of a script under trial: who hears which, and the way out of the trial by taking one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk.services import script_trials
from isdesk.services.script_trials import Shares
from ui.views.definitions.scripts.parts import steps
from ui.views.definitions.scripts.state import EditState
from ui.widgets import Chip, button, label


class TrialBar(QWidget):
    """``taken`` with True where B was taken, with False where A stays."""

    taken = Signal(bool)

    def __init__(self, state: EditState, lang: str) -> None:
        super().__init__()
        self._state, self._lang = state, lang
        self.own, self.rival = Chip("A"), Chip("B", "promise")
        self.where = label("", "small", wrap=True)
        self.share = label("", "small", wrap=True)
        self.take_own = button(self.tr("Aに決める"), tip=self.tr("試すのを終えて、元の文面(A)に決める"))
        self.take_rival = button(self.tr("Bに決める"), tip=self.tr("試すのを終えて、試した文面(B)に決める"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(self.tr("比べている文面"), "section"))
        for one in (self.own, self.rival):
            line.addWidget(one)
        line.addStretch(1)
        for do in (self.take_own, self.take_rival):
            line.addWidget(do)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self.where)
        box.addWidget(self.share)
        self.take_own.clicked.connect(lambda: self.taken.emit(False))
        self.take_rival.clicked.connect(lambda: self.taken.emit(True))
        self.hide()

    def fill(self) -> None:
        """Show what is under trial; nothing where nothing is."""
        found = script_trials.reworded(self._state.tree)
        self.setVisible(bool(found))
        names = {one.code: one.label for one in steps(self._state, self._lang)}
        said = (", " if self._lang == "en" else "、").join(names.get(code, code) for code in found)
        self.where.setText(self.tr("Bで言い方を変えた段階: {steps}").format(steps=said))

    def show_shares(self, found: Shares | None) -> None:
        """Show which share of the calls gets which wording."""
        if found is None:
            self.share.setText(self.tr("リードの半分ずつが、比べている間いつも同じ文面を聞きます。"))
            return
        self.own.set_text(f"A {found.own.partition('@')[2] and 'v' + found.own.partition('@')[2]}")
        self.rival.set_text(f"B {found.rival.partition('@')[2] and 'v' + found.rival.partition('@')[2]}")
        parts = [
            self.tr("リードの半分ずつが、比べている間いつも同じ文面を聞きます。"),
            self.tr("今日のキュー: {split}").format(split=self._split(*found.leads)),
        ]
        if any(found.calls):
            parts.append(self.tr("これまでの架電: {split}").format(split=self._split(*found.calls)))
        self.share.setText("\n".join(parts))

    def _split(self, own: int, rival: int) -> str:
        every = own + rival
        if not every:
            return self.tr("A 0件 ・ B 0件")
        share = round(100 * own / every)
        return self.tr("A {a}件({p}%) ・ B {b}件({q}%)").format(a=own, p=share, b=rival, q=100 - share)
