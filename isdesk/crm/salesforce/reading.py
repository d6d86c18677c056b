"""Reading: what changed since a cursor, single records, the complete list of ids, the history of a lead.

Changes come by ``SystemModstamp`` in windows that overlap and end five minutes before the vendor's clock (newer rows
may still be on their way), by ``queryAll`` so that what was deleted or archived is among them. One kind of ours may
stand in several objects (a lead in leads and contacts); they are read one after another, each with its own window.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from isdesk.crm import windows
from isdesk.crm.port import Page, Permanent, Row, Scope, Thing
from isdesk.crm.salesforce import campaigns, soql
from isdesk.crm.salesforce.link import BATCH, Link
from isdesk.crm.salesforce.rows import CALL_OBJECT, HANDOFF, NO_TOUCH, OURS, Record, Rows, lead_version
from isdesk.crm.salesforce.schema import Schema
from isdesk.crm.writing import is_named, named_company
from isdesk.domain.errors import BadInput

LAG_S: Final = 300.0
OVERLAP_S: Final = 600.0
"""A transaction of the vendor's may run ten minutes; its rows bear the stamp of its beginning."""
_ORDER: Final = "SystemModstamp,Id"
_CONVERTED: Final = "ConvertedContactId"

_Answer = TypeVar("_Answer")
Taken = tuple[list[Row], dict[Thing, list[Row]]]


@dataclass(frozen=True, slots=True)
class Source:
    """One object that a kind is read from: its query, and how its records become rows."""

    name: str
    table: str
    columns: Callable[[], list[str]]
    where: str
    take: Callable[[list[dict[str, Any]]], Taken]


@dataclass(slots=True)
class _Place:
    """Where a pull of several sources stands: the one that is being read, and the window of each."""

    at: int = 0
    windows: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str | None) -> _Place:
        try:
            said = json.loads(cursor) if cursor else {}
            return cls(int(said.get("at", 0)), dict(said.get("windows", {})))
        except (TypeError, ValueError, AttributeError):
            raise BadInput("cursor_unreadable") from None

    def text(self) -> str:
        return json.dumps({"at": self.at, "windows": self.windows}, separators=(",", ":"))


