"""The adapter for Cardbox keeps isdesk's contract: the suite is imported from isdesk, the rig is our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from isdesk_cardbox import CARRIED, Cardbox
from isdesk_cardbox.server import LONGEST, Box, Server

from isdesk.crm import contract
from isdesk.crm.contract import Absent
from isdesk.crm.port import Adapter, Thing

PEOPLE = {"sato": "佐藤 花子", "ito": "伊藤 健"}
KEPT = {"lost_before", "lost_after", "truncated", "html", "html_after", "busy", "error", "error_after", "partial"}
KEPT |= {"redirect", "timeout_after"}


class Rig:
    """A box of its own for each case."""

    def __init__(self, file: Path) -> None:
        tokens = {f"token-{who}-{uuid4().hex}": {"id": who, "name": name} for who, name in PEOPLE.items()}
        self.server = Server(Box(file, tokens))

    @property
    def cards(self) -> dict[str, dict[str, Any]]:
        return dict(self.server.box.cards)

    def connect(self, user: str = "sato") -> Adapter:
        (token,) = [token for token, person in self.server.box.tokens.items() if person["id"] == user]
        adapter: Adapter = Cardbox(self.server.url, token, now=lambda: datetime.now(UTC), timeout=httpx.Timeout(0.6))
        return adapter

    def make(self, obj: Thing, fields: Mapping[str, Any], *, owner: str = "sato") -> str:
        owned = {"owner_id": owner} if obj is Thing.LEAD else {"member_id": owner}
        kept = CARRIED | {"company"} if obj is Thing.LEAD else fields.keys()
        data = {**owned, **{code: value for code, value in fields.items() if code in kept}}
        put = {"kind": str(obj), "id": "", "key": "", "lead": fields.get("lead_id"), "data": data}
        return str(self.server.box.put(put)["id"])

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        return [self.make(Thing.LEAD, {"name": f"顧客 {n}"}) for n in range(count)]

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Any]) -> None:
        self.server.box.put({"id": record_id, "kind": str(obj), "data": dict(fields)})

    def give(self, record_id: str, owner: str) -> None:
        self.edit(Thing.LEAD, record_id, {"owner_id": owner})

    def delete(self, obj: Thing, record_id: str) -> None:
        self.server.box.keep({**self.cards[record_id], "gone": True})

    def merge(self, loser: str, winner: str) -> None:
        self.edit(Thing.LEAD, loser, {"merged_into": winner})
        self.delete(Thing.LEAD, loser)

    def late_commit(self, fields: Mapping[str, Any]) -> Callable[[], str]:
        raise Absent("one writer at a time")

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Any]:
        return dict(self.cards[record_id]["data"])

    def activities(self, lead_id: str) -> Sequence[str]:
        return [card["key"] for card in self.cards.values() if card["lead"] == lead_id and card["key"]]

    def opportunities(self, lead_id: str) -> int:
        raise Absent("no opportunities in a box")

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        if kind not in KEPT:
            raise Absent(f"a box has no {kind}")
        self.server.faults += [(kind, on, retry_after)] * count

    def spoil(self, what: str, code: str, value: str = "") -> None:
        raise Absent("cards have no schema")

    def move(self, seconds: float) -> None:
        self.server.ahead += timedelta(seconds=seconds)

    def refusable(self) -> Mapping[str, Any]:
        return {"name": "長" * (LONGEST + 1)}

    def secrets(self) -> Sequence[str]:
        return list(self.server.box.tokens)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "box.jsonl")
    yield made
    made.server.stop()


@pytest.mark.parametrize("case", contract.CASES, ids=lambda case: case.name)
def test_contract(case: contract.Case, rig: Rig) -> None:
    try:
        case.run(rig)
    except contract.Absent as why:
        pytest.skip(str(why))
