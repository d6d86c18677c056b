"""Field edits of leads and companies: read, compare, write what differs under the revision that was read.

kintone ignores fields that an app does not have and rejects a whole request for one bad record. So what would be
dropped in silence is refused before it is sent; a record that somebody changed between reading and writing is a
conflict with the fresh record, and the others are written; and of several records that kintone refuses together no
result is made up: `Permanent` goes to the engine, which halves the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from isdesk.crm.kintone import records
from isdesk.crm.kintone.api import Put, Written
from isdesk.crm.kintone.failures import Fault, Missing, Refused, Stale, shown
from isdesk.crm.kintone.form import CHOICES, SEVERAL, Form
from isdesk.crm.kintone.people import digest
from isdesk.crm.kintone.pulling import Pulling
from isdesk.crm.kintone.site import COMPANY, LEAD, Site
from isdesk.crm.kintone.values import kept, outward
from isdesk.crm.port import Command, Result, Row, Status, Thing, Transient
from isdesk.crm.writing import Write, answered, compare, named_company, refused
from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Merge

_ATTEMPTS: Final = 3
_SPECS: Final = {LEAD: LEAD_FIELDS, COMPANY: COMPANY_FIELDS}
Fields = dict[str, Value]


@dataclass(slots=True)
class _Plan:
    """One batch for one app while it is carried out."""

    table: str
    form: Form
    results: dict[str, Result] = field(default_factory=dict)
    companies: dict[str, Mapping[str, Value]] = field(default_factory=dict)


class Pushing:
    """Writes leads and companies."""

    def __init__(self, site: Site, pulling: Pulling) -> None:
        self._site, self._pulling = site, pulling

    def push(self, obj: Thing, batch: Sequence[Command]) -> dict[str, Result]:
        """Write these edits of one kind of record; results by key. Raises Permanent where a batch is to be halved."""
        site = self._site
        table = LEAD if obj is Thing.LEAD else COMPANY
        if table == COMPANY and site.named:
            return {one.key: self._named(one) for one in batch}
        new = [one for one in batch if not one.id]
        plan = _Plan(table, site.form(table, fresh=bool(new)))
        now = self._now(plan, batch)
        ready = [made for one in batch if (made := self._ready(plan, one)) is not None]
        self._found(plan, [one for one in ready if not one.id])
        left = [one for one in ready if one.key not in plan.results]
        for _ in range(_ATTEMPTS):
            compared = compare(left, now)
            plan.results |= compared.results
            writes = compared.writes
            if not writes:
                return plan.results
            stale = self._write(plan, writes)
            if stale is None:
                return plan.results
            left = [one for write in writes for one in write.commands if one.key not in plan.results]
            now = self._now(plan, left)
        raise Transient("kintone_locked")

    def _named(self, command: Command) -> Result:
        """Settle a company that has no record of its own: it is made by the lead that names it, and never edited."""
        name = str(command.payload.get("name") or "")
        if command.id or not name:
            return self._no(command, "kintone_company_named")
        held = self._site.of(COMPANY).fields
        fields: Fields = {code: value for code, value in command.payload.items() if code in held and value is not None}
        return Result(command.key, Status.ACKED, named_company(name), digest(fields), fields)

    # ------------------------------------------------------------------------------------------------------ before

    def _now(self, plan: _Plan, batch: Iterable[Command]) -> dict[str, Row]:
        """Return the records as they stand; a mapped field that they lack is one that the app lost."""
        obj = Thing.LEAD if plan.table == LEAD else Thing.COMPANY
        found = self._pulling.by_id(plan.table, [one.id for one in batch if one.id])
        plan.form = self._site.form(plan.table)
        return {row.id: row for row in records.rows([records.read(self._site, obj, one) for one in found])}

    def _ready(self, plan: _Plan, command: Command) -> Command | None:
        """Return a command as kintone would keep it, None where it cannot be written at all."""
        site = self._site
        gone = site.gone(plan.table, command.payload)
        if gone is not None:
            plan.results[command.key] = self._no(command, "kintone_field_gone", f"「{gone}」")
            self._forbid(plan, command)
            return None
        fixed = next((code for code in command.payload if command.id and self._fixed(plan, code)), None)
        if fixed is not None:
            plan.results[command.key] = self._no(command, "kintone_read_only", f"「{self._label(plan, fixed)}」")
            self._forbid(plan, command)
            return None
        of = site.of(plan.table)
        payload = {code: value for code, value in command.payload.items() if not self._passed(plan, code)}
        made: Fields = {c: payload[c] if not of.fields[c].reads else v for c, v in kept(of, plan.form, payload).items()}
        base = {code: value for code, value in command.base.items() if code not in of.fields or of.fields[code].reads}
        if plan.table == LEAD and site.named and "company_id" in command.payload:
            name = str(command.company.get("name") or "")
            plan.companies[named_company(name) if name else ""] = command.company if name else {"name": None}
            made["company_id"] = named_company(name) if name else None
        return replace(command, payload=made, base=base)

    def _writable(self, plan: _Plan, code: str) -> bool:
        one = self._site.of(plan.table).fields.get(code)
        return one is None or (one.writes and all(plan.form.spots[r].writable for r in one.remote))

    def _fixed(self, plan: _Plan, code: str) -> bool:
        """Return whether a person's edit of this field would have to be dropped: that is never done in silence."""
        spec = _SPECS[plan.table].get(code)
        return not self._writable(plan, code) and (spec is None or spec.merge is not Merge.CRM)

    def _passed(self, plan: _Plan, code: str) -> bool:
        """Return whether a field is left to kintone: one of its own that the map only reads."""
        return not self._writable(plan, code)

    def _found(self, plan: _Plan, new: Sequence[Command]) -> None:
        """Settle what is to be made and is there already; without a key field nothing is made."""
        site = self._site
        of = site.mapping.of(plan.table)
        spot = plan.form.spots.get(of.key)
        if new and (spot is None or not spot.unique):
            plan.results |= {one.key: self._no(one, "kintone_no_key", of.key) for one in new}
            return
        there = self._pulling.by_key(plan.table, [one.local for one in new]) if new else {}
        obj = Thing.LEAD if plan.table == LEAD else Thing.COMPANY
        for one in new:
            record = there.get(one.local)
            row = records.read(site, obj, record).row if record is not None else None
            if row is not None:
                plan.results[one.key] = Result(one.key, Status.DUPLICATE, row.id, row.version, row.fields)

    # ------------------------------------------------------------------------------------------------------ writing

    def _write(self, plan: _Plan, writes: Sequence[Write]) -> Stale | Missing | None:
        """Write all of them or none. Returns why none was where records changed or went meanwhile."""
        puts = [self._put(plan, one) for one in writes]
        try:
            (made,) = self._site.api.write([(self._site.app(plan.table), puts)])
        except (Stale, Missing) as error:
            return self._changed(plan, writes, error)
        except Refused as error:
            if len(writes) > 1:
                raise shown(error, plan.form.label) from None
            (write,) = writes
            code, words = explained(self._site, plan.table, error, puts)
            if code == "kintone_not_unique" and not write.id:
                self._found(plan, write.commands)  # made by another device meanwhile, under the same key
            for command in write.commands:
                self._forbid(plan, command)
            told = {result.key: result for result in refused(write, code, words)}
            plan.results = told | plan.results
            return None
        self._settle(plan, writes, made)
        return None

    def _put(self, plan: _Plan, write: Write) -> Put:
        site = self._site
        cells = outward(site.of(plan.table), plan.form, write.changes)
        company = plan.companies.get(str(write.changes["company_id"] or "")) if "company_id" in write.changes else None
        if company is not None:
            cells |= outward(site.of(COMPANY), plan.form, company)
        if write.id and write.now is not None:
            return Put(cells, write.id, write.now.version)
        return Put(cells, key=(site.mapping.of(plan.table).key, write.local))

    def _changed(self, plan: _Plan, writes: Sequence[Write], error: Stale | Missing) -> Stale | Missing:
        """Give back as conflicts those that changed after they were read; nothing was written.

        Raises Transient where none of them did.
        """
        now = self._now(plan, [one for write in writes for one in write.commands])
        before = len(plan.results)
        for write in writes:
            row = now.get(write.id)
            if write.id and row is None:
                plan.results |= {r.key: r for r in answered(write, None, Status.GONE)}
            elif row is not None and write.now is not None and row.version != write.now.version:
                plan.results |= {r.key: r for r in answered(write, row, Status.CONFLICT)}
        if len(plan.results) == before:
            raise Transient("kintone_locked") from None
        return error

    def _forbid(self, plan: _Plan, command: Command) -> None:
        """Write at least the do-not-call and the opt-out of an edit that is refused for its other fields (SYNC I8)."""
        specs = _SPECS[plan.table]
        forbids = {c: v for c, v in command.payload.items() if v and c in specs and specs[c].merge is Merge.RESTRICT}
        cells = outward(self._site.of(plan.table), plan.form, forbids)
        if cells and command.id and len(forbids) < len(command.payload):
            with suppress(CrmError):  # the edit as a whole stays refused, and is shown with all its fields
                self._site.api.write([(self._site.app(plan.table), [Put(cells, command.id)])])

    def _settle(self, plan: _Plan, writes: Sequence[Write], made: Sequence[Written]) -> None:
        fresh = self._again(plan, writes, made)
        for write, one in zip(writes, made, strict=True):
            row = fresh.get(one.id) or Row(one.id, one.revision, write.after)
            status = Status.ACKED if write.id or one.new else Status.DUPLICATE
            plan.results |= {r.key: r for r in answered(write, row, status, one.id)}

    def _again(self, plan: _Plan, writes: Sequence[Write], made: Sequence[Written]) -> dict[str, Row]:
        """Return what kintone added by itself: initial values of new records, what lookups copy, what it calculates.

        It is written already: that it cannot be read again now changes nothing.
        """
        mapped = {name for one in self._site.of(plan.table).fields.values() for name in one.remote}
        moving = any(not plan.form.spots[name].writable for name in mapped if name in plan.form.spots)
        ids = [one.id for write, one in zip(writes, made, strict=True) if moving or not write.id]
        try:
            found = self._pulling.by_id(plan.table, ids)
        except CrmError:
            return {}
        obj = Thing.LEAD if plan.table == LEAD else Thing.COMPANY
        return {row.id: row for row in records.rows([records.read(self._site, obj, one) for one in found])}

    # ------------------------------------------------------------------------------------------------------ others

    def _label(self, plan: _Plan, code: str) -> str:
        one = self._site.mapping.of(plan.table).fields.get(code)
        return plan.form.label(one.remote[0]) if one is not None else code

    @staticmethod
    def _no(command: Command, code: str, words: str = "") -> Result:
        return Result(command.key, Status.REFUSED, command.id or None, code=code, message=words)


