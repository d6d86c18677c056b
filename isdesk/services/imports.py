"""Leads in from CSV and Excel: look at the file, show what would happen, write it as one entry that one undo reverts.

`probe` reads the file and proposes where its columns go, `plan` says row by row what would be new, changed, a repeat or
unusable, `run` writes it: one transaction, one journal entry, so that a cut or a cancel leaves nothing half there.
`import_file` is all three for the command line.
"""

from __future__ import annotations

import gc
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.files.delimited import DELIMITERS
from isdesk.files.encodings import LABELS
from isdesk.files.mapping import Columns, from_headers, propose
from isdesk.files.reading import Table, open_table
from isdesk.files.rows import Parsed, Problem, RowReader
from isdesk.files.targets import targets
from isdesk.services import consents
from isdesk.services.context import Context
from isdesk.services.import_match import Decision, Resolved, resolve
from isdesk.services.import_near import likenesses
from isdesk.services.import_plan import ImportOptions, ImportPlan, ImportReport, Near, Place, PreviewRow, Probe
from isdesk.services.import_write import barred, based, memory_keys, write
from isdesk.store import imports as store

if TYPE_CHECKING:
    from isdesk.store import Tx

__all__ = [
    "ImportOptions", "ImportPlan", "ImportReport", "Near", "Place", "PreviewRow", "Probe", "Taken",
    "import_file", "plan", "probe", "run",
]  # fmt: skip

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_SAMPLE = 20
_LISTED = 1000
_PROBLEMS = 5000
_PREVIEW = 200
_STEP = 2000


def probe(
    ctx: Context,
    path: Path,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    source: str = "",
) -> Probe:
    """Look at a file: its form, its first rows, and where its columns would go.

    A mapping used before for this ``source``, or for the same headers, is proposed again. Raises BadInput with the
    codes of `isdesk.files.reading.open_table`.
    """
    table = open_table(path, encoding=encoding, delimiter=delimiter, sheet=sheet)
    with ctx.store.read() as tx:
        kept = _remembered(tx, table, source)
    mapping = propose(
        table.headers,
        [row.cells for row in table.sample],
        remembered=kept,
        extra=ctx.rules.fields,
        members=_members(ctx),
    )
    return Probe(
        path=path,
        encoding=LABELS.get(table.encoding, table.encoding),
        delimiter=DELIMITERS.get(table.delimiter, ""),
        sheet=table.sheet,
        sheets=table.sheets,
        headers=table.headers,
        header_row=table.header_row,
        row_count=table.row_count,
        sample=tuple(tuple(row.cells) for row in table.sample[:_SAMPLE]),
        mapping=mapping,
        places=tuple(Place(t.code, t.ja, t.en) for t in targets(ctx.rules.fields).values()),
        remembered=kept is not None,
        source=source,
        table=table,
    )


