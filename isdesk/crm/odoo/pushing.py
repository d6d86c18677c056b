"""Writing: records by reading, comparing and writing what differs; facts as messages that can be written but once.

What makes a fact unique is ``load`` with an external id: PostgreSQL lets an external id be there once, also while the
same row is being written by another request (measured: four at a time, sixty rows, three times: every row once), and a
message that is there refuses to be loaded again. What a fact entails (a task, a conversion, a mark on what it takes
back) is laid before it and is the same however often it is laid: the message is the last to come, so that a fact that
is there has had its effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from isdesk.crm.mapping import FieldMapping
from isdesk.crm.odoo import messages, tasks
from isdesk.crm.odoo.blocking import Blocking
from isdesk.crm.odoo.messages import Messages, external_id, message_id
from isdesk.crm.odoo.records import LEAD, Records
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, LOAD, Refusal, Rpc, locked
from isdesk.crm.odoo.schema import MODELS, Schema, Unchoosable, cell
from isdesk.crm.odoo.tasks import Tasks, words_of
from isdesk.crm.port import Asked, Command, Result, Row, Status, Thing, Transient
from isdesk.crm.writing import TAKEN_BACK, Write, answered, compare, is_named, refused

FACTS: Final = frozenset({Thing.TOUCH, Thing.TRANSITION})
CHUNK: Final = 10
"""So many records are read, compared and written before the next are read: nobody can lock a record from outside, so
what lies between reading and writing has to be short."""
QUIET: Final = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
"""For records that we make: no chatter about each of their fields, a third of the time."""
_DECIDED: Final = frozenset({"accept", "return", "recycle", "withdraw"})


@dataclass(slots=True)
class Pusher:
    """Writes a batch. ``me`` is our user's number."""

    rpc: Rpc
    schema: Schema
    mapping: FieldMapping
    records: Records
    blocking: Blocking
    me: int
    _results: dict[str, Result] = field(default_factory=dict)
    _unlaid: dict[str, str] = field(default_factory=dict)

    def push(self, batch: Sequence[Command]) -> list[Result]:
        """Write the commands: records first, then facts. Raises what makes the whole batch fail."""
        for obj in (Thing.COMPANY, Thing.LEAD):
            edits = [one for one in batch if one.obj is obj]
            for start in range(0, len(edits), CHUNK):
                self._edit(obj, edits[start : start + CHUNK])
        self._facts(list({one.key: one for one in batch if one.obj in FACTS}.values()))
        for one in batch:
            self._results.setdefault(one.key, Result(one.key, Status.REFUSED, code="odoo_not_kept"))
        return [self._results[one.key] for one in batch]

    def probe(self, asked: Sequence[Asked]) -> dict[str, str]:
        """Return the keys that have been written, with Odoo's ids."""
        found: dict[str, str] = {}
        for obj in FACTS:
            found |= self._written(obj, [one.key for one in asked if one.obj is obj])
        for one in asked:
            if one.obj not in FACTS and one.local and not one.id:
                number = self._made(one.obj, one.local)
                found |= {one.key: number} if number else {}
        return found

    # -------------------------------------------------------------------------------------------------------- records

    def _edit(self, obj: Thing, chunk: Sequence[Command]) -> None:
        for one in chunk:
            if obj is Thing.COMPANY and is_named(one.id):
                self._results[one.key] = Result(one.key, Status.REFUSED, one.id, code="odoo_company_named")
        chunk = self._made_before(obj, [one for one in chunk if one.key not in self._results])
        if not chunk:
            return
        now = self._rows(obj, [one.id for one in chunk if one.id])
        compared = compare(chunk, now)
        self._results |= compared.results
        made = [(one, self._save(obj, one)) for one in compared.writes]
        fresh = self._rows(obj, [number for _, number in made if number is not None])
        for write, number in made:
            if number is not None:
                self._note(answered(write, fresh.get(number), Status.ACKED, number))
        self._apart(obj, [write for write, number in made if number is None and len(write.commands) > 1])

    def _apart(self, obj: Thing, writes: Sequence[Write]) -> None:
        """Write anew, each by itself, the edits of a record that Odoo would not take together."""
        for write in writes:
            if write.id and self._results[write.commands[0].key].status is Status.REFUSED:
                for one in write.commands:
                    del self._results[one.key]
                    self._edit(obj, [one])

    def _made_before(self, obj: Thing, chunk: Sequence[Command]) -> list[Command]:
        """Settle creations that may have been written; return the others."""
        left = []
        for one in chunk:
            number = self._made(obj, one.local) if not one.id and one.local and not one.sure else ""
            if not number:
                left.append(one)
                continue
            row = self._rows(obj, [number]).get(number)
            fields, version = (row.fields, row.version) if row is not None else (None, None)
            self._results[one.key] = Result(one.key, Status.DUPLICATE, number, version, fields)
        return left

    def _rows(self, obj: Thing, ids: Sequence[str]) -> dict[str, Row]:
        records = self.records.read(obj, list(dict.fromkeys(ids))) if ids else []
        if obj is Thing.COMPANY:
            return {row.id: row for row in self.records.companies(records, local=False)}
        return {row.id: row for row in self.records.leads(records, local=False)[0]}

    def _save(self, obj: Thing, write: Write) -> str | None:
        """Write one record; return its number, or None where it was settled otherwise."""
        try:
            values = self._values(obj, write)
            number = write.id or self._create(obj, write, values)
            if obj is Thing.LEAD:
                self.blocking.apply(int(number), write.changes)  # before the tag, by which it counts as done
            if write.id and values:
                self.rpc.write(MODELS[obj], "write", ids=[int(number)], vals=values)
        except Unchoosable as wrong:
            self._note(refused(write, "odoo_choice_unknown", wrong.code))
            return None
        except Refusal as refusal:
            if refusal.gone and write.id and not self._rows(obj, [write.id]):
                self._note(Result(one.key, Status.GONE, write.id, code="record_gone") for one in write.commands)
            else:
                self._note(refused(write, "odoo_refused", refusal.words))
            return None
        return number

    def _values(self, obj: Thing, write: Write) -> dict[str, Any]:
        of = self.schema.map_of(obj)
        values = self.schema.values(MODELS[obj], of, write.changes)
        if obj is Thing.COMPANY:
            return values if write.id else {"is_company": True, **values}
        company = next((dict(one.company) for one in reversed(write.commands) if one.company), {})
        if "company_id" in write.changes:
            values["partner_name"] = str(company.get("name") or "") or False
        values |= self.blocking.values(write.changes, new=not write.id)
        if not write.id:
            title = str(self.mapping.option("lead", "title", "name"))
            said = values.get("partner_name") or company.get("name") or write.changes.get("name") or "isdesk"
            values = {title: said, **({"partner_name": said} if company else {}), **values}
        return values

    def _create(self, obj: Thing, write: Write, values: Mapping[str, Any]) -> str:
        """Make a record under our id; where it is there already (a request that was lost), it is left as it is."""
        here = self.schema.fields(MODELS[obj])
        columns, row = ["id"], [external_id(obj.value, write.local)]
        for name, value in values.items():
            suffix, said = cell(here[name], value)
            columns.append(name + suffix)
            row.append(said)
        said = self.rpc.write(MODELS[obj], "load", fields=columns, data=[row], context=QUIET)
        if said["ids"]:
            return str(said["ids"][0])
        number = self._made(obj, write.local)
        if number:
            return number
        words = words_of(said)
        if locked(words):
            raise Transient("crm_busy")
        raise Refusal(LOAD, words)

    def _made(self, obj: Thing, local: str) -> str:
        """Return the number of the record with our id: ``load`` of nothing but the id finds it, and makes none."""
        name = external_id(obj.value, local)
        said = self.rpc.write(MODELS[obj], "load", fields=["id"], data=[[name]], context=QUIET)
        return str(said["ids"][0]) if said["ids"] else ""

    # ---------------------------------------------------------------------------------------------------------- facts

    def _facts(self, facts: Sequence[Command]) -> None:
        facts = [one for one in facts if self._has_lead(one)]
        doubtful = [one for one in facts if not one.sure]
        for obj in FACTS:
            self._settle(self._written(obj, [one.key for one in doubtful if one.obj is obj]))
        facts = self._with_lead([one for one in facts if one.key not in self._results])
        if not facts:
            return
        fresh = [one for one in facts if self._entailed(one)]
        said = self._unlaid | self._lay(fresh)
        self._load(fresh)
        for one in fresh:
            done = self._results.get(one.key)
            if done is not None and done.status is Status.ACKED and one.key in said:
                self._results[one.key] = Result(
                    one.key, done.status, done.remote_id, code="odoo_task_refused", message=said[one.key]
                )

    def _has_lead(self, one: Command) -> bool:
        if str(one.lead_id or "").isdigit():
            return True
        self._results[one.key] = Result(one.key, Status.GONE, one.lead_id, code="record_gone")
        return False

    def _with_lead(self, facts: Sequence[Command]) -> list[Command]:
        """Settle the facts of leads that are not there; return the others."""
        wanted = sorted({int(one.lead_id or 0) for one in facts})
        if not wanted:
            return []
        there = set(self.rpc.read(LEAD, "search", domain=[["id", "in", wanted], ARCHIVED_TOO]))
        for number in wanted:
            if number not in there:
                self._settle_missing(number, facts)
        return [one for one in facts if one.key not in self._results]

    def _settle_missing(self, number: int, facts: Iterable[Command]) -> None:
        try:
            self.rpc.asked(LEAD, "read", ids=[number], fields=["id"])
            status, code, words = Status.GONE, "record_gone", ""
        except Refusal as refusal:
            gone = refusal.gone
            status = Status.GONE if gone else Status.REFUSED
            code, words = ("record_gone", "") if gone else ("odoo_no_right", refusal.words)
        for one in facts:
            if one.lead_id == str(number):
                self._results[one.key] = Result(one.key, status, str(number), code=code, message=words)

    def _lay(self, facts: Sequence[Command]) -> dict[str, str]:
        """Lay the next tasks; return Odoo's words for the facts whose task it would not take."""
        laying = Tasks(self.rpc, self.schema)
        wanted = tasks.wanted(facts, self.me)
        try:
            laying.lay(wanted)
        except Refusal as refusal:
            leads = {one.lead for one in wanted}
            return {one.key: refusal.words for one in facts if str(one.lead_id) in leads}
        return {}

    def _entailed(self, one: Command) -> bool:
        """Do what a fact entails besides its message; False where Odoo refuses it, and the fact with it."""
        try:
            if one.payload.get("void"):
                self._take_back(one)
            elif one.obj is Thing.TRANSITION:
                self._step(one)
        except Refusal as refusal:
            self._results[one.key] = Result(one.key, Status.REFUSED, code="odoo_refused", message=refusal.words)
            return False
        return True

    def _take_back(self, one: Command) -> None:
        """Mark the message that is taken back, where it is there."""
        taken = str(one.payload.get("corrects") or "")
        domain = [["message_id", "=", message_id(one.obj, taken)]]
        for found in self.rpc.read(messages.MODEL, "search_read", domain=domain, fields=["subject"]):
            subject = str(found["subject"] or "")
            if not subject.startswith(TAKEN_BACK):
                self.rpc.write(messages.MODEL, "write", ids=[found["id"]], vals={"subject": f"{TAKEN_BACK}{subject}"})

    def _step(self, one: Command) -> None:
        """Convert the lead to an opportunity at the step that the map names, and tell Field Sales."""
        action = str(one.payload.get("action") or "")
        lead = int(one.lead_id or 0)
        if action == self.mapping.option("handoff", "on", "accept"):
            self._convert(lead, one)
        laying = Tasks(self.rpc, self.schema)
        asked = tasks.for_field_sales(one, str(one.payload.get("handoff_id") or one.key))
        try:
            if action == "submit" and asked is not None and self.mapping.option("handoff", "task", default=True):
                laying.hand_over(asked)
            elif action in _DECIDED:
                laying.handed_over(str(lead))
        except Refusal as refusal:
            self._unlaid[one.key] = refusal.words

    def _convert(self, lead: int, one: Command) -> None:
        (now,) = self.rpc.read(LEAD, "read", ids=[lead], fields=["type"])
        to_fs = str(one.payload.get("to_fs") or "")
        users = [int(to_fs)] if to_fs.isdigit() and self.mapping.option("handoff", "assign") else []
        if now["type"] != "opportunity":
            self.rpc.write(LEAD, "convert_opportunity", ids=[lead], partner=False, user_ids=users or False)
        elif users:
            self.rpc.write(LEAD, "write", ids=[lead], vals={"user_id": users[0]})
        stage = str(self.mapping.option("handoff", "stage", ""))
        if stage and not self._written(one.obj, [one.key]):
            number = self.schema.named("crm.stage", stage)
            if number is not None:
                self.rpc.write(LEAD, "write", ids=[lead], vals={"stage_id": number})

    def _load(self, facts: Sequence[Command]) -> None:
        """Add the messages, all in one transaction; where Odoo does not take them together, each by itself."""
        if not facts:
            return
        writer = Messages(self.schema)
        rows = [writer.row(one) for one in facts]
        columns = sorted({name for row in rows for name in row}, key=lambda name: (name != "id", name))
        data = [[row.get(name, "") for name in columns] for row in rows]
        try:
            said = self.rpc.write(messages.MODEL, "load", fields=columns, data=data, context=QUIET)
        except Refusal as refusal:
            said = {"ids": False, "messages": [{"message": refusal.words}]}
        if said["ids"]:
            self._note(
                Result(one.key, Status.ACKED, str(number)) for one, number in zip(facts, said["ids"], strict=True)
            )
            return
        for obj in FACTS:
            self._settle(self._written(obj, [one.key for one in facts if one.obj is obj]))
        left = [one for one in facts if one.key not in self._results]
        if len(facts) == 1:
            words = words_of(said)
            if left and locked(words):
                raise Transient("crm_busy")
            self._note(Result(one.key, Status.REFUSED, code="odoo_refused", message=words) for one in left)
            return
        for one in left:
            self._load([one])

    def _written(self, obj: Thing, keys: Sequence[str]) -> dict[str, str]:
        """Return the keys of facts that are there, with the message's number."""
        if not keys:
            return {}
        ids = {message_id(obj, key): key for key in keys}
        domain = [["message_id", "in", list(ids)]]
        found = self.rpc.read(messages.MODEL, "search_read", domain=domain, fields=["message_id"], order="id desc")
        return {ids[one["message_id"]]: str(one["id"]) for one in found}

    def _settle(self, written: Mapping[str, str]) -> None:
        self._note(Result(key, Status.DUPLICATE, number) for key, number in written.items())

    def _note(self, results: Iterable[Result]) -> None:
        self._results |= {one.key: one for one in results}
