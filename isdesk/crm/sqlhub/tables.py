"""The tables of a SQL hub, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, Sequence, Table, Text

SCHEMA = 1
"""Grows when a table changes; a hub of a newer schema is refused, an older one is upgraded on opening."""

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

hub_meta = Table(
    "hub_meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""``schema``, ``epoch``, ``suppression_key`` (hex) and, on SQLite, ``head``: the last version given."""

record = Table(
    "record",
    metadata,
    Column("object", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("lead_id", Text),
    Column("company_id", Text),
    Column("owner_id", Text),
    Column("prev_owner_id", Text),
    Column("data", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("xact", BigInteger, nullable=False, server_default="0"),
    Column("deleted", BigInteger, nullable=False, server_default="0"),
    Column("device_id", Text),
    Index(None, "object", "xact", "version", "id"),
    Index(None, "object", "owner_id", "xact", "version", "id"),
    Index(None, "object", "prev_owner_id"),
    Index(None, "object", "company_id", "owner_id"),
    Index(None, "lead_id"),
    Index(None, "xact"),
)
"""Everything that travels. ``data`` is canonical JSON text (a NUL or a lone surrogate stays an escape in it).

``owner_id`` of a touch or a transition is that of its lead, so that the book of one rep is one index range;
``prev_owner_id`` lets the rep who lost a lead hear of it. ``version`` grows with every write. ``xact`` is the writing
transaction's 64-bit id on PostgreSQL and 0 on SQLite: (xact, version, id) below the oldest running transaction is
commit-ordered (SYNC E7), which ``version`` alone is not.
"""

command = Table(
    "command",
    metadata,
    Column("cmd_uuid", Text, primary_key=True),
    Column("object", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("device_id", Text),
)
"""The keys of what was written, in the same transaction as the effect: a key is written once (SYNC I1)."""

versions = Sequence("hub_version", metadata=metadata)
"""Where PostgreSQL takes versions from."""
