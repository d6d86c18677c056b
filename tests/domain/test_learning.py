"""Small numbers are pulled to what is known widely, and no script is called better by chance."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.diagnosis import Trials
from isdesk.domain.learning import (
    LEAST_PER_VERSION,
    LOOKS,
    SlotTrials,
    Version,
    assigned,
    compare_over,
    compare_versions,
    shrunk,
    slot_rates,
)

rates = st.floats(0, 1)
trials = st.integers(0, 1000).flatmap(lambda whole: st.builds(Trials, st.integers(0, whole), st.just(whole)))


@given(trials, rates)
def test_a_shrunk_rate_lies_between_its_own_and_the_wider(own: Trials, wide: float) -> None:
    value = shrunk(own, wide)
    ends = (wide, own.value if own.value is not None else wide)
    assert min(ends) - 1e-9 <= value <= max(ends) + 1e-9


def test_a_company_that_was_never_called_is_as_its_industry_and_that_as_everybody() -> None:
    known = SlotTrials(
        everybody={"AM1": Trials(40, 100), "PM1": Trials(20, 100)},
        industries={"製造": {"PM1": Trials(180, 200)}},
        companies={"c1": {"AM1": Trials(30, 30), "PM1": Trials(0, 30)}},
    )
    assert [one.slot for one in slot_rates(known, industry=None, company=None)] == ["AM1", "PM1"]
    assert [one.slot for one in slot_rates(known, industry="製造", company=None)] == ["PM1", "AM1"]
    best, _ = slot_rates(known, industry="製造", company="c1")
    assert (best.slot, best.company, best.everybody) == ("AM1", Trials(30, 30), Trials(40, 100))
    assert slot_rates(known, industry="小売", company="c9") == slot_rates(known, industry=None, company=None)


def test_too_little_teaches_nothing() -> None:
    assert (
        slot_rates(SlotTrials(everybody={"AM1": Trials(9, 10), "PM1": Trials(0, 10)}), industry=None, company=None)
        == ()
    )


def test_a_clear_difference_is_told_and_turns_round() -> None:
    old, new = Version("a", Trials(30, 300)), Version("b", Trials(75, 300))
    there, back = compare_versions(old, new), compare_versions(new, old)
    assert (there.verdict, back.verdict) == ("better", "worse")
    assert there.low is not None
    assert there.high is not None
    assert there.difference is not None
    assert 0 < there.low < there.difference < there.high


def test_few_uses_stay_open_and_say_how_many_more() -> None:
    found = compare_versions(Version("a", Trials(0, 50)), Version("b", Trials(25, 50)))
    assert found.verdict == "open"
    assert found.more is not None
    assert found.more >= LEAST_PER_VERSION - 50
    assert compare_versions(Version("a", Trials(0, 0)), Version("b", Trials(5, 50))).verdict == "open"


def test_alike_ends_the_comparison() -> None:
    assert compare_versions(Version("a", Trials(1000, 10_000)), Version("b", Trials(1010, 10_000))).verdict == "alike"


def test_looking_five_times_rarely_makes_chance_look_like_success() -> None:
    rng, wrong, runs = Random(7), 0, 400
    for _ in range(runs):
        a = b = n = 0
        for _ in range(LOOKS):
            n += 150
            a += sum(rng.random() < 0.1 for _ in range(150))
            b += sum(rng.random() < 0.1 for _ in range(150))
            if compare_versions(Version("a", Trials(a, n)), Version("b", Trials(b, n))).verdict in {"better", "worse"}:
                wrong += 1
                break
    assert wrong / runs <= 0.05


@given(st.lists(st.uuids().map(str), min_size=200, max_size=200, unique=True))
def test_leads_are_dealt_out_evenly_and_for_good(leads: list[str]) -> None:
    dealt = [assigned(lead, "opening", ["v2", "v1"]) for lead in leads]
    assert dealt == [assigned(lead, "opening", ["v1", "v2"]) for lead in leads]
    assert 55 <= dealt.count("v1") <= 145


def test_a_comparison_is_looked_at_when_the_rule_says_so_and_at_no_other_time() -> None:
    apart = [(Trials(0, 30), Trials(15, 30))] * 3  # ninety uses each: not a look yet, however clear it seems
    assert compare_over("a", "b", apart).verdict == "open"
    assert (compare_over("a", "b", apart).more or 0) >= 10
    assert compare_over("a", "b", [*apart, (Trials(0, 10), Trials(5, 10))]).verdict == "better"
    even = [(Trials(10, 100), Trials(11, 100))]
    turned = [*even, *[(Trials(0, 9), Trials(9, 9))] * 8]  # between the looks at 100 and 200
    assert compare_over("a", "b", turned).verdict == "open"
    assert compare_over("a", "b", [*turned, *[(Trials(0, 9), Trials(9, 9))] * 4]).verdict == "better"


def test_what_was_decided_stays_decided() -> None:
    decided = [(Trials(0, 100), Trials(50, 100))]
    later = [(Trials(90, 100), Trials(0, 100))] * 5
    found = compare_over("a", "b", [*decided, *later])
    assert (found.verdict, found.newer.trials) == ("better", Trials(50, 100))


def test_after_the_last_look_nothing_is_decided_any_more() -> None:
    days = [(Trials(100, 1000), Trials(115, 1000)), (Trials(60, 600), Trials(69, 600))]
    found = compare_over("a", "b", [*days, (Trials(0, 5000), Trials(5000, 5000))])
    assert (found.verdict, found.more) == ("open", None)


def test_a_difference_by_chance_is_rarely_called_one_even_when_looked_at_daily() -> None:
    rng, wrong, runs = Random(11), 0, 300
    for _ in range(runs):
        days = []
        for _ in range(40):
            one, other = (sum(rng.random() < 0.1 for _ in range(50)) for _ in range(2))
            days.append((Trials(one, 50), Trials(other, 50)))
        if any(compare_over("a", "b", days[:n]).verdict in {"better", "worse"} for n in (10, 20, 30, 40)):
            wrong += 1
    assert wrong / runs <= 0.05
