"""Writing fields of leads, contacts and companies: read, compare, write what differs on a condition, read again.

``If-Unmodified-Since`` is all that the vendor has for leads (ETags exist for accounts only); it knows whole seconds, so
a change within the second of the last one goes unseen between reading and writing (REST API guide, "Conditional Request
Headers"). What only tightens a do-not-call needs no condition and goes 200 records at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.mapping import ObjectMap
from isdesk.crm.port import Command, Permanent, Result, Row, Status, Thing
from isdesk.crm.salesforce import answers, soql
from isdesk.crm.salesforce.link import DATA, MOST, NO_COLUMN, Failure, Link, column, failure
from isdesk.crm.salesforce.reading import Reader
from isdesk.crm.salesforce.rows import MADE, Rows
from isdesk.crm.salesforce.schema import Schema
from isdesk.crm.writing import Write, answered, compare, is_named, named_company
from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Merge

Results = dict[str, Result]
_TRIES: Final = 3
_CHANGED_SINCE: Final = 412
_MADE_BY_US: Final = "isdesk でリードを登録"
_UNKNOWN_COMPANY: Final = "(会社名不明)"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a write goes: the object, its id, its map, and when it was last changed."""

    table: str
    id: str
    map: ObjectMap
    changed: str


class Patcher:
    """Writes fields for one person."""

    def __init__(self, link: Link, schema: Schema, reader: Reader, rows: Rows) -> None:
        self._link, self._schema, self._reader, self._rows = link, schema, reader, rows

    # ------------------------------------------------------------------------------------------------------- leads

    def leads(self, batch: Sequence[Command], results: Results) -> None:
        """Write fields of leads; ``results`` are filled as they come."""
        todo = list(batch)
        for _ in range(_TRIES):
            records = {str(r["Id"]): r for r in self._reader.records(Thing.LEAD, [c.id for c in todo if c.id])}
            compared = compare(todo, {i: self._reader.row(r) for i, r in records.items()})
            results |= compared.results
            todo = self._written(compared.writes, records, results)
            if not todo:
                return

    def _written(self, writes: Sequence[Write], records: dict[str, Any], results: Results) -> list[Command]:
        """Make the writes; returns the commands whose record was changed meanwhile."""
        done: list[Write] = []
        again: list[Command] = []
        safe: list[tuple[Write, Target, dict[str, Any]]] = []
        fresh = [write for write in writes if not write.id]
        for write in writes:
            if not write.id:
                continue
            target = self._target(records[write.id])
            body = self._body(write, target)
            if not body:
                _put(results, answered(write, write.now))
            elif _only_tightens(write):
                safe.append((write, target, body))
            elif (said := self._conditional(target, body)) is None:
                done.append(write)
            elif said.code == str(_CHANGED_SINCE):
                again += write.commands
            else:
                _refuse(results, write, said)
        done += self._tightened(safe, results)
        self._confirm(done, results)
        self._create(fresh, results)
        return again

    def _target(self, record: dict[str, Any]) -> Target:
        contact = self._schema.of("contact")
        if str(record["Id"]).startswith("003"):
            return Target("Contact", str(record["Id"]), contact, str(record["LastModifiedDate"]))
        if record.get("ConvertedContactId"):
            changed = str(record.get("ConvertedContact.LastModifiedDate") or "")
            return Target("Contact", str(record["ConvertedContactId"]), contact, changed)
        return Target("Lead", str(record["Id"]), self._schema.of("lead"), str(record["LastModifiedDate"]))

    def _body(self, write: Write, target: Target) -> dict[str, Any]:
        body = target.map.outward(write.changes)
        company = write.changes.get("company_id")
        if target.table == "Contact" and isinstance(company, str) and not is_named(company):
            body["AccountId"] = company
        if target.table == "Lead" and "company_id" in write.changes:
            body |= self._company(write)
        return body

    def _company(self, write: Write) -> dict[str, Any]:
        """Return the company in the lead's own fields."""
        known: dict[str, Value] = {}
        for command in write.commands:
            known |= command.company
        said = self._schema.of("named").outward(known)
        default = str(self._schema.known("lead").options.get("unknown_company", _UNKNOWN_COMPANY))
        return {**said, "Company": said.get("Company") or default}

    def _conditional(self, target: Target, body: dict[str, Any]) -> Failure | None:
        """Change one record unless it was changed since it was read; returns why not, None where it was done.

        Raises Permanent where a field is gone: then the schema is looked at anew.
        """
        at = instant(target.changed)
        headers = {"If-Unmodified-Since": format_datetime(at, usegmt=True)} if at is not None else {}
        reply = self._link.write("PATCH", f"{DATA}/sobjects/{target.table}/{target.id}", body, headers=headers)
        if reply.ok:
            return None
        if reply.status == _CHANGED_SINCE:
            return Failure(str(_CHANGED_SINCE), "")
        said = failure(reply.data)
        if said.code == NO_COLUMN:
            raise Permanent("salesforce_schema_changed", field=column(said.words))
        return said

    def _tightened(self, safe: list[tuple[Write, Target, dict[str, Any]]], results: Results) -> list[Write]:
        done = []
        for begin in range(0, len(safe), MOST):
            some = safe[begin : begin + MOST]
            records = [{"attributes": {"type": t.table}, "id": t.id, **body} for _, t, body in some]
            for (write, _, _), item in zip(some, self._link.collection("PATCH", "", records), strict=True):
                said = answers.said_of(item)
                if said is None:
                    done.append(write)
                else:
                    _refuse(results, write, said)
        return done

    def _confirm(self, done: Sequence[Write], results: Results, ids: dict[int, str] | None = None) -> None:
        """Answer writes that were made with the records as they stand now."""
        known = ids or {}
        wanted = [known.get(n, write.id) for n, write in enumerate(done)]
        rows = self._read_back(wanted) if wanted else {}
        for identity, write in zip(wanted, done, strict=True):
            _put(results, answered(write, rows.get(identity), remote_id=identity))

    def _read_back(self, ids: Sequence[str]) -> dict[str, Row]:
        """Return the records after they were written; none where they cannot be read (written they are)."""
        try:
            return {row.id: row for row in self._reader.fetch(Thing.LEAD, ids)}
        except CrmError:
            return {}

    # ------------------------------------------------------------------------------------------------------- new leads

    def _create(self, fresh: Sequence[Write], results: Results) -> None:
        lead = self._schema.of("lead")
        fresh = self._unknown(fresh, results)
        done: list[Write] = []
        ids: dict[int, str] = {}
        for begin in range(0, len(fresh), MOST):
            some = fresh[begin : begin + MOST]
            for write, said in zip(some, self._made(some, lead), strict=True):
                if isinstance(said, Failure):
                    _refuse(results, write, said)
                else:
                    ids[len(done)] = said
                    done.append(write)
        self._confirm(done, results, ids)

    def _made(self, some: Sequence[Write], lead: ObjectMap) -> list[str | Failure]:
        """Make leads; returns the id of each, or why it was refused."""
        bodies = [self._new(write, lead) for write in some]
        if not lead.key and self._rows.key_of("Task"):
            return [self._with_mark(write, body) for write, body in zip(some, bodies, strict=True)]
        method, path = ("PATCH", f"/Lead/{lead.key}") if lead.key else ("POST", "")
        records = [{"attributes": {"type": "Lead"}, **body} for body in bodies]
        items = self._link.collection(method, path, records)
        return [answers.said_of(item) or str(item["id"]) for item in items]

    def _with_mark(self, write: Write, body: dict[str, Any]) -> str | Failure:
        """Make a lead and, in the same transaction, the task by which it is known that it was made."""
        task = {
            "Subject": _MADE_BY_US,
            "WhoId": "@{lead.id}",
            "Status": self._schema.status("TaskStatus", "IsClosed", "Completed"),
            self._rows.key_of("Task"): self._rows.keyed(MADE + write.local, "Task"),
        }
        said = self._link.together([("Lead", "lead", body), ("Task", "task", task)])[0]
        return said if isinstance(said, Failure) else str(said["id"])

    def _new(self, write: Write, lead: ObjectMap) -> dict[str, Any]:
        body = {k: v for k, v in lead.outward(write.changes).items() if v is not None}
        company = {k: v for k, v in self._company(write).items() if v is not None}
        return {**body, **company, **({lead.key: write.local} if lead.key else {})}

    def _unknown(self, fresh: Sequence[Write], results: Results) -> list[Write]:
        """Return those that are not in the CRM yet; the others are answered as they stand there."""
        found = self.made([write.local for write in fresh])
        rows = self._read_back(list(found.values())) if found else {}
        for write in fresh:
            if write.local in found:
                identity = found[write.local]
                _put(results, answered(write, rows.get(identity), Status.DUPLICATE, identity))
        return [write for write in fresh if write.local not in found]

    def made(self, locals_: Sequence[str]) -> dict[str, str]:
        """Return the leads that were made under these ids of ours: by their key field, or by the tasks that tell it."""
        key = self._schema.of("lead").key
        found: dict[str, str] = {}
        table, field, prefix = ("Lead", key, "") if key else ("Task", self._rows.key_of("Task"), MADE)
        if not field:
            return found
        kept = {(local if key else self._rows.keyed(prefix + local, table)): local for local in locals_ if local}
        which = "Id" if key else "WhoId"
        for some in soql.chunks(list(kept)):
            statement = soql.select([which, field], table, f"{field} IN {soql.among(some)}")
            found |= {kept[str(r[field])]: str(r[which]) for r in self._link.query(statement) if r.get(which)}
        leads = {} if key else self._reader.leads_of(found.values())
        return {local: leads.get(identity, identity) for local, identity in found.items()}

    # ------------------------------------------------------------------------------------------------------ companies

    def companies(self, batch: Sequence[Command], results: Results) -> None:
        """Write fields of companies: of accounts in the account, of those that leads only name in those leads."""
        for command in batch:
            if not command.id:
                name = str(command.payload.get("name") or "")
                results[command.key] = Result(command.key, Status.ACKED, named_company(name), "", dict(command.payload))
        known = [c for c in batch if c.id]
        records = (
            {self._id_of(r): r for r in self._reader.records(Thing.COMPANY, [c.id for c in known])} if known else {}
        )
        rows = {row.id: row for row in self._reader.companies(records.values())}
        compared = compare(known, rows)
        results |= compared.results
        for write in compared.writes:
            self._company_written(write, records[write.id], results)

    @staticmethod
    def _id_of(record: dict[str, Any]) -> str:
        identity = str(record["Id"])
        return identity if identity.startswith("001") else named_company(str(record["Company"]))

    def _company_written(self, write: Write, record: dict[str, Any], results: Results) -> None:
        if not is_named(write.id):
            target = Target("Account", write.id, self._schema.of("company"), str(record["LastModifiedDate"]))
            body = target.map.outward(write.changes)
            said = self._conditional(target, body) if body else None
        else:
            said = self._in_leads(write, str(record["Company"]))
        if said is None:
            _put(results, answered(write, None))
        elif said.code == str(_CHANGED_SINCE):
            _put(
                results,
                [
                    Result(c.key, Status.CONFLICT, write.id, None, dict(write.now.fields))
                    for c in write.commands
                    if write.now
                ],
            )
        else:
            _refuse(results, write, said)

    def _in_leads(self, write: Write, name: str) -> Failure | None:
        """Write a company into the leads that name it; returns the first refusal."""
        body = self._schema.of("named").outward(write.changes)
        if not body:
            return None
        where = f"Company = {soql.text(name)} AND IsConverted = false"
        ids = [str(r["Id"]) for r in self._link.query(soql.select(["Id"], "Lead", where))]
        for some in soql.chunks(ids):
            records = [{"attributes": {"type": "Lead"}, "id": identity, **body} for identity in some]
            for item in self._link.collection("PATCH", "", records):
                said = answers.said_of(item)
                if said is not None:
                    return said
        return None


def _only_tightens(write: Write) -> bool:
    """Return whether a write does nothing but set a do-not-call or an opt-out."""
    fields = {**COMPANY_FIELDS, **LEAD_FIELDS}
    return all(
        value is True and (spec := fields.get(code)) is not None and spec.merge is Merge.RESTRICT
        for code, value in write.changes.items()
    )


def _put(results: Results, found: Sequence[Result]) -> None:
    results.update((result.key, result) for result in found)


def _refuse(results: Results, write: Write, said: Failure) -> None:
    for command in write.commands:
        result = answers.refusal(command, said)
        if result is not None:
            results[command.key] = result
