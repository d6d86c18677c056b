"""HubSpot for the contract suite: an account with our keys (T1), and one whose activities may not have them (T2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from isdesk.crm import mapping
from isdesk.crm.contract import Absent
from isdesk.crm.hubspot import HubSpot
from isdesk.crm.hubspot.activities import KINDS, TASKS, carried, plain
from isdesk.crm.hubspot.handoffs import DEALS
from isdesk.crm.hubspot.records import CONVERTERS, OBJECTS, outgoing, said
from isdesk.crm.port import Adapter, Thing
from isdesk.crm.writing import is_named, named_company
from isdesk.domain.changes import Value
from tests.crm.fakes.hubspot import ACTIVITIES, KEY, HubSpotFake, iso, millis
from tests.crm.loopback import Answer, Fault, Request

OWNERS = {"sato": "101", "ito": "102"}
READ_PATIENCE = 2.0
_WRITES = ("/batch/create", "/batch/update", "/batch/upsert", "/batch/archive", "/default", "/unsubscribe-all")


def writes(request: Request) -> bool:
    """Return whether a request changes something."""
    return request.path.endswith(_WRITES)


class Rig:
    """An account and what people do in it."""

    def __init__(self, *, keyed: bool = True) -> None:
        self.fake = HubSpotFake(keyed=keyed)
        self.fake.start()
        self._made: list[HubSpot] = []
        self._keys = 1
        self._map = mapping.loads(mapping.shipped("hubspot"), "hubspot", CONVERTERS)
        if not keyed:
            self.fake.equip()
            for name in ACTIVITIES:
                self.fake.rules.properties[name].pop("isdesk_key")
                self.fake.rules.properties[name].pop("isdesk_data")

    def close(self) -> None:
        """Close what was opened."""
        for one in self._made:
            one.close()
        self.fake.stop()

    def connect(self, user: str = "sato") -> Adapter:
        key = min(self.fake.keys)
        made = HubSpot(
            self.fake.url, key=key, user=f"{user}@example.jp", mapping=self._map, now=lambda: datetime.now(UTC),
            timeout=httpx.Timeout(READ_PATIENCE * 4, read=READ_PATIENCE),
        )  # fmt: skip
        self._made.append(made)
        made.hello()
        return made

    # ---------------------------------------------------------------------------------------------- what people do

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        if obj is Thing.TOUCH:
            return self._call(fields, owner)
        name = OBJECTS[obj]
        made = self.fake.put(name, None, self._props(obj, fields))
        if obj is Thing.LEAD:
            self.give(made.id, owner)
            self._join(made.id, fields)
        return made.id

    def _call(self, fields: Mapping[str, Value], owner: str) -> str:
        direction = "in" if fields.get("direction") == "in" else "out"
        number = "hs_call_from_number" if direction == "in" else "hs_call_to_number"
        outcomes = self._map.of("touch").fields["outcome"]
        props = {
            "hs_timestamp": iso(millis(fields.get("at") or iso(self.fake.stamp()))),
            "hs_call_direction": "INBOUND" if direction == "in" else "OUTBOUND",
            "hubspot_owner_id": OWNERS[owner],
            "hs_call_disposition": outcomes.remote_value(str(fields.get("outcome") or "NO_ANSWER")),
            "hs_call_body": str(fields.get("note") or ""),
            number: str(fields.get("number") or ""),
            "hs_call_duration": said(int(str(fields["talk_s"])) * 1000 if fields.get("talk_s") else None),
        }
        made = self.fake.put("calls", None, props)
        self.fake.join("calls", made.id, "contacts", str(fields["lead_id"]))
        return f"calls:{made.id}"

    def _props(self, obj: Thing, fields: Mapping[str, Value]) -> dict[str, str]:
        made = outgoing(self._map.of(obj), fields)
        if fields.get("email_opt_out") is True:
            made["hs_email_optout"] = "true"
        return made

    def _join(self, lead: str, fields: Mapping[str, Value]) -> None:
        company = fields.get("company_id")
        if isinstance(company, str) and not is_named(company):
            self.fake.join("contacts", lead, "companies", company, 1)

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        begun = self.fake.stamp()
        made = []
        for n in range(count):
            at = begun if same_stamp else begun - count + n
            props = {"lastname": "顧客", "firstname": str(n), "hubspot_owner_id": OWNERS["sato"]}
            made.append(self.fake.put("contacts", None, props, at=at).id)
        return made

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        if obj is Thing.TOUCH:
            raise Absent("what was recorded is not edited")
        self.fake.put(OBJECTS[obj], record_id, self._props(obj, fields))
        if obj is Thing.LEAD:
            self._join(record_id, fields)

    def give(self, record_id: str, owner: str) -> None:
        self.fake.put("contacts", record_id, {"hubspot_owner_id": OWNERS[owner]})

    def delete(self, obj: Thing, record_id: str) -> None:
        self.fake.archive(OBJECTS[obj], record_id)

    def merge(self, loser: str, winner: str) -> None:
        self.fake.merge(loser, winner)

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        """Make a lead that the search index does not show until the function is called."""
        made = self.fake.put("contacts", None, {**self._props(Thing.LEAD, fields), "hubspot_owner_id": OWNERS["sato"]})
        made.shown = self.fake.stamp() + 86_400_000

        def commit() -> str:
            made.shown = 0
            return made.id

        return commit

    # ------------------------------------------------------------------------------------------------ looking into it

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        if obj is Thing.COMPANY and is_named(record_id):
            names = {one.props.get("company", "") for one in self.fake.records["contacts"].values()}
            return next(({"name": one} for one in names if one and named_company(one) == record_id), {})
        one = self.fake.records[OBJECTS[obj]].get(record_id)
        if one is None or one.archived:
            return {}
        found = self._map.of(obj).inward(one.props, CONVERTERS)
        name = one.props.get("company", "") if obj is Thing.LEAD else ""
        return {**found, "company_id": named_company(name)} if name and "company_id" not in found else found

    def activities(self, lead_id: str) -> Sequence[str]:
        found = []
        for kind in KINDS.values():
            for number in self.fake.linked.get(("contacts", kind.object), {}).get(lead_id, []):
                one = self.fake.records[kind.object][number]
                data = carried(kind, one.props, "isdesk_data")[1] or {}
                key = one.props.get("isdesk_key") or data.get("id")
                if key and not one.archived and "handoff_id" not in data:
                    found.append(str(key))
        return found

    def opportunities(self, lead_id: str) -> int:
        return len(self.fake.linked.get(("contacts", DEALS), {}).get(lead_id, []))

    def tasks(self, lead_id: str) -> Sequence[str]:
        found = (
            self.fake.records["tasks"][x] for x in self.fake.linked.get(("contacts", "tasks"), {}).get(lead_id, [])
        )
        return [one.props["hs_timestamp"] for one in found if one.props.get("hs_task_status") != "COMPLETED"]

    def titles(self, lead_id: str) -> Sequence[str]:
        found = []
        for kind in (*KINDS.values(), TASKS):
            for number in self.fake.linked.get(("contacts", kind.object), {}).get(lead_id, []):
                one = self.fake.records[kind.object][number]
                found.append((one.created, plain(one.props.get(kind.title or kind.body, ""))))
        return [title.partition("\n")[0] for _, title in sorted(found)]

    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        (deal,) = self.fake.linked["contacts", DEALS][lead_id]
        props = {"dealstage": "closedwon" if won else "closedlost", "closedate": iso(self.fake.stamp())}
        props["closed_won_reason" if won else "closed_lost_reason"] = reason
        self.fake.put(DEALS, deal, {**props, "amount": said(amount)})

    def secrets(self) -> Sequence[str]:
        return sorted(self.fake.keys)

    def refusable(self) -> Mapping[str, Value]:
        return {"name": "選択肢 外", "stage": "no_such_stage"}

    # ------------------------------------------------------------------------------------------------ disturbing it

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        def concerns(request: Request) -> bool:
            return on == "any" or writes(request) == (on == "write")

        for _ in range(count):
            if kind == "partial":
                self.fake.fail_item = lambda _obj, _input: True
            elif kind == "expire":
                self.fake.fail(_ending(concerns, self._expire))
            else:
                self.fake.fail(_fault(kind, concerns, retry_after))

    def _expire(self) -> None:
        self._keys += 1
        self.fake.keys = {f"{KEY}-{self._keys}"}

    def spoil(self, what: str, code: str, value: str = "") -> None:
        remote = self._map.of("lead").fields[code].remote[0]
        known = self.fake.rules.properties["contacts"]
        match what:
            case "field_removed":
                known.pop(remote)
            case "choice_removed":
                theirs = self._map.of("lead").fields[code].remote_value(value)
                known[remote]["options"] = [x for x in known[remote]["options"] if x["value"] != theirs]
            case "field_required":
                self.fake.rules.required["contacts"].add(remote)

    def move(self, seconds: float) -> None:
        self.fake.move(seconds=seconds)


def _ending(when: Callable[[Request], bool], expire: Callable[[], None]) -> Fault:
    """Return a fault by which the key ends with the request that it concerns."""

    def chosen(request: Request) -> bool:
        ends = when(request)
        if ends:
            expire()
        return ends

    words = {"status": "error", "message": "expired", "category": "EXPIRED_AUTHENTICATION"}
    return Fault("status", chosen, Answer(401, words))


def _fault(kind: str, when: Callable[[Request], bool], retry_after: float | None) -> Fault:
    wait = {} if retry_after is None else {"Retry-After": str(round(retry_after))}
    busy = {"status": "error", "message": "You have reached your ten_secondly_rolling limit.",
            "errorType": "RATE_LIMIT", "category": "RATE_LIMITS", "policyName": "TEN_SECONDLY_ROLLING"}  # fmt: skip
    down = Answer(502, {"status": "error", "message": "bad gateway"})
    locked = Answer(423, {"status": "error", "message": "locked", "category": "LOCKED"})
    made = {
        "lost_before": Fault("before", when),
        "lost_after": Fault("after", when),
        "timeout_after": Fault("stall", when, seconds=READ_PATIENCE * 1.6),
        "truncated": Fault("truncate", when),
        "html": Fault("html", when),
        "html_after": Fault("html_after", when),
        "busy": Fault("status", when, Answer(429, busy, wait)),
        "error_after": Fault("status_after", when, down),
        "error": Fault("status", when, down),
        "locked": Fault("status", when, locked),
        "redirect": Fault("redirect", when),
    }
    if kind not in made:
        raise Absent(f"HubSpot has no {kind}")
    return made[kind]


@contextmanager
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Give an account with our properties."""
    made = Rig()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def without_keys(tmp_path: Path) -> Iterator[Rig]:
    """Give an account whose activities take no properties of ours: our data is a line of their descriptions."""
    made = Rig(keyed=False)
    try:
        yield made
    finally:
        made.close()


VARIANTS = {"t2": without_keys}
