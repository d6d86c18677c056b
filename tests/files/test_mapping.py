"""Where columns go, by their headers and by what stands under them."""

import pytest

from isdesk.domain.changes import Obj
from isdesk.domain.fields import Field, Kind
from isdesk.files.mapping import from_headers, propose
from isdesk.files.targets import KNOWN, targets


def proposed(headers: list[str], *rows: list[str], **more: object) -> dict[str, str | None]:
    return propose(headers, rows, **more).by_header()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("会社名", "company.name"),
        ("企業名(必須)", "company.name"),
        ("取引先", "company.name"),
        ("Company", "company.name"),
        ("Company Name", "company.name"),
        ("氏名", "lead.name"),
        ("担当者名", "lead.name"),
        ("お名前", "lead.name"),
        ("姓", "lead.family_name"),
        ("First Name", "lead.given_name"),
        ("フリガナ", "lead.name_kana"),
        ("ﾌﾘｶﾞﾅ", "lead.name_kana"),
        ("電話番号", "phone"),
        ("ＴＥＬ", "phone"),
        ("直通", "lead.phone_direct"),
        ("携帯", "lead.phone_mobile"),
        ("代表", "company.phone"),
        ("メールアドレス", "lead.email"),
        ("E-mail", "lead.email"),
        ("部署", "lead.department"),
        ("役職", "lead.title"),
        ("業種", "company.industry"),
        ("従業員数", "company.employees"),
        ("都道府県", "company.prefecture"),
        ("住所", "company.address"),
        ("法人番号", "company.corporate_number"),
        ("流入経路", "lead.lead_source"),
        ("検討時期", "lead.adoption_timing"),
        ("備考", "lead.is_memo"),
        ("架電NG", "lead.dnc"),
        ("電話番号 (2)", "phone"),
        ("まったく関係ない列", None),
    ],
)
def test_headers_in_both_languages(header: str, target: str | None) -> None:
    assert proposed([header])[header] == target


def test_headers_much_like_a_known_one() -> None:
    column = propose(["メールアドレスス"], []).columns[0]
    assert (column.target, column.why) == ("lead.email", "like")
    assert 0.5 < column.confidence < 0.9


def test_values_speak_where_headers_do_not() -> None:
    rows = [["株式会社青空", "a@example.jp", "090-1234-5678", "東京都", "7000012050002"]] * 3
    assert list(proposed(["#1", "#2", "#3", "#4", "#5"], *rows).values()) == [
        "company.name",
        "lead.email",
        "lead.phone_mobile",
        "company.prefecture",
        "company.corporate_number",
    ]


KEYS = ["01a1f78a-5300-7c8b-af84-c5a454976910", "01a1f78a-5300-7321-91de-b0312345678a", "0061090123456789"]


@pytest.mark.parametrize("header", ["リードID", "接触ID", "Lead id", "lead_id", "顧客コード", "UUID", "レコードキー"])
def test_a_key_is_no_telephone_number_however_it_looks(header: str) -> None:
    assert proposed([header], *([key] for key in ("09012345678", *KEYS)))[header] is None


def test_digits_within_other_text_are_no_telephone_number() -> None:
    assert proposed(["#1"], *([key] for key in KEYS[:2]))["#1"] is None
    written = ["TEL 03-1234-5678", "Tel:03-1234-5679 (ext. 12)", "m: 090-1234-5678"]
    assert proposed(["#1"], *([text] for text in written))["#1"] == "phone"


def test_a_telephone_column_of_mobiles_is_mobile() -> None:
    assert proposed(["会社名", "電話番号"], ["青空", "09012345678"])["電話番号"] == "lead.phone_mobile"


def test_two_telephone_columns_get_different_places() -> None:
    found = proposed(["電話番号", "電話番号 (2)", "携帯"], ["03-1234-5678", "03-1234-5679", "090-1234-5678"])
    assert len(set(found.values())) == 3
    assert found["携帯"] == "lead.phone_mobile"


def test_who_the_column_of_the_person_in_charge_means() -> None:
    members = ["鈴木 一郎"]
    assert proposed(["会社名", "担当"], ["青空", "鈴木 一郎"], members=members)["担当"] == "lead.owner_id"
    assert proposed(["会社名", "担当"], ["青空", "誰か 別人"], members=members)["担当"] == "lead.name"


def test_no_target_is_given_twice() -> None:
    found = proposed(["会社名", "企業名", "社名", "氏名", "名前", "姓", "名"])
    given = [t for t in found.values() if t is not None]
    assert len(given) == len(set(given))
    assert found["姓"] is None


def test_what_was_chosen_before_comes_first() -> None:
    remembered = {"会社名": "lead.department", "謎": "company.name", "氏名": None}
    assert proposed(["会社名", "謎", "氏名"], remembered=remembered) == remembered


def test_the_playbooks_own_fields_can_be_chosen() -> None:
    field = Field("fleet_size", Obj.COMPANY, Kind.INT, "保有台数", "Fleet size")
    assert proposed(["保有台数"], extra=[field]) == {"保有台数": "company.fleet_size"}
    assert from_headers(["a"], {"a": "company.fleet_size"}).columns[0].target is None
    assert from_headers(["a"], {"a": "company.fleet_size"}, [field]).columns[0].target == "company.fleet_size"


def test_every_known_header_names_a_place() -> None:
    assert set(KNOWN.values()) <= set(targets())
