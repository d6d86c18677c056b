"""The words of connecting: what each CRM is called, what it asks for, and what its administrator does once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isdesk import messages
from isdesk.crm.port import Finding
from isdesk.domain.fields import Kind
from isdesk.services.field_map import FIT_GONE, FIT_LOOSE, FIT_NONE, FIT_OK, FIT_WORDS, FIT_WRONG
from ui import words
from ui.noop import QT_TRANSLATE_NOOP

FOLDER = "filedrop"
"""The connection that is a folder: its address is chosen, not typed."""


@dataclass(frozen=True, slots=True)
class Crm:
    """One CRM of the first step; ``mark`` as `ChoiceCard` has it, ``help`` what an administrator does, in steps."""

    kind: str
    title: str
    text: str
    mark: str
    help: tuple[str, ...] = ()


CRMS: tuple[Crm, ...] = (
    Crm(
        "salesforce",
        "Salesforce",
        QT_TRANSLATE_NOOP("connect", "リードと商談をそのまま。活動は ToDo に書き込みます。ブラウザーでサインイン。"),
        "S",
        (
            QT_TRANSLATE_NOOP("connect", "管理者が「外部クライアントアプリケーション」を1つ作り、PKCEを有効にします。"),
            QT_TRANSLATE_NOOP("connect", "コールバックURLに {callback} を登録します。"),
            QT_TRANSLATE_NOOP("connect", "できたコンシューマー鍵を、左の欄に貼り付けます。秘密鍵は要りません。"),
            QT_TRANSLATE_NOOP(
                "connect", "二重登録を防ぐため、活動に「外部ID・ユニーク」のテキスト項目を1つ足してもらいます。"
            ),
        ),
    ),
    Crm(
        "hubspot",
        "HubSpot",
        QT_TRANSLATE_NOOP("connect", "コンタクト・会社・コール・取引。サービスキーでつなぎます。"),
        "H",
        (
            QT_TRANSLATE_NOOP("connect", "管理者が 設定 → 連携 → サービスキー でキーを1つ作ります。"),
            QT_TRANSLATE_NOOP("connect", "コンタクト・会社・取引・コール・タスクの読み取りと書き込みを許可します。"),
            QT_TRANSLATE_NOOP(
                "connect", "できたキーを左の欄に貼り付けます。あとから見直すときは入れ直す必要はありません。"
            ),
        ),
    ),
    Crm(
        "kintone",
        "kintone",
        QT_TRANSLATE_NOOP("connect", "リードのアプリと、活動のアプリ。APIトークンでつなぎます。"),
        "k",
        (
            QT_TRANSLATE_NOOP(
                "connect", "リードと活動のアプリ(あれば企業・商談・タスクも)で、APIトークンを1つずつ作ります。"
            ),
            QT_TRANSLATE_NOOP("connect", "どれも「閲覧・追加・編集・削除」を許可し、アプリを更新します。"),
            QT_TRANSLATE_NOOP("connect", "トークンをカンマでつないで、左の欄に貼り付けます。"),
            QT_TRANSLATE_NOOP("connect", "アプリの番号は、アプリを開いたときのアドレス /k/12/ の 12 です。"),
        ),
    ),
    Crm(
        "odoo",
        "Odoo",
        QT_TRANSLATE_NOOP("connect", "リード・活動・商談。バージョン19以降のAPIキーでつなぎます。"),
        "O",
        (
            QT_TRANSLATE_NOOP("connect", "Odooの 設定 → アカウントのセキュリティ で、あなたのAPIキーを作ります。"),
            QT_TRANSLATE_NOOP("connect", "キーの期限は最長3か月です。切れる前に、新しいキーに入れ替えてください。"),
            QT_TRANSLATE_NOOP(
                "connect", "データベース名は、サーバーに複数あるときだけ要ります。管理者に確かめてください。"
            ),
        ),
    ),
    Crm(
        "sqlhub",
        QT_TRANSLATE_NOOP("connect", "チームハブ"),
        QT_TRANSLATE_NOOP("connect", "CRMがなくても、チームでリードを分け合えます。PostgreSQL、またはこの端末だけ。"),
        "team",
        (
            QT_TRANSLATE_NOOP("connect", "チームで使うときは、管理者がPostgreSQLに空のデータベースを用意します。"),
            QT_TRANSLATE_NOOP("connect", "あなたのメールアドレスをハブに登録してもらってください。"),
            QT_TRANSLATE_NOOP("connect", "この端末だけで使うときは、何も用意は要りません。"),
        ),
    ),
    Crm(
        FOLDER,
        QT_TRANSLATE_NOOP("connect", "ファイル"),
        QT_TRANSLATE_NOOP("connect", "CRMにつなげない環境向け。リストを取り込み、結果をCSVで渡します。"),
        "folder",
        (
            QT_TRANSLATE_NOOP("connect", "CRMが取り込むフォルダー(共有フォルダーなど)を管理者に用意してもらいます。"),
            QT_TRANSLATE_NOOP("connect", "結果は1件1行で、このフォルダーのCSVに書き足します。二重には書きません。"),
            QT_TRANSLATE_NOOP("connect", "リードは「取り込み」からCSV・Excelで入れます。フォルダーからは読みません。"),
        ),
    ),
)

ASKS: Mapping[str, tuple[str, str]] = {
    "salesforce.url": (QT_TRANSLATE_NOOP("connect", "Salesforceのアドレス"), "https://example.my.salesforce.com"),
    "salesforce.client_id": (QT_TRANSLATE_NOOP("connect", "コンシューマー鍵"), "3MVG9…"),
    "salesforce.secret": (QT_TRANSLATE_NOOP("connect", "アクセストークン(任意)"), ""),
    "hubspot.secret": (QT_TRANSLATE_NOOP("connect", "サービスキー"), "pat-…"),
    "hubspot.user": (QT_TRANSLATE_NOOP("connect", "あなたのメール"), "name@example.jp"),
    "kintone.url": (QT_TRANSLATE_NOOP("connect", "kintoneのアドレス"), "https://example.cybozu.com"),
    "kintone.lead_app": (QT_TRANSLATE_NOOP("connect", "リードのアプリ番号"), "12"),
    "kintone.call_app": (QT_TRANSLATE_NOOP("connect", "活動のアプリ番号"), "13"),
    "kintone.company_app": (QT_TRANSLATE_NOOP("connect", "企業のアプリ番号(任意)"), ""),
    "kintone.deal_app": (QT_TRANSLATE_NOOP("connect", "商談のアプリ番号(任意)"), ""),
    "kintone.task_app": (QT_TRANSLATE_NOOP("connect", "タスクのアプリ番号(任意)"), ""),
    "kintone.secret": (QT_TRANSLATE_NOOP("connect", "APIトークン"), ""),
    "kintone.user": (QT_TRANSLATE_NOOP("connect", "あなたのログイン名"), "yamada"),
    "odoo.url": (QT_TRANSLATE_NOOP("connect", "Odooのアドレス"), "https://example.odoo.com"),
    "odoo.database": (QT_TRANSLATE_NOOP("connect", "データベース名(1つだけなら空欄)"), "example"),
    "odoo.secret": (QT_TRANSLATE_NOOP("connect", "APIキー"), ""),
    "filedrop.url": (QT_TRANSLATE_NOOP("connect", "書き出し先のフォルダー"), ""),
    "sqlhub.url": (QT_TRANSLATE_NOOP("connect", "接続先URL"), "postgresql://host:5432/database"),
    "sqlhub.user": (QT_TRANSLATE_NOOP("connect", "あなたのメール"), "name@example.jp"),
    "sqlhub.secret": (QT_TRANSLATE_NOOP("connect", "パスワード"), ""),
}
"""``crm.what``: its label and an example of it."""

STEPS: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("connect", "接続先"),
    QT_TRANSLATE_NOOP("connect", "サインイン"),
    QT_TRANSLATE_NOOP("connect", "確認"),
    QT_TRANSLATE_NOOP("connect", "項目の対応"),
    QT_TRANSLATE_NOOP("connect", "範囲"),
    QT_TRANSLATE_NOOP("connect", "はじめての同期"),
)

FITS: Mapping[str, tuple[str, str, str]] = {
    FIT_OK: (QT_TRANSLATE_NOOP("connect", "合っています"), "good", "check"),
    FIT_LOOSE: (QT_TRANSLATE_NOOP("connect", "一部変換"), "warn", "warning"),
    FIT_WORDS: (QT_TRANSLATE_NOOP("connect", "値の対応が未定"), "warn", "warning"),
    FIT_WRONG: (QT_TRANSLATE_NOOP("connect", "型が違います"), "bad", "warning"),
    FIT_GONE: (QT_TRANSLATE_NOOP("connect", "CRMにない項目"), "bad", "warning"),
    FIT_NONE: (QT_TRANSLATE_NOOP("connect", "対応なし"), "", ""),
}
"""How a field suits ours: words, tone, icon."""

FIT_HELP: Mapping[str, str] = {
    FIT_LOOSE: QT_TRANSLATE_NOOP("connect", "読み書きはできますが、時刻や長い文などの一部が失われることがあります。"),
    FIT_WORDS: QT_TRANSLATE_NOOP("connect", "CRMの選択肢のうち、isdeskの値が決まっていないものがあります。"),
    FIT_WRONG: QT_TRANSLATE_NOOP("connect", "この項目の型では読み書きできません。別の項目を選んでください。"),
    FIT_GONE: QT_TRANSLATE_NOOP("connect", "この項目はCRMにありません(削除または名前の変更)。選び直してください。"),
}

KINDS: Mapping[Kind, str] = {
    Kind.TEXT: QT_TRANSLATE_NOOP("connect", "文字"),
    Kind.LONG_TEXT: QT_TRANSLATE_NOOP("connect", "長い文"),
    Kind.INT: QT_TRANSLATE_NOOP("connect", "数値"),
    Kind.BOOL: QT_TRANSLATE_NOOP("connect", "はい/いいえ"),
    Kind.DATE: QT_TRANSLATE_NOOP("connect", "日付"),
    Kind.DATETIME: QT_TRANSLATE_NOOP("connect", "日時"),
    Kind.CHOICE: QT_TRANSLATE_NOOP("connect", "選択肢"),
    Kind.MAIL: QT_TRANSLATE_NOOP("connect", "メール"),
    Kind.PHONE: QT_TRANSLATE_NOOP("connect", "電話"),
    Kind.URL: QT_TRANSLATE_NOOP("connect", "URL"),
    Kind.MEMBER: QT_TRANSLATE_NOOP("connect", "担当者"),
    Kind.CORPORATE_NUMBER: QT_TRANSLATE_NOOP("connect", "法人番号"),
    Kind.JSON: QT_TRANSLATE_NOOP("connect", "データ"),
}

DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "both": ("⇄", QT_TRANSLATE_NOOP("connect", "両方向")),
    "in": ("←", QT_TRANSLATE_NOOP("connect", "受信だけ")),
    "out": ("→", QT_TRANSLATE_NOOP("connect", "送信だけ")),
}
"""Towards which side a field travels; the CRM stands at the right."""

THINGS: Mapping[str, str] = {
    "lead": QT_TRANSLATE_NOOP("connect", "リード"),
    "company": QT_TRANSLATE_NOOP("connect", "会社"),
    "touch": QT_TRANSLATE_NOOP("connect", "活動"),
}

LOOKING: Mapping[str, str] = {
    "hello": QT_TRANSLATE_NOOP("connect", "サインインを確かめています"),
    "check": QT_TRANSLATE_NOOP("connect", "権限と設定を確かめています(試しの活動を1件作って消します)"),
    "fields": QT_TRANSLATE_NOOP("connect", "CRMの項目を読んでいます"),
    "samples": QT_TRANSLATE_NOOP("connect", "最近のレコードを読んでいます"),
    "estimate": QT_TRANSLATE_NOOP("connect", "件数を数えています"),
}


def say(text: str) -> str:
    """Return a text of this module in the language of the window."""
    return words.translate("connect", text)


def title(kind: str) -> str:
    """Return what a CRM is called."""
    return next((say(one.title) for one in CRMS if one.kind == kind), kind)


def finding(found: Finding, lang: str) -> messages.Sentence:
    """Return what was found in sentences."""
    return messages.sentence(found.code, found.params, lang)
