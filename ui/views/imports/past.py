"""The imports made so far, so that one sees what was taken in and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.store.imports import Batch
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.widgets import Card, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.session import Session


class Past(Card):
    """A list of past imports; hidden while there is none."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(1, 10, 1, 1))
        self._session = session
        title = label(self.tr("これまでの取り込み"), "section")
        title.setContentsMargins(14, 0, 0, 2)
        self.body.addWidget(title)
        number = self._number
        self.model: RecordModel[Batch] = RecordModel(
            [
                Column("at", self.tr("日時"), 140, lambda b: Cell(words.moment_full(b.at))),
                Column(
                    "file", self.tr("ファイル"), 240, lambda b: Cell(b.file_name, bold=True, sub=b.source), stretch=True
                ),
                Column("who", self.tr("取り込んだ人"), 130, lambda b: Cell(session.ctx.name_of(b.member_id))),
                Column("rows", self.tr("行"), 80, lambda b: number(b, "rows"), right=True),
                Column("created", self.tr("新規"), 80, lambda b: number(b, "created"), right=True),
                Column("updated", self.tr("更新"), 80, lambda b: number(b, "updated"), right=True),
                Column("problems", self.tr("読めない値"), 100, lambda b: number(b, "problems"), right=True),
            ],
            self,
        )
        self.table = DataTable(self.tr("これまでの取り込み"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.body.addWidget(self.table)
        self.hide()

    @staticmethod
    def _number(batch: Batch, code: str) -> Cell:
        value = batch.report.get(code)
        count = value if isinstance(value, int) else 0
        return Cell(f"{count:,}", "text" if count else "dim", right=True)

    def load(self) -> None:
        """Read the list anew."""
        from isdesk.services import import_past

        ctx = self._session.ctx
        self._session.tasks.read(lambda: import_past.recent(ctx), self._show, owner=self, key="import-past")

    def _show(self, batches: tuple[Batch, ...]) -> None:
        self.model.show_records(batches)
        self.setVisible(bool(batches))
