"""A HubSpot account on loopback, as developers.hubspot.com describes it (objects, search, associations, properties,
owners, error handling; interface 2026-09).

Stamps are milliseconds. A search sees a change only after ``index_lag`` seconds, gives 200 rows a page and 10,000 in
all, and takes one order. Batches take 100 inputs; they answer 207 item by item where every input has a trace id of its
own, and refuse the whole otherwise. A record that was merged away is gone without standing in the bin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from typing_extensions import override

from tests.crm.loopback import Answer, Loopback, Request

PORTAL = 4711
KEY = "pat-na1-canary-2f6c"
OWNERS: Final = (
    {"id": "101", "userId": 9101, "email": "sato@example.jp", "firstName": "花子", "lastName": "佐藤", "teams": []},
    {"id": "102", "userId": 9102, "email": "ito@example.jp", "firstName": "健", "lastName": "伊藤", "teams": []},
    {"id": "103", "userId": 9103, "email": "mori@example.jp", "firstName": "恵", "lastName": "森",
     "teams": [{"id": "1", "name": "FS", "primary": True}]},
    {"id": "190", "userId": None, "email": "queue@example.jp", "firstName": "窓口", "lastName": "", "type": "QUEUE"},
)  # fmt: skip
GONE: Final = ({"id": "150", "userId": 9150, "email": "old@example.jp", "firstName": "元", "lastName": "担当"},)
OUTCOMES: Final = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "話し中", "f240bbac-87c9-4f6e-bf70-924b57d47db7": "通話",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "伝言", "b2cf5968-551e-4856-9783-52b3da59a7d0": "留守電",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "不在", "17b47fee-58de-441e-a44c-c6300d46f273": "番号違い",
}  # fmt: skip
STATUSES: Final = ("NEW", "OPEN", "ATTEMPTED_TO_CONTACT", "IN_PROGRESS", "CONNECTED", "SAO", "OPEN_DEAL", "WON", "LOST",
                   "BAD_TIMING", "UNQUALIFIED")  # fmt: skip
TYPES: Final = ("contacts", "companies", "deals", "calls", "emails", "meetings", "notes", "tasks")
ACTIVITIES: Final = frozenset({"calls", "emails", "meetings", "notes", "tasks"})
LONGEST: Final = 65_536
_S, _E, _N, _D, _B = "string", "enumeration", "number", "datetime", "bool"
DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "contacts": {
        "firstname": _S, "lastname": _S, "email": _S, "phone": _S, "mobilephone": _S, "jobtitle": _S, "company": _S,
        "hs_lead_status": _E, "hubspot_owner_id": _S, "hs_email_optout": _B, "associatedcompanyid": _N,
        "hs_analytics_source": _S, "lastmodifieddate": _D, "createdate": _D, "hs_merged_object_ids": _S,
        "hs_email_last_open_date": _D, "hs_email_last_click_date": _D, "hs_email_last_reply_date": _D,
        "hs_analytics_last_visit_timestamp": _D, "recent_conversion_date": _D,
    },
    "companies": {
        "name": _S, "domain": _S, "phone": _S, "website": _S, "address": _S, "state": _S, "numberofemployees": _N,
        "industry": _S, "hubspot_owner_id": _S, "createdate": _D, "hs_lastmodifieddate": _D, "hs_merged_object_ids": _S,
    },
    "deals": {
        "dealname": _S, "pipeline": _S, "dealstage": _S, "amount": _N, "closedate": _D, "description": _S,
        "closed_won_reason": _S, "closed_lost_reason": _S, "hubspot_owner_id": _S, "hs_is_closed": _B,
        "hs_is_closed_won": _B, "hs_lastmodifieddate": _D, "createdate": _D,
    },
    "calls": {
        "hs_timestamp": _D, "hs_call_title": _S, "hs_call_body": _S, "hs_call_direction": _S, "hs_call_disposition": _S,
        "hs_call_duration": _N, "hs_call_from_number": _S, "hs_call_to_number": _S, "hs_call_status": _S,
    },
    "emails": {
        "hs_timestamp": _D, "hs_email_subject": _S, "hs_email_text": _S, "hs_email_direction": _S,
        "hs_email_status": _S,
    },
    "meetings": {
        "hs_timestamp": _D, "hs_meeting_title": _S, "hs_meeting_body": _S, "hs_meeting_start_time": _D,
        "hs_meeting_end_time": _D, "hs_meeting_outcome": _S,
    },
    "notes": {"hs_timestamp": _D, "hs_note_body": _S},
    "tasks": {
        "hs_timestamp": _D, "hs_task_subject": _S, "hs_task_body": _S, "hs_task_status": _S, "hs_task_type": _S,
    },
}  # fmt: skip
CALCULATED: Final = frozenset({"hs_email_optout", "hs_is_closed", "hs_is_closed_won", "hs_merged_object_ids",
                               "lastmodifieddate", "hs_lastmodifieddate", "hs_object_id", "createdate",
                               "hs_email_last_open_date", "hs_email_last_click_date", "hs_email_last_reply_date",
                               "hs_analytics_last_visit_timestamp", "recent_conversion_date"})  # fmt: skip

UNIQUE: Final = frozenset({"isdesk_key", "email"})
"""Properties by which a record is looked up."""

Props = dict[str, str]


@dataclass(slots=True)
class Rec:
    """A record. ``old`` is what the search index still has of it until ``shown`` (milliseconds)."""

    id: str
    props: Props
    created: int
    updated: int
    archived: int = 0
    old: tuple[Props, int] | None = None
    shown: int = 0


class No(Exception):
    """HubSpot refuses."""

    def __init__(self, category: str, message: str, status: int = 400, **context: Any) -> None:
        super().__init__(category)
        self.category, self.message, self.status, self.context = category, message, status, context

    def said(self) -> dict[str, Any]:
        """Return the body of the error."""
        return {
            "status": "error", "message": self.message, "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
            "category": self.category, **({"context": self.context} if self.context else {}),
        }  # fmt: skip


def invalid(*rules: tuple[str, str, str]) -> No:
    """Return the refusal that breaks these rules: (property, short word, sentence)."""
    listed = ",".join(
        f'{{"isValid":false,"message":"{text}","error":"{code}","name":"{name}","localizedErrorMessage":"{text}"}}'
        for name, code, text in rules
    )
    return No("VALIDATION_ERROR", f"Property values were not valid: [{listed}]")


def millis(said: object) -> int:
    """Return an instant, given in milliseconds or as RFC 3339, in milliseconds."""
    text = str(said or "")
    if text.lstrip("-").isdigit():
        return int(text)
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def iso(at: int) -> str:
    """Return an instant as HubSpot writes it."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Rules:
    """What an administrator set: properties of objects, those required, what the key may do."""

    properties: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    required: dict[str, set[str]] = field(default_factory=dict)
    may_make_properties: bool = True
    may_unsubscribe: bool = True
    hidden: set[str] = field(default_factory=set)


