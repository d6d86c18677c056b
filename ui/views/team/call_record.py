"""One call to read: outcome and times, the memo, the answers to the script's questions, the lead's timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from isdesk.services.coaching import Dossier
from ui import team_words
from ui.views.call import phrases
from ui.views.call.call_timer import clock_text
from ui.views.call.scene import Scene
from ui.views.side.timeline_words import channel, words_of
from ui.widgets import Card, Chip, ElidedLabel, button, clear_scroll, label
from ui.words import moment_full

if TYPE_CHECKING:
    from ui.session import Session

_SHOWN = 10
"""So many lines of the timeline are shown; the rest is in the call page."""


class CallRecord(Card):
    """``opened(lead id)`` when the lead is to be looked at in the call page."""

    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._session = session
        self.lead_id = ""
        self.outcome, self.why = label("", "head", wrap=True), Chip("")
        self.lead = button("", "link", tip=self.tr("リードを開く(O)"))
        self.lead.clicked.connect(self.open_lead)
        self.company = ElidedLabel("", "dim")
        area, body = clear_scroll()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.outcome, 1)
        head.addWidget(self.why, alignment=Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        who = QHBoxLayout()
        who.setSpacing(8)
        who.addWidget(self.lead)
        who.addWidget(self.company, 1)
        body.addLayout(who)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(6)
        body.addLayout(self._parts)
        body.addStretch(1)
        self.body.addWidget(area, 1)
        self._area = area

    def show_call(self, dossier: Dossier, why: str = "") -> None:
        """Show a call; ``why`` it was suggested."""
        touch = dossier.call.touch
        scene = self._scene(dossier)
        self.lead_id = dossier.view.id
        self.outcome.setText(scene.outcome_label(touch.outcome) or channel(touch.channel))
        self.why.setVisible(bool(why))
        self.why.set_text(team_words.why(why) if why else "")
        self.lead.setText(dossier.call.name or self.tr("氏名不明"))
        self.company.set_text(dossier.call.company)
        self._clear()
        self._grid(self._facts(dossier, scene))
        self._section(self.tr("架電メモ"))
        self._parts.addWidget(label(touch.note or self.tr("メモはありません"), "" if touch.note else "dim", wrap=True))
        if dossier.answers:
            self._section(self.tr("スクリプトの質問への回答(いまの内容)"))
            self._grid([(scene.say(one.label), scene.shown(one.field) or self.tr("未入力")) for one in dossier.answers])
        self._section(self.tr("リードの履歴"))
        for item in dossier.view.timeline[:_SHOWN]:
            line = words_of(item, scene)
            mine = item.touch is not None and item.touch.id == touch.id
            self._line(f"▸ {line.when}" if mine else line.when, line.title, line.detail, strong=mine)
        self._area.verticalScrollBar().setValue(0)

    def _scene(self, dossier: Dossier) -> Scene:
        ctx = self._session.ctx
        return Scene(
            dossier.view,
            ctx.rules,
            ctx.calendar,
            self._session.now(),
            ctx.me,
            members=ctx.members,
            lang=self._session.lang,
        )

    def _facts(self, dossier: Dossier, scene: Scene) -> list[tuple[str, str]]:
        touch = dossier.call.touch
        found = [(self.tr("担当"), dossier.call.member or "—"), (self.tr("日時"), moment_full(touch.at))]
        reached = phrases.reached(touch.reached) if touch.reached else ""
        found.append((self.tr("応答者"), reached or "—"))
        times = clock_text(touch.talk_s) if touch.talk_s else "—"
        if touch.ring_s:
            times = self.tr("{talk}(呼出 {ring})").format(talk=times, ring=clock_text(touch.ring_s))
        found.append((self.tr("通話時間"), times))
        found.append((self.tr("スクリプト"), dossier.script or "—"))
        if touch.reason:
            found.append((self.tr("理由"), scene.reason(touch.reason)))
        known = {o.code: scene.say(o.label) for s in scene.rules.scripts for o in s.objections}
        if touch.objections:
            found.append((self.tr("切り返し"), "、".join(known.get(code, code) for code in touch.objections)))
        return found

    def _grid(self, pairs: list[tuple[str, str]]) -> None:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 88)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(pairs):
            named = label(name, "dim", wrap=True)
            named.setMaximumWidth(190)
            grid.addWidget(named, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(value, wrap=True), row, 1)
        self._parts.addWidget(made)

    def _line(self, when: str, title: str, detail: str, *, strong: bool) -> None:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnMinimumWidth(0, 64)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(when, "dim"), 0, 0, Qt.AlignmentFlag.AlignTop)
        said = label(title, wrap=True)
        if strong:
            said.setStyleSheet("font-weight: 600;")
        grid.addWidget(said, 0, 1)
        if detail:
            grid.addWidget(label(detail, "small", wrap=True), 1, 1)
        self._parts.addWidget(made)

    def _section(self, text: str) -> None:
        self._parts.addSpacing(6)
        self._parts.addWidget(label(text, "section"))

    def _clear(self) -> None:
        while self._parts.count():
            taken = self._parts.takeAt(0)
            part = taken.widget() if taken is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()

    def open_lead(self) -> None:
        """Look at the lead in the call page."""
        if self.lead_id:
            self.opened.emit(self.lead_id)
