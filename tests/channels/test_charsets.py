"""Letters are read in the charsets of Japanese mail programs, with the characters that those charsets have not."""

from __future__ import annotations

import pytest

from isdesk.channels import letters
from isdesk.channels.charsets import decoded, header
from tests.channels.jis import jis, word

SAID = (
    "お世話になっております。",
    "①日程は12/1でお願いします。",
    "㈱青葉の髙橋です。\r\n配信停止",
    "山﨑です。№5、㍉、Ⅳ",
    "ﾔﾏﾀﾞ(カナ) 〒100-0001",
    "plain",
)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("charset", ["iso-2022-jp", "ISO-2022-JP", "iso-2022-jp-ms", "us-ascii", None, "utf-8"])
def test_what_windows_writes_into_iso_2022_jp_is_read(said: str, charset: str | None) -> None:
    assert decoded(jis(said), charset) == said


@pytest.mark.parametrize("said", SAID)
def test_a_letter_and_its_headers_are_read(said: str) -> None:
    raw = b"Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + jis(said)
    assert letters.told(raw).text.splitlines() == said.splitlines()
    assert header(word(said).decode()) == said


def test_what_is_declared_well_stays_what_it_was() -> None:
    said = "配信停止をお願いします〜"
    for charset in ("iso-2022-jp", "euc-jp", "utf-8", "iso-2022-jp-3"):
        assert decoded(said.encode(charset), charset) == said
    assert decoded("配信停止㈱①".encode("cp932"), "Shift_JIS") == "配信停止㈱①"
    assert decoded("丂".encode("iso2022_jp_2") + jis("①"), "iso-2022-jp") == "丂①"


def test_euc_with_the_rows_of_nec_is_read() -> None:
    euc = bytes(one | 0x80 if one != 0x20 else one for one in jis("㈱").removeprefix(b"\x1b$B").removesuffix(b"\x1b(B"))
    assert decoded("配信停止 ".encode("euc-jp") + euc + "ｱ".encode("euc-jp") + b" x", "euc-jp") == "配信停止 ㈱ｱ x"


def test_a_shift_that_nobody_ended_ends_with_its_line() -> None:
    assert (
        decoded(b"\x1b$B" + jis("①").removeprefix(b"\x1b$B").removesuffix(b"\x1b(B") + b"\r\nabc", None) == "①\r\nabc"
    )


@pytest.mark.parametrize(
    ("raw", "charset"),
    [(b"\x1b$B\x7f\xff!", "iso-2022-jp"), (b"\xff\xfe\x00", "x-bogus"), (b"\x1b$Bab", "hex"), (b"a\xe3", "\0"),
     (b"\xa1", "euc-jp"), (b"\x8e", "x-euc-jp"), (b"\x1b$(D!!", "iso-2022-jp"), (b"\x1b", "iso-2022-jp")],
)  # fmt: skip
def test_whatever_somebody_sends_is_read_as_far_as_it_goes(raw: bytes, charset: str) -> None:
    assert decoded(raw, charset)
    assert header(f"=?{charset}?Q?{raw.hex('=')}?=") is not None


def test_a_header_that_is_none_says_nothing_and_one_that_is_broken_is_left_as_it_is() -> None:
    assert header(None) == ""
    assert header("=?utf-8?B?5Lu2A?=") == "=?utf-8?B?5Lu2A?="
    assert header(jis("①相談").decode()) == "①相談"