class HubSpotFake(Loopback):
    """The account. ``keyed`` False: an account without our properties whose key may not make them."""

    def __init__(self, *, keyed: bool = True) -> None:
        super().__init__()
        self.keys = {KEY}
        self.versions = {"2026-09", "2026-03"}
        self.index_lag = 0.0
        self.daily_left = 650_000
        self.legacy = True
        self.fail_item: Callable[[str, dict[str, Any]], bool] | None = None
        self.unsubscribed: set[str] = set()
        self.outcomes = dict(OUTCOMES)
        self.rules = Rules(may_make_properties=keyed)
        self.records: dict[str, dict[str, Rec]] = {name: {} for name in TYPES}
        self.linked: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._held: dict[tuple[str, str, str], str] = {}
        self._next = 1_000
        self._headers = True
        for name in TYPES:
            self.rules.properties[name] = {one: _property(one, kind) for one, kind in self._defaults(name).items()}
            self.rules.required[name] = set()
        options = [{"value": one, "label": one, "hidden": False} for one in STATUSES]
        self.rules.properties["contacts"]["hs_lead_status"]["options"] = options
        if keyed:
            self.equip()

    @staticmethod
    def _defaults(name: str) -> dict[str, str]:
        common = {"hubspot_owner_id": _S, "hs_lastmodifieddate": _D} if name in ACTIVITIES else {}
        return {**DEFAULTS[name], **common, "hs_object_id": _N}

    def equip(self) -> None:
        """Make our own properties, as an administrator would."""
        for name in TYPES:
            self.rules.properties[name]["isdesk_key"] = {**_property("isdesk_key", _S), "hasUniqueValue": True}
            if name in ACTIVITIES:
                self.rules.properties[name]["isdesk_data"] = _property("isdesk_data", _S)
        for name in ("contacts", "companies"):
            self.rules.properties[name]["isdesk_dnc"] = _property("isdesk_dnc", _B)
        self.rules.properties["contacts"]["isdesk_email_opt_out"] = _property("isdesk_email_opt_out", _B)

    # ---------------------------------------------------------------------------------------------------- the server

    @override
    def headers(self) -> dict[str, str]:
        if not self._headers:
            return {}
        return {
            "X-HubSpot-RateLimit-Daily": "650000", "X-HubSpot-RateLimit-Daily-Remaining": str(self.daily_left),
            "X-HubSpot-RateLimit-Max": "190", "X-HubSpot-RateLimit-Remaining": "180",
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }  # fmt: skip

    @override
    def handle(self, request: Request) -> Answer:
        self._headers = not request.path.endswith("/search")
        self.daily_left -= 1
        try:
            if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.keys:
                raise No("INVALID_AUTHENTICATION", "Authentication credentials not found.", 401)
            return self._routed(request)
        except No as no:
            return Answer(no.status, no.said())

    def _routed(self, request: Request) -> Answer:
        path = request.path
        if path == "/calling/v1/dispositions" and self.legacy:
            return Answer(200, [{"id": k, "label": v, "deleted": False} for k, v in self.outcomes.items()])
        found = re.fullmatch(r"/([a-z-]+(?:/[a-z]+)?)/(20\d\d-\d\d)(?:/(.*))?", path)
        if found is None or found[2] not in self.versions:
            raise No("OBJECT_NOT_FOUND", "no such resource", 404)
        rest = found[3].split("/") if found[3] else []
        match found[1]:
            case "account-info":
                return Answer(200, {"portalId": PORTAL, "uiDomain": "app.hubspot.com", "timeZone": "Asia/Tokyo"})
            case "crm/owners":
                return self._owners(request)
            case "crm/pipelines":
                stages = [{"id": x, "label": x} for x in ("appointmentscheduled", "closedwon", "closedlost")]
                return Answer(200, {"results": [{"id": "default", "label": "営業", "stages": stages}]})
            case "communication-preferences":
                return self._unsubscribe(rest[1])
            case "crm/properties":
                return self._properties(request, rest)
            case "crm/associations":
                return self._associations(request, rest)
            case "crm/objects":
                return self._objects(request, rest)
        raise No("OBJECT_NOT_FOUND", "no such resource", 404)

    def _owners(self, request: Request) -> Answer:
        mail = request.query.get("email", "").casefold()
        gone = request.query.get("archived") == "true"
        rows = [{"type": "PERSON", "archived": gone, **one} for one in (GONE if gone else OWNERS)]
        return Answer(200, {"results": [one for one in rows if not mail or str(one["email"]).casefold() == mail]})

    def _unsubscribe(self, mail: str) -> Answer:
        if not self.rules.may_unsubscribe:
            raise No("MISSING_SCOPES", "This app hasn't been granted all required scopes.", 403)
        address = mail.replace("%40", "@")
        self.unsubscribed.add(address)
        for one in self.records["contacts"].values():
            if one.props.get("email") == address:
                self.put("contacts", one.id, {"hs_email_optout": "true"})
        return Answer(200, {"status": "COMPLETE", "results": []})

    def _properties(self, request: Request, rest: list[str]) -> Answer:
        known = self.rules.properties.get(rest[0])
        if known is None:
            raise No("OBJECT_NOT_FOUND", "no such object type", 404)
        if rest[0] in self.rules.hidden:
            raise No("MISSING_SCOPES", "This app hasn't been granted all required scopes.", 403)
        if rest[1:] == ["groups"]:
            return Answer(200, {"results": [{"name": f"{rest[0]}_all", "label": "すべて", "archived": False}]})
        if rest[1:] == ["batch", "read"]:
            names = [one["name"] for one in request.json["inputs"]]
            errors = [{"category": "OBJECT_NOT_FOUND", "context": {"name": [x]}} for x in names if x not in known]
            body = {"status": "COMPLETE", "results": [known[x] for x in names if x in known], "errors": errors}
            return Answer(207 if errors else 200, body)
        if request.method == "GET" and rest[1:]:
            options = [{"value": k, "label": v, "hidden": False} for k, v in self.outcomes.items()]
            return Answer(200, {**known[rest[1]], "options": options if rest[1] == "hs_call_disposition" else []})
        if request.method == "GET":
            return Answer(200, {"results": list(known.values())})
        if not self.rules.may_make_properties:
            raise No("MISSING_SCOPES", "This app hasn't been granted all required scopes.", 403)
        made = request.json
        if made["name"] in known:
            raise No("CONFLICT", "A property with this name exists already.", 409)
        if made["groupName"] != f"{rest[0]}_all":
            raise No("VALIDATION_ERROR", "no such group")
        known[made["name"]] = {**_property(made["name"], made["type"]), **made}
        return Answer(201, known[made["name"]])

    # -------------------------------------------------------------------------------------------------- associations

    def join(self, one: str, one_id: str, other: str, other_id: str, kind: int | None = None) -> None:
        """Associate two records, both ways; a contact's first company, or one of kind 1, is its primary one."""
        for a, a_id, b, b_id in ((one, one_id, other, other_id), (other, other_id, one, one_id)):
            ids = self.linked.setdefault((a, b), {}).setdefault(a_id, [])
            if b_id not in ids:
                ids.append(b_id)
        pair = {one: one_id, other: other_id}
        if set(pair) == {"contacts", "companies"}:
            contact = self.records["contacts"][pair["contacts"]]
            if kind == 1 or not contact.props.get("associatedcompanyid"):
                self.put("contacts", contact.id, {"associatedcompanyid": pair["companies"]})

    def part(self, one: str, one_id: str, other: str, other_id: str) -> None:
        """Take an association away; a contact's primary company with it."""
        for a, a_id, b, b_id in ((one, one_id, other, other_id), (other, other_id, one, one_id)):
            ids = self.linked.get((a, b), {}).get(a_id, [])
            if b_id in ids:
                ids.remove(b_id)
        if (one, other) == ("contacts", "companies"):
            self.put("contacts", one_id, {"associatedcompanyid": ""})

    def _associations(self, request: Request, rest: list[str]) -> Answer:
        source, target = rest[0], rest[1]
        inputs = request.json["inputs"]
        if rest[2:] == ["batch", "read"]:
            if len(inputs) > 1_000:
                raise No("VALIDATION_ERROR", "too many inputs")
            known = self.linked.get((source, target), {})
            rows = [
                {"from": {"id": x["id"]}, "to": [{"toObjectId": int(y), "associationTypes": []} for y in to]}
                for x in inputs
                if (to := [y for y in known.get(x["id"], []) if not self.records[target][y].archived])
            ]
            return Answer(200, {"status": "COMPLETE", "results": rows})
        if rest[2:] == ["batch", "archive"]:
            for x in inputs:
                for other in x["to"]:
                    self.part(source, x["from"]["id"], target, other["id"])
            return Answer(204)
        if rest[2:] not in (["batch", "associate", "default"], ["batch", "create"]):
            raise No("OBJECT_NOT_FOUND", "no such resource", 404)
        errors = []
        for x in inputs:
            a, b = x["from"]["id"], x["to"]["id"]
            if self._there(source, a) is None or self._there(target, b) is None:
                errors.append({"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": [a, b]}})
            else:
                kinds = [one["associationTypeId"] for one in x.get("types", [])]
                self.join(source, a, target, b, kinds[0] if kinds else None)
        body = {"status": "COMPLETE", "results": [], **({"errors": errors, "numErrors": len(errors)} if errors else {})}
        return Answer(207 if errors else 200, body)

    # ------------------------------------------------------------------------------------------------------- records

    def stamp(self) -> int:
        """Return the clock in milliseconds."""
        return int(self.now().timestamp() * 1000)

    def put(self, obj: str, record_id: str | None, props: Mapping[str, str], *, at: int | None = None) -> Rec:
        """Make or change a record without asking any rule."""
        now = self.stamp() if at is None else at
        one = self.records[obj].get(record_id or "")
        if one is None:
            self._next += 1
            one = Rec(record_id or str(self._next), {}, now, now)
            self.records[obj][one.id] = one
        elif self.index_lag and now >= one.shown:
            one.old = (dict(one.props), one.updated)
        one.props |= {k: v for k, v in props.items() if v != ""}
        for name in [k for k, v in props.items() if v == ""]:
            one.props.pop(name, None)
        if obj == "deals" and "dealstage" in props:
            stage = props["dealstage"]
            one.props |= {"hs_is_closed": str(stage.startswith("closed")).lower(),
                          "hs_is_closed_won": str(stage == "closedwon").lower()}  # fmt: skip
        for name in UNIQUE & props.keys():
            self._held[obj, name, props[name]] = one.id
        one.updated = now
        one.shown = now + round(self.index_lag * 1000)
        one.props |= {_stamp(obj): iso(now), "hs_object_id": one.id, "createdate": iso(one.created)}
        return one

    def archive(self, obj: str, record_id: str) -> None:
        """Put a record into the bin."""
        self.records[obj][record_id].archived = self.stamp()

    def merge(self, loser: str, winner: str, obj: str = "contacts") -> None:
        """Merge one record into another: it is gone, and only the other one tells of it."""
        gone = self.records[obj].pop(loser)
        kept = self.records[obj][winner]
        merged = [x for x in (kept.props.get("hs_merged_object_ids", ""), loser) if x]
        filled = {k: v for k, v in gone.props.items() if k not in kept.props and k not in CALCULATED}
        self.put(obj, winner, {**filled, "hs_merged_object_ids": ";".join(merged)})
        for (source, target), ids in list(self.linked.items()):
            if source == obj:
                for other in ids.pop(loser, []):
                    self.linked[target, source][other].remove(loser)
                    self.join(obj, winner, target, other)

    def _there(self, obj: str, record_id: str) -> Rec | None:
        one = self.records.get(obj, {}).get(record_id)
        return one if one is not None and not one.archived else None

    def _checked(self, obj: str, props: Mapping[str, Any], one: Rec | None) -> Props:
        """Return properties as they are kept. Raises No, by the account's rules."""
        rules: list[tuple[str, str, str]] = []
        known = self.rules.properties[obj]
        for name, value in props.items():
            spec = known.get(name)
            if spec is None:
                rules.append((name, "PROPERTY_DOESNT_EXIST", f"Property {name} does not exist"))
            elif name in CALCULATED:
                rules.append((name, "READ_ONLY_VALUE", f"{name} is a read only property"))
            elif options := spec.get("options"):
                if value not in ("", None) and value not in {x["value"] for x in options}:
                    rules.append((name, "INVALID_OPTION", f"{value} was not one of the allowed options"))
            elif spec["type"] == _N and value not in ("", None) and not _number(value):
                rules.append((name, "INVALID_INTEGER", f"{name} was not a number"))
            if len(str(value)) > LONGEST:
                rules.append((name, "PROPERTY_TOO_LONG", f"{name} is longer than {LONGEST}"))
        after = {**(one.props if one is not None else {}), **props}
        needed = set(self.rules.required[obj]) | ({"hs_timestamp"} if obj in ACTIVITIES else set())
        rules += [(x, "REQUIRED", f"{x} is required by the rules of this account") for x in needed if not after.get(x)]
        if rules:
            raise invalid(*rules)
        self._unique(obj, props, one)
        kept = {k: "" if v is None else str(v) for k, v in props.items()}
        return {k: iso(millis(v)) if v and known[k]["type"] == _D else v for k, v in kept.items()}

    def _unique(self, obj: str, props: Mapping[str, Any], one: Rec | None) -> None:
        names = [n for n, spec in self.rules.properties[obj].items() if spec.get("hasUniqueValue")]
        for name in [*names, *(["email"] if obj == "contacts" else [])]:
            if not props.get(name):
                continue
            other = self._by(obj, name, str(props[name]))
            if other is not None and other is not one:
                words = f"Contact already exists. Existing ID: {other.id}" if name == "email" else name
                raise No("CONFLICT", words, 409, existingId=[other.id])

    # ------------------------------------------------------------------------------------------------ objects, routes

    def _objects(self, request: Request, rest: list[str]) -> Answer:
        obj = rest[0]
        if obj not in self.records:
            raise No("OBJECT_NOT_FOUND", "no such object type", 404)
        if rest[1:2] == ["batch"]:
            return self._batch(obj, rest[2], request.json)
        if rest[1:] == ["search"]:
            return self._search(obj, request.json)
        if len(rest) == 1 and request.method == "GET":
            return self._list(obj, request.query)
        one = self._there(obj, rest[1]) or self._merged(obj, rest[1])
        if one is None:
            raise No("OBJECT_NOT_FOUND", "resource not found", 404)
        shown = self._shown(one, request.query.get("properties", "").split(","))
        wanted = [x for x in request.query.get("associations", "").split(",") if x]
        links = {x: {"results": [{"id": y} for y in self.linked.get((obj, x), {}).get(one.id, [])]} for x in wanted}
        return Answer(200, {**shown, **({"associations": links} if wanted else {})})

    def _merged(self, obj: str, record_id: str) -> Rec | None:
        rows = self.records[obj].values()
        return next((x for x in rows if record_id in x.props.get("hs_merged_object_ids", "").split(";")), None)

    @staticmethod
    def _shown(one: Rec, names: Iterable[str], props: Props | None = None, updated: int = 0) -> dict[str, Any]:
        held = one.props if props is None else props
        kept = {x: held.get(x) for x in (*names, "hs_object_id", "createdate") if x}
        return {
            "id": one.id, "properties": kept, "createdAt": iso(one.created), "updatedAt": iso(updated or one.updated),
            "archived": bool(one.archived), **({"archivedAt": iso(one.archived)} if one.archived else {}),
        }  # fmt: skip

    def _list(self, obj: str, query: Mapping[str, str]) -> Answer:
        archived = query.get("archived") == "true"
        limit = int(query.get("limit", "10"))
        if limit > 100:
            raise No("VALIDATION_ERROR", "limit is at most 100")
        after = int(query.get("after", "0"))
        rows = sorted((x for x in self.records[obj].values() if bool(x.archived) == archived), key=lambda x: int(x.id))
        part = [x for x in rows if int(x.id) > after]
        shown = [self._shown(x, query.get("properties", "").split(",")) for x in part[:limit]]
        body: dict[str, Any] = {"results": shown}
        if len(part) > limit:
            body["paging"] = {"next": {"after": part[limit - 1].id, "link": "?"}}
        return Answer(200, body)

    def _search(self, obj: str, body: Mapping[str, Any]) -> Answer:
        limit, after = int(body["limit"]), int(body.get("after") or 0)
        if limit > 200 or after + limit > 10_000 or len(body["sorts"]) > 1 or len(body["filterGroups"]) > 5:
            raise No("VALIDATION_ERROR", "There was a problem with the request.")
        now = self.stamp()
        groups = [[_filter(one) for one in group["filters"]] for group in body["filterGroups"]]
        rows: list[tuple[Rec, Props, int]] = []
        for one in self.records[obj].values():
            held, updated = self._indexed(one, now)
            if held is None or one.archived:
                continue
            if not groups or any(all(test(held) for test in group) for group in groups):
                rows.append((one, held, updated))
        for order in body["sorts"]:
            name, down = order["propertyName"], order["direction"] == "DESCENDING"
            rows.sort(key=lambda x: _comparable(x[1].get(name)), reverse=down)
        part = [self._shown(x, body["properties"], held, at) for x, held, at in rows[after : after + limit]]
        answer: dict[str, Any] = {"total": len(rows), "results": part}
        if len(rows) > after + limit:
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return Answer(200, answer)

    def _indexed(self, one: Rec, now: int) -> tuple[Props | None, int]:
        """Return what the search index has of a record."""
        if now >= one.shown:
            return one.props, one.updated
        return one.old if one.old is not None else (None, 0)

    def _batch(self, obj: str, verb: str, body: Mapping[str, Any]) -> Answer:
        inputs = body["inputs"]
        if len(inputs) > 100:
            raise No("VALIDATION_ERROR", "The maximum number of inputs is 100.")
        if verb == "read":
            return self._batch_read(obj, body)
        if verb == "archive":
            for x in inputs:
                if self._there(obj, x["id"]) is not None:
                    self.archive(obj, x["id"])
            return Answer(204)
        ids = [(x.get("idProperty"), x["id"]) for x in inputs if "id" in x]
        if len(ids) != len(set(ids)):
            raise No("VALIDATION_ERROR", "Duplicate IDs found in batch input.")
        traces = {x.get("objectWriteTraceId") for x in inputs}
        each = len(traces) == len(inputs) and None not in traces
        before = (deepcopy(self.records[obj]), self._next) if not each else None
        results, errors = [], []
        for x in inputs:
            try:
                results.append(self._write(obj, verb, x))
            except No as no:
                if before is not None:
                    self.records[obj], self._next = before
                    raise
                context = {"objectWriteTraceId": [x["objectWriteTraceId"]], **no.context}
                errors.append({**no.said(), "context": context})
        answer: dict[str, Any] = {"status": "COMPLETE", "results": results}
        if errors:
            answer |= {"errors": errors, "numErrors": len(errors)}
        return Answer(207 if errors else 201 if verb == "create" else 200, answer)

    def _batch_read(self, obj: str, body: Mapping[str, Any]) -> Answer:
        by, wanted = body.get("idProperty"), [x["id"] for x in body["inputs"]]
        if by and not self.rules.properties[obj].get(by, {}).get("hasUniqueValue") and by != "email":
            raise No("VALIDATION_ERROR", f"Unable to read by non-unique property {by}")
        rows = []
        for one in dict.fromkeys(wanted):
            found = self._by(obj, by, one) if by else self._there(obj, one) or self._merged(obj, one)
            if found is not None:
                rows.append(self._shown(found, [*body["properties"], *([by] if by else [])]))
        lacking = len(wanted) - len(rows)
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": "not found"}] if lacking > 0 else []
        body_: dict[str, Any] = {"status": "COMPLETE", "results": rows, **({"errors": errors} if errors else {})}
        return Answer(207 if errors else 200, body_)

    def _by(self, obj: str, name: str, value: str) -> Rec | None:
        one = self.records[obj].get(self._held.get((obj, name, value), ""))
        return one if one is not None and not one.archived and one.props.get(name) == value else None

    def _write(self, obj: str, verb: str, x: Mapping[str, Any]) -> dict[str, Any]:
        if self.fail_item is not None and self.fail_item(obj, dict(x)):
            self.fail_item = None
            raise No("VALIDATION_ERROR", "this one is not taken")
        one, new = None, verb == "create"
        if verb != "create":
            by = x.get("idProperty")
            if by and not self.rules.properties[obj].get(by, {}).get("hasUniqueValue"):
                raise No("VALIDATION_ERROR", f"Unable to perform update/upsert by non-unique property {by}")
            if verb == "upsert" and not by:
                raise No("VALIDATION_ERROR", "idProperty is required")
            one = self._by(obj, by, x["id"]) if by else self._there(obj, x["id"]) or self._merged(obj, x["id"])
            if one is None and verb == "update":
                raise No("OBJECT_NOT_FOUND", "resource not found", 404, ids=[x["id"]])
            new = one is None
        kept = self._checked(obj, x["properties"], one)
        targets = [(link["to"]["id"], link["types"][0]["associationTypeId"]) for link in x.get("associations", [])]
        others = {194: "contacts", 198: "contacts", 200: "contacts", 202: "contacts", 204: "contacts", 3: "contacts"}
        for to, kind in targets:
            if self._there(others[kind], to) is None:
                raise No("VALIDATION_ERROR", "associated record not found")
        made = self.put(obj, one.id if one is not None else None, kept)
        for to, kind in targets:
            self.join(obj, made.id, others[kind], to)
        row = {**self._shown(made, x["properties"]), "objectWriteTraceId": x.get("objectWriteTraceId")}
        return {**row, **({"new": new} if verb == "upsert" else {})}


