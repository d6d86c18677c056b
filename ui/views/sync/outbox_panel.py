"""What waits to be sent, item by item: what will be written, how it stands, what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from isdesk.services.views import OutboxItem
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.views.sync.words import SyncWords, problem
from ui.widgets import Card, Chip, EmptyState, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

_DETAIL = 340


class OutboxPanel(QWidget):
    """A list with a detail at its right; ``retried``, ``withdrawn`` and ``opened`` carry the items' ids."""

    retried = Signal(list)
    withdrawn = Signal(list, str)
    opened = Signal(str)

    def __init__(self, session: Session, *, attention: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._attention = session, attention
        self._words = SyncWords(session.ctx, session.words)
        self.model: RecordModel[OutboxItem] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("要対応") if attention else self.tr("送信待ち"), several=True)
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_current())
        self.table.opened.connect(self._open)
        self.table.deleted.connect(self.ask_withdraw)
        self._empty = (
            EmptyState(
                "check",
                self.tr("対応が必要なものはありません"),
                self.tr("送れなかった記録は、理由と一緒にここに残ります。"),
            )
            if attention
            else EmptyState(
                "check",
                self.tr("送信待ちはありません"),
                self.tr("記録はすべて届いています。オフラインの間はここにたまります。"),
            )
        )
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        holder = Card(margins=(1, 1, 1, 1))
        holder.body.addWidget(self._stack)
        line.addWidget(holder, 1)
        self.detail = self._detail()
        line.addWidget(self.detail)
        self.show_items(())

    def _columns(self) -> list[Column[OutboxItem]]:
        now, speech = self._session.now, self._words
        return [
            Column("what", self.tr("内容"), 150, lambda i: Cell(speech.kind(i), bold=True)),
            Column("lead", self.tr("リード"), 120, lambda i: Cell(i.lead_name or "—")),
            Column("fields", self.tr("書き込むもの"), 200, lambda i: Cell(speech.summary(i), "dim"), stretch=True),
            Column("state", self.tr("状態"), 168, lambda i: speech.state(i, now())),
            Column("at", self.tr("記録"), 104, lambda i: Cell(words.ago(i.made_at, now()), "dim")),
            Column("tries", self.tr("試行"), 56, lambda i: Cell(str(i.attempts), "dim", right=True), right=True),
        ]

    def _detail(self) -> Card:
        card = Card(margins=(18, 14, 18, 14))
        card.setFixedWidth(_DETAIL)
        card.body.setSpacing(8)
        head = QHBoxLayout()
        self.title = label("", "head")
        self.state = Chip()
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        card.body.addLayout(head)
        self.who = label("", "dim")
        card.body.addWidget(self.who)
        self.problem = label("", "bad", wrap=True)
        self.advice = label("", "dim", wrap=True)
        card.body.addWidget(self.problem)
        card.body.addWidget(self.advice)
        card.body.addWidget(label(self.tr("書き込むもの"), "section"))
        self.lines = QVBoxLayout()
        self.lines.setSpacing(6)
        card.body.addLayout(self.lines)
        card.body.addStretch(1)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("送らない理由(操作履歴に残ります)"))
        self.reason.setAccessibleName(self.tr("送らない理由"))
        self.reason.returnPressed.connect(self._withdraw)
        self.reason.hide()
        card.body.addWidget(self.reason)
        self._buttons(card)
        return card

    def _buttons(self, card: Card) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(6)
        self.retry_button = button(self.tr("送り直す"), "primary" if self._attention else "plain")
        self.retry_button.setToolTip(self.tr("最初の試行から送り直す(R)"))
        self.retry_button.clicked.connect(lambda: self.retried.emit(self.chosen()))
        self.withdraw_button = button(self.tr("破棄する") if self._attention else self.tr("送らない"), "danger")
        self.withdraw_button.setToolTip(self.tr("送信をやめる(Delete)。記録そのものは残ります。"))
        self.withdraw_button.clicked.connect(self.ask_withdraw)
        self.open_button = button(self.tr("リードを開く"), "quiet")
        self.open_button.clicked.connect(lambda: self._open(self.table.currentIndex()))
        for part, key in ((self.retry_button, "R"), (self.withdraw_button, "Delete")):
            foot.addWidget(part)
            foot.addWidget(KeyCap(key))
        foot.addStretch(1)
        card.body.addLayout(foot)
        card.body.addWidget(self.open_button, alignment=Qt.AlignmentFlag.AlignLeft)

    # ------------------------------------------------------------------ what is shown

    def say_connected(self, *, connected: bool) -> None:
        """Say why the list is empty: all has arrived, or there is nowhere to send it to yet."""
        if connected:
            self._empty.say(
                self.tr("送信待ちはありません"), self.tr("記録はすべて届いています。オフラインの間はここにたまります。")
            )
        else:
            self._empty.say(
                self.tr("まだ接続していません"),
                self.tr("記録はこの端末に保存されています。接続すると、ここから送られます。"),
            )

    def show_items(self, items: Sequence[OutboxItem]) -> None:
        """Show other items; the one in front stays in front."""
        kept = self.current()
        if list(items) == self.model.records() and items:
            return
        self.model.show_records(items)
        self._stack.setCurrentIndex(0 if items else 1)
        self.detail.setVisible(bool(items))
        if items:
            row = next((n for n, item in enumerate(items) if kept is not None and item.id == kept.id), 0)
            self.table.selectRow(row)
        self._show_current()

    def current(self) -> OutboxItem | None:
        """Return the item in front."""
        return self.model.record(self.table.currentIndex().row())

    def chosen(self) -> list[str]:
        """Return the ids of the selected items."""
        items = [self.model.record(row) for row in self.table.chosen_rows()]
        return [item.id for item in items if item is not None]

    def _show_current(self) -> None:
        item = self.current()
        self.reason.hide()
        if item is None:
            return
        self.title.setText(self._words.kind(item))
        cell = self._words.state(item, self._session.now())
        self.state.set_text(cell.text)
        self.state.set_tone(cell.tone)
        self.who.setText(" ・ ".join(part for part in (item.lead_name, words.moment_full(item.made_at)) if part))
        said = problem(item.error, self._session.lang)
        self.problem.setText(said.what)
        self.problem.setVisible(bool(said.what))
        more = f"{said.kept} {said.do}".strip()
        self.advice.setText(more)
        self.advice.setVisible(bool(more))
        self._show_lines(self._words.lines(item))
        sending = item.state == "sending"
        self.retry_button.setEnabled(not sending)
        self.withdraw_button.setEnabled(item.state in {"pending", "quarantined"})
        self.open_button.setVisible(item.lead_id is not None)

    def _show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        while (taken := self.lines.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for name, value in lines[:14]:
            part = QWidget()
            line = QHBoxLayout(part)
            line.setContentsMargins(0, 0, 0, 0)
            key = label(name, "dim")
            key.setFixedWidth(104)
            line.addWidget(key, alignment=Qt.AlignmentFlag.AlignTop)
            line.addWidget(label(value, wrap=True), 1)
            self.lines.addWidget(part)

    # ------------------------------------------------------------------ verbs

    def ask_withdraw(self) -> None:
        """Ask why it shall not be sent; asked again, it is done."""
        if not self.withdraw_button.isEnabled():
            return
        if self.reason.isVisible():
            self._withdraw()
            return
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus()

    def _withdraw(self) -> None:
        text = self.reason.text().strip()
        if self._attention and not text:
            self.reason.setFocus()
            return
        self.reason.hide()
        self.table.setFocus()
        self.withdrawn.emit(self.chosen(), text)

    def _open(self, index: QModelIndex) -> None:
        item = self.model.record(index.row())
        if item is not None and item.lead_id is not None:
            self.opened.emit(item.lead_id)
