"""Salesforce: leads, contacts, accounts, activities and opportunities over REST, sObject Collections and Composite.

One API version is pinned (`link.VERSION`). Signing in is OAuth with PKCE through an External Client App, as a public
client; the organisation's address and the addresses of further pages are taken only where they are the vendor's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import httpx

from isdesk.crm import mapping as maps
from isdesk.crm import oauth
from isdesk.crm.http import TIMEOUT, Now
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.oauth import Provider, TokenKeeper
from isdesk.crm.port import (
    PAGE,
    Asked,
    Auth,
    Capabilities,
    Command,
    FieldInfo,
    Finding,
    Glance,
    Hello,
    Offline,
    Page,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Thing,
    Transient,
)
from isdesk.crm.salesforce import soql
from isdesk.crm.salesforce.activities import NOTE, Activities
from isdesk.crm.salesforce.handing import Handing
from isdesk.crm.salesforce.link import MOST, Link, part
from isdesk.crm.salesforce.patching import Patcher
from isdesk.crm.salesforce.reading import LAG_S, OVERLAP_S, Reader
from isdesk.crm.salesforce.rows import CALL_OBJECT, HANDOFF, Rows
from isdesk.crm.salesforce.schema import Schema, described
from isdesk.crm.salesforce.survey import Survey
from isdesk.crm.writing import is_named
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import MemberId

if TYPE_CHECKING:
    from isdesk.crm.registry import Place

PORT: Final = 17317
"""The loopback port of the callback: Salesforce compares its address to the letter, so it cannot be any port."""
LOGIN: Final = "https://login.salesforce.com"
PROVIDER: Final = Provider(
    authorize="/services/oauth2/authorize",
    token="/services/oauth2/token",  # noqa: S106
    scope="api refresh_token",
    suffixes=(".salesforce.com", ".force.com"),
    port=PORT,
    callback=("localhost", "/isdesk"),
)
OBJECTS: Final = frozenset({Thing.MEMBER, Thing.COMPANY, Thing.LEAD, Thing.TOUCH, Thing.TRANSITION})
SETTLE_S: Final = 120.0
"""How long the vendor may still work at a request whose answer was lost, before its absence is believed."""
FRESH: Final = timedelta(hours=1)
"""How long the organisation's schema is believed: an administrator may add a key field while the desk runs."""
_TABLES: Final = {
    Thing.LEAD: ("lead", "Lead"),
    Thing.COMPANY: ("company", "Account"),
    Thing.TOUCH: ("touch", "Task"),
    Thing.TRANSITION: ("opportunity", "Opportunity"),
    Thing.MEMBER: ("member", "User"),
}
_TOKEN: Final = re.compile(r"00D[A-Za-z0-9]{12,15}![\x21-\x7e]+")
_IDENTITY: Final = re.compile(r"/id/(00D[A-Za-z0-9]{12,15})/(005[A-Za-z0-9]{12,15})$")


def connect(
    *,
    url: str,
    user: str,  # noqa: ARG001
    secret: str | None,
    options: Mapping[str, str],
    place: Place,
) -> Salesforce:
    """Return the adapter. ``secret`` is what the sign-in by `PROVIDER` gave (it says who ``user`` is), or an access
    token, which lasts for its session only; option ``client_id`` is the consumer key of the External Client App.

    Raises BadInput (an address that may not be trusted, a field map that cannot be read) or Auth (no such secret).
    """
    name = options.get("name", "salesforce")
    token = _TOKEN.fullmatch(secret.strip()) if secret else None
    if token is not None:
        secret = oauth.Tokens(token[0], "", url).text()
    keeper = TokenKeeper(
        PROVIDER,
        url or LOGIN,
        options.get("client_id", ""),
        secret,
        keep=place.keep,
        name=f"{name}/tokens",
        lock=place.lock,
        now=place.now,
    )
    mapping = maps.loads(place.mapping if place.mapping is not None else maps.shipped("salesforce"), "salesforce")
    return Salesforce(keeper, mapping, place.now, name=name)


