"""What became of the opportunities that isdesk handed over: won or lost, for how much, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.odoo.messages import FIELDS, HOST, MODEL, domain_of, key_of, payload_of
from isdesk.crm.odoo.records import LEAD
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, Rpc
from isdesk.crm.odoo.schema import Schema
from isdesk.crm.odoo.stream import Source, read
from isdesk.crm.port import Row, Thing
from isdesk.crm.windows import Window
from isdesk.domain.changes import Value

_CLOSED: Final = ("won", "lost")
_WANTED: Final = ("won_status", "expected_revenue", "lost_reason_id", "date_closed", "write_date")


class Results:
    """Reads closed opportunities. ``me``: only those that this user handed over (None: everybody's).

    A lead that went to Field Sales is perhaps no longer in our own scope, but its result is ours.
    """

    def __init__(self, rpc: Rpc, schema: Schema, mapping: FieldMapping, me: str | None) -> None:
        self._rpc = rpc
        self._schema = schema
        self._factor = str(mapping.option("handoff", "factor", ""))
        self._me = me

    def read(self, window: Window, limit: int, overlap_s: float) -> tuple[list[Row], Window, bool]:
        """Return the next results, where the next page begins, and whether there is more."""
        here = self._schema.fields(LEAD)
        if "won_status" not in here:
            return [], window, False
        fields = [name for name in (*_WANTED, self._factor) if name in here]
        domain: list[Any] = [["won_status", "in", list(_CLOSED)], ["type", "=", "opportunity"], ARCHIVED_TOO]
        domain.append(["message_ids.message_id", "like", f"@{HOST[Thing.TRANSITION]}>"])
        source = Source(LEAD, domain, fields)
        found, onward, more = read(self._rpc, source, window, limit, overlap_s)
        handoffs = self._handoffs([int(one["id"]) for one in found])
        rows = [self._row(one, handoffs[one["id"]]) for one in found if one["id"] in handoffs]
        return rows, onward, more

    def _handoffs(self, leads: Sequence[int]) -> dict[int, str]:
        """Return the newest handoff of each lead that isdesk handed over."""
        if not leads:
            return {}
        domain = [*domain_of(Thing.TRANSITION), ["res_id", "in", list(leads)]]
        domain += [["create_uid", "=", int(self._me)]] if self._me is not None else []
        found = self._rpc.read(MODEL, "search_read", domain=domain, fields=list(FIELDS), order="id")
        newest: dict[int, str] = {}
        for one in found:
            payload = payload_of(str(one["body"] or "")) if key_of(one["message_id"])[0] else None
            if payload is not None and payload.get("handoff_id"):
                newest[one["res_id"]] = str(payload["handoff_id"])
        return newest

    def _row(self, record: Mapping[str, Any], handoff: str) -> Row:
        amount, reason = record.get("expected_revenue"), record.get("lost_reason_id")
        payload: dict[str, Value] = {"result": str(record["won_status"])}
        if isinstance(amount, int | float) and amount:
            payload["amount"] = round(amount)
        if isinstance(reason, list) and payload["result"] == "lost":
            payload["reason"] = str(reason[1])
        factor = record.get(self._factor) if self._factor else None
        if factor:
            payload["factor"] = str(factor[1] if isinstance(factor, list) else factor)
        state = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:16]
        at = instant(record.get("date_closed") or record["write_date"])
        lead = str(record["id"])
        fields: dict[str, Value] = {
            "handoff_id": handoff,
            "lead_id": lead,
            "action": "feedback",
            "at": at.isoformat() if at is not None else "",
            "payload": dict(payload),
        }
        return Row(f"{lead}@{state}", state, fields)
