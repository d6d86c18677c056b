"""The SQL hub: a team's own record of truth where there is no CRM, on SQLite (embedded) or PostgreSQL (a team).

SQLite is encrypted by SQLCipher and serves one machine only: file locks over a network share are not to be trusted
(SYNC E7); a team shares PostgreSQL.
"""

from __future__ import annotations

import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    inspect,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.engine import Connection, Engine

from isdesk.crm.port import (
    PAGE,
    Asked,
    Auth,
    Capabilities,
    Command,
    FieldInfo,
    Glance,
    Hello,
    Offline,
    Page,
    Permanent,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Thing,
)
from isdesk.crm.sqlhub.effects import Batch, Stamps, adopt_owners, decode, seeded
from isdesk.crm.sqlhub.link import Key, connect, parse, reading, writing
from isdesk.crm.sqlhub.tables import SCHEMA, command, hub_meta, metadata, record
from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.ids import MemberId

SHARED: Final = frozenset({Thing.MEMBER, Thing.PLAYBOOK, Thing.SUPPRESSION, Thing.FILING})
"""What every device gets whatever its scope: a do-not-call binds everybody, and so does what the team agreed on."""

_MAX_NOTE = 32_000
_LOCK_SETUP = 7_140_211

CAPABILITIES: Final = Capabilities(
    upsert_key="per_object",
    probe_by_key="strong",
    cursor="version",
    max_page=5_000,
    deletes="tombstone",
    occ="revision",
    batch_max=500,
    atomic_activity_with_lead=True,
    owner_map=True,
    max_note_len=_MAX_NOTE,
    supports_erasure=True,
    own_ids=True,
    keeps_edits=True,
    brings_history=True,
)

_cursor = tuple_(record.c.xact, record.c.version, record.c.id)


