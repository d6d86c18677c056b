"""The models of the fake Odoo: those of its CRM that the adapter meets, with the fields that 19 has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isdesk.domain.normalise import digits
from tests.crm.fakes.odoo_orm import Field, Model, Values, base_fields

if TYPE_CHECKING:
    from tests.crm.fakes.odoo import OdooFake

_ALL = frozenset({"read", "write", "create", "unlink"})
_NAMED = ("crm.lost.reason", "crm.stage", "res.company", "res.country.state", "res.partner.industry", "utm.campaign",
          "utm.source", "mail.message.subtype", "ir.model")  # fmt: skip


def models(odoo: OdooFake) -> dict[str, Model]:
    """Return every model, empty."""
    made = [_lead(odoo), _partner(), _message(), _activity(), *_people(), *_lists()]
    named = {"name": Field(label="Name"), "is_won": Field("boolean")}
    made += [Model(name, base_fields() | named) for name in _NAMED]
    made.append(Model("crm.tag", {**base_fields(), "name": Field(label="Name")}, frozenset({"unlink"})))
    found = {one.name: one for one in made}
    found["ir.model"].shut = _ALL
    found["ir.model"].add({"name": "Lead"})
    return found


def _lead(odoo: OdooFake) -> Model:
    def sanitized(record: Values) -> Any:
        number = digits(str(record.get("phone") or ""))
        return f"+81{number[1:]}" if number.startswith("0") else False

    def listed(name: str, field: str) -> set[str]:
        return {str(one.get(field)) for one in odoo.models[name].records.values() if one["active"]}

    def called_off(record: Values) -> bool:
        number = sanitized(record)
        return bool(number) and number in listed("phone.blacklist", "number")

    def mailed_off(record: Values) -> bool:
        mail = str(record.get("email_from") or "").casefold()
        return bool(mail) and mail in listed("mail.blacklist", "email")

    def won_status(record: Values) -> str:
        stage = odoo.models["crm.stage"].records.get(record.get("stage_id") or 0, {})
        if stage.get("is_won") and record["active"]:
            return "won"
        return "lost" if not record["active"] and not record.get("probability") else "pending"

    def commercial(record: Values) -> Any:
        partners = odoo.models["res.partner"].records
        linked = partners.get(record.get("partner_id") or 0)
        if linked is not None:
            return linked.get("parent_id") or False
        name = record.get("partner_name")
        return next((n for n, one in partners.items() if name and one.get("name") == name and one["is_company"]), False)

    fields = base_fields() | {
        "name": Field(label="Opportunity", required=True),
        "contact_name": Field(label="Contact Name"),
        "function": Field(label="Job Position"),
        "email_from": Field(label="Email"),
        "email_normalized": Field(made=lambda r: str(r.get("email_from") or "").casefold() or False),
        "phone": Field(label="Phone"),
        "phone_sanitized": Field(made=sanitized),
        "phone_sanitized_blacklisted": Field("boolean", made=called_off),
        "is_blacklisted": Field("boolean", made=mailed_off),
        "user_id": Field("many2one", "Salesperson", "res.users"),
        "team_id": Field("many2one", "Sales Team", "crm.team"),
        "stage_id": Field("many2one", "Stage", "crm.stage"),
        "source_id": Field("many2one", "Source", "utm.source"),
        "campaign_id": Field("many2one", "Campaign", "utm.campaign"),
        "lost_reason_id": Field("many2one", "Lost Reason", "crm.lost.reason"),
        "partner_id": Field("many2one", "Contact", "res.partner"),
        "partner_name": Field(label="Company Name"),
        "commercial_partner_id": Field("many2one", "Customer Company", "res.partner", made=commercial),
        "tag_ids": Field("many2many", "Tags", "crm.tag"),
        "message_ids": Field("one2many", "Messages", "mail.message"),
        "description": Field("html", "Notes"),
        "type": Field("selection", "Type", selection=(("lead", "Lead"), ("opportunity", "Opportunity"))),
        "won_status": Field("selection", made=won_status),
        "probability": Field("float", "Probability"),
        "expected_revenue": Field("monetary", "Expected Revenue"),
        "date_closed": Field("datetime", "Closed Date"),
    }
    return Model("crm.lead", fields, frozenset({"unlink"}))


def _partner() -> Model:
    fields = base_fields() | {
        "name": Field(label="Name", required=True),
        "is_company": Field("boolean", "Is a Company"),
        "parent_id": Field("many2one", "Related Company", "res.partner"),
        "email": Field(label="Email"),
        "phone": Field(label="Phone"),
        "website": Field(label="Website"),
        "company_registry": Field(label="Company ID"),
        "street": Field(label="Street"),
        "industry_id": Field("many2one", "Industry", "res.partner.industry"),
        "state_id": Field("many2one", "State", "res.country.state"),
    }
    return Model("res.partner", fields, frozenset({"unlink"}))


def _message() -> Model:
    fields = base_fields() | {
        "model": Field(label="Related Document Model"),
        "res_id": Field("many2one_reference", "Related Document ID"),
        "body": Field("html", "Contents"),
        "subject": Field(label="Subject"),
        "date": Field("datetime", "Date"),
        "message_id": Field(label="Message-Id"),
        "message_type": Field(label="Type"),
        "subtype_id": Field("many2one", "Subtype", "mail.message.subtype"),
        "mail_activity_type_id": Field("many2one", "Mail Activity Type", "mail.activity.type"),
    }
    return Model("mail.message", fields)


def _activity() -> Model:
    fields = base_fields() | {
        "res_model_id": Field("many2one", "Document Model", "ir.model"),
        "res_model": Field(label="Related Document Model"),
        "res_id": Field("many2one_reference", "Related Document ID"),
        "activity_type_id": Field("many2one", "Activity Type", "mail.activity.type"),
        "summary": Field(label="Summary"),
        "note": Field("html", "Note"),
        "feedback": Field("text", "Feedback"),
        "date_deadline": Field("date", "Due Date"),
        "date_done": Field("date", "Done Date"),
        "user_id": Field("many2one", "Assigned to", "res.users"),
    }
    return Model("mail.activity", fields)


def _people() -> list[Model]:
    user = base_fields() | {
        "name": Field(label="Name"),
        "login": Field(label="Login"),
        "email": Field(label="Email"),
        "share": Field("boolean", "Share User"),
    }
    team = base_fields() | {
        "name": Field(label="Sales Team"),
        "user_id": Field("many2one", "Team Leader", "res.users"),
        "member_ids": Field("many2many", "Salespersons", "res.users"),
    }
    keys = base_fields() | {"name": Field(), "expiration_date": Field("datetime")}
    return [
        Model("res.users", user, frozenset({"create", "unlink"})),
        Model("crm.team", team, frozenset({"create", "write", "unlink"})),
        Model("res.users.apikeys", keys),
        Model("res.lang", base_fields()),
    ]


def _lists() -> list[Model]:
    kind = {"name": Field(), "category": Field(), "icon": Field()}
    return [
        Model("mail.activity.type", base_fields() | kind),
        Model("phone.blacklist", base_fields() | {"number": Field()}, _ALL),
        Model("mail.blacklist", base_fields() | {"email": Field()}, _ALL),
    ]
