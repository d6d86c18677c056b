"""The fields a lead and a company have, and how sync merges each (SYNC E4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from isdesk.domain.changes import Obj


class Kind(StrEnum):
    """How a value is written and checked."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INT = "int"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    MAIL = "mail"
    PHONE = "phone"
    URL = "url"
    MEMBER = "member"
    CORPORATE_NUMBER = "corporate_number"
    JSON = "json"


class Merge(StrEnum):
    """The field classes of the three-way merge (SYNC E4)."""

    HUMAN = "human"
    CRM = "crm"
    SCRATCH = "scratch"
    RESTRICT = "restrict"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``code`` is its name in code and data; ``choices`` are (code, ja, en) where ``kind`` is CHOICE."""

    code: str
    obj: Obj
    kind: Kind
    ja: str
    en: str
    merge: Merge = Merge.HUMAN
    choices: tuple[tuple[str, str, str], ...] = ()
    searchable: bool = False
    shown: bool = True


def _lead(code: str, kind: Kind, ja: str, en: str, **more: object) -> Field:
    return Field(code, Obj.LEAD, kind, ja, en, **more)  # type: ignore[arg-type]


def _company(code: str, kind: Kind, ja: str, en: str, **more: object) -> Field:
    return Field(code, Obj.COMPANY, kind, ja, en, **more)  # type: ignore[arg-type]


def _seen(code: str, ja: str, en: str) -> Field:
    """Return a field in which a CRM keeps when something happened last."""
    return _lead(code, Kind.DATETIME, ja, en, merge=Merge.CRM, shown=False)


ADOPTION_TIMING = (
    ("this_month", "今月", "This month"),
    ("3_months", "3か月以内", "Within 3 months"),
    ("6_months", "半年以内", "Within 6 months"),
    ("1_year", "1年以内", "Within a year"),
    ("undecided", "未定", "Undecided"),
)
DECISION_MAKER = (
    ("self", "本人", "This person"),
    ("board", "役員", "A director"),
    ("other", "他部署", "Another department"),
    ("unknown", "不明", "Unknown"),
)
CONFIDENCE_RANK = (("A", "A", "A"), ("B", "B", "B"), ("C", "C", "C"))

STANDARD: tuple[Field, ...] = (
    _company("name", Kind.TEXT, "会社名", "Company", searchable=True),
    _company("name_kana", Kind.TEXT, "会社名カナ", "Company (kana)", searchable=True),
    _company("corporate_number", Kind.CORPORATE_NUMBER, "法人番号", "Corporate number", searchable=True),
    _company("industry", Kind.TEXT, "業種", "Industry"),
    _company("employees", Kind.INT, "従業員数", "Employees"),
    _company("prefecture", Kind.TEXT, "所在地(都道府県)", "Prefecture"),
    _company("address", Kind.TEXT, "住所", "Address"),
    _company("phone", Kind.PHONE, "代表電話", "Switchboard", searchable=True),
    _company("website", Kind.URL, "Webサイト", "Website"),
    _company("dnc", Kind.BOOL, "会社全体の架電禁止", "Do not call (company)", merge=Merge.RESTRICT),
    _company("closed", Kind.BOOL, "廃業・統合", "Closed", shown=False),
    _company("cooldown_until", Kind.DATETIME, "クールダウン", "Company cooldown", merge=Merge.SCRATCH, shown=False),
    _company("deleted", Kind.BOOL, "削除", "Deleted", merge=Merge.CRM, shown=False),
    _lead("name", Kind.TEXT, "氏名", "Name", searchable=True),
    _lead("name_kana", Kind.TEXT, "氏名カナ", "Name (kana)", searchable=True),
    _lead("company_id", Kind.TEXT, "会社", "Company", shown=False),
    _lead("department", Kind.TEXT, "部署", "Department"),
    _lead("title", Kind.TEXT, "役職", "Title"),
    _lead("email", Kind.MAIL, "メール", "Mail", searchable=True),
    _lead("phone_direct", Kind.PHONE, "直通", "Direct", searchable=True),
    _lead("phone_mobile", Kind.PHONE, "携帯", "Mobile", searchable=True),
    _lead("linkedin", Kind.URL, "LinkedIn", "LinkedIn"),
    _lead("x_url", Kind.URL, "X", "X"),
    _lead("lead_source", Kind.TEXT, "流入経路", "Lead source"),
    _lead("target_list", Kind.TEXT, "架電リスト", "Target list"),
    _lead("segment", Kind.TEXT, "セグメント", "Segment"),
    _lead("received_at", Kind.DATETIME, "受領日時", "Received"),
    _lead("stage", Kind.TEXT, "リードステージ", "Stage", merge=Merge.CRM),
    _lead("owner_id", Kind.MEMBER, "担当", "Owner", merge=Merge.CRM),
    _lead("need", Kind.LONG_TEXT, "ニーズ", "Need"),
    _lead("issue", Kind.LONG_TEXT, "課題", "Issue"),
    _lead("purpose", Kind.LONG_TEXT, "目的", "Purpose"),
    _lead("current_method", Kind.TEXT, "現在の管理方法", "Current method"),
    _lead("adoption_timing", Kind.CHOICE, "検討時期", "Time of adoption", choices=ADOPTION_TIMING),
    _lead("adoption_at", Kind.DATE, "検討時期(日付)", "Adoption date"),
    _lead("budget", Kind.TEXT, "予算", "Budget"),
    _lead("budget_month", Kind.INT, "予算月", "Budget month"),
    _lead("decision_maker", Kind.CHOICE, "決裁者", "Decision maker", choices=DECISION_MAKER),
    _lead("decision_route", Kind.TEXT, "決裁ルート", "Decision route"),
    _lead("competitor", Kind.TEXT, "競合", "Competitor"),
    _lead("contract_end", Kind.DATE, "現契約の満了", "Contract end"),
    _lead("interest_product", Kind.TEXT, "関心製品", "Product of interest"),
    _lead("temperature", Kind.TEXT, "温度感", "Temperature"),
    _lead("issue_hypothesis", Kind.LONG_TEXT, "課題仮説", "Issue hypothesis"),
    _lead("reaction_log", Kind.LONG_TEXT, "顧客の反応ログ", "Customer reaction log"),
    _lead("is_memo", Kind.LONG_TEXT, "ISメモ", "IS memo"),
    _lead("confidence_rank", Kind.CHOICE, "確度(A〜C)", "Likelihood (A–C)", choices=CONFIDENCE_RANK),
    _lead("meeting_at", Kind.DATETIME, "商談日時", "Meeting time"),
    _lead("meeting_place", Kind.TEXT, "場所・URL", "Place or link"),
    _lead("meeting_attendees", Kind.TEXT, "参加者", "Attendees"),
    _lead("fs_id", Kind.MEMBER, "FS担当", "FS"),
    _lead("refusal_reason", Kind.TEXT, "お断り理由", "Refusal reason"),
    _lead("lost_reason", Kind.TEXT, "失注理由", "Lost reason", merge=Merge.CRM),
    _lead("dnc", Kind.BOOL, "架電禁止", "Do not call", merge=Merge.RESTRICT),
    _lead("email_opt_out", Kind.BOOL, "配信停止", "Mail opt-out", merge=Merge.RESTRICT),
    _lead("bad_numbers", Kind.JSON, "使えない番号", "Unusable numbers", merge=Merge.SCRATCH, shown=False),
    _lead("snoozed_until", Kind.DATETIME, "後で", "Snoozed until", merge=Merge.SCRATCH, shown=False),
    _lead("pinned", Kind.BOOL, "固定", "Pinned", merge=Merge.SCRATCH, shown=False),
    _lead("lease", Kind.JSON, "担当確保", "Lease", merge=Merge.SCRATCH, shown=False),
    _lead("merged_into", Kind.TEXT, "統合先", "Merged into", merge=Merge.CRM, shown=False),
    _lead("merged_from", Kind.JSON, "統合したリード", "Merged leads", merge=Merge.SCRATCH, shown=False),
    _seen("signal_mail_open_at", "メール開封(最新)", "Last mail open"),
    _seen("signal_mail_click_at", "メールのクリック(最新)", "Last mail click"),
    _seen("signal_mail_reply_at", "メール返信(最新)", "Last mail reply"),
    _seen("signal_download_at", "資料ダウンロード(最新)", "Last download"),
    _seen("signal_seminar_at", "セミナー参加(最新)", "Last seminar"),
    _seen("signal_exhibition_at", "展示会来場(最新)", "Last exhibition"),
    _seen("signal_trial_at", "トライアル開始(最新)", "Last trial start"),
    _seen("signal_trial_use_at", "トライアル利用(最新)", "Last trial use"),
    _seen("signal_visit_price_at", "価格ページ閲覧(最新)", "Last visit of the price page"),
    _seen("signal_visit_at", "サイト訪問(最新)", "Last visit"),
    _seen("signal_inquiry_at", "お問い合わせ(最新)", "Last inquiry"),
    _lead("deleted", Kind.BOOL, "削除", "Deleted", merge=Merge.CRM, shown=False),
)
"""The fields the program itself knows. A playbook may add more (``[field.CODE]``), never change these.

``bad_numbers`` maps E.164 to ``not_in_service`` | ``fax`` | ``wrong``. ``lease`` is
``{"member": id, "device": id, "until": RFC 3339}``. ``merged_from`` lists the ids of the leads merged into this
one; their ``merged_into`` names it. ``signal_…_at`` are times that a CRM or its marketing program writes; each new
one is an intent event (`isdesk.domain.signals.FIELDS`).
"""

LEAD_FIELDS: dict[str, Field] = {f.code: f for f in STANDARD if f.obj is Obj.LEAD}
COMPANY_FIELDS: dict[str, Field] = {f.code: f for f in STANDARD if f.obj is Obj.COMPANY}