def plan(
    ctx: Context,
    probed: Probe,
    mapping: Columns | None = None,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ImportPlan:
    """Say what an import would do, row by row; nothing is written.

    Raises Refused (``import_cancelled``), BadInput (``import_no_columns``; ``file_changed`` where the file is not the
    one that was looked at; what `consents.check` raises of a basis).
    """
    chosen = mapping or probed.mapping
    wanted = options or ImportOptions(source=probed.source)
    if all(column.target is None for column in chosen.columns):
        raise BadInput("import_no_columns", file=probed.path.name)
    if wanted.basis:
        consents.check(wanted.basis, wanted.basis_source)
    total = 2 * probed.row_count
    watch = _Watch(progress, cancelled, total)
    with _no_collector(), ctx.store.read() as tx:
        parsed, problems = _parsed(ctx, probed, chosen, wanted, watch)
        token = store.state(tx)
        resolved = resolve(tx, parsed, overwrite=wanted.overwrite, check=lambda done: watch(probed.row_count + done))
        near = likenesses(tx, resolved)
        refused = barred(ctx, tx, resolved)
        bases = len(based(ctx, tx, wanted, parsed, resolved, refused))
    watch(total)
    return _summed(probed, chosen, wanted, parsed, resolved, near, problems, len(refused), bases, token)


def run(
    ctx: Context, planned: ImportPlan, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ImportReport:
    """Write an import: all of it as one journal entry, or nothing.

    Where something was written since the plan was made, the rows are decided anew first. Raises Refused
    (``import_cancelled``).
    """
    watch = _Watch(progress, cancelled, planned.creates + planned.updates)
    with _no_collector(), ctx.store.write() as tx:
        current = planned
        if store.state(tx) != planned.token:
            current = _again(ctx, tx, planned, watch)
        written = write(ctx, tx, current, watch)
        watch(watch.total)
    return written


@dataclass(frozen=True, slots=True)
class Taken:
    """What `import_file` did (or, as a dry run, would do), for the command line."""

    encoding: str
    delimiter: str
    rows: int
    created: int
    updated: int
    duplicates: int
    skipped: int
    errors: tuple[Problem, ...]
    error_count: int
    near: tuple[Near, ...]
    batch_id: str | None
    bases: int
    mapping: dict[str, str | None]


def import_file(
    ctx: Context,
    path: Path,
    *,
    source: str | None = None,
    mapping: Path | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    basis: str = "",
    basis_source: str = "",
    progress: Progress | None = None,
) -> Taken:
    """Take a file in with the proposed mapping, or with the one that the TOML or JSON file ``mapping`` says.

    ``source`` is remembered with the mapping and becomes the lead source of rows that name none; where a ``basis`` of
    mail was heard too, where ``basis_source`` says nothing else. Raises BadInput, Refused.
    """
    looked = probe(ctx, path, encoding=encoding, source=source or "")
    chosen = looked.mapping if mapping is None else _from_file(ctx, looked, mapping)
    wanted = ImportOptions(
        source=source or "", lead_source=source or "", basis=basis, basis_source=basis_source or source or ""
    )
    planned = plan(ctx, looked, chosen, wanted, progress)
    done = None if dry_run else run(ctx, planned, progress)
    return Taken(
        encoding=looked.encoding,
        delimiter=looked.delimiter,
        rows=planned.rows,
        created=planned.creates if done is None else done.created,
        updated=planned.updates if done is None else done.updated,
        duplicates=planned.duplicates if done is None else done.duplicates,
        skipped=planned.skipped,
        errors=planned.problems,
        error_count=planned.problem_count,
        near=planned.near,
        batch_id=None if done is None else done.batch_id,
        bases=planned.bases if done is None else done.bases,
        mapping=chosen.by_header(),
    )


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from walking rows that all live until the end: a sixth of the time of a long list."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Watch:
    """Tells how far it is, and stops where that was asked for."""

    def __init__(self, progress: Progress | None, cancelled: Cancelled | None, total: int) -> None:
        self._progress, self._cancelled, self.total = progress, cancelled, total

    def __call__(self, done: int) -> None:
        if self._cancelled is not None and self._cancelled():
            raise Refused("import_cancelled")
        if self._progress is not None:
            self._progress(min(done, self.total), self.total)


# ------------------------------------------------------------------------------------------------------------- reading


def _members(ctx: Context) -> dict[str, str]:
    """Return member ids by name and by mail address."""
    active = [m for m in ctx.members.values() if m.active]
    return {name: str(m.id) for m in active for name in (m.name, m.email) if name}


def _parsed(
    ctx: Context, probed: Probe, mapping: Columns, options: ImportOptions, watch: _Watch
) -> tuple[list[Parsed], list[Problem]]:
    """Read all rows as fields; the options stand in where a row says nothing."""
    reader = RowReader(mapping, members=_members(ctx), extra=ctx.rules.fields)
    rows: list[Parsed] = []
    problems: list[Problem] = []
    filled: dict[str, Value] = {
        code: value
        for code, value in (("lead_source", options.lead_source), ("target_list", options.target_list))
        if value
    }
    for count, row in enumerate(probed.table.rows()):
        if count % _STEP == 0:
            watch(count)
        if len(row.cells) < len(mapping.columns):
            raise BadInput("file_changed", file=probed.path.name)
        parsed = reader.read(row)
        problems += parsed.problems
        for code, value in filled.items():
            parsed.lead.setdefault(code, value)
        rows.append(parsed)
    return rows, problems


def _remembered(tx: Tx, table: Table, source: str) -> dict[str, str | None] | None:
    """Return the mapping last used for this source, if it fits these headers, or for these headers."""
    for key in memory_keys(table.headers, source):
        kept = store.mapping(tx, key)
        if kept is not None and any(header in kept for header in table.headers):
            return {str(h): t if isinstance(t, str) else None for h, t in kept.items()}
    return None


def _from_file(ctx: Context, probed: Probe, path: Path) -> Columns:
    """Return the mapping that a TOML or JSON file says: ``"header" = "target"``; ``""`` leaves a column out.

    Raises BadInput (``mapping_unreadable``, ``mapping_unknown_target``).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        said = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, ValueError):
        raise BadInput("mapping_unreadable", file=path.name) from None
    inner = said.get("columns", said) if isinstance(said, Mapping) else None
    if not isinstance(inner, Mapping):
        raise BadInput("mapping_unreadable", file=path.name)
    known = targets(ctx.rules.fields)
    chosen: dict[str, str | None] = {}
    for header, target in inner.items():
        code = _target_named(str(target), known) if target else None
        if target and code is None:
            raise BadInput("mapping_unknown_target", file=path.name, target=str(target))
        chosen[str(header)] = code
    return from_headers(probed.headers, chosen, ctx.rules.fields)


def _target_named(name: str, known: Mapping[str, object]) -> str | None:
    """Return the target for ``company.name``, ``email`` (a lead's field) or ``phone``."""
    if name in known:
        return name
    return f"lead.{name}" if f"lead.{name}" in known else None


# ------------------------------------------------------------------------------------------------------------ planning


def _summed(
    probed: Probe,
    mapping: Columns,
    options: ImportOptions,
    parsed: list[Parsed],
    resolved: Resolved,
    near: list[Near],
    problems: list[Problem],
    refused: int,
    bases: int,
    token: tuple[int, ...],
) -> ImportPlan:
    decisions = resolved.decisions
    repeats = [d for d in decisions if d.action in ("update", "same")]
    return ImportPlan(
        probe=probed,
        mapping=mapping,
        options=options,
        rows=len(decisions),
        creates=sum(1 for d in decisions if d.action == "create"),
        updates=len({id(d.lead) for d in decisions if d.action == "update"}),
        same=sum(1 for d in decisions if d.action == "same"),
        duplicates=len(repeats),
        skipped=sum(1 for d in decisions if d.action == "skip"),
        companies_created=sum(1 for c in resolved.companies if c.new),
        companies_updated=sum(1 for c in resolved.companies if not c.new),
        suppressed=refused,
        preview=tuple(map(_preview, islice(decisions, _PREVIEW))),
        duplicate_rows=tuple(map(_preview, repeats[:_LISTED])),
        near=tuple(near[:_LISTED]),
        problems=tuple(problems[:_PROBLEMS]),
        problem_count=len(problems),
        bases=bases,
        parsed=parsed,
        resolved=resolved,
        token=token,
    )


def _preview(decision: Decision) -> PreviewRow:
    lead = decision.lead
    if lead is None:
        return PreviewRow(decision.row, decision.action, "", "")
    company = lead.company.get("name") if lead.company is not None else None
    return PreviewRow(
        decision.row,
        decision.action,
        str(lead.get("name") or ""),
        str(company or ""),
        decision.by,
        decision.of_row,
        LeadId(lead.id) if lead.id is not None else None,
    )


def _again(ctx: Context, tx: Tx, planned: ImportPlan, watch: _Watch) -> ImportPlan:
    """Decide the rows of a plan anew, against what is here now."""
    resolved = resolve(tx, planned.parsed, overwrite=planned.options.overwrite, check=lambda _: watch(0))
    refused = barred(ctx, tx, resolved)
    bases = len(based(ctx, tx, planned.options, planned.parsed, resolved, refused))
    near, problems = list(planned.near), list(planned.problems)
    return _summed(
        planned.probe,
        planned.mapping,
        planned.options,
        planned.parsed,
        resolved,
        near,
        problems,
        len(refused),
        bases,
        store.state(tx),
    )
