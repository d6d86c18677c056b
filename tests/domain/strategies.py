"""Random histories of a lead, made as the program makes them: each touch planned by the rules before it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from isdesk.domain.answers import BOUNCE, OPT_OUT, REPLY
from isdesk.domain.handoff import Transition, allowed, fold
from isdesk.domain.state import DialDay, LeadFacts
from isdesk.domain.touch import Channel, Direction, Reached, Touch
from tests.domain import sample

Case = tuple[LeadFacts, list[Touch], list[Transition]]
START = datetime(2026, 10, 1, tzinfo=UTC)
instants = st.integers(0, 120 * 24 * 60).map(lambda m: START + timedelta(minutes=m))
working = st.integers(0, 60 * 24 * 60).map(lambda m: START + timedelta(minutes=m))
parties = st.sampled_from([None, *Reached])
codes = st.sampled_from(sorted(sample.RULES.outcomes))
dates = st.dates(START.date(), (START + timedelta(days=500)).date()).map(lambda d: d.isoformat())


@st.composite
def leads(draw: st.DrawFn, lead_id: str = "lead-1") -> LeadFacts:
    maybe = {
        "adoption_at": st.none() | dates,
        "contract_end": st.none() | dates,
        "budget_month": st.none() | st.integers(1, 12),
        "adoption_timing": st.none() | st.sampled_from(["this_month", "3_months", "undecided"]),
        "email": st.sampled_from([None, "a@example.com"]),
        "phone_mobile": st.sampled_from([None, sample.MOBILE]),
        "received_at": st.none() | working.map(lambda t: t.isoformat()),
        "lead_source": st.sampled_from([None, "web", "fair", "list"]),
        "stage": st.sampled_from([None, "mql", "sql", "nurture"]),
        "snoozed_until": st.none() | working.map(lambda t: t.isoformat()),
        "pinned": st.sampled_from([None, None, True]),
        "dnc": st.sampled_from([None, None, None, True]),
        "lease": st.none()
        | st.builds(
            lambda device, until: {"member": "x", "device": device, "until": until.isoformat()},
            st.sampled_from([sample.MY_DEVICE, sample.OTHER_DEVICE]),
            working,
        ),
        "title": st.sampled_from([None, "部長"]),
    }
    fields = {code: draw(values) for code, values in maybe.items()}
    company = {"employees": draw(st.none() | st.integers(1, 5000)), "industry": draw(st.sampled_from([None, "製造業"]))}
    return sample.lead(lead_id, company, **fields)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn, facts: LeadFacts) -> tuple[list[Touch], list[Transition]]:
    touches: list[Touch] = []
    steps: list[Transition] = []
    for at in sorted(draw(st.lists(working, max_size=9, unique=True))):
        what = draw(st.integers(0, 9))
        if what == 0:
            code = draw(st.sampled_from(["download", REPLY, OPT_OUT, BOUNCE]))
            touches.append(sample.signal(at, code))
        elif what == 1:
            mail = draw(st.booleans())
            touches.append(
                sample.touch(at, None, channel=Channel.MAIL, number=None)
                if mail
                else sample.touch(at, None, direction=Direction.IN)
            )
        elif what == 2 and touches:
            gone = draw(st.sampled_from(touches))
            touches.append(sample.touch(at, None, void=True, corrects=gone.id))
        elif what in {3, 4}:
            state = fold(steps).state
            action = draw(st.sampled_from(["submit", "accept", "return", "recycle", "withdraw", "feedback"]))
            if allowed(state, action):
                steps.append(sample.step(action, at))
        else:
            touches.append(_recorded(draw, facts, touches, at))
    return touches, steps


def _recorded(draw: st.DrawFn, facts: LeadFacts, before: list[Touch], at: datetime) -> Touch:
    return sample.recorded(
        draw(codes),
        facts,
        before,
        at,
        reached=draw(parties),
        callback_at=at + timedelta(minutes=draw(st.integers(1, 20_000))),
        meeting_at=at + timedelta(days=3),
        direction=draw(st.sampled_from([Direction.OUT, Direction.OUT, Direction.OUT, Direction.IN])),
        number=draw(st.sampled_from([sample.DIRECT, sample.MOBILE, sample.SWITCHBOARD])),
    )


@st.composite
def cases(draw: st.DrawFn, lead_id: str = "lead-1") -> tuple[LeadFacts, list[Touch], list[Transition]]:
    facts = draw(leads(lead_id))
    touches, steps = draw(histories(facts))
    return facts, touches, steps


@st.composite
def dial_days(draw: st.DrawFn, now: datetime) -> DialDay:
    """Counts of the business date of ``now``."""
    midnight = sample.CALENDAR.start_of_day(sample.CALENDAR.day_of(now))
    ago = st.none() | st.integers(0, int((now - midnight).total_seconds() // 60)).map(lambda m: now - sample.minutes(m))
    company, number = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    return DialDay(
        company_dials=company,
        company_last_at=draw(ago) if company else None,
        company_by_other_lead=bool(company) and draw(st.booleans()),
        number_dials=number,
        number_last_at=draw(ago) if number else None,
    )
