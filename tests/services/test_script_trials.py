"""Two wordings of a script under trial: begun, edited, heard by half of the leads each, and ended by taking one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.agreement import DEPARTMENTS
from isdesk.playbook.scripts import choose
from isdesk.services import agreeing, script_editing, script_trials
from isdesk.services.context import Context
from isdesk.services.script_editing import SCRIPT, Sheet, Tree
from isdesk.store import leads as stored
from tests.services.conftest import add

GENERAL = (*SCRIPT, "general")
BRIEF = "{{ company_sama }}、一つだけ伺います。"


@pytest.fixture
def sheet(ctx: Context) -> Sheet:
    return script_editing.begin(ctx)


def reworded(tree: Tree, code: str, text: str) -> Tree:
    made = script_trials.begun(tree, code)
    trial = made["trial"]
    assert isinstance(trial, dict)
    trial["text"][code] = text
    return made


@pytest.fixture
def tried(ctx: Context, sheet: Sheet) -> Sheet:
    """The opening has another wording under trial."""
    return script_editing.put(ctx, sheet, GENERAL, reworded(sheet.tree(GENERAL), "opening", BRIEF))


def texts(sheet: Sheet) -> dict[str, str]:
    found = sheet.script("general")
    assert found is not None
    return {phase.code: phase.text for phase in found.phases}


def test_another_wording_begins_as_the_own_one_and_has_to_differ(ctx: Context, sheet: Sheet) -> None:
    begun = script_trials.begun(sheet.tree(GENERAL), "opening")
    assert script_trials.reworded(begun) == ("opening",)
    made = script_editing.put(ctx, sheet, GENERAL, begun)
    assert [one.code for one in made.problems] == ["playbook_trial_same"]
    assert made.wrong(GENERAL)[0].path == ("trial",)


def test_a_trial_has_two_numbers_that_nobody_had(ctx: Context, tried: Sheet) -> None:
    found = tried.script("general")
    assert found is not None
    assert found.trial is not None
    assert (tried.problems, found.ref, found.trial.ref) == ((), "general@2", "general@3")
    more = script_editing.put(ctx, tried, GENERAL, reworded(tried.tree(GENERAL), "value", "別"))
    again = more.script("general")
    assert again is not None
    assert again.trial is not None
    assert (again.ref, again.trial.ref) == ("general@2", "general@3"), "nothing was agreed on in between"


def test_a_wrong_wording_is_shown_at_its_text(ctx: Context, sheet: Sheet) -> None:
    made = script_editing.put(ctx, sheet, GENERAL, reworded(sheet.tree(GENERAL), "opening", "一\n{{ compnay }}"))
    (wrong,) = made.wrong(GENERAL)
    assert (wrong.path, wrong.line) == (("trial", "text", "opening"), 2)


def test_taking_the_rival_makes_it_the_script_and_taking_the_own_one_changes_no_text(
    ctx: Context, sheet: Sheet, tried: Sheet
) -> None:
    own = script_editing.put(ctx, tried, GENERAL, script_trials.ended(tried.tree(GENERAL), rival=False))
    assert texts(own) == texts(sheet)
    assert agreeing.check(ctx, own.text).differences == ()
    rival = script_editing.put(ctx, tried, GENERAL, script_trials.ended(tried.tree(GENERAL), rival=True))
    assert texts(rival) == {**texts(sheet), "opening": BRIEF}
    assert [one.trial for one in rival.rules.scripts if one.code == "general"] == [None]


def test_a_step_beside_the_phases_is_tried_like_a_phase(ctx: Context, sheet: Sheet) -> None:
    tree = {**sheet.tree(GENERAL), "node": {"gate": {"after": "opening", "ja": "受付", "en": "Gate", "text": "A"}}}
    made = script_editing.put(ctx, sheet, GENERAL, reworded(tree, "gate", "B"))
    assert made.problems == ()
    over = script_editing.put(ctx, made, GENERAL, script_trials.ended(made.tree(GENERAL), rival=True))
    assert texts(over)["gate"] == "B"
    assert "trial" not in script_trials.dropped(made.tree(GENERAL), "gate")


def test_english_is_tried_beside_the_japanese(ctx: Context, sheet: Sheet) -> None:
    tree = {**sheet.tree(GENERAL), "text_en": {"opening": "Hello."}}
    made = reworded(tree, "opening", BRIEF)
    assert made["trial"] == {"text": {"opening": BRIEF}, "text_en": {"opening": "Hello."}}
    assert script_trials.ended(made, rival=True)["text_en"] == {"opening": "Hello."}


def test_the_share_is_that_of_the_leads_of_the_queue(ctx: Context, tried: Sheet) -> None:
    for n in range(30):
        add(ctx, f"鈴木 {n}", lead_source="list", company__industry="教育", phone_direct=f"03-3211-{n:04}")
    found = script_trials.shares(ctx, tried, "general")
    assert found is not None
    with ctx.store.read() as tx:
        everybody = [stored.many(tx, ids) for ids in stored.all_ids(tx)]
    heard = [choose(tried.rules.scripts, one) for page in everybody for one in page.values()]
    refs = [one.ref for one in heard if one is not None]
    assert (found.own, found.rival) == ("general@2", "general@3")
    assert found.leads == (refs.count("general@2"), refs.count("general@3"))
    assert min(found.leads) > 3
    assert found.calls == (0, 0)


def test_no_trial_has_no_shares(ctx: Context, sheet: Sheet) -> None:
    assert script_trials.shares(ctx, sheet, "general") is None


def test_the_preview_reads_each_and_says_which_the_lead_hears(ctx: Context, tried: Sheet) -> None:
    heard = set()
    for n in range(12):
        one = add(ctx, f"田中 {n}", lead_source="list", company__industry="教育", company__name="青葉精機株式会社")
        own, rival = (script_editing.walk(ctx, tried, "general", one, {}, rival=which) for which in (False, True))
        assert own is not None
        assert rival is not None
        said = "".join(word for word, _ in rival.script.phases[0].segments)
        assert said == "青葉精機さま、一つだけ伺います。"
        assert own.script.phases[0] != rival.script.phases[0]
        assert own.script.phases[1:] == rival.script.phases[1:]
        with ctx.store.read() as tx:
            chosen = choose(tried.rules.scripts, stored.many(tx, [one])[one])
        assert chosen is not None
        assert own.hears_rival == rival.hears_rival == (chosen.ref == "general@3")
        heard.add(own.hears_rival)
    assert heard == {True, False}


def test_a_trial_is_proposed_signed_ended_and_its_numbers_are_never_given_again(ctx: Context, tried: Sheet) -> None:
    ctx.me = replace(ctx.me, role="admin")
    proposal, _ = agreeing.propose(ctx, tried.text, date(2026, 12, 24), "導入を短くする")
    for department in DEPARTMENTS:
        agreeing.sign(ctx, proposal, department)
    over = script_editing.put(ctx, tried, GENERAL, script_trials.ended(tried.tree(GENERAL), rival=True))
    found = over.script("general")
    assert found is not None
    assert (found.ref, found.trial) == ("general@4", None)
    changed = script_editing.put(ctx, tried, GENERAL, reworded(tried.tree(GENERAL), "opening", "もっと短く。"))
    again = changed.script("general")
    assert again is not None
    assert again.trial is not None
    assert (again.ref, again.trial.ref) == ("general@4", "general@5"), "another text, so another number"


def test_a_rival_that_names_no_number_has_the_next_one_all_the_same() -> None:
    from isdesk.services.version_numbers import Taken

    assert Taken(4, {"version": 4, "trial": {"text": {"opening": "別"}}}).most == 5
    assert Taken(4, {"version": 4, "trial": {"version": 9}}).most == 9
    assert Taken(4, {"version": 4}).most == 4
