"""Branches of a script by what was answered, forward only; the way taken is filed about the touch."""

from __future__ import annotations

import pytest

from isdesk import playbook
from isdesk.domain.errors import PlaybookError
from isdesk.domain.filing import standing
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import SCRIPT_PATH
from isdesk.services import calls, history, leads, scripts
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.scripts import RenderedPhase
from isdesk.store import filings
from tests.services.conftest import add

BRANCH = """
extends = "default"
name = "team"
number = 2
ja = "チーム"
en = "Team"
[script.general.branch.later]
phase = "{phase}"
to = "{to}"
ja = "時期が先"
en = "Later"
text = "{text}"
[script.general.branch.later.when.timing]
field = "{field}"
equals = "over_12_months"
"""


def phases(ctx: Context, lead: LeadId) -> dict[str, RenderedPhase]:
    found = scripts.rendered(ctx, lead)
    assert found is not None
    return {one.code: one for one in found.phases}


@pytest.fixture
def cold(ctx: Context) -> LeadId:
    """A lead for the general script."""
    return add(ctx, "佐藤 花子", lead_source="list", company__industry="教育")


def test_an_answer_chooses_what_is_said_and_where_it_leads(ctx: Context, cold: LeadId) -> None:
    before = phases(ctx, cold)
    assert {one.branch for one in before.values()} == {""}
    leads.edit(ctx, cold, {"issue": "集計に半日かかる", "adoption_timing": "undecided"})
    after = phases(ctx, cold)
    assert (after["opening"].branch, after["opening"].to) == ("known_issue", "verify")
    assert ("集計に半日かかる", True) in after["opening"].segments
    assert after["opening"].blocks[: len(before["opening"].blocks)] == before["opening"].blocks
    assert (after["verify"].branch, after["verify"].to) == ("undecided", "next")


def test_the_way_is_filed_about_the_touch_with_the_version_and_goes_with_undo(ctx: Context, cold: LeadId) -> None:
    path = ("opening:known_issue", "verify")
    done = calls.record(ctx, cold, "NO_ANSWER", RecordInput(script="general@1", path=path))

    def filed() -> list[object]:
        with ctx.store.read() as tx:
            return [one.payload for one in standing(filings.of_kind(tx, SCRIPT_PATH)) if one.subject == done.touch_id]

    assert filed() == [{"script": "general@1", "path": list(path)}]
    (item,) = [one for one in leads.view(ctx, cold).timeline if one.what == "touch"]
    assert item.told == {"script": "general@1", "path": list(path)}
    history.undo(ctx)
    assert filed() == []
    calls.record(ctx, cold, "NO_ANSWER", RecordInput(path=path))
    with ctx.store.read() as tx:
        assert standing(filings.of_kind(tx, SCRIPT_PATH)) == []


@pytest.mark.parametrize(
    ("phase", "to", "text", "field", "code"),
    [
        ("verify", "opening", "では", "adoption_timing", "playbook_branch_backward"),
        ("verify", "verify", "では", "adoption_timing", "playbook_branch_backward"),
        ("opening", "next", "{{ nobody }}", "adoption_timing", "playbook_template_unknown_variable"),
        ("opening", "next", "では", "nothing", "playbook_unknown_value"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(phase: str, to: str, text: str, field: str, code: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        playbook.loads(BRANCH.format(phase=phase, to=to, text=text, field=field), name="team")
    assert refused.value.code == code
    assert refused.value.params["more"] == ()
    assert "branch.later" in refused.value.key
    assert refused.value.line > 5


def test_a_branch_may_leave_phases_out(ctx: Context) -> None:
    made = playbook.loads(
        BRANCH.format(phase="opening", to="next", text="では", field="adoption_timing"), name="team"
    ).rules.scripts
    general = next(one for one in made if one.code == "general")
    assert [(one.code, one.to) for one in general.branches][-1] == ("later", "next")


NODE = """
extends = "default"
name = "team"
number = 2
ja = "チーム"
en = "Team"
[script.general.node.compare]
after = "verify"
ja = "他社との比較"
text = "{{ current_method }}では、どこが手作業ですか。"
questions = ["current_method"]
[script.general.branch.other]
phase = "verify"
to = "compare"
ja = "他社を使っている"
[script.general.branch.other.when.current_method]
field = "current_method"
present = true
"""


def test_a_step_beside_the_phases_is_led_to_by_an_answer_alone(ctx: Context, cold: LeadId) -> None:
    ctx.playbook = playbook.loads(NODE, name="team", years=(2026, 2027))
    before = phases(ctx, cold)
    assert list(before) == ["opening", "value", "verify", "compare", "next"]
    assert [one.to for one in before.values()] == ["value", "verify", "next", "next", ""]
    assert before["compare"].aside
    assert [q.code for q in before["compare"].questions] == ["current_method"]
    leads.edit(ctx, cold, {"current_method": "Excel"})
    assert (phases(ctx, cold)["verify"].branch, phases(ctx, cold)["verify"].to) == ("other", "compare")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("node.compare", "node.verify", "playbook_node_name"),
        ('questions = ["current_method"]', 'questions = ["nothing"]', "playbook_unknown_value"),
        ('to = "compare"', 'to = "nowhere"', "playbook_unknown_value"),
        ('after = "verify"', 'after = "opening"', "playbook_branch_backward"),
        ("{{ current_method }}", "{{ nobody }}", "playbook_template_unknown_variable"),
    ],
)
def test_what_is_wrong_with_a_step_is_told_where_it_is(old: str, new: str, code: str) -> None:
    with pytest.raises(PlaybookError) as refused:
        playbook.loads(NODE.replace(old, new), name="team")
    found = (refused.value, *refused.value.params["more"])  # type: ignore[misc]
    assert code in {one.code.removesuffix("_like") for one in found}
    assert all(one.key.startswith("script.general.") and one.line > 6 for one in found)
