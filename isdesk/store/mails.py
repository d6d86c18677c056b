"""The outbox of mails: written before the first byte leaves, claimed once, and never forgotten.

A mail is claimed (``sending``) in a transaction of its own right before the server is given the text; whatever is still
``sending`` when nobody sends is uncertain. A copy of the database on another device sends nothing of the first one's.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.outgoing import MailState, OutMail
from isdesk.store.rows import marks
from isdesk.store.values import instant, instant_or_none, micros, micros_or_none

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

ALL: Final = -1
"""No limit."""
_COLUMNS = (
    "id, lead_id, member_id, device_id, recipient, subject, body, message_id, template, advertising, state, attempts, "
    "made_at, due_at, left_at, error, answer"
)
_PUT = f"INSERT INTO mail ({_COLUMNS}) VALUES ({marks(_COLUMNS)})"
_ONE = f"SELECT {_COLUMNS} FROM mail WHERE id = ?"
_BY_MESSAGE = f"SELECT {_COLUMNS} FROM mail WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY made_at DESC"
_DUE = (
    f"SELECT {_COLUMNS} FROM mail WHERE state = 'queued' AND device_id = ? AND due_at <= ? "
    "ORDER BY due_at, rowid LIMIT ?"
)
_LISTED = f"SELECT {_COLUMNS} FROM mail WHERE ? = '' OR state = ? ORDER BY made_at DESC, rowid DESC LIMIT ?"
_OF_LEAD = f"SELECT {_COLUMNS} FROM mail WHERE lead_id = ? ORDER BY made_at DESC, rowid DESC"
_CLAIM = (
    "UPDATE mail SET state = 'sending', attempts = attempts + 1, left_at = ? "
    "WHERE id = ? AND state = 'queued' AND device_id = ?"
)
_ORPHANS = (
    "UPDATE mail SET state = 'uncertain', error = 'mail_cut_off' WHERE state = 'sending' AND left_at < ? RETURNING id"
)
_FOREIGN = (
    "UPDATE mail SET state = 'uncertain', error = 'mail_other_device' "
    "WHERE state IN ('queued', 'asked') AND device_id <> ? RETURNING id"
)
_MOVE = (
    "UPDATE mail SET state = ?, error = ?, answer = ?, due_at = ?, left_at = ?, attempts = ?, device_id = ? "
    "WHERE id = ? AND state = ?"
)
_LEFT = "SELECT left_at FROM mail WHERE left_at > ? ORDER BY left_at"
_DROP = "DELETE FROM mail WHERE id = ? AND state IN ('failed', 'stopped', 'cancelled')"
_COUNT_DUE = "SELECT count(*) FROM mail WHERE state = 'queued' AND device_id = ? AND due_at <= ?"
_COUNTS = "SELECT state, count(*) FROM mail GROUP BY state"
_NEXT = "SELECT min(due_at) FROM mail WHERE state = 'queued' AND device_id = ?"


def put(tx: Tx, mail: OutMail) -> None:
    """Write a new mail."""
    tx.sql(
        _PUT,
        (
            mail.id, mail.lead_id, mail.member_id, mail.device_id, mail.recipient, mail.subject, mail.body,
            mail.message_id, mail.template, int(mail.advertising), mail.state.value, mail.attempts,
            micros(mail.made_at), micros(mail.due_at), micros_or_none(mail.left_at), mail.error, mail.answer,
        ),
    )  # fmt: skip


def drop_unsent(tx: Tx, mail_id: str) -> None:
    """Take a mail out that did not leave and never will, so that it can be written anew under its id."""
    tx.sql(_DROP, (mail_id,))


def one(tx: Tx, mail_id: str) -> OutMail | None:
    """Return a mail, None where there is none of that id."""
    row = tx.sql(_ONE, (mail_id,)).fetchone()
    return None if row is None else _read(row)


def by_message(tx: Tx, message_ids: list[str]) -> OutMail | None:
    """Return the newest mail of these Message-IDs; None where none of them is ours."""
    from isdesk.store.values import dumps

    row = tx.sql(_BY_MESSAGE, (dumps(list[object](message_ids)),)).fetchone()
    return None if row is None else _read(row)


def due(tx: Tx, device_id: str, now: datetime, limit: int) -> list[OutMail]:
    """Return the mails of this device that may leave now, the longest due first, as many as ``limit`` (or `ALL`)."""
    return [_read(row) for row in tx.sql(_DUE, (device_id, micros(now), limit))]


def count_due(tx: Tx, device_id: str, now: datetime) -> int:
    """Return how many mails of this device may leave now."""
    return int(tx.sql(_COUNT_DUE, (device_id, micros(now))).fetchone()[0])


def listed(tx: Tx, state: str = "", limit: int = 500) -> list[OutMail]:
    """Return the newest mails, all or those in one state."""
    return [_read(row) for row in tx.sql(_LISTED, (state, state, limit))]


def of_lead(tx: Tx, lead_id: LeadId) -> list[OutMail]:
    """Return all mails to a lead, newest first."""
    return [_read(row) for row in tx.sql(_OF_LEAD, (lead_id,))]


def counts(tx: Tx) -> dict[str, int]:
    """Return how many mails are in each state."""
    return {str(state): int(count) for state, count in tx.sql(_COUNTS)}


def next_due(tx: Tx, device_id: str) -> datetime | None:
    """Return when the next queued mail falls due; None where none waits."""
    return instant_or_none(tx.sql(_NEXT, (device_id,)).fetchone()[0])


def left_since(tx: Tx, since: datetime) -> list[datetime]:
    """Return when mails left after ``since``, oldest first."""
    return [instant(row[0]) for row in tx.sql(_LEFT, (micros(since),))]


def claim(tx: Tx, mail_id: str, device_id: str, at: datetime) -> bool:
    """Take a queued mail to be sent now; False where it is no longer to be sent (somebody was first)."""
    return bool(tx.sql(_CLAIM, (micros(at), mail_id, device_id)).rowcount)


def orphans(tx: Tx, device_id: str, before: datetime) -> list[str]:
    """Make uncertain what began to leave before an instant and never came to an end, and what the device had queued of
    which this is a restored copy: it may have sent it since.
    """
    found = tx.sql(_ORPHANS, (micros(before),)).fetchall() + tx.sql(_FOREIGN, (device_id,)).fetchall()
    return [str(row[0]) for row in found]


def move(tx: Tx, was: OutMail, now: OutMail) -> bool:
    """Write how a mail has come further; False (and nothing written) where it is no longer in the state it was in."""
    row = (
        now.state.value, now.error, now.answer, micros(now.due_at), micros_or_none(now.left_at), now.attempts,
        now.device_id, was.id, was.state.value,
    )  # fmt: skip
    return bool(tx.sql(_MOVE, row).rowcount)


def _read(row: Any) -> OutMail:
    return OutMail(
        id=row[0],
        lead_id=LeadId(row[1]),
        member_id=MemberId(row[2]),
        device_id=row[3],
        recipient=row[4],
        subject=row[5],
        body=row[6],
        message_id=row[7],
        template=row[8],
        advertising=bool(row[9]),
        state=MailState(row[10]),
        attempts=row[11],
        made_at=instant(row[12]),
        due_at=instant(row[13]),
        left_at=instant_or_none(row[14]),
        error=row[15],
        answer=row[16],
    )
