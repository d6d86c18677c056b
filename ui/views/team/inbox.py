"""The inbox of approvals: the requests that wait, the one in front in full, and the answer by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk.domain.approvals import Request, Status
from isdesk.domain.changes import Changes
from isdesk.services import approvals
from isdesk.services.approvals import Dossier, Item
from isdesk.services.views import Written
from ui import team_words
from ui.models.records import Cell, Column, RecordModel
from ui.views.team.request import TONES, RequestPanel, title
from ui.widgets import Card, EmptyState, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session


class Inbox(QWidget):
    """``counted(n)`` how many wait for this person; ``opened(lead id)`` a lead to look at."""

    counted = Signal(int)
    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._known = False
        self.model: RecordModel[Item] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("承認の依頼"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.panel = RequestPanel(session)
        self.decided = button(self.tr("決定済みも表示"), "tab", tip=self.tr("決定済みも表示(D)"))
        self.count = label("", "dim")
        self._lay_out()
        self._connect()

    def _columns(self) -> list[Column[Item]]:
        session = self._session

        def asked(item: Item) -> Cell:
            return Cell(session.words.moment(item.request.asked_at, session.now()), "dim")

        return [
            Column("asks", self.tr("依頼"), 200, lambda one: Cell(title(one), bold=one.mine, tip=one.request.reason)),
            Column("lead", self.tr("リード"), 200, _lead, stretch=True),
            Column("by", self.tr("依頼者"), 96, lambda one: Cell(one.asked_by or "—")),
            Column("at", self.tr("日時"), 96, asked),
            Column("status", self.tr("状態"), 96, _status),
        ]

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 0, 24, 16)
        box.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.count)
        line.addStretch(1)
        line.addWidget(self.decided)
        line.addWidget(KeyCap("D"))
        box.addLayout(line)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        card = Card(margins=(1, 1, 1, 1))
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        calm = self.tr("ステージの変更・架電禁止の解除・一括終了・引き渡しで承認が必要なものが、ここに届きます。")
        self._stack.addWidget(EmptyState("check", self.tr("承認待ちはありません"), calm))
        card.body.addWidget(self._stack)
        middle.addWidget(card, 3)
        middle.addWidget(self.panel, 2)
        box.addLayout(middle, 1)

    def _connect(self) -> None:
        session, panel = self._session, self.panel
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._look(now))
        self.table.opened.connect(lambda _: panel.open_lead())
        self.decided.clicked.connect(self.load)
        panel.approve.connect(self._approve)
        panel.reject.connect(self._reject)
        panel.withdraw.connect(self._withdraw)
        panel.opened.connect(self.opened)
        panel.left.connect(self.table.setFocus)
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.load)

    # ------------------------------------------------------------------ reading

    def arrive(self) -> None:
        """The tab is in front: read what changed meanwhile."""
        if not self._known:
            self.load()
        self.table.setFocus()

    def load(self) -> None:
        """Read the requests."""
        ctx, every = self._session.ctx, self.decided.isChecked()
        self._known = True
        self._session.tasks.read(lambda: approvals.inbox(ctx, every=every), self._show, owner=self, key="approvals")

    def toggle_decided(self) -> None:
        """Show the decided ones too, or only those that wait."""
        self.decided.setChecked(not self.decided.isChecked())
        self.load()

    def _show(self, items: list[Item]) -> None:
        waiting = [one for one in items if one.request.status is Status.OPEN]
        decided = [one for one in items if one.request.status is not Status.OPEN]
        shown = sorted(waiting, key=lambda one: not one.mine) + decided[::-1]
        current, row = self._current(), self.table.currentIndex().row()
        self.counted.emit(sum(one.mine for one in waiting))
        self.count.setText(self.tr("承認待ち {n}件").format(n=len(waiting)))
        self.model.show_records(shown)
        self._stack.setCurrentIndex(0 if shown else 1)
        self.panel.setVisible(bool(shown))
        if not shown:
            self.panel.show_nothing()
            return
        places = {one.request.id: place for place, one in enumerate(shown)}
        wanted = places.get(current.request.id) if current is not None else None
        self.table.selectRow(wanted if wanted is not None else max(0, min(row, len(shown) - 1)))

    def _current(self) -> Item | None:
        return self.model.record(self.table.currentIndex().row())

    def _look(self, index: QModelIndex) -> None:
        item = self.model.record(index.row())
        if item is None:
            return
        self.panel.show_item(item)
        ctx, request = self._session.ctx, item.request

        def show(found: Dossier) -> None:
            self.panel.show_dossier(request.id, found)

        self._session.tasks.read(
            lambda: approvals.dossier(ctx, request), show, lambda _: None, owner=self, key="dossier"
        )

    def _changed(self, changes: Changes) -> None:
        if changes.approvals or changes.all_leads or changes.playbook or changes.undo:
            self.load()

    # ------------------------------------------------------------------ answers

    def _approve(self, reason: str) -> None:
        self._answer(lambda one: approvals.approve(self._session.ctx, one.id, reason), self.tr("承認しました"))

    def _reject(self, reason: str) -> None:
        self._answer(lambda one: approvals.reject(self._session.ctx, one.id, reason), self.tr("却下しました"))

    def _withdraw(self) -> None:
        self._answer(lambda one: approvals.withdraw(self._session.ctx, one.id), self.tr("依頼を取り下げました"))

    def _answer(self, act: Callable[[Request], Written], done: str) -> None:
        item, session = self.panel.item, self._session
        if item is None:
            return
        request = item.request
        text = self.tr("{what}(取り消し Ctrl+Z)").format(what=done)
        self.table.setFocus()
        session.tasks.write(lambda: act(request), lambda _: session.notices.say(text), self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._session.notices.error(error)
        self.load()


def _lead(item: Item) -> Cell:
    if item.request.lead_id is None:
        return Cell("—", "dim")
    return Cell(item.name or "—", sub=item.company, tip=f"{item.name} {item.company}".strip())


def _status(item: Item) -> Cell:
    status = item.request.status
    return Cell(team_words.status(status), tone=TONES.get(status, "plain"))