class Reader:
    """Reads one organisation as one person. ``me`` returns that person's id."""

    def __init__(self, link: Link, schema: Schema, rows: Rows, me: Callable[[], str]) -> None:
        self._link, self._schema, self._rows, self._me = link, schema, rows, me
        self._campaigns = campaigns.Campaigns(schema)

    # ------------------------------------------------------------------------------------------------------ changes

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return the next page of a kind."""
        return self.steady(lambda: self._changes(obj, cursor, scope, limit))

    def _changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        place, sources = _Place.read(cursor), self._sources(obj, scope)
        now = self._link.clock()
        while place.at < len(sources):
            source = sources[place.at]
            window = windows.parse(place.windows.get(source.name))
            window = windows.begin(window, now, overlap_s=OVERLAP_S, lag_s=LAG_S)
            where = soql.both(source.where, soql.within(window))
            statement = soql.select(source.columns(), source.table, where, _ORDER, limit)
            records = list(self._link.query(statement, deleted=True))
            more = len(records) >= limit
            window = window.read([(str(r["SystemModstamp"]), str(r["Id"])) for r in records], more=more)
            place.windows[source.name] = window.text()
            place.at += not more
            rows, beside = source.take(records)
            if rows or beside:
                last = place.at >= len(sources)
                place.at = 0 if last else place.at
                return Page(rows, place.text(), not last, window.end, beside)
        place.at = 0
        return Page([], place.text(), more=False)

    def steady(self, ask: Callable[[], _Answer]) -> _Answer:
        """Ask; where a field turns out to be gone, look at the schema anew and ask once more."""
        try:
            return ask()
        except Permanent as refused:
            if refused.code != "salesforce_schema_changed":
                raise
        self._schema.forget()
        return ask()

    def _sources(self, obj: Thing, scope: Scope) -> list[Source]:
        mine = scope is Scope.MINE
        match obj:
            case Thing.LEAD:
                return self._lead_sources(mine)
            case Thing.COMPANY:
                return self._account_sources(mine)
            case Thing.TOUCH:
                return self._touch_sources(mine)
            case Thing.TRANSITION:
                return self._step_sources(mine)
            case Thing.MEMBER:
                take = _plain(self._rows.member)
                return [Source("user", "User", self._rows.member_columns, "UserType = 'Standard'", take)]
            case _:
                return []

    @property
    def contacts(self) -> bool:
        """Return whether contacts are leads of ours too."""
        return bool(self._schema.known("contact").options.get("on")) and self._rows.follows

    def _owner(self, mine: bool) -> str:
        return f"OwnerId = {soql.text(self._me())}" if mine else ""

    def _lead_where(self, mine: bool) -> str:
        return soql.both(self._owner(mine), str(self._schema.known("lead").options.get("where", "")))

    def _became(self, mine: bool) -> str:
        return f"SELECT {_CONVERTED} FROM Lead WHERE {soql.both('IsConverted = true', self._lead_where(mine))}"

    def _lead_sources(self, mine: bool) -> list[Source]:
        found = [Source("lead", "Lead", self._rows.lead_columns, self._lead_where(mine), self._take_leads)]
        if self._rows.follows:
            became = f"Id IN ({self._became(mine)})"
            found.append(Source("followed", "Contact", lambda: ["Id", "SystemModstamp"], became, self._followed))
        if self.contacts:
            where = soql.both(self._owner(mine), f"Id NOT IN ({self._became(mine=False)})")
            take = _plain(self._rows.contact)
            found.append(Source("contact", "Contact", self._rows.contact_columns, where, take))
        return found

    def _take_leads(self, records: list[dict[str, Any]]) -> Taken:
        beside = self._rows.named(records)
        return [self._rows.lead(r) for r in records], {Thing.COMPANY: beside} if beside else {}

    def _followed(self, records: list[dict[str, Any]]) -> Taken:
        """Return the leads whose contacts have changed."""
        found: list[dict[str, Any]] = []
        for ids in soql.chunks([str(r["Id"]) for r in records]):
            where = f"{_CONVERTED} IN {soql.among(ids)}"
            found += self._link.query(soql.select(self._rows.lead_columns(), "Lead", where))
        return self._take_leads(found)

    def _account_sources(self, mine: bool) -> list[Source]:
        if not self.contacts or not self._schema.columns("Account"):
            return []
        where = f"Id IN (SELECT AccountId FROM Contact WHERE {self._owner(mine=True)})" if mine else ""
        return [Source("account", "Account", self._rows.account_columns, where, _plain(self._rows.account))]

    def _touch_sources(self, mine: bool) -> list[Source]:
        found = []
        for table in self.activity_tables():
            kind = self._touch_where(table)
            columns, take = self._columns_of(table), self._take_touches(table)
            if not mine:
                found.append(Source(table, table, columns, kind, take))
                continue
            books = {"lead": f"SELECT Id FROM Lead WHERE {self._lead_where(mine)}", "became": self._became(mine)}
            if self.contacts:
                books["contact"] = f"SELECT Id FROM Contact WHERE {self._owner(mine)}"
            for name, book in books.items():
                found.append(Source(f"{table}:{name}", table, columns, f"WhoId IN ({book}) AND ({kind})", take))
        return [*found, *self._campaign_sources(mine)] if self._campaigns.on else found

    def _campaign_sources(self, mine: bool) -> list[Source]:
        """Return where the responses to campaigns stand (marketing's signals)."""
        responded = "HasResponded = true"
        if not mine:
            return [Source("campaign", campaigns.TABLE, _campaign_columns, responded, self._take_responses)]
        book = f"SELECT Id FROM Lead WHERE {self._lead_where(mine)}"
        books = {"lead": f"LeadId IN ({book})", "became": f"LeadId = null AND ContactId IN ({self._became(mine)})"}
        if self.contacts:
            books["contact"] = f"ContactId IN (SELECT Id FROM Contact WHERE {self._owner(mine)})"
        return [
            Source(f"campaign:{n}", campaigns.TABLE, _campaign_columns, f"{responded} AND {w}", self._take_responses)
            for n, w in books.items()
        ]

    def _take_responses(self, records: Sequence[Record]) -> Taken:
        who = {str(r["Id"]): str(r.get("LeadId") or r.get("ContactId") or "") for r in records}
        leads = self.leads_of(who.values())
        rows = [self._campaigns.row(r, leads[who[str(r["Id"])]]) for r in records if who[str(r["Id"])] in leads]
        return [row for row in rows if row is not None], {}

    def activity_tables(self) -> list[str]:
        """Return the objects that hold touches; meetings stand in events where those have our key."""
        event = self._rows.key_of("Event")
        return ["Task", "Event"] if event and event != CALL_OBJECT else ["Task"]

    def _columns_of(self, table: str) -> Callable[[], list[str]]:
        return lambda: self._rows.activity_columns(table)

    def _touch_where(self, table: str) -> str:
        key = self._rows.key_of(table)
        ours = f"{key} LIKE {soql.like(OURS)}" if key == CALL_OBJECT else f"{key} != null"
        if table == "Event":
            return ours
        calls = "TaskSubtype IN ('Call','Email')"
        return soql.both("IsClosed = true", f"{calls} OR {ours}" if key else calls)

    def _take_touches(self, table: str) -> Callable[[list[dict[str, Any]]], Taken]:
        def take(records: list[dict[str, Any]]) -> Taken:
            kept = [r for r in records if not self._rows.unkeyed(r, table).startswith(NO_TOUCH)]
            leads = self.leads_of(str(r["WhoId"]) for r in kept if r.get("WhoId"))
            found = [self._rows.touch(r, leads[str(r["WhoId"])], table) for r in kept if r.get("WhoId") in leads]
            return found, {}

        return take

    def _step_sources(self, mine: bool) -> list[Source]:
        key = self._rows.key_of("Task")
        found = []
        if key:
            where = f"{key} LIKE {soql.like(self._rows.keyed(HANDOFF, 'Task'))}"
            found.append(Source("step", "Task", self._columns_of("Task"), where, self._take_steps))
        if not self._schema.columns("Opportunity"):
            return found
        own, where = self._schema.of("opportunity").key, soql.both("IsConverted = true", self._lead_where(mine))
        became = f"SELECT ConvertedOpportunityId FROM Lead WHERE {where}"
        books = {"opportunity": f"Id IN ({became})"}
        if own:
            every = (
                "SELECT ConvertedOpportunityId FROM Lead WHERE IsConverted = true AND ConvertedOpportunityId != null"
            )
            books["keyed"] = f"Id NOT IN ({every}) AND {own} != null"
        for name, book in books.items():
            where = soql.both("IsClosed = true", book)
            found.append(Source(name, "Opportunity", self._rows.opportunity_columns, where, self._take_results))
        return found

    def _take_steps(self, records: list[dict[str, Any]]) -> Taken:
        leads = self.leads_of(str(r["WhoId"]) for r in records if r.get("WhoId"))
        rows = [self._rows.step(r, leads[str(r["WhoId"])]) for r in records if r.get("WhoId") in leads]
        return [row for row in rows if row is not None], {}

    def _take_results(self, records: list[dict[str, Any]]) -> Taken:
        """Return the results of opportunities that came of a handoff; which one, its step or its key says."""
        closed = {str(r["Id"]): r for r in records if r.get("IsClosed")}
        key = self._schema.of("opportunity").key
        known = self._handoffs_of(list(closed))
        rows = []
        for identity, record in closed.items():
            lead, handoff = known.get(identity, ("", ""))
            handoff = str(record.get(key) or "") or handoff if key else handoff
            if lead and handoff:
                rows.append(self._rows.result(record, lead, handoff))
        return rows, {}

    def _handoffs_of(self, opportunities: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return lead and handoff of opportunities, as the steps that led to them say."""
        found: dict[str, tuple[str, str]] = {}
        key = self._rows.key_of("Task")
        for ids in soql.chunks(opportunities):
            where = f"ConvertedOpportunityId IN {soql.among(ids)}"
            for lead in self._link.query(soql.select(["Id", "ConvertedOpportunityId"], "Lead", where)):
                found[str(lead["ConvertedOpportunityId"])] = (str(lead["Id"]), "")
            if not key:
                continue
            prefix = soql.like(self._rows.keyed(HANDOFF, "Task"))
            where = f"WhatId IN {soql.among(ids)} AND {key} LIKE {prefix}"
            steps = list(self._link.query(soql.select(self._rows.activity_columns("Task"), "Task", where)))
            leads = self.leads_of(str(s["WhoId"]) for s in steps if s.get("WhoId"))
            for step in steps:
                whole = self._rows.payload(step) or {}
                lead_id = leads.get(str(step.get("WhoId"))) or found.get(str(step["WhatId"]), ("", ""))[0]
                found[str(step["WhatId"])] = (lead_id, str(whole.get("handoff_id") or ""))
        return found

    def handoff_of(self, opportunity: str) -> str:
        """Return the handoff that an opportunity came of, "" where none is known."""
        return self._handoffs_of([opportunity]).get(opportunity, ("", ""))[1]

    def leads_of(self, people: Iterable[str]) -> dict[str, str]:
        """Return the ids under which isdesk has these leads and contacts as leads; strangers are left out."""
        found: dict[str, str] = {}
        contacts = []
        for identity in people:
            if identity.startswith("00Q"):
                found[identity] = identity
            elif identity.startswith("003"):
                contacts.append(identity)
        for ids in soql.chunks(contacts):
            where = f"{_CONVERTED} IN {soql.among(ids)}"
            for lead in self._link.query(soql.select(["Id", _CONVERTED], "Lead", where)):
                found[str(lead[_CONVERTED])] = str(lead["Id"])
        if self.contacts:
            found |= {identity: identity for identity in contacts if identity not in found}
        return found

    # ------------------------------------------------------------------------------------------------ single records

    def fetch(self, obj: Thing, ids: Sequence[str]) -> list[Row]:
        """Return these records; those that are not there are left out."""
        return self.steady(lambda: [self._one(obj, r) for r in self.records(obj, ids)])

    def records(self, obj: Thing, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the records themselves. A company that leads only name is any of those leads, the newest last."""
        named = [i for i in ids if is_named(i)]
        found = list(self.naming(set(named)).values()) if named and obj is Thing.COMPANY else []
        by_table: dict[str, list[str]] = {}
        for identity in ids:
            if not is_named(identity):
                by_table.setdefault(_table(obj, identity), []).append(identity.partition("@")[0])
        for table, wanted in by_table.items():
            columns = self._columns(table)
            for some in soql.chunks(wanted):
                found += self._link.query(soql.select(columns, table, f"Id IN {soql.among(some)}"))
        return found

    def companies(self, records: Iterable[Record]) -> list[Row]:
        """Return the rows of accounts, and of companies by a lead that names each."""
        return [self._one(Thing.COMPANY, record) for record in records]

    def naming(self, ids: set[str]) -> dict[str, dict[str, Any]]:
        """Return for companies that leads only name the lead changed last."""
        found: dict[str, dict[str, Any]] = {}
        statement = soql.select(self._rows.lead_columns(), "Lead", "", "SystemModstamp,Id")
        for record in self._link.query(statement):
            identity = named_company(str(record.get("Company") or ""))
            if identity in ids:
                found[identity] = record
        return found

    def _columns(self, table: str) -> list[str]:
        plain = {
            "Lead": self._rows.lead_columns,
            "Contact": self._rows.contact_columns,
            "Account": self._rows.account_columns,
            "Opportunity": self._rows.opportunity_columns,
            "User": self._rows.member_columns,
            campaigns.TABLE: _campaign_columns,
        }.get(table)
        return plain() if plain is not None else self._rows.activity_columns(table)

    def _one(self, obj: Thing, record: Record) -> Row:
        if obj is Thing.COMPANY:
            return self._rows.account(record) if str(record["Id"]).startswith("001") else self._rows.named([record])[0]
        if obj is Thing.LEAD:
            return self.row(record)
        if obj is Thing.MEMBER:
            return self._rows.member(record)
        table = _table(obj, str(record["Id"]))
        if table == campaigns.TABLE:
            rows, _ = self._take_responses([record])
            return rows[0] if rows else Row(str(record["Id"]), str(record["SystemModstamp"]), {}, deleted=True)
        who = str(record.get("WhoId") or "")
        return self._rows.touch(record, self.leads_of([who]).get(who, who), table)

    def row(self, record: Record) -> Row:
        """Return the row of a lead or of a contact that is one of ours."""
        return self._rows.contact(record) if str(record["Id"]).startswith("003") else self._rows.lead(record)

    # -------------------------------------------------------------------------------------------------- ids, history

    def ids(self, obj: Thing, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield id and version of every record in scope, by pages of ids."""
        mine = scope is Scope.MINE
        if obj is Thing.LEAD:
            columns = ["ConvertedContact.SystemModstamp"] if self._rows.follows else []
            for record in self._keyset("Lead", columns, self._lead_where(mine)):
                yield str(record["Id"]), lead_version(record)
            if self.contacts:
                where = soql.both(self._owner(mine), f"Id NOT IN ({self._became(mine=False)})")
                yield from ((str(r["Id"]), str(r["SystemModstamp"])) for r in self._keyset("Contact", [], where))
            return
        if obj is Thing.COMPANY:
            yield from self._named_ids(mine)
        for source in self._sources(obj, scope):
            if obj is Thing.TOUCH:
                records = self._keyset(source.table, source.columns(), source.where)
                rows, _ = source.take(list(records))
                yield from ((row.id, row.version) for row in rows)
            elif source.table != "Opportunity":
                yield from (
                    (str(r["Id"]), str(r["SystemModstamp"])) for r in self._keyset(source.table, [], source.where)
                )

    def _named_ids(self, mine: bool) -> Iterator[tuple[str, str]]:
        newest: dict[str, str] = {}
        for record in self._keyset("Lead", ["Company"], self._lead_where(mine)):
            if record.get("Company"):
                identity, stamp = named_company(str(record["Company"])), str(record["SystemModstamp"])
                newest[identity] = max(stamp, newest.get(identity, ""))
        yield from newest.items()

    def _keyset(self, table: str, columns: Sequence[str], where: str) -> Iterator[dict[str, Any]]:
        last = ""
        while True:
            after = soql.both(where, f"Id > {soql.text(last)}" if last else "")
            statement = soql.select(["Id", "SystemModstamp", *columns], table, after, "Id", BATCH)
            records = list(self._link.query(statement))
            yield from records
            if len(records) < BATCH:
                return
            last = str(records[-1]["Id"])

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> list[Row]:
        """Return the touches or steps of these leads, the archived ones too."""
        return self.steady(lambda: self._history(obj, lead_ids))

    def _history(self, obj: Thing, lead_ids: Sequence[str]) -> list[Row]:
        people = [*lead_ids, *self.contacts_of(lead_ids).values()]
        found: list[Row] = []
        for ids in soql.chunks(people):
            who = f"WhoId IN {soql.among(ids)}"
            for table in self.activity_tables() if obj is Thing.TOUCH else ["Task"]:
                where = soql.both("IsDeleted = false", who, self._touch_where(table) if obj is Thing.TOUCH else "")
                statement = soql.select(self._rows.activity_columns(table), table, where, _ORDER)
                records = list(self._link.query(statement, deleted=True))
                found += self._facts(obj, table, records)
            if obj is Thing.TOUCH and self._campaigns.on:
                of = f"LeadId IN {soql.among(ids)} OR ContactId IN {soql.among(ids)}"
                where = soql.both("IsDeleted = false AND HasResponded = true", of)
                found += self._take_responses(
                    list(self._link.query(soql.select(campaigns.COLUMNS, campaigns.TABLE, where, _ORDER)))
                )[0]
        return found + (self._results_of(lead_ids) if obj is Thing.TRANSITION else [])

    def _facts(self, obj: Thing, table: str, records: list[dict[str, Any]]) -> list[Row]:
        if obj is Thing.TOUCH:
            return self._take_touches(table)(records)[0]
        return self._take_steps([r for r in records if self._rows.unkeyed(r, table).startswith(HANDOFF)])[0]

    def _results_of(self, lead_ids: Sequence[str]) -> list[Row]:
        found: list[Row] = []
        for ids in soql.chunks(lead_ids if self._schema.columns("Opportunity") else []):
            where = f"Id IN {soql.among(ids)} AND ConvertedOpportunityId != null"
            leads = list(self._link.query(soql.select(["ConvertedOpportunityId"], "Lead", where)))
            wanted = [str(lead["ConvertedOpportunityId"]) for lead in leads]
            if wanted:
                where = f"Id IN {soql.among(wanted)} AND IsClosed = true"
                statement = soql.select(self._rows.opportunity_columns(), "Opportunity", where)
                found += self._take_results(list(self._link.query(statement)))[0]
        return found

    def contacts_of(self, lead_ids: Sequence[str]) -> dict[str, str]:
        """Return the contacts that those of these leads have become that were converted."""
        found: dict[str, str] = {}
        for ids in soql.chunks([i for i in lead_ids if i.startswith("00Q")]):
            where = f"Id IN {soql.among(ids)} AND IsConverted = true"
            for lead in self._link.query(soql.select(["Id", _CONVERTED], "Lead", where)):
                if lead.get(_CONVERTED):
                    found[str(lead["Id"])] = str(lead[_CONVERTED])
        return found

    def count(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records of a kind are in scope; companies that leads only name cannot be counted."""
        sources = [s for s in self._sources(obj, scope) if s.name != "followed"]
        return sum(self._link.count(s.table, s.where) for s in sources) if sources else None

    def quickly(self, lead_id: str, budget_s: float) -> tuple[Row | None, str | None]:
        """Return one lead as it stands now, and the contact that it became."""
        table = _table(Thing.LEAD, lead_id)
        statement = soql.select(self._columns(table), table, f"Id = {soql.text(lead_id)}")
        for record in self._link.query(statement, budget_s=budget_s):
            return self.row(record), str(record.get(_CONVERTED) or "") or None
        return None, None

    def newest_touch(self, lead_id: str, contact_id: str | None, budget_s: float) -> Row | None:
        """Return the newest touch of a lead."""
        who = [lead_id, *([contact_id] if contact_id else [])]
        where = soql.both(f"WhoId IN {soql.among(who)}", self._touch_where("Task"))
        statement = soql.select(self._rows.activity_columns("Task"), "Task", where, "CreatedDate DESC", 5)
        for record in self._link.query(statement, budget_s=budget_s):
            if not self._rows.unkeyed(record, "Task").startswith(NO_TOUCH):
                return self._rows.touch(record, lead_id)
        return None


def _campaign_columns() -> list[str]:
    return [*campaigns.COLUMNS]


def _plain(one: Callable[[Record], Row]) -> Callable[[list[dict[str, Any]]], Taken]:
    return lambda records: ([one(r) for r in records], {})


def _table(obj: Thing, identity: str) -> str:
    """Return the object of an id: the first three characters say it (object reference, "ID Field Type")."""
    known: Mapping[str, str] = {
        "003": "Contact", "001": "Account", "006": "Opportunity", "00U": "Event", "005": "User",
        "00v": campaigns.TABLE,
    }  # fmt: skip
    usual = {Thing.LEAD: "Lead", Thing.COMPANY: "Account", Thing.MEMBER: "User"}
    return known.get(identity[:3]) or usual.get(obj, "Task")
