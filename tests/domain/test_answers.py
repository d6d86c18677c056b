"""What came back by mail sets the next action: a reply today, a bounce and an opt-out by telephone; promises stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from isdesk.domain.answers import BOUNCE, OPT_OUT, REPLY
from isdesk.domain.deriving import derive
from isdesk.domain.queue import LOOSE, place
from isdesk.domain.rules import Label, SignalRule
from isdesk.domain.state import DialDay, LeadFacts, NextAction
from isdesk.domain.touch import ActionKind, Channel, Plan, Touch
from isdesk.domain.windows import fit_soft
from tests.domain.sample import CALENDAR, MY_DEVICE, NOW, RULES, lead, placed, signal, state_of, step, touch

LATER = NOW + timedelta(days=9)
HOT = SignalRule(REPLY, Label("返信", "reply"), 30, half_life_days=10.0, cap=45, hot_hours=24.0)


def back(code: str, hours: float = 1) -> Touch:
    return signal(NOW + timedelta(hours=hours), code)


def wrote(hours: float) -> Touch:
    return touch(NOW + timedelta(hours=hours), None, channel=Channel.MAIL, number=None)


def planned(kind: ActionKind | None, why: str = "plan:X") -> Touch:
    return touch(NOW, "X", plan=Plan(kind, LATER if kind is not None else None, why))


def action(*touches: Touch, facts: LeadFacts | None = None) -> NextAction | None:
    return state_of(facts, list(touches), now=NOW + timedelta(days=1)).next_action


@pytest.mark.parametrize(
    "before", [None, *(k for k in ActionKind if k.value in {"retry", "nurture", "callback_loose", "mail"})]
)
def test_a_reply_is_answered_today_whatever_was_planned(before: ActionKind | None) -> None:
    history = [] if before is None else [planned(before)]
    found = action(*history, back(REPLY))
    assert found is not None
    assert (found.kind, found.why) == (ActionKind.CALLBACK_LOOSE, "reply")
    assert found.due_at == fit_soft(NOW + timedelta(hours=1), RULES, CALENDAR)


@pytest.mark.parametrize("kind", [ActionKind.CALLBACK_EXACT, ActionKind.HANDOFF, ActionKind.MERGE])
def test_a_promise_a_handoff_and_a_merge_stand(kind: ActionKind) -> None:
    found = action(planned(kind), back(REPLY))
    assert found is not None
    assert (found.kind, found.due_at) == (kind, LATER)


def test_without_a_number_it_is_answered_by_mail() -> None:
    facts = lead()
    bare = LeadFacts(facts.id, {k: v for k, v in facts.fields.items() if "phone" not in k}, facts.company_id, {})
    found = action(back(REPLY), facts=bare)
    assert found is not None
    assert (found.kind, found.why) == (ActionKind.MAIL, "reply")


def test_an_answer_by_mail_is_followed_up_and_a_call_plans_anew() -> None:
    found = action(planned(ActionKind.NURTURE), back(REPLY), wrote(2))
    assert found is not None
    assert (found.kind, found.why) == (ActionKind.RETRY, "mailed")
    day = CALENDAR.add_business_days(CALENDAR.day_of(NOW + timedelta(hours=2)), 3)
    assert CALENDAR.day_of(found.due_at) == day
    called = touch(NOW + timedelta(hours=3), "X", plan=Plan(ActionKind.RETRY, LATER, "retry:X:1"))
    assert action(back(REPLY), called) == NextAction(ActionKind.RETRY, LATER, "retry:X:1", called.id)


def test_a_closed_lead_that_writes_is_open_again_but_not_after_a_refusal_to_be_called() -> None:
    closed = planned(None, "close")
    found = action(closed, back(REPLY))
    assert found is not None
    assert found.why == "reply"
    assert action(closed, back(REPLY), facts=lead(dnc=True)) is None


@pytest.mark.parametrize("steps", [("submit",), ("submit", "return"), ("submit", "accept")])
def test_a_reply_takes_nothing_out_of_the_hands_of_fs(steps: tuple[str, ...]) -> None:
    history = [step(name, NOW + timedelta(minutes=n)) for n, name in enumerate(steps)]
    before = state_of(None, [], history).next_action
    assert state_of(None, [back(REPLY)], history).next_action == before


@pytest.mark.parametrize("history", [[planned(ActionKind.MAIL)], [planned(ActionKind.MAIL), wrote(0.5)]])
def test_a_bounce_is_followed_up_by_telephone_now(history: list[Touch]) -> None:
    found = action(*history, back(BOUNCE))
    assert found is not None
    assert (found.kind, found.why) == (ActionKind.RETRY, "bounced")
    assert found.due_at == fit_soft(NOW + timedelta(hours=1), RULES, CALENDAR)
    mended = action(*history, back(BOUNCE), wrote(2))
    assert mended is not None
    assert mended.why == "mailed", "it was written again, to an address that works"


def test_a_bounce_leaves_other_plans_alone() -> None:
    for kind in (ActionKind.RETRY, ActionKind.NURTURE, ActionKind.CALLBACK_EXACT):
        found = action(planned(kind), wrote(0.5), back(BOUNCE))
        assert found is not None
        assert found.kind is kind


def test_who_wants_no_mail_is_called_instead() -> None:
    found = action(planned(ActionKind.MAIL), back(OPT_OUT), facts=lead(email_opt_out=True))
    assert found is not None
    assert (found.kind, found.why, found.due_at) == (ActionKind.RETRY, "mail_barred", fit_soft(LATER, RULES, CALENDAR))
    assert state_of(None, [back(OPT_OUT)]).hot_signal is None, "it is no sign of interest"


def test_a_reply_moves_the_lead_up_and_says_why() -> None:
    now = NOW + timedelta(hours=2)
    cold = placed(touches=[planned(ActionKind.NURTURE)], now=now)
    answered = placed(touches=[planned(ActionKind.NURTURE), back(REPLY)], now=now)
    assert not cold.listed
    assert answered.listed
    assert answered.held is None
    assert answered.key < placed(touches=[touch(NOW, "X", plan=Plan(ActionKind.RETRY, NOW, "retry:X:1"))], now=now).key
    assert answered.chips[0].code == "reply"


@pytest.mark.parametrize("kind", [ActionKind.RETRY, ActionKind.CALLBACK_EXACT])
def test_a_reply_is_offered_also_where_no_call_may_go(kind: ActionKind) -> None:
    """A cap or a rest keeps the telephone still; a mail can be answered all the same."""
    now, rules = (
        NOW + timedelta(hours=2),
        replace(RULES, scoring=replace(RULES.scoring, signals=(*RULES.scoring.signals, HOT))),
    )
    day = DialDay(number_dials=9, company_dials=9, company_by_other_lead=True)
    before, after = [planned(kind)], [planned(kind), back(REPLY)]
    found = []
    for touches in (before, after):
        state = derive(lead(), touches, rules=rules, calendar=CALENDAR, now=now)
        found.append(
            place(
                lead().id, state, lead(), day, rules=rules, calendar=CALENDAR, now=now, device_id=MY_DEVICE,
                has_number=False,
            )
        )  # fmt: skip
    assert not found[0].listed
    assert (found[1].listed, found[1].held, found[1].tier) == (True, None, LOOSE)
