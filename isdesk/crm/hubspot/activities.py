"""Touches as HubSpot's own records: calls, mails, meetings and notes, and the next action as a task.

A call carries its outcome as the GUID of the account's own list (``hs_call_disposition``; never by its label, which is
translated), its length in milliseconds, direction, status and numbers (calls guide, 2026-09). A body is HTML of 65,536
characters at most. The whole touch stands as JSON in a property of ours, or as the last line of the body where the
account has none, so that another desk reads it back as it was.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from isdesk.crm import writing
from isdesk.crm.hubspot.api import FORBIDDEN, Api, Item, Record, Refusal
from isdesk.crm.hubspot.reading import iso, millis
from isdesk.crm.hubspot.schema import Schema
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import Command, Result, Row, Status, Thing
from isdesk.domain.changes import Value

Fields = dict[str, Value]

BODY: Final = 65_536
NOTE: Final = 32_000
SPARE: Final = 8
"""Left free in a body for the mark of what is taken back."""
STAMP: Final = "hs_lastmodifieddate"
_HERE: Final = frozenset({"note", "lead_id", "lead_key", "corrects_id"})
"""What is not carried in the data: it stands elsewhere in the record."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of HubSpot's activities: where title and body stand, and its default association with a contact.

    ``spare``: a key may lack the right to read it, and the rest goes on.
    """

    object: str
    title: str
    body: str
    to_contact: int
    rich: bool = True
    channel: str = "note"
    more: tuple[str, ...] = ()
    spare: bool = False

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the properties that are read, ours left out."""
        return tuple(x for x in ("hs_timestamp", "hubspot_owner_id", STAMP, self.title, self.body, *self.more) if x)


CALLS: Final = Kind(
    "calls", "hs_call_title", "hs_call_body", 194, channel="phone",
    more=("hs_call_direction", "hs_call_disposition", "hs_call_duration", "hs_call_from_number", "hs_call_to_number"),
)  # fmt: skip
EMAILS: Final = Kind(
    "emails",
    "hs_email_subject",
    "hs_email_text",
    198,
    rich=False,
    channel="mail",
    more=("hs_email_direction",),
    spare=True,
)
MEETINGS: Final = Kind("meetings", "hs_meeting_title", "hs_meeting_body", 200, channel="meeting", spare=True)
NOTES: Final = Kind("notes", "", "hs_note_body", 202)
TASKS: Final = Kind("tasks", "hs_task_subject", "hs_task_body", 204)
KINDS: Final = {kind.object: kind for kind in (CALLS, EMAILS, MEETINGS, NOTES)}
_BY_CHANNEL: Final = {"phone": CALLS, "mail": EMAILS, "meeting": MEETINGS}
_TITLES: Final = {
    ("phone", "out"): "架電",
    ("phone", "in"): "受電",
    ("mail", "out"): "メール",
    ("mail", "in"): "メール受信",
}
_TASK_TYPES: Final = {"mail": "EMAIL", "first_call": "CALL", "retry": "CALL", "callback_exact": "CALL",
                      "callback_loose": "CALL"}  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- text


def rich(text: str) -> str:
    """Return plain text as HTML that `plain` reads back to the same."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def plain(said: str) -> str:
    """Return the text of an HTML body as HubSpot's editor writes it."""
    if "<" not in said and "&" not in said:
        return said
    text = re.sub(r"(?i)<br\s*/?>|</(?:p|div|li)>(?=.)", "\n", said)
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def remote_id(obj: str, number: str) -> str:
    """Return the id under which a touch or step is known: numbers are given for each kind of object apart."""
    return f"{obj}:{number}"


def parts(remote: str) -> tuple[str, str]:
    """Return object and number of such an id."""
    obj, _, number = remote.partition(":")
    return obj, number.partition("@")[0]


