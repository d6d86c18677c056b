"""A stand-in for Salesforce: queries, describe, Collections, Composite, SOAP convertLead and OAuth, as documented.

What it refuses, it refuses as the vendor does: unknown fields, missing or too long values, values that are not offered,
keys that are taken, deleted and converted records, locks, preconditions. One organisation, in memory.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode

from typing_extensions import override

from tests.crm.fakes import salesforce_schema as schema
from tests.crm.fakes.soql import Parser, Query, Record, SoqlError, moment
from tests.crm.loopback import Answer, Loopback, Request

ORG = "00D5g0000000001EAA"
CLIENT = "3MVG9isdesk.test.consumer"
DATA = "/services/data/v67.0"
PAGE = 2_000
RETRY = "UNABLE_TO_LOCK_ROW"


class Refusal(Exception):
    """One record that the vendor refuses."""

    def __init__(self, code: str, words: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.code, self.words, self.fields = code, words, fields


@dataclass
class Grant:
    """One sign-in: whose, the refresh token in force, those that were used, the access tokens."""

    user: str
    refresh: str
    used: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    alive: bool = True


class FakeSalesforce(Loopback):
    """The organisation. ``keyed``: the administrator has added the key fields; ``rotates``: refresh tokens change."""

    def __init__(self, *, keyed: bool = True, rotates: bool = True) -> None:
        super().__init__()
        self.keyed, self.rotates = keyed, rotates
        self.schema = schema.tables(keyed=keyed)
        self.tables: dict[str, dict[str, Record]] = {name: {} for name in self.schema}
        self.keys: dict[tuple[str, str], dict[str, str]] = {}
        self.hidden: set[str] = set()
        self.grants: list[Grant] = []
        self.codes: dict[str, tuple[str, str, str]] = {}
        self.browser_user = "sato"
        self.used, self.allowance = 17, 100_000
        self.batch = PAGE
        self.locked = 0
        self.duplicate_rule = False
        self.rules: list[Callable[[str, Record], str | None]] = []
        self._cursors: dict[str, tuple[list[Record], Query]] = {}
        self._next = 1
        self.users = {name: self.person(name) for name in ("sato", "ito", "mori")}
        self._lists()

    # -------------------------------------------------------------------------------------------------- for the tests

    def person(self, name: str) -> str:
        """Add a user."""
        known = {"sato": "佐藤 花子", "ito": "伊藤 健", "mori": "森 恵"}
        roles = {"mori": "Inside Sales Manager"}
        role = self.put("UserRole", {"Name": roles.get(name, "Inside Sales")})
        said = {"Name": known[name], "Email": f"{name}@example.jp", "IsActive": True, "UserType": "Standard"}
        return self.put("User", {**said, "UserRoleId": role})

    def put(self, table: str, fields: Record, *, by: str | None = None) -> str:
        """Put a record in without any rule; returns its id."""
        identity = f"{schema.PREFIXES[table]}5g{self._next:010d}AAA"
        self._next += 1
        stamp = self.stamp()
        base: Record = {name: False if f["type"] == "boolean" else None for name, f in self.schema[table].items()}
        base |= {"Id": identity, "CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
        base |= {"CreatedById": by, "IsDeleted": False}
        self.tables[table][identity] = base | fields
        self._derive(table, self.tables[table][identity])
        self._index(table, self.tables[table][identity])
        return identity

    def _index(self, table: str, record: Record) -> None:
        for name, column in self.schema[table].items():
            if column["externalId"] and record.get(name):
                self.keys.setdefault((table, name), {})[str(record[name]).casefold()] = record["Id"]

    def holder(self, table: str, name: str, value: Any) -> Record | None:
        """Return the record that has this value in a key field."""
        record = self.tables[table].get(self.keys.get((table, name), {}).get(str(value).casefold(), ""))
        stands = (
            record is not None and not record["IsDeleted"] and str(record.get(name)).casefold() == str(value).casefold()
        )
        return record if stands else None

    def touch(self, table: str, identity: str, fields: Record) -> None:
        """Change a record without any rule, and stamp it."""
        record = self.tables[table][identity]
        record |= fields
        record["LastModifiedDate"] = record["SystemModstamp"] = self.stamp()
        self._derive(table, record)
        self._index(table, record)

    def delete(self, table: str, identity: str, *, winner: str | None = None) -> None:
        """Put a record into the recycle bin."""
        self.touch(table, identity, {"IsDeleted": True, **({"MasterRecordId": winner} if winner else {})})

    def merge(self, loser: str, winner: str) -> None:
        """Merge two leads: the activities go to the winner, the loser names it."""
        for table in ("Task", "Event"):
            for record in self.tables[table].values():
                if record["WhoId"] == loser:
                    self.touch(table, record["Id"], {"WhoId": winner})
        self.delete("Lead", loser, winner=winner)
        self.touch("Lead", winner, {})

    def sign_in(self, user: str) -> tuple[str, str]:
        """Return an access and a refresh token of a person."""
        grant = Grant(user, f"5Aep{secrets.token_urlsafe(40)}")
        self.grants.append(grant)
        return self._fresh(grant), grant.refresh

    def secret(self, user: str) -> str:
        """Return the secret that a sign-in of that person gives."""
        access, refresh = self.sign_in(user)
        return json.dumps({"access": access, "refresh": refresh, "origin": self.url, "identity": self.identity(user)})

    def identity(self, user: str) -> str:
        return f"{self.url}/id/{ORG}/{self.users[user]}"

    def expire(self) -> None:
        """End every session; refresh tokens stay."""
        for grant in self.grants:
            grant.access.clear()

    def stamp(self) -> str:
        """Return now as the vendor writes it: whole seconds."""
        return f"{self.now():%Y-%m-%dT%H:%M:%S}.000+0000"

    def convert(
        self,
        lead: str,
        *,
        status: str = "",
        owner: str = "",
        name: str = "",
        opportunity: bool = True,
        account: str = "",
    ) -> Record:
        """Convert a lead; returns the ids."""
        record = self.tables["Lead"][lead]
        keep = owner or record["OwnerId"]
        account = account or self.put("Account", {"Name": record["Company"], "OwnerId": keep})
        shared = {k: record[k] for k in schema.person() if k in record and k not in {"MasterRecordId", "OwnerId"}}
        contact = self.put("Contact", {**shared, "AccountId": account, "OwnerId": keep})
        made = None
        if opportunity:
            said = {"Name": name or record["Company"], "StageName": "Prospecting", "CloseDate": "2027-01-31"}
            made = self.put("Opportunity", {**said, "AccountId": account, "OwnerId": keep})
        ids = {"ConvertedAccountId": account, "ConvertedContactId": contact, "ConvertedOpportunityId": made}
        self.touch("Lead", lead, {"IsConverted": True, "Status": status or "Closed - Converted", **ids})
        for table in ("Task", "Event"):
            for one in self.tables[table].values():
                if one["WhoId"] == lead:
                    self.touch(table, one["Id"], {"WhoId": contact, "WhatId": made})
        return ids

    # ------------------------------------------------------------------------------------------------------- routing

    @override
    def headers(self) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self.used}/{self.allowance}"}

    @override
    def handle(self, request: Request) -> Answer:
        if request.path == "/services/oauth2/authorize":
            return self._authorize(request)
        if request.path == "/services/oauth2/token":
            return self._token(request)
        if request.path == "/services/data":
            return Answer(data=[{"label": "Summer '26", "url": DATA, "version": "67.0"}])
        user = self._session(request)
        if request.path.startswith("/services/Soap/u/67.0"):
            return self._soap(request)
        if user is None:
            return error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if request.path == "/services/oauth2/userinfo":
            return Answer(data={"organization_id": ORG, "user_id": user})
        self.used += 1
        if self.used > self.allowance:
            return error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        if not request.path.startswith(DATA):
            return error(404, "NOT_FOUND", "The requested resource does not exist")
        try:
            return self._data(request, request.path.removeprefix(DATA), user)
        except SoqlError as refused:
            return error(400, refused.code, refused.words)
        except Refusal as refused:
            return error(
                404 if refused.code in {"NOT_FOUND", "ENTITY_IS_DELETED"} else 400,
                refused.code,
                refused.words,
                refused.fields,
            )

    def _data(self, request: Request, path: str, user: str) -> Answer:
        if path in {"/query", "/queryAll"}:
            return self._query(request.query["q"], deleted=path == "/queryAll")
        if found := re.fullmatch(r"/query/(\w+)-(\d+)", path):
            return self._more(found[1], int(found[2]))
        if found := re.fullmatch(r"/sobjects/(\w+)/describe", path):
            if found[1] not in self.schema:
                return error(404, "NOT_FOUND", "The requested resource does not exist")
            return Answer(data=schema.describe(found[1], self.schema[found[1]]))
        if path.startswith("/composite/sobjects"):
            return self._collection(request, path.removeprefix("/composite/sobjects"), user)
        if path == "/composite":
            return self._composite(request.json, user)
        return self._row(request, path, user)

    def _row(self, request: Request, path: str, user: str) -> Answer:
        found = re.fullmatch(r"/sobjects/(\w+)(?:/(\w+))?", path)
        if found is None or found[1] not in self.schema:
            return error(404, "NOT_FOUND", "The requested resource does not exist")
        table, identity = found[1], found[2]
        if request.method == "POST" and identity is None:
            return Answer(201, {"id": self.save(table, request.json, user), "success": True, "errors": []})
        if identity is None or identity not in self._seen(table):
            return error(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible")
        if request.method == "DELETE":
            self.delete(table, identity)
            return Answer(204)
        if request.method == "PATCH":
            since = request.headers.get("If-Unmodified-Since")
            if since and moment(self.tables[table][identity]["LastModifiedDate"]) > parsedate_to_datetime(since):
                return Answer(412)
            self.save(table, request.json, user, identity)
            return Answer(204)
        return error(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed")

    # --------------------------------------------------------------------------------------------------------- queries

    def _seen(self, table: str) -> dict[str, Record]:
        return (
            {i: r for i, r in self.tables[table].items() if i not in self.hidden} if self.hidden else self.tables[table]
        )

    def _run(self, query: Query, *, deleted: bool) -> list[Record]:
        found = [r for r in self._seen(query.table).values() if (deleted or not r["IsDeleted"]) and query.where(r)]
        value = self._value(query.table)

        def place(record: Record, name: str) -> tuple[bool, Any]:
            said = value(record, name)
            return (said is not None, said if said is not None else 0)

        for name, down in reversed(query.order):
            found.sort(key=partial(place, name=name), reverse=down)
        return found if query.limit is None else found[: query.limit]

    def _value(self, table: str) -> Callable[[Record, str], Any]:
        def value(record: Record, path: str) -> Any:
            parent, _, rest = path.rpartition(".")
            if not parent:
                return record.get(path)
            link, other = schema.PARENTS[table, parent]
            above = self.tables[other].get(record.get(link) or "")
            return None if above is None else above.get(rest)

        return value

    def _column(self, table: str, path: str, filtered: bool) -> None:
        if table not in self.schema:
            raise SoqlError("INVALID_TYPE", f"sObject type '{table}' is not supported.")
        parent, _, name = path.rpartition(".")
        if parent:
            if (table, parent) not in schema.PARENTS:
                raise SoqlError("INVALID_FIELD", f"Didn't understand relationship '{parent}' in field path.")
            table = schema.PARENTS[table, parent][1]
        one = self.schema[table].get(name)
        if one is None:
            raise SoqlError("INVALID_FIELD", f"ERROR at Row:1:Column:8\nNo such column '{name}' on entity '{table}'.")
        if filtered and not one["filterable"]:
            raise SoqlError("INVALID_FIELD", f"field '{name}' can not be filtered in a query call")

    def read(self, text: str, *, deleted: bool) -> tuple[Query, list[Record]]:
        """Read and run a query."""
        table = re.search(r"\bFROM\s+(\w+)", text)

        def value(record: Record, path: str) -> Any:
            name = next(t for t, prefix in schema.PREFIXES.items() if record["Id"].startswith(prefix))
            return self._value(name)(record, path)

        def inner(query: Query) -> set[Any]:
            return {r[query.fields[0]] for r in self._run(query, deleted=deleted)}

        parser = Parser(text, self._column, value, inner)
        if table is not None and table[1] not in self.schema:
            raise SoqlError("INVALID_TYPE", f"sObject type '{table[1]}' is not supported.")
        query = parser.read()
        return query, self._run(query, deleted=deleted)

    def _query(self, text: str, *, deleted: bool) -> Answer:
        query, found = self.read(text, deleted=deleted)
        if query.counts:
            return Answer(data={"totalSize": len(found), "done": True, "records": []})
        locator = f"0r8{secrets.token_hex(8)}"
        self._cursors[locator] = ([dict(r) for r in found], query)
        return self._more(locator, 0)

    def _more(self, locator: str, begin: int) -> Answer:
        if locator not in self._cursors:
            return error(404, "INVALID_QUERY_LOCATOR", "invalid query locator")
        found, query = self._cursors[locator]
        end = begin + self.batch
        done = end >= len(found)
        data: Record = {
            "totalSize": len(found),
            "done": done,
            "records": [self._shown(r, query) for r in found[begin:end]],
        }
        if not done:
            data["nextRecordsUrl"] = f"{DATA}/query/{locator}-{end}"
        else:
            del self._cursors[locator]
        return Answer(data=data)

    def _shown(self, record: Record, query: Query) -> Record:
        shown: Record = {"attributes": {"type": query.table, "url": f"{DATA}/sobjects/{query.table}/{record['Id']}"}}
        for path in query.fields:
            parent, _, name = path.rpartition(".")
            if not parent:
                shown[path] = record.get(path)
                continue
            link, other = schema.PARENTS[query.table, parent]
            above = self.tables[other].get(record.get(link) or "")
            if above is None:
                shown[parent] = None
            else:
                shown.setdefault(parent, {"attributes": {"type": other}})[name] = above.get(name)
        return shown

    # ---------------------------------------------------------------------------------------------------------- writes

    def save(self, table: str, body: Record, user: str, identity: str | None = None) -> str:
        """Write one record by all the rules. Raises Refusal."""
        fields = {k: v for k, v in body.items() if k not in {"attributes", "id", "Id"}}
        self._known(table, fields)
        if self.locked > 0:
            self.locked -= 1
            raise Refusal(RETRY, "unable to obtain exclusive access to this record or 1 records")
        now = self.tables[table].get(identity) if identity is not None else None
        if identity is not None and (now is None or identity in self.hidden):
            raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if now is not None and now["IsDeleted"]:
            raise Refusal("ENTITY_IS_DELETED", "entity is deleted")
        if now is not None and now.get("IsConverted"):
            raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        fields = {k: None if v == "" else v for k, v in fields.items()}
        self._check(table, fields, now)
        if now is not None and identity is not None:
            self.touch(table, identity, fields)
            return identity
        defaults: Record = {"OwnerId": user} if "OwnerId" in self.schema[table] else {}
        if table == "Task":
            defaults |= {"Status": "Not Started", "Priority": "Normal", "TaskSubtype": "Task"}
        if table == "Lead":
            defaults |= {"Status": schema.STATUSES[0]}
        return self.put(table, {**defaults, **{k: v for k, v in fields.items() if v is not None}}, by=user)

    def _known(self, table: str, fields: Record) -> None:
        for name in fields:
            if name not in self.schema[table]:
                raise SoqlError("INVALID_FIELD", f"No such column '{name}' on sobject of type {table}")

    def _check(self, table: str, fields: Record, now: Record | None) -> None:
        columns = self.schema[table]
        for name, value in fields.items():
            if not columns[name]["updateable" if now is not None else "createable"]:
                raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", f"Unable to create/update fields: {name}.", (name,))
            if value is not None:
                self._fits(table, name, value)
        missing = [
            n
            for n, c in columns.items()
            if c["createable"] and not c["nillable"] and not c["defaultedOnCreate"]
            and (fields.get(n, now[n] if now is not None else None)) in (None, "")
        ]  # fmt: skip
        if missing:
            raise Refusal(
                "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", tuple(missing)
            )
        self._unique(table, fields, now)
        self._relations(table, {**(now or {}), **fields})
        for rule in self.rules:
            words = rule(table, {**(now or {}), **fields})
            if words:
                raise Refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", words)
        mail = fields.get("Email")
        others = [r for r in self.tables["Lead"].values() if r is not now and not r["IsDeleted"]]
        if self.duplicate_rule and table == "Lead" and mail and any(r["Email"] == mail for r in others):
            raise Refusal("DUPLICATES_DETECTED", "これらのレコードのいずれかを使用しますか?")

    def _fits(self, table: str, name: str, value: Any) -> None:
        column = self.schema[table][name]
        kind = column["type"]
        good = {"boolean": bool, "int": int, "currency": (int, float)}.get(kind, str)
        if not isinstance(value, good) or (kind == "int" and isinstance(value, bool)):  # type: ignore[arg-type]
            raise Refusal(
                "INVALID_TYPE_ON_FIELD_IN_RECORD", f"{column['label']}: 値の型が正しくありません: {value!r}", (name,)
            )
        if kind in {"date", "datetime"}:
            try:
                datetime.fromisoformat(value)
            except ValueError:
                raise Refusal(
                    "INVALID_TYPE_ON_FIELD_IN_RECORD", f"{column['label']}: 日付ではありません", (name,)
                ) from None
        if column["length"] and len(value) > column["length"]:
            raise Refusal(
                "STRING_TOO_LONG", f"{column['label']}: データ値が大きすぎます: (最大長={column['length']})", (name,)
            )
        if kind == "picklist" and column["restricted"] and value not in column["values"]:
            raise Refusal(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"{column['label']}: 制限つき選択リスト項目の値が不適切です: {value}",
                (name,),
            )

    def _unique(self, table: str, fields: Record, now: Record | None) -> None:
        for name, value in fields.items():
            if value is None or not self.schema[table][name]["unique"]:
                continue
            other = self.holder(table, name, value)
            if other is not None and other is not now:
                words = f"duplicate value found: {name} duplicates value on record with id: {other['Id']}"
                raise Refusal("DUPLICATE_VALUE", words)

    def _relations(self, table: str, after: Record) -> None:
        for name, targets in (
            ("WhoId", ("Lead", "Contact")),
            ("OwnerId", ("User",)),
            ("AccountId", ("Account",)),
            ("ContactId", ("Contact",)),
            ("OpportunityId", ("Opportunity",)),
        ):
            value = after.get(name)
            if value is None or name not in self.schema[table]:
                continue
            found = next((self.tables[t][value] for t in targets if value in self.tables[t]), None)
            if found is None:
                raise Refusal("INVALID_CROSS_REFERENCE_KEY", f"{name}: invalid cross reference id", (name,))
            if found["IsDeleted"]:
                raise Refusal("ENTITY_IS_DELETED", "entity is deleted", (name,))
            if name == "WhoId" and found.get("IsConverted"):
                raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", (name,))
        if table == "Task" and after.get("WhatId") and str(after.get("WhoId") or "").startswith("00Q"):
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", "Related To ID: リードに関連先は指定できません", ("WhatId",))

    def _derive(self, table: str, record: Record) -> None:
        if table == "Task":
            record["IsClosed"] = record.get("Status") == "Completed"
        if table == "Opportunity":
            record["IsClosed"] = str(record.get("StageName")).startswith("Closed")
            record["IsWon"] = record.get("StageName") == "Closed Won"

    # ----------------------------------------------------------------------------------------- collections, composite

    def _collection(self, request: Request, path: str, user: str) -> Answer:
        records = (request.json or {}).get("records", [])
        if len(records) > 200:
            return error(400, "LIMIT_EXCEEDED", "record limit reached. cannot submit more than 200 records")
        found = re.fullmatch(r"/(\w+)/(\w+)", path)
        for record in records:
            table = record["attributes"]["type"]
            self._known(table, {k: v for k, v in record.items() if k not in {"attributes", "id"}})
        if request.method == "PATCH" and found is not None:
            column = self.schema[found[1]].get(found[2])
            if column is None or not column["externalId"]:
                return error(400, "INVALID_FIELD", f"Provided external ID field does not exist: {found[2]}")
            return Answer(data=[self._item(self._upsert, found[1], r, user, found[2]) for r in records])
        if request.method == "POST":
            return Answer(data=[self._item(self._insert, r["attributes"]["type"], r, user, "") for r in records])
        if request.method == "PATCH":
            return Answer(data=[self._item(self._update, r["attributes"]["type"], r, user, "") for r in records])
        return error(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed")

    def _item(
        self, write: Callable[[str, Record, str, str], Record], table: str, record: Record, user: str, key: str
    ) -> Record:
        try:
            return {"success": True, "errors": [], **write(table, record, user, key)}
        except Refusal as refused:
            return {
                "success": False,
                "errors": [{"statusCode": refused.code, "message": refused.words, "fields": list(refused.fields)}],
            }

    def _upsert(self, table: str, record: Record, user: str, key: str) -> Record:
        there = self.holder(table, key, record[key])
        fields = {k: v for k, v in record.items() if k != key} if there is not None else record
        identity = self.save(table, fields, user, there["Id"] if there is not None else None)
        return {"id": identity, "created": there is None}

    def _insert(self, table: str, record: Record, user: str, key: str) -> Record:
        return {"id": self.save(table, record, user)}

    def _update(self, table: str, record: Record, user: str, key: str) -> Record:
        return {"id": self.save(table, record, user, record["id"])}

    def _composite(self, body: Record, user: str) -> Answer:
        kept = {name: {i: dict(r) for i, r in rows.items()} for name, rows in self.tables.items()}
        said: list[Record] = []
        ids: dict[str, str] = {}
        failed = False
        for part in body["compositeRequest"]:
            fields = {k: self._reference(v, ids) for k, v in part["body"].items()}
            table = part["url"].rpartition("/")[2]
            try:
                if failed:
                    raise Refusal(
                        "PROCESSING_HALTED",
                        "The transaction was rolled back since another operation in the same transaction failed.",
                    )
                identity = self.save(table, fields, user)
                ids[part["referenceId"]] = identity
                said.append(
                    {
                        "body": {"id": identity, "success": True, "errors": []},
                        "httpStatusCode": 201,
                        "referenceId": part["referenceId"],
                    }
                )
            except Refusal as refused:
                failed = True
                said.append(
                    {
                        "body": [{"errorCode": refused.code, "message": refused.words}],
                        "httpStatusCode": 400,
                        "referenceId": part["referenceId"],
                    }
                )
        if failed and body.get("allOrNone"):
            self.tables = kept
            halted = {
                "errorCode": "PROCESSING_HALTED",
                "message": "The transaction was rolled back since another operation in the same transaction failed.",
            }
            said = [p if p["httpStatusCode"] == 400 else {**p, "body": [halted], "httpStatusCode": 400} for p in said]
        return Answer(data={"compositeResponse": said})

    @staticmethod
    def _reference(value: Any, ids: dict[str, str]) -> Any:
        found = re.fullmatch(r"@\{(\w+)\.id\}", value) if isinstance(value, str) else None
        return ids.get(found[1], value) if found is not None else value

    # ------------------------------------------------------------------------------------------------------------ SOAP

    def _soap(self, request: Request) -> Answer:
        text = request.body.decode()
        token = tag(text, "sessionId")
        if all(token not in g.access for g in self.grants if g.alive):
            return fault("INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader")
        self.used += 1
        lead, status = tag(text, "leadId"), tag(text, "convertedStatus")
        record = self.tables["Lead"].get(lead)
        if self.locked > 0:
            self.locked -= 1
            return converted(None, RETRY, "unable to obtain exclusive access")
        if record is None or record["IsDeleted"]:
            return converted(None, "INVALID_CROSS_REFERENCE_KEY", "invalid lead id")
        if record["IsConverted"]:
            return converted(None, "CONVERTED_LEAD", "already converted")
        if status != "Closed - Converted":
            return converted(None, "INVALID_STATUS", "invalid convertedStatus")
        bare = tag(text, "doNotCreateOpportunity") == "true"
        ids = self.convert(
            lead, status=status, owner=tag(text, "ownerId"), name=tag(text, "opportunityName"), opportunity=not bare,
            account=tag(text, "accountId"),
        )  # fmt: skip
        return converted({**ids, "leadId": lead})

    # ----------------------------------------------------------------------------------------------------------- OAuth

    def _session(self, request: Request) -> str | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return next((self.users[g.user] for g in self.grants if g.alive and token in g.access), None)

    def _fresh(self, grant: Grant) -> str:
        token = f"{ORG[:15]}!{secrets.token_urlsafe(32)}"
        grant.access.add(token)
        return token

    def _authorize(self, request: Request) -> Answer:
        """The person allows it at once: the browser is sent back with a code."""
        q = request.query
        if q.get("client_id") != CLIENT or q.get("code_challenge_method") != "S256" or q.get("response_type") != "code":
            return error(400, "invalid_request", "invalid_client_id")
        code = secrets.token_urlsafe(16)
        self.codes[code] = (q["code_challenge"], q["redirect_uri"], self.browser_user)
        where = f"{q['redirect_uri']}?{urlencode({'code': code, 'state': q['state']})}"
        return Answer(302, None, {"Location": where})

    def _token(self, request: Request) -> Answer:
        form = {k: v[-1] for k, v in parse_qs(request.body.decode()).items()}
        if form.get("client_id") != CLIENT or "client_secret" in form:
            return Answer(400, {"error": "invalid_client_id", "error_description": "client identifier invalid"})
        if form.get("grant_type") == "authorization_code":
            want, where, user = self.codes.pop(form.get("code", ""), ("", "", ""))
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            mine = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if not want or mine != want or form.get("redirect_uri") != where:
                return Answer(400, {"error": "invalid_grant", "error_description": "invalid code verifier"})
            access, refresh = self.sign_in(user)
            return self._granted(user, access, refresh)
        return self._renew(form.get("refresh_token", ""))

    def _renew(self, token: str) -> Answer:
        for grant in self.grants:
            if token in grant.used:
                # A rotated token that comes again has been stolen: everything of this sign-in ends.
                grant.alive = False
            if token == grant.refresh and grant.alive:
                if self.rotates:
                    grant.used.add(token)
                    grant.refresh = f"5Aep{secrets.token_urlsafe(40)}"
                grant.access.clear()
                return self._granted(grant.user, self._fresh(grant), grant.refresh if self.rotates else None)
        return Answer(400, {"error": "invalid_grant", "error_description": "expired access/refresh token"})

    def _granted(self, user: str, access: str, refresh: str | None) -> Answer:
        said = {"access_token": access, "instance_url": self.url, "id": self.identity_of(user), "token_type": "Bearer"}
        return Answer(data={**said, "scope": "api refresh_token", **({"refresh_token": refresh} if refresh else {})})

    def identity_of(self, user: str) -> str:
        return self.identity(user)

    def _lists(self) -> None:
        for n, name in enumerate(schema.TASKS):
            self.put("TaskStatus", {"ApiName": name, "IsClosed": name == "Completed", "SortOrder": n})
        for n, name in enumerate(schema.STATUSES):
            self.put("LeadStatus", {"ApiName": name, "IsConverted": name == "Closed - Converted", "SortOrder": n})
        for n, name in enumerate(schema.STAGES):
            flags = {"IsClosed": name.startswith("Closed"), "IsWon": name == "Closed Won", "IsActive": True}
            self.put("OpportunityStage", {"ApiName": name, **flags, "SortOrder": n})


def error(status: int, code: str, words: str, fields: tuple[str, ...] = ()) -> Answer:
    """Return an error as the vendor's REST says it."""
    said: Record = {"message": words, "errorCode": code}
    return Answer(status, [{**said, **({"fields": list(fields)} if fields else {})}])


