"""The diagnosis over a desk's own figures: it names what is short, and is silent over little."""

from __future__ import annotations

from datetime import date

from isdesk.clock import TOKYO
from isdesk.services import diagnosing, handoffs, kpi
from isdesk.services.context import Context
from tests.services.test_figures import FIRST, LAST, history, store
from tests.services.test_handoffs import ready
from tests.services.test_team import distinct


def test_nothing_recorded_says_nothing(ctx: Context) -> None:
    found = diagnosing.diagnose(ctx, first=FIRST, last=LAST)
    assert (found.shortfalls, found.split) == ((), None)


def test_a_handoff_whose_meeting_is_still_to_come_has_not_failed(ctx: Context) -> None:
    day = ctx.now().astimezone(TOKYO).date()
    for n in range(24):
        one = distinct(ctx, n)
        ready(ctx, one)
        handoffs.submit(ctx, one)
        if n < 23:
            handoffs.accept(ctx, one)
    ctx.rules.targets.clear()
    ctx.rules.targets.update(opportunity_rate=0.5, handoff_acceptance_rate=0.95)
    assert diagnosing.diagnose(ctx, first=day, last=day).shortfalls == ()
    (row,) = kpi.figures(ctx, first=day, last=day)
    assert (row.rates["opportunity_rate"].denominator, row.open, row.undecided) == (24, 24, 1)
    for handoff in [one for one in handoffs.listing(ctx) if one.state == "accepted"]:
        handoffs.feedback(ctx, handoff.lead_id, "no_opportunity", factor="no_need")
    (short,) = diagnosing.diagnose(ctx, first=day, last=day).shortfalls
    assert (short.code, short.trials.part, short.trials.whole) == ("opportunity_rate", 0, 23)


def test_what_is_short_is_named_by_the_figures_that_are_shown(ctx: Context) -> None:
    store(ctx, history(ctx, 4_000))
    ctx.rules.targets.clear()
    ctx.rules.targets.update(answer_rate=0.99, meeting_set_rate=0.01)
    found = diagnosing.diagnose(ctx, first=date(2026, 9, 1), last=LAST)
    (short,) = found.shortfalls
    (row,) = kpi.figures(ctx, first=date(2026, 9, 1), last=LAST)
    rate = row.rates["answer_rate"]
    assert (short.code, short.trials.part, short.trials.whole) == ("answer_rate", rate.numerator, rate.denominator)
    assert short.since is not None
    assert short.since.weekday() == 0
    assert found.previous == (date(2026, 6, 9), date(2026, 8, 31))
