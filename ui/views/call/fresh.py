"""The look at the CRM before a number is dialled: the dial is held until it answered, a second and a half at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services.views import Freshness
from ui import words
from ui.hub import Hub
from ui.tasks import Job, Tasks
from ui.views.call.header import LeadHeader

BUDGET_MS = 1_500
DAY = timedelta(days=1)
OLD = timedelta(minutes=10)
"""What is known here needs no word about its age before that."""

Look = Callable[[LeadId], Freshness]


class FreshCheck(QObject):
    """Asks ``look`` (None: nobody is there to ask) and then goes on, or stops where the CRM forbids the call."""

    def __init__(
        self,
        tasks: Tasks,
        hub: Hub,
        header: LeadHeader,
        now: Callable[[], datetime],
        name_of: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._hub, self._header = tasks, hub, header
        self._now, self._name_of = now, name_of
        self._job: Job[Freshness] | None = None
        self._lead: LeadId | None = None
        self._go: Callable[[], object] | None = None
        self._online = True
        self.look: Look | None = None
        self._budget = QTimer(self)
        self._budget.setSingleShot(True)
        self._budget.setInterval(BUDGET_MS)
        self._budget.timeout.connect(self._over)
        hub.online.connect(self._heard)

    @property
    def looking(self) -> bool:
        """Return whether a dial is held just now."""
        return self._go is not None

    def before(self, lead_id: LeadId, go: Callable[[], object]) -> None:
        """Look at a lead in the CRM, then ``go``. Offline it goes at once, with a word on the age of what is known."""
        look = self.look
        if look is None or self._go is not None:
            if look is None:
                go()
            return
        self._lead, self._go = lead_id, go
        self._header.show_looking(on=True)
        if self._online:
            self._budget.start()
        self._job = self._tasks.fetch(lambda: look(lead_id), self._answered, self._failed, owner=self, key="fresh")
        if not self._online:
            self._let_go()

    def cancel(self) -> None:
        """Another lead is at work: neither dial nor tell."""
        if self._job is not None:
            self._job.cancel()
        self._job = self._go = self._lead = None
        self._budget.stop()
        self._header.show_looking(on=False)

    def _heard(self, online: bool) -> None:
        self._online = online

    def _over(self) -> None:
        """Nobody answered in time: the call is not kept waiting, and what comes later is still told."""
        self._let_go()

    def _let_go(self) -> None:
        go, self._go = self._go, None
        self._budget.stop()
        self._header.show_looking(on=False)
        if go is not None:
            go()

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self._let_go()

    def _answered(self, found: Freshness) -> None:
        lead_id, self._job = self._lead, None
        if lead_id is None:
            return
        if found.changed:
            self._hub.changed.emit(Changes(leads=frozenset({lead_id}), queue=True))
        text, tone = self.sentence(found, held=self._go is not None)
        self._header.say_note(text, tone)
        if found.online and found.dnc:
            self._go = None
        self._let_go()

    def sentence(self, found: Freshness, *, held: bool = True) -> tuple[str, str]:
        """Return what the person should know before they speak, and its tone; empty where all is as it was.

        ``held`` False: the answer came late, and the call is on.
        """
        now = self._now()
        if not found.online:
            if found.known_at is None or now - found.known_at < OLD:
                return "", "plain"
            text = self.tr("CRMに確かめられません。この端末のデータは{ago}のものです。")
            return text.format(ago=words.ago(found.known_at, now)), "warn"
        if found.dnc:
            if held:
                return self.tr("CRMで架電禁止になっています。かけずに止めました。"), "bad"
            return self.tr("CRMで架電禁止になっています。この通話を終えてください。"), "bad"
        if not found.here:
            return self.tr("このリードはCRMに見当たりません(削除・統合・担当変更)。記録はこの端末に残ります。"), "warn"
        if found.touched_at is not None and now - found.touched_at < DAY:
            who = self._name_of(found.touched_by or "") or self.tr("ほかの人")
            text = self.tr("{who}が{at}({ago})に連絡しています。")
            at = words.clock(found.touched_at)
            return text.format(who=who, at=at, ago=words.ago(found.touched_at, now)), "warn"
        return "", "plain"
