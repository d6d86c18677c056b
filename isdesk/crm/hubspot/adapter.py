"""HubSpot behind the contract of `isdesk.crm.port`: contacts are leads, owners are members, deals are handoffs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from isdesk.crm.http import TIMEOUT, Now
from isdesk.crm.hubspot import reading
from isdesk.crm.hubspot.activities import CALLS, EMAILS, KINDS, MEETINGS, NOTES, Activities, parts
from isdesk.crm.hubspot.api import BATCH, VERSIONS, Api, Record, Refusal, chunks
from isdesk.crm.hubspot.handoffs import DEALS, Handoffs
from isdesk.crm.hubspot.reading import Cursor, Stream
from isdesk.crm.hubspot.records import COMPANIES, COMPANY_OF, CONTACTS, OBJECTS, STAMPS, Records
from isdesk.crm.hubspot.schema import Schema
from isdesk.crm.hubspot.survey import Survey
from isdesk.crm.mapping import FieldMapping
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
    Status,
    Thing,
    Unknown,
)
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.ids import MemberId

OFFERED: Final = frozenset({Thing.MEMBER, Thing.COMPANY, Thing.LEAD, Thing.TOUCH, Thing.TRANSITION})
APP: Final = "https://app.hubspot.com"
_TYPES: Final = {CONTACTS: "0-1", COMPANIES: "0-2", DEALS: "0-3"}
"""Object type ids, as they stand in the addresses of HubSpot's window."""

CAPABILITIES: Final = Capabilities(
    upsert_key="none",
    probe_by_key="lagged",
    probe_settle_s=10.0,
    cursor="stamp",
    stamp_resolution_s=0.001,
    overlap_s=reading.OVERLAP / 1000,
    lag_s=0.0,
    max_page=reading.MOST,
    max_scan=10_000,
    deletes="tombstone",
    batch_max=BATCH,
    activity_links_inline=False,
    owner_map=True,
    quota_headers=True,
    objects=OFFERED,
)
"""What is sure before the account was asked: no promise that a lost answer does no harm."""

Owner = Mapping[str, Any]


