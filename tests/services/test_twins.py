"""Leads that are alike get the same state and place as if each had been derived by itself."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk.domain.changes import Value
from isdesk.domain.ids import CompanyId, LeadId, uuid7
from isdesk.domain.numbers import usable
from isdesk.domain.state import DialDay, LeadFacts
from isdesk.services import projection
from isdesk.services.context import Context
from isdesk.services.twins import Twins

_lead = st.fixed_dictionaries(
    {},
    optional={
        "received_at": st.sampled_from(["2026-11-24T01:00:00+00:00", "2026-11-20T01:00:00+00:00", "never"]),
        "title": st.sampled_from(["部長", "課長", "代表取締役", "担当"]),
        "stage": st.sampled_from(["mql", "sql", "nurture", "disqualified"]),
        "lead_source": st.sampled_from(["inquiry", "exhibition", "cold_list"]),
        "adoption_timing": st.sampled_from(["this_month", "6_months"]),
        "budget_month": st.integers(1, 12),
        "phone_direct": st.just("+81312345678"),
        "dnc": st.just(True),
        "pinned": st.just(True),
        "snoozed_until": st.sampled_from(["2026-11-24T03:00:00+00:00", "2026-11-23T03:00:00+00:00"]),
        "bad_numbers": st.just({"+81312345678": "fax"}),
        "deleted": st.just(True),
    },
)
_company = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(["製造", "IT", "人材"]),
        "employees": st.sampled_from([1, 30, 320, 5000]),
        "prefecture": st.sampled_from(["東京都", "愛知県"]),
        "dnc": st.just(True),
        "closed": st.just(True),
    },
)
_AGES = (-90_000_000, -60_000, -1, 0, 1, 60_000, 90_000_000)
_pairs = st.lists(st.tuples(_lead, _company, st.booleans(), st.sampled_from((None, *_AGES))), min_size=1, max_size=12)


@settings(max_examples=150)
@given(pairs=_pairs)
def test_a_twin_stands_where_it_would_stand_alone(
    ctx: Context, pairs: list[tuple[dict[str, Value], dict[str, Value] | None, bool, int | None]]
) -> None:
    now, nothing, twins = ctx.now(), DialDay(), Twins(ctx.now())
    born = int(now.timestamp() * 1000)
    for number, (fields, company, barred, age) in enumerate(pairs * 2):
        key = f"lead-{number}" if age is None else uuid7(born + age, number.to_bytes(10, "big"))
        facts = LeadFacts(LeadId(key), fields, CompanyId("c") if company is not None else None, company)
        dialable = bool(usable(facts))
        alone = projection.stand(ctx, facts, (), (), nothing, now, barred=barred)
        derive = partial(
            projection.stand, ctx, touches=(), steps=(), day=nothing, at=now, barred=barred, dialable=dialable
        )
        assert twins.stand(facts, (barred, dialable), derive) == alone