def body_of(kind: Kind, note: str, data: Mapping[str, Value] | None) -> str:
    """Return a body of at most 65,536 characters; a note that does not fit is cut, with a mark."""
    dressed: Callable[[str], str] = rich if kind.rich else str
    line = "" if data is None else dressed(writing.MARK + writing.seal(data))
    most, text = min(len(note), NOTE), dressed(writing.shortened(note, NOTE))
    while len(text) + len(line) + SPARE + 1 > BODY and most > 0:
        most = min(most - 1, most * (BODY - len(line)) // (len(text) + SPARE + 1))
        text = dressed(writing.shortened(note, most))
    return dressed("\n").join(part for part in (text, line) if part)


def carried(kind: Kind, properties: Mapping[str, Any], data_name: str) -> tuple[str, Fields | None]:
    """Return the note of a record for people, and the payload that another desk put into it, None where none did."""
    body = str(properties.get(kind.body) or "")
    note, found = writing.split_data(plain(body) if kind.rich else body)
    note = note.removeprefix(writing.TAKEN_BACK) if not kind.title else note
    sealed = properties.get(data_name) if data_name else None
    if isinstance(sealed, str) and sealed:
        try:
            made = json.loads(sealed)
        except ValueError:
            made = None
        found = made if isinstance(made, dict) else found
    if found is not None:
        found = {code: value for code, value in found.items() if code != "note"}
    return note, found


# ------------------------------------------------------------------------------------------------------------- reading


class Activities:
    """Reads and writes touches. ``outcomes`` gives the GUIDs of the account's list of call outcomes."""

    def __init__(self, api: Api, mapping: FieldMapping, schema: Schema, outcomes: Callable[[], frozenset[str]]) -> None:
        self._api = api
        self._mapping = mapping
        self._schema = schema
        self._outcomes = outcomes

    def properties(self, kind: Kind) -> tuple[str, ...]:
        """Return the properties of a kind that are read."""
        return tuple(dict.fromkeys(x for x in (*kind.properties, self._schema.key(kind.object), self._data(kind)) if x))

    def _data(self, kind: Kind) -> str:
        return self._schema.data_in(kind.object)

    def row(self, kind: Kind, record: Record, lead_id: str | None) -> Row | None:
        """Return a record as a touch, None where it is something else of ours (a step of a handoff)."""
        properties = record.get("properties", {})
        note, data = carried(kind, properties, self._data(kind))
        if data is not None and "handoff_id" in data:
            return None
        fields = self._foreign(kind, properties) if data is None else dict(data)
        if note:
            fields["note"] = note
        if lead_id:
            fields["lead_id"] = lead_id
        local = properties.get(self._schema.key(kind.object)) or (data or {}).get("id")
        fields.pop("id", None)
        version = str(record.get("updatedAt") or "")
        return Row(remote_id(kind.object, str(record["id"])), version, fields, local=str(local) if local else None)

    def _foreign(self, kind: Kind, properties: Mapping[str, Any]) -> Fields:
        """Return what somebody recorded in HubSpot itself."""
        fields: Fields = {"channel": kind.channel, "at": iso(millis(properties.get("hs_timestamp")))}
        owner = properties.get("hubspot_owner_id")
        if owner:
            fields["member_id"] = str(owner)
        inbound = "INCOMING_EMAIL" if kind is EMAILS else "INBOUND"
        said = properties.get("hs_email_direction" if kind is EMAILS else "hs_call_direction")
        fields["direction"] = "in" if said == inbound else "out"
        if kind is CALLS:
            fields |= self._call(properties, str(fields["direction"]))
        return fields

    def _call(self, properties: Mapping[str, Any], direction: str) -> Fields:
        fields: Fields = {}
        known = self._mapping.of("touch").fields.get("outcome")
        outcome = known.values.get(str(properties.get("hs_call_disposition") or "")) if known is not None else None
        if outcome:
            fields["outcome"] = outcome
        length = str(properties.get("hs_call_duration") or "").partition(".")[0]
        if length.isdigit():
            fields["talk_s"] = int(length) // 1000
        number = properties.get("hs_call_from_number" if direction == "in" else "hs_call_to_number")
        if number:
            fields["number"] = str(number)
        return fields

    def rows(self, kind: Kind, records: Sequence[Record]) -> list[Row]:
        """Return records as touches of the leads that they are associated with; those of nobody are left out."""
        leads = self._api.links(kind.object, "contacts", [str(one["id"]) for one in records]) if records else {}
        return [
            row
            for record in records
            for lead in leads.get(str(record["id"]), [])[:1]
            if (row := self.row(kind, record, lead)) is not None
        ]

    def of_leads(self, kinds: Iterable[Kind], lead_ids: Sequence[str]) -> list[tuple[Kind, Record, str]]:
        """Return all activities of leads, with the lead that each is of."""
        found: list[tuple[Kind, Record, str]] = []
        for kind in kinds:
            with _allowed(kind):
                by_lead = self._api.links("contacts", kind.object, lead_ids)
                lead_of = {one: lead for lead, ids in by_lead.items() for one in ids}
                records = self._api.read(kind.object, lead_of, self.properties(kind))
                found += [(kind, one, lead_of[str(one["id"])]) for one in records if str(one["id"]) in lead_of]
        return found

    # --------------------------------------------------------------------------------------------------- asked for

    def wrote(self, asked: Iterable[tuple[str, str | None]], kinds: Sequence[Kind]) -> dict[str, str]:
        """Return which keys (with their lead, where it is known) have been written, with the ids of what they wrote.

        A record that is not yet associated with its lead is only half written and does not count.
        """
        wanted = dict(asked)
        found: dict[str, str] = {}
        for kind in kinds:
            with _allowed(kind):
                by_key = self._schema.keyed(kind.object)
                found |= self._by_key(kind, wanted) if by_key else self._by_data(kind, wanted)
        return found

    def _by_key(self, kind: Kind, wanted: Mapping[str, str | None]) -> dict[str, str]:
        name = self._schema.key(kind.object)
        records = self._api.read(kind.object, wanted, [name], by=name)
        leads = self._api.links(kind.object, "contacts", [str(one["id"]) for one in records]) if records else {}
        found = {}
        for record in records:
            key, number = str(record["properties"].get(name)), str(record["id"])
            lead = wanted.get(key)
            if lead is None or lead in leads.get(number, []):
                found[key] = remote_id(kind.object, number)
        return found

    def _by_data(self, kind: Kind, wanted: Mapping[str, str | None]) -> dict[str, str]:
        leads = [lead for lead in wanted.values() if lead]
        found = {}
        for _, record, _lead in self.of_leads([kind], leads) if leads else []:
            data = carried(kind, record.get("properties", {}), self._data(kind))[1] or {}
            if str(data.get("id")) in wanted:
                found[str(data["id"])] = remote_id(kind.object, str(record["id"]))
        return found

    # ------------------------------------------------------------------------------------------------------ writing

    def push(self, batch: Sequence[Command]) -> list[Result]:
        """Write touches; every one of them names its lead."""
        results: list[Result] = []
        self._take_back(batch)
        for kind in KINDS.values():
            mine = [one for one in batch if kind_of(one.payload) is kind]
            if mine:
                results += self.keep(kind, mine, self._written)
        done = {one.key for one in results if one.status in {Status.ACKED, Status.DUPLICATE}}
        self._plan([one for one in batch if one.key in done])
        return results

    def keep(
        self, kind: Kind, batch: Sequence[Command], said: Callable[[Kind, Command], dict[str, str]]
    ) -> list[Result]:
        """Write one record of ``kind`` for each command under its key and associate it with its lead."""
        once = {one.key: one for one in batch}
        keyed = self._schema.keyed(kind.object)
        doubtful = [(c.key, c.lead_id) for c in once.values() if not c.sure]
        there = self.wrote(doubtful, [kind]) if doubtful else {}
        send = [one for one in once.values() if one.key not in there]
        items = self._upsert(kind, send, said) if keyed else self._create(kind, send, said)
        if keyed:
            pairs = [(item.id, str(c.lead_id)) for c, item in zip(send, items, strict=True) if item.id]
            self._api.link(kind.object, "contacts", pairs)
        answers = {key: Result(key, Status.DUPLICATE, found) for key, found in there.items()}
        for command, item in zip(send, items, strict=True):
            answers[command.key] = _answer(kind, command, item)
        return [answers[one.key] for one in batch]

    def _upsert(self, kind: Kind, batch: Sequence[Command], said: Callable[[Kind, Command], Record]) -> list[Item]:
        name = self._schema.key(kind.object)
        inputs = [{"id": c.key, "idProperty": name, "properties": {**said(kind, c), name: c.key}} for c in batch]
        return self._api.write(kind.object, "upsert", inputs)

    def _create(self, kind: Kind, batch: Sequence[Command], said: Callable[[Kind, Command], Record]) -> list[Item]:
        type_ = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind.to_contact}
        inputs = [
            {"properties": said(kind, c), "associations": [{"to": {"id": str(c.lead_id)}, "types": [type_]}]}
            for c in batch
        ]
        return self._api.write(kind.object, "create", inputs)

    def sealed(self, kind: Kind, command: Command, note: str) -> dict[str, str]:
        """Return body and data of a record: the note for people, everything else for other desks."""
        payload: Fields = {"id": command.key, **{c: v for c, v in command.payload.items() if c not in _HERE}}
        name = self._data(kind)
        inside = {kind.body: body_of(kind, note, None if name else payload)}
        return {**inside, name: writing.seal(payload)} if name else inside

    def _written(self, kind: Kind, command: Command) -> dict[str, str]:
        payload = command.payload
        note = str(payload.get("note") or "")
        if not kind.title and payload.get("void") is True:
            note = f"{writing.TAKEN_BACK}{note}"
        made = {"hs_timestamp": stamp(payload.get("at")), **self.sealed(kind, command, note)}
        if payload.get("member_id"):
            made["hubspot_owner_id"] = str(payload["member_id"])
        if kind.title:
            made[kind.title] = title(payload)
        if kind is CALLS:
            made |= self._said_of_call(payload)
        elif kind is EMAILS:
            inbound = payload.get("direction") == "in"
            made |= {"hs_email_direction": "INCOMING_EMAIL" if inbound else "EMAIL", "hs_email_status": "SENT"}
        elif kind is MEETINGS:
            talked = payload.get("talk_s")
            ended = millis(payload.get("at")) + (talked * 1000 if isinstance(talked, int) else 0)
            made |= {"hs_meeting_start_time": made["hs_timestamp"], "hs_meeting_end_time": str(ended),
                     "hs_meeting_outcome": "COMPLETED"}  # fmt: skip
        return made

    def _said_of_call(self, payload: Mapping[str, Value]) -> dict[str, str]:
        of, outcome = self._mapping.of("touch"), str(payload.get("outcome") or "")
        inbound = payload.get("direction") == "in"
        made = {
            "hs_call_direction": "INBOUND" if inbound else "OUTBOUND",
            "hs_call_status": str(of.options.get("statuses", {}).get(outcome, "COMPLETED")),
        }
        talked = payload.get("talk_s")
        if isinstance(talked, int):
            made["hs_call_duration"] = str(talked * 1000)
        if payload.get("number"):
            made["hs_call_from_number" if inbound else "hs_call_to_number"] = str(payload["number"])
        known = of.fields.get("outcome")
        guid = known.remote_value(outcome) if known is not None else outcome
        guid = of.options.get("outcomes", {}).get(outcome, guid) if guid == outcome else guid
        if guid and guid in self._outcomes():
            made["hs_call_disposition"] = guid
        return made

    # --------------------------------------------------------------------------------------------------- taken back

    def _take_back(self, batch: Sequence[Command]) -> None:
        """Mark the records that these touches take back or put right, once."""
        wanted = {str(c.payload["corrects"]): c for c in batch if c.payload.get("corrects")}
        unknown = [(k, c.lead_id) for k, c in wanted.items() if not c.payload.get("corrects_id")]
        found = {k: str(c.payload["corrects_id"]) for k, c in wanted.items() if c.payload.get("corrects_id")}
        found |= self.wrote(unknown, list(KINDS.values())) if unknown else {}
        for kind in KINDS.values():
            numbers = [number for obj, number in map(parts, found.values()) if obj == kind.object]
            self._mark(kind, numbers)

    def _mark(self, kind: Kind, numbers: Sequence[str]) -> None:
        name = kind.title or kind.body
        inputs = []
        for record in self._api.read(kind.object, numbers, [name]) if numbers else []:
            had = str(record.get("properties", {}).get(name) or "")
            if not had.startswith(writing.TAKEN_BACK):
                inputs.append({"id": str(record["id"]), "properties": {name: f"{writing.TAKEN_BACK}{had}"}})
        if inputs:
            self._api.write(kind.object, "update", inputs)

    # --------------------------------------------------------------------------------------------------- next action

    def _plan(self, batch: Sequence[Command]) -> None:
        """Keep one open task for each lead: what is to be done next, or none."""
        last = {
            str(c.payload.get("lead_key") or c.lead_id): c for c in batch if isinstance(c.payload.get("plan"), dict)
        }
        if not last:
            return
        there = self._tasks(last)
        inputs, changed, made = [], [], []
        for lead_key, command in last.items():
            properties = _task(command)
            if lead_key in there:
                changed.append({"id": there[lead_key], "properties": properties})
            elif properties["hs_task_status"] != "COMPLETED":
                inputs.append((next_key(lead_key), command, properties))
        self._api.write(TASKS.object, "update", changed)
        for key, command, properties in inputs:
            made.append(Command(key, command.do, Thing.TOUCH, "", {**properties, "next": key}, lead_id=command.lead_id))
        if made:
            self.keep(TASKS, made, self._said_of_task)

    def _tasks(self, last: Mapping[str, Command]) -> dict[str, str]:
        """Return the tasks of ours that are there, by lead."""
        wanted = [(next_key(lead_key), command.lead_id) for lead_key, command in last.items()]
        found = self.wrote(wanted, [TASKS])
        return {key.removeprefix(NEXT): parts(remote)[1] for key, remote in found.items()}

    def _said_of_task(self, kind: Kind, command: Command) -> dict[str, str]:
        properties = {code: str(value) for code, value in command.payload.items() if code != "next"}
        if not self._schema.keyed(kind.object):
            properties[kind.body] = body_of(kind, "", {"id": command.key})
        return properties


