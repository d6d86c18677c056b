"""One line of a list, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.files.limits import Limits
from isdesk.files.mapping import from_headers
from isdesk.files.reading import Row
from isdesk.files.rows import Parsed, RowReader
from isdesk.files.targets import targets


def read(*cells: tuple[str, str], limits: Limits | None = None) -> Parsed:
    """Read one row given as (target, text)."""
    headers = [f"{target}" for target, _ in cells]
    columns = from_headers(headers, dict(zip(headers, headers, strict=True)))
    reader = RowReader(columns, members={"鈴木 一郎": "m-1"}, limits=limits or Limits())
    return reader.read(Row(2, [text for _, text in cells]))


def codes(parsed: Parsed) -> list[str]:
    return [p.code for p in parsed.problems]


@pytest.mark.parametrize(
    ("target", "text", "value"),
    [
        ("lead.name", "　佐藤　健太 ", "佐藤 健太"),
        ("lead.name_kana", "ｻﾄｳ けんた", "サトウ ケンタ"),
        ("lead.email", "ＳＡＴＯ＠example.jp", "sato@example.jp"),
        ("lead.phone_direct", "(03)1234-5678 内線12", "+81312345678"),
        ("lead.owner_id", "鈴木一郎", "m-1"),
        ("lead.adoption_timing", "６ヶ月以内", "6_months"),
        ("lead.adoption_timing", "半年以内", "6_months"),
        ("lead.contract_end", "令和9年3月31日", "2027-03-31"),
        ("lead.budget_month", "4月", 4),
        ("lead.dnc", "○", True),
        ("lead.email_opt_out", "配信停止", True),
        ("lead.linkedin", "www.linkedin.com/in/x", "https://www.linkedin.com/in/x"),
        ("lead.is_memo", "一行目\r\n二行目", "一行目\n二行目"),
        ("lead.decision_maker", "本人", "self"),
    ],
)
def test_values_are_brought_into_their_form(target: str, text: str, value: object) -> None:
    parsed = read(("company.name", "青空"), (target, text))
    assert parsed.lead == {target.removeprefix("lead."): value}
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("target", "text", "code"),
    [
        ("lead.email", "sato", "cell_mail"),
        ("lead.phone_direct", "12-34", "cell_phone"),
        ("company.corporate_number", "1234567890123", "cell_corporate_number"),
        ("company.prefecture", "海外", "cell_prefecture"),
        ("company.employees", "多数", "cell_number"),
        ("company.website", "ftp://x", "cell_url"),
        ("lead.contract_end", "来年", "cell_date"),
        ("lead.adoption_timing", "そのうち", "cell_choice"),
        ("lead.owner_id", "誰か", "cell_member_unknown"),
        ("lead.budget_month", "13月", "cell_month"),
    ],
)
def test_a_bad_cell_is_named_and_left_out(target: str, text: str, code: str) -> None:
    parsed = read(("lead.name", "佐藤"), (target, text))
    assert codes(parsed) == [code]
    assert (parsed.problems[0].row, parsed.problems[0].column, parsed.problems[0].value) == (2, target, text)
    assert parsed.lead == {"name": "佐藤"}
    assert parsed.company == {}


@pytest.mark.parametrize("text", ["", " ", "-", "―", "なし", "N/A", "#N/A"])
def test_signs_for_nothing_are_nothing(text: str) -> None:
    parsed = read(("lead.name", "佐藤"), ("lead.email", text), ("company.employees", text), ("lead.title", text))
    assert (parsed.lead, parsed.company, codes(parsed)) == ({"name": "佐藤"}, {}, [])


def test_a_refusal_is_never_read_as_permission() -> None:
    assert read(("lead.name", "a"), ("lead.dnc", "0")).lead == {"name": "a"}
    unclear = read(("lead.name", "a"), ("lead.dnc", "×"))
    assert (unclear.lead["dnc"], codes(unclear)) == (True, ["cell_mark_taken_as_yes"])


def test_a_telephone_of_no_stated_kind_finds_its_place() -> None:
    both = "03-1234-5678 / 090-1234-5678"
    assert read(("phone", both)).company == {"phone": "+81312345678"}
    assert read(("phone", both)).lead == {"phone_mobile": "+819012345678"}
    third = read(("company.phone", "06-1234-5678"), ("phone", "03-1234-5678"))
    assert (third.company["phone"], third.lead["phone_direct"]) == ("+81612345678", "+81312345678")


def test_the_prefecture_is_found_in_the_address() -> None:
    parsed = read(("company.name", "青空"), ("company.address", "〒530-0001 大阪市北区梅田1-2-3"))
    assert parsed.company["prefecture"] == "大阪府"


def test_a_row_that_names_nobody_is_not_usable() -> None:
    parsed = read(("company.employees", "30"))
    assert not parsed.usable
    assert codes(parsed) == ["row_names_nobody"]


def test_too_long_texts_are_cut_and_named() -> None:
    parsed = read(("lead.name", "あ" * 20), limits=Limits(text=10))
    assert (parsed.lead["name"], codes(parsed)) == ("あ" * 10, ["cell_cut"])


@given(target=st.sampled_from(sorted(targets())), text=st.text(max_size=40))
def test_any_cell_is_read_without_a_crash_and_nothing_empty_is_kept(target: str, text: str) -> None:
    parsed = read((target, text))
    for value in (*parsed.company.values(), *parsed.lead.values()):
        assert value is not None
        assert value != ""
        assert value is not False
