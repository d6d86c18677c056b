"""When a server refuses a mail account as a whole: what counts as that, and when it is tried again by itself.

A bad password, a locked account, a sender's address that is not the account's, a certificate nobody vouches for: the
next letter would meet the same. Sending (SMTP) and reading (IMAP) are refused each for itself, and pause each for
itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from isdesk.domain.outgoing import MailState, OutMail, invite_of


class Way(StrEnum):
    """What is paused: sending or reading."""

    OUT = "out"
    IN = "in"


SENDER_REFUSED: Final = "mail_sender_refused"

WAITS: Final[dict[str, timedelta]] = {
    "mail_sign_in": timedelta(hours=24),
    "mail_account_invalid": timedelta(hours=24),
    "mail_sign_in_later": timedelta(hours=1),
    "mail_server_insecure": timedelta(hours=1),
    SENDER_REFUSED: timedelta(hours=1),
}
"""What pauses an account, and how long it is left alone then.

Servers lock an account after some wrong passwords within a window, of three and of a day where they are strictest.
Sending and reading sign in with one password: one try each in 24 hours stays below that. The others cost no wrong
password: an hour is what quotas and blocks of too many sign-ins are counted in.
"""

LATE: Final = timedelta(hours=24)
"""What waited for longer than this in a pause may say what is no longer so (today, tomorrow): a person is asked."""
CONFIRMED: Final = "mail_late_confirmed"
"""In a mail's ``error``: its time has passed, and a person said that it leaves all the same."""


@dataclass(frozen=True, slots=True)
class Pause:
    """An account that the server ``host`` refused: why (``code`` with the server's own ``answer``), since when, how
    often it was tried in vain, the last time at ``tried_at``. ``asked``: a person wants it tried at once.
    """

    way: Way
    code: str
    answer: str
    host: str
    since: datetime
    tried_at: datetime
    tries: int = 1
    asked: bool = False

    @property
    def again_at(self) -> datetime:
        """Return when it is tried again by itself."""
        return self.tried_at + WAITS[self.code]

    def due(self, now: datetime) -> bool:
        """Return whether it may be tried now; a clock that was set back does not bar it for longer than its wait."""
        return self.asked or not self.tried_at <= now < self.again_at

    def refused_again(self, code: str, answer: str, host: str, now: datetime) -> Pause:
        """Return it after another try in vain."""
        return replace(
            self, code=code, answer=answer, host=host, tried_at=now, tries=self.tries + 1, asked=False
        )  # fmt: skip


def late(mail: OutMail, now: datetime, *, step: bool) -> bool:
    """Return whether a mail waited for so long that a person is asked before it leaves after a pause.

    ``step``: it is a step of a sequence, which knows itself what is too late. An invitation has its meeting's time, and
    what a person confirmed is not asked about twice.
    """
    if step or invite_of(mail) is not None or mail.state is not MailState.QUEUED or mail.error == CONFIRMED:
        return False
    return now - mail.due_at > LATE