NEXT: Final = "next:"


def next_key(lead_key: str) -> str:
    """Return the key of a lead's one open task."""
    return NEXT + lead_key


def _task(command: Command) -> dict[str, str]:
    said = command.payload.get("plan")
    plan: Mapping[str, object] = said if isinstance(said, dict) else {}
    action = plan.get("action")
    if not action:
        return {"hs_task_status": "COMPLETED"}
    made = {
        "hs_timestamp": stamp(plan.get("due_at") or command.payload.get("at")),
        "hs_task_subject": f"次回: {action}",
        "hs_task_status": "NOT_STARTED",
        **({"hs_task_type": kind} if (kind := _TASK_TYPES.get(str(action))) else {}),
    }
    owner = command.payload.get("member_id")
    return {**made, "hubspot_owner_id": str(owner)} if owner else made


def kind_of(payload: Mapping[str, Value]) -> Kind:
    """Return as which of HubSpot's activities a touch is kept."""
    if payload.get("signal"):
        return NOTES
    return _BY_CHANNEL.get(str(payload.get("channel") or "phone"), NOTES)


def title(payload: Mapping[str, Value]) -> str:
    """Return the subject of a touch: what it was and how it ended."""
    channel, direction = str(payload.get("channel") or "phone"), str(payload.get("direction") or "out")
    word = _TITLES.get((channel, direction), {"meeting": "商談"}.get(channel, "活動"))
    ended = payload.get("outcome")
    mark = writing.TAKEN_BACK if payload.get("void") is True else ""
    return f"{mark}{word}: {ended}" if ended else f"{mark}{word}"


@contextmanager
def _allowed(kind: Kind) -> Iterator[None]:
    """Pass over mails and meetings where the key may not read them."""
    try:
        yield
    except Refusal as error:
        if not kind.spare or error.status != FORBIDDEN:
            raise


def stamp(at: object) -> str:
    """Return an instant in milliseconds, as HubSpot takes it."""
    return str(millis(at))


def _answer(kind: Kind, command: Command, item: Item) -> Result:
    if not item.id:
        return Result(command.key, Status.REFUSED, code="hubspot_refused", message=item.words)
    status = Status.ACKED if item.new else Status.DUPLICATE
    return Result(command.key, status, remote_id(kind.object, item.id), item.stamp or None)
