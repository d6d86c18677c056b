"""A CRM in memory for the tests of connecting: fields with Japanese labels, samples, findings, a few leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Capabilities,
    Command,
    FieldInfo,
    Finding,
    Glance,
    Hello,
    Page,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
)
from isdesk.crm.registry import Place
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import Kind
from isdesk.domain.ids import MemberId

WHERE = "tests.ui.crm_made:connect"
MAP = """\
kind = "odoo"

[lead]
object = "crm.lead"
key = "x_isdesk_key"
[lead.fields]
name = "contact_name"
title = "function"
email = "email_from"
phone_direct = "phone"
lead_source = { field = "source_id", direction = "in" }
owner_id = { field = "user_id", direction = "in" }
stage = { field = "stage_id", values = { "1" = "mql", "3" = "nurture" } }
need = "description"
received_at = { field = "create_date", direction = "in" }
budget = "x_gone"
employees_note = "x_number"

[company]
object = "res.partner"
[company.fields]
name = "name"
phone = "phone"
website = "website"

[touch]
object = "mail.message"
data = "x_isdesk_data"
[touch.fields]
outcome = { field = "x_outcome", values = { "no_answer" = "NO_ANSWER", "busy" = "BUSY" } }
note = "body"
at = "date"
"""
_LEAD = (
    FieldInfo("contact_name", "連絡先名", Kind.TEXT),
    FieldInfo("name", "案件名", Kind.TEXT, required=True),
    FieldInfo("function", "役職", Kind.TEXT),
    FieldInfo("email_from", "メールアドレス", Kind.MAIL),
    FieldInfo("phone", "電話番号", Kind.PHONE),
    FieldInfo("source_id", "流入元", Kind.CHOICE, writable=False, choices=(("7", "展示会"), ("8", "Web"))),
    FieldInfo("user_id", "営業担当者", Kind.MEMBER),
    FieldInfo(
        "stage_id",
        "ステージ",
        Kind.CHOICE,
        choices=(
            ("1", "新規"),
            ("2", "架電中"),
            ("3", "育成"),
            ("4", "SQL"),
            ("5", "見込みなし(競合を利用中)"),
        ),
    ),
    FieldInfo("description", "内部メモ", Kind.LONG_TEXT),
    FieldInfo("create_date", "作成日時", Kind.DATETIME, writable=False),
    FieldInfo("date_deadline", "完了予定日", Kind.DATE),
    FieldInfo("expected_revenue", "予想売上", Kind.INT),
    FieldInfo("x_number", "社内管理番号(旧システムから引き継いだ長い名前の項目)", Kind.INT),
    FieldInfo("x_isdesk_key", "isdeskキー", Kind.TEXT),
    *(FieldInfo(f"x_studio_{n}", f"追加項目 {n}", Kind.TEXT) for n in range(1, 31)),
)
_COMPANY = (
    FieldInfo("name", "会社名", Kind.TEXT, required=True),
    FieldInfo("phone", "代表電話", Kind.PHONE),
    FieldInfo("website", "Webサイト", Kind.URL),
)
_TOUCH = (
    FieldInfo(
        "x_outcome",
        "架電結果",
        Kind.CHOICE,
        choices=(("no_answer", "不在"), ("busy", "話し中"), ("connected", "通電"), ("appointment", "アポ獲得")),
    ),
    FieldInfo("body", "本文", Kind.LONG_TEXT),
    FieldInfo("date", "日時", Kind.DATETIME),
)
_FIELDS = {Thing.LEAD: _LEAD, Thing.COMPANY: _COMPANY, Thing.TOUCH: _TOUCH}
_SAMPLES: dict[Thing, tuple[Mapping[str, str], ...]] = {
    Thing.LEAD: (
        {"contact_name": "山田 太郎", "function": "購買部長", "email_from": "y@example.jp", "phone": "052-000-1234"},
        {"contact_name": "佐藤 花子", "stage_id": "新規", "description": "来期から\n購買を電子化", "name": "見積"},
        {"contact_name": "高橋 健", "source_id": "展示会", "user_id": "鈴木 一郎", "create_date": "2026-11-19 10:00"},
    ),
    Thing.COMPANY: ({"name": "青葉精機株式会社", "phone": "052-000-1000"}, {"name": "みなと商事株式会社"}),
    Thing.TOUCH: ({"x_outcome": "不在", "body": "折り返し希望", "date": "2026-11-20 14:02"},),
}


@dataclass
class MadeCrm:
    """What stands in the CRM, and what it says of itself; a test changes it before it connects."""

    findings: list[Finding] = field(
        default_factory=lambda: [
            Finding("ok", "promise_no_duplicates"),
            Finding("warn", "crm_busy"),
        ]
    )
    able: Capabilities = field(
        default_factory=lambda: Capabilities(
            probe_by_key="strong", cursor="stamp", deletes="flag", owner_map=True, batch_max=100
        )
    )
    leads: int = 3
    fails: CrmError | None = None
    written: list[Command] = field(default_factory=list)
    asked_as: list[tuple[str, str, str | None]] = field(default_factory=list)
    glanced: Glance = field(default_factory=lambda: Glance(None))


CRM = MadeCrm()
"""The one CRM of this process; `fresh` makes it anew."""


def fresh() -> MadeCrm:
    """Begin anew."""
    CRM.__dict__.update(MadeCrm().__dict__)
    return CRM


class MadeAdapter:
    """Speaks to `CRM`."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def signals(self) -> Signals:
        return Signals()

    def hello(self) -> Hello:
        if CRM.fails is not None:
            raise CRM.fails
        return Hello(Person(MemberId("u-7"), "鈴木 一郎", "rep", "s@example.jp"), "life-1")

    def capabilities(self) -> Capabilities:
        return CRM.able

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        return ()

    def members(self) -> Sequence[Person]:
        return (Person(MemberId("u-7"), "鈴木 一郎", "rep", "s@example.jp"), Person(MemberId("u-8"), "田中 実", "fs"))

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        if cursor is not None or obj not in {Thing.LEAD, Thing.COMPANY}:
            return Page((), "1", more=False)
        if obj is Thing.COMPANY:
            return Page([Row("c-1", "1", {"name": "青葉精機株式会社"})], "1", more=False)
        rows = [
            Row(f"l-{n}", "1", {"name": f"山田 {n}郎", "company_id": "c-1", "stage": "new", "owner_id": "u-7"})
            for n in range(CRM.leads)
        ]
        return Page(rows, "1", more=False)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        return ()

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        if obj is Thing.LEAD:
            return [(f"l-{n}", "1") for n in range(CRM.leads)]
        return [("c-1", "1")] if obj is Thing.COMPANY else []

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        CRM.written.extend(batch)
        return [Result(one.key, Status.ACKED, f"r-{one.key}", "1") for one in batch]

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        keys = {one.key for one in CRM.written}
        return {one.key: f"r-{one.key}" for one in asked if one.key in keys}

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        return ()

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        if CRM.fails is not None:
            raise CRM.fails
        return CRM.glanced

    def carried(self, obj: Thing) -> frozenset[str] | None:
        return None

    def link(self, obj: Thing, remote_id: str) -> str | None:
        return f"https://example.odoo.com/odoo/{obj.value}/{remote_id}"

    def close(self) -> None:
        return

    def check(self, *, write: bool) -> Sequence[Finding]:
        return tuple(CRM.findings)

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        return _FIELDS.get(obj, ())

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        return _SAMPLES.get(obj, ())[:limit]

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        return CRM.leads if scope is Scope.MINE else 12_480


def connect(*, url: str, user: str, secret: str | None, options: Mapping[str, str], place: Place) -> Adapter:
    """Return the adapter; it remembers how it was asked for."""
    CRM.asked_as.append((url, user, secret))
    return MadeAdapter(options.get("name", "odoo"))