class SqlHub:
    """A hub behind the contract of `isdesk.crm.port`. ``user`` is the id or the mail address of a member."""

    def __init__(
        self,
        url: str,
        *,
        user: str,
        key: Key | None = None,
        password: str | None = None,
        name: str = "sqlhub",
    ) -> None:
        self._url = parse(url)
        self._engine = connect(self._url, key=key, password=password)
        self._user = user
        self._name = name
        self._checked = False
        self._file: tuple[int, int] | None = None

    # ------------------------------------------------------------------------------------------------- making one

    @classmethod
    def create(
        cls,
        url: str,
        *,
        people: Sequence[Person],
        user: str,
        key: Key | None = None,
        password: str | None = None,
        suppression_key: bytes | None = None,
        name: str = "sqlhub",
    ) -> SqlHub:
        """Make an empty hub with these people (or add them to one that is there) and return it connected."""
        hub = cls(url, user=user, key=key, password=password, name=name)
        with writing(hub._engine) as link:
            if hub._postgres:
                link.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK_SETUP})
            metadata.create_all(link)
            if link.execute(select(hub_meta.c.value).where(hub_meta.c.name == "schema")).scalar() is None:
                link.execute(
                    insert(hub_meta),
                    [
                        {"name": "schema", "value": str(SCHEMA)},
                        {"name": "epoch", "value": secrets.token_hex(16)},
                        {"name": "suppression_key", "value": (suppression_key or secrets.token_bytes(32)).hex()},
                        {"name": "head", "value": "0"},
                    ],
                )
        hub.seed(Thing.MEMBER, ((p.id, None, _person_fields(p)) for p in people))
        return hub

    def seed(self, obj: Thing, rows: Iterable[tuple[str, str | None, Mapping[str, Value]]]) -> int:
        """Put records (id, lead id, fields) straight in, without commands: for the demo and for moving house.

        Records that are there already stay as they are. Returns how many were offered.
        """
        self._open()
        made = list(rows)
        with self._writing() as link:
            known = set(link.execute(select(record.c.id).where(record.c.object == obj)).scalars()) if made else set()
            stamps = Stamps(link, len(made))
            fresh = seeded(obj, (row for row in made if row[0] not in known), stamps)
            for start in range(0, len(fresh), 5_000):
                link.execute(insert(record), fresh[start : start + 5_000])
            if obj in {Thing.TOUCH, Thing.TRANSITION}:
                link.execute(adopt_owners)
            stamps.close()
        return len(made)

    def join(self, person: Person) -> None:
        """Add somebody to the team, unless the hub knows their id or their mail address already."""
        known = self.members()
        mails = {p.email.casefold() for p in known if p.email}
        if person.email.casefold() not in mails and person.id not in {p.id for p in known}:
            self.seed(Thing.MEMBER, [(person.id, None, _person_fields(person))])

    def renew_epoch(self) -> str:
        """Begin a new life of this hub's data, as after a restore: every device then compares everything (SYNC E6)."""
        epoch = secrets.token_hex(16)
        with self._writing() as link:
            link.execute(update(hub_meta).where(hub_meta.c.name == "epoch").values(value=epoch))
        return epoch

    # ---------------------------------------------------------------------------------------------- the contract

    @property
    def name(self) -> str:
        """Return the name of this connection."""
        return self._name

    def capabilities(self) -> Capabilities:
        """Return what a SQL hub promises: everything that the contract knows."""
        return CAPABILITIES

    def hello(self) -> Hello:
        """Return who we are here and the hub's epoch. Raises Auth where no active member has our name."""
        self._open()
        with self._reading() as link:
            if self._postgres and self._moved_house(link):
                foreign = True
            else:
                foreign = False
                meta = self._meta(link)
                people = _people(link)
                head = int(meta["head"])
                if self._postgres:
                    head = int(link.execute(text("SELECT last_value FROM hub_version")).scalar_one())
        if foreign:
            self._settle()
            return self.hello()
        wanted = self._user.casefold()
        me = next((p for p in people if p.active and wanted in {p.id.casefold(), p.email.casefold()}), None)
        if me is None:
            raise Auth("hub_unknown_user")
        return Hello(me, meta["epoch"], head, bytes.fromhex(meta["suppression_key"]), server_time=self._server_time())

    def members(self) -> Sequence[Person]:
        """Return the people of the team."""
        self._open()
        with self._reading() as link:
            return _people(link)

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields of isdesk itself: the hub keeps records as they are."""
        known = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}.get(obj, {})
        return [
            FieldInfo(f.code, f.ja, f.kind, choices=tuple((code, ja) for code, ja, _ in f.choices))
            for f in known.values()
        ]

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows in commit order: none of a transaction that could still be overtaken by an older one."""
        self._open()
        xact, version, last = _parse_cursor(cursor)
        with self._reading() as link:
            found: Select[Any] = select(
                record.c.id, record.c.version, record.c.data, record.c.deleted, record.c.xact
            ).where(record.c.object == obj)
            if cursor is not None:
                found = found.where(_cursor > tuple_(literal(xact), literal(version), literal(last)))
            window = ""
            if self._postgres:
                safe = int(link.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")).scalar_one())
                found = found.where(record.c.xact < safe)
                window = str(safe)
            if scope is Scope.MINE and obj not in SHARED:
                found = found.where(self._book(link, obj, leaving=cursor is not None))
            found = found.order_by(record.c.xact, record.c.version, record.c.id).limit(limit)
            rows = link.execute(found).all()
        if not rows:
            return Page((), cursor or "0|0|", more=False, window=window)
        end = rows[-1]
        page = [Row(i, str(v), decode(data), bool(gone), data) for i, v, data, gone, _ in rows]
        return Page(page, f"{end.xact}|{end.version}|{end.id}", more=len(rows) == limit, window=window)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records, in or out of scope."""
        self._open()
        with self._reading() as link:
            rows = link.execute(
                select(record.c.id, record.c.version, record.c.data, record.c.deleted).where(
                    record.c.object == obj, record.c.id.in_(bindparam("ids", expanding=True))
                ),
                {"ids": list(ids)},
            ).all()
        return [Row(i, str(v), decode(data), bool(gone), data) for i, v, data, gone in rows]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every record in scope, read in one snapshot."""
        self._open()
        with self._reading() as link:
            found = select(record.c.id, record.c.version).where(record.c.object == obj, record.c.deleted == 0)
            if scope is Scope.MINE and obj not in SHARED:
                found = found.where(self._book(link, obj, leaving=False))
            return [(i, str(v)) for i, v in link.execute(found)]

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write the batch in one transaction; what is refused or in conflict is left out of it."""
        if not batch:
            return []
        self._open()
        with self._writing() as link:
            return Batch(link, _MAX_NOTE).run(batch)

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return which keys have been written, as of now."""
        self._open()
        with self._reading() as link:
            statement = select(command.c.cmd_uuid).where(command.c.cmd_uuid.in_(bindparam("keys", expanding=True)))
            return dict.fromkeys(link.execute(statement, {"keys": [one.key for one in asked]}).scalars(), "")

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return nothing: a lead brings its history along in the stream of changes."""
        return ()

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return a lead and its newest touch, as of now."""
        row = next(iter(self.fetch(Thing.LEAD, [lead_id])), None)
        with self._reading() as link:
            found = link.execute(
                select(record.c.id, record.c.version, record.c.data).where(
                    record.c.object == Thing.TOUCH, record.c.lead_id == lead_id, record.c.deleted == 0
                )
            ).all()
        touches = [Row(i, str(v), decode(data)) for i, v, data in found]
        return Glance(row, max(touches, key=lambda touch: str(touch.fields.get("at") or ""), default=None))

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return None: a hub keeps every field."""
        return None

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return None: a hub has no pages to look at."""
        return None

    @property
    def signals(self) -> Signals:
        """Return nothing: a hub has no allowance, and tells the time with hello."""
        return Signals()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    # --------------------------------------------------------------------------------------------------- within

    @property
    def _postgres(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    @property
    def engine(self) -> Engine:
        """Return the engine underneath, for those who look after the hub itself."""
        return self._engine

    def _reading(self) -> Any:
        return reading(self._engine)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with writing(self._engine) as link:
            yield link

    def _open(self) -> None:
        """Refuse a hub that is not there, not one of ours, or of a newer schema (once per connection).

        A file is looked at every time: one that was removed or put in the place of another would go on taking what is
        written to it, and nobody would ever see it.
        """
        if not self._postgres:
            self._same_file()
        if self._checked:
            return
        with self._reading() as link:
            if not inspect(link).has_table("hub_meta"):
                raise Permanent("hub_missing")
            schema = int(self._meta(link).get("schema", "0"))
        if schema > SCHEMA:
            raise Permanent("hub_newer", schema=schema, known=SCHEMA)
        self._checked = True

    def _same_file(self) -> None:
        try:
            found = Path(self._url.database or "").stat()
        except OSError:
            found = None
        if found is None or not stat.S_ISREG(found.st_mode):
            raise Offline("hub_missing")
        here = (found.st_dev, found.st_ino)
        if self._file not in {None, here}:
            self._engine.dispose()
            self._checked = False
        self._file = here

    @staticmethod
    def _meta(link: Connection) -> dict[str, str]:
        return {row.name: row.value for row in link.execute(select(hub_meta.c.name, hub_meta.c.value))}

    def _server_time(self) -> datetime | None:
        if not self._postgres:
            return None
        with self._reading() as link:
            at = link.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC) if isinstance(at, datetime) else None

    def _book(self, link: Connection, obj: Thing, *, leaving: bool) -> Any:
        """Return the condition of one's own book; ``leaving`` takes in what went to somebody else since."""
        me = self._me(link)
        mine = record.c.owner_id == me
        if obj is not Thing.COMPANY:
            return or_(mine, record.c.prev_owner_id == me) if leaving else mine
        lead = record.alias("lead")
        theirs = and_(lead.c.object == Thing.LEAD, lead.c.company_id == record.c.id, lead.c.owner_id == me)
        return exists().where(theirs)

    def _me(self, link: Connection) -> str:
        wanted = self._user.casefold()
        found = (p.id for p in _people(link) if wanted in {p.id.casefold(), p.email.casefold()})
        return next(found, MemberId(self._user))

    @staticmethod
    def _moved_house(link: Connection) -> bool:
        """Return whether records carry transaction ids of another cluster (a dump was restored into this one)."""
        ahead = text(
            "SELECT EXISTS (SELECT 1 FROM record WHERE xact >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
        )
        return bool(link.execute(ahead).scalar_one())

    def _settle(self) -> None:
        """Make a dump restored into another cluster readable: its transaction ids mean nothing here."""
        with self._writing() as link:
            link.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK_SETUP})
            if self._moved_house(link):
                link.execute(update(record).values(xact=0))
                epoch = secrets.token_hex(16)
                link.execute(update(hub_meta).where(hub_meta.c.name == "epoch").values(value=epoch))


def _people(link: Connection) -> list[Person]:
    rows = link.execute(
        select(record.c.id, record.c.data)
        .where(record.c.object == Thing.MEMBER, record.c.deleted == 0)
        .order_by(record.c.version)
    )
    return [_person(identity, decode(data)) for identity, data in rows]


def _person(identity: str, fields: Mapping[str, Value]) -> Person:
    return Person(
        MemberId(identity),
        str(fields.get("name") or ""),
        str(fields.get("role") or "rep"),
        str(fields.get("email") or ""),
        fields.get("active") is not False,
    )


def _person_fields(person: Person) -> dict[str, Value]:
    fields: dict[str, Value] = {"name": person.name, "role": person.role, "active": person.active}
    if person.email:
        fields["email"] = person.email
    return fields


def _parse_cursor(cursor: str | None) -> tuple[int, int, str]:
    if cursor is None:
        return 0, 0, ""
    xact, version, identity = cursor.split("|", 2)
    return int(xact), int(version), identity
