"""A list in a card, with what stands there without rows; filling it keeps the row in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.models.records import RecordModel
from ui.widgets import Card
from ui.widgets.table import ClearStack, DataTable


def table_stack(name: str, model: RecordModel[Any], empty: QWidget) -> tuple[DataTable, ClearStack]:
    """Return a table of a model in a stack with what stands there without rows."""
    table = DataTable(name)
    table.setModel(model)
    table.dress(model.columns)
    stack = ClearStack()
    stack.addWidget(table)
    stack.addWidget(empty)
    return table, stack


def table_card(name: str, model: RecordModel[Any], empty: QWidget) -> tuple[DataTable, Card]:
    """Return a table of a model in a card of its own."""
    table, stack = table_stack(name, model, empty)
    card = Card(margins=(1, 1, 1, 1))
    card.body.addWidget(stack)
    return table, card


def fill(model: RecordModel[Any], table: DataTable, records: Sequence[Any]) -> None:
    """Show other records; the same row stays in front as far as it is there."""
    row = max(table.currentIndex().row(), 0)
    model.show_records(records)
    stack = table.parentWidget()
    if isinstance(stack, ClearStack):
        stack.setCurrentIndex(0 if records else 1)
    if records:
        table.selectRow(min(row, len(records) - 1))
