"""The diagnosis names what is surely short, and is silent where the data do not say."""

from __future__ import annotations

import math
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.diagnosis import (
    ACTIONS,
    CAUSES,
    LEAST_TRIALS,
    STAGES,
    Funnel,
    Trials,
    diagnose,
    short_of,
    split,
)

TARGETS = {"answer_rate": 0.4, "dm_connect_rate": 0.4, "meeting_set_rate": 0.1, "win_rate": 0.25}
MONDAY = date(2026, 10, 5)

positive = st.integers(1, 100_000)
funnels = st.builds(Funnel, positive, positive, positive, positive, positive)


def test_the_stage_that_is_furthest_short_comes_first_with_what_to_do() -> None:
    found = diagnose(
        {"answer_rate": Trials(300, 1000), "dm_connect_rate": Trials(60, 300), "meeting_set_rate": Trials(7, 60)},
        TARGETS,
    )
    assert [one.code for one in found] == ["dm_connect_rate", "answer_rate"]
    assert found[0].attained == 0.5
    assert found[0].around.low < 0.2 < found[0].around.high < 0.4
    assert found[0].actions == ACTIONS["lead_generation"]


def test_few_trials_do_not_shout() -> None:
    assert diagnose({"answer_rate": Trials(0, LEAST_TRIALS - 1)}, TARGETS) == ()
    assert diagnose({"win_rate": Trials(4, 20)}, TARGETS) == ()
    assert diagnose({}, TARGETS) == ()
    assert diagnose({"answer_rate": Trials(1, 1000)}, {}) == ()


def test_since_when_goes_back_to_the_last_week_that_was_good() -> None:
    week = timedelta(weeks=1)
    weeks = [
        (MONDAY, Trials(10, 100)),
        (MONDAY + week, Trials(50, 100)),
        (MONDAY + 2 * week, Trials(20, 100)),
        (MONDAY + 3 * week, Trials(0, 0)),
        (MONDAY + 4 * week, Trials(30, 100)),
    ]
    (found,) = diagnose({"answer_rate": Trials(110, 400)}, TARGETS, weeks={"answer_rate": weeks})
    assert found.since == MONDAY + 2 * week
    (found,) = diagnose({"answer_rate": Trials(110, 400)}, TARGETS, weeks={"answer_rate": weeks[:2]})
    assert found.since is None


def test_the_segment_in_which_it_happens_is_named_where_one_stands_out() -> None:
    segments = {"smb": Trials(40, 300), "enterprise": Trials(140, 300), "tiny": Trials(0, 20)}
    (found,) = diagnose({"answer_rate": Trials(180, 620)}, TARGETS, segments={"answer_rate": segments})
    assert (found.segment, found.segment_trials) == ("smb", Trials(40, 300))
    alike = {"smb": Trials(90, 310)}
    (found,) = diagnose({"answer_rate": Trials(90, 310)}, TARGETS, segments={"answer_rate": alike})
    assert found.segment is None


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0.01, 0.99))
def test_what_speaks_is_really_under_the_target(part: int, extra: int, target: float) -> None:
    trials = Trials(part, part + extra)
    if short_of(trials, target):
        assert trials.value is not None
        assert trials.value < target
        (found,) = diagnose({"answer_rate": trials}, {"answer_rate": target})
        assert 0 <= found.attained < 1


@given(funnels, funnels)
def test_the_causes_sum_to_the_change_and_turn_round_with_it(before: Funnel, after: Funnel) -> None:
    there, back = split(before, after), split(after, before)
    assert there is not None
    assert back is not None
    assert set(there.causes) == set(CAUSES)
    assert math.isclose(sum(there.causes.values()), there.change, abs_tol=1e-6 * max(before.sqls, after.sqls))
    for code in CAUSES:
        assert math.isclose(there.causes[code], -back.causes[code], rel_tol=1e-9, abs_tol=1e-6)


def test_a_single_cause_gets_the_whole_change() -> None:
    found = split(Funnel(1000, 400, 160, 16, 16), Funnel(2000, 800, 320, 32, 32))
    assert found is not None
    assert math.isclose(found.causes["volume"], 16)
    assert all(math.isclose(found.causes[code], 0, abs_tol=1e-9) for code in CAUSES[1:])
    assert not found.chance


def test_a_small_change_is_called_chance_and_a_zero_says_nothing() -> None:
    found = split(Funnel(1000, 400, 160, 16, 16), Funnel(1000, 400, 160, 18, 18))
    assert found is not None
    assert found.chance
    assert split(Funnel(1000, 400, 160, 16, 0), Funnel(1000, 400, 160, 16, 16)) is None


def test_every_group_has_something_to_do() -> None:
    assert {group for _, group in STAGES} < ACTIONS.keys()
