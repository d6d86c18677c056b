"""Handing over: steps of a handoff as keyed tasks, and the lead converted into account, contact and opportunity.

The vendor converts leads by its SOAP API alone (``convertLead``; no REST resource and no standard action does it). A
lead can be converted once, so that a resend makes no second opportunity; one that was converted before, or a contact,
gets its opportunity in one transaction with the keyed task that tells of the step (Composite with ``allOrNone``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

from isdesk.clock import TOKYO
from isdesk.crm.converting import instant
from isdesk.crm.port import Command, Quota, Result, Status, Unknown
from isdesk.crm.salesforce import answers, soql
from isdesk.crm.salesforce.activities import Activities, Body, Results, Who
from isdesk.crm.salesforce.link import DATA, QUOTA, RETRY, VERSION, Failure, Link
from isdesk.crm.salesforce.reading import Reader
from isdesk.crm.salesforce.rows import HANDOFF
from isdesk.crm.salesforce.schema import Schema
from isdesk.crm.writing import TAKEN_BACK

_SOAP: Final = f"/services/Soap/u/{VERSION}"
_CLOSE_DAYS: Final = 90
_OVER: Final = frozenset({"submit", "accept"})
"""Steps after which the rep's own next call is no longer due."""
_STEPS: Final = {
    "ask": "承認依頼",
    "refuse": "承認却下",
    "submit": "提出",
    "accept": "受理",
    "return": "差し戻し",
    "recycle": "リサイクル",
    "withdraw": "取り下げ",
    "feedback": "フィードバック",
}


class Handing:
    """Writes the steps of handoffs for one person."""

    def __init__(self, link: Link, schema: Schema, reader: Reader, activities: Activities) -> None:
        self._link, self._schema, self._reader, self._activities = link, schema, reader, activities

    def steps(self, batch: Sequence[Command], results: Results) -> None:
        """Write steps one after another; the step's task is written last, so that where it is, all is done."""
        there = self._activities.existing([HANDOFF + c.key for c in batch])
        people = self._activities.people([c.lead_id or "" for c in batch])
        over = [c for c in batch if c.payload.get("action") in _OVER and HANDOFF + c.key not in there]
        self._activities.finish(sorted({str(c.payload["lead_key"]) for c in over if c.payload.get("lead_key")}))
        for command in batch:
            who = people.get(command.lead_id or "")
            known = there.get(HANDOFF + command.key)
            if known is not None:
                results[command.key] = Result(command.key, Status.DUPLICATE, known)
            elif who is None:
                results[command.key] = answers.gone(command)
            elif self._hands_over(command):
                people[command.lead_id or ""] = self._over(command, who, results)
            else:
                self._tell(command, who, None, results)

    def _hands_over(self, command: Command) -> bool:
        options = self._schema.known("handoff").options
        step = command.payload.get("action")
        return (
            step == options.get("on", "accept")
            and not command.payload.get("void")
            and bool(options.get("opportunity", True))
        )

    def _task(self, command: Command, who: Who, opportunity: str | None) -> Body:
        payload = command.payload
        step = _STEPS.get(str(payload.get("action")), str(payload.get("action")))
        subject = f"{TAKEN_BACK if payload.get('void') else ''}引き継ぎ: {step}"
        body = {
            **self._activities.common(payload, who, "Task", subject),
            **self._activities.key(HANDOFF + command.key, "Task"),
            "Status": self._activities.closed(),
        }
        if opportunity is not None and not who.id.startswith("00Q"):
            body["WhatId"] = opportunity
        return body

    def _tell(self, command: Command, who: Who, opportunity: str | None, results: Results) -> None:
        self._activities.make("Task", [(command, self._task(command, who, opportunity))], results)

    # --------------------------------------------------------------------------------------------------- handing over

    def _over(self, command: Command, who: Who, results: Results) -> Who:
        if who.id.startswith("00Q"):
            return self._converted(command, who, results)
        made = str(who.lead.get("ConvertedOpportunityId") or "")
        if made and self._reader.handoff_of(made) in {"", str(command.payload.get("handoff_id") or "")}:
            self._mark(command, made)
            self._tell(command, who, made, results)
        else:
            self._with_opportunity(command, who, results)
        return who

    def _converted(self, command: Command, who: Who, results: Results) -> Who:
        said = self._convert(command, who)
        if isinstance(said, Failure):
            result = answers.refusal(command, said)
            if result is not None:
                results[command.key] = result
            return who
        now = Who(said["contactId"], {**who.lead, "ConvertedAccountId": said["accountId"]})
        opportunity = said.get("opportunityId") or None
        self._mark(command, opportunity)
        self._tell(command, now, opportunity, results)
        return now

    def _mark(self, command: Command, opportunity: str | None) -> None:
        """Write the handoff's id into the opportunity, where opportunities have a key field."""
        key = self._schema.of("opportunity").key
        if opportunity and key:
            body = {key: command.payload.get("handoff_id")}
            self._link.write("PATCH", f"{DATA}/sobjects/Opportunity/{opportunity}", body)

    def _convert(self, command: Command, who: Who) -> dict[str, str] | Failure:
        company = str(who.lead.get("Company") or "")
        status = self._schema.status("LeadStatus", "IsConverted", "Closed - Converted")
        owner = str(command.payload.get("to_fs") or "")
        parts = {
            "accountId": self._account(company),
            "convertedStatus": status,
            "doNotCreateOpportunity": "false",
            "leadId": who.id,
            "opportunityName": company[:120],
            "overwriteLeadSource": "false",
            "ownerId": owner if owner.startswith("005") else _person(who.lead.get("OwnerId")),
            "sendNotificationEmail": "false",
        }
        answer = self._link.soap(lambda token: _envelope(token, parts), _SOAP)
        return _read(answer.status_code, answer.text)

    def _account(self, name: str) -> str:
        """Return the one account of that name, "" where there is none or more than one: then a new one is made."""
        if not name:
            return ""
        found = list(self._link.query(soql.select(["Id"], "Account", f"Name = {soql.text(name)}", limit=2)))
        return str(found[0]["Id"]) if len(found) == 1 else ""

    def _with_opportunity(self, command: Command, who: Who, results: Results) -> None:
        """Make an opportunity, its contact's part and the keyed task in one transaction."""
        key = self._schema.of("opportunity").key
        name = str(who.lead.get("Company") or "") or "isdesk"
        at = instant(command.payload.get("at")) or self._link.clock()
        opportunity: Body = {
            "Name": name[:120],
            "StageName": self._schema.status("OpportunityStage", "IsClosed", "Prospecting", on=False),
            "CloseDate": (at + timedelta(days=_CLOSE_DAYS)).astimezone(TOKYO).date().isoformat(),
        }
        owner = str(command.payload.get("to_fs") or "")
        opportunity |= {"OwnerId": owner} if owner.startswith("005") else {}
        account = who.lead.get("ConvertedAccountId")
        opportunity |= {"AccountId": account} if account else {}
        opportunity |= {key: command.payload.get("handoff_id")} if key else {}
        role = {"OpportunityId": "@{opp.id}", "ContactId": who.id, "IsPrimary": True}
        task = self._task(command, who, "@{opp.id}")
        parts = [("Opportunity", "opp", opportunity), ("OpportunityContactRole", "role", role), ("Task", "task", task)]
        result = self._made(command, self._link.together(parts)[-1])
        if result is not None:
            results[command.key] = result

    def _made(self, command: Command, said: dict[str, Any] | Failure) -> Result | None:
        if not isinstance(said, Failure):
            return Result(command.key, Status.ACKED, str(said["id"]))
        if said.code == answers.DUPLICATE:
            there = self._activities.existing([HANDOFF + command.key])
            if there:
                return Result(command.key, Status.DUPLICATE, there[HANDOFF + command.key])
        return answers.refusal(command, said)


