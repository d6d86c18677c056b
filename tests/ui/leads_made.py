"""Leads and lists for the tests of the pages."""

from __future__ import annotations

from pathlib import Path

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.services import leads
from isdesk.services.context import Context
from isdesk.store import members

OTHER = Member(MemberId("m-other"), "佐々木 葵", "rep", "sasaki@example.jp")


def add(ctx: Context, name: str, company: str = "青葉精機株式会社", **fields: Value) -> LeadId:
    """Make a lead."""
    given: dict[str, Value] = {"name": name, "company.name": company, "title": "課長"}
    given.update(fields)
    return leads.create(ctx, given)[0]


def colleague(ctx: Context) -> Member:
    """Let a second rep be in the team."""
    with ctx.store.write() as tx:
        members.put(tx, [OTHER])
    ctx.members[OTHER.id] = OTHER
    return OTHER


def listed(path: Path, lines: list[str], encoding: str = "cp932") -> Path:
    """Write a list as another program would."""
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path
