"""Odoo for the contract suite: the fake server with two sales users."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from isdesk.crm import mapping
from isdesk.crm.contract import Absent
from isdesk.crm.converting import instant
from isdesk.crm.http import Client
from isdesk.crm.odoo import Odoo
from isdesk.crm.odoo.messages import HOST, key_of
from isdesk.crm.odoo.rpc import Rpc
from isdesk.crm.odoo.schema import CONVERTERS, MODELS, html_of, text_of
from isdesk.crm.port import Adapter, Thing
from isdesk.domain.changes import Value
from tests.crm.fakes.odoo import DATABASE, ITO, SATO, OdooFake
from tests.crm.fakes.odoo_orm import STAMP, Refused
from tests.crm.loopback import Answer, Fault, Request

USERS = {"sato": SATO, "ito": ITO}
PATIENCE = 30.0
IMPATIENCE = 0.4
"""Seconds that the adapter waits: the latter once an answer is to come too late."""
WRITES = ("/load", "/write", "/create", "/unlink", "/convert_opportunity", "/add", "/remove")
CALL = 2


def writes(request: Request) -> bool:
    """Return whether a request changes something (``load`` of nothing but an id only looks)."""
    return request.path.endswith(WRITES) and not (request.path.endswith("/load") and request.json["fields"] == ["id"])


class Rig:
    """An Odoo and what people do in it."""

    def __init__(self) -> None:
        self.fake = OdooFake()
        self.fake.start()
        self.opened: list[Odoo] = []
        self._clients: list[Client] = []
        self._timeout = httpx.Timeout(PATIENCE)
        self._map = mapping.loads(mapping.shipped("odoo"), "odoo", CONVERTERS)

    def close(self) -> None:
        """Close what was opened."""
        for one in self.opened:
            one.close()
        self.fake.stop()

    def connect(self, user: str = "sato") -> Adapter:
        head = {"Authorization": f"bearer {self.fake.key(USERS[user])}", "X-Odoo-Database": DATABASE}
        client = Client(self.fake.url, authorize=lambda: head, now=lambda: datetime.now(UTC), timeout=self._timeout)
        self._clients.append(client)
        made = Odoo(Rpc(client, lambda: datetime.now(UTC)), self._map)
        self.opened.append(made)
        return made

    # ---------------------------------------------------------------------------------------------- what people do

    def _values(self, obj: Thing, fields: Mapping[str, Value]) -> dict[str, Any]:
        of = self._map.of(obj.value)
        values: dict[str, Any] = {}
        for code, value in fields.items():
            one = of.fields.get(code)
            if one is None:
                continue
            name = one.remote[0]
            info = self.fake.model(MODELS[obj]).fields.get(name)
            if info is None:
                continue
            if info.type == "many2one":
                words = [theirs for theirs, ours in one.values.items() if ours == value] or [str(value)]
                records = self.fake.models[info.relation].records.values()
                value = next((r["id"] for r in records if r.get("name") in words or str(r["id"]) in words), False)
            elif info.type == "html":
                value = html_of(str(value or ""))
            values[name] = False if value is None else value
        if obj is Thing.LEAD and ("dnc" in fields or "email_opt_out" in fields):
            values["tag_ids"] = self._tags(fields)
        return values

    def _tags(self, fields: Mapping[str, Value]) -> list[list[int]]:
        made = []
        for code, option in (("dnc", "dnc_tag"), ("email_opt_out", "opt_out_tag")):
            if code in fields:
                name = str(self._map.option("lead", option))
                tags = self.fake.models["crm.tag"].records
                number = next((n for n, one in tags.items() if one["name"] == name), None)
                number = number if number is not None else self.fake.put("crm.tag", {"name": name})
                made.append([4 if fields[code] else 3, number])
        return made

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        if obj is Thing.TOUCH:
            return self._call(fields, owner)
        values = self._values(obj, fields)
        if obj is Thing.COMPANY:
            return str(self.fake.put("res.partner", {"is_company": True, **values}))
        tags = values.pop("tag_ids", None)
        number = self.fake.put("crm.lead", {"name": fields.get("name"), **values, "user_id": USERS[owner]})
        if tags:
            self.fake.change("crm.lead", number, {"tag_ids": tags})
        return str(number)

    def _call(self, fields: Mapping[str, Value], owner: str) -> str:
        """Log a call as Odoo's own window does: an activity of type Call that is done with a feedback."""
        at = instant(fields.get("at")) or self.fake.now()
        message = {
            "model": "crm.lead", "res_id": int(str(fields["lead_id"])), "message_type": "notification",
            "body": f"<div><p>Call done</p><div>{fields.get('note')}</div></div>", "mail_activity_type_id": CALL,
            "subtype_id": 3, "date": at.replace(tzinfo=None),
        }  # fmt: skip
        return str(self.fake.put("mail.message", message, uid=USERS[owner]))

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        begun = self.fake.now().replace(tzinfo=None, microsecond=0)
        made = []
        for n in range(count):
            at = begun + timedelta(microseconds=n % 1_000) if same_stamp else begun - timedelta(seconds=count - n)
            values = {"name": f"商談 {n}", "contact_name": f"顧客 {n}", "user_id": SATO}
            made.append(str(self.fake.put("crm.lead", values, at=at)))
        return made

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        if obj is Thing.TOUCH:
            raise Absent("what was recorded is not edited")
        self.fake.change(MODELS[obj], int(record_id), self._values(obj, fields))

    def give(self, record_id: str, owner: str) -> None:
        self.fake.change("crm.lead", int(record_id), {"user_id": USERS[owner]})

    def delete(self, obj: Thing, record_id: str) -> None:
        self.fake.remove(MODELS[obj], int(record_id))

    def merge(self, loser: str, winner: str) -> None:
        """Merge as Odoo does: the messages go to the winner, the loser is deleted."""
        for one in self.fake.models["mail.message"].records.values():
            if one["res_id"] == int(loser):
                one["res_id"] = int(winner)
        self.fake.remove("crm.lead", int(loser))

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        leads = self.fake.model("crm.lead")
        number = int(self.make(Thing.LEAD, fields))
        leads.hidden.add(number)

        def commit() -> str:
            leads.hidden.discard(number)
            return str(number)

        return commit

    # ------------------------------------------------------------------------------------------------ looking into it

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        model = self.fake.model(MODELS[obj])
        record = model.records.get(int(record_id))
        if record is None:
            return {}
        found: dict[str, Any] = {}
        for code, one in self._map.of(obj.value).fields.items():
            info = model.fields.get(one.remote[0])
            value = record.get(one.remote[0]) if info is not None else None
            if info is None or not value:
                continue
            if info.type == "many2one":
                name = self.fake.models[info.relation].records[value]["name"]
                value = str(value) if one.convert == "relation_id" else one.values.get(name, name)
            found[code] = text_of(value) if info.type == "html" else value
            if isinstance(value, datetime):
                found[code] = value.replace(tzinfo=UTC).isoformat()
        for code, option in (("dnc", "dnc_tag"), ("email_opt_out", "opt_out_tag")):
            names = {self.fake.models["crm.tag"].records[n]["name"] for n in record.get("tag_ids") or []}
            if self._map.option("lead", option) in names:
                found[code] = True
        return found

    def _messages(self, lead_id: str) -> list[dict[str, Any]]:
        found = self.fake.models["mail.message"].records.values()
        return [one for one in found if one["res_id"] == int(lead_id)]

    def activities(self, lead_id: str) -> Sequence[str]:
        keys = [key_of(one["message_id"]) for one in self._messages(lead_id)]
        return [key for key, host in keys if host == HOST[Thing.TOUCH]]

    def opportunities(self, lead_id: str) -> int:
        return int(self.fake.models["crm.lead"].records[int(lead_id)]["type"] == "opportunity")

    def choice(self) -> tuple[str, str]:
        """Name the stage: Odoo's pipeline is nobody's to add to in passing, unlike its sources and campaigns."""
        return "stage", "sql"

    def tasks(self, lead_id: str) -> Sequence[str]:
        found = self.fake.models["mail.activity"].records.values()
        ours = {where[1] for name, where in self.fake.xml_ids.items() if name.startswith("isdesk.next_")}
        mine = [one for one in found if one["res_id"] == int(lead_id) and one["active"] and one["id"] in ours]
        return [one["date_deadline"] for one in mine]

    def titles(self, lead_id: str) -> Sequence[str]:
        return [str(one.get("subject") or "") for one in self._messages(lead_id)]

    def close_opportunity(self, lead_id: str, *, won: bool, amount: int | None = None, reason: str = "") -> None:
        values: dict[str, Any] = {"expected_revenue": float(amount or 0), "date_closed": self.fake.stamp()}
        if won:
            values["stage_id"] = 4
        else:
            why = self.fake.put("crm.lost.reason", {"name": reason})
            values |= {"active": False, "probability": 0.0, "lost_reason_id": why}
        self.fake.change("crm.lead", int(lead_id), values)

    def secrets(self) -> Sequence[str]:
        return sorted(self.fake.keys)

    def refusable(self) -> Mapping[str, Value]:
        return {"name": "選択肢 外", "stage": "no_such_stage"}

    # ------------------------------------------------------------------------------------------------ disturbing it

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        def concerns(request: Request) -> bool:
            return request.method == "POST" and (on == "any" or writes(request) == (on == "write"))

        for _ in range(count):
            if kind == "partial":
                self.fake.spare[""] = 2
            elif kind == "expire":
                self.fake.fail(self._expiry(concerns))
            else:
                self.fake.fail(_fault(kind, concerns, retry_after))
        if kind == "timeout_after":
            self._timeout = httpx.Timeout(PATIENCE, read=IMPATIENCE)
            for client in self._clients:
                client._timeout = self._timeout

    def _expiry(self, concerns: Callable[[Request], bool]) -> Fault:
        def chosen(request: Request) -> bool:
            if not concerns(request):
                return False
            self.fake.keys = {f"{int(key, 16) + 1000:040x}": uid for key, uid in self.fake.keys.items()}
            return True

        said = Refused("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)
        return Fault("status", chosen, Answer(401, {"name": said.name, "message": said.message, "debug": "…"}))

    def spoil(self, what: str, code: str, value: str = "") -> None:
        one = self._map.of("lead").fields[code]
        leads = self.fake.model("crm.lead")
        match what:
            case "field_removed":
                leads.fields.pop(one.remote[0])
            case "choice_removed":
                words = [theirs for theirs, ours in one.values.items() if ours == value]
                records = self.fake.models[leads.fields[one.remote[0]].relation].records
                for number in [n for n, r in records.items() if r["name"] in words]:
                    del records[number]
            case "field_required":
                self.fake.required.add(one.remote[0])

    def move(self, seconds: float) -> None:
        self.fake.move(seconds=seconds)


def _fault(kind: str, when: Callable[[Request], bool], retry_after: float | None) -> Fault:
    wait = {} if retry_after is None else {"Retry-After": str(round(retry_after))}
    locked = {"name": "psycopg2.errors.SerializationFailure", "message": "could not serialize access", "debug": "…"}
    down = Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", {"Content-Type": "text/html"})
    failed = Answer(500, {"name": "builtins.RuntimeError", "message": "Internal Server Error", "debug": "…"})
    made = {
        "lost_before": Fault("before", when),
        "lost_after": Fault("after", when),
        "timeout_after": Fault("stall", when, seconds=IMPATIENCE * 3),
        "truncated": Fault("truncate", when),
        "html": Fault("html", when),
        "html_after": Fault("html_after", when),
        "busy": Fault("status", when, Answer(429, {"message": "Too Many Requests"}, wait)),
        "error_after": Fault("status_after", when, down),
        "error": Fault("status", when, failed),
        "locked": Fault("status", when, Answer(500, locked)),
        "redirect": Fault("redirect", when),
    }
    if kind not in made:
        raise Absent(f"Odoo has no {kind}")
    return made[kind]


@contextmanager
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Give an Odoo with two sales users and a team lead."""
    made = Rig()
    try:
        yield made
    finally:
        made.close()


__all__ = ["STAMP", "Rig", "rig"]
