"""A fall is called only where the data say so: quiet weeks stay quiet, however many segments are looked at."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.deviation import fallen
from isdesk.domain.diagnosis import LEAST_TRIALS, Trials


def rates(**segments: tuple[int, int]) -> dict[str, dict[str, Trials]]:
    return {"answer_rate": {name: Trials(*pair) for name, pair in segments.items()}}


def test_a_plain_fall_is_called_with_both_rates_and_their_intervals() -> None:
    (one,) = fallen(rates(smb=(20, 100), enterprise=(41, 100)), rates(smb=(200, 400), enterprise=(160, 400)))
    assert (one.code, one.segment, one.now, one.before) == ("answer_rate", "smb", Trials(20, 100), Trials(200, 400))
    assert one.difference == pytest.approx(-0.3)
    assert one.around.low < 0.2 < one.around.high < one.around_before.low < 0.5


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ((0, LEAST_TRIALS - 1), (200, 400)),
        ((0, 100), (LEAST_TRIALS - 1, LEAST_TRIALS - 1)),
        ((45, 100), (200, 400)),
        ((80, 100), (200, 400)),
        ((130, 100), (100, 100)),
        ((0, 100), (0, 100)),
        ((100, 100), (100, 100)),
    ],
)
def test_few_trials_chance_rises_and_what_is_no_share_say_nothing(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    assert fallen(rates(smb=now), rates(smb=before)) == ()


def test_a_segment_that_is_new_or_gone_says_nothing() -> None:
    assert fallen(rates(new=(0, 100)), rates(gone=(100, 200))) == ()
    assert fallen({}, {}) == ()


def test_the_more_is_compared_the_more_a_fall_must_be() -> None:
    now, before = (34, 100), (190, 400)
    alone = fallen(rates(smb=now), rates(smb=before))
    many = {f"s{n}": (48, 100) for n in range(60)}
    among = fallen(rates(smb=now, **many), rates(smb=before, **dict.fromkeys(many, (192, 400))))
    assert [one.segment for one in alone] == ["smb"]
    assert among == ()


def test_of_a_hundred_quiet_weeks_hardly_any_calls_a_fall() -> None:
    rng = Random(7)

    def week(size: int) -> dict[str, dict[str, Trials]]:
        return rates(**{f"s{n}": (sum(rng.random() < 0.4 for _ in range(size)), size) for n in range(8)})

    assert sum(bool(fallen(week(60), week(240))) for _ in range(100)) <= 10


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_nothing_falls_against_itself(known: dict[str, tuple[int, int]]) -> None:
    same = {name: (min(pair), max(pair)) for name, pair in known.items()}
    assert fallen(rates(**same), rates(**same)) == ()
