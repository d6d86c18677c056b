"""Writing what happened: calls, mails and notes as tasks, meetings as events, and one open task for what comes next.

Each record carries the touch's own id as its key, so that it is made once however often it is sent: what is there
already is looked up first (what a person changed in it since is not written over), then the rest is upserted by the
key, 200 at a time, each for itself. Where there is no key field they are made plainly after the look-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from isdesk.clock import TOKYO
from isdesk.crm.converting import instant
from isdesk.crm.port import Command, Result, Status
from isdesk.crm.salesforce import answers, soql
from isdesk.crm.salesforce.link import MOST, Link
from isdesk.crm.salesforce.reading import Reader
from isdesk.crm.salesforce.rows import CALL_OBJECT, NEXT, Rows
from isdesk.crm.salesforce.schema import Schema
from isdesk.crm.writing import TAKEN_BACK, seal, shortened, with_data
from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError

Results = dict[str, Result]
Payload = Mapping[str, Value]
Body = dict[str, Any]

NOTE: Final = 32_000
_SUBJECT: Final = 255
_MEETING_MIN: Final = 30
_KEPT_BESIDE: Final = frozenset({"id", "lead_id", "lead_key", "company_id", "corrects_id", "at_entered"})
"""What stands elsewhere in the record, or is of no use to another desk."""
_WORDS: Final = {
    "phone": "架電",
    "mail": "メール",
    "chat": "チャット",
    "webinar": "ウェビナー",
    "linkedin": "LinkedIn",
    "x": "X",
    "business_card": "名刺",
    "exhibition": "展示会",
    "letter": "手紙",
    "meeting": "商談",
    "web": "Web",
    "note": "メモ",
}
_INBOUND: Final = "受電"
_ACTIONS: Final = {
    "first_call": "初回架電",
    "retry": "再架電",
    "callback_exact": "再コール(約束)",
    "callback_loose": "再コール",
    "mail": "メール",
    "nurture": "育成",
    "research_number": "番号調査",
    "handoff": "引き継ぎ",
    "fix_handoff": "引き継ぎの修正",
    "await_fs": "FSの回答待ち",
    "merge": "統合",
}
_SUBTYPES: Final = {"phone": "Call", "mail": "Email"}


@dataclass(frozen=True, slots=True)
class Who:
    """Whom an activity is of: the lead, or the contact that it has become, with the account."""

    id: str
    lead: Mapping[str, Any]


class Activities:
    """Writes activities for one person."""

    def __init__(self, link: Link, schema: Schema, reader: Reader, rows: Rows) -> None:
        self._link, self._schema, self._reader, self._rows = link, schema, reader, rows

    def touches(self, batch: Sequence[Command], results: Results) -> None:
        """Write touches; ``results`` are filled as they come."""
        people = self.people([c.lead_id or "" for c in batch])
        there = self.existing([c.key for c in batch], sorted({self._table(c.payload) for c in batch}))
        fresh: dict[str, list[tuple[Command, Body]]] = {}
        for command in {c.key: c for c in batch}.values():
            who = people.get(command.lead_id or "")
            if command.key in there:
                results[command.key] = Result(command.key, Status.DUPLICATE, there[command.key])
            elif who is None:
                results[command.key] = answers.gone(command)
            else:
                table = self._table(command.payload)
                fresh.setdefault(table, []).append((command, self._body(command, who, table)))
        for table, some in fresh.items():
            for begin in range(0, len(some), MOST):
                self.make(table, some[begin : begin + MOST], results)
        done = [c for c in batch if (r := results.get(c.key)) and r.status in {Status.ACKED, Status.DUPLICATE}]
        self._take_back([c for c in done if c.payload.get("void")])
        self._plan(done, people, results)

    # -------------------------------------------------------------------------------------------- whom, and what exists

    def people(self, ids: Iterable[str]) -> dict[str, Who]:
        """Return whom activities of these leads are of: converted leads are followed to their contact, merged ones to
        the lead that was kept; those that are gone are left out.
        """  # fmt: skip
        found: dict[str, Who] = {}
        wanted = {i: i for i in ids if i.startswith("00Q")}
        columns = [
            "Id", "IsDeleted", "MasterRecordId", "IsConverted", "ConvertedContactId", "ConvertedAccountId",
            "ConvertedOpportunityId", "Company", "OwnerId",
        ]  # fmt: skip
        for _ in range(5):
            records: dict[str, dict[str, Any]] = {}
            for some in soql.chunks(list(wanted.values())):
                statement = soql.select(columns, "Lead", f"Id IN {soql.among(some)}")
                records |= {str(r["Id"]): r for r in self._link.query(statement, deleted=True)}
            merged = {}
            for asked, identity in wanted.items():
                record = records.get(identity)
                if record is not None and not record.get("IsDeleted"):
                    found[asked] = Who(str(record.get("ConvertedContactId") or identity), record)
                elif record is not None and record.get("MasterRecordId"):
                    merged[asked] = str(record["MasterRecordId"])
            wanted = merged
            if not wanted:
                break
        return found | self._contacts([i for i in ids if i.startswith("003")])

    def _contacts(self, ids: Sequence[str]) -> dict[str, Who]:
        found: dict[str, Who] = {}
        for some in soql.chunks(ids):
            statement = soql.select(
                ["Id", "AccountId", "Account.Name", "OwnerId"], "Contact", f"Id IN {soql.among(some)}"
            )
            for record in self._link.query(statement):
                account = {"ConvertedAccountId": record.get("AccountId"), "Company": record.get("Account.Name")}
                found[str(record["Id"])] = Who(str(record["Id"]), {**record, **account})
        return found

    def existing(self, keys: Sequence[str], tables: Sequence[str] = ()) -> dict[str, str]:
        """Return those of the keys that activities carry, with the activities' ids: a strongly consistent read."""
        found: dict[str, str] = {}
        for table in tables or self._reader.activity_tables():
            field = self._rows.key_of(table)
            if not field:
                continue
            kept = {self._rows.keyed(key, table): key for key in keys}
            for some in soql.chunks(list(kept)):
                statement = soql.select(["Id", field], table, f"{field} IN {soql.among(some)}")
                found |= {kept[str(r[field])]: str(r["Id"]) for r in self._link.query(statement) if r[field] in kept}
        return found

    # ------------------------------------------------------------------------------------------------------ the record

    def _table(self, payload: Payload) -> str:
        return "Event" if payload.get("channel") == "meeting" and "Event" in self._reader.activity_tables() else "Task"

    def _body(self, command: Command, who: Who, table: str) -> Body:
        payload = command.payload
        channel = str(payload.get("channel") or "phone")
        of = self._schema.of("touch")
        own = {k: v for k, v in of.outward(payload).items() if k in self._schema.columns(table) and v is not None}
        if channel == "phone" and table == "Task":
            own |= of.outward({"direction": payload.get("direction") or "out"})
        body = {
            **own,
            **self.common(payload, who, table, self._subject(payload, channel)),
            **self.key(command.key, table),
        }
        if table == "Event":
            minutes = math.ceil(_number(payload.get("talk_s")) / 60) or _MEETING_MIN
            return {**body, "StartDateTime": _utc(payload.get("at")), "DurationInMinutes": minutes}
        if channel in _SUBTYPES:
            body["TaskSubtype"] = _SUBTYPES[channel]
        return {**body, "Status": self.closed(), "ActivityDate": _day(payload.get("at"))}

    def common(self, payload: Payload, who: Who, table: str, subject: str) -> Body:
        """Return what every activity has: whom it is of, whose, its subject, its note with the whole of the payload."""
        body: Body = {"WhoId": who.id, "Subject": shortened(subject, _SUBJECT)}
        member = payload.get("member_id")
        if isinstance(member, str) and member.startswith("005"):
            body["OwnerId"] = member
        columns, data = self._schema.columns(table), self._schema.of("touch").data
        whole = {code: value for code, value in payload.items() if code not in _KEPT_BESIDE}
        note, most = str(payload.get("note") or ""), min(NOTE, columns["Description"].length or NOTE)
        sealed = seal(whole)
        if data in columns and len(sealed) <= columns[data].length:
            return {**body, data: sealed, "Description": shortened(note, most)}
        return {**body, "Description": with_data(note, whole, most)}

    def key(self, key: str, table: str) -> Body:
        """Return the field that carries a key."""
        field = self._rows.key_of(table)
        return {field: self._rows.keyed(key, table)} if field else {}

    def closed(self) -> str:
        """Return the status of a task that is done."""
        return self._schema.status("TaskStatus", "IsClosed", "Completed")

    def _subject(self, payload: Payload, channel: str) -> str:
        word = _INBOUND if channel == "phone" and payload.get("direction") == "in" else _WORDS.get(channel, channel)
        outcome = self._schema.of("touch").fields.get("outcome")
        said = str(payload.get("outcome") or payload.get("signal") or "")
        label = outcome.remote_value(said) if outcome is not None and said else said
        back = TAKEN_BACK if payload.get("void") else ""
        return f"{back}{word}: {label}" if label else f"{back}{word}"

    # ----------------------------------------------------------------------------------------------------- the writing

    def make(self, table: str, some: Sequence[tuple[Command, Body]], results: Results) -> None:
        """Make records, each for itself."""
        field = self._rows.key_of(table)
        records = [{"attributes": {"type": table}, **body} for _, body in some]
        upsert = field not in {"", CALL_OBJECT}
        path = f"/{table}/{field}" if upsert else ""
        items = self._link.collection("PATCH" if upsert else "POST", path, records)
        late: list[Command] = []
        for (command, _), item in zip(some, items, strict=True):
            said = answers.said_of(item)
            if said is None:
                # 200 for one that was there and 201 for one that was made are both success.
                status = Status.DUPLICATE if item.get("created") is False else Status.ACKED
                results[command.key] = Result(command.key, status, str(item["id"]))
            elif said.code == answers.DUPLICATE:
                late.append(command)
            elif (result := answers.refusal(command, said)) is not None:
                results[command.key] = result
        if late:
            there = self.existing([c.key for c in late])
            for command in late:
                if command.key in there:
                    results[command.key] = Result(command.key, Status.DUPLICATE, there[command.key])

    def _take_back(self, voids: Sequence[Command]) -> None:
        """Mark the records of touches that were taken back; doing it twice changes nothing."""
        originals = {str(c.payload["corrects"]): c for c in voids if c.payload.get("corrects")}
        if not originals:
            return
        ids = set(self.existing(list(originals)).values())
        ids |= {str(c.payload["corrects_id"]) for c in voids if c.payload.get("corrects_id")}
        for table in self._reader.activity_tables():
            prefix = "00U" if table == "Event" else "00T"
            for some in soql.chunks(sorted(i for i in ids if i.startswith(prefix))):
                where = f"Id IN {soql.among(some)}"
                records = list(self._link.query(soql.select(["Id", "Subject"], table, where)))
                marked = [_marked(r, table) for r in records if not str(r.get("Subject") or "").startswith(TAKEN_BACK)]
                if marked:
                    self._link.collection("PATCH", "", marked)

    # ------------------------------------------------------------------------------------------------- the next action

    def _plan(self, done: Sequence[Command], people: Mapping[str, Who], results: Results) -> None:
        """Move or close the one open task of each lead by the newest of its touches.

        A touch whose next action the CRM does not take is written all the same; the CRM's words go with its result.
        """
        newest: dict[str, Command] = {}
        for command in sorted(done, key=lambda c: str(c.payload.get("at") or "")):
            if command.payload.get("lead_key") and isinstance(command.payload.get("plan"), dict):
                newest[NEXT + str(command.payload["lead_key"])] = command
        if not newest or not self._rows.key_of("Task"):
            return
        try:
            self._planned(newest, people, results)
        except CrmError:
            # The touches are in the CRM; without results they are asked after, found, and their plan comes again.
            for command in newest.values():
                results.pop(command.key, None)

    def _planned(self, newest: Mapping[str, Command], people: Mapping[str, Who], results: Results) -> None:
        there = self._open_tasks(list(newest))
        made: list[tuple[Command, Body]] = []
        moved: list[tuple[Command, Body]] = []
        for key, command in newest.items():
            who = people.get(command.lead_id or "")
            known = there.get(key)
            if who is None or (known is not None and _older(command, self._rows.payload(known))):
                continue
            body = self._next(command, who, key, closed=known is not None)
            if body is None:
                continue
            if known is None:
                made.append((command, body))
            else:
                moved.append((command, {"id": str(known["Id"]), **body}))
        for method, some in (("POST", made), ("PATCH", moved)):
            for begin in range(0, len(some), MOST):
                part = some[begin : begin + MOST]
                records = [{"attributes": {"type": "Task"}, **body} for _, body in part]
                for (command, _), item in zip(part, self._link.collection(method, "", records), strict=True):
                    _note_refusal(command, item, results)

    def finish(self, lead_keys: Sequence[str]) -> None:
        """Close the open tasks of leads that are handed over: nobody is to call as it was planned before."""
        if not lead_keys or not self._rows.key_of("Task"):
            return
        found = self._open_tasks([NEXT + key for key in lead_keys])
        done = [r for r in found.values() if not r.get("IsClosed")]
        for begin in range(0, len(done), MOST):
            some = [_closed(r, self.closed()) for r in done[begin : begin + MOST]]
            self._link.collection("PATCH", "", some)

    def _open_tasks(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        field = self._rows.key_of("Task")
        data = self._schema.of("touch").data
        kept = {self._rows.keyed(key, "Task"): key for key in keys}
        found = {}
        for some in soql.chunks(list(kept)):
            columns = ["Id", field, "Description", "IsClosed", *([data] if data else [])]
            for record in self._link.query(soql.select(columns, "Task", f"{field} IN {soql.among(some)}")):
                found[kept[str(record[field])]] = record
        return found

    def _next(self, command: Command, who: Who, key: str, *, closed: bool) -> Body | None:
        """Return the task for the next action; None where there is none to be made."""
        plan = command.payload["plan"]
        action = plan.get("action") if isinstance(plan, dict) else None
        due = plan.get("due_at") if isinstance(plan, dict) else None
        payload: Payload = {"at": command.payload.get("at"), "member_id": command.payload.get("member_id")}
        if action is None:
            return {"Status": self.closed(), "Description": with_data("", payload, NOTE)} if closed else None
        subject = f"次回: {_ACTIONS.get(str(action), str(action))}"
        body = {**self.common(payload, who, "Task", subject), **self.key(key, "Task")}
        body["Status"] = self._schema.status("TaskStatus", "IsClosed", "Not Started", on=False)
        if due:
            body |= {"ActivityDate": _day(due), "IsReminderSet": True, "ReminderDateTime": _utc(due)}
        return body


def _note_refusal(command: Command, item: Mapping[str, Any], results: Results) -> None:
    said = answers.said_of(item)
    result = results.get(command.key)
    if said is None or said.code == answers.DUPLICATE or result is None:
        return
    if answers.refusal(command, said) is None:
        del results[command.key]
    else:
        results[command.key] = Result(
            command.key, result.status, result.remote_id, code="salesforce_next_task", message=said.words
        )


def _older(command: Command, known: Mapping[str, Value] | None) -> bool:
    """Return whether the open task was set by a later touch than this one."""
    mine, theirs = instant(command.payload.get("at")), instant((known or {}).get("at"))
    return mine is not None and theirs is not None and mine < theirs


def _marked(record: Mapping[str, Any], table: str) -> Body:
    subject = shortened(TAKEN_BACK + str(record.get("Subject") or ""), _SUBJECT)
    return {"attributes": {"type": table}, "id": str(record["Id"]), "Subject": subject}


def _closed(record: Mapping[str, Any], status: str) -> Body:
    return {"attributes": {"type": "Task"}, "id": str(record["Id"]), "Status": status}


def _number(said: Value) -> float:
    return float(said) if isinstance(said, int | float) else 0.0


def _utc(said: object) -> str | None:
    at = instant(said)
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _day(said: object) -> str | None:
    """Return the business day (Asia/Tokyo) of an instant: the CRM keeps no time with a task's date."""
    at = instant(said)
    return None if at is None else at.astimezone(TOKYO).date().isoformat()
