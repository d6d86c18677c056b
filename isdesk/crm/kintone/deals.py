"""The handoff as a record of its own in a deals app, keyed by the handoff's id, for Field Sales to work on.

It is made at the step that the map names (``[handoff] on``); later steps change its state, and results reported in
isdesk fill its result. What Field Sales wrote is not touched by a resend: an existing record gets the step's own fields
only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from isdesk.crm.kintone import records
from isdesk.crm.kintone.api import Put
from isdesk.crm.kintone.form import Form
from isdesk.crm.kintone.people import digest
from isdesk.crm.kintone.pulling import Pulling
from isdesk.crm.kintone.site import COMPANY, DEAL, LEAD, Site
from isdesk.crm.kintone.values import Writer, cell, kept
from isdesk.crm.port import Command, Thing
from isdesk.domain.changes import Value

_OPENS: Final = ("submit", "accept")
_OWN: Final = frozenset({"state", "to_fs", "result", "amount", "factor", "reason", "closed_at"})
Fields = dict[str, Value]


class Deals:
    """The deals that a batch of facts opens or moves."""

    def __init__(self, site: Site, pulling: Pulling, commands: Sequence[Command]) -> None:
        self._site, self._pulling = site, pulling
        self._steps = [one for one in commands if one.obj is Thing.TRANSITION and not one.payload.get("void")]

    def puts(self) -> dict[str, Put]:
        """Return what has to be written in the deals app, by handoff; nothing where there is no such app."""
        site = self._site
        if not site.has(DEAL) or not self._steps:
            return {}
        form = site.form(DEAL)
        handoffs = list(dict.fromkeys(_handoff(one) for one in self._steps))
        there = self._pulling.by_key(DEAL, handoffs)
        leads = self._leads([one for one in self._steps if self._opens(one) and _handoff(one) not in there])
        told: dict[str, Fields] = {}
        opened: set[str] = set()
        for one in self._steps:
            handoff = _handoff(one)
            if self._opens(one) and handoff not in there and handoff not in opened:
                opened.add(handoff)
                told[handoff] = leads.get(one.lead_id or "", {}) | self._submitted(one) | told.get(handoff, {})
            if handoff in there or handoff in opened:
                told[handoff] = told.get(handoff, {}) | _step(one)
        lead_of = {_handoff(one): one.lead_id or "" for one in self._steps}
        return {
            handoff: self._put(form, handoff, fields, there.get(handoff), lead_of[handoff])
            for handoff, fields in told.items()
        }

    def _opens(self, command: Command) -> bool:
        """Return whether a step makes the deal: the one that the map names, or one behind it."""
        on = str(self._site.mapping.option(DEAL, "on", "accept"))
        action = str(command.payload.get("action"))
        return action in _OPENS[_OPENS.index(on) if on in _OPENS else 1 :]

    def _put(self, form: Form, handoff: str, fields: Fields, there: Mapping[str, Any] | None, lead: str) -> Put:
        site = self._site
        of = site.of(DEAL)
        if there is not None:
            fields = {code: value for code, value in fields.items() if code in _OWN}
        cells = Writer(of, form, worded=True).cells(fields)
        if of.data and "result" in fields:
            state = {code: value for code, value in kept(of, form, fields).items() if code in records.RESULT and value}
            cells[of.data] = {"value": records.MARK + digest(state)}
        if there is not None:
            return Put(cells, str(there["$id"]["value"]))
        spot = form.spots.get(site.option(DEAL, "lead"))
        if spot is not None:
            cells[spot.code] = {"value": cell(spot, lead)}
        return Put(cells, key=(site.mapping.of(DEAL).key, handoff))

    def _leads(self, commands: Sequence[Command]) -> dict[str, Fields]:
        """Return what the deal takes over from its lead: the lead's fields, and its company's as ``company.…``."""
        site = self._site
        found: dict[str, Fields] = {}
        for record in self._pulling.by_id(LEAD, sorted({one.lead_id for one in commands if one.lead_id})):
            read = records.read(site, Thing.LEAD, record)
            if read.row is not None:
                company = read.company.fields if read.company is not None else self._company(read.row.fields)
                title = " ".join(str(one) for one in (company.get("name"), read.row.fields.get("name")) if one)
                inner = {f"company.{code}": value for code, value in company.items()}
                found[read.id] = {**read.row.fields, **inner, "deal_name": title or None}
        return found

    def _company(self, lead: Fields) -> Fields:
        company = str(lead.get("company_id") or "")
        if not company or not self._site.has(COMPANY):
            return {}
        found = self._pulling.fetch(Thing.COMPANY, [company])
        return found[0].fields if found else {}

    def _submitted(self, command: Command) -> Fields:
        """Return what the submission said (memo, grade, checklist), also where another desk submitted."""
        own = next((c for c in self._steps if _handoff(c) == _handoff(command) and _action(c) == "submit"), None)
        if own is not None:
            return _told(own.payload)
        rows = self._pulling.history(Thing.TRANSITION, [command.lead_id or ""])
        found = [r.fields for r in rows if r.fields.get("handoff_id") == _handoff(command)]
        return next((_told(fields) for fields in reversed(found) if fields.get("action") == "submit"), {})


def _handoff(command: Command) -> str:
    return str(command.payload.get("handoff_id") or "")


def _action(command: Command) -> str:
    return str(command.payload.get("action") or "")


def _told(fields: Mapping[str, Value]) -> Fields:
    """Return a submission in one level: ``items`` of the checklist as ``items.…``, who submitted and for whom."""
    inner = fields.get("payload")
    inner = inner if isinstance(inner, dict) else {}
    told: Fields = {code: value for code, value in inner.items() if isinstance(value, str | int)}
    items = inner.get("items")
    if isinstance(items, dict):
        told |= {f"items.{code}": value for code, value in items.items() if isinstance(value, str)}
    told |= {code: fields[code] for code in ("to_fs", "member_id", "at") if fields.get(code)}
    return told


_STATELESS = frozenset({"feedback", "ask", "refuse"})
"""Steps that do not change what state the deal shows: approvals are the team's own affair."""


def _step(command: Command) -> Fields:
    """Return what a step changes in its deal: the state, and of a feedback the result in kintone's own fields."""
    payload = command.payload
    action = _action(command)
    told: Fields = {} if action in _STATELESS else {"state": action}
    if payload.get("to_fs"):
        told["to_fs"] = payload["to_fs"]
    inner = payload.get("payload")
    if action == "feedback" and isinstance(inner, dict):
        result = inner.get("result")
        told |= {code: inner[code] for code in ("result", "amount") if code in inner}  # type: ignore[misc]
        told["reason" if result == "lost" else "factor"] = inner.get("factor")  # type: ignore[assignment]
        told["closed_at"] = payload.get("at")
    return told
