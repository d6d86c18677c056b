"""What waits to be sent, item by item: what will be written, how it stands, what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.domain.ids import LeadId
from isdesk.services.views import Found, OutboxItem
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.views.sync.care_form import WHY, CareForm
from ui.views.sync.words import SyncWords, problem
from ui.widgets import Card, Chip, ElidedLabel, EmptyState, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

_DETAIL = 356


class OutboxPanel(QWidget):
    """A list with a detail at its right; what a person decides goes out with the items' ids.

    ``fixed(id, field, text)``, ``moved(ids, lead_id)``, ``noted(ids)``, ``written(ids)`` are for what needs attention.
    """

    retried = Signal(list)
    withdrawn = Signal(list, str)
    fixed = Signal(str, str, str)
    moved = Signal(list, str)
    noted = Signal(list)
    written = Signal(list)
    opened = Signal(str)

    def __init__(self, session: Session, *, attention: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._attention = session, attention
        self._words = SyncWords(session.ctx, session.words)
        self._caps: dict[QWidget, KeyCap] = {}
        self._moving: LeadId | None = None
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
        self.title = ElidedLabel("", "head")
        self.state = Chip()
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        card.body.addLayout(head)
        self.who = label("", "dim")
        card.body.addWidget(self.who)
        self.said = label(self.tr("CRMの返事"), "section")
        self.problem = label("", "bad", wrap=True)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.advice = label("", "dim", wrap=True)
        for part in (self.said, self.problem, self.advice):
            card.body.addWidget(part)
        card.body.addWidget(label(self.tr("書き込むもの"), "section"))
        self.lines = QVBoxLayout()
        self.lines.setSpacing(6)
        card.body.addLayout(self.lines)
        card.body.addStretch(1)
        self.form = CareForm(self._session.tasks, self._find, reason_needed=self._attention)
        self.form.fixed.connect(self._fixed)
        self.form.moved.connect(lambda lead_id: self.moved.emit(self.chosen(), lead_id))
        self.form.dropped.connect(lambda reason: self.withdrawn.emit(self.chosen(), reason))
        self.form.left.connect(self.table.setFocus)
        card.body.addWidget(self.form)
        card.body.addLayout(self._buttons())
        return card

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        kind = "primary" if self._attention else "plain"
        self.retry_button = button(self.tr("送り直す"), kind, tip=self.tr("最初の試行から送り直す(R)"))
        self.retry_button.clicked.connect(lambda: self.retried.emit(self.chosen()))
        text = self.tr("送信をやめる(Delete)。記録そのものは残ります。")
        self.withdraw_button = button(self.tr("破棄…") if self._attention else self.tr("送らない"), "danger", tip=text)
        self.withdraw_button.clicked.connect(self.ask_withdraw)
        self.open_button = button(self.tr("リードを開く"), "quiet")
        self.open_button.clicked.connect(lambda: self._open(self.table.currentIndex()))
        parts = [(self.retry_button, "R")]
        if self._attention:
            self.fix_button = button(self.tr("値を直す…"), tip=self.tr("CRMが受け付ける値に直して送り直す(E)"))
            self.fix_button.clicked.connect(self.ask_fix)
            self.move_button = button(self.tr("付け替え…"), tip=self.tr("別のリードの記録として送る(T)"))
            self.move_button.clicked.connect(self.ask_lead)
            self.note_button = button(self.tr("メモだけ残す"), tip=self.tr("本文だけをメモとして送る(N)"))
            self.note_button.clicked.connect(self.note_only)
            self.written_button = button(self.tr("CRMにあった"), "good", tip=self.tr("CRMを見て確かめた(W)"))
            self.written_button.clicked.connect(self.mark_written)
            parts += [(self.fix_button, "E"), (self.move_button, "T"), (self.note_button, "N")]
        parts += [(self.withdraw_button, "Delete")]
        if self._attention:
            parts += [(self.written_button, "W")]
        for place, (part, key) in enumerate(parts):
            grid.addWidget(part, place // 2, place % 2 * 2)
            cap = KeyCap(key)
            self._caps[part] = cap
            grid.addWidget(cap, place // 2, place % 2 * 2 + 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self.open_button, (len(parts) + 1) // 2, 0)
        return grid

    def _find(self, text: str, limit: int) -> Sequence[Found]:
        from isdesk.services import search

        here = self._moving
        return [one for one in search.find(self._session.ctx, text, limit + 1) if one.lead_id != here][:limit]

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
        self.form.hide()
        if item is None:
            return
        self.title.set_text(self._words.kind(item))
        cell = self._words.state(item, self._session.now())
        self.state.set_text(cell.text)
        self.state.set_tone(cell.tone)
        self.who.setText(" ・ ".join(part for part in (item.lead_name, words.moment_full(item.made_at)) if part))
        said = problem(item.error, self._session.lang)
        self.said.setVisible(self._attention and bool(said.what))
        self.problem.setText(said.what)
        self.problem.setVisible(bool(said.what))
        more = self._advice(item) or f"{said.kept} {said.do}".strip()
        self.advice.setText(more)
        self.advice.setVisible(bool(more))
        self._show_lines(self._words.lines(item))
        self._show_ways(item)

    def _advice(self, item: OutboxItem) -> str:
        """Return what to do about an item that is not sent again by itself; empty where its own sentence says it."""
        if item.state != "quarantined":
            return ""
        if item.doubted:
            return self.tr("CRMを開いて確かめ、あれば「CRMにあった」を、なければ「送り直す」を選んでください。")
        if item.error in messages.catalogue(self._session.lang):
            return ""
        return self.tr("CRMの決まりに合う値に直すか、この文を管理者に伝えてください。ほかの記録の送信は続いています。")

    def _show_ways(self, item: OutboxItem) -> None:
        """Offer what can be done with an item."""
        self.retry_button.setEnabled(item.state != "sending")
        self.withdraw_button.setEnabled(item.state in {"pending", "quarantined"})
        self.open_button.setVisible(item.lead_id is not None)
        if self._attention:
            self.fix_button.setEnabled(item.obj in {"lead", "company", "touch"})
            self.move_button.setEnabled(item.kind != "create" and item.obj in {"lead", "touch", "transition"})
            self.note_button.setEnabled(item.obj == "touch" or (item.obj == "lead" and item.kind != "create"))
            for part in (self.written_button, self._caps[self.written_button]):
                part.setVisible(item.doubted)

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
        """Ask why it shall not be sent; asked again, it is done (what a CRM refused needs a reason)."""
        if not self.withdraw_button.isEnabled():
            return
        if self.form.asking == WHY:
            self.form.give_reason()
            return
        self.form.ask_reason()

    def ask_fix(self) -> None:
        """Ask for another value of one of its fields."""
        item = self.current()
        if item is not None and self._attention and self.fix_button.isEnabled():
            self.form.ask_fix(item, self._words.fixable(item))

    def ask_lead(self) -> None:
        """Ask on which lead it shall be written instead."""
        item = self.current()
        if item is not None and self._attention and self.move_button.isEnabled():
            self._moving = item.lead_id
            self.form.ask_lead("")

    def note_only(self) -> None:
        """Send its words as a plain note."""
        if self._attention and self.note_button.isEnabled() and self.chosen():
            self.noted.emit(self.chosen())

    def mark_written(self) -> None:
        """Say that the CRM has it."""
        item = self.current()
        if item is not None and item.doubted:
            self.written.emit([item.id])

    def _fixed(self, field: str, text: str) -> None:
        item = self.current()
        if item is not None:
            self.table.setFocus()
            self.fixed.emit(item.id, field, text)

    def _open(self, index: QModelIndex) -> None:
        item = self.model.record(index.row())
        if item is not None and item.lead_id is not None:
            self.opened.emit(item.lead_id)
