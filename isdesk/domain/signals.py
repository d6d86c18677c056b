"""Intent events from marketing (opens, clicks, downloads, seminars, trials): what a list calls them, and as what."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from isdesk.domain.rules import SignalRule
from isdesk.domain.touch import Channel

_WORDS: Final[Mapping[str, str]] = {
    "mail_open": "開封 メール開封 open opened emailopen mailopen email_open",
    "mail_click": "クリック メールクリック click clicked emailclick mailclick email_click linkclick",
    "mail_reply": "返信 メール返信 reply replied emailreply",
    "download": "ダウンロード 資料ダウンロード 資料dl ホワイトペーパー 資料請求 download whitepaper wpdl",
    "seminar": "セミナー セミナー参加 ウェビナー ウェビナー参加 参加 seminar webinar attended attendance",
    "exhibition": "展示会 展示会来場 来場 exhibition tradeshow",
    "trial": "トライアル トライアル開始 トライアル登録 trial trialstart trialstarted signup",
    "trial_use": "トライアル利用 利用 ログイン trialuse usage login active",
    "visit_price": "価格ページ 価格ページ閲覧 料金ページ pricing pricepage visitprice",
    "visit": "サイト訪問 訪問 閲覧 ページ閲覧 visit pageview webvisit",
    "inquiry": "問い合わせ お問い合わせ 問合せ inquiry contact contactform",
}
"""What lists call an event, without blanks and signs, in half-width small letters."""

FIELDS: Final[Mapping[str, str]] = {
    "signal_mail_open_at": "mail_open",
    "signal_mail_click_at": "mail_click",
    "signal_mail_reply_at": "mail_reply",
    "signal_download_at": "download",
    "signal_seminar_at": "seminar",
    "signal_exhibition_at": "exhibition",
    "signal_trial_at": "trial",
    "signal_trial_use_at": "trial_use",
    "signal_visit_price_at": "visit_price",
    "signal_visit_at": "visit",
    "signal_inquiry_at": "inquiry",
}
"""The fields of a lead in which a CRM keeps when something happened last, and the event that a new time there is."""

_CHANNELS: Final[Mapping[str, Channel]] = {
    "mail_open": Channel.MAIL,
    "mail_click": Channel.MAIL,
    "mail_reply": Channel.MAIL,
    "seminar": Channel.WEBINAR,
    "exhibition": Channel.EXHIBITION,
}

HEADERS: Final[Mapping[str, str]] = {
    "mail": "メール メールアドレス eメール email mail e-mail 連絡先メール emailaddress",
    "phone": "電話 電話番号 直通 携帯 phone tel telephone mobile",
    "name": "氏名 名前 お名前 担当者名 name fullname",
    "company": "会社 会社名 企業 企業名 company companyname account 社名",
    "event": "イベント 種別 行動 アクション 反応 event type action activity signal シグナル eventtype",
    "at": "日時 日付 発生日時 時刻 date datetime timestamp time at 発生日 参加日 日",
    "note": "内容 詳細 資料 資料名 ページ url 件名 セミナー名 タイトル title detail note page campaign キャンペーン",
}
"""What lists call the columns that are read; others are left alone."""


def key(text: str) -> str:
    """Return a word as it is compared: NFKC, small letters, without blanks, signs and brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def columns(headers: tuple[str, ...]) -> dict[str, int]:
    """Return the place of each column that is known; the first of several counts."""
    known = {key(word): name for name, words in HEADERS.items() for word in words.split()}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = known.get(key(header))
        if name is not None:
            found.setdefault(name, place)
    return found


def code_of(text: str, rules: tuple[SignalRule, ...]) -> str | None:
    """Return the event that a text names: its code, its label or what lists call it; None where nothing does."""
    said = key(text)
    codes = {rule.code for rule in rules}
    named = {key(word): code for code, words in _WORDS.items() if code in codes for word in words.split()}
    for rule in rules:
        named |= {key(rule.code): rule.code, key(rule.label.ja): rule.code, key(rule.label.en): rule.code}
    return named.get(said) if said else None


def channel_of(code: str) -> Channel:
    """Return over what an event came; the web where nothing else is known."""
    return _CHANNELS.get(code, Channel.WEB)
