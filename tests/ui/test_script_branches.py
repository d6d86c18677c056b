"""The script leads by what was answered: Alt+→ goes where the branch leads, and the way is kept with the call."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.domain.filing import standing
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import SCRIPT_PATH
from isdesk.services import leads
from isdesk.store import filings
from isdesk.store import leads as stored
from tests.ui.test_call_page import Day
from ui.session import Session
from ui.views.call.kit import KeyButton
from ui.views.side.timeline_words import detail_of


@pytest.fixture
def day(session: Session, qtbot: QtBot) -> Day:
    for n in range(3):
        leads.create(
            session.ctx, {"name": f"教育 {n}", "phone_direct": f"03-3211-10{n:02d}", "company.industry": "教育"}
        )
    return Day(session, qtbot)


def at_work(day: Day) -> LeadId:
    """Bring the lead of the first school to work."""
    ctx = day.session.ctx
    wanted = next(key for key in day.page.queue.model.ids() if leads.view(ctx, key).fields["name"] == "教育 0")
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.rest()
    return wanted


def hear_issue(day: Day, lead: LeadId) -> None:
    ctx, work = day.session.ctx, day.page.work
    day.session.tasks.write(lambda: leads.edit(ctx, lead, {"issue": "集計に半日かかる"}))
    day.until(lambda: work.scene is not None and bool(work.scene.view.fields.get("issue")))
    day.rest()


def test_a_branch_that_holds_only_later_was_not_taken(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    for _ in range(2):
        day.press("script.next")
    assert work.phase is not None
    assert work.phase.code == "verify"
    hear_issue(day, wanted)
    day.press("script.next")
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, wanted})
    day.rest()
    with day.session.ctx.store.read() as tx:
        (one,) = standing(filings.of_kind(tx, SCRIPT_PATH))
    assert one.payload["path"] == ["opening", "value", "verify", "next"]


def test_a_branch_that_was_shown_and_not_followed_was_not_taken_and_one_that_was_left_stays(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    hear_issue(day, wanted)
    work.tabs.set_current(1)
    assert list(work.path) == ["opening", "value"]
    work.tabs.set_current(0)
    day.press("script.next")
    assert list(work.path) == ["opening:known_issue", "value", "verify"]
    ctx = day.session.ctx
    day.session.tasks.write(lambda: leads.edit(ctx, wanted, {"issue": None}))
    day.until(lambda: work.scene is not None and not work.scene.view.fields.get("issue"))
    day.rest()
    assert list(work.path) == ["opening:known_issue", "value", "verify"]


def test_the_next_call_with_the_same_lead_has_a_way_of_its_own(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    day.press("script.next")
    assert list(work.path) == ["opening", "value"]
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.page.controller.press_key("1", stay=True)
    day.until(lambda: not day.page.controller.busy)
    day.rest()
    assert day.here == wanted
    assert list(work.path) == ["value"]


def test_the_branch_is_said_and_followed_and_the_way_is_filed(day: Day) -> None:
    ctx = day.session.ctx
    wanted = next(key for key in day.page.queue.model.ids() if leads.view(ctx, key).fields["name"] == "教育 0")
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.rest()
    work = day.page.work
    assert not work.branch.isVisible()
    day.session.tasks.write(lambda: leads.edit(ctx, wanted, {"issue": "集計に半日かかる"}))
    day.until(lambda: work.branch.isVisible())
    day.rest()
    assert work.branch.text() == "分岐: 課題を前に聞いている → 3 検証質問(Alt+→)"
    day.press("script.next")
    assert work.phase is not None
    assert work.phase.code == "verify"
    assert list(work.path) == ["opening:known_issue", "verify"]
    assert work.tabs._done == {0}
    day.press("script.next")
    assert work.phase.code == "next"
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, wanted})
    day.rest()
    with ctx.store.read() as tx:
        (one,) = standing(filings.of_kind(tx, SCRIPT_PATH))
    assert one.payload == {"script": "general@1", "path": ["opening:known_issue", "verify", "next"]}
    assert one.lead_id == wanted
    assert list(work.path) == ["opening"]
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.rest()
    assert work.scene is not None
    item = next(one for one in work.scene.view.timeline if one.what == "touch")
    told = detail_of(item, work.scene)
    assert told.endswith("スクリプト v1: 導入(課題を前に聞いている) → 検証質問 → 次アクション")


def test_an_answer_never_changes_the_script_in_the_middle_of_a_conversation(day: Day) -> None:
    ctx = day.session.ctx
    wanted = next(key for key in day.page.queue.model.ids() if leads.view(ctx, key).fields["name"] == "教育 1")
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.rest()
    work = day.page.work

    def ref() -> str:
        return work.scene.script.ref if work.scene is not None and work.scene.script is not None else ""

    assert ref() == "general@1"
    day.session.tasks.write(lambda: leads.edit(ctx, wanted, {"competitor": "他社ツール"}))
    day.until(lambda: ref() == "competitor_renewal@1")
    day.session.tasks.write(lambda: leads.edit(ctx, wanted, {"competitor": None}))
    day.until(lambda: ref() == "general@1")
    day.rest()
    day.press("script.next")
    day.press("script.next")
    assert work.phase is not None
    assert work.phase.code == "verify"
    day.session.tasks.write(lambda: leads.edit(ctx, wanted, {"competitor": "他社ツール"}))
    day.until(lambda: work.scene is not None and work.scene.text("competitor") == "他社ツール")
    day.rest()
    assert ref() == "general@1"
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, wanted})
    day.rest()
    with ctx.store.read() as tx:
        (one,) = [f for f in standing(filings.of_kind(tx, SCRIPT_PATH)) if f.lead_id == wanted]
    assert one.payload == {"script": "general@1", "path": ["opening", "value", "verify"]}
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.until(lambda: ref() == "competitor_renewal@1")


def test_answers_go_into_fields_and_the_checklist_objections_are_counted_and_the_way_is_kept(day: Day) -> None:
    ctx = day.session.ctx
    wanted = next(key for key in day.page.queue.model.ids() if leads.view(ctx, key).fields["name"] == "教育 2")
    day.page.show_lead(wanted)
    day.until(lambda: day.here == wanted)
    day.rest()
    work = day.page.work
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.press("script.next")
    day.press("script.next")
    card = next(one for one in work.questions.cards if one.field == "adoption_timing")
    button = next(one for one in card.findChildren(KeyButton) if one.text() == "未定")
    day.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    day.until(lambda: work.branch.isVisible())
    day.rest()
    assert work.branch.text() == "分岐: 時期が決まっていない → 4 次アクション(Alt+→)"
    lines = {one.ja: one for one in leads.view(ctx, wanted).checklist}
    assert lines["検討時期"].done
    assert "未定" in lines["検討時期"].value
    day.press("script.objection.1")
    day.press("script.objection.1")
    day.press("script.objection.3")
    day.press("script.next")
    day.press("outcome.1")
    day.until(lambda: day.here not in {None, wanted})
    day.rest()
    view = leads.view(ctx, wanted)
    assert view.fields["adoption_timing"] == "undecided"
    touch = next(one.touch for one in view.timeline if one.touch is not None)
    assert (touch.outcome, touch.objections, touch.script) == ("NO_ANSWER", ("no_budget", "busy"), "general@1")
    with ctx.store.read() as tx:
        (filed,) = [one for one in standing(filings.of_kind(tx, SCRIPT_PATH)) if one.lead_id == wanted]
    assert filed.payload["path"] == ["opening", "value", "verify:undecided", "next"]


def test_the_step_right_after_an_answer_goes_where_the_answer_leads(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    for _ in range(2):
        day.press("script.next")
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    card = next(one for one in work.questions.cards if one.field == "adoption_timing")
    button = next(one for one in card.findChildren(KeyButton) if one.text() == "未定")
    day.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    day.press("script.next")
    day.until(lambda: work.phase is not None and work.phase.code == "next")
    assert work.path[-2:] == ("verify:undecided", "next")
    assert leads.view(day.session.ctx, wanted).fields["adoption_timing"] == "undecided"


def test_two_steps_right_after_an_answer_are_two(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    day.page.controller.keeper.answer(wanted, "issue", "集計に半日かかる")
    day.press("script.next")
    day.press("script.next")
    day.rest()
    assert list(work.path) == ["opening:known_issue", "verify", "next"]
    assert work.phase is not None
    assert work.phase.code == "next"


def test_a_step_that_waits_ends_with_its_call(day: Day) -> None:
    wanted, work, free = at_work(day), day.page.work, Event()
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.rest()
    day.session.tasks.write(free.wait)
    day.page.controller.keeper.answer(wanted, "issue", "集計に半日かかる")
    day.press("script.next")
    day.page.controller.press_key("1", stay=True)
    free.set()
    day.until(lambda: not day.page.controller.busy)
    day.rest()
    assert day.here == wanted
    assert list(work.path) == ["opening"], "the next call begins where the page stands"
    day.press("script.next")
    assert list(work.path) == ["opening:known_issue", "verify"]


def test_the_way_back_is_the_way_that_was_come(day: Day) -> None:
    wanted, work = at_work(day), day.page.work
    hear_issue(day, wanted)
    day.press("script.next")
    assert list(work.path) == ["opening:known_issue", "verify"]
    day.press("script.previous")
    assert work.phase is not None
    assert work.phase.code == "opening"
    assert list(work.path) == ["opening:known_issue", "verify"]


def test_the_next_call_with_the_same_lead_has_objections_and_a_party_of_its_own(day: Day) -> None:
    ctx, work = day.session.ctx, day.page.work
    wanted = at_work(day)
    day.press("call.dial")
    day.until(lambda: day.page.controller.busy)
    day.press("script.objection.1")
    day.press("call.reached")
    assert day.page.work.bar.reached is not None
    day.page.controller.press_key("1", stay=True)
    day.until(lambda: not day.page.controller.busy)
    day.rest()
    assert work.bar.reached is None
    assert work.objections.open_code == ""
    day.page.controller.press_key("1", stay=True)

    def counted() -> list[int]:
        with ctx.store.read() as tx:
            return [len(one.objections) for one in stored.touches(tx, wanted)]

    day.until(lambda: counted() == [1, 0])
    day.rest()


def test_another_script_of_the_same_lead_is_drawn_with_its_own_steps(day: Day) -> None:
    work = day.page.work
    at_work(day)
    day.press("script.next")
    assert work.scene is not None
    assert work.scene.script is not None
    script = work.scene.script
    other = replace(script, phases=(replace(script.phases[1], ja="価値"), *script.phases[3:]))
    work.set_scene(replace(work.scene, script=other))
    assert work.phase is not None
    assert work.phase.code == "value"
    assert work.tabs.count() == 2
    work.set_scene(replace(work.scene, script=None))
    assert not work.tabs.isVisible()
    work.set_scene(replace(work.scene, script=script))
    assert work.tabs.isVisible()
    assert work.tabs.count() == len(script.phases)
