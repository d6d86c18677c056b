"""Takes back and does again: the last record by its key, never unseen while a call is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from isdesk.domain.changes import Changes
from isdesk.domain.errors import Refused
from isdesk.domain.ids import JournalId
from isdesk.services.views import UndoStep
from ui import words
from ui.views.calendar.invite import about

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.call.page import CallPage
    from ui.views.main_window import MainWindow

NOTHING_LEFT = frozenset({"nothing_to_undo", "nothing_to_redo"})
SURE_MS = 8_000
"""So long a second press during a call means the step that was named."""
TO_THE_LEAD = frozenset({"record", "snooze", "skip"})
"""What went on to another lead: taken back, its own lead is at work again."""


class Undoing(QObject):
    """Answers undo and redo of the window. ``engaged`` tells whether a call is on."""

    def __init__(
        self, session: Session, window: MainWindow, engaged: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._window, self._engaged = session, window, engaged
        self._named: tuple[JournalId, bool] | None = None
        self._sure = QTimer(self)
        self._sure.setSingleShot(True)
        self._sure.setInterval(SURE_MS)
        self._sure.timeout.connect(self._forget)

    def undo(self) -> None:
        """Take the last entry back; during a call it is named first, and the second press takes it back."""
        self._ask(again=False)

    def redo(self) -> None:
        """Do again what was taken back last; during a call it is named first."""
        self._ask(again=True)

    def words(self, step: UndoStep) -> str:
        """Return one step of the history in words."""
        verb = words.tr(words.VERBS[step.verb]) if step.verb in words.VERBS else self.tr("操作")
        outcome = self._session.ctx.rules.outcomes.get(str(step.summary.get("outcome", "")))
        what = outcome.label.in_(self._session.lang) if outcome else verb
        return f"{what} — {step.lead_name}" if step.lead_name else what

    def _ask(self, *, again: bool) -> None:
        if not self._engaged():
            self._turn_back(again=again)
            return
        ctx = self._session.ctx

        def op() -> list[UndoStep]:
            from isdesk.services import history

            return history.peek_redo(ctx) if again else history.peek_undo(ctx)

        self._session.tasks.read(op, lambda steps: self._name(steps, again=again), owner=self, key="undoing")

    def _name(self, steps: list[UndoStep], *, again: bool) -> None:
        if not steps:
            self._told([], again=again)
            return
        if self._named == (steps[0].journal_id, again) or not self._engaged():
            self._forget()
            self._turn_back(again=again)
            return
        self._named = (steps[0].journal_id, again)
        self._sure.start()
        back = self.tr("通話中です。もう一度 Ctrl+Z で取り消します: {what}")
        forth = self.tr("通話中です。もう一度 Ctrl+Y でやり直します: {what}")
        self._session.notices.say((forth if again else back).format(what=self.words(steps[0])))

    def _forget(self) -> None:
        self._sure.stop()
        self._named = None

    def _turn_back(self, *, again: bool) -> None:
        ctx, page = self._session.ctx, self._call_page()
        if page is not None:
            page.controller.flush()  # what is typed is stored first: a memo comes back beside it, not over it

        def op() -> tuple[Changes, list[UndoStep]]:
            from isdesk.services import history

            return history.redo(ctx) if again else history.undo(ctx)

        def failed(error: Exception) -> None:
            if isinstance(error, Refused) and error.code in NOTHING_LEFT:
                self._told([], again=again)
            else:
                self._session.notices.error(error)

        self._session.tasks.write(op, lambda done: self._told(done[1], again=again), failed, owner=self)

    def _call_page(self) -> CallPage | None:
        from ui.views.call.page import CallPage

        page = self._window.page("call")
        return page if isinstance(page, CallPage) else None

    def _told(self, steps: list[UndoStep], *, again: bool) -> None:
        if not steps:
            self._session.notices.say(
                self.tr("やり直せる操作はありません") if again else self.tr("取り消せる操作はありません")
            )
            return
        text = self.tr("やり直しました: {what}") if again else self.tr("取り消しました: {what}")
        lead_id, page = steps[0].lead_id, self._call_page()
        here = self._window.front == "call" and not self._engaged()
        if page is not None and lead_id is not None and not again and here and steps[0].verb in TO_THE_LEAD:
            page.controller.bring_back(lead_id)
        if lead_id is not None:
            for subject in (about(lead_id), f"material:{lead_id}"):
                self._session.notices.withdraw(subject)
        if page is not None:
            page.controller.redraft()
        self._session.notices.say(text.format(what=self.words(steps[0])))
