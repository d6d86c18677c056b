"""Hubs for the tests of the adapters: one encrypted SQLite file, one real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isdesk.crm.port import Person
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.ids import MemberId
from tests.postgres import Server, postgres

__all__ = ["postgres"]

PEOPLE = (
    Person(MemberId("m-sato"), "佐藤 花子", "rep", "sato@example.jp"),
    Person(MemberId("m-ito"), "伊藤 健", "rep", "ito@example.jp"),
    Person(MemberId("m-mori"), "森 恵", "team_lead", "mori@example.jp"),
)

Connect = Callable[[str], SqlHub]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connect]:
    """Connects to one fresh hub as the person given."""
    key: bytes | None = None
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        url = server.new_database()
    else:
        url, key = f"sqlite:///{tmp_path / 'hub.db'}", bytes(range(32))
    made = [SqlHub.create(url, people=PEOPLE, user="m-sato", key=key)]

    def as_user(user: str) -> SqlHub:
        made.append(SqlHub(url, user=user, key=key))
        return made[-1]

    yield as_user
    for hub in made:
        hub.close()


collect_ignore = ["thirdparty"]
"""The package of a third party is tested from outside, as it is installed: `tests.crm.test_thirdparty`."""
