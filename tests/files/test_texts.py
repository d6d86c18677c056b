"""Cells as Japan writes them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.files.places import PREFECTURES, prefecture_of
from isdesk.files.texts import (
    corporate_number_of,
    corporate_number_ok,
    count_of,
    date_of,
    instant_by,
    instant_of,
    mail_of,
    month_of,
    tidy,
    tidy_kana,
    tidy_long,
    url_of,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　株式会社　青空 ", "株式会社 青空"),
        ("ＡＢＣ商事", "ABC商事"),
        ("ｱｵｿﾞﾗ", "アオゾラ"),
        ("髙﨑", "髙﨑"),
        ("a\nb", "a b"),
        ("a\x00b\u200b", "ab"),
        ("", ""),
    ],
)
def test_tidies_a_line(text: str, expected: str) -> None:
    assert tidy(text) == expected


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_long(tidy_long(text)) == tidy_long(text)


def test_long_texts_keep_their_lines() -> None:
    assert tidy_long("一行目\r\n２行目 \r三") == "一行目\n2行目\n三"


def test_kana_become_katakana() -> None:
    assert tidy_kana("さとう　ｹﾝﾀ") == "サトウ ケンタ"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sato@Example.JP", "sato@example.jp"),
        ("ｓａｔｏ＠ｅｘａｍｐｌｅ．ｊｐ", "sato@example.jp"),
        ("佐藤 <sato@example.jp>", "sato@example.jp"),
        ("mailto:sato@example.jp", "sato@example.jp"),
        ("a@example.jp, b@example.jp", "a@example.jp"),
        ("sato@", None),
        ("sato@localhost", None),
        ("a..b@example.jp", None),
        ("なし", None),
    ],
)
def test_reads_mail(text: str, expected: str | None) -> None:
    assert mail_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.jp/a", "https://example.jp/a"),
        ("example.jp", "https://example.jp"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("青空", None),
    ],
)
def test_reads_web_addresses(text: str, expected: str | None) -> None:
    assert url_of(text) == expected


def test_corporate_numbers_are_checked() -> None:
    assert corporate_number_of("7000012050002") == "7000012050002"
    assert corporate_number_of("７０００-０１２０-５０００-２") == "7000012050002"
    assert corporate_number_of("T7000012050002") == "7000012050002"
    assert corporate_number_of("7000012050003") is None
    assert corporate_number_of("1.23E+12") is None


@given(st.text("0123456789", min_size=12, max_size=12))
def test_exactly_one_check_digit_is_right(base: str) -> None:
    assert sum(corporate_number_ok(str(d) + base) for d in range(1, 10)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100〜299名", 100),
        ("100~299", 100),
        ("1,200人", 1200),
        ("約１万２千人", 12000),
        ("1.5万", 15000),
        ("300名以上", 300),
        ("〜50名", 50),
        ("3.0", 3),
        ("三百", 300),
        ("多数", None),
        ("-5", None),
    ],
)
def test_reads_figures(text: str, expected: int | None) -> None:
    assert count_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("4月", 4), ("2026年4月", 4), ("12", 12), ("2026/4", 4), ("13", None), ("春", None)]
)
def test_reads_months(text: str, expected: int | None) -> None:
    assert month_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026/1/2", date(2026, 1, 2)),
        ("２０２６年１１月２２日", date(2026, 11, 22)),
        ("2026年11月22日(日)", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("令和8年11月22日", date(2026, 11, 22)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R8.11.22", date(2026, 11, 22)),
        ("平成31年4月", date(2019, 4, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("2026年4月", date(2026, 4, 1)),
        ("11/22/2026", date(2026, 11, 22)),
        ("46348", date(2026, 11, 22)),
        ("2026-02-30", None),
        ("来週", None),
        ("2026-11-22 だいたい", None),
    ],
)
def test_reads_days(text: str, expected: date | None) -> None:
    assert date_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", datetime(2026, 11, 21, 15, 0, tzinfo=UTC)),
        ("2026-11-22 10:30:00", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("2026/11/22 午後3時", datetime(2026, 11, 22, 6, 0, tzinfo=UTC)),
        ("令和8年11月22日 9時15分", datetime(2026, 11, 22, 0, 15, tzinfo=UTC)),
        ("2026-11-22T01:30:00+00:00", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("2026-11-22T01:30:00Z", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("Nov 22, 2026 02:00 PM", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("November 22nd, 2026 at 9:05 am", datetime(2026, 11, 22, 0, 5, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 05:00:00 +0000", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("2026-11-22 14:00:00 JST", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("2026-11-22 14:00 (JST)", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("2026-11-22 05:00 UTC", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("marketing 3, 2026", None),
        ("11月22日", None),
        ("46348.5", datetime(2026, 11, 22, 3, 0, tzinfo=UTC)),
        ("2026-11-22 25:00", None),
        ("", None),
    ],
)
def test_reads_instants(text: str, expected: datetime | None) -> None:
    assert instant_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11月22日", datetime(2026, 11, 21, 15, 0, tzinfo=UTC)),
        ("11月22日(日) 14時30分", datetime(2026, 11, 22, 5, 30, tzinfo=UTC)),
        ("11/23", datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
        ("11月24日", datetime(2025, 11, 23, 15, 0, tzinfo=UTC)),
        ("Nov 22 2:00 PM", datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
        ("22 Dec", datetime(2025, 12, 21, 15, 0, tzinfo=UTC)),
        ("2月29日", datetime(2024, 2, 28, 15, 0, tzinfo=UTC)),
        ("11/22/2026", datetime(2026, 11, 21, 15, 0, tzinfo=UTC)),
        ("2月30日", None),
        ("11/22/26", None),
        ("11月22日ごろ", None),
    ],
)
def test_a_day_without_a_year_is_the_last_one_that_has_come(text: str, expected: datetime | None) -> None:
    assert instant_by(text, datetime(2026, 11, 22, 15, 30, tzinfo=UTC)) == expected  # the 23rd in Japan


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_own_instants_read_back(at: datetime) -> None:
    assert instant_of(at.replace(microsecond=0).isoformat()) == at.replace(microsecond=0)


@given(st.dates(min_value=date(1990, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"]))
def test_every_day_reads_back_in_every_form(day: date, form: str) -> None:
    assert date_of(day.strftime(form)) == day


def test_reads_marks() -> None:
    assert [yes_or_no(t) for t in ("○", "済", "TRUE", "１", "NG")] == [True] * 5
    assert [yes_or_no(t) for t in ("", "0", "いいえ", "ー", "可")] == [None, False, False, False, False]
    assert yes_or_no("×") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東京", "東京都"),
        ("京都", "京都府"),
        ("東京都千代田区1-1", "東京都"),
        ("〒100-0001 東京都千代田区", "東京都"),
        ("横浜市西区みなとみらい", "神奈川県"),
        ("千代田区丸の内", "東京都"),
        ("Osaka", "大阪府"),
        ("海外", None),
    ],
)
def test_finds_the_prefecture(text: str, expected: str | None) -> None:
    assert prefecture_of(text) == expected


def test_there_are_47_prefectures() -> None:
    assert len(set(PREFECTURES)) == 47
    assert all(prefecture_of(p) == p and prefecture_of(p + "どこか市1-2") == p for p in PREFECTURES)
