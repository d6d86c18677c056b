"""What the vendor says to a write, as results of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from isdesk.crm.port import Command, Result, Status
from isdesk.crm.salesforce.link import GONE, RETRY, Failure, failure

DUPLICATE: Final = "DUPLICATE_VALUE"
_CODES: Final = {
    "DUPLICATES_DETECTED": "salesforce_duplicate_rule",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "salesforce_validation",
    "REQUIRED_FIELD_MISSING": "salesforce_required",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "salesforce_choice",
    "STRING_TOO_LONG": "salesforce_too_long",
    "INSUFFICIENT_ACCESS_OR_READONLY": "salesforce_no_access",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "salesforce_no_access",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "salesforce_validation",
}


def refusal(command: Command, said: Failure) -> Result | None:
    """Return the result of a command that was not carried out; None where the same may succeed later.

    A command without a result is asked after and sent again by the engine (SYNC E2, ``uncertain``).
    """
    if said.code in RETRY:
        return None
    identity = command.id or command.lead_id
    if said.code in GONE and "OwnerId" not in said.fields:
        return Result(command.key, Status.GONE, identity, code="record_gone", message=said.words)
    code = _CODES.get(said.code, "salesforce_refused")
    words = f"{said.words} ({', '.join(said.fields)})" if said.fields else said.words
    return Result(command.key, Status.REFUSED, command.id or None, code=code, message=words or said.code)


def gone(command: Command) -> Result:
    """Return the result of a command whose record is not there any more."""
    return Result(command.key, Status.GONE, command.id or command.lead_id, code="record_gone")


def said_of(item: Mapping[str, Any]) -> Failure | None:
    """Return why one item of a collection failed, None where it succeeded."""
    return None if item.get("success") else failure(item.get("errors"))
