"""Writes a decided import: its changes, the refusals it brings, one journal entry, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.ids import CompanyId, JournalId, LeadId
from isdesk.domain.sla import starts_clock
from isdesk.domain.stage import first_stage
from isdesk.domain.suppression import digest
from isdesk.files.targets import header_key
from isdesk.services import barring, consents, projection
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.services.import_match import Resolved, Slot
from isdesk.services.import_plan import ImportOptions, ImportPlan, ImportReport
from isdesk.store import imports as store
from isdesk.store import journal, suppressions

if TYPE_CHECKING:
    from isdesk.files.rows import Parsed
    from isdesk.store import Tx

_NUMBERS = ("phone_direct", "phone_mobile")


def memory_keys(headers: tuple[str, ...], source: str) -> list[str]:
    """Return under what a mapping is remembered, the more particular first: the source's name, the header line."""
    by_headers = "headers:" + "\x1f".join(header_key(h) for h in headers)
    return [f"source:{source.strip()}", by_headers] if source.strip() else [by_headers]


def barred(ctx: Context, tx: Tx, resolved: Resolved) -> dict[int, bool]:
    """Return the new leads (by ``id()`` of their slot) that an earlier refusal bars; True where it bars mail."""
    if not suppressions.any_known(tx):
        return {}
    marks: dict[str, list[tuple[int, bool]]] = {}
    for lead in resolved.leads:
        if lead.new:
            for kind, value in _marks(lead):
                for secret in (ctx.suppression_key, *ctx.older_keys):
                    marks.setdefault(digest(secret, kind, value), []).append((id(lead), kind == "mail"))
    found: dict[int, bool] = {}
    for mark in suppressions.active(tx, marks):
        for lead_id, of_mail in marks[mark]:
            found[lead_id] = found.get(lead_id, False) or of_mail
    return found


def _marks(lead: Slot) -> list[tuple[str, str]]:
    """Return what of a new lead may be suppressed: kind and value."""
    given: list[tuple[str, Value]] = [("number", lead.fields.get(code)) for code in _NUMBERS]
    given.append(("mail", lead.fields.get("email")))
    if lead.company is not None:
        given += [("number", lead.company.get("phone")), ("company", lead.company.id)]
    return [(kind, str(value)) for kind, value in given if value is not None]


def based(
    ctx: Context,
    tx: Tx,
    options: ImportOptions,
    parsed: Iterable[Parsed],
    resolved: Resolved,
    refused: Mapping[int, bool],
) -> list[tuple[Slot, str]]:
    """Return the leads with the address for which the chosen basis of mail is noted: one that stands in a row, that the
    lead has after the import, and of which nothing is held yet. Nobody who refused is among them.
    """
    if not options.basis:
        return []
    given = {str(row.lead.get("email") or "").strip().lower() for row in parsed} - {""}
    found: dict[str, tuple[Slot, str]] = {}
    for lead in (*resolved.leads, *resolved.here):
        mail = str(lead.get("email") or "").strip()
        out = any(lead.get(code) for code in ("email_opt_out", "dnc", "deleted", "merged_into"))
        if mail.lower() in given and not out and id(lead) not in refused:
            found.setdefault(mail.lower(), (lead, mail))
    able = consents.addresses(ctx, tx, found)
    return [one for mail, one in found.items() if mail in able]


