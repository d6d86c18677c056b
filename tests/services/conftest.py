"""A desk on a real encrypted database with the shipped playbook and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isdesk import playbook
from isdesk.clock import TOKYO, SystemIds
from isdesk.domain.changes import Value
from isdesk.domain.ids import DeviceId, LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services import leads
from isdesk.services.context import Context
from isdesk.store import Store, members, meta

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO).astimezone(UTC)
"""A plain business day, ten in the morning in Tokyo."""

REP = Member(MemberId("m-rep"), "鈴木 一郎", "rep", "suzuki@example.com")
FS = Member(MemberId("m-fs"), "中村 直樹", "fs", "nakamura@example.com")
OTHER = Member(MemberId("m-other"), "佐々木 葵", "rep", "sasaki@example.com")


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the set instant."""
        return self.at

    def monotonic(self) -> float:
        """Return the set instant in seconds."""
        return self.at.timestamp()

    def go(self, **by: float) -> None:
        """Move on by a timedelta's arguments."""
        self.at += timedelta(**by)


@pytest.fixture(scope="session")
def book() -> playbook.Playbook:
    """The shipped default."""
    return playbook.load("default")


@pytest.fixture
def clock() -> HandClock:
    """Ten o'clock on a business day."""
    return HandClock(TUESDAY)


@pytest.fixture
def ctx(tmp_path: Path, book: playbook.Playbook, clock: HandClock) -> Iterator[Context]:
    """A rep's desk without a connection."""
    store = Store.create(tmp_path / "isdesk.db", b"k" * 32)
    team = {m.id: m for m in (REP, FS, OTHER)}
    with store.write() as tx:
        meta.new_device(tx, DeviceId("device-a"), clock.now())
        members.put(tx, team.values())
    yield Context(
        store=store,
        clock=clock,
        ids=SystemIds(clock),
        playbook=book,
        calendar=WorkCalendar(book.rules.business),
        me=REP,
        device_id=DeviceId("device-a"),
        suppression_key=b"s" * 32,
        members=team,
    )
    store.close()


@pytest.fixture
def lead(ctx: Context) -> LeadId:
    """A lead with numbers, mail and a company."""
    return add(ctx)


def add(ctx: Context, name: str = "山田 太郎", **fields: Value) -> LeadId:
    """Make a lead; ``company__x`` names a field of the company."""
    given: dict[str, Value] = {
        "name": name,
        "title": "購買部長",
        "department": "購買部",
        "email": "yamada@example.co.jp",
        "phone_direct": "052-211-1234",
        "lead_source": "inquiry",
        "company.name": "青葉精機株式会社",
        "company.industry": "製造",
        "company.employees": 320,
        "company.prefecture": "愛知県",
        "company.phone": "052-211-1000",
    }
    given.update({key.replace("company__", "company."): value for key, value in fields.items()})
    return leads.create(ctx, given)[0]


Maker = Callable[..., LeadId]
