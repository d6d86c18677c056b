"""Salesforce for the contract suite: the stand-in behind a real wire, with the key fields (T1) and without (T2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from isdesk.crm import mapping as maps
from isdesk.crm.contract import Absent
from isdesk.crm.oauth import TokenKeeper
from isdesk.crm.port import Thing
from isdesk.crm.salesforce import PROVIDER, Salesforce
from isdesk.crm.salesforce.rows import NEXT, NO_TOUCH, OURS
from isdesk.crm.writing import named_company
from isdesk.domain.changes import Value
from tests.crm.fakes.salesforce import CLIENT, DATA, FakeSalesforce, error
from tests.crm.fakes.salesforce_schema import KEY
from tests.crm.loopback import Answer, Fault, Request

PATIENCE_S = 1.2
MAP = maps.loads(maps.shipped("salesforce"), "salesforce")


class Keep:
    """Secrets in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.writes: list[tuple[str, str | None]] = []

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str | None) -> None:
        self.writes.append((name, value))
        if value is None:
            self.kept.pop(name, None)
        else:
            self.kept[name] = value


def writes(request: Request) -> bool:
    """Return whether a request is a write of data."""
    return request.method in {"POST", "PATCH", "DELETE"} and not request.path.startswith("/services/oauth2")


def reads(request: Request) -> bool:
    """Return whether a request is a read of data."""
    return request.method == "GET" and request.path.startswith(DATA)


