"""The third step: what was found in the CRM, line by line, and what an administrator must add."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.services.connecting import OK, STOP, Survey
from ui.views.connect.words import LOOKING, finding, say
from ui.views.sync.words import abilities
from ui.widgets import Card, Hairline, Pill, button, clear_scroll, label
from ui.widgets.busy import BusyLine
from ui.widgets.empty import IconLine

_LOOK = {OK: ("check", "good"), STOP: ("warning", "bad")}


class CheckStep(QWidget):
    """``again`` when the check is to be made once more, ``stopped`` when it is to be given up."""

    again = Signal()
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(10)
        box.addLayout(self._head())
        self.busy = BusyLine()
        self.busy.cancelled.connect(self.stopped)
        box.addWidget(self.busy)
        line = QHBoxLayout()
        line.setSpacing(12)
        self._found, self._lines = self._findings()
        line.addWidget(self._found, 3)
        self._able = Card(margins=(20, 16, 20, 18))
        self._able.body.setSpacing(8)
        self._able.body.addWidget(label(self.tr("このつなぎ方でできること"), "section"))
        self._abilities = QVBoxLayout()
        self._abilities.setSpacing(8)
        self._able.body.addLayout(self._abilities)
        self._able.body.addStretch(1)
        line.addWidget(self._able, 2)
        box.addLayout(line, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        self.title = label("", "head")
        head.addWidget(self.title)
        self.verdict = Pill("")
        head.addWidget(self.verdict)
        head.addStretch(1)
        self.copy_button = button(self.tr("管理者への依頼をコピー"))
        self.again_button = button(self.tr("もう一度確認"))
        self.again_button.clicked.connect(self.again)
        head.addWidget(self.copy_button)
        head.addWidget(self.again_button)
        return head

    def _findings(self) -> tuple[Card, QVBoxLayout]:
        card = Card(margins=(4, 4, 4, 4))
        area, lines = clear_scroll()
        lines.setContentsMargins(12, 6, 12, 6)
        lines.setSpacing(0)
        card.body.addWidget(area)
        return card, lines

    @property
    def request(self) -> str:
        """Return what an administrator is to be asked, as text to send."""
        return self._request

    def begin(self, text: str) -> None:
        """Show that the CRM is asked now."""
        self.title.setText(text)
        self.verdict.hide()
        self.copy_button.hide()
        self.again_button.setEnabled(False)
        self._able.hide()
        self._found.hide()
        self.busy.begin(self.tr("確かめています"))

    def step(self, what: str, done: int, total: int) -> None:
        """Show how far it is."""
        if what in LOOKING:
            self.busy.what.setText(say(LOOKING[what]))
        self.busy.bar.setRange(0, total)
        self.busy.bar.setValue(done)

    def show_survey(self, found: Survey, crm: str, lang: str) -> None:
        """Show what was found."""
        self.busy.end()
        self.again_button.setEnabled(True)
        self.title.setText(self.tr("{crm} に {name} さんとしてつながりました").format(crm=crm, name=found.me.name))
        stops = sum(one.level == STOP for one in found.findings)
        warns = sum(one.level not in {STOP, OK} for one in found.findings)
        if stops:
            self.verdict.set_text(self.tr("先に直すこと {n}件").format(n=stops))
        elif warns:
            self.verdict.set_text(self.tr("使えます ・ 注意 {n}件").format(n=warns))
        else:
            self.verdict.set_text(self.tr("すべて問題ありません"))
        self.verdict.set_tone("bad" if stops else "warn" if warns else "good")
        self.verdict.show()
        said = [(one.level, finding(one, lang)) for one in found.findings]
        self._show_lines(said)
        asks = [one.line for level, one in said if level != OK]
        self._request = "\n".join(
            [self.tr("isdeskを{crm}につなぐための依頼").format(crm=crm), *(f"・{a}" for a in asks)]
        )
        self.copy_button.setVisible(bool(asks))
        _clear(self._abilities)
        for text in abilities(found.capabilities)[1:]:
            self._abilities.addWidget(IconLine("check", text))
        self._found.show()
        self._able.show()

    def fail(self) -> None:
        """Show nothing: the check was given up or did not get through."""
        self.busy.end()
        self.again_button.setEnabled(True)

    def _show_lines(self, said: Sequence[tuple[str, messages.Sentence]]) -> None:
        _clear(self._lines)
        for place, (level, sentence) in enumerate(said):
            if place:
                self._lines.addWidget(Hairline())
            icon, shade = _LOOK.get(level, ("warning", "warn"))
            more = " ".join(part for part in (sentence.kept, sentence.do) if part)
            self._lines.addWidget(IconLine(icon, sentence.what, more, shade=shade, loud=True, high=12))
        self._lines.addStretch(1)


def _clear(box: QVBoxLayout) -> None:
    while (taken := box.takeAt(0)) is not None:
        widget = taken.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