def write(ctx: Context, tx: Tx, planned: ImportPlan, watch: Callable[[int], None]) -> ImportReport:
    """Write what a plan says, in the caller's transaction. ``watch`` hears how many leads are done and may raise."""
    options = planned.options
    refused = barred(ctx, tx, planned.resolved)
    noted = based(ctx, tx, options, planned.parsed, planned.resolved, refused)
    changes = _changes(ctx, planned, refused)
    batch = ctx.ids.new()
    journal_id: JournalId | None = None
    touched: frozenset[LeadId] = frozenset()
    if changes or noted:
        entry = head(ctx, tx, Verb.IMPORT, summary=_summary(planned, batch))
        stops = barring.bars(ctx, entry, ((one, one.after) for one in changes), "import")
        place = projection.Newcomers(ctx, entry.at, tick=watch)
        named = [(LeadId(str(lead.id)), mail) for lead, mail in noted]
        filed = consents.filed(ctx, tx, entry, named, options.basis, options.basis_source)
        due = journal.append(tx, entry, changes=changes, suppressions=stops, filings=filed, place=place)
        journal_id = entry.id
        projection.refresh(ctx, tx, sorted(due), entry.at, tick=lambda done: watch(place.seen + done))
        touched = due.union(LeadId(c.id) for c in changes if c.obj is Obj.LEAD).union(key for key, _ in named)
    now = ctx.now()
    store.put_batch(
        tx,
        store.Batch(
            batch, now, ctx.me.id, journal_id, options.source, planned.probe.path.name, _summary(planned, batch)
        ),
    )
    for key in memory_keys(planned.probe.headers, options.source):
        store.put_mapping(tx, key, dict(planned.mapping.by_header()), now)
    return _report(planned, batch, journal_id, changes, touched, len(noted))


def _changes(ctx: Context, planned: ImportPlan, refused: Mapping[int, bool]) -> list[Change]:
    """Return the field changes of an import, companies before the leads that belong to them."""
    new = ctx.ids.new
    changes: list[Change] = []
    nothing: dict[tuple[str, ...], dict[str, Value]] = {}
    for company in planned.resolved.companies:
        if company.id is None:
            company.id = new()
        changes.append(_change(company, company.fields, nothing))
    defaults: dict[str, Value] = {
        "stage": first_stage(ctx.rules),
        "owner_id": planned.options.owner_id or ctx.me.id,
    }
    came: dict[str, Value] = {"received_at": ctx.now().isoformat()}
    for lead in planned.resolved.leads:
        fields = dict(lead.fields)
        if lead.new:
            clocked = starts_clock(fields.get("lead_source"), ctx.rules)
            fields = defaults | (came if clocked else {}) | fields
        if lead.company is not None and (lead.new or lead.moved):
            fields["company_id"] = lead.company.id
        if refused.get(id(lead)):
            fields["email_opt_out"] = True
        if lead.id is None:
            lead.id = new()
        if fields:
            changes.append(_change(lead, fields, nothing))
    return changes


def _change(slot: Slot, fields: dict[str, Value], nothing: dict[tuple[str, ...], dict[str, Value]]) -> Change:
    """Return what happens to a company or lead; ``nothing`` keeps what new ones had before, one for all alike."""
    assert slot.id is not None  # noqa: S101 - given just above; tells the type checker
    if slot.new:
        codes = tuple(fields)
        before = nothing.get(codes)
        if before is None:
            before = nothing[codes] = dict.fromkeys(codes)
        return Change(slot.obj, slot.id, before, fields, created=True)
    return Change(slot.obj, slot.id, {code: slot.stored.get(code) for code in fields}, fields)


def _summary(planned: ImportPlan, batch: str) -> dict[str, Value]:
    return {
        "batch": batch,
        "source": planned.options.source,
        "file": planned.probe.path.name,
        "rows": planned.rows,
        "created": planned.creates,
        "updated": planned.updates,
        "duplicates": planned.duplicates,
        "skipped": planned.skipped,
        "problems": planned.problem_count,
    }


def _report(
    planned: ImportPlan,
    batch: str,
    journal_id: JournalId | None,
    changes: list[Change],
    touched: frozenset[LeadId],
    bases: int,
) -> ImportReport:
    companies = frozenset(CompanyId(c.id) for c in changes if c.obj is Obj.COMPANY)
    wrote = journal_id is not None
    return ImportReport(
        rows=planned.rows,
        created=planned.creates,
        updated=planned.updates,
        same=planned.same,
        duplicates=planned.duplicates,
        skipped=planned.skipped,
        companies_created=planned.companies_created,
        companies_updated=planned.companies_updated,
        suppressed=planned.suppressed,
        problems=planned.problems,
        problem_count=planned.problem_count,
        near_count=len(planned.near),
        batch_id=batch,
        journal_id=journal_id,
        changes=Changes(touched, companies, queue=wrote, outbox=wrote, undo=wrote, all_leads=wrote),
        bases=bases,
        encoding=planned.probe.encoding,
        delimiter=planned.probe.delimiter,
    )
