"""Keeps what is typed: answers and the memo go to the store a moment after the last key, and at once on leaving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from ui.tasks import Tasks
from ui.views.call.source import CallSource

ANSWER_MS = 500
MEMO_MS = 300


class Keeper(QObject):
    """Holds what was typed for one lead until it is stored; a failure puts it back, so that it is tried again."""

    memo_saved = Signal(str, object)
    memo_failed = Signal(str, object)
    edit_failed = Signal(str, object, object)
    rested = Signal(str)
    """A lead whose last answer under way was stored, or was not and was told of."""

    def __init__(self, source: CallSource, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source, self._tasks = source, tasks
        self._answers: dict[LeadId, dict[str, Value]] = {}
        self._memos: dict[LeadId, str] = {}
        self._storing: Counter[LeadId] = Counter()
        self._answer_timer = self._timer(ANSWER_MS)
        self._answer_timer.timeout.connect(self.flush_answers)
        self._memo_timer = self._timer(MEMO_MS)
        self._memo_timer.timeout.connect(self.flush_memos)

    def _timer(self, after: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after)
        return timer

    def answer(self, lead_id: LeadId, path: str, value: Value) -> None:
        """Keep an answer; it is stored when the keys rest."""
        self._answers.setdefault(lead_id, {})[path] = value
        self._answer_timer.start()

    def edit(self, lead_id: LeadId, fields: Mapping[str, Value]) -> None:
        """Store values at once."""
        held = dict(fields)

        def failed(error: Exception) -> None:
            self.edit_failed.emit(lead_id, held, error)
            self._stored(lead_id)

        self._storing[lead_id] += 1
        self._tasks.write(lambda: self._source.edit(lead_id, held), lambda _: self._stored(lead_id), failed, owner=self)

    def _stored(self, lead_id: LeadId) -> None:
        self._storing[lead_id] -= 1
        if not self.unstored(lead_id):
            del self._storing[lead_id]
            self.rested.emit(lead_id)

    def unstored(self, lead_id: LeadId) -> bool:
        """Return whether an answer of the lead is not stored yet."""
        return lead_id in self._answers or self._storing[lead_id] > 0

    def memo(self, lead_id: LeadId, text: str) -> None:
        """Keep the memo; it is stored when the keys rest."""
        self._memos[lead_id] = text
        self._memo_timer.start()

    def take_memo(self, lead_id: LeadId) -> None:
        """The memo goes out with the outcome: it needs no draft any more."""
        self._memos.pop(lead_id, None)

    def typing(self, lead_id: LeadId) -> bool:
        """Return whether something of the lead is not stored yet."""
        return lead_id in self._answers or lead_id in self._memos

    def flush(self) -> None:
        """Store everything at once (another lead, another page, the end)."""
        self.flush_answers()
        self.flush_memos()

    def flush_answers(self) -> None:
        """Store the answers at once."""
        self._answer_timer.stop()
        held, self._answers = self._answers, {}
        for lead_id, fields in held.items():
            self.edit(lead_id, fields)

    def flush_memos(self) -> None:
        """Store the memos at once."""
        self._memo_timer.stop()
        held, self._memos = self._memos, {}
        for lead_id, text in held.items():
            self._save(lead_id, text)

    def _save(self, lead_id: LeadId, text: str) -> None:
        def saved(at: datetime) -> None:
            if lead_id not in self._memos:
                self.memo_saved.emit(lead_id, at)

        def failed(error: Exception) -> None:
            self._memos.setdefault(lead_id, text)
            self.memo_failed.emit(lead_id, error)

        self._tasks.write(lambda: self._source.save_draft(lead_id, text), saved, failed, owner=self)
