"""The last step: the first sync runs beside everything else, counted, to be stopped, and the page need not stay."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from isdesk.services.views import SyncStatus
from ui.noop import QT_TRANSLATE_NOOP
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.views.connect.words import say
from ui.widgets import Card, button, label
from ui.widgets.empty import IconBadge

PHASES: dict[str, str] = {
    "hello": QT_TRANSLATE_NOOP("connect", "CRMにつないでいます"),
    "member": QT_TRANSLATE_NOOP("connect", "チームのメンバー"),
    "playbook": QT_TRANSLATE_NOOP("connect", "チームの定義"),
    "suppression": QT_TRANSLATE_NOOP("connect", "架電禁止・配信停止"),
    "company": QT_TRANSLATE_NOOP("connect", "会社を受け取っています"),
    "lead": QT_TRANSLATE_NOOP("connect", "リードを受け取っています"),
    "touch": QT_TRANSLATE_NOOP("connect", "これまでの活動を受け取っています"),
    "transition": QT_TRANSLATE_NOOP("connect", "引き継ぎを受け取っています"),
    "send": QT_TRANSLATE_NOOP("connect", "この端末の記録を送っています"),
    "derive": QT_TRANSLATE_NOOP("connect", "キューを並べています"),
}
"""What a round of sync does, by the name of its step."""


class FirstSyncStep(QWidget):
    """``stopped`` gives the round up, ``again`` begins one; ``call`` and ``details`` go to other pages."""

    stopped = Signal()
    again = Signal()
    call = Signal()
    details = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, int] = {}
        self._expected = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 24, 0, 0)
        middle = QHBoxLayout()
        middle.addStretch(1)
        card = Card(margins=(32, 28, 32, 26))
        card.setFixedWidth(620)
        card.body.setSpacing(10)
        self.badge = IconBadge("sync", 48)
        card.body.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = label("", "head")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(self.title)
        self.count = label("", "name")
        self.count.setFont(figures(Size.NAME, bold=True))
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(self.count)
        self.bar = QProgressBar()
        card.body.addWidget(self.bar)
        self.more = label("", "dim", wrap=True)
        self.more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(self.more)
        card.body.addSpacing(8)
        card.body.addLayout(self._foot())
        middle.addWidget(card)
        middle.addStretch(1)
        box.addLayout(middle)
        box.addStretch(1)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        self.stop_button = button(self.tr("中止"))
        self.again_button = button(self.tr("続きを受け取る"))
        self.details_button = button(self.tr("同期の状態を見る"))
        self.call_button = button(self.tr("架電をはじめる"), "primary")
        self.stop_button.clicked.connect(self.stopped)
        self.again_button.clicked.connect(self.again)
        self.details_button.clicked.connect(self.details)
        self.call_button.clicked.connect(self.call)
        for part in (self.stop_button, self.again_button, self.details_button, self.call_button):
            foot.addWidget(part)
        foot.addStretch(1)
        return foot

    def begin(self, expected: int) -> None:
        """Show that the round has begun; ``expected`` leads are to come (0: nobody knows)."""
        self._rows, self._expected = {}, expected
        self.badge.show_icon("sync")
        self.title.setText(self.tr("はじめての同期をしています"))
        self.count.setText("")
        self.count.show()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.more.setText(self.tr("この画面を離れても続きます。届いたリードから架電できます。"))
        self.stop_button.setVisible(True)
        self.stop_button.setEnabled(True)
        self.again_button.hide()

    def step(self, what: str, done: int, _total: int) -> None:
        """Show how far it is."""
        name = what.partition(":")[2] or what
        if name in PHASES:
            self.title.setText(say(PHASES[name]))
        if not done:
            return
        self._rows[name] = max(self._rows.get(name, 0), done)
        text = self.tr("{n}件").format(n=f"{done:,}")
        if name == "lead" and self._expected >= done:
            text = self.tr("{n} / 約{all}件").format(n=f"{done:,}", all=f"{self._expected:,}")
            self.bar.setRange(0, self._expected)
            self.bar.setValue(done)
        self.count.setText(text)

    def end(self, status: SyncStatus | None, leads: int, problem: str) -> None:
        """Show how the round ended: ``leads`` are here now; ``problem`` in words where it did not get through."""
        self.bar.hide()
        self.stop_button.hide()
        self.badge.show_icon("warning" if problem else "check")
        if problem:
            self.title.setText(self.tr("同期は途中で止まりました"))
            self.count.hide()
            self.more.setText(
                self.tr("{problem} ここまでに届いた{n}件は使えます。").format(problem=problem, n=f"{leads:,}")
            )
            self.again_button.show()
        else:
            self.title.setText(self.tr("準備ができました"))
            self.count.setText(self.tr("リード {n}件").format(n=f"{leads:,}"))
            waiting = status.waiting if status is not None else 0
            text = self.tr("送信待ち{n}件は順に送ります。").format(n=f"{waiting:,}") if waiting else ""
            self.more.setText(text or self.tr("これからは自動で同期します。"))
        self.call_button.setFocus()

    def stopping(self) -> None:
        """Show that it is being given up."""
        self.stop_button.setEnabled(False)
        self.more.setText(self.tr("中止しています。ここまでに届いた分は残ります。"))