class Salesforce:
    """One person's connection to one organisation. ``transport`` and ``timeout`` replace network and patience."""

    def __init__(
        self,
        keeper: TokenKeeper,
        mapping: FieldMapping,
        now: Now,
        *,
        name: str = "salesforce",
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._name, self._now = name, now
        self._looked: datetime | None = None
        self._link = Link(keeper, now, transport=transport, timeout=timeout)
        self._schema = Schema(self._link, mapping)
        self._rows = Rows(self._schema)
        self._reader = Reader(self._link, self._schema, self._rows, lambda: self._who()[1])
        self._patcher = Patcher(self._link, self._schema, self._reader, self._rows)
        self._activities = Activities(self._link, self._schema, self._reader, self._rows)
        self._handing = Handing(self._link, self._schema, self._reader, self._activities)
        self._survey = Survey(self._link, self._schema, self._reader, self._rows, self._activities)
        self._met = False
        self._ids: tuple[str, str] | None = None

    # ------------------------------------------------------------------------------------------------- who and what

    @property
    def name(self) -> str:
        """Return the name under which this connection is kept."""
        return self._name

    def _who(self) -> tuple[str, str]:
        """Return the ids of organisation and person, which came with the sign-in, or are asked for once."""
        if self._ids is None:
            found = _IDENTITY.search(self._link.identity)
            said = self._link.get("/services/oauth2/userinfo") if found is None else {}
            asked = (part(said, "organization_id", str), part(said, "user_id", str)) if found is None else ("", "")
            self._ids = (found[1], found[2]) if found is not None else asked
        return self._ids

    def hello(self) -> Hello:
        """Return who we are and which organisation this is."""
        organisation, me = self._who()
        if self._looked is None or self._now() - self._looked > FRESH:
            self._schema.forget()
            self._looked = self._now()
        found = self._reader.fetch(Thing.MEMBER, [me])
        if not found:
            raise Auth("salesforce_no_user")
        self._schema.of("touch")
        self._rows.key_of("Event")
        self._met = True
        return Hello(_person(found[0]), organisation, server_time=self._link.clock())

    def capabilities(self) -> Capabilities:
        """Return what this organisation can promise; whether it has a key field is known after `hello`."""
        key = self._rows.key_of("Task") if self._met else ""
        safe = key not in {"", CALL_OBJECT}
        return Capabilities(
            upsert_key="per_object" if safe else "none",
            probe_by_key="strong" if key or not self._met else "none",
            probe_settle_s=0.0 if safe else SETTLE_S,
            cursor="stamp",
            stamp_resolution_s=1.0,
            overlap_s=OVERLAP_S,
            lag_s=LAG_S,
            max_page=PAGE,
            deletes="flag",
            occ="unmodified_since",
            batch_max=MOST,
            max_note_len=NOTE,
            quota_headers=True,
            objects=OBJECTS,
        )

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields that the organisation holds for us, under our codes and its labels."""
        name, table = _TABLES.get(obj, ("", ""))
        if not table:
            return []
        if obj is Thing.COMPANY and not self._reader.contacts:
            name, table = "named", "Lead"
        return described(self._schema.of(name), self._schema.columns(table))

    def members(self) -> Sequence[Person]:
        """Return the people of the team."""
        columns = self._rows.member_columns()
        statement = soql.select(columns, "User", "UserType = 'Standard' AND IsActive = true", "Name")
        return [_person(self._rows.member(record)) for record in self._link.query(statement)]

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the codes of the fields that the organisation keeps for us."""
        if obj is Thing.LEAD:
            return self._schema.known("lead").carried | {"company_id"}
        if obj is Thing.COMPANY:
            return self._schema.known("named").carried | (
                self._schema.known("company").carried if self._reader.contacts else frozenset()
            )
        return None

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return the address of a record in Lightning Experience."""
        identity = remote_id.partition("@")[0]
        if not identity or is_named(identity) or not self._link.origin.startswith("https://"):
            return None
        return f"{self._link.origin}/lightning/r/{identity}/view"

    @property
    def signals(self) -> Signals:
        """Return what the last answers said of clock and allowance."""
        return self._link.signals

    def close(self) -> None:
        """Close the connections."""
        self._link.close()

    # ------------------------------------------------------------------------------------------------------- reading

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows of a kind."""
        return self._reader.changes(obj, cursor, scope, limit)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records."""
        return self._reader.fetch(obj, ids)

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every record in scope."""
        return list(self._reader.steady(lambda: list(self._reader.ids(obj, scope))))

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches or steps of these leads."""
        return self._reader.history(obj, lead_ids) if obj in {Thing.TOUCH, Thing.TRANSITION} else []

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead as it stands now, with the newest touch."""
        try:
            row, contact = self._reader.quickly(lead_id, budget_s / 2)
            return Glance(row, self._reader.newest_touch(lead_id, contact, budget_s / 2) if row is not None else None)
        except Transient:
            raise Offline("crm_offline") from None

    # ------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write ``batch``, fields before facts; the results stand in the order of the commands.

        A command that the vendor could not take this time (a lock) has no result, nor have those that an error in the
        middle kept from being written: the engine asks after them and sends them again. Where nothing at all was
        answered the error is raised.
        """
        results: dict[str, Result] = {}
        work: dict[Thing, Callable[[Sequence[Command], dict[str, Result]], None]] = {
            Thing.COMPANY: self._patcher.companies,
            Thing.LEAD: self._patcher.leads,
            Thing.TOUCH: self._activities.touches,
            Thing.TRANSITION: self._handing.steps,
        }
        try:
            for obj, write in work.items():
                self._write([c for c in batch if c.obj is obj], write, results)
        except CrmError:
            if not results:
                raise
        if batch and not results:
            raise Transient("crm_busy")
        return [results[command.key] for command in batch if command.key in results]

    def _write(
        self,
        some: Sequence[Command],
        write: Callable[[Sequence[Command], dict[str, Result]], None],
        results: dict[str, Result],
    ) -> None:
        if some:
            self._reader.steady(lambda: write([c for c in some if c.key not in results], results))

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return those of the keys that have been written; edits of fields leave no trace to ask for."""
        touches = {one.key for one in asked if one.obj is Thing.TOUCH}
        steps = {HANDOFF + one.key: one.key for one in asked if one.obj is Thing.TRANSITION}
        made = {one.local: one.key for one in asked if one.obj is Thing.LEAD and one.local and not one.id}
        found = self._activities.existing([*touches, *steps]) if touches or steps else {}
        leads = self._patcher.made(list(made)) if made else {}
        known = {steps.get(key, key): identity for key, identity in found.items()}
        return known | {made[local]: identity for local, identity in leads.items()}

    # ---------------------------------------------------------------------------------------------------- connecting

    def check(self, *, write: bool) -> Sequence[Finding]:
        """Say what works and what an administrator must add."""
        return self._survey.check(write=write)

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the organisation's own fields of the object that holds ``obj``."""
        table = _TABLES.get(obj, ("", ""))[1]
        return [column.info() for column in self._schema.columns(table).values()] if table else []

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        """Return the newest records as field → text."""
        return self._survey.samples(_TABLES.get(obj, ("", ""))[1], limit)

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope."""
        return self._reader.count(obj, scope)


def _person(row: Row) -> Person:
    fields = row.fields
    return Person(
        MemberId(row.id),
        str(fields.get("name") or ""),
        str(fields.get("role") or "rep"),
        str(fields.get("email") or ""),
        active=bool(fields.get("active")),
    )
