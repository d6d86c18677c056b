"""What a round of sync counts, and the report it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from isdesk.crm.port import Offline
from isdesk.domain.changes import Changes, Value
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import LeadId
from isdesk.services.views import SyncReport
from isdesk.store import projection
from isdesk.sync.push import Settled
from isdesk.sync.receiving import Taken

_MANY = 500


@dataclass(frozen=True, slots=True)
class Step:
    """What a round is about to do, given away before it does it. ``done``: rows so far of this kind."""

    what: str
    obj: str = ""
    done: int = 0

    @property
    def name(self) -> str:
        """Return the step with what it concerns: ``ask:lead``."""
        return f"{self.what}:{self.obj}" if self.obj else self.what


@dataclass(slots=True)
class Tally:
    """The counts of one round. ``scarce``: code of why only what is urgent is sent, "" where all may."""

    started_at: datetime
    started: float
    taken: Taken = field(default_factory=Taken)
    sent: int = 0
    failed: int = 0
    quarantined: int = 0
    repaired: int = 0
    asked: int = 0
    online: bool = True
    error: str = ""
    consent: bool = False
    scarce: str = ""
    bulk: bool = False
    newcomers: projection.Place | None = None
    settings: bool = False
    playbook: bool = False

    def settled(self, done: Settled) -> None:
        """Count a settled batch in."""
        self.sent += done.sent
        self.failed += done.failed
        self.quarantined += done.quarantined
        self.taken.add(done.taken)

    def failing(self, error: CrmError) -> None:
        """Note why the round ended early."""
        self.error = error.code
        self.online = not isinstance(error, Offline)

    def report(self, pending: int, seconds: float) -> SyncReport:
        """Return the round as it is shown."""
        leads = self.taken.leads
        many = self.bulk or len(leads) > _MANY
        moved = bool(leads) or self.taken.deleted > 0
        return SyncReport(
            created=self.taken.created,
            updated=self.taken.updated,
            deleted=self.taken.deleted,
            sent=self.sent,
            failed=self.failed,
            quarantined=self.quarantined,
            conflicts=self.taken.conflicts,
            pending=pending,
            repaired=self.repaired,
            seconds=seconds,
            online=self.online,
            error=self.error,
            changes=Changes(
                leads=frozenset() if many else frozenset(LeadId(lead) for lead in leads),
                queue=moved,
                outbox=True,
                settings=self.settings,
                playbook=self.playbook,
                all_leads=many,
            ),
        )

    def counts(self, report: SyncReport) -> dict[str, Value]:
        """Return the figures for the history of syncs."""
        return {
            "created": report.created,
            "updated": report.updated,
            "deleted": report.deleted,
            "sent": report.sent,
            "failed": report.failed,
            "quarantined": report.quarantined,
            "conflicts": report.conflicts,
            "pending": report.pending,
            "repaired": self.repaired,
            "asked": self.asked,
            "seconds": round(report.seconds, 3),
            "online": report.online,
        }
