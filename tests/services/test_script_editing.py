"""Editing scripts and mail templates part by part: one draft, one road to a version, a preview that records nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk import playbook
from isdesk.domain.agreement import DEPARTMENTS
from isdesk.domain.errors import PlaybookError, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import agreeing, leads, script_editing
from isdesk.services.context import Context
from isdesk.services.script_editing import MAIL, SCRIPT, Sheet, Tree
from tests.services.conftest import add

GENERAL = (*SCRIPT, "general")
LATER = date(2026, 12, 24)


@pytest.fixture
def sheet(ctx: Context) -> Sheet:
    return script_editing.begin(ctx)


@pytest.fixture
def cold(ctx: Context) -> LeadId:
    return add(ctx, "佐藤 花子", lead_source="list", company__industry="教育")


def with_text(tree: Tree, **texts: str) -> Tree:
    known = tree["text"]
    assert isinstance(known, dict)
    return {**tree, "text": {**known, **texts}}


def test_a_changed_text_is_the_next_version_and_changes_nothing_else(ctx: Context, sheet: Sheet) -> None:
    tree = sheet.tree(GENERAL)
    once = script_editing.put(ctx, sheet, GENERAL, with_text(tree, opening="**一**\n二\n"))
    twice = script_editing.put(ctx, once, GENERAL, with_text(once.tree(GENERAL), opening="三"))
    found = agreeing.check(ctx, twice.text)
    assert {one.key: one.after for one in found.differences} == {
        "script.general.version": 2,
        "script.general.text.opening": "三",
    }
    back = script_editing.put(ctx, twice, GENERAL, tree)
    assert agreeing.check(ctx, back.text).differences == ()


def test_a_rival_version_keeps_a_number_of_its_own(ctx: Context, sheet: Sheet) -> None:
    tree = {**sheet.tree(GENERAL), "trial": {"version": 2, "text": {"opening": "別"}}}
    made = script_editing.put(ctx, sheet, GENERAL, tree)
    found = made.script("general")
    assert found is not None
    assert found.trial is not None
    assert (made.problems, found.version, found.trial.version) == ((), 2, 3)


def opening(ctx: Context, sheet: Sheet, text: str) -> Sheet:
    return script_editing.put(ctx, sheet, GENERAL, with_text(sheet.tree(GENERAL), opening=text))


def version(text: str) -> int:
    return next(one.version for one in playbook.loads(text, name="team").rules.scripts if one.code == "general")


def agree(ctx: Context, text: str, day: date) -> None:
    proposal, _ = agreeing.propose(ctx, text, day, "x")
    for department in DEPARTMENTS:
        agreeing.sign(ctx, proposal, department)


def test_two_texts_never_have_one_number(ctx: Context, sheet: Sheet) -> None:
    ctx.me = replace(ctx.me, role="admin")
    first, second, third = (opening(ctx, sheet, text) for text in ("A案", "B案", "C案"))
    waiting, _ = agreeing.propose(ctx, second.text, LATER, "x")
    agree(ctx, first.text, LATER)
    with pytest.raises(Refused) as told:
        agreeing.propose(ctx, third.text, LATER, "x")
    assert (told.value.code, told.value.params) == (
        "proposal_version", {"key": "script.general", "version": 2, "known": 2, "free": 3},
    )  # fmt: skip
    with pytest.raises(Refused) as told:
        agreeing.sign(ctx, waiting, DEPARTMENTS[0])
    assert told.value.code == "proposal_version"
    anew = opening(ctx, sheet, "B案")
    assert version(anew.text) == 3
    assert version(opening(ctx, sheet, "A案").text) == 2
    agree(ctx, anew.text, LATER)
    assert version(opening(ctx, sheet, "A案").text) == 4


def comes_into_force(ctx: Context, text: str) -> None:
    agree(ctx, text, date.fromisoformat(ctx.today()))
    assert agreeing.take_over(ctx)
    ctx.playbook = playbook.loads(text, name="team")


def test_a_draft_is_carried_over_to_what_came_into_force_since(ctx: Context, sheet: Sheet) -> None:
    ctx.me = replace(ctx.me, role="admin")
    staffing = (*SCRIPT, "staffing")
    mine = opening(ctx, sheet, "私の文")
    mine = script_editing.put(ctx, mine, (*MAIL, "first"), {**mine.tree((*MAIL, "first")), "subject": "私の件名"})
    agreeing.keep_draft(ctx, mine.text)
    theirs = opening(ctx, sheet, "他の人の文")
    theirs = script_editing.put(ctx, theirs, staffing, {**theirs.tree(staffing), "ja": "他の人の名前"})
    comes_into_force(ctx, theirs.text + "[sla]\nfeedback_days = 9\n")
    found = script_editing.begin(ctx)
    assert (found.moved, found.both, found.base) == (script_editing.CARRIED, (GENERAL,), agreeing.text_in_force(ctx))
    assert {one.key: one.after for one in agreeing.check(ctx, found.text).differences} == {
        "script.general.version": 3,
        "script.general.text.opening": "私の文",
        "mail.template.first.version": 2,
        "mail.template.first.subject": "私の件名",
    }
    again = script_editing.begin(ctx)
    assert (again.text, again.moved) == (found.text, "")


def test_a_draft_of_more_than_parts_is_left_and_says_so(ctx: Context, sheet: Sheet) -> None:
    ctx.me = replace(ctx.me, role="admin")
    mine = sheet.text + "[sla]\nfeedback_days = 9\n"
    agreeing.keep_draft(ctx, mine)
    comes_into_force(ctx, opening(ctx, sheet, "他の人の文").text)
    for _ in range(2):
        found = script_editing.begin(ctx)
        assert (found.text, found.moved, found.base) == (mine, script_editing.LEFT, sheet.text)


def test_a_number_never_goes_back(ctx: Context, sheet: Sheet) -> None:
    ctx.me = replace(ctx.me, role="admin")
    today, old = date.fromisoformat(ctx.today()), opening(ctx, sheet, "一")
    for text in ("二", "三"):
        made = opening(ctx, script_editing.begin(ctx), text)
        agree(ctx, made.text, today)
        agreeing.take_over(ctx)
        ctx.playbook = playbook.loads(made.text, name="team")
    assert version(made.text) == 3
    for text in (old.text, sheet.text):
        with pytest.raises(Refused) as told:
            agreeing.propose(ctx, text, LATER, "x")
        assert told.value.code == "proposal_version"
    assert version(opening(ctx, sheet, "一").text) == 4


def test_what_is_wrong_is_told_in_the_part_on_its_line(ctx: Context, sheet: Sheet) -> None:
    tree = with_text(sheet.tree(GENERAL), value="一\n{{ comapny }}\n", next="{{ name.upper }}")
    made = script_editing.put(ctx, sheet, GENERAL, tree)
    assert [(w.path, w.line, w.error.code) for w in made.wrong(GENERAL)] == [
        (("text", "value"), 2, "playbook_template_unknown_variable_like"),
        (("text", "next"), 1, "playbook_template_forbidden"),
    ]
    assert made.wrong((*SCRIPT, "staffing")) == ()
    assert made.script("general") is not None
    with pytest.raises(PlaybookError):
        playbook.loads(made.text, name="team")


def test_the_way_to_force_is_the_signed_one(ctx: Context, sheet: Sheet, cold: LeadId) -> None:
    ctx.me = replace(ctx.me, role="admin")
    made = script_editing.put(ctx, sheet, GENERAL, with_text(sheet.tree(GENERAL), opening="新しい"))
    agreeing.keep_draft(ctx, made.text)
    assert script_editing.begin(ctx).text == made.text
    proposal, _ = agreeing.propose(ctx, made.text, date.fromisoformat(ctx.today()), "切り出しを短く")
    assert not agreeing.take_over(ctx)
    for department in DEPARTMENTS:
        agreeing.sign(ctx, proposal, department)
    assert agreeing.take_over(ctx)
    assert agreeing.text_in_force(ctx) == made.text


def test_parts_are_added_and_taken_out(ctx: Context, sheet: Sheet) -> None:
    code, tree = script_editing.new_script(sheet, "Retail 小売")
    made = script_editing.put(ctx, sheet, (*SCRIPT, code), tree)
    assert (code, made.problems) == ("retail", ())
    assert code in made.codes(SCRIPT)
    gone = script_editing.put(ctx, made, (*SCRIPT, code), None)
    assert gone.text == sheet.text
    gone = script_editing.put(ctx, sheet, (*SCRIPT, "staffing"), None)
    assert "staffing" not in gone.codes(SCRIPT)
    assert gone.problems == ()
    code, tree = script_editing.new_template(sheet, "お礼")
    made = script_editing.put(ctx, sheet, (*MAIL, code), tree)
    assert (code, made.problems, made.codes(MAIL)[-1]) == ("mail", (), "mail")


def test_a_form_that_only_the_text_can_change_is_told(ctx: Context) -> None:
    text = 'extends = "default"\nname = "team"\nja = "甲"\nen = "A"\nscript.general.rank = 3\n'
    sheet = script_editing.read(text)
    with pytest.raises(PlaybookError) as told:
        script_editing.put(ctx, sheet, GENERAL, sheet.tree(GENERAL))
    assert told.value.code == "definitions_by_hand"


def test_a_walk_answers_branches_and_fills_the_checklist_and_records_nothing(
    ctx: Context, sheet: Sheet, cold: LeadId
) -> None:
    first = script_editing.walk(ctx, sheet, "general", cold, {})
    assert first is not None
    assert first.chosen
    assert first.script.phases[0].to == "value"
    then = script_editing.walk(ctx, sheet, "general", cold, {"issue": "集計に半日"})
    assert then is not None
    assert (then.script.phases[0].branch, then.script.phases[0].to) == ("known_issue", "verify")
    assert then.values["issue"] == "集計に半日"
    assert [ja for ja, _, done, fresh in then.filled if fresh] == ["課題"]
    assert leads.view(ctx, cold).fields.get("issue") is None
    other = script_editing.walk(ctx, sheet, "staffing", cold, {})
    assert other is not None
    assert not other.chosen
    assert script_editing.lead_for(ctx, sheet, "general") == cold


def test_a_broken_text_is_told_in_the_walk(ctx: Context, sheet: Sheet, cold: LeadId) -> None:
    made = script_editing.put(ctx, sheet, GENERAL, with_text(sheet.tree(GENERAL), next="一\n{{ nobody }}"))
    found = script_editing.walk(ctx, made, "general", cold, {})
    assert found is not None
    assert {code: (told.code, told.params["line"]) for code, told in found.broken.items()} == {
        "next": ("template_unknown_variable", 2)
    }
    assert [bool(one.blocks) for one in found.script.phases] == [True, True, True, False]


def test_a_mail_reads_for_a_lead_and_what_is_wrong_with_it_is_told(ctx: Context, sheet: Sheet, cold: LeadId) -> None:
    leads.edit(ctx, cold, {"name": "甲\nBcc: x@evil.example <b>乙</b>"})
    first = (*MAIL, "first")
    made = script_editing.put(ctx, sheet, first, {**sheet.tree(first), "subject": "{{ name }}様へ"})
    subject, body, _ = script_editing.mail_for(ctx, made, "first", cold)
    assert "\n" not in subject
    assert subject.startswith("甲 Bcc:")
    assert "佐藤" not in body
    long = script_editing.put(ctx, sheet, first, {**sheet.tree(first), "subject": "あ" * 41})
    assert [(w.path, w.error.code) for w in long.wrong(first)] == [(("subject",), "playbook_mail_subject_long")]
    lines = script_editing.put(ctx, sheet, first, {**sheet.tree(first), "subject": "あ\nBcc: x@evil.example"})
    assert [w.error.code for w in lines.wrong(first)] == ["playbook_mail_subject_lines"]
