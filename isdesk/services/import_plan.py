"""What an import is made of, as those see it who show it: the file's form, the choices, what would happen, what did."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from isdesk.domain.changes import Changes
from isdesk.domain.ids import CompanyId, JournalId, LeadId, MemberId
from isdesk.files.mapping import Columns
from isdesk.files.reading import Table
from isdesk.files.rows import Parsed, Problem
from isdesk.services.import_match import Resolved


@dataclass(frozen=True, slots=True)
class Place:
    """One place a column can be sent to, for a list to choose from."""

    code: str
    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A file that was looked at: how it is written, its columns, its first rows and where each column would go.

    ``encoding`` is the name people know (``UTF-8 (BOM)``), empty for workbooks; ``delimiter`` is ``comma`` | ``tab`` |
    ``semicolon``, empty for workbooks. ``remembered``: the mapping was used before, for this source or this header.
    """

    path: Path
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    headers: tuple[str, ...]
    header_row: int
    row_count: int
    sample: tuple[tuple[str, ...], ...]
    mapping: Columns
    places: tuple[Place, ...]
    remembered: bool
    source: str
    table: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person chose. ``overwrite``: values of the file win over filled fields (never over a do-not-call).

    ``owner_id`` (default: me), ``lead_source`` and ``target_list`` hold for new leads whose row says nothing else.
    ``basis`` (of `domain.consent.BASES`; empty: none) and ``basis_source`` are noted for the mail addresses
    of the rows, where nothing is held of them yet.
    """

    source: str = ""
    lead_source: str = ""
    target_list: str = ""
    owner_id: MemberId | None = None
    overwrite: bool = False
    basis: str = ""
    basis_source: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would happen with one row. ``action``: ``create`` | ``update`` | ``same`` | ``skip``.

    ``by`` says what it was recognised by: ``mail`` | ``phone`` | ``person`` | ``company``, empty where it was not;
    ``of_row`` is the earlier row of the same file that it repeats, else 0.
    """

    row: int
    action: str
    name: str
    company: str
    by: str = ""
    of_row: int = 0
    lead_id: LeadId | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Two that look alike and were *not* merged: the row and what is already here (or an earlier row).

    ``by``: ``company_name`` | ``person_name`` | ``shared_mail`` | ``shared_phone``; ``likeness`` 0 to 100.
    """

    row: int
    by: str
    likeness: int
    name: str
    company: str
    other_name: str
    other_company: str
    lead_id: LeadId | None = None
    company_id: CompanyId | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do; nothing is written yet. Long lists are cut, the counts are not.

    ``updates`` counts leads that are here and would change; ``duplicates`` rows that name somebody who is already
    here or stood in an earlier row; ``same`` those of them that bring nothing new; ``suppressed`` new leads that may
    not be called or mailed because of an earlier refusal. ``bases``: addresses for which a basis of mail is noted.
    """

    probe: Probe
    mapping: Columns
    options: ImportOptions
    rows: int
    creates: int
    updates: int
    same: int
    duplicates: int
    skipped: int
    companies_created: int
    companies_updated: int
    suppressed: int
    preview: tuple[PreviewRow, ...]
    duplicate_rows: tuple[PreviewRow, ...]
    near: tuple[Near, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    bases: int
    parsed: list[Parsed] = field(repr=False, compare=False)
    resolved: Resolved = field(repr=False, compare=False)
    token: tuple[int, ...] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, in counts as `ImportPlan` has them. ``journal_id`` None: there was nothing to write."""

    rows: int
    created: int
    updated: int
    same: int
    duplicates: int
    skipped: int
    companies_created: int
    companies_updated: int
    suppressed: int
    problems: tuple[Problem, ...]
    problem_count: int
    near_count: int
    batch_id: str
    journal_id: JournalId | None
    changes: Changes
    bases: int = 0
    encoding: str = ""
    delimiter: str = ""
