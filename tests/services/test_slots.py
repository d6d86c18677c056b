"""The best times to call come from the team's own calls, and what a key shows stays what is saved all day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from isdesk.clock import TOKYO
from isdesk.domain.ids import DeviceId, LeadId, MemberId, TouchId
from isdesk.domain.touch import Touch
from isdesk.services import calls, kpi, leads, slots
from isdesk.services.context import Context
from isdesk.store import mirror
from isdesk.store.rows import touch_to_row
from tests.services.conftest import HandClock, add


def past(ctx: Context, lead: LeadId, hour: int, minute: int, outcome: str, number: int, mark: str) -> None:
    """Let so many calls have been made at a time of day, one a day."""
    company = leads.view(ctx, lead).company_id
    begin = datetime(2026, 11, 20, hour, minute, tzinfo=TOKYO).astimezone(UTC)
    made = [
        Touch(
            TouchId(f"{mark}{n}"),
            lead,
            company,
            MemberId("m-rep"),
            DeviceId(mark),
            n,
            begin - timedelta(days=n),
            outcome=outcome,
        )
        for n in range(number)
    ]
    with ctx.store.write() as tx:
        mirror.insert_facts(tx, "touch", [touch_to_row(touch) for touch in made])


def known(ctx: Context, lead: LeadId) -> list[str]:
    return [one.slot for one in slots.rates(ctx, leads_facts(ctx, lead))]


def leads_facts(ctx: Context, lead: LeadId):  # type: ignore[no-untyped-def]
    from isdesk.store import leads as stored

    with ctx.store.read() as tx:
        return stored.get(tx, lead)


def test_nothing_is_learned_from_little(ctx: Context, lead: LeadId) -> None:
    past(ctx, lead, 9, 45, "NO_ANSWER", 5, "a")
    kpi.refresh(ctx)
    assert known(ctx, lead) == []


def test_a_company_an_industry_and_everybody_each_have_their_say(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    retail = {"company__name": "別会社", "company__industry": "小売", "company__phone": ""}
    other = add(ctx, "別 人", email="b@example.com", phone_direct="03-1111-2222", **retail)
    past(ctx, other, 15, 30, "INTERESTED", 60, "a")
    past(ctx, other, 9, 45, "NO_ANSWER", 60, "b")
    past(ctx, lead, 9, 45, "INTERESTED", 40, "c")
    past(ctx, lead, 15, 30, "NO_ANSWER", 40, "d")
    kpi.refresh(ctx)
    assert known(ctx, other) == ["PM2", "AM1"]
    assert known(ctx, lead) == ["AM1", "PM2"]
    best = slots.rates(ctx, leads_facts(ctx, lead))[0]
    assert (best.company.whole, best.industry.whole, best.everybody.whole) == (40, 40, 100)
    assert slots.rates(ctx, replace(leads_facts(ctx, lead), company_id=None))[0].company.whole == 0


def test_what_is_learned_holds_all_day_and_is_read_again_on_the_next(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    past(ctx, lead, 9, 45, "INTERESTED", 40, "a")
    kpi.refresh(ctx)
    before = slots.rates(ctx, leads_facts(ctx, lead))
    shown = calls.preview(ctx, lead, "NO_ANSWER")
    calls.record(ctx, lead, "NO_ANSWER")
    assert slots.rates(ctx, leads_facts(ctx, lead)) == before
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert action.due_at == shown.plan.due_at
    kpi.refresh(ctx)
    clock.go(days=1)
    assert slots.rates(ctx, leads_facts(ctx, lead)) != before
