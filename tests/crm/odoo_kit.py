"""Fixtures and few words for the tests of the Odoo adapter."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from isdesk.clock import SystemClock
from isdesk.crm import mapping, registry
from isdesk.crm.odoo import Odoo
from isdesk.crm.port import Command, Do, Row, Scope, Thing
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from tests.crm.fakes.odoo import DATABASE, SATO
from tests.crm.rig_odoo import Rig
from tests.crm.rig_odoo import rig as opened

AT = "2026-11-20T01:00:00+00:00"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """An Odoo with two sales users."""
    with opened(tmp_path) as made:
        yield made


@pytest.fixture
def odoo(rig: Rig) -> Odoo:
    """The first one's adapter, having said hello."""
    return said_hello(rig.connect())


def said_hello(adapter: Any) -> Odoo:
    assert isinstance(adapter, Odoo)
    adapter.hello()
    return adapter


def with_map(rig: Rig, extra: str, uid: int = SATO) -> Odoo:
    """Return an adapter whose map says more in a table (``[handoff] …``)."""
    table, _, lines = extra.partition("\n")
    text = mapping.shipped("odoo")
    names = [line.partition("=")[0].strip() for line in lines.splitlines()]
    head, found, tail = text.partition(f"{table}\n")
    kept = [line for line in tail.splitlines() if line.partition("=")[0].strip() not in names]
    place = registry.Place(
        Member(MemberId("x"), "x", "rep"), SystemClock().now, mapping="\n".join([head, table, lines, *kept])
    )
    made = registry.connect(
        "odoo", url=rig.fake.url, user="", secret=rig.fake.key(uid), options={"database": DATABASE}, place=place
    )
    assert found
    assert isinstance(made, Odoo)
    rig.opened.append(made)
    return said_hello(made)


def pulled(odoo: Odoo, obj: Thing, cursor: str | None = None, scope: Scope = Scope.TEAM) -> tuple[dict[str, Row], str]:
    rows: dict[str, Row] = {}
    while True:
        page = odoo.changes(obj, cursor, scope)
        rows |= {row.id: row for row in page.rows}
        cursor = page.next_cursor
        if not page.more:
            return rows, cursor


def patch(number: str, payload: Mapping[str, Any], base: Mapping[str, Any] | None = None, **more: Any) -> Command:
    return Command(str(uuid.uuid4()), Do.PATCH, Thing.LEAD, number, payload, base or {}, **more)


def touch(lead: str, **more: Any) -> Command:
    key = str(uuid.uuid4())
    payload = {"id": key, "lead_id": lead, "at": AT, "channel": "phone", "lead_key": f"our-{lead}", **more}
    return Command(key, Do.APPEND, Thing.TOUCH, "", payload, lead_id=lead, local=key)


def step(lead: str, handoff: str, action: str, **more: Any) -> Command:
    key = str(uuid.uuid4())
    payload = {"id": key, "lead_id": lead, "at": AT, "handoff_id": handoff, "action": action, **more}
    return Command(key, Do.APPEND, Thing.TRANSITION, "", payload, lead_id=lead, local=key)


def lead_of(rig: Rig, number: str) -> dict[str, Any]:
    return rig.fake.models["crm.lead"].records[int(number)]


def tags_of(rig: Rig, number: str) -> set[str]:
    tags = rig.fake.models["crm.tag"].records
    return {str(tags[one]["name"]) for one in lead_of(rig, number)["tag_ids"]}


def codes(odoo: Odoo, *, write: bool = False) -> set[tuple[str, str]]:
    return {(one.level, one.code) for one in odoo.check(write=write)}