class HubSpot:
    """One account. ``user`` is the owner's mail address (or the owner's id) as whom the rep works."""

    def __init__(
        self,
        origin: str,
        *,
        key: str,
        user: str,
        mapping: FieldMapping,
        now: Now,
        name: str = "hubspot",
        version: str = VERSIONS[0],
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._key: str | None = key
        self._api = Api(
            origin, key=lambda: self._key or "", now=now, version=version, transport=transport, timeout=timeout
        )
        self._user = user
        self._mapping = mapping
        self._now = now
        self._name = name
        self._portal = ""
        self._domain = APP
        self._me: Person | None = None
        self._guids: tuple[datetime, frozenset[str]] | None = None
        self._schema = Schema(self._api, mapping, now)
        self._records = Records(self._api, mapping, self._schema)
        self._activities = Activities(self._api, mapping, self._schema, self.outcomes)
        self._handoffs = Handoffs(self._api, mapping, self._schema, self._activities)
        self._survey = Survey(self._api, mapping, self._schema, self._dispositions)

    # --------------------------------------------------------------------------------------------------- who and what

    @property
    def name(self) -> str:
        """Return the name of this connection."""
        return self._name

    @property
    def signals(self) -> Signals:
        """Return the clock's difference and the allowance that the last answer told."""
        return self._api.signals

    def hello(self) -> Hello:
        """Return who we are: the owner with our mail address. Raises Auth where the account has no such owner."""
        account = self._api.settle()
        self._portal = str(account.get("portalId") or "")
        domain = str(account.get("uiDomain") or "")
        self._domain = f"https://{domain}" if domain.endswith(".hubspot.com") else APP
        self._me = self._owner()
        self._schema.refresh()
        return Hello(self._me, f"hubspot:{self._portal}", server_time=self._clock())

    def _owner(self) -> Person:
        wanted = self._user.strip().casefold()
        for owner in () if not wanted else self._owners(**({"email": self._user} if "@" in wanted else {})):
            if wanted in {str(owner.get("email") or "").casefold(), str(owner.get("id"))}:
                return self._person(owner)
        raise Auth("hubspot_owner_unknown")

    def _mine(self) -> str:
        if self._me is None:
            self._me = self._owner()
        return self._me.id

    def _owners(self, **more: str) -> Iterator[Owner]:
        owners = self._api.pages("/crm/owners/{v}", **{"limit": 100, "archived": "false", **more})
        return (one for one in owners if one.get("type", "PERSON") == "PERSON")

    def _person(self, owner: Owner) -> Person:
        name = " ".join(str(owner[x]) for x in ("lastName", "firstName") if owner.get(x))
        mail = str(owner.get("email") or "")
        teams = {str(team.get("name")) for team in owner.get("teams") or ()}
        role = "rep"
        for table, called in (("fs_teams", "fs"), ("lead_teams", "team_lead")):
            role = called if teams & set(self._mapping.option("member", table, [])) else role
        return Person(MemberId(str(owner["id"])), name or mail, role, mail, not owner.get("archived"))

    def members(self) -> Sequence[Person]:
        """Return the owners of the account, those who left too (an owner's id is not the user's)."""
        return [self._person(owner) for gone in ("false", "true") for owner in self._owners(archived=gone)]

    def capabilities(self) -> Capabilities:
        """Return what HubSpot promises: nothing twice where the account has our key on every object."""
        if not self._schema.all_keyed:
            return CAPABILITIES
        return replace(CAPABILITIES, upsert_key="per_object", probe_by_key="strong", probe_settle_s=0.0)

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the codes that HubSpot keeps: those of the map whose properties the account has."""
        of = self._mapping.of(obj)
        if obj not in OBJECTS or not self._schema.known:
            return of.carried
        there = {
            code for code, one in of.fields.items() if any(self._schema.has(OBJECTS[obj], name) for name in one.remote)
        }
        return of.carried & there

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields of ours that HubSpot keeps."""
        known = {Thing.LEAD: LEAD_FIELDS, Thing.COMPANY: COMPANY_FIELDS}.get(obj, {})
        kept = self.carried(obj) or frozenset()
        return [FieldInfo(code, spec.ja, spec.kind) for code, spec in known.items() if code in kept]

    def _clock(self) -> datetime:
        return self._now() + timedelta(milliseconds=self._api.client.skew_ms or 0)

    def _millis(self) -> int:
        if self._api.client.skew_ms is None:
            self._api.settle()
        return round(self._clock().timestamp() * 1000)

    def _dispositions(self) -> list[Mapping[str, Any]]:
        """Return the account's call outcomes, by a legacy address; where that is gone, the choices of the property."""
        try:
            found = self._api.get("/calling/v1/dispositions")
        except Refusal as error:
            if error.status != 404:
                raise
            options = self._api.get(f"/crm/properties/{{v}}/{CALLS.object}/hs_call_disposition").get("options", [])
            found = [{"id": one["value"], "label": one.get("label"), "deleted": one.get("hidden")} for one in options]
        return [one for one in found if isinstance(one, dict) and not one.get("deleted")]

    def outcomes(self) -> frozenset[str]:
        """Return the GUIDs of the account's call outcomes, read once an hour; none where the key may not read them."""
        if self._guids is None or self._now() - self._guids[0] >= timedelta(hours=1):
            try:
                found = frozenset(str(one["id"]) for one in self._dispositions())
            except Refusal:
                found = frozenset()
            self._guids = (self._now(), found)
        return self._guids[1]

    # --------------------------------------------------------------------------------------------------------- reading

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows that changed: quickly by the search index, and an hour later completely."""
        if obj is Thing.MEMBER:
            return self._member_page(cursor)
        streams = self._streams(obj, scope)
        state = reading.parse(cursor, len(streams))
        read = reading.step(self._api, streams, state, self._millis, limit)
        rows, beside = self._taken(obj, scope, streams[read.stream], read)
        return Page(rows, state.text(), read.more, _shown(state), beside)

    def _member_page(self, cursor: str | None) -> Page:
        rows = [
            Row(p.id, "", {"name": p.name, "role": p.role, "email": p.email, "active": p.active})
            for p in self.members()
        ]
        return Page(rows, cursor or "members", more=False)

    def _streams(self, obj: Thing, scope: Scope) -> list[Stream]:
        mine = scope is Scope.MINE
        if obj is Thing.LEAD:
            owner = ({"propertyName": "hubspot_owner_id", "operator": "EQ", "value": self._mine()},) if mine else ()
            return [Stream(CONTACTS, self._records.properties(obj), STAMPS[CONTACTS], owner)]
        if obj is Thing.COMPANY:
            changed = Stream(COMPANIES, self._records.properties(obj), STAMPS[COMPANIES])
            return [self._of_mine(), replace(changed, since=self._millis() - reading.LAG)] if mine else [changed]
        since = self._millis() - int(self._mapping.option("touch", "history_days", 90)) * 86_400_000
        if obj is Thing.TOUCH:
            return [
                Stream(kind.object, self._activities.properties(kind), since=since, binned=False, spare=kind.spare)
                for kind in (CALLS, EMAILS, MEETINGS, NOTES)
            ]
        notes = Stream(NOTES.object, self._activities.properties(NOTES), filters=self._ours(NOTES.object), since=since)
        deals = Stream(DEALS, self._handoffs.properties, filters=self._ours(DEALS), since=since)
        return [replace(one, binned=False) for one in (notes, deals)]

    def _ours(self, obj: str) -> tuple[reading.Filter, ...]:
        if not self._schema.keyed(obj):
            return ()
        return ({"propertyName": self._schema.key(obj), "operator": "HAS_PROPERTY"},)

    def _of_mine(self) -> Stream:
        """Return the stream of my contacts that have a company."""
        return Stream(
            CONTACTS,
            (COMPANY_OF, STAMPS[CONTACTS]),
            STAMPS[CONTACTS],
            (
                {"propertyName": "hubspot_owner_id", "operator": "EQ", "value": self._mine()},
                {"propertyName": COMPANY_OF, "operator": "HAS_PROPERTY"},
            ),
            binned=False,
        )

    def _taken(
        self, obj: Thing, scope: Scope, stream: Stream, read: reading.Read
    ) -> tuple[Sequence[Row], dict[Thing, Sequence[Row]]]:
        mine, records = scope is Scope.MINE, list(read.records)
        if obj is Thing.COMPANY and mine:
            return self._my_companies(stream, records, read.binned), {}
        if obj in OBJECTS:
            taken = self._records.rows(obj, records, read.binned)
            return taken.rows, ({Thing.COMPANY: list(taken.companies.values())} if taken.companies else {})
        if obj is Thing.TOUCH:
            rows = self._activities.rows(KINDS[stream.object], records)
            return (self._of_my_leads(rows) if mine else rows), {}
        rows = self._handoffs.results(records) if stream.object == DEALS else self._handoffs.steps(records)
        return (self._of_my_leads(rows) if mine else rows), {}

    def _my_companies(self, stream: Stream, records: Sequence[Record], binned: Sequence[Record]) -> list[Row]:
        if stream.object == CONTACTS:
            return self._records.read(Thing.COMPANY, _companies_of(records)).rows
        rows = self._records.rows(Thing.COMPANY, records, binned).rows
        known = self._owned([row.id for row in rows])
        return [row for row in rows if row.deleted or row.id in known]

    def _owned(self, companies: Sequence[str]) -> set[str]:
        """Return those of some companies that have a contact of mine."""
        found: set[str] = set()
        for part in chunks(companies, BATCH):
            among = {"propertyName": COMPANY_OF, "operator": "IN", "values": part}
            stream = replace(self._of_mine(), filters=(self._of_mine().filters[0], among))
            found |= set(_companies_of(reading.every_id(self._api, stream)))
        return found

    def _of_my_leads(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of leads that are mine, and what I did myself."""
        leads = {str(row.fields["lead_id"]) for row in rows}
        found = self._api.read(CONTACTS, leads, ["hubspot_owner_id"]) if leads else []
        me = self._mine()
        mine = {str(one["id"]) for one in found if str(one["properties"].get("hubspot_owner_id") or "") == me}
        return [row for row in rows if row.fields["lead_id"] in mine or row.fields.get("member_id") == me]

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records, whatever the scope."""
        if obj in OBJECTS:
            return self._records.read(obj, ids).rows
        by_object: dict[str, list[str]] = {}
        for one in ids:
            name, number = parts(one)
            by_object.setdefault(name, []).append(number)
        rows: list[Row] = []
        for kind in KINDS.values():
            records = self._api.read(kind.object, by_object.get(kind.object, []), self._activities.properties(kind))
            rows += self._activities.rows(kind, records) if obj is Thing.TOUCH else self._handoffs.steps(records)
        deals = by_object.get(DEALS, []) if obj is Thing.TRANSITION else []
        return [*rows, *self._handoffs.results(self._api.read(DEALS, deals, self._handoffs.properties))]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every lead or company in scope.

        The team's by the list, which is complete; one's own by a search over ids, for the list knows no owner.
        """
        if obj not in OBJECTS:
            return []
        if scope is Scope.TEAM:
            listed = self._api.pages(f"/crm/objects/{{v}}/{OBJECTS[obj]}", limit=BATCH, archived="false")
            return [(str(one["id"]), str(one.get("updatedAt") or "")) for one in listed]
        if obj is Thing.LEAD:
            found = reading.every_id(self._api, self._streams(obj, scope)[0])
            return [(str(one["id"]), str(one.get("updatedAt") or "")) for one in found]
        mine = _companies_of(reading.every_id(self._api, self._of_mine()))
        return [(row.id, row.version) for row in self._records.read(obj, mine).rows if not row.deleted]

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches, or the steps of handoffs, of these leads, as far back as HubSpot has them."""
        wanted = [one for one in lead_ids if one.isdigit()]
        if obj is Thing.TRANSITION:
            return self._handoffs.history(wanted)
        if obj is not Thing.TOUCH:
            return []
        found = self._activities.of_leads(KINDS.values(), wanted)
        return [row for kind, record, lead in found if (row := self._activities.row(kind, record, lead)) is not None]

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead as it stands, and its newest call, within ``budget_s`` seconds."""
        begun = self._now()
        try:
            wanted = {"properties": ",".join(self._records.properties(Thing.LEAD)), "associations": CALLS.object}
            path = f"/crm/objects/{{v}}/{CONTACTS}/{lead_id}"
            record = self._api.call("GET", path, params=wanted, budget_s=budget_s)
        except Refusal as error:
            if error.status == 404:
                return Glance(None)
            raise
        except CrmError as error:
            raise error if isinstance(error, (Auth, Offline)) else Offline("crm_slow") from None
        row = next((one for one in self._records.rows(Thing.LEAD, [record]).rows if one.id == lead_id), None)
        calls = (record.get("associations") or {}).get(CALLS.object, {}).get("results", [])
        left = budget_s - (self._now() - begun).total_seconds()
        if not calls or left <= 0:
            return Glance(row)
        return Glance(row, self._newest(lead_id, sorted((int(one["id"]) for one in calls), reverse=True), left))

    def _newest(self, lead_id: str, calls: Sequence[int], budget_s: float) -> Row | None:
        body = {
            "inputs": [{"id": str(one)} for one in calls[:BATCH]],
            "properties": list(self._activities.properties(CALLS)),
            "propertiesWithHistory": [],
        }
        path = f"/crm/objects/{{v}}/{CALLS.object}/batch/read"
        try:
            found = self._api.call("POST", path, json=body, budget_s=budget_s).get("results", [])
        except CrmError:
            return None
        newest = max(found, key=lambda one: reading.millis(one["properties"].get("hs_timestamp")), default=None)
        return None if newest is None else self._activities.row(CALLS, newest, lead_id)

    # --------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write a batch: companies first, then leads, then what happened with them.

        A batch takes several requests. Where the account has our keys, sending all of it again does no harm, and a
        failure is what it is; where it has not, a failure after the first write is a doubt about all of it.
        """
        if not self._schema.known:
            self._schema.refresh()
        before = self._api.written
        try:
            return self._pushed(batch)
        except CrmError:
            if self._api.written == before or self._schema.all_keyed:
                raise
            raise Unknown("answer_lost") from None

    def _pushed(self, batch: Sequence[Command]) -> list[Result]:
        answers: dict[str, Result] = {}
        made: dict[str, str] = {}
        for obj in (Thing.COMPANY, Thing.LEAD):
            mine = [one for one in batch if one.obj is obj]
            results = self._records.push(obj, mine) if mine else []
            answers |= {one.key: one for one in results}
            ids = {one.key: one.remote_id for one in results}
            made |= {one.local: ids.get(one.key) or "" for one in mine if not one.id and one.local}
        facts = [one for one in batch if one.obj in {Thing.TOUCH, Thing.TRANSITION}]
        if facts:
            answers |= self._facts(facts, made)
        for one in batch:
            answers.setdefault(one.key, Result(one.key, Status.REFUSED, code="not_carried"))
        return [answers[one.key] for one in batch]

    def _facts(self, batch: Sequence[Command], made: Mapping[str, str]) -> dict[str, Result]:
        answers: dict[str, Result] = {}
        placed = self._placed(batch, made)
        there = {str(one["id"]) for one in self._api.read(CONTACTS, {c.lead_id or "" for c in placed} - {""}, [])}
        ready = []
        for command in placed:
            if command.lead_id in there:
                ready.append(command)
            else:
                code = "record_gone" if command.lead_id else "hubspot_lead_unknown"
                status = Status.GONE if command.lead_id else Status.REFUSED
                answers[command.key] = Result(command.key, status, command.lead_id, code=code)
        touches = [one for one in ready if one.obj is Thing.TOUCH]
        steps = [one for one in ready if one.obj is Thing.TRANSITION]
        answers |= {one.key: one for one in (self._activities.push(touches) if touches else [])}
        answers |= {one.key: one for one in (self._handoffs.push(steps) if steps else [])}
        return answers

    def _placed(self, batch: Sequence[Command], made: Mapping[str, str]) -> list[Command]:
        """Return facts with the contact of their lead, also where it was made only now or by a lost answer."""
        lost = {str(c.payload["lead_key"]) for c in batch if not c.lead_id and c.payload.get("lead_key")}
        known = {key: made[key] for key in lost if made.get(key)}
        name = self._schema.key(CONTACTS)
        if lost - set(known) and self._schema.keyed(CONTACTS):
            found = self._api.read(CONTACTS, lost - set(known), [name], by=name)
            known |= {str(one["properties"].get(name)): str(one["id"]) for one in found}
        return [c if c.lead_id else replace(c, lead_id=known.get(str(c.payload.get("lead_key")))) for c in batch]

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return which keys have been written, by a read that does not go through the search index."""
        if not self._schema.known:
            self._schema.refresh()
        found: dict[str, str] = {}
        for obj, name in OBJECTS.items():
            wanted = {one.local: one.key for one in asked if one.obj is obj and one.local and not one.id}
            key = self._schema.key(name)
            if wanted and self._schema.keyed(name):
                records = self._api.read(name, wanted, [key], by=key)
                found |= {wanted[str(one["properties"].get(key))]: str(one["id"]) for one in records}
        touches = [(one.key, one.lead_id) for one in asked if one.obj is Thing.TOUCH]
        steps = [(one.key, one.lead_id) for one in asked if one.obj is Thing.TRANSITION]
        found |= self._activities.wrote(touches, list(KINDS.values())) if touches else {}
        found |= self._activities.wrote(steps, [NOTES]) if steps else {}
        return found

    # ------------------------------------------------------------------------------------------------- being connected

    def check(self, *, write: bool) -> Sequence[Finding]:
        """Say what works; ``write``: make our properties where they are missing and try a note of our own."""
        if not self._portal:
            self.hello()
        return self._survey.check(write=write)

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return HubSpot's own properties of the object that holds ``obj``."""
        return self._survey.describe(obj)

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        """Return newest records as property → value."""
        return self._survey.samples(obj, limit)

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope, None where a search cannot tell."""
        if obj is not Thing.LEAD and scope is Scope.MINE:
            return None
        return self._survey.estimate(self._streams(obj, scope)[0])

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return the address of a record in HubSpot; activities have none of their own."""
        name, number = (OBJECTS[obj], remote_id) if obj in OBJECTS else parts(remote_id)
        type_ = _TYPES.get(name)
        if not self._portal or type_ is None or not number.isdigit():
            return None
        return f"{self._domain}/contacts/{self._portal}/record/{type_}/{number}"

    def close(self) -> None:
        """Let go of the connection."""
        self._api.client.close()


def _companies_of(records: Iterable[Record]) -> list[str]:
    found = (str(one.get("properties", {}).get(COMPANY_OF) or "") for one in records)
    return list(dict.fromkeys(one for one in found if one))


def _shown(state: Cursor) -> str:
    """Return where a pull stands, for the page of syncs."""
    at = state.passes[min(state.turn, len(state.passes) - 1)]
    return f"{at.phase or 'done'} {reading.iso(at.at)}"
