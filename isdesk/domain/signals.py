"""Intent events from marketing (opens, clicks, downloads, seminars, trials): what a list calls them, and as what."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from isdesk.domain.rules import SignalRule
from isdesk.domain.touch import Channel

_WORDS: Final[Mapping[str, str]] = {
    "mail_open": "開封 メール開封 メルマガ開封 open opened emailopen emailopened openedemail mailopen mailopened",
    "mail_click": (
        "クリック メールクリック リンククリック urlクリック メルマガクリック click clicked emailclick emailclicked "
        "clickedemail mailclick linkclick linkclicked clickedlink"
    ),
    "mail_reply": "返信 メール返信 reply replied emailreply emailreplied repliedtoemail",
    "download": (
        "ダウンロード dl 資料ダウンロード 資料dl ホワイトペーパー ホワイトペーパーダウンロード ホワイトペーパーdl wpdl "
        "お役立ち資料ダウンロード 資料請求 download downloaded whitepaper whitepaperdownload contentdownload"
    ),
    "seminar": (
        "セミナー セミナー参加 セミナー出席 セミナー視聴 ウェビナー ウェビナー参加 ウェビナー出席 ウェビナー視聴 "
        "参加 出席 seminar webinar attended attendance attendedseminar attendedwebinar seminarattended webinarattended"
    ),
    "exhibition": "展示会 展示会来場 展示会参加 来場 ブース来場 exhibition tradeshow boothvisit",
    "trial": (
        "トライアル トライアル開始 トライアル登録 トライアル申込 無料トライアル 無料トライアル開始 無料トライアル登録 "
        "無料トライアル申込 無料体験開始 trial trialstart trialstarted startedtrial freetrial freetrialstarted signup"
    ),
    "trial_use": "トライアル利用 利用 ログイン trialuse usage login loggedin active",
    "visit_price": "価格ページ 価格ページ閲覧 料金ページ 料金ページ閲覧 pricing pricepage pricingpage visitprice",
    "visit": "サイト訪問 訪問 webサイト訪問 閲覧 ページ閲覧 サイト閲覧 visit visited pageview pageviewed webvisit",
    "inquiry": (
        "問い合わせ お問い合わせ 問合せ お問合せ 問合わせ お問合わせ 問い合せ お問い合せ フォーム送信 "
        "フォーム問い合わせ inquiry enquiry contact contactus contactform formsubmission formsubmit "
        "formsubmitted submittedform"
    ),
}
"""What lists call an event, without blanks, signs and を; in half-width small letters."""

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
    "attended": (
        "参加状況 参加ステータス 参加有無 参加可否 参加 出欠 出欠状況 出欠席 出席 出席状況 出席有無 attended "
        "attendance attendancestatus attendeestatus attendeddetails"
    ),
    "status": "ステータス 状況 状態 status",
    "note": "内容 詳細 資料 資料名 ページ url 件名 セミナー名 タイトル title detail note page campaign キャンペーン",
}
"""What lists call the columns that are read; others are left alone."""

GATHERINGS: Final = frozenset({"seminar", "exhibition"})
"""Events to which somebody comes or not: only of these does a column called ステータス say so."""

_DAY_ENDS: Final = ("日時", "日付", "日", "時刻", "date", "time", "timestamp", "at")
_NO_DAY_WORDS = """
生年月日 誕生 birth 更新 update modif 設立 創業 founded 次回 next 予定 due 期限 期日 expir 有効 契約 contract 退 解約
終了 enddate endtime leavetime
"""
_NO_DAY: Final = tuple(_NO_DAY_WORDS.split())
"""What a header says of a date that is not that of the event."""
_SECOND: Final = ("登録", "作成", "regist", "creat", "配信", "送信", "sent", "delivered", "取込", "import")
"""Dates of the event only where no other column is one: when a record was made, or a mail was sent."""

_HERE_WORDS = """
参加 参加済 参加済み 参加した 参加あり 出席 出席済 出席済み 出席した 出席あり 出 来場 来場済 来場済み 視聴 視聴済
視聴済み 受講 受講済 受講済み 途中参加 途中退席 途中退出 遅刻 一部参加 当日参加 代理参加 代理出席 アーカイブ視聴
オンデマンド視聴 参加しました オンライン参加 会場参加 現地参加 有 あり 済 済み はい
1 yes y true t attended present joined showed showedup completed partial ○ ◯ 〇 ● ◎ ✓ ✔ ☑ レ
"""
_AWAY_WORDS = """
未参加 未出席 未視聴 未受講 欠 不在 辞退 取消 取り消し 無 なし 未 否 いいえ 0 no n false f declined didntattend
申込 申込済 申込済み 申込のみ 申し込み 登録 登録済 登録済み 登録のみ 招待 招待済 招待済み 予約 予約済 予約済み 参加予定
出席予定 参加希望 未定 保留 registered invited pending waitlisted approved × ✕ ✖ ☓ ✗ ☐
"""
_OPT_OUT_WORDS = """
配信停止 メール配信停止 メルマガ配信停止 配信停止希望 配信停止依頼 配信停止申請 配信拒否 受信拒否 配信解除 メルマガ解除
購読解除 購読停止 登録解除 オプトアウト unsubscribe unsubscribed emailunsubscribe emailunsubscribed unsubscribedemail
optout optedout optedoutofemail emailoptout
"""
_HERE: Final = frozenset(_HERE_WORDS.split())
_AWAY: Final = frozenset(_AWAY_WORDS.split())
_AWAY_INSIDE: Final = (
    "欠席",
    "不参加",
    "不出席",
    "キャンセル",
    "ドタキャン",
    "cancel",
    "noshow",
    "notattend",
    "absent",
)
_MISSED: Final = ("欠席", "不参加", "noshow", "notattend")
_OPT_OUTS: Final = frozenset(_OPT_OUT_WORDS.split())
"""What lists call the wish to get no more mail (特定電子メール法 3条3項): no interest, but it has to be honoured."""
_OPT_OUT_FLAGS: Final = _OPT_OUTS | {"unsubscribedfromallemail", "globalunsubscribe", "hasoptedoutofemail"}
_OPT_OUT_STATES: Final = frozenset(
    ["購読状況", "購読ステータス", "配信状況", "配信ステータス", "ステータス", "状況", "状態", "status"]
)
_OPT_OUT_DAYS: Final = ("日", "日時", "at", "date", "time")
_REFUSED: Final = frozenset(["解除", "解除済", "解除済み", "停止", "停止中", "停止済", "停止済み", "拒否"])


def key(text: str) -> str:
    """Return a word as it is compared: NFKC, small letters, without blanks, signs and brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def columns(headers: tuple[str, ...]) -> dict[str, int]:
    """Return the place of each column that is known; the first of several counts."""
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = _COLUMNS.get(key(header))
        if name is not None:
            found.setdefault(name, place)
    return found