def _person(owner: object) -> str:
    """Return an owner who may own an account: a queue may not (SOAP API guide, convertLead)."""
    return owner if isinstance(owner, str) and owner.startswith("005") else ""


def _envelope(token: str, parts: Mapping[str, str]) -> bytes:
    inner = "".join(f"<urn:{name}>{escape(value)}</urn:{name}>" for name, value in parts.items() if value)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:urn="urn:partner.soap.sforce.com">'
        f"<soapenv:Header><urn:SessionHeader><urn:sessionId>{escape(token)}</urn:sessionId></urn:SessionHeader>"
        f"</soapenv:Header><soapenv:Body><urn:convertLead><urn:leadConverts>{inner}</urn:leadConverts>"
        "</urn:convertLead></soapenv:Body></soapenv:Envelope>"
    ).encode()


def _read(status: int, text: str) -> dict[str, str] | Failure:
    """Return the ids that a conversion gave, or why it was refused. Raises Quota, or Unknown where another answers."""
    if "convertLeadResponse" in text and _tag(text, "success") == "true":
        return {name: _tag(text, name) for name in ("accountId", "contactId", "opportunityId")}
    if "convertLeadResponse" in text and _tag(text, "success") == "false":
        return Failure(_tag(text, "statusCode"), _tag(text, "message"))
    code = _tag(text, "faultcode").rpartition(":")[2]
    if code == QUOTA:
        raise Quota("crm_quota")
    if code and (status < 500 or code in RETRY or code not in {"UNKNOWN_EXCEPTION", "Server"}):
        return Failure(code, _tag(text, "faultstring"))
    raise Unknown("answer_lost", status=status)


def _tag(text: str, name: str) -> str:
    """Return the text of the first element of that name (an answer holds one result: it needs no parser)."""
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)</", text)
    return html.unescape(found[1]) if found is not None else ""
