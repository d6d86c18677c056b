"""The big profile of the bench: a rep with 100,000 leads and 1,000,000 touches, made straight in the store."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from isdesk.clock import TOKYO
from isdesk.desk import Desk
from isdesk.domain.changes import Change, Obj, Value, Verb
from isdesk.domain.ids import CompanyId, DeviceId, DialId, LeadId, MemberId, TouchId
from isdesk.domain.touch import ActionKind, Plan, Reached, Touch
from isdesk.services import projection
from isdesk.services.entries import head
from isdesk.store import facts, journal

PASSPHRASE = "bench only passphrase"
FAMILY = [
    "山田",
    "佐藤",
    "高橋",
    "伊藤",
    "渡辺",
    "小林",
    "加藤",
    "吉田",
    "山本",
    "中島",
    "松本",
    "井上",
    "木村",
    "林",
    "清水",
    "山崎",
]
GIVEN = [
    "太郎",
    "花子",
    "健",
    "美咲",
    "修",
    "由紀",
    "誠",
    "さくら",
    "大輔",
    "恵",
    "隆",
    "陽子",
    "直樹",
    "真理子",
    "浩二",
    "亮",
]
PLACE = [
    "青葉原",
    "北斗沢",
    "みなと坂",
    "琥珀野",
    "つばさ丘",
    "白樺沼",
    "東雲台",
    "ひなた浜",
    "藤影",
    "楠瀬川",
    "朝凪台",
    "夕凪浦",
]
TRADE = ["精機", "製作所", "商事", "物産", "ロジスティクス", "運輸", "人材サービス", "不動産", "システムズ", "建設"]
INDUSTRY = ["製造", "卸売", "物流", "IT", "建設", "人材サービス"]
CODES = ("NO_ANSWER", "NO_ANSWER", "VOICEMAIL", "DM_ABSENT", "INTERESTED", "CALLBACK_LOOSE", "INFO_REQUESTED")


def business_moment(now: datetime) -> datetime:
    """Return half past ten on a recent Wednesday: the bench is about the working day, whenever it runs."""
    local = now.astimezone(TOKYO)
    day = local.date() - timedelta(days=(local.weekday() - 2) % 7)
    return datetime(day.year, day.month, day.day, 10, 30, tzinfo=TOKYO).astimezone(UTC)


def company_row(number: int) -> dict[str, Value]:
    """Return the fields of one company."""
    return {
        "name": f"{PLACE[number % 12]}{TRADE[number // 12 % 10]}{number}株式会社",
        "industry": INDUSTRY[number % 6],
        "employees": 10 + number % 900,
        "prefecture": "愛知県",
        "phone": f"+8152{number % 10_000_000:07d}",
    }


def lead_row(number: int, company: str, owner: str) -> dict[str, Value]:
    """Return the fields of one lead."""
    return {
        "name": f"{FAMILY[number % 16]} {GIVEN[number // 16 % 16]}",
        "department": "購買部",
        "title": "部長" if number % 5 == 0 else "担当",
        "email": f"p{number}@sample{number % 60_000}.example",
        "phone_direct": f"+8190{number:08d}",
        "lead_source": "download" if number % 4 == 0 else "list",
        "company_id": company,
        "owner_id": owner,
        "stage": "mql",
    }


def identity(kind: int, number: int) -> str:
    """Return an id of the form that all ids have."""
    return f"019a0000-{kind:04x}-7000-8000-{number:012x}"


def build(root: Path, leads: int, touches: int, clock: object) -> Desk:
    """Make the profile and return its desk."""
    desk, _ = Desk.create(root, name="鈴木 一郎", passphrase=PASSPHRASE, clock=clock)  # type: ignore[arg-type]
    ctx = desk.ctx
    companies = max(leads * 6 // 10, 1)
    rows = [
        Change(Obj.COMPANY, identity(2, n), dict.fromkeys(company_row(n)), company_row(n), created=True)
        for n in range(companies)
    ]
    rows += [
        Change(Obj.LEAD, identity(3, n), dict.fromkeys(row), row, created=True)
        for n in range(leads)
        for row in (lead_row(n, identity(2, n % companies), ctx.me.id),)
    ]
    with ctx.store.write() as tx:
        journal.append(tx, head(ctx, tx, Verb.IMPORT), changes=rows)
    per_lead = touches // leads
    with ctx.store.write() as tx:
        for block in _blocks(_touches(ctx.me.id, leads, companies, per_lead, ctx.now()), 20_000):
            facts.add_touches(tx, block)
    with ctx.store.write() as tx:
        projection.refresh(ctx, tx, (LeadId(identity(3, n)) for n in range(leads)))
    return desk


def _touches(me: MemberId, leads: int, companies: int, per_lead: int, now: datetime) -> Iterator[Touch]:
    rng = random.Random(7)
    for lead in range(leads):
        ago = timedelta(days=per_lead * 6 + lead % 40)
        for number in range(per_lead):
            at = now - ago + timedelta(days=number * 6, minutes=rng.randrange(300))
            key = identity(4, lead * per_lead + number)
            due = now + timedelta(minutes=rng.randrange(-50_000, 12_000))
            yield Touch(
                id=TouchId(key),
                lead_id=LeadId(identity(3, lead)),
                company_id=CompanyId(identity(2, lead % companies)),
                member_id=me,
                device_id=DeviceId("elsewhere"),
                device_seq=lead * per_lead + number + 1,
                at=at,
                outcome=rng.choice(CODES) if number % 7 == 0 else "CALLBACK_LOOSE",
                reached=Reached.NONE,
                note="会議前のため、改めて。",
                number=f"+8190{lead:08d}",
                dial_id=DialId(key),
                playbook="default@1",
                plan=Plan(ActionKind.CALLBACK_LOOSE, due, "plan"),
            )


def _blocks(items: Iterator[Touch], size: int) -> Iterator[list[Touch]]:
    block: list[Touch] = []
    for item in items:
        block.append(item)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block
