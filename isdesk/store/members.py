"""The team as last heard from the hub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from isdesk.domain.errors import NotFound
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_SELECT = "SELECT id, name, role, email, active FROM member "
_ALL = _SELECT + "ORDER BY role, name, id"
_ONE = _SELECT + "WHERE id = ?"
_PUT = (
    "INSERT INTO member (id, name, role, email, active) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
    "name = excluded.name, role = excluded.role, email = excluded.email, active = excluded.active"
)


def everyone(tx: Tx) -> dict[MemberId, Member]:
    """Return the team by id, people who have left too (``active`` false): old touches name them."""
    return {m.id: m for m in map(_member, tx.sql(_ALL))}


def get(tx: Tx, member_id: MemberId) -> Member:
    """Return one person.

    Raises NotFound where nobody has that id.
    """
    row = tx.sql(_ONE, (member_id,)).fetchone()
    if row is None:
        raise NotFound("member_not_found", member=member_id)
    return _member(row)


def put(tx: Tx, members: Iterable[Member]) -> None:
    """Add or replace people."""
    tx.many(_PUT, [(m.id, m.name, m.role, m.email, int(m.active)) for m in members])


def _member(row: Sequence[Any]) -> Member:
    return Member(MemberId(row[0]), row[1], row[2], row[3], bool(row[4]))
