"""The team's definitions as a service: document, presets, differences, the choice and what follows from it."""

from __future__ import annotations

from dataclasses import replace

from isdesk.services import definitions, leads
from isdesk.services.context import Context
from isdesk.store import lead_list, meta
from tests.services.conftest import add


def test_the_sections_are_those_of_the_document(ctx: Context) -> None:
    html = definitions.document(ctx, "ja", {"dim": "#123456"})
    found = definitions.sections(html)
    assert "#123456" in html
    assert [one.anchor for one in found][:3] == ["stages", "sla", "outcomes"]
    assert all(one.title for one in found)


def test_a_preset_differs_from_itself_in_nothing(ctx: Context) -> None:
    assert definitions.compare(ctx, "default") == ()
    keys = {one.key for one in definitions.compare(ctx, "smb")}
    assert "caps.per_contact_cycle" in keys
    assert "ja" not in keys


def test_a_choice_is_kept_and_every_lead_waits_to_be_derived(ctx: Context) -> None:
    ctx.me = replace(ctx.me, role="team_lead")
    made = [add(ctx, f"氏名 {n}") for n in range(3)]
    assert definitions.about(ctx).name == "default"
    written = definitions.choose(ctx, "smb")
    assert written.changes.playbook
    assert definitions.about(ctx).name == "smb"
    with ctx.store.read() as tx:
        assert lead_list.unscored(tx) == 3
        assert meta.text(tx, definitions.CHOSEN) == "smb"
    changes, left = definitions.derive_some(ctx)
    assert left == 0
    assert changes.leads == frozenset(made)
    assert leads.view(ctx, made[0]).state.open


def test_values_are_worded_as_the_file_has_them() -> None:
    assert definitions.worded(None) == ""
    assert definitions.worded("標準") == "標準"
    assert definitions.worded([1, "い"]) == '[1, "い"]'
    assert definitions.worded(True) == "true"