def _property(name: str, kind: str) -> dict[str, Any]:
    calculated = name in CALCULATED
    return {
        "name": name, "label": name, "type": kind, "fieldType": "textarea" if "body" in name else "text",
        "hasUniqueValue": False, "hidden": False, "options": [], "calculated": calculated,
        "modificationMetadata": {"readOnlyValue": calculated},
    }  # fmt: skip


def _stamp(obj: str) -> str:
    return "lastmodifieddate" if obj == "contacts" else "hs_lastmodifieddate"


def _number(value: object) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", str(value)) is not None


@lru_cache(maxsize=100_000)
def _comparable(value: str | None) -> tuple[int, str]:
    text = str(value or "")
    if text.isdigit():
        return int(text), ""
    return (millis(text), "") if re.match(r"\d{4}-\d\d-\d\dT", text) else (0, text)


def _filter(one: Mapping[str, Any]) -> Callable[[Props], bool]:
    name, operator = one["propertyName"], one["operator"]
    if operator == "HAS_PROPERTY":
        return lambda held: bool(held.get(name))
    if operator == "IN":
        return lambda held: held.get(name) in set(one["values"])
    wanted = _comparable(one["value"])
    match operator:
        case "EQ":
            return lambda held: name in held and _comparable(held[name]) == wanted
        case "GT":
            return lambda held: name in held and _comparable(held[name]) > wanted
        case "GTE":
            return lambda held: name in held and _comparable(held[name]) >= wanted
        case "LT":
            return lambda held: name in held and _comparable(held[name]) < wanted
    raise No("VALIDATION_ERROR", f"unknown operator {operator}")


def inputs_of(request: Request) -> Sequence[Mapping[str, Any]]:
    """Return the inputs of a batch request."""
    body = request.json
    return body.get("inputs", []) if isinstance(body, dict) else []
