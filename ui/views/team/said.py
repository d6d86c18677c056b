"""What was said about a call: every evaluation with its points, the answers to them, and a field to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.coaching import Evaluation
from isdesk.services.coaching import Dossier
from ui.views.figures.words import percent
from ui.widgets import Chip, KeyCap, button, label

if TYPE_CHECKING:
    from ui.session import Session


class ReplyField(QLineEdit):
    """The answer being typed; Enter sends it, Escape goes back."""

    done = Signal()
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.done.emit()
        elif key is Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Said(QWidget):
    """Evaluations and answers, oldest first. ``wanted`` asks to send the answer; ``left`` goes back to the list."""

    wanted = Signal()
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._parts = QVBoxLayout()
        self._parts.setSpacing(8)
        self.field = ReplyField()
        self.field.setAccessibleName(self.tr("評価への返信"))
        self.field.setPlaceholderText(self.tr("返信する(Enterで送る)"))
        self.send = button(self.tr("送る"), tip=self.tr("送る(Enter)"))
        self._foot = QWidget()
        line = QHBoxLayout(self._foot)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(KeyCap("R"))
        line.addWidget(self.send)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._parts)
        box.addWidget(self._foot)
        self.field.done.connect(self.wanted)
        self.field.left.connect(self.left)
        self.send.clicked.connect(self.wanted)

    def show_said(self, dossier: Dossier) -> None:
        """Show what was said about a call; one's own evaluation stands in the form where one may evaluate."""
        self._clear()
        ctx = self._session.ctx
        for one in dossier.call.evaluations:
            if one.by != ctx.me.id or not dossier.may_evaluate:
                self._evaluation(one)
        for answer in dossier.replies:
            self._head(ctx.name_of(answer.by) or "—", self._session.words.moment(answer.at, self._session.now()))
            self._parts.addWidget(label(answer.comment, wrap=True))
        self._foot.setVisible(dossier.may_reply)

    def _evaluation(self, one: Evaluation) -> None:
        ctx, lang = self._session.ctx, self._session.lang
        rubric = ctx.rules.rubric
        when = self._session.words.moment(one.at, self._session.now())
        issues = self.tr("課題 {n}").format(n=one.issues)
        self._head(ctx.name_of(one.by) or "—", when, f"{percent(one.share(rubric), 0)} ・ {issues}")
        named = {item.code: item.label.in_(lang) for item in rubric}
        most = {item.code: item.most for item in rubric} | {code: pair[0] for code, pair in one.scale.items()}
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        order = [code for code in named if code in one.scores] + [code for code in one.scores if code not in named]
        for place, code in enumerate(order):
            row, column = divmod(place, 2)
            points = f"{one.scores[code]} / {most[code]}" if code in most else str(one.scores[code])
            grid.addWidget(label(named.get(code, code), "dim"), row, 2 * column)
            grid.addWidget(label(points), row, 2 * column + 1)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        self._parts.addWidget(made)
        if one.comment:
            self._parts.addWidget(label(one.comment, wrap=True))

    def _head(self, who: str, when: str, share: str = "") -> None:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 6, 0, 0)
        line.setSpacing(8)
        named = label(who)
        named.setStyleSheet("font-weight: 600;")
        line.addWidget(named)
        line.addWidget(label(when, "dim"))
        line.addStretch(1)
        if share:
            line.addWidget(Chip(share, "accent"))
        self._parts.addWidget(made)

    def _clear(self) -> None:
        while self._parts.count():
            taken = self._parts.takeAt(0)
            part = taken.widget() if taken is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()