def explained(site: Site, table: str, error: Refused, puts: Sequence[Put]) -> tuple[str, str]:
    """Return code and words of a refusal: kintone's own behind the label of the field, told apart by the form.

    A field that is required now, or a choice that is gone, is a change of the schema, which no sending again mends.
    """
    site.forget(table)
    try:
        form = site.form(table)
    except CrmError:
        form = site.known(table) or Form()
    fault = next((one for one in error.faults if one.field), None)
    if fault is None:
        return error.code, error.message
    put = puts[fault.index] if fault.index is not None and fault.index < len(puts) else puts[0]
    label = form.label(fault.field)
    return _why(form, fault, put, error.code), f"「{label}」: {fault.words}" if fault.words else f"「{label}」"


def _why(form: Form, fault: Fault, put: Put, otherwise: str) -> str:
    spot = form.spots.get(fault.field)
    if spot is None:
        return "kintone_field_gone"
    value: Any = put.record.get(fault.field, {}).get("value")
    if (
        spot.type in CHOICES | SEVERAL
        and value
        and not set(value if isinstance(value, list) else [value]) <= {*spot.choices}
    ):
        return "kintone_choice_gone"
    if spot.required and value in (None, "", []):
        return "kintone_required"
    if spot.unique and value:
        return "kintone_not_unique"
    return otherwise
