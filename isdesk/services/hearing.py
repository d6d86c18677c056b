"""When this desk last read its mailbox, and what waits while it cannot: whoever has answered is not written to again.

A sequence ends with an answer, so its mails leave by themselves only while answers are heard. Kept beside the place in
the mailbox, in this database; a desk that was asleep reads first and then goes on by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.store import meta

if TYPE_CHECKING:
    from isdesk.domain.outgoing import MailAccount
    from isdesk.services.context import Context
    from isdesk.store import Tx

KEY = "mail_heard"
ACCOUNT = "mail_account"
"""Where `isdesk.services.outgoing` keeps the account."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How this desk hears answers: ``box`` whether a mailbox is set up, ``at`` when it was last read to its end, None
    where it never was; ``deaf``: that is too long ago for mails to leave by themselves.
    """

    box: bool = False
    at: datetime | None = None
    deaf: bool = False


def noted(ctx: Context, account: MailAccount) -> None:
    """Note that the mailbox has just been read to its end."""
    with ctx.store.write() as tx:
        meta.put(tx, KEY, {"box": f"{account.user}@{account.imap_host}", "at": ctx.now().isoformat()})


def now(ctx: Context, tx: Tx) -> Heard:
    """Return how this desk hears answers now."""
    account = meta.get(tx, ACCOUNT)
    if not isinstance(account, dict) or not account.get("imap_host"):
        return Heard()
    kept = meta.get(tx, KEY)
    box = f"{account.get('user') or ''}@{account['imap_host']}"
    at = None
    if isinstance(kept, dict) and kept.get("box") == box:
        at = datetime.fromisoformat(str(kept["at"]))
    within = timedelta(hours=ctx.rules.mail.heard_hours)
    if at is not None and at > ctx.now():  # the clock stood ahead then
        at = None
    return Heard(box=True, at=at, deaf=at is None or ctx.now() - at > within)
