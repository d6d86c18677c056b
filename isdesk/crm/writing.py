"""What every CRM's adapter does alike when it writes: compare before writing, carry a touch whole, name a company.

A CRM without a lock per field is written by reading, comparing with what this device had seen, and writing only what
differs (SYNC E4, I4). What lies between reading and writing is as short as the CRM allows; where it has a precondition
(a revision, If-Unmodified-Since) the adapter adds it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from isdesk.crm.port import Command, Result, Row, Status
from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind, Merge
from isdesk.domain.merge import same
from isdesk.domain.normalise import company_name

_encode: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

Fields = dict[str, Value]

MARK: Final = "isdesk:1 "
"""Begins the line of a description that carries a touch whole."""
CUT: Final = " …(以下略)"
TAKEN_BACK: Final = "【取消】"


# --------------------------------------------------------------------------------------------- reading and comparing


@dataclass(slots=True)
class Write:
    """One write of one record: ``changes`` (None clears) of what the commands of ``commands`` want. ``id`` "": new."""

    id: str
    local: str
    changes: Fields = field(default_factory=dict)
    now: Row | None = None
    commands: list[Command] = field(default_factory=list)

    @property
    def after(self) -> Fields:
        """Return the record as it will stand."""
        fields = {**(self.now.fields if self.now is not None else {}), **self.changes}
        return {code: value for code, value in fields.items() if value is not None}


@dataclass(slots=True)
class Compared:
    """What a batch of PATCH commands comes to: ``writes`` to be made, ``results`` that are clear already."""

    writes: list[Write] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)


def compare(batch: Sequence[Command], now: Mapping[str, Row]) -> Compared:
    """Compare commands with the records as they are ``now`` (by the CRM's id), in their order.

    A later command of the batch sees what an earlier one wrote. A record that is not there is ``gone``; a command whose
    values all stand there already is acknowledged without a write; one that meets a value it had not seen is a
    conflict and carries the whole record. A do-not-call only tightens unless the clearing had seen it.
    """
    made = Compared()
    writes: dict[str, Write] = {}
    for command in batch:
        row = now.get(command.id)
        if command.id and (row is None or row.deleted):
            made.results[command.key] = Result(command.key, Status.GONE, command.id, code="record_gone")
            continue
        write = writes.setdefault(command.id or f"new:{command.local}", Write(command.id, command.local, now=row))
        stands = write.after
        wanted = _wanted(command, stands)
        if wanted is None:
            version = row.version if row is not None else None
            made.results[command.key] = Result(command.key, Status.CONFLICT, command.id, version, stands)
            continue
        write.changes |= wanted
        write.commands.append(command)
    for write in writes.values():
        if write.changes or not write.id:
            made.writes += [write] if write.commands else []
            continue
        made.results |= {result.key: result for result in answered(write, write.now, Status.ACKED)}
    return made


def answered(
    write: Write, row: Row | None, status: Status = Status.ACKED, remote_id: str | None = None
) -> list[Result]:
    """Return the results of a write that was made: the record as ``row`` says, or as it was meant to stand."""
    fields = row.fields if row is not None else write.after
    version = row.version if row is not None else None
    found = remote_id or (row.id if row is not None else write.id)
    return [Result(one.key, status, found, version, dict(fields)) for one in write.commands]


def refused(write: Write, code: str, words: str) -> list[Result]:
    """Return the results of a write that the CRM would not take, with its own words."""
    return [Result(one.key, Status.REFUSED, write.id or None, code=code, message=words) for one in write.commands]


def _wanted(command: Command, stands: Mapping[str, Value]) -> Fields | None:
    """Return what has to change for ``command`` to hold, None where it meets a value it had not seen."""
    wanted: Fields = {}
    for code, mine in command.payload.items():
        spec = LEAD_FIELDS.get(code) if command.obj == "lead" else COMPANY_FIELDS.get(code)
        kind, merge = (spec.kind, spec.merge) if spec is not None else (Kind.TEXT, Merge.HUMAN)
        theirs, base = stands.get(code), command.base.get(code)
        if same(theirs, mine, kind):
            continue
        if merge is Merge.RESTRICT:
            if mine or same(theirs, base, kind):
                wanted[code] = mine
            continue
        if not same(theirs, base, kind):
            return None
        wanted[code] = mine
    return wanted


# ------------------------------------------------------------------------------------------------- a touch, carried


def with_data(note: str, payload: Mapping[str, Value], most: int) -> str:
    """Return a description: the note for people, then our line for other desks; never longer than ``most`` characters.

    The line carries everything but the note, which stands above it; a note that does not fit is cut, with a mark.
    """
    line = MARK + seal({code: value for code, value in payload.items() if code != "note"})
    return f"{shortened(note, most - len(line) - 1)}\n{line}" if note else line


def shortened(text: str, most: int) -> str:
    """Return ``text`` with a mark where it had to be cut to ``most`` characters."""
    return text if len(text) <= most else text[: max(0, most - len(CUT))] + CUT


def seal(payload: Mapping[str, Value]) -> str:
    """Return a payload as one line of JSON."""
    return _encode(dict(payload))


def split_data(description: str | None) -> tuple[str, Fields | None]:
    """Return the note for people and the payload (the note in it); None where the description carries none of ours."""
    text = (description or "").replace("\r\n", "\n")
    before, found, line = text.rpartition(MARK)
    if not found:
        return text, None
    try:
        payload = json.loads(line.strip())
    except ValueError:
        return text, None
    note = before.rstrip("\n")
    return note, ({**payload, "note": note} if note else payload) if isinstance(payload, dict) else None


# --------------------------------------------------------------------------------- a company that a lead only names

NAMED: Final = "name:"


def named_company(name: str) -> str:
    """Return the id of a company of which the CRM has only the name: the same name, however written, the same id."""
    return NAMED + hashlib.sha256(company_name(name).encode()).hexdigest()[:32]


def is_named(company_id: str | None) -> bool:
    """Return whether an id is one of `named_company`."""
    return company_id is not None and company_id.startswith(NAMED)
