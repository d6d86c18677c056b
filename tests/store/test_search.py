"""A lead is found by any text that is known of it, however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.changes import Obj
from isdesk.store import Store, search
from isdesk.store.keys import company_key, digits, fold
from tests.store.conftest import Desk, change


@pytest.fixture
def filled(desk: Desk) -> Store:
    desk.company(
        "c-1",
        "株式会社青葉製作所",
        name_kana="アオバセイサクショ",
        phone="+81312345678",
        corporate_number="1234567890123",
    )
    desk.company("c-2", "㈱みどり商事")
    desk.lead("l-1", "c-1", name_kana="ヤマダ タロウ", email="Taro.Yamada@aoba.example", phone_mobile="+819012345678")
    desk.lead("l-2", "c-2", name="青葉 花子", name_kana="アオバ ハナコ")
    desk.lead("l-3", "c-2", name="小山田 次郎")
    desk.lead("l-4", name="山田")
    return desk.store


def found(store: Store, text: str, limit: int = 50) -> list[str]:
    with store.read() as tx:
        return [str(hit.lead_id) for hit in search.find(tx, text, limit)]


QUERIES = (
    "山田太郎|山田 太郎|山田　太郎|ヤマダタロウ|ﾔﾏﾀﾞ ﾀﾛｳ|やまだたろう|だたろ|taro.yamada@aoba.example|"
    "TARO.YAMADA|ｔａｒｏ|090-1234-5678|09012345678|０９０１２３４|+81 90 1234|+819012345678|1234-5678|"
    "太郎 090|1234567890123|青葉製作所 山田|株式会社青葉製作所 太郎|(株)青葉 山田|アオバセイサク"
)


@pytest.mark.parametrize("text", QUERIES.split("|"))
def test_one_lead_is_found_by(filled: Store, text: str) -> None:
    assert found(filled, text)[:1] == ["l-1"]


@pytest.mark.parametrize(
    "text", ["", " ", "　", "存在しない", "山田 みどりん", '"', "'; DROP TABLE lead", "%", "*", "\x1f", "---"]
)
def test_nothing_is_found_by(filled: Store, text: str) -> None:
    assert found(filled, text) == []


def test_the_whole_name_comes_first_then_its_beginning_then_the_rest(filled: Store) -> None:
    assert found(filled, "山田") == ["l-4", "l-1", "l-3"]
    assert found(filled, "青葉") == ["l-2", "l-1"]
    assert found(filled, "山田", limit=1) == ["l-4"]


def test_legal_forms_do_not_matter(filled: Store) -> None:
    for text in (
        "株式会社みどり商事",
        "みどり商事株式会社",
        "(株)みどり商事",
        "㈱みどり商事",
        "みどり商事",
        "株式会社 みどり",
    ):
        assert sorted(found(filled, text)) == ["l-2", "l-3"], text


def test_the_field_that_matched_is_named(filled: Store) -> None:
    with filled.read() as tx:
        assert {
            text: search.find(tx, text)[0].where
            for text in (
                "山田太郎",
                "やまだたろう",
                "青葉製作所",
                "あおばせい",
                "taro",
                "0901234",
                "0312345678",
                "123456789012",
            )
        } == {
            "山田太郎": "name",
            "やまだたろう": "name_kana",
            "青葉製作所": "company.name",
            "あおばせい": "company.name_kana",
            "taro": "email",
            "0901234": "phone",
            "0312345678": "phone",
            "123456789012": "company.corporate_number",
        }


def test_a_renamed_company_is_found_by_its_new_name(filled: Store, desk: Desk) -> None:
    desk.number = 100
    desk.write(change("c-2", Obj.COMPANY, name="有限会社こだま"))
    assert sorted(found(filled, "こだま")) == ["l-2", "l-3"]
    assert found(filled, "みどり商事") == []


def test_a_lead_that_came_before_its_company_is_found_by_it(desk: Desk) -> None:
    desk.lead("l-1", "c-1")
    desk.company("c-1", "青葉")
    assert found(desk.store, "青葉") == ["l-1"]


@given(st.text(max_size=30))
def test_any_text_is_a_query(text: str) -> None:
    words = search.query_words(text)
    assert all(words)
    assert "" not in words


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_keys() -> None:
    same = {
        company_key(n)
        for n in ("株式会社青葉", "青葉(株)", "㈱ 青葉", "青葉　株式会社", "（株）青葉", "青葉 Co., Ltd.")
    }
    assert same == {"青葉"}
    assert company_key("株式会社") == "株式会社"
    assert company_key("Aoba Inc.") == company_key("ＡＯＢＡ") == "aoba"
    assert digits("+81 3-1234-5678") == digits("03-1234-5678") == "0312345678"