def tag(text: str, name: str) -> str:
    """Return the text of an element, "" where there is none."""
    found = re.search(rf"<urn:{name}>([^<]*)</", text)
    return html.unescape(found[1]) if found is not None else ""


def envelope(inner: str, status: int = 200) -> Answer:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/'
        f'envelope/" xmlns="urn:partner.soap.sforce.com"><soapenv:Body>{inner}</soapenv:Body></soapenv:Envelope>'
    )
    return Answer(status, body.encode(), {"Content-Type": "text/xml; charset=utf-8"})


def fault(code: str, words: str) -> Answer:
    """Return a SOAP fault."""
    return envelope(
        f"<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{words}</faultstring></soapenv:Fault>", 500
    )


def converted(ids: Record | None, code: str = "", words: str = "") -> Answer:
    """Return the answer of convertLead."""
    if ids is None:
        said = f"<errors><message>{words}</message><statusCode>{code}</statusCode></errors><success>false</success>"
    else:
        names = {
            "accountId": "ConvertedAccountId",
            "contactId": "ConvertedContactId",
            "opportunityId": "ConvertedOpportunityId",
            "leadId": "leadId",
        }
        said = "".join(f"<{k}>{ids.get(v) or ''}</{k}>" for k, v in names.items()) + "<success>true</success>"
    return envelope(f"<convertLeadResponse><result>{said}</result></convertLeadResponse>")
