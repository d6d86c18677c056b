"""What a letter says: who wants no more mail, and who only uses the words."""

from __future__ import annotations

import pytest

from isdesk.domain.letters import Report, own_words, wants_out

STOPS = (
    "配信停止希望", "配信停止してください。", "配信停止をお願いします", "不要です", "unsubscribe", "Unsubscribe me",
    "停止", "メール配信の停止をお願いいたします", "今後の案内は不要です", "メルマガ解除希望", "【配信停止】",
    "メールは不要です", "please remove me from your list", "今後メールは結構です", "送信不要", "メールはいりません",
)  # fmt: skip
TALK = (
    "資料は不要ですが、見積もりは欲しいです", "ご案内", "発注の停止について相談したい", "承知しました",
    "システムの停止", "在庫管理が不要になる話", "stop by our office", "導入を中止します",
    "結構です。日程を調整しましょう", "結構です", "ぜひお願いします", "解除方法を教えてください", "いりません",
    "青葉は不要です",
)  # fmt: skip


@pytest.mark.parametrize("said", STOPS)
def test_who_asks_for_it_wants_out(said: str) -> None:
    assert wants_out(f"Re: {said}", "本文")
    letter = f"青葉クラウド株式会社 鈴木様\r\nお世話になっております。\r\n\r\n{said}\r\n\r\n山田"
    assert wants_out("Re: ご案内", letter)


@pytest.mark.parametrize("said", TALK)
def test_who_only_uses_the_words_does_not(said: str) -> None:
    assert not wants_out(said, f"{said}\n配信停止")


def test_what_is_quoted_is_not_theirs() -> None:
    assert not wants_out("Re: ご案内", "> 配信停止\n")
    assert not wants_out("Re: ご案内", "いつもお世話になっております。\n2026年11月20日 鈴木様:\n> 配信停止")
    assert own_words("承知しました。\n> 前の本文") == "承知しました。"


@pytest.mark.parametrize(("status", "gone"), [("5.1.1", True), ("5.1.10", True), ("5.1.7", False), ("5.7.1", False)])
def test_only_some_reports_speak_of_the_address(status: str, gone: bool) -> None:
    assert Report("<x@y>", status).gone is gone
