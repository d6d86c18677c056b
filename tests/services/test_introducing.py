"""The introduction fills itself from what the program knows; the rest is ticked by hand, with who and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from isdesk.clock import TOKYO
from isdesk.domain import agreement, alignment
from isdesk.domain.changes import Value, Verb
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import LeadId, MemberId, TouchId
from isdesk.domain.member import Member
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.services import calls, history, introducing, introduction_paper
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.services.introducing import PointView, StepView
from isdesk.store import journal
from tests.services.conftest import OTHER, REP, HandClock
from tests.services.test_handoffs import ready
from tests.services.test_team import distinct

START = date(2026, 11, 24)
LEAD = Member(MemberId("m-lead"), "森 恵", "team_lead", "mori@example.jp")
ADMIN = Member(MemberId("m-admin"), "岡 誠", "admin", "oka@example.jp")


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """The desk of a team lead."""
    ctx.members |= {LEAD.id: LEAD}
    ctx.me = LEAD
    return ctx


def step(ctx: Context, code: str) -> StepView:
    return next(one for one in introducing.board(ctx).steps if one.step.code == code)


def point(ctx: Context, code: str) -> PointView:
    made = introducing.board(ctx)
    return next(one for one in (*made.readiness, *made.symptoms) if one.point.code == code)


def file(ctx: Context, kind: str, subject: str, payload: dict[str, Value], who: Member = LEAD) -> None:
    with ctx.store.write() as tx:
        entry = head(ctx, tx, Verb.INTRODUCTION)
        one = Filing(ctx.ids.new(), kind, subject, who.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
                     None, payload, entry.id)  # fmt: skip
        journal.append(tx, entry, filings=[one])


def agree(ctx: Context, number: int = 1) -> None:
    text = f'extends = "default"\nname = "team"\nnumber = {number}\nja = "a"\nen = "a"\n'
    propose: dict[str, Value] = {
        "step": "propose",
        "text": text,
        "effective": "2026-11-20",
        "version": f"team@{number}",
    }
    file(ctx, agreement.KIND, f"p{number}", propose)
    for department in agreement.DEPARTMENTS:
        file(ctx, agreement.KIND, f"p{number}", {"step": "sign", "department": department})


def refused(code: str, act: object, *args: object, **named: object) -> None:
    with pytest.raises((Refused, BadInput)) as problem:
        act(*args, **named)  # type: ignore[operator]
    assert problem.value.code == code


def test_an_empty_desk_has_nothing_done_but_its_people(ctx: Context) -> None:
    made = introducing.board(ctx)
    assert (made.start, made.phase, made.day, made.found, made.redesign) == (None, 0, None, 0, False)
    assert [one.step.code for one in made.steps if one.done] == ["roles"]
    assert all(one.due is None for one in made.steps)
    assert point(ctx, "signals_unused").answer is None


def test_the_start_gives_every_step_its_date(ctx: Context, clock: HandClock) -> None:
    introducing.set_start(ctx, START)
    scaling = step(ctx, "scaling")
    assert (scaling.due, scaling.late) == (START + timedelta(days=90), False)
    clock.go(days=91)
    made = introducing.board(ctx)
    assert (made.day, made.phase, step(ctx, "scaling").late) == (91, 4, True)
    assert not step(ctx, "roles").late
    history.undo(ctx)
    assert introducing.board(ctx).start is None


def test_the_start_is_the_admins_where_there_is_one(ctx: Context) -> None:
    ctx.members[ADMIN.id] = ADMIN
    refused("not_allowed", introducing.set_start, ctx, START)
    ctx.me = ADMIN
    introducing.set_start(ctx, START)
    assert introducing.board(ctx).start == START


def test_a_step_is_ticked_by_hand_with_who_and_when(ctx: Context) -> None:
    introducing.mark(ctx, "step", "materials", yes=True)
    found = step(ctx, "materials")
    assert (found.done, found.by_data, found.marked_by) == (True, False, LEAD.name)
    assert found.mark is not None
    assert found.mark.at == ctx.now()
    introducing.mark(ctx, "step", "materials", yes=None)
    assert not step(ctx, "materials").done
    history.undo(ctx)
    assert step(ctx, "materials").done
    ctx.me = REP
    refused("not_allowed", introducing.mark, ctx, "step", "materials", yes=True)


def test_what_the_data_say_is_not_answered_by_hand(ctx: Context) -> None:
    assert step(ctx, "roles").by_data
    refused("introduction_by_data", introducing.mark, ctx, "step", "roles", yes=True)
    refused("introduction_by_data", introducing.mark, ctx, "readiness", "crm", yes=True)
    refused("introduction_unknown", introducing.mark, ctx, "step", "nothing", yes=True)
    refused("introduction_unknown", introducing.mark, ctx, "mood", "sla", yes=True)


def test_a_step_is_given_to_somebody_by_a_day(ctx: Context) -> None:
    introducing.assign(ctx, "materials", OTHER.id, date(2026, 12, 24))
    found = step(ctx, "materials")
    assert (found.owner, found.due, found.own_due) == (OTHER.name, date(2026, 12, 24), date(2026, 12, 24))
    introducing.assign(ctx, "materials", None, None)
    assert (step(ctx, "materials").owner, step(ctx, "materials").due) == ("", None)
    with pytest.raises(NotFound):
        introducing.assign(ctx, "materials", MemberId("nobody"), None)


def test_history_and_signals_are_seen_with_their_records(ctx: Context) -> None:
    one = distinct(ctx, 1)
    assert point(ctx, "signals_unused").answer is True
    calls.record(ctx, one, "NO_ANSWER")
    assert step(ctx, "history").done
    assert not step(ctx, "baseline").done
    with ctx.store.write() as tx:
        entry = head(ctx, tx, Verb.SIGNAL, lead_id=one)
        seen = Touch(TouchId(ctx.ids.new()), one, None, REP.id, ctx.device_id, entry.device_seq, ctx.now(),
                     channel=Channel.WEB, direction=Direction.IN, signal="download")  # fmt: skip
        journal.append(tx, entry, touches=[seen])
    found = step(ctx, "signals")
    assert found.finding is not None
    assert (found.done, [record.lead_id for record in found.finding.records]) == (True, [one])
    assert point(ctx, "signals_unused").answer is False


def test_definitions_that_were_agreed_on_count(ctx: Context) -> None:
    codes = ("icp", "stages", "targets", "sla")
    assert not any(step(ctx, code).done for code in codes)
    agree(ctx)
    assert all(step(ctx, code).by_data for code in codes)
    assert point(ctx, "stages").answer is True
    assert not step(ctx, "revision").done
    agree(ctx, 2)
    assert step(ctx, "revision").done


def test_meetings_are_counted_each_once(ctx: Context, clock: HandClock) -> None:
    introducing.set_start(ctx, START)
    for week in range(4):
        monday = alignment.first_day(alignment.WEEK, ctx.now().astimezone(TOKYO).date())
        about = alignment.meeting_id(alignment.WEEK, monday)
        file(ctx, alignment.KIND, about, {"step": "decide", "text": "SLAを2時間に"})
        finding = step(ctx, "review_rhythm").finding
        assert finding is not None
        assert len(finding.records) == week, "what is being prepared was not held"
        file(ctx, alignment.KIND, about, {"step": "close"})
        clock.go(days=7)
    assert step(ctx, "weekly_review").done
    assert step(ctx, "review_rhythm").done
    assert point(ctx, "one_reviewer").answer is True
    monday = alignment.first_day(alignment.WEEK, ctx.now().astimezone(TOKYO).date())
    file(ctx, alignment.KIND, alignment.meeting_id(alignment.WEEK, monday), {"step": "close"}, OTHER)
    assert point(ctx, "one_reviewer").answer is False
    clock.go(days=20)
    assert not step(ctx, "weekly_review").done
    assert step(ctx, "review_rhythm").done


def test_what_fs_says_answers_reasons_and_repeated_questions(ctx: Context) -> None:
    from isdesk.services import handoffs

    made: list[LeadId] = []
    for n in range(5):
        one = distinct(ctx, n)
        ready(ctx, one)
        handoffs.submit(ctx, one)
        handoffs.accept(ctx, one)
        handoffs.feedback(ctx, one, "lost", factor="competitor", reasked=["budget"] if n < 2 else [])
        made.append(one)
    assert step(ctx, "loss_reasons").done
    asked = point(ctx, "reasked")
    assert asked.finding is not None
    assert (asked.answer, {record.lead_id for record in asked.finding.records}) == (True, set(made[:2]))


def test_three_symptoms_mean_a_redesign(ctx: Context, lead: LeadId) -> None:
    for code in ("reasked", "private_lists", "one_reviewer"):
        introducing.mark(ctx, "symptom", code, yes=True)
    made = introducing.board(ctx)
    assert (made.found, made.redesign) == (4, True)
    html = introduction_paper.html(ctx, made)
    assert "症状が4つあります" in html
    assert "自動" not in html
    introducing.mark(ctx, "symptom", "private_lists", yes=False)
    introducing.mark(ctx, "symptom", "one_reviewer", yes=False)
    assert not introducing.board(ctx).redesign


def test_the_document_says_it_in_both_languages(ctx: Context) -> None:
    introducing.set_start(ctx, START)
    introducing.mark(ctx, "step", "materials", yes=True)
    ja = introduction_paper.html(ctx, introducing.board(ctx))
    en = introduction_paper.html(ctx, introducing.board(ctx, "en"), "en")
    assert "61〜90日" in ja
    assert f"{LEAD.name} が 2026-11-24 に記入" in ja
    assert "Self-assessment" in en
    assert "noted by" in en


def test_who_may_not_see_the_team_sees_none_of_it(ctx: Context) -> None:
    rules = replace(ctx.rules, rights={**ctx.rules.rights, "team_lead": frozenset()})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    refused("not_allowed", introducing.board, ctx)
