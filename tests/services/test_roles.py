"""What a role may not do is refused where it is done, whatever the window shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.roles import LABELS, ROLES, USUAL, Right
from isdesk.playbook import loads
from isdesk.services import bulk, definitions, exports, handoffs, history, leads
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, REP
from tests.services.test_handoffs import ready

LEAD = replace(REP, role="team_lead")


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as problem:
        act()
    assert problem.value.code in {"not_allowed", "export_not_allowed", "lift_needs_approval"}


def test_every_right_has_a_name_and_every_role_its_rights(ctx: Context) -> None:
    assert LABELS.keys() == set(Right)
    assert USUAL.keys() == set(ROLES)
    assert {role: frozenset(rights) for role, rights in ctx.rules.rights.items()} == {
        role: rights for role, rights in USUAL.items() if role != "admin"
    }


def test_leads_of_others_are_for_the_team_lead_to_give(ctx: Context, lead: LeadId) -> None:
    leads.assign(ctx, [lead], OTHER.id)
    refused(lambda: leads.assign(ctx, [lead], REP.id))
    refused(lambda: bulk.run(ctx, [lead], bulk.Step(bulk.ASSIGN, member_id=REP.id)))
    ctx.me = LEAD
    leads.assign(ctx, [lead], REP.id)
    assert leads.view(ctx, lead).fields["owner_id"] == REP.id


def test_a_do_not_call_is_lifted_by_nobody_in_passing(ctx: Context, lead: LeadId) -> None:
    leads.set_do_not_call(ctx, lead)
    refused(lambda: leads.edit(ctx, lead, {"dnc": None}))
    history.undo(ctx)
    assert not leads.view(ctx, lead).fields.get("dnc")


def test_fs_decides_and_a_rep_only_where_the_team_lets_them(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    rules = replace(ctx.rules, rights={**ctx.rules.rights, "rep": frozenset({"export"})})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    refused(lambda: handoffs.accept(ctx, lead))
    refused(lambda: handoffs.return_(ctx, lead, "info_missing"))
    ctx.me = FS
    handoffs.accept(ctx, lead)
    assert handoffs.view(ctx, lead).state == "accepted"


def test_definitions_and_exports_follow_the_rights(ctx: Context, lead: LeadId, tmp_path: Path) -> None:
    refused(lambda: definitions.choose(ctx, "smb"))
    rules = replace(ctx.rules, rights={**ctx.rules.rights, "rep": frozenset()})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    refused(lambda: exports.run(ctx, "leads", tmp_path / "leads.csv"))
    assert not (tmp_path / "leads.csv").exists()


def test_who_works_alone_may_do_everything(ctx: Context) -> None:
    ctx.members = {REP.id: REP}
    assert all(ctx.may(right) for right in Right)


def test_a_playbook_names_the_rights_and_a_wrong_one_has_its_line() -> None:
    head = 'extends = "default"\nname = "team"\nja = "x"\nen = "x"\n[role.rep]\n'
    book = loads(f'{head}rights = ["export"]\n', name="team")
    assert book.rules.rights["rep"] == frozenset({"export"})
    with pytest.raises(Exception, match="playbook_unknown_value") as problem:
        loads(f'{head}rights = ["exprot"]\n', name="team")
    assert problem.value.line == 6  # type: ignore[attr-defined]
