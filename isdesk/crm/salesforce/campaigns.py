"""Responses to campaigns as intent events: who came to a seminar, clicked or downloaded is known in CampaignMember.

A response has a day and no time (``FirstRespondedDate``, object reference "CampaignMember"); where the record was made
or last changed on that day, that is its time. Which event it is, the team's field map says by the member's status, else
by the campaign's type; the CRM sets both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from isdesk.crm.converting import instant
from isdesk.crm.port import Row
from isdesk.crm.salesforce.schema import Schema
from isdesk.domain.signals import channel_of

TABLE: Final = "CampaignMember"
COLUMNS: Final = (
    "Id", "SystemModstamp", "LastModifiedDate", "IsDeleted", "CreatedDate", "LeadId", "ContactId", "Status",
    "FirstRespondedDate", "Campaign.Name", "Campaign.Type",
)  # fmt: skip
_NEEDED: Final = frozenset({"LeadId", "ContactId", "Status", "HasResponded", "FirstRespondedDate"})
_TOKYO: Final = ZoneInfo("Asia/Tokyo")
_LONGEST: Final = 200

Record = Mapping[str, Any]


class Campaigns:
    """Reads members of campaigns by the team's map."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @property
    def on(self) -> bool:
        """Return whether the team takes responses in and this person may see them."""
        if not self._words() or not self._schema.known("campaign").options.get("on"):
            return False
        seen = self._schema.columns(TABLE).keys() >= _NEEDED
        return seen and self._schema.columns("Campaign").keys() >= {"Name", "Type"}

    def _words(self) -> Mapping[str, str]:
        said = self._schema.known("campaign").options.get("signals")
        return said if isinstance(said, Mapping) else {}

    def row(self, record: Record, lead_id: str) -> Row | None:
        """Return the event of a response; None where the map does not say which it is."""
        words = self._words()
        said = (str(record.get("Status") or ""), str(record.get("Campaign.Type") or ""))
        code = next((words[one] for one in said if one in words), words.get("*", ""))
        at = _when(record)
        if not code or at is None:
            return None
        fields = {
            "lead_id": lead_id,
            "at": at.isoformat(),
            "channel": channel_of(code).value,
            "direction": "in",
            "signal": code,
            "note": str(record.get("Campaign.Name") or "")[:_LONGEST],
        }
        deleted = bool(record.get("IsDeleted"))
        return Row(str(record["Id"]), str(record["SystemModstamp"]), dict(fields), deleted=deleted)


def _when(record: Record) -> datetime | None:
    """Return when somebody responded, as well as the CRM says."""
    said = str(record.get("FirstRespondedDate") or "")[:10]
    known = [at for name in ("CreatedDate", "LastModifiedDate") if (at := instant(record.get(name))) is not None]
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return known[-1] if known else None
    same = [at for at in known if at.astimezone(_TOKYO).date() == day]
    return same[0] if same else datetime.combine(day, time(12), _TOKYO)