class Rig:
    """The organisation with its people; what a person does in it goes past the wire."""

    def __init__(self, *, keyed: bool = True, text: str | None = None) -> None:
        self.fake = FakeSalesforce(keyed=keyed)
        self.fake.start()
        self.map = maps.loads(text, "salesforce") if text is not None else MAP
        self.keep = Keep()
        self._made: list[Salesforce] = []
        self._ahead = timedelta()
        self._naming: dict[str, str] = {}

    def close(self) -> None:
        """Close what was opened."""
        for adapter in self._made:
            adapter.close()
        self.fake.stop()

    def now(self) -> datetime:
        """Return the desk's clock, for which time passes as for the CRM's."""
        return self.fake.now() - self._ahead

    def set_ahead(self, seconds: float) -> None:
        """Let the CRM's clock run ahead of the desk's from now on."""
        self._ahead += timedelta(seconds=seconds)
        self.fake.move(seconds=seconds)

    def connect(self, user: str = "sato") -> Salesforce:
        secret = self.fake.secret(user)
        name = f"salesforce/{user}"
        keeper = TokenKeeper(
            PROVIDER, self.fake.url, CLIENT, secret, keep=self.keep, name=name, lock=None, now=self.now
        )
        timeout = httpx.Timeout(connect=5.0, read=PATIENCE_S, write=5.0, pool=5.0)
        self._made.append(Salesforce(keeper, self.map, self.now, timeout=timeout))
        return self._made[-1]

    # ------------------------------------------------------------------------------------------ what people do there

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        who = self.fake.users[owner]
        if obj is Thing.COMPANY:
            said = {k: v for k, v in self.map.of("named").outward(fields).items() if v is not None}
            identity = named_company(str(fields["name"]))
            self._naming[identity] = self.make(Thing.LEAD, {"name": "社員"}, owner=owner)
            self.fake.touch("Lead", self._naming[identity], said)
            return identity
        if obj is Thing.TOUCH:
            return self._call(fields, who)
        body = {k: v for k, v in self.map.of("lead").outward(fields).items() if v is not None}
        return self.fake.put("Lead", {"Company": "既存商事", "OwnerId": who, "Status": "Open - Not Contacted", **body})

    def _call(self, fields: Mapping[str, Value], who: str) -> str:
        of = self.map.of("touch")
        body = {k: v for k, v in of.outward(fields).items() if k in self.fake.schema["Task"]}
        said = {
            "CallType": "Outbound",
            "CallDisposition": "不在(呼出のみ)",
            "TaskSubtype": "Call",
            "Status": "Completed",
        }
        note = str(fields.get("note") or "")
        lead = str(fields["lead_id"])
        return self.fake.put(
            "Task", {**said, **body, "Subject": "コール", "Description": note, "WhoId": lead, "OwnerId": who}
        )

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        made = []
        for number in range(count):
            fields = {
                "LastName": f"顧客 {number}",
                "Company": f"会社 {number % 50}",
                "OwnerId": self.fake.users["sato"],
            }
            made.append(self.fake.put("Lead", {**fields, "Status": "Open - Not Contacted"}))
            if not same_stamp and number % 3 == 2:
                self.fake.move(seconds=1)
        return made

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        if obj is Thing.COMPANY:
            self.fake.touch("Lead", self._naming[record_id], self.map.of("named").outward(fields))
            return
        self.fake.touch("Lead", record_id, self.map.of("lead").outward(fields))

    def give(self, record_id: str, owner: str) -> None:
        self.fake.touch("Lead", record_id, {"OwnerId": self.fake.users[owner]})

    def delete(self, obj: Thing, record_id: str) -> None:
        self.fake.delete("Task" if obj is Thing.TOUCH else "Lead", record_id)

    def merge(self, loser: str, winner: str) -> None:
        self.fake.merge(loser, winner)

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        identity = self.make(Thing.LEAD, fields)
        self.fake.hidden.add(identity)

        def commit() -> str:
            self.fake.hidden.discard(identity)
            return identity

        return commit

    # --------------------------------------------------------------------------------------------- what stands there

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        if obj is Thing.COMPANY:
            return self.map.of("named").inward(self.fake.tables["Lead"][self._naming[record_id]])
        record = self.fake.tables["Lead"].get(record_id)
        if record is None or record["IsDeleted"]:
            return {}
        found = self.map.of("lead").inward({k: v for k, v in record.items() if k in self.fake.schema["Lead"]})
        return {**found, "company_id": named_company(str(record["Company"]))}

    def _of(self, lead_id: str) -> list[dict[str, Any]]:
        lead = self.fake.tables["Lead"][lead_id]
        who = {lead_id, lead.get("ConvertedContactId")}
        both = [*self.fake.tables["Task"].values(), *self.fake.tables["Event"].values()]
        return [one for one in both if one["WhoId"] in who and not one["IsDeleted"]]

    def _key(self, record: Mapping[str, Any]) -> str:
        if self.fake.keyed:
            return str(record.get(KEY) or "")
        said = str(record.get("CallObject") or "")
        return said.removeprefix(OURS) if said.startswith(OURS) else ""

    def activities(self, lead_id: str) -> Sequence[str]:
        keys = [self._key(one) for one in self._of(lead_id)]
        return [key for key in keys if key and not key.startswith(NO_TOUCH)]

    def opportunities(self, lead_id: str) -> int:
        account = self.fake.tables["Lead"][lead_id].get("ConvertedAccountId")
        known = {self.fake.tables["Lead"][lead_id].get("ConvertedOpportunityId")}
        known |= {one["WhatId"] for one in self._of(lead_id)}
        return len([i for i in self.fake.tables["Opportunity"] if account and i in known])

    def tasks(self, lead_id: str) -> Sequence[str]:
        found = [one for one in self._of(lead_id) if self._key(one).startswith(NEXT) and not one["IsClosed"]]
        return [str(one["ActivityDate"]) for one in found]

    def titles(self, lead_id: str) -> Sequence[str]:
        return [str(one["Subject"]) for one in self._of(lead_id)]

    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        made = self.fake.tables["Lead"][lead_id]["ConvertedOpportunityId"]
        said = {"StageName": "Closed Won" if won else "Closed Lost", "Amount": amount, "Loss_Reason__c": reason or None}
        self.fake.touch("Opportunity", made, said)

    def secrets(self) -> Sequence[str]:
        return [*(t for g in self.fake.grants for t in g.access), *(g.refresh for g in self.fake.grants)]

    def refusable(self) -> Mapping[str, Value]:
        return {"name": "長" * 81}

    def choice(self) -> tuple[str, str]:
        return "confidence_rank", "A"

    # ------------------------------------------------------------------------------------------------------- disturbing

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        when = {"write": writes, "read": reads, "any": lambda request: writes(request) or reads(request)}[on]
        if kind == "expire":
            self.fake.expire()
            return
        if kind in {"locked", "partial"}:
            if on == "read":
                raise Absent("a lock concerns writes")
            self.fake.locked = count
            return
        wait = {"Retry-After": str(int(retry_after))} if retry_after is not None else {}
        down = error(503, "SERVER_UNAVAILABLE", "The server is unavailable")
        late = error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred")
        made = {
            "lost_before": Fault("before", when),
            "lost_after": Fault("after", when),
            "timeout_after": Fault("stall", when, seconds=PATIENCE_S * 2),
            "truncated": Fault("truncate", when),
            "html": Fault("html", when),
            "html_after": Fault("html_after", when),
            "busy": Fault("status", when, Answer(429, [{"errorCode": "TOO_MANY", "message": "slow down"}], wait)),
            "error_after": Fault("status_after", when, late),
            "error": Fault("status", when, down),
            "redirect": Fault("redirect", when),
        }[kind]
        made.left = count
        self.fake.fail(made)

    def spoil(self, what: str, code: str, value: str = "") -> None:
        one = self.map.of("lead").fields[code]
        table = self.fake.schema["Lead"]
        if what == "field_removed":
            for name in one.remote:
                del table[name]
        elif what == "choice_removed":
            gone = {theirs for theirs, ours in one.values.items() if ours == value} or {value}
            table[one.remote[0]]["values"] = tuple(v for v in table[one.remote[0]]["values"] if v not in gone)
        else:
            table[one.remote[0]]["nillable"] = False

    def move(self, seconds: float) -> None:
        self.fake.move(seconds=seconds)


@contextmanager
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Give an organisation whose administrator has added the key fields."""
    made = Rig()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def keyless(tmp_path: Path) -> Iterator[Rig]:
    """Give an organisation as it comes, without key fields."""
    made = Rig(keyed=False)
    try:
        yield made
    finally:
        made.close()


VARIANTS = {"t2": keyless}