def dates(headers: tuple[str, ...]) -> list[int]:
    """Return the places of the columns that may say when, likeliest first; whether they do, their cells must say."""
    ranked: list[tuple[int, int]] = []
    for place, header in enumerate(headers):
        said = key(header)
        name = _COLUMNS.get(said)
        if name == "at":
            ranked.append((0, place))
        elif name is None and said.endswith(_DAY_ENDS) and not any(word in said for word in _NO_DAY):
            ranked.append((2 if any(word in said for word in _SECOND) else 1, place))
    return [place for _, place in sorted(ranked)]


def attended(text: str) -> bool | None:
    """Return whether a word of a list says that somebody came; None where it says neither.

    Who is only registered did not come, as far as the list says.
    """
    said = key(text) or unicodedata.normalize("NFKC", text).strip()
    if said in _AWAY or any(word in said for word in _AWAY_INSIDE):
        return False
    return True if said in _HERE else None


def gathers(code: str | None) -> bool:
    """Return whether an event may be one to which somebody comes or not; a team's own may be."""
    return code in GATHERINGS or code not in _WORDS


def missed(text: str) -> bool:
    """Return whether what a list calls an event is that somebody stayed away (セミナー欠席)."""
    return any(word in key(text) for word in _MISSED)


def refuses(header: str, cell: str) -> bool:
    """Return whether a column beside the event says that somebody wants no more mail: a flag (配信停止 = 1), its day,
    or a state (購読状況 = 解除).
    """
    name, said = key(header), key(cell) or unicodedata.normalize("NFKC", cell).strip()
    if not said:
        return False
    if name in _OPT_OUT_FLAGS:
        return said in _HERE or said in _OPT_OUTS or said == "on"
    if any(name == one + day for one in _OPT_OUT_FLAGS for day in _OPT_OUT_DAYS):
        return any(letter.isdigit() for letter in said)
    mail = name.startswith(("購読", "配信"))
    return name in _OPT_OUT_STATES and (said in _OPT_OUTS or (mail and said in _REFUSED))


def is_opt_out(text: str) -> bool:
    """Return whether what a list calls an event is the wish to get no more mail (配信停止)."""
    return key(text) in _OPT_OUTS


def code_of(text: str, rules: tuple[SignalRule, ...]) -> str | None:
    """Return the event that a text names: its code, its label or what lists call it; None where nothing does."""
    said = key(text)
    codes = {rule.code for rule in rules}
    named = {key(word): code for code, words in _WORDS.items() if code in codes for word in words.split()}
    for rule in rules:
        named |= {key(rule.code): rule.code, key(rule.label.ja): rule.code, key(rule.label.en): rule.code}
    return (named.get(said) or named.get(said.replace("を", ""))) if said else None


def channel_of(code: str) -> Channel:
    """Return over what an event came; the web where nothing else is known."""
    return _CHANNELS.get(code, Channel.WEB)


_COLUMNS: Final[Mapping[str, str]] = {key(word): name for name, words in HEADERS.items() for word in words.split()}
