"""When a connection is left alone: after failures in a row, and while the CRM asked for time.

Held by the engine, in memory and by the monotonic clock (SYNC E8, E9); only the pause for an allowance outlives the
process, as it may last for hours (`cycle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from isdesk.crm.port import Transient, Unknown
from isdesk.domain.errors import CrmError
from isdesk.sync.backoff import jitter

OPENS_AFTER = 5
"""Rounds in a row that failed at the other side, after which nothing is tried for a while."""
LEAST_S = 30.0
"""Seconds for which an open breaker stays open at least."""


@dataclass(slots=True)
class Gate:
    """``until``: monotonic seconds before which no round begins of itself; ``code`` says why.

    A breaker that is open lets one round in when its time is over, which begins with a read; where that round fails
    too, it is open again at once.
    """

    rng: Random
    failures: int = 0
    until: float = 0.0
    code: str = ""

    def closed_to(self, now: float) -> str:
        """Return why no round may begin now, "" where one may."""
        return self.code if now < self.until else ""

    def wait(self, now: float) -> float:
        """Return the seconds until a round may begin."""
        return max(0.0, self.until - now)

    def passed(self) -> None:
        """Note that a whole round went well."""
        self.failures, self.until, self.code = 0, 0.0, ""

    def failed(self, error: CrmError, now: float) -> None:
        """Note how a round failed; being offline says nothing of the CRM."""
        if isinstance(error, Transient) and error.retry_after is not None:
            self._shut(now + error.retry_after, error.code)
        if not isinstance(error, (Transient, Unknown)):
            return
        self.failures += 1
        if self.failures >= OPENS_AFTER:
            self._shut(now + max(LEAST_S, jitter(self.rng, self.failures)), "crm_breaker")

    def open_up(self) -> None:
        """Let a round in now: a person asked for it."""
        self.until = 0.0

    def _shut(self, until: float, code: str) -> None:
        if until > self.until:
            self.until, self.code = until, code
