"""The laws of the three-way merge (SYNC E4): nothing overwritten unseen, nothing invented."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind, Merge
from isdesk.domain.merge import Merged, merge_field, most_restrictive, normal, same, three_way

texts = st.sampled_from(
    ["", " ", "山田", "山田 ", "ガ", "か\u3099", "が", "03-1234-5678", "+81312345678", "0312345679"]
)
values: st.SearchStrategy[Value] = st.one_of(
    st.none(), texts, st.integers(-3, 3), st.booleans(), st.just({"a": 1, "b": None}), st.just({"a": 1}), st.just({})
)
kinds = st.sampled_from(list(Kind))
merges = st.sampled_from(list(Merge))
UNBOUND = [Merge.HUMAN, Merge.SCRATCH]


@given(merges, values, values, values, kinds)
def test_no_value_is_invented(merge: Merge, base: Value, mine: Value, theirs: Value, kind: Kind) -> None:
    merged = three_way(merge, base, mine, theirs, kind)
    assert any(merged.value is one for one in (mine, theirs))
    assert not merged.conflict or merge is Merge.HUMAN


@pytest.mark.parametrize("merge", UNBOUND)
@given(base=values, other=values, kind=kinds)
def test_one_sided_changes_are_taken(merge: Merge, base: Value, other: Value, kind: Kind) -> None:
    assert three_way(merge, base, base, other, kind) == Merged(other)
    taken = three_way(merge, base, other, base, kind)
    assert same(taken.value, other, kind)
    assert not taken.conflict
    assert three_way(merge, base, other, other, kind) == Merged(other)


@given(values, values, values, kinds)
def test_a_human_field_is_in_conflict_exactly_where_both_changed_it_differently(
    base: Value, mine: Value, theirs: Value, kind: Kind
) -> None:
    merged = three_way(Merge.HUMAN, base, mine, theirs, kind)
    differ = not any((same(base, mine, kind), same(base, theirs, kind), same(mine, theirs, kind)))
    assert merged.conflict == differ
    assert three_way(Merge.HUMAN, base, theirs, mine, kind).conflict == differ
    if differ:
        assert merged.value is theirs


@given(values, values, values, kinds)
def test_the_crm_owns_its_fields_and_scratch_is_mine_where_i_wrote(
    base: Value, mine: Value, theirs: Value, kind: Kind
) -> None:
    assert three_way(Merge.CRM, base, mine, theirs, kind) == Merged(theirs)
    kept = three_way(Merge.SCRATCH, base, mine, theirs, kind)
    assert kept.value is (theirs if same(base, mine, kind) else mine)


@given(st.sampled_from([None, True, False]), st.sampled_from([None, True, False]), st.sampled_from([None, True, False]))
def test_a_prohibition_of_either_side_holds(base: Value, mine: Value, theirs: Value) -> None:
    merged = three_way(Merge.RESTRICT, base, mine, theirs, Kind.BOOL)
    assert bool(merged.value) == (mine is True or theirs is True)
    assert bool(most_restrictive(theirs, mine)) == bool(merged.value)


@given(values, kinds)
def test_the_normal_form_is_stable_and_hashable(value: Value, kind: Kind) -> None:
    hash(normal(value, kind))
    assert same(value, value, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind", "expected"),
    [
        ("", None, Kind.TEXT, True),
        ("  ", None, Kind.TEXT, True),
        ("山田 ", "山田", Kind.TEXT, True),
        ("a\r\nb", "a\nb", Kind.LONG_TEXT, True),
        (unicodedata.normalize("NFD", "ガギグ"), "ガギグ", Kind.TEXT, True),
        ("03-1234-5678", "+81312345678", Kind.PHONE, True),
        ("０３（１２３４）５６７８", "+81 3 1234 5678", Kind.PHONE, True),
        ("0312345678", "0312345679", Kind.PHONE, False),
        ("A@Example.com", "a@example.com", Kind.MAIL, True),
        ("1-2345", "12345", Kind.CORPORATE_NUMBER, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, Kind.JSON, True),
        ({}, None, Kind.JSON, True),
        (["x"], ["x"], Kind.JSON, True),
        (False, None, Kind.BOOL, True),
        (0, None, Kind.INT, False),
        (3, "3", Kind.TEXT, True),
        ("self", "board", Kind.CHOICE, False),
    ],
)
def test_what_counts_as_the_same(one: Value, other: Value, kind: Kind, expected: bool) -> None:
    assert same(one, other, kind) == expected


def test_fields_merge_by_their_class() -> None:
    assert merge_field(LEAD_FIELDS["dnc"], True, None, True).value is True
    assert merge_field(LEAD_FIELDS["owner_id"], "a", "b", "c") == Merged("c")
    assert merge_field(LEAD_FIELDS["phone_direct"], None, "03-1234-5678", "+81312345678").conflict is False
    assert merge_field(COMPANY_FIELDS["name"], "A", "B", "C") == Merged("C", conflict=True)
    assert merge_field(LEAD_FIELDS["lease"], {"device": "a"}, None, {"device": "a"}).value is None
