"""An Odoo 19 on loopback: JSON-2 over a CRM in memory, behaving as a real one did when it was measured.

Stamps are the start of the transaction, in microseconds, and shown in whole seconds; a transaction may commit late.
Every call is one transaction. Errors come with 401, 403, 404, 422, and 500 for an unknown field; each has a ``debug``
with the data in it. A sales user may not delete leads, see external ids or write blacklists. Searches of messages lose
what one may not see *after* the limit was applied. An external id is there once; a message that has one cannot be
loaded again.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override

from tests.crm.fakes.odoo_models import models
from tests.crm.fakes.odoo_orm import (
    STAMP,
    Model,
    Refused,
    Values,
    forbidden,
    invalid,
    matching,
    missing,
    needed,
    ordered,
    shown,
    wrong_value,
)
from tests.crm.loopback import Answer, Loopback, Request

DATABASE = "crm19"
ADMIN, SATO, ITO, MORI = 2, 5, 6, 7
USERS = {SATO: ("佐藤 花子", "sato"), ITO: ("伊藤 健", "ito"), MORI: ("森 恵", "mori")}
XML_IDS = {
    "mail.mt_comment": 1,
    "mail.mt_note": 2,
    "mail.mt_activities": 3,
    "crm.model_crm_lead": 1,
}
_MAX_KEY = 128


class OdooFake(Loopback):
    """The server. ``keys`` are API keys and whose they are; ``own_only`` the users who see their own leads only."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, int] = {}
        self.own_only: set[int] = set()
        self.admins: set[int] = {ADMIN}
        self.required: set[str] = set()
        self.languages = ["en_US"]
        self.spare: dict[str, int] = {}
        self.models = models(self)
        self.xml_ids: dict[str, tuple[str, int]] = {}
        self.clock: datetime | None = None
        self._tick = 0
        self._seed()

    # ------------------------------------------------------------------------------------------------- for the tests

    def key(self, uid: int) -> str:
        """Return a key of that user."""
        found = next((key for key, whose in self.keys.items() if whose == uid), None)
        if found is None:
            found = f"{len(self.keys) + 1:040x}"
            self.keys[found] = uid
        return found

    def model(self, name: str) -> Model:
        """Return a model."""
        if name not in self.models:
            raise Refused("werkzeug.exceptions.NotFound", f"The model '{name}' does not exist", 404)
        return self.models[name]

    def stamp(self) -> datetime:
        """Return the instant of the running transaction: every one its own, by a microsecond."""
        self._tick += 1
        now = self.clock or self.now().replace(tzinfo=None)
        return now.replace(microsecond=min(999_999, now.microsecond // 1000 * 1000 + self._tick % 1000))

    def put(self, model: str, values: Values, *, uid: int = SATO, at: datetime | None = None) -> int:
        """Make a record as somebody in Odoo's own window does."""
        return self._insert(self.model(model), values, uid, at or self.stamp())

    def change(self, model: str, number: int, values: Values, *, uid: int = SATO) -> None:
        """Change a record as somebody in Odoo's own window does."""
        self._update(self.model(model), [number], values, uid, self.stamp())

    def remove(self, model: str, number: int) -> None:
        """Delete a record as an administrator does."""
        self.model(model).records.pop(number, None)
        self.xml_ids = {name: where for name, where in self.xml_ids.items() if where != (model, number)}

    # --------------------------------------------------------------------------------------------------- the protocol

    @override
    def handle(self, request: Request) -> Answer:
        if request.path == "/json/version":
            return Answer(200, {"version_info": [19, 0, 0, "final", 0, ""], "version": "19.0"})
        try:
            return Answer(200, self._json2(request))
        except Refused as refused:
            said = refused.message
            debug = f"Traceback (most recent call last):\n  {request.body.decode(errors='replace')}\n{said}"
            error = {"name": refused.name, "message": said, "arguments": [said], "context": {}, "debug": debug}
            return Answer(refused.status, error)

    def _json2(self, request: Request) -> Any:
        parts = request.path.strip("/").split("/")
        if request.method != "POST" or parts[:2] != ["json", "2"] or len(parts) != 4:
            raise Refused("werkzeug.exceptions.NotFound", "Did you mean POST /json/2/<model>/<method>?", 404)
        said = {name.casefold(): value for name, value in request.headers.items()}
        uid = self.keys.get(said.get("authorization", "").removeprefix("bearer "))
        if uid is None:
            raise Refused("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)
        model, name = self.model(parts[2]), parts[3]
        method = METHODS.get(f"{model.name}.{name}") or METHODS.get(name)
        if method is None or name.startswith("_"):
            message = f"The method '{model.name}.{name}' does not exist"
            raise Refused("werkzeug.exceptions.NotFound", message, 404)
        arguments = dict(request.json or {})
        context = arguments.pop("context", {})
        if context.get("lang", "en_US") not in self.languages:
            raise Refused("odoo.exceptions.UserError", f"Invalid language code: {context['lang']}", 422)
        call = Call(self, model, uid, context, self.stamp())
        try:
            bound = inspect.signature(method).bind(call, **arguments)
        except TypeError as error:
            raise Refused("werkzeug.exceptions.UnprocessableEntity", str(error), 422) from None
        return method(*bound.args, **bound.kwargs)

    # ----------------------------------------------------------------------------------------------------- the records

    def visible(self, model: Model, record: Values, uid: int) -> bool:
        """Return whether a user may see a record."""
        if record["id"] in model.hidden:
            return False
        if model.name == "crm.lead" and uid in self.own_only:
            return record.get("user_id") in (uid, False, None)
        return True

    def sees_message(self, record: Values, uid: int) -> bool:
        """Return whether a user may see a message: its author, or who sees the lead."""
        if record.get("create_uid") == uid or record.get("model") != "crm.lead":
            return True
        leads = self.models["crm.lead"]
        lead = leads.records.get(record.get("res_id", 0))
        return lead is not None and self.visible(leads, lead, uid)

    def reach(self, record: Values, path: str) -> Iterable[Any]:
        """Follow ``message_ids.message_id`` of a lead."""
        if path != "message_ids.message_id":
            raise wrong_value(f"Invalid field {path}")
        found = self.models["mail.message"].records.values()
        return [one.get("message_id") for one in found if one.get("res_id") == record["id"]]

    def _insert(self, model: Model, values: Values, uid: int, at: datetime) -> int:
        for name in values:
            model.field(name)
        self._check(model, values)
        filled = {**self._defaults(model, uid), **values}
        needed(model, filled, new=True)
        stamps = {"create_date": at, "write_date": at, "create_uid": uid, "write_uid": uid}
        return int(model.add({**filled, **stamps})["id"])

    def _defaults(self, model: Model, uid: int) -> Values:
        if model.name == "crm.lead":
            return {"user_id": uid, "team_id": 1, "type": "lead", "stage_id": 1, "probability": 10.0, "tag_ids": []}
        if model.name == "mail.message":
            number = f"<{model.last + 1}.{self.stamp().timestamp()}@odoo>"
            return {"message_id": number, "message_type": "comment", "date": self.stamp(), "body": ""}
        return {}

    def _update(self, model: Model, ids: Sequence[int], values: Values, uid: int, at: datetime) -> None:
        for name in values:
            model.field(name)
        records = [model.get(one) for one in ids]
        self._check(model, values)
        needed(model, values, new=False)
        for record in records:
            tags = values.get("tag_ids")
            plain = {name: value for name, value in values.items() if name != "tag_ids"}
            if isinstance(tags, list):
                record["tag_ids"] = _linked(record.get("tag_ids") or [], tags)
            record |= {**plain, "write_date": at, "write_uid": uid}
            if model.name == "crm.lead":
                self._to_partner(record, plain, at)

    def _to_partner(self, lead: Values, values: Values, at: datetime) -> None:
        """Write a lead's mail and number on to the customer that it is linked to, as Odoo does."""
        partner = self.models["res.partner"].records.get(lead.get("partner_id") or 0)
        if partner is None:
            return
        for mine, theirs in (("email_from", "email"), ("phone", "phone")):
            if values.get(mine):
                partner |= {theirs: values[mine], "write_date": at}

    def _check(self, model: Model, values: Values) -> None:
        """Raise where a choice or a linked record is not there."""
        for name, value in values.items():
            one = model.field(name)
            if one.type == "selection" and value and value not in dict(one.selection):
                raise wrong_value(f"Wrong value for {model.name}.{name}: {value!r}")
            if one.type == "many2one" and value and value not in self.models[one.relation].records:
                raise missing(one.relation, value)
            if isinstance(value, str) and "\0" in value:
                raise wrong_value("A string literal cannot contain NUL (0x00) characters.")
        if model.name == "crm.lead" and len(str(values.get("contact_name") or "")) > 100_000:
            raise invalid("The contact's name is too long.")

    def _seed(self) -> None:
        at = datetime(2026, 11, 1, 9, 0)
        for number, name in ((1, "OdooBot"), (ADMIN, "Administrator"), *((n, u[0]) for n, u in USERS.items())):
            login = USERS.get(number, ("", name.casefold()))[1]
            self.models["res.users"].records[number] = {
                "id": number, "name": name, "login": f"{login}@example.jp", "email": f"{login}@example.jp",
                "active": number != 1, "share": False, "lang": "en_US", "create_date": at, "write_date": at,
            }  # fmt: skip
        rows: Mapping[str, Sequence[Values]] = {
            "res.company": [{"name": "My Company"}],
            "crm.team": [{"name": "Sales", "user_id": MORI, "member_ids": [SATO, ITO, MORI]}],
            "crm.stage": [
                {"name": name, "is_won": name == "Won"} for name in ("New", "Qualified", "Proposition", "Won")
            ],
            "mail.activity.type": [
                {"name": "Email", "category": "default", "icon": "fa-envelope"},
                {"name": "Call", "category": "phonecall", "icon": "fa-phone"},
                {"name": "Meeting", "category": "meeting", "icon": "fa-users"},
                {"name": "To-Do", "category": "default", "icon": "fa-check"},
            ],
            "mail.message.subtype": [{"name": one} for one in ("Discussions", "Note", "Activities")],
            "utm.source": [{"name": "Webサイト"}, {"name": "展示会"}],
            "utm.campaign": [{"name": "秋の架電"}],
            "res.partner.industry": [{"name": "製造業"}],
            "res.country.state": [{"name": "東京都"}],
        }
        for name, values in rows.items():
            for one in values:
                self._insert(self.models[name], dict(one), ADMIN, at)


def _linked(now: list[int], commands: Iterable[Sequence[Any]]) -> list[int]:
    found = list(now)
    for verb, number, *_ in commands:
        if verb == 4 and number not in found:
            found.append(number)
        if verb == 3 and number in found:
            found.remove(number)
    return found


# ---------------------------------------------------------------------------------------------------------- the methods


class Call:
    """One call: who calls which model, in which transaction."""

    def __init__(self, odoo: OdooFake, model: Model, uid: int, context: Mapping[str, Any], at: datetime) -> None:
        self.odoo, self.model, self.uid, self.context, self.at = odoo, model, uid, context, at

    def may(self, operation: str) -> None:
        """Raise where the user may not do this."""
        if operation in self.model.shut and self.uid not in self.odoo.admins:
            raise forbidden(f"{operation} '{self.model.name}' records.")

    def seen(self, ids: Iterable[int]) -> list[Values]:
        """Return records that are there; raises where one is not for this user's eyes."""
        found = [self.model.records[one] for one in ids if one in self.model.records]
        found = [one for one in found if one["id"] not in self.model.hidden]
        if not all(self.odoo.visible(self.model, one, self.uid) for one in found):
            raise forbidden(f"access '{self.model.name}' records.")
        return found

    def search(self, domain: Sequence[Any], order: str, limit: int | None) -> list[Values]:
        """Return matching records; of messages those of the page that the user may see."""
        test = matching(self.model, domain, self.odoo.reach)
        archived = self.context.get("active_test", True) is False or "'active'" in str(domain)
        found = (
            one
            for one in self.model.records.values()
            if self.odoo.visible(self.model, one, self.uid) and (archived or one["active"]) and test(one)
        )
        page = ordered(self.model, found, order, limit or None)
        if self.model.name == "mail.message":
            page = [one for one in page if self.odoo.sees_message(one, self.uid)]
        return page

    def shown(self, record: Values, fields: Sequence[str]) -> Values:
        """Return a record as it goes out."""
        made: Values = {"id": record["id"]}
        for name in fields:
            value = self.model.value(record, name)
            one = self.model.field(name)
            if one.type == "many2one" and value:
                linked = self.odoo.models[one.relation].records[value]
                value = [value, linked.get("name") or f"{one.relation},{value}"]
            made[name] = shown(value)
        return made


def fields_get(call: Call, attributes: Sequence[str] = ()) -> Any:
    call.may("read")
    return {
        name: {
            "type": one.type, "string": one.label or name, "required": one.required, "readonly": one.readonly,
            "relation": one.relation, "selection": [list(pair) for pair in one.selection],
        }
        for name, one in call.model.fields.items()
    }  # fmt: skip


def search(call: Call, domain: Sequence[Any], order: str = "id", limit: int | None = None) -> Any:
    call.may("read")
    return [one["id"] for one in call.search(domain, order, limit)]


def search_read(
    call: Call, domain: Sequence[Any], fields: Sequence[str], order: str = "id", limit: int | None = None
) -> Any:
    call.may("read")
    return [call.shown(one, fields) for one in call.search(domain, order, limit)]


def search_count(call: Call, domain: Sequence[Any]) -> Any:
    return len(search(call, domain))


def read(call: Call, ids: Sequence[int], fields: Sequence[str]) -> Any:
    call.may("read")
    return [call.shown(one, fields) for one in call.seen(ids)]


def create(call: Call, vals_list: Sequence[Values]) -> Any:
    call.may("create")
    return [call.odoo.put(call.model.name, dict(one), uid=call.uid, at=call.at) for one in vals_list]


def write(call: Call, ids: Sequence[int], vals: Values) -> Any:
    call.may("write")
    call.seen(ids)
    call.odoo._update(call.model, ids, {k: parsed(call.model, k, v) for k, v in vals.items()}, call.uid, call.at)
    return True


def unlink(call: Call, ids: Sequence[int]) -> Any:
    call.may("unlink")
    for one in call.seen(ids):
        call.odoo.remove(call.model.name, one["id"])
    return True


def parsed(model: Model, name: str, value: Any) -> Any:
    if model.field(name).type == "datetime" and isinstance(value, str) and value:
        return datetime.strptime(value, STAMP)
    return value


def has_access(call: Call, operation: str, ids: Sequence[int] = ()) -> Any:
    return operation not in call.model.shut or call.uid in call.odoo.admins


def get_external_id(call: Call, ids: Sequence[int]) -> Any:
    known = {where: name for name, where in call.odoo.xml_ids.items()}
    return {str(one): known.get((call.model.name, one), "") for one in ids}


def load(call: Call, fields: Sequence[str], data: Sequence[Sequence[Any]]) -> Any:
    """Make or change records under external ids: all of them, or none and a message for each that would not."""
    before = (dict(call.odoo.xml_ids), {k: dict(v) for k, v in call.model.records.items()}, call.model.last)
    ids: list[int] = []
    said: list[Values] = []
    known = dict(call.odoo.xml_ids)
    for row, cells in enumerate(data):
        try:
            ids.append(_loaded(call, dict(zip(fields, cells, strict=True)), known))
        except Refused as refused:
            said.append({"rows": {"from": row, "to": row}, "record": row, "type": "error", "message": refused.message})
    if said:
        call.odoo.xml_ids, call.model.records, call.model.last = before
        return {"ids": False, "messages": said, "nextrow": 0}
    return {"ids": ids, "messages": [], "nextrow": 0}


def _loaded(call: Call, row: Values, known: Mapping[str, tuple[str, int]]) -> int:
    name = str(row.pop("id"))
    if len(name) > _MAX_KEY or not re.fullmatch(r"[\w-]+\.[\w-]+", name):
        raise invalid(f"The external id {name} is not allowed.")
    spare = call.odoo.spare
    key = str(row.get("message_id") or "")
    if "" in spare and key:
        spare[key] = spare.pop("")
    if spare.get(key):
        spare[key] -= 1
        raise invalid("A rule of this company does not allow it.")
    values = {column.partition("/")[0]: _cell(call, column, cell) for column, cell in row.items()}
    there = known.get(name)
    if there is not None:
        call.may("write")
        if call.model.name == "mail.message" and {"model", "res_id"} & values.keys() and call.uid != ADMIN:
            raise Refused(
                "odoo.exceptions.AccessError", "Only administrators can modify 'model' and 'res_id' fields.", 403
            )
        call.odoo._update(call.model, [there[1]], values, call.uid, call.at)
        return there[1]
    call.may("create")
    _allowed(call, values)
    if call.model.name == "crm.lead" and (lacking := call.odoo.required - values.keys()):
        raise invalid(f"Missing required value for the field ({', '.join(sorted(lacking))}).")
    number = call.odoo._insert(call.model, values, call.uid, call.at)
    call.odoo.xml_ids[name] = (call.model.name, number)
    return number


def _allowed(call: Call, values: Values) -> None:
    """Raise where a message or an activity is put on a lead that is not there or not ours to see."""
    if call.model.name not in {"mail.message", "mail.activity"}:
        return
    leads = call.odoo.models["crm.lead"]
    lead = leads.get(int(values.get("res_id") or 0))
    if not call.odoo.visible(leads, lead, call.uid):
        raise forbidden("write on this lead.")
    if call.model.name == "mail.activity":
        values["res_model"] = "crm.lead"


def _cell(call: Call, column: str, cell: Any) -> Any:
    name, _, how = column.partition("/")
    one = call.model.field(name)
    if cell in ("", None):
        return [] if one.type == "many2many" else False
    if how == "id":
        return XML_IDS[str(cell)]
    if one.type == "many2many":
        return [[4, int(number)] for number in str(cell).split(",")]
    if one.type in {"many2one", "integer", "many2one_reference"}:
        return int(cell)
    if one.type == "boolean":
        return str(cell) == "1"
    if one.type == "datetime":
        try:
            return datetime.strptime(str(cell), STAMP)
        except ValueError:
            raise invalid(f"'{cell}' does not seem to be a valid datetime for field '{one.label}'") from None
    return cell


def context_get(call: Call) -> Any:
    return {"lang": "en_US", "tz": False, "uid": call.uid}


def get_installed(call: Call) -> Any:
    return [[one, one] for one in call.odoo.languages]


def convert_opportunity(
    call: Call, ids: Sequence[int], partner: Any, user_ids: Any = False, team_id: Any = False
) -> Any:
    values = {"type": "opportunity", **({"user_id": user_ids[0]} if user_ids else {})}
    return write(call, ids, values)


def action_set_lost(call: Call, ids: Sequence[int]) -> Any:
    return write(call, ids, {"active": False, "probability": 0.0, "date_closed": call.at.strftime(STAMP)})


def action_feedback(call: Call, ids: Sequence[int], feedback: str = "") -> Any:
    """Close activities: they are archived, and a message says so."""
    for one in call.seen(ids):
        values = {"active": False, "feedback": feedback, "date_done": call.at.strftime("%Y-%m-%d")}
        call.odoo._update(call.model, [one["id"]], values, call.uid, call.at)
        body = f"<div><p><span>Call</span> done<span>:</span></p><div>{feedback}</div></div>"
        message = {
            "model": "crm.lead", "res_id": one["res_id"], "body": body, "message_type": "notification",
            "mail_activity_type_id": one["activity_type_id"], "subtype_id": 3, "date": call.at,
        }  # fmt: skip
        call.odoo.put("mail.message", message, uid=call.uid, at=call.at)
    return True


METHODS: Mapping[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        fields_get, search, search_read, search_count, read, create, write, unlink, has_access, get_external_id, load,
    )
} | {
    "res.users.context_get": context_get,
    "res.lang.get_installed": get_installed,
    "crm.lead.convert_opportunity": convert_opportunity,
    "crm.lead.action_set_lost": action_set_lost,
    "mail.activity.action_feedback": action_feedback,
}  # fmt: skip
__all__ = ["ADMIN", "DATABASE", "ITO", "MORI", "SATO", "OdooFake", "timedelta"]
